"""What stage 5 grades: 20 points.

Derivatives are compared with the reference's and, where that says something of its own, with
numerical ones of the reference's functions, in float64. Sizes differ from each other, so that a
missing or a superfluous transpose cannot hide.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from nngrade import (
    agrees,
    check,
    close,
    draw_until,
    gradient_close,
    in_layouts,
    kept,
    number,
    parts,
    public,
    require,
    unchanged,
    unchanged_each,
    varied,
    whole_numbers,
)


def finite_number(value, what):
    """Check that a value is one finite number, and return it as a float."""
    plain = number(value, what)
    require(np.isfinite(value), f"{what} is NaN or infinite")
    return plain


def times(value, factor):
    """An array, times a power of two: tiny numbers are compared as if they were of usual size."""
    return value * factor if isinstance(value, np.ndarray) else value


# numerical_gradient: 2 points


def same_slopes_in_float64(slope, expected, what, rtol=1e-9, atol=1e-9, tails=False):
    """Compare a numerical gradient; single precision, which the text excludes, will not do."""
    close(slope, expected, what, rtol=rtol, atol=atol, tails=tails)
    require(slope.dtype == np.float64, f"{what} is of {slope.dtype}; it should be of float64")


@check("numerical_gradient", points=1, hint="Compare your code with formula (2), term by term.")
def differences_are_central(student, rng):
    """The step is h to both sides, whatever h is, and the difference is divided by 2h."""
    # For a cubic, formula (2) gives 3x² + h² times the coefficient; for a product the other factor.
    # A smaller h makes rounding errors that are not worth 1e-9.
    for h in (2.0, 0.5, 0.125, 0.01):
        c, x = rng.integers(1, 6, size=4).astype(float), rng.normal(size=4)
        f = public(lambda v, c=c: float(c @ v**3 + v[0] * v[1]))
        expected = c * (3 * x**2 + h**2) + [x[1], x[0], 0, 0]
        slope = student.numerical_gradient(f, x, h)
        same_slopes_in_float64(slope, expected, f"the gradient of a cubic with h = {h}")
    # Where x is 0, nothing is rounded: a cubic has the slope h², so it tells the h that is preset.
    c = rng.uniform(1, 6, size=(2, 3)) * 1e10
    c[1, 1:] *= 1e-12  # a faint slope is no rounding error
    f = public(lambda v, c=c: float(np.sum(c * v**3)))
    slope = student.numerical_gradient(f, np.zeros((2, 3)))
    what = "the gradient of a steep cubic at 0 with the default h"
    same_slopes_in_float64(slope, c * 1e-10, what, tails=True)
    x = rng.normal(size=3)
    f = public(lambda v: float(np.sin(v[0]) * v[1] + np.exp(v[2])))
    slope = student.numerical_gradient(f, x)
    expected = [np.cos(x[0]) * x[1], np.sin(x[0]), np.exp(x[2])]
    # Formula (2) is off by up to h² here, and by 1e-10 as f is rounded.
    what = "the gradient with the default h"
    same_slopes_in_float64(slope, expected, what, atol=1e-8, rtol=1e-8)
    # Whole numbers: all is exact, whatever the size of x, of the slopes, or of the array.
    for n, size, scale in ((4, 4, 2.0**-50), (4, 4, 2.0**50), (4, 900, 1.0), (130, 4, 1.0)):
        c, x = scale * rng.integers(1, 6, size=n), whole_numbers(rng, n, low=-size, high=size)
        f = public(lambda v, c=c: float(c @ v**3))
        slope = student.numerical_gradient(f, x, 2.0)
        what = f"the gradient of {scale:.0e} times a cubic of {n} numbers up to {size}, with h = 2"
        same_slopes_in_float64(times(slope, 1 / scale), c / scale * (3 * x**2 + 4), what)
    # At the same x, another function and another h, called by its name.
    c, zeros = rng.uniform(1, 6, size=(2, 3)), np.zeros(3)
    for one in c:
        for h in (2.0**-30, 2.0**12, 2.0**-90, 2.0**60):
            f = public(lambda v, c=one, h=h: float(np.sum(c * v * (1 + (v / h) ** 2))))
            slope = student.numerical_gradient(f, zeros, h=h)
            same_slopes_in_float64(slope, 2 * one, f"the gradient at zeros with h = {h:.0e}")
    # Flat on one side of a kink: formula (2) gives the mean of both sides.
    f = public(lambda v, c=c[0]: float(np.sum(np.maximum(c * v, 0))))
    same_slopes_in_float64(student.numerical_gradient(f, zeros), c[0] / 2, "the gradient at a kink")
    f = public(lambda v, c=c[0]: float(np.sum(np.minimum(c * v, 0))))
    same_slopes_in_float64(student.numerical_gradient(f, zeros), c[0] / 2, "the gradient at a kink")


# A function may nudge x itself, if it puts everything back: "not changed" is asked afterwards.
@check(
    "numerical_gradient",
    points=1,
    hint="What shape and dtype does the gradient have, whatever x is? And what becomes of x "
    "itself?",
    read_only=False,
)
def gradient_for_any_shape(student, rng):
    """x may have any shape and hold integers; the gradient has its shape, and x stays as it was."""
    calls, cases = [], []
    for shape in ((1,), (7,), (3, 4), (4, 4), (5, 1), (2, 3, 2), (2, 1, 2, 3), (1, 2, 1, 2, 2)):
        for integers in (False, True):
            x = varied(rng, *shape)
            x = whole_numbers(rng, *shape).astype(np.int64) if integers else x
            c = rng.normal(size=shape)

            def f(v, c=c):
                if np.shape(v) != c.shape:
                    raise ValueError(f"f takes an array of shape {c.shape}, not {np.shape(v)}")
                return float(np.sum(c * v**2) + v.ravel()[0] * np.sum(v))

            expected = 2 * c * x + x.ravel()[0]
            expected.ravel()[0] += x.sum()
            kind = "integers" if integers else "floats"
            # Ordinary, column-major and strided.
            for one in in_layouts(x)[:3] if len(shape) > 1 else [x]:
                calls.append((public(f), one))
                cases.append((expected, f"the gradient at an x of {kind} of shape {shape}"))
    slopes = unchanged_each(student.numerical_gradient, calls)
    for (expected, what), slope in zip(cases, slopes, strict=True):
        # With h = 1e-5, the rounding of f makes errors of up to 1e-9.
        same_slopes_in_float64(slope, expected, what, atol=1e-8)
    # Integers that single precision does not have.
    f, large = public(lambda v: float(np.sum(v**2))), rng.integers(2**23, 2**23 + 2**19, size=3)
    slope = student.numerical_gradient(f, 2 * large + 1, 2.0)
    same_slopes_in_float64(slope, 4.0 * large + 2, "the gradient at large integers", tails=True)
    one, other = rng.normal(size=(2, 3, 2))
    slope, _ = kept(student.numerical_gradient, [(f, one), (f, other)], rewritten=True)
    same_slopes_in_float64(slope, 2 * one, "the gradient, one of several,", atol=1e-8)


# chain_backward: 2 points


def of_a_number(function):
    """The function, which refuses what is not a single number, such as an array of one."""

    def call(v, function=function):
        if not isinstance(v, int | float | np.number):
            raise TypeError(f"this function takes a number, not a {type(v).__name__}")
        return function(float(v))

    return public(call)


def links(rng, n_links):
    """Some functions with their derivatives, all smooth and of moderate size."""
    c, d = float(rng.uniform(0.5, 1.5)), float(rng.normal())
    choice = [
        (lambda v: c * v + d, lambda v: c),
        (lambda v: float(np.tanh(v)) + 1.0, lambda v: float(1 - np.tanh(v) ** 2)),
        (lambda v: v**2 / 2 + v, lambda v: v + 1),
        (lambda v: 1 / (1 + v**2), lambda v: -2 * v / (1 + v**2) ** 2),
        (lambda v: float(np.exp(-v / 3)), lambda v: float(-np.exp(-v / 3) / 3)),
    ]
    chosen = [choice[i] for i in rng.permutation(len(choice))[:n_links]]
    return [of_a_number(g) for g, _ in chosen], [of_a_number(g_prime) for _, g_prime in chosen]


def same_chains(student, reference, chains):
    """Compare both lists with the reference's, for each (functions, derivatives, x)."""
    what = ("the list of values", "the list of slopes")
    agrees(student.chain_backward, reference.chain_backward, chains, what)


