# %% [markdown]
# # Stage 3: What a perceptron cannot do
#
# **Can you keep the circles and the squares apart with one straight line?**
#
# Below are four pictures of four points each. In three of them it takes a second. Look at the
# fourth for as long as you like.
#
# A perceptron *is* a straight line, so what you cannot do, it cannot do. That sounds like a riddle
# for children, and yet it helped to bring research on neural networks to a stop for more than ten
# years. In this notebook you will prove that the fourth picture is hopeless, find two ways out, and
# see what training does when there is nothing to find. The second way out is what every network of
# today is built on.
#
# **About 90 minutes**: 40 for six tasks, 25 for the project, and the rest for the text and its
# questions.

# %%
import numpy as np

from nndata.testing import near, stays, unchanged

# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
import itertools

import matplotlib.pyplot as plt

from nndata import make_rings, make_xor, plots

plots.use_style()

four = {"nrows": 2, "ncols": 2, "figsize": (5.6, 5.8), "layout": "constrained"}


# %% demo folded
def draw_examples(ax, X, y, size=60):
    """Draw class 0 as dark circles and class 1 as light squares."""
    for label in (0, 1):
        look = {"c": plots.COLOURS[label], "marker": plots.MARKERS[label], "edgecolors": "k"}
        ax.scatter(*X[y == label].T, s=size, zorder=3, label=f"class {label}", **look)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def draw_line(ax, w, b, **style):
    """Draw the boundary w · x + b = 0 as far as the axes reach."""
    if np.any(w):
        foot = -b * w / (w @ w)  # the point of the boundary that is closest to the origin
        ax.axline(foot, foot + np.array([-w[1], w[0]]), **{"color": "k", "lw": 1.5, **style})


corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
four_functions = {
    "AND": np.array([0, 0, 0, 1]),
    "OR": np.array([0, 1, 1, 1]),
    "NAND": np.array([1, 1, 1, 0]),
    "XOR": np.array([0, 1, 1, 0]),
}
fig, axes = plt.subplots(**four)
for ax, (name, y) in zip(axes.flat, four_functions.items(), strict=True):
    draw_examples(ax, corners, y, size=140)
    ax.set(title=name, xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1])
    ax.label_outer()
plots.show(
    alt="AND, OR, NAND and XOR as the corners of a square each: squares where the function is 1, "
    "circles where it is 0. A line could separate them in the first three. In XOR equal marks "
    "lie across both diagonals."
)

# %% [markdown]
# ## 1. Four small functions
#
# A **Boolean function** of two inputs takes two bits and gives one. There are four possible inputs,
# so four bits describe it completely: its **truth table**. We always list the inputs in the order
# in which one counts in binary.
#
# | $x_1$ | $x_2$ | AND: both | OR: at least one | NAND: not both | XOR: exactly one |
# |:-:|:-:|:-:|:-:|:-:|:-:|
# | 0 | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 0 | 1 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 | 0 |
#
# XOR is short for "exclusive or". To a perceptron a truth table is a data set with four examples.
# The next cell gives you the perceptron of stage 1, with a loop over one epoch as a function of its
# own, and a helper that writes numbers in binary. (Stage 2 has functions of these names
# for several classes, which take other arguments.)
#
# Your functions in this stage get arrays of floats or of integers (`float64`, `int64`; in one call
# there may be both), at least one row of them, and leave them as they are. "ndarray of int" stands
# for integers of any size, not for `True` and `False` and not for floats. What a function has
# returned stays as it is when it is called again.


# %%
def predict(w, b, X):
    """Predict the class of each row of X: 1 where ``w · x + b >= 0``, else 0."""
    return (X @ w + b >= 0).astype(int)


def update(w, b, x, y):
    """Apply the perceptron's learning rule for one example; return the new w and b."""
    y_hat = int(w @ x + b >= 0)
    error = y - y_hat
    return w + error * x, b + error


def run_epoch(w, b, X, y):
    """Update on each example in turn; return the new w, the new b and the number of mistakes."""
    mistakes = 0
    for x, label in zip(X, y, strict=True):
        error = label - int(w @ x + b >= 0)
        if error:
            w, b = w + error * x, b + error  # what update does
            mistakes += 1
    return w, b, mistakes


