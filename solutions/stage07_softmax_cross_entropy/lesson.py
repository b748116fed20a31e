# %% [markdown]
# # Stage 7: Softmax and cross-entropy
#
# **Which digits are these, and how much would you bet?**
#
# Say a digit for each picture below. Then say how many of 100 coins you would put on your answer,
# and on which other digits you would put the rest. A few of the pictures get all your coins. Others
# make you hesitate: a 4 or a 9?
#
# Ten perceptrons side by side let the loudest win. They cannot hesitate: whether the best sum is
# ahead by 0.01 or by 100, the answer is the same. A network that *bets* says more, and it can be
# taught by a simple rule: pay for every coin that was not on the right digit. In this last stage
# you will build the betting (softmax), the payment (cross-entropy), its astonishingly simple
# gradient, and with them a network that reads handwriting. At the end you tune one by yourself.
#
# **About 90 minutes**: 35 to read and to think about the questions, 35 for eight tasks, 20 for the
# project.

# %%
from itertools import pairwise

import numpy as np

from nndata.testing import near, slopes_agree, stays, unchanged

# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
from functools import partial

import matplotlib.pyplot as plt

from nndata import load_images, make_moons, plots, train_val_split

plots.use_style()

DATA = "auto"  # "mnist", "digits", or "auto": MNIST where it is installed, else the small digits

images = load_images(DATA, dtype=np.float32)  # half the memory of float64
print(f"{images.name}: {len(images.X_train):,} images to learn from,", end=" ")
print(f"{len(images.X_test):,} for the test at the end")

# Look for the nine pictures that are closest to each of 600. Where these show different digits, it
# may be hard to tell.
some, others = images.X_train[:600], images.X_train[600:5000]
distances = (others**2).sum(axis=1) - 2 * some @ others.T
labels = images.y_train[600:5000][np.argsort(distances, axis=1)[:, :9]]
agreement = np.mean(labels == images.y_train[:600, None], axis=1)
doubt = np.argsort(agreement, kind="stable")
chosen = np.concatenate([doubt[:13], doubt[-7:]])

# %% demo folded
plots.show_digits(some[chosen[np.arange(20) * 7 % 20]])
plots.show(
    alt="Twenty handwritten digits: thirteen that resemble pictures of other digits, mixed with "
    "seven clear ones."
)

# %% [markdown]
# ## How this notebook works
#
# There are **eight tasks** and, at the end, **a project**. Each is a function whose body says
# `raise NotImplementedError`; replace that line by your code. The cell below it holds its visible
# tests, and says whether they pass. Functions leave the arrays and lists of their caller as
# they were, as always, and where a docstring says "ndarray" they return an array, not a list. There
# is at least one example and one class; "integers" are int64, "floats" float64, and pictures may be
# float32. What was returned stays as it is when the function is called again.
#
# `log` is the natural logarithm, `np.log`, in the formulas and in the code.
#
# ### What you bring along
#
# The cell below holds what you built in stages 4 to 6. Read it once; it is short. A network is a
# list `params` of pairs `(W, b)`, one for each layer. `forward` gives the output and a cache,
# `backward` takes $\partial J / \partial A^{[L]}$ and gives the pairs `(dW, db)`.


# %%
def relu(z):
    """max(0, z), element by element."""
    return np.maximum(0, z)


def linear(z):
    """The pre-activation itself."""
    return z


def count_params(layer_sizes):
    """How many weights and biases a network with these layer sizes has."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(layer_sizes))


def init_params(layer_sizes, rng, activation="relu"):
    """Draw the weights of each layer (He for ReLU, Glorot otherwise); biases start at zero."""
    params = []
    for n_in, n_out in pairwise(layer_sizes):
        spread = np.sqrt(2 / n_in) if activation == "relu" else np.sqrt(2 / (n_in + n_out))
        params.append((rng.normal(0, spread, size=(n_out, n_in)), np.zeros(n_out)))
    return params


def forward(params, X, activations):
    """Run a network; return its output and the cache of all Z and A."""
    functions = {"relu": relu, "linear": linear}
    A, Z = [X], [None]
    for (W, b), name in zip(params, activations, strict=True):
        Z.append(A[-1] @ W.T + b)
        A.append(functions[name](Z[-1]))
    return A[-1], {"A": A, "Z": Z, "activations": activations}


def affine_backward(dZ, A_prev, W):
    """Go back through Z = A_prev @ W.T + b: return dA_prev, dW and db."""
    return dZ @ W, dZ.T @ A_prev, dZ.sum(axis=0)


def backward(params, cache, dA):
    """Go back through the whole network; return a list of (dW, db), one for each layer."""
    grads = []
    for layer in range(len(params), 0, -1):
        dZ = dA * (cache["Z"][layer] > 0) if cache["activations"][layer - 1] == "relu" else dA
        dA, dW, db = affine_backward(dZ, cache["A"][layer - 1], params[layer - 1][0])
        grads.insert(0, (dW, db))
    return grads


def minibatches(X, y, batch_size, rng):
    """Yield all the examples once, shuffled, in batches; the last one may be smaller."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


def classifier_activations(params):
    """ReLU in every hidden layer, none in the last: the network's outputs are logits."""
    return ["relu"] * (len(params) - 1) + ["linear"]


def one_hot(y, n_classes):
    """Encode labels as rows with a single 1: in row i, it stands in column y[i]."""
    encoded = np.zeros((len(y), n_classes))
    encoded[np.arange(len(y)), y] = 1
    return encoded


# %% [markdown]
# ## 1. From scores to probabilities
#
# The last layer of a classifier with $K$ classes, counted from 0, computes $K$ scores,
# $z = (z_0, \dots, z_{K-1})$, called **logits**: any numbers, positive or negative. We want
# probabilities: $K$ numbers that are not negative and that sum to 1. So make the logits positive,
# and divide by the sum:
#
# $$p_k = \operatorname{softmax}(z)_k
# = \frac{e^{z_k}}{e^{z_0} + e^{z_1} + \dots + e^{z_{K-1}}}. \tag{1}$$
#
# Why $e^z$ and not, say, $z^2$? It is positive everywhere, a larger logit always gets a larger
# share, and the logarithm undoes it, as we will see.
#
# **By hand.** Let $z = (1, 2, 3, 2, 1)$. Then $e^z \approx (2.72, 7.39, 20.09, 7.39, 2.72)$ with
# the sum $40.30$, and
#
# $$p \approx (0.067,\ 0.183,\ 0.498,\ 0.183,\ 0.067).$$
#
# The largest logit got half of everything: a *soft* version of "the maximum takes all", hence the
# name.
#
# **Question.** What happens to $p$ when you add the same number $c$ to all the logits?
#
# <details><summary>Answer</summary>
#
# Nothing. $e^{z_k + c} = e^c e^{z_k}$: the factor $e^c$ stands above and below the line and
# cancels. Only the *differences* between logits matter.
#
# </details>
#
# That answer is worth money. The logits of a network can well be 1000, and `np.exp(1000)` is
# infinite; infinity divided by infinity is `nan`, not a number. But we are free to choose $c$! With
# $c = -\max_k z_k$ the largest exponent is 0, nothing overflows, and the sum is at least 1.
#
# Each row of a batch needs *its own* maximum. One for the whole table would cancel as well, on
# paper; but subtract 1001 from the rows $(1000, 1001)$ and $(0, 1)$, and both exponentials of the
# second are rounded to 0.
#
# ### Task: `softmax`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# Formula (1) for each row of a batch of shape `(m, K)`, or for a single example of shape `(K,)`.
# It must work for logits between $-10^4$ and $10^4$, however they are mixed.
#
# <details><summary>Hint 1</summary>
#
# The shapes are `(m, K)` and `(K,)`. Which axis counts the classes, and what is its number in both?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The classes are the *last* axis, `axis=-1`. Subtract the maximum, take `np.exp`, divide by the
# sum. `keepdims=True` lets a result of shape `(m, 1)` meet one of shape `(m, K)`, row by row.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `exps = np.exp(logits - np.max(logits, axis=___, keepdims=___))`
#
# </details>


# %% task="softmax"
def softmax(logits):
    """Turn logits into probabilities, formula (1), over the last axis.

    Parameters
    ----------
    logits : ndarray of shape (m, K) or (K,)
        Floats or integers, between -1e4 and 1e4. Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Numbers from 0 to 1, never `nan`; each row sums to 1.
    """
    ### BEGIN SOLUTION
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)
    ### END SOLUTION


# %% tests="softmax"
p = softmax(np.array([1, 2, 3, 2, 1]))
assert near(p, [0.067, 0.183, 0.498, 0.183, 0.067], 1e-3), (
    f"the worked example gives an array of .067, .183, .498, .183, .067, not {p}"
)
p = softmax(np.array([[0, 0, 0, 0], [0, 9000, 0, 0], [-9000, -9000, -9999, -9999]]))
assert near(p, [[0.25] * 4, [0, 1, 0, 0], [0.5, 0.5, 0, 0]], 1e-12), (
    f"equal logits should get equal shares, and those far behind nothing, not {p}"
)
p = softmax(np.array([[0.0, -1.0], [-743.0, -744.0]]))
assert near(p, [[0.731059, 0.268941]] * 2, 1e-6), f"a shift of one row changes nothing: not {p}"
p = softmax(np.array([-9000.0, -9000.0]))
assert near(p, [0.5, 0.5], 1e-12), f"one example, two equal logits: a half each, not {p}"
rng = np.random.default_rng(1)
for shape in ((4, 7), (3, 3), (1, 5), (6, 1), (4,)):
    z = rng.normal(scale=15, size=shape)
    assert unchanged(softmax, z), "softmax changed the logits of its caller"
    assert stays(softmax, (z,), (-z,)), "the next call changed what softmax had returned"
    assert unchanged(softmax, 200 * z), "softmax changed the logits of its caller, large ones"
    p = softmax(z)
    assert near(np.sum(p, axis=-1), np.ones(shape[:-1]), 1e-6), f"{shape}: each row sums to 1"
    assert near(np.log(p) - np.log(p[..., :1]), z - z[..., :1], 1e-6), (
        f"{shape}: the shares in a row should be in the ratio of its e^z"
    )

# %% demo
z = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
fig, axes = plt.subplots(2, 2, figsize=(6, 5), layout="constrained")
axes = axes.ravel()
axes[0].bar(range(5), z, color="0.6", edgecolor="k")
axes[0].set(title="logits $z$", xlabel="class")
for ax, factor in zip(axes[1:], (1, 0.3, 3), strict=True):
    bars = ax.bar(range(5), softmax(factor * z), color=plots.COLOURS[0], edgecolor="k")
    ax.bar_label(bars, fmt="%.3f", fontsize=9)
    name = "softmax$(z)$" if factor == 1 else f"softmax$({factor}\\,z)$"
    ax.set(title=name, xlabel="class", ylim=(0, 1.1))
plots.show(
    alt="Bar charts of the logits 1, 2, 3, 2, 1 and of their softmax, which gives 0.498 to the "
    "middle class. With the logits times 0.3 that is 0.279, and all classes are more alike; "
    "with the logits times 3 it is 0.905."
)

# %% [markdown]
# **Question `temperature`.** Somebody divides all the logits of a trained network by 2 before the
# softmax. What does that change? (What one divides by is called the *temperature*; chatbots have a
# knob for it. Type the letter of your answer in place of the dots, in quotes, and run the
# cell.)
#
# - **a** Nothing, since only the differences between logits matter.
# - **b** For some pictures, which class gets the most.
# - **c** For no picture which class gets the most, but how much it gets: more than before.
# - **d** For no picture which class gets the most, but how much it gets: less than before.

# %% question="temperature"
answer("temperature", ...)

# %% [markdown]
# **Turn the knob.** Your `softmax` at temperatures from 0.1 to 50. What happens at either end? Then
# move the last logit: at which value does it catch up with the largest, and does the temperature
# matter for that?

# %% demo
from nndata.moving.softmax import temperature

temperature(softmax, np.array([1.0, 2.0, 3.0, 2.0, 1.0]))

# %% [markdown]
# ## 2. The logarithm, taken in time
#
# Soon we will need $\log p_k$. Is that `np.log(softmax(z))`? Try $z = (0, -800)$. The second
# probability is $e^{-800} \approx 10^{-347}$, which is too small for a float and becomes 0, and
# $\log 0$ is minus infinity. The right answer is a harmless number: about $-800$. Take the
# logarithm of (1) on paper first:
#
# $$\log p_k = z_k - \log \sum_j e^{z_j}. \tag{2}$$
#
# No quotient is left and no tiny number appears. The sum can still overflow, so subtract the
# maximum from all logits first, as before; (2) does not notice a shift either.
#
# **By hand.** Let $z = (0, \log 2, 0)$. The sum is $1 + 2 + 1 = 4$, so
# $\log p = (-\log 4,\ \log 2 - \log 4,\ -\log 4) = (-1.386,\ -0.693,\ -1.386)$: the logarithms of
# $\frac14, \frac12, \frac14$.
#
# After the shift the sum is between 1 and $K$, and its logarithm is safe.
#
# ### Task: `log_softmax`
#
# *Difficulty 1 of 3, about 3 minutes.*
#
# Formula (2), finite and right for logits up to $\pm 10^4$, and the same after a shift. Do not take
# the logarithm of `softmax`.
#
# <details><summary>Hint 1</summary>
#
# Formula (2) has the logits twice. What must be subtracted from them, and in which of the two
# places?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Call the logits minus their maximum `shifted`, and use `shifted` in *both* places.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `shifted - np.log(np.sum(___, axis=-1, keepdims=True))`
#
# </details>


