"""Right solutions of stage 4 in other styles: none of them may lose a point."""

import math
from itertools import accumulate, pairwise

import numpy as np

from nngrade import alternative

# count_params


@alternative("count_params")
def loop_over_layers(layer_sizes):
    """A loop with an index."""
    total = 0
    for layer in range(1, len(layer_sizes)):
        total += layer_sizes[layer - 1] * layer_sizes[layer]
        total += layer_sizes[layer]
    return total


@alternative("count_params")
def with_a_dot_product(layer_sizes):
    """A dot product of neighbours; the result is a NumPy integer."""
    n = np.array(layer_sizes)
    return n[:-1] @ n[1:] + n[1:].sum()


@alternative("count_params")
def counted_in_real_parameters(layer_sizes):
    """Makes the network and counts the entries."""
    params = init_params(layer_sizes, np.random.default_rng(0))
    return sum(W.size + b.size for W, b in params)


@alternative("count_params")
def recursively(layer_sizes):
    """The first layer and the rest."""
    n_in, n_out, *rest = layer_sizes
    return n_out * (n_in + 1) + (count_params([n_out, *rest]) if rest else 0)


# forward


@alternative("forward")
def two_lists(params, X, activations):
    """Two lists, and A as a variable of its own."""
    A = X
    all_A, all_Z = [A], [None]
    for layer, (W, b) in enumerate(params):
        Z = np.dot(A, np.transpose(W)) + b
        A = activate(activations[layer], Z)
        all_Z.append(Z)
        all_A.append(A)
    return A, {"Z": all_Z, "A": all_A, "activations": list(activations)}


@alternative("forward")
def column_vectors(params, X, activations):
    """Examples in columns inside, transposed at the end of each layer."""
    cache = {"A": [X], "Z": [None], "activations": tuple(activations)}
    single = X.ndim == 1
    A = X[:, None] if single else X.T
    for (W, b), name in zip(params, activations, strict=True):
        Z = W @ A + b.reshape(-1, 1)
        A = activate(name, Z)
        cache["Z"].append(Z[:, 0] if single else Z.T)
        cache["A"].append(A[:, 0] if single else A.T)
    return cache["A"][-1], cache


@alternative("forward")
def by_einsum_and_recursion(params, X, activations):
    """A nested helper that goes from layer to layer; einsum over the last axis."""
    cache = {"A": [X], "Z": [None], "activations": activations}

    def layer(A, number):
        if number == len(params):
            return A
        W, b = params[number]
        Z = np.einsum("...i,oi->...o", A, W) + b
        cache["Z"] += [Z]
        cache["A"] += [activate(activations[number], Z)]
        return layer(cache["A"][-1], number + 1)

    return layer(X, 0), cache


