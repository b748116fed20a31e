# %% [markdown]
# # Stage 4: Networks
#
# **Here is a sheet of paper with a ring of squares around a ring of circles. You may cut it once,
# along a straight line. Can you separate the two?**
#
# Not as it lies there. But you may fold the paper first. Fold it along the vertical axis, so that
# the left half comes to lie on the right one; fold it again along the horizontal axis; and cut off
# the corner.
#
# That is what a neural network does. Its hidden layers stretch, turn and fold the space in which
# the examples lie, until a straight cut is enough. In this notebook you will build networks of any
# width and depth, watch them fold, and see why a single hidden layer can imitate *every* continuous
# function. How a network *learns* its folds is the story of the next two stages.
#
# **About 90 minutes**: 40 for the seven tasks, 25 for the project, and the rest for the text and
# its questions.

# %%
from itertools import pairwise

import numpy as np

from nndata.testing import near, stays, unchanged

# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
import time
from itertools import product

import matplotlib.pyplot as plt

from nndata import load_digits, make_moons, make_rings, plots

plots.use_style()


# %% demo folded
def draw_examples(ax, X, y, size=30):
    """Draw class 0 as dark circles and class 1 as light squares."""
    for label in (0, 1):
        look = {"c": plots.COLOURS[label], "marker": plots.MARKERS[label], "edgecolors": "k"}
        ax.scatter(*X[y == label].T, s=size, lw=0.7, zorder=3, label=f"class {label}", **look)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


X_rings, y_rings = make_rings(240, np.random.default_rng(1), noise=0.08)
folded_once = np.column_stack([np.abs(X_rings[:, 0]), X_rings[:, 1]])
folds = {"The paper": X_rings, "Folded once": folded_once, "Folded twice": np.abs(X_rings)}
fig, axes = plt.subplots(1, 3, figsize=(7, 2.9), sharey=True, layout="constrained")
for ax, (title, points) in zip(axes, folds.items(), strict=True):
    draw_examples(ax, points, y_rings, size=16)
    ax.set(title=title, xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
    ax.label_outer()
axes[2].axline((1.7, 0), (0, 1.7), color="k", ls="--")
plots.show(
    alt="Two rings of examples, circles inside squares. Folded once, they are half rings; folded "
    "twice they are quarters, and a straight line separates them."
)

# %% [markdown]
# ## 1. One neuron
#
# A **neuron** does two things. It computes a weighted sum, and it passes the sum through a function
# $g$, its **activation**:
#
# $$z = w \cdot x + b, \qquad a = g(z). \tag{1}$$
#
# The perceptron is the neuron whose $g$ is a hard threshold. In stage 3 you saw that *some* bend is
# needed between layers, since linear layers collapse. The simplest bend lets positive sums pass and
# blocks the others. It is called the **rectified linear unit**, in short ReLU:
#
# $$\text{linear}(z) = z, \qquad
# \text{step}(z) = \begin{cases} 1 & \text{if } z \ge 0 \\ 0 & \text{otherwise,} \end{cases} \qquad
# \text{relu}(z) = \max(z, 0). \tag{2}$$
#
# The next cell gives you these three, as an example of what we ask of an activation in this course:
#
# - it takes an array of *any* shape (with one entry or more) and works **element-wise**: every
#   entry on its own;
# - the result is a new array of the same shape, and the argument is not changed;
# - the result holds **floats** (`float64`), also for an array of integers (`int64`);
# - it is right up to rounding, at least between $-1000$ and $1000$, and NumPy warns of no
#   overflow on the way. (Silencing the warning with `np.errstate` is allowed.)
#
# As in earlier stages, every function of this notebook leaves its arguments as they were, and
# what it has returned stays as it is when it is called again.


# %%
def linear(z):
    """Return z itself, as floats."""
    return np.array(z, dtype=float)


def step(z):
    """Return 1.0 where z >= 0, else 0.0."""
    return (np.asarray(z) >= 0).astype(float)


def relu(z):
    """Return z where z > 0, else 0.0."""
    return np.maximum(z, 0.0)


# %% [markdown]
# **Question.** A neuron with $g = \text{step}$ is a perceptron. What do you know, or what have you
# heard of, that is a neuron with $g = \text{linear}$? And with a $g$ that rises smoothly from 0 to
# 1, so that $a$ can be read as a probability?
#
# <details><summary>Answer</summary>
#
# With $g = \text{linear}$ it is **linear regression**: $\hat y = w \cdot x + b$. With a smooth rise
# from 0 to 1, namely the sigmoid of section 4, it is **logistic regression**. The three differ in
# nothing but $g$ (and in how they are trained: see stage 6). They were invented in three different
# sciences, and the neuron is what they have in common.
#
# </details>
#
# ### What one neuron sees
#
# A neuron with two inputs gives a number to each point of the plane. The lines along which that
# number stays the same are its **level curves**.

# %% demo folded
w, b = np.array([1.5, 1.0]), -0.5
side = np.linspace(-3, 3, 121)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
z = (plane @ w + b).reshape(121, 121)
fig, axes = plt.subplots(2, 2, figsize=(5.6, 5.8), layout="constrained")
for ax, g in zip(axes.flat, (linear, step, np.tanh, relu), strict=True):
    lowest, highest = g(z).min(), g(z).max()
    shades = {"cmap": "Greys", "vmin": lowest, "vmax": 2 * highest - lowest}
    ax.contourf(side, side, g(z), levels=12, **shades)
    if g is not step:
        levels = [-0.9, 0.9] if g is np.tanh else [-4, -2, 1, 2, 4]
        lines = ax.contour(side, side, g(z), levels=levels, colors=plots.COLOURS[5], linewidths=1)
        ax.clabel(lines, fontsize=9)
    ax.axline((0, 0.5), slope=-1.5, color="k", lw=2)
    ax.annotate("", (1.5, 1.0), (0, 0), arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "k"})
    ax.set(title=g.__name__, xlabel="$x_1$", ylabel="$x_2$", xlim=(-3, 3), ylim=(-3, 3))
    ax.set_aspect("equal")
plots.show(
    alt="One neuron over the plane with four activations: linear, step, tanh and relu. The level "
    "curves are straight, parallel and at right angles to the arrow w in all four; only how "
    "the value changes along the arrow differs."
)

# %% [markdown]
# **Question `squared_sum`.** The level curves are straight and parallel in all four pictures. (The
# arrow is $w$.) Take $g(z) = z^2$ instead. Where in the plane is $a = 1$? (Type the letter, in
# quotes, in place of the dots, and run the cell.)
#
# - **a** On a circle.
# - **b** On a parabola.
# - **c** On one straight line.
# - **d** On two parallel lines.

# %% question="squared_sum"
answer("squared_sum", ...)

# %% [markdown]
# ## 2. Layers, and layers of layers
#
# Put neurons side by side into **layers** and layers one after the other into a **network**, also
# called a multi-layer perceptron (MLP). Layer $l$ takes the outputs of layer $l - 1$ as its inputs.
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $L$ | | number of layers; the input is not counted |
# | $n_l$ | | number of neurons in layer $l$; $n_0$ is the number of features |
# | $W^{[l]}$ | $(n_l, n_{l-1})$ | weights; row $j$ belongs to neuron $j$ |
# | $b^{[l]}$ | $(n_l,)$ | biases |
# | $g^{[l]}$ | | activation, the same for the whole layer |
# | $Z^{[l]}$ | $(m, n_l)$ | weighted sums, a row for each example |
# | $A^{[l]}$ | $(m, n_l)$ | activations $g^{[l]}(Z^{[l]})$; $A^{[0]} = X$ |
#
# $$Z^{[l]} = A^{[l-1]} \, {W^{[l]}}^T + b^{[l]}, \qquad A^{[l]} = g^{[l]}(Z^{[l]}), \qquad
# l = 1, \dots, L. \tag{3}$$
#
# For a single example it is often written as $z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$. The layers
# $1$ to $L - 1$ are **hidden**.

# %% demo folded


def draw_network(ax, sizes, labels):
    """Draw the neurons of a network, a column for each layer, with every connection."""
    places = [[(2.0 * x, (n - 1) / 2 - k) for k in range(n)] for x, n in enumerate(sizes)]
    for here, there in pairwise(places):
        for start, end in product(here, there):
            ax.plot(*zip(start, end, strict=True), color="0.6", lw=1, zorder=1)
    for x, (column, label) in enumerate(zip(places, labels, strict=True)):
        for place in column:
            ax.scatter(*place, s=420, color="white", edgecolors="k", lw=1.5, zorder=2)
        ax.text(2.0 * x, -max(sizes) / 2 - 0.35, label, ha="center", va="top")
    for x, (n_in, n_out) in enumerate(pairwise(sizes)):
        label = f"$W^{{[{x + 1}]}}$: ({n_out}, {n_in})"
        ax.text(2.0 * x + 1, max(sizes) / 2 + 0.1, label, ha="center")
    ax.set(xlim=(-0.8, 2.0 * len(sizes) - 1.2), ylim=(-max(sizes) / 2 - 1.1, max(sizes) / 2 + 0.6))
    ax.set_axis_off()


fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
draw_network(ax, [3, 5, 4, 2], ["$A^{[0]} = X$\n3 features", "$A^{[1]}$", "$A^{[2]}$", "$A^{[3]}$"])
ax.set_title("A network with three layers, two of them hidden")
plots.show(
    alt="A network drawn as columns of 3, 5, 4 and 2 neurons, each joined to all neurons of the "
    "next column. The weights in between have the shapes (5, 3), (4, 5) and (2, 4)."
)

# %% [markdown]
# **Question `weights_of_a_layer`.** You pass a batch through a network and look at two arrays:
# $A^{[1]}$ has the shape $(m, p)$, and $Z^{[2]}$ has the shape $(m, q)$. What is the shape of
# $W^{[2]}$? (Run the cell below: it shows your $m$, $p$ and $q$. Type a shape in round brackets,
# for instance `(60, 10)`.)

# %% question="weights_of_a_layer"
answer("weights_of_a_layer", ...)

# %% [markdown]
# ### How many numbers?
#
# We describe a network by its **layer sizes**, from the input to the output: `[3, 5, 4, 2]` is the
# one in the picture. Its parameters are all the weights and all the biases.
#
# **By hand.** `[3, 5, 2]`: the first layer has $5 \cdot 3$ weights and 5 biases, the second
# $2 \cdot 5$ weights and 2 biases. That is $15 + 5 + 10 + 2 = 32$.
#
# ### Task: `count_params`
# *Difficulty 1 of 3, about 3 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Look at one layer of the picture. How many lines come into one of its neurons, and what does the
# neuron have besides?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each layer has `n_in * n_out` weights and `n_out` biases. Go through the pairs of neighbours in
# the list: `pairwise(layer_sizes)`, which the notebook imports at the top, yields them.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `sum(___ for n_in, n_out in pairwise(layer_sizes))`
#
# </details>