# %% task="log_softmax"
def log_softmax(logits):
    """Compute the logarithms of the probabilities, formula (2), over the last axis.

    Parameters
    ----------
    logits : ndarray of shape (m, K) or (K,)
        Floats or integers, between -1e4 and 1e4. Not changed.

    Returns
    -------
    ndarray of float, of the same shape
        Numbers up to 0, all of them finite.
    """
    ### BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    ### END SOLUTION


# %% tests="log_softmax"
logs = log_softmax(np.array([0, np.log(2), 0]))
assert near(logs, [-1.386294, -0.693147, -1.386294], 1e-6), (
    f"the worked example gives an array of -1.386, -0.693, -1.386, not {logs}"
)
logs = log_softmax(np.array([0, 1]))
assert near(logs, [-1.313262, -0.313262], 1e-6), f"of 0 and 1: -1.313 and -0.313, not {logs}"
logs = log_softmax(np.array([[0, -740], [7, -9000], [-9999, -9000]]))
assert near(logs, [[0, -740], [0, -9007], [-999, 0]], 1e-12), (
    f"far behind, the logarithm is how far: 0 and -740, 0 and -9007, -999 and 0, not {logs}"
)
rng = np.random.default_rng(2)
for shape in ((5, 3), (3, 3), (1, 4), (2, 1), (6,)):
    z = rng.integers(-80, 81, size=shape) / 8
    for logits in (z, z - 9000, z + 9000):
        assert unchanged(log_softmax, logits), "log_softmax changed the logits of its caller"
        assert stays(log_softmax, (logits,), (-logits,)), "the next call changed a result"
        logs = log_softmax(logits)
        assert near(logs - logs[..., :1], z - z[..., :1], 1e-6), f"{shape}: differences should stay"
        assert near(np.sum(np.exp(logs), axis=-1), np.ones(shape[:-1]), 1e-6), (
            f"{shape}: the probabilities of each row should sum to 1"
        )

# %% demo folded
gaps = np.linspace(0, 1000, 400)
pairs = np.stack([np.zeros(400), -gaps], axis=1)
with np.errstate(divide="ignore"):
    naive = np.log(softmax(pairs))[:, 1]
fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.plot(gaps, log_softmax(pairs)[:, 1], color=plots.COLOURS[0], lw=2, label="log_softmax")
ax.plot(gaps, naive, "k--", lw=2, label="np.log(softmax)")
last = gaps[np.isfinite(naive)][-1]
ax.plot(last, -last, "kX", ms=10)
ax.annotate("from here on: $-\\infty$", (last, -last), (last - 60, -last - 90), ha="right")
ax.set(xlabel="how far the logit is behind", ylabel="logarithm of its probability")
ax.legend()
plots.show(
    alt="The logarithm of a probability against how far its logit is behind, up to 1,000. "
    "log_softmax is a straight line all the way; np.log(softmax) follows it up to about 745, "
    "and is minus infinity from there on."
)

# %% [markdown]
# ## 3. The loss: pay for every coin on the wrong class
#
# How good are probabilities? Ask what they gave to the labels that came true. If $p^{(i)}_k$ is the
# probability of class $k$ for example $i$, and the examples are independent, then the probability
# of seeing exactly the labels that we have, given the examples, is the product
#
# $$P(y^{(1)}, \dots, y^{(m)} \mid x^{(1)}, \dots, x^{(m)})
# = p^{(1)}_{y^{(1)}} \cdot p^{(2)}_{y^{(2)}} \cdots p^{(m)}_{y^{(m)}}. \tag{3}$$
#
# **Maximum likelihood** says: choose the parameters that make what was observed as probable as
# possible. A product of 60,000 numbers below 1 is 0 in any computer, so we take its logarithm, a
# sum. We like averages that do not grow with $m$, and losses that are to be made *small*: divide by
# $m$, change the sign. What comes out is the **cross-entropy**:
#
# $$J = -\frac1m \sum_{i=1}^m \log p^{(i)}_{y^{(i)}}
# = -\frac1m \sum_{i=1}^m \sum_{k} Y_{ik} \log p^{(i)}_k. \tag{4}$$
#
# The second form uses the **one-hot** table $Y$: row $i$ has a 1 in column $y^{(i)}$ and 0
# elsewhere. It says "all the coins on the label", a probability like any other, and it turns
# "choose an entry" into arithmetic.
#
# (Stage 6 did the same with a normal distribution instead, and out came the squared error. Losses
# are not invented; they are what you believe about the noise.)
#
# `one_hot`, above among the given code, makes the table $Y$: the labels $(2, 0)$ with four classes
# become the rows $(0, 0, 1, 0)$ and $(1, 0, 0, 0)$.
#
# ### Task: `cross_entropy`
#
# *Difficulty 2 of 3, about 4 minutes.*
#
# The function takes *logits*, not probabilities, since only then can (2) do its work.
#
# **By hand.** Two examples with three classes:
#
# | logits | $p$ | label | $-\log p_y$ |
# |:--|:--|:-:|:--|
# | $(0, \log 2, 0)$ | $(\frac14, \frac12, \frac14)$ | 1 | $\log 2 = 0.693$ |
# | $(0, 0, \log 2)$ | $(\frac14, \frac14, \frac12)$ | 0 | $\log 4 = 1.386$ |
#
# The average is $J = 1.040$.
#
# **Question.** A fresh network knows nothing and gives all $K$ classes about the same probability.
# What loss do you expect in the first step, with ten digits? What if you see 2.9, or 0.2?
#
# <details><summary>Answer</summary>
#
# $-\log \frac{1}{10} = \log 10 \approx 2.303$. Random first weights make it a little more. Much
# more means that the network is sure of nonsense: the first weights are too large. Much less is too
# good to be true: look for the label among the features. The first loss is the cheapest test there
# is.
#
# </details>
#
# <details><summary>Hint 1</summary>
#
# Write down the table of the logarithms for the two examples, and ring the two numbers that count.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `log_softmax(logits)` is a table of shape `(m, K)`. From row i you need the entry in column
# `y[i]`; the two forms of (4) are two ways to get it. Average over the m examples, not over m · K
# numbers.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `log_softmax(logits)[np.arange(len(y)), ___]` has the shape `(m,)`.
#
# </details>


# %% task="cross_entropy"
def cross_entropy(logits, y):
    """Compute the average cross-entropy of a batch, formula (4).

    Parameters
    ----------
    logits : ndarray of shape (m, K)
        Floats or integers, between -1e4 and 1e4. Not changed.
    y : ndarray of any integer type, uint8 for example, of shape (m,)
        Labels from 0 to K - 1. Not changed.

    Returns
    -------
    float
        At least 0, and finite.
    """
    ### BEGIN SOLUTION
    log_p = log_softmax(logits)
    return float(-np.mean(log_p[np.arange(len(y)), y]))
    ### END SOLUTION


# %% tests="cross_entropy"
loss = cross_entropy(np.log([[1.0, 2.0, 1.0], [1.0, 1.0, 2.0]]), np.array([1, 0]))
assert near(loss, 1.039721, 1e-6), f"the worked example has the loss 1.040, a number: not {loss}"
loss = cross_entropy(np.zeros((7, 10)), np.array([0, 9, 3, 3, 1, 0, 5]))
assert near(loss, 2.302585, 1e-6), f"ten equal logits have the loss log 10 = 2.303, not {loss}"
loss = cross_entropy(np.array([[0, 9000, 0], [5000, -5000, 0]]), np.array([0, 0]))
assert near(loss, 4500, 1e-12), f"9000 behind costs 9000, and far ahead nothing: 4500, not {loss}"
rng = np.random.default_rng(3)
for m, K in ((12, 4), (3, 3), (1, 5), (6, 2)):
    Z, labels = rng.normal(scale=3, size=(m, K)), rng.integers(0, K, size=m)
    assert unchanged(cross_entropy, Z, labels), "the caller's logits or labels have changed"
    assert unchanged(cross_entropy, 500 * Z, labels), "large logits or their labels have changed"
    costs = [cross_entropy(Z[i : i + 1], labels[i : i + 1]) for i in range(m)]
    assert near(np.exp([-cost for cost in costs]), softmax(Z)[np.arange(m), labels], 1e-6), (
        "an example alone costs minus the logarithm of its label's share"
    )
    loss = cross_entropy(Z, labels)
    assert near(loss, np.mean(costs), 1e-6), "the loss of a batch is the mean of its examples'"

# %% demo folded
# A model that ignores its input: the same three probabilities for each of ten examples.
y_ten = np.array([0, 0, 1, 0, 2, 1, 0, 2, 1, 0])
steps = np.linspace(0.02, 0.96, 48)
loss_of = np.full((48, 48), np.nan)
for row, p1 in enumerate(steps):
    for column, p0 in enumerate(steps):
        if p0 + p1 < 0.99:
            probabilities = np.array([p0, p1, 1 - p0 - p1])
            loss_of[row, column] = cross_entropy(np.tile(np.log(probabilities), (10, 1)), y_ten)
fig, ax = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
picture = ax.contourf(steps, steps, loss_of, levels=np.arange(1.0, 2.6, 0.1), cmap="Greys_r")
ax.contour(steps, steps, loss_of, levels=np.arange(1.0, 2.6, 0.1), colors="k", linewidths=0.5)
row, column = np.unravel_index(np.nanargmin(loss_of), loss_of.shape)
ax.plot(steps[column], steps[row], "*", ms=18, color=plots.COLOURS[1], markeredgecolor="k")
fig.colorbar(picture, label="cross-entropy of the ten labels")
ax.set(xlabel="$p_0$", ylabel="$p_1$", title="Five labels 0, three labels 1, two labels 2")
plots.show(
    alt="Contour lines of the cross-entropy of ten labels, for all probabilities p0 and p1: a "
    "bowl in a triangle. A star marks its lowest place, at 0.5 and 0.3, the shares of the "
    "labels 0 and 1."
)
print(f"smallest at about p0 = {steps[column]:.2f}, p1 = {steps[row]:.2f}")

# %% [markdown]
# **Question.** The model above gives the same probabilities to every example. Which are the best
# ones? Derive it from (3).
#
# <details><summary>Answer</summary>
#
# The frequencies: 0.5, 0.3, 0.2, where the star is. The likelihood is $p_0^5\, p_1^3\, p_2^2$ with
# $p_0 + p_1 + p_2 = 1$. Put in $p_2 = 1 - p_0 - p_1$ and set the derivatives of the logarithm to
# zero: $5/p_0 = 2/p_2$ and $3/p_1 = 2/p_2$, so that the $p$ are in the ratio $5 : 3 : 2$. Whoever
# pays by cross-entropy bets best by telling the truth.
#
# </details>
#
# Never bet nothing on what can happen: it would cost infinity. Softmax gives every class a little
# as long as the logits are finite.

# %% [markdown]
# ### For the curious: probability or likelihood?
#
# Formula (3) can be read in two directions. Hold the model still and let the labels vary: that is
# a **probability**, and over all the labels that might have come it sums to 1. Hold the labels
# still and let the model vary: now the same formula is a **likelihood**, and it sums to nothing in
# particular. So the best model is not the most *probable* one. It is the one that is least
# surprised by what happened.
#
# Take the smallest model there is, a coin that shows heads (class 1) with the probability $p$.
# Below, your `cross_entropy` says what three tosses are worth: on the left for one coin and all
# tosses, on the right for one series of tosses and all coins.


# %% demo
def worth(p, tosses):
    """Formula (3) for a coin that shows heads, class 1, with the probability p."""
    logits = np.tile(np.log([1 - p, p]), (len(tosses), 1))
    return np.exp(-len(tosses) * cross_entropy(logits, np.array(tosses)))


series = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
probabilities = [worth(0.6, tosses) for tosses in series]
coins = np.linspace(0.005, 0.995, 100)
likelihoods = np.array([worth(p, (1, 1, 0)) for p in coins])
print(f"one coin, all eight series: {np.sum(probabilities):.3f} in all")
print(f"one series, all coins: an area of {np.mean(likelihoods):.3f} under the curve")

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
names = ["".join("TH"[toss] for toss in tosses) for tosses in series]
left.bar(names, probabilities, color=plots.COLOURS[0], edgecolor="k")
left.tick_params(axis="x", rotation=90)
left.set(title="Probability: $p = 0.6$", xlabel="tosses")
right.plot(coins, likelihoods, color=plots.COLOURS[5])
best = coins[np.argmax(likelihoods)]
right.plot(best, likelihoods.max(), "*", ms=16, color=plots.COLOURS[1], mec="k")
right.set(title="Likelihood: HHT", xlabel="the coin's $p$", ylim=(0, 0.23))
left.set_ylim(0, 0.23)
plots.show(
    alt="Left: bars for the probabilities of the eight series of three tosses, with a coin of 0.6; "
    "together they are 1. Right: the likelihood of each coin after heads, heads, tails, a curve "
    "over p from 0 to 1. A star marks its maximum, near two thirds."
)

# %% [markdown]
# ## 4. The gradient: probabilities minus the truth
#
# To train, we need $\partial J / \partial z$. Formula (2) makes it easy. For one example with label
# $y$ the loss is $-z_y + \log \sum_j e^{z_j}$, and
#
# $$\frac{\partial}{\partial z_k}\left(-z_y + \log \sum_j e^{z_j}\right)
# = -\mathbf 1\{k = y\} + \frac{e^{z_k}}{\sum_j e^{z_j}} = p_k - \mathbf 1\{k = y\}. \tag{5}$$
#
# What you said minus what was true. For a batch, with the $1/m$ of the average and the one-hot
# table $Y$,
#
# $$\frac{\partial J}{\partial Z} = \frac1m\,(P - Y). \tag{6}$$
#
# **By hand.** The two examples above:
#
# | $p$ | $Y$ | $(p - Y) / 2$ |
# |:--|:--|:--|
# | $(\frac14, \frac12, \frac14)$ | $(0, 1, 0)$ | $(0.125, -0.25, 0.125)$ |
# | $(\frac14, \frac14, \frac12)$ | $(1, 0, 0)$ | $(-0.375, 0.125, 0.25)$ |
#
# Each row sums to 0, as $p$ and the row of $Y$ both sum to 1: one class is pulled up, the others
# are pushed down, as in the perceptrons of stage 2.
#
# **Question `pull`.** In a batch of $m$ examples, the network gives the label of the first one the
# probability $p$. What is the derivative of $J$ with respect to the logit of that label? (Run the
# cell below as it is: it shows your $m$ and $p$. Then type the number in place of the dots, and
# run it again. Three decimals are enough.)

