"""Held-out answers to stage 3: read as source, never imported."""

import numpy as np


@mistake("quadratic_features", breaks="the result has shape (m, 5), for one point too")
def quadratic_features(X):
    """Axes of length one are squeezed away, so that a single point gives a vector."""
    x1, x2 = X[:, :1], X[:, 1:]
    return np.squeeze(np.stack([x1, x2, x1 * x1, x1 * x2, x2 * x2], axis=1))


@mistake("quadratic_features", breaks="the fourth feature is x1·x2, with no factor")
def quadratic_features(X):
    """The product is doubled, as in the square of a sum."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.stack([x1, x2, x1**2, 2 * x1 * x2, x2**2], axis=1)


@mistake("quadratic_features", breaks="the points are in the rows of X, however it is stored")
def quadratic_features(X):
    """The entries are read as they lie in memory: wrong for a transposed or Fortran-ordered X."""
    flat = X.ravel(order="K")
    x1, x2 = flat[0::2], flat[1::2]
    return np.column_stack([x1, x2, x1 * x1, x1 * x2, x2 * x2])


@mistake("learnable_boolean_functions", breaks="that takes 12 epochs at the most: allow 25")
def learnable_boolean_functions(n_inputs):
    """Training is given up after 10 epochs, so that some tables of three inputs are missed."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    tables = binary_digits(range(2**n_rows), n_rows)
    return np.array([table for table in tables if fit(X, table, 10)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="learnable: reaches an epoch without a mistake")
def learnable_boolean_functions(n_inputs):
    """One mistake in the last epoch is let pass."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    tables = binary_digits(range(2**n_rows), n_rows)
    return np.array([table for table in tables if fit(X, table, 25)[2][-1] <= 1])


@mistake("learnable_boolean_functions", breaks="the tables that can be learnt, by trying them all")
def learnable_boolean_functions(n_inputs):
    """With two inputs only XOR is left out by hand, and its opposite is forgotten."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    tables = binary_digits(range(2**n_rows), n_rows)
    if n_inputs == 2:
        return tables[(tables != [0, 1, 1, 0]).any(axis=1)]
    return np.array([table for table in tables if fit(X, table, 25)[2][-1] == 0])


@mistake("learnable_boolean_functions", breaks="read the table from top to bottom as a number")
def learnable_boolean_functions(n_inputs):
    """The tables are gone through as if the last row had the largest place value."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    found = []
    for number in range(2**n_rows):
        table = np.array([number >> place & 1 for place in range(n_rows)])
        if fit(X, table, 25)[2][-1] == 0:
            found.append(table)
    return np.array(found)


@mistake(
    "learnable_boolean_functions", breaks="try all the tables: never and always are learnt too"
)
def learnable_boolean_functions(n_inputs):
    """The tables with nothing but 0 or nothing but 1 are skipped."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    tables = binary_digits(range(1, 2**n_rows - 1), n_rows)
    return np.array([table for table in tables if fit(X, table, 25)[2][-1] == 0])


@mistake("find_cycle", breaks="the weights and bias of an earlier end, however long ago")
def find_cycle(X, y, max_epochs):
    """Only the last 100 states are remembered, so longer cycles are missed."""
    from collections import deque

    w, b = np.zeros(X.shape[1]), 0.0
    seen = deque([(0, (*w.tolist(), b))], maxlen=100)
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        for start, old in seen:
            if old == state:
                return start, epoch - start
        seen.append((epoch, state))
    return None


@mistake("find_cycle", breaks="those of an earlier epoch's end: of any, not only of the one before")
def find_cycle(X, y, max_epochs):
    """Each state is compared with the one before only, so cycles of length 1 alone are found."""
    w, b = np.zeros(X.shape[1]), 0.0
    for epoch in range(max_epochs):
        w_new, b_new, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if np.array_equal(w_new, w) and b_new == b:
            return epoch, 1
        w, b = w_new, b_new
    return None


@mistake(
    "find_cycle", breaks="those of an earlier epoch's end (or the zeros at the very beginning)"
)
def find_cycle(X, y, max_epochs):
    """The zeros are not among the states, so a cycle through them is found an epoch too late."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, {}
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        first = seen.setdefault((*w.tolist(), float(b)), epoch)
        if first < epoch:
            return first, epoch - first
    return None


@mistake("find_cycle", breaks="the weights are whole numbers, compare with ==: equal, not close")
def find_cycle(X, y, max_epochs):
    """States are compared with allclose, whose tolerance takes large weights for equal."""
    w, b = np.zeros(X.shape[1]), 0.0
    states = [np.append(w, b)]
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = np.append(w, b)
        for start, old in enumerate(states):
            if np.allclose(state, old):
                return start, epoch - start
        states.append(state)
    return None


@mistake("find_cycle", breaks="None if an epoch without a mistake ends the training")
def find_cycle(X, y, max_epochs):
    """The number of mistakes is not looked at, so success counts as a cycle of length 1."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), b)]
    for epoch in range(1, max_epochs + 1):
        w, b, _ = run_epoch(w, b, X, y)
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), epoch - seen.index(state)
        seen.append(state)
    return None


