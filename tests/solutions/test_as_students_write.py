"""What is right in a notebook of the real course is right here, and messages say what differs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult

BODY = "    return (X @ w + b >= 0).astype(int)\n"


@pytest.fixture
def stage(real_course: Course) -> Stage:
    return real_course.stages[0]


def graded(
    course: Course, stage: Stage, grader: Grader, folder: Path, answers: dict[str, str]
) -> SubmissionResult:
    path = folder / "one.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, answers)))
    return grader.grade(path, stage, "ann")


def test_a_function_may_use_what_only_drawing_cells_import(
    real_course: Course, stage: Stage, grader: Grader, tmp_path: Path
) -> None:
    plotting = f"def predict(w, b, X):\n    plt.plot(X)\n    plots.show_digits\n{BODY}"
    answers = {**solutions(stage), "predict": plotting}
    result = graded(real_course, stage, grader, tmp_path, answers)
    assert result.score == result.max_score


def test_a_test_that_calls_an_undone_function_is_not_the_students(
    real_course: Course, stage: Stage, grader: Grader, tmp_path: Path
) -> None:
    """Only the visible test of the project calls predict; its solution does not."""
    answers = {name: text for name, text in solutions(stage).items() if name != "predict"}
    result = graded(real_course, stage, grader, tmp_path, answers)
    messages = {one.id: one.message for one in result.checks}
    told = "separating calls predict, which is not done yet"
    assert messages["separating.visible_tests"] == told
    told = "the test of fit_noisy calls predict, which is not done yet"
    assert messages["fit_noisy.visible_tests"] == told


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 reads such f-strings")
def test_an_f_string_of_newer_python_is_told(
    real_course: Course, stage: Stage, grader: Grader, tmp_path: Path
) -> None:
    newer = f'def predict(w, b, X):\n    text = f"{{dict(a=1)["a"]}}"\n{BODY}'
    answers = {**solutions(stage), "predict": newer}
    result = graded(real_course, stage, grader, tmp_path, answers)
    (message,) = {one.message for one in result.checks if one.task == "predict"}
    assert "It is graded with Python 3.11" in message
    assert "use the other kind of quotes" in message
