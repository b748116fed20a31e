"""Right solutions of stage 1 in other styles: none of them may lose a point."""

import math

import numpy as np

from nngrade import alternative

# predict


@alternative("predict")
def one_example_at_a_time(w, b, X):
    """Two plain loops."""
    classes = []
    for x in X:
        total = b
        for weight, feature in zip(w, x, strict=True):
            total += weight * feature
        classes.append(1 if total >= 0 else 0)
    return np.array(classes)


@alternative("predict")
def where_and_einsum(w, b, X):
    """Einstein's sum and np.where."""
    return np.where(np.einsum("ij,j->i", X, w) + b < 0, 0, 1)


@alternative("predict")
def bias_as_a_weight(w, b, X):
    """The bias as a weight of a feature that is always 1."""
    extended = np.hstack([X, np.ones((len(X), 1))])
    return np.array(extended @ np.append(w, b) >= 0, dtype=np.int8)


@alternative("predict")
def in_single_precision(w, b, X):
    """float32 inside, bias on the other side of the comparison."""
    sums = X.astype(np.float32).dot(w.astype(np.float32))
    return np.greater_equal(sums, np.float32(-b)).astype(np.int32)


@alternative("predict")
def column_of_weights(w, b, X):
    """The weights as a column, flattened at the end to a view."""
    return ((X @ w.reshape(-1, 1) + b) >= 0).astype("uint8").ravel()


@alternative("predict")
def added_feature_by_feature(w, b, X):
    """The sums grow column by column, and a heaviside function decides."""
    sums = np.full(X.shape[0], float(b))
    for weight, column in zip(w, X.T, strict=True):
        sums = sums + weight * column
    return np.heaviside(sums, 1).astype(np.int64)


@alternative("predict")
def exact_fractions(w, b, X):
    """Sums of the standard library's fractions, which no rounding touches."""
    from fractions import Fraction

    weights, bias = [Fraction(one) for one in w.tolist()], Fraction(float(b))
    sums = [sum(map(Fraction.__mul__, weights, map(Fraction, x)), bias) for x in X.tolist()]
    return np.array([int(total >= 0) for total in sums])


@alternative("predict")
def not_below_zero(w, b, X):
    """One minus the class of those that are below, with the size of w and b taken out."""
    size = 2.0 ** np.frexp(np.max(np.abs([*w, b])))[1]  # a power of two, so that it is exact
    return 1 - (np.inner(X, w / size) + b / size < 0)


# separating


@alternative("separating")
def plain_loops(candidates, X, y):
    """No predict, no comprehension."""
    good = []
    for index in range(len(candidates)):
        w, b = candidates[index]
        separates = True
        for x, label in zip(X, y, strict=True):
            if (1 if np.dot(w, x) + b >= 0 else 0) != label:
                separates = False
                break
        if separates:
            good.append(index)
    return good


@alternative("separating")
def by_accuracy(candidates, X, y):
    """A candidate separates when its accuracy is 1."""
    return [i for i, (w, b) in enumerate(candidates) if accuracy(y, predict(w, b, X)) == 1]


@alternative("separating")
def by_the_extremes(candidates, X, y):
    """The smallest sum of class 1 and the largest of class 0."""

    def separates(w, b):
        sums = X @ w + b
        return sums[y == 1].min(initial=0) >= 0 and sums[y == 0].max(initial=-1) < 0

    return [i for i, candidate in enumerate(candidates) if separates(*candidate)]


@alternative("separating")
def all_candidates_at_once(candidates, X, y):
    """One product for all the candidates."""
    W = np.array([w for w, _ in candidates])
    b = np.array([b for _, b in candidates])
    right = ((X @ W.T + b) >= 0) == (y == 1)[:, None]
    return np.flatnonzero(right.all(axis=0)).tolist()


@alternative("separating")
def no_wrong_one_is_left(candidates, X, y):
    """Candidates are struck off, example by example."""
    left = list(range(len(candidates)))
    for x, label in zip(X, y, strict=True):
        left = [
            i for i in left if bool(candidates[i][0] @ x + candidates[i][1] >= 0) == bool(label)
        ]
    return left


@alternative("separating")
def by_its_mistakes(candidates, X, y):
    """The separating candidates are those without a mistake, found in a dictionary."""
    mistakes = {i: np.abs(predict(*one, X) - y).sum() for i, one in enumerate(candidates)}
    return sorted(i for i in mistakes if mistakes[i] < 1)


