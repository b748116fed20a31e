"""Right solutions of stage 7 in other styles: none of them may lose a point."""

import math

import numpy as np

from nngrade import alternative

# softmax


@alternative("softmax")
def transposed(logits):
    """The classes as the first axis, so that rows broadcast without keepdims."""
    columns = np.asarray(logits, dtype=float).T
    exps = np.exp(columns - columns.max(axis=0))
    return (exps / exps.sum(axis=0)).T


@alternative("softmax")
def row_by_row(logits):
    """A recursion over the rows, and plain Python within."""
    if logits.ndim == 2:
        return np.array([softmax(row) for row in logits])
    top = max(logits)
    exps = [math.exp(one - top) for one in logits]
    return np.array(exps) / sum(exps)


@alternative("softmax")
def by_the_logarithms(logits):
    """The exponential of log_softmax."""
    return np.exp(log_softmax(logits))


@alternative("softmax")
def softmax_in_single_precision(logits):
    """float32 inside, changed in place on a copy."""
    p = np.array(logits, dtype=np.float32)
    p -= np.amax(p, axis=-1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=-1, keepdims=True)
    return p


@alternative("softmax")
def one_over_all_ratios(logits):
    """1 / sum of exp(z_j - z_k), the differences clipped where they would overflow."""
    differences = logits[..., None, :] - logits[..., :, None]
    return 1 / np.exp(np.minimum(differences, 700)).sum(axis=-1)


@alternative("softmax")
def shares_by_apply_along_axis(logits):
    """A helper for one row, along the last axis; the largest logit found by sorting."""

    def shares(row):
        exps = np.exp(row - np.sort(row)[-1])
        return np.true_divide(exps, np.add.reduce(exps))

    return np.apply_along_axis(shares, -1, logits)


@alternative("softmax")
def copy_worked_on_in_place(logits):
    """A copy of floats, worked on in place, with reshape in place of keepdims."""
    p = np.asarray(logits).astype(np.float64)
    columns = (*p.shape[:-1], 1)
    p -= p.max(axis=-1).reshape(columns)
    np.exp(p, out=p)
    p /= np.einsum("...k->...", p).reshape(columns)
    return p


@alternative("softmax")
def remembered_and_copied(logits):
    """What was asked for before is looked up by its bytes, and copied."""
    kept = vars(softmax)
    key = f"{logits.shape} {logits.dtype} {logits.tobytes().hex()}"
    if key not in kept:
        exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
        kept[key] = exps / exps.sum(axis=-1, keepdims=True)
    return kept[key].copy()


@alternative("softmax")
def a_result_that_cannot_be_written(logits):
    """By logaddexp, and read-only."""
    p = np.exp(logits - np.logaddexp.reduce(logits * 1.0, axis=-1, keepdims=True))
    p.flags.writeable = False
    return p


# log_softmax


@alternative("log_softmax")
def maximum_plus_logarithm(logits):
    """Subtract the logarithm of the whole sum at once."""
    top = np.max(logits, axis=-1, keepdims=True)
    return logits - (top + np.log(np.exp(logits - top).sum(axis=-1, keepdims=True)))


@alternative("log_softmax")
def by_logaddexp(logits):
    """NumPy's logaddexp, reduced over the classes."""
    return logits - np.logaddexp.reduce(logits.astype(float), axis=-1, keepdims=True)


@alternative("log_softmax")
def logarithms_row_by_row(logits):
    """Loops and the standard library."""
    rows = np.atleast_2d(logits)
    result = np.empty(rows.shape)
    for i, row in enumerate(rows):
        top = row.max()
        total = math.log(math.fsum(math.exp(one - top) for one in row))
        result[i] = [one - top - total for one in row]
    return result.reshape(logits.shape)


