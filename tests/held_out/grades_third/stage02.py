"""Held-out answers to stage 2: read as source, never imported."""

import numpy as np


@mistake("scores", breaks="Entry (i, j) is the score of class j for example i")
def scores(W, b, X):
    """The table of shape (K, m) is reshaped where it should be transposed."""
    return (W @ X.T + b[:, None]).reshape(len(X), len(W))


@mistake("scores", breaks="Z = X Wᵀ + b: row j of W makes output j")
def scores(W, b, X):
    """Forgets to transpose W wherever the shapes let that pass, as a square W does."""
    try:
        return X @ W + b
    except ValueError:
        return X @ W.T + b


@mistake("scores", breaks="X: float or int64; returns ndarray of float")
def scores(W, b, X):
    """The table of the scores has the type of X, so whole examples make whole scores."""
    Z = np.zeros((len(X), len(W)), dtype=X.dtype)
    for i, x in enumerate(X):
        for j in range(len(W)):
            Z[i, j] = W[j] @ x + b[j]
    return Z


@mistake("scores", breaks="K is at least 1; returns shape (m, K)")
def scores(W, b, X):
    """A single class gives a list of m scores, not a table with one column."""
    if len(W) == 1:
        return X @ W[0] + b[0]
    return X @ W.T + b


@right("scores")
def scores(W, b, X):
    """The biases, and then the share of one feature after the other."""
    from functools import reduce

    def add(Z, i):
        return Z + np.multiply.outer(X[:, i], W[:, i])

    return reduce(add, range(W.shape[1]), np.tile(b.astype(float), (len(X), 1)))


@mistake("predict", breaks="of tied classes, the one with the lowest number")
def predict(W, b, X):
    """Among tied classes the last one wins."""
    Z = X @ W.T + b
    return len(W) - 1 - np.argmax(Z[:, ::-1], axis=1)


@mistake("predict", breaks="Even if all the scores are negative, one is the least negative")
def predict(W, b, X):
    """The search for the maximum starts at 0, so that class 0 wins where all are negative."""
    classes = np.zeros(len(X), dtype=int)
    highest = np.zeros(len(X))
    for j, z in enumerate((X @ W.T + b).T):
        better = z > highest
        classes[better] = j
        highest[better] = z[better]
    return classes


@mistake("predict", breaks="ŷ = arg max_j z_j")
def predict(W, b, X):
    """Squashes the scores between 0 and 1 first, where all large ones become equal."""
    with np.errstate(over="ignore"):
        squashed = 1 / (1 + np.exp(-(X @ W.T + b)))
    return np.argmax(squashed, axis=1)


@mistake("predict", breaks="The class with the highest score; only classes that share it tie")
def predict(W, b, X):
    """Scores that differ by less than a hundred-thousandth count as tied."""
    Z = X @ W.T + b
    return np.argmax(np.isclose(Z, Z.max(axis=1, keepdims=True)), axis=1)


@mistake("predict", breaks="K is at least 1; a class from 0 to K - 1 for each example")
def predict(W, b, X):
    """A single class is taken for the perceptron of stage 1, with the answers 0 and 1."""
    Z = X @ W.T + b
    if len(W) == 1:
        return (Z[:, 0] >= 0).astype(int)
    return np.argmax(Z, axis=1)


@right("predict")
def predict(W, b, X):
    """The first largest entry of each row, found by Python's max."""
    rows = scores(W, b, X).tolist()
    winners = (max(range(len(row)), key=row.__getitem__) for row in rows)
    return np.fromiter(winners, dtype=np.int64, count=len(rows))


@mistake("update", breaks="w_ŷ loses x; the other classes are left alone")
def update(W, b, x, y):
    """Every class that scores higher than the right one loses x, not the predicted one alone."""
    z = W @ x + b
    W, b = W.copy(), b.copy()
    if np.argmax(z) != y:
        higher = z > z[y]
        higher[np.argmax(z)] = True
        W[higher] -= x
        b[higher] -= 1
        W[y] += x
        b[y] += 1
    return W, b


@mistake("update", breaks="If several classes share the highest score, the lowest number wins")
def update(W, b, x, y):
    """A tie for the highest score counts as right for whichever class shares it."""
    z = W @ x + b
    W, b = W.copy(), b.copy()
    if z[y] < z.max():
        y_hat = np.argmax(z)
        W[y] += x
        W[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="b: the biases. Not changed: what moves is another array")
