# %% [markdown]
# # Stage 6: Gradient descent
#
# **How do you get down from a mountain in thick fog?**
#
# You cannot see the valley, nor even the next tree. But you can feel with your feet which way the
# ground falls, and how steeply. So you take a step that way, feel again, and step again. It is not
# a brilliant plan. It is the plan by which every neural network of today is trained.
#
# The mountain is the **loss**: one number that says how wrong a model is. Where you stand are the
# **parameters**: two numbers in the picture below, many billions in the language models of the
# news. Stage 5 gave you the slope under your feet. This stage is about walking: how far to step,
# what the mountains look like, and which tricks get you down sooner. At the end you train a network
# all by yourself.
#
# All the parameters of a model stand in one array $\theta$ ("theta"), `theta` in code, and
# $\nabla J(\theta)$, `gradient` in code, holds the derivatives of the loss $J$ with respect to each
# of them. The **learning rate** is $\eta$ ("eta"), `learning_rate` in code. As always, functions
# leave their arguments as they were, and what they returned when they were called before, and
# calculate in NumPy's usual `float64`.
#
# **About 90 minutes**: 30 to read and to think, 40 for eight short tasks, 20 for the project.
# %%
import numpy as np

from nndata.testing import near, slopes_agree, stays, unchanged


def landscape(theta):
    """The height of a small mountain at the point theta = (x, y), or at many: shape (..., 2)."""
    x, y = theta[..., 0], theta[..., 1]
    deep = 1.6 * np.exp(-((x - 1.2) ** 2 + (y - 0.8) ** 2) / 0.9)
    shallow = np.exp(-((x + 1.3) ** 2 + (y + 0.6) ** 2) / 1.1)
    return 0.08 * (x**2 + y**2) - deep - shallow


def numerical_gradient(f, theta, h=1e-6):
    """The gradient of f at theta by central differences, as in stage 5."""
    gradient = np.zeros(theta.shape)
    for i in range(theta.size):
        step = np.zeros(theta.shape)
        step[i] = h
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return gradient


# %% demo
import nngrade.live  # from here on, each test cell says what it found

# %% demo
import matplotlib.pyplot as plt

from nndata import make_blobs, make_moons, plots

plots.use_style()

side = np.linspace(-3, 3, 241)
grid = np.stack(np.meshgrid(side, side), axis=-1)


# %% demo folded
def draw_contours(ax, f, levels=20):
    """Draw the contour lines of f, dark where it is low, and name the axes."""
    Z = f(grid)
    ax.contourf(side, side, Z, levels, cmap="Greys_r", alpha=0.6, extend="both")
    ax.contour(side, side, Z, levels, colors="0.35", linewidths=0.6, linestyles="-")
    ax.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$", aspect="equal")


here = np.array([-0.2, 2.2])
downhill = -numerical_gradient(landscape, here)
seen = np.hypot(*(grid - here).transpose(2, 0, 1)) < 0.6
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.7), layout="constrained")
draw_contours(left, lambda points: np.where(seen, landscape(points), np.nan), levels=8)
draw_contours(right, landscape)
for ax, title in ((left, "What you feel in the fog"), (right, "The land, if the fog lifts")):
    arrow = {"arrowstyle": "-|>", "lw": 2, "color": "k"}
    ax.annotate("", here + 2 * downhill, here, arrowprops=arrow)
    ax.plot(*here, "o", color=plots.COLOURS[5], markeredgecolor="k", markersize=9)
    ax.set(title=title, xlim=(-3, 3), ylim=(-3, 3))
left.set_facecolor("0.93")
plots.show(
    alt="Left: a walker in the fog sees a small round patch of contour lines, and an arrow "
    "straight downhill. Right: the whole land, with two valleys; the arrow leads towards the "
    "deeper one, on the right."
)

# %% [markdown]
# **Question.** Follow the arrow in the right-hand picture, always downhill. In which of the two
# valleys do you end up, and is it the one that you want?
#
# <details><summary>Answer</summary>
#
# In the deeper one, on the right: good luck. From further to the left you would have ended in the
# shallow one, where every direction leads up, and never have learnt that there is a better place.
#
# </details>
#
# ## 1. Feel the slope, take a step
#
# The gradient points uphill, in the direction in which the loss grows fastest. So go the other way,
# and repeat until the ground is flat or your patience is used up. This is **gradient descent**:
#
# $$\theta \leftarrow \theta - \eta\, \nabla J(\theta). \tag{1}$$
#
# **By hand.** $J(\theta) = \theta^2$ has the gradient $2\theta$. Start at $\theta = 4$.
#
# | | start | 1 step | 2 steps | 3 steps | |
# |:--|--:|--:|--:|--:|:--|
# | $\eta = 0.25$ | 4 | $4 - 0.25 \cdot 8 = 2$ | 1 | 0.5 | half of the way each time |
# | $\eta = 1$ | 4 | $4 - 1 \cdot 8 = -4$ | 4 | $-4$ | back and forth forever |
# | $\eta = 1.5$ | 4 | $4 - 1.5 \cdot 8 = -8$ | 16 | $-32$ | away, faster and faster |
#
# The gradient is the slope *here*. The longer the step, the more you rely on what you have not
# felt.
#
# ### Task: `gradient_descent`
# *Difficulty 1 of 3, about 6 minutes.*
#
# Return the whole **path**: an array whose first row is the start, and whose every further row is
# one step (1) on. Before each step look at the gradient: where its length
# $\sqrt{(\partial J/\partial\theta_1)^2 + \dots + (\partial J/\partial\theta_n)^2}$ is at most
# `tol`, the ground counts as flat, and the path ends at this point.
#
# <details><summary>Hint 1</summary>
#
# After three steps, which points have you seen, and which one do you need for the next step?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Grow a list of points: the last one is where you are. Beware of `theta -= ...`: it changes the one
# array that all the entries of your list would then share, and the caller's `theta0` as well.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `np.linalg.norm(gradient)` is the length. In the loop: `if ___ <= tol: break`, and before it
# `gradient = grad(___)`.
#
# </details>


