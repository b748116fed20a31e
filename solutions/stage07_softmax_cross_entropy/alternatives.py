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


# one_hot


@alternative("one_hot")
def rows_of_the_identity(y, n_classes):
    """Row k of the identity is the code of class k."""
    return np.eye(n_classes)[y]


@alternative("one_hot")
def by_comparison(y, n_classes):
    """Compare each label with each class."""
    return (y[:, None] == np.arange(n_classes)).astype(float)


@alternative("one_hot")
def label_by_label(y, n_classes):
    """A loop, whole numbers."""
    rows = []
    for label in y.tolist():
        rows.append([1 if k == label else 0 for k in range(n_classes)])
    return np.array(rows)


@alternative("one_hot")
def put_along_axis(y, n_classes):
    """np.put_along_axis, in float32."""
    encoded = np.zeros((y.size, n_classes), dtype=np.float32)
    np.put_along_axis(encoded, y.astype(int).reshape(-1, 1), 1, axis=1)
    return encoded


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


# binary_cross_entropy


@alternative("binary_cross_entropy")
def by_logaddexp_of_zero(z, y):
    """log(1 + e^z) minus z where the label is 1."""
    return float(np.mean(np.logaddexp(0, z) - y * z))


@alternative("binary_cross_entropy")
def symmetric_logits(z, y):
    """-z/2 and z/2 have the same difference."""
    return cross_entropy(np.column_stack([-z / 2, z / 2]), y)


@alternative("binary_cross_entropy")
def stable_by_hand(z, y):
    """The formula of many libraries: max(z, 0) - z y + log1p(exp(-|z|))."""
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@alternative("binary_cross_entropy")
def one_example_after_another(z, y):
    """A loop with log_softmax of two logits."""
    costs = []
    for one, label in zip(z, y, strict=True):
        costs.append(-log_softmax(np.array([0.0, one]))[label])
    return sum(costs) / len(costs)


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


# l2_penalty


@alternative("l2_penalty")
def layer_by_layer(params, l2):
    """One loop for both."""
    penalty, grads = 0.0, []
    for W, b in params:
        penalty += 0.5 * l2 * np.vdot(W, W)
        grads.append((W * l2, b * 0))
    return penalty, grads


@alternative("l2_penalty")
def by_norms(params, l2):
    """Frobenius norms; a list of lists for the gradient."""
    norms = [np.linalg.norm(layer[0]) ** 2 for layer in params]
    grads = [[l2 * layer[0], np.zeros(len(layer[1]))] for layer in params]
    return l2 * sum(norms) / 2, grads


@alternative("l2_penalty")
def one_long_weight_vector(params, l2):
    """All the weights in one vector, float32 inside."""
    flat = np.concatenate([W.ravel() for W, _ in params]).astype(np.float32)

    def gradient(W, b):
        return np.float32(l2) * W.astype(np.float32), np.zeros(b.shape, dtype=np.float32)

    return np.float32(l2) / 2 * (flat @ flat), [gradient(W, b) for W, b in params]


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


# predict


@alternative("predict")
def largest_probability(params, X):
    """Through softmax, as the text says."""
    logits = forward(params, X, classifier_activations(params))[0]
    return softmax(logits).argmax(axis=-1)


@alternative("predict")
def one_by_one(params, X):
    """A loop over the examples and the layers."""
    classes = []
    for x in X:
        a = x
        for W, b in params[:-1]:
            a = relu(W @ a + b)
        W, b = params[-1]
        outputs = (W @ a + b).tolist()
        classes.append(outputs.index(max(outputs)))
    return np.array(classes)


@alternative("predict")
def running_best(params, X):
    """Class by class: a strictly larger output takes over."""
    logits = forward(params, X, classifier_activations(params))[0]
    best, classes = logits[:, 0].copy(), np.zeros(len(X), dtype=np.int32)
    for k in range(1, logits.shape[1]):
        better = logits[:, k] > best
        classes[better], best[better] = k, logits[better, k]
    return classes


@alternative("predict")
def first_of_the_largest(params, X):
    """A comparison with the maximum; argmax of bools finds the first."""
    logits, _ = forward(params, X, classifier_activations(params))
    return (logits == logits.max(axis=1, keepdims=True)).argmax(1).astype(np.uint8)