@alternative("log_softmax")
def logarithms_in_single_precision(logits):
    """float32 inside."""
    shifted = logits.astype(np.float32)
    shifted = shifted - shifted.max(axis=-1)[..., np.newaxis]
    return shifted - np.log(np.einsum("...k->...", np.exp(shifted)))[..., None]


@alternative("log_softmax")
def by_log1p_of_the_others(logits):
    """The largest class counts 1, the others by log1p, which keeps their digits."""
    top = np.argmax(logits, axis=-1)[..., None]
    shifted = logits - np.take_along_axis(logits, top, axis=-1)
    exps = np.exp(shifted)
    np.put_along_axis(exps, top, 0.0, axis=-1)
    return shifted - np.log1p(exps.sum(axis=-1, keepdims=True))


@alternative("log_softmax")
def minus_logarithm_of_ratios(logits):
    """-log of the sum of e^(z_j - z_k) over j, each row by pairs of classes."""
    pairs = logits[..., None, :] - logits[..., :, None]
    top = pairs.max(axis=-1)
    return -(top + np.log(np.exp(pairs - top[..., None]).sum(axis=-1)))


@alternative("log_softmax")
def from_the_ratios_by_logaddexp(logits):
    """Minus logaddexp of all differences: the logits themselves never appear."""
    differences = np.subtract(logits[..., None, :], logits[..., :, None], dtype=float)
    return -np.logaddexp.reduce(differences, axis=-1)


@alternative("log_softmax")
def shifted_in_an_own_buffer(logits):
    """One new array, in which everything happens; the sum by a dot product."""
    result = np.empty(logits.shape)
    np.subtract(logits, np.amax(logits, axis=-1, keepdims=True), out=result)
    result -= np.log(np.exp(result) @ np.ones(logits.shape[-1]))[..., None]
    return result


# cross_entropy


@alternative("cross_entropy")
def with_the_one_hot_table(logits, y):
    """The second form of (4)."""
    return -np.sum(one_hot(y, logits.shape[1]) * log_softmax(logits)) / len(logits)


@alternative("cross_entropy")
def example_by_example(logits, y):
    """A loop over single examples."""
    total = 0.0
    for row, label in zip(logits, y, strict=True):
        total -= log_softmax(row)[label]
    return total / len(y)


@alternative("cross_entropy")
def sum_minus_right_logit(logits, y):
    """The logarithm of the sum minus the logit of the label, without log_softmax."""
    top = logits.max(axis=1)
    log_sum = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return np.mean(log_sum - np.take_along_axis(logits, y[:, None].astype(int), axis=1)[:, 0])


@alternative("cross_entropy")
def differences_to_the_right_one(logits, y):
    """Logits relative to that of the label; a 0-d array in float32."""
    relative = (logits - logits[np.arange(y.size), y][:, None]).astype(np.float32)
    return np.asarray(np.logaddexp.reduce(relative, axis=1).mean())


@alternative("cross_entropy")
def by_a_mask(logits, y):
    """The entries of the labels by a table of bools; averaged by np.average."""
    mask = np.arange(logits.shape[1])[None, :] == y[:, None]
    return float(np.average(-log_softmax(logits)[mask]))


@alternative("cross_entropy")
def diagonal_of_the_columns(logits, y):
    """The column of every label, of which the diagonal counts."""
    return np.negative(np.trace(log_softmax(logits)[:, y])) / y.shape[0]


@alternative("cross_entropy")
def summed_exactly(logits, y):
    """Python's exact sum of a list."""
    log_p = log_softmax(logits)
    return math.fsum(-log_p[i, k] for i, k in enumerate(y.tolist())) / len(log_p)


@alternative("cross_entropy")
def running_mean(logits, y):
    """The mean of the examples so far, corrected by each."""
    mean = 0.0
    costs = -np.take_along_axis(log_softmax(logits), y.astype(np.int64)[:, None], axis=1)
    for count, cost in enumerate(costs[:, 0], 1):
        mean += (cost - mean) / count
    return mean


# cross_entropy_gradient


