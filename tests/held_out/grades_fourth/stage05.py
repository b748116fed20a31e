"""Held-out answers to stage 5: read as source, never imported."""

import numpy as np


@mistake("numerical_gradient", breaks="(2): (f(x + h e_i) - f(x - h e_i)) / 2h, to both sides")
def numerical_gradient(f, x, h=1e-5):
    """The forward difference."""
    gradient = np.zeros(x.shape)
    base = f(x + 0.0)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - base) / h
    return gradient


@mistake("numerical_gradient", breaks="formula (2) for every entry: small slopes count as well")
def numerical_gradient(f, x, h=1e-5):
    """Rounds the slopes to ten decimals, to hide the noise: slopes of 1e-12 become 0."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return np.round(gradient, 10)


@mistake("numerical_gradient", breaks="whatever the shape of x: any shape with at least one axis")
def numerical_gradient(f, x, h=1e-5):
    """Has loops for one, two and three axes, and fails at four."""
    gradient = np.zeros(x.shape)

    def slope(place):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        return (f(x + nudge) - f(x - nudge)) / (2 * h)

    if x.ndim == 1:
        for i in range(len(x)):
            gradient[i] = slope(i)
    elif x.ndim == 2:
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                gradient[i, j] = slope((i, j))
    else:
        n_blocks, n_rows, n_columns = x.shape
        for i in range(n_blocks):
            for j in range(n_rows):
                for k in range(n_columns):
                    gradient[i, j, k] = slope((i, j, k))
    return gradient


@right("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    """All the nudged points in one stack, made by an identity matrix; a generator of the slopes."""
    centre = np.array(x, dtype=float)
    nudges = (h * np.eye(centre.size)).reshape(centre.size, *centre.shape)
    slopes = ((f(centre + e) - f(centre - e)) / 2 / h for e in nudges)
    return np.fromiter(slopes, dtype=float, count=centre.size).reshape(centre.shape)


@mistake("chain_backward", breaks="local: f_k' at v_(k-1), the value that came in, not at v_k")
def chain_backward(functions, derivatives, x):
    """Takes each local slope at the value that goes out."""
    values, slopes = [x], [1.0]
    for f in functions:
        values.append(f(values[-1]))
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="dy/dv_(k-1) = f_k'(v_(k-1)) times dy/dv_k, for each k")
def chain_backward(functions, derivatives, x):
    """Looks up each function's number by index: wrong where a function is used twice."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for f in reversed(functions):
        k = functions.index(f)
        slopes.insert(0, derivatives[k](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="slopes: dy/dv_0, dy/dv_1, ..., dy/dv_K, of y = v_K")
def chain_backward(functions, derivatives, x):
    """Multiplies from the front: dv_k/dx instead of dy/dv_k, then turned round."""
    values, slopes = [x], [1.0]
    for f, derivative in zip(functions, derivatives, strict=True):
        slopes.append(slopes[-1] * derivative(values[-1]))
        values.append(f(values[-1]))
    return values, slopes[::-1]


@right("chain_backward")
def chain_backward(functions, derivatives, x):
    """Recursion: the rest of the chain tells its values and slopes, one link is put in front."""

    def from_link(k, v):
        if k == len(functions):
            return [v], [1.0]
        values, slopes = from_link(k + 1, functions[k](v))
        return [v, *values], [slopes[0] * derivatives[k](v), *slopes]

    return from_link(0, x)


@mistake("graph_gradients", breaks="the arguments add up what they are handed: +=, never =")
def graph_gradients(graph, inputs, output, operations):
    """Overwrites a gradient that has arrived before."""
    values, order = dict(inputs), []

    def visit(name):
        if name in values:
            return
        operation, arguments = graph[name]
        for one in arguments:
            if isinstance(one, str):
                visit(one)
        known = [values[one] if isinstance(one, str) else one for one in arguments]
        values[name] = operations[operation][0](*known)
        order.append(name)

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        if gradients[name] == 0:
            continue
        operation, arguments = graph[name]
        known = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*known), strict=True):
            if isinstance(one, str):
                gradients[one] = gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="a name may be used twice by one node; upstream times local")
