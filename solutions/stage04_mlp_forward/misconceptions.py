"""Wrong solutions of stage 4, each with the check that is meant to catch it."""

import copy
from itertools import pairwise

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep from call to call.
SHARED = {}

# count_params


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="A neuron has more than weights.",
)
def biases_not_counted(layer_sizes):
    """Only the weights are counted."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Do the inputs have biases?",
)
def biases_of_the_inputs(layer_sizes):
    """The inputs are given biases as well."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes)) + sum(layer_sizes)


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="How many biases does a layer have: one, or one for each neuron?",
)
def one_bias_per_layer(layer_sizes):
    """Each layer is given a single bias."""
    return sum(n_in * n_out + 1 for n_in, n_out in pairwise(layer_sizes))


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Which neurons have the biases: those of the layer, or those of the one before?",
)
def biases_of_the_layer_before(layer_sizes):
    """Each layer gets as many biases as it has inputs."""
    return sum(n_in * (n_out + 1) for n_in, n_out in pairwise(layer_sizes))


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Does the output layer have parameters?",
)
def output_layer_forgotten(layer_sizes):
    """The last layer is left out, if there is more than one."""
    sizes = layer_sizes[:-1] if len(layer_sizes) > 2 else layer_sizes
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Is every neuron joined to all the neurons of all layers?",
)
def first_and_last_only(layer_sizes):
    """Only the first and the last size are used."""
    return (layer_sizes[0] + 1) * layer_sizes[-1]


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Two layers may have the same sizes. Do you count both?",
)
def equal_layers_once(layer_sizes):
    """The pairs are put into a set, so that equal layers are counted once."""
    return sum((n_in + 1) * n_out for n_in, n_out in set(pairwise(layer_sizes)))


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Is your caller's list as long afterwards as it was before?",
)
def sizes_taken_from_the_list(layer_sizes):
    """The sizes are popped off the caller's list."""
    n_in, total = layer_sizes.pop(0), 0
    while layer_sizes:
        n_out = layer_sizes.pop(0)
        total += (n_in + 1) * n_out
        n_in = n_out
    return total


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Does a neuron that is alone in its layer have a bias?",
)
def single_neurons_without_bias(layer_sizes):
    """A hidden layer with a single neuron is given no bias."""
    total = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes)) + layer_sizes[-1]
    return total + sum(n for n in layer_sizes[1:-1] if n > 1)


# forward


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "each_example_on_its_own"),
    hint="X has shape (m, n_in), W has shape (n_out, n_in). Which one must be transposed?",
)
def not_transposed(params, X, activations):
    """The product is A W, which fits only for square W."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W + b
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="Formula (3) has more in it than a product.",
)
def no_biases(params, X, activations):
    """The biases are left out."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, _), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="Does the last layer have an activation?",
)
def last_layer_always_linear(params, X, activations):
    """The activation of the last layer is left out."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for number, ((W, b), name) in enumerate(zip(params, activations, strict=True), 1):
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        cache["A"].append(Z if number == len(params) else activate(name, Z))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="Which activation belongs to which layer?",
)
def one_activation_for_all(params, X, activations):
    """The first activation is used in every layer."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for W, b in params:
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(activations[0], cache["Z"][-1]))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="What does the next layer look at: the sums, or what the activation makes of them?",
)
def sums_passed_on(params, X, activations):
    """The next layer gets the sums instead of the activations."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    A = X
    for (W, b), name in zip(params, activations, strict=True):
        A = A @ W.T + b
        cache["Z"].append(A)
        cache["A"].append(activate(name, A))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="What is stored first: Z, or what the activation makes of it?",
)
def activations_stored_as_sums(params, X, activations):
    """cache["Z"] holds the activations, too."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        A = activate(name, cache["A"][-1] @ W.T + b)
        cache["Z"].append(A)
        cache["A"].append(A)
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by="one_layer_and_two",
    hint="What is A[0]?",
)
def input_not_stored(params, X, activations):
    """The cache begins with the first layer; X and the None are missing."""
    A, cache = X, {"A": [], "Z": [], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(A @ W.T + b)
        A = activate(name, cache["Z"][-1])
        cache["A"].append(A)
    return A, cache


@misconception(
    "forward",
    caught_by="one_layer_and_two",
    hint="Should the cache remember every layer, or the last one?",
)
def only_the_last_layer_stored(params, X, activations):
    """The cache holds the arrays of the last layer only."""
    A, Z = X, None
    for (W, b), name in zip(params, activations, strict=True):
        Z = A @ W.T + b
        A = activate(name, Z)
    return A, {"A": [A], "Z": [Z], "activations": activations}


@misconception(
    "forward",
    caught_by="a_single_example_and_a_batch_of_one",
    hint="What is the shape of the output for an example of shape (n,)?",
)
def always_a_table(params, X, activations):
    """A single example is turned into a table of one row, and so is the output."""
    cache = {"A": [np.atleast_2d(X)], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by="a_single_example_and_a_batch_of_one",
    hint="Is a batch with one example a table or a single example?",
)
def squeezed(params, X, activations):
    """Dimensions of size 1 are dropped from the output."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return np.squeeze(cache["A"][-1]), cache


@misconception(
    "forward",
    caught_by=("any_depth_and_any_activation", "each_example_on_its_own"),
    hint="May the output of an example depend on the other examples of its batch?",
)
def centred_over_the_batch(params, X, activations):
    """The mean over the batch is subtracted from the sums."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W.T + b
        Z = Z - Z.mean(axis=0) if Z.ndim == 2 else Z
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by="one_layer_and_two",
    hint="Is the caller's X the same after your function has run?",
)
def scaled_in_place(params, X, activations):
    """The examples are shifted to mean zero in place and moved back only in the results."""
    mean = X.mean(axis=0) if X.ndim == 2 else 0.0
    original = X.copy()
    if X.dtype.kind == "f":
        X -= mean
    cache = {"A": [original], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="How many layers does your network have?",
)
def two_layers_hard_coded(params, X, activations):
    """Exactly two layers, the first ones, whatever params holds."""
    (W1, b1), (W2, b2) = params[:2]
    Z1 = X @ W1.T + b1
    A1 = activate(activations[0], Z1)
    Z2 = A1 @ W2.T + b2
    A2 = activate(activations[1], Z2)
    return A2, {"A": [X, A1, A2], "Z": [None, Z1, Z2], "activations": activations}


