"""The data that checks get."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nngrade.course.data import Data


def test_the_images_cannot_be_changed_by_a_check():
    images = Data("digits").images
    with pytest.raises(ValueError, match="read-only"):
        images.X_train[0, 0] = 1
    assert isinstance(images.y_test, np.ndarray)
    assert dataclasses.is_dataclass(images)
