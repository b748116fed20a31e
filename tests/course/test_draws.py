"""Inputs that are drawn until they fit."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade import draw_until
from nngrade.errors import LessonError


def test_inputs_are_drawn_until_they_fit():
    rng = np.random.default_rng(0)
    x = draw_until(lambda x: x.sum() == 3, lambda: rng.integers(0, 2, size=3))
    assert x.tolist() == [1, 1, 1]


def test_inputs_that_never_fit_are_the_checks_fault():
    with pytest.raises(LessonError, match=r"test_draws.py:\d+: none of 20,000 draws fits"):
        draw_until(lambda x: x > 1, np.random.default_rng(0).random)