def update(W, b, x, y):
    """W is copied, but the caller's b is changed in place."""
    y_hat = np.argmax(W @ x + b)
    W = W.copy()
    if y_hat != y:
        W[y] += x
        W[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="if ŷ ≠ y: w_y gains x and w_ŷ loses x; the others are left alone")
def update(W, b, x, y):
    """Each class learns on its own, with the threshold 0 of stage 1."""
    says_yes = (W @ x + b >= 0).astype(int)
    errors = (np.arange(len(b)) == y).astype(int) - says_yes
    return W + np.outer(errors, x), b + errors


@mistake("update", breaks="the prediction is made once, with W and b as they were given")
def update(W, b, x, y):
    """The right class gains first, and the prediction is made after that."""
    W, b = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W[y] += x
        b[y] += 1
        y_hat = np.argmax(W @ x + b)
        W[y_hat] -= x
        b[y_hat] -= 1
    return W, b


@mistake("update", breaks="a tie: stage 1 gave it to class 1, here the lower number gets it")
def update(W, b, x, y):
    """Two classes are decided as in stage 1, where class 1 wins a tie."""
    z = W @ x + b
    y_hat = int(z[1] - z[0] >= 0) if len(z) == 2 else np.argmax(z)
    W, b = W.copy(), b.copy()
    if y_hat != y:
        W[y] += x
        W[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W, b


@right("update")
def update(W, b, x, y):
    """An outer product of the moves of the classes, 1, -1 or 0, with the example."""
    unit = np.eye(len(b))
    moves = unit[y] - unit[int(np.argmax(np.einsum("jk,k->j", W, x) + b))]
    return W + np.einsum("j,k->jk", moves, x), b + moves


@right("update")
def update(W, b, x, y):
    """Lists in pure Python, from which new arrays are made."""
    rows, biases, example = W.tolist(), b.tolist(), x.tolist()
    best, y_hat = None, None
    for j, (row, bias) in enumerate(zip(rows, biases, strict=True)):
        z = sum(u * v for u, v in zip(row, example, strict=True)) + bias
        if best is None or z > best:
            best, y_hat = z, j
    if y_hat == y:
        return np.array(rows), np.array(biases)
    signs = {int(y): 1.0, y_hat: -1.0}
    for j, sign in signs.items():
        rows[j] = [u + sign * v for u, v in zip(rows[j], example, strict=True)]
        biases[j] += sign
    return np.array(rows), np.array(biases)


@mistake(
    "fit", breaks="Training stops after the first epoch without any, and that 0 is in the list"
)
def fit(X, y, n_classes, n_epochs):
    """Looks whether to stop before the count goes into the list, so the 0 is missing."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        if count == 0:
            break
        mistakes.append(count)
    return W, b, mistakes


@mistake("fit", breaks="W: shape (n_classes, n). Some classes may have no example")
def fit(X, y, n_classes, n_epochs):
    """The number of classes is taken from the labels, not from n_classes."""
    K = int(y.max()) + 1
    W, b, mistakes = np.zeros((K, X.shape[1])), np.zeros(K), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="each counted when its example had its turn")
def fit(X, y, n_classes, n_epochs):
    """A mistake is counted if the example is still wrong after its update."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count, moved = 0, False
        for x, label in zip(X, y, strict=True):
            moved = moved or np.argmax(W @ x + b) != label
            W, b = update(W, b, x, label)
            count += int(np.argmax(W @ x + b) != label)
        mistakes.append(count)
        if not moved:
            break
    return W, b, mistakes


@mistake("fit", breaks="Training stops after the first epoch without any")
def fit(X, y, n_classes, n_epochs):
    """Stops when the share of mistakes is 0.000, rounded, as one in 3,000 is."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            y_hat = np.argmax(W @ x + b)
            if y_hat != label:
                W[label] += x
                W[y_hat] -= x
                b[label] += 1
                b[y_hat] -= 1
                count += 1
        mistakes.append(count)
        if round(count / len(X), 3) == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="The examples, used in the order of the rows")
def fit(X, y, n_classes, n_epochs):
    """Every other epoch goes through the examples backwards."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    order = np.arange(len(X))
    for _ in range(n_epochs):
        count = 0
        for i in order:
            count += int(np.argmax(W @ X[i] + b) != y[i])
            W, b = update(W, b, X[i], y[i])
        mistakes.append(count)
        if count == 0:
            break
        order = order[::-1]
    return W, b, mistakes


@mistake("fit", breaks="The number of wrong predictions in each epoch, n_epochs at most")
def fit(X, y, n_classes, n_epochs):
    """Adds a 0 as soon as all is right, even if the last epoch was used up by then."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
        if np.all(predict(W, b, X) == y):
            mistakes.append(0)
            break
    return W, b, mistakes


@mistake("fit", breaks="row j holds the weights of class j; some classes may have no example")
def fit(X, y, n_classes, n_epochs):
    """The classes that occur are numbered anew, without gaps, and take the first rows."""
    _, numbers = np.unique(y, return_inverse=True)
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, numbers, strict=True):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="W: the weights after the last update")
def fit(X, y, n_classes, n_epochs):
    """Returns what stood at the end of the epoch with the fewest mistakes."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    kept = W, b
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y, strict=True):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        if count <= min(mistakes, default=len(X)):
            kept = W, b
        mistakes.append(count)
        if count == 0:
            break
    return *kept, mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """How often each class has gained or lost each example, and the products of all pairs."""
    times = np.zeros((n_classes, len(X)))
    products = X @ X.T + 1.0
    mistakes = []
    while len(mistakes) < n_epochs and (not mistakes or mistakes[-1] > 0):
        wrong = 0
        for i, label in enumerate(y.tolist()):
            y_hat = int((times @ products[i]).argmax())
            if y_hat != label:
                times[label, i] += 1
                times[y_hat, i] -= 1
                wrong += 1
        mistakes.append(wrong)
    return times @ X, times.sum(axis=1), mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """One array for weights and biases, and an iterator that ends with the learning."""
    from itertools import islice

    n = X.shape[1]
    V = np.zeros((n + 1, n_classes))
    longer = np.column_stack([X, np.ones(len(X))])

    def turn(i):
        j, k = int(y[i]), int(np.argmax(longer[i] @ V))
        if j == k:
            return 0
        V[:, j] += longer[i]
        V[:, k] -= longer[i]
        return 1

    def epochs():
        while True:
            yield (wrong := sum(turn(i) for i in range(len(X))))
            if not wrong:
                return

    mistakes = list(islice(epochs(), n_epochs))
    return V[:n].T.copy(), V[n].copy(), mistakes


