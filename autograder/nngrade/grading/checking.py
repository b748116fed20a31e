"""Run a hidden check, on a student's functions or on the course's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.grading.assertions import Failure

__all__ = ["in_order_of_execution", "run_check"]


def in_order_of_execution(checks: Sequence[Check]) -> list[Check]:
    """Checks in the order in which they run: those with a time-out of their own run last.

    By then it is known which functions never end. A check that needs one of them follows it.
    """
    late: set[str] = set()
    for check in checks:
        if check.timeout is not None or late.intersection(check.needs):
            late.add(check.name)
    return [
        *(check for check in checks if check.name not in late),
        *(check for check in checks if check.name in late),
    ]


def run_check(
    check: Check, stage: Stage, student: Any, rng: np.random.Generator, data: Data
) -> float | None:
    """Run a hidden check.

    Parameters
    ----------
    check : Check
        A hidden check, not a task's visible tests.
    stage : Stage
        Stage of the check, for the reference.
    student : RemoteStudent or LocalStudent
        The functions to check.
    rng : Generator
        Random generator of the check's inputs.
    data : Data
        Image data; loaded only if the check uses it.

    Returns
    -------
    float or None
        The measured number of a check with thresholds; otherwise None.

    Raises
    ------
    Failure
        If the check fails.
    """
    available: dict[str, Callable[[], Any]] = {
        "student": lambda: student,
        "reference": lambda: stage.reference,
        "rng": lambda: rng,
        "data": lambda: data.images,
    }
    assert check.function is not None
    with np.errstate(all="ignore"):
        measured = check.function(**{name: available[name]() for name in check.ingredients})
    if check.at_least is None:
        return None
    value, threshold = float(measured), check.at_least[data.images.name]
    if not value >= threshold:
        measured_as = f"{check.measures} on {data.images.name}"
        raise Failure(f"{measured_as} is {value:.1%}; it must be at least {threshold:.1%}")
    return value