@mistake("find_cycle", breaks="the examples are used in the order of the rows: each of them")
def find_cycle(X, y, max_epochs):
    """An example that comes twice in the data is used only once in an epoch."""
    examples = dict.fromkeys((*x, label) for x, label in zip(X.tolist(), y.tolist(), strict=True))
    data = np.array(list(examples))
    X, y = data[:, :-1], data[:, -1]
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


@mistake("perceptron_layer", breaks="ndarray of int, shape (m, n_out), for one perceptron too")
def perceptron_layer(W, b, X):
    """A layer of one perceptron gives a vector in place of a column."""
    answers = np.array([predict(w, bias, X) for w, bias in zip(W, b, strict=True)]).T
    return answers.ravel() if len(b) == 1 else answers


@mistake("perceptron_layer", breaks="in row i and column j the answer of perceptron j to example i")
def perceptron_layer(W, b, X):
    """The result is the wrong way round: a row for each perceptron."""
    return (W @ X.T + b[:, None] >= 0).astype(int)


@mistake("perceptron_layer", breaks="0 where the sum is below 0, by however little")
def perceptron_layer(W, b, X):
    """Sums down to a millionth below 0 count as 0."""
    sums = X @ W.T + b
    return ((sums > 0) | np.isclose(sums, 0, atol=1e-6)).astype(int)


@mistake("perceptron_layer", breaks="in row i the answers to example i, for all m examples")
def perceptron_layer(W, b, X):
    """Examples are done in blocks of 50, and the last one of each full block is left out."""
    answers = np.zeros((len(X), len(W)), dtype=int)
    for start in range(0, len(X), 50):
        stop = min(start + 49, len(X))
        answers[start:stop] = X[start:stop] @ W.T + b >= 0
    return answers


@mistake("xor_network", breaks="a third perceptron that looks at their two answers")
def xor_network(X):
    """The hidden units negate the inputs, and the third is XOR itself: no perceptron."""
    H = perceptron_layer(-np.eye(2), np.array([0.5, 0.5]), X)
    return H, (H[:, 0] != H[:, 1]).astype(int)


@mistake("xor_network", breaks="Returns H, then y_hat")
def xor_network(X):
    """The answers are returned in the wrong order."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), X)
    return predict(np.array([1.0, 1.0]), -1.5, H), H


@mistake("xor_network", breaks="y_hat: ndarray of shape (m,), for one point too")
def xor_network(X):
    """The output is squeezed, so that one point gets a number without an axis."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), X)
    return H, perceptron_layer(np.array([[2.0, 2.0]]), np.array([-3.0]), H).squeeze()


@mistake("xor_network", breaks="two hidden perceptrons that look at x")
def xor_network(X):
    """The coordinates are clipped to -0.5 and 1.5 first: the hidden boundaries are bent."""
    near = np.clip(X, -0.5, 1.5)
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), near)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@mistake(
    "network_for", breaks="Rare answers: at most 2q hidden units; Thrift: at most 6 on average"
)
def network_for(table):
    """A unit for every row of the table, those with a 0 included: a mere look-up."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    W1 = 2.0 * X - 1
    b1 = 0.5 - X.sum(axis=1)
    return W1, b1, np.array(table, dtype=float)[None, :], np.array([-0.5])


@mistake("network_for", breaks="a network for any truth table, with W1 of shape (n_hidden, n)")
def network_for(table):
    """Networks are kept under the table's number, so 0 1 is confused with 0 0 0 1."""
    number = int("".join(map(str, table.tolist())), 2)
    known = network_for.__dict__.setdefault("known", {})
    if number not in known:
        n = len(table).bit_length() - 1
        X = binary_digits(range(2**n), n)
        rng = np.random.default_rng(1)
        best = None
        for _ in range(250):
            w = rng.normal(size=n)
            order = np.argsort(X @ w)
            sums, y = (X @ w)[order], table[order]
            at = np.flatnonzero(np.diff(y))
            if best is None or len(at) < len(best[1]):
                best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
        w, cuts, steps, first = best
        if len(cuts) == 0:
            cuts, steps = np.zeros(1), np.zeros(1)
        known[number] = np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])
    return known[number]


