"""Held-out answers to stage 6: read as source, never imported."""

import numpy as np


@mistake("gradient_descent", breaks="before each step look at the gradient; the path ends there")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Steps first and looks at the length of the gradient afterwards: one step too many."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        path.append(path[-1] - learning_rate * gradient)
        if np.linalg.norm(gradient) <= tol:
            break
    return np.array(path)


@mistake("gradient_descent", breaks="where its length, the root of the squares, is at most tol")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Compares the largest entry of the gradient with tol, not its length."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.max(np.abs(gradient)) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="stop as soon as the length is AT MOST tol, 0.0 by default")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """With tol = 0 it never stops, not even where the gradient is 0."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if tol and np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="every further row is one step; only flat ground ends it")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Gives up when the gradient is longer than 1e12."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        length = np.linalg.norm(gradient)
        if length <= tol or length > 1e12:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@right("gradient_descent")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A table made beforehand, filled row by row and cut off where the walk ends."""
    import math

    table = np.empty((n_steps + 1, theta0.size))
    table[0] = theta0
    k = 0
    while k < n_steps:
        slope = np.array(grad(table[k].copy()), dtype=float)
        if math.hypot(*slope.tolist()) <= tol:
            break
        np.multiply(slope, -learning_rate, out=slope)
        np.add(table[k], slope, out=table[k + 1])
        k += 1
    return table[: k + 1].copy()


@mistake("is_convex_on_segment", breaks="none may lie above the chord of its two neighbours")
def is_convex_on_segment(f, x0, x1):
    """Compares the points with the long chord from x0 to x1."""
    t = np.linspace(0, 1, 101)
    values = np.array([float(f((1 - s) * x0 + s * x1)) for s in t])
    return bool(np.all(values <= (1 - t) * values[0] + t * values[-1] + 1e-9))


@mistake("is_convex_on_segment", breaks="for k = 1, ..., 99: the points from x0 to x1")
def is_convex_on_segment(f, x0, x1):
    """Tests the two ends as well, with a neighbour of theirs outside of the segment."""
    v = np.array([float(f((1 - t) * x0 + t * x1)) for t in np.linspace(-0.01, 1.01, 103)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@mistake("is_convex_on_segment", breaks="True if NO point is more than 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """Allows 1e-9 for all the excesses together."""
    v = np.array([float(f((1 - t) * x0 + t * x1)) for t in np.linspace(0, 1, 101)])
    excess = v[1:-1] - (v[:-2] + v[2:]) / 2
    return bool(np.sum(excess[excess > 0]) <= 1e-9)


@mistake("is_convex_on_segment", breaks="allow an excess of up to 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """Compares twice the value with the sum of its neighbours, but does not double the 1e-9."""
    v = np.array([float(f((1 - t) * x0 + t * x1)) for t in np.linspace(0, 1, 101)])
    return bool(np.all(2 * v[1:-1] <= v[:-2] + v[2:] + 1e-9))


@right("is_convex_on_segment")
def is_convex_on_segment(f, x0, x1):
    """A generator of values, and a window of three that slides over them."""

    def heights():
        for k in range(101):
            yield float(f(x0 * ((100 - k) / 100) + x1 * (k / 100)))

    before = here = None
    for after in heights():
        if before is not None and here - 0.5 * before - 0.5 * after > 1e-9:
            return False
        before, here = here, after
    return True


@mistake("squared_error", breaks="gradient = X^T (X theta - y) / m")
def squared_error(theta, X, y):
    """Divides the gradient by the number of parameters."""
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / len(theta)


@mistake("squared_error", breaks="X has its column of ones already, if it wants one")
def squared_error(theta, X, y):
    """Takes the last column for ones, whatever is in it, in the gradient."""
    r = X @ theta - y
    gradient = X.T @ r / len(y)
    gradient[-1] = np.mean(r)
    return float(np.mean(r**2) / 2), gradient


@mistake("squared_error", breaks="J is the mean of the squared residuals, times 1/2")
def squared_error(theta, X, y):
    """Rounds the loss to eight decimals, so that a loss of 1e-9 becomes 0."""
    r = X @ theta - y
    return round(float(r @ r) / (2 * len(y)), 8), X.T @ r / len(y)


@mistake("logistic_loss", breaks="exact for sums as large as ±1000: it costs 1000, not infinity")
def logistic_loss(theta, X, y):
    """Clips the probabilities to 1e-15 before the logarithm: at most 34.5."""
    a = sigmoid(X @ theta)
    safe = np.clip(a, 1e-15, 1 - 1e-15)
    J = float(-np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe)))
    return J, X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="the MEAN cross-entropy, gradient X^T (a - y) / m")
def logistic_loss(theta, X, y):
    """Divides both sums by the number of parameters instead of examples."""
    z = X @ theta
    n = X.shape[1]
    J = float(np.sum(np.logaddexp(0.0, z) - y * z) / n)
    return J, X.T @ (sigmoid(z) - y) / n


@mistake("logistic_loss", breaks="gradient = X^T (a - y) / m, with a = sigmoid(z)")
def logistic_loss(theta, X, y):
    """Clips the probabilities in the gradient to 0.001 and 0.999."""
    z = X @ theta
    J, _ = binary_cross_entropy(z[:, None], y)
    a = np.clip(sigmoid(z), 0.001, 0.999)
    return J, X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="the mean cross-entropy, and its gradient")
def logistic_loss(theta, X, y):
    """Averages each class by itself, and then the two averages."""
    z = X @ theta
    counts = np.bincount(y, minlength=2)
    weights = 1 / (counts[y] * np.count_nonzero(counts))
    J = float(weights @ (np.logaddexp(0.0, z) - y * z))
    return J, X.T @ (weights * (sigmoid(z) - y))


@right("logistic_loss")
def logistic_loss(theta, X, y):
    """Example by example in pure Python, by the margin z or -z."""
    import math

    J, gradient = 0.0, np.zeros(len(theta))
    for row, label in zip(X, y):
        sign = 1.0 if label == 1 else -1.0
        margin = sign * float(sum(x * t for x, t in zip(row, theta)))
        small = math.exp(-abs(margin))
        J += max(-margin, 0.0) + math.log1p(small)
        miss = (small if margin > 0 else 1.0) / (1.0 + small)
        gradient -= sign * miss * row
    return J / len(y), gradient / len(y)


@mistake("minibatches", breaks="the last batch is smaller, and it is kept: nobody is left out")
def minibatches(X, y, batch_size, rng):
    """Leaves out what does not fill a batch."""
    order = rng.permutation(len(X))
    size = min(batch_size, len(X))
    for start in range(0, len(X) - size + 1, size):
        piece = order[start : start + size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="every order of the examples is equally likely")
def minibatches(X, y, batch_size, rng):
    """Swaps each place with any place: of three examples, some orders come more often."""
    m = len(X)
    order = np.arange(m)
    for i in range(m):
        j = rng.integers(m)
        order[[i, j]] = order[[j, i]]
    for start in range(0, m, batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="batches of k examples, 1 <= k <= batch_size")
def minibatches(X, y, batch_size, rng):
    """Yields an empty batch in the end if batch_size divides m."""
    order = rng.permutation(len(X))
    for number in range(len(X) // batch_size + 1):
        piece = order[number * batch_size : (number + 1) * batch_size]
        yield X[piece], y[piece]


@right("minibatches")
def minibatches(X, y, batch_size, rng):
    """A shuffled stack of numbers, dealt from its top by pop()."""
    stack = list(range(len(X)))
    for i in range(len(stack) - 1, 0, -1):
        j = int(rng.integers(i + 1))
        stack[i], stack[j] = stack[j], stack[i]
    while stack:
        hand = [stack.pop() for _ in range(min(batch_size, len(stack)))]
        yield np.take(X, hand, axis=0), np.take(y, hand)


@mistake("train", breaks="the state starts as None and lives through all the epochs")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Begins each epoch with a state of None."""
    theta, losses = theta0.copy(), []
    for _ in range(n_epochs):
        state = None
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            theta, state = step(theta, grad, state, learning_rate)
            losses.append(J)
    return theta, losses


