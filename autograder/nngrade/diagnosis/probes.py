"""Inputs on which a task's functions are compared: those that its own checks draw.

A check knows the inputs that tell right from wrong. So the checks are carried out once with the
reference in the student's place, and its calls are noted down: they are the probes. They are the
same for all students, hence another seed than for grading.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nngrade.checks import Check
from nngrade.course import Stage
from nngrade.data import Data
from nngrade.diagnosis.budget import LineBudget, TooLongError
from nngrade.diagnosis.outcomes import Outcome
from nngrade.grading import run_check
from nngrade.seeds import generator
from nngrade.student import LocalStudent
from nngrade.worker.host import Returned
from nngrade.worker.public import PublicFunction
from nngrade.worker.wire import holds_function

__all__ = ["Probe", "probes_of"]

# A probe is to take no time worth speaking of, also in a mistaken function's hands.
MOST_LINES = 3000
MOST_BYTES = 200_000
MOST_PROBES = 80


@dataclass(frozen=True)
class Probe:
    """A call that a check makes.

    Attributes
    ----------
    check : str
        The name of the check.
    args, kwargs
        As the check passes them.
    through : PublicFunction or None
        The driver that makes the calls.
    expected : Outcome
        What it comes to with the reference.
    """

    check: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    through: PublicFunction | None
    expected: Outcome


def probes_of(stage: Stage, task: str, secret: bytes, data: Data) -> list[Probe]:
    """The calls of a task's function by its hidden checks, with the reference's answers."""
    found: list[Probe] = []
    for check in stage.checks:
        if check.task != task or check.function is None or check.uses_data:
            continue
        notes = _Notes(stage, check)
        rng = generator(secret, "diagnosis", stage.name, check.id)
        try:
            run_check(check, stage, notes, rng, data)
        except Exception:
            continue  # the reference fails: no answers to compare with
        found += notes.probes
    return found[:MOST_PROBES]


class _Notes(LocalStudent):
    """The reference in the place of a student, with every call noted down."""

    def __init__(self, stage: Stage, check: Check) -> None:
        super().__init__(stage.reference.namespace)
        self.probes: list[Probe] = []
        self._check = check
        self._lesson = stage.lesson.path

    def calls(
        self,
        name: str,
        calls: Sequence[tuple[Any, ...]],
        kwargs: dict[str, Any],
        echo: bool,
        through: PublicFunction | None,
    ) -> tuple[list[Returned], Exception | None]:
        if name != self._check.task or not _can_repeat((list(calls), kwargs)):
            return super().calls(name, calls, kwargs, echo, through)
        returned: list[Returned] = []
        for args in calls[: MOST_PROBES - len(self.probes)]:
            # A generator is used up by the call.
            kept = copy.deepcopy(args)
            done, error, lines = self._counted(name, args, kwargs, through)
            if error is not None:
                return returned, error
            if lines < MOST_LINES and _size(args) < MOST_BYTES:
                ((value, after),) = done
                outcome = Outcome(value, _comparable(after))
                self.probes.append(Probe(self._check.name, kept, kwargs, through, outcome))
            returned += done
        rest, error = super().calls(name, calls[len(returned) :], kwargs, echo, through)
        return returned + rest, error

    def _counted(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        through: PublicFunction | None,
    ) -> tuple[list[Returned], Exception | None, int]:
        """Call the reference, and count the lines that it runs."""
        budget = LineBudget(MOST_LINES, str(self._lesson))
        before = sys.gettrace()
        sys.settrace(budget)
        try:
            return *super().calls(name, [args], kwargs, True, through), (MOST_LINES - budget.left)
        except TooLongError:
            sys.settrace(before)
            return *super().calls(name, [args], kwargs, True, through), MOST_LINES
        finally:
            sys.settrace(before)


def _comparable(after: list[Any] | None) -> list[Any]:
    """The arguments after a call, without those that a worker does not send back."""
    return [None if holds_function(one) else one for one in after or []]


def _can_repeat(value: Any) -> bool:
    """Whether arguments are the same in every call: functions that are called back may not be."""
    if isinstance(value, list | tuple):
        return all(map(_can_repeat, value))
    if isinstance(value, dict):
        return all(map(_can_repeat, value.values()))
    return isinstance(value, PublicFunction) or not callable(value)


def _size(value: Any) -> int:
    return sum(array.nbytes for array in _arrays(value))


def _arrays(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _arrays(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _arrays(one)