@alternative("separating")
def one_table_of_sums(candidates, X, y):
    """Sums as signs in a table, a column for each candidate, with entries of NumPy's integers."""
    sums = np.column_stack([np.tensordot(X, w, axes=1) + b for w, b in candidates])
    good = np.where(sums < 0, 0, 1) == np.asarray(y).reshape(-1, 1)
    return list(np.nonzero(np.logical_and.reduce(good))[0])


# signed_distance


@alternative("signed_distance")
def unit_vector_first(w, b, X):
    """Weights and bias are scaled first."""
    length = np.sqrt(np.sum(w**2))
    return X @ (w / length) + b / length


@alternative("signed_distance")
def loop_and_hypot(w, b, X):
    """A loop, with the length from the standard library."""
    length = math.hypot(*w)
    return np.array([(sum(w * x) + b) / length for x in X])


@alternative("signed_distance")
def projection_from_the_boundary(w, b, X):
    """Project the way from a point of the boundary onto the direction of w."""
    foot = -b * w / np.dot(w, w)
    return np.einsum("ij,j->i", X - foot, w / np.linalg.norm(w))


@alternative("signed_distance")
def distance_in_single_precision(w, b, X):
    """float32 inside."""
    w32 = w.astype(np.float32)
    return (X.astype(np.float32) @ w32 + np.float32(b)) / np.linalg.norm(w32)


@alternative("signed_distance")
def in_place_on_a_copy(w, b, X):
    """The products are summed in a copy of X, the length from a root of an inner product."""
    products = X.astype(float)
    products *= w
    distances = products.sum(axis=1)
    distances += b
    distances /= np.inner(w, w) ** 0.5
    return distances


@alternative("signed_distance")
def from_the_nearest_point(w, b, X):
    """How far the nearest point of the boundary is, with the sign of the sum."""
    sums = np.tensordot(X, w, axes=1) + b
    steps = np.outer(sums, w) / w.dot(w)
    return np.copysign(np.sqrt(np.sum(steps**2, axis=1)), sums)


@alternative("signed_distance")
def a_row_of_unit_length(w, b, X):
    """The bias as one more weight; the row of weights is divided, then everything multiplied."""
    row = np.append(w, b)[np.newaxis] / np.sqrt((w * w).sum())
    return np.ravel(np.c_[X, np.ones(X.shape[0])] @ row.T)


# update


@alternative("update")
def two_cases(w, b, x, y):
    """A branch for either kind of mistake; the old array is returned when all is right."""
    total = np.dot(w, x) + b
    if y == 1 and total < 0:
        return w + x, b + 1
    if y == 0 and total >= 0:
        return w - x, b - 1
    return w, b


@alternative("update")
def with_predict(w, b, x, y):
    """A table of one row for predict."""
    error = y - predict(w, b, x.reshape(1, -1))[0]
    return w + error * x, b + error


@alternative("update")
def on_a_copy(w, b, x, y):
    """Weight by weight on a copy, in a nested helper."""

    def y_hat():
        return 1 if sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b >= 0 else 0

    error = y - y_hat()
    new = w.copy()
    for i in range(len(new)):
        new[i] += error * x[i]
    return new, float(b + error)


@alternative("update")
def one_long_vector(w, b, x, y):
    """The bias as the last of the weights; views of one array are returned."""
    v, extended = np.append(w, b).astype(float), np.append(x, 1.0)
    v += (y - float(v @ extended >= 0)) * extended
    return v[:-1], v[-1]


@alternative("update")
def as_a_list_of_two(w, b, x, y):
    """In single precision, which is exact for the small numbers of a perceptron."""
    w32, x32 = np.float32(w), np.float32(x)
    error = int(y) - int(w32 @ x32 + np.float32(b) >= 0)
    return w32 + np.float32(error) * x32, b + error


@alternative("update")
def with_where(w, b, x, y):
    """The step is the label as a sign, or nothing."""
    wrong = (np.dot(x, w) >= -b) != (y == 1)
    step = np.where(wrong, 2 * y - 1, 0)
    return np.add(w, np.multiply(step, x)), b + step.item()


@alternative("update")
def with_a_table_of_errors(w, b, x, y):
    """The error is looked up, and the weights are made one by one."""
    error = {(0, 1): -1, (1, 0): 1}.get((int(y), 1 if sum(w * x) + b >= 0 else 0), 0)
    return np.array([old + error * feature for old, feature in zip(w, x, strict=True)]), b + error


