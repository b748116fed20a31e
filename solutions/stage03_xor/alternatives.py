"""Right solutions of stage 3 in other styles: none of them may lose a point."""

import itertools

import numpy as np

from nngrade import alternative

# find_cycle


@alternative("find_cycle")
def dictionary_of_states(X, y, max_epochs):
    """A dictionary from the bytes of a state to the number of epochs."""
    v = np.zeros(X.shape[1] + 1)
    first_seen = {v.tobytes(): 0}
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(v[:-1], v[-1], X, y)
        v = np.append(w, b) + 0.0  # makes 0.0 of -0.0, whose bytes differ
        if mistakes == 0:
            return None
        if v.tobytes() in first_seen:
            return first_seen[v.tobytes()], k - first_seen[v.tobytes()]
        first_seen[v.tobytes()] = k
    return None


@alternative("find_cycle")
def list_of_arrays(X, y, max_epochs):
    """All the states in a list of arrays, compared one after the other; a list is returned."""
    states = [np.zeros(X.shape[1] + 1)]
    while len(states) <= max_epochs:
        w, b, mistakes = run_epoch(states[-1][:-1], states[-1][-1], X, y)
        if not mistakes:
            return None
        new = np.array([*w, b])
        for start, old in enumerate(states):
            if np.array_equal(old, new):
                return [start, len(states) - start]
        states.append(new)
    return None


@alternative("find_cycle")
def path_first(X, y, max_epochs):
    """Two phases: record the whole path, then look for the first repetition; no run_epoch."""
    w, b = np.zeros(X.shape[1]), 0
    path, ended = [(*w.astype(int), 0)], False
    for _ in range(max_epochs):
        errors = 0
        for x, label in zip(X, y, strict=True):
            error = label - (1 if x @ w + b >= 0 else 0)
            w, b, errors = w + error * x, b + error, errors + abs(error)
        if errors == 0:
            ended = True
            break
        path.append((*w.astype(int).tolist(), int(b)))
    for k, state in enumerate(path):
        start = path.index(state)
        if start < k:
            return np.int64(start), np.int64(k - start)
    assert ended or len(path) == max_epochs + 1
    return None


# learnable_boolean_functions


@alternative("learnable_boolean_functions")
def comprehension_over_products(n_inputs):
    """itertools for inputs and tables, a comprehension for the choice."""
    X = np.array(list(itertools.product([0, 1], repeat=n_inputs)))
    tables = itertools.product([0, 1], repeat=2**n_inputs)
    return np.array([table for table in tables if fit(X, table, 100)[2][-1] == 0])


@alternative("learnable_boolean_functions")
def mask_of_rows(n_inputs):
    """A mask that selects rows, by whether the fitted perceptron predicts them."""
    X = binary_digits(np.arange(2**n_inputs), n_inputs).astype(float)
    tables = binary_digits(np.arange(2 ** len(X)), len(X))
    right = np.zeros(len(tables), dtype=bool)
    for i, y in enumerate(tables):
        w, b, _ = fit(X, y, 50)
        right[i] = np.array_equal(predict(w, b, X), y)
    return tables[right]


@alternative("learnable_boolean_functions")
def stops_at_a_cycle(n_inputs):
    """Not learnable is what runs in a cycle."""
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    good = [
        number
        for number in range(2**n_rows)
        if find_cycle(X, binary_digits([number], n_rows)[0], 1000) is None
    ]
    return binary_digits(good, n_rows).astype(np.int32)