def graph_gradients(graph, inputs, output, operations):
    """Finds an argument's slope by arguments.index: x - x has the slope 2 instead of 0."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            names = [one for one in arguments if isinstance(one, str)]
            if name not in values and all(one in values for one in names):
                known = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*known)
                order.append(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in order[::-1]:
        operation, arguments = graph[name]
        known = [values[one] if isinstance(one, str) else one for one in arguments]
        slopes = operations[operation][1](*known)
        for one in arguments:
            if isinstance(one, str):
                gradients[one] += gradients[name] * slopes[arguments.index(one)]
    return values, gradients


@mistake("graph_gradients", breaks="Whoever follows every path waits forever: 60 nodes, 2^60 paths")
def graph_gradients(graph, inputs, output, operations):
    """Computes each node once, but hands the gradient on along every path by itself."""
    values, local = dict(inputs), {}

    def value(one):
        if not isinstance(one, str):
            return one
        if one not in values:
            operation, arguments = graph[one]
            known = [value(argument) for argument in arguments]
            values[one] = operations[operation][0](*known)
            local[one] = operations[operation][1](*known)
        return values[one]

    for name in graph:
        value(name)
    gradients = dict.fromkeys(values, 0.0)

    def hand_on(name, upstream):
        gradients[name] += upstream
        if name in graph:
            for one, slope in zip(graph[name][1], local[name], strict=True):
                if isinstance(one, str):
                    hand_on(one, upstream * slope)

    hand_on(output, 1.0)
    return values, gradients


@mistake("graph_gradients", breaks="the value of a node is computed twice at most")
def graph_gradients(graph, inputs, output, operations):
    """Takes a value of 0.0 for one not yet known, and computes it anew at each use."""
    values, order = {}, []

    def value(one):
        if not isinstance(one, str):
            return one
        if one in inputs:
            return inputs[one]
        if not values.get(one):
            operation, arguments = graph[one]
            values[one] = operations[operation][0](*[value(argument) for argument in arguments])
            if one not in order:
                order.append(one)
        return values[one]

    for name in graph:
        value(name)
    values = {**inputs, **values}
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        known = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*known), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="The nodes stand in the dict in any order; at most 100 nodes")
def graph_gradients(graph, inputs, output, operations):
    """Sweeps twenty times over the nodes: too few for a long chain that stands backwards."""
    values, order = dict(inputs), []
    for _ in range(20):
        for name, (operation, arguments) in graph.items():
            if name in values:
                continue
            if all(one in values for one in arguments if isinstance(one, str)):
                known = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*known)
                order.append(name)
    gradients = dict.fromkeys([*inputs, *graph], 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        known = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*known), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="The nodes stand in any order, with any names")
def graph_gradients(graph, inputs, output, operations):
    """Keeps the gradient of x under the name grad_x, beside the values: a node may be called so."""
    memory, order = dict(inputs), []

    def known(arguments):
        return [memory[one] if isinstance(one, str) else one for one in arguments]

    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            names = [one for one in arguments if isinstance(one, str)]
            if name not in memory and all(one in memory for one in names):
                memory[name] = operations[operation][0](*known(arguments))
                order.append(name)
    names = list(memory)
    for name in names:
        memory["grad_" + name] = 1.0 if name == output else 0.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*known(arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                memory["grad_" + one] += memory["grad_" + name] * slope
    gradients = {name: memory["grad_" + name] for name in names}
    return {name: memory[name] for name in names}, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """A list of users for each name; each gradient is a sum over its users, asked for lazily."""
    from functools import cache

    @cache
    def value(name):
        if name in inputs:
            return inputs[name]
        operation, arguments = graph[name]
        return operations[operation][0](*map(look_up, arguments))

    def look_up(one):
        return value(one) if isinstance(one, str) else one

    @cache
    def slopes(name):
        operation, arguments = graph[name]
        return operations[operation][1](*map(look_up, arguments))

    names = [*inputs, *graph]
    users = {name: [] for name in names}
    for user, (_, arguments) in graph.items():
        for place, one in enumerate(arguments):
            if isinstance(one, str):
                users[one].append((user, place))

    @cache
    def gradient(name):
        own = 1.0 if name == output else 0.0
        return own + sum(gradient(user) * slopes(user)[place] for user, place in users[name])

    return {name: value(name) for name in names}, {name: gradient(name) for name in names}


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Counts open users (Kahn) with two stacks, and a small class for the nodes."""

    class Node:
        def __init__(self, operation=None, arguments=(), value=None):
            self.operation, self.arguments, self.value = operation, arguments, value
            self.gradient, self.waiting, self.users = 0.0, 0, []

        def names(self):
            return [one for one in self.arguments if isinstance(one, str)]

        def numbers(self):
            return [nodes[a].value if isinstance(a, str) else a for a in self.arguments]

    nodes = {name: Node(value=number) for name, number in inputs.items()}
    nodes |= {name: Node(operation, list(rest)) for name, (operation, rest) in graph.items()}
    for node in nodes.values():
        node.waiting = len(node.names())
        for name in node.names():
            nodes[name].users.append(node)
    ready, done = [node for node in nodes.values() if node.waiting == 0], []
    while ready:
        node = ready.pop()
        if node.operation is not None:
            node.value = operations[node.operation][0](*node.numbers())
        done.append(node)
        for user in node.users:
            user.waiting -= 1
            if user.waiting == 0:
                ready.append(user)
    nodes[output].gradient = 1.0
    while done:
        node = done.pop()
        if node.operation is not None:
            local = operations[node.operation][1](*node.numbers())
            for one, slope in zip(node.arguments, local, strict=True):
                if isinstance(one, str):
                    nodes[one].gradient += slope * node.gradient
    return (
        {name: node.value for name, node in nodes.items()},
        {name: node.gradient for name, node in nodes.items()},
    )


