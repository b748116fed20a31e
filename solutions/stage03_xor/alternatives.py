"""Right solutions of stage 3 in other styles: none of them may lose a point."""

import itertools

import numpy as np

from nngrade import alternative

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


@alternative("quadratic_features")
def product_from_three_squares(X):
    """x1 x2 is half of (x1 + x2)² - x1² - x2²; columns are written one after the other."""
    features = np.zeros((X.shape[0], 5))
    features[:, :2] = X
    features[:, 2], features[:, 4] = (X.astype(float) ** 2).T
    features[:, 3] = (X.sum(axis=1) ** 2 - features[:, 2] - features[:, 4]) / 2
    return features


@alternative("quadratic_features")
def squared_on_a_copy(X):
    """Squares in place, but of a copy; Fortran order."""
    squares = np.array(X, order="F")
    product = np.prod(squares, axis=1)
    squares *= squares
    return np.concatenate([X, squares[:, :1], product[:, None], squares[:, 1:]], axis=1)


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


@alternative("learnable_boolean_functions")
def all_tables_at_once(n_inputs):
    """All tables are trained side by side; those whose perceptrons are right are kept."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    Y = binary_digits(range(2 ** len(X)), len(X))
    W, b = np.zeros((len(Y), n_inputs)), np.zeros(len(Y))
    for _ in range(25):
        for x, labels in zip(X, Y.T, strict=True):
            errors = labels - (W @ x + b >= 0)
            W += errors[:, None] * x
            b += errors
    return Y[np.all((W @ X.T + b[:, None] >= 0) == Y, axis=1)]


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


@alternative("find_cycle")
def trained_anew_for_every_number_of_epochs(X, y, max_epochs):
    """fit from the zeros, for 1 epoch, for 2, and so on; strings are compared."""
    states = [str([0.0] * (X.shape[1] + 1))]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = fit(X, y, k)
        if mistakes[-1] == 0:
            break
        states.append(str([*w.tolist(), float(b)]))
        if states.count(states[-1]) == 2:
            return states.index(states[-1]), k - states.index(states[-1])
    return None


@alternative("find_cycle")
def tortoise_and_hare(X, y, max_epochs):
    """Brent's method, which remembers two states; it runs more epochs than it answers for."""

    def step(state):
        w, b, mistakes = run_epoch(np.array(state[:-1]), state[-1], X, y)
        return None if mistakes == 0 else (*w.tolist(), float(b))

    zeros = (0.0,) * (X.shape[1] + 1)
    power = length = 1
    tortoise, hare = zeros, step(zeros)
    while hare is not None and tortoise != hare:
        if length > max_epochs:
            return None
        if power == length:
            tortoise, power, length = hare, 2 * power, 0
        hare, length = step(hare), length + 1
    if hare is None:
        return None
    tortoise = hare = zeros
    for _ in range(length):
        hare = step(hare)
    start = 0
    while tortoise != hare:
        tortoise, hare, start = step(tortoise), step(hare), start + 1
    return (start, length) if start + length <= max_epochs else None


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
def small_unsigned_integers(W, b, X):
    """np.dot, and small unsigned integers outside."""
    sums = np.dot(X, np.transpose(W)) + b
    return (sums >= 0).astype(np.uint8)


@alternative("perceptron_layer")
def bias_as_one_more_weight(W, b, X):
    """The bias is the weight of a feature that is always 1; np.heaviside knows the boundary."""
    ones = np.ones((len(X), 1))
    return np.heaviside(np.hstack([ones, X]) @ np.vstack([b, W.T]), 1.0).astype(np.int8)


@alternative("perceptron_layer")
def sums_in_place_in_an_array_of_its_own(W, b, X):
    """The sums are compared with -b in place of 0, in an array of this function."""
    H = np.empty((X.shape[0], W.shape[0]), dtype=np.int64)
    for j, (w, bias) in enumerate(zip(W, b, strict=True)):
        H[:, j] = ~((X * w).sum(axis=1) < -bias)
    return H


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


