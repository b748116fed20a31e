"""What stage 3 grades: 20 points.

Where a perceptron answers, inputs are small whole numbers stored as floats: sums are exact in any
order and in float32 too, so a right solution can never lose to rounding.
"""

import itertools
import operator
from functools import partial

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    kept,
    parts,
    require,
    unchanged,
    unchanged_each,
    varied,
    whole_numbers,
)

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])


# quadratic_features: 2 points


@check(
    "quadratic_features",
    points=1,
    hint="Write one row of the result by hand. Does it depend on how many points there are, or on "
    "their kind or size?",
)
def five_monomials_in_order(student, reference, rng):
    """The five columns hold the monomials in the order of the lesson, for any number of points."""
    calls = [(varied(rng, m, 2, scale=3),) for m in (1, 2, 5, 7, 30, 2)]
    agrees(student.quadratic_features, reference.quadratic_features, calls)
    # Many points, of which some come again.
    many = varied(rng, 1100, 2, scale=3)[rng.integers(0, 900, size=1200)]
    calls.append((np.concatenate([many, many[-1:]]),))
    agrees(student.quadratic_features, reference.quadratic_features, calls)
    # Integers, and so large ones that 32 bits do not hold the squares.
    integers = [rng.integers(-40, 41, size=(m, 2)) * scale for m, scale in ((6, 1), (8, 2**12))]
    found = unchanged_each(student.quadratic_features, [(X,) for X in integers])
    for X, features in zip(integers, found, strict=True):
        expected = reference.quadratic_features(X.astype(float))
        close(features, expected, "quadratic_features of integers")
    # Points very close to the origin, whose monomials are made large again by powers of two.
    X = rng.integers(-40, 41, size=(9, 2)) / 8
    features = unchanged(student.quadratic_features, X * 2.0**-40)
    right = isinstance(features, np.ndarray) and features.shape == (9, 5)
    require(right, "quadratic_features of 9 points should be an array of shape (9, 5)")
    large = features * 2.0 ** (40 * np.array([1, 1, 2, 2, 2]))
    close(large, reference.quadratic_features(X), "quadratic_features of points close to 0")
    # The features of some points stay what they are when those of others are computed.
    two = rng.integers(-40, 41, size=(2, 6, 2)) / 8
    kept(student.quadratic_features, [(one,) for one in two], reference.quadratic_features)


# All points with whole coordinates on the circle with radius 5.
ON_A_CIRCLE = np.array([(i, j) for i in range(-5, 6) for j in range(-5, 6) if i * i + j * j == 25])


@check(
    "quadratic_features",
    points=1,
    hint="Which column does each term in the equation of a circle belong to?",
)
def a_conic_is_flat_in_the_features(student, rng):
    """A circle in the plane lies on a flat surface of the features, wherever its centre is."""
    circles = []
    for quarters in (1, 2, 3, 4):
        # Quarters: all the sums are exact, in single precision as well.
        centre = rng.integers(-12, 13, size=2) / 4
        X = centre + rng.permutation(ON_A_CIRCLE) * quarters / 4
        circles.append((X, centre, 5 * quarters / 4))
    values = student.quadratic_features.each((X,) for X, _, _ in circles)
    for (X, centre, radius), features in zip(circles, values, strict=True):
        m = len(X)
        right = isinstance(features, np.ndarray) and features.shape == (m, 5)
        require(right, f"quadratic_features of {m} points should be an array of shape ({m}, 5)")
        w = np.array([-2 * centre[0], -2 * centre[1], 1, 0, 1])
        sums = features @ w + centre @ centre - radius**2
        close(sums, np.zeros(m), "w · φ(x) + b on a circle")
        # Turned by 45°, the square of x1 - x2 takes its mixed term from the product.
        sums = features @ np.array([0, 0, 1, -2, 1])
        close(sums, (X[:, 0] - X[:, 1]) ** 2, "x1² - 2 x1 x2 + x2²")


# learnable_boolean_functions: 3 points


def threshold_functions(n_inputs):
    """Truth tables of all perceptrons with small whole weights: for n <= 3 these are all there are.

    An oracle of its own, without training.
    """
    inputs = np.array(list(itertools.product((0, 1), repeat=n_inputs)))
    weights = np.array(list(itertools.product(range(-2, 3), repeat=n_inputs)))
    biases = np.arange(-2 * n_inputs, 2 * n_inputs + 2) - 0.5
    sums = (weights @ inputs.T)[:, None, :] + biases[None, :, None]
    # np.unique sorts the rows as numbers in binary: in ascending order.
    return np.unique((sums >= 0).astype(int).reshape(-1, 2**n_inputs), axis=0)


