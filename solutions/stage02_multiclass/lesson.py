# %% [markdown]
# # Stage 2: Ten perceptrons
#
# **A perceptron says yes or no. How do you get one of ten answers out of it?**
#
# Stage 1 ended with a detector that tells 2s from everything else. To read a digit we could train
# ten such detectors, one for each digit, and ask them all. But what if three of them say yes? What
# if nobody does?
#
# Let us see how bad it is. The next cells train ten detectors with the code of stage 1 and show
# some test images with the names of those who said yes.
#
# **About 75 minutes**: ten for reading, ten for the questions, half an hour for five short tasks
# and the rest for a project of your own.

# %%
import numpy as np

from nndata.testing import near, stays, unchanged


def fit_one(X, y, n_epochs):
    """Train one perceptron of stage 1 (labels 0 and 1, from zeros) and return w and b."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            error = label - int(w @ x + b >= 0)
            if error:
                w, b = w + error * x, b + error
    return w, b


def accuracy(y_true, y_pred):
    """Compute the share of right answers, as in stage 1."""
    return float(np.mean(y_true == y_pred))


# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
import matplotlib.pyplot as plt

from nndata import load_images, plots, train_val_split

plots.use_style()

DATA = "auto"  # "mnist", "digits", or "auto": MNIST where it is installed, else the small digits

images = load_images(DATA)
rng = np.random.default_rng(0)
some = rng.choice(len(images.X_train), size=min(5000, len(images.X_train)), replace=False)
detectors = [fit_one(images.X_train[some], images.y_train[some] == digit, 3) for digit in range(10)]
W_ten, b_ten = np.stack([w for w, _ in detectors]), np.array([b for _, b in detectors])

says_yes = images.X_test @ W_ten.T + b_ten >= 0  # (m, 10): which detectors fire for each image
names = [" ".join(str(digit) for digit in np.flatnonzero(row)) or "nobody" for row in says_yes]
how_many = says_yes.sum(axis=1)
shown = np.concatenate([np.flatnonzero(how_many == k)[:n] for k, n in ((1, 10), (0, 5), (2, 5))])

# %% demo folded
plots.show_digits(
    images.X_test[shown],
    [names[i] for i in shown],
    n_columns=5,
    image_shape=images.image_shape,
).suptitle("Who says yes?")

counts = np.bincount(how_many, minlength=5)
fig, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
ax.bar(range(len(counts)), counts / counts.sum(), color=plots.COLOURS[0])
ax.set(title="How many of the ten detectors say yes?", xlabel="yes", ylabel="share of test images")
plots.show(
    alt=[
        "Twenty test images, each with the digits whose detectors say yes: one digit for the "
        "first ten, nobody for the next five, two digits for the last five.",
        "Bar chart of how many detectors say yes: exactly one does for "
        f"{np.mean(how_many == 1):.0%} of the test images, none for {np.mean(how_many == 0):.0%}.",
    ]
)
print(f"exactly one says yes: {np.mean(how_many == 1):.1%} of the test images")

# %% [markdown]
# About one image in five gets no answer, or more than one. Yes and no are too coarse: the threshold
# throws away *how sure* each detector was. In this stage you keep what it throws away. You will
#
# - compute all ten weighted sums at once (`scores`),
# - let the largest win (`predict`),
# - train the ten perceptrons *together* (`update`, `fit`),
# - look closely at what they confuse (`confusion_matrix`),
# - and then do better than the rule, on a budget (`fit_on_budget`).
#
# The result is a classifier of ten digits. `predict`, `update` and `fit` have the names that they
# had in stage 1, but here they take one row of weights for each class. As before, **a function
# returns new arrays, and never changes its caller's** nor those that it returned when it was called
# before.

# %% [markdown]
# ## 1. One score per class
#
# Let there be $K$ classes, numbered $0, 1, \dots, K - 1$. Each class $j$ has a perceptron of its
# own, with weights $w_j$ and bias $b_j$. Its weighted sum, *before* any threshold, is the **score**
# of the class:
#
# $$z_j = w_j \cdot x + b_j, \qquad j = 0, \dots, K - 1. \tag{1}$$
#
# Write the weight vectors one below the other, as the rows of a matrix $W$ of shape $(K, n)$, and
# the biases into a vector $b$ of shape $(K,)$. Then all the scores of an example are $z = W x + b$.
# And for $m$ examples, the rows of `X`, they are the rows of
#
# $$Z = X W^T + b, \qquad \text{of shape } (m, K). \tag{2}$$
#
# This form will stay with us to the last stage: **row $j$ of $W$ makes output $j$.**
#
# **By hand.** Three classes, two features:
#
# $$W = \begin{pmatrix} 1 & 0 \\ 0 & 2 \\ -1 & 1 \end{pmatrix}, \qquad b = (0, -1, 1).$$
#
# | $x$ | $z_0$ | $z_1$ | $z_2$ |
# |:--|:--|:--|:--|
# | $(2, 1)$ | $2 + 0 + 0 = 2$ | $0 + 2 - 1 = 1$ | $-2 + 1 + 1 = 0$ |
# | $(0, 3)$ | $0 + 0 + 0 = 0$ | $0 + 6 - 1 = 5$ | $0 + 3 + 1 = 4$ |
# | $(1, 1)$ | $1 + 0 + 0 = 1$ | $0 + 2 - 1 = 1$ | $-1 + 1 + 1 = 1$ |
#
# **Question `numbers_learnt`.** How many numbers, in all, must such a classifier learn for images
# of $h$ by $w$ pixels and $K$ classes? Run the cell below: it shows your $h$, $w$ and $K$. Then
# type the number in place of the dots, and run it again.

# %% question="numbers_learnt"
answer("numbers_learnt", ...)

# %% [markdown]
# ### Task: `scores`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# In the table above, which row of $X$ and which row of $W$ make the entry $z_1$ of the second
# example? What is the shape of $W^T$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# A product of matrices of shapes $(m, n)$ and $(n, K)$ has the shape $(m, K)$. Adding `b` of shape
# `(K,)` adds $b_j$ to all of column $j$: NumPy lines up the *last* axes.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `X @ ___ + ___`
#
# </details>


# %% task="scores"
def scores(W, b, X):
    """Compute the score of every class for every example, formula (2).

    Parameters
    ----------
    W : ndarray of float, shape (K, n)
        Row j holds the weights of class j; K is at least 1. Not changed.
    b : ndarray of float, shape (K,)
        The biases. Not changed.
    X : ndarray of float or int64, shape (m, n)
        The examples, in rows. Not changed.

    Returns
    -------
    ndarray of float, shape (m, K)
        Entry (i, j) is the score of class j for example i.
    """
    ### BEGIN SOLUTION
    return X @ W.T + b
    ### END SOLUTION


# %% tests="scores"
W_three, b_three = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]]), np.array([0.0, -1.0, 1.0])
X_two = np.array([[2, 1], [0, 3]])
Z = scores(W_three, b_three, X_two)
assert isinstance(Z, np.ndarray), "scores should return a NumPy array"
assert Z.shape == (2, 3), f"two examples, three classes: shape (2, 3), not {Z.shape}"
assert near(Z, [[2, 1, 0], [0, 5, 4]]), f"compare with the first two rows of the table:\n{Z}"
Z = scores(W_three / 2, b_three / 2, X_two)
assert near(Z, [[1, 0.5, 0], [0, 2.5, 2]]), f"half of W and b make half of the scores, not\n{Z}"
Z = scores(W_three, b_three / 2, X_two)
assert near(Z, [[2, 1.5, -0.5], [0, 5.5, 3.5]]), f"biases may be fractions where W is whole:\n{Z}"

rng = np.random.default_rng(1)
W, X = rng.integers(-16, 17, size=(4, 12)) / 4, rng.integers(-4000, 4001, size=(5, 12)) / 1024
b = rng.integers(-16, 17, size=4) / 4
assert unchanged(scores, W, b, X), "scores should leave W, b and X as they were"
assert stays(scores, (W, b, X), (W, -b, X)), "the next call changed what scores had returned"
Z = scores(W, b, X)
assert near(scores(W, b, X[2:3]), Z[2:3]), "an example's scores depend on no other example"
assert near(scores(W, b + np.arange(4), X), Z + np.arange(4)), "b[j] belongs to class j"
assert near(scores(W, b, 0 * X), np.tile(b, (5, 1))), "examples of zeros score the biases"
assert near(scores(W, 2**20 * b, 2**20 * X), 2**20 * Z), "large numbers make large scores"
for n in (12, 4):
    one, places = np.roll(np.eye(n), 1, axis=0), np.roll(np.arange(n), 1)
    Z_one = scores(W[:, :n], b, one)
    assert near(Z_one - b, W.T[places]), "with one feature 1, the rest 0: a column of W, plus b"
assert near(scores(np.asfortranarray(W), b, X), Z), "how W lies in memory should not matter"

# %% [markdown]
# **Question `scores_of_some`.** `X` has the shape $(m, n)$, and `W` has $K$ rows. What is the shape
# of `scores(W, b, X[p:q])`? Try to say it without running the code. The answer is a tuple, such as
# `(2, 3)`.

# %% question="scores_of_some"
answer("scores_of_some", ...)

# %% [markdown]
# ### For the curious: ten thousand calls, or one?
#
# Formula (2) says at once what formula (1) says $m K$ times. Is that more than tidy writing? Time
# it. Your `scores` can be called for one image and one class, in two loops; for one image and all
# the classes, in one loop; or once, for everything. The answers are the same but for rounding.

# %% demo
from time import perf_counter

X_timed = images.X_test[:2000]


def one_image_one_class():
    """Compute each score in a call of its own."""
    rows = (X_timed[i : i + 1] for i in range(len(X_timed)))
    return [[scores(W_ten[j : j + 1], b_ten[j : j + 1], x) for j in range(10)] for x in rows]


def one_image():
    """Compute the ten scores of each image in a call of its own."""
    return [scores(W_ten, b_ten, X_timed[i : i + 1]) for i in range(len(X_timed))]


def all_at_once():
    """Compute all the scores in one call."""
    return scores(W_ten, b_ten, X_timed)


slowest = None
for work, n_runs in ((one_image_one_class, 2), (one_image, 10), (all_at_once, 20)):
    runs = []
    for _ in range(n_runs):  # the best one counts: a computer has other things to do, too
        start = perf_counter()
        Z_timed = np.reshape(work(), (-1, 10))
        runs.append(perf_counter() - start)
    slowest = slowest or min(runs)
    print(
        f"{work.__name__:20} {min(runs):9.6f} s: {slowest / min(runs):7,.0f} times as fast", end=""
    )
    print(f", differs by {np.abs(Z_timed - all_at_once()).max():.0e} at the most")

# %% [markdown]
# (If the last two rows take equally long, there is a loop inside your `scores`.)
#
# **Question.** All three multiply the same numbers. Where does the time of the first go?
#
# <details><summary>Answer</summary>
#
# Into the calls. For each, Python looks up names, cuts slices, checks shapes and types and makes an
# array for the result, which takes far longer than the few products that the call is made for. One
# call for everything pays that price once. (Stage 4 takes the `@` itself apart.) A loop remains
# where one step needs the result of the step before, as in `update` after `update`.
#
# </details>
#
# ## 2. The highest score wins
#
# Forget the threshold. The class whose perceptron has the highest weighted sum is the prediction:
#
# $$\hat y = \operatorname{arg\,max}_j z_j. \tag{3}$$
#
# "arg max" is the *place* of the maximum, not the maximum itself. If several classes share the
# highest score, **the lowest of their numbers wins**: that is what `np.argmax` does, and it is our
# rule.
#
# **By hand.** The three examples of the table above are predicted as 0, 1 and, with a tie of all
# three, 0.
#
# There is always exactly one answer now. Even if all the scores are negative, one is the least
# negative.
#
# Each pair of classes is kept apart by a boundary of its own, a hyperplane; together they cut the
# space into one convex region per class.
#
# **Question `meeting_point`.** Take the smallest case: one feature, two classes. The two rows of
# $W$ hold one weight each, $w_0$ and $w_1$, and the biases are $b_0$ and $b_1$. At which $x$ is the
# boundary between the classes?

# %% question="meeting_point"
answer("meeting_point", ...)

# %% [markdown]
# ### Task: `predict`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Picture the scores as a table with a row for each example. You want one answer per row: along
# which axis do you look?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# NumPy has a function for the place of a maximum. Told an axis, it gives one place for each row or
# for each column; among equal maxima it takes the first.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `np.argmax(___, axis=___)`
#
# </details>


# %% task="predict"
def predict(W, b, X):
    """Predict the class with the highest score for each example, formula (3).

    Parameters
    ----------
    W : ndarray of float, shape (K, n)
        Row j holds the weights of class j; K is at least 1. Not changed.
    b : ndarray of float, shape (K,)
        The biases. Not changed.
    X : ndarray of float or int64, shape (m, n)
        The examples, in rows. Not changed.

    Returns
    -------
    ndarray of int, shape (m,)
        A class from 0 to K - 1 for each example; of tied classes, the one with the lowest number.
    """
    ### BEGIN SOLUTION
    return np.argmax(scores(W, b, X), axis=1)
    ### END SOLUTION


# %% tests="predict"
W_three, b_three = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]]), np.array([0.0, -1.0, 1.0])
X_four = np.array([[2, 1], [0, 3], [1, 1], [-3, 0]])
classes = predict(W_three, b_three, X_four)
assert isinstance(classes, np.ndarray), "predict should return a NumPy array"
assert classes.shape == (4,), f"four examples, four answers: shape (4,), not {classes.shape}"
assert classes.dtype.kind in "iu", f"the answers should be integers, not {classes.dtype}"
assert classes.tolist() == [0, 1, 0, 2], f"the answers should be [0, 1, 0, 2]: {classes.tolist()}"
for factor in (0.5, 2.0**-40, 2.0**40):
    classes = predict(factor * W_three, factor * (b_three - 9), X_four)
    assert classes.tolist() == [0, 1, 0, 2], f"all scores less 9, times {factor}: the winners stay"

rng = np.random.default_rng(2)
W, b, X = rng.normal(size=(5, 3)), rng.normal(size=5), rng.normal(size=(8, 3))
assert unchanged(predict, W, b, X), "predict should leave W, b and X as they were"
assert stays(predict, (W, b, X), (-W, b, X)), "the next call changed what predict had returned"
classes = predict(W, b, X)
assert predict(W, b, X[:1]).tolist() == classes[:1].tolist(), "one example gets one answer, too"
for shift in (-1e6, 100, 1e6):
    assert predict(W, b + shift, X).tolist() == classes.tolist(), (
        f"{shift} more for every class should change no winner"
    )
assert predict(W, b + 99 * np.eye(5)[3], X).tolist() == 8 * [3], "a large bias makes its class win"
for n_classes, b_many, winner, why in (
    (300, np.arange(300.0), 299, "the last of 300 classes has the largest bias"),
    (300, np.arange(300.0) % 3, 2, "2, 5, 8 and so on tie: the lowest wins"),
    (2, np.zeros(2), 0, "two classes tie: 0 wins"),
):
    assert predict(np.ones((n_classes, 3)), b_many, 0 * X).tolist() == 8 * [winner], why

# %% demo folded
W_three, b_three = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]]), np.array([0.0, -1.0, 1.0])
points = np.random.default_rng(0).uniform(-4, 4, size=(60, 2))
ax = plots.plot_decision_boundary(
    lambda X: predict(W_three, b_three, X), points, predict(W_three, b_three, points)
)
for j in range(3):
    start = 0.4 * W_three[j] / np.linalg.norm(W_three[j])
    ax.annotate("", start + W_three[j], start, arrowprops={"arrowstyle": "-|>", "lw": 2}, zorder=4)
    ax.annotate(f"$w_{j}$", start + 1.25 * W_three[j], ha="center", va="center", weight="bold")
ax.set_title("Three classes, three perceptrons")
plots.show(
    alt="A plane in three regions that meet in one point, one for each class, with straight "
    "boundaries. Each of the three weight vectors points towards its own region."
)

# %% [markdown]
# **Question `two_classes`.** Now let $K = 2$, with any number of features. Which perceptron of
# stage 1, with its one $w$ and its one $b$, answers as this classifier does, but for ties? Type a
# letter between quotation marks.
#
# - **a** The second row: $w = w_1$, $b = b_1$.
# - **b** The sum of both: $w = w_0 + w_1$, $b = b_0 + b_1$.
# - **c** A difference: $w = w_0 - w_1$, $b = b_0 - b_1$.
# - **d** The other difference: $w = w_1 - w_0$, $b = b_1 - b_0$.
# - **e** None in general: two perceptrons can do more than one.

# %% question="two_classes"
answer("two_classes", ...)

# %% [markdown]
# ## 3. Learning from a mistake, with two parties
#
# An example $x$ of class $y$ comes along, and the prediction is $\hat y$. If it is right, nothing
# happens. If not, two perceptrons are to blame: that of the right class was too quiet, and that of
# the predicted class too loud. So the first does what stage 1 did with a missed example, and the
# second what it did with a false alarm:
#
# $$\text{if } \hat y \ne y: \qquad
# \begin{aligned}
# w_y &\leftarrow w_y + x, & b_y &\leftarrow b_y + 1, \\
# w_{\hat y} &\leftarrow w_{\hat y} - x, & b_{\hat y} &\leftarrow b_{\hat y} - 1.
# \end{aligned} \tag{4}$$
#
# The other classes are left alone. The score of the right class grows by $\lVert x \rVert^2 + 1$,
# that of the wrong one shrinks by the same amount, and so the gap between them closes by
#
# $$2\,(\lVert x \rVert^2 + 1). \tag{5}$$
#
# **By hand.** Take $W$ and $b$ from the table of section 1 and the example $x = (1, 1)$ with
# $y = 2$.
#
# 1. The scores are $(1, 1, 1)$: a tie, so $\hat y = 0$. That is wrong.
# 2. Class 2 is encouraged: $w_2 \leftarrow (-1, 1) + (1, 1) = (0, 2)$ and $b_2 \leftarrow 2$.
# 3. Class 0 is held back: $w_0 \leftarrow (1, 0) - (1, 1) = (0, -1)$ and $b_0 \leftarrow -1$.
# 4. Class 1 stays as it is. The scores are now $(-2, 1, 4)$, and class 2 leads class 0 by
#    $6 = 2 \cdot (2 + 1)$, as (5) says.
#
# **Question `missing_weight`.** With four classes, training started at $W = 0$ and $b = 0$ and has
# made a thousand updates by rule (4). One column of $W$ holds the weights of one feature. Those of
# classes 0, 1 and 2 are the three numbers in $v$; that of class 3 is hidden. What is it?

# %% question="missing_weight"
answer("missing_weight", ...)

# %% [markdown]
# ### Task: `update`
#
# *Difficulty 2 of 3, about 7 minutes.*
#
# As in stage 1, `x` is one example of shape `(n,)`, and the prediction is made once, with `W` and
# `b` as they were given.
#
# <details><summary>Hint 1</summary>
#
# Which rows of $W$ change? What would (4) do to an example that is predicted right, if nobody asked
# whether it was a mistake?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The scores of one example have the shape `(K,)`. Predict first, then work on copies of both
# arrays: `+=` writes into the array that it is given. For a right prediction, what is added and
# what is subtracted cancel (but for rounding), so that you need no `if`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# On a copy of `W`: `W[y] += ___`, and something similar for the other row, and for `b`.
#
# </details>


# %% task="update"
def update(W, b, x, y):
    """Apply the multi-class learning rule, formula (4), for one example.

    Parameters
    ----------
    W : ndarray of float, shape (K, n)
        Row j holds the weights of class j. Not changed: what moves is another array.
    b : ndarray of float, shape (K,)
        The biases. Not changed: what moves is another array.
    x : ndarray of float or int64, shape (n,)
        One example. Not changed.
    y : int
        Its class, from 0 to K - 1; an entry of an array of labels, too (a NumPy integer).

    Returns
    -------
    W : ndarray of float, shape (K, n)
        The weights after the update. If the prediction was right, they are equal to the old ones;
        W itself will do, as will b.
    b : ndarray of float, shape (K,)
        The biases after the update.
    """
    ### BEGIN SOLUTION
    y_hat = np.argmax(W @ x + b)
    W, b = W.copy(), b.copy()
    W[y] += x
    b[y] += 1
    W[y_hat] -= x
    b[y_hat] -= 1
    return W, b
    ### END SOLUTION


# %% tests="update"
W_three, b_three = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]]), np.array([0.0, -1.0, 1.0])
same = unchanged(update, W_three, b_three, np.array([1, 1]), 2)
assert same, "update should leave W, b and x as they were; copy first"
calls = [(W_three + k, b_three, np.array([1, 1]), 2) for k in (0, 1)]
assert stays(update, *calls), "the next call changed what update had returned"
W_new, b_new = update(W_three, b_three, np.array([1, 1]), 2)
assert near(W_new, [[0, -1], [0, 2], [0, 2]]), f"W is not as in the worked example:\n{W_new}"
assert near(b_new, [-1, -1, 2]), f"the worked example ends with b = (-1, -1, 2), not {b_new}"
W_new, b_new = update(W_three, b_three, np.array([1, 1]), 0)
same = near(W_new, [[1, 0], [0, 2], [-1, 1]]) and near(b_new, [0, -1, 1])
assert same, "all classes tie, so 0 is predicted; if that is right, nothing changes"

rng = np.random.default_rng(3)
W_large = 8.0 * rng.integers(-4, 5, size=(5, 5)) + 0.5
for winner in range(5):
    b_low = rng.integers(-9, 10, size=5) / 4 - 2000 + 999 * np.eye(5)[winner]  # b decides
    for W, b, x in (
        (W_large, b_low, np.array([1, -2, 3, 0, 2])),
        (0 * W_large, 1e-9 * np.eye(5)[winner], np.array([0.25, 0, -1.5, 2, 1])),  # just enough
        (W_large, b_low, np.zeros(5)),
    ):
        for label in np.arange(5):  # an entry of an array, as in fit
            W_new, b_new = update(W, b, x, label)
            moved = (np.arange(5) == label) * 1 - (np.arange(5) == winner)
            assert near(b_new, b + moved), f"{label} was taken for {winner}: b moves by {moved}"
            assert near(W_new[moved == 0], W[moved == 0]), "rows of other classes should stay"
            assert near(W_new.sum(axis=0), W.sum(axis=0)), "one row gains what another loses"
            if label != winner:
                assert near(W_new[label], W[label] + x), "the right class should gain x"

# %% [markdown]
# ## 4. The whole training
#
# Nothing else is new. Start with all weights and biases at zero; go through the examples in order,
# epoch after epoch; count the mistakes; stop after an epoch without any.
#
# **By hand.** Three classes, one feature: $x = -2$ is of class 0, $x = 0$ of class 1, $x = 2$ of
# class 2. The columns show the scores $(z_0, z_1, z_2)$ when the example has its turn; $w$ stands
# for the one column of $W$, ✓ for a right prediction and ✗ for a wrong one.
#
# | epoch | $x = -2$, $y = 0$ | $x = 0$, $y = 1$ | $x = 2$, $y = 2$ | $w$, $b$ then | mistakes |
# |:-:|:--|:--|:--|:--|:-:|
# | 1 | $(0, 0, 0)$ ✓ | $(0, 0, 0)$ ✗ | $(-1, 1, 0)$ ✗ | $(0, -2, 2)$, $(-1, 0, 1)$ | 2 |
# | 2 | $(-1, 4, -3)$ ✗ | $(0, -1, 1)$ ✗ | $(-4, 0, 4)$ ✓ | $(-2, 0, 2)$, $(0, 0, 0)$ | 2 |
# | 3 | $(4, 0, -4)$ ✓ | $(0, 0, 0)$ ✗ | $(-5, 1, 4)$ ✓ | $(-2, 0, 2)$, $(-1, 1, 0)$ | 1 |
# | 4 | $(3, 1, -4)$ ✓ | $(-1, 1, 0)$ ✓ | $(-5, 1, 4)$ ✓ | the same | 0 |
#
# Mind the ties: in the first column of epoch 1 all scores are 0, and class 0 wins, rightly as it
# happens.
#
# **Question.** Does this end too, if the classes can be separated?
#
# <details><summary>Answer</summary>
#
# Yes, by the proof of stage 1. Write all the rows of $W$ and $b$ into one long vector $v$. A
# mistake adds to $v$ a vector that has $(x, 1)$ in the place of class $y$, $-(x, 1)$ in that of
# $\hat y$, and zeros elsewhere. The squared length of that is $2\,(\lVert x \rVert^2 + 1)$, and its
# dot product with the old $v$ is $z_y - z_{\hat y} \le 0$, since it was a mistake. A separating
# $v^*$ of length 1 has a positive dot product with it, at least $\gamma = \min (z^*_y - z^*_k)$
# over all examples and all wrong classes $k$. So the number of mistakes is at most
# $2 R^2 / \gamma^2$ with $R^2 = \max (\lVert x \rVert^2 + 1)$. Looking at several classes as one
# long vector is known as Kesler's construction.
#
# </details>
#
# ### Task: `fit`
#
# *Difficulty 2 of 3, about 10 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Put your `fit` of stage 1 beside the table. What has a different shape here? What is predicted
# differently?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Two nested loops, over epochs and over pairs of example and label. Whether it was a mistake is
# decided with the weights before the update. After the inner loop the count goes into the list
# first, and only then comes the question of whether it was 0.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `for x, label in zip(X, y):` and inside it `if np.argmax(___) != label:`
#
# </details>


# %% task="fit"
def fit(X, y, n_classes, n_epochs):
    """Train a multi-class perceptron from zeros, one example after the other.

    Parameters
    ----------
    X : ndarray of float, shape (m, n)
        The examples, used in the order of the rows. Not changed.
    y : ndarray of int, shape (m,)
        Their classes, from 0 to n_classes - 1. Some classes may have no example. Not changed.
    n_classes : int
        The number K of classes, at least 2.
    n_epochs : int
        The largest number of passes over the examples, at least 1.

    Returns
    -------
    W : ndarray of float, shape (n_classes, n)
        The weights after the last update.
    b : ndarray of float, shape (n_classes,)
        The biases after the last update.
    mistakes : list of int (NumPy's will do)
        The number of wrong predictions in each epoch, each counted when its example had its turn.
        Training stops after the first epoch without any, and that 0 is in the list.
    """
    ### BEGIN SOLUTION
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes
    ### END SOLUTION


# %% tests="fit"
X_line, y_line = np.array([[-2.0], [0.0], [2.0]]), np.array([0, 1, 2])
result = fit(X_line, y_line, 3, 2)
assert isinstance(result, tuple | list), "fit should end with `return W, b, mistakes`"
assert len(result) == 3, f"fit should return W, b and mistakes, three things, not {len(result)}"
W_new, b_new, mistakes = result
whole = isinstance(mistakes, list) and np.array(mistakes).dtype.kind in "iu"
assert whole, f"mistakes should be a list of int, not {mistakes!r}"
assert mistakes == [2, 2], f"the table has 2 mistakes in both epochs, not {mistakes}"
assert near(W_new, [[-2], [0], [2]]), f"compare with the table after epoch 2: W =\n{W_new}"
assert near(b_new, [0, 0, 0]), f"after epoch 2 the biases are back at zero, not {b_new}"
assert fit(X_line, y_line, 3, 4)[2] == [2, 2, 1, 0], "four epochs, four numbers of mistakes"
W_new, b_new, mistakes = fit(X_line, y_line, 3, 100)
assert mistakes == [2, 2, 1, 0], f"the table's mistakes are [2, 2, 1, 0], not {mistakes}"
assert near(W_new, [[-2], [0], [2]]), f"the table ends with w = (-2, 0, 2): W =\n{W_new}"
assert near(b_new, [-1, 1, 0]), f"the table ends with b = (-1, 1, 0), not {b_new}"

rng = np.random.default_rng(4)
x = rng.integers(-99_000, 99_001, size=(1, 4)) / 1024  # of class 1, but at first taken for 0
W, b, mistakes = fit(x, np.array([1]), 3, 1)
assert near(W, np.vstack([-x, x, 0 * x])), f"one example, one update: W =\n{W}"
assert near(b, [-1, 1, 0]), f"one example, one update: b = {b}"
assert mistakes == [1], f"one example, one mistake: [1], not {mistakes}"
assert fit(x, np.array([0]), 3, 9)[2] == [0], "from zeros, class 0 is right at once: one epoch"
x = np.array([[1.0], [-1.0], [1.0]]) / 2**24
assert fit(x, np.array([1, 0, 0]), 2, 1)[2] == [3], "a score that is higher by little is higher"
mistakes = fit(np.ones((2, 1)), np.array([0, 1]), 2, 1001)[2]
assert mistakes == [1] + 1000 * [2], "one example with two labels: mistakes in every epoch"
mistakes = fit(np.eye(2)[[1] * 3000 + [0]], np.array([0] * 3000 + [1]), 2, 9)[2]
assert mistakes[0] == 1, f"one mistake of 3,001 is counted: not {mistakes}"
assert len(mistakes) > 1, "one mistake of 3,001 is a mistake: there is another epoch"
X, y = np.array(150 * [[-5.0], [5.0]] + 2 * [[0.0]]), np.array(151 * [0, 1])
mistakes = fit(X, y, 2, 5)[2]
assert mistakes == [3, 2, 2, 2, 2], f"few mistakes are mistakes: [3, 2, 2, 2, 2], not {mistakes}"

X, y = rng.integers(-9, 10, size=(6, 6)) / 4, rng.integers(0, 4, size=6)
assert unchanged(fit, X, y, 5, 4), "fit should leave X and y as they were"
assert stays(fit, (X, y, 5, 4), (-X, y, 5, 4)), "the next call changed what fit had returned"
W, b, mistakes = fit(X, y, 5, 4)
W_row, b_row, in_a_row = fit(np.tile(X, (4, 1)), np.tile(y, 4), 5, 1)
same = near(W, W_row) and near(b, b_row) and [sum(mistakes)] == in_a_row
assert same, "four epochs should end as one epoch over four copies of the data does"

y = np.array([3, 0, 1, 3, 1, 0, 0, 3])  # of five classes; 2 and 4 have no example
X = 4.0 * np.eye(5)[y] + rng.integers(-1, 2, size=(8, 5))
W, b, mistakes = fit(X, y, 5, 200)
assert np.shape(W) == (5, 5), f"five classes, five features: (5, 5), not {np.shape(W)}"
assert np.shape(b) == (5,), f"b should have a number for each of five classes, not {np.shape(b)}"
assert mistakes[-1] == 0, f"training should end with an epoch without mistakes, not {mistakes}"
assert predict(W, b, X).tolist() == y.tolist(), "after that epoch every example should be right"
W_more, _, mistakes_more = fit(X, y, 5, 1000)
assert mistakes_more == mistakes, "more epochs should change nothing after that one"
assert near(W_more, W), "the same data should give the same W, however often you call fit"

# %% demo
rng = np.random.default_rng(5)
corners = np.array([[-3.0, 0.0], [3.0, 0.0], [0.0, 3.5], [0.0, -3.5]])
y_clouds = rng.integers(0, 4, size=80)
X_clouds = corners[y_clouds] + rng.normal(scale=0.7, size=(80, 2))
W, b, mistakes = fit(X_clouds, y_clouds, 4, 100)
ax = plots.plot_decision_boundary(lambda X: predict(W, b, X), X_clouds, y_clouds)
ax.set_title(f"Four classes; mistakes per epoch: {mistakes}")
plots.show(
    alt="Four clouds of examples, each in a region of its own, with straight boundaries between "
    f"them. In the last epoch of training {mistakes[-1]} were wrong."
)

# %% [markdown]
# ## 5. Reading digits
#
# Ten classes, one for each digit; the inputs are 784 pixels (64 for the small digits), and the
# output is a digit. We train on up to 20,000 images, with a validation set put aside to choose the
# number of epochs, and open the test set once, as in stage 1.

# %% demo
rng = np.random.default_rng(1)
m = min(20_000, len(images.X_train))
chosen = rng.choice(len(images.X_train), size=m, replace=False)
X_train, X_val, y_train, y_val = train_val_split(
    images.X_train[chosen], images.y_train[chosen], rng, val_fraction=0.2
)
classifiers = {n_epochs: fit(X_train, y_train, 10, n_epochs) for n_epochs in (1, 2, 3)}
print("epochs   training   validation")
for n_epochs, (W, b, _) in classifiers.items():
    on_train = accuracy(y_train, predict(W, b, X_train))
    on_val = accuracy(y_val, predict(W, b, X_val))
    print(f"{n_epochs:6}   {on_train:8.1%}   {on_val:10.1%}")

best = max(classifiers, key=lambda n: accuracy(y_val, predict(*classifiers[n][:2], X_val)))
W, b, _ = classifiers[best]
guesses = predict(W, b, images.X_test)
print(f"\nchosen: {best} epochs; accuracy on the test set: {accuracy(images.y_test, guesses):.1%}")
print(f"numbers learnt: {W.size + b.size:,}")

alone = accuracy(images.y_test, predict(W_ten, b_ten, images.X_test))
print(f"the ten detectors of the start, each trained alone, highest sum wins: {alone:.1%}")

# %% [markdown]
# On MNIST you should see **around 85 %**, and on the small digits around 92 %, give or take a few
# per cent: a perceptron's last few mistakes can move it a good deal. Chance would be 10 %. For
# comparison, the classic study of MNIST (LeCun, Bottou, Bengio and Haffner, 1998) reports 88 % for
# a linear classifier. So on MNIST this is about as far as straight boundaries go.
#
# Look at the last line, too. The ten detectors of the start, which so often contradicted each
# other, do rather well when the highest sum decides: of the images that they could not agree on, it
# gets more than half right.
#
# ### What the weights look like
#
# Each row of $W$ has one weight per pixel, so it can be shown as an image.

# %% demo
fig, axes = plt.subplots(2, 5, figsize=(7, 3.4), layout="constrained")
limit = np.quantile(np.abs(W), 0.99)
dots = {"color": "w", "edgecolors": "k", "linewidths": 4 / W.shape[1] ** 0.5}
for digit, ax in enumerate(axes.flat):
    template = W[digit].reshape(images.image_shape)
    picture = ax.imshow(template, cmap="RdBu", vmin=-limit, vmax=limit)
    rows, columns = np.nonzero(template < -limit / 20)
    ax.scatter(columns, rows, s=400 / W.shape[1], **dots)
    ax.set(title=f"$w_{digit}$", xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
fig.colorbar(picture, ax=axes, label="red, dotted: against; blue: for", extend="both")
plots.show(
    alt="The weights of the ten perceptrons as images: blue pixels speak for the digit, red "
    "ones, with dots, against it. The template of the 0 has a red hole in the middle; most "
    "others are hard to recognise."
)

# %% [markdown]
# These are **templates**. The score $w_j \cdot x + b_j$ is high where the ink of $x$ meets the
# blue weights of template $j$ and avoids the red ones. In the template of the 0 you can find the
# red hole in the middle; others are harder to recognise.
#
# **Question `template_of_a_digit`.** The average of all 3s looks like a 3. Why does $w_3$ not look
# like it?
#
# - **a** It was trained for a few epochs only: given more of them, it comes to look like the
#   average.
# - **b** It is made of the 3s that were taken for something else, and of what was taken for a 3.
# - **c** It is the average of the 3s minus the average of all other digits.
# - **d** The weights of the start still show through.

# %% question="template_of_a_digit"
answer("template_of_a_digit", ...)

# %% written="two_sevens" points=2
# **In your own words.** Some people write a 7 with a bar, others without. Suppose that somebody has
# gone through the training images and marked each 7 that has a bar. In two or three sentences: why
# is it hard for *one* row of $W$ to do justice to both kinds, and how could you train a classifier
# with a template for each kind, but with `fit` and `predict` just as they are?
#
# ### BEGIN RUBRIC
# - 1 point: one row makes one weighted sum, so that both kinds are measured by the same weights,
#   which can only be a compromise: a positive weight where the bar is counts against 7s without one
#   (they lack its share of the score), a negative one against those with a bar. "It is a mixture"
#   is enough where the answer says what of.
# - 1 point: the marked 7s get a label of their own, 10; `fit` is called with eleven classes; of the
#   predictions, 10 is read as 7. Half a point where the last step is missing. Nothing for two
#   separate classifiers without a word on how their answers become one, or for another model (a
#   hidden layer, say), since `fit` is to stay as it is.
# ### END RUBRIC

# %% [markdown]
# **Watch the templates grow.** An epoch begins, image by image: blue is where ink speaks for a
# digit, red where it speaks against it, and below are the scores of one image that has had no turn
# yet. Go through the first ten images one at a time. Whose templates change, and whose do not? Then
# choose another digit: after how many images does its own bar stay the tallest?

# %% demo
from nndata.moving.templates import epoch

epoch(update, scores, X_train, y_train, images.image_shape)

# %% [markdown]
# ### For the curious: two kinds of 1
#
# Sevens are not the only digit with several **modes**. To find those of a digit, nobody has to mark
# them: **k-means** takes some of the images as centres, puts each image with the nearest centre,
# moves each centre to the mean of its images, and repeats. No digit falls into two kinds as clearly
# as the 1. Change `digit` or `n_kinds` and run the two cells again.


# %% demo
def find_kinds(X, n_kinds, n_steps, rng):
    """Sort images into kinds by k-means: return the mean of each kind, and each image's kind."""
    centres = X[rng.choice(len(X), size=n_kinds, replace=False)]
    for _ in range(n_steps):
        kind = np.argmin(((X[:, None] - centres) ** 2).sum(axis=2), axis=1)  # the nearest centre
        centres = np.stack([X[kind == k].mean(axis=0) for k in range(n_kinds)])
    return centres, kind


digit, n_kinds = 1, 2
X_digit = X_train[y_train == digit][:1000]
centres, kind = find_kinds(X_digit, n_kinds, 10, np.random.default_rng(0))
recognised = predict(W, b, X_digit) == digit

# %% demo folded
portraits = {f"all the {digit}s": (X_digit.mean(axis=0), recognised)}
for k, centre in enumerate(centres):
    portraits[f"kind {k + 1}"] = centre, recognised[kind == k]
n_rows = (n_kinds + 3) // 2
fig, axes = plt.subplots(n_rows, 2, figsize=(5.2, 3.1 * n_rows), layout="constrained")
for ax in axes.flat:
    ax.set(xticks=[], yticks=[], visible=False)
    ax.spines[:].set_visible(True)
for ax, (name, (portrait, right)) in zip(axes.flat, portraits.items(), strict=False):
    ax.imshow(portrait.reshape(images.image_shape), cmap="gray_r")
    ax.set(title=name, xlabel=f"{len(right):,} images,\n{np.mean(right):.1%} recognised")
    ax.set_visible(True)
limit = np.abs(W[digit]).max()
last = axes.flat[-1]
last.imshow(W[digit].reshape(images.image_shape), cmap="RdBu", vmin=-limit, vmax=limit)
rows, columns = np.nonzero(W[digit].reshape(images.image_shape) < -limit / 20)
last.scatter(columns, rows, s=1000 / W.shape[1], **dots)
last.set(title=f"template $w_{digit}$", xlabel="red, dotted: against,\nblue: for", visible=True)
shares = ", ".join(f"{np.mean(right):.1%} of {name}" for name, (_, right) in portraits.items())
plots.show(
    alt=f"The mean image of all the {digit}s, blurred, beside the sharper means of the {n_kinds} "
    f"kinds that k-means finds, and last the one template of the {digit}. It recognises {shares}."
)

# %% [markdown]
# The mean of all the 1s is a blur of the kinds: hardly anybody writes a 1 like that. The one
# template has to recognise both, and the shares below the pictures say how well it does by each. A
# class with several templates would have it easier. That is one way to look at the hidden layer of
# stage 7, where you will see some: a bank of templates, of which each class may use as many as it
# needs.

# %% [markdown]
# ## 6. What is taken for what
#
# An accuracy is one number. It does not say *which* digits are confused. The **confusion matrix**
# $C$ does: entry $(j, k)$ counts the examples of class $j$ that were predicted as class $k$.
#
# $$C_{jk} = \text{number of examples with } y = j \text{ and } \hat y = k. \tag{6}$$
#
# **Rows are the truth, columns the prediction.** (Some books do it the other way round.)
#
# **By hand.** Six examples of three classes:
#
# | $y$ | 0 | 0 | 1 | 2 | 2 | 2 |
# |:--|:-:|:-:|:-:|:-:|:-:|:-:|
# | $\hat y$ | 0 | 1 | 1 | 2 | 0 | 2 |
#
# $$C = \begin{pmatrix} 1 & 1 & 0 \\ 0 & 1 & 0 \\ 1 & 0 & 2 \end{pmatrix}$$
#
# The 1 at the bottom left is the example of class 2 that was taken for a 0.
#
# **Question `share_recognised`.** Another classifier of three classes has another confusion matrix
# $C$; the cell below shows its rows. Which share of the examples of class 1 did it recognise? (A
# number between 0 and 1; two decimals will do.)

# %% question="share_recognised"
answer("share_recognised", ...)

# %% [markdown]
# ### Task: `confusion_matrix`
#
# *Difficulty 1 of 3, about 5 minutes.*
#
# <details><summary>Hint 1</summary>
#
# How would you count the six examples above with a pencil, in an empty table?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Begin with a matrix of integer zeros; each pair of label and prediction adds 1 to one entry. A
# loop will do. (`C[y_true, y_pred] += 1` without one counts repeated pairs only once.)
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `for j, k in zip(y_true, y_pred):` and inside it `C[___, ___] += 1`
#
# </details>


# %% task="confusion_matrix"
def confusion_matrix(y_true, y_pred, n_classes):
    """Count how often each class was predicted as each class, formula (6).

    Parameters
    ----------
    y_true : ndarray of int, shape (m,)
        The true classes, from 0 to n_classes - 1. Not changed.
    y_pred : ndarray of int, shape (m,)
        The predicted classes, from 0 to n_classes - 1. Not changed.
    n_classes : int
        The number of classes; some may occur in neither array.

    Returns
    -------
    ndarray of int, shape (n_classes, n_classes)
        Entry (j, k) is the number of examples of class j that were predicted as class k.
    """
    ### BEGIN SOLUTION
    C = np.zeros((n_classes, n_classes), dtype=int)
    for j, k in zip(y_true, y_pred, strict=True):
        C[j, k] += 1
    return C
    ### END SOLUTION


# %% tests="confusion_matrix"
C = confusion_matrix(np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 2]), 3)
assert isinstance(C, np.ndarray), "confusion_matrix should return a NumPy array"
assert C.shape == (3, 3), f"three classes need a matrix of shape (3, 3), not {C.shape}"
assert C.dtype.kind in "iu", f"counts are integers, not {C.dtype}"
assert C.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]], f"compare with the worked example:\n{C}"

