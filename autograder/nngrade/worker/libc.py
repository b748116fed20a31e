"""The C library, for system calls that Python has no function for."""

from __future__ import annotations

import ctypes
import os
from functools import cache

__all__ = ["libc", "raise_errno"]


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
