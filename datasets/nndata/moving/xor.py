"""Two lines that one moves oneself, and a third hidden unit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndata.moving.controls import move
from nndata.moving.perceptron import scatter, shade

__all__ = ["lines"]

Array = NDArray[Any]
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
MIDDLE = CORNERS.mean(axis=0)
XOR = np.array([0, 1, 1, 0])
# The third line cuts the corner (1, 1) off.
THIRD = (45, 0.35)
DASHES = ("-", "--", ":")
LOW, HIGH = -0.6, 1.6


def lines(layer: Callable[[Array, Array, Array], Array]) -> None:
    """Show what a network for XOR makes of hidden perceptrons whose lines one moves.

    Of all perceptrons that could look at them, the output is one that gets the most corners right.

    Parameters
    ----------
    layer : callable
        ``layer(W, b, X)`` returns the answers of perceptrons, 0 and 1, a column for each.
    """

    def draw(
        figure: Any, turn_1: int, shift_1: float, turn_2: int, shift_2: float, hidden: int
    ) -> str:
        units = [(turn_1, shift_1), (turn_2, shift_2), THIRD][:hidden]
        turns = np.radians([turn for turn, _ in units])
        W = np.column_stack([np.cos(turns), np.sin(turns)])
        b = -W @ MIDDLE - np.array([shift for _, shift in units])
        v, c = _best_output(np.asarray(layer(W, b, CORNERS)))

        def output(points: Array) -> Array:
            return np.asarray(np.asarray(layer(W, b, points)) @ v + c >= 0)

        ax = figure.subplots()
        shade(ax, output, LOW, HIGH)
        scatter(ax, CORNERS, XOR, size=120)
        for k, (w, bias) in enumerate(zip(W, b, strict=True)):
            foot = -bias * w
            along = np.array([-w[1], w[0]])
            along *= -1 if along[0] < -1e-9 else 1
            ax.axline(foot, foot + along, color="k", ls=DASHES[k], lw=1.6)
            # Beside the middle, where the arrows of two lines would lie on each other.
            where = MIDDLE + w * (w @ (foot - MIDDLE)) + (0.5, -0.35, 0.1)[k] * along
            arrow = {"arrowstyle": "-|>", "lw": 1.6}
            ax.annotate("", where + 0.25 * w, where, arrowprops=arrow, zorder=4)
            ax.annotate(
                f"$h_{k + 1}$", where + 0.38 * w, ha="center", va="center", clip_on=True, zorder=5
            )
        right = int(np.sum(output(CORNERS) == XOR))
        ax.set(title=f"{right} of 4 corners right", xticks=[0, 1], yticks=[0, 1])
        told = " and ".join(f"{turn}° ({shift:+.2f})" for turn, shift in units)
        return f"Lines towards {told}: the output is right at {right} of the 4 corners."

    move(
        draw,
        turn_1=range(0, 360, 15),
        shift_1=[round(0.05 * k, 2) for k in range(-18, 19)],
        turn_2=range(0, 360, 15),
        shift_2=[round(0.05 * k, 2) for k in range(-18, 19)],
        hidden=range(1, 4),
        start={"turn_1": 0, "shift_1": 0.0, "turn_2": 90, "shift_2": 0.0, "hidden": 2},
        frames=[
            {"turn_1": 0, "turn_2": 90},
            {"turn_1": 45, "turn_2": 90},
            {"turn_1": 45, "shift_1": -0.35, "turn_2": 90},
            {"turn_1": 45, "shift_1": -0.35, "turn_2": 225, "shift_2": -0.35},
        ],
        captions=["as it begins", "h1 turned", "h1 shifted", "h2 turned, too"],
        labels={"turn_1": "h1 turned to", "shift_1": "h1 shifted", "turn_2": "h2 turned to",
                "shift_2": "h2 shifted", "hidden": "hidden units"},
        size=(3.5, 3.4),
        alt=(
            "Four positions of two lines in the plane of XOR, the region of class 1 shaded. Two "
            "lines through the middle get three corners right; with one line on either side of "
            "the two squares, turned towards each other, all four are right."
        ),
    )  # fmt: skip


def _best_output(H: Array) -> tuple[Array, float]:
    """Weights and bias, small numbers, of a perceptron that gets the most corners right."""
    found = max(
        itertools.product(
            itertools.product((1, -1, 0, 2, -2), repeat=H.shape[1]),
            (-0.5, 0.5, -1.5, 1.5, -2.5, 2.5),
        ),
        key=lambda one: int(np.sum((H @ np.array(one[0]) + one[1] >= 0) == XOR)),
    )
    return np.array(found[0], dtype=float), found[1]
