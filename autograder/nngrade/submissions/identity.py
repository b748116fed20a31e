"""Stage of a notebook: by what an export says, by its path, by its content.

What is not certain is for a person to decide: it becomes an `UncertainError` with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, UncertainError
from nngrade.submissions.course_cells import recognised
from nngrade.submissions.exports import HandIn
from nngrade.submissions.notebook_file import NotebookFile, read_notebook
from nngrade.submissions.program import Program

__all__ = ["require_stage", "stage_of", "stage_of_name"]

# What file managers and learning management systems put before the name of a copy.
_COPY_OF = re.compile(r"(?:copy|kopie|copia|copie|cópia)\s+(?:of|von|de|di|van)\s+", re.IGNORECASE)


def stage_of(path: Path, owner: HandIn | None, course: Course) -> Stage | None:
    """Stage of a notebook; None where nothing tells it.

    Parameters
    ----------
    path : Path
        The notebook; in an archive, the archive's path with the entry's behind it.
    owner : HandIn or None
        What Canvas or Moodle say of it.
    course : Course

    Raises
    ------
    SubmissionError
        When neither export nor path tells the stage, and the notebook cannot be read.
    """
    stage = stage_of_name(owner.file, course) if owner is not None else None
    stage = stage or _stage_of_path(path, course)
    return stage or _stage_of_content(read_notebook(path), course)


def stage_of_name(stem: str, course: Course) -> Stage | None:
    """Stage with which the name of a file starts, as in ``Copy of stage01_perceptron (1)``."""
    plain = _COPY_OF.sub("", stem, count=1) if _COPY_OF.match(stem) else stem
    for stage in course.stages:
        if re.match(rf"{re.escape(stage.name)}(?![a-z0-9])", plain, re.IGNORECASE):
            return stage
    return None


def require_stage(notebook: NotebookFile, program: Program, stage: Stage, path: Path) -> None:
    """Refuse a notebook that is not of the stage for which it was handed in.

    Parameters
    ----------
    notebook : NotebookFile
    program : Program
        What was recovered from it for this stage.
    stage : Stage
        The stage that the path, an option or the content names.
    path : Path
        Place of the notebook, for the message.

    Raises
    ------
    UncertainError
        When its metadata, or most of the cells that are recognised, name another stage; or when no
        cell is the course's and fewer than half of the stage's tasks are defined.
    """
    if notebook.stage != stage.name and notebook.stage in {one.name for one in stage.siblings}:
        raise UncertainError(_of_another_stage(path, notebook.stage, stage))
    own = recognised(notebook, [stage.lesson])[stage.lesson.stage]
    # Reading the other lessons takes time, and most notebooks tell enough without them.
    if 2 * len(own) <= len(notebook.cells):
        theirs = recognised(notebook, [one.lesson for one in stage.siblings])
        for other, cells in theirs.items():
            if len(cells - own) > len(own - cells):
                raise UncertainError(_of_another_stage(path, other, stage))
    n_tasks, n_defined = len(stage.lesson.tasks), len(program.tasks)
    if not own and notebook.stage != stage.name and 2 * n_defined < n_tasks:
        raise UncertainError(
            f"{path}: this is no notebook of {stage.name}: it has no cell of the course, and "
            f"defines {n_defined} of the {n_tasks} functions; ask for the right file"
        )


def _of_another_stage(path: Path, other: str | None, stage: Stage) -> str:
    return (
        f"{path}: this is the notebook of {other}, but it was handed in as {stage.name}; ask for "
        "the right file, or move it to the stage that it belongs to"
    )


def _stage_of_path(path: Path, course: Course) -> Stage | None:
    """Stage that is named by a file's folder or by the file itself."""
    path = path.absolute()
    for name in (path.parent.name, path.parent.parent.name):
        for stage in course.stages:
            if stage.name == name:
                return stage
    return stage_of_name(path.stem, course)


def _stage_of_content(notebook: NotebookFile, course: Course) -> Stage | None:
    """Stage that the metadata names, else the one whose cells the notebook holds.

    Functions of a task's name do not make a notebook the course's: many courses have a `sigmoid`.
    They only decide between stages with as many cells.
    """
    if notebook.stage is not None:
        try:
            return course.stage(notebook.stage)
        except CourseError:
            pass
    cells = recognised(notebook, [stage.lesson for stage in course.stages])
    if not any(cells.values()):
        return None
    functions = _functions(notebook)
    votes = {
        stage.name: (
            len(cells[stage.lesson.stage]),
            len(functions & {task.name for task in stage.lesson.tasks}),
        )
        for stage in course.stages
    }
    best = max(votes.values())
    leading = [name for name, vote in votes.items() if vote == best]
    return course.stage(leading[0]) if len(leading) == 1 else None


def _functions(notebook: NotebookFile) -> set[str]:
    """Functions that the notebook's code cells seem to define; nothing is parsed for it."""
    return {
        name
        for cell in notebook.cells
        if cell.kind == "code"
        for name in re.findall(r"^def (\w+)", cell.source, re.MULTILINE)
    }
