"""Held-out answers to stage 3: read as source, never imported."""

import numpy as np


@mistake("quadratic_features", breaks="In each row x1, x2, x1², x1·x2 and x2², in this order")
def quadratic_features(X):
    """The product comes last, after both squares."""
    x1, x2 = X.T
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


@mistake("quadratic_features", breaks="X: the points, in rows. Not changed")
def quadratic_features(X):
    """The second column of X itself is multiplied by the first on the way."""
    x1, x2 = X[:, 0], X[:, 1]
    features = [x1, x2.copy(), x1**2, None, x2**2]
    x2 *= x1
    features[3] = x2
    return np.column_stack(features)


@mistake("quadratic_features", breaks="X of shape (m, 2): the points, in rows")
def quadratic_features(X):
    """Reshapes X to two rows where it should be transposed: right for a single point only."""
    x1, x2 = X.reshape(2, -1)
    return np.column_stack([x1, x2, x1 * x1, x1 * x2, x2 * x2])


@mistake("quadratic_features", breaks="arrays of floats or of integers; x1·x2 is a monomial")
def quadratic_features(X):
    """The product by (x1 + x2)² with a whole-number division, which spoils fractions."""
    x1, x2 = X[:, 0], X[:, 1]
    mixed = ((x1 + x2) ** 2 - x1**2 - x2**2) // 2
    return np.column_stack([x1, x2, x1**2, mixed, x2**2])


@right("quadratic_features")
def quadratic_features(X):
    """A list of rows from a generator, point by point."""
    from itertools import combinations_with_replacement

    def monomials(point):
        yield from point
        yield from (p * q for p, q in combinations_with_replacement(point, 2))

    return np.array([list(monomials(point)) for point in X])


@mistake("learnable_boolean_functions", breaks="at most 12 epochs; be generous and allow 25")
def learnable_boolean_functions(n_inputs):
    """Ten epochs are allowed, which loses some tables of three inputs."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if fit(X, y, 10)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="in ascending order of their numbers")
def learnable_boolean_functions(n_inputs):
    """The tables are counted with the lowest digit first, so their order is another one."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))[:, ::-1]
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="with n inputs there are 2^(2^n) functions")
def learnable_boolean_functions(n_inputs):
    """Tries at most sixteen tables, as if there were never more than two inputs."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    kept = []
    for y in binary_digits(range(min(16, 2 ** len(X))), len(X)):
        if fit(X, y, 25)[2][-1] == 0:
            kept.append(y)
    return np.array(kept)


@mistake("learnable_boolean_functions", breaks="ndarray of int, shape (k, 2**n_inputs)")
def learnable_boolean_functions(n_inputs):
    """Collects the tables below an empty array of floats, so the result holds floats."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    found = np.empty((0, len(X)))
    for y in binary_digits(range(2 ** len(X)), len(X)):
        if 0 in fit(X, y, 25)[2]:
            found = np.vstack([found, y])
    return found


@right("learnable_boolean_functions")
def learnable_boolean_functions(n_inputs):
    """Plain Python integers and itertools.product, with a training loop of its own."""
    from itertools import product

    rows = list(product((0, 1), repeat=n_inputs))

    def learns(table):
        weights = [0] * (n_inputs + 1)
        for _ in range(25):
            clean = True
            for row, wanted in zip(rows, table, strict=True):
                signal = weights[-1] + sum(w * x for w, x in zip(weights, row, strict=False))
                error = wanted - (1 if signal >= 0 else 0)
                if error:
                    clean = False
                    weights = [w + error * x for w, x in zip(weights, (*row, 1), strict=True)]
            if clean:
                return True
        return False

    return np.array(list(filter(learns, product((0, 1), repeat=len(rows)))), dtype=int)


