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
# function. All of it is the way forward, from the input to the output. How a network *learns* its
# folds is the story of the next two stages.

# %%
from itertools import pairwise

import numpy as np

# %% demo
import time
from itertools import product

import matplotlib.pyplot as plt

from nndata import make_moons, make_rings, plots


def draw_examples(ax, X, y, size=30):
    """Draw class 0 as dark circles and class 1 as light squares."""
    for label in (0, 1):
        look = {"c": plots.COLOURS[label], "marker": plots.MARKERS[label], "edgecolors": "k"}
        ax.scatter(*X[y == label].T, s=size, lw=0.7, zorder=3, label=f"class {label}", **look)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


X_rings, y_rings = make_rings(240, np.random.default_rng(1), noise=0.08)
folded_once = np.column_stack([np.abs(X_rings[:, 0]), X_rings[:, 1]])
folds = {"The paper": X_rings, "Folded once": folded_once, "Folded twice": np.abs(X_rings)}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.8), sharey=True, layout="constrained")
for ax, (title, points) in zip(axes, folds.items(), strict=True):
    draw_examples(ax, points, y_rings)
    ax.set(title=title, xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
    ax.label_outer()
axes[2].axline((1.7, 0), (0, 1.7), color="k", ls="--")
plt.show()

# %% [markdown]
# ## 1. One neuron
#
# A **neuron** does two things. It computes a weighted sum, and it passes the sum through a function
# $g$, its **activation**:
#
# $$z = w \cdot x + b, \qquad a = g(z). \tag{1}$$
#
# The perceptron is the neuron whose $g$ is a hard threshold. In stage 3 you saw that *some* bend is
# needed between layers, since linear layers collapse. You also saw that nobody knew how to train
# hidden thresholds. So people have tried many other bends. You know the first two of our list
# already:
#
# $$\text{linear}(z) = z, \qquad
# \text{step}(z) = \begin{cases} 1 & \text{if } z \ge 0 \\ 0 & \text{otherwise.} \end{cases}
# \tag{2}$$
#
# The next cell gives them to you, as an example of what we ask of an activation in this course:
#
# - it takes an array of *any* shape and works **element-wise**: every entry on its own;
# - the result is a new array of the same shape, and the argument is not changed;
# - the result holds **floats**, also for an array of integers;
# - it is right for every number, at least between $-1000$ and $1000$, without an overflow on the
#   way.


# %%
def linear(z):
    """Return z itself, as floats."""
    return np.array(z, dtype=float)


def step(z):
    """Return 1.0 where z >= 0, else 0.0."""
    return (np.asarray(z) >= 0).astype(float)


# %% [markdown]
# **Question.** A neuron with $g = \text{step}$ is a perceptron. What do you know, or have heard of,
# that is a neuron with $g = \text{linear}$? And with a $g$ that rises smoothly from 0 to 1, so that
# $a$ can be read as a probability?
#
# <details><summary>Answer</summary>
#
# With $g = \text{linear}$ it is **linear regression**: $\hat y = w \cdot x + b$. With a smooth rise
# from 0 to 1, namely the sigmoid of the next section, it is **logistic regression**. The three
# differ in nothing but $g$ (and in how they are trained: see stage 6). They were invented in three
# different sciences, and the neuron is what they have in common.
#
# </details>
#
# ## 2. Smooth steps: sigmoid and tanh
#
# The **sigmoid** is a step with its corners rounded off:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}. \tag{3}$$
#
# **By hand.** $e^{\ln 3} = 3$ makes for nice numbers.
#
# | $z$ | $e^{-z}$ | $\sigma(z)$ |
# |:-:|:-:|:-:|
# | $0$ | $1$ | $1/2$ |
# | $\ln 3 \approx 1.099$ | $1/3$ | $1 / (1 + 1/3) = 3/4$ |
# | $-\ln 3$ | $3$ | $1 / (1 + 3) = 1/4$ |
#
# There is a trap. For $z = -1000$ formula (3) asks for $e^{1000}$, a number with 435 digits, and
# floats end at 308: NumPy warns of an **overflow** and goes on with infinity. Here that happens to
# end well, for $1 / \infty = 0$. Multiply numerator and denominator by $e^z$ and you get another
# form of the same function,
#
# $$\sigma(z) = \frac{e^{z}}{e^{z} + 1}, \tag{4}$$
#
# which is harmless for $z = -1000$, but at $z = 1000$ it is $\infty / \infty$: not a number.
#
# **Question.** Which of the two forms is safe where?
#
# <details><summary>Answer</summary>
#
# (3) is safe for $z \ge 0$, (4) for $z \le 0$. In both cases the exponential that appears is
# $e^{-\lvert z \rvert}$, which lies between 0 and 1. When it is too small for a float it becomes 0,
# and that is harmless. This is the trick: *exponentiate only what is not positive.*
#
# </details>
#
# ### Task: `sigmoid`
#
# <details><summary>Hint 1</summary>
#
# Compute `e = np.exp(-np.abs(z))` first. Which numerator does (3) have, in terms of `e`, and which
# one does (4)? The denominator is the same.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.where(z >= 0, 1.0, e) / (1.0 + e)`. (With `np.where(z >= 0, form 3, form 4)` both forms are
# computed for all entries before the choice is made, so one of them still overflows.)
#
# </details>


# %% task="sigmoid"
def sigmoid(z):
    """Compute the sigmoid of each entry, formula (3).

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Between 0 and 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
    ### END SOLUTION


# %% tests="sigmoid"
a = sigmoid(np.log([[1.0, 3.0], [1 / 3, 1.0]]))
assert np.shape(a) == (2, 2), f"the result should keep the shape (2, 2), not have {np.shape(a)}"
assert np.allclose(a, [[0.5, 0.75], [0.25, 0.5]]), f"by the table, σ is not {a.tolist()}"
with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
    a = sigmoid(np.array([-1000, 1000]))
assert np.allclose(a, [0, 1]), f"σ(-1000) and σ(1000) are 0 and 1 to many places, not {a}"

# %% [markdown]
# The **hyperbolic tangent** is the sigmoid's twin: it rises from $-1$ to $1$ and passes through the
# origin.
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1. \tag{5}$$
#
# **By hand.** $\tanh(\ln 2) = (2 - 1/2) / (2 + 1/2) = 0.6$, and $\tanh(-\ln 2) = -0.6$.
#
# **Question.** Why is the second equation of (5) true?
#
# <details><summary>Answer</summary>
#
# Divide numerator and denominator of the first form by $e^{z}$: it becomes
# $(1 - e^{-2z}) / (1 + e^{-2z})$. With $s = \sigma(2z) = 1 / (1 + e^{-2z})$ we have
# $2s - 1 = (2 - 1 - e^{-2z}) / (1 + e^{-2z})$, and that is the same.
#
# </details>
#
# ### Task: `tanh`
#
# NumPy has `np.tanh`, and from the next stage on we use it. Here, build it from exponentials, and
# keep it safe at $\pm 1000$.
#
# <details><summary>Hint 1</summary>
#
# Formula (5) has two forms, and you have already written a safe `sigmoid`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `2 * sigmoid(2 * z) - 1`. Or without `sigmoid`: with `e = np.exp(-2 * np.abs(z))` the size is
# `(1 - e) / (1 + e)`, and `np.sign(z)` brings the sign.
#
# </details>


# %% task="tanh"
def tanh(z):
    """Compute the hyperbolic tangent of each entry, formula (5), from exponentials.

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Between -1 and 1.
    """
    ### BEGIN SOLUTION
    return 2.0 * sigmoid(2.0 * z) - 1.0
    ### END SOLUTION


# %% tests="tanh"
a = tanh(np.log([2.0, 0.5, 1.0]))
assert np.shape(a) == (3,), f"the result should keep the shape (3,), not have {np.shape(a)}"
assert np.allclose(a, [0.6, -0.6, 0]), f"tanh of ln 2, -ln 2, 0 is 0.6, -0.6, 0, not {a}"
with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
    a = tanh(np.array([[-1000], [1000]]))
assert np.shape(a) == (2, 1), f"the result should keep the shape (2, 1), not have {np.shape(a)}"
assert np.allclose(a, [[-1], [1]]), f"tanh(-1000) and tanh(1000) are -1 and 1, not {a.tolist()}"

# %% [markdown]
# ## 3. A bend instead of a step: ReLU and its family
#
# For decades sigmoid and tanh were what one used. Around 2010 it turned out that something much
# simpler trains better: let positive sums pass and block the others. That is the **rectified linear
# unit**, in short ReLU:
#
# $$\text{relu}(z) = \max(z, 0). \tag{6}$$
#
# **By hand.** $(-2,\; 0,\; 0.5,\; 3) \to (0,\; 0,\; 0.5,\; 3)$.
#
# ### Task: `relu`
#
# <details><summary>Hint 1</summary>
#
# `max` is for single numbers. `np.maximum` works element-wise.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.maximum(z, 0)` of an array of integers is an array of integers. With `0.0` it is one of
# floats.
#
# </details>


# %% task="relu"
def relu(z):
    """Compute the positive part of each entry, formula (6).

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Zero or more.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0.0)
    ### END SOLUTION