# %% task="count_params"
def count_params(layer_sizes):
    """Count the weights and biases of a network.

    Parameters
    ----------
    layer_sizes : list of int
        The number of features, then the number of neurons of each layer; at least two entries.
        Not changed.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(layer_sizes))
    ### END SOLUTION


# %% tests="count_params"
assert count_params([3, 5, 2]) == 32, "the worked example has 32 parameters"
assert count_params([4, 1]) == 5, "one neuron with four inputs has 4 weights and 1 bias"
assert count_params([784, 512, 10]) == 407_050, "401,920 in the first layer, 5,130 in the second"
assert count_params([3, 1, 1, 2]) == 10, "a layer with a single neuron has a bias like the others"
assert count_params([1] * 41) == 80, "forty layers with one weight and one bias each"
count = count_params([2, 3, 2, 3, 4])
assert count == 42, f"[2, 3, 2, 3, 4] has 9 + 8 + 9 + 16 = 42 parameters, not {count}"
assert isinstance(count, int | np.integer), f"a count is a whole number, not {count!r}"
assert unchanged(count_params, [2, 3, 4]), "count_params changed the caller's list"

# %% demo
for sizes in ([784, 10], [784, 32, 10], [784, 512, 10], [784, 512, 512, 10]):
    print(f"{sizes!s:>20}: {count_params(sizes):>9,} parameters")

# %% [markdown]
# **Question.** The ten perceptrons of stage 2, `[784, 10]`, have 7,850 parameters. Where do those
# of the last network sit?
#
# <details><summary>Answer</summary>
#
# $784 \cdot 512 + 512 = 401{,}920$ in the first layer, $512 \cdot 512 + 512 = 262{,}656$ in the
# second, and only $5{,}130$ in the last. The number grows with the *product* of the widths of two
# neighbours: twice as wide is four times as many. Twice as deep is only twice as many.
#
# </details>

# %% [markdown]
# ### For the curious: small, medium, large
#
# Today a network with some hundred thousand parameters counts as small, one with millions up to
# billions as medium, and one with hundreds of billions or more as large. How wide would two
# hidden layers have to be for that? And what would it take merely to *store* the parameters, at
# four bytes each?

# %% demo
for name, n_hidden in (("small", 500), ("medium", 30_000), ("large", 1_000_000)):
    n_params = count_params([784, n_hidden, n_hidden, 10])
    print(f"{name:>6}: {n_hidden:9,} wide, {n_params:17,} parameters", end=", ")
    print(f"{4 * n_params / 1e9:9,.3f} GB")

# %% [markdown]
# ### Forward
#
# Evaluating a network is called the **forward pass**: formula (3) for $l = 1$, then for $l = 2$,
# and so on. Learning will need all the $Z^{[l]}$ and $A^{[l]}$ again, so we keep them in a
# dictionary, the **cache**. The parameters of a network are a list of pairs `(W, b)`, first layer
# first.
#
# **By hand.** Two inputs, two hidden ReLUs, one linear output:
#
# $$W^{[1]} = \begin{pmatrix} 1 & -1 \\ 0 & 2 \end{pmatrix},\; b^{[1]} = (0, -1), \qquad
# W^{[2]} = \begin{pmatrix} 1 & 2 \end{pmatrix},\; b^{[2]} = (-1).$$
#
# | $x$ | $z^{[1]} = W^{[1]} x + b^{[1]}$ | $a^{[1]}$ | $z^{[2]} = a^{[2]}$ |
# |:-:|:-:|:-:|:-:|
# | $(2, 1)$ | $(2 - 1,\; 2 - 1) = (1, 1)$ | $(1, 1)$ | $1 + 2 - 1 = 2$ |
# | $(0, 1)$ | $(0 - 1,\; 2 - 1) = (-1, 1)$ | $(0, 1)$ | $0 + 2 - 1 = 1$ |
#
# **Question `output_by_hand`.** The same kind of network with other numbers: the rows of $W^{[1]}$
# are $u$ and $v$, and $b^{[1]} = b$; the only row of $W^{[2]}$ is $w$, and $b^{[2]} = (c)$. What is
# the output for the example $x$? (The cell below shows your numbers. Type your answer in place of
# the dots.)

# %% question="output_by_hand"
answer("output_by_hand", ...)

# %% [markdown]
# The next cell gives you a function that finds an activation by its name. (Section 4 will add four
# more.)


# %%
def activate(name, z):
    """Apply the activation with this name to z."""
    functions = {"linear": linear, "step": step, "relu": relu, "tanh": np.tanh}
    return functions[name](z)


# %% [markdown]
# ### Task: `forward`
# *Difficulty 2 of 3, about 9 minutes.*
#
# `X` is a table of $m$ examples, or a *single* example of shape `(n,)`. For the latter every array
# of the cache, and the output, has one dimension less.
#
# <details><summary>Hint 1</summary>
#
# The picture has a column for each $A^{[l]}$. What do you need to get from one column to the next,
# and which part of it is in `params`, which in `activations`?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Begin with $A = X$. In a loop over the layers compute $Z$ by (3), then the new $A$, and append
# each to its list in the cache. The transpose `W.T` does the right thing for `A` of shape
# `(m, n_in)` and for `A` of shape `(n_in,)`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `for (W, b), name in zip(params, activations):` goes through the layers, and inside it
# `Z = cache["A"][-1] @ ___ + ___`.
#
# </details>


# %% task="forward"
def forward(params, X, activations):
    """Evaluate a network, formula (3).

    Parameters
    ----------
    params : list of (W, b)
        One pair for each of the L layers: float, shapes (n_out, n_in) and (n_out,). Not changed.
    X : ndarray of float or int, shape (m, n) or (n,)
        The examples, in rows; or a single one. Not changed.
    activations : list of str
        The name of each layer's activation, for `activate`. Not changed.

    Returns
    -------
    A_L : ndarray of float64, shape (m, n_L) or (n_L,)
        The output of the last layer.
    cache : dict
        ``cache["A"]`` is the list ``[X, A1, ..., AL]``, with `X` or a copy of it (in floats, if
        you like), ``cache["Z"]`` the list ``[None, Z1, ..., ZL]``, and ``cache["activations"]``
        the list of the names as given.
    """
    ### BEGIN SOLUTION
    cache = {"A": [X], "Z": [None], "activations": activations}
    for (W, b), name in zip(params, activations, strict=True):
        Z = cache["A"][-1] @ W.T + b
        cache["Z"].append(Z)
        cache["A"].append(activate(name, Z))
    return cache["A"][-1], cache
    ### END SOLUTION


# %% tests="forward"
params = [
    (np.array([[1.0, -1.0], [0.0, 2.0]]), np.array([0.0, -1.0])),
    (np.array([[1.0, 2.0]]), np.array([-1.0])),
]
A_L, cache = forward(params, np.array([[2, 1], [0, 1]]), ["relu", "linear"])
assert near(A_L, [[2], [1]]), f"the outputs of the table are 2 and 1, in a column, not {A_L}"
assert sorted(cache) == ["A", "Z", "activations"], f"the cache has the keys {sorted(cache)}"
assert len(cache["A"]) == 3, f"A0, A1 and A2 belong in cache['A'], not {len(cache['A'])} arrays"
assert len(cache["Z"]) == 3, f"None, Z1 and Z2 belong in cache['Z'], not {len(cache['Z'])} things"
assert cache["Z"][0] is None, "cache['Z'][0] should be None, so that cache['Z'][l] is Z of layer l"
assert near(cache["Z"][1], [[1, 1], [-1, 1]]), f"by the table, Z1 is not {cache['Z'][1]}"
assert near(cache["A"][1], [[1, 1], [0, 1]]), f"by the table, A1 is not {cache['A'][1]}"
one, one_cache = forward(params, np.array([0, 1]), ["relu", "linear"])
assert near(one, [1]), f"for the single example (0, 1) the output is an array with a 1, not {one!r}"

rng = np.random.default_rng(4)
names, sizes = ["tanh", "relu", "step", "relu", "tanh"], [3, 5, 4, 4, 6, 2]
params = [(rng.normal(size=(o, i)), rng.normal(size=o)) for i, o in pairwise(sizes)]
X = rng.integers(-3000, 3001, size=(6, 3))
assert unchanged(forward, params, X * 1.0, names), "forward changed one of its arguments"
A_L, cache = forward(params, X, names)
assert list(cache["activations"]) == names, f"these are not the names: {cache['activations']}"
shapes = [np.shape(A) for A in cache["A"]]
assert shapes == [(6, n) for n in sizes], f"six examples and the sizes {sizes}, but A has {shapes}"
assert near(cache["A"][0], X), "the first array of A should be X"
assert near(A_L, cache["A"][-1]), "the last array of A should be the output"
for layer, ((W, b), name) in enumerate(zip(params, names, strict=True), 1):
    z = W[1] @ cache["A"][layer - 1][3] + b[1]  # one neuron and one example, formula (1)
    told = f"layer {layer}, its second neuron, the fourth example"
    assert near(cache["Z"][layer][3, 1], z), f"{told}: z is {z}, by formula (1)"
    assert near(cache["A"][layer][3, 1], activate(name, z)), f"{told}: a is not {name} of z"
backwards, _ = forward(params, X[::-1], names)
assert near(backwards, A_L[::-1]), "an example's output depends on the others of its batch"
one, one_cache = forward(params, X[0], names)
assert near(one, A_L[0]), f"the first example alone gives {one}, in the batch {A_L[0]}"
shapes = [np.shape(one) for one in [*one_cache["A"], *one_cache["Z"][1:]]]
assert shapes == [(n,) for n in sizes + sizes[1:]], "a single example: one dimension less"
many, _ = forward(params, np.tile(X, (200, 1)), names)
assert near(many, np.tile(A_L, (200, 1))), "of 1,200 examples some outputs are not right"
assert near(one_cache["Z"][1], cache["Z"][1][0]), "what an earlier call returned has changed"
row, _ = forward(params, X[:1], names)
assert near(row, A_L[:1]), f"a table with one row stays a table, not {np.shape(row)}"

# %% [markdown]
# ### For the curious: loops, or `@`?
#
# Formula (3) hides three loops: over the examples, over the neurons of the layer, and over the
# inputs of each neuron. You may write them all out, one multiplication at a time, and the result is
# the same. `@` hands the whole work over to compiled code: such a program is called **vectorised**.
# Below, a layer of $n$ ReLUs sees $n$ examples with $n$ features, once by loops and once by your
# `forward`. Guess before you run it: how many times as long do the loops take, and does it matter
# how large $n$ is?

# %% demo
from timeit import repeat


def layer_by_loops(W, b, X):
    """Evaluate one layer of ReLUs, a multiplication at a time."""
    A = np.empty((len(X), len(W)))
    for i in range(len(X)):
        for j in range(len(W)):
            z = b[j]
            for k in range(X.shape[1]):
                z += W[j, k] * X[i, k]
            A[i, j] = max(z, 0.0)
    return A


def milliseconds(function, *arguments):
    """Time the quickest of five calls."""
    return 1000 * min(repeat(lambda: function(*arguments), number=1, repeat=5))


rng = np.random.default_rng(12)
print("  n  multiplications  loops, ms  forward, ms  times as long")
for n in (4, 16, 64):
    W, b, X = rng.normal(size=(n, n)), rng.normal(size=n), rng.normal(size=(n, n))
    loops = milliseconds(layer_by_loops, W, b, X)
    vectorised = milliseconds(forward, [(W, b)], X, ["relu"])
    print(f"{n:3}{n**3:17,}{loops:11.2f}{vectorised:13.4f}{loops / vectorised:15,.1f}")
off = np.max(np.abs(layer_by_loops(W, b, X) - forward([(W, b)], X, ["relu"])[0]))
print(f"largest difference of the two results: {off:.0e}")

# %% [markdown]
# **Question.** Both make the same multiplications. What else do the loops spend their time on? And
# why may the loop over the *layers* stay in `forward`?
#
# <details><summary>Answer</summary>
#
# At each single multiplication, Python finds out anew what kind of thing `W[j, k]` is, looks up how
# to multiply it, and makes a new object for the result. That is far more work than to multiply. For
# `@` all this is done once for the whole table; what remains are bare multiplications, several of
# them at a time. (The sums are added up in another order, so the last digits may differ.) A network
# has few layers, with much work in each, and a layer has to wait for the one before it anyway.
#
# </details>

# %% [markdown]
# ## 3. Folding the paper
#
# With `forward` we can do what was promised at the start. $\lvert x \rvert$ is a fold, and it is
# made of two ReLUs:
#
# $$\lvert x \rvert = \text{relu}(x) + \text{relu}(-x). \tag{4}$$
#
# So take four hidden ReLUs, two for each coordinate, and let the output add them up and compare
# with 1.7. The network's boundary is then $\lvert x_1 \rvert + \lvert x_2 \rvert = 1.7$.

# %%
rings_params = [
    (np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), np.zeros(4)),
    (np.array([[1.0, 1.0, 1.0, 1.0]]), np.array([-1.7])),
]

# %% demo folded
side = np.linspace(-2.6, 2.6, 131)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
_, cache = forward(rings_params, plane, ["relu", "step"])
pictures = [cache["A"][1][:, j] for j in range(4)] + [cache["Z"][2][:, 0]]
titles = [f"hidden neuron {j}" for j in range(1, 5)] + ["the output's sum"]
fig, axes = plt.subplot_mosaic("ab;cd;ee", figsize=(5.6, 8.4), layout="constrained")
axes = list(axes.values())
for ax, values, title in zip(axes, pictures, titles, strict=True):
    values = values.reshape(131, 131)
    ax.contourf(side, side, values, levels=10, cmap="Greys")
    ax.contour(side, side, values, levels=[0.5, 1.0, 1.5, 2.0], colors="0.3", linewidths=0.7)
    ax.set(title=title, xlabel="$x_1$", aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
boundary = cache["Z"][2].reshape(131, 131)
axes[4].contour(side, side, boundary, levels=[0.0], colors="k", linewidths=2.5)
axes[4].scatter(*X_rings[y_rings == 0].T, color=plots.COLOURS[0], marker="o", s=8)
axes[4].scatter(*X_rings[y_rings == 1].T, color=plots.COLOURS[1], marker="s", s=8)
axes[0].set_ylabel("$x_2$")
plots.show(
    alt="Four hidden neurons, each 0 on one side of a straight edge and rising on the other: to "
    "the right, to the left, up and down. The level curves of their sum are diamonds, and one "
    "of them runs between the two rings."
)
answers, _ = forward(rings_params, X_rings, ["relu", "step"])
print(f"right on the rings: {np.mean(answers[:, 0] == y_rings):.1%}")

# %% [markdown]
# Each hidden neuron has straight level curves. Their sum has level curves with corners: a closed
# boundary (thick) made of four bends.
#
# ### The view from the hidden layer
#
# Where does the hidden layer *put* the examples? We take it in two steps, first the sums (a linear
# map), then the ReLU (the fold).

# %% demo folded
W = np.array([[0.9, -0.5], [0.5, 0.9]])
two_sums, two_relus = X_rings @ W.T, relu(X_rings @ W.T)
hidden = forward(rings_params, X_rings, ["relu", "step"])[1]["A"][1]
four_relus = np.column_stack([hidden[:, 0] + hidden[:, 1], hidden[:, 2] + hidden[:, 3]])
views = {
    "the input": (X_rings, "$x_1$", "$x_2$"),
    "two sums: turned": (two_sums, "$z_1$", "$z_2$"),
    "two ReLUs: folded flat": (two_relus, "$a_1$", "$a_2$"),
    "four ReLUs, from the side": (four_relus, "$a_1 + a_2$", "$a_3 + a_4$"),
}
fig, axes = plt.subplots(2, 2, figsize=(5.6, 5.8), layout="constrained")
for ax, (title, (points, xlabel, ylabel)) in zip(axes.flat, views.items(), strict=True):
    draw_examples(ax, points, y_rings, size=18)
    ax.axhline(0, color="0.7", lw=0.8, zorder=0)
    ax.axvline(0, color="0.7", lw=0.8, zorder=0)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xlim=(-2.7, 2.7), ylim=(-2.7, 2.7))
    ax.title.set_size(11)
axes[1, 1].axline((1.7, 0), (0, 1.7), color="k", lw=2)
plots.show(
    alt="The two rings as a layer moves them. Two sums only turn them; two ReLUs press all that "
    "is negative flat onto the axes; with four ReLUs, seen from the side, a straight line "
    "separates them."
)

# %% [markdown]
# The linear map only turns the plane (or stretches it): what was inside stays inside. The ReLU
# moves everything with a negative $z_1$ onto one axis, and everything with a negative $z_2$ onto
# the other. That *warps* space, and points that were far apart may become neighbours.
#
# **Question `folded_flat`.** In the third picture no line keeps all circles apart from all squares.
# One of these reasons is enough to be sure of that. Which?
#
# - **a** The two sums have mixed circles and squares already.
# - **b** Where both sums are negative, circles and squares come to lie on the same point.
# - **c** A ReLU is never negative: in a quarter of the plane there is no room for such a line.
# - **d** The squares enclose the circles, and a network's last cut is always straight.

# %% question="folded_flat"
answer("folded_flat", ...)

# %% [markdown]
# With four ReLUs there is a line. (The one drawn has one circle on the wrong side; with 1.85 in the
# place of 1.7 there would be none.) It is straight in the space of the four hidden activations,
# which has four dimensions: there the output neuron looks at $a_1 + a_2 + a_3 + a_4 - 1.7$, a
# hyperplane. The picture shows that space from the one side from which the hyperplane is seen
# edge-on. More neurons are more dimensions, and with more dimensions there is more room for a
# straight cut.
#
# ## 4. Smooth steps and other bends
#
# Nobody knew how to train hidden thresholds, so people tried other activations.
#
# ### Sigmoid and tanh
#
# The **sigmoid** is a step with its corners rounded off:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}. \tag{5}$$
#
# **By hand.** $e^{\ln 3} = 3$ makes for nice numbers.
#
# | $z$ | $e^{-z}$ | $\sigma(z)$ |
# |:-:|:-:|:-:|
# | $0$ | $1$ | $1/2$ |
# | $\ln 3 \approx 1.099$ | $1/3$ | $1 / (1 + 1/3) = 3/4$ |
# | $-\ln 3$ | $3$ | $1 / (1 + 3) = 1/4$ |
#
# There is a trap. For $z = -1000$ formula (5) asks for $e^{1000}$, which is more than a float can
# hold: NumPy warns of an **overflow** and goes on with infinity. Here that happens to end well, for
# $1 / \infty = 0$. Multiply numerator and denominator by $e^z$ and you get another form of the same
# function,
#
# $$\sigma(z) = \frac{e^{z}}{e^{z} + 1}, \tag{6}$$
#
# which is harmless for $z = -1000$, but at $z = 1000$ it is $\infty / \infty$: not a number. Each
# form is safe on one side, where its exponential lies between 0 and 1. Remember the rule:
# *exponentiate only what is not positive.*
#
# ### Task: `sigmoid`
# *Difficulty 1 of 3, about 6 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Which of the two forms is safe where? Which exponential does it need there, and what do the two
# exponentials have in common?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# (5) is safe for $z \ge 0$, (6) for $z \le 0$: in both cases the exponential is $e^{-\lvert z
# \rvert}$. Compute it once, for all entries. Both forms have the same denominator in it; only the
# numerators differ. (With `np.where(z >= 0, form 5, form 6)` both forms would be computed for all
# entries before the choice is made, so one of them would still overflow.)
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `e = np.exp(-np.abs(z))`, and then `np.where(z >= 0, ___, ___) / (1.0 + e)`.
#
# </details>


# %% task="sigmoid"
def sigmoid(z):
    """Compute the sigmoid of each entry, formula (5).

    Parameters
    ----------
    z : ndarray of float or int, of any shape
        Not changed.

    Returns
    -------
    ndarray of float64, of the same shape
        Between 0 and 1; off by less than 1e-14.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
    ### END SOLUTION


