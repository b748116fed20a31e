# %% [markdown]
# # Stage 5: Backpropagation
#
# **A network has 25 knobs. Which way should you turn each of them?**
#
# Stage 4 built networks and ran them forward. Their weights were drawn at random, and so were their
# answers. To do better, we need to know of every single weight: if it grew a little, would the loss
# rise or fall, and how steeply?
#
# The picture below shows it for four parameters of a small network. Each is moved alone while the
# other 24 stay where they are. All we ask for is the *slope* of each curve at the dot. For 25
# parameters one could draw 25 such curves. For the millions of a real network that is hopeless.
#
# By the end of this notebook you will have written something better. It finds *all* the
# slopes at once, exactly, for the price of a few runs of the network, and it fits in ten lines.
#
# **About 90 minutes**: an hour for eight tasks and a project, the rest for reading and for the
# questions between them.

# %%
from itertools import pairwise

import numpy as np

from nndata.testing import near, slopes_agree, stays, unchanged

# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
import matplotlib.pyplot as plt

from nndata import make_moons, plots

plots.use_style()

# %% [markdown]
# Here is what you need of stage 4, ready to use: the activations, the initialisation and the
# forward pass.


# %%
def linear(z):
    """The identity."""
    return z


def step(z):
    """The hard threshold: 1 where z >= 0, else 0."""
    return np.where(z >= 0, 1.0, 0.0)


def sigmoid(z):
    """1 / (1 + exp(-z)), without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def tanh(z):
    """The hyperbolic tangent."""
    return np.tanh(z)


def relu(z):
    """max(0, z)."""
    return np.maximum(0.0, z)


def leaky_relu(z, alpha=0.01):
    """z where z > 0, else alpha * z."""
    return np.where(z > 0, z, alpha * z)


def elu(z, alpha=1.0):
    """z where z > 0, else alpha * (exp(z) - 1), without overflow."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def softplus(z):
    """log(1 + exp(z)), without overflow."""
    return np.logaddexp(0.0, z)


def init_params(layer_sizes, rng, activation="relu"):
    """Draw the weights: He's for relu, else Glorot's. A list with a pair (W, b) for each layer."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
        params.append((rng.normal(0, np.sqrt(variance), size=(n_out, n_in)), np.zeros(n_out)))
    return params


def forward(params, X, activations):
    """Run a network and keep what happens on the way.

    Parameters
    ----------
    params : list of (W, b)
        Layer l has W of shape (n_out, n_in) and b of shape (n_out,), at index l - 1.
    X : ndarray of shape (m, n) or (n,)
    activations : list of str
        The name of each layer's activation.

    Returns
    -------
    A_L : ndarray of shape (m, n_L) or (n_L,)
        The output of the last layer.
    cache : dict
        "A": [X, A1, ..., AL], "Z": [None, Z1, ..., ZL], and "activations", as given. So
        `cache["Z"][l]` and `cache["A"][l]` are the Z and A of layer l in the formulas.
    """
    functions = {
        "linear": linear,
        "step": step,
        "sigmoid": sigmoid,
        "tanh": tanh,
        "relu": relu,
        "leaky_relu": leaky_relu,
        "elu": elu,
        "softplus": softplus,
    }
    cache = {"A": [X], "Z": [None], "activations": list(activations)}
    for (W, b), name in zip(params, activations, strict=True):
        cache["Z"].append(cache["A"][-1] @ W.T + b)
        cache["A"].append(functions[name](cache["Z"][-1]))
    return cache["A"][-1], cache


# %% demo folded
X_moons, y_moons = make_moons(200, np.random.default_rng(5), noise=0.15)
random_net = init_params([2, 6, 1], np.random.default_rng(5), activation="tanh")
turns = np.linspace(-1.5, 1.5, 81)
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for number, (layer, row, column) in enumerate([(0, 1, 1), (0, 3, 1), (1, 0, 4), (0, 4, 1)]):
    losses = []
    for turn in turns:
        moved = [(W.copy(), b) for W, b in random_net]
        moved[layer][0][row, column] += turn
        z = forward(moved, X_moons, ["tanh", "linear"])[0][:, 0]
        losses.append(np.mean(softplus(z) - y_moons * z))
    name = f"$W^{{[{layer + 1}]}}_{{{row + 1}{column + 1}}}$"
    look = {"color": plots.COLOURS[number], "ls": ["-", "--", "-.", ":"][number]}
    ax.plot(turns, losses, label=name, **look)
ax.plot(0, losses[40], "ko", label="as it is now")
ax.set(title="Four of the 25 parameters, each turned alone", xlabel="change", ylabel="loss $J$")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plots.show(
    alt="The loss as four parameters are changed, each alone. All curves meet in a dot, the "
    "present state; there two of them rise, one falls, and one is nearly level."
)

# %% [markdown]
# ## How this notebook works
#
# There are **eight tasks and a project**. Replace each `raise NotImplementedError` by your code and
# run the cell of visible tests below it, which says whether they pass. Functions leave their
# arguments as they were, lists and dicts too, and return something new: no view of an argument, and
# nothing that the next call changes. Whatever is called `dSomething` below is the derivative of the
# loss $J$ with respect to that something, and has its shape.
#
# ## 1. A slope, measured
#
# Take $f(w, x, b) = w x + b$ at $w = 2$, $x = 3$, $b = -6$, where it is 0. Nudge $w$ alone by 0.1:
# $f = 2.1 \cdot 3 - 6 = 0.3$. It has moved by three times the nudge. That ratio, for smaller and
# smaller nudges, is the **partial derivative** $\partial f / \partial w$: the slope along one
# variable while the others are held still. All the partial derivatives together are the
# **gradient**:
#
# $$\frac{\partial f}{\partial w} = x = 3, \qquad \frac{\partial f}{\partial x} = w = 2, \qquad
# \frac{\partial f}{\partial b} = 1. \tag{1}$$
#
# The gradient points to where $f$ rises fastest, and $-$gradient to where it falls fastest.
#
# **Question `no_input`.** In (1), $\partial f / \partial w$ is the input $x$. What does an example
# say about a weight whose input is 0 in it? (Type the letter of your answer in place of the dots,
# in quotes, and run the cell.)
#
# - **a** The weight should come closer to 0.
# - **b** The weight is as good as it can be.
# - **c** Nothing at all.
# - **d** Nothing that can be calculated: you would have to divide by 0.

# %% question="no_input"
answer("no_input", ...)

# %% [markdown]
# A computer can do the nudging. The obvious way is the *forward difference*
# $\frac{f(x + h) - f(x)}{h}$. The **central difference** looks to both sides:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}, \tag{2}$$
#
# where $e_i$ is 1 at place $i$ and 0 elsewhere.
#
# **By hand.** $f(x) = x^3$ at $x = 1$; the true slope is 3. Let $h = 0.1$.
#
# | | | |
# |:--|:--|--:|
# | forward | $(1.331 - 1) / 0.1$ | 3.31 |
# | central | $(1.331 - 0.729) / 0.2$ | 3.01 |
#
# The curvature, which spoils the forward difference, cancels in (2).
#
# ### Task: `numerical_gradient`
#
# *Difficulty 1 of 3, about 5 minutes.*
#
# Write (2) for every entry of `x`, whatever the shape of `x`: a vector, a matrix, a stack of
# matrices. `x` may hold integers (`int64`); the gradient is an array of floats all the same.
# Calculate in `float64`, as NumPy does by itself.
#
# <details><summary>Hint 1</summary>
#
# How many times must `f` be called for an `x` with 12 entries? What is the same in all these calls,
# and what differs?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.ndindex(x.shape)` yields every index of an array of any shape, as a tuple `i` that you can use
# as `gradient[i]`. Make a nudge of zeros for each index, and the gradient with `np.zeros(x.shape)`:
# `zeros_like` of integers would be integers, and cut the fractions off.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# In the loop, with `nudge[i] = h`: `gradient[i] = (f(x + nudge) - ___) / ___`
#
# </details>


# %% task="numerical_gradient"
def numerical_gradient(f, x, h=1e-5):
    """Estimate the gradient of a function by central differences, formula (2).

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns a float.
    x : ndarray of float or int, of any shape with at least one axis
        Where the gradient is wanted. Not changed.
    h : float
        The size of the nudge, positive.

    Returns
    -------
    ndarray of float, of the shape of `x`
        Entry i is the slope of `f` along entry i of `x`.
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% tests="numerical_gradient"
def steep(x):
    """A billion x³, summed up: at 0, formula (2) gives a billion h²."""
    assert np.shape(x) == (2, 3), f"f takes an array of the shape of x, not {np.shape(x)}"
    return float(np.sum(1e9 * x**3))


slope = numerical_gradient(lambda x: float(np.sum(x**3)), np.array([1.0, -10.0]), 0.1)
assert near(slope, [3.01, 300.01]), f"x³ at 1 and -10, h = 0.1: 3.01 and 300.01, not {slope}"
slope = numerical_gradient(lambda v: float(v[0] * v[1] + v[2] / 2), np.array([2, 3, -6]))
assert near(slope, [3, 2, 0.5]), f"at these integers, the slopes are 3, 2 and 0.5, not {slope}"
slope = numerical_gradient(steep, np.zeros((2, 3)))
assert near(slope, np.full((2, 3), 0.1)), f"is h = 1e-5 by default? All slopes are 0.1, not {slope}"
x_test = np.random.default_rng(1).normal(size=(3, 4))
x_test[0, 0] = 0
for x, kind in ((x_test[:, :3], "a matrix"), (x_test.T, "a transposed one"), (x_test[None], "3-D")):
    slope = numerical_gradient(lambda x: float(np.sum(x**2)), x)
    assert near(slope, 2 * x), f"{kind}: the sum of the squares has the gradient 2x, not {slope}"
assert unchanged(numerical_gradient, lambda x: float(np.sum(x**2)), x_test), "x should stay"
before = slope.copy()
numerical_gradient(lambda x: 1.0, x_test[None])
assert np.array_equal(slope, before), "the next call should leave the last result as it was"

# %% [markdown]
# The smaller $h$, the better? Let us see: the slope of $e^x$ at $x = 1$, for smaller and smaller
# $h$.

# %% demo folded
steps = 10.0 ** np.arange(-1, -15.5, -0.25)
central = [abs(numerical_gradient(lambda x: np.exp(x[0]), np.ones(1), h)[0] - np.e) for h in steps]
forwards = np.abs((np.exp(1 + steps) - np.exp(1)) / steps - np.e)
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.loglog(steps, forwards, "s--", color=plots.COLOURS[1], ms=5, mec="k", label="forward difference")
ax.loglog(steps, central, "o-", color=plots.COLOURS[0], ms=5, mec="k", label="central difference")
ax.invert_xaxis()
ax.axvline(1e-5, color="k", ls=":", lw=1)
ax.annotate(" $h = 10^{-5}$", (1e-5, 1e-1))
ax.set(title="The error of a numerical slope", xlabel="$h$, falling to the right", ylabel="error")
ax.legend(loc="lower right")
plots.show(
    alt="Error of a numerical slope against the step h, both on logarithmic scales. The central "
    "difference is best near 10 to the -5, with an error of 10 to the -10; the forward one "
    "near 10 to the -8. With smaller steps both get worse again."
)

# %% [markdown]
# **Question.** Read the picture from left to right. Why do the errors fall, why do they rise again,
# and why is the central one steeper at first?
#
# <details><summary>Answer</summary>
#
# On the left, the nudge is too coarse. The curve bends within $h$, and the bend is what we measure.
# By Taylor's formula, the error is about $\frac{h}{2} f''$ for the forward difference. In the
# central difference these terms cancel, and $\frac{h^2}{6} f'''$ remains: a tenth of $h$ is a
# hundredth of the error.
#
# On the right, rounding takes over. $f(x + h)$ and $f(x - h)$ agree in nearly all of their 16
# digits, and their difference keeps only the last few. That error is about $10^{-16} / h$, so it
# *grows* as $h$ falls. Between the two lies the best $h$: near $10^{-8}$ for forward, near
# $10^{-5}$ for central differences. That is where our default comes from. (In `float32`, with 7
# digits, even the best $h$ gives a poor slope; that is why such checks are done in `float64`.)
#
# </details>
#
# A network for MNIST with 784 inputs, 64 hidden units and 10 outputs has 50,890 parameters. One
# gradient by (2) takes 101,780 runs over all the examples, for *one* small step of learning, and
# learning takes thousands of steps. Numerical gradients are for checking, not for training.

