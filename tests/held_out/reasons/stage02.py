"""Held-out answers to stage 2: read as source, never imported."""

import numpy as np


@mistake("scores", breaks="Z = X Wᵀ + b, of shape (m, K)")
def scores(W, b, X):
    """The classes are in the rows and the examples in the columns."""
    return W @ X.T + b[:, None]


@mistake("scores", breaks="Returns ndarray of float, shape (m, K)")
def scores(W, b, X):
    """For a single example, the axis of the examples is dropped."""
    return np.squeeze(X @ W.T + b, axis=0) if len(X) == 1 else X @ W.T + b


@mistake("scores", breaks="b : ndarray of shape (K,). The biases. Not changed.")
def scores(W, b, X):
    """The caller's b is made a column in place, and stays one."""
    b.shape = (len(b), 1)
    return (W @ X.T + b).T


@mistake("scores", breaks="Its weighted sum, before any threshold, is the score of the class")
def scores(W, b, X):
    """Negative sums are cut off at zero."""
    return np.maximum(X @ W.T + b, 0)


@mistake("predict", breaks="Predict the class with the highest score (z_j = w_j · x + b_j)")
def predict(W, b, X):
    """The biases are forgotten."""
    return np.argmax(X @ W.T, axis=1)


@mistake("predict", breaks="of tied classes, the one with the lowest number")
def predict(W, b, X):
    """Of tied classes, the one with the highest number wins."""
    Z = X @ W.T + b
    return len(b) - 1 - np.argmax(Z[:, ::-1], axis=1)


@mistake("predict", breaks="Returns ndarray of int, shape (m,)")
def predict(W, b, X):
    """The answer for one example has no axis any more."""
    return np.argmax(np.squeeze(X @ W.T + b), axis=-1)


@mistake("predict", breaks="arg max of the z_j: the class with the highest score")
def predict(W, b, X):
    """Exponentials are compared: large scores overflow, very negative ones vanish, and tie."""
    with np.errstate(over="ignore", under="ignore"):
        return np.argmax(np.exp(X @ W.T + b), axis=1)


@mistake("predict", breaks="A class from 0 to K - 1 for each example: W has the shape (K, n)")
def predict(W, b, X):
    """Only the first ten classes are compared."""
    return np.argmax(X @ W[:10].T + b[:10], axis=1)


@mistake("update", breaks="b_y ← b_y + 1, b_ŷ ← b_ŷ - 1")
def update(W, b, x, y):
    """The biases are never moved."""
    y_hat = np.argmax(W @ x + b)
    W_new = W.copy()
    W_new[y] += x
    W_new[y_hat] -= x
    return W_new, b.copy()


@mistake("update", breaks="The other classes are left alone.")
def update(W, b, x, y):
    """Every class that scores above the right one is held back, not the predicted one alone."""
    W_new, b_new = W.copy(), b.copy()
    z = W @ x + b
    y_hat = np.argmax(z)
    if y_hat == y:
        return W_new, b_new
    W_new[y] += x
    b_new[y] += 1
    louder = z > z[y]
    louder[y_hat] = True
    W_new[louder] -= x
    b_new[louder] -= 1
    return W_new, b_new


@mistake("update", breaks="If the prediction is right, nothing happens.")
def update(W, b, x, y):
    """A right prediction that leads by less than 1 is treated as a mistake, too."""
    W, b, z = W.copy(), b.copy(), W @ x + b
    y_hat = np.argmax(z)
    if y_hat == y:
        others = np.where(np.arange(len(z)) == y, -np.inf, z)
        if 0 < z[y] - others.max() < 1:
            y_hat = np.argmax(others)
    W[y] += x
    W[y_hat] -= x
    b[y] += 1
    b[y_hat] -= 1
    return W, b


