"""What stage 7 grades: 20 points.

Large logits are multiples of 1/8 below 20,000, which float32 holds exactly: a right solution may
calculate in single precision.
"""

from functools import cache
from itertools import combinations, pairwise
from operator import index

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    generators,
    gradient_close,
    kept,
    parts,
    require,
    unchanged_each,
    varied,
    whole_numbers,
)

SIZES = ((7, 4), (4, 7), (1, 5), (6, 2), (3, 12), (2, 3), (5, 5), (3, 1))

# More examples than any visible test has, for whoever looks at the first thousand.
LONG = (2_100, 3)

# For logits up to 50 either way. Right formulas differ there by some ten roundings, 1e-14.
NEARLY_EXACT = 1e-13


def eighths(rng, *shape, reach):
    """Multiples of 1/8 between -reach and reach."""
    return rng.integers(-8 * reach, 8 * reach + 1, size=shape) / 8


def batch(rng, m, n_classes, spread=2.0):
    """Logits and labels of a batch; in small batches most classes are missing."""
    return varied(rng, m, n_classes, scale=spread), rng.integers(0, n_classes, size=m)


def many_classes(rng):
    """Three examples with labels of a small type, in which a sum or a product would overflow."""
    return rng.normal(size=(3, 260)), np.array([255, 0, 200], dtype=np.uint8)


def whole_batch(rng):
    """Logits and labels of a batch of integers, with an example that is there twice."""
    logits, y = rng.integers(-3, 4, size=(5, 6)), rng.integers(0, 6, size=5)
    logits[4], y[4] = logits[0], y[0]
    return logits, y


def sure_logits(rng, m, n_classes):
    """Rows in each of which one class is ahead of all others, by 8 to 28."""
    logits = rng.uniform(-28, -8, size=(m, n_classes))
    logits[np.arange(m), rng.integers(0, n_classes, size=m)] = 0
    return logits + rng.normal(size=(m, 1))


def extreme_logits(rng):
    """Rows of very different size in one batch, up to 10,000 either way, some with ties."""
    logits = eighths(rng, 9, 5, reach=3)
    logits[0] += 9_900
    logits[1] -= 9_900
    logits[2] *= 3_000
    logits[3] = [0, -30, -40, -35.5, -10_000]
    logits[4] = [-10_000, 10_000, 10_000, 9_999, 0]
    logits[5] = 0
    logits[6] = -10_000
    logits[7] = [-9_000, -27, 0, -20, -13]
    return logits[rng.permutation(9)]


def large_logits(rng):
    """Batches, each in its own way: mixed, far below 0, shares that hardly fit, and integers."""
    below = eighths(rng, 4, 5, reach=300) - 5_000
    tiny = -rng.integers(8 * 710, 8 * 745, size=(4, 3)) / 8
    tiny[:, 1], tiny[:, 2] = 0, -743
    integers = rng.integers(-10_000, 10_001, size=(5, 4))
    # Rows that no single shift keeps all the digits of, though none of them overflows or vanishes.
    stairs = eighths(rng, 4, 3, reach=1) - np.array([[0], [722], [735], [742]])
    return [*(extreme_logits(rng) for _ in range(3)), below, tiny, integers, stairs]


def any_logits(rng):
    """Batches of many sizes, single examples, whole numbers, equal ones and sure ones."""
    logits = [varied(rng, *size, scale=2.0) for size in (*SIZES, LONG, (2, 300))]
    logits += [rng.normal(size=n_classes) for n_classes in (2, 6, 1)]
    logits += [rng.integers(-4, 5, size=(4, 6)), rng.integers(-4, 5, size=5)]
    logits += [np.zeros((2, 3)), np.zeros(4), np.full((3, 2), -1.5)]
    return [*logits, sure_logits(rng, 4, 3), sure_logits(rng, 5, 6)]


def called(name):
    """How a message calls the result of a function for some logits."""

    def of(logits):
        single = " of a single example" if logits.ndim == 1 else ""
        return f"{name}{single}{' of integers' if logits.dtype.kind == 'i' else ''}"

    return of


def floats(values, what):
    """Require arrays of floats, whose entries are compared elsewhere."""
    for value in values:
        require(value.dtype.kind == "f", f"{what} holds whole numbers; it should hold floats")


# softmax: 2 points


@check(
    "softmax",
    points=1,
    hint="Take one row by itself: are its shares in the ratio of their e^z, the small ones too?",
)
def probabilities_of_every_row(student, reference, rng):
    """Each row of a batch, or a single example, becomes probabilities that sum to 1."""
    calls = [(logits,) for logits in any_logits(rng)]
    what = called("softmax")
    agrees(student.softmax, reference.softmax, calls, what, rtol=NEARLY_EXACT, atol=0)
    # Small shares are in the ratio of their e^z as well, and none is below 0.
    far = -rng.integers(8 * 40, 8 * 80, size=(4, 4)) / 8
    far[np.arange(4), rng.permutation(4)] = 0
    calls = [(eighths(rng, 5, 4, reach=reach),) for reach in (5, 20, 40)] + calls[-2:] + [(far,)]
    for (logits,), p in zip(calls, student.softmax.each(calls), strict=True):
        close(p, reference.softmax(logits), "softmax")
        require(np.all(p >= 0), f"softmax gives a share below 0: {np.min(p)}")
        within = 1e-5 * (1 + np.max(np.abs(logits)))
        require(
            np.all(p > 0) and np.allclose(np.log(p), reference.log_softmax(logits), 0, within),
            "the small shares of softmax are not in the ratio of their e^z",
        )
    two = [(logits,) for logits in rng.normal(size=(2, 3, 4))]
    kept(student.softmax, two, reference.softmax, rewritten=True)