@check(
    "learnable_boolean_functions",
    points=1,
    hint="How many tables are there for one input, and for two? "
    "What do you keep of each, and in which order?",
)
def fourteen_functions_of_two_inputs(student):
    """With one input there are four learnable functions, with two inputs fourteen, in order."""
    for n_inputs in (1, 2):
        found = student.learnable_boolean_functions(n_inputs)
        what = f"learnable_boolean_functions({n_inputs})"
        close(found, threshold_functions(n_inputs), what)
    kept(student.learnable_boolean_functions, [(2,), (1,), (2,)], threshold_functions)


@check(
    "learnable_boolean_functions",
    points=2,
    timeout=90,
    hint="How many epochs do you allow? How many rows does the table of three inputs have?",
)
def functions_of_three_inputs(student):
    """With three inputs exactly the learnable ones of the 256 functions are found, in order."""
    found = student.learnable_boolean_functions(3)
    close(found, threshold_functions(3), "learnable_boolean_functions(3)")


# find_cycle: 3 points


def same_cycle(found, expected):
    """Compare what find_cycle returned with the reference's answer."""
    if expected is None:
        require(found is None, f"find_cycle returned {found}, but there is no cycle to be found")
        return
    require(found is not None, "find_cycle returned None, but the training does run in a cycle")
    start, length = parts(found, 2, "find_cycle")
    close(length, expected[1], "the length of the cycle")
    close(start, expected[0], "the start of the cycle")


@check(
    "find_cycle",
    points=1,
    hint="Follow the table of section 4 by hand. "
    "What do you compare after each epoch, and from where do you count?",
)
def cycle_of_xor_in_any_order(student, reference, rng):
    """On XOR and on its opposite the cycle is found, in whatever order the four rows come."""
    orders = [list(order) for order in itertools.permutations(range(4))]
    calls = [
        (CORNERS[order].astype(rng.choice([int, float])), y[order], 60)
        for order in orders
        for y in (XOR, 1 - XOR)
    ]
    for call, found in zip(calls, student.find_cycle.each(calls), strict=True):
        same_cycle(found, reference.find_cycle(*call))


def trained(X, y, max_epochs):
    """Train as the lesson does; return the cycle that is found, or None, and how many epochs ran.

    An oracle of its own, in Python's whole numbers: these are exact, and many times as fast as
    arrays of two or three.
    """
    examples = [((*x, 1), label) for x, label in zip(X.tolist(), y.tolist(), strict=True)]
    state = (0,) * (X.shape[1] + 1)
    seen = {state: 0}
    for n_epochs in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in examples:
            error = label - (sum(map(operator.mul, state, x)) >= 0)
            if error:
                state = tuple(v + error * value for v, value in zip(state, x, strict=True))
                mistakes += 1
        if mistakes == 0:
            return None, n_epochs
        if state in seen:
            return (seen[state], n_epochs - seen[state]), n_epochs
        seen[state] = n_epochs
    return None, max_epochs


def with_cycle(X, y):
    """Examples and the cycle that training on them runs in, within 700 epochs."""
    return X, y, trained(X, y, 700)[0]


def cyclic_data(rng, n, starts=range(200), least_length=1):
    """Examples with n features on which training runs in a cycle that is not too simple."""

    def draw():
        X = rng.integers(-4, 5, size=(rng.integers(4, 8), n))
        y = rng.integers(0, 2, size=len(X))
        return X, y, trained(X, y, 150)[0]

    def fits(drawn):
        found = drawn[-1]
        return found and found[0] in starts and found[1] >= least_length

    return draw_until(fits, draw)


# A cycle of 127 epochs from 24 on, and one of weights of which some are a hundred times as large.
LONG = (
    [[-6, -6, -3], [4, -9, 3], [6, -5, 3], [9, 2, 0], [3, 9, 0]],
    [1, 0, 1, 0, 0],
)
MIXED = ([[2, 400], [1, -400], [-1, -300], [0, 100], [-2, -200]], [0, 1, 0, 1, 1])


# Training that comes back only after 575 epochs, 548 of which are not in the cycle. Then weights of
# 2**25, some of which differ by 1: not equal, but the same to a part in a million or in float32.
LATE = ([[1], [-27], [27]], [1, 0, 0])
CLOSE = ([[-(2**25)], [2**25], [-2], [2**25 + 1]], [0, 0, 1, 1])
# Two states that are written with the same digits and signs one after the other.
GLUED = ([[-10, -11], [-10, -1], [-2, 12], [1, 0], [-12, 0]], [1, 0, 1, 0, 0])