# %% task="gradient_descent"
def gradient_descent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Walk downhill by formula (1) and return the path.

    Parameters
    ----------
    grad : callable
        ``grad(theta)`` is the gradient at `theta`, an ndarray of shape (n,).
    theta0 : ndarray of float, shape (n,)
        Where to start. Not changed.
    learning_rate : float
        The factor of each step.
    n_steps : int
        The largest number of steps; 0 is allowed.
    tol : float
        Stop as soon as the length of the gradient is at most this.

    Returns
    -------
    ndarray of float, shape (k + 1, n)
        The start and the points after each of the k steps that were taken, k <= `n_steps`.
    """
    ### BEGIN SOLUTION
    path = [theta0]
    for _ in range(n_steps):
        gradient = grad(path[-1])
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
    ### END SOLUTION


# %% tests="gradient_descent"
path = gradient_descent(lambda theta: 2 * theta, np.array([4.0]), 1.5, 30)
assert isinstance(path, np.ndarray), "gradient_descent should return a NumPy array"
assert path.shape == (31, 1), f"the start and 30 steps make shape (31, 1), not {path.shape}"
assert near(path[:4], [[4], [-8], [16], [-32]]), f"see the table for η = 1.5: {path[:4, 0]}"
assert near(path[-1], [2.0**32]), "however fast it runs away, every step is one of formula (1)"
centre, start = np.random.default_rng(1).normal(size=(2, 3))
assert unchanged(gradient_descent, lambda theta: theta - centre, start, 0.5, 8), "theta0 changed"
path = gradient_descent(lambda theta: theta - centre, start, 0.5, 100)
assert path.shape == (101, 3), f"the start and 100 steps in 3 dimensions, not {path.shape}"
calls = [(lambda theta: theta - centre, at, 0.5, 8) for at in (start, -start)]
assert stays(gradient_descent, *calls), "the next call changed an earlier path"
assert near(path[0], start), "the first row of the path is the start"
assert near(path[1:] - centre, (path[:-1] - centre) / 2), "η = 0.5 goes half of the way each time"
for tol, n_steps in ((5.0, 0), (2.5, 1), (0.5, 4), (0.0, 60)):  # the lengths: 5, 2.5, 1.25, ...
    path = gradient_descent(lambda theta: 1.0 * theta, np.array([-3.0, -4.0]), 0.5, 60, tol)
    assert path.shape == (n_steps + 1, 2), f"with tol = {tol} the path ends after {n_steps} steps"
path = gradient_descent(lambda theta: 1.0 * theta, np.array([3.0, 4.0]), 0.5, 0)
assert path.shape == (1, 2), f"without a step the path is the start: (1, 2), not {path.shape}"

# %% demo folded
curvature = np.array([1.0, 8.0])
too_far = [(0.02, "too small"), (0.2, "right"), (0.256, "too large")]


def ravine(theta):
    """A long valley: eight times as curved across as along."""
    return 0.5 * np.sum(curvature * theta**2, axis=-1)


fig, axes = plt.subplots(2, 2, figsize=(7, 6.2), layout="constrained")
for i, (rate, word) in enumerate(too_far):
    path = gradient_descent(lambda theta: curvature * theta, np.array([-2.7, 1.0]), rate, 25)
    ax = axes.flat[i]
    draw_contours(ax, ravine, levels=np.geomspace(0.1, 40, 14))
    style = {"marker": plots.MARKERS[i], "color": plots.COLOURS[(0, 2, 5)[i]], "mec": "k"}
    ax.plot(*path.T, lw=1.5, markersize=5, **style)
    ax.set(title=f"$\\eta$ = {rate}: {word}", xlim=(-3, 3), ylim=(-3, 3))
    axes[1, 1].semilogy(ravine(path), markersize=5, label=f"$\\eta$ = {rate}", **style)
axes[1, 1].set(title="The loss on the way", xlabel="step", ylabel="$J$")
axes[1, 1].legend()
plots.show(
    alt="Gradient descent in a long valley, 25 steps at each of three learning rates. At 0.02 it "
    "has hardly come along the valley; at 0.2 it zigzags to the bottom, and the loss falls "
    "below 1/10,000; at 0.256 the zigzags grow, and so does the loss."
)

# %% [markdown]
# The valley in the picture is $J(\theta) = \frac12(\theta_1^2 + 8\,\theta_2^2)$, with the gradient
# $(\theta_1, 8\,\theta_2)$: across, its curvature (the second derivative) is 8, and along it is 1.
#
# **Question `runs_away`.** In another valley, the curvature is $c$ across and 1 along:
# $J(\theta) = \frac12(\theta_1^2 + c\,\theta_2^2)$. What is the learning rate above which gradient
# descent runs away? (Run the cell below as it is: it shows your $c$. Then type the number in place
# of the dots, and run it again.)

# %% question="runs_away"
answer("runs_away", ...)

# %% [markdown]
# The steepest direction limits the step, and the flattest needs a long one. With the best rate for
# the steep direction of the picture, $\eta = 1/8$, a tenth of $\theta_1$ is left after 17 steps.
# Were it a thousand times flatter than the steep one, that would take 2,300. The ratio of the two
# curvatures is called the **condition number**. (Features of mean 0 and equal spread make a rounder
# bowl: that is why inputs are normalised.)

# %% [markdown]
# ## 2. Bowls and other landscapes
#
# When does walking downhill lead to the *lowest* place? Always, if the landscape is a bowl. The
# mathematicians' bowl is a **convex** function: one whose graph, between any two of its points,
# stays below the straight line that joins them, the **chord**, or touches it:
#
# $$f\big((1 - t)\,x_0 + t\,x_1\big) \le (1 - t)\,f(x_0) + t\,f(x_1)
# \qquad\text{for all } x_0, x_1 \text{ and all } 0 \le t \le 1. \tag{2}$$
#
# To test it, put points at equal distances on the way from $x_0$ to $x_1$: $p_0 = x_0$, $p_1$, ...,
# $p_{100} = x_1$. None in between may lie above the chord of *its two neighbours*, which halfway is
# simply their mean:
#
# $$f(p_k) \le \tfrac12 \big(f(p_{k-1}) + f(p_{k+1})\big) \qquad\text{for } k = 1, \dots, 99.
# \tag{3}$$
#
# (With $h$ between neighbours, $f(p_{k-1}) - 2 f(p_k) + f(p_{k+1}) \approx h^2 f''(p_k)$. So (3)
# says that the second derivative along the way is nowhere negative.)
#
# **By hand.** Five points are enough to see how it goes: $-2, -1, 0, 1, 2$.
#
# | $f$ | values | means of the neighbours | convex there? |
# |:--|:--|:--|:--|
# | $x^2$ | 4, **1, 0, 1**, 4 | 2, 1, 2 | yes: $1 \le 2$, $0 \le 1$, $1 \le 2$ |
# | $\lvert x \rvert$ | 2, **1, 0, 1**, 2 | 1, 1, 1 | yes: touching the chord is allowed |
# | $\big\lvert \lvert x \rvert - 1 \big\rvert$ | 1, **0, 1, 0**, 1 | 1, 0, 1 | no: $1 > 0$ |
#
# ### Task: `is_convex_on_segment`
# *Difficulty 1 of 3, about 5 minutes.*
#
# Test (3) with 101 equally spaced points, both ends included. Rounding may lift a point a hair
# above its chord, so allow an excess of up to `1e-9`.
#
# <details><summary>Hint 1</summary>
#
# Look at the table: which numbers do you need, and how many comparisons are there?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Make an array of the 101 values first. All but the first and the last are compared with the mean
# of their left and right neighbours; slices give all three at once.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# The points are `(1 - t) * x0 + t * x1` for `t` in `np.linspace(___)`. With `v` for the values,
# `v[1:-1]` are those in between, and `v[___]` and `v[___]` their neighbours.
#
# </details>


# %% task="is_convex_on_segment"
def is_convex_on_segment(f, x0, x1):
    """Test on 101 points whether f is convex on the way from x0 to x1, formula (3).

    Parameters
    ----------
    f : callable
        ``f(x)`` is a number, float or int; x is an ndarray of shape (n,). Defined from x0 to x1,
        and a hair beyond, for rounding.
    x0, x1 : ndarray of float, shape (n,)
        The ends of the segment; they may be the same point. Not changed.

    Returns
    -------
    bool
        True if no point is more than 1e-9 above the mean of its two neighbours.
    """
    ### BEGIN SOLUTION
    values = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    means = (values[:-2] + values[2:]) / 2
    return bool(np.all(values[1:-1] <= means + 1e-9))
    ### END SOLUTION


# %% tests="is_convex_on_segment"
left, right = np.array([-2.0]), np.array([2.0])
verdict = is_convex_on_segment(lambda x: float(x[0] ** 2), left, right)
assert isinstance(verdict, bool | np.bool_), f"answer True or False, not {verdict!r}"
assert verdict, "x² is convex, everywhere"
assert is_convex_on_segment(lambda x: float(3 * x[0] - 1), left, right), "a straight line is convex"
assert is_convex_on_segment(lambda x: float(-x @ x), left, left), "a single point is convex"
assert not is_convex_on_segment(lambda x: float(abs(abs(x[0]) - 1)), left, right), (
    "||x| - 1| is not convex: it has a peak at 0"
)
for x0, x1 in ((left, right), (right, left)):  # the first point after an end, or the last before
    assert not is_convex_on_segment(lambda x: float(min(x[0] + 1.96, 0)), x0, x1), (
        "a bend at the point next to an end was not noticed"
    )
for excess, convex in ((0.4e-9, True), (1.2e-9, False)):
    f = lambda x, excess=excess: 50.0 + excess * (abs(x[0]) < 0.01)  # noqa: E731
    assert is_convex_on_segment(f, left, right) == convex, f"one point is {excess} above its chord"
steep = lambda x: 3e4 * x[0] + 5e-9 * (abs(x[0]) < 0.01)  # noqa: E731
assert not is_convex_on_segment(steep, left, right), "the excess counts, however large the values"
bend = lambda x: max(0, x[0] - 0.5)  # noqa: E731 : the int 0 at first, then floats
assert is_convex_on_segment(bend, left, right), "max(0, x - 0.5) is convex"
assert not is_convex_on_segment(
    lambda x: float(x[0] * x[1]), np.array([1, -1.0]), np.array([-1.0, 1])
), "a saddle is not convex across"
dent = np.random.default_rng(2).normal(size=3)  # a narrow bump in a bowl, somewhere in space
bumpy = lambda x: float(x @ x + np.exp(-3000 * np.sum((x - dent) ** 2)))  # noqa: E731
way = np.array([1.0, 2.0, 3.0])
x0, x1 = dent - way, dent + 2 * way
assert unchanged(is_convex_on_segment, bumpy, x0, x1), "is_convex_on_segment changed x0 or x1"
assert not is_convex_on_segment(bumpy, x0, x1), "a narrow bump a third of the way was not noticed"
assert is_convex_on_segment(bumpy, x0, x0 - way), "only this segment counts, not what is near"
asked = []


def noting(x):
    asked.append(float((x - x0) @ way / (way @ way) / 3))
    return float(x @ x)


is_convex_on_segment(noting, x0, x1)
places = np.unique(np.round(asked, 9))
assert near(places, np.arange(101) / 100), f"101 points, equally spaced; yours: {places}"

# %% demo folded
ways = [
    ("$x^2$", lambda x: x**2, (-1.5, 1.2)),
    (r"$\log(1 + e^x)$", lambda x: np.log(1 + np.exp(x)), (-3.0, 4.0)),
    (r"$x^4 - 3x^2 + x$", lambda x: x**4 - 3 * x**2 + x, (-1.75, 1.3)),
]
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.2), layout="constrained")
for ax, (name, f, ends) in zip(axes, ways, strict=True):
    a, b = (np.array([end]) for end in ends)
    x = np.linspace(a[0] - 0.2, b[0] + 0.2, 200)
    ax.plot(x, f(x), color=plots.COLOURS[0], label=name)
    ax.plot(ends, [f(end) for end in ends], "ko--", lw=1.5, label="a chord")
    convex = is_convex_on_segment(lambda x, f=f: float(f(x[0])), a, b)
    ax.set(title="convex here" if convex else "not convex here", xlabel="$x$")
    ax.legend(loc="upper center")
plots.show(
    alt="Three curves with a chord each. The square of x and log(1 + e to the x) stay below their "
    "chords: convex here. The third, a wave with two valleys, rises above its chord: not "
    "convex."
)

# %% [markdown]
# **Question `proved`.** Your function said "convex here" of the first two. Has it *proved* that?
# (Answer with a letter in quotes.)
#
# - **a** Yes, for no point lies above its chord, and that is what (2) says.
# - **b** Yes, if the function has a second derivative everywhere on the way.
# - **c** No, but the same test with enough points would prove it.
# - **d** No, and no number of points would.

# %% question="proved"
answer("proved", ...)

# %% [markdown]
# ### For the curious: linear, or nearly
#
# A function is *linear* if sums and factors pass through it: $f(x + z) = f(x) + f(z)$ and
# $f(\alpha x) = \alpha f(x)$. Then its graph lies exactly *on* every chord, and (2) holds as an
# equation. Try it at $x = 3$, $z = -1$ and $\alpha = \frac14$.

# %% demo
functions = {"2x": lambda x: 2 * x, "2x + 1": lambda x: 2 * x + 1, "|x|": abs, "x²": np.square}
for name, f in functions.items():
    chord = 0.25 * f(3) + 0.75 * f(-1)
    where = "on" if f(0.25 * 3 + 0.75 * -1) == chord else "below"
    sums, factors = f(3 + -1) == f(3) + f(-1), f(0.25 * 3) == 0.25 * f(3)
    print(f"{name:>6}: sums {sums}, factors {factors}, {where} the chord")

# %% [markdown]
# ($2x + 1$ lies on its chords without being linear: it is *affine*.)
#
# **Question.** Two linear neurons in a row compute $w_1 w_2 x$. Is that linear in $x$? In the
# weights?
#
# <details><summary>Answer</summary>
#
# In $x$, yes. In the weights it is not even convex: it is $-1$ at $(1, -1)$ and at $(-1, 1)$, and
# halfway between them it is 0.
#
# </details>

# %% [markdown]
# ### Flat ground is not always a valley
#
# The gradient vanishes where the ground is level. That may be a **minimum** (every direction leads
# up), perhaps a **local** one, which is not the lowest of all; a **maximum** (every direction leads
# down); or a **saddle**: up in some directions, down in others, like the top of a mountain pass.

# %% demo folded
scenes = [
    ("A bowl", lambda p: 0.5 * (p[..., 0] ** 2 + 2 * p[..., 1] ** 2), 0.1),
    ("A saddle", lambda p: 0.5 * (p[..., 1] ** 2 - p[..., 0] ** 2), 0.1),
    ("The mountain of\nthe first picture", landscape, 0.2),
]
starts = np.array([[-2.6, 1.5], [-0.2, 2.2], [2.0, -2.5], [-0.02, -2.6], [-2.5, -1.8]])
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3), layout="constrained")
for ax, (title, f, rate) in zip(axes, scenes, strict=True):
    draw_contours(ax, f, levels=10)
    for i, start in enumerate(starts):
        path = gradient_descent(lambda p, f=f: numerical_gradient(f, p), start, rate, 60)
        path = path[np.abs(path).max(axis=1) < 3]
        ax.plot(*path.T, "-", color=plots.COLOURS[i], lw=2)
        ax.plot(*path[0], plots.MARKERS[i], color=plots.COLOURS[i], mec="k", ms=7)
        ax.plot(*path[-1], "k*", ms=9)
    ax.set(title=title, xlim=(-3, 3), ylim=(-3, 3))
fig.suptitle("Five walkers, from the coloured markers to the stars")
plots.show(
    alt="Five walkers on three landscapes. In the bowl all come to the one minimum. On the saddle "
    "all leave to the left or to the right. On the mountain two end in the deeper valley and "
    "three in the other."
)

# %% [markdown]
# **Question.** On the saddle, some walkers slow down in the middle and then leave to the side. What
# becomes of one who starts on the middle line, $\theta_1 = 0$ exactly? And at
# $\theta_1 = 10^{-10}$?
#
# <details><summary>Answer</summary>
#
# The first slides to the saddle point and stays there. The second comes just as close, but
# $\theta_1$ grows by the factor $1 + \eta$ in each step, and after some 240 steps (with
# $\eta = 0.1$) it has left. Saddles do not hold you, they delay you. In the landscapes of large
# networks they are far more common than bad local minima: for a minimum *every* one of millions of
# directions must lead up.
#
# </details>

# %% [markdown]
# ## 3. The best line
#
# The oldest landscape of all is a bowl. A **linear regression** predicts a number (a price, a
# temperature) by a weighted sum, without any threshold. To keep the formulas short, let the bias be
# one more weight: its feature is always 1. So $\theta = (w_1, \dots, w_n, b)$, the examples get a
# last column of ones, and the $m$ predictions are simply $X\theta$.
#
# How wrong are they? Square the **residuals** $r = X\theta - y$ and take the average, the **mean
# squared error** (MSE), here with a factor of ½ that makes the gradient tidy:
#
# $$J(\theta) = \frac{1}{2m} \sum_{i=1}^{m} \big(\theta \cdot x^{(i)} - y^{(i)}\big)^2,
# \qquad \nabla J(\theta) = \frac{1}{m} X^T (X\theta - y). \tag{4}$$
#
# **By hand.** Three examples: $x = 0, 1, 2$ with $y = 1, 1, 4$, and $w = 1$, $b = 1$.
#
# $$X = \begin{pmatrix} 0 & 1 \\ 1 & 1 \\ 2 & 1 \end{pmatrix}, \quad
# X\theta = \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix}, \quad
# r = \begin{pmatrix} 0 \\ 1 \\ -1 \end{pmatrix}, \quad
# J = \frac{0 + 1 + 1}{2 \cdot 3} = \frac13, \quad
# \nabla J = \frac13 \begin{pmatrix} 0 + 1 - 2 \\ 0 + 1 - 1 \end{pmatrix}
# = \begin{pmatrix} -\frac13 \\ 0 \end{pmatrix}. $$

# %%
X_three = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
y_three = np.array([1.0, 1.0, 4.0])


def with_ones(X):
    """The examples with a last column of ones, so that the last parameter is the bias."""
    return np.column_stack([X, np.ones(len(X))])


# %% [markdown]
# ### Task: `squared_error`
# *Difficulty 1 of 3, about 4 minutes.*
#
# From here on, a loss is a function of the parameters that returns two things: $J$ and its
# gradient, by formula (4). (Stage 5's `squared_error(A, Y)` was a function of the predictions.) `X`
# has its column of ones already, if it wants one; add none.
#
# <details><summary>Hint 1</summary>
#
# Which array do both formulas of (4) need?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Compute the residuals once. A product with $X^T$ sums up $r^{(i)} x^{(i)}$ over the examples.
# There is no ½ in the gradient: the derivative of the square brings a 2.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `r = ___ - y`, and the gradient is `X.T @ r / ___`.
#
# </details>


# %% task="squared_error"
def squared_error(theta, X, y):
    """Compute the squared error of a linear regression and its gradient, formula (4).

    Parameters
    ----------
    theta : ndarray of float, shape (n,)
        The parameters. Not changed.
    X : ndarray of float, shape (m, n)
        The examples, at least one. Not changed.
    y : ndarray of float, shape (m,)
        The numbers to predict. Not changed.

    Returns
    -------
    J : float
        The mean of the squared residuals, times ½.
    dtheta : ndarray of float, shape (n,)
        The gradient of J with respect to `theta`.
    """
    ### BEGIN SOLUTION
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / len(y)
    ### END SOLUTION


# %% tests="squared_error"
result = squared_error(np.array([1.0, 1.0]), X_three, y_three)
assert isinstance(result, tuple), "squared_error should return J and dtheta"
assert len(result) == 2, "squared_error should return J and dtheta, two things"
assert near(result[0], 1 / 3), f"the worked example has J = 1/3, not {result[0]}"
assert near(result[1], [-1 / 3, 0]), f"the worked gradient is (-1/3, 0), not {result[1]}"
rng = np.random.default_rng(3)
for m, n in ((7, 4), (4, 4), (1, 3), (5, 1)):  # examples and parameters
    theta, X, y = rng.normal(size=n), rng.normal(size=(m, n)), 100 * rng.normal(size=m)
    assert unchanged(squared_error, theta, X, y), "squared_error changed an argument"
    assert stays(squared_error, (theta, X, y), (-theta, X, y)), "the next call changed a gradient"
    assert near(squared_error(theta, X, X @ theta)[0], 0.0), "a perfect fit has the loss 0"
    dtheta = squared_error(theta, X, y)[1]
    J_alone = lambda theta, X=X, y=y: squared_error(theta, X, y)[0]  # noqa: E731
    assert slopes_agree(dtheta, J_alone, theta), f"m = {m}, n = {n}: J has other slopes"
    tiny = squared_error(1e-9 * theta, X, 1e-9 * y)
    assert near(1e9 * tiny[1], dtheta, 1e-6), "a tiny gradient is not 0"
    ten_million_times = squared_error(1e7 * theta, X, 1e7 * y)[1]
    assert near(ten_million_times, 1e7 * dtheta), "with theta and y, the gradient should grow, too"

# %% [markdown]
# ### Two ways down
#
# **At a stroke.** At the bottom of the bowl the gradient is zero: $X^T (X\theta - y) = 0$, or
#
# $$X^T X\, \theta = X^T y. \tag{5}$$
#
# This is the **normal equation**: $n$ linear equations for $n$ unknowns. In the example they are
# $5w + 3b = 9$ and $3w + 3b = 6$; subtract, and $w = 1.5$, $b = 0.5$.
#
# **On foot.** Start at $\theta = (0, 0)$ and use (1). With $\eta = 0.3$ the gradient is
# $\frac13 (-9, -6) = (-3, -2)$, and $\theta$ becomes $(0.9, 0.6)$, then $(1.17, 0.75)$. The next
# cell has both ways; the second is made of your functions.


# %%
def normal_equation(X, y):
    """The parameters with the smallest squared error, by solving (5)."""
    return np.linalg.solve(X.T @ X, X.T @ y)


# %% demo
def fit_by_descent(X, y, learning_rate, n_steps):
    """The path of gradient descent on the squared error, from zeros."""
    start = np.zeros(X.shape[1])
    return gradient_descent(lambda t: squared_error(t, X, y)[1], start, learning_rate, n_steps)


rng = np.random.default_rng(6)
x_line = rng.uniform(-1, 3, size=60)
y_line = 1.2 * x_line - 0.8 + rng.normal(scale=0.7, size=60)
X_line = with_ones(x_line[:, None])
exact = normal_equation(X_line, y_line)
path = fit_by_descent(X_line, y_line, 0.3, 500)
print(f"normal equation:  w = {exact[0]:.10f}, b = {exact[1]:.10f}")
print(f"gradient descent: w = {path[-1, 0]:.10f}, b = {path[-1, 1]:.10f}")

path = path[:31]
path = gradient_descent(lambda t: squared_error(t, X_line, y_line)[1], np.zeros(2), 0.3, 30)

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6), layout="constrained")
left.plot(x_line, y_line, "o", color=plots.COLOURS[0], mec="k", ms=5)
ends = np.array([-1.2, 3.2])
for k, look in ((0, ":"), (1, "-."), (3, "--"), (30, "-")):
    left.plot(ends, with_ones(ends[:, None]) @ path[k], "k" + look, label=f"steps: {k}")
left.set(xlabel="$x$", ylabel="$y$", title="The line on its way")
left.legend()
coarse = side[::6]
bowl = [[squared_error(np.array([w, b]), X_line, y_line)[0] for w in coarse] for b in coarse]
right.contour(coarse, coarse, bowl, np.geomspace(0.25, 30, 16), colors="0.35", linewidths=0.7)
right.plot(*path.T, "o-", color=plots.COLOURS[5], mec="k", ms=5, lw=1.5)
right.plot(*exact, "k*", ms=14, label="normal equation")
right.set(xlabel="$w$", ylabel="$b$", title="The same steps in the bowl of $J$")
right.set(xlim=(-0.5, 2.5), ylim=(-2, 1))
right.legend()
plots.show(
    alt="Left: 60 points, and the line after 0, 1, 3 and 30 steps, ever closer to them. Right: "
    "the same steps on the contour lines of the loss, from the origin to the star, which is "
    "the answer of the normal equation."
)

# %% [markdown]
# Is it a bowl for any data? The second derivatives make the matrix $\frac1m X^T X$, and in a
# direction $d$ the curvature is $\frac1m d^T X^T X\, d = \frac1m \lVert X d \rVert^2 \ge 0$.
# Convex: any valley is the valley.

# %% [markdown]
# ### For the curious: one weight at a time
#
# A line through the origin has one weight, and (5) is one division: $w = \sum x y / \sum x^2$.
# With a bias, each of the two has such a formula as long as the other stands still:
# $w = \sum x\,(y - b) / \sum x^2$, and $b$ is the mean of $y - w x$. Let them take turns.

# %% demo
w_turn, b_turn = 0.0, 0.0
for turn in range(1, 31):
    w_turn = x_line @ (y_line - b_turn) / (x_line @ x_line)
    b_turn = np.mean(y_line - w_turn * x_line)
    if turn in (1, 2, 5, 30):
        print(f"after turn {turn:2}:    w = {w_turn:.10f}, b = {b_turn:.10f}")
print(f"normal equation:  w = {exact[0]:.10f}, b = {exact[1]:.10f}")

# %% [markdown]
# **Question.** Which feature $x$ would make a single turn enough?
#
# <details><summary>Answer</summary>
#
# One of mean 0: then $\sum x\,b = 0$, and the best $w$ does not depend on $b$.
#
# </details>

# %% [markdown]
# ### What is wrong with the normal equation?
#
# It needs no learning rate and no patience. Why does anybody walk?
#
# 1. **Cost.** Forming $X^T X$ takes about $m n^2$ multiplications and solving $n^3 / 3$ more; one
#    step of gradient descent takes $2mn$. For a million parameters the matrix alone fills eight
#    *terabytes*.
# 2. **Precision.** $X^T X$ has the *square* of the condition number of $X$, so rounding errors eat
#    twice as many digits. (`np.linalg.lstsq` works on $X$ itself.)
# 3. **Uniqueness.** With two equal columns, or fewer examples than parameters, $X^T X$ has no
#    inverse. Gradient descent does not mind: it walks to one of the many minima.
# 4. **Reach.** Put anything non-linear into the model, a single sigmoid even, and there is no such
#    equation any more.

# %% demo
from time import perf_counter


def fastest(f):
    """The shortest of three runs, in seconds."""
    times = []
    for _ in range(3):
        start = perf_counter()
        f()
        times.append(perf_counter() - start)
    return min(times)


rng = np.random.default_rng(0)
sizes = [50, 100, 200, 400, 800]
at_once, one_step = [], []
for n in sizes:
    X, y = rng.normal(size=(2000, n)), rng.normal(size=2000)
    theta = np.zeros(n)
    at_once.append(1000 * fastest(lambda X=X, y=y: normal_equation(X, y)))
    one_step.append(1000 * fastest(lambda X=X, y=y, theta=theta: squared_error(theta, X, y)))

degrees = range(1, 12)
x = np.linspace(0, 1, 200)
lost = {"normal equation": [], "np.linalg.lstsq": []}
for degree in degrees:
    X = np.vander(x, degree + 1)
    y = X.sum(axis=1)  # the right parameters are all 1
    answers = (normal_equation(X, y), np.linalg.lstsq(X, y, rcond=None)[0])
    for name, theta in zip(lost, answers, strict=True):
        lost[name].append(np.abs(theta - 1).max())

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.6), layout="constrained")
left.loglog(sizes, at_once, "o-", color=plots.COLOURS[0], label="normal equation")
left.loglog(sizes, one_step, "s--", color=plots.COLOURS[1], mec="k", label="one gradient step")
left.set(xlabel="parameters $n$ (with $m$ = 2,000)", ylabel="milliseconds", title="What it costs")
left.set_xticks(sizes, sizes)
left.minorticks_off()
left.legend()
for name, look, colour in zip(lost, ("o-", "s--"), plots.COLOURS, strict=False):
    right.semilogy(degrees, lost[name], look, color=colour, mec="k", label=name)
right.set(xlabel="degree of the polynomial", ylabel="largest error of a parameter")
right.set(title="What rounding does to it")
right.legend()
plots.show(
    alt="Left: time against the number of parameters, on logarithmic scales. At 800 parameters "
    f"the normal equation takes {at_once[-1] / one_step[-1]:,.0f} times as long as one "
    "gradient step. Right: with the degree of a polynomial, the rounding error of the normal "
    "equation grows to about 1; that of lstsq stays below a millionth."
)

# %% [markdown]
# ### For the curious: why it is called regression
#
# Least squares was published in 1805. The word *regression* is younger, and has nothing to do with
# squares. In 1886 Francis Galton compared 928 grown-up children with their parents: with the mean
# of the father's height and 1.08 times the mother's. (The daughters' were multiplied, too.) Those
# of tall parents were tall, but by only two thirds of what their parents had above the average;
# those of short parents were short, likewise. He called it *regression towards mediocrity*.
#
# His sheets are not here. The cell draws as many families from figures that he published: an
# average of 68¼ inches (173 cm) and a slope of ⅔; half of the parents' means are within 1.22 inches
# of the average, and half of the children within 1.50 inches of the line.

# %% demo
rng = np.random.default_rng(1889)
half = 0.6745  # within so many standard deviations of the mean lies half of a normal distribution
fathers, mothers = rng.normal(68.25, np.sqrt(2) * 1.22 / half, size=(2, 928))  # mothers: times 1.08
parents = (fathers + mothers) / 2
children = 68.25 + (parents - 68.25) * 2 / 3 + rng.normal(scale=1.50 / half, size=928)

forth = normal_equation(with_ones(parents[:, None]), children)
back = normal_equation(with_ones(children[:, None]), parents)
print(f"children from parents: slope {forth[0]:.2f}; parents from children: slope {back[0]:.2f}")
print(f"standard deviation: fathers {fathers.std():.2f} inches, children {children.std():.2f}")

# %% demo folded
fig, ax = plt.subplots(figsize=(6.4, 4.8), layout="constrained")
ax.plot(parents, children, ".", color="0.7", ms=4, label="928 children")
tall = np.array([62.5, 74.0])
ax.plot(tall, tall, "--", color=plots.COLOURS[0], label="as tall as the parents")
best_line = with_ones(tall[:, None]) @ forth
ax.plot(tall, best_line, color=plots.COLOURS[5], lw=2.5, label=f"best line: slope {forth[0]:.2f}")
for height in range(65, 73):
    mean = children[np.round(parents) == height].mean()
    name = "their means, inch by inch" if height == 65 else None
    ax.plot(height, mean, "s", color=plots.COLOURS[1], mec="k", ms=8, label=name)
ax.set(xlabel="mean of the parents (inches)", ylabel="child (inches)", xlim=tall, ylim=(59, 80))
ax.legend(loc="upper left", ncols=2)
plots.show(
    alt="The heights of 928 children against the means of their parents' heights: a wide cloud. "
    f"The best line through it has the slope {forth[0]:.2f}. It is flatter than the dashed line of "
    "those who are as tall as their parents, and the children's means, inch by inch, keep to it."
)

# %% [markdown]
# **Question.** If every generation regresses, will all people be of the same height in the end?
#
# <details><summary>Answer</summary>
#
# No. The children's heights are spread as widely as the fathers': what regression takes away, the
# scatter around the line gives back. And look at the other slope: the *parents* of tall children
# are taller than average by only a third of what those are. Read backwards, it is regression as
# well, so nothing pulls anybody to the middle. To be very tall takes tall parents *and* luck, and
# luck is not handed on. (Beware of it wherever the worst of one test are measured by a second: on
# average they do better, whatever was done to them in between.)
#
# </details>
#
# ### For the curious: a plane through the points
#
# Keep the parents apart, the father's height as $x_1$ and 1.08 times the mother's as $x_2$. Then
# the line becomes a plane over the floor of the two: $w_1 x_1 + w_2 x_2 + b$. Nothing in (4) or (5)
# has to change: $X$ has three columns now. The residuals still stand upright, and of all planes the
# best one has the smallest mean of their squares.

# %% demo
X_heights = with_ones(np.column_stack([fathers, mothers]))
plane = normal_equation(X_heights, children)
print(f"the plane: {plane[0]:.2f} · father + {plane[1]:.2f} · mother + {plane[2]:.1f}")
for known, columns in (("nobody", [2]), ("the father", [0, 2]), ("both parents", [0, 1, 2])):
    theta = normal_equation(X_heights[:, columns], children)
    J, _ = squared_error(theta, X_heights[:, columns], children)
    print(f"with the height of {known}, the smallest squared error is J = {J:.2f}")

# %% demo folded
fig = plt.figure(figsize=(8.6, 4.3))
left = fig.add_axes((-0.02, 0.0, 0.58, 1.0), projection="3d")
right = fig.add_axes((0.66, 0.15, 0.33, 0.72))
floor = np.meshgrid(np.linspace(62.5, 73.5, 12), np.linspace(62.5, 73.5, 12))
level = plane[0] * floor[0] + plane[1] * floor[1] + plane[2]
left.plot_surface(*floor, level, color="0.8", alpha=0.35, linewidth=0)
left.plot_wireframe(*floor, level, color="0.6", linewidth=0.5)
says = X_heights @ plane
for above, colour, marker in ((True, plots.COLOURS[0], "o"), (False, plots.COLOURS[5], "s")):
    look = {"color": colour, "mec": "k", "mew": 0.5, "ms": 5}
    some = np.flatnonzero((children > says)[:50] == above)
    for i in some:
        foot = [fathers[i]] * 2, [mothers[i]] * 2
        left.plot(*foot, [says[i], children[i]], color=colour, lw=1.2)
    name = "above the plane" if above else "below it"
    left.plot(fathers[some], mothers[some], children[some], marker, label=name, **look)
    right.vlines(says[some], says[some], children[some], color=colour, lw=1.2)
    right.plot(says[some], children[some], marker, **look)
left.set(xlabel="father", ylabel="mother × 1.08", zlabel="child", zlim=(61, 76))
left.set(xticks=[64, 68, 72], yticks=[64, 68, 72], zticks=[62, 66, 70, 74])
left.set_box_aspect((1, 1, 0.85), zoom=1.0)
left.view_init(elev=14, azim=-58)
left.legend(loc="upper left")
right.axline((68, 68), slope=1, color="0.5", lw=1.5, zorder=0)
right.set(xlabel="what the plane says", ylabel="child", xlim=(64.5, 72), ylim=(61, 76))
right.set_title("The same, seen edge-on")
plots.show(
    alt="Left: the heights of 50 children above a floor whose two directions are the heights of "
    "their parents, and the plane fitted to all 928. From each child a stick, its residual, leads "
    "straight up or down to the plane. Right: the same seen along the plane, which becomes a line."
)

# %% [markdown]
# The two slopes are nearly the same, about a third each. That is why Galton could take the mean of
# two parents, and draw a line.
#
# ### For the curious: centre the inputs, then walk
#
# Why did we not *walk* to Galton's line? All heights are near 68 inches. Raise the slope a little,
# lower the bias by 68 times as much, and hardly any prediction changes: the bowl is a trough. Count
# from five feet, 60 inches, and it is less of one. **Centre** the feature (subtract its mean), and
# slope and bias no longer get in each other's way. **Normalise** it (divide by its standard
# deviation, too), and the bowl is round. How many steps does it take, with the best rate for the
# steepest direction, until no prediction is off by more than 0.01 inches?

# %% demo
scales = {
    "inches": (parents, 1_000),
    "inches above 60": (parents - 60, 9_000),
    "centred": (parents - parents.mean(), 100),
    "normalised": ((parents - parents.mean()) / parents.std(), 100),
}
walks = {}
for name, (feature, n_steps) in scales.items():
    X, y = with_ones(feature[:, None]), children - 60
    H = X.T @ X / len(X)  # the second derivatives of J
    flattest, steepest = np.linalg.eigvalsh(H)
    path = fit_by_descent(X, y, 1 / steepest, n_steps)
    ends_of_it = X[[feature.argmin(), feature.argmax()]]  # where a line is off by most
    errors = np.abs((path - normal_equation(X, y)) @ ends_of_it.T).max(axis=1)
    n = int(np.argmax(errors < 0.01))
    needed = f"{n:,} step{'s'[: n - 1]}" if n else f"more than {n_steps:,} steps"
    walks[name] = H, path, normal_equation(X, y), needed
    print(f"{name}: condition number {steepest / flattest:,.0f}; {needed}")

# %% demo folded
fig, axes = plt.subplots(1, 3, figsize=(7.2, 3.4), sharey=True, layout="constrained")
for ax, name in zip(axes, ("inches above 60", "centred", "normalised"), strict=True):
    H, path, lowest, needed = walks[name]
    w, b = np.linspace(-4.2, 5.8, 401), np.linspace(-0.8, 9.2, 401)
    away = np.stack(np.meshgrid(w, b), axis=-1) - lowest
    J = np.einsum("...i,ij,...j", away, H, away) / 2  # above the lowest
    ax.contour(w, b, J, np.geomspace(0.1, 60, 9), colors="0.55", linewidths=0.7)
    ax.plot(*path.T, "-", color=plots.COLOURS[5], lw=2)
    ax.plot(*path[:12].T, "o", color=plots.COLOURS[5], mec="k", ms=5)
    ax.plot(*lowest, "*", color=plots.COLOURS[1], mec="k", ms=15)
    ax.set(title=f"{name}:\n{needed}", xlabel="slope $w$", aspect="equal")
axes[0].set_ylabel("bias $b$")
plots.show(
    alt="Contour lines of one squared error over slope and bias, and gradient descent from the "
    "origin to the star at the bottom. With the feature in inches above 60 the bowl is a thin, "
    f"slanting trough: {walks['inches above 60'][3]}. Centred, it stands upright: "
    f"{walks['centred'][3]}. Normalised, it is round: {walks['normalised'][3]}."
)

# %% [markdown]
# Mean and deviation are those of the training examples, also when test examples are normalised. And
# each hidden layer has the one before as its input: tanh hands on values around 0, the sigmoid does
# not.
#
# ### Why squares?
#
# Why not the absolute value of the residuals? Suppose that nature makes $y$ by a line and adds
# noise from a normal distribution of standard deviation $\tau$ ("tau"). The probability density of
# just these $y^{(i)}$ is then a product:
#
# $$P(y \mid X, \theta) = \prod_{i=1}^{m} \frac{1}{\tau\sqrt{2\pi}}
# \exp\!\Big({-\frac{(y^{(i)} - \theta \cdot x^{(i)})^2}{2\tau^2}}\Big). \tag{6}$$
#
# As a function of $\theta$ it is called the **likelihood**. **Maximum likelihood** says: choose the
# parameters that make what you have seen as likely as possible.
#
# **Question.** Take $-\frac1m \log$ of (6). Which parameters make it smallest?
#
# <details><summary>Answer</summary>
#
# The logarithm turns the product into a sum, and the exponential goes away:
# $-\frac1m \log P = \log(\tau\sqrt{2\pi}) + J(\theta)/\tau^2$ with the $J$ of (4). A constant and a
# positive factor do not move the minimum: the maximum of the likelihood *is* the minimum of the
# squared error. Noise of another shape makes another loss; Laplace's two-sided exponential noise
# makes the mean absolute error.
#
# </details>

# %% demo folded
tau = 0.7
slopes = np.linspace(-0.2, 2.6, 57)
tries = [np.array([w, exact[1]]) for w in slopes]
squares = np.array([squared_error(theta, X_line, y_line)[0] for theta in tries])
densities = [
    np.exp(-((y_line - X_line @ theta) ** 2) / (2 * tau**2)) / (tau * np.sqrt(2 * np.pi))
    for theta in tries
]
unlikely = np.array([-np.mean(np.log(density)) for density in densities])

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
left.plot(x_line, y_line, "o", color=plots.COLOURS[0], mec="k", ms=5)
left.plot(ends, with_ones(ends[:, None]) @ exact, "k-")
offset = np.linspace(-2.1, 2.1, 80)
for centre in (-0.5, 1.0, 2.5):
    height = exact @ [centre, 1.0]
    bell = centre + 0.6 * np.exp(-(offset**2) / (2 * tau**2))
    left.fill_betweenx(height + offset, centre, bell, color=plots.COLOURS[1], alpha=0.6, ec="k")
left.set(xlabel="$x$", ylabel="$y$", title="Normal noise around a line")
right.plot(slopes, unlikely, color=plots.COLOURS[0], label=r"$-\log P / m$")
right.plot(slopes, squares, "--", color=plots.COLOURS[5], label="squared error $J$")
for curve, look in ((unlikely, "o"), (squares, "s")):
    right.plot(slopes[curve.argmin()], curve.min(), "k" + look, ms=8)
right.set(xlabel="slope $w$", title="Lowest at the same slope", ylim=(0, 5))
right.legend()
plots.show(
    alt="Left: 60 points around a line, and three bell curves that show the normal noise at three "
    "places. Right: the negative log-likelihood and the squared error against the slope, two "
    "parabolas that are lowest at the same slope."
)

# %% [markdown]
# ### For the curious: probability or likelihood?
#
# Both are one formula, read in two ways. Here is the normal density of mean $\mu$ and standard
# deviation $\tau$ (elsewhere $\sigma$, which is our sigmoid):
#
# $$p(x; \mu, \tau) = \frac{1}{\tau\sqrt{2\pi}} \exp\!\Big({-\frac{(x - \mu)^2}{2\tau^2}}\Big).$$
#
# Hold $\mu$ and $\tau$, and let $x$ vary: a *probability* density, with the area 1. Hold the $m$
# examples that you have seen, let $\mu$ and $\tau$ vary, and multiply: the *likelihood*, whose
# volume may be anything. At its peak both derivatives of the logarithm vanish,
#
# $$\sum_{i=1}^m \frac{x^{(i)} - \mu}{\tau^2} = 0, \qquad
# \sum_{i=1}^m \frac{(x^{(i)} - \mu)^2}{\tau^3} - \frac{m}{\tau} = 0,$$
#
# so the likeliest $\mu$ is the mean, and the likeliest $\tau^2$ the mean squared distance from it:
# with $\frac1m$, not with $\frac{1}{m-1}$. Your `gradient_descent` finds the place without
# knowing these formulas.

# %% demo
twenty = children[:20]


def density(x, mu, tau):
    """The normal density: of x with mu and tau held, or of mu and tau with x held."""
    return np.exp(-((x - mu) ** 2) / (2 * tau**2)) / (tau * np.sqrt(2 * np.pi))


def unlikelihood(theta):
    """Minus the mean logarithm of the likelihood of theta = (mu, tau)."""
    return -np.mean(np.log(density(twenty, theta[0], theta[1])))


climb = gradient_descent(
    lambda theta: numerical_gradient(unlikelihood, theta), np.array([64.5, 4.5]), 1.0, 200
)
print(f"the walk ends at mean {climb[-1, 0]:.4f}, deviation {climb[-1, 1]:.4f}")
print(f"mean of the twenty: {twenty.mean():.4f}, deviation with 1/m: {twenty.std():.4f}", end=", ")
print(f"with 1/(m - 1): {twenty.std(ddof=1):.4f}")

# %% demo folded
inches = np.linspace(40, 90, 1001)
mus, taus = np.linspace(63, 73, 201), np.linspace(1.5, 5.5, 201)
M, T = np.meshgrid(mus, taus)
logs = sum(np.log(density(x, M, T)) for x in twenty)
readings = [climb[0], np.array([70.5, 1.8]), climb[-1]]
fig, (left, right) = plt.subplots(1, 2, figsize=(7.4, 3.9), layout="constrained")
steps = np.exp([-40, -25, -15, -9, -5, -2, -0.5])
right.contour(M, T, np.exp(logs - logs.max()), steps, colors="0.55", linewidths=0.8)
right.plot(*climb.T, "-", color="k", lw=1.2, label="your gradient descent")
for k, (theta, colour) in enumerate(zip(readings, plots.COLOURS, strict=False)):
    look = {"marker": plots.MARKERS[k], "color": colour, "mec": "k", "ms": 9}
    left.plot(inches, density(inches, *theta), markevery=(280 + 11 * k, 60), **look)
    right.plot(*theta, ls="", **look)
left.plot(twenty, np.full(20, -0.008), "|", color="k", ms=12, mew=1.2)
left.set(title="Probability, of $x$: each area is 1", xlabel="height $x$ (inches); the twenty: |")
left.set(xlim=(54, 80), ylabel="density")
right.set(title=r"Likelihood, of $\mu$ and $\tau$", xlabel=r"$\mu$", ylabel=r"$\tau$")
right.legend(loc="upper right")
areas = [np.sum(density(inches, *theta)) * (inches[1] - inches[0]) for theta in readings]
volume = np.exp(logs).sum() * (mus[1] - mus[0]) * (taus[1] - taus[0])
print("areas on the left:", *(f"{area:.3f}," for area in areas), f"volume: {volume:.0e}")
plots.show(
    alt="Left: twenty heights as strokes below three bell curves, each with a marker. Right: the "
    "same three markers on contour lines of the likelihood of mean and deviation. Gradient "
    f"descent leads from one to the peak, at {climb[-1, 0]:.1f} and {climb[-1, 1]:.1f}, whose "
    "curve fits the twenty best."
)

# %% [markdown]
# **Question.** You have seen a single height, 70 inches. Which $\mu$ and $\tau$ are the likeliest?
#
# <details><summary>Answer</summary>
#
# $\mu = 70$, and $\tau$ as close to 0 as you like: there the density grows without end. Maximum
# likelihood believes what it has seen, and that there is nothing else. With few examples that is
# too sure of itself, which stage 7 will call *overfitting*; it is also why statisticians divide by
# $m - 1$.
#
# </details>

# %% [markdown]
# ## 4. Yes or no: logistic regression
#
# Now let $y$ be a class, 0 or 1. A **logistic regression** sends the sum $z = \theta \cdot x$
# through the sigmoid, and reads $a = \sigma(z)$ as the probability of class 1. Which loss? Two
# candidates, for an example with label $y$:
#
# $$\text{squared error: } \tfrac12 (a - y)^2, \qquad\quad
# \text{cross-entropy: } -y \log a - (1 - y) \log(1 - a). \tag{7}$$
#
# The second is again maximum likelihood: it is $-\log$ of the probability that the model gave to
# *what really happened*. You wrote it in stage 5, and here it is again: `binary_cross_entropy`
# returns $J$ and $\partial J/\partial Z = (a - y)/m$. It takes and returns *columns*, of shape
# `(m, 1)`. What is new is the way from $Z$ to the parameters. Since $Z = X\theta$, the chain rule
# multiplies by $X^T$:
#
# $$\nabla J(\theta) = X^T\, \frac{\partial J}{\partial Z} = \frac1m X^T (a - y). \tag{8}$$
#
# Compare (4): the same formula, with $a$ in place of $X\theta$.
#
# **By hand.** Two examples, $x = (2, 1)$ with $y = 1$ and $x = (-1, 1)$ with $y = 0$, and
# $\theta = (0, 0)$. Both sums are 0, so $a = \frac12$ twice. $J = \log 2 \approx 0.693$, and the
# gradient is
#
# $$\frac12 \begin{pmatrix} 2 & -1 \\ 1 & 1 \end{pmatrix}
# \begin{pmatrix} -\frac12 \\ \frac12 \end{pmatrix}
# = \begin{pmatrix} -\frac34 \\ 0 \end{pmatrix}.$$


# %%
def sigmoid(z):
    """The sigmoid of stage 4, without overflow: 1 / (1 + exp(-z))."""
    small = np.exp(-np.abs(z))  # between 0 and 1, whatever z is
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def binary_cross_entropy(Z, y):
    """Stage 5's loss of a column Z, shape (m, 1), and labels y, shape (m,); and dJ/dZ."""
    Y = y[:, None]
    return float(np.mean(np.logaddexp(0.0, Z) - Y * Z)), (sigmoid(Z) - Y) / len(Z)


