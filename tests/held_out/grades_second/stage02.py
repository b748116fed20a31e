"""Held-out answers to stage 2: read as source, never imported."""

import numpy as np


@mistake("scores", breaks="row j of W makes output j; W has shape (K, n), any K and n")
def scores(W, b, X):
    """The transpose is tried only where the shapes do not fit: a square W is taken as it is."""
    try:
        return X @ W + b
    except ValueError:
        return X @ W.T + b


@mistake("scores", breaks="Returns an ndarray of shape (m, K), for one example too")
def scores(W, b, X):
    """A result with one row loses its first axis."""
    return np.squeeze(X @ W.T + b)


@mistake("scores", breaks="z_j = w_j · x + b_j: the bias once")
def scores(W, b, X):
    """The bias is added once for every feature."""
    Z = np.zeros((len(X), len(W)))
    for i in range(len(X)):
        for j in range(len(W)):
            for k in range(X.shape[1]):
                Z[i, j] += X[i, k] * W[j, k] + b[j]
    return Z


@right("scores")
def scores(W, b, X):
    """The biases become one more column of W, and the examples get a feature that is 1."""
    wide = np.hstack([X, np.ones((X.shape[0], 1))])
    return np.einsum("ik,jk->ij", wide, np.column_stack([W, b]))


@mistake("predict", breaks="Even if all the scores are negative, one is the least negative")
def predict(W, b, X):
    """The search for the largest score begins at 0, so that negative scores never win."""
    answers = []
    for row in X @ W.T + b:
        best, winner = 0.0, 0
        for j, z in enumerate(row):
            if z > best:
                best, winner = z, j
        answers.append(winner)
    return np.array(answers)


@mistake("predict", breaks="of tied classes, the one with the lowest number")
def predict(W, b, X):
    """Among tied classes the one with the highest number wins."""
    Z = scores(W, b, X)
    return Z.shape[1] - 1 - np.argmax(Z[:, ::-1], axis=1)


@mistake("predict", breaks="Predict the class with the highest score for each example")
def predict(W, b, X):
    """Exponentials of the scores overflow to infinity, and all infinities tie."""
    E = np.exp(scores(W, b, X))
    return np.argmax(E, axis=1)


@mistake("predict", breaks="A class from 0 to K - 1 for each example (K is not limited)")
def predict(W, b, X):
    """The answers are stored in bytes, so that class 128 becomes -128."""
    return np.argmax(scores(W, b, X), axis=1).astype(np.int8)


@right("predict")
def predict(W, b, X):
    """The first place that equals the row's maximum, searched in lists."""
    rows = (X @ W.T + b).tolist()
    return np.fromiter((row.index(max(row)) for row in rows), dtype=np.int64, count=len(rows))


@mistake("update", breaks="the prediction is made once, with W and b as they were given")
def update(W, b, x, y):
    """Predicts when the right class has already been encouraged."""
    W, b = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W[y] += x
        b[y] += 1
        y_hat = np.argmax(W @ x + b)
        W[y_hat] -= x
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="equal to the old ones if the prediction was right")
def update(W, b, x, y):
    """With one index twice, only the second of the two changes is kept, and x is subtracted."""
    y_hat = np.argmax(W @ x + b)
    W, b = W.copy(), b.copy()
    W[[y, y_hat]] += np.array([x, -x])
    b[[y, y_hat]] += np.array([1, -1])
    return W, b


@mistake("update", breaks="of classes that share the highest score the lowest wins: no mistake")
def update(W, b, x, y):
    """Moves towards the right class in a tie too, even where that has the lowest number."""
    z = W @ x + b
    others = z.copy()
    others[y] = -np.inf
    rival = np.argmax(others)
    W, b = W.copy(), b.copy()
    if z[rival] >= z[y]:
        W[y] += x
        W[rival] -= x
        b[y] += 1
        b[rival] -= 1
    return W, b


@mistake("update", breaks="The class with the highest score is the prediction, z = W x + b")
def update(W, b, x, y):
    """The prediction is made without the biases."""
    y_hat = np.argmax(W @ x)
    W, b = W.copy(), b.copy()
    if y_hat != y:
        W[y] += x
        W[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="w_ŷ loses x; the other classes are left alone")
