"""What stage 5 grades: 20 points.

Derivatives are compared with the reference's and, where that says something of its own, with
numerical ones of the reference's functions, in float64. Sizes differ from each other, so that a
missing or a superfluous transpose cannot hide.
"""

from functools import partial

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    gradient_close,
    number,
    parts,
    public,
    require,
    unchanged,
    unchanged_each,
)


def finite_number(value, what):
    """Check that a value is one finite number, and return it as a float."""
    plain = number(value, what)
    require(np.isfinite(value), f"{what} is NaN or infinite")
    return plain


# numerical_gradient: 2 points


@check("numerical_gradient", points=1, hint="Compare your code with formula (2), term by term.")
def differences_are_central(student, rng):
    """The step is h to both sides, whatever h is, and the difference is divided by 2h."""
    # For a cubic, formula (2) gives 3x² + h² times the coefficient; for a product the other factor.
    for h in (0.5, 0.25, 0.125):
        c, x = rng.integers(1, 6, size=4).astype(float), rng.normal(size=4)
        f = public(lambda v, c=c: float(c @ v**3 + v[0] * v[1]))
        expected = c * (3 * x**2 + h**2) + [x[1], x[0], 0, 0]
        slope = student.numerical_gradient(f, x, h)
        close(slope, expected, f"the gradient of a cubic with h = {h}")
    x = rng.normal(size=3)
    f = public(lambda v: float(np.sin(v[0]) * v[1] + np.exp(v[2])))
    slope = student.numerical_gradient(f, x)
    expected = [np.cos(x[0]) * x[1], np.sin(x[0]), np.exp(x[2])]
    close(slope, expected, "the gradient with the h that is preset", atol=1e-7, rtol=1e-7)


@check("numerical_gradient", points=1)
def gradient_for_any_shape(student, rng):
    """x may have any shape and hold integers; the gradient has its shape, and x stays as it was."""
    calls, cases = [], []
    for shape in ((1,), (7,), (3, 4), (5, 1), (2, 3, 2)):
        for integers in (False, True):
            x = rng.integers(-3, 4, size=shape)
            x = x if integers else x + rng.uniform(0.1, 0.9, size=shape)
            c = rng.normal(size=shape)

            def f(v, c=c):
                first = v.ravel()[0] if isinstance(v, np.ndarray) else v
                return float(np.sum(c * v**2) + first * np.sum(v))

            expected = 2 * c * x + x.ravel()[0]
            expected.ravel()[0] += x.sum()
            kind = "integers" if integers else "floats"
            calls.append((public(f), x))
            cases.append((expected, f"the gradient at an x of {kind} of shape {shape}"))
    slopes = unchanged_each(student.numerical_gradient, calls)
    for (expected, what), slope in zip(cases, slopes, strict=True):
        close(slope, expected, what, atol=1e-6)


# chain_backward: 2 points


def links(rng, n_links):
    """Some functions with their derivatives, all smooth and of moderate size."""
    c, d = float(rng.uniform(0.5, 1.5)), float(rng.normal())
    choice = [
        (lambda v: float(np.sin(v)), lambda v: float(np.cos(v))),
        (lambda v: c * v + d, lambda v: c),
        (lambda v: float(np.tanh(v)) + 1.0, lambda v: float(1 - np.tanh(v) ** 2)),
        (lambda v: v**2 / 2 + v, lambda v: v + 1),
        (lambda v: 1 / (1 + v**2), lambda v: -2 * v / (1 + v**2) ** 2),
        (lambda v: float(np.exp(-v / 3)), lambda v: float(-np.exp(-v / 3) / 3)),
    ]
    chosen = [choice[i] for i in rng.permutation(len(choice))[:n_links]]
    return [public(g) for g, _ in chosen], [public(g_prime) for _, g_prime in chosen]


def same_chains(student, reference, chains):
    """Compare both lists with the reference's, for each (functions, derivatives, x)."""
    what = ("the list of values", "the list of slopes")
    agrees(student.chain_backward, reference.chain_backward, chains, what, may_change=True)


