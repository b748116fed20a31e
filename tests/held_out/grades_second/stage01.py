"""Held-out answers to stage 1: read as source, never imported."""

import numpy as np


@mistake("predict", breaks="1 where w · x + b >= 0, else 0: a sum just below 0 means class 0")
def predict(w, b, X):
    """Sums that are close to zero count as zero."""
    sums = X @ w + b
    return ((sums > 0) | np.isclose(sums, 0)).astype(int)


@mistake("predict", breaks="1 where w · x + b >= 0, else 0; X is of float or int")
def predict(w, b, X):
    """The sums are kept in the type of X: with whole numbers in X, -0.5 becomes 0."""
    sums = np.zeros_like(X[:, 0])
    for i in range(len(X)):
        sums[i] = X[i] @ w + b
    return (sums >= 0).astype(int)


@mistake("predict", breaks="1 where w · x + b >= 0, else 0")
def predict(w, b, X):
    """The negative sums become 0 first, and then count as at least 0: everything is of class 1."""
    sums = X @ w + b
    sums[sums < 0] = 0
    sums[sums >= 0] = 1
    return sums.astype(int)


@mistake("separating", breaks="find the candidates that predict every label right")
def separating(candidates, X, y):
    """The share of right answers is rounded to two places: of 300, one may be wrong."""
    found = []
    for i, (w, b) in enumerate(candidates):
        if round(float(np.mean(predict(w, b, X) == y)), 2) == 1:
            found.append(i)
    return found


@mistake("separating", breaks="y: labels, 0 or 1; nothing says that both occur")
def separating(candidates, X, y):
    """The smallest sum of class 1 against the largest of class 0: fails if a class is missing."""
    found = []
    for i, (w, b) in enumerate(candidates):
        sums = X @ w + b
        if np.min(sums[y == 1]) >= 0 > np.max(sums[y == 0]):
            found.append(i)
    return found


@mistake("separating", breaks="find the candidates that predict every label right")
def separating(candidates, X, y):
    """The errors are added up: a missed example and a false alarm cancel."""
    return [i for i, (w, b) in enumerate(candidates) if np.sum(y - predict(w, b, X)) == 0]


@mistake("separating", breaks="class 1 is where w · x + b >= 0: the boundary belongs to it")
def separating(candidates, X, y):
    """An example of class 0 on the boundary passes as right."""
    signs = 2 * y - 1
    return [i for i, (w, b) in enumerate(candidates) if np.all(signs * (X @ w + b) >= 0)]


@right("separating")
def separating(candidates, X, y):
    """By recursion on the list of candidates, and row by row with an early end."""

    def right_everywhere(w, b):
        return all(int(predict(w, b, X[k : k + 1])[0]) == int(y[k]) for k in range(len(y)))

    def search(start, stop):
        if stop - start == 1:
            return [start] if right_everywhere(*candidates[start]) else []
        middle = (start + stop) // 2
        return search(start, middle) + search(middle, stop)

    return search(0, len(candidates))


@mistake("signed_distance", breaks="(w · x + b) / ||w||: the bias is divided too")
def signed_distance(w, b, X):
    """Only the product is divided by the length."""
    return X @ w / np.linalg.norm(w) + b


@mistake("signed_distance", breaks="||w|| is the root of w_1² + ... + w_n²")
def signed_distance(w, b, X):
    """The length is made of the first and the last weight only."""
    return (X @ w + b) / np.hypot(w[0], w[-1])


@mistake("signed_distance", breaks="X: the examples, in rows. Not changed")
def signed_distance(w, b, X):
    """A table of floats is not copied by asarray, and the caller's X is multiplied."""
    length = np.linalg.norm(w)
    X = np.asarray(X, dtype=float)
    X *= w / length
    return X.sum(axis=1) + b / length


@right("signed_distance")
def signed_distance(w, b, X):
    """In pure Python, with the exact sum and the hypotenuse of the math module."""
    import math

    length = math.hypot(*w.tolist())
    weights = w.tolist()

    def distance(row):
        return math.fsum([b, *(u * v for u, v in zip(weights, row, strict=True))]) / length

    return np.array([distance(row) for row in X.tolist()], dtype=float)


