"""Held-out answers to stage 7: read as source, never imported."""

import numpy as np


@mistake("softmax", breaks="Each row of a batch needs its own maximum; never nan")
def softmax(logits):
    """One maximum for the whole table."""
    exps = np.exp(logits - np.max(logits))
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="floats are float64; must work for logits between -1e4 and 1e4")
def softmax(logits):
    """Computed in float32, which cannot tell 9000.0004 from 9000."""
    logits = np.asarray(logits, dtype=np.float32)
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)


@mistake("softmax", breaks="It must work for logits between -10^4 and 10^4, however mixed")
def softmax(logits):
    """Overflow is avoided by clipping the logits to 500, so 1000 and 1001 look alike."""
    exps = np.exp(np.clip(logits, -500, 500))
    return exps / np.sum(exps, axis=-1, keepdims=True)


@right("softmax")
def softmax(logits):
    """Pure Python for each row, with the exact sum of math.fsum."""
    from math import exp, fsum

    def shares(row):
        top = max(row)
        exps = [exp(z - top) for z in row]
        total = fsum(exps)
        return [e / total for e in exps]

    table = np.atleast_2d(logits).tolist()
    return np.array([shares(row) for row in table], dtype=float).reshape(np.shape(logits))


@mistake("log_softmax", breaks="Formula (2), right for logits up to ±10^4; not the log of softmax")
def log_softmax(logits):
    """The logarithm of softmax, kept finite by a floor of 1e-300: -690 is the least it says."""
    return np.log(np.maximum(softmax(logits), 1e-300))


@mistake("log_softmax", breaks="log p_k = z_k - log sum e^z_j: the shift belongs in both places")
def log_softmax(logits):
    """The maximum is subtracted inside the sum only."""
    top = np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(logits - top), axis=-1, keepdims=True))


@mistake(
    "log_softmax", breaks="finite and right for logits up to ±10^4, and the same after a shift"
)
def log_softmax(logits):
    """Shifts only where exp is infinite or 0; at -743 the exponentials have lost their digits."""
    if np.max(logits) > 700 or np.min(logits) < -745:
        logits = logits - np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))


@right("log_softmax")
def log_softmax(logits):
    """The sum of exponentials is folded pair by pair with logaddexp, after a shift."""
    from functools import reduce

    z = np.moveaxis(np.asarray(logits, dtype=float), -1, 0)
    z = z - reduce(np.maximum, z)
    return np.moveaxis(z - reduce(np.logaddexp, z), 0, -1).copy()


@mistake("cross_entropy", breaks="J = -1/m sum_i log p_y: the average over the m examples")
def cross_entropy(logits, y):
    """The average over all m · K entries of the one-hot form."""
    return float(-np.mean(one_hot(y, logits.shape[1]) * log_softmax(logits)))


@mistake("cross_entropy", breaks="logits of shape (m, K), for any K; the function takes logits")
def cross_entropy(logits, y):
    """np.choose picks the entries, but takes no more than 64 classes (32 in older versions)."""
    return float(-np.mean(np.choose(y, log_softmax(logits).T)))


@mistake("cross_entropy", breaks="y: ndarray of any integer type, uint8 for example")
def cross_entropy(logits, y):
    """Flat positions y · m + i are computed in the type of y, and overflow in uint8."""
    m = len(y)
    by_class = log_softmax(logits).T.ravel()
    return float(-np.mean(by_class[y * m + np.arange(m)]))


@mistake(
    "cross_entropy", breaks="logits between -1e4 and 1e4; only with logits can (2) do its work"
)
def cross_entropy(logits, y):
    """Goes through clipped probabilities, so that no example can cost more than 34.5."""
    p = np.clip(softmax(logits), 1e-15, 1.0)
    return float(-np.mean(np.log(p[np.arange(len(y)), y])))


@right("cross_entropy")
def cross_entropy(logits, y):
    """Each example costs log(sum of e^(z_k - z_y)), with the largest exponent taken out."""
    from math import exp, fsum, log

    def cost(row, label):
        ahead = [float(z) - float(row[label]) for z in row]
        top = max(ahead)
        return top + log(fsum(exp(a - top) for a in ahead))

    return fsum(map(cost, logits.tolist(), y.tolist())) / len(y)


