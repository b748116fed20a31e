"""What stage 2 grades: 20 points.

Most inputs are small whole numbers or multiples of 1/32, stored as floats: their sums of products
are exact in any order and in float32 too, so a right solution can never lose to rounding, and ties
come up often. So are such numbers times a power of 2.
"""

from functools import cache, partial
from itertools import product

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    generators,
    kept,
    parts,
    require,
    unchanged,
    unchanged_each,
    varied,
    whole_numbers,
)


def exact_numbers(rng, *shape):
    """Small whole numbers, zeros among them, and as many fractions: multiples of 1/32."""
    fractions = rng.integers(1, 32, size=shape) / 32
    return whole_numbers(rng, *shape) + fractions * rng.integers(0, 2, size=shape)


def random_classifier(rng, n_classes, n):
    return exact_numbers(rng, n_classes, n), exact_numbers(rng, n_classes)


# m examples, n features, K classes: all different, one example, one feature, two classes, and
# square shapes, in which a wrong transpose or a bias on the wrong axis goes unnoticed by NumPy.
SHAPES = (
    *((7, 5, 3), (3, 2, 6), (1, 4, 3), (6, 1, 4), (5, 3, 2), (4, 3, 3), (3, 5, 3), (9, 4, 12)),
    *((4, 4, 3), (3, 3, 3), (2, 20, 5), (1, 1, 2)),
)
# Nobody clips numbers as large, or takes numbers as small for zeros. All are exact in float32.
SCALES = (1.0, 2.0**70, 2.0**-70)


def rescaled(value, scale):
    """The value divided by a power of 2, so that tiny numbers count; as it is, if no floats."""
    floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value / scale if floats else value


# scores: 2 points


@check("scores", points=1, hint="Take a single entry: which row of X and which row of W make it?")
def every_class_scores_every_example(student, reference, rng):
    """Entry (i, j) is the score of class j for example i, whatever m, n and K are."""
    calls = [
        (varied(rng, n_classes, n), np.zeros(n_classes), varied(rng, m, n))
        for m, n, n_classes in SHAPES
    ]
    # A class alone; thousands of examples, or of features.
    for m, n, n_classes in ((4, 3, 1), (1, 1, 1), (2053, 2, 3), (2, 2053, 3)):
        calls.append(
            (whole_numbers(rng, n_classes, n), np.zeros(n_classes), exact_numbers(rng, m, n))
        )
    agrees(student.scores, reference.scores, calls, may_change=True)
    calls = []
    for scale in SCALES[1:]:
        (W, b), X = random_classifier(rng, 3, 4), exact_numbers(rng, 5, 4)
        calls += [(scale * W, scale * b, X), (W, scale * b, scale * X), (W, 0 * b, scale * X)]
    values = student.scores.each(calls)
    for (W, b, X), value, scale in zip(calls, values, np.repeat(SCALES[1:], 3), strict=True):
        close(rescaled(value, scale), reference.scores(W, b, X) / scale, "scores (to their scale)")


@check("scores", points=0.5, hint="b has one entry per class. Which axis of the scores is that?")
def biases_belong_to_classes(student, reference, rng):
    """The bias of class j is added to the score of class j, once, for every example."""
    calls = []
    for m, n, n_classes in SHAPES:
        W, X = (whole_numbers(rng, k, n, low=-1, high=2) for k in (n_classes, m))
        X[-1] = 0
        b = np.arange(1.25, n_classes + 1) * rng.choice([-7.0, 7.0])
        calls += [(W, b, X), (np.zeros_like(W), b, X)]
    scores = student.scores.each(calls)
    for W, b, X in calls[::2]:
        close(next(scores), reference.scores(W, b, X), "scores")
        close(next(scores), np.tile(b, (len(X), 1)), "scores with W = 0")


@check(
    "scores",
    points=0.5,
    hint="Which of your arrays are new ones? And what is their dtype if X holds integers?",
)
def scores_leaves_its_arguments_alone(student, reference, rng):
    """scores takes examples of floats or of integers, changes nothing, and makes new arrays."""
    calls = []
    for _ in range(4):
        W, b = random_classifier(rng, 4, 3)
        b[0] += 0.5 if b[0] == np.round(b[0]) else 0
        X = whole_numbers(rng, 6, 3).astype(int)
        calls += [(W, b, exact_numbers(rng, 6, 3)), (W, b, X), (np.round(W), b, X), (0 * W, b, X)]
        calls += [(W, np.round(b), X), (2.0**-40 * W, b, 2**40 * X)]
        calls += [(W, b, X[:1]), (W[:, :1], b, X[:1, :1])]
    agrees(student.scores, reference.scores, calls)
    # Neither a later call nor a change of its arguments may change what was returned.
    kept(student.scores, calls, reference.scores, rewritten=True)


# predict: 2 points


def clear_cases(rng):
    """A classifier and examples that all have one winner, above 0, with the biases and without."""

    def clear(drawn):
        W, b, X = drawn
        winners = [np.sort(sums, axis=1)[:, -2:] for sums in (X @ W.T, X @ W.T + b)]
        same = np.array_equal((X @ W.T).argmax(axis=1), (X @ W.T + b).argmax(axis=1))
        return same and all(np.all(two[:, 1] > np.maximum(two[:, 0], 0)) for two in winners)

    return draw_until(clear, lambda: (*random_classifier(rng, 5, 4), whole_numbers(rng, 6, 4)))


