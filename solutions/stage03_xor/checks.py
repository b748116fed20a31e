"""What stage 3 grades: 20 points.

Where a perceptron answers, inputs are small whole numbers stored as floats: sums are exact in any
order and in float32 too, so a right solution can never lose to rounding.
"""

import itertools
from functools import partial

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    parts,
    require,
    unchanged,
    unchanged_each,
    whole_numbers,
)

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])


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


@check("find_cycle", points=1)
def cycle_of_xor_in_any_order(student, reference, rng):
    """On XOR and on its opposite the cycle is found, in whatever order the four rows come."""
    calls = []
    for y in (XOR, 1 - XOR):
        for order in (np.arange(4), *(rng.permutation(4) for _ in range(3))):
            calls.append((CORNERS[order].astype(rng.choice([int, float])), y[order], 60))
    for call, found in zip(calls, student.find_cycle.each(calls), strict=True):
        same_cycle(found, reference.find_cycle(*call))


def cyclic_data(reference, rng, n, least_start, least_length):
    """Examples with n features on which training runs in a cycle that is not too simple."""

    def draw():
        X = rng.integers(-2, 4, size=(rng.integers(3, 7), n))
        y = rng.integers(0, 2, size=len(X))
        return X, y, reference.find_cycle(X, y, 80)

    def fits(drawn):
        found = drawn[-1]
        return found and found[0] >= least_start and found[1] >= least_length

    return draw_until(fits, draw)


@check("find_cycle", points=1, hint="Which states can come back: only the last, only the first?")
def start_and_length_of_any_cycle(student, reference, rng):
    """A cycle of several epochs is found at its first return, with the right start and length."""
    kinds = ((1, 2, 2), (2, 3, 2), (1, 0, 3), (3, 1, 4), (2, 1, 3), (2, 4, 2))
    cases = [cyclic_data(reference, rng, *kind) for kind in kinds]
    found = student.find_cycle.each((X, y, 200) for X, y, _ in cases)
    for (_, _, expected), one in zip(cases, found, strict=True):
        same_cycle(one, expected)


def cut_by_a_line(rng, m, n):
    """Examples labelled by a random line."""
    X = rng.integers(-3, 4, size=(m, n))
    sums = X @ rng.integers(-2, 3, size=n) + rng.integers(-2, 3)
    return X, (sums >= 0).astype(int)


@check("find_cycle", points=1)
def none_where_there_is_no_cycle(student, reference, rng):
    """The answer is None if training ends or max_epochs is too small; the data stay as they are."""
    cases = []
    for m, n in ((4, 2), (5, 1), (6, 3)):
        X, y = draw_until(lambda drawn: np.ptp(drawn[1]) > 0, partial(cut_by_a_line, rng, m, n))
        cases.append(((X, y, 5000), None))
    cases.append(((X, np.ones(m, dtype=int), 10), None))
    # On XOR the weights alone come back an epoch before weights and bias do.
    cases += [((CORNERS, XOR, 3), (2, 1)), ((CORNERS, XOR, 2), None)]
    for n in (1, 2, 3):
        X, y, (start, length) = cyclic_data(reference, rng, n, 1, 2)
        cases.append(((X, y, start + length), (start, length)))
        cases.append(((X, y, start + length - 1), None))
    found = unchanged_each(student.find_cycle, [args for args, _ in cases])
    for (_, expected), one in zip(cases, found, strict=True):
        same_cycle(one, expected)


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


@check("learnable_boolean_functions", points=1)
def fourteen_functions_of_two_inputs(student):
    """With one input there are four learnable functions, with two inputs fourteen, in order."""
    for n_inputs in (1, 2):
        found = student.learnable_boolean_functions(n_inputs)
        what = f"learnable_boolean_functions({n_inputs})"
        close(found, threshold_functions(n_inputs), what)


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


# best_accuracy: 1 point