# %% tests="relu"
z = np.array([[-2.0, 0.0], [0.5, 3.0]])
a = relu(z)
assert np.shape(a) == (2, 2), f"the result should keep the shape (2, 2), not have {np.shape(a)}"
assert np.allclose(a, [[0, 0], [0.5, 3]]), f"relu is not {a.tolist()}"
assert z.tolist() == [[-2, 0], [0.5, 3]], "relu changed the caller's array; make a new one instead"
a = relu(np.array([-1, 2]))
assert a.dtype.kind == "f", f"the result should hold floats, for integers too, not {a.dtype}"

# %% [markdown]
# A ReLU that gets nothing but negative sums always says 0, whatever happens to its inputs: it has
# *died*. Three of its relatives try to avoid that. The **leaky ReLU** lets a little through, the
# **ELU** bends smoothly towards a floor at $-\alpha$, and **softplus** is a ReLU with its corner
# rounded off:
#
# $$\text{leaky\_relu}(z) = \begin{cases} z & \text{if } z \ge 0 \\ \alpha z & \text{otherwise,}
# \end{cases} \qquad
# \text{elu}(z) = \begin{cases} z & \text{if } z \ge 0 \\ \alpha (e^{z} - 1) & \text{otherwise,}
# \end{cases} \tag{7}$$
#
# $$\text{softplus}(z) = \ln(1 + e^{z}). \tag{8}$$
#
# **By hand.** With $\alpha = 0.1$, $\text{leaky\_relu}(-2) = -0.2$ and $\text{leaky\_relu}(3) = 3$.
# With $\alpha = 2$, $\text{elu}(-\ln 2) = 2\,(1/2 - 1) = -1$ and $\text{elu}(3) = 3$.
# $\text{softplus}(0) = \ln 2 \approx 0.693$.
#
# ### Tasks: `leaky_relu` and `elu`
#
# <details><summary>Hint 1</summary>
#
# `np.where(condition, this, that)` chooses entry by entry. It has computed both of them before,
# for all entries. For which of (7) is that a problem at $z = 1000$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `np.where(z >= 0, z, alpha * z)` for the first. For the second, keep the exponent from being
# positive: `np.exp(np.minimum(z, 0.0))`. (`np.expm1(t)` is $e^t - 1$ with more digits.)
#
# </details>


# %% task="leaky_relu"
def leaky_relu(z, alpha=0.01):
    """Compute the leaky ReLU of each entry, formula (7).

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.
    alpha : float
        The slope for negative entries, between 0 and 1.

    Returns
    -------
    ndarray of float, of the same shape
    """
    ### BEGIN SOLUTION
    return np.where(z >= 0, z, alpha * z)
    ### END SOLUTION


# %% tests="leaky_relu"
a = leaky_relu(np.array([-2, 0, 3]), 0.1)
assert np.shape(a) == (3,), f"the result should keep the shape (3,), not have {np.shape(a)}"
assert a.dtype.kind == "f", f"the result should hold floats, for integers too, not {a.dtype}"
assert np.allclose(a, [-0.2, 0, 3]), f"with α = 0.1, -2, 0, 3 becomes -0.2, 0, 3, not {a}"
a = leaky_relu(np.array([-1000.0]))
assert np.allclose(a, [-10]), f"α is 0.01 by default, so -1000 becomes -10, not {a}"


# %% task="elu"
def elu(z, alpha=1.0):
    """Compute the exponential linear unit of each entry, formula (7).

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.
    alpha : float
        How far the negative side goes down, above 0.

    Returns
    -------
    ndarray of float, of the same shape
        Above or at -alpha.
    """
    ### BEGIN SOLUTION
    return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0.0)))
    ### END SOLUTION


# %% tests="elu"
a = elu(np.array([-np.log(2), 0, 3]), 2.0)
assert np.shape(a) == (3,), f"the result should keep the shape (3,), not have {np.shape(a)}"
assert np.allclose(a, [-1, 0, 3]), f"with α = 2, -ln 2, 0, 3 becomes -1, 0, 3, not {a}"
with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
    a = elu(np.array([-1000, 1000]))
assert np.allclose(a, [-1, 1000]), f"α is 1 by default: ∓1000 becomes -1 and 1000, not {a}"
assert a.dtype.kind == "f", f"the result should hold floats, for integers too, not {a.dtype}"