def taken_for_digits(base):
    """Training in which states would be mixed up as the digits of a number to this base."""
    return [[0, 0], [2, 0], [0, base], [-2, -base]], [1, 0, 0, 0]


def mirrored(rng, X, y):
    """The same training but for the order and the signs of the features, which change no cycle."""
    X = np.array(X)
    signs = rng.choice([-1, 1], size=X.shape[1])
    return (X * signs)[:, rng.permutation(X.shape[1])], np.array(y)


def as_many_features_as_examples(rng, n):
    """Examples at the corners of a square or a triangle in n dimensions, n of them.

    Two of them are in the same place, or there are four on two crossing lines.
    """

    def draw():
        X = rng.integers(-3, 4, size=(n, n))
        y = rng.integers(0, 2, size=n)
        if n == 4:
            X[3], y = X[1] + X[2] - X[0], np.array([0, 1, 1, 0])
        else:
            X[1], y[1] = X[0], 1 - y[0]
        order = rng.permutation(n)
        return X[order], y[order], trained(X[order], y[order], 150)[0]

    return draw_until(lambda drawn: drawn[-1], draw)


@check(
    "find_cycle",
    points=1,
    hint="When are two states the same? Which of the earlier ones can come back, and after how "
    "long?",
)
def start_and_length_of_any_cycle(student, rng):
    """A cycle of several epochs is found at its first return, with the right start and length."""
    late, now, some = range(3, 200), range(1), range(1, 200)
    # Cycles of one epoch and of very many, at the zeros of the start and much later.
    kinds = ((1, now, 2), (2, now, 1), (1, late, 2), (2, late, 4), (2, late, 20))
    kinds += ((3, some, 4), (3, some, 12), (2, some, 12), (1, some, 3), (2, late, 1))
    cases = [cyclic_data(rng, *kind) for kind in kinds]
    cases += [as_many_features_as_examples(rng, n) for n in (2, 3, 4)]
    # Weights of hundreds and of millions, small ones beside large ones, and long cycles: none of
    # the states is taken for another one, and none is forgotten.
    X, y, _ = cases[-1]
    for scale in (150, 1_000_003):  # sums of products are exact all the same
        cases.append(with_cycle(scale * X, y))
    cases += [with_cycle(*mirrored(rng, *one)) for one in (LONG, MIXED, LATE)]
    digits = [taken_for_digits(10**k) for k in (2, 3, 4, 6)]
    for X, y in (CLOSE, GLUED, *digits, *((np.fliplr(X), y) for X, y in digits)):
        cases.append(with_cycle(np.array(X), np.array(y)))
    # Very many features, of which only two in the middle say anything.
    wide = np.zeros((4, 1100), dtype=int)
    wide[:, 500:502] = CORNERS
    cases.append(with_cycle(wide, XOR))
    calls = [(X.astype(rng.choice([int, float])), y, 700) for X, y, _ in cases]
    found = student.find_cycle.each(calls)
    for (_, _, expected), one in zip(cases, found, strict=True):
        same_cycle(one, expected)


def cut_by_a_line(rng, m, n):
    """Examples labelled by a random line, and the number of epochs until training ends."""
    X = rng.integers(-3, 4, size=(m, n))
    sums = X @ rng.integers(-2, 3, size=n) + rng.integers(-2, 3)
    y = (sums >= 0).astype(int)
    return X, y, trained(X, y, 100)[1]


