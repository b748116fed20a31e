"""Confine the process that is about to run a student's code, layer by layer.

No layer needs a privilege, and none suffices alone. Rlimits bound the use of resources. Landlock
restricts the accessible files. Seccomp restricts the system calls to those that computing needs. A
process of root also gives up its user id. Where the machine allows it, there is no network at all.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from nngrade.worker import landlock, seccomp
from nngrade.worker.libc import die_with_parent, libc, prctl, raise_errno

__all__ = [
    "Confinement",
    "confine",
    "isolate_network",
    "limit_resources",
    "most_threads",
    "mount_scratch",
    "own_user",
    "prepare",
    "shared_user",
]

Mode = Literal["strict", "weak", "off"]

NOBODY = 65534
# User ids of root's workers, which no system gives to anybody: the kernel counts threads by user,
# and one submission's threads must not use up another one's limit.
FIRST_USER, USERS = 2_000_000_000, 1_000_000
MOST_THREADS = 256
_PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 8, 38
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWUSER, _CLONE_NEWUTS = 0x10000000, 0x04000000
_CLONE_NEWIPC, _CLONE_NEWNET, _CLONE_NEWNS = 0x08000000, 0x40000000, 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 16384, 1 << 18


@dataclass(frozen=True)
class Confinement:
    """Permissions and limits of a worker.

    Attributes
    ----------
    mode : {"strict", "weak", "off"}
        "strict" fails if a layer is missing, "weak" uses the available layers, "off" sets resource
        limits only.
    readable : tuple of Path
        Files and folders that may be read.
    scratch : Path
        The only folder that may be written.
    rlimits : mapping of str to int
        Resource limits, by their names in the `resource` module.
    """

    mode: Mode
    readable: tuple[Path, ...]
    scratch: Path
    rlimits: Mapping[str, int]


def prepare(readable: tuple[Path, ...]) -> None:
    """Compute what all workers share, once, before they are forked."""
    _all_open(readable)
    with contextlib.suppress(OSError):  # reported when a worker is to be confined
        seccomp.program(platform.machine(), 0)


def confine(confinement: Confinement) -> None:
    """Confine this process irrevocably.

    Raises
    ------
    OSError
        If a layer is missing in strict mode.
    """
    die_with_parent()
    limit_resources(confinement.rlimits)
    if confinement.mode == "off":
        return
    steps: list[Callable[[], None]] = [
        lambda: _give_up_root(confinement.readable),
        _no_new_privileges,
        lambda: landlock.restrict(confinement.readable, [confinement.scratch]),
        seccomp.install_filter,
    ]
    for step in steps:
        try:
            step()
        except OSError:
            if confinement.mode == "strict":
                raise


def limit_resources(rlimits: Mapping[str, int]) -> None:
    """Set resource limits, by their names in `resource`; never raise a limit in force."""
    for name, value in rlimits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _soft, allowed = resource.getrlimit(number)
        # At the soft limit of processor time the kernel sends SIGXCPU, by which the grader
        # recognises the cause. At the hard limit it kills a process that ignored the signal.
        hard = value + 2 if name == "RLIMIT_CPU" else value
        if allowed != resource.RLIM_INFINITY:
            hard = min(hard, allowed)
        resource.setrlimit(number, (min(value, hard), hard))


def isolate_network() -> bool:
    """Move this process into its own network and IPC namespaces, if the machine allows it.

    An ordinary user needs a user namespace for that, which some machines deny. The other layers do
    not depend on it.

    Returns
    -------
    bool
        Whether the process has its own namespaces.
    """
    if sys.platform != "linux":
        return False
    wanted = _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        return bool(libc().unshare(wanted) == 0)
    # Tried in a child first: a machine may allow the namespace but deny all rights in it, and a
    # process cannot leave a user namespace.
    child = os.fork()
    if child == 0:
        os._exit(0 if _enter_user_namespace(wanted, user, group) else 1)
    _, status = os.waitpid(child, 0)
    return status == 0 and _enter_user_namespace(wanted, user, group)


def _enter_user_namespace(wanted: int, user: int, group: int) -> bool:
    if libc().unshare(_CLONE_NEWUSER | wanted) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return False
    return True


def mount_scratch(folder: str, size: int) -> bool:
    """Mount a file system in memory on a folder, for this process only, if that is allowed.

    It bounds everything that is written, including unlinked files, and always disappears with the
    process. Without it, the grader measures the folder from time to time.

    Parameters
    ----------
    folder : str
        The mount point.
    size : int
        Size of the file system in bytes.

    Returns
    -------
    bool
        Whether the file system is mounted.
    """
    if libc().unshare(_CLONE_NEWNS) != 0:
        return False
    if libc().mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        return False
    owner = own_user() or os.geteuid()
    options = f"size={size},nr_inodes={max(1024, size // 4096)},mode=700,uid={owner}"
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    return bool(
        libc().mount(b"nngrade", os.fsencode(folder), b"tmpfs", flags, options.encode()) == 0
    )


def own_user() -> int | None:
    """User and group id for this process as a worker; None if it is to keep its own.

    A worker of root has an id of its own, or `NOBODY` in a container that lacks such ids.
    """
    if os.geteuid() != 0:
        return None
    return FIRST_USER + os.getpid() % USERS if _has_own_users() else NOBODY


def shared_user() -> int | None:
    """User id that all workers have in common; None if each has one of its own."""
    if os.geteuid() != 0:
        return os.geteuid()
    return None if _has_own_users() else NOBODY


@cache
def _has_own_users() -> bool:
    """Whether this user namespace has the ids of root's workers."""
    for name in ("uid_map", "gid_map"):
        try:
            text = Path(f"/proc/self/{name}").read_text()
            lines = [list(map(int, line.split())) for line in text.splitlines()]
        except (OSError, ValueError):
            return False
        if not any(at <= FIRST_USER and at + size >= FIRST_USER + USERS for at, _, size in lines):
            return False
    return True


