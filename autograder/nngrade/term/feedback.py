"""What a student may read of a grading, in the output of a notebook's grade cells.

nbgrader takes a cell's score from its first result; the text beside it is the student's feedback.
How much of it there is, the course decides: ``[feedback] level`` in ``solutions/course.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Literal, get_args

from nngrade.course import Course
from nngrade.errors import CourseError
from nngrade.options import read_table
from nngrade.results import CheckResult

__all__ = ["Level", "feedback_level", "grade_outputs", "points_of"]

# The points only; what was checked, too; why it failed and a hint, too; on which input, too.
Level = Literal["score", "names", "hints", "examples"]
LEVELS = get_args(Level)

_PASSED, _LOST = "#1a7f37", "#b3261e"


def feedback_level(course: Course) -> Level:
    """How much students are told.

    Raises
    ------
    CourseError
        When the course's file names a level that there is not.
    """
    path = course.options_file
    level: Level = read_table(path, "feedback", {"level"}).get("level", "hints")
    if level not in LEVELS:
        raise CourseError(
            f"{path}: there is no feedback level {level!r}; there are: {', '.join(LEVELS)}"
        )
    return level


def points_of(checks: Sequence[CheckResult]) -> tuple[float, float]:
    """Score and maximum of some checks together."""
    return (
        round(sum(check.score for check in checks), 6),
        round(sum(check.points for check in checks), 6),
    )


def grade_outputs(checks: Sequence[CheckResult], level: Level) -> list[dict[str, Any]]:
    """The outputs of a grade cell.

    Parameters
    ----------
    checks : sequence of CheckResult
        Those of the cell's task.
    level : Level

    Returns
    -------
    list of dict
        Outputs as nbformat 4 has them. The last is the score, as nbgrader reads it.
    """
    score, most = points_of(checks)
    outputs: list[dict[str, Any]] = []
    if level != "score":
        lines = [line for check in checks for line in _lines(check, level)]
        outputs.append(
            {
                "output_type": "display_data",
                "data": {
                    "text/plain": "\n".join(lines),
                    "text/html": "".join(_html(check, level) for check in checks),
                },
                "metadata": {},
            }
        )
    outputs.append(
        {
            "output_type": "execute_result",
            "execution_count": None,
            "data": {
                # nbgrader reads this text as a number, and gives that many points.
                "text/plain": f"{score:.6g}",
                "text/html": f"<p><b>{score:g} of {most:g} points</b></p>",
            },
            "metadata": {},
        }
    )
    return outputs


def _sign(check: CheckResult) -> str:
    return {"passed": "✓", "skipped": "–"}.get(check.status, "✗")


def _explanations(check: CheckResult, level: Level) -> list[str]:
    """Why a check failed, as far as the level goes."""
    if check.status == "passed" or level == "names":
        return []
    said = [check.message] if check.message else []
    if level == "examples" and check.example:
        said.append(f"It failed on: {check.example}")
    if check.hint:
        said.append(f"Hint: {check.hint}")
    return said


def _points(check: CheckResult) -> str:
    return f"{check.score:g}/{check.points:g}" if check.points else "no points"


def _lines(check: CheckResult, level: Level) -> list[str]:
    first = f"{_sign(check)} {check.description} ({_points(check)})"
    return [first, *(f"    {line}" for line in _explanations(check, level))]


def _html(check: CheckResult, level: Level) -> str:
    colour = _PASSED if check.status == "passed" else _LOST
    explanations = "".join(
        f'<div style="margin-left:1.4em;white-space:pre-wrap">{escape(line)}</div>'
        for line in _explanations(check, level)
    )
    return (
        '<div style="margin:0.25em 0">'
        f'<b style="color:{colour}">{_sign(check)}</b> {escape(check.description)} '
        f"<small>({_points(check)})</small>{explanations}</div>"
    )
