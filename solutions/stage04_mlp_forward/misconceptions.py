"""Wrong solutions of stage 4, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

# sigmoid


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_large_numbers",
    hint="What is the exponential of 1000, and what is infinity divided by infinity?",
)
def growing_exponential(z):
    """Form (4) for all numbers: infinity over infinity on the right side."""
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
    hint="Element-wise: has an entry anything to do with its neighbours?",
)
def divided_by_the_sum(z):
    """The exponentials are divided by their sum over all the entries."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


@misconception(
    "sigmoid",
    caught_by="sigmoid_of_any_shape",
    hint="A straight line through (0, 1/2), cut off at 0 and 1: is that formula (3)?",
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


# tanh


@misconception(
    "tanh",
    caught_by="tanh_of_large_numbers",
    hint="Both exponentials of formula (5) grow: at which end does which one?",
)
def formula_as_it_stands(z):
    """The first form of (5) as it is: infinity over infinity at both ends."""
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@misconception(
    "tanh",
    caught_by="tanh_of_any_shape",
    hint="Formula (5) has two factors of 2. Are both in your code?",
)
def half_the_argument(z):
    """The sigmoid is taken of z instead of 2z."""
    return 2.0 * sigmoid(z) - 1.0


@misconception(
    "tanh",
    caught_by=("tanh_of_any_shape", "tanh_of_large_numbers"),
    hint="Between which numbers does tanh lie?",
)
def between_zero_and_one(z):
    """Only the argument is doubled: the result lies between 0 and 1."""
    return sigmoid(2.0 * z)


@misconception(
    "tanh",
    caught_by=("tanh_of_any_shape", "tanh_of_large_numbers"),
    hint="What is tanh(-ln 2)?",
)
def sign_lost(z):
    """The result is never negative."""
    e = np.exp(-2.0 * np.abs(z))
    return (1 - e) / (1 + e)


@misconception(
    "tanh",
    caught_by=("tanh_of_any_shape", "tanh_of_large_numbers"),
    hint="What is the denominator of formula (5)?",
)
def hyperbolic_sine(z):
    """The denominator is 2: that is the hyperbolic sine."""
    return (np.exp(z) - np.exp(-z)) / 2


@misconception(
    "tanh",
    caught_by=("tanh_of_any_shape", "tanh_of_large_numbers"),
    hint="Which of the two exponentials has the minus sign in the numerator?",
)
def tanh_upside_down(z):
    """The sign is the wrong one."""
    return 1.0 - 2.0 * sigmoid(2.0 * z)


@misconception(
    "tanh",
    caught_by="tanh_of_any_shape",
    hint="The tangent and the hyperbolic tangent are different functions.",
)
def another_s_curve(z):
    """z / (1 + |z|) looks similar, but is another function."""
    return z / (1.0 + np.abs(z))


@misconception(
    "tanh",
    caught_by="tanh_of_any_shape",
    hint="Is z the same after your function has run?",
)
def doubled_in_place(z):
    """2z is written into the caller's array."""
    if z.dtype.kind == "f" and z.ndim:
        z *= 2
        return 2.0 * sigmoid(z) - 1.0
    return 2.0 * sigmoid(2.0 * z) - 1.0


# relu


@misconception(
    "relu",
    caught_by="relu_makes_a_new_array",
    hint="Whose array does `z[z < 0] = 0` write into?",
)
def relu_in_place(z):
    """The negative entries of the caller's array are overwritten."""
    if z.dtype.kind == "f" and z.ndim:
        z[z < 0] = 0
        return z
    return np.maximum(z, 0.0)


@misconception(
    "relu",
    caught_by="relu_of_any_shape",
    hint="What is the dtype of your result for an array of whole numbers?",
)
def whole_numbers_stay(z):
    """An array of whole numbers stays one of whole numbers."""
    return np.maximum(z, 0)


@misconception(
    "relu",
    caught_by=("relu_of_any_shape", "relu_makes_a_new_array"),
    hint="What should become of -2: 2, or 0?",
)
def size_instead_of_positive_part(z):
    """The size of z: negative entries are turned round instead of being blocked."""
    return np.abs(z).astype(float)


@misconception(
    "relu",
    caught_by=("relu_of_any_shape", "relu_makes_a_new_array"),
    hint="Is it the function that you return, or its slope?",
)
def slope_of_relu(z):
    """1 where z is positive, else 0: that is the slope."""
    return (z > 0).astype(float)


@misconception(
    "relu",
    caught_by=("relu_of_any_shape", "relu_makes_a_new_array"),
    hint="Which of the two is larger, z or 0? And which one do you return?",
)
def smaller_of_two(z):
    """The smaller of z and 0: the negative part."""
    return np.minimum(z, 0.0)


@misconception(
    "relu",
    caught_by=("relu_of_any_shape", "relu_makes_a_new_array"),
    hint="What is the second argument of `np.max`?",
)
def maximum_over_an_axis(z):
    """np.max(z, 0) is the largest entry along axis 0."""
    return np.max(z, 0) if z.ndim else np.maximum(z, 0.0)


@misconception(
    "relu",
    caught_by="relu_makes_a_new_array",
    hint="What becomes of 1000?",
)
def cut_off_at_the_top(z):
    """Large numbers are cut off at 6."""
    return np.clip(z, 0.0, 6.0)


# leaky_relu


@misconception(
    "leaky_relu",
    caught_by="leaky_relu_with_any_slope",
    hint="One of the two arguments has no effect in your function.",
)
def slope_fixed(z, alpha=0.01):
    """The slope is 0.01, whatever alpha is."""
    return np.where(z >= 0, z, 0.01 * z)


@misconception(
    "leaky_relu",
    caught_by=("leaky_relu_of_any_shape", "leaky_relu_with_any_slope"),
    hint="On which side is the slope alpha?",
)
def leaks_on_the_right(z, alpha=0.01):
    """The slope alpha is on the positive side."""
    return np.where(z >= 0, alpha * z, z)


@misconception(
    "leaky_relu",
    caught_by=("leaky_relu_of_any_shape", "leaky_relu_with_any_slope"),
    hint="For negative z, is your result negative?",
)
def rises_on_the_left(z, alpha=0.01):
    """Negative entries become small positive ones."""
    return np.where(z >= 0, z, -alpha * z)


@misconception(
    "leaky_relu",
    caught_by=("leaky_relu_of_any_shape", "leaky_relu_with_any_slope"),
    hint="Put z = -2 and α = 0.1 into your function.",
)
def floor_instead_of_slope(z, alpha=0.01):
    """The maximum of z and -alpha: a floor, not a slope."""
    return np.maximum(z, -alpha)


@misconception(
    "leaky_relu",
    caught_by=("leaky_relu_of_any_shape", "leaky_relu_with_any_slope"),
    hint="What is the larger of -2 and -0.2? And the smaller?",
)
def smaller_instead_of_larger(z, alpha=0.01):
    """The smaller of z and alpha z."""
    return np.minimum(z, alpha * z)


@misconception(
    "leaky_relu",
    caught_by="leaky_relu_of_any_shape",
    hint="Read the signature once more: which value has alpha if none is given?",
)
def another_default(z, alpha=0.1):
    """The default of alpha is another one."""
    return np.where(z >= 0, z, alpha * z)


@misconception(
    "leaky_relu",
    caught_by="leaky_relu_with_any_slope",
    hint="Whose array does `z[z < 0] *= alpha` write into?",
)
def leaks_in_place(z, alpha=0.01):
    """The negative entries are scaled in the caller's array."""
    if z.dtype.kind == "f" and z.ndim:
        z[z < 0] *= alpha
        return z
    return np.where(z >= 0, z, alpha * z)


# elu


@misconception(
    "elu",
    caught_by=("elu_of_any_shape", "elu_with_any_floor"),
    hint="What is elu just below zero? Does your function jump there?",
)
def minus_one_forgotten(z, alpha=1.0):
    """The -1 is missing: the function jumps at zero and is never negative."""
    return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)))


