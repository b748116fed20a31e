from __future__ import annotations

import numpy as np
import pytest

from nndata import warm_up

X = np.array([[8.0, 6.0, 5.0], [2.0, 3.0, 0.0], [0.0, 0.0, 1.0], [8.0, 6.0, 9.0]])
w = np.array([1.0, -1.0, 0.5])
y, y_hat = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
MEANS = X.mean(axis=1, keepdims=True)
ORDER = np.array([2, 0, 3, 1])

CHECKS = {
    1: (warm_up.exercise_1, (X, w)),
    2: (warm_up.exercise_2, (X,)),
    3: (warm_up.exercise_3, (y,)),
    4: (warm_up.exercise_4, (X, y, y_hat)),
    5: (warm_up.exercise_5, (X, y)),
}


@pytest.fixture
def said(capsys):
    """What the check of an exercise prints of an answer."""

    def of(number, answer):
        function, given = CHECKS[number]
        function(answer, *given)
        return capsys.readouterr().out

    return of


@pytest.mark.parametrize("number", CHECKS)
@pytest.mark.parametrize("answer", [..., None])
def test_an_exercise_that_nobody_has_begun_is_not_done_yet(said, number, answer):
    assert said(number, answer) == f"Exercise {number}: not done yet\n"


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (1, X @ w),
        (1, (X * w).sum(axis=1)),
        (2, X - MEANS),
        (2, X - np.mean(X, axis=1)[:, None]),
        (3, 2 * y - 1),
        (3, np.where(y == 1, 1, -1).astype(np.int8)),
        (4, X[y_hat != y]),
        (4, X[[1, 3]]),
        (5, (X[ORDER], y[ORDER])),
        (5, [X, y]),
    ],
)
def test_right_answers_are_right(said, number, answer):
    assert said(number, answer) == f"Exercise {number}: right\n"


@pytest.mark.parametrize(
    ("number", "answer", "sentence"),
    [
        (1, X * w, "products"),
        (1, (X * w).sum(axis=0), "axis 0"),
        (1, float((X * w).sum()), "one sum over everything"),
        (1, X.sum(axis=1), "without the weights"),
        (1, (X @ w)[:, None], r"the shape should be (4,), not (4, 1)"),
        (1, X @ w + [0, 0, 1, 0], "the first wrong one is at [2]"),
        (1, (X @ w).tolist(), "in a list; an array is wanted"),
        (1, "X @ w", "an array is wanted, not str"),
        (1, [[1.0], [1.0, 2.0]], "rows of one length"),
        (1, np.array(["a"]), "an array of numbers"),
        (2, X - X.mean(axis=0), "the mean of each feature"),
        (2, X - X.mean(), "one mean of all the numbers"),
        (2, MEANS, "subtract them from X"),
        (2, MEANS[:, 0], "as a column"),
        (2, MEANS - X, "the wrong way round"),
        (2, 2 * (X - MEANS), "at [0, 0]"),
        (3, 2.0 * y - 1, "they are floats and should be integers"),
        (3, 1 - 2 * y, "the wrong way round"),
        (3, np.sign(y), "0 should become -1"),
        (3, y - 1, "down by 1"),
        (3, y == 1, "True and False"),
        (4, X[y_hat == y], "whose prediction is right"),
        (4, y_hat != y, "the mask"),
        (4, np.flatnonzero(y_hat != y), "numbers of the rows"),
        (4, X[y == 1], "class 1"),
        (4, X[y_hat == 1], "taken for class 1"),
        (4, X[(y_hat != y).astype(int)], "rows 0 and 1"),
        (5, X[ORDER], "a pair is wanted"),
        (5, (X[ORDER], y), "another one's label"),
        (5, (X[[0, 0, 1, 2]], y[[0, 0, 1, 2]]), "exactly once"),
        (5, (X[:2], y[:2]), "the shape (4, 3), not (2, 3)"),
        (5, (X[ORDER], "labels"), "a pair of arrays"),
    ],
)
def test_a_wrong_answer_is_told_in_which_way_it_is_wrong(said, number, answer, sentence):
    told = said(number, answer)
    assert told.startswith(f"Exercise {number}: ")
    assert sentence in told


@pytest.mark.parametrize("number", CHECKS)
@pytest.mark.parametrize(
    "answer", [object(), {}, np.zeros(0), np.array(None), 1 + 2j, (1, 2), np.nan, [[1], [2, 3]]]
)
def test_whatever_the_answer_is_the_notebook_runs_on(said, number, answer):
    told = said(number, answer)
    assert told.startswith(f"Exercise {number}: ")
    assert told != f"Exercise {number}: right\n"