# %% tests="sigmoid"
a = sigmoid(np.log([[1.0, 3.0], [1 / 3, 1.0]]))
assert near(a, [[0.5, 0.75], [0.25, 0.5]]), f"by the table, σ is not {a}"
z = np.random.default_rng(0).uniform(-20, 8, size=(2, 3, 4)).T  # lies in memory the other way round
a = sigmoid(z)
assert np.shape(a) == (4, 3, 2), f"the result should keep the shape (4, 3, 2), not {np.shape(a)}"
# Formula (5) says that a is 1 - a, times the exponential of z.
assert near((1 - a) * np.exp(z), a, 1e-10), f"these are not the sigmoids of {z}: {a}"
assert stays(sigmoid, (z,), (-z,)), "the next call changed what sigmoid had returned"
assert near(a + sigmoid(-z), np.ones((4, 3, 2)), 1e-13), "σ(z) + σ(-z) is 1 everywhere"
with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
    a = sigmoid(np.array([-1000, 0, 40, 1000]))
    assert unchanged(sigmoid, np.array([-1000.0, 1000.0])), "sigmoid changed the caller's array"
assert near(a, [0, 0.5, 1, 1], 1e-14), f"σ of -1000, 0, 40, 1000 is 0, 1/2, 1, 1, not {a}"
assert a.dtype.kind == "f", f"the result should hold floats, for integers too, not {a.dtype}"
for shape in ((), (1,), (5, 1)):
    assert np.shape(sigmoid(np.zeros(shape))) == shape, f"the shape {shape} should stay {shape}"

# %% [markdown]
# The **hyperbolic tangent** is the sigmoid's twin: it rises from $-1$ to $1$ and passes through the
# origin. NumPy has it as `np.tanh`.
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1. \tag{7}$$
#
# (Divide numerator and denominator by $e^{z}$, and you see the sigmoid in it.)
#
# ### ReLU and its relatives
#
# Around 2010 it turned out that the much simpler ReLU trains better. It has one weakness: a ReLU
# that gets nothing but negative sums always says 0. It has *died*. Three of its relatives try to
# avoid that. The **leaky ReLU** lets a little through, the **ELU** bends smoothly towards a floor
# at $-\alpha$, and **softplus** is a ReLU with its corner rounded off:
#
# $$\text{leaky\_relu}(z) = \begin{cases} z & \text{if } z > 0 \\ \alpha z & \text{otherwise,}
# \end{cases} \qquad
# \text{elu}(z) = \begin{cases} z & \text{if } z > 0 \\ \alpha (e^{z} - 1) & \text{otherwise,}
# \end{cases} \tag{8}$$
#
# $$\text{softplus}(z) = \ln(1 + e^{z}). \tag{9}$$
#
# **By hand.** With $\alpha = 0.1$, $\text{leaky\_relu}(-2) = -0.2$ and $\text{leaky\_relu}(3) = 3$.
# With $\alpha = 2$, $\text{elu}(-\ln 2) = 2\,(1/2 - 1) = -1$ and $\text{elu}(3) = 3$.
# $\text{softplus}(0) = \ln 2$, and $\text{softplus}(\ln 3) = \ln 4$.
#
# ### Task: `rectify`
# *Difficulty 2 of 3, about 8 minutes.*
#
# All three in one function. Again nothing may overflow: $\text{softplus}(1000)$ is a harmless 1000.
#
# <details><summary>Hint 1</summary>
#
# Each of the three is ReLU plus something. Sketch that something for each of them. Where is it 0,
# or nearly 0?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# For leaky ReLU and ELU only negative entries matter: compute the smaller of $z$ and 0 first. For
# softplus take the large part out: for $z \ge 0$ it is
# $\ln\bigl(e^{z}\,(e^{-z} + 1)\bigr) = z + \ln(1 + e^{-z})$. Compare that with (9), for $z < 0$:
# which exponential do both need?
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `below = np.minimum(z, 0.0)`, and then for one of the three `relu(z) + alpha * (np.exp(___) - 1)`.
# (`np.expm1(t)` is $e^t - 1$ and `np.log1p(t)` is $\ln(1 + t)$, both with more digits for small
# $t$.)
#
# </details>


