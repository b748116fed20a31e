"""Exceptions in plain words: what students' code raises, by kind."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from nngrade.diagnosis.exceptions import explain
from nngrade.diagnosis.plain_words import RULES
from nngrade.submissions.program import ProgramCell
from nngrade.worker.calls import StudentError

PRELUDE = """
def given(a, b):
    return a

def without_return(a):
    a + 1

def endless(n):
    return endless(n + 1)

def sometimes():
    if False:
        value = 1
    return value

def decide(a):
    if a:
        return 1

rng = np.random.default_rng(0)
X, w, W = np.ones((5, 3)), np.ones(3), np.ones((4, 3))
y = np.array([0, 1, 1, 0, 1])
rows, numbers = [[1, 2], [3, 4]], [1, 2]
"""

# A line as students write it, and what they read: the words that matter.
KINDS = {
    "a product of sizes that differ": ("X @ np.ones(4)", "size 3 on its left and one of size 4"),
    "a dot of shapes that differ": ("np.dot(X, np.ones(4))", "shapes (5,3) and (4,)"),
    "a sum of shapes that differ": ("X + np.ones(4)", "the shapes (5,3) and (4,) meet"),
    "a sum in place of other shape": ("X -= np.ones((4, 3))", "the shapes (5,3) and (4,3) meet"),
    "a vector grows in place": ("w += X", "shape (3,) is changed in place, and the result has th"),
    "labels meet features": ("X * y", "the shapes (5,3) and (5,) meet"),
    "a number in a product": ("X @ 3", "one side of a matrix product is a single number"),
    "einsum": ("np.einsum('ij,jk->ik', X, W)", "the letters of `np.einsum` do not fit"),
    "a row into a row of other length": ("X[0] = np.ones(2)", "shape (2,) is put into a place of"),
    "an array into an entry": ("w[0] = [1, 2]", "several numbers are put into one entry"),
    "too short a reshape": ("X.reshape(4, 4)", "15 numbers are to fill the shape (4,4)"),
    "a ragged array": ("np.array([[1, 2], [3]])", "lists of different lengths"),
    "a stack of lengths": (
        "np.vstack([w, np.ones(4)])",
        "one has size 3 along axis 1",
    ),
    "a stack of shapes": ("np.stack([w, np.ones(4)])", "arrays of different shapes are put"),
    "concatenate without a list": ("np.concatenate(w, w)", "a list of them is wanted"),
    "an empty list of arrays": ("np.concatenate([])", "an empty list of arrays"),
    "an uneven split": ("np.split(w, 2)", "parts of equal size"),
    "one step too far": ("X[5]", "entry number 5 is asked for along axis 0, of size 5"),
    "one column too far": ("X[:, 3]", "entry number 3 is asked for along axis 1, of size 3"),
    "a float as an index": ("X[4 / 2]", "no whole number"),
    "floats as indices": ("w[np.zeros(2)]", "an array of floats"),
    "too many indices": ("w[0, 1]", "indexed with 2 numbers and has fewer axes, 1"),
    "a mask of other length": ("X[np.array([True])]", "a mask of length 1 picks along axis 0"),
    "an axis too many": ("w.sum(axis=1)", "axis 1 is asked for of an array whose number of axes"),
    "an axis of a number": ("w[0].sum(axis=1)", "of a single number, which has none"),
    "a list's end": ("numbers[2]", "an entry of a list is asked for that is not there"),
    "a list like an array": ("rows[0, 1]", "a list is indexed like an array, with a comma"),
    "a list by name": ("numbers['a']", "a list is indexed with a text"),
    "a key that is not there": ("{'w': 1}['b']", "a dictionary is asked for 'b'"),
    "a tuple's entry is set": ("(1, 2)[0] = 3", "an entry of a tuple is set"),
    "a missing return": ("without_return(1) + 1", "something is None"),
    "a result of append": ("numbers.append(3)[0]", "something is None"),
    "None is called": ("(None)(1)", "None is called like a function"),
    "integers in place": ("y -= 0.5", "an array of int64 is changed in place, and the result is f"),
    "integers divided in place": ("y /= 2", "changed in place"),
    "a negative power": ("np.arange(2) ** -1", "negative power"),
    "math of an array": ("math.exp(w)", "where a single number is wanted"),
    "an if of an array": ("decide(X > 0)", "where True or False is wanted"),
    "and of arrays": ("X > 0 and X < 1", "where True or False is wanted"),
    "range of a float": ("range(5 / 2)", "a float stands where a whole number is wanted"),
    "a shape of two arguments": ("np.zeros(2, 3)", "taken for a kind of number"),
    "a size of two arguments": ("rng.normal(0, 1, 2, 3)", "normal is called with 4 arguments"),
    "a text as a number": ("float('abc')", "a text is turned into a number"),
    "NumPy of a text": ("np.exp('a')", "holds no numbers"),
    "minus of a mask": ("-(X > 0)", "True and False are subtracted or negated"),
    "an argument missing": ("given(1)", "given is called without 'b'"),
    "an argument too many": ("given(1, 2, 3)", "given is called with 3 arguments and takes 2"),
    "an argument misspelled": ("X.sum(keepdim=True)", "with keepdim=, which it does not have"),
    "an argument twice": ("given(1, a=2)", "given gets a twice"),
    "a bracket for a product": ("2(3)", "a whole number is called like a function"),
    "an array is called": ("X(0)", "an array is called like a function"),
    "where of two": ("np.where(X > 0, 1)", "`np.where` gets two arguments"),
    "append to an array": ("w.append(1)", ".append, which lists have and arrays have not"),
    "a shape of a list": ("numbers.shape", "a list is asked for .shape"),
    "a function misspelled": ("np.sofmax(w)", "numpy is asked for sofmax"),
    "enumerate forgotten": ("for i, v in w: pass", "a single float is taken apart"),
    "too few values": ("a, b, c = 1, 2", "into 3 values and holds 2"),
    "too many values": ("a, b = 1, 2, 3", "into 2 values and holds more"),
    "an index of a number": ("w[0][1]", "a single number is indexed with [ ]"),
    "a loop over a number": ("for i in 5: pass", "gone through, or taken apart"),
    "the length of a number": ("len(5)", "the length of a single thing"),
    "a list as a key": ("{numbers: 1}", "a list is used as a key"),
    "an array as a key": ("set([w])", "an array is used as a key"),
    "lists subtracted": ("numbers - numbers", "a list and a list meet at -"),
    "a list times a float": ("numbers * 0.5", "a list, a tuple or a text is multiplied by a float"),
    "a text and a number": ("'a' + 1", "a text and a whole number are added"),
    "a text compared": ("'a' < 1", "a text and a whole number are compared by <"),
    "a list negated": ("-numbers", "is applied to a list"),
    "an array in a text": ("f'{w:.2f}'", "in `round` or in a text"),
    "division by zero": ("1 / 0", "something is divided by zero"),
    "too large": ("math.exp(1000)", "too large for a float"),
    "a logarithm of 0": ("math.log(0)", "the logarithm or the root of a number that has none"),
    "the best of nothing": ("np.argmax([])", "the largest, smallest or best of nothing"),
    "the largest of nothing": ("max([])", "the largest, smallest or best of nothing"),
    "a draw from nothing": ("rng.integers(0)", "nothing to choose from"),
    "a draw of too many": ("rng.choice(3, 4, replace=False)", "more entries are drawn than"),
    "no inverse": ("np.linalg.inv(np.zeros((2, 2)))", "a matrix is inverted"),
    "not square": ("np.linalg.inv(X)", "not square"),
    "a negative size": ("np.zeros(-1)", "a negative size"),
    "without an end": ("endless(0)", "calls itself without end"),
    "never set": ("sometimes()", "value is used before it has a value"),
    "a name that is not there": ("unknown + 1", "unknown is used, which nothing sets"),
    "a module that is not there": ("import torch_of_nobody", "torch_of_nobody is imported"),
    "nothing left": ("next(iter([]))", "nothing left"),
    "a file": ("open('data.csv')", "a file is opened that is not there"),
    "an assert": ("assert len(w) == 4", "an `assert` of your own"),
    "far too large an array": (
        "np.zeros((2**40, 2**40))",
        "an array is made that is far too large",
    ),
    "too many choices": ("np.choose([0], [[1]] * 99)", "more arrays are handed over at once"),
    "a read-only argument": ("np.broadcast_to(w, (2, 3))[0] = 1", "belongs to the caller"),
}


def raised(line: str) -> StudentError:
    names: dict[str, Any] = {"np": np, "math": math}
    exec(PRELUDE, names)
    with pytest.raises(Exception) as caught:  # noqa: PT011 (any: it is the code that matters)
        exec(line, names)
    return StudentError(caught.type.__name__, str(caught.value), "f", 2)


def test_in_place_additions_name_the_kinds_of_number() -> None:
    """As NumPy's errors have them in newer versions, and as in older ones."""
    for code in ("<i8", "int64"):
        message = (
            "Cannot cast ufunc 'add' output from dtype('float64') to "
            f"dtype('{code}') with casting rule 'same_kind'"
        )
        told = explain(StudentError("UFuncTypeError", message, "f", 1), ())
        assert told is not None
        assert "an array of int64 is changed in place, and the result is float64" in told[0]


