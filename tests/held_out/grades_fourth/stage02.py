"""Held-out answers to stage 2: read as source, never imported."""

import numpy as np


@mistake("scores", breaks="the scores have the shape (m, K), an example's in a row")
def scores(W, b, X):
    """A column for each example instead of a row."""
    return W @ X.T + b[:, None]


@mistake("scores", breaks="X may be of int64; the scores are floats: entry (i, j) is w_j · x + b_j")
def scores(W, b, X):
    """The table for the scores has the type of X: for whole numbers the fractions get lost."""
    Z = np.zeros((X.shape[0], W.shape[0]), dtype=X.dtype)
    for j in range(W.shape[0]):
        Z[:, j] = X @ W[j] + b[j]
    return Z


@mistake("scores", breaks="shape (m, K), with K at least 1, also for one example or one class")
def scores(W, b, X):
    """Axes of length 1 are dropped."""
    return np.squeeze(X @ W.T + b)


@mistake("scores", breaks="row j of W makes output j, where K = n as well")
def scores(W, b, X):
    """Transposes W only where the shapes ask for it, so never where W is square."""
    if W.shape[0] == X.shape[1]:
        return X @ W + b
    return X @ W.T + b


@right("scores")
def scores(W, b, X):
    """A triple loop in Python that starts from the bias."""
    Z = np.empty((len(X), len(W)))
    for i, x in enumerate(X.tolist()):
        for j, row in enumerate(W.tolist()):
            total = float(b[j])
            for weight, feature in zip(row, x):
                total += weight * feature
            Z[i, j] = total
    return Z


@mistake("predict", breaks="of tied classes, the one with the lowest number")
def predict(W, b, X):
    """Looks from behind: of tied classes the highest number wins."""
    Z = X @ W.T + b
    return Z.shape[1] - 1 - np.argmax(Z[:, ::-1], axis=1)


@mistake("predict", breaks="forget the threshold: the class with the highest score wins")
def predict(W, b, X):
    """The first class whose score is not negative."""
    return np.argmax(X @ W.T + b >= 0, axis=1)


@mistake("predict", breaks="the class with the highest score: nearly as high is no tie")
def predict(W, b, X):
    """Scores that are close to the highest count as tied with it."""
    Z = X @ W.T + b
    return np.argmax(np.isclose(Z, Z.max(axis=1, keepdims=True)), axis=1)


@mistake("predict", breaks="even if all the scores are negative, one is the least negative")
def predict(W, b, X):
    """The search for the highest score starts from 0."""
    answers = []
    for x in X:
        winner, highest = 0, 0.0
        for j in range(len(W)):
            z = W[j] @ x + b[j]
            if z > highest:
                winner, highest = j, z
        answers.append(winner)
    return np.array(answers, dtype=np.int64)


@mistake("predict", breaks="returns an ndarray of int")
def predict(W, b, X):
    """The answers are put into an array of floats."""
    answers = np.zeros(len(X))
    for i, x in enumerate(X):
        answers[i] = np.argmax(W @ x + b)
    return answers


@right("predict")
def predict(W, b, X):
    """A knock-out, class against class, for all the examples at once."""
    winner = np.zeros(len(X), dtype=np.int64)
    highest = np.einsum("ij,j->i", X, W[0]) + b[0]
    for j in range(1, len(W)):
        z = np.einsum("ij,j->i", X, W[j]) + b[j]
        better = z > highest
        winner = np.where(better, j, winner)
        highest = np.where(better, z, highest)
    return winner


@mistake("update", breaks="b: not changed; what moves is another array")
def update(W, b, x, y):
    """Copies W, but moves the caller's own biases."""
    y_hat = np.argmax(W @ x + b)
    W_new = W.copy()
    if y_hat != y:
        W_new[y] += x
        W_new[y_hat] -= x
        b[y] += 1
        b[y_hat] -= 1
    return W_new, b


@mistake("update", breaks="two perceptrons move; the other classes are left alone")
def update(W, b, x, y):
    """Each perceptron for itself, as in stage 1: all that say yes in error are held back."""
    says_yes = (W @ x + b >= 0).astype(int)
    error = (np.arange(len(b)) == y).astype(int) - says_yes
    return W + np.outer(error, x), b + error


@mistake("update", breaks="the prediction is made once, with W and b as they were given")
def update(W, b, x, y):
    """Encourages the right class first, and predicts only then whom to hold back."""
    if np.argmax(W @ x + b) == y:
        return W, b
    W_new, b_new = W.copy(), b.copy()
    W_new[y] += x
    b_new[y] += 1
    loudest = np.argmax(W_new @ x + b_new)
    W_new[loudest] -= x
    b_new[loudest] -= 1
    return W_new, b_new


