"""Wrong solutions of stage 5, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

# numerical_gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="On how many sides of x does formula (2) look?",
)
def forward_differences(f, x, h=1e-5):
    """The difference is taken to one side only."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x)) / h
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="How far apart are the two points at which you call f?",
)
def divided_by_h(f, x, h=1e-5):
    """The central difference is divided by h instead of 2h, so every slope is twice too large."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / h
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="A partial derivative holds the other entries still. Does your nudge?",
)
def all_entries_at_once(f, x, h=1e-5):
    """All the entries are nudged together, so each gets the sum of all the slopes."""
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="What is the dtype of your gradient, and of the nudged copy, when x holds integers?",
)
def zeros_like_integers(f, x, h=1e-5):
    """The gradient has the dtype of x, so integers cut its fractions off."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="After nudging one entry, what is it when the next one has its turn?",
)
def nudges_pile_up(f, x, h=1e-5):
    """The nudges are made in the caller's own array and never taken back."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="len(x) is the number of rows. How many entries does a matrix have?",
)
def rows_instead_of_entries(f, x, h=1e-5):
    """The loop goes over the first axis only, so whole rows are nudged."""
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="One of the three arguments has no effect in your function.",
)
def step_of_its_own(f, x, h=1e-5):
    """A step of 1e-5 is used whatever h is."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = 1e-5
        gradient[i] = (f(x + nudge) - f(x - nudge)) / 2e-5
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="Which shape should the gradient have?",
)
def gradient_as_a_flat_vector(f, x, h=1e-5):
    """The gradient comes back flat, whatever the shape of x."""
    nudges = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in nudges])


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="In which order does formula (2) subtract?",
)
def difference_the_wrong_way_round(f, x, h=1e-5):
    """The value behind minus the value ahead: every sign is wrong."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x - nudge) - f(x + nudge)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="gradient_for_any_shape",
    hint="Is `ravel` always a view? Look at what it makes of a transposed matrix.",
)
def ravel_taken_for_a_view(f, x, h=1e-5):
    """The nudges are made in x.ravel(), which is a copy if the columns lie one behind the other."""
    x = x.astype(float)
    flat = x.ravel()
    gradient = np.zeros(x.shape)
    for k in range(flat.size):
        old = flat[k]
        flat[k] = old + h
        above = f(x)
        flat[k] = old - h
        below = f(x)
        flat[k] = old
        gradient.ravel()[k] = (above - below) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="At how many points does formula (2) evaluate f, and how far from x are they?",
)
def five_points(f, x, h=1e-5):
    """The formula with four points, two of them 2h away, instead of (2)."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        gradient[i] = (8 * (f(x + e) - f(x - e)) - (f(x + 2 * e) - f(x - 2 * e))) / (12 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="Formula (2) has the same h for every entry.",
)
def steps_in_proportion_to_x(f, x, h=1e-5):
    """The step is h times the size of the entry, where that is more than 1."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h * max(1, abs(x[i]))
        gradient[i] = (f(x + e) - f(x - e)) / (2 * e[i])
    return gradient


@misconception(
    "numerical_gradient",
    caught_by="differences_are_central",
    hint="What is the default of h?",
)
def another_step_preset(f, x, h=1e-6):
    """Where no h is given, it is 1e-6 instead of 1e-5."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        gradient[i] = (f(x + e) - f(x - e)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    caught_by=("differences_are_central", "gradient_for_any_shape"),
    hint="What is the dtype of your gradient, and how many digits does it keep?",
)
def gradient_in_single_precision(f, x, h=1e-5):
    """The slopes are kept as float32, with seven digits."""
    gradient = np.zeros(x.shape, dtype=np.float32)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        gradient[i] = (f(x + e) - f(x - e)) / (2 * h)
    return gradient


