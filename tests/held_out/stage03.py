"""Held-out wrong solutions of stage 3: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

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


# network_for


@held_out(
    "network_for",
    name="no_complement_and_no_output_bias",
    kind="combination",
    truth=("output_without_bias", "zeros_have_no_weight"),
)
def network_for(table):
    """A unit for each 1 has the row itself as its weights, and the output has the bias 0."""
    n = int(np.log2(len(table)))
    X = binary_digits(range(len(table)), n)
    W1 = X[table == 1].astype(float)
    b1 = 0.5 - W1.sum(axis=1)
    if len(W1) == 0:
        W1 = np.zeros((1, n))
        b1 = np.full(1, -1.0)
    W2 = np.ones((1, len(W1)))
    return W1, b1, W2, np.zeros(1)


@held_out(
    "network_for",
    name="loop_over_the_ones",
    kind="variation",
    truth=("a_unit_for_each_one",),
)
def network_for(table):
    """Row by row a unit for each 1, in lists, with an idle unit where there is none."""
    n = int(np.log2(len(table)))
    W1, b1, W2 = [], [], []
    for k, answer in enumerate(table):
        if answer == 1:
            bits = binary_digits([k], n)[0]
            W1.append([1.0 if bit else -1.0 for bit in bits])
            b1.append(-sum(bits) + 0.5)
            W2.append(1.0)
    if not W1:
        W1, b1, W2 = [[0.0] * n], [-1.0], [1.0]
    return np.array(W1), np.array(b1), np.array([W2]), np.array([-0.5])


@held_out("network_for", name="trains_on_random_units", kind="new")
def network_for(table):
    """Three random hidden units and a trained output, whether or not that has succeeded."""
    n = int(np.log2(len(table)))
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(size=(3, n)), rng.normal(size=3)
    H = perceptron_layer(W1, b1, binary_digits(range(len(table)), n))
    w, b, _ = fit(H, table, 50)
    return W1, b1, w[None, :], np.array([b])


# collapse_all


@held_out(
    "collapse_all",
    name="transposed_and_next_bias_lost",
    kind="combination",
    truth=("weights_transposed", "next_bias_lost"),
    relation=("transpose", "offset"),
)
def collapse_all(layers):
    """The weights come out transposed, and each further bias is forgotten."""
    W, b = layers[0][0].T, layers[0][1]
    for W_next, _ in layers[1:]:
        W = np.dot(W, W_next.T)
        b = np.dot(W_next, b)
    return W, b


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