# %% [markdown]
# ## 2. The chain rule
#
# A network is one function after another. Take the simplest case, numbers in a chain:
#
# $$v_0 = x, \qquad v_k = f_k(v_{k-1}), \qquad y = v_K.$$
#
# How does $y$ depend on $v_{k-1}$? It does so only through $v_k$. A nudge of $v_{k-1}$ arrives at
# $v_k$ multiplied by $f_k'(v_{k-1})$, and from there on at $y$ multiplied by the slope of all the
# rest:
#
# $$\frac{dy}{dv_{k-1}} = \underbrace{f_k'(v_{k-1})}_{\text{local}} \cdot
# \underbrace{\frac{dy}{dv_k}}_{\text{upstream}}, \qquad \frac{dy}{dv_K} = 1. \tag{3}$$
#
# Every step needs to know only two things: its own **local** derivative, taken at the value that
# came *in* on the way forward, and the **upstream** derivative, which comes from behind. So we run
# forward and remember the values; then we run backward and multiply.
#
# **By hand.** $x = 3$; $f_1(v) = 2v - 4$, then $f_2(v) = v^2$, then $f_3(v) = 1 / v$.
#
# | $k$ | 0 | 1 | 2 | 3 |
# |:--|--:|--:|--:|--:|
# | forward: value $v_k$ | 3 | 2 | 4 | 0.25 |
# | local slope $f_{k+1}'(v_k)$ | 2 | $2 \cdot 2 = 4$ | $-1 / 4^2 = -0.0625$ | |
# | backward: $dy / dv_k$ | $2 \cdot (-0.25) = -0.5$ | $4 \cdot (-0.0625) = -0.25$ | $-0.0625$ | 1 |
#
# Read the first two rows from left to right and the last one from right to left.
#
# **The sigmoid is such a chain, too**: $-z$, then $e^v$, then $1 + v$, then $1 / v$. Multiply its
# four local slopes, $-1$, $e^{-z}$, $1$ and $-1 / (1 + e^{-z})^2$:
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot
# \frac{e^{-z}}{1 + e^{-z}} = \sigma(z)\,(1 - \sigma(z)). \tag{4}$$
#
# ### Task: `chain_backward`
#
# *Difficulty 1 of 3, about 5 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Cover the table with your hand. Which row can you fill in first, and from which end? Where does
# the last row begin?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Start with `values = [x]` and append what the next function makes of the last value. For the way
# back start with `slopes = [1.0]`, and put each new slope in front with `slopes.insert(0, ...)`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# For `k` from the number of functions down to 1:
# `slopes.insert(0, derivatives[k - 1](___) * ___)`
#
# </details>


# %% task="chain_backward"
def chain_backward(functions, derivatives, x):
    """Run a chain of functions forward, then its slopes backward by formula (3).

    Parameters
    ----------
    functions : list of callable
        f_1, ..., f_K in the order in which they are applied, K from 1 to 100. Each takes a float,
        not an array, and returns a float. The list is not changed.
    derivatives : list of callable
        Their derivatives f_1', ..., f_K', in the same order. The list is not changed.
    x : float
        What goes into f_1.

    Returns
    -------
    values : list of float
        The K + 1 values v_0 = x, v_1, ..., v_K = y.
    slopes : list of float
        The K + 1 derivatives dy/dv_0, dy/dv_1, ..., dy/dv_K = 1, in this order.
    """
    ### BEGIN SOLUTION
    values = [x]
    for function in functions:
        values.append(function(values[-1]))
    slopes = [1.0]
    for k in range(len(functions), 0, -1):
        slopes.insert(0, derivatives[k - 1](values[k - 1]) * slopes[0])
    return values, slopes
    ### END SOLUTION


# %% tests="chain_backward"
functions = [lambda v: 2 * v - 4, lambda v: v**2, lambda v: 1 / v]
derivatives = [lambda v: 2.0, lambda v: 2 * v, lambda v: -1 / v**2]
for what in ("the table has", "called again with the same lists,"):
    values, slopes = chain_backward(functions, derivatives, 3.0)
    assert near(np.array(values), [3, 2, 4, 0.25]), f"{what} the values 3, 2, 4, 0.25, not {values}"
    assert near(np.array(slopes), [-0.5, -0.25, -0.0625, 1]), (
        f"{what} the slopes -0.5, -0.25, -0.0625, 1, not {slopes}"
    )


def ripple(v):
    """A line with tiny waves. Only its true derivative feels how steep they are."""
    assert isinstance(v, float), f"each function takes a float, not {v!r}"
    return v + float(np.sin(300 * v)) / 300


x_test = float(np.random.default_rng(2).normal())
values, slopes = chain_backward([ripple], [lambda v: 1 + float(np.cos(300 * v))], x_test)
assert len(values) == len(slopes) == 2, "one function makes two values, x and y, and two slopes"
assert near(slopes[0], 1 + np.cos(300 * x_test)), "call the derivatives at v_0, v_1, ...: no nudges"
sigmoid_links = [lambda v: -v, np.exp, lambda v: 1 + v, lambda v: 1 / v]
sigmoid_slopes = [lambda v: -1.0, np.exp, lambda v: 1.0, lambda v: -1 / v**2]
calls = [(sigmoid_links, sigmoid_slopes, at) for at in (x_test, -x_test)]
assert stays(chain_backward, *calls), "the next call changed what chain_backward had returned"
values, slopes = chain_backward(sigmoid_links, sigmoid_slopes, x_test)
assert near(values[4], sigmoid(x_test)), "this chain of four is the sigmoid"
assert near(slopes[0], sigmoid(x_test) * (1 - sigmoid(x_test))), "its slope is that of formula (4)"
flat = chain_backward([np.sin, lambda v: 0 * v, np.exp], [np.cos, lambda v: 0.0, np.exp], x_test)
assert near(np.array(flat[1]), [0, 0, 1, 1]), "a flat link stops only the slopes before it"

# %% [markdown]
# **Question `one_by_one`.** In a chain of $K$ functions, all $K$ local slopes are known. You want
# $dy/dv_k$ for $k = 0, \dots, K - 1$, and you work out each *on its own*, as a product of local
# slopes. How many multiplications does that take, all in all? (Run the cell below as it is: it
# shows your $K$. Then type the number in place of the dots, and run it again.)

# %% question="one_by_one"
answer("one_by_one", ...)

# %% [markdown]
# All those products share their tails. Going backward, each slope is the one behind it times *one*
# factor, so every tail is worked out once. This is the whole secret of backpropagation: **the
# repeated work is done once and kept.**
#
# (Multiplied from the front, $f_1' \cdot f_2' \cdots$, the slopes tell how *one input* moves
# everything behind it. From the back, they tell how everything moves *one output*. A network has
# millions of parameters to turn, and one loss to care about: that is why it goes from the back.)

# %% [markdown]
# ## 3. Two paths: a value used twice
#
# Chains are not the whole story. Often a value is used in two places (it *fans out*), and both lead
# to $J$. Say that $J$ depends on $u$ and $v$, and both depend on $x$. A nudge of $x$ moves $u$ and
# $v$, and $J$ feels both:
#
# $$\frac{dJ}{dx} = \frac{\partial J}{\partial u} \cdot \frac{du}{dx} +
# \frac{\partial J}{\partial v} \cdot \frac{dv}{dx}. \tag{5}$$
#
# **Along a path multiply; over the paths add.** That is the multivariate chain rule. With
# $u = 3x$, $v = 5x$ and $J = 2u + 7v$, it says $dJ/dx = 2 \cdot 3 + 7 \cdot 5 = 41$.
#
# **Question `two_paths`.** Let $u = s x$ and $v = x + t$ for two constants $s$ and $t$, and
# $J = u \cdot v$. What is $dJ/dx$ at the place $x$? (The cell shows your $s$, $t$ and $x$.)

# %% question="two_paths"
answer("two_paths", ...)

# %% [markdown]
# So the product rule is nothing but the chain rule on two paths.
#
# ### A worked example: a neuron with a penalty
#
# One neuron, one example, a squared error, and a penalty on large weights (stage 7 says what it is
# good for):
#
# $$z = w x + b, \qquad a = \sigma(z), \qquad
# J = \tfrac12 (a - y)^2 + \tfrac{\lambda}{2} w^2. \tag{6}$$
#
# The weight $w$ is used **twice**: in $z$, and in the penalty.
#
# **By hand.** $x = 3$, $w = 2$, $b = -6$, $y = 1$, $\lambda = 0.5$. Forward: $z = 0$, $a = 0.5$,
# and $J = 0.125 + 1 = 1.125$. Then backward, each line using the one above it:
#
# | derivative of $J$ with respect to | upstream times local | value |
# |:--|:--|--:|
# | $a$ | $a - y$ | $-0.5$ |
# | $z$ | $\partial J / \partial a \cdot a (1 - a)$, by (4) | $-0.5 \cdot 0.25 = -0.125$ |
# | $b$ | $\partial J / \partial z \cdot 1$ | $-0.125$ |
# | $x$ | $\partial J / \partial z \cdot w$ | $-0.125 \cdot 2 = -0.25$ |
# | $w$, the path through $z$ | $\partial J / \partial z \cdot x$ | $-0.125 \cdot 3 = -0.375$ |
# | $w$, the path through the penalty | $\lambda w$ | $0.5 \cdot 2 = 1$ |
# | $w$, both paths together | the sum | $-0.375 + 1 = 0.625$ |
#
# The two paths disagree about $w$: the example wants it to grow, the penalty wants it to shrink.
# The sum decides. Here is the whole calculation as a picture, a **computation graph**, one edge a
# step: values go along the arrows, gradients come back against them. Step through it and say each
# number before it appears. Look out for the moment when a second gradient arrives at $w$. Then
# choose another $w$: for which do the two paths agree about its sign?

# %% demo
from nndata.moving.graph import draw_graph, neuron_with_penalty

neuron_with_penalty()

# %% [markdown]
# Follow the arrows to compute the values; follow them backward to compute the gradients. Each box
# knows only its own local derivative. At $w$, from which two arrows leave, two gradients arrive and
# are added.
#
# At the box $z = p + b$, the gradient goes to $p$ and to $b$ unchanged. The box $p = w x$ sends it
# on times *the other* factor: to $w$ goes upstream times $x$, to $x$ upstream times $w$. A plus
# hands the gradient to everyone, a times swaps the factors. That is why the values must be
# remembered on the way forward.
#
# **Question `the_larger`.** A new box computes $q = \max(u, v)$. On the way forward it saw $u = 5$
# and $v = 2$. What does it send back of its upstream gradient $\partial J / \partial q$?
#
# - **a** Half of it to $u$ and half of it to $v$.
# - **b** All of it to $u$ and all of it to $v$.
# - **c** All of it to $u$ and nothing to $v$.
# - **d** Five sevenths of it to $u$ and two sevenths to $v$.
# - **e** Twice that gradient to $u$ and five times it to $v$.

# %% question="the_larger"
answer("the_larger", ...)

# %% [markdown]
# ### Any graph
#
# What you did by hand for one graph, a program can do for all of them. PyTorch and TensorFlow are
# built on it. A graph is plain data: each node has an operation and a list of its arguments.
#
# ```python
# graph = {"J": ("add", ["s", "t"]), "s": ("mul", [2.0, "u"]), "t": ("mul", [7.0, "v"]),
#          "u": ("mul", [3.0, "x"]), "v": ("mul", [5.0, "x"])}
# ```
#
# - **Forward.** A node can be computed as soon as all its arguments are known. An order in which
#   that works is called a **topological order**.
# - **Backward.** All gradients start at 0, only that of the output at 1. Then the nodes have their
#   turn, one by one. Each hands to each of its arguments upstream times local, and the arguments
#   *add up* what they are handed: `+=`, never `=`.
#
# A node must not have its turn before its own gradient is complete, and that is when all who use it
# have had theirs. What does this say about the order?
#
# A table says, for each operation, how to compute its value and its local derivatives:


# %%
# For each operation: its value, and the tuple of its derivatives with respect to its arguments.
OPERATIONS = {
    "add": (lambda u, v: u + v, lambda u, v: (1.0, 1.0)),
    "sub": (lambda u, v: u - v, lambda u, v: (1.0, -1.0)),
    "mul": (lambda u, v: u * v, lambda u, v: (v, u)),
    "div": (lambda u, v: u / v, lambda u, v: (1 / v, -u / v**2)),
    "square": (lambda u: u**2, lambda u: (2 * u,)),
    "sin": (lambda u: np.sin(u), lambda u: (np.cos(u),)),
    "exp": (lambda u: np.exp(u), lambda u: (np.exp(u),)),
    "log": (lambda u: np.log(u), lambda u: (1 / u,)),
    "tanh": (lambda u: np.tanh(u), lambda u: (1 - np.tanh(u) ** 2,)),
    "sigmoid": (lambda u: float(sigmoid(u)), lambda u: (float(sigmoid(u) * sigmoid(-u)),)),
}

# %% [markdown]
# ### Project: `graph_gradients`
#
# *Difficulty 3 of 3, about 20 minutes.*
#
# Backpropagation on any graph. (Nothing below needs it: go on, if you like, and come back.)
#
# - The nodes stand in the dict in **any order**, with any names. A name may be used any number of
#   times, even twice by one node. There are no cycles, and at most 100 nodes.
# - An argument is a name, a `str`, or a constant, a float. Constants have no gradient.
# - The output may be any name, even an input. What does not lead to it has the gradient 0.
# - Only the table says what an operation does. You may be handed another one, with operations that
#   you have never seen; some take three arguments. All values and all slopes are finite.
# - No repeated work: the value of a node, and its local derivatives, are computed **twice at most**
#   each. (Sixty nodes that each use the one before twice have $2^{60}$ paths. Whoever follows every
#   path waits forever.) The gradients are exact up to rounding; nudges will not do.
#
# Sketch it on paper before you write. There are many good ways.


