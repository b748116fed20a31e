"""Held-out answers to stage 1: read as source, never imported."""

import numpy as np


@mistake("predict", breaks="1 where w · x + b >= 0: the boundary belongs to class 1")
def predict(w, b, X):
    """An example right on the boundary goes to class 0."""
    return np.where(np.dot(X, w) > -b, 1, 0)


@mistake("predict", breaks="1 where w · x + b >= 0, else 0: a sum of -0.5 is below zero")
def predict(w, b, X):
    """The sums become whole numbers before they are compared, so that -0.5 counts as 0."""
    sums = (X @ w + b).astype(int)
    return (sums >= 0).astype(int)


@mistake("predict", breaks="X has shape (m, n): the examples are its rows, for m = n as well")
def predict(w, b, X):
    """A table whose height equals the number of weights is turned round, a square one too."""
    if X.shape[0] == len(w):
        return (w @ X + b >= 0).astype(int)
    return (X @ w + b >= 0).astype(int)


@mistake("separating", breaks="find the candidates that predict every label right")
def separating(candidates, X, y):
    """A candidate that gets every label wrong is listed, too: its line is as good."""
    found = []
    for i, (w, b) in enumerate(candidates):
        share = np.mean(predict(w, b, X) == y)
        if share in (0, 1):
            found.append(i)
    return found


@mistake("separating", breaks="the boundary belongs to class 1: there a label 0 is predicted wrong")
def separating(candidates, X, y):
    """With signs and >= 0, an example of class 0 on the boundary passes as right."""
    s = 2 * y - 1
    return [i for i, (w, b) in enumerate(candidates) if np.all(s * (X @ w + b) >= 0)]


@mistake("separating", breaks="labels, 0 or 1, perhaps all the same")
def separating(candidates, X, y):
    """The lowest sum of class 1 and the highest of class 0: an error where a class is empty."""
    found = []
    for i, (w, b) in enumerate(candidates):
        sums = X @ w + b
        if sums[y == 1].min() >= 0 and sums[y == 0].max() < 0:
            found.append(i)
    return found


@mistake("separating", breaks="the indices of the separating candidates; one may come twice")
def separating(candidates, X, y):
    """A candidate that came before is not listed again."""
    found, seen = [], set()
    for i, (w, b) in enumerate(candidates):
        key = (*w.tolist(), float(b))
        if key not in seen and (predict(w, b, X) == y).all():
            found.append(i)
        seen.add(key)
    return found


@right("separating")
def separating(candidates, X, y):
    """A filter over the indices, with sets of examples instead of arrays."""
    ones = {i for i, label in enumerate(y) if label == 1}

    def fits(k):
        w, b = candidates[k]
        return {i for i, x in enumerate(X) if w @ x + b >= 0} == ones

    return list(filter(fits, range(len(candidates))))


@mistake("signed_distance", breaks="positive on the side of class 1, negative on the other")
def signed_distance(w, b, X):
    """The distance without its sign."""
    return np.abs(X @ w + b) / np.linalg.norm(w)


@mistake("signed_distance", breaks="w: not changed")
def signed_distance(w, b, X):
    """The caller's weights are brought to length 1 in place."""
    length = np.linalg.norm(w)
    w /= length
    return X @ w + b / length


@mistake("signed_distance", breaks="(w · x + b) / ||w||, for all w that are not zero")
def signed_distance(w, b, X):
    """A small number in the denominator, against zeros, falsifies the result for small weights."""
    return (X @ w + b) / (np.linalg.norm(w) + 1e-6)


@right("signed_distance")
def signed_distance(w, b, X):
    """Bring the weights to length 1 first, then project with einsum."""
    import math

    length = math.hypot(*w.tolist())
    return np.einsum("ij,j->i", X, w / length) + b / length


@mistake("update", breaks="the prediction is made once, with the weights and bias as given")
def update(w, b, x, y):
    """The error of the bias is computed anew, with the new weights."""
    w_new = w + (y - int(w @ x + b >= 0)) * x
    b_new = b + (y - int(w_new @ x + b >= 0))
    return w_new, b_new


