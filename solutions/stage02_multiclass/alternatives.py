"""Right solutions of stage 2 in other styles: none of them may lose a point."""

import numpy as np

from nngrade import alternative

# scores


@alternative("scores")
def scores_by_einsum(W, b, X):
    """Einstein's sum names the axes."""
    return np.einsum("mn,kn->mk", X, W) + b[None, :]


@alternative("scores")
def scores_by_loops(W, b, X):
    """An entry at a time."""
    Z = np.zeros((len(X), len(W)))
    for i, x in enumerate(X):
        for j in range(len(W)):
            Z[i, j] = np.dot(W[j], x) + b[j]
    return Z


@alternative("scores")
def scores_as_a_transposed_view(W, b, X):
    """The product the other way round; the result is a view of another layout."""
    return (W @ X.T + b.reshape(-1, 1)).T


@alternative("scores")
def scores_with_an_extra_feature(W, b, X):
    """The biases as weights of a feature that is always 1."""
    return np.c_[X, np.ones(len(X))] @ np.c_[W, b].T


@alternative("scores")
def scores_in_single_precision(W, b, X):
    """float32 inside and outside."""
    return X.astype(np.float32) @ W.astype(np.float32).T + b.astype(np.float32)


@alternative("scores")
def a_feature_at_a_time(W, b, X):
    """The biases for every example, and then what each feature adds."""
    Z = np.tile(b.astype(float), (len(X), 1))
    for k in range(X.shape[1]):
        Z += np.multiply.outer(X[:, k], W[:, k])
    return Z


@alternative("scores")
def by_broadcasting(W, b, X):
    """All the products in an array of three axes."""
    return np.sum(X[:, np.newaxis, :] * W, axis=-1) + b


@alternative("scores")
def in_blocks_of_a_hundred(W, b, X):
    """A hundred examples at a time, the last block shorter, written into a new table."""
    Z = np.empty((len(X), len(b)))
    for start in range(0, len(X), 100):
        np.matmul(X[start : start + 100], W.T, out=Z[start : start + 100])
    Z += b
    return Z


@alternative("scores")
def class_after_class(W, b, X):
    """A column for each class, with sums of Python."""
    columns = [[float(sum(x * w)) + float(bias) for x in X] for w, bias in zip(W, b, strict=True)]
    return np.array(columns).transpose()


# predict


@alternative("predict")
def without_scores(W, b, X):
    """The sums are computed on the spot."""
    return (X @ W.T + b).argmax(-1)


@alternative("predict")
def a_loop_with_a_strict_comparison(W, b, X):
    """Plain Python; the first maximum stays."""

    def loudest(x):
        best, best_score = 0, None
        for j in range(len(W)):
            score = sum(W[j] * x) + b[j]
            if best_score is None or score > best_score:
                best, best_score = j, score
        return best

    return np.array([loudest(x) for x in X])


@alternative("predict")
def by_stable_sorting(W, b, X):
    """A stable sort of the negative scores: equal ones keep their order."""
    return np.argsort(-scores(W, b, X), axis=1, kind="stable")[:, 0].astype(np.int32)


@alternative("predict")
def class_by_class(W, b, X):
    """A tournament: each class in turn challenges the leaders, and must be better."""
    classes = np.zeros(len(X), dtype=int)
    best = X @ W[0] + b[0]
    for j in range(1, len(W)):
        score = X @ W[j] + b[j]
        classes[score > best] = j
        best = np.maximum(best, score)
    return classes


@alternative("predict")
def where_the_maximum_stands(W, b, X):
    """The first place that is equal to the maximum."""
    Z = scores(W, b, X)
    return (Z.max(axis=1, keepdims=True) == Z).argmax(axis=1)


@alternative("predict")
def who_beats_all_others(W, b, X):
    """Pairs of classes: who is at least as good as all, and better than all of lower number."""
    Z = scores(W, b, X)
    lead = Z[:, :, None] - Z[:, None, :]
    lower = np.tril(np.ones((len(b), len(b)), dtype=bool), -1)
    return np.nonzero(np.all(np.where(lower, lead > 0, lead >= 0), axis=2))[1]