@check(
    "find_cycle",
    points=1,
    hint="In which ways can the search end? "
    "Try the smallest max_epochs that is enough, and one less.",
)
def none_where_there_is_no_cycle(student, rng):
    """The answer is None if training ends or max_epochs is too small; the data stay as they are."""
    cases = []
    for m, n in ((4, 2), (5, 1), (6, 3), (5, 2)):
        X, y, n_epochs = draw_until(
            lambda drawn: 2 < drawn[2] < 100, partial(cut_by_a_line, rng, m, n)
        )
        # The epoch without a mistake is no cycle, not even if it is the last that counts.
        cases += [((X, y, most), None) for most in (5000, n_epochs, n_epochs - 1)]
    cases += [((X, np.full(m, answer), 10), None) for answer in (0, 1)]
    cases.append(((X[:1], np.zeros(1, dtype=int), 4), None))
    # On XOR the weights alone come back an epoch before weights and bias do.
    cases += [((CORNERS, XOR, 3), (2, 1)), ((CORNERS, XOR, 2), None)]
    # One place with both labels: back at the zeros after one epoch.
    twice = np.repeat(rng.integers(1, 5, size=(1, 3)), 2, axis=0)
    cases.append(((twice, np.array([0, 1]), 1), (0, 1)))
    for n, least_length in ((1, 2), (2, 2), (3, 2), (2, 12)):
        X, y, (start, length) = cyclic_data(rng, n, range(1, 200), least_length)
        cases.append(((X, y, start + length), (start, length)))
        cases.append(((X, y, start + length - 1), None))
    found = unchanged_each(student.find_cycle, [args for args, _ in cases])
    for (_, expected), one in zip(cases, found, strict=True):
        same_cycle(one, expected)


# perceptron_layer: 2 points


@check(
    "perceptron_layer",
    points=1,
    hint="Which numbers belong to one perceptron, and which to one example? Try different sizes "
    "and kinds of numbers.",
)
def every_perceptron_answers_every_example(student, reference, rng):
    """Row i and column j hold the answer of perceptron j to example i, whatever the sizes are."""
    calls = []
    # Among them tables that are square, and as many perceptrons as examples.
    sizes = ((40, 3, 5), (2, 5, 7), (1, 4, 3), (5, 1, 4), (4, 3, 1), (30, 6, 6), (9, 4, 9))
    sizes += ((7, 7, 7), (8, 8, 3), (6, 6, 6), (1, 1, 1), (40, 2, 4), (300, 2, 5), (9, 30, 130))
    for m, n, n_out in sizes:
        # Quarters are as exact as whole numbers are. Nothing is on a boundary here.
        W, X = (whole_numbers(rng, *shape, low=-9, high=10) / 4 for shape in ((n_out, n), (m, n)))
        calls.append((W, whole_numbers(rng, n_out, low=-9, high=10) / 4 + 1 / 64, X))
    # Whole numbers as integers, and biases that decide: of an example and its opposite, one has a
    # sum that is not negative.
    W, X = rng.integers(-4, 5, size=(3, 4)), rng.integers(-4, 5, size=(20, 4))
    calls.append((W, rng.integers(-9, 10, size=3), np.concatenate([X, -X])))
    calls.append((W, np.array([70.5, -70.5, 70.5]), np.concatenate([X, -X])))
    # Floats beside integers, in all ways, where a fraction that is lost changes answers: with -0.5
    # and its opposite as biases, or with inputs or weights of one half.
    whole = tuple(rng.integers(-3, 4, size=size) for size in ((6, 3), (6,), (40, 3)))
    for floats in itertools.product((False, True), repeat=3):
        if any(floats):
            mixed = zip(whole, floats, strict=True)
            calls.append(tuple(one - 0.5 if halves else one for one, halves in mixed))
    # Perceptrons without weights, two with the same ones, and examples of zeros: biases decide.
    W, b, X = (whole_numbers(rng, *size) for size in ((6, 3), (6,), (9, 3)))
    W[[0, 1]], W[3], X[4], b = 0, W[2], 0, np.array([1, -1, 1, -1, 1, -1]) / 4
    calls.append((W, b, X))
    # Integers whose products have more than 32 bits.
    W, b, X = (rng.integers(-4, 5, size=size) * 2**20 for size in ((5, 3), (5,), (30, 3)))
    calls += [(W, b * 2**20 + 2**19, X), (W, -b * 2**20 - 2**19, -X)]
    agrees(student.perceptron_layer, reference.perceptron_layer, calls)
    kept(student.perceptron_layer, calls[-2:], reference.perceptron_layer)


@check(
    "perceptron_layer",
    points=1,
    hint="What does formula (6) say of a sum of exactly zero, and of one just below it?",
)
def boundary_points_are_class_one(student, reference, rng):
    """An example exactly on a perceptron's boundary gets a 1; for others the side counts."""
    calls = []
    for m, n, n_out in ((12, 2, 6), (9, 5, 8), (15, 3, 10), (150, 2, 40)):
        X = whole_numbers(rng, m, n)
        W = rng.integers(1, 4, size=(n_out, n)) * rng.choice([-1.0, 1.0], size=(n_out, n))
        i = rng.integers(m)
        b = -W @ X[i] + 0.0  # example i is on all the boundaries
        # Powers of two change no sign and no digit, but the sums come as close to 0 as one likes.
        for scale in (1.0, 2.0**-110, 2.0 ** rng.integers(-110, 20, size=n_out)):
            calls.append(((W.T * scale).T, b * scale, X.astype(rng.choice([int, float]))))
    # Large terms that leave a very small sum, on either side of 0.
    W, X = whole_numbers(rng, 8, 3, low=1) + 1, whole_numbers(rng, 5, 3)
    calls.append((W, -W @ X[0] + np.array([1, -1, 0, -1, 1, -1, -1, 0]) * 2.0**-40, X))
    agrees(student.perceptron_layer, reference.perceptron_layer, calls, may_change=True)


