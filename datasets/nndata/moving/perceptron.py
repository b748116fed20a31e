"""A perceptron that learns, update by update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike, NDArray

from nndata.moving.controls import move
from nndata.plots import COLOURS, MARKERS

__all__ = ["learning", "scatter", "shade"]

Array = NDArray[Any]
# Of classes 0 and 1, mixed with white.
TINTS = ListedColormap(["#BFDCEC", "#FBE3B8"])


def scatter(ax: Axes, X: Array, y: Array, size: float = 60) -> None:
    """Draw examples of class 0 as dark circles, of class 1 as light squares."""
    for label in (0, 1):
        look: Any = {"color": COLOURS[label], "marker": MARKERS[label], "edgecolors": "k"}
        ax.scatter(X[y == label, 0], X[y == label, 1], s=size, zorder=3, linewidths=0.8, **look)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def shade(
    ax: Axes, classes: Callable[[Array], Array], low: ArrayLike, high: ArrayLike, n: int = 121
) -> None:
    """Shade a rectangle of the plane, between two corners, by the class, 0 or 1, of its points."""
    left, bottom = np.broadcast_to(low, 2).tolist()
    right, top = np.broadcast_to(high, 2).tolist()
    sides = np.linspace(left, right, n), np.linspace(bottom, top, n)
    plane = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    ax.imshow(
        np.asarray(classes(plane)).reshape(n, n),
        extent=(left, right, bottom, top),
        origin="lower",
        cmap=TINTS,
        vmin=0,
        vmax=1,
        zorder=0,
        interpolation="nearest",
    )
    ax.set(xlim=(left, right), ylim=(bottom, top))


def learning(
    change: Callable[..., tuple[Array, float]],
    predict: Callable[[Array, float, Array], Array],
    X: Array,
    y: Array,
    most: int = 60,
) -> None:
    """Show how the boundary moves, from zeros, until nothing is wrong.

    Parameters
    ----------
    change : callable
        The learning rule: ``change(w, b, x, y)`` returns the new w and b.
    predict : callable
        ``predict(w, b, X)`` returns the classes of the rows.
    X : ndarray of float, shape (m, 2)
        The examples, visited in turn.
    y : ndarray of int, shape (m,)
        Their labels, 0 and 1.
    most : int
        The largest number of updates.
    """
    w, b = np.zeros(2), 0.0
    states: list[tuple[Array, float, int | None]] = [(w, b, None)]
    right, i = 0, 0
    while right < len(X) and len(states) <= most:
        if int(predict(w, b, X[i : i + 1])[0]) == y[i]:
            right += 1
        else:
            w, b = change(w, b, X[i], y[i])
            states.append((w, b, i))
            right = 0
        i = (i + 1) % len(X)
    low, high = float(X.min()) - 1, float(X.max()) + 1

    def draw(figure: Any, update: int) -> str:
        w, b, used = states[update]
        ax = figure.subplots()
        shade(ax, lambda points: predict(w, b, points), low, high)
        scatter(ax, X, y)
        if np.any(w):
            foot = -b * w / (w @ w)
            ax.axline(foot, foot + np.array([-w[1], w[0]]), color="k", lw=1.5)
            tip = foot + w / np.linalg.norm(w)
            ax.annotate("", tip, foot, arrowprops={"arrowstyle": "-|>", "lw": 2}, zorder=4)
        if used is not None:
            ax.scatter(*X[used], s=260, facecolors="none", edgecolors="#D55E00", linewidths=2.5)
        wrong = int(np.sum(np.asarray(predict(w, b, X)) != y))
        weights = f"$w$ = ({w[0]:g}, {w[1]:g}), $b$ = {b:g}".replace("-", "\N{MINUS SIGN}")
        ax.set_title(f"{weights}\nwrong now: {wrong} of {len(X)}", size=11)
        point = "" if used is None else f", for x = ({X[used][0]:g}, {X[used][1]:g})"
        return (
            f"Update {update}{point}: w = ({w[0]:g}, {w[1]:g}), b = {b:g}; "
            f"{wrong} of {len(X)} examples are wrong."
        )

    last = len(states) - 1
    move(
        draw,
        update=range(len(states)),
        frames=[{"update": k} for k in sorted({round(last * f / 5) for f in range(6)})],
        size=(3.3, 3.2),
        film="update",
        alt=(
            f"Six stages of learning, from no update to update {last}: the plane in two shaded "
            "halves, the examples in it, and the one that caused the last update in a ring. The "
            "boundary swings back and forth until each half holds one class."
        ),
    )