# %% [markdown]
# ### Task: `logistic_loss`
# *Difficulty 2 of 3, about 5 minutes.*
#
# The loss as a function of the parameters, like `squared_error`, and exact where the sums are as
# large as $\pm 1000$: an example with $z = -1000$ and $y = 1$ costs 1000, not infinity.
#
# <details><summary>Hint 1</summary>
#
# `binary_cross_entropy` does nearly all the work. What does it want, what does it return, and which
# shapes have these?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `X @ theta` has shape `(m,)`; make a column of it. Then (8), and in the end a column of shape
# `(n, 1)` has to become an array of shape `(n,)`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `J, dZ = binary_cross_entropy((X @ theta)[___], y)`.
#
# </details>


# %% task="logistic_loss"
def logistic_loss(theta, X, y):
    """Compute the cross-entropy of a logistic regression and its gradient, formula (8).

    Parameters
    ----------
    theta : ndarray of float, shape (n,)
        The parameters. Not changed.
    X : ndarray of float, shape (m, n)
        The examples, at least one. Not changed.
    y : ndarray of int, shape (m,)
        Their labels, 0 or 1. Not changed.

    Returns
    -------
    J : float
        The mean cross-entropy; exact, but for rounding, for sums as large as ±1000.
    dtheta : ndarray of float, shape (n,)
        The gradient of J with respect to `theta`.
    """
    ### BEGIN SOLUTION
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, (X.T @ dZ)[:, 0]
    ### END SOLUTION


