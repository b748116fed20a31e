"""Right solutions of stage 5 in other styles: none of them may lose a point."""

import math
from functools import reduce

import numpy as np

from nngrade import alternative

# numerical_gradient


@alternative("numerical_gradient")
def flat_and_back(f, x, h=1e-5):
    """A flat copy, nudged entry by entry, with views of it handed to f."""
    flat = x.astype(float).ravel()
    slopes = []
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        above = f(flat.reshape(x.shape))
        flat[i] = old - h
        below = f(flat.reshape(x.shape))
        flat[i] = old
        slopes.append((above - below) / (2 * h))
    return np.array(slopes).reshape(x.shape)


@alternative("numerical_gradient")
def rows_of_the_identity(f, x, h=1e-5):
    """Each row of the identity is one nudge."""
    nudges = h * np.eye(x.size)
    pairs = [(f(x + e.reshape(x.shape)), f(x - e.reshape(x.shape))) for e in nudges]
    return np.array([up - down for up, down in pairs]).reshape(x.shape) / (2 * h)


@alternative("numerical_gradient")
def nudges_and_restores(f, x, h=1e-5):
    """The caller's array is nudged in place and put back exactly, integers excepted."""
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        i = it.multi_index
        kept = x[i].item()
        x[i] = kept + h
        ahead = float(f(x.copy()))
        x[i] = kept - h
        behind = float(f(x.copy()))
        x[i] = kept
        gradient[i] = (ahead - behind) / h / 2
        it.iternext()
    return gradient


@alternative("numerical_gradient")
def mean_of_forward_and_backward(f, x, h=1e-5):
    """The mean of the differences to either side, which is the same thing."""

    def along(i):
        nudge = np.where(np.arange(x.size) == i, h, 0.0).reshape(x.shape)
        here = f(x.astype(float))
        return ((f(x + nudge) - here) / h + (here - f(x - nudge)) / h) / 2

    return np.reshape([along(i) for i in range(x.size)], x.shape)


@alternative("numerical_gradient")
def axis_after_axis(f, x, h=1e-5):
    """Recursion over the first axis: a vector by rows of the identity, a matrix by its rows."""
    x = x + 0.0
    if x.ndim == 1:
        return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

    def at_row(k):
        def with_row(row):
            moved = x.copy()
            moved[k] = row
            return f(moved)

        return numerical_gradient(with_row, x[k], h)

    return np.stack([at_row(k) for k in range(len(x))])