@check(
    "softmax", points=1, hint="What is the largest e^z of each row, and what did (1) not notice?"
)
def softmax_survives_large_logits(student, reference, rng):
    """Logits up to 10,000 either way give finite probabilities, in every row of a mixed batch."""
    # The exponentials of these are finite, and their sums are not.
    almost = [(size + eighths(rng, 2, 4, reach=0.25),) for size in (709.25, 709.0, 708.75)]
    calls = almost + [(logits,) for logits in (*large_logits(rng), *extreme_logits(rng))]
    agrees(student.softmax, reference.softmax, calls, called("softmax"))
    logits = eighths(rng, 6, 3, reach=4)
    shifted = logits + eighths(rng, 6, 1, reach=9_000)
    p = reference.softmax(logits)
    values = unchanged_each(student.softmax, [(shifted,), (logits[0] - 9_000,)])
    for value, expected in zip(values, (p, p[0]), strict=True):
        close(value, expected, "softmax after a shift")


# log_softmax: 2 points


@check(
    "log_softmax",
    points=1,
    hint="Take the exponentials of one row of your result: which numbers should they be?",
)
def logarithms_of_the_probabilities(student, reference, rng):
    """Each row of a batch, or a single example, becomes the logarithms of its probabilities."""
    calls = [(logits,) for logits in any_logits(rng)]
    what = called("log_softmax")
    agrees(student.log_softmax, reference.log_softmax, calls, what, rtol=NEARLY_EXACT, atol=1e-14)
    whole = [(rng.integers(-4, 5, size=shape),) for shape in ((4, 6), (3, 1), 5, 1)]
    floats(student.log_softmax.each(whole), "log_softmax of integers")
    two = [(logits,) for logits in rng.normal(size=(2, 3, 4))]
    kept(student.log_softmax, two, reference.log_softmax, rewritten=True)


@check("log_softmax", points=1, hint="Where in your formula does a number become 0 or infinite?")
def log_softmax_survives_large_logits(student, reference, rng):
    """Logits up to 10,000 either way give finite logarithms, however far apart they are."""
    calls = [(logits,) for logits in (*large_logits(rng), *extreme_logits(rng))]
    calls += [(eighths(rng, 5, 4, reach=reach),) for reach in (40, 300, 3_000)]
    agrees(student.log_softmax, reference.log_softmax, calls, called("log_softmax"))
    logits = eighths(rng, 6, 3, reach=4)
    shifted = logits + eighths(rng, 6, 1, reach=9_000)
    expected = reference.log_softmax(logits)
    close(student.log_softmax(shifted), expected, "log_softmax after a shift")


# cross_entropy: 2 points


@check(
    "cross_entropy",
    points=1,
    hint="Which entry of each row counts? And what is the loss when each example is there twice?",
)
def average_cost_of_the_labels(student, reference, rng):
    """The loss is the average over the examples of minus the logarithm of the label's share."""
    calls = [batch(rng, *size) for size in (*SIZES, (1, 1), (30, 10))]
    calls += [(np.tile(logits, (2, 1)), np.tile(y, 2)) for logits, y in calls]
    calls += [many_classes(rng), whole_batch(rng), (np.zeros((3, 4)), np.array([3, 0, 3]))]
    calls.append(batch(rng, *LONG))
    agrees(student.cross_entropy, reference.cross_entropy, calls, rtol=1e-12)


@check("cross_entropy", points=1, hint="Which of your functions takes logarithms safely?")
def confident_mistakes_cost_their_price(student, reference, rng):
    """An example whose label is far behind costs as much as it is behind, never infinity."""
    calls = []
    for gap in (30, 35, 40, 100, 800, 9_990):
        logits, y = eighths(rng, 5, 3, reach=2), rng.integers(0, 3, size=5)
        logits[2, y[2]] -= gap
        calls.append((logits, y))
    calls += [(logits, rng.integers(0, 3, size=len(logits))) for logits in large_logits(rng)]
    # As far behind as can be, all of them, and one by itself.
    worst = rng.permuted(np.tile([-10_000.0, 10_000.0, 9_999.5], (4, 1)), axis=1)
    calls += [(worst[:m], worst[:m].argmin(axis=1)) for m in (4, 1)]
    agrees(student.cross_entropy, reference.cross_entropy, calls)


# cross_entropy_gradient: 2 points


@check(
    "cross_entropy_gradient",
    points=1,
    hint="If one logit grows a little, by how much does the average loss grow?",
)
def gradient_of_the_average_loss(student, reference, rng):
    """It is the gradient of the average cross-entropy, measured by small steps of the logits."""
    calls = [batch(rng, *size) for size in ((4, 3), (3, 5), (1, 4), (5, 2), (3, 3))]
    calls.append((rng.normal(size=(4, 5)), rng.integers(0, 3, size=4)))  # two classes are missing
    gradients = unchanged_each(student.cross_entropy_gradient, calls)
    for (logits, y), gradient in zip(calls, gradients, strict=True):

        def loss(z, y=y):
            return reference.cross_entropy(z, y)

        gradient_close(gradient, loss, logits, "cross_entropy_gradient")


@check(
    "cross_entropy_gradient",
    points=1,
    hint="Hold a row against what was said and what was true. When does it not fit?",
)
def gradient_rows_say_minus_true(student, reference, rng):
    """Any sizes and any logits up to 10,000 either way: each row sums to 0, none is nan."""
    calls = [batch(rng, *size, spread=5) for size in (*SIZES, (40, 10))]
    sure = sure_logits(rng, 4, 3)
    calls += [(sure, sure.argmax(axis=1)), many_classes(rng), whole_batch(rng)]
    calls += [(logits, rng.integers(0, 3, size=len(logits))) for logits in large_logits(rng)]
    calls.append(batch(rng, *LONG))
    function, expected = student.cross_entropy_gradient, reference.cross_entropy_gradient
    agrees(function, expected, calls, rtol=1e-12, atol=1e-15)
    kept(function, [batch(rng, 4, 3), batch(rng, 4, 3)], expected, rewritten=True)


