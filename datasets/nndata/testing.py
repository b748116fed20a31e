"""What the visible tests of the notebooks ask, as plain functions that say yes or no.

Each returns a bool, for an ``assert`` with a sentence of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["measured_slopes", "near", "slopes_agree", "stays", "unchanged"]


def near(actual: Any, expected: ArrayLike, tolerance: float = 1e-8) -> bool:
    """Whether a result has the shape and, but for rounding, the values that are expected.

    Parameters
    ----------
    actual : object
        The result, an array or a number. Anything else is not near.
    expected : array_like
        What it should be.
    tolerance : float
        How far an entry may be off, as a share of the largest expected entry or of 1,
        whichever is larger.

    Returns
    -------
    bool

    Examples
    --------
    >>> near(np.array([0.1 + 0.2, 1.0]), [0.3, 1.0])
    True
    >>> near(np.array([[0.3, 1.0]]), [0.3, 1.0])
    False
    >>> near(None, 0.3)
    False
    """
    if not isinstance(actual, np.ndarray | np.generic | float | int):
        return False
    got, wanted = np.asarray(actual), np.asarray(expected)
    if got.shape != wanted.shape or got.dtype.kind not in "biuf":
        return False
    with np.errstate(all="ignore"):
        scale = float(np.max(np.abs(wanted), initial=1.0, where=np.isfinite(wanted)))
        return bool(np.all((np.abs(got - wanted) <= tolerance * scale) | (got == wanted)))


def unchanged(function: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether a function leaves its arguments as they were.

    Parameters
    ----------
    function : callable
        It is called once; what it returns does not matter.
    *args, **kwargs
        The arguments of the call: arrays, numbers, and lists, tuples and dicts of them. Random
        generators and functions are not compared.

    Returns
    -------
    bool

    Examples
    --------
    >>> unchanged(np.sort, np.array([2, 1]))
    True
    >>> unchanged(list.sort, [2, 1])
    False
    """
    before = copy.deepcopy((args, kwargs))
    function(*args, **kwargs)
    return _same(before, (args, kwargs))


def stays(function: Callable[..., Any], *calls: tuple[Any, ...]) -> bool:
    """Whether what a function has returned stays as it is when it is called again.

    Parameters
    ----------
    function : callable
        It is called with each tuple of arguments in turn.
    *calls : tuple
        The arguments of each call, two at least.

    Returns
    -------
    bool

    Examples
    --------
    >>> stays(np.sqrt, (np.array([4.0, 9.0]),), (np.array([1.0, 0.0]),))
    True
    >>> store = np.zeros(2)
    >>> stays(lambda x: np.sqrt(x, out=store), (np.array([4.0, 9.0]),), (np.array([1.0, 0.0]),))
    False
    """
    # Where the function runs elsewhere, its results are copies here, and its stand-in knows more.
    if hasattr(function, "stays"):
        return bool(function.stays(*calls))
    first, *others = calls
    result = function(*first)
    before = copy.deepcopy(result)
    for args in others:
        function(*args)
    return _same(before, result)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if callable(one) or isinstance(one, np.random.Generator):
        return True
    return bool(one == other) or (one != one and other != other)


def slopes_agree(
    gradient: Any,
    f: Callable[..., float],
    points: NDArray[np.float64] | Sequence[NDArray[np.float64]],
    h: float = 1e-5,
    tolerance: float = 1e-6,
) -> bool:
    """Whether a gradient is what nudges of each number show.

    Each number of the points is nudged by `h` to either side. The change of `f`, divided by ``2h``,
    must be the gradient's entry for that number.

    Parameters
    ----------
    gradient : ndarray, or sequence of ndarray
        The gradient, of the shape of `points`; for several points a gradient for each.
    f : callable
        Takes the point, or all points as its arguments, and returns a number. It must be smooth
        there.
    points : ndarray of float, or sequence of them
        Where the gradient is taken. It is nudged in place, and afterwards is as it was.
    h : float
        Length of a nudge.
    tolerance : float
        How far an entry may be off, as a share of the largest slope or of 1, whichever is larger.

    Returns
    -------
    bool

    Examples
    --------
    >>> slopes_agree(np.array([2.0, 6.0]), lambda x: np.sum(x**2), np.array([1.0, 3.0]))
    True
    """
    measured = measured_slopes(f, points, h)
    told = gradient if isinstance(points, list | tuple) else [gradient]
    return (
        isinstance(told, list | tuple)
        and len(told) == len(measured)
        and all(near(one, wanted, tolerance) for one, wanted in zip(told, measured, strict=True))
    )


def measured_slopes(
    f: Callable[..., float],
    points: NDArray[np.float64] | Sequence[NDArray[np.float64]],
    h: float = 1e-5,
) -> list[NDArray[np.float64]]:
    """Slopes that nudges show; `slopes_agree` compares a gradient with them.

    Parameters
    ----------
    f, points, h
        As for `slopes_agree`.

    Returns
    -------
    list of ndarray of float
        For each point the slopes, of its shape.
    """
    at: Sequence[NDArray[np.float64]]
    at = points if isinstance(points, list | tuple) else [points]  # type: ignore[list-item]
    slopes = []
    for point in at:
        measured = np.empty(point.shape)
        for index in np.ndindex(point.shape):
            before = point[index]
            point[index] = before + h
            ahead = f(*at)
            point[index] = before - h
            behind = f(*at)
            point[index] = before
            measured[index] = (ahead - behind) / (2 * h)
        slopes.append(measured)
    return slopes