@alternative("predict")
def by_pairs_of_score_and_place(W, b, X):
    """The largest of pairs (score, minus the place), as Python compares them."""
    return np.array(
        [-max((z, -j) for j, z in enumerate((W @ x + b).tolist()))[1] for x in X], dtype=np.uint32
    )


@alternative("predict")
def by_two_keys(W, b, X):
    """Sorting by two keys, the number of the class being the second."""
    Z = np.dot(X, np.transpose(W)) + b
    return np.array([np.lexsort((np.arange(len(b)), -z))[0] for z in Z])


# update


@alternative("update")
def with_an_early_return(W, b, x, y):
    """The old arrays are returned when the prediction was right."""
    y_hat = int(predict(W, b, x[None, :])[0])
    if y_hat == y:
        return W, b
    W, b = np.array(W), np.array(b)
    W[y], W[y_hat] = W[y] + x, W[y_hat] - x
    b[y], b[y_hat] = b[y] + 1, b[y_hat] - 1
    return W, b


@alternative("update")
def as_an_outer_product(W, b, x, y):
    """The difference of two one-hot vectors, times x."""
    K = len(b)
    direction = np.eye(K)[y] - np.eye(K)[np.argmax(scores(W, b, x.reshape(1, -1)))]
    return W + np.outer(direction, x), b + direction


@alternative("update")
def with_add_at(W, b, x, y):
    """np.add.at on copies of float."""
    y_hat = (W @ x + b).argmax()
    new_W, new_b = W.astype(float), b.astype(float)
    np.add.at(new_W, [y, y_hat], [x, -x])
    np.add.at(new_b, [y, y_hat], [1, -1])
    return new_W, new_b


@alternative("update")
def rows_stacked_anew(W, b, x, y):
    """A new list of rows, in single precision: exact for small whole numbers."""
    z = [np.dot(w, x) + bias for w, bias in zip(W, b, strict=True)]
    y_hat = z.index(max(z))
    rows = [w + ((j == y) - int(j == y_hat)) * x for j, w in enumerate(W)]
    biases = [bias + (j == y) - (j == y_hat) for j, bias in enumerate(b)]
    return np.stack(rows).astype(np.float32), np.array(biases, dtype=np.float32)


@alternative("update")
def with_where(W, b, x, y):
    """Masks for the two rows."""
    number = np.arange(len(W))
    y_hat = scores(W, b, np.atleast_2d(x)).argmax()
    if y_hat == y:
        return W.copy(), b.copy()
    sign = np.where(number == y, 1, np.where(number == y_hat, -1, 0))
    return W + sign[:, None] * x, b + sign


@alternative("update")
def an_entry_at_a_time(W, b, x, y):
    """Loops over copies."""
    K, n = W.shape
    best = 0
    totals = [b[j] + sum(W[j, k] * x[k] for k in range(n)) for j in range(K)]
    for j in range(1, K):
        if totals[j] > totals[best]:
            best = j
    new_W, new_b = W * 1.0, b * 1.0
    for j, sign in ((int(y), 1.0), (best, -1.0)):
        if best != y:
            new_b[j] += sign
            for k in range(n):
                new_W[j, k] += sign * x[k]
    return new_W, new_b


@alternative("update")
def signs_of_comparisons(W, b, x, y):
    """Comparisons as integers, subtracted; nothing is asked about right or wrong."""
    number = np.arange(len(b))
    signs = (number == y).astype(int) - (number == np.argmax(x @ W.T + b)).astype(int)
    return np.add(W, np.multiply.outer(signs, x)), np.add(b, signs)


@alternative("update")
def rows_in_a_dictionary(W, b, x, y):
    """Rows with their biases in a dictionary, two of them replaced."""
    y_hat = max(range(len(b)), key=lambda j: (W[j] @ x + b[j], -j))
    rows = {j: (W[j], b[j]) for j in range(len(b))}
    for j, sign in ((int(y), 1), (y_hat, -1)):
        w, bias = rows[j]
        rows[j] = (w + sign * x, bias + sign) if y_hat != y else (w, bias)
    return np.array([w for w, _ in rows.values()]), np.array([bias for _, bias in rows.values()])


# fit