@mistake("update", breaks="a false alarm: subtract x from w and 1 from b")
def update(w, b, x, y):
    """The rule for signs with labels 0 and 1: a false alarm is never corrected."""
    y_hat = int(w @ x + b >= 0)
    if y_hat != y:
        return w + y * x, b + y
    return w.copy(), b


@mistake("update", breaks="one application of (4), for one example")
def update(w, b, x, y):
    """Goes on until the example is predicted right."""
    while (error := int(y) - int(w @ x + b >= 0)) != 0:
        w, b = w + error * x, b + error
    return w, b


@mistake("update", breaks="w: not changed; whatever differs from it is a new array")
def update(w, b, x, y):
    """The step is added to the caller's own array."""
    error = y - int(w @ x + b >= 0)
    w += error * x
    b += error
    return w, b


@right("update")
def update(w, b, x, y):
    """Three cases in the order of the table, and a list in between."""
    loud = sum(wi * xi for wi, xi in zip(w.tolist(), x.tolist())) + b >= 0
    if loud and y == 0:
        return np.array([wi - xi for wi, xi in zip(w, x)], dtype=float), b - 1.0
    if not loud and y == 1:
        return np.array([wi + xi for wi, xi in zip(w, x)], dtype=float), b + 1.0
    return np.array(w, dtype=float), float(b)


@mistake("fit", breaks="each mistake is counted when its example had its turn")
def fit(X, y, n_epochs):
    """The mistakes are counted after the epoch, with the weights at its end."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for x, label in zip(X, y):
            w, b = update(w, b, x, label)
        mistakes.append(int(np.sum(predict(w, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="returns the weights and the bias after the last update")
def fit(X, y, n_epochs):
    """Returns the weights that ended the epoch with the fewest mistakes."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    best, fewest = (w, b), len(y) + 1
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(w @ x + b >= 0) != label
            w, b = update(w, b, x, label)
        mistakes.append(int(count))
        if count < fewest:
            best, fewest = (w, b), count
        if count == 0:
            break
    return *best, mistakes


@mistake("fit", breaks="count the examples whose error was not 0 when their turn came")
def fit(X, y, n_epochs):
    """A mistake is counted only where w moves, so that an example of zeros never counts."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            w_new, b = update(w, b, x, label)
            if not np.array_equal(w_new, w):
                count += 1
            w = w_new
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="go through the examples in order and apply (4) to each")
def fit(X, y, n_epochs):
    """All errors of an epoch are computed at its start, and then added at once."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        errors = y - predict(w, b, X)
        mistakes.append(int(np.count_nonzero(errors)))
        if mistakes[-1] == 0:
            break
        w, b = w + errors @ X, b + float(errors.sum())
    return w, b, mistakes


