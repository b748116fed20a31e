"""Held-out answers to stage 4: read as source, never imported."""

import numpy as np


@mistake("count_params", breaks="n_l neurons in layer l; the input is not counted as a layer")
def count_params(layer_sizes):
    """The input features get biases, too."""
    weights = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))
    return weights + sum(layer_sizes)


@mistake("count_params", breaks="Count the weights and biases of a network")
def count_params(layer_sizes):
    """Whole numbers of 32 bits overflow for wide layers, such as [50000, 50000]."""
    sizes = np.array(layer_sizes, dtype=np.int32)
    return int(sizes[:-1] @ sizes[1:]) + int(sizes[1:].sum())


@mistake("count_params", breaks="b of layer l has the shape (n_l,): a bias for each neuron")
def count_params(layer_sizes):
    """One bias for each layer in place of one for each neuron."""
    return sum(n_in * n_out + 1 for n_in, n_out in pairwise(layer_sizes))


@mistake("forward", breaks="params: list of (W, b). Not changed")
def forward(params, X, activations):
    """For a single example the sums are added onto the caller's biases."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        if X.ndim == 1:
            Z = b
            Z += W @ cache["A"][-1]
        else:
            Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z.copy())
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@mistake("forward", breaks='cache["activations"]: the names as given')
def forward(params, X, activations):
    """The names in the cache begin with None, as the sums do."""
    cache = {"A": [X], "Z": [None], "activations": [None, *activations]}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@mistake("forward", breaks="Z = A W^T + b, with W of shape (n_out, n_in)")
def forward(params, X, activations):
    """The weights are transposed only when the shapes do not fit without it."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        A = cache["A"][-1]
        Z = (A @ W if A.shape[-1] == W.shape[0] else A @ W.T) + b
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@mistake("forward", breaks="Z = A W^T + b, A = g(Z)")
def forward(params, X, activations):
    """Sums beyond 50 are cut off, for fear of an overflow."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(np.clip(cache["A"][-1] @ W.T + b, -50.0, 50.0))
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@mistake("forward", breaks='cache["Z"] is the list [None, Z1, ..., ZL] with Z = A W^T + b')
def forward(params, X, activations):
    """The sums are kept before the bias is added."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T)
        cache["A"].append(activate(name, cache["Z"][-1] + b))
    return cache["A"][-1], cache


@right("forward")
def forward(params, X, activations):
    """A recursion over the layers, from the last to the first, with einsum."""
    if not params:
        return X, {"A": [X], "Z": [None], "activations": activations}
    *before, (W, b) = params
    A, cache = forward(before, X, activations[:-1])
    Z = b + np.einsum("ji,...i->...j", W, A)
    out = activate(activations[-1], Z)
    return out, {"A": [*cache["A"], out], "Z": [*cache["Z"], Z], "activations": activations}


@right("forward")
def forward(params, X, activations):
    """One example and one neuron after the other, with sums in pure Python."""
    from math import fsum

    def sums(W, b, a):
        return [fsum([*(w * v for w, v in zip(row, a, strict=True)), c]) for row, c in zip(W, b)]

    All, Zs = [X], [None]
    for k in range(len(params)):
        W, b = params[k]
        if np.ndim(X) == 1:
            Z = np.array(sums(W, b, All[k]), dtype=float)
        else:
            Z = np.array([sums(W, b, a) for a in All[k]], dtype=float).reshape(len(X), len(b))
        Zs += [Z]
        All += [activate(activations[k], Z)]
    return All[-1], dict(activations=activations, A=All, Z=Zs)


@mistake("sigmoid", breaks="right for every number between -1000 and 1000, without an overflow")
def sigmoid(z):
    """Both forms are computed for all entries, so that one of them overflows."""
    return np.where(z >= 0, 1.0 / (1.0 + np.exp(-z)), np.exp(z) / (np.exp(z) + 1.0))


@mistake("sigmoid", breaks="Compute the sigmoid of each entry, z an ndarray of any shape")
def sigmoid(z):
    """Writes into a flat copy if z is transposed: nothing but zeros come back."""
    from math import exp

    out = np.zeros_like(z, dtype=float)
    flat = out.reshape(-1)
    for i, value in enumerate(z.reshape(-1)):
        e = exp(-abs(value))
        flat[i] = (1.0 if value >= 0 else e) / (1.0 + e)
    return out


