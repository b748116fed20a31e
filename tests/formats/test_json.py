"""JSON: its schema, and results read again."""

from __future__ import annotations

import json
import re

import pytest

from nngrade.errors import NngradeError
from nngrade.formats import json as json_file
from nngrade.formats.json import read_json
from nngrade.results import as_document
from tests.class_report.conftest import a_class, two_stages
from tests.conftest import ROOT


def test_the_schema_comes_with_the_package():
    path = ROOT / "autograder/nngrade/formats/schema/results-v2.json"
    assert json_file.schema() == path.read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"student": 7}, "student: 7"),
        ({"seconds": float("nan")}, "seconds: nan"),
        ({"max_score": -1}, "max_score: -1"),
        ({"checks": {"a": 1}}, "nngrade grade --format json"),
        ({"checks": [{}]}, "nngrade grade --format json"),
        ({"notes": [None]}, "notes"),
    ],
)
def test_results_of_other_types_are_refused(tmp_path, change, words):
    record = as_document(a_class()[:1])
    record["submissions"][0].update(change)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(record))
    with pytest.raises(NngradeError, match=re.escape(words)):
        read_json(path)


def test_results_are_read_as_they_were_written(document):
    assert read_json(document) == two_stages()
