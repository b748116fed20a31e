"""Held-out answers to stage 4: read as source, never imported."""

import numpy as np


@mistake("count_params", breaks="Its parameters are all the weights and all the biases")
def count_params(layer_sizes):
    """A set keeps only one of two layers with the same number of parameters."""
    return sum({(n_in + 1) * n_out for n_in, n_out in pairwise(layer_sizes)})


@mistake("count_params", breaks="layer_sizes: not changed")
def count_params(layer_sizes):
    """Takes the sizes off the caller's list, one after the other."""
    total = 0
    n_in = layer_sizes.pop(0)
    while layer_sizes:
        n_out = layer_sizes.pop(0)
        total += n_out * (n_in + 1)
        n_in = n_out
    return total


@mistake("forward", breaks="A_L: the output of the last layer, A = g(Z) for l = 1, ..., L")
def forward(params, X, activations):
    """The last layer's activation is left out."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    last = len(params) - 1
    for layer, (W, b) in enumerate(params):
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        cache["A"].append(linear(Z) if layer == last else activate(activations[layer], Z))
    return cache["A"][-1], cache


@mistake("forward", breaks="activations: the name of each layer's activation, for activate")
def forward(params, X, activations):
    """Knows only relu and tanh; every other name is taken for linear."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W.T + b
        if name == "relu":
            A = np.maximum(Z, 0.0)
        elif name == "tanh":
            A = np.tanh(Z)
        else:
            A = Z.astype(float)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return cache["A"][-1], cache


@mistake("forward", breaks="a single example: every array of the cache has one dimension less")
def forward(params, X, activations):
    """For a single example the arrays of cache["A"] stay tables with one row."""
    cache = {"A": [np.atleast_2d(X)], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W.T + b
        cache["A"].append(activate(name, Z))
        cache["Z"].append(Z[0] if X.ndim == 1 else Z)
    A_L = cache["A"][-1]
    return (A_L[0] if X.ndim == 1 else A_L), cache


@mistake("forward", breaks="Z = A W^T + b; A_L is an ndarray of float")
def forward(params, X, activations):
    """The sums get the type of the layer's input: cut to integers if X holds integers."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        A = cache["A"][-1]
        Z = np.empty((*A.shape[:-1], len(b)), dtype=A.dtype)
        for j in range(len(b)):
            Z[..., j] = A @ W[j] + b[j]
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@mistake("forward", breaks="one pair for each of the L layers; l = 1, ..., L")
def forward(params, X, activations):
    """First and last layer are done outside of the loop: a network of one layer does it twice."""
    W, b = params[0]
    Z = X @ W.T + b
    A = activate(activations[0], Z)
    cache = {"A": [X, A], "Z": [None, Z], "activations": activations}
    for (W, b), name in zip(params[1:-1], activations[1:-1], strict=True):
        Z = A @ W.T + b
        A = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    W, b = params[-1]
    Z = A @ W.T + b
    A = activate(activations[-1], Z)
    cache["Z"].append(Z)
    cache["A"].append(A)
    return A, cache


@mistake("forward", breaks='cache["A"] is the list [X, A1, ..., AL], of this evaluation')
def forward(params, X, activations, cache={}):
    """All calls share one dictionary: the next call overwrites the cache of the last one."""
    cache["A"], cache["Z"], cache["activations"] = [X], [None], activations
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@mistake("sigmoid", breaks="right for every number, at least between -1000 and 1000")
def sigmoid(z):
    """Entries are cut off at -20 and 20: sigmoid(-40) comes out as 2e-9 in place of 4e-18."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -20.0, 20.0)))


@mistake("sigmoid", breaks="1 / (1 + e^-z); sigmoid(0) is 1/2")
def sigmoid(z):
    """Neither of the two masks holds zero: sigmoid(0) is 0."""
    out = np.zeros(z.shape)
    out[z > 0] = 1.0 / (1.0 + np.exp(-z[z > 0]))
    out[z < 0] = np.exp(z[z < 0]) / (np.exp(z[z < 0]) + 1.0)
    return out


@mistake("sigmoid", breaks="the result holds floats; works element-wise, every entry on its own")
def sigmoid(z):
    """A first entry above 500 gives the integer 1, and np.vectorize cuts all others to integers."""

    def one(value):
        if value > 500:
            return 1
        e = np.exp(value)
        return e / (e + 1.0)

    return np.vectorize(one, otypes=None if np.size(z) else [float])(z)


@mistake("rectify", breaks="again nothing may overflow: softplus(1000) is a harmless 1000")
def rectify(z, kind, alpha):
    """Softplus is computed by (9) as it stands, which overflows at 1000."""
    if kind == "softplus":
        return np.log(1.0 + np.exp(z))
    below = np.minimum(z, 0.0)
    return relu(z) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


@mistake("rectify", breaks='kind: "leaky_relu", "elu" or "softplus"')
def rectify(z, kind, alpha):
    """The name leaky_relu holds "elu" as well, so that the leaky ReLU becomes an ELU."""
    below = np.minimum(z, 0.0)
    if "elu" in kind:
        return relu(z) + alpha * np.expm1(below)
    if "leaky" in kind:
        return relu(z) + alpha * below
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="z: ndarray of any shape")
def rectify(z, kind, alpha):
    """A mask is used on the result: an array of shape () cannot be indexed any more."""
    out = z * 1.0
    negative = z < 0
    if kind == "leaky_relu":
        out[negative] *= alpha
    elif kind == "elu":
        out[negative] = alpha * np.expm1(out[negative])
    else:
        out[negative] = 0.0
        out += np.log1p(np.exp(-np.abs(z)))
    return out


