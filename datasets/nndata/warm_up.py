"""The five exercises of the NumPy warm-up: each check prints what it thinks of an answer.

An exercise is not done as long as its answer is ``...`` (or None). A wrong answer gets a sentence
that says in which way it is wrong; nothing is ever raised, so that a notebook runs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["exercise_1", "exercise_2", "exercise_3", "exercise_4", "exercise_5"]

Array = NDArray[Any]
# A wrong answer that can be foreseen, and what is said of it.
Foreseen = tuple[Array, str]

_KINDS = {"b": "True and False", "i": "integers", "u": "integers", "f": "floats", "c": "complex"}


def exercise_1(answer: object, X: Array, w: Array) -> None:
    """Check the sums of the rows of a table, weighted.

    Parameters
    ----------
    answer : object
        The student's answer; ``X @ w`` is right.
    X : ndarray of float, shape (m, n)
    w : ndarray of float, shape (n,)
    """
    foreseen = [
        (X * w, "these are the products; they still have to be added up, row by row"),
        (
            (X * w).sum(axis=0),
            "you added along axis 0: one sum per feature, and not one per example",
        ),
        ((X * w).sum(), "this is one sum over everything; each example needs its own"),
        (X.sum(axis=1), "the rows are added up, but without the weights"),
    ]
    _say(1, _verdict(answer, X @ w, foreseen))


def exercise_2(answer: object, X: Array) -> None:
    """Check a table with the mean of each row subtracted.

    Parameters
    ----------
    answer : object
        The student's answer; ``X - X.mean(axis=1, keepdims=True)`` is right.
    X : ndarray of float, shape (m, n)
    """
    means = X.mean(axis=1, keepdims=True)
    foreseen = [
        (X - X.mean(axis=0), "you subtracted the mean of each feature; examples are along axis 1"),
        (X - X.mean(), "you subtracted one mean of all the numbers; each example has its own"),
        (means, "these are the means; now subtract them from X"),
        (means[:, 0], "these are the means; keep them as a column and subtract them from X"),
        (means - X, "the signs are the wrong way round: it is X minus the means"),
    ]
    _say(2, _verdict(answer, X - means, foreseen))


def exercise_3(answer: object, y: Array) -> None:
    """Check labels 0 and 1 that were turned into signs.

    Parameters
    ----------
    answer : object
        The student's answer; ``2 * y - 1`` is right, and must consist of integers.
    y : ndarray of int, shape (m,)
    """
    foreseen = [
        (1 - 2 * y, "the signs are the wrong way round: 0 becomes -1, and 1 becomes +1"),
        (np.sign(y), "np.sign leaves 0 as it is, and 0 should become -1"),
        (y - 1, "a label of 1 should become +1; you moved both labels down by 1"),
        (y == 1, "these are True and False; -1 and +1 are wanted"),
    ]
    _say(3, _verdict(answer, 2 * y - 1, foreseen))


def exercise_4(answer: object, X: Array, y: Array, y_hat: Array) -> None:
    """Check the choice of the examples whose prediction is wrong.

    Parameters
    ----------
    answer : object
        The student's answer; ``X[y_hat != y]`` is right.
    X : ndarray of float, shape (m, n)
    y, y_hat : ndarray of int, shape (m,)
        The labels and the predictions.
    """
    wrong = y_hat != y
    foreseen = [
        (X[~wrong], "these are the examples whose prediction is right"),
        (wrong, "this is the mask; put it into X[...]"),
        (np.flatnonzero(wrong), "these are the numbers of the rows; put them into X[...]"),
        (X[y == 1], "these are the examples of class 1; where do y_hat and y differ?"),
        (X[y_hat == 1], "these are the examples taken for class 1; where do y_hat and y differ?"),
        (X[wrong.astype(int)], "an array of 0 and 1 means rows 0 and 1; a mask is True and False"),
    ]
    _say(4, _verdict(answer, X[wrong], foreseen))


def exercise_5(answer: object, X: Array, y: Array) -> None:
    """Check a pair of examples and labels that were shuffled in the same way.

    Parameters
    ----------
    answer : object
        The student's answer; ``(X[order], y[order])`` is right, for any order of the rows.
    X : ndarray of float, shape (m, n)
        The examples, all different.
    y : ndarray of int, shape (m,)
        Their labels.
    """
    _say(5, _verdict_of_pair(answer, X, y))


def _say(number: int, verdict: str) -> None:
    print(f"Exercise {number}: {verdict}")


def _undone(answer: object) -> bool:
    return answer is ... or answer is None


def _verdict(answer: object, right: Array, foreseen: Iterable[Foreseen]) -> str:
    """What is to be said of an answer that should be this array, of this kind of numbers."""
    if _undone(answer):
        return "not done yet"
    if not isinstance(answer, np.ndarray | np.generic | int | float | list | tuple):
        return f"an array is wanted, not {type(answer).__name__}"
    given = _array(answer)
    if given is None:
        return "an array of numbers is wanted, with rows of one length"
    if _same(given, right):
        if _KINDS[given.dtype.kind] != _KINDS[right.dtype.kind]:
            said, wanted = _KINDS[given.dtype.kind], _KINDS[right.dtype.kind]
            return f"the numbers are right, but they are {said} and should be {wanted}"
        if not isinstance(answer, np.ndarray):
            return f"the numbers are right, but in a {type(answer).__name__}; an array is wanted"
        return "right"
    for wrong, sentence in foreseen:
        if _same(given, wrong):
            return sentence
    if given.shape != right.shape:
        return f"the shape should be {right.shape}, not {given.shape}"
    # argmax finds the first True.
    first = np.unravel_index(np.argmax(~np.isclose(given, right)), right.shape)
    at = ", ".join(str(int(i)) for i in first)
    return f"the shape is right, but not all the numbers are; the first wrong one is at [{at}]"


def _verdict_of_pair(answer: object, X: Array, y: Array) -> str:
    if _undone(answer):
        return "not done yet"
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "a pair is wanted: the examples, a comma, the labels"
    examples, labels = (_array(part) for part in answer)
    if examples is None or labels is None:
        return "a pair of arrays is wanted: the examples, a comma, the labels"
    for name, given, like in (("examples", examples, X), ("labels", labels, y)):
        if given.shape != like.shape:
            return f"the {name} should still have the shape {like.shape}, not {given.shape}"
    rows = [np.flatnonzero((one == X).all(axis=1)) for one in examples]
    if sorted(int(i) for found in rows for i in found) != list(range(len(X))):
        return "each example should be there exactly once; rng.permutation draws such an order"
    if not np.array_equal(labels, y[np.concatenate(rows)]):
        return "some example has another one's label; use the same order for both"
    return "right"


def _array(value: object) -> Array | None:
    """The value as an array of numbers or bools; None if it is none."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in _KINDS else None


def _same(given: Array, other: Array) -> bool:
    """Whether two arrays have the same shape and values, and both or neither are bools."""
    bools = (given.dtype.kind == "b") == (other.dtype.kind == "b")
    return bools and given.shape == other.shape and bool(np.allclose(given, other))
