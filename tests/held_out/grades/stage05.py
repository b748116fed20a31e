"""Held-out answers to stage 5: read as source, never imported."""

import numpy as np


@mistake("numerical_gradient", breaks="(2): the central difference looks to both sides")
def numerical_gradient(f, x, h=1e-5):
    """The forward difference."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x)) / h
    return gradient


@mistake("numerical_gradient", breaks="for every entry of x, whatever the shape of x")
def numerical_gradient(f, x, h=1e-5):
    """Whole rows of a matrix are nudged at once."""
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@mistake("numerical_gradient", breaks="x: where the gradient is wanted. Not changed.")
def numerical_gradient(f, x, h=1e-5):
    """The entries of x are nudged in place and come back only up to rounding."""
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = (above - below) / (2 * h)
    return gradient


@mistake("numerical_gradient", breaks="(2): entry i is the slope of f along entry i of x")
def numerical_gradient(f, x, h=1e-5):
    """The slopes are rounded to six decimals, so that small ones become 0."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return np.round(gradient, 6)


@right("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    """Two own copies in one long row, entry after entry, and the list brought into shape."""
    flat = np.array(x, dtype=np.float64).ravel()

    def moved(place, by):
        point = flat.copy()
        point[place] += by
        return f(point.reshape(x.shape))

    slopes = [(moved(k, h) - moved(k, -h)) / h / 2 for k in range(flat.size)]
    return np.array(slopes, dtype=np.float64).reshape(x.shape)


@mistake("chain_backward", breaks="slopes: dy/dv_0, dy/dv_1, ..., dy/dv_K = 1, in this order")
def chain_backward(functions, derivatives, x):
    """The slopes stand in the order in which they are found."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.append(derivatives[k - 1](values[k - 1]) * slopes[-1])
    return values, slopes


@mistake("chain_backward", breaks="functions leave their arguments as they were")
def chain_backward(functions, derivatives, x):
    """The two lists are emptied on the way."""
    values = [x]
    while functions:
        values.append(functions.pop(0)(values[-1]))
    slopes = [1.0]
    while derivatives:
        derivative = derivatives.pop()
        slopes.insert(0, derivative(values[len(derivatives)]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="K at least 1; the K + 1 derivatives up to dy/dv_K = 1")
def chain_backward(functions, derivatives, x):
    """A chain of one function, treated by itself, lacks the slope of y."""
    if len(functions) == 1:
        return [x, functions[0](x)], [derivatives[0](x)]
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k - 1]) * slopes[0])
    return values, slopes


@right("chain_backward")
def chain_backward(functions, derivatives, x):
    """Two calls of accumulate, the second one from the back."""
    from itertools import accumulate

    values = list(accumulate(functions, lambda v, f: f(v), initial=x))
    local = [d(v) for d, v in zip(derivatives, values, strict=False)]
    slopes = list(accumulate(local[::-1], lambda upstream, one: one * upstream, initial=1.0))
    return values, slopes[::-1]


@mistake("graph_gradients", breaks="the arguments add up what they are handed: +=, never =")
def graph_gradients(graph, inputs, output, operations):
    """The last path to reach a name overwrites the others."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            order.append(name)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        if gradients[name] == 0:
            continue
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] = gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="a node must not have its turn before its gradient is complete")
def graph_gradients(graph, inputs, output, operations):
    """The nodes have their turn as they are first reached from the output, level by level."""
    values = dict(inputs)
    waiting = list(graph)
    while waiting:
        name = waiting.pop(0)
        operation, arguments = graph[name]
        if all(one in values for one in arguments if isinstance(one, str)):
            at = [values[one] if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
        else:
            waiting.append(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    queue, seen = [output], {output}
    while queue:
        name = queue.pop(0)
        if name not in graph:
            continue
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
                if one not in seen:
                    seen.add(one)
                    queue.append(one)
    return values, gradients


@mistake("graph_gradients", breaks="values: the value of each input and of each node, by its name")
def graph_gradients(graph, inputs, output, operations):
    """Only the nodes that lead to the output get a value."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            order.append(name)
        return values[name]

    visit(output)
    gradients = dict.fromkeys([*graph, *inputs], 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="a tuple of derivatives, one for each argument")
