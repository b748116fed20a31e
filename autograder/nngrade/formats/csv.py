"""Scores as CSV: one row for each submission."""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import render_failure, score_of, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]


def render(results: Sequence[SubmissionResult]) -> str:
    """The scores as the text of a CSV file."""
    head = ["student", "stage", "status", "score", "max_score", "error", "path"]
    rows = (
        [
            one.student,
            one.stage,
            one.status,
            score_of(one),
            f"{one.max_score:g}",
            one.reason,
            one.path,
        ]
        for one in results
    )
    return sheet_text([head, *rows])