@check("best_accuracy", points=1)
def best_share_of_equal_rows(student, reference, rng):
    """The best share is right for any labels and any number of tables, which are left alone."""
    cases = []
    for n_tables, n_rows in ((14, 4), (3, 8), (1, 5), (6, 3), (40, 6), (5, 1)):
        y, tables = rng.integers(0, 2, size=n_rows), rng.integers(0, 2, size=(n_tables, n_rows))
        cases.append((y, tables, reference.best_accuracy(y, tables), "best_accuracy"))
        # A table that is wrong everywhere is no help; one that is right everywhere is all it takes.
        wrong = np.array([1 - y, 1 - y])
        cases.append((y, wrong, 0.0, "best_accuracy of a table that is always wrong"))
        tables = tables.copy()
        tables[rng.integers(n_tables)] = y
        cases.append((y, tables, 1.0, "best_accuracy, with y among the tables"))
    tables = threshold_functions(2)
    for y in (XOR, 1 - XOR):
        cases.append((y, tables, 0.75, "best_accuracy on XOR or its opposite"))
    shares = unchanged_each(student.best_accuracy, [(y, tables) for y, tables, _, _ in cases])
    for (*_, expected, what), share in zip(cases, shares, strict=True):
        close(share, expected, what)


# polar_features: 2 points


@check("polar_features", points=1, hint="Check your function with one point of each quadrant.")
def distance_and_angle_in_all_directions(student, reference, rng):
    """Distance and angle are right in all four quadrants and on the axes, in this order."""
    calls = []
    for m in (1, 3, 2, 17):
        X = rng.normal(size=(m, 2)) * 3
        calls.append((X + np.copysign(0.1, X),))  # next to the cut the angle could go either way
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    calls.append((signs * rng.uniform(0.5, 4, size=(4, 2)),))
    axes = np.array([[3, 0], [0, 2], [-4, 0], [0, -5]])
    features = unchanged_each(student.polar_features, [*calls, (axes,), (axes.astype(float),)])
    for (X,) in calls:
        close(next(features), reference.polar_features(X), "polar_features")
    for _ in range(2):
        close(next(features), reference.polar_features(axes), "polar_features on the axes")


@check("polar_features", points=1)
def turning_and_stretching(student, rng):
    """Stretching multiplies the distance alone, and turning by an angle adds it to the angle."""
    for _ in range(3):
        r, theta = rng.uniform(0.5, 3, size=6), rng.uniform(-3, 3, size=6)
        X = np.column_stack([r * np.cos(theta), r * np.sin(theta)])
        calls = [(stretch * X,) for stretch in (1.0, 2.5, 0.2)]
        turned = rng.uniform(-3, 3, size=6)
        calls.append((np.column_stack([r * np.cos(turned), r * np.sin(turned)]),))
        features = student.polar_features.each(calls)
        for stretch in (1.0, 2.5, 0.2):
            expected = np.column_stack([stretch * r, theta])
            close(next(features), expected, "polar_features")
        close(next(features)[:, 1], turned, "the angles")


# quadratic_features: 2 points


@check("quadratic_features", points=1)
def five_monomials_in_order(student, reference, rng):
    """The five columns hold the monomials in the order of the lesson, for any number of points."""
    calls = [(rng.normal(size=(m, 2)) * 2,) for m in (1, 2, 5, 7, 30)]
    agrees(student.quadratic_features, reference.quadratic_features, calls)
    X = rng.integers(-4, 5, size=(6, 2))
    expected = reference.quadratic_features(X.astype(float))
    close(unchanged(student.quadratic_features, X), expected, "quadratic_features of integers")


