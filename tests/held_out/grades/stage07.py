"""Held-out answers to stage 7: read as source, never imported."""

import numpy as np


@mistake("softmax", breaks="must work for logits between -1e4 and 1e4; never nan")
def softmax(logits):
    """The maximum is not subtracted: the exponentials overflow."""
    exps = np.exp(logits)
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="logits between -1e4 and 1e4, however they are mixed; never nan")
def softmax(logits):
    """The maximum is subtracted only if a logit is above 700: rows far below 0 become 0 / 0."""
    if np.max(logits) > 700:
        logits = logits - np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits)
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="logits: Not changed")
def softmax(logits):
    """A single example is shifted in place, in the caller's array; a batch is not."""
    if logits.ndim == 1:
        logits -= logits.max()
        return np.exp(logits) / np.exp(logits).sum()
    exps = np.exp(logits - logits.max(axis=1)[:, None])
    return exps / exps.sum(axis=1)[:, None]


@right("softmax")
def softmax(logits):
    """One over the sum of the exponentials of all differences: no maximum, no quotient of two."""
    z = np.asarray(logits, dtype=float)
    with np.errstate(over="ignore"):
        return 1.0 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


@mistake("log_softmax", breaks="Do not take the logarithm of softmax; all of them finite")
def log_softmax(logits):
    """The logarithm of softmax: minus infinity where a probability is too small for a float."""
    return np.log(softmax(logits))


@mistake("log_softmax", breaks="finite and right for logits up to 1e4 on either side")
def log_softmax(logits):
    """Logits more than 1000 behind are cut off at 1000 behind."""
    shifted = np.maximum(logits - np.max(logits, axis=-1, keepdims=True), -1000.0)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@mistake("log_softmax", breaks="shape (m, K) or (K,); all of them finite")