@alternative("update")
def on_an_extended_copy(w, b, x, y):
    """The bias is the last weight of a copy, and views of it are returned."""
    v, extended = np.append(w, b), np.append(x, 1.0)
    if (v @ extended >= 0) != bool(y):
        v += extended if y else -extended
    return v[:-1], v[-1]


# fit


@alternative("fit")
def compares_the_bias(X, y, n_epochs):
    """Every example is updated; a mistake shows in the bias."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    while len(mistakes) < n_epochs and (not mistakes or mistakes[-1] > 0):
        count = 0
        for i in range(len(X)):
            old = b
            w, b = update(w, b, X[i], y[i])
            count += int(b != old)
        mistakes.append(count)
    return w, b, mistakes


@alternative("fit")
def weights_in_place(X, y, n_epochs):
    """The loop's own arrays are changed in place, which is nobody else's business."""
    w = np.zeros(X.shape[1])
    b = 0
    mistakes = []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = label - (1 if np.dot(x, w) >= -b else 0)
            if error:
                w += error * x
                b += error
                wrong += 1
        mistakes.append(wrong)
        if not wrong:
            return w, b, mistakes
    return w, b, mistakes


@alternative("fit")
def with_predict_for_each(X, y, n_epochs):
    """predict for a table of one row, and a nested helper for an epoch."""
    state = {"w": np.zeros(X.shape[1]), "b": 0.0}

    def epoch():
        wrong = 0
        for x, label in zip(X, y, strict=True):
            guess = predict(state["w"], state["b"], x[np.newaxis])[0]
            wrong += int(guess != label)
            state["w"], state["b"] = update(state["w"], state["b"], x, label)
        return wrong

    mistakes = []
    for _ in range(n_epochs):
        mistakes.append(epoch())
        if mistakes[-1] == 0:
            break
    return state["w"], state["b"], mistakes


@alternative("fit")
def one_vector_in_single_precision(X, y, n_epochs):
    """The bias as the last weight, labels as signs, float32 throughout."""
    extended = np.hstack([X, np.ones((len(X), 1))]).astype(np.float32)
    s = 2 * y - 1
    v, mistakes = np.zeros(extended.shape[1], dtype=np.float32), []
    for _ in range(n_epochs):
        before = v.copy()
        mistakes.append(0)
        for x, sign in zip(extended, s, strict=True):
            if (1 if v @ x >= 0 else -1) != sign:
                v = v + np.float32(sign) * x
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            v = before
            break
    return v[:-1], v[-1], mistakes


@alternative("fit")
def dual_form(X, y, n_epochs):
    """Counts how often each example was added: the weights are the sum of the mistakes."""
    m = len(X)
    times, mistakes = np.zeros(m), []
    products = X @ X.T + 1.0 if m <= 200 else None
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_epochs):
        wrong = 0
        for i in range(m):
            total = times @ products[i] if products is not None else w @ X[i] + b
            error = int(y[i]) - int(total >= 0)
            if error:
                times[i] += error
                w, b = w + error * X[i], b + error
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return times @ X, times.sum(), mistakes


@alternative("fit")
def one_index_for_all_visits(X, y, n_epochs):
    """A single loop over all visits; the examples in turn by the remainder."""
    m, n = X.shape
    w, b, mistakes = np.zeros(n), 0.0, []
    for visit in range(n_epochs * m):
        i = visit % m
        if i == 0:
            if mistakes and mistakes[-1] == 0:
                break
            mistakes.append(0)
        if bool(np.vdot(w, X[i]) + b >= 0) != bool(y[i]):
            sign = 1 if y[i] else -1
            w, b = w + sign * X[i], b + sign
            mistakes[-1] += 1
    return w, b, mistakes


@alternative("fit")
def lists_of_plain_numbers(X, y, n_epochs):
    """No arrays until the end: rows and weights are lists of Python's floats."""
    rows, labels = X.tolist(), y.tolist()
    w, b, mistakes = [0.0] * X.shape[1], 0.0, []
    while len(mistakes) < n_epochs and 0 not in mistakes:
        errors = 0
        for row, label in zip(rows, labels, strict=True):
            error = label - int(sum(map(float.__mul__, w, map(float, row))) + b >= 0)
            w, b = [old + error * one for old, one in zip(w, row, strict=True)], b + error
            errors += abs(error)
        mistakes.append(errors)
    return np.array(w, dtype=float), b, mistakes


