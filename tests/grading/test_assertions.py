"""The sentences that students read when a value is not what it should be."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade import close, gradient_close, parts, require
from nngrade.grading.assertions import Failure


def message(*args, **kwargs) -> str:
    with pytest.raises(Failure) as caught:
        close(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.float32(1), 1.0),
        (np.array(1.0), 1.0),
        (1, 1.0),
        (np.array([1, 2]), [1.0, 2.0]),
        (np.array([1, 2], dtype=np.uint8), [1, 2]),
        (np.array([1.0, np.nan, np.inf]), [1.0, np.nan, np.inf]),
        (np.array([True]), [True]),
        (np.float32(0.1) * np.ones(3, np.float32), [0.1, 0.1, 0.1]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_is_right_passes(actual, expected):
    close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (np.zeros((3, 1)), np.zeros(3), "has shape (3, 1), but it should have shape (3,)"),
        (np.zeros(3), 0.0, "has shape (3,), but it should be a single number"),
        (np.float64(0), np.zeros(1), "is a single number, but it should have shape (1,)"),
        (np.array([True, False]), [1, 0], "holds bools"),
        (np.array([1.0, 0.0]), [1, 0], "holds floats (dtype float64); it should hold whole"),
        (np.array([1, 0]), [True, False], "it should hold bools"),
        (np.array([1.0 + 1j]), [1.0], "complex"),
        (np.array([1.0, np.nan]), [1.0, 2.0], "is NaN at [1]; the right value is finite there"),
        (np.array([np.inf, np.inf]), [1.0, 2.0], "is infinite at [0] and in 1 more places"),
        (np.array([1.0]), [np.inf], "should not be finite"),
        (np.array([-np.inf]), [np.inf], "is wrong"),
        ([1.0], [1.0], "should be an array of shape (1,), but it is a list of length 1"),
        (None, [1.0], "did you forget to return it?"),
        ("1", 1.0, "is a str of length 1"),
        (np.array([1.0, 2.0, 9.0]), [1.0, 2.0, 3.0], "1 of 3 entries is wrong; the worst at [2]"),
        (np.array([5.0, 9.0]), [1.0, 2.0], "every entry is wrong; the worst at [1] is 9"),
        (np.array([[0, 3], [1, 1]]), [[0, 1], [1, 0]], "2 of 4 entries are wrong; the worst at"),
        (3.0, 4.0, "is 3, which is not right"),
        (np.array([255], dtype=np.uint8), [0], "is 255"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(actual, expected, words):
    said = message(actual, expected, what="it")
    assert words in said


def test_the_expected_value_is_shown_only_on_request():
    assert "4.5" not in message(3.0, 4.5)
    assert "should be 4.5" in message(3.0, 4.5, reveal=True)
    assert "should be 7" in message(np.array([1, 2]), [1, 7], reveal=True)


def test_the_shape_is_judged_before_the_values():
    assert "shape" in message(np.full((2, 2), np.nan), np.zeros(4))


def test_lists_pass_only_where_the_check_allows_them():
    close([1, 2], [1, 2], lists=True)
    assert "different lengths" in message([[1], [1, 2]], np.zeros((2, 2)), lists=True)
    assert "other than numbers" in message(["a"], [1], lists=True)


def test_tolerances_can_be_set():
    close(1.001, 1.0, rtol=1e-2)
    assert message(1.001, 1.0, rtol=1e-5)


def test_parts_counts():
    assert parts((1, 2), 2, "fit") == [1, 2]
    with pytest.raises(Failure, match="must return 3 values, but it returned 2"):
        parts((1, 2), 3, "fit")
    with pytest.raises(Failure, match="an array of shape"):
        parts(np.zeros(3), 3, "fit")


def test_require_fails_with_its_sentence():
    require(True, "never")
    with pytest.raises(Failure, match="a sentence"):
        require(0, "a sentence")


def test_a_right_gradient_is_close_to_the_numerical_one():
    x = np.array([[1.0, -2.0], [300.0, 0.01]])
    gradient_close(3 * x**2, lambda t: float(np.sum(t**3)), x, rtol=1e-6)


@pytest.mark.parametrize("factor", [-1.0, 2.0, 0.5, 1.001])
def test_a_wrong_gradient_is_not(factor):
    x = np.array([1.0, -2.0, 3.0])
    with pytest.raises(Failure, match="the gradient"):
        gradient_close(factor * 3 * x**2, lambda t: float(np.sum(t**3)), x)


def test_the_point_of_a_gradient_is_left_as_it_was():
    x = np.array([1, 2])
    gradient_close(np.array([1.0, 1.0]), lambda t: float(t.sum()), x)
    assert x.tolist() == [1, 2]