# %% task="graph_gradients"
def graph_gradients(graph, inputs, output, operations):
    """Compute all the values of a graph, and the derivatives of one with respect to all the others.

    Parameters
    ----------
    graph : dict of str to tuple
        A pair (operation, arguments) for each node, by its name, in any order. The arguments are a
        list of names (of inputs or other nodes) and of floats (constants). Nothing is changed.
    inputs : dict of float
        The values of the inputs, by their names. Not changed.
    output : str
        The name of the input or node whose derivatives are wanted.
    operations : dict of tuple
        A pair of functions (value, slopes) for each operation, such as `OPERATIONS`. Both take the
        values of the arguments; `slopes` returns a tuple of derivatives, one for each argument.

    Returns
    -------
    values : dict of float
        The value of each input and of each node, by its name.
    gradients : dict of float
        The derivative of the output with respect to each of them, by the same names.
    """
    ### BEGIN SOLUTION
    values, order = dict(inputs), []

    def values_of(arguments):
        return [values[one] if isinstance(one, str) else one for one in arguments]

    # Forward: whatever has all its arguments is computed, round after round.
    waiting = list(graph)
    while waiting:
        for name in list(waiting):
            operation, arguments = graph[name]
            if all(one in values for one in arguments if isinstance(one, str)):
                value, _ = operations[operation]
                values[name] = value(*values_of(arguments))
                order.append(name)
                waiting.remove(name)

    # Backward: whoever uses a node comes later in the order, so it has had its turn before.
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        operation, arguments = graph[name]
        _, slopes = operations[operation]
        for one, slope in zip(arguments, slopes(*values_of(arguments)), strict=True):
            if isinstance(one, str):
                gradients[one] += gradients[name] * slope
    return values, gradients
    ### END SOLUTION


# %% tests="graph_gradients"
neuron = {
    "J": ("add", ["e", "r"]),
    "r": ("mul", [0.25, "w2"]),
    "w2": ("mul", ["w", "w"]),
    "e": ("mul", [0.5, "d2"]),
    "d2": ("square", ["d"]),
    "d": ("sub", ["a", "y"]),
    "a": ("sigmoid", ["z"]),
    "z": ("add", ["p", "b"]),
    "p": ("mul", ["w", "x"]),
}
neuron_inputs = {"x": 3.0, "w": 2.0, "b": -6.0, "y": 1.0}
values, gradients = graph_gradients(neuron, neuron_inputs, "J", OPERATIONS)
assert set(values) == set(gradients) == {*neuron, *neuron_inputs}, "an entry for each name"
assert near(values["J"], 1.125), f"the table has J = 1.125, not {values['J']}"
for name, slope in {"J": 1, "a": -0.5, "z": -0.125, "b": -0.125, "x": -0.25, "w": 0.625}.items():
    assert near(gradients[name], slope), f"dJ/d{name} is {slope}, not {gradients[name]}"
assert unchanged(graph_gradients, neuron, neuron_inputs, "J", OPERATIONS), "arguments should stay"
calls = [(neuron, neuron_inputs, output, OPERATIONS) for output in "Jz"]
assert stays(graph_gradients, *calls), "the next call changed what an earlier one had returned"
named = {"c1": ("mul", ["", 5.0]), "": ("add", ["c0", "0"]), "J": ("mul", ["const", "c1"])}
named_inputs = {"c0": 1.0, "const": 2.0, "0": 3.0}
values, gradients = graph_gradients(named, named_inputs, "J", OPERATIONS)
found = [values["J"], *(gradients[name] for name in ("c0", "0", "const", "", "c1"))]
assert near(np.array(found), [40, 10, 10, 20, 10, 2]), f"any names, c0 or nothing at all: {found}"
for output in ("p", "x"):
    values, gradients = graph_gradients(neuron, neuron_inputs, output, OPERATIONS)
    assert set(values) == set(gradients) == {*neuron, *neuron_inputs}, (
        f"{output}: an entry for each"
    )
    assert gradients[output] == 1, "the derivative of the output with respect to itself is 1"
    assert gradients["J"] == gradients["b"] == 0, f"neither J nor b leads to {output}"


def random_graph(rng, n_nodes=12):
    """A graph of drawn operations, each on the last few names; then the order is mixed."""
    names, graph = ["x", "dx", "ddx"], {}
    for number in range(n_nodes):
        operation = str(rng.choice(["add", "sub", "mul", "sin", "tanh", "mix"]))
        n_arguments = {"sin": 1, "tanh": 1, "mix": 3}.get(operation, 2)
        arguments = [str(one) for one in rng.choice(names[-4:], n_arguments)]
        if number % 3 == 1:
            arguments[number % n_arguments] = float(rng.choice([0.0, -0.5, 1.5]))
        graph[f"n{number}"] = (operation, arguments)
        names.append(f"n{number}")
    return {str(name): graph[name] for name in rng.permutation(list(graph))}


calls = []


def counted(kind, function):
    """The function, but each call of it is written down."""

    def call(*arguments):
        calls.append((kind, arguments))
        return function(*arguments)

    return call


table = {**OPERATIONS, "mix": (lambda u, v, w: u * v - 3 * w, lambda u, v, w: (v, u, -3.0))}
rng = np.random.default_rng(4)
for _ in range(5):
    graph, at = random_graph(rng), rng.normal(size=3) / 2
    at[0] = round(at[0])

    def run(x, graph=graph):
        return graph_gradients(graph, dict(zip(["x", "dx", "ddx"], x, strict=True)), "n11", table)

    gradients = run(at.tolist())[1]
    told = np.array([gradients[name] for name in ("x", "dx", "ddx")])
    assert slopes_agree(told, lambda x, run=run: run(x.tolist())[0]["n11"], at), (
        f"nudges of x, dx and ddx disagree with your gradients {told}, for {graph}"
    )
scales = {"y": ("mul", ["2", 1e-15]), "z": ("mul", ["y", 1e15]), "2": ("square", ["x"])}
gradients = graph_gradients(scales, {"x": 3.0}, "y", table)[1]
assert near(gradients["x"] * 1e15, 6), f"1e-15 x² has the slope 6e-15 at 3, not {gradients['x']}"
gradients = graph_gradients(scales, {"x": 3.0}, "z", table)[1]
assert near(gradients["x"], 6), f"1e15 · 1e-15 x² has the slope 6 at 3, not {gradients['x']}"
ladder = {f"r{k + 1}": ("add", [f"r{k}"] * 3) for k in reversed(range(12))}
watched = {
    "add": (  # here, the table means something else by it
        counted("value", lambda u, v, w: u + v / 2 + w / 2),
        counted("slopes", lambda u, v, w: (1.0, 0.5, 0.5)),
    )
}
values, gradients = graph_gradients(ladder, {"r0": 1.0}, "r12", watched)
assert near(gradients["r0"], 4096), f"doubled twelve times: 4096, not {gradients['r0']}"
for call in calls:
    assert calls.count(call) <= 2, f"the {call[0]} of one node computed {calls.count(call)} times"

# %% [markdown]
# Your program at work on $y = z_1^4 e^{z_2} + 5 z_1 + 7 z_2$ with $z_1 = \sin x$ and $z_2 = x^3$:
# first all its gradients at one point; below that $dy/dx$ at many, drawn as tangents.

# %% demo folded
graph = {
    "z_1": ("sin", ["x"]),
    "q": ("mul", ["x", "x"]),
    "z_2": ("mul", ["q", "x"]),
    "r": ("square", ["z_1"]),
    "s": ("square", ["r"]),
    "t": ("exp", ["z_2"]),
    "u": ("mul", ["s", "t"]),
    "v": ("mul", [5.0, "z_1"]),
    "w": ("mul", [7.0, "z_2"]),
    "p": ("add", ["u", "v"]),
    "y": ("add", ["p", "w"]),
}
places = {
    "x": ((1.6, 6), "x"),
    "z_1": ((0.6, 5), "z_1 = \\sin x"),
    "q": ((3.2, 5), "q = x \\cdot x"),
    "z_2": ((2.35, 4), "z_2 = q \\cdot x"),
    "r": ((1.2, 4), "r = z_1^2"),
    "s": ((1.2, 3), "s = r^2"),
    "t": ((2.3, 3), "t = e^{z_2}"),
    "u": ((1.7, 2), "u = s \\cdot t"),
    "v": ((0.15, 3), "v = 5 z_1"),
    "w": ((3.4, 3), "w = 7 z_2"),
    "p": ((1, 1), "p = u + v"),
    "y": ((2.2, 0), "y = p + w"),
}
values, gradients = graph_gradients(graph, {"x": 0.9}, "y", OPERATIONS)
nodes = {
    name: (at, f"${formula}$", values[name], gradients[name])
    for name, (at, formula) in places.items()
}
edges = [(one, name) for name, (_, arguments) in graph.items() for one in arguments if one in nodes]
fig, axes = plt.subplots(2, 1, figsize=(6, 9.4), layout="constrained", height_ratios=[5, 2])
draw_graph(axes[0], nodes, edges, "y")
axes[0].set(title="All gradients at $x = 0.9$", xlim=(-0.5, 4.0), ylim=(-0.4, 6.6))
xs = np.linspace(-1.4, 1.1, 101)
ys = [graph_gradients(graph, {"x": x}, "y", OPERATIONS)[0]["y"] for x in xs]
axes[1].plot(xs, ys, color=plots.COLOURS[0])
for x in (-1.2, -0.7, -0.2, 0.4, 0.9):
    values, gradients = graph_gradients(graph, {"x": x}, "y", OPERATIONS)
    ends = np.array([-0.15, 0.15])
    axes[1].plot(
        x + ends, values["y"] + gradients["x"] * ends, color=plots.COLOURS[1], lw=6, zorder=1
    )
    axes[1].plot(x, values["y"], "ko", ms=5)
axes[1].set(title="$dy/dx$ as tangents", xlabel="$x$", ylabel="$y$")
plots.show(
    alt="The graph of a function of x at 0.9, each box with its value and its gradient: y is 9.8, "
    "and dy/dx at the top is 24.49. Below: the curve of y, with five thick, light tangents of the "
    "slopes that the graph gives."
)

# %% [markdown]
# **Question.** Somebody lets a node hand on its gradient whenever *something* arrives there. Where
# in the picture does this go wrong?
#
# <details><summary>Answer</summary>
#
# At $z_1$, $z_2$ and $x$, from which several arrows leave. Say that $z_2$ first hears from $w$ and
# hands that on to $q$ and $x$. Then it hears from $t$. If it now hands on its whole gradient, the
# part from $w$ arrives twice; if it hands on nothing more, the part from $t$ is lost. It may hand
# on just the new part, and the result is right; but then every *path* is walked by itself, and
# there may be billions. Waiting until all have reported costs one visit per node.
#
# </details>
#
# ### For the curious: a fan-out, one turn after the other
#
# A network whose layers fan out: $z_1 = w_A x$ goes into both $z_2 = w_B z_1$ and
# $z_3 = w_C z_1^2$, and $J = w_D z_2 + w_E z_3$ needs them both. The table has a row for each turn,
# with all the gradients as they stand after it. They start at 0, and whatever arrives is *added*.
# Two turns reach $z_1$, and they disagree; it has its own turn when both are over. Before you run
# the cell, work out its column by hand, for $x = 2$ and the weights $1.5$, $2$, $-1$, $4$ and $1$.


# %% demo
def fan_out(v):
    """Run the network forward: z_1, z_2, z_3 and J."""
    x, w_A, w_B, w_C, w_D, w_E = v
    z_1 = w_A * x
    z_2, z_3 = w_B * z_1, w_C * z_1**2
    return z_1, z_2, z_3, w_D * z_2 + w_E * z_3


def show_row(turn):
    """Print the gradients as they stand."""
    print(f"{turn:>8}" + "".join(f"{slope:6.4g}" for slope in d.values()))


v = np.array([2.0, 1.5, 2.0, -1.0, 4.0, 1.0])
x, w_A, w_B, w_C, w_D, w_E = v
z_1, z_2, z_3, _ = fan_out(v)
d = dict.fromkeys(["z_3", "z_2", "z_1", "x", "w_A", "w_B", "w_C", "w_D", "w_E"], 0.0)
print(" turn of" + "".join(f"{name:>6}" for name in d))
show_row("nobody")
d["w_D"] += 1 * z_2  # J, whose own gradient is 1
d["w_E"] += 1 * z_3
d["z_2"] += 1 * w_D
d["z_3"] += 1 * w_E
show_row("J")
d["w_C"] += d["z_3"] * z_1**2
d["z_1"] += d["z_3"] * 2 * w_C * z_1
show_row("z_3")
d["w_B"] += d["z_2"] * z_1
d["z_1"] += d["z_2"] * w_B
show_row("z_2")
d["w_A"] += d["z_1"] * x
d["x"] += d["z_1"] * w_A
show_row("z_1")
nudged = numerical_gradient(lambda v: fan_out(v)[3], v)
print(f"{'nudges':>8}{'':18}" + "".join(f"{slope:6.4g}" for slope in nudged))