# %% task="rectify"
def rectify(z, kind, alpha):
    """Compute one of ReLU's relatives of each entry, formulas (8) and (9).

    Parameters
    ----------
    z : ndarray of float or int, of any shape
        Not changed.
    kind : str
        "leaky_relu", "elu" or "softplus".
    alpha : float
        The slope of the leaky ReLU for negative entries, from 0 to 1; or how far the ELU goes
        down, any number above 0. Softplus has no use for it, whatever number it is.

    Returns
    -------
    ndarray of float64, of the same shape
        For an entry z off by less than 1e-14 times 1 + |z|; for the ELU, times 1 + |z| + alpha.
    """
    ### BEGIN SOLUTION
    below = np.minimum(z, 0.0)
    if kind == "leaky_relu":
        return relu(z) + alpha * below
    if kind == "elu":
        return relu(z) + alpha * np.expm1(below)
    return relu(z) + np.log1p(np.exp(-np.abs(z)))
    ### END SOLUTION


# %% tests="rectify"
a = rectify(np.array([-2, 0, 3]), "leaky_relu", 0.1)
assert near(a, [-0.2, 0, 3]), f"leaky ReLU with α = 0.1: -0.2, 0, 3 in the text, not {a}"
a = rectify(np.array([[-np.log(2), 0], [-np.log(4), 3]]), "elu", 2.0)
assert near(a, [[-1, 0], [-1.5, 3]]), f"ELU with α = 2: -1, 0, -1.5, 3, not {a}"
a = rectify(np.array([-np.log(2), -1e-7]), "elu", 60.0)
assert near(a, [-30, -5.9999997e-6]), f"ELU with α = 60: -30, and about -60 times 1e-7, not {a}"
a = rectify(np.log([[3.0], [1.0], [0.25]]), "softplus", -1.0)
assert near(np.exp(a), [[4], [2], [1.25]]), f"softplus: ln 4, ln 2, ln 1.25, not {a}"
assert near(rectify(np.array([-5.0, 5.0]), "leaky_relu", 0.0), [0, 5]), "with α = 0 it is the ReLU"
z = np.random.default_rng(1).uniform(-20, 8, size=(2, 3, 4)).T  # in memory the other way round
a = rectify(z, "softplus", 0.0)
assert near(np.exp(-a) * (1 + np.exp(z)), np.ones((4, 3, 2)), 1e-12), (
    f"by (9), 1 + e^z is e^a, but not for these a: {a}"
)
a = rectify(np.array([-26.0, 26.0]), "softplus", 1.0)
assert near(a, [5.10909e-12, 26.00000000000511], 2e-14), f"softplus of -26 and 26 is not {a}"
ends = {"leaky_relu": [-500, 0, 1000], "elu": [-0.5, 0, 1000], "softplus": [0, np.log(2), 1000]}
for kind, wanted in ends.items():
    assert stays(rectify, (z, kind, 0.5), (-z, kind, 0.5)), (
        f"{kind}: the next call changed a result"
    )
    a, one = rectify(z, kind, 0.5), rectify(z[1, 2, 1:], kind, 0.5)
    assert np.shape(a) == (4, 3, 2), f"{kind} should keep the shape (4, 3, 2), not {np.shape(a)}"
    assert near(one, a[1, 2, 1:]), f"{kind} of one entry is {one}, among others {a[1, 2, 1]}"
    with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
        a = rectify(np.array([-1000, 0, 1000]), kind, 0.5)
        big = np.array([-1000.0, 1000.0])
        assert unchanged(rectify, big, kind, 0.5), f"{kind} changed the caller's array"
    assert near(a, wanted, 2e-14), f"{kind} of -1000, 0 and 1000, with α = 0.5, is not {a}"
    assert a.dtype.kind == "f", f"{kind} should hold floats, for integers too, not {a.dtype}"
    assert np.shape(rectify(np.array(2.0), kind, 0.5)) == (), f"{kind}: a single number stays one"
    a = rectify(np.array([2, 3]), kind, 0.5)
    assert a.dtype.kind == "f", f"{kind} of 2 and 3 should hold floats, not {a.dtype}"


# %%
def leaky_relu(z, alpha=0.01):
    """Return the leaky ReLU of each entry, formula (8)."""
    return rectify(z, "leaky_relu", alpha)


def elu(z, alpha=1.0):
    """Return the exponential linear unit of each entry, formula (8)."""
    return rectify(z, "elu", alpha)


def softplus(z):
    """Return ln(1 + e^z) of each entry, formula (9)."""
    return rectify(z, "softplus", 0.0)


def activate(name, z):
    """Apply the activation with this name to z: one of eight now."""
    functions = {
        "linear": linear,
        "step": step,
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "relu": relu,
        "leaky_relu": leaky_relu,
        "elu": elu,
        "softplus": softplus,
    }
    return functions[name](z)


# %% [markdown]
# Here they are, all eight, each with its **derivative** (dashed): the slope of the curve, measured
# by going a tiny step to either side. (The formulas come in stage 5.)

# %% demo folded
z = np.linspace(-4, 4, 801)
eight = [linear, step, sigmoid, np.tanh, relu, leaky_relu, elu, softplus]
fig, axes = plt.subplots(2, 4, figsize=(7.2, 4.4), sharex=True, layout="constrained")
for ax, g in zip(axes.flat, eight, strict=True):
    slope = (g(z + 1e-5) - g(z - 1e-5)) / 2e-5
    jump = np.abs(slope) > 10  # the step has no slope where it jumps
    ax.plot(z, np.where(jump, np.nan, g(z)), color=plots.COLOURS[0], lw=2.5, label="$g(z)$")
    ax.plot(z, np.where(jump, np.nan, slope), "k--", lw=1.5, label="slope")
    ax.axhline(0, color="0.8", lw=0.8, zorder=0)
    ax.axvline(0, color="0.8", lw=0.8, zorder=0)
    ax.set(title=g.__name__, xticks=[-4, 0, 4], ylim=(-1.4, 2.4))
axes[0, 1].legend(loc="upper left")
for ax in axes[1]:
    ax.set_xlabel("$z$")
plots.show(
    alt="Eight activations and their slopes, from -4 to 4. The slope of step is 0; those of "
    "sigmoid and tanh are nearly 0 at both ends and at most 0.25 and 1; that of relu is 0 on "
    "the left and 1 on the right."
)

# %% [markdown]
# **Question.** Learning will follow slopes: where the slope is 0, nothing is learnt. Read off the
# pictures: which activations have a slope of 0, or nearly 0, and where? What is the largest slope
# that the sigmoid has anywhere?
#
# <details><summary>Answer</summary>
#
# - The step has slope 0 everywhere (and none at the jump): nothing can be learnt through it.
# - Sigmoid and tanh are flat at both ends: there they are **saturated**. The sigmoid's slope is
#   $1/4$ at most, at $z = 0$; that of tanh is 1 there.
# - ReLU is flat on the whole left side, the ELU nearly so far out on the left. Softplus, too.
# - Linear and leaky ReLU are flat nowhere.
#
# </details>
#
# ### What they cost, and what can go wrong

# %% demo folded
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(7.4, 3.6), layout="constrained")
x = np.linspace(-6, 6, 301)
a = x
for times in range(1, 6):
    a = sigmoid(a)
    if times in (1, 2, 5):
        width = {1: 1, 2: 1.8, 5: 3}[times]
        left.plot(x, a, color=plots.COLOURS[0], lw=width, label=f"sigmoid {times}×")
low = x[x < 1.6]
left.plot(low, relu(relu(relu(relu(relu(low))))), "k--", lw=2, label="relu 5×")
left.set(title="One after the other", xlabel="$x$", ylim=(-0.1, 3))
left.legend(loc="upper left")

rng = np.random.default_rng(0)
X_many = rng.normal(size=(200, 10))
biases = np.linspace(-10, 2, 25)
W = rng.normal(size=(400, 10)) * np.sqrt(2 / 10)
dead = [np.mean(np.all(relu(X_many @ W.T + bias) == 0, axis=0)) for bias in biases]
middle.plot(biases, dead, "o-", color=plots.COLOURS[0], ms=4)
middle.set(title="ReLUs that never fire", xlabel="bias", ylabel="share of 400 neurons")

values, cost = rng.normal(size=100_000) * 3, []
for g in eight:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        g(values)
        times.append(time.perf_counter() - start)
    cost.append(1e9 * min(times) / len(values))
right.barh([g.__name__ for g in eight], cost, color=plots.COLOURS[4], edgecolor="k")
right.invert_yaxis()
right.set(title="Your functions' time", xlabel="ns per number")
plots.show(
    alt="Left: after five sigmoids every input gives about 0.66, while five ReLUs pass on what is "
    "positive. Middle: the share of ReLUs that never fire is 1 at a bias of -10 and 0 at 0. "
    f"Right: the time that your functions take for a number; {eight[np.argmin(cost)].__name__} "
    f"takes the least, {eight[np.argmax(cost)].__name__} the most."
)

# %% [markdown]
# **Left: vanishing.** Pass a number through five sigmoids. The slopes multiply, each of them is at
# most $1/4$, and $(1/4)^5 \approx 0.001$: whatever goes in, nearly the same comes out. ReLU passes
# positive numbers on unharmed, however often.
#
# **Middle: dying.** Each of these neurons sees the same 200 examples. When its bias is far below
# zero, no example gets through, and nothing that is learnt from slopes will ever wake it.
#
# **Right: cost.** How long a function takes depends on how it is written: each exponential counts,
# and so does each pass over the whole array, for a comparison or an `np.where`, say.
#
# | activation | range | for it | against it |
# |:--|:--|:--|:--|
# | linear | all | outputs that may be any number | no bend: layers collapse |
# | step | 0, 1 | a clear answer | slope 0 everywhere |
# | sigmoid | (0, 1) | outputs that are probabilities | saturates, vanishes, costs |
# | tanh | (−1, 1) | as sigmoid, but centred at 0 | saturates, vanishes, costs |
# | ReLU | [0, ∞) | cheap; no saturation on the right | can die |
# | leaky ReLU | all | as ReLU, but cannot die | one more number to choose |
# | ELU | (−α, ∞) | smooth for α = 1; mean near 0 | exponential; flat far out on the left |
# | softplus | (0, ∞) | smooth everywhere | costs; seldom better than ReLU |
#
# In hidden layers one uses ReLU, unless there is a reason not to; when many neurons die, a leaky
# ReLU. At the output it depends on the answer: linear for a price, sigmoid for a probability. (For
# one of several classes there is the softmax of stage 7.)
#
# **Question `dead_from`.** A ReLU has four inputs with the weights $w$, and all features lie
# between 0 and 1, as those of images do. What is the largest bias with which it is dead: says 0
# whatever the example? (The cell below shows your $w$.)

# %% question="dead_from"
answer("dead_from", ...)

