"""Held-out answers to stage 3: read as source, never imported."""

import numpy as np


@mistake("quadratic_features", breaks="In each row x1, x2, x1², x1·x2 and x2², in this order")
def quadratic_features(X):
    """The product comes last, after the two squares."""
    x1, x2 = X.T
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


@mistake("quadratic_features", breaks="the fourth feature is x1·x2, for every point")
def quadratic_features(X):
    """The product is made from the square and the slope, which fails where x1 is 0."""
    x1, x2 = X[:, 0], X[:, 1]
    with np.errstate(all="ignore"):
        slope = x2 / x1
        return np.column_stack([x1, x2, x1**2, x1**2 * slope, x2**2])


@mistake("quadratic_features", breaks="ndarray of shape (m, 5): a row for each of the m points")
def quadratic_features(X):
    """The rows are collected in a dictionary, so a point that comes twice has one row only."""
    rows = {}
    for x1, x2 in X.tolist():
        rows[x1, x2] = [x1, x2, x1 * x1, x1 * x2, x2 * x2]
    return np.array(list(rows.values()))


@mistake("quadratic_features", breaks="X: the points, in rows. Not changed")
def quadratic_features(X):
    """The points are squared in place for the third and the fifth feature."""
    product = X[:, 0] * X[:, 1]
    plain = X.copy()
    X *= X
    return np.column_stack([plain, X[:, 0], product, X[:, 1]])


@right("quadratic_features")
def quadratic_features(X):
    """All products of two of (1, x1, x2) by einsum, and the upper triangle without its corner."""
    one = np.ones((X.shape[0], 1), dtype=X.dtype)
    longer = np.concatenate([one, X], axis=1)
    products = np.einsum("mi,mj->mij", longer, longer)
    rows, columns = np.triu_indices(3)
    return products[:, rows[1:], columns[1:]]


@mistake("learnable_boolean_functions", breaks="ndarray of int, shape (k, 2**n_inputs)")
def learnable_boolean_functions(n_inputs):
    """The tables are copied into an array of floats."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    found = np.empty((0, n_rows))
    for table in binary_digits(range(2**n_rows), n_rows):
        if fit(X, table, 25)[2][-1] == 0:
            found = np.vstack([found, table])
    return found


@mistake(
    "learnable_boolean_functions", breaks="learnable: training reaches an epoch with no mistake"
)
def learnable_boolean_functions(n_inputs):
    """Training is given up as soon as an epoch has more mistakes than the one before."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    found = []
    for table in binary_digits(range(2**n_rows), n_rows):
        w, b, before = np.zeros(n_inputs), 0.0, n_rows
        for _ in range(25):
            w, b, mistakes = run_epoch(w, b, X, table)
            if mistakes == 0:
                found.append(table)
            if mistakes == 0 or mistakes > before:
                break
            before = mistakes
    return np.array(found)


@mistake("learnable_boolean_functions", breaks="in ascending order of their numbers")
def learnable_boolean_functions(n_inputs):
    """Each table that is found goes to the front, so the order is descending."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    found = []
    for number in range(2**n_rows):
        table = binary_digits([number], n_rows)[0]
        if fit(X, table, 25)[2][-1] == 0:
            found.insert(0, table)
    return np.array(found)


@mistake(
    "learnable_boolean_functions", breaks="which of them can be learnt: e.g. x1 and not x2 can"
)
def learnable_boolean_functions(n_inputs):
    """Only functions that rise in all of their inputs or fall in all of them are kept."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    below = [(i, j) for i in range(n_rows) for j in range(n_rows) if (X[i] <= X[j]).all()]
    found = []
    for table in binary_digits(range(2**n_rows), n_rows):
        steps = [table[j] - table[i] for i, j in below]
        if min(steps) >= 0 or max(steps) <= 0:
            found.append(table)
    return np.array(found)


