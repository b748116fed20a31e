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
JUMPS = 100_000


class _Drained(BaseException):
    """Stands for an exception that is not to be raised any more."""


class TooLong(BaseException):
    """Code ran longer than it may. No ``except Exception`` of a student's catches it."""


class Clock:
    """Raises `TooLong` in the thread that made it, unless it is stopped in time.

    The exception is planted from another thread, which works on every system. It is raised at the
    next line of Python. A call of C that waits is woken by an interrupt, where the system has one:
    instead of every second exception, never beside one, for each may come while another is dealt
    with.

    Parameters
    ----------
    seconds : float

    Attributes
    ----------
    fired : bool
        Whether the time was up.
    over : bool
        Whether nothing more is to be raised. To set this takes no call, at which an exception that
        is planted already may be raised; `stop` also takes that one back.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.over = False
        self._watches = 0
        self.fired = False

    def start(self) -> None:
        """Begin to count."""
        self.hurry(self._seconds)

    def hurry(self, seconds: float) -> None:
        """Begin to count anew, with so many seconds."""
        self._watches += 1
        watch = threading.Thread(target=self._watch, args=(seconds, self._watches), daemon=True)
        watch.name = "nngrade-clock"
        watch.start()

    def stop(self) -> None:
        """Raise nothing from now on."""
        self.over = True
        while True:
            try:
                with self._lock:
                    self._ended.set()
                if self.fired:
                    self._drain()
                return
            except (TooLong, KeyboardInterrupt):
                # It was on its way when the code came to its end.
                if not self.fired:
                    raise

    def _drain(self) -> None:
        """Take back what is planted and not raised yet, by having something else raised here.

        To plant nothing instead would leave Python 3.11 looking for it ever after, and a tracing
        debugger would hang.
        """
        try:
            _plant(self._thread, _Drained)
            for _ in range(JUMPS):  # it is raised at a jump backwards
                pass
        except _Drained:
            pass

    def _watch(self, wait: float, number: int) -> None:
        by_interrupt = False
        while not self._ended.wait(wait):
            with self._lock:
                if self.over or number != self._watches:
                    return
                self.fired = True
                if by_interrupt and _can_wake(self._thread):
                    _plant(self._thread, None)
                    _wake(self._thread)
                else:
                    _plant(self._thread, TooLong)
            by_interrupt = not by_interrupt
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
    try:
        try:
            clock.start()
            yield
        finally:
            clock.over = True
            clock.stop()
    except KeyboardInterrupt:
        if clock.fired:
            raise TooLong from None
        raise


def _plant(thread: int, kind: type[BaseException] | None) -> None:
    raised = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def _can_wake(thread: int) -> bool:
    return hasattr(signal, "pthread_kill") and thread == threading.main_thread().ident


def _wake(thread: int) -> None:
    """Interrupt a call that sleeps."""
    with contextlib.suppress(OSError, ValueError):
        signal.pthread_kill(thread, signal.SIGINT)
