"""Confine the process that is about to run a student's code, layer by layer.

No layer needs a privilege, and each is there because another does not suffice: rlimits bound what
is used, Landlock decides which files there are, seccomp leaves the calls that computing takes. As
root the process gives up its user id as well; where the machine allows, it has no network at all.
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
    "prepare",
]

Mode = Literal["strict", "weak", "off"]

NOBODY = 65534
MOST_THREADS = 256
_PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 8, 38
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWUSER, _CLONE_NEWUTS = 0x10000000, 0x04000000
_CLONE_NEWIPC, _CLONE_NEWNET, _CLONE_NEWNS = 0x08000000, 0x40000000, 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 16384, 1 << 18


@dataclass(frozen=True)
class Confinement:
    """What a worker is confined to.

    Attributes
    ----------
    mode : {"strict", "weak", "off"}
        "strict" fails where a layer is missing, "weak" goes on with those that there are, "off"
        sets resource limits only.
    readable : tuple of Path
        Files and folders that may be read.
    scratch : Path
        The one folder that may be written.
    rlimits : mapping of str to int
        By their names in `resource`.
    """

    mode: Mode
    readable: tuple[Path, ...]
    scratch: Path
    rlimits: Mapping[str, int]


def prepare(readable: tuple[Path, ...]) -> None:
    """Work out, once and before workers are forked, what is the same for all of them."""
    _all_open(readable)
    with contextlib.suppress(OSError):  # said when a worker is to be confined
        seccomp.program(platform.machine(), 0)


def confine(confinement: Confinement) -> None:
    """Give up what the process may do; there is no way back.

    Raises
    ------
    OSError
        Where a layer is missing in strict mode.
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
    """Set resource limits, never above those in force."""
    for name, value in rlimits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _soft, allowed = resource.getrlimit(number)
        # The soft limit of processor time sends SIGXCPU, which tells the grader what happened;
        # the hard one kills, should that be ignored.
        hard = value + 2 if name == "RLIMIT_CPU" else value
        if allowed != resource.RLIM_INFINITY:
            hard = min(hard, allowed)
        resource.setrlimit(number, (min(value, hard), hard))


def isolate_network() -> bool:
    """Move this process into network and IPC namespaces of its own, where the machine allows it.

    An ordinary user needs a user namespace for that, which some machines deny; the other layers
    hold without.
    """
    if sys.platform != "linux":
        return False
    wanted = _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        return bool(libc().unshare(wanted) == 0)
    # Tried in a child first: a machine may let the namespace be made and then take the right to
    # do anything in it, and there is no leaving a user namespace.
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
    """Put a file system in memory in the folder's place, for this process only, where allowed.

    It bounds all that is written, also files without a name, and goes with the process, whatever
    was done to it. Without it the grader looks at the folder from time to time.
    """
    if libc().unshare(_CLONE_NEWNS) != 0:
        return False
    if libc().mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        return False
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    options = f"size={size},nr_inodes={max(1024, size // 4096)},mode=700,uid={owner}"
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    return bool(
        libc().mount(b"nngrade", os.fsencode(folder), b"tmpfs", flags, options.encode()) == 0
    )


def most_threads() -> int:
    """How many tasks there may be of the user that workers run as: those there are, and some."""
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
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
    """As root, become nobody, who may read what root's Python needs and nothing else of root's."""
    if os.geteuid() != 0:
        # In a user namespace of its own an ordinary user has got capabilities.
        _set_capabilities(0)
        return
    parent = os.getppid()
    # Python itself may live in root's home. Landlock still decides which files there are.
    keep = not _all_open(readable)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    if keep:
        prctl(_PR_SET_KEEPCAPS, 1)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keep else 0)
    # Changing the user id has cleared this, and the parent may have gone meanwhile.
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


@cache
def _all_open(readable: tuple[Path, ...]) -> bool:
    return all(_open_to_all(path) for path in readable)


def _open_to_all(path: Path) -> bool:
    """Whether everybody may reach a path."""
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