@mistake("train", breaks="record the loss of each batch as it was before its step")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Records the loss of each batch after its step."""
    theta, state, losses = theta0.copy(), None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, grad = loss(theta, X_batch, y_batch)
            theta, state = step(theta, grad, state, learning_rate)
            losses.append(loss(theta, X_batch, y_batch)[0])
    return theta, losses


@mistake("train", breaks="the loss of the batch and its gradient; update: one step with it")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Makes the gradient of a smaller last batch smaller, in proportion to its size."""
    theta, state, losses = theta0.copy(), None, []
    size = min(batch_size, len(X))
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            theta, state = step(theta, grad * (len(y_batch) / size), state, learning_rate)
            losses.append(J)
    return theta, losses


@mistake("train", breaks="for each epoch, for each mini-batch: the loss of each batch")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Breaks off when a loss is above 1e9, and returns fewer losses than there are batches."""
    theta, state, losses = theta0.copy(), None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            if J > 1e9:
                return theta, losses
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@right("train")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One chain of all the epochs' batches, folded by functools.reduce."""
    from functools import reduce
    from itertools import chain

    losses = []

    def update(walker, batch):
        theta, state = walker
        J, grad = loss(theta, *batch)
        losses.append(J)
        return step(theta, grad, state, learning_rate)

    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))
    theta, _ = reduce(update, chain.from_iterable(epochs), (np.array(theta0), None))
    return theta, losses