@alternative("xor_network")
def rows_of_a_table(X):
    """Lines through the square at a slant; the third one's answers are looked up."""
    sums = X @ np.array([[10.0, 9.0], [9.0, 10.0]]) - np.array([4.75, 14.25])
    H = np.greater_equal(sums, 0).astype(np.uint8)
    return H, np.array([0, 0, 1, 0])[2 * H[:, 0] + H[:, 1]]


@alternative("xor_network")
def trained_on_top(X):
    """The third perceptron is trained on what the hidden ones say at the corners."""
    W, b = np.array([[2, -2], [-2, 2]]), np.array([-1, -1])
    bits = binary_digits(range(4), 2)
    w, bias, _ = fit(perceptron_layer(W, b, bits), np.array([0, 1, 1, 0]), 100)
    H = perceptron_layer(W, b, X)
    return H, predict(w, bias, H)


# network_for


@alternative("network_for")
def largest_cubes(table):
    """Hidden units for faces of the cube: of either answer, the largest that still cover it."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    faces = []
    for face in itertools.product((-1, 0, 1), repeat=n):
        w = np.array(face)
        bias = 0.5 - np.sum(w == 1)
        faces.append((w, bias, X @ w + bias >= 0))
    best = None
    for answer in (0, 1):
        wanted = table == answer
        usable = [one for one in faces if not (one[2] & ~wanted).any()]
        missing, chosen = wanted.copy(), []
        while missing.any():
            w, bias, rows = max(usable, key=lambda one: (one[2] & missing).sum())
            chosen.append((w, bias))
            missing &= ~rows
        if best is None or len(chosen) < len(best[0]):
            best = chosen, answer
    chosen, answer = best
    if not chosen:
        chosen = [(np.zeros(n), -1.0)]
    sign = 2 * answer - 1
    W1, b1 = np.array([w for w, _ in chosen]), np.array([bias for _, bias in chosen])
    return W1, b1, np.full((1, len(chosen)), sign), np.array([-0.5 * sign])


@alternative("network_for")
def rows_that_grow(table):
    """A unit for a row of the rarer answer, which lets go of one input after the other."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    X = [tuple(row) for row in binary_digits(range(2**n), n).tolist()]
    inside = {x for x, label in zip(X, table.tolist(), strict=True) if label == answer}
    W1, b1, left = [], [], set(inside)
    while left:
        best = None
        for x in sorted(left):
            for order in itertools.permutations(range(n)) if n < 4 else shifted(n):
                free = []
                for k in order:
                    if covered(x, [*free, k]) <= inside:
                        free.append(k)
                rows = covered(x, free)
                if best is None or len(rows & left) > len(best[2] & left):
                    best = x, free, rows
        x, free, rows = best
        left -= rows
        W1.append([0 if k in free else 2 * bit - 1 for k, bit in enumerate(x)])
        b1.append(0.5 - W1[-1].count(1))
    if not W1:
        W1, b1 = [[0] * n], [-1]
    sign = 1 if answer else -1
    return [np.array(W1), np.array(b1), sign * np.ones((1, len(W1))), np.array([-sign / 2])]


def shifted(n):
    """A few orders of the inputs."""
    turned = [[*range(k, n), *range(k)] for k in range(n)]
    return [*turned, *(order[::-1] for order in turned)]


def covered(x, free):
    """The rows that agree with x in all inputs that are not free."""
    return set(itertools.product(*[(0, 1) if k in free else (bit,) for k, bit in enumerate(x)]))


@alternative("network_for")
def counting_in_another_order(table):
    """Whole numbers: powers of two as weights, in the order and with the signs that suit best."""
    n = len(table).bit_length() - 1
    X = binary_digits(np.arange(2**n), n)
    rng = np.random.default_rng(n)
    best = [0] * (2**n + 1)
    for _ in range(40):
        w = rng.permutation(2 ** np.arange(n)) * rng.choice([-1, 1], size=n)
        at = dict(zip((X @ w).tolist(), table.tolist(), strict=True))
        places = sorted(at)
        steps = [k for k, before in zip(places[1:], places, strict=False) if at[k] != at[before]]
        if len(steps) < len(best):
            best, best_w, first = steps, w, at[places[0]]
    if not best:
        return np.ones((1, n), int), np.array([1]), np.array([[0]]), np.array([first * 2 - 1])
    signs = np.array([[1, -1] * len(best)])[:, : len(best)]
    if first:
        signs = -signs
    # From the threshold on the sum is 0 or more.
    return np.array([best_w] * len(best)), -np.array(best), signs, np.array([first - 1])


