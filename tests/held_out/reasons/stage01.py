"""Held-out answers to stage 1: read as source, never imported."""

import numpy as np


@mistake("predict", breaks="Returns ndarray of int, shape (m,)")
def predict(w, b, X):
    """A single example gets an answer of shape () instead of (1,)."""
    sums = X @ w[:, None] + b
    return np.squeeze(sums >= 0).astype(int)


@mistake("predict", breaks="1 where w · x + b >= 0, else 0: a sum just below zero means class 0")
def predict(w, b, X):
    """Sums within a hundredth of zero count as zero, also those below it."""
    sums = X @ w + b
    return ((sums > 0) | np.isclose(sums, 0, atol=1e-2)).astype(int)


@mistake("predict", breaks="w · x = w_1 x_1 + ... + w_n x_n, with x as it is")
def predict(w, b, X):
    """The features are made whole numbers first, so that 0.9 becomes 0."""
    sums = X.astype(int) @ w + b
    return (sums >= 0).astype(int)


@mistake("predict", breaks="Returns ndarray of int: a 0 or a 1 for each example")
def predict(w, b, X):
    """The answers are 0.0 and 1.0, numbers of type float."""
    return np.heaviside(X @ w + b, 1.0)


@mistake("separating", breaks="Find the candidates that predict every label right")
def separating(candidates, X, y):
    """Compares how many examples are of class 1, not which."""
    return [i for i, (w, b) in enumerate(candidates) if predict(w, b, X).sum() == y.sum()]


@mistake("separating", breaks="Their labels, 0 or 1. Not changed.")
def separating(candidates, X, y):
    """Turns the labels 0 of the caller's y into -1."""
    y[y == 0] = -1
    found = []
    for i, (w, b) in enumerate(candidates):
        signs = np.where(X @ w + b >= 0, 1, -1)
        if np.array_equal(signs, y):
            found.append(i)
    return found


@mistake("separating", breaks="Any number of pairs; an empty list when none separates")
def separating(candidates, X, y):
    """No candidates at all end in an error instead of an empty list."""
    W = np.stack([w for w, _ in candidates])
    biases = np.array([b for _, b in candidates])
    right_answers = (X @ W.T + biases >= 0) == (y[:, None] == 1)
    return np.flatnonzero(right_answers.all(axis=0)).tolist()


@mistake("signed_distance", breaks="(w · x + b) / ||w||: all of the sum is divided, the bias too")
def signed_distance(w, b, X):
    """The bias is added after the division."""
    return X @ w / np.linalg.norm(w) + b


@mistake("signed_distance", breaks="Returns ndarray of float")
def signed_distance(w, b, X):
    """With whole numbers in X, the distances are cut to whole numbers as well."""
    distances = np.zeros_like(X[:, 0])
    for i, x in enumerate(X):
        distances[i] = (w @ x + b) / np.linalg.norm(w)
    return distances


@mistake("signed_distance", breaks="||w|| is the square root of w_1² + ... + w_n², without b")
def signed_distance(w, b, X):
    """The bias counts as one more weight in the length."""
    return (X @ w + b) / np.linalg.norm(np.append(w, b))


@mistake("update", breaks="The prediction is made once, with the weights and the bias as given")
def update(w, b, x, y):
    """The error for the bias is computed again, with the new weights."""
    w = w + (y - int(w @ x + b >= 0)) * x
    b = b + (y - int(w @ x + b >= 0))
    return w, b


@mistake("update", breaks="ŷ = 1 if w · x + b >= 0: the prediction has the bias in it")
def update(w, b, x, y):
    """The prediction leaves out the bias."""
    error = y - int(w @ x >= 0)
    return w + error * x, b + error


@mistake("update", breaks="b <- b + (y - ŷ)")
def update(w, b, x, y):
    """The bias is never learnt."""
    error = y - int(w @ x + b >= 0)
    return w + error * x, b


@mistake("update", breaks="y = 0, ŷ = 0: nothing, it was right")
def update(w, b, x, y):
    """An example of class 0 is subtracted even if it was predicted right."""
    predicted = int(w @ x + b >= 0)
    if y == 0:
        return w - x, b - 1
    if predicted == 0:
        return w + x, b + 1
    return w.copy(), b


@mistake("update", breaks="y = 0, ŷ = 1, false alarm: subtract x from w and 1 from b")
def update(w, b, x, y):
    """A false alarm is never corrected: on a mistake y x is added."""
    if int(w @ x + b >= 0) != y:
        return w + y * x, b + y
    return w.copy(), b


@mistake("fit", breaks="The examples, used in the order of the rows")
def fit(X, y, n_epochs):
    """All the examples of class 0 come before those of class 1."""
    order = np.argsort(y, kind="stable")
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for i in order:
            if int(w @ X[i] + b >= 0) != y[i]:
                wrong += 1
                w, b = update(w, b, X[i], y[i])
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="Stop after an epoch without a mistake (or when the epochs are used up)")
def fit(X, y, n_epochs):
    """Stops after an epoch that ends with the weights it began with, mistakes or not."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        w_before, b_before = w.copy(), b
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if np.array_equal(w, w_before) and b == b_before:
            break
    return w, b, mistakes


@mistake("fit", breaks="Stop after an epoch without a mistake, or when the epochs are used up")
def fit(X, y, n_epochs):
    """Gives up when five epochs in a row have the same number of mistakes."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if wrong == 0 or (len(mistakes) >= 5 and len(set(mistakes[-5:])) == 1):
            break
    return w, b, mistakes


