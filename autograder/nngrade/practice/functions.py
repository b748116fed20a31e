"""Gather a student's functions from their notebooks, and say which are right.

Where the course's solutions are, hidden checks decide. Where they are not, as on a student's own
machine, the visible tests in the notebooks do, and the notebooks themselves tell what is a task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nngrade.course.naming import read_ids
from nngrade.course.stages import Course, Stage
from nngrade.errors import SubmissionError
from nngrade.grading.grader import Grader, program_of
from nngrade.grading.session import Session
from nngrade.limits import WorkerLimits
from nngrade.live.outline import NOT_RUN
from nngrade.results import CheckResult
from nngrade.submissions.bindings import bound_functions
from nngrade.submissions.exports import is_hidden
from nngrade.submissions.find import find_submissions
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile, read_notebook
from nngrade.submissions.precedence import effort
from nngrade.submissions.program import Program, ProgramCell
from nngrade.text import presentable
from nngrade.worker.host import WorkerFault
from nngrade.worker.magics import as_python, parse_cell
from nngrade.worker.sandbox import Sandbox

__all__ = ["Gathered", "OwnStage", "State", "TaskState", "by_hidden_checks", "by_visible_tests"]

State = Literal["right", "wrong", "missing"]
# The student of these results; inputs are drawn for a name.
ME = "me"


@dataclass(frozen=True)
class TaskState:
    """What a student's function is worth.

    Attributes
    ----------
    task : str
    state : {"right", "wrong", "missing"}
        Missing is what nobody has begun.
    reason : str
        Why it is wrong, in a sentence.
    """

    task: str
    state: State
    reason: str = ""


@dataclass(frozen=True)
class OwnStage:
    """A student's notebook of one stage.

    Attributes
    ----------
    stage : str
        Name of the stage.
    path : Path
        The notebook.
    cells : tuple of ProgramCell
        The course's given cells and the student's own, in the order of execution.
    tasks : tuple of TaskState
        In the order of the lesson.
    """

    stage: str
    path: Path
    cells: tuple[ProgramCell, ...]
    tasks: tuple[TaskState, ...]

    def named(self, state: State) -> list[str]:
        """The tasks that are in this state."""
        return [one.task for one in self.tasks if one.state == state]

    @property
    def given(self) -> set[str]:
        """Names of the functions that the course gives in this stage."""
        names: set[str] = set()
        for cell in self.cells:
            tree = parse_cell(as_python(cell.source)) if cell.given else None
            names |= bound_functions(tree) if tree is not None else set()
        return names


@dataclass(frozen=True)
class Gathered:
    """What was found in a folder.

    Attributes
    ----------
    stages : tuple of OwnStage
        In the order of the course, one notebook for each stage at the most.
    remarks : tuple of str
        What could not be read, and which of several notebooks counts.
    """

    stages: tuple[OwnStage, ...]
    remarks: tuple[str, ...]


Advance = Callable[[], None]


def by_hidden_checks(
    course: Course, folder: Path, grader: Grader, advance: Advance = lambda: None
) -> Gathered:
    """Gather the functions of one student, and try them with the hidden checks.

    Parameters
    ----------
    course : Course
    folder : Path
        All of the student's notebooks, or one of them.
    grader : Grader
    advance : callable
        Called after each stage.

    Raises
    ------
    CourseError
        If the course itself is faulty.
    """
    found = find_submissions([folder], course, student=ME)
    remarks = [one.error for one in found if one.error is not None]
    stages: list[OwnStage] = []
    for stage in course.stages:
        mine = [one for one in found if one.stage is not None and one.stage.name == stage.name]
        paths = sorted((one.path for one in mine), key=_changed)
        if paths:
            efforts = {one.path: effort(one) for one in mine}
            path = max(reversed(paths), key=efforts.__getitem__)
            remarks += _others(stage.name, path, paths)
            try:
                stages.append(_tried(stage, path, grader))
            except SubmissionError as error:
                remarks.append(str(error))
        advance()
    return Gathered(tuple(stages), tuple(remarks))


def _tried(stage: Stage, path: Path, grader: Grader) -> OwnStage:
    program = program_of(read_notebook(path), path, stage)
    result = grader.grade_program(program, path, stage, ME)
    tasks = tuple(
        _state(task.name, program, [one for one in result.checks if one.task == task.name])
        for task in stage.lesson.tasks
    )
    return OwnStage(stage.name, path, program.cells, tasks)


def _state(task: str, program: Program, checks: Sequence[CheckResult]) -> TaskState:
    if task not in program.attempted and task not in program.broken:
        return TaskState(task, "missing")
    lost = [one for one in checks if one.status != "passed"]
    if not lost:
        return TaskState(task, "right")
    told = next((reason for one in lost for reason in one.reasons), "")
    return TaskState(task, "wrong", told)


def by_visible_tests(
    folder: Path, sandbox: Sandbox, limits: WorkerLimits, advance: Advance = lambda: None
) -> Gathered:
    """Gather the functions of one student without the course, and try the visible tests.

    Parameters
    ----------
    folder : Path
        All of the student's notebooks, or one of them.
    sandbox : Sandbox
    limits : WorkerLimits
    advance : callable
        Called after each stage.
    """
    remarks: list[str] = []
    found: dict[str, list[tuple[Path, NotebookFile]]] = {}
    for path in _notebooks(folder):
        try:
            notebook = read_notebook(path)
        except SubmissionError as error:
            remarks.append(str(error))
            continue
        if notebook.stage is not None:
            found.setdefault(presentable(notebook.stage, 80), []).append((path, notebook))
    stages = []
    for name in sorted(found):
        there = sorted(found[name], key=lambda one: _changed(one[0]))
        path, notebook = max(reversed(there), key=lambda one: len(_attempted(one[1])))
        remarks += _others(name, path, [path for path, _ in there])
        stages.append(_tested(name, path, notebook, sandbox, limits))
        advance()
    if not found and not remarks:
        remarks.append(f"{folder}: no notebook of the course here")
    return Gathered(tuple(stages), tuple(remarks))


def _notebooks(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*.ipynb")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(is_hidden(part) for part in inside):
            yield path


def _tested(
    stage: str, path: Path, notebook: NotebookFile, sandbox: Sandbox, limits: WorkerLimits
) -> OwnStage:
    cells: list[ProgramCell] = []
    tests: dict[str, str] = {}
    for cell in notebook.cells:
        kind, name = _kind(cell)
        if cell.kind != "code" or kind in (*NOT_RUN, "text", "written"):
            continue
        if kind == "tests":
            tests[name] = cell.source
        else:
            label = name if kind == "task" else f"number {cell.number}"
            cells.append(ProgramCell(label, cell.source, kind == "given"))
    names = [name for kind, name in map(_kind, notebook.cells) if kind == "task"]
    attempted = _attempted(notebook)
    tried = tuple(
        ProgramCell(f"tests of {name}", tests[name], False)
        for name in names
        if name in attempted and name in tests
    )
    program = Program((*cells, *tried), frozenset(names), frozenset(attempted), {}, {}, ())
    errors = _errors(program, sandbox, limits)
    states = []
    for name in names:
        if name not in attempted:
            states.append(TaskState(name, "missing"))
            continue
        told = errors.get(name) or errors.get(f"tests of {name}")
        states.append(TaskState(name, "wrong" if told else "right", told or ""))
    return OwnStage(stage, path, tuple(cells), tuple(states))


def _errors(program: Program, sandbox: Sandbox, limits: WorkerLimits) -> dict[str, str]:
    """What was raised, or how the worker ended, by the label of the cell."""
    with Session(program, sandbox, limits) as session:
        told: dict[str, str] = {}
        try:
            session.prepare(limits)
        except WorkerFault as fault:
            told = {cell.label: str(fault) for cell in program.cells if not cell.given}
        told |= {label: presentable(str(one)) for label, one in session.cell_errors.items()}
        for cell in program.cells:
            for note in session.notes:
                if note.startswith(f"Cell {cell.label} was left out"):
                    told.setdefault(cell.label, note)
    return told


def _kind(cell: NotebookCell) -> tuple[str, str]:
    """Kind and name of a cell by its id; a student's own cell has neither."""
    return next(iter(read_ids(cell.ids)), ("", ""))


def _attempted(notebook: NotebookFile) -> set[str]:
    return {
        name
        for cell in notebook.cells
        for kind, name in [_kind(cell)]
        if kind == "task" and "raise NotImplementedError" not in cell.source
    }


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # inside an archive


def _others(stage: str, path: Path, paths: Sequence[Path]) -> list[str]:
    others = ", ".join(str(one) for one in paths if one != path)
    return [f"{stage}: {path} counts, and not {others}"] if others else []
