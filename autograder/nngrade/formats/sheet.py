"""What all score sheets share: CSV text, safe cells, scores by student."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from nngrade.results import SubmissionResult
from nngrade.text import one_line

__all__ = ["number", "penalty_of", "render_failure", "score_of", "scores_by_student", "sheet_text"]


def sheet_text(rows: Iterable[Iterable[str]]) -> str:
    """The rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([map(_cell, row) for row in rows])
    return text.getvalue()


def render_failure(reason: str) -> str:
    """A CSV file that no gradebook imports grades from, with the reason of the failure."""
    return sheet_text([["nngrade: grading did not finish"], [reason]])


def _cell(text: str) -> str:
    """Text of a cell that spreadsheets do not take for a formula."""
    text = one_line(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def number(value: float | None) -> str:
    """A number as text; empty if there is none."""
    return "" if value is None else f"{value:.10g}"


def score_of(result: SubmissionResult) -> str:
    """The score as text; empty for a submission without a score, which differs from 0.

    Where the gradebook has it, manual scores and extra credit are in it. No penalty is.
    """
    if result.status != "graded":
        return ""
    return number(result.in_gradebook.score if result.in_gradebook else result.score)


def penalty_of(result: SubmissionResult) -> float | None:
    """Points that are taken off for lateness; None where that is not known."""
    found = result.in_gradebook
    return result.late_penalty if found is None else found.late_penalty


def _counted(result: SubmissionResult) -> str:
    """The score of the tasks, less the penalty, as text."""
    found = result.in_gradebook
    score = result.score if found is None else found.score
    return number(max(0.0, round(score - (penalty_of(result) or 0.0), 6)))


def scores_by_student(
    results: Sequence[SubmissionResult],
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """Scores by student and stage, less what lateness costs.

    A stage whose written answers are graded in the gradebook has a column for them, too.

    Returns
    -------
    stages : dict of str to float
        Maximum score of each column, sorted by stage.
    students : dict of str to dict of str to str
        For each student, the score in each column as text.
    """
    # An empty row would erase existing grades, or stop the import.
    graded = [one for one in results if one.status == "graded"]
    stages = {one.stage: one.max_score for one in graded}
    students: dict[str, dict[str, str]] = {}
    for one in graded:
        scores = students.setdefault(one.student, {})
        scores[one.stage] = _counted(one)
        if one.in_gradebook is not None and one.in_gradebook.max_written:
            column = f"{one.stage} written"
            stages[column] = one.in_gradebook.max_written
            scores[column] = number(one.in_gradebook.written)
    return dict(sorted(stages.items())), students
