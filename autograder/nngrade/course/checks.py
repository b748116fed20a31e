"""Checks: the graded requirements of a stage and their points.

A check is a function in a stage's ``checks.py``::

    @check("predict", points=1)
    def boundary_belongs_to_class_one(student, reference, rng):
        '''A point exactly on the boundary is class 1.'''
        ...

The docstring is shown to the student. The names of the parameters determine the arguments:
``student``, ``reference``, ``rng``, ``data``. The visible tests of a task are its first check.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from nngrade.course.lesson import Lesson
from nngrade.errors import LessonError, Problem, line_in
from nngrade.limits import WorkerLimits

__all__ = ["ANSWERED", "VISIBLE_TESTS", "Check", "check", "import_file", "load_checks"]

VISIBLE_TESTS = "visible_tests"
# Name of the check that a question is where it counts.
ANSWERED = "answered"
INGREDIENTS = frozenset({"student", "reference", "rng", "data"})

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Check:
    """One check of a stage.

    Attributes
    ----------
    task : str
        Name of the task that the check grades.
    name : str
        Name of the function, unique in the stage; `VISIBLE_TESTS` for a task's visible tests,
        `ANSWERED` for the answer to a question that counts.
    description : str
        Description for the student.
    points : float
        Maximum number of points.
    function : callable or None
        The check's function; None for visible tests and answers.
    hint : str
        Hint that is shown if the check fails.
    needs : tuple of str
        Names of checks that must pass first; otherwise this check is skipped.
    timeout : float or None
        Wall-clock limit in seconds; None for the course's limit.
    limits : mapping of str to float
        Limits that differ from the course's, by their names in `WorkerLimits`.
    at_least : mapping of str to float, or None
        For a check that returns a measured number: thresholds, by the name of the data.
    measures : str
        Name of the measured number, for the message.
    read_only : bool
        Whether arrays may be read-only.
    line : int
        Line of the check's source, counted from 1.
    """

    task: str
    name: str
    description: str
    points: float
    function: Callable[..., Any] | None = None
    hint: str = ""
    needs: tuple[str, ...] = ()
    timeout: float | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    at_least: Mapping[str, float] | None = None
    measures: str = "the result"
    read_only: bool = True
    line: int = field(default=1, compare=False)

    @property
    def id(self) -> str:
        """Identifier of the check, unique in the stage: task and name, joined by a dot."""
        return f"{self.task}.{self.name}"

    @property
    def grade_cell(self) -> str:
        """Id of the notebook's cell that holds its points."""
        return f"{'counted' if self.name == ANSWERED else 'tests'}-{self.task}"

    @property
    def ingredients(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.function).parameters) if self.function else ()

    @property
    def uses_data(self) -> bool:
        """Whether the check asks for the image data."""
        return "data" in self.ingredients