# xor_network: 3 points


def answers(student, X):
    """Check the form of what xor_network returns for X, and return the two arrays."""
    H, y_hat = parts(unchanged(student.xor_network, X), 2, "xor_network")
    for value, shape, what in ((H, (len(X), 2), "H"), (y_hat, (len(X),), "y_hat")):
        integers = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
        require(integers, f"{what} should be an array of integers")
        require(value.shape == shape, f"{what} has shape {value.shape}, but should have {shape}")
        require(np.isin(value, (0, 1)).all(), f"{what} should hold nothing but 0 and 1")
    return H, y_hat


@check(
    "xor_network",
    points=1,
    hint="Which point near a corner is the hardest for each of your lines? "
    "Does it matter which points come with it?",
)
def xor_with_room_to_spare(student, rng):
    """XOR is right at the corners, and for points with coordinates up to 0.2 away from theirs."""
    _, y_hat = answers(student, CORNERS)
    close(y_hat, XOR, "y_hat at the four corners")
    m = 6000
    corner = np.concatenate([np.arange(4), rng.integers(0, 4, size=m - 4)])
    X = CORNERS[corner] + rng.uniform(-0.2, 0.2, size=(m, 2))
    # The corners of the small squares are the hardest points: all 16 of them are here.
    hardest = np.array(list(itertools.product((-0.2, 0.2), repeat=2)))
    X[:16] = (CORNERS[:, None] + hardest).reshape(-1, 2)
    order = rng.permutation(m)
    corner[:16] = np.repeat(np.arange(4), 4)
    _, y_hat = answers(student, X[order])
    close(y_hat, XOR[corner[order]], "y_hat near the corners")
    for x, label in zip(CORNERS, XOR, strict=True):
        _, y_hat = answers(student, x[None, :].astype(float))
        close(y_hat, np.array([label]), "y_hat for a single corner")
    for few in (2, 3, 5):
        _, y_hat = answers(student, X[:few])
        close(y_hat, XOR[corner[:few]], f"y_hat for {few} points")
    corners = CORNERS, 1 - CORNERS[[0, 1, 0, 0]]
    both = kept(student.xor_network, [(one,) for one in corners])
    for said, right in zip(both, (XOR, XOR[[3, 2, 3, 3]]), strict=True):
        close(parts(said, 2, "xor_network")[1], right, "y_hat at corners, in one of several calls,")


def points_around(rng, m):
    """Points near the unit square, some far away, and as many at distances of up to millions."""
    far = rng.normal(size=(m, 2)) * 10.0 ** rng.uniform(0, 6, size=(m, 1))
    around = rng.uniform(-0.5, 1.5, size=(m, 2)), rng.normal(size=(m, 2)) * 5
    return np.concatenate([*around, far])