@mistake("cross_entropy_gradient", breaks="dJ/dZ = (P - Y) / m")
def cross_entropy_gradient(logits, y):
    """Divides by the number of classes instead of the number of examples."""
    K = logits.shape[1]
    return (softmax(logits) - one_hot(y, K)) / K


@mistake("cross_entropy_gradient", breaks="Y: row i has a 1 in column y[i] and 0 elsewhere")
def cross_entropy_gradient(logits, y):
    """P[:, y] takes 1 from the columns of all the labels, in every row."""
    P = softmax(logits)
    P[:, y] -= 1
    return P / len(y)


@mistake("cross_entropy_gradient", breaks="y: ndarray of any integer type, uint8 for example")
def cross_entropy_gradient(logits, y):
    """The one-hot table has the type of y, and its negative is 255 in uint8."""
    truth = np.zeros(logits.shape, dtype=y.dtype)
    truth[np.arange(len(y)), y] = 1
    return (-truth + softmax(logits)) / len(y)


@right("cross_entropy_gradient")
def cross_entropy_gradient(logits, y):
    """Row by row; the label's entry is minus the sum of what the others get."""
    gradient = np.array([softmax(row) for row in logits], dtype=float)
    m, K = gradient.shape
    for row, label in zip(gradient, map(int, y), strict=True):
        row[label] = 0
        row[label] = -sum(row[k] for k in range(K))
        row /= m
    return gradient


@mistake("softmax_jacobian", breaks="dp_i/dz_j = p_i (1{i = j} - p_j), every probability and logit")
def softmax_jacobian(logits):
    """Only the diagonal, as if softmax worked element by element."""
    p = softmax(logits)
    return np.diag(p * (1 - p))


@mistake("softmax_jacobian", breaks="the derivative of probability i, p_i (1{i = j} - p_j)")
def softmax_jacobian(logits):
    """The Jacobian of the logarithms: the factor p_i is missing."""
    p = softmax(logits)
    return np.eye(len(p)) - p


@mistake("softmax_jacobian", breaks="dp_i/dz_j = p_i (1{i = j} - p_j): p_i - p_i^2 on the diagonal")
def softmax_jacobian(logits):
    """The diagonal balances a row sum that holds the old diagonal too, and becomes p_i."""
    p = softmax(logits)
    jacobian = -np.outer(p, p)
    np.fill_diagonal(jacobian, -jacobian.sum(axis=1))
    return jacobian


@right("softmax_jacobian")
def softmax_jacobian(logits):
    """Two loops over a triangle; the diagonal is p_i times what the others have."""
    p = softmax(np.array(logits, dtype=float)).tolist()
    K = len(p)
    jacobian = np.zeros((K, K))
    for i in range(K):
        jacobian[i, i] = p[i] * sum(p[:i] + p[i + 1 :])
        for j in range(i):
            jacobian[i, j] = jacobian[j, i] = -p[i] * p[j]
    return jacobian


@mistake("hinge_loss", breaks="the sum over k ≠ y of max(0, z_k - z_y + 1)")
def hinge_loss(scores, y):
    """Only the strongest rival pays, not all of them."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return float(np.mean(np.max(margins, axis=1)))


@mistake("hinge_loss", breaks="k ≠ y(i): each row leaves out the class of its own label")
def hinge_loss(scores, y):
    """Deletes the columns of all the labels from the whole table."""
    right = scores[np.arange(len(y)), y]
    others = np.delete(scores, y, axis=1)
    return float(np.mean(np.sum(np.maximum(0, others - right[:, None] + 1), axis=1)))


@mistake("hinge_loss", breaks="k ≠ y(i): the label's own class is not counted, whatever the scores")
def hinge_loss(scores, y):
    """The right class is masked by a score of -1000, which wins if the scores are lower still."""
    rows = np.arange(len(y))
    others = scores.copy()
    others[rows, y] = -1000
    margins = np.maximum(0, others - scores[rows, y][:, None] + 1)
    return float(np.mean(np.sum(margins, axis=1)))


@mistake("hinge_loss", breaks="J = 1/m sum_i sum_{k ≠ y}: a sum over the other classes")
def hinge_loss(scores, y):
    """The mean over the other classes instead of their sum."""
    m, K = scores.shape
    margins = np.maximum(0, scores - scores[np.arange(m), y][:, None] + 1)
    return float((np.sum(margins) - m) / (m * max(1, K - 1)))


@right("hinge_loss")
def hinge_loss(scores, y):
    """A generator over all pairs of an example and another class, in pure Python."""
    from math import fsum

    table, labels = scores.tolist(), [int(label) for label in y]
    costs = (
        z - row[label] + 1
        for row, label in zip(table, labels, strict=True)
        for k, z in enumerate(row)
        if k != label and z - row[label] + 1 > 0
    )
    return float(fsum(costs) / len(labels))


@mistake("train_step", breaks="loss: of the parameters before the step, on this batch")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The loss is that of the parameters after the step."""
    activations = classifier_activations(params)
    logits, cache = forward(params, X, activations)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    _, price = l2_penalty(params, l2)
    stepped = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, price, strict=True)
    ]
    logits, _ = forward(stepped, X, activations)
    return stepped, cross_entropy(logits, y) + l2_penalty(stepped, l2)[0]


