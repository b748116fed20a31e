"""Wrong solutions of stage 3, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

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
    hint="After how many epochs has training the weights that are first in your list?",
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
    hint="How many rows has the truth table of three inputs, and how many tables are there?",
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


# best_accuracy


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="You have the share of each table. Which of these numbers is asked for?",
)
def average_table(y, tables):
    """The mean over all the tables is returned instead of the best."""
    return float((tables == y).mean())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="A share lies between 0 and 1.",
)
def count_of_equal_rows(y, tables):
    """The number of equal rows is returned, not their share."""
    return float((tables == y).sum(axis=1).max())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="Along which axis lie the rows of one truth table?",
)
def share_over_the_tables(y, tables):
    """The mean is taken over the wrong axis: the share of tables that are right in a row."""
    return float((tables == y).mean(axis=0).max())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="Which table is best: the first, the last, or any?",
)
def which_one_is_best(y, tables):
    """The index of the best table is returned instead of its share."""
    return int((tables == y).mean(axis=1).argmax())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="Does a table that is wrong everywhere count as right?",
)
def wrong_ones_turned_round(y, tables):
    """A table that is mostly wrong counts as its opposite, even if that is not in the list."""
    shares = (tables == y).mean(axis=1)
    return float(np.maximum(shares, 1 - shares).max())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="Look at a table of zeros and at labels that are all zero.",
)
def common_ones(y, tables):
    """Only rows in which both are 1 are counted."""
    return float((tables & y).mean(axis=1).max())


@misconception(
    "best_accuracy",
    caught_by="best_share_of_equal_rows",
    hint="You compute the share of rows that differ. Should the best be large or small?",
)
def worst_table(y, tables):
    """The smallest share is returned instead of the largest."""
    return float((tables == y).mean(axis=1).min())


# polar_features


@misconception(
    "polar_features",
    caught_by="distance_and_angle_in_all_directions",
    hint="Try the points (1, 1) and (-1, -1): are their angles the same?",
)
def arc_tangent_of_the_quotient(X):
    """The arc tangent of a quotient knows the right half of the plane only."""
    with np.errstate(all="ignore"):
        theta = np.arctan(np.divide(X[:, 1], X[:, 0]))
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), theta])


@misconception(
    "polar_features",
    caught_by=("distance_and_angle_in_all_directions", "turning_and_stretching"),
    hint="What is the angle of (2, 0)? In which order does np.arctan2 want its arguments?",
)
def arguments_swapped(X):
    """np.arctan2 gets the first coordinate first, so the angle is measured from the other axis."""
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 0], X[:, 1])])


@misconception(
    "polar_features",
    caught_by=("distance_and_angle_in_all_directions", "turning_and_stretching"),
    hint="How far is (3, 4) from the origin?",
)
def squared_distance(X):
    """The square root is missing: the first column is the distance squared."""
    return np.column_stack([X[:, 0] ** 2 + X[:, 1] ** 2, np.arctan2(X[:, 1], X[:, 0])])


@misconception(
    "polar_features",
    caught_by=("distance_and_angle_in_all_directions", "turning_and_stretching"),
    hint="In which unit is the angle asked for?",
)
def angle_in_degrees(X):
    """The angle is in degrees."""
    theta = np.degrees(np.arctan2(X[:, 1], X[:, 0]))
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), theta])


@misconception(
    "polar_features",
    caught_by=("distance_and_angle_in_all_directions", "turning_and_stretching"),
    hint="Formula (3) says between which numbers the angle lies.",
)
def angle_up_to_two_pi(X):
    """The angle lies between 0 and 2π."""
    theta = np.arctan2(X[:, 1], X[:, 0]) % (2 * np.pi)
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), theta])


@misconception(
    "polar_features",
    caught_by=("distance_and_angle_in_all_directions", "turning_and_stretching"),
    hint="Which of the two comes first?",
)
def angle_first(X):
    """The columns are the wrong way round."""
    return np.column_stack([np.arctan2(X[:, 1], X[:, 0]), np.hypot(X[:, 0], X[:, 1])])


@misconception(
    "polar_features",
    caught_by="distance_and_angle_in_all_directions",
    hint="The examples are in rows. What is the shape of your result for three points?",
)
def points_in_columns(X):
    """The result has a row for r and one for θ: its shape is (2, m)."""
    return np.array([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])])


@misconception(
    "polar_features",
    caught_by="distance_and_angle_in_all_directions",
    hint="Is `polar = X` a new array?",
)
def written_over_the_points(X):
    """The polar coordinates overwrite the caller's points."""
    r, theta = np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])
    polar = X if X.dtype.kind == "f" else X.astype(float)
    polar[:, 0], polar[:, 1] = r, theta
    return polar