# chain_backward


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="Is a local slope taken at the value that goes into a link, or at the one that comes out?",
)
def slopes_at_the_outputs(functions, derivatives, x):
    """Each local slope is taken at what came out of the link."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k]) * slopes[0])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="At which values are the local slopes taken in the table?",
)
def slopes_all_at_x(functions, derivatives, x):
    """All the local slopes are taken at x."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for g_prime in reversed(derivatives):
        slopes.insert(0, g_prime(x) * slopes[0])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="Along a path, are slopes added or multiplied?",
)
def slopes_added(functions, derivatives, x):
    """The local slopes are added up instead of multiplied."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k - 1]) + slopes[0])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by=("every_value_and_every_slope", "a_flat_link_stops_the_slope"),
    hint="Local slopes alone are not enough. What comes from behind?",
)
def local_slopes_only(functions, derivatives, x):
    """The local slopes are returned as they are, without what is upstream of them."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    local = [g_prime(v) for g_prime, v in zip(derivatives, values, strict=False)]
    return values, [*local, 1.0]


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="Which of the slopes in the table is 1: the first or the last?",
)
def slopes_from_the_front(functions, derivatives, x):
    """The product is built up from the front: dv_k/dx instead of dy/dv_k."""
    values, slopes = [x], [1.0]
    for g, g_prime in zip(functions, derivatives, strict=True):
        slopes.append(slopes[-1] * g_prime(values[-1]))
        values.append(g(values[-1]))
    return values, slopes


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="In which order does the docstring want the slopes?",
)
def slopes_in_backward_order(functions, derivatives, x):
    """The slopes come in the order in which they were computed, the last one first."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.append(derivatives[k - 1](values[k - 1]) * slopes[-1])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by="a_flat_link_stops_the_slope",
    hint="What happens to your division when a link has slope 0?",
)
def divides_the_whole_product(functions, derivatives, x):
    """The whole product is worked out once, then divided by the slopes before each place."""
    values, before = [x], [1.0]
    for g, g_prime in zip(functions, derivatives, strict=True):
        before.append(before[-1] * g_prime(values[-1]))
        values.append(g(values[-1]))
    return values, [before[-1] / one if one else 0.0 for one in before]


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="How many values does the docstring ask for, and which one is the first?",
)
def x_is_left_out(functions, derivatives, x):
    """The values start with v_1, and the slopes likewise."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 1, -1):
        slopes.insert(0, derivatives[k - 1](values[k - 1]) * slopes[0])
    return values[1:], slopes


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="What does `pop()` do to the list that the caller passed?",
)
def lists_popped_empty(functions, derivatives, x):
    """The caller's list of derivatives is popped empty on the way back."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for value in values[-2::-1]:
        slopes.insert(0, derivatives.pop()(value) * slopes[0])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by="every_value_and_every_slope",
    hint="One of the three arguments has no effect in your function.",
)
def nudges_for_the_local_slopes(functions, derivatives, x):
    """The local slopes are measured by nudges; the derivatives are not used."""
    values = [x]
    for g in functions:
        values.append(g(values[-1]))
    slopes = [1.0]
    for g, value in zip(functions[::-1], values[-2::-1], strict=True):
        slopes.insert(0, (g(value + 1e-5) - g(value - 1e-5)) / 2e-5 * slopes[0])
    return values, slopes


@misconception(
    "chain_backward",
    caught_by=("every_value_and_every_slope", "a_flat_link_stops_the_slope"),
    hint="What does each function take: a number or an array?",
)
def arrays_of_one(functions, derivatives, x):
    """The functions are called with an array of one number instead of the number."""
    values = [np.array([x])]
    for g in functions:
        values.append(np.array(g(values[-1])).reshape(1))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, float(np.sum(derivatives[k - 1](values[k - 1]))) * slopes[0])
    return [float(one[0]) for one in values], slopes


# graph_gradients


def forwards(graph, inputs, operations):
    """The forward half, done right: values, and the nodes in topological order."""
    values, order = dict(inputs), []
    while len(order) < len(graph):
        for name, (operation, arguments) in graph.items():
            if name not in values and all(a in values for a in arguments if isinstance(a, str)):
                values[name] = operations[operation][0](*(values.get(a, a) for a in arguments))
                order.append(name)
    return values, order


def handed_on(graph, values, operations, name):
    """The arguments of a node that are names, each with its slope."""
    operation, arguments = graph[name]
    slopes = operations[operation][1](*(values.get(a, a) for a in arguments))
    return [(a, s) for a, s in zip(arguments, slopes, strict=True) if isinstance(a, str)]


@misconception(
    "graph_gradients",
    caught_by="every_use_adds_up",
    hint="Two arrows leave a node. What becomes of the first gradient when the second one arrives?",
)
def last_use_overwrites(graph, inputs, output, operations):
    """A gradient is set with = where it should be added to with +=."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] = gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="The nodes may stand in any order. What if one comes before its arguments?",
)
def order_as_listed(graph, inputs, output, operations):
    """The nodes are computed in the order in which they are listed."""
    values = dict(inputs)
    for name, (operation, arguments) in graph.items():
        values[name] = operations[operation][0](*(values.get(a, a) for a in arguments))
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(list(graph)):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="In which order do the nodes have their turn on the way back?",
)
def backward_as_listed(graph, inputs, output, operations):
    """Forward in topological order, but backward in the opposite of the listed one."""
    values, _ = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(list(graph)):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="Who must have had its turn before a node may hand on its gradient?",
)
def backward_in_forward_order(graph, inputs, output, operations):
    """The nodes have their turn in the same order forward and backward."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in order:
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="every_use_adds_up",
    hint="Is a node's gradient complete as soon as something has arrived there?",
)
def nearest_first(graph, inputs, output, operations):
    """Backward breadth first: a node has its turn, its only one, when it is first reached."""
    values, _ = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    queue, seen = [output], {output}
    while queue:
        name = queue.pop(0)
        if name in inputs:
            continue
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
            if used not in seen:
                seen.add(used)
                queue.append(used)
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="every_use_adds_up",
    hint="If a node hands on its whole gradient twice, what arrives twice?",
)
def whole_gradient_at_each_visit(graph, inputs, output, operations):
    """Backward by recursion: each visit hands on the whole gradient, old parts once more."""
    values, _ = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0

    def visit(name):
        if name in graph:
            for used, slope in handed_on(graph, values, operations, name):
                gradients[used] += gradients[name] * slope
                visit(used)

    visit(output)
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="no_work_is_repeated",
    hint="Is every path walked by itself, or does a node wait until all have reported?",
)
def every_path_by_itself(graph, inputs, output, operations):
    """Right, but each path is followed to its end, and there may be billions."""
    values, _ = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)

    def hand_on(name, gradient):
        gradients[name] += gradient
        if name in graph:
            for used, slope in handed_on(graph, values, operations, name):
                hand_on(used, gradient * slope)

    hand_on(output, 1.0)
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="no_work_is_repeated",
    hint="How many times do you compute the value of a node that two others use?",
)
def values_computed_anew(graph, inputs, output, operations):
    """Right, but each value is computed anew wherever it is asked for."""

    def value(name):
        if not isinstance(name, str):
            return name
        if name in inputs:
            return inputs[name]
        operation, arguments = graph[name]
        return operations[operation][0](*(value(a) for a in arguments))

    _, order = forwards(graph, inputs, operations)
    values = {name: value(name) for name in [*inputs, *graph]}
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="no_work_is_repeated",
    hint="Nudges are for checking. How many times is the whole graph computed for them?",
)
def nudges_the_graph(graph, inputs, output, operations):
    """Central differences: the graph is computed twice for each name."""

    def run(nudged=None, h=0.0):
        values = {name: v + (h if name == nudged else 0.0) for name, v in inputs.items()}
        while len(values) < len(inputs) + len(graph):
            for name, (operation, arguments) in graph.items():
                if name not in values and all(a in values for a in arguments if isinstance(a, str)):
                    value = operations[operation][0](*(values.get(a, a) for a in arguments))
                    values[name] = value + (h if name == nudged else 0.0)
        return values

    values = run()
    return values, {
        name: (run(name, 1e-5)[output] - run(name, -1e-5)[output]) / 2e-5 for name in values
    }


@misconception(
    "graph_gradients",
    caught_by="every_use_adds_up",
    hint="What do you get where a node uses the same name twice, such as x times x?",
)
def uses_of_one_node_merged(graph, inputs, output, operations):
    """A dict of slopes by name: where a node uses a name twice, one of the two is lost."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in dict(handed_on(graph, values, operations, name)).items():
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="Local slopes alone are not enough. What comes from behind?",
)
def upstream_forgotten(graph, inputs, output, operations):
    """The local slopes are added up without what is upstream of them."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        if gradients[name]:
            for used, slope in handed_on(graph, values, operations, name):
                gradients[used] += slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="At which values are the local slopes taken: at those that go in, or at what comes out?",
)
def slopes_at_what_comes_out(graph, inputs, output, operations):
    """The local slopes are taken at the value of the node, not at those of its arguments."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*(values[name] for _ in arguments))
        for used, slope in zip(arguments, slopes, strict=True):
            if isinstance(used, str):
                gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="From which node do you start going back: from the last one, or from the output?",
)
def last_node_as_the_output(graph, inputs, output, operations):
    """The gradients are those of the last node in topological order, whatever the output is."""
    values, order = forwards(graph, inputs, operations)
    last = order[-1] if order else output
    gradients = dict.fromkeys(values, 0.0)
    gradients[last] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="What is the derivative of the output with respect to a name that does not lead there?",
)
def what_leads_nowhere_left_out(graph, inputs, output, operations):
    """Only names that lead to the output have a gradient; the others are missing."""
    values, order = forwards(graph, inputs, operations)
    gradients = {output: 1.0}
    for name in reversed(order):
        if name in gradients:
            for used, slope in handed_on(graph, values, operations, name):
                gradients[used] = gradients.get(used, 0.0) + gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="For which names does the docstring want a gradient?",
)
def gradients_of_the_inputs_only(graph, inputs, output, operations):
    """Only the inputs have a gradient; the nodes are missing."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return values, {name: gradients[name] for name in inputs}


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="Does a constant have a gradient?",
)
def constants_have_gradients(graph, inputs, output, operations):
    """Constants get entries of their own among the gradients."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*(values.get(a, a) for a in arguments))
        for used, slope in zip(map(str, arguments), slopes, strict=True):
            gradients[used] = gradients.get(used, 0.0) + gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="Whose dict do you write the values into?",
)
def inputs_filled_up(graph, inputs, output, operations):
    """The values of the nodes are written into the caller's dict of inputs."""
    values, order = forwards(graph, inputs, operations)
    inputs.update(values)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, operations, name):
            gradients[used] += gradients[name] * slope
    return inputs, gradients