def most_threads(user: int | None) -> int:
    """Limit on tasks of the workers' common user: the current number plus `MOST_THREADS`.

    Parameters
    ----------
    user : int or None
        The common user's id; None if each worker has its own, with no other tasks.
    """
    if user is None:
        return MOST_THREADS
    count = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(lines["Uid"].split()[0]) == user:
                count += int(lines["Threads"])
        except (OSError, KeyError, ValueError):
            continue
    return count + MOST_THREADS


def _no_new_privileges() -> None:
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _give_up_root(readable: tuple[Path, ...]) -> None:
    """Drop root's user id and capabilities.

    Only the capability to read files is kept, if root's Python is not readable for everybody.
    """
    user = own_user()
    if user is None:
        # An ordinary user has capabilities inside a user namespace of its own.
        _set_capabilities(0)
        return
    parent = os.getppid()
    # Python itself may be in root's home. Landlock still restricts the accessible files.
    keep = not _all_open(readable)
    os.setgroups([])
    os.setresgid(user, user, user)
    if keep:
        prctl(_PR_SET_KEEPCAPS, 1)
    os.setresuid(user, user, user)
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keep else 0)
    # Changing the user id has cleared this setting, and the parent may have ended meanwhile.
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


@cache
def _all_open(readable: tuple[Path, ...]) -> bool:
    return all(_open_to_all(path) for path in readable)


def _open_to_all(path: Path) -> bool:
    """Whether every user may read a path; True for a path that cannot be examined."""
    try:
        return all(part.stat().st_mode & stat.S_IXOTH for part in path.resolve().parents) and bool(
            path.stat().st_mode & stat.S_IROTH
        )
    except OSError:
        return True


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _set_capabilities(effective: int) -> None:
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    data = (_Capabilities * 2)(_Capabilities(effective, effective, 0), _Capabilities(0, 0, 0))
    if libc().capset(ctypes.byref(header), data) != 0:
        raise_errno("capset")