@alternative("network_for")
def all_directions_at_once(table):
    """A few hundred directions in one product, float32; the bias of the output carries the rest."""
    n = int(np.log2(table.size))
    X = binary_digits(range(table.size), n)
    W = np.random.default_rng(12).uniform(-1, 1, size=(300, n))
    heights = X @ W.T
    order = heights.argsort(axis=0)
    answers = table[order]
    number = np.abs(np.diff(answers, axis=0)).sum(axis=0)
    i = number.argmin()
    along, said = heights[order[:, i], i], answers[:, i]
    cuts = [k for k in range(1, len(said)) if said[k] != said[k - 1]] or [0]
    W1 = np.repeat(W[i : i + 1], len(cuts), axis=0)
    b1 = np.array([-(along[k] + along[k - 1]) / 2 if k else 9.0 for k in cuts])
    W2 = np.array([[float(said[k]) - said[k - 1] if k else 0.0 for k in cuts]])
    return W1, b1, W2, np.array([said[0] - 0.5])


@alternative("network_for")
def one_after_the_other(table):
    """A list of half-planes, each pure among the rows that are left; weights that halve decide."""
    n = len(table).bit_length() - 1
    X, left = binary_digits(range(2**n), n), np.ones(len(table), dtype=bool)
    rng = np.random.default_rng(3)
    units = []
    while len(set(table[left].tolist())) > 1:
        best = None
        for _ in range(60):
            w = rng.normal(size=n)
            sums = (X @ w)[left]
            order = np.argsort(-sums)
            labels = table[left][order]
            pure = int(np.argmax(labels != labels[0]))
            if best is None or pure > best[0]:
                best = pure, w, -(sums[order[pure - 1]] + sums[order[pure]]) / 2, labels[0]
        _, w, bias, label = best
        units.append((w, bias, 1 if label else -1))
        left &= X @ w + bias < 0
    rest = 1 if table[left][0] else -1
    units = units or [(np.zeros(n), -1.0, 1)]
    W1, b1 = np.stack([w for w, _, _ in units]), np.array([bias for _, bias, _ in units])
    shares = [sign * 2.0**-k for k, (_, _, sign) in enumerate(units)]
    return W1, b1, np.array([shares]), np.array([rest * 2.0 ** -len(units)])


@alternative("network_for")
def divide_and_conquer(table):
    """Half of the table where an input is 1, half where it is 0, until a perceptron is enough."""
    turned = 2 * table.sum() > len(table)
    units = divided(1 - table if turned else table)
    sign = -1.0 if turned else 1.0
    n = len(table).bit_length() - 1
    if not units:
        return np.zeros((1, n)), np.array([-1.0]), np.ones((1, 1)), np.array([-0.5 * sign])
    W1 = np.array([w for w, _, _ in units])
    b1 = np.array([bias for _, bias, _ in units])
    W2 = sign * np.array([[v for _, _, v in units]])
    return W1, b1, W2, np.array([-0.5 * sign])


def divided(table):
    """Units (w, b, v), of which the sum of v over those that say 1 is the table's answer."""
    n = len(table).bit_length() - 1
    if not table.any():
        return []
    X = binary_digits(range(2**n), n)
    w, b, mistakes = fit(X, table, 12) if n < 4 else (None, None, [1])
    if mistakes[-1] == 0:
        return [(w, b + 0.5, 1.0)]
    best = None
    for k in range(min(n, 2)):
        units = []
        for bit in (0, 1):
            for w, b, v in divided(table[X[:, k] == bit]):
                # So large that the unit says 0 wherever input k is not this bit.
                gate = np.abs(w).sum() + abs(b) + 1
                w, b = np.insert(w, k, gate if bit else -gate), b - gate if bit else b
                units.append((w, b, v))
        if best is None or len(units) < len(best):
            best = units
    return best