@check("xor_network", points=1, hint="In which region of the plane does a perceptron say 1?")
def hidden_units_are_perceptrons(student, rng):
    """Each hidden unit keeps to one straight line: 1 on one side of it, 0 on the other."""
    # Both sides of a line are convex: between two points with one answer the answer is the same.
    p, q = points_around(rng, 1200), rng.permutation(points_around(rng, 1200))
    at_p, _ = answers(student, p)
    at_q, _ = answers(student, q)
    for share in (0.5, 0.15, 0.85):
        between, _ = answers(student, (1 - share) * p + share * q)
        for j in (0, 1):
            broken = (at_p[:, j] == at_q[:, j]) & (between[:, j] != at_p[:, j])
            require(
                not broken.any(),
                f"hidden unit {j} gives the same answer at two points and another one between "
                "them: no single perceptron does that",
            )
    # A point gets the same answers among others, in a few, and as integers.
    X = rng.integers(-1000, 1001, size=(60, 2))
    H, _ = answers(student, X)
    for some, said in ((X.astype(float), H), (X[:7], H[:7]), (p[-4:], at_p[-4:])):
        close(answers(student, some)[0], said, "H of points that it was called with before")
    # Where the answer changes is found by halving, and must be a line. (A line of float32 numbers
    # is off by 1e-5 at the most, a network that bends its line to keep to the corners by more.)
    near = (np.abs(p) < 20).all(axis=1) & (np.abs(q) < 20).all(axis=1)
    changes = [np.flatnonzero(near & (at_p[:, j] != at_q[:, j]))[:60] for j in (0, 1)]
    differ, unit = np.concatenate(changes), np.repeat([0, 1], [len(rows) for rows in changes])
    one, other, said = p[differ], q[differ], at_p[differ, unit]
    for _ in range(24 if len(differ) else 0):
        middle = (one + other) / 2
        as_one = (answers(student, middle)[0][np.arange(len(unit)), unit] == said)[:, None]
        one, other = np.where(as_one, middle, one), np.where(as_one, other, middle)
    for j in (0, 1):
        border = one[unit == j]
        if len(border) < 3:
            continue  # all on one side, or nearly
        off_the_line = np.linalg.svd(border - border.mean(axis=0), compute_uv=False)[-1]
        require(
            off_the_line < 1e-3,
            f"hidden unit {j} changes its answer along a curve: no single perceptron does that",
        )


@check("xor_network", points=1, hint="What may the third perceptron look at?")
def third_perceptron_sees_the_hidden_answers_only(student, rng):
    """The output depends on the two hidden answers alone, in a way that one perceptron can do."""
    X = np.concatenate([CORNERS, points_around(rng, 2000)])
    H, y_hat = answers(student, X)
    close(y_hat[:4], XOR, "y_hat at the four corners")
    said = {}
    for h, label in zip(map(tuple, H.tolist()), y_hat.tolist(), strict=True):
        require(
            said.setdefault(h, label) == label,
            f"for the hidden answers {h} the output is 0 at one point and 1 at another",
        )
    for opposite in (((0, 0), (1, 1)), ((0, 1), (1, 0))):
        other = ((0, 1), (1, 0)) if opposite[0] == (0, 0) else ((0, 0), (1, 1))
        impossible = all(said.get(h) == 0 for h in opposite) and all(
            said.get(h) == 1 for h in other
        )
        require(
            not impossible,
            "the output is the XOR of the hidden answers (or its opposite), which no single "
            "perceptron computes",
        )


# network_for: 4 points


def drawn_table(rng, n, n_ones=None):
    """A truth table of n inputs: with that many 1s, or with some and not only 1s."""
    if n_ones is None:
        n_ones = rng.integers(1, 2**n)
    return (rng.permutation(2**n) < n_ones).astype(int)


def said_by(network, n, what):
    """The answers of a network to all rows, and its number of hidden units, if its form is right.

    All of it is computed here, from nothing but the four arrays.
    """
    arrays = parts(network, 4, "network_for")
    for array, name in zip(arrays, ("W1", "b1", "W2", "b2"), strict=True):
        numbers = isinstance(array, np.ndarray) and array.dtype.kind in "biuf"
        require(numbers, f"for {what}, {name} should be an array of numbers")
        require(np.isfinite(array).all(), f"for {what}, {name} has an entry that is not finite")
    shapes = [array.shape for array in arrays]
    n_hidden = len(arrays[1]) if arrays[1].ndim == 1 else -1
    for shape, wanted, name in zip(
        shapes,
        ((n_hidden, n), (n_hidden,), (1, n_hidden), (1,)),
        ("W1", "b1", "W2", "b2"),
        strict=True,
    ):
        sizes = "W1 (n_hidden, n), b1 (n_hidden,), W2 (1, n_hidden), b2 (1,)"
        require(
            shape == wanted, f"for {what}, {name} has the shape {shape}; the shapes are {sizes}"
        )
    require(n_hidden >= 1, f"for {what} there is no hidden unit; it takes at least one")
    W1, b1, W2, b2 = (array.astype(float) for array in arrays)
    X = np.array(list(itertools.product((0.0, 1.0), repeat=n)))
    with np.errstate(all="ignore"):
        H = (X @ W1.T + b1 >= 0).astype(float)
        return (H @ W2.T + b2 >= 0).astype(int)[:, 0], n_hidden


