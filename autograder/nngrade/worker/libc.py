"""The C library, for system calls that Python has no function for."""

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
    """The C library of this process; opened once, because that takes a while."""
    return ctypes.CDLL(None, use_errno=True)


def raise_errno(what: str) -> None:
    """Raise the error that the last call left.

    Raises
    ------
    OSError
        Always.
    """
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, *values: int) -> None:
    """Change how the kernel treats this process (prctl(2)).

    Raises
    ------
    OSError
        Where the kernel refuses.
    """
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc().prctl(option, *arguments) != 0:
        raise_errno(f"prctl {option}")


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends; on Linux only."""
    if sys.platform == "linux":
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