@check("chain_backward", points=1)
def every_value_and_every_slope(student, reference, rng):
    """All K + 1 values and all K + 1 slopes are right, in order, for short chains and long ones."""
    lengths = (3, 1, 2, 6, 4, 5)
    chains = [(*links(rng, n_links), float(rng.uniform(-1.5, 1.5))) for n_links in lengths]
    same_chains(student, reference, chains)


@check("chain_backward", points=1, hint="What happens behind a link whose slope is zero?")
def a_flat_link_stops_the_slope(student, reference, rng):
    """A link of slope 0 makes all the slopes before it 0, and none of those after it."""
    chains = []
    for place in (0, 2, 4):
        functions, derivatives = links(rng, 4)
        functions.insert(place, public(lambda v: 0.25 + 0 * v))
        derivatives.insert(place, public(lambda v: 0.0))
        chains.append((functions, derivatives, float(rng.uniform(-1.5, 1.5))))
    same_chains(student, reference, chains)


# neuron_gradients: 2 points

NAMES = ("a", "z", "w", "b", "x")


def entries(grads):
    """Check that the result is a dict with the five names."""
    require(isinstance(grads, dict), "neuron_gradients should return a dict")
    for name in NAMES:
        require(name in grads, f"the dict has no entry {name!r}")
    return grads


@check("neuron_gradients", points=1)
def slopes_at_every_node(student, reference, rng):
    """The derivatives by a, z, w, b and x are right, with a penalty and without one."""
    penalties = (0.7, 0.0, float(rng.uniform(0.1, 2)), float(rng.uniform(0.1, 2)))
    cases = [((*rng.normal(size=4).tolist(), lam), "") for lam in penalties]
    cases += [((2.0, z / 2, 0.0, 1.0, 0.001), f"at z = {z:g}, ") for z in (1000.0, -1000.0)]
    values = student.neuron_gradients.each(args for args, _ in cases)
    for (args, where), value in zip(cases, values, strict=True):
        grads, expected = entries(value), reference.neuron_gradients(*args)
        for name in NAMES:
            close(grads[name], expected[name], f"{where}the derivative by {name}")


@check("neuron_gradients", points=1, hint="In how many places of formula (5) does w stand?")
def neuron_agrees_with_nudges(student, reference, rng):
    """Nudging w, b and x of the loss (5) gives the same slopes."""
    calls = [
        (*rng.normal(size=3).tolist(), float(rng.integers(0, 2)), float(rng.uniform(0.2, 2)))
        for _ in range(4)
    ]
    for call, value in zip(calls, student.neuron_gradients.each(calls), strict=True):
        grads = entries(value)
        for place, name in enumerate("xwb"):
            finite_number(grads[name], f"the derivative by {name}")

            def loss(v, place=place, call=call):
                moved = [v[0] if i == place else call[i] for i in range(5)]
                return reference.neuron_loss(*moved)

            slope = np.array([float(grads[name])])
            gradient_close(slope, loss, [call[place]], f"the derivative by {name}", atol=1e-6)


# activation_derivative: 3 points


def same_slopes(student, reference, names, rng):
    """Compare the slopes of some activations with the reference's at many kinds of z."""
    for name in names:
        shapes = ((9,), (3, 4), (2, 3, 2), (1, 1))
        cases = [(rng.normal(size=shape) * 2, f"z of shape {shape}") for shape in shapes]
        z = np.array([0.0, -1000.0, 1000.0, -40.0, 40.0, 1e-3, -1e-3, 0.0])
        cases.append((z, "0, ±1000, ±40, ±0.001"))
        smooth = rng.uniform(0.3, 2.5, size=6) * rng.choice([-1.0, 1.0], size=6)
        calls = [*((name, z) for z, _ in cases), (name, smooth)]
        slopes = unchanged_each(student.activation_derivative, calls)
        for z, where in cases:
            expected = reference.activation_derivative(name, z)
            close(next(slopes), expected, f"the slope of {name} at {where}")
        # The numerical slope says the same, away from kinks.
        g = getattr(reference, name)
        f = lambda v, g=g: float(np.sum(g(v)))  # noqa: E731
        gradient_close(next(slopes), f, smooth, f"the slope of {name}", rtol=1e-4, atol=1e-6)