# %% question="pull"
answer("pull", ...)

# %% [markdown]
# ### Task: `cross_entropy_gradient`
#
# *Difficulty 1 of 3, about 3 minutes.*
#
# One line; it is what the whole stage is about.
#
# <details><summary>Hint 1</summary>
#
# In the table above, which of its three columns can which function make for you?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `softmax` makes $P$, and `one_hot` makes $Y$. $K$ is `logits.shape[1]`: labels may be missing.
# What is left is the average.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `(softmax(logits) - one_hot(y, ___)) / ___`
#
# </details>


# %% task="cross_entropy_gradient"
def cross_entropy_gradient(logits, y):
    """Compute the gradient of the average cross-entropy with respect to the logits, formula (6).

    Parameters
    ----------
    logits : ndarray of shape (m, K)
        Floats or integers, between -1e4 and 1e4. Not changed.
    y : ndarray of any integer type, uint8 for example, of shape (m,)
        Labels from 0 to K - 1. Not changed.

    Returns
    -------
    ndarray of float, shape (m, K)
        Each row sums to 0.
    """
    ### BEGIN SOLUTION
    return (softmax(logits) - one_hot(y, logits.shape[1])) / len(y)
    ### END SOLUTION


# %% tests="cross_entropy_gradient"
gradient = cross_entropy_gradient(np.log([[1.0, 2.0, 1.0], [1.0, 1.0, 2.0]]), np.array([1, 0]))
assert near(gradient, [[0.125, -0.25, 0.125], [-0.375, 0.125, 0.25]], 1e-6), (
    f"the worked example ends with .125, -.25, .125 and -.375, .125, .25: not {gradient}"
)
gradient = cross_entropy_gradient(np.array([[0, 0, 0, 0], [9000, 9000, 0, 0]]), np.array([2, 0]))
assert near(gradient, [[0.125, 0.125, -0.375, 0.125], [-0.25, 0.25, 0, 0]], 1e-12), (
    f"four equal logits, and two equal ones far ahead of the others: {gradient} is not right"
)
rng = np.random.default_rng(4)
for m, K in ((5, 4), (3, 3), (1, 5), (6, 2)):
    Z, labels = 3 * rng.normal(size=(m, K)), rng.integers(0, K - 1, size=m)  # nobody is of the last
    assert unchanged(cross_entropy_gradient, Z, labels), "the caller's logits or labels changed"
    assert unchanged(cross_entropy_gradient, 500 * Z, labels), "large logits or labels changed"
    calls = (Z, labels), (-Z, labels)
    assert stays(cross_entropy_gradient, *calls), "the next call changed an earlier gradient"
    gradient = cross_entropy_gradient(Z, labels)
    assert slopes_agree(gradient, lambda logits, y=labels: cross_entropy(logits, y), Z), (
        f"{m} examples, {K} classes: nudges of the logits show other slopes than\n{gradient}"
    )

# %% demo folded
z = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
fig, axes = plt.subplots(1, 3, figsize=(7.2, 3), sharey=True, layout="constrained")
for ax, label in zip(axes, (2, 1, 0), strict=True):
    ax.bar(range(5), softmax(z), color="0.85", edgecolor="k", label="$p$")
    push = -cross_entropy_gradient(z[None, :], np.array([label]))[0]
    ax.bar(range(5), push, width=0.45, color=plots.COLOURS[1], edgecolor="k", label="$-(p - Y)$")
    ax.axhline(0, color="k", lw=0.8)
    ax.set(title=f"label {label}: loss {cross_entropy(z[None, :], np.array([label])):.2f}")
    ax.set(xlabel="class", ylim=(-0.6, 1.5))
axes[2].legend(loc="upper right")
fig.suptitle("One step of descent pulls the logit of the label up\nand pushes the others down")
plots.show(
    alt="Probabilities of five classes, and how descent moves their logits if the label is 2, 1 "
    "or 0. That of the label goes up, all others go down by as much as they have; the losses "
    "are 0.70, 1.70 and 2.70, and the pull grows with them."
)

# %% [markdown]
# ### The long way round: the Jacobian of softmax
#
# Formula (5) went straight from the logits to the loss. Backpropagation would stop in between: from
# the loss to $p$, then from $p$ to $z$. The second part is a whole table, since each probability
# depends on *every* logit:
#
# $$\frac{\partial p_i}{\partial z_j} = p_i\,(\mathbf 1\{i = j\} - p_j). \tag{7}$$
#
# **By hand.** For $p = (\frac14, \frac12, \frac14)$ this Jacobian is
#
# $$\frac{\partial p}{\partial z}
# = \frac1{16}\begin{pmatrix} 3 & -2 & -1 \\ -2 & 4 & -2 \\ -1 & -2 & 3 \end{pmatrix}.$$
#
# For example, row 1 and column 1 (counted from 0) hold $\frac12 (1 - \frac12) = \frac4{16}$, row 0
# and column 1 $\frac14 (0 - \frac12) = -\frac2{16}$. Contract this with the gradient of the loss.
# For the label 1 the loss is $J = -\log p_1$, its gradient with respect to $p$ is
# $(0, -1/p_1, 0) = (0, -2, 0)$, and
#
# $$\frac{\partial J}{\partial z} = \left(\frac{\partial p}{\partial z}\right)^T (0, -2, 0)^T
# = -\tfrac{2}{16}\,(-2, 4, -2)^T = (\tfrac14, -\tfrac12, \tfrac14)^T = p - Y. \tag{8}$$
#
# The same as (5), and it always is. The two ways differ in price: $K^2$ numbers per example against
# $K$, and a division by a $p_y$ that may be as good as 0. That is why libraries fuse softmax and
# cross-entropy into one function of the logits.
#
# ### Task: `softmax_jacobian`
#
# *Difficulty 2 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Take the table above apart: what would it be without the $\mathbf 1\{i = j\}$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Split (7) into two tables: $p_i \mathbf 1\{i = j\}$ has $p$ on its diagonal and 0 elsewhere; from
# it subtract the table of all products $p_i p_j$.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `np.diag(___) - np.outer(___, ___)`
#
# </details>


# %% task="softmax_jacobian"
def softmax_jacobian(logits):
    """Compute the derivative of every probability with respect to every logit, formula (7).

    Parameters
    ----------
    logits : ndarray of shape (K,)
        The logits of one example: floats or integers, between -1e4 and 1e4. Not changed.

    Returns
    -------
    ndarray of float, shape (K, K)
        Entry ``[i, j]`` is the derivative of probability i with respect to logit j.
    """
    ### BEGIN SOLUTION
    p = softmax(logits)
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION


# %% tests="softmax_jacobian"
jacobian = softmax_jacobian(np.log([1.0, 2.0, 1.0]))
assert near(16 * jacobian, [[3, -2, -1], [-2, 4, -2], [-1, -2, 3]], 1e-6), (
    f"16 times the Jacobian should be the table above, not {16 * jacobian}"
)
contracted = jacobian.T @ np.array([0.0, -2.0, 0.0])
assert near(contracted, [0.25, -0.5, 0.25], 1e-6), "formula (8) should give p minus one-hot"
jacobian = softmax_jacobian(np.array([9000, 8000, 9000]))
assert near(4 * jacobian, [[1, 0, -1], [0, 0, 0], [-1, 0, 1]], 1e-12), (
    f"of the shares 1/2, 0 and 1/2: quarters of 1, 0, -1; 0, 0, 0 and -1, 0, 1, not {jacobian}"
)
first = softmax_jacobian(np.zeros(2))
softmax_jacobian(np.array([0.0, 9.0]))
assert near(4 * first, [[1, -1], [-1, 1]], 1e-6), "the table of an earlier call has changed"
rng = np.random.default_rng(5)
for K in (5, 2, 1):
    z = rng.normal(size=K)
    assert unchanged(softmax_jacobian, z), "softmax_jacobian changed the logits of its caller"
    jacobian = softmax_jacobian(z)
    assert np.shape(jacobian) == (K, K), f"{K} by {K} slopes, not {np.shape(jacobian)}"
    for i in range(K):
        assert slopes_agree(jacobian[i], lambda logits, i=i: softmax(logits)[i], z), (
            f"nudges of the logits show other slopes of probability {i} than {jacobian[i]}"
        )

# %% demo folded
z = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
jacobian = softmax_jacobian(z)
fig, ax = plt.subplots(figsize=(5, 3.9), layout="constrained")
picture = ax.imshow(jacobian, cmap="RdBu", vmin=-0.25, vmax=0.25)
for (i, j), value in np.ndenumerate(jacobian):
    colour = "w" if value > 0.13 else "k"
    ax.text(j, i, f"{value:+.3f}", ha="center", va="center", size=9, color=colour)
fig.colorbar(picture)
ax.set(title="The Jacobian at $z = (1, 2, 3, 2, 1)$", xlabel="logit $j$", ylabel="probability $i$")
plots.show(
    alt="The 5 by 5 Jacobian of softmax as a table of numbers. The diagonal is positive, up to "
    "0.250 in the middle, and all else is negative; each column sums to 0."
)
p = softmax(z)
for label in (2, 0):
    truth = one_hot(np.array([label]), 5)[0]
    print(f"label {label}, the long way: {np.round(jacobian.T @ (-truth / p), 4)}")
    print(f"label {label}, p - one-hot:  {np.round(p - truth, 4)}")

# %% [markdown]
# **Question.** The derivative of the sigmoid is $\sigma(1 - \sigma)$, and the diagonal of (7) is
# $p_i (1 - p_i)$. Someone uses only that diagonal, element by element. What is lost?
#
# <details><summary>Answer</summary>
#
# All the entries off the diagonal, the competition: raising one logit *lowers* the other
# probabilities. In a column of (7) the entries sum to 0, because what one class gains the others
# pay. An element-wise function has a diagonal Jacobian; softmax is not element-wise.
#
# </details>

# %% [markdown]
# ## 5. Two classes: an old friend
#
# Take $K = 2$. Only differences matter, so give class 0 the logit 0 and class 1 the logit $z$:
#
# $$\operatorname{softmax}(0, z)_1
# = \frac{e^z}{e^0 + e^z} = \frac1{1 + e^{-z}} = \sigma(z). \tag{9}$$
#
# The sigmoid! **Logistic regression is softmax with two classes**, and a network with one sigmoid
# output is a network with two softmax outputs, where one of the logits is always 0. With
# $a = \sigma(z)$ the cross-entropy (4) becomes the binary one,
#
# $$J = -\frac1m \sum_i
# \left(y^{(i)} \log a^{(i)} + (1 - y^{(i)}) \log (1 - a^{(i)})\right), \tag{10}$$
#
# and its gradient (6) becomes $(a - y) / m$. You wrote both in stage 5; here they are once more,
# and below we see whether your two functions for $K$ classes agree with them.


# %%
def binary_cross_entropy(Z, y):
    """Return the binary cross-entropy (10) of a column Z, shape (m, 1), and its gradient."""
    Y = y[:, None]
    J = np.mean(np.logaddexp(0, Z) - Y * Z)
    return float(J), (np.exp(-np.logaddexp(0, -Z)) - Y) / len(Z)


# %% demo folded
Z = np.linspace(-6, 6, 121)[:, None]
two_columns = np.hstack([np.zeros_like(Z), Z])
fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.8), layout="constrained")
for label, style in ((0, "--"), (1, "-")):
    y_each = np.full(len(Z), label)
    binary = [binary_cross_entropy(z[None], y_each[:1])[0] for z in Z]
    as_softmax = [cross_entropy(row[None], y_each[:1]) for row in two_columns]
    left.plot(Z, binary, color="0.75", lw=7, label="binary" if label else None)
    left.plot(Z, as_softmax, style, color="k", lw=2, label=f"softmax, label {label}")
    right.plot(Z, len(Z) * binary_cross_entropy(Z, y_each)[1], color="0.75", lw=7)
    both = len(Z) * cross_entropy_gradient(two_columns, y_each)
    right.plot(Z, both[:, 1], style, color="k", lw=2, label=f"label {label}")
left.set(xlabel="$z$", ylabel="loss", title="One and the same loss")
right.set(xlabel="$z$", ylabel="its derivative by $z$", title="and the same gradient, $a - y$")
left.set_ylim(top=9.5)
left.legend(loc="upper center")
right.legend()
plots.show(
    alt="Left: the binary loss as wide grey curves and the softmax loss as thin black ones, for "
    "both labels against z: they coincide. Right: so do their derivatives, which run from 0 "
    "to 1 for label 0 and from -1 to 0 for label 1."
)

# %% [markdown]
# **Question `one_output_less`.** A network for two classes has two softmax outputs, above a hidden
# layer of $h$ neurons. By (9), one output with a sigmoid could say the same. How many fewer
# parameters would the network have? (The cell shows your $h$.)

# %% question="one_output_less"
answer("one_output_less", ...)

# %% [markdown]
# In the same way $K$ classes could do with $K - 1$ outputs; nobody bothers, since symmetry is worth
# more.