@mistake("activation_derivative", breaks="at a kink the one from the left: relu has slope 0 there")
def activation_derivative(name, z):
    """The mean of both slopes at the kinks of relu and leaky_relu."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return sigmoid(z) * sigmoid(-z)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return (np.sign(z) + 1) / 2
    if name == "leaky_relu":
        return 0.01 + 0.99 * (np.sign(z) + 1) / 2
    if name == "elu":
        return np.exp(np.minimum(z, 0.0))
    return sigmoid(z)


@mistake("activation_derivative", breaks="the slope of elu: its value is e^z - 1 where z <= 0")
def activation_derivative(name, z):
    """Forgets that the 1 of elu falls away: e^z - 1 as the slope."""
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
        return np.where(z > 0, 1.0, np.expm1(np.minimum(z, 0)))
    return sigmoid(z)


@mistake("activation_derivative", breaks="finite and right for inputs as large as ±1000 too")
def activation_derivative(name, z):
    """The slope of softplus as e^z / (1 + e^z), which is not a number at 1000."""
    slopes = {
        "linear": lambda: np.ones(z.shape),
        "step": lambda: np.zeros(z.shape),
        "sigmoid": lambda: sigmoid(z) * (1 - sigmoid(z)),
        "tanh": lambda: 1 - np.tanh(z) ** 2,
        "relu": lambda: np.where(z > 0, 1.0, 0.0),
        "leaky_relu": lambda: np.where(z > 0, 1.0, 0.01),
        "elu": lambda: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
        "softplus": lambda: np.exp(z) / (1 + np.exp(z)),
    }
    return slopes[name]()


@mistake("activation_derivative", breaks="the slope at each entry of z, as an ndarray of float")
def activation_derivative(name, z):
    """np.vectorize takes its type from the first entry: where it is positive, 0.01 becomes 0."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return (z > 0).astype(float)
    if name == "leaky_relu":
        return np.vectorize(lambda v: 1 if v > 0 else 0.01)(z)
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    return sigmoid(z)


@right("activation_derivative")
def activation_derivative(name, z):
    """Pure Python: one number after the other with math, then put back into shape."""
    import math

    def bump(v):
        e = math.exp(-abs(v))
        return e / (1 + e) ** 2

    def rise(v):
        e = math.exp(-abs(v))
        return (1.0 if v >= 0 else e) / (1 + e)

    slope = {
        "linear": lambda v: 1.0,
        "step": lambda v: 0.0,
        "sigmoid": bump,
        "tanh": lambda v: 4 * bump(2 * v),
        "relu": lambda v: float(v > 0),
        "leaky_relu": lambda v: 1.0 if v > 0 else 0.01,
        "elu": lambda v: math.exp(min(v, 0.0)),
        "softplus": rise,
    }[name]
    return np.array([slope(v) for v in z.ravel().tolist()], dtype=float).reshape(z.shape)