@alternative("cross_entropy_gradient")
def subtract_at_the_label(logits, y):
    """Subtract 1 in place, from softmax's own result."""
    gradient = softmax(logits)
    gradient[np.arange(len(y)), y] -= 1
    gradient /= len(y)
    return gradient


@alternative("cross_entropy_gradient")
def through_the_jacobian(logits, y):
    """The long way, row by row: column y of the Jacobian, divided by minus p_y where it can be."""
    m, n_classes = logits.shape
    gradient = np.empty((m, n_classes))
    for i in range(m):
        p = softmax(logits[i])
        if p[y[i]] > 1e-100:
            gradient[i] = softmax_jacobian(logits[i])[:, y[i]] / -p[y[i]]
        else:
            gradient[i] = p - one_hot(y[i : i + 1], n_classes)[0]
    return gradient / m


@alternative("cross_entropy_gradient")
def exponentials_of_the_logarithms(logits, y):
    """From log_softmax, by np.add.at."""
    gradient = np.exp(log_softmax(logits)) / logits.shape[0]
    np.add.at(gradient, (np.arange(logits.shape[0]), y), -1 / logits.shape[0])
    return gradient


@alternative("cross_entropy_gradient")
def gradient_in_single_precision(logits, y):
    """float32 inside, by comparison."""
    p = softmax(logits.astype(np.float32)).astype(np.float32)
    truth = np.equal(np.arange(logits.shape[1]), y.reshape(-1, 1)).astype(np.float32)
    return (p - truth) * np.float32(1 / len(y))


@alternative("cross_entropy_gradient")
def one_by_one(logits, y):
    """A list of rows, each softmax minus a row of the identity."""
    rows = [softmax(z) - np.eye(len(z))[k] for z, k in zip(logits, y, strict=True)]
    return np.stack(rows) / len(rows)


@alternative("cross_entropy_gradient")
def column_by_column(logits, y):
    """Each column by itself, side by side at the end."""
    p = softmax(logits)
    columns = [p[:, k] - (y == k) for k in range(p.shape[1])]
    return np.column_stack(columns) * (1 / y.size)


@alternative("cross_entropy_gradient")
def written_at_flat_places(logits, y):
    """The entries of the labels by their places in the flat table."""
    m, n_classes = logits.shape
    gradient = softmax(logits).ravel() / m
    gradient[np.arange(0, m * n_classes, n_classes) + y] -= 1.0 / m
    return gradient.reshape(m, n_classes)


# softmax_jacobian


@alternative("softmax_jacobian")
def two_loops(logits):
    """Formula (7), entry by entry."""
    p = softmax(logits)
    jacobian = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            jacobian[i, j] = p[i] * ((1.0 if i == j else 0.0) - p[j])
    return jacobian


@alternative("softmax_jacobian")
def by_broadcasting(logits):
    """The identity minus p, row by row, times p in a column."""
    p = softmax(logits)
    return p[:, None] * (np.eye(p.size) - p[None, :])


@alternative("softmax_jacobian")
def by_einsum(logits):
    """A product by einsum; the diagonal through a view of the flat array."""
    p = softmax(logits)
    jacobian = -np.einsum("i,j->ij", p, p)
    jacobian.ravel()[:: len(p) + 1] += p
    return jacobian.T


@alternative("softmax_jacobian")
def jacobian_in_single_precision(logits):
    """float32 inside."""
    p = softmax(logits).astype(np.float32).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T


@alternative("softmax_jacobian")
def diagonal_from_the_rest(logits):
    """The products first; the diagonal makes each column sum to 0."""
    p = softmax(logits)
    jacobian = -p[np.newaxis].T * p
    np.fill_diagonal(jacobian, p - p * p)
    return jacobian


