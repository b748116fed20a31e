"""Right solutions of stage 4 in other styles: none of them may lose a point."""

import math

import numpy as np

from nngrade import alternative

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
    """A plain loop over all entries, in float32 in the end."""
    a = np.zeros(z.size, dtype=np.float32)
    for i, value in enumerate(z.ravel().tolist()):
        e = math.exp(-abs(value))
        a[i] = (1 if value >= 0 else e) / (1 + e)
    return a.reshape(z.shape)


@alternative("sigmoid")
def by_logarithms(z):
    """The exponential of minus the softplus of -z."""
    return np.exp(-np.logaddexp(0, -z))


# tanh


@alternative("tanh")
def by_size_and_sign(z):
    """The size from an exponential, the sign afterwards."""
    e = np.exp(-2.0 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


@alternative("tanh")
def both_exponentials_shifted(z):
    """Formula (5) with numerator and denominator divided by the larger exponential."""
    size = np.abs(z)
    up, down = np.exp(z - size), np.exp(-z - size)
    return (up - down) / (up + down)


@alternative("tanh")
def numpy_tanh(z):
    """NumPy's own, in float32."""
    return np.tanh(z.astype(np.float32))


@alternative("tanh")
def clipped_exponentials(z):
    """Formula (5), clipped where it is 1 to all digits."""
    z = np.clip(z, -20, 20)
    up, down = np.exp(z), np.exp(-z)
    return (up - down) / (up + down)


# relu


@alternative("relu")
def by_mask(z):
    """Times a mask."""
    return z * (z > 0).astype(float)


@alternative("relu")
def by_absolute_value(z):
    """Half of z plus its size."""
    return (z + np.abs(z)) / 2


@alternative("relu")
def on_a_copy(z):
    """A copy, in which the negative entries become zero."""
    a = np.array(z, dtype=float)
    a[a < 0] = 0
    return a


@alternative("relu")
def by_clip(z):
    """np.clip from below, in single precision."""
    return np.clip(z.astype(np.float32), 0, None)


# leaky_relu


@alternative("leaky_relu")
def larger_of_two(z, alpha=0.01):
    """The larger of z and alpha z, as alpha is below 1."""
    return np.maximum(z, alpha * z)


@alternative("leaky_relu")
def both_sides_added(z, alpha=0.01):
    """The positive part, and alpha times the negative part."""
    return relu(z) - alpha * relu(-z)


@alternative("leaky_relu")
def slopes_first(z, alpha=0.01):
    """An array of slopes."""
    slopes = np.ones(z.shape, dtype=np.float32)
    slopes[z < 0] = alpha
    return slopes * z


@alternative("leaky_relu")
def vectorised(z, alpha=0.01):
    """np.vectorize over a function of one number."""
    return np.vectorize(lambda one: float(one) if one > 0 else alpha * one, otypes=[float])(z)


# elu


@alternative("elu")
def elu_by_masks(z, alpha=1.0):
    """A copy in which the negative entries are replaced."""
    a = np.array(z, dtype=float)
    negative = a < 0
    a[negative] = alpha * (np.exp(a[negative]) - 1)
    return a


@alternative("elu")
def two_parts_added(z, alpha=1.0):
    """The positive part plus what is below zero."""
    return np.maximum(z, 0) + alpha * (np.exp(-relu(-z)) - 1)


@alternative("elu")
def elu_in_single_precision(z, alpha=1.0):
    """float32 inside, and np.where with a safe exponent."""
    z = z.astype(np.float32)
    safe = np.where(z > 0, np.float32(0), z)
    return np.where(z > 0, z, np.float32(alpha) * np.expm1(safe))


@alternative("elu")
def elu_in_a_loop(z, alpha=1.0):
    """One entry after the other."""
    values = [v if v >= 0 else alpha * math.expm1(v) for v in z.ravel().tolist()]
    return np.array(values, dtype=float).reshape(z.shape)


# softplus


@alternative("softplus")
def by_logaddexp(z):
    """NumPy's logarithm of a sum of exponentials."""
    return np.logaddexp(0, z)


@alternative("softplus")
def minus_log_sigmoid(z):
    """Minus the logarithm of a sigmoid, where that is safe, plus the positive part."""
    return (z + np.abs(z)) / 2 - np.log(sigmoid(np.abs(z)))


@alternative("softplus")
def softplus_by_masks(z):
    """Formulas (8) and (9), each where it is safe."""
    a = np.empty(z.shape)
    right = z > 0
    a[right] = z[right] + np.log(1 + np.exp(-z[right]))
    a[~right] = np.log(1 + np.exp(z[~right]))
    return a


@alternative("softplus")
def softplus_in_single_precision(z):
    """float32 inside."""
    z = np.asarray(z, dtype=np.float32)
    return np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0)


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
def sums_in_single_precision(params, X, activations):
    """float32 for the sums, and formulas of one's own for two of the activations."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        A = np.asarray(cache["A"][-1], dtype=np.float32)
        Z = A @ W.astype(np.float32).T + b.astype(np.float32)
        cache["Z"].append(Z)
        if name == "linear":
            cache["A"].append(Z.copy())
        elif name == "tanh":
            cache["A"].append(np.tanh(Z))
        else:
            cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


# bump


@alternative("bump")
def as_a_network(x, left, right, height, steepness=10_000.0):
    """The network with two hidden neurons, by forward."""
    W1, b1 = np.full((2, 1), steepness), -steepness * np.array([left, right])
    W2, b2 = np.array([[height, -height]]), np.zeros(1)
    out, _ = forward([(W1, b1), (W2, b2)], np.reshape(x, (-1, 1)), ["sigmoid", "linear"])
    return out.reshape(np.shape(x))


@alternative("bump")
def by_hyperbolic_tangents(x, left, right, height, steepness=10_000.0):
    """The difference of two hyperbolic tangents, halved."""
    k = steepness / 2
    return 0.5 * height * (np.tanh(k * (x - left)) - np.tanh(k * (x - right)))


@alternative("bump")
def one_minus_the_rest(x, left, right, height, steepness=10_000.0):
    """The step down as a sigmoid that falls."""
    up = height * sigmoid(steepness * (x - left))
    return up + height * (sigmoid(-steepness * (x - right)) - 1)


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