@alternative("numerical_gradient")
def chosen_by_where(f, x, h=1e-5):
    """np.where picks the entry to be nudged; both values are divided before they are subtracted."""
    places, slopes = np.arange(x.size).reshape(x.shape), []
    for k in range(x.size):
        up, down = np.where(places == k, x + h, x), np.where(places == k, x - h, x)
        slopes.append(float(f(up)) / (2 * h) - float(f(down)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


# chain_backward


@alternative("chain_backward")
def each_slope_on_its_own(functions, derivatives, x):
    """Every slope as a product of its own: repeated work, but right."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    local = [g_prime(v) for g_prime, v in zip(derivatives, values, strict=False)]
    return values, [math.prod(local[k:]) for k in range(len(values))]


@alternative("chain_backward")
def with_numpy(functions, derivatives, x):
    """A cumulative product from the back; arrays instead of lists."""
    values = reduce(lambda done, g: [*done, g(done[-1])], functions, [x])
    local = np.array([derivatives[k](values[k]) for k in range(len(functions))], dtype=float)
    slopes = np.cumprod(np.append(1.0, local[::-1]))[::-1]
    return np.array(values), slopes


@alternative("chain_backward")
def recursive(functions, derivatives, x):
    """The rest of the chain first, by recursion."""

    def rest(k, v):
        if k == len(functions):
            return [v], [1.0]
        values, slopes = rest(k + 1, functions[k](v))
        return [v, *values], [slopes[0] * derivatives[k](v), *slopes]

    return rest(0, x)


@alternative("chain_backward")
def appended_and_reversed(functions, derivatives, x):
    """Slopes appended from the back, then turned round; a pair as a list."""
    values, upstream = [float(x)], 1.0
    for g in functions:
        values.append(float(g(values[-1])))
    slopes = [upstream]
    for g_prime, value in zip(derivatives[::-1], values[-2::-1], strict=True):
        upstream *= g_prime(value)
        slopes.append(upstream)
    slopes.reverse()
    return (values, slopes)


@alternative("chain_backward")
def accumulated(functions, derivatives, x):
    """itertools.accumulate both ways; tuples instead of lists."""
    from itertools import accumulate

    values = list(accumulate(functions, lambda v, g: g(v), initial=x))
    local = [g_prime(v) for g_prime, v in zip(derivatives, values, strict=False)]
    back = accumulate(reversed(local), lambda s, one: s * one, initial=1)
    return tuple(values), tuple(back)[::-1]


# graph_gradients


@alternative("graph_gradients")
def depth_first(graph, inputs, output, operations):
    """Topological order by recursion: whoever is asked for has its arguments computed first."""
    values, order = {}, []

    def visit(name):
        if name in values:
            return values[name]
        if name in inputs:
            values[name] = inputs[name]
            return values[name]
        operation, arguments = graph[name]
        known = [visit(one) if isinstance(one, str) else one for one in arguments]
        values[name] = operations[operation][0](*known)
        order.append((name, arguments, operations[operation][1](*known)))
        return values[name]

    for name in [*inputs, *graph]:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name, arguments, slopes in reversed(order):
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                gradients[one] += slope * gradients[name]
    return values, gradients


@alternative("graph_gradients")
def with_the_standard_library(graph, inputs, output, operations):
    """graphlib sorts; constants get places in the table of values and are thrown away again."""
    from graphlib import TopologicalSorter

    needs = {name: {a for a in args if isinstance(a, str)} for name, (_, args) in graph.items()}
    order = [name for name in TopologicalSorter(needs).static_order() if name in graph]
    values, grads = {**inputs}, {}
    for name in order:
        kind, args = graph[name]
        values[name] = operations[kind][0](*(values.get(a, a) for a in args))
    for name in values:
        grads[name] = float(name == output)
    for name in order[::-1]:
        kind, args = graph[name]
        local = operations[kind][1](*(values.get(a, a) for a in args))
        for a, slope in zip(args, local, strict=True):
            if a in grads:
                grads[a] = grads[a] + grads[name] * slope
    return values, grads


@alternative("graph_gradients")
def counting_who_has_reported(graph, inputs, output, operations):
    """Kahn's algorithm both ways: a node has its turn after the last of its users."""
    users, missing = {name: [] for name in (*inputs, *graph)}, {}
    for name, (_, arguments) in graph.items():
        missing[name] = 0
        for one in arguments:
            if isinstance(one, str):
                users[one].append(name)
                missing[name] += 1
    values, ready = dict(inputs), list(inputs)
    ready += [name for name in graph if missing[name] == 0]
    done = []
    while ready:
        name = ready.pop()
        done.append(name)
        if name in graph:
            kind, arguments = graph[name]
            values[name] = operations[kind][0](*[values.get(a, a) for a in arguments])
        for user in users[name]:
            missing[user] -= 1
            if missing[user] == 0:
                ready.append(user)
    pending = {name: len(users[name]) for name in users}
    gradients, free = dict.fromkeys(users, 0.0), [name for name in users if not users[name]]
    gradients[output] += 1.0
    while free:
        name = free.pop(0)
        if name not in graph:
            continue
        kind, arguments = graph[name]
        slopes = operations[kind][1](*[values.get(a, a) for a in arguments])
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                gradients[one] += slope * gradients[name]
                pending[one] -= 1
                if not pending[one]:
                    free.append(one)
    return values, gradients


@alternative("graph_gradients")
def asking_the_users(graph, inputs, output, operations):
    """Two memories: the value asks its arguments, the gradient asks those who use it."""
    from functools import cache

    users = {}
    for name, (_, arguments) in graph.items():
        for place, one in enumerate(arguments):
            users.setdefault(one, []).append((name, place))

    @cache
    def value(name):
        if not isinstance(name, str):
            return name
        if name in inputs:
            return inputs[name]
        operation, arguments = graph[name]
        return operations[operation][0](*map(value, arguments))

    @cache
    def slopes(name):
        operation, arguments = graph[name]
        return operations[operation][1](*map(value, arguments))

    @cache
    def gradient(name):
        own = 1.0 if name == output else 0.0
        return own + sum(
            gradient(user) * slopes(user)[place] for user, place in users.get(name, [])
        )

    names = [*inputs, *graph]
    return {name: value(name) for name in names}, {name: gradient(name) for name in names}


@alternative("graph_gradients")
def linear_equations(graph, inputs, output, operations):
    """Gradients as the solution of linear equations, one for each name."""
    values, names = dict(inputs), [*inputs, *graph]
    while len(values) < len(names):
        for name, (operation, arguments) in graph.items():
            if name not in values and all(a in values or not isinstance(a, str) for a in arguments):
                values[name] = operations[operation][0](*(values.get(a, a) for a in arguments))
    at = {name: i for i, name in enumerate(names)}
    local = np.zeros((len(names), len(names)))
    for name, (operation, arguments) in graph.items():
        slopes = operations[operation][1](*(values.get(a, a) for a in arguments))
        for a, slope in zip(arguments, slopes, strict=True):
            if isinstance(a, str):
                local[at[name], at[a]] += slope
    seed = np.zeros(len(names))
    seed[at[output]] = 1
    solved = np.linalg.solve(np.eye(len(names)) - local.T, seed)
    return values, dict(zip(names, solved, strict=True))


@alternative("graph_gradients")
def powers_of_the_local_jacobian(graph, inputs, output, operations):
    """One step back at a time, as often as there are nodes: paths of each length are added up."""
    names = [*inputs, *graph]
    values, waiting = dict(inputs), dict(graph)
    while waiting:
        name, (operation, arguments) = next(
            item
            for item in waiting.items()
            if all(a in values or type(a) is float for a in item[1][1])
        )
        values[name] = operations[operation][0](*(values.get(a, a) for a in arguments))
        del waiting[name]
    steps = []
    for name, (operation, arguments) in graph.items():
        slopes = operations[operation][1](*(values.get(a, a) for a in arguments))
        steps += [(name, a, s) for a, s in zip(arguments, slopes, strict=True) if type(a) is str]
    gradients = dict.fromkeys(names, 0.0)
    wave = {**gradients, output: 1.0}
    for _ in names:
        following = dict.fromkeys(names, 0.0)
        for name in names:
            gradients[name] += wave[name]
        for user, used, slope in steps:
            following[used] += slope * wave[user]
        wave = following
    return values, gradients


@alternative("graph_gradients")
def objects_that_remember(graph, inputs, output, operations):
    """A class of nodes, as in micrograd: each knows its parents and how to hand its gradient on."""

    class Node:
        def __init__(self, value, parents=(), slopes=()):
            self.value, self.parents, self.slopes, self.gradient = value, parents, slopes, 0.0

    nodes = {name: Node(value) for name, value in inputs.items()}

    def build(name):
        if not isinstance(name, str):
            return Node(name)
        if name not in nodes:
            operation, arguments = graph[name]
            parents = [build(one) for one in arguments]
            numbers = [parent.value for parent in parents]
            value, slopes = operations[operation]
            nodes[name] = Node(value(*numbers), parents, slopes(*numbers))
        return nodes[name]

    for name in graph:
        build(name)
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(nodes[output])
    nodes[output].gradient = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes, strict=True):
            parent.gradient += slope * node.gradient
    return (
        {name: node.value for name, node in nodes.items()},
        {name: node.gradient for name, node in nodes.items()},
    )


@alternative("graph_gradients")
def by_levels(graph, inputs, output, operations):
    """Sorted by the longest way from the inputs, and back from the deepest level."""
    level, slopes = dict.fromkeys(inputs, 0), {}
    for _ in graph:
        for name, (_, arguments) in graph.items():
            below = [level.get(a, 0) for a in arguments if isinstance(a, str)]
            level[name] = 1 + max(below, default=0)
    names = sorted(graph, key=lambda name: level[name])
    values = dict(inputs)
    for name in names:
        operation, arguments = graph[name]
        numbers = [values[a] if isinstance(a, str) else a for a in arguments]
        values[name], slopes[name] = (function(*numbers) for function in operations[operation])
    gradients = {name: np.float64(0) for name in values}
    gradients[output] = np.float64(1)
    for name in reversed(names):
        for a, slope in zip(graph[name][1], slopes[name], strict=True):
            if isinstance(a, str):
                gradients[a] += gradients[name] * slope
    return values, gradients


@alternative("graph_gradients")
def forwards_with_all_derivatives(graph, inputs, output, operations):
    """Forward mode: each node carries along its derivatives by everything before it."""
    names = [*inputs, *graph]
    unit = dict(zip(names, np.eye(len(names)), strict=True))
    carried = {name: (inputs[name], unit[name]) for name in inputs}

    def carry(name):
        if name not in carried:
            operation, arguments = graph[name]
            below = [carry(a) if isinstance(a, str) else (a, 0 * unit[name]) for a in arguments]
            numbers = [number for number, _ in below]
            slopes = operations[operation][1](*numbers)
            rows = [slope * row for slope, (_, row) in zip(slopes, below, strict=True)]
            carried[name] = operations[operation][0](*numbers), sum(rows, unit[name])
        return carried[name]

    values = {name: float(carry(name)[0]) for name in names}
    return [values, dict(zip(names, carried[output][1].tolist(), strict=True))]


@alternative("graph_gradients")
def recording_a_tape(graph, inputs, output, operations):
    """A tape of (user, used, slope), written forward in rounds and read backward."""
    values, tape = dict(inputs), []
    while set(graph) - set(values):
        for name in sorted(set(graph) - set(values)):
            operation, arguments = graph[name]
            try:
                numbers = [values[a] if isinstance(a, str) else a for a in arguments]
            except KeyError:
                continue
            value, slopes = operations[operation]
            values[name] = value(*numbers)
            tape.extend(zip([name] * len(arguments), arguments, slopes(*numbers), strict=True))
    gradients = {**dict.fromkeys(values, 0.0), output: 1.0}
    while tape:
        user, used, slope = tape.pop()
        if not isinstance(used, (int, float)):
            gradients[used] += gradients[user] * slope
    return values, gradients


@alternative("graph_gradients")
def stack_of_what_waits(graph, inputs, output, operations):
    """A stack in the place of recursion; nodes with a gradient of 0 hand nothing on."""
    values, done = dict(inputs), []

    def numbers(arguments):
        return [values[a] if isinstance(a, str) else a for a in arguments]

    for start in graph:
        stack = [start]
        while stack:
            name = stack[-1]
            if name in values:
                stack.pop()
                continue
            operation, arguments = graph[name]
            needed = [a for a in arguments if isinstance(a, str) and a not in values]
            if needed:
                stack.extend(needed)
            else:
                values[name] = operations[operation][0](*numbers(arguments))
                done.append(stack.pop())
    gradients = {name: float(name == output) for name in values}
    for name in done[::-1]:
        operation, arguments = graph[name]
        if gradients[name] != 0:
            local = operations[operation][1](*numbers(arguments))
            for a, slope in zip(arguments, local, strict=True):
                if not isinstance(a, float):
                    gradients[a] = gradients[a] + gradients[name] * slope
    return values, gradients


@alternative("graph_gradients")
def everything_twice(graph, inputs, output, operations):
    """Values and slopes are computed a second time, which is allowed; each asks its users."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name in graph.keys() - values.keys():
            operation, arguments = graph[name]
            if all(a in values for a in arguments if isinstance(a, str)):
                values[name] = operations[operation][0](*[values.get(a, a) for a in arguments])
                order.append(name)
    users = {name: [] for name in values}
    for name in order:
        operation, arguments = graph[name]
        known = [values.get(a, a) for a in arguments]
        values[name], _ = operations[operation][0](*known), operations[operation][1](*known)
        for a, slope in zip(arguments, operations[operation][1](*known), strict=True):
            if type(a) is str:
                users[a].append((name, slope))
    gradients = {}
    for name in [*order[::-1], *inputs]:
        paths = sum(gradients[user] * slope for user, slope in users[name])
        gradients[name] = (name == output) + paths
    return values, gradients


# activation_derivative


@alternative("activation_derivative")
def table_of_functions(name, z):
    """One small function for each name."""
    table = {
        "linear": lambda: np.ones_like(z),
        "step": lambda: np.zeros_like(z),
        "sigmoid": lambda: sigmoid(z) * sigmoid(-z),
        "tanh": lambda: 1 / np.cosh(np.clip(z, -300, 300)) ** 2,
        "relu": lambda: (z > 0).astype(float),
        "leaky_relu": lambda: 0.01 + 0.99 * (z > 0),
        "elu": lambda: np.minimum(elu(z), 0) + 1,
        "softplus": lambda: sigmoid(z),
    }
    return table[name]()


@alternative("activation_derivative")
def match_by_name(name, z):
    """A match statement, and masks on arrays of its own."""
    slopes = np.zeros(np.shape(z))
    match name:
        case "linear":
            slopes += 1
        case "relu":
            slopes[z > 0] = 1.0
        case "leaky_relu":
            slopes[:] = 0.01
            slopes[z > 0] = 1
        case "elu":
            slopes[z > 0] = 1
            slopes[z <= 0] = np.exp(z[z <= 0])
        case "tanh":
            slopes = (1 + np.tanh(z)) * (1 - np.tanh(z))
        case "sigmoid":
            slopes = sigmoid(z) - sigmoid(z) ** 2
        case "softplus":
            slopes = 0.5 * (1 + np.tanh(z / 2))
    return slopes


@alternative("activation_derivative")
def entry_by_entry(name, z):
    """Plain Python on numbers."""

    def logistic(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    def slope(v):
        if name == "linear":
            return 1.0
        if name == "step":
            return 0.0
        if name == "sigmoid":
            return logistic(v) * logistic(-v)
        if name == "tanh":
            return 1 - math.tanh(v) ** 2
        if name == "softplus":
            return logistic(v)
        return 1.0 if v > 0 else {"relu": 0.0, "leaky_relu": 0.01, "elu": math.exp(min(v, 0))}[name]

    return np.array([slope(v) for v in z.ravel().tolist()]).reshape(z.shape)


@alternative("activation_derivative")
def in_single_precision(name, z):
    """float32 inside, with NumPy's warnings about overflow kept quiet."""
    z = z.astype(np.float32)
    with np.errstate(over="ignore", under="ignore"):
        s = np.float32(1) / (1 + np.exp(-z))
        return {
            "linear": np.full(z.shape, 1, dtype=np.float32),
            "step": 0 * z,
            "sigmoid": s * (1 - s),
            "tanh": 1 - np.square(np.tanh(z)),
            "relu": np.heaviside(z, np.float32(0)),
            "leaky_relu": np.where(z > 0, np.float32(1), np.float32(0.01)),
            "elu": np.where(z > 0, np.float32(1), np.exp(z)),
            "softplus": s,
        }[name]


@alternative("activation_derivative")
def from_the_size_of_z(name, z):
    """All by exp of -|z|, on a flat copy, with np.select for the straight pieces."""
    v = np.array(z, dtype=float).reshape(-1)
    left, e = v <= 0, np.exp(-np.abs(v))
    if name in ("linear", "step"):
        slopes = np.full(v.shape, float(name == "linear"))
    elif name.endswith("relu"):
        slopes = np.select([left], [0.01 * name.startswith("leaky")], 1.0)
    elif name == "elu":
        slopes = np.where(left, e, 1.0)
    elif name == "tanh":
        slopes = 4 * e**2 / (1 + e**2) ** 2
    elif name == "sigmoid":
        slopes = e / (1 + e) ** 2
    else:
        slopes = np.where(left, e, 1.0) / (1 + e)
    return slopes.reshape(z.shape)


@alternative("activation_derivative")
def from_one_another(name, z):
    """Slopes by way of the given functions and of each other."""
    if name == "elu":
        return np.where(z > 0, 1.0, elu(z) + 1.0)
    if name == "softplus":
        return -np.expm1(-softplus(z))
    if name == "sigmoid":
        return 0.25 * activation_derivative("tanh", z / 2)
    if name == "tanh":
        return (1 - tanh(z)) * (1 + tanh(z))
    if name == "leaky_relu":
        return 0.01 + 0.99 * activation_derivative("relu", z)
    return np.maximum(np.sign(z), 0) if name == "relu" else z * 0 + (name == "linear")


# affine_backward


@alternative("affine_backward")
def sums_over_examples(dZ, A_prev, W):
    """A loop over the examples, adding outer products."""
    dW, db, dA = np.zeros(W.shape), np.zeros(len(W)), []
    for dz, a in zip(dZ, A_prev, strict=True):
        dW += np.outer(dz, a)
        db += dz
        dA.append(W.T @ dz)
    return np.array(dA), dW, db


@alternative("affine_backward")
def with_einsum(dZ, A_prev, W):
    """Formula (8), letter by letter."""
    dA = np.einsum("ij,jk->ik", dZ, W)
    return dA, np.einsum("ij,ik->jk", dZ, A_prev), np.einsum("ij->j", dZ)


@alternative("affine_backward")
def transposed_views(dZ, A_prev, W):
    """Products the other way round, returned as transposed views."""
    return (W.T @ dZ.T).T, (A_prev.T @ dZ).T, np.ones(len(dZ)) @ dZ


@alternative("affine_backward")
def affine_in_single_precision(dZ, A_prev, W):
    """float32 inside; a column of ones makes the bias a weight."""
    d, w = dZ.astype(np.float32), W.astype(np.float32)
    extended = np.column_stack([A_prev, np.ones(len(A_prev))]).astype(np.float32)
    both = d.T @ extended
    return [d @ w, both[:, :-1], both[:, -1]]


@alternative("affine_backward")
def three_loops(dZ, A_prev, W):
    """Formula (8), number by number."""
    (m, n_out), n_in = dZ.shape, W.shape[1]
    dA, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(n_out)
    for i in range(m):
        for j in range(n_out):
            db[j] += dZ[i, j]
            for k in range(n_in):
                dW[j, k] += dZ[i, j] * A_prev[i, k]
                dA[i, k] += dZ[i, j] * W[j, k]
    return dA, dW, db


@alternative("affine_backward")
def broadcast_and_summed(dZ, A_prev, W):
    """Three axes, for examples, outputs and inputs, of which one is summed up."""
    d = dZ[:, :, np.newaxis]
    return (d * W).sum(axis=1), (d * A_prev[:, np.newaxis, :]).sum(0), np.add.reduce(dZ)


# binary_cross_entropy


@alternative("binary_cross_entropy")
def flattened_first(Z, y):
    """Everything flat, and the column made at the end."""
    z = Z.ravel()
    loss = np.logaddexp(0, z) - y * z
    return loss.mean(), ((sigmoid(z) - y) / z.size).reshape(-1, 1)


@alternative("binary_cross_entropy")
def softplus_of_the_wrong_side(Z, y):
    """softplus(-z) for class 1, softplus(z) for class 0."""
    signs = (1 - 2 * y).reshape(Z.shape)
    return float(np.sum(softplus(signs * Z)) / len(y)), signs * sigmoid(signs * Z) / len(y)


@alternative("binary_cross_entropy")
def examples_in_a_loop(Z, y):
    """One example after the other, with the standard library's log1p."""
    m, total, dZ = len(y), 0.0, []
    for (z,), label in zip(Z.tolist(), y.tolist(), strict=True):
        total += max(z, 0) - label * z + math.log1p(math.exp(-abs(z)))
        a = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
        dZ.append([(a - label) / m])
    return total / m, np.array(dZ)


@alternative("binary_cross_entropy")
def entropy_in_single_precision(Z, y):
    """float32, with where for the label."""
    z = Z.astype(np.float32)
    Y = y.astype(np.float32)[:, np.newaxis]
    loss = np.where(Y == 1, softplus(-z), softplus(z)).mean()
    return loss, np.where(Y == 1, -sigmoid(-z), sigmoid(z)) / np.float32(len(z))


@alternative("binary_cross_entropy")
def labels_as_signs(Z, y):
    """Labels of plus and minus one: a single logaddexp."""
    signs = 2.0 * y.reshape(Z.shape) - 1
    pushes = -signs * 0.5 * (1 - np.tanh(signs * Z / 2))
    return np.logaddexp(0, -signs * Z).sum() / len(y), pushes / len(y)


# backward


@alternative("backward")
def list_reversed_at_the_end(params, cache, dA):
    """Gradients appended from the back, and all the formulas written out."""
    grads, upstream = [], dA
    layers = list(zip(params, cache["A"], cache["Z"][1:], cache["activations"], strict=False))
    for (W, _), A_prev, Z, name in reversed(layers):
        dZ = upstream * activation_derivative(name, Z)
        grads.append((dZ.T @ A_prev, np.sum(dZ, axis=0)))
        upstream = dZ @ W
    return grads[::-1]


@alternative("backward")
def recursive_from_the_back(params, cache, dA):
    """The last layer, then the rest by recursion; nothing of the cache is changed."""
    if not params:
        return []
    layer = len(params)
    slopes = activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
    below, dW, db = affine_backward(dA * slopes, cache["A"][layer - 1], params[-1][0])
    return [*backward(params[:-1], cache, below), (dW, db)]


@alternative("backward")
def one_example_after_the_other(params, cache, dA):
    """Examples one by one, with diagonal Jacobians, summed up in the end."""
    total = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for i in range(len(dA)):
        upstream = dA[i]
        for at in reversed(range(len(params))):
            slopes = activation_derivative(cache["activations"][at], cache["Z"][at + 1][i])
            dz = upstream @ np.diag(slopes)
            total[at][0][...] += np.outer(dz, cache["A"][at][i])
            total[at][1][...] += dz
            upstream = dz @ params[at][0]
    return total


@alternative("backward")
def filled_from_the_back(params, cache, dA):
    """A list of the right length, filled in from the back; a nested helper; lists as pairs."""
    grads = [None] * len(params)

    def step_back(layer, dA):
        dZ = np.multiply(
            dA, activation_derivative(cache["activations"][layer], cache["Z"][layer + 1])
        )
        below, *grads[layer] = affine_backward(dZ, cache["A"][layer], params[layer][0])
        return below

    for layer in reversed(range(len(params))):
        dA = step_back(layer, dA)
    return grads


@alternative("backward")
def backward_in_single_precision(params, cache, dA):
    """float32 from the loss on."""
    grads, dA = [], np.float32(dA)
    for (W, _), Z, A, name in zip(
        params[::-1], cache["Z"][::-1], cache["A"][-2::-1], cache["activations"][::-1], strict=False
    ):
        dZ = np.float32(dA * activation_derivative(name, Z))
        grads = [(np.einsum("ij,ik->jk", dZ, np.float32(A)), dZ.sum(0)), *grads]
        dA = dZ @ np.float32(W)
    return grads


@alternative("backward")
def slopes_from_the_outputs(params, cache, dA):
    """All eight slopes of its own, from A instead of Z; a dict of layers, sorted in the end."""
    own = {
        "linear": np.ones_like,
        "step": np.zeros_like,
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: (A > 0) * 1.0,
        "leaky_relu": lambda A: np.where(A > 0, 1, 0.01),
        "elu": lambda A: np.where(A > 0, 1.0, A + 1),
        "softplus": lambda A: -np.expm1(-A),
    }
    grads, layer = {}, len(params)
    while layer:
        dZ = dA * own[cache["activations"][layer - 1]](cache["A"][layer])
        A_prev = cache["A"][layer - 1]
        grads[layer] = np.einsum("ij,ik->jk", dZ, A_prev), np.einsum("ij->j", dZ)
        dA, layer = dZ @ params[layer - 1][0], layer - 1
    return [grads[layer] for layer in sorted(grads)]


@alternative("backward")
def in_place_on_copies(params, cache, dA):
    """The upstream gradient is multiplied in place and the lists are popped, all of them copies."""
    upstream, grads = np.array(dA, dtype=float), [None] * len(params)
    names, Zs, As = list(cache["activations"]), list(cache["Z"]), cache["A"][:-1]
    for layer in range(len(params) - 1, -1, -1):
        upstream *= activation_derivative(names.pop(), Zs.pop())
        below, dW, db = affine_backward(upstream, As.pop(), params[layer][0])
        grads[layer], upstream = [dW, db], np.array(below)
    return tuple(grads)


@alternative("backward")
def neuron_by_neuron(params, cache, dA):
    """One neuron after the other, each with its own row of W."""
    grads = []
    for layer in reversed(range(len(params))):
        W, A_prev = params[layer][0], cache["A"][layer]
        slopes = activation_derivative(cache["activations"][layer], cache["Z"][layer + 1])
        dW, db, below = np.zeros(W.shape), np.zeros(len(W)), np.zeros(A_prev.shape)
        for j, row in enumerate(W):
            d = dA[:, j] * slopes[:, j]
            dW[j], db[j] = d @ A_prev, d.sum()
            below += np.outer(d, row)
        dA, grads = below, [(dW, db), *grads]
    return grads


# gradient_check


@alternative("gradient_check")
def plain_sums(f, grad, x):
    """Roots of sums of squares, with a nested helper."""

    def length(v):
        return math.sqrt(float((v * v).sum()))

    ours, measured = np.array(grad(x)), numerical_gradient(f, x)
    difference = length(ours - measured)
    return difference / (length(ours) + length(measured)) if difference > 0 else 0.0


@alternative("gradient_check")
def own_differences(f, grad, x):
    """Central differences written out once more, on a flat copy."""
    flat, h, n = x.ravel().astype(float), 1e-4, []
    for e in np.eye(x.size):
        up, down = (flat + h * e).reshape(x.shape), (flat - h * e).reshape(x.shape)
        n.append((f(up) - f(down)) / (2 * h))
    g = np.ravel(grad(x))
    both = np.linalg.norm(g) + np.linalg.norm(n)
    if both == 0:
        return 0
    return np.linalg.norm(g - np.array(n)) / both


@alternative("gradient_check")
def maximum_with_a_tiny_number(f, grad, x):
    """The denominator is kept from zero by a tiny number."""
    g, n = grad(x.copy()), numerical_gradient(f, x.copy(), 1e-5)
    root = lambda v: np.sqrt(np.sum(np.square(v)))  # noqa: E731
    return root(n - g) / max(root(n) + root(g), 1e-300)


@alternative("gradient_check")
def lengths_by_hypot(f, grad, x):
    """math.hypot of plain numbers."""
    g, n = np.ravel(grad(x)).tolist(), np.ravel(numerical_gradient(f, x)).tolist()
    both = math.hypot(*g) + math.hypot(*n)
    return math.dist(g, n) / both if both > 0 else 0


@alternative("gradient_check")
def nan_means_zero(f, grad, x):
    """0 / 0 is carried out, quietly, and what comes of it is replaced."""
    g, n = np.array(grad(x), dtype=float), numerical_gradient(f, x)
    with np.errstate(invalid="ignore"):
        lengths = np.sqrt(np.vdot(g, g)) + np.sqrt(np.vdot(n, n))
        return float(np.nan_to_num(np.sqrt(np.vdot(g - n, g - n)) / lengths))


# find_fault


@alternative("find_fault")
def from_the_back(loss, backward_pass, params):
    """The parameters from the last to the first; the first wrong one is it."""
    grads = backward_pass(params)
    for name in reversed(list(params)):
        error = gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: grads[name],
            params[name],
        )
        if error > 1e-4:
            return name
    return None