@mistake("update", breaks="the prediction is made once, with the weights and bias as given")
def update(w, b, x, y):
    """The error for the bias is computed anew, with the new weights."""
    w_new = w + (y - int(w @ x + b >= 0)) * x
    b_new = b + (y - int(w_new @ x + b >= 0))
    return w_new, b_new


@mistake("update", breaks="false alarm: subtract x from w and 1 from b")
def update(w, b, x, y):
    """On a mistake y x is added: a false alarm is never corrected."""
    if int(w @ x + b >= 0) != y:
        return w + y * x, b + y
    return w.copy(), b


@mistake("update", breaks="y_hat is 1 if w · x + b >= 0 and 0 otherwise")
def update(w, b, x, y):
    """The sum is rounded to ten places: a very small negative one counts as zero."""
    error = y - int(round(float(w @ x + b), 10) >= 0)
    return w + error * x, b + error


@mistake("update", breaks="the error can only be one of three numbers: 0, 1, -1")
def update(w, b, x, y):
    """The prediction is made of the sign, so that on the boundary it is one half."""
    error = y - (np.sign(w @ x + b) + 1) / 2
    return w + error * x, b + error


@right("update")
def update(w, b, x, y):
    """With the longer vectors (w, b) and (x, 1), and a case for each row of the table."""
    v, longer = np.append(w, b), np.append(x, 1.0)
    match (int(y), bool(np.einsum("i,i->", v, longer) >= 0)):
        case (1, False):
            np.add(v, longer, out=v)
        case (0, True):
            np.subtract(v, longer, out=v)
    return v[:-1], float(v[-1])


@mistake("fit", breaks="n_epochs: the largest number of passes over the examples")
def fit(X, y, n_epochs):
    """Never more than a hundred epochs, whatever was asked for."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(min(n_epochs, 100)):
        count = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                count += 1
                w, b = update(w, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="a mistake is an example whose error was not 0 when its turn came")
def fit(X, y, n_epochs):
    """A mistake is counted where the weights changed: not for an example of zeros."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            before = w
            w, b = update(w, b, x, label)
            count += int(not np.array_equal(before, w))
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="mistakes: the number of wrong predictions in each epoch")
def fit(X, y, n_epochs):
    """A 0 is added as soon as all is right, even if the epochs are used up: one entry too many."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                count += 1
                w, b = update(w, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
        if np.all(predict(w, b, X) == y):
            mistakes.append(0)
            break
    return w, b, mistakes


@mistake("fit", breaks="y_hat is 1 if w · x + b >= 0 and 0 otherwise")
def fit(X, y, n_epochs):
    """A bracket is misplaced: the sum is cut to a whole number before it is compared."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            error = label - (int(w @ x + b) >= 0)
            w, b = w + error * x, b + error
            count += abs(int(error))
        mistakes.append(count)
        if count == 0:
            break
    return w, float(b), mistakes


@mistake("fit", breaks="each counted when its example had its turn")
def fit(X, y, n_epochs):
    """All the predictions of an epoch are made at its beginning."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        errors = y - predict(w, b, X)
        w, b = w + errors @ X, b + float(np.sum(errors))
        mistakes.append(int(np.sum(errors != 0)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="w, b: the weights and the bias after the last update")
def fit(X, y, n_epochs):
    """The weights of the epoch's end that gets most examples right are returned."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    best = (-1, w, b)
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                count += 1
                w, b = update(w, b, x, label)
        mistakes.append(count)
        n_right = int(np.sum(predict(w, b, X) == y))
        if n_right > best[0]:
            best = (n_right, w, b)
        if count == 0:
            break
    return best[1], best[2], mistakes