# fit_random


@alternative("fit_random")
def index_by_integers(X, y, n_steps, rng):
    """rng.integers picks the place in the list of mistakes."""
    w, b = np.zeros(X.shape[1]), 0
    for _ in range(n_steps):
        wrong = [i for i in range(len(X)) if (1 if X[i] @ w + b >= 0 else 0) != y[i]]
        if not wrong:
            return w, b
        i = wrong[rng.integers(len(wrong))]
        w, b = (w + X[i], b + 1) if y[i] == 1 else (w - X[i], b - 1)
    return w, b


@alternative("fit_random")
def draws_until_wrong(X, y, n_steps, rng):
    """Examples are drawn from all of them until a wrong one comes up."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = predict(w, b, X) != y
        if not wrong.any():
            break
        i = rng.integers(len(X))
        while not wrong[i]:
            i = rng.integers(len(X))
        w, b = update(w, b, X[i], y[i])
    return w, b


@alternative("fit_random")
def first_of_a_shuffle(X, y, n_steps, rng):
    """The first misclassified example in a random order."""
    w, b = np.zeros(X.shape[1]), 0.0
    step = 0
    while step < n_steps and np.any(predict(w, b, X) != y):
        order = rng.permutation(len(X))
        i = order[np.argmax(predict(w, b, X[order]) != y[order])]
        w, b = update(w, b, X[i], y[i])
        step += 1
    return w, b


@alternative("fit_random")
def largest_random_number(X, y, n_steps, rng):
    """Each mistake draws a number, and the largest number wins; weights changed in place."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        error = y - (X @ w + b >= 0)
        if not error.any():
            break
        i = np.argmax(rng.random(len(X)) * (error != 0))
        w += error[i] * X[i]
        b += error[i]
    return w, float(b)


@alternative("fit_random")
def by_probabilities(X, y, n_steps, rng):
    """The index is drawn from all, with equal probabilities for those that are wrong."""
    extended, signs = np.c_[X, np.ones(len(X))], 2 * y - 1
    v, made = np.zeros(X.shape[1] + 1), 0
    while made < n_steps:
        wrong = (extended @ v >= 0) != (y == 1)
        if not wrong.any():
            break
        i = rng.choice(len(X), p=wrong / wrong.sum())
        v = v + signs[i] * extended[i]
        made += 1
    return v[:-1], v[-1]


@alternative("fit_random")
def a_child_for_each_step(X, y, n_steps, rng):
    """rng spawns a generator for each step; the choice is a draw without replacement."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) - y)
        if wrong.size == 0:
            return w, b
        (own,) = rng.spawn(1)
        w, b = update(w, b, *next((X[i], y[i]) for i in own.permutation(wrong)))
    return w, b


@alternative("fit_random")
def in_a_random_place_of_a_list(X, y, n_steps, rng):
    """A uniform number between 0 and 1 becomes a place in the list of mistakes."""
    v, extended = np.zeros(X.shape[1] + 1), np.append(X, np.ones((len(X), 1)), axis=1)
    while n_steps > 0:
        wrong = [i for i, one in enumerate(extended) if (v.dot(one) >= 0) != (y[i] > 0)]
        if not wrong:
            break
        i = wrong[int(len(wrong) * rng.random())]
        v += extended[i] if y[i] else -extended[i]
        n_steps -= 1
    return v[:-1].copy(), float(v[-1])


@alternative("fit_noisy")
def fixed_order_averaged(X, y, n_updates, rng):
    """No chance at all: a fixed order, in which the zeros of the start count for the average."""
    v, left = np.zeros(X.shape[1] + 1), n_updates
    extended, walk = np.hstack([X, np.ones((len(X), 1))]), [v]
    order = np.random.default_rng(0).permutation(len(X))
    for _ in range(100):
        for i in order:
            if left and (extended[i] @ v >= 0) != (y[i] == 1):
                v, left = v + (1 if y[i] else -1) * extended[i], left - 1
            walk.append(v)
        if not left:
            break
    v = np.mean(walk, axis=0)
    return v[:-1], v[-1]


@alternative("fit_noisy")
def averages_of_children(X, y, n_updates, rng):
    """Two trainings with generators that rng spawns, and half of the budget each; averaged."""
    total = np.zeros(X.shape[1] + 1)
    shares = [n_updates - n_updates // 2, n_updates // 2]
    for own, share in zip(rng.spawn(2), shares, strict=True):
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(share):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = own.choice(wrong)
            w, b = update(w, b, X[i], y[i])
            total += np.append(w, b)
    return total[:-1], total[-1]


@alternative("fit_noisy")
def average_or_pocket(X, y, n_updates, rng):
    """The average and the best so far: whichever does better on the examples."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum, made = np.zeros(X.shape[1]), 0.0, 0
    best, in_pocket = -1.0, (w, b)
    for _ in range(100):
        for i in rng.permutation(len(X)):
            if made < n_updates and predict(w, b, X[i : i + 1])[0] != y[i]:
                w, b = update(w, b, X[i], y[i])
                made += 1
                share = accuracy(y, predict(w, b, X))
                if share > best:
                    best, in_pocket = share, (w, b)
            w_sum, b_sum = w_sum + w, b_sum + b
        if made == n_updates:
            break
    return (w_sum, b_sum) if accuracy(y, predict(w_sum, b_sum, X)) > best else in_pocket


