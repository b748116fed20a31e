"""Scores as CSV: one row for each submission.

Of a class run into a gradebook there are columns for what it adds: the written answers, the penalty
for lateness, and the total of all, as ``nbgrader export`` has it. Without one, the penalty and the
total are there where the course takes points off for lateness.
"""

from __future__ import annotations

from collections.abc import Sequence

from nngrade.formats.sheet import number, render_failure, score_of, sheet_text
from nngrade.results import SubmissionResult

__all__ = ["render", "render_failure"]


def render(results: Sequence[SubmissionResult]) -> str:
    """The scores as the text of a CSV file."""
    head = ["student", "stage", "status", "score", "max_score", "error", "path"]
    late = False
    in_gradebook = any(one.in_gradebook for one in results)
    if in_gradebook:
        head += ["written", "max_written", "late_penalty", "total", "max_total"]
    else:
        late = any(one.late_penalty is not None for one in results)
    if late:
        head += ["late_penalty", "total"]
    rows = (
        [
            one.student,
            one.stage,
            one.status,
            score_of(one),
            f"{one.max_score:g}",
            one.reason,
            one.path,
            *(_from_gradebook(one) if in_gradebook else _late(one) if late else ()),
        ]
        for one in results
    )
    return sheet_text([head, *rows])


def _late(result: SubmissionResult) -> list[str]:
    if result.status != "graded":
        return ["", ""]
    return [number(result.late_penalty), number(result.score - (result.late_penalty or 0.0))]


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