@mistake("find_cycle", breaks="or the zeros at the very beginning")
def find_cycle(X, y, max_epochs):
    """The zeros are not among the states that are remembered, so a way back to them is missed."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, []
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            start = seen.index(state) + 1
            return start, epoch - start
        seen.append(state)
    return None


@mistake("find_cycle", breaks="the weights and the bias are those of an earlier epoch's end")
def find_cycle(X, y, max_epochs):
    """Compares the weights only: the bias may still be another one."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [tuple(w.tolist())]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        state = tuple(w.tolist())
        if state in seen:
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="whole numbers, so you may compare them with ==")
def find_cycle(X, y, max_epochs):
    """Compares with np.allclose, for which large weights that differ by a little are the same."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [np.append(w, b)]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        state = np.append(w, b)
        for start, earlier in enumerate(seen):
            if np.allclose(earlier, state):
                return start, epoch - start
        seen.append(state)
    return None


@mistake("find_cycle", breaks="the first time that the weights and the bias come back")
def find_cycle(X, y, max_epochs):
    """All states that are kept are the same array, which the training changes in place."""
    state = np.zeros(X.shape[1] + 1)
    seen = [state]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(state[:-1], state[-1], X, y)
        if wrong == 0:
            return None
        state[:-1], state[-1] = w, b
        for start, earlier in enumerate(seen):
            if np.array_equal(earlier, state):
                return start, epoch - start
        seen.append(state)
    return None


@mistake("find_cycle", breaks="y: their labels, 0 or 1. Not changed")
def find_cycle(X, y, max_epochs):
    """Turns the caller's labels into -1 and 1 for a learning rule of its own."""
    y[y == 0] = -1
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), b)]
    for epoch in range(1, max_epochs + 1):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            said = 1 if w @ x + b >= 0 else -1
            if said != label:
                w, b, wrong = w + label * x, b + float(label), wrong + 1
        if wrong == 0:
            return None
        state = (*w.tolist(), b)
        if state in seen:
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="those of an earlier epoch's end (or the zeros)")
def find_cycle(X, y, max_epochs):
    """Remembers the last 25 states only, so that longer cycles are never found."""
    from collections import deque

    w, b, wrong, epoch = np.zeros(X.shape[1]), 0.0, 1, 0
    seen = deque([(*w.tolist(), b)], maxlen=25)
    while epoch < max_epochs:
        w, b, wrong = run_epoch(w, b, X, y)
        epoch += 1
        if not wrong:
            break
        state = (*w.tolist(), float(b))
        if state in seen:
            length = len(seen) - seen.index(state)
            return epoch - length, length
        seen.append(state)
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """Records all of the training in a table first, and looks for equal rows afterwards."""
    table = [np.zeros(X.shape[1] + 1)]
    for _ in range(max_epochs):
        w, b, wrong = run_epoch(table[-1][:-1], table[-1][-1], X, y)
        if not wrong:
            break
        table.append(np.concatenate([w, [b]]))
    table = np.array(table)
    for end in range(1, len(table)):
        (same,) = np.nonzero((table[:end] == table[end]).all(axis=1))
        if same.size:
            return int(same[0]), int(end - same[0])
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """Brent's way: two runners on the same track, the first for the length and then the start."""

    def after_one_epoch(state):
        w, b, wrong = run_epoch(np.array(state[:-1]), state[-1], X, y)
        return (*w.tolist(), float(b)), wrong

    zeros = (0.0,) * (X.shape[1] + 1)
    rests, length, reach = zeros, 0, 1
    runs, wrong = after_one_epoch(zeros)
    length, epochs = 1, 1
    # Brent needs up to three times as many epochs to notice a cycle as it takes to close it.
    while wrong and runs != rests and epochs <= 4 * max_epochs + 4:
        if length == reach:
            rests, reach, length = runs, 2 * reach, 0
        runs, wrong = after_one_epoch(runs)
        length, epochs = length + 1, epochs + 1
    if not wrong or runs != rests:
        return None
    first, second, start = zeros, zeros, 0
    for _ in range(length):
        second, _ = after_one_epoch(second)
    while first != second:
        (first, _), (second, _) = after_one_epoch(first), after_one_epoch(second)
        start += 1
    return (start, length) if start + length <= max_epochs else None


@mistake("perceptron_layer", breaks="floats or integers (in one call there may be both)")
def perceptron_layer(W, b, X):
    """Adds b in place to the sums: an error where W and X are integers and b is not."""
    Z = X @ W.T
    Z += b
    return (Z >= 0).astype(int)


@mistake("perceptron_layer", breaks="exactly 0 gives a 1, anything below a 0, however close to 0")
def perceptron_layer(W, b, X):
    """Works in single precision, where sums a little below 0 become 0."""
    W, b, X = (np.asarray(one, dtype=np.float32) for one in (W, b, X))
    return (X @ W.T + b >= 0).astype(int)