@alternative("find_fault")
def all_errors_first(loss, backward_pass, params):
    """A dict of all the errors, with gradients computed anew at each nudged place."""

    def error(name):
        def moved(value):
            return {key: value if key == name else old for key, old in params.items()}

        return gradient_check(
            lambda v: loss(moved(v)), lambda v: backward_pass(moved(v))[name], params[name]
        )

    wrong = [name for name in params if error(name) > 1e-4]
    return wrong[-1] if wrong else None


@alternative("find_fault")
def with_numerical_gradients(loss, backward_pass, params):
    """Formula (14) written out, on a copy whose entries are replaced."""
    found, trial = None, dict(params)
    for name, gradient in zip(params, map(backward_pass(params).get, params), strict=True):

        def f(value, name=name):
            trial[name] = value
            return loss(trial)

        measured = numerical_gradient(f, params[name])
        trial[name] = params[name]
        lengths = np.sqrt(np.sum(gradient**2)) + np.sqrt(np.sum(measured**2))
        if np.sqrt(np.sum((gradient - measured) ** 2)) > 1e-4 * lengths:
            found = name
    return found


@alternative("find_fault")
def nudged_in_a_copy(loss, backward_pass, params):
    """Own central differences, entry by entry, in deep copies."""
    import copy

    wrong = []
    for name, gradient in backward_pass(copy.deepcopy(params)).items():
        measured = np.zeros_like(gradient)
        for i in np.ndindex(gradient.shape):
            up, down = copy.deepcopy(params), copy.deepcopy(params)
            up[name][i] += 1e-5
            down[name][i] -= 1e-5
            measured[i] = (loss(up) - loss(down)) / 2e-5
        scale = np.linalg.norm(gradient.ravel()) + np.linalg.norm(measured.ravel())
        if scale > 0 and np.linalg.norm((gradient - measured).ravel()) / scale > 1e-4:
            wrong.append(name)
    in_order = [name for name in params if name in wrong]
    return in_order.pop() if in_order else None