@misconception(
    "forward",
    caught_by="any_depth_and_any_activation",
    hint="What is the dtype of a sum of whole numbers times fractions?",
)
def sums_of_the_dtype_of_x(params, X, activations):
    """The sums get the dtype of X: for whole numbers they are cut off to whole numbers."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = (cache["A"][-1] @ W.T + b).astype(X.dtype)
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by="any_depth_and_any_activation",
    hint="Does formula (3) ask how large the numbers in X are?",
)
def examples_scaled_down(params, X, activations):
    """Examples with large numbers are divided by the largest, for safety."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    A = X / max(1.0, np.max(np.abs(X)) / 10)
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(A @ W.T + b)
        A = activate(name, cache["Z"][-1])
        cache["A"].append(A)
    return A, cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="Which of the two is the output of the last layer, Z or A?",
)
def last_sums_returned(params, X, activations):
    """The cache is right, but the last Z is returned instead of the last A."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(activate(name, cache["Z"][-1]))
    return cache["Z"][-1], cache


@misconception(
    "forward",
    caught_by=("one_layer_and_two", "any_depth_and_any_activation"),
    hint="Look at cache['Z'] after your function has run. Are negative sums still negative?",
)
def sums_overwritten(params, X, activations):
    """The activations are written into the array of the sums, which is in the cache already."""
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        Z[...] = activate(name, Z)
        cache["A"].append(Z)
    return cache["A"][-1], cache


@misconception(
    "forward",
    caught_by="a_single_example_and_a_batch_of_one",
    hint="What shape does the activation of a layer with one neuron have, for a single example?",
)
def single_examples_squeezed(params, X, activations):
    """A single example is made a table, and dimensions of size 1 are dropped from all results."""
    A, Z = [np.atleast_2d(X)], [None]
    for (W, b), name in zip(params, activations, strict=True):
        Z.append(A[-1] @ W.T + b)
        A.append(activate(name, Z[-1]))
    if X.ndim == 1:
        A, Z = [X, *map(np.squeeze, A[1:])], [None, *map(np.squeeze, Z[1:])]
    return A[-1], {"A": A, "Z": Z, "activations": activations}


@misconception(
    "forward",
    caught_by="any_depth_and_any_activation",
    hint="Where do the names of the other four activations come from, in section 4?",
)
def four_activations_of_its_own(params, X, activations):
    """The four activations of section 2 are written into the function: it knows no others."""
    functions = {"linear": linear, "step": step, "relu": relu, "tanh": np.tanh}
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(functions[name](cache["Z"][-1]))
    return cache["A"][-1], cache


# sigmoid


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="What is the exponential of 1000, and what is infinity divided by infinity?",
)
def growing_exponential(z):
    """Form (6) for all numbers: infinity over infinity on the right side."""
    return np.exp(z) / (1 + np.exp(z))


@misconception(
    "sigmoid",
    caught_by=("sigmoid_of_any_shape", "sigmoid_of_large_numbers"),
    hint="Does your function rise or fall?",
)
def sign_of_the_exponent(z):
    """The exponent has the wrong sign, so the sigmoid falls."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e, 1.0) / (1.0 + e)


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="Compare your value at z = -ln 3 with the table.",
)
def same_form_on_both_sides(z):
    """The size is taken, but not given back: negative entries are treated as positive ones."""
    return 1.0 / (1.0 + np.exp(-np.abs(z)))


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="What is the dtype of an array that is made like an array of whole numbers?",
)
def truncated_to_whole_numbers(z):
    """The result gets the dtype of z: for whole numbers every value is cut to 0."""
    a = np.empty_like(z)
    e = np.exp(-np.abs(z))
    a[...] = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return a


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="How far from 1 may the sigmoid of 1000 be?",
)
def clipped_too_early(z):
    """z is clipped at ±6, where the sigmoid is still visibly away from 0 and 1."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -6, 6)))


@misconception(
    "sigmoid",
    caught_by=("sigmoid_of_any_shape", "sigmoid_of_large_numbers"),
    hint="Element-wise: does an entry have anything to do with its neighbours?",
)
def divided_by_the_sum(z):
    """The exponentials are divided by their sum over all the entries."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="A straight line through (0, 1/2), cut off at 0 and 1: is that formula (5)?",
)
def hard_sigmoid(z):
    """A straight line, cut off at 0 and 1."""
    return np.clip(0.25 * z + 0.5, 0.0, 1.0)


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="Is the shape of your result that of z?",
)
def flattened(z):
    """The result is one-dimensional, whatever the shape of z."""
    z = np.ravel(z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="What does z look like after `np.exp(..., out=z)`?",
)
def worked_out_in_place(z):
    """The caller's array is used as a scratch pad."""
    positive = z >= 0
    if z.dtype.kind == "f" and z.ndim:
        np.abs(z, out=z)
    e = np.exp(-np.abs(z))
    return np.where(positive, 1.0, e) / (1.0 + e)


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="Whose array does `out=z` write into?",
)
def clipped_in_place(z):
    """z is clipped in the caller's array."""
    if z.dtype.kind == "f" and z.ndim:
        np.clip(z, -500, 500, out=z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="For which entries does np.where compute the form that it does not choose?",
)
def where_of_both_forms(z):
    """Both forms are computed for all entries before the choice is made: one overflows."""
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="What is e to the power of 1000, on the way to 1 / (1 + e^1000)?",
)
def formula_as_it_stands(z):
    """Form (5) for all numbers: right in the end, but with an overflow on the way."""
    return 1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float)))


