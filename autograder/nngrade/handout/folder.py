"""Write a hand-out into a new folder, or update the folder of an earlier hand-out.

A list of the written files, with digests, stays in the folder. It tells the next hand-out which
files it may replace: a notebook that somebody has begun to fill in is not among them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nngrade.errors import NngradeError

__all__ = ["LIST", "Written", "write_handout"]

LIST = ".nngrade-handout.json"
# Entries that a new folder may hold: a clone of an empty repository has them.
IGNORED = {".git"}


@dataclass(frozen=True)
class Written:
    """The changes made to a folder.

    Attributes
    ----------
    new : tuple of str
        Paths that were written because they were missing or out of date.
    removed : tuple of str
        Paths that were deleted because they are no longer part of the hand-out.
    kept : tuple of str
        Paths that somebody else wrote or changed, and that were therefore left alone.
    """

    new: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def write_handout(files: Mapping[str, bytes], folder: Path) -> Written:
    """Write files into a folder, except over files that others have changed.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by path in the folder.
    folder : Path
        New, empty, or written by an earlier hand-out.

    Raises
    ------
    NngradeError
        If the folder holds other files but no hand-out, if a link leads out of it, or if it
        cannot be written.
    """
    earlier = _earlier(folder)
    new, removed, kept = [], [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not earlier:
            _put(folder / LIST, _listing({}))
        for name in sorted({*files, *earlier}):
            path = folder / name
            if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
                raise NngradeError(f"{path} is a link, or beyond one; remove the link")
            there = path.read_bytes() if path.is_file() else None
            if path.is_dir() or (
                there is not None
                and there != files.get(name)
                and _digest(there) != earlier.get(name)
            ):
                kept.append(name)
            elif name not in files:
                if there is not None:
                    path.unlink()
                    removed.append(name)
                    with suppress(OSError):
                        path.parent.rmdir()  # fails if other files are left in it
            elif there != files[name]:
                path.parent.mkdir(parents=True, exist_ok=True)
                _put(path, files[name])
                new.append(name)
        _put(folder / LIST, _listing(files))
    except OSError as error:
        raise NngradeError(
            f"{error.filename or folder} cannot be written: {error.strerror}"
        ) from error
    return Written(tuple(new), tuple(removed), tuple(kept))


def _earlier(folder: Path) -> dict[str, str]:
    """Digests of the files that the earlier hand-out wrote; empty for a new folder."""
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise NngradeError(f"{folder} is a file; name a folder")
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in listed.items()}
    except FileNotFoundError:
        if {one.name for one in folder.iterdir()} <= IGNORED:
            return {}
        raise NngradeError(
            f"{folder} is not empty and not an earlier hand-out; name another folder"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NngradeError(
            f"{folder / LIST} cannot be read; name another folder, and leave this one to itself"
        ) from error


def _listing(files: Mapping[str, bytes]) -> bytes:
    digests = {name: _digest(files[name]) for name in sorted(files)}
    said = "Written by `nngrade handout`, which by this list knows what it may replace."
    return (json.dumps({"about": said, "files": digests}, indent=1) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that an interrupted hand-out can be repeated."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)
