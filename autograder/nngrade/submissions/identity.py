"""Determine the student and the stage of a notebook, from its path or its content."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.course.naming import cell_ids
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.submissions.exports import HandIn, is_archive
from nngrade.submissions.notebook_file import NotebookFile, read_notebook
from nngrade.submissions.records import NOBODY
from nngrade.worker.magics import as_python

if TYPE_CHECKING:
    from nngrade.submissions.roster import Roster

__all__ = ["stage_of", "student_of"]


def student_of(
    path: Path, root: Path, course: Course, owner: HandIn | None, roster: Roster | None
) -> str:
    """Determine the student from a path: ``…/STUDENT/STAGE/FILE``, else ``STUDENT.ipynb``.

    Parameters
    ----------
    path : Path
        The notebook.
    root : Path
        The folder in which it was searched for.
    course : Course
        The course.
    owner : HandIn or None
        Information from an export's file name; it takes precedence over the path.
    roster : Roster or None
        Mapping of names in exports to students.

    Returns
    -------
    str
        The student's id; `NOBODY` if it is unknown.

    Raises
    ------
    SubmissionError
        If the roster does not contain the name in an export.
    """
    if owner is not None:
        return roster.student(owner) if roster is not None else owner.student
    path, root = path.absolute(), root.absolute()
    stages = {stage.name for stage in course.stages}
    if course.assignments in path.parents:
        return NOBODY
    # The outermost folder of a stage counts, because students choose the names inside it.
    for folder in reversed(path.parents):
        if folder.name in stages and (folder == root or root in folder.parents):
            return _named(folder.parent) or NOBODY
    if path.parent.name in stages:
        return _named(path.parent.parent) or NOBODY
    if path.parent.parent.name in stages:
        return _named(path.parent.parent.parent) or NOBODY
    if _stage_of_name(path.stem, course) is None:
        return path.stem or NOBODY
    return _named(path.parent) or NOBODY


def _named(folder: Path) -> str:
    """Name of a folder, or of an archive without its suffix."""
    return folder.stem if is_archive(folder) else folder.name


def stage_of(path: Path, owner: HandIn | None, course: Course) -> Stage | None:
    """Determine the stage of a notebook from an export's file name, its path, or its content.

    Returns
    -------
    Stage or None
        The stage; None if it is unknown.

    Raises
    ------
    SubmissionError
        If the names do not determine the stage and the notebook cannot be read.
    """
    stage = _stage_of_name(owner.file, course) if owner is not None else None
    stage = stage or _stage_of_path(path, course)
    return stage or _stage_of_content(read_notebook(path), course)


def _stage_of_path(path: Path, course: Course) -> Stage | None:
    """Stage that a file's folder or name indicates; None if neither does."""
    path = path.absolute()
    for name in (path.parent.name, path.parent.parent.name):
        for stage in course.stages:
            if stage.name == name:
                return stage
    return _stage_of_name(path.stem, course)


def _stage_of_name(stem: str, course: Course) -> Stage | None:
    """Stage with whose name a file's name starts, as in ``stage01_perceptron (1)``; or None."""
    for stage in course.stages:
        if re.match(rf"{re.escape(stage.name)}(?![a-z0-9])", stem, re.IGNORECASE):
            return stage
    return None


def _stage_of_content(notebook: NotebookFile, course: Course) -> Stage | None:
    """Stage that the metadata names, else the one with most cells and functions in common.

    None if no stage has any in common, or two stages have equally many.
    """
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