@mistake("perceptron_layer", breaks="1 if the sum is >= 0")
def perceptron_layer(W, b, X):
    """A sum of exactly 0 gives a 0, since np.heaviside is told so."""
    return np.heaviside(X @ W.T + b, 0).astype(int)


@mistake("perceptron_layer", breaks="shape (m, n_out): row i belongs to example i")
def perceptron_layer(W, b, X):
    """Transposes W only where the product would fail otherwise, so not for as many as inputs."""
    sums = X @ (W if W.shape[0] == W.shape[1] else W.T)
    return (sums + b >= 0).astype(int)


@right("perceptron_layer")
def perceptron_layer(W, b, X):
    """One column for each perceptron, by predict, written into an array of integers."""
    from functools import partial

    H = np.zeros((X.shape[0], W.shape[0]), dtype=int)

    def fill(j):
        H[:, j] = partial(predict, W[j], b[j])(X)

    for j in reversed(range(W.shape[0])):
        fill(j)
    return H


@mistake("xor_network", breaks="with room to spare: up to 0.2 away from a corner")
def xor_network(X):
    """Right at the corners, but the line of OR goes right through two of them."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-1.0, 1.5]), X)
    return H, predict(np.ones(2), -2.0, H)


@mistake("xor_network", breaks="a third one that looks at nothing but their two answers")
def xor_network(X):
    """The third perceptron looks at the inputs again, and at the second hidden answer."""
    H = perceptron_layer(np.ones((2, 2)), np.array([-0.5, -1.5]), X)
    return H, predict(np.array([1.0, 1.0, -2.0]), -0.5, np.column_stack([X, H[:, 1]]))


@mistake("xor_network", breaks="Build a network of three perceptrons, the third on top of two")
def xor_network(X):
    """The output is 1 where the hidden answers are equal, which no perceptron can say."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.1, -0.9]]), np.array([-0.5, 1.55]), X)
    return H, (H[:, 0] == H[:, 1]).astype(int)


@mistake("xor_network", breaks="the XOR of the nearest corner, up to 0.2 away from it")
def xor_network(X):
    """NAND keeps too close to the corners with one 1: lost above a sum of 1.3."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.3]), X)
    return H, perceptron_layer(np.array([[1.0, 1.0]]), np.array([-1.5]), H)[:, 0]


@right("xor_network")
def xor_network(X):
    """One hidden unit for each of the corners (1, 0) and (0, 1), point by point in a class."""

    class Perceptron:
        def __init__(self, *weights, bias):
            self.weights, self.bias = weights, bias

        def __call__(self, inputs):
            signal = sum(w * x for w, x in zip(self.weights, inputs, strict=True))
            return 1 if signal + self.bias >= 0 else 0

    hidden = Perceptron(2, -2, bias=-1), Perceptron(-2, 2, bias=-1)
    either = Perceptron(3, 3, bias=-2)
    H = [[unit(point) for unit in hidden] for point in X.tolist()]
    return np.array(H, dtype=int), np.array([either(h) for h in H], dtype=int)


@mistake("network_for", breaks="60 random tables with eight 1s: at most 6 units on average")
def network_for(table):
    """A hidden unit for each 1 of the table and an OR: never fewer units than 1s."""
    n = len(table).bit_length() - 1
    ones = binary_digits(range(2**n), n)[table == 1]
    if len(ones) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.ones((1, 1)), np.array([-0.5])
    W1 = 2.0 * ones - 1
    return W1, 0.5 - ones.sum(axis=1), np.ones((1, len(ones))), np.array([-0.5])


@mistake("network_for", breaks="Thrift: at most 6 hidden units on average")
def network_for(table):
    """Lines the corners up along a single direction and looks for no better one."""
    n = len(table).bit_length() - 1
    signs = np.where(np.diff(table) > 0, 1.0, -1.0)
    (cuts,) = np.nonzero(np.diff(table))
    b2 = np.array([table[0] - 0.5])
    if len(cuts) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.zeros((1, 1)), b2
    W1 = np.tile(2.0 ** np.arange(n)[::-1], (len(cuts), 1))
    return W1, -(cuts + 0.5), signs[cuts][None, :], b2


@mistake("network_for", breaks="the answer for each row of binary_digits(range(2**n), n)")
def network_for(table):
    """Takes the digits of each row in the opposite order, the lowest first."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)[:, ::-1]
    rng, best = np.random.default_rng(0), None
    for _ in range(200):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        (cuts,) = np.nonzero(np.diff(table[order]))
        if best is None or len(cuts) < len(best[2]):
            best = w, order, cuts
    w, order, cuts = best
    b2 = np.array([table[order[0]] - 0.5])
    if len(cuts) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.zeros((1, 1)), b2
    sums = (X @ w)[order]
    jumps = (table[order][cuts + 1] - table[order][cuts]) * 1.0
    return np.tile(w, (len(cuts), 1)), -(sums[cuts] + sums[cuts + 1]) / 2, jumps[None, :], b2