# %% [markdown]
# ### Task: `softplus`
#
# The exponential of (8) overflows at $z = 1000$, although the result is a harmless 1000. Take the
# large part out: for $z \ge 0$,
#
# $$\ln(1 + e^{z}) = \ln\bigl(e^{z}\,(e^{-z} + 1)\bigr) = z + \ln(1 + e^{-z}). \tag{9}$$
#
# <details><summary>Hint 1</summary>
#
# For $z \ge 0$ use (9), for $z < 0$ use (8): in both cases the exponential is $e^{-|z|}$, and the
# logarithm is the same. What is added to it in either case?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The positive part of $z$, which is `np.maximum(z, 0.0)`, plus `np.log1p(np.exp(-np.abs(z)))`,
# where `np.log1p(t)` is $\ln(1 + t)$.
#
# </details>


# %% task="softplus"
def softplus(z):
    """Compute ln(1 + e^z) of each entry, formula (8).

    Parameters
    ----------
    z : ndarray of any shape
        Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Zero or more.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    ### END SOLUTION


# %% tests="softplus"
a = softplus(np.array([[0.0, np.log(3)]]))
assert np.shape(a) == (1, 2), f"the result should keep the shape (1, 2), not have {np.shape(a)}"
assert np.allclose(a, [[np.log(2), np.log(4)]]), f"softplus of 0 and ln 3 is ln 2 and ln 4: {a}"
with np.errstate(over="raise", invalid="raise"):  # an overflow counts as an error here
    a = softplus(np.array([-1000, 1000]))
assert np.allclose(a, [0, 1000]), f"softplus(-1000) and softplus(1000) are 0 and 1000, not {a}"

# %% [markdown]
# Here they are, all eight, each with its **derivative** (dashed): the slope of the curve. (The
# slopes are measured, by going a tiny step to either side. The formulas come in stage 5, where they
# are what learning needs.)

# %% demo
z = np.linspace(-4, 4, 801)
eight = [linear, step, sigmoid, tanh, relu, leaky_relu, elu, softplus]
fig, axes = plt.subplots(2, 4, figsize=(11, 5), sharex=True, layout="constrained")
for ax, g in zip(axes.flat, eight, strict=True):
    slope = (g(z + 1e-5) - g(z - 1e-5)) / 2e-5
    jump = np.abs(slope) > 10  # the step has no slope where it jumps
    ax.plot(z, np.where(jump, np.nan, g(z)), color=plots.COLOURS[0], lw=2.5, label="$g(z)$")
    ax.plot(z, np.where(jump, np.nan, slope), "k--", lw=1.5, label="slope")
    ax.axhline(0, color="0.8", lw=0.8, zorder=0)
    ax.axvline(0, color="0.8", lw=0.8, zorder=0)
    ax.set(title=g.__name__, ylim=(-1.4, 2.4))
axes[0, 0].legend(loc="lower right")
for ax in axes[1]:
    ax.set_xlabel("$z$")
plt.show()

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

# %% demo
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.7), layout="constrained")
x = np.linspace(-6, 6, 301)
a = x
for times in range(1, 6):
    a = sigmoid(a)
    if times in (1, 2, 5):
        width = {1: 1, 2: 1.8, 5: 3}[times]
        left.plot(x, a, color=plots.COLOURS[0], lw=width, label=f"sigmoid, {times}×")
left.plot(x, relu(relu(relu(relu(relu(x))))), "k--", lw=2, label="relu, 5×")
left.set(title="One after the other", xlabel="$x$", ylim=(-0.1, 1.6))
left.legend(fontsize=8, loc="upper left")

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
right.set(title="Your functions' time", xlabel="nanoseconds per number")
plt.show()

# %% [markdown]
# **Left: vanishing.** Pass a number through five sigmoids. The slopes multiply, each of them is at
# most $1/4$, and $(1/4)^5 \approx 0.001$: whatever goes in, nearly the same comes out. On the way
# through a deep network of sigmoids the slope *vanishes*. ReLU passes positive numbers on unharmed,
# however often.
#
# **Middle: dying.** Each of these neurons sees the same 200 examples. When its bias is far below
# zero, no example gets through, its slope is 0 for all of them, and nothing that is learnt from
# slopes will ever wake it.
#
# **Right: cost.** Exponentials are dearer than comparisons. For a network with millions of neurons
# that counts.
#
# | activation | range | for it | against it |
# |:--|:--|:--|:--|
# | linear | all | outputs that may be any number | no bend: layers collapse |
# | step | 0, 1 | a clear answer | slope 0 everywhere |
# | sigmoid | (0, 1) | outputs that are probabilities | saturates, vanishes, costs |
# | tanh | (−1, 1) | as sigmoid, but centred at 0 | saturates, vanishes, costs |
# | ReLU | [0, ∞) | cheap; no saturation on the right | can die |
# | leaky ReLU | all | as ReLU, but cannot die | one number more to choose |
# | ELU | (−α, ∞) | smooth for α = 1; mean near 0 | exponential; flat far out on the left |
# | softplus | (0, ∞) | smooth everywhere | costs; seldom better than ReLU |
#
# **Question.** Which one would you take in hidden layers, and which at the output, if the answer is
# (a) a price, (b) a probability?
#
# <details><summary>Answer</summary>
#
# In hidden layers ReLU, unless there is a reason against it; when many neurons die, a leaky ReLU.
# At the output (a) linear, since a price may be any number, and (b) sigmoid. (For one of several
# classes there is the softmax of stage 7.)
#
# </details>
#
# ### What one neuron sees
#
# A neuron with two inputs gives a number to each point of the plane. Where it is the same are its
# **level curves**.

# %% demo
w, b = np.array([1.5, 1.0]), -0.5
side = np.linspace(-3, 3, 121)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
z = (plane @ w + b).reshape(121, 121)
fig, axes = plt.subplots(1, 4, figsize=(11, 3.2), sharey=True, layout="constrained")
for ax, g in zip(axes, (linear, step, sigmoid, relu), strict=True):
    lowest, highest = g(z).min(), g(z).max()
    shades = {"cmap": "Greys", "vmin": lowest, "vmax": 2 * highest - lowest}
    ax.contourf(side, side, g(z), levels=12, **shades)
    if g is not step:
        levels = [0.1, 0.5, 0.9] if g is sigmoid else [-4, -2, 1, 2, 4]
        lines = ax.contour(side, side, g(z), levels=levels, colors=plots.COLOURS[5], linewidths=1)
        ax.clabel(lines, fontsize=8)
    ax.axline((0, 0.5), slope=-1.5, color="k", lw=2)
    ax.annotate("", (1.5, 1.0), (0, 0), arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "k"})
    ax.set(title=g.__name__, xlabel="$x_1$", aspect="equal", xlim=(-3, 3), ylim=(-3, 3))
axes[0].set_ylabel("$x_2$")
plt.show()

# %% [markdown]
# **Question.** The level curves are straight and parallel in all four pictures. Why? What does $g$
# change, and what not?
#
# <details><summary>Answer</summary>
#
# The activation looks at $z$ alone, and $z = w \cdot x + b$ is constant along every line at right
# angles to $w$ (the arrow). So $a$ is constant there as well. $g$ decides how the value changes
# from one line to the next; it cannot bend the lines. A single neuron always makes a straight
# boundary, whatever its activation. For curves it takes several of them.
#
# </details>

# %% [markdown]
# ## 4. Layers, and layers of layers
#
# Now we put neurons side by side into **layers** and layers one after the other into a **network**,
# also called a multi-layer perceptron (MLP). Layer $l$ takes the outputs of layer $l - 1$ as its
# inputs. Here is the notation, for good:
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
# l = 1, \dots, L. \tag{10}$$
#
# For a single example the same is often written as $z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$. The
# layers $1$ to $L - 1$ are **hidden**.

# %% demo


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


fig, ax = plt.subplots(figsize=(8, 4.2), layout="constrained")
draw_network(ax, [3, 5, 4, 2], ["$A^{[0]} = X$\n3 features", "$A^{[1]}$", "$A^{[2]}$", "$A^{[3]}$"])
ax.set_title("A network with three layers, two of them hidden")
plt.show()

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
#
# <details><summary>Hint 1</summary>
#
# Each layer has `n_in * n_out` weights and `n_out` biases. Which pairs of neighbours are there in
# the list?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `pairwise(layer_sizes)`, which the notebook imports at the top, yields the pairs
# `(n_in, n_out)`; add up `(n_in + 1) * n_out`.
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
count = count_params([3, 5, 2])
assert isinstance(count, int | np.integer), f"a count is a whole number, not {count!r}"
assert count == 32, f"the worked example has 32 parameters, not {count}"
assert count_params([4, 1]) == 5, "one neuron with four inputs has 4 weights and 1 bias"

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
#
# ### Where to start
#
# Before anything is learnt the weights must have *some* values. All zeros would be bad: the neurons
# of a layer would all be equal, and would stay so. So they are drawn at random. How large? If the
# weights are small, the sums shrink from layer to layer; if they are large, the sums explode.
#
# Let a neuron have $n_\text{in}$ inputs of about the same size, and independent weights with mean 0
# and variance $v$. Then its sum has the variance $n_\text{in} \, v$ times the mean square of the
# inputs. To keep the size, take $v = 1 / n_\text{in}$. ReLU sets one half of the sums to zero, so
# the double is needed: that is **He's** rule. For tanh, **Glorot's** rule is a compromise between
# the way forward and the way back, which has $n_\text{out}$ in place of $n_\text{in}$:
#
# $$W^{[l]}_{jk} \sim \mathcal N\!\left(0,\; \sigma^2\right), \qquad
# \sigma = \sqrt{\frac{2}{n_\text{in}}} \;\text{ for ReLU (He)}, \qquad
# \sigma = \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \;\text{ for tanh (Glorot)}, \tag{11}$$
#
# with $n_\text{in} = n_{l-1}$ and $n_\text{out} = n_l$, each layer with its own $\sigma$. (Here
# $\sigma$ is a standard deviation; it has nothing to do with the sigmoid.) The biases start at 0.
#
# **By hand.** `[8, 2, 6]` with ReLU: $\sigma = \sqrt{2/8} = 0.5$ in the first layer and
# $\sqrt{2/2} = 1$ in the second. With tanh: $\sqrt{2/10} \approx 0.447$ and $\sqrt{2/8} = 0.5$.
#
# ### Task: `init_params`
#
# In this course the parameters of a network are a list of pairs `(W, b)`, first layer first. All
# the randomness comes from `rng`, so that the same generator gives the same network again.
#
# <details><summary>Hint 1</summary>
#
# The same pairs `(n_in, n_out)` as in `count_params`. `rng.normal(0.0, sigma, size=(n_out, n_in))`
# draws the weights: its second argument is the standard deviation, not the variance.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# In a loop over the pairs: `fan = n_in if activation == "relu" else n_in + n_out`, then
# `W = rng.normal(0.0, np.sqrt(2 / fan), size=...)`, and append `(W, np.zeros(n_out))` to a list.
#
# </details>


# %% task="init_params"
def init_params(layer_sizes, rng, activation="relu"):
    """Draw the parameters of a network, formula (11).

    Parameters
    ----------
    layer_sizes : list of int
        The number of features, then the number of neurons of each layer. Not changed.
    rng : numpy.random.Generator
        The only source of randomness.
    activation : str
        "relu" for He's rule, "tanh" for Glorot's.

    Returns
    -------
    list of (W, b)
        One pair for each layer: `W` an ndarray of float, shape (n_out, n_in), normally
        distributed; `b` an ndarray of zeros, shape (n_out,).
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
params = init_params([8, 2, 6], np.random.default_rng(0))
assert len(params) == 2, f"[8, 2, 6] has two layers, not {len(params)}"
shapes = [(np.shape(W), np.shape(b)) for W, b in params]
assert shapes == [((2, 8), (2,)), ((6, 2), (6,))], f"W is (n_out, n_in), b is (n_out,): {shapes}"
assert all(not np.any(b) for _, b in params), "all the biases should start at zero"
((W, _),) = init_params([800, 125], np.random.default_rng(1))
assert abs(np.std(W) - 0.05) < 0.001, f"for [800, 125] and ReLU, σ is 0.05, not {np.std(W):.4f}"
((W, _),) = init_params([600, 200], np.random.default_rng(1), "tanh")
assert abs(np.std(W) - 0.05) < 0.001, f"for [600, 200] and tanh, σ is 0.05, not {np.std(W):.4f}"