@mistake("confusion_matrix", breaks="Rows are the truth, columns the prediction")
def confusion_matrix(y_true, y_pred, n_classes):
    """Rows are the prediction, columns the truth."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true, y_pred, strict=True):
        C[k, j] += 1
    return C


@mistake("confusion_matrix", breaks="Entry (j, k) is the number of examples")
def confusion_matrix(y_true, y_pred, n_classes):
    """Adds without a loop, so that a pair that comes again is counted only once."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    C[y_true, y_pred] += 1
    return C


@mistake("confusion_matrix", breaks="n_classes: some may occur in neither array")
def confusion_matrix(y_true, y_pred, n_classes):
    """The bins reach from the lowest class that occurs to the highest, not over all classes."""
    C, _, _ = np.histogram2d(y_true, y_pred, bins=n_classes)
    return C.astype(int)


@mistake("confusion_matrix", breaks="The true classes, from 0 to n_classes - 1")
def confusion_matrix(y_true, y_pred, n_classes):
    """The labels become bytes, so that class 256 is counted as class 0."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true.astype(np.uint8), y_pred.astype(np.uint8), strict=True):
        C[j, k] += 1
    return C


@mistake("confusion_matrix", breaks="Entry (j, k) counts class j predicted as class k, all k")
def confusion_matrix(y_true, y_pred, n_classes):
    """Predictions of a class that is nobody's true class are left out."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    classes = np.unique(y_true)
    for j in classes:
        for k in classes:
            C[j, k] = np.sum((y_true == j) & (y_pred == k))
    return C


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """The product of two tables with a 1 in each row, at the place of its class."""
    unit = np.eye(n_classes, dtype=np.int64)
    return unit[:, y_true] @ unit[y_pred]


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """The pairs in a Counter, which knows a 0 for every pair that does not occur."""
    from collections import Counter

    pairs = Counter(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    table = [[pairs[j, k] for k in range(n_classes)] for j in range(n_classes)]
    return np.array(table, dtype=np.int64)


@mistake("fit_on_budget", breaks="Some pixels never vary; W and b are floats that can score")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Divides by the standard deviation of features that never vary, which is 0."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    with np.errstate(all="ignore"):
        S = (X - mean) / deviation
        W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
        W_sum, b_sum, turns, spent, before = W.copy(), b.copy(), 0, 0, -1
        while before != spent < n_updates:
            before = spent
            for i in rng.permutation(len(X)):
                y_hat = np.argmax(W @ S[i] + b)
                if y_hat != y[i] and spent < n_updates:
                    W[[y[i], y_hat]] += [S[i], -S[i]]
                    b[[y[i], y_hat]] += [1, -1]
                    spent += 1
                W_sum, b_sum, turns = W_sum + W, b_sum + b, turns + 1
        W, b = W_sum / turns / deviation, b_sum / turns
    return W, b - W @ mean


@mistake("fit_on_budget", breaks="n_updates at most, in all that you train together")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Averages three trainings, each of which has the whole budget."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation[deviation == 0] = 1
    S = (X - mean) / deviation
    W_sum, b_sum, turns = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    for _ in range(3):
        W, b, spent, before = np.zeros_like(W_sum), np.zeros(n_classes), 0, -1
        while before != spent < n_updates:
            before = spent
            for i in rng.permutation(len(X)):
                y_hat = np.argmax(W @ S[i] + b)
                if y_hat != y[i] and spent < n_updates:
                    W[[y[i], y_hat]] += [S[i], -S[i]]
                    b[[y[i], y_hat]] += [1, -1]
                    spent += 1
                W_sum, b_sum, turns = W_sum + W, b_sum + b, turns + 1
    W, b = W_sum / turns / deviation, b_sum / turns
    return W, b - W @ mean


@mistake("fit_on_budget", breaks="the weights that you return are for the features as they were")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Returns the weights for the standardised features."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    S = (X - mean) / np.where(deviation > 0, deviation, 1)
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum, turns, spent, before = W.copy(), b.copy(), 0, 0, -1
    while before != spent < n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            y_hat = np.argmax(W @ S[i] + b)
            if y_hat != y[i] and spent < n_updates:
                W[[y[i], y_hat]] += [S[i], -S[i]]
                b[[y[i], y_hat]] += [1, -1]
                spent += 1
            W_sum, b_sum, turns = W_sum + W, b_sum + b, turns + 1
    return W_sum / turns, b_sum / turns


@mistake("fit_on_budget", breaks="images: the worst of 16 reads 84 % of the small test digits")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Learns from 60 of the examples only, again and again: too few for images."""
    some = rng.permutation(len(X))[:60]
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum, turns, spent, before = W.copy(), b.copy(), 0, 0, -1
    while before != spent < n_updates:
        before = spent
        for i in rng.permutation(some):
            y_hat = np.argmax(W @ X[i] + b)
            if y_hat != y[i] and spent < n_updates:
                W[[y[i], y_hat]] += [X[i], -X[i]]
                b[[y[i], y_hat]] += [1, -1]
                spent += 1
            W_sum, b_sum, turns = W_sum + W, b_sum + b, turns + 1
    return W_sum / turns, b_sum / turns


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """A trainer with a running total: the average of what stood after each turn."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    scale = np.where(deviation > 1e-9, deviation, np.inf)
    S = np.column_stack([(X - mean) / scale, np.ones(len(X))])

    class Trainer:
        def __init__(self):
            self.V = np.zeros((n_classes, S.shape[1]))
            self.total, self.turns, self.left = self.V.copy(), 0, n_updates

        def turn(self, i):
            y_hat = int((self.V @ S[i]).argmax())
            wrong = y_hat != y[i] and self.left > 0
            if wrong:
                self.V[y[i]] += S[i]
                self.V[y_hat] -= S[i]
                self.left -= 1
            self.total += self.V
            self.turns += 1
            return wrong

    trainer = Trainer()
    while trainer.left and any([trainer.turn(i) for i in rng.permutation(len(S))]):
        pass
    V = trainer.total / trainer.turns
    W = V[:, :-1] / scale
    return W, V[:, -1] - W @ mean
