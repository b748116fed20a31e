"""Held-out answers to stage 4: read as source, never imported."""

from itertools import pairwise

import numpy as np


@mistake("count_params", breaks="Its parameters are all the weights and all the biases")
def count_params(layer_sizes):
    """The inputs are given biases, too."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes)) + sum(layer_sizes)


@mistake("count_params", breaks="5 * 3 weights and 5 biases: a bias for each neuron")
def count_params(layer_sizes):
    """One bias for each layer instead of one for each neuron."""
    return sum(n_in * n_out + 1 for n_in, n_out in pairwise(layer_sizes))


@mistake("count_params", breaks="Layer l takes the outputs of layer l - 1 as its inputs")
def count_params(layer_sizes):
    """Looks for a layer's place by its size: with a size that comes twice it finds the first."""
    total = 0
    for n_out in layer_sizes[1:]:
        place = layer_sizes.index(n_out)
        n_in = layer_sizes[max(place - 1, 0)]
        total += n_in * n_out + n_out
    return total


@mistake("forward", breaks="A[l] = g[l](Z[l]) for l = 1, ..., L")
def forward(params, X, activations):
    """The output layer is always left linear, whatever its name."""
    A, Z = [X], [None]
    for layer, ((W, b), name) in enumerate(zip(params, activations), 1):
        Z.append(A[-1] @ W.T + b)
        A.append(activate(name, Z[-1]) if layer < len(params) else linear(Z[-1]))
    return A[-1], {"A": A, "Z": Z, "activations": list(activations)}