rng = np.random.default_rng(5)
y_true, y_pred = rng.integers(0, 3, size=5000), rng.integers(1, 4, size=5000)
same = unchanged(confusion_matrix, y_true, y_pred, 5)
assert same, "confusion_matrix should leave y_true and y_pred as they were"
calls = (y_true, y_pred, 5), (y_pred, y_true, 5)
assert stays(confusion_matrix, *calls), "the next call changed the matrix of an earlier one"
C = confusion_matrix(y_true, y_pred, 5)  # nobody is in class 4
assert C.shape == (5, 5), f"a class without examples has a row and a column too, not {C.shape}"
assert C.sum() == 5000, f"5,000 examples should be counted, once each, not {C.sum()}"
assert C.sum(axis=1).tolist() == np.bincount(y_true, minlength=5).tolist(), "rows are the truth"
assert np.trace(C) == np.sum(y_true == y_pred), "right answers should be on the diagonal"
C = confusion_matrix(np.array([120, 3]), np.array([7, 107]), 130)
assert (C[120, 7], C[3, 107], C.sum()) == (1, 1, 2), "there may be more than a hundred classes"
C = confusion_matrix(np.ones(70_000, dtype=int), np.zeros(70_000, dtype=int), 2)
assert C.tolist() == [[0, 0], [70_000, 0]], f"70,000 times a 1 was taken for a 0, not\n{C}"

