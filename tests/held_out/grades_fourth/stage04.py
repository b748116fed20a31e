"""Held-out answers to stage 4: read as source, never imported."""

import numpy as np


@mistake("count_params", breaks="the layer sizes: the number of features has no biases")
def count_params(layer_sizes):
    """Counts a bias for each feature of the input, too."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes)) + sum(layer_sizes)


@mistake("count_params", breaks="Its parameters are all the weights and all the biases")
def count_params(layer_sizes):
    """Keeps the layers in a set, where two layers of the same shape are one."""
    layers = {(n_in, n_out) for n_in, n_out in pairwise(layer_sizes)}
    return sum((n_in + 1) * n_out for n_in, n_out in layers)


@mistake("count_params", breaks="layer_sizes: list of int. Not changed")
def count_params(layer_sizes):
    """Takes the sizes out of the caller's list from the end, until one is left."""
    count = 0
    while len(layer_sizes) > 1:
        n_out = layer_sizes.pop()
        count += (layer_sizes[-1] + 1) * n_out
    return count


@right("count_params")
def count_params(layer_sizes):
    """Recursion on the list without its first entry."""
    first, second, *others = layer_sizes
    here = second * (1 + first)
    return here + count_params([second, *others]) if others else here


@mistake("forward", breaks="activations: the name of each layer's activation")
def forward(params, X, activations):
    """The last layer is left linear, whatever its name says."""
    A, cache = X, {"A": [X], "Z": [None], "activations": activations}
    for layer, (W, b) in enumerate(params):
        Z = A @ W.T + b
        A = activate(activations[layer], Z) if layer < len(params) - 1 else Z.copy()
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


@mistake("forward", breaks="the name of each layer's activation, for `activate`")
def forward(params, X, activations):
    """Has a table of activations of its own, which does not know those of section 4."""
    functions = {
        "linear": lambda z: z.copy(),
        "step": lambda z: np.where(z >= 0, 1.0, 0.0),
        "relu": lambda z: np.where(z > 0, z, 0.0),
        "tanh": np.tanh,
    }
    cache = {"A": [X], "Z": [None], "activations": list(activations)}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(functions[name](cache["Z"][-1]))
    return cache["A"][-1], cache


@mistake("forward", breaks="cache['Z'] is the list [None, Z1, ..., ZL]")
def forward(params, X, activations):
    """Writes the activations over the sums, so that Z and A are the same arrays."""
    A, cache = X, {"A": [X], "Z": [None], "activations": list(activations)}
    for (W, b), name in zip(params, activations, strict=True):
        Z = A @ W.T + b
        cache["Z"].append(Z)
        Z[...] = activate(name, Z)
        A = Z
        cache["A"].append(A)
    return A, cache


@mistake("forward", breaks="params and activations: not changed")
def forward(params, X, activations):
    """Takes the names out of the caller's list, one for each layer."""
    cache = {"A": [X], "Z": [None], "activations": activations.copy()}
    for W, b in params:
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        cache["A"].append(activate(activations.pop(0), Z))
    return cache["A"][-1], cache


@mistake("forward", breaks="params: one pair for each of the L layers")
def forward(params, X, activations):
    """The first layer and the last have lines of their own: an only layer is applied twice."""

    def layer(A, k):
        Z = A @ params[k][0].T + params[k][1]
        cache["Z"].append(Z)
        cache["A"].append(activate(activations[k], Z))
        return cache["A"][-1]

    cache = {"A": [X], "Z": [None], "activations": list(activations)}
    A = layer(X, 0)
    for hidden in range(1, len(params) - 1):
        A = layer(A, hidden)
    return layer(A, -1), cache


@right("forward")
def forward(params, X, activations):
    """Recursion over the layers, with einsum on floats; the cache is put together on the way."""

    def go_on(A, layers):
        if not layers:
            return [], []
        (W, b), name = layers[0]
        Z = np.add(b, np.einsum("...i,ji->...j", A, W))
        a = np.asarray(activate(name, Z))
        later_Z, later_A = go_on(a, layers[1:])
        return [Z, *later_Z], [a, *later_A]

    X0 = np.array(X, dtype=float)
    all_Z, all_A = go_on(X0, list(zip(params, activations, strict=True)))
    cache = dict(A=[X0, *all_A], Z=[None, *all_Z], activations=[*activations])
    return all_A[-1], cache


@mistake("sigmoid", breaks="right between -1000 and 1000, and NumPy warns of no overflow")
def sigmoid(z):
    """Formula (6) alone: not a number far out on the right."""
    return np.exp(z) / (np.exp(z) + 1.0)


