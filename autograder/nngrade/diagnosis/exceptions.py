"""Explanations of exceptions in a student's code, for beginners."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Protocol

from nngrade.worker.calls import StudentError
from nngrade.worker.magics import python_tree

__all__ = ["CodeCell", "explain"]


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


_SHAPE = r"\(([\d, ]*)\)"
_BROADCAST = re.compile(rf"operands could not be broadcast together with shapes {_SHAPE} {_SHAPE}")
_ALIGNED = re.compile(rf"shapes {_SHAPE} and {_SHAPE} not aligned")
_MATMUL = re.compile(r"matmul: .*size (\d+) is different from (\d+)")
_INDEX = re.compile(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)")
_NAME = re.compile(r"name '(\w+)' is not defined")
_LOCAL = re.compile(r"local variable '(\w+)'")
_MISSING = re.compile(r"(\w+)\(\) missing \d+ required positional arguments?: (.+)")
_TOO_MANY = re.compile(r"(\w+)\(\) takes (\d+) positional arguments? but (\d+) w")


_RESHAPE = re.compile(rf"cannot reshape array of size (\d+) into shape {_SHAPE}")
_ATTRIBUTE = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
# A part of NumPy's or Python's message, the explanation, and the hint.
_PLAIN = (
    (
        "truth value of an array",
        "a whole array stands where True or False is wanted: in an `if`, `and`, `or` or `not`.",
        "Do you mean every entry, any entry, or each for itself (`np.where`, `&`, `|`)?",
    ),
    (
        "arrays can be converted to Python scalar",
        "a whole array stands where a single number is wanted.",
        "Functions of `math` and `float` take one number; those of NumPy take arrays.",
    ),
    (
        "can only be converted to Python scalar",
        "a whole array stands where a single number is wanted.",
        "Functions of `math` and `float` take one number; those of NumPy take arrays.",
    ),
    (
        "setting an array element with a sequence",
        "several numbers are put into one entry of an array.",
        "Which shape has the right-hand side, and which the place that it goes into?",
    ),
    (
        "inhomogeneous shape",
        "an array is made of lists of different lengths.",
        "Print the lengths of what you put together.",
    ),
    (
        "could not broadcast input array",
        "an array is put into a place of another shape.",
        "Print the shapes of both sides of the `=`.",
    ),
    (
        "too many indices for array",
        "more axes are indexed than the array has.",
        "How many axes has it? Print its shape.",
    ),
    (
        "all the input array dimensions",
        "arrays are put together whose other axes differ in size.",
        "Print their shapes, and say along which axis they are put together.",
    ),
    (
        "is not callable",
        "something is called like a function that is none.",
        "Is a pair of brackets too many, or a name used twice?",
    ),
    (
        "is not subscriptable",
        "something is indexed with [ ] that has no entries.",
        "What is it at that point? Print its type.",
    ),
    (
        "is not iterable",
        "something is gone through, or taken apart, that has no entries.",
        "What is it at that point? Print its type.",
    ),
    (
        "unsupported operand type",
        "two things meet in a calculation that do not go together.",
        "Which types are they? Lists and strings are no arrays.",
    ),
    (
        "values to unpack",
        "a result is taken apart into another number of parts than it has.",
        "How many things does it hold? Print it.",
    ),
    (
        "boolean index did not match",
        "an array is indexed by a mask of another length.",
        "Over which axis does the mask run?",
    ),
    (
        "math range error",
        "a number gets too large for a float.",
        "Which intermediate result grows so fast? Find a form in which it does not.",
    ),
    (
        "Singular matrix",
        "a matrix is inverted, or solved with, that cannot be.",
        "Are its rows or columns multiples of each other?",
    ),
    (
        "out of bounds",
        "an entry is asked for that is not there.",
        "Does your loop run over the right axis, and one step too far?",
    ),
    (
        "index out of range",
        "an entry of a list is asked for that is not there.",
        "Entries are counted from 0; the last has the number len - 1.",
    ),
)


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
    where = _place(error, cells)
    text = error.message
    if found := _BROADCAST.search(text) or _ALIGNED.search(text):
        first, second = (f"({one.strip()})" for one in found.groups())
        return (
            f"{where} arrays of the shapes {first} and {second} meet, which do not fit.",
            "Print the shapes of both sides. Which axis should be the same, and is one transposed?",
        )
    if found := _MATMUL.search(text):
        return (
            f"{where} a matrix product meets an axis of size {found[2]} on its left and one of "
            f"size {found[1]} on its right; they must be equal.",
            "Print the shapes of both sides: is one of them to be transposed?",
        )
    if found := _INDEX.search(text):
        return (
            f"{where} entry number {found[1]} is asked for along axis {found[2]}, which has "
            f"{found[3]} entries; they are counted from 0.",
            "Does your loop run over the right axis, and one step too far?",
        )
    if error.type == "NameError" and (found := _NAME.search(text)):
        return _undefined(found[1], where, cells)
    if error.type == "UnboundLocalError" and (found := _LOCAL.search(text)):
        return (
            f"{where} {found[1]} is used before it has a value.",
            f"Is there a way through the function on which {found[1]} is never set?",
        )
    if "'NoneType'" in text:
        return (
            f"{where} something is None that should be a number, an array or a list.",
            "A function that ends without `return` returns None; so do `list.append` and "
            "`rng.shuffle`, which change their argument.",
        )
    if found := _MISSING.search(text):
        return (
            f"{where} {found[1]} is called without {found[2]}.",
            "Compare the call with the function's first line.",
        )
    if found := _TOO_MANY.search(text):
        return (
            f"{where} {found[1]} is called with {found[3]} arguments and takes {found[2]}.",
            "The first line of a task's function must stay as it was given.",
        )
    if found := _RESHAPE.search(text):
        return (
            f"{where} {found[1]} numbers are to fill the shape ({found[2]}), which has room for "
            "another number of them.",
            "How many numbers are there, always? On which inputs is it another number?",
        )
    if found := _ATTRIBUTE.search(text):
        return (
            f"{where} a {found[1]} is asked for .{found[2]}, which it does not have.",
            "Which kind of thing is it at that point? Arrays, lists and numbers offer different "
            "things.",
        )
    for pattern, sentence, hint in _PLAIN:
        if pattern in text:
            return f"{where} {sentence}", hint
    if error.type == "RecursionError":
        return (
            f"{where} a function calls itself without end.",
            "When does it stop calling itself?",
        )
    if error.type == "ZeroDivisionError":
        return f"{where} something is divided by zero.", "What is zero there, and may it be?"
    return None


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


def _place(error: StudentError, cells: Sequence[CodeCell]) -> str:
    if not error.cell or not error.line:
        return "In your code,"
    source = next(
        (cell.source for cell in cells if not cell.given and cell.label == error.cell), ""
    )
    lines = source.split("\n")
    line = lines[error.line - 1].strip() if 0 < error.line <= len(lines) else ""
    shown = f" (`{line}`)" if line and len(line) <= 80 else ""
    return f"In your cell {error.cell}, line {error.line}{shown},"