@right("fit")
def fit(X, y, n_epochs):
    """One endless walk round the examples, which ends when m in a row were right."""
    import itertools

    m = len(X)
    w, b, streak, mistakes = [0.0] * X.shape[1], 0.0, 0, []
    for k in itertools.cycle(range(m)):
        if k == 0:
            if len(mistakes) == n_epochs:
                break
            mistakes.append(0)
        row = X[k].tolist()
        guess = 1 if sum(u * v for u, v in zip(w, row, strict=True)) + b >= 0 else 0
        sign = int(y[k]) - guess
        if sign:
            w = [u + sign * v for u, v in zip(w, row, strict=True)]
            b, streak = b + sign, 0
            mistakes[-1] += 1
        else:
            streak += 1
            if streak >= m and mistakes[-1] == 0:
                break
    return np.array(w), b, mistakes


@right("fit")
def fit(X, y, n_epochs):
    """With an object that holds (w, b) as one vector, changed in place, and a fold per epoch."""
    from functools import reduce

    class Learner:
        def __init__(self, n):
            self.v = np.zeros(n + 1)

        def meet(self, example):
            longer, sign = example[:-1], example[-1]
            wrong = (self.v.dot(longer) >= 0) != (sign > 0)
            if wrong:
                self.v += sign * longer
            return int(wrong)

    table = np.column_stack([X, np.ones(len(X)), np.where(y == 1, 1.0, -1.0)])
    learner, mistakes = Learner(X.shape[1]), []
    while len(mistakes) < n_epochs and 0 not in mistakes:
        mistakes.append(reduce(lambda count, row: count + learner.meet(row), table, 0))
    return learner.v[:-1].copy(), float(learner.v[-1]), mistakes


@mistake("fit_random", breaks="from rng itself, not from a copy: a second call draws anew")
def fit_random(X, y, n_steps, rng):
    """The generator is copied, so that a second call with the same one repeats the first."""
    import copy

    rng = copy.deepcopy(rng)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """The class is drawn first, and then one of its mistakes."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = predict(w, b, X) != y
        if not wrong.any():
            break
        label = rng.choice(np.unique(y[wrong]))
        i = rng.choice(np.flatnonzero(wrong & (y == label)))
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each wrong example is equally likely, whatever was mended before")
def fit_random(X, y, n_steps, rng):
    """Passes in a shuffled order: what was mended waits for the next pass."""
    w, b, steps = np.zeros(X.shape[1]), 0.0, 0
    while np.any(predict(w, b, X) != y):
        for i in rng.permutation(len(X)):
            if int(w @ X[i] + b >= 0) != y[i]:
                w, b = update(w, b, X[i], y[i])
                steps += 1
                if steps == n_steps:
                    return w, b
    return w, b


@mistake("fit_random", breaks="finds those that are misclassified, and picks one of these")
def fit_random(X, y, n_steps, rng):
    """Any example is picked, and one that is right uses up a step."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        if np.all(predict(w, b, X) == y):
            break
        i = rng.integers(len(X))
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="it ends when nothing is misclassified any more")
def fit_random(X, y, n_steps, rng):
    """There is no end before the last step: choosing from no mistakes is an error."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        i = rng.choice(np.flatnonzero(predict(w, b, X) != y))
        w, b = update(w, b, X[i], y[i])
    return w, b


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """A lottery: each wrong example draws a ticket, and the highest one wins."""
    signs = np.where(y == 1, 1.0, -1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    while n_steps > 0:
        wrong = (X @ w + b >= 0) != (signs > 0)
        if not np.any(wrong):
            return w, b
        i = int(np.argmax(np.where(wrong, rng.random(len(X)), -1.0)))
        w, b, n_steps = w + signs[i] * X[i], b + float(signs[i]), n_steps - 1
    return w, b


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """A generator of states in pure Python; a random fraction of the list chooses."""
    rows, labels = X.tolist(), y.tolist()

    def states():
        w, b = [0.0] * X.shape[1], 0.0
        while True:
            yield w, b
            wrong = []
            for row, label in zip(rows, labels, strict=True):
                guess = int(sum(u * v for u, v in zip(w, row, strict=True)) + b >= 0)
                if guess != label:
                    wrong.append((row, label - guess))
            if not wrong:
                return
            row, sign = wrong[int(rng.random() * len(wrong))]
            w, b = [u + sign * v for u, v in zip(w, row, strict=True)], b + sign

    last = None
    for steps, last in enumerate(states()):
        if steps == n_steps:
            break
    return np.array(last[0]), last[1]


@mistake("accuracy", breaks="the share of right answers: y_hat of an example equals its own y")
def accuracy(y_true, y_pred):
    """A prediction counts as right if the label occurs anywhere."""
    return float(np.mean(np.isin(y_pred, y_true)))


@mistake("accuracy", breaks="the labels may be any integers; right is what is equal")
def accuracy(y_true, y_pred):
    """Large labels that are close to one another count as equal."""
    return float(np.mean(np.isclose(y_true, y_pred)))


@mistake("accuracy", breaks="1/m times the sum over all the examples")
def accuracy(y_true, y_pred):
    """The share is taken for each class, and then averaged over the classes."""
    shares = [np.mean(y_pred[y_true == label] == label) for label in np.unique(y_true)]
    return float(np.mean(shares))


@mistake("fit_noisy", breaks="the target: an accuracy of at least 0.78 on new examples")
def fit_noisy(X, y, n_updates, rng):
    """A random mistake at a time, and the last weights: no better than plain fit."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
    return w, b