@mistake("update", breaks="equal to the old ones if the prediction was right")
def update(W, b, x, y):
    """Both rows are made from the old ones: a right class loses x and does not get it back."""
    y_hat = np.argmax(W @ x + b)
    W_new, b_new = W.copy(), b.copy()
    W_new[y], b_new[y] = W[y] + x, b[y] + 1
    W_new[y_hat], b_new[y_hat] = W[y_hat] - x, b[y_hat] - 1
    return W_new, b_new


@mistake("update", breaks="x : One example. Not changed.")
def update(W, b, x, y):
    """The sign of the caller's x is turned in place for the subtraction."""
    y_hat = np.argmax(W @ x + b)
    W, b = W.copy(), b.copy()
    if y_hat != y:
        W[y] += x
        x *= -1
        W[y_hat] += x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="The other classes are left alone; W : ndarray of float")
def update(W, b, x, y):
    """The new weights have the type of x: with integer examples all of W is truncated."""
    y_hat = np.argmax(W @ x + b)
    W_new, b_new = W.astype(x.dtype), b.copy()
    W_new[y] += x
    W_new[y_hat] -= x
    b_new[y] += 1
    b_new[y_hat] -= 1
    return W_new, b_new


@mistake("fit", breaks="and that 0 is in the list")
def fit(X, y, n_classes, n_epochs):
    """Training stops before the 0 of the last epoch is written down."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            if np.argmax(W @ x + b) != label:
                count += 1
                W, b = update(W, b, x, label)
        if count == 0:
            break
        mistakes.append(count)
    return W, b, mistakes


@mistake("fit", breaks="The number of wrong predictions in each epoch")
def fit(X, y, n_classes, n_epochs):
    """The counter is not set back: the list holds the mistakes so far."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    count = 0
    for _ in range(n_epochs):
        before = count
        for x, label in zip(X, y):
            if np.argmax(W @ x + b) != label:
                count += 1
                W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == before:
            break
    return W, b, mistakes


@mistake("fit", breaks="Train from zeros, one example after the other")
def fit(X, y, n_classes, n_epochs):
    """All examples of an epoch are predicted with the weights of its start."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        guesses = predict(W, b, X)
        for x, label, guess in zip(X, y, guesses):
            if guess != label:
                W[label] += x
                W[guess] -= x
                b[label] += 1
                b[guess] -= 1
        mistakes.append(int(np.sum(guesses != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="W : The weights after the last update")
def fit(X, y, n_classes, n_epochs):
    """The weights of the epoch with the fewest mistakes are returned, not the last ones."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    best = None
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            if np.argmax(W @ x + b) != label:
                count += 1
                W, b = update(W, b, x, label)
        if not mistakes or count <= min(mistakes):
            best = W.copy(), b.copy()
        mistakes.append(count)
        if count == 0:
            break
    return *best, mistakes


@mistake("fit", breaks="ŷ is the arg max over all classes; some may have no example")
def fit(X, y, n_classes, n_epochs):
    """Only classes that have an example can be predicted."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    present = np.unique(y)
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            guess = present[np.argmax(W[present] @ x + b[present])]
            if guess != label:
                count += 1
                W[label] += x
                W[guess] -= x
                b[label] += 1
                b[guess] -= 1
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="Training stops after the first epoch without any mistake, not before")
def fit(X, y, n_classes, n_epochs):
    """Training also stops after an epoch with over 1.5 times the mistakes of the one before."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0 or (len(mistakes) > 1 and count > 1.5 * mistakes[-2]):
            break
    return W, b, mistakes


