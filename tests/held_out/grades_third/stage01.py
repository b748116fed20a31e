"""Held-out answers to stage 1: read as source, never imported."""

import numpy as np


@mistake("predict", breaks="1 where w · x + b >= 0, else 0; X is of float or int")
def predict(w, b, X):
    """The weights take the type of X, so whole numbers in X cut their fractions off."""
    return (X @ w.astype(X.dtype) + b >= 0).astype(int)


@mistake("predict", breaks="The examples, in rows. Not changed, and neither is w")
def predict(w, b, X):
    """Works in place on what asarray gives, which is the caller's X if that holds floats."""
    X = np.asarray(X, dtype=float)
    X *= w
    return (X.sum(axis=1) + b >= 0).astype(int)


@mistake("predict", breaks="1 where w · x + b >= 0, else 0")
def predict(w, b, X):
    """The sums become whole numbers before the comparison, so those above -1 become 0."""
    return np.where((X @ w + b).astype(int) >= 0, 1, 0)


@right("predict")
def predict(w, b, X):
    """The step function of NumPy, with the value 1 at zero."""
    return np.heaviside(np.einsum("ij,j->i", X, w) + b, 1.0).astype(np.int64)


@mistake("separating", breaks="Find the candidates that predict every label right")
def separating(candidates, X, y):
    """Compares how many examples are predicted as class 1, not which."""
    found = []
    for i, (w, b) in enumerate(candidates):
        if np.sum(predict(w, b, X)) == np.sum(y):
            found.append(i)
    return found


@mistake("separating", breaks="predict every label right; class 1 is where w · x + b >= 0")
def separating(candidates, X, y):
    """Uses signs, and lets examples of class 0 lie on the boundary."""
    signs = 2 * y - 1
    return [i for i, (w, b) in enumerate(candidates) if np.all(signs * (X @ w + b) >= 0)]


@mistake("separating", breaks="Find the candidates that predict every label right")
def separating(candidates, X, y):
    """The accuracy is rounded to two decimals, so one mistake among 500 is forgiven."""
    found = []
    for i, (w, b) in enumerate(candidates):
        if round(float(np.mean(predict(w, b, X) == y)), 2) == 1.0:
            found.append(i)
    return found


@mistake("separating", breaks="The indices of the separating candidates; one may come twice")
def separating(candidates, X, y):
    """A candidate that comes a second time is left out."""
    seen, found = set(), []
    for i, (w, b) in enumerate(candidates):
        key = (*w.tolist(), float(b))
        if key not in seen and np.all(predict(w, b, X) == y):
            found.append(i)
        seen.add(key)
    return found


@right("separating")
def separating(candidates, X, y):
    """All the candidates at once, as the columns of one table of sums."""
    weights, biases = zip(*candidates, strict=True)
    sums = X @ np.stack(weights, axis=1) + np.array(biases)
    wrong = (sums >= 0) ^ (y == 1)[:, None]
    return np.flatnonzero(~wrong.any(axis=0)).tolist()


@mistake("signed_distance", breaks="(w · x + b) / ||w||: all of the sum is divided")
def signed_distance(w, b, X):
    """The bias is not divided by the length of w."""
    return X @ w / np.linalg.norm(w) + b


@mistake("signed_distance", breaks="(w · x + b) / ||w||, for all w that are not all zero")
def signed_distance(w, b, X):
    """Guards against a division by zero, and so is wrong for tiny weights."""
    return (X @ w + b) / max(np.linalg.norm(w), 1e-12)


@mistake("signed_distance", breaks="||w|| = √(w_1² + … + w_n²)")
def signed_distance(w, b, X):
    """The length of w is made with a mean in the place of the sum."""
    return (X @ w + b) / np.sqrt(np.mean(w**2))


@right("signed_distance")
def signed_distance(w, b, X):
    """Pure Python, one example after the other."""
    import math

    length = math.hypot(*w.tolist())

    def distance(x):
        return math.fsum([*(u * v for u, v in zip(w.tolist(), x, strict=True)), b]) / length

    return np.fromiter(map(distance, X.tolist()), dtype=float, count=len(X))