@mistake("momentum_step", breaks="the v in the second formula is the NEW velocity")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Steps along the old velocity, which is 0 at first."""
    old = np.zeros(np.shape(theta)) if state is None else state["v"]
    return theta - learning_rate * old, {"v": momentum * old + grad}


@mistake("momentum_step", breaks="nothing is remembered elsewhere; each array has its own state")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Keeps the velocity at the function: two arrays in turn share a single one."""
    old = 0.0 if state is None else momentum_step.velocity
    momentum_step.velocity = momentum * old + grad
    return theta - learning_rate * momentum_step.velocity, {"started": True}


@mistake("momentum_step", breaks="v = mu v + gradient, however small")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Takes a velocity below 1e-8 for standing still."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    v = np.where(np.abs(v) < 1e-8, 0.0, v)
    return theta - learning_rate * v, {"v": v}


@right("momentum_step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """A copy of the velocity in an array of its own, worked on in place."""
    state = dict(state or {"velocity": np.zeros(np.shape(theta))})
    velocity = np.array(state["velocity"], dtype=float)
    velocity *= momentum
    velocity += grad
    moved = np.array(theta, dtype=float)
    moved -= learning_rate * velocity
    state["velocity"] = velocity
    return moved, state


@mistake("adam_step", breaks="v^ = v / (1 - beta1^t) and s^ = s / (1 - beta2^t)")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Has no hats."""
    old = {"v": 0.0, "s": 0.0} if state is None else state
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"v": v, "s": s}


@mistake("adam_step", breaks="eps: added to the square root, not under it")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adds eps under the square root."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / np.sqrt(s_hat + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="v^ = v / (1 - beta1^t) and s^ = s / (1 - beta2^t), at every t")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Leaves the hats away from step 500 on, where beta2^t is 0.6 still."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v, s
    if t < 500:
        v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="between two steps the caller may move theta")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Goes on from the theta that it remembers, not from the one that it is given."""
    old = {"t": 0, "v": 0.0, "s": 0.0, "theta": theta} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    change = v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
    new = old["theta"] - learning_rate * change
    return new, {"t": t, "v": v, "s": s, "theta": new}


@right("adam_step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Entry by entry in pure Python; the state is a dict of a number and two lists."""
    import math

    slopes = np.ravel(grad).tolist()
    if state is None:
        state = {"steps": 0, "means": [0.0] * len(slopes), "squares": [0.0] * len(slopes)}
    steps = state["steps"] + 1
    means, squares, moved = [], [], []
    for at, g, v, s in zip(np.ravel(theta).tolist(), slopes, state["means"], state["squares"]):
        v += (1 - beta1) * (g - v)
        s = beta2 * s + (1 - beta2) * g * g
        root = math.sqrt(s / (1 - beta2**steps))
        moved.append(at - learning_rate * (v / (1 - beta1**steps)) / (root + eps))
        means.append(v)
        squares.append(s)
    new_state = {"steps": steps, "means": means, "squares": squares}
    return np.array(moved, dtype=float).reshape(np.shape(theta)), new_state