# Right where unusual inputs are: many entries, odd names, one example, tiny numbers


@alternative("numerical_gradient")
def all_nudges_at_once(f, x, h=1e-5):
    """A stack of all nudged arrays, above and below."""
    nudges = (np.eye(x.size) * h).reshape(x.size, *x.shape)
    ends = zip(x + nudges, x - nudges, strict=True)
    return np.array([(f(up) - f(down)) / (h + h) for up, down in ends]).reshape(x.shape)


@alternative("chain_backward")
def local_slopes_on_a_stack(functions, derivatives, x):
    """The local slopes are stacked on the way forward, and taken off on the way back."""
    v, stack, values = x, [], [x]
    for g, g_prime in zip(functions, derivatives, strict=True):
        stack.append(g_prime(v))
        v = g(v)
        values += [v]
    slopes = np.ones(len(values))
    while stack:
        k = len(stack)
        slopes[k - 1] = stack.pop() * slopes[k]
    return values, slopes.tolist()


@alternative("graph_gradients")
def arrays_with_a_number_for_each_name(graph, inputs, output, operations):
    """Names become indices of arrays; np.add.at adds up what arrives."""
    names = [*inputs, *graph]
    number = {name: i for i, name in enumerate(names)}
    v, g = np.zeros(len(names)), np.zeros(len(names))
    v[: len(inputs)] = list(inputs.values())
    known, order = set(inputs), []

    def at(arguments):
        return [float(v[number[a]]) if isinstance(a, str) else a for a in arguments]

    while len(known) < len(names):
        for name in sorted(graph.keys() - known):
            operation, arguments = graph[name]
            if known.issuperset(a for a in arguments if isinstance(a, str)):
                v[number[name]] = operations[operation][0](*at(arguments))
                known.add(name)
                order.append(name)
    g[number[output]] = 1
    for name in order[::-1]:
        operation, arguments = graph[name]
        slopes = zip(arguments, operations[operation][1](*at(arguments)), strict=True)
        shares = [(number[a], slope) for a, slope in slopes if isinstance(a, str)]
        np.add.at(g, [i for i, _ in shares], [g[number[name]] * slope for _, slope in shares])
    return dict(zip(names, v.tolist(), strict=True)), dict(zip(names, g.tolist(), strict=True))


