"""Split data into training and validation sets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nndata.arguments import check_rng

__all__ = ["train_val_split"]


def train_val_split(
    X: ArrayLike, y: ArrayLike, rng: np.random.Generator, val_fraction: float = 0.2
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Shuffle examples and set a fraction of them aside for validation.

    Every example keeps its label: one shuffle moves both.

    Parameters
    ----------
    X : array-like of shape (m, ...)
        The examples, at least 2.
    y : array-like of shape (m,)
        Their labels.
    rng : numpy.random.Generator
        Random number generator.
    val_fraction : float
        Fraction of the examples for validation, between 0 and 1, both excluded. m * val_fraction
        is rounded to the nearest integer, and both sets get at least one example.

    Returns
    -------
    X_train, X_val, y_train, y_val : ndarray
        Copies with the dtypes of `X` and `y`.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid; the message names it.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(
            f"X and y must have one row for each example: X has shape {X.shape}, y {y.shape}."
        )
    if len(X) < 2:
        raise ValueError(f"There must be at least 2 examples to split, not {len(X)}.")
    check_rng(rng)
    if not 0 < val_fraction < 1:
        raise ValueError(f"val_fraction must be between 0 and 1, not {val_fraction}.")
    n_val = min(max(round(len(X) * val_fraction), 1), len(X) - 1)
    order = rng.permutation(len(X))
    train, val = order[n_val:], order[:n_val]
    return X[train], X[val], y[train], y[val]
