"""Moodle: numbers and nothing else as grades."""

from __future__ import annotations

from nngrade.formats import moodle
from tests.formats.conftest import check, submission, ungraded
from tests.helpers import rows


def test_moodle_gets_numbers_and_nothing_else_as_grades():
    results = [submission("ann", check("x", score=0.125)), ungraded()]
    assert rows(moodle.render(results)) == [
        ["student", "stage01_sums"], ["ann", "0.125"],
    ]  # fmt: skip