@check("activation_derivative", points=1, hint="Draw them: on which side of 0 is which slope?")
def slopes_of_straight_pieces(student, reference, rng):
    """linear, step, relu and leaky_relu: right on both sides of 0, and at 0 as agreed."""
    same_slopes(student, reference, ("linear", "step", "relu", "leaky_relu"), rng)


@check("activation_derivative", points=1, hint="Is it z that the formula is about, or g(z)?")
def slopes_of_sigmoid_and_tanh(student, reference, rng):
    """Sigmoid and tanh: right everywhere, and finite at ±1000."""
    same_slopes(student, reference, ("sigmoid", "tanh"), rng)


@check("activation_derivative", points=1)
def slopes_of_elu_and_softplus(student, reference, rng):
    """ELU and softplus: right everywhere, and finite at ±1000."""
    same_slopes(student, reference, ("elu", "softplus"), rng)


# elementwise_jacobian: 1 point


@check("elementwise_jacobian", points=1, hint="Which output moves when you nudge input j?")
def each_output_has_one_input(student, rng):
    """The Jacobian has the slopes on its diagonal and zeros elsewhere, for any n."""
    functions = [
        (np.sin, lambda z: np.cos(z)),
        (np.exp, lambda z: np.exp(z)),
        (lambda z: z**3 + z, lambda z: 3 * z**2 + 1),
    ]
    cases = [(g, g_prime, rng.normal(size=n)) for n in (4, 1, 7) for g, g_prime in functions]
    calls = [(public(g_prime), z) for _, g_prime, z in cases]
    jacobians = unchanged_each(student.elementwise_jacobian, calls)
    for (g, g_prime, z), jacobian in zip(cases, jacobians, strict=True):
        close(jacobian, np.diag(g_prime(z)), "the Jacobian")
        for i in range(len(z)):  # row i is the gradient of output i
            f = lambda v, g=g, i=i: float(g(v)[i])  # noqa: E731
            gradient_close(jacobian[i], f, z, f"row {i} of the Jacobian", 1e-4, 1e-6)
        upstream = rng.normal(size=len(z))
        close(upstream @ jacobian, upstream * g_prime(z), "upstream @ Jacobian")


# affine_backward: 2 points

SIZES = ((5, 3, 4), (1, 4, 2), (6, 1, 3), (4, 5, 1), (2, 2, 3), (3, 3, 3), (9, 2, 7))
"""Examples, inputs, outputs."""


@check("affine_backward", points=1)
def the_three_gradients(student, reference, rng):
    """dA_prev, dW and db are right for any number of examples, inputs and outputs."""
    calls = [
        (rng.normal(size=(m, n_out)), rng.normal(size=(m, n_in)), rng.normal(size=(n_out, n_in)))
        for m, n_in, n_out in SIZES
    ]

    def what(dZ, A_prev, W):
        where = f"for {len(dZ)} examples, {W.shape[1]} inputs and {W.shape[0]} outputs"
        return tuple(f"{name} {where}" for name in ("dA_prev", "dW", "db"))

    agrees(student.affine_backward, reference.affine_backward, calls, what)


