"""Held-out answers to stage 3: read as source, never imported."""

import numpy as np


@mistake("quadratic_features", breaks="x1, x2, x1², x1·x2 and x2² of a point, in this order")
def quadratic_features(X):
    """The two squares come before the product."""
    return np.column_stack([X, X**2, X[:, 0] * X[:, 1]])


@mistake("quadratic_features", breaks="X: The points, in rows. Not changed.")
def quadratic_features(X):
    """The squares are made in the caller's array."""
    x1, x2 = X.T.copy()
    X *= X
    return np.column_stack([x1, x2, X[:, 0], x1 * x2, X[:, 1]])


@mistake("quadratic_features", breaks="returned stays as it is when it is called again")
def quadratic_features(X):
    """The result is kept and filled again in the next call with as many points."""
    kept = quadratic_features.__dict__.setdefault("kept", {})
    features = kept.setdefault(len(X), np.empty((len(X), 5)))
    features[:, :2] = X
    features[:, 2:4] = X * X[:, :1]
    features[:, 4] = X[:, 1] ** 2
    return features


@mistake("quadratic_features", breaks="returns ndarray of shape (m, 5): a row for each point")
def quadratic_features(X):
    """A dict with the points as keys: a point that is given twice has one row only."""
    rows = {(x1, x2): (x1, x2, x1 * x1, x1 * x2, x2 * x2) for x1, x2 in X}
    return np.array(list(rows.values()))


@right("quadratic_features")
def quadratic_features(X):
    """All products of the point (1, x1, x2) with itself by einsum, then five of the nine."""
    ones = np.ones((X.shape[0], 1), dtype=X.dtype)
    longer = np.concatenate((ones, X), axis=1)
    products = np.einsum("ki,kj->kij", longer, longer)
    return products[:, [0, 0, 1, 1, 2], [1, 2, 1, 2, 2]]


@mistake("learnable_boolean_functions", breaks="that takes 12 epochs at the most; allow 25")
def learnable_boolean_functions(n_inputs):
    """Only ten epochs are allowed."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if fit(X, y, 10)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="in ascending order of their numbers")
def learnable_boolean_functions(n_inputs):
    """The tables are in the order of how many 1s they have."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    found = [y for y in tables if fit(X, y, 25)[2][-1] == 0]
    return np.array(sorted(found, key=lambda y: (y.sum(), y.tolist())))


@mistake("learnable_boolean_functions", breaks="training reaches an epoch without a mistake")
def learnable_boolean_functions(n_inputs):
    """It is enough if the last epoch has fewer mistakes than the first."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    found = []
    for y in tables:
        mistakes = fit(X, y, 25)[2]
        if mistakes[-1] == 0 or mistakes[-1] < mistakes[0]:
            found.append(y)
    return np.array(found)


@right("learnable_boolean_functions")
def learnable_boolean_functions(n_inputs):
    """No training: all perceptrons with small whole numbers, and a set of what they say."""
    from itertools import product

    rows = list(product((0, 1), repeat=n_inputs))
    tables = set()
    for *w, b in product(range(-3, 4), repeat=n_inputs + 1):
        sums = [sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b for x in rows]
        tables.add(tuple(1 if s >= 0 else 0 for s in sums))
    return np.array(sorted(tables))


@mistake("find_cycle", breaks="the weights and the bias are those of an earlier epoch's end")
def find_cycle(X, y, max_epochs):
    """The bias is no part of the state."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [tuple(w)]
    for _ in range(max_epochs):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        if tuple(w) in seen:
            start = seen.index(tuple(w))
            return start, len(seen) - start
        seen.append(tuple(w))
    return None


@mistake("find_cycle", breaks="None if an epoch without a mistake ends the training")
def find_cycle(X, y, max_epochs):
    """An epoch without a mistake is taken for a cycle of length 1."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w, b)]
    for _ in range(max_epochs):
        w, b, _ = run_epoch(w, b, X, y)
        state = (*w, b)
        if state in seen:
            start = seen.index(state)
            return start, len(seen) - start
        seen.append(state)
    return None


@mistake("find_cycle", breaks="start + length is no more than max_epochs")
def find_cycle(X, y, max_epochs):
    """Goes on until there are more states than max_epochs, which is one epoch too many."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, []
    while len(seen) <= max_epochs + 1:
        state = (*w.tolist(), float(b))
        if state in seen:
            start = seen.index(state)
            return start, len(seen) - start
        seen.append(state)
        w, b, wrong = run_epoch(w, b, X, y)
        if not wrong:
            return None
    return None