@misconception(
    "graph_gradients",
    caught_by=("graphs_in_any_order", "every_use_adds_up"),
    hint="The table that you are handed says what an operation does. Do you read it?",
)
def table_of_its_own(graph, inputs, output, operations):
    """Four operations are written out; the table that is handed over is not used."""
    known = {
        "add": (lambda u, v: u + v, lambda u, v: (1.0, 1.0)),
        "sub": (lambda u, v: u - v, lambda u, v: (1.0, -1.0)),
        "mul": (lambda u, v: u * v, lambda u, v: (v, u)),
        "sin": (np.sin, lambda u: (np.cos(u),)),
    }
    values, order = forwards(graph, inputs, known)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for used, slope in handed_on(graph, values, known, name):
            gradients[used] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="no_work_is_repeated",
    hint="How many times do you ask for the slopes of a node with three arguments?",
)
def slopes_asked_for_each_argument(graph, inputs, output, operations):
    """Right, but the slopes of a node are computed anew for each of its arguments."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        for place, used in enumerate(graph[name][1]):
            if isinstance(used, str):
                operation, arguments = graph[name]
                slopes = operations[operation][1](*(values.get(a, a) for a in arguments))
                gradients[used] += gradients[name] * slopes[place]
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="What is `0.0 or name` in Python?",
)
def zero_taken_for_nothing(graph, inputs, output, operations):
    """`values.get(name) or name`: a value of 0 is not found, and the name itself is used."""
    values, order = forwards(graph, inputs, operations)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*(values.get(a) or a for a in arguments))
        for used, slope in zip(arguments, slopes, strict=True):
            if isinstance(used, str):
                gradients[used] += gradients[name] * slope
    return values, gradients


# activation_derivative


def right_slopes(name, z):
    a = sigmoid(z)
    return {
        "linear": np.ones(z.shape),
        "step": np.zeros(z.shape),
        "sigmoid": a * (1 - a),
        "tanh": 1 - np.tanh(z) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, 0.01),
        "elu": np.exp(np.minimum(z, 0)),
        "softplus": a,
    }[name]


@misconception(
    "activation_derivative",
    caught_by="slopes_of_sigmoid_and_tanh",
    hint="In (4), what stands beside 1 minus itself: z or σ(z)?",
)
def sigmoid_slope_from_z(name, z):
    """The sigmoid's slope is computed as z(1 - z)."""
    return z * (1 - z) if name == "sigmoid" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_sigmoid_and_tanh",
    hint="Something is missing in the slope of tanh. Try z = -1: can it be larger than 1?",
)
def tanh_without_square(name, z):
    """The slope of tanh lacks the square."""
    return 1 - np.tanh(z) if name == "tanh" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_sigmoid_and_tanh",
    hint="z has not been through tanh yet.",
)
def tanh_slope_from_z(name, z):
    """The slope of tanh is computed as 1 - z²."""
    return 1 - z**2 if name == "tanh" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="The threshold is flat on either side of 0. What is the slope of a flat line?",
)
def step_slope_as_the_step(name, z):
    """The slope of the step is taken to be the step itself."""
    return np.where(z >= 0, 1.0, 0.0) if name == "step" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="The jump has no slope. What did the lesson agree on?",
)
def step_with_a_peak(name, z):
    """The jump at 0 gets a slope of its own."""
    return np.where(z == 0, 1.0, 0.0) if name == "step" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="What is the slope at the kink itself, as agreed in the lesson?",
)
def relu_kink_from_the_right(name, z):
    """At z = 0 ReLU has the slope of its right side."""
    return np.where(z >= 0, 1.0, 0.0) if name == "relu" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="The function is asked for its slope, not for its value.",
)
def relu_value_as_slope(name, z):
    """ReLU itself is returned instead of its slope."""
    return np.maximum(z, 0) if name == "relu" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="What does leaky_relu do on the left, and how steeply?",
)
def leak_forgotten(name, z):
    """leaky_relu has slope 0 on the left."""
    return right_slopes("relu" if name == "leaky_relu" else name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="Which shape should the slopes have?",
)
def linear_as_a_number(name, z):
    """The slope of linear is the number 1 instead of an array of ones."""
    return 1.0 if name == "linear" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_elu_and_softplus",
    hint="Is the slope of elu the same thing as elu? What becomes of the -1?",
)
def elu_slope_minus_one(name, z):
    """On the left the slope of ELU is taken to be e^z - 1, its value."""
    return np.where(z > 0, 1.0, np.expm1(z)) if name == "elu" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_elu_and_softplus",
    hint="What is inf / inf? Try z = 1000.",
)
def softplus_slope_overflows(name, z):
    """e^z / (1 + e^z) is right on paper, but NaN for large z."""
    if name == "softplus":
        with np.errstate(all="ignore"):
            return np.exp(z) / (1 + np.exp(z))
    return right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_elu_and_softplus",
    hint="Go once more through the derivative of the logarithm, and of what is inside it.",
)
def softplus_inner_slope_forgotten(name, z):
    """The derivative of log(1 + e^z) lacks the inner derivative: 1 / (1 + e^z)."""
    return sigmoid(-z) if name == "softplus" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="Whose array do you write into?",
)
def relu_slope_in_place(name, z):
    """The zeros and ones of ReLU's slope are written into the caller's array."""
    if name == "relu":
        z[z <= 0] = 0
        z[z > 0] = 1
        return z
    return right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by="slopes_of_straight_pieces",
    hint="What is the dtype of the zeros and ones that you return?",
)
def relu_slope_of_whole_numbers(name, z):
    """The slope of ReLU holds whole numbers, not floats."""
    return np.where(z > 0, 1, 0) if name == "relu" else right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by=("slopes_of_sigmoid_and_tanh", "slopes_of_elu_and_softplus"),
    hint="Whose array does `out=z` write into?",
)
def clipped_in_place(name, z):
    """Numbers beyond ±500 are cut off in the caller's array."""
    np.clip(z, -500, 500, out=z)
    return right_slopes(name, z)


