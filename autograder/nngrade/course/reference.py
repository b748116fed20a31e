"""Reference solution of a stage: the given and task cells of its lesson, run as one module.

There is no second copy of a solution: submissions are compared with the code between the lesson's
solution markers. This module runs course code only, never a student's.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from nngrade.course.lesson import Cell, Kind, Lesson
from nngrade.errors import LessonError, Problem, line_in

__all__ = ["Reference", "compile_cells", "given_namespace"]


def compile_cells(path: Path, cells: Iterable[Cell]) -> CodeType:
    """Compile cells of a lesson; tracebacks then show the line numbers of the lesson."""
    lines: list[str] = []
    for cell in cells:
        lines.extend([""] * (cell.line - 1 - len(lines)))
        lines.extend(cell.source.splitlines())
    return compile("\n".join(lines) + "\n", str(path), "exec")


def _run(lesson: Lesson, kinds: tuple[Kind, ...], namespace: dict[str, Any]) -> None:
    try:
        exec(_compiled(lesson, kinds), namespace)
    except Exception as error:
        raise LessonError([_problem(lesson, error)]) from error


# Cached: given cells are rerun for the visible tests of each task of each submission.
@lru_cache(maxsize=32)
def _compiled(lesson: Lesson, kinds: tuple[Kind, ...]) -> CodeType:
    return compile_cells(lesson.path, lesson.of_kind(*kinds))


def _problem(lesson: Lesson, error: Exception) -> Problem:
    line = line_in(lesson.path, error)
    called = next(
        (
            task.name
            for task in lesson.tasks
            if isinstance(error, NameError) and task.name == error.name
        ),
        None,
    )
    fix = (
        f"given code may not call a task ({called}) when it runs; make the cell `# %% demo`"
        if called
        else "given and task cells must run without an error"
    )
    return Problem(lesson.path, line, f"{type(error).__name__}: {error}; {fix}")


def given_namespace(lesson: Lesson, tasks: Mapping[str, Any]) -> dict[str, Any]:
    """Run the given cells, then bind the names of the tasks.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    tasks : mapping of str to object
        Values to bind, by the name of the task.

    Returns
    -------
    dict
        The resulting namespace.

    Raises
    ------
    LessonError
        If a given cell raises an exception.
    """
    namespace: dict[str, Any] = {"__name__": f"nngrade_given_{lesson.stage}"}
    _run(lesson, ("given",), namespace)
    namespace.update(tasks)
    return namespace


class Reference:
    """Reference solution of a lesson, with the lesson's functions as attributes.

    Parameters
    ----------
    lesson : Lesson
        The lesson.

    Raises
    ------
    LessonError
        If a cell raises an exception, or if given code calls a task while it runs.
    """

    def __init__(self, lesson: Lesson) -> None:
        linecache.checkcache(str(lesson.path))
        given_namespace(lesson, {})
        self._namespace: dict[str, Any] = {"__name__": f"nngrade_reference_{lesson.stage}"}
        _run(lesson, ("given", "task"), self._namespace)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            function: Callable[..., Any] = self._namespace[name]
        except KeyError:
            raise AttributeError(f"the lesson defines no {name!r}") from None
        return function

    @property
    def namespace(self) -> dict[str, Any]:
        """Copy of the module's namespace: given code and solutions."""
        return dict(self._namespace)

    def rebound(self) -> dict[str, Any]:
        """Copy of `namespace` whose functions use the copy as their globals.

        A function that is replaced in the copy is therefore replaced for its callers too.
        """
        copied: dict[str, Any] = {}
        for name, value in self._namespace.items():
            if isinstance(value, FunctionType) and value.__globals__ is self._namespace:
                made = FunctionType(
                    value.__code__, copied, value.__name__, value.__defaults__, value.__closure__
                )
                made.__kwdefaults__ = value.__kwdefaults__
                copied[name] = made
            else:
                copied[name] = value
        return copied
