"""Held-out answers to stage 6: read as source, never imported."""

import numpy as np


@mistake("gradient_descent", breaks="every further row is one step (1) on; theta0 is not changed")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Steps in place: all the rows of the path are the last point, and theta0 is, too."""
    theta, path = theta0, [theta0]
    for _ in range(n_steps):
        gradient = grad(theta)
        if np.linalg.norm(gradient) <= tol:
            break
        theta -= learning_rate * gradient
        path.append(theta)
    return np.array(path)


@mistake("gradient_descent", breaks="Stop as soon as the gradient's length is at most tol, 0.0 too")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Looks at the length only where tol is positive: with tol = 0 it never stops."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if tol and np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="the path ends where the ground is flat or after n_steps steps")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Also stops where theta has run away beyond 1e12."""
    path = [np.array(theta0)]
    while len(path) <= n_steps:
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) <= tol or np.abs(path[-1]).max() > 1e12:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@right("gradient_descent")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """An endless generator of points, of which islice takes as many as are wanted."""
    from itertools import islice

    def points(here):
        while True:
            yield here
            slope = grad(here.copy())
            if np.sqrt(np.sum(np.square(slope))) <= tol:
                return
            here = np.subtract(here, np.multiply(slope, learning_rate))

    return np.stack(list(islice(points(np.array(theta0, dtype=float)), n_steps + 1)))


@mistake("is_convex_on_segment", breaks="(3): the mean of the two neighbours, not the whole chord")
def is_convex_on_segment(f, x0, x1):
    """Compares each point with the chord between the two ends of the segment."""
    t = np.linspace(0, 1, 101)
    values = np.array([f((1 - s) * x0 + s * x1) for s in t])
    chord = (1 - t) * values[0] + t * values[-1]
    return bool(np.all(values - chord <= 1e-9))


@mistake(
    "is_convex_on_segment", breaks="an excess of up to 1e-9 over the neighbours' mean is allowed"
)
def is_convex_on_segment(f, x0, x1):
    """Doubles (3) but not the tolerance: an excess of 0.7e-9 is refused."""
    values = np.array([f((1 - s) * x0 + s * x1) for s in np.linspace(0, 1, 101)])
    return bool(np.all(values[:-2] - 2 * values[1:-1] + values[2:] >= -1e-9))