@check("affine_backward", points=1, hint="Does formula (8) say a sum or a mean?")
def examples_add_up(student, rng):
    """Nudges of A_prev, W and b say the same, and two batches give the sum of what each gives."""
    m, n_in, n_out = 5, 3, 2
    dZ, A = rng.normal(size=(m, n_out)), rng.normal(size=(m, n_in))
    W, b = rng.normal(size=(n_out, n_in)), rng.normal(size=n_out)
    dA, dW, db = parts(student.affine_backward(dZ, A, W), 3, "affine_backward")
    gradient_close(dW, lambda v: float(np.sum(dZ * (A @ v.T + b))), W, "dW", atol=1e-6)
    gradient_close(db, lambda v: float(np.sum(dZ * (A @ W.T + v))), b, "db", atol=1e-6)
    gradient_close(dA, lambda v: float(np.sum(dZ * (v @ W.T + b))), A, "dA_prev", atol=1e-6)
    one = parts(student.affine_backward(dZ[:2], A[:2], W), 3, "affine_backward")
    two = parts(student.affine_backward(dZ[2:], A[2:], W), 3, "affine_backward")
    close(np.concatenate([one[0], two[0]]), dA, "dA_prev of two parts of a batch")
    close(one[1] + two[1], dW, "the sum of dW over two parts of a batch")
    close(one[2] + two[2], db, "the sum of db over two parts of a batch")


# squared_error: 1 point


@check("squared_error", points=1, hint="Over what is averaged, and over what is summed?")
def squared_error_and_its_gradient(student, reference, rng):
    """Loss and gradient are right for any number of examples and outputs, one of either too."""
    shapes = ((4, 3), (3, 5), (1, 4), (6, 1), (1, 1), (12, 2))
    calls = [(rng.normal(size=shape) * 3, rng.normal(size=shape)) for shape in shapes]
    for (A, Y), value in zip(calls, unchanged_each(student.squared_error, calls), strict=True):
        loss, dA = parts(value, 2, "squared_error")
        expected, expected_dA = reference.squared_error(A, Y)
        where = f"for {A.shape[0]} examples and {A.shape[1]} outputs"
        close(loss, expected, f"the loss {where}")
        close(dA, expected_dA, f"dA {where}")
        f = lambda v, Y=Y: reference.squared_error(v, Y)[0]  # noqa: E731
        gradient_close(dA, f, A, f"dA {where}", atol=1e-6)
    loss, dA = parts(student.squared_error(A, A), 2, "squared_error")
    close(loss, 0.0, "the loss of perfect outputs")
    close(dA, np.zeros_like(A), "dA of perfect outputs")


# binary_cross_entropy: 2 points


@check("binary_cross_entropy", points=1, hint="Formula (12) has no logarithm of 0.")
def cross_entropy_itself(student, reference, rng):
    """The loss is right for unsure, sure and very sure answers, right and wrong ones."""
    scales = ((6, 1.0), (1, 1.0), (11, 10.0), (5, 40.0), (4, 1000.0))
    calls = [(rng.normal(size=(m, 1)) * scale, rng.integers(0, 2, size=m)) for m, scale in scales]
    values = unchanged_each(student.binary_cross_entropy, calls)
    for (_, scale), call, value in zip(scales, calls, values, strict=True):
        loss, _ = parts(value, 2, "binary_cross_entropy")
        expected, _ = reference.binary_cross_entropy(*call)
        close(loss, expected, f"the loss for z around ±{scale:g}")
    Z, y = np.array([[-1000.0], [1000.0], [0.0], [40.0]]), np.array([1, 0, 1, 1])
    loss, _ = parts(student.binary_cross_entropy(Z, y), 2, "binary_cross_entropy")
    close(loss, (2000 + np.log(2)) / 4, "the loss for z = -1000, 1000, 0, 40")


@check("binary_cross_entropy", points=1, hint="Look at (11), and at the shape of the result.")
def output_minus_label(student, reference, rng):
    """The gradient is a column, agrees with nudges of z, and is right for very sure answers too."""
    scales = ((6, 1.0), (1, 1.0), (9, 3.0), (5, 1000.0))
    calls = [(rng.normal(size=(m, 1)) * scale, rng.integers(0, 2, size=m)) for m, scale in scales]
    values = unchanged_each(student.binary_cross_entropy, calls)
    for (m, scale), (Z, y), value in zip(scales, calls, values, strict=True):
        _, dZ = parts(value, 2, "binary_cross_entropy")
        _, expected = reference.binary_cross_entropy(Z, y)
        close(dZ, expected, f"dZ for {m} examples, z around ±{scale:g}")
        if scale < 10:
            f = lambda v, y=y: reference.binary_cross_entropy(v, y)[0]  # noqa: E731
            gradient_close(dZ, f, Z, f"dZ for {m} examples", atol=1e-6)