@mistake("fit_noisy", breaks="at most n_updates of them in all, even if you start several times")
def fit_noisy(X, y, n_updates, rng):
    """The updates of each start are rounded up: with six for five starts, ten are made."""
    n_starts = min(5, n_updates)
    each = int(np.ceil(n_updates / n_starts))
    total_w, total_b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_starts):
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(each):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = rng.choice(wrong)
            w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
            total_w, total_b = total_w + w, total_b + b
    return total_w / (n_starts * each), float(total_b / (n_starts * each))


@mistake("fit_noisy", breaks="X: shape (m, n); w: shape (n,)")
def fit_noisy(X, y, n_updates, rng):
    """The average of all moments, but for three features only."""
    w, b = np.zeros(3), 0.0
    total_w, total_b = np.zeros(3), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) > 0:
            i = rng.choice(wrong)
            w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
        total_w, total_b = total_w + w, total_b + b
    return total_w / n_updates, float(total_b / n_updates)


@mistake("fit_noisy", breaks="X: the examples; m is at least 10")
def fit_noisy(X, y, n_updates, rng):
    """Each step draws twelve different examples, which ten or eleven do not have."""
    w, b = np.zeros(X.shape[1]), 0.0
    total_w, total_b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        some = rng.choice(len(X), size=12, replace=False)
        wrong = some[predict(w, b, X[some]) != y[some]]
        if len(wrong) > 0:
            i = wrong[0]
            w, b = w + (2 * y[i] - 1) * X[i], b + float(2 * y[i] - 1)
        total_w, total_b = total_w + w, total_b + b
    return total_w / n_updates, float(total_b / n_updates)


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """Every moment on the walk round the examples votes: the average, kept as a running mean."""
    longer = np.column_stack([X, np.ones(len(X))]) * np.where(y == 1, 1.0, -1.0)[:, None]
    v = np.zeros(X.shape[1] + 1)
    mean, seen, left, quiet = v.copy(), 0, n_updates, 0
    while left > 0 and quiet < len(X):
        for k in rng.permutation(len(X)):
            margin = longer[k] @ v
            if left > 0 and (margin < 0 or (margin == 0 and y[k] == 0) or not v.any()):
                v, left, quiet = v + longer[k], left - 1, 0
            else:
                quiet += 1
            seen += 1
            mean += (v - mean) / seen
    return mean[:-1], float(mean[-1])


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """No chance: steps that shrink, the mistakes taken in turn, and the best moment is kept."""
    signs = 2.0 * y - 1.0

    def n_right(state):
        return int(np.sum(predict(*state, X) == y))

    def step(state, k):
        w, b = state
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            return state
        i = wrong[k % len(wrong)]
        eta = 1.0 / (1.0 + k) ** 0.5
        return w + eta * signs[i] * X[i], float(b + eta * signs[i])

    states = [(np.zeros(X.shape[1]), 0.0)]
    for k in range(n_updates):
        states.append(step(states[-1], k))
    w, b = max(states, key=n_right)
    return w, float(b)
