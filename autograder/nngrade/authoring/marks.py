"""What a stage's own notebook is worth: everything with its solutions, nothing without them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from nngrade.authoring.specimens import answered, fill, solutions, untouched
from nngrade.course.checks import Check
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.errors import Problem
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult

__all__ = ["full_marks", "no_marks"]

# Whose notebooks these are, and who signs them.
AUTHOR = "the author"


def full_marks(course: Course, stage: Stage, grader: Grader) -> Iterator[Problem]:
    """Checks that the notebook with the solutions loses, in a worker, and notes about it.

    Raises
    ------
    CourseError
        When the stage was never built.
    """
    filled = fill(untouched(course, stage), stage, solutions(stage))
    result = _graded(grader, stage, answered(filled, stage, AUTHOR))
    checks = {one.id: one for one in stage.graded}
    for one in result.lost:
        yield _at(
            stage,
            checks[one.id],
            f"the solution of {one.task} loses {checks[one.id].name} when its notebook is graded "
            f"({' '.join(one.message.split())}); correct the check or the solution",
        )
    for note in result.notes:
        said = f"the notebook with the solutions is out of the ordinary: {note}; correct its cell"
        yield Problem(stage.lesson.path, 1, said)


def no_marks(course: Course, stage: Stage, grader: Grader) -> Iterator[Problem]:
    """Checks that the notebook as students get it does not lose for want of an answer.

    Raises
    ------
    CourseError
        When the stage was never built.
    """
    result = _graded(grader, stage, untouched(course, stage))
    checks = {one.id: one for one in stage.graded}
    undone = {f"{task.name} is not done yet" for task in stage.lesson.tasks}
    undone |= {f"{name} is not answered yet" for name in stage.questions}
    for one in result.checks:
        if one.message not in undone:
            said = f"says {' '.join(one.message.split())!r}" if one.message else "passes"
            yield _at(
                stage,
                checks[one.id],
                f"{checks[one.id].name} {said} where {one.task} is not done yet; have it "
                f"call the student's {one.task} first",
            )


def _graded(grader: Grader, stage: Stage, notebook: dict[str, object]) -> SubmissionResult:
    with tempfile.TemporaryDirectory(prefix="nngrade-marks-") as folder:
        path = Path(folder) / f"{stage.name}.ipynb"
        path.write_text(notebook_text(notebook), encoding="utf-8")
        return grader.grade(path, stage, AUTHOR)


def _at(stage: Stage, check: Check, what: str) -> Problem:
    path = stage.lesson.path if check.function is None else stage.folder / "checks.py"
    return Problem(path, check.line, what)
