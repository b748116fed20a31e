"""Held-out answers to stage 6: read as source, never imported."""

import numpy as np


@mistake("gradient_descent", breaks="where its length is at most tol, the path ends at this point")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Stops only below tol, not at tol exactly: with tol = 0 never, even on level ground."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) < tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)


@mistake("gradient_descent", breaks="before each step look at the gradient")
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Looks only after a step, so that the first one is taken even where the start is flat."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
        if np.linalg.norm(grad(path[-1])) <= tol:
            break
    return np.array(path)


@mistake(
    "gradient_descent", breaks="n_steps steps, unless the length of the gradient is at most tol"
)
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Also stops where a step hardly moves the point."""
    path = [theta0.copy()]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
        if np.allclose(path[-1], path[-2]):
            break
    return np.array(path)


@mistake("is_convex_on_segment", breaks="none may lie above the chord of its two neighbours")
def is_convex_on_segment(f, x0, x1):
    """Compares with the long chord from x0 to x1."""
    t = np.linspace(0, 1, 101)
    v = np.array([f((1 - s) * x0 + s * x1) for s in t])
    return bool(np.all(v <= (1 - t) * v[0] + t * v[-1] + 1e-9))


@mistake("is_convex_on_segment", breaks="True if no point is above the mean of its neighbours")
def is_convex_on_segment(f, x0, x1):
    """Is content if a single point lies below the mean of its neighbours."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.any(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@mistake("is_convex_on_segment", breaks="the ends of the segment; they may be the same point")