# %% [markdown]
# ### Forward
#
# To evaluate a network is called the **forward pass**: formula (10) for $l = 1$, then for $l = 2$,
# and so on. Learning will need all the $Z^{[l]}$ and $A^{[l]}$ again, so we keep them in a
# dictionary, the **cache**.
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
# The next cell gives you a function that finds an activation by its name.


# %%
def activate(name, z):
    """Apply the activation with this name to z."""
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
    return functions[name](z)


# %% [markdown]
# ### Task: `forward`
#
# `X` is a table of $m$ examples, or a *single* example of shape `(n,)`. For the latter every array
# of the cache, and the output, has one dimension less.
#
# <details><summary>Hint 1</summary>
#
# `A @ W.T + b` does the right thing for both, `A` of shape `(m, n_in)` and `A` of shape `(n_in,)`.
# Start with `A = X` and go through the layers with
# `for (W, b), name in zip(params, activations)`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `cache = {"A": [X], "Z": [None], "activations": activations}`. In the loop compute `Z`, then
# `A = activate(name, Z)`, and append each to its list. Return `A, cache`.
#
# </details>


# %% task="forward"
def forward(params, X, activations):
    """Evaluate a network, formula (10).

    Parameters
    ----------
    params : list of (W, b)
        One pair for each of the L layers: shapes (n_out, n_in) and (n_out,). Not changed.
    X : ndarray of shape (m, n) or (n,)
        The examples, in rows; or a single one. Not changed.
    activations : list of str
        The name of each layer's activation, for `activate`.

    Returns
    -------
    A_L : ndarray of float, shape (m, n_L) or (n_L,)
        The output of the last layer.
    cache : dict
        ``cache["A"]`` is the list ``[X, A1, ..., AL]``, ``cache["Z"]`` the list
        ``[None, Z1, ..., ZL]``, and ``cache["activations"]`` the names as given.
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
A_L, cache = forward(params, np.array([[2.0, 1.0], [0.0, 1.0]]), ["relu", "linear"])
assert np.shape(A_L) == (2, 1), f"two examples, one output: shape (2, 1), not {np.shape(A_L)}"
assert np.allclose(A_L, [[2], [1]]), f"the outputs of the table are 2 and 1, not {A_L.tolist()}"
assert sorted(cache) == ["A", "Z", "activations"], f"the cache has the keys {sorted(cache)}"
assert len(cache["A"]) == 3, f"A0, A1 and A2 belong in cache['A'], not {len(cache['A'])} arrays"
assert len(cache["Z"]) == 3, f"None, Z1 and Z2 belong in cache['Z'], not {len(cache['Z'])} things"
assert cache["Z"][0] is None, "cache['Z'][0] should be None, so that cache['Z'][l] is Z of layer l"
assert np.allclose(cache["Z"][1], [[1, 1], [-1, 1]]), f"by the table, Z1 is not {cache['Z'][1]}"
assert np.allclose(cache["A"][1], [[1, 1], [0, 1]]), f"by the table, A1 is not {cache['A'][1]}"
A_L, cache = forward(params, np.array([2.0, 1.0]), ["relu", "linear"])
assert np.shape(A_L) == (1,), f"a single example has an output of shape (1,), not {np.shape(A_L)}"
assert np.allclose(A_L, [2]), f"the output for the example (2, 1) alone is 2, not {A_L}"

# %% demo
n_layers, width = 12, 200
X_normal = np.random.default_rng(0).normal(size=(300, width))
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, name, rule in zip(axes, ("relu", "tanh"), ("He", "Glorot"), strict=True):
    for factor, style in ((0.5, ":"), (1.0, "-"), (2.0, "--")):
        params = init_params([width] * (n_layers + 1), np.random.default_rng(1), name)
        params = [(factor * W, b) for W, b in params]
        _, cache = forward(params, X_normal, [name] * n_layers)
        sizes = [np.sqrt(np.mean(A**2)) for A in cache["A"]]
        label = rule if factor == 1 else f"{factor:g} times {rule}"
        ax.semilogy(sizes, style, lw=2.5, label=label, color="k" if factor == 1 else "0.45")
    ax.set(title=f"{name}, twelve layers of {width}", xlabel="layer", ylim=(1e-4, 1e4))
    ax.legend()
axes[0].set_ylabel("typical size of $A^{[l]}$")
plt.show()

# %% [markdown]
# With weights of half the size the signal dies out; with twice the size it explodes (ReLU), or all
# neurons sit at the ends of their range (tanh). He's and Glorot's rules keep it alive.
#
# **Question.** Why does tanh not explode, and why is that no comfort?
#
# <details><summary>Answer</summary>
#
# It cannot give more than 1. But at $\pm 1$ tanh is saturated, its slope is 0, and nothing is
# learnt through it.
#
# </details>

# %% [markdown]
# ## 5. Folding the paper
#
# With `forward` we can do what was promised at the start. $\lvert x \rvert$ is a fold, and it is
# made of two ReLUs:
#
# $$\lvert x \rvert = \text{relu}(x) + \text{relu}(-x). \tag{12}$$
#
# So take four hidden ReLUs, two for each coordinate, and let the output add them up and compare
# with 1.7. The network's boundary is then $\lvert x_1 \rvert + \lvert x_2 \rvert = 1.7$.

# %%
rings_params = [
    (np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), np.zeros(4)),
    (np.array([[1.0, 1.0, 1.0, 1.0]]), np.array([-1.7])),
]

# %% demo
side = np.linspace(-2.6, 2.6, 131)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
out, cache = forward(rings_params, plane, ["relu", "sigmoid"])
pictures = [cache["A"][1][:, j] for j in range(4)] + [cache["Z"][2][:, 0]]
titles = [f"hidden neuron {j}" for j in range(1, 5)] + ["the output's sum"]
fig, axes = plt.subplots(1, 5, figsize=(12, 2.9), sharey=True, layout="constrained")
for ax, values, title in zip(axes, pictures, titles, strict=True):
    values = values.reshape(131, 131)
    ax.contourf(side, side, values, levels=10, cmap="Greys")
    ax.contour(side, side, values, levels=[0.5, 1.0, 1.5, 2.0], colors="0.3", linewidths=0.7)
    ax.set(title=title, xlabel="$x_1$", aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
axes[4].contour(side, side, out.reshape(131, 131), levels=[0.5], colors="k", linewidths=2.5)
axes[4].scatter(*X_rings[y_rings == 0].T, color=plots.COLOURS[0], marker="o", s=8)
axes[4].scatter(*X_rings[y_rings == 1].T, color=plots.COLOURS[1], marker="s", s=8)
axes[0].set_ylabel("$x_2$")
plt.show()
right_answers = (forward(rings_params, X_rings, ["relu", "sigmoid"])[0][:, 0] >= 0.5) == y_rings
print(f"right on the rings: {np.mean(right_answers):.1%}")

# %% [markdown]
# Each hidden neuron has straight level curves, as every neuron has, and is flat on one side. Their
# sum has level curves with corners: a closed boundary (thick) made of four bends.
#
# ### The view from the hidden layer
#
# Now look at the same from inside: where does the hidden layer *put* the examples? We take it in
# two steps, first the sums (a linear map), then the ReLU (the fold).

# %% demo
W = np.array([[0.9, -0.5], [0.5, 0.9]])
two_sums, two_relus = X_rings @ W.T, relu(X_rings @ W.T)
hidden = forward(rings_params, X_rings, ["relu", "sigmoid"])[1]["A"][1]
four_relus = np.column_stack([hidden[:, 0] + hidden[:, 1], hidden[:, 2] + hidden[:, 3]])
views = {
    "the input": (X_rings, "$x_1$", "$x_2$"),
    "two sums: turned": (two_sums, "$z_1$", "$z_2$"),
    "two ReLUs: folded flat": (two_relus, "$a_1$", "$a_2$"),
    "four ReLUs, seen from the side": (four_relus, "$a_1 + a_2$", "$a_3 + a_4$"),
}
fig, axes = plt.subplots(1, 4, figsize=(12, 3.4), layout="constrained")
for ax, (title, (points, xlabel, ylabel)) in zip(axes, views.items(), strict=True):
    draw_examples(ax, points, y_rings, size=18)
    ax.axhline(0, color="0.7", lw=0.8, zorder=0)
    ax.axvline(0, color="0.7", lw=0.8, zorder=0)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xlim=(-2.7, 2.7), ylim=(-2.7, 2.7))
    ax.title.set_size(11)
axes[3].axline((1.7, 0), (0, 1.7), color="k", lw=2)
plt.show()

# %% [markdown]
# The linear map alone only turns the plane (or stretches it): what was inside stays inside. The
# ReLU moves everything with a negative $z_1$ onto the one axis, and everything with a negative
# $z_2$ onto the other. That *warps* space, and afterwards points that were far apart may be
# neighbours.
#
# **Question.** With two ReLUs the rings are folded, but not separable by a line. (Look at the
# origin, and at the quadrant where both sums are positive.) With four they are. In which space is
# the last picture's line straight?
#
# <details><summary>Answer</summary>
#
# In the space of the four hidden activations, which has four dimensions. There the output neuron
# looks at $a_1 + a_2 + a_3 + a_4 - 1.7$, a hyperplane. The picture shows that space from the one
# side from which the hyperplane is seen edge-on. More neurons are more dimensions, and with more
# dimensions there is more room for a straight cut.
#
# </details>
#
# ### Wider is more
#
# How much can a network with one hidden layer do? Here are random ReLUs, from your `init_params`
# with some random biases. Nothing about them is trained. Only the output weights are fitted, by
# least squares, so that the sum comes close to the labels (a task of stage 6).

# %% demo
X_moons, y_moons = make_moons(200, np.random.default_rng(3), noise=0.18)
widths = (2, 5, 20, 200)
fig, axes = plt.subplots(1, 4, figsize=(12, 3.3), sharey=True, layout="constrained")
for ax, width in zip(axes, widths, strict=True):
    rng = np.random.default_rng(6)
    ((W, _),) = init_params([2, width], rng)
    hidden_params = [(W, rng.normal(size=width))]
    H, _ = forward(hidden_params, X_moons, ["relu"])
    columns = np.column_stack([H, np.ones(len(H))])
    solution = np.linalg.lstsq(columns, 2.0 * y_moons - 1, rcond=1e-6)[0]
    params = [*hidden_params, (solution[None, :-1], solution[-1:])]

    def predict(points, params=params):
        return (forward(params, points, ["relu", "linear"])[0][:, 0] >= 0).astype(int)

    plots.plot_decision_boundary(predict, X_moons, y_moons, ax=ax, n_grid=150)
    share = np.mean(predict(X_moons) == y_moons)
    ax.set(title=f"{width} neurons: {share:.1%}", ylabel="")
    ax.get_legend().remove()
axes[0].set_ylabel("$x_2$")
plt.show()

# %% [markdown]
# With the number of neurons the **capacity** grows: the number of bends that the boundary can have.
#
# **Question.** The last network makes the fewest mistakes. Is it the best?
#
# <details><summary>Answer</summary>
#
# On these 200 points, yes. But its boundary makes detours for single examples, and for new points
# from the same two moons those detours are more likely to be wrong than right. It **overfits**.
# Which width is best must be asked of a validation set. Stage 7 comes back to this.
#
# </details>

# %% [markdown]
# ## 6. One hidden layer can imitate everything
#
# Which functions can a network compute, if its hidden layer may be as wide as we like? For
# continuous functions on a bounded region the answer is: all of them, as closely as you like. That
# is the **universal approximation theorem** (Cybenko 1989; Hornik, Stinchcombe and White 1989). You
# can prove it with your own hands, for functions of one variable, in three moves: *steep sigmoids
# make steps, steps make bumps, bumps make everything.*
#
# ### Steps make bumps
#
# $\sigma(k\,(x - s))$ is a neuron with one input, the weight $k$ and the bias $-k s$. The larger
# the steepness $k$, the more it looks like a step at $x = s$. A step up at $s = \text{left}$ and a
# step down at $s = \text{right}$ make a **bump**:
#
# $$\text{bump}(x) = h \,\bigl(\sigma(k\,(x - \text{left})) - \sigma(k\,(x - \text{right}))\bigr).
# \tag{13}$$
#
# That is a network with two hidden neurons and the output weights $h$ and $-h$.
#
# **By hand.** A bump from 1 to 3 of height 5, very steep.
#
# | $x$ | first sigmoid | second | bump |
# |:-:|:-:|:-:|:-:|
# | 0 | 0 | 0 | 0 |
# | 1 | 1/2 | 0 | 2.5: half-way up |
# | 2 | 1 | 0 | 5 |
# | 4 | 1 | 1 | 0 |
#
# ### Task: `bump`
#
# <details><summary>Hint 1</summary>
#
# Call your `sigmoid` twice. It works element-wise, so `x` may be an array of any shape.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `up = sigmoid(steepness * (x - left))`, and `down` likewise; the result is the height times a
# difference.
#
# </details>


# %% task="bump"
def bump(x, left, right, height, steepness=10_000.0):
    """Make a bump from two steep sigmoids, formula (13).

    Parameters
    ----------
    x : ndarray of any shape
        Where to evaluate the bump. Not changed.
    left, right : float
        Where it steps up and down again, left < right.
    height : float
        Its height, of either sign.
    steepness : float
        The weight of both neurons, above 0.

    Returns
    -------
    ndarray of float, of the shape of x
        About `height` between `left` and `right`, and about 0 elsewhere.
    """
    ### BEGIN SOLUTION
    up = sigmoid(steepness * (x - left))
    down = sigmoid(steepness * (x - right))
    return height * (up - down)
    ### END SOLUTION


# %% tests="bump"
values = bump(np.array([0.0, 1.0, 2.0, 4.0]), 1.0, 3.0, 5.0)
assert np.shape(values) == (4,), f"the result should keep the shape (4,), not {np.shape(values)}"
assert np.allclose(values, [0, 2.5, 5, 0]), f"by the table 0, 2.5, 5, 0, not {values}"
value = bump(np.array([1.0]), 1.0, 3.0, 5.0, steepness=np.log(3) / 2)
assert np.allclose(value, [1.25]), (
    f"with k = ln(3)/2 the sigmoids at x = 1 are 1/2 and 1/4, so the bump is 5/4, not {value}"
)

# %% [markdown]
# ### The same with ReLUs
#
# A ReLU is no step, but two ReLUs of opposite signs make a **ramp**: $\text{relu}(x - s) -
# \text{relu}(x - s - r)$ is 0 up to $s$, rises with slope 1, and stays at $r$ from $s + r$ on. One
# ramp up and one ramp down make a bump with slanted sides: four ReLUs.
#
# $$\frac{h}{r} \bigl(\text{relu}(x - \text{left}) - \text{relu}(x - \text{left} - r)
# - \text{relu}(x - \text{right} + r) + \text{relu}(x - \text{right})\bigr) \tag{14}$$
#
# It is 0 outside of left and right, rises from left to $\text{left} + r$, stays at $h$, and falls
# from $\text{right} - r$ to right.
#
# **By hand.** From 1 to 4, height 2, ramps of $r = 1$, so $h / r = 2$.
#
# | $x$ | relu$(x-1)$ | relu$(x-2)$ | relu$(x-3)$ | relu$(x-4)$ | (14) |
# |:-:|:-:|:-:|:-:|:-:|:-:|
# | 1.5 | 0.5 | 0 | 0 | 0 | $2 \cdot 0.5 = 1$ |
# | 2.5 | 1.5 | 0.5 | 0 | 0 | $2 \cdot (1.5 - 0.5) = 2$ |
# | 3.5 | 2.5 | 1.5 | 0.5 | 0 | $2 \cdot (2.5 - 1.5 - 0.5) = 1$ |
# | 5 | 4 | 3 | 2 | 1 | $2 \cdot (4 - 3 - 2 + 1) = 0$ |
#
# ### Task: `relu_bump`
#
# <details><summary>Hint 1</summary>
#
# There are four corners: at `left`, `left + ramp`, `right - ramp` and `right`. Each gets a ReLU.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `up = relu(x - left) - relu(x - (left + ramp))`, and `down` with the other two corners; then
# `height / ramp * (up - down)`.
#
# </details>


# %% task="relu_bump"
def relu_bump(x, left, right, height, ramp):
    """Make a bump from four ReLUs, formula (14).

    Parameters
    ----------
    x : ndarray of any shape
        Where to evaluate the bump. Not changed.
    left, right : float
        Where it begins and ends, left < right.
    height : float
        Its height, of either sign.
    ramp : float
        The width of each of the slanted sides, above 0 and at most half of right - left.

    Returns
    -------
    ndarray of float, of the shape of x
    """
    ### BEGIN SOLUTION
    up = relu(x - left) - relu(x - (left + ramp))
    down = relu(x - (right - ramp)) - relu(x - right)
    return height / ramp * (up - down)
    ### END SOLUTION


# %% tests="relu_bump"
values = relu_bump(np.array([0.0, 1.5, 2.5, 3.5, 5.0]), 1.0, 4.0, 2.0, 1.0)
assert np.shape(values) == (5,), f"the result should keep the shape (5,), not {np.shape(values)}"
assert np.allclose(values, [0, 1, 2, 1, 0]), f"by the table 0, 1, 2, 1, 0, not {values}"

# %% demo
x = np.linspace(0, 5, 1001)
fig, (left, middle, right) = plt.subplots(
    1, 3, figsize=(11, 3.3), sharey=True, layout="constrained"
)
for steepness, dashes in ((2, ":"), (8, "--"), (100, "-")):
    left.plot(x, 2 * sigmoid(steepness * (x - 1)), f"k{dashes}", label=f"$k = {steepness}$")
    middle.plot(x, bump(x, 1, 4, 2, steepness), f"k{dashes}")
left.set(title="A sigmoid becomes a step", xlabel="$x$")
left.legend()
middle.set(title="Two make a bump", xlabel="$x$")
for corner, sign in ((1, 1), (2, -1), (3, -1), (4, 1)):
    right.plot(x, 2 * sign * relu(x - corner), color="0.6", lw=1.2)
right.plot(x, relu_bump(x, 1, 4, 2, 1), "k", lw=2.5)
right.set(title="Four ReLUs (grey) make a bump", xlabel="$x$", ylim=(-2.5, 2.7))
plt.show()

# %% [markdown]
# ### Bumps make everything
#
# Cut the interval from 0 to 1 into $N$ pieces of the same width and put a bump on each, as high as
# the function is in the *middle* of the piece. The sum of the bumps is a staircase that follows the
# function:
#
# $$f(x) \approx \sum_{i=1}^{N} \text{bump}_i(x), \qquad
# \text{left}_i = \frac{i - 1}{N}, \quad \text{right}_i = \frac{i}{N}, \quad
# \text{height}_i = f\!\left(\frac{i - 1/2}{N}\right). \tag{15}$$
#
# With two neurons for each bump, that is one hidden layer of $2N$ neurons and a linear output.
#
# **By hand.** $f(x) = x^2$ and $N = 2$: the pieces are $[0, 0.5]$ and $[0.5, 1]$, their middles are
# $0.25$ and $0.75$, the heights are $0.0625$ and $0.5625$.
#
# ### Task: `approximate`
#
# Return the bumps as a table with a row (left, right, height) for each. The given function below
# the task adds them up.
#
# <details><summary>Hint 1</summary>
#
# `edges = np.linspace(0.0, 1.0, n_bumps + 1)` are all the places where a piece begins or ends.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `left, right = edges[:-1], edges[1:]`; the heights are `f` of their means, one after the other:
# `[f(x) for x in (left + right) / 2]`. `np.column_stack` makes the table.
#
# </details>


# %% task="approximate"
def approximate(f, n_bumps):
    """Choose bumps whose sum follows a function from 0 to 1, formula (15).

    Parameters
    ----------
    f : callable
        Takes a number and returns a number.
    n_bumps : int
        How many bumps, at least 1.

    Returns
    -------
    ndarray of float, shape (n_bumps, 3)
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
assert bumps.shape == (2, 3), f"two bumps, three numbers each: shape (2, 3), not {bumps.shape}"
assert np.allclose(bumps[:, :2], [[0, 0.5], [0.5, 1]]), f"the pieces are not {bumps[:, :2]}"
assert np.allclose(bumps[:, 2], [0.0625, 0.5625]), f"the heights are not {bumps[:, 2]}"