@mistake("sigmoid", breaks="Between 0 and 1; off by less than 1e-14")
def sigmoid(z):
    """Clips z to -20 and 20 against the overflow, which is far too early."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -20.0, 20.0)))


@mistake("sigmoid", breaks="the result holds floats; off by less than 1e-14")
def sigmoid(z):
    """By np.vectorize: where the first entry is large, its whole 1 makes all results whole."""
    from math import exp

    def one(t):
        if t > 700:
            return 1
        return 1.0 / (1.0 + exp(-t)) if t > -700 else 0.0

    return np.vectorize(one)(z) * 1.0


@mistake("sigmoid", breaks="works element-wise: every entry on its own, of any shape")
def sigmoid(z):
    """Flattens z as it lies in memory, but fills the result row by row."""
    flat = np.ravel(z, order="K")
    e = np.exp(-np.abs(flat))
    return (np.where(flat >= 0, 1.0, e) / (1.0 + e)).reshape(np.shape(z))


@right("sigmoid")
def sigmoid(z):
    """By the logarithm of the denominator, which NumPy has in a safe form."""
    return np.exp(np.negative(np.logaddexp(0.0, np.negative(z))))


@mistake("rectify", breaks="Softplus has no use for alpha, whatever number it is")
def rectify(z, kind, alpha):
    """Softplus takes alpha for its sharpness."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return relu(z) + np.log1p(np.exp(-alpha * np.abs(z))) / alpha


@mistake("rectify", breaks="elu(z) = α (e^z - 1) for z <= 0")
def rectify(z, kind, alpha):
    """In the ELU alpha multiplies the exponential only, so that it is right for alpha = 1."""
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    if kind == "leaky_relu":
        return np.where(z > 0, z, alpha * z)
    if kind == "elu":
        return np.where(z > 0, z, alpha * e - 1.0)
    return np.maximum(z, 0.0) + np.log1p(e)