@alternative("fit")
def weights_in_place(X, y, n_classes, n_epochs):
    """The loop's own arrays are changed in place, which is nobody else's business."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        mistakes.append(0)
        for i in range(len(X)):
            y_hat = np.argmax(np.dot(W, X[i]) + b)
            if y_hat != y[i]:
                W[y[i]] += X[i]
                W[y_hat] -= X[i]
                b[y[i]] += 1
                b[y_hat] -= 1
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            return W, b, mistakes
    return W, b, mistakes


@alternative("fit")
def update_for_every_example(X, y, n_classes, n_epochs):
    """predict counts the mistake, update is called for every example."""
    state = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    mistakes = []
    while len(mistakes) < n_epochs:
        wrong = 0
        for x, label in zip(X, y, strict=True):
            wrong += int(predict(*state, x[np.newaxis])[0] != label)
            state = update(*state, x, label)
        mistakes.append(wrong)
        if not wrong:
            break
    return (*state, mistakes)


@alternative("fit")
def one_matrix_in_single_precision(X, y, n_classes, n_epochs):
    """The biases as a last column, float32, views of it returned."""
    extended = np.c_[X, np.ones(len(X))].astype(np.float32)
    V = np.zeros((n_classes, extended.shape[1]), dtype=np.float32)
    mistakes = []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(extended, y.tolist(), strict=True):
            guess = int((V @ x).argmax())
            if guess != label:
                V[label] += x
                V[guess] -= x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return V[:, :-1], V[:, -1], mistakes


@alternative("fit")
def columns_inside(X, y, n_classes, n_epochs):
    """The weights are kept transposed while training, and an epoch is a nested function."""
    V, b = np.zeros((X.shape[1], n_classes)), np.zeros((1, n_classes))

    def epoch():
        wrong = 0
        for i, label in enumerate(y):
            z = X[i : i + 1] @ V + b
            guess = z.argmax()
            if guess != label:
                V[:, label] += X[i]
                V[:, guess] -= X[i]
                b[0, label] += 1
                b[0, guess] -= 1
                wrong += 1
        return wrong

    mistakes = []
    for _ in range(n_epochs):
        mistakes.append(epoch())
        if mistakes[-1] == 0:
            break
    return V.T, b[0], mistakes


@alternative("fit")
def one_long_vector(X, y, n_classes, n_epochs):
    """Kesler's construction: one vector, with a block of n + 1 entries for each class."""
    extended = np.hstack([X, np.ones((len(X), 1))])
    size = extended.shape[1]
    v, mistakes = np.zeros(n_classes * size), []
    while len(mistakes) < n_epochs and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for i in range(len(extended)):
            z = [v[j * size : (j + 1) * size] @ extended[i] for j in range(n_classes)]
            guess, label = z.index(max(z)), int(y[i])
            if guess != label:
                v[label * size : (label + 1) * size] += extended[i]
                v[guess * size : (guess + 1) * size] -= extended[i]
                mistakes[-1] += 1
    V = v.reshape(n_classes, size)
    return V[:, :-1].copy(), V[:, -1].copy(), mistakes


@alternative("fit")
def which_examples_were_missed(X, y, n_classes, n_epochs):
    """The dual form: how often each example was added to each class, or subtracted."""
    inner = X @ X.T + 1
    times = np.zeros((n_classes, len(X)))
    mistakes = []
    for _ in range(n_epochs):
        wrong = set()
        for i in range(len(X)):
            guess = np.argmax(times @ inner[i])
            if guess != y[i]:
                times[y[i], i] += 1
                times[guess, i] -= 1
                wrong.add(i)
        mistakes.append(len(wrong))
        if not wrong:
            break
    return times @ X, times.sum(axis=1), mistakes


@alternative("fit")
def counts_of_numpy(X, y, n_classes, n_epochs):
    """Mistakes are marked in an array, and its sums, NumPy integers, are listed."""
    V, mistakes = np.zeros((n_classes, X.shape[1] + 1)), []
    wrong = np.ones(len(X), dtype=bool)
    while wrong.any() and len(mistakes) < n_epochs:
        for i, x in enumerate(X):
            guess = np.argmax(V[:, 1:] @ x + V[:, 0])
            wrong[i] = guess != y[i]
            if wrong[i]:
                V[y[i]] += np.r_[1, x]
                V[guess] -= np.r_[1, x]
        mistakes.append(wrong.sum())
    return V[:, 1:], V[:, 0], mistakes


