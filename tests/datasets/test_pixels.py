from __future__ import annotations

import numpy as np

from nndata.pixels import to_features

PALE = np.full((2, 3, 5), 51, dtype=np.uint8)


def test_a_pale_image_stays_pale():
    np.testing.assert_array_equal(to_features(PALE, 255, flatten=True, dtype=float), 0.2)


def test_the_result_is_a_new_array_even_in_the_same_type():
    to_features(PALE, 255, flatten=False, dtype=np.uint8)[:] = 0
    assert PALE.min() == 51


def test_no_images_make_no_rows():
    assert to_features(PALE[:0], 255, flatten=False, dtype=float).shape == (0, 3, 5)
