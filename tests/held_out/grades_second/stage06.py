"""Held-out answers to stage 6: read as source, never imported."""

import numpy as np


@mistake("gradient_descent", breaks="where its length √(∂₁² + … + ∂ₙ²) is at most tol")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The length is taken from the first and the last entry only, as if n were 2."""
    path = [theta0]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.hypot(gradient[0], gradient[-1]) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="every further row is one step on; shape (k + 1, n)")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Unused rows are cut off by looking for zeros, so a point at the origin is lost."""
    path = np.zeros((n_steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(n_steps):
        gradient = grad(path[k])
        if np.linalg.norm(gradient) <= tol:
            break
        path[k + 1] = path[k] - learning_rate * gradient
    return path[np.any(path != 0, axis=1)]


@mistake("gradient_descent", breaks="theta0: not changed; the first row is the start")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """What grad returns is scaled in place: with grad = lambda theta: theta that is theta0."""
    path = [theta0]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) <= tol:
            break
        here = path[-1].copy()
        gradient *= learning_rate
        path.append(here - gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="stop as soon as the length of the gradient is at most tol")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The length of the step, η times the gradient, is compared with tol."""
    path = [theta0]
    for _ in range(n_steps):
        step = learning_rate * grad(path[-1])
        if np.linalg.norm(step) <= tol:
            break
        path.append(path[-1] - step)
    return np.array(path)


@right("gradient_descent")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A nested generator hands out the points; the length is a sum in pure Python."""
    import math

    def walk(theta, steps_left):
        while True:
            yield theta
            if steps_left <= 0:
                return
            slope = grad(theta.copy())
            if math.hypot(*slope.tolist()) <= tol:
                return
            theta = np.array([t - learning_rate * s for t, s in zip(theta, slope, strict=True)])
            steps_left -= 1

    return np.vstack([point.reshape(1, -1) for point in walk(theta0.copy(), n_steps)])


@mistake("is_convex_on_segment", breaks="True if no point is more than 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """Both sides are doubled but the allowance is not: an excess of 0.7e-9 is refused."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(2 * v[1:-1] - (v[:-2] + v[2:]) <= 1e-9))


@mistake("is_convex_on_segment", breaks="True if no point is more than 1e-9 above the mean")
def is_convex_on_segment(f, x0, x1):
    """The sum of all the points' excesses is compared with 1e-9, not each one."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    excess = v[1:-1] - (v[:-2] + v[2:]) / 2
    return bool(np.maximum(excess, 0).sum() <= 1e-9)


@mistake("is_convex_on_segment", breaks="none may lie above the chord of its two neighbours (3)")
def is_convex_on_segment(f, x0, x1):
    """The values fill an array of the first value's type: after an int 0 all are cut to ints."""
    v = np.full(101, f(x0))
    for k in range(1, 101):
        v[k] = f((1 - k / 100) * x0 + k / 100 * x1)
    return bool(np.all(v[1:-1] - (v[:-2] + v[2:]) / 2 <= 1e-9))


@mistake("is_convex_on_segment", breaks="above the chord of its two neighbours, not of the ends")
def is_convex_on_segment(f, x0, x1):
    """The points are compared with the chord between the two ends."""
    t = np.linspace(0, 1, 101)
    v = np.array([f((1 - s) * x0 + s * x1) for s in t])
    return bool(np.all(v <= (1 - t) * v[0] + t * v[-1] + 1e-9))


@right("is_convex_on_segment")
def is_convex_on_segment(f, x0, x1):
    """Pure Python: the largest excess over three iterators that are out of step."""
    from itertools import islice

    heights = [float(f(x0 * ((100 - k) / 100) + x1 * (k / 100))) for k in range(101)]
    triples = zip(heights, islice(heights, 1, None), islice(heights, 2, None), strict=False)
    return max(mid - (before / 2 + after / 2) for before, mid, after in triples) <= 1e-9


@mistake("squared_error", breaks="J: the mean of the squared residuals, times ½")
def squared_error(theta, X, y):
    """The residuals lose their mean first: half of their variance, with its own gradient."""
    r = X @ theta - y
    return float(np.var(r) / 2), X.T @ (r - r.mean()) / len(y)


@mistake("squared_error", breaks="J = 1/(2m) Σ (θ·x − y)², m being the number of examples")
def squared_error(theta, X, y):
    """Divides by the 3 of the worked example, whatever m is."""
    r = X @ theta - y
    return float(np.sum(r**2) / (2 * 3)), X.T @ r / 3


@mistake("squared_error", breaks="X has its column of ones already, if it wants one")
def squared_error(theta, X, y):
    """The last column is taken to be ones, whatever is in it."""
    r = X[:, :-1] @ theta[:-1] + theta[-1] - y
    return float(np.mean(r**2) / 2), np.append(X[:, :-1].T @ r, r.sum()) / len(y)


@right("squared_error")
def squared_error(theta, X, y):
    """Sums of exact rounding over the examples, without a product of matrices."""
    from math import fsum

    m, n = X.shape
    r = [fsum(X[i, j] * theta[j] for j in range(n)) - y[i] for i in range(m)]
    J = fsum(e * e / m for e in r) / 2
    return J, np.array([fsum(r[i] * X[i, j] for i in range(m)) / m for j in range(n)])


@mistake("logistic_loss", breaks="dtheta: the gradient of J, Xᵀ(a − y)/m with a = σ(z)")
def logistic_loss(theta, X, y):
    """For the gradient the sums are clipped to ±10."""
    z = X @ theta
    J = float(np.mean(np.logaddexp(0.0, z) - y * z))
    a = 1 / (1 + np.exp(-np.clip(z, -10, 10)))
    return J, X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="dtheta: the gradient of J; at z = −1000, y = 1 it is −x")
def logistic_loss(theta, X, y):
    """The chain rule goes by way of a, with a guard: gradient 0 where a is exactly 0 or 1."""
    z = X @ theta
    a = sigmoid(z)
    slope = a * (1 - a)
    da = (a - y) / np.maximum(slope, 1e-300)
    return float(np.mean(np.logaddexp(0.0, z) - y * z)), X.T @ (da * slope) / len(y)


@mistake("logistic_loss", breaks="an example with z = −1000 and y = 1 costs 1000")
def logistic_loss(theta, X, y):
    """The outputs are kept away from 0 and 1 by 1e-12 before the logarithm."""
    a = sigmoid(X @ theta)
    safe = np.clip(a, 1e-12, 1 - 1e-12)
    J = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
    return float(J), X.T @ (a - y) / len(y)


@right("logistic_loss")
def logistic_loss(theta, X, y):
    """One example after the other with math, the two signs of the sum apart."""
    import math

    total, dtheta = 0.0, [0.0] * X.shape[1]
    for row, label in zip(X.tolist(), y.tolist(), strict=True):
        z = math.fsum(w * x for w, x in zip(theta.tolist(), row, strict=True))
        margin = z if label == 1 else -z
        tiny = math.exp(-abs(margin))
        total += math.log1p(tiny) + max(-margin, 0.0)
        wrong = tiny / (1.0 + tiny) if margin >= 0 else 1.0 / (1.0 + tiny)
        pull = -wrong if label == 1 else wrong
        dtheta = [d + pull * x for d, x in zip(dtheta, row, strict=True)]
    return total / len(y), np.array(dtheta) / len(y)


@mistake("minibatches", breaks="every order of the examples is equally likely")
def minibatches(X, y, batch_size, rng):
    """Sorts by random integers from 0 to m - 1: ties keep their order, so early ones stay early."""
    order = np.argsort(rng.integers(0, len(y), size=len(y)), kind="stable")
    for start in range(0, len(y), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="some of the examples, 1 <= k <= batch_size")
def minibatches(X, y, batch_size, rng):
    """Where batch_size divides m, an empty batch comes last."""
    order = rng.permutation(len(y))
    for k in range(len(y) // batch_size + 1):
        piece = order[k * batch_size : (k + 1) * batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="y: labels or numbers; y_batch: ndarray of the type of y")
def minibatches(X, y, batch_size, rng):
    """X and y are shuffled as one array, and y comes back as integers: 2.7 becomes 2."""
    both = rng.permutation(np.column_stack([X, y]))
    for start in range(0, len(both), batch_size):
        batch = both[start : start + batch_size]
        yield batch[:, :-1], batch[:, -1].astype(int)


@mistake("minibatches", breaks="the last batch is smaller, and it is kept")
def minibatches(X, y, batch_size, rng):
    """Examples that do not fill a batch are left out, except where there is no full one."""
    batch_size = min(batch_size, len(y))
    order = rng.permutation(len(y))
    for start in range(0, len(y) - batch_size + 1, batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@right("minibatches")
def minibatches(X, y, batch_size, rng):
    """Draws one card after the other from a hand of numbers, and deals when a batch is full."""
    hand, batch = list(range(len(y))), []
    while hand:
        k = int(rng.integers(len(hand)))
        hand[k], hand[-1] = hand[-1], hand[k]
        batch.append(hand.pop())
        if len(batch) == batch_size or not hand:
            yield np.take(X, batch, axis=0), np.take(y, batch)
            batch = []


@mistake("train", breaks="the state starts as None and lives through all the epochs")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The optimiser forgets everything at the start of each epoch."""
    theta, losses = theta0, []
    for _ in range(n_epochs):
        state = None
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="each epoch has a new order")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The batches are dealt once and used again in every epoch."""
    theta, state, losses = theta0, None, []
    batches = list(minibatches(X, y, batch_size, rng))
    for _ in range(n_epochs):
        for X_batch, y_batch in batches:
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="losses: the loss of each batch before its step")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The loss of a batch with fewer than batch_size examples is not recorded."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            if len(y_batch) == batch_size:
                losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="for each epoch, for each mini-batch of it; n_epochs passes")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Stops after an epoch whose mean loss is more than twice the lowest so far."""
    theta, state, losses, best = theta0, None, [], np.inf
    for _ in range(n_epochs):
        this_epoch = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            this_epoch.append(J)
            theta, state = step(theta, grad, state, learning_rate)
        losses += this_epoch
        if np.mean(this_epoch) > 2 * best:
            break
        best = min(best, np.mean(this_epoch))
    return theta, losses


@right("train")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One chain of all epochs' batches, folded by reduce; the losses are collected on the way."""
    from functools import reduce
    from itertools import chain

    losses = []

    def advance(theta_and_state, batch):
        theta, state = theta_and_state
        J, slope = loss(theta, *batch)
        losses.append(float(J))
        return step(theta, slope, state, learning_rate)

    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))
    theta, _ = reduce(advance, chain.from_iterable(epochs), (theta0.copy(), None))
    return theta, losses


