"""Held-out answers to stage 5: read as source, never imported."""

import numpy as np


@mistake("numerical_gradient", breaks="x may hold integers; the gradient is floats all the same")
def numerical_gradient(f, x, h=1e-5):
    """The gradient is kept in the type of x, so that integers cut the fractions off."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@mistake("numerical_gradient", breaks="h is the size of the nudge, in (2) the same for every entry")
def numerical_gradient(f, x, h=1e-5):
    """The nudge grows with the entry, once that is beyond 1."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        size = h * max(1.0, abs(x[i]))
        nudge = np.zeros(x.shape)
        nudge[i] = size
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * size)
    return gradient


@mistake(
    "numerical_gradient", breaks="h=1e-5 in the signature: that is where our default comes from"
)
def numerical_gradient(f, x, h=1e-3):
    """The default of h is a hundred times too large."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@mistake("chain_backward", breaks="(3): f_k' is taken at the value that came in, v_(k-1)")
def chain_backward(functions, derivatives, x):
    """Each local slope is taken at what comes out of the function."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k]) * slopes[0])
    return values, slopes


@mistake("chain_backward", breaks="(3): local times upstream, which may be 0 and then says nothing")
def chain_backward(functions, derivatives, x):
    """The slope of the whole chain is divided by one local slope after another, even by 0."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    local = np.array([d(v) for d, v in zip(derivatives, values[:-1], strict=True)], dtype=float)
    slopes = [float(np.prod(local))]
    for one in local[:-1]:
        slopes.append(float(slopes[-1] / one))
    return values, [*slopes, 1.0]


@mistake("chain_backward", breaks="dy/dv_k: how y depends on v_k, not how v_k depends on x")
def chain_backward(functions, derivatives, x):
    """The slopes are multiplied from the front: dv_k/dx, beginning with 1."""
    values, slopes = [x], [1.0]
    for f, derivative in zip(functions, derivatives, strict=True):
        slopes.append(slopes[-1] * derivative(values[-1]))
        values.append(f(values[-1]))
    return values, slopes


@mistake("chain_backward", breaks="(3): f_k' is taken at v_(k-1), wherever f_k occurs once more")
def chain_backward(functions, derivatives, x):
    """A function that occurs twice is looked up by its first place both times."""
    values = [x]
    for f in functions:
        values.append(f(values[-1]))
    slopes = [1.0]
    for f in reversed(functions):
        k = functions.index(f)
        slopes.insert(0, derivatives[k](values[k]) * slopes[0])
    return values, slopes


@mistake("graph_gradients", breaks="the output may be any name, even an input")
def graph_gradients(graph, inputs, output, operations):
    """The 1 of the output is set when its turn comes, and an input never has a turn."""
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
    for name in reversed(order):
        if name == output:
            gradients[name] = 1.0
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="local derivatives twice at most; some take three arguments")
def graph_gradients(graph, inputs, output, operations):
    """The local derivatives are computed anew for each argument: three times for three."""
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
        for i, one in enumerate(arguments):
            if isinstance(one, str):
                gradients[one] += gradients[name] * operations[operation][1](*at)[i]
    return values, gradients


@mistake("graph_gradients", breaks="all gradients start at 0, only that of the output at 1")
def graph_gradients(graph, inputs, output, operations):
    """Every name that nobody uses starts at 1 as well."""
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
    used = {one for _, arguments in graph.values() for one in arguments}
    gradients = {name: 0.0 if name in used else 1.0 for name in values}
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="what an operation does, only the table says; it may be another")
def graph_gradients(graph, inputs, output, operations):
    """The table of the notebook is used, whichever is handed over."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = OPERATIONS[operation][0](*at)
            order.append(name)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, OPERATIONS[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="with respect to each of them; what does not lead to it has 0")
def graph_gradients(graph, inputs, output, operations):
    """An input that no node uses has no entry in the gradients."""
    values, order = dict(inputs), []

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
            order.append(name)
        return values[name]

    gradients = {}
    for name, (_, arguments) in graph.items():
        visit(name)
        gradients[name] = 0.0
        gradients.update({one: 0.0 for one in arguments if isinstance(one, str)})
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        at = [values[one] if isinstance(one, str) else one for one in arguments]
        for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@mistake("graph_gradients", breaks="no repeated work: local derivatives are computed twice at most")