@mistake("affine_backward", breaks="(8): db_j is the sum over i of dZ_ij; there is no 1/m in (8)")
def affine_backward(dZ, A_prev, W):
    """The mean over the examples for the bias."""
    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)


@mistake("affine_backward", breaks="(8): dW_jk is the sum over i of dZ_ij A_ik")
def affine_backward(dZ, A_prev, W):
    """The product the other way round, forced into the shape of W by reshape."""
    dW = (A_prev.T @ dZ).reshape(W.shape)
    return dZ @ W, dW, dZ.sum(axis=0)


@mistake("affine_backward", breaks="(8) holds for every dZ, however small its entries")
def affine_backward(dZ, A_prev, W):
    """Takes entries of dZ below 1e-8 for rounding errors and drops them."""
    dZ = np.where(np.abs(dZ) < 1e-8, 0.0, dZ)
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0)


@right("affine_backward")
def affine_backward(dZ, A_prev, W):
    """Example by example, with outer products added up on arrays of its own."""
    dA_prev, dW, db = np.empty(A_prev.shape), np.zeros(W.shape), np.zeros(len(W))
    for i, (upstream, came_in) in enumerate(zip(dZ, A_prev, strict=True)):
        db += upstream
        dW += np.multiply.outer(upstream, came_in)
        dA_prev[i] = sum(upstream[j] * W[j] for j in range(len(W)))
    return dA_prev, dW, db


@mistake("binary_cross_entropy", breaks="(11): dz_i = (a_i - y_i) / m")
def binary_cross_entropy(Z, y):
    """The loss is averaged, its gradient is not."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), sigmoid(Z) - Y


@mistake(
    "binary_cross_entropy", breaks="(10), (12): the natural logarithm: two even chances cost log 2"
)
def binary_cross_entropy(Z, y):
    """Counts in bits: the logarithm to base 2, and the gradient of the other one."""
    Y = y[:, None]
    J = float(np.mean(softplus(Z) - Y * Z) / np.log(2))
    return J, (sigmoid(Z) - Y) / len(y)


@mistake("binary_cross_entropy", breaks="(12): softplus(z) - y z, which is log(1 + e^-z) for y = 1")
def binary_cross_entropy(Z, y):
    """Takes softplus(z) = z from z = 5 on: examples that are fairly sure and right cost nothing."""
    Y = y[:, None]
    soft = np.where(Z > 5, Z, np.log1p(np.exp(np.minimum(Z, 5.0))))
    return float(np.mean(soft - Y * Z)), (sigmoid(Z) - Y) / len(y)


@right("binary_cross_entropy")
def binary_cross_entropy(Z, y):
    """A signed margin: the cost log(1 + exp(-s z)), with s = 1 or -1, split at 0 by masks."""
    sign = 2.0 * y.reshape(-1, 1) - 1.0
    margin = sign * Z
    small = np.exp(-np.abs(margin))
    cost = np.log1p(small) + np.maximum(-margin, 0.0)
    miss = np.empty(Z.shape)
    bad = margin < 0
    miss[bad] = 1 / (1 + small[bad])
    miss[~bad] = small[~bad] / (1 + small[~bad])
    return sum(cost.ravel().tolist()) / len(y), -sign * miss / len(y)


@mistake("backward", breaks="(13): dZ = dA * g'(Z), the slope at what goes into the activation")
def backward(params, cache, dA):
    """Takes the slopes at the activations' outputs A."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * activation_derivative(name, cache["A"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="backward itself divides by nothing")
def backward(params, cache, dA):
    """Averages dW and db over the examples once more."""
    grads, m = [], len(dA)
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW / m, db / m))
    return grads


@mistake("backward", breaks="dZ = dA * g'(Z) for the activation by name: the slope of step is 0")
def backward(params, cache, dA):
    """Slopes of its own, made from A; a name that is missing there (step) has the slope 1."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: np.where(A > 0, 1.0, 0.0),
        "leaky_relu": lambda A: np.where(A > 0, 1.0, 0.01),
        "elu": lambda A: np.where(A > 0, 1.0, A + 1),
        "softplus": lambda A: -np.expm1(-A),
    }
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * slopes[name](cache["A"][layer]) if name in slopes else dA
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="A pair for each layer, in the order of params")
def backward(params, cache, dA):
    """Stops where the gradient has become zero all over, without pairs for the layers below."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
        if not np.any(dA):
            break
    return grads