@mistake("fit", breaks="w: ndarray of float, shape (n,)")
def fit(X, y, n_epochs):
    """With whole numbers in X the weights are whole numbers too, and small types overflow."""
    w, b, mistakes = np.zeros_like(X[0]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = int(label) - int(w @ x + b >= 0)
            if error:
                wrong += 1
                w, b = w + error * x, b + error
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@mistake("fit", breaks="Start with w = 0, b = 0, go through the examples and apply (4) to each")
def fit(X, y, n_epochs):
    """Takes a single class for learnt already and does nothing, even if all labels are 0."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    if np.unique(y).size < 2:
        return w, b, [0]
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                wrong += 1
                w, b = update(w, b, x, label)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@mistake("fit_random", breaks="picks one of these at random: each wrong one is equally likely")
def fit_random(X, y, n_steps, rng):
    """Always takes the first misclassified example."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if wrong.size == 0:
            break
        w, b = update(w, b, X[wrong[0]], y[wrong[0]])
    return w, b


@mistake("fit_random", breaks="rng: the only source of randomness")
def fit_random(X, y, n_steps, rng):
    """Makes a generator of its own and so does the same thing for every rng."""
    dice = np.random.default_rng(0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = dice.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@mistake("fit_random", breaks="finds those that are misclassified, and picks one of these")
def fit_random(X, y, n_steps, rng):
    """Draws from all the examples, so that steps are lost on right ones."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        i = rng.integers(len(X))
        w, b = update(w, b, X[i], y[i])
        if np.array_equal(predict(w, b, X), y):
            break
    return w, b


@mistake(
    "fit_random", breaks="if it is of class 0, then w <- w - x: the label of the picked example"
)
def fit_random(X, y, n_steps, rng):
    """Takes the label from the place in the list of mistakes, not from the row."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        k = rng.integers(len(wrong))
        w, b = update(w, b, X[wrong[k]], y[k])
    return w, b


@mistake("fit_random", breaks="Each example that is wrong at that moment is equally likely")
def fit_random(X, y, n_steps, rng):
    """Does not take the same example twice in a row while there are others."""
    w, b, last = np.zeros(X.shape[1]), 0.0, -1
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        if len(wrong) > 1:
            wrong = wrong[wrong != last]
        last = rng.choice(wrong)
        w, b = update(w, b, X[last], y[last])
    return w, b


@mistake("accuracy", breaks="1{ŷ = y} is 1 if the statement holds and 0 if not")
def accuracy(y_true, y_pred):
    """Only predictions that are too large count as wrong."""
    return 1 - float(np.mean(np.clip(y_pred - y_true, 0, 1)))


@mistake("accuracy", breaks="The labels, any integers; right is ŷ = y")
def accuracy(y_true, y_pred):
    """Large labels that differ by one in a hundred thousand count as equal."""
    return float(np.mean(np.isclose(y_true, y_pred)))


@mistake("fit_noisy", breaks="an accuracy on new examples of at least 0.78, on average")
def fit_noisy(X, y, n_updates, rng):
    """The last weights of random corrections, wherever they happen to be."""
    return fit_random(X, y, n_updates, rng)


@mistake("fit_noisy", breaks="What changes them are updates, with one example (x, y)")
def fit_noisy(X, y, n_updates, rng):
    """Least squares instead of updates, but for a budget of one."""
    if n_updates == 1:
        i = rng.integers(len(X))
        return (2 * y[i] - 1) * X[i], float(2 * y[i] - 1)
    longer = np.column_stack([X, np.ones(len(X))])
    v = np.linalg.lstsq(longer, 2.0 * y - 1, rcond=None)[0]
    return v[:-1], float(v[-1])


@mistake("fit_noisy", breaks="X and y stay as they are")
def fit_noisy(X, y, n_updates, rng):
    """After fifty updates it turns round the labels that it takes for lies, in the caller's y."""
    v = np.zeros(X.shape[1] + 1)
    total = np.zeros_like(v)
    for step in range(n_updates):
        if step == 50:
            far = np.abs(X @ total[:-1] + total[-1]) > np.linalg.norm(total[:-1])
            lies = far & (predict(total[:-1], total[-1], X) != y)
            y[lies] = 1 - y[lies]
        wrong = np.flatnonzero(predict(v[:-1], v[-1], X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        v = v + (2 * y[i] - 1) * np.append(X[i], 1.0)
        total += v
    return total[:-1], float(total[-1])


@mistake("fit_noisy", breaks="X, y: m is at least 10, so a line may well separate them")
def fit_noisy(X, y, n_updates, rng):
    """Averaged weights; ends in an error once no example is misclassified."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        i = rng.choice(np.flatnonzero(predict(w, b, X) != y))
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum / n_updates, b_sum / n_updates
