"""Where in a student's cells an exception comes from, and what a task's function calls."""

from __future__ import annotations

import linecache
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType
from typing import Any

__all__ = ["Cell", "Place", "code_of", "frames_in", "names_used", "own_places"]


@dataclass(frozen=True)
class Cell:
    """A cell of the running notebook, as the words for exceptions want it.

    Attributes
    ----------
    label : str
        The task whose function it defines, or ``of line N`` where it is none's.
    source : str
    given : bool
        Whether it is the course's own.
    """

    label: str
    source: str
    given: bool = False


@dataclass(frozen=True)
class Place:
    """A line of a student's cell.

    Attributes
    ----------
    task : str
        The task in whose cell it is; empty in any other cell.
    function : str
        The function that was running there.
    line : int
        Its number in the cell, counted from 1.
    file : str
        The name that IPython gives the cell.
    """

    task: str
    function: str
    line: int
    file: str

    @property
    def cell(self) -> Cell:
        """The cell, with its source."""
        return Cell(self.task or self.function, "".join(linecache.getlines(self.file)))


def code_of(function: Any) -> CodeType | None:
    """Code of a function that is written in Python, below its decorators."""
    function = getattr(function, "__wrapped__", function)
    return function.__code__ if isinstance(function, FunctionType) else None


def frames_in(
    error: BaseException | None, namespace: Mapping[str, Any]
) -> Iterator[tuple[FrameType, int]]:
    """Frames of the notebook's cells that an exception went through, each with its line.

    Yields
    ------
    tuple of (FrameType, int)
        The innermost last.
    """
    traceback = error.__traceback__ if error is not None else None
    while traceback is not None:
        if traceback.tb_frame.f_globals is namespace:
            yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def own_places(
    error: BaseException | None, namespace: Mapping[str, Any], tasks: Iterable[str], test: str
) -> list[Place]:
    """Lines of the student's cells that an exception went through, the innermost last.

    Parameters
    ----------
    error : BaseException or None
    namespace : mapping
        The kernel's user namespace.
    tasks : iterable of str
    test : str
        File name of the test cell, which is not the student's.
    """
    files = {
        code.co_filename: task
        for task in tasks
        if (code := code_of(namespace.get(task))) is not None
    }
    return [
        Place(files.get(code.co_filename, ""), code.co_name, line, code.co_filename)
        for frame, line in frames_in(error, namespace)
        if (code := frame.f_code).co_filename != test
    ]


def names_used(function: Any, namespace: Mapping[str, Any]) -> set[str]:
    """Global names that a function uses, by itself and through other functions of the notebook."""
    found: set[str] = set()
    waiting = [function]
    while waiting:
        code = code_of(waiting.pop())
        for name in set(_names(code)) - found if code is not None else ():
            found.add(name)
            other = namespace.get(name)
            if isinstance(other, FunctionType) and other.__globals__ is namespace:
                waiting.append(other)
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _names(one)
