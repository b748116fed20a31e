"""Held-out answers to stage 3: read as source, never imported."""

import numpy as np


@mistake("quadratic_features", breaks="In each row x1, x2, x1², x1·x2 and x2², in this order")
def quadratic_features(X):
    """The two squares come before the product."""
    x1, x2 = X.T
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


@mistake("quadratic_features", breaks="ndarray of shape (m, 5), for one point as well")
def quadratic_features(X):
    """A single point gets a flat array of five numbers."""
    x1, x2 = X[:, [0]], X[:, [1]]
    return np.squeeze(np.hstack([x1, x2, x1 * x1, x1 * x2, x2 * x2]))


@mistake("quadratic_features", breaks="shape (m, 5): in each row the monomials of a point")
def quadratic_features(X):
    """Points are collected in a dict, so that a point that occurs twice has only one row."""
    rows = {(x1, x2): [x1, x2, x1 * x1, x1 * x2, x2 * x2] for x1, x2 in X.tolist()}
    return np.array(list(rows.values()))


@mistake("quadratic_features", breaks="X: the points, in rows. Not changed.")
def quadratic_features(X):
    """The squares are taken in place, in the array of the caller."""
    linear = X.copy()
    product = X[:, :1] * X[:, 1:]
    X *= X
    return np.hstack([linear, X[:, :1], product, X[:, 1:]])


@right("quadratic_features")
def quadratic_features(X):
    """All products of pairs by einsum, of which the upper triangle is kept."""
    outer = np.einsum("mi,mj->mij", X, X)
    rows, columns = np.triu_indices(2)
    return np.concatenate([X, outer[:, rows, columns]], axis=1)


@mistake("learnable_boolean_functions", breaks="in ascending order of their numbers")
def learnable_boolean_functions(n_inputs):
    """The digits of the tables are read from right to left, so their order is another one."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))[:, ::-1]
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="With up to three inputs that takes 12 epochs")
def learnable_boolean_functions(n_inputs):
    """Ten epochs are allowed, too few for some tables of three inputs."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if 0 in fit(X, y, 10)[2]])


