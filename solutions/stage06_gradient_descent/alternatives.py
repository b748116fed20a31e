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


# normal_equation


@alternative("normal_equation")
def with_the_inverse(X, y):
    """The inverse of the matrix."""
    return np.linalg.inv(X.T @ X) @ X.T @ y


@alternative("normal_equation")
def with_lstsq(X, y):
    """NumPy's own least squares, on X itself."""
    return np.linalg.lstsq(X, y, rcond=None)[0]


@alternative("normal_equation")
def with_qr(X, y):
    """The QR decomposition: R theta = Q^T y."""
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


@alternative("normal_equation")
def with_the_pseudoinverse(X, y):
    """Moore's and Penrose's pseudoinverse."""
    return np.linalg.pinv(X) @ y


@alternative("normal_equation")
def with_cholesky(X, y):
    """Cholesky's factors, and a column flattened to a view."""
    m = len(y)
    L = np.linalg.cholesky(X.T @ X / m)
    half = np.linalg.solve(L, X.T @ y.reshape(-1, 1) / m)
    return np.linalg.solve(L.T, half).ravel()


# fit_by_descent


@alternative("fit_by_descent")
def loop_of_its_own(X, y, learning_rate, n_steps):
    """A loop, without the earlier tasks."""
    theta = np.zeros(X.shape[1])
    for _ in range(n_steps):
        theta = theta - learning_rate * (X.T @ (X @ theta - y)) / len(y)
    return theta


@alternative("fit_by_descent")
def matrix_prepared(X, y, learning_rate, n_steps):
    """The matrix of second derivatives is formed once; theta is changed in place."""
    m, n = X.shape
    A, c = X.T @ X / m, X.T @ y / m
    theta = np.zeros(n)
    for _ in range(n_steps):
        theta -= learning_rate * (A @ theta - c)
    return theta


@alternative("fit_by_descent")
def with_a_nested_gradient(X, y, learning_rate, n_steps):
    """A nested gradient function, and the last row as a view."""

    def grad(theta):
        _, gradient = squared_error(theta, X, y)
        return gradient

    return gradient_descent(grad, np.zeros(X.shape[1]), learning_rate, n_steps, tol=0)[-1, :]


@alternative("fit_by_descent")
def stops_when_nothing_moves(X, y, learning_rate, n_steps):
    """Stops as soon as a step no longer changes anything."""
    theta = 0.0 * X[0]
    for _ in range(n_steps):
        _, gradient = squared_error(theta, X, y)
        following = theta - learning_rate * gradient
        if np.array_equal(following, theta):
            break
        theta = following
    return theta


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


@alternative("logistic_loss")
def logistic_in_single_precision(theta, X, y):
    """float32 inside."""
    X32 = X.astype(np.float32)
    z = X32 @ theta.astype(np.float32)
    J = np.mean(np.logaddexp(np.float32(0), z) - y.astype(np.float32) * z)
    return J, X32.T @ (sigmoid(z).astype(np.float32) - y.astype(np.float32)) / np.float32(len(y))


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


# sgd_step


@alternative("sgd_step")
def on_a_copy(theta, grad, state, learning_rate):
    """A copy is changed in place."""
    new = theta.copy()
    new -= learning_rate * grad
    return new, state


@alternative("sgd_step")
def with_numpy_functions(theta, grad, state, learning_rate):
    """np.subtract and np.multiply."""
    return np.subtract(theta, np.multiply(learning_rate, grad)), state


@alternative("sgd_step")
def plus_the_negative(theta, grad, state, learning_rate):
    """The negative gradient is added, in float32."""
    return theta.astype(np.float32) + np.float32(-learning_rate) * grad.astype(np.float32), state


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


# nesterov_step


@alternative("nesterov_step")
def nesterov_from_zeros(theta, grad, state, learning_rate, momentum=0.9):
    """An array of zeros at the start."""
    if state is None:
        state = {"v": np.zeros(theta.shape)}
    v = grad + momentum * state["v"]
    direction = v * momentum
    direction += grad
    return theta - learning_rate * direction, {"v": v}


@alternative("nesterov_step")
def nesterov_multiplied_out(theta, grad, state, learning_rate, momentum=0.9):
    """g + μ v written out as (1 + μ) g + μ² v_old."""
    old = np.zeros_like(theta) if state is None else state["v"]
    new = theta - learning_rate * ((1 + momentum) * grad + momentum**2 * old)
    return new, {"v": momentum * old + grad}


@alternative("nesterov_step")
def nesterov_in_two_steps(theta, grad, state, learning_rate, momentum=0.9):
    """First along the gradient, then along the velocity; the velocity points downhill."""
    v = -grad if state is None else momentum * state["down"] - grad
    half_way = theta - learning_rate * grad
    return half_way + learning_rate * momentum * v, {"down": v}