@mistake("is_convex_on_segment", breaks="True if no point is more than 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """Adds up the excesses of all the points before it compares with 1e-9."""
    values = np.array([f((1 - s) * x0 + s * x1) for s in np.linspace(0, 1, 101)])
    excess = values[1:-1] - (values[:-2] + values[2:]) / 2
    return bool(np.sum(np.maximum(excess, 0.0)) <= 1e-9)


@mistake("is_convex_on_segment", breaks="101 equally spaced points, both ends included")
def is_convex_on_segment(f, x0, x1):
    """A hundred points, and the last end is left out."""
    values = np.array([f(x0 + s * (x1 - x0)) for s in np.arange(0, 100) / 100])
    return bool(np.all(values[1:-1] <= (values[:-2] + values[2:]) / 2 + 1e-9))


@right("is_convex_on_segment")
def is_convex_on_segment(f, x0, x1):
    """Pure Python: three values at a time are kept in a deque."""
    from collections import deque

    last = deque(maxlen=3)
    for k in range(101):
        last.append(float(f(((100 - k) * x0 + k * x1) / 100)))
        if len(last) == 3:
            before, here, after = last
            if here - before / 2 - after / 2 > 1e-9:
                return False
    return True


@mistake("squared_error", breaks="(4): the gradient is X^T r / m; there is no ½ or 2 in it")
def squared_error(theta, X, y):
    """Forgets that the ½ cancels the 2 of the square: a gradient twice as long."""
    r = X @ theta - y
    return float(np.mean(r**2) / 2), 2 * X.T @ r / len(y)


@mistake("squared_error", breaks="J: the mean of the squared residuals, times ½, large or small")
def squared_error(theta, X, y):
    """Takes residuals below a hundred-thousandth of y for hits, by np.isclose."""
    z = X @ theta
    r = np.where(np.isclose(z, y, atol=0.0), 0.0, z - y)
    return float(np.mean(r**2) / 2), X.T @ r / len(y)


@mistake("squared_error", breaks="1/m: an average over the m examples")
def squared_error(theta, X, y):
    """Divides the gradient by the number of parameters."""
    r = X @ theta - y
    return float(r @ r / (2 * len(r))), X.T @ r / X.shape[1]


@right("squared_error")
def squared_error(theta, X, y):
    """One einsum for each sum, with the residuals as a product of the matrix (X, y)."""
    table = np.column_stack([X, y])
    residuals = np.einsum("ij,j->i", table, np.append(theta, -1.0))
    m = residuals.size
    return 0.5 * float(np.einsum("i,i->", residuals, residuals)) / m, np.einsum(
        "i,ij->j", residuals / m, X
    )


@mistake("logistic_loss", breaks="(8): 1/m once, and it is in dJ/dZ already")
def logistic_loss(theta, X, y):
    """Divides the gradient by m a second time."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, X.T @ dZ[:, 0] / len(y)


@mistake("logistic_loss", breaks="J is exact, but for rounding, for sums as large as ±1000")
def logistic_loss(theta, X, y):
    """Takes log(1 - a) up to z = 36, where hardly a digit of 1 - a is left: off by 0.05 at 35."""
    z = X @ theta
    a = sigmoid(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_logarithms = np.where(y == 1, -np.log(a), -np.log(1 - a))
    far = np.maximum(z, 0) - y * z
    J = float(np.mean(np.where(np.abs(z) > 36, far, by_logarithms)))
    return J, X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="dtheta: shape (n,), for n = 1 as well")
def logistic_loss(theta, X, y):
    """Takes the column apart by squeeze, which leaves a number of shape () for one parameter."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, (X.T @ dZ).squeeze()


@right("logistic_loss")
def logistic_loss(theta, X, y):
    """Example by example with math: the cost and the push from exp(-|z|)."""
    import math

    m = len(X)
    J, dtheta = 0.0, np.zeros(len(theta))
    for row, label in zip(X, y.tolist(), strict=True):
        z = float(np.dot(row, theta))
        e = math.exp(-abs(z))
        wrong_way = z if label == 0 else -z
        J += max(wrong_way, 0.0) + math.log1p(e)
        a = (1.0 if z >= 0 else e) / (1.0 + e)
        dtheta += (a - label) / m * row
    return J / m, dtheta


@mistake("minibatches", breaks="X[i] is still beside its own y[i]")
def minibatches(X, y, batch_size, rng):
    """Shuffles X and y separately."""
    X, y = rng.permutation(X), rng.permutation(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


@mistake("minibatches", breaks="batch_size examples in a batch; the last batch holds what is left")
def minibatches(X, y, batch_size, rng):
    """Batches as equal as possible: 3, 2, 2 instead of 3, 3, 1."""
    order = rng.permutation(len(X))
    for piece in np.array_split(order, -(-len(X) // batch_size)):
        yield X[piece], y[piece]


@mistake("minibatches", breaks="Every order of the examples is equally likely")
def minibatches(X, y, batch_size, rng):
    """Swaps each number with any other: of three examples, some orders come in 5 of 27 cases."""
    order = np.arange(len(X))
    for i in range(len(X)):
        j = rng.integers(len(X))
        order[i], order[j] = order[j], order[i]
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="Every order of the examples is equally likely")
def minibatches(X, y, batch_size, rng):
    """Shuffles by a second generator with one of 50 seeds: there are never more than 50 orders."""
    order = np.random.default_rng(rng.integers(50)).permutation(len(X))
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@right("minibatches")
def minibatches(X, y, batch_size, rng):
    """Draws one number after the other from those that are left, and deals when a hand is full."""
    left, hand = list(range(len(X))), []
    while left:
        place = int(rng.integers(len(left)))
        left[place], left[-1] = left[-1], left[place]
        hand.append(left.pop())
        if len(hand) == batch_size or not left:
            yield np.take(X, hand, axis=0), np.take(y, hand)
            hand = []


@mistake("train", breaks="The state starts as None and lives through all the epochs")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Begins each epoch with the state None."""
    theta, losses = theta0.copy(), []
    for _ in range(n_epochs):
        state = None
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            theta, state = step(theta, grad, state, learning_rate)
            losses.append(J)
    return theta, losses


@mistake("train", breaks="Record the loss of each batch as it was before its step")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Records the loss of the batch after its step."""
    theta, state, losses = theta0.copy(), None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            grad = loss(theta, X_batch, y_batch)[1]
            theta, state = step(theta, grad, state, learning_rate)
            losses.append(loss(theta, X_batch, y_batch)[0])
    return theta, losses


@mistake("train", breaks="n_epochs passes over the examples; the losses in the order of the steps")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Gives up where a loss is above a million, as if it had run away."""
    theta, state, losses = theta0.copy(), None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            if J > 1e6:
                return theta, losses
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="the last batch holds what is left: nobody is left out")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Passes over a last batch of a single example, because its gradient is too rough."""
    theta, state, losses = theta0.copy(), None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            if len(y_batch) == 1 and batch_size > 1:
                continue
            J, grad = loss(theta, X_batch, y_batch)
            theta, state = step(theta, grad, state, learning_rate)
            losses.append(J)
    return theta, losses


@right("train")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One generator of all the batches, and a small class that carries theta and the state."""
    from itertools import chain

    class Walker:
        def __init__(self):
            self.theta, self.state = np.array(theta0, dtype=float), None

        def step(self, batch):
            J, grad = loss(self.theta, *batch)
            self.theta, self.state = step(self.theta, grad, self.state, learning_rate)
            return J

    walker = Walker()
    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))
    losses = list(map(walker.step, chain.from_iterable(epochs)))
    return walker.theta, losses


