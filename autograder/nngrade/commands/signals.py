"""Ctrl-C and SIGTERM as exceptions, so that a stopped command cleans up as one that failed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from nngrade.exit_code import TERMINATED

__all__ = ["Stopped", "stopping_on_signals"]

# Seconds in which a second signal is taken for the first: coreutils' ``timeout`` sends two.
_SAME = 1.0


class Stopped(BaseException):
    """SIGTERM arrived; a `BaseException`, so that ``except Exception`` does not catch it.

    Attributes
    ----------
    code : int
        The command's exit code.
    """

    code = TERMINATED


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Raise `KeyboardInterrupt` on Ctrl-C and `Stopped` on SIGTERM, once.

    A further signal does not interrupt the cleaning up; one that comes a second later ends the
    process at once. Signals that are ignored, as under nohup, stay ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first: list[float] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not first:
            first.append(time.monotonic())
            raise KeyboardInterrupt if number == signal.SIGINT else Stopped
        if time.monotonic() - first[0] > _SAME:
            os._exit(128 + number)

    expected = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    replaced = [number for number, one in expected.items() if signal.getsignal(number) == one]
    for number in replaced:
        signal.signal(number, stop)
    try:
        yield
    finally:
        if not first:  # otherwise the process is about to exit, and a second signal may come
            for number in replaced:
                signal.signal(number, expected[number])
