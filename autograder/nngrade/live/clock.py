"""End code that does not end by itself, on any system, without signals and processes."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import threading
from collections.abc import Iterator

__all__ = ["TooLong", "limited"]

# What catches every exception is told again.
AGAIN = 0.2


class TooLong(BaseException):
    """Code ran longer than it may. No ``except Exception`` of a student's catches it."""


class Clock:
    """Raises `TooLong` in the thread that made it, unless it is stopped in time.

    The exception is planted from another thread, which works on every system. It is raised at the
    next line of Python; a call of C that waits is woken by an interrupt, where the system has one.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.fired = False

    def start(self) -> None:
        """Begin to count."""
        self.hurry(self._seconds)

    def hurry(self, seconds: float) -> None:
        """Let no more than so many seconds pass from now on."""
        watch = threading.Thread(target=self._watch, args=(seconds,), daemon=True)
        watch.name = "nngrade-clock"
        watch.start()

    def stop(self) -> None:
        """Raise nothing from now on."""
        with self._lock:
            if not self._ended.is_set():
                self._ended.set()
                # Planted, but not raised yet: it must not go off in somebody else's code.
                _plant(self._thread, None)

    def _watch(self, wait: float) -> None:
        while not self._ended.wait(wait):
            with self._lock:
                if self._ended.is_set():
                    return
                _plant(self._thread, TooLong)
                if self.fired:
                    _wake(self._thread)
                self.fired = True
            wait = AGAIN


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TooLong` if the block runs longer than that many seconds.

    Raises
    ------
    TooLong
        After that time.
    """
    clock = Clock(seconds)
    clock.start()
    try:
        try:
            yield
        finally:
            clock.stop()
    except KeyboardInterrupt:
        if clock.fired:
            raise TooLong from None
        raise


def _plant(thread: int, kind: type[BaseException] | None) -> None:
    raised = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def _wake(thread: int) -> None:
    """Interrupt a call that sleeps."""
    if hasattr(signal, "pthread_kill") and thread == threading.main_thread().ident:
        with contextlib.suppress(OSError, ValueError):
            signal.pthread_kill(thread, signal.SIGINT)