def sizes_of_right_networks(student, tables, networks=None):
    """The number of hidden units for each table, if all the networks are right in all rows."""
    sizes = []
    networks = networks or unchanged_each(student.network_for, [(table,) for table in tables])
    for table, network in zip(tables, networks, strict=True):
        n = len(table).bit_length() - 1
        ones = f"{table.sum()} one{'' if table.sum() == 1 else 's'}"
        what = f"a table of {n} input{'s'[: n > 1]} with {ones} in {2**n} rows"
        said, n_hidden = said_by(network, n, what)
        wrong = int(np.sum(said != table))
        require(not wrong, f"for {what}, the network is wrong in {wrong} of the rows")
        message = f"for {what}, the network has {n_hidden} hidden units; {2**n} is the most"
        require(n_hidden <= 2**n, message)
        sizes.append(n_hidden)
    return sizes


@check(
    "network_for",
    points=1,
    hint="Put the rows of a table of one input into your network by hand, "
    "then those of a table with one answer only.",
)
def small_and_constant_tables(student, rng):
    """The network is right for all tables of one and two inputs, and for always 0 and always 1."""
    tables = [np.array(bits) for rows in (2, 4) for bits in itertools.product((0, 1), repeat=rows)]
    tables += [np.full(2**n, answer) for n in (3, 4, 5) for answer in (0, 1)]
    sizes_of_right_networks(student, [tables[i] for i in rng.permutation(len(tables))])


@check("network_for", points=1, hint="Try your function on a table of two inputs, by hand.")
def any_table_of_three_to_five_inputs(student, rng):
    """The network is right for drawn tables of three to five inputs, with 2**n units at most."""
    tables = [drawn_table(rng, n) for _ in range(4) for n in (3, 4, 5)]
    tables += [drawn_table(rng, n, 2 ** (n - 1)) for n in (3, 4, 5, 3, 4, 5, 5, 5)]
    odd = np.array([sum(bits) % 2 for bits in itertools.product((0, 1), repeat=5)])
    sizes_of_right_networks(student, [*tables[::2], odd])
    # A network stays as it is when others are made, of the same sizes and of smaller ones.
    tables = [1 - odd, *tables[1::2]]
    networks = kept(student.network_for, [(table,) for table in tables])
    sizes_of_right_networks(student, tables, networks)


@check("network_for", points=1, hint="If 30 of 32 answers are 1, which rows are worth a unit?")
def rare_answers_need_few_units(student, rng):
    """Where one of the answers is in q rows only, the network has at most 2q hidden units."""
    tables = []
    for n, rare in (*itertools.product((3, 4, 5), (1, 2, 3)), (4, 4), (5, 4)):
        tables += [drawn_table(rng, n, rare), drawn_table(rng, n, 2**n - rare)]
    sizes = sizes_of_right_networks(student, tables)
    for table, size in zip(tables, sizes, strict=True):
        rare = min(table.sum(), len(table) - table.sum())
        require(
            size <= 2 * rare,
            f"one of the answers is in {rare} of {len(table)} rows, and the network has {size} "
            f"hidden units; {2 * rare} is the most",
        )


# Averages over 1,000 tables. Designs that share units between rows: the reference 3.74, the others
# 3.17 to 4.59 (the spread from table to table is 0.7 to 1.0). Those that do not: one unit for each
# row of the rarer answer 8 always, one for each change along the table 7.98 ± 1.93. Other tables
# for each student would make the grade of a design between these luck, so the twenty tables are the
# same for everybody. The seed, which nobody guesses, is such that all these designs have the same
# average over the twenty to within 0.12.
MOST_ON_AVERAGE = 6.0
TWENTY = 0x425B14D7F50BCD23


@check("network_for", points=1, hint="Can one hidden unit do the work of several?")
def thrifty_on_average(student):
    """For tables of four inputs with eight 1s: at most 6 hidden units on average."""
    rng = np.random.default_rng(TWENTY)
    sizes = sizes_of_right_networks(student, [drawn_table(rng, 4, 8) for _ in range(20)])
    average = np.mean(sizes)
    require(
        average <= MOST_ON_AVERAGE,
        f"for tables of four inputs with eight 1s the networks have {average:.2f} hidden units on "
        f"average, which is {average - MOST_ON_AVERAGE:.2f} more than the most, "
        f"{MOST_ON_AVERAGE:g}",
    )


# collapse_all: 3 points


def linear_layers(rng, *sizes, scale=1.0):
    """Random layers with these sizes, scaled so that the outputs stay about as large as inputs."""
    layers = [
        (varied(rng, n_out, n_in) / np.sqrt(n_in), varied(rng, n_out))
        for n_in, n_out in itertools.pairwise(sizes)
    ]
    W, b = layers[-1]
    return [*layers[:-1], (W * scale, b * scale)]