@right("learnable_boolean_functions")
def learnable_boolean_functions(n_inputs):
    """All tables are trained side by side in NumPy, in one batch of perceptrons."""
    n_rows = 2**n_inputs
    X = np.array(
        [[row >> place & 1 for place in reversed(range(n_inputs))] for row in range(n_rows)]
    )
    numbers = np.arange(2**n_rows)
    tables = np.stack([numbers // 2**place % 2 for place in range(n_rows - 1, -1, -1)], axis=1)
    W = np.zeros((len(numbers), n_inputs + 1), dtype=int)
    learnt = np.zeros(len(numbers), dtype=bool)
    for _ in range(25):
        clean = np.ones(len(numbers), dtype=bool)
        for row in range(n_rows):
            x = np.append(X[row], 1)
            errors = tables[:, row] - np.where(W @ x < 0, 0, 1)
            W += np.outer(errors, x)
            clean &= errors == 0
        learnt |= clean
    return tables[np.flatnonzero(learnt)]


@mistake("find_cycle", breaks="the weights and the bias are those of an earlier epoch's end")
def find_cycle(X, y, max_epochs):
    """The bias is left out of the comparison."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [tuple(w.tolist())]
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = tuple(w.tolist())
        if state in seen:
            start = seen.index(state)
            return start, epoch - start
        seen.append(state)
    return None


@mistake(
    "find_cycle", breaks="(w, b) after s + p epochs = (w, b) after s: all of the weights, exactly"
)
def find_cycle(X, y, max_epochs):
    """States are compared as printed: NumPy shortens long vectors and large numbers."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = {str(w) + str(float(b)): 0}
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = str(w) + str(float(b))
        if state in seen:
            return seen[state], epoch - seen[state]
        seen[state] = epoch
    return None


@mistake("find_cycle", breaks="max_epochs at least 1; (5) holds with s = 0, p = 1 after one epoch")
def find_cycle(X, y, max_epochs):
    """With a single epoch it is taken for granted that nothing can come back."""
    if max_epochs < 2:
        return None
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), b)]
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="(w, b) after s + p epochs = (w, b) after s, for any whole numbers")
def find_cycle(X, y, max_epochs):
    """A state is packed into one number, to base 100: larger weights run into each other."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [0]
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        code = 0
        for value in (*w.tolist(), b):
            code = 100 * code + int(value)
        if code in seen:
            return seen.index(code), epoch - seen.index(code)
        seen.append(code)
    return None


@mistake("find_cycle", breaks="y: their labels, 0 or 1. Not changed")
def find_cycle(X, y, max_epochs):
    """The labels become -1 and 1 in place, and are put back only when a cycle is found."""
    y *= 2
    y -= 1
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), b)]
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, sign in zip(X, y, strict=True):
            answer = 1 if w @ x + b >= 0 else -1
            if answer != sign:
                w, b, mistakes = w + sign * x, b + sign, mistakes + 1
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            y += 1
            y //= 2
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="start is the number of epochs before they came up FIRST")
def find_cycle(X, y, max_epochs):
    """All epochs are run, and the last state is looked for: start depends on max_epochs."""
    w, b = np.zeros(X.shape[1]), 0.0
    states = [(*w.tolist(), b)]
    for _ in range(max_epochs):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        states.append((*w.tolist(), float(b)))
    start = states.index(states[-1])
    if start == max_epochs:
        return None
    return start, states.index(states[-1], start + 1) - start


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """Whole Python numbers, the bias as one more weight, and a dictionary of the first times."""
    rows = [[*map(int, x), 1] for x in X]
    labels = [int(label) for label in y]
    state = (0,) * (X.shape[1] + 1)
    first = {state: 0}
    for epoch in range(1, max_epochs + 1):
        clean = True
        for row, label in zip(rows, labels, strict=True):
            total = sum(weight * value for weight, value in zip(state, row, strict=True))
            error = label - (total >= 0)
            if error:
                clean = False
                state = tuple(
                    weight + error * value for weight, value in zip(state, row, strict=True)
                )
        if clean:
            return None
        if first.setdefault(state, epoch) != epoch:
            return first[state], epoch - first[state]
    return None


@right("find_cycle")
def find_cycle(X, y, max_epochs):
    """A generator of states, rows of one large array, and a comparison of whole columns."""
    import itertools

    def ends():
        w, b, mistakes = np.zeros(X.shape[1]), 0.0, 1
        while mistakes:
            yield np.hstack([w, b])
            w, b, mistakes = run_epoch(w, b, X, y)

    table = np.empty((0, X.shape[1] + 1))
    for epoch, state in enumerate(itertools.islice(ends(), max_epochs + 1)):
        hits = np.flatnonzero(np.all(table == state, axis=1))
        if hits.size:
            return int(hits[0]), epoch - int(hits[0])
        table = np.vstack([table, state])
    return None


@mistake("perceptron_layer", breaks="h_j = 1 if the sum is >= 0")
def perceptron_layer(W, b, X):
    """A sum of exactly 0 says 0."""
    return (X @ W.T + b > 0).astype(int)


@mistake("perceptron_layer", breaks="W, b, X: any numbers; the sums are X Wᵀ + b")
def perceptron_layer(W, b, X):
    """The biases are added in place, which fails for whole W and X with fractions in b."""
    sums = X @ W.T
    sums += b
    return np.where(sums >= 0, 1, 0)


@mistake("perceptron_layer", breaks="column j belongs to perceptron j, with the bias b_j")
def perceptron_layer(W, b, X):
    """Biases go to the axis that has their number: the rows, with as many examples as units."""
    sums = X @ W.T
    bias = b[:, None] if sums.shape[0] == b.shape[0] else b
    return (sums + bias >= 0).astype(int)


@mistake("perceptron_layer", breaks="ndarray of int, shape (m, n_out)")
def perceptron_layer(W, b, X):
    """The step function of NumPy gives floats, and they are returned as they are."""
    return np.heaviside(X @ W.T + b, 1.0)


@right("perceptron_layer")
def perceptron_layer(W, b, X):
    """Column by column: each sum is gathered feature by feature, and the sign is looked up."""
    m, n_out = X.shape[0], W.shape[0]
    answers = np.ones((m, n_out), dtype=int)
    for j in range(n_out):
        sums = np.zeros(m)
        for k in range(W.shape[1]):
            sums = sums + X[:, k] * W[j, k]
        answers[sums + b[j] < 0, j] = 0
    return answers


@mistake("xor_network", breaks="also for every point up to 0.2 away from a corner")
def xor_network(X):
    """OR has the bias -1: right at the corners, with no room to spare."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-1.0, 1.5]), X)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@mistake("xor_network", breaks="perceptrons with fixed weights: a point's answer is its own")