# softmax_jacobian: 2 points


@check(
    "softmax_jacobian",
    points=1,
    hint="If logit j grows a little, what becomes of probability i? Which entry says so?",
)
def every_probability_by_every_logit(student, reference, rng):
    """Entry [i, j] is the slope of probability i along logit j, measured by small steps."""
    calls = [(varied(rng, n_classes),) for n_classes in (4, 2, 7, 1)]
    jacobians = unchanged_each(student.softmax_jacobian, calls)
    for (logits,), jacobian in zip(calls, jacobians, strict=True):
        n_classes = len(logits)
        require(
            isinstance(jacobian, np.ndarray) and jacobian.shape == (n_classes, n_classes),
            f"softmax_jacobian of {n_classes} logits should be an array of shape "
            f"({n_classes}, {n_classes})",
        )
        for i in range(n_classes):

            def share(z, i=i):
                return reference.softmax(z)[i]

            gradient_close(jacobian[i], share, logits, f"row {i} of softmax_jacobian")


@check("softmax_jacobian", points=1, hint="Work formula (8) out with your table.")
def contraction_gives_said_minus_true(student, reference, rng):
    """Times the gradient of the loss with respect to p it gives p minus one-hot; never nan."""
    calls = [(rng.normal(size=n_classes),) for n_classes in (3, 5, 2, 12)]
    for (logits,), jacobian in zip(calls, student.softmax_jacobian.each(calls), strict=True):
        p, n_classes = reference.softmax(logits), len(logits)
        close(jacobian, np.diag(p) - np.outer(p, p), "softmax_jacobian", rtol=1e-12)
        truth = reference.one_hot(np.arange(n_classes), n_classes)
        for label in range(n_classes):
            contracted = jacobian.T @ (-truth[label] / p)
            # Of a table in single precision, which has just been compared, the sum is in double.
            what = f"the contraction (8) for the label {label}"
            close(contracted, p - truth[label], what, rtol=1e-4)
    logits = [row for table in large_logits(rng) for row in table]
    logits += [*sure_logits(rng, 2, 4), rng.integers(-3, 4, size=6), rng.normal(size=110)]
    calls = [(one,) for one in logits]
    agrees(student.softmax_jacobian, reference.softmax_jacobian, calls, rtol=1e-12, atol=1e-15)
    two = [(logits,) for logits in rng.normal(size=(2, 4))]
    kept(student.softmax_jacobian, two, reference.softmax_jacobian, "the table", rewritten=True)


# hinge_loss: 1 point


def almost(rng):
    """Scores that lack hardly anything of the margin, and scores that nearly tie, all counting."""
    scores, y = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
    for row, label in enumerate(y):
        others = np.flatnonzero(np.arange(4) != label)
        lacks = [[1e-5, 1e-8, -1e-8], [1 - 1e-7, 1 + 1e-7, 1]][row % 2]
        scores[row, others] = scores[row, label] - 1 + rng.permutation(lacks)
    return scores, y


def far_apart(rng, m):
    """Scores without a bound, also very large ones with a margin between them that counts."""
    scores, y = eighths(rng, m, 4, reach=200_000), rng.integers(0, 4, size=m)
    scores[0] = 150_000 + eighths(rng, 4, reach=1)
    return scores, y


@check(
    "hinge_loss",
    points=1,
    hint="Write down the terms of (11) for one example. Which classes have one, however small?",
)
def every_missing_margin_is_paid_for(student, reference, rng):
    """Each other class pays what it lacks of the margin 1; the label itself pays nothing."""
    calls = [batch(rng, *size) for size in (*SIZES, (30, 10), LONG)]
    calls += [batch(rng, 6, 4, spread=2_000.0), many_classes(rng), whole_batch(rng)]
    calls += [almost(rng), far_apart(rng, 6), far_apart(rng, 1)]
    # Right, but by less than the margin.
    scores, y = batch(rng, 5, 3)
    scores[np.arange(5), y] = scores.max(axis=1) + rng.uniform(0.1, 0.9, size=5)
    calls.append((scores, y))
    # Whole numbers: ties, scores exactly at the margin, and rows without any loss.
    scores, y = rng.integers(-2, 3, size=(12, 4)), rng.integers(0, 4, size=12)
    scores[:3, 0], y[:3] = 50, 0
    scores[3] = 1
    calls.append((scores, y))
    losses = unchanged_each(student.hinge_loss, [*calls, (scores + 7.0, y)])
    for call in calls:
        close(next(losses), reference.hinge_loss(*call), "hinge_loss", rtol=1e-12)
    expected = reference.hinge_loss(scores, y)
    close(next(losses), expected, "hinge_loss after a shift of all the scores")


# train_step: 2 points


def random_params(rng, layer_sizes, scale=0.7):
    """A network with biases that are not all zero."""
    return [
        (varied(rng, n_out, n_in, scale=scale), varied(rng, n_out, scale=scale))
        for n_in, n_out in pairwise(layer_sizes)
    ]


def tolerance(params):
    """How near is near enough for a network and its losses, as keywords of `close`.

    Of one in single precision less is asked, for its errors add up over layers and steps; its
    losses may be float64 all the same.
    """
    try:
        arrays = [np.asarray(one) for W, b in params for one in (W, b)]
        single = all(np.array_equal(one, one.astype(np.float32)) for one in arrays)
    except (TypeError, ValueError):  # no network at all, as the comparison will say
        single = False
    return {"rtol": 1e-4, "atol": 1e-5} if single else {}


def same_layers(actual, expected, what, **within):
    """Compare lists of pairs, one for each layer."""
    pairs = parts(actual, len(expected), what)
    for number, (pair, (expected_W, expected_b)) in enumerate(zip(pairs, expected, strict=True), 1):
        W, b = parts(pair, 2, f"layer {number} of {what}")
        close(W, expected_W, f"W of layer {number} of {what}", **within)
        close(b, expected_b, f"b of layer {number} of {what}", **within)


