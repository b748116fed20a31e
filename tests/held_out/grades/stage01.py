"""Held-out answers to stage 1: read as source, never imported."""

import numpy as np


@mistake("predict", breaks="1 where w · x + b >= 0: the boundary belongs to class 1")
def predict(w, b, X):
    """An example on the boundary is put into class 0."""
    return (X @ w + b > 0).astype(int)


@mistake("predict", breaks="1 if w · x + b >= 0, 0 otherwise: the bias belongs to the sum")
def predict(w, b, X):
    """The bias is forgotten."""
    return np.where(X @ w >= 0, 1, 0)


@mistake("predict", breaks="X: ndarray of shape (m, n), any number of features")
def predict(w, b, X):
    """Only the first two features have a vote."""
    return (w[0] * X[:, 0] + w[1] * X[:, 1] + b >= 0).astype(int)


@mistake("predict", breaks="w · x = w_1 x_1 + ... + w_n x_n: a sum")
def predict(w, b, X):
    """The votes are averaged instead of added up, so that the bias weighs too much."""
    return (np.mean(X * w, axis=1) + b >= 0).astype(int)


@right("predict")
def predict(w, b, X):
    """The bias as one more weight, an einsum, and floor and clip in place of a comparison."""
    longer = np.concatenate([X, np.ones((X.shape[0], 1))], axis=1)
    sums = np.einsum("ij,j->i", longer, np.concatenate([w, [b]]))
    return np.clip(np.floor(sums) + 1, 0, 1).astype(int)


@mistake("separating", breaks="Find the candidates that predict every label right")
def separating(candidates, X, y):
    """A candidate with more than 95 % of the labels right is accepted."""
    found = []
    for i, (w, b) in enumerate(candidates):
        if np.mean(predict(w, b, X) == y) > 0.95:
            found.append(i)
    return found


@mistake("separating", breaks="The indices of the separating candidates, all of them")
def separating(candidates, X, y):
    """A candidate that was listed before with the same numbers is left out."""
    found, seen = [], set()
    for i, (w, b) in enumerate(candidates):
        key = (tuple(w.tolist()), float(b))
        if key not in seen and np.all(predict(w, b, X) == y):
            found.append(i)
        seen.add(key)
    return found


@mistake("separating", breaks="class 1 is where w · x + b >= 0: the boundary belongs to it")
def separating(candidates, X, y):
    """Examples of class 0 on the boundary count as right."""
    signs = 2 * y - 1
    return [i for i, (w, b) in enumerate(candidates) if np.all(signs * (X @ w + b) >= 0)]


@mistake("separating", breaks="Arguments are left as they were")
def separating(candidates, X, y):
    """Takes the candidates out of the caller's list until it is empty."""
    found, i = [], 0
    while candidates:
        w, b = candidates.pop(0)
        if np.all(predict(w, b, X) == y):
            found.append(i)
        i += 1
    return found


@right("separating")
def separating(candidates, X, y):
    """Crosses indices off a copy of all of them, example by example, in pure Python."""
    left = list(range(len(candidates)))
    for x, label in zip(X.tolist(), y.tolist(), strict=True):
        for i in left[:]:
            w, b = candidates[i]
            total = 0.0
            for weight, feature in zip(w.tolist(), x, strict=True):
                total += weight * feature
            if (total + b < 0) == (label == 1):
                left.remove(i)
    return left


@mistake("signed_distance", breaks="(w · x + b) / ||w||, for weights of any length but zero")
def signed_distance(w, b, X):
    """Weights shorter than 1 are treated as if their length were 1."""
    return (X @ w + b) / max(np.linalg.norm(w), 1.0)


@mistake("signed_distance", breaks="||w|| is the square root of w_1² + ... + w_n²")
def signed_distance(w, b, X):
    """Divides by the squared length."""
    return (X @ w + b) / (w @ w)


@mistake("signed_distance", breaks="||w|| is the root of w_1² + ... + w_n²; w of shape (n,), any n")
def signed_distance(w, b, X):
    """The length is that of the first two weights."""
    return (X @ w + b) / np.hypot(w[0], w[1])