def graph_gradients(graph, inputs, output, operations):
    """The constants are left out before names and slopes are paired, and the pairs shift."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            order.append(name)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        names = [one for one in arguments if isinstance(one, str)]
        for one, slope in zip(names, operations[operation][1](*at), strict=False):
            gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="the value of a node is computed twice at most")
def graph_gradients(graph, inputs, output, operations):
    """A value of 0 counts as not yet computed, and is computed for each path again."""
    values, order = dict(inputs), []

    def visit(name):
        if name in graph and not values.get(name):
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            if name not in order:
                order.append(name)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="operations that you have never seen; some take three arguments")
def graph_gradients(graph, inputs, output, operations):
    """Only the first two arguments of a node are handed a gradient."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            order.append(name)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        slopes = operations[operation][1](*at)
        if isinstance(arguments[0], str):
            gradients[arguments[0]] += gradients[name] * slopes[0]
        if len(arguments) > 1 and isinstance(arguments[1], str):
            gradients[arguments[1]] += gradients[name] * slopes[1]
    return values, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Forward all the way: each node keeps its slopes along all the names that lead to it."""
    from graphlib import TopologicalSorter

    used = {name: [a for a in node[1] if isinstance(a, str)] for name, node in graph.items()}
    values = dict(inputs)
    along = {name: {name: 1.0} for name in inputs}
    for name in TopologicalSorter(used).static_order():
        if name in values:
            continue
        operation, arguments = graph[name]
        value, slopes = operations[operation]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        values[name] = value(*at)
        along[name] = {name: 1.0}
        for one, slope in zip(arguments, slopes(*at), strict=True):
            for source, behind in along[one].items() if isinstance(one, str) else ():
                along[name][source] = along[name].get(source, 0.0) + slope * behind
    return values, {name: along[output].get(name, 0.0) for name in values}


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Two functions with a memory; a gradient asks those who use the name for theirs."""
    from functools import cache

    users = {name: [] for name in (*inputs, *graph)}
    for name, (_, arguments) in graph.items():
        for place, one in enumerate(arguments):
            if isinstance(one, str):
                users[one].append((name, place))

    def arguments_of(name):
        return (value_of(one) if isinstance(one, str) else one for one in graph[name][1])

    @cache
    def value_of(name):
        if name in inputs:
            return inputs[name]
        return operations[graph[name][0]][0](*arguments_of(name))

    @cache
    def local(name):
        return operations[graph[name][0]][1](*arguments_of(name))

    @cache
    def gradient_of(name):
        if name == output:
            return 1.0
        upstream = ((gradient_of(user), user, place) for user, place in users[name])
        return sum((up * local(user)[place] for up, user, place in upstream if up != 0), 0.0)

    return {name: value_of(name) for name in users}, {name: gradient_of(name) for name in users}


@mistake("activation_derivative", breaks="we agree on the slope from the left: relu has 0 there")
def activation_derivative(name, z):
    """At 0, relu has the slope from the right."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z >= 0, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    return sigmoid(z)


@mistake("activation_derivative", breaks="finite and right for inputs as large as ±1000 too")
def activation_derivative(name, z):
    """For softplus, what has overflowed is made 0, where the slope is 1."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    with np.errstate(over="ignore", invalid="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


@mistake("activation_derivative", breaks="softplus is log(1 + e^z); its slope is wanted")
def activation_derivative(name, z):
    """For softplus, the sigmoid is differentiated once more."""
    s = sigmoid(z)
    return {
        "linear": np.ones(z.shape),
        "step": np.zeros(z.shape),
        "sigmoid": s * (1 - s),
        "tanh": 1 - np.tanh(z) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, 0.01),
        "elu": np.exp(np.minimum(z, 0)),
        "softplus": s * (1 - s),
    }[name]


@mistake("activation_derivative", breaks="the slope of the activation at each entry of z")
def activation_derivative(name, z):
    """All inputs are cut off at ±8 against overflow, and the tails never reach 0."""
    z = np.clip(z, -8, 8)
    return {
        "linear": np.ones(z.shape),
        "step": np.zeros(z.shape),
        "sigmoid": sigmoid(z) * (1 - sigmoid(z)),
        "tanh": 1 - np.tanh(z) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, 0.01),
        "elu": np.exp(np.minimum(z, 0)),
        "softplus": sigmoid(z),
    }[name]


