"""Held-out answers to stage 4: read as source, never imported."""

import numpy as np


@mistake("count_params", breaks="Its parameters are all the weights and all the biases")
def count_params(layer_sizes):
    """The biases are not counted."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))


@mistake("count_params", breaks="n_out biases for each layer; the input is not counted")
def count_params(layer_sizes):
    """The features have biases, too."""
    weights = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))
    return weights + sum(layer_sizes)


@mistake("count_params", breaks="the number of neurons of each layer: W of shape (n_l, n_{l-1})")
def count_params(layer_sizes):
    """Looks a width up with index, so that a second layer of that width takes the first one's."""
    total = 0
    for n_out in layer_sizes[1:]:
        at = layer_sizes.index(n_out, 1)
        total += (layer_sizes[at - 1] + 1) * n_out
    return total


@mistake("forward", breaks="A of layer l = g of layer l (Z of layer l), l = 1, ..., L")
def forward(params, X, activations):
    """The last layer has no activation."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for layer, ((W, b), name) in enumerate(zip(params, activations, strict=True), 1):
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        cache["A"].append(Z if layer == len(params) else activate(name, Z))
    return cache["A"][-1], cache


@mistake("forward", breaks='cache["Z"]: the list [None, Z1, ..., ZL] of the weighted sums')
def forward(params, X, activations):
    """The activations are written over the sums, so Z and A are the same."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    A = X
    for (W, b), name in zip(params, activations, strict=True):
        Z = A @ W.T + b
        A = Z
        A[...] = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


