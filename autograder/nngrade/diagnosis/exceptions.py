"""Explanations of exceptions in a student's code, for beginners."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Protocol

from nngrade.diagnosis.plain_words import in_plain_words
from nngrade.worker.calls import StudentError
from nngrade.worker.magics import python_tree

__all__ = ["CodeCell", "explain", "place_of"]


class CodeCell(Protocol):
    """Interface of a cell of the submitted program."""

    @property
    def label(self) -> str:
        """The student's label of the cell."""

    @property
    def source(self) -> str:
        """Python source of the cell."""

    @property
    def given(self) -> bool:
        """Whether the cell is the course's own."""


_NAME = re.compile(r"name '(\w+)' is not defined")
_LOCAL = re.compile(r"variable '(\w+)'")


def explain(error: StudentError, cells: Sequence[CodeCell]) -> tuple[str, str] | None:
    """Explain an exception.

    Parameters
    ----------
    error : StudentError
        The exception.
    cells : sequence of CodeCell
        Cells of the submission, in which the failing line is looked up.

    Returns
    -------
    tuple of (str, str) or None
        A sentence and a hint for the student; None if there is no explanation for the message.
    """
    where = place_of(error, cells)
    if error.type == "NameError" and (found := _NAME.search(error.message)):
        return _undefined(found[1], where, cells)
    if error.type == "UnboundLocalError" and (found := _LOCAL.search(error.message)):
        return (
            f"{where} {found[1]} is used before it has a value.",
            f"Is there a way through the function on which {found[1]} is never set?",
        )
    told = in_plain_words(error.type, error.message)
    return None if told is None else (f"{where} {told[0]}", told[1])


def _undefined(name: str, where: str, cells: Sequence[CodeCell]) -> tuple[str, str] | None:
    for cell in cells:
        if not cell.given and name in _bound(cell.source):
            return (
                f"{where} {name} is used, which your cell {cell.label} sets; when grading it had "
                "no value at that moment.",
                "A function should get all that it needs as its arguments, or set it itself.",
            )
    return (
        f"{where} {name} is used, which nothing sets when your notebook is graded.",
        "Is it spelled as where it is set, and set in a cell of code that the course does not own? "
        "Demonstrations do not run when grading.",
    )


def _bound(source: str) -> set[str]:
    try:
        tree = python_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def place_of(error: StudentError, cells: Sequence[CodeCell]) -> str:
    """The beginning of a sentence that says where an exception was raised."""
    if not error.cell or not error.line:
        return "In your code,"
    place = f"In your cell {error.cell}, line {_line(error.cell, error.line, cells)},"
    if error.within is None:
        return place
    other, line = error.within
    return f"{place} {other} is called, and stops in its line {_line(other, line, cells)}:"


def _line(label: str, number: int, cells: Sequence[CodeCell]) -> str:
    """The number of a line of a cell, with its text if that is not long."""
    source = next((cell.source for cell in cells if not cell.given and cell.label == label), "")
    lines = source.split("\n")
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return f"{number} (`{line}`)" if line and len(line) <= 80 else f"{number}"
