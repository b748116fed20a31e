"""Held-out answers to stage 7: read as source, never imported."""

import numpy as np


@mistake("softmax", breaks="each row sums to 1")
def softmax(logits):
    """Divides by the sum of the whole table, not of the row."""
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / np.sum(exps)


@mistake("softmax", breaks="it must work for logits between -1e4 and 1e4, however they are mixed")
def softmax(logits):
    """Cuts logits off at 500 before the shift, so that 9000 and 8000 become a tie."""
    z = np.minimum(logits, 500.0)
    exps = np.exp(z - z.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("softmax", breaks="it must work for logits between -1e4 and 1e4; each row sums to 1")
def softmax(logits):
    """Shifts only if an exponential itself overflows: the sum of e^709 three times does as well."""
    z = np.asarray(logits, dtype=float)
    if np.abs(z).max() > 709:
        z = z - z.max(axis=-1, keepdims=True)
    exps = np.exp(z)
    return exps / exps.sum(axis=-1, keepdims=True)


@right("softmax")
def softmax(logits):
    """Each share is one over the sum of e to the power of the differences; no maximum at all."""
    z = np.asarray(logits, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


@mistake(
    "log_softmax", breaks="log p_k = z_k - log of the sum of e^z_j, and the same after a shift"
)
def log_softmax(logits):
    """Shifts the logits in the sum, but not those before it."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@mistake("log_softmax", breaks="formula (2), finite and right for logits up to ±10^4")
def log_softmax(logits):
    """Lets no logarithm fall below -1e4, but two logits can be 2e4 apart."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return np.clip(logs, -1e4, 0)


@mistake("log_softmax", breaks="log p_k = z_k - log of the sum of e^z_j, over all j")
def log_softmax(logits):
    """Counts the maximum as the 1 of log1p and sums the smaller ones: of tied maxima one counts."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    others = np.where(shifted < 0, np.exp(shifted), 0.0)
    return shifted - np.log1p(others.sum(axis=-1, keepdims=True))


@right("log_softmax")
def log_softmax(logits):
    """Row by row in pure Python, with log1p of the others."""
    from math import exp, fsum, log1p

    def of_row(row):
        top = max(range(len(row)), key=row.__getitem__)
        rest = fsum(exp(z - row[top]) for k, z in enumerate(row) if k != top)
        return [(z - row[top]) - log1p(rest) for z in row]

    if np.ndim(logits) == 1:
        return np.array(of_row(logits.tolist()), dtype=float)
    return np.array([of_row(row) for row in logits.tolist()], dtype=float)


@mistake("cross_entropy", breaks="J = -1/m times the sum over the examples")
def cross_entropy(logits, y):
    """Adds the examples up instead of averaging."""
    return float(-np.sum(log_softmax(logits)[np.arange(len(y)), y]))


@mistake("cross_entropy", breaks="row i has a 1 in column y^(i)")
def cross_entropy(logits, y):
    """Numbers the labels that occur, 0, 1 and so on: wrong as soon as a label is missing."""
    _, column = np.unique(y, return_inverse=True)
    return float(-np.mean(log_softmax(logits)[np.arange(len(y)), column]))


@mistake("cross_entropy", breaks="y: ndarray of any integer type, uint8 for example")
def cross_entropy(logits, y):
    """Counts positions in the flat table in the type of y: with uint8 they wrap at 256."""
    m, n_classes = logits.shape
    starts = (np.arange(m) * n_classes).astype(y.dtype)
    return float(-np.mean(log_softmax(logits).ravel()[starts + y]))


@mistake("cross_entropy", breaks="log p_k = z_k - log of the sum of e^z_j, for every example")
def cross_entropy(logits, y):
    """Below 1e-12 the cost is the distance to the maximum: the logarithm of the sum is left out."""
    rows = np.arange(len(y))
    p = softmax(logits)[rows, y]
    behind = np.max(logits, axis=1) - logits[rows, y]
    return float(np.mean(np.where(p > 1e-12, -np.log(np.maximum(p, 1e-12)), behind)))


@right("cross_entropy")
def cross_entropy(logits, y):
    """Class by class: the logarithm of the sum is folded over the columns with logaddexp."""
    from functools import reduce

    columns = list((logits - np.max(logits, axis=1, keepdims=True)).astype(float).T)
    log_sums = reduce(np.logaddexp, columns)
    total = 0.0
    for k, column in enumerate(columns):
        mine = y == k
        total += float((log_sums[mine] - column[mine]).sum())
    return total / len(y)


@mistake("cross_entropy_gradient", breaks="dJ/dZ = (P - Y) / m")
def cross_entropy_gradient(logits, y):
    """Divides by the number of classes, not by the number of examples."""
    n_classes = logits.shape[1]
    return (softmax(logits) - one_hot(y, n_classes)) / n_classes


@mistake("cross_entropy_gradient", breaks="logits: floats or integers")
def cross_entropy_gradient(logits, y):
    """Keeps Y / m in an array of the type of the logits: with integers, 1 / m becomes 0."""
    m = len(y)
    truth = np.zeros_like(logits)
    truth[np.arange(m), y] = 1 / m
    return softmax(logits) / m - truth


@mistake("cross_entropy_gradient", breaks="(P - Y) / m, for logits between -1e4 and 1e4")
def cross_entropy_gradient(logits, y):
    """Clips the logits to ±500 for safety, so that 9000 and 8000 get equal shares."""
    p = softmax(np.clip(logits, -500, 500))
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


@right("cross_entropy_gradient")
def cross_entropy_gradient(logits, y):
    """The mean direction from the label's corner to each class's corner, weighted by P: einsum."""
    corners = np.eye(logits.shape[1])
    ways = corners[None, :, :] - corners[y][:, None, :]
    return np.einsum("ij,ijk->ik", softmax(logits), ways) / len(y)


@mistake("softmax_jacobian", breaks="dp_i/dz_j = p_i (1{i = j} - p_j), each depends on every logit")
def softmax_jacobian(logits):
    """Only the diagonal, as for the sigmoid."""
    p = softmax(logits)
    return np.diag(p * (1 - p))


@mistake("softmax_jacobian", breaks="1{i = j} compares the indices")
def softmax_jacobian(logits):
    """Compares the logits, not their indices: two classes with equal logits count as one."""
    p = softmax(logits)
    same = logits[:, None] == logits[None, :]
    return p[:, None] * (same - p[None, :])


@mistake("softmax_jacobian", breaks="dp_i/dz_j = p_i (1{i = j} - p_j), for every i and j")
def softmax_jacobian(logits):
    """Takes shares below 1 % for nothing."""
    p = softmax(logits)
    p = np.where(p < 0.01, 0.0, p)
    return np.diag(p) - np.outer(p, p)


@right("softmax_jacobian")
def softmax_jacobian(logits):
    """The covariance of a one-hot row drawn with the probabilities p."""
    p = softmax(logits)
    deviations = np.eye(len(p)) - p
    return np.einsum("k,ki,kj->ij", p, deviations, deviations)


@mistake("hinge_loss", breaks="the sum over all k other than y")
def hinge_loss(scores, y):
    """Pays only for the strongest of the other classes."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return float(margins.max(axis=1).mean())


@mistake("hinge_loss", breaks="J = 1/m times the sum over the examples and the other classes")
def hinge_loss(scores, y):
    """Divides by the number of classes as well."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return float(margins.mean())


@mistake(
    "hinge_loss", breaks="the sum over k other than y; a wrong class with the same score pays 1"
)
def hinge_loss(scores, y):
    """Leaves out every class with the score of the right one, not just the right one."""
    right = scores[np.arange(len(y)), y][:, None]
    margins = np.where(scores == right, 0, np.maximum(0, scores - right + 1))
    return float(margins.sum() / len(y))


@mistake("hinge_loss", breaks="y: ndarray of any integer type, uint8 for example")
def hinge_loss(scores, y):
    """Rolls each row by -label to bring the right class to the front: -label wraps in uint8."""
    total = 0.0
    for row, label in zip(scores, y, strict=True):
        rolled = np.roll(row, -label)
        total += np.maximum(0, rolled[1:] - rolled[0] + 1).sum()
    return float(total / len(y))


@right("hinge_loss")
def hinge_loss(scores, y):
    """A mask takes the right class out of each row; the costs are summed by fsum."""
    from math import fsum

    m, n_classes = scores.shape
    other = np.arange(n_classes) != y[:, None]
    lead = scores[other].reshape(m, n_classes - 1) - scores[~other].reshape(m, 1)
    return fsum((lead[lead > -1] + 1).tolist()) / m


@mistake("train_step", breaks="loss: of the parameters before the step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Computes the loss after the step."""
    activations = classifier_activations(params)
    logits, cache = forward(params, X, activations)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    _, prices = l2_penalty(params, l2)
    new = []
    for (W, b), (dW, db), (dR, _) in zip(params, grads, prices, strict=True):
        new.append((W - learning_rate * (dW + dR), b - learning_rate * db))
    logits, _ = forward(new, X, activations)
    return new, cross_entropy(logits, y) + l2_penalty(new, l2)[0]


@mistake("train_step", breaks="dR/db = 0: the biases go free")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Lets the biases shrink like the weights."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = []
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        new.append((W - learning_rate * (dW + l2 * W), b - learning_rate * (db + l2 * b)))
    return new, loss


@mistake(
    "train_step", breaks="every W becomes W - learning_rate * dW, with (13) of the old W added"
)
def train_step(params, X, y, learning_rate, l2=0.0):
    """Takes the penalty's gradient at the weights that the loss has already moved."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    moved = [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    _, prices = l2_penalty(moved, l2)
    return [
        (W - learning_rate * dR, b) for (W, b), (dR, _) in zip(moved, prices, strict=True)
    ], loss


@mistake("train_step", breaks="every W becomes W - learning_rate * dW, every b the same with db")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Clips the gradients to ±5."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, prices = l2_penalty(params, l2)
    loss = cross_entropy(logits, y) + penalty
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = []
    for (W, b), (dW, db), (dR, _) in zip(params, grads, prices, strict=True):
        dW, db = np.clip(dW + dR, -5, 5), np.clip(db, -5, 5)
        new.append((W - learning_rate * dW, b - learning_rate * db))
    return new, loss


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Recursion through the layers: down with the activations, up with the gradients."""
    new = [None] * len(params)
    loss = 0.5 * l2 * sum(float(np.vdot(W, W)) for W, _ in params)

    def through(layer, A):
        nonlocal loss
        if layer == len(params):
            loss += cross_entropy(A, y)
            return cross_entropy_gradient(A, y)
        W, b = params[layer]
        Z = np.einsum("ij,kj->ik", A, W) + b
        last = layer == len(params) - 1
        dZ = through(layer + 1, Z if last else np.where(Z > 0, Z, 0.0))
        if not last:
            dZ = np.where(Z > 0, dZ, 0.0)
        slope = np.einsum("ik,ij->kj", dZ, A) + l2 * W
        new[layer] = (W - learning_rate * slope, b - learning_rate * np.einsum("ik->k", dZ))
        return np.einsum("ik,kj->ij", dZ, W)

    through(0, X)
    return new, float(loss)


@mistake("train", breaks="K is the largest label plus 1")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Counts the different labels: too few outputs where a label does not occur."""
    params = init_params([X.shape[1], *hidden_sizes, len(np.unique(y))], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="passes over all the examples, each in a new random order")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Shuffles once, before the first epoch, and deals the same batches again and again."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    batches = list(minibatches(X, y, batch_size, rng))
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in batches:
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="params: the network after the last step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Returns the network after the step with the smallest loss."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    best, losses = params, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
            if loss == min(losses):
                best = params
    return best, losses


@mistake("train", breaks="n_epochs: passes over all the examples; losses: of each step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Stops early, after an epoch with a mean loss below 0.01."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        epoch = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            epoch.append(loss)
        losses += epoch
        if np.mean(epoch) < 0.01:
            break
    return params, losses


@mistake("train", breaks="l2: the factor lambda of the penalty; the price is not one per example")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Gives each batch only its share of lambda, so that an epoch pays it once."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            price = l2 * len(X_batch) / len(X)
            params, loss = train_step(params, X_batch, y_batch, learning_rate, price)
            losses.append(loss)
    return params, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A generator deals the rows, sorted by random keys; the steps are one flat loop over it."""

    def deal():
        for _ in range(n_epochs):
            waiting = np.argsort(rng.random(len(X))).tolist()
            while waiting:
                hand, waiting = waiting[:batch_size], waiting[batch_size:]
                yield hand

    n_classes = 1 + max(y.tolist())
    params = init_params([X.shape[1]] + list(hidden_sizes) + [n_classes], rng)
    losses = []
    for hand in deal():
        params, loss = train_step(params, X.take(hand, axis=0), y.take(hand), learning_rate, l2)
        losses.append(loss)
    return params, losses


@mistake("tuned", breaks="max_params: how many weights and biases the network may have")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Forgets the biases when it works out the width: too many parameters."""
    width = max_params // (n_features + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    seen = 0
    while (batch := draw(16)) is not None:
        X, y = batch
        rate = 0.1 * (1 - seen / n_examples)
        seen += len(y)
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        velocity = [
            (0.9 * v + dW, 0.9 * u + db) for (v, u), (dW, db) in zip(velocity, grads, strict=True)
        ]
        params = [
            (W - rate * v, b - rate * u) for (W, b), (v, u) in zip(params, velocity, strict=True)
        ]
    return params


@mistake("tuned", breaks="one function must reach the target on both data sets")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Plain descent at the low rate 0.06, untuned: about 91 % on the digits instead of 93.5 %."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    while (batch := draw(32)) is not None:
        params, _ = train_step(params, *batch, 0.06)
    return params


@mistake(
    "tuned", breaks="it must also fit itself to other budgets; after the last, draw gives None"
)
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """One draw too many if the batches of 15 come out even: it unpacks None."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    n_steps = n_examples // 15 + 1
    for step in range(n_steps):
        X, y = draw(15)
        rate = 0.1 * (1 - step / n_steps)
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        velocity = [
            (0.9 * v + dW, 0.9 * u + db) for (v, u), (dW, db) in zip(velocity, grads, strict=True)
        ]
        params = [
            (W - rate * v, b - rate * u) for (W, b), (v, u) in zip(params, velocity, strict=True)
        ]
    return params


@right("tuned")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """A class inside keeps Adam's moments in one long vector; the rate falls along a cosine."""

    class Adam:
        def __init__(self, params):
            self.shapes = [array.shape for layer in params for array in layer]
            self.x = np.concatenate([array.ravel() for layer in params for array in layer])
            self.first, self.second, self.t = np.zeros_like(self.x), np.zeros_like(self.x), 0

        def network(self):
            ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
            parts = np.split(self.x, ends[:-1])
            arrays = [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]
            return list(zip(arrays[::2], arrays[1::2], strict=True))

        def step(self, grads, rate):
            g = np.concatenate([array.ravel() for layer in grads for array in layer])
            self.t += 1
            self.first = 0.9 * self.first + 0.1 * g
            self.second = 0.999 * self.second + 0.001 * g**2
            mean = self.first / (1 - 0.9**self.t)
            self.x = self.x - rate * mean / (np.sqrt(self.second / (1 - 0.999**self.t)) + 1e-8)

    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    adam = Adam(init_params([n_features, width, n_classes], rng))
    top = 0.004 if n_examples > 50_000 else 0.01
    seen = 0
    for X, y in iter(lambda: draw(32 if n_examples > 50_000 else 16), None):
        params = adam.network()
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        adam.step(grads, top * (1 + np.cos(np.pi * seen / n_examples)) / 2)
        seen += len(y)
    return adam.network()
