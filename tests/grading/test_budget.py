"""Budgets of processor time: in proportion to the reference, and smaller after each time-out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.data import Data
from nngrade.course.stages import Course, Stage
from nngrade.grading.budget import LEAST_CPU_SECONDS, WorkerBudget, shrunk
from nngrade.grading.grader import Grader
from nngrade.grading.reference_time import reference_seconds, rounded_up
from nngrade.grading.uses import Uses
from nngrade.results import SubmissionResult
from nngrade.submissions.program import Program, ProgramCell
from nngrade.worker.sandbox import Sandbox
from tests.conftest import SECRET, check_of


def budget(reference: float, timeouts: int = 0) -> float:
    return WorkerBudget(lambda: reference, timeouts).seconds


def test_where_the_reference_is_quick_an_answer_may_be_200_times_slower() -> None:
    for reference in (0.0, 0.001, 0.005, 0.01):
        assert budget(reference) >= 200 * reference
    assert budget(0.001) == LEAST_CPU_SECONDS
    assert budget(1.0) == 100.0


def test_a_budget_shrinks_after_each_time_out_and_never_to_nothing() -> None:
    seconds = [budget(0.1, timeouts) for timeouts in range(8)]
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[0] == 4 * seconds[1]
    assert seconds[-1] >= 0.05
    assert shrunk(20.0, 0) == 20.0
    assert shrunk(20.0, 9) == 5.0
    assert shrunk(2.0, 9) == 2.0


def test_the_reference_is_timed_only_for_what_takes_long() -> None:
    def fail() -> float:
        raise AssertionError("the reference was timed")

    assert WorkerBudget(fail).left(0.5 * LEAST_CPU_SECONDS) > 0
    assert WorkerBudget(lambda: 0.001).left(1.01 * LEAST_CPU_SECONDS) < 0
    assert WorkerBudget(lambda: 1.0).left(1.01 * LEAST_CPU_SECONDS) > 0


@pytest.mark.parametrize(
    ("seconds", "rounded"), [(0.0, 0.005), (0.004, 0.005), (0.006, 0.01), (0.3, 0.5)]
)
def test_times_are_rounded_up_so_that_sentences_repeat(seconds: float, rounded: float) -> None:
    assert rounded_up(seconds) == rounded


def test_the_time_of_the_reference_is_known_for_every_check(course: Course) -> None:
    for stage in course.stages:
        for check in stage.checks:
            assert 0 < reference_seconds(stage, check, Data("digits")) < 10


@pytest.fixture
def graded(
    course: Course, stage: Stage, sandbox: Sandbox, tmp_path: Path
) -> Callable[..., SubmissionResult]:
    """Grade stage 1 of the small course with other answers; the course's own limits hold."""

    def run(**answers: str) -> SubmissionResult:
        notebook = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
        path = write_specimen(Specimen("ann", stage, notebook), tmp_path)
        return Grader(SECRET, sandbox, Data("digits")).grade(path, stage, "ann")

    return run


ENDLESS = {
    "pure Python": "    while True:\n        pass",
    "NumPy": "    import numpy as np\n    while True:\n        np.ones((9, 9)) @ np.ones((9, 9))",
    "a comprehension": "    return sum(1 for _ in iter(int, 1))",
    "a thread": (
        "    import threading\n"
        "    def spin():\n        while True:\n            pass\n"
        "    thread = threading.Thread(target=spin, daemon=True)\n"
        "    thread.start()\n    thread.join()"
    ),
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_function_is_ended_by_processor_time(
    graded: Callable[..., SubmissionResult], body: str
) -> None:
    result = graded(total=f"def total(values):\n{body}\n")
    lost = [one for one in result.lost if one.task == "total" and one.status != "skipped"]
    assert [check.status for check in lost] == ["timeout"] * len(lost)
    assert {check.limit for check in lost} == {"cpu"}
    first, *later = [check.message for check in lost]
    assert first == (
        "total did not finish within 1 s of processor time; "
        "the reference solution takes less than 0.005 s"
    )
    assert "total did not finish within 0.25 s of processor time" in later[0]
    assert check_of(result, "shifted.shifts_in_a_new_array").status == "passed"


def test_a_slow_answer_that_is_right_loses_nothing(
    graded: Callable[..., SubmissionResult],
) -> None:
    slow = (
        "def total(values):\n"
        "    for _ in range(200_000):\n        pass\n"
        "    return float(sum(values))\n"
    )
    assert graded(total=slow).score == 6


def program(**sources: str) -> Program:
    cells = tuple(ProgramCell(name, source, False) for name, source in sources.items())
    return Program(cells, frozenset(sources), frozenset(sources), {}, {}, ())


def test_who_uses_whom_is_read_from_the_names() -> None:
    uses = Uses(
        program(
            f="def f(x):\n    return g(x)",
            g="def g(x):\n    return h",
            h="h = lambda x: x",
            i="def i(x):\n    return 1",
        )
    )
    assert uses.of("f") >= {"f", "g", "h"}
    assert "f" not in uses.of("i")


def test_a_check_with_a_time_of_its_own_is_tried_last_and_not_after_a_time_out(
    new_course: Course, sandbox: Sandbox, tmp_path: Path
) -> None:
    checks = new_course.solutions / "stage01_sums/checks.py"
    text = checks.read_text()
    first = text.index('@check("total"')
    own = (
        '@check("total", points=0, timeout=60)\n'
        "def takes_its_time(student):\n"
        '    """It has a time of its own."""\n'
        "    student.total([1.0])\n\n\n"
    )
    checks.write_text(text[:first] + own + text[first:])
    stage = new_course.stages[0]
    answers: dict[str, Any] = {
        **solutions(stage),
        "total": "def total(values):\n    while True:\n        pass\n",
    }
    notebook = fill(untouched(new_course, stage), stage, answers)
    path = write_specimen(Specimen("ann", stage, notebook), tmp_path)
    result = Grader(SECRET, sandbox, Data("digits")).grade(path, stage, "ann")
    skipped = check_of(result, "total.takes_its_time")
    assert skipped.status == "skipped"
    assert skipped.message == "this was not tried: another check of total ran out of time"
    order = [check.id for check in result.checks]
    assert order.index("total.takes_its_time") == 1, "results stand in the order of the checks"
