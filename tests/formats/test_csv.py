"""CSV: 0 points are not no grade."""

from __future__ import annotations

import csv
import io

from nngrade.formats import csv as csv_format
from tests.formats.conftest import a_class


def test_a_csv_tells_0_points_from_no_grade():
    table = list(csv.DictReader(io.StringIO(csv_format.render(a_class()))))
    assert [one["score"] for one in table] == ["2.5", "", "1"]
    assert [one["status"] for one in table] == ["graded", "failed", "graded"]