@mistake("train_step", breaks="one step of gradient descent: backward sees the old parameters")
def train_step(params, X, y, learning_rate, l2=0.0):
    """On the way back each layer is stepped first, and the error goes through its new weights."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, _ = l2_penalty(params, l2)
    dZ = cross_entropy_gradient(logits, y)
    stepped = list(params)
    for layer in range(len(params) - 1, -1, -1):
        W, b = params[layer]
        new_W = W - learning_rate * (dZ.T @ cache["A"][layer] + l2 * W)
        stepped[layer] = new_W, b - learning_rate * dZ.sum(axis=0)
        if layer:
            dZ = (dZ @ new_W) * (cache["Z"][layer] > 0)
    return stepped, cross_entropy(logits, y) + penalty


@mistake("train_step", breaks="Add (13), lambda W of the old weights, to the gradients")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The weights are shrunk after the step, so that the step itself is shrunk as well."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = []
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        new_W = W - learning_rate * dW
        stepped.append((new_W * (1 - learning_rate * l2), b - learning_rate * db))
    return stepped, loss


@mistake("train_step", breaks="Every W becomes W - learning_rate * dW, every b likewise")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Slopes beyond 5 are clipped, as a guard against wild steps."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, price = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    stepped = [
        (
            W - learning_rate * np.clip(dW + dR, -5, 5),
            b - learning_rate * np.clip(db, -5, 5),
        )
        for (W, b), (dW, db), (dR, _) in zip(params, grads, price, strict=True)
    ]
    return stepped, cross_entropy(logits, y) + penalty


@mistake("train_step", breaks="The loss is J + R, by (4) and (12): cross-entropy plus penalty")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The loss comes from probabilities with a floor of 1e-12: it never exceeds 27.6 before R."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, price = l2_penalty(params, l2)
    P = softmax(logits)
    loss = -np.mean(np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))) + penalty
    grads = backward(params, cache, (P - one_hot(y, P.shape[1])) / len(y))
    stepped = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, price, strict=True)
    ]
    return stepped, float(loss)


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """Recursive: each level runs its layer, lets the rest answer, and returns what to pass back."""
    price = 0.0

    def descend(layers, A):
        nonlocal price
        if not layers:
            return [], cross_entropy_gradient(A, y), cross_entropy(A, y)
        (W, b), *rest = layers
        price += 0.5 * l2 * float(np.einsum("jk,jk->", W, W))
        Z = np.einsum("mk,jk->mj", A, W) + b
        done, dA, loss = descend(rest, np.where(Z > 0, Z, 0) if rest else Z)
        dZ = np.where(Z > 0, dA, 0) if rest else dA
        new_W = (1 - learning_rate * l2) * W - learning_rate * np.einsum("mj,mk->jk", dZ, A)
        new_b = b - learning_rate * np.einsum("mj->j", dZ)
        return [(new_W, new_b), *done], np.einsum("mj,jk->mk", dZ, W), loss

    stepped, _, loss = descend(list(params), X)
    return stepped, float(loss + price)


@right("train_step")
def train_step(params, X, y, learning_rate, l2=0.0):
    """The bias is a column of the weights, fed by ones; own copies are then changed in place."""
    ones = np.ones((len(X), 1))
    tables = [np.column_stack([W, b]) for W, b in params]
    inputs, hidden = [], X
    for i, table in enumerate(tables):
        inputs.append(np.hstack([hidden, ones]))
        out = inputs[-1] @ table.T
        hidden = out if i == len(tables) - 1 else out * (out > 0)
    loss = cross_entropy(hidden, y) + l2 * sum(np.sum(t[:, :-1] ** 2) for t in tables) / 2
    delta = cross_entropy_gradient(hidden, y)
    for i in reversed(range(len(tables))):
        slope = delta.T @ inputs[i]
        slope[:, :-1] += l2 * tables[i][:, :-1]
        if i > 0:
            delta = (delta @ tables[i][:, :-1]) * (inputs[i][:, :-1] > 0)
        tables[i] -= learning_rate * slope
    return [(t[:, :-1].copy(), t[:, -1].copy()) for t in tables], float(loss)


@mistake("train", breaks="K is the largest label plus 1")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """K counts the labels that occur."""
    params = init_params([X.shape[1], *hidden_sizes, len(np.unique(y))], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="n_epochs: passes over all the examples, each in a new random order")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The batches are drawn once, and the same ones come again in each epoch."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    batches = list(minibatches(X, y, batch_size, rng))
    losses = []
    for X_batch, y_batch in batches * n_epochs:
        params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
        losses.append(loss)
    return params, losses


@mistake("train", breaks="n_epochs passes; losses: what train_step said of each step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Stops as soon as a batch costs less than 0.001."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
            if loss < 1e-3:
                return params, losses
    return params, losses


@mistake("train", breaks="learning_rate: every W becomes W - learning_rate * dW, in each step")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The learning rate is halved after every 100 epochs, though nobody asked for it."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for epoch in range(n_epochs):
        rate = learning_rate * 0.5 ** (epoch // 100)
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, rate, l2)
            losses.append(loss)
    return params, losses


@mistake("train", breaks="all the examples in a new random order; the last batch may be smaller")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Only the order of the batches is drawn: neighbours stay, the small one may come first."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    starts = np.arange(0, len(X), batch_size)
    losses = []
    for _ in range(n_epochs):
        for start in rng.permutation(starts):
            batch = slice(start, start + batch_size)
            params, loss = train_step(params, X[batch], y[batch], learning_rate, l2)
            losses.append(loss)
    return params, losses


@right("train")
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """A nested generator deals batches, with an order from sorting random keys."""
    from itertools import chain, islice

    m, n = X.shape

    def deal():
        order = iter(np.argsort(rng.random(m)).tolist())
        while rows := list(islice(order, batch_size)):
            yield rows

    class Learner:
        def __init__(self):
            self.params = init_params([n, *hidden_sizes, 1 + max(y.tolist())], rng)

        def learn(self, rows):
            self.params, loss = train_step(self.params, X[rows], y[rows], learning_rate, l2)
            return float(loss)

    learner = Learner()
    losses = [learner.learn(rows) for rows in chain.from_iterable(deal() for _ in range(n_epochs))]
    return learner.params, losses


@mistake("tuned", breaks="max_params: how many weights and biases the network may have")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """The width leaves no room for the output biases: 3,602 parameters where 3,600 are allowed."""
    width = max_params // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    dealt = 0
    while (batch := draw(16)) is not None:
        X, y = batch
        rate = 0.1 * (1 - dealt / n_examples)
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        velocity = [
            (0.9 * V + dW, 0.9 * c + db) for (V, c), (dW, db) in zip(velocity, grads, strict=True)
        ]
        params = [
            (W - rate * V, b - rate * c) for (W, b), (V, c) in zip(params, velocity, strict=True)
        ]
        dealt += len(y)
    return params


@mistake("tuned", breaks="target, test images: digits 93.5 %, where section 8 gets about 91.3 %")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Plain descent as in section 8, in half of the neurons that the budget allows."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes) // 2
    params = init_params([n_features, width, n_classes], rng)
    while (batch := draw(32)) is not None:
        params, _ = train_step(params, *batch, 0.1)
    return params


@mistake("tuned", breaks="One function must reach the target on both data sets: digits 93.5 %")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Adam at the rate 0.001 in batches of 64, far too slow for 5 epochs of small data."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    first = [np.zeros_like(one) for layer in params for one in layer]
    second = [np.zeros_like(one) for one in first]
    step = 0
    while (batch := draw(64)) is not None:
        X, y = batch
        step += 1
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        flat = [one for layer in params for one in layer]
        slopes = [one for layer in grads for one in layer]
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.999 * second[i] + 0.001 * slope**2
            ahead, spread = first[i] / (1 - 0.9**step), second[i] / (1 - 0.999**step)
            flat[i] = flat[i] - 0.001 * ahead / (np.sqrt(spread) + 1e-8)
        params = list(zip(flat[::2], flat[1::2], strict=True))
    return params


@mistake("tuned", breaks="rng: the only source of randomness; the same network comes out again")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Noise on the pictures against overfitting, from a generator that has no seed."""
    noise = np.random.default_rng()
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    dealt = 0
    while (batch := draw(16)) is not None:
        X, y = batch
        dealt += len(y)
        rate = 0.1 * (1 - dealt / n_examples)
        X = X + noise.normal(0, 0.05, size=X.shape)
        logits, cache = forward(params, X, classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        velocity = [
            (0.9 * V + dW, 0.9 * c + db) for (V, c), (dW, db) in zip(velocity, grads, strict=True)
        ]
        params = [
            (W - rate * V, b - rate * c) for (W, b), (V, c) in zip(params, velocity, strict=True)
        ]
    return params


@right("tuned")
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """An own class: Adam on one flat vector, a cosine for the rate, a mean of the late weights."""
    from math import cos, pi

    class Net:
        def __init__(self, width):
            sizes = [n_features, width, n_classes]
            self.shapes = [
                s for i, o in zip(sizes, sizes[1:], strict=False) for s in ((o, i), (o,))
            ]
            parts = [
                rng.normal(0, np.sqrt(2 / s[1]), size=s) if len(s) == 2 else np.zeros(s)
                for s in self.shapes
            ]
            self.theta = np.concatenate([p.ravel() for p in parts])
            self.one = np.zeros_like(self.theta)
            self.two = np.zeros_like(self.theta)
            self.steps = 0

        def views(self, flat):
            ends = np.cumsum([int(np.prod(s)) for s in self.shapes])
            parts = [
                p.reshape(s) for p, s in zip(np.split(flat, ends[:-1]), self.shapes, strict=True)
            ]
            return list(zip(parts[::2], parts[1::2], strict=True))

        def learn(self, X, y, rate):
            (W1, b1), (W2, b2) = self.views(self.theta)
            hidden = np.maximum(0, X @ W1.T + b1)
            dZ2 = cross_entropy_gradient(hidden @ W2.T + b2, y)
            dZ1 = (dZ2 @ W2) * (hidden > 0)
            pieces = (dZ1.T @ X, dZ1.sum(axis=0), dZ2.T @ hidden, dZ2.sum(axis=0))
            slope = np.concatenate([p.ravel() for p in pieces])
            self.steps += 1
            self.one += 0.1 * (slope - self.one)
            self.two += 0.01 * (slope**2 - self.two)
            ahead = self.one / (1 - 0.9**self.steps)
            spread = np.sqrt(self.two / (1 - 0.99**self.steps))
            self.theta -= rate * ahead / (spread + 1e-8)

    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    net = Net(width)
    batch_size = 16 if n_examples < 20000 else 32
    top = 0.015 if n_examples < 20000 else 0.004
    dealt, total, count = 0, np.zeros_like(net.theta), 0
    while (batch := draw(batch_size)) is not None:
        done = dealt / n_examples
        net.learn(*batch, top * min(1, 20 * done + 0.05) * (0.01 + 0.99 * (1 + cos(pi * done)) / 2))
        dealt += len(batch[1])
        if done > 0.85:
            total, count = total + net.theta, count + 1
    mean = total / count if count else net.theta
    return [(W.copy(), b.copy()) for W, b in net.views(mean)]