def test_an_error_within_another_function_names_it() -> None:
    cells = (
        ProgramCell("f", "def f(X):\n    return g(X) + 1\n", False),
        ProgramCell("g", "def g(X):\n    return X[5]\n", False),
    )
    message = "index 5 is out of bounds for axis 0 with size 3"
    error = StudentError("IndexError", message, "f", 2, ("g", 2))
    told = explain(error, cells)
    assert told is not None
    assert told[0].startswith(
        "In your cell f, line 2 (`return g(X) + 1`), g is called, and stops in its line 2 "
        "(`return X[5]`): entry number 5 is asked for"
    )
    assert str(error).endswith(" in your cell f, line 2, where g stops in its line 2")


@pytest.mark.parametrize("kind", KINDS)
def test_what_students_code_raises_is_told_in_plain_words(kind: str) -> None:
    line, words = KINDS[kind]
    error = raised(line)
    told = explain(error, (ProgramCell("f", f"def f(X):\n    {line}\n", False),))
    assert told is not None, error
    sentence, hint = told
    assert sentence.startswith(f"In your cell f, line 2 (`{line}`), ")
    assert words in sentence
    assert hint.endswith(("?", ".", "`.", ")."))
    # No jargon of NumPy's inside.
    assert not re.search(r"ufunc|gufunc|dtype\(|NoneType|0-dimensional|operand", sentence + hint)


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 80
    assert len(RULES) >= 60


@pytest.mark.parametrize(
    ("kind", "message", "said"),
    [
        # As other versions of NumPy and Python say it.
        ("TypeError", "only size-1 arrays can be converted to Python scalars", "a single number"),
        ("TypeError", "only length-1 arrays can be converted to Python scalars", "single number"),
        (
            "IndexError",
            "boolean index did not match indexed array along dimension 0; dimension is 5 but "
            "corresponding boolean dimension is 4",
            "a mask of length 4 picks along axis 0, which has 5 entries",
        ),
        ("ValueError", "too many values to unpack (expected 2, got 3)", "2 values and holds more"),
        ("FloatingPointError", "overflow encountered in exp", "too large or too small on the way"),
        ("FloatingPointError", "divide by zero encountered in log", "a divide by zero in log"),
        ("NameError", "name 'SCALE' is not defined", "SCALE is used, which your cell number 7 se"),
    ],
)
def test_exceptions_of_other_versions(kind: str, message: str, said: str) -> None:
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
