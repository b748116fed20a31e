"""Scores as a CSV table for Moodle's import.

The importing person maps each column by hand. A column with anything but numbers cannot be mapped
to a grade.
"""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import render_failure, scores_by_student, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]


def render(results: Sequence[SubmissionResult]) -> str:
    """The scores as the text of a CSV file."""
    stages, students = scores_by_student(results)
    rows = (
        [name, *(scores.get(stage, "") for stage in stages)] for name, scores in students.items()
    )
    return sheet_text([["student", *stages], *rows])