@alternative("forward")
def formulas_of_its_own(params, X, activations):
    """Sums neuron by neuron, and formulas of its own for two of the activations."""
    A = np.array(X)
    cache = {"A": [A], "Z": [None], "activations": list(activations)}
    for layer, (W, b) in enumerate(params):
        Z = np.zeros((*np.shape(A)[:-1], len(b)))
        for j in range(len(b)):
            Z[..., j] = np.sum(A * W[j], axis=-1) + b[j]
        name = activations[layer]
        if name == "relu":
            A = Z * (Z > 0)
        elif name == "step":
            A = np.where(Z < 0, 0.0, 1.0)
        else:
            A = activate(name, Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


@alternative("forward")
def a_bias_as_one_more_input(params, X, activations):
    """The biases are a last column of the weights, and the examples get a 1."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for number, (W, b) in enumerate(params):
        A = cache["A"][number]
        longer = np.concatenate([A, np.ones((*A.shape[:-1], 1))], axis=-1)
        cache["Z"].append(np.dot(longer, np.hstack([W, b[:, None]]).T))
        cache["A"].append(activate(activations[number], cache["Z"][-1]))
    return cache["A"][-1], cache


@alternative("forward")
def accumulated(params, X, activations):
    """itertools.accumulate goes through the layers, from a copy of X in floats."""

    def layer(pair, one):
        (W, b), name = one
        Z = np.inner(pair[1], W) + b
        return Z, activate(name, Z)

    layers = zip(params, activations, strict=True)
    start = (None, np.array(X, dtype=float))
    all_Z, all_A = map(list, zip(*accumulate(layers, layer, initial=start), strict=True))
    return all_A[-1], {"activations": activations[:], "A": all_A, "Z": all_Z}


@alternative("forward")
def example_by_example(params, X, activations):
    """A table is evaluated row by row, and the caches of its rows are put together."""
    if np.ndim(X) == 2:
        A, Z = [X], [None]
        caches = [forward(params, x, activations)[1] for x in X]
        for layer in range(1, len(params) + 1):
            A.append(np.stack([one["A"][layer] for one in caches]))
            Z.append(np.stack([one["Z"][layer] for one in caches]))
        return A[-1], {"A": A, "Z": Z, "activations": list(activations)}
    A, Z = [X], [None]
    for (W, b), name in zip(params, activations, strict=True):
        Z.append(np.array([w @ A[-1] + bias for w, bias in zip(W, b, strict=True)]))
        A.append(activate(name, Z[-1]))
    return A[-1], {"A": A, "Z": Z, "activations": list(activations)}


# sigmoid


@alternative("sigmoid")
def two_masks(z):
    """Each form where it is safe, filled in by masks."""
    a = np.empty(z.shape)
    right = z >= 0
    a[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    a[~right] = e / (e + 1)
    return a


@alternative("sigmoid")
def clipped(z):
    """Clipped where the result is 0 or 1 to all digits anyway."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


@alternative("sigmoid")
def by_numpy_tanh(z):
    """The other way round: from NumPy's tanh."""
    return (np.tanh(z / 2) + 1) / 2


@alternative("sigmoid")
def entry_by_entry(z):
    """A plain loop over all entries."""
    a = np.zeros(z.size)
    for i, value in enumerate(z.ravel().tolist()):
        e = math.exp(-abs(value))
        a[i] = (1 if value >= 0 else e) / (1 + e)
    return a.reshape(z.shape)


@alternative("sigmoid")
def by_logarithms(z):
    """The exponential of minus the softplus of -z."""
    return np.exp(-np.logaddexp(0, -z))


@alternative("sigmoid")
def overflow_silenced(z):
    """Form (5) as it stands, with the warning switched off: infinity gives the right 0."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float)))


@alternative("sigmoid")
def on_one_side_and_mirrored(z):
    """Form (5) for the absolute values; the others are 1 minus that."""
    a = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z < 0, 1 - a, a)


# rectify


@alternative("rectify")
def by_masks(z, kind, alpha):
    """A copy in which the negative entries are replaced; softplus by its two formulas."""
    a = np.array(z, dtype=float)
    low = a <= 0
    if kind == "softplus":
        a[~low] += np.log(1 + np.exp(-a[~low]))
        a[low] = np.log(1 + np.exp(a[low]))
    elif kind == "elu":
        a[low] = alpha * (np.exp(a[low]) - 1)
    else:
        a[low] *= alpha
    return a


@alternative("rectify")
def chosen_entry_by_entry(z, kind, alpha):
    """np.where for two of them, NumPy's logarithm of a sum of exponentials for the third."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0)))
    return np.logaddexp(0, z)


@alternative("rectify")
def in_a_dictionary(z, kind, alpha):
    """A dictionary of functions; the leaky ReLU as the larger of two lines."""
    functions = {
        "leaky_relu": lambda z: np.maximum(z, alpha * z),
        "elu": lambda z: np.maximum(z, 0) - alpha + alpha * np.exp(-np.maximum(-z, 0)),
        "softplus": lambda z: (z + np.abs(z)) / 2 - np.log(sigmoid(np.abs(z))),
    }
    return functions[kind](z)


@alternative("rectify")
def one_number_at_a_time(z, kind, alpha):
    """A nested function of one number, and a loop over all entries."""

    def one(v):
        if kind == "softplus":
            return max(v, 0.0) + math.log1p(math.exp(-abs(v)))
        if v > 0:
            return v
        return alpha * v if kind == "leaky_relu" else alpha * math.expm1(v)

    values = [one(v) for v in np.ravel(z).tolist()]
    return np.array(values, dtype=float).reshape(np.shape(z))


@alternative("rectify")
def by_np_piecewise(z, kind, alpha):
    """np.piecewise of a copy in floats; softplus by the sigmoid's logarithm."""
    x = np.array(z, dtype=float)
    if kind == "leaky_relu":
        return np.piecewise(x, [x < 0], [lambda v: v * alpha, lambda v: v])
    if kind == "elu":
        return np.piecewise(x, [x < 0], [lambda v: alpha * np.exp(v) - alpha, lambda v: v])
    return np.piecewise(
        x, [x < 0], [lambda v: np.log(1 + np.exp(v)), lambda v: v - np.log(sigmoid(v))]
    )


@alternative("rectify")
def in_place_on_a_copy(z, kind, alpha):
    """ufuncs with out=, on arrays of its own."""
    a = np.maximum(z, 0).astype(float)
    below = np.minimum(z, 0).astype(float)
    if kind == "softplus":
        below = -np.abs(z).astype(float)
        a += np.logaddexp(0.0, below)
        return a
    if kind == "elu":
        below = np.exp(below) - 1.0
    below *= alpha
    return a + below


@alternative("rectify")
def two_slopes_and_a_loop(z, kind, alpha):
    """The leaky ReLU from z and |z|; the ELU in a loop; softplus from plain Python's functions."""
    if kind == "leaky_relu":
        return ((1 + alpha) * z + (1 - alpha) * np.abs(z)) / 2
    out = z.astype(float)
    for i, value in np.ndenumerate(z):
        if kind == "softplus":
            out[i] = value if value > 40 else math.log(1 + math.exp(value))
        elif value < 0:
            out[i] = alpha * math.exp(value) - alpha
    return out


# init_params


@alternative("init_params")
def standard_normal_scaled(layer_sizes, rng, activation="relu"):
    """Standard normal numbers, scaled afterwards; lists as pairs."""
    params = []
    for layer in range(len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[layer], layer_sizes[layer + 1]
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        W = rng.standard_normal((n_out, n_in)) * math.sqrt(variance)
        params.append([W, np.zeros((n_out,))])
    return params


@alternative("init_params")
def in_one_comprehension(layer_sizes, rng, activation="relu"):
    """A comprehension, with weights drawn as a transposed view."""
    fans = {"relu": lambda i, o: i, "tanh": lambda i, o: i + o}[activation]
    return [
        (rng.normal(scale=(2 / fans(i, o)) ** 0.5, size=(i, o)).T, np.zeros(o))
        for i, o in pairwise(layer_sizes)
    ]


@alternative("init_params")
def backwards_in_single_precision(layer_sizes, rng, activation="relu"):
    """Layers are drawn from the last to the first, in float32; a tuple is returned."""
    params = []
    for n_out, n_in in pairwise(layer_sizes[::-1]):
        scale = np.sqrt(2 / (n_in + n_out * (activation == "tanh")))
        W = scale * rng.standard_normal(n_in * n_out, dtype=np.float32).reshape(n_out, n_in)
        params.insert(0, (W, 0.0 * W[:, 0]))
    return tuple(params)


@alternative("init_params")
def from_a_child_generator(layer_sizes, rng, activation="relu"):
    """A generator seeded from rng, one draw for the whole network, cut up into layers."""
    shapes = [(n_out, n_in) for n_in, n_out in pairwise(layer_sizes)]
    numbers = np.random.default_rng(rng.integers(2**63)).standard_normal(
        sum(n_out * n_in for n_out, n_in in shapes)
    )
    params, start = [], 0
    for n_out, n_in in shapes:
        fan = {"relu": n_in, "tanh": n_out + n_in}[activation]
        W = numbers[start : start + n_out * n_in].reshape(n_out, n_in) / math.sqrt(fan / 2)
        params.append((W, np.array([0.0] * n_out)))
        start += n_out * n_in
    return params


@alternative("init_params")
def by_box_and_muller(layer_sizes, rng, activation="relu"):
    """Normal numbers from uniform ones; the biases are parts of one array, none of them common."""
    zeros, params = np.zeros(sum(layer_sizes)), []
    for n_in, n_out in pairwise(layer_sizes):
        u, v = rng.random((2, n_out, n_in))
        z = np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)
        b, zeros = zeros[:n_out], zeros[n_out:]
        params.append((z * (2 / (n_in + n_out * (activation == "tanh"))) ** 0.5, b))
    return params


# relu_bump


@alternative("relu_bump")
def corners_in_a_loop(x, left, right, height, ramp):
    """A loop over the corners and their signs."""
    total = np.zeros(np.shape(x))
    for corner, sign in ((left, 1), (left + ramp, -1), (right - ramp, -1), (right, 1)):
        total = total + sign * height * relu(x - corner) / ramp
    return total


@alternative("relu_bump")
def interpolated(x, left, right, height, ramp):
    """np.interp through the four corners."""
    return np.interp(x, [left, left + ramp, right - ramp, right], [0, height, height, 0])


@alternative("relu_bump")
def a_network_of_relus(x, left, right, height, ramp):
    """The network with four hidden neurons, by forward."""
    corners = np.array([left, left + ramp, right - ramp, right])
    params = [
        (np.ones((4, 1)), -corners),
        (height / ramp * np.array([[1, -1, -1, 1]]), np.zeros(1)),
    ]
    return forward(params, np.reshape(x, (-1, 1)), ["relu", "linear"])[0].reshape(np.shape(x))


@alternative("relu_bump")
def smaller_side_clipped(x, left, right, height, ramp):
    """The way from the nearer end, clipped."""
    way = np.minimum(x - left, right - x)
    return height * np.clip(way / ramp, 0.0, 1.0)


@alternative("relu_bump")
def case_after_case(x, left, right, height, ramp):
    """np.select with a line for each part, the corners in either of two cases."""
    cases = [x <= left, x < left + ramp, x <= right - ramp, x < right]
    rise, fall = (x - left) * (height / ramp), (right - x) * (height / ramp)
    return np.select(cases, [0.0 * rise, rise, height + 0.0 * rise, fall], 0.0)


@alternative("relu_bump")
def distance_from_the_middle(x, left, right, height, ramp):
    """Symmetric about the middle: two ReLUs of the distance, in place on an array of its own."""
    distance = np.abs(x - (left + right) / 2)
    half = (right - left) / 2
    way = np.array(half - distance)
    np.maximum(way, 0.0, out=way)
    np.minimum(way, ramp, out=way)
    way *= height / ramp
    return way


@alternative("relu_bump")
def two_clipped_ramps(x, left, right, height, ramp):
    """A ramp from 0 to 1 up, and one down, both clipped."""
    up = np.clip((x - left) / ramp, 0, 1)
    down = np.clip((x - (right - ramp)) / ramp, 0, 1)
    return height * (up - down)


# approximate


@alternative("approximate")
def row_by_row(f, n_bumps):
    """A list of rows."""
    rows = []
    for i in range(n_bumps):
        left, right = i / n_bumps, (i + 1) / n_bumps
        rows.append([left, right, f((left + right) / 2)])
    return np.array(rows)


@alternative("approximate")
def indices_and_powers(f, n_bumps):
    """From whole numbers; f is called with Python floats."""
    i = np.arange(n_bumps)
    heights = np.array([f(float(x)) for x in (2 * i + 1) / (2 * n_bumps)])
    return np.stack((i / n_bumps, (i + 1) / n_bumps, heights)).T


@alternative("approximate")
def vectorised_function(f, n_bumps):
    """np.vectorize around f, an empty table filled in."""
    table = np.empty((n_bumps, 3))
    table[:, 0] = np.linspace(0, 1, n_bumps, endpoint=False)
    table[:, 1] = table[:, 0] + 1 / n_bumps
    table[:, 2] = np.vectorize(f, otypes=[float])(table[:, :2].mean(axis=1))
    return table


@alternative("approximate")
def pieces_with_map(f, n_bumps):
    """np.fromiter, map and zip; f is called with NumPy numbers."""
    edges = np.fromiter((i / n_bumps for i in range(n_bumps + 1)), dtype=float)
    middles = map(np.mean, pairwise(edges.tolist()))
    return np.array(list(zip(edges, edges[1:], map(f, middles), strict=False)), dtype=float)


# through_points


@alternative("through_points")
def from_right_to_left(X, Y):
    """Neurons that sleep to the right of their point; a direction of square roots of primes."""
    m, n = X.shape
    primes = [p for p in range(2, 400) if all(p % q for q in range(2, p))]
    u = np.sqrt(primes[:n])
    t = X @ u
    order = np.argsort(-t)
    t, Y = t[order], Y[order]
    slopes = np.zeros((m + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(Y, axis=0) / -np.diff(t)[:, None]
    return np.tile(-u, (m, 1)), t, np.diff(slopes, axis=0).T, Y[0]


@alternative("through_points")
def a_ramp_for_each_piece(X, Y):
    """Two ReLUs make a ramp from a point to the next; the ramps add up to a polyline."""
    u = np.cos(np.arange(X.shape[1]))
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    starts, ends = t[:-1], t[1:]
    heights = (Y[1:] - Y[:-1]).T / (ends - starts)
    b1 = -np.concatenate([starts, ends, t[:1]])
    W2 = np.hstack([heights, -heights, np.zeros((Y.shape[1], 1))])
    return np.tile(u, (len(b1), 1)), b1, W2, Y[0].copy()


@alternative("through_points")
def hats(X, Y):
    """A hat of up to four ReLUs for each point: 1 there, 0 at all other points."""
    rng = np.random.default_rng(3)
    u = rng.normal(size=X.shape[1])
    order = np.argsort(X @ u)
    t = (X @ u)[order]
    corners, weights = [], []
    b2 = np.zeros(Y.shape[1])
    for place, i in enumerate(order):
        if place == 0:  # it is 1 from far left on
            b2 = b2 + Y[i]
        else:
            left = t[place] - t[place - 1]
            corners += [t[place - 1], t[place]]
            weights += [Y[i] / left, -Y[i] / left]
        if place < len(t) - 1:
            right = t[place + 1] - t[place]
            corners += [t[place], t[place + 1]]
            weights += [-Y[i] / right, Y[i] / right]
    if not corners:
        corners, weights = [t[0]], [0 * b2]
    return np.outer(np.ones(len(corners)), u), -np.array(corners), np.array(weights).T, b2


@alternative("through_points")
def triangular_system(X, Y):
    """A neuron wakes up at each point but the last: np.linalg.solve for their weights."""
    u = np.pi ** np.linspace(0, 1, X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    H = np.maximum(t[:, None] - t[None, :], 0.0)
    w = np.zeros_like(Y)
    if len(t) > 1:
        w[:-1] = np.linalg.solve(H[1:, :-1], Y[1:] - Y[0])
        w[-1] = -w[:-1].sum(axis=0)  # level beyond the last point
    return np.repeat(u[None, :], len(t), axis=0), -t, w.T, Y[0]


@alternative("through_points")
def point_after_point(X, Y):
    """Each neuron mends the error that is left at the next point: forward substitution."""
    rng = np.random.default_rng(1)
    u = rng.standard_normal(X.shape[1])
    t = X @ u
    order = list(np.argsort(t))
    b1, W2 = [], []

    def output(at):
        total = Y[order[0]].astype(float)
        for bias, weights in zip(b1, W2, strict=True):
            total = total + weights * max(at + bias, 0.0)
        return total

    for here, there in pairwise(order):
        error = Y[there] - output(t[there])
        b1.append(-t[here])
        W2.append(error / (t[there] - t[here]))
    b1.append(-t[order[-1]])
    W2.append(-np.sum(W2, axis=0) + np.zeros(Y.shape[1]))
    return np.array([u] * len(b1)), np.array(b1), np.array(W2).T, 1.0 * Y[order[0]]


@alternative("through_points")
def folds_on_both_sides(X, Y):
    """A polyline as a sum of |t - t_i|, each of two ReLUs; the rest is a constant."""
    m, n = X.shape
    u = np.random.default_rng(7).normal(size=n)
    t = X @ u
    order = np.argsort(t)
    t, Y = t[order], Y[order]
    slopes = np.vstack([np.zeros(Y.shape[1]), np.diff(Y, axis=0) / np.diff(t)[:, None]])
    bends = np.vstack([np.diff(slopes, axis=0), -slopes[-1:]]) / 2
    W1 = np.vstack([np.tile(u, (m, 1)), np.tile(-u, (m, 1))])
    constant = Y[0] - (t - t[0]) @ bends
    return W1, np.concatenate([-t, t]), np.hstack([bends.T, bends.T]), constant


@alternative("through_points")
def least_squares(X, Y):
    """np.linalg.lstsq, which finds the weights of all neurons and the bias at once."""
    u = np.random.default_rng(5).uniform(1, 2, size=X.shape[1])
    t = np.sort(X @ u)
    scale = max(t[-1] - t[0], 1.0)
    t = t / scale
    at = np.append(X @ u / scale, t[-1] + 1)  # one more, beyond the last, is as high as that
    wanted = np.vstack([Y, Y[np.argmax(X @ u)]])
    columns = np.column_stack([np.maximum(at[:, None] - t, 0.0), np.ones(len(at))])
    solution = np.linalg.lstsq(columns, wanted, rcond=None)[0]
    return np.tile(u / scale, (len(t), 1)), -t, solution[:-1].T, solution[-1]


@alternative("through_points")
def lists_and_loops(X, Y):
    """Plain Python: lists, sorted and loops; a new direction until the points are apart."""
    points, n = X.tolist(), X.shape[1]
    apart, number = False, 0
    while not apart:
        u = [math.sin(7 * number + 3 * j + 1) for j in range(n)]
        t = [sum(a * b for a, b in zip(u, point, strict=True)) for point in points]
        order = sorted(range(len(t)), key=t.__getitem__)
        apart = all(t[j] - t[i] > 1e-4 for i, j in pairwise(order))
        number += 1
    W2 = [[0.0] * len(points) for _ in range(Y.shape[1])]
    for k, row in enumerate(W2):
        for place, (i, j) in enumerate(pairwise(order)):
            slope = float(Y[j, k] - Y[i, k]) / (t[j] - t[i])
            row[place] += slope
            row[place + 1] -= slope
    b1 = np.array([-t[i] for i in order])
    return np.array([u for _ in order]), b1, np.array(W2), np.array(Y[order[0]])


@alternative("through_points")
def ramps_of_height_one(X, Y):
    """The hidden neurons count how much of each piece is behind: their weights are steep."""
    rng = np.random.default_rng(11)
    directions = rng.normal(size=(200, X.shape[1]))
    gaps = np.diff(np.sort(X @ directions.T, axis=0), axis=0)
    best = np.argmax(gaps.min(axis=0)) if len(gaps) else 0
    t = X @ directions[best]
    order = np.argsort(t)
    W1, b1, W2 = [], [], []
    for here, there in pairwise(order):
        steep = 1.0 / (t[there] - t[here])
        for corner, sign in ((t[here], 1.0), (t[there], -1.0)):
            W1.append(steep * directions[best])
            b1.append(-steep * corner)
            W2.append(sign * (Y[there] - Y[here]))
    if len(order) == 1:
        W1, b1, W2 = [directions[0]], [0.0], [0.0 * Y[0]]
    return np.array(W1), np.array(b1), np.array(W2).T, Y[order[0]]


@alternative("through_points")
def second_differences(X, Y):
    """The weights as a product of matrices: differences of divided differences."""
    m, n = X.shape
    u = np.sqrt(np.arange(n) + 1.3) * np.exp(-np.arange(n) / 7)
    order = np.argsort(X @ u)
    t = (X @ u)[order]
    D = np.eye(m, k=1)[:-1] - np.eye(m)[:-1]  # next minus this
    slopes = (D @ Y[order]) / (D @ t)[:, None]
    return np.outer(np.ones(m), u), -t, -slopes.T @ D, Y[order[0]]


@alternative("through_points")
def a_neuron_fewer(X, Y):
    """A ReLU for each piece, and one to end the last; a single point needs none at all."""
    (m, n), k = X.shape, Y.shape[1]
    if m == 1:
        return np.zeros((0, n)), np.zeros(0), np.zeros((k, 0)), Y[0] * 1.0
    u = np.exp(np.sin(np.arange(n)))
    at = sorted(range(m), key=lambda i: X[i] @ u)
    t = np.array([X[i] @ u for i in at])
    slopes = [(Y[j] - Y[i]) / ((X[j] - X[i]) @ u) for i, j in pairwise(at)]
    turns = [slopes[0], *(after - before for before, after in pairwise(slopes)), -slopes[-1]]
    return np.stack([u] * m), -t, np.column_stack(turns), Y[at[0]]
