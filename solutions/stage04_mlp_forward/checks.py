"""What stage 4 grades: 20 points.

Activations are compared with their formulas in forms of the check's own, so that float32 inside
a right solution is near enough: see `same_activation`.
"""

from itertools import pairwise

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    generators,
    parts,
    public,
    require,
    unchanged,
    unchanged_each,
)

SHAPES = ((), (1,), (7,), (3, 4), (2, 3, 4), (5, 1))


def same_activation(function, formula, rng):
    """Compare an activation with a formula on arrays of many shapes, and on whole numbers."""
    inputs = [np.asarray(rng.normal(size=shape) * 3) for shape in SHAPES]
    inputs.append(np.array([[-3, -2, -1], [0, 0, 1], [2, 3, 4]]))
    inputs.append(rng.uniform(7, 9, size=4) * [1.0, -1, 1, -1])
    values = unchanged_each(function, [(z,) for z in inputs])
    for z, value in zip(inputs, values, strict=True):
        floats(value, formula(z.astype(float)), function.name)


def floats(actual, expected, what, atol=1e-6):
    """Compare an array of floats; whole numbers are refused, as the lesson says."""
    close(actual, expected, what, atol=atol)
    kind = np.asarray(actual).dtype.kind
    require(kind == "f", f"{what} should hold floats, also for whole numbers as input")


def large_numbers(rng):
    """Numbers up to ±1000, in a random order."""
    sizes = [1000.0, 800.0, 710.0, 500.0, 100.0, rng.uniform(20, 1000)]
    return rng.permutation(np.array([*sizes, *(-size for size in sizes), 0.0]))


# sigmoid: 2 points