# %%
def sum_of_bumps(x, bumps):
    """Add up bumps, the rows (left, right, height) of a table, at each entry of x."""
    return sum(bump(x, left, right, height) for left, right, height in bumps)


# %% demo
def wiggle(x):
    """A function to imitate."""
    return 0.3 + 0.5 * x + 0.25 * np.sin(8 * x)


x = np.linspace(0.002, 0.998, 2000)
fig, axes = plt.subplots(1, 3, figsize=(12, 3.5), layout="constrained")
for ax, n_bumps in zip(axes, (4, 100), strict=False):
    ax.plot(x, sum_of_bumps(x, approximate(wiggle, n_bumps)), color=plots.COLOURS[1], lw=2.5)
    ax.plot(x, wiggle(x), "k--", lw=1.2)
    ax.set(title=f"N = {n_bumps} bumps, {2 * n_bumps} neurons", xlabel="$x$")
counts = np.array([2, 4, 8, 16, 32, 64, 128, 256])
errors = [np.max(np.abs(sum_of_bumps(x, approximate(wiggle, n)) - wiggle(x))) for n in counts]
axes[2].loglog(counts, errors, "ko-", ms=5)
axes[2].loglog(counts, 0.5 / counts, "k:", lw=1, label="proportional to 1/N")
axes[2].set(title="The largest error", xlabel="N")
axes[2].legend()
plt.show()

