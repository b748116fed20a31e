"""Run a hidden check, on a student's functions or on the course's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import numpy as np

from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.grading.assertions import Failure
from nngrade.grading.layouts import VariedLayouts
from nngrade.grading.student import LocalStudent, RemoteStudent, with_caller
from nngrade.worker.calls import FLOAT_ERRORS

__all__ = ["as_in_a_notebook", "in_order_of_execution", "run_check"]


@contextmanager
def as_in_a_notebook() -> Iterator[None]:
    """Handle floating-point errors as NumPy does unless it is told otherwise, without warnings.

    How they are handled crosses to the worker, where the student's functions run.
    """
    with warnings.catch_warnings(), np.errstate(**FLOAT_ERRORS):
        warnings.simplefilter("ignore")
        yield


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
    check: Check,
    stage: Stage,
    student: RemoteStudent | LocalStudent,
    rng: np.random.Generator,
    data: Data,
) -> float | None:
    """Run a hidden check.

    The arrays that it hands over lie in memory in various ways; see `VariedLayouts`.

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
    varied = with_caller(
        student, lambda caller: VariedLayouts(caller, crc32(check.id.encode()), check.read_only)
    )
    available: dict[str, Callable[[], Any]] = {
        "student": lambda: varied,
        "reference": lambda: stage.reference,
        "rng": lambda: rng,
        "data": lambda: data.images,
    }
    assert check.function is not None
    with as_in_a_notebook():
        measured = check.function(**{name: available[name]() for name in check.ingredients})
    if check.at_least is None:
        return None
    value, threshold = float(measured), check.at_least[data.images.name]
    if not value >= threshold:
        measured_as = f"{check.measures} on {data.images.name}"
        raise Failure(f"{measured_as} is {value:.1%}; it must be at least {threshold:.1%}")
    return value
