"""Wrong solutions of stage 3, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep from call to call.
SHARED = {}

# quadratic_features


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="Compare the order of your columns with formula (4).",
)
def product_last(X):
    """The product stands after the squares."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="Formula (4) has no factor before the product.",
)
def product_doubled(X):
    """The product has a factor of 2, as in the square of a sum."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, 2 * x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="How many monomials does formula (4) list?",
)
def squares_only(X):
    """Only the squares and the product: the coordinates themselves are missing."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1**2, x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="The perceptron brings its own bias.",
)
def with_a_column_of_ones(X):
    """A column of ones is added for the bias."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([np.ones(len(X)), x1, x2, x1**2, x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="What is x1 after the line in which you square it?",
)
def squared_in_place(X):
    """The columns are views of X, and squaring them in place changes the caller's points."""
    x1, x2 = X[:, 0], X[:, 1]
    product = x1 * x2
    features = [x1, x2]
    x1 *= x1
    x2 *= x2
    return np.column_stack([*features, x1, product, x2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="What does `*` do with numbers, and what does `+` do?",
)
def sum_for_product(X):
    """The fourth column is a sum instead of a product."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x1 + x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by="five_monomials_in_order",
    hint="The examples are in rows. What is the shape of your result for three points?",
)
def monomials_in_rows(X):
    """The result has a row for each monomial: its shape is (5, m)."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.array([x1, x2, x1**2, x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by="five_monomials_in_order",
    hint="Try two points, and then three.",
)
def two_points_are_taken_for_columns(X):
    """Where there are two points, each of them is taken for a coordinate."""
    x1, x2 = X if len(X) == 2 else X.T
    return np.column_stack([x1, x2, x1**2, x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by="five_monomials_in_order",
    hint="What is the square of 1.1, with all its digits?",
)
def features_rounded(X):
    """The features are rounded to two decimals."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x1 * x2, x2**2]).round(2)


# learnable_boolean_functions


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="Some functions take their time. How many epochs do you allow?",
)
def impatient(n_inputs):
    """Training is given up after four epochs."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if fit(X, y, 4)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by="functions_of_three_inputs",
    hint="Six epochs are enough for two inputs. And for three?",
)
def patient_enough_for_two_inputs(n_inputs):
    """Training is given up after seven epochs, which is enough for two inputs only."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if fit(X, y, 7)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by="functions_of_three_inputs",
    hint="Your function receives the number of inputs. Does it matter to your code?",
)
def always_two_inputs(n_inputs):
    """The fourteen functions of two inputs, whatever is asked for."""
    X = binary_digits(range(4), 2)
    return np.array([y for y in binary_digits(range(16), 4) if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="Are the functions 'never' and 'always' learnable?",
)
def constants_left_out(n_inputs):
    """The two constant functions are taken for trivial and left out."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(1, 2 ** len(X) - 1), len(X))
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by="functions_of_three_inputs",
    hint="How many mistakes may the last epoch have?",
)
def one_mistake_is_forgiven(n_inputs):
    """A last epoch with a single mistake counts as success."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if predicts_nearly_all(X, y)])


def predicts_nearly_all(X, y):
    """Whether the perceptron after training gets all rows right but one."""
    w, b, _ = fit(X, y, 25)
    return np.sum(predict(w, b, X) != y) <= 1


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="What do you return: the numbers of the functions, or their truth tables?",
)
def numbers_instead_of_tables(n_inputs):
    """The numbers of the functions are returned instead of their tables."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([k for k, y in enumerate(tables) if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="Look at the last entry of the mistakes of a function that can be learnt.",
)
def those_that_cannot(n_inputs):
    """The condition is the wrong way round: these are the functions that cannot be learnt."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] > 0])


@misconception(
    "learnable_boolean_functions",
    caught_by="functions_of_three_inputs",
    hint="How many rows does a truth table of three inputs have, and how many tables are there?",
)
def too_few_tables(n_inputs):
    """The number of tables is taken for 4 to the power of the inputs, which fits n <= 2 only."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(4**n_inputs), len(X))
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="Your perceptrons lack something that every perceptron of stage 1 had.",
)
def perceptrons_without_bias(n_inputs):
    """Perceptrons without bias are trained: their answer to zeros is always 1."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    found = []
    for y in binary_digits(range(2 ** len(X)), len(X)):
        w = np.zeros(n_inputs)
        for _ in range(25):
            w, _, mistakes = run_epoch(w, 0.0, X, y)
            if mistakes == 0:
                found.append(y)
                break
    return np.array(found)


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="What is the dtype of your tables?",
)
def true_and_false(n_inputs):
    """The tables hold True and False."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))
    return np.array([y == 1 for y in tables if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by=("fourteen_functions_of_two_inputs", "functions_of_three_inputs"),
    hint="The number of a table is read from top to bottom. Which of its bits counts most?",
)
def tables_read_from_below(n_inputs):
    """The tables are in the order of their numbers as read from the last row to the first."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    tables = binary_digits(range(2 ** len(X)), len(X))[:, ::-1]
    return np.array([y for y in tables if fit(X, y, 25)[2][-1] == 0])


@misconception(
    "learnable_boolean_functions",
    caught_by="functions_of_three_inputs",
    hint="Whole numbers are enough for the weights. Are these large enough for three inputs?",
)
def weights_of_one_only(n_inputs):
    """Perceptrons with weights -1, 0 and 1 are tried; some functions need a larger one."""
    X = binary_digits(range(2**n_inputs), n_inputs)
    found = set()
    for W in binary_digits(range(4**n_inputs), 2 * n_inputs).reshape(-1, n_inputs, 2):
        for b in np.arange(-4, 4.5, 0.5):
            found.add(tuple((X @ (W[:, 0] - W[:, 1]) + b >= 0).astype(int).tolist()))
    return np.array(sorted(found))


# find_cycle


@misconception(
    "find_cycle",
    caught_by="start_and_length_of_any_cycle",
    hint="A perceptron is its weights and something else. When is all of it the same again?",
)
def bias_not_compared(X, y, max_epochs):
    """Only the weights are compared, so a different bias counts as a return."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [w.tolist()]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if w.tolist() in seen:
            return seen.index(w.tolist()), k - seen.index(w.tolist())
        seen.append(w.tolist())
    return None


@misconception(
    "find_cycle",
    caught_by=("start_and_length_of_any_cycle", "none_where_there_is_no_cycle"),
    hint="XOR repeats itself after one epoch. Must every cycle be as short as that?",
)
def compared_with_the_last_epoch_only(X, y, max_epochs):
    """The new state is compared with the previous one only: longer cycles are missed."""
    w, b = np.zeros(X.shape[1]), 0.0
    for k in range(1, max_epochs + 1):
        new_w, new_b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if np.array_equal(new_w, w) and new_b == b:
            return k - 1, 1
        w, b = new_w, new_b
    return None


@misconception(
    "find_cycle",
    caught_by=("cycle_of_xor_in_any_order", "start_and_length_of_any_cycle"),
    hint="Does the cycle of XOR come back to the zeros?",
)
def compared_with_the_zeros_only(X, y, max_epochs):
    """A cycle is found only if it comes back to the zeros of the start."""
    w, b = np.zeros(X.shape[1]), 0.0
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if not w.any() and b == 0:
            return 0, k
    return None


@misconception(
    "find_cycle",
    caught_by="none_where_there_is_no_cycle",
    hint="Weights also stay the same after an epoch without mistakes. Is that a cycle?",
)
def success_taken_for_a_cycle(X, y, max_epochs):
    """An epoch without mistakes leaves the weights as they are, and that is reported as a cycle."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs + 1):
        w, b, _ = run_epoch(w, b, X, y)
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k - seen.index(state)
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by="start_and_length_of_any_cycle",
    hint="Which numbers tell that an epoch will be like an earlier one: its mistakes, or something "
    "that determines them?",
)
def mistakes_compared(X, y, max_epochs):
    """The numbers of mistakes are compared instead of the weights."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = []
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        if mistakes in seen:
            return seen.index(mistakes), k - seen.index(mistakes) - 1
        seen.append(mistakes)
    return None


@misconception(
    "find_cycle",
    caught_by=("cycle_of_xor_in_any_order", "start_and_length_of_any_cycle"),
    hint="After how many epochs does training have the weights that come first in your list?",
)
def zeros_not_recorded(X, y, max_epochs):
    """The list begins after the first epoch, so every start is one too small."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, []
    for k in range(max_epochs):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k - seen.index(state)
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by=("cycle_of_xor_in_any_order", "start_and_length_of_any_cycle"),
    hint="Two numbers are asked for: the epochs before the cycle, and the epochs in it.",
)
def returns_both_times(X, y, max_epochs):
    """The second number is the epoch of the return instead of the length of the cycle."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by="none_where_there_is_no_cycle",
    hint="How many epochs may your function run? Count them for max_epochs = 1.",
)
def one_epoch_too_few(X, y, max_epochs):
    """The loop ends one epoch early."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k - seen.index(state)
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by=("cycle_of_xor_in_any_order", "start_and_length_of_any_cycle"),
    hint="A state can also come back in the middle of an epoch. Does that prove anything?",
)
def compared_after_every_example(X, y, max_epochs):
    """States are compared after every example, where the same weights may go on differently."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            w, b, wrong = run_epoch(w, b, x[None, :], [label])
            mistakes += wrong
            state = (*w.tolist(), float(b))
            if wrong and state in seen:
                return seen.index(state) // len(X), max(1, k - seen.index(state) // len(X))
            seen.append(state)
        if mistakes == 0:
            return None
    return None


