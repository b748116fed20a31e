from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from nndata import DamagedFile, digits, load_digits


def test_every_pixel_and_label_is_scikit_learns():
    theirs = datasets.load_digits()
    X, y = load_digits(flatten=False, dtype=np.uint8)
    np.testing.assert_array_equal(X, theirs.images)
    np.testing.assert_array_equal(y, theirs.target)


def test_floats_are_scaled_to_the_unit_interval():
    X, _ = load_digits()
    assert X.dtype == np.float64
    np.testing.assert_array_equal(X, datasets.load_digits().data / 16)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_float_type_reaches_from_zero_to_one(dtype):
    X, _ = load_digits(dtype=dtype)
    assert X.dtype == dtype
    assert (X.min(), X.max()) == (0, 1)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64])
def test_integer_types_keep_the_counts(dtype):
    X, _ = load_digits(dtype=dtype)
    assert X.dtype == dtype
    assert (X.min(), X.max()) == (0, 16)


@pytest.mark.parametrize("dtype", [bool, complex, object, str])
def test_other_types_are_refused(dtype):
    with pytest.raises(TypeError, match="dtype must be a float or an integer type"):
        load_digits(dtype=dtype)


def test_a_row_is_the_image_line_by_line():
    rows, images = load_digits()[0], load_digits(flatten=False)[0]
    assert rows.shape == (1797, 64)
    np.testing.assert_array_equal(rows[5].reshape(8, 8), images[5])


def test_labels_are_int64():
    assert load_digits()[1].dtype == np.int64


def test_each_call_gives_arrays_of_its_own():
    load_digits()[0][:] = 7
    assert load_digits()[0].max() == 1


def test_a_bundled_file_that_was_altered_is_refused(tmp_path, monkeypatch):
    for name in digits.DIGITS_SHA256:
        content = (digits.DIGITS_FOLDER / name).read_bytes()
        (tmp_path / name).write_bytes(content)
    altered = bytearray(digits.unpack(tmp_path / "digits-labels.idx.gz"))
    altered[-1] ^= 1
    (tmp_path / "digits-labels.idx.gz").write_bytes(altered)
    monkeypatch.setattr(digits, "DIGITS_FOLDER", tmp_path)
    with pytest.raises(DamagedFile, match=r"digits-labels\.idx\.gz has been altered"):
        load_digits()
