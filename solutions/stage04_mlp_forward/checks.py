"""What stage 4 grades: 20 points.

Activations are compared with their formulas in forms of the check's own, to rounding in float64, as
the lesson says. No check depends on another task: `forward` is tried with the activations that are
given.
"""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    generators,
    kept,
    parts,
    public,
    require,
    unchanged,
    unchanged_each,
    varied,
    whole_numbers,
)

SHAPES = ((), (1,), (1, 1), (7,), (3, 4), (2, 3, 4), (5, 1), (6, 6), (2, 1, 2, 3), (50, 50))


def any_shape(rng):
    """Numbers of all kinds, in arrays of many shapes, and whole numbers."""
    inputs = [np.asarray(varied(rng, *shape, scale=4)) for shape in SHAPES]
    inputs.append(rng.permutation(np.array([-3, -2, -1, 0, 0, 1, 2, 3, 4])).reshape(3, 3))
    # Whole numbers on one side of 0 only, where there may seem to be nothing to do.
    inputs += [np.array(-1), np.array(2), np.array([3, 1, 2]), np.array([[0, 5]]), -np.arange(4)]
    # Numbers close to 0, of every size: none of them is 0.
    close_to_0 = rng.uniform(1, 10, size=12) * 10.0 ** -np.arange(1, 13)
    inputs.append(rng.permutation(np.concatenate([close_to_0, -close_to_0])).reshape(4, 6))
    inputs.append(np.asfortranarray(varied(rng, 4, 3, scale=4)))
    # Equal in shape and sum, and yet different.
    inputs += [np.array([1.0, -1.0]), np.array([2.0, -2.0]), np.array([-2.0, 2.0])]
    # Where those stop early who clip, or who leave out a small term: at 12, 16, 20, 25 or 30.
    late = np.array([10.0, 13, 16, 18, 20, 22, 24, 26, 28, 30, 40])
    late += rng.uniform(0, 0.3, size=len(late))
    inputs.append(rng.permutation(np.concatenate([late, -late])))
    return inputs


def floats(actual, expected, what, size=0.0):
    """Compare an array of floats; whole numbers are refused, as the lesson says.

    An entry may be off by 1e-14 times 1 + its size, as the lesson says: fifty times the rounding of
    a right formula.
    """
    close(actual, expected, what, atol=max(1e-12, 1e-14 * float(1 + np.max(size))))
    off = np.abs(np.asarray(actual) - expected)
    require(
        np.all(off <= 1e-14 * (1 + size)),
        f"{what} is off by up to {np.max(off):.1g}, which is more than rounding in float64",
    )
    kind = np.asarray(actual).dtype.kind
    require(kind == "f", f"{what} should hold floats, also for whole numbers as input")


def large_numbers(rng):
    """Numbers up to ±1000, in a random order."""
    sizes = [1000.0, 800.0, 710.0, 500.0, 100.0, rng.uniform(20, 1000)]
    return rng.permutation(np.array([*sizes, *(-size for size in sizes), 0.0]))


# count_params: 1 point


@check(
    "count_params",
    points=1,
    hint="Draw a network with a line for each weight and a dot for each bias. Which of them does "
    "your function leave out, or count twice?",
)
def weights_and_biases_of_every_layer(student, rng):
    """The count is right for shallow and deep, narrow and wide networks; the list is left alone."""
    all_sizes = [rng.integers(1, 60, size=n_layers + 1).tolist() for n_layers in (1, 2, 3, 5, 8)]
    # Large ones, one that comes back to the same size, and one that is the same throughout.
    back, n_in = rng.integers(2, 30, size=2).tolist()
    all_sizes += [[784, 10], [784, 512, 512, 10], [back] * 4]
    all_sizes.append([n_in, back, n_in + 1, back, n_in])
    # The same sizes in another order; more neurons, and more weights, than small types can count.
    all_sizes += [[n_in, back + n_in, 3], [back + n_in, 3, n_in], [2, 40_007], [4002, 5003]]
    # Single neurons between others, and many layers.
    all_sizes += [[n_in, 1, back, 1, 1, 3], rng.integers(1, 9, size=61).tolist()]

    def expected(sizes):
        return sum(n_out * n_in + n_out for n_in, n_out in pairwise(sizes))

    calls = [(sizes,) for sizes in all_sizes]
    agrees(student.count_params, expected, calls, lambda sizes: f"count_params({sizes})")


# forward: 4 points

FORMULAS = {
    "linear": lambda z: z,
    "step": lambda z: (z >= 0).astype(float),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
}


