"""Held-out wrong solutions of stage 5: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# numerical_gradient


@held_out(
    "numerical_gradient",
    name="h_for_two_h_and_integers_kept",
    kind="combination",
    truth=("divided_by_h", "zeros_like_integers"),
    relation=("factor", "dtype"),
)
def numerical_gradient(f, x, h=1e-5):
    """The central difference is divided by h, in arrays of the dtype of x."""
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        idx = it.multi_index
        x_plus = x.copy()
        x_minus = x.copy()
        x_plus[idx] += h
        x_minus[idx] -= h
        grad[idx] = (f(x_plus) - f(x_minus)) / h
        it.iternext()
    return grad


# chain_backward


@held_out(
    "chain_backward",
    name="cumulative_product_from_the_front",
    kind="variation",
    truth=("slopes_from_the_front",),
)
def chain_backward(functions, derivatives, x):
    """np.cumprod multiplies from the front, where the slopes are wanted from the back."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    local = [dg(v) for dg, v in zip(derivatives, values)]
    slopes = np.cumprod([1.0] + local)
    return values, list(slopes)


# graph_gradients


@held_out(
    "graph_gradients",
    name="contributions_set_not_added",
    kind="variation",
    truth=("last_use_overwrites",),
)
def graph_gradients(graph, inputs, output, operations):
    """Sorted by depth-first search; on the way back each use replaces what was there."""
    vals = {}
    order = []

    def val(a):
        if not isinstance(a, str):
            return a
        if a in inputs:
            vals[a] = inputs[a]
        if a not in vals:
            op, args = graph[a]
            vals[a] = operations[op][0](*[val(x) for x in args])
            order.append(a)
        return vals[a]

    for key in list(inputs) + list(graph):
        val(key)
    grads = dict.fromkeys(vals, 0.0)
    grads[output] = 1.0
    for key in order[::-1]:
        op, args = graph[key]
        ds = operations[op][1](*[val(x) for x in args])
        for arg, d in zip(args, ds):
            if isinstance(arg, str) and grads[key] != 0.0:
                grads[arg] = grads[key] * d
    return vals, grads


@held_out("graph_gradients", name="upstream_of_one_hop", kind="new")
def graph_gradients(graph, inputs, output, operations):
    """Every node hands on its local slopes times the output's gradient, 1: the chain ends there."""
    vals = dict(inputs)
    todo = list(graph)
    while todo:
        key = todo.pop(0)
        op, args = graph[key]
        if any(isinstance(a, str) and a not in vals for a in args):
            todo.append(key)
            continue
        vals[key] = operations[op][0](*[vals[a] if isinstance(a, str) else a for a in args])
    grads = dict.fromkeys(vals, 0.0)
    grads[output] = 1.0
    reached = [output]
    for key in reached:
        if key in graph:
            op, args = graph[key]
            ds = operations[op][1](*[vals[a] if isinstance(a, str) else a for a in args])
            for a, d in zip(args, ds):
                if isinstance(a, str):
                    grads[a] += d * grads[output]
                    if a not in reached:
                        reached.append(a)
    return vals, grads


# activation_derivative


@held_out(
    "activation_derivative",
    name="kink_from_the_right_and_overflow",
    kind="combination",
    truth=("relu_kink_from_the_right", "softplus_slope_overflows"),
    relation=("not_finite",),
)
def activation_derivative(name, z):
    """At 0 ReLU gets the slope from the right, and softplus a quotient that overflows."""
    if name == "linear":
        return np.ones_like(z)
    elif name == "step":
        return np.zeros_like(z)
    elif name == "sigmoid":
        s = sigmoid(z)
        return s * (1 - s)
    elif name == "tanh":
        return 1 - tanh(z) ** 2
    elif name == "relu":
        return (z >= 0).astype(float)
    elif name == "leaky_relu":
        return np.where(z > 0, 1, 0.01)
    elif name == "elu":
        return np.where(z > 0, 1, np.exp(z))
    elif name == "softplus":
        return np.exp(z) / (1 + np.exp(z))


# affine_backward


@held_out(
    "affine_backward",
    name="transposed_weights_and_a_row_for_the_bias",
    kind="combination",
    truth=("weights_transposed", "bias_as_a_row"),
    relation=("transpose", "axis"),
)
def affine_backward(dZ, A_prev, W):
    """dW has inputs in its rows, and db keeps an axis too many."""
    dA_prev = np.dot(dZ, W)
    dW = np.dot(A_prev.T, dZ)
    db = np.sum(dZ, axis=0, keepdims=True)
    return dA_prev, dW, db


# binary_cross_entropy


@held_out(
    "binary_cross_entropy",
    name="label_minus_output_not_averaged",
    kind="combination",
    truth=("label_minus_output", "entropy_gradient_not_averaged"),
    relation=("sign", "factor", "part"),
)
def binary_cross_entropy(Z, y):
    """The gradient has the wrong sign and lacks the 1/m."""
    m = len(y)
    t = y.reshape(m, 1)
    losses = np.maximum(Z, 0) - t * Z + np.log1p(np.exp(-np.abs(Z)))
    J = losses.sum() / m
    dZ = t - sigmoid(Z)
    return float(J), dZ


# backward


@held_out(
    "backward",
    name="activations_of_the_layer_itself",
    kind="new",
    relation=("part",),
)
def backward(params, cache, dA):
    """Off by one: the weights' gradient is made with what came out of the layer."""
    L = len(params)
    grads = [None] * L
    for l in reversed(range(L)):
        W, b = params[l]
        Z = cache["Z"][l + 1]
        A = cache["A"][l + 1]
        dZ = dA * activation_derivative(cache["activations"][l], Z)
        dA, dW, db = affine_backward(dZ, A, W)
        grads[l] = (dW, db)
    return grads


# gradient_check


@held_out("gradient_check", name="divided_by_the_longer_one", kind="new")
def gradient_check(f, grad, x):
    """The difference is divided by the longer of the two lengths instead of their sum."""
    analytic = grad(x).ravel()
    numeric = numerical_gradient(f, x).ravel()
    diff = np.linalg.norm(analytic - numeric)
    denom = max(np.linalg.norm(analytic), np.linalg.norm(numeric))
    if denom == 0:
        return 0.0
    return float(diff / denom)


# find_fault


@held_out(
    "find_fault",
    name="stops_at_the_first",
    kind="variation",
    truth=("first_wrong_one",),
)
def find_fault(loss, backward_pass, params):
    """The loop from the first parameter on returns as soon as one gradient is wrong."""
    grads = backward_pass(params)
    for key, p in params.items():

        def f(v):
            return loss({**params, key: v})

        if gradient_check(f, lambda v: grads[key], p) >= 1e-4:
            return key
    return None