@right("signed_distance")
def signed_distance(w, b, X):
    """Distances from the foot of the origin, along a vector of length 1 made with math.hypot."""
    from math import hypot

    length = hypot(*w.tolist())
    unit = np.array([weight / length for weight in w.tolist()])
    return np.array([sum(u * x for u, x in zip(unit, row, strict=True)) for row in X]) + b / length


@mistake("update", breaks="w: Not changed: the new ones are another array")
def update(w, b, x, y):
    """After a right prediction the caller gets its own array back."""
    error = y - int(w @ x + b >= 0)
    if error == 0:
        return w, b
    return w + error * x, b + error


@mistake("update", breaks="ŷ = 1 if w · x + b >= 0, 0 otherwise: a sum of -0.5 means class 0")
def update(w, b, x, y):
    """The sum is cut to a whole number first, so that -0.5 counts as 0."""
    error = y - (int(w @ x + b) >= 0)
    return w + error * x, b + error


@mistake("update", breaks="One application of (4), for one example")
def update(w, b, x, y):
    """Repeats the step until the example is predicted right."""
    w = w.copy()
    error = y - int(w @ x + b >= 0)
    while error != 0:
        w, b = w + error * x, b + error
        error = y - int(w @ x + b >= 0)
    return w, b


@mistake("update", breaks="equal to the old ones if the prediction was right")
def update(w, b, x, y):
    """Right predictions with a sum of less than 1 in size are mended too."""
    sign = 2 * y - 1
    if sign * (w @ x + b) >= 1:
        return w.copy(), b
    if sign * (w @ x + b) == 0 and y == 1:
        return w.copy(), b
    return w + sign * x, b + sign


@right("update")
def update(w, b, x, y):
    """The sum and the new weights entry by entry; the error from a table of the four cases."""
    from itertools import starmap
    from operator import mul

    total = b + sum(starmap(mul, zip(w.tolist(), x.tolist(), strict=True)))
    step = {(0, True): -1, (1, False): 1}.get((int(y), bool(total >= 0)), 0)
    fresh = np.empty(len(w))
    for i in range(len(w)):
        fresh[i] = w[i] + step * x[i]
    return fresh, float(b) + step