# backward: 4 points


def network(rng, sizes):
    """A network with biases that are not zero."""
    return [
        (rng.normal(size=(n_out, n_in)) / np.sqrt(n_in), rng.normal(size=n_out))
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)  # noqa: RUF007
    ]


def pairs(grads, params):
    """Check that there is a pair for each layer."""
    require(isinstance(grads, list | tuple), "backward should return a list of (dW, db)")
    require(
        len(grads) == len(params),
        f"backward returned {len(grads)} entries for {len(params)} layers",
    )
    return [parts(pair, 2, "each entry of what backward returns") for pair in grads]


def same_gradients(got, expected, params, what=""):
    """Compare the gradients of all layers, the last first: a mistake starts there."""
    got = pairs(got, params)
    for layer in range(len(params), 0, -1):
        for name, value, right in zip("Wb", got[layer - 1], expected[layer - 1], strict=True):
            close(value, right, f"d{name} of layer {layer} of {len(params)}{what}")


@check("backward", points=1)
def gradients_at_any_depth(student, reference, rng):
    """The gradients of all layers are right, for one layer and for five, all of different sizes."""

    def draw(sizes, names):
        params, m = network(rng, sizes), int(rng.integers(5, 9))
        names = names or rng.permutation(["tanh", "sigmoid", "relu", "tanh", "linear"]).tolist()
        X = rng.normal(size=(m, sizes[0]))
        _, cache = reference.forward(params, X, names[: len(params)])
        return params, cache, rng.normal(size=(m, sizes[-1]))

    def something_reaches_the_first_layer(call):
        return np.any(reference.backward(*call)[0][0])

    calls = [
        draw_until(something_reaches_the_first_layer, partial(draw, sizes, names))
        for sizes, names in (
            ((3, 4, 2), None),
            ((4, 3), None),
            ((2, 5, 3, 4, 6, 1), None),
            ((1, 4, 3, 2), None),
            ((3, 6, 5, 2), ["relu", "relu", "linear"]),
        )
    ]
    for call, grads in zip(calls, student.backward.each(calls), strict=True):
        same_gradients(grads, reference.backward(*call), call[0])


@check("backward", points=1)
def network_agrees_with_nudges(student, reference, rng):
    """Nudging each weight and bias of a network changes the loss as the gradients say."""
    params = network(rng, (3, 5, 4, 2))
    names, m = ["tanh", "sigmoid", "tanh"], 6
    X, Y = rng.normal(size=(m, 3)), rng.normal(size=(m, 2))
    A, cache = reference.forward(params, X, names)
    dA = reference.squared_error(A, Y)[1]
    grads = pairs(student.backward(params, cache, dA), params)
    for layer, part in [(2, 0), (2, 1), (1, 0), (1, 1), (0, 0), (0, 1)]:

        def loss(v, layer=layer, part=part):
            moved = [list(pair) for pair in params]
            moved[layer][part] = v
            return reference.squared_error(reference.forward(moved, X, names)[0], Y)[0]

        what = f"d{'Wb'[part]} of layer {layer + 1} of 3"
        gradient_close(grads[layer][part], loss, params[layer][part], what, atol=1e-6)


@check("backward", points=1, hint="Which Z, and which activation, belong to layer l?")
def each_layer_has_its_own_activation(student, reference, rng):
    """Each layer's activation counts, the last one's too; a neuron at rest passes nothing on."""
    cases = []
    for names in (
        ["relu", "linear", "sigmoid"],
        ["sigmoid", "relu", "tanh"],
        ["linear", "tanh", "relu"],
    ):
        params = network(rng, (4, 3, 5, 2))
        _, cache = reference.forward(params, rng.normal(size=(7, 4)), names)
        cases.append(((params, cache, rng.normal(size=(7, 2))), f" with {names}"))
    # The first layer's neurons are all at rest: only the last layer learns, and only its bias.
    params = network(rng, (3, 4, 2))
    params[0] = (np.zeros((4, 3)), -np.ones(4))
    _, cache = reference.forward(params, rng.normal(size=(5, 3)), ["relu", "linear"])
    cases.append(((params, cache, rng.normal(size=(5, 2))), " with a first layer at rest"))
    values = student.backward.each(args for args, _ in cases)
    for (args, what), grads in zip(cases, values, strict=True):
        same_gradients(grads, reference.backward(*args), args[0], what)


