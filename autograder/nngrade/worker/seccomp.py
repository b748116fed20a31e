"""A seccomp filter, which allows the system calls that computing needs, and no others.

Linux runs the filter, a small BPF program, on every system call of the process that installed it.
The filter cannot be removed. A call that is not on the list fails with EPERM. ``clone3`` fails with
ENOSYS, so that the C library falls back on ``clone``, whose flags a filter can inspect: it allows
threads, but no processes.

Source: Linux's Documentation/userspace-api/seccomp_filter.rst; numbers from the kernel's tables
arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator
from functools import cache

from nngrade.worker.libc import libc, raise_errno

__all__ = ["SUPPORTED_MACHINES", "install_filter", "program"]

# Plain numbers: name -> (x86_64, aarch64); None where the architecture has no such call.
_ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # Files: Landlock restricts which ones.
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57),
    "stat": (4, None), "fstat": (5, 80), "lstat": (6, None), "lseek": (8, 62),
    "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66),
    "access": (21, None), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe": (22, None), "pipe2": (293, 59), "flock": (73, 32), "fsync": (74, 82),
    "fdatasync": (75, 83), "ftruncate": (77, 46), "getcwd": (79, 17), "chdir": (80, 49),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "readlink": (89, None), "readlinkat": (267, 78), "umask": (95, 166), "openat": (257, 56),
    "newfstatat": (262, 79), "faccessat": (269, 48), "faccessat2": (439, 439),
    "getdents64": (217, 61), "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44),
    "close_range": (436, 436), "fadvise64": (221, 223),
    # Memory.
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214),
    "msync": (26, 227), "mincore": (27, 232), "madvise": (28, 233),
    "membarrier": (324, 283),
    # Threads, the process's own signals, waiting.
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "sigaltstack": (131, 132), "futex": (202, 98),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "rseq": (334, 293),
    "set_tid_address": (218, 96), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "poll": (7, None),
    "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "eventfd2": (290, 19), "restart_syscall": (219, 128), "exit": (60, 93),
    "exit_group": (231, 94), "getitimer": (36, 102), "setitimer": (38, 103), "alarm": (37, None),
    # Information on the process itself, and the clock.
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156), "uname": (63, 160),
    "sysinfo": (99, 179), "getrusage": (98, 165), "getrlimit": (97, 163), "times": (100, 153),
    "time": (201, None), "gettimeofday": (96, 169), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "getrandom": (318, 278), "getpriority": (140, 141),
    "arch_prctl": (158, None),
    # The channel: received bytes and file descriptors.
    "recvfrom": (45, 207), "recvmsg": (47, 212),
}  # fmt: skip

_CLONE, _CLONE3, _MMAP = (56, 220), (435, 435), (9, 222)
_TGKILL, _KILL = (234, 131), (62, 129)
_PRLIMIT, _FCNTL, _IOCTL = (302, 261), (72, 25), (16, 29)
_PRCTL, _SOCKETPAIR, _SENDTO = (157, 167), (53, 199), (44, 206)

_CLONE_THREAD = 0x00010000
_AF_UNIX = 1
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_GROWSDOWN = 0x01, 0x20, 0x100
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC,
# F_GETPIPE_SZ, F_GET_SEALS: not F_SETOWN, F_SETSIG and the like, which cause signals.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032, 1034)
# TCGETS, FIONREAD, TIOCGWINSZ, FIOCLEX, FIONBIO, FIONCLEX.
_IOCTL_REQUESTS = (0x5401, 0x541B, 0x5413, 0x5451, 0x5421, 0x5450)
# PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (names of memory areas).
_PRCTL_OPTIONS = (15, 16, 0x53564D41)

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
SUPPORTED_MACHINES = frozenset(_ARCHITECTURES)

# BPF opcodes: load a word of the system call's data, jump, return.
_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
# Placeholder that is no process id: Linux's largest is 2**22.
_ANY_PID = 0x7FFFFFFF


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install_filter() -> None:
    """Restrict this thread, and all threads that it starts, to the system calls on the list.

    No-new-privileges must be set before.

    Raises
    ------
    OSError
        If the kernel or the architecture is not supported.
    """
    code = program(platform.machine(), os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))

    filter_program = _Program(len(code) // 8, ctypes.addressof(buffer))
    if libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0):
        raise_errno("seccomp")


def program(machine: str, pid: int) -> bytes:
    """BPF instructions of the filter.

    Parameters
    ----------
    machine : str
        Architecture, as `platform.machine` names it.
    pid : int
        The only process to which signals may be sent.

    Raises
    ------
    OSError
        If the system calls of the architecture are not in the table.
    """
    return _program(machine).replace(_is_pid(_ANY_PID), _is_pid(pid))


@cache
def _program(machine: str) -> bytes:
    """BPF instructions with the placeholder `_ANY_PID`; made once, before workers are forked."""
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"seccomp: no list of system calls for {machine}")
    column, architecture = _ARCHITECTURES[machine]
    code = [
        _statement(_LOAD, _ARCHITECTURE_AT),
        _jump(_JUMP_EQUAL, architecture, 1, 0),
        _statement(_RETURN, _KILL_PROCESS),
        _statement(_LOAD, _NUMBER_AT),
    ]
    # System calls of the x32 interface have their own numbers, from this one on.
    code += [_jump(_JUMP_GREATER, 0x40000000, 0, 1), _statement(_RETURN, _ERRNO | errno.EPERM)]
    for numbers in _ALLOWED.values():
        number = numbers[column]
        if number is not None:
            code += _when(number, [_statement(_RETURN, _ALLOW)])
    for number, body in _conditional(column):
        code += _when(number, body)
    code.append(_statement(_RETURN, _ERRNO | errno.EPERM))
    return b"".join(code)


def _conditional(column: int) -> Iterator[tuple[int, list[bytes]]]:
    """Number and instructions of each system call that is allowed with some arguments only."""
    allow, refuse = _statement(_RETURN, _ALLOW), _statement(_RETURN, _ERRNO | errno.EPERM)

    def only(argument: int, values: tuple[int, ...]) -> list[bytes]:
        tests = [one for value in values for one in (_jump(_JUMP_EQUAL, value, 0, 1), allow)]
        return [_statement(_LOAD, _ARGUMENTS_AT + 8 * argument), *tests, refuse]

    def both_words_zero(argument: int) -> list[bytes]:
        low = _ARGUMENTS_AT + 8 * argument
        return [
            _statement(_LOAD, low), _jump(_JUMP_EQUAL, 0, 1, 0), refuse,
            _statement(_LOAD, low + 4), _jump(_JUMP_EQUAL, 0, 1, 0), refuse,
        ]  # fmt: skip

    yield _CLONE[column], [
        _statement(_LOAD, _ARGUMENTS_AT), _jump(_JUMP_SET, _CLONE_THREAD, 0, 1), allow, refuse,
    ]  # fmt: skip
    yield _CLONE3[column], [_statement(_RETURN, _ERRNO | errno.ENOSYS)]
    # The memory limit counts private data only, so shared memory without a file and growing stacks
    # are denied. mremap is denied too, as it could grow the stack; realloc then copies.
    yield _MMAP[column], [
        _statement(_LOAD, _ARGUMENTS_AT + 8 * 3),
        _jump(_JUMP_SET, _MAP_GROWSDOWN, 2, 0),
        _jump(_JUMP_SET, _MAP_SHARED, 0, 2),
        _jump(_JUMP_SET, _MAP_ANONYMOUS, 0, 1),
        refuse, allow,
    ]  # fmt: skip
    yield _KILL[column], only(0, (_ANY_PID,))
    yield _TGKILL[column], only(0, (_ANY_PID,))
    # prlimit may read the process's own limits: pid 0, and no new limit.
    yield _PRLIMIT[column], [*both_words_zero(0), *both_words_zero(2), allow]
    yield _FCNTL[column], only(1, _FCNTL_COMMANDS)
    yield _IOCTL[column], only(1, _IOCTL_REQUESTS)
    yield _PRCTL[column], only(0, _PRCTL_OPTIONS)
    # asyncio wakes its loop through a pair of sockets that are connected to each other.
    yield _SOCKETPAIR[column], only(0, (_AF_UNIX,))
    yield _SENDTO[column], [*both_words_zero(4), allow]


def _when(number: int, body: list[bytes]) -> list[bytes]:
    """Instructions that run the body, which must return, for one system call number only."""
    return [_jump(_JUMP_EQUAL, number, 0, len(body)), *body]


def _is_pid(pid: int) -> bytes:
    """Instruction that compares an argument with a process id."""
    return _jump(_JUMP_EQUAL, pid, 0, 1)


def _statement(opcode: int, value: int) -> bytes:
    return struct.pack("=HBBI", opcode, 0, 0, value)


def _jump(opcode: int, value: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("=HBBI", opcode, if_true, if_false, value)