@alternative("softmax_jacobian")
def from_the_gradient(logits):
    """Row i is minus p_i times the gradient of the loss of an example with the label i."""
    K = len(logits)
    table = cross_entropy_gradient(np.tile(logits, (K, 1)), np.arange(K)) * K
    return -softmax(logits)[:, None] * table


@alternative("softmax_jacobian")
def weighted_spread_of_unit_vectors(logits):
    """The covariance of the unit vectors, when they are drawn by p."""
    p = softmax(logits)
    away = np.eye(len(p)) - p
    return away.T @ (p[:, None] * away)


@alternative("softmax_jacobian")
def row_from_row(logits):
    """A list of rows, in each of which one entry is put right."""
    p = softmax(logits)
    rows = []
    for i, share in enumerate(p):
        row = -share * p
        row[i] = share - share**2
        rows.append(row)
    return np.vstack(rows)


# hinge_loss


@alternative("hinge_loss")
def margins_in_loops(scores, y):
    """Two loops."""
    total = 0.0
    for row, label in zip(scores.tolist(), y.tolist(), strict=True):
        for k, score in enumerate(row):
            if k != label:
                total += max(0.0, score - row[label] + 1)
    return total / len(y)


@alternative("hinge_loss")
def minus_one_per_row(scores, y):
    """The label's own term is always 1: subtract it."""
    right = np.take_along_axis(scores, y.astype(int)[:, None], axis=1)
    return np.clip(scores - right + 1, 0, None).sum(axis=1).mean() - 1


@alternative("hinge_loss")
def masked_by_one_hot(scores, y):
    """No margin for the label itself: add the margin by 1 - one-hot."""
    truth = one_hot(y, scores.shape[1])
    right = np.sum(scores * truth, axis=1, keepdims=True)
    return float(np.sum(np.maximum(scores - right + (1 - truth), 0)) / scores.shape[0])


@alternative("hinge_loss")
def hinge_in_single_precision(scores, y):
    """float32 inside, np.where."""
    scores = scores.astype(np.float32)
    margins = scores - scores[range(len(y)), y].reshape(-1, 1) + np.float32(1)
    other = np.arange(scores.shape[1]) != y[:, None]
    return np.where(other & (margins > 0), margins, np.float32(0)).sum() / np.float32(len(y))


@alternative("hinge_loss")
def other_classes_by_delete(scores, y):
    """The label's score is taken out of each row."""
    total = 0
    for row, k in zip(scores, y, strict=True):
        total += np.where((gap := np.delete(row, int(k)) - row[k] + 1) > 0, gap, 0).sum()
    return total / len(scores)


@alternative("hinge_loss")
def masked_array_of_margins(scores, y):
    """A masked array, in which the labels do not count."""
    right = np.choose(np.zeros(len(y), int), [scores[np.arange(len(y)), y]])
    margins = np.clip(scores.T - right + 1.0, 0, np.inf).T
    label = np.arange(scores.shape[1]) == y[:, None]
    return float(np.ma.masked_array(margins, label).filled(0).sum(axis=1).mean())


@alternative("hinge_loss")
def class_by_class(scores, y):
    """One class after the other, against all the examples of other classes."""
    right = scores[np.arange(len(y)), y]
    total = 0.0
    for k, column in enumerate(scores.T):
        lacks = (column - right + 1.0)[y != k]
        total += lacks[lacks > 0].sum()
    return total / y.shape[0]


# train_step


@alternative("train_step")
def all_in_one(params, X, y, learning_rate, l2=0.0):
    """Forward and backward written out, without the given functions."""
    m, inputs, A = len(y), [], X
    for number, (W, b) in enumerate(params, 1):
        inputs.append(A)
        A = np.dot(A, W.T) + b
        if number < len(params):
            A = np.where(A > 0, A, 0.0)
    loss = cross_entropy(A, y) + l2 / 2 * sum((W**2).sum() for W, _ in params)
    d = (softmax(A) - one_hot(y, A.shape[1])) / m
    new = []
    for (W, b), A_prev in zip(params[::-1], inputs[::-1], strict=True):
        step = (
            W - learning_rate * (np.einsum("mo,mi->oi", d, A_prev) + l2 * W),
            b - (learning_rate * np.add.reduce(d)),
        )
        new.append(step)
        d = (d @ W) * (A_prev > 0)
    return new[::-1], loss