@mistake("forward", breaks='cache["Z"] is the list [None, Z1, ..., ZL]: the weighted sums')
def forward(params, X, activations):
    """The activation is applied in place, so that Z in the cache is overwritten."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations):
        Z = cache["A"][-1] @ W.T + b
        Z[...] = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(Z)
    return cache["A"][-1], cache


@mistake("forward", breaks="The name of each layer's activation, for `activate` (eight since 4)")
def forward(params, X, activations):
    """Has a dictionary of its own with the first four activations: no sigmoid, no ELU."""
    functions = {
        "linear": lambda z: z.copy(),
        "step": lambda z: np.where(z >= 0, 1.0, 0.0),
        "relu": lambda z: np.where(z > 0, z, 0.0),
        "tanh": np.tanh,
    }
    As, Zs = [X], [None]
    for (W, b), name in zip(params, activations, strict=True):
        Zs.append(As[-1] @ W.T + b)
        As.append(functions[name](Zs[-1]))
    return As[-1], {"A": As, "Z": Zs, "activations": list(activations)}


@mistake("forward", breaks="A single example: every array has one dimension less, (n_L,)")
def forward(params, X, activations):
    """For a single example all ones are squeezed: a layer of one neuron has the shape ()."""
    A, Z = [np.atleast_2d(X)], [None]
    for (W, b), name in zip(params, activations):
        Z.append(A[-1] @ W.T + b)
        A.append(activate(name, Z[-1]))
    if X.ndim == 1:
        A = [np.squeeze(a) for a in A]
        Z = [None] + [np.squeeze(z) for z in Z[1:]]
    return A[-1], {"A": A, "Z": Z, "activations": list(activations)}


@mistake("forward", breaks='cache["A"] is the list [X, A1, ..., AL], with X or a copy of it')
def forward(params, X, activations):
    """Converts X to float32 first, so that about half of its digits are lost."""
    A = np.asarray(X, dtype=np.float32)
    cache = {"A": [A], "Z": [None], "activations": list(activations)}
    for (W, b), name in zip(params, activations):
        Z = A @ W.T + b
        A = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


@right("forward")
def forward(params, X, activations):
    """Recursion from the last layer down to the input."""

    def layers(count):
        if count == 0:
            return [np.array(X)], [None]
        A, Z = layers(count - 1)
        W, b = params[count - 1]
        sums = (W @ A[-1].T).T + b
        return [*A, activate(activations[count - 1], sums)], [*Z, sums]

    A, Z = layers(len(params))
    return A[-1], {"A": A, "Z": Z, "activations": activations[:]}


@right("forward")
def forward(params, X, activations):
    """With einsum, a table in between, and the bias as the weight of a constant input."""
    single = np.ndim(X) == 1
    rows = np.array(X, ndmin=2)
    As, Zs = [rows], [None]
    for index in range(len(params)):
        W, b = params[index]
        with_bias = np.concatenate([b[:, None], W], axis=1)
        with_one = np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
        Zs.append(np.einsum("ij,kj->ik", with_one, with_bias))
        rows = activate(activations[index], Zs[-1])
        As.append(rows)
    if single:
        As = [A[0] for A in As]
        Zs[1:] = [Z[0] for Z in Zs[1:]]
    return As[-1], dict(Z=Zs, A=As, activations=list(activations))


@mistake("sigmoid", breaks="NumPy warns of no overflow on the way")
def sigmoid(z):
    """Both forms are computed for all entries before np.where chooses."""
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (np.exp(z) + 1))


@mistake("sigmoid", breaks="σ(z) = 1 / (1 + e^-z); tanh(z) = 2 σ(2z) - 1")
def sigmoid(z):
    """Solves (7) for σ but forgets to halve z: this is σ(2z)."""
    return (np.tanh(z) + 1) / 2


@mistake("sigmoid", breaks="Between 0 and 1; off by less than 1e-14")
def sigmoid(z):
    """Takes what is beyond 25 as the end: off by up to 1e-11 there."""
    z = np.asarray(z, dtype=float)
    middle = 1 / (1 + np.exp(-np.clip(z, -25, 25)))
    return np.where(z > 25, 1.0, np.where(z < -25, 0.0, middle))


@mistake("sigmoid", breaks="element-wise: every entry on its own")
def sigmoid(z):
    """Takes the largest entry of all out of the exponentials: 0 / 0 for entries far below it."""
    highest = max(0.0, np.max(z))
    e = np.exp(z - highest)
    return e / (e + np.exp(-highest))


@right("sigmoid")
def sigmoid(z):
    """Formula (7) solved for σ."""
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(z))


@mistake("rectify", breaks="elu(z) = α (e^z - 1) otherwise")
def rectify(z, kind, alpha):
    """The brackets of the ELU are missing: α e^z - 1."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return np.where(np.asarray(z) > 0, z, alpha * np.exp(below) - 1)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks='kind: "leaky_relu", "elu" or "softplus"; leaky_relu(z) = α z otherwise')
def rectify(z, kind, alpha):
    """Asks whether "elu" is in the name, and that is so for the leaky ReLU, too."""
    below = np.minimum(z, 0.0)
    if "elu" in kind:
        return relu(z) + alpha * np.expm1(below)
    if "leaky" in kind:
        return relu(z) + alpha * below
    return relu(z) + np.log1p(np.exp(-np.abs(z)))


@mistake("rectify", breaks="elu(z) = α (e^z - 1) otherwise; α any number above 0")
def rectify(z, kind, alpha):
    """The larger one of both branches: for an ELU with α above 1 that is z near 0."""
    if kind == "leaky_relu":
        return np.maximum(z, alpha * z).astype(float)
    if kind == "elu":
        return np.maximum(z, alpha * np.expm1(np.minimum(z, 0.0)))
    return np.logaddexp(0.0, z)


@mistake("rectify", breaks="the result is a new array; it holds floats, also for integers")
def rectify(z, kind, alpha):
    """Where no entry is negative the caller's own array is returned, integers as they are."""
    if kind == "softplus":
        return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    if np.all(z >= 0):
        return z
    below = np.minimum(z, 0.0)
    return np.maximum(z, 0.0) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