# %% [markdown]
# **Question.** Somebody writes `=` for each `+=`. Which columns end with a wrong number, and with
# which?
#
# <details><summary>Answer</summary>
#
# In $z_1$, the 8 from $z_2$ overwrites the $-6$ from $z_3$, instead of making it 2. Whatever is
# made from it is wrong as well: $w_A$ gets 16 instead of 4, and $x$ gets 12 instead of 3. All the
# others hear from one side only, and stay right: that is why such a mistake lives long.
#
# </details>
#
# Here are three more, each with its backward steps written out below the forward ones: the
# function of the picture above; the product $y = z_1 z_2$ of the same $z_1 = \sin x$ and
# $z_2 = x^3$; and a chain with a weight in each link, $z_1 = w_1 x$, $z_2 = w_2^5 z_1^7$ and
# $J = w_3 z_2$, in which every slope makes use of the one above it.


# %% demo
def pictured(x):
    """The function of the picture above, and its slope."""
    z_1, z_2 = np.sin(x), x**3
    y = z_1**4 * np.exp(z_2) + 5 * z_1 + 7 * z_2
    dz_1 = 4 * z_1**3 * np.exp(z_2) + 5
    dz_2 = z_1**4 * np.exp(z_2) + 7
    return y, dz_1 * np.cos(x) + dz_2 * 3 * x**2


def multiplied(x):
    """A product of two functions, and its slope."""
    z_1, z_2 = np.sin(x), x**3
    dz_1, dz_2 = z_2, z_1
    return z_1 * z_2, dz_1 * np.cos(x) + dz_2 * 3 * x**2


def chained(w, x=0.8):
    """A chain with three weights, and its slopes with respect to them."""
    z_1 = w[0] * x
    z_2 = w[1] ** 5 * z_1**7
    dw_3, dz_2 = z_2, w[2]
    dw_2, dz_1 = dz_2 * 5 * w[1] ** 4 * z_1**7, dz_2 * 7 * w[1] ** 5 * z_1**6
    return w[2] * z_2, np.array([dz_1 * x, dw_2, dw_3])


print("                  by hand                by nudges")
for function, at in (
    (pictured, np.array([0.9])),
    (multiplied, np.array([0.9])),
    (chained, np.array([1.5, 1.1, -0.5])),
):
    nudged = numerical_gradient(lambda v, f=function: float(np.squeeze(f(v)[0])), at)
    numbers = (" ".join(f"{one:7.3f}" for one in slopes) for slopes in (function(at)[1], nudged))
    print(f"{function.__name__:12}{{:>23}}  {{:>23}}".format(*numbers))

# %% [markdown]
# ## 4. The slopes of the activations
#
# From here on the graph is a network, and its nodes are whole layers. Every neuron needs the local
# derivative of its activation. That of the sigmoid is (4); the slopes of those on the right are
# yours to find:
#
# | its slope is known | | its slope is up to you | |
# |:--|:--|:--|:--|
# | `linear` | $g(z) = z$, slope 1 | `leaky_relu` | $z$ where $z > 0$, else $0.01 z$ |
# | `sigmoid` | slope (4) | `elu` | $z$ where $z > 0$, else $e^z - 1$ |
# | `tanh` | slope $1 - \tanh^2 z$ | `softplus` | $\log(1 + e^z)$ |
# | `relu` | slope 1 where $z > 0$, else 0 | `step` | 1 where $z \ge 0$, else 0 |
#
# Some have a kink at $z = 0$, where there is no slope, strictly speaking. We agree on the one from
# the left: `relu` has slope 0 there, `leaky_relu` 0.01 and `elu` 1. The `step` jumps at 0; a jump
# has no slope either, and we agree on 0 there too.
#
# **By hand.** $\sigma(0) = 0.5$, so $\sigma'(0) = 0.5 \cdot 0.5 = 0.25$. And
# $\tanh'(0) = 1 - 0 = 1$.
#
# ### Task: `activation_derivative`
#
# *Difficulty 2 of 3, about 6 minutes.*
#
# The results must be finite and right for inputs as large as $\pm 1000$ too.
#
# <details><summary>Hint 1</summary>
#
# Draw each function with a pencil: where is it flat, where is it straight? And what is the
# derivative of $\log(1 + e^z)$, by the chain rule? Have you met it before?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Everything is element-wise, so no loop is needed; one `if name == ...: return ...` for each name
# will do. `sigmoid` does not overflow, but $e^z$ does. Only numbers that are at most 0 should ever
# go into `np.exp`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `np.where(z > 0, ___, 0.01)`; `np.ones(z.shape)`; `np.exp(np.minimum(z, ___))`
#
# </details>


# %% task="activation_derivative"
def activation_derivative(name, z):
    """Compute the derivative of an activation, entry by entry.

    Parameters
    ----------
    name : str
        "linear", "step", "sigmoid", "tanh", "relu", "leaky_relu", "elu" or "softplus".
    z : ndarray of float, of any shape with at least one axis
        What goes *into* the activation. Not changed.

    Returns
    -------
    ndarray of float, of the shape of `z`
        The slope of the activation at each entry of `z`; at a kink the one from the left.
    """
    ### BEGIN SOLUTION
    if name == "linear":
        return np.ones(z.shape)
    if name == "step":
        return np.zeros(z.shape)
    if name in ("relu", "leaky_relu"):
        return np.where(z > 0, 1.0, 0.01 if name == "leaky_relu" else 0.0)
    if name == "elu":
        return np.exp(np.minimum(z, 0))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    a = sigmoid(z)
    return a if name == "softplus" else a * (1 - a)
    ### END SOLUTION


# %% tests="activation_derivative"
z_test = np.array([[-1.0, 0.0, 2.0]])
z_drawn = np.random.default_rng(4).normal(size=(3, 2, 5))
z_far = np.array([-1000.0, 0.0, 1000.0])
for activation, expected, far in [
    (linear, [1, 1, 1], [1, 1, 1]),
    (step, [0, 0, 0], [0, 0, 0]),
    (sigmoid, [0.196612, 0.25, 0.104994], [0, 0.25, 0]),
    (tanh, [0.419974, 1, 0.070651], [0, 1, 0]),
    (relu, [0, 0, 1], [0, 0, 1]),
    (leaky_relu, [0.01, 0.01, 1], [0.01, 0.01, 1]),
    (elu, [0.367879, 1, 1], [0, 1, 1]),
    (softplus, [0.268941, 0.5, 0.880797], [0, 0.5, 1]),
]:
    name = activation.__name__
    slopes = activation_derivative(name, z_test)
    assert near(slopes, [expected], 1e-6), f"{name} at -1, 0 and 2: {expected}, not {slopes}"
    assert slopes.dtype.kind == "f", f"{name}: the slopes should be floats, not {slopes.dtype}"
    assert unchanged(activation_derivative, name, z_far), f"{name}: z should stay as it was"
    slopes = activation_derivative(name, z_far)
    assert near(slopes, far, 1e-9), f"{name} at -1000, 0 and 1000: {far}, not {slopes}"
    calls = (name, z_drawn), (name, -z_drawn)
    assert stays(activation_derivative, *calls), f"{name}: the next call changed earlier slopes"
    slopes = activation_derivative(name, z_drawn)
    assert slopes_agree(slopes, lambda z, g=activation: float(np.sum(g(z))), z_drawn), (
        f"{name}: nudges disagree with your slopes, at a z of shape (3, 2, 5)"
    )

# %% demo folded
all_eight = [linear, step, sigmoid, tanh, relu, leaky_relu, elu, softplus]
z = np.linspace(-4, 4, 401)
fig, axes = plt.subplots(2, 4, figsize=(7.2, 4.4), sharex=True, sharey=True, layout="constrained")
for ax, activation in zip(axes.flat, all_eight, strict=True):
    slopes = activation_derivative(activation.__name__, z)
    ax.axhline(0, color="0.8", lw=1)
    ax.plot(z, activation(z), color=plots.COLOURS[0], label="$g(z)$")
    ax.plot(z, slopes, "--", color=plots.COLOURS[5], lw=2.2, label="$g'(z)$")
    ax.set(title=activation.__name__, xticks=[-4, 0, 4], ylim=(-1.4, 2.4))
axes[0, 0].legend(loc="upper left")
fig.supxlabel("$z$")
plots.show(
    alt="Eight activations, and dashed their slopes, from -4 to 4. The slope of step is 0 "
    "everywhere, that of sigmoid at most 0.25; those of relu and leaky_relu jump at 0, those "
    "of elu and softplus rise without a jump."
)

# %% [markdown]
# The slope of `step` is 0, and a product with a factor 0 is 0: nudge a weight below a threshold,
# and nothing changes. There is nothing to learn from. That is why the threshold gave way to the
# sigmoid, a threshold with soft shoulders, before networks of several layers could be trained.
#
# **Question.** How large is $\sigma'$ at most? What does that mean for the first layer of a network
# with ten layers of sigmoids?
#
# <details><summary>Answer</summary>
#
# It is largest at $z = 0$, where it is $\frac14$. On the way back to the first layer the gradient
# collects ten such factors: at most $(\frac14)^{10} \approx 10^{-6}$, times what the weights
# contribute. The gradient **vanishes**, and section 9 will measure it. $\tanh'$ reaches 1, and
# ReLU's slope *is* 1 wherever the neuron is active.
#
# </details>

# %% [markdown]
# ### For the curious: a slope for a kink
#
# At its kink `relu` has no derivative. But there are straight lines that touch it there and are
# nowhere above it, and the slope of any of them is called a **sub-gradient**. Ours, 0, is one of
# many. Which of six slopes are sub-gradients at $z = 0$?

# %% demo
around = np.linspace(-1, 1, 201)
for g in (relu, leaky_relu, step):
    lines = {slope: g(np.zeros(1)) + slope * around for slope in (-0.5, 0.0, 0.01, 0.5, 1.0, 1.5)}
    fit_below = [slope for slope, line in lines.items() if np.all(line <= g(around) + 1e-12)]
    print(f"{g.__name__:>10}: {fit_below}")

# %% [markdown]
# **Question.** Why has the step none?
#
# <details><summary>Answer</summary>
#
# A line through its upper edge, $(0, 1)$, would have to be down at 0 just left of it: it falls too
# slowly, however steep it is.
#
# </details>

# %% [markdown]
# ## 5. Many in, many out: the Jacobian
#
# A layer takes a vector $x$ and returns a vector $z$, so it has a slope for each pair of an output
# and an input. They form a table, the **Jacobian** $\partial z / \partial x$:
#
# $$\left(\frac{\partial z}{\partial x}\right)_{ij} = \frac{\partial z_i}{\partial x_j}, \qquad
# \text{of shape } (n_\text{out}, n_\text{in}). \tag{7}$$
#
# Rows are outputs, columns are inputs. (Some books lay it out the other way; look at which index
# comes first before you copy a formula.) The derivative of a *number*, such as the loss, we always
# give the shape of what it is taken with respect to. So an upstream gradient `dz` has shape
# `(n_out,)`, and the chain rule sums over all the paths that lead from input $j$ through some
# output $i$ to the loss: $dx_j = \sum_i dz_i\, \partial z_i / \partial x_j$.
#
# | derivative of | with respect to | shape here |
# |:--|:--|:--|
# | a number | a number | a number |
# | a number (the loss) | an array (`W`, say) | that of the array: `dW` like `W` |
# | a vector of `n_out` | a vector of `n_in` | `(n_out, n_in)`: a Jacobian |
#
# **Question `sum_over_outputs`.** Which line of NumPy computes `dx`, of shape `(n_in,)`, from `dz`
# and the table `jacobian` of (7), for any `n_in` and `n_out`?
#
# - **a** `dx = jacobian @ dz`
# - **b** `dx = dz @ jacobian`
# - **c** `dx = dz @ jacobian.T`
# - **d** `dx = dz * jacobian`

# %% question="sum_over_outputs"
answer("sum_over_outputs", ...)

# %% [markdown]
# **By hand.** For $z = W x + b$, output $i$ is $\sum_j W_{ij} x_j + b_i$. Its derivative with
# respect to $x_j$ is $W_{ij}$: the Jacobian of an affine layer is $W$ itself.
#
# An activation is **element-wise**: output $i$ depends on input $i$ alone, as $a_i = g(z_i)$. So
# $\partial a / \partial z$ has the slopes $g'(z_i)$ on its diagonal and zeros elsewhere. For
# $g(z) = z^2$ at $z = (1, 5, -2)$ it is
#
# $$\begin{pmatrix} 2 & 0 & 0 \\ 0 & 10 & 0 \\ 0 & 0 & -4 \end{pmatrix}.$$
#
# **Question `left_factor`.** From $x$ with $n$ entries, one layer makes $z$ with $h$ entries, and
# the next one makes $a$ with $k$ entries out of $z$. The Jacobian $\partial a / \partial x$ is the
# matrix product of two others, of $\partial a / \partial z$ and of $\partial z / \partial x$, in an
# order that is for you to find. What is the shape of the one on the *left*? (Answer with a shape,
# in brackets, such as `(60, 10)`.)

# %% question="left_factor"
answer("left_factor", ...)


# %% demo folded
def numerical_jacobian(f, x):
    """One numerical gradient for each output, as the rows of a table."""
    return np.stack([numerical_gradient(lambda v, i=i: f(v)[i], x) for i in range(len(f(x)))])


