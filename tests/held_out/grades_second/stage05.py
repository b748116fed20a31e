"""Held-out answers to stage 5: read as source, never imported."""

import numpy as np


@mistake("numerical_gradient", breaks="(2): (f(x + h e_i) - f(x - h e_i)) / 2h")
def numerical_gradient(f, x, h=1e-5):
    """The forward difference: only one side is looked at."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x)) / h
    return gradient


@mistake("numerical_gradient", breaks="x: ndarray of any shape with at least one axis")
def numerical_gradient(f, x, h=1e-5):
    """Only one, two or three axes are provided for: a fourth is an error."""

    def slope(i):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        return (f(x + nudge) - f(x - nudge)) / (2 * h)

    gradient = np.zeros(x.shape)
    if x.ndim == 1:
        for i in range(len(x)):
            gradient[i] = slope(i)
    elif x.ndim == 2:
        for i, j in np.ndindex(x.shape):
            gradient[i, j] = slope((i, j))
    else:
        for i, j, k in np.ndindex(x.shape):
            gradient[i, j, k] = slope((i, j, k))
    return gradient


@mistake("numerical_gradient", breaks="x: where the gradient is wanted. Not changed.")
def numerical_gradient(f, x, h=1e-5):
    """Nudges a float x itself, up and down, and leaves it there, h too low."""
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = f(x)
        x[i] -= 2 * h
        behind = f(x)
        gradient[i] = (ahead - behind) / (2 * h)
    return gradient


@right("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    """A list of slopes, entry by entry of a flat x; each nudge is a mask times h."""
    places = np.arange(x.size).reshape(x.shape)
    slopes = []
    for place in range(x.size):
        nudge = h * (places == place)
        slopes.append((f(x + nudge) - f(x - nudge)) / (h + h))
    return np.array(slopes, dtype=float).reshape(x.shape)


@mistake("chain_backward", breaks="(3): dy/dv_(k-1) = f_k'(v_(k-1)) · dy/dv_k")
def chain_backward(functions, derivatives, x):
    """Each derivative is taken at the value that comes out, v_k."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="functions: f_1, ..., f_K in the order in which they are applied")
def chain_backward(functions, derivatives, x):
    """Looks up the place of a function by index: one used twice has only its first place."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for f in reversed(functions):
        k = functions.index(f)
        slopes.insert(0, derivatives[k](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="derivatives: list of callable. The list is not changed.")
def chain_backward(functions, derivatives, x):
    """Takes the derivatives off the end of the caller's list."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for value in values[-2::-1]:
        local = derivatives.pop()(value)
        slopes.append(local * slopes[-1])
    return values, slopes[::-1]


@right("chain_backward")
def chain_backward(functions, derivatives, x):
    """Two accumulations from itertools, one forward and one backward."""
    from itertools import accumulate
    from operator import mul

    values = list(accumulate(functions, lambda value, f: f(value), initial=x))
    local = [d(value) for d, value in zip(derivatives, values[:-1], strict=True)]
    slopes = list(accumulate(local[::-1], mul, initial=1.0))
    slopes.reverse()
    return values, slopes


@mistake("graph_gradients", breaks="the arguments add up what they are handed: +=, never =")
def graph_gradients(graph, inputs, output, operations):
    """A gradient that arrives replaces the one that was there."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            known = all(one in values for one in arguments if isinstance(one, str))
            if name not in values and known:
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*numbers)
                order.append((name, operation, arguments, numbers))
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name, operation, arguments, numbers in reversed(order):
        for one, slope in zip(arguments, operations[operation][1](*numbers), strict=True):
            if isinstance(one, str) and gradients[name] != 0:
                gradients[one] = gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="A name may be used any number of times, even twice by one node")
def graph_gradients(graph, inputs, output, operations):
    """Finds the slope by the first place of the name: x - x gets the slope of the first x twice."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            known = all(one in values for one in arguments if isinstance(one, str))
            if name not in values and known:
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*numbers)
                order.append((name, operation, arguments, numbers))
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name, operation, arguments, numbers in reversed(order):
        slopes = operations[operation][1](*numbers)
        for one in arguments:
            if isinstance(one, str):
                gradients[one] += gradients[name] * slopes[arguments.index(one)]
    return values, gradients