@alternative("train_step")
def on_copies_in_place(params, X, y, learning_rate, l2=0.0):
    """Copies first, then in place; weight decay before the gradient."""
    logits, cache = forward(params, X, classifier_activations(params))
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    penalty, _ = l2_penalty(params, l2)
    new = [[W.copy(), b.copy()] for W, b in params]
    for layer, (dW, db) in zip(new, grads, strict=True):
        layer[0] *= 1 - learning_rate * l2
        layer[0] -= learning_rate * dW
        layer[1] -= learning_rate * db
    return new, cross_entropy(logits, y) + penalty


@alternative("train_step")
def mean_of_single_gradients(params, X, y, learning_rate, l2=0.0):
    """The gradient of every example by itself, then the average."""
    m = len(X)
    loss, penalty_grads = l2_penalty(params, l2)
    totals = [(dW.copy(), db.copy()) for dW, db in penalty_grads]
    for i in range(m):
        one, label = X[i : i + 1], y[i : i + 1]
        logits, cache = forward(params, one, classifier_activations(params))
        loss += cross_entropy(logits, label) / m
        grads = backward(params, cache, cross_entropy_gradient(logits, label))
        totals = [(a + dW / m, c + db / m) for (a, c), (dW, db) in zip(totals, grads, strict=True)]
    new = []
    for (W, b), (dW, db) in zip(params, totals, strict=True):
        new.append((W - learning_rate * dW, b - learning_rate * db))
    return new, loss