@misconception(
    "find_cycle",
    caught_by="start_and_length_of_any_cycle",
    hint="How many states does your function remember, and how long may a cycle be?",
)
def only_the_latest_states(X, y, max_epochs):
    """The last ten states are remembered: longer cycles are missed."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            length = len(seen) - seen.index(state)
            return k - length, length
        seen = [*seen[-9:], state]
    return None


@misconception(
    "find_cycle",
    caught_by="none_where_there_is_no_cycle",
    hint="What if the first epoch without a mistake is number max_epochs?",
)
def success_in_the_last_epoch(X, y, max_epochs):
    """The last epoch is not checked for mistakes."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0 and k < max_epochs:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k - seen.index(state)
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by=(
        "cycle_of_xor_in_any_order",
        "start_and_length_of_any_cycle",
        "none_where_there_is_no_cycle",
    ),
    hint="Can training come back to the place where it started?",
)
def zeros_are_no_state(X, y, max_epochs):
    """The zeros of the start are left out of the comparison; epochs are counted correctly."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, [None]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            return seen.index(state), k - seen.index(state)
        seen.append(state)
    return None


@misconception(
    "find_cycle",
    caught_by=("start_and_length_of_any_cycle", "none_where_there_is_no_cycle"),
    hint="Two different perceptrons can say the same to all the examples. Do they go on alike?",
)
def answers_compared(X, y, max_epochs):
    """The answers to all examples are compared instead of weights and bias."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [predict(w, b, X).tolist()]
    for k in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        said = predict(w, b, X).tolist()
        if said in seen:
            return seen.index(said), k - seen.index(said)
        seen.append(said)
    return None


