"""Held-out answers to stage 5: read as source, never imported."""

import numpy as np


@mistake("numerical_gradient", breaks="x may hold integers; the gradient is an array of floats")
def numerical_gradient(f, x, h=1e-5):
    """The nudges are put into copies of x, where integers swallow them."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient


@mistake("numerical_gradient", breaks="x: Not changed")
def numerical_gradient(f, x, h=1e-5):
    """Nudges x itself to and fro; what rounding leaves behind stays in it."""
    if x.dtype.kind != "f":
        x = x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = (above - below) / (2 * h)
    return gradient


@mistake("numerical_gradient", breaks="(f(x + h e_i) - f(x - h e_i)) / 2h: small slopes as well")
def numerical_gradient(f, x, h=1e-5):
    """Rounds the slopes to six decimals, so that slopes of 1e-7 become 0."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return np.round(gradient, 6)


@mistake("numerical_gradient", breaks="for every entry of x, whatever the shape of x")
def numerical_gradient(f, x, h=1e-5):
    """Three nested loops: with four axes or more, a whole row is nudged at once."""
    gradient = np.zeros((1,) * (3 - x.ndim) + x.shape)
    for i in range(gradient.shape[0]):
        for j in range(gradient.shape[1]):
            for k in range(gradient.shape[2]):
                nudge = np.zeros(gradient.shape)
                nudge[i, j, k] = h
                nudge = nudge.reshape(x.shape)
                gradient[i, j, k] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient.reshape(x.shape)


@right("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    """A comprehension over the rows of an identity matrix of nudges."""
    at = np.array(x, dtype=float)
    nudges = h * np.eye(at.size)
    slopes = [
        (f(at + one.reshape(at.shape)) - f(at - one.reshape(at.shape))) / (2 * h) for one in nudges
    ]
    return np.array(slopes, dtype=float).reshape(at.shape)


@mistake("chain_backward", breaks="local derivative, taken at the value that came in")
def chain_backward(functions, derivatives, x):
    """Each derivative is taken at what its function returns, not at what goes in."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="dy/dv_{k-1} = f_k'(v_{k-1}) dy/dv_k, for each k")
def chain_backward(functions, derivatives, x):
    """Finds the place by index(): of a function used twice always the first place."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for f in reversed(functions):
        k = functions.index(f)
        slopes.insert(0, derivatives[k](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="dy/dv_{k-1} = local times upstream, however small")
def chain_backward(functions, derivatives, x):
    """Takes a slope below 1e-12 for a flat link and calls everything before it 0."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for derivative, value in zip(derivatives[::-1], values[-2::-1]):
        slope = derivative(value) * slopes[0]
        slopes.insert(0, slope if abs(slope) > 1e-12 else 0.0)
    return values, slopes


@right("chain_backward")
def chain_backward(functions, derivatives, x):
    """A recursion: each call runs one link forward, the rest, and the link backward."""

    def walk(k, value):
        if k == len(functions):
            return [value], [1.0]
        values, slopes = walk(k + 1, functions[k](value))
        return [value, *values], [derivatives[k](value) * slopes[0], *slopes]

    return walk(0, x)


@mistake("graph_gradients", breaks="a node must not have its turn before its gradient is complete")
def graph_gradients(graph, inputs, output, operations):
    """Goes backward breadth first: a node has its turn when it is first heard of."""
    values = dict(inputs)

    def value(one):
        if not isinstance(one, str):
            return one
        if one not in values:
            operation, arguments = graph[one]
            values[one] = operations[operation][0](*[value(a) for a in arguments])
        return values[one]

    for name in graph:
        value(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    queue, seen = [output], {output}
    while queue:
        name = queue.pop(0)
        if name not in graph:
            continue
        operation, arguments = graph[name]
        slopes = operations[operation][1](*[value(a) for a in arguments])
        for one, slope in zip(arguments, slopes):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
                if one not in seen:
                    seen.add(one)
                    queue.append(one)
    return values, gradients


@mistake("graph_gradients", breaks="the value of a node is computed twice at most")
def graph_gradients(graph, inputs, output, operations):
    """Takes a remembered value of 0.0 for none, and computes it again at each use."""
    values, order = dict(inputs), []

    def value(one):
        if not isinstance(one, str):
            return one
        if one in inputs:
            return inputs[one]
        if not values.get(one):
            operation, arguments = graph[one]
            values[one] = operations[operation][0](*[value(a) for a in arguments])
            if one not in order:
                order.append(one)
        return values[one]

    for name in graph:
        value(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](
            *[values[one] if isinstance(one, str) else one for one in arguments]
        )
        for one, slope in zip(arguments, slopes):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="the nodes stand in the dict in any order; at most 100 nodes")
def graph_gradients(graph, inputs, output, operations):
    """Sweeps over the dict twenty times: too few for a longer chain that stands backward."""
    values, order = dict(inputs), []
    for _ in range(20):
        for name, (operation, arguments) in graph.items():
            known = [one for one in arguments if not isinstance(one, str) or one in values]
            if name not in values and len(known) == len(arguments):
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*numbers)
                order.append((name, arguments, operations[operation][1](*numbers)))
    gradients = dict.fromkeys([*inputs, *graph], 0.0)
    gradients[output] = 1.0
    for name, arguments, slopes in reversed(order):
        for one, slope in zip(arguments, slopes):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="the nodes stand in the dict in any order, with any names")
