"""Tables for spreadsheets: no cell is a formula."""

from __future__ import annotations

from nngrade.formats import canvas, moodle
from nngrade.formats import csv as csv_format
from tests.formats.conftest import check, submission
from tests.helpers import rows

SHEETS = {"csv": csv_format, "canvas": canvas, "moodle": moodle}


def test_no_cell_of_a_csv_is_a_formula():
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "=\x00"]
    results = [submission(name, check("x"), stage=name, path=name) for name in names]
    for variant in ("csv", "canvas", "moodle"):
        for row in rows(SHEETS[variant].render(results)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