@mistake("rectify", breaks="For an entry z off by less than 1e-14 times 1 + |z|")
def rectify(z, kind, alpha):
    """The ELU's exponent is cut off at -25: the floor at -α is not reached."""
    z = np.array(z, dtype=float)
    if kind == "leaky_relu":
        return np.where(z > 0, z, alpha * z)
    if kind == "elu":
        return np.where(z > 0, z, alpha * (np.exp(np.clip(z, -25.0, 0.0)) - 1))
    return np.logaddexp(z, 0.0)


@right("rectify")
def rectify(z, kind, alpha):
    """A dictionary of functions of one formula each: a maximum, masks on a copy, logaddexp."""

    def leaky(values):
        return np.maximum(values, alpha * values)

    def exponential(values):
        low = values <= 0
        values[low] = np.expm1(values[low]) * alpha
        return values

    def soft(values):
        return np.logaddexp(values, np.zeros_like(values))

    return {"leaky_relu": leaky, "elu": exponential, "softplus": soft}[kind](np.array(z, float))


@right("rectify")
def rectify(z, kind, alpha):
    """One number after the other, with the math module."""
    import math

    def of_one(number):
        number = float(number)
        if kind == "softplus":
            return math.log1p(math.exp(-abs(number))) + (number if number > 0 else 0.0)
        if number > 0:
            return number
        return alpha * (number if kind == "leaky_relu" else math.expm1(number))

    result = np.empty(np.shape(z))
    for place in np.ndindex(np.shape(z)):
        result[place] = of_one(z[place])
    return result


@mistake("init_params", breaks="the standard deviation s = sqrt(2 / n_in)")
def init_params(layer_sizes, rng, activation="relu"):
    """The variance is handed to rng.normal as the standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        params.append((rng.normal(0.0, variance, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="each entry drawn independently, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """Uniform weights, though of the right mean and standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        W = rng.uniform(-np.sqrt(3) * s, np.sqrt(3) * s, size=(n_out, n_in))
        params.append((W, np.zeros(n_out)))
    return params


