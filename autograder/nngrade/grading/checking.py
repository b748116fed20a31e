"""Carry out a hidden check, on a student's functions or on the course's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.grading.assertions import Failure

__all__ = ["run_check"]


def run_check(
    check: Check, stage: Stage, student: Any, rng: np.random.Generator, data: Data
) -> float | None:
    """Carry out a hidden check.

    Parameters
    ----------
    check : Check
        Not a task's visible tests.
    stage : Stage
    student : RemoteStudent or LocalStudent
    rng : Generator
    data : Data
        Loaded only where the check asks for it.

    Returns
    -------
    float or None
        What a measuring check measured.

    Raises
    ------
    Failure
        When it is not satisfied.
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