# perceptron_layer


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="Row j of W belongs to perceptron j. Which dimensions must meet in the product?",
)
def weights_not_transposed(W, b, X):
    """The product is X W, which fits (and is wrong) only for square W."""
    return (X @ W + b >= 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="The examples belong in the rows of the result.",
)
def examples_in_columns(W, b, X):
    """The result is transposed: a row for each perceptron."""
    return (W @ X.T + b[:, None] >= 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="One of the three arguments has no effect in your function.",
)
def biases_forgotten(W, b, X):
    """The biases are left out."""
    return (X @ W.T >= 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="boundary_points_are_class_one",
    hint="What does formula (6) say of a sum of exactly zero?",
)
def strict_layer(W, b, X):
    """The comparison is strict."""
    return (X @ W.T + b > 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="What does a perceptron's answer have to do with the answers of its neighbours?",
)
def loudest_wins(W, b, X):
    """Only the perceptron with the highest sum says 1, as in stage 2."""
    sums = X @ W.T + b
    return (sums == sums.max(axis=1, keepdims=True)).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="A perceptron answers with 0 or 1. What do you return?",
)
def threshold_forgotten(W, b, X):
    """The sums themselves are returned, without a threshold."""
    return X @ W.T + b


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="The docstring asks for integers. What is the dtype of a comparison?",
)
def booleans_of_the_layer(W, b, X):
    """The answers are True and False, not 1 and 0."""
    return X @ W.T + b >= 0