@mistake("update", breaks="The prediction is made once, with the weights and bias as given")
def update(w, b, x, y):
    """Predicts again, with the new weights, before the bias is changed."""
    new_w = w + (y - int(w @ x + b >= 0)) * x
    new_b = b + (y - int(new_w @ x + b >= 0))
    return new_w, new_b


@mistake("update", breaks="One application of (4), for one example")
def update(w, b, x, y):
    """Repeats the rule until the example is predicted right."""
    while int(w @ x + b >= 0) != y:
        error = y - int(w @ x + b >= 0)
        w, b = w + error * x, b + error
    return w, b


@mistake("update", breaks="x: one example. Not changed")
def update(w, b, x, y):
    """Multiplies the caller's example by the error, in place."""
    error = y - int(w @ x + b >= 0)
    x *= error
    return w + x, b + error


@mistake("update", breaks="b + (y - ŷ), for every example that is predicted wrong")
def update(w, b, x, y):
    """An example of zeros is passed over, although the bias could learn from it."""
    if not np.any(x):
        return w, b
    error = y - int(w @ x + b >= 0)
    return w + error * x, b + error


@right("update")
def update(w, b, x, y):
    """Weights and bias as one longer vector, the example with a 1 at its end."""
    v, longer = np.append(w, b), np.append(x, 1.0)
    match bool(np.inner(v, longer) >= 0), bool(y):
        case (False, True):
            np.add(v, longer, out=v)
        case (True, False):
            np.subtract(v, longer, out=v)
    return v[:-1], float(v[-1])


@mistake("fit", breaks="Count the mistakes as they happen, when their turn came")
def fit(X, y, n_epochs):
    """The mistakes are counted at the end of each epoch, with the weights of that moment."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            w, b = update(w, b, x, label)
        mistakes.append(int(np.sum(predict(w, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="Go through the examples and apply (4) to each, one after the other")
def fit(X, y, n_epochs):
    """All predictions of an epoch are made at its start, with the same weights."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        errors = y - predict(w, b, X)
        mistakes.append(int(np.sum(errors != 0)))
        if mistakes[-1] == 0:
            break
        w, b = w + errors @ X, b + float(errors.sum())
    return w, b, mistakes


@mistake("fit", breaks="Stop after an epoch without a mistake")
def fit(X, y, n_epochs):
    """Stops as soon as fewer than one example in a hundred was wrong."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(w @ x + b >= 0) != label
            w, b = update(w, b, x, label)
        mistakes.append(int(count))
        if count < 0.01 * len(X):
            break
    return w, b, mistakes


@mistake("fit", breaks="Stop when the number of epochs is used up, n_epochs")
def fit(X, y, n_epochs):
    """Never trains for more than 100 epochs, whatever n_epochs is."""
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


@mistake("fit", breaks="Stop after an epoch without a mistake")
def fit(X, y, n_epochs):
    """Stops when the weights are those of an epoch ago, though they moved in between."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        before, count = (w, b), 0
        for x, label in zip(X, y, strict=True):
            count += int(int(w @ x + b >= 0) != label)
            w, b = update(w, b, x, label)
        mistakes.append(count)
        if np.array_equal(w, before[0]) and b == before[1]:
            break
    return w, b, mistakes


