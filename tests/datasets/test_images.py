from __future__ import annotations

import dataclasses
import hashlib
import warnings

import numpy as np
import pytest

from nndata import DownloadFailed, load_digits, load_images, load_mnist

# The digits


def test_the_digits_are_split_into_1437_and_360():
    data = load_images("digits")
    assert (data.X_train.shape, data.X_test.shape) == ((1437, 64), (360, 64))
    assert (data.y_train.shape, data.y_test.shape) == ((1437,), (360,))
    assert (data.name, data.image_shape, data.n_classes) == ("digits", (8, 8), 10)


def test_the_split_of_the_digits_is_the_same_for_ever():
    data = load_images("digits", dtype=np.uint8)
    digest = hashlib.sha256(data.X_train.tobytes() + data.y_test.astype("<i8").tobytes())
    assert digest.hexdigest() == "76a5a091a648ec0cc14b164ccdff691014a3afe4d5ea18812517f44d8bb2fffe"


def test_the_halves_of_the_digits_together_are_all_of_them_with_their_labels():
    def rows(X, y):
        return sorted((*image, label) for image, label in zip(X.tolist(), y.tolist(), strict=True))

    data = load_images("digits", dtype=np.uint8)
    both = rows(
        np.concatenate([data.X_train, data.X_test]), np.concatenate([data.y_train, data.y_test])
    )
    assert both == rows(*load_digits(dtype=np.uint8))


def test_each_digit_is_a_tenth_of_the_test_set_or_nearly():
    counts = np.bincount(load_images("digits").y_test, minlength=10)
    assert 33 <= counts.min() <= counts.max() <= 39


def test_images_can_be_had_unflattened():
    assert load_images("digits", flatten=False).X_test.shape == (360, 8, 8)


# Which of the two


def test_auto_is_mnist_where_it_is(tiny, fill, home):
    fill(home, tiny)
    assert load_images().name == "mnist"


def test_auto_is_the_digits_where_mnist_is_not_and_downloads_nothing(
    tiny, monkeypatch, mirror_of, recwarn
):
    mirror = mirror_of(tiny)
    monkeypatch.setenv("NNDATA_MIRRORS", mirror.url)
    assert load_images("auto").name == "digits"
    assert not mirror.asked
    assert not recwarn.list


def test_auto_warns_where_mnist_is_damaged(tiny, fill, home):
    fill(home, tiny)
    (home / "t10k-images-idx3-ubyte.gz").write_bytes(b"damaged")
    with pytest.warns(UserWarning, match=r"t10k-images-idx3-ubyte\.gz is cut short") as caught:
        assert load_images("auto").name == "digits"
    assert caught[0].filename == __file__


def test_mnist_by_name_is_downloaded(tiny, monkeypatch, mirror_of):
    monkeypatch.setenv("NNDATA_MIRRORS", mirror_of(tiny).url)
    assert load_images("mnist").name == "mnist"


def test_mnist_by_name_never_becomes_the_digits(tiny, monkeypatch, mirror_of):
    monkeypatch.setenv("NNDATA_MIRRORS", mirror_of({}).url)
    with pytest.raises(DownloadFailed):
        load_images("mnist")


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="'auto', 'mnist' or 'digits', not 'cifar'"):
        load_images("cifar")


# MNIST


def test_mnist_is_scaled_to_the_unit_interval(tiny, fill, home):
    fill(home, tiny)
    floats, integers = load_mnist(), load_mnist(dtype=np.uint8)
    assert floats.X_train.dtype == floats.X_test.dtype == np.float64
    np.testing.assert_array_equal(floats.X_train, integers.X_train.astype(float) / 255)


def test_mnist_keeps_its_shapes_and_int64_labels(tiny, fill, home):
    fill(home, tiny)
    rows, images = load_mnist(), load_mnist(flatten=False)
    assert (rows.X_train.shape, rows.X_test.shape) == ((30, 30), (12, 30))
    assert (images.X_train.shape, images.X_test.shape) == ((30, 6, 5), (12, 6, 5))
    assert rows.image_shape == images.image_shape == (6, 5)
    assert rows.y_train.dtype == rows.y_test.dtype == np.int64


def test_a_type_too_small_for_255_is_refused(tiny, fill, home):
    fill(home, tiny)
    with pytest.raises(ValueError, match="int8 cannot hold pixels up to 255"):
        load_mnist(dtype=np.int8)


def test_real_mnist_has_the_known_mean_deviation_and_class_counts(real_mnist):
    data = load_mnist(dtype=np.float32)
    assert data.X_train.shape == (60_000, 784)
    assert data.X_train.mean(dtype=np.float64) == pytest.approx(0.1306605, abs=1e-6)
    assert data.X_train.std(dtype=np.float64) == pytest.approx(0.3081078, abs=1e-6)
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.y_train).tolist() == counts


# The record


def test_image_data_is_described_in_one_line():
    shown = repr(load_images("digits"))
    assert shown == ("<ImageData 'digits': 1,437 training and 360 test images of 8x8, 10 classes>")


def test_two_records_can_be_compared():
    assert load_images("digits") != load_images("digits")  # arrays have no single answer


def test_image_data_cannot_be_reassigned():
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_images("digits").name = "mnist"


def test_loading_does_not_warn(tiny, fill, home):
    fill(home, tiny)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_images(dtype=np.float32).X_train.max() == 1
