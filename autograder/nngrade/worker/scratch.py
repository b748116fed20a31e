"""A worker's scratch folder, which may hold whatever there is: count it, and remove it.

Folders may be nested deeper than a path can say, and closed to their own owner; recursion, long
paths and trust would all fail.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import tempfile
import time

__all__ = ["UNCOUNTABLE", "make", "remove", "size_of", "sweep"]

UNCOUNTABLE = 2**62
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW if hasattr(os, "O_DIRECTORY") else 0


# Left by a grader that was killed, and not touched since so many seconds.
_STALE = 3600
_NAME = re.compile(r"nngrade-(?:zygote|worker)-(\d+)-")


def make(kind: str) -> str:
    """Make a folder that names this process as its owner."""
    return tempfile.mkdtemp(prefix=f"nngrade-{kind}-{os.getpid()}-")


def sweep() -> None:
    """Remove the folders of graders that were killed before they could."""
    if not os.path.exists("/proc/self"):
        return  # here is no telling who is still at work
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            named = _NAME.match(entry.name)
            if named is None or os.path.exists(f"/proc/{named[1]}"):
                continue
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE:
                    remove(entry.path)


def size_of(folder: str, most: int) -> int:
    """Bytes of all files below a folder; each counts as a block at least.

    Counting stops above `most`. A folder that cannot be looked into makes it `UNCOUNTABLE`.
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
            continue  # it has gone meanwhile
        except OSError:
            return UNCOUNTABLE
    return total


def remove(folder: str) -> None:
    """Remove a folder of ours and all that is in it; what cannot be removed stays.

    Folders inside folders are first moved up to the top, so that depth does not matter. Nobody
    else may be at work in it any more.
    """
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
            left.add(name)  # unless it can be emptied, and is gone then
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
    # To be renamed, a folder must be open to its owner, as its entry ".." changes.
    os.chmod(child, 0o700, dir_fd=inner)
    while True:
        name = f"nngrade-{next(numbers)}"
        try:
            os.mkdir(name, dir_fd=top)
        except FileExistsError:
            continue
        # A folder may take an empty one's place.
        os.rename(child, name, src_dir_fd=inner, dst_dir_fd=top)
        return


def _removed(folder: int, name: str) -> bool:
    """Remove an entry that is a file or an empty folder; say whether it is gone."""
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
