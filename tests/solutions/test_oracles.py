"""References held against other people's implementations."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Perceptron
from sklearn.metrics import accuracy_score
from sklearn.metrics import confusion_matrix as sklearn_confusion_matrix


@pytest.mark.parametrize("seed", range(10))
def test_the_perceptron_of_stage_1_learns_what_scikit_learns(real_course, seed):
    rng = np.random.default_rng(seed)
    reference = real_course.stage("stage01").reference
    X = rng.normal(size=(60, 4))
    y = (X @ rng.normal(size=4) + rng.normal(scale=2.0, size=60) > 0).astype(int)
    # scikit-learn also updates on a sum of exactly 0, which for us is class 1: that happens at
    # the zero weights of the start only, and makes no difference when the first label is 0.
    first = int(np.argmin(y))
    X[[0, first]], y[[0, first]] = X[[first, 0]], y[[first, 0]]
    w, b, mistakes = reference.fit(X, y, 7)
    theirs = Perceptron(max_iter=7, tol=None, shuffle=False, eta0=1.0).fit(X, y)
    assert len(mistakes) == 7
    assert np.allclose(w, theirs.coef_[0], atol=1e-12)
    assert b == pytest.approx(theirs.intercept_[0])


def test_accuracy_and_confusion_matrix_are_scikit_learns(real_course):
    rng = np.random.default_rng(0)
    y, y_hat = rng.integers(0, 5, size=(2, 200))
    assert real_course.stage("stage01").reference.accuracy(y, y_hat) == accuracy_score(y, y_hat)
    ours = real_course.stage("stage02").reference.confusion_matrix(y, y_hat, 6)
    assert np.array_equal(ours, sklearn_confusion_matrix(y, y_hat, labels=range(6)))