@mistake("fit", breaks="stops after the first epoch without any, and that 0 is in the list")
def fit(X, y, n_epochs):
    """The last 0 is missing in the list."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            wrong += int(w @ x + b >= 0) != label
            w, b = update(w, b, x, label)
        if wrong == 0:
            break
        mistakes.append(int(wrong))
    return w, b, mistakes


@mistake(
    "fit", breaks="wrong predictions in each epoch, each counted when its example had its turn"
)
def fit(X, y, n_epochs):
    """Counts the mistakes that are left at the end of the epoch."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            w, b = update(w, b, x, label)
        mistakes.append(int(np.sum(predict(w, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@mistake(
    "fit", breaks="Go through the examples in the order in which they are given, apply (4) to each"
)
def fit(X, y, n_epochs):
    """All predictions of an epoch are made with the weights at its beginning."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        errors = y - predict(w, b, X)
        mistakes.append(int(np.count_nonzero(errors)))
        if mistakes[-1] == 0:
            break
        w, b = w + errors @ X, b + float(errors.sum())
    return w, b, mistakes


@mistake("fit", breaks="Training stops after the first epoch without any")
def fit(X, y, n_epochs):
    """Never stops after the first epoch, even if it had no mistake."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for epoch in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if epoch > 0 and wrong == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="The number of wrong predictions in each epoch")
def fit(X, y, n_epochs):
    """The counter goes on from epoch to epoch instead of starting at 0."""
    w, b, mistakes, wrong = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(n_epochs):
        before = wrong
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if wrong == before:
            break
    return w, b, mistakes


@mistake("fit", breaks="apply (4) to each: never by nothing, thanks to the 1 that the bias brings")
def fit(X, y, n_epochs):
    """Examples of nothing but zeros are passed over, although they would move the bias."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if not x.any():
                continue
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@right("fit")
def fit(X, y, n_epochs):
    """One endless cycle of examples that ends once as many in a row were right as there are."""
    from itertools import cycle, islice

    m = len(y)
    v, streak, mistakes = np.zeros(X.shape[1] + 1), 0, []
    for turn, i in enumerate(islice(cycle(range(m)), m * n_epochs)):
        if turn % m == 0:
            mistakes.append(0)
        longer = np.concatenate([X[i], [1.0]])
        if (np.dot(longer, v) >= 0) == (y[i] == 1):
            streak += 1
        else:
            streak = 0
            mistakes[-1] += 1
            v += longer if y[i] == 1 else -longer
        if streak == m:
            break
    if streak == m and mistakes[-1] != 0:
        mistakes.append(0)
    return v[:-1].copy(), float(v[-1]), mistakes


@right("fit")
def fit(X, y, n_epochs):
    """An accumulate over the epochs, a reduce over the examples of each; no counter, no break."""
    from functools import reduce
    from itertools import accumulate, islice, repeat

    def learn(state, example):
        w, b, wrong = state
        new_w, new_b = update(w, b, *example)
        return new_w, new_b, wrong + int(new_b != b)

    def epoch(state, _):
        return reduce(learn, zip(X, y, strict=True), (*state[:2], 0))

    def until_clean(states):
        for state in states:
            yield state
            if state[2] == 0:
                return

    states = accumulate(repeat(None), epoch, initial=(np.zeros(X.shape[1]), 0.0, 0))
    history = list(until_clean(islice(states, 1, n_epochs + 1)))
    return history[-1][0], float(history[-1][1]), [state[2] for state in history]


@mistake("fit_random", breaks="Each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """Draws a class first and then one of its mistakes, so the rarer class is drawn too often."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        is_wrong = predict(w, b, X) != y
        if not is_wrong.any():
            break
        label = rng.choice(np.unique(y[is_wrong]))
        i = rng.choice(np.flatnonzero(is_wrong & (y == label)))
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="Each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """Goes from a random row to the next wrong one, which favours those after a long gap."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        is_wrong = predict(w, b, X) != y
        if not is_wrong.any():
            return w, b
        i = int(rng.integers(len(X)))
        while not is_wrong[i]:
            i = (i + 1) % len(X)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="each step looks at all the examples with the present (w, b)")
def fit_random(X, y, n_steps, rng):
    """Works off a shuffled list of mistakes before it looks for those of the present weights."""
    w, b, waiting = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_steps):
        if not waiting:
            waiting = rng.permutation(np.flatnonzero(predict(w, b, X) != y)).tolist()
        if not waiting:
            break
        i = waiting.pop()
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="The weights after n_steps updates, or when nothing is misclassified")
def fit_random(X, y, n_steps, rng):
    """Returns the weights with the fewest mistakes on the way, not the last ones."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, fewest = (w, b), len(y) + 1
    for step in range(n_steps + 1):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) < fewest:
            best, fewest = (w, b), len(wrong)
        if len(wrong) == 0 or step == n_steps:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return best


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """A random number for each example; the largest among the wrong ones wins. Signs inside."""
    signs = np.where(y == 1, 1.0, -1.0)
    signed = signs[:, None] * np.column_stack([X, np.ones(len(X))])
    v = np.zeros(signed.shape[1])
    for _ in range(n_steps):
        sums = signed @ v
        is_wrong = np.where(signs > 0, sums < 0, sums <= 0)
        if not np.any(is_wrong):
            break
        v = v + signed[np.argmax(np.where(is_wrong, rng.random(len(X)), -1.0))]
    return v[:-1], float(v[-1])


@right("fit_random")
def fit_random(X, y, n_steps, rng):
    """Tries the examples in a fresh random order each step and mends the first wrong one."""

    def steps():
        w, b = np.zeros(X.shape[1]), 0.0
        yield w, b
        while True:
            for i in rng.permutation(len(X)):
                new_w, new_b = update(w, b, X[i], y[i])
                if new_b != b:
                    break
            else:
                return
            w, b = new_w, new_b
            yield w, b

    for _, state in zip(range(n_steps + 1), steps(), strict=False):
        last = state
    return last


@mistake("accuracy", breaks="Between 0 (all wrong) and 1 (all right)")
def accuracy(y_true, y_pred):
    """The share of wrong answers."""
    return float(np.mean(y_true != y_pred))


@mistake("accuracy", breaks="1/m times the number of right answers: 2 of 3 are not 0.67")
def accuracy(y_true, y_pred):
    """The share is rounded to whole percents."""
    return round(float(np.mean(y_true == y_pred)), 2)


@mistake("accuracy", breaks="The labels, any integers")
def accuracy(y_true, y_pred):
    """Counts in a square table; a negative label falls into the row of another class."""
    n_classes = max(np.max(y_true), np.max(y_pred)) + 1
    table = np.zeros((n_classes, n_classes))
    np.add.at(table, (y_true, y_pred), 1)
    return float(np.trace(table) / table.sum())


@mistake("fit_noisy", breaks="At most n_updates of them in all, even if you start several times")
def fit_noisy(X, y, n_updates, rng):
    """Five starts with n_updates updates each, averaged."""
    total = np.zeros(X.shape[1] + 1)
    for _ in range(5):
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(n_updates):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = rng.choice(wrong)
            w, b = update(w, b, X[i], y[i])
            total += np.append(w, b)
    return total[:-1], float(total[-1])


@mistake("fit_noisy", breaks="X: ndarray of float, shape (m, n), any number of features")
def fit_noisy(X, y, n_updates, rng):
    """Averaged weights, but for three features only."""
    v, total = np.zeros(4), np.zeros(4)
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(v[:3], v[3], X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        v = v + (2 * y[i] - 1) * np.append(X[i], 1.0)
        total += v
    return total[:3], float(total[3])


@mistake("fit_noisy", breaks="rng: the only source of randomness")
def fit_noisy(X, y, n_updates, rng):
    """Averaged weights, with dice from NumPy's global state."""
    v = np.zeros(X.shape[1] + 1)
    total = np.zeros_like(v)
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(v[:-1], v[-1], X) != y)
        if len(wrong) == 0:
            break
        i = np.random.choice(wrong)
        v = v + (2 * y[i] - 1) * np.append(X[i], 1.0)
        total += v
    return total[:-1], float(total[-1])