# %% [markdown]
# ## 6. Another opinion: the hinge loss
#
# A support vector machine (SVM) does not bet. It wants the score of the right class ahead of every
# other by a margin of 1, and pays for what is missing:
#
# $$J = \frac1m \sum_{i=1}^m \sum_{k \ne y^{(i)}}
# \max\left(0,\ z^{(i)}_k - z^{(i)}_{y^{(i)}} + 1\right). \tag{11}$$
#
# **By hand.**
#
# | scores | label | the other classes | loss |
# |:--|:-:|:--|:--|
# | $(3, 1, 2)$ | 0 | $\max(0, 1 - 3 + 1) = 0$ and $\max(0, 2 - 3 + 1) = 0$ | 0 |
# | $(1, 2.5, 0)$ | 0 | $\max(0, 2.5 - 1 + 1) = 2.5$ and $\max(0, 0 - 1 + 1) = 0$ | 2.5 |
#
# The average is 1.25.
#
# **Question `short_of_the_margin`.** What does one example cost by (11)? (The cell shows its four
# `scores` and its `label`. Classes are counted from 0.)

# %% question="short_of_the_margin"
answer("short_of_the_margin", ...)

# %% [markdown]
# ### Task: `hinge_loss`
#
# *Difficulty 2 of 3, about 5 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Write the terms of (11) for the two examples as a table of shape (2, 3). Which entry of each row
# should not be counted, and what stands there?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Pick the scores of the right classes, as in `cross_entropy`, and make a column of them, so that
# they can be subtracted row by row. For $k = y$ the table then holds $\max(0, 0 + 1) = 1$, one term
# too many in each row.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `margins = np.maximum(0, scores - right[:, ___] + 1)`
#
# </details>


# %% task="hinge_loss"
def hinge_loss(scores, y):
    """Compute the average multi-class hinge loss with margin 1, formula (11).

    Parameters
    ----------
    scores : ndarray of shape (m, K)
        Floats or integers. Not changed.
    y : ndarray of any integer type, uint8 for example, of shape (m,)
        Labels from 0 to K - 1. Not changed.

    Returns
    -------
    float
        At least 0.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return float(margins.sum() / len(y))
    ### END SOLUTION


# %% tests="hinge_loss"
loss = hinge_loss(np.array([[3.0, 1.0, 2.0], [1.0, 2.5, 0.0]]), np.array([0, 0]))
assert near(loss, 1.25), f"the worked example has the loss 1.25, a number: not {loss}"
loss = hinge_loss(np.array([[2, 0, 1, -4], [0, 3, 1, 2]]), np.array([1, 1]))
assert near(loss, 2.5), f"5 for the first row and 0 for the second, 2.5 on average: not {loss}"
for row, label, cost in (
    ([3.0, 1.0, 2.5], 0, 0.5),
    ([1.0, 1.5], 0, 1.5),
    ([0, 0, 0, 0], 3, 3),
    ([0, 1, 0, 1000], 0, 1004),
    ([8.0, 8 + 2**-14, 6.5], 0, 1 + 2**-14),
):
    loss = hinge_loss(np.array([row]), np.array([label]))
    assert near(loss, cost, 1e-12), f"the scores {row} cost the label {label} {cost}, not {loss}"
rng = np.random.default_rng(6)
for m, K in ((5, 3), (3, 3), (4, 2)):
    scores, labels = 2 * rng.normal(size=(m, K)), rng.integers(0, K, size=m)
    assert unchanged(hinge_loss, scores, labels), "the caller's scores or labels have changed"
    costs = [hinge_loss(scores[i : i + 1], labels[i : i + 1]) for i in range(m)]
    loss = hinge_loss(scores, labels)
    assert near(loss, np.mean(costs), 1e-6), "the loss of a batch is the mean of its examples'"
    assert near(hinge_loss(scores + 7, labels), loss, 1e-6), "a shift of all scores changes nothing"

# %% demo folded
ahead = np.linspace(-3, 5, 161)
scores = np.stack([ahead, np.zeros(161), np.zeros(161)], axis=1)
soft = [cross_entropy(row[None, :], np.array([0])) for row in scores]
hard = [hinge_loss(row[None, :], np.array([0])) for row in scores]
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(ahead, soft, color=plots.COLOURS[0], lw=2, label="cross-entropy")
ax.plot(ahead, hard, "--", color=plots.COLOURS[5], lw=2, label="hinge")
ax.axvline(0, color="0.6", lw=1)
ax.axvline(1, color="k", lw=1, ls=":")
ax.annotate("ahead $\\rightarrow$", (0.05, 5.6), size=9)
ax.annotate("by the margin 1 $\\rightarrow$", (1.1, 4.6), size=9)
ax.set(xlabel="score of the right class, the two others being 0", ylabel="loss", ylim=(-0.2, 8.4))
ax.legend()
plots.show(
    alt="Two losses against the score of the right class, the others being 0. The hinge loss "
    "falls in a straight line to 0 at a score of 1 and stays there; cross-entropy is a smooth "
    "curve that never quite gets to 0."
)

# %% [markdown]
# **Question.** The scores of an example are $(10, -2, 3)$ and the label is 0. Which of the two
# losses still pulls, and what happens to each if the first score becomes 20?
#
# <details><summary>Answer</summary>
#
# The hinge loss is 0 and stays 0: the margin is kept, the example no longer counts. Cross-entropy
# is about 0.0009 and falls to about $4 \cdot 10^{-8}$: it is never quite content. So an SVM ends up
# depending on the difficult examples only, its *support vectors*; softmax listens to all of them,
# if only faintly to the easy ones.
#
# </details>
#
# With tiny first weights all scores are nearly 0, and the first hinge loss is $K - 1$: the
# counterpart of $\log K$.

# %% [markdown]
# ## 7. A price for large weights
#
# A network that is large enough can learn its training examples by heart, noise and all. It does so
# with large weights, which make steep, wiggly functions. So put a price on them and minimise
#
# $$J + R, \qquad R = \frac\lambda2 \sum_l \sum_{j,k} \left(W^{[l]}_{jk}\right)^2. \tag{12}$$
#
# This is **L2 regularisation**, also known as weight decay. The number $\lambda \ge 0$ sets the
# price. Its gradient is simple, which is what the ½ is for:
#
# $$\frac{\partial R}{\partial W^{[l]}} = \lambda\, W^{[l]}, \qquad
# \frac{\partial R}{\partial b^{[l]}} = 0. \tag{13}$$
#
# The biases go free: they only shift, they do not make a function steep. And there is no $1/m$
# here: the price is one for the weights, not one per example.
#
# **By hand.** Two layers with the weights $\begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix}$ and
# $\begin{pmatrix} 3 & 0 \end{pmatrix}$, any biases, and $\lambda = 0.1$. The squares sum to $1 + 4
# + 0 + 1 + 9 + 0 = 15$, so $R = 0.05 \cdot 15 = 0.75$.
#
# Here is $R$ with its gradient. In code $\lambda$ is called `l2` (`lambda` is a keyword of Python).


# %%
def l2_penalty(params, l2):
    """Return the price of the weights (12), and its gradient (13) as pairs, one for each layer."""
    penalty = l2 / 2 * sum(np.sum(W**2) for W, _ in params)
    return float(penalty), [(l2 * W, np.zeros_like(b)) for W, b in params]


# %% demo folded
a = np.linspace(-3, 3, 301)  # where the loss alone would put the weight
fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.3), layout="constrained")
left.plot(a, a, color="0.7", lw=1, label="no penalty")
left.plot(a, a / (1 + 1), color=plots.COLOURS[0], lw=2, label="L2: $w^2 / 2$")
shrunk = np.sign(a) * np.maximum(np.abs(a) - 1, 0)
left.plot(a, shrunk, "--", color=plots.COLOURS[5], lw=2, label="L1: $|w|$")
left.set(xlabel="$a$", ylabel="best $w$", title="The smallest $(w - a)^2 / 2$ + penalty")
left.legend()
right.plot(a, a**2 / 2, color=plots.COLOURS[0], lw=2, label="L2: $w^2 / 2$, slope $w$")
right.plot(a, np.abs(a), "--", color=plots.COLOURS[5], lw=2, label="L1: $|w|$, slope $\\pm 1$")
right.set(xlabel="$w$", ylabel="penalty", title="What a weight costs")
right.legend()
plots.show(
    alt="Left: the best weight with a penalty, against the best without. L2 halves it; L1 makes "
    "all between -1 and 1 exactly 0 and brings the others 1 closer to 0. Right: the "
    "penalties, a parabola and a V."
)

# %% [markdown]
# **Question.** **L1 regularisation** has the price $\lambda \sum |W_{jk}|$. What is its gradient?
# Read off the picture on the left how the two treat a small weight, and a large one.
#
# <details><summary>Answer</summary>
#
# The gradient is $\lambda \operatorname{sign}(W)$ (and at $W = 0$ there is none: a kink). L2 pulls
# in proportion: it halves every weight here, and never makes one exactly 0. L1 pulls with the same
# force however small the weight is: whatever the loss wants between $-1$ and $1$ becomes *exactly*
# 0, and large weights are only shortened by 1. So L1 selects features, L2 spreads the work.
#
# </details>

# %% [markdown]
# ### For the curious: bowls, as long as there is one layer
#
# The scores of a linear classifier are linear in its weights, and both losses are convex in the
# scores; so are the prices L1 and L2, and sums of bowls are bowls. Halfway between any two sets of
# weights, then, no loss is above the mean of the two. Here are 200 pairs, with the price L1.

# %% demo
dice = np.random.default_rng(0)
X_any, y_any = dice.normal(size=(40, 2)), dice.integers(0, 3, size=40)
for loss in (cross_entropy, hinge_loss):
    n_below = 0
    for _ in range(200):
        one, other = dice.normal(scale=3, size=(2, 3, 2))
        three = np.array([one, (one + other) / 2, other])
        costs = [loss(X_any @ W.T, y_any) + 0.01 * np.abs(W).sum() for W in three]
        n_below += costs[1] <= (costs[0] + costs[2]) / 2 + 1e-12
    print(f"{loss.__name__:13}: {n_below} of 200")

# %% [markdown]
# ## 8. Train
#
# All the parts are there. One step of gradient descent on a batch:
#
# 1. Run the network forward: the outputs are the logits.
# 2. The loss is $J + R$, by (4) and (12).
# 3. Go backward, starting from $\partial J / \partial Z^{[L]}$, formula (6). Add (13) to the
#    gradients.
# 4. Every `W` becomes `W - learning_rate * dW`, every `b` becomes `b - learning_rate * db`.
#
# **By hand.** A network without hidden layers, $W = 0$ of shape (2, 2) and $b = 0$; one example
# $x = (1, 2)$ with the label 1, the learning rate 1, and $\lambda = 0$.
#
# 1. The logits are $(0, 0)$, so $p = (\frac12, \frac12)$.
# 2. The loss is $\log 2 = 0.693$.
# 3. $dZ = p - Y = (\frac12, -\frac12)$, so
#    $dW = \begin{pmatrix} 0.5 & 1 \\ -0.5 & -1 \end{pmatrix}$ and $db = (0.5, -0.5)$.
# 4. $W = \begin{pmatrix} -0.5 & -1 \\ 0.5 & 1 \end{pmatrix}$ and $b = (-0.5, 0.5)$. The
#    logits of $x$ are now $(-3, 3)$, and $p_1 = 0.998$.
#
# **Question `gradient_of_templates`.** A network without hidden layers learns $K$ classes from
# pictures of $h$ by $w$ pixels, in batches of $m$. What is the shape of its `dW` in step 3? (Answer
# with a shape, in brackets, such as `(60, 10)`.)

# %% question="gradient_of_templates"
answer("gradient_of_templates", ...)

# %% [markdown]
# ### Task: `train_step`
#
# *Difficulty 2 of 3, about 7 minutes.*
#
# The last layer's activation is linear, so for `backward` $\partial J / \partial A^{[L]}$ is
# formula (6) as it is.
#
# <details><summary>Hint 1</summary>
#
# Draw the path of a batch through the network and back. Which function is called at each of the
# four points, and which parameters does it see, the old or the new?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `forward`, `cross_entropy`, `cross_entropy_gradient`, `backward` and `l2_penalty` all see the
# *old* parameters. The new ones are a new list of new arrays, layer by layer; beware of `W -= ...`,
# which writes into the caller's arrays.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `for (W, b), (dW, db), (dR, _) in zip(params, grads, ___, strict=True)`
#
# </details>


# %% task="train_step"
def train_step(params, X, y, learning_rate, l2=0.0):
    """Make one step of gradient descent with cross-entropy and an L2 penalty on a batch.

    Parameters
    ----------
    params : list of (W, b)
        A network with ReLU in its hidden layers, if it has any, and K linear outputs. Not changed.
    X : ndarray of float, shape (m, n)
        The batch. Not changed.
    y : ndarray of integers, shape (m,)
        Labels from 0 to K - 1. Not changed.
    learning_rate : float
    l2 : float
        The factor lambda of the penalty.

    Returns
    -------
    params : list of (W, b)
        The parameters after the step, in new arrays.
    loss : float
        Cross-entropy plus penalty of the parameters *before* the step, on this batch.
    """
    ### BEGIN SOLUTION
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    loss = cross_entropy(logits, y) + penalty
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new_params = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new_params, loss
    ### END SOLUTION


# %% tests="train_step"
start = [(np.zeros((2, 2)), np.zeros(2))]
result = train_step(start, np.array([[1.0, 2.0]]), np.array([1]), 1.0)
assert isinstance(result, tuple | list), "train_step should return two things, params and loss"
((W, b),), loss = result
assert near(loss, 0.693147, 1e-6), f"the worked example starts with the loss 0.693, not {loss}"
assert near(W, [[-0.5, -1], [0.5, 1]]), f"the worked example ends with W = -.5, -1, .5, 1, not {W}"
assert near(b, [-0.5, 0.5]), f"and with b = -.5, .5, not {b}"
# One class is always right: only the price of section 7 is left, 0.75.
priced = [(np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([5.0, 6.0]))]
priced += [(np.array([[3.0, 0.0]]), np.array([7.0]))]
stepped, loss = train_step(priced, np.ones((4, 2)), np.array([0, 0, 0, 0]), 0.5, 0.1)
assert near(loss, 0.75, 1e-6), f"the price of the old weights should be 0.75, not {loss}"
assert near(stepped[0][0], [[0.95, 1.9], [0, -0.95]], 1e-6), "each weight shrinks by 0.5 · 0.1"
assert near(stepped[0][1], [5, 6]), "biases are free, so they should stay"
((V, c), _), _ = train_step(priced, np.ones((4, 2)), np.array([0, 0, 0, 0]), 0.0)
assert not np.shares_memory(V, priced[0][0]), "at the rate 0, too, the weights are new arrays"
assert not np.shares_memory(c, priced[0][1]), "at the rate 0, too, the biases are new arrays"
rng = np.random.default_rng(7)
for sizes, m, l2 in (([4, 3], 7, 0.2), ([3, 5, 4, 2], 6, 0.0), ([3, 3, 3], 1, 0.01)):
    # Whole weights, with biases of 1/2 and then 1/4, keep all the neurons off the kink of ReLU.
    params = [
        (rng.integers(-1, 2, size=(n_out, n_in)) / 1.0, np.full(n_out, 0.5**layer))
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1)
    ]
    X = rng.integers(-2, 3, size=(m, sizes[0])) / 1.0
    y = rng.integers(0, sizes[-1], size=m)
    price = (l2,) if l2 else ()  # left out, it is 0
    assert unchanged(train_step, params, X, y, 0.5, *price), "the caller's params, X or y changed"
    calls = [(params, X, y, rate) for rate in (0.5, 1.0)]
    assert stays(train_step, *calls), "the next step changed what an earlier one had returned"
    stepped, _ = train_step(params, X, y, 0.5, *price)
    old = [one for layer in params for one in layer]
    new = [one for layer in stepped for one in layer]
    slopes = [(before - after) / 0.5 for before, after in zip(old, new, strict=True)]
    # Each array is nudged as a whole, all its numbers by shares of their own.
    shares = [rng.uniform(-1, 1, size=one.shape) for one in old]

    def loss_of(nudges, X=X, y=y, l2=l2, old=old, shares=shares):
        arrays = [
            one + nudge * share for one, nudge, share in zip(old, nudges, shares, strict=True)
        ]
        return train_step(list(zip(arrays[::2], arrays[1::2], strict=True)), X, y, 0.5, l2)[1]

    along = np.array([np.sum(slope * share) for slope, share in zip(slopes, shares, strict=True)])
    assert slopes_agree(along, loss_of, np.zeros(len(old)), h=1e-3, tolerance=1e-3), (
        f"{sizes}: a step at the rate 0.5 should go half the slope of the loss, downhill"
    )

# %% [markdown]
# ### Task: `train`
#
# *Difficulty 2 of 3, about 6 minutes.*
#
# The network has the layer sizes $n$, then `hidden_sizes`, then $K$. With `hidden_sizes=[]` it has
# no hidden layer at all: that is **softmax regression**. `init_params` draws the first weights, in
# any case as it does when no activation is named. $K$ is the largest label plus 1. In each epoch,
# every example is used once, in batches of a new random order; the last batch may be smaller.
# `minibatches` does that, or a shuffle of your own by `rng`. (The `train` of stages 5 and 6 took
# other arguments.)
#
# **By hand.** $m = 5$ examples with 3 features and labels $(0, 2, 0, 2, 0)$, `hidden_sizes=[4]`,
# `batch_size=2`, `n_epochs=3`. $K = 3$, although no label is 1. The layer sizes are $[3, 4, 3]$. An
# epoch has batches of 2, 2 and 1 examples: three steps. So `losses` has $3 \cdot 3 = 9$ entries.
#
# <details><summary>Hint 1</summary>
#
# What happens once, what once in each epoch, and what once in each step? How many times is that in
# the example?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# First `init_params`. Then two nested loops: over the epochs, and over `minibatches`, called anew
# in each epoch. In the inner loop, `train_step`; keep what it returns.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `init_params([X.shape[1], *hidden_sizes, int(y.max()) + ___], rng)`
#
# </details>


# %% task="train"
def train(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Train a softmax classifier with ReLU hidden layers by mini-batch gradient descent.

    Parameters
    ----------
    X : ndarray of float, shape (m, n)
        The examples. Not changed.
    y : ndarray of integers, shape (m,)
        Labels from 0 to K - 1, where K - 1 is the largest label that occurs. Not changed.
    hidden_sizes : list of int
        The sizes of the hidden layers; empty for none. Not changed.
    n_epochs : int
        Passes over all the examples, at least 1, each in a new random order.
    batch_size : int
        Examples per step; may be larger than m. The last batch of an epoch may be smaller.
    learning_rate : float
    rng : numpy.random.Generator
        The only source of randomness. `init_params` draws from it first.
    l2 : float
        The factor lambda of the penalty.

    Returns
    -------
    params : list of (W, b)
        The network after the last step.
    losses : list of float
        What `train_step` said of each step, in order.
    """
    ### BEGIN SOLUTION
    n_classes = int(y.max()) + 1
    params = init_params([X.shape[1], *hidden_sizes, n_classes], rng)
    losses = []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, X_batch, y_batch, learning_rate, l2)
            losses.append(loss)
    return params, losses
    ### END SOLUTION


