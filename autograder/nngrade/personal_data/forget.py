"""Remove everything that a course's folder keeps of a student.

Each step can be taken again: after a crash the same command finds what is left, and goes on.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from nngrade.errors import NngradeError
from nngrade.personal_data.stored import Places, Stored, encoding_in, is_of, lines_of, rows_of

__all__ = ["forget"]


def forget(places: Places, stored: Stored) -> None:
    """Remove what is kept of a student.

    Files go first, submissions before all else, so that no later class run grades them again; then
    the rows of the databases, whose bytes are overwritten; the line among the students goes last.

    Parameters
    ----------
    places : Places
        Opened for writing, so that no class run is under way.
    stored : Stored
        What was found of the student.

    Raises
    ------
    NngradeError
        If something cannot be removed; the rest stays, and the same command goes on there.
    """
    try:
        for path in (*stored.folders, *stored.failures, *([stored.log] if stored.log else [])):
            _remove(path)
        if places.journal is not None and stored.n_rows:
            places.journal.forget(stored.student)
        if stored.gradebook is not None:
            places.people.forget(stored.student)
        if stored.roster:
            _strike(places.class_list, stored.student)
    except OSError as error:
        raise NngradeError(
            f"{error.filename} cannot be removed or written ({error.strerror}); mend that and run "
            "the same command again: it goes on with what is left"
        ) from error


def _remove(path: Path) -> None:
    """Remove a file, a folder, or a link, which is not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _strike(path: Path, student: str) -> None:
    """Take a student's lines out of the file of students; all others stay as they are."""
    lines = lines_of(path)
    for row, (start, end) in reversed(rows_of(path)):
        if is_of(row, student):
            del lines[start:end]
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding=encoding_in(path), errors="surrogateescape", newline="") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(path, draft)
    draft.replace(path)