@mistake("confusion_matrix", breaks="Entry (j, k) is the number of examples")
def confusion_matrix(y_true, y_pred, n_classes):
    """Repeated pairs are counted once only."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    C[y_true, y_pred] += 1
    return C


@mistake("confusion_matrix", breaks="Returns ndarray of int")
def confusion_matrix(y_true, y_pred, n_classes):
    """The counts are floats."""
    one_hot = np.eye(n_classes)
    return one_hot[y_true].T @ one_hot[y_pred]


@mistake("confusion_matrix", breaks="of class j, predicted as class k, from 0 to n_classes - 1")
def confusion_matrix(y_true, y_pred, n_classes):
    """Pairs are written as 10 j + k, whatever the number of classes: (0, 10) counts as (1, 0)."""
    size = max(n_classes, 10)
    counts = np.bincount(10 * y_true + y_pred, minlength=10 * size + size)
    return np.array([counts[10 * j : 10 * j + n_classes] for j in range(n_classes)])


@mistake("confusion_matrix", breaks="Entry (j, k) counts class j predicted as class k")
def confusion_matrix(y_true, y_pred, n_classes):
    """The bins of the histogram run from the lowest to the highest label that occurs."""
    C, _, _ = np.histogram2d(y_true, y_pred, bins=n_classes)
    return C.astype(int)


@mistake("fit_on_budget", breaks="at least 9 percentage points above that of plain_rule")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """It is the plain rule, in a random order."""
    order = rng.permutation(len(X))
    return plain_rule(X[order], y[order], n_classes, n_updates)


@mistake("fit_on_budget", breaks="There are n_updates of them at most")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The rows are the means of the classes: every example leaves a trace, whatever the budget."""
    W, b = np.zeros((n_classes, X.shape[1])), np.full(n_classes, -1e9)
    for j in np.unique(y):
        W[j] = X[y == j].mean(axis=0)
        b[j] = -0.5 * W[j] @ W[j]
    return W, b


@mistake("fit_on_budget", breaks="n_updates : The largest number of updates")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The budget is checked after the update: there is one too many."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    while True:
        before = spent
        for i in rng.permutation(len(X)):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i]:
                W[y[i]] += X[i]
                W[guess] -= X[i]
                b[y[i]] += 1
                b[guess] -= 1
                W_sum += W
                b_sum += b
                spent += 1
                if spent > n_updates:
                    return W_sum, b_sum
        if spent == before:
            return W_sum, b_sum


@mistake("fit_on_budget", breaks="An update adds a multiple of one example")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """A step with the mean over ten examples is counted as one update."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum = W.copy(), b.copy()
    one_hot = np.eye(n_classes)
    for _ in range(min(n_updates, 2000)):
        some = rng.choice(len(X), size=min(10, len(X)), replace=False)
        moves = one_hot[y[some]] - one_hot[np.argmax(X[some] @ W.T + b, axis=1)]
        W += moves.T @ X[some] / len(some)
        b += moves.mean(axis=0)
        W_sum += W
        b_sum += b
    return W_sum, b_sum


@mistake("fit_on_budget", breaks="Of 16 classifiers on images, the worst reads 84 % of the digits")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Pixels that never change have a standard deviation of 0, and make all weights NaN."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        S = (X - mean) / std
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    while spent < n_updates:
        before = spent
        for i in rng.permutation(len(S)):
            guess = np.argmax(W @ S[i] + b)
            if guess != y[i] and spent < n_updates:
                W[y[i]] += S[i]
                W[guess] -= S[i]
                b[y[i]] += 1
                b[guess] -= 1
                W_sum += W
                b_sum += b
                spent += 1
        if spent == before:
            break
    with np.errstate(divide="ignore", invalid="ignore"):
        W_sum = W_sum / std
    return W_sum, b_sum - W_sum @ mean


@mistake("fit_on_budget", breaks="y : Their classes; some may be wrong. Not changed.")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Labels that look wrong when the budget is half spent are corrected in the caller's y."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    cleaned = False
    while spent < n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i] and spent < n_updates:
                W[y[i]] += X[i]
                W[guess] -= X[i]
                b[y[i]] += 1
                b[guess] -= 1
                W_sum += W
                b_sum += b
                spent += 1
        if spent >= n_updates / 2 and not cleaned:
            Z = X @ W_sum.T + b_sum
            doubtful = Z.max(axis=1) > 2 * np.abs(Z[np.arange(len(y)), y])
            y[doubtful] = np.argmax(Z[doubtful], axis=1)
            cleaned = True
        if spent == before:
            break
    return W_sum, b_sum