# %% tests="logistic_loss"
X_two, y_two = np.array([[2.0, 1.0], [-1.0, 1.0]]), np.array([1, 0])
result = logistic_loss(np.zeros(2), X_two, y_two)
assert isinstance(result, tuple), "logistic_loss should return J and dtheta"
assert len(result) == 2, "logistic_loss should return J and dtheta, two things"
assert near(result[0], np.log(2)), f"two even chances cost log 2 = 0.693, not {result[0]}"
assert near(result[1], [-0.75, 0]), f"the worked gradient is (-3/4, 0), not {result[1]}"
one = np.ones((1, 1))
for z, label, cost in ((-15, 1, 15.000000306), (-1000, 1, 1000), (1000, 0, 1000), (1000, 1, 0)):
    J, _ = logistic_loss(np.array([float(z)]), one, np.array([label]))
    assert near(J, cost), f"z = {z} with label {label} costs {cost}, not {J}"
J, _ = logistic_loss(np.array([21.0]), one, np.array([1]))
assert near(J, np.exp(-21), 1e-12), f"z = 21 with label 1 costs exp(-21), a little, not {J}"
rng = np.random.default_rng(4)
for m, n in ((8, 3), (4, 4), (1, 3), (5, 1)):  # examples and parameters
    theta, X, y = rng.normal(size=n), rng.normal(size=(m, n)), rng.integers(0, 2, size=m)
    assert unchanged(logistic_loss, 1000 * theta, X, y), "logistic_loss changed an argument"
    assert stays(logistic_loss, (theta, X, y), (-theta, X, y)), "the next call changed a gradient"
    dtheta = logistic_loss(theta, X, y)[1]
    large = logistic_loss(1e-6 * theta, 1e6 * X, y)[1]
    assert near(1e-6 * large, dtheta), "features a million times as large: so is the gradient"
    J_alone = lambda theta, X=X, y=y: logistic_loss(theta, X, y)[0]  # noqa: E731
    assert slopes_agree(dtheta, J_alone, theta), f"m = {m}, n = {n}: J has other slopes"


# %%
def sigmoid_squared_error(theta, X, y):
    """The rejected candidate of (7): the squared error after a sigmoid, averaged."""
    return float(np.mean((sigmoid(X @ theta) - y) ** 2) / 2)


# %% demo
rng = np.random.default_rng(8)
X_clouds, y_clouds = make_blobs(60, rng, centers=[[-1.0, -0.4], [1.0, 0.6]], std=0.9)
X_clouds = with_ones(X_clouds)


def squares(theta):
    """Squared error after a sigmoid, on the two clouds."""
    return sigmoid_squared_error(theta, X_clouds, y_clouds)


def entropy(theta):
    """Cross-entropy on the two clouds."""
    return logistic_loss(theta, X_clouds, y_clouds)[0]


segments = rng.normal(scale=6, size=(200, 2, 3))
for name, f in (("squared error", squares), ("cross-entropy", entropy)):
    n_convex = sum(is_convex_on_segment(f, *segment) for segment in segments)
    print(f"{name}: convex on {n_convex} of {len(segments)} random segments")

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
z = np.linspace(-8, 8, 200)
left.plot(z, 0.5 * (sigmoid(z) - 1) ** 2, "--", color=plots.COLOURS[5], label="squared error")
left.plot(z, np.logaddexp(0, -z), color=plots.COLOURS[0], label="cross-entropy")
left.set(xlabel="its sum $z$", title="One example of class 1")
weights = np.linspace(-12, 12, 200)
for f, look, name in ((entropy, "-", "cross-entropy"), (squares, "--", "squared error")):
    J = np.array([f(np.array([w, -w, 0.0])) for w in weights])
    colour = plots.COLOURS[0 if look == "-" else 5]
    right.plot(weights, J / J.max(), look, color=colour, label=name)
right.set(xlabel="$w$, for $\\theta = (w, -w, 0)$", title="Two clouds, as shares\nof the maximum")
for ax in (left, right):
    ax.legend()
plots.show(
    alt="Left: two losses of an example of class 1 against its sum z. Far below 0 cross-entropy "
    "is a steady slope, and the squared error is level. Right: on two clouds, cross-entropy "
    "is a valley and the squared error a narrow pit between level shoulders."
)

# %% [markdown]
# **Question.** Look at the left picture at $z = -8$: an example of class 1 that the model calls
# impossible. What does gradient descent do about it with either loss, and what does that have to do
# with convexity?
#
# <details><summary>Answer</summary>
#
# With the squared error, nothing: its slope $(a - 1)\,a\,(1 - a)$ is nearly 0. The model is as
# wrong as can be and does not learn from it. With cross-entropy the slope is $a - 1 \approx -1$:
# the worse the mistake, the harder the pull. A curve that rises steeply and then flattens out bends
# downwards: there convexity is lost. The second derivative of cross-entropy with respect to $z$ is
# $\sigma'(z) = a(1 - a) > 0$ (stage 5), so in a direction $d$ the curvature of $J$ is
# $\frac1m \sum_i a^{(i)}(1 - a^{(i)})\,(d \cdot x^{(i)})^2 \ge 0$: convex, for all data.
#
# </details>
#
# ### Why not simply count the mistakes?
#
# In the end we want few wrong answers. So why not make the accuracy itself the mountain?

