"""Budgets of code: processor time, here or in a worker, and lines of Python.

None depends on the load of the machine. A budget of processor time suits any code. A budget of
lines suits the course's code, which is then stopped at the same place on every machine.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import FrameType
from typing import Any

__all__ = ["FixedBudget", "LineBudget", "TooLongError", "WorkerBudget", "cpu_budget", "shrunk"]

# Processor time in seconds that a check gets in any case: right answers may import large libraries.
LEAST_CPU_SECONDS = 1.0
# Processor time of a check in proportion to that of the reference: a right answer in pure Python is
# some 100 times slower than one in NumPy. Where the reference takes less than `QUICK` seconds, an
# answer may be twice as slow again.
FACTOR, QUICK = 100.0, 0.01
# Each time-out divides the next budget of the same function by this.
SHRINKING = 4.0
# No budget shrinks below this, in seconds: a function that ends at once gets its result.
LEAST_SHRUNK = 0.05
# Wall-clock limits do not shrink below this, in seconds: on a busy machine right code waits, too.
LEAST_WALL_SECONDS = 5.0


class TooLongError(BaseException):
    """A budget is used up; a `BaseException`, so that ``except Exception`` does not catch it."""


@contextlib.contextmanager
def cpu_budget(seconds: float | None) -> Iterator[None]:
    """Context manager that interrupts its block after some seconds of processor time.

    Waiting time, for example for a worker, does not count. Only the main thread can be interrupted,
    and not on Windows; otherwise there is no limit. Budgets do not nest.

    Parameters
    ----------
    seconds : float or None
        Processor time in seconds; None for no limit.

    Raises
    ------
    TooLongError
        If the budget is used up.
    """
    main = threading.current_thread() is threading.main_thread()
    if seconds is None or not main or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_long(_signal: int, _frame: FrameType | None) -> Any:
    raise TooLongError


def shrunk(seconds: float, timeouts: int) -> float:
    """Wall-clock limit in seconds, a quarter after each earlier time-out, down to a least."""
    return max(seconds * float(SHRINKING**-timeouts), min(seconds, LEAST_WALL_SECONDS))


class WorkerBudget:
    """Budget of processor time of one check in a worker; an `Allowance`.

    The reference is timed only for answers that use up `LEAST_CPU_SECONDS`.

    Parameters
    ----------
    reference_seconds : callable
        Returns the processor time of the reference in the same check, in seconds.
    timeouts : int
        Number of earlier time-outs of the same function; each leaves a quarter of the budget.
    """

    def __init__(self, reference_seconds: Callable[[], float], timeouts: int = 0) -> None:
        self._reference_seconds = reference_seconds
        self._share = float(SHRINKING**-timeouts)
        self._least = max(LEAST_CPU_SECONDS * self._share, LEAST_SHRUNK)

    @cached_property
    def seconds(self) -> float:
        """The budget in seconds."""
        reference = self._reference_seconds()
        most = max(FACTOR * reference, 2 * FACTOR * min(reference, QUICK), LEAST_CPU_SECONDS)
        return max(most * self._share, LEAST_SHRUNK)

    def left(self, used: float) -> float:
        """Remaining processor time in seconds, given the time used; negative if there is none."""
        return self._least - used if used <= self._least else self.seconds - used


@dataclass(frozen=True)
class FixedBudget:
    """A budget of processor time in a worker that depends on nothing; an `Allowance`.

    Attributes
    ----------
    seconds : float
    """

    seconds: float

    def left(self, used: float) -> float:
        """Remaining processor time in seconds, given the time used; negative if there is none."""
        return self.seconds - used


class LineBudget:
    """Trace function for `sys.settrace` that stops code after a number of lines.

    It raises `TooLongError` in the traced code.

    Parameters
    ----------
    lines : int
        Number of lines that may be run.
    file : str
        File name of the code whose lines count.

    Attributes
    ----------
    left : int
        Number of lines that may still be run; below 0 once the budget is used up.
    """

    def __init__(self, lines: int, file: str) -> None:
        self.left = lines
        self._file = file

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Trace functions of the file only."""
        return self._line if frame.f_code.co_filename == self._file else None

    def spend(self, lines: int) -> bool:
        """Take lines off, for code that counts its own; it is True so that conditions can hold it.

        Raises
        ------
        TooLongError
            If the budget is used up.
        """
        self.left -= lines
        if self.left < 0:
            raise TooLongError
        return True

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TooLongError
        return self._line
