from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndata import train_val_split


def rng(seed=0):
    return np.random.default_rng(seed)


def numbered(m):
    """Examples that carry their number, which is also their label."""
    return np.column_stack([np.arange(m), np.arange(m)]), np.arange(m)


@given(m=st.integers(2, 200), fraction=st.floats(0.001, 0.999), seed=st.integers(0, 99))
def test_every_example_is_in_one_part_with_its_label(m, fraction, seed):
    X_train, X_val, y_train, y_val = train_val_split(*numbered(m), rng(seed), fraction)
    np.testing.assert_array_equal(X_train[:, 0], y_train)
    np.testing.assert_array_equal(X_val[:, 0], y_val)
    assert sorted([*y_train, *y_val]) == list(range(m))
    assert 1 <= len(y_val) <= m - 1


@pytest.mark.parametrize(
    ("m", "fraction", "n_val"),
    [(10, 0.2, 2), (11, 0.2, 2), (13, 0.2, 3), (2, 0.01, 1), (3, 0.99, 2)],
)
def test_the_fraction_is_rounded_and_no_part_is_empty(m, fraction, n_val):
    assert len(train_val_split(*numbered(m), rng(), fraction)[3]) == n_val


def test_a_fifth_is_put_aside_by_default():
    assert [len(part) for part in train_val_split(*numbered(100), rng())] == [80, 20, 80, 20]


def test_both_parts_are_shuffled():
    _, _, y_train, y_val = train_val_split(*numbered(100), rng())
    assert y_train.tolist() != sorted(y_train)
    assert y_val.tolist() != sorted(y_val)


def test_the_generator_decides_the_split():
    first, again, other = (train_val_split(*numbered(50), rng(seed))[3] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_parts_are_copies_and_the_arguments_stay_as_they_are():
    X, y = numbered(20)
    for part in train_val_split(X, y, rng()):
        part[:] = -1
    np.testing.assert_array_equal(X, numbered(20)[0])
    np.testing.assert_array_equal(y, numbered(20)[1])


def test_images_keep_their_shape_and_type():
    images = np.zeros((10, 3, 4), dtype=np.uint8)
    X_train, X_val, _, _ = train_val_split(images, np.arange(10), rng())
    assert (X_train.shape, X_val.shape, X_train.dtype) == ((8, 3, 4), (2, 3, 4), np.uint8)


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 1.5, float("nan")])
def test_a_fraction_that_leaves_a_part_empty_is_refused(fraction):
    with pytest.raises(ValueError, match="val_fraction must be between 0 and 1"):
        train_val_split(*numbered(10), rng(), fraction)


def test_labels_that_are_not_as_many_are_refused():
    with pytest.raises(ValueError, match=r"X has shape \(10, 2\), y \(9,\)"):
        train_val_split(numbered(10)[0], np.arange(9), rng())


def test_one_example_cannot_be_split():
    with pytest.raises(ValueError, match="at least 2 examples"):
        train_val_split(*numbered(1), rng())


def test_a_seed_is_not_a_generator():
    with pytest.raises(TypeError, match="rng must be"):
        train_val_split(*numbered(10), 0)
