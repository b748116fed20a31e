"""Small synthetic data sets, drawn with a random number generator."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nndata.arguments import check_rng

__all__ = ["make_blobs", "make_moons", "make_rings", "make_xor"]

_Sample = tuple[NDArray[np.float64], NDArray[np.int64]]


def make_xor(n_samples: int, rng: np.random.Generator, noise: float = 0.1) -> _Sample:
    """Draw points around the corners of the unit square, labelled by exclusive or.

    Points near (0, 0) and (1, 1) are class 0, points near (0, 1) and (1, 0) class 1: no line
    separates the classes.

    Parameters
    ----------
    n_samples : int
        Number of points, at least 4. The number per corner differs by at most one.
    rng : numpy.random.Generator
        Random number generator.
    noise : float
        Standard deviation of a point's distance from its corner along each axis.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, 2)
        The points, shuffled.
    y : ndarray of int64, shape (n_samples,)
        Their classes, 0 or 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid; the message names it.
    """
    n_samples, noise = _checked(n_samples, rng, noise, n_least=4)
    # In this order, the class sizes differ by at most one for any number of points.
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    corner = rng.permutation(np.arange(n_samples) % 4)
    X = corners[corner] + rng.normal(scale=noise, size=(n_samples, 2))
    return X, (corner % 2).astype(np.int64)


def make_blobs(
    n_samples: int,
    rng: np.random.Generator,
    centers: int | ArrayLike = 2,
    std: float = 0.5,
) -> _Sample:
    """Draw points from one round normal distribution per class.

    Parameters
    ----------
    n_samples : int
        Number of points, at least one per class. Class sizes differ by at most one.
    rng : numpy.random.Generator
        Random number generator.
    centers : int or array-like of shape (n_classes, n)
        Centre of each class; row j belongs to class j. An integer is the number of centres, which
        are placed in the plane, evenly on a circle around the origin, with a distance of 4 between
        neighbours; the generator draws the rotation of the circle.
    std : float
        Standard deviation of the points around their centre, along each axis.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, n)
        The points, shuffled; n is 2 unless `centers` says otherwise.
    y : ndarray of int64, shape (n_samples,)
        Their classes, 0 to n_classes - 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid; the message names it.
    """
    if isinstance(centers, (int, np.integer)):
        n_classes = int(centers)
        points = None
    else:
        points = np.asarray(centers, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] == 0:
            raise ValueError(
                "centers must be a number of classes or an array of shape (n_classes, n), not of "
                f"shape {points.shape}."
            )
        n_classes = len(points)
    if n_classes < 2:
        raise ValueError(f"centers must give at least 2 classes, not {n_classes}.")
    n_samples, std = _checked(n_samples, rng, std, n_least=n_classes, noise_name="std")
    if points is None:
        angle = rng.uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(n_classes) / n_classes
        points = 2 / math.sin(math.pi / n_classes) * _on_circle(angle)
    y = _balanced(n_samples, n_classes, rng)
    return points[y] + rng.normal(scale=std, size=(n_samples, points.shape[1])), y


def make_rings(
    n_samples: int,
    rng: np.random.Generator,
    radii: Sequence[float] = (1.0, 2.0),
    noise: float = 0.1,
) -> _Sample:
    """Draw points around concentric circles, one circle per class.

    Parameters
    ----------
    n_samples : int
        Number of points, at least one per class. Class sizes differ by at most one.
    rng : numpy.random.Generator
        Random number generator.
    radii : sequence of float
        Radius of each class's circle, positive; the circles are centred at the origin.
    noise : float
        Standard deviation of a point's distance from its place on the circle, along each axis.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, 2)
        The points, shuffled.
    y : ndarray of int64, shape (n_samples,)
        Their classes, 0 for the first radius and so on.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid; the message names it.
    """
    radius = np.asarray(radii, dtype=np.float64)
    if radius.ndim != 1 or len(radius) < 2 or not np.all(np.isfinite(radius) & (radius > 0)):
        raise ValueError(f"radii must be at least two numbers above zero, not {radii!r}.")
    n_samples, noise = _checked(n_samples, rng, noise, n_least=len(radius))
    y = _balanced(n_samples, len(radius), rng)
    circle = _on_circle(rng.uniform(0, 2 * np.pi, size=n_samples))
    return radius[y, None] * circle + rng.normal(scale=noise, size=(n_samples, 2)), y


def make_moons(n_samples: int, rng: np.random.Generator, noise: float = 0.1) -> _Sample:
    """Draw points around two interleaving half circles.

    Class 0 is the upper half of the unit circle; class 1 is the lower half of a circle of radius 1
    around (1, 0.5).

    Parameters
    ----------
    n_samples : int
        Number of points, at least 2. The classes get the same number, or class 0 one more.
    rng : numpy.random.Generator
        Random number generator.
    noise : float
        Standard deviation of a point's distance from its place on the curve, along each axis.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, 2)
        The points, shuffled.
    y : ndarray of int64, shape (n_samples,)
        Their classes, 0 or 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid; the message names it.
    """
    n_samples, noise = _checked(n_samples, rng, noise, n_least=2)
    y = _balanced(n_samples, 2, rng)
    upper = _on_circle(rng.uniform(0, np.pi, size=n_samples))
    lower = np.array([1.0, 0.5]) - upper
    X = np.where(y[:, None] == 0, upper, lower)
    return X + rng.normal(scale=noise, size=X.shape), y


def _balanced(n_samples: int, n_classes: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.permutation(np.arange(n_samples, dtype=np.int64) % n_classes)


def _on_circle(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _checked(
    n_samples: int, rng: object, noise: float, n_least: int, noise_name: str = "noise"
) -> tuple[int, float]:
    """Raise an error that names the argument if `n_samples`, `rng` or `noise` is invalid."""
    try:
        n_samples = operator.index(n_samples)
    except TypeError:
        kind = type(n_samples).__name__
        raise TypeError(f"n_samples must be a whole number, not a {kind}.") from None
    if n_samples < n_least:
        raise ValueError(f"n_samples must be at least {n_least}, not {n_samples}.")
    check_rng(rng)
    try:
        usable = math.isfinite(noise) and noise >= 0
    except TypeError:
        usable = False
    if not usable:
        raise ValueError(f"{noise_name} must be a number from 0 up, not {noise!r}.")
    return n_samples, float(noise)