@alternative("fit")
def rows_of_a_list(X, y, n_classes, n_epochs):
    """A list of rows and a list of biases; the highest is found with max."""
    rows, biases, mistakes = [0 * X[0] for _ in range(n_classes)], [0] * n_classes, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, map(int, y), strict=True):
            z = [row @ x + bias for row, bias in zip(rows, biases, strict=True)]
            guess = z.index(max(z))
            if guess != label:
                wrong += 1
                for j, sign in ((label, 1), (guess, -1)):
                    rows[j], biases[j] = rows[j] + sign * x, biases[j] + sign
        mistakes += [wrong]
        if not wrong:
            break
    return np.array(rows), np.array(biases, dtype=float), mistakes


# confusion_matrix


@alternative("confusion_matrix")
def with_add_at_once(y_true, y_pred, n_classes):
    """np.add.at counts repeated pairs."""
    C = np.zeros((n_classes, n_classes), dtype=np.int32)
    np.add.at(C, (y_true, y_pred), 1)
    return C


@alternative("confusion_matrix")
def with_bincount(y_true, y_pred, n_classes):
    """Each pair as one number, counted and folded into a matrix."""
    pairs = n_classes * y_true + y_pred
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


@alternative("confusion_matrix")
def with_one_hot_vectors(y_true, y_pred, n_classes):
    """The product of two tables of one-hot vectors."""
    identity = np.eye(n_classes, dtype=int)
    return identity[y_true].T @ identity[y_pred]


@alternative("confusion_matrix")
def with_comparisons(y_true, y_pred, n_classes):
    """A sum of comparisons for each entry."""
    return np.array(
        [
            [int(np.sum((y_true == i) & (y_pred == j))) for j in range(n_classes)]
            for i in range(n_classes)
        ]
    )


@alternative("confusion_matrix")
def row_by_row(y_true, y_pred, n_classes):
    """The predictions of each class, counted."""
    return np.stack(
        [np.bincount(y_pred[y_true == j], minlength=n_classes) for j in range(n_classes)]
    )


@alternative("confusion_matrix")
def as_a_histogram(y_true, y_pred, n_classes):
    """Bins between the whole numbers."""
    edges = np.arange(n_classes + 1) - 0.5
    return np.histogram2d(y_true, y_pred, bins=(edges, edges))[0].astype(int)


@alternative("confusion_matrix")
def pairs_that_occur(y_true, y_pred, n_classes):
    """Each pair that occurs, with its count."""
    C = np.zeros((n_classes, n_classes), dtype=np.int64)
    pairs, counts = np.unique(np.stack([y_true, y_pred]), axis=1, return_counts=True)
    C[pairs[0], pairs[1]] = counts
    return C


@alternative("confusion_matrix")
def a_dictionary_of_counts(y_true, y_pred, n_classes):
    """A dictionary counts the pairs."""
    counts = {}
    for pair in zip(y_true.tolist(), y_pred.tolist(), strict=True):
        counts[pair] = counts.get(pair, 0) + 1
    classes = range(n_classes)
    return np.array([[counts.get((j, k), 0) for k in classes] for j in classes])


# fit_on_budget