@misconception(
    "perceptron_layer",
    caught_by="boundary_points_are_class_one",
    hint="What does formula (6) say of a sum of -0.000000001?",
)
def nearly_zero_is_zero(W, b, X):
    """Sums that are negative by less than 1e-9 count as zeros."""
    return (X @ W.T + b > -1e-9).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="boundary_points_are_class_one",
    hint="Is there a number below 0 whose sigmoid, as computed, is one half?",
)
def sigmoid_of_one_half(W, b, X):
    """A sigmoid is compared with one half, which rounding makes of all sums close to 0."""
    return (1 / (1 + np.exp(-np.clip(X @ W.T + b, -30, 30))) >= 0.5).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="Try as many perceptrons as examples. Which bias does each column get?",
)
def biases_by_rows_where_they_fit(W, b, X):
    """With as many perceptrons as examples, the biases are added to the rows."""
    b = b[:, None] if len(b) == len(X) else b
    return (X @ W.T + b >= 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="What shape does your result have for a single example?",
)
def axes_of_one_squeezed(W, b, X):
    """Axes of length 1 are lost: one example, or one perceptron, gives a vector."""
    return np.squeeze(X @ W.T + b >= 0).astype(int)


@misconception(
    "perceptron_layer",
    caught_by="every_perceptron_answers_every_example",
    hint="What becomes of an input of 0.5 on its way through your function?",
)
def inputs_of_the_kind_of_the_weights(W, b, X):
    """The examples get the dtype of the weights: beside integers, fractions are cut off."""
    return (X.astype(W.dtype) @ W.T + b >= 0).astype(int)


# xor_network


@misconception(
    "xor_network",
    caught_by="third_perceptron_sees_the_hidden_answers_only",
    hint="Can a single perceptron compute the last step of your network?",
)
def xor_of_the_rounded_inputs(X):
    """The hidden units repeat the inputs, and the last step is the XOR itself."""
    H = (X >= 0.5).astype(int)
    return H, (H[:, 0] != H[:, 1]).astype(int)


@misconception(
    "xor_network",
    caught_by="hidden_units_are_perceptrons",
    hint="On how many lines does the answer of each hidden unit change?",
)
def solved_in_the_hidden_layer(X):
    """A hidden unit says 1 between two lines, which no single perceptron does."""
    total = X.sum(axis=1)
    H = np.column_stack([(total >= 0.5) & (total <= 1.5), total >= 0.5]).astype(int)
    return H, H[:, 0]


@misconception(
    "xor_network",
    caught_by="third_perceptron_sees_the_hidden_answers_only",
    hint="What may the third perceptron look at?",
)
def third_one_looks_at_the_inputs(X):
    """The output is computed from the inputs; the hidden answers are there for show."""
    H = perceptron_layer(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -0.5]), X)
    total = X.sum(axis=1)
    return H, ((total >= 0.5) & (total <= 1.5)).astype(int)


@misconception(
    "xor_network",
    caught_by="xor_with_room_to_spare",
    hint="Your network is right at the corners. Try a point close to one.",
)
def no_room_to_spare(X):
    """OR and NAND have boundaries right through the corners."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-1.0, 1.0]), X)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@misconception(
    "xor_network",
    caught_by=("xor_with_room_to_spare", "third_perceptron_sees_the_hidden_answers_only"),
    hint="Put the corner (0, 0) into each of your three perceptrons.",
)
def or_instead_of_and_on_top(X):
    """The third perceptron is an OR: nearly everything becomes 1."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), X)
    return H, predict(np.array([1.0, 1.0]), -0.5, H)