@misconception(
    "activation_derivative",
    caught_by=("slopes_of_sigmoid_and_tanh", "slopes_of_elu_and_softplus"),
    hint="What slope do these functions have at -1000, and what do you return?",
)
def cut_off_at_twenty(name, z):
    """Numbers beyond ±20 are cut off, so the slopes far out are those at 20."""
    return right_slopes(name, np.clip(z, -20, 20))


# affine_backward


@misconception(
    "affine_backward",
    caught_by=("the_three_gradients", "examples_add_up"),
    hint="Formula (8) has no 1/m. Where is it already?",
)
def averaged_once_more(dZ, A_prev, W):
    """dW and db are divided by m, though the loss was averaged already."""
    m = len(dZ)
    return dZ @ W, dZ.T @ A_prev / m, dZ.sum(axis=0) / m


@misconception(
    "affine_backward",
    caught_by=("the_three_gradients", "examples_add_up"),
    hint="Over the examples, is db a sum or a mean?",
)
def bias_averaged(dZ, A_prev, W):
    """db is the mean over the examples instead of the sum."""
    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="Which shape must db have?",
)
def bias_not_summed(dZ, A_prev, W):
    """db is dZ itself, with a row for each example."""
    return dZ @ W, dZ.T @ A_prev, dZ


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="Over which axis are the examples?",
)
def bias_summed_over_outputs(dZ, A_prev, W):
    """db is summed over the outputs instead of the examples."""
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=1)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="dW must have the shape of W: (n_out, n_in).",
)
def weights_transposed(dZ, A_prev, W):
    """dW is transposed: inputs in rows, outputs in columns."""
    return dZ @ W, A_prev.T @ dZ, dZ.sum(axis=0)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="In the forward pass W was transposed. Is it in the third sum of (8)?",
)
def transpose_kept(dZ, A_prev, W):
    """dA_prev is dZ @ W.T, which fits square layers only, and is wrong for those too."""
    return dZ @ W.T, dZ.T @ A_prev, dZ.sum(axis=0)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="What is the shape of db? That of b.",
)
def bias_as_a_row(dZ, A_prev, W):
    """db keeps an axis too many: (1, n_out)."""
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0, keepdims=True)


@misconception(
    "affine_backward",
    caught_by=("the_three_gradients", "examples_add_up"),
    hint="Look at the last sum of (8): which matrix stands in it?",
)
def uses_the_gradient_for_the_weights(dZ, A_prev, W):
    """dA_prev is computed with dW instead of W."""
    dW = dZ.T @ A_prev
    return dZ @ dW, dW, dZ.sum(axis=0)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="In which order does the docstring list what is returned?",
)
def other_order(dZ, A_prev, W):
    """The weights' gradient comes first: dW, db, dA_prev."""
    return dZ.T @ A_prev, dZ.sum(axis=0), dZ @ W


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="If the shapes fit, must the product be the right one?",
)
def whatever_fits(dZ, A_prev, W):
    """dA_prev is dZ @ W.T wherever that can be computed, otherwise dZ @ W."""
    try:
        dA_prev = dZ @ W.T
    except ValueError:
        dA_prev = dZ @ W
    return dA_prev, dZ.T @ A_prev, dZ.sum(axis=0)


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="What shape do dA_prev and db have if there is one example, or one output?",
)
def axes_of_one_dropped(dZ, A_prev, W):
    """Axes of length 1 are squeezed out of all three gradients."""
    return np.squeeze(dZ @ W), np.squeeze(dZ.T @ A_prev), np.squeeze(dZ.sum(axis=0))


# binary_cross_entropy


