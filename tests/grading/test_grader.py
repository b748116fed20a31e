"""Grading one submission: what counts, what is said, and what stays apart."""

from __future__ import annotations

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.data import Data
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.errors import LessonError, NngradeError
from nngrade.grading.grader import Grader
from nngrade.limits import WorkerLimits
from tests.conftest import SECRET, check_of
from tests.grading.conftest import filled


def test_a_right_submission_gets_every_point(right, grade, stage):
    result = grade(right)
    assert (result.score, result.max_score) == (6, 6)
    assert [check.status for check in result.checks] == ["passed"] * len(stage.checks)


def test_a_mistake_costs_its_check_and_no_other(stage, right, grade):
    result = grade(
        filled(
            stage, right, shifted="def shifted(values, by):\n    values += by\n    return values"
        )
    )
    assert result.score == 3
    lost = check_of(result, "shifted.shifts_in_a_new_array")
    assert "changed its argument number 1" in lost.message


def test_a_lost_check_shows_its_hint_and_a_passed_one_does_not(stage, right, grade):
    lost = grade(filled(stage, right, total="def total(values): return 0.0"))
    assert check_of(lost, "total.any_length").hint == "How many entries are there?"
    assert check_of(grade(right), "total.any_length").hint == ""


def test_a_check_whose_prerequisite_is_lost_is_skipped(stage, right, grade):
    skipped = check_of(
        grade(filled(stage, right, total="def total(values): return 0.0")),
        "total.nothing_sums_to_zero",
    )
    assert (skipped.status, skipped.score) == ("skipped", 0)
    assert "Arrays of any length are summed." in skipped.message


def test_the_message_names_the_wrong_entry_and_not_the_expected_value(stage, right, grade):
    result = grade(filled(stage, right, total="def total(values): return 77.25"))
    message = check_of(result, "total.any_length").message
    assert message == "the total is 77.25, which is not right"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("return None", "did you forget to return it?"),
        ("return [1.0]", "a list of length 1"),
        ("return np.zeros(3)", "has shape (3,)"),
        ("return True", "bools"),
        ("return float('nan')", "NaN"),
        ("return {1, 2}", "a value of type set"),
        ("return 'text'", "a str of length 4"),
        ("return values.sum().item", "type builtin_function_or_method"),
    ],
)
def test_nonsense_is_answered_in_words(stage, right, grade, answer, words):
    result = grade(filled(stage, right, total=f"def total(values):\n    {answer}"))
    lost = check_of(result, "total.any_length")
    assert lost.status == "failed"
    assert words in lost.message


def test_an_exception_is_told_with_cell_and_line(stage, right, grade):
    result = grade(filled(stage, right, total="def total(values):\n    return values[99]"))
    lost = check_of(result, "total.any_length")
    assert lost.status == "error"
    place = "In your cell total, line 2 (`return values[99]`), entry number 99 is asked for"
    assert lost.message.startswith(place)
    assert lost.message.endswith("(IndexError).")
    assert lost.hint == "Is it the right axis, and is the number one too large?"


def test_a_hanging_function_costs_its_checks_and_the_rest_goes_on(stage, right, sandbox, tmp_path):
    notebook = filled(stage, right, shifted="def shifted(values, by):\n    while True: pass")
    path = tmp_path / "hangs.ipynb"
    path.write_text(notebook_text(notebook))
    result = Grader(SECRET, sandbox, Data("digits"), timeout=0.5).grade(path, stage, "ann")
    assert result.score == 3
    lost = check_of(result, "shifted.shifts_in_a_new_array")
    assert (lost.status, lost.message) == ("timeout", "shifted did not finish within 0.5 s")


def test_a_crash_costs_the_check_in_which_it_happened(stage, right, grade):
    crash = "import os\ndef total(v):\n    return float(sum(v)) if len(v) else os._exit(7)"
    result = grade(filled(stage, right, total=crash))
    lost = check_of(result, "total.nothing_sums_to_zero")
    assert (lost.status, lost.message) == (
        "error", "your code ended the Python process (exit code 7)",
    )  # fmt: skip
    assert result.score == 5


def test_a_cell_that_hangs_or_exits_is_left_out_and_noted(stage, right, sandbox, tmp_path):
    for source, words in (
        ("while True: pass", "did not finish"),
        ("import os; os._exit(0)", "ended"),
    ):
        notebook = {**right, "cells": [*right["cells"]]}
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        notebook["cells"].insert(0, cell)
        path = tmp_path / "one.ipynb"
        path.write_text(notebook_text(notebook))
        result = Grader(SECRET, sandbox, Data("digits"), timeout=1).grade(path, stage, "ann")
        assert result.score == 6
        assert any(words in note for note in result.notes)


def test_a_check_that_fails_for_the_reference_too_is_the_courses_fault(
    new_course: Course, sandbox, tmp_path
):
    checks = new_course.solutions / "stage01_sums/checks.py"
    checks.write_text(
        checks.read_text().replace("values = rng.normal(size=m)", "values = rng.nromal(m)")
    )
    stage = new_course.stages[0]
    path = new_course.assignments / stage.name / f"{stage.name}.ipynb"
    right = tmp_path / "right.ipynb"
    right.write_text(notebook_text(fill(untouched(new_course, stage), stage, solutions(stage))))
    with pytest.raises(
        NngradeError, match=r"any_length.*fails for the reference too.*mend the check"
    ):
        Grader(SECRET, sandbox, Data("digits")).grade(right, stage, "ann")
    assert path.exists()