@mistake("rectify", breaks="elu(z) = alpha (e^z - 1) otherwise")
def rectify(z, kind, alpha):
    """The ELU lies on its floor below -5 already."""
    if kind == "leaky_relu":
        return np.where(z > 0, z, alpha * z)
    if kind == "elu":
        bent = alpha * np.expm1(np.minimum(z, 0.0))
        return np.where(z > 0, z, np.where(z < -5, -alpha, bent))
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="for z >= 0 softplus is z + ln(1 + e^-z)")
def rectify(z, kind, alpha):
    """Softplus is z + ln 2 for all positive entries: the exponent is cut at 0, not turned."""
    below = np.minimum(z, 0.0)
    if kind == "softplus":
        return relu(z) + np.log1p(np.exp(below))
    return relu(z) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


@mistake("init_params", breaks="rng: the only source of randomness")
def init_params(layer_sizes, rng, activation="relu"):
    """The first layer comes from rng, all further ones from NumPy's global generator."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in if activation == "relu" else 2 / (n_in + n_out))
        source = np.random if params else rng
        params.append((source.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="s = sqrt(2 / n_in) for ReLU, n_in = n_(l-1)")
def init_params(layer_sizes, rng, activation="relu"):
    """He's rule with the number of outputs."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_out) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        params.append((rng.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks='signature: activation="relu"')