@misconception(
    "sigmoid",
    caught_by=("sigmoid_of_any_shape", "sigmoid_of_large_numbers"),
    hint="How large is your sigmoid of -100, and how large should it be?",
)
def clipped_at_twenty(z):
    """z is clipped at ±20: what is left is off in the ninth digit."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -20, 20)))


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="What is your function at z = 0? Which of your cases is that?",
)
def neither_side_at_zero(z):
    """Both sides are strict: at exactly zero neither holds, and the result is 0."""
    e = np.exp(-np.abs(z))
    return ((z > 0) * 1.0 + (z < 0) * e) / (1.0 + e)


# rectify


@misconception(
    "rectify",
    caught_by="leaky_on_the_left",
    hint="On which side is the slope alpha?",
)
def leaks_on_the_right(z, kind, alpha):
    """The leaky ReLU has the slope alpha on the positive side."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return alpha * above + below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="leaky_on_the_left",
    hint="For negative z, is your leaky ReLU negative?",
)
def rises_on_the_left(z, kind, alpha):
    """The leaky ReLU makes small positive numbers of negative ones."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above - alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by=("leaky_on_the_left", "exponential_on_the_left"),
    hint="One of the arguments has no effect in your function.",
)
def slope_fixed(z, kind, alpha):
    """alpha is not used: the slope is 0.01, and the floor at -1."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + 0.01 * below
    if kind == "elu":
        return above + np.expm1(below)
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by=("leaky_on_the_left", "exponential_on_the_left"),
    hint="Whose array does `z[z < 0] *= alpha` write into?",
)
def leaks_in_place(z, kind, alpha):
    """The negative entries are replaced in the caller's array."""
    if kind == "softplus":
        return np.logaddexp(0.0, z)
    if z.dtype.kind != "f" or not z.ndim:
        z = np.array(z, dtype=float)
    low = z < 0
    z[low] = alpha * (z[low] if kind == "leaky_relu" else np.expm1(z[low]))
    return z


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="What is the ELU just below zero? Does your function jump there?",
)
def minus_one_forgotten(z, kind, alpha):
    """The -1 of the ELU is missing: it jumps at zero and is never negative."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)))
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="Is all of the bracket of formula (8) multiplied?",
)
def alpha_times_the_exponential_only(z, kind, alpha):
    """alpha multiplies the exponential of the ELU, but not the -1."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)) - 1)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="What is zero times infinity?",
)
def chosen_by_multiplication(z, kind, alpha):
    """The sides of the ELU are chosen by masks: zero times infinity is not a number."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="What does alpha multiply in formula (8): the exponent, or the bracket?",
)
def alpha_in_the_exponent(z, kind, alpha):
    """alpha is in the exponent of the ELU."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, np.expm1(alpha * np.minimum(z, 0.0)))
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="What is the exponential of 1000?",
)
def overflowing(z, kind, alpha):
    """Formula (9) as it is: infinite for large z."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0.0)))
    return np.log(1 + np.exp(z))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="For which entries does np.where compute the side that it does not choose?",
)
def both_sides_of_the_elu(z, kind, alpha):
    """np.where computes the exponential for large entries, too, before it chooses: an overflow."""
    if kind == "leaky_relu":
        return np.where(z >= 0, z, alpha * z)
    if kind == "elu":
        return np.where(z >= 0, z, alpha * (np.exp(z) - 1))
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="For which z is z + ln(1 + exp(-z)) safe? What happens to it for the others?",
)
def shifted_on_both_sides(z, kind, alpha):
    """Softplus has exp(-z) on the left side, too."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return above + np.log1p(np.exp(-z))


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="Which logarithm has the base e?",
)
def decimal_logarithm(z, kind, alpha):
    """The logarithm of softplus is that of base 10."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return np.logaddexp(0.0, z) / np.log(10)


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="Is softplus(1000) really as small as softplus of your limit?",
)
def clipped_at_the_top(z, kind, alpha):
    """z is clipped at 30 to avoid the overflow in softplus."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return np.log1p(np.exp(np.minimum(z, 30.0)))


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="Does softplus need alpha?",
)
def softplus_scaled(z, kind, alpha):
    """The rounding of the corner is multiplied by alpha, as in the other two."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return above + alpha * np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by=("leaky_on_the_left", "exponential_on_the_left", "corner_rounded_off"),
    hint="What is the dtype of your result for an array of whole numbers?",
)
def whole_numbers_stay(z, kind, alpha):
    """The result has the dtype of z: for whole numbers, everything is cut off to whole numbers."""
    a = np.empty_like(z)
    above, below = np.maximum(z, 0.0), np.minimum(z, 0.0)
    if kind == "leaky_relu":
        a[...] = above + alpha * below
    elif kind == "elu":
        a[...] = above + alpha * np.expm1(below)
    else:
        a[...] = above + np.log1p(np.exp(-np.abs(z)))
    return a


@misconception(
    "rectify",
    caught_by="corner_rounded_off",
    hint="Is ln(1 + exp(z)) exactly z, from some z on? How far apart are they at z = 21?",
)
def straight_from_twenty_on(z, kind, alpha):
    """Softplus is z itself above 20, though the difference is still there to be seen."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, 20.0))))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="Draw the ELU for alpha = 3. Which of its two curves is the larger one?",
)
def larger_of_two_curves(z, kind, alpha):
    """The larger of the two sides is taken, which for the ELU is right only up to alpha = 1."""
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return np.maximum(z, alpha * below)
    if kind == "elu":
        return np.maximum(z, alpha * np.expm1(below))
    return np.logaddexp(0.0, z)


