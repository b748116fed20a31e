"""Processes that import nothing of the program that started them."""

from __future__ import annotations

import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

__all__ = ["SpawnPool"]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_lock = threading.Lock()


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
    """

    def __init__(
        self, jobs: int, initializer: Callable[..., None], arguments: tuple[Any, ...]
    ) -> None:
        super().__init__(jobs, get_context("spawn"), initializer, arguments)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a process call a function; a process is started where all are busy."""
        with _main_module_hidden(), _interrupts_held_back():
            return super().submit(fn, *args, **kwargs)

    def __exit__(self, kind: type[BaseException] | None, *error: Any) -> None:
        if kind is not None:
            # Not waiting for what is in work: an endless submission has minutes left.
            self._kill()
        super().__exit__(kind, *error)

    def _kill(self) -> None:
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


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


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back, also from processes that are started meanwhile, which inherit this.

    A terminal sends it to them, too. Until they ignore it, it would end them with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