# %% demo
C = confusion_matrix(images.y_test, guesses, 10)
ax = plots.plot_confusion(C)
ax.set_title(f"Test set: {np.trace(C) / C.sum():.1%} on the diagonal")
plots.show(
    alt="Confusion matrix of the test set, a row for each true digit and a column for each "
    f"prediction. On the diagonal are {np.trace(C) / C.sum():.1%} of the images; the mistakes "
    "are spread unevenly beside it."
)

errors = C - np.diag(np.diag(C))
j, k = np.unravel_index(np.argmax(errors), errors.shape)
print(f"the most frequent mistake: {errors[j, k]} times a {j} was taken for a {k}")

# %% [markdown]
# Which digits are hard, and which are taken for each other? Is the matrix symmetric? Now look at
# the mistakes that the classifier was surest about: those in which the wrong class leads the right
# one by the most.

# %% demo folded
Z = scores(W, b, images.X_test)
rows = np.arange(len(Z))
lead = Z[rows, guesses] - Z[rows, images.y_test]
worst = np.argsort(-lead)[:20]
fig = plots.show_digits(
    images.X_test[worst],
    images.y_test[worst],
    guesses[worst],
    n_columns=5,
    image_shape=images.image_shape,
)
fig.suptitle("The surest mistakes")
plots.show(
    alt=f"The {len(worst)} test images in which a wrong class leads the right one by most, each "
    "with its prediction and, in brackets, its label. The first is a "
    f"{images.y_test[worst[0]]} taken for a {guesses[worst[0]]}."
)

