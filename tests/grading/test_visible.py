"""The visible tests, as checks that are worth nothing."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.checks import VISIBLE_TESTS
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.grading.visible import _write_all_back
from tests.conftest import check_of
from tests.grading.conftest import filled
from tests.helpers import edit


def test_the_visible_tests_are_the_first_check_of_a_task_and_worth_nothing(right, grade):
    first = grade(right).checks[0]
    assert (first.id, first.points) == (f"total.{VISIBLE_TESTS}", 0)


def test_answers_to_the_visible_tests_alone_are_worth_nothing(stage, right, grade):
    result = grade(
        filled(stage, right, total="def total(values): return {2: 3.0, 1: 2.0}.get(len(values))")
    )
    assert check_of(result, "total.visible_tests").status == "passed"
    assert sum(check.score for check in result.checks if check.task == "total") == 0


def test_the_message_of_a_visible_test_is_its_own(stage, right, grade):
    result = grade(filled(stage, right, total="def total(values): return 0.0"))
    assert check_of(result, "total.visible_tests").message == "1 + 2 is 3"


def test_a_visible_test_without_a_message_is_quoted(stage, right, grade):
    result = grade(filled(stage, right, shifted="def shifted(values, by): return values"))
    message = check_of(result, "shifted.visible_tests").message
    assert "shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]" in message


def graded(new_course, grader, tmp_path, tests, answer):
    """The message of the visible tests of `shifted`, with other tests; empty if they pass."""
    stage = new_course.stages[0]
    edit(
        stage.folder / "lesson.py",
        "assert shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]\n",
        tests,
    )
    stage = Course(new_course.root).stages[0]
    notebook = fill(untouched(new_course, stage), stage, {**solutions(stage), "shifted": answer})
    path = tmp_path / "submission.ipynb"
    path.write_text(notebook_text(notebook))
    return check_of(grader.grade(path, stage, "ann"), "shifted.visible_tests").message


STRICT = 'with np.errstate(all="raise"):\n    shifted(np.array([1000.0]), 1.0)\n'


def test_floating_point_errors_are_handled_as_in_the_test(new_course, grader, tmp_path):
    loud = "def shifted(values, by):\n    np.exp(values)\n    return values + by\n"
    said = graded(new_course, grader, tmp_path, STRICT, loud)
    assert "a number gets too large or too small on the way, in exp" in said


def test_only_where_the_test_says_so(new_course, grader, tmp_path):
    quiet = STRICT + "shifted(np.array([1000.0]), 1.0)\n"
    loud = (
        "def shifted(values, by):\n    if np.geterr()['over'] != 'raise':\n        np.exp(values)\n"
        "    return values + by\n"
    )
    assert graded(new_course, grader, tmp_path, quiet, loud) == ""


@pytest.mark.parametrize(
    "tests",
    [
        "x = np.zeros(2)\nshifted(x, 1.0)\nassert (x == 0).all(), 'it changed'\n",
        "x = [np.zeros(2)]\nshifted(x[0], 1.0)\nassert (x[0] == 0).all(), 'it changed'\n",
        "x = np.zeros((2, 2)).T[:, :1]\nshifted(x, by=1.0)\nassert not x.any(), 'it changed'\n",
    ],
)
def test_what_a_function_does_to_its_arguments_is_seen(new_course, grader, tmp_path, tests):
    spoils = "def shifted(values, by):\n    values += by\n    return values\n"
    assert graded(new_course, grader, tmp_path, tests, spoils) == "it changed"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("def shifted(x, by):\n    return x + by\n", ""),
        (
            "def shifted(x, by, store=np.zeros(2)):\n    store[:] = x + by\n    return store\n",
            "another call changed it",
        ),
    ],
)
def test_whether_a_result_stays_is_asked_where_the_function_runs(
    new_course, grader, tmp_path, answer, said
):
    tests = (
        "from nndata.testing import stays\n\n"
        "calls = [(np.array([at, 2.0]), 1.0) for at in (1.0, 3.0)]\n"
        "assert stays(shifted, *calls), 'another call changed it'\n"
    )
    assert graded(new_course, grader, tmp_path, tests, answer) == said


def test_a_generator_moves_on_as_in_the_notebook(new_course, grader, tmp_path):
    twice = (
        "rng = np.random.default_rng(1)\n"
        "first = shifted(rng, 1.0)\nassert shifted(rng, 1.0) != first, 'the same again'\n"
        "assert rng.random() not in (first, shifted(rng, 1.0)), 'the same once more'\n"
    )
    draws = (
        "def shifted(values, by):\n"
        "    return values + by if isinstance(values, np.ndarray) else values.random()\n"
    )
    assert graded(new_course, grader, tmp_path, twice, draws) == ""


def test_a_generator_that_was_copied_stays_where_it_is(new_course, grader, tmp_path):
    twice = (
        "rng = np.random.default_rng(1)\n"
        "first = shifted(rng, 1.0)\nassert shifted(rng, 1.0) != first, 'the same again'\n"
    )
    copies = "def shifted(values, by):\n    import copy\n    return copy.copy(values).random()\n"
    copies = copies.replace("copy.copy", "copy.deepcopy")
    assert graded(new_course, grader, tmp_path, twice, copies) == "the same again"


def test_what_a_function_does_to_lists_and_dicts_is_seen():
    array = np.zeros(2)
    kept = [array, {"step": 1, "old": 2}, [1, 2], (3, np.ones(1))]
    _write_all_back((kept,), ([np.ones(2), {"step": 2}, [1], (4, np.zeros(1))],))
    assert kept[0] is array
    assert array.tolist() == [1, 1]
    assert kept[1:3] == [{"step": 2}, [1]]
    assert kept[3][0] == 4
    grown = [1]
    _write_all_back((grown, 5, None), ([1, 2, 3], 5, None))
    assert grown == [1, 2, 3]