@check("quadratic_features", points=1)
def a_conic_is_flat_in_the_features(student, rng):
    """A circle in the plane lies on a flat surface of the features, wherever its centre is."""
    circles = []
    for _ in range(4):
        centre, radius = rng.normal(size=2) * 2, rng.uniform(0.5, 3)
        around = rng.uniform(0, 2 * np.pi, size=9)
        X = centre + radius * np.column_stack([np.cos(around), np.sin(around)])
        circles.append((X, centre, radius))
    values = student.quadratic_features.each((X,) for X, _, _ in circles)
    for (X, centre, radius), features in zip(circles, values, strict=True):
        right = isinstance(features, np.ndarray) and features.shape == (9, 5)
        require(right, "quadratic_features of 9 points should be an array of shape (9, 5)")
        w = np.array([-2 * centre[0], -2 * centre[1], 1, 0, 1])
        sums = features @ w + centre @ centre - radius**2
        close(sums, np.zeros(9), "w · φ(x) + b on a circle", atol=1e-4)
        # Turned by 45°, the square of x1 - x2 takes its mixed term from the product.
        sums = features @ np.array([0, 0, 1, -2, 1])
        close(sums, (X[:, 0] - X[:, 1]) ** 2, "x1² - 2 x1 x2 + x2²", atol=1e-4)


# perceptron_layer: 2 points


@check("perceptron_layer", points=1)
def every_perceptron_answers_every_example(student, reference, rng):
    """Row i and column j hold the answer of perceptron j to example i, whatever the sizes are."""
    calls = []
    for m, n, n_out in ((6, 3, 2), (2, 5, 7), (1, 4, 3), (5, 1, 4), (4, 3, 1), (3, 3, 3)):
        W, b, X = whole_numbers(rng, n_out, n), whole_numbers(rng, n_out), whole_numbers(rng, m, n)
        calls.append((W, b + 0.5, X))  # nothing is on a boundary here
    # Biases that decide: of an example and its opposite, one has a sum that is not negative.
    X = whole_numbers(rng, 2, 3)
    X = np.concatenate([X, -X])
    calls.append((whole_numbers(rng, 3, 3), np.array([60.5, -60.5, 60.5]), X))
    agrees(student.perceptron_layer, reference.perceptron_layer, calls)


@check("perceptron_layer", points=1, hint="What does a perceptron say to a sum of exactly zero?")
def boundary_points_are_class_one(student, reference, rng):
    """An example exactly on a perceptron's boundary gets a 1 from it."""
    for m, n, n_out in ((4, 2, 3), (3, 5, 2), (5, 3, 4)):
        X = whole_numbers(rng, m, n)
        W = rng.integers(1, 4, size=(n_out, n)) * rng.choice([-1.0, 1.0], size=(n_out, n))
        i = rng.integers(m)
        b = -W @ X[i]  # example i is on all the boundaries
        H = student.perceptron_layer(W, b, X.astype(int))
        close(H, reference.perceptron_layer(W, b, X), "perceptron_layer")


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


@check("xor_network", points=1)
def xor_with_room_to_spare(student, rng):
    """XOR is right at the corners, and for points with coordinates up to 0.2 away from theirs."""
    _, y_hat = answers(student, CORNERS)
    close(y_hat, XOR, "y_hat at the four corners")
    corner = np.concatenate([np.arange(4), rng.integers(0, 4, size=96)])
    X = CORNERS[corner] + rng.uniform(-0.199, 0.199, size=(100, 2))
    # The corners of the small squares are the hardest points.
    X[:60] = CORNERS[corner[:60]] + 0.199 * rng.choice([-1, 1], size=(60, 2))
    _, y_hat = answers(student, X)
    close(y_hat, XOR[corner], "y_hat near the corners")
    for x, label in zip(CORNERS, XOR, strict=True):
        _, y_hat = answers(student, x[None, :].astype(float))
        close(y_hat, np.array([label]), "y_hat for a single corner")


def points_around(rng, m):
    """Points near the unit square, and some far away."""
    return np.concatenate([rng.uniform(-0.5, 1.5, size=(m, 2)), rng.normal(size=(m, 2)) * 5])


@check("xor_network", points=1, hint="What region of the plane does a perceptron say 1 to?")
def hidden_units_are_perceptrons(student, rng):
    """Each hidden unit keeps to one straight line: 1 on its one side, 0 on its other."""
    # Both sides of a line are convex: between two points with one answer the answer is the same.
    p, q = points_around(rng, 1500), rng.permutation(points_around(rng, 1500))
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


