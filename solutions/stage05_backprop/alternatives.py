"""Right solutions of stage 5 in other styles: none of them may lose a point."""

import math
from functools import reduce

import numpy as np

from nngrade import alternative

# numerical_gradient


@alternative("numerical_gradient")
def flat_and_back(f, x, h=1e-5):
    """A flat copy, nudged entry by entry, with views of it handed to f."""
    flat = x.astype(float).ravel()
    slopes = []
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        above = f(flat.reshape(x.shape))
        flat[i] = old - h
        below = f(flat.reshape(x.shape))
        flat[i] = old
        slopes.append((above - below) / (2 * h))
    return np.array(slopes).reshape(x.shape)


@alternative("numerical_gradient")
def rows_of_the_identity(f, x, h=1e-5):
    """Each row of the identity is one nudge."""
    nudges = h * np.eye(x.size)
    pairs = [(f(x + e.reshape(x.shape)), f(x - e.reshape(x.shape))) for e in nudges]
    return np.array([up - down for up, down in pairs]).reshape(x.shape) / (2 * h)


@alternative("numerical_gradient")
def nudges_and_restores(f, x, h=1e-5):
    """The caller's array is nudged in place and put back exactly, integers excepted."""
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        i = it.multi_index
        kept = x[i].item()
        x[i] = kept + h
        ahead = float(f(x.copy()))
        x[i] = kept - h
        behind = float(f(x.copy()))
        x[i] = kept
        gradient[i] = (ahead - behind) / h / 2
        it.iternext()
    return gradient


@alternative("numerical_gradient")
def mean_of_forward_and_backward(f, x, h=1e-5):
    """The mean of the differences to either side, which is the same thing."""

    def along(i):
        nudge = np.where(np.arange(x.size) == i, h, 0.0).reshape(x.shape)
        here = f(x.astype(float))
        return ((f(x + nudge) - here) / h + (here - f(x - nudge)) / h) / 2

    return np.reshape([along(i) for i in range(x.size)], x.shape)


# chain_backward


@alternative("chain_backward")
def each_slope_on_its_own(functions, derivatives, x):
    """Every slope as a product of its own: repeated work, but right."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    local = [g_prime(v) for g_prime, v in zip(derivatives, values, strict=False)]
    return values, [math.prod(local[k:]) for k in range(len(values))]


@alternative("chain_backward")
def with_numpy(functions, derivatives, x):
    """A cumulative product from the back; arrays instead of lists."""
    values = reduce(lambda done, g: [*done, g(done[-1])], functions, [x])
    local = np.array([derivatives[k](values[k]) for k in range(len(functions))], dtype=float)
    slopes = np.cumprod(np.append(1.0, local[::-1]))[::-1]
    return np.array(values), slopes


@alternative("chain_backward")
def recursive(functions, derivatives, x):
    """The rest of the chain first, by recursion."""

    def rest(k, v):
        if k == len(functions):
            return [v], [1.0]
        values, slopes = rest(k + 1, functions[k](v))
        return [v, *values], [slopes[0] * derivatives[k](v), *slopes]

    return rest(0, x)


@alternative("chain_backward")
def appended_and_reversed(functions, derivatives, x):
    """Slopes appended from the back, then turned round; a pair as a list."""
    values, upstream = [float(x)], 1.0
    for g in functions:
        values.append(float(g(values[-1])))
    slopes = [upstream]
    for g_prime, value in zip(derivatives[::-1], values[-2::-1], strict=True):
        upstream *= g_prime(value)
        slopes.append(upstream)
    slopes.reverse()
    return (values, slopes)


# neuron_gradients


@alternative("neuron_gradients")
def one_line_each(x, w, b, y, lam):
    """The derivatives written out, each from scratch."""
    a = sigmoid(w * x + b)
    slope = a - a**2
    return {
        "a": a - y,
        "z": (a - y) * slope,
        "w": (a - y) * slope * x + lam * w,
        "b": (a - y) * slope,
        "x": (a - y) * slope * w,
    }


@alternative("neuron_gradients")
def accumulating(x, w, b, y, lam):
    """All gradients start at zero and collect what comes along each edge."""
    d = dict.fromkeys(["J", "e", "r", "a", "z", "p", "w", "b", "x"], 0.0)
    z = w * x + b
    a = float(sigmoid(np.array(z)))
    d["J"] = 1.0
    d["e"] += d["J"]
    d["r"] += d["J"]
    d["w"] += d["r"] * lam * w
    d["a"] += d["e"] * (a - y)
    d["z"] += d["a"] * a * (1 - a)
    d["p"] += d["z"]
    d["b"] += d["z"]
    d["w"] += d["p"] * x
    d["x"] += d["p"] * w
    return d


@alternative("neuron_gradients")
def by_the_other_formula(x, w, b, y, lam):
    """The sigmoid's slope by way of tanh, in another order of operations."""
    half = math.tanh((w * x + b) / 2)
    da = (1 + half) / 2 - y
    dz = da * (1 - half**2) / 4
    return dict(zip(["x", "w", "b", "z", "a"], [w * dz, lam * w + x * dz, dz, dz, da], strict=True))