rng = np.random.default_rng(8)
W, b, x = rng.normal(size=(3, 5)), rng.normal(size=3) / 2, rng.normal(size=5) / 4
z = W @ x + b
tables = {
    "$z = Wx + b$: it is $W$": numerical_jacobian(lambda v: W @ v + b, x),
    "$a = \\tanh(z)$: diagonal": numerical_jacobian(tanh, z),
    "$a = \\tanh(Wx + b)$: their product": numerical_jacobian(lambda v: tanh(W @ v + b), x),
}
shapes = "aaaaabbb;ccccc..."
fig, axes = plt.subplot_mosaic(shapes, figsize=(6.4, 4.8), layout="constrained")
for ax, (title, table) in zip(axes.values(), tables.items(), strict=True):
    ax.imshow(table, cmap="RdBu", vmin=-2.5, vmax=2.5)
    for i, j in np.ndindex(table.shape):
        ink = "white" if abs(table[i, j]) > 1.6 else "black"
        number = "0" if abs(table[i, j]) < 1e-9 else f"{table[i, j]:.2f}"
        ax.text(j, i, number, ha="center", va="center", color=ink)
    ax.set(title=title, xlabel="input $j$", ylabel="output $i$")
    ax.set(xticks=range(table.shape[1]), yticks=range(table.shape[0]))
plots.show(
    alt="Three Jacobians as tables of numbers: of z = Wx + b, which is W, 3 by 5; of tanh, 3 by "
    "3, with zeros off the diagonal; and of both in a row, the product of the two."
)
by_hand = np.diag(activation_derivative("tanh", z)) @ W
difference = np.abs(by_hand - tables["$a = \\tanh(Wx + b)$: their product"]).max()
print(f"your slopes on a diagonal, times W: {difference:.0e} from the measured table at most")

# %% [markdown]
# **Question.** A batch of 64 examples, 512 hidden units: the activation maps
# $64 \cdot 512 = 32{,}768$ numbers to as many. How large is its Jacobian? What should you do
# instead?
#
# <details><summary>Answer</summary>
#
# $32{,}768^2 \approx 1.07$ billion entries, 8.6 GB in `float64`, and all but 32,768 of them are
# zero. Nobody builds it. Multiplying by a diagonal matrix is multiplying entry by entry, so
# `dZ = dA * activation_derivative(name, Z)` does the same, with `*` and not with `@`.
#
# </details>
#
# ### For the curious: four rules, and one trap
#
# A few derivatives with respect to a whole vector come up again and again:
#
# | of | with respect to $v$ | because |
# |:--|:--|:--|
# | $u \cdot v$ | $u$ | $v_k$ is used once, times $u_k$ |
# | $v \cdot v$ | $2v$ | used twice |
# | $v^T A v$ | $(A + A^T)\, v$ | used twice: on the left and on the right |
# | $A v$, a vector | the Jacobian $A$ | as for the affine layer |
#
# The third is the trap. $v^T A v = \sum_{i,j} v_i A_{ij} v_j$ uses $v_k$ as the left factor, times
# row $k$ of $A$, and as the right one, times column $k$. Over the two paths add: entry $k$ is
# $\sum_j A_{kj} v_j + \sum_i v_i A_{ik}$, which is that of $A v + A^T v$. Many remember $2 A v$.
# Your `numerical_gradient` knows better.

# %% demo
rng = np.random.default_rng(11)
A, u, v = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4)
for rule, claimed, measured in (
    ("u · v       u", u, numerical_gradient(lambda v: float(u @ v), v)),
    ("v · v       2 v", 2 * v, numerical_gradient(lambda v: float(v @ v), v)),
    ("v' A v      (A + A') v", (A + A.T) @ v, numerical_gradient(lambda v: float(v @ A @ v), v)),
    ("v' A v      2 A v ?", 2 * A @ v, numerical_gradient(lambda v: float(v @ A @ v), v)),
    ("A v         A", A, numerical_jacobian(lambda v: A @ v, v)),
):
    print(f"{rule:24} off by {np.abs(claimed - measured).max():.0e} at most")

# %% demo folded
A_plane = np.array([[1.0, 1.6], [0.0, 1.4]])
side = np.linspace(-2, 2, 81)
heights = [[np.array([a, b]) @ A_plane @ np.array([a, b]) for a in side] for b in side]
fig, ax = plt.subplots(figsize=(5.2, 5.4), layout="constrained")
ax.contour(side, side, heights, levels=[0.4, 1.2, 2.4, 4, 6, 9], colors="0.65", linewidths=1)
turns = np.arange(8) * np.pi / 4
places = 1.25 * np.column_stack([np.cos(turns), np.sin(turns)])
for colour, label, width, slopes in (
    (1, "$2Av$", 0.014, 2 * places @ A_plane.T),
    (0, "$(A + A^T) v$", 0.009, places @ (A_plane + A_plane.T).T),
):
    look = {"angles": "xy", "scale_units": "xy", "scale": 6, "width": width, "zorder": 3}
    ax.quiver(*places.T, *slopes.T, color=plots.COLOURS[colour], label=label, **look)
measured = [numerical_gradient(lambda v: float(v @ A_plane @ v), place) for place in places]
ax.plot(*(places + np.array(measured) / 6).T, "ko", ms=5, mfc="none", label="measured")
ax.set(title="The gradient of $v^T A v$", xlabel="$v_1$", ylabel="$v_2$", aspect="equal")
ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)
plots.show(
    alt="Level curves of a quadratic form of two variables, which are slanted ellipses, and arrows "
    "at eight places. Those of (A + A') v stand at right angles to the curves and end where the "
    "measured gradient does; those of 2 A v point elsewhere."
)

# %% [markdown]
# **Question.** For which matrices $A$ is $2 A v$ right all the same, for every $v$?
#
# <details><summary>Answer</summary>
#
# For the symmetric ones, $A = A^T$, and for no others. Those are frequent: the matrix $X^T X$ of
# least squares, which you will meet in stage 6, is one. There the wrong rule passes, and with any
# other table it fails.
#
# </details>

# %% [markdown]
# ## 6. Backward through an affine layer
#
# The forward step of a layer for a batch is `Z = A_prev @ W.T + b`, entry by entry
#
# $$Z_{ij} = \sum_k A_{ik} W_{jk} + b_j,$$
#
# for example $i$, output $j$ and input $k$. Suppose that the upstream gradient `dZ` is known. By
# "multiply along a path, add over the paths":
#
# - The bias $b_j$ is used by **every example**: $m$ paths, each with the local slope 1.
# - The weight $W_{jk}$ is used by every example as well, each time multiplied by $A_{ik}$.
# - The input $A_{ik}$ is used by **every output** $j$, each time multiplied by $W_{jk}$.
#
# $$db_j = \sum_i dZ_{ij}, \qquad dW_{jk} = \sum_i dZ_{ij} A_{ik}, \qquad
# dA_{ik} = \sum_j dZ_{ij} W_{jk}. \tag{8}$$
#
# So the sums are nothing new. A weight that is shared by $m$ examples is a value used $m$ times.
#
# | | shape | | shape |
# |:--|:--|:--|:--|
# | `A_prev` | `(m, n_in)` | `dA_prev` | `(m, n_in)` |
# | `W` | `(n_out, n_in)` | `dW` | `(n_out, n_in)` |
# | `b` | `(n_out,)` | `db` | `(n_out,)` |
# | `Z` | `(m, n_out)` | `dZ` | `(m, n_out)` |
#
# There is no $1/m$ in (8). If the loss is an average, the factor is already in `dZ`.
#
# **By hand.** Three examples with two inputs and one output:
#
# $$A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{pmatrix}, \quad
# W = \begin{pmatrix} 10 & -1 \end{pmatrix}, \quad
# dZ = \begin{pmatrix} 1 \\ 0 \\ -2 \end{pmatrix}.$$
#
# Then $db = 1 + 0 - 2 = -1$, and
# $dW = 1 \cdot (1, 2) + 0 \cdot (3, 4) - 2 \cdot (5, 6) = (-9, -10)$, and the rows of $dA$ are
# $dZ_i \cdot (10, -1)$: $(10, -1)$, $(0, 0)$ and $(-20, 2)$.
#
# ### Task: `affine_backward`
#
# *Difficulty 2 of 3, about 5 minutes.*
#
# <details><summary>Hint 1</summary>
#
# The shapes tell you nearly everything: from `(m, n_out)` and `(m, n_in)`, how can you get
# `(n_out, n_in)`?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each of the three sums in (8) is one NumPy expression. Two of them are matrix products; one of
# these needs a transpose, the other none at all. The third adds up the rows.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `dW = dZ.T @ ___` and `db = dZ.sum(axis=___)`
#
# </details>


# %% task="affine_backward"
def affine_backward(dZ, A_prev, W):
    """Go backward through ``Z = A_prev @ W.T + b``, formula (8).

    Parameters
    ----------
    dZ : ndarray of float, shape (m, n_out)
        The derivative of the loss with respect to Z. Not changed.
    A_prev : ndarray of float, shape (m, n_in)
        What went into the layer. Not changed.
    W : ndarray of float, shape (n_out, n_in)
        The weights. Not changed.

    Returns
    -------
    dA_prev : ndarray of float, shape (m, n_in)
    dW : ndarray of float, shape (n_out, n_in)
    db : ndarray of float, shape (n_out,)
        The derivatives of the loss with respect to `A_prev`, to `W` and to the bias.
    """
    ### BEGIN SOLUTION
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0)
    ### END SOLUTION


# %% tests="affine_backward"
dA_prev, dW, db = affine_backward(
    np.array([[1.0], [0.0], [-2.0]]),
    np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    np.array([[10.0, -1.0]]),
)
assert near(db, [-1]), f"the example has db = (-1), an array of shape (1,), not {db!r}"
assert near(dW, [[-9, -10]]), f"the example has dW = (-9, -10), of shape (1, 2), not {dW!r}"
assert near(dA_prev, [[10, -1], [0, 0], [-20, 2]]), (
    f"the example has the rows (10, -1), (0, 0), (-20, 2) in dA_prev, not {dA_prev!r}"
)
rng = np.random.default_rng(5)
for m, n_in, n_out in ((5, 3, 2), (3, 3, 3), (1, 4, 2), (4, 1, 1)):  # examples, inputs, outputs
    dZ, b = rng.normal(size=(m, n_out)), np.zeros(n_out)
    A_prev, W = rng.normal(size=(m, n_in)), rng.normal(size=(n_out, n_in))
    A_prev[0, 0] = 0
    dZ[-1, -1] = -dZ[-1, :-1].sum()  # a row that adds up to 0 is no row of zeros
    gradients = affine_backward(dZ, A_prev, W)
    assert unchanged(affine_backward, dZ, A_prev, W), "dZ, A_prev and W should stay as they were"
    calls = (dZ, A_prev, W), (-dZ, A_prev + 1, W)
    assert stays(affine_backward, *calls), "the next call changed earlier gradients"
    # The sum of dZ * Z has the derivative dZ with respect to Z.
    assert slopes_agree(
        gradients, lambda A, W, b, dZ=dZ: float(np.sum(dZ * (A @ W.T + b))), [A_prev, W, b]
    ), f"nudges disagree with dA_prev, dW and db for m = {m}, n_in = {n_in}, n_out = {n_out}"
    assert not any(np.shares_memory(one, dZ) for one in gradients), "no result is a view of dZ"

# %% [markdown]
# ## 7. Where the gradient starts: two losses
#
# The backward pass starts at the loss. For targets that are numbers, the **squared error**,
# averaged over the $m$ examples and summed over the outputs:
#
# $$J = \frac{1}{2m} \sum_{i=1}^m \sum_j (A_{ij} - Y_{ij})^2, \qquad
# dA = \frac{A - Y}{m}. \tag{9}$$
#
# The ½ is there to cancel the 2 of the square.
#
# **By hand.** $m = 2$ examples with one output, $A = (3, 1)$, $Y = (1, 2)$, as columns. Then
# $J = \frac14 (2^2 + (-1)^2) = 1.25$ and $dA = (1, -0.5)$.


# %%
def squared_error(A, Y):
    """The squared error J (9) and its gradient dA. (Stage 6 has one of another signature.)"""
    m = len(A)
    return float(np.sum((A - Y) ** 2) / (2 * m)), (A - Y) / m