def is_convex_on_segment(f, x0, x1):
    """Walks by length along a unit vector, which is 0 / 0 if both ends are the same point."""
    length = np.sqrt(np.sum((x1 - x0) ** 2))
    direction = (x1 - x0) / length
    v = np.array([f(x0 + s * direction) for s in np.linspace(0, length, 101)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@mistake("is_convex_on_segment", breaks="so allow an excess of up to 1e-9")
def is_convex_on_segment(f, x0, x1):
    """Allows no excess at all, so that rounding makes straight lines not convex."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2))


@mistake("squared_error", breaks="∇J = 1/m X^T (Xθ - y)")
def squared_error(theta, X, y):
    """The gradient is the sum over the examples, not the mean."""
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r


@mistake("squared_error", breaks="X has its column of ones already, if it wants one; add none")
def squared_error(theta, X, y):
    """Treats the last parameter as a bias, whatever stands in the last column of X."""
    r = X[:, :-1] @ theta[:-1] + theta[-1] - y
    return float(np.mean(r**2) / 2), np.append(X[:, :-1].T @ r, r.sum()) / len(y)


@mistake("squared_error", breaks="∇J by formula (4)")
def squared_error(theta, X, y):
    """The gradient is estimated by coarse one-sided differences."""

    def height(theta):
        return float(np.mean((X @ theta - y) ** 2) / 2)

    J, h = height(theta), 1e-4
    dtheta = np.array([(height(theta + h * e) - J) / h for e in np.eye(len(theta))])
    return J, dtheta


@mistake("logistic_loss", breaks="exact where the sums are as large as ±1000")
def logistic_loss(theta, X, y):
    """Exact for label 1 only; for label 0 and a large sum it takes the logarithm of 0."""
    z = X @ theta
    a = sigmoid(z)
    with np.errstate(divide="ignore"):
        costs = np.where(y == 1, np.logaddexp(0, -z), -np.log(1 - a))
    return float(np.mean(costs)), X.T @ (a - y) / len(y)


@mistake("logistic_loss", breaks="-y log a - (1 - y) log(1 - a), exact")
def logistic_loss(theta, X, y):
    """Takes log(1 + exp(z)) as max(z, 0) as soon as the sum is beyond ±8."""
    z = X @ theta
    soft = np.where(np.abs(z) > 8, np.maximum(z, 0), np.logaddexp(0, z))
    return float(np.mean(soft - y * z)), X.T @ (sigmoid(z) - y) / len(y)


@mistake("logistic_loss", breaks="y: their labels, 0 or 1. Not changed")
def logistic_loss(theta, X, y):
    """Turns the labels 0 into -1 in the caller's array."""
    y[y == 0] = -1
    margins = y * (X @ theta)
    J = float(np.mean(np.logaddexp(0, -margins)))
    return J, -X.T @ (y * sigmoid(-margins)) / len(y)


@mistake("minibatches", breaks="y_batch: what belongs to them")
def minibatches(X, y, batch_size, rng):
    """Shuffles examples and labels each for itself."""
    X, y = rng.permutation(X), rng.permutation(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


@mistake("minibatches", breaks="rng: the only source of randomness")
def minibatches(X, y, batch_size, rng):
    """Shuffles with NumPy's global generator, not with rng."""
    order = np.random.permutation(len(X))
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("minibatches", breaks="deal out the examples in random order")
def minibatches(X, y, batch_size, rng):
    """Does not shuffle where one batch holds everything."""
    if batch_size >= len(X):
        yield X, y
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        piece = order[start : start + batch_size]
        yield X[piece], y[piece]


@mistake("train", breaks="the state starts as None and lives through all the epochs")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Begins each epoch with the state None."""
    theta, losses = theta0, []
    for _ in range(n_epochs):
        state = None
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="rng: shuffles the examples anew in each epoch")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Shuffles with generators of its own, seeded by the number of the epoch."""
    theta, state, losses = theta0, None, []
    for epoch in range(n_epochs):
        for batch in minibatches(X, y, batch_size, np.random.default_rng(epoch)):
            J, grad = loss(theta, *batch)
            losses.append(J)
            theta, state = step(theta, grad, state, learning_rate)
    return theta, losses


@mistake("train", breaks="n_epochs: passes over the examples")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Gives up after the first epoch whose mean loss is higher than that of the epoch before."""
    theta, state, losses, last = theta0, None, [], np.inf
    for _ in range(n_epochs):
        epoch = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            epoch.append(J)
            theta, state = step(theta, grad, state, learning_rate)
        losses += epoch
        if np.mean(epoch) > last:
            break
        last = np.mean(epoch)
    return theta, losses


@mistake("train", breaks="update: one step of the optimiser for each batch")
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Calls step twice for each batch: for the new state, and with that for the new theta."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, grad = loss(theta, X_batch, y_batch)
            losses.append(J)
            state = step(theta, grad, state, learning_rate)[1]
            theta = step(theta, grad, state, learning_rate)[0]
    return theta, losses


@mistake("momentum_step", breaks="the v in the second formula is the new velocity")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Steps along the old velocity."""
    old = np.zeros_like(theta) if state is None else state["v"]
    return theta - learning_rate * old, {"v": momentum * old + grad}


@mistake("momentum_step", breaks="θ ← θ - η v, where η may differ from step to step")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity contains the learning rates of its time."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old - learning_rate * grad
    return theta + v, {"v": v}


@mistake("momentum_step", breaks="theta: any shape; returned in the same shape")
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Thinks of matrices only: a theta of shape (n,) comes back as (1, n)."""
    theta, grad = np.atleast_2d(theta), np.atleast_2d(grad)
    old = np.zeros(theta.shape) if state is None else state["v"]
    v = momentum * old + grad
    return theta - learning_rate * v, {"v": v}


@mistake("adam_step", breaks="θ ← θ - η v̂ / (√ŝ + ε): with the hats")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Leaves out the hats."""
    old = {"v": 0.0, "s": 0.0} if state is None else state
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"v": v, "s": s}


@mistake("adam_step", breaks="eps: added to the square root, not under it")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adds ε under the root."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    root = np.sqrt(s / (1 - beta2**t) + eps)
    return theta - learning_rate * v / (1 - beta1**t) / root, {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="ŝ = s / (1 - β₂^t) in every step")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Takes off the hats after 100 steps, where 0.999^t is still far from 0."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = (v / (1 - beta1**t), s / (1 - beta2**t)) if t <= 100 else (v, s)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@mistake("adam_step", breaks="θ ← θ - η v̂ / (√ŝ + ε), also for entries whose gradient is now 0")
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Leaves a parameter where it is if its present gradient is 0, in spite of its average v."""
    old = {"t": 0, "v": 0.0, "s": 0.0} if state is None else state
    t = old["t"] + 1
    v = beta1 * old["v"] + (1 - beta1) * grad
    s = beta2 * old["s"] + (1 - beta2) * grad**2
    move = v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
    return theta - learning_rate * np.where(grad == 0, 0.0, move), {"t": t, "v": v, "s": s}


@mistake("fit_curve", breaks="a call costs as many examples as it looks at, and at least 25")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Takes batches of 10 and counts each as 10."""
    theta, state, K = rng.normal(size=3 * n_hidden + 1), None, budget // 10
    for k in range(K):
        _, grad = loss(theta, rng.integers(0, m, size=10))
        rate = 0.05 * (1 + np.cos(np.pi * k / K)) / 2
        theta, state = adam_step(theta, grad, state, rate)
    return theta


@mistake("fit_curve", breaks="budget: at least 25; for other budgets theta is finite as well")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Warms up for a tenth of the steps and divides by their number, 0 for a small budget."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[:n_hidden] *= 2
    theta[n_hidden : 2 * n_hidden] *= 3
    theta[2 * n_hidden :] *= 0.3
    state, K = None, budget // 25
    warm = K // 10
    for k in range(K):
        _, grad = loss(theta, rng.integers(0, m, size=25))
        rate = 0.05 * min((k + 1) / warm, (K - k) / (K - warm))
        theta, state = adam_step(theta, grad, state, rate)
    return theta


@mistake("fit_curve", breaks="on nine others the middle error is to be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """Draws one batch before the loop and looks at those examples all the time."""
    theta = rng.normal(size=3 * n_hidden + 1)
    theta[:n_hidden] *= 2
    theta[n_hidden : 2 * n_hidden] *= 3
    theta[2 * n_hidden :] *= 0.3
    state, K, batch = None, budget // 25, rng.integers(0, m, size=25)
    for k in range(K):
        _, grad = loss(theta, batch)
        rate = 0.05 * (1 + np.cos(np.pi * k / K)) / 2
        theta, state = adam_step(theta, grad, state, rate)
    return theta


@mistake("fit_curve", breaks="on nine others the middle error is to be at most 0.1")
def fit_curve(loss, m, n_hidden, budget, rng):
    """All the neurons start as the same one, and remain the same for ever."""
    theta, state, K = np.full(3 * n_hidden + 1, rng.normal()), None, budget // 25
    for k in range(K):
        _, grad = loss(theta, rng.integers(0, m, size=25))
        rate = 0.05 * (1 + np.cos(np.pi * k / K)) / 2
        theta, state = adam_step(theta, grad, state, rate)
    return theta