@misconception(
    "rectify",
    caught_by="leaky_on_the_left",
    hint="May alpha be 0? What does your function make of that?",
)
def zero_means_default(z, kind, alpha):
    """An alpha of 0 counts as not given: `alpha or 0.01`."""
    alpha = alpha or 0.01
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + alpha * np.expm1(below)
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="How large may alpha be?",
)
def alpha_up_to_ten(z, kind, alpha):
    """A larger alpha counts as 10, as if that were a mistake."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return above + min(alpha, 10.0) * np.expm1(below)
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by="exponential_on_the_left",
    hint="With alpha = 2, how steep is the ELU just below 0?",
)
def straight_close_to_zero(z, kind, alpha):
    """Where z is close to 0 the ELU is taken for z, which is right for alpha = 1 only."""
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    if kind == "leaky_relu":
        return above + alpha * below
    if kind == "elu":
        return np.where(np.abs(z) < 1e-6, z, above + alpha * np.expm1(below))
    return above + np.log1p(np.exp(-np.abs(z)))


@misconception(
    "rectify",
    caught_by=("leaky_on_the_left", "exponential_on_the_left"),
    hint="What is the dtype of your result when all entries of z are positive whole numbers?",
)
def nothing_negative_nothing_to_do(z, kind, alpha):
    """Where no entry is negative, a copy of z is returned, with the dtype of z."""
    if kind == "softplus":
        return np.logaddexp(0.0, z)
    if np.all(z >= 0):
        return np.array(z)
    below = np.minimum(z, 0.0)
    return np.maximum(z, 0.0) + alpha * (below if kind == "leaky_relu" else np.expm1(below))


# init_params


def drawn_layers(layer_sizes, rng, sigma):
    """Layers whose standard deviation is sigma(n_in, n_out)."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        params.append((rng.normal(0.0, sigma(n_in, n_out), (n_out, n_in)), np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Is the second argument of rng.normal the variance or the standard deviation?",
)
def variance_for_deviation(layer_sizes, rng, activation="relu"):
    """The variance is taken for the standard deviation: the square root is missing."""
    glorot = activation == "tanh"
    return drawn_layers(layer_sizes, rng, lambda i, o: 2 / (i + o if glorot else i))


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Which of the two sizes is n_in?",
)
def outputs_for_inputs(layer_sizes, rng, activation="relu"):
    """He's rule with the number of outputs instead of inputs."""
    glorot = activation == "tanh"
    return drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + o if glorot else o)))


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="One of the three arguments has no effect in your function.",
)
def he_for_all(layer_sizes, rng, activation="relu"):
    """He's rule, whatever the activation is."""
    return drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / i))


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Why is the 2 in He's rule?",
)
def without_the_two(layer_sizes, rng, activation="relu"):
    """The numerator is 1 instead of 2."""
    glorot = activation == "tanh"
    return drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(1 / (i + o if glorot else i)))


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="The lesson names a distribution. Is it yours?",
)
def uniform_weights(layer_sizes, rng, activation="relu"):
    """The weights are uniform, with the right standard deviation."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        limit = np.sqrt(6 / (n_in if activation == "relu" else n_in + n_out))
        params.append((rng.uniform(-limit, limit, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Compute σ for a network of two layers by hand: is it the same in both?",
)
def first_layer_for_all(layer_sizes, rng, activation="relu"):
    """The spread of the first layer is used in all of them."""
    fan = layer_sizes[0] + (layer_sizes[1] if activation == "tanh" else 0)
    return drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / fan))


@misconception(
    "init_params",
    caught_by="shapes_and_zero_biases",
    hint="What do the biases start at?",
)
def random_biases(layer_sizes, rng, activation="relu"):
    """The biases are drawn as well."""
    glorot = activation == "tanh"
    params = drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + o if glorot else i)))
    return [(W, 0.1 * rng.normal(size=len(b))) for W, b in params]


@misconception(
    "init_params",
    caught_by=("shapes_and_zero_biases", "spread_of_the_weights"),
    hint="Row j of W belongs to neuron j. How many rows must it have?",
)
def inputs_in_rows(layer_sizes, rng, activation="relu"):
    """W has the shape (n_in, n_out)."""
    glorot = activation == "tanh"
    params = drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + o if glorot else i)))
    return [(W.T, b) for W, b in params]


@misconception(
    "init_params",
    caught_by="all_the_randomness_from_rng",
    hint="Your function receives a generator. Is that the one you use?",
)
def global_generator(layer_sizes, rng, activation="relu"):
    """NumPy's global generator is used instead of rng."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        fan = n_in if activation == "relu" else n_in + n_out
        params.append((np.random.randn(n_out, n_in) * np.sqrt(2 / fan), np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="all_the_randomness_from_rng",
    hint="Call your function with two different generators. Are the networks different?",
)
def seeded_inside(layer_sizes, rng, activation="relu"):
    """A generator with a fixed seed is made anew in each layer."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        fan = n_in if activation == "relu" else n_in + n_out
        W = np.random.default_rng(0).normal(0.0, np.sqrt(2 / fan), size=(n_out, n_in))
        params.append((W, np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by=("spread_of_the_weights", "all_the_randomness_from_rng"),
    hint="If all neurons of a layer start alike, what will ever make them different?",
)
def equal_neurons(layer_sizes, rng, activation="relu"):
    """One row of weights is drawn and repeated: all neurons of a layer are equal."""
    glorot = activation == "tanh"
    params = drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + o if glorot else i)))
    return [(0 * W + np.round(W[:1], 1), b) for W, b in params]


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="How large is the largest of a thousand normal numbers?",
)
def tails_cut_off(layer_sizes, rng, activation="relu"):
    """The weights are cut off at two and a half standard deviations."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        W = np.clip(rng.normal(0.0, s, size=(n_out, n_in)), -2.5 * s, 2.5 * s)
        params.append((W, np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="all_the_randomness_from_rng",
    hint="Call your function twice with one generator. Should both networks be the same?",
)
def generator_copied(layer_sizes, rng, activation="relu"):
    """The numbers come from a copy of the generator, which itself does not move on."""
    glorot = activation == "tanh"
    own = copy.deepcopy(rng)
    return drawn_layers(layer_sizes, own, lambda i, o: np.sqrt(2 / (i + o if glorot else i)))


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Is the bias one of the n_in inputs of formula (10)?",
)
def bias_as_an_input(layer_sizes, rng, activation="relu"):
    """The bias is counted as one more input of each neuron."""
    glorot = activation == "tanh"
    return drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + 1 + o * glorot)))


