"""Find the notebooks to grade in a student's upload, which may hold any files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.errors import SubmissionError
from nngrade.limits import LARGEST_NOTEBOOK
from nngrade.submissions.find import find_submissions
from nngrade.submissions.notebook_file import read_notebook

__all__ = ["take_over"]

# Maximum number of notebooks: a whole repository holds one per stage, and some more.
_MOST = 100


def take_over(upload: Path, folder: Path, course: Course) -> list[tuple[Path, str]]:
    """Copy the notebooks to grade into a folder, one per stage.

    Parameters
    ----------
    upload : Path
    folder : Path
        Empty folder, and the working directory: paths are relative to it as to the upload.
    course : Course
        The course with the stages of the assignment.

    Returns
    -------
    list of (Path, str)
        Each notebook with the name of its stage.

    Raises
    ------
    SubmissionError
        If there is nothing to grade, or more than one notebook for a stage, so that it is unclear
        which one counts. The message is for the student.
    """
    found = [path.relative_to(upload) for path in _notebooks(upload)]
    if len(found) > len(course.stages):
        stages = {stage.name for stage in course.stages}
        own = [path for path in found if _claims(upload / path) in (None, *stages)]
        found = own or found
    if not found:
        raise SubmissionError(
            "There is no notebook in your submission: a file whose name ends in .ipynb. "
            "Save your notebook, and upload that file."
        )
    if len(found) > len(course.stages):
        names = ", ".join(map(str, found[:4])) + (", …" if len(found) > 4 else "")
        raise SubmissionError(
            f"There are {len(found)} notebooks in your submission: {names}. Upload only the one "
            "that counts."
        )
    for path in found:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(upload / path, folder / path)
    return _with_stages(course)


def _notebooks(upload: Path) -> Iterator[Path]:
    """The notebooks in a folder that are regular files: a link may lead anywhere."""
    count = 0
    for parent, names, files in os.walk(upload):
        names[:] = sorted(name for name in names if not name.startswith((".", "__MACOSX")))
        for name in sorted(files):
            if not name.endswith(".ipynb") or name.startswith("."):
                continue
            path = Path(parent, name)
            inner, status = path.relative_to(upload), path.lstat()
            count += 1
            if count > _MOST:
                raise SubmissionError(f"There are more than {_MOST} notebooks in your submission.")
            if not stat.S_ISREG(status.st_mode):
                raise SubmissionError(f"{inner} is a link or the like; upload the notebook itself.")
            if status.st_size > LARGEST_NOTEBOOK:
                raise SubmissionError(f"{inner} is too large; clear its outputs and save it again.")
            yield path


def _claims(path: Path) -> str | None:
    """Name of the stage in a notebook's metadata; None if it names none or is unreadable."""
    try:
        return read_notebook(path).stage
    except SubmissionError:
        return None


def _with_stages(course: Course) -> list[tuple[Path, str]]:
    """The notebooks in the working directory, each with its stage."""
    only = course.stages[0] if len(course.stages) == 1 else None
    found: dict[str, Path] = {}
    for candidate in find_submissions([Path()], course, only, "nobody"):
        path, stage = candidate.path, candidate.stage
        if stage is None:
            read_notebook(path)  # raises the appropriate error if it is not a notebook
            raise SubmissionError(
                f"{path} is none of this assignment's notebooks. Upload the one that you were "
                "given, filled in."
            )
        if stage.name in found:
            raise SubmissionError(
                f"There are two notebooks for {stage.name}: {found[stage.name]} and {path}. "
                "Upload only the one that counts."
            )
        found[stage.name] = path
    return [(path, stage) for stage, path in found.items()]