# %% [markdown]
# ## 5. Where to start
#
# Before anything is learnt the weights must have *some* values. If all were zero, the neurons of a
# layer would all be equal, and would stay so. So they are drawn at random. How large? If they are
# small, the sums shrink from layer to layer; if they are large, the sums explode.
#
# Let a neuron have $n_\text{in}$ inputs of about the same size, and weights of variance $v$. Then
# its sum has the variance $n_\text{in} \, v$ times the mean square of the inputs: to keep the size,
# take $v = 1 / n_\text{in}$. ReLU sets half of the sums to zero, so **He's** rule doubles that. For
# tanh, **Glorot's** rule is a compromise between the way forward and the way back. The weights are
# normally distributed with mean 0 and the standard deviation
#
# $$s = \sqrt{\frac{2}{n_\text{in}}} \;\text{ for ReLU (He)}, \qquad
# s = \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \;\text{ for tanh (Glorot)}, \tag{10}$$
#
# with $n_\text{in} = n_{l-1}$ and $n_\text{out} = n_l$, each layer with its own $s$. The biases
# start at 0.
#
# **By hand.** `[8, 2, 6]` with ReLU: $s = \sqrt{2/8} = 0.5$ in the first layer and
# $\sqrt{2/2} = 1$ in the second. With tanh: $\sqrt{2/10} \approx 0.447$ and $\sqrt{2/8} = 0.5$.
#
# ### Task: `init_params`
# *Difficulty 2 of 3, about 8 minutes.*
#
# Again the parameters are a list of pairs `(W, b)`, first layer first. All the randomness comes
# from `rng`: the same seed gives the same network again, and a second call with the same generator
# gives the next one.
#
# <details><summary>Hint 1</summary>
#
# For the sizes `[8, 2, 6]`: what is the shape of each `W` and each `b`, and which numbers stand
# under the roots of (10)?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The same pairs `(n_in, n_out)` as in `count_params`, in a loop. Compute $s$ of the layer, draw the
# weights with `rng.normal`, whose second argument is the standard deviation and not the variance,
# and append a pair to a list.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `W = rng.normal(0.0, np.sqrt(2 / ___), size=(n_out, n_in))`
#
# </details>


# %% task="init_params"
def init_params(layer_sizes, rng, activation="relu"):
    """Draw the parameters of a network, formula (10).

    Parameters
    ----------
    layer_sizes : list of int
        The number of features, then the number of neurons of each layer. Not changed.
    rng : numpy.random.Generator
        The only source of randomness. It moves on.
    activation : str
        "relu" for He's rule, "tanh" for Glorot's.

    Returns
    -------
    list of (W, b)
        One pair for each layer: `W` an ndarray of float, shape (n_out, n_in), each entry drawn
        independently, normally distributed; `b` an ndarray of float zeros, shape (n_out,). No two
        layers share an array.
    """
    ### BEGIN SOLUTION
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        fan = n_in if activation == "relu" else n_in + n_out
        W = rng.normal(0.0, np.sqrt(2.0 / fan), size=(n_out, n_in))
        params.append((W, np.zeros(n_out)))
    return params
    ### END SOLUTION


# %% tests="init_params"
params = init_params([8, 2, 1, 1], np.random.default_rng(0))
assert len(params) == 3, f"[8, 2, 1, 1] has three layers, not {len(params)}"
shapes = [(np.shape(W), np.shape(b)) for W, b in params]
wanted = [((2, 8), (2,)), ((1, 2), (1,)), ((1, 1), (1,))]
assert shapes == wanted, f"W is (n_out, n_in), b is (n_out,): {shapes}"
assert all(b.dtype.kind == "f" and not b.any() for _, b in params), "the biases are float zeros"
assert not np.shares_memory(params[1][1], params[2][1]), "two layers share their biases"
he, glorot = (0.1414, 0.0577), (0.0535, 0.0555)  # s of both layers, for 100 to 600 to 50
cases = [((), he), (("relu",), he), (("tanh",), glorot)]
rng = np.random.default_rng(1)
drawn = [(init_params([100, 600, 50], rng, *more), told, more) for more, told in cases]
drawn.append((init_params([1, 20_000, 2], rng), (1.414, 0.01), ()))
everything = []
for params, wanted, more in drawn:
    for (W, _), s in zip(params, wanted, strict=True):
        told = f"for {more} and W of shape {np.shape(W)}"
        assert abs(np.std(W) / s - 1) < 0.03, f"{told} s is {s}, not {np.std(W):.4f}"
        assert abs(np.mean(W)) < 0.04 * s, f"{told} the mean is 0, not {np.mean(W):.4f}"
        everything.append(np.ravel(W) / s)
lengths = np.linalg.norm(drawn[0][0][0][0], axis=1)  # of 600 neurons with 100 weights each
assert np.std(lengths) > 0.05, f"random weights make no neurons of the same length: {lengths[:5]}"
z = np.abs(np.concatenate(everything))
shares = np.array([np.mean(z < limit) for limit in (1, 2, 3)])
assert near(shares, [0.6827, 0.9545, 0.9973], 0.005), f"not normal: within s, 2 s, 3 s {shares}"
assert z.max() > 4, f"of {len(z):,} normal numbers some are above 4 s, but here {z.max():.2f} s"
calls = [([8, 2, 1, 1], np.random.default_rng(seed)) for seed in (0, 1)]
assert stays(init_params, *calls), "the next call changed a network"
sizes = [3, 4, 4, 1, 2]
assert unchanged(init_params, sizes, np.random.default_rng(5)), "init_params changed the list"
one, same, other = (init_params(sizes, np.random.default_rng(seed)) for seed in (5, 5, 6))
assert np.array_equal(one[0][0], same[0][0]), "the same seed should give the same weights"
assert not np.allclose(one[0][0], other[0][0]), "another seed should give other weights"
sizes_of_weights = np.abs(np.concatenate([np.ravel(W) for W, _ in one]))
assert len(np.unique(sizes_of_weights)) == 34, "of 34 weights two are the same, but for the sign"
rng = np.random.default_rng(7)
n_different = len({float(init_params([1, 1], rng)[0][0][0, 0]) for _ in range(200)})
assert n_different > 198, f"of 200 networks from one generator only {n_different} are different"

# %% demo folded
n_layers, width = 12, 200
X_normal = np.random.default_rng(0).normal(size=(300, width))
fig, axes = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
for ax, name, rule in zip(axes, ("relu", "tanh"), ("He", "Glorot"), strict=True):
    for factor, style in ((0.5, ":"), (1.0, "-"), (2.0, "--")):
        params = init_params([width] * (n_layers + 1), np.random.default_rng(1), name)
        params = [(factor * W, b) for W, b in params]
        _, cache = forward(params, X_normal, [name] * n_layers)
        sizes = [np.sqrt(np.mean(A**2)) for A in cache["A"]]
        label = rule if factor == 1 else f"{factor:g} times {rule}"
        ax.semilogy(sizes, style, lw=2.5, label=label, color="k" if factor == 1 else "0.45")
    ax.set(title=f"{name}, 12 layers of {width}", xlabel="layer", ylim=(1e-4, 1e8))
    ax.legend(loc="upper left")
axes[0].set_ylabel("typical size of $A^{[l]}$")
plots.show(
    alt="Typical size of the activations through twelve layers, on a logarithmic scale. By He's "
    "rule with relu, and Glorot's with tanh, the signal stays alive. With half the weights it "
    "falls to about 1/10,000; with twice the weights it explodes with relu and saturates with "
    "tanh."
)

# %% [markdown]
# With weights of half the size the signal dies out; with twice the size it explodes (ReLU), or all
# neurons sit at the ends of their range, saturated (tanh). He's and Glorot's rules keep it alive.
#
# **Question `through_layers`.** All of the $L$ layers have ReLUs, and all biases are 0. You
# multiply every weight of the network by $f$. How many times as large is its output then, for the
# same example?

# %% question="through_layers"
answer("through_layers", ...)

# %% [markdown]
# ### For the curious: half of them silent
#
# A ReLU has one more habit: its zeros are *exactly* 0. With weights drawn evenly around 0, about
# half of all sums are negative, so about half of the neurons are silent, other ones for each
# example. Such activations are called **sparse**. Tanh, drawn by its own rule, has none of that.

# %% demo
X_drawn = np.random.default_rng(1).normal(size=(300, 20))
for name in ("relu", "tanh"):
    params = init_params([20, 50, 50, 50], np.random.default_rng(0), name)
    _, cache = forward(params, X_drawn, [name] * 3)
    zeros = (f"{np.mean(A == 0):.0%}" for A in cache["A"][1:])
    print(f"{name}: zeros in the hidden layers:", *zeros)

# %% [markdown]
# ### Wider is more
#
# Here are random ReLUs, from your `init_params` with some random biases. Only the output weights
# are fitted, by least squares, so that the sum comes close to the labels (see stage 6). Move the
# slider from 1 neuron to 50: each adds a line along which it folds the plane (thin), and only there
# can the boundary bend. From which width on does it bend around single examples?

# %% demo
from nndata.moving.folding import width

X_moons, y_moons = make_moons(200, np.random.default_rng(3), noise=0.18)
width(init_params, forward, {"moons": (X_moons, y_moons), "rings": (X_rings, y_rings)})

# %% [markdown]
# With the number of neurons the **capacity** grows: the number of bends that the boundary can have.
# The last network makes the fewest mistakes on these 200 points, but it makes detours for single
# examples: it **overfits**. Which width is best is a question for a validation set (stage 7).

# %% [markdown]
# ## 6. One hidden layer can imitate everything
#
# Which functions can a network compute, if its hidden layer may be as wide as we like? All
# continuous functions on a bounded region, as closely as you like. That is the **universal
# approximation theorem** (1989). You can prove it yourself, for functions of one variable, in three
# moves: *steep sigmoids make steps, steps make bumps, bumps make everything.*
#
# ### Steps make bumps
#
# $\sigma(k\,(x - c))$ is a neuron with one input, the weight $k$ and the bias $-k c$. The larger
# the steepness $k$, the more it looks like a step at $x = c$. A step up at $c = \text{left}$ and a
# step down at $c = \text{right}$ make a **bump** of height $h$:
#
# $$\text{bump}(x) = h \,\bigl(\sigma(k\,(x - \text{left})) - \sigma(k\,(x - \text{right}))\bigr).
# \tag{11}$$
#
# That is a network with two hidden neurons and the output weights $h$ and $-h$. The next cell gives
# it to you.


# %%
def bump(x, left, right, height, steepness=10_000.0):
    """Make a bump from two steep sigmoids, formula (11)."""
    up = sigmoid(steepness * (x - left))
    down = sigmoid(steepness * (x - right))
    return height * (up - down)


# %% demo
x = np.linspace(0, 5, 1001)
fig, axes = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True, layout="constrained")
for steepness, dashes in ((2, ":"), (8, "--"), (100, "-")):
    axes[0].plot(x, 2 * sigmoid(steepness * (x - 1)), f"k{dashes}", label=f"$k = {steepness}$")
    axes[1].plot(x, bump(x, 1, 4, 2, steepness), f"k{dashes}")
axes[0].set(title="A sigmoid becomes a step", xlabel="$x$")
axes[0].legend()
axes[1].set(title="Two make a bump", xlabel="$x$")
plots.show(
    alt="Left: sigmoids of steepness 2, 8 and 100 at x = 1; the last is nearly a step. Right: "
    "with two of them each makes a bump from 1 to 4, with sides as steep."
)

# %% [markdown]
# ### The same with ReLUs
#
# A ReLU is not a step, but two ReLUs of opposite signs make a **ramp**: $\text{relu}(x - c) -
# \text{relu}(x - c - r)$ is 0 up to $c$, rises with slope 1, and stays at $r$ from $c + r$ on. One
# ramp up and one ramp down make a bump with slanted sides: four ReLUs.
#
# $$\frac{h}{r} \bigl(\text{relu}(x - \text{left}) - \text{relu}(x - \text{left} - r)
# - \text{relu}(x - \text{right} + r) + \text{relu}(x - \text{right})\bigr) \tag{12}$$
#
# It is 0 outside left and right, rises from left to $\text{left} + r$, stays at $h$, and falls
# from $\text{right} - r$ to right.
#
# **By hand.** From 1 to 4, height 2, ramps of $r = 1$, so $h / r = 2$.
#
# | $x$ | relu$(x-1)$ | relu$(x-2)$ | relu$(x-3)$ | relu$(x-4)$ | (12) |
# |:-:|:-:|:-:|:-:|:-:|:-:|
# | 1.5 | 0.5 | 0 | 0 | 0 | $2 \cdot 0.5 = 1$ |
# | 2.5 | 1.5 | 0.5 | 0 | 0 | $2 \cdot (1.5 - 0.5) = 2$ |
# | 3.5 | 2.5 | 1.5 | 0.5 | 0 | $2 \cdot (2.5 - 1.5 - 0.5) = 1$ |
# | 5 | 4 | 3 | 2 | 1 | $2 \cdot (4 - 3 - 2 + 1) = 0$ |
#
# ### Task: `relu_bump`
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# How many corners does the bump have, and where are they?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each corner gets a ReLU: those at `left` and `right` with a plus, the two between with a minus.
# Make the ramp up of two of them and the ramp down of the other two.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `up = relu(x - left) - relu(x - ___)`
#
# </details>