@misconception(
    "init_params",
    caught_by=("spread_of_the_weights", "all_the_randomness_from_rng"),
    hint="How many random numbers does a layer need? How many do you draw?",
)
def one_number_for_each_neuron(layer_sizes, rng, activation="relu"):
    """One number is drawn for each neuron, and all of its weights are equal."""
    glorot = activation == "tanh"
    params = drawn_layers(layer_sizes, rng, lambda i, o: np.sqrt(2 / (i + o if glorot else i)))
    return [(np.repeat(W[:, :1], W.shape[1], axis=1), b) for W, b in params]


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="Is the spread of three random numbers always the same? Should that of three weights be?",
)
def forced_to_the_spread(layer_sizes, rng, activation="relu"):
    """Each layer's weights are shifted and scaled to have exactly the mean 0 and the spread s."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        W = rng.normal(0.0, s, size=(n_out, n_in))
        if W.size > 1:
            W = s * (W - W.mean()) / W.std()
        params.append((W, np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="all_the_randomness_from_rng",
    hint="Draw a thousand networks from the same generator. Are all of them different?",
)
def one_of_a_thousand_seeds(layer_sizes, rng, activation="relu"):
    """Each layer has a generator of its own, with one of a thousand seeds that rng chooses."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        own = np.random.default_rng(rng.integers(1000))
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        params.append((own.normal(0.0, s, size=(n_out, n_in)), np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="spread_of_the_weights",
    hint="If you know all weights of a neuron but one, can you work out the last?",
)
def rows_of_the_same_length(layer_sizes, rng, activation="relu"):
    """The weights of each neuron are scaled to the length that they have on average."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        s = np.sqrt(2 / (n_in if activation == "relu" else n_in + n_out))
        W = rng.normal(0.0, s, size=(n_out, n_in))
        if n_in > 20:
            W *= s * np.sqrt(n_in) / np.linalg.norm(W, axis=1, keepdims=True)
        params.append((W, np.zeros(n_out)))
    return params


@misconception(
    "init_params",
    caught_by="shapes_and_zero_biases",
    hint="Draw two networks of the same sizes, and look at the first again.",
)
def redrawn_in_place(layer_sizes, rng, activation="relu"):
    """The weights are drawn into arrays that the next network of the same sizes uses again."""
    params = []
    for layer, (n_in, n_out) in enumerate(pairwise(layer_sizes)):
        W = SHARED.setdefault((layer, n_out, n_in), np.zeros((n_out, n_in)))
        fan = n_in if activation == "relu" else n_in + n_out
        W[:] = rng.normal(0.0, np.sqrt(2.0 / fan), size=W.shape)
        params.append((W, np.zeros(n_out)))
    return params


# relu_bump


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="A ReLU has slope 1. Which slope must the sides have?",
)
def slope_not_scaled(x, left, right, height, ramp):
    """The division by the ramp is missing."""
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return height * (up - down)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="Is your bump 0 outside left and right?",
)
def ramps_outside(x, left, right, height, ramp):
    """The sides begin before left and end after right."""
    up = relu(x - (left - ramp)) - relu(x - left)
    down = relu(x - right) - relu(x - (right + ramp))
    return height / ramp * (up - down)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="What is your function far to the right? Count your ReLUs.",
)
def last_relu_forgotten(x, left, right, height, ramp):
    """The fourth ReLU is missing, so the function falls forever."""
    up = relu(x - left) - relu(x - (left + ramp))
    return height / ramp * (up - relu(x - (right - ramp)))


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="Follow your function from left to right: where does it go down?",
)
def two_ramps_up(x, left, right, height, ramp):
    """The second ramp goes up, too."""
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return height / ramp * (up + down)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="At which x is your bump 0 again?",
)
def falls_from_the_right_edge(x, left, right, height, ramp):
    """The fall begins at right instead of ending there."""
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - right) - relu(x - (right + ramp))
    return height / ramp * (up - down)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="Is a negative height allowed?",
)
def never_negative(x, left, right, height, ramp):
    """Another ReLU around the whole cuts off bumps of negative height."""
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return relu(height / ramp * (up - down))


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="The lesson asks for straight sides. Are sigmoids straight?",
)
def sigmoids_again(x, left, right, height, ramp):
    """The bump of sigmoids, with a steepness that suits the ramp."""
    k = 8 / ramp
    return height * (sigmoid(k * (x - left - ramp / 2)) - sigmoid(k * (x - right + ramp / 2)))


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="Where x holds whole numbers, must the bump hold whole numbers, too?",
)
def of_the_dtype_of_x(x, left, right, height, ramp):
    """The result gets the dtype of x: for whole numbers it is cut off to whole numbers."""
    values = np.zeros_like(x)
    up = relu(x - left) - relu(x - (left + ramp))
    values[...] = height / ramp * (up - relu(x - (right - ramp)) + relu(x - right))
    return values


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="What is your bump exactly at its corners?",
)
def corners_left_out(x, left, right, height, ramp):
    """Four cases by strict inequalities: at the corners themselves none of them holds."""
    rising, falling = (x > left) & (x < left + ramp), (x > right - ramp) & (x < right)
    top = (x > left + ramp) & (x < right - ramp)
    sides = rising * (x - left) / ramp + falling * (right - x) / ramp
    return height * (sides + top)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="How steep may the sides be?",
)
def sides_not_too_steep(x, left, right, height, ramp):
    """A ramp of less than a thousandth is made a thousandth wide, to avoid dividing by little."""
    ramp = max(ramp, 1e-3)
    up = relu(x - left) - relu(x - left - ramp)
    down = relu(x - right + ramp) - relu(x - right)
    return height / ramp * (up - down)


@misconception(
    "relu_bump",
    caught_by="trapezium_from_left_to_right",
    hint="How narrow may the slanted sides be?",
)
def guarded_slope(x, left, right, height, ramp):
    """The width of the sides is kept from being tiny, so tiny bumps are too low."""
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return height / max(ramp, 1e-12) * (up - down)


# approximate


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="Where in its piece do you evaluate the function?",
)
def height_at_the_left_edge(f, n_bumps):
    """The height is that of the left edge."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    return np.column_stack([edges[:-1], edges[1:], [f(x) for x in edges[:-1]]])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="Is the mean of the values at the edges the value in the middle?",
)
def mean_of_the_edges(f, n_bumps):
    """The height is the mean of the values at both edges."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    values = np.array([f(x) for x in edges])
    return np.column_stack([edges[:-1], edges[1:], (values[:-1] + values[1:]) / 2])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="How many pieces lie between N points?",
)
def edges_for_bumps(f, n_bumps):
    """N edges make only N - 1 pieces."""
    edges = np.linspace(0.0, 1.0, n_bumps)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.column_stack([edges[:-1], edges[1:], [f(x) for x in middles]])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="Add up your bumps at one place: how many of them are there?",
)
def height_shared_out(f, n_bumps):
    """The heights are divided by the number of bumps, as if all of them were everywhere."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.column_stack([edges[:-1], edges[1:], [f(x) / n_bumps for x in middles]])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="In which order do the three numbers of a row stand?",
)
def height_first(f, n_bumps):
    """The columns are height, left, right."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.column_stack([[f(x) for x in middles], edges[:-1], edges[1:]])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="Does each bump end where the next one begins?",
)
def all_up_to_one(f, n_bumps):
    """Every bump reaches to 1, and the heights pile up."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.column_stack([edges[:-1], np.ones(n_bumps), [f(x) for x in middles]])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="One of the two arguments has no effect in your function.",
)
def always_four_bumps(f, n_bumps):
    """Four bumps, as in the picture."""
    edges = np.linspace(0.0, 1.0, 5)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.column_stack([edges[:-1], edges[1:], [f(x) for x in middles]])


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="Where do your pieces begin and end?",
)
def pieces_of_width_one(f, n_bumps):
    """The pieces have width 1 and go from 0 to N."""
    i = np.arange(float(n_bumps))
    return np.column_stack([i, i + 1, [f(x) for x in i + 0.5]])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="f takes a number. What do you give it?",
)
def all_middles_at_once(f, n_bumps):
    """f is called with an array."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    return np.column_stack([edges[:-1], edges[1:], f((edges[:-1] + edges[1:]) / 2)])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="What if f returns a whole number for the first piece, and fractions for the others?",
)
def type_of_the_first_height(f, n_bumps):
    """np.vectorize: the type of the first height is that of all of them."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    return np.column_stack([edges[:-1], edges[1:], np.vectorize(f)((edges[:-1] + edges[1:]) / 2)])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="Try 49 bumps. How many rows does your table have?",
)
def arange_of_fractions(f, n_bumps):
    """np.arange with a fraction as its step, which at times makes one number too many."""
    left = np.arange(0.0, 1.0, 1 / n_bumps)
    return np.column_stack([left, left + 1 / n_bumps, [f(x + 0.5 / n_bumps) for x in left]])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="f takes a number. Is an array with one entry a number?",
)
def arrays_of_one_entry(f, n_bumps):
    """f is called with arrays of shape (1,)."""
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    heights = [f(x) for x in ((edges[:-1] + edges[1:]) / 2)[:, None]]
    return np.column_stack([edges[:-1], edges[1:], np.ravel(heights)])