def graph_gradients(graph, inputs, output, operations):
    """Gives the constants names of its own, c0, c1, ..., which a node may have already."""
    values, links = dict(inputs), {}
    number = 0
    for name, (operation, arguments) in graph.items():
        names = []
        for one in arguments:
            if not isinstance(one, str):
                values[f"c{number}"] = one
                one = f"c{number}"
                number += 1
            names.append(one)
        links[name] = operation, names
    order = []

    def visit(name):
        if name not in values:
            operation, names = links[name]
            for one in names:
                visit(one)
            values[name] = operations[operation][0](*[values[one] for one in names])
            order.append(name)

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, names = links[name]
        slopes = operations[operation][1](*[values[one] for one in names])
        for one, slope in zip(names, slopes):
            gradients[one] += gradients[name] * slope
    wanted = [*inputs, *graph]
    return {name: values[name] for name in wanted}, {name: gradients[name] for name in wanted}


@mistake("graph_gradients", breaks="a name may be used any number of times, even twice by one node")
def graph_gradients(graph, inputs, output, operations):
    """Collects a node's slopes in a dict by name: of x - x only the last one is left."""
    values, order = dict(inputs), []

    def numbers(arguments):
        return [values[one] if isinstance(one, str) else one for one in arguments]

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            for one in arguments:
                if isinstance(one, str):
                    visit(one)
            values[name] = operations[operation][0](*numbers(arguments))
            order.append(name)

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        local = dict(zip(arguments, operations[operation][1](*numbers(arguments))))
        for one in arguments:
            if isinstance(one, str):
                gradients[one] += gradients[name] * local[one]
    return values, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Counts arguments and users, and works off queues in both directions."""
    from collections import deque

    used_by = {name: [] for name in [*inputs, *graph]}
    for name, (_, arguments) in graph.items():
        for place, one in enumerate(arguments):
            if isinstance(one, str):
                used_by[one].append((name, place))
    values, local = {}, {}
    missing = {n: sum(isinstance(a, str) for a in args) for n, (_, args) in graph.items()}
    queue = deque(inputs)
    queue.extend(name for name, number in missing.items() if number == 0)
    while queue:
        name = queue.popleft()
        if name in graph:
            value, slopes = operations[graph[name][0]]
            numbers = [values[a] if isinstance(a, str) else a for a in graph[name][1]]
            values[name], local[name] = value(*numbers), slopes(*numbers)
        else:
            values[name] = inputs[name]
        for user, _ in used_by[name]:
            missing[user] -= 1
            if missing[user] == 0:
                queue.append(user)
    waiting = {name: len(users) for name, users in used_by.items()}
    gradients = {name: float(name == output) for name in values}
    queue = deque(name for name, number in waiting.items() if number == 0)
    while queue:
        name = queue.popleft()
        for place, one in enumerate(graph[name][1] if name in graph else []):
            if isinstance(one, str):
                gradients[one] += local[name][place] * gradients[name]
                waiting[one] -= 1
                if waiting[one] == 0:
                    queue.append(one)
    return values, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Two memoised recursions: values from the arguments, gradients from the users."""
    from functools import cache

    def number(one):
        return value(one) if isinstance(one, str) else one

    @cache
    def value(name):
        if name in inputs:
            return inputs[name]
        operation, arguments = graph[name]
        return operations[operation][0](*map(number, arguments))

    @cache
    def slopes(name):
        operation, arguments = graph[name]
        return operations[operation][1](*map(number, arguments))

    @cache
    def gradient(name):
        if name == output:
            return 1.0
        total = 0.0
        for user, (_, arguments) in graph.items():
            for place, one in enumerate(arguments):
                if isinstance(one, str) and one == name:
                    total += slopes(user)[place] * gradient(user)
        return total

    names = [*inputs, *graph]
    return {name: value(name) for name in names}, {name: gradient(name) for name in names}