def deep_layers(rng, n, depth):
    """Layers that do no more than change places and signs, and move: nothing grows or vanishes."""
    signs = rng.choice([-1.0, 1.0], size=(depth, n, 1))
    return [(sign * np.eye(n)[rng.permutation(n)], whole_numbers(rng, n)) for sign in signs]


BOTH = ("W", "b")


@check(
    "collapse_all",
    points=1,
    hint="Follow one input through both layers, as in the worked example. "
    "What multiplies it, and what is added?",
)
def two_layers_become_one(student, reference, rng):
    """W and b are those of formula (7) for two layers of any sizes."""
    all_sizes = ((3, 5, 2), (4, 2, 6), (2, 7, 3), (1, 4, 2), (5, 1, 3), (3, 2, 1), (4, 4, 4))
    calls = [(linear_layers(rng, *sizes),) for sizes in all_sizes]
    calls.append((linear_layers(rng, 5, 6, 4, scale=2.0**-12),))
    agrees(student.collapse_all, reference.collapse_all, calls, BOTH, may_change=True)
    # Outputs far below 1 and far above, which a power of two brings back.
    layers = linear_layers(rng, 3, 5, 4)
    W, b = layers[-1]
    for scale, kind in ((2.0**-60, "small"), (2.0**40, "large")):
        scaled = student.collapse_all([layers[0], (W * scale, b * scale)])
        scaled = parts(scaled, 2, "collapse_all")
        for value, expected, what in zip(scaled, reference.collapse_all(layers), BOTH, strict=True):
            require(isinstance(value, np.ndarray), f"{what} should be an array")
            close(value / scale, expected, f"{what} of a network with very {kind} outputs")


@check(
    "collapse_all",
    points=1,
    hint="What is collapsed after k layers, and what does the next one do to it? "
    "Is that true of the first and the last?",
)
def any_depth_collapses(student, reference, rng):
    """Networks of one to nine layers, wide and narrow, become a single layer."""
    all_sizes = [rng.integers(2, 7, size=depth + 1) for depth in (1, 2, 3, 4, 5, 7, 9)]
    all_sizes += [(4, 1, 3, 2), (3, 3, 3, 3, 3), (3, 3), (2, 4, 4, 4, 2), (30, 12, 2)]
    calls = [(linear_layers(rng, *sizes),) for sizes in all_sizes]
    # Layers of zeros, and layers without bias: the layers behind them count.
    middle = linear_layers(rng, 3, 4, 2, 3, 5)
    for at, zero in ((1, 0), (1, 1), (0, 0), (0, 1)):
        layers = list(middle)
        layers[at] = tuple(part * (k != zero) for k, part in enumerate(layers[at]))
        calls.append((layers,))
    calls.append((deep_layers(rng, 3, 130),))
    agrees(student.collapse_all, reference.collapse_all, calls, BOTH, may_change=True)
    # One layer that stands in the list three times, which is one object.
    (layer,) = linear_layers(rng, 3, 3)
    thrice = student.collapse_all.through(lambda own, *one: own([one, one, one]))
    wanted = reference.collapse_all([layer] * 3)
    single = parts(thrice(*layer), 2, "collapse_all")
    for got, expected, what in zip(single, wanted, BOTH, strict=True):
        close(got, expected, f"{what} of a layer that is used three times")


@check(
    "collapse_all",
    points=1,
    hint="Which arrays are the caller's, and which are yours? "
    "What does the single layer say to an input?",
)
def the_network_is_left_as_it_was(student, reference, rng):
    """The single layer does what the network did, and list and arrays are left as they were."""
    all_sizes = ((3, 5, 4, 2), (2, 6, 3), (5, 4), (2, 3, 2, 3, 2), (4, 4, 4), (3, 3, 3, 3), (5, 5))
    all_sizes += ((3, 2, 1), (4, 1, 3), (2, 1, 1))
    calls = [(linear_layers(rng, *sizes),) for sizes in all_sizes]
    calls += [(deep_layers(rng, 4, 20),), (linear_layers(rng, 5, *[4] * 12),)]
    agrees(student.collapse_all, reference.collapse_all, calls, BOTH)
    twins = [(linear_layers(rng, 3, 4, 2),) for _ in range(2)]
    kept(student.collapse_all, [*calls[:2], *calls[-2:], *twins], reference.collapse_all, BOTH)