@misconception(
    "xor_network",
    caught_by=("xor_with_room_to_spare", "third_perceptron_sees_the_hidden_answers_only"),
    hint="Write the answers of your network beside the last column of the first table.",
)
def equal_instead_of_different(X):
    """The network computes the opposite: whether the inputs are equal."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), X)
    return H, 1 - predict(np.array([1.0, 1.0]), -1.5, H)


@misconception(
    "xor_network",
    caught_by="xor_with_room_to_spare",
    hint="Does your function use its argument?",
)
def table_learnt_by_heart(X):
    """The answers for the four corners, whatever X is."""
    return np.array([[0, 1], [1, 1], [1, 1], [1, 0]]), np.array([0, 1, 1, 0])


@misconception(
    "xor_network",
    caught_by=(
        "xor_with_room_to_spare",
        "hidden_units_are_perceptrons",
        "third_perceptron_sees_the_hidden_answers_only",
    ),
    hint="What does a perceptron answer: a sum, or a 0 or 1?",
)
def hidden_sums_without_threshold(X):
    """The hidden units pass on their sums without a threshold."""
    H = X @ np.array([[1.0, -1.0], [1.0, -1.0]]) + np.array([-0.5, 1.5])
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@misconception(
    "xor_network",
    caught_by="xor_with_room_to_spare",
    hint="What is the sum at the point (0.2, 0.2), and on which side of your line is it?",
)
def lines_at_the_edge(X):
    """The lines go through points that still belong to a corner, and those get a 1."""
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.4, 1.6]), X)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@misconception(
    "xor_network",
    caught_by="hidden_units_are_perceptrons",
    hint="Draw the line on which your first hidden answer changes, far beyond the square too.",
)
def inputs_brought_to_the_square(X):
    """The inputs are clipped to the unit square first, so the lines are bent outside of it."""
    inside = np.clip(X, 0, 1)
    H = perceptron_layer(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5]), inside)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


@misconception(
    "xor_network",
    caught_by="third_perceptron_sees_the_hidden_answers_only",
    hint="How many hidden perceptrons does your output look at?",
)
def a_third_hidden_one(X):
    """Three hidden perceptrons are used, and two of them are shown."""
    W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    H = perceptron_layer(W, np.array([-0.5, -0.5, -1.5]), X)
    return H[:, :2], predict(np.array([1.0, 1.0, -2.0]), -0.5, H)


@misconception(
    "xor_network",
    caught_by="hidden_units_are_perceptrons",
    hint="What does a perceptron do with its inputs before it adds them up?",
)
def product_as_hidden_unit(X):
    """A hidden unit looks at the product of the inputs."""
    x1, x2 = X[:, 0], X[:, 1]
    H = np.column_stack([x1 + x2 >= 0.5, x1 * x2 < 0.5]).astype(int)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)


# network_for


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="Your unit for the row (0, 1): what does it say to (1, 1)?",
)
def zeros_have_no_weight(table):
    """A unit has weight 1 where its row has a 1 and weight 0 elsewhere: it says 1 too often."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[table == answer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([0.5 - answer])
    sign = 2 * answer - 1
    W2 = np.full((1, len(rows)), sign)
    return rows, 0.5 - rows.sum(axis=1), W2, np.array([-0.5 * sign])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="Put a row into the hidden unit that was made for it. Is its sum large enough?",
)
def bias_for_all_inputs(table):
    """The bias of a unit asks for n ones, though its row has fewer."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-0.5])
    return 2 * rows - 1, np.full(len(rows), 0.5 - n), np.ones((1, len(rows))), np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="What does the output say when all the hidden units say 0?",
)
def output_without_bias(table):
    """The bias of the output is 0, so it says 1 whatever the hidden units say."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-1.0])
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), np.ones((1, len(rows))), np.zeros(1)


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="How many of your hidden units say 1 at the same time?",
)
def output_is_an_and(table):
    """The output wants all the hidden units to say 1, and never more than one of them does."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-1.0])
    k = len(rows)
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), np.ones((1, k)), np.array([0.5 - k])


@misconception(
    "network_for",
    caught_by="small_and_constant_tables",
    hint="What does your function do with a table of zeros, and with a table of ones?",
)
def never_has_no_units(table):
    """A table of zeros gets a network without hidden units."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    W2 = np.ones((1, len(rows)))
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), W2, np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("any_table_of_three_to_five_inputs", "rare_answers_need_few_units"),
    hint="Is the first input the first digit of a row's number, or the last?",
)
def inputs_in_the_other_order(table):
    """The rows are counted with the first input changing fastest."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[:, ::-1][table == answer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([0.5 - answer])
    sign = 2 * answer - 1
    W2 = np.full((1, len(rows)), sign)
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), W2, np.array([-0.5 * sign])


@misconception(
    "network_for",
    caught_by=("rare_answers_need_few_units", "thrifty_on_average"),
    hint="Which rows have to be told apart from all the others, if nearly all answers are 1?",
)
def a_unit_for_each_row(table):
    """Every row has a hidden unit, and the table itself is in the weights of the output."""
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    return 2 * X - 1, 0.5 - X.sum(axis=1), table[None, :] - 0.5, np.array([0.0])


@misconception(
    "network_for",
    caught_by=("rare_answers_need_few_units", "thrifty_on_average"),
    hint="If 30 of 32 answers are 1, which rows are worth a unit?",
)
def a_unit_for_each_one(table):
    """A hidden unit for each 1, even where nearly all the answers are 1."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-0.5])
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), np.ones((1, len(rows))), np.array([-0.5])