@mistake("activation_derivative", breaks="finite and right for inputs as large as ±1000 too")
def activation_derivative(name, z):
    """The slope of softplus is e^z / (1 + e^z): not a number for large z."""
    if name == "softplus":
        return np.exp(z) / (1 + np.exp(z))
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    return np.ones(z.shape) if name == "linear" else np.zeros(z.shape)


@mistake("activation_derivative", breaks="relu: slope 1 where z > 0, else 0")
def activation_derivative(name, z):
    """Takes z = 1e-9 for the kink, by np.isclose."""
    positive = (z > 0) & ~np.isclose(z, 0)
    if name == "softplus":
        return sigmoid(z)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    if name == "leaky_relu":
        return np.where(positive, 1.0, 0.01)
    if name == "relu":
        return np.where(positive, 1.0, 0.0)
    return np.ones(z.shape) if name == "linear" else np.zeros(z.shape)


@mistake("activation_derivative", breaks="σ'(z) = σ(z) (1 - σ(z)), for every z")
def activation_derivative(name, z):
    """Calls the sigmoid flat beyond ±6, where its slope still is 0.0025."""
    if name == "softplus":
        return sigmoid(z)
    if name == "sigmoid":
        return np.where(np.abs(z) < 6, sigmoid(z) * (1 - sigmoid(z)), 0.0)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    return np.ones(z.shape) if name == "linear" else np.zeros(z.shape)


@mistake("activation_derivative", breaks="return something new, nothing that the next call changes")
def activation_derivative(name, z):
    """Keeps one array for each shape and writes every result into it."""
    kept = activation_derivative.__dict__.setdefault("kept", {})
    slopes = kept.setdefault(z.shape, np.empty(z.shape))
    if name == "softplus":
        slopes[...] = sigmoid(z)
    elif name == "sigmoid":
        slopes[...] = sigmoid(z) * (1 - sigmoid(z))
    elif name == "tanh":
        slopes[...] = 1 - np.tanh(z) ** 2
    elif name == "elu":
        slopes[...] = np.exp(np.minimum(z, 0))
    elif name == "leaky_relu":
        slopes[...] = np.where(z > 0, 1.0, 0.01)
    elif name == "relu":
        slopes[...] = z > 0
    else:
        slopes[...] = name == "linear"
    return slopes


@right("activation_derivative")
def activation_derivative(name, z):
    """Number by number in pure Python, from a table of scalar slopes."""
    import math

    def logistic(v):
        if v < 0:
            return math.exp(v) / (1 + math.exp(v))
        return 1 / (1 + math.exp(-v))

    table = {
        "linear": lambda v: 1.0,
        "step": lambda v: 0.0,
        "sigmoid": lambda v: logistic(v) * logistic(-v),
        "tanh": lambda v: 4 * logistic(2 * v) * logistic(-2 * v),
        "relu": lambda v: 1.0 if v > 0 else 0.0,
        "leaky_relu": lambda v: 1.0 if v > 0 else 0.01,
        "elu": lambda v: 1.0 if v > 0 else math.exp(v),
        "softplus": logistic,
    }
    slopes = [table[name](float(v)) for v in z.ravel()]
    return np.array(slopes, dtype=float).reshape(z.shape)