def graph_gradients(graph, inputs, output, operations):
    """Every path from the output is walked by itself."""
    values = dict(inputs)

    def visit(name):
        if name not in values:
            operation, arguments = graph[name]
            at = [visit(one) if isinstance(one, str) else one for one in arguments]
            values[name] = operations[operation][0](*at)
        return values[name]

    for name in graph:
        visit(name)
    gradients = dict.fromkeys(values, 0.0)

    def hand_on(name, part):
        gradients[name] += part
        if name in graph:
            operation, arguments = graph[name]
            at = [values[one] if isinstance(one, str) else one for one in arguments]
            for one, slope in zip(arguments, operations[operation][1](*at), strict=True):
                if isinstance(one, str):
                    hand_on(one, part * slope)

    hand_on(output, 1.0)
    return values, gradients


@mistake("activation_derivative", breaks="at a kink the slope from the left: elu 1")
def activation_derivative(name, z):
    """At exactly 0, elu falls between its two cases and has the slope 0."""
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
        return (z > 0) * 1.0 + (z < 0) * np.exp(np.minimum(z, 0))
    return sigmoid(z)


@mistake("activation_derivative", breaks="ndarray of the shape of z, any shape")
def activation_derivative(name, z):
    """All axes behind the first are laid flat, and stay so."""
    z = z.reshape(len(z), -1)
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
    return sigmoid(z)


@mistake("activation_derivative", breaks="(4): σ'(z) = σ(z)(1 - σ(z)), where z goes into σ")
def activation_derivative(name, z):
    """For the sigmoid, z is taken for its output."""
    return {
        "linear": np.ones(z.shape),
        "step": np.zeros(z.shape),
        "sigmoid": z * (1 - z),
        "tanh": 1 - np.tanh(z) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, 0.01),
        "elu": np.exp(np.minimum(z, 0)),
        "softplus": sigmoid(z),
    }[name]


@mistake("activation_derivative", breaks="z: what goes into the activation. Not changed.")
def activation_derivative(name, z):
    """For relu and leaky_relu, the slopes are written into z."""
    if name in ("relu", "leaky_relu"):
        positive = z > 0
        z[positive] = 1.0
        z[~positive] = 0.0 if name == "relu" else 0.01
        return z
    return {
        "linear": np.ones(z.shape),
        "step": np.zeros(z.shape),
        "sigmoid": sigmoid(z) * (1 - sigmoid(z)),
        "tanh": 1 - np.tanh(z) ** 2,
        "elu": np.exp(np.minimum(z, 0)),
        "softplus": sigmoid(z),
    }[name]


@mistake("affine_backward", breaks="(8): dW_jk sums dZ_ij A_ik; rows are outputs, columns inputs")
def affine_backward(dZ, A_prev, W):
    """dW is transposed only where its shape does not fit, so not where n_in = n_out."""
    dW = A_prev.T @ dZ
    if dW.shape != W.shape:
        dW = dW.T
    return dZ @ W, dW, dZ.sum(axis=0)


@mistake("affine_backward", breaks="returns dA_prev, dW, db")
def affine_backward(dZ, A_prev, W):
    """The three come in another order."""
    return dZ.T @ A_prev, dZ.sum(axis=0), dZ @ W


@mistake("binary_cross_entropy", breaks="(11): dz_i = (a_i - y_i) / m")
def binary_cross_entropy(Z, y):
    """dZ lacks the 1/m of the average."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), sigmoid(Z) - Y


@mistake("binary_cross_entropy", breaks="the loss must be finite and right for z as large as ±1000")
def binary_cross_entropy(Z, y):
    """Formula (10) with the probabilities clipped: at most 34.5 for an example."""
    Y = y[:, None]
    a = np.clip(sigmoid(Z), 1e-15, 1 - 1e-15)
    loss = -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))
    return float(loss), (sigmoid(Z) - Y) / len(y)


@mistake("binary_cross_entropy", breaks="beware: (m,) and (m, 1) make a table of shape (m, m)")
def binary_cross_entropy(Z, y):
    """The loss is averaged over all pairs of a label and an input."""
    loss = np.mean(softplus(Z) - y * Z)
    return float(loss), (sigmoid(Z) - y[:, None]) / len(y)


@mistake("backward", breaks="the last layer has an activation too")
def backward(params, cache, dA):
    """The slope of the last layer's activation is left out."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        dZ = dA
        if layer < len(params):
            dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="(13): the slope of each layer's activation, whichever of the eight")
