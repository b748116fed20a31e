"""Find equivalent mutants: those that behave like the reference and are no mistakes.

The calls that a task's checks make are recorded for many seeds and replayed: unchanged, and with
other numbers in their arguments (larger, smaller, negative, zero, whole, a single row). The
returned value, the arguments after the call and the state of a random generator must all be the
same. After a single difference, a human has to say whether it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nngrade.audit.judge import lost
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.diagnosis.outcomes import same_value
from nngrade.grading.budget import TooLongError, cpu_budget
from nngrade.grading.recording import Recorder, arrays_in, size_of
from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import CallOutcome, CallRequest, RecordedCall, silently
from nngrade.worker.wire import copy_of

__all__ = ["replays_of", "same", "same_behaviour"]

# Tolerances for the rounding errors of a few operations.
RTOL, ATOL = 1e-12, 1e-13
# Maximum number of recorded calls, and of their variants.
MOST_REPLAYS = 600
MOST_BYTES = 200_000
SECONDS = 0.02
# Factor by which a mutant may be slower before that counts as a difference.
PATIENCE = 50


def replays_of(stage: Stage, task: str, seeds: int, data: Data) -> list[RecordedCall]:
    """Record the calls of a task's function by the task's checks, and add variants of them.

    Calls are left out if the reference raises an exception or returns values that are not finite:
    the task does not ask for those.

    Parameters
    ----------
    stage : Stage
    task : str
    seeds : int
        Number of seeds with which the checks are run.
    data : Data
    """
    recorder = Recorder(
        stage.reference.namespace,
        lambda request: request.name == task and size_of(request.calls[0]) < MOST_BYTES,
    )
    for check in stage.checks:
        if check.task == task and check.at_least is None:
            draws = seeds if "rng" in check.ingredients else 1
            for seed in range(draws):
                lost(stage, recorder, check, seed, data)
    made = _some(recorder.recorded.get(task, []))
    varied = _some([other for one in made for other in _variants(one)])
    reference = LocalStudent(stage.reference.namespace)
    answered = (_answered(reference, task, one) for one in (*made, *varied))
    return [one for one in answered if one is not None and _finite(one.expected)]


def _answered(reference: LocalStudent, task: str, call: RecordedCall) -> RecordedCall | None:
    """The call with the reference's outcome as expected outcome; None if the reference fails."""
    outcome = _outcome(reference, task, call)
    return None if outcome is None else replace(call, expected=outcome)


def _some(replays: list[RecordedCall]) -> list[RecordedCall]:
    """At most `MOST_REPLAYS` calls, spread evenly over the list."""
    return replays[:: len(replays) // MOST_REPLAYS + 1]


def _variants(call: RecordedCall) -> Iterator[RecordedCall]:
    """Variants of a call: other numbers in one argument, then in all, and a single example."""
    for change in _CHANGES:
        for index, argument in enumerate(call.args):
            changed = _everywhere(argument, change)
            if changed is not argument:
                args = (*call.args[:index], changed, *call.args[index + 1 :])
                yield replace(call, args=args)
        args = tuple(_everywhere(one, change) for one in call.args)
        yield replace(call, args=args)
    lengths = [len(one) for one in call.args if isinstance(one, np.ndarray) and one.ndim]
    if lengths:
        args = tuple(
            one[:1] if isinstance(one, np.ndarray) and one.ndim and len(one) == lengths[0] else one
            for one in call.args
        )
        yield replace(call, args=args)


def _scaled(factor: float) -> Callable[[Any], Any]:
    return lambda value: factor * value


_CHANGES: tuple[Callable[[Any], Any], ...] = (
    _scaled(1e3),
    _scaled(1e-3),
    _scaled(-1.0),
    _scaled(0.0),
    np.round,
    lambda value: np.round(3 * value).astype(int) if isinstance(value, np.ndarray) else value,
)


def _everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of the value with all its floats changed; the value itself if it has none."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return change(value)
    if isinstance(value, list | tuple):
        changed = [_everywhere(one, change) for one in value]
        if any(new is not old for new, old in zip(changed, value, strict=True)):
            return type(value)(changed)
    return value


def same_behaviour(task: str, student: LocalStudent, replays: Sequence[RecordedCall]) -> bool:
    """Whether a student's function behaves like the reference in all replays.

    Parameters
    ----------
    task : str
        Name of the function.
    student : LocalStudent
    replays : sequence of RecordedCall
        As from `replays_of`.
    """
    for one in replays:
        actual = _outcome(student, task, one, PATIENCE)
        if actual is None or not (
            same(one.expected.value, actual.value) and same(one.expected.after, actual.after)
        ):
            return False
    return True


def _outcome(
    student: LocalStudent, task: str, call: RecordedCall, patience: int = 1
) -> CallOutcome | None:
    """Value of a call and its arguments afterwards; None for an exception or a time-out."""
    # A call changes generators and functions that count their calls, so it gets copies.
    args = copy_of(call.args)
    try:
        with cpu_budget(SECONDS * patience), np.errstate(**silently(call.float_errors)):
            request = CallRequest(task, [args], call.kwargs, True, call.through)
            returned, error = student.carry_out(request)
    except TooLongError:
        return None
    if error is not None:
        return None
    ((value, after),) = returned
    return CallOutcome(value, [_plain(one) for one in after or []])


def _plain(argument: Any) -> Any:
    """An argument after a call, in a form that can be compared."""
    if isinstance(argument, np.random.Generator):
        return str(argument.bit_generator.state)
    if isinstance(argument, list | tuple):
        return [_plain(one) for one in argument]
    return None if callable(argument) else argument


def _finite(outcome: CallOutcome) -> bool:
    return all(np.isfinite(one).all() for one in arrays_in([outcome.value, outcome.after]))


def same(one: Any, other: Any) -> bool:
    """Whether a mutant returned the same as the reference, up to rounding.

    As in `nngrade.close`, there is no difference between Python's numbers, NumPy's numbers and
    arrays without axes, or between integers of different sizes. Whole numbers may stand for
    floats, but not the other way round. Lists and tuples are not distinguished either.

    Parameters
    ----------
    one : plain data
        Value of the reference.
    other : plain data
        Value of the mutant.
    """
    return same_value(one, other, _same_numbers)


def _same_numbers(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    wanted, got = (array.dtype.kind.replace("u", "i") for array in (one, other))
    if one.shape != other.shape or got not in {"f": "fi", "c": "cfi"}.get(wanted, wanted):
        return False
    if wanted not in "fc":
        return np.array_equal(one, other)
    return np.allclose(one, other, rtol=RTOL, atol=ATOL, equal_nan=True)