# %% [markdown]
# For two classes, the network ends in one sigmoid, whose output $a = \sigma(z)$ is the probability
# of class 1, and the loss is the **binary cross-entropy**:
#
# $$J = -\frac1m \sum_{i=1}^m \big( y_i \log a_i + (1 - y_i) \log (1 - a_i) \big). \tag{10}$$
#
# It asks: how surprised is the network by the right answers? Its derivative with respect to $a_i$
# is
#
# $$\frac{\partial J}{\partial a_i}
# = \frac1m \left( \frac{1 - y_i}{1 - a_i} - \frac{y_i}{a_i} \right)
# = \frac1m \cdot \frac{a_i - y_i}{a_i (1 - a_i)}.$$
#
# Now go one step further back, through the sigmoid. Its slope is $a_i (1 - a_i)$, exactly what
# stands below the line, and nearly everything cancels:
#
# $$dz_i = \frac{\partial J}{\partial a_i} \cdot a_i (1 - a_i) = \frac{a_i - y_i}{m}. \tag{11}$$
#
# **What the network said minus what it should have said.** (Compare with the perceptron, whose
# error was $y - \hat y$.)
#
# Written with $z$, the loss needs no logarithm of a number that may be 0. Since
# $-\log \sigma(z) = \text{softplus}(z) - z$ and $-\log(1 - \sigma(z)) = \text{softplus}(z)$,
#
# $$J = \frac1m \sum_{i=1}^m \big( \text{softplus}(z_i) - y_i z_i \big). \tag{12}$$
#
# **By hand.** $z = (0, \log 3)$, $y = (1, 0)$. Then $a = (0.5, 0.75)$, and
# $J = \frac12 (\log 2 + \log 4) \approx 1.0397$, and
# $dz = \frac12 (0.5 - 1,\; 0.75 - 0) = (-0.25, 0.375)$.
#
# ### Task: `binary_cross_entropy`
#
# *Difficulty 2 of 3, about 4 minutes.*
#
# A network with one output returns $z$ as a *column*, of shape `(m, 1)`, while the labels have
# shape `(m,)`. Beware: NumPy subtracts a `(m,)` from a `(m, 1)` without a word, and the result is a
# table of shape `(m, m)`. Both results must be finite and right for $z$ as large as $\pm 1000$ too.
#
# <details><summary>Hint 1</summary>
#
# Which of the formulas (10) and (12) has no logarithm that could be asked for 0? And what is the
# shape of `Z - y`?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Make both of one shape first: `y[:, None]` is a column of shape `(m, 1)`. `sigmoid` and `softplus`
# are there, and they do not overflow. Then (12) and (11), as they stand.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# With `Y = y[:, None]`, the loss is `float(np.mean(softplus(Z) - ___))`.
#
# </details>


# %% task="binary_cross_entropy"
def binary_cross_entropy(Z, y):
    """Compute the binary cross-entropy (12) of a sigmoid's input, and its gradient (11).

    Parameters
    ----------
    Z : ndarray of float, shape (m, 1)
        What goes into the sigmoid, for each example. Not changed.
    y : ndarray of int (int64), shape (m,)
        The labels, 0 or 1. Not changed.

    Returns
    -------
    J : float
        The loss, averaged over the examples.
    dZ : ndarray of float, shape (m, 1)
        Its derivative with respect to `Z`.
    """
    ### BEGIN SOLUTION
    Y = y[:, None]
    return float(np.mean(softplus(Z) - Y * Z)), (sigmoid(Z) - Y) / len(Z)
    ### END SOLUTION


# %% tests="binary_cross_entropy"
loss, dZ = binary_cross_entropy(np.array([[0.0], [np.log(3)]]), np.array([1, 0]))
assert near(loss, 1.5 * np.log(2), 1e-6), f"the example has J = 1.0397, one number, not {loss!r}"
assert near(dZ, [[-0.25], [0.375]], 1e-6), f"it has the column (-0.25, 0.375) as dZ, not {dZ!r}"
Z_far, y_far = np.array([[1000.0], [-1000.0]]), np.array([1, 0])
assert unchanged(binary_cross_entropy, Z_far, y_far), "Z and y should stay as they were"
loss, dZ = binary_cross_entropy(Z_far, y_far)
assert near(loss, 0.0), f"very sure and right: a loss of 0, not {loss}"
assert near(dZ, [[0.0], [0.0]]), f"very sure and right: no push, not {dZ}"
loss, dZ = binary_cross_entropy(Z_far, 1 - y_far)
assert near(loss, 1000.0), f"very sure and wrong: a loss of 1000, not {loss}"
assert near(dZ, [[0.5], [-0.5]]), f"very sure and wrong: a push of 1 / m, not {dZ}"
loss, _ = binary_cross_entropy(np.array([[33.0], [-35.0]]), np.array([0, 1]))
assert near(loss, 34.0), f"quite sure and wrong: a loss of (33 + 35) / 2, not {loss}"
rng = np.random.default_rng(6)
for m in (7, 1):
    Z, y = rng.normal(size=(m, 1)), rng.integers(0, 2, size=m)
    calls = (Z, y), (-Z, y)
    assert stays(binary_cross_entropy, *calls), "the next call changed an earlier dZ"
    _, dZ = binary_cross_entropy(Z, y)
    assert slopes_agree(dZ, lambda Z, y=y: binary_cross_entropy(Z, y)[0], Z, 0.01, 1e-4), (
        f"nudges of Z change your loss otherwise than your dZ says, for m = {m}"
    )

# %% demo
z = np.linspace(-8, 8, 161)[:, None]
from_entropy = [binary_cross_entropy(one[None], np.array([1]))[1][0, 0] for one in z]
a = sigmoid(z)
from_square = (a - 1) * activation_derivative("sigmoid", z)
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
ax.plot(z, np.abs(from_entropy), color=plots.COLOURS[0], label="cross-entropy: $|a - y|$")
ax.plot(z, np.abs(from_square), "--", color=plots.COLOURS[5], label="squared error of $a$")
ax.set(title="An example of class 1: how strong is the push on $z$?", xlabel="$z$", ylabel="$|dz|$")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plots.show(
    alt="How strongly an example of class 1 pushes on z, for z from -8 to 8. At the far left, "
    "where the mistake is worst, cross-entropy pushes with nearly 1 and the squared error "
    "hardly at all."
)

# %% [markdown]
# **Question.** Look at the left end, where the network is sure that the example is of class 0, and
# wrong. What is the difference between the two losses?
#
# <details><summary>Answer</summary>
#
# With cross-entropy the push is as strong as it can be: $|a - y| \approx 1$. With the squared error
# of $a$ there is the extra factor $\sigma'(z) = a(1 - a)$, which is nearly 0 there: the worse the
# mistake, the weaker the correction. The sigmoid is *saturated*, and only the cross-entropy cancels
# that. Leaving the factor $a(1-a)$ in by mistake, on top of (11), gives a network that still
# learns, only slowly, so that nobody notices. Section 9 is about noticing.
#
# </details>

# %% [markdown]
# ## 8. Backward through a whole network
#
# Now put it together. Forward, layer $l = 1, \dots, L$ does
# $Z^{[l]} = A^{[l-1]} W^{[l]T} + b^{[l]}$ and $A^{[l]} = g^{[l]}(Z^{[l]})$. The loss hands us
# $dA^{[L]}$. Then, for $l = L, L - 1, \dots, 1$:
#
# $$dZ^{[l]} = dA^{[l]} * g^{[l]\prime}(Z^{[l]}), \qquad
# dA^{[l-1]},\, dW^{[l]},\, db^{[l]} =
# \text{affine\_backward}(dZ^{[l]}, A^{[l-1]}, W^{[l]}), \tag{13}$$
#
# where $*$ multiplies entry by entry. Each layer uses what came from the layer above, keeps $dW$
# and $db$, and hands $dA$ on to the layer below. That is **backpropagation**.
#
# **By hand.** Two layers with a single neuron each, one example. `relu`, then `linear`; the loss is
# the squared error with target 0.
#
# | forward | | backward | |
# |:--|--:|:--|--:|
# | $A^{[0]} = x$ | 0.5 | $dA^{[2]} = a - y$ | 1 |
# | $Z^{[1]} = 4 x + 0$ | 2 | $dZ^{[2]} = dA^{[2]} \cdot 1$ | 1 |
# | $A^{[1]} = \text{relu}$ | 2 | $dW^{[2]} = dZ^{[2]} A^{[1]}$; $db^{[2]} = dZ^{[2]}$ | 2; 1 |
# | $Z^{[2]} = 3 A^{[1]} - 5$ | 1 | $dA^{[1]} = dZ^{[2]} \cdot 3$ | 3 |
# | $A^{[2]} = Z^{[2]}$ | 1 | $dZ^{[1]} = dA^{[1]} \cdot 1$, since $Z^{[1]} > 0$ | 3 |
# | $J = \frac12 \cdot 1^2$ | 0.5 | $dW^{[1]} = dZ^{[1]} x$; $db^{[1]} = dZ^{[1]}$ | 1.5; 3 |
#
# ### Task: `backward`
#
# *Difficulty 2 of 3, about 7 minutes.*
#
# `cache["Z"][l]` and `cache["A"][l]` are $Z^{[l]}$ and $A^{[l]}$; layer $l$'s weights are
# `params[l - 1]`, and its activation's name is `cache["activations"][l - 1]`. The last layer has an
# activation too. `backward` itself divides by nothing.
#
# <details><summary>Hint 1</summary>
#
# Go through the right half of the table. Which lines come once for each layer? What does a layer
# need from the one above it?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Loop with `for layer in range(len(params), 0, -1)`. In each round you need $dA^{[l]}$, which is
# the argument `dA` in the first round and what `affine_backward` returned in every other. Put each
# pair in front of the list, so that it ends up in the order of `params`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# In the loop: `dA, dW, db = affine_backward(dZ, cache["A"][___], ___)`
#
# </details>


# %% task="backward"
def backward(params, cache, dA):
    """Compute the derivatives of the loss with respect to all the parameters, formula (13).

    Parameters
    ----------
    params : list of (W, b)
        The layers, as for `forward`. Not changed.
    cache : dict
        What `forward(params, X, activations)` returned for an X of shape (m, n). Not changed.
    dA : ndarray of float, shape (m, n_L)
        The derivative of the loss with respect to the last layer's output. Not changed.

    Returns
    -------
    list of (dW, db)
        A pair for each layer, in the order of `params`; dW has the shape of W, db that of b.
    """
    ### BEGIN SOLUTION
    grads = []
    for layer in range(len(params), 0, -1):
        W, _ = params[layer - 1]
        dZ = dA * activation_derivative(cache["activations"][layer - 1], cache["Z"][layer])
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], W)
        grads.insert(0, (dW, db))
    return grads
    ### END SOLUTION


# %% tests="backward"
tiny = [(np.array([[4.0]]), np.array([0.0])), (np.array([[3.0]]), np.array([-5.0]))]
output, cache = forward(tiny, np.array([[0.5]]), ["relu", "linear"])
grads = backward(tiny, cache, output)
assert len(grads) == 2, f"two layers need two pairs (dW, db), not {len(grads)}"
for layer, (dW, db), expected in zip((1, 2), grads, [(1.5, 3.0), (2.0, 1.0)], strict=True):
    assert near(dW, [[expected[0]]]), f"dW of layer {layer} is {expected[0]} in the table, not {dW}"
    assert near(db, [expected[1]]), f"db of layer {layer} is {expected[1]} in the table, not {db}"
fork = [(np.ones((2, 1)), np.zeros(2))]
_, cache = forward(fork, np.array([[2.0]]), ["linear"])
((dW, db),) = backward(fork, cache, np.array([[1.0, -1.0]]))
assert near(dW, [[2], [-2]]), f"one layer, X = 2, dA = (1, -1): dW is (2, -2), not {dW}"
assert near(db, [1, -1]), f"one layer, X = 2, dA = (1, -1): db is (1, -1), not {db}"
rng = np.random.default_rng(7)
for sizes, kinds, m in [  # three layers, two, one, five
    ([3, 5, 4, 2], ["tanh", "relu", "sigmoid"], 6),
    ([3, 3, 3], ["tanh", "tanh"], 1),
    ([2, 3], ["sigmoid"], 4),
    ([2, 4, 3, 3, 5, 1], ["softplus", "linear", "leaky_relu", "elu", "softplus"], 4),
]:
    params = [(rng.normal(size=(n, k)), rng.normal(size=n)) for k, n in pairwise(sizes)]
    X, Y = rng.normal(size=(m, sizes[0])), 50 * rng.normal(size=(m, sizes[-1]))
    output, cache = forward(params, X, kinds)
    dA = squared_error(output, Y)[1]
    assert unchanged(backward, params, cache, dA), f"{kinds}: params, cache and dA should stay"

    def loss(*parts, X=X, Y=Y, kinds=kinds):
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return squared_error(forward(pairs, X, kinds)[0], Y)[0]

    calls = (params, cache, dA), (params, cache, -dA)
    assert stays(backward, *calls), f"{kinds}: the next call changed earlier gradients"
    grads = backward(params, cache, dA)
    assert len(grads) == len(params), f"{len(grads)} pairs of gradients for {len(params)} layers"
    told, at = ([part for pair in pairs for part in pair] for pairs in (grads, params))
    assert slopes_agree(told, loss, at), f"{kinds}: nudges disagree with the gradients"

# %% written="all_zeros" points=2
# **In your own words.** A network has one hidden layer with tanh, and one linear output for the
# cross-entropy (11). Somebody starts it with zeros everywhere, weights and biases. Follow (13) by
# hand: which of $dW^{[1]}$, $db^{[1]}$, $dW^{[2]}$ and $db^{[2]}$ can differ from zero in the first
# step, and why not the others? And how far will this network get, however long it is trained?
# Answer in two or three sentences.
#
# ### BEGIN RUBRIC
# - 1 point: only $db^{[2]}$ can differ from zero, with both reasons: $dW^{[2]}$ is a product with
#   $A^{[1]} = \tanh(0) = 0$, and $dW^{[1]}$ and $db^{[1]}$ are made from
#   $dA^{[1]} = dZ^{[2]} W^{[2]} = 0$. Half a point if one of the two reasons is missing or wrong;
#   nothing for "all gradients are zero", or for the right list without a reason.
# - 1 point: it stays so in every later step, since the weights stay 0; only the last bias moves,
#   and the network gives all inputs the same answer, at best the share of class 1. Half a point
#   for "it never learns" without saying what moves. Nothing for "all hidden neurons stay the same
#   as each other, but learn": that is what happens with equal weights other than 0.
# ### END RUBRIC