@mistake("fit", breaks="mistakes: one number for each epoch; earlier results are never changed")
def fit(X, y, n_epochs, mistakes=[]):
    """The list is a default argument: each call appends to that of the calls before."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(w @ x + b >= 0) != int(label)
            w, b = update(w, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes


@right("fit")
def fit(X, y, n_epochs):
    """Weights and bias in one vector, signs instead of labels, a while loop."""
    table = np.hstack([X, np.ones((len(X), 1))])
    v = np.zeros(table.shape[1])
    history = []
    while len(history) < n_epochs and 0 not in history:
        history.append(0)
        for row, label in zip(table, y):
            is_one = row @ v >= 0
            if is_one and label == 0:
                v -= row
            elif not is_one and label == 1:
                v += row
            else:
                continue
            history[-1] += 1
    return v[:-1].copy(), float(v[-1]), history


@right("fit")
def fit(X, y, n_epochs):
    """A small class with Python lists; a generator yields the mistakes of each epoch."""

    class Machine:
        def __init__(self, n):
            self.w, self.b = [0.0] * n, 0.0

        def see(self, x, label):
            total = self.b + sum(wi * xi for wi, xi in zip(self.w, x))
            error = label - (1 if total >= 0 else 0)
            if error:
                self.w = [wi + error * xi for wi, xi in zip(self.w, x)]
                self.b += error
            return abs(error)

    machine = Machine(X.shape[1])
    examples = list(zip(X.tolist(), y.tolist()))

    def epochs():
        for _ in range(n_epochs):
            count = sum(machine.see(x, label) for x, label in examples)
            yield count
            if count == 0:
                return

    mistakes = list(epochs())
    return np.array(machine.w), machine.b, mistakes


@mistake("fit_random", breaks="n_steps updates, or as soon as no example is misclassified")
def fit_random(X, y, n_steps, rng):
    """Asks any() of the indices: it stops, too, when only example number 0 is wrong."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if not wrong.any():
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """First a coin for the class, then a wrong example of it: the rarer ones come too often."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = predict(w, b, X) != y
        groups = [np.flatnonzero(wrong & (y == label)) for label in (0, 1)]
        groups = [group for group in groups if len(group)]
        if not groups:
            break
        i = rng.choice(groups[rng.integers(len(groups))])
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="all that are wrong now are equally likely, whatever was mended")
def fit_random(X, y, n_steps, rng):
    """Goes through a shuffled deck and mends what is wrong, so that nothing is drawn twice."""
    w, b, steps = np.zeros(X.shape[1]), 0.0, 0
    while (predict(w, b, X) != y).any():
        for i in rng.permutation(len(X)):
            if int(w @ X[i] + b >= 0) != y[i]:
                if steps == n_steps:
                    return w, b
                w, b = update(w, b, X[i], y[i])
                steps += 1
    return w, b


@mistake(
    "fit_random", breaks="all randomness from rng itself, not a copy: a second call draws anew"
)
def fit_random(X, y, n_steps, rng):
    """Draws from a copy of the generator."""
    import copy

    own = copy.deepcopy(rng)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = own.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """The k-th wrong example replaces the choice so far with a chance of 1/k."""
    signs = np.where(y == 1, 1.0, -1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        chosen, seen = None, 0
        for i in range(len(X)):
            if (X[i] @ w + b >= 0) != (y[i] == 1):
                seen += 1
                if rng.random() * seen < 1:
                    chosen = i
        if chosen is None:
            return w, b
        w, b = w + signs[chosen] * X[chosen], b + float(signs[chosen])
    return w, b


@mistake("accuracy", breaks="the share of right answers among the m examples, formula (7)")
def accuracy(y_true, y_pred):
    """The mean of the shares in each class, whatever its size."""
    shares = [np.mean(y_pred[y_true == label] == label) for label in np.unique(y_true)]
    return float(np.mean(shares))


@mistake("accuracy", breaks="1 if y_hat = y, for any integers, also where both are 0")
def accuracy(y_true, y_pred):
    """Counts the labels that were hit and are not 0."""
    hits = y_true[y_true == y_pred]
    return float(np.count_nonzero(hits) / len(y_true))


@mistake("accuracy", breaks="right only where y_hat = y; the labels may be any integers")
def accuracy(y_true, y_pred):
    """Counts what is nearly equal, so that 1,000,000 and 1,000,001 are one label."""
    return float(np.isclose(y_pred, y_true).mean())


@right("accuracy")
def accuracy(y_true, y_pred):
    """A generator expression over pairs, in pure Python."""
    return sum(int(t) == int(p) for t, p in zip(y_true, y_pred)) / len(y_true)


@mistake("fit_noisy", breaks="the target: at least 0.78 on new examples")
def fit_noisy(X, y, n_updates, rng):
    """Keeps the best weights, but as the same array that is then updated in place."""
    w, b = np.zeros(X.shape[1]), 0.0
    best_w, best_b, best_share = w, b, np.mean(y == 1)
    for _ in range(n_updates):
        wrong = np.flatnonzero((X @ w + b >= 0) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w += (2 * y[i] - 1) * X[i]
        b += float(2 * y[i] - 1)
        share = np.mean((X @ w + b >= 0) == y)
        if share > best_share:
            best_w, best_b, best_share = w, b, share
    return best_w, best_b


@mistake("fit_noisy", breaks="at most n_updates in all, even if you start several times")
def fit_noisy(X, y, n_updates, rng):
    """The mean of eight trainings, each of which makes n_updates of its own."""
    ends = []
    for _ in range(8):
        w, b = np.zeros(X.shape[1]), 0.0
        total_w, total_b = np.zeros(X.shape[1]), 0.0
        for _ in range(n_updates):
            wrong = np.flatnonzero((X @ w + b >= 0) != y)
            if len(wrong):
                i = rng.choice(wrong)
                w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
            total_w, total_b = total_w + w, total_b + b
        ends.append((total_w / n_updates, total_b / n_updates))
    return sum(w for w, _ in ends) / 8, float(sum(b for _, b in ends) / 8)


@mistake("fit_noisy", breaks="all randomness comes from rng itself")
def fit_noisy(X, y, n_updates, rng):
    """An average over random mistakes that NumPy's global generator draws."""
    w, b = np.zeros(X.shape[1]), 0.0
    total_w, total_b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero((X @ w + b >= 0) != y)
        if len(wrong):
            i = np.random.choice(wrong)
            w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
        total_w, total_b = total_w + w, total_b + b
    return total_w / n_updates, float(total_b / n_updates)


