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
    s = to_signs(y)
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


# to_signs


@alternative("to_signs")
def signs_by_where(y):
    """A choice for each entry."""
    return np.where(y == 0, -1, 1)


@alternative("to_signs")
def signs_by_lookup(y):
    """The label as an index."""
    return np.array([-1, 1])[y]


@alternative("to_signs")
def signs_on_a_copy(y):
    """A copy, changed in place."""
    s = y.copy()
    s[s == 0] = -1
    return s


@alternative("to_signs")
def signs_by_powers(y):
    """Minus one to the power of 1 - y, as small integers."""
    return np.array([(-1) ** (1 - label) for label in y.tolist()], dtype=np.int8)


# from_signs


@alternative("from_signs")
def labels_by_comparison(s):
    """True and False as integers."""
    return (s > 0).astype(int)


@alternative("from_signs")
def labels_by_where(s):
    """A choice for each entry, as small unsigned integers."""
    return np.where(s == -1, 0, 1).astype(np.uint8)


@alternative("from_signs")
def labels_by_maximum(s):
    """Negative signs are lifted to zero."""
    return np.maximum(s, 0)


@alternative("from_signs")
def labels_by_division(s):
    """A true division, then back to integers."""
    return ((s + 1) / 2).astype(int)


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