def log_softmax(logits):
    """Right for a batch; for a single example it takes the logarithm of softmax."""
    if logits.ndim == 1:
        return np.log(softmax(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@mistake("cross_entropy", breaks="Average over the m examples, not over m times K numbers")
def cross_entropy(logits, y):
    """The mean of the whole table Y log p, zeros and all."""
    return float(-np.mean(one_hot(y, logits.shape[1]) * log_softmax(logits)))


@mistake("cross_entropy", breaks="y: ndarray of int (any integer type)")
def cross_entropy(logits, y):
    """Positions in the table column by column: y * m overflows for labels of a small type."""
    m = len(y)
    return float(-np.mean(log_softmax(logits).ravel(order="F")[y * m + np.arange(m)]))


@mistake("cross_entropy", breaks="takes logits, not probabilities; formula (4)")
def cross_entropy(logits, y):
    """A softmax of the softmax."""
    return float(-np.mean(log_softmax(softmax(logits))[np.arange(len(y)), y]))


@mistake("cross_entropy", breaks="logits of shape (m, K): any number of classes")
def cross_entropy(logits, y):
    """np.choose picks the label's entry, but refuses more than a few dozen classes."""
    return float(-np.mean(np.choose(y, log_softmax(logits).T)))


@right("cross_entropy")
def cross_entropy(logits, y):
    """Pure Python, example by example, with the sums of the math module."""
    import math

    def cost(row, label):
        top = max(row)
        return math.log(math.fsum(math.exp(z - top) for z in row)) + (top - row[label])

    costs = [cost(row, label) for row, label in zip(logits.tolist(), y.tolist(), strict=True)]
    return math.fsum(costs) / len(costs)


@mistake("cross_entropy_gradient", breaks="dJ/dZ = (P - Y) / m")
def cross_entropy_gradient(logits, y):
    """Divided by all the m times K entries instead of the m examples."""
    return (softmax(logits) - one_hot(y, logits.shape[1])) / logits.size


@mistake("cross_entropy_gradient", breaks="logits between -1e4 and 1e4; each row sums to 0")
def cross_entropy_gradient(logits, y):
    """The long way through the Jacobian: 0 times infinity where the label's share is 0."""
    rows = []
    for z, label in zip(logits, y, strict=True):
        slope = np.zeros(len(z))
        slope[label] = -1 / softmax(z)[label]
        rows.append(softmax_jacobian(z).T @ slope)
    return np.array(rows) / len(y)


@mistake("cross_entropy_gradient", breaks="dJ/dZ = (P - Y) / m, for every example")
def cross_entropy_gradient(logits, y):
    """Examples that are right with more than 95 % get no gradient at all."""
    gradient = softmax(logits) - one_hot(y, logits.shape[1])
    gradient[np.abs(gradient).max(axis=1) < 0.05] = 0
    return gradient / len(y)


@mistake("softmax_jacobian", breaks="The logits of one example, between -1e4 and 1e4")
def softmax_jacobian(logits):
    """Its own softmax, without the maximum: nan for large logits."""
    p = np.exp(logits) / np.exp(logits).sum()
    return np.diag(p) - np.outer(p, p)


@mistake("softmax_jacobian", breaks="logits: Not changed")
def softmax_jacobian(logits):
    """The maximum is subtracted in the caller's array."""
    logits -= logits.max()
    p = np.exp(logits) / np.exp(logits).sum()
    return np.diag(p) - np.outer(p, p)


@mistake("softmax_jacobian", breaks="dp_i/dz_j = p_i (1{i = j} - p_j), logits between -1e4 and 1e4")
def softmax_jacobian(logits):
    """p_i p_j is taken out of the bracket: a division by 0 where a share is 0."""
    p = softmax(logits)
    return np.outer(p, p) * (np.eye(len(p)) / p - 1)


@right("softmax_jacobian")
def softmax_jacobian(logits):
    """The covariance of a one-hot draw with these probabilities, by einsum."""
    p = softmax(logits)
    away = np.eye(len(p)) - p
    return np.einsum("k,ki,kj->ij", p, away, away)


@mistake("hinge_loss", breaks="J = 1/m times the sum over the examples and the other classes")
def hinge_loss(scores, y):
    """The mean over the classes as well, not their sum."""
    rows = np.arange(len(y))
    margins = np.maximum(0.0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return float(np.mean(margins))


@mistake("hinge_loss", breaks="y: ndarray of int (any integer type)")
def hinge_loss(scores, y):
    """The others are found by counting down from y, which wraps for unsigned labels."""
    (m, n_classes), total = scores.shape, 0.0
    rows = np.arange(m)
    for step in range(1, n_classes):
        other = (y - step) % n_classes
        total += np.sum(np.maximum(0, scores[rows, other] - scores[rows, y] + 1))
    return float(total / m)


@mistake("hinge_loss", breaks="the sum over k other than y: ties with the right class count")
def hinge_loss(scores, y):
    """Every term of exactly 1 is dropped, also that of another class with the same score."""
    margins = np.maximum(0.0, scores - scores[np.arange(len(y)), y][:, None] + 1)
    margins[margins == 1] = 0
    return float(margins.sum() / len(y))


@right("hinge_loss")
def hinge_loss(scores, y):
    """A mask takes the other classes out, np.where instead of a maximum."""
    m, n_classes = scores.shape
    table = np.array(scores, dtype=float)
    others = np.arange(n_classes) != np.asarray(y)[:, None]
    missing = 1.0 - (table[~others].reshape(m, 1) - table[others].reshape(m, n_classes - 1))
    return float(np.where(missing > 0, missing, 0.0).sum(axis=1).mean())


@mistake("train_step", breaks="Cross-entropy plus penalty of the parameters *before* the step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The loss is that of the new parameters."""
    names = classifier_activations(params)
    logits, cache = forward(params, X, names)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    _, decay = l2_penalty(params, l2)
    stepped = []
    for (W, b), (dW, db), (dR, _) in zip(params, grads, decay, strict=True):
        stepped.append((W - learning_rate * (dW + dR), b - learning_rate * db))
    logits, _ = forward(stepped, X, names)
    return stepped, cross_entropy(logits, y) + l2_penalty(stepped, l2)[0]


@mistake("train_step", breaks="there is no 1/m here: the price is one for the weights")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The penalty is divided by the size of the batch, in the loss and in the gradient."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, decay = l2_penalty(params, l2 / len(X))
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, decay, strict=True)
    ]
    return stepped, cross_entropy(logits, y) + penalty


@mistake("train_step", breaks="dR/db = 0: the biases go free")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The biases decay as well."""
    logits, cache = forward(params, X, classifier_activations(params))
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (W - learning_rate * (dW + l2 * W), b - learning_rate * (db + l2 * b))
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return stepped, cross_entropy(logits, y) + l2_penalty(params, l2)[0]


@mistake("train_step", breaks="params: Not changed")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The new pairs are written into the caller's list."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, decay = l2_penalty(params, l2)
    loss = cross_entropy(logits, y) + penalty
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    for layer, (dW, db) in enumerate(grads):
        W, b = params[layer]
        params[layer] = (W - learning_rate * (dW + decay[layer][0]), b - learning_rate * db)
    return params, loss


@mistake("train_step", breaks="Cross-entropy plus penalty of the parameters *before* the step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The cross-entropy is that of the old parameters, the penalty that of the new ones."""
    logits, cache = forward(params, X, classifier_activations(params))
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (W - learning_rate * (dW + l2 * W), b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return stepped, cross_entropy(logits, y) + l2_penalty(stepped, l2)[0]


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """A recursion over the layers that steps on the way back, without forward and backward."""

    def descend(layer, A):
        W, b = params[layer]
        Z = np.einsum("mi,oi->mo", A, W) + b
        if layer == len(params) - 1:
            loss, dZ, stepped = cross_entropy(Z, y), cross_entropy_gradient(Z, y), []
        else:
            loss, dA, stepped = descend(layer + 1, np.where(Z > 0, Z, 0.0))
            dZ = np.where(Z > 0, dA, 0.0)
        dW = np.einsum("mo,mi->oi", dZ, A) + l2 * W
        db = np.einsum("mo->o", dZ)
        pair = (W - learning_rate * dW, b - learning_rate * db)
        return loss + l2 * np.sum(W * W) / 2, dZ @ W, [pair, *stepped]

    loss, _, stepped = descend(0, X)
    return stepped, float(loss)


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Copies that shrink first and then step in place; the loss by logaddexp."""
    import functools

    output, cache = forward(params, X, classifier_activations(params))
    rows = np.arange(len(y))
    loss = np.mean(functools.reduce(np.logaddexp, output.T) - output[rows, y])
    loss += 0.5 * l2 * sum(np.vdot(W, W) for W, _ in params)
    slope = softmax(output)
    slope[rows, y] -= 1
    slope /= len(y)
    stepped = [(W.copy(), b.copy()) for W, b in params]
    for (W, b), (dW, db) in zip(stepped, backward(params, cache, slope), strict=True):
        W *= 1 - learning_rate * l2
        W -= learning_rate * dW
        b -= learning_rate * db
    return stepped, float(loss)


@mistake("train", breaks="losses: What train_step said of each step, in order")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """One loss for each epoch, the mean of its steps."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        told = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            told.append(loss)
        losses.append(float(np.mean(told)))
    return params, losses


@mistake("train", breaks="batch_size: Examples per step; the last batch may be smaller")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """An epoch is split into equal parts: 7 examples by 3 make 3, 2, 2 instead of 3, 3, 1."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    n_batches = int(np.ceil(len(X) / batch_size))
    for _ in range(n_epochs):
        for batch in np.array_split(rng.permutation(len(X)), n_batches):
            params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="rng: The only source of randomness")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The first weights come from rng, but NumPy's global generator shuffles."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        order = np.random.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="params: The network after the last step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Returns the network of the smallest batch loss that came up, not the last one."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    best, losses = params, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            stepped, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            if not losses or loss < min(losses):
                best = params
            params = stepped
            losses.append(loss)
    return best, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A generator of all batches, and a class that holds the network."""
    from itertools import chain

    class Network:
        def __init__(self, sizes):
            self.params = init_params(sizes, rng)

        def step(self, batch):
            self.params, loss = train_step(self.params, *batch, learning_rate, l2=l2)
            return float(loss)

    network = Network([X.shape[1]] + list(hidden_sizes) + [1 + max(y.tolist())])
    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))
    losses = list(map(network.step, chain.from_iterable(epochs)))
    return network.params, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Its own shuffle, of a list of row numbers that is used up from the end."""
    sizes = [X.shape[1]]
    sizes.extend(hidden_sizes)
    sizes.append(int(np.max(y)) + 1)
    params, losses = init_params(sizes, rng), []
    for _ in range(n_epochs):
        left = list(range(len(X)))
        rng.shuffle(left)
        while left:
            batch = [left.pop() for _ in range(min(batch_size, len(left)))]
            params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
            losses.append(float(loss))
    return params, losses


@mistake("tuned", breaks="max_params: How many weights and biases the network may have")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """128 hidden neurons, whatever the budget is."""
    params = init_params([n_features, 128, n_classes], rng)
    dealt = 0
    while (batch := draw(16)) is not None:
        params, _ = train_step(params, *batch, 0.5 * (1 - dealt / n_examples))
        dealt += len(batch[1])
    return params


@mistake("tuned", breaks="with a generator of the same seed, the same network comes out again")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """The first weights come from a generator of its own, without a seed."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], np.random.default_rng())
    dealt = 0
    while (batch := draw(16)) is not None:
        params, _ = train_step(params, *batch, 0.5 * (1 - dealt / n_examples))
        dealt += len(batch[1])
    return params


@mistake(
    "tuned", breaks="Return a network for pictures with entries from 0 to 1; 90 % must be right"
)
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Trains on pixels scaled to the range from -1 to 1, and does not undo this in the weights."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    dealt = 0
    while (batch := draw(16)) is not None:
        X, y = batch
        params, _ = train_step(params, 2 * X - 1, y, 0.1 * (1 - dealt / n_examples))
        dealt += len(y)
    return params


@right("tuned")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """A class with momentum in place on its own arrays; the rate falls along a cosine."""
    import math

    class Learner:
        def __init__(self, width):
            self.params = init_params([n_features, width, n_classes], rng)
            self.speed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in self.params]
            self.seen = 0

        def rate(self):
            return 0.02 * (1 + math.cos(math.pi * min(1.0, self.seen / n_examples)))

        def learn(self, X, y):
            logits, cache = forward(self.params, X, classifier_activations(self.params))
            grads = backward(self.params, cache, cross_entropy_gradient(logits, y))
            for pair, speeds, slopes in zip(self.params, self.speed, grads, strict=True):
                for value, speed, slope in zip(pair, speeds, slopes, strict=True):
                    speed *= 0.9
                    speed -= self.rate() * slope
                    value += speed
            self.seen += len(y)

    learner = Learner((max_params - n_classes) // (n_features + n_classes + 1))
    for batch in iter(lambda: draw(16), None):
        learner.learn(*batch)
    return learner.params