@mistake("network_for", breaks="table: the answer, 0 or 1, for each row. Not changed")
def network_for(table):
    """Turns a table that begins with a 1 into its opposite, in the caller's array."""
    n = len(table).bit_length() - 1
    flipped = table[0] == 1
    if flipped:
        table -= 1
        table *= -1
    X = binary_digits(range(2**n), n)
    rng, best = np.random.default_rng(0), None
    for _ in range(200):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        (cuts,) = np.nonzero(np.diff(table[order]))
        if best is None or len(cuts) < len(best[2]):
            best = w, order, cuts
    w, order, cuts = best
    sums, answers = (X @ w)[order], table[order]
    sign = -1.0 if flipped else 1.0
    b2 = np.array([sign * (answers[0] - 0.5)])
    if len(cuts) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.zeros((1, 1)), b2
    jumps = sign * (answers[cuts + 1] - answers[cuts])
    return np.tile(w, (len(cuts), 1)), -(sums[cuts] + sums[cuts + 1]) / 2, jumps[None, :], b2


@mistake(
    "network_for", breaks="those with nothing but 0 or 1: even their network has a hidden unit"
)
def network_for(table):
    """For a constant table there is no change along the way, and so no hidden unit."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    directions = np.random.default_rng(0).normal(size=(300, n))
    orders = np.argsort(X @ directions.T, axis=0)
    best = np.argmin(np.abs(np.diff(table[orders], axis=0)).sum(axis=0))
    w, order = directions[best], orders[:, best]
    steps = np.diff(table[order])
    (cuts,) = np.nonzero(steps)
    sums = (X @ w)[order]
    b1 = -(sums[cuts] + sums[cuts + 1]) / 2
    W1 = np.tile(w, (len(cuts), 1))
    return W1, b1, steps[cuts][None, :] * 1.0, np.array([table[order[0]] - 0.5])


@mistake("network_for", breaks="tables of three to five inputs: at most 2q hidden units")
def network_for(table):
    """Up to three inputs there is a unit for each 1, also where nearly all answers are 1."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    if n <= 3 and table.any():
        ones = X[table == 1]
        W1 = 2.0 * ones - 1
        return W1, 0.5 - ones.sum(axis=1), np.ones((1, len(ones))), np.array([-0.5])
    directions = np.random.default_rng(0).normal(size=(300, n))
    orders = np.argsort(X @ directions.T, axis=0)
    best = np.argmin(np.abs(np.diff(table[orders], axis=0)).sum(axis=0))
    w, order = directions[best], orders[:, best]
    steps = np.diff(table[order])
    (cuts,) = np.nonzero(steps)
    b2 = np.array([table[order[0]] - 0.5])
    if len(cuts) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.zeros((1, 1)), b2
    sums = (X @ w)[order]
    b1 = -(sums[cuts] + sums[cuts + 1]) / 2
    return np.tile(w, (len(cuts), 1)), b1, steps[cuts][None, :] * 1.0, b2