# %% task="relu_bump"
def relu_bump(x, left, right, height, ramp):
    """Make a bump from four ReLUs, formula (12).

    Parameters
    ----------
    x : ndarray of float or int, of any shape
        Where to evaluate the bump. Not changed.
    left, right : float
        Where it begins and ends, left < right.
    height : float
        Its height, of either sign.
    ramp : float
        The width of each of the slanted sides, above 0 and at most half of right - left.

    Returns
    -------
    ndarray of float64, of the shape of x
    """
    ### BEGIN SOLUTION
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return height / ramp * (up - down)
    ### END SOLUTION


# %% tests="relu_bump"
x = np.array([0.0, 1.5, 2.0, 2.5, 3.0, 3.5, 5.0])
values = relu_bump(x, 1.0, 4.0, 2.0, 1.0)
assert near(values, [0, 1, 2, 2, 2, 1, 0]), f"by the table 0, 1, 2, 2, 2, 1, 0, not {values}"
x = np.array([[3, 0, 99], [1, -5, 2], [-1, -2, 50]])  # whole numbers, in any order
values = relu_bump(x, -1.5, 2.5, -5.0, 2.0)  # a bump downwards; its ramps meet in the middle
wanted = [[0, -3.75, 0], [-3.75, 0, -1.25], [-1.25, 0, 0]]
assert near(values, wanted), f"from -1.5 to 2.5, 5 deep, ramps of 2: not {values}"
x = np.random.default_rng(2).uniform(-1, 9, size=(2, 3, 4)).T
values = relu_bump(x, 2.0, 6.0, 5.0, 0.5)
mirrored = relu_bump(np.array(8 - x, order="C"), 2.0, 6.0, 5.0, 0.5)
assert near(values, mirrored), "a bump from 2 to 6 is the same on both sides of 4"
assert unchanged(relu_bump, x, 2.0, 6.0, 5.0, 0.5), "relu_bump changed the caller's x"
assert near(relu_bump(np.array(2.1), 2.0, 6.0, 3.0, 0.5), 0.6), "x may be a single number"
calls = [(x, 2.0, 6.0, height, 0.5) for height in (5.0, 4.0)]
assert stays(relu_bump, *calls), "the next call changed what relu_bump had returned"
tiny = relu_bump(x / 2.0**60, 2 / 2.0**60, 6 / 2.0**60, 5.0, 0.5 / 2.0**60)
assert near(tiny, values), "a tiny bump is as high as one of the usual size"
values = relu_bump(np.array([0.5 + 1e-5, 0.7]), 0.5, 1.0, -4e3, 4e-5)
assert near(values, [-1e3, -4e3], 1e-6), (
    f"4,000 deep, with steep ramps: -1000 and -4000, not {values}"
)

# %% demo
x = np.linspace(0, 5, 1001)
fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
for corner, sign in ((1, 1), (2, -1), (3, -1), (4, 1)):
    ax.plot(x, 2 * sign * relu(x - corner), color="0.6", lw=1.2)
ax.plot(x, relu_bump(x, 1, 4, 2, 1), "k", lw=2.5)
ax.set(title="Four ReLUs (grey) make a bump", xlabel="$x$", ylim=(-2.5, 2.7))
plots.show(
    alt="Four ReLUs with corners at 1, 2, 3 and 4, the outer two rising and the inner two "
    "falling. Their sum is a bump: up from 1 to 2, level at height 2, and down from 3 to 4."
)

# %% [markdown]
# ### For the curious: mind the gap
#
# With $4K$ ReLUs you can put $K$ bumps side by side. But their sides are slanted: where one ends
# and the next begins, both are 0, and a gap opens down to the floor. Let neighbours overlap by
# exactly one ramp. One falls while the other rises, and their sum slides straight from one height
# to the next. Here are three bumps of heights 1, 3 and 2, seen from $x = 1.1$ to $3.9$.

# %% demo
places = np.linspace(1.1, 3.9, 281)
for name, more in (("side by side", 0.0), ("overlapping", 0.1)):
    bumps = ((k - more, k + 1 + more, height) for k, height in ((1, 1), (2, 3), (3, 2)))
    total = sum(relu_bump(places, left, right, height, 0.2) for left, right, height in bumps)
    print(f"{name:>12}: between {total.min():.2f} and {total.max():.2f}")

# %% [markdown]
# ### Bumps make everything
#
# Cut the interval from 0 to 1 into $N$ pieces of the same width and put a bump on each, as high as
# the function is in the *middle* of the piece. The sum of the bumps is a staircase that follows the
# function:
#
# $$f(x) \approx \sum_{i=1}^{N} \text{bump}_i(x), \qquad
# \text{left}_i = \frac{i - 1}{N}, \quad \text{right}_i = \frac{i}{N}, \quad
# \text{height}_i = f\!\left(\frac{i - 1/2}{N}\right). \tag{13}$$
#
# With two neurons for each bump, that is one hidden layer of $2N$ neurons and a linear output.
#
# **By hand.** $f(x) = x^2$ and $N = 2$: the pieces are $[0, 0.5]$ and $[0.5, 1]$, their middles are
# $0.25$ and $0.75$, the heights are $0.0625$ and $0.5625$.
#
# ### Task: `approximate`
# *Difficulty 1 of 3, about 4 minutes.*
#
# Return the bumps as a table with a row (left, right, height) for each. The given function below
# the task adds them up.
#
# <details><summary>Hint 1</summary>
#
# Sketch $N = 3$. At how many places does a piece begin or end? Where are the middles?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.linspace` makes all the places where a piece begins or ends. The middles are the means of
# neighbours; call `f` for them one by one, and put three columns together with
# `np.column_stack`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `edges = np.linspace(0.0, 1.0, ___)`, and `left, right = edges[:-1], edges[1:]`.
#
# </details>


# %% task="approximate"
def approximate(f, n_bumps):
    """Choose bumps whose sum follows a function from 0 to 1, formula (13).

    Parameters
    ----------
    f : callable
        Takes a number, above 0 and below 1, and returns a number: a float or an int.
    n_bumps : int
        How many bumps, at least 1.

    Returns
    -------
    ndarray of float64, shape (n_bumps, 3)
        In each row left, right and height of a bump, from left to right.
    """
    ### BEGIN SOLUTION
    edges = np.linspace(0.0, 1.0, n_bumps + 1)
    left, right = edges[:-1], edges[1:]
    heights = [f(x) for x in (left + right) / 2]
    return np.column_stack([left, right, heights])
    ### END SOLUTION


# %% tests="approximate"
bumps = approximate(lambda x: x * x, 2)
assert isinstance(bumps, np.ndarray), "approximate should return a NumPy array"
wanted = [[0, 0.5, 0.0625], [0.5, 1, 0.5625]]
assert near(bumps, wanted), f"a row (left, right, height) for each of two bumps, not {bumps}"


def jump(x):
    """A function of one number that jumps at 0.55."""
    assert np.shape(x) == (), f"f takes a number, not {x!r}"
    assert 0 < x < 1, f"f takes a number between 0 and 1, not {x}"
    return 8 if x < 0.55 else -0.5


bumps = approximate(jump, 5)
wanted = [[0, 0.2, 8], [0.2, 0.4, 8], [0.4, 0.6, 8], [0.6, 0.8, -0.5], [0.8, 1, -0.5]]
assert near(bumps, wanted), f"five bumps with a jump at 0.55 are not {bumps}"
assert near(approximate(lambda x: 6 * x, 1), [[0, 1, 3]]), "a single bump goes from 0 to 1"
assert near(approximate(lambda x: 6e6 * x, 1), [[0, 1, 3e6]]), "heights may be large"
calls = (lambda x: x, 9), (lambda x: -x, 9)
assert stays(approximate, *calls), "the next call changed what approximate had returned"
left, right, height = approximate(lambda x: x, 98).T
assert near(right - left, np.full(98, 1 / 98)), "98 pieces of the same width"
assert near(left[1:], right[:-1]), "each piece begins where the one before ends"
assert near(height, (left + right) / 2), "with f(x) = x each height is the middle of its piece"


# %%
def sum_of_bumps(x, bumps):
    """Add up bumps, the rows (left, right, height) of a table, at each entry of x."""
    return sum(bump(x, left, right, height) for left, right, height in bumps)


# %% demo folded
def wiggle(x):
    """A function to imitate."""
    return 0.3 + 0.5 * x + 0.25 * np.sin(8 * x)


x = np.linspace(0.002, 0.998, 2000)
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.1), layout="constrained")
for ax, n_bumps in zip(axes, (4, 100), strict=False):
    ax.plot(x, sum_of_bumps(x, approximate(wiggle, n_bumps)), color=plots.COLOURS[1], lw=2.5)
    ax.plot(x, wiggle(x), "k--", lw=1.2)
    ax.set(title=f"N = {n_bumps} bumps,\n{2 * n_bumps} neurons", xlabel="$x$")
counts = np.array([2, 4, 8, 16, 32, 64, 128, 256])
errors = [np.max(np.abs(sum_of_bumps(x, approximate(wiggle, n)) - wiggle(x))) for n in counts]
axes[2].loglog(counts, errors, "ko-", ms=5)
axes[2].loglog(counts, 0.5 / counts, "k:", lw=1, label="like 1/N")
axes[2].set(title="The largest error", xlabel="N")
axes[2].legend()
plots.show(
    alt="A wavy function and a sum of bumps. Four bumps make a coarse staircase; 100 cannot be "
    "told from the function. Right: the largest error, which halves whenever the number of "
    "bumps doubles."
)

# %% [markdown]
# Once the pieces are narrow, twice as many bumps make half the error. Can we know in advance how
# many it takes?
#
# **Question `bumps_enough`.** All that you know of a function is that its slope is nowhere larger
# than $s$ or smaller than $-s$. What is the smallest $N$ with which you can be sure that the
# staircase is nowhere further than $e$ from the function?

# %% question="bumps_enough"
answer("bumps_enough", ...)

# %% [markdown]
# However small $e$ is, there is such an $N$: this *is* the proof of the theorem, for functions of
# limited slope and in one dimension. (Right at a step the two bumps share the height, so there the
# sum is between the two.)
#
# ### Two dimensions
#
# A bump in $x_1$ plus a bump in $x_2$ is a cross: 1 along two strips and 2 where they meet. A
# second hidden neuron that fires above 1.5 keeps only the crossing, a **tower**. And towers make
# every function of two variables, as bumps do for one.

# %% demo folded
side = np.linspace(0.0, 1.0, 161)[:-1] + 1 / 320


def tower(left, right, bottom, top):
    """A tower of height 1 over a rectangle, on the grid of side × side."""
    cross = bump(side, left, right, 1.0)[None, :] + bump(side, bottom, top, 1.0)[:, None]
    return cross, sigmoid(1000 * (cross - 1.5))