# %% [markdown]
# **Question.** Twice as many bumps, half the error. Why?
#
# <details><summary>Answer</summary>
#
# Inside a piece nothing is further than $1 / (2N)$ from the middle. If the function is nowhere
# steeper than $K$, it differs from its value in the middle by $K / (2N)$ at most. That bound is
# halved when $N$ is doubled, and it gets as small as you like: this *is* the proof of the theorem
# for functions of this kind in one dimension. (Right at a step the two bumps share the height, so
# there the sum is between the two.)
#
# </details>
#
# ### Two dimensions
#
# A bump in $x_1$ plus a bump in $x_2$ is a cross: 1 along two strips and 2 where they meet. A
# second hidden neuron that fires above 1.5 keeps only the crossing, a **tower**. And towers make
# every function of two variables, as bumps do for one.

# %% demo
side = np.linspace(0.0, 1.0, 161)[:-1] + 1 / 320


def tower(left, right, bottom, top):
    """A tower of height 1 over a rectangle, on the grid of side × side."""
    cross = bump(side, left, right, 1.0)[None, :] + bump(side, bottom, top, 1.0)[:, None]
    return cross, sigmoid(1000 * (cross - 1.5))


def landscape(x1, x2):
    """A function of two variables to imitate."""
    return np.exp(-12 * ((x1 - 0.35) ** 2 + (x2 - 0.6) ** 2)) + 0.5 * x1 * np.sin(7 * x2) ** 2


