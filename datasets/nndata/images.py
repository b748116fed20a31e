"""Images of handwritten digits for training and testing a model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nndata.digits import split_digits
from nndata.errors import DamagedFile, DataNotFound
from nndata.mnist import RawMnist, fetch_mnist
from nndata.pixels import to_features

__all__ = ["ImageData", "load_images", "load_mnist"]


@dataclass(frozen=True, eq=False, repr=False)
class ImageData:
    """Images with their labels, split into a training and a test set.

    Attributes
    ----------
    name : str
        "mnist" or "digits".
    X_train : ndarray, shape (m, n) or (m, height, width)
        The training images.
    y_train : ndarray of int64, shape (m,)
        Their labels.
    X_test : ndarray, shape (m_test, n) or (m_test, height, width)
        The test images.
    y_test : ndarray of int64, shape (m_test,)
        Their labels.
    image_shape : tuple of two int
        Height and width of an image: (28, 28) for MNIST, (8, 8) for the digits.
    """

    name: str
    X_train: NDArray[Any]
    y_train: NDArray[np.int64]
    X_test: NDArray[Any]
    y_test: NDArray[np.int64]
    image_shape: tuple[int, int]

    @property
    def n_classes(self) -> int:
        """Number of classes; the labels are 0 to n_classes - 1."""
        return int(max(self.y_train.max(), self.y_test.max())) + 1

    def __repr__(self) -> str:
        """Describe the data in one line, without the pixels."""
        height, width = self.image_shape
        return (
            f"<ImageData {self.name!r}: {len(self.X_train):,} training and {len(self.X_test):,} "
            f"test images of {height}x{width}, {self.n_classes} classes>"
        )


def load_mnist(flatten: bool = True, dtype: DTypeLike = np.float64) -> ImageData:
    """Load MNIST from this machine, or download it from a mirror if it is missing.

    Parameters
    ----------
    flatten : bool
        Whether to make each image a row of 784 numbers.
    dtype : dtype
        A float type gives pixels scaled to [0, 1]; an integer type that can hold them keeps 0 to
        255. In float64 the training images take 376 MB, in float32 half, in uint8 an eighth.

    Returns
    -------
    ImageData
        60,000 training and 10,000 test images.

    Raises
    ------
    DownloadFailed
        If MNIST is not on this machine and no mirror provides it; see `fetch_mnist`.
    TypeError, ValueError
        If `dtype` is not a float or integer type that can hold the pixels.
    """
    return _mnist(fetch_mnist(progress=True), flatten, dtype)


def load_images(
    name: Literal["auto", "mnist", "digits"] = "auto",
    flatten: bool = True,
    dtype: DTypeLike = np.float64,
) -> ImageData:
    """Load images of handwritten digits.

    Parameters
    ----------
    name : {"auto", "mnist", "digits"}
        "auto" is MNIST if it is on this machine, and otherwise the bundled digits; it never
        downloads anything. "mnist" is `load_mnist`. "digits" is the bundled digits in a fixed
        random order, 1,437 for training and 360 for testing.
    flatten : bool
        Whether to make each image a row.
    dtype : dtype
        A float type gives pixels scaled to [0, 1]; an integer type keeps the original values,
        0 to 255 or 0 to 16.

    Returns
    -------
    ImageData
        The images; `name` is "mnist" or "digits".

    Raises
    ------
    ValueError
        If `name` is none of the three.
    DownloadFailed
        With "mnist", if it is not on this machine and no mirror provides it.

    Warns
    -----
    UserWarning
        With "auto", if MNIST is on this machine but damaged, so that the digits replace it.
    """
    if name == "mnist":
        return load_mnist(flatten, dtype)
    if name == "auto":
        try:
            return _mnist(fetch_mnist(download=False), flatten, dtype)
        except DataNotFound:
            pass
        except DamagedFile as error:
            warnings.warn(f"{error}\nThe 8x8 digits take its place.", stacklevel=2)
    elif name != "digits":
        raise ValueError(f"name must be 'auto', 'mnist' or 'digits', not {name!r}.")
    X_train, X_test, y_train, y_test = split_digits(flatten, dtype)
    return ImageData("digits", X_train, y_train, X_test, y_test, (8, 8))


def _mnist(raw: RawMnist, flatten: bool, dtype: DTypeLike) -> ImageData:
    _, height, width = raw.train_images.shape
    return ImageData(
        "mnist",
        to_features(raw.train_images, 255, flatten, dtype),
        raw.train_labels.astype(np.int64),
        to_features(raw.test_images, 255, flatten, dtype),
        raw.test_labels.astype(np.int64),
        (height, width),
    )
