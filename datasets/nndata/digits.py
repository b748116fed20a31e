"""The 8x8 handwritten digits bundled with the package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nndata.errors import DamagedFile
from nndata.idx import parse_idx, unpack
from nndata.pixels import to_features

__all__ = ["DIGITS_FOLDER", "DIGITS_SHA256", "load_digits", "read_digits", "split_digits"]

DIGITS_FOLDER = Path(__file__).parent
"""The folder of the bundled files."""

DIGITS_SHA256 = {
    "digits-images.idx.gz": "359cd13f0f514122884198b78a131df597421cbf5e93a76678fa96fc548f0d96",
    "digits-labels.idx.gz": "ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad",
}
"""The bundled files, and the SHA-256 of their content after decompression."""

_BRIGHTEST = 16
_N_TRAIN = 1_437
_SPLIT_SEED = 4  # gives every digit 33 to 39 of the 360 test images


def load_digits(
    flatten: bool = True, dtype: DTypeLike = np.float64
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Load the 1,797 handwritten digits of 8x8 pixels that are bundled with the package.

    Parameters
    ----------
    flatten : bool
        Whether to make each image a row of 64 numbers.
    dtype : dtype
        A float type gives pixels scaled to [0, 1]; an integer type keeps the counts 0 to 16.

    Returns
    -------
    X : ndarray of `dtype`, shape (1797, 64) or (1797, 8, 8)
        The images, 0 for paper and 1 (or 16) for ink.
    y : ndarray of int64, shape (1797,)
        The digit that each image shows.

    Raises
    ------
    DamagedFile
        If the bundled files differ from the published ones.
    TypeError, ValueError
        If `dtype` is not a float or integer type that can hold the pixels.

    Notes
    -----
    The order is that of the source: the test set of E. Alpaydin and C. Kaynak, "Optical Recognition
    of Handwritten Digits", UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49,
    CC BY 4.0. scikit-learn's `load_digits` has the same images, unscaled.

    Examples
    --------
    >>> X, y = load_digits()
    >>> X.shape, float(X.max())
    ((1797, 64), 1.0)
    """
    images, labels = read_digits()
    return to_features(images, _BRIGHTEST, flatten, dtype), labels.astype(np.int64)


def split_digits(
    flatten: bool, dtype: DTypeLike
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Load the digits in a fixed random order, 1,437 for training and 360 for testing.

    Parameters
    ----------
    flatten, dtype
        As for `load_digits`.

    Returns
    -------
    X_train, X_test, y_train, y_test : ndarray
        As from `load_digits`; no image is in both sets.
    """
    X, y = load_digits(flatten, dtype)
    # The raw stream of a bit generator is the same in all versions of NumPy; the results of
    # Generator methods such as rng.permutation may change.
    order = np.argsort(np.random.PCG64(_SPLIT_SEED).random_raw(len(X)), kind="stable")
    train, test = order[:_N_TRAIN], order[_N_TRAIN:]
    return X[train], X[test], y[train], y[test]


def read_digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read and verify the bundled files.

    Returns
    -------
    images : ndarray of uint8, shape (1797, 8, 8)
        Pixels from 0 to 16.
    labels : ndarray of uint8, shape (1797,)
        The digits 0 to 9.

    Raises
    ------
    DamagedFile
        If a file is missing or its content is not the published one.
    """
    images, labels = (_read(name, digest) for name, digest in DIGITS_SHA256.items())
    return images, labels


def _read(name: str, digest: str) -> NDArray[np.uint8]:
    path = DIGITS_FOLDER / name
    content = unpack(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedFile.of(path, "has been altered: reinstall the package nngrade")
    return parse_idx(content, path)