def landscape(x1, x2):
    """A function of two variables to imitate."""
    return np.exp(-12 * ((x1 - 0.35) ** 2 + (x2 - 0.6) ** 2)) + 0.5 * x1 * np.sin(7 * x2) ** 2


fig, axes = plt.subplot_mosaic("ab;cd;e.", figsize=(5.2, 8), layout="constrained")
cross, one_tower = tower(0.3, 0.5, 0.5, 0.8)
panels = [("a cross", cross, 2), ("a tower", one_tower, 1)]
for n in (5, 20):
    total = np.zeros((len(side), len(side)))
    for i, j in product(range(n), range(n)):
        middle = landscape((i + 0.5) / n, (j + 0.5) / n)
        total += middle * tower(i / n, (i + 1) / n, j / n, (j + 1) / n)[1]
    panels.append((f"{n * n} towers", total, 1.1))
panels.append(("the function", landscape(side[None, :], side[:, None]), 1.1))
for ax, (title, values, highest) in zip(axes.values(), panels, strict=True):
    ax.imshow(values, origin="lower", extent=(0, 1, 0, 1), cmap="gray", vmin=0, vmax=highest)
    ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1])
plots.show(
    alt="Five grey pictures of the unit square: two crossed bumps; the tower where they meet; a "
    "function as a coarse mosaic of 25 towers; a finer one of 400; and the function itself."
)

# %% [markdown]
# **Question.** In one dimension 100 bumps were plenty. How many towers of the same width does a
# function of two variables need, and how many does one of the 784 pixels of an image need?
#
# <details><summary>Answer</summary>
#
# $100^2 = 10{,}000$, and $100^{784} = 10^{1568}$. There are some $10^{80}$ atoms in the visible
# universe. So this is a proof that it *can* be done, and not a way of doing it. Networks that work
# with images must use something that makes images special.
#
# </details>
#
# ### Project: `through_points`
# *Difficulty 3 of 3, about 25 minutes.*
#
# A staircase only comes close. A network of ReLUs can go **exactly** through any points, and you
# can work out its weights. Given $m$ points with $n$ features, the rows of $X$, and for each of
# them the $n_2$ numbers that should come out, the rows of $Y$, write a function that returns
# weights with
#
# $$\text{relu}\bigl(X {W^{[1]}}^T + b^{[1]}\bigr) \, {W^{[2]}}^T + b^{[2]} = Y. \tag{14}$$
#
# How is up to you: there are many good ways. This is what counts:
#
# - **Exactly** means that no entry is off by more than $10^{-6}\,(1 + y)$, where $y$ is the largest
#   absolute value in $Y$.
# - There may be one point, two, or many (up to 400), in any order and unevenly spaced. No two are
#   equal, but they may have some features in common, or their sum. (They differ by 0.01 or
#   more in some feature, and all numbers in $X$ and $Y$ lie between $-100$ and $100$.)
# - With **one feature** ($n = 1$) the output runs straight from each point to its neighbour, and
#   stays constant before the first and after the last. With more features you may do as you like
#   between the points.
# - One hidden neuron for each point is enough. You may use up to **four for each point**.
#
# **By hand.** The points $(0, 1)$, $(1, 3)$ and $(3, 2)$, one feature and one output. At $x = 0.5$
# the network must say 2, at $x = 2$ it must say $2.5$; for all $x \le 0$ it says 1 and for all
# $x \ge 3$ it says 2.
#
# Begin with one feature and one output. Then ask yourself what changes with more outputs, and
# last, what to do about more features.
#
# <details><summary>Questions to start with</summary>
#
# Walk along the graph from left to right. What happens at a point, and what does one hidden ReLU
# do to the slope of the output? For more features: from which side must you look at the points, so
# that none hides another? And from a side that is drawn at random, how close may two of them seem?
#
# </details>


# %%
def evaluate(weights, X):
    """Return what a network with one hidden layer of ReLUs makes of X, formula (14)."""
    W1, b1, W2, b2 = weights
    return relu(X @ W1.T + b1) @ W2.T + b2


# %% task="through_points"
def through_points(X, Y):
    """Work out the weights of a ReLU network that goes exactly through points, formula (14).

    Parameters
    ----------
    X : ndarray of float, shape (m, n)
        The points, one at least, in any order, no two of them equal. Not changed.
    Y : ndarray of float, shape (m, n_2)
        What should come out for each of them. Not changed.

    Returns
    -------
    W1 : ndarray of float, shape (n_1, n)
        Weights of the hidden layer; n_1 is at most 4 m. (For a single point it may be 0.)
    b1 : ndarray of float, shape (n_1,)
    W2 : ndarray of float, shape (n_2, n_1)
        Weights of the output layer.
    b2 : ndarray of float, shape (n_2,)
    """
    ### BEGIN SOLUTION
    m, n = X.shape
    n_2 = Y.shape[1]
    # From this side no point hides another: 1, cos 1, cos 2, ... have no common measure.
    direction = np.cos(np.arange(n))
    along = X @ direction
    order = np.argsort(along)
    along, Y = along[order], Y[order]
    # Walk along the graph: at each point a neuron wakes up, and turns the slope into the next one.
    W1 = np.zeros((m, n))
    b1 = np.zeros(m)
    W2 = np.zeros((n_2, m))
    slope = np.zeros(n_2)
    for i in range(m):
        next_slope = np.zeros(n_2)
        if i < m - 1:
            next_slope = (Y[i + 1] - Y[i]) / (along[i + 1] - along[i])
        W1[i], b1[i] = direction, -along[i]
        W2[:, i] = next_slope - slope
        slope = next_slope
    return W1, b1, W2, Y[0]
    ### END SOLUTION


# %% tests="through_points"
def goes_through(X, Y):
    """Try `through_points` on the rows of X and Y, and return the weights."""
    assert unchanged(through_points, X, Y), "through_points changed the caller's X or Y"
    weights = through_points(X, Y)
    (m, n), n_1, n_2 = X.shape, len(weights[1]), Y.shape[1]
    shapes = [np.shape(one) for one in weights]
    wanted = [(n_1, n), (n_1,), (n_2, n_1), (n_2,)]
    told = f"with X of shape {X.shape} and Y of shape {Y.shape}"
    assert shapes == wanted, f"{told}, W1, b1, W2, b2 have the shapes {shapes}, not {wanted}"
    assert n_1 <= 4 * m, f"{told}, {n_1} hidden neurons are too many: 4 for each point"
    off = np.max(np.abs(evaluate(weights, X) - Y))
    assert off <= 1e-6 * (1 + np.max(np.abs(Y))), f"{told}, the network is off by {off:.2g}"
    return weights


weights = goes_through(np.array([[1.0], [3.0], [0.0]]), np.array([[3.0], [2.0], [1.0]]))
out = evaluate(weights, np.array([[-99.0], [-1.0], [0.5], [2.0], [4.0], [99.0]]))[:, 0]
assert near(out, [1, 1, 2, 2.5, 2, 2], 1e-6), f"between and beyond the three points: {out}"
rng = np.random.default_rng(8)
X = rng.permutation(np.arange(12) ** 1.7 - 20)[:, None]  # unevenly spaced, in any order
Y = rng.normal(size=(12, 3))
weights, order = goes_through(X, Y), np.argsort(X[:, 0])
x, y = X[order], Y[order]
quarters = evaluate(weights, 0.75 * x[:-1] + 0.25 * x[1:])
assert near(quarters, 0.75 * y[:-1] + 0.25 * y[1:], 1e-6), "it is not straight between two points"
goes_through(np.array([[-4.0]]), np.array([[7.0, -2.0]]))  # a single point
goes_through(np.array([[2.0, -1.0, 5.0]]), np.array([[3.0]]))
goes_through(np.array([[5.0], [-3.0]]), np.array([[2.0], [2.5]]))  # two points
goes_through(X[:5], rng.normal(size=(5, 10)))  # however many outputs: 4 neurons for each point
assert stays(through_points, (X, Y), (X, -Y), (-X, Y)), "the next call changed earlier weights"
square = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 2.0], [2.0, 0.0]])
goes_through(square, rng.normal(size=(6, 2)))
goes_through(rng.permutation(square) - 1, np.array([[0.0], [1.0], [1.0], [0.0], [5.0], [-5.0]]))
goes_through(rng.normal(size=(30, 7)) * 3, rng.normal(size=(30, 4)))
ticks = np.array([0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 100.0])
axes_only = np.concatenate([np.outer(k * ticks, axis) for k in (1, -1) for axis in np.eye(3)[1:]])
goes_through(axes_only, rng.integers(0, 2, size=(40, 2)) * 1.0)  # points on two axes

# %% demo folded
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.4), layout="constrained")
X = np.array([[-3.0], [-1.0], [-0.4], [1.0], [2.2], [3.0]])
Y = np.array([[0.5], [2.0], [-1.0], [-0.5], [1.5], [1.0]])
x = np.linspace(-4, 4, 801)[:, None]
W1, b1, W2, b2 = through_points(X, Y)
axes[0].plot(x, relu(x @ W1.T + b1) * W2[0], color="0.75", lw=1)
axes[0].plot(x, evaluate((W1, b1, W2, b2), x), color=plots.COLOURS[0], lw=2.5)
axes[0].plot(X, Y, "ko", ms=7)
axes[0].set(title="One feature,\none output", xlabel="$x$", ylim=(-3, 4))

turns = np.pi / 2 + np.arange(6) * 4 * np.pi / 5  # the corners of a star, in the pen's order
corners = np.column_stack([np.cos(turns), np.sin(turns)])
minutes = np.arange(6.0)[:, None]
path = evaluate(through_points(minutes, corners), np.linspace(-1, 6, 701)[:, None])
axes[1].plot(*path.T, color=plots.COLOURS[0], lw=2.5)
axes[1].plot(*corners.T, "ko", ms=7)
axes[1].set(
    title="One feature (time),\ntwo outputs", aspect="equal", xlabel="$y_1$", ylabel="$y_2$"
)

images, digits = load_digits()
weights = through_points(images[:400], np.eye(10)[digits[:400]])  # 1 for its digit, 0 for others
right_answers = np.argmax(evaluate(weights, images), axis=1) == digits
shares = [100 * right_answers[:400].mean(), 100 * right_answers[400:].mean()]
bars = axes[2].bar(["the 400\ngiven", "1,397\nothers"], shares, color=plots.COLOURS[:2])
axes[2].bar_label(bars, fmt="%.0f %%")
axes[2].set(title="64 features, ten\noutputs: digits", ylabel="right answers in %", ylim=(0, 115))
plots.show(
    alt="Networks through given points. Left: a curve with its corners at six points, and in grey "
    "the hidden neurons that add up to it. Middle: a five-pointed star, drawn as time goes "
    f"by. Right: of 400 given digits {shares[0]:.0f} % are right, of 1,397 others "
    f"{shares[1]:.0f} %."
)

# %% [markdown]
# On the left, grey: each hidden neuron with its output weight. In the middle the network holds a
# pen, and its only input is the time. On the right it was given 400 images, each with its class.

# %% written="random_labels" points=2
# **In your own words.** Without any training the network on the right is right about each of the
# 400 images that it was given. Suppose that the labels of these 400 had been drawn at random. How
# high would the left bar be then, of answers that agree with those labels, and how high the right
# one, of the others' true digits? What does that say about the 100 % in the picture? Two or three
# sentences.
#
# ### BEGIN RUBRIC
# - 1 point: the bars. The left one is at 100 % again, since there are weights that go through the
#   points whatever the labels are; the right one is at about 10 %, a guess among ten classes. Both
#   are needed; "lower" is enough for the right one if chance or guessing is mentioned.
# - 1 point: what follows. The network has as many neurons as examples and knows them by heart, so
#   to be right about what it was given is no sign that it can read; only images that it was not
#   given (a test set, the right bar) can tell. "It overfits" alone, without what would tell, is not
#   enough.
# ### END RUBRIC