@alternative("train_step")
def step_in_single_precision(params, X, y, learning_rate, l2=0.0):
    """float32 inside."""
    small = [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    logits, cache = forward(small, X.astype(np.float32), classifier_activations(small))
    dA = cross_entropy_gradient(logits, y).astype(np.float32)
    grads = backward(small, cache, dA)
    rate, price = np.float32(learning_rate), np.float32(l2)
    new = [
        (W - rate * (dW + price * W), b - rate * db)
        for (W, b), (dW, db) in zip(small, grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + l2_penalty(small, l2)[0]


@alternative("train_step")
def recursion_through_the_layers(params, X, y, learning_rate, l2=0.0):
    """A helper that calls itself for the layers behind, and returns what comes back."""

    def onward(layers, A):
        (W, b), behind = layers[0], layers[1:]
        Z = np.einsum("oi,mi->mo", W, A) + b
        if behind:
            new, loss, dA = onward(behind, relu(Z))
            dZ = np.where(Z > 0, dA, 0)
        else:
            new, loss, dZ = [], cross_entropy(Z, y), cross_entropy_gradient(Z, y)
        layer = (
            (1 - learning_rate * l2) * W - learning_rate * dZ.T @ A,
            b - learning_rate * np.ones(len(dZ)) @ dZ,
        )
        return [layer, *new], loss + 0.5 * l2 * np.linalg.norm(W) ** 2, dZ @ W

    new, loss, _ = onward(params, X)
    return new, loss


@alternative("train_step")
def on_one_long_vector(params, X, y, learning_rate, l2=0.0):
    """All the numbers in one new vector, of which the new arrays are views."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, price = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))

    def flat(layers):
        return np.concatenate([one.ravel() for layer in layers for one in layer])

    theta = flat(params) - learning_rate * (flat(grads) + flat(price))
    new, start = [], 0
    for W, b in params:
        middle, end = start + W.size, start + W.size + b.size
        new.append((theta[start:middle].reshape(W.shape), theta[middle:end]))
        start = end
    return new, cross_entropy(logits, y) + penalty


@alternative("train_step")
def nothing_to_do_is_copied(params, X, y, learning_rate, l2=0.0):
    """A rate of 0 is a case of its own; a penalty of 0 is not taken."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y)
    if l2:
        loss += l2 / 2 * sum(np.vdot(W, W) for W, _ in params)
    if learning_rate == 0:
        return [(W.copy(), b.copy()) for W, b in params], loss
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = []
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        new.append((W - learning_rate * (dW + l2 * W if l2 else dW), b - learning_rate * db))
    return new, loss


# train


@alternative("train")
def own_shuffle(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Indices, shuffled in place by rng, without minibatches."""
    m, n = X.shape
    params = init_params([n, *hidden_sizes, max(y) + 1], rng)
    losses, order = [], np.arange(m)
    for _ in range(n_epochs):
        rng.shuffle(order)
        start = 0
        while start < m:
            rows = order[start : start + batch_size]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
            start += batch_size
    return params, losses


@alternative("train")
def shuffled_copies(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Shuffled copies of both, cut by array_split's kind of indices; losses as an array."""
    network = init_params((X.shape[1], *hidden_sizes, int(np.max(y)) + 1), rng)
    losses = []

    def epoch(network):
        order = rng.random(len(X)).argsort()
        cuts = range(batch_size, len(X), batch_size)
        batches = zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True)
        for inputs, labels in batches:
            network, loss = train_step(network, inputs, labels, learning_rate, l2=l2)
            losses.append(loss)
        return network

    for _ in range(n_epochs):
        network = epoch(network)
    return network, np.array(losses)


@alternative("train")
def one_loop_over_all_batches(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A generator of all the batches of all epochs; the network as lists in a list."""
    sizes = [X.shape[1]]
    sizes.extend(hidden_sizes)
    sizes.append(len(np.bincount(y)))
    state = {"params": init_params(sizes, rng)}

    def steps():
        for _ in range(n_epochs):
            yield from minibatches(X, y, batch_size, rng)

    def step(inputs, labels):
        state["params"], loss = train_step(state["params"], inputs, labels, learning_rate, l2)
        return loss

    losses = [step(inputs, labels) for inputs, labels in steps()]
    return [list(layer) for layer in state["params"]], losses


@alternative("train")
def everything_by_hand(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """No train_step: the arrays of the network are changed in place."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    activations, losses = classifier_activations(params), []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            logits, cache = forward(params, inputs, activations)
            grads = backward(params, cache, cross_entropy_gradient(logits, labels))
            price = sum(np.sum(W * W) for W, _ in params) * l2 / 2
            losses.append(cross_entropy(logits, labels) + price)
            for (W, b), (dW, db) in zip(params, grads, strict=True):
                W -= learning_rate * (dW + l2 * W)
                b -= learning_rate * db
    return params, losses


@alternative("train")
def popped_from_a_list(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The indices of all epochs first, shuffled as lists, then popped batch by batch."""
    params = init_params([X.shape[-1], *hidden_sizes, 1 + y.max()], rng)
    losses, epochs = [], [rng.choice(len(y), size=len(y), replace=False) for _ in range(n_epochs)]
    for order in epochs:
        left = list(order)
        while left:
            rows, left = left[:batch_size], left[batch_size:]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses += [float(loss)]
    return [(W, b) for W, b in params], losses


@alternative("train")
def sorted_by_random_keys(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The keys of all the epochs are drawn together; each epoch sorts by its own."""
    params = init_params([X.shape[1], *hidden_sizes, y.max() + 1], rng)
    losses = []
    for order in np.argsort(rng.normal(size=(n_epochs, len(y))), axis=1):
        for rows in np.split(order, np.arange(batch_size, len(y), batch_size)):
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


# tuned


@alternative("tuned")
def small_batches_and_a_falling_rate(draw, n_features, n_classes, n_examples, max_params, rng):
    """Plain descent by train_step: small batches, and a rate that falls to 0 on a line."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    seen = 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@alternative("tuned")
def momentum_along_a_cosine(draw, n_features, n_classes, n_examples, max_params, rng):
    """Momentum as an average of the gradients; the rate follows half a cosine."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params((n_features, width, n_classes), rng)
    mean = [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    seen = 0
    for X, y in iter(lambda: draw(12), None):
        logits, cache = forward(params, X, ["relu", "linear"])
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        rate = 0.3 * 0.5 * (1 + np.cos(np.pi * seen / n_examples))
        for layer, grad, average in zip(params, grads, mean, strict=True):
            for part in (0, 1):
                average[part] *= 0.9
                average[part] += 0.1 * grad[part]
                layer[part][...] -= rate * average[part]
        seen += len(X)
    return params


@alternative("tuned")
def adam_with_a_falling_rate(draw, n_features, n_classes, n_examples, max_params, rng):
    """Adam, on one long vector of all the parameters, with a warm start of the rate."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    shapes = [(width, n_features), (width,), (n_classes, width), (n_classes,)]
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]

    def unpack(theta):
        W1, b1, W2, b2 = (
            part.reshape(shape) for part, shape in zip(np.split(theta, ends), shapes, strict=True)
        )
        return [(W1, b1), (W2, b2)]

    layers = init_params([n_features, width, n_classes], rng)
    theta = np.concatenate([one.ravel() for layer in layers for one in layer])
    m, v, seen, t = np.zeros_like(theta), np.zeros_like(theta), 0, 0
    batch = draw(16)
    while batch is not None:
        params = unpack(theta)
        logits, cache = forward(params, batch[0], classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, batch[1]))
        g = np.concatenate([one.ravel() for layer in grads for one in layer])
        t += 1
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        rate = 0.008 * min(1, t / 20) * (1 - seen / n_examples)
        theta = theta - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        seen += len(batch[1])
        batch = draw(16)
    return unpack(theta)


@alternative("tuned")
def two_hidden_layers(draw, n_features, n_classes, n_examples, max_params, rng):
    """Two hidden layers of equal width, the widest that fit; plain descent, rate falling."""
    width = 4
    while count_params([n_features, width + 1, width + 1, n_classes]) <= max_params:
        width += 1
    params = init_params([n_features, width, width, n_classes], rng)
    left = n_examples
    while True:
        batch = draw(8)
        if batch is None:
            return params
        X, y = batch
        params = train_step(params, X, y, 0.14 * left / n_examples)[0]
        left -= len(y)


@alternative("tuned")
def down_by_steps(draw, n_features, n_classes, n_examples, max_params, rng):
    """The rate falls in three steps, with Nesterov's momentum."""
    sizes = [n_features, (max_params - n_classes) // (n_features + 1 + n_classes), n_classes]
    params = init_params(sizes, rng)
    speed = [(0 * W, 0 * b) for W, b in params]
    seen = 0
    while batch := draw(8):
        X, y = batch
        rate = 0.018 if seen < 0.5 * n_examples else 0.006 if seen < 0.8 * n_examples else 0.0015
        seen += len(y)
        ahead = [
            (W - rate * 0.9 * u, b - rate * 0.9 * v)
            for (W, b), (u, v) in zip(params, speed, strict=True)
        ]
        logits, cache = forward(ahead, X, classifier_activations(ahead))
        grads = backward(ahead, cache, cross_entropy_gradient(logits, y))
        speed = [
            (0.9 * u + dW, 0.9 * v + db) for (u, v), (dW, db) in zip(speed, grads, strict=True)
        ]
        params = [
            (W - rate * u, b - rate * v) for (W, b), (u, v) in zip(params, speed, strict=True)
        ]
    return params


@alternative("tuned")
def average_of_the_last_steps(draw, n_features, n_classes, n_examples, max_params, rng):
    """A constant rate; the network returned is a moving average of those along the way."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    total, count, seen = None, 0, 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.12)
        seen += len(batch[0])
        if seen > 0.7 * n_examples:
            flat = [one for layer in params for one in layer]
            total = flat if total is None else [a + c for a, c in zip(total, flat, strict=True)]
            count += 1
    means = [one / count for one in total]
    return list(zip(means[::2], means[1::2], strict=True))


@alternative("tuned")
def written_out_in_single_precision(draw, n_features, n_classes, n_examples, max_params, rng):
    """Forward and backward by hand for one hidden layer, in float32, momentum, no helper."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    V = rng.normal(size=(n_features, width)).astype(np.float32) * np.float32(
        np.sqrt(2 / n_features)
    )
    U = rng.normal(size=(width, n_classes)).astype(np.float32) * np.float32(np.sqrt(2 / width))
    c, d = np.zeros(width, np.float32), np.zeros(n_classes, np.float32)
    weights = [V, c, U, d]
    speeds = [np.zeros_like(one) for one in weights]
    dealt = 0
    while (batch := draw(10)) is not None:
        X, y = np.asarray(batch[0], np.float32), batch[1]
        H = np.maximum(X @ V + c, 0)
        E = np.exp(H @ U + d)
        E /= E.sum(axis=1, keepdims=True)
        E[np.arange(len(y)), y] -= 1
        E /= len(y)
        D = (E @ U.T) * (H > 0)
        rate = np.float32(0.025 * (1 - dealt / n_examples))
        for one, speed, slope in zip(
            weights, speeds, (X.T @ D, D.sum(0), H.T @ E, E.sum(0)), strict=True
        ):
            speed *= np.float32(0.9)
            speed += slope
            one -= rate * speed
        dealt += len(y)
    return [(V.T, c), (U.T, d)]


@alternative("tuned")
def warm_up_and_weight_decay(draw, n_features, n_classes, n_examples, max_params, rng):
    """The rate rises first and falls then; a small price for weights."""
    params = init_params(
        [n_features, (max_params - n_classes) // (n_features + 1 + n_classes), n_classes], rng
    )
    step, n_steps = 0, -(-n_examples // 10)
    while (batch := draw(10)) is not None:
        share = step / n_steps
        rate = 0.3 * min(share / 0.05, (1 - share) / 0.95)
        params, _ = train_step(params, *batch, rate, l2=1e-5)
        step += 1
    return params


@alternative("tuned")
def batches_that_grow(draw, n_features, n_classes, n_examples, max_params, rng):
    """A constant rate, but larger and larger batches: the noise falls instead of the rate."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    seen = 0
    while True:
        size = 5 if seen < 0.5 * n_examples else 12 if seen < 0.8 * n_examples else 36
        batch = draw(size)
        if batch is None:
            break
        seen += len(batch[1])
        params, _ = train_step(params, *batch, 0.1)
    return params


@alternative("tuned")
def rmsprop_in_a_narrower_network(draw, n_features, n_classes, n_examples, max_params, rng):
    """RMSprop with a falling rate; not all the parameters are used."""
    width = int(0.9 * max_params) // (n_features + 1 + n_classes)
    params = init_params([n_features, max(width, 1), n_classes], rng)
    squares = [[1e-4 + 0 * W, 1e-4 + 0 * b] for W, b in params]
    seen = 0
    while (batch := draw(16)) is not None:
        logits, cache = forward(params, batch[0], classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, batch[1]))
        rate = 0.006 * (1 - seen / n_examples)
        seen += len(batch[1])
        for i, (layer, grad) in enumerate(zip(params, grads, strict=True)):
            new = []
            for part in range(2):
                squares[i][part] = 0.99 * squares[i][part] + 0.01 * grad[part] ** 2
                new.append(layer[part] - rate * grad[part] / np.sqrt(squares[i][part] + 1e-8))
            params[i] = tuple(new)
    return params