def update(W, b, x, y):
    """Holds back every class that scores more than the right one, not just the predicted one."""
    z = W @ x + b
    W_new, b_new = W.copy(), b.copy()
    if np.argmax(z) != y:
        for k in range(len(b)):
            if k == y:
                W_new[k] += x
                b_new[k] += 1
            elif z[k] > z[y] or k == np.argmax(z):
                W_new[k] -= x
                b_new[k] -= 1
    return W_new, b_new


@mistake("update", breaks="b: Not changed: what moves is another array")
def update(W, b, x, y):
    """Copies the weights, but changes the caller's biases."""
    y_hat = np.argmax(W @ x + b)
    W = W.copy()
    if y_hat != y:
        W[y] += x
        W[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@right("update")
def update(W, b, x, y):
    """One outer product with a vector of +1, -1 and zeros."""
    K = len(b)
    y_hat = int(np.argmax(np.sum(W * x, axis=1) + b))
    moved = np.array([(j == y) - (j == y_hat) for j in range(K)], dtype=float)
    return W + np.multiply.outer(moved, x), b + moved


@right("update")
def update(W, b, x, y):
    """New rows are put together in a list; the winner is searched with a key for ties."""
    z = [float(row @ x + bias) for row, bias in zip(W, b, strict=True)]
    y_hat = max(range(len(z)), key=lambda j: (z[j], -j))
    step = {} if y_hat == y else {int(y): 1, y_hat: -1}
    rows = [row + step.get(j, 0) * x for j, row in enumerate(W)]
    return np.stack(rows), np.array([bias + step.get(j, 0) for j, bias in enumerate(b)])


@mistake("fit", breaks="each counted when its example had its turn")
def fit(X, y, n_classes, n_epochs):
    """Counts the mistakes of the weights at the end of each epoch."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            W, b = update(W, b, x, label)
        mistakes.append(int(np.sum(predict(W, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="one example after the other: each is predicted with the weights it meets")
def fit(X, y, n_classes, n_epochs):
    """All examples of an epoch are predicted with the weights of its beginning."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        guesses = predict(W, b, X)
        wrong = 0
        for x, label, guess in zip(X, y, guesses, strict=True):
            if guess != label:
                W[label] += x
                W[guess] -= x
                b[label] += 1
                b[guess] -= 1
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="Training stops after the first epoch without any, and 0 is in the list")
def fit(X, y, n_classes, n_epochs):
    """Stops before the 0 is put into the list."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            wrong += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        if wrong == 0:
            break
        mistakes.append(wrong)
    return W, b, mistakes


@mistake("fit", breaks="Returns the weights and the biases after the last update")
def fit(X, y, n_classes, n_epochs):
    """Returns the weights of the epoch with the fewest mistakes instead of the last."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    best, fewest = (W, b), len(X) + 1
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                wrong += 1
                W, b = update(W, b, x, label)
        mistakes.append(wrong)
        if wrong < fewest:
            best, fewest = (W, b), wrong
        if wrong == 0:
            break
    return *best, mistakes


@mistake("fit", breaks="Training stops after the first epoch without any mistake")
def fit(X, y, n_classes, n_epochs):
    """Stops when fewer than one example in two hundred was wrong."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                wrong += 1
                W, b = update(W, b, x, label)
        mistakes.append(wrong)
        if wrong / len(X) < 0.005:
            break
    return W, b, mistakes


@mistake("fit", breaks="Some classes may have no example; W has shape (n_classes, n)")
def fit(X, y, n_classes, n_epochs):
    """Makes one row for each class that occurs up to the largest label, not n_classes."""
    K = int(y.max()) + 1
    W, b, mistakes = np.zeros((K, X.shape[1])), np.zeros(K), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                wrong += 1
                W, b = update(W, b, x, label)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="the number of wrong predictions in each epoch; stop after one without any")
def fit(X, y, n_classes, n_epochs):
    """Stops as soon as two epochs in a row have the same number of mistakes."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                wrong += 1
                W, b = update(W, b, x, label)
        mistakes.append(wrong)
        if wrong == 0 or mistakes[-2:] == [wrong, wrong]:
            break
    return W, b, mistakes