def xor_network(X):
    """The points are centred on their own mean first, so an answer depends on the other points."""
    Z = X - X.mean(axis=0)
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([0.5, 0.5]), Z)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@mistake("xor_network", breaks="H: ndarray of int, 0 or 1")
def xor_network(X):
    """The hidden answers are filled into an array of floats."""
    H = np.zeros((len(X), 2))
    H[:, 0] = predict(np.array([1.0, 1.0]), -0.5, X)
    H[:, 1] = predict(np.array([-1.0, -1.0]), 1.5, X)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@mistake("xor_network", breaks="the third looks at nothing but their two answers")
def xor_network(X):
    """The third perceptron sees the inputs as well: x1 + x2 - 2 AND - 0.5."""
    H = perceptron_layer(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5]), X)
    return H, predict(np.array([1.0, 1.0, 0.0, -2.0]), -0.5, np.hstack([X, H]))


@mistake("xor_network", breaks="X: points of the plane. Not changed")
def xor_network(X):
    """Each point's coordinates are sorted in place, as XOR does not mind."""
    X.sort(axis=1)
    H = perceptron_layer(-np.eye(2), np.array([0.5, 0.5]), X)
    return H, predict(np.array([1.0, -1.0]), -0.5, H)


@right("xor_network")
def xor_network(X):
    """A hidden unit for each square, by the difference of the coordinates; an OR; in loops."""
    hidden, answers = [], []
    for x1, x2 in np.asarray(X).tolist():
        h = [1 if sign * (x1 - x2) >= 0.5 else 0 for sign in (1, -1)]
        hidden.append(h)
        answers.append(int(3 * h[0] + 3 * h[1] - 2 >= 0))
    return np.array(hidden, dtype=int).reshape(-1, 2), np.array(answers, dtype=int)


