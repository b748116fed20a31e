"""Machines that lack something: for the ``preexec_fn`` of a process that is to be on one."""

from __future__ import annotations

import ctypes
import errno
import struct

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
# landlock_create_ruleset, landlock_add_rule, landlock_restrict_self: the same everywhere.
_FIRST, _LAST = 444, 446
_LOAD, _AT_LEAST, _GREATER, _RETURN = 0x20, 0x35, 0x25, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def without_landlock() -> None:
    """Have this process, and all that it starts, find a kernel without Landlock."""
    program = b"".join(
        struct.pack("=HBBI", *one)
        for one in (
            (_LOAD, 0, 0, 0),
            (_AT_LEAST, 0, 2, _FIRST),
            (_GREATER, 1, 0, _LAST),
            (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    loaded = Program(len(program) // 8, ctypes.addressof(buffer))
    assert libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(loaded), 0, 0) == 0