@check(
    "chain_backward",
    points=1,
    hint="Fill in the table of section 2 as your code does: which value goes into which function?",
)
def every_value_and_every_slope(student, reference, rng):
    """All values and slopes are right, in order, for chains of any length; the lists stay."""
    chains = []
    for n_links in (3, 1, 2, 6, 4, 5):
        functions, derivatives = links(rng, n_links - 1)
        # A ripple in front: nudges in the place of its derivative are off by 1e-7 or so.
        w = float(rng.uniform(200, 300))
        functions.insert(0, of_a_number(lambda v, w=w: v + np.sin(w * v) / w))
        derivatives.insert(0, of_a_number(lambda v, w=w: 1 + np.cos(w * v)))
        chains.append((functions, derivatives, float(rng.uniform(-1.5, 1.5))))
    # Large slopes, which are not to be cut off, and small ones, which are no rounding errors.
    for slopes in ((7.0, -7.0, 9.0), (0.01, -0.03, 0.02)):
        lines = [of_a_number(lambda v, a=a: a * v - 1) for a in slopes]
        chains.append((lines, [of_a_number(lambda v, a=a: a) for a in slopes], 0.0))
    # A long chain, whose slopes stay of moderate size.
    step = [float(rng.normal()) for _ in range(100)]
    long = [of_a_number(lambda v, s=s: v + np.sin(v + s) / 5) for s in step]
    slopes = [of_a_number(lambda v, s=s: 1 + np.cos(v + s) / 5) for s in step]
    chains.append((long, slopes, float(rng.normal())))
    same_chains(student, reference, chains)
    # Very large and very small values and slopes, each compared on its own scale.
    extreme = []
    for least, most in ((50, 200), (0.005, 0.01)):
        slopes = (rng.uniform(least, most, size=8) * rng.choice([-1, 1], size=8)).tolist()
        lines = [of_a_number(lambda v, a=a: a * v) for a in slopes]
        extreme.append((lines, [of_a_number(lambda v, a=a: a) for a in slopes], 1.5))
    what = ("the list of values, some very large or small,", "the list of such slopes")
    agrees(student.chain_backward, reference.chain_backward, extreme, what, tails=True)
    # The same function in two places is one object: its slope depends on the place all the same.
    x = float(rng.uniform(0.5, 1.5))
    bends = public(lambda v: v + np.sin(v)), public(lambda v: 1 + np.cos(v))
    again = student.chain_backward.through(lambda own, g, dg, x: own([g, g, g], [dg, dg, dg], x))
    wanted = reference.chain_backward([bends[0]] * 3, [bends[1]] * 3, x)
    for got, expected, what in zip(
        parts(again(*bends, x), 2, "chain_backward"), wanted, ("values", "slopes"), strict=True
    ):
        close(got, expected, f"the {what} of a function that occurs three times", lists=True)
    # Functions in a list cannot be compared: a second call with the same lists tells.
    twice = student.chain_backward.through(lambda own, *args: [own(*args), own(*args)][1])
    what = ("the list of values of a second call", "the list of slopes of a second call")
    agrees(twice, reference.chain_backward, chains[:3], what)
    what = ("the list of values", "the list of slopes")
    same_length = (*chains[0][:2], chains[0][2] / 2)
    several = [chains[0], same_length, chains[3]]
    kept(student.chain_backward, several, reference.chain_backward, what, rewritten=True)


@check("chain_backward", points=1, hint="What happens behind a link whose slope is zero?")
def a_flat_link_stops_the_slope(student, reference, rng):
    """A link of slope 0 makes all the slopes before it 0, and none of those after it."""
    chains = []
    for place in (0, 2, 4):
        functions, derivatives = links(rng, 4)
        functions.insert(place, of_a_number(lambda v: 0.25 + 0 * v))
        derivatives.insert(place, of_a_number(lambda v: 0.0))
        chains.append((functions, derivatives, float(rng.uniform(-1.5, 1.5))))
    same_chains(student, reference, chains)


# graph_gradients: 4 points

TABLE = {
    "add": (lambda u, v: u + v, lambda u, v: (1.0, 1.0)),
    "sub": (lambda u, v: u - v, lambda u, v: (1.0, -1.0)),
    "mul": (lambda u, v: u * v, lambda u, v: (v, u)),
    "tame": (
        lambda u, v: u / (1 + v**2),
        lambda u, v: (1 / (1 + v**2), -2 * u * v / (1 + v**2) ** 2),
    ),
    "join": (lambda u, v, w: u * v + 3 * w, lambda u, v, w: (v, u, 3.0)),
    "sin": (lambda u: float(np.sin(u)), lambda u: (float(np.cos(u)),)),
    "tanh": (lambda u: float(np.tanh(u)), lambda u: (float(1 - np.tanh(u) ** 2),)),
    "bell": (lambda u: float(np.exp(-(u**2))), lambda u: (float(-2 * u * np.exp(-(u**2))),)),
}
"""Smooth operations, some of them new to students, of one argument to three."""
ODD_NAMES = [
    "inf",
    "nan",
    "None",
    "add",
    "mul",
    "True",
    "0.0",
    "output",
    "value",
    " ",
    "_",
    "const0",
]
# Counted from 0; like Python's own; hardly different from each other. Where none are listed, nodes
# are named as the graph's constants are written.
NAMES_OF_ONES_OWN = [
    [f"{own}{k}" for own in ("c", "k", "const_", "_", "_c", "x", "#", "n", "") for k in (0, 1)],
    [f"{own}{k}" for own in ("constant", "tmp", "__const", "t", "num", "c_", "C") for k in (0, 1)],
    ["", "c ", "c", "cc", "C", "\u00e9", "e\u0301", "lambda", "self", "0", "00", "-1", "a.b"],
    [],
]
ARITY = {"add": 2, "sub": 2, "mul": 2, "tame": 2, "join": 3, "sin": 1, "tanh": 1, "bell": 1}


def draw_graph(rng, n_inputs, n_nodes, once=False, constants=False):
    """Draw a graph without circles, its nodes in any order: (graph, inputs, the last node).

    Everything leads to the last node, by one path or by many, so that a mistake about the order,
    about values used twice or about what leads nowhere costs its own check and no other.

    Parameters
    ----------
    n_inputs, n_nodes : int
        There are some more nodes if that many do not bring everything together.
    once : bool
        Whether each name is used by one node only: the graph is a tree.
    constants : bool
        Whether some of the arguments are numbers.
    """
    # Names say nothing about what depends on what.
    names = [f"v{i}" for i in rng.permutation(90) + 10]
    inputs = {name: float(rng.uniform(0.3, 1.5) * rng.choice([-1, 1])) for name in names[:n_inputs]}
    known, unused, graph = list(inputs), list(inputs), {}
    while len(graph) < n_nodes or len(unused) > 1:
        name = names[n_inputs + len(graph)]
        fitting = [one for one, arity in ARITY.items() if arity <= len(unused)]
        if len(graph) >= n_nodes:
            fitting = [one for one in fitting if ARITY[one] > 1]
        if len(graph) % 3 == 1 and not once:
            fitting = ["add", "mul", "tame", "join"]
        operation = str(rng.choice(fitting))
        arguments: list[object] = []
        for place in range(ARITY[operation]):
            # What is not used yet, or the late ones of all, which makes it deep.
            if once or len(graph) >= n_nodes or rng.random() < 0.4:
                one = unused[int(rng.integers(len(unused)))] if unused else known[-1]
            else:
                one = known[int(rng.beta(2, 1) * len(known))]
            if place == 1 and len(graph) % 3 == 1 and not once:
                one = arguments[0]  # twice by one node
            if constants and place == len(graph) % 3 and len(unused) > 1:
                one = float(rng.uniform(0.5, 2))
            arguments.append(one)
            if one in unused:
                unused.remove(one)
        graph[name] = (operation, arguments)
        known.append(name)
        unused.append(name)
    return {str(one): graph[one] for one in rng.permutation(list(graph))}, inputs, known[-1]