def costs(reference, params, X, y):
    """The cross-entropy of each example by itself."""
    logits, _ = reference.forward(params, X, reference.classifier_activations(params))
    return -reference.log_softmax(logits)[np.arange(len(y)), y]


def examples(rng, m, n, n_classes):
    """Examples with labels among which the largest is there."""
    X, y = rng.normal(size=(m, n)), rng.integers(0, n_classes, size=m)
    y[rng.integers(m)] = n_classes - 1
    return X, y


def away_from_kinks(drawn):
    """Whether rounding leaves each hidden neuron on its side of 0."""
    params, X, _ = drawn
    for W, b in params[:-1]:
        Z = X @ W.T + b
        if np.min(np.abs(Z)) < 1e-3:
            return False
        X = np.maximum(Z, 0)
    return True


def network_and_batch(rng, layer_sizes, m, reference):
    """A network and examples for it, with zeros and whole numbers among them.

    The gradient reaches each layer, unless there is one class only.
    """

    def draw():
        _, y = examples(rng, m, 1, layer_sizes[-1])
        return random_params(rng, layer_sizes), varied(rng, m, layer_sizes[0]), y

    def fits(drawn):
        stepped, _ = reference.train_step(*drawn, 1.0)
        pairs = zip(drawn[0], stepped, strict=True)
        moved = all(np.max(np.abs(W - V)) > 1e-3 for (W, _), (V, _) in pairs)
        return away_from_kinks(drawn) and (moved or layer_sizes[-1] == 1)

    return draw_until(fits, draw)


@check(
    "train_step",
    points=1,
    hint="Which parameters does each of the four points of section 8 see, and which are new?",
)
def step_goes_against_the_gradient(student, reference, rng):
    """A step is learning_rate times the gradient of the loss that is returned, of any depth."""
    calls = []
    for layer_sizes, m in (
        ([3, 4], 6),
        ([4, 5, 3], 7),
        ([2, 4, 5, 3], 5),
        ([3, 6, 2], 1),
        ([3, 3, 3], 3),
        ([2, 1], 4),
        ([2, 4, 3, 5, 4, 3], 4),
    ):
        drawn = network_and_batch(rng, layer_sizes, m, reference)
        calls += [(*drawn, rate, l2) for rate, l2 in ((0.5, 0.3), (3.0, 0.002), (0.02, 4.0))]
        calls.append((*drawn[:2], 0 * drawn[2], 0.3, 0.1))  # only the first class is there
    # Far from the minimum, where the slopes are large, and where hardly anything is left to learn.
    params, X, y = network_and_batch(rng, [3, 4, 5], 6, reference)
    calls.append((params, 30 * X, y, 0.3, 0.01))
    learnt = 8 * np.eye(3) + rng.normal(scale=0.1, size=(3, 3))
    calls += [
        ([(learnt, np.zeros(3))], 2 * np.eye(3), np.arange(3), rate, 0.0) for rate in (1.0, 1e-3)
    ]
    # Quite wrong about everything: logits and a loss of some thousands.
    W, X = 10 * whole_numbers(rng, 5, 3), 20 * whole_numbers(rng, 4, 3)
    calls.append(([(W, np.ones(5))], X, (X @ W.T).argmin(axis=1), 0.1, 0.001))
    results = unchanged_each(student.train_step, calls)
    for call, result in zip(calls, results, strict=True):
        stepped, loss = parts(result, 2, "train_step")
        expected, expected_loss = reference.train_step(*call)
        within = tolerance(stepped) or {"rtol": 1e-12, "atol": 1e-13}
        close(loss, expected_loss, "the loss", **within)
        same_layers(stepped, expected, "the new params", **within)
    # New arrays, also where nothing is left to change.
    params, X, y = calls[0][:3]
    dead = [(params[0][0], np.full(4, -1e3)), (rng.normal(size=(2, 4)), rng.normal(size=2))]
    one_class = random_params(rng, [3, 2, 1])
    still = [(params, X, y, 0.0, 0.1), (dead, X, y % 2, 0.5), (one_class, X, 0 * y, 0.5)]
    for call in still:
        for value in kept(student.train_step, [call, call], rewritten=True):
            stepped, _ = parts(value, 2, "train_step")
            what = "the new params, from one of several calls,"
            same_layers(stepped, reference.train_step(*call)[0], what, **tolerance(stepped))
    kept(student.train_step, [calls[0], calls[1], calls[4], calls[0]])


@check(
    "train_step",
    points=1,
    needs=("step_goes_against_the_gradient",),
    hint="One step is right by now. What may a second one find changed, or a step without l2?",
)
def many_steps_stay_on_the_path(student, reference, rng):
    """Step after step, each on another batch, follows the path, without a penalty by default."""
    layer_sizes = ([3, 4], [2, 5, 3], [4, 3, 6, 2])
    expected = [random_params(rng, sizes) for sizes in layer_sizes]
    paths = list(expected)
    for step in range(12):
        batches = [examples(rng, 3 + step % 4, sizes[0], sizes[-1]) for sizes in layer_sizes]
        calls = [(params, X, y, 0.2) for params, (X, y) in zip(paths, batches, strict=True)]
        results = unchanged_each(student.train_step, calls)
        for i, (X, y) in enumerate(batches):
            paths[i], loss = parts(next(results), 2, "train_step")
            expected[i], expected_loss = reference.train_step(expected[i], X, y, 0.2)
            within = tolerance(paths[i])
            close(loss, expected_loss, f"the loss of step {step + 1}", **within)
            same_layers(paths[i], expected[i], f"params after {step + 1} steps", **within)


# train: 3 points