@misconception(
    "polar_features",
    caught_by="distance_and_angle_in_all_directions",
    hint="Try the point (1, -1): is its angle positive?",
)
def lower_half_forgotten(X):
    """The arc cosine of x1 / r is never negative: the lower half of the plane is folded up."""
    r = np.hypot(X[:, 0], X[:, 1])
    return np.column_stack([r, np.arccos(X[:, 0] / r)])


# quadratic_features


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="Compare the order of your columns with formula (5).",
)
def product_last(X):
    """The product stands after the squares."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="Formula (5) has no factor before the product.",
)
def product_doubled(X):
    """The product has a factor of 2, as in the square of a sum."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, 2 * x1 * x2, x2**2])


@misconception(
    "quadratic_features",
    caught_by=("five_monomials_in_order", "a_conic_is_flat_in_the_features"),
    hint="How many monomials does formula (5) list?",
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
    hint="What has a perceptron's answer to do with the answers of its neighbours?",
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


# collapse


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="Check the shapes: which order of the product fits formula (7)?",
)
def product_in_reading_order(W1, b1, W2, b2):
    """The product is taken in the order of the layers, W1 W2."""
    return W1 @ W2, W1 @ b2 + b1


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="What happens to the first bias on its way through the second layer?",
)
def second_bias_only(W1, b1, W2, b2):
    """The first bias is lost."""
    return W2 @ W1, b2.copy()


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="Put x = 0 into both layers and into yours.",
)
def second_bias_lost(W1, b1, W2, b2):
    """The second bias is lost."""
    return W2 @ W1, W2 @ b1


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="The two biases belong to layers of different sizes. Can you add them as they are?",
)
def biases_added(W1, b1, W2, b2):
    """The biases are added as they are (or their means, where the sizes differ)."""
    b = b1 + b2 if b1.shape == b2.shape else np.full(b2.shape, b1.mean()) + b2
    return W2 @ W1, b


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="Row j of W makes output j. What is the shape of your W?",
)
def weights_transposed(W1, b1, W2, b2):
    """W is transposed: it has the shape (n_in, n_out)."""
    return W1.T @ W2.T, W2 @ b1 + b2


@misconception(
    "collapse",
    caught_by="weights_and_biases_of_the_single_layer",
    hint="What does `b2 += ...` do to the array that the caller passed?",
)
def bias_in_place(W1, b1, W2, b2):
    """The caller's b2 is changed in place."""
    b2 += W2 @ b1
    return W2 @ W1, b2


@misconception(
    "collapse",
    caught_by=("weights_and_biases_of_the_single_layer", "one_layer_does_what_two_did"),
    hint="What is the shape of a bias in this course?",
)
def bias_as_a_column(W1, b1, W2, b2):
    """b is a column of shape (n_out, 1)."""
    return W2 @ W1, (W2 @ b1 + b2)[:, None]


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
    return collapse(*layers[0], *layers[1])


@misconception(
    "collapse_all",
    caught_by=("any_depth_collapses", "the_network_is_left_as_it_was"),
    hint="What does your function do with a single layer?",
)
def at_least_two_layers(layers):
    """A network of one layer is not thought of: the second one is missing."""
    W, b = collapse(*layers[0], *layers[1])
    for W_next, b_next in layers[2:]:
        W, b = collapse(W, b, W_next, b_next)
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
        W, b = collapse(W, b, *layers.pop(0))
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
        W, b = collapse(W, b, W_next, b_next)
    return W, b