@alternative("fit_noisy")
def pocket(X, y, n_updates, rng):
    """The best weights so far stay in the pocket; mistakes are mended at random."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, in_pocket = -1.0, (w, b)
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            return w, b
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        share = accuracy(y, predict(w, b, X))
        if share > best:
            best, in_pocket = share, (w, b)
    return in_pocket


@alternative("fit_noisy")
def longest_run_with_ratchet(X, y, n_updates, rng):
    """Gallant's pocket (1990): a longer run of right answers, and more of them right in all."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_best, b_best, best, run, longest, made = w, b, 0, 0, 0, 0
    for _ in range(100 * n_updates):
        i = rng.integers(len(X))
        if (w @ X[i] + b >= 0) == (y[i] == 1):
            run += 1
            right = np.sum(predict(w, b, X) == y) if run > longest else 0
            if right > best:
                w_best, b_best, best, longest = w, b, right, run
        elif made < n_updates:
            w, b = update(w, b, X[i], y[i])
            made, run = made + 1, 0
        else:
            break
    return w_best, b_best


@alternative("fit_noisy")
def smaller_and_smaller_steps(X, y, n_updates, rng):
    """The step shrinks to zero, with the square of what is left; the last weights count."""
    w, b = np.zeros(X.shape[1]), 0.0
    for k in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        step = (1 - k / n_updates) ** 2 * (2 * y[i] - 1)
        w, b = w + step * X[i], b + step
    return w, b


