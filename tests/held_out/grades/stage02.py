"""Held-out answers to stage 2: read as source, never imported."""

import numpy as np


@mistake("scores", breaks="z_j = w_j · x + b_j")
def scores(W, b, X):
    """The biases are forgotten."""
    return X @ W.T


@mistake("scores", breaks="ndarray of float, shape (m, K); z_j = w_j · x + b_j")
def scores(W, b, X):
    """The result has the type of X, so that examples of integers get truncated scores."""
    Z = np.zeros((len(X), len(W)), dtype=X.dtype)
    for i, x in enumerate(X):
        for j in range(len(W)):
            Z[i, j] = np.dot(W[j], x) + b[j]
    return Z


@mistake("scores", breaks="Compute the score of every class for every example")
def scores(W, b, X):
    """The loop goes over as many examples as there are classes; all later rows stay zero."""
    Z = np.zeros((X.shape[0], W.shape[0]))
    for i, x in zip(range(W.shape[0]), X):
        Z[i] = W @ x + b
    return Z


@mistake("scores", breaks="Z = X Wᵀ + b: row j of W makes output j")
def scores(W, b, X):
    """W is reshaped, not transposed."""
    n_classes, n_features = W.shape
    return X @ W.reshape(n_features, n_classes) + b


@right("scores")
def scores(W, b, X):
    """Starts from the biases and adds one feature after the other, on an array of its own."""
    from functools import reduce

    def add_feature(Z, i):
        Z += X[:, i, np.newaxis] * W[np.newaxis, :, i]
        return Z

    start = np.array([[float(bias) for bias in b] for _ in X])
    return reduce(add_feature, range(W.shape[1]), start)


@mistake("predict", breaks="Returns ndarray of int, shape (m,): the winner for each example")
def predict(W, b, X):
    """The maximum is sought down the columns: an example for each class."""
    return np.argmax(X @ W.T + b, axis=0)


@mistake("predict", breaks="Forget the threshold. The class with the highest weighted sum wins")
def predict(W, b, X):
    """The first class that says yes wins, and class 0 if none does."""
    return np.argmax(X @ W.T + b >= 0, axis=1)


@mistake("predict", breaks="Predict the class with the highest score")
def predict(W, b, X):
    """Scores that np.isclose to the highest one count as tied with it."""
    Z = X @ W.T + b
    return np.argmax(np.isclose(Z, Z.max(axis=1, keepdims=True)), axis=1)


@mistake("predict", breaks="Even if all the scores are negative, one is the least negative")
def predict(W, b, X):
    """The running maximum starts at -1000: of lower scores, none is ever taken."""
    best, winner = np.full(len(X), -1000.0), np.zeros(len(X), dtype=int)
    for j in range(len(W)):
        z = X @ W[j] + b[j]
        winner[z > best] = j
        best = np.maximum(best, z)
    return winner


@mistake("predict", breaks="A class from 0 to K - 1 for each example")
def predict(W, b, X):
    """The answers are stored in 8 bits: class 128 becomes class -128."""
    return np.argmax(X @ W.T + b, axis=1).astype(np.int8)


@right("predict")
def predict(W, b, X):
    """Counts, for each class, the rivals that beat it: more, or as much with a lower number."""
    Z = np.einsum("kn,mn->mk", W, X) + b
    number = np.arange(len(b))
    higher = Z[:, None, :] > Z[:, :, None]
    same_but_lower = (Z[:, None, :] == Z[:, :, None]) & (number[None, :] < number[:, None])
    beaten_by = np.count_nonzero(higher | same_but_lower, axis=2)
    return np.nonzero(beaten_by == 0)[1]


@mistake("update", breaks="w_y ← w_y + x, w_ŷ ← w_ŷ - x")
def update(W, b, x, y):
    """The signs are swapped: the right class is held back, the predicted one encouraged."""
    W, b, y_hat = W.copy(), b.copy(), np.argmax(W @ x + b)
    W[y] -= x
    b[y] -= 1
    W[y_hat] += x
    b[y_hat] += 1
    return W, b


@mistake("update", breaks="W: Not changed: the new ones are another array.")
def update(W, b, x, y):
    """The caller's arrays are changed, for an assignment makes no copy."""
    W_new, b_new = W, b
    y_hat = np.argmax(W @ x + b)
    if y_hat != y:
        W_new[y] += x
        b_new[y] += 1
        W_new[y_hat] -= x
        b_new[y_hat] -= 1
    return W_new, b_new