def init_params(layer_sizes, rng, activation="tanh"):
    """Glorot's rule is the default."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in if activation == "relu" else 2 / (n_in + n_out))
        params.append((rng.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="W: an ndarray of float, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """Uniform weights of the right variance."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in if activation == "relu" else 2 / (n_in + n_out))
        limit = np.sqrt(3) * s
        params.append((rng.uniform(-limit, limit, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("relu_bump", breaks="formula (12): the factor h / r")
def relu_bump(x, left, right, height, ramp):
    """Does not divide by the ramp."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right + ramp) - relu(x - right)
    return height * (up - down)


@mistake("relu_bump", breaks="Returns an ndarray of float, of the shape of x")
def relu_bump(x, left, right, height, ramp):
    """The result has the type of x: cut to integers for an array of integers."""
    out = np.zeros_like(x)
    corners = [(left, 1), (left + ramp, -1), (right - ramp, -1), (right, 1)]
    for i in np.ndindex(x.shape):
        out[i] = height / ramp * sum(sign * max(x[i] - c, 0.0) for c, sign in corners)
    return out


@mistake("relu_bump", breaks="rises from left to left + r, formula (12)")
def relu_bump(x, left, right, height, ramp):
    """Rounded to two decimal places."""
    four = relu(x - left) - relu(x - left - ramp) - relu(x - right + ramp) + relu(x - right)
    return np.round(height / ramp * four, 2)


@mistake("approximate", breaks="f takes a number and returns a number; ndarray of float")
def approximate(f, n_bumps):
    """np.vectorize cuts all heights to integers, if the first one is an integer."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = np.vectorize(f)((edges[:-1] + edges[1:]) / 2)
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="Returns shape (n_bumps, 3): a row for each bump")
def approximate(f, n_bumps):
    """Bumps of height 0 are left out of the table."""
    rows = []
    for i in range(n_bumps):
        height = f((i + 0.5) / n_bumps)
        if height != 0:
            rows.append((i / n_bumps, (i + 1) / n_bumps, height))
    return np.array(rows, dtype=float).reshape(-1, 3)


@mistake("approximate", breaks="n_bumps: at least 1; returns shape (n_bumps, 3)")
def approximate(f, n_bumps):
    """A single bump is returned as an array of shape (3,)."""
    left = np.arange(n_bumps) / n_bumps
    right = np.arange(1, n_bumps + 1) / n_bumps
    heights = np.array([f(x) for x in (left + right) / 2], dtype=float)
    return np.squeeze(np.stack([left, right, heights], axis=1))


@mistake("through_points", breaks="with one feature the output stays constant after the last point")
def through_points(X, Y):
    """With several outputs only the first one is held after the last point."""
    rng = np.random.default_rng(0)
    tries = [np.ones(1)] if X.shape[1] == 1 else list(rng.normal(size=(300, X.shape[1])))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    changes = np.zeros_like(y)
    changes[:-1] = slopes
    changes[1:-1] -= slopes[:-1]
    if len(p) > 1:
        changes[-1, 0] = -slopes[-1, 0]
    return np.tile(v, (len(p), 1)), -p, changes.T, y[0].copy()


@mistake("through_points", breaks="they may have some features in common, or the sum of them")
def through_points(X, Y):
    """The features are simply added up."""
    v = np.ones(X.shape[1])
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    flat = np.zeros((1, Y.shape[1]))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (len(p), 1)), -p, changes.T, y[0].copy()


@mistake("through_points", breaks="they may have some features in common, or the sum of them")
def through_points(X, Y):
    """The features are weighted with 1, 10, 100, ...: (10, 0) and (0, 1) are one point."""
    v = 10.0 ** np.arange(X.shape[1])
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    flat = np.zeros((1, Y.shape[1]))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (len(p), 1)), -p, changes.T, y[0].copy()


@mistake("through_points", breaks="with one feature the output stays constant after the last point")
def through_points(X, Y):
    """Behind the last point the last slope runs on."""
    rng = np.random.default_rng(0)
    tries = [np.ones(1)] if X.shape[1] == 1 else list(rng.normal(size=(300, X.shape[1])))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v), prepend=-1e9).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    changes = np.diff(slopes, axis=0, prepend=np.zeros((1, Y.shape[1])))
    return np.tile(v, (len(changes), 1)), -p[: len(changes)], changes.T, y[0].copy()


@mistake("through_points", breaks="they may have some features in common")
def through_points(X, Y):
    """The features are scaled to deviation 1: one that is the same for all points is 0 / 0."""
    (m, n), n_2 = X.shape, Y.shape[1]
    if m == 1:
        return np.ones((1, n)), np.zeros(1), np.zeros((n_2, 1)), Y[0].copy()
    scale = 1.0 / X.std(axis=0)
    rng = np.random.default_rng(0)
    tries = [scale] if n == 1 else list(scale * rng.normal(size=(300, n)))
    v = max(tries, key=lambda v: np.diff(np.sort(X @ v)).min())
    order = np.argsort(X @ v)
    p, y = (X @ v)[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(p)[:, None]
    flat = np.zeros((1, n_2))
    changes = np.diff(np.vstack([flat, slopes, flat]), axis=0)
    return np.tile(v, (m, 1)), -p, changes.T, y[0].copy()
