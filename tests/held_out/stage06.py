"""Held-out wrong solutions of stage 6: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# gradient_descent


@held_out(
    "gradient_descent",
    name="every_entry_below_tol",
    kind="variation",
    truth=("largest_entry_for_the_length",),
    relation=("rows",),
)
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The walk ends when every entry of the gradient is small, not when its length is."""
    theta = np.array(theta0, dtype=float)
    path = [theta]
    k = 0
    g = grad(theta)
    while k < n_steps and not np.all(abs(g) <= tol):
        theta = theta - learning_rate * g
        path.append(theta)
        g = grad(theta)
        k += 1
    return np.stack(path)


# squared_error


@held_out(
    "squared_error",
    name="residual_turned_round_and_halved",
    kind="combination",
    truth=("residual_turned_round", "half_a_gradient"),
    relation=("sign", "factor", "part"),
)
def squared_error(theta, X, y):
    """The residuals are y - X theta, and the gradient is halved like the loss."""
    m = len(y)
    e = y - X.dot(theta)
    J = (e**2).sum() / (2 * m)
    dtheta = X.T.dot(e) / (2 * m)
    return float(J), dtheta


# logistic_loss


@held_out(
    "logistic_loss",
    name="a_little_something_in_the_logarithm",
    kind="variation",
    truth=("probabilities_clipped", "logarithms_of_probabilities"),
    relation=("part",),
)
def logistic_loss(theta, X, y):
    """Logarithms of probabilities, to which 1e-15 is added so that they do not become zero."""
    m = len(y)
    p = sigmoid(X @ theta)
    eps = 1e-15
    J = -(y @ np.log(p + eps) + (1 - y) @ np.log(1 - p + eps)) / m
    dtheta = X.T @ (p - y) / m
    return float(J), dtheta


# minibatches


@held_out(
    "minibatches",
    name="full_batches_in_order",
    kind="combination",
    truth=("last_batch_dropped", "never_shuffled"),
    relation=("rows", "permutation"),
)
def minibatches(X, y, batch_size, rng):
    """Only full batches, and in the order in which the examples came."""
    n_batches = len(X) // batch_size
    for i in range(n_batches):
        yield X[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]


# train


@held_out(
    "train",
    name="new_state_not_kept",
    kind="variation",
    truth=("memory_never_kept",),
    relation=("state",),
)
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The new state gets a name of its own, and the old one is passed on each time."""
    theta = np.copy(theta0)
    state = None
    losses = []
    for epoch in range(n_epochs):
        for X_b, y_b in minibatches(X, y, batch_size, rng):
            J, g = loss(theta, X_b, y_b)
            losses.append(J)
            theta, new_state = step(theta, g, state, learning_rate)
    return theta, losses


# momentum_step


@held_out(
    "momentum_step",
    name="dampened_in_place",
    kind="combination",
    truth=("dampened", "velocity_in_place"),
    relation=("factor", "mutated", "input"),  # off by a multiple of grad
)
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity is a moving average, and it is written into the caller's dictionary."""
    if state is None:
        state = {"v": np.zeros(theta.shape)}
    state["v"] = momentum * state["v"] + (1 - momentum) * grad
    return theta - learning_rate * state["v"], state


# adam_step


@held_out(
    "adam_step",
    name="only_the_first_hat",
    kind="variation",
    truth=("without_the_hats",),
)
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Only the average of the gradients is corrected, that of their squares is not."""
    if state is None:
        m, v, t = np.zeros_like(theta), np.zeros_like(theta), 0
    else:
        m, v, t = state["m"], state["v"], state["t"]
    t = t + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    m_hat = m / (1 - beta1**t)
    theta = theta - learning_rate * m_hat / (np.sqrt(v) + eps)
    return theta, {"m": m, "v": v, "t": t}


# fit_curve


@held_out(
    "fit_curve",
    name="slope_and_rate_turned_round",
    kind="combination",
    truth=("uphill", "rate_that_rises"),
    relation=("sign", "not_finite"),
)
def fit_curve(loss, m, n_hidden, budget, rng):
    """Along the gradient instead of against it, and faster and faster."""
    theta = rng.normal(size=3 * n_hidden + 1)
    steps = budget // 40
    for k in range(steps):
        J, g = loss(theta, rng.choice(m, size=min(m, 40), replace=False))
        theta = theta + 0.1 * (k + 1) / steps * g
    return theta


@held_out("fit_curve", name="gradient_squared_away", kind="new")
def fit_curve(loss, m, n_hidden, budget, rng):
    """The step is along the squared gradient, so no parameter can ever grow."""
    theta = rng.normal(size=3 * n_hidden + 1)
    steps = budget // 50
    for k in range(steps):
        J, g = loss(theta, rng.choice(m, size=min(m, 50), replace=False))
        theta = theta - 0.05 * (1 - k / steps) * g**2
    return theta


@held_out("fit_curve", name="first_place_returned", kind="new")
def fit_curve(loss, m, n_hidden, budget, rng):
    """What was trained is thrown away: the start is returned."""
    start = rng.normal(size=3 * n_hidden + 1)
    theta, state = start, None
    for k in range(budget // 50):
        J, g = loss(theta, rng.choice(m, size=min(m, 50), replace=False))
        theta, state = momentum_step(theta, g, state, 0.01)
    return start
