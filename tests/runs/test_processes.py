"""In how many processes a batch is graded: in several where that is worth starting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from nngrade.course.stages import Course
from nngrade.results import SubmissionResult
from nngrade.runs import processes
from nngrade.runs.processes import MANY, grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions
from tests.runs.conftest import notebook, submit


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many submissions were left to several processes, each time that they were started."""
    counts: list[int] = []
    start = processes._in_processes

    def counted(
        settings: Settings, candidates: Sequence[Any], jobs: int, shielded: bool
    ) -> Iterator[tuple[int, SubmissionResult]]:
        counts.append(len(candidates))
        return start(settings, candidates, jobs, shielded)

    monkeypatch.setattr(processes, "_in_processes", counted)
    return counts


def let_grading_take(monkeypatch: pytest.MonkeyPatch, first: float, others: float) -> None:
    """Put in a clock by which the first submission takes so long, and each other one so long."""
    now, seconds = [0.0], [first]
    grade = processes._grade

    def timed(*args: Any) -> SubmissionResult:
        now[0] += seconds[0]
        seconds[0] = others
        return grade(*args)

    monkeypatch.setattr(processes, "_grade", timed)
    monkeypatch.setattr(processes, "time", SimpleNamespace(monotonic=lambda: now[0]))


def students(course: Course, count: int) -> list[str]:
    """Grade a class with two jobs; the students in the order of their indices."""
    text = notebook(course)
    for number in range(count):
        submit(course, f"student{number:02}", text)
    candidates = find_submissions([course.root / "submitted"], course)
    settings = Settings(course.root, "weak", "digits")
    found = dict(grade_all(settings, candidates, jobs=2))
    assert sorted(found) == list(range(count))
    assert all(one.status == "graded" for one in found.values())
    return [found[index].student for index in range(count)]


def test_a_few_quick_ones_start_no_other_process(
    new_course: Course, handed_over: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_grading_take(monkeypatch, first=1.0, others=0.5)
    assert students(new_course, 8) == [f"student{number:02}" for number in range(8)]
    assert handed_over == []


def test_a_few_slow_ones_are_shared(
    new_course: Course, handed_over: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the second, 6 s would be left for one process, and 2 + 3 s for two."""
    let_grading_take(monkeypatch, first=1.0, others=1.0)
    assert students(new_course, 8) == [f"student{number:02}" for number in range(8)]
    assert handed_over == [6]


def test_many_are_shared_from_the_first_on(new_course: Course, handed_over: list[int]) -> None:
    assert students(new_course, MANY) == [f"student{number:02}" for number in range(MANY)]
    assert handed_over == [MANY]


def test_no_submission_starts_nothing(new_course: Course, monkeypatch: Any) -> None:
    monkeypatch.setattr(Settings, "sandbox", None)
    assert list(grade_all(Settings(new_course.root), [], jobs=2)) == []