@right("backward")
def backward(params, cache, dA):
    """Recursion from the first layer upwards, with einsum in the place of affine_backward."""

    def below(layer):
        """The gradient of layer's output, and the pairs of all layers above it."""
        if layer == len(params):
            return dA, []
        upstream, pairs = below(layer + 1)
        slope = activation_derivative(cache["activations"][layer], cache["Z"][layer + 1])
        dZ = np.multiply(slope, upstream)
        dW = np.einsum("ij,ik->jk", dZ, cache["A"][layer])
        db = np.einsum("ij->j", dZ) + 0.0
        return np.einsum("ij,jk->ik", dZ, params[layer][0]), [(dW, db), *pairs]

    return below(0)[1]


@mistake("gradient_check", breaks="(14): divided by the sum of the two lengths")
def gradient_check(f, grad, x):
    """Divides by the larger of the two lengths."""
    told, measured = grad(x), numerical_gradient(f, x)
    scale = max(np.linalg.norm(told.ravel()), np.linalg.norm(measured.ravel()))
    return 0.0 if scale == 0 else float(np.linalg.norm((told - measured).ravel()) / scale)


@mistake("gradient_check", breaks="0 if both gradients are zero all over, else formula (14)")
def gradient_check(f, grad, x):
    """Takes gradients shorter than 1e-15 for zero: any mistake in a tiny loss is overlooked."""
    told, measured = grad(x).ravel(), numerical_gradient(f, x).ravel()
    scale = np.linalg.norm(told) + np.linalg.norm(measured)
    if scale < 1e-15:
        return 0.0
    return float(np.linalg.norm(told - measured) / scale)


@mistake("gradient_check", breaks="x: where to compare. Not changed")
def gradient_check(f, grad, x):
    """Subtracts in place from what grad returned, which may be x itself."""
    measured = numerical_gradient(f, x).ravel()
    told = grad(x).reshape(-1)
    scale = np.linalg.norm(told) + np.linalg.norm(measured)
    told -= measured
    return 0.0 if scale == 0 else float(np.linalg.norm(told) / scale)


@mistake("find_fault", breaks="The last name in params whose gradient is wrong")
def find_fault(loss, backward_pass, params):
    """Returns the name with the largest error."""
    told = backward_pass(params)
    errors = {}
    for name in params:
        errors[name] = gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: told[name],
            params[name],
        )
    worst = max(errors, key=errors.get)
    return worst if errors[worst] > 1e-4 else None


@mistake("find_fault", breaks="params: by their names, in the order of the forward pass")
def find_fault(loss, backward_pass, params):
    """Sorts the names by what follows their first letter, as text: W10 comes before W2."""
    told, fault = backward_pass(params), None
    for name in sorted(params, key=lambda one: one[1:]):
        error = gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: told[name],
            params[name],
        )
        if error > 1e-4:
            fault = name
    return fault


@mistake("find_fault", breaks="wrong where its relative error (14) is above 1e-4")
def find_fault(loss, backward_pass, params):
    """Leaves each parameter at its last nudge, so that the next is checked at another place."""
    told, fault, work = backward_pass(params), None, dict(params)

    def nudged(name, value):
        work[name] = value
        return loss(work)

    for name in params:
        error = gradient_check(
            lambda value, name=name: nudged(name, value),
            lambda value, name=name: told[name],
            params[name],
        )
        if error > 1e-4:
            fault = name
    return fault


@right("find_fault")
def find_fault(loss, backward_pass, params):
    """From the last name to the first, by next of a generator; the error (14) written out."""
    told = backward_pass({name: value.copy() for name, value in params.items()})

    def length(array):
        return float(np.sqrt(np.sum(np.square(array))))

    def is_wrong(name):
        def alone(value):
            moved = dict(params)
            moved[name] = value
            return loss(moved)

        measured = numerical_gradient(alone, params[name])
        scale = length(told[name]) + length(measured)
        return scale > 0 and length(told[name] - measured) / scale > 1e-4

    return next((name for name in reversed(list(params)) if is_wrong(name)), None)