@mistake("momentum_step", breaks="theta: not changed; nothing is changed in place")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """At the first step, and only there, theta is changed in place."""
    if state is None:
        theta -= learning_rate * grad
        return theta, {"v": grad.copy()}
    v = momentum * state["v"] + grad
    return theta - learning_rate * v, {"v": v}


@mistake("momentum_step", breaks="v ← μ v + ∇J; η may differ from step to step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """The learning rate is inside the velocity: wrong as soon as it changes between two steps."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + learning_rate * grad
    return theta - v, {"v": v}


@mistake("momentum_step", breaks="v ← μ v + ∇J at every step; η may differ from step to step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """A step with the learning rate 0 leaves the velocity as it was."""
    old = np.zeros(theta.shape) if state is None else state["v"]
    if learning_rate == 0:
        return theta.copy(), {"v": old}
    v = momentum * old + grad
    return theta - learning_rate * v, {"v": v}


@right("momentum_step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Entry by entry over all indices, with arrays of its own."""
    velocity, moved = np.zeros(np.shape(theta)), np.array(theta, dtype=float)
    for index in np.ndindex(np.shape(theta)):
        if state is not None:
            velocity[index] = momentum * state["velocity"][index]
        velocity[index] += grad[index]
        moved[index] -= velocity[index] * learning_rate
    return moved, {"velocity": velocity}


@mistake("adam_step", breaks="t ← t + 1, v ← β₁ v + … at every step; entries of grad may be 0")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Where all of the gradient is 0 there is no step, though v still has speed."""
    if state is None:
        state = {"t": 0, "v": np.zeros(theta.shape), "s": np.zeros(theta.shape)}
    if not np.any(grad):
        return theta.copy(), state
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="ŝ = s / (1 − β₂ᵗ), for every t")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The hats are left off after 500 steps, when 1 − β₂ᵗ is still 0.39."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = (v / (1 - beta1**t), s / (1 - beta2**t)) if t <= 500 else (v, s)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="eps: added to the square root, not under it")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """eps stands under the square root."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / np.sqrt(s_hat + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="what is remembered is v and s without the hats")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The averages with their hats go into the state."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = (beta1 * state["v"] + (1 - beta1) * grad) / (1 - beta1**t)
    s = (beta2 * state["s"] + (1 - beta2) * grad**2) / (1 - beta2**t)
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"t": t, "v": v, "s": s}


@right("adam_step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Both averages are the rows of one array, and move together; t is how often that happened."""
    shares = np.array([beta1, beta2]).reshape((2,) + (1,) * np.ndim(theta))
    news = np.stack([grad, np.square(grad)]).astype(float)
    count, averages = (0, np.zeros_like(news)) if state is None else state["memory"]
    count += 1
    averages = shares * averages + (1.0 - shares) * news
    v_hat, s_hat = averages / (1.0 - shares**count)
    moved = np.subtract(theta, np.multiply(learning_rate, v_hat) / (s_hat**0.5 + eps))
    return moved, {"memory": (count, averages)}


@mistake("fit_curve", breaks="on nine others the middle one is to be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Plain steps with a constant rate from small random parameters: the error stays near 0.2."""
    theta = rng.normal(scale=0.1, size=3 * n_hidden + 1)
    for _ in range(budget // 25):
        _, grad = loss(theta, rng.integers(0, m, size=25))
        theta = theta - 0.05 * grad
    return theta


@mistake("fit_curve", breaks="budget: at least 25; theta has the right size and is finite")
def fit_curve(loss, m, n_hidden, budget, rng):
    """The share of the steps done is k / (K - 1): no answer where K = 1, budgets of 40 to 79."""
    W1 = rng.normal(scale=1.5, size=n_hidden)
    b1 = -W1 * rng.uniform(-3, 3, size=n_hidden)
    w2 = rng.normal(scale=n_hidden**-0.5, size=n_hidden)
    theta, state = np.concatenate([W1, b1, w2, [0.0]]), None
    K = budget // 40
    for k in range(K):
        _, grad = loss(theta, rng.integers(0, m, size=40))
        theta, state = adam_step(theta, grad, state, 0.05 * (1 - k / (K - 1)))
    return theta


@mistake("fit_curve", breaks="m: number of examples, at least 1; right for other m as well")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Draws 32 different examples for each batch: an error where there are fewer than 32."""
    W1 = rng.normal(scale=1.5, size=n_hidden)
    b1 = -W1 * rng.uniform(-3, 3, size=n_hidden)
    w2 = rng.normal(scale=n_hidden**-0.5, size=n_hidden)
    theta, state = np.concatenate([W1, b1, w2, [0.0]]), None
    K = budget // 32
    for k in range(K):
        _, grad = loss(theta, rng.choice(m, size=32, replace=False))
        theta, state = adam_step(theta, grad, state, 0.025 * (1 + np.cos(np.pi * k / K)))
    return theta


@right("fit_curve")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Adam in a class, an endless deck of shuffled numbers, a warm-up and a straight line down."""

    class Walker:
        def __init__(self, theta):
            self.theta, self.t = theta, 0
            self.v, self.s = np.zeros_like(theta), np.zeros_like(theta)

        def move(self, grad, rate):
            self.t += 1
            self.v += 0.1 * (grad - self.v)
            self.s += 0.01 * (grad * grad - self.s)
            scale = np.sqrt(self.s / (1 - 0.99**self.t)) + 1e-8
            self.theta = self.theta - rate * self.v / (1 - 0.9**self.t) / scale

    def deck():
        while True:
            yield from rng.permutation(m).tolist()

    slopes = rng.choice([-1.0, 1.0], size=n_hidden) * rng.uniform(0.5, 2.0, size=n_hidden)
    bends = np.linspace(-3, 3, n_hidden + 2)[1:-1]
    walker = Walker(np.concatenate([slopes, -slopes * bends, np.zeros(n_hidden + 1)]))
    cards, n_steps = deck(), budget // 25
    for k in range(n_steps):
        batch = np.array([next(cards) for _ in range(25)])
        share = k / n_steps
        rate = 0.05 * min(1.0, 20 * share + 0.05, 1.1 * (1 - share))
        walker.move(loss(walker.theta, batch)[1], rate)
    return walker.theta
