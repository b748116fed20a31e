"""Held-out answers to stage 6: read as source, never imported."""

import numpy as np


@mistake("gradient_descent", breaks="θ ← θ - η ∇J(θ): the gradient points uphill, go the other way")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Walks uphill."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] + learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="the length is the root of the sum of the squares")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Compares the square of the length with tol."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if gradient @ gradient <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="every further row is one step (1) on: ∇J at the present θ")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Takes all steps along the gradient of the start."""
    gradient = grad(theta0)
    path = [theta0.copy()]
    for _ in range(n_steps):
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="the points after each step by (1), for any callable grad")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Multiplies the array that grad returned in place, which may be theta or always the same."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        step = grad(path[-1])
        if np.linalg.norm(step) <= tol:
            break
        step *= learning_rate
        path.append(path[-1] - step)
    return np.array(path)


@right("gradient_descent")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A generator walks over lists of plain numbers; the length by math.hypot."""
    from math import hypot

    def walk(here):
        yield here
        for _ in range(n_steps):
            slope = [float(entry) for entry in grad(np.array(here))]
            if hypot(*slope) <= tol:
                return
            here = [place - learning_rate * rise for place, rise in zip(here, slope, strict=True)]
            yield here

    return np.array(list(walk(theta0.tolist())))


@mistake("is_convex_on_segment", breaks="101 equally spaced points, both ends included")
def is_convex_on_segment(f, x0, x1):
    """Looks at 100 points instead of 101."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 100)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@mistake("is_convex_on_segment", breaks="no point is more than 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """Allows an excess in proportion to the largest value."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9 * np.abs(v).max()))


@mistake("is_convex_on_segment", breaks="101 equally spaced points; x0, x1: ndarray of shape (n,)")
def is_convex_on_segment(f, x0, x1):
    """The points have the type of x0: between ends of whole numbers they are rounded."""
    points = np.empty((101, len(x0)), dtype=x0.dtype)
    for k in range(101):
        points[k] = (1 - k / 100) * x0 + k / 100 * x1
    v = np.array([f(point) for point in points])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@right("is_convex_on_segment")
def is_convex_on_segment(f, x0, x1):
    """A window of three heights slides along the way; the mean as a plus half of b - a."""
    from collections import deque

    window = deque(maxlen=3)
    for point in np.linspace(x0, x1, num=101):
        window.append(float(f(point)))
        if len(window) == 3:
            before, here, after = window
            if here - (before + 0.5 * (after - before)) > 1e-9:
                return False
    return True


@mistake("squared_error", breaks="J: the mean of the squared residuals, times ½")
def squared_error(theta, X, y):
    """The loss has no ½, but the gradient is that of the loss with it."""
    r = X @ theta - y
    return float(np.mean(r**2)), X.T @ r / len(y)


@mistake("squared_error", breaks="dtheta: ndarray of float, the gradient of J")
def squared_error(theta, X, y):
    """The gradient has the type of X: with examples of whole numbers it is cut to whole numbers."""
    r = X @ theta - y
    dtheta = np.zeros_like(X[0])
    for j in range(len(dtheta)):
        dtheta[j] = np.mean(r * X[:, j])
    return float(np.mean(r**2) / 2), dtheta


@mistake("squared_error", breaks="J = 1/(2m) Σ (θ·x - y)²: the mean of the squared residuals")
def squared_error(theta, X, y):
    """The variance of the residuals instead of the mean of their squares."""
    r = X @ theta - y
    return float(np.var(r) / 2), X.T @ r / len(y)


@right("squared_error")
def squared_error(theta, X, y):
    """Pure Python: sums of products by math.fsum."""
    from math import fsum
    from operator import mul

    rows, weights, m = X.tolist(), theta.tolist(), len(X)
    r = [fsum(map(mul, weights, row)) - t for row, t in zip(rows, y.tolist(), strict=True)]
    slopes = [fsum(map(mul, r, column)) / m for column in zip(*rows, strict=True)]
    return fsum(e * e for e in r) / m / 2, np.array(slopes, dtype=float)


@mistake("logistic_loss", breaks="exact where the sums are as large as ±1000")
def logistic_loss(theta, X, y):
    """Clips the probabilities before the logarithm."""
    a = np.clip(sigmoid(X @ theta), 1e-12, 1 - 1e-12)
    J = float(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))
    return J, X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="∇J = X^T ∂J/∂Z, and ∂J/∂Z = (a - y)/m has the 1/m already")
def logistic_loss(theta, X, y):
    """Divides the gradient by m twice."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, (X.T @ dZ)[:, 0] / len(y)


@mistake("logistic_loss", breaks="∇J = 1/m X^T (a - y)")
def logistic_loss(theta, X, y):
    """Cuts the entries of the gradient to [-1, 1], so that no step is too long."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, np.clip(X.T @ dZ, -1, 1)[:, 0]


