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


@alternative("gradient_descent")
def copy_changed_in_place(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A copy of the start is changed in place; the gradient's own array is scaled on the way."""
    theta = theta0.copy()
    path = [theta.copy()]
    for _ in range(n_steps):
        slope = grad(theta)
        if np.sqrt(np.sum(slope**2)) <= tol:
            break
        slope *= learning_rate
        theta -= slope
        path.append(theta.copy())
    return np.array(path)


@alternative("gradient_descent")
def step_by_recursion(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Halves of the walk, one after the other, each by a call of its own."""

    def walked(theta, steps):
        if steps == 0 or (slope := grad(theta)) @ slope <= tol**2:
            return [theta]
        if steps == 1:
            return [theta, theta - learning_rate * slope]
        first = walked(theta, steps // 2)
        if len(first) <= steps // 2:
            return first
        return first[:-1] + walked(first[-1], steps - steps // 2)

    return np.vstack(walked(theta0, n_steps))


@alternative("gradient_descent")
def with_accumulate(grad, theta0, learning_rate, n_steps, tol=0.0):
    """itertools.accumulate makes the points, takewhile ends them."""
    from itertools import accumulate, takewhile

    def step(theta, _):
        g = None if theta is None else grad(theta)
        return None if g is None or np.linalg.norm(g, ord=2) <= tol else theta - learning_rate * g

    points = accumulate(range(n_steps), step, initial=theta0)
    return np.stack(list(takewhile(lambda theta: theta is not None, points)))


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


@alternative("is_convex_on_segment")
def three_values_at_a_time(f, x0, x1):
    """Each point is asked for three times; formula (3) word by word."""
    p = x0 + np.linspace(0, 1, 101)[:, None] * (x1 - x0)
    return all(f(p[k]) <= 0.5 * (f(p[k - 1]) + f(p[k + 1])) + 1e-9 for k in range(1, 100))


@alternative("is_convex_on_segment")
def convolved(f, x0, x1):
    """A convolution gives each point's excess."""
    values = [f(x1 * (k / 100) + x0 * (1 - k / 100)) for k in range(101)]
    return not (np.convolve(values, [-0.5, 1.0, -0.5], mode="valid") > 1e-9).any()


@alternative("is_convex_on_segment")
def one_point_moved_along(f, x0, x1):
    """One array of its own is moved in place, and its values are collected."""
    x, step, values = np.array(x0, dtype=float), (x1 - x0) / 100, []
    for k in range(101):
        np.add(x0, k * step, out=x)
        values.append(float(f(x)))
    v = np.asarray(values)
    return bool(np.max(v[1:-1] - 0.5 * v[:-2] - 0.5 * v[2:]) <= 1e-9)


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


@alternative("squared_error")
def residuals_in_an_array_of_its_own(theta, X, y):
    """np.subtract with out=, and the squared length of the residuals."""
    r = X.dot(theta)
    np.subtract(r, y, out=r)
    return np.linalg.norm(r) ** 2 / (2 * r.shape[0]), np.dot(r, X) / r.shape[0]


@alternative("squared_error")
def mean_of_single_gradients(theta, X, y):
    """A gradient for each example, and their mean."""
    r = (X * theta).sum(axis=1) - y
    gradients = np.array([error * x for error, x in zip(r, X, strict=True)])
    return float(np.average(r * r)) * 0.5, gradients.mean(axis=0)


@alternative("squared_error")
def one_matrix_for_both(theta, X, y):
    """X and y side by side, and (theta, -1): residuals and gradient in one product each."""
    both = np.column_stack([X, y])
    r = both @ np.append(theta, -1.0)
    return float(r @ r / (2 * len(r))), (both.T @ r)[:-1] / len(r)


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
def logarithms_of_both_probabilities(theta, X, y):
    """log sigma(z) = -log(1 + exp(-z)) for both classes, weighted by the label."""
    z = X @ theta
    log_a, log_1_minus_a = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    J = -(y * log_a + (1 - y) * log_1_minus_a).mean()
    return J, ((np.exp(log_a) - y)[:, None] * X).mean(axis=0)


@alternative("logistic_loss")
def half_a_tanh(theta, X, y):
    """The sigmoid as 1/2 + 1/2 tanh(z/2); the loss by cases."""
    z = (X @ theta).astype(float)
    wrong_way = np.where(y == 1, -z, z)
    J = np.where(wrong_way > 0, wrong_way, 0.0) + np.log1p(np.exp(-np.abs(wrong_way)))
    return float(np.sum(J) / len(J)), (0.5 + 0.5 * np.tanh(z / 2) - y).dot(X) / len(J)


@alternative("logistic_loss")
def through_the_given_loss(theta, X, y):
    """binary_cross_entropy on a column made by reshape; ravel at the end."""
    J, dZ = binary_cross_entropy(X @ theta.reshape(-1, 1), y)
    return J, np.ravel(dZ.T @ X)


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


@alternative("minibatches")
def all_batches_in_a_list(X, y, batch_size, rng):
    """A list of batches, and no generator."""
    order = rng.permutation(len(y))
    cuts = [order[k : k + batch_size] for k in range(0, len(order), batch_size)]
    return [(X[cut], y[cut]) for cut in cuts]


@alternative("minibatches")
def swapped_from_the_end(X, y, batch_size, rng):
    """Fisher and Yates by hand, on a list of numbers."""
    order = list(range(len(X)))
    for i in range(len(order) - 1, 0, -1):
        j = int(rng.integers(i + 1))
        order[i], order[j] = order[j], order[i]
    while order:
        batch, order = order[:batch_size], order[batch_size:]
        yield X[batch, :], y[batch]


@alternative("minibatches")
def pairs_drawn_from_an_iterator(X, y, batch_size, rng):
    """islice takes batch_size numbers at a time from an iterator."""
    from itertools import islice

    numbers = iter(rng.permutation(X.shape[0]).tolist())
    while batch := list(islice(numbers, batch_size)):
        yield np.stack([X[i] for i in batch]), y.take(batch)


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


@alternative("train")
def by_number_of_steps(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One loop over all steps; a new order whenever the old one is used up."""
    theta, state, losses = np.copy(theta0), None, []
    per_epoch = -(-len(X) // batch_size)
    for k in range(n_epochs * per_epoch):
        if k % per_epoch == 0:
            order = rng.permutation(len(X))
        batch = order[batch_size * (k % per_epoch) :][:batch_size]
        J, gradient = loss(theta, X[batch], y[batch])
        losses.append(J)
        theta, state = step(theta, gradient, state, learning_rate)
    return theta, losses


@alternative("train")
def shuffled_table(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Its own order is shuffled again and again, in place; losses in an array filled in."""
    order, state, theta, k = np.arange(len(y)), None, theta0, 0
    losses = np.empty(n_epochs * int(np.ceil(len(y) / batch_size)))
    for _ in range(n_epochs):
        rng.shuffle(order)
        for batch in np.split(order, range(batch_size, len(y), batch_size)):
            losses[k], gradient = loss(theta, X[batch], y[batch])
            theta, state = step(theta, gradient, state, learning_rate)
            k += 1
    return theta, losses.tolist()


@alternative("train")
def helper_for_one_epoch(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """A nested function for an epoch; a tuple of theta and state is handed on."""

    def epoch(now):
        of_epoch = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, slope = loss(now[0], X_batch, y_batch)
            now = step(now[0], slope, now[1], learning_rate)
            of_epoch.append(J)
        return now, of_epoch

    now, losses = (theta0, None), []
    for _ in range(n_epochs):
        now, of_epoch = epoch(now)
        losses.extend(of_epoch)
    return now[0], losses


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


@alternative("momentum_step")
def entry_by_entry(theta, grad, state, learning_rate, momentum=0.9):
    """A loop over all entries, for any shape."""
    old = np.zeros(np.shape(theta)) if state is None else state["velocity"]
    v, new = np.empty(np.shape(theta)), np.empty(np.shape(theta))
    for place in np.ndindex(np.shape(theta)):
        v[place] = momentum * old[place] + grad[place]
        new[place] = theta[place] - learning_rate * v[place]
    return new, {"velocity": v}


@alternative("momentum_step")
def scaled_in_a_new_array(theta, grad, state, learning_rate, momentum=0.9):
    """A copy of the velocity is changed in place."""
    v = np.array(0.0 * grad if state is None else state["v"], dtype=float)
    v *= momentum
    v += grad
    return np.subtract(theta, np.multiply(learning_rate, v)), {"v": v}


@alternative("momentum_step")
def velocity_in_a_list(theta, grad, state, learning_rate, momentum=0.9):
    """A list with the velocity is the memory."""
    v = grad + 0.0 if state is None else grad + momentum * state["all"][0]
    return theta + (-learning_rate) * v, {"all": [v]}


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


@alternative("adam_step")
def adam_entry_by_entry(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """A loop over all entries with the math module."""
    shape = np.shape(theta)
    old = state or {"t": 0, "v": np.zeros(shape), "s": np.zeros(shape)}
    t, v, s, new = old["t"] + 1, np.empty(shape), np.empty(shape), np.empty(shape)
    for k in np.ndindex(shape):
        g = float(grad[k])
        v[k] = beta1 * old["v"][k] + (1 - beta1) * g
        s[k] = beta2 * old["s"][k] + (1 - beta2) * g * g
        root = math.sqrt(s[k] / (1 - beta2**t))
        new[k] = theta[k] - learning_rate * (v[k] / (1 - beta1**t)) / (root + eps)
    return new, {"t": t, "v": v, "s": s}


@alternative("adam_step")
def adam_on_copies_in_place(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Copies of theta and of the averages are changed in place."""
    t = 1 if state is None else state["steps"] + 1
    v = np.zeros(np.shape(theta)) if state is None else np.array(state["m"])
    s = np.zeros(np.shape(theta)) if state is None else np.array(state["u"])
    v += (1 - beta1) * (grad - v)
    s += (1 - beta2) * (np.square(grad) - s)
    new = np.array(theta)
    new -= learning_rate * v / (1 - beta1**t) / (eps + np.sqrt(s / (1 - beta2**t)))
    return new, {"steps": t, "m": v, "u": s}


@alternative("adam_step")
def adam_with_hats_remembered_rightly(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8
):
    """The hats are remembered, and taken off before the next step."""
    t, v_hat, s_hat = (0, 0.0, 0.0) if state is None else state["all"]
    v = beta1 * (v_hat * (1 - beta1**t)) + (1 - beta1) * grad
    s = beta2 * (s_hat * (1 - beta2**t)) + (1 - beta2) * grad**2
    t += 1
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (s_hat**0.5 + eps), {"all": [t, v_hat, s_hat]}


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