fig, axes = plt.subplots(1, 5, figsize=(13, 2.9), layout="constrained")
cross, one_tower = tower(0.3, 0.5, 0.5, 0.8)
panels = [("a cross", cross, 2), ("a tower", one_tower, 1)]
for n in (5, 20):
    total = np.zeros((len(side), len(side)))
    for i, j in product(range(n), range(n)):
        middle = landscape((i + 0.5) / n, (j + 0.5) / n)
        total += middle * tower(i / n, (i + 1) / n, j / n, (j + 1) / n)[1]
    panels.append((f"{n * n} towers", total, 1.1))
panels.append(("the function", landscape(side[None, :], side[:, None]), 1.1))
for ax, (title, values, highest) in zip(axes, panels, strict=True):
    ax.imshow(values, origin="lower", extent=(0, 1, 0, 1), cmap="gray", vmin=0, vmax=highest)
    ax.set(title=title, xlabel="$x_1$", xticks=[0, 1], yticks=[0, 1])
axes[0].set_ylabel("$x_2$")
plt.show()

# %% [markdown]
# **Question.** In one dimension 100 bumps were plenty. How many towers of the same width does a
# function of two variables need, and how many a function of the 784 pixels of an image?
#
# <details><summary>Answer</summary>
#
# $100^2 = 10{,}000$, and $100^{784} = 10^{1568}$. There are some $10^{80}$ atoms in the visible
# universe. So this is a proof that it *can* be done, and not a way of doing it. Networks that work
# with images must use something that makes images special.
#
# </details>
#
# ### What the theorem does not say
#
# **Question.** "A network with one hidden layer can imitate any continuous function, so one hidden
# layer is all that we ever need." What is wrong with this conclusion? Find as many points as you
# can before you look.
#
# <details><summary>Answer</summary>
#
# 1. It does not say **how many** neurons it takes. It may be a hopeless number, where a few layers
#    more would do with a small one.
# 2. It does not say **how to find** the weights. We set them by hand, because we knew $f$. Learning
#    from examples is another matter, and may fail though good weights exist.
# 3. It says nothing about **new examples**. A network may imitate all that it was shown and be
#    wrong in between.
# 4. It holds on a **bounded region**. Outside of it anything may happen: our sum of bumps is 0
#    there.
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
fig, axes = plt.subplots(1, 4, figsize=(12, 3), sharey=True, layout="constrained")
for ax, (title, values) in zip(axes, families.items(), strict=True):
    ax.axvspan(0, 1, color="0.93", zorder=0)
    ax.plot(x, values, color=plots.COLOURS[0], lw=2)
    ax.plot(x, wiggle(x), "k--", lw=1)
    ax.plot(X_some, y_some, "ko", ms=5)
    ax.set(title=title, xlabel="$x$", ylim=(-0.2, 1.3))