@mistake(
    "network_for", breaks="All tables count, those with nothing but 0 or nothing but 1 included"
)
def network_for(table):
    """With one input the answer is taken to be the input or its opposite, never a constant."""
    n = len(table).bit_length() - 1
    if n == 1:
        sign = 1.0 if table[0] == 0 else -1.0
        return np.array([[sign]]), np.array([-sign / 2]), np.array([[1.0]]), np.array([-0.5])
    X = binary_digits(range(2**n), n)
    rng = np.random.default_rng(0)
    best = None
    for _ in range(300):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        sums, y = (X @ w)[order], table[order]
        at = np.flatnonzero(y[1:] != y[:-1])
        if best is None or len(at) < len(best[1]):
            best = w, (sums[at] + sums[at + 1]) / 2, (y[at + 1] - y[at]).astype(float), y[0]
    w, cuts, steps, first = best
    if len(cuts) == 0:
        cuts, steps = np.zeros(1), np.zeros(1)
    return np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])


@mistake("network_for", breaks="one of the two answers rare, in q rows: at most 2q hidden units")
def network_for(table):
    """Which answer is rare is decided by 16 ones, half of 32, for tables of any length."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    if n == 4 and table.sum() == 8:
        rng = np.random.default_rng(2)
        best = None
        for _ in range(300):
            w = rng.normal(size=n)
            order = np.argsort(X @ w)
            sums, y = (X @ w)[order], table[order]
            at = np.flatnonzero(np.diff(y))
            if best is None or len(at) < len(best[1]):
                best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
        w, cuts, steps, first = best
        return np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])
    rare = 0 if table.sum() > 16 else 1
    chosen = X[table == rare]
    if len(chosen) == 0:
        return np.zeros((1, n)), -np.ones(1), np.zeros((1, 1)), np.array([0.5 - rare])
    W2 = np.full((1, len(chosen)), 1.0 if rare else -1.0)
    return 2.0 * chosen - 1, 0.5 - chosen.sum(axis=1), W2, np.array([-0.5 if rare else 0.5])


@mistake("network_for", breaks="the rows are binary_digits(range(2**n), n): x1 counts the most")
def network_for(table):
    """The rows are listed with x1 as the digit that changes fastest."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)[:, ::-1]
    rng = np.random.default_rng(3)
    best = None
    for _ in range(300):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        sums, y = (X @ w)[order], table[order]
        at = np.flatnonzero(np.diff(y))
        if best is None or len(at) < len(best[1]):
            best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
    w, cuts, steps, first = best
    if len(cuts) == 0:
        cuts, steps = np.zeros(1), np.zeros(1)
    return np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])


@mistake("network_for", breaks="table: Not changed")
def network_for(table):
    """A table in which 1 is the more frequent answer is turned round in place."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    sign = 1.0
    if 2 * table.sum() > len(table):
        table ^= 1
        sign = -1.0
    rng = np.random.default_rng(5)
    best = None
    for _ in range(300):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        sums, y = (X @ w)[order], table[order]
        at = np.flatnonzero(np.diff(y))
        if best is None or len(at) < len(best[1]):
            best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
    w, cuts, steps, first = best
    if len(cuts) == 0:
        cuts, steps = np.zeros(1), np.zeros(1)
    bias = sign * (first - 0.5)
    return np.tile(w, (len(cuts), 1)), -cuts, sign * steps[None, :], np.array([bias])


@mistake("network_for", breaks="nothing but 1: even their network has a hidden unit")
def network_for(table):
    """With three inputs and more, a table with nothing but 1 gets a hidden layer of no units."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    if not table.any():
        return np.zeros((1, n)), -np.ones(1), np.zeros((1, 1)), np.array([-0.5])
    if n <= 2:
        ones = X[table == 1]
        b1 = 0.5 - ones.sum(axis=1)
        rare = table.sum() == 3
        if not rare:
            return 2.0 * ones - 1, b1, np.ones((1, len(ones))), np.array([-0.5])
        zero = X[table == 0]
        return 2.0 * zero - 1, 0.5 - zero.sum(axis=1), -np.ones((1, 1)), np.array([0.5])
    rng = np.random.default_rng(6)
    best = None
    for _ in range(300):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        sums, y = (X @ w)[order], table[order]
        at = np.flatnonzero(np.diff(y))
        if best is None or len(at) < len(best[1]):
            best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
    w, cuts, steps, first = best
    return np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])