@misconception(
    "binary_cross_entropy",
    caught_by=("cross_entropy_itself", "output_minus_label"),
    hint="What is the shape of (m, 1) minus (m,)?",
)
def table_of_all_pairs(Z, y):
    """A column minus a vector: every output is compared with every label."""
    return float(np.mean(softplus(Z) - y * Z)), (sigmoid(Z) - y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="What is the logarithm of a probability that was rounded to 0 or 1? See (12).",
)
def logarithm_of_zero(Z, y):
    """Formula (10) as it stands: for very sure answers the logarithm of 0 comes up."""
    Y, a = y[:, None], sigmoid(Z)
    with np.errstate(all="ignore"):
        loss = -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))
    return float(loss), (a - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="Clipping the probability hides how wrong a very sure answer is.",
)
def clipped_probability(Z, y):
    """The probability is clipped away from 0 and 1, so that large losses are cut off."""
    Y = y[:, None]
    a = np.clip(sigmoid(Z), 1e-7, 1 - 1e-7)
    loss = -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))
    return float(loss), (sigmoid(Z) - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="Does the factor a(1 - a) still stand in (11)?",
)
def slope_of_sigmoid_once_too_often(Z, y):
    """The gradient is multiplied by the sigmoid's slope, which had cancelled."""
    Y, a = y[:, None], sigmoid(Z)
    return float(np.mean(softplus(Z) - Y * Z)), (a - Y) * a * (1 - a) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="If the loss is an average, what is its derivative?",
)
def entropy_gradient_not_averaged(Z, y):
    """The gradient lacks the 1/m."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), sigmoid(Z) - Y


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="For an example of class 1, does the loss rise or fall with z?",
)
def label_minus_output(Z, y):
    """The gradient has the wrong sign."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), (Y - sigmoid(Z)) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="Losses in this course are averages over the batch.",
)
def entropy_summed(Z, y):
    """The loss is the sum over the examples instead of the mean."""
    Y = y[:, None]
    return float(np.sum(softplus(Z) - Y * Z)), (sigmoid(Z) - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="Which shape should dZ have?",
)
def gradient_as_a_vector(Z, y):
    """dZ has shape (m,) instead of (m, 1)."""
    z = Z[:, 0]
    return float(np.mean(softplus(z) - y * z)), (sigmoid(z) - y) / len(z)


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="The label is compared with a probability. Is z one?",
)
def sigmoid_forgotten(Z, y):
    """The label is subtracted from z itself."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), (Z - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="Both classes have a term in (10).",
)
def only_class_one_counts(Z, y):
    """Only the examples of class 1 contribute to the loss."""
    Y = y[:, None]
    return float(np.mean(Y * softplus(-Z))), (sigmoid(Z) - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="Which logarithm is log, in mathematics and in this course?",
)
def logarithm_to_base_ten(Z, y):
    """The loss is measured with the logarithm to base 10."""
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z) / np.log(10)), (sigmoid(Z) - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="output_minus_label",
    hint="How large is the gradient where the answer is very sure and right?",
)
def clipped_for_the_gradient(Z, y):
    """The probability in the gradient is clipped away from 0 and 1."""
    Y = y[:, None]
    a = np.clip(sigmoid(Z), 1e-7, 1 - 1e-7)
    return float(np.mean(softplus(Z) - Y * Z)), (a - Y) / len(Z)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="How wrong is an answer of z = 1000 for class 0, and what does your loss say?",
)
def cut_off_at_five_hundred(Z, y):
    """z is cut off at ±500, and with it the loss."""
    Y, Z = y[:, None], np.clip(Z, -500, 500)
    return float(np.mean(softplus(Z) - Y * Z)), (sigmoid(Z) - Y) / len(Z)


# backward


def walk_back(params, cache, dA, slopes, layer_backward=None):
    """Formula (13) with parts that a mistake may replace."""
    grads = []
    for layer in range(len(params), 0, -1):
        W, _ = params[layer - 1]
        dZ = dA * slopes(cache["activations"][layer - 1], layer)
        A_prev = cache["A"][layer - 1]
        dW, db = dZ.T @ A_prev, dZ.sum(axis=0)
        dA = layer_backward(dZ, W, dW) if layer_backward else dZ @ W
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "network_agrees_with_nudges"),
    hint="What does each layer do to the gradient before the affine part has its turn?",
)
def activations_ignored(params, cache, dA):
    """The slopes of the activations are left out altogether."""
    return walk_back(params, cache, dA, lambda name, layer: 1.0)


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "network_agrees_with_nudges"),
    hint="You apply the slope in the last layer. And in the hidden ones?",
)
def hidden_activations_ignored(params, cache, dA):
    """Only the last layer's activation counts; the hidden layers' slopes are left out."""
    last = len(params)
    return walk_back(
        params,
        cache,
        dA,
        lambda name, layer: (
            activation_derivative(name, cache["Z"][layer]) if layer == last else 1.0
        ),
    )


@misconception(
    "backward",
    caught_by=("network_agrees_with_nudges", "each_layer_has_its_own_activation"),
    hint="Does the last layer have an activation?",
)
def last_activation_ignored(params, cache, dA):
    """The slope of the last layer's activation is left out."""
    last = len(params)
    return walk_back(
        params,
        cache,
        dA,
        lambda name, layer: (
            1.0 if layer == last else activation_derivative(name, cache["Z"][layer])
        ),
    )


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "network_agrees_with_nudges"),
    hint="Is a slope taken at what goes into the activation, or at what comes out?",
)
def slopes_at_the_activations(params, cache, dA):
    """The slopes are taken at A instead of Z."""
    return walk_back(
        params, cache, dA, lambda name, layer: activation_derivative(name, cache["A"][layer])
    )


@misconception(
    "backward",
    caught_by="each_layer_has_its_own_activation",
    hint="Do all your layers have the same activation?",
)
def one_activation_for_all(params, cache, dA):
    """Every layer is treated as if it had the first layer's activation."""
    first = cache["activations"][0]
    return walk_back(
        params, cache, dA, lambda name, layer: activation_derivative(first, cache["Z"][layer])
    )


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "batches_add_up_and_nothing_changes"),
    hint="J contains the 1/m already, and so does dA.",
)
def divides_by_m_again(params, cache, dA):
    """The gradients are divided by m, as if dA were not averaged."""
    grads = walk_back(
        params, cache, dA, lambda name, layer: activation_derivative(name, cache["Z"][layer])
    )
    return [(dW / len(dA), db / len(dA)) for dW, db in grads]


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "batches_add_up_and_nothing_changes"),
    hint="In which order should the gradients be?",
)
def gradients_in_backward_order(params, cache, dA):
    """The gradients come in the order in which they were found, the last layer first."""
    return walk_back(
        params, cache, dA, lambda name, layer: activation_derivative(name, cache["Z"][layer])
    )[::-1]


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "network_agrees_with_nudges"),
    hint="The W of the forward pass, or one that has already made a step?",
)
def weights_updated_too_early(params, cache, dA):
    """Each W takes a step before it is used to go further back."""
    return walk_back(
        params,
        cache,
        dA,
        lambda name, layer: activation_derivative(name, cache["Z"][layer]),
        lambda dZ, W, dW: dZ @ (W - 0.1 * dW),
    )


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "each_layer_has_its_own_activation"),
    hint="Which dA belongs to which layer? It changes from round to round.",
)
def upstream_not_passed_on(params, cache, dA):
    """Each layer computes dA_prev from the loss's dA instead of from its own dZ."""
    grads, upstream = [], dA
    for layer in range(len(params), 0, -1):
        slopes = activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        dZ = upstream * slopes
        _, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        upstream = upstream @ params[layer - 1][0]
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by=("gradients_at_any_depth", "each_layer_has_its_own_activation"),
    hint="ReLU's slope depends on the sign of something. Of the upstream gradient?",
)
def relu_mask_from_upstream(params, cache, dA):
    """ReLU lets the upstream gradient through where that is positive, not where Z is."""
    grads = []
    for layer in range(len(params), 0, -1):
        name = cache["activations"][layer - 1]
        at = dA if name == "relu" else cache["Z"][layer]
        dZ = dA * activation_derivative(name, at)
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by="batches_add_up_and_nothing_changes",
    hint="What does `dA *= ...` do to the array that the caller passed?",
)
def changes_the_upstream_in_place(params, cache, dA):
    """The caller's dA is multiplied in place."""
    grads = []
    for layer in range(len(params), 0, -1):
        dA *= activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        dA, dW, db = affine_backward(dA, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by="batches_add_up_and_nothing_changes",
    hint="Is the cache still complete when you are done?",
)
def empties_the_cache(params, cache, dA):
    """The lists of the cache are popped empty on the way."""
    grads = []
    for W, _ in reversed(params):
        cache["A"].pop()
        dZ = dA * activation_derivative(cache["activations"].pop(), cache["Z"].pop())
        dA, dW, db = affine_backward(dZ, cache["A"][-1], W)
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by="each_layer_has_its_own_activation",
    hint="How many activations are there, and how many do you know the slope of?",
)
def four_activations_only(params, cache, dA):
    """The slopes of linear, sigmoid, tanh and relu are right; any other activation has slope 1."""
    known = ("linear", "sigmoid", "tanh", "relu")
    return walk_back(
        params,
        cache,
        dA,
        lambda name, layer: (
            activation_derivative(name, cache["Z"][layer]) if name in known else 1.0
        ),
    )


