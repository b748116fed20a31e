"""Conversion of stored pixels to the inputs of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["to_features"]


def to_features(
    images: NDArray[np.uint8], brightest: int, flatten: bool, dtype: DTypeLike
) -> NDArray[Any]:
    """Scale and reshape images.

    Parameters
    ----------
    images : ndarray of uint8, shape (m, height, width)
        Pixels from 0 to `brightest`.
    brightest : int
        The pixel value that becomes 1.0.
    flatten : bool
        Whether to make each image a row.
    dtype : dtype
        A float type scales the pixels to [0, 1]; an integer type keeps them as they are.

    Returns
    -------
    ndarray of `dtype`, shape (m, height * width) or (m, height, width)
        A new array.

    Raises
    ------
    TypeError
        If `dtype` is neither a float nor an integer type.
    ValueError
        If `dtype` is an integer type too small for `brightest`.
    """
    wanted = np.dtype(dtype)
    if np.issubdtype(wanted, np.floating):
        # One pass and one array: the pixels are converted in the ufunc's small buffer.
        scaled = np.divide(images, brightest, dtype=wanted)
    elif np.issubdtype(wanted, np.integer):
        if np.iinfo(wanted).max < brightest:
            raise ValueError(
                f"dtype {wanted} cannot hold pixels up to {brightest}; use uint8 or a wider type."
            )
        scaled = images.astype(wanted)
    else:
        raise TypeError(f"dtype must be a float or an integer type, not {wanted}.")
    return scaled.reshape(len(images), -1) if flatten else scaled