# %% demo folded
offsets = np.linspace(-6, 6, 1201)
shares, J = [], []
for offset in offsets:
    theta = np.array([2.0, 1.0, offset])
    shares.append(np.mean((X_clouds @ theta >= 0) == y_clouds))
    J.append(entropy(theta))
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
left.plot(offsets, shares, color=plots.COLOURS[0])
left.set(xlabel="bias $b$", title="Accuracy: stairs")
right.plot(offsets, J, color=plots.COLOURS[5])
right.set(xlabel="bias $b$", title="Cross-entropy: a slope")
plots.show(
    alt="Left: accuracy against the bias, stairs that are level nearly everywhere. Right: "
    "cross-entropy against the bias, a smooth bowl."
)

rng = np.random.default_rng(9)
places = rng.normal(scale=2, size=(1000, 3))


def share_right(theta):
    """The accuracy on the two clouds."""
    return np.mean((X_clouds @ theta >= 0) == y_clouds)


steep = sum(np.any(numerical_gradient(share_right, theta) != 0) for theta in places)
slopes = [np.linalg.norm(numerical_gradient(entropy, theta)) for theta in places]
print(f"places with a gradient of the accuracy other than 0: {steep} of {len(places):,}")
print(f"smallest gradient of the cross-entropy there: {min(slopes):.4f}")

# %% [markdown]
# A tiny change of $\theta$ moves every sum a tiny bit, and unless an example lies right on the
# boundary, no prediction changes. The ground is level wherever you stand, broken only by cliffs of
# height $1/m$. Feet feel nothing, and (1) does not move.
#
# **Question `level_ground`.** What would make gradient descent move, from nearly every place?
#
# - **a** A large learning rate: long steps reach the next cliff.
# - **b** Many more examples: with lower cliffs, close together, the stairs become a slope.
# - **c** Another measure than the accuracy.
# - **d** Mini-batches, each of a few examples: their gradients differ from that of all examples.

# %% question="level_ground"
answer("level_ground", ...)

# %% [markdown]
# ## 5. A network is no bowl
#
# Linear and logistic regression are convex in their parameters. And a network with a hidden layer?
# Here is one in a few lines of NumPy: tanh in the hidden layer, one output without activation, and
# backpropagation as in stage 5. All its parameters live in one long `theta`, so that what you have
# written takes it as it is.


# %%
def unpack(theta, n):
    """The parts of theta: W1 (n_hidden, n), b1 (n_hidden,), w2 (n_hidden,), b2 (1,)."""
    n_hidden = (theta.size - 1) // (n + 2)
    W1, b1 = theta[: n_hidden * n], theta[n_hidden * n : -n_hidden - 1]
    return W1.reshape(n_hidden, n), b1, theta[-n_hidden - 1 : -1], theta[-1:]


def network(theta, X):
    """What a network with one hidden tanh layer says of each row: Z (m, 1) and A1 (m, n_hidden)."""
    W1, b1, w2, b2 = unpack(theta, X.shape[1])
    A1 = np.tanh(X @ W1.T + b1)
    return (A1 @ w2 + b2)[:, None], A1


def network_loss(theta, X, y, loss=binary_cross_entropy):
    """A loss of the network's Z and its gradient with respect to theta."""
    w2 = unpack(theta, X.shape[1])[2]
    Z, A1 = network(theta, X)
    J, dZ = loss(Z, y)
    dZ1 = dZ * w2 * (1 - A1**2)
    return J, np.concatenate([(dZ1.T @ X).ravel(), dZ1.sum(0), (A1.T @ dZ)[:, 0], dZ.sum(0)])


# %% [markdown]
# **Question `one_long_theta`.** Such a network has $n$ inputs and $h$ hidden neurons. What is the
# shape of its `theta`? (Answer with a shape, in brackets, such as `(60, 10)`, or `(60,)` where
# there is only one axis.)

# %% question="one_long_theta"
answer("one_long_theta", ...)

# %% [markdown]
# We train it on two moons, and then walk in a straight line through the landscape of its loss: a
# **slice**. The third slice leads to the trained network's *twin*: the same network with its hidden
# neurons in reverse order, which computes the very same function.

# %% demo
rng = np.random.default_rng(11)
X_moons, y_moons = make_moons(200, rng, noise=0.15)
theta0 = rng.normal(scale=0.8, size=8 * 4 + 1)
descent = gradient_descent(lambda t: network_loss(t, X_moons, y_moons)[1], theta0, 1.0, 2000)
trained = descent[-1]
W1, b1, w2, b2 = unpack(trained, 2)
twin = np.concatenate([W1[::-1].ravel(), b1[::-1], w2[::-1], b2])


def network_height(theta):
    """The loss of the network on the moons, without its gradient."""
    return network_loss(theta, X_moons, y_moons)[0]


print(
    f"loss at the start {network_height(theta0):.3f}, trained {network_height(trained):.3f},",
    end=" ",
)
print(f"of the twin {network_height(twin):.3f}")
aside = rng.normal(size=trained.size)
slices = [
    ("in a random\ndirection", trained - aside, trained + aside, ("", "trained", "")),
    ("from the start\nto the trained one", theta0, trained, ("start", "", "trained")),
    ("from the trained one\nto its twin", trained, twin, ("trained", "", "twin")),
]

# %% demo folded
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.3), layout="constrained")
t = np.linspace(0, 1, 101)
for ax, (title, a, b, names) in zip(axes, slices, strict=True):
    ax.plot(t, [network_height((1 - s) * a + s * b) for s in t], color=plots.COLOURS[0])
    convex = is_convex_on_segment(network_height, a, b)
    ax.set(title=f"{title}:\n{'convex here' if convex else 'not convex'}", ylabel="$J$")
    ax.set_xticks([0, 0.5, 1], names)
    ax.set_ylim(bottom=0)
plots.show(
    alt="Three slices through the loss of a network. In a random direction through the trained "
    "one it is a bowl; from the start to the trained one it falls; from the trained one to "
    "its twin there is a hill between two equal ends."
)

# %% [markdown]
# **Question.** How does the third slice prove that the loss of this network is not convex? And why
# is the first one, which looks like a bowl, no proof of anything?
#
# <details><summary>Answer</summary>
#
# The network and its twin have the same loss. Were $J$ convex, the whole way between them would
# have to stay at or below it. Halfway, neurons 1 and 8 have become the same, and so have 2 and 7,
# 3 and 6, 4 and 5: four neurons do the work of eight, and the loss is higher. Any network with a
# hidden layer has such twins: eight neurons have $8! = 40{,}320$ orders. The first slice is a
# single line through a space of 33 dimensions; near a minimum *every* slice rises to both sides.
# What it does explain is why gradient descent works so well: seen from where it walks, the ground
# is often kind.
#
# </details>
# %% [markdown]
# ## 6. A handful at a time
#
# The gradients in (4) and (8) are averages over all the examples: for 60,000 images, 60,000 forward
# and backward passes for *one* step. But an average can be estimated from a few. Take a
# **mini-batch** of examples, step along *their* gradient, and take the next batch: **stochastic
# gradient descent**, SGD. To choose them, shuffle all the examples and deal them out like cards.
# Each is used once per epoch, and for the next epoch one shuffles again.
#
# **By hand.** Seven examples, batches of three. Shuffled, the indices are, say,
# $4, 0, 6, 2, 5, 1, 3$. The batches: $(4, 0, 6)$, then $(2, 5, 1)$, then $(3)$. The last batch is
# smaller, and it is kept: nobody is left out.
#
# ### Task: `minibatches`
# *Difficulty 1 of 3, about 5 minutes.*
#
# Write a generator: a function that hands out one batch after the other with `yield`. (A list of
# batches would do, but needs room for all of them.) Every order of the examples is equally likely.
# If `batch_size` is larger than `m`, there is one batch with everything.
#
# <details><summary>Hint 1</summary>
#
# What has to be shuffled so that `X[i]` is still beside its own `y[i]`?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Shuffle the *numbers* of the examples, cut that order into pieces, and index `X` and `y` with the
# same piece.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `order = rng.permutation(___)`, and a piece is `order[start : ___]` (a slice may reach beyond the
# end) for each `start` of `range(0, ___, batch_size)`.
#
# </details>


# %% task="minibatches"
def minibatches(X, y, batch_size, rng):
    """Deal out the examples in random order, batch by batch: one epoch.

    Parameters
    ----------
    X : ndarray of float, shape (m, n)
        The examples, at least one. Not changed.
    y : ndarray of int or float, shape (m,)
        What belongs to them, labels or numbers. Not changed.
    batch_size : int
        Examples in a batch, at least 1; the last batch holds what is left.
    rng : numpy.random.Generator
        The only source of randomness.

    Yields
    ------
    X_batch : ndarray of float, shape (k, n)
        Some of the examples, 1 <= k <= batch_size.
    y_batch : ndarray of the type of y, shape (k,)
        What belongs to them.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]
    ### END SOLUTION


# %% tests="minibatches"
X_seven, y_seven = np.arange(14.0).reshape(7, 2), np.arange(7)
batches = list(minibatches(X_seven, y_seven, 3, np.random.default_rng(0)))
sizes = [len(y_batch) for _, y_batch in batches]
assert sizes == [3, 3, 1], f"seven examples in batches of three: 3, 3 and 1, not {sizes}"
dealt = np.concatenate([y_batch for _, y_batch in batches])
assert sorted(dealt.tolist()) == list(range(7)), f"each example once, but they were {dealt}"
for X_batch, y_batch in batches:
    assert near(X_batch, X_seven[y_batch]), "examples and labels got out of step"
again = list(minibatches(X_seven, y_seven, 3, np.random.default_rng(0)))
assert all(near(a, b) for (_, a), (_, b) in zip(batches, again, strict=True)), "use only rng"
y_large = 2**60 + y_seven  # to a float64 all the same
dealt = np.concatenate([y for _, y in minibatches(X_seven, y_large, 3, np.random.default_rng(0))])
assert set(dealt.tolist()) == set(y_large.tolist()), f"the labels are other integers now: {dealt}"
whole = list(minibatches(X_seven, y_seven, 9, np.random.default_rng(0)))
assert len(whole) == 1, "9 > 7: one batch"
epoch = lambda X, y: list(minibatches(X, y, 3, np.random.default_rng(0)))  # noqa: E731
assert unchanged(epoch, X_seven, y_seven), "minibatches changed the caller's X or y"
X_three_by_three, orders = np.arange(9.0).reshape(3, 3), set()
for seed in range(120):  # that one of the 6 orders is missing by chance: twice in a billion times
    two, one = minibatches(X_three_by_three, np.arange(3), 2, np.random.default_rng(seed))
    order = np.concatenate([two[1], one[1]])
    assert near(np.vstack([two[0], one[0]]), X_three_by_three[order]), "X and y got out of step"
    orders.add(tuple(order.tolist()))
assert len(orders) == 6, f"three examples have 6 orders; 120 epochs had only {len(orders)}"
y_many = np.arange(1000)
batches = list(minibatches(np.zeros((1000, 1)), y_many, 37, np.random.default_rng(1)))
assert len(batches[-1][1]) == 1, "a thousand examples: 27 batches of 37, and a single one is left"
order = np.concatenate([y_batch for _, y_batch in batches])
assert np.array_equal(np.sort(order), y_many), "each of a thousand examples once"
rises = np.sum(np.diff(order) > 0)  # by chance fewer than 400 or more than 600 in no lifetime
assert 400 < rises < 600, f"of 999 steps to the next number {rises} lead up: not a random order"
near_home = np.sum(np.abs(order - y_many) < 100)
assert near_home < 400, f"{near_home} of 1000 examples stay within 100 places of where they were"

# %% demo folded
rng = np.random.default_rng(5)
theta = np.array([0.2, 0.5])
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.5), sharex=True, sharey=True, layout="constrained")
_, whole = squared_error(theta, X_line, y_line)
for ax, batch_size in zip(axes, (1, 6, 30), strict=True):
    guesses = []
    while len(guesses) < 120:
        for X_batch, y_batch in minibatches(X_line, y_line, batch_size, rng):
            guesses.append(squared_error(theta, X_batch, y_batch)[1])
    guesses = np.array(guesses[:120])
    ax.plot(*guesses.T, ".", color=plots.COLOURS[0], ms=6, label="a mini-batch")
    ax.plot(*whole, "*", color=plots.COLOURS[1], mec="k", ms=15, label="all 60 examples")
    spread = np.sqrt(np.mean(np.sum((guesses - whole) ** 2, axis=1)))
    ax.set(
        title=f"batches of {batch_size}:\noff by {spread:.2f}", xlabel=r"$\partial J/\partial w$"
    )
axes[0].set_ylabel(r"$\partial J/\partial b$")
axes[2].legend(loc="upper left")
fig.suptitle("The gradient at one place, estimated from mini-batches")
plots.show(
    alt="The gradient at one place as 120 mini-batches estimate it, with a star for all 60 "
    "examples. With batches of 1 the estimates are scattered widely, with 6 less so, and with "
    "30 they lie close to the star."
)

# %% [markdown]
# The larger the batch, the better the guess: the error of an average of $B$ independent examples
# falls like $1/\sqrt B$. (Batches of 30 do better than that here: half of all the examples are in
# them, and none twice.)
#
# **Question `larger_batch`.** Of a million examples, batches of $B$ give gradients that are off by
# some error, on average. How large must the batches be, for a $k$-th of that error?

# %% question="larger_batch"
answer("larger_batch", ...)

# %% [markdown]
# Far from the minimum a rough direction is enough, and a hundred rough steps lead much further than
# one precise step. But computers multiply one large matrix faster than a hundred small ones:
# batches of 32 to 512 are a common compromise.
#
# ### One step, with a memory
#
# Sections 7 and 8 have other rules for a step. Some remember something: a velocity, a sum, a
# counter. So that one training loop can drive them all, each is a function of the same form:
#
# $$\texttt{theta, state = step(theta, grad, state, learning\_rate)}$$
#
# - `theta` is an array of **any shape**, () too; `grad`, the gradient there, has the same shape,
#   and so has the new `theta`. (Of arrays of shape () NumPy likes to make numbers; they will do.)
# - `state` is what the rule remembers: `None` before the first step, after that whatever the rule
#   returned the last time. What is in it (a dictionary, say) is the rule's own business.
# - Nothing is changed in place, neither `theta` nor `grad` nor anything in `state`, and nothing is
#   remembered elsewhere. So one function can serve many arrays, each with a state of its own.
#   (The caller changes nothing in place either: what you return may share memory with arguments.)
# - Between two steps the caller may move `theta` and change the learning rate, even to 0. All other
#   settings are the same in each step of a walk.
#
# The plain step (1) has nothing to remember:


# %%
def sgd_step(theta, grad, state, learning_rate):
    """Take a plain step down the gradient, formula (1)."""
    return theta - learning_rate * grad, state


# %% [markdown]
# ### The training loop
#
# Now put it together. This loop trains logistic regressions and language models alike:
#
# > for each epoch, for each mini-batch of it:
# >
# > 1. *forward and backward*: the loss of the batch and its gradient, at the present $\theta$;
# > 2. *update*: one step of the optimiser.
#
# **By hand.** Two examples without a bias, both $x = 1$ with $y = 2$, so that the order does not
# matter. Squared error, SGD with $\eta = 0.5$, batches of 1, from $\theta = 0$.
#
# | batch | $\theta$ before | loss | gradient | $\theta$ after |
# |:-:|:-:|:-:|:-:|:-:|
# | 1 | 0 | $\frac12 \cdot 2^2 = 2$ | $-2$ | 1 |
# | 2 | 1 | $\frac12 \cdot 1^2 = 0.5$ | $-1$ | 1.5 |
#
# One epoch returns $\theta = 1.5$ and the losses $[2, 0.5]$.
#
# ### Task: `train`
# *Difficulty 2 of 3, about 6 minutes.*
#
# `loss` is a function like `squared_error` or `logistic_loss`: `loss(theta, X_batch, y_batch)`
# returns $J$ and the gradient. `step` is an optimiser like `sgd_step`. The state starts as `None`
# and lives through all the epochs. Each epoch has a new order. Record the loss of each batch as it
# was *before* its step.
#
# <details><summary>Hint 1</summary>
#
# Which of your functions deals out one epoch? How many times must it be called?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Two loops, one in the other. Call `minibatches` anew in each epoch: a generator is used up after
# one pass. Before the loops come the first theta, the first state and an empty list.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# The update is `theta, state = step(theta, ___, state, ___)`.
#
# </details>


# %% task="train"
def train(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Train any model with any optimiser on mini-batches.

    Parameters
    ----------
    loss : callable
        ``loss(theta, X_batch, y_batch)`` returns J and its gradient. `y_batch` has the type of `y`.
    step : callable
        ``step(theta, grad, state, learning_rate)`` returns the new theta and the new state.
    theta0 : ndarray of float, shape (n_parameters,)
        The parameters to start with. Not changed.
    X : ndarray of float, shape (m, n)
        The examples. Not changed.
    y : ndarray of int or float, shape (m,)
        What belongs to them. Not changed.
    n_epochs, batch_size : int
        Passes over the examples, and examples in a batch, both at least 1; the last batch holds
        what is left.
    learning_rate : float
        Passed on to `step`.
    rng : numpy.random.Generator
        Shuffles the examples anew in each epoch; the only source of randomness.

    Returns
    -------
    theta : ndarray of float, shape (n_parameters,)
        The parameters after the last step.
    losses : list of float
        The loss of each batch before its step, in the order of the steps. An array will do.
    """
    ### BEGIN SOLUTION
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses
    ### END SOLUTION