@mistake("affine_backward", breaks="db_j is the sum of dZ_ij; there is no 1/m in (8)")
def affine_backward(dZ, A_prev, W):
    """Takes the mean over the examples for db."""
    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)


@mistake("affine_backward", breaks="dA_ik = sum over j of dZ_ij W_jk")
def affine_backward(dZ, A_prev, W):
    """Tries dZ @ W.T first and turns W only if the shapes do not fit: wrong for a square W."""
    dA_prev = dZ @ W.T if W.shape[1] == dZ.shape[1] == A_prev.shape[1] else dZ @ W
    return dA_prev, dZ.T @ A_prev, dZ.sum(axis=0)


@mistake("affine_backward", breaks="dW_jk = sum over i of dZ_ij A_ik, however large")
def affine_backward(dZ, A_prev, W):
    """Clips the gradients to ±100, so that they do not explode."""
    dA_prev, dW, db = dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0)
    return dA_prev, np.clip(dW, -100, 100), np.clip(db, -100, 100)


@right("affine_backward")
def affine_backward(dZ, A_prev, W):
    """Example by example, with outer products added up."""
    dA_prev = np.zeros(A_prev.shape)
    dW, db = np.zeros(W.shape), np.zeros(len(W))
    for i, (upstream, went_in) in enumerate(zip(dZ, A_prev)):
        for j, slope in enumerate(upstream):
            dA_prev[i] += slope * W[j]
            dW[j] += slope * went_in
            db[j] += slope
    return dA_prev, dW, db


@mistake("binary_cross_entropy", breaks="dz_i = (a_i - y_i) / m")
def binary_cross_entropy(Z, y):
    """Forgets the 1/m in dZ."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), sigmoid(Z) - Y


@mistake("binary_cross_entropy", breaks="J = 1/m times the sum over the m examples")
def binary_cross_entropy(Z, y):
    """Puts ½ in the place of 1/m, as in the squared error: right for two examples only."""
    Y = y[:, None]
    return float(np.sum(softplus(Z) - Y * Z) / 2), (sigmoid(Z) - Y) / 2


@mistake("binary_cross_entropy", breaks="the loss, averaged over the examples")
def binary_cross_entropy(Z, y):
    """Averages each class by itself: the rarer one weighs more for each example."""
    Y = y[:, None]
    counts = np.bincount(y, minlength=2)
    weights = 1 / counts[y][:, None] / np.count_nonzero(counts)
    return float(np.sum(weights * (softplus(Z) - Y * Z))), weights * (sigmoid(Z) - Y)


@mistake("backward", breaks="the last layer has an activation too")
def backward(params, cache, dA):
    """Takes dA for dZ where the last layer is a sigmoid, as if it came from (11)."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        if layer == len(params) and name == "sigmoid":
            dZ = dA
        else:
            dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="dA^{[l-1]} must be computed with the weights of the forward pass")
