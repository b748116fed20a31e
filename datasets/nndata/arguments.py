"""Checks of arguments that several functions share."""

from __future__ import annotations

import numpy as np

__all__ = ["check_rng"]


def check_rng(rng: object) -> None:
    """Refuse anything but a generator, and say how to make one.

    Parameters
    ----------
    rng : object
        What the caller was given as `rng`.

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
