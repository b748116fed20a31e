"""Arguments in varied layouts: a right function does the same however its arrays lie in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np

from nngrade.grading.student import Caller
from nngrade.worker.calls import Call, CallRequest, Returned
from nngrade.worker.wire import laid_out

__all__ = ["VariedLayouts"]

# Ordinary, column-major, strided and read-only, one after the other.
LAYOUTS = ("", "F", "S", "R")
# Larger arrays are not copied once more.
MOST_BYTES = 2**20


class VariedLayouts:
    """A caller that lays out the arrays of each call differently; their entries stay the same.

    Read-only arrays are given only where it matters whether arguments are changed: who changes
    them is to lose those points, and no others.

    Parameters
    ----------
    caller : Caller
        It carries out the calls.
    start : int
        Where in the row of layouts the first array of the first call stands.
    read_only : bool
        Whether arrays may be read-only at all.
    """

    def __init__(self, caller: Caller, start: int, read_only: bool = True) -> None:
        self._caller = caller
        self._numbers = count(start)
        self._read_only = read_only

    @property
    def latest(self) -> Call | None:
        """As of the caller."""
        return self._caller.latest

    @latest.setter
    def latest(self, call: Call | None) -> None:
        self._caller.latest = call

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make the calls; see `Caller.carry_out`."""
        locked = request.echo and self._read_only
        calls = [self._call(args, locked) for args in request.calls]
        return self._caller.carry_out(replace(request, calls=calls))

    def _call(self, args: tuple[Any, ...], locked: bool) -> tuple[Any, ...]:
        numbers = count(next(self._numbers))
        return tuple(_varied(one, numbers, locked) for one in args)


def _varied(value: Any, numbers: Iterator[int], locked: bool) -> Any:
    if isinstance(value, np.ndarray):
        layout = LAYOUTS[next(numbers) % len(LAYOUTS)]
        ordinary = value.flags.c_contiguous and value.flags.writeable
        # Whoever chose a layout meant it.
        if not ordinary or not value.ndim or value.nbytes > MOST_BYTES:
            return value
        if layout == "R" and not locked:
            return value
        return laid_out(value.copy(), layout)
    if type(value) in (list, tuple):
        return type(value)([_varied(one, numbers, locked) for one in value])
    if type(value) is dict:
        return {key: _varied(one, numbers, locked) for key, one in value.items()}
    return value