@mistake("fit_noisy", breaks="a line may separate the labels, or none")
def fit_noisy(X, y, n_updates, rng):
    """Draws from the mistakes without asking whether there are any left: then it crashes."""
    w, b = np.zeros(X.shape[1]), 0.0
    total_w, total_b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        i = rng.choice(np.flatnonzero((X @ w + b >= 0) != y))
        w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
        total_w, total_b = total_w + w, total_b + b
    return total_w / n_updates, float(total_b / n_updates)


@mistake("fit_noisy", breaks="what changes w and b are updates, n_updates of them at most")
def fit_noisy(X, y, n_updates, rng):
    """No updates at all: the least squares line through the signs."""
    table = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.lstsq(table, 2.0 * y - 1, rcond=None)[0]
    return solution[:-1], float(solution[-1])


@mistake("fit_noisy", breaks="at most n_updates of them in all")
def fit_noisy(X, y, n_updates, rng):
    """Counts from 0 and stops after n_updates: that is one more."""
    w, b, k = np.zeros(X.shape[1]), 0.0, 0
    total_w, total_b, n_seen = np.zeros(X.shape[1]), 0.0, 0
    while k <= n_updates:
        before = k
        for i in rng.permutation(len(X)):
            s = 2 * int(y[i]) - 1
            if (w @ X[i] + b >= 0) != (s > 0) and k <= n_updates:
                w, b, k = w + s * X[i], b + s, k + 1
            total_w, total_b, n_seen = total_w + w, total_b + b, n_seen + 1
        if k == before:
            break
    return total_w / n_seen, float(total_b / n_seen)


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """The average of all the weights that came up, over random mistakes."""
    signs = 2.0 * y - 1
    path = [(np.zeros(X.shape[1]), 0.0)]
    while len(path) <= n_updates:
        w, b = path[-1]
        wrong = np.flatnonzero((X @ w + b >= 0) != (y == 1))
        if wrong.size == 0:
            return w, b
        i = wrong[int(rng.random() * wrong.size)]
        path.append((w + signs[i] * X[i], b + signs[i]))
    ws, bs = zip(*path)
    return np.mean(ws, axis=0), float(np.mean(bs))


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """Steps that become smaller, in a shuffled order; the best half of the path is averaged."""
    w, b, path, k = np.zeros(X.shape[1]), 0.0, [], 0
    while k < n_updates:
        before = k
        for i in rng.permutation(len(X)):
            s = 2.0 * y[i] - 1
            if k < n_updates and (w @ X[i] + b >= 0) != (s > 0):
                rate = 1 / (1 + 0.1 * k)
                w, b, k = w + rate * s * X[i], b + float(rate * s), k + 1
                path.append((np.mean((X @ w + b >= 0) == (y == 1)), k, w, b))
        if k == before:
            return w, b
    path.sort(key=lambda entry: -entry[0])
    path = path[: max(1, len(path) // 2)]
    return sum(p[2] for p in path) / len(path), float(sum(p[3] for p in path) / len(path))