# %% tests="train"
def plain_loss(theta, X, y):
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / len(y)


def plain_step(theta, grad, state, learning_rate):
    return theta - learning_rate * grad, state


def counting_step(theta, grad, state, learning_rate):
    k = 0 if state is None else state + 1
    return theta + 10.0**-k, k


X_same, y_same = np.ones((2, 1)), np.array([2.0, 2.0])
rng = np.random.default_rng(0)
result = train(plain_loss, plain_step, np.zeros(1), X_same, y_same, 1, 1, 0.5, rng)
assert isinstance(result, tuple), "train should return theta and losses"
assert len(result) == 2, "train should return theta and losses, two things"
theta, losses = result
assert near(theta, [1.5]), f"the worked example ends with theta = 1.5, not {theta}"
assert near(np.array(losses), [2, 0.5]), f"the worked example has the losses 2, 0.5, not {losses}"
theta, losses = train(plain_loss, plain_step, np.full(1, 1002.0), X_same, y_same, 1, 2, 0.5, rng)
assert near(theta, [502]), f"one batch of two, so one step, from 1002 half of the way to 2: {theta}"
assert near(np.array(losses), [500_000]), f"the loss of that batch is 1000² / 2, not {losses}"
tiny = lambda theta, X, y: (1e-12 / 3, 1e-9 * np.ones(1))  # noqa: E731
theta, losses = train(tiny, plain_step, np.zeros(1), X_same, y_same, 150, 2, 1.0, rng)
assert near(1e9 * theta, [-150]), f"150 steps of 1e-9 each, not {-1e9 * theta} of them"
assert list(losses) == 150 * [1e-12 / 3], "each of the 150 losses as it was, not rounded"
theta, losses = train(plain_loss, counting_step, np.full(1, 2.0), X_same, y_same, 2, 1, 0.5, rng)
assert near(theta, [3.111]), (
    f"a step that adds 1, 0.1, 0.01, ... as its state counts gets from 2 to 3.111, not {theta}; "
    "is the state kept from batch to batch and from epoch to epoch?"
)
X, line, start = rng.normal(size=(10, 3)), 10 * rng.normal(size=3), np.zeros(3)
seen, rates, kind = [], set(), np.dtype(int)


def noting_loss(theta, X, y):
    seen.append(y)
    assert y.dtype == kind, f"the batches of y have the type {y.dtype}, but y has {kind}"
    return plain_loss(theta, X, y)


def noting_step(theta, grad, state, learning_rate):
    rates.add(learning_rate)
    return theta - learning_rate * grad, state


train(noting_loss, noting_step, start, X, np.arange(10), 1, 4, 0.2, rng)
seen, rates, kind = [], set(), np.dtype(float)
theta, losses = train(noting_loss, noting_step, start, X, X @ line, 20, 4, 0.2, rng)
assert rates == {0.2}, f"each step gets the learning rate 0.2; yours got {rates}"
assert [np.shape(y) for y in seen] == 20 * [(4,), (4,), (2,)], "10 examples: 4, 4, 2 in an epoch"
epochs = [np.concatenate(seen[k : k + 3]) for k in range(0, 60, 3)]
assert near(np.sort(epochs), np.tile(np.sort(X @ line), (20, 1))), "each example once in an epoch"
assert len({tuple(order) for order in [X @ line, *epochs]}) == 21, "shuffle anew for each epoch"
places = np.argsort(np.argsort(epochs, axis=1), axis=1)  # whose is the y, counted from the smallest
moves = {tuple(np.argsort(places[k])[places[k + 1]]) for k in range(19)}
assert len(moves) == 19, "an epoch's order follows from that of the one before; shuffle anew"
assert losses[-1] < losses[0] / 50, f"the loss falls from {losses[0]} only to {losses[-1]}"
two_epochs = [
    train(plain_loss, plain_step, start, X, X @ line, 2, 4, 0.2, np.random.default_rng(seed))[1]
    for seed in (1, 1, 2)
]
assert near(np.array(two_epochs[0]), two_epochs[1]), "the same generator: the same order"
assert not near(np.array(two_epochs[0]), two_epochs[2]), "another generator: another order"
assert unchanged(train, plain_loss, plain_step, start, X, X @ line, 1, 4, 0.2, rng), "use copies"
calls = [(plain_loss, plain_step, start + k, X, X @ line, 1, 4, 0.2, rng) for k in (0, 1)]
assert stays(train, *calls), "the next training changed what an earlier one had returned"

# %% [markdown]
# ### One neuron, three names
#
# A neuron computes an activation of $z = \theta \cdot x$. What it is called depends on that and on
# the loss. Train it with SGD on one example at a time:
#
# | name | output | loss | $\theta$ moves by |
# |:--|:--|:--|:--|
# | linear regression | $a = z$ | squared error | $\eta\,(y - a)\,x$ |
# | logistic regression | $a = \sigma(z)$ | cross-entropy | $\eta\,(y - a)\,x$ |
# | perceptron | threshold, $a \in \{0, 1\}$ | none: the rule itself | $(y - a)\,x$ |
#
# Three inventions from three sciences, and one and the same rule: error times input.

# %% demo
rng = np.random.default_rng(12)
line, line_losses = train(squared_error, sgd_step, np.zeros(2), X_line, y_line, 20, 8, 0.1, rng)
border, border_losses = train(
    logistic_loss, sgd_step, np.zeros(3), X_clouds, y_clouds, 20, 8, 0.5, rng
)
print(f"a line by SGD: {np.round(line, 3)}; by the normal equation: {np.round(exact, 3)}")

# %% demo folded
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.2), layout="constrained")
axes[0].plot(x_line, y_line, "o", color=plots.COLOURS[0], mec="k", ms=5)
axes[0].plot(ends, with_ones(ends[:, None]) @ line, "k-")
axes[0].set(title="linear regression", xlabel="$x$", ylabel="$y$")
plots.plot_decision_boundary(
    lambda X: (with_ones(X) @ border >= 0).astype(int), X_clouds[:, :2], y_clouds, ax=axes[1]
)
axes[1].set(title="logistic regression")
axes[1].get_legend().remove()
axes[2].plot(line_losses, color=plots.COLOURS[0], lw=1, label="linear")
axes[2].plot(border_losses, "--", color=plots.COLOURS[5], lw=1, label="logistic")
axes[2].set(title="Loss of each batch", xlabel="step", yscale="log")
axes[2].legend()
plots.show(
    alt="Left: the line that SGD finds through 60 points. Middle: its straight boundary between "
    "two clouds. Right: the loss of each mini-batch, which falls at first and then goes up "
    "and down to the end."
)

# %% [markdown]
# The losses on the right go up and down to the end, and nothing is wrong: each is that of another
# handful of examples. But close to the minimum every batch pulls towards a minimum of its own, so
# with a constant learning rate SGD never settles. To come to rest, one lets the learning rate fall
# as training goes on. Keep that in mind for the project.

# %% written="gradient_or_rate" points=2
# **In your own words.** A network is trained by your loop with `sgd_step`. The losses of its
# mini-batches jump up and down, and their average does not fall any more. One friend says that the
# gradient must be wrong, another that the learning rate is too large. Which small experiment would
# decide between them, and what would you see in it if the first one is right, and what if the
# second is? Answer in two or three sentences.
#
# ### BEGIN RUBRIC
# - 1 point: an experiment that tells the two apart. Either the gradient is compared with nudges, at
#   the present parameters and on one fixed batch; or the training goes on from there with a much
#   smaller rate (or several), best on a fixed batch or on all examples, so that chance is out of
#   it. Half a point if it would only confirm one of the two ("train for longer", "look at the
#   accuracy"). Nothing for an opinion without an experiment.
# - 1 point: what is expected in *both* cases. If the gradient is wrong, the relative error is well
#   above $10^{-4}$, or the loss of the fixed batch fails to fall even with the smallest steps; if
#   the rate is too large, the gradient passes, and the average falls again once the rate is cut.
#   Half a point for one of the cases.
# ### END RUBRIC

# %% [markdown]
# ### For the curious: sequences of learning rates
#
# How fast should the rate fall? Robbins and Monro (1951) asked for two things:
# $\sum \eta_k = \infty$, so that you can get there from any distance, and
# $\sum \eta_k^2 < \infty$, so that the noise dies out. $1/k$ has both; a constant lacks the second,
# and $1/k^2$ the first. Today one mostly knows beforehand when to stop, and takes a tenth after
# half the way, or half a cosine, often with a **warm-up**: the first gradients are the wildest.
#
# By each of six sequences, 300 walkers set out for the best line of section 3, with one random
# example a step.

# %% demo
k = np.arange(1000)
cosine = 0.1 * (1 + np.cos(np.pi * k / 1000)) / 2
sequences = {
    "constant": np.full(1000, 0.1),
    "a tenth after half": np.where(k < 500, 0.1, 0.01),
    "$1/(1 + k/50)$": 0.1 / (1 + k / 50),
    "half a cosine": cosine,
    "with warm-up": cosine * np.minimum(1, (k + 1) / 150),
    "$1/(1 + k/4)^2$": 0.1 / (1 + k / 4) ** 2,
}
distances = {}
for name, sequence in sequences.items():
    rng = np.random.default_rng(14)
    walkers, distances[name] = np.zeros((300, 2)), []
    for rate in sequence:
        distances[name].append(np.sqrt(np.mean(np.sum((walkers - exact) ** 2, axis=1))))
        i = rng.integers(len(y_line), size=300)  # an example for each walker
        r = np.sum(walkers * X_line[i], axis=1) - y_line[i]
        walkers, _ = sgd_step(walkers, r[:, None] * X_line[i], None, rate)

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7.6, 4), layout="constrained")
for j, (name, sequence) in enumerate(sequences.items()):
    look = {"color": plots.COLOURS[j], "marker": plots.MARKERS[j], "mec": "k", "ms": 6}
    left.plot(k, sequence, lw=1.8, markevery=(20 * j, 150), label=name, **look)
    right.semilogy(k, distances[name], lw=1.8, markevery=(20 * j, 150), **look)
left.set(title="Six sequences of learning rates", xlabel="step $k$", ylabel=r"$\eta_k$")
left.set(ylim=(-0.005, 0.165), yticks=np.arange(0, 0.11, 0.02))
left.legend(loc="upper center", ncols=2)
right.set(title="Distance from the best line", xlabel="step $k$")
right.set_ylabel("root mean square of 300 walkers")
last = [distance[-1] for distance in distances.values()]
plots.show(
    alt="Left: six sequences of learning rates over 1,000 steps. Right: how far from the best line "
    f"they leave 300 walkers. The constant rate stops falling early, at {last[0]:.2f}; "
    f"that with a square below the line hardly leaves the start, and ends at {last[-1]:.2f}; the "
    f"other four end between {min(last[1:5]):.2f} and {max(last[1:5]):.2f}."
)

# %% [markdown]
# **Question.** Let them all go on forever, with a rate of 0 where the cosine has ended. Whose
# distance goes to 0?
#
# <details><summary>Answer</summary>
#
# Only that of $1/(1 + k/50)$, and slowly: like $1/\sqrt k$. Constant rates, also a tenth of the
# first one, hover at a height of their own: the smaller the rate, the lower. The cosines stay where
# they are once the rate is 0. And all the steps of the last sequence together are too short for the
# way.
#
# </details>

# %% [markdown]
# ## 7. Remembering the way
#
# Recall the ravine of section 1. Plain steps zigzag between its walls and crawl along its floor. A
# heavy ball would not: the pushes from left and right cancel, those along the floor add up. Give
# the parameters a **velocity** $v$, which starts at 0 and keeps a share $\mu$ ("mu") of itself:
#
# $$v \leftarrow \mu\, v + \nabla J, \qquad \theta \leftarrow \theta - \eta\, v. \tag{9}$$
#
# This is SGD with **momentum** (Polyak 1964), with $\mu = 0.9$ if nothing else is said. The $v$ in
# the second formula is the *new* velocity.
#
# **By hand.** One parameter, $\theta = 0$, the gradient is always 1, $\mu = 0.5$ and $\eta = 0.1$.
# Then $v$ is 1, 1.5, 1.75, and $\theta$ goes to $-0.1$, $-0.25$, $-0.425$.
#
# ### Task: `momentum_step`
# *Difficulty 1 of 3, about 4 minutes.*
#
# <details><summary>Hint 1</summary>
#
# Where does the velocity live between two steps, and what is it before the first?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# A dictionary with the velocity is all the memory that you need. Return a *new* one.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `old = 0.0 if ___ else state["v"]`, and at the end `return ___, {"v": v}`.
#
# </details>


# %% task="momentum_step"
def momentum_step(theta, grad, state, learning_rate, momentum=0.9):
    """Take a step of SGD with momentum, formula (9).

    Parameters
    ----------
    theta : ndarray of float, any shape, () too
        The parameters. Not changed.
    grad : ndarray of float, shape of `theta`
        The gradient there. Not changed.
    state : None or dict
        None at the first step, then what this function returned. Not changed.
    learning_rate : float
        The factor η; it may differ from step to step, and be 0.
    momentum : float
        The share μ of the velocity that is kept.

    Returns
    -------
    theta : ndarray of float, same shape
        The parameters after the step.
    state : dict
        What to pass in next time.
    """
    ### BEGIN SOLUTION
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    return theta - learning_rate * v, {"v": v}
    ### END SOLUTION


