"""Scores as CSV: one row for each submission.

Of a class run into a gradebook there are columns for what it adds: the written answers, the penalty
for lateness, and the total of all, as ``nbgrader export`` has it.
"""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import number, render_failure, score_of, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]


def render(results: Sequence[SubmissionResult]) -> str:
    """The scores as the text of a CSV file."""
    head = ["student", "stage", "status", "score", "max_score", "error", "path"]
    in_gradebook = any(one.in_gradebook for one in results)
    if in_gradebook:
        head += ["written", "max_written", "late_penalty", "total", "max_total"]
    rows = (
        [
            one.student,
            one.stage,
            one.status,
            score_of(one),
            f"{one.max_score:g}",
            one.reason,
            one.path,
            *(_from_gradebook(one) if in_gradebook else ()),
        ]
        for one in results
    )
    return sheet_text([head, *rows])


def _from_gradebook(result: SubmissionResult) -> list[str]:
    found = result.in_gradebook
    if found is None:
        return [""] * 5
    numbers = (
        found.written if found.max_written else None,
        found.max_written,
        found.late_penalty,
        found.total,
        result.max_score + found.max_written,
    )
    return list(map(number, numbers))
