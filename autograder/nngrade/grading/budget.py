"""Budgets for code that runs in this process: processor time, and lines of Python.

Neither depends on the load of the machine. A budget of processor time suits any code. A budget of
lines suits the course's code, which is then stopped at the same place on every machine.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

__all__ = ["LineBudget", "TooLongError", "cpu_budget"]


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

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TooLongError
        return self._line