plt.show()

# %% [markdown]
# Four universal approximators that saw the same 14 points of the dashed function. Each of them can
# come as close as you like to any continuous function, given enough terms, examples or branches. In
# between the points, and even more outside of the grey region, each has ideas of its own.
#
# ## Summary
#
# - A neuron is $a = g(w \cdot x + b)$: perceptron, linear or logistic regression, depending on $g$.
#   Its level curves are straight.
# - Eight activations, all of them safe at $\pm 1000$ because only what is not positive is
#   exponentiated. Sigmoid and tanh saturate, slopes vanish in depth, ReLUs are cheap and can die.
# - A network is layers of neurons (10): sums with $W^{[l]}$ of shape $(n_l, n_{l-1})$, then $g$.
#   `forward` keeps every $Z^{[l]}$ and $A^{[l]}$ for later.
# - Random weights must have the right size (11), or the signal dies out or explodes.
# - Hidden layers warp space: they turn, stretch and fold it, until a straight cut is enough.
# - One hidden layer can imitate every continuous function (15). How many neurons it takes, and how
#   to find their weights, is not said.
#
# ### What comes next
#
# You have set every weight by hand, or at random. **Stage 5** computes how the output changes with
# each of them, thousands at a time and at the price of one pass backwards: that is
# backpropagation, and the cache is what it feeds on. **Stage 6** uses it to learn.
#
# ### Where it comes from
#
# - G. Cybenko, "Approximation by superpositions of a sigmoidal function", *Mathematics of Control,
#   Signals and Systems* 2 (1989), 303-314.
# - K. Hornik, M. Stinchcombe and H. White, "Multilayer feedforward networks are universal
#   approximators", *Neural Networks* 2 (1989), 359-366.
# - X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
#   networks", *AISTATS* (2010).
# - K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers: surpassing human-level
#   performance on ImageNet classification", *ICCV* (2015).
