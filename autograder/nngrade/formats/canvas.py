"""Scores as the table that Canvas imports.

Canvas wants a column for each assignment and tells students by login; in its importer
(``lib/gradebook_importer.rb`` of canvas-lms) the first columns have fixed names and places.
"""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import render_failure, scores_by_student, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]

# In its first column this announces a row that is no student's.
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