def in_order(graph, inputs):
    """Whether the nodes can be computed as they are listed."""
    known = set(inputs)
    for name, (_, arguments) in graph.items():
        if not all(one in known for one in arguments if isinstance(one, str)):
            return False
        known.add(name)
    return True


def telling(reference, call):
    """Whether the nodes that count are in no order, and nothing is too large or too small."""
    graph, inputs, output = call
    values, gradients = reference.graph_gradients(graph, inputs, output, TABLE)
    sizes = np.abs([*values.values(), *gradients.values()])
    reached = [abs(gradients[name]) for name in inputs if gradients[name]]
    leading = {name: node for name, node in graph.items() if gradients[name]}
    ordered = any(
        in_order(dict(one), inputs) for one in (leading.items(), [*leading.items()][::-1])
    )
    fit = bool(np.all(sizes < 100)) and palpable(values, gradients)
    return not ordered and len(reached) > 1 and min(reached) > 1e-3 and fit


def palpable(values, gradients):
    """Whether no value is 0, and no gradient but those of what leads nowhere is next to nothing.

    Values of exactly 0 are for `constants_and_what_leads_nowhere` alone, and tiny gradients for
    `graphs_in_any_order`, so that mistakes about them lose the same points whatever is drawn.
    """
    sizes = np.abs([*values.values(), *filter(None, gradients.values())])
    return bool(np.all(sizes > 1e-6))


def same_dicts(result, expected, output, share=0.0):
    """Compare two dicts, of values and of gradients, with the right ones.

    A number may be off by a share of its size; by default by what is right for those below 100.
    """
    got = parts(result, 2, "graph_gradients")
    for kind, mine, right in zip(("value", "gradient"), got, expected, strict=True):
        require(isinstance(mine, dict), f"the {kind}s should be a dict")
        missing, extra = sorted(right.keys() - mine.keys()), sorted(mine.keys() - right.keys())
        require(
            not missing,
            f"{len(missing)} of {len(right)} names have no {kind}, {' '.join(missing[:1])} for one",
        )
        require(not extra, f"there is a {kind} of {', '.join(extra[:3])}, which is not a name")
        # Numbers below 100: over 300 seeds, ten right programs were off by 4e-14 at most, and
        # nudges, which will not do, by 2e-11 at least somewhere in each check.
        wrong = [
            name
            for name in right
            if not abs(number(mine[name], f"the {kind} of {name}") - right[name])
            < (share * abs(right[name]) or 2e-12)
        ]
        require(
            not wrong,
            f"{len(wrong)} of {len(right)} names have a wrong {kind}, {' '.join(wrong[:1])} for "
            f"one; the output is {output}",
        )


def renamed(call, new):
    """The same graph with other names, given by a dict; those that are not in it stay."""
    graph, inputs, output = call
    others = {
        new.get(name, name): (operation, [new.get(one, one) for one in arguments])
        for name, (operation, arguments) in graph.items()
    }
    return others, {new.get(name, name): x for name, x in inputs.items()}, new.get(output, output)


def same_graphs(student, reference, calls):
    """Compare values and gradients with the reference's, for each (graph, inputs, output)."""
    table = {name: (public(value), public(slopes)) for name, (value, slopes) in TABLE.items()}
    given = [(*call, table) for call in calls]
    for call, result in zip(given, unchanged_each(student.graph_gradients, given), strict=True):
        same_dicts(result, reference.graph_gradients(*call), call[2])


@check(
    "graph_gradients",
    points=1,
    hint="When can a node be computed, when is it its turn, and what does it hand on?",
)
def graphs_in_any_order(student, reference, rng):
    """Where each value is used once: all values and gradients, however the nodes are listed."""

    def draw():
        return draw_graph(rng, int(rng.integers(4, 8)), int(rng.integers(5, 9)), once=True)

    calls = [draw_until(partial(telling, reference), draw) for _ in range(6)]
    same_graphs(student, reference, calls)
    # Numbers of any size: nothing is too large or too small to be handed on.
    mul = {"mul": (public(TABLE["mul"][0]), public(TABLE["mul"][1]))}
    for factor in (2.0**20, 2.0**-20):
        names = [f"v{number}" for number in rng.permutation(90)[:7] + 10]
        factors = [factor] * 3 + [1 / factor] * 3
        chain = {
            name: ("mul", [one, before] if rng.random() < 0.5 else [before, one])
            for one, (before, name) in zip(factors, pairwise(names), strict=True)
        }
        chain = {str(one): chain[one] for one in rng.permutation(list(chain))}
        call = chain, {names[0]: float(rng.uniform(1, 2))}, names[-1], mul
        expected = reference.graph_gradients(*call)
        same_dicts(student.graph_gradients(*call), expected, names[-1], 1e-9)


@check(
    "graph_gradients",
    points=1,
    hint="What do you do with a gradient that is there already? And what stays after a call?",
)
def every_use_adds_up(student, reference, rng):
    """Where values are used many times, by other nodes or by one: all the paths add up."""

    def draw():
        return draw_graph(rng, int(rng.integers(2, 5)), int(rng.integers(8, 13)))

    table = {name: (public(value), public(slopes)) for name, (value, slopes) in TABLE.items()}
    # Operations whose names mean others. What may be given the same value twice stays no "sub".
    exchanged = ["tame", "sub", "add", "mul", "join", "tanh", "bell", "sin"]
    meant = {one: table[other] for one, other in zip(ARITY, exchanged, strict=True)}

    def fits(call):
        return telling(reference, call) and palpable(*reference.graph_gradients(*call, meant))

    calls = [draw_until(fits, draw)]
    calls += [draw_until(partial(telling, reference), draw) for _ in range(5)]
    # The same names once more, in the same order, but each for another node.
    graph, inputs, output = calls[0]
    turned = dict(zip(graph, np.roll(list(graph), 1).tolist(), strict=True))
    others = renamed(calls[0], turned)
    calls.insert(1, ({name: others[0][name] for name in graph}, inputs, others[2]))
    same_graphs(student, reference, calls)
    # And the same graph, where the names of operations mean others.
    got = student.graph_gradients(*calls[0], meant)
    same_dicts(got, reference.graph_gradients(*calls[0], meant), output, 1e-9)
    first, second = (*calls[0], table), (*calls[1], table)
    with_others = graph, {name: -x for name, x in inputs.items()}, output, table
    several = [first, with_others, second]
    for call, got in zip(
        several, kept(student.graph_gradients, several, rewritten=True), strict=True
    ):
        same_dicts(got, reference.graph_gradients(*call), call[2])
    # A nudge of each input says the same of the reference's own values.
    for graph, inputs, output in calls[:2]:
        names = list(inputs)

        def f(v, graph=graph, names=names, output=output):
            moved = dict(zip(names, v.tolist(), strict=True))
            return reference.graph_gradients(graph, moved, output, TABLE)[0][output]

        table = {name: (public(value), public(slopes)) for name, (value, slopes) in TABLE.items()}
        _, gradients = student.graph_gradients(graph, inputs, output, table)
        told = np.array([gradients[name] for name in names])
        # Third derivatives may be thousands, which nudges feel; `same_dicts` was strict before.
        what = "the gradients of the inputs"
        gradient_close(told, f, list(inputs.values()), what, atol=1e-5, rtol=1e-5)