def backward(params, cache, dA):
    """Goes further back through weights that have taken a small step already."""
    grads = []
    for layer in range(len(params), 0, -1):
        W = params[layer - 1][0]
        dZ = dA * activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        _, dW, db = affine_backward(dZ, cache["A"][layer - 1], W)
        dA = dZ @ (W - 0.01 * dW)
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="the step jumps at 0, and we agree on the slope 0 there and elsewhere")
def backward(params, cache, dA):
    """Lets the gradient pass through a step as if it were linear."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        if name in ("linear", "step"):
            dZ = dA.copy()
        else:
            dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="relu has slope 0 at z = 0")
def backward(params, cache, dA):
    """Has a shortcut for relu, with slope 1 at a Z of exactly 0."""
    grads = []
    for layer in range(len(params), 0, -1):
        name, Z = cache["activations"][layer - 1], cache["Z"][layer]
        dZ = dA * (Z >= 0) if name == "relu" else dA * activation_derivative(name, Z)
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@right("backward")
def backward(params, cache, dA):
    """A recursion from the first layer on: each call returns what its input is handed."""

    def descend(layer):
        if layer > len(params):
            return dA, []
        upstream, grads = descend(layer + 1)
        name, W = cache["activations"][layer - 1], params[layer - 1][0]
        dZ = activation_derivative(name, cache["Z"][layer]) * upstream
        pair = np.einsum("ij,ik->jk", dZ, cache["A"][layer - 1]), np.einsum("ij->j", dZ)
        return np.einsum("ij,jk->ik", dZ, W), [pair, *grads]

    return descend(1)[1]


@right("backward")
def backward(params, cache, dA):
    """Zipped from behind, with the slopes made first and the list turned at the end."""
    slopes = [
        activation_derivative(name, Z)
        for name, Z in zip(cache["activations"], cache["Z"][1:], strict=True)
    ]
    upstream, found = np.array(dA, dtype=float), []
    for (W, _), slope, A in zip(params[::-1], slopes[::-1], cache["A"][-2::-1], strict=True):
        upstream *= slope
        found.append(((A.T @ upstream).T, np.ones(len(upstream)) @ upstream))
        upstream = upstream @ W
    return found[::-1]


@mistake("gradient_check", breaks="the difference over the SUM of the two lengths")
def gradient_check(f, grad, x):
    """Divides by the larger one of the two lengths instead of their sum."""
    told, measured = grad(x).ravel(), numerical_gradient(f, x).ravel()
    scale = max(np.linalg.norm(told), np.linalg.norm(measured))
    return 0.0 if scale == 0 else float(np.linalg.norm(told - measured) / scale)


@mistake("gradient_check", breaks="x: Not changed")
def gradient_check(f, grad, x):
    """Subtracts in place from what grad returned, which may be x itself."""
    measured = numerical_gradient(f, x)
    told = grad(x)
    scale = np.linalg.norm(told.ravel()) + np.linalg.norm(measured.ravel())
    told -= measured
    return 0.0 if scale == 0 else float(np.linalg.norm(told.ravel()) / scale)


@mistake("gradient_check", breaks="0 if both gradients are zero all over, else the error (14)")
def gradient_check(f, grad, x):
    """Takes gradients of length 1e-15 and less for zeros, right or wrong."""
    told, measured = grad(x).ravel(), numerical_gradient(f, x).ravel()
    scale = np.linalg.norm(told) + np.linalg.norm(measured)
    return 0.0 if scale < 1e-15 else float(np.linalg.norm(told - measured) / scale)


@mistake("find_fault", breaks="the LAST name in params whose gradient is wrong")
def find_fault(loss, backward_pass, params):
    """Returns the first wrong one."""
    grads = backward_pass(params)
    for name in params:
        error = gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: grads[name],
            params[name],
        )
        if error > 1e-4:
            return name
    return None


@mistake("find_fault", breaks="params in the order of the forward pass; gradients in any order")
def find_fault(loss, backward_pass, params):
    """Goes through the names in the order of the backward pass, from its last one on."""
    grads = backward_pass(params)
    for name in reversed(list(grads)):
        error = gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: grads[name],
            params[name],
        )
        if error > 1e-4:
            return name
    return None


@mistake("find_fault", breaks="wrong where its relative error (14) is above 1e-4")
def find_fault(loss, backward_pass, params):
    """Compares entry by entry, where one small entry makes the whole gradient wrong."""
    grads, found = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(
            lambda value, name=name: loss({**params, name: value}), params[name]
        )
        if not np.allclose(grads[name], measured, rtol=2e-4, atol=0):
            found = name
    return found


@right("find_fault")
def find_fault(loss, backward_pass, params):
    """From the last name to the first by next(), with (14) written out."""

    def error(name):
        def part_loss(value):
            moved = dict(params)
            moved[name] = value
            return loss(moved)

        told = np.asarray(grads[name], dtype=float)
        measured = numerical_gradient(part_loss, params[name])
        lengths = np.sqrt(np.sum(told**2)) + np.sqrt(np.sum(measured**2))
        return np.sqrt(np.sum((told - measured) ** 2)) / lengths if lengths > 0 else 0.0

    grads = backward_pass({name: value.copy() for name, value in params.items()})
    return next((name for name in list(params)[::-1] if error(name) > 1e-4), None)
