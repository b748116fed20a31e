"""Comparison of the outcomes of two calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nngrade.worker.calls import CallOutcome

__all__ = ["same_outcome", "same_value"]

# As in the checks: far above the rounding errors of another order of summation, as a share of the
# largest entry; and far above those of float32, where all entries are numbers of that precision.
SCALE_RTOL, SCALE_ATOL = 1e-9, 1e-12
RTOL, ATOL = 1e-5, 1e-7


def same_outcome(one: CallOutcome, other: CallOutcome) -> bool:
    """Whether two outcomes agree: equal type of error, or equal value and equal arguments.

    The second one is the student's, which may be calculated in single precision.
    """
    if one.error is not None or other.error is not None:
        return (
            one.error is not None and other.error is not None and one.error.type == other.error.type
        )
    return same_value(one.value, other.value) and same_value(one.after, other.after)


_Array = np.ndarray[Any, Any]


def _same_numbers(one: _Array, other: _Array) -> bool:
    kinds = {"b": "b", "i": "i", "u": "i", "f": "f", "c": "c"}
    if one.shape != other.shape or kinds.get(one.dtype.kind) != kinds.get(other.dtype.kind):
        return False
    if one.dtype.kind not in "fc":
        return bool(np.array_equal(one, other))
    if np.array_equal(one, other):
        return True
    with np.errstate(all="ignore"):
        gap = np.abs(one - other)
        size = np.abs(one)
        if not np.isfinite(gap).all():  # otherwise this is ten times as fast
            if not np.array_equal(np.isfinite(one), np.isfinite(other)):
                return False
            finite = np.isfinite(one)
            if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
                return False
            gap, size = gap[finite], size[finite]
        if (gap <= SCALE_ATOL + SCALE_RTOL * np.max(size, initial=0.0)).all():
            return True
        if (gap > ATOL + RTOL * size).any():
            return False
        return np.array_equal(other, other.astype(np.float32), equal_nan=True)


def same_value(
    one: Any, other: Any, same_numbers: Callable[[_Array, _Array], bool] = _same_numbers
) -> bool:
    """Whether two values of plain data are equal.

    Parameters
    ----------
    one, other : plain data
        The values. A list equals a tuple with the same entries; a Python number equals a NumPy
        scalar and a 0-d array with the same value.
    same_numbers : callable
        Comparison of two arrays; by default, they are equal up to rounding errors, which are those
        of single precision where all of the second one is of that precision.
    """
    if isinstance(one, list | tuple) or isinstance(other, list | tuple):
        return (
            isinstance(one, list | tuple)
            and isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(same_value(*pair, same_numbers) for pair in zip(one, other, strict=True))
        )
    if isinstance(one, dict) or isinstance(other, dict):
        return (
            isinstance(one, dict)
            and isinstance(other, dict)
            and list(one) == list(other)
            and all(same_value(one[key], other[key], same_numbers) for key in one)
        )
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return bool(type(one) is type(other) and one == other)
    return same_numbers(np.asarray(one), np.asarray(other))