@alternative("graph_gradients")
def constants_become_nodes(graph, inputs, output, operations):
    """A key of its own for each constant, so that all arguments are alike; dropped in the end."""
    values, full, order = {("name", name): x for name, x in inputs.items()}, {}, []
    for name, (operation, arguments) in graph.items():
        keys = []
        for place, one in enumerate(arguments):
            key = ("name", one) if isinstance(one, str) else ("constant", name, place)
            if not isinstance(one, str):
                values[key] = one
            keys.append(key)
        full["name", name] = operation, keys

    def visit(key):
        if key not in values:
            operation, keys = full[key]
            for one in keys:
                visit(one)
            values[key] = operations[operation][0](*[values[one] for one in keys])
            order.append(key)

    for key in full:
        visit(key)
    slopes = dict.fromkeys(values, 0.0) | {("name", output): 1.0}
    for key in reversed(order):
        operation, keys = full[key]
        local = operations[operation][1](*[values[one] for one in keys])
        for one, slope in zip(keys, local, strict=True):
            slopes[one] += slopes[key] * slope
    return tuple({k[1]: x for k, x in d.items() if k[0] == "name"} for d in (values, slopes))


@alternative("affine_backward")
def halves_of_the_batch(dZ, A_prev, W):
    """The batch is split until one example is left."""
    m = len(dZ)
    if m == 1:
        return dZ @ W, dZ.T * A_prev, dZ.flatten()
    one = affine_backward(dZ[: m // 2], A_prev[: m // 2], W)
    two = affine_backward(dZ[m // 2 :], A_prev[m // 2 :], W)
    return np.concatenate([one[0], two[0]]), one[1] + two[1], one[2] + two[2]


@alternative("binary_cross_entropy")
def class_by_class(Z, y):
    """The examples of each class by themselves; a class may be empty."""
    m, dZ, ones = len(y), np.empty(Z.shape), y == 1
    dZ[ones], dZ[~ones] = -sigmoid(-Z[ones]) / m, sigmoid(Z[~ones]) / m
    return (np.sum(softplus(-Z[ones])) + np.sum(softplus(Z[~ones]))) / m, dZ


@alternative("backward")
def all_dZ_in_a_dict(params, cache, dA):
    """Each dZ is kept by its layer, as in the formulas."""
    dZ, grads, last = {}, {}, len(params)
    for layer in range(last, 0, -1):
        above = dA if layer == last else dZ[layer + 1] @ params[layer][0]
        name = cache["activations"][layer - 1]
        dZ[layer] = activation_derivative(name, cache["Z"][layer]) * above
        grads[layer] = dZ[layer].T @ cache["A"][layer - 1], dZ[layer].sum(axis=0)
    return [grads[layer] for layer in range(1, last + 1)]


@alternative("gradient_check")
def divided_by_the_largest_entry(f, grad, x):
    """Both gradients are scaled by the largest entry, so that no square is too small or large."""
    g, n = grad(x), numerical_gradient(f, x)
    largest = max(np.abs(g).max(), np.abs(n).max())
    if largest == 0:
        return 0.0
    g, n = (g / largest).ravel(), (n / largest).ravel()
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


@alternative("find_fault")
def nudges_of_another_size(loss, backward_pass, params):
    """Central differences of its own, with a somewhat smaller h."""
    grads, found = backward_pass(params), None
    for name, value in params.items():
        measured = np.empty(value.shape)
        for i in np.ndindex(value.shape):
            ends = []
            for nudge in (3e-6, -3e-6):
                moved = value.copy()
                moved[i] += nudge
                ends.append(loss({**params, name: moved}))
            measured[i] = (ends[0] - ends[1]) / 6e-6
        lengths = np.linalg.norm(measured) + np.linalg.norm(grads[name])
        if lengths > 0 and np.linalg.norm(measured - grads[name]) / lengths > 1e-4:
            found = name
    return found