# %% tests="momentum_step"
theta, state = np.zeros((1, 2)), None
for k, expected in enumerate([-0.1, -0.25, -0.425], start=1):
    theta, state = momentum_step(theta, np.ones((1, 2)), state, 0.1, momentum=0.5)
    assert near(theta, [[expected, expected]]), f"step {k} of the example: {expected}, not {theta}"
theta, state = momentum_step(np.array([0.0, 2.0]), np.array([1.0, 0.0]), None, 1.0)
assert near(theta, [-1, 2]), "the first step is a plain one"
assert unchanged(momentum_step, theta, np.ones(2), state, 0.5), "an argument has changed"
calls = [(theta + k, np.ones(2) + k, state, 0.5) for k in (0, 1)]
assert stays(momentum_step, *calls), "the next step changed what an earlier one had returned"
again, _ = momentum_step(theta, np.array([-3.0, -4.0]), state, 0.5)
assert near(again, [0.05, 4]), f"the second step with momentum 0.9 leads to {again}"
theta, state = momentum_step(np.array([0.0, 2.0]), np.array([1.0, 0.0]), None, 1.0, momentum=0.0)
again, _ = momentum_step(theta, np.array([-3.0, -4.0]), state, 0.5, momentum=0.0)
assert near(again, [0.5, 4]), f"the second step with momentum 0 leads to {again}"
for rate in (0.0, 1.0):
    _, state = momentum_step(np.zeros(2), np.array([1.0, 0.0]), None, rate)
    after, _ = momentum_step(np.zeros(2), np.zeros(2), state, 1.0)
    assert near(after, [-0.9, 0]), (
        f"v is remembered, whatever the rate and theta: -0.9, not {after}"
    )
theta, state = np.array(0.0), None
for k in range(100):
    theta, state = momentum_step(np.array(theta), np.array(0.0 if k else 1e4), state, 1.0)
assert near(theta, -99_997.34386), f"a push of 10,000 leads to nearly -100,000, not to {theta}"

# %% [markdown]
# **Nesterov's** variant (1983) steps not along the velocity but along what it is *about to become*
# if the same gradient comes once more:
#
# $$v \leftarrow \mu\, v + \nabla J, \qquad
# \theta \leftarrow \theta - \eta\,(\nabla J + \mu\, v). \tag{10}$$


# %%
def nesterov_step(theta, grad, state, learning_rate, momentum=0.9):
    """Take a step of SGD with Nesterov's momentum, formula (10)."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    return theta - learning_rate * (grad + momentum * v), {"v": v}


# %% [markdown]
# **Question `final_speed`.** Far along the floor of a ravine the gradient is the same in each step.
# How many times as long as a plain step (1), at the same learning rate, do the steps (9) become in
# the end? (The cell shows your $\mu$, `mu`.)

# %% question="final_speed"
answer("final_speed", ...)

# %% [markdown]
# So a learning rate that was right without momentum may be too large with it.

# %% [markdown]
# ## 8. A learning rate for each parameter
#
# Momentum leaves one thing as it was: a single learning rate for all the parameters. But the
# gradient of one may be a thousand times that of another. The following rules divide each
# parameter's gradient by a measure of how large *its own* gradients have been: $s$ is a record of
# squares and starts at 0. All operations are entry by entry. The tiny $\varepsilon$ ("epsilon",
# `eps`) guards against division by zero and stands **outside the square root**.
#
# **AdaGrad** (2011) sums up all the squares, **RMSprop** (2012) forgets old ones: its $s$ is a
# moving average that keeps the share $\alpha = 0.99$.
#
# $$s \leftarrow s + (\nabla J)^2 \quad\text{or}\quad
# s \leftarrow \alpha\, s + (1 - \alpha)\, (\nabla J)^2, \qquad\quad
# \theta \leftarrow \theta - \eta\, \frac{\nabla J}{\sqrt{s} + \varepsilon}. \tag{11}$$


# %%
def adagrad_step(theta, grad, state, learning_rate, eps=1e-10):
    """Take a step of AdaGrad, the first of (11)."""
    old = 0.0 if state is None else state["s"]
    s = old + grad**2
    return theta - learning_rate * grad / (np.sqrt(s) + eps), {"s": s}


def rmsprop_step(theta, grad, state, learning_rate, alpha=0.99, eps=1e-8):
    """Take a step of RMSprop, the second of (11)."""
    old = 0.0 if state is None else state["s"]
    s = alpha * old + (1 - alpha) * grad**2
    return theta - learning_rate * grad / (np.sqrt(s) + eps), {"s": s}


# %% [markdown]
# **Question `first_step`.** The first gradient that AdaGrad is handed is $(1000, -0.001)$. By what
# does its first step change $\theta$, if we leave the tiny $\varepsilon$ aside?
#
# - **a** By $-\eta\,(1000, -0.001)$.
# - **b** By $-\eta\,(1, -1)$.
# - **c** By $-\eta\,(1, 1)$.
# - **d** By $-\eta\,(1, -0.000001)$.
# - **e** By $-\eta\,(0.001, -1000)$.

# %% question="first_step"
answer("first_step", ...)

# %% [markdown]
# ### Adam
#
# **Adam** (2014) joins both ideas: a moving average $v$ of the gradients, instead of a velocity,
# and another, $s$, of their squares. $t$ counts the steps: it is 1 in the first.
#
# $$\begin{aligned}
# t &\leftarrow t + 1 \\
# v &\leftarrow \beta_1 v + (1 - \beta_1)\, \nabla J \qquad& \hat v &= v / (1 - \beta_1^t) \\
# s &\leftarrow \beta_2 s + (1 - \beta_2)\, (\nabla J)^2 \qquad& \hat s &= s / (1 - \beta_2^t) \\
# \theta &\leftarrow \theta - \eta\, \frac{\hat v}{\sqrt{\hat s} + \varepsilon}
# \qquad& \beta_1 &= 0.9,\ \beta_2 = 0.999,\ \varepsilon = 10^{-8}
# \end{aligned} \tag{12}$$
#
# Why the hats? Both averages start at 0: after one step $v$ is a tenth of the gradient, and $s$ a
# thousandth of its square. Dividing by $1 - \beta^t$ makes up for it. The hats are for this step
# only: what is remembered is $v$ and $s$ without them.
#
# **By hand.** One parameter, $\theta = 0$, $\eta = 0.1$. The gradient is first 2, then $-1$.
#
# | | $t = 1$, gradient 2 | $t = 2$, gradient $-1$ |
# |:--|:--|:--|
# | $v$ | $0.1 \cdot 2 = 0.2$ | $0.9 \cdot 0.2 - 0.1 \cdot 1 = 0.08$ |
# | $s$ | $0.001 \cdot 4 = 0.004$ | $0.999 \cdot 0.004 + 0.001 \cdot 1 = 0.004996$ |
# | $\hat v$ | $0.2 / (1 - 0.9) = 2$ | $0.08 / (1 - 0.9^2) = 0.4211$ |
# | $\hat s$ | $0.004 / (1 - 0.999) = 4$ | $0.004996 / (1 - 0.999^2) = 2.4992$ |
# | $\theta$ | $0 - 0.1 \cdot 2 / \sqrt{4} = -0.1$ | $-0.1 - 0.1 \cdot 0.4211 / 1.5809 = -0.1266$ |
#
# Without hats the first step would be $0.2/\sqrt{0.004} = 3.16$ times $\eta$: boldest when Adam
# knows least.
#
# ### Task: `adam_step`
# *Difficulty 2 of 3, about 6 minutes.*
#
# <details><summary>Hint 1</summary>
#
# What are the three things that Adam remembers, and what are they before the first step?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Go line by line through (12), with a name for each letter; the hats get names of their own. Return
# a *new* dictionary.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `if state is None: state = {"t": 0, "v": 0.0, "s": ___}`, and later
# `v = beta1 * state["v"] + ___ * grad`.
#
# </details>


# %% task="adam_step"
def adam_step(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Take a step of Adam, formula (12).

    Parameters
    ----------
    theta : ndarray of float, any shape, () too
        The parameters. Not changed.
    grad : ndarray of float, shape of `theta`
        The gradient there; entries may be 0. Not changed.
    state : None or dict
        None at the first step, then what this function returned. Not changed.
    learning_rate : float
        The factor η; it may differ from step to step, and be 0.
    beta1, beta2 : float
        The shares of the old averages that are kept, of the gradients and of their squares.
    eps : float
        Added to the square root, not under it.

    Returns
    -------
    theta : ndarray of float, same shape
        The parameters after the step.
    state : dict
        What to pass in next time.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}
    ### END SOLUTION


# %% tests="adam_step"
theta, first, second = (
    np.zeros((2, 2)),
    np.array([[2, 2], [0, 0.1]]),
    np.array([[-1.0, 0], [0, 10]]),
)
theta, state = adam_step(theta, first, None, 0.1)
assert np.all(np.isfinite(theta)), f"a gradient of 0 should do no harm, but theta is {theta}"
assert near(theta, [[-0.1, -0.1], [0, -0.1]], 1e-7), f"the first step: 0.1 or nothing: {theta}"
assert near(adam_step(theta, second, state, 0.0)[0], theta), "without a learning rate, no step"
theta, _ = adam_step(theta, second, state, 0.1)
assert near(theta[:, 0], [-0.126633703, 0]), f"the table leads to -0.126633703, not {theta[0, 0]}"
assert near(theta[0, 1], -0.167005824), f"gradients 2 and 0 lead to -0.167005824: {theta[0, 1]}"
assert near(theta[1, 1], -0.175079645), f"gradients 0.1, 10 lead to -0.175079645: {theta[1, 1]}"
theta, _ = adam_step(np.zeros(1), np.array([4.0]), None, 1.0, eps=4.0)
assert near(theta, [-0.5]), f"with eps = 4 the first step is 4 / (4 + 4) = 0.5: {theta}"
theta, _ = adam_step(np.array(0.0), np.array(1e-8), None, 1.0)  # arrays of shape ()
assert near(theta, -0.5), f"eps is 1e-8 if nothing is said, so the step is half of η, not {theta}"
start, gradient = np.random.default_rng(6).normal(size=(2, 3, 2))
assert unchanged(adam_step, start, gradient, None, 0.1), "adam_step changed an argument"
theta, state = adam_step(start, 5 * gradient, None, 0.1)
assert unchanged(adam_step, theta, gradient, state, 0.1), "adam_step changed an argument"
calls = [(theta + k, gradient + k, state, 0.1) for k in (0, 1)]
assert stays(adam_step, *calls), "the next step changed what an earlier one had returned"
theta, state = adam_step(start, 5 * gradient, None, 0.0, beta1=0.5, beta2=0.5)
after, _ = adam_step(theta, 0 * gradient, state, 1.0, beta1=0.5, beta2=0.5)
assert near(after, theta - np.sign(gradient) / np.sqrt(3), 1e-6), (
    "without a learning rate no step is made, but what is remembered goes on"
)
theta, state = start, None
for _ in range(2):
    before = theta
    theta, state = adam_step(before, gradient, state, 0.1, beta1=0.0, beta2=0.0)
    assert near(theta, before - 0.1 * np.sign(gradient), 1e-6), (
        "with betas of 0 each step is η long"
    )
theta, state = start, None
for _ in range(200):  # the same gradient each time: then all steps are η long
    theta, state = adam_step(theta, gradient, state, 0.1)
assert near(theta, start - 20 * np.sign(gradient), 1e-6), "200 steps of 0.1 make 20"
after, _ = adam_step(theta, 50 * gradient, state, 0.1)
assert np.all(np.abs(after - theta) > 0.12), "where the gradient jumps, a step is longer than η"

# %% [markdown]
# ### AdamW
#
# Often one wants to keep the parameters small (stage 7 says why). **AdamW** (2017) lets each of
# them shrink a little, by the **weight decay** $\lambda$ ("lambda"), and then takes a step of Adam
# with the gradient as it was given. An older way adds $\lambda\theta$ to the gradient; there the
# decay is divided by $\sqrt{\hat s}$, too, and parameters with large gradients hardly decay at all.


# %%
def adamw_step(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    """Take a step of AdamW: decay the parameters, then a step of Adam."""
    theta = theta - learning_rate * weight_decay * theta
    return adam_step(theta, grad, state, learning_rate, beta1, beta2, eps)


# %% [markdown]
# ## 9. The race
#
# Seven optimisers at the start of a ravine, each with a learning rate that suits it, 100 steps
# each. Then the same once more, with the ravine (and the start) turned by 45 degrees. (These are
# PyTorch's formulas, and they make the same steps as `torch.optim`, to ten digits.)

# %% demo folded
racers = {
    "SGD": (sgd_step, 0.5),
    "momentum": (momentum_step, 0.1),
    "Nesterov": (nesterov_step, 0.1),
    "AdaGrad": (adagrad_step, 0.8),
    "RMSprop": (rmsprop_step, 0.1),
    "Adam": (adam_step, 0.5),
    "AdamW": (adamw_step, 0.5),
}
looks = {
    name: {"color": plots.COLOURS[(0, 1, 2, 3, 4, 5, 7)[i]], "marker": plots.MARKERS[i], "mec": "k"}
    for i, name in enumerate(racers)
}
goal, start = np.array([1.5, -0.5]), np.array([-2.7, 2.0])


def straight(theta):
    """A ravine along the first axis: nearly fifty times as curved across as along."""
    x, y = theta[..., 0] - goal[0], theta[..., 1] - goal[1]
    return 0.015 * x**2 + 0.7 * y**2


turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)  # by 45 degrees
ravines = [
    ("Height above the goal", straight, start),
    ("The same, turned by 45°", lambda theta: straight(theta @ turn), turn @ start),
]
fig, axes = plt.subplot_mosaic("aa;bc", figsize=(7, 7.8), layout="constrained")
axes = list(axes.values())
draw_contours(axes[0], straight, levels=np.geomspace(0.004, 8, 16))
for ax, (title, f, theta0_race) in zip(axes[1:], ravines, strict=True):
    for name, (step, rate) in racers.items():
        path, state = [theta0_race], None
        for _ in range(100):
            slope = numerical_gradient(f, path[-1])
            theta, state = step(path[-1], slope, state, rate)
            path.append(theta)
        path = np.array(path)
        ax.semilogy(f(path), lw=1.6, ms=6, markevery=10, label=name, **looks[name])
        if f is straight:
            axes[0].plot(*path[:61].T, lw=1.6, ms=6, markevery=5, **looks[name])
    ax.set(title=title, xlabel="step", ylabel="$J$", ylim=(1e-6, 30))
axes[0].plot(*goal, "k*", ms=18, zorder=5)
axes[0].set(title="The first 60 steps; the star is the goal", xlim=(-3, 3), ylim=(-3, 3))
axes[0].legend(*axes[1].get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(1.02, 1))
plots.show(
    alt="A race of seven optimisers in a narrow valley. Above: their first 60 steps. Left: "
    "height above the goal over 100 steps; AdaGrad and RMSprop fall fastest. Right: in the "
    "valley turned by 45 degrees these two fall behind, and SGD, momentum and Nesterov do as "
    "before."
)

# %% [markdown]
# **Question.** In the ravine along the axis AdaGrad and RMSprop run ahead of momentum; in the
# turned one they fall far behind. SGD, momentum and Nesterov do not notice the turn at all. Why?
#
# <details><summary>Answer</summary>
#
# AdaGrad and RMSprop scale each *coordinate* separately. If one coordinate is the steep direction
# and the other one the flat direction, that is exactly what is needed. In the turned ravine both
# coordinates are equally steep, so both get the same scale, and nothing is won. The steps (1), (9)
# and (10) are built from gradients by sums and factors only; turn the landscape, and the whole path
# turns with it.
#
# </details>

# %% [markdown]
# **The race as a film.** Press play, then choose one optimiser and another learning rate: at which
# does SGD begin to bounce between the walls, and at which does it fly off? Does momentum bear the
# same one? In the last landscape, that of the start, not everybody ends in the same valley.

# %% demo
from nndata.moving.descent import race

tracks = {"ravine": (straight, start), "ravine, turned": ravines[1][1:]}
tracks["two valleys"] = landscape, np.array([-1.5, 2.0])
race(racers, numerical_gradient, tracks)

# %% [markdown]
# And now in earnest: the network of section 5 on the two moons, driven by your training loop with
# mini-batches of 20. All seven start from the same parameters and see the same batches.

# %% demo
rates = {
    "SGD": 1.0,
    "momentum": 0.2,
    "Nesterov": 0.2,
    "AdaGrad": 1.0,
    "RMSprop": 0.1,
    "Adam": 0.1,
    "AdamW": 0.1,
}
history, finals = {}, {}
for name, (step, _) in racers.items():
    rng = np.random.default_rng(3)
    theta, losses = train(network_loss, step, theta0, X_moons, y_moons, 40, 20, rates[name], rng)
    history[name] = np.reshape(losses, (40, -1)).mean(axis=1)
    finals[name] = theta

# %% demo folded
fig, (left, right) = plt.subplots(1, 2, figsize=(7.6, 4), layout="constrained")
for name, curve in history.items():
    left.semilogy(range(1, 41), curve, lw=1.6, ms=6, markevery=4, label=name, **looks[name])
left.set(title="Two moons, mini-batches of 20", xlabel="epoch", ylabel="mean loss")
left.legend(loc="upper right")


def network_predict(X):
    """The class that the network trained with Adam gives to each row."""
    return (network(finals["Adam"], X)[0][:, 0] >= 0).astype(int)


plots.plot_decision_boundary(network_predict, X_moons, y_moons, ax=right)
right.set(title="What Adam has learnt")
plots.show(
    alt="Left: the mean loss of seven optimisers over 40 epochs on two moons. All fall from about "
    "0.5 to below 0.1, in changing order. Right: the boundary learnt by Adam winds between "
    "the moons."
)

# %% [markdown]
# Who has won? Nobody in general: the order depends on the landscape, on the learning rates (we
# looked for a good one for each, and that took longer than the race), and on when you stop the
# clock. Adam with its defaults is a sensible first try; momentum, carefully tuned, is often as good
# or better in the end, and needs one number of memory per parameter where Adam needs two.

# %% [markdown]
# ## 10. A network of your own
#
# Somewhere there is a curve. You have noisy examples of it, and a network with one input, one
# hidden tanh layer and one output, `network` of section 5. Nobody tells you how to train it.


# %%
def draw_curve(rng):
    """A random curve on [-3, 3] with mean 0 and spread 1: a function that takes arrays."""
    speeds, phases = rng.uniform([0.5, 1.0], [0.9, 1.4]), rng.uniform(0, 2 * np.pi, size=2)

    def two_waves(x):
        return np.sin(np.multiply.outer(x, speeds) + phases).sum(axis=-1)

    heights = two_waves(np.linspace(-3, 3, 301))
    return lambda x: (two_waves(x) - heights.mean()) / heights.std()


def noisy_examples(curve, m, rng):
    """Draw m places of [-3, 3] and the curve's heights there, with noise of spread 0.5."""
    x = rng.uniform(-3, 3, size=m)
    return x, curve(x) + rng.normal(scale=0.5, size=m)