@mistake("find_cycle", breaks="None if an epoch without a mistake ends the training")
def find_cycle(X, y, max_epochs):
    """That the very first epoch may have no mistake is forgotten."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = {(*w.tolist(), b): 0}
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        state = (*w.tolist(), float(b))
        if wrong == 0 and epoch > 1:
            return None
        if state in seen:
            return seen[state], epoch - seen[state]
        seen[state] = epoch
    return None


@mistake("find_cycle", breaks="the first time that they are those of an earlier epoch's end")
def find_cycle(X, y, max_epochs):
    """Only the last ten states are remembered, so longer cycles are not found."""
    from collections import deque

    w, b = np.zeros(X.shape[1]), 0.0
    recent = deque([(*w.tolist(), b)], maxlen=10)
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in recent:
            length = len(recent) - recent.index(state)
            return epoch - length, length
        recent.append(state)
    return None


@mistake("find_cycle", breaks="(w, b) after s + p epochs = (w, b) after s epochs")
def find_cycle(X, y, max_epochs):
    """Of the weights only the length is compared: (3, -4) and (5, 0) are the same."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(0.0, 0.0)]
    for _ in range(max_epochs):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        state = (float(np.sqrt(w @ w)), float(b))
        if state in seen:
            return seen.index(state), len(seen) - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="start: the number of epochs before they came up first")
def find_cycle(X, y, max_epochs):
    """Waits for the zeros, or else for the state after the second epoch, to come back."""
    w, b = np.zeros(X.shape[1]), 0.0
    states = [(*w.tolist(), b)]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        states.append((*w.tolist(), float(b)))
        for start in (0, 2):
            if start < epoch and states[start] == states[-1]:
                return start, epoch - start
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """Lists of Python integers, a dict from state to epoch, and a recursion in place of a loop."""
    rows, labels = [[int(v) for v in x] for x in X], [int(label) for label in y]

    def epoch_from(state):
        *w, b = state
        wrong = 0
        for x, label in zip(rows, labels, strict=True):
            said = int(sum(map(int.__mul__, w, x)) + b >= 0)
            if said != label:
                w = [wi + (label - said) * xi for wi, xi in zip(w, x, strict=True)]
                b += label - said
                wrong += 1
        return (*w, b), wrong

    state, first_seen = (0,) * (X.shape[1] + 1), {}
    for k in range(max_epochs + 1):
        if state in first_seen:
            return first_seen[state], k - first_seen[state]
        first_seen[state] = k
        state, wrong = epoch_from(state)
        if not wrong:
            return None
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """All states in a matrix; each new row is compared with the rows before it."""
    n = X.shape[1]
    states = np.zeros((1, n + 1))
    while len(states) <= max_epochs:
        w, b, wrong = run_epoch(states[-1, :n].copy(), float(states[-1, n]), X, y)
        if wrong == 0:
            break
        same = np.flatnonzero((states == np.append(w, b)).all(axis=1))
        if same.size:
            return int(same[0]), int(len(states) - same[0])
        states = np.vstack([states, np.append(w, b)])
    return None


@mistake("perceptron_layer", breaks="exactly 0 is a 1, anything below is a 0")
def perceptron_layer(W, b, X):
    """A sum of exactly 0 gives a 0."""
    return (X @ W.T + b > 0).astype(int)


@mistake("perceptron_layer", breaks="anything below is a 0, however close to 0")
def perceptron_layer(W, b, X):
    """Decides by a sigmoid, which is exactly one half for sums just below 0."""
    return (1 / (1 + np.exp(-(X @ W.T + b))) >= 0.5).astype(int)