@misconception(
    "elu",
    caught_by="elu_with_any_floor",
    hint="Is all of the bracket of formula (7) multiplied?",
)
def alpha_times_the_exponential_only(z, alpha=1.0):
    """alpha multiplies the exponential, but not the -1."""
    return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)) - 1)


@misconception(
    "elu",
    caught_by="elu_with_any_floor",
    hint="One of the two arguments has no effect in your function.",
)
def alpha_ignored(z, alpha=1.0):
    """alpha is not used."""
    return np.where(z >= 0, z, np.expm1(np.minimum(z, 0.0)))


@misconception(
    "elu",
    caught_by="elu_with_any_floor",
    hint="What is zero times infinity?",
)
def chosen_by_multiplication(z, alpha=1.0):
    """The sides are chosen by multiplying with masks: zero times infinity is not a number."""
    return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


@misconception(
    "elu",
    caught_by=("elu_of_any_shape", "elu_with_any_floor"),
    hint="Which is larger on the right side, z or the exponential?",
)
def larger_of_both_sides(z, alpha=1.0):
    """The larger of the two sides of (7): on the right that is the exponential."""
    return np.maximum(z, alpha * np.expm1(z))


@misconception(
    "elu",
    caught_by="elu_with_any_floor",
    hint="What does alpha multiply in formula (7): the exponent, or the bracket?",
)
def alpha_in_the_exponent(z, alpha=1.0):
    """alpha is in the exponent."""
    return np.where(z >= 0, z, np.expm1(alpha * np.minimum(z, 0.0)))


@misconception(
    "elu",
    caught_by=("elu_of_any_shape", "elu_with_any_floor"),
    hint="How low does elu go for very negative z?",
)
def leaky_instead_of_exponential(z, alpha=1.0):
    """A straight line on the left, as of the leaky ReLU."""
    return np.where(z >= 0, z, alpha * z / 10)


# softplus


@misconception(
    "softplus",
    caught_by="softplus_of_large_numbers",
    hint="What is the exponential of 1000?",
)
def overflowing(z):
    """Formula (8) as it is: infinite for large z."""
    return np.log(1 + np.exp(z))