# %% [markdown]
# ## 7. On a budget
#
# The weights of the Mark I, Rosenblatt's machine of 1960, were potentiometers, and electric motors
# turned them. To predict took an instant; to *update* took motors. So let us count updates and ask:
# **how good can ten perceptrons be after 300 of them?**
#
# And let some labels be wrong, as they are wherever people label things. `noisy_clouds` draws ten
# clouds of examples, far from zero as pixels are, and replaces three labels in ten by random ones;
# the new examples, on which we measure, have their true labels. `plain_rule` is `fit`, stopped when
# the budget is spent.


# %%
def noisy_clouds(rng):
    """Draw 250 examples with noisy labels, and 500 new ones with true labels; ten classes."""
    centres = rng.normal(scale=2, size=(10, 10)) + 3 * rng.choice([-1, 1], size=10)
    spread = np.exp(rng.normal(size=10))
    y = rng.integers(0, 10, size=750)
    X = centres[y] + spread * rng.normal(size=(750, 10))
    y_noisy = np.where(rng.random(250) < 0.3, rng.integers(0, 10, size=250), y[:250])
    return X[:250], y_noisy, X[250:], y[250:]


def plain_rule(X, y, n_classes, n_updates):
    """Train with rule (4), example after example, until the budget is spent or all is right."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    while True:
        before = spent
        for x, label in zip(X, y, strict=True):
            y_hat = np.argmax(W @ x + b)
            if y_hat != label:
                if spent == n_updates:
                    return W, b
                W[[label, y_hat]] += [x, -x]
                b[[label, y_hat]] += [1, -1]
                spent += 1
        if spent == before:
            return W, b


def traces(W, X):
    """Count the examples whose multiples make up the rows of W, if X has more columns than rows."""
    C = W @ np.linalg.pinv(X, 1e-9)
    C -= np.median(C, axis=1, keepdims=True)  # for features of mean 0; most examples have no trace
    return int(np.sum(np.any(np.abs(C) > 3e-5 * np.abs(C).max(), axis=0)))


# %% demo folded
X_noisy, y_noisy, X_fresh, y_fresh = noisy_clouds(np.random.default_rng(7))
budgets = np.arange(1, 301)
restless = [
    accuracy(y_fresh, predict(*plain_rule(X_noisy, y_noisy, 10, n), X_fresh)) for n in budgets
]
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.plot(budgets, restless, color=plots.COLOURS[0], lw=1)
ax.set(title="The plain rule on noisy clouds", xlabel="updates", ylabel="accuracy on new examples")
ax.set_ylim(0, 1)
plots.show(
    alt="Accuracy on new examples after each of 300 updates. It climbs to about 0.5 within 60 "
    "updates, and then jumps up and down between 0.2 and 0.85 without coming to rest."
)

# %% [markdown]
# The plain rule never comes to rest. Each wrong label throws it off course, and what it returns is
# whatever the last mistake has left behind.
#
# ### Project: `fit_on_budget`
#
# *Difficulty 3 of 3, about 25 minutes.*
#
# Design a training that makes more of the same budget. **How is up to you**, and there are many
# good ways. Some things to wonder about: Were none of the earlier weights any good? Must all
# updates be equally large? In which order do you visit the examples, and how often? Predictions
# cost nothing: what can they tell you? And what do *wrong* labels look like to your idea?
#
# The rules:
#
# - An **update** adds a multiple of one example to one or more rows of $W$ and moves their biases.
#   There are `n_updates` of them at most, in all that you train together. All else is free:
#   looking, predicting, copying weights, adding weights up. (You may standardise the features
#   first, to mean 0 and standard deviation 1, if the weights that you return are for the features
#   as they were. Some pixels never vary.)
# - Nothing is changed but your own arrays; all randomness comes from `rng` itself, not from a copy
#   (what is the same in every call, such as a fixed order or a seed of your own, is not random);
#   and your function ends, even where nothing is left to learn, or never was.
#
# What it is worth:
#
# - **1 point: the budget is kept.** Nobody watches your function at work, and nobody needs to: each
#   row of $W$ is a sum of multiples of examples, and where there are fewer examples than features,
#   $W$ itself tells which of them have left a trace. With budgets of less than half the examples,
#   those are counted as `traces` does it: `n_updates` at most. (Several updates with one example
#   leave one trace, and large budgets on few features cannot be read off. There we take your word
#   for it.)
# - **1.5 points: noisy clouds.** On average over 16 new data sets like those above, with
#   300 updates, your accuracy on the new examples is at least **9 percentage points** above that of
#   `plain_rule`. (Good ideas lead by 15 to 35.)
# - **1.5 points: images.** Of 16 classifiers, each trained with 300 updates on 700 of the training
#   images, the *worst* reads 84 % of the small test digits, or 71 % of MNIST. (The worst of the
#   plain rule's 16 reads 60 to 80 % of the digits, and 60 to 75 % of MNIST.)


# %% task="fit_on_budget"
def fit_on_budget(X, y, n_classes, n_updates, rng):
    """Train a multi-class perceptron that makes the most of a budget of updates.

    Parameters
    ----------
    X : ndarray of float, shape (m, n)
        The examples. Not changed.
    y : ndarray of int, shape (m,)
        Their classes, from 0 to n_classes - 1; some may be wrong, some may not occur. Not changed.
    n_classes : int
        The number K of classes, at least 2.
    n_updates : int
        The largest number of updates, at least 1.
    rng : numpy.random.Generator
        The only source of randomness, if you need any.

    Returns
    -------
    W : ndarray of float, shape (n_classes, n)
        The weights, for `predict`.
    b : ndarray of float, shape (n_classes,)
        The biases.
    """
    ### BEGIN SOLUTION
    m, n = X.shape
    W, b = np.zeros((n_classes, n)), np.zeros(n_classes)
    W_sum, b_sum, spent = W.copy(), b.copy(), 0
    while spent < n_updates:
        before = spent
        for i in rng.permutation(m):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i]:
                if spent == n_updates:
                    break
                W[y[i]] += X[i]
                b[y[i]] += 1
                W[guess] -= X[i]
                b[guess] -= 1
                spent += 1
            W_sum += W
            b_sum += b
        if spent == before:
            break
    return W_sum, b_sum
    ### END SOLUTION


# %% tests="fit_on_budget"
rng = np.random.default_rng(6)
for m, n, n_classes, n_updates in ((20, 30, 4, 1), (30, 40, 7, 12)):
    X, y = rng.normal(size=(m, n)), rng.integers(0, n_classes - 1, size=m)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    same = unchanged(fit_on_budget, X, y, n_classes, n_updates, rng)
    assert same, "fit_on_budget should leave X and y alone"
    calls = [(X * k, y, n_classes, n_updates, np.random.default_rng(0)) for k in (1, -1)]
    assert stays(fit_on_budget, *calls), "the next call changed what fit_on_budget had returned"
    W, b = fit_on_budget(X, y, n_classes, n_updates, np.random.default_rng(0))
    W_again, _ = fit_on_budget(X, y, n_classes, n_updates, np.random.default_rng(0))
    assert np.shape(W) == (n_classes, n), f"W should be {(n_classes, n)}, not {np.shape(W)}"
    assert np.shape(b) == (n_classes,), f"b should be {(n_classes,)}, not {np.shape(b)}"
    assert traces(W, X) <= n_updates, f"{traces(W, X)} traces are more than {n_updates} update(s)"
    assert near(W, W_again), "the same data and the same generator should give the same W"
for y in (np.arange(4), np.zeros(4, dtype=int)):  # soon learnt, and nothing to learn: it should end
    W, b = fit_on_budget(9.0 * np.eye(4, 5), y, 4, 100_000, rng)  # the last feature never varies
    assert np.isfinite([*W.flat, *b]).all(), f"no NaN or infinity, please: W =\n{W}\nb = {b}"

rng = np.random.default_rng(14)
own, plain = [], []
for seed in range(10):
    X, y, X_new, y_new = noisy_clouds(rng)
    W, b = fit_on_budget(X, y, 10, 300, np.random.default_rng(seed))
    own.append(accuracy(y_new, predict(W, b, X_new)))
    plain.append(accuracy(y_new, predict(*plain_rule(X, y, 10, 300), X_new)))
assert np.mean(own) >= np.mean(plain) + 0.06, (
    f"plain rule {np.mean(plain):.1%}, yours {np.mean(own):.1%}: "
    f"{100 * np.mean(own) - 100 * np.mean(plain):.1f} points ahead, and 9 are asked (here, 6)"
)

# %% demo
rng = np.random.default_rng(8)
budgets = [20, 50, 100, 200, 300, 500]
shares = np.zeros((2, len(budgets), 8))
for run in range(8):
    some = rng.choice(len(images.X_train), size=700, replace=False)
    X, y = images.X_train[some], images.y_train[some]
    for i, n_updates in enumerate(budgets):
        both = plain_rule(X, y, 10, n_updates), fit_on_budget(X, y, 10, n_updates, rng)
        for j, (W, b) in enumerate(both):
            shares[j, i, run] = accuracy(images.y_test, predict(W, b, images.X_test))

# %% demo folded
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for j, name in enumerate(("the plain rule", "yours")):
    look = {"color": plots.COLOURS[j], "alpha": 0.25, "lw": 0}
    ax.fill_between(budgets, shares[j].min(axis=1), shares[j].max(axis=1), **look)
    look = {"color": plots.COLOURS[j], "marker": plots.MARKERS[j]}
    ax.plot(budgets, shares[j].mean(axis=1), label=name, **look)
ax.set(title="Eight trainings each: mean, worst and best", xlabel="updates")
ax.set(ylabel="accuracy on the test images", ylim=(0, 1))
ax.legend(loc="lower right")
plots.show(
    alt="Accuracy on the test images after 20 to 500 updates, with a band from the worst to the "
    "best of eight trainings. At 300 updates the plain rule has a mean of "
    f"{shares[0, 4].mean():.2f} and a band of {np.ptp(shares[0, 4]):.2f}, yours "
    f"{shares[1, 4].mean():.2f} and {np.ptp(shares[1, 4]):.2f}."
)

# %% [markdown]
# **Question.** Compare the two bands, not the two lines. What has your idea changed more: how good
# a classifier is, or how much it depends on luck?
#
# <details><summary>Answer</summary>
#
# With most ideas, luck. A single set of weights is good or bad by the accident of its last few
# mistakes; an average of many, or the best of many, hardly is. In stage 6 the same trouble returns
# with gradients, and with it the same remedies: averages, and steps that become smaller.
#
# </details>

# %% [markdown]
# ## Summary
#
# - $K$ perceptrons side by side have a matrix of weights, one row per class, and give the scores
#   $Z = X W^T + b$.
# - The highest score wins, before any threshold. Ties go to the lowest number.
# - On a mistake the right class gets $x$ added and the predicted class gets it subtracted. All
#   other classes are left alone.
# - Around 85 % of MNIST can be read with one template per digit.
# - A confusion matrix says what an accuracy hides.
# - The last weights owe most to the last mistakes. Better ones can be had for the same updates.
#
# ### What comes next
#
# One template per class and straight boundaries: is that a lack of training, or a limit? **Stage
# 3** meets four points in the plane that no perceptron can learn, and finds the two ways out:
# better features, and more layers.
#
# ### Where it comes from
#
# - R. O. Duda and P. E. Hart, *Pattern Classification and Scene Analysis*, Wiley (1973): linear
#   machines, the multi-class rule and Kesler's construction.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
#   recognition", *Proceedings of the IEEE* 86 (1998), 2278-2324.
# - S. P. Lloyd, "Least squares quantization in PCM", *IEEE Transactions on Information Theory* 28
#   (1982), 129-137, written in 1957: the steps of k-means.