@check("predict", points=1, hint="Try an example whose scores are all negative.")
def the_highest_score_wins(student, rng):
    """Each example gets the class with the highest score, positive or negative."""
    calls, winners = [], []
    for m, n, n_classes in (*SHAPES, (60, 4, 11)):
        # Scores of any size, and such as differ by a millionth: the highest wins.
        for shift, scale in product((0.0, -100.0, 2.0**20, -(2.0**20)), SCALES):
            X, W = whole_numbers(rng, m, n), whole_numbers(rng, n_classes, n)
            b = whole_numbers(rng, n_classes) + shift
            sums = np.sort(X @ W.T + b, axis=1)
            clear = sums[:, -1] > sums[:, -2]
            if clear.any():
                calls.append((scale * W, scale * b, X[clear]))
                winners.append((X @ W.T + b).argmax(axis=1)[clear])
        # Fractions of any size, unless they are so close that rounding might decide.
        X, W, b = (
            rng.normal(size=(m, n)),
            rng.normal(size=(n_classes, n)),
            rng.normal(size=n_classes),
        )
        sums = np.sort(X @ W.T + b, axis=1)
        clear = sums[:, -1] - sums[:, -2] > 0.01
        if clear.any():
            calls.append((W, b, X[clear]))
            winners.append((X @ W.T + b).argmax(axis=1)[clear])
        # Every class wins now and then, the last one too.
        winners.append(rng.integers(0, n_classes, size=m))
        W_own = 8.0 * np.eye(n_classes) - 9.0
        calls.append((W_own, np.zeros(n_classes), np.eye(n_classes)[winners[-1]]))
    # More examples than anybody takes at once; a class alone.
    X, W = whole_numbers(rng, 2053, 2), np.array([[1.0, 8.0], [-2.0, 16.0], [0.0, -2.0]])
    calls.append((W, np.array([0.0, 0.0, 0.5]), X))
    winners.append((X @ W.T + calls[-1][1]).argmax(axis=1))
    for b in (-3.0, 0.0, 3.0):
        calls.append((whole_numbers(rng, 1, 2), np.array([b]), whole_numbers(rng, 5, 2)))
        winners.append(np.zeros(5, dtype=int))
    # More classes than a byte can count.
    calls.append((whole_numbers(rng, 300, 2), 100.0 * np.arange(300), whole_numbers(rng, 4, 2)))
    winners.append(np.full(4, 299))
    for classes, expected in zip(student.predict.each(calls), winners, strict=True):
        close(classes, expected, "predict")


def random_classifier_and_examples(rng, n_classes):
    """A classifier and examples without ties, of which not all go to one class."""

    def without_ties(drawn):
        W, b, X = drawn
        scores = np.sort(X @ W.T + b, axis=1)
        several = len(np.unique((X @ W.T + b).argmax(axis=1))) > 1
        return several and np.all(scores[:, -1] > scores[:, -2])

    shapes = (n_classes, 3), (n_classes,), (9, 3)
    return draw_until(without_ties, lambda: [whole_numbers(rng, *shape) for shape in shapes])