@right("logistic_loss")
def logistic_loss(theta, X, y):
    """Example by example: a softplus of the sum against the label, and einsum for the gradient."""
    from math import exp, log1p

    def one(z, label):
        small = exp(-abs(z))
        cost = log1p(small) + (max(-z, 0.0) if label else max(z, 0.0))
        wrong = small / (1 + small) if (z > 0) == bool(label) else 1 / (1 + small)
        return cost, -wrong if label else wrong

    costs, pulls = zip(*map(one, (X @ theta).tolist(), y.tolist()), strict=True)
    return sum(costs) / len(costs), np.einsum("ij,i->j", X, np.array(pulls)) / len(pulls)


@mistake("minibatches", breaks="the last batch is smaller, and it is kept: nobody is left out")
def minibatches(X, y, batch_size, rng):
    """Leaves out the last batch if it is not full, except where it is the only one."""
    order = rng.permutation(len(X))
    for start in range(0, max(len(X) - batch_size, 0) + 1, batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="X_batch of shape (k, n), 1 <= k <= batch_size")
def minibatches(X, y, batch_size, rng):
    """Where the batches come out even, an empty one follows at the end."""
    order = rng.permutation(len(X))
    for i in range(len(X) // batch_size + 1):
        piece = order[i * batch_size : (i + 1) * batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="for the next epoch one shuffles again")
def minibatches(X, y, batch_size, rng):
    """Shuffles with a copy of rng, so that the next epoch with the same rng has the same order."""
    from copy import deepcopy

    order = deepcopy(rng).permutation(len(X))
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="y: what belongs to them, labels or numbers")
def minibatches(X, y, batch_size, rng):
    """Makes whole numbers of what belongs to the examples."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece].astype(int)


@right("minibatches")
def minibatches(X, y, batch_size, rng):
    """A stack of numbered cards, ordered by random keys; islice takes the next handful."""
    from itertools import islice

    cards = iter(sorted(range(len(X)), key=rng.random(len(X)).tolist().__getitem__))
    while hand := list(islice(cards, int(batch_size))):
        yield np.stack([X[i] for i in hand]), y.take(hand)


@mistake("train", breaks="record the loss of each batch as it was before its step")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Records the loss of each batch after its step."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            theta, state = step(theta, loss(theta, X_batch, y_batch)[1], state, learning_rate)
            losses.append(loss(theta, X_batch, y_batch)[0])
    return theta, losses


@mistake("train", breaks="each epoch has a new order")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Deals out the batches once and uses the same ones in all the epochs."""
    theta, state, losses = theta0, None, []
    batches = list(minibatches(X, y, batch_size, rng))
    for _ in range(n_epochs):
        for X_batch, y_batch in batches:
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="update: one step of the optimiser, with the gradient of the batch")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Scales the gradient of a batch that is not full by how full it is."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            share = len(y_batch) / batch_size
            theta, state = step(theta, share * grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="learning_rate: passed on to step")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Lets the learning rate fall by a tenth from epoch to epoch."""
    theta, state, losses = theta0, None, []
    for epoch in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate * 0.9**epoch)
    return theta, losses


@right("train")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One chain of all the epochs' batches, folded by functools.reduce."""
    from functools import reduce
    from itertools import chain

    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))

    def advance(so_far, batch):
        theta, state, losses = so_far
        J, grad = loss(theta, *batch)
        return *step(theta, grad, state, learning_rate), [*losses, float(J)]

    theta, _, losses = reduce(advance, chain.from_iterable(epochs), (theta0.copy(), None, []))
    return theta, losses


@mistake("momentum_step", breaks="v ← μ v + ∇J")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity is a moving average: the gradient gets the factor 1 - μ."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + (1 - momentum) * grad
    return theta - learning_rate * v, {"v": v}


@mistake("momentum_step", breaks="nothing is changed in place, nor anything in state")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Copies the dictionary, but changes the one array that both then share."""
    new = {"v": np.zeros_like(theta)} if state is None else dict(state)
    new["v"] *= momentum
    new["v"] += grad
    return theta - learning_rate * new["v"], new


@mistake("momentum_step", breaks="momentum: the share μ of the velocity that is kept")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Takes a momentum of 0 for none given, and uses 0.9."""
    old = 0.0 if state is None else state["v"]
    v = (momentum or 0.9) * old + grad
    return theta - learning_rate * v, {"v": v}


@right("momentum_step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Works in place, but on copies of its own; the state has another name and a guard."""
    velocity = np.array(grad, dtype=float)
    match state:
        case {"velocity": before}:
            velocity += np.multiply(momentum, before)
    moved = np.array(theta, dtype=float)
    moved -= np.multiply(velocity, learning_rate)
    return moved, {"velocity": velocity}


@mistake("adam_step", breaks="state: what this function returned the last time. Not changed")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Counts up, and puts the averages, in the dictionary that was passed in."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    state["t"] += 1
    state["v"] = beta1 * state["v"] + (1 - beta1) * grad
    state["s"] = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat = state["v"] / (1 - beta1 ** state["t"])
    s_hat = state["s"] / (1 - beta2 ** state["t"])
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), state