# %% tests="train"
X_some = np.array(
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.2, 0.0, 1.0], [1.0, 0.8, 0.2], [0.0, 0.1, 1]]
)
y_some = np.array([0, 2, 0, 2, 0])
result = train(X_some, y_some, [4], 3, 2, 0.1, np.random.default_rng(0))
assert isinstance(result, tuple | list), "train should return two things, params and losses"
params, losses = result
shapes = [np.shape(W) for W, b in params]
assert shapes == [(4, 3), (3, 4)], f"layer sizes 3, 4, 3: W of (4, 3) and (3, 4), not {shapes}"
assert len(losses) == 9, f"three epochs of three steps make nine losses, not {len(losses)}"
rng = np.random.default_rng(1)
assert unchanged(train, 3 * X_some, y_some, [4, 5], 1, 2, 0.1, rng), (
    "X, y or hidden_sizes of the caller has changed"
)
calls = [(X_some, y_some, [4], 2, 5, rate, np.random.default_rng(0)) for rate in (0.1, 1.0)]
assert stays(train, *calls), "the next training changed what an earlier one had returned"
# All the examples in one batch: each epoch is one step, whatever the order.
for hidden_sizes, n_epochs, size, l2 in (([], 60, 5, 0.0), ([6, 4], 12, 9, 0.01)):
    rng, twin = np.random.default_rng(2), np.random.default_rng(2)
    params, losses = train(X_some, y_some, hidden_sizes, n_epochs, size, 1.0, rng, l2)
    assert len(losses) == n_epochs, (
        f"{n_epochs} epochs of one step make {n_epochs} losses, not {len(losses)}"
    )
    expected = init_params([3, *hidden_sizes, 3], twin)
    for epoch, told in enumerate(losses, 1):
        expected, loss = train_step(expected, X_some, y_some, 1.0, l2)
        assert near(told, loss, 1e-6), f"the loss of epoch {epoch} is {loss:.6f}, not {told:.6f}"
    for (W, b), (V, c) in zip(params, expected, strict=True):
        assert near(W, V, 1e-6), f"{W} is not the W that the last step leads to"
        assert near(b, c, 1e-6), f"{b} is not the b that the last step leads to"


def orders(seed):
    """At the rate 0 nothing is learnt, and the loss of a batch of one tells whose turn it was."""
    params, losses = train(X_some, y_some, [], 12, 1, 0.0, np.random.default_rng(seed))
    costs = [train_step(params, X_some[i:][:1], y_some[i:][:1], 0.0)[1] for i in range(5)]
    turns = [int(np.argmin([abs(loss - cost) for cost in costs])) for loss in losses]
    return [turns[start : start + 5] for start in range(0, 60, 5)]


epochs = orders(3)
assert all(sorted(epoch) == [0, 1, 2, 3, 4] for epoch in epochs), (
    f"each epoch should use each of the five examples once, not {epochs}"
)
assert len({tuple(epoch) for epoch in epochs}) > 2, f"each epoch in a new order, not {epochs}"
there_and_back = [epoch[::-1] for epoch in epochs[::2]] == epochs[1::2]
assert not there_and_back, "every other epoch goes backwards: each order should be drawn"
followers = {(epoch + epoch)[epoch.index(0) + 1] for epoch in epochs}
assert len(followers) > 1, f"example {followers} always follows on 0: each order should be drawn"
assert orders(3) == epochs, "the same generator should lead to the same batches"
assert any(orders(seed)[0] != epochs[0] for seed in (4, 5, 6)), (
    "whatever the generator, the first epoch has the same order"
)

# %% [markdown]
# To predict, no softmax is needed: the largest logit has the largest probability. (In stages 1 to 3
# `predict` took `w` and `b`; here it takes the whole network.)


# %%
def predict(params, X):
    """Predict the most probable class of each example; on a tie, the smallest of the tied ones."""
    logits, _ = forward(params, X, classifier_activations(params))
    return np.argmax(logits, axis=1)


# %% [markdown]
# ## 9. How much network?
#
# First in the plane, where we can look. Three spirals, three classes. How much network does it
# take? "Width" is the number of neurons in a layer, "depth" the number of layers; a *two-layer*
# network has one hidden layer and the output layer.


# %% demo folded
def make_spirals(n_per_class, rng, noise=0.15):
    """Three spiral arms, a class each."""
    t = rng.uniform(0.15, 1, size=3 * n_per_class)
    y = np.repeat(np.arange(3), n_per_class)
    angle = 6 * t + 2 * np.pi * y / 3 + noise * rng.normal(size=len(t))
    return 2 * t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def accuracy(params, X, y):
    """The share of right answers."""
    return np.mean(predict(params, X) == y)


rng = np.random.default_rng(5)
X_arms, y_arms = make_spirals(100, rng)
X_more, y_more = make_spirals(300, rng)
fig, axes = plt.subplots(3, 2, figsize=(6.4, 9), layout="constrained")
for ax, hidden_sizes in zip(axes.flat, ([], [3], [10], [40], [7, 7], [20, 20]), strict=True):
    params, _ = train(X_arms, y_arms, hidden_sizes, 300, 100, 0.3, np.random.default_rng(1))
    plots.plot_decision_boundary(partial(predict, params), X_arms, y_arms, ax=ax, n_grid=120)
    name = {0: "no hidden layer", 1: "two layers: ", 2: "three layers: "}[len(hidden_sizes)]
    sizes = " + ".join(map(str, hidden_sizes))
    n_params = count_params([2, *hidden_sizes, 3])
    share = accuracy(params, X_more, y_more)
    ax.set_title(f"{name}{sizes}\n{n_params} parameters, {share:.0%} right", size=11)
    ax.get_legend().remove()
plots.show(
    alt="Three arms of a spiral, a class each, and the regions of six networks. Without a hidden "
    "layer the boundaries are straight and get fewer than half of new points right; with ten "
    "or more hidden neurons, in one layer or two, they follow the arms."
)

# %% [markdown]
# Without a hidden layer there are only straight boundaries. Each ReLU neuron adds a fold, and with
# enough folds the boundary follows any curve. The capacity grows with width, and with depth too,
# since a second layer folds what the first one has folded already. (To watch it fold while it
# learns, try the spiral of the [TensorFlow Playground](https://playground.tensorflow.org), or the
# demos of [ConvNetJS](https://cs.stanford.edu/people/karpathy/convnetjs/).)
#
# **Question `wide_and_deep`.** How many parameters does a network have with $n$ features, $K$
# classes and two hidden layers, the first of $h_1$ neurons, the second of $h_2$? Count by hand.
# (The cell calls the two `h1` and `h2`.)

# %% question="wide_and_deep"
answer("wide_and_deep", ...)

# %% [markdown]
# You can go wide or deep. Which is better depends on the data, and with networks as small as these
# also on the luck of the first weights: try other seeds.
#
# ### Underfit, good fit, overfit
#
# So, the more the better? Here are data with *noise*: two moons that overlap. No boundary can be
# right about all new points, and none should try. We have only 60 examples to learn from, and 2,000
# more for validation.


# %% demo folded
def watch(X, y, X_val, y_val, hidden_sizes, n_epochs, l2=0.0):
    """Train step by step, and look at the loss on both sets every ten epochs."""
    rng = np.random.default_rng(3)
    params = init_params([2, *hidden_sizes, 2], rng)
    history = {"training": [], "validation": []}
    for epoch in range(n_epochs + 1):
        if epoch % 10 == 0:
            for name, (inputs, labels) in {
                "training": (X, y),
                "validation": (X_val, y_val),
            }.items():
                logits, _ = forward(params, inputs, classifier_activations(params))
                history[name].append(cross_entropy(logits, labels))
        for X_batch, y_batch in minibatches(X, y, 20, rng):
            params, _ = train_step(params, X_batch, y_batch, 0.2, l2)
    return params, history


