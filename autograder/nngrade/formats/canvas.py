"""Scores as the CSV table that Canvas imports.

Canvas expects one column per assignment and identifies students by login. Its importer
(``lib/gradebook_importer.rb`` of canvas-lms) requires fixed names and positions for the first
columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import render_failure, scores_by_student, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]

# In the first column, this text marks the row of maximum points, which is not a student's row.
_POINTS = "Points Possible"


def render(results: Sequence[SubmissionResult]) -> str:
    """The scores as the text of a CSV file."""
    stages, students = scores_by_student(results)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *stages]
    points = [f"    {_POINTS}", "", "", "", "", *(f"{most:g}" for most in stages.values())]
    rows = (
        [
            "" if _POINTS in name else name,
            "",
            "",
            name,
            "",
            *(scores.get(stage, "") for stage in stages),
        ]
        for name, scores in students.items()
    )
    return sheet_text([head, points, *rows])