@mistake("momentum_step", breaks="The v in the second formula is the new velocity")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Steps along the old velocity."""
    old = np.zeros(theta.shape) if state is None else state["v"]
    return theta - learning_rate * old, {"v": momentum * old + grad}


@mistake(
    "momentum_step", breaks="(9): v = mu v + grad, theta - eta v; eta may differ from step to step"
)
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Keeps the learning rate of each step in the velocity."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + learning_rate * grad
    return theta - v, {"v": v}


@mistake("momentum_step", breaks="(9): v = mu v + grad, however large")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Holds the velocity between -10,000 and 10,000."""
    old = 0.0 if state is None else state["v"]
    v = np.clip(momentum * old + grad, -1e4, 1e4)
    return theta - learning_rate * v, {"v": v}


@right("momentum_step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Pure Python on flat lists of numbers, put back into shape at the end."""
    pushes = np.ravel(grad).tolist()
    speeds = [0.0] * len(pushes) if state is None else state["speeds"]
    speeds = [push + momentum * speed for push, speed in zip(pushes, speeds, strict=True)]
    places = np.ravel(theta).tolist()
    moved = [place - speed * learning_rate for place, speed in zip(places, speeds, strict=True)]
    return np.array(moved).reshape(np.shape(theta)), {"speeds": speeds}


@mistake("adam_step", breaks="eps: added to the square root, not under it")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adds epsilon under the square root."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / np.sqrt(s_hat + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="what is remembered is v and s without the hats")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Remembers the averages with their hats on."""
    t, v, s = (0, 0.0, 0.0) if state is None else (state["t"], state["v"], state["s"])
    t = t + 1
    v = (beta1 * v + (1 - beta1) * grad) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * grad**2) / (1 - beta2**t)
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="(12): v / (1 - beta1^t) and s / (1 - beta2^t) in every step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Takes the hats off from step 1001 on, where s still lacks a third."""
    if state is None:
        state = {"t": 0, "v": np.zeros(theta.shape), "s": np.zeros(theta.shape)}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    if t <= 1000:
        v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    else:
        v_hat, s_hat = v, s
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="All operations are entry by entry: s holds each entry's own squares")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """One s for all the entries: the mean of their squares."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * np.mean(grad**2)
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@right("adam_step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Remembers the products of the betas instead of t, and lets the averages run in one stack."""
    shares = np.array([beta1, beta2])
    averages, products = (0.0, np.ones(2)) if state is None else state["memory"]
    column = shares.reshape(2, *[1] * np.ndim(grad))
    averages = column * averages + (1 - column) * np.stack([grad, np.square(grad)])
    products = products * shares
    v_hat = averages[0] / (1 - products[0])
    root = np.sqrt(averages[1] / (1 - products[1]))
    return theta - learning_rate * (v_hat / (root + eps)), {"memory": (averages, products)}