def run_train(student, calls, **kwargs):
    """Train for each (seed, X, y, *sizes), with a generator of that seed; yield params, losses."""
    calls = [(*args, np.random.default_rng(seed)) for seed, *args in calls]
    for result in unchanged_each(student.train, calls, **kwargs):
        params, losses = parts(result, 2, "train")
        plain = isinstance(losses, np.ndarray) or (
            isinstance(losses, list | tuple)
            and all(
                isinstance(one, int | float) or getattr(one, "shape", None) == () for one in losses
            )
        )
        require(plain, "losses should be a list of numbers")
        numbers = np.asarray(losses, dtype=float)
        require(numbers.ndim == 1, "losses should be a list of numbers, one for each step")
        yield params, numbers


# The long paths are the same for everybody: the reference goes them once, and not for each student.
LONG_PATHS = 0x6B1D0E5F27C48A93


@cache
def long_paths(reference):
    """Trainings of many steps, and what the reference has of each: the network and the losses."""
    rng = np.random.default_rng(LONG_PATHS)
    runs = [round_and_round(rng, reference)]
    for hidden_sizes, m, n_epochs, rate in (
        ([6], 5, 70, 0.05),
        ([], 4, 510, 24.0),  # until weights are large, and hardly anything is left to learn
    ):
        y = np.array([0, 2, 0, 2, 2])[:m]  # a class in the middle is missing
        # Orthogonal examples are learnt each by itself: at a high rate, too, rounding errors fade.
        X = varied(rng, m, 5) if rate < 1 else np.linalg.qr(rng.normal(size=(5, 5)))[0][:m] / 2
        runs.append((int(rng.integers(2**32)), X, y, hidden_sizes, n_epochs, m, rate))
    return runs, [reference.train(*args, np.random.default_rng(seed)) for seed, *args in runs]


def round_and_round(rng, reference):
    """Three times the same example with two labels, at a rate at which the loss goes round.

    It rises twice and falls, for ever. Near this cycle, rounding errors fade.
    """
    y = np.array([0, 1, 0])

    def draw():
        return int(rng.integers(2**32)), np.tile(rng.choice([-1.0, 1.0], size=2), (3, 1))

    def losses(seed, X):
        own = np.random.default_rng(seed)
        return np.array(reference.train(X, y, [], 40, 3, 10 / 3, own)[1])

    def fits(drawn):
        seed, X = drawn
        return np.max(np.abs(losses(seed, X) - losses(seed, X * (1 + 1e-10)))) < 1e-7

    seed, X = draw_until(fits, draw)
    return seed, X, y, [], 40, 3, 10 / 3


