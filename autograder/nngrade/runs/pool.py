"""Processes that import nothing of the program that started them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, util
from types import FrameType
from typing import Any, NoReturn, ParamSpec, TypeVar

__all__ = ["SpawnPool"]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_lock = threading.Lock()
_POSIX = sys.platform != "win32"
_STOPPING = (signal.SIGINT, signal.SIGTERM)


class SpawnPool(ProcessPoolExecutor):
    """A pool of spawned processes in which the main module is not run again.

    Spawned rather than forked: this process may have threads, a progress bar's for instance. A
    spawned process usually imports the script that started it, which starts it again where the
    script has no ``if __name__ == "__main__"``.

    Parameters
    ----------
    jobs : int
        Number of processes at the most.
    initializer : callable
        Called in each process first, with `arguments`; neither it nor what is submitted may stand
        in the main module.
    arguments : tuple
    shielded : bool
        Whether the processes ignore SIGTERM, as they ignore Ctrl-C, and leave it to this process.
        Terminals and service managers send these signals to all processes of a run.
    """

    def __init__(
        self,
        jobs: int,
        initializer: Callable[..., None],
        arguments: tuple[Any, ...],
        shielded: bool = False,
    ) -> None:
        super().__init__(jobs, get_context("spawn"), _begin, (shielded, initializer, *arguments))

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a process call a function; a process is started where all are busy."""
        with _main_module_hidden(), _signals_held_back():
            return super().submit(_call, fn, args, kwargs)

    def end(self) -> None:
        """Have the processes give up their work, clean up and end; nothing more can be submitted.

        A submission in work would otherwise be graded to its end, for minutes perhaps.
        """
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            if process.pid is not None and process.exitcode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGUSR1 if _POSIX else signal.SIGTERM)


class _Leave(SystemExit):
    """This process of a pool has to end: `multiprocessing` reports a `SystemExit` nowhere."""

    """The process has to end: `multiprocessing` reports a `SystemExit` nowhere."""


def _begin(shielded: bool, initializer: Callable[..., None], *arguments: Any) -> None:
    """Initialise a process of a pool."""
    if _POSIX:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN if shielded else _leave)
        signal.signal(signal.SIGUSR1, _leave)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    _call(initializer, arguments, {})


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    for one in (signal.SIGTERM, signal.SIGUSR1):
        signal.signal(one, signal.SIG_IGN)  # cleaning up must not be interrupted
    raise _Leave(128 + number)


def _call(fn: Callable[..., _T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _T:
    """Call a function in a process of a pool."""
    try:
        return fn(*args, **kwargs)
    except _Leave as leaving:
        # The pool's own loop would take this for the function's error, and go on.
        util._exit_function()
        os._exit(int(leaving.code or 0))


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Have a process start without a signal ending it before it is prepared for one.

    It inherits the mask. A signal to this process is delivered afterwards.
    """
    if not _POSIX:
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it would clear the mask when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Have `multiprocessing` find an empty main module, of which there is nothing to import."""
    with _lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