@mistake("fit", breaks="w: the weights after the last update")
def fit(X, y, n_epochs):
    """Returns the weights at the end of the best epoch, not the last ones."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    best_w, best_b, fewest = w, b, len(X) + 1
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(int(w @ x + b >= 0) != label)
            w, b = update(w, b, x, label)
        mistakes.append(count)
        if count < fewest:
            best_w, best_b, fewest = w, b, count
        if count == 0:
            break
    return best_w, best_b, mistakes


@right("fit")
def fit(X, y, n_epochs):
    """How often each example has been added, and the products of all pairs of examples."""
    times = np.zeros(len(X))
    products = X @ X.T + 1
    mistakes = []
    while len(mistakes) < n_epochs and 0 not in mistakes:
        wrong = 0
        for i in range(len(X)):
            error = int(y[i]) - int(products[i] @ times >= 0)
            times[i] += error
            wrong += abs(error)
        mistakes.append(wrong)
    return X.T @ times, float(times.sum()), mistakes


@right("fit")
def fit(X, y, n_epochs):
    """A machine with a state of its own and an iterator over its epochs."""
    from itertools import islice

    class Machine:
        def __init__(self, n):
            self.w, self.b = [0.0] * n, 0.0

        def learn(self, x, label):
            total = sum((u * v for u, v in zip(self.w, x, strict=True)), 0.0) + self.b
            if (total >= 0) == (label == 1):
                return 0
            sign = 1.0 if label == 1 else -1.0
            self.w = [u + sign * v for u, v in zip(self.w, x, strict=True)]
            self.b += sign
            return 1

        def epochs(self, table, labels):
            wrong = -1
            while wrong != 0:
                wrong = sum(map(self.learn, table, labels))
                yield wrong

    machine = Machine(X.shape[1])
    mistakes = list(islice(machine.epochs(X.tolist(), y.tolist()), n_epochs))
    return np.array(machine.w), machine.b, mistakes


@mistake("fit_random", breaks="finds those that are misclassified with the present (w, b)")
def fit_random(X, y, n_steps, rng):
    """Keeps to the example that it has picked until that one is right."""
    w, b, i = np.zeros(X.shape[1]), 0.0, None
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        if i not in wrong:
            i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="All the randomness comes from rng itself, not from a copy")
def fit_random(X, y, n_steps, rng):
    """Draws from a copy of rng, so that a second call with the same one repeats the first."""
    from copy import deepcopy

    dice = deepcopy(rng)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = dice.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """The last of several wrong examples is never picked."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = wrong[rng.integers(0, max(len(wrong) - 1, 1))]
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """Draws a class first and then an example of it, which favours the rarer class."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        label = rng.choice(np.unique(y[wrong]))
        i = rng.choice(wrong[y[wrong] == label])
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="equally likely, whatever was mended before")
def fit_random(X, y, n_steps, rng):
    """Goes through shuffled passes, so that no example has two turns in one pass."""
    w, b, steps = np.zeros(X.shape[1]), 0.0, 0
    while np.any(predict(w, b, X) != y):
        for i in rng.permutation(len(X)):
            if int(w @ X[i] + b >= 0) != y[i]:
                w, b = update(w, b, X[i], y[i])
                steps += 1
                if steps == n_steps:
                    return w, b
    return w, b


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """Draws among all the examples until a wrong one comes up."""
    v = np.zeros(X.shape[1] + 1)
    signs = np.where(y == 1, 1.0, -1.0)
    for _ in range(n_steps):
        wrong = ((X @ v[:-1] + v[-1]) >= 0) != (y == 1)
        if not wrong.any():
            break
        i = int(rng.integers(len(X)))
        while not wrong[i]:
            i = int(rng.integers(len(X)))
        v[:-1] += signs[i] * X[i]
        v[-1] += signs[i]
    return v[:-1].copy(), float(v[-1])


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """Each example draws a ticket, and the highest ticket of the wrong ones is mended."""

    def steps(w, b):
        while True:
            yield w, b
            errors = y - predict(w, b, X)
            if not errors.any():
                return
            i = int(np.where(errors != 0, rng.random(len(y)), -1.0).argmax())
            w, b = w + errors[i] * X[i], b + float(errors[i])

    end = None
    for _, end in zip(range(n_steps + 1), steps(np.zeros(X.shape[1]), 0.0), strict=False):
        pass
    return end


@mistake("accuracy", breaks="1 if the statement in braces holds and 0 if not; any integers")
def accuracy(y_true, y_pred):
    """Takes the size of the errors from 1, which is right for labels 0 and 1 only."""
    return float(1 - np.mean(np.abs(y_true - y_pred)))


@mistake("accuracy", breaks="The labels, any integers; a label is right where it is equal")
def accuracy(y_true, y_pred):
    """Large labels that differ by little count as equal."""
    return float(np.mean(np.isclose(y_true, y_pred)))


@mistake("accuracy", breaks="The labels, any integers; a label is right where it is equal")
def accuracy(y_true, y_pred):
    """Compares bytes, so that labels that differ by 256 count as equal."""
    return float(np.mean(y_true.astype(np.uint8) == y_pred.astype(np.uint8)))


@mistake("fit_noisy", breaks="At most n_updates of them in all, even if you start several times")
def fit_noisy(X, y, n_updates, rng):
    """Averages five trainings, each of which has the whole budget."""
    w_sum, b_sum, turns = np.zeros(X.shape[1]), 0.0, 0
    for _ in range(5):
        w, b = np.zeros(X.shape[1]), 0.0
        spent, before = 0, -1
        while spent != before and spent < n_updates:
            before = spent
            for i in rng.permutation(len(X)):
                error = y[i] - int(w @ X[i] + b >= 0)
                if error and spent < n_updates:
                    w, b, spent = w + error * X[i], b + error, spent + 1
                w_sum, b_sum, turns = w_sum + w, b_sum + b, turns + 1
    return w_sum / turns, float(b_sum / turns)


@mistake("fit_noisy", breaks="n_updates: the largest number of updates, in all")
def fit_noisy(X, y, n_updates, rng):
    """One update too many: the budget is compared after it has been overdrawn."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum, turns = w, b, 0
    spent, before = 0, -1
    while spent != before and spent <= n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            error = y[i] - int(w @ X[i] + b >= 0)
            if error:
                w, b, spent = w + error * X[i], b + error, spent + 1
            w_sum, b_sum, turns = w_sum + w, b_sum + b, turns + 1
            if spent > n_updates:
                break
    return w_sum / turns, float(b_sum / turns)