@mistake("sigmoid", breaks="ndarray of float, of the same shape")
def sigmoid(z):
    """A table with one entry, or one row, loses its dimensions of length 1."""
    e = np.exp(-np.abs(z))
    return np.squeeze(np.where(z >= 0, 1.0, e) / (1.0 + e))


@mistake("sigmoid", breaks="formula (5): 1 / (1 + e^-z)")
def sigmoid(z):
    """The two numerators are swapped: it falls where it should rise."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e, 1.0) / (1.0 + e)


@right("sigmoid")
def sigmoid(z):
    """Entry by entry with a nested function, on a flat copy."""
    from math import exp, log1p

    def one(value):
        if value < 0:
            return exp(value - log1p(exp(value)))
        return 1.0 / (exp(-value) + 1.0)

    return np.array([one(float(value)) for value in np.ravel(z)], dtype=float).reshape(np.shape(z))


@mistake("rectify", breaks="softplus(z) = ln(1 + e^z)")
def rectify(z, kind, alpha):
    """Softplus is taken for z itself above 5 already."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return np.where(z > 5, z, np.log1p(np.exp(np.minimum(z, 5.0))))


@mistake("rectify", breaks="the result is a new array, and it holds floats, for integers too")
def rectify(z, kind, alpha):
    """When no entry is negative, the leaky ReLU and the ELU return the caller's array itself."""
    if kind == "softplus":
        return relu(z) + np.log1p(np.exp(-np.abs(z)))
    if np.all(z >= 0):
        return z
    below = np.minimum(z, 0.0)
    return relu(z) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


@mistake("rectify", breaks="works element-wise: every entry on its own; right from -1000 to 1000")
def rectify(z, kind, alpha):
    """Softplus takes the array's largest entry out of all: small ones next to 1000 get lost."""
    if kind == "softplus":
        highest = max(np.max(z), 0.0)
        return highest + np.log(np.exp(-highest) + np.exp(z - highest))
    below = np.minimum(z, 0.0)
    return relu(z) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


