from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from nndata import make_blobs, make_moons, make_rings, make_xor

MAKERS = {
    "xor": make_xor,
    "blobs": make_blobs,
    "five blobs": partial(make_blobs, centers=5),
    "rings": make_rings,
    "three rings": partial(make_rings, radii=(1, 2, 3)),
    "moons": make_moons,
}
every_maker = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
four_makers = pytest.mark.parametrize("make", [make_xor, make_blobs, make_rings, make_moons])


def rng(seed=0):
    return np.random.default_rng(seed)


@every_maker
@pytest.mark.parametrize("n_samples", [7, 100])
def test_points_are_rows_of_float64_with_labels_of_int64(make, n_samples):
    X, y = make(n_samples, rng())
    assert (X.shape, X.dtype) == ((n_samples, 2), np.float64)
    assert (y.shape, y.dtype) == ((n_samples,), np.int64)


@every_maker
@pytest.mark.parametrize("n_samples", [7, 99, 100, 101])
def test_classes_are_as_large_as_each_other_or_differ_by_one(make, n_samples):
    counts = np.bincount(make(n_samples, rng())[1])
    assert counts.max() - counts.min() <= 1


@every_maker
def test_rows_are_shuffled(make):
    _, y = make(200, rng())
    changes = np.count_nonzero(np.diff(y))
    assert 60 < changes < 190  # sorted labels change a few times, alternating ones always


@every_maker
def test_the_generator_decides_everything(make):
    first, again, other = make(50, rng(1)), make(50, rng(1)), make(50, rng(2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


@every_maker
def test_the_global_generator_is_left_alone(make):
    before = np.random.get_state()[1].copy()
    make(50, rng())
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_xor_without_noise_is_the_table_of_exclusive_or():
    X, y = make_xor(12, rng(), noise=0)
    assert np.unique(X, axis=0, return_counts=True)[1].tolist() == [3, 3, 3, 3]
    np.testing.assert_array_equal(y, X[:, 0] != X[:, 1])


def test_the_noise_of_xor_is_its_standard_deviation():
    X, _ = make_xor(20_000, rng(), noise=0.05)
    assert (X - np.round(X)).std() == pytest.approx(0.05, rel=0.03)


def test_blobs_lie_around_the_centres_that_were_given():
    centers = np.array([[0.0, 0, 0], [10, 0, 0], [0, 10, 5]])
    X, y = make_blobs(3000, rng(), centers=centers, std=0.5)
    assert X.shape == (3000, 3)
    for j, center in enumerate(centers):
        np.testing.assert_allclose(X[y == j].mean(axis=0), center, atol=0.1)
        np.testing.assert_allclose(X[y == j].std(axis=0), 0.5, rtol=0.1)


@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_neighbouring_blobs_are_four_apart(n_classes):
    X, y = make_blobs(n_classes, rng(), centers=n_classes, std=0)
    points = X[np.argsort(y)]
    gaps = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1)
    np.testing.assert_allclose(gaps, 4)


def test_rings_without_noise_have_the_radius_of_their_class():
    X, y = make_rings(90, rng(), radii=(1, 2.5, 4), noise=0)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.array([1, 2.5, 4])[y])


def test_rings_go_all_the_way_round():
    X, y = make_rings(400, rng(), noise=0)
    for j in (0, 1):
        quadrants = {(a > 0, b > 0) for a, b in X[y == j]}
        assert len(quadrants) == 4


def test_moons_without_noise_are_two_half_circles():
    X, y = make_moons(200, rng(), noise=0)
    upper, lower = X[y == 0], X[y == 1]
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


@four_makers
@pytest.mark.parametrize("bad", [None, 0, np.random, np.random.RandomState(0)])
def test_anything_but_a_generator_is_refused(make, bad):
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator"):
        make(20, bad)


@four_makers
def test_too_few_points_are_refused(make):
    with pytest.raises(ValueError, match="n_samples must be at least"):
        make(1, rng())


@four_makers
@pytest.mark.parametrize("bad", [10.0, "10", None])
def test_a_number_of_points_that_is_not_whole_is_refused(make, bad):
    with pytest.raises(TypeError, match="n_samples must be a whole number"):
        make(bad, rng())


@four_makers
@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf"), "much"])
def test_a_noise_that_is_no_deviation_is_refused(make, bad):
    name = "std" if make is make_blobs else "noise"
    with pytest.raises(ValueError, match=f"{name} must be a number from 0 up"):
        make(20, rng(), **{name: bad})


@pytest.mark.parametrize("centers", [1, 0, [[0.0, 0.0]]])
def test_fewer_than_two_blobs_are_refused(centers):
    with pytest.raises(ValueError, match="at least 2 classes"):
        make_blobs(20, rng(), centers=centers)


def test_centres_that_are_no_table_are_refused():
    with pytest.raises(ValueError, match=r"\(n_classes, n\)"):
        make_blobs(20, rng(), centers=[1.0, 2.0])


@pytest.mark.parametrize("radii", [(1,), (1, 0), (1, -2), (1, float("nan")), 3])
def test_radii_that_make_no_rings_are_refused(radii):
    with pytest.raises(ValueError, match="radii must be"):
        make_rings(20, rng(), radii=radii)