def sigma(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def one_of_the_relatives(z, kind, alpha):
    """What `rectify` should return."""
    if kind == "softplus":
        return np.logaddexp(0.0, z)
    below = np.minimum(z, 0.0)
    return np.maximum(z, 0.0) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


# With the alphas of section 4.
LATER = {
    "sigmoid": sigma,
    "leaky_relu": lambda z: one_of_the_relatives(z, "leaky_relu", 0.01),
    "elu": lambda z: one_of_the_relatives(z, "elu", 1.0),
    "softplus": lambda z: one_of_the_relatives(z, "softplus", 0.0),
}


def network(rng, sizes, whole=False):
    """Random parameters; whole numbers and biases plus a half: no sum is on a step's edge."""
    params = []
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        if whole:
            W = rng.integers(-2, 3, size=(n_out, n_in)).astype(float)
            b = rng.integers(-2, 3, size=n_out) + 0.5
        else:
            W, b = varied(rng, n_out, n_in) + 0.1, varied(rng, n_out)
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
    A, Z = layer_by_layer(params, X.astype(float), activations)
    output, cache = parts(value, 2, "forward")
    compare(output, A[-1], "the output of forward")
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
                compare(one, expected, f"cache[{key!r}][{number}]")
    names = cache.get("activations")
    require(isinstance(names, list | tuple), "cache['activations'] should be the list of names")
    require(list(names) == list(activations), f"cache['activations'] is {names}")


def compare(actual, expected, what):
    """Like `close`, in float64; sums may cancel, so 1 + the largest entry is the scale."""
    close(actual, expected, what)
    off = np.max(np.abs(actual - expected))
    scale = 1 + np.max(np.abs(expected))
    require(off <= 1e-9 * scale, f"{what} is off by up to {off:.1g}: calculate in float64")


def tiny(rng, names):
    """A network whose weighted sums are around 1e-10, or 0, and all of them exact."""
    sizes = (3, 4, 2)[: len(names) + 1]
    params = [(W, b * 2.0**-34) for W, b in network(rng, sizes, whole=True)]
    return params, whole_numbers(rng, 6, 3) * 2.0**-34, names


@check(
    "forward",
    points=1,
    hint="Work out one layer on paper, Z first, then A, and write down what the cache holds. "
    "Where does yours differ, and is it still the same after the next call?",
)
def one_layer_and_two(student, rng):
    """Output and cache are right for one and two layers of any sizes, linear or with a step."""
    calls = []
    for m, sizes in ((5, (3, 2)), (2, (4, 6, 3)), (7, (2, 5, 4)), (3, (3, 3, 3)), (4, (1, 3, 1))):
        for names in (["linear", "linear"], ["step", "linear"], ["linear", "step"]):
            X = whole_numbers(rng, m, sizes[0])
            params = network(rng, sizes, whole=True)
            calls.append((params, X, names[: len(params)]))
        calls.append((params, X.astype(int), names[: len(params)]))
    # Output and cache of an evaluation are its own: the next one leaves them as they are.
    params, X, names = calls[-1]
    two = [(params, X + k, names) for k in (0, 1)]
    for call, value in zip(two, kept(student.forward, two), strict=True):
        same_layers(value, *call)
    # Sums of exactly 0, where a step is 1.
    at_zero = [(W, 0.0 * b) for W, b in network(rng, (2, 3, 1))]
    calls += [(at_zero, np.zeros((4, 2)), names) for names in (["step", "relu"], ["relu", "step"])]
    # Sums close to 0, on either side of it; a thousand examples; many features and neurons.
    calls += [tiny(rng, names) for names in (["step"], ["linear", "step"], ["relu", "step"])]
    calls.append((network(rng, (2, 3), whole=True), whole_numbers(rng, 1013, 2), ["linear"]))
    wide = (130, 140, 2)
    calls.append((network(rng, wide, whole=True), whole_numbers(rng, 3, 130), ["step", "linear"]))
    same_forward(student, calls)
    for names in (["linear"], ["relu", "linear"], ["linear", "relu"]):
        params, X, _ = tiny(rng, names)
        sums = layer_by_layer(params, X, names)[1][-1]
        _, cache = parts(student.forward(params, X, names), 2, "forward")
        close(cache["Z"][-1], sums, "Z, for a network with small numbers,", atol=0.0)


@check(
    "forward",
    points=1,
    needs=("one_layer_and_two",),
    hint="Go through three layers by hand: what goes into each of them, which activation belongs "
    "to it, and which function knows that activation?",
)
def any_depth_and_any_activation(student, rng):
    """Networks of any depth are right, with any activation that `activate` knows in any layer."""
    calls = []
    for depth in (1, 3, 4, 5, 6):
        sizes = [int(n) for n in rng.permutation([2, 3, 4, 5, 6, 7, 8])[: depth + 1]]
        # No step: in the middle of a network it would make a jump of a rounding error.
        chosen = ["relu", "tanh", "linear", "tanh", "relu", "tanh"]
        names = [chosen[i] for i in rng.permutation(6)[:depth]]
        calls.append((network(rng, sizes), varied(rng, 9, sizes[0], scale=4), names))
    for names in (["relu", "tanh"], ["tanh", "relu"], ["tanh", "linear"], ["relu", "linear"]):
        calls.append((network(rng, (3, 4, 2)), varied(rng, 5, 3, scale=30), names))
    # As many examples as neurons; whole numbers, and examples of hundreds.
    calls.append((network(rng, (3, 4, 4)), rng.integers(-9, 10, size=(4, 3)), ["tanh", "linear"]))
    calls.append((network(rng, (4, 2)), varied(rng, 4, 4, scale=300), ["linear"]))
    calls.append((network(rng, (4, 3)), varied(rng, 5, 4, scale=2000), ["tanh"]))
    calls.append((network(rng, (3, 4, 2)), varied(rng, 5, 3, scale=1e9), ["relu", "linear"]))
    many = [*(int(n) for n in rng.integers(1, 4, size=25)), 2]
    many[rng.integers(1, 25)] = 1
    names = [["relu", "tanh", "linear"][i] for i in rng.integers(0, 3, size=25)]
    calls.append((network(rng, many), varied(rng, 4, many[0]), names))
    same_forward(student, calls)
    # The other four activations, of which two tasks write a part: here they are lent.
    lent = {"sigmoid": sigma, "rectify": one_of_the_relatives}
    with_all_eight = replace(student.forward, lent=lent)
    for name, formula in LATER.items():
        params, X = network(rng, (3, 4)), varied(rng, 5, 3)
        Z = layer_by_layer(params, X, ["linear"])[1][1]
        output, cache = parts(with_all_eight(params, X, [name]), 2, "forward")
        compare(cache["Z"][1], Z, f"cache['Z'][1] for {name!r}")
        compare(output, formula(Z), f"the output of forward for {name!r}")


@check(
    "forward",
    points=1,
    hint="Try an example of shape (n,), and a table with one row. And a layer with a single "
    "neuron?",
)
def a_single_example_and_a_batch_of_one(student, rng):
    """An example of shape (n,) gives arrays of one dimension; a table of one row stays a table."""
    calls = []
    for sizes in ((3, 4, 2), (5, 2), (2, 2, 2, 2), (1, 3), (3, 1, 2), (2, 1), (1, 1, 1)):
        params, names = network(rng, sizes), ["tanh", "linear", "tanh"][: len(sizes) - 1]
        x = rng.normal(size=sizes[0]) * 30
        calls += [(params, x, names), (params, x[None, :], names)]
    same_forward(student, calls)


@check(
    "forward",
    points=1,
    hint="Evaluate one example alone, in a batch, and at another place of the batch. What may "
    "its row of the output depend on?",
)
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
            compare(output, A[-1][rows], what)


# sigmoid: 2 points


@check(
    "sigmoid",
    points=1,
    hint="Try the table of the lesson, a single number, a matrix and whole numbers. Look at "
    "values, shape, dtype, and at z afterwards.",
)
def sigmoid_of_any_shape(student, rng):
    """The sigmoid of every entry is right, for arrays of any shape, of floats or whole numbers."""
    inputs = any_shape(rng)
    for z, value in zip(
        inputs, unchanged_each(student.sigmoid, [(z,) for z in inputs]), strict=True
    ):
        floats(value, sigma(z.astype(float)), "sigmoid")
    # A result is new, and stays as it is.
    kept(student.sigmoid, [(z,) for z in rng.normal(size=(2, 5))], sigma, rewritten=True)


@check("sigmoid", points=1, hint="Which exponential grows without bounds, and at which end?")
def sigmoid_of_large_numbers(student, rng):
    """The sigmoid is right up to ±1000: no infinity, nothing that is not a number, no overflow."""
    inputs = [large_numbers(rng), large_numbers(rng).reshape(1, -1), np.array([-1000, 1000])]
    inputs += [np.array([1000.0, 0.25, -2.5]), np.array([-1000.0, 0.25, -2.5])]
    with np.errstate(over="raise", invalid="raise"):
        values = list(unchanged_each(student.sigmoid, [(z,) for z in inputs]))
    for z, value in zip(inputs, values, strict=True):
        floats(value, sigma(z), "sigmoid of large numbers")


# rectify: 3 points


def same_rectifier(student, rng, kind, formula, alphas):
    """Compare one of ReLU's relatives with its formula, where an overflow is an error.

    The first two alphas are tried with every shape, all of them with numbers of every kind.
    """
    for number, alpha in enumerate(alphas):
        inputs = any_shape(rng)
        if number > 1:
            inputs = [
                np.concatenate([np.ravel(z) for z in inputs if z.dtype.kind == kind])
                for kind in "fi"
            ]
        inputs += [large_numbers(rng), np.array([[-1000, 1000]])]
        inputs.append(np.array([[0.0, -0.0], [1e-3, -1e-3]]))
        with np.errstate(over="raise", invalid="raise"):
            values = list(unchanged_each(student.rectify, [(z, kind, alpha) for z in inputs]))
        for z, value in zip(inputs, values, strict=True):
            size = np.abs(z) + (alpha if kind == "elu" else 0.0)
            floats(value, formula(z.astype(float), alpha), f"{kind} with alpha = {alpha:g}", size)
    z = varied(rng, 3, 4, scale=4)
    by_name = student.rectify(z, kind=kind, alpha=alpha)
    floats(by_name, formula(z, alpha), kind, np.abs(z) + abs(alpha))
    # A result is new, also where nothing is below 0, and stays as it is.
    for pair in (rng.normal(size=(2, 5)), rng.uniform(0.5, 2, size=(2, 3))):
        two = [(z, kind, alpha) for z in pair]
        kept(student.rectify, two, lambda z, _, alpha: formula(z, alpha), kind, rewritten=True)


@check(
    "rectify",
    points=1,
    hint="Draw the graph for several alpha, both ends of its range among them. What comes out "
    "just left of 0, and for whole numbers?",
)
def leaky_on_the_left(student, rng):
    """The leaky ReLU has the slope alpha for negative entries, for any shape and up to ±1000."""
    few = float(10.0 ** rng.uniform(-7, -4))
    alphas = (0.5, 0.0, 1.0, few, float(rng.uniform(0.02, 0.3)), float(rng.uniform(0.6, 0.95)))

    def formula(z, alpha):
        return np.where(z > 0, z, alpha * z)

    same_rectifier(student, rng, "leaky_relu", formula, alphas)


@check(
    "rectify",
    points=1,
    hint="Look at z = 1000 and at z = -1000, and at z just below 0, for small and large alpha. "
    "Where do you leave formula (8)?",
)
def exponential_on_the_left(student, rng):
    """The ELU goes down to -alpha for negative entries, for any shape and up to ±1000."""

    def formula(z, alpha):
        return np.where(z > 0, z, alpha * np.expm1(np.where(z > 0, 0.0, z)))

    few, many = (float(10.0 ** rng.uniform(low, low + 3)) for low in (-7, 2))
    alphas = (1.0, few, many, float(rng.uniform(0.02, 0.3)), float(rng.uniform(1.5, 4)))
    same_rectifier(student, rng, "elu", formula, alphas)


@check(
    "rectify",
    points=1,
    hint="What is the exponential of 1000, and what is softplus(1000)? Between -40 and 40, by "
    "how much do you miss formula (9)?",
)
def corner_rounded_off(student, rng):
    """Softplus is right for any shape and up to ±1000, whatever alpha is."""
    alphas = (0.0, float(rng.uniform(0.02, 0.9)), float(rng.uniform(1.5, 4)), -1.0, 1e5, -1e5)
    same_rectifier(student, rng, "softplus", lambda z, alpha: np.logaddexp(0.0, z), alphas)


# init_params: 3 points


def drawn(student, cases, rng):
    """Call init_params for each (sizes, *more), with generators of their own; yield the pairs."""
    owns = generators(rng, len(cases))
    calls = [(sizes, own, *more) for (sizes, *more), own in zip(cases, owns, strict=True)]
    for (sizes, *_), params in zip(cases, student.init_params.each(calls), strict=True):
        yield well_formed(params, sizes)


def each_bias_marked(function, sizes, rng):
    """Write a number into each layer's biases, then draw another network; runs in the worker."""
    params = function(sizes, rng)
    for number, (_, b) in enumerate(params, 1):
        b += number
    another = function(sizes, rng)
    return [b for _, b in params], [b for _, b in another]


def weights_of_all(function, sizes, rng, *more):
    """All weights of a network, one after the other; runs in the worker."""
    return np.concatenate([np.ravel(W) for W, _ in function(sizes, rng, *more)])


def one_after_the_other(function, sizes, rng, times):
    """A weight of each of many networks from the same generator; runs in the worker."""
    return np.array([function(sizes, rng)[0][0][0, 0] for _ in range(times)])


def first_and_second(function, sizes, rng):
    """All weights of two networks from the same generator; runs in the worker."""
    networks = function(sizes, rng), function(sizes, rng)
    return [np.concatenate([np.ravel(W) for W, _ in params]) for params in networks]


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


@check(
    "init_params",
    points=1,
    hint="For a list of four sizes, write down the shape of each W and b. What do the biases "
    "hold, and may two of them have anything in common?",
)
def shapes_and_zero_biases(student, rng):
    """Each layer has weights and biases of the right shapes, and the biases are zero."""
    all_sizes = ([4, 3], [3, 7, 2], [5, 1, 4, 6], [1, 8, 1], [2, 3, 4, 5, 6])
    cases = [(sizes, *more) for sizes in all_sizes for more in ((), ("relu",), ("tanh",))]
    for pairs in drawn(student, cases, rng):
        for _, b in pairs:
            close(b, np.zeros(len(b)), "the biases")
    own = np.random.default_rng(int(rng.integers(2**32)))
    marked, new = student.init_params.through(each_bias_marked)([3, 3, 4, 3], own)
    for number, b in enumerate(marked, 1):
        require(np.all(b == number), "two layers share their biases: what changes one changes both")
    for b in new:
        close(b, np.zeros(len(b)), "the biases of another network, after writing into those of one")
    several = ([4, 3, 2], [4, 3, 2], [2, 2, 2], [3, 1])
    kept(student.init_params, list(zip(several, generators(rng, 4), strict=True)))


def standard_normal_below(z):
    """The share of a standard normal distribution below each z."""
    return np.array([(1 + math.erf(one / math.sqrt(2))) / 2 for one in z])


BELOW = standard_normal_below(np.linspace(-4, 4, 161))


def normal(z, where):
    """Require that numbers are drawn from the standard normal distribution.

    Of n right numbers, the standard deviation is off by 1 / sqrt(2 n), the mean by 1 / sqrt(n); six
    and a half times that is exceeded once in 1e10. The largest distance between the share of
    numbers below z and its expectation is above sqrt(11.5 / n) once in 1e10 (Dvoretzky, Kiefer,
    Wolfowitz, Massart). In 22 samples that is one student in a hundred million.
    """
    n, spread, mean = len(z), np.std(z), np.mean(z)
    require(
        abs(spread - 1) < 6.5 / np.sqrt(2 * n),
        f"in {where} the weights have {spread:.3f} times the standard deviation of the rule",
    )
    require(
        abs(mean) < 6.5 / np.sqrt(n),
        f"in {where} the mean of the weights is {mean:.3f} standard deviations, not 0",
    )
    # Counted in cells of a width of 1/20, which is many times as fast as sorting.
    cells = np.clip(np.floor((z + 4) * 20), -1, 160).astype(int) + 1
    below = np.cumsum(np.bincount(cells, minlength=162))[:161] / n
    distance = np.max(np.abs(below - BELOW))
    require(
        distance < np.sqrt(11.5 / n),
        f"in {where} the weights are not normally distributed",
    )


def independent(z, where):
    """Require that a large matrix of standard normal numbers has no order in it.

    Each of these numbers is standard normal, or nearly, if the entries are independent: the sums of
    its rows and columns and the products of neighbours, all divided by their standard deviation.
    How much the sums of squares vary is within a quarter, and six standard deviations of that.
    """
    for across in (z, z.T):
        n, m = across.shape
        products = np.sum(across[:, 1:] * across[:, :-1]) / np.sqrt(n * (m - 1))
        spread = np.std(across.sum(axis=1)) / np.sqrt(m)
        of_squares = np.std(np.sum(across**2, axis=1)) / np.sqrt(2 * m)
        require(
            abs(products) < 6.5 and max(abs(spread - 1), abs(of_squares - 1)) < 0.25 + 6 / n**0.5,
            f"in {where} the weights are not independent: those of a row or of a column hang "
            "together",
        )


@check(
    "init_params",
    points=1,
    hint="Compute σ for a layer by hand, and compare it with np.std. Does one weight tell you "
    "anything about another?",
)
def spread_of_the_weights(student, rng):
    """The weights are normal, with mean 0 and the spread of the rule for each layer's own sizes."""
    everything = []
    # Few inputs or outputs, where one more or less counts, beside many.
    for name in (None, "relu", "tanh"):
        all_sizes = ([160, 250, 180], [1, 10_000, 2], [400, 100, 380], [2, 8_000, 1])
        if name is None:
            all_sizes = all_sizes[:2]
        cases = [(sizes, name) if name else (sizes,) for sizes in all_sizes]
        for sizes, pairs in zip(all_sizes, drawn(student, cases, rng), strict=True):
            for number, (W, _) in enumerate(pairs, 1):
                n_out, n_in = W.shape
                z = np.ravel(W) / np.sqrt(2 / (n_in + n_out if name == "tanh" else n_in))
                where = f"layer {number} of {sizes} ({name or 'relu by default'})"
                normal(z, where)
                if min(n_out, n_in) > 100:
                    independent(z.reshape(n_out, n_in), where)
                everything.append(z)
    # The mean and the spread of random numbers are right but for chance. For the twenty matrices a
    # sum of squares below 0.9 has the probability 1e-10 (chi-squared with 20 degrees of freedom).
    for what, far in (
        ("mean", [np.mean(z) * np.sqrt(len(z)) for z in everything]),
        ("spread", [(np.std(z) - 1) * np.sqrt(2 * len(z)) for z in everything]),
    ):
        by_force = np.sum(np.square(far)) < 0.9
        require(not by_force, f"the {what} of the weights is forced, and right in every layer")
    for z in everything[:4]:
        rounded = np.all(z == np.round(z, 9)) or len(np.unique(np.round(z, 9))) < 0.9 * len(z)
        require(
            not rounded, "many weights are equal, or rounded: they are not normally distributed"
        )
    both = len(np.unique(np.round(np.concatenate(everything[:2]), 9)))
    require(both > 76_000, f"of the 85,000 weights of two layers only {both:,} are different")
    # Many small layers together, in which every number under the root counts.
    (own, another) = generators(rng, 2)
    deep = student.init_params.through(weights_of_all)
    everything.append(deep([1] * 2501, own, "tanh"))
    normal(everything[-1], "2,500 layers of one neuron, for tanh,")
    by_turns = deep([1, 2] * 500, another)
    everything.append(by_turns / np.resize(np.sqrt([2, 2, 1, 1]), len(by_turns)))
    normal(everything[-1], "layers of one and of two neurons by turns, for ReLU,")
    z = np.concatenate(everything)
    # Of 550,000, 1,490 are further out than 3, give or take 39. A sum of twelve uniform numbers,
    # which looks so very normal, has 380 fewer of them.
    expected = 2 * (1 - standard_normal_below([3.0])[0]) * len(z)
    beyond = np.sum(np.abs(z) > 3)
    require(
        abs(beyond - expected) < 6.5 * np.sqrt(expected),
        f"of {len(z):,} weights {beyond:,} are further than 3 standard deviations from 0: they are "
        "not normally distributed",
    )
    # Of 550,000, 23 are further out than 4.1: none at all once in e^23, or 1e10, draws.
    largest = np.max(np.abs(z))
    require(
        largest > 4.1,
        f"of {len(z):,} weights none is further than {largest:.2f} standard deviations from 0: "
        "they are not normally distributed",
    )


@check("init_params", points=1, hint="Where do your random numbers come from?")
def all_the_randomness_from_rng(student, rng):
    """The same seed gives the same network, any other a different one; no two weights are alike."""
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
    require(same, "the same seed gave two different networks")
    other = all(not np.allclose(a, b) for a, b in zip(runs[0], runs[2], strict=True))
    require(other, "two different generators gave the same weights")
    own = np.random.default_rng(seed)
    first, second = student.init_params.through(first_and_second)(sizes, own)
    require(
        not np.allclose(first, second),
        "a second call with the same generator gave the same weights: it did not move on",
    )
    own = np.random.default_rng(seed)
    weights = student.init_params.through(one_after_the_other)([1, 1], own, 1000)
    # In single precision two of a thousand may be equal.
    different = len(np.unique(np.round(np.abs(weights), 9)))
    require(different > 995, f"1,000 networks of one weight have {different} different weights")
    own = np.random.default_rng(seed)
    weights = student.init_params.through(weights_of_all)([1] * 1001, own)
    different = len(np.unique(np.round(np.abs(weights), 9)))
    require(different > 995, f"1,000 layers of one weight have {different} different weights")
    # Two of 108 numbers may agree by chance to nine digits, but hardly a fifth of them.
    kinds = len(np.unique(np.round(np.abs(runs[0]), 9)))
    require(kinds > 86, f"of 108 weights in three layers only {kinds} differ, but for the sign")


# relu_bump: 1 point


@check(
    "relu_bump",
    points=1,
    hint="Sketch the bump with its four corners. What does your function say outside, on each "
    "side and on top, for steep sides and for a negative height?",
)
def trapezium_from_left_to_right(student, rng):
    """A bump of ReLUs is 0 outside, rises and falls in a straight line, and is flat on top."""
    calls = []
    for shape in ((), (1,), (25,), (4, 5), (6, 6), (2, 3, 2)):
        for share in (0.1, 0.3, 0.5):
            # Around 0, and far from it on either side.
            left, width = float(rng.uniform(-4, 1)), float(rng.uniform(1, 5))
            left += float(rng.choice([0, -30, 30]))
            height = float(rng.choice([-1, 1]) * rng.uniform(1, 6))
            right, ramp = left + width, share * width
            near, far = left + width * rng.uniform(-0.2, 1.2, size=shape), varied(rng, *shape)
            x = np.where(rng.uniform(size=shape) < 0.7, near, 5 * far)
            calls.append((x, left, right, height, ramp))
            calls.append((np.round(x).astype(int), left, right, height, ramp))
            corners = [left - 3, left, left + ramp, right - ramp, right, right + 50.0]
            calls.append((rng.permutation(corners), left, right, height, ramp))
    calls.append((np.array([[0.0, 0.5], [1.0, 2.0]]), -1.0, 3.0, 2.0, 2.0))
    # Very steep, high and low bumps, and a wide one.
    for height, ramp, width in ((3.0, 1e-4, 1.0), (-4e5, 0.4, 1.0), (2e-7, 0.2, 1.0), (5, 90, 300)):
        left, ramp = -float(rng.uniform(0.2, 0.8)), ramp * float(rng.uniform(0.5, 1))
        corners = np.array([left, left + ramp, left + width - ramp, left + width])
        x = rng.uniform(left, left + width, size=1600)
        x = np.concatenate([x, corners, corners - ramp / 3, corners + ramp / 100, corners - 1e-6])
        calls.append((x, left, left + width, height * float(rng.uniform(1, 2)), ramp))

    def trapezium(x, left, right, height, ramp):
        corners = [left, left + ramp, right - ramp, right]
        return np.interp(x, corners, [0.0, height, height, 0.0])

    for call, value in zip(calls, unchanged_each(student.relu_bump, calls), strict=True):
        compare(value, trapezium(*call), "relu_bump")
        # Of the height, however small it is.
        close(value, trapezium(*call), "relu_bump", atol=1e-8 * abs(call[3]))
        kind = np.asarray(value).dtype.kind
        require(kind == "f", "relu_bump should hold floats, also for whole numbers as input")
    kept(student.relu_bump, calls[-2:], trapezium)
    # Tiny or huge bumps, of any height: powers of two make the usual ones of them.
    x, *bump = calls[0][0], *calls[0][1:]
    left, right, height, ramp = bump
    x = rng.uniform(left - 1, right + 1, size=40)
    wanted = trapezium(x, left, right, height, ramp)
    for size, times in ((2.0**-100, 1.0), (2.0**60, 1.0), (2.0**-60, 2.0**-60), (1.0, 2.0**90)):
        call = size * x, size * left, size * right, times * height, size * ramp
        value = np.asarray(student.relu_bump(*call)) / times
        compare(value, wanted, f"relu_bump, for a bump of about {size:.0e} by {times:.0e},")


# approximate: 2 points


def of_a_number(a, b, c):
    """A function that, as the lesson says, takes a number between 0 and 1 and nothing else."""

    def f(x):
        if np.ndim(x) != 0 or not 0 < x < 1:
            raise ValueError("f takes a number above 0 and below 1")
        return a + b * x**3 + np.sin(3 * c * x)

    return public(f)


def whole_at_first(at, low):
    """A function that returns an int up to a place, and a float from there on."""

    def f(x):
        if np.ndim(x) != 0 or not 0 < x < 1:
            raise ValueError("f takes a number above 0 and below 1")
        return 3 if x < at else low

    return public(f)


@check(
    "approximate",
    points=1,
    hint="Draw the pieces for one bump and for three: where does each begin and end, and where "
    "is its middle? What may f be given, and what may it return?",
)
def a_bump_on_each_piece(student, rng):
    """The pieces cover 0 to 1 in order, and each bump is as high as f in the piece's middle."""
    calls = [(of_a_number(*rng.normal(size=3)), n) for n in (1, 2, 3, 7, 20, 49, 103)]
    # Off the places where a piece has its middle, so that rounding does not decide.
    calls += [(whole_at_first(0.51 + 0.3 * rng.uniform(), -0.75), n) for n in (1, 2, 6, 11)]
    calls.append((public(lambda x: 2), 3))
    calls.append((public(lambda x: 0.0 if x < 0.45 else 1.5), 10))
    # Many pieces, large and small heights.
    calls.append((of_a_number(*rng.normal(size=3)), 2531))
    calls += [(public(lambda x: 5e6 * (x - 0.4)), 8), (public(lambda x: 3e-12 * (0.6 - x)), 8)]

    def pieces(f, n_bumps):
        k = np.arange(n_bumps)
        heights = np.array([f((i + 0.5) / n_bumps) for i in k])
        return np.column_stack([k / n_bumps, (k + 1) / n_bumps, heights])

    for (f, n_bumps), bumps in zip(calls, student.approximate.each(calls), strict=True):
        wanted = pieces(f, n_bumps)
        compare(bumps, wanted, f"approximate(f, {n_bumps})")
        heights = f"the heights of approximate(f, {n_bumps})"
        close(np.asarray(bumps)[:, 2], wanted[:, 2], heights, atol=0.0)
    kept(student.approximate, [*calls[5:2:-1], (of_a_number(*rng.normal(size=3)), 20)], pieces)


@check(
    "approximate",
    points=1,
    hint="Draw your staircase over the function, for 4 bumps and for 512. Where are the two "
    "furthest apart?",
)
def error_falls_with_more_bumps(student, rng):
    """The sum of the bumps follows the function, and more bumps follow it more closely."""
    for _ in range(2):
        a, c = rng.uniform(0.5, 2, size=2)
        b = float(rng.uniform(1.25, 2))  # somewhere in [0, 1] the slope is 4ab + c

        f = public(lambda x, a=a, b=b, c=c: a * np.cos(4 * b * x) + c * x)
        steepest, calls = 4 * a * b + c, [(f, n_bumps) for n_bumps in (4, 16, 64, 512)]
        for (_, n_bumps), bumps in zip(calls, student.approximate.each(calls), strict=True):
            right = isinstance(bumps, np.ndarray) and bumps.shape == (n_bumps, 3)
            require(right, f"approximate(f, {n_bumps}) should be an array of shape ({n_bumps}, 3)")
            places = n_bumps * (20 if n_bumps < 100 else 4)
            x = (np.arange(places) + 0.5) / places  # never at an edge
            left, top, height = bumps.T[:, :, None]
            total = np.sum(np.where((left <= x) & (x < top), height, 0.0), axis=0)
            error = np.max(np.abs(total - f(x)))
            require(
                error <= steepest / (2 * n_bumps) + 1e-9,
                f"with {n_bumps} bumps the sum is up to {error:.3g} away from the function, which "
                "is more than it need be",
            )


# through_points: 4 points

# What the lesson allows, times 1 + the largest absolute value of Y. Measured with 300 seeds: the
# reference is off by 1e-4 of that at the most, no alternative by more than 3e-3 of it (hats, from a
# direction that was not chosen with care), and no misconception that returns weights of the right
# shapes by less than 1e5 times that. So nothing depends on what was drawn.
EXACTLY = 1e-6


def on_a_line(rng, m, n_outputs=1):
    """Points with one feature, in a random order, unevenly spaced, far from and around zero."""
    gaps = 10.0 ** rng.uniform(-2, 1, size=m)  # from 0.01 to 10
    gaps *= min(1.0, 150 / gaps.sum())
    x = np.cumsum(np.maximum(gaps, 0.011))
    x += rng.uniform(-95, 95 - x[-1])
    y = rng.normal(size=(m, n_outputs)) * 10.0 ** rng.uniform(-1, 1.3)
    return rng.permutation(x)[:, None], np.clip(y, -100, 100)


def on_a_grid(rng, m, n, n_outputs):
    """Points with whole features: many have one in common, or the sum, or a weighted sum."""
    points = np.unique(rng.integers(-3, 4, size=(4 * m, n)), axis=0)
    X = rng.permutation(points)[:m].astype(float)
    return X, rng.normal(size=(len(X), n_outputs)) * 5


# Whole ratios, small and large: from 1, 2, 3, ... as from 1, 10, 100, ... some of them coincide.
TICKS = np.array([0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 100.0])


def on_the_axes(rng, n, n_outputs):
    """Points with one feature that is not zero; the second axis is half as long as the first."""
    axes = np.eye(n)
    axes[1:] /= 2
    X = np.concatenate([np.outer(sign * TICKS, axis) for sign in (1, -1) for axis in axes])
    return rng.permutation(X), varied(rng, len(X), n_outputs, scale=9)


def in_steps(rng, n_outputs):
    """Points on one axis, 0.01 from each other, and one beside it: so much for two digits."""
    X = np.vstack([np.outer(np.arange(1, 321) / 100, [1.0, 0.0]), [[0.0, 1.0]]])
    return rng.permutation(X), varied(rng, len(X), n_outputs, scale=9)


def close_to_each_other(rng, n, n_outputs, steps=(0.01, -0.01, 0.02, -0.02)):
    """Points far from 0 that differ by 0.01 or 0.02 in one feature: as close as may be."""
    X = np.concatenate([np.outer(steps, axis) for axis in np.eye(n)])
    X += rng.choice([-1, 1], size=n) * rng.uniform(90, 99, size=n)
    return rng.permutation(X), rng.normal(size=(len(X), n_outputs)) * 5


def one_of(rng, m, n_outputs):
    """Rows that are 0 but for a 1, as for classes: many of them are equal."""
    return np.eye(n_outputs)[rng.integers(0, n_outputs, size=m)]


def of_size(X, Y):
    """How a message calls a case."""
    counts = [(len(X), "point"), (X.shape[1], "feature"), (Y.shape[1], "output")]
    points, features, outputs = (f"{n} {word}{'s' if n > 1 else ''}" for n, word in counts)
    return f"{points} with {features} and {outputs}"


def weights_of(value, X, Y):
    """The four arrays that through_points returned, after a look at their shapes."""
    (m, n), n_outputs = X.shape, Y.shape[1]
    W1, b1, W2, b2 = parts(value, 4, "through_points")
    for one, dimensions, what in ((W1, 2, "W1"), (b1, 1, "b1"), (W2, 2, "W2"), (b2, 1, "b2")):
        numbers = isinstance(one, np.ndarray) and one.dtype.kind in "fi"
        require(numbers, f"{what} should be an array of numbers")
        right = one.ndim == dimensions
        require(right, f"{what} should have {dimensions} dimensions, but its shape is {one.shape}")
    hidden = len(b1)
    wanted = {"W1": (hidden, n), "W2": (n_outputs, hidden), "b2": (n_outputs,)}
    for what, one in (("W1", W1), ("W2", W2), ("b2", b2)):
        require(
            one.shape == wanted[what],
            f"for {of_size(X, Y)}, and {hidden} entries in b1, {what} should have the shape "
            f"{wanted[what]}, not {one.shape}",
        )
    more = hidden - 4 * m
    require(more <= 0, f"for {of_size(X, Y)}, {hidden} hidden neurons are {more} more than allowed")
    finite = all(np.isfinite(one).all() for one in (W1, b1, W2, b2))
    require(finite, f"for {of_size(X, Y)}, some weights are NaN or infinite")
    return W1, b1, W2, b2


def output(weights, X):
    """What a network with one hidden layer of ReLUs makes of X."""
    W1, b1, W2, b2 = weights
    return np.maximum(X @ W1.T + b1, 0.0) @ W2.T + b2


def exact(actual, wanted, Y, what):
    """Require that outputs are the wanted ones, as exactly as the lesson says, or say how far."""
    allowed = EXACTLY * (1 + np.max(np.abs(Y)))
    off = np.abs(actual - wanted)
    worst = float(np.max(off))
    require(
        worst <= allowed,
        f"{what} is off by {worst:.2g} at the worst, and {allowed:.1g} is allowed; "
        f"it is right at {np.sum(np.all(off <= allowed, axis=1))} of {len(off)} places",
    )


def goes_through(student, cases):
    """Call through_points with each (X, Y), and require that the network goes through them."""
    networks = []
    for (X, Y), value in zip(cases, unchanged_each(student.through_points, cases), strict=True):
        weights = weights_of(value, X, Y)
        what = f"for {of_size(X, Y)}, the network"
        exact(output(weights, X), Y, Y, what)
        networks.append(weights)
    return networks


@check(
    "through_points",
    points=1,
    hint="Take three points in a mixed order, on paper: where does each neuron wake up, and by "
    "how much does it change the slope?",
)
def every_point_on_a_line(student, rng):
    """With one feature the network goes exactly through any number of points, in any order."""
    cases = [on_a_line(rng, m) for m in (3, 5, 8, 13, 21, 34)]
    X, _ = on_a_line(rng, 25)
    # Points on 0 and on whole numbers, of which many have the same height.
    cases += [
        (X, one_of(rng, 25, 3)),
        (rng.permutation(np.arange(-4.0, 5))[:, None], X[:9] * 0 + 4),
    ]
    cases.append((rng.permutation(np.arange(-9.0, 10))[:, None], one_of(rng, 19, 2)))
    # Far apart, and nearly level.
    cases.append(
        (rng.permutation(np.arange(-90.0, 91, 9))[:, None], rng.normal(size=(21, 1)) / 1e3)
    )
    # As many points as may be, and outputs as many as classes, each with slopes of its own.
    cases += [on_a_line(rng, 400), *(on_a_line(rng, m, k) for m, k in ((2, 5), (6, 10), (9, 30)))]
    goes_through(student, cases)
    # Weights stay as they are when others are worked out, of the same sizes and of smaller ones.
    kept(student.through_points, [on_a_line(rng, m, 2) for m in (6, 6, 3, 1, 2)])


@check("through_points", points=0.5, hint="How many slopes are there between m points?")
def one_point_and_two(student, rng):
    """One point or two are enough, with any number of features and outputs."""
    cases = []
    # Two points in both orders: those that are in order by chance are no luck.
    for m, n, n_outputs, apart, side in (
        (1, 1, 1, 0, 1),
        (2, 1, 1, 5, -1),
        (2, 1, 4, -5, 1),
        (1, 4, 3, 0, -1),
        (2, 3, 2, 5, 1),
        (1, 2, 1, 0, -1),
        # Four hidden neurons for one point, and eight for two, serve any number of outputs.
        (1, 1, 9, 0, 1),
        (1, 3, 12, 0, -1),
        (2, 1, 12, 5, 1),
        (2, 4, 30, -5, -1),
    ):
        X = rng.uniform(-1.5, 1.5, size=(m, n)) + side * rng.uniform(8, 20)
        X += apart * np.arange(m)[:, None]
        Y = rng.normal(size=(m, n_outputs)) * 7
        # From left to right it falls where apart is 5, and rises where it is -5.
        cases.append((X, np.sort(Y, axis=0)[::-1]))
    goes_through(student, cases)


@check(
    "through_points",
    points=1,
    needs=("every_point_on_a_line",),
    hint="Plot the output from far left of the points to far right. Where does it bend, and "
    "where should it?",
)
def straight_between_and_level_beyond(student, rng):
    """With one feature the output is straight between neighbours and constant beyond the ends."""
    cases = [
        on_a_line(rng, m, n_outputs) for m, n_outputs in ((2, 1), (4, 2), (9, 1), (20, 3), (250, 1))
    ]
    cases.append(tuple(one[::-1].copy() for one in cases[0]))
    for (X, Y), weights in zip(cases, goes_through(student, cases), strict=True):
        order = np.argsort(X[:, 0])
        x, y = X[order, 0], Y[order]
        shares = rng.uniform(size=(len(x) - 1, 1))
        between = x[:-1] + shares[:, 0] * np.diff(x)
        wanted = y[:-1] + shares * np.diff(y, axis=0)
        exact(output(weights, between[:, None]), wanted, Y, "between two neighbours, the network")
        # Up to ±100, as the lesson says of all numbers.
        for end, far, value in ((x[0], -100.0, y[:1]), (x[-1], 100.0, y[-1:])):
            beyond = end + rng.uniform(size=(4, 1)) * (far - end)
            what = "beyond the first or the last point, the network"
            exact(output(weights, beyond), np.repeat(value, 4, axis=0), Y, what)


@check("through_points", points=1.5, hint="From which side does none of them hide another?")
def points_with_many_features(student, rng):
    """With any number of features and outputs the network goes exactly through all points."""
    cases = [on_a_grid(rng, m, n, k) for m, n, k in ((12, 2, 1), (20, 3, 2), (30, 4, 3))]
    cases += [on_the_axes(rng, n, k) for n, k in ((2, 3), (3, 1), (4, 2))]
    cases += [close_to_each_other(rng, n, k) for n, k in ((2, 1), (5, 2))]
    cases.append(close_to_each_other(rng, 18, 1, steps=[0.01]))
    cases.append(in_steps(rng, 2))
    X, _ = on_a_grid(rng, 24, 3, 1)
    with_a_constant = np.column_stack([X, np.full(len(X), rng.uniform(-9, 9))])
    cases += [(X, one_of(rng, len(X), 4)), (with_a_constant, one_of(rng, len(X), 2))]
    sizes = ((12, 2, 3), (20, 5, 1), (25, 9, 4), (6, 6, 2), (10, 3, 10), (3, 2, 40))
    for m, n, k in sizes:
        X = rng.normal(size=(m, n)) * rng.uniform(1, 8, size=n) + rng.uniform(-20, 20, size=n)
        cases.append((X, rng.normal(size=(m, k)) * 3))
    goes_through(student, cases)
    kept(student.through_points, [cases[-3], (cases[-3][0] + 1, -cases[-3][1]), *cases[-2:]])