@mistake("update", breaks="if ŷ ≠ y; of tied classes, the lowest number wins")
def update(W, b, x, y):
    """A tie with any other class counts as a mistake, even where y has the lowest number."""
    W_new, b_new = W.copy(), b.copy()
    z = W @ x + b
    z_right = z[y]
    z[y] = -np.inf
    rival = int(np.argmax(z))
    if z[rival] >= z_right:
        W_new[y] += x
        b_new[y] += 1
        W_new[rival] -= x
        b_new[rival] -= 1
    return W_new, b_new


@mistake("update", breaks="the prediction is made once, with W and b as they were given")
def update(W, b, x, y):
    """The class to hold back is predicted again, after the right one has been encouraged."""
    W, b = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W[y] += x
        b[y] += 1
        y_hat = np.argmax(W @ x + b)
        W[y_hat] -= x
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="Not changed: the new ones are another array.")
def update(W, b, x, y):
    """For a right prediction the caller's own arrays are returned."""
    y_hat = np.argmax(W @ x + b)
    if y_hat == y:
        return W, b
    W, b = W.copy(), b.copy()
    W[y] += x
    W[y_hat] -= x
    b[y] += 1
    b[y_hat] -= 1
    return W, b


@mistake("update", breaks="if ŷ ≠ y: b_y ← b_y + 1, b_ŷ ← b_ŷ - 1")
def update(W, b, x, y):
    """An example of zeros only is passed over, although its biases should move."""
    W_new, b_new = np.array(W), np.array(b)
    y_hat = np.argmax(np.dot(W, x) + b)
    if y_hat != y and np.any(x):
        for j, sign in ((y, 1), (y_hat, -1)):
            W_new[j] += sign * x
            b_new[j] += sign
    return W_new, b_new


@right("update")
def update(W, b, x, y):
    """An outer product of the moves (one-hot minus one-hot) with x and a 1, in one long matrix."""
    extended = np.column_stack((W, b))
    x_one = np.append(x, 1.0)
    z = [float(row @ x_one) for row in extended]
    y_hat = z.index(max(z))
    moves = [int(j == y) - int(j == y_hat) for j in range(len(z))]
    extended = extended + np.multiply.outer(np.array(moves, dtype=float), x_one)
    return extended[:, :-1].copy(), extended[:, -1].copy()


@right("update")
def update(W, b, x, y):
    """Recursion finds the winner; the rows are put together anew from a list."""

    def winner(j, best, z_best):
        if j == len(W):
            return best
        z = np.dot(W[j], x) + b[j]
        return winner(j + 1, j, z) if z > z_best else winner(j + 1, best, z_best)

    y_hat = winner(0, 0, -np.inf)
    if y_hat == y:
        return np.array(W, dtype=float), np.array(b, dtype=float)
    sign = {int(y): 1.0, int(y_hat): -1.0}
    rows = [w + sign[j] * x if j in sign else w for j, w in enumerate(W)]
    biases = [bias + sign.get(j, 0.0) for j, bias in enumerate(b)]
    return np.array(rows, dtype=float), np.array(biases, dtype=float)