@right("activation_derivative")
def activation_derivative(name, z):
    """A table of functions, each by another formula than the usual one."""

    def bell(t):
        e = np.exp(-np.abs(t))
        return e / (1 + e) ** 2

    table = {
        "linear": lambda: np.ones_like(z),
        "step": lambda: np.zeros_like(z),
        "sigmoid": lambda: bell(z),
        "tanh": lambda: 4 * bell(2 * z),
        "relu": lambda: np.heaviside(z, 0.0),
        "leaky_relu": lambda: np.array([0.01, 1.0])[(z > 0).astype(int)],
        "elu": lambda: np.exp((z - np.abs(z)) / 2),
        "softplus": lambda: np.exp(-np.logaddexp(0.0, -z)),
    }
    return np.asarray(table[name](), dtype=float)


@mistake("affine_backward", breaks="there is no 1/m in (8): db_j is the sum over the examples")
def affine_backward(dZ, A_prev, W):
    """The bias's gradient is averaged."""
    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)


@mistake("affine_backward", breaks="db of shape (n_out,), for dZ of shape (m, n_out), m = 1 too")
def affine_backward(dZ, A_prev, W):
    """With a single example its axis is squeezed away, and db adds up the outputs."""
    db = np.atleast_1d(dZ.squeeze().sum(axis=0))
    return dZ @ W, dZ.T @ A_prev, db


@mistake("affine_backward", breaks="A_prev: what went into the layer. Not changed.")
def affine_backward(dZ, A_prev, W):
    """dA_prev is written into A_prev, to save memory."""
    dW = dZ.T @ A_prev
    A_prev[:] = dZ @ W
    return A_prev, dW, dZ.sum(axis=0)


@right("affine_backward")
def affine_backward(dZ, A_prev, W):
    """One example after another, each adding an outer product."""
    dA_prev = np.zeros(A_prev.shape)
    dW, db = np.zeros(W.shape), np.zeros(W.shape[0])
    for i, (upstream, inputs) in enumerate(zip(dZ, A_prev, strict=True)):
        for j, one in enumerate(upstream):
            db[j] += one
            dW[j] += one * inputs
            dA_prev[i] += one * W[j]
    return dA_prev, dW, db


@mistake("binary_cross_entropy", breaks="(11): the slope a(1 - a) cancels; do not leave it in")
def binary_cross_entropy(Z, y):
    """The slope of the sigmoid once too often."""
    Y, a = y[:, None], sigmoid(Z)
    return float(np.mean(softplus(Z) - Y * Z)), (a - Y) * a * (1 - a) / len(y)


@mistake("binary_cross_entropy", breaks="dz = (a - y)/m: as strong as can be if sure and wrong")
def binary_cross_entropy(Z, y):
    """dZ by way of dJ/da, clipped, times a slope that is 0 in saturation."""
    Y, a = y[:, None], sigmoid(Z)
    safe = np.clip(a, 1e-12, 1 - 1e-12)
    da = ((1 - Y) / (1 - safe) - Y / safe) / len(y)
    return float(np.mean(softplus(Z) - Y * Z)), da * a * (1 - a)


@mistake("binary_cross_entropy", breaks="y: the labels, of shape (m,). Not changed.")
def binary_cross_entropy(Z, y):
    """The labels are made a column in place and stay one."""
    y.shape = (len(y), 1)
    return float(np.mean(softplus(Z) - y * Z)), (sigmoid(Z) - y) / len(y)


@right("binary_cross_entropy")
def binary_cross_entropy(Z, y):
    """A loop in pure Python, with the larger of z and 0 taken out of the logarithm."""
    import math

    m, terms, column = len(y), [], []
    for z, label in zip(Z[:, 0].tolist(), y.tolist(), strict=True):
        small = math.exp(-abs(z))
        terms.append((max(-z, 0.0) if label else max(z, 0.0)) + math.log1p(small))
        a = (1.0 if z >= 0 else small) / (1.0 + small)
        column.append([(a - label) / m])
    return math.fsum(terms) / m, np.array(column)


