"""The helpers of visible tests."""

from __future__ import annotations

import numpy as np
import pytest

from nndata.testing import near, slopes_agree, stays, unchanged


@pytest.mark.parametrize(
    ("actual", "expected", "answer"),
    [
        (0.1 + 0.2, 0.3, True),
        (np.float64(0.3), 0.3, True),
        (np.array(0.3), 0.3, True),
        (3, 3.0, True),
        (np.array([1.0, 2.0]), [1, 2], True),
        (np.array([1e9, 1.0]), [1e9, 2.0], True),
        (np.array([np.inf, 0.0]), [np.inf, 0.0], True),
        (np.zeros(0), np.zeros(0), True),
        (0.3000001, 0.3, False),
        (np.array([[1.0, 2.0]]), [1, 2], False),
        (np.array([1.0]), 1.0, False),
        (np.array([np.nan]), [np.nan], False),
        (np.array([np.nan]), [1.0], False),
        (np.array([-np.inf]), [np.inf], False),
        (None, 0.0, False),
        ([1.0, 2.0], [1.0, 2.0], False),
        ("0.3", 0.3, False),
        (np.array(["a"]), [1.0], False),
    ],
)
def test_near(actual, expected, answer):
    assert near(actual, expected) is answer


def test_what_is_near_is_for_the_caller_to_say():
    assert near(1.01, 1.0, tolerance=0.02)
    assert not near(1.03, 1.0, tolerance=0.02)


def spoil(values, *others, grow=False):
    if isinstance(values, list):
        values.append(1)
    elif isinstance(values, dict):
        values.pop("a")
    else:
        values += 1


@pytest.mark.parametrize(
    "value",
    [np.zeros(2), [1], {"a": 1}, np.array([np.nan, 1.0]), np.zeros(2, int)],
    ids=str,
)
def test_a_changed_argument_is_seen(value):
    assert not unchanged(spoil, value)
    assert unchanged(lambda *args, **kwargs: None, value, deep=[value, (value,)])


def test_a_changed_entry_is_seen_at_any_depth():
    assert not unchanged(lambda layers: spoil(layers[0][1]), [(np.zeros(1), np.zeros(2))])
    assert not unchanged(lambda *, state: spoil(state["v"]), state={"v": np.zeros(1)})


def test_generators_functions_and_nan_are_not_in_the_way():
    rng = np.random.default_rng(0)
    assert unchanged(lambda rng, f, nan: rng.random(), rng, len, float("nan"))


def test_a_result_that_the_next_call_changes_is_seen_at_any_depth():
    store, history = np.zeros(2), []

    def stored(x):
        store[:] = x
        return {"layers": [(np.array(x), store)]}

    def remembered(x):
        history.append(float(np.sum(x)))
        return history

    one, other = np.array([1.0, 2.0]), np.array([3.0, np.nan])
    for changing in (stored, remembered):
        assert not stays(changing, (one,), (other,))
    assert not stays(remembered, (one,), (one,))
    assert stays(lambda x: [x + 1, {"all": x.sum()}], (one,), (other,), (one,))
    assert stays(lambda x, y: x, (one, 1), (other, 2))


def test_a_stand_in_for_a_function_knows_itself_whether_results_stay():
    class StandIn:
        def __call__(self, x):
            return x.copy()

        def stays(self, *calls):
            return len(calls) > 2

    one = (np.zeros(2),)
    assert not stays(StandIn(), one, one)
    assert stays(StandIn(), one, one, one)


def test_the_slopes_of_one_point():
    x = np.array([[1.0, 2.0], [3.0, 0.5]])
    before = x.copy()
    assert slopes_agree(3 * x**2, lambda x: np.sum(x**3), x)
    assert not slopes_agree(2.99 * x**2, lambda x: np.sum(x**3), x)
    assert not slopes_agree(3 * x.T**2, lambda x: np.sum(x**3), x)
    assert not slopes_agree((3 * x**2).ravel(), lambda x: np.sum(x**3), x)
    assert np.array_equal(x, before)


def test_the_slopes_of_several_points():
    W, b = np.array([[1.0, -2.0]]), np.array([0.5])

    def loss(W, b):
        return float(np.sum((W @ [3.0, 1.0] + b) ** 2))

    error = 2 * (W @ [3.0, 1.0] + b)
    right = (error[:, None] * [3.0, 1.0], error)
    assert slopes_agree(right, loss, [W, b])
    assert slopes_agree(list(right), loss, (W, b))
    assert not slopes_agree((right[0], 0 * error), loss, [W, b])
    assert not slopes_agree(right[:1], loss, [W, b])
    assert not slopes_agree(None, loss, [W, b])


def test_an_infinite_slope_agrees_with_nothing():
    with np.errstate(all="ignore"):
        assert not slopes_agree(np.array([1.0]), lambda x: float(np.log(x[0])), np.array([0.0]))