def backward(params, cache, dA):
    """Only the slopes in the left column are known; the other activations count as linear."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        if name not in ("sigmoid", "tanh", "relu"):
            name = "linear"
        dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@mistake("backward", breaks="a pair for each layer, for any number of layers")
def backward(params, cache, dA):
    """The last and the first layer are treated by themselves, even if they are the same one."""
    names = cache["activations"]
    dZ = dA * activation_derivative(names[-1], cache["Z"][-1])
    dA, dW, db = affine_backward(dZ, cache["A"][-2], params[-1][0])
    grads = [(dW, db)]
    for layer in range(len(params) - 1, 1, -1):
        dZ = dA * activation_derivative(names[layer - 1], cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    dZ = dA * activation_derivative(names[0], cache["Z"][1])
    _, dW, db = affine_backward(dZ, cache["A"][0], params[0][0])
    return [(dW, db), *grads]


@mistake("gradient_check", breaks="(14): divided by the sum of both lengths")
def gradient_check(f, grad, x):
    """Divided by the length of the numerical gradient alone."""
    measured = numerical_gradient(f, x)
    scale = np.linalg.norm(measured.ravel())
    difference = np.linalg.norm((grad(x) - measured).ravel())
    return float(difference / scale) if scale else float(difference > 0)


@mistake("gradient_check", breaks="0 if both gradients are zero all over, else (14), which is 1")
def gradient_check(f, grad, x):
    """The error is 0 as soon as one of the two gradients is zero."""
    measured, given = numerical_gradient(f, x), grad(x)
    lengths = np.linalg.norm(given.ravel()), np.linalg.norm(measured.ravel())
    if min(lengths) == 0:
        return 0.0
    return float(np.linalg.norm((given - measured).ravel()) / sum(lengths))


@mistake("gradient_check", breaks="measured by nudges of size h as in (2): to both sides")
def gradient_check(f, grad, x):
    """Measured by forward differences."""
    measured, given = np.zeros(x.shape), grad(x)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = 1e-5
        measured[i] = (f(x + nudge) - f(x)) / 1e-5
    scale = np.linalg.norm(given.ravel()) + np.linalg.norm(measured.ravel())
    return 0.0 if scale == 0 else float(np.linalg.norm((given - measured).ravel()) / scale)


@mistake("find_fault", breaks="the last name in params, in the order of the forward pass")
def find_fault(loss, backward_pass, params):
    """The last of the wrong names by the alphabet."""
    grads, fault = backward_pass(params), None
    for name in sorted(params):

        def moved(value, name=name):
            return loss({**params, name: value})

        if gradient_check(moved, lambda value, name=name: grads[name], params[name]) > 1e-4:
            fault = name
    return fault


@mistake("find_fault", breaks="the last name in params; the gradients come under the same names")
def find_fault(loss, backward_pass, params):
    """The order is that of the gradients' dict."""
    fault = None
    for name, gradient in backward_pass(params).items():

        def moved(value, name=name):
            return loss({**params, name: value})

        if gradient_check(moved, lambda value, g=gradient: g, params[name]) > 1e-4:
            fault = name
    return fault


@mistake("find_fault", breaks="the fault sits at the last parameter whose gradient is wrong")
def find_fault(loss, backward_pass, params):
    """The name with the largest relative error."""
    grads, errors = backward_pass(params), {}
    for name in params:

        def moved(value, name=name):
            return loss({**params, name: value})

        errors[name] = gradient_check(moved, lambda value, n=name: grads[n], params[name])
    worst = max(errors, key=errors.get)
    return worst if errors[worst] > 1e-4 else None