rng = np.random.default_rng(11)
X_few, y_few = make_moons(60, rng, noise=0.35)
X_val, y_val = make_moons(2000, rng, noise=0.35)
fig, axes = plt.subplots(2, 3, figsize=(7.6, 5.8), layout="constrained")
fits = (("Underfit", [1], 0.0), ("Good fit", [50, 50], 0.03), ("Overfit", [50, 50], 0.0))
for (name, sizes, l2), upper, lower in zip(fits, *axes, strict=True):
    params, history = watch(X_few, y_few, X_val, y_val, sizes, 1000, l2)
    plots.plot_decision_boundary(partial(predict, params), X_few, y_few, ax=upper, n_grid=120)
    shares = accuracy(params, X_few, y_few), accuracy(params, X_val, y_val)
    upper.set_title(
        f"{name}: {' + '.join(map(str, sizes))} hidden,\n"
        f"$\\lambda = {l2}$, training {shares[0]:.0%},\n"
        f"validation {shares[1]:.0%}",
        size=11,
    )
    upper.get_legend().remove()
    for look, (curve, values) in zip(("-", "--"), history.items(), strict=True):
        lower.plot(np.arange(0, 1001, 10), values, look, lw=2, label=curve)
    lower.set(xlabel="epoch", ylabel="cross-entropy", ylim=(0, 1.8))
axes[1, 0].legend()
plots.show(
    alt="Three networks on two noisy crescents: above their boundaries, below their losses over "
    "1,000 epochs. Underfit: a straight boundary, and both losses high. Good fit: both low and "
    "close together. Overfit: the training loss goes on falling, and the validation loss "
    "turns and climbs."
)

# %% [markdown]
# - **Underfit**: one neuron cannot bend enough. Both losses stay high, and close together.
# - **Good fit**: both are low, and close together. (This one is as large as the next, but it pays
#   for its weights; more about that below.)
# - **Overfit**: the training loss goes on falling, while the validation loss turns and climbs. The
#   network has begun to learn the noise, and it grows surer of it every epoch.
#
# **Question `two_curves`.** Of somebody else's network you only see the two curves. For 100 epochs
# both have hardly moved: the training loss is at 0.58, the validation loss at 0.61. On the same
# data, others get both down to 0.2. What should one try first?
#
# - **a** A larger $\lambda$.
# - **b** Training that stops 100 epochs earlier.
# - **c** More hidden neurons.
# - **d** More training examples of the same kind.
# - **e** A look at the loss of the test set.

# %% question="two_curves"
answer("two_curves", ...)

# %% written="surer_and_worse" points=2
# **In your own words.** Between epochs 60 and 300 the *accuracy* of a network on the validation set
# stays at 91 %, while its *loss* there doubles. How can both be true at once? And somebody is going
# to act on its probabilities: would you hand over the network of epoch 60 or that of epoch 300, and
# why? Answer in two or three sentences.
#
# ### BEGIN RUBRIC
# - 1 point: accuracy only asks which class got the most, cross-entropy how much the right one got.
#   So with as many mistakes as before the network has grown surer, of its wrong answers too, and a
#   few of these with a tiny $p_y$ cost a great deal. Half a point for "it overfits" with only one
#   of the two measures explained; nothing for the word alone.
# - 1 point: that of epoch 60, since its probabilities are closer to how often it is right (or: with
#   the other one, a bet on "99 %" is lost far too often). Nothing for "epoch 60" without a reason,
#   or with the accuracy as the reason.
# ### END RUBRIC

# %% [markdown]
# ### Do not regularise with size, use λ
#
# There are several cures for overfitting: more examples, or stopping early, where the validation
# loss is lowest. The obvious one is a smaller network. But a small one is hard to train, and its
# size is a coarse knob. The finer knob is $\lambda$: take a large network, and raise the price of
# its weights until it behaves. Here are the same 50 + 50 hidden neurons at several prices, trained
# on the 60 examples. Raise $\lambda$ from 0: where does the boundary let go of single examples, and
# where does it let go of the moons? Look at the validation examples, too.

# %% demo
from nndata.moving.softmax import price


def at_price(l2):
    """Train with this λ."""
    return train(X_few, y_few, [50, 50], 1000, 20, 0.2, np.random.default_rng(3), l2)[0]


prices = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3)
price(at_price, predict, (X_few, y_few), (X_val, y_val), prices)

# %% demo folded
widths = (1, 2, 4, 8, 32, 128)
fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
for l2, look in ((0.0, "s--"), (0.01, "o-")):
    val_losses = []
    for width in widths:
        several = []
        for seed in (1, 2, 3):
            few = make_moons(40, np.random.default_rng(seed), noise=0.35)
            params, _ = train(*few, [width], 400, 40, 0.5, np.random.default_rng(seed), l2)
            logits, _ = forward(params, X_val, classifier_activations(params))
            several.append(cross_entropy(logits, y_val))
        val_losses.append(np.mean(several))
    ax.plot(widths, val_losses, look, lw=2, label=f"$\\lambda = {l2}$")
ax.set_xscale("log", base=2)
ax.set_xticks(widths, widths)
ax.set(xlabel="hidden neurons", ylabel="validation loss", title="Size, with and without a price")
ax.legend()
plots.show(
    alt="Validation loss of networks with 1 to 128 hidden neurons. Without a penalty it falls up "
    "to 4 neurons and rises from 8 on; with one it goes on falling."
)

# %% [markdown]
# Each point on the curves is the mean of three data sets of 40 examples. Without a price, there is
# a best size, and beyond it a larger network does worse. With one, larger is at least as good: take
# what your computer can bear, and turn the other knob. A huge $\lambda$ leaves only the biases, and
# the network predicts the frequencies of the classes, everywhere.

# %% [markdown]
# ## 10. Reading handwriting
#
# Back to the pictures. 20 % of the training images are put aside for validation, and we try four
# networks on at most 8,000 of the others, quickly, to see what capacity buys.

# %% demo
rng = np.random.default_rng(7)
X_train, X_val, y_train, y_val = train_val_split(images.X_train, images.y_train, rng)
n, few = X_train.shape[1], min(8000, len(X_train))
quick, long = (5, 8) if images.name == "mnist" else (20, 40)  # epochs: small data needs more
print(f"{few:,} images for training, {len(X_val):,} for validation\n")
print("hidden layers   parameters   training   validation")
networks = {}
for hidden_sizes in ([], [16], [128], [64, 64]):
    params, _ = train(X_train[:few], y_train[:few], hidden_sizes, quick, 32, 0.1, rng)
    n_params = count_params([n, *hidden_sizes, 10])
    on_train = accuracy(params, X_train[:few], y_train[:few])
    on_val = accuracy(params, X_val, y_val)
    print(f"{hidden_sizes!s:13}   {n_params:10,}   {on_train:8.1%}   {on_val:10.1%}")
    networks[tuple(hidden_sizes)] = params

# %% [markdown]
# The first row, without a hidden layer, is softmax regression: ten templates, like the perceptrons
# of stage 2, but trained with a loss that listens to every example. What a hidden layer adds to it,
# and whether a narrow one adds anything, you read off the last column.
#
# Now one hidden layer of 128 neurons, all of the training images, and some patience. When the
# validation set has nothing more to say, we open the envelope with the test set. Once.

# %% demo
params, losses = train(X_train, y_train, [128], long, 32, 0.1, np.random.default_rng(8))
per_epoch = np.array_split(np.array(losses), long)
ax = plots.plot_history({"training": [part.mean() for part in per_epoch]}, ylabel="mean loss")
ax.set_title(f"The first batch: {losses[0]:.2f}; $\\log 10 = 2.30$")
plots.show(
    alt=f"Mean training loss of {long} epochs. It falls steeply at first and then ever more "
    f"slowly, from {per_epoch[0].mean():.2f} to {per_epoch[-1].mean():.2f}."
)
print(f"validation accuracy: {accuracy(params, X_val, y_val):.2%}")

logits, _ = forward(params, images.X_test, classifier_activations(params))
guesses = predict(params, images.X_test)
right = guesses == images.y_test
print(f"test accuracy:       {right.mean():.2%}: {np.sum(~right):,} mistakes of {len(right):,}")

# %% [markdown]
# ### Which mistakes?
#
# The **confusion matrix** counts how often a digit of class $i$ (row) was taken for $j$ (column).
# On the diagonal are the right answers.


# %% demo folded
def confusion_matrix(y_true, y_pred, n_classes):
    """Entry [i, j] counts the examples of class i that were taken for class j."""
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


matrix = confusion_matrix(images.y_test, guesses, 10)
plots.plot_confusion(matrix)
plots.show(
    alt="Confusion matrix of the test set, a row for each true digit and a column for each "
    f"prediction. On the diagonal are {right.mean():.1%} of the images, and {np.sum(~right):,} "
    "mistakes lie beside it."
)
mixed = matrix + matrix.T
np.fill_diagonal(mixed, 0)
one, other = np.unravel_index(mixed.argmax(), mixed.shape)
print(f"most often confused: {one} and {other}, {mixed[one, other]} times")

# %% [markdown]
# Since our network bets, we can also ask which mistakes were the *worst*: those that put the fewest
# coins on the truth. They are the examples with the largest loss.

# %% demo folded
cost = -log_softmax(logits)[np.arange(len(right)), images.y_test]
worst = np.argsort(-cost)[:10]
worst = worst[~right[worst]]
plots.show_digits(images.X_test[worst], images.y_test[worst], guesses[worst], n_columns=5)
plots.show(
    alt=f"The {len(worst)} mistakes with the largest loss, each with the wrong prediction and, in "
    "brackets, the label."
)
p = softmax(logits)
print("how sure it was of each of these wrong answers:", end=" ")
print(", ".join(f"{share:.0%}" for share in p[worst].max(axis=1)))

fig, axes = plt.subplots(2, 5, figsize=(7.4, 3.4), height_ratios=(1.4, 1), layout="constrained")
doubtful = np.argsort(p.max(axis=1))[:5]
for i, upper, lower in zip(doubtful, *axes, strict=True):
    upper.imshow(images.X_test[i].reshape(images.image_shape), cmap="gray_r")
    upper.set(title=f"label {images.y_test[i]}", xticks=[], yticks=[])
    upper.spines[:].set_visible(True)
    lower.bar(range(10), p[i], color=plots.COLOURS[0], edgecolor="k")
    lower.set(xticks=range(0, 10, 3), yticks=[0, 0.5, 1], ylim=(0, 1))
fig.suptitle("The five that it was least sure about, and its bets")
plots.show(
    alt="The five images that the network was least sure about, each above a bar chart of its ten "
    "probabilities, in which several digits share the bet."
)

# %% [markdown]
# **Question.** Is a network right in 90 % of the cases in which it says "90 %"? And what does it
# say to a picture of a cat?
#
# <details><summary>Answer</summary>
#
# Not by itself. On the examples that it was trained on it should be right as often as it says:
# cross-entropy rewards honesty. On new ones an overfitted network is too sure of itself. To the cat
# it says a digit, perhaps with 99 %: the ten probabilities sum to 1, and "none of these" is not
# among them.
#
# </details>

# %% [markdown]
# ### For the curious: a bank of templates
#
# Softmax regression has one template for each digit, and however many ways there are to write a 7,
# that one must do. The hidden layer is a whole *bank* of templates, 128 of them, which all digits
# share. Each is laid over the picture, ReLU keeps the ones that fit, and the last layer recombines
# them: its weights say how much each speaks for a digit, or against it. Here are the 32 that have
# the largest say. What would you call them?

# %% demo
(W1, b1), (W2, b2) = params  # the network with 128 hidden neurons
loud = np.argsort(-np.linalg.norm(W2, axis=0))[:32]
by_digit = np.array([X_train[y_train == digit].mean(axis=0) for digit in range(10)])
own_ink = by_digit - by_digit.mean(axis=0)  # where a digit has more ink than the others, or less


def likeness(templates):
    """The largest correlation of each template, up to its sign, with the ink of a digit."""
    inked = X_train.std(axis=0) > 0.05  # the weights of the other pixels are hardly trained
    pairs = np.corrcoef(templates[:, inked], own_ink[:, inked])[: len(templates), -10:]
    return np.abs(pairs).max(axis=1)


like = [np.median(likeness(templates)) for templates in (networks[()][0][0], W1)]
speaks_for = np.mean(np.sum(W2 > 0, axis=0))
print(f"likeness to a digit: {like[0]:.2f} without a hidden layer, {like[1]:.2f} in the bank")
print(f"a template of the bank speaks for {speaks_for:.1f} of the ten digits, on average")

# %% demo folded
fig, axes = plt.subplots(4, 8, figsize=(6.4, 3.3), layout="constrained")
dots = {"color": "w", "edgecolors": "k", "linewidths": 3 / W1.shape[1] ** 0.5}
for ax, j in zip(axes.flat, loud, strict=True):
    reach = np.abs(W1[j]).max()
    ax.imshow(W1[j].reshape(images.image_shape), cmap="RdBu", vmin=-reach, vmax=reach)
    rows, columns = np.nonzero(W1[j].reshape(images.image_shape) < -reach / 5)
    ax.scatter(columns, rows, s=160 / W1.shape[1], **dots)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.7")
plots.show(
    alt="The weights of 32 hidden neurons as pictures, blue where ink makes them speak and red, "
    "with dots, where it keeps them silent. Hardly one of them looks like a digit."
)

# %% [markdown]
# The templates of softmax regression resemble the digits. In the bank a few look for a stroke in
# one place, and most resemble nothing that has a name. No neuron is "the 7": a digit is a pattern
# over *many* neurons, and each neuron speaks for about half of the digits, which is called a
# **distributed representation**.
#
# What the bank is good for can be seen all the same. Below are two images of one digit, the two
# whose votes come from the most different templates. Next to each stand the four that speak for the
# digit most loudly, with what each adds to its logit.