@misconception(
    "approximate",
    caught_by="a_bump_on_each_piece",
    hint="At which places do you call f? Is it defined at all of them?",
)
def asked_at_the_ends(f, n_bumps):
    """f is also called at 0 and at 1, where it need not be defined."""
    places = np.linspace(0.0, 1.0, 2 * n_bumps + 1)
    heights = [f(x) for x in places]
    return np.column_stack([places[:-1:2], places[2::2], heights[1::2]])


# through_points


def polyline(X, Y, direction):
    """The weights for a direction, which are right if it keeps the points apart."""
    t = X @ direction
    order = np.argsort(t, kind="stable")
    t, Y = t[order], Y[order]
    slopes = np.zeros((len(t) + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(Y, axis=0) / np.diff(t)[:, None]
    return np.tile(direction, (len(t), 1)), -t, np.diff(slopes, axis=0).T, Y[0]


def away_from_all(n):
    """A direction from which hardly any two points coincide."""
    return np.cos(np.arange(n))


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="In which order are the points given, and in which do you go through them?",
)
def in_the_order_given(X, Y):
    """The points are not sorted."""
    u = away_from_all(X.shape[1])
    t = X @ u
    slopes = np.zeros((len(t) + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(Y, axis=0) / np.diff(t)[:, None]
    return np.tile(u, (len(t), 1)), -t, np.diff(slopes, axis=0).T, Y[0]


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="When the points change places, what must go along with them?",
)
def only_the_points_sorted(X, Y):
    """The points are sorted, but what should come out for them stays where it was."""
    u = away_from_all(X.shape[1])
    t = np.sort(X @ u)
    slopes = np.zeros((len(t) + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(Y, axis=0) / np.diff(t)[:, None]
    return np.tile(u, (len(t), 1)), -t, np.diff(slopes, axis=0).T, Y[0]


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="When the second ReLU wakes up, does the first one go to sleep?",
)
def slopes_for_changes(X, Y):
    """Each neuron gets the slope of its piece, though the neurons before it go on rising."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    return W1, b1, np.cumsum(W2, axis=1), b2


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "one_point_and_two"),
    hint="What does your network say before the first of its neurons wakes up?",
)
def starts_at_zero(X, Y):
    """The output bias is 0, so that everything is shifted by the height of the first point."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    return W1, b1, W2, np.zeros(len(b2))


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "one_point_and_two"),
    hint="At which x does relu(x + b) wake up?",
)
def bias_with_the_wrong_sign(X, Y):
    """The hidden biases have the wrong sign: the neurons wake up at minus the points."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    return W1, -b1, W2, b2


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="Are two points that are 0.1 apart as far from each other as two that are 10 apart?",
)
def as_if_one_apart(X, Y):
    """The slope is the difference of the heights, however far the points are apart."""
    u = away_from_all(X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    slopes = np.zeros((len(t) + 1, Y.shape[1]))
    slopes[1:-1] = np.diff(Y, axis=0)
    return np.tile(u, (len(t), 1)), -t, np.diff(slopes, axis=0).T, Y[0]


@misconception(
    "through_points",
    caught_by="straight_between_and_level_beyond",
    hint="What does your network say far to the right of the last point?",
)
def goes_on_for_ever(X, Y):
    """Nothing stops the last slope: beyond the last point the output goes on rising or falling."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    W2[:, -1] = 0.0
    return W1, b1, W2, b2


@misconception(
    "through_points",
    caught_by="straight_between_and_level_beyond",
    hint="What does your network say far to the left of the first point?",
)
def straight_on_to_the_left(X, Y):
    """The first piece goes on to the left, by a neuron that points that way."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    left = -W2[:, :1]
    return np.vstack([W1, -W1[:1]]), np.append(b1, -b1[0]), np.hstack([W2, left]), b2


@misconception(
    "through_points",
    caught_by="straight_between_and_level_beyond",
    hint="A staircase goes through the points as well. Is it straight between two neighbours?",
)
def a_staircase(X, Y):
    """A short steep ramp just before each point, and level in between."""
    u = away_from_all(X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    gap = min(np.diff(t), default=1.0) / 2
    rises = np.diff(Y, axis=0, prepend=Y[:1]).T / gap
    b1 = -np.concatenate([t - gap, t])
    return np.tile(u, (len(b1), 1)), b1, np.hstack([rises, -rises]), Y[0]


@misconception(
    "through_points",
    caught_by="straight_between_and_level_beyond",
    hint="What is the output halfway between two points?",
)
def spikes(X, Y):
    """A narrow hat on each point: between the points the output falls back to zero."""
    u = away_from_all(X.shape[1])
    t = X @ u
    gap = min(np.diff(np.sort(t)), default=1.0) / 2
    b1 = -np.concatenate([t - gap, t, t + gap])
    W2 = np.hstack([Y.T, -2 * Y.T, Y.T]) / gap
    return np.tile(u, (len(b1), 1)), b1, W2, np.zeros(Y.shape[1])


@misconception(
    "through_points",
    caught_by="points_with_many_features",
    hint="Your network looks at one feature. What if two points agree in it?",
)
def the_first_feature_only(X, Y):
    """Only the first feature is looked at."""
    return polyline(X, Y, np.eye(X.shape[1])[0])


@misconception(
    "through_points",
    caught_by="points_with_many_features",
    hint="Two different points may have the same sum of features. What then?",
)
def the_sum_of_the_features(X, Y):
    """The direction is (1, 1, ..., 1): points with the same sum coincide."""
    return polyline(X, Y, np.ones(X.shape[1]))


@misconception(
    "through_points",
    caught_by="points_with_many_features",
    hint="From your direction, do (2, 0) and (0, 1) coincide?",
)
def one_two_three(X, Y):
    """The direction is (1, 2, 3, ...), from which many points with whole features coincide."""
    return polyline(X, Y, np.arange(1.0, X.shape[1] + 1))


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="How many numbers must be right, and how many can your network set?",
)
def ten_neurons_fitted(X, Y):
    """Ten evenly spaced neurons, fitted by least squares: near the points, but not through them."""
    u = away_from_all(X.shape[1])
    t = X @ u
    knots = np.linspace(t.min(), t.max(), min(10, 4 * len(X)))
    H = np.column_stack([np.maximum(t[:, None] - knots, 0.0), np.ones(len(t))])
    w = np.linalg.lstsq(H, Y, rcond=None)[0]
    return np.tile(u, (len(knots), 1)), -knots, w[:-1].T, w[-1]


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="Exactly means exactly: which number did you add to your equations?",
)
def a_little_ridge(X, Y):
    """The linear system gets 1e-3 on its diagonal, so that its solution is only nearly right."""
    u = away_from_all(X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    H = np.maximum(t[:, None] - t[None, :], 0.0)
    W2 = np.linalg.solve(H.T @ H + 1e-3 * np.eye(len(t)), H.T @ (Y - Y[0])).T
    return np.tile(u, (len(t), 1)), -t, W2, Y[0]


@misconception(
    "through_points",
    caught_by="one_point_and_two",
    hint="Try a single point: how many slopes are there then?",
)
def two_points_at_least(X, Y):
    """The first slope is taken for granted: a single point is an error."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    first = W2[:, [0]] + 0.0 * (W2[:, [1]] if len(b1) > 1 else W2[:, [len(b1)]])
    return W1, b1, np.hstack([first, W2[:, 1:]]), b2


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="Whose array does X.sort() sort?",
)
def sorted_in_place(X, Y):
    """The caller's arrays are sorted in place."""
    order = np.argsort(X @ away_from_all(X.shape[1]))
    X[:], Y[:] = X[order], Y[order]
    return polyline(X, Y, away_from_all(X.shape[1]))


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "one_point_and_two"),
    hint="W has a row for each neuron of its layer. How many rows does your W1 have, and how many "
    "your W2?",
)
def neurons_in_columns(X, Y):
    """Both matrices are transposed: a column for each neuron instead of a row."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    return W1.T, b1, W2.T, b2


@misconception(
    "through_points",
    caught_by=("points_with_many_features", "straight_between_and_level_beyond"),
    hint="What do the other outputs say at the points?",
)
def first_output_for_all(X, Y):
    """The weights of the first output are used for all of them."""
    W1, b1, W2, b2 = polyline(X, Y, away_from_all(X.shape[1]))
    return W1, b1, np.repeat(W2[:1], len(b2), axis=0), np.full(len(b2), b2[0])


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="How many hidden neurons does your network have, and how many points are there?",
)
def a_thousand_neurons(X, Y):
    """The polyline is cut up into a thousand pieces, with a neuron for each."""
    u = away_from_all(X.shape[1])
    t = X @ u
    order = np.argsort(t)
    grid = np.sort(np.append(np.linspace(t.min() - 1, t.max() + 1, 1000), t))[:, None]
    fine = np.column_stack([np.interp(grid[:, 0], t[order], y[order]) for y in Y.T])
    W1, b1, W2, b2 = polyline(grid, fine, np.ones(1))
    return W1 * u, b1, np.nan_to_num(W2), b2


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "one_point_and_two"),
    hint="May the output fall as well as rise?",
)
def rises_only(X, Y):
    """The slopes are made positive, so that the output never falls."""
    u = away_from_all(X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    slopes = np.zeros((len(t) + 1, Y.shape[1]))
    slopes[1:-1] = np.maximum(np.diff(Y, axis=0) / np.diff(t)[:, None], 0.0)
    return np.tile(u, (len(t), 1)), -t, np.diff(slopes, axis=0).T, Y[0]


@misconception(
    "through_points",
    caught_by="points_with_many_features",
    hint="From your direction, do (10, 0) and (0, 1) coincide?",
)
def powers_of_ten(X, Y):
    """The direction is (1, 10, 100, ...), as if every feature were a digit."""
    return polyline(X, Y, 10.0 ** np.arange(X.shape[1]))


@misconception(
    "through_points",
    caught_by="points_with_many_features",
    hint="Your direction is that in which the points are spread most. Does it keep all apart?",
)
def widest_direction(X, Y):
    """The direction of the largest spread: points may coincide in it all the same."""
    n = X.shape[1]
    if n == 1 or len(X) == 1:
        return polyline(X, Y, away_from_all(n))
    return polyline(X, Y, np.linalg.svd(X - X.mean(axis=0))[2][0])


@misconception(
    "through_points",
    caught_by="every_point_on_a_line",
    hint="Is a point of no use if the one beside it has the same height?",
)
def equal_heights_left_out(X, Y):
    """Points with the same outputs as the one before them are left out."""
    order = np.argsort(X @ away_from_all(X.shape[1]))
    X, Y = X[order], Y[order]
    keep = np.append(True, np.any(np.diff(Y, axis=0) != 0, axis=1))
    return polyline(X[keep], Y[keep], away_from_all(X.shape[1]))


@misconception(
    "through_points",
    caught_by="straight_between_and_level_beyond",
    hint="What is the output at a quarter of the way from a point to the next?",
)
def ramps_in_the_middle(X, Y):
    """Level around each point, and a steeper ramp in the middle half of each gap."""
    u = away_from_all(X.shape[1])
    order = np.argsort(X @ u)
    t, Y = (X @ u)[order], Y[order]
    if len(t) == 1:
        return polyline(X, Y, u)
    gaps = np.diff(t)
    starts, ends = t[:-1] + gaps / 4, t[1:] - gaps / 4
    slopes = (np.diff(Y, axis=0) / (ends - starts)[:, None]).T
    W1 = np.tile(u, (2 * len(gaps), 1))
    return W1, -np.concatenate([starts, ends]), np.hstack([slopes, -slopes]), Y[0]


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "one_point_and_two", "points_with_many_features"),
    hint="Count your hidden neurons for ten outputs. Can all outputs use the same ones?",
)
def neurons_for_each_output(X, Y):
    """Each output has hidden neurons of its own: too many from five outputs on."""
    (m, n), n_2 = X.shape, Y.shape[1]
    direction = np.cos(np.arange(n))
    along = X @ direction
    order = np.argsort(along)
    along, Y = along[order], Y[order]
    slopes = np.diff(Y, axis=0) / np.diff(along)[:, None]
    flat = np.zeros((1, n_2))
    bends = np.diff(np.concatenate([flat, slopes, flat]), axis=0)
    W2 = np.zeros((n_2, n_2 * m))
    for k in range(n_2):
        W2[k, k * m : (k + 1) * m] = bends[:, k]
    return np.tile(direction, (n_2 * m, 1)), np.tile(-along, n_2), W2, Y[0]


@misconception(
    "through_points",
    caught_by=("every_point_on_a_line", "points_with_many_features"),
    hint="Work out two networks and try the first one again. What does it share with the second?",
)
def bends_in_one_store(X, Y):
    """W2 is a piece of an array that the next call fills again."""
    (m, n), n_2 = X.shape, Y.shape[1]
    direction = np.cos(np.arange(n))
    along = X @ direction
    order = np.argsort(along)
    along, Y = along[order], Y[order]
    slopes = np.diff(Y, axis=0) / np.diff(along)[:, None]
    flat = np.zeros((1, n_2))
    W2 = SHARED.setdefault("store", np.zeros((99, 999)))[:n_2, :m]
    W2[:] = np.diff(np.concatenate([flat, slopes, flat]), axis=0).T
    return np.tile(direction, (m, 1)), -along, W2, Y[0]