@mistake("forward", breaks="One pair for each of the L layers; L = 1 is a network as well")
def forward(params, X, activations):
    """First, middle and last layer apart: with a single layer this one is used twice."""
    (W, b), name = params[0], activations[0]
    Z = X @ W.T + b
    cache = {"A": [X, activate(name, Z)], "Z": [None, Z], "activations": activations}
    for (W, b), name in zip(params[1:-1], activations[1:-1], strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    W, b = params[-1]
    cache["Z"].append(cache["A"][-1] @ W.T + b)
    cache["A"].append(activate(activations[-1], cache["Z"][-1]))
    return cache["A"][-1], cache


@mistake("forward", breaks="X: ndarray of float or int")
def forward(params, X, activations):
    """Fractions in X are cut off."""
    A = np.array(X, dtype=int)
    cache = {"A": [A], "Z": [None], "activations": list(activations)}
    for (W, b), name in zip(params, activations, strict=True):
        Z = A @ W.T + b
        A = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


@mistake("forward", breaks="for a single example every array of the cache has one dimension less")
def forward(params, X, activations):
    """A single example is squeezed in the cache: a layer with one neuron has no dimension left."""
    single = X.ndim == 1
    A = X[None, :] if single else X
    As, Zs = [A], []
    for (W, b), name in zip(params, activations, strict=True):
        Zs.append(As[-1] @ W.T + b)
        As.append(activate(name, Zs[-1]))
    out = As[-1][0] if single else As[-1]
    if single:
        As, Zs = [np.squeeze(A) for A in As], [np.squeeze(Z) for Z in Zs]
    return out, {"A": As, "Z": [None, *Zs], "activations": activations}


@right("forward")
def forward(params, X, activations):
    """A recursion: the layers before the last one first, then the last by einsum."""
    if not params:
        return X, {"A": [np.array(X, dtype=float)], "Z": [None], "activations": []}
    *before, (W, b) = params
    *names, name = activations
    _, cache = forward(before, X, names)
    Z = b + np.einsum("ji,...i->...j", W, cache["A"][-1])
    A = activate(name, Z)
    whole = {"A": [*cache["A"], A], "Z": [*cache["Z"], Z], "activations": [*names, name]}
    return A, whole


@right("forward")
def forward(params, X, activations):
    """Neuron by neuron, each a sum over its inputs; then the neurons are stacked."""
    cache = {"activations": list(activations), "Z": [None], "A": [X + 0.0]}
    for layer in range(len(params)):
        W, b = params[layer]
        columns = []
        for weights, bias in zip(W, b, strict=True):
            columns.append(np.sum(cache["A"][layer] * weights, axis=-1) + bias)
        cache["Z"].append(np.stack(columns, axis=-1))
        cache["A"].append(activate(activations[layer], cache["Z"][-1]))
    return cache["A"][len(params)], cache


@mistake("sigmoid", breaks="NumPy warns of no overflow between -1000 and 1000")
def sigmoid(z):
    """Formula (5) as it stands: an overflow at -1000."""
    return 1.0 / (1.0 + np.exp(-np.asarray(z)))


@mistake("sigmoid", breaks="off by less than 1e-14")
def sigmoid(z):
    """Beyond 25 on either side it is set to 0 and 1: off by 1e-11 there."""
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return np.where(np.abs(z) > 25, (z > 0) * 1.0, a)


@mistake("sigmoid", breaks="the result holds floats, also for an array of integers")
def sigmoid(z):
    """The result is kept in an array of z's type: for whole numbers it is 0 or 1."""
    a = np.zeros_like(z)
    e = np.exp(-np.abs(z))
    a[...] = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return a


@right("sigmoid")
def sigmoid(z):
    """By the hyperbolic tangent, formula (7) solved for σ."""
    half = np.true_divide(z, 2.0)
    return np.asarray(0.5 + 0.5 * np.tanh(half), dtype=np.float64)


@mistake("rectify", breaks="alpha: the slope of the leaky ReLU, from 0 to 1")
def rectify(z, kind, alpha):
    """An alpha of 0 is taken for one that is missing, and 0.01 put in its place."""
    alpha = alpha or 0.01
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="elu(z) = alpha (e^z - 1) for entries that are not positive")
def rectify(z, kind, alpha):
    """The ELU is that with e^(z / alpha)."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below / alpha)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="for the ELU off by less than 1e-14 times 1 + |z| + alpha")
def rectify(z, kind, alpha):
    """The ELU is set to -alpha below -20: off by alpha times 2e-9 there."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.where(below < -20, -1.0, np.expm1(below))
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="Softplus has no use for alpha, whatever number it is")
def rectify(z, kind, alpha):
    """An alpha above 1 is refused for all but the ELU, for softplus too."""
    if kind != "elu" and alpha > 1:
        raise ValueError("alpha should be at most 1")
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="softplus off by less than 1e-14 times 1 + |z|")
def rectify(z, kind, alpha):
    """Softplus is taken for z itself above 15 and for 0 below -15."""
    if kind == "leaky_relu":
        return np.where(z > 0, z, alpha * z)
    if kind == "elu":
        return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))
    middle = np.log1p(np.exp(np.clip(z, -15.0, 15.0)))
    return np.where(z > 15, z, np.where(z < -15, 0.0, middle))


@right("rectify")
def rectify(z, kind, alpha):
    """Masks that fill an array of zeros, and np.logaddexp for softplus."""
    z = np.asarray(z)
    if kind == "softplus":
        return np.asarray(np.logaddexp(z, 0.0), dtype=float)
    bent = {"leaky_relu": lambda t: alpha * t, "elu": lambda t: alpha * np.expm1(t)}[kind]
    result = np.zeros(z.shape)
    above = z > 0
    result[above] = z[above]
    result[~above] = bent(z[~above].astype(float))
    return result


@right("rectify")
def rectify(z, kind, alpha):
    """Number by number with the functions of the module math."""
    import math

    def one(t):
        t = float(t)
        if kind == "softplus":
            return max(t, 0.0) + math.log1p(math.exp(-abs(t)))
        if t > 0:
            return t
        return alpha * t if kind == "leaky_relu" else alpha * math.expm1(t)

    z = np.asarray(z)
    return np.array([one(t) for t in z.ravel()], dtype=float).reshape(z.shape)