@alternative("network_for")
def zeros_are_carved_out(table):
    """An AND: each hidden unit says 0 in a face of zeros and 1 elsewhere; or the same of ones."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    networks = []
    for target in (table, 1 - table):
        holes = []
        for number in range(3**n):
            face = np.array([number // 3**k % 3 for k in range(n)]) - 1
            outside = X @ -face + np.sum(face == 1) - 0.5 >= 0
            if not target[~outside].any():
                holes.append((face, outside))
        left, chosen = target == 0, []
        while left.any():
            face, outside = max(holes, key=lambda hole: np.count_nonzero(left & ~hole[1]))
            chosen.append(face)
            left &= outside
        W1 = -np.array(chosen or [[0] * n])
        b1 = np.sum(W1 == -1, axis=1) - 0.5 if chosen else np.array([0.5])
        k = len(W1)
        if target is table:
            networks.append((W1, b1, np.ones((1, k)), np.array([0.5 - k])))
        else:
            networks.append((W1, b1, -np.ones((1, k)), np.array([k - 0.5])))
    return min(networks, key=lambda network: len(network[1]))


@alternative("network_for")
def strips(table):
    """Strips between two parallel lines, a unit for each of their sides, along a good direction."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    rng = np.random.default_rng(1)
    units = []
    for attempt in range(40):
        w = rng.integers(-50, 51, size=n) + rng.uniform(0, 0.001, size=n)
        heights, order = X @ w, np.argsort(X @ w)
        runs = []  # first and last height of each run of ones
        for x, label in zip(heights[order], table[order], strict=True):
            if label and runs and runs[-1][2]:
                runs[-1][1] = x
            elif label:
                runs.append([x, x, True])
            elif runs:
                runs[-1][2] = False
        new = []
        for first, last, _ in runs:
            below, above = heights[heights < first], heights[heights > last]
            if len(below):
                new.append((w, -(first + below.max()) / 2, 1))
            if len(above):
                new.append((w, -(last + above.min()) / 2, -1))
        starts_with = table[order[0]]
        if attempt == 0 or len(new) < len(units):
            units, bias = new, starts_with - 0.5
    if not units:
        units = [(np.ones(n), -100.0, 1)]
        bias = 0.25 if table[0] else -0.25
    W1, b1, W2 = (np.array(part, dtype=float) for part in zip(*units, strict=True))
    return W1, b1, W2[None, :], np.array([bias])