@alternative("neuron_gradients")
def as_small_arrays(x, w, b, y, lam):
    """NumPy numbers and arrays without axes."""
    z = np.array(w) * x + b
    a = sigmoid(z)
    da = np.asarray(a - y)
    dz = np.asarray(da * activation_derivative("sigmoid", z))
    return {"x": dz * w, "w": np.add(dz * x, lam * w), "b": dz, "z": dz, "a": da}


# activation_derivative


@alternative("activation_derivative")
def table_of_functions(name, z):
    """One small function for each name."""
    table = {
        "linear": lambda: np.ones_like(z),
        "step": lambda: np.zeros_like(z),
        "sigmoid": lambda: sigmoid(z) * sigmoid(-z),
        "tanh": lambda: 1 / np.cosh(np.clip(z, -300, 300)) ** 2,
        "relu": lambda: (z > 0).astype(float),
        "leaky_relu": lambda: 0.01 + 0.99 * (z > 0),
        "elu": lambda: np.minimum(elu(z), 0) + 1,
        "softplus": lambda: sigmoid(z),
    }
    return table[name]()


@alternative("activation_derivative")
def match_by_name(name, z):
    """A match statement, and masks on arrays of its own."""
    slopes = np.zeros(np.shape(z))
    match name:
        case "linear":
            slopes += 1
        case "relu":
            slopes[z > 0] = 1.0
        case "leaky_relu":
            slopes[:] = 0.01
            slopes[z > 0] = 1
        case "elu":
            slopes[z > 0] = 1
            slopes[z <= 0] = np.exp(z[z <= 0])
        case "tanh":
            slopes = (1 + np.tanh(z)) * (1 - np.tanh(z))
        case "sigmoid":
            slopes = sigmoid(z) - sigmoid(z) ** 2
        case "softplus":
            slopes = 0.5 * (1 + np.tanh(z / 2))
    return slopes


