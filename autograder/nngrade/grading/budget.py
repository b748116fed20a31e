"""Budgets for code that runs in this process: of processor time, and of lines.

Neither depends on the load of the machine. Processor time suits code that may do anything; lines
suit code of the course, which is then stopped at the same place on every machine.
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
    """A budget that is used up; code under test cannot catch it by mistake."""


@contextlib.contextmanager
def cpu_budget(seconds: float | None) -> Iterator[None]:
    """End what is done inside after so many seconds of processor time.

    Time in which the process waits, for a worker for instance, does not count. Only the main
    thread can be interrupted, and not on Windows: elsewhere there is no limit. Budgets do not nest.

    Raises
    ------
    TooLongError
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
    """A trace function that stops code after so many lines; give it to `sys.settrace`.

    Parameters
    ----------
    lines : int
    file : str
        Only lines of this file count.

    Attributes
    ----------
    left : int
        Lines that may still be run; below 0 once the budget is used up.
    """

    def __init__(self, lines: int, file: str) -> None:
        self.left = lines
        self._file = file

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Trace functions of the file, and no others."""
        return self._line if frame.f_code.co_filename == self._file else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TooLongError
        return self._line