@check(
    "train",
    points=1,
    hint="In one batch no order matters. What happens once, what in each epoch and each step?",
)
def whole_batches_are_retraced(student, reference, rng):
    """With all the examples in one batch, training from init_params is a path without chance."""
    far_off = 50 + varied(rng, 6, 3)
    runs = [(int(rng.integers(2**32)), far_off, rng.permutation(6) // 2, [4], 2, 6, 1e-4)]
    for hidden_sizes, m, n, n_classes, n_epochs, rate in (
        ([4], 6, 3, 5, 3, 0.1),
        ([], 7, 4, 3, 4, 0.1),
        ([5, 3], 5, 2, 2, 2, 0.1),
        ([6], 9, 2, 12, 1, 0.1),
        ([3], 4, 2, 1, 2, 0.1),  # one class
        ([3, 4, 5], 4, 6, 3, 3, 0.1),
        ([5], 1_100, 2, 3, 2, 0.1),
        ([200, 3], 4, 2, 2, 1, 0.1),
    ):
        _, y = examples(rng, m, n, n_classes)
        y[y == 1] = 0  # a class in the middle is missing
        y[0] = n_classes - 1
        seed = int(rng.integers(2**32))
        X = varied(rng, m, n)
        if m > 8:
            X[-1], y[-1] = X[0], y[0]  # an example that is there twice
        runs.append((seed, X, y, hidden_sizes, n_epochs, m, rate))
    larger = [(*run[:5], run[5] + 3, run[6]) for run in runs]
    long, of_long = long_paths(reference)
    for calls, kwargs in (([*long, *runs], {}), (larger, {"l2": 0.1})):
        known = [] if kwargs else of_long
        known = known + [
            reference.train(*args, np.random.default_rng(seed), **kwargs)
            for seed, *args in calls[len(known) :]
        ]
        trained = run_train(student, calls, **kwargs)
        for (expected, expected_losses), (params, losses) in zip(known, trained, strict=True):
            close(losses, np.array(expected_losses), "losses", **tolerance(params))
            same_layers(params, expected, "params", **tolerance(params))
    # A network stays as it is when another one is trained.
    owns = generators(rng, 3)
    several = [
        (*run[1:6], 0.1, own) for run, own in zip(runs[2:3] * 2 + runs[-1:], owns, strict=True)
    ]
    kept(student.train, several)


def follow(reference, params, losses, X, y, batch_size, rate, l2, near):
    """Find out from the losses which examples were in each batch, and take the same steps.

    Return the parameters after the last step and the batches of each epoch.
    """
    steps = iter(losses)
    epochs = []
    while len(epochs) * -(-len(X) // batch_size) < len(losses):
        left, batches = set(range(len(X))), []
        while left:
            told = next(steps)
            of_each, price = costs(reference, params, X, y), reference.l2_penalty(params, l2)[0]
            choices = list(combinations(sorted(left), min(batch_size, len(left))))
            off = np.abs(of_each[np.array(choices)].mean(axis=1) + price - told)
            rows = choices[int(np.argmin(off))]
            require(
                np.isfinite(told) and off.min() <= near * (1 + abs(told)),
                f"epoch {len(epochs) + 1}, step {len(batches) + 1}: the loss is not that of any "
                "batch of examples whose turn has not come yet in this epoch",
            )
            params, _ = reference.train_step(params, X[list(rows)], y[list(rows)], rate, l2)
            left -= set(rows)
            batches.append(rows)
        epochs.append(tuple(batches))
    return params, epochs


@check(
    "train",
    points=1,
    hint="Write down who is in which batch for three epochs. Can you foretell any of the next one?",
)
def every_example_once_per_epoch(student, reference, rng):
    """Each epoch uses every example once, with its own label, in a new random order."""
    # A wide hidden layer or none: in a narrow one two examples may be dead alike, and then their
    # losses do not tell them apart.
    for m, batch_size, n_epochs, hidden_sizes, l2 in (
        (5, 2, 6, [30], 0.0),
        (7, 3, 4, [], 0.2),
        (4, 1, 6, [30], 0.0),
        (9, 5, 2, [], 0.1),
    ):
        X, y = examples(rng, m, 3, 4)
        y[y == 1] = 0  # a class in the middle is missing
        seed = int(rng.integers(2**32))
        # Twice, with the same generator.
        run = (seed, X, y, hidden_sizes, n_epochs, batch_size, 0.1)
        runs = run_train(student, [run, run], l2=l2)
        params, losses = next(runs)
        n_steps = n_epochs * -(-m // batch_size)
        require(
            len(losses) == n_steps,
            f"{n_epochs} epochs of {m} examples in batches of {batch_size} are {n_steps} steps, "
            f"but there are {len(losses)} losses",
        )
        start = reference.init_params([3, *hidden_sizes, 4], np.random.default_rng(seed))
        within = tolerance(params)
        near = within.get("rtol", 1e-9)
        expected, _ = follow(reference, start, losses, X, y, batch_size, 0.1, l2, near)
        same_layers(params, expected, "params", **within)
        again, losses_again = next(runs)
        close(losses_again, losses, "losses, trained again with the same generator")
        same_layers(again, params, "params, trained again with the same generator")
    new_order_in_each_epoch(student, reference, rng)
    many_examples_are_mixed(student, reference, rng)
    order_from_the_generator(student, reference, rng)


# So many random orders make a sample: two of 6 do not come up with the probability
# 15 (4/6)^55 = 3.1e-9, in one of the eight smallest samples below with 2.5e-8. In two samples
# together, one of 6 does not come up with 6 (5/6)^110 = 1.2e-8.
MANY = 55


def new_order_in_each_epoch(student, reference, rng):
    """From one epoch to the next, the order of three examples changes in all six ways.

    In five of them at least it does so early and late, in every other epoch and in every third.
    """

    def draw():
        seed = int(rng.integers(2**32))
        start = reference.init_params([3, 4], np.random.default_rng(seed))
        X, y = examples(rng, 3, 3, 4)
        return seed, X, y, costs(reference, start, X, y)

    # One of the three costs hardly anything: whoever stops then stops early.
    seed, X, y, of_each = draw_until(lambda drawn: np.min(drawn[3]) < 0.05, draw)
    # At the rate 0 nothing is learnt, and the loss of a batch tells whose turn it was.
    ((_, losses),) = run_train(student, [(seed, X, y, [], 3 * MANY + 1, 1, 0.0)])
    require(len(losses) == 3 * (3 * MANY + 1), "there should be a loss for each step of each epoch")
    off = np.abs(losses[:, None] - of_each)
    orders = np.argmin(off, axis=1).reshape(-1, 3)
    require(
        np.all(np.sort(orders, axis=1) == np.arange(3)),
        "at the learning rate 0, the losses of an epoch are not those of the examples",
    )
    changes = [tuple(before.argsort()[after]) for before, after in pairwise(orders)]
    samples = [changes[start::step] for step in (2, 3) for start in range(step)]
    samples += [changes[start:][:MANY] for start in (0, MANY, 2 * MANY)]
    require(
        len(set(changes)) == 6 and all(len(set(sample)) >= 5 for sample in samples),
        "the order of an epoch can be told from that of the epoch before: each should be random",
    )


def many_examples_are_mixed(student, reference, rng):
    """In the orders of 60 examples, nothing is left of their own order or that of their labels.

    Each limit is six standard deviations away from what is expected of a random order.
    """
    m, n_epochs = 60, 4
    X, y = examples(rng, m, 3, 4)
    y[: m // 2].sort()
    seed = int(rng.integers(2**32))
    ((_, losses),) = run_train(student, [(seed, X, y, [], n_epochs, 1, 0.0)])
    require(len(losses) == m * n_epochs, "there should be a loss for each step of each epoch")
    start = reference.init_params([3, 4], np.random.default_rng(seed))
    off = np.abs(losses[:, None] - costs(reference, start, X, y))
    orders = np.argmin(off, axis=1).reshape(n_epochs, m)
    require(
        np.all(np.sort(orders, axis=1) == np.arange(m)),
        "at the learning rate 0, the losses of an epoch are not those of its 60 examples",
    )
    turns = [np.arange(m), *np.argsort(orders, axis=1)]
    alike = [abs(np.corrcoef(one, two)[0, 1]) for one, two in combinations(turns, 2)]
    require(max(alike) < 0.78, "of 60 examples, the order of an epoch is hardly a random one")
    together = [np.mean(np.diff(y[order]) == 0) for order in orders]
    require(
        max(together) < np.mean(y[:, None] == y) + 0.36,
        "of 60 examples, those of a class stand together in an epoch: shuffle them all",
    )


def order_from_the_generator(student, reference, rng):
    """With many generators, any two of four examples form an epoch's first batch at some time."""
    X, y = examples(rng, 4, 3, 4)
    pairs = list(combinations(range(4), 2))
    seeds = rng.integers(2**32, size=MANY).tolist()
    seen = set()
    runs = run_train(student, [(seed, X, y, [], 2, 2, 0.0) for seed in seeds])
    for seed, (_, losses) in zip(seeds, runs, strict=True):
        require(len(losses) == 4, "two epochs of 4 examples in batches of 2 are four steps")
        start = reference.init_params([3, 4], np.random.default_rng(seed))
        of_pairs = costs(reference, start, X, y)[np.array(pairs)].mean(axis=1)
        seen.update((epoch, np.argmin(np.abs(of_pairs - losses[2 * epoch]))) for epoch in (0, 1))
    # In the first epochs five pairs at least, in the second ones too, and all in both together.
    firsts = [{pair for epoch, pair in seen if epoch == number} for number in (0, 1)]
    require(
        len(firsts[0] | firsts[1]) == len(pairs) and all(len(one) >= 5 for one in firsts),
        "trained with many generators, some two of four examples never form an epoch's first "
        "batch: shuffle the examples by rng",
    )


# Calibrated with `nngrade calibrate stage07_softmax_cross_entropy --seeds 60 --data mnist|digits`:
#   mnist   60 seeds: mean 0.9772, sd 0.0013, min 0.9739   -> 0.97, 5.5 sd below the mean
#   digits  150 seeds: mean 0.9568, sd 0.0059, min 0.9444  -> 0.924, 5.6 sd below the mean
#           alternatives, 20 seeds each: means 0.9542 to 0.9586, min 0.9389
# On the digits 20 epochs do, in half the time of 40, which are half a percent better.
# The reference takes about 13 s on MNIST on one core; much slower solutions are in time too.
@check(
    "train",
    points=1,
    timeout=450,
    at_least={"mnist": 0.97, "digits": 0.924},
    measures="test accuracy",
    needs=("whole_batches_are_retraced", "every_example_once_per_epoch"),
    hint="Small sets came out right. What is different with many images, steps and classes?",
)
def learns_to_read_handwriting(student, reference, rng, data):
    """A network with one hidden layer, trained on all the images, reads the test images."""
    n_hidden, n_epochs = (128, 8) if data.name == "mnist" else (64, 20)
    seed = int(rng.integers(2**32))
    # float32: half as much to send. The network calculates in float64 all the same.
    X = data.X_train.astype(np.float32)
    own = np.random.default_rng(seed)
    result = student.train(X, data.y_train, [n_hidden], n_epochs, 32, 0.1, own)
    params, _ = parts(result, 2, "train")
    shapes = [(n_hidden, X.shape[1]), (data.n_classes, n_hidden)]
    for pair, shape in zip(parts(params, 2, "params"), shapes, strict=True):
        W, b = parts(pair, 2, "a layer of params")
        require(
            all(isinstance(one, np.ndarray) and one.dtype.kind == "f" for one in (W, b)),
            "W and b should be arrays of floats",
        )
        require(W.shape == shape and b.shape == shape[:1], f"W and b do not fit {shape}")
    return float(np.mean(reference.predict(params, data.X_test) == data.y_test))


# tuned, the project: 4 points


class Dealer:
    """What the students' `draw` is when it is graded: deals on this side, where it can be counted.

    It deals every example `n_epochs` times, shuffled, and then None for ever.
    """

    def __init__(self, X, y, n_epochs, rng):
        self._X, self._y = X, y
        self._rows = np.concatenate([rng.permutation(len(X)) for _ in range(n_epochs)])
        self.n_examples = len(self._rows)

    def __call__(self, batch_size):
        """Deal the next batch."""
        size = index(batch_size)
        if size < 1:
            raise ValueError(f"batch_size must be at least 1, not {size}")
        batch, self._rows = self._rows[:size], self._rows[size:]
        return (self._X[batch].astype(np.float32), self._y[batch]) if len(batch) else None


def run_tuned(student, seed, X, y, n_epochs, n_classes, max_params):
    """Let the student train on a budget; return the network, which keeps to it."""
    rng, n_features = np.random.default_rng(seed), X.shape[1]
    draw = Dealer(X, y, n_epochs, rng)
    params = student.tuned(draw, n_features, n_classes, draw.n_examples, max_params, rng)
    return within_budget(params, n_features, n_classes, max_params)


def within_budget(params, n_features, n_classes, max_params):
    """Require a network of the right sizes, which has no more parameters than allowed."""
    require(isinstance(params, list) and params, "tuned should return a list of (W, b)")
    n_in, used = n_features, 0
    for number, pair in enumerate(params, 1):
        W, b = parts(pair, 2, f"layer {number}")
        floats = all(isinstance(one, np.ndarray) and one.dtype.kind == "f" for one in (W, b))
        require(floats, f"W and b of layer {number} should be arrays of floats")
        fits = W.ndim == 2 and W.shape[1] == n_in and b.shape == W.shape[:1]
        require(fits, f"layer {number} has W of shape {W.shape}, b {b.shape}, and {n_in} inputs")
        require(
            bool(np.isfinite(W).all() and np.isfinite(b).all()),
            f"layer {number} holds infinity or nan: the training has run away",
        )
        n_in, used = len(b), used + W.size + b.size
    require(n_in == n_classes, f"the network has {n_in} outputs for {n_classes} classes")
    require(
        used <= max_params,
        f"the network has {used:,} parameters, {used - max_params:,} more than the {max_params:,} "
        "of its budget",
    )
    return params


def pictures(rng, m, templates):
    """Noisy pictures of classes with some templates each, as the lesson's `make_pictures`."""
    y = rng.integers(0, len(templates), size=m)
    one_of_each = templates[y, rng.integers(0, templates.shape[1], size=m)]
    return np.clip(one_of_each + rng.normal(0, 0.3, size=one_of_each.shape), 0, 1), y


# With 10 other draws of such sets the reference and all alternatives get 0.982 at least. Of the two
# sets below, section 8 gets 0.986 in the worse one, and of four near mistakes (a few batches only,
# batches too large, a rate that is gone too soon, a speed forgotten) the best gets 0.58.
LEAST_RIGHT = 0.9


# These would make the grade luck, if they differed from student to student: a design may be right
# about nine in ten of some pictures and less of others. So the pictures, the budgets and the
# generators are the same for everybody, by a seed that nobody guesses and that keeps all known
# answers away from the threshold.
BUDGETS = 0xE6065EFC90D30CAF


@cache
def two_budgets():
    """For a narrow network and a wide one: templates, pictures to learn from and new ones."""
    rng = np.random.default_rng(BUDGETS)
    drawn = []
    for n_features, n_classes, width, more in ((47, 4, 19, 2), (58, 3, 66, 40)):
        templates = rng.random((n_classes, 2, n_features))
        # In the wide one, whoever forgets the biases has a neuron too many; in the narrow one,
        # whoever forgets those of the last layer.
        most = width * (n_features + 1 + n_classes) + more
        learnt, new = pictures(rng, 800, templates), pictures(rng, 1000, templates)
        drawn.append(
            (n_features, n_classes, most, templates, int(rng.integers(2**32)), learnt, new)
        )
    return drawn


def other_budgets(student):
    """Small sets of other sizes, of which only the network's layers are looked at."""
    rng = np.random.default_rng(BUDGETS + 1)
    for n_features, n_classes, width, m in ((41, 3, 24, 60), (53, 4, 31, 67)):
        X, y = pictures(rng, m, rng.random((n_classes, 2, n_features)))
        most = width * (n_features + 1 + n_classes) + n_classes
        run_tuned(student, int(rng.integers(2**32)), X, y, 1, n_classes, most)


def dealt_the_same_again(student):
    """A training in between leaves no trace: dealt the same, the same network comes out again."""
    rng = np.random.default_rng(BUDGETS + 2)
    n_features, n_classes, most, templates, *_ = two_budgets()[0]
    # No batch but of one example comes out even.
    few = [pictures(rng, 97, templates) for _ in range(2)]
    calls = []
    for seed in (0, 1, 0):
        own = np.random.default_rng(seed)
        draw = Dealer(*few[seed], 1, own)
        calls.append((draw, n_features, n_classes, draw.n_examples, most, own))
    first, other, again = [
        within_budget(params, n_features, n_classes, most) for params in kept(student.tuned, calls)
    ]
    # Memory lies elsewhere the second time, and sums of products are rounded otherwise.
    what = "params, dealt the same and with the same generator again"
    same_layers(again, first, what, rtol=1e-3, atol=1e-3)
    require(
        not all(np.array_equal(W, V) for (W, _), (V, _) in zip(first, other, strict=True)),
        "tuned returns the same network for other pictures and with another generator",
    )


@check(
    "tuned",
    points=1.5,
    hint="Which of your numbers come from the arguments, and which fit one set of images only?",
)
def fits_any_budget_it_is_given(student, reference):
    """Other pictures, sizes and budgets: not a parameter too many, 90 % of new pictures right."""
    for n_features, n_classes, most, _, seed, learnt, (X, y) in two_budgets():
        # Three rounds of 800 come out even for most sizes of a batch.
        params = run_tuned(student, seed, *learnt, 3, n_classes, most)
        right = np.mean(reference.predict(params, X) == y)
        require(
            right >= LEAST_RIGHT,
            f"{n_classes} classes of {n_features} pixels, with {most:,} parameters: {right:.1%} of "
            f"new pictures are right, {LEAST_RIGHT - right:.1%} less than {LEAST_RIGHT:.0%}",
        )
    other_budgets(student)
    dealt_the_same_again(student)


# Measured with this check, each training with its own seed:
#   mnist   reference, 12 seeds: mean 0.9704, sd 0.0011, min 0.9690; alternatives, 4 seeds each:
#           means 0.9690 to 0.9730, min 0.9656; section 8, 6 seeds:
#           mean 0.9549, sd 0.0017, max 0.9562
#   digits  single trainings, 40 seeds each: reference mean 0.951, sd 0.0076; alternatives, means
#           0.949 to 0.956, sd 0.005 to 0.0075; section 8: mean 0.910, sd 0.009
# About half of that variance is common to all designs, as it comes from the images that are dealt
# and from the first weights. So these are the same for everybody, by seeds that nobody guesses.
# With the two below, the mean of two is 0.954 to 0.961 for the reference and all alternatives,
# 0.914 for section 8, and what is left to the design has an sd of 0.0035: as far from the threshold
# as the mean of five with images drawn for each student. Momentum at a rate that does not fall gets
# 0.948 on average, sd 0.0125, and 0.944 with these two. On MNIST, with the first one, the reference
# gets 0.9702, two of the alternatives 0.9668 and 0.9701, section 8 0.9568.
TRAININGS = 0xDD62AD4FD1DA61B8, 0xDFB53F26EB9D0E7B


@check(
    "tuned",
    points=2.5,
    timeout=450,
    at_least={"mnist": 0.962, "digits": 0.935},
    measures="test accuracy",
    hint="Change one thing at a time, and look at the figure. How large is a step, early and late?",
)
def reads_better_on_the_budget(student, reference, data):
    """On a budget of examples and parameters, it reads the test images better than section 8."""
    n_epochs, max_params, n_trainings = (2, 50_000, 1) if data.name == "mnist" else (5, 5_000, 2)
    shares = []
    for seed in TRAININGS[:n_trainings]:
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(data.X_train))[: round(0.8 * len(data.X_train))]
        X, y = data.X_train[rows], data.y_train[rows]
        own = int(rng.integers(2**32))
        params = run_tuned(student, own, X, y, n_epochs, data.n_classes, max_params)
        shares.append(np.mean(reference.predict(params, data.X_test) == data.y_test))
    return float(np.mean(shares))
