"""Scores and templates of a linear classifier, as an epoch runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndata.moving.controls import move
from nndata.plots import COLOURS

__all__ = ["epoch"]

Array = NDArray[Any]
# Examples after which a picture is kept: most of what is learnt is learnt early.
STOPS = (*range(11), 15, 20, 30, 40, 60, 100, 170, 300, 500, 800, 1000)


def epoch(
    update: Callable[..., tuple[Array, Array]],
    scores: Callable[[Array, Array, Array], Array],
    X: Array,
    y: Array,
    image_shape: tuple[int, int],
) -> None:
    """Show the ten templates and an image's ten scores, while examples pass one by one.

    Parameters
    ----------
    update : callable
        ``update(W, b, x, y)`` returns the new W and b.
    scores : callable
        ``scores(W, b, X)`` returns a score per row and class.
    X : ndarray of float, shape (m, n)
        The images.
    y : ndarray of int, shape (m,)
        Their digits, each of the ten among the last; 300 of them come before at least.
    image_shape : tuple of two int
        Height and width.
    """
    # The last image of each digit is kept out, and what comes after the first of these, too.
    shown = [int(np.flatnonzero(y == digit)[-1]) for digit in range(10)]
    stops = [k for k in STOPS if k <= min(shown)]
    W, b = np.zeros((10, X.shape[1])), np.zeros(10)
    states = {0: (W, b)}
    for seen in range(1, stops[-1] + 1):
        W, b = update(W, b, X[seen - 1], int(y[seen - 1]))
        if seen in stops:
            states[seen] = W, b
    height, width = image_shape

    def draw(figure: Any, seen: int, digit: int) -> str:
        W, b = states[seen]
        sums = np.asarray(scores(W, b, X[shown[digit]][None, :]))[0]
        winner = int(np.argmax(sums))
        limit = max(float(np.quantile(np.abs(W), 0.995)), 1e-9)
        # Above each template there is room for its digit.
        room = 2 * height // 5
        wall = np.full((2 * (height + room), 5 * width + 4), np.nan)
        corners = [
            ((one // 5) * (height + room) + room, (one % 5) * (width + 1)) for one in range(10)
        ]
        for one, (top, left) in enumerate(corners):
            wall[top : top + height, left : left + width] = W[one].reshape(image_shape)
        axes = figure.subplot_mosaic(
            [["wall", "image"], ["bars", "bars"]], width_ratios=(4, 1), height_ratios=(2, 1.3)
        )
        above, inset, below = axes["wall"], axes["image"], axes["bars"]
        above.imshow(wall, cmap="RdBu", vmin=-limit, vmax=limit, interpolation="nearest")
        for one, (top, left) in enumerate(corners):
            place = left + width / 2 - 0.5, top - 0.5
            above.text(*place, str(one), size=10, weight="bold", ha="center", va="bottom")
        above.set_axis_off()
        colours = [COLOURS[2] if one == digit else "0.75" for one in range(10)]
        below.bar(range(10), sums, color=colours, edgecolor="k", linewidth=0.8)
        below.axhline(0, color="k", lw=0.8)
        below.plot(winner, sums[winner], "kv", ms=7)
        below.set(xticks=range(10), yticks=[], xlabel=f"scores of a {digit}")
        below.margins(y=0.2)
        inset.imshow(X[shown[digit]].reshape(image_shape), cmap="gray_r", interpolation="nearest")
        inset.set(xticks=[], yticks=[], title="image")
        return (
            f"Images seen: {seen:,}; a {digit} has its highest score for {winner}"
            f"{': right' if winner == digit else ': wrong'}."
        )

    move(
        draw,
        seen=list(states),
        digit=range(10),
        start={"digit": 3},
        frames=[{"seen": k} for k in sorted({0, 1, 8, 60, 300, stops[-1]})],
        labels={"seen": "images seen"},
        size=(3.4, 3.1),
        film="seen",
        alt=(
            f"Ten templates, blue where ink speaks for a digit and red where it speaks against it, "
            f"and the ten scores of a 3, from no image to {stops[-1]:,} of the epoch. The first "
            "images show through as they are; later each template is a mixture of many."
        ),
    )
