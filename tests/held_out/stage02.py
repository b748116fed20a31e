"""Held-out wrong solutions of stage 2: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# scores


@held_out("scores", name="bias_inside_the_product", kind="new", relation=("offset",))
def scores(W, b, X):
    """The bias is added to the example's features before the product, so the weights scale it."""
    m, K = X.shape[0], W.shape[0]
    S = np.zeros((m, K))
    for i in range(m):
        for j in range(K):
            S[i, j] = np.dot(W[j], X[i] + b[j])
    return S


@held_out(
    "scores",
    name="classes_in_rows_without_bias",
    kind="combination",
    truth=("classes_in_rows", "biases_forgotten"),
    relation=("transpose", "offset"),
)
def scores(W, b, X):
    """The product is the wrong way round, and the bias, which would not fit, is left out."""
    return np.dot(W, X.T)


# predict


@held_out(
    "predict",
    name="last_of_the_sorted",
    kind="variation",
    truth=("last_maximum_wins",),
)
def predict(W, b, X):
    """Sorting puts the last of several maxima at the end."""
    order = np.argsort(scores(W, b, X), axis=1, kind="stable")
    return order[:, -1]


# update


@held_out(
    "update",
    name="loss_shared_by_the_others",
    kind="variation",
    truth=("all_others_are_held_back",),
)
def update(W, b, x, y):
    """The example is subtracted from all the other classes, in equal shares."""
    K = len(b)
    y_pred = np.argmax(W @ x + b)
    W_new = W.copy()
    b_new = b.copy()
    if y_pred != y:
        for k in range(K):
            if k == y:
                W_new[k] = W_new[k] + x
                b_new[k] = b_new[k] + 1
            else:
                W_new[k] = W_new[k] - x / (K - 1)
                b_new[k] = b_new[k] - 1 / (K - 1)
    return W_new, b_new


@held_out(
    "update",
    name="always_adds_and_forgets_the_biases",
    kind="combination",
    truth=("learns_from_right_answers", "biases_never_move"),
    relation=("part",),
)
def update(W, b, x, y):
    """The right class gains x in any case, and the biases are never touched."""
    W = np.array(W)
    pred = np.argmax(W.dot(x) + b)
    W[y] = W[y] + x
    if pred != y:
        W[pred] = W[pred] - x
    return W, b


# fit


@held_out(
    "fit",
    name="counts_classes_and_breaks_too_soon",
    kind="combination",
    truth=("counts_the_classes_itself", "the_last_epoch_is_not_recorded"),
    relation=("error", "rows"),
)
def fit(X, y, n_classes, n_epochs):
    """The classes that occur are counted, and the loop ends before the last 0 is recorded."""
    K = len(np.unique(y))
    W = np.zeros((K, X.shape[1]))
    b = np.zeros(K)
    mistakes = []
    for epoch in range(n_epochs):
        count = 0
        for i in range(X.shape[0]):
            y_hat = np.argmax(W.dot(X[i]) + b)
            if y_hat != y[i]:
                count += 1
                W, b = update(W, b, X[i], y[i])
        if count == 0:
            break
        mistakes.append(count)
    return W, b, mistakes


@held_out("fit", name="one_counter_for_all_epochs", kind="new", relation=("part", "offset"))
def fit(X, y, n_classes, n_epochs):
    """The counter is set to zero once, before the first epoch."""
    W = np.zeros((n_classes, X.shape[1]))
    b = np.zeros(n_classes)
    mistakes = []
    wrong = 0
    for _ in range(n_epochs):
        for x, label in zip(X, y):
            y_hat = np.argmax(W @ x + b)
            if y_hat != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


# confusion_matrix


@held_out(
    "confusion_matrix",
    name="shares_of_all_examples",
    kind="variation",
    truth=("shares_of_the_rows",),
    relation=("factor", "dtype"),
)
def confusion_matrix(y_true, y_pred, n_classes):
    """Shares instead of counts: the matrix is divided by the number of examples."""
    cm = np.zeros((n_classes, n_classes))
    for t in range(n_classes):
        for p in range(n_classes):
            cm[t, p] = np.mean((y_true == t) & (y_pred == p))
    return cm


@held_out(
    "confusion_matrix",
    name="predictions_in_rows_as_floats",
    kind="combination",
    truth=("truth_in_columns", "counts_as_floats"),
    relation=("transpose", "dtype"),
)
def confusion_matrix(y_true, y_pred, n_classes):
    """A histogram of floats with the predictions in its rows."""
    edges = np.arange(n_classes + 1)
    counts, _, _ = np.histogram2d(y_pred, y_true, bins=[edges, edges])
    return counts


@held_out("confusion_matrix", name="bins_that_are_missing", kind="new", relation=("error",))
def confusion_matrix(y_true, y_pred, n_classes):
    """np.bincount stops at the highest number that occurs, and the rest cannot be reshaped."""
    pairs = n_classes * y_true + y_pred
    return np.bincount(pairs).reshape(n_classes, n_classes)


# fit_on_budget


@held_out(
    "fit_on_budget",
    name="the_count_starts_again",
    kind="variation",
    truth=("counts_only_between_epochs",),
)
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The count of updates is set to zero in each epoch, and three epochs are made."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum = W.copy(), b.copy()
    for _ in range(3):
        used = 0
        for i in rng.permutation(X.shape[0]):
            c = int(np.argmax(W @ X[i] + b))
            if c != y[i] and used < n_updates:
                W[y[i]] += X[i]
                W[c] -= X[i]
                b[y[i]] += 1
                b[c] -= 1
                used += 1
            W_sum += W
            b_sum += b
    return W_sum / 3, b_sum / 3


@held_out("fit_on_budget", name="steps_too_small_at_first", kind="new")
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """The step grows from nearly nothing to one, so that the last mistakes weigh most."""
    W, b, used = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    for i in np.tile(rng.permutation(len(X)), 12):
        c = np.argmax(W @ X[i] + b)
        if c == y[i] or used == n_updates:
            continue
        used += 1
        step = (used / n_updates) ** 2
        W[y[i]] += step * X[i]
        W[c] -= step * X[i]
        b[y[i]] += step
        b[c] -= step
    return W, b
