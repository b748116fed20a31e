"""Processor time of the reference in a check, by which budgets of student code are set."""

from __future__ import annotations

import time
from typing import Any

from nngrade.course.checks import VISIBLE_TESTS, Check
from nngrade.course.data import Data
from nngrade.course.lesson import Lesson
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage
from nngrade.grading.checking import run_check
from nngrade.grading.student import LocalStudent
from nngrade.grading.visible import run_visible_tests
from nngrade.worker.calls import CallRequest, Returned

__all__ = ["SHORTEST", "reference_seconds", "rounded_up"]

# Times are rounded up to 1, 2 or 5 times a power of ten, and at least to this, in seconds.
SHORTEST = 0.005
# A first run may include imports and empty caches; a long one is not repeated.
RUNS, LONG = 3, 0.5

_measured: dict[tuple[Lesson, str, str], float] = {}
MOST_MEASURED = 500


def reference_seconds(stage: Stage, check: Check, data: Data) -> float:
    """Processor time of the reference's calls in a check, rounded up; measured once.

    Parameters
    ----------
    stage : Stage
        Stage of the check.
    check : Check
        The check; its inputs are the same for all submissions.
    data : Data
        Image data; loaded only if the check uses it.

    Returns
    -------
    float
        Processor time in seconds: `SHORTEST` or more, 1, 2 or 5 times a power of ten.
    """
    key = stage.lesson, check.id, data.images.name if check.uses_data else ""
    if key not in _measured:
        if len(_measured) >= MOST_MEASURED:
            _measured.clear()
        best = float("inf")
        for _ in range(RUNS):
            best = min(best, _measure(stage, check, data))
            if best > LONG:
                break
        _measured[key] = rounded_up(best)
    return _measured[key]


def rounded_up(seconds: float) -> float:
    """The next of `SHORTEST` times 1, 2, 5, 10, 20, 50 and so on; keeps messages stable."""
    step = SHORTEST
    while True:
        for factor in (1, 2, 5):
            if seconds <= factor * step:
                return round(factor * step, 6)
        step *= 10


def _measure(stage: Stage, check: Check, data: Data) -> float:
    student = _Timed(stage.reference.namespace)
    try:
        if check.name == VISIBLE_TESTS:
            task = next(one for one in stage.lesson.tasks if one.name == check.task)
            run_visible_tests(stage, task, student)
        else:
            rng = generator(b"time of the reference", "", stage.name, check.id)
            run_check(check, stage, student, rng, data)
    except Exception:
        # A check that its reference fails is reported where it is run for a student.
        pass
    return student.seconds


class _Timed(LocalStudent):
    """The reference in a student's place; `seconds` is the processor time of its calls."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace)
        self.seconds = 0.0

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        started = time.process_time()
        try:
            return super().carry_out(request)
        finally:
            self.seconds += time.process_time() - started