@mistake("init_params", breaks="the standard deviation s = sqrt(2 / n_in)")
def init_params(layer_sizes, rng, activation="relu"):
    """The variance is handed over in place of the standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        params.append((rng.normal(0.0, variance, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="s = sqrt(2 / (n_in + n_out)) for tanh, each layer with its own s")
def init_params(layer_sizes, rng, activation="relu"):
    """Glorot's rule takes the network's first and last size in every layer."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        total = n_in if activation == "relu" else layer_sizes[0] + layer_sizes[-1]
        W = rng.normal(0.0, np.sqrt(2 / total), size=(n_out, n_in))
        params.append((W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="each entry drawn independently, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """The weights of a layer are shifted and stretched until mean and deviation are exact."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        W = rng.normal(size=(n_out, n_in))
        with np.errstate(invalid="ignore"):
            W = s * (W - W.mean()) / W.std()
        params.append((W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="drawn independently; no two layers share an array")
def init_params(layer_sizes, rng, activation="relu"):
    """A dict with a W for each pair of sizes: layers of the same shape have the same weights."""
    pairs = list(pairwise(layer_sizes))
    drawn = {}
    for n_in, n_out in pairs:
        if (n_in, n_out) not in drawn:
            s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
            drawn[n_in, n_out] = rng.normal(0.0, s, size=(n_out, n_in))
    return [(drawn[pair], np.zeros(pair[1])) for pair in pairs]


@right("init_params")
def init_params(layer_sizes, rng, activation="relu"):
    """All the normal numbers of the network in one draw, cut into pieces and scaled."""
    shapes = [(n_out, n_in) for n_in, n_out in zip(layer_sizes, layer_sizes[1:], strict=False)]
    ends = np.cumsum([n_out * n_in for n_out, n_in in shapes])
    pieces = np.split(rng.standard_normal(int(ends[-1])), ends[:-1])
    variances = {"relu": lambda o, i: 2.0 / i, "tanh": lambda o, i: 2.0 / (o + i)}
    return [
        (piece.reshape(shape) * variances[activation](*shape) ** 0.5, np.full(shape[0], 0.0))
        for piece, shape in zip(pieces, shapes, strict=True)
    ]


@mistake("relu_bump", breaks="falls from right - r to right, and is 0 outside of left and right")
def relu_bump(x, left, right, height, ramp):
    """The way down begins at right and ends at right + ramp."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right) - relu(x - right - ramp)
    return height / ramp * (up - down)


@mistake("relu_bump", breaks="height: its height; the factor is h / r")
def relu_bump(x, left, right, height, ramp):
    """The sum is not divided by the width of the ramp."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right + ramp) - relu(x - right)
    return height * (up - down)


@mistake("relu_bump", breaks="stays at h; ramp may be half of right - left")
def relu_bump(x, left, right, height, ramp):
    """Adds up three pieces; if the ramps meet, both count in the middle: twice the height."""
    rising = (x >= left) & (x <= left + ramp)
    falling = (x >= right - ramp) & (x <= right)
    flat = (x > left + ramp) & (x < right - ramp)
    slope = height / ramp
    return rising * (x - left) * slope + flat * height + falling * (right - x) * slope


@right("relu_bump")
def relu_bump(x, left, right, height, ramp):
    """The smaller of the two heights above the sides, cut off at 0 and at 1."""
    left_side, right_side = (x - left) / ramp, (right - x) / ramp
    return height * np.clip(np.minimum(left_side, right_side), 0.0, 1.0)


@mistake("approximate", breaks="as high as the function is in the middle of the piece")
def approximate(f, n_bumps):
    """The height is that at the left end of each piece, or nearly so."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = [f(left + 1e-9) for left in edges[:-1]]
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="f returns a number: a float or an int")
def approximate(f, n_bumps):
    """np.vectorize takes the type of the first height for all: after an int fractions are lost."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = np.vectorize(f)((edges[:-1] + edges[1:]) / 2)
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="returns ndarray of float64, shape (n_bumps, 3)")
def approximate(f, n_bumps):
    """Steps of 1 / N by np.arange: for some N, by rounding, there is one piece too many."""
    edges = np.arange(0.0, 1.0 + 1.0 / n_bumps, 1.0 / n_bumps)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.array([(m - 0.5 / n_bumps, m + 0.5 / n_bumps, f(m)) for m in middles])


@mistake("through_points", breaks="There may be many points, in any order")
def through_points(X, Y):
    """Takes the points as they come, as if they were in order."""
    n = X.shape[1]
    towards = np.ones(1) if n == 1 else np.random.default_rng(0).normal(size=n)
    t = X @ towards
    slopes = np.diff(Y, axis=0) / np.diff(t)[:, None]
    zero = np.zeros((1, Y.shape[1]))
    bends = np.diff(np.concatenate([zero, slopes, zero]), axis=0)
    return np.tile(towards, (len(t), 1)), -t, bends.T, Y[0].copy()


@mistake("through_points", breaks="stays constant before the first point and after the last")
def through_points(X, Y):
    """The last point has no bend: behind it the output goes on as before."""
    n, best = X.shape[1], None
    if len(X) == 1:
        return np.zeros((1, n)), np.zeros(1), np.zeros((Y.shape[1], 1)), Y[0].copy()
    rng = np.random.default_rng(0)
    for _ in range(1 if n == 1 else 200):
        towards = np.ones(1) if n == 1 else rng.normal(size=n)
        gap = np.min(np.diff(np.sort(X @ towards)))
        if best is None or gap > best[0]:
            best = gap, towards
    towards = best[1]
    t = X @ towards
    order = np.argsort(t)
    t, Y = t[order], Y[order]
    slopes = np.diff(Y, axis=0) / np.diff(t)[:, None]
    bends = np.diff(np.concatenate([np.zeros((1, Y.shape[1])), slopes]), axis=0)
    return np.tile(towards, (len(bends), 1)), -t[:-1], bends.T, Y[0].copy()


@mistake("through_points", breaks="n_1 is at most 4 m")
def through_points(X, Y):
    """Each output has hidden neurons of its own, m for each: too many from five outputs on."""
    n, best = X.shape[1], None
    rng = np.random.default_rng(0)
    for _ in range(1 if n == 1 or len(X) == 1 else 200):
        towards = np.ones(1) if n == 1 else rng.normal(size=n)
        gap = np.min(np.diff(np.sort(X @ towards)), initial=np.inf)
        if best is None or gap > best[0]:
            best = gap, towards
    towards = best[1]
    t = X @ towards
    order = np.argsort(t)
    m, n_2 = Y.shape
    W2, b2 = np.zeros((n_2, n_2 * m)), Y[order[0]].copy()
    for k in range(n_2):
        slopes = np.diff(Y[order, k]) / np.diff(t[order])
        W2[k, k * m : (k + 1) * m] = np.diff(np.concatenate([[0.0], slopes, [0.0]]))
    return np.tile(towards, (n_2 * m, 1)), np.tile(-t[order], n_2), W2, b2


@mistake("through_points", breaks="No two are equal; some features or their sum may be in common")
def through_points(X, Y):
    """Looks from one fixed side, 37, 43, ...: (0, 0) and (43, -37) are hidden by each other."""
    towards = 37.0 + 6.0 * np.arange(X.shape[1]) if X.shape[1] > 1 else np.ones(1)
    t = X @ towards
    order = np.argsort(t)
    t, Y = t[order], Y[order]
    slopes = np.diff(Y, axis=0) / np.diff(t)[:, None]
    zero = np.zeros((1, Y.shape[1]))
    bends = np.diff(np.concatenate([zero, slopes, zero]), axis=0)
    return np.tile(towards, (len(t), 1)), -t, bends.T, Y[0].copy()


@mistake("through_points", breaks="With one feature the output runs straight from point to point")
def through_points(X, Y):
    """Rises and falls next to each point only, also with one feature."""
    n, best = X.shape[1], None
    rng = np.random.default_rng(0)
    for _ in range(200):
        towards = np.ones(1) if n == 1 else rng.normal(size=n)
        gap = np.min(np.diff(np.sort(X @ towards)), initial=1.0)
        if best is None or gap > best[0]:
            best = gap, towards
    gap, towards = best
    t, r = X @ towards, gap / 2
    b1 = np.concatenate([r - t, -t, -r - t])
    W2 = np.concatenate([Y, -2 * Y, Y]).T / r
    return np.tile(towards, (3 * len(X), 1)), b1, W2, np.zeros(Y.shape[1])


@mistake("through_points", breaks="They differ by 0.01 or more: points that close are to be met")
def through_points(X, Y):
    """A gap of less than 0.05 is taken for 0.05, for fear of a division by 0."""
    n, best = X.shape[1], None
    rng = np.random.default_rng(0)
    for _ in range(1 if n == 1 or len(X) == 1 else 200):
        towards = np.ones(1) if n == 1 else 100 * rng.normal(size=n)
        gap = np.min(np.diff(np.sort(X @ towards)), initial=np.inf)
        if best is None or gap > best[0]:
            best = gap, towards
    towards = best[1]
    t = X @ towards
    order = np.argsort(t)
    t, Y = t[order], Y[order]
    slopes = np.diff(Y, axis=0) / np.maximum(np.diff(t), 0.05)[:, None]
    zero = np.zeros((1, Y.shape[1]))
    bends = np.diff(np.concatenate([zero, slopes, zero]), axis=0)
    return np.tile(towards, (len(t), 1)), -t, bends.T, Y[0].copy()


@right("through_points")
def through_points(X, Y):
    """A ramp of two ReLUs between neighbours, seen from the best of many random sides."""

    def narrowest(towards):
        heights = np.sort(X @ towards)
        return np.min(heights[1:] - heights[:-1], initial=np.inf)

    (m, n), n_2 = X.shape, Y.shape[1]
    rng = np.random.default_rng(77)
    sides = [np.ones(1)] if n == 1 else [rng.normal(size=n) for _ in range(300)]
    towards = max(sides, key=narrowest)
    order = sorted(range(m), key=lambda i: float(X[i] @ towards))
    W1, b1, W2 = np.zeros((2 * m - 2, n)), np.zeros(2 * m - 2), np.zeros((n_2, 2 * m - 2))
    for k, (i, j) in enumerate(zip(order, order[1:], strict=False)):
        begin, end = X[i] @ towards, X[j] @ towards
        W1[2 * k : 2 * k + 2] = towards / (end - begin)
        b1[2 * k], b1[2 * k + 1] = -begin / (end - begin), -end / (end - begin)
        W2[:, 2 * k] = Y[j] - Y[i]
        W2[:, 2 * k + 1] = Y[i] - Y[j]
    return W1, b1, W2, np.array(Y[order[0]])


@right("through_points")
def through_points(X, Y):
    """From the far end: ReLUs that fire before each point, and a triangular system for W2."""
    m, n = X.shape
    towards = np.ones(1)
    if n > 1:
        sides = np.random.default_rng(5).normal(size=(400, n))
        heights = np.sort(sides @ X.T, axis=1)
        gaps = np.diff(heights, axis=1).min(axis=1, initial=np.inf)
        towards = sides[np.argmax(gaps)]
    t = X @ towards
    falling = np.argsort(-t)
    t, wanted = t[falling], Y[falling]
    H = np.maximum(t[:-1] - t[1:, None], 0.0)  # lower triangular: row k is point k + 1
    bends = np.linalg.solve(H, wanted[1:] - wanted[0]) if m > 1 else np.zeros((0, Y.shape[1]))
    bends = np.vstack([bends, -bends.sum(axis=0)])
    return np.outer(-np.ones(m), towards), t.copy(), bends.T.copy(), wanted[0].copy()
