"""Scratch folders of workers: create, measure and remove them, whatever they contain.

A student's code may nest folders deeper than the longest path, and take away the owner's
permissions. Recursion and long paths would therefore fail.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sys
import tempfile
import time

if sys.platform != "win32":
    import fcntl

__all__ = ["UNCOUNTABLE", "make", "remove", "size_of", "sweep"]

UNCOUNTABLE = 2**62
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW if hasattr(os, "O_DIRECTORY") else 0


_NAME = re.compile(r"nngrade-(zygote|worker|new)-")
# Age in seconds from which a folder without a lock is taken for one that nobody uses.
_STALE = 3600
# For each folder of this process the descriptor that holds its lock. The kernel releases the lock
# when the process ends, however it ends. Unlike a process id, it means the same in each container.
_locks: dict[str, int] = {}


def make(kind: str) -> str:
    """Create a scratch folder, which is locked for as long as this process uses it."""
    folder = tempfile.mkdtemp(prefix="nngrade-new-")
    lock = _locked(folder)
    if lock is not None:
        # Under this name from now on: no other grader sweeps it away before it is locked.
        named = folder.replace("nngrade-new-", f"nngrade-{kind}-{os.getpid()}-")
        os.rename(folder, named)
        folder = named
        _locks[folder] = lock
    return folder


def sweep() -> None:
    """Remove scratch folders that killed graders have left behind."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if (named := _NAME.match(entry.name)) and entry.path not in _locks:
                with contextlib.suppress(OSError):
                    _sweep(entry, locked=named[1] != "new")


def _sweep(entry: os.DirEntry[str], locked: bool) -> None:
    if entry.stat(follow_symlinks=False).st_uid != os.geteuid() and os.geteuid() != 0:
        return
    if not locked:
        # A grader that starts right now, or a file system that knows no locks.
        if time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE:
            remove(entry.path)
    elif (lock := _locked(entry.path)) is not None:
        try:
            remove(entry.path)
        finally:
            os.close(lock)


def _locked(folder: str) -> int | None:
    """Lock a folder; return the descriptor that holds the lock, or None if that is impossible."""
    if not _FOLDER:
        return None
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, _FOLDER)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except OSError:
            os.close(descriptor)
    return None


def size_of(folder: str, most: int) -> int:
    """Size of everything below a folder in bytes; each entry counts as one block more.

    Counting stops above `most`. The size is `UNCOUNTABLE` if a folder cannot be read.
    """
    total = 0
    folders = [folder]
    while folders and total <= most:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    total += 4096
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if total > most:
                        break
        except (FileNotFoundError, NotADirectoryError):
            continue  # it was removed meanwhile
        except OSError:
            return UNCOUNTABLE
    return total


def remove(folder: str) -> None:
    """Remove a scratch folder and its contents; entries that cannot be removed stay.

    Nested folders are first moved up to the top, so that depth does not matter. No process may use
    the folder any more.
    """
    if (lock := _locks.pop(folder, None)) is not None:
        os.close(lock)
    if not _FOLDER:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        top = _open(folder, None)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(folder)


def _empty(top: int) -> None:
    numbers = itertools.count()
    left: set[str] = set()
    while folders := [name for name in _names(top) if name not in left]:
        for name in folders:
            if _removed(top, name):
                continue
            left.add(name)  # not tried again, whether or not it can be emptied now
            with contextlib.suppress(OSError):
                inner = _open(name, top)
                try:
                    for child in _names(inner):
                        if not _removed(inner, child):
                            _move_up(inner, child, top, numbers)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=top)


def _move_up(inner: int, child: str, top: int, numbers: itertools.count[int]) -> None:
    # Renaming changes a folder's entry "..", so its owner needs write permission.
    os.chmod(child, 0o700, dir_fd=inner)
    while True:
        name = f"nngrade-{next(numbers)}"
        try:
            os.mkdir(name, dir_fd=top)
        except FileExistsError:
            continue
        # Renaming a folder onto an empty one replaces it.
        os.rename(child, name, src_dir_fd=inner, dst_dir_fd=top)
        return


def _removed(folder: int, name: str) -> bool:
    """Remove a file or an empty folder; return whether the entry is gone."""
    for removing in (os.unlink, os.rmdir):
        try:
            removing(name, dir_fd=folder)
        except FileNotFoundError:
            return True
        except OSError:
            continue
        return True
    return False


def _open(name: str, parent: int | None) -> int:
    with contextlib.suppress(OSError):
        os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, _FOLDER, dir_fd=parent)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]