@mistake("fit_curve", breaks="on nine others the middle error is to be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Plain SGD with one small learning rate from first to last."""
    theta = rng.normal(scale=0.5, size=3 * n_hidden + 1)
    size = min(m, 25)
    for _ in range(budget // 25):
        _, gradient = loss(theta, rng.integers(0, m, size=size))
        theta = theta - 0.01 * gradient
    return theta


@mistake("fit_curve", breaks="the middle error at most 0.1: think where a neuron bends")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Starts with tiny weights and biases of 0, so that all neurons stay alike."""
    theta = np.full(3 * n_hidden + 1, 0.1)
    theta[n_hidden : 2 * n_hidden] = 0.0
    state, size, steps = None, min(m, 25), budget // 25
    for k in range(steps):
        _, gradient = loss(theta, rng.integers(0, m, size=size))
        rate = 0.05 * (1 + np.cos(np.pi * k / steps)) / 2
        theta, state = adam_step(theta, gradient, state, rate)
    return theta


@mistake("fit_curve", breaks="for any m and any budget (at least 25) the budget is kept")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Always uses batches of 50 (or all): with a budget below 50 the first one costs too much."""
    centres = np.linspace(-3, 3, n_hidden + 2)[1:-1]
    slopes = rng.choice([-1.5, 1.5], size=n_hidden)
    heads = rng.normal(scale=0.2, size=n_hidden)
    theta = np.concatenate([slopes, -slopes * centres, heads, [0.0]])
    state, size = None, min(m, 50)
    steps = max(1, budget // max(25, size))
    for k in range(steps):
        _, gradient = loss(theta, rng.choice(m, size=size, replace=False))
        rate = 0.06 * (1 + np.cos(np.pi * k / steps)) / 2
        theta, state = adam_step(theta, gradient, state, rate)
    return theta


@right("fit_curve")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Adam written out, batches of 25 dealt from shuffled orders, a warm-up and a half cosine."""
    from itertools import islice

    def deal():
        while True:
            order = rng.permutation(m)
            for start in range(0, m, 25):
                yield order[start : start + 25]

    bends = np.linspace(-3.2, 3.2, n_hidden) if n_hidden > 1 else np.zeros(1)
    w = rng.uniform(0.8, 2.0, size=n_hidden) * rng.choice([-1.0, 1.0], size=n_hidden)
    theta = np.concatenate([w, -w * bends, rng.normal(scale=0.1, size=n_hidden), np.zeros(1)])
    v, s = np.zeros(theta.size), np.zeros(theta.size)
    steps = budget // 25
    for k, batch in enumerate(islice(deal(), steps)):
        gradient = loss(theta, batch)[1]
        v += 0.1 * (gradient - v)
        s += 0.01 * (gradient**2 - s)
        rate = 0.06 * min(1.0, (k + 1) / 20) * 0.5 * (1 + np.cos(np.pi * k / steps))
        hat = (v / (1 - 0.9 ** (k + 1))) / (np.sqrt(s / (1 - 0.99 ** (k + 1))) + 1e-8)
        theta = theta - rate * hat
    return theta


@right("fit_curve")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Walks until the budget is used up, with Nesterov's steps and a rate that falls in a line."""
    left = budget
    w = rng.normal(scale=1.5, size=n_hidden)
    b = rng.uniform(-3, 3, size=n_hidden) * np.abs(w)
    theta, state = np.concatenate([w, b, np.zeros(n_hidden + 1)]), None
    size = max(1, min(m, 25))
    while left >= 25:
        batch = rng.choice(m, size=size, replace=False)
        _, gradient = loss(theta, batch)
        length = np.linalg.norm(gradient)
        gradient = gradient if length <= 1 else gradient / length
        theta, state = nesterov_step(theta, gradient, state, 0.05 * left / budget)
        left -= 25
    return theta