# %% [markdown]
# ## 9. Do not trust, check
#
# Wrong gradients seldom crash. They just learn badly. So before a gradient $\nabla J$ is used, it
# is compared with $\nabla_h J$, measured by nudges as in (2), with $h = 10^{-5}$ or so. The
# **relative error** is
#
# $$\frac{\lVert \nabla J - \nabla_h J \rVert}
# {\lVert \nabla J \rVert + \lVert \nabla_h J \rVert}, \tag{14}$$
#
# where $\lVert \cdot \rVert$ is the root of the sum of the squares of all entries. It is 0 if they
# agree, and 1 at most. By itself the difference would say little: 0.001 is a lot if the
# gradient is 0.002, and nothing if it is 1,000. If both are zero all over, we call the error 0.
#
# **By hand.** $\nabla_h J = (3, 4)$, of length 5.
#
# | $\nabla J$ | length of the difference | sum of the lengths | relative error |
# |:--|:--|:--|:--|
# | $(3, 4)$ | 0 | $5 + 5$ | 0 |
# | $(6, 8)$, twice too large | 5 | $10 + 5$ | 0.333 |
# | $(-3, -4)$, the wrong sign | 10 | $5 + 5$ | 1 |
# | $(4, 3)$, entries swapped | 1.414 | $5 + 5$ | 0.141 |
#
# In `float64`, below $10^{-7}$ is fine, and above $10^{-4}$ something is wrong (or a ReLU sits
# right on its kink).
#
# **Question `forgotten_average`.** In a batch of $m$ examples, somebody has forgotten the $1/m$ of
# the loss in $dZ$, and made no other mistake. What relative error (14) will the check find? (Two
# decimals are enough.)

# %% question="forgotten_average"
answer("forgotten_average", ...)

# %% [markdown]
# ### Task: `gradient_check`
#
# *Difficulty 1 of 3, about 3 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Which two arrays are compared, and which of your functions makes one of them?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.linalg.norm` of a vector is its length; of an array of another shape, take `.ravel()` first.
# Compute the sum of the two lengths before you divide: what if it is 0?
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `return 0.0 if scale == 0 else float(np.linalg.norm(___) / scale)`
#
# </details>


# %% task="gradient_check"
def gradient_check(f, grad, x):
    """Compare a gradient with the numerical one: the relative error (14).

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns a float.
    grad : callable
        Takes an array of the shape of `x` and returns the gradient of `f` there, of that shape.
        All its entries are finite; it may be wrong.
    x : ndarray of float, of any shape with at least one axis
        Where to compare. Not changed.

    Returns
    -------
    float
        Between 0 (they agree) and 1; 0 if both gradients are zero all over.
    """
    ### BEGIN SOLUTION
    gradient, measured = grad(x), numerical_gradient(f, x)
    scale = np.linalg.norm(gradient.ravel()) + np.linalg.norm(measured.ravel())
    return 0.0 if scale == 0 else float(np.linalg.norm((gradient - measured).ravel()) / scale)
    ### END SOLUTION


# %% tests="gradient_check"
at = np.array([3.0, 4.0])


def half_square(x):
    return float(np.sum(x**2) / 2)


for title, grad, expected in [
    ("the right gradient", lambda x: x, 0.0),
    ("twice the gradient", lambda x: 2 * x, 1 / 3),
    ("the wrong sign", lambda x: -x, 1.0),
    ("swapped entries", lambda x: x[::-1], np.sqrt(2) / 10),
    ("all zeros", lambda x: 0 * x, 1.0),
]:
    error = gradient_check(half_square, grad, at)
    assert near(error, expected), f"{title}: the error is {expected:.4g}, one number, not {error!r}"
    assert unchanged(gradient_check, half_square, grad, at), f"{title}: x should stay as it was"
for wrong, expected in ((0, 0.0), (1, 1.0)):  # for a constant, whose slopes are zero
    error = gradient_check(lambda x: 1.0, lambda x, k=wrong: 0 * x + k, at)
    assert near(error, expected), f"zeros against {wrong}s: the error is {expected}, not {error}"
error = gradient_check(lambda X: float(np.sum(X)), lambda X: np.ones((2, 2)) + np.eye(2), np.eye(2))
assert near(error, 0.27395147), f"(2, 1; 1, 2) against (1, 1; 1, 1): 0.2740, not {error}"
rng = np.random.default_rng(8)
at, weights = rng.normal(size=(3, 4)), rng.uniform(1, 2, size=(3, 4))
at[0, 0] = 0
for scale in (1.0, 1e-13):
    for factor, expected in ((1, 0.0), (3, 0.5), (-1, 1.0), (1.0000002, 1e-7)):
        error = gradient_check(
            lambda x, s=scale: s * float(np.sum(weights * (x + x**3))),
            lambda x, k=factor * scale: k * weights * (1 + 3 * x**2),
            at,
        )
        assert near(error, expected, 2e-8), (
            f"{factor} times the gradient, loss times {scale}: {expected}, not {error}"
        )

# %% [markdown]
# Now your `backward` faces it: three layers, 67 parameters, cross-entropy. The parameters are
# packed into one long vector $\theta$ for the purpose.


# %% demo
def pack(pairs):
    """All parameters, or all their gradients, in one vector."""
    return np.concatenate([part.ravel() for pair in pairs for part in pair])


def unpack(theta, like):
    """The vector cut up again, into pairs of the shapes of `like`."""
    parts, at = [], 0
    for W, b in like:
        inside, after = at + W.size, at + W.size + b.size
        parts.append((theta[at:inside].reshape(W.shape), theta[inside:after]))
        at = after
    return parts


kinds = ["tanh", "sigmoid", "linear"]
net = init_params([2, 7, 5, 1], np.random.default_rng(0), activation="tanh")
X_few, y_few = X_moons[:20], y_moons[:20]


def loss_of(theta):
    """The loss as a function of all the parameters."""
    return binary_cross_entropy(forward(unpack(theta, net), X_few, kinds)[0], y_few)[0]


def grad_of(theta):
    """Its gradient, by backpropagation."""
    Z, cache = forward(unpack(theta, net), X_few, kinds)
    return pack(backward(unpack(theta, net), cache, binary_cross_entropy(Z, y_few)[1]))


theta = pack(net) + 0.1
print(f"{len(theta)} parameters; relative errors:")
for title, grad in {
    "your backward": grad_of,
    "1/m forgotten": lambda theta: len(y_few) * grad_of(theta),
    "wrong sign": lambda theta: -grad_of(theta),
}.items():
    print(f"    {title:15} {gradient_check(loss_of, grad, theta):.1e}")

# %% [markdown]
# ### Where is the fault?
#
# Now you know *that* something is wrong. But where? Check each parameter by itself, and remember
# which way gradients travel: a mistake in the $dZ$ of layer 2 spoils the gradients of layer 2 and
# those of layer 1, which are made from it; one in a $dW$ or $db$ spoils only itself. Those of layer
# 3 stay right. So the fault sits at the **last** parameter, in the order of the forward pass, whose
# gradient is wrong.
#
# **By hand.** In the order `W1, b1, W2, b2, W3, b3` the relative errors are 0.5, 0.3, 0.1, 0.2,
# $10^{-9}$ and $10^{-10}$: the fault is at `b2`.
#
# ### Task: `find_fault`
#
# *Difficulty 2 of 3, about 6 minutes.*
#
# A gradient counts as wrong where its relative error (14) is above $10^{-4}$.
#
# <details><summary>Hint 1</summary>
#
# `gradient_check` wants a function of *one* array. How do you make one from a loss that takes a
# dict with all of them?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# For each name, nudge that parameter alone: `{**params, name: value}` is a new dict with one entry
# replaced. The gradients of the backward pass are computed once, before the loop. Remember the last
# name that was wrong.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# In the loop over `params`:
# `error = gradient_check(lambda value: loss(___), lambda value: ___, params[name])`
#
# </details>


# %% task="find_fault"
def find_fault(loss, backward_pass, params):
    """Find the parameter at which a backward pass begins to go wrong, by gradient checking.

    Parameters
    ----------
    loss : callable
        Takes a dict such as `params` and returns the loss, a float.
    backward_pass : callable
        Takes a dict such as `params` and returns a dict with the gradient of the loss with respect
        to each of them, under the same names (in any order) and of the same shapes. All are
        finite; some may be wrong.
    params : dict of ndarray of float
        The parameters by their names, in the order of the forward pass. Not changed.

    Returns
    -------
    str or None
        The last name in `params` whose gradient is wrong, whatever is wrong before it; None if
        none is.
    """
    ### BEGIN SOLUTION
    grads, fault = backward_pass(params), None
    for name in params:

        def loss_at(value, name=name):
            return loss({**params, name: value})

        def gradient_at(value, name=name):
            return grads[name]

        if gradient_check(loss_at, gradient_at, params[name]) > 1e-4:
            fault = name
    return fault
    ### END SOLUTION


# %% tests="find_fault"
def product_loss(params):
    """A small loss of three parameters, each of which has a say in the others' gradients."""
    return 1e-9 * float(np.sum(params["V"]) * np.sum(params["b"]) * np.sum(params["W"] ** 2))


def product_gradients(params, factors):
    """Its gradients, the last column of each times a factor: wrong unless that is 1."""
    V, b, W = np.sum(params["V"]), np.sum(params["b"]), np.sum(params["W"] ** 2)
    slopes = {"b": np.full(4, V * W), "W": 2 * params["W"] * V * b, "V": np.full((2, 1), b * W)}
    for name, factor in factors.items():
        slopes[name][..., -1] *= factor
    return {name: 1e-9 * slope for name, slope in slopes.items()}


rng = np.random.default_rng(9)
drawn = {"W": rng.normal(size=(2, 3)), "V": rng.normal(size=(2, 1)), "b": rng.normal(size=4)}
for factors, expected in [
    ({}, None),
    ({"W": 2}, "W"),
    ({"V": -1}, "V"),
    ({"W": 2, "b": 1.01}, "b"),
    ({"W": -1, "V": 1.1}, "V"),
    ({"W": 0, "V": 0}, "V"),
    ({"V": 1.00018}, None),
    ({"V": 1.00022}, "V"),
]:
    found = find_fault(product_loss, lambda p, k=factors: product_gradients(p, k), drawn)
    assert found == expected, f"wrong by the factors {factors}: {expected!r}, not {found!r}"
    assert unchanged(find_fault, product_loss, lambda p: product_gradients(p, {"W": 2}), drawn), (
        "params should stay as they were"
    )


def steep_loss(params):
    """exp(100 times the sum of all): a nudge of one entry changes all slopes by a thousandth."""
    return float(np.exp(100 * (np.sum(params["W"]) + np.sum(params["b"]))))


def steep_gradients(params):
    """Its gradients, which are right."""
    return {name: np.full(part.shape, 100 * steep_loss(params)) for name, part in params.items()}


found = find_fault(steep_loss, steep_gradients, {"W": np.zeros((2, 3)), "b": np.zeros(4)})
assert found is None, f"for a steep loss, too: right gradients, and no fault at {found!r}"

# %% [markdown]
# Here are five backward passes of one network: a tanh layer, then one output for the cross-entropy.
# All of them run, and four are wrong. Cover the lines with `number`, read, and guess at which
# parameter each will go wrong. Then let your program tell you.


# %% demo
def two_layers(params):
    """The forward pass: A1 and Z2 for the few examples."""
    A1 = np.tanh(X_few @ params["W1"].T + params["b1"])
    return A1, A1 @ params["W2"].T + params["b2"]


def two_layer_loss(params):
    """Its cross-entropy."""
    return binary_cross_entropy(two_layers(params)[1], y_few)[0]


def suspect(number):
    """One of five backward passes."""

    def backward_pass(params):
        A1, Z2 = two_layers(params)
        dZ2 = (sigmoid(Z2) - y_few[:, None]) / len(y_few)
        if number == 2:
            dZ2 = dZ2 * sigmoid(Z2) * (1 - sigmoid(Z2))
        dW2, db2 = dZ2.T @ A1, dZ2.sum(axis=0)
        dA1 = dZ2 @ (params["W2"] - 0.1 * dW2 if number == 4 else params["W2"])
        dZ1 = dA1 * (1 - A1**2)
        dW1 = dZ1.T @ X_few
        db1 = dZ1.mean(axis=0) if number == 1 else dZ1.sum(axis=0)
        if number == 5:
            dW2 = dZ2.T @ (1 - A1**2)
        return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

    return backward_pass


rng = np.random.default_rng(10)
two = {"W1": rng.normal(size=(4, 2)), "b1": rng.normal(size=4)}
two |= {"W2": rng.normal(size=(1, 4)), "b2": rng.normal(size=1)}
for number in (1, 2, 3, 4, 5):
    print(f"pass {number}:", find_fault(two_layer_loss, suspect(number), two) or "all right")