@alternative("fit_on_budget")
def average_in_the_given_order(X, y, n_classes, n_updates, rng):
    """The rows in turn; the mean of the weights after every look."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_mean, b_mean, spent = W, b, 0
    for look in range(1, 20 * len(X) + 1):
        x, label = X[look % len(X)], y[look % len(X)]
        if predict(W, b, x[None, :])[0] != label:
            if spent == n_updates:
                break
            W, b = update(W, b, x, label)
            spent += 1
        W_mean, b_mean = W_mean + (W - W_mean) / look, b_mean + (b - b_mean) / look
    return W_mean, b_mean


@alternative("fit_on_budget")
def mean_of_the_history(X, y, n_classes, n_updates, rng):
    """The weights after each update are kept, and their mean is returned."""
    Ws, bs = [np.zeros((n_classes, X.shape[1]))], [np.zeros(n_classes)]
    while len(Ws) <= n_updates:
        known = len(Ws)
        for i in rng.permutation(len(X)):
            if np.argmax(Ws[-1] @ X[i] + bs[-1]) != y[i] and len(Ws) <= n_updates:
                W, b = update(Ws[-1], bs[-1], X[i], y[i])
                Ws.append(W)
                bs.append(b)
        if len(Ws) == known:
            break
    return np.mean(Ws, axis=0), np.mean(bs, axis=0)


@alternative("fit_on_budget")
def weights_in_a_pocket(X, y, n_classes, n_updates, rng):
    """The weights that get most of the training labels right are kept."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_best, b_best, most, spent = W, b, 0, 0
    for _ in range(50):
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
                right = np.sum(predict(W, b, X) == y)
                if right > most:
                    W_best, b_best, most = W, b, right
        if spent >= n_updates or most == len(X):
            break
    return W_best, b_best


@alternative("fit_on_budget")
def smaller_and_smaller_steps(X, y, n_classes, n_updates, rng):
    """No average: the steps fall from 1 to 0 in a straight line."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    for _ in range(50):
        for i in rng.permutation(len(X)):
            step = 1 - spent / n_updates
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i] and step > 0:
                W[[y[i], guess]] += np.outer([step, -step], X[i])
                b[[y[i], guess]] += step, -step
                spent += 1
        if spent == n_updates:
            break
    return W, b


@alternative("fit_on_budget")
def a_random_mistake_at_a_time(X, y, n_classes, n_updates, rng):
    """As fit_random of stage 1, with the sum of all the weights on the way."""
    V = np.zeros((n_classes, X.shape[1] + 1))
    extended, total = np.c_[X, np.ones(len(X))], np.zeros_like(V)
    for _ in range(n_updates):
        guesses = np.argmax(extended @ V.T, axis=1)
        wrong = np.flatnonzero(guesses != y)
        if not len(wrong):
            total += V * len(X)
            break
        i = rng.choice(wrong)
        V[y[i]] += extended[i]
        V[guesses[i]] -= extended[i]
        total += V
    return total[:, :-1], total[:, -1]


@alternative("fit_on_budget")
def detectors_of_one_class_each(X, y, n_classes, n_updates, rng):
    """One class against the rest, with all the detectors that are wrong mended at once."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    Ws, bs, spent = [], [], 0
    for _ in range(10):
        for i in rng.permutation(len(X)):
            errors = np.eye(n_classes)[y[i]] - (W @ X[i] + b >= 0)
            if errors.any() and spent < n_updates:
                W, b, spent = W + np.outer(errors, X[i]), b + errors, spent + 1
            Ws.append(W)
            bs.append(b)
        if spent >= n_updates:
            break
    return sum(Ws), sum(bs)


