"""Scores as CSV: one row for each submission, or the tables that Canvas and Moodle import.

Canvas wants a column for each assignment and tells students by login; in its importer
(``lib/gradebook_importer.rb`` of canvas-lms) the first columns have fixed names and places. Moodle
lets a person say what each column is; one that holds anything but a number cannot be a grade.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from nngrade.results import SubmissionResult
from nngrade.text import one_line

__all__ = ["render", "render_failure"]

# In its first column this announces a row that is no student's.
_CANVAS_POINTS = "Points Possible"


def render(results: Sequence[SubmissionResult], variant: str = "csv") -> str:
    """The scores as the text of a CSV file.

    Parameters
    ----------
    results : sequence of SubmissionResult
    variant : {"csv", "canvas", "moodle"}
    """
    tables = {"csv": _plain, "canvas": _canvas, "moodle": _moodle}
    return _text(tables[variant](results))


def render_failure(reason: str, variant: str = "csv") -> str:
    """A CSV file that no gradebook takes grades from, and that says why."""
    return _text([["nngrade: grading did not finish"], [reason]])


def _text(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([map(_cell, row) for row in rows])
    return text.getvalue()


def _cell(text: str) -> str:
    """What a spreadsheet shows as it is: a name may not be a formula."""
    text = one_line(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _plain(results: Sequence[SubmissionResult]) -> list[list[str]]:
    head = ["student", "stage", "status", "score", "max_score", "error", "path"]
    return [
        head,
        *(
            [
                one.student,
                one.stage,
                one.status,
                _score(one),
                f"{one.max_score:g}",
                one.error or "",
                one.path,
            ]
            for one in results
        ),
    ]


def _score(result: SubmissionResult) -> str:
    """The score; empty where there is none, which is not the same as 0."""
    return f"{result.score:.10g}" if result.status == "graded" else ""


def _by_student(
    results: Sequence[SubmissionResult],
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """The stages with their points, and each student's scores."""
    # A row of nothing would empty what the gradebook has, or stop an import.
    graded = [one for one in results if one.status == "graded"]
    stages = {one.stage: one.max_score for one in graded}
    students: dict[str, dict[str, str]] = {}
    for one in graded:
        students.setdefault(one.student, {})[one.stage] = _score(one)
    return dict(sorted(stages.items())), students


def _canvas(results: Sequence[SubmissionResult]) -> list[list[str]]:
    stages, students = _by_student(results)
    return [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *stages],
        [f"    {_CANVAS_POINTS}", "", "", "", "", *(f"{most:g}" for most in stages.values())],
        *(
            [
                "" if _CANVAS_POINTS in name else name,
                "",
                "",
                name,
                "",
                *(scores.get(stage, "") for stage in stages),
            ]
            for name, scores in students.items()
        ),
    ]


def _moodle(results: Sequence[SubmissionResult]) -> list[list[str]]:
    stages, students = _by_student(results)
    return [
        ["student", *stages],
        *(
            [name, *(scores.get(stage, "") for stage in stages)]
            for name, scores in students.items()
        ),
    ]
