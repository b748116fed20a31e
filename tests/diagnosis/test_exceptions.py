"""Exceptions in plain words."""

from __future__ import annotations

import pytest

from nngrade.diagnosis.exceptions import explain
from nngrade.submissions.program import ProgramCell
from nngrade.worker.calls import StudentError


@pytest.mark.parametrize(
    ("kind", "message", "said"),
    [
        (
            "ValueError",
            "operands could not be broadcast together with shapes (3,) (4,) ",
            "line 2 (`y = x + w`), arrays of the shapes (3,) and (4,) meet",
        ),
        (
            "ValueError",
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
            "signature (n?,k),(k,m?)->(n?,m?) (size 3 is different from 4)",
            "an axis of size 4 on its left and one of size 3",
        ),
        ("IndexError", "index 5 is out of bounds for axis 0 with size 5", "5 entries"),
        ("NameError", "name 'SCALE' is not defined", "SCALE is used, which your cell number 7"),
        ("NameError", "name 'foo' is not defined", "which nothing sets"),
        ("TypeError", "'NoneType' object is not subscriptable", "something is None"),
        ("AttributeError", "'list' object has no attribute 'shape'", "a list is asked for .shape"),
        ("RecursionError", "maximum recursion depth exceeded", "calls itself without end"),
    ],
)
def test_exceptions_in_plain_words(kind: str, message: str, said: str) -> None:
    cells = (
        ProgramCell("f", "def f(x, w):\n    y = x + w\n    return y", False),
        ProgramCell("number 7", "SCALE = 3", False),
    )
    told = explain(StudentError(kind, message, "f", 2), cells)
    assert told is not None
    assert said in told[0]
    assert told[1]


def test_an_unknown_exception_speaks_for_itself() -> None:
    assert explain(StudentError("ValueError", "my own words", "f", 1), ()) is None
