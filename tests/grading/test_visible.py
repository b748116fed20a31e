"""The visible tests, as checks that are worth nothing."""

from __future__ import annotations

from nngrade.course.checks import VISIBLE_TESTS
from tests.conftest import check_of
from tests.grading.conftest import filled


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