@alternative("learnable_boolean_functions")
def all_small_weights(n_inputs):
    """No training: every perceptron with small whole weights writes down its table."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    found = set()
    for w in itertools.product(range(-2, 3), repeat=n_inputs):
        for b in range(-7, 8):
            found.add(tuple((X @ np.array(w) + b >= 0).astype(int).tolist()))
    return np.array(sorted(found))


# best_accuracy


@alternative("best_accuracy")
def loop_over_tables(y, tables):
    """A loop that remembers the best."""
    best = 0.0
    for table in tables:
        right = sum(1 for a, b in zip(y, table, strict=True) if a == b)
        best = max(best, right / len(y))
    return best


@alternative("best_accuracy")
def fewest_differences(y, tables):
    """One minus the smallest share of differences."""
    return 1 - np.min(np.abs(tables - y[np.newaxis, :]).sum(axis=1)) / y.size


@alternative("best_accuracy")
def by_a_product(y, tables):
    """Equal rows are counted by the product of signs, in float32."""
    agreement = (2 * tables - 1).astype(np.float32) @ (2 * y - 1).astype(np.float32)
    return (agreement.max() / len(y) + 1) / 2


# polar_features


@alternative("polar_features")
def complex_numbers(X):
    """Points as complex numbers."""
    z = X[:, 0] + 1j * X[:, 1]
    return np.stack([np.abs(z), np.angle(z)], axis=1)


@alternative("polar_features")
def point_by_point(X):
    """A loop with the standard library."""
    import math

    return np.array([[math.hypot(a, b), math.atan2(b, a)] for a, b in X])


@alternative("polar_features")
def arc_cosine(X):
    """The arc cosine, with the sign of the second coordinate; float32 inside."""
    x1, x2 = X.astype(np.float32).T
    r = np.sqrt(x1**2 + x2**2)
    angle = np.arctan2(np.abs(x2), x1)
    return np.array([r, np.where(x2 < 0, -angle, angle)]).T


@alternative("polar_features")
def filled_in(X):
    """An empty array, filled column by column."""
    polar = np.empty(X.shape)
    polar[:, 0] = np.linalg.norm(X, axis=1)
    polar[:, 1] = np.arctan2(*X.T[::-1])
    return polar


# quadratic_features


@alternative("quadratic_features")
def loop_over_points(X):
    """One list for each point."""
    return np.array([[a, b, a * a, a * b, b * b] for a, b in X])


@alternative("quadratic_features")
def outer_products(X):
    """The upper half of each outer product."""
    products = np.einsum("mi,mj->mij", X, X)[:, *np.triu_indices(2)]
    return np.hstack([X, products])


@alternative("quadratic_features")
def columns_by_c(X):
    """np.c_ and powers, in float32."""
    x1, x2 = X[:, 0].astype(np.float32), X[:, 1].astype(np.float32)
    return np.c_[x1, x2, np.power(x1, 2), np.multiply(x1, x2), np.square(x2)]


# perceptron_layer


@alternative("perceptron_layer")
def one_perceptron_after_the_other(W, b, X):
    """predict for each row of W; its answers are the columns."""
    return np.column_stack([predict(w, bias, X) for w, bias in zip(W, b, strict=True)])


@alternative("perceptron_layer")
def three_loops(W, b, X):
    """Plain loops."""
    H = np.zeros((X.shape[0], W.shape[0]), dtype=int)
    for i in range(X.shape[0]):
        for j in range(W.shape[0]):
            total = b[j]
            for k in range(X.shape[1]):
                total = total + W[j, k] * X[i, k]
            if total >= 0:
                H[i, j] = 1
    return H


@alternative("perceptron_layer")
def transposed_product(W, b, X):
    """The product the other way round, einsum, and a transposed view in the end."""
    sums = np.einsum("jk,ik->ji", W, X) + b[:, None]
    return np.where(sums < 0, 0, 1).T


@alternative("perceptron_layer")
def sums_in_single_precision(W, b, X):
    """float32 inside, small unsigned integers outside."""
    sums = np.float32(X).dot(np.float32(W).T) + np.float32(b)
    return (sums >= 0).astype(np.uint8)


# xor_network


@alternative("xor_network")
def or_and_and(X):
    """OR and AND hidden; the third says: OR, but not AND."""
    H = perceptron_layer(np.array([[1, 1], [1, 1]]), np.array([-0.5, -1.5]), X)
    return H, (H[:, 0] - 2 * H[:, 1] >= 0.5).astype(int)


@alternative("xor_network")
def one_but_not_the_other(X):
    """x1 without x2, x2 without x1, and an OR."""
    first = predict(np.array([1.0, -1.0]), -0.5, X)
    second = predict(np.array([-1.0, 1.0]), -0.5, X)
    H = np.column_stack((first, second))
    return H, predict(np.ones(2), -1, H)


@alternative("xor_network")
def nor_and_and(X):
    """NOR and AND hidden, and NOR again; loops, and a list in the place of a tuple."""
    H = []
    for x1, x2 in X:
        neither = 1 if 0.5 - x1 - x2 > 0 else 0
        both = 1 if x1 + x2 >= 1.5 else 0
        H.append([neither, both])
    H = np.array(H)
    y_hat = np.array([int(0.5 - h1 - h2 >= 0) for h1, h2 in H])
    return [H, y_hat]


@alternative("xor_network")
def steep_and_slanted(X):
    """Lines that are not parallel, in float32."""
    P = X.astype(np.float32)
    h1 = 4 * P[:, 0] + 4.4 * P[:, 1] - 2.2 >= 0
    h2 = -4 * P[:, 0] - 4.4 * P[:, 1] + 6.2 >= 0
    H = np.stack([h1, h2], axis=-1).astype(int)
    return H, (H.sum(axis=1) >= 2).astype(int)


# collapse


@alternative("collapse")
def homogeneous_coordinates(W1, b1, W2, b2):
    """The bias as a column of one large matrix for each layer."""

    def block(W, b):
        n_out, n_in = W.shape
        M = np.zeros((n_out + 1, n_in + 1))
        M[:n_out, :n_in], M[:n_out, n_in], M[n_out, n_in] = W, b, 1
        return M

    M = block(W2, b2) @ block(W1, b1)
    return M[:-1, :-1], M[:-1, -1]


@alternative("collapse")
def asks_the_network(W1, b1, W2, b2):
    """The network's answers to zeros and to the unit vectors tell all."""

    def network(x):
        return W2 @ (W1 @ x + b1) + b2

    b = network(np.zeros(W1.shape[1]))
    W = np.stack([network(e) - b for e in np.eye(W1.shape[1])]).T
    return W, b