@check("backward", points=1)
def batches_add_up_and_nothing_changes(student, reference, rng):
    """The arguments stay as they were, and the gradient of a batch is the sum over its examples."""
    params, names, m = network(rng, (3, 4, 2)), ["tanh", "sigmoid"], 5
    X, dA = rng.normal(size=(m, 3)), rng.normal(size=(m, 2))
    batch, single = slice(0, m), [slice(i, i + 1) for i in range(m)]
    calls = [
        (params, reference.forward(params, X[rows], names)[1], dA[rows])
        for rows in (batch, *single, batch)
    ]
    values = unchanged_each(student.backward, calls)
    same_gradients(next(values), reference.backward(*calls[0]), params)
    total = [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    for call in calls[1:-1]:
        one = next(values)
        same_gradients(one, reference.backward(*call), params, " for a single example")
        for sums, pair in zip(total, pairs(one, params), strict=True):
            sums[0] += pair[0]
            sums[1] += pair[1]
    same_gradients(next(values), total, params, ", against single examples")


# gradient_check: 1 point


@check(
    "gradient_check",
    points=1,
    hint="It rests on numerical_gradient: is that one right? If so, compare with formula (14).",
)
def relative_error_of_a_gradient(student, rng):
    """The relative error (14) is right for right and wrong gradients, large, small and zero."""
    calls, expected = [], []
    for shape in ((5,), (3, 2), (1,)):
        for scale in (1.0, 1e4, 1e-2):
            c = scale * rng.uniform(0.5, 2, size=shape)
            x = rng.uniform(0.5, 2, size=shape) * rng.choice([-1.0, 1.0], size=shape)
            f = public(lambda v, c=c: float(np.sum(c * v**2) / 2))
            right, noise = c * x, rng.normal(size=shape)
            grads = {
                "a right gradient": lambda v, c=c: c * v,
                "1.5 times the gradient": lambda v, g=right: 1.5 * g,
                "the gradient with the wrong sign": lambda v, g=right: -g,
                "a gradient of zeros": lambda v, g=right: 0 * g,
                "a gradient with noise": lambda v, g=right, d=noise: g + d * g,
                "a gradient with one wrong entry": lambda v, g=right, s=scale: (
                    g + s * (np.arange(g.size) == 0).reshape(g.shape)
                ),
            }
            for title, grad in grads.items():
                g = grad(x)
                lengths = np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(right**2))
                expected.append((title, np.sqrt(np.sum((g - right) ** 2)) / lengths))
                calls.append((f, public(grad), x))
    errors = unchanged_each(student.gradient_check, calls)
    for (title, wanted), error in zip(expected, errors, strict=True):
        if wanted == 0:
            error = finite_number(error, "the relative error")
            require(0 <= error < 1e-6, f"a right gradient should have an error near 0, not {error}")
        close(error, wanted, f"the error of {title}", rtol=1e-4, atol=1e-5)
    f, grad = public(lambda v: 2.0), public(lambda v: 0 * v)
    error = student.gradient_check(f, grad, rng.normal(size=4))
    close(error, 0.0, "the error where both gradients are zero")
    # Here the gradient is the array that it was given: nothing may be changed in it.
    half_square, itself = public(lambda v: float(np.sum(v**2) / 2)), public(lambda v: v)
    error = unchanged(student.gradient_check, half_square, itself, rng.uniform(1, 2, size=4))
    error = finite_number(error, "the relative error")
    require(0 <= error < 1e-6, "a right gradient that is x itself should have an error near 0")
