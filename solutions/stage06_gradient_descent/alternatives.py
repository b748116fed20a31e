"""Right solutions of stage 6 in other styles: none of them may lose a point."""

import math
from itertools import pairwise

import numpy as np

from nngrade import alternative

# gradient_descent


@alternative("gradient_descent")
def while_loop_and_stack(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A while loop; the path grows by np.vstack."""
    path = np.asarray(theta0, dtype=float)[None, :]
    taken = 0
    while taken < n_steps and np.sqrt(np.sum(grad(path[-1]) ** 2)) > tol:
        path = np.vstack([path, path[-1] - learning_rate * grad(path[-1])])
        taken += 1
    return path


@alternative("gradient_descent")
def table_filled_in(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A table of the largest size, cut off at the end: a view is returned."""
    path = np.empty((n_steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(n_steps):
        g = np.asarray(grad(path[k]))
        if math.hypot(*g) <= tol:
            return path[: k + 1]
        path[k + 1] = path[k] - learning_rate * g
    return path


@alternative("gradient_descent")
def own_array_in_place(grad, theta0, learning_rate, n_steps, tol=0.0):
    """One array of its own is changed in place, and copies of it are kept."""
    theta = theta0.astype(float)
    path = [theta.copy()]
    for _ in range(n_steps):
        g = grad(theta)
        if np.sqrt(g @ g) <= tol:
            break
        theta += -learning_rate * g
        path.append(theta.copy())
    return np.stack(path)


@alternative("gradient_descent")
def nested_generator(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A nested generator hands out the points; lists inside, coordinate by coordinate."""

    def points():
        theta = [float(t) for t in theta0]
        yield theta
        for _ in range(n_steps):
            g = [float(slope) for slope in grad(np.array(theta))]
            if sum(slope**2 for slope in g) ** 0.5 <= tol:
                return
            theta = [t - learning_rate * slope for t, slope in zip(theta, g, strict=True)]
            yield theta

    return np.array(list(points()))


# is_convex_on_segment


@alternative("is_convex_on_segment")
def loop_over_the_points(f, x0, x1):
    """A plain loop with an early return."""
    values = []
    for k in range(101):
        t = k / 100
        values.append(f(x0 + t * (x1 - x0)))
    for left, middle, right in zip(values, values[1:], values[2:], strict=False):
        if middle - (left + right) / 2 > 1e-9:
            return False
    return True


@alternative("is_convex_on_segment")
def second_differences(f, x0, x1):
    """np.diff twice; a NumPy bool is returned."""
    points = np.linspace(x0, x1, 101)
    return np.all(np.diff([f(p) for p in points], n=2) >= -2e-9)


@alternative("is_convex_on_segment")
def all_pairs(f, x0, x1):
    """The chord of every pair of points with a point half-way between them."""
    v = np.array([f(p) for p in np.linspace(x0, x1, 101)])
    for gap in range(1, 51):
        if np.any(v[gap:-gap] > (v[: -2 * gap] + v[2 * gap :]) / 2 + 1e-9 * gap**2):
            return False
    return True


@alternative("is_convex_on_segment")
def slopes_must_not_fall(f, x0, x1):
    """The slope from point to point may not decrease."""
    points = [x0 + (x1 - x0) * k / 100 for k in range(101)]
    values = [float(f(p)) for p in points]
    rises = [b - a for a, b in pairwise(values)]
    return all(b - a >= -2e-9 for a, b in pairwise(rises))


# squared_error


@alternative("squared_error")
def example_by_example(theta, X, y):
    """A loop over the examples."""
    m = len(y)
    total, gradient = 0.0, np.zeros(len(theta))
    for x, target in zip(X, y, strict=True):
        r = sum(t * feature for t, feature in zip(theta, x, strict=True)) - target
        total += r * r
        gradient += r * x
    return total / (2 * m), gradient / m


@alternative("squared_error")
def with_einsum(theta, X, y):
    """Einstein's sums, residuals the other way round."""
    r = y - np.einsum("ij,j->i", X, theta)
    return 0.5 * np.einsum("i,i->", r, r) / r.size, -np.einsum("i,ij->j", r, X) / r.size


@alternative("squared_error")
def expanded_square(theta, X, y):
    """The square multiplied out, with the matrix of the normal equation."""
    m = X.shape[0]
    A, c = X.T @ X / m, X.T @ y / m
    gradient = A @ theta - c
    return 0.5 * (theta @ A @ theta - 2 * theta @ c + y @ y / m), gradient


@alternative("squared_error")
def in_columns(theta, X, y):
    """Columns all the way, flattened at the end; means of products for the gradient."""
    r = X.dot(theta.reshape(-1, 1)) - np.reshape(y, (-1, 1))
    return np.mean(np.square(r)) * 0.5, np.mean(r * X, axis=0)


# logistic_loss


@alternative("logistic_loss")
def softplus_by_hand(theta, X, y):
    """max(z, 0) + log1p(exp(-|z|)), and the sigmoid from the exponential."""
    z = np.dot(X, theta)
    e = np.exp(-np.abs(z))
    J = np.maximum(z, 0) + np.log1p(e) - y * z
    a = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return J.mean(), (a - y) @ X / y.size


@alternative("logistic_loss")
def signs_for_labels(theta, X, y):
    """log(1 + exp(-s z)) with signs s = -1 and 1."""
    s = 2 * y - 1
    margins = s * (X @ theta)
    J = np.mean(np.logaddexp(0, -margins))
    return J, -(X.T * (s * sigmoid(-margins))).mean(axis=1)


@alternative("logistic_loss")
def one_example_after_the_other(theta, X, y):
    """A loop with the math module."""
    m = len(X)
    total, gradient = 0.0, [0.0] * len(theta)
    for x, label in zip(X, y, strict=True):
        z = float(x @ theta)
        e = math.exp(-abs(z))
        total += max(z, 0.0) + math.log1p(e) - int(label) * z
        a = 1 / (1 + e) if z >= 0 else e / (1 + e)
        for j in range(len(theta)):
            gradient[j] += (a - int(label)) * float(x[j])
    return total / m, np.array(gradient) / m


@alternative("logistic_loss")
def two_classes_apart(theta, X, y):
    """Boolean masks: softplus of -z for class 1 and of z for class 0."""
    z = np.einsum("ij,j->i", X, theta)
    ones = y == 1
    J = (np.logaddexp(0, -z[ones]).sum() + np.logaddexp(0, z[~ones]).sum()) / len(y)
    return float(J), np.einsum("i,ij->j", sigmoid(z) - ones, X) / len(y)


# minibatches


@alternative("minibatches")
def shuffled_copies(X, y, batch_size, rng):
    """Shuffled copies are cut into views."""
    order = np.arange(len(y))
    rng.shuffle(order)
    X, y = X[order], y[order]
    start = 0
    while start < len(y):
        yield X[start : start + batch_size], y[start : start + batch_size]
        start += batch_size


@alternative("minibatches")
def sorted_by_random_numbers(X, y, batch_size, rng):
    """The order is that of random numbers, cut up by np.split."""
    order = np.argsort(rng.random(len(X)))
    for batch in np.split(order, range(batch_size, len(X), batch_size)):
        yield X[batch], y[batch]


@alternative("minibatches")
def a_generator_expression(X, y, batch_size, rng):
    """A generator expression is returned instead of yielding."""
    order = rng.permutation(X.shape[0])
    batches = [order[k : k + batch_size] for k in range(0, X.shape[0], batch_size)]
    return ((np.take(X, batch, axis=0), np.take(y, batch)) for batch in batches)


@alternative("minibatches")
def drawn_from_what_is_left(X, y, batch_size, rng):
    """Each batch is drawn without replacement from the examples that are left."""
    left = np.arange(len(X))
    while len(left):
        batch = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, batch)
        yield X[batch], y[batch]


# train


@alternative("train")
def indices_of_its_own(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Without minibatches: a permutation in each epoch."""
    theta, state, losses = theta0.copy(), None, []
    m = len(y)
    for _ in range(n_epochs):
        order = rng.permutation(m)
        for k in range(0, m, batch_size):
            batch = order[k : k + batch_size]
            value, gradient = loss(theta, X[batch], y[batch])
            theta, state = step(theta, gradient, state, learning_rate)
            losses.append(float(value))
    return theta, losses


@alternative("train")
def while_epochs_are_left(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """A while loop; the loss first, then the rest; keywords in the call of step."""
    theta, state, losses, epoch = theta0, None, [], 0
    while epoch < n_epochs:
        for batch in list(minibatches(X, y, batch_size, rng)):
            result = loss(theta, *batch)
            losses += [result[0]]
            theta, state = step(theta, result[1], state, learning_rate=learning_rate)
        epoch += 1
    return theta, losses


@alternative("train")
def chain_of_batches(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """A chain of batches from all epochs; the losses as an array."""

    def all_batches():
        for _ in range(n_epochs):
            yield from minibatches(X, y, batch_size, rng)

    theta, state, losses = np.array(theta0, dtype=float), None, []
    for X_batch, y_batch in all_batches():
        J, gradient = loss(theta, X_batch, y_batch)
        losses.append(J)
        theta, state = step(theta, gradient, state, learning_rate)
    return theta, np.array(losses)


# momentum_step


@alternative("momentum_step")
def velocity_of_zeros(theta, grad, state, learning_rate, momentum=0.9):
    """An array of zeros at the start, and get."""
    v = (state or {}).get("velocity", np.zeros_like(theta)) * momentum + grad
    return theta - v * learning_rate, {"velocity": v, "steps": 1}


@alternative("momentum_step")
def first_step_apart(theta, grad, state, learning_rate, momentum=0.9):
    """The first step is a case of its own, as in PyTorch."""
    v = grad.copy() if state is None else np.multiply(momentum, state["buffer"]) + grad
    new = theta.copy()
    new -= learning_rate * v
    return new, {"buffer": v}


@alternative("momentum_step")
def falling_velocity(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity points downhill, and is added."""
    v = -grad
    if state:
        v = v + momentum * state["v"]
    return theta + learning_rate * v, {"v": v}


@alternative("momentum_step")
def all_gradients_remembered(theta, grad, state, learning_rate, momentum=0.9):
    """Every gradient is kept, and the velocity is summed up anew."""
    past = [*([] if state is None else state["past"]), grad]
    v = sum(momentum ** (len(past) - 1 - k) * g for k, g in enumerate(past))
    return theta - learning_rate * v, {"past": past}


# adam_step


@alternative("adam_step")
def adam_from_zeros(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Arrays of zeros at the start, and a fresh dictionary."""
    if state is None:
        state = {"t": 0, "v": np.zeros_like(theta), "s": np.zeros_like(theta)}
    new = {
        "t": state["t"] + 1,
        "v": state["v"] * beta1 + grad * (1 - beta1),
        "s": state["s"] * beta2 + grad * grad * (1 - beta2),
    }
    v_hat = new["v"] / (1 - beta1 ** new["t"])
    s_hat = new["s"] / (1 - beta2 ** new["t"])
    return theta - learning_rate * (v_hat / (s_hat**0.5 + eps)), new


@alternative("adam_step")
def adam_as_in_pytorch(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The order of operations of PyTorch: the corrections in step size and denominator."""
    t, v, s = (0, 0 * grad, 0 * grad) if state is None else (state["t"], state["v"], state["s"])
    t += 1
    v = v + (grad - v) * (1 - beta1)
    s = s * beta2 + (1 - beta2) * grad * grad
    denominator = np.sqrt(s) / math.sqrt(1 - beta2**t) + eps
    step_size = learning_rate / (1 - beta1**t)
    return theta - step_size * v / denominator, {"t": t, "v": v, "s": s}


@alternative("adam_step")
def adam_with_running_powers(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The powers of the betas are remembered instead of t."""
    state = state or {"p1": 1.0, "p2": 1.0, "v": 0.0, "s": 0.0}
    p1, p2 = state["p1"] * beta1, state["p2"] * beta2
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * np.power(grad, 2)
    move = (v / (1 - p1)) / (eps + np.sqrt(s / (1 - p2)))
    return theta - learning_rate * move, {"p1": p1, "p2": p2, "v": v, "s": s}


@alternative("adam_step")
def adam_all_gradients(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Every gradient is kept; weighted means whose weights add up to 1 need no correction."""
    past = np.array([*([] if state is None else state["past"]), grad])
    ages = np.arange(len(past) - 1, -1, -1)

    def weighted_mean(values, beta):
        weights = (1 - beta) * np.power(float(beta), ages)
        return np.tensordot(weights, values, axes=1) / weights.sum()

    move = weighted_mean(past, beta1) / (np.sqrt(weighted_mean(past**2, beta2)) + eps)
    return theta - learning_rate * move, {"past": past}


# fit_curve


@alternative("fit_curve")
def plain_steps_and_half_a_cosine(loss, m, n_hidden, budget, rng):
    """SGD on batches of 25, along half a cosine."""
    w1, w2 = 1.5 * rng.choice([-1, 1], size=n_hidden), rng.normal(size=n_hidden) / 10
    theta = np.concatenate([w1, np.linspace(-4, 4, n_hidden), w2, np.zeros(1)])
    n_steps = budget // 25
    for k in range(n_steps):
        batch = rng.choice(m, size=min(25, m), replace=False)
        _, gradient = loss(theta, batch)
        theta = theta - 0.2 * (0.5 + 0.5 * math.cos(math.pi * k / n_steps)) * gradient
    return theta


@alternative("fit_curve")
def momentum_with_two_falls(loss, m, n_hidden, budget, rng):
    """Momentum; the rate falls to a fifth after half of the way and once more near the end."""
    slopes = np.where(rng.random(n_hidden) < 0.5, -1.5, 1.5)
    theta = np.zeros(3 * n_hidden + 1)
    theta[:n_hidden] = slopes
    theta[n_hidden : 2 * n_hidden] = -slopes * rng.uniform(-3, 3, size=n_hidden)
    state, size = None, max(25, min(40, budget))
    total = budget // size
    for k in range(total):
        rate = 0.05 if k < 0.5 * total else 0.01 if k < 0.8 * total else 0.002
        _, gradient = loss(theta, rng.integers(m, size=size))
        theta, state = momentum_step(theta, gradient, state, rate)
    return theta


@alternative("fit_curve")
def nesterov_down_a_straight_line(loss, m, n_hidden, budget, rng):
    """Nesterov's steps, epochs of shuffled batches, and a rate that falls in a straight line."""
    slopes = rng.uniform(1, 2, size=n_hidden) * rng.choice([-1, 1], size=n_hidden)
    bends = np.linspace(-3, 3, n_hidden)
    w2 = 0.1 * rng.normal(size=n_hidden)
    theta, state, spent = np.concatenate([slopes, -slopes * bends, w2, [0]]), None, 0
    while True:
        order = rng.permutation(m)
        for start in range(0, m, 50):
            batch = order[start : start + 50]
            spent += max(25, len(batch))
            if spent > budget:
                return theta
            grad = loss(theta, batch)[1]
            theta, state = nesterov_step(theta, grad, state, 0.06 * (1 - spent / budget))


@alternative("fit_curve")
def momentum_one_over_k(loss, m, n_hidden, budget, rng):
    """Momentum with a rate like 1 / (1 + c k)."""
    slopes = rng.choice(np.array([-1.5, 1.5]), size=n_hidden)
    bends = np.linspace(-3, 3, n_hidden)
    theta = np.concatenate([slopes, -slopes * bends, np.zeros(n_hidden + 1)])
    state, size = None, min(40, budget)
    n_steps = budget // size
    for k in range(n_steps):
        batch = rng.integers(m, size=size)
        theta, state = momentum_step(
            theta, loss(theta, batch)[1], state, 0.15 / (1 + 100 * k / n_steps)
        )
    return theta


@alternative("fit_curve")
def rmsprop_halved_again_and_again(loss, m, n_hidden, budget, rng):
    """RMSprop; the rate is halved eight times."""
    theta = np.zeros((3, n_hidden))
    theta[0] = rng.choice([-1.5, 1.5], size=n_hidden)
    theta[1] = -theta[0] * rng.uniform(-3, 3, size=n_hidden)
    theta, state = np.append(theta.ravel(), 0.0), None
    n_steps = budget // 25
    for k in range(n_steps):
        gradient = loss(theta, rng.integers(0, m, 25))[1]
        theta, state = rmsprop_step(theta, gradient, state, 0.03 * 0.5 ** (8 * k // n_steps))
    return theta


@alternative("fit_curve")
def constant_rate_and_the_mean_of_the_way(loss, m, n_hidden, budget, rng):
    """Adam with a constant rate; the points of the second half are averaged."""
    slopes = rng.choice([-1.5, 1.5], size=n_hidden)
    bends = rng.uniform(-3, 3, size=n_hidden)
    theta = np.concatenate([slopes, -slopes * bends, rng.normal(size=n_hidden) / 20, [0.0]])
    path, state = [], None
    for _ in range(budget // 40 or 1):
        batch = rng.integers(m, size=min(40, budget))
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.02)
        path.append(theta)
    return np.mean(path[len(path) // 2 :], axis=0)


@alternative("fit_curve")
def until_the_loss_refuses(loss, m, n_hidden, budget, rng):
    """Adam written out; the rate falls like a power until the loss raises its error."""
    w1 = rng.choice([-1.5, 1.5], size=n_hidden)
    b1 = -w1 * rng.uniform(-3, 3, size=n_hidden)
    theta = np.r_[w1, b1, rng.normal(scale=0.1, size=n_hidden), 0.0]
    v, s, k = np.zeros(theta.size), np.zeros(theta.size), 0
    try:
        while True:
            _, gradient = loss(theta, rng.integers(0, m, size=min(25, budget)))
            k += 1
            v, s = 0.9 * v + 0.1 * gradient, 0.99 * s + 0.01 * gradient**2
            rate = 0.04 * 0.01 ** (25 * k / budget)
            theta = theta - rate * (v / (1 - 0.9**k)) / (np.sqrt(s / (1 - 0.99**k)) + 1e-8)
    except Exception:
        return theta


@alternative("fit_curve")
def batches_that_grow(loss, m, n_hidden, budget, rng):
    """The rate falls only a little; the batches grow from 25 to 200 instead."""
    w1 = rng.choice([-1.5, 1.5], size=n_hidden)
    bends = rng.permutation(np.linspace(-3, 3, n_hidden))
    theta, state, left = np.concatenate([w1, -w1 * bends, np.zeros(n_hidden), [0]]), None, budget
    while left >= 25:
        done = 1 - left / budget
        size = min(int(25 * 8**done), left)
        left -= size
        _, gradient = loss(theta, rng.integers(m, size=size))
        theta, state = momentum_step(theta, gradient, state, 0.05 * (1 - 0.9 * done))
    return theta


@alternative("fit_curve")
def warm_up_then_down(loss, m, n_hidden, budget, rng):
    """AdamW; a warm-up and a cosine; batches as lists of numbers."""
    half = rng.normal(size=n_hidden) * 0.2
    slopes = 1.5 * np.sign(half)
    theta = np.concatenate([slopes, slopes * rng.uniform(-3, 3, size=n_hidden), half, [0.0]])
    n_steps, state, waiting = budget // 25, None, []
    for k in range(n_steps):
        if len(waiting) < 25:
            waiting = rng.permutation(m).tolist()
        batch, waiting = waiting[:25], waiting[25:]
        rate = 0.03 * min(1, (k + 1) / (0.1 * n_steps)) * (1 + np.cos(np.pi * k / n_steps)) / 2
        gradient = loss(theta, batch)[1]
        theta, state = adamw_step(theta, gradient, state, rate, weight_decay=1e-3)
    return theta