@right("network_for")
def network_for(table):
    """A greedy cover by faces of the cube, one unit for each, and an OR; of the rarer answer."""
    import itertools

    n = len(table).bit_length() - 1
    X = binary_digits(range(len(table)), n)
    nets = []
    for wanted in (1, 0):
        allowed = {row for row, bit in enumerate(table.tolist()) if bit == wanted}
        faces = []
        for pattern in itertools.product((-1, 0, 1), repeat=n):
            signs = np.array(pattern)
            sums = X @ signs
            most = int(np.sum(signs > 0))
            rows = set(np.flatnonzero(sums == most).tolist())
            if rows <= allowed:
                faces.append((rows, signs, -most))
        left, units = set(allowed), []
        while left:
            rows, signs, bias = max(faces, key=lambda face: len(face[0] & left))
            left -= rows
            units.append((signs, bias))
        weight, bias = (2, -1) if wanted else (-2, 1)
        if not units:
            units, weight = [(np.zeros(n, dtype=int), -1)], 0
        W1 = np.array([signs for signs, _ in units])
        b1 = np.array([cut for _, cut in units])
        nets.append((W1, b1, np.full((1, len(units)), weight), np.array([bias])))
    return min(nets, key=lambda net: len(net[1]))


@right("network_for")
def network_for(table):
    """Whole directions; corners grouped by their sum in a dictionary; recursion over the runs."""
    import itertools

    n = round(np.log2(table.size))
    rows = list(itertools.product((0, 1), repeat=n))
    answers = [int(bit) for bit in table]

    def cuts_along(direction):
        groups = {}
        for row, answer in zip(rows, answers, strict=True):
            place = sum(d * x for d, x in zip(direction, row, strict=True))
            if groups.setdefault(place, answer) != answer:
                return None
        runs = sorted(groups.items())

        def changes(position):
            if position == len(runs):
                return []
            here = runs[position]
            step = here[1] - runs[position - 1][1]
            return ([(here[0], step)] if step else []) + changes(position + 1)

        return runs[0][1], changes(1)

    powers = [3**k for k in range(n)]
    choices = [powers, *itertools.product((-2, -1, 1, 2) if n == 5 else range(-4, 5), repeat=n)]
    best = None
    for direction in choices:
        found = cuts_along(direction)
        if found and (best is None or len(found[1]) < len(best[2])):
            best = (direction, *found)
    direction, first, steps = best
    steps = steps or [(0, 0)]
    W1 = np.array([direction for _ in steps])
    b1 = np.array([-place for place, _ in steps])
    return W1, b1, np.array([[2 * step for _, step in steps]]), np.array([2 * first - 1])


@mistake("collapse_all", breaks="a linear network of any depth")
def collapse_all(layers):
    """One, two and three layers are written out, and further layers are ignored."""
    W, b = layers[0]
    if len(layers) >= 2:
        W2, b2 = layers[1]
        W, b = W2 @ W, W2 @ b + b2
    if len(layers) >= 3:
        W3, b3 = layers[2]
        W, b = W3 @ W, W3 @ b + b3
    return W, b


@mistake("collapse_all", breaks="b = W2 b1 + b2, with the b of all the layers so far as b1")
def collapse_all(layers):
    """Only the bias of the layer just before is passed on, not that of all so far."""
    W, b = layers[0]
    for (_, b_before), (W_next, b_next) in zip(layers[:-1], layers[1:], strict=True):
        W, b = W_next @ W, W_next @ b_before + b_next
    return W, b


@mistake("collapse_all", breaks="Neither the list nor an array in it is changed")
def collapse_all(layers):
    """The layers are taken out of the caller's list."""
    W, b = layers.pop(0)
    while layers:
        W_next, b_next = layers.pop(0)
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@right("collapse_all")
def collapse_all(layers):
    """Each layer as one square-bordered matrix, with the bias as a column, multiplied by reduce."""
    from functools import reduce

    def bordered(layer):
        W, b = layer
        M = np.zeros((W.shape[0] + 1, W.shape[1] + 1))
        M[:-1, :-1], M[:-1, -1], M[-1, -1] = W, b, 1
        return M

    product = reduce(lambda M, later: later @ M, map(bordered, layers))
    return product[:-1, :-1].copy(), product[:-1, -1].copy()