@check("predict", points=0.5, hint="Which of several equal maxima does np.argmax find?")
def ties_go_to_the_lowest_class(student, rng):
    """Where several classes share the highest score, the lowest of their numbers is predicted."""
    for n_classes in (2, 5, 11, 40, 600, 600):  # sorting so many moves those that tie
        n = 3
        X = whole_numbers(rng, 6, n)
        calls, lowest = [], []
        least = 12 if n_classes > 12 else 0
        for rest, others in (
            (-100.0, np.arange(max(1, least), n_classes)),
            *2 * [(0.0, np.arange(least, n_classes))],
        ):
            size = max(min(3, len(others)), len(others) // 10)
            tied = np.sort(rng.choice(others, size=size, replace=False))
            W, b = np.tile(whole_numbers(rng, n), (n_classes, 1)), np.full(n_classes, rest)
            b[tied] += 2.0
            calls.append((W, b, X))
            lowest.append(tied[0])
        classes = student.predict.each([*calls, (np.zeros((n_classes, n)), np.zeros(n_classes), X)])
        for one in lowest:
            close(next(classes), np.full(6, one), "predict")
        close(next(classes), np.zeros(6, dtype=int), "predict, all at zero,")
    # Some classes are the same, so that each example has ties of its own.
    calls, lowest = [], []
    for kinds, n_classes in ((3, 7), (4, 30), (5, 12), (3, 9), (6, 40)):
        (W, b, X), same = random_classifier_and_examples(rng, kinds), rng.permutation(n_classes)
        same %= kinds
        calls.append((W[same], b[same], X))
        lowest.append(
            np.array([np.flatnonzero(same == k)[0] for k in (X @ W.T + b).argmax(axis=1)])
        )
    for classes, expected in zip(student.predict.each(calls), lowest, strict=True):
        close(classes, expected, "predict")


@check(
    "predict",
    points=0.5,
    hint="Do you write into an array that the caller needs, or that holds whole numbers only?",
)
def predict_leaves_its_arguments_alone(student, reference, rng):
    """predict takes examples of floats or of integers, and changes none of its arguments."""
    calls = []
    for number in range(8):
        W, b, X = clear_cases(rng)
        calls.append((W, b, X.astype(int) if number % 2 else X))
    # Only fractions tell these apart.
    X = 2 * whole_numbers(rng, 5, 2)
    X[:, 0] = 1
    W = np.array([[0.25, 0], [0.75, 0], [0.5, 0]])
    calls += [(W, np.zeros(3), X.astype(int)), (0 * W, W[:, 0], X.astype(int))]
    agrees(student.predict, reference.predict, calls)
    kept(student.predict, calls, reference.predict)


# update: 4 points


UPDATED = ("the new W", "the new b")


def example_with_scores(rng, n_classes, n):
    """A classifier, an example other than zeros, and what each class scores."""
    W, b = random_classifier(rng, n_classes, n)
    x = exact_numbers(rng, n)
    x[0] = rng.choice([-3.25, 2.5])
    return W, b, x, W @ x + b


@check(
    "update",
    points=1.5,
    hint="Do the worked example of section 3 on paper, then print what your function makes of it.",
)
def both_parties_to_a_mistake_move(student, reference, rng):
    """After a mistake the right class has gained x, the predicted one has lost it; b likewise."""
    calls = []
    for n_classes, n in ((4, 3), (3, 5), (2, 1), (6, 6), (12, 2)):
        different = min(n_classes, 3)  # the quiet ones are not the loudest
        for _ in range(3):
            W, b, x, scores = draw_until(
                lambda drawn, least=different: len(np.unique(drawn[-1])) >= least,
                partial(example_with_scores, rng, n_classes, n),
            )
            order = np.argsort(scores, kind="stable")
            calls.append((W, b, x, int(order[0])))  # the quietest class is right
            if n_classes > 2:
                calls.append((W, b, x, int(order[1])))
                b = b + 100.0 * (np.arange(n_classes) == order[1])  # now the biases decide
                calls.append((W, b, x, int(order[0])))
        # All below zero, all above, with large weights; a lead of a billionth; an x of zeros.
        quiet, loud = rng.permutation(n_classes)[:2]
        lead = (np.arange(n_classes) == loud) * 1.0
        calls += [(W, b + shift, x, int(order[0])) for shift in (-1000.0, 1000.0, 2.0**18)]
        scores = 128.0 * (W @ x) + 4000.0 * lead
        calls.append((128.0 * W, 4000.0 * lead, x, int(np.argmin(scores))))
        for least in (2.0**-30, 2.0**-70):
            calls.append((np.zeros((n_classes, n)), least * lead, x, int(quiet)))
        b = 1000.0 * lead + b
        calls.append((W, b, np.zeros(n), int(np.argmin(b))))
    # More classes than a byte can count.
    for y, loud in ((299, 3), (40, 290), (270, 14)):
        lead = 1000.0 * (np.arange(300) == loud)
        calls.append((whole_numbers(rng, 300, 2), lead, whole_numbers(rng, 2), y))
    agrees(student.update, reference.update, calls, UPDATED, may_change=True)
    # Large features, which nobody clips, and small ones, which nobody takes for zeros.
    calls = [
        (scale * W, 0 * b, scale * x, y) for scale in SCALES[1:] for W, b, x, y in lopsided(rng)
    ]
    for call, value in zip(calls, student.update.each(calls), strict=True):
        W, b = parts(value, 2, "update")
        expected, scale = reference.update(*call), np.max(np.abs(call[2]))
        close(rescaled(W, scale), expected[0] / scale, "the new W (to its scale)")
        close(b, expected[1], "the new b")


def lopsided(rng):
    """Mistakes that do not depend on the biases, with two to four classes."""
    for n_classes, n in ((2, 1), (3, 2), (4, 3)):
        W, b, x, _ = draw_until(
            lambda drawn: np.ptp(drawn[0] @ drawn[2]) > 0,
            partial(example_with_scores, rng, n_classes, n),
        )
        yield W, b, x, int(np.argmin(W @ x))


@check(
    "update",
    points=1,
    hint="If the prediction is right, what do you add, and what do you subtract?",
)
def right_answers_change_nothing(student, rng):
    """An example that is predicted right leaves W and b as they are."""
    calls = []
    for n_classes, n in ((4, 3), (2, 5), (11, 1)):
        W, b = random_classifier(rng, n_classes, n)
        x = exact_numbers(rng, n)
        y = int(rng.integers(0, n_classes))
        if n_classes == 4:  # without the biases another class would win
            y = int(np.flatnonzero(W @ x == np.min(W @ x))[-1])
        b[y] += 0.5 + np.max(W @ x + b) - (W @ x + b)[y]
        b -= 1000.0 if n_classes == 4 else 0.0  # the least negative
        calls.append((W, b, x, y))
        # A lead of a billionth will do, and of several classes that tie the lowest is right.
        for least in (2.0**-30, 2.0**-70):
            calls.append((np.zeros((n_classes, n)), least * (np.arange(n_classes) == y), x, y))
        calls.append((np.tile(W[0], (n_classes, 1)), 1.0 * (np.arange(n_classes) >= y), x, y))
    # More classes than a byte can count.
    y = int(rng.integers(256, 300))
    lead = 1000.0 * (np.arange(300) == y)
    calls.append((whole_numbers(rng, 300, 2), lead, whole_numbers(rng, 2), y))
    for (W, b, *_), value in zip(calls, student.update.each(calls), strict=True):
        new_W, new_b = parts(value, 2, "update")
        close(new_W, W, "W after a right answer")
        close(new_b, b, "b after a right answer")


@check("update", points=0.5, hint="Which class is predicted when the scores are equal?")
def updates_in_a_row_keep_the_balance(student, reference, rng):
    """Updates from zeros, where all classes tie at first, keep the columns' sums at zero."""
    for n_classes, n in ((3, 2), (5, 4), (2, 3)):
        W, b, calls = np.zeros((n_classes, n)), np.zeros(n_classes), []
        walk = [(whole_numbers(rng, n, low=-1, high=2) / 2, None) for _ in range(12)]
        walk[0] = walk[0][0], 0  # right
        far = rng.choice([-1.0, 1.0], size=n) * 4
        # Zeros, where only biases move; and a mistake that one update does not mend.
        walk[1:4] = [(0 * far, n_classes - 1), (far, 1), (far / 4, n_classes - 1)]
        for x, label in walk:
            y = int(rng.integers(0, n_classes)) if label is None else label
            calls.append((W, b, x, y))
            W, b = reference.update(W, b, x, y)
        for call, value in zip(calls, student.update.each(calls), strict=True):
            W, b = parts(value, 2, "update")
            for one, expected, what in zip((W, b), reference.update(*call), UPDATED, strict=True):
                close(one, expected, what)
            close(np.sum(W, axis=0), np.zeros(n), "the sum of the rows of W")
            close(np.sum(b), 0.0, "the sum of the biases")


@check(
    "update",
    points=1,
    hint="Which arrays do you write into? May x hold integers, and y be an entry of an array?",
)
def update_leaves_its_arguments_alone(student, reference, rng):
    """update takes floats or integers in x, y from an array of labels, and changes none of them."""

    def same_mistake_without_biases(drawn):
        W, b, x = drawn
        fractions = np.any(np.round(W) != W) and np.any(b != np.round(b))
        return fractions and (W @ x).argmax() == (W @ x + b).argmax() and np.ptp(W @ x + b) > 0

    calls = []
    for _ in range(6):
        W, b, x = draw_until(
            same_mistake_without_biases,
            lambda: (*random_classifier(rng, 4, 3), whole_numbers(rng, 3, low=1)),
        )
        x = x.astype(int) if len(calls) % 2 else x
        calls.append((W, b, x, int(np.argmin(W @ x + b))))
    # A mistake that one update does not mend.
    W, b, x, y = calls[0]
    calls.append((W, b - 200.0 * (np.arange(4) == y), x, y))
    # A narrow mistake, with or without biases: what the right class gains puts it in front.
    W, x = np.zeros((4, 3)), whole_numbers(rng, 3, low=1)
    W[1, 0] = 1
    calls.append((W, np.array([0, 1 - x[0], 0, 0]), x, 0))
    # Zeros among the arguments, a single feature, a right prediction.
    W, b, x, y = calls[1]
    low = 99.0 * (np.arange(4) == 3)
    calls += [(0 * W, b - low, x, 3), (W - low[:, None], 0 * b, x, 3), (0 * W, 0 * b, x, 2)]
    calls += [(W, b - low, 0 * x, 3), (W[:, :1], b - low, x[:1], 3), (0 * W, low, x, 3)]
    calls.append((0 * W, b - low, 0 * x, 3))
    calls.append((2.0**40 * W, 0 * b, 2**40 * x, y))
    agrees(student.update, reference.update, calls, UPDATED)
    # y as fit has it: an entry of an array of labels.
    labelled = [(W, b, x, np.int64(y)) for W, b, x, y in calls]
    agrees(student.update, reference.update, labelled, UPDATED)
    kept(student.update, calls, reference.update, UPDATED)


# fit: 5 points


def classifier_of(value, function, n_classes, n):
    """Check that a function returned finite W and b of the right shapes, and return them."""
    W, b, *_ = parts(value, 3 if function == "fit" else 2, function)
    for name, array, shape in (("W", W, (n_classes, n)), ("b", b, (n_classes,))):
        numbers = isinstance(array, np.ndarray) and array.dtype.kind in "fiu"
        require(numbers and array.shape == shape, f"{name} should be an array of shape {shape}")
        require(np.isfinite(array).all(), f"{name} holds NaN or infinity")
    return W, b


def same_training(student, reference, calls):
    """Compare whole runs of fit, for each (X, y, n_classes, n_epochs), with the reference's."""
    mistakes_first = {2: "the list of mistakes", 0: "W", 1: "b"}
    agrees(student.fit, reference.fit, calls, mistakes_first, may_change=True)


def separable_examples(rng, m, n, n_classes):
    """Examples with whole numbers, labelled by a random classifier without any tie.

    The first is all zeros and not of class 0: only biases get it right. All are whole numbers, for
    fractions may take many more epochs.
    """

    def without_ties(drawn):
        scores = np.sort(drawn[1], axis=1)
        return np.all(scores[:, -1] > scores[:, -2]) and drawn[1][0].argmax() > 0

    def draw():
        W, b = whole_numbers(rng, n_classes, n), whole_numbers(rng, n_classes)
        X = whole_numbers(rng, m, n)
        X[0] = 0
        return X, X @ W.T + b

    X, scores = draw_until(without_ties, draw)
    return X, scores.argmax(axis=1)


@check("fit", points=1, hint="Follow the first row of the table in the lesson with your code.")
def first_epoch_is_retraced(student, reference, rng):
    """One epoch from zeros visits every example in order and counts the mistakes on the way."""
    calls = []
    for m, n, n_classes in ((8, 2, 3), (6, 5, 4), (1, 3, 2), (30, 3, 12), (9, 1, 5), (5, 5, 3)):
        X, y = exact_numbers(rng, m, n), rng.integers(0, n_classes, size=m)
        X[0, 0] = 1.5
        y[0] = n_classes - 1  # from zeros, anything but class 0 is a mistake
        calls.append((X, y, n_classes, 1))
        if m > 1:
            X, y = X.copy(), y.copy()
            X[:2], y[1] = 0.0, 0  # zeros: only the biases tell that the second is a mistake
            calls.append((X, y, n_classes, 1))
    # An example that one update does not mend comes again, and once more.
    for n, K in ((1, 2), (2, 4)):
        X = np.zeros((6, n))
        X[:, 0] = rng.choice([-1.0, 1.0]) * np.array([16.0, 1.0, 1.0, 1.0, 0.0, 0.0])
        calls.append((X, np.array([1, 0, 0, 0, K - 1, 1]), K, 1))
    calls += close_calls(rng)
    calls += [*large_trainings(rng)]
    same_training(student, reference, calls)


def large_trainings(rng):
    """Many examples, features or classes; features and biases that are large."""
    sign = rng.choice([-1.0, 1.0])
    # Two thousand mistakes move the biases one way, the last three the other way.
    X, y = np.full((2203, 1), sign / 32), np.ones(2203, dtype=int)
    X[[0, -1, -2, -3]], X[1], y[[1, -1, -2, -3]] = 0.0, sign * 2.0**16, 0
    yield X, y, 2, 1
    X = whole_numbers(rng, 4, 1203, low=-1, high=2)
    yield X, np.array([2, 1, 0, 1]), 3, 1
    X, y = whole_numbers(rng, 6, 2), np.append(299, 256 + rng.permutation(43)[:5])
    X[2:4] = 0.0  # only the biases tell
    yield X, y, 300, 1
    # Sums of powers of 3 are never 0: biases of 1 do not count beside them.
    X = 2.0**40 * rng.choice([-1.0, 1.0], size=(5, 1)) * 3.0 ** rng.permutation(5)[:, None]
    yield X, np.append(2, rng.integers(0, 3, size=4)), 3, 1


def close_calls(rng):
    """Trainings in which the winner leads by little: by 1e-14, or by four millionths of a score."""
    t = np.array([[1.0], [-1.0], [1.0]]) * rng.choice([-1.0, 1.0]) * 2.0**-24
    yield t[:2], np.array([1, 0]), 2, 2  # rightly, in the second epoch
    yield t, np.array([1, 0, 0]), 2, 1  # wrongly
    far = 2.0**10
    X = np.array([[far, 0, 1], [0, far, -3], [far, far, -1]])
    X = rng.choice([-1.0, 1.0], size=3) * X[:, rng.permutation(3)]
    yield X, np.array([1, 2, 2]), 3, 1


@check(
    "fit",
    points=1,
    needs=("first_epoch_is_retraced",),
    hint="What is carried over from one epoch to the next, and what begins anew?",
)
def later_epochs_go_on_from_there(student, reference, rng):
    """Each epoch starts with the weights that the last one ended with."""
    calls = []
    for m, n, n_classes, n_epochs in (
        (8, 3, 4, 2),
        (7, 2, 3, 5),
        (12, 4, 5, 3),
        (10, 1, 3, 6),
        (7, 2, 2, 40),
    ):
        X, y = 64 * whole_numbers(rng, m, n), rng.integers(0, n_classes, size=m)
        y[:n_classes] = rng.permutation(n_classes)  # who counts them in y gets them right here
        X[-1], y[-1] = X[0], (y[0] + 1) % n_classes  # two labels: a mistake in every epoch
        calls.append((X, y, n_classes, n_epochs))
    same_training(student, reference, calls)


def never_learnt(rng):
    """Trainings that never get everything right, with few mistakes in an epoch, or a thousand."""
    X, K = np.tile(whole_numbers(rng, 3, low=1), (2, 1)), int(rng.integers(2, 4))
    yield X, np.array([0, K - 1]), K, 2501
    # Of 252 examples two are wrong in an epoch, three in the first.
    far = rng.permuted(np.tile(whole_numbers(rng, 1, low=3, high=9) * [-1, 1], 125))
    yield np.append(far, [0.0, 0.0])[:, None], np.append(far > 0, [0, 1]).astype(int), 2, 4


@check(
    "fit",
    points=1,
    hint="When does your loop end? Compare the table's last rows, and think of n_epochs = 4 and 3.",
)
def stops_after_an_epoch_without_mistakes(student, reference, rng):
    """Training ends with the first epoch without a mistake, whose 0 is the last, or never."""
    sizes = ((6, 2, 3), (8, 3, 4), (7, 4, 5))
    calls = [(*separable_examples(rng, *size), size[-1], 5000) for size in sizes]
    calls.append((whole_numbers(rng, 5, 3), np.zeros(5, dtype=int), 3, 10))  # nothing to learn: [0]
    # The epoch without mistakes is the last that was allowed, or would have been the next.
    enough = len(reference.fit(*calls[1])[2])
    calls += [(*calls[1][:3], enough), (*calls[1][:3], enough - 1)]
    # One mistake among hundreds of examples, or among thousands, is a mistake.
    for m in (300, 3001):
        X, rare = -whole_numbers(rng, m, 3, low=1), rng.integers(m)
        X[rare] *= -1
        calls.append((X, (np.arange(m) == rare).astype(int), 2, 50))
    same_training(student, reference, [*calls, *never_learnt(rng)])


@check("fit", points=0.5, hint="How many rows must W have if only classes 1 and 3 of 5 occur in y?")
def classes_without_examples_count_too(student, reference, rng):
    """W has n_classes rows even if some classes, the last for example, have no example."""
    calls = []
    for n_classes in (4, 8, 5):
        # Not class 0, which would be right at once; and not the last one.
        present = 1 + rng.permutation(n_classes - 2)[: 2 if n_classes != 5 else 1]
        X, y = whole_numbers(rng, 6, 3), rng.choice(present, size=6)
        X[1:3], y[:3] = [0 * X[0], X[0]], present[[0, 0, -1]]  # right by its biases alone
        # Whether training goes on, or stops, is not asked here.
        calls.append((X, y, n_classes, 1))
    same_training(student, reference, calls)


@check(
    "fit",
    points=0.5,
    hint="Which of your arrays and lists are the caller's, or left from an earlier call?",
)
def fit_leaves_the_data_alone(student, reference, rng):
    """fit changes neither X nor y, a second call starts afresh, and mistakes is a list of int."""

    def draw():
        X, y = exact_numbers(rng, 8, 3), rng.integers(0, 3, size=8)
        X[1], y[:2] = 0.0, rng.integers(1, 3)  # a mistake, and right by its biases alone
        return X, y

    def fewer_or_more_wrong_afterwards(drawn):
        W, b, mistakes = reference.fit(*drawn, 3, 1)
        return mistakes != [np.sum(reference.predict(W, b, drawn[0]) != drawn[1])]

    X, y = draw_until(fewer_or_more_wrong_afterwards, draw)
    for _ in range(2):
        agrees(student.fit, reference.fit, [(X, y, 3, 1)], ("W", "b", "the list of mistakes"))
    mistakes = parts(student.fit(X, y, 3, 1), 3, "fit")[2]
    require(isinstance(mistakes, list), "the mistakes should be a list, with a number per epoch")
    # What was returned stays what it was.
    names = {2: "the list of mistakes", 0: "W", 1: "b"}
    two = [(X, y, 3, 1), (-X[::-1], y[::-1].copy(), 3, 2)]
    kept(student.fit, two, reference.fit, names)


# Of single classifiers (200 on MNIST, 600 on the digits) 1.0 % stay below 0.77 and 1.3 % below
# 0.78; the worst got 0.741 and 0.692. Chance is 0.10.
@check(
    "fit",
    points=1,
    timeout=120,
    at_least={"mnist": 0.77, "digits": 0.78},
    measures="the second-best test accuracy of five classifiers",
    needs=("first_epoch_is_retraced",),
    hint="Train on some of the digits yourself: do the mistakes become fewer from epoch to epoch?",
)
def learns_to_read_digits(student, reference, rng, data):
    """Five classifiers, each trained on some of the images, do well on the test images."""
    # The last few examples can spoil a single classifier; that four of five are spoilt happens in
    # one of ten million gradings.
    m, n = data.X_train.shape
    shares = []
    for _ in range(5):
        some = rng.choice(m, size=min(2000, m // 2), replace=False)
        result = student.fit(data.X_train[some], data.y_train[some], data.n_classes, 5)
        W, b = classifier_of(result, "fit", data.n_classes, n)
        shares.append(np.mean(reference.predict(W, b, data.X_test) == data.y_test))
    return float(np.sort(shares)[-2])


# confusion_matrix: 3 points


@check(
    "confusion_matrix",
    points=1,
    hint="Count a few pairs with a pencil. Is each counted, once, however many there are?",
)
def every_pair_is_counted(student, reference, rng):
    """Each entry counts its pairs of true and predicted class, however often they occur."""
    sizes = ((200, 4), (30, 7), (500, 11), (2000, 2), (9, 1))
    calls = [(*rng.integers(0, n_classes, size=(2, m)), n_classes) for m, n_classes in sizes]
    # More than 16 bits can count.
    calls.append((np.ones(70_000, dtype=int), np.zeros(70_000, dtype=int), 2))
    # One example, taken for another class; all examples in one entry of a larger matrix.
    for m, n_classes in ((1, 5), (7, 5), (7, 2)):
        one, other = rng.permutation(n_classes)[:2]
        calls.append((np.full(m, one), np.full(m, other), n_classes))
    # Classes and pairs of classes with larger numbers than a byte or two hold.
    y_true, y_pred = rng.integers(0, 260, size=(2, 400))
    y_true[100:], y_pred[100:] = 259, 258  # three hundred times
    calls.append((y_true, y_pred, 260))
    agrees(student.confusion_matrix, reference.confusion_matrix, calls, may_change=True)


@check("confusion_matrix", points=1, hint="Which of the two is the row: truth or prediction?")
def rows_are_the_truth(student, rng):
    """The sums of the rows count the true classes, those of the columns the predictions."""
    for n_classes in (3, 6):
        y_true = rng.integers(0, n_classes - 1, size=40)
        y_pred = y_true + rng.integers(0, 2, size=40)
        y_true[:2], y_pred[:2] = 0, (n_classes - 1, 1)
        C = student.confusion_matrix(y_true, y_pred, n_classes)
        shape = (n_classes, n_classes)
        is_one = isinstance(C, np.ndarray) and C.shape == shape
        require(is_one, f"confusion_matrix should return an array of shape {shape}")
        close(np.sum(C, axis=1), np.bincount(y_true, minlength=n_classes), "the sums of the rows")
        close(np.sum(C, axis=0), np.bincount(y_pred, minlength=n_classes), "those of the columns")


@check(
    "confusion_matrix",
    points=1,
    hint="What tells you the size of the matrix? And is it a new one in each call?",
)
def absent_classes_have_rows_too(student, reference, rng):
    """Classes that never occur get rows and columns of zeros; the arguments stay as they were."""
    for n_classes in (4, 7, 10):
        present = rng.permutation(n_classes - 1)[: 2 if n_classes != 10 else 1]
        y_true, y_pred = rng.choice(present, size=(2, 12))
        y_true[:7], y_pred[:7] = present[0], present[-1]  # rows and columns differ
        calls = [(y_true, y_pred, n_classes), (y_pred, y_true, n_classes)]
        agrees(student.confusion_matrix, reference.confusion_matrix, calls)
        kept(student.confusion_matrix, calls, reference.confusion_matrix)


# fit_on_budget: 4 points


def traces(W, X):
    """Count the examples, rows of X, whose multiples add up to the rows of W.

    X has fewer rows than columns, and each column the mean 0: the coefficients are known up to a
    constant for each class, and the budget is so small that most of them are 0.
    """
    return nonzero_columns(W @ np.linalg.pinv(X, 1e-9))


def nonzero_columns(C):
    """Count the columns that are not 0, but for a constant in each row, which most entries have."""
    C = C - np.median(C, axis=1, keepdims=True)
    # Single precision is off by 1e-6 of the largest; the last of 10,000 averaged updates is 1e-4.
    return int(np.sum(np.any(np.abs(C) > 3e-5 * np.abs(C).max(), axis=0)))


@check("fit_on_budget", points=1, hint="Count each update, and look at the count before the next.")
def the_budget_is_kept(student, rng):
    """No more examples than n_updates leave a trace in W; the data stay, and rng alone decides."""
    sizes = ((30, 40, 5, 12), (21, 30, 10, 7), (24, 36, 4, 1), (40, 50, 8, 19), (340, 340, 6, 113))
    for m, n, n_classes, n_updates in sizes:
        # A feature for each example, where there are many: then W itself shows the coefficients.
        X = rng.normal(size=(m, n)) if m < n else np.eye(m)[rng.permutation(m)]
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        y = rng.integers(0, n_classes - 1, size=m)  # the last class has no example
        seed = int(rng.integers(2**32))
        found = []
        for _ in range(2):
            own = np.random.default_rng(seed)
            value = unchanged(student.fit_on_budget, X, y, n_classes, n_updates, own)
            found.append(classifier_of(value, "fit_on_budget", n_classes, n))
        (W, b), again = found
        spent = traces(W, X) if m < n else nonzero_columns(W)
        require(
            spent <= n_updates,
            f"with n_updates = {n_updates}, {spent} of {m} examples have left a trace in W",
        )
        same = np.allclose(W, again[0]) and np.allclose(b, again[1])
        require(same, "the same data and the same generator should give the same W and b")
    # Nothing is left to learn long before the budget is spent, or nothing ever was.
    y = np.array([0, 1, 2, 3, 0, 1])
    X = np.c_[9.0 * np.eye(4)[y] + rng.normal(size=(6, 4)), np.zeros(6)]  # one never varies
    calls = [
        (X, y, 4, 100_000, np.random.default_rng(0)),
        (varied(rng, 5, 5), np.zeros(5, dtype=int), 4, 7, np.random.default_rng(0)),
    ]
    for value in unchanged_each(student.fit_on_budget, calls):
        classifier_of(value, "fit_on_budget", 4, 5)
    # One example, one feature, two classes.
    small = (np.array([[2.0]]), np.array([1]), 2, 3, np.random.default_rng(0))
    classifier_of(unchanged(student.fit_on_budget, *small), "fit_on_budget", 2, 1)
    # More examples, with noisy labels: the same generator, the same result.
    X, y, *_ = noisy_clouds(rng, n=4, m=610, m_new=1)
    again = student.fit_on_budget.each(
        [(X, y, 10, 40, np.random.default_rng(seed)) for _ in range(2)]
    )
    (W, b), other = (classifier_of(value, "fit_on_budget", 10, 4) for value in again)
    same = np.allclose(W, other[0]) and np.allclose(b, other[1])
    require(same, "the same data and the same generator should give the same W and b")
    owns, anew = generators(rng, 11), student.fit_on_budget.each
    kept(student.fit_on_budget, [(X[k:], y[k:], 10, 40, own) for k, own in enumerate(owns[1:4])])
    # Where chance plays a part, it is that of the generator, which goes on: ten new generators, and
    # ten runs with one and the same. (A design that never gives the same twice with the former, and
    # always with the latter, has a copy.)
    new = anew([(X, y, 10, 40, own) for own in owns[1:]])
    on = student.fit_on_budget.through(again_and_again)(X, y, 10, 40, owns[0], 10)
    require(
        n_different(new) < 10 or n_different(on) > 1,
        "ten generators give ten different W, ten runs with one and the same give one: randomness "
        "should come from rng itself, not from a copy",
    )
    # NumPy's global generator is left alone, whoever seeds it.
    asked = student.fit_on_budget.through(counting_global_draws)(*calls[0][:3], 3, calls[0][4])
    require(asked == 0, "np.random was used; randomness should come from rng alone")


def again_and_again(fit_on_budget, X, y, n_classes, n_updates, rng, n_runs):
    """Run a function many times with one and the same generator, in the worker."""
    return [fit_on_budget(X, y, n_classes, n_updates, rng) for _ in range(n_runs)]


def n_different(values):
    """How many of the weights that were returned differ, but for rounding."""
    found = [classifier_of(value, "fit_on_budget", 10, 4)[0] for value in values]
    return len({(np.round(W, 9) + 0.0).tobytes() for W in found})


def counting_global_draws(fit_on_budget, *args):
    """1 if the function uses NumPy's global generator, else 0; runs where the function does."""
    found = np.random.get_state()
    np.random.seed(20_270_131)  # nobody's favourite: a function that seeds it changes the state
    before = np.random.get_state()
    fit_on_budget(*args)
    after = np.random.get_state()
    np.random.set_state(found)
    return int(before[2] != after[2] or bool(np.any(before[1] != after[1])))


def noisy_clouds(rng, n=10, n_classes=10, m=250, m_new=500):
    """Clouds around random centres far from zero; of the first m labels three in ten are random."""
    centres = rng.normal(scale=2, size=(n_classes, n)) + 3 * rng.choice([-1, 1], size=n)
    spread = np.exp(rng.normal(size=n))
    y = rng.integers(0, n_classes, size=m + m_new)
    X = centres[y] + spread * rng.normal(size=(m + m_new, n))
    noisy = np.where(rng.random(m) < 0.3, rng.integers(0, n_classes, size=m), y[:m])
    return X[:m], noisy, X[m:], y[m:]


# Points ahead of the plain rule, on sets that are the same for everybody: its own luck, which is
# the largest of all, gives or takes nobody the points. The spread is that of an average of 16 over
# other generators. Right answers: a pocket 13.9 ± 0.8, class means of 300 examples 19.2 ± 0, two
# halves of the budget 21.1 ± 1.5, one class against the rest 20.3 ± 1.2, averages of several kinds
# 21 to 35 ± 1.5. Wrong ones: shuffling alone -2.8 ± 2.6, larger and larger steps -12 ± 2.1, weights
# for standardised features -21, for the clouds are far from zero. With the generators of the seed,
# which nobody guesses, all known right answers are 16 points ahead, or more, and all wrong ones not
# at all.
SIXTEEN = 0xA243CC047BF2AF33


@cache
def sixteen_clouds(plain_rule, predict):
    """Sixteen sets of noisy clouds, seeds of as many generators, and the plain rule's accuracy."""
    rng = np.random.default_rng(SIXTEEN)
    drawn, seeds = [noisy_clouds(rng) for _ in range(16)], rng.integers(2**32, size=16)
    plain = [
        np.mean(predict(*plain_rule(X, y, 10, 300), X_new) == y_new) for X, y, X_new, y_new in drawn
    ]
    return drawn, seeds, np.mean(plain)


@check("fit_on_budget", points=1.5, hint="The last weights owe most to the last few mistakes.")
def noisy_labels_do_not_lead_it_astray(student, reference):
    """On 16 sets of noisy clouds it is, on average, 9 points ahead of the plain rule."""
    drawn, seeds, plain = sixteen_clouds(reference.plain_rule, reference.predict)
    owns = map(np.random.default_rng, seeds)
    calls = [(X, y, 10, 300, own) for (X, y, *_), own in zip(drawn, owns, strict=True)]
    shares = []
    values = student.fit_on_budget.each(calls)
    for (X, _, X_new, y_new), value in zip(drawn, values, strict=True):
        W, b = classifier_of(value, "fit_on_budget", 10, X.shape[1])
        shares.append(np.mean(reference.predict(W, b, X_new) == y_new))
    ahead = np.mean(shares) - plain
    require(
        ahead >= 0.09,
        f"on average over {len(drawn)} data sets {np.mean(shares):.1%} of the new examples are "
        f"right, with the plain rule {plain:.1%}: {100 * abs(ahead):.1f} points "
        f"{'ahead, not 9' if ahead > 0 else 'behind, and 9 ahead are asked'}",
    )


# The worst of sixteen depends on which images are drawn: that of the plain rule reached 0.82 on the
# digits, and with one seed in eight 0.73 on MNIST. So the images and the generators are the same
# for everybody, and the seed, which nobody guesses, is such that answers keep away from the
# thresholds with either data. The plain rule gets 0.739 on the digits and 0.636 on MNIST, shuffling
# 0.681 and 0.638; the worst right answers get 0.861 (class means) and 0.878 (two halves of the
# budget), 0.755 (one class against the rest) and 0.757. Only biases of other features come close,
# with 0.853 and 0.716: they lose on the noisy clouds, not here.
IMAGES = 0xB068242E8801BE7E


@check(
    "fit_on_budget",
    points=1.5,
    timeout=120,
    at_least={"mnist": 0.71, "digits": 0.84},
    measures="the worst test accuracy of sixteen classifiers",
    hint="Look at the two bands over the budgets: what makes your worst training bad?",
)
def reads_digits_on_a_budget(student, reference, data):
    """Sixteen classifiers, each of 300 updates on 700 images, all do well on the test images."""
    rng, (m, n) = np.random.default_rng(IMAGES), data.X_train.shape
    somes = [rng.choice(m, size=700, replace=False) for _ in range(16)]
    calls = [
        (data.X_train[some], data.y_train[some], data.n_classes, 300, own)
        for some, own in zip(somes, generators(rng, 16), strict=True)
    ]
    shares = []
    for value in student.fit_on_budget.each(calls):
        W, b = classifier_of(value, "fit_on_budget", data.n_classes, n)
        shares.append(np.mean(reference.predict(W, b, data.X_test) == data.y_test))
    return float(np.min(shares))