def fit(X, y, n_epochs):
    """Train from zeros until an epoch has no mistake; return w, b and the mistakes per epoch."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        w, b, wrong = run_epoch(w, b, X, y)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


def binary_digits(numbers, n_digits):
    """Write each number in binary, in a row of its own: of shape (len(numbers), n_digits)."""
    return (np.asarray(numbers)[:, None] >> np.arange(n_digits)[::-1]) & 1


# %% demo
print("the four inputs, in our order:", binary_digits([0, 1, 2, 3], 2).tolist())

n_epochs = 15
history = {name: fit(corners, y, n_epochs)[2] for name, y in four_functions.items()}
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
plots.plot_history(history, ax=ax, ylabel="mistakes")
ax.set(title="Mistakes of stage 1's fit on the four functions", ylim=(-0.2, 4.4))
plots.show(
    alt="Mistakes in each of 15 epochs. OR comes to 0 in epoch 4, AND and NAND in epoch 6; XOR "
    "has all 4 wrong from epoch 3 on."
)
for name, mistakes in history.items():
    print(f"{name:>4}: {mistakes}")

# %% [markdown]
# AND, OR and NAND come to rest after a few epochs. XOR gets *worse* and stays there: from the third
# epoch on, all four answers of each epoch are wrong.
#
# **Question.** Prove that no perceptron computes XOR. Write down what $w_1$, $w_2$ and $b$ would
# have to satisfy, one line for each row of the truth table.
#
# <details><summary>Hint</summary>
#
# The four conditions are
#
# $$b < 0, \qquad w_2 + b \ge 0, \qquad w_1 + b \ge 0, \qquad w_1 + w_2 + b < 0. \tag{1}$$
#
# What do the second and the third say together?
#
# </details>
#
# <details><summary>Answer</summary>
#
# Add the second and the third condition of (1): $w_1 + w_2 + 2b \ge 0$. Take $b$ away from both
# sides: $w_1 + w_2 + b \ge -b$. By the first condition $-b > 0$, so $w_1 + w_2 + b > 0$. The fourth
# condition says the opposite. There are no such numbers.
#
# In pictures: the midpoint of the two squares is the midpoint of the two circles as well. A line
# with both squares on one side has their midpoint on that side, too; with both circles on the
# other, it has the same point on the other.
#
# </details>

# %% [markdown]
# ## 2. First way out: other features
#
# Change nothing about the perceptron. Change what it looks at. A function $\phi$ that turns an
# example $x$ into new features $\phi(x)$ is a **feature map**; the perceptron is then trained on
# $\phi(x)$ instead of $x$.
#
# ### A ring around a disc
#
# Points on two circles, one inside the other, cannot be separated by a line either. But they differ
# in something that you see at once: the distance from the centre. **Polar coordinates** make it a
# feature:
#
# $$r = \sqrt{x_1^2 + x_2^2}, \qquad \theta = \text{the angle of } (x_1, x_2),
# \quad -\pi < \theta \le \pi. \tag{2}$$
#
# The angle is measured from the positive $x_1$ axis, counter-clockwise, so that
# $x_1 = r \cos \theta$ and $x_2 = r \sin \theta$.
#
# **Question `right_by_arctan`.** The angle of $(-1, -1)$ is $-3\pi/4$. It is *not*
# $\arctan(x_2 / x_1) = \arctan 1 = \pi / 4$. For which of the points with $x_1 \ne 0$ and
# $x_2 \ne 0$ is $\arctan(x_2 / x_1)$ the angle? (Type the letter, in quotes, in place of the dots,
# and run the cell.)
#
# - **a** Only for those with two positive coordinates.
# - **b** For those above the $x_1$ axis.
# - **c** For those to the right of the $x_2$ axis.
# - **d** For all but those with two negative coordinates.

# %% question="right_by_arctan"
answer("right_by_arctan", ...)


# %%
def polar_features(X):
    """Turn points of the plane, in rows, into polar coordinates: the columns are r and θ."""
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])])


# %% demo
X_rings, y_rings = make_rings(200, np.random.default_rng(5), noise=0.12)
_, _, raw_mistakes = fit(X_rings, y_rings, 50)
w, b, mistakes = fit(polar_features(X_rings), y_rings, 500)
print(f"on (x1, x2), the mistakes of the last of 50 epochs: {raw_mistakes[-1]} of 200")
print(f"on (r, θ), training ends after {len(mistakes)} epochs, with {mistakes[-1]} mistakes")

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
draw_examples(left, X_rings, y_rings, size=30)
side = np.linspace(-2.6, 2.6, 201)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
sums = (polar_features(plane) @ w + b).reshape(201, 201)
left.contour(side, side, sums, levels=[0], colors="k", linewidths=1.5)
left.set(title="In the plane: a curve", xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
draw_examples(right, polar_features(X_rings), y_rings, size=30)
draw_line(right, w, b)
right.set(title="In polar coordinates: a line", xlabel="$r$", ylabel="$\\theta$", aspect="auto")
right.set(xlim=(0, 2.6), ylim=(-3.4, 3.4))
fig.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=2)
plots.show(
    alt="Two rings of examples. Left, in the plane, a curve around the inner ring separates them. "
    "Right, with r across and theta up, the rings are two upright bands, and the same "
    "boundary is a straight line between them."
)

# %% [markdown]
# The line on the right and the curve on the left are the same boundary. A straight cut through the
# features is a bent one through the plane. (If it does not close: $\theta$ jumps from $\pi$ to
# $-\pi$ on the negative $x_1$ axis, and a tilted line shows it.)
#
# ### Products
#
# For XOR the helpful feature is a product. With $x_1 x_2$ as a third one, the four corners become
# points in space, and the corner $(1, 1)$ is lifted above the others. Now a plane can pass between:
# with $w = (1, 1, -2)$ and $b = -0.5$ the four sums are
#
# $$-0.5, \quad 1 - 0.5 = 0.5, \quad 1 - 0.5 = 0.5, \quad 1 + 1 - 2 - 0.5 = -0.5. \tag{3}$$
#
# Why stop at one product? All five monomials of degree one and two,
#
# $$\phi(x) = (x_1,\; x_2,\; x_1^2,\; x_1 x_2,\; x_2^2), \tag{4}$$
#
# let the boundary be any circle, ellipse, parabola or hyperbola, for
# $w_1 x_1 + w_2 x_2 + w_3 x_1^2 + w_4 x_1 x_2 + w_5 x_2^2 + b = 0$ is the general equation of those
# curves. Rings and XOR are then the same exercise.
#
# **By hand.** $\phi(3, 2) = (3, 2, 9, 6, 4)$.
#
# ### Task: `quadratic_features`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# You have $m$ points in the rows of `X`. How many rows does the result have, and how many columns?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Take the two columns of `X` and give them names. `*` multiplies them entry by entry, for all the
# points at once; then put five columns side by side, in the order of formula (4).
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `np.column_stack` makes columns of a list of arrays: `np.column_stack([x1, x2, ___])`.
#
# </details>


# %% task="quadratic_features"
def quadratic_features(X):
    """Compute all monomials of degree one and two, formula (4).

    Parameters
    ----------
    X : ndarray of shape (m, 2)
        The points, in rows. Not changed.

    Returns
    -------
    ndarray of shape (m, 5)
        In each row x1, x2, x1², x1·x2 and x2² of a point, in this order.
    """
    ### BEGIN SOLUTION
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x1 * x2, x2**2])
    ### END SOLUTION


# %% tests="quadratic_features"
points = np.array([[3.0, 2.0], [-1.1, 0.3]])
features = quadratic_features(points)
assert near(features, [[3, 2, 9, 6, 4], [-1.1, 0.3, 1.21, -0.33, 0.09]]), (
    f"the monomials of (3, 2) and (-1.1, 0.3), in the order of (4) and in two rows: not {features}"
)
assert unchanged(quadratic_features, points), "the points that are given should stay as they are"
assert stays(quadratic_features, (points,), (-points,)), "the next call changed an earlier result"
features = quadratic_features(np.array([[0, -20]]))
assert near(features, [[0, -20, 0, 0, 400]]), f"one point, of integers: a row of 5, not {features}"
rng = np.random.default_rng(1)
for m in (5, 40):
    X = rng.integers(-40, 41, size=(2, m)).T / 8
    features = quadratic_features(X)
    assert np.shape(features) == (m, 5), f"({m}, 5), not {np.shape(features)}"
    assert near(features[:, :2], X), "the first two features are the coordinates themselves"
    assert near(features @ [0, 0, 1, 2, 1], X.sum(axis=1) ** 2), "x1² + 2 x1 x2 + x2² = (x1 + x2)²"

# %% demo folded
fig = plt.figure(figsize=(7.4, 3.1), layout="constrained")
space = fig.add_subplot(1, 3, 1, projection="3d")
side = np.linspace(-0.2, 1.2, 2)
floor = np.stack(np.meshgrid(side, side))
space.plot_surface(*floor, (floor[0] + floor[1] - 0.5) / 2, color="0.6", alpha=0.4)
for (x1, x2), label in zip(corners, four_functions["XOR"], strict=True):
    look = {"c": plots.COLOURS[label], "marker": plots.MARKERS[label], "edgecolors": "k"}
    space.scatter(x1, x2, x1 * x2, s=90, depthshade=False, **look)
    space.plot([x1, x1], [x2, x2], [0, x1 * x2], "k:", lw=1.5)
space.set(title="XOR, the product\nas height")
space.set_xlabel("$x_1$", labelpad=-8)
space.set_ylabel("$x_2$", labelpad=-8)
space.set(xticks=[0, 1], yticks=[0, 1], zticks=[0, 1])
space.view_init(18, -70)

X_xor, y_xor = make_xor(120, np.random.default_rng(2), noise=0.12)
for position, (X, y, name) in enumerate([(X_xor, y_xor, "XOR"), (X_rings, y_rings, "Rings")], 2):
    w, b, mistakes = fit(quadratic_features(X), y, 2000)
    ax = fig.add_subplot(1, 3, position)

    def predict_curved(points, w=w, b=b):
        return predict(w, b, quadratic_features(points))

    plots.plot_decision_boundary(predict_curved, X, y, ax=ax)
    ax.set(title=f"{name}: {mistakes[-1]} mistakes\nin epoch {len(mistakes)}", aspect="equal")
    ax.get_legend().remove()
plots.show(
    alt="Left: XOR in space with the product of the inputs as height, which lifts the corner (1, "
    "1), so that a tilted plane separates circles from squares. Middle and right: with "
    "quadratic features, curved boundaries separate four noisy clouds and the two rings "
    "without a mistake."
)

# %% [markdown]
# If products help, why not take all the monomials up to degree 10 and be done with it?
#
# **Question `n_monomials`.** Let an example have $n$ features instead of two. How many monomials of
# degree one and two are there? (Run the cell below: it shows your $n$. Then type the number in
# place of the dots.)

# %% question="n_monomials"
answer("n_monomials", ...)

# %% [markdown]
# Two features have 65 monomials up to degree 10, no problem. The 784 pixels of an image have
# 308,504 of degree one and two already, and more than $10^{22}$ up to degree 10. You have to know
# which ones to take, and to know that, you have to know the answer. It would be better to *learn*
# the features, too. Section 5 is on its way to that.
#
# ## 3. Which of the sixteen?
#
# XOR needs more than a line. Is that rare? Four bits in a truth table make $2^4 = 16$ Boolean
# functions of two inputs. We number them: read the table from top to bottom as a number in binary.
# AND is $0001$, number 1; OR is $0111$, number 7; NAND is $1110$, number 14; XOR is $0110$, number
# 6. With $n$ inputs a table has $2^n$ rows, so there are $2^{2^n}$ functions.
#
# Which of them can a perceptron compute? You could go through the sixteen with pencil and paper.
# Let `fit` do it, and it will do the 256 functions of three inputs as well.
#
# **By hand.** One input: the rows are $x = 0$ and $x = 1$, and there are four functions, numbers 0
# to 3.
#
# | number | table | function | a perceptron that computes it |
# |:-:|:-:|:--|:--|
# | 0 | 0 0 | never | $w = 0,\ b = -1$ |
# | 1 | 0 1 | the input itself | $w = 1,\ b = -1$ |
# | 2 | 1 0 | NOT | $w = -1,\ b = 0$ |
# | 3 | 1 1 | always | $w = 0,\ b = 0$ |
#
# **Question `table_number`.** A perceptron with two inputs has the weights $w = (w_1, w_2)$ and the
# bias $b$ that the cell below shows. What is the number of the function that it computes?

# %% question="table_number"
answer("table_number", ...)

# %% [markdown]
# ### Task: `learnable_boolean_functions`
#
# *Difficulty 2 of 3, about 8 minutes.*
#
# A function counts as learnable when training from zeros reaches an epoch without a mistake. With
# up to three inputs that takes at most 12 epochs, if it happens at all; be generous and allow 25
# (more would find the same).
#
# <details><summary>Hint 1</summary>
#
# With two inputs, what are the four rows of `X`, and what are the sixteen candidates for `y`? Both
# lists are numbers in binary: which numbers, and with how many digits?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Make `X` once. Then go through all the tables; train on each, and keep those for which the last
# epoch of training had no mistake. At the end make an array of what you kept.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `binary_digits(range(2**n_inputs), n_inputs)` are the inputs. With `n_rows` of those, the tables
# are `binary_digits(range(___), n_rows)`.
#
# </details>


# %% task="learnable_boolean_functions"
def learnable_boolean_functions(n_inputs):
    """Find the truth tables that a perceptron learns, by trying them all.

    Parameters
    ----------
    n_inputs : int
        The number of inputs: 1, 2 or 3.

    Returns
    -------
    ndarray of int, shape (k, 2**n_inputs)
        The truth tables of the k functions that can be learnt, in ascending order of their
        numbers.
    """
    ### BEGIN SOLUTION
    n_rows = 2**n_inputs
    X = binary_digits(range(n_rows), n_inputs)
    learnt = []
    for y in binary_digits(range(2**n_rows), n_rows):
        _, _, mistakes = fit(X, y, 25)
        if mistakes[-1] == 0:
            learnt.append(y)
    return np.array(learnt)
    ### END SOLUTION


# %% tests="learnable_boolean_functions"
found = learnable_boolean_functions(1)
assert near(found, [[0, 0], [0, 1], [1, 0], [1, 1]]), (
    f"with one input all four tables can be learnt, in ascending order: not {found}"
)
for n_inputs, number in ((1, 4), (2, 14), (3, 104)):
    found = learnable_boolean_functions(n_inputs)
    assert found.dtype.kind in "iu", f"tables are integers, not {found.dtype}"
    assert found.shape == (number, 2**n_inputs), f"{number} tables, but the shape {found.shape}"
    tables = found.tolist()
    assert sorted(tables) == tables, "the tables should be in ascending order"
    assert sorted((1 - found).tolist()) == tables, "the opposite of a table can be learnt as well"
    halves = found.reshape(-1, 2, 2 ** (n_inputs - 1))  # of each table: x1 = 0, then x1 = 1
    swapped = halves[:, ::-1].reshape(found.shape).tolist()
    assert sorted(swapped) == tables, "a table whose halves change places can be learnt as well"
assert stays(learnable_boolean_functions, (2,), (1,)), "the next call changed an earlier result"
assert [0, 1, 1, 0] not in learnable_boolean_functions(2).tolist(), "XOR cannot be learnt"
assert [0, 0, 1, 1, 1, 1, 0, 0] not in tables, "XOR of two of three inputs cannot be learnt either"
assert [0, 0, 0, 1, 0, 1, 1, 1] in tables, "whether most of three inputs are 1 can be learnt"

# %% demo folded
learnt = learnable_boolean_functions(2)
numbers = (learnt @ [8, 4, 2, 1]).tolist()
fig, axes = plt.subplots(4, 4, figsize=(6.4, 6.6), layout="constrained")
for number, ax in enumerate(axes.flat):
    y = binary_digits([number], 4)[0]
    draw_examples(ax, corners, y, size=45)
    if number in numbers:
        draw_line(ax, *fit(corners, y, 100)[:2])
    else:
        ax.set_facecolor("0.82")
    ax.set(title=f"{number}: {''.join(map(str, y))}", xlabel="", ylabel="")
    ax.set(xlim=(-0.7, 1.7), ylim=(-0.7, 1.7), xticks=[], yticks=[])
fig.suptitle(f"{len(numbers)} of the 16 functions of two inputs can be learnt (grey: not)")
plots.show(
    alt="All 16 Boolean functions of two inputs as corners of a square, with a line wherever one "
    "is needed and can be learnt. Two of them are grey and have none: number 6, which is XOR, "
    "and number 9, its opposite."
)
for n_inputs in (1, 2, 3):
    share = len(learnable_boolean_functions(n_inputs)), 2**2**n_inputs
    print(f"inputs: {n_inputs}; learnt: {share[0]} of {share[1]} functions")

# %% [markdown]
# (For the functions "never" and "always" the line may run outside the picture, or there is none.)
#
# **Question.** Which two are missing, and why is it no accident that there are two?
#
# <details><summary>Answer</summary>
#
# Number 6, XOR, and number 9, its opposite: "both inputs are equal". If a perceptron computed one
# of them, turning the signs of $w$ and $b$ around would give the other (points on the line itself
# need a small push first), so they are possible or impossible together.
#
# </details>
#
# So XOR is bad luck with two inputs, one of a pair among sixteen. With three inputs fewer than half
# of the functions can be learnt; with four it is 1,882 of 65,536, or 3 %; with five it is 94,572 of
# some 4.3 billion. Among all the functions of many inputs, those that one perceptron computes are a
# vanishing few.
#
# ### The best that a line can do
#
# If not all four rows of XOR, then how many? The fourteen tables are *all* that lines can do with
# the four corners. So there is no need to search among infinitely many lines: the table that agrees
# with XOR in the most rows is the best. Here it is, along with a picture that goes through all the
# lines anyway.

# %% demo
shares = np.mean(learnable_boolean_functions(2) == four_functions["XOR"], axis=1)
print(f"the best that a line can do on XOR: {shares.max():.0%} of the rows")

angles, offsets = np.linspace(0, 360, 361), np.linspace(-1.2, 1.2, 201)
directions = np.array([np.cos(np.radians(angles)), np.sin(np.radians(angles))])
heights = (corners - 0.5) @ directions  # of each corner, along each direction
guesses = (heights >= offsets[:, None, None]).astype(int)
right_rows = np.sum(guesses == four_functions["XOR"][:, None], axis=1)

# %% demo folded
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
greys = plt.get_cmap("gray", 3)
picture = ax.pcolormesh(angles, offsets, right_rows, cmap=greys, vmin=0.5, vmax=3.5)
fig.colorbar(picture, ticks=[1, 2, 3], label="right rows of 4")
ax.set(title="Every line, and how many rows of XOR it gets right", xticks=range(0, 361, 45))
ax.set(xlabel="direction of $w$ (degrees)", ylabel="distance from the centre")
plots.show(
    alt="A map of all lines by direction and by distance from the centre. Most get 2 of the 4 "
    "rows of XOR right; in four bright regions it is 3, in four dark ones 1, and nowhere 4."
)

# %% [markdown]
# Each point of this picture is a line: which way it faces, and how far it is from the middle of the
# square. There are four bright regions with three rows right, one for each corner that a line can
# cut off, and the same lines the wrong way round are the dark ones. There is no place with four.

# %% [markdown]
# ## 4. Going round in circles
#
# What *does* a perceptron do when there is nothing to find? Here is all of its training on XOR,
# from zeros. A row is an epoch; a cell shows the sum $w \cdot x + b$ when the example has its turn,
# and $w_1, w_2, b$ afterwards.
#
# | epoch | before | (0, 0) → 0 | (0, 1) → 1 | (1, 0) → 1 | (1, 1) → 0 | mistakes |
# |:-:|:-:|:-:|:-:|:-:|:-:|:-:|
# | 1 | 0, 0, 0 | 0 ✗ 0, 0, −1 | −1 ✗ 0, 1, 0 | 0 ✓ 0, 1, 0 | 1 ✗ −1, 0, −1 | 3 |
# | 2 | −1, 0, −1 | −1 ✓ −1, 0, −1 | −1 ✗ −1, 1, 0 | −1 ✗ 0, 1, 1 | 2 ✗ −1, 0, 0 | 3 |
# | 3 | **−1, 0, 0** | 0 ✗ −1, 0, −1 | −1 ✗ −1, 1, 0 | −1 ✗ 0, 1, 1 | 2 ✗ **−1, 0, 0** | 4 |
#
# Epoch 3 ends where it began. An epoch is completely determined by the weights that it starts with:
# the same weights, the same examples in the same order. So epoch 4 will be a copy of epoch 3, and
# epoch 5 a copy of that, and so on forever. No patience will help.
#
# Let $(w, b)_k$ be the weights and the bias after $k$ epochs; $(w, b)_0$ are the zeros. If
#
# $$(w, b)_{s + p} = (w, b)_s \qquad \text{with } p \ge 1, \tag{5}$$
#
# and epochs go on making mistakes, then training runs in a **cycle**: it *starts* after $s$ epochs
# and has the *length* $p$. For XOR, $s = 2$ and $p = 1$. That is a proof, by computer, that
# training will never end.
#
# **Question.** Training also stands still when an epoch has no mistake. How do you tell the two
# apart?
#
# <details><summary>Answer</summary>
#
# By the number of mistakes. Without a mistake there was no update, so of course the weights are the
# same: training has succeeded. In epoch 3 above there were four updates, and their sum is zero.
#
# </details>
#
# ### Task: `find_cycle`
#
# *Difficulty 3 of 3, about 10 minutes.*
#
# Train from zeros, epoch by epoch, and look for the first time that (5) holds. All features here
# are whole numbers, so the weights are whole numbers too, and you may compare them with `==`.
#
# <details><summary>Hint 1</summary>
#
# Training on `x = 0, 1, 2` with labels `0, 1, 0` has the states $(w, b)$ = (0, 0), (−1, −1),
# (−2, 0), (−2, −1), (−2, 0). At which moment do you know? What do you have to remember until then?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Keep a list of all the states so far, the zeros first; the place in the list is then the number of
# epochs. After each epoch there are three cases: no mistake, a state that is in the list already,
# or a new one. And after the loop?
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# A state is easy to compare as a tuple, for instance `(*w.tolist(), ___)`. With tuples,
# `state in seen` and `seen.index(state)` do what you want; with arrays they do not.
#
# </details>


# %% task="find_cycle"
def find_cycle(X, y, max_epochs):
    """Find out whether training from zeros runs in a cycle.

    Parameters
    ----------
    X : ndarray of shape (m, n)
        The examples, whole numbers, used in the order of the rows. Not changed.
    y : ndarray of int, shape (m,)
        Their labels, 0 or 1. Not changed.
    max_epochs : int
        The largest number of epochs that count, at least 1. Of a cycle that is found,
        ``start + length`` is no more than that.

    Returns
    -------
    tuple of two int, or None
        ``(start, length)``, as in formula (5): the first time that the weights and the bias are
        those of an earlier epoch's end (or the zeros at the very beginning), `start` is the number
        of epochs before they came up first, and `length` that of the epochs since. None if an
        epoch without a mistake ends the training, or if nothing has come back after `max_epochs`.
    """
    ### BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w.tolist(), float(b))]
    for n_epochs in range(1, max_epochs + 1):
        w, b, mistakes = run_epoch(w, b, X, y)
        if mistakes == 0:
            return None
        state = (*w.tolist(), float(b))
        if state in seen:
            start = seen.index(state)
            return start, n_epochs - start
        seen.append(state)
    return None
    ### END SOLUTION


# %% tests="find_cycle"
X_bits, XOR, AND = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0], [0, 0, 0, 1]
for X, y, most, expected in (
    (X_bits, XOR, 50, (2, 1)),
    (X_bits, XOR, 3, (2, 1)),
    (X_bits, XOR, 2, None),  # nothing has come back yet
    (X_bits, AND, 50, None),  # a success is no cycle,
    (X_bits, AND, 6, None),  # not even in the last epoch
    (np.array([[0], [1], [2]]), [0, 1, 0], 4, (2, 2)),
    (np.array([[0], [1], [2]]), [0, 1, 0], 3, None),  # 2 + 2 is more than 3
    (np.array([[5], [5]]), [0, 1], 1, (0, 1)),  # back at the zeros
):
    found = find_cycle(X, np.array(y), most)
    if found is not None:
        assert isinstance(found, tuple | list), f"start and length, or None: not {found}"
        assert all(isinstance(one, int | np.integer) for one in found), f"integers, not {found}"
        found = tuple(found)
    assert found == expected, (
        f"X = {X.tolist()}, y = {y}, within {most} epochs: {expected}, not {found}"
    )
rng = np.random.default_rng(4)
for trial in range(20):
    X, y = rng.integers(-2, 4, size=(5, 3)), rng.integers(0, 2, size=5)
    if trial < 5:
        assert unchanged(find_cycle, X, y, 100), "examples and labels should stay as they are"
    found = find_cycle(X, y, 100)
    w, b, wrong, states = np.zeros(3), 0.0, 1, [(0.0, 0.0, 0.0, 0.0)]
    while wrong and len(states) <= (sum(found) if found else 100):
        w, b, wrong = run_epoch(w, b, X, y)
        states.append((*w.tolist(), float(b)))
    if found:
        assert states[-1] == states[found[0]], f"{found} is not a cycle: (5) does not hold"
        assert len(set(states)) == sum(found), f"something comes back earlier than {found} says"
    else:
        assert not wrong or len(set(states)) == len(states), "None, but training runs in a cycle"

# %% demo folded
curves = {
    "$w_1$": {"color": plots.COLOURS[0], "ls": "-"},
    "$w_2$": {"color": plots.COLOURS[5], "ls": "--"},
    "$b$": {"color": "k", "ls": ":"},
}
fig, axes = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True, layout="constrained")
for ax, name in zip(axes, ("AND", "XOR"), strict=True):
    w, b, path = np.zeros(2), 0.0, [(0.0, 0.0, 0.0)]
    for _ in range(7):
        for x, label in zip(corners, four_functions[name], strict=True):
            w, b = update(w, b, x, label)
            path.append((*w, b))
    for values, (label, look) in zip(np.array(path).T, curves.items(), strict=True):
        ax.step(np.arange(len(path)) / 4, values, where="post", label=label, lw=2, **look)
    cycle = find_cycle(corners, four_functions[name], 50)
    if cycle:
        ax.axvspan(cycle[0], 7, color="0.9", zorder=0)
        ax.annotate("the same again,\nforever", (cycle[0] + 1.2, -2.5))
    ax.set(title=f"{name}: find_cycle says {cycle}", xlabel="epochs")
    ax.grid(axis="x", alpha=0.4)
axes[0].set_ylabel("value")
axes[1].legend(loc="lower left")
plots.show(
    alt="Both weights and the bias through seven epochs. On AND they come to rest in the fifth "
    "epoch. On XOR all epochs from the third on are the same."
)

# %% [markdown]
# The weights on the right never leave a small region, and that is no accident: Minsky and Papert
# proved in 1969 that a perceptron's weights stay bounded on *any* finite data set. If the features
# are whole numbers, there are only finitely many weights within the bound, so training either ends
# or runs in a cycle. (The cycles can be long, though.)

# %% [markdown]
# ## 5. Second way out: perceptrons on top of perceptrons
#
# **Question.** Look at the picture below. In what sense is a perceptron on polynomial features a
# network with two layers? Which of its numbers are learnt?

# %% demo folded


def draw_network(ax, columns, title, unused=()):
    """Draw columns of units, each joined to those of the column before it that it uses."""
    places = []
    for x, names in enumerate(columns):
        places.append([(2.2 * x, (len(names) - 1) / 2 - k) for k in range(len(names))])
    for x, (here, there) in enumerate(itertools.pairwise(places)):
        for i, j in itertools.product(range(len(here)), range(len(there))):
            if (columns[x][i], columns[x + 1][j]) not in unused:
                ax.plot(*zip(here[i], there[j], strict=True), color="0.55", lw=1, zorder=1)
    for column, names in zip(places, columns, strict=True):
        for place, name in zip(column, names, strict=True):
            ax.scatter(*place, s=1300, color="white", edgecolors="k", linewidths=1.5, zorder=2)
            ax.text(*place, name, ha="center", va="center", zorder=3)
    ax.set(title=title, xlim=(-0.7, 2.2 * len(columns) - 1.5), ylim=(-2.6, 2.6))
    ax.set_axis_off()


fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.8), layout="constrained")
inputs, monomials = ["$x_1$", "$x_2$"], ["$x_1$", "$x_2$", "$x_1^2$", "$x_1 x_2$", "$x_2^2$"]
unused = {("$x_1$", "$x_2$"), ("$x_1$", "$x_2^2$"), ("$x_2$", "$x_1$"), ("$x_2$", "$x_1^2$")}
draw_network(left, [inputs, monomials, ["$\\hat y$"]], "Polynomial features", unused)
draw_network(right, [inputs, ["$h_1$", "$h_2$"], ["$\\hat y$"]], "Three perceptrons")
plots.show(
    alt="Two networks with two inputs and one output. Left: five units between them, for x1, x2, "
    "their squares and their product, each joined only to the inputs that it uses. Right: two "
    "hidden units, each joined to both inputs."
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the left, a first layer of five units computes the monomials from the inputs, and a second
# layer, a single perceptron, decides. Only the second has weights that are learnt: $5 + 1 = 6$
# numbers. The first was built by hand. On the right the units of the first layer are perceptrons
# themselves, with weights of their own: $2 \cdot 3 + 3 = 9$ numbers. That is where we are going.
#
# </details>
#
# One line is not enough for XOR. Two are: the squares lie *between* two parallel lines. So let two
# perceptrons, $h_1$ and $h_2$, each draw one line, and let a third one look at their answers. The
# two form a **hidden layer**: nobody outside sees what they say. They are neither input nor output.
#
# ### A layer
#
# Let several perceptrons look at the same example. Perceptron $j$ has the weights of row $j$ of a
# matrix $W$ and the bias $b_j$:
#
# $$h_j = \begin{cases} 1 & \text{if } W_{j1} x_1 + \dots + W_{jn} x_n + b_j \ge 0 \\
# 0 & \text{otherwise.} \end{cases} \tag{6}$$
#
# For $m$ examples in the rows of $X$, all the sums are $X W^T + b$: row $i$ belongs to example $i$
# and column $j$ to perceptron $j$. This one line is in every network of the stages to come. Only
# the sign of a sum counts: exactly 0 gives a 1, anything below gives a 0, however close to 0.
#
# **By hand.** Two perceptrons with two inputs: $W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix}$
# and $b = (-2, 1)$.
#
# | $x$ | $x_1 + 2 x_2 - 2$ | $-x_2 + 1$ | $h$ |
# |:-:|:-:|:-:|:-:|
# | $(1, 0)$ | $-1$ | $1$ | $(0, 1)$ |
# | $(0, 1)$ | $0$ | $0$ | $(1, 1)$ |
# | $(1, 3)$ | $5$ | $-2$ | $(1, 0)$ |
#
# ### Task: `perceptron_layer`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# `X` has shape `(m, n)` and `W` has shape `(n_out, n)`. Which of the two has to be transposed so
# that the product has shape `(m, n_out)`?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# All the sums at once are a matrix product and a vector that is added to every row. After that,
# each sum becomes a 0 or a 1, as in `predict`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `Z = X @ ___ + b`, and then a comparison of `Z` whose result is turned into integers.
#
# </details>


# %% task="perceptron_layer"
def perceptron_layer(W, b, X):
    """Compute the answers of several perceptrons to each example, formula (6).

    Parameters
    ----------
    W : ndarray of shape (n_out, n)
        The weights: row j belongs to perceptron j. Not changed.
    b : ndarray of shape (n_out,)
        The biases. Not changed.
    X : ndarray of shape (m, n)
        The examples, in rows. Not changed.

    Returns
    -------
    ndarray of int, shape (m, n_out)
        A 0 or a 1: in row i and column j the answer of perceptron j to example i.
    """
    ### BEGIN SOLUTION
    return (X @ W.T + b >= 0).astype(int)
    ### END SOLUTION


# %% tests="perceptron_layer"
W, b = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([-2.0, 1.0])
X = np.array([[1, 0], [0, 1], [1, 3]])
H = perceptron_layer(W, b, X)
assert near(H, [[0, 1], [1, 1], [1, 0]]), f"by the table, not {H}"
assert H.dtype.kind in "iu", f"the answers should be integers, not {H.dtype}"
H = perceptron_layer(W[:1], b[:1], X[:1])
assert near(H, [[0]]), f"one example and one perceptron: an array of shape (1, 1), not {H}"
H = perceptron_layer(np.array([[1, -1]]), np.array([0]), np.array([[0.25, 0.5]]))
assert near(H, [[0]]), f"whole weights and a fraction as input: the sum is -0.25, a 0, not {H}"
rng = np.random.default_rng(2)
for m, n, n_out in ((30, 5, 3), (6, 4, 6), (5, 5, 5)):
    W, b, X = (rng.integers(-9, 10, size=size) / 4 for size in ((n_out, n), n_out, (m, n)))
    assert unchanged(perceptron_layer, W, b, X), "W, b and X should stay as they are"
    assert stays(perceptron_layer, (W, b, X), (-W, b, X)), "the next call changed a result"
    alone = [predict(W[j], b[j], X) for j in range(n_out)]
    H = perceptron_layer(W, b, X)
    assert near(H, np.transpose(alone)), "column j should be what perceptron j says alone"
    H = perceptron_layer(W / 2**60, b / 2**60, X)
    assert near(H, np.transpose(alone)), "of a sum the sign counts, however small the sum is"

# %% [markdown]
# ### The design challenge
#
# Now choose the numbers. Nothing is trained here: you are the learning algorithm.
#
# **By hand.** Here is another network of this kind, as an example. Let $h_1$ say whether
# $x_1 \ge 0.5$ and $h_2$ whether $x_2 \ge 0.5$, and let the third perceptron be NAND:
# $\hat y = 1$ where $-h_1 - h_2 + 1.5 \ge 0$.
#
# | $x$ | $h$ | $-h_1 - h_2 + 1.5$ | $\hat y$ | XOR |
# |:-:|:-:|:-:|:-:|:-:|
# | (0, 0) | (0, 0) | 1.5 | 1 | 0 |
# | (0, 1) | (0, 1) | 0.5 | 1 | 1 |
# | (1, 0) | (1, 0) | 0.5 | 1 | 1 |
# | (1, 1) | (1, 1) | −0.5 | 0 | 0 |
#
# Close, but the first row is wrong, and no third perceptron can mend that. The hidden answers are
# just the inputs again, so the third perceptron is left with XOR to solve, and we know how that
# ends. The hidden layer must put the examples where *one line is enough*.
#
# ### Task: `xor_network`
#
# *Difficulty 2 of 3, about 8 minutes.*
#
# Build a network of three perceptrons for XOR: two hidden ones that look at $x$, and a third one
# that looks at nothing but their two answers. It must be right at the four corners, and with room
# to spare: also for every point whose coordinates are up to 0.2 away from those of a corner. Return
# the hidden answers too, so that we can look inside.
#
# <details><summary>Hint 1</summary>
#
# "Exactly one" means "at least one, and not both". Which perceptrons do you know for the little
# words in this sentence?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# OR and NAND look at the inputs, AND looks at their answers. Draw the two hidden lines into the
# first picture of this stage, so that each keeps well away from all the corners.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# OR with room to spare: $x_1 + x_2 - 0.5 \ge 0$. The hidden layer is
# `W = np.array([[1.0, 1.0], ___])` and `b = np.array([-0.5, ___])`.
#
# </details>


# %% task="xor_network"
def xor_network(X):
    """Compute XOR with two hidden perceptrons and a third one that looks at their answers.

    Parameters
    ----------
    X : ndarray of shape (m, 2)
        Points of the plane. Not changed.

    Returns
    -------
    H : ndarray of int, shape (m, 2)
        The answers of the two hidden perceptrons, 0 or 1.
    y_hat : ndarray of int, shape (m,)
        The answers of the third: the XOR of the nearest corner, for points whose coordinates are
        up to 0.2 away from those of a corner of the unit square.
    """
    ### BEGIN SOLUTION
    W = np.array([[1.0, 1.0], [-1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    H = perceptron_layer(W, b, X)
    return H, predict(np.array([1.0, 1.0]), -1.5, H)
    ### END SOLUTION


# %% tests="xor_network"
X_bits, XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
result = xor_network(X_bits)
assert isinstance(result, tuple | list), "xor_network should return H and y_hat: `return H, y_hat`"
assert len(result) == 2, f"xor_network should return two things, not {len(result)}"
H, y_hat = result
for answers, name in ((H, "H"), (y_hat, "y_hat")):
    assert answers.dtype.kind in "iu", f"{name} should hold integers, not {answers.dtype}"
assert H.shape == (4, 2), f"four points, two hidden perceptrons: shape (4, 2), not {H.shape}"
assert near(y_hat, XOR), f"XOR is 0, 1, 1, 0, not {y_hat}"
assert len(np.unique(H, axis=0)) < 4, (
    f"the hidden answers {H.tolist()} keep all four corners apart, as the inputs do: one line "
    "cannot do the rest"
)
assert near(xor_network(X_bits[3:])[1], [0]), "a single point has a single answer, of shape (1,)"
rng = np.random.default_rng(6)
rows = rng.integers(0, 4, size=200)
close_by = X_bits[rows] + rng.choice([-0.2, 0.2], size=(200, 2))
assert near(xor_network(close_by)[1], XOR[rows]), "wrong at a point close to a corner"
assert unchanged(xor_network, close_by), "the points that are given should stay as they are"
assert stays(xor_network, (close_by,), (1 - close_by[::-1],)), "the next call changed a result"
p, q = 4 * rng.normal(size=(2, 3000, 2))
(H, y_hat), (H_q, _), (H_middle, _) = xor_network(p), xor_network(q), xor_network((p + q) / 2)
assert np.isin(H, [0, 1]).all(), "the hidden perceptrons should answer 0 or 1"
bent = (H_q == H) & (H_middle != H)
assert not bent.any(), "a perceptron that says the same at two points says it between them, too"
for h in np.unique(H, axis=0):
    said = y_hat[(h == H).all(axis=1)]
    assert said.min() == said.max(), f"the same hidden answers {h}, but different outputs"

# %% demo folded
side = np.linspace(-0.6, 1.6, 221)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
H_plane, y_plane = xor_network(plane)
H_corners, _ = xor_network(corners)
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(7.4, 3.4), layout="constrained")
greys = {"cmap": "gray", "vmin": -1.5, "vmax": 1.0, "shading": "nearest"}
for j, (h, dashes) in enumerate(zip(H_plane.T, ("solid", "dashed"), strict=True), 1):
    left.contour(side, side, h.reshape(221, 221), levels=[0.5], colors="k", linestyles=dashes)
    left.plot([], [], color="k", ls=dashes, label=f"$h_{j}$ changes")
left.set_title("Two lines...")
fig.legend(*left.get_legend_handles_labels(), loc="outside lower left", ncols=2)
middle.pcolormesh(side, side, y_plane.reshape(221, 221), **greys)
middle.set_title("...and what the\nthird makes of them")
for ax in (left, middle):
    draw_examples(ax, corners, four_functions["XOR"], size=120)
    ax.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), xticks=[0, 1], yticks=[0, 1])
draw_examples(right, H_corners, four_functions["XOR"], size=120)
for x, h in zip(corners, H_corners, strict=True):
    above = {(1, 0): 0.24, (0, 1): 0.46}.get(tuple(x.tolist()), -0.24)
    beside = h + np.array([0, above])
    right.annotate(f"({x[0]}, {x[1]})", beside, ha="center", va="center")
# Any perceptron will do that keeps the four points apart, even if they move about a little.
moved = np.random.default_rng(0).uniform(-0.3, 0.3, size=(200, 2)) + np.repeat(
    H_corners, 50, axis=0
)
draw_line(right, *fit(moved, np.repeat(four_functions["XOR"], 50), 200)[:2])
right.set(title="The third's view:\na line", xlabel="$h_1$", ylabel="$h_2$")
right.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), xticks=[0, 1], yticks=[0, 1])
plots.show(
    alt="Left: the corners of XOR and two lines, where h1 and where h2 changes. Middle: the "
    "output is 1 in the region between the lines, where the squares are. Right: with h1 "
    "across and h2 up, both squares lie on one point, and a single line cuts it off from the "
    "circles."
)

# %% [markdown]
# The picture on the right is the point of the whole stage. The hidden layer has *moved* the
# examples: both squares to the same place, and the circles away from it. A hidden layer is a
# feature map, like polar coordinates or products; but it is made of perceptrons, so it has weights,
# and weights could be learnt.
#
# (How? The rule of stage 1 needs the right answer of each perceptron. For a hidden one, nobody says
# what that would be. Stage 5 has the solution, and it took until the 1980s to become known.)
#
# **Question `third_perceptron`.** There are other hidden layers that solve XOR. In one of them
# $h_1$ says 1 at the corner $(1, 0)$ and at no other corner, $h_2$ at $(0, 1)$ and at no other.
# Which third perceptron, looking at $h_1$ and $h_2$, completes the network?
#
# - **a** $w = (1, 1)$ and $b = -2$
# - **b** $w = (1, 1)$ and $b = -1$
# - **c** $w = (1, 1)$ and $b = 0$
# - **d** $w = (1, 1)$ and $b = 1$
# - **e** None: for XOR a single perceptron is not enough.

# %% question="third_perceptron"
answer("third_perceptron", ...)

# %% [markdown]
# **Move the lines yourself.** Each hidden perceptron says 1 on the side of its arrow, and the
# output is the best perceptron that can look at their answers. Turn and shift the two lines until
# all four corners are right, then see how far each may go before one is lost. After that, put the
# lines back to where they began and add a hidden unit: what has changed?

# %% demo
from nndata.moving.xor import lines

lines(perceptron_layer)

# %% [markdown]
# ### More lines, more shapes
#
# Three hidden perceptrons and an AND cut out a triangle: each keeps one side of its line.

# %% demo folded
W_three = np.array([[0.0, 1.0], [1.7, -1.0], [-1.7, -1.0]])
b_three = np.array([1.0, 2.0, 2.0])
side = np.linspace(-3, 3, 301)
plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
H = perceptron_layer(W_three, b_three, plane)
inside = predict(np.ones(3), -2.5, H)
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True, layout="constrained")
picture = left.pcolormesh(side, side, H.sum(axis=1).reshape(301, 301), cmap=plt.get_cmap("gray", 4))
picture.set_clim(-0.5, 3.5)
fig.colorbar(picture, ax=left, ticks=[0, 1, 2, 3], label="how many say 1")
right.pcolormesh(side, side, inside.reshape(301, 301), **greys)
for w, b in zip(W_three, b_three, strict=True):
    draw_line(left, w, b)
    draw_line(right, w, b, ls=":")
left.set(title="Three perceptrons", xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
right.set(title="A fourth: all three", xlabel="$x_1$", aspect="equal")
right.set(xlim=(-3, 3), ylim=(-3, 3))
plots.show(
    alt="Three lines around a triangle. Left: shades for how many of three perceptrons say 1; all "
    "three do inside the triangle only. Right: a fourth perceptron says 1 there and 0 "
    "everywhere else."
)

# %% [markdown]
# **Question `not_by_an_and`.** Take as many hidden perceptrons as you like, and let the output be
# an AND of all of them. Which of these regions can it *not* make?
#
# - **a** A quarter of the plane: all points with $x_1 \ge 0$ and $x_2 \ge 0$.
# - **b** The strip between two parallel lines.
# - **c** A polygon with 17 equal sides and equal angles.
# - **d** A letter L, made of two bars.

# %% question="not_by_an_and"
answer("not_by_an_and", ...)

# %% [markdown]
# With one more layer there is no such limit. For the points in at least one of *two* triangles,
# take six hidden perceptrons and a second hidden layer of two, each an AND of three; the output is
# an OR. Every region can be covered by triangles as closely as you like.
#
# ## 6. Any truth table
#
# A network for XOR was a matter of minutes. There are 65,536 functions of four inputs, and some 4.3
# billion of five. Nobody is going to sit down with each of them, so write a program that designs
# the network.
#
# **Question `hidden_answers`.** A network for functions of $n$ inputs has a hidden layer of $h$
# units. You pass it the inputs of all rows of the truth table in one call of `perceptron_layer`.
# What is the shape of the result? (Type a shape in round brackets, for instance `(60, 10)`.)

# %% question="hidden_answers"
answer("hidden_answers", ...)

# %% [markdown]
# ### Project: `network_for`
#
# *Difficulty 3 of 3, about 25 minutes.*
#
# For **any** truth table, find the weights of a network with one hidden layer that computes it.
# Every unit is a perceptron: it says 1 where its sum is $\ge 0$, and 0 otherwise. The hidden units
# see the $n$ inputs, the output sees nothing but what the hidden units say.
#
# The table lists the answers in our order, in which one counts in binary, so it has $2^n$ entries;
# $n$ is at least 1, and never more than 5 here. All tables count, those with nothing but 0 or
# nothing but 1 included: even their network has a hidden unit, if only an idle one.
#
# **By hand.** The network that was not XOR in section 5 computes NAND, the table 1 1 1 0:
#
# $$W_1 = \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix},\;
# b_1 = \begin{pmatrix} -0.5 \\ -0.5 \end{pmatrix}, \qquad
# W_2 = \begin{pmatrix} -1 & -1 \end{pmatrix},\; b_2 = \begin{pmatrix} 1.5 \end{pmatrix}.$$
#
# How you find the weights is up to you. There are several good ways, with and without training, and
# they differ in how many hidden units they need. There are four points, one each for:
#
# 1. *Small tables*: all those of one and two inputs, and those with only 0 or only 1. Every row is
#    right, with at most $2^n$ hidden units.
# 2. *Random tables* of three, four and five inputs. Again every row, and at most $2^n$.
# 3. *Rare answers*: tables of three to five inputs in which one of the two answers is rare, in
#    only $q$ of the rows, from one to four. Every row is right, with at most $2q$ hidden units.
# 4. *Thrift*: 20 random tables of four inputs with eight 1s. Every row is right, with at most 6
#    hidden units on average.
#
# Begin with a network that is right, and only then make it smaller: the first two points need no
# cleverness about size, and the last needs an idea. Unless all your numbers are whole, let no sum
# be meant to be exactly 0, for rounding may decide otherwise.
#
# <details><summary>Questions to begin with</summary>
#
# The rows of a table with three inputs are the corners of a cube. Which sets of corners can a
# single hidden unit cut off: one corner? Two? Four? If the hidden units tell you all that you need,
# what is left for the output to do? And if you line the corners up along some direction, how often
# does the answer change on the way, and does that depend on the direction?
#
# </details>


# %% task="network_for"
def network_for(table):
    """Design a two-layer network of perceptrons that computes a truth table.

    Parameters
    ----------
    table : ndarray of int, shape (2**n,)
        The answer, 0 or 1, for each row of ``binary_digits(range(2**n), n)``; n from 1 to 5. Not
        changed.

    Returns
    -------
    W1 : ndarray of shape (n_hidden, n)
        The weights of the hidden units; `n_hidden` is at least 1 and at most 2**n.
    b1 : ndarray of shape (n_hidden,)
        Their biases.
    W2 : ndarray of shape (1, n_hidden)
        The weights of the output.
    b2 : ndarray of shape (1,)
        Its bias.
    """
    ### BEGIN SOLUTION
    n = len(table).bit_length() - 1
    X = binary_digits(range(2**n), n)
    # Along a direction the answer changes a few times: a hidden unit for each change is enough.
    rng = np.random.default_rng(0)
    fewest = None
    for _ in range(100):
        w = rng.normal(size=n)
        heights = X @ w
        order = np.argsort(heights)
        heights, answers = heights[order], table[order]
        changes = np.flatnonzero(answers[:-1] != answers[1:])
        if fewest is None or len(changes) < len(fewest[0]):
            fewest = changes, w, heights, answers
    changes, w, heights, answers = fewest
    if len(changes) == 0:  # never or always: the hidden unit is idle
        return np.zeros((1, n)), np.zeros(1), np.zeros((1, 1)), table[:1] - 0.5
    thresholds = (heights[changes] + heights[changes + 1]) / 2
    W1 = np.tile(w, (len(changes), 1))
    # On the way up, each unit that wakes adds what the answer changes by: +1 or -1.
    W2 = (answers[changes + 1] - answers[changes])[None, :]
    b2 = answers[:1] - 0.5
    return W1, -thresholds, W2, b2
    ### END SOLUTION


# %% tests="network_for"
rng = np.random.default_rng(7)
cases = [*binary_digits(range(4), 2), *binary_digits(range(16), 4)]
cases += [np.full(2**n, answer) for n in (3, 5) for answer in (0, 1)]
cases += [rng.integers(0, 2, size=2**n) for n in (3, 4, 5) for _ in range(2)]
rare_cases = [(rng.permutation(32) < rare).astype(int) for rare in (1, 3, 29, 31)]
half_cases = [rng.permutation(np.repeat([0, 1], 8)) for _ in range(20)]


def hidden_units(table):
    """Check the network for a table; return its number of hidden units."""
    n = len(table).bit_length() - 1
    result = network_for(table)
    assert isinstance(result, tuple | list), "network_for should `return W1, b1, W2, b2`"
    assert len(result) == 4, f"network_for should return four arrays, not {len(result)}"
    assert all(isinstance(one, np.ndarray) for one in result), "weights and biases are arrays"
    W1, b1, W2, b2 = result
    k, shapes = b1.size, [one.shape for one in result]
    assert shapes == [(k, n), (k,), (1, k), (1,)], f"n = {n}, {k} units, but the shapes {shapes}"
    assert 1 <= k <= 2**n, f"with {n} inputs, from 1 to {2**n} hidden units, not {k}"
    assert all(np.isfinite(one).all() for one in result), "weights and biases should be finite"
    H = (binary_digits(range(2**n), n) @ W1.T + b1 >= 0).astype(int)
    y_hat = (H @ W2[0] + b2 >= 0).astype(int)
    assert np.array_equal(y_hat, table), f"the table is {table}, but the network says {y_hat}"
    return k


for table in cases:
    hidden_units(table)
for table in rare_cases:
    k, rare = hidden_units(table), min(table.sum(), 32 - table.sum())
    assert k <= 2 * rare, f"one answer is in {rare} of 32 rows: {2 * rare} units, not {k}"
average = np.mean([hidden_units(table) for table in half_cases])
assert average <= 6, f"tables with eight 1s need {average:.2f} units on average; aim for 6"
for table in (*rare_cases[1:3], *half_cases[:2]):
    assert unchanged(network_for, table), "the table that is given should stay as it is"
calls = [(table,) for table in half_cases[:3]]
assert stays(network_for, *calls), "a network changes when others are made"

# %% demo folded
rng = np.random.default_rng(9)
table = rng.permutation(np.repeat([0, 1], 8))
W1, b1, W2, b2 = network_for(table)
X_four = binary_digits(range(16), 4)
H = perceptron_layer(W1, b1, X_four)
y_hat = perceptron_layer(W2, b2, H)[:, 0]
shown = np.argsort(table, kind="stable")  # the rows with a 0 first
fig, (left, right) = plt.subplots(1, 2, figsize=(7.4, 4.4), layout="constrained")
blocks = (X_four, H, y_hat[:, None], table[:, None])
labels = ["$x_1$", "$x_2$", "$x_3$", "$x_4$", *(f"$h_{{{j + 1}}}$" for j in range(len(b1)))]
darker = {"cmap": "gray_r", "vmin": -0.25, "vmax": 1.25, "linewidth": 0.5}
at, places = 0.0, []
for block in blocks:
    for column in block.T:
        cells = column[shown, None]
        left.pcolormesh([at, at + 1], np.arange(17), cells, edgecolors="0.5", **darker)
        places.append(at + 0.5)
        at += 1
    at += 0.6
left.set_xticks(places, [*labels, "$\\hat y$", "table"])
left.set(title=f"{len(b1)} hidden units (dark: 1)", yticks=[], ylim=(16, 0))
left.tick_params(length=0)
left.set_frame_on(False)

tables = [rng.permutation(np.repeat([0, 1], 8)) for _ in range(300)]
sizes = np.array([len(network_for(table)[1]) for table in tables])
right.bar(*np.unique(sizes, return_counts=True), color=plots.COLOURS[0])
right.axvline(sizes.mean(), color="k", label=f"the average, {sizes.mean():.2f}")
right.axvline(6, color="k", ls="--", label="the target, 6")
right.axvline(8, color="k", ls=":", label="a unit for each 1 of the table")
right.set(title="300 tables with eight 1s", xlabel="hidden units", ylabel="tables")
right.set(xticks=range(2, 17, 2), ylim=(0, 190))
right.legend(loc="upper right")
plots.show(
    alt=f"Left: a truth table of 16 rows with its inputs, the answers of {len(b1)} hidden units, "
    "the output and the answer that was asked for. Right: histogram of how many hidden units "
    f"300 tables take; the average is {sizes.mean():.2f}, the target 6."
)

# %% [markdown]
# On the left, read a row from left to right: the inputs, what the hidden units make of them, and
# the answer beside the one that was asked for. The hidden answers are all that the output sees, and
# one perceptron is enough from there.

# %% written="digits_as_a_table" points=2
# **In your own words.** Images of 784 black or white pixels are rows of a truth table, too, and
# `network_for` designs a network for every table. "So reading digits is solved", says a friend.
# "All it takes is a larger $n$." In two or three sentences: why does this not get us anywhere?
#
# ### BEGIN RUBRIC
# - 1 point: the size. The table has $2^{784}$ rows, so it can be neither written down nor gone
#   through, and most tables of that size need an astronomical number of hidden units. One of these
#   is enough; "it would take too long", without saying what there is so much of, is not.
# - 1 point: what is known. We have the answers for a few of the rows only (some 60,000 images), and
#   want a network that is right in rows that nobody has shown to it; so the weights have to be
#   learnt from examples. "It must be trained" alone, without rows whose answers are not known, is
#   not enough.
# ### END RUBRIC

# %% [markdown]
# ## 7. What the threshold is for
#
# A perceptron is a weighted sum with a threshold. What if we leave out the threshold in the hidden
# layer and pass the sums on as they are? Sums are *linear*, and here is what happens to linear
# layers:
#
# $$W_2 (W_1 x + b_1) + b_2 = \underbrace{(W_2 W_1)}_{W}\, x + \underbrace{(W_2 b_1 + b_2)}_{b}.
# \tag{7}$$
#
# The two layers **collapse** into one. Whatever two linear layers do, a single one does as well.
# That one and a third make one again, and so on: a linear network of *any* depth collapses.
#
# **By hand.** From two inputs to two hidden sums to one output:
#
# $$W_1 = \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix},\;
# b_1 = \begin{pmatrix} 1 \\ -1 \end{pmatrix}, \qquad
# W_2 = \begin{pmatrix} 3 & 1 \end{pmatrix},\; b_2 = \begin{pmatrix} 2 \end{pmatrix}.$$
#
# - $W = W_2 W_1 = (3 \cdot 1 + 1 \cdot 0,\;\; 3 \cdot 2 + 1 \cdot 1) = (3,\; 7)$.
# - $b = W_2 b_1 + b_2 = 3 \cdot 1 + 1 \cdot (-1) + 2 = 4$.
#
# Try $x = (1, 1)$: the hidden sums are $(1 + 2 + 1,\; 1 - 1) = (4, 0)$, the output is
# $3 \cdot 4 + 0 + 2 = 14$. And in one go: $3 + 7 + 4 = 14$.
#
# ### Task: `collapse_all`
#
# *Difficulty 2 of 3, about 6 minutes.*
#
# <details><summary>Hint 1</summary>
#
# With one input and one output everywhere: the layers $2x + 1$, then $3x - 1$, then $-x + 5$. What
# do the first two make together? And what does that make with the third?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Start with the first layer as it is. Then take the others one after the other, and each time
# collapse what you have so far with the next one by formula (7). What you have so far plays the
# part of the first layer there; the shapes allow only one order of the product.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# In a loop over `layers[1:]`, with `W_next, b_next` for the next layer, one line is enough:
# `W, b = ___, W_next @ b + b_next`. (`layers.pop()` would change the caller's list.)
#
# </details>


# %% task="collapse_all"
def collapse_all(layers):
    """Turn a linear network of any depth into a single layer that does the same.

    Parameters
    ----------
    layers : list of (W, b)
        At least one pair of float arrays, first layer first; `W` of shape (n_out, n_in), `b` of
        shape (n_out,). Neither the list nor an array in it is changed.

    Returns
    -------
    W : ndarray of float, shape (outputs of the last layer, inputs of the first)
    b : ndarray of float, shape (outputs of the last layer,)
        Of a single layer, W and b may be the very arrays that were given.
    """
    ### BEGIN SOLUTION
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b
    ### END SOLUTION


# %% tests="collapse_all"
first = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, -1.0])
second = np.array([[3.0, 1.0]]), np.array([2.0])
result = collapse_all([first, second])
assert isinstance(result, tuple | list), "collapse_all should return W and b: `return W, b`"
assert len(result) == 2, f"collapse_all should return two things, not {len(result)}"
assert near(result[0], [[3, 7]]), f"in the worked example W is [[3, 7]], not {result[0]}"
assert near(result[1], [4]), f"in the worked example b is [4], not {result[1]}"
rng = np.random.default_rng(5)


def draw(shape):
    """Draw multiples of one half, from -2 to 2."""
    return rng.integers(-4, 5, size=shape) / 2


for sizes in ((2, 3), (4, 2, 3), (3, 5, 4, 2), (3, 3, 3, 3), (2, 5, 1, 4, 3, 6)):
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    layers = [(draw(shape), draw(shape[0])) for shape in shapes]
    assert unchanged(collapse_all, layers), "the list and the arrays should stay as they are"
    opposite = [(-W, -b) for W, b in layers]
    assert stays(collapse_all, (layers,), (opposite,)), "the next call changed an earlier result"
    X = A = draw((9, sizes[0]))
    for W, b in layers:
        A = A @ W.T + b
    W, b = collapse_all(layers)
    shapes, wanted = (np.shape(W), np.shape(b)), ((sizes[-1], sizes[0]), (sizes[-1],))
    assert shapes == wanted, f"for sizes {sizes} the shapes are {wanted}, not {shapes}"
    assert near(X @ W.T + b, A), f"sizes {sizes}: one layer should do what all of them do"

# %% demo folded
rng = np.random.default_rng(8)
side = np.linspace(-1, 1, 9)
points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
layers = [
    (np.array([[1.0, 0.6], [-0.3, 0.9]]), np.array([0.3, 0.0])),
    (np.array([[0.5, -0.8], [0.9, 0.4]]), np.array([0.0, -0.4])),
    (np.array([[1.2, 0.2], [0.5, -0.9]]), np.array([-0.3, 0.2])),
]
fig, axes = plt.subplots(2, 4, figsize=(7.4, 4.8), sharex=True, sharey=True, layout="constrained")
W_all, b_all = collapse_all(layers)
for row, bent in zip(axes, (False, True), strict=True):
    Z = points
    for depth, ax in enumerate(row):
        grid = Z.reshape(9, 9, 2)
        ax.plot(*np.moveaxis(grid, 2, 0), color=plots.COLOURS[0], lw=1)
        ax.plot(*np.moveaxis(grid.swapaxes(0, 1), 2, 0), color=plots.COLOURS[1], lw=1, ls="--")
        ax.set(title="input" if depth == 0 else f"after layer {depth}", aspect="equal")
        if depth < len(layers):
            W, b = layers[depth]
            Z = Z @ W.T + b
            Z = np.maximum(Z, -0.3) if bent else Z
    row[0].set_ylabel("with a bend\nin each layer" if bent else "linear layers")
axes[0, -1].scatter(*(points @ W_all.T + b_all).T, marker="x", c="k", s=18, zorder=3)
axes[0, -1].set_xlabel("crosses:\nthe single layer")
plots.show(
    alt="A square grid after one, two and three layers. Above, linear layers tilt, stretch and "
    "shear it, and crosses show that a single layer puts every point in the same place. "
    "Below, each layer also clips, and the grid ends as a small bent shape."
)

# %% [markdown]
# Three linear layers tilt, stretch and shear the grid, and a single one does the same (the
# crosses). Straight lines stay straight and parallel lines parallel, however many layers there are.
# In the lower row every layer also clips its sums from below, a bend as simple as can be, and now
# each layer can do something that the layers before it could not.
#
# **Question `collapsed`.** A friend proposes a network with $n$ inputs, 50 linear layers of $h$
# units each, a last layer of $k$ sums, and a threshold at the very end. How many numbers, weights
# and biases, does a single layer of perceptrons need to do the same?

# %% question="collapsed"
answer("collapsed", ...)

# %% [markdown]
# What makes a network more than a perceptron is not the layers, but something between them that is
# *not* linear. (Deep linear networks are not useless: with a narrow layer of 10 units
# between 1,000 and 1,000, the matrix $W_2 W_1$ needs 20,000 numbers and not a million.)
#
# ## 8. The book, and the winter
#
# In 1969 Marvin Minsky and Seymour Papert of MIT published *Perceptrons: An Introduction to
# Computational Geometry*. It is a book of theorems. Some are far deeper than XOR: a perceptron
# whose features each look at a small part of an image cannot tell whether a figure is connected, or
# whether the number of its dots is odd (for two dots, that is XOR). The authors knew that networks
# with a hidden layer can compute XOR, as you did above. But nobody knew how to train those, and
# they wrote that in their judgement the extension to several layers would be sterile.
#
# Rosenblatt died in 1971, in a boating accident on his 43rd birthday. Money and students went to
# other kinds of artificial intelligence, and when the promises of those were not kept either, to
# other subjects altogether. How much the book was to blame is still argued about; the years that
# followed are called the first **AI winter**. It ended for neural networks in the 1980s, when
# backpropagation, the subject of stage 5, became widely known as a way to train hidden layers.
# There was to be a second winter, and then came fast computers, large data sets, and the present.
#
# **Question.** What was right about the book, and what was wrong about how it was read?
#
# <details><summary>Answer</summary>
#
# The theorems were right, and still are: you have checked the smallest of them in three ways, by
# algebra (1), by trying all the functions and by the cycle (5). What went wrong is the step from
# "one layer cannot" to "neural networks cannot". A limit of one model was taken for a limit of the
# idea.
#
# </details>
#
# ### For the curious: eighty years on a page
#
# The second winter began in 1987, and not with neural networks. In the 1980s companies had bought
# **expert systems**, thousands of rules written down by hand, and Lisp machines, special computers
# to run them. The rules were costly to maintain and helpless outside their field, cheaper
# workstations caught up, and the market for Lisp machines collapsed; large programmes in the USA
# and Japan ended without what they had promised. Networks shared the frost: data sets and computers
# were small, and support vector machines did as well with less trouble. Both winters have ragged
# edges. This one lasted until 1993, some say until 2000, and the historian Thomas Haigh finds that
# the first never happened.

# %% demo
events = [  # year, what happened, and where to read it
    (1943, "McCulloch, Pitts: neurons do logic", "Bulletin of Mathematical Biophysics 5"),
    (1949, "Hebb: what is used grows stronger", "The Organization of Behavior, Wiley"),
    (1958, "Rosenblatt: the perceptron", "Psychological Review 65"),
    (1960, "Widrow, Hoff: least squares, on-line", "IRE WESCON Convention Record 4"),
    (1969, "Minsky, Papert: Perceptrons", "MIT Press"),
    (1973, "Lighthill's report: Britain stops paying", "Science Research Council"),
    (1974, "Werbos: backpropagation, in a thesis", "Beyond Regression, Harvard University"),
    (1980, "Fukushima: the neocognitron", "Biological Cybernetics 36"),
    (1982, "Hopfield: networks that remember", "PNAS 79"),
    (1986, "Rumelhart, Hinton, Williams: backprop", "Nature 323"),
    (1987, "The market for Lisp machines collapses", "Haigh, Communications of the ACM 67"),
    (1989, "LeCun and others: reading postcodes", "Neural Computation 1"),
    (1995, "Cortes, Vapnik: support vectors", "Machine Learning 20"),
    (1997, "Hochreiter, Schmidhuber: LSTM", "Neural Computation 9"),
    (1998, "LeCun and others: MNIST", "Proceedings of the IEEE 86"),
    (2006, "Hinton, Osindero, Teh: deep belief nets", "Neural Computation 18"),
    (2009, "Deng and others: ImageNet", "CVPR"),
    (2012, "Krizhevsky and others: AlexNet", "Advances in NIPS 25"),
    (2016, "Silver and others: AlphaGo", "Nature 529"),
    (2017, "Vaswani and others: the transformer", "Advances in NIPS 30"),
    (2022, "ChatGPT", "OpenAI, 30 November"),
    (2024, "Nobel prize: Hopfield, Hinton", "nobelprize.org, physics"),
]
winters = [(1974, 1980), (1987, 1993)]
in_winter = [
    [(year, what) for year, what, _ in events if first <= year < last] for first, last in winters
]
for (first, last), cold in zip(winters, in_winter, strict=True):
    print(f"{first} to {last}:", *(f"{year} {what}" for year, what in cold), sep="\n    ")

# %% demo folded
fig, ax = plt.subplots(figsize=(5.4, 7.6), layout="constrained")
first_year, last_year = events[0][0], events[-1][0]
slots = np.linspace(first_year, last_year, len(events))  # of the labels, so that none overlap
for number, (first, last) in enumerate(winters, 1):
    ax.fill_between([0, 1], first, last, color=plots.COLOURS[4], alpha=0.45, lw=0)
    ax.annotate(f"winter {number}", (0.5, (first + last) / 2), ha="center", va="center", size=10)
for (year, what, _), slot in zip(events, slots, strict=True):
    ax.plot([1, 1.25, 1.7], [year, year, slot], color="0.6", lw=1)
    ax.plot(1, year, "o", color=plots.COLOURS[0], ms=5, zorder=3)
    ax.annotate(f"{year}  {what}", (1.78, slot), va="center", size=11)
ax.plot([1, 1], [first_year, last_year], color="k", lw=1.5)
ax.set(xlim=(0, 7), ylim=(last_year + 2, first_year - 2), xticks=[], yticks=range(1950, 2021, 10))
ax.spines[["left", "bottom"]].set_visible(False)
ax.tick_params(length=0)
ax.set_title("Neural networks, and two winters")
cold = [f"{year}, {what}" for one in in_winter for year, what in one]
plots.show(
    alt=f"A timeline from {first_year} to {last_year} with the {len(events)} events of the list. "
    + "The winters, "
    + " and ".join(f"{first} to {last}" for first, last in winters)
    + f", are blue bands. In them lie: {'; '.join(cold)}."
)

# %% [markdown]
# **Question.** Which events lie in the blue bands? What does that say about winters?
#
# <details><summary>Answer</summary>
#
# In the first, backpropagation was written down in a thesis that hardly anybody read; in the
# second, a network read handwritten postcodes. Both times the money had gone because promises ran
# ahead of the machines. The ideas were not wrong, they were early: what they lacked was data, and
# computers on which to try them.
#
# </details>

# %% [markdown]
# ## Summary
#
# - No line separates XOR, and the best that one does is three of four. Of the 16 functions of two
#   inputs a perceptron computes 14; of those of many inputs, a vanishing share.
# - A feature map can make data separable: polar coordinates (2) for rings, products (4) for XOR and
#   for every curve of the second degree. A straight cut through the features is a bent one through
#   the plane.
# - On data that no line separates training never ends. With whole numbers it runs in a cycle, and
#   finding the cycle (5) proves that waiting is in vain.
# - A hidden layer is a feature map made of perceptrons: OR and NAND, and an AND on top, are XOR.
#   With enough hidden units, two layers compute every truth table.
# - Linear layers collapse into one (7). It is the bend between the layers that counts.
#
# ### What comes next
#
# **Stage 4** builds networks of any width and depth, with bends of several kinds in place of the
# hard threshold, and asks what they can compute. (Nearly everything.) How the hidden weights are
# *learnt* is the story of stages 5 and 6.
#
# ### Where it comes from
#
# - M. Minsky and S. Papert, *Perceptrons: An Introduction to Computational Geometry*, MIT Press
#   (1969; expanded edition 1988).
# - T. Haigh, "How the AI boom went bust", *Communications of the ACM* 67 (2) (2024); A. Roland and
#   P. Shiman, *Strategic Computing: DARPA and the Quest for Machine Intelligence, 1983-1993*, MIT
#   Press (2002). The list of events says where to read about the others.
# - H. D. Block and S. A. Levin, "On the boundedness of an iterative procedure for solving a system
#   of linear inequalities", *Proceedings of the American Mathematical Society* 26 (1970), 229-235.
# - The numbers of functions that one perceptron computes are sequence A000609 of the *On-Line
#   Encyclopedia of Integer Sequences*.
