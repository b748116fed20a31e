"""Held-out answers to stage 7: read as source, never imported."""

import numpy as np


@mistake("softmax", breaks="each row of a batch needs its own maximum")
def softmax(logits):
    """One maximum for the whole table is subtracted."""
    exps = np.exp(logits - np.max(logits))
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="logits: floats or integers; returns an ndarray of float")
def softmax(logits):
    """The result has the type of the logits: shares of integer logits are cut off to 0 or 1."""
    p = np.empty_like(logits)
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p[...] = exps / np.sum(exps, axis=-1, keepdims=True)
    return p


@mistake("softmax", breaks="it must work for logits between -1e4 and 1e4, however mixed")
def softmax(logits):
    """Subtracts the mean of each row, not its maximum: a logit far ahead overflows."""
    exps = np.exp(logits - np.mean(logits, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="never nan; each row sums to 1, for logits between -1e4 and 1e4")
def softmax(logits):
    """No shift up to 709, where one exponential is still finite: the sum of three is not."""
    if np.max(np.abs(logits)) > 709:
        logits = logits - np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits)
    return exps / np.sum(exps, axis=-1, keepdims=True)


@right("softmax")
def softmax(logits):
    """Row by row with math.exp and math.fsum."""
    from math import exp, fsum

    def one(row):
        top = max(row)
        parts = [exp(z - top) for z in row]
        total = fsum(parts)
        return [part / total for part in parts]

    if logits.ndim == 1:
        return np.array(one(logits.tolist()))
    return np.array([one(row) for row in logits.tolist()])


@mistake("log_softmax", breaks="finite and right up to ±1e4; not the logarithm of softmax")
def log_softmax(logits):
    """The logarithm of softmax, with a tiny number added against log 0."""
    return np.log(softmax(logits) + 1e-300)


@mistake("log_softmax", breaks="finite and right for logits up to ±1e4")
def log_softmax(logits):
    """No logarithm is let below -1e4, but between two logits there may be 2e4."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return np.maximum(logs, -1e4)


@mistake("log_softmax", breaks="formula (2): the sum is over all j, tied largest logits too")
def log_softmax(logits):
    """The largest logit is counted once, as the 1 of log1p, even if several share its place."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    others = np.where(shifted < 0, np.exp(shifted), 0.0)
    return shifted - np.log1p(np.sum(others, axis=-1, keepdims=True))


@mistake("cross_entropy", breaks="formula (4) divides by m; average over m, not m K numbers")
def cross_entropy(logits, y):
    """The mean over the whole one-hot table, its zeros included."""
    return float(-np.mean(one_hot(y, logits.shape[1]) * log_softmax(logits)))


@mistake("cross_entropy", breaks="takes logits so that (2) can do its work; up to ±1e4")
def cross_entropy(logits, y):
    """The logarithm of a probability clipped at 1e-15: no example costs more than 34.5."""
    p = softmax(logits)[np.arange(len(y)), y]
    return float(-np.mean(np.log(np.clip(p, 1e-15, 1.0))))


@mistake("cross_entropy", breaks="formula (4): -1/m times the sum over the m examples")
def cross_entropy(logits, y):
    """The mean of the classes' means: rare classes weigh as much as frequent ones."""
    costs = -log_softmax(logits)[np.arange(len(y)), y]
    return float(np.mean([np.mean(costs[y == k]) for k in np.unique(y)]))


@mistake("cross_entropy", breaks="y: ndarray of any integer type, uint8 for example")
def cross_entropy(logits, y):
    """Adds int64 row starts into a copy of the labels, which fails for labels of type uint8."""
    m, n_classes = logits.shape
    place = y.copy()
    place += n_classes * np.arange(m)
    return float(-np.mean(log_softmax(logits).ravel()[place]))


@right("cross_entropy")
def cross_entropy(logits, y):
    """A generator over the examples, each with a running logaddexp."""
    from functools import reduce
    from math import fsum

    def cost(row, label):
        return float(reduce(np.logaddexp, [z - row[label] for z in row]))

    rows = logits.astype(float).tolist()
    return max(0.0, fsum(cost(row, int(k)) for row, k in zip(rows, y, strict=True)) / len(y))