@mistake("network_for", breaks="Thrift: tables of four inputs with eight 1s, at most 6 on average")
def network_for(table):
    """The corners are lined up in the order of the table only, where the answer changes often."""
    n = len(table).bit_length() - 1
    steps = np.diff(table)
    at = np.flatnonzero(steps)
    if len(at) == 0:
        return np.zeros((1, n)), -np.ones(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    W1 = np.tile(2.0 ** np.arange(n)[::-1], (len(at), 1))
    return W1, -(at + 0.5), steps[None, at].astype(float), np.array([table[0] - 0.5])


@mistake("network_for", breaks="random tables of three, four and five inputs: every row is right")
def network_for(table):
    """No more than ten hidden units are kept, which is too few for some tables of five inputs."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    rng = np.random.default_rng(4)
    best = None
    for _ in range(40):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        sums, y = (X @ w)[order], table[order]
        at = np.flatnonzero(np.diff(y))
        if best is None or len(at) < len(best[1]):
            best = w, (sums[at] + sums[at + 1]) / 2, np.diff(y)[at] * 1.0, y[0]
    w, cuts, steps, first = best
    if len(cuts) == 0:
        cuts, steps = np.zeros(1), np.zeros(1)
    cuts, steps = cuts[:10], steps[:10]
    return np.tile(w, (len(cuts), 1)), -cuts, steps[None, :], np.array([first - 0.5])


@mistake("network_for", breaks="unless all numbers are whole, let no sum be meant to be exactly 0")
def network_for(table):
    """Directions have length 1, and each unit's sum is meant to be 0 at a corner: rows go wrong."""
    import itertools

    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    best = None
    for powers in itertools.permutations(3 ** np.arange(n)):
        places, at = np.unique(X @ np.array(powers), return_index=True)
        steps = np.diff(table[at])
        if best is None or np.count_nonzero(steps) < np.count_nonzero(best[2]):
            best = np.array(powers), places[1:], steps, table[at[0]]
    w, places, steps, first = best
    places, steps = places[steps != 0], steps[steps != 0]
    if len(steps) == 0:
        places, steps = np.ones(1), np.zeros(1)
    length = np.sqrt(w @ w)
    W1 = np.tile(w / length, (len(steps), 1))
    return W1, -places / length, steps[None, :], np.array([first - 0.5])


@mistake("collapse_all", breaks="W = W2 W1, the later layer on the left")
def collapse_all(layers):
    """The matrices are multiplied in the order of the layers."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, W_next @ b + b_next
    return W, b


@mistake(
    "collapse_all", breaks="a single layer that does the same, every layer of the list included"
)
def collapse_all(layers):
    """The first layer is skipped wherever it stands, so using it again later has no effect."""
    first = layers[0]
    W, b = first
    for layer in layers:
        if layer is first:
            continue
        W, b = layer[0] @ W, layer[0] @ b + layer[1]
    return W, b


@mistake("collapse_all", breaks="a linear network of any depth collapses")
def collapse_all(layers):
    """Collapsed pair by pair; only at first is an odd layer kept, so six layers lose two."""
    layers = list(layers)
    last = layers.pop() if len(layers) % 2 and len(layers) > 1 else None
    while len(layers) > 1:
        pairs = zip(layers[0::2], layers[1::2], strict=False)
        layers = [(V @ W, V @ b + c) for (W, b), (V, c) in pairs]
    W, b = layers[0]
    if last is not None:
        W, b = last[0] @ W, last[0] @ b + last[1]
    return W, b


@mistake("collapse_all", breaks="a single layer that does the same, for any number of inputs")
def collapse_all(layers):
    """Fitted to the outputs for eight random inputs: too few with eight or more features."""
    X = np.random.default_rng(0).normal(size=(8, layers[0][0].shape[1]))
    A = X
    for W, b in layers:
        A = A @ W.T + b
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(8)]), A, rcond=None)[0]
    return solution[:-1].T, solution[-1]