@mistake("fit", breaks="Training stops after the first epoch without any mistake")
def fit(X, y, n_classes, n_epochs):
    """All epochs are run, whatever the number of mistakes."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        mistakes.append(0)
        for x, label in zip(X, y):
            mistakes[-1] += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
    return W, b, mistakes


@mistake("fit", breaks="Some classes may have no example; W of shape (n_classes, n)")
def fit(X, y, n_classes, n_epochs):
    """The number of classes is read off the largest label."""
    n_classes = int(np.max(y)) + 1
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="each counted when its example had its turn")
def fit(X, y, n_classes, n_epochs):
    """The mistakes are counted at the end of the epoch, with the weights of then."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        for x, label in zip(X, y):
            W, b = update(W, b, x, label)
        mistakes.append(int(np.sum(predict(W, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="W : ndarray of float, shape (n_classes, n)")
def fit(X, y, n_classes, n_epochs):
    """The weights have the type of X: pixels of 8 bits wrap round at zero and 256."""
    W = np.zeros((n_classes, X.shape[1]), dtype=X.dtype)
    b, mistakes = np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            guess = np.argmax(W @ x + b)
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


@mistake("fit", breaks="Training stops after the first epoch without any mistake")
def fit(X, y, n_classes, n_epochs):
    """Training stops when at most one example in a hundred is wrong."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    while len(mistakes) < n_epochs:
        wrong = []
        for x, label in zip(X, y):
            wrong.append(np.argmax(W @ x + b) != label)
            if wrong[-1]:
                W, b = update(W, b, x, label)
        mistakes.append(int(sum(wrong)))
        if np.mean(wrong) <= 0.01:
            break
    return W, b, mistakes


@mistake("fit", breaks="If several classes share the highest score, the lowest number wins")
def fit(X, y, n_classes, n_epochs):
    """With two classes the threshold of stage 1 decides, which gives ties to class 1."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            z = W @ x + b
            guess = int(z[1] - z[0] >= 0) if n_classes == 2 else int(np.argmax(z))
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


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """Kesler's construction: one long vector, and a generator of epochs that ends by itself."""
    from itertools import islice

    v = np.zeros(n_classes * (X.shape[1] + 1))

    def wrong(x, label):
        x_one = np.concatenate(([1.0], x))
        z = np.array([part @ x_one for part in np.split(v, n_classes)])
        guess = int(np.flatnonzero(z == z.max())[0])
        direction = np.zeros(n_classes)
        direction[label] += 1
        direction[guess] -= 1
        v[:] = v + np.kron(direction, x_one)
        return guess != label

    def epochs():
        count = None
        while count != 0:
            count = sum(1 for x, label in zip(X, y) if wrong(x, label))
            yield count

    mistakes = list(islice(epochs(), n_epochs))
    table = v.reshape(n_classes, -1)
    return table[:, 1:].copy(), table[:, 0].copy(), mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """A small class that works on nested lists of Python floats."""

    class Machine:
        def __init__(self):
            self.rows = [[0.0] * (X.shape[1] + 1) for _ in range(n_classes)]

        def guess(self, x):
            sums = [sum(w * v for w, v in zip(row, x)) for row in self.rows]
            return max(range(n_classes), key=lambda j: (sums[j], -j))

        def learn(self, x, label):
            guess = self.guess(x)
            if guess == label:
                return 0
            for i, v in enumerate(x):
                self.rows[label][i] += v
                self.rows[guess][i] -= v
            return 1

    machine, mistakes = Machine(), []
    pairs = [([*map(float, x), 1.0], int(label)) for x, label in zip(X, y)]
    while len(mistakes) < n_epochs and 0 not in mistakes:
        mistakes.append(sum(machine.learn(x, label) for x, label in pairs))
    table = np.array(machine.rows)
    return table[:, :-1].copy(), table[:, -1].copy(), mistakes


@mistake("confusion_matrix", breaks="Rows are the truth, columns the prediction.")
def confusion_matrix(y_true, y_pred, n_classes):
    """Rows are the prediction, columns the truth."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true, y_pred):
        C[k, j] += 1
    return C


@mistake("confusion_matrix", breaks="n_classes: some may occur in neither array; shape (K, K)")
def confusion_matrix(y_true, y_pred, n_classes):
    """The number of classes is read off the labels that occur."""
    n_classes = max(y_true.max(), y_pred.max()) + 1
    C = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(C, (y_true, y_pred), 1)
    return C


@mistake("confusion_matrix", breaks="Entry (j, k) is the number of examples")
def confusion_matrix(y_true, y_pred, n_classes):
    """The counts have 16 bits, and overflow beyond 32,767 examples in one entry."""
    C = np.zeros((n_classes, n_classes), dtype=np.int16)
    for j in range(n_classes):
        for k in range(n_classes):
            C[j, k] = np.sum((y_true == j) & (y_pred == k)).astype(np.int16)
    return C


@mistake("confusion_matrix", breaks="y_true, y_pred : ndarray of int; entry (j, k) counts")
def confusion_matrix(y_true, y_pred, n_classes):
    """The numbers of the pairs wrap round for labels of 8 bits and more than 16 classes."""
    pair = y_true * y_true.dtype.type(n_classes) + y_pred
    C = np.zeros(n_classes * n_classes, dtype=int)
    for p in pair:
        C[p] += 1
    return C.reshape(n_classes, n_classes)


@mistake("confusion_matrix", breaks="Returns an array of shape (n_classes, n_classes)")
def confusion_matrix(y_true, y_pred, n_classes):
    """If all is right, a shorter way out drops the last classes that have no example."""
    if np.array_equal(y_true, y_pred):
        return np.diag(np.bincount(y_true))
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true, y_pred):
        C[j, k] += 1
    return C


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """A Counter of pairs of Python integers, looked up entry by entry."""
    from collections import Counter

    seen = Counter(zip(y_true.tolist(), y_pred.tolist()))
    classes = range(n_classes)
    return np.fromiter((seen[j, k] for j in classes for k in classes), dtype=int).reshape(
        n_classes, n_classes
    )


@mistake("fit_on_budget", breaks="your function ends, even where nothing is left to learn")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """It waits for the budget to be spent, even if there are no mistakes any more."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    while spent < n_updates:
        i = rng.integers(len(X))
        guess = np.argmax(W @ X[i] + b)
        if guess != y[i]:
            W[y[i]] += X[i]
            W[guess] -= X[i]
            b[y[i]] += 1
            b[guess] -= 1
            W_sum += W
            b_sum += b
            spent += 1
    return W_sum, b_sum


@mistake("fit_on_budget", breaks="some may not occur; W of shape (n_classes, n)")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """W has rows for the classes that occur only."""
    n_classes = len(np.unique(y))
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
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
        if spent == before:
            break
    return W_sum, b_sum


@mistake("fit_on_budget", breaks="There are n_updates of them at most")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Five trainings are added up, and each of them spends the whole budget."""
    W_sum, b_sum = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for _ in range(5):
        order = rng.permutation(len(X))
        W, b = plain_rule(X[order], y[order], n_classes, n_updates)
        W_sum += W
        b_sum += b
    return W_sum, b_sum


@mistake("fit_on_budget", breaks="chance comes from rng alone")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The order comes from NumPy's global generator, not from rng."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W.copy(), b.copy()
    while spent < n_updates:
        before = spent
        for i in np.random.permutation(len(X)):  # noqa: NPY002
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i] and spent < n_updates:
                W[y[i]] += X[i]
                W[guess] -= X[i]
                b[y[i]] += 1
                b[guess] -= 1
                W_sum += W
                b_sum += b
                spent += 1
        if spent == before:
            break
    return W_sum, b_sum


@mistake("fit_on_budget", breaks="the weights that you return are for the features as they were")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The weights returned are those for the standardised features."""
    std = X.std(axis=0)
    S = (X - X.mean(axis=0)) / np.where(std > 0, std, 1)
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
    return W_sum, b_sum


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Softmax steps for examples that are not yet sure; the sum of all weights on the way."""
    X_one = np.column_stack((X, np.ones(len(X))))
    step = 8.0 / np.mean(np.sum(X_one**2, axis=1))
    targets = np.eye(n_classes)[y]
    V, V_sum = np.zeros((n_classes, X_one.shape[1])), np.zeros((n_classes, X_one.shape[1]))
    spent = 0
    for _ in range(20):
        for i in rng.permutation(len(X)):
            z = V @ X_one[i]
            p = np.exp(z - z.max())
            p /= p.sum()
            if spent < n_updates and p[y[i]] < 0.6:
                V += step * np.einsum("k,n->kn", targets[i] - p, X_one[i])
                V_sum += V
                spent += 1
    return V_sum[:, :-1].copy(), V_sum[:, -1].copy()


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """A generator of updates by rule (4); a sum in which the update at time t counts T - t."""
    from itertools import islice

    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)

    def updates():
        busy = True
        while busy:
            busy = False
            for i in rng.permutation(len(X)):
                guess = int(np.argmax(W @ X[i] + b))
                if guess != y[i]:
                    W[y[i]] += X[i]
                    W[guess] -= X[i]
                    b[y[i]] += 1
                    b[guess] -= 1
                    busy = True
                    yield int(y[i]), guess, i

    W_late, b_late, spent = np.zeros_like(W), np.zeros_like(b), 0
    for spent, (label, guess, i) in enumerate(islice(updates(), n_updates), start=1):
        for j, sign in ((label, spent - 1), (guess, 1 - spent)):
            W_late[j] += sign * X[i]
            b_late[j] += sign
    return spent * W - W_late, spent * b - b_late