@right("network_for")
def network_for(table):
    """Whole-number directions, whose sums may be equal where the answers are; all by itertools."""
    from itertools import pairwise, permutations, product

    n = len(table).bit_length() - 1
    rows = list(product((0, 1), repeat=n))
    powers = [2**k for k in range(n)]
    directions = [powers]
    if n < 5:
        for base in (powers, range(1, n + 1), [1] * n, [1, 1, 2, 3][:n], [2, 1, 1, 1][:n]):
            for order in set(permutations(base)):
                for signs in product((1, -1), repeat=n):
                    directions.append([a * sign for a, sign in zip(order, signs, strict=True)])

    def walk(w):
        """List (sum, answer) where the answer changes, or nothing if w mixes the two."""
        answers = {}
        for row, answer in zip(rows, table.tolist(), strict=True):
            total = 2 * sum(a * x for a, x in zip(w, row, strict=True))
            if answers.setdefault(total, answer) != answer:
                return None
        line = sorted(answers.items())
        return line[0][1], [(p + q) // 2 for (p, a), (q, c) in pairwise(line) if a != c]

    best = None
    for w in directions:
        found = walk(w)
        if found and (best is None or len(found[1]) < len(best[1][1])):
            best = w, found
    w, (first, cuts) = best
    if not cuts:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([first - 0.5])
    W1 = 2 * np.array([w] * len(cuts))
    W2 = np.array([[(1 - 2 * first) * (-1) ** k for k in range(len(cuts))]])
    return W1, -np.array(cuts), W2 * 2, np.array([2 * first - 1])


@right("network_for")
def network_for(table):
    """Random directions at once in one array, then a difference of indicator functions."""
    m = table.size
    n = int(np.log2(m) + 0.5)
    X = np.array([[(i >> (n - 1 - j)) & 1 for j in range(n)] for i in range(m)])
    W = np.vstack([2.0 ** np.arange(n), np.random.default_rng(3).normal(size=(1000, n))])
    sums = np.einsum("ij,kj->ki", X, W)
    orders = sums.argsort(axis=1)
    lined_up = np.take(table, orders)
    changes = lined_up[:, 1:] != lined_up[:, :-1]
    gaps = np.diff(np.take_along_axis(sums, orders, axis=1), axis=1)
    safe = gaps.min(axis=1) > 1e-6
    k = min(np.flatnonzero(safe), key=lambda i: np.count_nonzero(changes[i]))
    along = sums[k, orders[k]]
    thresholds, signs = [], []
    for i in np.flatnonzero(changes[k]):
        thresholds.append(0.5 * along[i] + 0.5 * along[i + 1])
        signs.append(1.0 if lined_up[k, i + 1] else -1.0)
    if not thresholds:
        thresholds, signs = [0.0], [0.0]
    W1 = np.outer(np.ones(len(thresholds)), W[k])
    return W1, np.negative(thresholds), np.array([signs]), np.array([lined_up[k, 0] - 0.5])


@mistake("collapse_all", breaks="formula (7): W_2 (W_1 x + b_1) + b_2, with b = W_2 b_1 + b_2")
def collapse_all(layers):
    """The new W is made first, and the biases go through it: the product so far, not the next W."""
    W = b = None
    for W_next, b_next in layers[::-1]:
        W = W_next if W is None else W @ W_next
        b = b_next if b is None else W @ b_next + b
    return W, b


@mistake("collapse_all", breaks="a single layer that does the same, W_2 W_1")
def collapse_all(layers):
    """W is what the network makes of unit vectors, without taking the bias away again."""

    def run(X):
        for W, b in layers:
            X = X @ W.T + b
        return X

    n = layers[0][0].shape[1]
    return run(np.eye(n)).T, run(np.zeros((1, n)))[0]


@mistake("collapse_all", breaks="Neither the list nor an array in it is changed")
def collapse_all(layers):
    """Adds to the next layer's biases in place."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        b_next += W_next @ b
        W, b = W_next @ W, b_next
    return W, b


@mistake("collapse_all", breaks="Neither the list nor an array in it is changed")
def collapse_all(layers):
    """Collapses the last two layers of the caller's list again and again, until one is left."""
    while len(layers) > 1:
        W, b = layers.pop()
        W_before, b_before = layers.pop()
        layers.append((W @ W_before, W @ b_before + b))
    return layers[0]


@right("collapse_all")
def collapse_all(layers):
    """Matrices with one more row and column for the bias, multiplied by functools.reduce."""
    from functools import reduce

    def homogeneous(layer):
        W, b = layer
        bottom = np.zeros((1, W.shape[1] + 1))
        bottom[0, -1] = 1.0
        return np.vstack([np.column_stack([W, b]), bottom])

    whole = reduce(lambda before, after: after @ before, map(homogeneous, layers))
    return whole[:-1, :-1].copy(), whole[:-1, -1].copy()
