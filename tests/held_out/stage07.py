"""Held-out wrong solutions of stage 7: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# softmax


@held_out(
    "softmax",
    name="row_by_row_without_shift",
    kind="combination",
    truth=("no_shift", "batches_only"),
    relation=("not_finite",),
)
def softmax(logits):
    """A loop over the rows, which takes the entries of a single example for rows; no shift."""
    p = np.zeros(logits.shape)
    for i, row in enumerate(logits):
        e = np.exp(row)
        p[i] = e / np.sum(e)
    return p


# log_softmax


@held_out(
    "log_softmax",
    name="logarithm_of_at_least_something",
    kind="variation",
    truth=("epsilon_in_the_logarithm", "logarithm_of_softmax"),
)
def log_softmax(logits):
    """Probabilities are raised to 1e-15 before the logarithm is taken."""
    p = softmax(logits)
    p = np.maximum(p, 1e-15)
    return np.log(p)


# cross_entropy


@held_out(
    "cross_entropy",
    name="sum_in_bits",
    kind="combination",
    truth=("sum_for_mean", "cost_in_bits"),
    relation=("factor",),
)
def cross_entropy(logits, y):
    """The costs are added up, and measured in bits."""
    total = 0.0
    log_p = log_softmax(logits) / np.log(2)
    for i in range(len(y)):
        total -= log_p[i, y[i]]
    return float(total)


# cross_entropy_gradient


@held_out("cross_entropy_gradient", name="averaged_away", kind="new", relation=("axis",))
def cross_entropy_gradient(logits, y):
    """The differences are averaged over the examples, and a single row is left of them."""
    p = softmax(logits)
    p[np.arange(len(y)), y] -= 1
    return p.mean(axis=0)


# softmax_jacobian


@held_out(
    "softmax_jacobian",
    name="minus_lost_in_a_loop",
    kind="variation",
    truth=("plus_on_the_side",),
    relation=("sign",),
)
def softmax_jacobian(logits):
    """Two loops with two cases: in the one off the diagonal the minus is missing."""
    p = softmax(logits)
    K = len(p)
    J = np.empty((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                J[i, j] = p[i] * (1 - p[i])
            else:
                J[i, j] = p[i] * p[j]
    return J


# hinge_loss


@held_out(
    "hinge_loss",
    name="every_class_in_a_loop",
    kind="variation",
    truth=("label_pays_too",),
    relation=("offset",),
)
def hinge_loss(scores, y):
    """The inner loop runs over all the classes, the label's own too."""
    loss = 0.0
    for i in range(len(y)):
        correct = scores[i, y[i]]
        for j in range(scores.shape[1]):
            loss += max(0, scores[i, j] - correct + 1)
    return float(loss / len(y))


# train_step


@held_out(
    "train_step",
    name="divided_again_and_penalty_not_told",
    kind="combination",
    truth=("divided_by_m_twice", "loss_without_penalty"),
    relation=("factor", "offset"),
)
def train_step(params, X, y, learning_rate, l2=0.0):
    """The gradients are divided by the size of the batch again; the loss lacks the penalty."""
    m = len(X)
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new_params = []
    for (W, b), (dW, db) in zip(params, grads):
        W_new = W - learning_rate * (dW / m + l2 * W)
        b_new = b - learning_rate * db / m
        new_params.append((W_new, b_new))
    return new_params, loss


# train


@held_out(
    "train",
    name="number_of_full_batches",
    kind="variation",
    truth=("last_batch_dropped",),
    relation=("rows",),
)
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """As many steps as there are full batches; what is left over is never used."""
    m, n = X.shape
    K = int(np.max(y)) + 1
    params = init_params([n] + list(hidden_sizes) + [K], rng)
    losses = []
    n_batches = max(m // batch_size, 1)
    for epoch in range(n_epochs):
        order = rng.permutation(m)
        for k in range(n_batches):
            rows = order[k * batch_size : (k + 1) * batch_size]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


# tuned


@held_out(
    "tuned",
    name="widest_by_the_inputs_alone",
    kind="variation",
    truth=("forgets_the_biases",),
)
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """The width is the budget divided by the number of inputs: the rest of the network is free."""
    hidden = max_params // n_features
    params = init_params([n_features, hidden, n_classes], rng)
    done = 0
    batch = draw(10)
    while batch is not None:
        X, y = batch
        params, _ = train_step(params, X, y, 0.25 * (1 - done / n_examples))
        done += len(X)
        batch = draw(10)
    return params


@held_out(
    "tuned",
    name="as_for_mnist",
    kind="combination",
    truth=("always_128_neurons", "made_for_ten_digits"),
    relation=("error",),
)
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """The layer sizes of MNIST's network are written down, inputs and outputs too."""
    params = init_params([784, 62, 10], rng)
    for X, y in iter(lambda: draw(16), None):
        params, _ = train_step(params, X, y, 0.2)
    return params