@mistake("backward", breaks="cache: not changed")
def backward(params, cache, dA):
    """The names of the activations are popped from the cache."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA * activation_derivative(cache["activations"].pop(), cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="(13): g'(Z), taken at what goes into the activation")
def backward(params, cache, dA):
    """The slopes are taken at A, what comes out of the activation."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * activation_derivative(name, cache["A"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="(13): each layer hands dA on to the layer below, as it is")
def backward(params, cache, dA):
    """What is handed on is clipped to ±5."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        dA = np.clip(dA, -5, 5)
        grads.insert(0, (dW, db))
    return grads


@right("backward")
def backward(params, cache, dA):
    """A fold over the layers from the back, with the sums of (8) as einsums."""
    from functools import reduce

    def one_layer(state, layer):
        upstream, done = state
        (W, _), name, Z, A_prev = layer
        dZ = np.multiply(activation_derivative(name, Z), upstream)
        pair = (np.einsum("ij,ik->jk", dZ, A_prev), np.einsum("ij->j", dZ))
        return np.einsum("ij,jk->ik", dZ, W), [pair, *done]

    rows = zip(params, cache["activations"], cache["Z"][1:], cache["A"][:-1], strict=True)
    return reduce(one_layer, list(rows)[::-1], (dA, []))[1]


@mistake("gradient_check", breaks="the root of the sum of the squares of all entries")
def gradient_check(f, grad, x):
    """The norm of order 2, which for a matrix is its largest singular value."""
    measured, given = numerical_gradient(f, x), grad(x)
    scale = np.linalg.norm(given, 2) + np.linalg.norm(measured, 2)
    return 0.0 if scale == 0 else float(np.linalg.norm(given - measured, 2) / scale)


@mistake("gradient_check", breaks="(14): divided by the sum of both lengths and nothing else")
def gradient_check(f, grad, x):
    """A small number in the denominator hides the errors of small gradients."""
    measured, given = numerical_gradient(f, x), grad(x)
    scale = np.linalg.norm(given.ravel()) + np.linalg.norm(measured.ravel()) + 1e-8
    return float(np.linalg.norm((given - measured).ravel()) / scale)


@mistake("find_fault", breaks="the last name in params whose gradient is wrong")
def find_fault(loss, backward_pass, params):
    """The first name whose gradient is wrong."""
    grads = backward_pass(params)
    for name in params:

        def moved(value, name=name):
            return loss({**params, name: value})

        if gradient_check(moved, lambda value, name=name: grads[name], params[name]) > 1e-4:
            return name
    return None


@mistake("find_fault", breaks="wrong where its relative error (14) is above 10^-4")
def find_fault(loss, backward_pass, params):
    """Errors between 0.0001 and 0.001 pass as right."""
    grads, fault = backward_pass(params), None
    for name in params:

        def moved(value, name=name):
            return loss({**params, name: value})

        if gradient_check(moved, lambda value, name=name: grads[name], params[name]) > 1e-3:
            fault = name
    return fault


@mistake("find_fault", breaks="a gradient's relative error (14), of all its entries together")
def find_fault(loss, backward_pass, params):
    """Each entry is judged by its own relative error."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, n=name: loss({**params, n: v}), params[name])
        difference = np.abs(grads[name] - measured)
        if np.any(difference > 1e-4 * (np.abs(grads[name]) + np.abs(measured))):
            fault = name
    return fault


@right("find_fault")
def find_fault(loss, backward_pass, params):
    """From the back to the first that is wrong, with (2) and (14) written out on own copies."""
    import math

    def loss_at(name, place, by):
        own = {key: np.array(value, dtype=float) for key, value in params.items()}
        own[name].flat[place] += by
        return loss(own)

    def is_wrong(name):
        given = np.ravel(grads[name]).tolist()
        places = range(params[name].size)
        measured = [(loss_at(name, k, 1e-5) - loss_at(name, k, -1e-5)) / 2e-5 for k in places]
        scale = math.hypot(*given) + math.hypot(*measured)
        return scale > 0 and math.dist(given, measured) / scale > 1e-4

    grads = backward_pass({key: value.copy() for key, value in params.items()})
    return next((name for name in reversed(list(params)) if is_wrong(name)), None)