@mistake("perceptron_layer", breaks="anything below is a 0; floats and integers in one call")
def perceptron_layer(W, b, X):
    """The sums are kept in the type of X: with whole inputs -0.5 becomes a 0."""
    Z = np.zeros((len(X), len(W)), dtype=X.dtype)
    for j in range(len(W)):
        Z[:, j] = X @ W[j] + b[j]
    return (Z >= 0).astype(int)


@mistake("perceptron_layer", breaks="float64, int64; in one call there may be both")
def perceptron_layer(W, b, X):
    """Adds the bias in place: an error if W and X are whole numbers and b is not."""
    Z = X @ W.T
    Z += b
    return (Z >= 0).astype(int)


@mistake("perceptron_layer", breaks="row j of W belongs to perceptron j")
def perceptron_layer(W, b, X):
    """W is only transposed if the shapes do not fit without it: wrong for a square W."""
    if X.shape[1] != W.shape[0]:
        W = W.T
    return (X @ W + b >= 0).astype(int)


@right("perceptron_layer")
def perceptron_layer(W, b, X):
    """An array of answers filled in place, one unit at a time, and the signs by np.signbit."""
    H = np.ones((X.shape[0], W.shape[0]), dtype=np.int64)
    for j, (weights, bias) in enumerate(zip(W, b, strict=True)):
        sums = np.full(X.shape[0], 0.0)
        for column, weight in zip(X.T, weights, strict=True):
            sums = sums + weight * column
        H[np.signbit(sums + bias + 0.0), j] = 0
    return H


@mistake("xor_network", breaks="right for points up to 0.2 away from those of a corner")
def xor_network(X):
    """The weights are those that fit finds at the corners, without any room to spare."""
    X_bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    w_or, b_or, _ = fit(X_bits, np.array([0, 1, 1, 1]), 50)
    w_nand, b_nand, _ = fit(X_bits, np.array([1, 1, 1, 0]), 50)
    H = np.column_stack([predict(w_or, b_or, X), predict(w_nand, b_nand, X)])
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@mistake("xor_network", breaks="two hidden perceptrons")
def xor_network(X):
    """OR and AND by the larger and the smaller coordinate: their boundaries have a corner."""
    H = np.column_stack([X.max(axis=1) >= 0.5, X.min(axis=1) >= 0.5]).astype(int)
    return H, predict(np.array([1.0, -1.0]), -0.5, H)


@mistake("xor_network", breaks="a network of three perceptrons: the third one, too")
def xor_network(X):
    """The third asks whether the two differ, and with lines that cross there are all four pairs."""
    H = np.column_stack([X.sum(axis=1) >= 0.5, X[:, 0] + 0.7 * X[:, 1] >= 1.35]).astype(int)
    return H, (H[:, 0] != H[:, 1]).astype(int)


@mistake("xor_network", breaks="a third one that looks at nothing but their two answers")
def xor_network(X):
    """The third looks at the inputs, too: x1 + x2 - 2 AND - 0.5."""
    H = np.column_stack([X.sum(axis=1) >= 0.5, X.sum(axis=1) >= 1.5]).astype(int)
    return H, (X.sum(axis=1) - 2 * H[:, 1] - 0.5 >= 0).astype(int)


@right("xor_network")
def xor_network(X):
    """Two parallel slanting strips: x1 without x2, x2 without x1, and an OR, point by point."""

    def unit(weights, bias, point):
        return 1 if bias + sum(w * v for w, v in zip(weights, point, strict=True)) >= 0 else 0

    hidden = [(unit((2, -2), -1, point), unit((-2, 2), -1, point)) for point in X]
    outputs = [unit((3, 3), -2, pair) for pair in hidden]
    return np.array(hidden, dtype=int).reshape(-1, 2), np.array(outputs, dtype=int)


@mistake("network_for", breaks="Rare answers: at most 2q hidden units")
def network_for(table):
    """A hidden unit for each 1 of the table, also where the 0 is rare."""
    n = len(table).bit_length() - 1
    rows = binary_digits(np.flatnonzero(table), n)
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-1.0])
    W1 = 2.0 * rows - 1
    return W1, 0.5 - rows.sum(axis=1), np.ones((1, len(rows))), np.array([-0.5])


