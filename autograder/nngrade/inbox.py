"""Find the submissions that paths on a command line mean, with their stages and students."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nngrade.course import Course, Stage
from nngrade.errors import CourseError, SubmissionError
from nngrade.magics import as_python
from nngrade.naming import cell_ids
from nngrade.notebook_file import NotebookFile, read_notebook

__all__ = ["NOBODY", "Candidate", "find_submissions", "identify"]

NOBODY = "unknown"


@dataclass(frozen=True)
class Candidate:
    """A file that is to be graded.

    Attributes
    ----------
    path : Path
    student : str
    stage : Stage or None
        None where it could not be told.
    error : str or None
        Why it cannot be graded.
    """

    path: Path
    student: str
    stage: Stage | None
    error: str | None = None


def find_submissions(
    paths: Iterable[Path], course: Course, stage: Stage | None = None, student: str | None = None
) -> list[Candidate]:
    """The submissions in these files and folders, in a fixed order.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks, folders of them, or trees ``submitted/STUDENT/STAGE/STAGE.ipynb``.
    course : Course
    stage, student : optional
        For all of them, in the place of what paths and notebooks say.
    """
    found: dict[Path, Candidate] = {}
    for path in paths:
        for file, problem in _files(path, course):
            if problem:
                inside = file / "any" if file.is_dir() else file
                name = student or _student_of(inside, course)
                found.setdefault(file, Candidate(file, name, None, problem))
            else:
                found.setdefault(file, identify(file, course, stage, student))
    return list(found.values())


def identify(
    path: Path, course: Course, stage: Stage | None = None, student: str | None = None
) -> Candidate:
    """Tell the stage and the student of a notebook: as given, by its path, by its content."""
    name = student or _student_of(path, course)
    if stage is None:
        stage = _stage_of_path(path, course)
    if stage is None:
        try:
            stage = _stage_of_content(read_notebook(path), course)
        except SubmissionError as error:
            return Candidate(path, name, None, str(error))
    if stage is None:
        known = ", ".join(one.name for one in course.stages)
        return Candidate(
            path,
            name,
            None,
            f"{path}: cannot tell its stage; name it with --stage, one of: {known}",
        )
    return Candidate(path, name, stage)


def _files(path: Path, course: Course) -> Iterator[tuple[Path, str | None]]:
    """Notebooks at or below a path; or a path and what is wrong with it."""
    if not os.path.lexists(path):
        yield path, f"{path}: no such file or folder"
        return
    if not path.is_dir():
        what = None if path.exists() else f"{path}: a broken link"
        if what is None and path.suffix != ".ipynb":
            what = f"{path}: not a notebook (its name does not end in .ipynb)"
        yield path, what
        return
    seen = False
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if not name.startswith("."))
        notebooks = sorted(name for name in files if name.endswith(".ipynb") and name[0] != ".")
        for name in notebooks:
            seen = True
            yield Path(folder, name), None
        if not notebooks and Path(folder).name in {stage.name for stage in course.stages}:
            seen = True
            others = ", ".join(sorted(files)[:3]) or "nothing"
            yield Path(folder), f"{folder}: no notebook in it, only {others}; ask for the .ipynb"
    if not seen:
        yield path, f"{path}: no notebook (*.ipynb) in this folder"


def _student_of(path: Path, course: Course) -> str:
    """The student that a path names: ``…/STUDENT/STAGE/FILE``, else ``STUDENT.ipynb``."""
    path = path.absolute()
    stages = {stage.name for stage in course.stages}
    if course.assignments in path.parents:
        return NOBODY
    if path.parent.name in stages:
        return path.parent.parent.name or NOBODY
    if path.parent.parent.name in stages:
        return path.parent.parent.parent.name or NOBODY
    if _stage_of_name(path.stem, course) is None:
        return path.stem or NOBODY
    return path.parent.name or NOBODY


def _stage_of_path(path: Path, course: Course) -> Stage | None:
    """The stage that a file's folder or name gives away."""
    path = path.absolute()
    for name in (path.parent.name, path.parent.parent.name):
        for stage in course.stages:
            if stage.name == name:
                return stage
    return _stage_of_name(path.stem, course)


def _stage_of_name(stem: str, course: Course) -> Stage | None:
    """The stage that a file's name starts with, as in ``stage01_perceptron (1)``."""
    for stage in course.stages:
        if re.match(rf"{re.escape(stage.name)}(?![a-z0-9])", stem, re.IGNORECASE):
            return stage
    return None


def _stage_of_content(notebook: NotebookFile, course: Course) -> Stage | None:
    """The stage that the notebook's metadata names, else whose cells and functions it holds."""
    if notebook.stage is not None:
        try:
            return course.stage(notebook.stage)
        except CourseError:
            pass
    votes: Counter[str] = Counter()
    ids = {one for cell in notebook.cells for one in cell.ids}
    source = "\n".join(as_python(cell.source) for cell in notebook.cells if cell.kind == "code")
    functions = set(re.findall(r"^def (\w+)", source, re.MULTILINE))
    for stage in course.stages:
        own = {name for cell, name in cell_ids(stage.lesson).items() if not cell.name}
        votes[stage.name] = 2 * len(own & ids) + len(
            functions & {task.name for task in stage.lesson.tasks}
        )
    ranked = votes.most_common(2)
    if not ranked or not ranked[0][1] or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return course.stage(ranked[0][0])
