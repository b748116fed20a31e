"""Record the calls that checks and tests make of the reference, for later replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import CallOutcome, CallRequest, RecordedCall, Returned
from nngrade.worker.public import PublicFunction
from nngrade.worker.wire import copy_of

__all__ = ["Recorder", "arrays_in", "can_repeat", "size_of"]


def arrays_in(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Yield all numbers and arrays in plain data, as arrays."""
    if isinstance(value, np.ndarray | np.generic | int | float):
        yield np.asarray(value)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from arrays_in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from arrays_in(one)


def can_repeat(value: Any) -> bool:
    """Whether a value can be used again in a replayed call: it contains no callback function."""
    if isinstance(value, list | tuple):
        return all(map(can_repeat, value))
    if isinstance(value, dict):
        return all(map(can_repeat, value.values()))
    return isinstance(value, PublicFunction) or not callable(value)


def size_of(value: Any) -> int:
    """Total size of the numbers and arrays in plain data, in bytes."""
    return sum(array.nbytes for array in arrays_in(value))


class Recorder(LocalStudent):
    """The course's own functions in a student's place, whose calls are recorded.

    Parameters
    ----------
    namespace : dict
        As for `LocalStudent`.
    wanted : callable
        Predicate of a request with a single call: whether to record it.

    Attributes
    ----------
    recorded : dict of str to list of RecordedCall
        Recorded calls by the name of the function, in the order of the calls.
    """

    def __init__(self, namespace: dict[str, Any], wanted: Callable[[CallRequest], bool]) -> None:
        super().__init__(namespace)
        self.recorded: dict[str, list[RecordedCall]] = {}
        self._wanted = wanted

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make the calls one by one, and record those that are wanted."""
        returned: list[Returned] = []
        for args in request.calls:
            single = replace(request, calls=[args])
            done, error = (
                self._recorded(single) if self._wanted(single) else super().carry_out(single)
            )
            returned += done
            if error is not None:
                return returned, error
        return returned, None

    def _recorded(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        # The call changes the state of a random generator.
        args = copy_of(request.calls[0])
        done, error = self._observed(replace(request, echo=True))
        for value, after in done:
            self._note(request, args, CallOutcome(value, after))
        return [(value, after if request.echo else None) for value, after in done], error

    def _observed(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make a call that is to be recorded."""
        return super().carry_out(request)

    def _note(self, request: CallRequest, args: tuple[Any, ...], outcome: CallOutcome) -> None:
        call = RecordedCall(
            args, request.kwargs, request.through, outcome, float_errors=request.float_errors
        )
        self.recorded.setdefault(request.name, []).append(call)