@mistake("network_for", breaks="Thrift: at most 6 hidden units on average")
def network_for(table):
    """A unit for each row with the rarer answer: eight for a table with eight 1s."""
    n = len(table).bit_length() - 1
    rare = int(table.sum() <= len(table) / 2)
    rows = binary_digits(np.flatnonzero(table == rare), n)
    sign = 1.0 if rare else -1.0
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-sign])
    W1 = 2.0 * rows - 1
    return W1, 0.5 - rows.sum(axis=1), np.full((1, len(rows)), sign), np.array([-0.5 * sign])


@mistake("network_for", breaks="Thrift: at most 6 hidden units on average")
def network_for(table):
    """A unit for each change of the answer in the table's own order, with no search."""
    n = len(table).bit_length() - 1
    at = np.flatnonzero(np.diff(table)) + 1
    if len(at) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    W1 = np.tile(2.0 ** np.arange(n)[::-1], (len(at), 1))
    W2 = (table[at] - table[at - 1])[None, :]
    return W1, 0.5 - at, W2, np.array([table[0] - 0.5])


@mistake("network_for", breaks="Every row is right: all those of one and two inputs")
def network_for(table):
    """With one input, every table that is not constant is taken for the input itself."""
    from itertools import permutations, product

    n = len(table).bit_length() - 1
    if table.min() == table.max():
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    if n == 1:
        return np.array([[1.0]]), np.array([-0.5]), np.array([[1.0]]), np.array([-0.5])
    best = None
    for powers in permutations(2.0 ** np.arange(n)):
        for signs in product((1, -1), repeat=n):
            w = np.array(powers) * signs
            heights = binary_digits(range(2**n), n) @ w
            order = np.argsort(heights)
            steps = np.diff(table[order])
            at = np.flatnonzero(steps)
            if best is None or len(at) < len(best[1]):
                best = w, 0.5 - heights[order][at + 1], steps[at], table[order[0]]
    w, b1, steps, first = best
    return np.tile(w, (len(b1), 1)), b1, steps[None, :] * 1.0, np.array([first - 0.5])


@mistake("network_for", breaks="Rare answers, of three to five inputs: at most 2q hidden units")
def network_for(table):
    """Turns the table around only if more than nine in ten are 1: not with one 0 of eight."""
    from itertools import product

    n = len(table).bit_length() - 1
    if table.min() == table.max():
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    X = binary_digits(range(2**n), n)
    turned = table.mean() > 0.9
    wanted = (1 - table if turned else table) == 1
    cubes = []
    for w in product((-1, 0, 1), repeat=n):
        w = np.array(w)
        inside = X @ w == np.sum(w == 1)
        if not np.any(inside & ~wanted):
            cubes.append((w, inside))
    chosen, left = [], wanted.copy()
    while left.any():
        w, inside = max(cubes, key=lambda cube: np.sum(cube[1] & left))
        chosen.append(w)
        left &= ~inside
    W1 = np.array(chosen) * 1.0
    sign = -1.0 if turned else 1.0
    return W1, 0.5 - np.sum(W1 == 1, axis=1), np.full((1, len(W1)), sign), np.array([-sign / 2])


@mistake("network_for", breaks="returned stays as it is when it is called again")
def network_for(table):
    """W1 is a piece of an array that the next call fills again."""
    n = len(table).bit_length() - 1
    store = network_for.__dict__.setdefault("store", np.zeros((32, 5)))
    X, rng = binary_digits(range(2**n), n), np.random.default_rng(0)
    best = None
    for _ in range(400):
        w = rng.normal(size=n)
        heights = X @ w
        order = np.argsort(heights)
        steps = np.diff(table[order])
        at = np.flatnonzero(steps)
        if best is None or len(at) < len(best[1]):
            middles = (heights[order][at] + heights[order][at + 1]) / 2
            best = w, -middles, steps[at] * 1.0, table[order[0]] - 0.5
    w, b1, steps, first = best
    if len(b1) == 0:
        b1, steps = np.zeros(1), np.zeros(1)
    W1 = store[: len(b1), :n]
    W1[:] = w
    return W1, b1, steps[None, :], np.array([first])