def paid_loss(x, y, n_hidden, budget):
    """The network's squared error on examples that cost; after the budget it refuses."""
    X, left = x[:, None], [budget]

    def squares(Z, y):
        r = Z - y[:, None]
        return float(np.mean(r**2) / 2), r / len(y)

    def loss(theta, batch):
        if np.shape(theta) != (3 * n_hidden + 1,):
            raise ValueError(f"theta has shape {np.shape(theta)}, not ({3 * n_hidden + 1},)")
        batch = np.ravel(batch)
        left[0] -= max(25, batch.size)
        if left[0] < 0:
            raise RuntimeError(f"the budget of {budget} examples is used up")
        return network_loss(theta, X[batch], y[batch], squares)

    return loss


def curve_error(theta, curve, rng):
    """The root of the mean squared distance from the curve itself, at 400 fresh places."""
    x = rng.uniform(-3, 3, size=400)
    return float(np.sqrt(np.mean((network(theta, x[:, None])[0][:, 0] - curve(x)) ** 2)))


# %% [markdown]
# ### Project: `fit_curve`
# *Difficulty 3 of 3, about 20 minutes.*
#
# Train the network by a loop of your own. You do not even see the examples:
# `loss(theta, batch)` returns the squared error of those whose numbers are in `batch` (an array of
# integers from 0 to $m - 1$), and its gradient with respect to `theta`. **A call costs as many
# examples as it looks at, and at least 25**, and when `budget` is used up, `loss` raises an error
# (which you may catch).
# All else is yours: where to start, the batches, the optimiser (any of this notebook, or your own),
# the learning rate, and its **schedule**: how the rate changes from step to step.
#
# *What counts.* Curves from `draw_curve`, with $m$ = 1,000, `n_hidden` = 20 and a budget of 20,000,
# each with its error (`curve_error`; always saying 0 has the error 1). On five curves the **middle
# one of the five errors** must be at most 0.5, which a constant learning rate can reach. On nine
# others the middle one must be at most **0.1**. For any $m$, any budget and `n_hidden` up to 20,
# the budget is kept as well, `theta` has the right size and is finite, and the same generator gives
# the same result.
#
# *Think about* where a neuron $\tanh(w x + b)$ bends, and where your neurons bend at the start. How
# large may the rate be at first, and how small must it be at the end? You know the budget, so you
# know $k/K$, the share of your $K$ steps that is done. Steps (a tenth after half the way),
# $1/(1 + ck)$, a straight line, half a cosine $\frac12(1 + \cos(\pi k/K))$, a warm-up before it:
# all are in use. Plot the losses along the way.


# %% task="fit_curve"
def fit_curve(loss, m, n_hidden, budget, rng):
    """Train a network with one input and one hidden tanh layer on examples that cost.

    Parameters
    ----------
    loss : callable
        ``loss(theta, batch)`` returns J and its gradient on the examples `batch`, an array of
        integers from 0 to m - 1. It costs `len(batch)`, at least 25, and raises an error when
        `budget` is used up.
    m, n_hidden : int
        Number of examples and of hidden neurons, both at least 1.
    budget : int
        What all calls of `loss` together may cost; at least 25.
    rng : numpy.random.Generator
        All randomness, if there is any, comes from it: the same generator gives the same result.
        (Numbers that are the same each time, by a fixed seed as well, are not random.)

    Returns
    -------
    ndarray of float, shape (3 * n_hidden + 1,)
        The trained parameters, in the order of `unpack`.
    """
    ### BEGIN SOLUTION
    slopes = rng.choice([-1.5, 1.5], size=n_hidden)
    bends = np.linspace(-3, 3, n_hidden)
    theta = np.concatenate([slopes, -slopes * bends, np.zeros(n_hidden + 1)])

    def batches():
        """Deal out shuffled examples for ever, and the share of the budget that is spent."""
        spent = 0
        while True:
            order = rng.permutation(m)
            for start in range(0, m, 50):
                batch = order[start : start + 50]
                spent += max(25, len(batch))
                if spent > budget:
                    return
                yield batch, spent / budget

    state = None
    for batch, done in batches():
        half_a_cosine = (1 + np.cos(np.pi * done)) / 2
        _, gradient = loss(theta, batch)
        theta, state = adam_step(theta, gradient, state, 0.05 * half_a_cosine)
    return theta
    ### END SOLUTION


# %% tests="fit_curve"
errors = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    curve = draw_curve(rng)
    loss = paid_loss(*noisy_examples(curve, 1000, rng), 20, 20_000)
    theta = fit_curve(loss, 1000, 20, 20_000, rng)
    assert np.shape(theta) == (61,), f"20 hidden neurons: shape (61,), not {np.shape(theta)}"
    assert np.all(np.isfinite(theta)), "theta should be finite; is the learning rate too large?"
    errors.append(curve_error(theta, curve, rng))
middle = np.median(errors)
assert middle <= 0.5, f"of three errors the middle one is {middle:.3f}, and should be at most 0.5"
for m, n_hidden, budget in ((33, 4, 470), (110, 7, 1010), (1, 1, 25)):
    few, runs = noisy_examples(curve, m, rng), []
    for _ in range(2):
        loss = paid_loss(*few, n_hidden, budget)
        runs.append(fit_curve(loss, m, n_hidden, budget, np.random.default_rng(7)))
    assert np.shape(runs[0]) == (3 * n_hidden + 1,), (
        f"{n_hidden} hidden neurons: {np.shape(runs[0])}"
    )
    assert near(*runs, 1e-6), "the same generator should give the same theta; use only rng"
    losses = [paid_loss(*few, n_hidden, budget) for _ in range(2)]
    calls = [(loss, m, n_hidden, budget, np.random.default_rng(k)) for k, loss in enumerate(losses)]
    assert stays(fit_curve, *calls), "the next training changed an earlier theta"
assert middle <= 0.1, f"the middle error is {middle:.3f}: one point; at most 0.1 gives two more"

# %% demo folded
errors, examples = [], []
for seed in range(9):
    rng = np.random.default_rng([13, seed])
    curve = draw_curve(rng)
    examples.append((curve, *noisy_examples(curve, 1000, rng)))
    theta = fit_curve(paid_loss(*examples[-1][1:], 20, 20_000), 1000, 20, 20_000, rng)
    errors.append(curve_error(theta, curve, rng))
print("nine errors:", *(f"{error:.3f}" for error in sorted(errors)))
print(f"the middle one: {np.median(errors):.3f}")

curve, x, y = examples[-1]
places = np.linspace(-3, 3, 400)
output, A1 = network(theta, places[:, None])
parts_learnt = A1 * unpack(theta, 1)[2]
middles = np.linspace(-2.7, 2.7, 10)  # stage 4: two steep sigmoids make a bump
parts_built = curve(middles) * (
    sigmoid(40 * (places[:, None] - middles + 0.3))
    - sigmoid(40 * (places[:, None] - middles - 0.3))
)
fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.3), layout="constrained")
axes[0].plot(x, y, ".", color="0.75", ms=3, label="examples")
axes[0].plot(places, curve(places), "--", color=plots.COLOURS[5], lw=3, label="the curve")
axes[0].plot(places, output, color="k", lw=1.5, label="your network")
axes[0].set(title=f"Twenty neurons,\nerror {errors[-1]:.3f}")
axes[1].plot(places, parts_learnt, lw=1)
axes[1].set(title="What each neuron\nadds, as learnt")
axes[2].plot(places, parts_built, lw=1)
axes[2].plot(places, parts_built.sum(axis=1), color="k", lw=1.5, label="their sum")
axes[2].set(title="Stage 4: twenty\nneurons, ten bumps")
for ax in axes:
    ax.set(xlabel="$x$")
axes[0].set_ylim(bottom=y.min() - 2.5)
axes[0].legend(loc="lower center")
axes[2].legend(loc="upper left")
plots.show(
    alt="Left: 1,000 noisy examples of a curve, and the network's output, off by "
    f"{errors[-1]:.3f}. Middle: what each of its twenty neurons adds, long steps that overlap. "
    "Right: ten bumps of stage 4, each with a place of its own, and their sum, a staircase."
)

# %% [markdown]
# **Question.** Stage 4 proved that networks can make any curve out of bumps. Do they really learn
# bumps?
#
# <details><summary>Answer</summary>
#
# No. In the middle picture hardly any neuron has a place of its own: long, gentle steps overlap,
# and many of opposite sign nearly cancel. It is their *sum* that is right, and smoother than
# the bumps' on the right, with as many neurons. The theorem says that good weights exist. What
# gradient descent finds is something else, which nobody has designed.
#
# </details>
#
# ## Summary
#
# - Gradient descent walks against the gradient (1). Too small a learning rate crawls, too large a
#   one runs away; where that begins, the largest curvature decides.
# - Convex losses are bowls (2): linear regression with the squared error, logistic regression with
#   cross-entropy. Logistic regression with the squared error is not one, nor is any network with a
#   hidden layer.
# - The normal equation (5) solves linear regression at a stroke, at a cost of $m n^2$ and half of
#   your digits. Gradient descent goes everywhere.
# - Both losses come from maximum likelihood. Accuracy will not do as a loss: its gradient is 0
#   almost everywhere.
# - Mini-batches estimate the gradient from a handful of examples, each once per epoch. To come to
#   rest, the learning rate has to fall.
# - Momentum remembers the direction; AdaGrad and RMSprop scale each parameter separately; Adam does
#   both, and AdamW adds a decay of its own.
#
# **Stage 7** adds the last part, a loss for ten classes at once, and trains a network that reads
# handwritten digits.
#
# ### Where it comes from
#
# - A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", *Comptes
#   rendus* 25 (1847), 536-538: gradient descent.
# - A.-M. Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes* (1805): least
#   squares; C. F. Gauss, *Theoria motus corporum coelestium* (1809): why squares.
# - F. Galton, "Regression towards mediocrity in hereditary stature", *Journal of the
#   Anthropological Institute* 15 (1886), 246-263. The figures that section 3 uses are put together
#   in his *Natural inheritance* (1889), chapter 7.
# - R. A. Fisher, "On the mathematical foundations of theoretical statistics", *Philosophical
#   Transactions of the Royal Society* A 222 (1922), 309-368: likelihood.
# - H. Robbins and S. Monro, "A stochastic approximation method", *Annals of Mathematical
#   Statistics* 22 (1951), 400-407.
# - Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient backprop", in *Neural networks: tricks
#   of the trade* (1998), 9-50: centred inputs, and much else that still helps.
# - I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts" (2016),
#   arXiv:1608.03983: the cosine. P. Goyal and others, "Accurate, large minibatch SGD: training
#   ImageNet in 1 hour" (2017), arXiv:1706.02677: the warm-up.
# - B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", *USSR
#   Computational Mathematics and Mathematical Physics* 4 (1964), 1-17: momentum; Yu. Nesterov, "A
#   method of solving a convex programming problem with convergence rate $O(1/k^2)$", *Soviet
#   Mathematics Doklady* 27 (1983), 372-376.
# - J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
#   stochastic optimization", *JMLR* 12 (2011), 2121-2159: AdaGrad. T. Tieleman and G. Hinton,
#   lecture 6.5 of *Neural networks for machine learning* (2012): RMSprop.
# - D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization" (2014), arXiv:1412.6980.
#   I. Loshchilov and F. Hutter, "Decoupled weight decay regularization" (2017), arXiv:1711.05101.