@right("fit_noisy")
def fit_noisy(X, y, n_updates, rng):
    """A class with slots: rows in shuffled passes, steps that shrink, the mean of all moments."""

    class Averaged:
        __slots__ = ("n_seen", "state", "total")

        def __init__(self, n):
            self.n_seen, self.state, self.total = 0, [0.0] * n, [0.0] * n

        def score(self, x):
            return sum(v * f for v, f in zip(self.state, x, strict=True))

        def learn(self, x, sign):
            eta = (self.n_seen + 1) ** -0.25
            self.state = [v + eta * sign * f for v, f in zip(self.state, x, strict=True)]

        def look(self):
            self.n_seen += 1
            self.total = [t + v for t, v in zip(self.total, self.state, strict=True)]

    learner, left = Averaged(X.shape[1] + 1), n_updates
    examples = [([*x, 1.0], 2 * label - 1) for x, label in zip(X.tolist(), y.tolist(), strict=True)]
    for _ in range(20):
        for i in rng.permutation(len(examples)):
            x, sign = examples[i]
            if (learner.score(x) >= 0) != (sign > 0):
                if left == 0:
                    break
                learner.learn(x, sign)
                left -= 1
            learner.look()
        if left == 0:
            break
    mean = [t / max(learner.n_seen, 1) for t in learner.total]
    return np.array(mean[:-1]), mean[-1]