# %% [markdown]
# **Question.** Say for each of the four what it does wrong. Two of them have their fault at `b1`.
# Which one would still learn rather well, and why is that the worst kind?
#
# <details><summary>Answer</summary>
#
# Pass 1 averages `db1` over the examples, although the $1/m$ is in `dZ2` already. Pass 2 has the
# slope of the sigmoid once too often: the mistake of section 7, and everything is wrong, from `b2`
# on. Pass 3 is right. Pass 4 updates `W2` before it is used to go further back. $dA^{[1]}$ must be
# computed with the weights of the forward pass: first all the gradients, then all the updates.
# Pass 5 makes `dW2` with the slopes of the activations instead of their values.
#
# Pass 4 is only slightly off, and learns nearly as well. Without a check nobody would notice.
#
# </details>
#
# ### What it costs
#
# How long does each way take for one gradient, as the network grows?

# %% demo
import time

print("parameters   numerical   backward")
for width in (8, 16, 32):
    net = init_params([2, width, width, 1], np.random.default_rng(0), activation="tanh")
    kinds = ["tanh", "tanh", "linear"]
    seconds = []
    for gradient in (lambda theta: numerical_gradient(loss_of, theta), grad_of):
        start = time.perf_counter()
        gradient(pack(net))
        seconds.append(time.perf_counter() - start)
    print(f"{len(pack(net)):10,}{1000 * seconds[0]:9.1f} ms{1000 * seconds[1]:8.1f} ms")

# %% [markdown]
# The numerical way runs the network twice *per parameter*; the backward way costs as much as a few
# runs, however many parameters there are. For the 50,890 of section 1, and the 60,000 images of
# MNIST, the difference is between hours and seconds, at each step.
#
# ### Where gradients vanish
#
# With a `backward` for any depth, we can look at what section 4 promised. A network of 12 layers
# with 32 units each; below is how large $dW$ is in each of them, before any training.

# %% demo folded
X_wide = np.random.default_rng(0).normal(size=(100, 32))
Y_wide = np.random.default_rng(1).normal(size=(100, 32))
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for number, name in enumerate(["relu", "tanh", "sigmoid"]):
    deep = init_params([32] * 13, np.random.default_rng(2), activation=name)
    A, cache = forward(deep, X_wide, [name] * 12)
    grads = backward(deep, cache, squared_error(A, Y_wide)[1])
    look = {"color": plots.COLOURS[number], "ls": ["-", "--", "-."][number], "mec": "k"}
    sizes = [np.linalg.norm(dW) for dW, _ in grads]
    ax.semilogy(range(1, 13), sizes, marker=plots.MARKERS[number], ms=6, label=name, **look)
ax.set(title="How large is the gradient in each layer?", xlabel="layer")
ax.set(ylabel=r"$\Vert dW \Vert$", xticks=range(1, 13))
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plots.show(
    alt="Size of the gradient in each of twelve layers, on a logarithmic scale. With relu and "
    "tanh it hardly changes from layer to layer; with sigmoid it falls from about 1 in the "
    "last layer to 10 to the -7 in the first."
)

# %% [markdown]
# **Question.** Gradients travel from right to left in this picture. What would happen if all the
# layers took steps in proportion to their gradients?
#
# <details><summary>Answer</summary>
#
# With sigmoids, the last layer would move and the first ones would stand still: each layer takes
# away about four fifths of the gradient, and the first layer gets less than a ten-millionth of what
# the last one gets. With ReLU (and weights drawn by He's rule), or with tanh, all layers get
# gradients of a similar size, and all of them learn. This is why the sigmoid left the hidden
# layers.
#
# </details>

# %% [markdown]
# ## 10. A network in under 20 lines
#
# What can one do with gradients? Walk downhill: turn each parameter a little against its slope,
# $\theta \leftarrow \theta - \eta\, \partial J / \partial \theta$, and repeat. How to do that
# *well* is the subject of stage 6. But you have all it takes for a first taste.
#
# Here is a whole network, from the data to the trained weights, with its gradients written out by
# hand. It needs nothing but NumPy.

# %% demo
rng = np.random.default_rng(1)
X, y = X_moons, y_moons[:, None]
W1, b1 = rng.normal(size=(16, 2)), np.zeros(16)
W2, b2 = rng.normal(size=(1, 16)) / 4, np.zeros(1)
start = [(W1, b1), (W2, b2)]
history = []
for _ in range(3000):
    A1 = np.tanh(X @ W1.T + b1)  # forward
    Z2 = A1 @ W2.T + b2
    history.append(np.mean(np.logaddexp(0, Z2) - y * Z2))
    dZ2 = (1 / (1 + np.exp(-Z2)) - y) / len(X)  # backward
    dW2, db2 = dZ2.T @ A1, dZ2.sum(axis=0)
    dZ1 = dZ2 @ W2 * (1 - A1**2)
    dW1, db1 = dZ1.T @ X, dZ1.sum(axis=0)
    W1, b1 = W1 - 0.5 * dW1, b1 - 0.5 * db1  # update
    W2, b2 = W2 - 0.5 * dW2, b2 - 0.5 * db2
print(f"loss {history[0]:.3f} before, {history[-1]:.3f} after {len(history):,} steps")

# %% [markdown]
# **Question.** Which line is (11)? Which ones are (8)? Where is $\tanh'$, and why is it written
# with `A1` instead of `Z1`?
#
# <details><summary>Answer</summary>
#
# The line of `dZ2` is (11). The lines of `dW2` and `dW1` are (8), and so is `dZ2 @ W2`, which is
# $dA^{[1]}$. The last factor of `dZ1` is $\tanh'$: $1 - \tanh^2(Z^{[1]})$, and $\tanh(Z^{[1]})$ is
# `A1`, which is there already. For the sigmoid, likewise, one may write `A * (1 - A)`, but never
# `Z * (1 - Z)`.
#
# </details>
#
# Your functions do the same for any number of layers. First the same network, to see that the
# result is the same; then a deeper one.


# %% demo
def train(params, X, y, activations, learning_rate, n_steps):
    """Walk downhill with your functions; return the parameters and the losses on the way."""
    losses = []
    for _ in range(n_steps):
        Z, cache = forward(params, X, activations)
        J, dZ = binary_cross_entropy(Z, y)
        grads = backward(params, cache, dZ)
        params = [
            (W - learning_rate * dW, b - learning_rate * db)
            for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
        losses.append(J)
    return params, losses


same, same_losses = train(start, X_moons, y_moons, ["tanh", "linear"], 0.5, 3000)
print(f"largest difference of the losses: {np.abs(np.subtract(history, same_losses)).max():.0e}")

deep_kinds = ["relu", "relu", "relu", "linear"]
deep = init_params([2, 16, 16, 16, 1], np.random.default_rng(2))
deep, deep_losses = train(deep, X_moons, y_moons, deep_kinds, 0.2, 1500)

# %% demo folded
fig, axes = plt.subplot_mosaic("aa;bc", figsize=(7, 6), layout="constrained")
axes = list(axes.values())
plots.plot_history({"16 lines, tanh": history, "4 layers, relu": deep_losses}, ax=axes[0])
axes[0].set(xlabel="step", ylabel="loss", yscale="log")
nets = [("16 lines", same, ["tanh", "linear"]), ("4 layers", deep, deep_kinds)]
for ax, (title, params, names) in zip(axes[1:], nets, strict=True):

    def classify(grid, params=params, names=names):
        return (forward(params, grid, names)[0][:, 0] >= 0).astype(int)

    plots.plot_decision_boundary(classify, X_moons, y_moons, ax=ax)
    ax.set(title=title)
    ax.get_legend().remove()
plots.show(
    alt="Above: the losses of two networks as they train; that of the network with four layers "
    "falls faster. Below: both boundaries wind between the two crescents."
)

# %% [markdown]
# Two crescents that no line separates, and nobody told the hidden layer what to look for. The
# gradients did.
#
# ### For the curious: four bends, four boundaries
#
# One ring inside another, a hidden layer of six neurons, and the same 2,000 steps of `train` for
# all; only the activation differs. Which boundaries will have corners? Which network will be behind
# at the end? Guess, then run the cells.

# %% demo
from nndata import make_rings

X_rings, y_rings = make_rings(200, np.random.default_rng(5), noise=0.15)
trained = {}
for name, rule in (("sigmoid", "tanh"), ("tanh", "tanh"), ("relu", "relu"), ("leaky_relu", "relu")):
    net = init_params([2, 6, 1], np.random.default_rng(0), activation=rule)
    trained[name] = train(net, X_rings, y_rings, [name, "linear"], 1.0, 2000)

# %% demo folded
fig, axes = plt.subplots(2, 2, figsize=(7, 6.6), sharex=True, sharey=True, layout="constrained")
for ax, (name, (params, losses)) in zip(axes.flat, trained.items(), strict=True):

    def classify(grid, params=params, name=name):
        return (forward(params, grid, [name, "linear"])[0][:, 0] >= 0).astype(int)

    plots.plot_decision_boundary(classify, X_rings, y_rings, ax=ax)
    ax.get_legend().remove()
    ax.set(title=f"{name}: loss {losses[-1]:.4f}", aspect="equal")
    ax.label_outer()
told = ", ".join(f"{name} {losses[-1]:.4f}" for name, (_, losses) in trained.items())
plots.show(
    alt="Four closed boundaries between two rings of examples. With sigmoid and tanh they are "
    "smooth, with relu and leaky_relu they are polygons. Losses after 2,000 steps: "
    f"{told}."
)

# %% [markdown]
# A sum of smooth bends is smooth; a sum of folds is flat between them, so its boundary is made of
# straight pieces. The sigmoid comes last: its slope is $\frac14$ at most, and all that the first
# layer hears has passed through it. Between ReLU and its leaky relative there is little to see as
# long as no neuron dies.
#
# **Question.** Where do the polygons have their corners?
#
# <details><summary>Answer</summary>
#
# Where the boundary crosses the line $w \cdot x + b = 0$ of a hidden neuron: there the neuron wakes
# up or falls asleep, and the slope of the output changes.
#
# </details>

# %% [markdown]
# ### For the curious: on or off, in $2^n$ ways
#
# Each of $n$ ReLUs is on or off, which makes $2^n$ patterns, and for each pattern the gradient has
# another formula. Nobody writes them all out: `backward` makes the one that is needed, for the
# example at hand. Besides, few of them occur. Below, $n$ random ReLUs look at the points of a
# plane.

# %% demo
side = np.linspace(-3, 3, 151)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
for n in (2, 4, 8, 16):
    rng = np.random.default_rng(6)
    on = plane @ rng.normal(size=(n, 2)).T + rng.normal(size=n) > 0
    print(f"{n:2} ReLUs: {2**n:6,} patterns, {len(np.unique(on, axis=0)):3} of them in the plane")

# %% [markdown]
# **Question.** Into how many regions can $n$ lines cut a plane?
#
# <details><summary>Answer</summary>
#
# $1 + n + n(n - 1)/2$ at most, for line $k$ crosses the $k - 1$ others and so cuts $k$ regions in
# two. With 16 lines that is 137.
#
# </details>
#
# ### For the curious: wired at random
#
# Must every neuron be joined to all those of the layer before? Brains are not so tidy. Cut each
# wire with a given chance, before the training, and keep it cut: after each step of `train`, the
# weights that are not there go back to 0. (In 2019 Xie and others drew the whole wiring plan of
# large image networks at random, which then did about as well as those that people had planned.)

# %% demo
rng = np.random.default_rng(7)
for share in (1.0, 0.5, 0.25):
    net = init_params([2, 16, 16, 16, 1], np.random.default_rng(2))
    wires = [rng.random(W.shape) < share for W, _ in net]
    for _ in range(1000):
        net = [(W * there, b) for (W, b), there in zip(net, wires, strict=True)]
        net, losses = train(net, X_moons, y_moons, deep_kinds, 0.2, 1)
    n_wires = sum(there.sum() for there in wires)
    print(f"{n_wires:3} wires: loss {losses[0]:.3f} after 1,000 steps")

# %% [markdown]
# ## Summary
#
# - The gradient collects the partial derivatives: how fast the loss changes with each parameter.
#   Central differences (2) measure it with an error of order $h^2$, at two runs per parameter; good
#   for checking.
# - Along a path multiply, over the paths add (5). A value used $k$ times collects $k$ gradients: a
#   shared weight, a bias used by every example, an input read by every output.
# - Forward, remember the values; backward, hand on upstream times local, in the opposite order. No
#   work is done twice. This goes for any graph.
# - Element-wise functions have diagonal Jacobians, so `*` is enough; an affine layer needs three
#   products or sums (8), and the shapes say which.
# - With a sigmoid and cross-entropy, $dz = (a - y) / m$ (11).
# - Check gradients against the numerical ones (14), in `float64`, before you use them. The fault
#   sits at the last parameter whose gradient is wrong.
#
# ### What comes next
#
# **Stage 6** is about walking downhill: how long the steps should be, what valleys and saddles look
# like, and how momentum and Adam find their way. **Stage 7** puts a softmax on top, and trains a
# network on MNIST with the `backward` that you have just written.
#
# ### Where it comes from
#
# - S. Linnainmaa, "The representation of the cumulative rounding error of an algorithm as a Taylor
#   expansion of the local rounding errors" (in Finnish), master's thesis, University of Helsinki
#   (1970): the backward pass through any computation.
# - P. Werbos, *Beyond Regression*, PhD thesis, Harvard University (1974).
# - D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors",
#   *Nature* 323 (1986), 533-536.
# - S. Xie, A. Kirillov, R. Girshick and K. He, "Exploring randomly wired neural networks for image
#   recognition", *ICCV* (2019).