@misconception(
    "network_for",
    caught_by="thrifty_on_average",
    hint="Two neighbouring rows with the same answer: does each of them need a unit of its own?",
)
def a_unit_for_each_rare_row(table):
    """A hidden unit for each row of the rarer answer: right, but no unit does the work of two."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[table == answer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([0.5 - answer])
    sign = 2 * answer - 1
    W2 = np.full((1, len(rows)), sign)
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), W2, np.array([-0.5 * sign])


@misconception(
    "network_for",
    caught_by="thrifty_on_average",
    hint="Counting in binary is one direction through the rows. Are others better?",
)
def changes_along_the_table(table):
    """A unit for each change from one row of the table to the next: right, but too many."""
    n = len(table).bit_length() - 1
    changes = np.flatnonzero(np.diff(table))
    if len(changes) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), table[:1] - 0.5
    W1 = np.tile(2 ** np.arange(n)[::-1], (len(changes), 1))
    return W1, -(changes + 0.5), np.diff(table)[changes][None, :], table[:1] - 0.5


@misconception(
    "network_for",
    caught_by="any_table_of_three_to_five_inputs",
    hint="Do two different rows get the same sum from your weights?",
)
def equal_heights(table):
    """Weights 1, 2, 3, ...: from three inputs on, different rows have the same sum."""
    n = len(table).bit_length() - 1
    heights = binary_digits(range(2**n), n) @ np.arange(1, n + 1)
    order = np.argsort(heights, kind="stable")
    changes = np.flatnonzero(np.diff(table[order]))
    if len(changes) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), table[:1] - 0.5
    b1 = -(heights[order][changes] + heights[order][changes + 1]) / 2
    W1 = np.tile(np.arange(1, n + 1), (len(changes), 1))
    return W1, b1, np.diff(table[order])[changes][None, :], table[:1] - 0.5


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="Does the number of ones in a row tell you which row it is?",
)
def only_the_ones_are_counted(table):
    """All weights are 1: rows with equally many ones cannot be told apart."""
    n = len(table).bit_length() - 1
    ones = binary_digits(range(2**n), n).sum(axis=1)
    share = np.array([table[ones == k].mean() > 0.5 for k in range(n + 1)]).astype(int)
    W2 = np.diff(share)[None, :]
    return np.ones((n, n)), 0.5 - np.arange(1, n + 1), W2, share[:1] - 0.5


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="What must the output say before the first hidden unit wakes up?",
)
def starts_at_zero(table):
    """Changes are followed along a direction, but the first answer is taken for a 0."""
    n = len(table).bit_length() - 1
    X, rng, best = binary_digits(range(2**n), n), np.random.default_rng(0), None
    for _ in range(100):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        changes = np.flatnonzero(np.diff(table[order]))
        if best is None or len(changes) < len(best[2]):
            best = w, order, changes
    w, order, changes = best
    if len(changes) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), table[:1] - 0.5
    heights = (X @ w)[order]
    b1 = -(heights[changes] + heights[changes + 1]) / 2
    W2 = np.diff(table[order])[changes][None, :]
    return np.tile(w, (len(changes), 1)), b1, W2, np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="Is there a perceptron for every table?",
)
def a_perceptron_in_disguise(table):
    """A single hidden unit is trained, and the output repeats what it says."""
    n = len(table).bit_length() - 1
    w, b, _ = fit(binary_digits(range(2**n), n), table, 100)
    return w[None, :], np.array([b]), np.ones((1, 1)), np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="Which numbers do the inputs take here?",
)
def inputs_of_minus_one_and_one(table):
    """The biases are made for inputs of -1 and 1."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[table == answer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([0.5 - answer])
    sign = 2 * answer - 1
    W2 = np.full((1, len(rows)), sign)
    return 2 * rows - 1, np.full(len(rows), 1.0 - n), W2, np.array([-0.5 * sign])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="If your units find the zeros, what must the output do with their answers?",
)
def zeros_found_and_not_turned_round(table):
    """Where the zeros are rarer the units find those, but the output still says 1 for them."""
    n = len(table).bit_length() - 1
    answer = int(2 * table.sum() <= len(table))
    rows = binary_digits(range(2**n), n)[table == answer]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-0.5])
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), np.ones((1, len(rows))), np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("small_and_constant_tables", "any_table_of_three_to_five_inputs"),
    hint="What are the shapes of W2 and b2 for a layer with one output?",
)
def output_without_its_axis(table):
    """W2 has the shape (n_hidden,), and b2 is a number."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros(1), -0.5
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), np.ones(len(rows)), -0.5


@misconception(
    "network_for",
    caught_by="any_table_of_three_to_five_inputs",
    hint="Row j of W1 belongs to hidden unit j. How many rows does your W1 have?",
)
def hidden_weights_transposed(table):
    """W1 has a column for each hidden unit."""
    n = len(table).bit_length() - 1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((n, 1)), np.zeros(1), np.zeros((1, 1)), np.array([-0.5])
    W2 = np.ones((1, len(rows)))
    return (2 * rows - 1).T, 0.5 - rows.sum(axis=1), W2, np.array([-0.5])


@misconception(
    "network_for",
    caught_by=("any_table_of_three_to_five_inputs", "small_and_constant_tables"),
    hint="What is in the table after `table[:] = 1 - table`?",
)
def table_turned_round_in_place(table):
    """Where ones are in the majority, the caller's table is turned round, and stays so."""
    n = len(table).bit_length() - 1
    sign = 1
    if 2 * table.sum() > len(table):
        table[:] = 1 - table
        sign = -1
    rows = binary_digits(range(2**n), n)[table == 1]
    if len(rows) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), np.array([-0.5 * sign])
    W2 = np.full((1, len(rows)), sign)
    return 2 * rows - 1, 0.5 - rows.sum(axis=1), W2, np.array([-0.5 * sign])