# %% demo
logits, cache = forward(params, X_val, classifier_activations(params))
hidden, sure = cache["A"][1], softmax(logits)
pairs = []
for digit in range(10):
    rows = np.flatnonzero((y_val == digit) & (sure[:, digit] > 0.9))[:300]
    votes = np.maximum(hidden[rows] * W2[digit], 0)
    votes /= np.linalg.norm(votes, axis=1, keepdims=True)
    alike = votes @ votes.T  # the cosine of the angle between the votes of two images
    one, other = np.unravel_index(alike.argmin(), alike.shape)
    pairs.append((alike[one, other], digit, (rows[one], rows[other])))
_, digit, two_modes = min(pairs)
loudest = np.argsort(-hidden[list(two_modes)] * W2[digit], axis=1)[:, :4]
in_common = len(set(loudest[0]) & set(loudest[1]))

# %% demo folded
fig, axes = plt.subplots(2, 5, figsize=(6.4, 2.9), layout="constrained")
for row, i, best in zip(axes, two_modes, loudest, strict=True):
    row[0].imshow(X_val[i].reshape(images.image_shape), cmap="gray_r")
    row[0].set_title(f"a {digit}: {sure[i, digit]:.0%}")
    for ax, j in zip(row[1:], best, strict=True):
        reach = np.abs(W1[j]).max()
        ax.imshow(W1[j].reshape(images.image_shape), cmap="RdBu", vmin=-reach, vmax=reach)
        rows, columns = np.nonzero(W1[j].reshape(images.image_shape) < -reach / 5)
        ax.scatter(columns, rows, s=320 / W1.shape[1], **dots)
        ax.set_title(f"{hidden[i, j] * W2[digit, j]:+.1f}")
for ax in axes.flat:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.7")
plots.show(
    alt=f"Two images of the digit {digit}, written differently, and beside each the four "
    f"templates that add the most to its logit. The two rows have {in_common or 'none'} of the "
    "four in common."
)

# %% [markdown]
# **Question.** Softmax regression has learnt from both ways of writing this digit. Why can its one
# template not serve both as well?
#
# <details><summary>Answer</summary>
#
# It adds up. Ink in the strokes of either way must count for the digit, so the template becomes a
# blur of both, and what it likes best is an image with the strokes of *both* ways, which nobody
# writes. The bank has a ReLU on each template: one that does not fit says nothing, rather than
# speaking against, and a few that fit are enough.
#
# </details>

# %% [markdown]
# ### For the curious: features designed by hand
#
# Before networks learnt their features, people designed them. A *colour histogram* counts how many
# pixels have which colour. A *bag of words* sorts small patches of many images into a vocabulary of
# "visual words" and counts how often an image uses each. **HoG**, *histograms of oriented
# gradients*, asks each pixel how strong an edge it lies on, and in which direction it runs; then it
# divides the image into cells, and in each adds up the strengths, direction by direction.
#
# With 4 × 4 cells and 8 directions that is 128 numbers, as many as the hidden layer above learns.
# So here is a fair match: softmax regression on pixels, on HoG and on learnt features. For the last
# nothing needs to be trained: the last layer of the network *is* softmax regression on what its
# hidden layer has learnt.


# %% demo
def hog(X, n_cells=4, n_directions=8):
    """Histograms of oriented gradients of square images, given as rows."""
    m, side = len(X), int(np.sqrt(X.shape[1]))
    down, right = np.gradient(X.reshape(m, side, side), axis=(1, 2))
    strength = np.hypot(down, right)
    # An edge from light to dark and one from dark to light are the same: half a turn is enough.
    half_turns = np.arctan2(down, right) / np.pi
    direction = np.round(half_turns * n_directions).astype(int) % n_directions
    at = np.arange(side) * n_cells // side
    entry = (at[:, None] * n_cells + at) * n_directions + direction
    size = n_cells**2 * n_directions
    entry += size * np.arange(m)[:, None, None]
    histograms = np.bincount(entry.ravel(), strength.ravel(), m * size).reshape(m, size)
    return histograms / np.sqrt(np.mean(histograms**2, axis=1, keepdims=True))


edges, edges_val = hog(X_train[:few]), hog(X_val)
by_hand, _ = train(edges, y_train[:few], [], quick, 32, 0.1, np.random.default_rng(1))
match = {
    f"{n} pixels": accuracy(networks[()], X_val, y_val),
    f"{edges.shape[1]} of HoG": accuracy(by_hand, edges_val, y_val),
    "128 learnt": accuracy(networks[128,], X_val, y_val),
}
print(f"softmax regression, validation, after {few:,} images:")
for name, share in match.items():
    print(f"{name:>10}  {share:.1%}")
if len(X_train) > few:
    patient = accuracy(params, X_val, y_val)
    print(f"128 learnt  {patient:.1%} after {len(X_train):,} images and {long} epochs, as above")

# %% demo folded
picture = X_val[two_modes[0]]
angles = np.arange(8) * np.pi / 8 + np.pi / 2  # an edge runs at right angles to its gradient
fig, (first, second, third) = plt.subplots(
    1, 3, figsize=(7.4, 2.7), width_ratios=(1, 1, 1.3), layout="constrained"
)
side = images.image_shape[0]
for ax, shade in ((first, 1.0), (second, 0.25)):
    ax.imshow(picture.reshape(side, side), cmap="gray_r", vmax=picture.max() / shade)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.7")
first.set_title("an image")
second.set_title("its HoG")
strengths = edges_val[two_modes[0]].reshape(16, 8)
for cell, row in enumerate(strengths / strengths.max()):
    y0, x0 = (np.array(divmod(cell, 4)) + 0.5) * side / 4 - 0.5
    for angle, length in zip(angles, row * side / 8, strict=True):
        dx, dy = length * np.cos(angle), length * np.sin(angle)
        second.plot((x0 - dx, x0 + dx), (y0 - dy, y0 + dy), color=plots.COLOURS[5], lw=1.6)
for line in np.arange(1, 4) * side / 4 - 0.5:
    second.axhline(line, color="0.6", lw=0.6)
    second.axvline(line, color="0.6", lw=0.6)
colours = ["0.7", plots.COLOURS[5], plots.COLOURS[0]]
mistakes = [100 * (1 - share) for share in match.values()]
bars = third.barh(list(match), mistakes, color=colours, edgecolor="k")
third.bar_label(bars, fmt="%.1f %%", padding=4)
third.invert_yaxis()
third.set(xlim=(0, 1.35 * max(mistakes)), title="mistakes")
plots.show(
    alt="Left: an image. Middle: its HoG, in each of 16 cells a star of lines, as long as the "
    "edges in their direction are strong. Right: the mistakes of softmax regression on validation "
    "images, " + ", ".join(f"{1 - share:.1%} with {name}" for name, share in match.items()) + "."
)

# %% [markdown]
# The same classifier, the same images, and on HoG it reads better than on pixels. Whoever designed
# it knew two things about images: that edges say more than ink, and that a stroke a little further
# left is still the same stroke. Where images are few, such knowledge is hard to beat. But somebody
# has to have it, for each new kind of data, and it does not grow. Learnt features do: with more
# images and more patience, the network gets better at *seeing*, too.
#
# **Question.** What could a colour histogram say about the difference between a 6 and a 9?
#
# <details><summary>Answer</summary>
#
# Next to nothing. Turn a 6 upside down and it is a 9, with exactly as many pixels of each shade: a
# histogram forgets *where* they are. For frogs and sunsets, colours alone say a lot. A bag of words
# forgets the places too, but its words are patches, and know a little about shape; HoG forgets the
# place only within a cell.
#
# </details>

# %% [markdown]
# ## 11. Tune it yourself
#
# Now you are the designer. Train the best network that you can **on a budget** of examples and of
# parameters:
#
# | images | examples dealt | parameters | target, test images | section 8 gets about |
# |:--|:-:|:-:|:-:|:-:|
# | MNIST | 2 epochs | 50,000 | 96.2 % | 95.5 % |
# | digits | 5 epochs | 5,000 | 93.5 %, mean of 2 trainings | 91.3 % |
#
# "Section 8" is plain descent at the rate 0.1 with batches of 32, in the widest network with one
# hidden layer that the budget allows. The examples are dealt by a function: `draw(batch_size)`
# returns a batch `(X, y)`, and `None` when the budget is spent. Below is the dealer that you
# practise with. The grader's own deals as much, of four fifths of the training images; `n_examples`
# is what it deals in all. It cannot see whether you keep a batch and train on it twice: that is
# against the rules of the game, and whoever does it has tuned nothing.


# %%
def make_dealer(X, y, n_epochs, rng):
    """Return a function draw(batch_size) that deals every example n_epochs times, shuffled."""
    rows = np.concatenate([rng.permutation(len(X)) for _ in range(n_epochs)])
    position = 0

    def draw(batch_size):
        """Return the next batch (X, y), smaller at the very end; None when all is dealt."""
        nonlocal position
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        batch = rows[position : position + batch_size]
        position += len(batch)
        return (X[batch], y[batch]) if len(batch) else None

    return draw


def make_pictures(m, templates, rng):
    """Draw m noisy pictures of classes that have some templates each, pixels from 0 to 1."""
    y = rng.integers(0, len(templates), size=m)
    one_of_each = templates[y, rng.integers(0, templates.shape[1], size=m)]
    return np.clip(one_of_each + rng.normal(0, 0.3, size=one_of_each.shape), 0, 1), y


# %% [markdown]
# ### Project: `tuned`
#
# *Difficulty 3 of 3, about 20 minutes.*
#
# Return a network with ReLU in its hidden layers, as everywhere in this notebook. Everything else
# is your choice: width and depth, first weights, batch size, the rate and how it changes as the
# examples run out, an optimiser of stage 6 (copy yours), $\lambda$. One function must reach the
# target on both data sets. It must also fit itself to other pictures and budgets: on the small sets
# of `make_pictures` (40 to 60 pixels, 3 or 4 classes with two templates each, 800 pictures dealt 3
# times, room for 16 to 70 hidden neurons) 90 % of new pictures must come out right.
#
# The figure below the tests shows what some designs reach on *validation* images, and the line at
# which to aim. (It is not quite the target: MNIST's test images happen to be a little easier than
# these, the digits' harder.) Change one thing at a time, and write down what it did.


# %% task="tuned"
def tuned(draw, n_features, n_classes, n_examples, max_params, rng):
    """Train a classifier on a budget, as well as you can.

    Parameters
    ----------
    draw : callable
        ``draw(batch_size)`` returns the next batch: X of shape (batch_size, n_features) with
        entries from 0 to 1, and y of shape (batch_size,). The last one may be smaller; after it,
        ``draw`` returns None.
    n_features : int
        The number of columns of X.
    n_classes : int
        The number K of classes; labels are 0 to K - 1.
    n_examples : int
        How many examples ``draw`` deals in all.
    max_params : int
        How many weights and biases the network may have.
    rng : numpy.random.Generator
        The only source of randomness: dealt the same examples, with a generator of the same seed,
        the same network comes out again.

    Returns
    -------
    list of (W, b)
        A network with ReLU in its hidden layers, if it has any, and K linear outputs.
    """
    ### BEGIN SOLUTION
    batch_size, rate, momentum = 10, 0.025, 0.9
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    activations = classifier_activations(params)
    speed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    seen = 0
    while (batch := draw(batch_size)) is not None:
        X, y = batch
        logits, cache = forward(params, X, activations)
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        speed = [
            (momentum * vW + dW, momentum * vb + db)
            for (vW, vb), (dW, db) in zip(speed, grads, strict=True)
        ]
        falling = rate * (1 - seen / n_examples)
        params = [
            (W - falling * vW, b - falling * vb)
            for (W, b), (vW, vb) in zip(params, speed, strict=True)
        ]
        seen += len(y)
    return params
    ### END SOLUTION


# %% tests="tuned"
for n_features, n_classes, max_params in ((40, 4, 904), (55, 3, 3600)):
    rng = np.random.default_rng(n_features + 1)
    templates = rng.random((n_classes, 2, n_features))
    draw = make_dealer(*make_pictures(800, templates, rng), 3, rng)
    params = tuned(draw, n_features, n_classes, 2400, max_params, rng)
    assert isinstance(params, list), "tuned should return a network: a list of pairs (W, b)"
    sizes = [n_features, *(len(b) for W, b in params)]
    assert [W.shape for W, b in params] == [(o, i) for i, o in pairwise(sizes)], (
        f"the layers do not fit together: {[W.shape for W, b in params]} for {n_features} features"
    )
    assert sizes[-1] == n_classes, f"{n_classes} classes, but {sizes[-1]} outputs"
    used = count_params(sizes)
    assert used <= max_params, f"{used:,} parameters, {used - max_params:,} more than allowed"
    X_new, y_new = make_pictures(1000, templates, rng)
    share = np.mean(predict(params, X_new) == y_new)
    assert share >= 0.9, f"only {share:.1%} of new pictures are right; 90 % are asked for"


def dealt_the_same():
    """Train once more, on the same examples and with a generator of the same seed."""
    draw = make_dealer(X_new[:200], y_new[:200], 1, np.random.default_rng(1))
    return tuned(draw, 55, 3, 200, 3600, np.random.default_rng(2))[0][0]


assert near(dealt_the_same(), dealt_the_same(), 1e-3), "the same network should come out again"
sizes, calls = (55, 3, 64, 3600), []
for seed in (1, 2):
    rng = np.random.default_rng(seed)
    calls.append((make_dealer(X_new[:64], y_new[:64], 1, rng), *sizes, rng))
assert stays(tuned, *calls), "the next training changed a network that was there before"

# %% demo folded
# The designs tried, on validation images. Add your own: each takes a dealer and so on, as tuned.
n_epochs, max_params, aim, repeats = (
    (2, 50_000, 0.956, 1) if images.name == "mnist" else (5, 5_000, 0.958, 5)
)