@mistake("learnable_boolean_functions", breaks="the order in which one counts in binary")
def learnable_boolean_functions(n_inputs):
    """The inputs are in the order of how many ones they have, which differs for three inputs."""
    from itertools import product

    X = np.array(sorted(product([0, 1], repeat=n_inputs), key=sum))
    tables = product([0, 1], repeat=len(X))
    return np.array([y for y in tables if fit(X, np.array(y), 25)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="ndarray of int, shape (k, 2**n_inputs): the tables")
def learnable_boolean_functions(n_inputs):
    """The numbers of the functions are returned, not their tables."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([k for k, y in enumerate(tables) if fit(X, y, 25)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="learnable: reaches an epoch without a mistake")
def learnable_boolean_functions(n_inputs):
    """The functions never and always are left out as trivial."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(1, 2 ** len(X) - 1), len(X))
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@right("learnable_boolean_functions")
def learnable_boolean_functions(n_inputs):
    """Recursion over the rows of the table, with a training loop of its own."""
    n_rows = 2**n_inputs
    X = [[1 if row & (1 << k) else 0 for k in reversed(range(n_inputs))] for row in range(n_rows)]

    def learnt(table):
        weights = [0] * (n_inputs + 1)
        for _ in range(25):
            clean = True
            for bits, answer in zip(X, table, strict=True):
                row = (*bits, 1)
                says = int(sum(a * c for a, c in zip(weights, row, strict=True)) >= 0)
                if says != answer:
                    clean = False
                    weights = [a + (answer - says) * c for a, c in zip(weights, row, strict=True)]
            if clean:
                return True
        return False

    def grow(table):
        if len(table) < n_rows:
            return grow((*table, 0)) + grow((*table, 1))
        return [table] if learnt(table) else []

    return np.array(grow(()), dtype=int)


@mistake(
    "find_cycle", breaks="the first time that the weights and the bias are those of an earlier"
)
def find_cycle(X, y, max_epochs):
    """Only the weights are compared, and the bias is forgotten."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [tuple(w)]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        if tuple(w) in seen:
            start = seen.index(tuple(w))
            return start, epoch - start
        seen.append(tuple(w))
    return None


@mistake("find_cycle", breaks="start is the number of epochs before they came up first")
def find_cycle(X, y, max_epochs):
    """A slow and a fast runner: the place where they meet is taken for the start."""
    slow = fast = (np.zeros(X.shape[1]), 0.0)
    for start in range(1, max_epochs + 1):
        slow = run_epoch(*slow, X, y)[:2]
        for _ in range(2):
            *fast, wrong = run_epoch(*fast, X, y)
            if wrong == 0:
                return None
        if np.array_equal(slow[0], fast[0]) and slow[1] == fast[1]:
            break
    else:
        return None
    for length in range(1, max_epochs - start + 1):
        fast = run_epoch(*fast, X, y)[:2]
        if np.array_equal(slow[0], fast[0]) and slow[1] == fast[1]:
            return start, length
    return None


@mistake("find_cycle", breaks="max_epochs: the largest number of epochs that count")
def find_cycle(X, y, max_epochs):
    """Gives up after a hundred epochs, however many may be used."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for epoch in range(1, min(max_epochs, 100) + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        state = (*w.tolist(), float(b))
        if wrong == 0:
            return None
        if state in seen:
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="(w, b)_{s+p} = (w, b)_s; you may compare them with ==")
def find_cycle(X, y, max_epochs):
    """States count as the same when np.allclose says so, which large weights often are."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [np.append(w, b)]
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        for start, state in enumerate(seen):
            if np.allclose(state, np.append(w, b)):
                return start, epoch - start
        seen.append(np.append(w, b))
    return None


@mistake(
    "find_cycle", breaks="the first time that the weights and the bias are those of an earlier"
)
def find_cycle(X, y, max_epochs):
    """The weights are updated in place, and the list holds the same array again and again."""
    w, b = np.zeros(X.shape[1]), 0
    seen = [(w, b)]
    for epoch in range(1, max_epochs + 1):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = int(label) - int(w @ x + b >= 0)
            if error:
                w += error * x
                b += error
                wrong += 1
        if wrong == 0:
            return None
        for start, (old_w, old_b) in enumerate(seen):
            if np.array_equal(old_w, w) and old_b == b:
                return start, epoch - start
        seen.append((w, b))
    return None


@mistake(
    "find_cycle", breaks="the first time that the weights and the bias are those of an earlier"
)
def find_cycle(X, y, max_epochs):
    """A state is written as one number in base 100, which mixes up states with large weights."""
    w, b, seen = np.zeros(X.shape[1]), 0, {0: 0}
    for epoch in range(1, max_epochs + 1):
        w, b, wrong = run_epoch(w, b, X, y)
        if wrong == 0:
            return None
        number = int(b)
        for weight in w:
            number = 100 * number + int(weight)
        if number in seen:
            return seen[number], epoch - seen[number]
        seen[number] = epoch
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """Brent's method with two states in memory; the start is found by a second run."""

    def step(state):
        w, b, wrong = run_epoch(np.array(state[:-1]), state[-1], X, y)
        return (*(float(one) for one in w), float(b)), wrong

    zeros = (0.0,) * (X.shape[1] + 1)
    power, length, slow = 1, 0, zeros
    fast = zeros
    for _ in range(4 * max_epochs + 4):
        if length == power:
            slow, power, length = fast, 2 * power, 0
        fast, wrong = step(fast)
        length += 1
        if wrong == 0:
            return None
        if fast == slow:
            break
    else:
        return None
    slow = fast = zeros
    for _ in range(length):
        fast = step(fast)[0]
    start = 0
    while slow != fast:
        slow, fast, start = step(slow)[0], step(fast)[0], start + 1
    return (start, length) if start + length <= max_epochs else None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """The given fit starts afresh for each number of epochs; a dict knows the states."""
    first = {}
    for epoch in range(max_epochs + 1):
        w, b, mistakes = fit(X, y, epoch)
        if mistakes and mistakes[-1] == 0:
            return None
        start = first.setdefault(np.append(w, b).astype(int).tobytes(), epoch)
        if start != epoch:
            return start, epoch - start