@mistake("cross_entropy_gradient", breaks="formula (6): (P - Y) times 1/m, gradient of the average")
def cross_entropy_gradient(logits, y):
    """The factor 1/m is missing."""
    return softmax(logits) - one_hot(y, logits.shape[1])


@mistake("cross_entropy_gradient", breaks="y: ndarray of any integer type, uint8 for example")
def cross_entropy_gradient(logits, y):
    """Positions in the flat table are counted in the labels' type: uint8 wraps around at 256."""
    m, n_classes = logits.shape
    gradient = softmax(logits)
    gradient.flat[np.arange(m).astype(y.dtype) * n_classes + y] -= 1
    return gradient / m


@mistake("cross_entropy_gradient", breaks="formula (6), and each row sums to 0")
def cross_entropy_gradient(logits, y):
    """The probabilities are kept away from 0 and 1 by 1e-4 first."""
    p = np.clip(softmax(logits), 1e-4, 1 - 1e-4)
    return (p - one_hot(y, logits.shape[1])) / len(y)


@mistake("softmax_jacobian", breaks="formula (7): p_i (1{i = j} - p_j), also where i is not j")
def softmax_jacobian(logits):
    """Only the diagonal; 0 elsewhere."""
    p = softmax(logits)
    return np.diag(p * (1 - p))


@mistake("softmax_jacobian", breaks="the derivative of every probability, formula (7)")
def softmax_jacobian(logits):
    """Differences to one side with steps of 0.001 in the place of the derivative."""
    h = 1e-3
    n_classes = len(logits)
    ahead = softmax(logits + h * np.eye(n_classes))
    return (ahead - softmax(logits)).T / h


@mistake("softmax_jacobian", breaks="logits: floats or integers; returns an ndarray of float")
def softmax_jacobian(logits):
    """The table has the type of the logits: whole logits give a table of zeros."""
    p = softmax(logits)
    table = np.zeros((len(p), len(p)), dtype=logits.dtype)
    for i in range(len(p)):
        for j in range(len(p)):
            table[i, j] = p[i] * ((i == j) - p[j])
    return table


@right("softmax_jacobian")
def softmax_jacobian(logits):
    """The off-diagonal products by einsum; the diagonal from the columns, which sum to 0."""
    p = softmax(logits)
    table = -np.einsum("i,j->ij", p, p)
    places = np.arange(p.size)
    table[places, places] = 0.0
    table[places, places] = -table.sum(axis=0)
    return table