@mistake("fit_noisy", breaks="All the chance comes from rng itself")
def fit_noisy(X, y, n_updates, rng):
    """The orders come from a generator without a seed, so that equal calls differ."""
    dice = np.random.default_rng()
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum, turns = w, b, 0
    spent, before = 0, -1
    while spent != before and spent < n_updates:
        before = spent
        for i in dice.permutation(len(X)):
            error = y[i] - int(w @ X[i] + b >= 0)
            if error and spent < n_updates:
                w, b, spent = w + error * X[i], b + error, spent + 1
            w_sum, b_sum, turns = w_sum + w, b_sum + b, turns + 1
    return w_sum / turns, float(b_sum / turns)


@mistake("fit_noisy", breaks="return one (w, b) that came up, or an average")
def fit_noisy(X, y, n_updates, rng):
    """The weights are averaged, the bias is the last one."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, turns = w, 0
    spent, before = 0, -1
    while spent != before and spent < n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            error = y[i] - int(w @ X[i] + b >= 0)
            if error and spent < n_updates:
                w, b, spent = w + error * X[i], b + error, spent + 1
            w_sum, turns = w_sum + w, turns + 1
    return w_sum / turns, float(b)


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """Only the shares of the examples are kept: each counts for as long as it was in w."""
    m = len(X)
    signs = 2.0 * y - 1.0
    products = (X @ X.T + 1.0) * signs
    now, total, turns = np.zeros(m), np.zeros(m), 0
    budget, idle = n_updates, 0
    while budget > 0 and idle < m:
        for i in rng.permutation(m):
            wrong = (products[i] @ now >= 0) != (y[i] == 1)
            if wrong and budget > 0:
                now[i] += 1.0
                budget -= 1
                idle = 0
            else:
                idle += 1
            total += now
            turns += 1
    shares = signs * total / max(turns, 1)
    return X.T @ shares, float(shares.sum())