@mistake("rectify", breaks="elu(z) = alpha (e^z - 1) otherwise")
def rectify(z, kind, alpha):
    """A bracket is missing in the ELU: alpha e^z - 1."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return np.where(z > 0, z, alpha * np.exp(below) - 1.0)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@right("rectify")
def rectify(z, kind, alpha):
    """A dictionary of functions, each without ReLU: a factor, a mask on a copy, logaddexp."""

    def bend(values):
        out = np.array(values)
        negative = out < 0
        np.expm1(out, out=out, where=negative)
        np.multiply(out, alpha, out=out, where=negative)
        return out

    table = {
        "leaky_relu": lambda values: values * np.where(values > 0, 1.0, alpha),
        "elu": bend,
        "softplus": lambda values: np.logaddexp(values, np.zeros_like(values)),
    }
    return table[kind](np.asarray(z, dtype=float))


@right("rectify")
def rectify(z, kind, alpha):
    """One entry after the other, by a generator with the functions of math."""
    import math

    def one(t):
        if kind == "softplus":
            return t + math.log1p(math.exp(-t)) if t > 0 else math.log1p(math.exp(t))
        if t > 0:
            return t
        return alpha * (t if kind == "leaky_relu" else math.expm1(t))

    z = np.asarray(z)
    return np.fromiter((one(float(t)) for t in z.flat), float, z.size).reshape(z.shape)


@mistake("init_params", breaks="the standard deviation s = sqrt(2 / n_in)")
def init_params(layer_sizes, rng, activation="relu"):
    """The variance is handed over as the standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        params.append((rng.normal(0.0, variance, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="b: an ndarray of zeros, shape (n_out,)")
def init_params(layer_sizes, rng, activation="relu"):
    """The biases are lists of zeros."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        params.append((s * rng.normal(size=(n_out, n_in)), [0.0] * n_out))
    return params


@mistake("init_params", breaks="the weights are normally distributed with mean 0 and deviation s")
def init_params(layer_sizes, rng, activation="relu"):
    """Shifted and scaled to mean 0 and deviation s exactly: a single weight is 0 / 0."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in if activation == "relu" else 2 / (n_in + n_out))
        W = rng.normal(size=(n_out, n_in))
        W = s * (W - W.mean()) / W.std()
        params.append((W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="s = sqrt(2 / n_in) with n_in = n_(l-1)")
def init_params(layer_sizes, rng, activation="relu"):
    """The bias is counted as one more input under the root."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        fan = n_in + 1 if activation == "relu" else n_in + 1 + n_out
        W = rng.normal(0.0, np.sqrt(2 / fan), size=(n_out, n_in))
        params.append((W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="s = sqrt(2 / (n_in + n_out)) for tanh")
def init_params(layer_sizes, rng, activation="relu"):
    """For tanh the rule is 1 / n_in."""
    gain = {"relu": 2.0, "tanh": 1.0}[activation]
    return [
        (rng.normal(0.0, np.sqrt(gain / n_in), size=(n_out, n_in)), np.zeros(n_out))
        for n_in, n_out in pairwise(layer_sizes)
    ]


@right("init_params")
def init_params(layer_sizes, rng, activation="relu"):
    """All the numbers are drawn at once and then cut into layers, the columns first."""
    ends = np.cumsum([0] + [i * o for i, o in zip(layer_sizes, layer_sizes[1:])]).tolist()
    numbers = rng.standard_normal(ends[-1])
    params = []
    for k in range(len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[k : k + 2]
        fan = {"relu": n_in, "tanh": n_in + n_out}[activation]
        W = numbers[ends[k] : ends[k + 1]].reshape(n_in, n_out).T / (0.5 * fan) ** 0.5
        params += [(W, np.full(n_out, 0.0))]
    return params


@mistake("relu_bump", breaks="formula (12): the factor h / r")
def relu_bump(x, left, right, height, ramp):
    """Divides to whole numbers: a height of 1 with ramps of 2 is gone."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right + ramp) - relu(x - right)
    return height // ramp * (up - down)


@mistake("relu_bump", breaks="falls from right - r to right; 0 outside of left and right")
def relu_bump(x, left, right, height, ramp):
    """The ramp down begins at right, and ends beyond it."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right) - relu(x - right - ramp)
    return height / ramp * (up - down)


@mistake("approximate", breaks="height_i = f((i - 1/2) / N), in the middle of the piece")
def approximate(f, n_bumps):
    """The heights are taken at the left ends of the pieces."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = [f(left) for left in edges[:-1]]
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="Returns shape (n_bumps, 3)")
def approximate(f, n_bumps):
    """np.arange with a broken step yields one piece too many for some N, such as 49."""
    left = np.arange(0, 1, 1 / n_bumps)
    heights = [f(x + 0.5 / n_bumps) for x in left]
    return np.column_stack([left, left + 1 / n_bumps, heights])


@mistake("approximate", breaks="f takes a number")
def approximate(f, n_bumps):
    """Calls f once, with the array of all middles."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    return np.column_stack([edges[:-1], edges[1:], heights])


@right("approximate")
def approximate(f, n_bumps):
    """Exact fractions, and a table that is filled from the last row to the first."""
    from fractions import Fraction

    table = np.empty((n_bumps, 3))
    for i in reversed(range(n_bumps)):
        left, right = Fraction(i, n_bumps), Fraction(i + 1, n_bumps)
        table[i] = float(left), float(right), f(float((left + right) / 2))
    return table


@mistake("through_points", breaks="one point, two, or many, in any order")
def through_points(X, Y):
    """The points are taken in the order given, as if they were sorted."""
    rng = np.random.default_rng(0)
    tries = [np.ones(1)] if X.shape[1] == 1 else list(rng.normal(size=(300, X.shape[1])))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    p = X @ v
    slopes = np.diff(Y, axis=0) / np.diff(p)[:, None]
    flat = np.zeros((1, Y.shape[1]))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (len(p), 1)), -p, changes.T, Y[0].copy()


@mistake("through_points", breaks="they may have some features in common: any n features count")
def through_points(X, Y):
    """Looks at the first two features only: points that differ in the third are one."""
    n = X.shape[1]
    rng = np.random.default_rng(0)
    tries = np.ones((1, 1)) if n == 1 else np.zeros((300, n))
    if n > 1:
        tries[:, :2] = rng.normal(size=(300, 2))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    flat = np.zeros((1, Y.shape[1]))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (len(p), 1)), -p, changes.T, y[0].copy()


@mistake("through_points", breaks="they differ by 0.01 or more; no entry is off by more than 1e-6")
def through_points(X, Y):
    """More features: bumps of a fixed width, which overlap when the projections lie close."""
    (m, n), n_2 = X.shape, Y.shape[1]
    if n == 1:
        order = np.argsort(X[:, 0])
        p, y = X[order, 0], Y[order]
        slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
        flat = np.zeros((1, n_2))
        changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
        return np.ones((m, 1)), -p, changes.T, y[0].copy()
    v = np.random.default_rng(0).normal(size=n)
    width = 0.001
    corners = X @ v + width * np.array([[-1.0], [0.0], [1.0]])
    W2 = np.hstack([Y.T, -2 * Y.T, Y.T]) / width
    return np.tile(v, (3 * m, 1)), -corners.ravel(), W2, np.zeros(n_2)


@mistake("through_points", breaks="no entry is off by more than 1e-6 (1 + y)")
def through_points(X, Y):
    """A small number is added to each gap against division by 0: too much for narrow gaps."""
    rng = np.random.default_rng(0)
    tries = [np.ones(1)] if X.shape[1] == 1 else list(rng.normal(size=(300, X.shape[1])))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / (np.diff(p)[:, None] + 5e-8)
    flat = np.zeros((1, Y.shape[1]))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (len(p), 1)), -p, changes.T, y[0].copy()


@mistake("through_points", breaks="Y of shape (m, n_2): the n_2 numbers that should come out")
def through_points(X, Y):
    """All outputs get the slopes of the first one."""
    rng = np.random.default_rng(0)
    tries = [np.ones(1)] if X.shape[1] == 1 else list(rng.normal(size=(300, X.shape[1])))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y[:, 0]) / np.diff(p)
    changes = np.diff(slopes, prepend=0.0, append=0.0)
    return np.tile(v, (len(p), 1)), -p, np.tile(changes, (Y.shape[1], 1)), y[0].copy()


@right("through_points")
def through_points(X, Y):
    """From the last point to the first, with ReLUs that look to the left, in pure Python."""
    m, n = X.shape
    n_2 = Y.shape[1]

    def closest(v):
        p = sorted(X @ v)
        return min((b - a for a, b in zip(p, p[1:])), default=1.0)

    rng = np.random.default_rng(42)
    candidates = rng.normal(size=(800, n))
    candidates /= np.linalg.norm(candidates, axis=1, keepdims=True)
    v = np.array([1.0]) if n == 1 else max(candidates, key=closest)
    p = (X @ v).tolist()
    order = sorted(range(m), key=p.__getitem__, reverse=True)
    W2 = [[0.0] * m for _ in range(n_2)]
    for j in range(n_2):
        steep = 0.0
        for k, (here, there) in enumerate(zip(order, order[1:])):
            slope = float(Y[there, j] - Y[here, j]) / (p[here] - p[there])
            W2[j][k] = slope - steep
            steep = slope
        W2[j][m - 1] = -steep
    b1 = np.array([p[i] for i in order])
    return np.array([-v] * m), b1, np.array(W2), np.array(Y[order[0]])


@right("through_points")
def through_points(X, Y):
    """Triangular equations for the output weights, solved as a whole; nested helpers."""

    def direction():
        n = X.shape[1]
        best, best_gap = np.eye(n)[0], -1.0
        rng = np.random.default_rng(7)
        others = rng.uniform(-1, 1, size=(600, n))
        for v in [*np.eye(n)[: 1 if n == 1 else n], *(others if n > 1 else [])]:
            v = v / np.abs(v).max()
            p = np.sort(X @ v)
            gap = np.min(p[1:] - p[:-1], initial=np.inf)
            if gap > best_gap:
                best, best_gap = v, gap
        return best

    v = direction()
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    m = len(p)
    system = np.clip(p[:, None] - p[None, :], 0, None)[1:, :-1]
    inner = np.linalg.solve(system, y[1:] - y[0]) if m > 1 else np.zeros((0, Y.shape[1]))
    closing = -inner.sum(axis=0, keepdims=True)
    return np.outer(np.ones(m), v), np.negative(p), np.vstack([inner, closing]).T, y[0] + 0.0
