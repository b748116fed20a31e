"""Random inputs for checks.

Inputs that must be of a certain kind are drawn again until they are. A check's inputs come from a
generator that is seeded for each student, so a flaw that shows once in five thousand draws affects
one student of a large course. An endless loop would then stop the grading of everybody, so
`draw_until` ends after `MOST_DRAWS` draws, with a message for the check's author.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nngrade.errors import LessonError, Problem

__all__ = ["draw_until", "generators", "in_layouts", "varied", "whole_numbers"]

# With this limit, a condition that holds for one draw in a thousand fails once in e^20 checks.
MOST_DRAWS = 20_000
_Drawn = TypeVar("_Drawn")


def draw_until(fits: Callable[[_Drawn], object], draw: Callable[[], _Drawn]) -> _Drawn:
    """Draw values until one meets a condition, and return it.

    `draw` must draw everything that the condition depends on: if fixed weights happen to be zeros,
    no example fits them, however many are drawn.

    Parameters
    ----------
    fits : callable
        The condition: takes a drawn value and returns whether it is accepted.
    draw : callable
        Returns a new draw; takes no arguments.

    Returns
    -------
    object
        The first draw that meets the condition.

    Raises
    ------
    LessonError
        If none of `MOST_DRAWS` draws meets the condition: the check is faulty.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = draw_until(np.any, lambda: rng.integers(0, 2, size=3))
    >>> bool(np.any(x))
    True
    """
    for _ in range(MOST_DRAWS):
        drawn = draw()
        if fits(drawn):
            return drawn
    what = f"none of {MOST_DRAWS:,} draws fits; draw anew all that the condition depends on"
    caller = traceback.extract_stack(limit=2)[0]
    raise LessonError([Problem(Path(caller.filename), caller.lineno or 1, what)])


def whole_numbers(
    rng: np.random.Generator, *shape: int, low: int = -4, high: int = 5
) -> NDArray[np.float64]:
    """Small whole numbers, stored as floats: their sums are exact in any order, in float32 too.

    Parameters
    ----------
    rng : numpy.random.Generator
    *shape : int
    low, high : int
        The least number, and one more than the largest.

    Returns
    -------
    float64 array of that shape
    """
    return rng.integers(low, high, size=shape).astype(float)


def varied(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> NDArray[np.float64]:
    """Numbers of all kinds: fractions of either sign, whole numbers, and zeros among them.

    Parameters
    ----------
    rng : numpy.random.Generator
    *shape : int
    scale : float
        Standard deviation of the fractions.

    Returns
    -------
    float64 array of that shape
        From five entries on, at least one is a zero and one a fraction.
    """
    numbers = rng.normal(scale=scale, size=shape)
    flat = numbers.reshape(-1)
    places = rng.permutation(flat.size)
    n = flat.size // 5
    flat[places[:n]] = 0.0
    flat[places[n : 2 * n]] = np.round(flat[places[n : 2 * n]])
    return numbers


def in_layouts(array: NDArray[Any]) -> list[NDArray[Any]]:
    """Copies of an array that differ in nothing but how their entries lie in memory.

    Parameters
    ----------
    array : ndarray
        With at least one axis.

    Returns
    -------
    list of ndarray
        An ordinary one, one that is column-major, a strided one (every other entry of a wider
        array), and one that cannot be written to.
    """
    wide = np.repeat(array, 2, axis=-1)
    locked = np.array(array)
    locked.flags.writeable = False
    return [np.array(array), np.array(array, order="F"), wide[..., ::2], locked]


def generators(rng: np.random.Generator, n: int) -> list[np.random.Generator]:
    """Draw n generators, one for each call that is to have a generator of its own."""
    return [np.random.default_rng(one) for one in rng.integers(2**32, size=n)]