@mistake(
    "update", breaks="of tied classes the lowest number is predicted, and is a mistake if not y"
)
def update(W, b, x, y):
    """Does nothing where the right class has the highest score, if only in a tie."""
    z = W @ x + b
    if z[y] == z.max():
        return W, b
    W_new, b_new = W.copy(), b.copy()
    W_new[y] += x
    W_new[np.argmax(z)] -= x
    b_new[y] += 1
    b_new[np.argmax(z)] -= 1
    return W_new, b_new


@mistake("update", breaks="if the prediction was right, W and b are equal to the old ones")
def update(W, b, x, y):
    """Two rows at once and no question: where they are the same row, only the last step counts."""
    y_hat = np.argmax(W @ x + b)
    W_new, b_new = W.copy(), b.copy()
    W_new[[y, y_hat]] += np.array([x, -x])
    b_new[[y, y_hat]] += np.array([1, -1])
    return W_new, b_new


@mistake("update", breaks="x may be of int64; W is of float, and the other classes are left alone")
def update(W, b, x, y):
    """The copies take the type of x, so that an example of whole numbers truncates the weights."""
    W_new, b_new = np.array(W, dtype=x.dtype), np.array(b)
    y_hat = np.argmax(W @ x + b)
    if y_hat != y:
        W_new[y] += x
        W_new[y_hat] -= x
        b_new[y] += 1
        b_new[y_hat] -= 1
    return W_new, b_new


@right("update")
def update(W, b, x, y):
    """An outer product with the difference of two unit vectors."""
    z = [float(np.dot(row, x)) + float(bias) for row, bias in zip(W, b)]
    y_hat = z.index(max(z))
    step = np.zeros(len(b))
    step[int(y)] += 1
    step[y_hat] -= 1
    return W + step[:, np.newaxis] * x[np.newaxis, :], b + step


@mistake("fit", breaks="W has the shape (n_classes, n); some classes may have no example")
def fit(X, y, n_classes, n_epochs):
    """As many classes as the highest label says."""
    K = int(y.max()) + 1
    W, b, mistakes = np.zeros((K, X.shape[1])), np.zeros(K), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="each mistake is counted when its example had its turn")
def fit(X, y, n_classes, n_epochs):
    """Counts the mistakes that the weights at the end of the epoch make."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        for x, label in zip(X, y):
            W, b = update(W, b, x, label)
        mistakes.append(int(np.sum(predict(W, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="returns the weights and the biases after the last update")
def fit(X, y, n_classes, n_epochs):
    """Returns those that get most of the examples right, of all epochs' ends."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    best, most = (W, b), -1
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            count += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(count)
        hits = np.sum(predict(W, b, X) == y)
        if hits > most:
            best, most = (W, b), hits
        if count == 0:
            break
    return best[0], best[1], mistakes


@mistake("fit", breaks="of tied classes the lowest number is predicted: if it is y, it is right")
def fit(X, y, n_classes, n_epochs):
    """The right class must be higher than all rivals: a tie is always a mistake."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for x, label in zip(X, y):
            z = W @ x + b
            others = z.copy()
            others[label] = -np.inf
            rival = np.argmax(others)
            if z[label] <= others[rival]:
                count += 1
                W[label] += x
                W[rival] -= x
                b[label] += 1
                b[rival] -= 1
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@mistake("fit", breaks="the examples are used in the order of the rows")
def fit(X, y, n_classes, n_epochs):
    """Shuffles the examples before each epoch, with a fixed seed."""
    rng = np.random.default_rng(0)
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        count = 0
        for i in rng.permutation(len(X)):
            count += int(np.argmax(W @ X[i] + b) != y[i])
            W, b = update(W, b, X[i], y[i])
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """Weights and biases in one matrix, of which the columns are the classes."""
    table = np.column_stack((X, np.ones(len(y))))
    V = np.zeros((table.shape[1], n_classes))
    wrong = []
    while not wrong or (wrong[-1] > 0 and len(wrong) < n_epochs):
        wrong.append(0)
        for i in range(len(table)):
            guess, truth = int(np.argmax(table[i] @ V)), int(y[i])
            if guess != truth:
                V[:, truth] += table[i]
                V[:, guess] -= table[i]
                wrong[-1] += 1
    return V[:-1].T.copy(), V[-1].copy(), wrong


@right("fit")
def fit(X, y, n_classes, n_epochs):
    """A dictionary of Python lists, one for each class, and max with a key."""
    n = X.shape[1]
    weights = {j: [0.0] * n for j in range(n_classes)}
    biases = dict.fromkeys(range(n_classes), 0.0)
    examples = [(tuple(x), int(label)) for x, label in zip(X.tolist(), y)]

    def turn(x, label):
        def score(j):
            return sum(map(float.__mul__, weights[j], map(float, x))) + biases[j]

        guess = max(range(n_classes), key=lambda j: (score(j), -j))
        if guess == label:
            return False
        for j, sign in ((label, 1.0), (guess, -1.0)):
            weights[j] = [w + sign * xi for w, xi in zip(weights[j], x)]
            biases[j] += sign
        return True

    mistakes = []
    for _ in range(n_epochs):
        mistakes.append(len([1 for x, label in examples if turn(x, label)]))
        if not mistakes[-1]:
            break
    W = np.array([weights[j] for j in range(n_classes)])
    return W, np.array(list(biases.values())), mistakes


@mistake("confusion_matrix", breaks="from 0 to n_classes - 1; some may occur in neither array")
def confusion_matrix(y_true, y_pred, n_classes):
    """A histogram without a range: its bins begin at the lowest label and end at the highest."""
    C, _, _ = np.histogram2d(y_true, y_pred, bins=n_classes)
    return C.astype(int)


@mistake("confusion_matrix", breaks="shape (n_classes, n_classes), whatever occurs in the arrays")
def confusion_matrix(y_true, y_pred, n_classes):
    """Counts pairs without a least length: an error unless the last pair occurs."""
    pairs = y_true * n_classes + y_pred
    return np.bincount(pairs).reshape(n_classes, n_classes)


@mistake("confusion_matrix", breaks="entry (j, k) is the number of examples, however many")
def confusion_matrix(y_true, y_pred, n_classes):
    """Counters of 8 bits, which start again after 255."""
    C = np.zeros((n_classes, n_classes), dtype=np.uint8)
    for j, k in zip(y_true, y_pred):
        C[j, k] += 1
    return C.astype(int)


@mistake("confusion_matrix", breaks="entry (j, k): those of class j predicted as k, j = k as well")
def confusion_matrix(y_true, y_pred, n_classes):
    """Counts the confusions only, and leaves the diagonal at zero."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true, y_pred):
        if j != k:
            C[j, k] += 1
    return C


