"""The C library, for system calls without a function in Python's standard library."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from functools import cache

__all__ = ["die_with_parent", "libc", "prctl", "raise_errno"]

_PR_SET_PDEATHSIG = 1


@cache
def libc() -> ctypes.CDLL:
    """The C library of this process; cached, because opening it is slow."""
    return ctypes.CDLL(None, use_errno=True)


def raise_errno(what: str) -> None:
    """Raise an `OSError` for the current errno.

    Parameters
    ----------
    what : str
        The failed operation, for the message.

    Raises
    ------
    OSError
        Always.
    """
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, *values: int) -> None:
    """Set an attribute of this process in the kernel: prctl(2).

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc().prctl(option, *arguments) != 0:
        raise_errno(f"prctl {option}")


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends; Linux only."""
    if sys.platform == "linux":
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