@mistake("adam_step", breaks="v̂ = v / (1 - β₁^t), ŝ = s / (1 - β₂^t), with the β passed in")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The hats have 0.9 and 0.999 as fixed numbers."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - 0.9**t), s / (1 - 0.999**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="what is remembered is v and s without the hats")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Remembers the averages with their hats."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = (beta1 * old["v"] + (1 - beta1) * grad) / (1 - beta1**t)
    s = (beta2 * old["s"] + (1 - beta2) * grad**2) / (1 - beta2**t)
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"t": t, "v": v, "s": s}


@right("adam_step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Entry by entry in pure Python; the state holds a counter and one pair for each entry."""
    from math import sqrt

    slopes = grad.ravel().tolist()
    memory = state or {"steps": 0, "pairs": [(0.0, 0.0)] * len(slopes)}
    steps = memory["steps"] + 1

    def remember(pair, slope):
        v, s = pair
        return v * beta1 + slope * (1 - beta1), s * beta2 + slope * slope * (1 - beta2)

    def move(pair):
        v_hat, s_hat = pair[0] / (1 - beta1**steps), pair[1] / (1 - beta2**steps)
        return learning_rate * v_hat / (sqrt(s_hat) + eps)

    pairs = [remember(pair, slope) for pair, slope in zip(memory["pairs"], slopes, strict=True)]
    moves = np.array([move(pair) for pair in pairs]).reshape(theta.shape)
    return theta - moves, {"steps": steps, "pairs": pairs}


@mistake("fit_curve", breaks="on nine others the middle error is to be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Plain steps with a constant learning rate from small random numbers."""
    theta = rng.normal(scale=0.3, size=3 * n_hidden + 1)
    for _ in range(budget // 25):
        _, grad = loss(theta, rng.integers(0, m, size=25))
        theta = theta - 0.02 * grad
    return theta


@mistake("fit_curve", breaks="for other m, n_hidden and budgets: theta of the right size, finite")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Draws 25 different examples for each batch, which fails if there are fewer."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[:n_hidden] *= 2
    theta[n_hidden : 2 * n_hidden] *= 3
    theta[2 * n_hidden :] *= 0.3
    state, K = None, budget // 25
    for k in range(K):
        _, grad = loss(theta, rng.choice(m, size=25, replace=False))
        rate = 0.05 * (1 + np.cos(np.pi * k / K)) / 2
        theta, state = adam_step(theta, grad, state, rate)
    return theta


@mistake("fit_curve", breaks="the middle of nine errors is to be at most 0.1; the budget is kept")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Each step looks at all the examples: 20 steps, and none if there are more than are paid."""
    theta, state = rng.normal(size=3 * n_hidden + 1), None
    K = budget // max(25, m)
    for k in range(K):
        _, grad = loss(theta, np.arange(m))
        rate = 0.1 * (1 + np.cos(np.pi * k / K)) / 2
        theta, state = adam_step(theta, grad, state, rate)
    return theta


@mistake("fit_curve", breaks="for other budgets theta is finite as well")
def fit_curve(loss, m, n_hidden, budget, rng):
    """The schedule knows only 800 steps; after these it takes the root of a negative number."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[:n_hidden] *= 2
    theta[n_hidden : 2 * n_hidden] *= 3
    theta[2 * n_hidden :] *= 0.3
    state = None
    for k in range(budget // 25):
        _, grad = loss(theta, rng.integers(0, m, size=25))
        theta, state = adam_step(theta, grad, state, 0.03 * np.sqrt(1 - k / 800))
    return theta


@right("fit_curve")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Bends spread evenly, shuffled cards across epochs, own Adam in a class, rate (1 - k/K)²."""
    from itertools import chain, islice, repeat

    class Walker:
        def __init__(self, theta):
            self.theta, self.v, self.s, self.t = theta, 0.0 * theta, 0.0 * theta, 0

        def move(self, grad, rate):
            self.t += 1
            self.v += 0.1 * (grad - self.v)
            self.s += 0.01 * (grad**2 - self.s)
            scale = np.sqrt(self.s / (1 - 0.99**self.t)) + 1e-8
            self.theta = self.theta - rate * self.v / (1 - 0.9**self.t) / scale

    slopes = rng.choice([-1.0, 1.0], size=n_hidden) * rng.uniform(1.0, 2.0, size=n_hidden)
    bends = 6 * (np.arange(n_hidden) + 0.5) / n_hidden - 3
    small = rng.normal(scale=0.1, size=n_hidden)
    walker = Walker(np.concatenate([slopes, -slopes * bends, small, [0.0]]))
    cards = chain.from_iterable(rng.permutation(m) for _ in repeat(None))
    K = budget // 25
    for k in range(K):
        batch = np.fromiter(islice(cards, 25), dtype=int)
        walker.move(loss(walker.theta, batch)[1], 0.04 * (1 - k / K) ** 2)
    return walker.theta