@alternative("activation_derivative")
def entry_by_entry(name, z):
    """Plain Python on numbers."""

    def logistic(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    def slope(v):
        if name == "linear":
            return 1.0
        if name == "step":
            return 0.0
        if name == "sigmoid":
            return logistic(v) * logistic(-v)
        if name == "tanh":
            return 1 - math.tanh(v) ** 2
        if name == "softplus":
            return logistic(v)
        return 1.0 if v > 0 else {"relu": 0.0, "leaky_relu": 0.01, "elu": math.exp(min(v, 0))}[name]

    return np.array([slope(v) for v in z.ravel().tolist()]).reshape(z.shape)


@alternative("activation_derivative")
def in_single_precision(name, z):
    """float32 inside, with NumPy's warnings about overflow kept quiet."""
    z = z.astype(np.float32)
    with np.errstate(over="ignore", under="ignore"):
        s = np.float32(1) / (1 + np.exp(-z))
        return {
            "linear": np.full(z.shape, 1, dtype=np.float32),
            "step": 0 * z,
            "sigmoid": s * (1 - s),
            "tanh": 1 - np.square(np.tanh(z)),
            "relu": np.heaviside(z, np.float32(0)),
            "leaky_relu": np.where(z > 0, np.float32(1), np.float32(0.01)),
            "elu": np.where(z > 0, np.float32(1), np.exp(z)),
            "softplus": s,
        }[name]


# elementwise_jacobian


@alternative("elementwise_jacobian")
def slopes_times_identity(g_prime, z):
    """The identity, each column times its slope."""
    return np.eye(len(z)) * g_prime(z)


@alternative("elementwise_jacobian")
def filled_diagonal(g_prime, z):
    """A loop over the diagonal, one slope at a time."""
    jacobian = np.zeros((z.size, z.size))
    for i in range(z.size):
        jacobian[i, i] = g_prime(z[i])
    return jacobian


@alternative("elementwise_jacobian")
def two_loops_with_a_choice(g_prime, z):
    """Every pair of an output and an input."""
    slopes = g_prime(z).tolist()
    n = range(len(slopes))
    return np.array([[slopes[i] if i == j else 0.0 for j in n] for i in n])


@alternative("elementwise_jacobian")
def through_a_view(g_prime, z):
    """Einstein's view of the diagonal."""
    jacobian = np.zeros((len(z), len(z)))
    np.einsum("ii->i", jacobian)[:] = g_prime(z)
    return jacobian


# affine_backward


@alternative("affine_backward")
def sums_over_examples(dZ, A_prev, W):
    """A loop over the examples, adding outer products."""
    dW, db, dA = np.zeros(W.shape), np.zeros(len(W)), []
    for dz, a in zip(dZ, A_prev, strict=True):
        dW += np.outer(dz, a)
        db += dz
        dA.append(W.T @ dz)
    return np.array(dA), dW, db


@alternative("affine_backward")
def with_einsum(dZ, A_prev, W):
    """Formula (8), letter by letter."""
    dA = np.einsum("ij,jk->ik", dZ, W)
    return dA, np.einsum("ij,ik->jk", dZ, A_prev), np.einsum("ij->j", dZ)


@alternative("affine_backward")
def transposed_views(dZ, A_prev, W):
    """Products the other way round, returned as transposed views."""
    return (W.T @ dZ.T).T, (A_prev.T @ dZ).T, np.ones(len(dZ)) @ dZ


@alternative("affine_backward")
def affine_in_single_precision(dZ, A_prev, W):
    """float32 inside; a column of ones makes the bias a weight."""
    d, w = dZ.astype(np.float32), W.astype(np.float32)
    extended = np.column_stack([A_prev, np.ones(len(A_prev))]).astype(np.float32)
    both = d.T @ extended
    return [d @ w, both[:, :-1], both[:, -1]]


# squared_error


@alternative("squared_error")
def squares_in_a_loop(A, Y):
    """Plain loops."""
    m, total, dA = A.shape[0], 0.0, np.zeros(A.shape)
    for i in range(m):
        for j in range(A.shape[1]):
            total += (A[i, j] - Y[i, j]) ** 2 / 2
            dA[i, j] = (A[i, j] - Y[i, j]) / m
    return total / m, dA


@alternative("squared_error")
def mean_of_row_sums(A, Y):
    """The sum over outputs first, then the mean over examples; a NumPy number."""
    error = A - Y
    return 0.5 * np.mean(np.sum(np.square(error), axis=1)), error * (1 / A.shape[0])


@alternative("squared_error")
def frobenius_norm(A, Y):
    """The squared length of the difference, in float32."""
    error = (Y - A).astype(np.float32)
    return np.linalg.norm(error) ** 2 / len(error) / 2, -error / len(error)


@alternative("squared_error")
def dot_product(A, Y):
    """The dot product of the difference with itself."""
    d = np.subtract(A, Y)
    return np.vdot(d, d) / (2 * d.shape[0]), np.divide(d, d.shape[0])


# binary_cross_entropy


@alternative("binary_cross_entropy")
def flattened_first(Z, y):
    """Everything flat, and the column made at the end."""
    z = Z.ravel()
    loss = np.logaddexp(0, z) - y * z
    return loss.mean(), ((sigmoid(z) - y) / z.size).reshape(-1, 1)


@alternative("binary_cross_entropy")
def softplus_of_the_wrong_side(Z, y):
    """softplus(-z) for class 1, softplus(z) for class 0."""
    signs = (1 - 2 * y).reshape(Z.shape)
    return float(np.sum(softplus(signs * Z)) / len(y)), signs * sigmoid(signs * Z) / len(y)


@alternative("binary_cross_entropy")
def examples_in_a_loop(Z, y):
    """One example after the other, with the standard library's log1p."""
    m, total, dZ = len(y), 0.0, []
    for (z,), label in zip(Z.tolist(), y.tolist(), strict=True):
        total += max(z, 0) - label * z + math.log1p(math.exp(-abs(z)))
        a = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
        dZ.append([(a - label) / m])
    return total / m, np.array(dZ)


@alternative("binary_cross_entropy")
def entropy_in_single_precision(Z, y):
    """float32, with where for the label."""
    z = Z.astype(np.float32)
    Y = y.astype(np.float32)[:, np.newaxis]
    loss = np.where(Y == 1, softplus(-z), softplus(z)).mean()
    return loss, np.where(Y == 1, -sigmoid(-z), sigmoid(z)) / np.float32(len(z))


# backward


@alternative("backward")
def list_reversed_at_the_end(params, cache, dA):
    """Gradients appended from the back, and all the formulas written out."""
    grads, upstream = [], dA
    layers = list(zip(params, cache["A"], cache["Z"][1:], cache["activations"], strict=False))
    for (W, _), A_prev, Z, name in reversed(layers):
        dZ = upstream * activation_derivative(name, Z)
        grads.append((dZ.T @ A_prev, np.sum(dZ, axis=0)))
        upstream = dZ @ W
    return grads[::-1]


@alternative("backward")
def recursive_from_the_back(params, cache, dA):
    """The last layer, then the rest by recursion; nothing of the cache is changed."""
    if not params:
        return []
    layer = len(params)
    slopes = activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
    below, dW, db = affine_backward(dA * slopes, cache["A"][layer - 1], params[-1][0])
    return [*backward(params[:-1], cache, below), (dW, db)]


@alternative("backward")
def one_example_after_the_other(params, cache, dA):
    """Examples one by one, with diagonal Jacobians, summed up in the end."""
    total = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for i in range(len(dA)):
        upstream = dA[i]
        for at in reversed(range(len(params))):
            slopes = activation_derivative(cache["activations"][at], cache["Z"][at + 1][i])
            dz = upstream @ np.diag(slopes)
            total[at][0][...] += np.outer(dz, cache["A"][at][i])
            total[at][1][...] += dz
            upstream = dz @ params[at][0]
    return total


@alternative("backward")
def filled_from_the_back(params, cache, dA):
    """A list of the right length, filled in from the back; a nested helper; lists as pairs."""
    grads = [None] * len(params)

    def step_back(layer, dA):
        dZ = np.multiply(
            dA, activation_derivative(cache["activations"][layer], cache["Z"][layer + 1])
        )
        below, *grads[layer] = affine_backward(dZ, cache["A"][layer], params[layer][0])
        return below

    for layer in reversed(range(len(params))):
        dA = step_back(layer, dA)
    return grads


@alternative("backward")
def backward_in_single_precision(params, cache, dA):
    """float32 from the loss on."""
    grads, dA = [], np.float32(dA)
    for (W, _), Z, A, name in zip(
        params[::-1], cache["Z"][::-1], cache["A"][-2::-1], cache["activations"][::-1], strict=False
    ):
        dZ = np.float32(dA * activation_derivative(name, Z))
        grads = [(np.einsum("ij,ik->jk", dZ, np.float32(A)), dZ.sum(0)), *grads]
        dA = dZ @ np.float32(W)
    return grads


# gradient_check


@alternative("gradient_check")
def plain_sums(f, grad, x):
    """Roots of sums of squares, with a nested helper."""

    def length(v):
        return math.sqrt(float((v * v).sum()))

    ours, measured = np.array(grad(x)), numerical_gradient(f, x)
    difference = length(ours - measured)
    return difference / (length(ours) + length(measured)) if difference > 0 else 0.0


@alternative("gradient_check")
def own_differences(f, grad, x):
    """Central differences written out once more, on a flat copy."""
    flat, h, n = x.ravel().astype(float), 1e-4, []
    for e in np.eye(x.size):
        up, down = (flat + h * e).reshape(x.shape), (flat - h * e).reshape(x.shape)
        n.append((f(up) - f(down)) / (2 * h))
    g = np.ravel(grad(x))
    both = np.linalg.norm(g) + np.linalg.norm(n)
    if both == 0:
        return 0
    return np.linalg.norm(g - np.array(n)) / both


@alternative("gradient_check")
def maximum_with_a_tiny_number(f, grad, x):
    """The denominator is kept from zero by a tiny number."""
    g, n = grad(x.copy()), numerical_gradient(f, x.copy(), 1e-5)
    root = lambda v: np.sqrt(np.sum(np.square(v)))  # noqa: E731
    return root(n - g) / max(root(n) + root(g), 1e-300)