@misconception(
    "network_for",
    caught_by="any_table_of_three_to_five_inputs",
    hint="Make two networks and try the first one again. What does it share with the second?",
)
def weights_in_one_store(table):
    """W1 is a piece of an array that the next call fills again."""
    n = len(table).bit_length() - 1
    X, rng, fewest = binary_digits(range(2**n), n), np.random.default_rng(0), None
    for _ in range(200):
        w = rng.normal(size=n)
        order = np.argsort(X @ w)
        changes = np.flatnonzero(np.diff(table[order]))
        if fewest is None or len(changes) < len(fewest[0]):
            fewest = changes, w, (X @ w)[order], table[order]
    changes, w, heights, answers = fewest
    if len(changes) == 0:
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), table[:1] - 0.5
    W1 = SHARED.setdefault("store", np.zeros((32, 5)))[: len(changes), :n]
    W1[:] = w
    b1 = -(heights[changes] + heights[changes + 1]) / 2
    return W1, b1, np.diff(answers)[changes][None, :], answers[:1] - 0.5


# collapse_all


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="Which weights does the first layer's bias pass on its way to the output?",
)
def biases_without_weights(layers):
    """Only the weights are multiplied; the bias is that of the last layer."""
    W = layers[0][0]
    for W_next, _ in layers[1:]:
        W = W_next @ W
    return W, layers[-1][1]


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="Which layer does an example meet first?",
)
def layers_in_the_wrong_order(layers):
    """The layers are taken from the last to the first."""
    W, b = layers[-1]
    for W_next, b_next in layers[-2::-1]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="How many layers may the list hold?",
)
def two_layers_only(layers):
    """Only the first two layers are collapsed."""
    if len(layers) == 1:
        return layers[0]
    return layers[1][0] @ layers[0][0], layers[1][0] @ layers[0][1] + layers[1][1]


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="What does your function do with a single layer?",
)
def at_least_two_layers(layers):
    """The case of a single layer is forgotten: the second one is missing."""
    W, b = layers[1][0] @ layers[0][0], layers[1][0] @ layers[0][1] + layers[1][1]
    for W_next, b_next in layers[2:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by="the_network_is_left_as_it_was",
    hint="Whose list does `layers.pop(0)` shorten?",
)
def list_used_up(layers):
    """The caller's list is emptied by pop."""
    W, b = layers.pop(0)
    while layers:
        W_next, b_next = layers.pop(0)
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by="the_network_is_left_as_it_was",
    hint="Is the first layer's bias yours to change?",
)
def biases_added_in_place(layers):
    """The bias of the last layer is changed in place."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        b_next += W_next @ b
        W, b = W_next @ W, b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="In your loop, which weights should the old bias be multiplied by?",
)
def bias_meets_the_wrong_weights(layers):
    """The bias is multiplied by the collapsed weights instead of those of the next layer."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        b = W_next @ W @ np.resize(b, W.shape[1]) + b_next
        W = W_next @ W
    return W, b


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="Does your loop reach the last layer?",
)
def last_layer_left_out(layers):
    """The last of several layers is left out."""
    W, b = layers[0]
    for W_next, b_next in layers[1:-1]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="Check the shapes: which order of the product fits formula (7)?",
)
def product_in_reading_order(layers):
    """The product is taken in the order of the layers, W1 W2, which fits for square ones only."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, W_next @ b + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="Put x = 0 into two layers and into your single one.",
)
def next_bias_lost(layers):
    """The bias passes through the next weights, but that layer's own bias is lost."""
    W, b = layers[0]
    for W_next, _ in layers[1:]:
        W, b = W_next @ W, W_next @ b
    return W, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="The two biases belong to layers of different sizes. Can you add them as they are?",
)
def biases_added(layers):
    """The biases are added as they are (or their means, where the sizes differ)."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W_next @ W
        b = b + b_next if b.shape == b_next.shape else b.mean() + b_next
    return W, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="Row j of W makes output j. What is the shape of your W?",
)
def weights_transposed(layers):
    """W is transposed: it has the shape (n_in, n_out)."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W.T, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="What is the shape of a bias in this course?",
)
def bias_as_a_column(layers):
    """b is a column of shape (n_out, 1)."""
    W, b = layers[0][0], layers[0][1][:, None]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next[:, None]
    return W, b


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="Try two square layers by hand. Which of the two does an example meet first?",
)
def order_turned_where_square(layers):
    """Where the shapes allow both orders of the product, the wrong one is taken."""
    W, b = layers[0]
    for V, c in layers[1:]:
        if V.shape == W.shape:
            W, b = W @ V, W @ c + b
        else:
            W, b = V @ W, V @ b + c
    return W, b