def sigma(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


@check("sigmoid", points=1)
def sigmoid_of_any_shape(student, rng):
    """The sigmoid of every entry is right, for arrays of any shape, of floats or whole numbers."""
    same_activation(student.sigmoid, sigma, rng)
    z = rng.normal(size=9) * 4
    total = student.sigmoid(z) + student.sigmoid(-z)
    close(total, np.ones(9), "σ(z) + σ(-z)")


@check("sigmoid", points=1, hint="Which exponential grows without bounds, and at which end?")
def sigmoid_of_large_numbers(student, rng):
    """The sigmoid is right up to ±1000: no infinity, nothing that is not a number."""
    z = large_numbers(rng)
    floats(student.sigmoid(z), sigma(z), "sigmoid of large numbers")
    floats(student.sigmoid(z.reshape(1, -1)), sigma(z).reshape(1, -1), "sigmoid of large numbers")
    whole = np.array([-1000, 1000])
    floats(student.sigmoid(whole), np.array([0.0, 1.0]), "sigmoid of -1000 and 1000")


# tanh: 1 point


@check("tanh", points=0.5)
def tanh_of_any_shape(student, rng):
    """tanh of every entry is right, for arrays of any shape, of floats or whole numbers."""
    same_activation(student.tanh, np.tanh, rng)


@check("tanh", points=0.5, hint="Which exponential grows without bounds, and at which end?")
def tanh_of_large_numbers(student, rng):
    """Up to ±1000 tanh is right, and tanh(-z) is -tanh(z)."""
    z = large_numbers(rng)
    floats(student.tanh(z), np.tanh(z), "tanh of large numbers")
    z = rng.normal(size=(4, 3))
    close(student.tanh(-z) + student.tanh(z), np.zeros((4, 3)), "tanh(-z) + tanh(z)")


# relu: 1 point


def positive_part(z):
    return np.where(z > 0, z, 0.0)


@check("relu", points=0.5)
def relu_of_any_shape(student, rng):
    """relu is right for arrays of any shape, also at 0, and gives floats for whole numbers too."""
    same_activation(student.relu, positive_part, rng)
    z = np.array([[0.0, -0.0, 2.5], [-1e-3, 1e-3, 0.0]])
    floats(student.relu(z), positive_part(z), "relu")


@check("relu", points=0.5, hint="Whose array does your function write into?")
def relu_makes_a_new_array(student, rng):
    """relu leaves its argument as it was, and large numbers pass unharmed."""
    z = rng.normal(size=(4, 5)) * 5
    close(unchanged(student.relu, z), positive_part(z), "relu")
    z = large_numbers(rng)
    floats(unchanged(student.relu, z), positive_part(z), "relu of large numbers")


# leaky_relu: 1 point


@check("leaky_relu", points=0.5)
def leaky_relu_of_any_shape(student, rng):
    """leaky_relu is right for arrays of any shape; without alpha, the slope is 0.01."""
    same_activation(student.leaky_relu, lambda z: np.where(z > 0, z, 0.01 * z), rng)


@check("leaky_relu", points=0.5)
def leaky_relu_with_any_slope(student, rng):
    """The slope on the negative side is alpha, also far from zero."""
    for alpha in (0.1, 0.5, float(rng.uniform(0.02, 0.9))):
        formula = np.frompyfunc(lambda one, alpha=alpha: one if one > 0 else alpha * one, 1, 1)
        z = np.concatenate([rng.normal(size=8) * 3, large_numbers(rng)])
        expected = formula(z).astype(float)
        floats(unchanged(student.leaky_relu, z, alpha), expected, "leaky_relu")
        floats(student.leaky_relu(z, alpha=alpha), expected, "leaky_relu")


# elu: 1 point


def exponential_linear(z, alpha):
    return np.where(z > 0, z, alpha * (np.exp(np.where(z > 0, 0.0, z)) - 1))


@check("elu", points=0.5)
def elu_of_any_shape(student, rng):
    """elu is right for arrays of any shape; without alpha, the floor is at -1."""
    same_activation(student.elu, lambda z: exponential_linear(z, 1.0), rng)


@check("elu", points=0.5, hint="Look at z = 1000 and at z = -1000, with an alpha that is not 1.")
def elu_with_any_floor(student, rng):
    """The negative side goes down to -alpha, and elu is right up to ±1000."""
    for alpha in (2.0, 0.3, float(rng.uniform(0.2, 4))):
        z = np.concatenate([rng.normal(size=8) * 3, large_numbers(rng)])
        expected = exponential_linear(z, alpha)
        floats(unchanged(student.elu, z, alpha), expected, "elu")
        floats(student.elu(z, alpha=alpha), expected, "elu")


# softplus: 2 points


@check("softplus", points=1)
def softplus_of_any_shape(student, rng):
    """softplus is right for arrays of any shape, of floats or of whole numbers."""
    same_activation(student.softplus, lambda z: np.log(1 + np.exp(z)), rng)
    z = rng.normal(size=(2, 5)) * 3
    difference = student.softplus(z) - student.softplus(-z)
    close(difference, z, "softplus(z) - softplus(-z)", atol=1e-5)


@check("softplus", points=1, hint="What is the exponential of 1000? And softplus(1000)?")
def softplus_of_large_numbers(student, rng):
    """softplus is right up to ±1000: about z on the right side, about 0 on the left."""
    z = large_numbers(rng)
    floats(student.softplus(z), np.logaddexp(0.0, z), "softplus of large numbers")
    floats(student.softplus(np.array([-1000, 1000])), np.array([0.0, 1000.0]), "softplus of ±1000")


# count_params: 1 point


@check("count_params", points=1)
def weights_and_biases_of_every_layer(student, rng):
    """The count is right for shallow and deep, narrow and wide networks; the list is left alone."""
    close(student.count_params([784, 10]), 7850, "count_params([784, 10])")
    calls = [(rng.integers(1, 60, size=n_layers + 1).tolist(),) for n_layers in (1, 2, 3, 5, 8)]

    def expected(sizes):
        return sum(n_out * n_in + n_out for n_in, n_out in pairwise(sizes))

    agrees(student.count_params, expected, calls, lambda sizes: f"count_params({sizes})")


# init_params: 3 points


def drawn(student, cases, rng):
    """Call init_params for each (sizes, *more), with generators of their own; yield the pairs."""
    owns = generators(rng, len(cases))
    calls = [(sizes, own, *more) for (sizes, *more), own in zip(cases, owns, strict=True)]
    for (sizes, *_), params in zip(cases, student.init_params.each(calls), strict=True):
        yield well_formed(params, sizes)


def well_formed(params, sizes):
    """Check that parameters have the right form, and return them as pairs."""
    require(isinstance(params, list | tuple), "init_params should return a list of pairs (W, b)")
    right = len(params) == len(sizes) - 1
    require(right, f"init_params({sizes}) returned {len(params)} pairs; each layer needs one")
    pairs = [parts(pair, 2, "each entry of init_params' list") for pair in params]
    for number, (W, b) in enumerate(pairs, 1):
        n_in, n_out = sizes[number - 1 : number + 1]
        for value, shape, what in ((W, (n_out, n_in), "W"), (b, (n_out,), "b")):
            ok = isinstance(value, np.ndarray) and value.dtype.kind == "f"
            require(ok, f"{what} of layer {number} should be an array of floats")
            require(
                value.shape == shape,
                f"for the sizes {sizes}, {what} of layer {number} has shape {value.shape}, but "
                f"should have {shape}",
            )
        require(np.isfinite(W).all(), f"W of layer {number} holds NaN or infinity")
    return pairs


@check("init_params", points=1)
def shapes_and_zero_biases(student, rng):
    """Each layer has weights and biases of the right shapes, and the biases are zero."""
    all_sizes = ([4, 3], [3, 7, 2], [5, 1, 4, 6], [1, 8, 1], [2, 3, 4, 5, 6])
    cases = [(sizes, *more) for sizes in all_sizes for more in ((), ("relu",), ("tanh",))]
    for pairs in drawn(student, cases, rng):
        for _, b in pairs:
            close(b, np.zeros(len(b)), "the biases")


@check("init_params", points=1, hint="Compute σ for a layer by hand, and compare it with np.std.")
def spread_of_the_weights(student, rng):
    """The weights are normal, with mean 0 and the spread of the rule for each layer's own sizes."""
    # 40,000 draws or more per layer: the standard deviation is known to 0.35 %, and we allow 2.5 %;
    # the mean to 0.5 % of it, and we allow 3 %.
    for sizes in ([160, 250, 300], [400, 100, 420]):
        for name in (None, "relu", "tanh"):
            (pairs,) = drawn(student, [(sizes, name) if name else (sizes,)], rng)
            for number, (W, _) in enumerate(pairs, 1):
                n_out, n_in = W.shape
                sigma = np.sqrt(2 / (n_in + n_out if name == "tanh" else n_in))
                ratio, shift = np.std(W) / sigma, abs(np.mean(W)) / sigma
                where = f"layer {number} of {sizes} ({name or 'relu by default'})"
                require(
                    abs(ratio - 1) < 0.025,
                    f"in {where} the weights have a standard deviation of {np.std(W):.4f}",
                )
                require(shift < 0.03, f"in {where} the mean of the weights is {np.mean(W):.4f}")
                # Within one standard deviation: 68.3 % of a normal distribution, ± 0.23 %.
                share = np.mean(np.abs(W) < sigma)
                require(
                    abs(share - 0.6827) < 0.015,
                    f"in {where} {share:.1%} of the weights are within one standard deviation: "
                    "they are not normally distributed",
                )


@check("init_params", points=1, hint="Where do your random numbers come from?")
def all_the_randomness_from_rng(student, rng):
    """The same generator gives the same network, another gives another; no two layers are alike."""
    seed, sizes = int(rng.integers(2**32)), [6, 6, 6, 6]
    runs = []
    for one in (seed, seed, seed + 1):
        own = np.random.default_rng(one)
        params = unchanged(student.init_params, sizes, own)
        right = isinstance(params, list | tuple) and len(params) == 3
        require(right, "init_params should return a list of pairs, one for each layer")
        runs.append([parts(pair, 2, "each entry of init_params' list")[0] for pair in params])
    for W in (W for run in runs for W in run):
        require(np.shape(W) == (6, 6), f"for {sizes}, a W has shape {np.shape(W)}")
    same = all(np.array_equal(a, b) for a, b in zip(runs[0], runs[1], strict=True))
    require(same, "the same generator gave two different networks")
    other = all(not np.allclose(a, b) for a, b in zip(runs[0], runs[2], strict=True))
    require(other, "two different generators gave the same weights")
    first, second, third = runs[0]
    alike = np.allclose(first, second) or np.allclose(second, third) or np.allclose(first, third)
    require(not alike, "two layers of the same size have the same weights")
    for W in runs[0]:
        rows = len(np.unique(np.round(W, 9), axis=0)) == 6
        require(rows, "two neurons of a layer have the same weights, so they would stay equal")


# forward: 4 points

# Formulas of the check's own: an activation that a student got wrong costs its own points, and
# `forward` is tested on the given ones first.
FORMULAS = {
    "linear": lambda z: z,
    "step": lambda z: (z >= 0).astype(float),
    "sigmoid": sigma,
    "tanh": np.tanh,
    "relu": positive_part,
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: exponential_linear(z, 1.0),
    "softplus": lambda z: np.logaddexp(0.0, z),
}


def network(rng, sizes, whole=False):
    """Random parameters; whole numbers plus a half, so that no sum is on a step's edge."""
    params = []
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        if whole:
            W = rng.integers(-2, 3, size=(n_out, n_in)).astype(float)
            b = rng.integers(-2, 3, size=n_out) + 0.5
        else:
            W, b = rng.normal(size=(n_out, n_in)) / np.sqrt(n_in), rng.normal(size=n_out) * 0.5
        params.append((W, b))
    return params


def layer_by_layer(params, X, activations):
    """All Z and all A, by loops over neurons."""
    A, Z = [X], [None]
    for (W, b), name in zip(params, activations, strict=True):
        sums = np.stack([A[-1] @ W[j] + b[j] for j in range(len(W))], axis=-1)
        Z.append(sums)
        A.append(FORMULAS[name](sums))
    return A, Z


def same_forward(student, calls):
    """Call forward with each (params, X, activations), which must be unchanged, and compare."""
    for call, value in zip(calls, unchanged_each(student.forward, calls), strict=True):
        same_layers(value, *call)


def same_layers(value, params, X, activations):
    """Compare output and cache of forward with the formulas."""
    A, Z = layer_by_layer(params, X, activations)
    output, cache = parts(value, 2, "forward")
    close(output, A[-1], "the output of forward", atol=1e-5)
    require(isinstance(cache, dict), "the second thing that forward returns should be a dict")
    for key, wanted in (("A", A), ("Z", Z)):
        require(key in cache, f"the cache has no key {key!r}")
        got = cache[key]
        require(isinstance(got, list | tuple), f"cache[{key!r}] should be a list")
        right = len(got) == len(wanted)
        require(right, f"cache[{key!r}] has {len(got)} entries for {len(params)} layers")
        for number, (one, expected) in enumerate(zip(got, wanted, strict=True)):
            if expected is None:
                require(one is None, "cache['Z'][0] should be None")
            else:
                close(one, expected, f"cache[{key!r}][{number}]", atol=1e-5)
    names = cache.get("activations")
    require(isinstance(names, list | tuple), "cache['activations'] should be the list of names")
    require(list(names) == list(activations), f"cache['activations'] is {names}")


@check("forward", points=1)
def one_layer_and_two(student, rng):
    """Output and cache are right for one and two layers of any sizes, linear or with a step."""
    calls = []
    for m, sizes in ((5, (3, 2)), (2, (4, 6, 3)), (7, (2, 5, 4)), (3, (3, 3, 3)), (4, (1, 3, 1))):
        for names in (["linear", "linear"], ["step", "linear"], ["linear", "step"]):
            X = rng.integers(-3, 4, size=(m, sizes[0])).astype(float)
            params = network(rng, sizes, whole=True)
            calls.append((params, X, names[: len(params)]))
    same_forward(student, calls)


@check("forward", points=1, needs=("one_layer_and_two",))
def any_depth_and_any_activation(student, rng):
    """Networks of up to six layers are right, with a different activation in each."""
    names, calls = list(FORMULAS), []
    for depth in (1, 3, 4, 6):
        sizes = [int(n) for n in rng.permutation([2, 3, 4, 5, 6, 7, 8])[: depth + 1]]
        chosen = [names[i] for i in rng.permutation(len(names))[:depth]]
        # A step in the middle would make a jump of a rounding error.
        chosen = ["tanh" if name == "step" else name for name in chosen]
        calls.append((network(rng, sizes), rng.normal(size=(9, sizes[0])), chosen))
    for name in ("sigmoid", "tanh", "relu", "softplus", "elu", "leaky_relu"):
        calls.append((network(rng, (3, 4, 2)), rng.normal(size=(5, 3)), [name, "linear"]))
    calls.append((network(rng, (3, 4, 2)), rng.normal(size=(5, 3)), ["relu", "tanh"]))
    same_forward(student, calls)


@check("forward", points=1, hint="Try an example of shape (n,), and a table with one row.")
def a_single_example_and_a_batch_of_one(student, rng):
    """An example of shape (n,) gives arrays of one dimension; a table of one row stays a table."""
    calls = []
    for sizes in ((3, 4, 2), (5, 2), (2, 2, 2, 2), (1, 3)):
        params, names = network(rng, sizes), ["linear", "step", "linear"][: len(sizes) - 1]
        x = rng.normal(size=sizes[0]) + 0.1
        calls += [(params, x, names), (params, x[None, :], names)]
    same_forward(student, calls)


@check("forward", points=1)
def each_example_on_its_own(student, rng):
    """What an example gives does not depend on the others of its batch or on their order."""
    for sizes in ((4, 3, 5), (2, 6, 3, 2)):
        params, names = network(rng, sizes), ["linear"] * (len(sizes) - 1)
        X = rng.integers(-5, 6, size=(6, sizes[0]))  # whole numbers, as an integer array
        order = rng.permutation(6)
        A, _ = layer_by_layer(params, X.astype(float), names)
        batches = {
            "the output": slice(None),
            "the output for another order of examples": order,
            "the output for a part of the batch": slice(2, 4),
        }
        values = student.forward.each((params, X[rows], names) for rows in batches.values())
        for (what, rows), value in zip(batches.items(), values, strict=True):
            output, _ = parts(value, 2, "forward")
            close(output, A[-1][rows], what, atol=1e-5)


# bump: 1 point


@check("bump", points=1)
def bump_between_left_and_right(student, rng):
    """A bump has its height between left and right, for any steepness and shape of x."""
    for steepness in (1.5, 6.0, 40.0):
        calls, expected = [], []
        for shape in ((), (9,), (3, 4), (2, 2, 3)):
            left = float(rng.normal())
            right, height = left + float(rng.uniform(0.3, 3)), float(rng.normal() * 4)
            x = np.asarray(left + rng.normal(size=shape) * 2)
            calls.append((x, left, right, height))
            rise, fall = sigma(steepness * (x - left)), sigma(steepness * (x - right))
            expected.append(height * (rise - fall))
        values = unchanged_each(student.bump, [(*call, steepness) for call in calls])
        by_name = student.bump.each(calls, steepness=steepness)
        for wanted in expected:
            close(next(values), wanted, "bump")
            close(next(by_name), wanted, "bump with the steepness by name")
    # Steep by default: flat on top, nothing outside, and safe far away.
    left = float(rng.uniform(-3, 3))
    right, height = left + 1.5, float(rng.uniform(2, 5)) * rng.choice([-1, 1])
    x = np.array([left - 1000, left - 0.01, left + 0.01, left + 0.7, right - 0.01, right + 0.01])
    value = student.bump(x, left, right, height)
    close(value, height * np.array([0.0, 0.0, 1.0, 1.0, 1.0, 0.0]), "a steep bump")


# relu_bump: 1 point


@check("relu_bump", points=1)
def trapezium_from_left_to_right(student, rng):
    """A bump of ReLUs is 0 outside, rises and falls in a straight line, and is flat on top."""
    calls = []
    for shape in ((), (25,), (4, 5), (2, 3, 2)):
        for share in (0.1, 0.3, 0.5):
            left, width = float(rng.normal()), float(rng.uniform(0.5, 4))
            right, height, ramp = left + width, float(rng.normal() * 3), share * width
            x = np.asarray(left + width * rng.uniform(-0.5, 1.5, size=shape))
            calls.append((x, left, right, height, ramp))

    def trapezium(x, left, right, height, ramp):
        corners = [left, left + ramp, right - ramp, right]
        return np.interp(x, corners, [0.0, height, height, 0.0])

    agrees(student.relu_bump, trapezium, calls, atol=1e-5)
    x = np.array([left - 3, left, left + ramp, right - ramp, right, right + 50.0])
    value = student.relu_bump(x, left, right, height, ramp)
    close(value, np.array([0, 0, height, height, 0, 0.0]), "relu_bump at its corners", atol=1e-4)


# approximate: 2 points


@check("approximate", points=1)
def a_bump_on_each_piece(student, rng):
    """The pieces cover 0 to 1 in order, and each bump is as high as f in the piece's middle."""
    calls = []
    for n_bumps in (1, 2, 3, 7, 20):
        a, b, c = rng.normal(size=3)
        f = public(lambda x, a=a, b=b, c=c: a + b * x**3 + np.sin(3 * c * x))
        calls.append((f, n_bumps))

    def pieces(f, n_bumps):
        k = np.arange(n_bumps)
        return np.column_stack([k, k + 1, f((k + 0.5) / n_bumps) * n_bumps]) / n_bumps

    agrees(student.approximate, pieces, calls, may_change=True)


@check("approximate", points=1)
def error_falls_with_more_bumps(student, rng):
    """The sum of the bumps follows the function, and more bumps follow it more closely."""
    for _ in range(2):
        a, c = rng.uniform(0.5, 2, size=2)
        b = float(rng.uniform(1.25, 2))  # somewhere in [0, 1] the slope is 4ab + c

        f = public(lambda x, a=a, b=b, c=c: a * np.cos(4 * b * x) + c * x)
        steepest, calls = 4 * a * b + c, [(f, n_bumps) for n_bumps in (4, 16, 64)]
        for (_, n_bumps), bumps in zip(calls, student.approximate.each(calls), strict=True):
            right = isinstance(bumps, np.ndarray) and bumps.shape == (n_bumps, 3)
            require(right, f"approximate(f, {n_bumps}) should be an array of shape ({n_bumps}, 3)")
            x = (np.arange(20 * n_bumps) + 0.5) / (20 * n_bumps)  # never at an edge
            left, top, height = bumps.T[:, :, None]
            total = np.sum(np.where((left <= x) & (x < top), height, 0.0), axis=0)
            error = np.max(np.abs(total - f(x)))
            require(
                error <= steepest / (2 * n_bumps) + 1e-6,
                f"with {n_bumps} bumps the sum is up to {error:.3g} away from the function, which "
                "is more than it need be",
            )