@mistake("perceptron_layer", breaks="exactly 0 is a 1")
def perceptron_layer(W, b, X):
    """A sum of exactly 0 has the sign 0 and becomes a 0."""
    return (np.sign(X @ W.T + b) > 0).astype(int)


@mistake("perceptron_layer", breaks="anything below is a 0, however close to 0")
def perceptron_layer(W, b, X):
    """The sums are kept in the type of X: with whole numbers in X, -0.5 becomes 0."""
    Z = np.zeros((len(X), len(W)), dtype=X.dtype)
    for i, x in enumerate(X):
        for j, w in enumerate(W):
            Z[i, j] = w @ x + b[j]
    return (Z >= 0).astype(int)


@mistake("perceptron_layer", breaks="Your functions get arrays of floats or of integers")
def perceptron_layer(W, b, X):
    """Fails for W and X of integers and b of floats, which cannot be added in place."""
    Z = X @ W.T
    Z += b
    return np.where(Z >= 0, 1, 0)


@mistake("perceptron_layer", breaks="anything below is a 0, however close to 0")
def perceptron_layer(W, b, X):
    """In single precision, where a sum like 1 - 1.000000001 is exactly 0."""
    W, b, X = (one.astype(np.float32) for one in (W, b, X))
    return (X @ W.T + b >= 0).astype(int)


@right("perceptron_layer")
def perceptron_layer(W, b, X):
    """A loop over the features adds up the sums, and what is negative is subtracted from 1."""
    sums = np.zeros((X.shape[0], W.shape[0]))
    for feature, weights in zip(X.T, W.T, strict=True):
        sums = sums + np.multiply.outer(feature, weights)
    return 1 - (sums + b[np.newaxis] < 0).astype(int)


@mistake("xor_network", breaks="also for every point whose coordinates are up to 0.2 away")
def xor_network(X):
    """The line of OR is too close to the corner (0, 0)."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.3, 1.5]), X)
    return H, predict(np.ones(2), -1.5, H)


@mistake("xor_network", breaks="a third one that looks at nothing but their two answers")
def xor_network(X):
    """The third answer is read off the rounded coordinates, not off the hidden answers."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), X)
    near_one = np.asarray(X) >= 0.5
    return H, (near_one[:, 0] != near_one[:, 1]).astype(int)


@mistake("xor_network", breaks="the XOR of the nearest corner, for points up to 0.2 away")
def xor_network(X):
    """The points are centred by their own mean, so an answer depends on the other points."""
    centred = X - X.mean(axis=0)
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([0.5, 0.5]), centred)
    return H, predict(np.ones(2), -1.5, H)


@mistake("xor_network", breaks="H: ndarray of int (not for True and False and not for floats)")
def xor_network(X):
    """The hidden answers have the type of X: for points of floats they are floats."""
    H = np.zeros_like(X)
    H[X.sum(axis=1) - 0.5 >= 0, 0] = 1
    H[1.5 - X.sum(axis=1) >= 0, 1] = 1
    return H, predict(np.ones(2), -1.5, H)


@right("xor_network")
def xor_network(X):
    """Two parallel lines along the diagonal, and an OR of the two sides."""
    H = np.empty((len(X), 2), dtype=int)
    y_hat = np.zeros(len(X), dtype=int)
    for i, (x1, x2) in enumerate(X):
        H[i] = (x1 - x2 - 0.5 >= 0, x2 - x1 - 0.5 >= 0)
        y_hat[i] = 1 if H[i, 0] + H[i, 1] - 0.5 >= 0 else 0
    return H, y_hat