def test_a_check_without_an_end_is_the_courses_fault(
    new_course: Course, sandbox, tmp_path, monkeypatch
):
    checks = new_course.solutions / "stage01_sums/checks.py"
    checks.write_text(checks.read_text().replace("values = rng.normal(size=m)", "while True: pass"))
    stage = new_course.stages[0]
    right = tmp_path / "right.ipynb"
    right.write_text(notebook_text(fill(untouched(new_course, stage), stage, solutions(stage))))
    monkeypatch.setattr("nngrade.grading.grader.CHECK_CPU_SECONDS", 1)
    with pytest.raises(LessonError, match=r"checks.py:\d+: .*any_length.* more than 1 s"):
        Grader(SECRET, sandbox, Data("digits")).grade(right, stage, "ann")


def test_an_answer_that_takes_for_ever_to_check_costs_that_check(
    new_course: Course, sandbox, tmp_path, monkeypatch
):
    checks = new_course.solutions / "stage01_sums/checks.py"
    # The check itself takes far longer than the function that it calls.
    endless = (
        "values = rng.normal(size=m)\n        while student.total(values) == 7: sum(range(10_000))"
    )
    checks.write_text(checks.read_text().replace("values = rng.normal(size=m)", endless))
    stage = new_course.stages[0]
    answers = {**solutions(stage), "total": "def total(values): return 7.0"}
    path = tmp_path / "one.ipynb"
    path.write_text(notebook_text(fill(untouched(new_course, stage), stage, answers)))
    monkeypatch.setattr("nngrade.grading.grader.CHECK_CPU_SECONDS", 0.3)
    # However busy the machine is, processor time runs out first.
    limits = WorkerLimits(check_seconds=500)
    result = Grader(SECRET, sandbox, Data("digits"), limits).grade(path, stage, "ann")
    slow = check_of(result, "total.any_length")
    assert (slow.status, slow.limit) == ("timeout", "cpu")
    assert slow.message == "what total returned took too long to check"
    assert check_of(result, "shifted.shifts_in_a_new_array").status == "passed"


def test_callbacks_generators_iterators_and_data_work_through_a_submission(
    course, grader, tmp_path
):
    stage = course.stages[1]
    path = tmp_path / "right.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, solutions(stage))))
    result = grader.grade(path, stage, "ann")
    assert result.score == result.max_score == 5
    assert result.data == "digits"


def test_a_measured_result_below_its_threshold_is_told_in_numbers(course, grader, tmp_path):
    stage = course.stages[1]
    answers = {**solutions(stage), "learns": "def learns(X, y): return 0.03"}
    path = tmp_path / "low.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, answers)))
    lost = check_of(grader.grade(path, stage, "ann"), "learns.learns_something")
    assert lost.message == "share on digits is 3.0%; it must be at least 5.0%"


def test_grading_twice_gives_the_same_but_for_the_times(right, grade):
    def timeless(result):
        record = result.as_record()
        record.pop("seconds")
        for check in record["checks"]:
            check.pop("seconds")
        return record

    assert timeless(grade(right)) == timeless(grade(right))


def test_two_students_really_see_different_inputs(stage, right, grader, tmp_path):
    echo = "def total(values):\n    raise ValueError(repr(values.tolist()))"
    path = tmp_path / "echo.ipynb"
    path.write_text(notebook_text(filled(stage, right, total=echo)))
    seen = [
        check_of(grader.grade(path, stage, student), "total.any_length").message
        for student in ("ann", "ann", "bob")
    ]
    assert seen[0] == seen[1] != seen[2]


def test_the_place_of_an_exception_is_in_the_function_that_was_called(stage, right, grade):
    """Not in a function of another task, nor in the course's own, which may be innocent."""
    result = grade(
        filled(
            stage,
            right,
            total="def total(values):\n    return shifted(scaled(values), np.ones(77))",
            shifted="def shifted(values, by):\n    return values @ by",
        )
    )
    lost = check_of(result, "total.any_length")
    assert lost.message.startswith("In your cell total, line 2 (`return shifted(")
    result = grade(
        filled(stage, right, total="def total(values):\n    return scaled([[1], [1, 2]])")
    )
    assert check_of(result, "total.any_length").message.startswith("In your cell total, line 2")


def test_the_place_of_an_exception_may_be_in_a_helper_of_ones_own(stage, right, grade):
    notebook = filled(stage, right, total="def total(values):\n    return helper(values)")
    helper = {
        "cell_type": "code",
        "id": "helper",
        "metadata": {},
        "source": "def helper(values):\n    return values[99]",
        "outputs": [],
        "execution_count": None,
    }
    notebook["cells"].append(helper)
    number = len(notebook["cells"])
    lost = check_of(grade(notebook), "total.any_length")
    assert lost.message.startswith(f"In your cell number {number}, line 2 (`return values[99]`)")