@mistake("hinge_loss", breaks="formula (11) sums over all k other than y")
def hinge_loss(scores, y):
    """Only the strongest other class is counted."""
    right = scores[np.arange(len(y)), y]
    margins = np.maximum(0, scores - right[:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    return float(np.mean(np.max(margins, axis=1)))


@mistake("hinge_loss", breaks="formula (11): every k other than y counts, tied ones too")
def hinge_loss(scores, y):
    """The right class is found by its margin of 1, so others with the same score drop out."""
    right = scores[np.arange(len(y)), y]
    margins = np.maximum(0, scores - right[:, None] + 1)
    margins[scores == right[:, None]] = 0
    return float(np.sum(margins) / len(y))


@mistake("hinge_loss", breaks="scores: floats or integers; the sum is over k other than y only")
def hinge_loss(scores, y):
    """The right class is masked by the score -1000, which counts when its own is lower still."""
    rows = np.arange(len(y))
    others = scores.copy()
    others[rows, y] = -1000
    return float(np.sum(np.maximum(0, others - scores[rows, y][:, None] + 1)) / len(y))


@right("hinge_loss")
def hinge_loss(scores, y):
    """Two loops over Python numbers."""
    total = 0.0
    for row, label in zip(scores.tolist(), y.tolist(), strict=True):
        for k, score in enumerate(row):
            missing = score - row[label] + 1
            if k != label and missing > 0:
                total += missing
    return total / len(scores)


@mistake("train_step", breaks="(13): the biases go free, their gradient of R is 0")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The biases shrink with the weights."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (W - learning_rate * (dW + l2 * W), b - learning_rate * (db + l2 * b))
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return stepped, loss


@mistake("train_step", breaks="loss: cross-entropy plus penalty of the parameters before the step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The penalty in the loss is that of the new weights."""
    logits, cache = forward(params, X, classifier_activations(params))
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (W - learning_rate * (dW + l2 * W), b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return stepped, cross_entropy(logits, y) + l2_penalty(stepped, l2)[0]


@mistake("train_step", breaks="the gradient of the loss at the old parameters, in every layer")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Each layer is updated on the way back, and the layer before sees its new weights."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    dZ = cross_entropy_gradient(logits, y)
    stepped = []
    for layer in range(len(params), 0, -1):
        W, b = params[layer - 1]
        _, dW, db = affine_backward(dZ, cache["A"][layer - 1], W)
        W = W - learning_rate * (dW + l2 * W)
        stepped.insert(0, (W, b - learning_rate * db))
        if layer > 1:
            dZ = (dZ @ W) * (cache["Z"][layer - 1] > 0)
    return stepped, loss


@mistake("train_step", breaks="every W becomes W - learning_rate * dW, every b likewise")
def train_step(params, X, y, learning_rate, l2=0.0):
    """No entry of a gradient is let beyond 5 to either side."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, prices = l2_penalty(params, l2)
    loss = cross_entropy(logits, y) + penalty
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (
            W - learning_rate * np.clip(dW + dR, -5, 5),
            b - learning_rate * np.clip(db, -5, 5),
        )
        for (W, b), (dW, db), (dR, _) in zip(params, grads, prices, strict=True)
    ]
    return stepped, loss


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Recursion through the layers, each of which hands its slopes back to the one before."""
    price, m = l2_penalty(params, l2)[0], len(X)
    told = []

    def through(layer, A):
        W, b = params[layer]
        Z = np.einsum("ij,kj->ik", A, W) + b
        if layer + 1 < len(params):
            later, dA = through(layer + 1, np.where(Z > 0, Z, 0.0))
            dZ = np.where(Z > 0, dA, 0.0)
        else:
            later, logs = [], log_softmax(Z)
            told.append(sum(-logs[i, y[i]] for i in range(m)) / m)
            dZ = np.exp(logs) / m
            dZ[np.arange(m), y] -= 1 / m
        dW = np.einsum("ik,ij->kj", dZ, A)
        shrunk = (1 - learning_rate * l2) * W
        new = shrunk - learning_rate * dW, b - learning_rate * np.einsum("ik->k", dZ)
        return [new, *later], dZ @ W

    stepped, _ = through(0, X)
    return stepped, float(told[0] + price)


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Changes copies of the arrays in place, example by example."""
    names = classifier_activations(params)
    stepped = [(W.astype(float), b.astype(float)) for W, b in params]
    for W, _ in stepped:
        W *= 1 - learning_rate * l2
    costs = []
    for i in range(len(X)):
        logits, cache = forward(params, X[i : i + 1], names)
        costs.append(cross_entropy(logits, y[i : i + 1]))
        grads = backward(params, cache, cross_entropy_gradient(logits, y[i : i + 1]))
        for (W, b), (dW, db) in zip(stepped, grads, strict=True):
            W -= learning_rate / len(X) * dW
            b -= learning_rate / len(X) * db
    squares = sum(float(w) ** 2 for W, _ in params for w in W.flat)
    return stepped, sum(costs) / len(costs) + l2 / 2 * squares


@mistake("train", breaks="K is the largest label plus 1, although a label may not occur")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """K is the number of different labels; where one is missing, that is too small."""
    params = init_params([X.shape[1], *hidden_sizes, len(np.unique(y))], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="every example is used once in each epoch; the last batch may be smaller")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A smaller batch at the end of an epoch is left out."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    batch_size = min(batch_size, len(X))
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            if len(X_batch) < batch_size:
                continue
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="params: the network after the last step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Returns the network after the step whose loss was the smallest."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    best, losses = params, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
            if loss == min(losses):
                best = params
    return best, losses


@mistake("train", breaks="passes over all the examples, each pass in a new random order")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Only the order of the batches is drawn: neighbours are always in the same batch."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    starts = np.arange(0, len(X), batch_size)
    losses = []
    for _ in range(n_epochs):
        for start in rng.permutation(starts):
            batch = slice(start, start + batch_size)
            params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="n_epochs passes over all the examples; losses holds each step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Stops after the first epoch that ends with a loss below 0.001."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
        if losses[-1] < 1e-3:
            break
    return params, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """One while loop over a pile of row numbers, dealt from its end and shuffled when empty."""
    sizes = [X.shape[1]]
    sizes.extend(hidden_sizes)
    sizes.append(1 + max(int(label) for label in y))
    params, losses, pile, epochs_left = init_params(sizes, rng), [], [], n_epochs
    while pile or epochs_left:
        if not pile:
            pile = list(range(len(X)))
            rng.shuffle(pile)
            epochs_left -= 1
        batch = [pile.pop() for _ in range(min(batch_size, len(pile)))]
        params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
        losses.append(loss)
    return params, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A reduction over a stream of batches, in the order of random keys."""
    from functools import reduce

    losses = []

    def batches():
        for _ in range(n_epochs):
            order = np.argsort(rng.random(len(y)))
            yield from np.split(order, range(batch_size, len(y), batch_size))

    def step(params, batch):
        params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
        losses.append(loss)
        return params

    first = init_params([X.shape[1], *hidden_sizes, int(np.max(y)) + 1], rng)
    return reduce(step, batches(), first), losses


@mistake("tuned", breaks="max_params: how many weights and biases the network may have")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """The biases are forgotten in the count: the network is larger than allowed."""
    width = max_params // (n_features + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    moments = [[np.zeros_like(one) for _ in range(2)] for layer in params for one in layer]
    done, t = 0, 0
    while (batch := draw(16)) is not None:
        X, y = batch
        rate = 0.01 * (1 - done / n_examples)
        done, t = done + len(y), t + 1
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        arrays = [one for layer in params for one in layer]
        slopes = [one for layer in grads for one in layer]
        for one, slope, (first, second) in zip(arrays, slopes, moments, strict=True):
            first += 0.1 * (slope - first)
            second += 0.001 * (slope**2 - second)
            one -= rate * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
    return params


@mistake("tuned", breaks="must reach the target on both data sets; section 8 gets less")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Section 8 as it is: plain descent at the rate 0.1 with batches of 32."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    while (batch := draw(32)) is not None:
        params, _ = train_step(params, *batch, 0.1)
    return params


@mistake("tuned", breaks="a network with ReLU in its hidden layers that reaches the target")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Trains with tanh in the hidden layer, where the network that is returned has ReLU."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    (W, b), (V, c) = init_params([n_features, width, n_classes], rng, "tanh")
    done = 0
    while (batch := draw(16)) is not None:
        X, y = batch
        rate = 0.5 * (1 - done / n_examples)
        done += len(y)
        A = np.tanh(X @ W.T + b)
        dA, dV, dc = affine_backward(cross_entropy_gradient(A @ V.T + c, y), A, V)
        _, dW, db = affine_backward(dA * (1 - A**2), X, W)
        W, b, V, c = W - rate * dW, b - rate * db, V - rate * dV, c - rate * dc
    return [(W, b), (V, c)]


@right("tuned")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Adam on one flat vector of all parameters, of which the network is a set of views."""
    width = max(1, (max_params - n_classes) // (n_features + 1 + n_classes))
    first_draw = init_params([n_features, width, n_classes], rng)
    theta = np.concatenate([one.ravel() for layer in first_draw for one in layer])
    ends = np.cumsum([one.size for layer in first_draw for one in layer])

    def as_network(flat):
        W, b, V, c = np.split(flat, ends[:-1])
        return [(W.reshape(width, n_features), b), (V.reshape(n_classes, width), c)]

    class Adam:
        def __init__(self, size):
            self.t, self.mean, self.square = 0, np.zeros(size), np.zeros(size)

        def direction(self, g):
            self.t += 1
            self.mean = 0.9 * self.mean + 0.1 * g
            self.square = 0.999 * self.square + 0.001 * g * g
            mean = self.mean / (1 - 0.9**self.t)
            return mean / (np.sqrt(self.square / (1 - 0.999**self.t)) + 1e-8)

    adam, dealt = Adam(theta.size), 0
    peak, size = (0.004, 32) if n_examples > 20_000 else (0.01, 16)
    while (batch := draw(size)) is not None:
        X, y = batch
        params = as_network(theta)
        logits, cache = forward(params, X, ["relu", "linear"])
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        g = np.concatenate([one.ravel() for layer in grads for one in layer])
        rate = peak * 0.5 * (1 + np.cos(np.pi * min(1.0, dealt / n_examples)))
        theta = theta - rate * adam.direction(g)
        dealt += len(y)
    return as_network(theta)