@misconception(
    "collapse_all",
    caught_by="the_network_is_left_as_it_was",
    hint="Whose array is W at the beginning of your loop?",
)
def first_layer_written_over(layers):
    """Where the shapes are those of the first layer, its arrays are written over."""
    W, b = layers[0]
    for V, c in layers[1:]:
        if V.shape == W.shape:
            W[:], b[:] = V @ W, V @ b + c
        else:
            W, b = V @ W, V @ b + c
    return W, b


@misconception(
    "collapse_all",
    caught_by="the_network_is_left_as_it_was",
    hint="What is in the caller's list after your loop?",
)
def list_filled_with_results(layers):
    """What the layers make together so far is put into the caller's list."""
    for k in range(1, len(layers)):
        (W, b), (V, c) = layers[k - 1], layers[k]
        layers[k] = V @ W, V @ b + c
    return layers[-1]


@misconception(
    "collapse_all",
    caught_by=("two_layers_become_one", "any_depth_collapses"),
    hint="Formula (7) needs no step width.",
)
def columns_from_small_steps(layers):
    """The columns of W are differences over a step of 1e-9, which rounding spoils."""

    def output(x):
        for W, b in layers:
            x = W @ x + b
        return x

    n = layers[0][0].shape[1]
    b = output(np.zeros(n))
    return np.array([(output(1e-9 * one) - b) / 1e-9 for one in np.eye(n)]).T, b