@check(
    "graph_gradients", points=1, hint="What does not lead to the output, and what is not a name?"
)
def constants_and_what_leads_nowhere(student, reference, rng):
    """Constants among the arguments, outputs in the middle, an input as the output, no nodes."""

    def draw():
        graph, inputs, last = draw_graph(rng, 7, 12, once=True, constants=True)
        middle = [name for name in graph if name != last]
        return graph, inputs, middle[int(rng.integers(len(middle)))]

    def draw_whole():
        return draw_graph(rng, 7, 12, once=True, constants=True)

    calls = [draw_until(partial(telling, reference), draw) for _ in range(4)]
    graph, inputs, _ = calls[0]
    calls += [(graph, inputs, str(one)) for one in rng.permutation(list(inputs))[:2]]
    calls.append(({}, inputs, next(iter(inputs))))
    # Zeros and negative numbers are numbers like others, and so are equal ones.
    names = [f"v{number}" for number in rng.permutation(90)[:11] + 10]
    x, zero, same, minus, flat, product, less, idle, free, both, last = names
    c, d = (rng.uniform(0.5, 2, size=2) * [15, 1]).tolist()
    graph = {
        same: ("add", [x, 0.0]),
        minus: ("mul", [-c, same]),
        flat: ("sin", [zero]),
        product: ("mul", [flat, minus]),
        less: ("sub", [-d, product]),
        idle: ("mul", [0.0, less]),
        free: ("tame", [c, -d]),
        both: ("add", [idle, minus]),
        last: ("join", [less, free, both]),
    }
    graph = {str(one): graph[one] for one in rng.permutation(list(graph))}
    inputs = {x: float(rng.uniform(0.5, 1.5)), zero: 0.0}
    calls += [(graph, inputs, one) for one in (last, same, x, zero)]
    # No input at all; and without nodes, the values are not the dict that was handed over.
    calls.append(({x: ("tame", [c, -d]), last: ("mul", [x, x])}, {}, last))
    lone = [({}, {x: at}, x, {}) for at in (d, c)]
    for (_, at, *_), got in zip(
        lone, kept(student.graph_gradients, lone, rewritten=True), strict=True
    ):
        same_dicts(got, (at, {x: 1.0}), x)
    # An input that nothing uses, as the output and not; and names that look like something else.
    calls += [(graph, {**inputs, "unused": 0.5}, one) for one in ("unused", last)]
    whole = [draw_until(partial(telling, reference), draw_whole) for _ in range(4)]
    styles = ("d{}", "d_{}", "grad_{}", "{}_grad", "{}'", "1e{}", "-{}.5", "{}")
    for (graph, inputs, last), style in zip(2 * whole, styles, strict=True):
        call = graph, inputs, last
        old = rng.permutation([*inputs, *graph]).tolist()
        new = [str(number) for number in range(len(old) // 2)]
        new = [*new, *(style.format(one) for one in new)] if style != "{}" else ODD_NAMES
        calls.append(renamed(call, dict(zip(old, new, strict=False))))
    # Names that a program may want for what has none: for constants, above all.
    for (graph, inputs, last), own in zip(whole, NAMES_OF_ONES_OWN, strict=True):
        call = graph, inputs, last
        old = rng.permutation([*inputs, *graph]).tolist()
        numbers = [one for _, them in graph.values() for one in them if not isinstance(one, str)]
        own = own or [written(one) for one in numbers for written in (str, "const{}".format)]
        calls.append(renamed(call, dict(zip(old, own, strict=False))))
    same_graphs(student, reference, calls)


def draw_ladder(rng, n_rungs, n_operations, uses=3):
    """Draw a chain in which each node uses the one before thrice: (graph, inputs, output, table).

    With two `uses`, twice.

    The nodes have so many operations in turn. They are listed in the order that is slowest for who
    computes in rounds what can be computed: the last one first.
    """
    names = [f"v{number}" for number in rng.permutation(n_rungs + 1) + 100]
    table = {}
    for operation in [f"lean{one}" for one in range(n_operations)]:
        # Slopes whose sum is not far from 1: a hundred of them make something between 0.1 and 10.
        slopes = rng.uniform(0.3, 0.7, size=uses)
        a, b, *c = (slopes / slopes.sum() * rng.uniform(0.98, 1.02)).tolist()
        table[operation] = (
            (
                public(lambda u, v, w, a=a, b=b, c=c[0]: a * u + b * v + c * w),
                public(lambda u, v, w, a=a, b=b, c=c[0]: (a, b, c)),
            )
            if c
            else (
                public(lambda u, v, a=a, b=b: a * u + b * v),
                public(lambda u, v, a=a, b=b: (a, b)),
            )
        )
    graph = {
        name: (f"lean{number % n_operations}", [below] * uses)
        for number, (below, name) in enumerate(pairwise(names))
    }
    listed = {name: graph[name] for name in reversed(names[1:])}
    return listed, {names[0]: float(rng.uniform(0.5, 2))}, names[-1], table


@check("graph_gradients", points=1, hint="How many paths are there, and how many nodes?")
def no_work_is_repeated(student, reference, rng):
    """Where there are very many paths: each value and each node's slopes, twice at most."""
    # The operations are called back here, where nothing that students write can reach the counts.
    counts = {}

    def counted(function, what):
        def call(*arguments):
            counts[what] = counts.get(what, 0) + 1
            return function(*arguments)

        return call

    def counted_table(table):
        return {
            name: (counted(value, (name, "value")), counted(slopes, (name, "slopes")))
            for name, (value, slopes) in table.items()
        }

    def twice_at_most(n_nodes):
        for (_, kind), count in counts.items():
            require(
                count <= 2,
                f"graph_gradients computed the {kind} of one node {count:,} times, for a graph of "
                f"{n_nodes} nodes; twice is the most",
            )

    # At 0, too, where all the values are 0.
    for factor in (1.0, 0.0):
        graph, inputs, output, table = draw_ladder(rng, 10, 10)
        inputs = {name: factor * value for name, value in inputs.items()}
        counts.clear()
        result = student.graph_gradients(graph, inputs, output, counted_table(table))
        twice_at_most(len(graph))
        same_dicts(result, reference.graph_gradients(graph, inputs, output, table), output)
    # Each node is used by several others, and each has several arguments.
    graph, inputs, output, table = draw_ladder(rng, 10, 10)
    names = [*inputs, *list(graph)[::-1]]
    for at in range(3, len(names)):
        graph[names[at]] = (graph[names[at]][0], names[at - 3 : at])
    counts.clear()
    same_dicts(
        student.graph_gradients(graph, inputs, output, counted_table(table)),
        reference.graph_gradients(graph, inputs, output, table),
        output,
    )
    twice_at_most(len(graph))
    # The number of paths is larger than any integer of 64 bits, or 0 modulo 2**64.
    for uses in (3, 2):
        graph, inputs, output, table = draw_ladder(rng, 100, 2, uses)
        result = student.graph_gradients(graph, inputs, output, table)
        same_dicts(result, reference.graph_gradients(graph, inputs, output, table), output)


# activation_derivative: 2 points


def same_slopes(student, reference, names, rng):
    """Compare the slopes of some activations with the reference's at many kinds of z."""
    for name in names:
        shapes = ((9,), (3, 4), (3, 3), (2, 3, 2), (1, 1), (2,), (3, 401))
        shapes += ((1, 2, 1, 2, 2),)
        cases = [(2 * varied(rng, *shape), f"z of shape {shape}") for shape in shapes]
        z = np.array([0.0, -1000.0, 1000.0, -40.0, 40.0, 1e-3, -1e-3, 0.0])
        cases.append((z, "0, ±1000, ±40, ±0.001"))
        cases.append((np.array([1e-9, -1e-9, 1e-13, -1e-13]), "±1e-9 and ±1e-13"))
        small = 10.0 ** np.linspace(-8, -1, 15)
        cases.append((np.concatenate([small, -small]), "±1e-8 to ±0.1"))
        # No number below 0, or none above.
        sides = np.abs(varied(rng, 10))
        cases += [(sides, "0 and above"), (-sides, "0 and below"), (np.zeros(3), "0 only")]
        # By themselves: next to a slope of 1, a slope that is not quite 0 would not be noticed.
        cases += [(np.full((1, 2), far), f"{far}") for far in (-1000.0, 1000.0)]
        smooth = rng.uniform(0.3, 2.5, size=6) * rng.choice([-1.0, 1.0], size=6)
        calls = [*((name, z) for z, _ in cases), (name, smooth)]
        slopes = unchanged_each(student.activation_derivative, calls)
        for z, where in cases:
            expected = reference.activation_derivative(name, z)
            slope = next(slopes)
            close(slope, expected, f"the slope of {name} at {where}")
            kind = slope.dtype.kind
            require(kind == "f", f"the slope of {name} is of {slope.dtype}; it should be of floats")
        # The numerical slope says the same, away from kinks.
        two, what = [(name, smooth), (name, -smooth)], f"the slope of {name}"
        derivative = reference.activation_derivative
        kept(student.activation_derivative, two, derivative, what, rewritten=True)
        g = getattr(reference, name)
        f = lambda v, g=g: float(np.sum(g(v)))  # noqa: E731
        gradient_close(next(slopes), f, smooth, f"the slope of {name}")


@check("activation_derivative", points=1, hint="Draw them: on which side of 0 is which slope?")
def slopes_of_straight_pieces(student, reference, rng):
    """linear, step, relu and leaky_relu: right on both sides of 0, and at 0 as agreed."""
    same_slopes(student, reference, ("linear", "step", "relu", "leaky_relu"), rng)


@check("activation_derivative", points=0.5, hint="Is it z that the formula is about, or g(z)?")
def slopes_of_sigmoid_and_tanh(student, reference, rng):
    """Sigmoid and tanh: right everywhere, and finite at ±1000."""
    same_slopes(student, reference, ("sigmoid", "tanh"), rng)


@check(
    "activation_derivative",
    points=0.5,
    hint="What is the slope far out, on either side? And is all that you compute there finite?",
)
def slopes_of_elu_and_softplus(student, reference, rng):
    """ELU and softplus: right everywhere, and finite at ±1000."""
    same_slopes(student, reference, ("elu", "softplus"), rng)


# affine_backward: 2 points

SIZES = (
    (5, 3, 4),
    (1, 4, 2),
    (6, 1, 3),
    (4, 5, 1),
    (2, 2, 3),
    (3, 3, 3),
    (9, 2, 7),
    (203, 3, 2),
    (3, 70, 2),
    (2, 3, 70),
)
"""Examples, inputs, outputs."""
LARGE = ((6, 2), (6, 4), (2, 4))


@check(
    "affine_backward",
    points=1,
    hint="Compare with (8), one gradient at a time: over which index is the sum, and what stays?",
)
def the_three_gradients(student, reference, rng):
    """dA_prev, dW and db are right for any number of examples, inputs and outputs."""
    # Sums over hundreds of examples are exact in single precision, too, if they are whole.
    calls = [
        tuple((varied if m < 100 else whole_numbers)(rng, *shape) for shape in shapes)
        for m, n_in, n_out in SIZES
        for shapes in [((m, n_out), (m, n_in), (n_out, n_in))]
    ]
    # Large numbers, which are not to be cut off; whole ones, exact in single precision, too.
    calls.append(tuple(whole_numbers(rng, *shape, low=-99, high=99) for shape in LARGE))
    # Examples and outputs that add up to 0 are no zeros, and the same example counts each time.
    dZ, A_prev, W = (whole_numbers(rng, *shape, low=1) for shape in LARGE)
    dZ = np.hstack([dZ, -dZ])
    W = np.vstack([W, whole_numbers(rng, *W.shape, low=1)])
    calls.append((dZ, A_prev, W))
    calls.append((np.vstack([dZ, -dZ]), np.vstack([A_prev, -2 * A_prev]), W))
    calls.append((dZ[[0, 1, 0, 0, 2]], A_prev[[0, 1, 0, 0, 2]], W))
    # Zeros all over in one argument say nothing about the gradients that do not use it.
    calls += [(0 * dZ, A_prev, W), (dZ, 0 * A_prev, W), (dZ, A_prev, 0 * W)]

    def what(dZ, A_prev, W):
        where = f"for {len(dZ)} examples, {W.shape[1]} inputs and {W.shape[0]} outputs"
        return tuple(f"{name} {where}" for name in ("dA_prev", "dW", "db"))

    agrees(student.affine_backward, reference.affine_backward, calls, what)
    # Of any size, and new: a single example's db is no view of dZ.
    for call in calls[:2]:
        expected, names = reference.affine_backward(*call), ("dA_prev", "dW", "db")
        for factor in (2.0**-50, 2.0**50):
            got = student.affine_backward(factor * call[0], *call[1:])
            for value, right, name in zip(
                parts(got, 3, "affine_backward"), expected, names, strict=True
            ):
                close(times(value, 1 / factor), right, f"{name} for a dZ times {factor:.0e}")
        two = [call, tuple(one + 1 for one in call)]
        kept(student.affine_backward, two, reference.affine_backward, names, rewritten=True)


@check("affine_backward", points=1, hint="Does formula (8) say a sum or a mean?")
def examples_add_up(student, rng):
    """Nudges of A_prev, W and b say the same, and two batches give the sum of what each gives."""
    m, n_in, n_out = 5, 3, 2
    dZ, A = rng.normal(size=(m, n_out)), rng.normal(size=(m, n_in))
    W, b = rng.normal(size=(n_out, n_in)), rng.normal(size=n_out)
    dA, dW, db = parts(student.affine_backward(dZ, A, W), 3, "affine_backward")
    gradient_close(dW, lambda v: float(np.sum(dZ * (A @ v.T + b))), W, "dW")
    gradient_close(db, lambda v: float(np.sum(dZ * (A @ W.T + v))), b, "db")
    gradient_close(dA, lambda v: float(np.sum(dZ * (v @ W.T + b))), A, "dA_prev")
    one = parts(student.affine_backward(dZ[:2], A[:2], W), 3, "affine_backward")
    two = parts(student.affine_backward(dZ[2:], A[2:], W), 3, "affine_backward")
    close(np.concatenate([one[0], two[0]]), dA, "dA_prev of two parts of a batch")
    close(one[1] + two[1], dW, "the sum of dW over two parts of a batch")
    close(one[2] + two[2], db, "the sum of db over two parts of a batch")


# binary_cross_entropy: 2 points


@check(
    "binary_cross_entropy",
    points=1,
    hint="Compare with (12), for any z and any number of examples: what is the logarithm taken of?",
)
def cross_entropy_itself(student, reference, rng):
    """The loss is right for unsure, sure and very sure answers, right and wrong ones."""
    scales = ((6, 1.0), (1, 1.0), (11, 10.0), (5, 40.0), (4, 1000.0), (2003, 1.0))
    calls = [(varied(rng, m, 1) * scale, rng.integers(0, 2, size=m)) for m, scale in scales]
    values = unchanged_each(student.binary_cross_entropy, calls)
    for (_, scale), call, value in zip(scales, calls, values, strict=True):
        loss, _ = parts(value, 2, "binary_cross_entropy")
        expected, _ = reference.binary_cross_entropy(*call)
        close(loss, expected, f"the loss for z around ±{scale:g}")
    # Very sure and wrong, very sure and right, and quite unsure.
    far = rng.uniform(800, 1000, size=2)
    Z, y = np.array([[-far[0]], [far[1]], [0.0], [40.0]]), np.array([1, 0, 1, 1])
    sure = np.array([[far[0]], [-far[1]], [-1000.0], [1000.0]])
    quite = np.array([[0.3], *(rng.uniform(15.5, 19, size=(4, 1)) * [[1], [-1], [1], [-1]])])
    quite_right = np.array([1, 1, 0, 1, 0])
    # A probability that is nearly 1 has lost most of its digits.
    nearly = rng.uniform(31, 36, size=(4, 1)) * [[1], [1], [-1], [1]]
    all_three = student.binary_cross_entropy.each(
        [
            (Z, y),
            (sure, np.array([1, 0, 0, 1])),
            (quite, quite_right),
            (nearly, np.array([0, 0, 1, 0])),
        ]
    )
    loss, _ = parts(next(all_three), 2, "binary_cross_entropy")
    close(loss, (far.sum() + np.log(2)) / 4, "the loss for z around -900, 900, 0, 40")
    loss, _ = parts(next(all_three), 2, "binary_cross_entropy")
    close(loss, 0.0, "the loss where all answers are very sure and right")
    loss, _ = parts(next(all_three), 2, "binary_cross_entropy")
    expected, _ = reference.binary_cross_entropy(quite, quite_right)
    close(loss, expected, "the loss for z around 0.3, 17, -17, 17, -17")
    loss, _ = parts(next(all_three), 2, "binary_cross_entropy")
    close(loss, np.mean(np.abs(nearly)), "the loss for z around 33, 33, -33, 33, all wrong")


@check("binary_cross_entropy", points=1, hint="Look at (11), and at the shape of the result.")
def output_minus_label(student, reference, rng):
    """The gradient is a column, agrees with nudges of z, and is right for very sure answers too."""
    scales = ((6, 1.0), (1, 1.0), (9, 3.0), (5, 1000.0), (2003, 10.0))
    calls = [(varied(rng, m, 1) * scale, rng.integers(0, 2, size=m)) for m, scale in scales]
    values = unchanged_each(student.binary_cross_entropy, calls)
    for (m, scale), (Z, y), value in zip(scales, calls, values, strict=True):
        _, dZ = parts(value, 2, "binary_cross_entropy")
        _, expected = reference.binary_cross_entropy(Z, y)
        close(dZ, expected, f"dZ for {m} examples, z around ±{scale:g}")
        if scale < 10:
            f = lambda v, y=y: reference.binary_cross_entropy(v, y)[0]  # noqa: E731
            gradient_close(dZ, f, Z, f"dZ for {m} examples")
    # Where the sigmoid itself is tiny, so is the push, and it is not 0.
    Z, y = rng.uniform(-19, -16, size=(4, 1)), np.zeros(4, dtype=np.int64)
    _, dZ = parts(student.binary_cross_entropy(Z, y), 2, "binary_cross_entropy")
    _, expected = reference.binary_cross_entropy(Z, y)
    factor = 2.0**25
    close(times(dZ, factor), factor * expected, "dZ for z around -17, of class 0", rtol=1e-5)
    two, function = [calls[0], (calls[0][0] + 1, 1 - calls[0][1])], student.binary_cross_entropy
    kept(function, two, reference.binary_cross_entropy, {1: "dZ"}, rewritten=True)


# backward: 3 points

LARGE_LAYERS = ((3, 4), (4, 3), (2, 4))


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


@check(
    "backward",
    points=1,
    hint="Go through (13) from the last layer on: what does each layer get, keep and hand on?",
)
def gradients_at_any_depth(student, reference, rng):
    """The gradients of all layers are right, for one layer and for five, of any sizes."""

    def draw(sizes, names):
        params, m = network(rng, sizes), int(rng.integers(5, 9))
        m = m if len(set(sizes)) > 1 else sizes[0]  # all square, or nothing
        names = names or rng.permutation(["tanh", "sigmoid", "relu", "tanh", "linear"]).tolist()
        X = varied(rng, m, sizes[0])
        _, cache = reference.forward(params, X, names[: len(params)])
        return params, cache, varied(rng, m, sizes[-1])

    def something_reaches_the_first_layer(call):
        return np.any(reference.backward(*call)[0][0])

    calls = [
        draw_until(something_reaches_the_first_layer, partial(draw, sizes, names))
        for sizes, names in (
            ((3, 4, 2), None),
            ((4, 3), [str(rng.choice(["tanh", "sigmoid"]))]),
            ((2, 5, 3, 4, 6, 1), None),
            ((1, 4, 3, 2), None),
            ((3, 6, 5, 2), ["relu", "relu", "linear"]),
            ((3, 3, 3, 3), ["tanh", "linear", "sigmoid"]),
            ((4, 3, 3, 3), ["sigmoid", "tanh", "tanh"]),
        )
    ]
    # Large numbers, which are not to be cut off; whole ones, exact in single precision, too.
    params = [(whole_numbers(rng, *shape), whole_numbers(rng, shape[0])) for shape in LARGE_LAYERS]
    _, cache = reference.forward(params, whole_numbers(rng, 5, 4), ["linear"] * 3)
    calls.append((params, cache, whole_numbers(rng, 5, 2, low=-60, high=61)))
    # Many examples, and gradients that add up to 0, over the outputs, the examples, or both.
    params = [
        (whole_numbers(rng, *shape, low=1), whole_numbers(rng, shape[0]))
        for shape in ((3, 2), (4, 3))
    ]
    for m in (4, 203):
        _, cache = reference.forward(params, whole_numbers(rng, m, 2, low=1), ["linear"] * 2)
        dA = whole_numbers(rng, m, 4, low=1)
        calls.append((params, cache, dA))
        calls.append((params, cache, dA * [1, -1, 0, 0] + dA[:, [1, 0, 2, 3]] * [1, -1, 0, 0]))
        calls.append((params, cache, dA - dA[np.r_[1:m, 0]]))
    # And many layers: each puts its inputs in another order, perhaps with other signs, which is
    # exact in single precision, too.
    params = [
        (np.eye(3)[rng.permutation(3)] * rng.choice([-1.0, 1.0], size=3), whole_numbers(rng, 3))
        for _ in range(14)
    ]
    _, cache = reference.forward(params, whole_numbers(rng, 5, 3), ["linear"] * 14)
    calls.append((params, cache, whole_numbers(rng, 5, 3, low=1, high=61)))
    for call, grads in zip(calls, unchanged_each(student.backward, calls), strict=True):
        same_gradients(grads, reference.backward(*call), call[0])
    # A gradient that is tiny when it arrives, or huge, is handed on as any other.
    (params, cache, dA), factors = calls[2], (2.0**-50, 2.0**50)
    tried = student.backward.each([(params, cache, factor * dA) for factor in factors])
    for grads, factor in zip(tried, factors, strict=True):
        plain = [[times(one, 1 / factor) for one in pair] for pair in pairs(grads, params)]
        what = f" for a dA times {factor:.0e}"
        same_gradients(plain, reference.backward(params, cache, dA), params, what)


@check(
    "backward",
    points=0.5,
    hint="Try the gradient check of section 9 on your backward: where does it begin to go wrong?",
)
def network_agrees_with_nudges(student, reference, rng):
    """Nudging each weight and bias of a network changes the loss as the gradients say."""
    params = network(rng, (3, 5, 4, 2))
    names, m = ["tanh", "sigmoid", "softplus"], 6
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
        gradient_close(grads[layer][part], loss, params[layer][part], what)


def both_sides_of_zero(call):
    """Whether each neuron of the last layer is below 0 for an example that counts, and above."""
    _, cache, dA = call
    last = cache["Z"][-1] * (np.abs(dA) > 0.1)
    return np.all(last.max(axis=0) > 0.1) and np.all(last.min(axis=0) < -0.1)


@check("backward", points=1, hint="Which Z, and which activation, belong to layer l?")
def each_layer_has_its_own_activation(student, reference, rng):
    """Each layer's activation counts, the last one's too; a neuron at rest passes nothing on."""
    cases = []
    for names in (
        ["relu", "linear", "sigmoid"],
        ["sigmoid", "relu", "tanh"],
        ["linear", "tanh", "relu"],
        ["elu", "softplus", "leaky_relu"],
        ["leaky_relu", "elu", "softplus"],
        ["softplus", "step", "elu"],
        ["tanh", "linear", "step"],
    ):

        def draw(names=names):
            params, X = network(rng, (4, 3, 5, 2)), varied(rng, 7, 4)
            # With 0 in the middle of what each of the last neurons sums up, most draws fit.
            Z = reference.forward(params, X, names)[1]["Z"][-1]
            W, b = params[-1]
            params[-1] = (W, b - (Z.max(axis=0) + Z.min(axis=0)) / 2)
            return params, reference.forward(params, X, names)[1], varied(rng, 7, 2)

        cases.append((draw_until(both_sides_of_zero, draw), f" with {names}"))
    # The first layer's neurons are all at rest: only the last layer learns, and only its bias. A
    # neuron right at the kink is at rest, too.
    for rest, name in (
        (-np.ones(4), "relu"),
        (np.zeros(4), "relu"),
        (np.zeros(4), "leaky_relu"),
        (np.zeros(4), "elu"),
    ):
        params = network(rng, (3, 4, 2))
        params[0] = (np.zeros((4, 3)), rest)
        _, cache = reference.forward(params, varied(rng, 5, 3), [name, "linear"])
        dA, z = rng.normal(size=(5, 2)), int(rest[0])
        cases.append(((params, cache, dA), f" with a first layer of {name} at z = {z}"))
    values = student.backward.each(args for args, _ in cases)
    for (args, what), grads in zip(cases, values, strict=True):
        same_gradients(grads, reference.backward(*args), args[0], what)
    # The same two arrays in three layers: to each layer its own gradients.
    pair = network(rng, (3, 3))[0]
    _, cache = reference.forward([pair] * 3, varied(rng, 5, 3), ["tanh"] * 3)
    shared = student.backward.through(lambda own, pair, cache, dA: own([pair] * 3, cache, dA))
    dA = rng.normal(size=(5, 3))
    expected = reference.backward([pair] * 3, cache, dA)
    what = ", which have the same W and b"
    same_gradients(shared(pair, cache, dA), expected, [pair] * 3, what)


@check(
    "backward",
    points=0.5,
    hint="Does your code divide by anything, or change what it was given? Try one example alone.",
)
def batches_add_up_and_nothing_changes(student, reference, rng):
    """The arguments stay as they were, and the gradient of a batch is the sum over its examples."""
    params, names, m = network(rng, (3, 4, 2)), ["tanh", "sigmoid"], 5
    X, dA = varied(rng, m, 3), varied(rng, m, 2)
    batch, single = slice(0, m), [slice(i, i + 1) for i in range(m)]
    calls = [
        (params, reference.forward(params, X[rows], names)[1], dA[rows])
        for rows in (batch, *single, batch)
    ]
    # Nothing changes for any activation, in a hidden layer and in the last one.
    for names in (["relu", "leaky_relu"], ["elu", "softplus"], ["linear", "relu"], ["step", "elu"]):
        others = network(rng, (3, 4, 2))
        # At z = 1000, too: whoever cuts such numbers off does so in an array of his own.
        others[1][1][:] = (1000, -1000)
        calls.append((others, reference.forward(others, X, names)[1], varied(rng, m, 2)))
    values = unchanged_each(student.backward, calls)
    same_gradients(next(values), reference.backward(*calls[0]), params)
    total = [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    for call in calls[1 : m + 1]:
        one = next(values)
        same_gradients(one, reference.backward(*call), params, " for a single example")
        for sums, pair in zip(total, pairs(one, params), strict=True):
            sums[0] += pair[0]
            sums[1] += pair[1]
    same_gradients(next(values), total, params, ", against single examples")
    for call, grads in zip(calls[m + 2 :], values, strict=True):
        pairs(grads, call[0])
    # What is new stays as it is: for one example and a linear output, db is no view of dA.
    names = ["tanh", "linear"]
    first, second = (
        (params, reference.forward(params, X[rows], names)[1], dA[rows]) for rows in single[:2]
    )
    for call, grads in zip(
        (first, second), kept(student.backward, [first, second], rewritten=True), strict=True
    ):
        same_gradients(grads, reference.backward(*call), params, ", of several calls")


# gradient_check: 1 point


# With steps from 1e-6 to 1e-4, the measured gradients of the cubics below are off by less.
MEASURED = 1e-8


@check(
    "gradient_check",
    points=1,
    hint="It rests on numerical_gradient: is that one right? If so, compare with formula (14).",
    read_only=False,
)
def relative_error_of_a_gradient(student, rng):
    """The relative error (14) is right for right and wrong gradients, large, small and zero."""
    calls, expected = [], []
    shapes = ((5,), (3, 2), (3, 3), (1,), (2, 3, 2), (3, 2), (4,), (2, 2))
    for shape, scale in zip(shapes, (1.0, 1e4, 1e-2, 1.0, 1e-2, 1e-13, 1e-90, 1e60), strict=True):
        c = scale * rng.uniform(0.5, 2, size=shape)
        x = rng.uniform(0.5, 2, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        x.reshape(-1)[rng.integers(x.size)] *= x.size == 1  # from two entries on, one is zero
        # A step that is much too long measures something else than the slope of a cubic.
        f = public(lambda v, c=c: float(np.sum(c * (v + v**2 / 2 + v**3 / 6))))
        slope = public(lambda v, c=c: c * (1 + v + v**2 / 2))
        right, noise = slope(x), scale * rng.normal(size=shape)
        grads = {
            "a right gradient": slope,
            "1.5 times the gradient": lambda v, g=right: 1.5 * g,
            "1.001 times the gradient": lambda v, g=right: 1.001 * g,
            "1.0000002 times the gradient": lambda v, g=right: 1.0000002 * g,
            "the gradient with the wrong sign": lambda v, g=right: -g,
            "a gradient of zeros": lambda v, g=right: 0 * g,
            "a gradient with noise": lambda v, g=right, d=noise: g + d * g,
            "a gradient with one wrong entry": lambda v, g=right, s=scale: (
                g + s * (np.arange(g.size) == g.size - 1).reshape(g.shape)
            ),
        }
        for title, grad in grads.items():
            g = grad(x)
            lengths = np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(right**2))
            expected.append((title, np.sqrt(np.sum((g - right) ** 2)) / lengths))
            calls.append((f, public(grad), x))
    nowhere, ones = public(lambda v: 2.0), public(lambda v: np.ones(v.shape))
    for shape in ((4,), (2, 3)):
        calls += [(nowhere, public(lambda v: 0 * v), rng.normal(size=shape))]
        expected.append(("two gradients of zeros", 0.0))
        calls.append((nowhere, ones, rng.normal(size=shape)))
        expected.append(("a gradient that should be zero", 1.0))
    # Of many entries, the last one counts as well.
    c = rng.uniform(0.5, 2, size=(3, 50))
    f = public(lambda v, c=c: float(np.sum(c * v)))
    for place in (0, -1):
        wrong = c.copy()
        wrong[place, place] += 3
        expected.append(
            ("one wrong entry of 150", 3 / (np.sqrt(np.sum(wrong**2)) + np.sqrt(np.sum(c**2))))
        )
        calls.append((f, public(lambda v, g=wrong: g), np.zeros((3, 50))))
    # Where the function does not depend on an entry, its gradient may say so or not.
    f = public(lambda v: float(3 * v[0]))
    for invented, wanted in (([3.0, 4.0], 4 / 8), ([3.0, 0.0], 0.0)):
        expected.append(("a gradient, one entry of which should be 0", wanted))
        claimed = np.array(invented)
        calls.append((f, public(lambda v, g=claimed: g), np.zeros(2)))
    errors = unchanged_each(student.gradient_check, calls)
    for (title, wanted), error in zip(expected, errors, strict=True):
        if wanted == 0:
            error = finite_number(error, "the relative error")
            require(0 <= error < MEASURED, f"an error of {error}, where it should be 0: {title}")
        close(error, wanted, f"the error of {title}", atol=MEASURED)
        # 0 is a number of single precision, too: for those, errors of 1e-6 would be accepted.
        require(abs(error - wanted) <= 2 * MEASURED, f"the error of {title} is {error}")
    # At 0, nudges of a linear function are exact: small errors are errors, and not rounded.
    for share in rng.uniform(1e-10, 1e-9, size=2):
        c = rng.uniform(0.5, 2, size=4)
        f, grad = public(lambda v, c=c: float(c @ v)), public(lambda v, g=(1 + share) * c: g)
        error = student.gradient_check(f, grad, np.zeros(4))
        close(
            error, share / 2, "the error of a gradient that is nearly right", rtol=1e-4, tails=True
        )
    # Here the gradient is the array that it was given: nothing may be changed in it.
    half_square, itself = public(lambda v: float(np.sum(v**2) / 2)), public(lambda v: v)
    error = unchanged(student.gradient_check, half_square, itself, rng.uniform(1, 2, size=4))
    error = finite_number(error, "the relative error")
    require(0 <= error < MEASURED, "a right gradient that is x itself should have an error near 0")


# find_fault: 2 points


def draw_pass(rng, wrong, scale=1.0, shapes=(), limits=(1e-6, 1e-2)):
    """Draw a loss, a backward pass, and parameters: the arguments of `find_fault`.

    They are drawn until `told_apart` is true of them.

    Parameters
    ----------
    wrong : list of tuple
        For each parameter a factor of all its gradient, a factor of its gradient's last entry, and
        whether the entries are in reversed order: (1, 1, False) is right. For a parameter that has
        no say, whose gradient is zero, it is None, or ``()`` where its gradient is not zero.
    scale : float
        A factor of the loss.
    shapes : sequence of tuple
        That of each parameter; drawn, if there are none.
    limits : tuple of float
        As for `told_apart`.
    """
    draw = partial(one_pass, rng, wrong, scale, shapes)
    return draw_until(partial(told_apart, limits), draw)[:3]


def one_pass(rng, wrong, scale, shapes):
    """As `draw_pass`, drawn once, and with the right gradients as a fourth."""
    places = rng.permutation(90)[: len(wrong)] + 10
    a, w, whole, last, swapped, invented = np.zeros((6, 100))
    params = {}
    for at, (place, fault) in enumerate(zip(places, wrong, strict=True)):
        shape = tuple(rng.integers(2, 4, size=int(rng.integers(1, 4))).tolist())
        shape = shapes[at] if shapes else shape
        params[f"p{place}"] = varied(rng, *shape)
        if fault:
            # The sine of all binds them loosely: a nudge that stays is for `bent_pass` alone.
            a[place], w[place] = scale * rng.uniform(0.5, 2), rng.uniform(0.1, 0.4)
            whole[place], last[place], swapped[place] = fault
        elif fault is not None:
            invented[place] = scale

    @public
    def loss(params):
        total, sines = 0.0, 0.0
        for name, value in params.items():
            total += w[int(name[1:])] * np.sum(value)
            sines += a[int(name[1:])] * np.sum(np.sin(value))
        return float(sines + scale * np.sin(total))

    @public
    def backward_pass(params):
        total, grads = 0.0, {}
        for name, value in params.items():
            total += w[int(name[1:])] * np.sum(value)
        # From the back, as backward passes go: the order is not that of the parameters.
        for name in list(params)[::-1]:
            place, value = int(name[1:]), params[name]
            flat = (a[place] * np.cos(value) + scale * w[place] * np.cos(total)).ravel()
            flat = whole[place] * (flat[::-1] if swapped[place] else flat) + invented[place]
            flat[-1] *= last[place] + (invented[place] != 0)
            grads[name] = flat.reshape(value.shape)
        return grads

    total = sum(w[int(name[1:])] * np.sum(value) for name, value in params.items())
    right = {}
    for name, value in params.items():
        place = int(name[1:])
        right[name] = a[place] * np.cos(value) + scale * w[place] * np.cos(total)
    return loss, backward_pass, params, right


RIGHT = (1.0, 1.0, False)


def told_apart(limits, drawn):
    """Whether the relative error of each gradient is clearly below or clearly above 1e-4.

    No gradient but one of zeros is so small that nudges would measure it badly.
    """
    _, backward_pass, params, right = drawn
    grads, largest = backward_pass(params), max(map(np.linalg.norm, right.values()))
    for name, wanted in right.items():
        size, off = np.linalg.norm(wanted), np.linalg.norm(grads[name] - wanted)
        error = off / (np.linalg.norm(grads[name]) + size) if off else 0.0
        if size and size < 0.02 * largest:
            return False
        if not (error < limits[0] or error > limits[1]):
            return False
    return True


def same_faults(student, cases):
    """Compare what is found with what was planted, for each (arguments, place of the fault)."""
    calls = [call for call, _ in cases]
    for (call, place), found in zip(cases, unchanged_each(student.find_fault, calls), strict=True):
        names = list(call[2])
        wanted = None if place is None else names[place]
        require(
            found is None or (isinstance(found, str) and found in names),
            "find_fault should return one of the names in params, or None",
        )
        require(
            found == wanted,
            f"find_fault returned {found!r}, which is not right, for the parameters "
            f"{', '.join(names)}",
        )


SIGN = (-1.0, 1.0, False)


def gross_faults(rng):
    """Gradients that are wrong as gradients are: a sign, a factor, their order, one entry, zero."""
    factor, zero = float(rng.uniform(1.3, 3)), (0.0, 1.0, False)
    faults = [SIGN, (factor, 1.0, False), (1.0, 1.0, True), (1.0, factor, False), zero, ()]
    return [faults[i] for i in rng.permutation(len(faults))]


@check(
    "find_fault",
    points=1,
    hint="Which way do gradients travel? Which of them does a fault spoil?",
    read_only=False,
)
def the_fault_is_the_last_one(student, rng):
    """The last wrong gradient is found, wherever it is, whatever is wrong before it; or none."""
    cases = [(draw_pass(rng, [RIGHT] * 4), None), (draw_pass(rng, [SIGN]), 0)]
    for place, fault in zip((0, 2, 3, 1, 3, 2), gross_faults(rng), strict=True):
        wrong = [RIGHT] * 4
        for i in range(place):
            if rng.random() < 0.6:
                wrong[i] = gross_faults(rng)[0]
        if place > 1:  # before the fault there is another one, and mostly a worse one
            wrong[0] = SIGN
        wrong[place] = fault
        cases.append((draw_pass(rng, wrong), place))
    # Many parameters, some of one entry only, some of four axes.
    shapes = [(1,), (2, 1, 2, 2), (1, 1), *([(2,)] * 7)]
    for place in (0, 1, 2, 7):
        wrong = [SIGN if i == place else RIGHT for i in range(len(shapes))]
        cases.append((draw_pass(rng, wrong, shapes=shapes), place))
    same_faults(student, [cases[i] for i in rng.permutation(len(cases))])


def with_error(error):
    """A factor that makes the relative error of a gradient this large."""
    return ((1 + error) / (1 - error), 1.0, False)


def linear_pass(first, last, slopes, wrong):
    """The arguments of `find_fault` for a linear loss of two parameters, the first one wrong."""
    loss = public(lambda params: float(np.sum(slopes * params[first]) + np.sum(params[last])))
    backward_pass = public(lambda params: {first: wrong, last: np.ones(3)})
    return loss, backward_pass, {first: np.zeros(slopes.shape), last: np.zeros(3)}


def bent_pass(first, last, values, factor):
    """The arguments of `find_fault` for exp(100 times the sum of all), with a factor of the last.

    If an entry is nudged by 1e-5, all the slopes change by a thousandth.
    """

    @public
    def loss(params):
        return float(np.exp(100 * (np.sum(params[first]) + np.sum(params[last]))))

    @public
    def backward_pass(params):
        total = np.sum(params[first]) + np.sum(params[last])
        slope = 100 * np.exp(100 * total)
        return {last: np.full(3, factor * slope), first: np.full(3, slope)}

    return loss, backward_pass, {first: values[0], last: values[1]}


@check(
    "find_fault",
    points=1,
    hint="How large may a relative error be? And what happens to the rest while one entry is "
    "nudged?",
    read_only=False,
)
def slight_faults_too(student, rng):
    """Relative errors of 1.04e-4 count, those of 0.96e-4 do not, for a large loss or a tiny one."""
    slight, rounding = with_error(1.04e-4), with_error(0.96e-4)
    cases = []
    for wrong, place in (
        ([(1.02, 1.0, False), slight, rounding], 1),
        ([rounding, RIGHT, None], None),
        ([slight, None, RIGHT], 0),
        ([RIGHT, (1.0, 1.0003, False)], None),  # one entry is off, the whole is not
        ([RIGHT, rounding, slight], 2),
    ):
        # A tiny loss with a fault, a large one without: the difference itself says the opposite.
        least = -14 if place else -60
        scale = float(10 ** (rng.uniform(2, 3) if place is None else rng.uniform(least, least + 1)))
        # Measured gradients are off by 1e-8 at most: nothing is as near to 1e-4 as that.
        limits = (9.8e-5, np.inf if place is None else 1.02e-4)
        cases.append((draw_pass(rng, wrong, scale, limits=limits), place))
    # One entry of a diagonal is off: by the root of the sum of all squares, and not by another
    # length, this is too much or just not. And one of many entries is quite wrong.
    names = [f"p{number}" for number in rng.permutation(90)[:2] + 10]
    for n, off, place in ((5, 1.1e-4, 0), (5, 0.9e-4, None), (11, 0.1, 0)):
        diagonal = np.eye(n)
        wrong = diagonal.copy()
        wrong[-1, -1] += 2 * off * np.sqrt(n)
        cases.append((linear_pass(*names, diagonal, wrong), place))
    # A loss that bends: one-sided nudges, and steps that are too long, measure something else.
    for factor, place in ((1.0, None), (1.01, 1)):
        cases.append((bent_pass(*names, rng.uniform(-0.01, 0.01, size=(2, 3)), factor), place))
    same_faults(student, cases)