@alternative("fit_noisy")
def second_half_averaged(X, y, n_updates, rng):
    """The average over the second half of a walk that is kept in full."""
    v, walk, made = np.zeros(X.shape[1] + 1), [], 0
    while made < n_updates and len(walk) < 100 * len(X):
        for i in rng.permutation(len(X)):
            x = np.append(X[i], 1.0)
            error = y[i] - int(v @ x >= 0)
            if error and made < n_updates:
                v = v + error * x
                made += 1
            walk.append(v)
    v = np.mean(walk[len(walk) // 2 :], axis=0)
    return v[:-1], float(v[-1])


@alternative("fit_noisy")
def weighted_by_survival(X, y, n_updates, rng):
    """In the order of the rows: each w and b weighs as much as the right answers it gave."""
    w, b, age, made, epochs = np.zeros(X.shape[1]), 0.0, 0, 0, 0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    while made < n_updates and epochs < 100:
        epochs += 1
        for x, label in zip(X, y, strict=True):
            new_w, new_b = update(w, b, x, label)
            if new_b == b:
                age += 1
            elif made < n_updates:
                w_sum, b_sum = w_sum + age * w, b_sum + age * b
                w, b, age, made = new_w, new_b, 1, made + 1
    return w_sum + age * w, b_sum + age * b


@alternative("fit_noisy")
def with_a_margin_averaged(X, y, n_updates, rng):
    """Examples that are right by a narrow margin count as mistakes; labels as signs; averaged."""
    signs, extended = 2 * y - 1, np.hstack([X, np.ones((len(X), 1))])
    v, total, left = np.zeros(X.shape[1] + 1), np.zeros(X.shape[1] + 1), n_updates
    for _ in range(100):
        for i in rng.permutation(len(X)):
            if left and signs[i] * (v @ extended[i]) <= 1:
                v = v + signs[i] * extended[i]
                left -= 1
            total += v
        if not left:
            break
    return total[:-1], total[-1]


@alternative("fit_noisy")
def moving_average(X, y, n_updates, rng):
    """An average that forgets: 2 % of the new, 98 % of the old."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_slow, b_slow = w, b
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_slow, b_slow = 0.98 * w_slow + 0.02 * w, 0.98 * b_slow + 0.02 * b
    return w_slow, b_slow


@alternative("fit_noisy")
def logistic_steps_averaged(X, y, n_updates, rng):
    """Every visit is an update by a probability's error, in turn; averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for k in range(n_updates):
        x, label = X[k % len(X)], y[k % len(X)]
        error = label - 1 / (1 + math.exp(-(w @ x + b)))
        w, b = w + 0.5 * error * x, b + 0.5 * error
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum / n_updates, b_sum / n_updates


@alternative("fit_noisy")
def three_starts(X, y, n_updates, rng):
    """Three averaged trainings share the budget; the one that does best on the examples counts."""
    best, found, starts = -1.0, None, min(3, n_updates)
    for _ in range(starts):
        w, b = np.zeros(X.shape[1]), 0.0
        w_sum, b_sum = w, b
        for _ in range(n_updates // starts):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = rng.choice(wrong)
            w, b = update(w, b, X[i], y[i])
            w_sum, b_sum = w_sum + w, b_sum + b
        share = accuracy(y, predict(w_sum, b_sum, X))
        if share > best:
            best, found = share, (w_sum, b_sum)
    return found


@alternative("fit_noisy")
def hopeless_examples_dropped(X, y, n_updates, rng):
    """An example that was wrong three times is taken for a lie and left alone; averaged."""
    v, total, times, made = np.zeros(X.shape[1] + 1), 0.0, np.zeros(len(X), dtype=int), 0
    extended = np.column_stack([X, np.ones(len(X))]).astype(np.float32)
    for _ in range(50):
        before = made
        for i in rng.permutation(len(X)):
            error = y[i] - int(extended[i] @ v >= 0)
            if error and times[i] < 3 and made < n_updates:
                v, made = v + error * extended[i], made + 1
                times[i] += 1
            total = total + v
        if made == before:
            break
    return total[:-1], total[-1]


@alternative("fit_noisy")
def ten_best_averaged(X, y, n_updates, rng):
    """Ten pockets: the average of the ten (w, b) that did best on the examples."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            return w, b
        i = wrong[rng.integers(len(wrong))]
        w, b = update(w, b, X[i], y[i])
        seen.append((accuracy(y, predict(w, b, X)), w, b))
    seen.sort(key=lambda one: -one[0])
    return np.mean([w for _, w, _ in seen[:10]], axis=0), np.mean([b for _, _, b in seen[:10]])


# accuracy


@alternative("accuracy")
def counted_in_a_loop(y_true, y_pred):
    """Plain Python."""
    right = 0
    for true, guess in zip(y_true, y_pred, strict=True):
        if true == guess:
            right += 1
    return right / len(y_true)


@alternative("accuracy")
def one_minus_error(y_true, y_pred):
    """One minus the share of wrong answers, from the differences that are not zero."""
    return 1 - np.count_nonzero(y_true - y_pred) / y_true.size


@alternative("accuracy")
def mean_in_single_precision(y_true, y_pred):
    """A NumPy scalar, in float32."""
    return (y_true == y_pred).astype(np.float32).mean()


@alternative("accuracy")
def by_sorting_out(y_true, y_pred):
    """The wrong answers are sorted out, and what is left is counted."""
    left = [one for one in zip(y_true.tolist(), y_pred.tolist(), strict=True) if one[0] == one[1]]
    return len(left) / max(len(y_true), 1)


@alternative("accuracy")
def bits_that_agree(y_true, y_pred):
    """Two integers are equal where no bit of them differs."""
    return float(1 - np.average(np.bitwise_xor(y_true, y_pred) != 0))


@alternative("accuracy")
def sum_of_a_product(y_true, y_pred):
    """An answer is right where neither label is larger."""
    right = (y_true <= y_pred) & (y_pred <= y_true)
    return float(right @ np.ones(len(y_true)) / len(y_true))