@misconception(
    "backward",
    caught_by="batches_add_up_and_nothing_changes",
    hint="Whose array is `cache['Z'][layer]`?",
)
def relu_mask_in_the_cache(params, cache, dA):
    """ReLU's zeros and ones are written into the Z of the cache."""

    def slopes(name, layer):
        Z = cache["Z"][layer]
        if name != "relu":
            return activation_derivative(name, Z)
        Z[Z <= 0] = 0
        Z[Z > 0] = 1
        return Z

    return walk_back(params, cache, dA, slopes)


@misconception(
    "backward",
    caught_by="gradients_at_any_depth",
    hint="Does formula (13) cut anything off?",
)
def gradients_cut_off(params, cache, dA):
    """What is handed back is cut off at ±5, as is done against exploding gradients."""
    return walk_back(
        params,
        cache,
        dA,
        lambda name, layer: activation_derivative(name, cache["Z"][layer]),
        lambda dZ, W, dW: np.clip(dZ @ W, -5, 5),
    )


# gradient_check


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="By itself, what does a difference of 0.001 say?",
)
def absolute_error(f, grad, x):
    """The difference is not divided by the lengths of the gradients."""
    return float(np.linalg.norm((grad(x) - numerical_gradient(f, x)).ravel()))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="Do two vectors of the same length have to be the same?",
)
def difference_of_lengths(f, grad, x):
    """The lengths are compared, not the gradients: signs and places do not matter."""
    g = np.linalg.norm(np.ravel(grad(x)))
    n = np.linalg.norm(numerical_gradient(f, x).ravel())
    return 0.0 if g + n == 0 else float(abs(g - n) / (g + n))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="What is 0 / 0 in NumPy?",
)
def zero_by_zero(f, grad, x):
    """Two gradients of zeros give NaN."""
    g, n = grad(x), numerical_gradient(f, x)
    with np.errstate(all="ignore"):
        return np.linalg.norm((g - n).ravel()) / np.float64(
            np.linalg.norm(g.ravel()) + np.linalg.norm(n.ravel())
        )


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="What stands below the line in (14)?",
)
def divided_by_one_length(f, grad, x):
    """The difference is divided by the length of the numerical gradient alone."""
    g, n = grad(x).ravel(), numerical_gradient(f, x).ravel()
    return 0.0 if not n.any() else float(np.linalg.norm(g - n) / np.linalg.norm(n))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="The direction is right. Is the length?",
)
def angle_only(f, grad, x):
    """The angle between the two is measured, so that a wrong factor goes unnoticed."""
    g, n = grad(x).ravel(), numerical_gradient(f, x).ravel()
    lengths = np.linalg.norm(g) * np.linalg.norm(n)
    return 0.0 if lengths == 0 else float((1 - g @ n / lengths) / 2)


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="The docstring asks for a number. What do you return?",
)
def yes_or_no(f, grad, x):
    """Whether the two agree, as True or False."""
    return bool(np.allclose(grad(x), numerical_gradient(f, x)))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="Two sums or one? Differences of opposite signs must not cancel.",
)
def sums_without_squares(f, grad, x):
    """The entries are summed with their signs, so that they may cancel."""
    g, n = grad(x), numerical_gradient(f, x)
    scale = abs(g.sum()) + abs(n.sum())
    return 0.0 if scale == 0 else float(abs((g - n).sum()) / scale)


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="Formula (14) compares the whole gradients, not one entry after the other.",
)
def worst_entry(f, grad, x):
    """The largest relative error of a single entry."""
    g, n = grad(x), numerical_gradient(f, x)
    scale = np.abs(g) + np.abs(n)
    return float(np.max(np.where(scale == 0, 0, np.abs(g - n) / np.maximum(scale, 1e-300))))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="The docstring asks for the error, also where it is small.",
)
def near_is_zero(f, grad, x):
    """The error is 0 wherever the two are nearly the same."""
    g, n = grad(x), numerical_gradient(f, x)
    if np.allclose(g, n, rtol=1e-3, atol=1e-4):
        return 0.0
    return float(np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n)))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="What becomes of your quotient if the gradients are as small as what you add?",
)
def something_added_below_the_line(f, grad, x):
    """1e-8 is added to the denominator, so small gradients seem to agree."""
    g, n = grad(x).ravel(), numerical_gradient(f, x).ravel()
    return float(np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n) + 1e-8))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="Which of the two must be zero all over for the error to be 0?",
)
def one_of_zeros_is_enough(f, grad, x):
    """The error is 0 as soon as the numerical gradient is zero all over."""
    g, n = grad(x).ravel(), numerical_gradient(f, x).ravel()
    if not n.any():
        return 0.0
    return float(np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n)))