@mistake("confusion_matrix", breaks="entry (j, k) counts all the examples with y = j and y_hat = k")
def confusion_matrix(y_true, y_pred, n_classes):
    """Adds 1 with arrays as indices: repeated pairs count once."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    C[y_true, y_pred] += 1
    return C


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """A product of two tables of zeros and ones."""
    numbers = np.arange(n_classes)
    truth = (numbers[:, None] == y_true[None, :]).astype(np.int64)
    guess = (y_pred[:, None] == numbers[None, :]).astype(np.int64)
    return truth @ guess


@right("confusion_matrix")
def confusion_matrix(y_true, y_pred, n_classes):
    """A Counter of pairs, looked up entry by entry."""
    from collections import Counter

    pairs = Counter(zip(y_true.tolist(), y_pred.tolist()))
    rows = [[pairs[j, k] for k in range(n_classes)] for j in range(n_classes)]
    return np.array(rows, dtype=np.int64).reshape(n_classes, n_classes)


@mistake("fit_on_budget", breaks="the weights that you return are for the features as they were")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Standardises the features and returns the weights for the standardised ones."""
    spread = X.std(axis=0)
    S = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    W, b, k, seen = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 0
    W_sum, b_sum = W.copy(), b.copy()
    while k < n_updates:
        before = k
        for i in rng.permutation(len(S)):
            y_hat = np.argmax(W @ S[i] + b)
            if y_hat != y[i] and k < n_updates:
                W[y[i]] += S[i]
                W[y_hat] -= S[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                k += 1
            W_sum, b_sum, seen = W_sum + W, b_sum + b, seen + 1
        if k == before:
            break
    return W_sum / seen, b_sum / seen


@mistake("fit_on_budget", breaks="n_updates at most, in all that you train together")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The budget is counted for each class by itself: ten classes make ten times as many."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for j in range(n_classes):
        w, c, k = np.zeros(X.shape[1]), 0.0, 0
        w_sum, c_sum, seen = np.zeros(X.shape[1]), 0.0, 0
        for _ in range(20):
            before = k
            for i in rng.permutation(len(X)):
                error = int(y[i] == j) - int(w @ X[i] + c >= 0)
                if error and k < n_updates:
                    w, c, k = w + error * X[i], c + error, k + 1
                w_sum, c_sum, seen = w_sum + w, c_sum + c, seen + 1
            if k == before:
                break
        W[j], b[j] = w_sum / seen, c_sum / seen
    return W, b


@mistake("fit_on_budget", breaks="W is made by n_updates updates at most: no more examples in it")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The class with the nearest mean: all the examples are in the weights at once."""
    W = np.zeros((n_classes, X.shape[1]))
    b = np.full(n_classes, -1e9)
    for j in range(n_classes):
        if np.any(y == j):
            W[j] = X[y == j].mean(axis=0)
            b[j] = -0.5 * W[j] @ W[j]
    return W, b


@mistake("fit_on_budget", breaks="all randomness comes from rng itself")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The order of the examples comes from a generator of its own, made anew in each call."""
    own = np.random.default_rng()
    W, b, k, seen = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 0
    W_sum, b_sum = W.copy(), b.copy()
    while k < n_updates:
        before = k
        for i in own.permutation(len(X)):
            y_hat = np.argmax(W @ X[i] + b)
            if y_hat != y[i] and k < n_updates:
                W[y[i]] += X[i]
                W[y_hat] -= X[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                k += 1
            W_sum, b_sum, seen = W_sum + W, b_sum + b, seen + 1
        if k == before:
            break
    return W_sum / seen, b_sum / seen


@mistake("fit_on_budget", breaks="some pixels never vary: W and b must be numbers all the same")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Standardises without regard to features of deviation 0, which become NaN."""
    mean, spread = X.mean(axis=0), X.std(axis=0)
    S = (X - mean) / spread
    W, b, k, seen = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 0
    W_sum, b_sum = W.copy(), b.copy()
    while k < n_updates:
        before = k
        for i in rng.permutation(len(S)):
            y_hat = np.argmax(W @ S[i] + b)
            if y_hat != y[i] and k < n_updates:
                W[y[i]] += S[i]
                W[y_hat] -= S[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                k += 1
            W_sum, b_sum, seen = W_sum + W, b_sum + b, seen + 1
        if k == before:
            break
    W_mean, b_mean = W_sum / seen / spread, b_sum / seen
    return W_mean, b_mean - W_mean @ mean


@mistake("fit_on_budget", breaks="9 points above the plain rule, and 84 % of the digits at worst")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Keeps the best weights, but as the same arrays that the next updates change."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    best_W, best_b, most = W, b, -1
    spent = 0
    while spent < n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            y_hat = np.argmax(W @ X[i] + b)
            if y_hat != y[i] and spent < n_updates:
                W[y[i]] += X[i]
                W[y_hat] -= X[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                spent += 1
                hits = np.sum(np.argmax(X @ W.T + b, axis=1) == y)
                if hits > most:
                    best_W, best_b, most = W, b, hits
        if spent == before:
            break
    return best_W, best_b


@mistake("fit_on_budget", breaks="there are n_updates at most")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Compares with <= while counting from 0: one update too many."""
    W, b, k, seen = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 0
    W_sum, b_sum = W.copy(), b.copy()
    while k <= n_updates:
        before = k
        for i in rng.permutation(len(X)):
            y_hat = np.argmax(W @ X[i] + b)
            if y_hat != y[i] and k <= n_updates:
                W[y[i]] += X[i]
                W[y_hat] -= X[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                k += 1
            W_sum, b_sum, seen = W_sum + W, b_sum + b, seen + 1
        if k == before:
            break
    return W_sum / seen, b_sum / seen


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The average of the weights after each glance, over shuffled passes."""
    table = np.c_[X, np.ones(len(X))]
    V, total, glances, spent = np.zeros((n_classes, table.shape[1])), 0.0, 0, 0
    while True:
        at_start = spent
        for i in rng.permutation(len(table)):
            guess = np.argmax(V @ table[i])
            if guess != y[i]:
                if spent == n_updates:
                    mean = total / glances if glances else V
                    return mean[:, :-1].copy(), mean[:, -1].copy()
                step = np.zeros((n_classes, 1))
                step[y[i]], step[guess] = 1.0, -1.0
                V = V + step * table[i]
                spent += 1
            total, glances = total + V, glances + 1
        if spent == at_start:
            mean = total / glances
            return mean[:, :-1].copy(), mean[:, -1].copy()


@right("fit_on_budget")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Scaled features, shrinking steps on random mistakes; the second half is averaged."""
    mean, variance = X.mean(axis=0), X.var(axis=0)
    spread = np.sqrt(variance + 0.2 * variance.mean() + 1e-12)
    S = (X - mean) / spread
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    late_W, late_b, n_late = np.zeros_like(W), np.zeros_like(b), 0
    for k in range(n_updates):
        guesses = np.argmax(S @ W.T + b, axis=1)
        wrong = np.flatnonzero(guesses != y)
        if wrong.size == 0:
            return W / spread, b - (W / spread) @ mean
        i = rng.choice(wrong)
        rate = 1 / (1 + k / 100)
        for j, step in ((y[i], rate), (guesses[i], -rate)):
            W[j] += step * S[i]
            b[j] += step
        if 2 * (k + 1) >= n_updates:
            late_W, late_b, n_late = late_W + W, late_b + b, n_late + 1
    W, b = late_W / n_late, late_b / n_late
    return W / spread, b - (W / spread) @ mean