@right("network_for")
def network_for(table):
    """The fewest cubes that a greedy choice finds, of the answers or of their opposites."""
    from itertools import product

    n = len(table).bit_length() - 1
    full = range(len(table))

    def cover(answer):
        wanted = {row for row in full if table[row] == answer}
        cubes = []
        for pattern in product("01*", repeat=n):
            rows = [""]
            for sign in pattern:
                rows = [row + bit for row in rows for bit in ("01" if sign == "*" else sign)]
            inside = {int(row, 2) for row in rows}
            if inside <= wanted:
                cubes.append((pattern, inside))
        chosen = []
        while wanted:
            pattern, inside = max(cubes, key=lambda cube: len(cube[1] & wanted))
            wanted -= inside
            chosen.append(pattern)
        return chosen

    answer = min((0, 1), key=lambda one: (np.sum(table == one) > len(table) / 2, len(cover(one))))
    patterns = cover(answer) or [("0",) * n]
    idle = not np.any(table == answer)
    W1 = np.array([[{"0": -1.0, "1": 1.0, "*": 0.0}[s] for s in p] for p in patterns])
    b1 = np.array([0.5 - p.count("1") for p in patterns])
    sign = 1.0 if answer else -1.0
    W2 = np.zeros((1, len(patterns))) if idle else np.full((1, len(patterns)), sign)
    return W1, b1, W2, np.array([-0.5 * sign])


@right("network_for")
def network_for(table):
    """Whole numbers only: of many directions the one along which the answer changes least."""
    from itertools import product

    answers = table.tolist()
    n = len(answers).bit_length() - 1
    rows = list(product((0, 1), repeat=n))
    rng = np.random.default_rng(12)

    def changes(direction):
        levels = {}
        for row, answer in zip(rows, answers, strict=True):
            height = sum(d * bit for d, bit in zip(direction, row, strict=True))
            if levels.setdefault(height, answer) != answer:
                return None
        heights = sorted(levels)
        return levels[heights[0]], [
            (height, levels[height] - levels[before])
            for before, height in zip(heights, heights[1:], strict=False)
            if levels[height] != levels[before]
        ]

    best, towards = changes([2**k for k in range(n)]), [2**k for k in range(n)]
    for _ in range(600):
        direction = rng.integers(-9, 10, size=n).tolist()
        found = changes(direction)
        if found is not None and len(found[1]) < len(best[1]):
            best, towards = found, direction
    first, steps = best
    steps = steps or [(0, 0)]
    W1 = np.array([towards for _ in steps])
    b1 = np.array([-height for height, _ in steps])
    return W1, b1, np.array([[step for _, step in steps]]), np.array([first - 1])


@mistake("collapse_all", breaks="formula (7): W2 b1 + b2")
def collapse_all(layers):
    """W is replaced first, so the bias is multiplied with the product and not with the next W."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W_next @ W
        b = W @ b + b_next
    return W, b


@mistake("collapse_all", breaks="Neither the list nor an array in it is changed")
def collapse_all(layers):
    """The layers are taken out of the caller's list."""
    W, b = layers.pop()
    while layers:
        W_before, b_before = layers.pop()
        b = W @ b_before + b
        W = W @ W_before
    return W, b


@mistake("collapse_all", breaks="into a single layer that does the same")
def collapse_all(layers):
    """What comes out of each step is rounded to six decimals."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = np.round(W_next @ W, 6), np.round(W_next @ b + b_next, 6)
    return W, b


@right("collapse_all")
def collapse_all(layers):
    """Each layer as one matrix with a last row 0 ... 0 1, multiplied from the last to the first."""
    from functools import reduce

    def square(layer):
        W, b = layer
        n_out, n_in = W.shape
        return np.block([[W, b[:, None]], [np.zeros((1, n_in)), np.ones((1, 1))]])

    whole = reduce(np.matmul, [square(layer) for layer in reversed(layers)])
    return whole[:-1, :-1].copy(), whole[:-1, -1].copy()