def check(
    task: str,
    *,
    points: float,
    hint: str = "",
    needs: tuple[str, ...] = (),
    timeout: float | None = None,
    limits: Mapping[str, float] | None = None,
    at_least: Mapping[str, float] | None = None,
    measures: str = "the result",
    read_only: bool = True,
) -> Callable[[Function], Function]:
    """Declare a function of ``checks.py`` as a check.

    Parameters
    ----------
    task : str
        Name of the task that the check grades.
    points : float
        Points for passing; 0 for a check that only informs.
    hint : str, optional
        Hint that is shown if the check fails; it must not give the answer away.
    needs : tuple of str, optional
        Names of checks that must pass first; otherwise this check is skipped.
    timeout : float, optional
        Wall-clock limit in seconds, for checks that take longer than most.
    limits : mapping of str to float, optional
        Limits that differ from the course's, such as ``{"memory_mib": 3000}``; the check then
        runs in a worker of its own.
    at_least : mapping of str to float, optional
        Thresholds for the number that the function returns, by the name of the data
        (``{"mnist": 0.95, "digits": 0.93}``).
    measures : str, optional
        Name of that number in the message.
    read_only : bool, optional
        Whether arrays may be read-only where it is asked whether arguments stay as they were. Not
        where a function may change an argument for a while, if it puts everything back.
    """

    def declare(function: Function) -> Function:
        declared = Check(
            task=task,
            name=function.__name__,
            description=" ".join((inspect.getdoc(function) or "").split()),
            points=points,
            function=function,
            hint=hint,
            needs=(needs,) if isinstance(needs, str) else tuple(needs),
            timeout=timeout,
            limits=limits or {},
            at_least=at_least,
            measures=measures,
            read_only=read_only,
            line=function.__code__.co_firstlineno,
        )
        function.__nngrade_check__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def load_checks(path: Path, lesson: Lesson) -> tuple[Check, ...]:
    """Load a stage's checks, in the order of the lesson's tasks, visible tests first.

    Raises
    ------
    LessonError
        If the file cannot be imported, or its checks do not match the lesson.
    """
    module = import_file(path, f"nngrade_checks_{lesson.stage}")
    declared = [
        value.__nngrade_check__
        for value in vars(module).values()
        if hasattr(value, "__nngrade_check__")
    ]
    problems = list(_problems(path, declared, lesson))
    if problems:
        raise LessonError(problems)
    ordered: list[Check] = []
    for task in lesson.tasks:
        ordered.append(
            Check(
                task=task.name,
                name=VISIBLE_TESTS,
                description="The visible tests in the notebook.",
                points=0,
                line=task.tests.line,
            )
        )
        ordered.extend(one for one in declared if one.task == task.name)
    return tuple(ordered)


def import_file(path: Path, name: str) -> ModuleType:
    """Import a file of the staff's under a name of its own, without a compiled copy.

    Raises
    ------
    LessonError
        If it cannot be imported; the error has the line.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    written = sys.dont_write_bytecode
    # A compiled copy would be one more secret file to protect.
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        line = line_in(path, error)
        if isinstance(error, SyntaxError) and error.lineno:
            line = error.lineno
        what = f"cannot be imported: {type(error).__name__}: {error}"
        raise LessonError([Problem(path, line, what)]) from error
    finally:
        sys.dont_write_bytecode = written
    return module


def _problems(path: Path, declared: list[Check], lesson: Lesson) -> Iterator[Problem]:
    tasks = {task.name for task in lesson.tasks}
    names = {one.name for one in declared}
    seen: set[str] = set()
    for one in declared:
        if one.task not in tasks:
            known = ", ".join(sorted(tasks))
            yield Problem(path, one.line, f"{one.name}: no task {one.task!r}; there are: {known}")
        if not one.description:
            yield Problem(path, one.line, f"{one.name} needs a docstring: the student reads it")
        if one.points < 0:
            yield Problem(path, one.line, f"{one.name} takes points away; they must be >= 0")
        for needed in one.needs:
            if needed not in seen:
                what = "stands below it; move it up" if needed in names else "does not exist"
                yield Problem(path, one.line, f"{one.name} needs {needed!r}, which {what}")
        for name in set(one.limits) - {known.name for known in fields(WorkerLimits)}:
            yield Problem(path, one.line, f"{one.name}: there is no limit {name!r}")
        unknown = [name for name in one.ingredients if name not in INGREDIENTS]
        if unknown:
            yield Problem(
                path,
                one.line,
                f"{one.name} asks for {', '.join(unknown)}; a check can ask for "
                f"{', '.join(sorted(INGREDIENTS))}",
            )
        if one.at_least is not None and not one.uses_data:
            yield Problem(path, one.line, f"{one.name} has thresholds by data but asks for no data")
        if one.name == VISIBLE_TESTS or one.name in seen:
            yield Problem(path, one.line, f"the name {one.name} is taken; rename the check")
        seen.add(one.name)
    for task in lesson.tasks:
        if not any(one.task == task.name and one.points > 0 for one in declared):
            yield Problem(path, 1, f"the task {task.name} has no check that is worth points")