@check("xor_network", points=1, hint="What may the third perceptron look at?")
def third_perceptron_sees_the_hidden_answers_only(student, rng):
    """The output depends on the two hidden answers alone, in a way that one perceptron can."""
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


# collapse: 2 points


def linear_layers(rng, sizes):
    """Random layers with these sizes, scaled so that the outputs stay about as large as inputs."""
    return [
        (rng.normal(size=(n_out, n_in)) / np.sqrt(n_in), rng.normal(size=n_out))
        for n_in, n_out in itertools.pairwise(sizes)
    ]


def two_arrays(returned, what):
    """The weights and biases that a function returned."""
    W, b = parts(returned, 2, what)
    arrays = isinstance(W, np.ndarray) and isinstance(b, np.ndarray)
    require(arrays, f"{what} should return W and b, two arrays")
    return W, b


@check("collapse", points=1)
def weights_and_biases_of_the_single_layer(student, reference, rng):
    """W and b are right for layers of any sizes, and the arguments are left alone."""
    all_sizes = ((3, 5, 2), (4, 2, 6), (2, 7, 3), (1, 4, 2), (5, 1, 3), (3, 2, 1), (4, 4, 4))
    layers = [linear_layers(rng, sizes) for sizes in all_sizes]
    calls = [(*first, *second) for first, second in layers]
    agrees(student.collapse, reference.collapse, calls, ("W", "b"), atol=1e-5)


@check("collapse", points=1)
def one_layer_does_what_two_did(student, rng):
    """For any input the single layer gives what the two layers give, one after the other."""
    for sizes in ((3, 5, 2), (2, 3, 4), (6, 2, 5)):
        (W1, b1), (W2, b2) = linear_layers(rng, sizes)
        W, b = two_arrays(student.collapse(W1, b1, W2, b2), "collapse")
        right = np.shape(W) == (sizes[2], sizes[0]) and np.shape(b) == (sizes[2],)
        require(right, f"for sizes {sizes}, W has shape {np.shape(W)} and b has {np.shape(b)}")
        X = rng.normal(size=(8, sizes[0]))
        outputs = (X @ W1.T + b1) @ W2.T + b2
        close(X @ W.T + b, outputs, "the output of the single layer", atol=1e-5)
        close(b, W2 @ b1 + b2, "the output for an input of zeros", atol=1e-5)


# collapse_all: 2 points


@check("collapse_all", points=1)
def any_depth_collapses(student, reference, rng):
    """Networks of one to seven layers, wide and narrow, become a single layer."""
    all_sizes = [rng.integers(2, 7, size=depth + 1) for depth in (1, 2, 3, 4, 5, 7)]
    calls = [(linear_layers(rng, sizes),) for sizes in (*all_sizes, (4, 1, 3, 2))]
    what = ("W", "b")
    agrees(student.collapse_all, reference.collapse_all, calls, what, atol=1e-5, may_change=True)


@check("collapse_all", points=1)
def the_network_is_left_as_it_was(student, rng):
    """The single layer does what the network did, and list and arrays are left as they were."""
    all_sizes = ((3, 5, 4, 2), (2, 6, 3), (5, 4), (2, 3, 2, 3, 2))
    calls = [(linear_layers(rng, sizes),) for sizes in all_sizes]
    values = unchanged_each(student.collapse_all, calls)
    for sizes, (layers,), value in zip(all_sizes, calls, values, strict=True):
        W, b = two_arrays(value, "collapse_all")
        right = np.shape(W) == (sizes[-1], sizes[0]) and np.shape(b) == (sizes[-1],)
        require(right, f"for sizes {sizes}, W has shape {np.shape(W)} and b has {np.shape(b)}")
        X = A = rng.normal(size=(7, sizes[0]))
        for W_one, b_one in layers:
            A = A @ W_one.T + b_one
        close(X @ W.T + b, A, "the output of the single layer", atol=1e-5)
