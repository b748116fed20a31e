"""What is right in a notebook of the real course is right here, and messages say what differs."""

from __future__ import annotations

import sys
from collections.abc import Callable
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


@pytest.fixture
def graded_with(
    real_course: Course, stage: Stage, grader: Grader, tmp_path: Path
) -> Callable[[str | None], SubmissionResult]:
    """Grade a notebook that is right but for its `predict`; None leaves that undone."""

    def grade(predict: str | None) -> SubmissionResult:
        answers = {name: text for name, text in solutions(stage).items() if name != "predict"}
        if predict is not None:
            answers["predict"] = predict
        path = tmp_path / "one.ipynb"
        path.write_text(notebook_text(fill(untouched(real_course, stage), stage, answers)))
        return grader.grade(path, stage, "ann")

    return grade


def test_a_function_may_use_what_only_drawing_cells_import(graded_with) -> None:
    plotting = f"def predict(w, b, X):\n    plt.plot(X)\n    plots.show_digits\n{BODY}"
    result = graded_with(plotting)
    assert result.score == result.max_score


def test_a_test_that_calls_an_undone_function_is_not_the_students(graded_with) -> None:
    """Only the visible test of the project calls predict; its solution does not."""
    messages = {one.id: one.message for one in graded_with(None).checks}
    told = "separating calls predict, which is not done yet"
    assert messages["separating.visible_tests"] == told
    told = "the test of fit_noisy calls predict, which is not done yet"
    assert messages["fit_noisy.visible_tests"] == told


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 reads such f-strings")
def test_an_f_string_of_newer_python_is_told(graded_with) -> None:
    result = graded_with(f'def predict(w, b, X):\n    text = f"{{dict(a=1)["a"]}}"\n{BODY}')
    (message,) = {one.message for one in result.checks if one.task == "predict"}
    assert "It is graded with Python 3.11" in message
    assert "use the other kind of quotes" in message