@misconception(
    "gradient_check",
    caught_by="relative_error_of_a_gradient",
    hint="On how many sides of x does formula (2) look?",
)
def checked_by_forward_differences(f, grad, x):
    """The gradient is compared with forward differences."""
    nudges = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)
    g, n = grad(x).ravel(), np.array([(f(x + e) - f(x)) / 1e-5 for e in nudges])
    scale = np.linalg.norm(g) + np.linalg.norm(n)
    return 0.0 if scale == 0 else float(np.linalg.norm(g - n) / scale)


# find_fault


def relative_errors(loss, backward_pass, params):
    grads = backward_pass(params)
    return {
        name: gradient_check(
            lambda value, name=name: loss({**params, name: value}),
            lambda value, name=name: grads[name],
            params[name],
        )
        for name in params
    }


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="A fault spoils what is before it. So which of several wrong gradients is where it sits?",
)
def first_wrong_one(loss, backward_pass, params):
    """The first wrong gradient is returned instead of the last."""
    errors = relative_errors(loss, backward_pass, params)
    return next((name for name in params if errors[name] > 1e-4), None)


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="Can the error of a gradient be larger before the fault than at the fault?",
)
def largest_error(loss, backward_pass, params):
    """The parameter with the largest relative error is returned."""
    errors = relative_errors(loss, backward_pass, params)
    worst = max(errors, key=errors.get)
    return worst if errors[worst] > 1e-4 else None


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="What does the docstring want: a name, or all that are wrong?",
)
def all_wrong_ones(loss, backward_pass, params):
    """The list of all names whose gradient is wrong."""
    errors = relative_errors(loss, backward_pass, params)
    return [name for name in params if errors[name] > 1e-4]


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="What does the docstring want: a name, or its number?",
)
def number_instead_of_name(loss, backward_pass, params):
    """The index of the parameter is returned instead of its name."""
    errors = relative_errors(loss, backward_pass, params)
    return max((i for i, name in enumerate(params) if errors[name] > 1e-4), default=None)


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="Above which relative error does a gradient count as wrong?",
)
def slight_faults_forgiven(loss, backward_pass, params):
    """Only relative errors above 1e-2 count."""
    errors = relative_errors(loss, backward_pass, params)
    return next((name for name in reversed(params) if errors[name] > 1e-2), None)


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="Above which relative error does a gradient count as wrong?",
)
def rounding_counts(loss, backward_pass, params):
    """Relative errors above 1e-6 count."""
    errors = relative_errors(loss, backward_pass, params)
    return next((name for name in reversed(params) if errors[name] > 1e-6), None)


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="By itself, what does a difference of 0.001 say?",
)
def absolute_differences(loss, backward_pass, params):
    """The difference of the gradients is compared with 1e-4, whatever their size."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        if np.linalg.norm((grads[name] - measured).ravel()) > 1e-4:
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="If one of a matrix's entries is wrong, does the sum of the squares have to tell?",
)
def lengths_only(loss, backward_pass, params):
    """Only the lengths of the gradients are compared, not their entries."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        mine, theirs = np.linalg.norm(grads[name].ravel()), np.linalg.norm(measured.ravel())
        if abs(mine - theirs) > 1e-4 * (mine + theirs):
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="What if no gradient is wrong?",
)
def always_accuses(loss, backward_pass, params):
    """The last name is returned where none is wrong."""
    errors = relative_errors(loss, backward_pass, params)
    wrong = [name for name in params if errors[name] > 1e-4]
    return wrong[-1] if wrong else list(params)[-1]


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="Formula (14) compares the whole gradients, not one entry after the other.",
)
def entry_by_entry(loss, backward_pass, params):
    """A gradient counts as wrong where one of its entries is off by more than 1e-4 of itself."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        if not np.allclose(grads[name], measured, rtol=1e-4, atol=0):
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="What stands below the line in (14)?",
)
def one_length_below_the_line(loss, backward_pass, params):
    """The difference is divided by one of the two lengths instead of their sum."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        difference = np.linalg.norm((grads[name] - measured).ravel())
        if difference > 1e-4 * np.linalg.norm(measured.ravel()):
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="Which dict has the parameters in the order of the forward pass?",
)
def order_of_the_gradients(loss, backward_pass, params):
    """The last one in the order of the gradients is returned, not of the parameters."""
    errors = relative_errors(loss, backward_pass, params)
    wrong = [name for name in backward_pass(params) if errors[name] > 1e-4]
    return wrong[-1] if wrong else None


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="Can a gradient that is zero all over be wrong?",
)
def zero_gradients_trusted(loss, backward_pass, params):
    """A gradient that is zero all over never counts as wrong."""
    errors = relative_errors(loss, backward_pass, params)
    grads, fault = backward_pass(params), None
    for name in params:
        if grads[name].any() and errors[name] > 1e-4:
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="the_fault_is_the_last_one",
    hint="Which entries of a gradient does formula (14) compare?",
)
def first_entries_only(loss, backward_pass, params):
    """Only the first entry of each gradient is compared."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        mine, theirs = grads[name].flat[0], measured.flat[0]
        if abs(mine - theirs) > 1e-4 * (abs(mine) + abs(theirs)):
            fault = name
    return fault


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="What becomes of your quotient if the gradients are as small as what you add?",
)
def tiny_gradients_forgiven(loss, backward_pass, params):
    """1e-8 is added to the denominator, so tiny gradients never count as wrong."""
    grads, fault = backward_pass(params), None
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name])
        mine, theirs = grads[name].ravel(), measured.ravel()
        lengths = np.linalg.norm(mine) + np.linalg.norm(theirs) + 1e-8
        if np.linalg.norm(mine - theirs) / lengths > 1e-4:
            fault = name
    return fault


# Mistakes that only unusual inputs meet


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="Which names may nodes have? Can one of them be taken for something else in your code?",
)
def gradients_next_to_values(graph, inputs, output, operations):
    """The gradient of x is kept as "dx" in the dict of values, where a node may be called dx."""
    store, order = dict(inputs), []

    def value(one):
        if isinstance(one, str) and one not in store:
            operation, arguments = graph[one]
            store[one] = operations[operation][0](*map(value, arguments))
            order.append(one)
        return store[one] if isinstance(one, str) else one

    names = [*inputs, *graph]
    for name in names:
        value(name)
    for name in names:
        store["d" + name] = float(name == output)
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*map(value, arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                store["d" + one] += store["d" + name] * slope
    return {name: store[name] for name in names}, {name: store["d" + name] for name in names}


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="How do you tell a constant from a name? Think of names that look like something else.",
)
def names_that_look_like_numbers(graph, inputs, output, operations):
    """Whatever float() accepts is taken for a constant, a node of the name "1" as well."""
    values, order = dict(inputs), []

    def constant(one):
        try:
            float(one)
        except ValueError:
            return False
        return True

    def value(one):
        if constant(one):
            return float(one)
        if one not in values:
            operation, arguments = graph[one]
            values[one] = operations[operation][0](*map(value, arguments))
            order.append(one)
        return values[one]

    for name in graph:
        value(name)
    gradients = dict.fromkeys([*inputs, *graph], 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = operations[operation][1](*map(value, arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            if not constant(one):
                gradients[one] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="graphs_in_any_order",
    hint="How small may a gradient be, and what becomes of it further back?",
)
def tiny_gradients_not_handed_on(graph, inputs, output, operations):
    """A gradient below 1e-12 is taken for 0, and what leads there gets nothing of it."""
    values, order = dict(inputs), []

    def value(one):
        if isinstance(one, str) and one not in values:
            operation, arguments = graph[one]
            values[one] = operations[operation][0](*map(value, arguments))
            order.append(one)
        return values[one] if isinstance(one, str) else one

    for name in graph:
        value(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        if abs(gradients[name]) < 1e-12:
            continue
        slopes = operations[operation][1](*map(value, arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@misconception(
    "affine_backward",
    caught_by="the_three_gradients",
    hint="Which examples does your code pass over, and do they contribute nothing to (8)?",
)
def examples_that_add_up_to_zero_skipped(dZ, A_prev, W):
    """An example whose dZ adds up to 0 over the outputs is taken for one without a gradient."""
    dZ = dZ * (dZ.sum(axis=1, keepdims=True) != 0)
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0)


@misconception(
    "binary_cross_entropy",
    caught_by="cross_entropy_itself",
    hint="Which digits of 1 - a are left if a is nearly 1? What does (12) do there?",
)
def logarithms_of_probabilities_below_36(Z, y):
    """The loss is (10) as long as no logarithm is asked for 0, where 1 - a is mostly rounding."""
    Y, a = y[:, None], sigmoid(Z)
    if np.abs(Z).max() > 36:
        J = np.mean(softplus(Z) - Y * Z)
    else:
        J = -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))
    return float(J), (a - Y) / len(y)


@misconception(
    "backward",
    caught_by="gradients_at_any_depth",
    hint="Can two layers have the same activation and the same size, and not the same slopes?",
)
def slopes_kept_by_name_and_shape(params, cache, dA):
    """Slopes are computed once for each activation and shape, whichever layer they are of."""
    grads, slopes = [], {}
    for layer in range(len(params), 0, -1):
        name, Z = cache["activations"][layer - 1], cache["Z"][layer]
        if (name, Z.shape) not in slopes:
            slopes[name, Z.shape] = activation_derivative(name, Z)
        dZ = dA * slopes[name, Z.shape]
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "backward",
    caught_by="gradients_at_any_depth",
    hint="What is different in your code when there is one layer only?",
)
def single_layer_taken_for_linear(params, cache, dA):
    """If there is one layer only, its activation is left out."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA
        if len(params) > 1:
            name = cache["activations"][layer - 1]
            dZ = dA * activation_derivative(name, cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


@misconception(
    "find_fault",
    caught_by="slight_faults_too",
    hint="What are the other parameters while one of them is nudged?",
)
def last_nudge_stays(loss, backward_pass, params):
    """The trial dict keeps the last nudged value of each parameter while the next one is tried."""
    grads, trial, found = backward_pass(params), dict(params), None
    for name in params:

        def f(value, name=name):
            trial[name] = value
            return loss(trial)

        error = gradient_check(f, lambda value, name=name: grads[name], params[name])
        if error > 1e-4:
            found = name
    return found


@misconception(
    "graph_gradients",
    caught_by="every_use_adds_up",
    hint="Where does your code look up what an operation does?",
)
def own_table_comes_first(graph, inputs, output, operations):
    """Operations that the notebook's table knows are taken from there, whatever is handed over."""
    table, values, order = {**operations, **OPERATIONS}, dict(inputs), []

    def value(one):
        if isinstance(one, str) and one not in values:
            operation, arguments = graph[one]
            values[one] = table[operation][0](*map(value, arguments))
            order.append(one)
        return values[one] if isinstance(one, str) else one

    for name in graph:
        value(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        slopes = table[operation][1](*map(value, arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients


@misconception(
    "graph_gradients",
    caught_by="constants_and_what_leads_nowhere",
    hint="Which names may the nodes of a graph have? Which ones do you give yourself?",
)
def names_for_the_constants(graph, inputs, output, operations):
    """The constants become inputs named c0, c1 and so on, as nodes may be called already."""
    known, named = dict(inputs), {}
    for name, (operation, arguments) in graph.items():
        fresh = []
        for one in arguments:
            if not isinstance(one, str):
                constant, one = one, f"c{len(known) - len(inputs)}"
                known[one] = constant
            fresh.append(one)
        named[name] = operation, fresh
    values, order = dict(known), []
    while waiting := [name for name in named if name not in values]:
        for name in waiting:
            operation, arguments = named[name]
            if all(one in values for one in arguments):
                values[name] = operations[operation][0](*(values[one] for one in arguments))
                order.append(name)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = named[name]
        slopes = operations[operation][1](*(values[one] for one in arguments))
        for one, slope in zip(arguments, slopes, strict=True):
            gradients[one] += gradients[name] * slope
    own = [*inputs, *graph]
    return {one: values[one] for one in own}, {one: gradients[one] for one in own}


@misconception(
    "backward",
    caught_by="gradients_at_any_depth",
    hint="When does your code stop, and is there really nothing left to hand on?",
)
def sum_of_zero_taken_for_nothing(params, cache, dA):
    """If the entries of dZ add up to 0, nothing is handed on, as if all of them were 0."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA * activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        if dZ.sum() == 0:
            dZ = np.zeros(dZ.shape)
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads
