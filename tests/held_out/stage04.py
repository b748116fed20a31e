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


# tanh


@held_out(
    "tanh",
    name="upside_down_and_too_flat",
    kind="combination",
    truth=("half_the_argument", "tanh_upside_down"),
    relation=("sign",),
)
def tanh(z):
    """The sigmoid is taken of z instead of 2z, and the difference is the wrong way round."""
    a = sigmoid(z)
    return 1 - 2 * a


# relu


@held_out(
    "relu",
    name="product_with_a_mask",
    kind="variation",
    truth=("whole_numbers_stay",),
    relation=("dtype",),
)
def relu(z):
    """z times a mask: whole numbers stay whole numbers."""
    mask = z > 0
    return z * mask


# leaky_relu


@held_out(
    "leaky_relu",
    name="fixed_slope_in_place",
    kind="combination",
    truth=("slope_fixed", "leaks_in_place"),
    relation=("mutated", "dtype"),
)
def leaky_relu(z, alpha=0.01):
    """A second name is no copy, and the slope is always 0.01."""
    result = z
    result[result < 0] = 0.01 * result[result < 0]
    return result


# elu


@held_out(
    "elu",
    name="minus_one_outside_of_the_brackets",
    kind="variation",
    truth=("alpha_times_the_exponential_only",),
    relation=("offset",),
)
def elu(z, alpha=1.0):
    """On the negative entries alone: alpha times the exponential, minus 1."""
    out = np.array(z, dtype=float)
    negative = out < 0
    out[negative] = alpha * np.exp(out[negative]) - 1
    return out


# softplus


@held_out(
    "softplus",
    name="formula_as_it_stands_to_base_ten",
    kind="combination",
    truth=("overflowing", "decimal_logarithm"),
    relation=("factor", "not_finite"),
)
def softplus(z):
    """Formula (8) as it stands, with the logarithm to base 10."""
    return np.log10(1 + np.exp(z))


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


# bump


@held_out("bump", name="divided_by_the_steepness", kind="new")
def bump(x, left, right, height, steepness=10_000.0):
    """The distance to each edge is divided by the steepness, so that the bump is nearly flat."""
    s1 = sigmoid((x - left) / steepness)
    s2 = sigmoid((x - right) / steepness)
    return height * (s1 - s2)


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