@misconception(
    "softplus",
    caught_by=("softplus_of_any_shape", "softplus_of_large_numbers"),
    hint="For which z is formula (9) meant? What happens to it for the others?",
)
def nine_on_both_sides(z):
    """Formula (9) with the positive part, but with exp(-z) on the left side, too."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-z))


@misconception(
    "softplus",
    caught_by=("softplus_of_any_shape", "softplus_of_large_numbers"),
    hint="Which logarithm has the base e?",
)
def decimal_logarithm(z):
    """The logarithm is that of base 10."""
    return np.logaddexp(0.0, z) / np.log(10)


@misconception(
    "softplus",
    caught_by="softplus_of_any_shape",
    hint="What is softplus(0)?",
)
def corner_not_rounded(z):
    """The rounding of the corner is left out: that is a ReLU."""
    return np.maximum(z, 0.0)


@misconception(
    "softplus",
    caught_by=("softplus_of_any_shape", "softplus_of_large_numbers"),
    hint="What is added to 1 in formula (8)?",
)
def exponential_forgotten(z):
    """ln(1 + z), without an exponential."""
    return np.log1p(np.maximum(z, 0.0))


@misconception(
    "softplus",
    caught_by=("softplus_of_any_shape", "softplus_of_large_numbers"),
    hint="How large is your function at z = 1000?",
)
def slope_of_softplus(z):
    """The sigmoid, which is the slope of softplus."""
    return sigmoid(z)


@misconception(
    "softplus",
    caught_by="softplus_of_large_numbers",
    hint="Is softplus(1000) really as small as softplus of your limit?",
)
def clipped_at_the_top(z):
    """z is clipped at 30 to avoid the overflow."""
    return np.log1p(np.exp(np.minimum(z, 30.0)))


# count_params


@misconception(
    "count_params",
    caught_by="weights_and_biases_of_every_layer",
    hint="Weights are not all that a neuron has.",
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
    hint="How many biases has a layer: one, or one for each neuron?",
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
    hint="Has the output layer parameters?",
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
    hint="With what do the biases start?",
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
    hint="Formula (10) has one thing more than a product.",
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
    hint="Has the last layer an activation?",
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
    hint="How many layers has your network?",
)
def two_layers_hard_coded(params, X, activations):
    """Exactly two layers, the first ones, whatever params holds."""
    (W1, b1), (W2, b2) = params[:2]
    Z1 = X @ W1.T + b1
    A1 = activate(activations[0], Z1)
    Z2 = A1 @ W2.T + b2
    A2 = activate(activations[1], Z2)
    return A2, {"A": [X, A1, A2], "Z": [None, Z1, Z2], "activations": activations}


# bump


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="What is your function far to the right?",
)
def steps_added(x, left, right, height, steepness=10_000.0):
    """Two steps up, instead of one up and one down."""
    return height * (sigmoid(steepness * (x - left)) + sigmoid(steepness * (x - right)))


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="Where is steepness * x - left equal to zero?",
)
def edge_not_multiplied(x, left, right, height, steepness=10_000.0):
    """The edges are subtracted after the multiplication, so the steps are near zero."""
    return height * (sigmoid(steepness * x - left) - sigmoid(steepness * x - right))


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="One of the arguments has no effect in your function.",
)
def steepness_ignored(x, left, right, height, steepness=10_000.0):
    """The steepness is always 10,000."""
    return height * (sigmoid(10_000.0 * (x - left)) - sigmoid(10_000.0 * (x - right)))


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="How high is your bump?",
)
def height_one(x, left, right, height, steepness=10_000.0):
    """The height is always 1."""
    return sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right))


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="Which comes first on the way from left to right, the step up or the step down?",
)
def upside_down(x, left, right, height, steepness=10_000.0):
    """Down first, up afterwards."""
    return height * (sigmoid(steepness * (x - right)) - sigmoid(steepness * (x - left)))


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="What does formula (13) say half-way up, and for a steepness of 2?",
)
def hard_edges(x, left, right, height, steepness=10_000.0):
    """Hard edges, instead of sigmoids."""
    return np.where((x >= left) & (x < right), height, 0.0)


@misconception(
    "bump",
    caught_by="bump_between_left_and_right",
    hint="Multiplying two sigmoids looks similar. Is it formula (13)?",
)
def product_of_sigmoids(x, left, right, height, steepness=10_000.0):
    """The product of a step up and a step down: the same only if both are hard."""
    return height * sigmoid(steepness * (x - left)) * sigmoid(steepness * (right - x))


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
    hint="Is your bump 0 outside of left and right?",
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
    """The fourth ReLU is missing, so the function falls for ever."""
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
    """Another ReLU around it all cuts off bumps of negative height."""
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


# approximate


@misconception(
    "approximate",
    caught_by=("a_bump_on_each_piece", "error_falls_with_more_bumps"),
    hint="Where in its piece is the function asked?",
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
    hint="From where to where do your pieces go?",
)
def pieces_of_width_one(f, n_bumps):
    """The pieces have width 1 and go from 0 to N."""
    i = np.arange(float(n_bumps))
    return np.column_stack([i, i + 1, [f(x) for x in i + 0.5]])
