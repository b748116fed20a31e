"""Hand over what a course's folder keeps of a student, as a zip that a person can read.

It holds nothing of other students and nothing that is secret: results as far as the course tells
them to students, no traceback of the grader, and no secret from which pages of feedback are named.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from nngrade.errors import NngradeError
from nngrade.formats.feedback import as_told
from nngrade.gradebook.release import SECRET
from nngrade.personal_data.stored import Places, Stored
from nngrade.results import as_document
from nngrade.text import presentable

__all__ = ["export"]

_README = """\
What is kept of {student}
{line}

gradebook.json   the rows of nbgrader's database: points of each cell, by the grader and by people,
                 comments, times, penalties
results.json     results of the automatic tests, as they are told to students
students.json    the lines of the file of the course's students
files/           what was handed in, graded and sent back, in the folders of the course

What there is nothing of is left out. So is what says nothing of a student: files with which the
grader names pages of feedback ({secret}), links, which lead elsewhere, and tracebacks of
the grader, which quote tests{n_failures}.

Left out here:
{left_out}
Not in the course's folder, or of the whole class:
{beyond}"""


def export(places: Places, stored: Stored, target: Path) -> None:
    """Write what is kept of a student into a zip that only its owner may read.

    Parameters
    ----------
    places : Places
    stored : Stored
        What was found of the student.
    target : Path
        The archive; it is written whole or not at all.

    Raises
    ------
    NngradeError
        If it cannot be written, or would lie in one of the student's own folders.
    """
    for folder in stored.folders:
        if target.resolve().is_relative_to(folder.resolve()):
            raise NngradeError(f"{target} lies in {folder}, which is to be exported")
    if target.exists() and not target.is_file():
        raise NngradeError(f"{target} is no file; name a zip that is to be written")
    draft = ""
    try:
        # It is private from the beginning.
        descriptor, draft = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        with (
            os.fdopen(descriptor, "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            _fill(archive, places, stored)
        os.replace(draft, target)
    except OSError as error:
        if draft:
            Path(draft).unlink(missing_ok=True)
        raise NngradeError(f"{target} cannot be written ({error.strerror})") from error
    except BaseException:
        if draft:
            Path(draft).unlink(missing_ok=True)
        raise


def _fill(archive: zipfile.ZipFile, places: Places, stored: Stored) -> None:
    if stored.gradebook is not None:
        archive.writestr("gradebook.json", _json(stored.gradebook))
    if stored.results:
        level = places.course.options.feedback_level
        told = [
            replace(as_told(one, level), path=Path(one.path).name, group=None)
            for one in stored.results
        ]
        archive.writestr("results.json", _json(as_document(told)))
    if stored.roster:
        archive.writestr("students.json", _json(stored.roster))
    left_out: list[str] = []
    for folder in stored.folders:
        inside = folder.is_relative_to(places.course.root)
        base = places.course.root if inside else folder.parent.parent
        for path in _walked(folder):
            # A name that is no text has no place in an archive.
            name = presentable(str(path.relative_to(base)), 4000)
            file = None if path.name == SECRET else _opened(path)
            if file is None:
                left_out.append(name)
                continue
            info = zipfile.ZipInfo(f"files/{name}")
            info.compress_type = zipfile.ZIP_DEFLATED
            with file, archive.open(info, "w", force_zip64=True) as entry:
                while piece := file.read(2**20):
                    entry.write(piece)
    student = presentable(stored.student)
    readme = _README.format(
        student=student,
        line="=" * (len(student) + 16),
        secret=SECRET,
        n_failures=f" ({len(stored.failures)} here)" if stored.failures else "",
        left_out=_list(left_out),
        beyond=_list(stored.beyond),
    )
    archive.writestr("README.txt", readme)


def _list(lines: list[str] | tuple[str, ...]) -> str:
    return "".join(f"- {presentable(line)}\n" for line in lines) or "- nothing\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _walked(folder: Path) -> Iterator[Path]:
    """All files in a folder, and links, which are not followed; or the link or file itself."""
    if folder.is_symlink() or not folder.is_dir():
        yield folder
        return
    for here, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        yield from (Path(here, name) for name in sorted([*files, *links]))


def _opened(path: Path) -> IO[bytes] | None:
    """A regular file, opened for reading; None for anything else: a link may lead anywhere."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")