@mistake("fit", breaks="The examples, used in the order of the rows")
def fit(X, y, n_classes, n_epochs):
    """Goes backwards through the examples in every second epoch."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    order = np.arange(len(X))
    for _ in range(n_epochs):
        wrong = 0
        for i in order:
            if np.argmax(W @ X[i] + b) != y[i]:
                wrong += 1
                W, b = update(W, b, X[i], y[i])
        mistakes.append(wrong)
        if wrong == 0:
            break
        order = order[::-1]
    return W, b, mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """One matrix with the biases in the last column, and a generator that counts the epochs."""
    wide = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    V = np.zeros((n_classes, wide.shape[1]))

    def epochs():
        for _ in range(n_epochs):
            wrong = 0
            for x, label in zip(wide, y, strict=True):
                y_hat = (V @ x).argmax()
                if y_hat != label:
                    V[label] += x
                    V[y_hat] -= x
                    wrong += 1
            yield wrong
            if not wrong:
                return

    mistakes = list(epochs())
    return V[:, :-1].copy(), V[:, -1].copy(), mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """A single loop over all turns; the given arrays are replaced, not written to."""
    from itertools import cycle, islice

    m = len(X)
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for turn, i in enumerate(islice(cycle(range(m)), m * n_epochs)):
        if turn % m == 0:
            mistakes.append(0)
        W_new, b_new = update(W, b, X[i], int(y[i]))
        mistakes[-1] += int(not np.array_equal(b_new, b))
        W, b = W_new, b_new
        if i == m - 1 and mistakes[-1] == 0:
            break
    return W, b, mistakes


@mistake("confusion_matrix", breaks="Rows are the truth, columns the prediction")
def confusion_matrix(y_true, y_pred, n_classes):
    """Rows and columns are swapped."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(C, (y_pred, y_true), 1)
    return C


@mistake("confusion_matrix", breaks="y_true: Not changed")
def confusion_matrix(y_true, y_pred, n_classes):
    """Makes the places in the flat table in the caller's array of labels."""
    y_true *= n_classes
    y_true += y_pred
    return np.bincount(y_true, minlength=n_classes**2).reshape(n_classes, n_classes)


@mistake("confusion_matrix", breaks="n_classes: some may occur in neither array")
def confusion_matrix(y_true, y_pred, n_classes):
    """The bins span the classes that occur, not 0 to n_classes - 1."""
    C, _, _ = np.histogram2d(y_true, y_pred, bins=n_classes)
    return C.astype(int)


@mistake("confusion_matrix", breaks="Entry (j, k) of (n_classes, n_classes), any n_classes")
def confusion_matrix(y_true, y_pred, n_classes):
    """Written for ten classes at most: the place in the flat table is 10 j + k."""
    counts = np.bincount(10 * y_true + y_pred, minlength=100)
    return counts[:100].reshape(10, 10)[:n_classes, :n_classes]


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """A product of two matrices of zeros and ones."""
    classes = np.arange(n_classes)
    truth = (np.asarray(y_true)[:, None] == classes).astype(np.int64)
    guess = (np.asarray(y_pred)[:, None] == classes).astype(np.int64)
    return np.tensordot(truth, guess, axes=(0, 0))