@mistake("network_for", breaks="even their network has a hidden unit; n_hidden is at least 1")
def network_for(table):
    """A table with nothing but 0 or nothing but 1 gets no hidden unit."""
    n = len(table).bit_length() - 1
    X, rng, best = binary_digits(range(2**n), n), np.random.default_rng(0), None
    for a in rng.normal(size=(400, n)):
        sums = X @ a
        order = np.argsort(sums)
        answers, sums = table[order], sums[order]
        cuts = np.flatnonzero(np.diff(answers))
        if best is None or len(cuts) < len(best[1]):
            steps = np.diff(answers)[cuts].astype(float)
            b1 = -(sums[cuts] + sums[cuts + 1]) / 2
            best = np.tile(a, (len(cuts), 1)), b1, steps[None], np.array([answers[0] - 0.5])
    return best


@mistake("network_for", breaks="Rare answers: three to five inputs, at most 2q hidden units")
def network_for(table):
    """Tables of up to three inputs get a unit for every row, however rare one answer is."""
    n = len(table).bit_length() - 1
    X, rng, best = binary_digits(range(2**n), n), np.random.default_rng(0), None
    if n <= 3:
        return 2.0 * X - 1, 0.5 - X.sum(axis=1), 2.0 * table[None] - 1, np.zeros(1)
    for a in rng.normal(size=(400, n)):
        sums = X @ a
        order = np.argsort(sums)
        answers, sums = table[order], sums[order]
        cuts = np.flatnonzero(np.diff(answers))
        if best is None or len(cuts) < len(best[1]):
            steps = np.diff(answers)[cuts].astype(float)
            b1 = -(sums[cuts] + sums[cuts + 1]) / 2
            best = np.tile(a, (len(cuts), 1)), b1, steps[None], np.array([answers[0] - 0.5])
    if len(best[1]) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    return best


@mistake("network_for", breaks="60 random tables with eight 1s: at most 6 hidden units on average")
def network_for(table):
    """A hidden unit for each row of the rarer answer: eight units for eight 1s."""
    n = len(table).bit_length() - 1
    rarer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[table == rarer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.array([-1.0]), np.ones((1, 1)), np.array([0.5 - rarer])
    sign = 2.0 * rarer - 1
    W2, b2 = np.full((1, len(rows)), sign), np.array([-0.5 * sign])
    return 2.0 * rows - 1, 0.5 - rows.sum(axis=1), W2, b2


@mistake("network_for", breaks="for any truth table: every row is right")
def network_for(table):
    """The answer before the first change is taken to be 0, as if every table began with 0."""
    n = len(table).bit_length() - 1
    X, rng, best = binary_digits(range(2**n), n), np.random.default_rng(1), None
    for a in np.abs(rng.normal(size=(400, n))):
        sums = X @ a
        order = np.argsort(sums)
        answers, sums = table[order], sums[order]
        cuts = np.flatnonzero(np.diff(answers))
        if best is None or len(cuts) < len(best[1]):
            steps = np.diff(answers)[cuts].astype(float)
            b1 = -(sums[cuts] + sums[cuts + 1]) / 2
            best = np.tile(a, (len(cuts), 1)), b1, steps[None], np.array([-0.5])
    if len(best[1]) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    return best


@mistake("network_for", breaks="60 random tables with eight 1s: at most 6 hidden units on average")
def network_for(table):
    """The corners are lined up in one direction only, that of their numbers."""
    n = len(table).bit_length() - 1
    cuts = np.flatnonzero(np.diff(table))
    b2 = np.array([table[0] - 0.5])
    if len(cuts) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), b2
    W1 = np.tile(2.0 ** np.arange(n)[::-1], (len(cuts), 1))
    return W1, -(cuts + 0.5), np.diff(table)[cuts][None].astype(float), b2


