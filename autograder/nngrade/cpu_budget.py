"""A limit on the processor time of this process, which no load of the machine changes."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

__all__ = ["TooLongError", "cpu_budget"]


class TooLongError(BaseException):
    """The budget of processor time is used up; code under test cannot catch it by mistake."""


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