def section_8(batch_size=32, rate=0.1, share=1.0):
    """Plain descent at a constant rate, in a share of the widest network that fits."""

    def design(draw, n_features, n_classes, n_examples, max_params, rng):
        width = int(share * (max_params - n_classes)) // (n_features + 1 + n_classes)
        params = init_params([n_features, width, n_classes], rng)
        while (batch := draw(batch_size)) is not None:
            params, _ = train_step(params, *batch, rate)
        return params

    return design


designs = {
    "section 8": section_8(),
    "a quarter of its neurons": section_8(share=0.25),
    "batches of 128": section_8(batch_size=128),
    "rate 0.05": section_8(rate=0.05),
    "tuned": tuned,
}
fig, ax = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
for row, design in enumerate(designs.values()):
    shares = []
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        draw = make_dealer(X_train, y_train, n_epochs, rng)
        n_examples = n_epochs * len(X_train)
        params = design(draw, X_train.shape[1], 10, n_examples, max_params, rng)
        shares.append(accuracy(params, X_val, y_val))
    ax.plot(shares, [row] * repeats, "o", color="0.6", mec="k")
    ax.plot(np.mean(shares), row, "D", ms=9, color=plots.COLOURS[row == len(designs) - 1], mec="k")
    ax.annotate(
        f"{np.mean(shares):.1%}", (np.mean(shares), row), xytext=(0, 9), textcoords="offset points"
    )
ax.axvline(aim, color="k", ls="--")
ax.set_yticks(range(len(designs)), list(designs))
ax.set_ylim(len(designs) - 0.5, -0.7)
ax.set(xlabel="validation accuracy", title=f"{n_epochs} epochs, {max_params:,} parameters")
plots.show(
    alt=f"Validation accuracy of {len(designs)} designs on one budget: a dot for each training, "
    f"and a diamond for their mean. The last one, tuned, has a mean of {np.mean(shares):.1%}; "
    f"a dashed line marks the aim, {aim:.1%}."
)

# %% [markdown]
# ## For the curious: trained by the hinge loss
#
# The support vector machine of section 6 can be trained by gradient descent, too. Each class that
# falls short of the margin adds $z_k - z_y + 1$ to the loss: slope 1 for its own score, and $-1$
# for that of the label. So, for one example,
#
# $$\frac{\partial J}{\partial z_k} = \mathbf 1\{z_k > z_y - 1\} \ (k \ne y), \qquad
# \frac{\partial J}{\partial z_y} = -\sum_{k \ne y} \mathbf 1\{z_k > z_y - 1\}. \tag{14}$$
#
# Compare (5): where softmax pushes a rival down by its $p_k$, the hinge loss pushes by a whole 1
# or not at all. First we ask your `hinge_loss` whether (14) is right. Then two linear classifiers
# learn from the same images in the same order, one by each loss.


# %% demo
def hinge_gradient(scores, y):
    """The gradient of the average hinge loss with respect to the scores, formula (14)."""
    Y = one_hot(y, scores.shape[1])
    of_label = np.sum(scores * Y, axis=1, keepdims=True)
    short = (scores > of_label - 1) * (1 - Y)
    return (short - Y * short.sum(axis=1, keepdims=True)) / len(y)


rng = np.random.default_rng(9)
scores, labels = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
agree = slopes_agree(hinge_gradient(scores, labels), lambda z: hinge_loss(z, labels), scores)
print(f"nudges of the scores show the same slopes: {agree}\n")

pulls, on_val = {}, {}
for name, gradient in (("cross-entropy", cross_entropy_gradient), ("hinge", hinge_gradient)):
    rng = np.random.default_rng(2)
    W, b = np.zeros((10, n)), np.zeros(10)
    for _ in range(2 * quick):
        for X, y in minibatches(X_train[:few], y_train[:few], 32, rng):
            _, dW, db = affine_backward(gradient(X @ W.T + b, y), X, W)
            W, b = W - 0.1 * dW, b - 0.1 * db
    dZ = few * gradient(X_train[:few] @ W.T + b, y_train[:few])
    pulls[name] = -dZ[np.arange(few), y_train[:few]]  # how hard each image pulls at its label
    on_val[name] = accuracy([(W, b)], X_val, y_val)
    print(f"{name:13}  validation {on_val[name]:.1%}, ", end="")
    print(f"and {np.mean(pulls[name] > 0):.0%} of the training images still pull")

# %% demo folded
fig, ax = plt.subplots(figsize=(6, 3.3), layout="constrained")
percent = 100 * (np.arange(few) + 1) / few
for (name, pull), colour, look in zip(
    pulls.items(), (plots.COLOURS[0], plots.COLOURS[5]), ("-", "--"), strict=True
):
    ax.plot(percent, np.sort(pull)[::-1], look, color=colour, lw=2, label=name)
ax.set(xlabel="training images in %, the hardest first", ylabel="pull on the label's score")
ax.set(xlim=(0, 60))
ax.legend()
plots.show(
    alt="How hard each training image still pulls at the score of its label, the hardest first. "
    "For the hinge loss that is a staircase of whole numbers, which reaches 0 after "
    f"{np.mean(pulls['hinge'] > 0):.0%} of the images; for cross-entropy it is a smooth curve that "
    "begins at 1 or just below and never quite gets to 0."
)

# %% [markdown]
# The two read about equally well, but they listen to different images. With the hinge loss most
# have had their say and pull no more; the others are its support vectors. With cross-entropy every
# image still pulls, most of them very faintly.
#
# **Question.** How hard can one image pull at the score of its label, with either loss and ten
# classes?
#
# <details><summary>Answer</summary>
#
# With cross-entropy by $1 - p_y$, always less than 1. With the hinge loss by the number of classes
# that fall short of the margin, up to 9. So at the same rate it takes longer steps, and whoever
# compares the two should give each a rate of its own.
#
# </details>

# %% [markdown]
# ## For the curious: the race, on handwriting
#
# Stage 6 raced its optimisers through ravines, and on two moons with a small network. How do they
# run on images, with thousands of parameters? Your `train_step` has the gradient to offer: at the
# rate 1, it is what the step takes away. Each optimiser turns it into a direction; first weights
# and batches are the same for all. The fair question is how each runs at *its* best rate, so it may
# try three, and the one with the lowest mean loss over the race counts.


# %% demo
def sgd(g, memory):
    """Straight down."""
    return g, None


def momentum(g, memory):
    """A running sum of gradients."""
    total = g if memory is None else g + 0.9 * memory
    return total, total


def rmsprop(g, memory):
    """The gradient over the root of a running mean of squares."""
    squares = 0.01 * g**2 + (0.0 if memory is None else 0.99 * memory)
    return g / (np.sqrt(squares) + 1e-8), squares


def adam(g, memory):
    """Running means of both, each divided by the sum of its factors so far."""
    means = np.zeros((2, *g.shape)) if memory is None else memory[0]
    left = np.ones(2) if memory is None else memory[1]
    keep = np.array([0.9, 0.999])
    factors = keep.reshape(2, *[1] * g.ndim)
    means = factors * means + (1 - factors) * np.stack([g, g**2])
    left = left * keep
    return means[0] / (1 - left[0]) / (np.sqrt(means[1] / (1 - left[1])) + 1e-8), (means, left)


def run(direction, rate):
    """Train a network with 64 hidden neurons; return the loss of each step."""
    rng = np.random.default_rng(1)
    network, losses = init_params([n, 64, 10], rng), []
    memories = [[None, None] for _ in network]
    for _ in range(1 if images.name == "mnist" else 8):
        for X, y in minibatches(X_train[:few], y_train[:few], 64, rng):
            after, loss = train_step(network, X, y, 1.0)
            losses.append(loss)
            moved = []
            for layer, stepped, memory in zip(network, after, memories, strict=True):
                pair = []
                for k in (0, 1):
                    way, memory[k] = direction(layer[k] - stepped[k], memory[k])
                    pair.append(layer[k] - rate * way)
                moved.append(tuple(pair))
            network = moved
    return losses


racers = {
    "SGD": (sgd, (0.1, 0.3, 1.0)),
    "momentum": (momentum, (0.03, 0.1, 0.3)),
    "RMSprop": (rmsprop, (0.001, 0.003, 0.01)),
    "Adam": (adam, (0.003, 0.01, 0.03)),
}
raced = {
    name: {rate: run(direction, rate) for rate in rates}
    for name, (direction, rates) in racers.items()
}
means = {name: [np.mean(losses) for losses in runs.values()] for name, runs in raced.items()}
for name, several in means.items():
    told = [f"{one:.2f} at {rate:g}" for rate, one in zip(racers[name][1], several, strict=True)]
    print(f"{name:9} mean loss {', '.join(told)}")

# %% demo folded
fig, (left, right) = plt.subplots(
    1, 2, figsize=(7.2, 3.2), width_ratios=(1.4, 1), layout="constrained"
)
looks = zip(means.items(), ("-", "--", "-.", ":"), plots.MARKERS, plots.COLOURS, strict=False)
for (name, several), look, marker, colour in looks:
    rate = racers[name][1][int(np.argmin(several))]
    smooth = np.convolve(raced[name][rate], np.ones(10) / 10, mode="valid")
    left.plot(np.arange(len(smooth)) + 10, smooth, look, color=colour, label=f"{name}, {rate:g}")
    right.plot(racers[name][1], several, look, marker=marker, ms=7, color=colour)
left.set(xlabel="step", ylabel="loss, mean of ten steps", title="Each at its best rate", ylim=0)
left.legend()
right.set(xscale="log", xlabel="learning rate", title="Mean loss of the race", ylim=0)
order = sorted(means, key=lambda name: min(means[name]))
plots.show(
    alt="Left: the training loss of four optimisers, each at the best of three rates; it falls "
    f"steeply, and by mean loss the order is {', '.join(order)}. Right: that mean at each of the "
    "three rates."
)

# %% [markdown]
# Plain descent comes in last and Adam first, yet the field is close together. As a rule, more lies
# between the best and the worst rate of one optimiser than between the best runs of two. That is
# why such races are so often won by whoever holds them: if only the favourite is tuned, it wins.

# %% [markdown]
# ## For the curious: other architectures
#
# A **convolutional** network lays the same few weights, a *kernel*, on every place of an image.
# Move the ink, and what the kernel finds moves along. A **recurrent** network reads a sequence, and
# hands a state on from each element to the next. In a **transformer** every element looks at all
# the others, and a softmax says how closely.

# %% demo
picture = np.pad(images.X_test[0].reshape(images.image_shape), 2)
kernel = np.array([[1, 0, -1]] * 3)  # it looks for upright edges
found = []
for one in (picture, np.roll(picture, 1, axis=1)):  # as it is, and a pixel further right
    windows = np.lib.stride_tricks.sliding_window_view(one, kernel.shape)
    found.append((windows * kernel).sum(axis=(2, 3)))
print(f"moved along: {np.array_equal(found[1][:, 1:], found[0][:, :-1])}; weights: {kernel.size}")
print(f"weights of a layer that joins all to all: {picture.size * found[0].size:,}")

# %% [markdown]
# **Question.** Why does a network like ours have to learn a 7 anew in each place?
#
# <details><summary>Answer</summary>
#
# Each pixel has weights of its own, and what those on the left have learnt, those on the right
# do not know.
#
# </details>

# %% [markdown]
# ## Summary
#
# - Softmax (1) turns logits into probabilities; only their differences matter, so subtract the
#   maximum. Take logarithms before dividing (2).
# - Cross-entropy (4) is the average $-\log p_y$: maximum likelihood. Its gradient is
#   $(P - Y) / m$ (6), the same as through the Jacobian of softmax (7), and cheaper.
# - With two classes this is the sigmoid and logistic regression (9). The hinge loss (11) wants a
#   margin instead of probabilities.
# - L2 (12) prices large weights. Use a network that is large enough, and $\lambda$ against
#   overfitting; judge by the validation set.
#
# ### What comes next
#
# This was the last stage. Every part of your classifier has a name in the libraries that people
# work with, and you know what is inside:
#
# | what you wrote | PyTorch |
# |:--|:--|
# | `forward`, `affine_backward` (stages 4, 5) | `torch.nn.Linear`, `torch.nn.ReLU`, autograd |
# | `sgd_step`, `adam_step` (stage 6) | `torch.optim.SGD`, `torch.optim.Adam` |
# | `minibatches` (stage 6) | `torch.utils.data.DataLoader` |
# | `log_softmax`, `cross_entropy` | `torch.nn.functional.log_softmax`, `.cross_entropy` |
# | `hinge_loss` | `torch.nn.MultiMarginLoss` (which divides by $K$ as well) |
#
# PyTorch's `cross_entropy` takes logits too. Putting a softmax in front of it is one of the most
# common mistakes in the world, and now you know why it trains so slowly: softmax of a softmax is
# nearly uniform.
#
# Your network does not know which pixels are neighbours. Convolutional networks do, and get 99.5 %
# and more on MNIST. And the largest networks of today, which write text, end in the very same
# softmax and learn by the very same cross-entropy, with a class for each piece of a word.
#
# ### Where it comes from
#
# - J. S. Bridle, "Probabilistic interpretation of feedforward classification network outputs, with
#   relationships to statistical pattern recognition", *Neurocomputing* (1990), 227-236: the name
#   softmax.
# - J. Weston and C. Watkins, "Support vector machines for multi-class pattern recognition", *ESANN*
#   (1999), 219-224: the hinge loss (11).
# - N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", *CVPR* (2005),
#   886-893: HoG.
# - L. Fei-Fei and P. Perona, "A Bayesian hierarchical model for learning natural scene categories",
#   *CVPR* (2005), 524-531: bags of visual words.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
#   recognition", *Proceedings of the IEEE* 86 (1998), 2278-2324: MNIST.