@alternative("network_for")
def the_smaller_of_two(table):
    """A unit for each row of the rarer answer, or the best of many directions: what is smaller."""
    m = len(table)
    n = m.bit_length() - 1
    X = binary_digits(range(m), n)
    rare = 0 if table.sum() > m / 2 else 1
    rows = X[table == rare]
    one_each = None
    if len(rows):
        W1 = 2 * rows - 1
        sign = 1 if rare else -1
        one_each = W1, 0.5 - rows.sum(axis=1), np.full((1, len(rows)), sign), np.array([-sign / 2])
    best = None
    for seed in range(60):
        w = np.random.default_rng(seed).standard_normal(n)
        order = np.argsort(X @ w)
        cuts = [k for k in range(1, m) if table[order[k]] != table[order[k - 1]]]
        if best is None or len(cuts) < len(best[2]):
            best = w, order, cuts
    w, order, cuts = best
    if one_each and len(rows) <= len(cuts):
        return one_each
    if not cuts:
        return np.ones((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([table[0] - 0.5])
    z = (X @ w)[order]
    b1 = np.array([-(0.9 * z[k] + 0.1 * z[k - 1]) for k in cuts])
    W2 = np.array([[10.0 if table[order[k]] else -10.0 for k in cuts]])
    return np.array([w] * len(cuts)), b1, W2, np.array([5.0 if table[order[0]] else -5.0])


@alternative("network_for")
def pruned_and_trained(table):
    """Units along the best direction, as few as the rule of stage 1 can learn the output from."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    rare = min(table.sum(), 2**n - table.sum())
    direct = fit(X, table, 30)
    if direct[2][-1] == 0:
        return direct[0][None, :], np.array([direct[1] + 0.5]), np.ones((1, 1)), np.array([-0.5])
    rng = np.random.default_rng(8)
    ranked = sorted((units_along(rng.normal(size=n), X, table) for _ in range(30)), key=len)
    units = ranked[0]
    H = np.array([X @ w + b >= 0 for w, b in units]).T.astype(int)
    k = 0
    while k < len(units) and len(units) > 1 and rare > 2:
        fewer = np.delete(H, k, axis=1)
        if len(np.unique(np.c_[fewer, table], axis=0)) == len(np.unique(fewer, axis=0)):
            w, b, mistakes = fit(fewer, table, 60)
            if mistakes[-1] == 0:
                H, units = fewer, units[:k] + units[k + 1 :]
                continue
        k += 1
    w, b, mistakes = fit(H, table, 2000)
    assert mistakes[-1] == 0
    W1, b1 = np.array([w for w, _ in units]), np.array([b for _, b in units])
    return W1, b1, w[None, :], np.array([b + 0.5])


def units_along(w, X, table):
    """A unit for each change of the answer along w."""
    heights = X @ w
    order = np.argsort(heights)
    return [
        (w, -(heights[i] + heights[j]) / 2)
        for i, j in itertools.pairwise(order)
        if table[i] != table[j]
    ]


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
    return collapse_all([(W2 @ W1, W2 @ b1 + b2), *rest])


@alternative("collapse_all")
def reduced(layers):
    """functools.reduce with a function of two layers, starting with the identity; einsum."""
    from functools import reduce

    def collapse(first, second):
        W = np.einsum("oh,hi->oi", second[0], first[0])
        return [W, np.einsum("oh,h->o", second[0], first[1]) + second[1]]

    n = layers[0][0].shape[1]
    return reduce(collapse, layers, (np.eye(n), np.zeros(n)))


@alternative("collapse_all")
def homogeneous_coordinates(layers):
    """The bias as a column of one large matrix for each layer, and a product of all of them."""
    M = np.eye(layers[0][0].shape[1] + 1)
    for W, b in layers:
        n_out, n_in = W.shape
        block = np.zeros((n_out + 1, n_in + 1))
        block[:n_out, :n_in], block[:n_out, n_in], block[n_out, n_in] = W, b, 1
        M = block @ M
    return M[:-1, :-1], M[:-1, -1]


@alternative("collapse_all")
def unit_vectors(layers):
    """Runs the unit vectors and zero through all the layers."""
    n = layers[0][0].shape[1]
    A = np.vstack([np.zeros(n), np.eye(n)])
    for W, b in layers:
        A = A @ W.T + b
    return (A[1:] - A[0]).T, A[0]


@alternative("collapse_all")
def weights_first(layers):
    """All that follows a layer is multiplied first; each bias is then passed through that."""
    after = [np.eye(len(layers[-1][1]))]
    for W, _ in layers[::-1]:
        after.append(after[-1] @ W)
    biases = [M @ b for M, (_, b) in zip(after[:-1], layers[::-1], strict=True)]
    return after[-1], np.sum(biases, axis=0)


@alternative("collapse_all")
def fitted_to_what_the_network_does(layers):
    """Random points go through the network, and a system of linear equations has the rest."""
    n = layers[0][0].shape[1]
    points = np.random.default_rng(0).normal(size=(4 * n + 2, n))
    A = points
    for W, b in layers:
        A = np.array([W @ a + b for a in A])
    solved, *_ = np.linalg.lstsq(np.c_[points, np.ones(len(points))], A, rcond=None)
    return solved[:-1].T, solved[-1]


@alternative("collapse_all")
def in_place_on_copies(layers):
    """A copy of the list, whose first two layers become one until there is only one."""
    left = [(W.copy(), b.copy()) for W, b in layers]
    while len(left) > 1:
        (W, b), (V, c) = left.pop(0), left.pop(0)
        c += V @ b
        left.insert(0, (V @ W, c))
    return left[0]