@alternative("collapse")
def sums_by_einsum(W1, b1, W2, b2):
    """einsum throughout; the pair as a list."""
    return [np.einsum("oh,hi->oi", W2, W1), np.einsum("oh,h->o", W2, b1) + b2]


@alternative("collapse")
def loops_and_dots(W1, b1, W2, b2):
    """Entry by entry."""
    W, b = np.zeros((len(W2), W1.shape[1])), np.array(b2, dtype=float)
    for o in range(len(W2)):
        for h in range(len(W1)):
            W[o] += W2[o, h] * W1[h]
            b[o] += W2[o, h] * b1[h]
    return W, b


# collapse_all


@alternative("collapse_all")
def from_the_last_layer(layers):
    """From the back to the front."""
    W, b = layers[-1]
    for W_before, b_before in reversed(layers[:-1]):
        b = W @ b_before + b
        W = W @ W_before
    return W, b


@alternative("collapse_all")
def recursively(layers):
    """The first two become one, until one is left."""
    if len(layers) == 1:
        return layers[0]
    (W1, b1), (W2, b2), *rest = layers
    return collapse_all([collapse(W1, b1, W2, b2), *rest])


@alternative("collapse_all")
def reduced(layers):
    """functools.reduce, starting with the identity."""
    from functools import reduce

    n = layers[0][0].shape[1]
    start = np.eye(n), np.zeros(n)
    return reduce(lambda so_far, layer: collapse(*so_far, *layer), layers, start)


@alternative("collapse_all")
def unit_vectors(layers):
    """Runs the unit vectors and zero through all the layers."""
    n = layers[0][0].shape[1]
    A = np.vstack([np.zeros(n), np.eye(n)])
    for W, b in layers:
        A = A @ W.T + b
    return (A[1:] - A[0]).T, A[0]
