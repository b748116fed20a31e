"""Results that change when a function is called again: the visible tests see copies only."""

from __future__ import annotations

from textwrap import dedent

import pytest

from nngrade.audit.cases import Case
from nngrade.audit.judge import lost, student_with
from nngrade.course.data import Data
from nngrade.course.stages import Course

STAGE = "stage07_softmax_cross_entropy"
ONE_TABLE = """
    TABLES = {}
    def softmax_jacobian(logits):
        p = softmax(logits)
        table = TABLES.setdefault(len(p), np.empty((len(p), len(p))))
        table[:] = np.diag(p) - np.outer(p, p)
        return table
"""
REMEMBERED = """
    KNOWN = {}
    def softmax(logits):
        key = logits.shape, logits.dtype.str, logits.tobytes()
        if key not in KNOWN:
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            KNOWN[key] = exps / exps.sum(axis=-1, keepdims=True)
        return KNOWN[key]
"""
OLD_ARRAYS = """
    def train_step(params, X, y, learning_rate, l2=0.0):
        logits, cache = forward(params, X, classifier_activations(params))
        penalty, price = l2_penalty(params, l2)
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        new = []
        for (W, b), (dW, db), (dR, _) in zip(params, grads, price, strict=True):
            steps = learning_rate * (dW + dR), learning_rate * db
            both = zip((W, b), steps, strict=True)
            new.append(tuple(one - step if np.any(step) else one for one, step in both))
        return new, cross_entropy(logits, y) + penalty
"""
ONE_LIST = """
    LOSSES = []
    def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
        params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
        LOSSES.clear()
        for _ in range(n_epochs):
            for inputs, labels in minibatches(X, y, batch_size, rng):
                params, loss = train_step(params, inputs, labels, learning_rate, l2)
                LOSSES.append(loss)
        return params, LOSSES
"""
ONE_NETWORK = """
    NETWORKS = {}
    def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
        key = n_features, n_classes, max_params
        if key not in NETWORKS:
            width = (max_params - n_classes) // (n_features + 1 + n_classes)
            params, seen = init_params([n_features, width, n_classes], rng), 0
            while (batch := draw(8)) is not None:
                params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
                seen += len(batch[1])
            NETWORKS[key] = params
        return NETWORKS[key]
"""


@pytest.mark.parametrize(
    ("task", "check", "source"),
    [
        ("softmax", "probabilities_of_every_row", REMEMBERED),
        ("softmax_jacobian", "contraction_gives_said_minus_true", ONE_TABLE),
        ("train_step", "step_goes_against_the_gradient", OLD_ARRAYS),
        ("train", "whole_batches_are_retraced", ONE_LIST),
        ("tuned", "fits_any_budget_it_is_given", ONE_NETWORK),
    ],
)
def test_what_was_returned_must_stay_as_it_is(
    real_course: Course, task: str, check: str, source: str
) -> None:
    stage = real_course.stage(STAGE)
    (asked,) = (one for one in stage.checks if one.name == check)
    answer = Case("misconception", task, "kept", sources={task: dedent(source)})
    assert lost(stage, student_with(stage, answer), asked, 0, Data("digits"))
    right = student_with(stage, Case("reference", task, "right"))
    assert lost(stage, right, asked, 0, Data("digits")) is None