@mistake("fit_curve", breaks="On nine curves the middle error must be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Starts at zeros: all neurons stay zero, and only the last bias learns."""
    theta = np.zeros(3 * n_hidden + 1)
    n_steps = budget // 25
    for k in range(n_steps):
        batch = rng.integers(m, size=25)
        theta = theta - 0.1 * (1 - k / n_steps) * loss(theta, batch)[1]
    return theta


@mistake("fit_curve", breaks="A call costs as many examples as it looks at, and at least 25")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Reckons with ten examples for a batch of ten: the budget is used up long before the end."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[2 * n_hidden :] *= 0.3
    n_steps, state = budget // 10, None
    for k in range(n_steps):
        batch = rng.integers(m, size=10)
        rate = 0.05 * (1 - k / n_steps)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, rate)
    return theta


@mistake("fit_curve", breaks="For any m, any budget the budget is kept; at least 25")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Looks at all the examples once at first, even where they are more than the budget."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[: 2 * n_hidden] *= 1.5
    theta[2 * n_hidden :] *= 0.1
    _, gradient = loss(theta, np.arange(m))
    theta, state = adam_step(theta, gradient, None, 0.03)
    n_steps = (budget - max(25, m)) // 50
    for k in range(n_steps):
        batch = rng.integers(m, size=50)
        rate = 0.015 * (1 + np.cos(np.pi * k / n_steps))
        theta, state = adam_step(theta, loss(theta, batch)[1], state, rate)
    return theta


@mistake("fit_curve", breaks="On nine curves the middle error must be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Always the first 25 examples: it learns their noise."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[: 2 * n_hidden] *= 1.5
    theta[2 * n_hidden :] *= 0.1
    batch, n_steps, state = np.arange(min(m, 25)), budget // 25, None
    for k in range(n_steps):
        rate = 0.015 * (1 + np.cos(np.pi * k / n_steps))
        theta, state = adam_step(theta, loss(theta, batch)[1], state, rate)
    return theta


@right("fit_curve")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Bends spread evenly, shuffled decks, Nesterov's momentum written out, half a cosine."""
    from math import cos, pi

    bends = np.linspace(-3, 3, n_hidden)
    W = np.where(np.arange(n_hidden) % 2 == 0, 1.2, -1.2)
    theta = np.concatenate([W, -W * bends, np.zeros(n_hidden + 1)])
    velocity = np.zeros_like(theta)
    size, n_steps, deck = 25, budget // 25, []
    for k in range(n_steps):
        while len(deck) < size:
            deck.extend(rng.permutation(m).tolist())
        batch, deck = np.array(deck[:size]), deck[size:]
        rate = 0.03 * min(1.0, (k + 1) / 20) * (1 + cos(pi * k / n_steps)) / 2
        gradient = loss(theta, batch)[1]
        length = np.linalg.norm(gradient)
        if length > 5:
            gradient = gradient * (5 / length)
        velocity = 0.9 * velocity + gradient
        theta = theta - rate * (gradient + 0.9 * velocity)
    return theta
