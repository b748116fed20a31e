"""What all sheets of scores have in common: their text, their cells, a student's scores."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from nngrade.results import SubmissionResult
from nngrade.text import one_line

__all__ = ["render_failure", "score_of", "scores_by_student", "sheet_text"]


def sheet_text(rows: Iterable[Iterable[str]]) -> str:
    """The rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([map(_cell, row) for row in rows])
    return text.getvalue()


def render_failure(reason: str) -> str:
    """A CSV file that no gradebook takes grades from, and that says why."""
    return sheet_text([["nngrade: grading did not finish"], [reason]])


def _cell(text: str) -> str:
    """What a spreadsheet shows as it is: a name may not be a formula."""
    text = one_line(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def score_of(result: SubmissionResult) -> str:
    """The score; empty where there is none, which is not the same as 0."""
    return f"{result.score:.10g}" if result.status == "graded" else ""


def scores_by_student(
    results: Sequence[SubmissionResult],
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """The stages with their points, and each student's scores."""
    # A row of nothing would empty what the gradebook has, or stop an import.
    graded = [one for one in results if one.status == "graded"]
    stages = {one.stage: one.max_score for one in graded}
    students: dict[str, dict[str, str]] = {}
    for one in graded:
        students.setdefault(one.student, {})[one.stage] = score_of(one)
    return dict(sorted(stages.items())), students
