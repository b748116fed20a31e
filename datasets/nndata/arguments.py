"""Checks of arguments, shared by several functions."""

from __future__ import annotations

import numpy as np

__all__ = ["check_rng"]


def check_rng(rng: object) -> None:
    """Raise a `TypeError` unless `rng` is a generator; the message says how to make one.

    Parameters
    ----------
    rng : object
        The argument `rng` of the calling function.

    Raises
    ------
    TypeError
        If it is not a `numpy.random.Generator`.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator, as numpy.random.default_rng(0) makes it, "
            f"not a {type(rng).__name__}."
        )