@alternative("nesterov_step")
def nesterov_by_momentum(theta, grad, state, learning_rate, momentum=0.9):
    """A step of momentum first; the remembered velocity is that of the next step."""
    _, state = momentum_step(theta, grad, state, learning_rate, momentum)
    ahead, _ = momentum_step(theta, grad, state, learning_rate, momentum)
    return ahead, state


# adagrad_step


@alternative("adagrad_step")
def adagrad_from_zeros(theta, grad, state, learning_rate, eps=1e-10):
    """An array of zeros at the start; np.divide."""
    s = np.zeros_like(theta) if state is None else state["sum"].copy()
    s += grad * grad
    return theta - np.divide(learning_rate * grad, eps + s**0.5), {"sum": s}


@alternative("adagrad_step")
def adagrad_keeps_the_root(theta, grad, state, learning_rate, eps=1e-10):
    """The root is remembered: the new one by np.hypot."""
    root = np.abs(grad) if state is None else np.hypot(state["root"], grad)
    return theta - learning_rate / (root + eps) * grad, {"root": root}


@alternative("adagrad_step")
def adagrad_all_gradients(theta, grad, state, learning_rate, eps=1e-10):
    """Every gradient is kept."""
    past = [*(state["past"] if state else []), grad]
    root = np.linalg.norm(np.stack(past), axis=0)
    return theta - learning_rate * grad / (root + eps), {"past": past}


@alternative("adagrad_step")
def adagrad_entry_by_entry(theta, grad, state, learning_rate, eps=1e-10):
    """Plain Python over the flattened arrays."""
    sums = [0.0] * theta.size if state is None else state["sums"]
    sums = [s + g * g for s, g in zip(sums, grad.ravel().tolist(), strict=True)]
    moves = [g / (math.sqrt(s) + eps) for g, s in zip(grad.ravel().tolist(), sums, strict=True)]
    return theta - learning_rate * np.reshape(moves, theta.shape), {"sums": sums}


# rmsprop_step


@alternative("rmsprop_step")
def rmsprop_from_zeros(theta, grad, state, learning_rate, alpha=0.99, eps=1e-8):
    """An array of zeros at the start."""
    s = np.zeros_like(theta) if state is None else state["s"]
    s = s * alpha + np.square(grad) * (1.0 - alpha)
    return theta - learning_rate * (grad / (s**0.5 + eps)), dict(s=s)  # noqa: C408


@alternative("rmsprop_step")
def rmsprop_towards_the_square(theta, grad, state, learning_rate, alpha=0.99, eps=1e-8):
    """The average moves a part of the way towards the new square."""
    old = 0 * grad if state is None else state["average"]
    s = old + (1 - alpha) * (grad**2 - old)
    return theta - learning_rate / (np.sqrt(s) + eps) * grad, {"average": s}


@alternative("rmsprop_step")
def rmsprop_all_gradients(theta, grad, state, learning_rate, alpha=0.99, eps=1e-8):
    """Every square is kept, and the average is formed anew."""
    squares = [*([] if state is None else state["squares"]), grad**2]
    shares = (1 - alpha) * alpha ** np.arange(len(squares) - 1, -1, -1)
    s = np.tensordot(shares, np.array(squares), axes=1)
    return theta - learning_rate * grad / (np.sqrt(s) + eps), {"squares": squares}


@alternative("rmsprop_step")
def rmsprop_on_a_copy(theta, grad, state, learning_rate, alpha=0.99, eps=1e-8):
    """Copies are changed in place, as PyTorch changes the parameters."""
    s = np.zeros_like(theta) if state is None else state["s"].copy()
    s *= alpha
    s += (1 - alpha) * grad * grad
    new = theta.copy()
    new -= learning_rate * grad / np.add(np.sqrt(s), eps)
    return new, {"s": s}


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


# adamw_step


@alternative("adamw_step")
def decay_as_a_factor(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    """The parameters are multiplied by 1 - ηλ, and Adam's options are named."""
    smaller = (1 - learning_rate * weight_decay) * theta
    return adam_step(smaller, grad, state, learning_rate, beta1=beta1, beta2=beta2, eps=eps)


@alternative("adamw_step")
def decay_subtracted_last(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    """Adam's step first, then the decay of the parameters as they were before."""
    new, state = adam_step(theta, grad, state, learning_rate, beta1, beta2, eps)
    return new - learning_rate * weight_decay * theta, state


@alternative("adamw_step")
def all_in_one(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    """Without adam_step, in one formula."""
    t, v, s = (0, 0.0, 0.0) if state is None else (state["t"], state["v"], state["s"])
    t, v, s = t + 1, beta1 * v + (1 - beta1) * grad, beta2 * s + (1 - beta2) * grad**2
    move = v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps) + weight_decay * theta
    return theta - learning_rate * move, {"t": t, "v": v, "s": s}