@alternative("fit_on_budget")
def with_a_margin(X, y, n_classes, n_updates, rng):
    """The right class must lead by some distance; the weights are averaged."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum, spent = W, b, 0
    gap = 0.1 * np.mean(np.sum(X**2, axis=1))
    for _ in range(30):
        for i in rng.permutation(len(X)) if spent < n_updates else ():
            z = W @ X[i] + b + gap
            z[y[i]] -= gap
            rival = int(z.argmax())
            if rival != y[i] and spent < n_updates:
                direction = np.eye(n_classes)[y[i]] - np.eye(n_classes)[rival]
                W, b = W + np.outer(direction, X[i]), b + direction
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
    return W_sum, b_sum


@alternative("fit_on_budget")
def two_share_the_budget(X, y, n_classes, n_updates, rng):
    """A committee of two, each with half of the budget and an average of its own."""
    W_all, b_all = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for part in (n_updates // 2, n_updates - n_updates // 2):
        W, b, spent = np.zeros_like(W_all), np.zeros_like(b_all), 0
        for i in np.concatenate([rng.permutation(len(X)) for _ in range(5)]):
            if np.argmax(W @ X[i] + b) != y[i]:
                if spent == part:
                    break
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_all, b_all = W_all + W, b_all + b
    return W_all, b_all


@alternative("fit_on_budget")
def features_standardised(X, y, n_classes, n_updates, rng):
    """Mean 0 and standard deviation 1 inside, and weights for the features as they were."""
    mean, scale = X.mean(axis=0), X.std(axis=0)
    scale = np.where(scale > 0.05, scale, 1.0)
    S = (X - mean) / scale
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum, spent, looks = W, b, 0, 0
    while spent < n_updates and looks < 20 * len(X):
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ S[i] + b) != y[i]:
                W, b = update(W, b, S[i], y[i])
                spent += 1
            W_sum, b_sum, looks = W_sum + W, b_sum + b, looks + 1
            if spent == n_updates:
                break
    W = W_sum / scale
    return W, b_sum - W @ mean


@alternative("fit_on_budget")
def the_second_half_counts(X, y, n_classes, n_updates, rng):
    """Only the second half of the way is averaged, with arrays of single precision."""
    W, b = np.zeros((n_classes, X.shape[1]), "float32"), np.zeros(n_classes, "float32")
    kept, spent, looks = [], 0, 0
    while spent < n_updates and looks < 30 * len(X):
        i, looks = rng.integers(len(X)), looks + 1
        guess = (W @ X[i] + b).argmax()
        if guess != y[i]:
            W[y[i]], b[y[i]] = W[y[i]] + X[i], b[y[i]] + 1
            W[guess], b[guess] = W[guess] - X[i], b[guess] - 1
            spent += 1
        if 2 * spent >= n_updates or looks > 15 * len(X):
            kept.append((W.copy(), b.copy()))
    return tuple(np.mean(part, axis=0) for part in zip(*kept, strict=True))


@alternative("fit_on_budget")
def coefficients_of_the_examples(X, y, n_classes, n_updates, rng):
    """The dual form: a number for each class and example, and how long each was in force."""
    m = len(X)
    inner = X @ X.T + 1
    now, summed, spent = np.zeros((n_classes, m)), np.zeros((n_classes, m)), 0
    for _ in range(20):
        for i in rng.permutation(m):
            guess = np.argmax(now @ inner[i])
            if guess != y[i]:
                if spent >= n_updates:
                    return summed @ X, summed.sum(axis=1)
                now[y[i], i] += 1
                now[guess, i] -= 1
                spent += 1
            summed += now
    return summed @ X, summed.sum(axis=1)


@alternative("fit_on_budget")
def means_of_some_examples(X, y, n_classes, n_updates, rng):
    """No mistakes at all: the mean of each class among the first examples."""
    some = rng.permutation(len(X))[:n_updates]
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for k in range(n_classes):
        own = X[some][y[some] == k]
        if len(own):
            W[k] = own.mean(axis=0)
        b[k] = -W[k] @ W[k] / 2 if len(own) else -1e9
    return W, b


@alternative("fit_on_budget")
def votes_of_survivors(X, y, n_classes, n_updates, rng):
    """Weights that were right for long count for more: squares of how long each was in force."""
    W, b, spent, age = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 1
    W_all, b_all = W.copy(), b.copy()
    for _ in range(40):
        for i in rng.permutation(len(X)):
            if np.argmax(W @ X[i] + b) == y[i] or spent == n_updates:
                age += 1
                continue
            W_all, b_all = W_all + age * W, b_all + age * b
            W, b = update(W, b, X[i], y[i])
            spent, age = spent + 1, 1
        if spent == n_updates:
            break
    return W_all + age * W, b_all + age * b


@alternative("fit_on_budget")
def the_same_order_in_every_call(X, y, n_classes, n_updates, rng):
    """An order from a seed of its own, which is no chance; averaged, in single precision."""
    order = np.random.default_rng(1960).permutation(len(X))
    W, b = np.zeros((n_classes, X.shape[1]), np.float32), np.zeros(n_classes, np.float32)
    W_sum, b_sum, spent = W.copy(), b.copy(), 0
    for i in np.tile(order, 12):
        if spent == n_updates:
            break
        guess = (W @ X[i].astype(np.float32) + b).argmax()
        if guess != y[i]:
            W[y[i]] += X[i].astype(np.float32)
            W[guess] -= X[i].astype(np.float32)
            b[[y[i], guess]] += np.float32([1, -1])
            spent += 1
        W_sum += W
        b_sum += b
    return W_sum, b_sum