@mistake("rectify", breaks="softplus(z) = ln(1 + e^z), off by less than 1e-14 times 1 + |z|")
def rectify(z, kind, alpha):
    """Softplus is z itself from 5 on, against the overflow."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return np.where(np.asarray(z) > 5, z, np.log1p(np.exp(np.minimum(z, 5.0))))


@mistake("rectify", breaks="the result holds floats, also for an array of integers")
def rectify(z, kind, alpha):
    """By np.vectorize: where the first entry is a positive integer, fractions are cut off."""
    from math import exp, expm1, log1p

    def one(t):
        if kind == "softplus":
            return max(t, 0.0) + log1p(exp(-abs(t)))
        if t > 0:
            return t
        return alpha * (t if kind == "leaky_relu" else expm1(t))

    return np.asarray(np.vectorize(one)(z), dtype=float)


@mistake("rectify", breaks="how far the ELU goes down, any number above 0")
def rectify(z, kind, alpha):
    """The larger of both branches, which is not the ELU for an alpha above 1."""
    if kind == "leaky_relu":
        return np.maximum(z, alpha * np.asarray(z))
    if kind == "elu":
        return np.maximum(z, alpha * np.expm1(np.minimum(z, 0.0)))
    return np.logaddexp(0.0, z)


@right("rectify")
def rectify(z, kind, alpha):
    """A dictionary of functions of one number, applied to the entries one by one."""
    import math

    def softplus_of(t):
        return (t if t > 0 else 0.0) + math.log1p(math.exp(-math.fabs(t)))

    table = {
        "leaky_relu": lambda t: t if t > 0 else alpha * t,
        "elu": lambda t: t if t > 0 else alpha * math.expm1(t),
        "softplus": softplus_of,
    }
    z = np.asarray(z)
    result = np.empty(z.shape, dtype=np.float64)
    for place in np.ndindex(*z.shape):
        result[place] = table[kind](float(z[place]))
    return result


@mistake("init_params", breaks="normally distributed with the standard deviation s")
def init_params(layer_sizes, rng, activation="relu"):
    """Gives the variance to rng.normal, without the root."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        params.append((rng.normal(0.0, variance, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="each entry drawn independently, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """Scales each W until the standard deviation of its own entries is s, which ties them up."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in if activation == "relu" else 2 / (n_in + n_out))
        W = rng.normal(size=(n_out, n_in))
        if W.size > 1:
            W /= W.std()
        params.append((s * W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="each entry drawn independently, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """A uniform distribution with the right standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        limit = np.sqrt(6 / n_in if activation == "relu" else 6 / (n_in + n_out))
        params.append((rng.uniform(-limit, limit, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="No two layers share an array")
def init_params(layer_sizes, rng, activation="relu"):
    """The biases of all layers are pieces of the same array of zeros."""
    zeros, params = np.zeros(max(layer_sizes)), []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        params.append((rng.normal(0.0, s, size=(n_out, n_in)), zeros[:n_out]))
    return params


@mistake("init_params", breaks="n_in = n_{l-1} and n_out = n_l, each layer with its own s")
def init_params(layer_sizes, rng, activation="relu"):
    """Glorot's rule takes the inputs and the outputs of the whole network."""
    params, ends = [], layer_sizes[0] + layer_sizes[-1]
    for n_in, n_out in pairwise(layer_sizes):
        s = {"relu": np.sqrt(2 / n_in), "tanh": np.sqrt(2 / ends)}[activation]
        params.append((rng.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@right("init_params")
def init_params(layer_sizes, rng, activation="relu"):
    """Draws all numbers of the network at once and deals them out from an iterator."""
    shapes = [(n_out, n_in) for n_in, n_out in zip(layer_sizes, layer_sizes[1:], strict=False)]
    numbers = iter(rng.standard_normal(sum(p * q for p, q in shapes)).tolist())
    fan = {"relu": lambda n_out, n_in: n_in, "tanh": lambda n_out, n_in: n_in + n_out}[activation]

    def layer(n_out, n_in):
        s = (2.0 / fan(n_out, n_in)) ** 0.5
        W = [[s * next(numbers) for _ in range(n_in)] for _ in range(n_out)]
        return np.array(W), np.array([0.0] * n_out)

    return [layer(*shape) for shape in shapes]


@mistake("relu_bump", breaks="stays at h, and falls from right - r to right")
def relu_bump(x, left, right, height, ramp):
    """Falls only after the right end, from right to right + ramp."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right) - relu(x - right - ramp)
    return height / ramp * (up - down)


@mistake("relu_bump", breaks="Its height, of either sign")
def relu_bump(x, left, right, height, ramp):
    """A ReLU around the whole cuts off what is below zero: no bump downwards is left."""
    inner = relu(x - left) - relu(x - left - ramp) - relu(x - right + ramp) + relu(x - right)
    return relu(height / ramp * inner)


@mistake("relu_bump", breaks="(h / r) times the four ReLUs, formula (12)")
def relu_bump(x, left, right, height, ramp):
    """Does not divide by the width of the ramp, which is right for a ramp of 1 only."""
    corners = ((left, 1), (left + ramp, -1), (right - ramp, -1), (right, 1))
    return height * sum(sign * relu(x - corner) for corner, sign in corners)


@right("relu_bump")
def relu_bump(x, left, right, height, ramp):
    """The distance from the nearer end, in ramps, limited to 0 and 1."""
    inside = np.minimum(np.subtract(x, left), np.subtract(right, x))
    return np.multiply(height, np.clip(inside / ramp, 0.0, 1.0))


@mistake("approximate", breaks="as high as the function is in the middle of the piece")
def approximate(f, n_bumps):
    """The height is the mean of f at a quarter and at three quarters of the piece."""
    rows = []
    for i in range(n_bumps):
        height = (f((i + 0.25) / n_bumps) + f((i + 0.75) / n_bumps)) / 2
        rows.append([i / n_bumps, (i + 1) / n_bumps, height])
    return np.array(rows, dtype=float)


@mistake("approximate", breaks="f returns a number: a float or an int")
def approximate(f, n_bumps):
    """By np.vectorize: where the first height is an int, the others are cut off to integers."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = np.vectorize(f)((edges[:-1] + edges[1:]) / 2)
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="ndarray of shape (n_bumps, 3)")
def approximate(f, n_bumps):
    """The left ends by np.arange with a fraction as its step: sometimes one more than asked."""
    width = 1 / n_bumps
    left = np.arange(0, 1, width)
    heights = [float(f(min(one, 1 - width) + width / 2)) for one in left]
    return np.column_stack([left, left + width, heights])


@right("approximate")
def approximate(f, n_bumps):
    """A structured loop with exact fractions, written into an array row by row."""
    from fractions import Fraction

    table = np.zeros((n_bumps, 3))
    for i, row in enumerate(table):
        row[0], row[1] = float(Fraction(i, n_bumps)), float(Fraction(i + 1, n_bumps))
        row[2] = f(float(Fraction(2 * i + 1, 2 * n_bumps)))
    return table


@mistake("through_points", breaks="they may have some features in common")
def through_points(X, Y):
    """Lines the points up by their first feature alone."""
    order = np.argsort(X[:, 0], kind="stable")
    t, y = X[order, 0], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(t)[:, None]
    W2 = np.diff(slopes, axis=0, prepend=0.0, append=0.0)
    W2 = W2 if len(t) > 1 else np.zeros((1, Y.shape[1]))
    W1 = np.zeros((len(t), X.shape[1]))
    W1[:, 0] = 1.0
    return W1, -t, W2.T.copy(), y[0].copy()


@mistake("through_points", breaks="X: the points, in any order, no two of them equal")
def through_points(X, Y):
    """Adds up the features with weights from 1 to 19, for which points on a grid may be equal."""
    weights = np.random.default_rng(0).integers(1, 20, size=X.shape[1])
    t = X @ weights
    order = np.argsort(t)
    t, y = t[order], Y[order]
    bends = np.zeros(Y.shape)
    if len(t) > 1:
        slopes = (y[1:] - y[:-1]) / (t[1:] - t[:-1])[:, None]
        bends[:-1] += slopes
        bends[1:] -= slopes
    return np.tile(weights * 1.0, (len(t), 1)), -t, bends.T, y[0].copy()


@mistake("through_points", breaks="with one feature it stays constant after the last point")
def through_points(X, Y):
    """No neuron bends at the last point, so the last slope goes on for ever."""
    directions = np.random.default_rng(0).normal(size=(1000, X.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    if len(X) == 1:
        return np.zeros((1, X.shape[1])), np.zeros(1), np.zeros((Y.shape[1], 1)), Y[0].copy()
    gaps = np.diff(np.sort(X @ directions.T, axis=0), axis=0).min(axis=0)
    w = directions[np.argmax(gaps)] if X.shape[1] > 1 else np.ones(1)
    t = X @ w
    order = np.argsort(t)
    t, y = t[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(t)[:, None]
    W2 = np.diff(slopes, axis=0, prepend=0.0)
    return np.tile(w, (len(t) - 1, 1)), -t[:-1], W2.T.copy(), y[0].copy()


@mistake("through_points", breaks="n_1 is at most 4 m, four hidden neurons for each point")
def through_points(X, Y):
    """Each output gets hidden neurons of its own: too many with more than four outputs."""
    directions = np.random.default_rng(0).normal(size=(1000, X.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    if len(X) == 1:
        return np.zeros((0, X.shape[1])), np.zeros(0), np.zeros((Y.shape[1], 0)), Y[0].copy()
    gaps = np.diff(np.sort(X @ directions.T, axis=0), axis=0).min(axis=0)
    w = directions[np.argmax(gaps)]
    t = X @ w
    order = np.argsort(t)
    t, y = t[order], Y[order]
    m, n_2 = Y.shape
    W2 = np.zeros((n_2, m * n_2))
    for k in range(n_2):
        slopes = np.diff(y[:, k]) / np.diff(t)
        W2[k, k * m : (k + 1) * m] = np.diff(slopes, prepend=0.0, append=0.0)
    return np.tile(w, (m * n_2, 1)), np.tile(-t, n_2), W2, y[0].copy()


@right("through_points")
def through_points(X, Y):
    """A ramp of two ReLUs between each two neighbours, collected in Python lists."""
    (m, n), n_2 = X.shape, Y.shape[1]
    rng = np.random.default_rng(12)

    def gap(w):
        return np.diff(np.sort(X @ w)).min(initial=np.inf)

    candidates = [np.ones(1)]
    if n > 1:
        candidates = [w / np.linalg.norm(w) for w in rng.normal(size=(1500, n))]
    w = max(candidates, key=gap)
    line = sorted(zip((X @ w).tolist(), Y.tolist(), strict=True), key=lambda pair: pair[0])
    biases, columns = [], []
    for (t0, y0), (t1, y1) in zip(line, line[1:], strict=False):
        rise = [(q - p) / (t1 - t0) for p, q in zip(y0, y1, strict=True)]
        biases += [-t0, -t1]
        columns += [rise, [-one for one in rise]]
    if not biases:
        biases, columns = [0.0], [[0.0] * n_2]
    W1 = np.outer(np.ones(len(biases)), w)
    return W1, np.array(biases), np.array(columns).T.copy(), np.array(line[0][1])


@right("through_points")
def through_points(X, Y):
    """Solves the triangular system of the points in line, for all the outputs together."""
    m, n = X.shape
    best, widest = None, -1.0
    rng = np.random.default_rng(99)
    for _ in range(1 if n == 1 else 2000):
        w = rng.standard_normal(n)
        w = w / np.sqrt(w @ w) if n > 1 else np.array([-1.0])
        t = np.einsum("ij,j->i", X, w)
        narrowest = np.diff(np.sort(t)).min() if m > 1 else 1.0
        if narrowest > widest:
            best, widest = (w, t), narrowest
    w, t = best
    order = sorted(range(m), key=t.__getitem__)
    knots = t[order]
    bends = np.zeros((m, Y.shape[1]))
    rises = (Y[order] - Y[order[0]])[1:]
    if m > 1:
        heights = np.maximum(np.subtract.outer(knots[1:], knots[:-1]), 0.0)
        for i in range(m - 1):
            bends[i] = (rises[i] - heights[i, :i] @ bends[:i]) / heights[i, i]
        bends[-1] = -bends[:-1].sum(axis=0)
    return np.array([w] * m), -knots, bends.T.copy(), Y[order[0]].copy()