# %% [markdown]
# ### What the theorem does not say
#
# **Question.** "A network with one hidden layer can imitate any continuous function, so one hidden
# layer is all that we ever need." What is wrong with this conclusion? Find as many points as you
# can before you look.
#
# <details><summary>Answer</summary>
#
# 1. It does not say **how many** neurons it takes. It may be a hopeless number, where a few more
#    layers would make do with a small one.
# 2. It does not say **how to find** the weights. We set them by hand, because we knew $f$. Learning
#    from examples is another matter, and may fail though good weights exist.
# 3. It says nothing about **new examples**. A network may imitate all that it was shown and be
#    wrong in between.
# 4. It holds on a **bounded region**. Outside it, anything may happen: our sum of bumps is 0 there.
# 5. It holds for **continuous** functions. A jump is imitated by a steep slope, never exactly.
# 6. It is **nothing special**. Many other families of functions can do it as well: see the picture.
#
# </details>

# %% demo
rng = np.random.default_rng(11)
X_some = np.sort(rng.uniform(0, 1, size=14))
y_some = wiggle(X_some)
x = np.linspace(-0.25, 1.25, 1501)
coefficients = np.polynomial.Polynomial.fit(X_some, y_some, 9)
nearest = y_some[np.argmin(np.abs(x[:, None] - X_some), axis=1)]
cuts = [-0.25, *((X_some[1:] + X_some[:-1]) / 2)[1::2], 1.25]
tree = np.zeros(len(x))
for low, high in pairwise(cuts):
    inside = (X_some >= low) & (X_some < high)
    tree[(x >= low) & (x <= high)] = y_some[inside].mean()
knots = np.linspace(-0.1, 1.0, 40)
columns = np.column_stack([np.ones(len(X_some)), relu(X_some[:, None] - knots)])
weights = np.linalg.lstsq(columns, y_some, rcond=1e-4)[0]
network = np.column_stack([np.ones(len(x)), relu(x[:, None] - knots)]) @ weights
families = {
    "polynomial, degree 9": coefficients(x),
    "nearest neighbour": nearest,
    "regression tree": tree,
    "40 ReLUs": network,
}

# %% demo folded
fig, axes = plt.subplots(2, 2, figsize=(6.4, 4.8), sharey=True, layout="constrained")
for ax, (title, values) in zip(axes.flat, families.items(), strict=True):
    ax.axvspan(0, 1, color="0.93", zorder=0)
    ax.plot(x, values, color=plots.COLOURS[0], lw=2)
    ax.plot(x, wiggle(x), "k--", lw=1)
    ax.plot(X_some, y_some, "ko", ms=5)
    ax.set(title=title, xlabel="$x$", ylim=(-0.2, 1.3))
plots.show(
    alt="Four approximators that saw the same 14 points of a dashed wave: a polynomial, the "
    "nearest neighbour, a regression tree and 40 ReLUs. They agree near the points; in the "
    "gap between them, and outside the grey region, each goes its own way."
)

# %% [markdown]
# Four universal approximators that saw the same 14 points of the dashed function. Between the
# points, and even more so outside the grey region, each has ideas of its own.

# %% [markdown]
# ### For the curious: wavelets
#
# Here is one more family that can imitate everything. Replace the values of a function, two by
# two, by their mean, and keep half of their difference; then do the same to the means, until a
# single one is left. The differences are the **Haar wavelets'** coefficients (Alfréd Haar, 1910).
# To come back, begin with the mean and put in the differences, coarse ones first.

# %% demo
level, differences = wiggle((np.arange(1024) + 0.5) / 1024), []
while len(level) > 1:
    differences.insert(0, (level[::2] - level[1::2]) / 2)
    level = (level[::2] + level[1::2]) / 2
for n_levels, half in enumerate(differences, 1):
    level = np.column_stack([level + half, level - half]).ravel()
    off = np.abs(np.repeat(level, 1024 // len(level)) - wiggle((np.arange(1024) + 0.5) / 1024))
    print(f"{n_levels:2} levels, {len(level):5} numbers: off by at most {off.max():.4f}")

# %% [markdown]
# **Question.** Along a stretch where the function is level, what are the differences?
#
# <details><summary>Answer</summary>
#
# All 0, so nobody need store them: one reason why images are compressed by wavelets.
#
# </details>

# %% [markdown]
# ### For the curious: deep and narrow, or shallow and wide?
#
# Fold a strip of paper in half, again and again, and prick it once with a needle: after $k$ folds
# you have made $2^k$ holes. Layers can do that. Three ReLUs make a **tent**,
#
# $$t(x) = 2\,\text{relu}(x) - 4\,\text{relu}(x - \tfrac12) + 2\,\text{relu}(x - 1),$$
#
# which lays the right half of the interval from 0 to 1 onto the left one, and stretches both to
# the full length. A network with $k$ hidden layers of three neurons does so $k$ times:
# $t(t(\dots t(x)))$. With a *single* hidden layer, each ReLU gives the output one corner and no
# more. So let us count the corners of the deep network: it takes at least as many neurons to do the
# same in one layer.


# %% demo
def sawtooth(n_folds):
    """Return the parameters of a network that applies the tent so many times."""
    tent, corners = np.array([[2.0, -4.0, 2.0]]), np.array([0.0, -0.5, -1.0])
    first, next_one = (np.ones((3, 1)), corners), (np.ones((3, 1)) @ tent, corners)
    return [first, *[next_one] * (n_folds - 1), (tent, np.zeros(1))]


def count_corners(params):
    """Count the places between -4 and 4 at which the slope of a network's output changes."""
    x = np.linspace(-4, 4, 2**14 + 1)
    out = forward(params, x[:, None], ["relu"] * (len(params) - 1) + ["linear"])[0][:, 0]
    changes = np.abs(np.diff(np.diff(out) / np.diff(x))) > 1e-6
    # A corner between two points of the grid changes the slope twice in a row.
    return np.sum(changes[1:] & ~changes[:-1]) + changes[0]


n_folds, rng = np.arange(1, 9), np.random.default_rng(13)
neurons = 3 * n_folds
corners = np.array([count_corners(sawtooth(k)) for k in n_folds])
random_corners = []
for k in n_folds:
    nets = [init_params([1] + [3] * k + [1], rng) for _ in range(10)]
    nets = [[(W, rng.normal(size=len(b))) for W, b in net] for net in nets]
    random_corners.append(max(count_corners(net) for net in nets))
print("hidden layers  neurons  corners  most of ten random networks")
for row in zip(n_folds, neurons, corners, random_corners, strict=True):
    print("{:13}{:9}{:9}{:29}".format(*row))

# %% demo folded
fig, axes = plt.subplots(2, 2, figsize=(7.5, 5.6), layout="constrained")
x = np.linspace(-0.1, 1.1, 2401)[:, None]
for ax, k in zip(axes.flat, (1, 2, 5), strict=False):
    ax.plot(x, forward(sawtooth(k), x, ["relu"] * k + ["linear"])[0], color=plots.COLOURS[0], lw=2)
    ax.set(title=f"{k} hidden layer{'s' * (k > 1)}, {3 * k} neurons", xlabel="$x$")
ax = axes[1, 1]
ax.semilogy(n_folds, corners, "s-", color=plots.COLOURS[5], label="one hidden layer")
ax.semilogy(n_folds, neurons, "o-", color=plots.COLOURS[0], label="$k$ hidden layers")
ax.set(title="Neurons that it takes", xlabel="folds $k$", xticks=n_folds)
ax.legend()
plots.show(
    alt="A tent applied once, twice and five times: one tooth, two and sixteen, all of the same "
    f"height. Last, on a logarithmic scale: with {n_folds[-1]} folds the deep network has "
    f"{neurons[-1]} neurons, and one hidden layer would need {corners[-1]}."
)

# %% [markdown]
# With $3k$ neurons the deep network has $2^k + 1$ corners. Telgarsky showed in 2016 that it does
# not help to be content with coming close: with far fewer layers it still takes exponentially many
# neurons. But the printed table says something else as well: random networks of the same sizes, and
# that is where learning starts, get hardly more corners as they get deeper. Depth *can* pay off
# this much; nobody promises that it does.
#
# **Question.** How many neurons do thirty folds take, deep and shallow?
#
# <details><summary>Answer</summary>
#
# Ninety, and $2^{30} + 1$: more than a billion. (Here is the first point of the answer above, in
# numbers.)
#
# </details>
#
# ### For the curious: networks to play with
#
# Two pages train small networks before your eyes; how they do it, stages 5 and 6 will tell. Guess
# first, then press play.
#
# 1. [TensorFlow Playground](https://playground.tensorflow.org): take the ring of points, the inputs
#    $x_1$ and $x_2$, and one hidden layer of ReLUs. Point at a hidden neuron: its level curves are
#    straight, as in section 1. Then take neurons away, one by one.
# 2. There, too: choose *Linear* for the activation and add layers, as many as you like. The
#    boundary stays a line, as stage 3 has shown.
# 3. [ConvNetJS](https://cs.stanford.edu/people/karpathy/convnetjs/demo/classify2d.html): beside the
#    examples it draws the plane as two neurons of a hidden layer see it. Watch the paper being
#    folded, then click a red point of your own into the midst of the green ones (with Shift, a
#    green one): what does the boundary do for it?
#
# **Question.** With how many hidden ReLUs, at least, can a boundary close around the inner points?
#
# <details><summary>Answer</summary>
#
# With three: a triangle, more or less. Never with two: wherever the output says "inside", there is
# then a direction in which you can walk on forever, and it goes on saying so.
#
# </details>
#
# ## Summary
#
# - A neuron is $a = g(w \cdot x + b)$: perceptron, linear or logistic regression, depending on $g$.
#   Its level curves are straight.
# - A network is layers of neurons (3): sums with $W^{[l]}$ of shape $(n_l, n_{l-1})$, then $g$.
#   `forward` keeps every $Z^{[l]}$ and $A^{[l]}$ for later.
# - Hidden layers warp space: they turn, stretch and fold it, until a straight cut is enough.
# - Eight activations, all of them safe at $\pm 1000$ because only what is not positive is
#   exponentiated. Sigmoid and tanh saturate, slopes vanish in depth, ReLUs are cheap and can die.
# - Random weights must have the right size (10), or the signal dies out or explodes.
# - One hidden layer can imitate every continuous function (13), and go exactly through any points.
#   The theorem does not say how many neurons that takes, how to learn their weights, or what
#   happens in between.
#
# ### What comes next
#
# You have set every weight by hand, or at random. **Stage 5** computes how the output changes with
# each of them, all at once and at the price of one pass backwards. **Stage 6** uses that to learn.
#
# ### Where it comes from
#
# - A. Haar, "Zur Theorie der orthogonalen Funktionensysteme", *Mathematische Annalen* 69 (1910),
#   331-371.
# - G. Cybenko, "Approximation by superpositions of a sigmoidal function", *Mathematics of Control,
#   Signals and Systems* 2 (1989), 303-314.
# - K. Hornik, M. Stinchcombe and H. White, "Multilayer feedforward networks are universal
#   approximators", *Neural Networks* 2 (1989), 359-366.
# - X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
#   networks", *AISTATS* (2010).
# - K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers: surpassing human-level
#   performance on ImageNet classification", *ICCV* (2015).
# - M. Telgarsky, "Benefits of depth in neural networks", *Conference on Learning Theory* (2016),
#   1517-1539.