@mistake("init_params", breaks="It moves on: a second call with the same generator gives the next")
def init_params(layer_sizes, rng, activation="relu"):
    """Draws from a copy of the generator: a second call gives the same network again."""
    import copy

    rng = copy.deepcopy(rng)
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        params.append((rng.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@mistake("init_params", breaks="each entry drawn independently, normally distributed")
def init_params(layer_sizes, rng, activation="relu"):
    """Scales each matrix to a mean square of exactly s²: a single weight is always s or -s."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / n_in) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        W = rng.normal(size=(n_out, n_in))
        W *= s / np.sqrt(np.mean(W**2))
        params.append((W, np.zeros(n_out)))
    return params


@right("init_params")
def init_params(layer_sizes, rng, activation="relu"):
    """One weight after the other, neuron by neuron, from a nested function."""

    def layer(n_in, n_out):
        fan = n_in + (n_out if activation == "tanh" else 0)
        s = (2.0 / fan) ** 0.5
        rows = [[s * rng.standard_normal() for _ in range(n_in)] for _ in range(n_out)]
        return np.array(rows), np.array([0.0] * n_out)

    return [layer(layer_sizes[k - 1], layer_sizes[k]) for k in range(1, len(layer_sizes))]


@mistake("relu_bump", breaks="rises from left to left + r: the factor is h / r")
def relu_bump(x, left, right, height, ramp):
    """Not divided by the ramp: right for ramps of width 1 only."""
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right + ramp) - relu(x - right)
    return height * (up - down)


@mistake("relu_bump", breaks="stays at h between left + r and right - r")
def relu_bump(x, left, right, height, ramp):
    """In pieces, with < on both sides: at exactly left + r and right - r it is 0."""
    x = np.asarray(x, dtype=float)
    result = np.zeros(x.shape)
    rising = (left < x) & (x < left + ramp)
    falling = (right - ramp < x) & (x < right)
    result[rising] = height * (x[rising] - left) / ramp
    result[(left + ramp < x) & (x < right - ramp)] = height
    result[falling] = height * (right - x[falling]) / ramp
    return result


@mistake("relu_bump", breaks="formula (12): the factor is h / r, whatever the other entries of x")
def relu_bump(x, left, right, height, ramp):
    """Divides by the largest value that occurs in x instead of by the ramp."""
    four = relu(x - left) - relu(x - left - ramp) - relu(x - right + ramp) + relu(x - right)
    highest = np.max(four)
    return height * four / highest if highest > 0 else 0.0 * four


@mistake("approximate", breaks="N pieces of the same width, left_i = (i - 1) / N")
def approximate(f, n_bumps):
    """np.arange with a step of 1 / N has one entry too many for 49, 98 and some others."""
    width = 1 / n_bumps
    left = np.arange(0, 1, width)
    height = [f(x + width / 2) for x in left]
    return np.column_stack([left, left + width, height]).astype(float)


@mistake("approximate", breaks="f returns a number: a float or an int; height_i = f((i - 1/2) / N)")
def approximate(f, n_bumps):
    """The first value sets the type: after an int, floats lose what comes behind the point."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    heights = np.full(n_bumps, f(middles[0]))
    for i in range(1, n_bumps):
        heights[i] = f(middles[i])
    return np.column_stack([edges[:-1], edges[1:], heights])


@mistake("approximate", breaks="as high as the function is in the middle of the piece")
def approximate(f, n_bumps):
    """The pieces are right, but their middles are divided by N + 1 instead of N."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = [f((i + 0.5) / (n_bumps + 1)) for i in range(n_bumps)]
    return np.column_stack([edges[:-1], edges[1:], heights])


@right("approximate")
def approximate(f, n_bumps):
    """Filled row by row, each middle as an odd number of halves."""
    table = np.zeros((n_bumps, 3))
    for row, odd in zip(table, range(1, 2 * n_bumps, 2), strict=True):
        row[:] = (odd - 1) / (2 * n_bumps), (odd + 1) / (2 * n_bumps), f(odd / (2 * n_bumps))
    return table


@mistake("through_points", breaks="n = 1: the output stays constant after the last point")
def through_points(X, Y):
    """No neuron at the last point: the line goes on with its last slope."""
    m, n = X.shape
    rng = np.random.default_rng(0)
    sides = [np.ones(1)] if n == 1 else list(rng.normal(size=(500, n)))
    side = max(sides, key=lambda u: np.min(np.diff(np.sort(X @ u)), initial=np.inf))
    t = X @ side
    order = np.argsort(t)
    t, y = t[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(t)[:, None]
    bends = np.diff(slopes, axis=0, prepend=0.0) if m > 1 else slopes
    return np.tile(side, (m - 1, 1)), -t[:-1], bends.T, y[0].copy()


@mistake(
    "through_points", breaks="n = 1: the output runs straight from each point to its neighbour"
)
def through_points(X, Y):
    """Puts a bump of four ReLUs on each point: it goes through all, but back to 0 in between."""
    m, n = X.shape
    rng = np.random.default_rng(0)
    sides = [np.ones(1)] if n == 1 else list(rng.normal(size=(500, n)))
    gaps = [np.min(np.diff(np.sort(X @ u)), initial=1.0) for u in sides]
    side, r = sides[int(np.argmax(gaps))], max(gaps) / 4
    t = X @ side
    b1 = -(t[:, None] + r * np.array([-2.0, -1.0, 1.0, 2.0])).ravel()
    W2 = np.concatenate([np.outer(y, [1.0, -1.0, -1.0, 1.0]) for y in Y], axis=1) / r
    return np.tile(side, (4 * m, 1)), b1, W2, np.zeros(Y.shape[1])


@mistake("through_points", breaks="No entry is off by more than 1e-6 (1 + y); features in common")
def through_points(X, Y):
    """Reads the features as digits to the base 20001: with four or more the last ones drown."""
    m, n = X.shape
    side = 20001.0 ** np.arange(n)
    t = X @ side
    order = np.argsort(t)
    t, y = t[order], Y[order]
    slopes = np.zeros((m + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(y, axis=0) / np.diff(t)[:, None]
    return np.tile(side, (m, 1)), -t, np.diff(slopes, axis=0).T, y[0].copy()


@mistake(
    "through_points", breaks="All numbers between -100 and 100, 0.01 apart: off by 1e-6 (1 + y)"
)
def through_points(X, Y):
    """For more features random neurons and least squares: they cannot tell close points apart."""
    (m, n), n_2 = X.shape, Y.shape[1]
    if n == 1:
        order = np.argsort(X[:, 0])
        x, y = X[order, 0], Y[order]
        slopes = np.zeros((m + 1, n_2))
        slopes[1:-1] = np.diff(y, axis=0) / np.diff(x)[:, None]
        return np.ones((m, 1)), -x, np.diff(slopes, axis=0).T, y[0].copy()
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(size=(4 * m, n)), rng.normal(size=4 * m)
    columns = np.column_stack([np.maximum(X @ W1.T + b1, 0), np.ones(m)])
    solution = np.linalg.lstsq(columns, Y, rcond=None)[0]
    return W1, b1, solution[:-1].T, solution[-1]


@mistake("through_points", breaks="Exactly: no entry is off by more than 1e-6 (1 + y)")
def through_points(X, Y):
    """Adds 1e-7 to each gap before it divides: too much for points that are 0.01 apart."""
    m, n = X.shape
    rng = np.random.default_rng(0)
    sides = [np.ones(1)] if n == 1 else list(rng.normal(size=(500, n)))
    side = max(sides, key=lambda u: np.min(np.diff(np.sort(X @ u)), initial=np.inf))
    t = X @ side
    order = np.argsort(t)
    t, y = t[order], Y[order]
    slopes = np.zeros((m + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(y, axis=0) / (np.diff(t)[:, None] + 1e-7)
    return np.tile(side, (m, 1)), -t, np.diff(slopes, axis=0).T, y[0].copy()


@right("through_points")
def through_points(X, Y):
    """A ramp of two ReLUs for each gap, and the best of many sides."""
    m, n = X.shape
    if n == 1:
        side = np.array([1.0])
    else:
        best = -1.0
        rng = np.random.default_rng(20)
        for _ in range(400):
            u = rng.standard_normal(n)
            t = np.sort(X @ u)
            share = np.min(t[1:] - t[:-1], initial=1.0) / (np.max(np.abs(t)) + 1.0)
            if share > best:
                best, side = share, u
    seen = sorted((float(t), k) for k, t in enumerate(X @ side))
    b1, columns = [], []
    for (t, k), (t_next, k_next) in pairwise(seen):
        slope = (Y[k_next] - Y[k]) / (t_next - t)
        b1 += [-t, -t_next]
        columns += [slope, -slope]
    W2 = np.array(columns).reshape(len(b1), Y.shape[1]).T
    W1 = np.array([side for _ in b1]).reshape(len(b1), n)
    return W1, np.array(b1), W2, np.array(Y[seen[0][1]])


@right("through_points")
def through_points(X, Y):
    """Seen from the right: mirrored neurons, solved one after the other by substitution."""
    m, n = X.shape
    sides = np.random.default_rng(7).normal(size=(600, n)) if n > 1 else np.ones((1, 1))
    sides /= np.sqrt(np.sum(sides**2, axis=1, keepdims=True))
    shadows = np.sort(sides @ X.T, axis=1)
    closest = np.diff(shadows, axis=1).min(axis=1, initial=np.inf)
    side = sides[np.argmax(closest)]
    t = X @ side
    down = np.argsort(-t)
    b1 = t[down]
    W1 = np.repeat(-side[None, :], m, axis=0)
    W2 = np.zeros((Y.shape[1], m))
    slope = np.zeros(Y.shape[1])
    for k in range(m - 1):
        wanted = (Y[down[k + 1]] - Y[down[k]]) / (b1[k] - b1[k + 1])
        W2[:, k] = wanted - slope
        slope = wanted
    W2[:, m - 1] = -slope
    return W1, b1, W2, Y[down[0]].copy()