@mistake("graph_gradients", breaks="Whoever follows every path waits for ever (sixty nodes, 2^60)")
def graph_gradients(graph, inputs, output, operations):
    """Keeps all values and local slopes, but then walks every path on its own."""
    values, local = dict(inputs), {}

    def value(name):
        if not isinstance(name, str):
            return name
        if name not in values:
            operation, arguments = graph[name]
            numbers = [value(one) for one in arguments]
            values[name] = operations[operation][0](*numbers)
            local[name] = operations[operation][1](*numbers)
        return values[name]

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


@mistake("graph_gradients", breaks="gradients: with respect to each input and each node")
def graph_gradients(graph, inputs, output, operations):
    """An input that no node uses, and that is not the output, has no entry in the gradients."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            known = all(one in values for one in arguments if isinstance(one, str))
            if name not in values and known:
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*numbers)
                order.append((name, operation, arguments, numbers))
    gradients = dict.fromkeys(graph, 0.0)
    for _, arguments in graph.values():
        gradients.update({one: 0.0 for one in arguments if isinstance(one, str)})
    gradients[output] = 1.0
    for name, operation, arguments, numbers in reversed(order):
        for one, slope in zip(arguments, operations[operation][1](*numbers), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="The nodes stand in any order; there are at most 100 nodes")
def graph_gradients(graph, inputs, output, operations):
    """Goes over the nodes fifty times, which is too few for a long chain in the wrong order."""
    values, order = dict(inputs), []
    for _ in range(50):
        for name, (operation, arguments) in graph.items():
            known = all(one in values for one in arguments if isinstance(one, str))
            if name not in values and known:
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = operations[operation][0](*numbers)
                order.append((name, operation, arguments, numbers))
    gradients = dict.fromkeys([*inputs, *graph], 0.0)
    gradients[output] = 1.0
    for name, operation, arguments, numbers in reversed(order):
        for one, slope in zip(arguments, operations[operation][1](*numbers), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake(
    "graph_gradients", breaks="What an operation does, only the table says (the one handed in)"
)
def graph_gradients(graph, inputs, output, operations):
    """An operation of the notebook's own table goes before one of that name in the argument."""
    table = {**operations, **OPERATIONS}
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            known = all(one in values for one in arguments if isinstance(one, str))
            if name not in values and known:
                numbers = [values[one] if isinstance(one, str) else one for one in arguments]
                values[name] = table[operation][0](*numbers)
                order.append((name, operation, arguments, numbers))
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name, operation, arguments, numbers in reversed(order):
        for one, slope in zip(arguments, table[operation][1](*numbers), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """The order comes from graphlib; the gradients are handed on along its reverse."""
    from graphlib import TopologicalSorter

    before = {
        name: {one for one in arguments if isinstance(one, str)}
        for name, (_, arguments) in graph.items()
    }
    order = [name for name in TopologicalSorter(before).static_order() if name in graph]
    values = {name: number for name, number in inputs.items()}
    for name in order:
        operation, arguments = graph[name]
        values[name] = operations[operation][0](*(values.get(one, one) for one in arguments))
    gradients = {name: float(name == output) for name in values}
    for name in order[::-1]:
        upstream = gradients[name]
        if upstream:
            operation, arguments = graph[name]
            slopes = operations[operation][1](*(values.get(one, one) for one in arguments))
            for one, slope in zip(arguments, slopes, strict=True):
                if one in gradients:
                    gradients[one] += upstream * slope
    return values, gradients


@right("graph_gradients")
def graph_gradients(graph, inputs, output, operations):
    """Recursion with a memory: each name asks those who use it for their gradients."""
    from functools import cache

    users = {name: [] for name in (*inputs, *graph)}
    for name, (_, arguments) in graph.items():
        for place, one in enumerate(arguments):
            if isinstance(one, str):
                users[one].append((name, place))

    def numbers(name):
        found = []
        for one in graph[name][1]:
            found.append(value(one) if isinstance(one, str) else one)
        return found

    @cache
    def value(name):
        return inputs[name] if name in inputs else operations[graph[name][0]][0](*numbers(name))

    @cache
    def local(name):
        return operations[graph[name][0]][1](*numbers(name))

    @cache
    def gradient(name):
        total = 1.0 if name == output else 0.0
        for user, place in users[name]:
            total += gradient(user) * local(user)[place]
        return total

    return {name: value(name) for name in users}, {name: gradient(name) for name in users}


@mistake("activation_derivative", breaks="tanh: slope 1 - tanh² z")
def activation_derivative(name, z):
    """The slope of tanh is written with z in the place of tanh(z)."""
    return {
        "linear": lambda: np.ones(z.shape),
        "step": lambda: np.zeros(z.shape),
        "sigmoid": lambda: sigmoid(z) * (1 - sigmoid(z)),
        "tanh": lambda: 1 - z**2,
        "relu": lambda: np.where(z > 0, 1.0, 0.0),
        "leaky_relu": lambda: np.where(z > 0, 1.0, 0.01),
        "elu": lambda: np.exp(np.minimum(z, 0.0)),
        "softplus": lambda: sigmoid(z),
    }[name]()


@mistake("activation_derivative", breaks="We agree on the slope from the left: leaky_relu has 0.01")
def activation_derivative(name, z):
    """The slope of leaky_relu at exactly 0 is the one from the right."""
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
        return np.where(z < 0, 0.01, 1.0)
    if name == "elu":
        return np.exp(np.minimum(z, 0.0))
    return sigmoid(z)


@mistake("activation_derivative", breaks="relu: slope 1 where z > 0, else 0")
def activation_derivative(name, z):
    """The kink of relu is a millionth wide: a tiny positive z has the slope 0."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 1e-6, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "elu":
        return np.exp(np.minimum(z, 0.0))
    return sigmoid(z)


@mistake("activation_derivative", breaks="The results must be right for inputs as large as ±1000")
def activation_derivative(name, z):
    """The slope of the sigmoid is cut to 0 beyond 5, where it still is 0.0066."""
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name == "sigmoid":
        return np.where(np.abs(z) > 5, 0.0, sigmoid(z) * (1 - sigmoid(z)))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, 0.01)
    if name == "elu":
        return np.exp(np.minimum(z, 0.0))
    return sigmoid(z)


@right("activation_derivative")
def activation_derivative(name, z):
    """Other formulas, all from exp(-|z|), and masks that are filled in afterwards."""
    small = np.exp(-np.abs(z))
    slopes = np.zeros_like(z)
    match name:
        case "linear":
            slopes += 1
        case "sigmoid":
            slopes = small / np.square(1 + small)
        case "tanh":
            slopes = 4 * small**2 / np.square(1 + small**2)
        case "relu":
            slopes[z > 0] = 1
        case "leaky_relu":
            slopes += 0.01
            slopes[z > 0] = 1
        case "elu":
            slopes = small
            slopes[z > 0] = 1
        case "softplus":
            slopes = np.exp(-np.logaddexp(0.0, -z))
    return slopes


@mistake("affine_backward", breaks="(8): db_j is the sum of dZ_ij; there is no 1/m in (8)")
def affine_backward(dZ, A_prev, W):
    """The gradient of the bias is averaged over the examples."""
    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)


@mistake("affine_backward", breaks="dW_jk is the sum of dZ_ij A_ik over the examples i")
def affine_backward(dZ, A_prev, W):
    """In the loop over the examples, dW keeps only what the last one brings."""
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(len(W))
    for i in range(len(dZ)):
        dA_prev[i] = dZ[i] @ W
        dW = np.outer(dZ[i], A_prev[i])
        db += dZ[i]
    return dA_prev, dW, db


@mistake(
    "affine_backward", breaks="dW_jk = sum of dZ_ij A_ik over all i, whatever a row adds up to"
)
def affine_backward(dZ, A_prev, W):
    """Passes over an example whose dZ sums to 0 (as 1 and -1 do), not only one that is all 0."""
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(len(W))
    for i, row in enumerate(dZ):
        if row.sum() == 0:
            continue
        dA_prev[i] = row @ W
        dW += np.outer(row, A_prev[i])
        db += row
    return dA_prev, dW, db


@mistake("binary_cross_entropy", breaks="Beware: the result is a table of shape (m, m)")
def binary_cross_entropy(Z, y):
    """The labels stay flat: the loss is the mean of a table of m times m."""
    J = float(np.mean(softplus(Z) - y * Z))
    dZ = (sigmoid(Z) - y[:, None]) / len(y)
    return J, dZ


@mistake("binary_cross_entropy", breaks="y: the labels. Not changed.")
def binary_cross_entropy(Z, y):
    """Gives the caller's own labels the shape of a column."""
    y.shape = (-1, 1)
    return float(np.mean(softplus(Z) - y * Z)), (sigmoid(Z) - y) / len(y)


@mistake("binary_cross_entropy", breaks="(12): J = mean of softplus(z_i) - y_i z_i")
def binary_cross_entropy(Z, y):
    """Beyond 6 the softplus is taken for max(0, z), which is 0.002 off there."""
    Y = y[:, None]
    near_zero = np.clip(Z, -6.0, 6.0)
    soft = np.where(np.abs(Z) > 6, np.maximum(Z, 0.0), np.log1p(np.exp(near_zero)))
    return float(np.mean(soft - Y * Z)), (sigmoid(Z) - Y) / len(Y)


@right("binary_cross_entropy")
def binary_cross_entropy(Z, y):
    """One example after the other in pure Python; class 1 is class 0 with the sign of z turned."""
    import math

    losses, rows = [], []
    for (z,), label in zip(Z.tolist(), y.tolist(), strict=True):
        sign = -1.0 if label == 1 else 1.0
        e = math.exp(-abs(z))
        losses.append(max(sign * z, 0.0) + math.log1p(e))
        rows.append([sign * (1.0 if sign * z >= 0 else e) / (1.0 + e) / len(y)])
    return math.fsum(losses) / len(losses), np.array(rows)


@mistake("backward", breaks="(13): dZ = dA * g'(Z)")
def backward(params, cache, dA):
    """The slopes are taken at A, what comes out of the activation."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA * activation_derivative(cache["activations"][layer - 1], cache["A"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="dA: the derivative of the loss by the last output. Not changed.")
def backward(params, cache, dA):
    """Multiplies the slopes into the array of the caller."""
    grads = []
    for layer in range(len(params), 0, -1):
        dA *= activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        dA, dW, db = affine_backward(dA, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="list of (dW, db): a pair for each layer, in the order of params")
def backward(params, cache, dA):
    """Ends when nothing is left to hand on, and gives the layers below no pairs of zeros."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA * activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
        if not dA.any():
            break
    return grads


@mistake("backward", breaks="for l = L, ..., 1: a pair for each layer")
def backward(params, cache, dA):
    """Last and first layer are handled apart from the loop: a single layer has two pairs."""
    A, Z, names = cache["A"], cache["Z"], cache["activations"]
    dZ = dA * activation_derivative(names[-1], Z[-1])
    dA, dW, db = affine_backward(dZ, A[-2], params[-1][0])
    grads = [(dW, db)]
    for layer in range(len(params) - 1, 1, -1):
        dZ = dA * activation_derivative(names[layer - 1], Z[layer])
        dA, dW, db = affine_backward(dZ, A[layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    dZ = dA * activation_derivative(names[0], Z[1]) if len(params) > 1 else dZ
    dA, dW, db = affine_backward(dZ, A[0], params[0][0])
    return [(dW, db), *grads]


@right("backward")
def backward(params, cache, dA):
    """The sums of (8) by einsum, the layers taken off the ends of copied lists."""
    from collections import deque

    Z, A = cache["Z"][1:], cache["A"][:-1]
    names, weights = list(cache["activations"]), [W for W, _ in params]
    grads, upstream = deque(), dA
    while weights:
        dZ = activation_derivative(names.pop(), Z.pop()) * upstream
        inputs = A.pop()
        grads.appendleft((np.einsum("ij,ik->jk", dZ, inputs), np.einsum("ij->j", dZ)))
        upstream = np.einsum("ij,jk->ik", dZ, weights.pop())
    return list(grads)


@mistake("gradient_check", breaks="(14): divided by the sum of both lengths")
def gradient_check(f, grad, x):
    """Divides by the longer of the two lengths."""
    told, measured = grad(x), numerical_gradient(f, x)
    scale = max(np.linalg.norm(told), np.linalg.norm(measured))
    return 0.0 if scale == 0 else float(np.linalg.norm(told - measured) / scale)


@mistake("gradient_check", breaks="the length is the root of the sum of the squares of all entries")
def gradient_check(f, grad, x):
    """Asks NumPy for the 2-norm, which of a matrix is its largest singular value."""
    told, measured = grad(x), numerical_gradient(f, x)
    scale = np.linalg.norm(told, 2) + np.linalg.norm(measured, 2)
    return 0.0 if scale == 0 else float(np.linalg.norm(told - measured, 2) / scale)


@mistake("gradient_check", breaks="0 if both gradients are zero all over (only then)")
def gradient_check(f, grad, x):
    """Lengths that add up to less than 1e-13 are taken for zero."""
    told, measured = np.ravel(grad(x)), np.ravel(numerical_gradient(f, x))
    scale = np.linalg.norm(told) + np.linalg.norm(measured)
    if scale < 1e-13:
        return 0.0
    return float(np.linalg.norm(told - measured) / scale)


@right("gradient_check")
def gradient_check(f, grad, x):
    """Lengths from the math module, of plain lists."""
    import math

    told = np.asarray(grad(x)).flatten().tolist()
    measured = numerical_gradient(f, x).flatten().tolist()
    lengths = math.hypot(*told) + math.hypot(*measured)
    if lengths > 0:
        return math.dist(told, measured) / lengths
    return 0.0


@mistake("find_fault", breaks="The last name in params whose gradient is wrong")
def find_fault(loss, backward_pass, params):
    """Returns the first wrong one."""
    grads = backward_pass(params)
    for name, value in params.items():
        error = gradient_check(
            lambda v, name=name: loss({**params, name: v}), lambda v, name=name: grads[name], value
        )
        if error > 1e-4:
            return name
    return None


@mistake("find_fault", breaks="The last name in params (the gradients come in any order)")
def find_fault(loss, backward_pass, params):
    """Goes through the names in the order of the gradients."""
    fault = None
    for name, slope in backward_pass(params).items():
        error = gradient_check(
            lambda v, name=name: loss({**params, name: v}), lambda v, s=slope: s, params[name]
        )
        if error > 1e-4:
            fault = name
    return fault


@mistake(
    "find_fault", breaks="wrong where its relative error (14), over all entries, is above 1e-4"
)
def find_fault(loss, backward_pass, params):
    """To save time, only the first ten entries of each parameter are checked."""
    grads, fault = backward_pass(params), None
    for name, value in params.items():

        def partial_loss(head, name=name, value=value):
            flat = value.flatten()
            flat[: len(head)] = head
            return loss({**params, name: flat.reshape(value.shape)})

        told = grads[name].ravel()[:10]
        if gradient_check(partial_loss, lambda head, t=told: t, value.ravel()[:10]) > 1e-4:
            fault = name
    return fault


@right("find_fault")
def find_fault(loss, backward_pass, params):
    """From the last name to the first, as a generator that ends at the first wrong one."""
    from functools import partial

    grads = backward_pass({name: array.copy() for name, array in params.items()})

    def moved(name, value):
        other = params.copy()
        other[name] = value
        return loss(other)

    wrong = (
        name
        for name in list(params)[::-1]
        if gradient_check(partial(moved, name), lambda _, n=name: grads[n], params[name]) > 0.0001
    )
    return next(wrong, None)