@right("network_for")
def network_for(table):
    """Subcubes of one answer are hidden units; a greedy cover of the rarer or cheaper answer."""
    from itertools import product

    n = len(table).bit_length() - 1
    rows = list(product((0, 1), repeat=n))
    if min(table) == max(table):
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([int(table[0]) - 0.5])

    def cover(answer):
        wanted = {x for x, said in zip(rows, table, strict=True) if said == answer}
        cubes = []
        for signs in product((-1, 0, 1), repeat=n):
            inside = {
                x for x in rows if all(s == 0 or (s > 0) == (v == 1) for s, v in zip(signs, x))
            }
            if inside <= wanted:
                cubes.append((signs, inside))
        chosen = []
        while wanted:
            signs, inside = max(cubes, key=lambda cube: len(cube[1] & wanted))
            chosen.append(signs)
            wanted = wanted - inside
        return chosen

    zeros, ones = cover(0), cover(1)
    sign, chosen = (1.0, ones) if len(ones) <= len(zeros) else (-1.0, zeros)
    W1 = np.array(chosen, dtype=float)
    b1 = np.array([0.5 - signs.count(1) for signs in chosen])
    return W1, b1, np.full((1, len(chosen)), sign), np.array([-0.5 * sign])


@right("network_for")
def network_for(table):
    """Whole-number directions, ties allowed where the answers agree; sums are compared by 2x."""
    from itertools import groupby

    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    powers = 2 ** np.arange(n)
    tries = [powers, *np.random.default_rng(3).integers(-7, 8, size=(1200, n))]
    best = None
    for a in tries:
        pairs = sorted(zip((X @ a).tolist(), table.tolist(), strict=True))
        if any(len({said for _, said in group}) > 1 for _, group in groupby(pairs, lambda p: p[0])):
            continue
        changes = [
            (low[0] + high[0], high[1] - low[1])
            for low, high in zip(pairs, pairs[1:])
            if low[1] != high[1]
        ]
        if best is None or len(changes) < len(best[1]):
            best = a, changes, pairs[0][1]
    a, changes, begin = best
    changes = changes or [(1, 0)]
    W1 = np.array([2 * a for _ in changes])
    b1 = np.array([-twice for twice, _ in changes])
    W2 = np.array([[2 * step for _, step in changes]])
    return W1, b1, W2, np.array([2 * begin - 1])


@mistake("collapse_all", breaks="each time collapse what you have so far by (7): b = W2 b1 + b2")
def collapse_all(layers):
    """Only the first bias and the last are used, and those between are forgotten."""
    W, b = layers[0]
    for W_next, _ in layers[1:]:
        W, b = W_next @ W, W_next @ b
    return W, b + layers[-1][1] if len(layers) > 1 else b


@mistake("collapse_all", breaks="b = W2 b1 + b2, with W2 and not with W2 W1")
def collapse_all(layers):
    """Backwards, where W is already the new product when it meets the bias."""
    W, b = layers[-1]
    for W_before, b_before in reversed(layers[:-1]):
        W = W @ W_before
        b = b + W @ b_before
    return W, b


@mistake("collapse_all", breaks="a single layer that does the same")
def collapse_all(layers):
    """Small weights on the way are taken for rounding errors and set to 0."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
        W = np.where(np.abs(W) < 1e-8, 0.0, W)
    return W, b


@mistake("collapse_all", breaks="Neither the list nor an array in it is changed")
def collapse_all(layers):
    """From the last layer backwards, with the last layer's bias as the place of the sum."""
    W, b = layers[-1]
    for W_before, b_before in layers[-2::-1]:
        b += W @ b_before
        W = W @ W_before
    return W, b


@right("collapse_all")
def collapse_all(layers):
    """Each layer as one matrix with a last row 0 ... 0 1; a product from the right."""
    from functools import reduce

    def joined(W, b):
        M = np.zeros((W.shape[0] + 1, W.shape[1] + 1))
        M[:-1, :-1], M[:-1, -1], M[-1, -1] = W, b, 1.0
        return M

    M = reduce(np.matmul, (joined(W, b) for W, b in layers[::-1]))
    return M[:-1, :-1].copy(), M[:-1, -1].copy()
