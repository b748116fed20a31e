"""Held-out wrong solutions of stage 3: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# find_cycle


@held_out(
    "find_cycle",
    name="both_times_without_the_zeros",
    kind="combination",
    truth=("zeros_not_recorded", "returns_both_times"),
    relation=("offset",),
)
def find_cycle(X, y, max_epochs):
    """The history begins after the first epoch, and the epoch of the return is returned."""
    w = np.zeros(X.shape[1])
    b = 0.0
    history = []
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        key = tuple(w) + (b,)
        if key in history:
            return history.index(key), epoch
        history.append(key)
    return None


@held_out("find_cycle", name="arrays_in_a_list", kind="new", relation=("error",))
def find_cycle(X, y, max_epochs):
    """Arrays are searched for with `in`, which cannot tell whether two of them are equal."""
    w, b = np.zeros(X.shape[1]), 0.0
    states = [(w, b)]
    for epoch in range(max_epochs):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if (w, b) in states:
            start = states.index((w, b))
            return start, epoch + 1 - start
        states.append((w, b))
    return None


# learnable_boolean_functions


@held_out(
    "learnable_boolean_functions",
    name="five_epochs_by_hand",
    kind="variation",
    truth=("impatient", "patient_enough_for_two_inputs"),
)
def learnable_boolean_functions(n_inputs):
    """Training is given up after five epochs, in a loop of its own."""
    n_rows = 2**n_inputs
    X = binary_digits(np.arange(n_rows), n_inputs)
    learnable = []
    for k in range(2**n_rows):
        y = binary_digits([k], n_rows)[0]
        w, b = np.zeros(n_inputs), 0
        for epoch in range(5):
            w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            learnable.append(y)
    return np.array(learnable)


# best_accuracy


@held_out(
    "best_accuracy",
    name="count_either_way_round",
    kind="combination",
    truth=("wrong_ones_turned_round", "count_of_equal_rows"),
    relation=("factor",),
)
def best_accuracy(y, tables):
    """Rows are counted, and a table that is mostly wrong counts as its opposite."""
    best = 0
    for table in tables:
        equal = np.sum(table == y)
        different = np.sum(table != y)
        best = max(best, equal, different)
    return float(best)


# polar_features


@held_out(
    "polar_features",
    name="quotient_mended_on_the_left",
    kind="variation",
    truth=("arc_tangent_of_the_quotient", "angle_up_to_two_pi"),
    relation=("offset", "part"),
)
def polar_features(X):
    """π is added to the arc tangent of the quotient on the left, which goes too far below."""
    x, y = X[:, 0], X[:, 1]
    r = np.sqrt(x**2 + y**2)
    phi = np.arctan(y / x)
    phi[x < 0] += np.pi
    return np.stack([r, phi], axis=1)


# quadratic_features


@held_out(
    "quadratic_features",
    name="one_long_vector",
    kind="new",
    relation=("transpose", "permutation", "axis"),
)
def quadratic_features(X):
    """np.hstack puts vectors behind each other, so everything is in one long vector."""
    x1 = X[:, 0]
    x2 = X[:, 1]
    return np.hstack([x1, x2, x1**2, x1 * x2, x2**2])


# perceptron_layer


@held_out(
    "perceptron_layer",
    name="strict_and_not_converted",
    kind="combination",
    truth=("strict_layer", "booleans_of_the_layer"),
    relation=("dtype",),
)
def perceptron_layer(W, b, X):
    """A strict comparison, returned as it is."""
    Z = np.dot(X, W.T) + b
    return Z > 0


# xor_network


@held_out(
    "xor_network",
    name="and_does_not_inhibit",
    kind="variation",
    truth=("or_instead_of_and_on_top",),
    relation=("part",),
)
def xor_network(X):
    """Hidden OR and AND, added up on top: the AND should count against, and does not."""
    W_hidden = np.array([[1, 1], [1, 1]])
    b_hidden = np.array([-0.5, -1.5])
    H = perceptron_layer(W_hidden, b_hidden, X)
    w_out = np.array([1, 1])
    b_out = -0.5
    y_hat = predict(w_out, b_out, H)
    return H, y_hat


# collapse


@held_out(
    "collapse",
    name="transposed_and_second_bias_lost",
    kind="combination",
    truth=("weights_transposed", "second_bias_lost"),
    relation=("transpose", "offset"),
)
def collapse(W1, b1, W2, b2):
    """The weights come out transposed, and the second bias is forgotten."""
    W = np.dot(W1.T, W2.T)
    b = np.dot(W2, b1)
    return W, b


# collapse_all


@held_out(
    "collapse_all",
    name="from_the_back_with_new_weights",
    kind="variation",
    truth=("bias_meets_the_wrong_weights",),
    relation=("error",),
)
def collapse_all(layers):
    """From the last layer to the first: W is updated before the bias is multiplied by it."""
    W, b = layers[-1]
    for W_prev, b_prev in reversed(layers[:-1]):
        W = W @ W_prev
        b = W @ b_prev + b
    return W, b
