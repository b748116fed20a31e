"""Held-out wrong solutions of stage 4: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# sigmoid


@held_out("sigmoid", name="exponential_of_the_math_module", kind="new", relation=("error",))
def sigmoid(z):
    """math.exp raises an error where np.exp would be infinite."""
    import math

    z = np.asarray(z)
    values = [1 / (1 + math.exp(-v)) for v in z.ravel()]
    return np.array(values).reshape(z.shape)


# rectify


@held_out(
    "rectify",
    name="fixed_slope_in_place",
    kind="combination",
    truth=("slope_fixed", "leaks_in_place"),
    relation=("mutated", "dtype"),
)
def rectify(z, kind, alpha):
    """A second name is no copy, and the slope is always 0.01."""
    if kind == "softplus":
        return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    result = z
    negative = result < 0
    if kind == "leaky_relu":
        result[negative] = 0.01 * result[negative]
    else:
        result[negative] = np.expm1(result[negative])
    return result


@held_out(
    "rectify",
    name="minus_one_outside_of_the_brackets",
    kind="variation",
    truth=("alpha_times_the_exponential_only",),
    relation=("offset",),
)
def rectify(z, kind, alpha):
    """On the negative entries of the ELU alone: alpha times the exponential, minus 1."""
    out = np.array(z, dtype=float)
    negative = out < 0
    if kind == "leaky_relu":
        out[negative] *= alpha
    elif kind == "elu":
        out[negative] = alpha * np.exp(out[negative]) - 1
    else:
        out = np.logaddexp(0.0, out)
    return out


@held_out(
    "rectify",
    name="formula_as_it_stands_to_base_ten",
    kind="combination",
    truth=("overflowing", "decimal_logarithm"),
    relation=("factor", "not_finite", "error"),  # a number gets too large, in exp
)
def rectify(z, kind, alpha):
    """Softplus as formula (9) stands, with the logarithm to base 10."""
    if kind == "softplus":
        return np.log10(1 + np.exp(z))
    side = alpha * z if kind == "leaky_relu" else alpha * (np.exp(np.minimum(z, 0)) - 1)
    return np.where(z > 0, z, side)


# init_params


@held_out(
    "init_params",
    name="variance_and_inputs_in_rows",
    kind="combination",
    truth=("variance_for_deviation", "inputs_in_rows"),
    relation=("transpose", "factor"),
)
def init_params(layer_sizes, rng, activation="relu"):
    """The variance is taken for the deviation, and W has the shape (n_in, n_out)."""
    params = []
    for i in range(len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[i], layer_sizes[i + 1]
        if activation == "relu":
            scale = 2 / n_in
        else:
            scale = 2 / (n_in + n_out)
        W = rng.standard_normal((n_in, n_out)) * scale
        b = np.zeros(n_out)
        params.append((W, b))
    return params


# forward


@held_out(
    "forward",
    name="reshaped_for_transposed",
    kind="variation",
    truth=("not_transposed",),
    relation=("permutation", "transpose"),
)
def forward(params, X, activations):
    """W is reshaped where it should be transposed: the shapes fit, the entries do not."""
    A = X
    cache = {"A": [X], "Z": [None], "activations": activations}
    for l in range(len(params)):
        W, b = params[l]
        n_out, n_in = W.shape
        Z = np.dot(A, W.reshape(n_in, n_out)) + b
        A = activate(activations[l], Z)
        cache["Z"].append(Z)
        cache["A"].append(A)
    return A, cache


# relu_bump


@held_out(
    "relu_bump",
    name="slope_of_the_whole_width",
    kind="variation",
    truth=("slope_not_scaled",),
    relation=("factor",),
)
def relu_bump(x, left, right, height, ramp):
    """The height is divided by the width of the bump where it should be by that of the ramp."""
    slope = height / (right - left)
    rising = relu(x - left) - relu(x - left - ramp)
    falling = relu(x - right + ramp) - relu(x - right)
    return slope * rising - slope * falling


# approximate


@held_out(
    "approximate",
    name="height_at_the_right_edge",
    kind="variation",
    truth=("height_at_the_left_edge",),
    relation=("part",),
)
def approximate(f, n_bumps):
    """The height is that of the right edge."""
    width = 1 / n_bumps
    bumps = np.zeros((n_bumps, 3))
    for i in range(n_bumps):
        bumps[i, 0] = i * width
        bumps[i, 1] = (i + 1) * width
        bumps[i, 2] = f((i + 1) * width)
    return bumps


# through_points


@held_out("through_points", name="least_jump_first", kind="new")
def through_points(X, Y):
    """The points are sorted by what should come out for them."""
    order = np.argsort(Y[:, 0])
    x, y = X[order, 0], Y[order]
    W2 = np.zeros((Y.shape[1], len(x)))
    before = 0.0
    for i in range(len(x) - 1):
        slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        W2[:, i] = slope - before
        before = slope
    W2[:, -1] = -before
    W1 = np.zeros((len(x), X.shape[1]))
    W1[:, 0] = 1.0
    return W1, -x, W2, y[0]


@held_out(
    "through_points",
    name="slopes_and_no_height_at_the_start",
    kind="combination",
    truth=("slopes_for_changes", "starts_at_zero"),
    relation=("part", "offset"),
)
def through_points(X, Y):
    """Each neuron gets the slope of its piece, and the output bias is zero."""
    direction = np.sqrt(np.arange(X.shape[1]) + 2.0)
    t = X @ direction
    order = np.argsort(t)
    t, y = t[order], Y[order]
    W2 = np.zeros((Y.shape[1], len(t)))
    for i in range(len(t) - 1):
        W2[:, i] = (y[i + 1] - y[i]) / (t[i + 1] - t[i])
    return np.outer(np.ones(len(t)), direction), -t, W2, np.zeros(Y.shape[1])


@held_out(
    "through_points",
    name="mean_of_the_features",
    kind="variation",
    truth=("the_sum_of_the_features",),
    relation=("part", "not_finite"),
)
def through_points(X, Y):
    """The points are told apart by the mean of their features."""
    means = X.mean(axis=1)
    order = np.argsort(means)
    means, y = means[order], Y[order]
    slopes = np.diff(y, axis=0) / np.diff(means)[:, None]
    slopes = np.vstack([np.zeros(Y.shape[1]), slopes, np.zeros(Y.shape[1])])
    W1 = np.full((len(X), X.shape[1]), 1 / X.shape[1])
    return W1, -means, np.diff(slopes, axis=0).T, y[0]