@mistake("fit_on_budget", breaks="There are n_updates updates at most, in all")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The budget is looked at after the update: one update too many."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    S = (X - mean) / np.where(std > 0, std, 1)
    W, b, spent, quiet = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, False
    W_sum, b_sum = W.copy(), b.copy()
    while not quiet and spent <= n_updates:
        quiet = True
        for i in rng.permutation(len(X)):
            y_hat = np.argmax(W @ S[i] + b)
            if y_hat != y[i]:
                W[y[i]] += S[i]
                W[y_hat] -= S[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                spent, quiet = spent + 1, False
                if spent > n_updates:
                    break
            W_sum += W
            b_sum += b
    if not W_sum.any():
        W_sum, b_sum = W, b
    W_own = (W_sum + W) / np.where(std > 0, std, 1)
    return W_own, b_sum + b - W_own @ mean


@mistake("fit_on_budget", breaks="An update adds a multiple of one example; n_updates at most")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The rows are the means of all examples of a class, which counts as one update for each."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 0, std, 1)
    S = (X - mean) / std
    W, b = np.zeros((n_classes, X.shape[1])), np.full(n_classes, -1e9)
    for j in range(min(n_classes, n_updates)):
        if np.any(y == j):
            W[j] = S[y == j].mean(axis=0)
            b[j] = -W[j] @ W[j] / 2
    W = W / std
    return W, b - W @ mean


@mistake("fit_on_budget", breaks="chance comes from rng alone")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The order of the examples comes from a new generator without a seed."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    S = (X - mean) / np.where(std > 0, std, 1)
    W, b, spent, quiet = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, False
    W_sum, b_sum = W.copy(), b.copy()
    chance = np.random.default_rng()
    while not quiet and spent < n_updates:
        quiet = True
        for i in chance.permutation(len(X)):
            y_hat = np.argmax(W @ S[i] + b)
            if y_hat != y[i] and spent < n_updates:
                W[y[i]] += S[i]
                W[y_hat] -= S[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                spent, quiet = spent + 1, False
            W_sum += W
            b_sum += b
    W_own = W_sum / np.where(std > 0, std, 1)
    return W_own, b_sum - W_own @ mean


@mistake("fit_on_budget", breaks="Nothing is changed but your own arrays; X: Not changed")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Centres the caller's examples in place."""
    mean = X.mean(axis=0)
    X -= mean
    std = np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    W, b, spent, quiet = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, False
    W_sum, b_sum = W.copy(), b.copy()
    while not quiet and spent < n_updates:
        quiet = True
        for i in rng.permutation(len(X)):
            x = X[i] / std
            y_hat = np.argmax(W @ x + b)
            if y_hat != y[i] and spent < n_updates:
                W[y[i]] += x
                W[y_hat] -= x
                b[y[i]] += 1
                b[y_hat] -= 1
                spent, quiet = spent + 1, False
            W_sum += W
            b_sum += b
    W_own = W_sum / std
    return W_own, b_sum - W_own @ mean


@mistake("fit_on_budget", breaks="your function ends, even where nothing is left to learn")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Goes on until the budget is spent, for ever where all is right before."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    S = (X - mean) / np.where(std > 0, std, 1)
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    while spent < n_updates:
        i = rng.integers(len(X))
        y_hat = np.argmax(W @ S[i] + b)
        if y_hat != y[i]:
            W[y[i]] += S[i]
            W[y_hat] -= S[i]
            b[y[i]] += 1
            b[y_hat] -= 1
            spent += 1
        W_sum += W
        b_sum += b
    W_own = W_sum / np.where(std > 0, std, 1)
    return W_own, b_sum - W_own @ mean


@mistake("fit_on_budget", breaks="n_updates at most, in all that you train together")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Five classifiers are trained and added up, each with the whole budget."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 0, std, 1)
    S = (X - mean) / std
    W_sum, b_sum = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for _ in range(5):
        order = rng.permutation(len(X))
        W, b = plain_rule(S[order], y[order], n_classes, n_updates)
        W_sum += W
        b_sum += b
    W_own = W_sum / std
    return W_own, b_sum - W_own @ mean


@mistake("fit_on_budget", breaks="at least 9 percentage points above that of plain_rule")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The plain rule in a shuffled order: the last weights are no better than before."""
    order = rng.permutation(len(X))
    return plain_rule(X[order], y[order], n_classes, n_updates)


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """An average over all visits, with features of mean 0; one matrix holds weights and biases."""
    mean = X.mean(axis=0)
    spread = X.std(axis=0)
    spread[spread < 1e-12] = 1.0
    S = np.column_stack([(X - mean) / spread, np.ones(len(X))])
    V = np.zeros((n_classes, S.shape[1]))
    total = np.zeros_like(V)
    left, before = n_updates, None
    while left and left != before:
        before = left
        for i in rng.permutation(len(S)):
            y_hat = int(np.argmax(V @ S[i]))
            if y_hat != y[i] and left:
                V[y[i]] += S[i]
                V[y_hat] -= S[i]
                left -= 1
            total += V
    total /= max(1.0, np.abs(total).max())
    W = total[:, :-1] / spread
    return W, total[:, -1] - np.einsum("jk,k->j", W, mean)


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Ridge regression on as many examples as there are updates, each added once to all rows."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 1e-12, std, 1.0)
    chosen = rng.permutation(len(X))[:n_updates]
    S = (X[chosen] - mean) / std
    targets = np.where(y[chosen][:, None] == np.arange(n_classes), 1.0, 0.0)
    shares = targets.mean(axis=0)
    gram = S @ S.T + (0.5 * len(chosen) + 1.0) * np.eye(len(chosen))
    multiples = np.linalg.solve(gram, targets - shares)
    W = (multiples.T @ S) / std
    return W, shares - W @ mean
