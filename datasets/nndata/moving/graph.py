"""Computation graphs: drawn at once, and forward and backward one edge at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nndata.moving.controls import move
from nndata.plots import COLOURS

__all__ = ["draw_graph", "neuron_with_penalty"]

Node = tuple[tuple[float, float], str, float | None, float | None]


def draw_graph(
    ax: Axes,
    nodes: Mapping[str, Node],
    edges: Iterable[Sequence[str]],
    output: str,
    marked: Sequence[str] | None = None,
    size: float = 11.5,
) -> None:
    """Draw a computation graph: boxes with a value and a gradient, arrows in forward direction.

    Parameters
    ----------
    ax : Axes
    nodes : mapping of str to tuple
        For each name its place, its formula, its value and its gradient; None where one is not
        known yet.
    edges : iterable of pairs of str
        From argument to result.
    output : str
        What the gradients are of.
    marked : pair of str, optional
        An edge to draw thick; in the other direction where it is given the other way round.
    size : float
        Of the text.
    """
    boxes = {}
    for name, (at, formula, value, gradient) in nodes.items():
        worth = "?" if value is None else f"{value:.4g}"
        slope = "?" if gradient is None else f"{gradient:.4g}"
        symbol = f"${name}$" if "_" in name else name  # mathtext takes long, so only where needed
        text = f"{formula}\nvalue {worth}\n∂{output}/∂{symbol} = {slope}"
        here = marked is not None and name == marked[1]
        look = {"boxstyle": "round,pad=0.4", "fc": "#FFF2CC" if here else "white", "ec": "k"}
        text = text.replace("-", "\N{MINUS SIGN}")
        boxes[name] = ax.text(
            *at, text, ha="center", va="center", size=size, bbox={**look, "lw": 1.4}, zorder=3
        )
    for start, stop in edges:
        forward = marked is not None and (start, stop) == tuple(marked)
        backward = marked is not None and (stop, start) == tuple(marked)
        tail, head = (stop, start) if backward else (start, stop)
        arrow = {
            "arrowstyle": "-|>",
            "lw": 3.5 if forward or backward else 1.4,
            "color": COLOURS[5] if backward else COLOURS[0] if forward else "k",
            "shrinkA": 3,
            "shrinkB": 3,
            "patchA": boxes[tail].get_bbox_patch(),
            "patchB": boxes[head].get_bbox_patch(),
        }
        ax.annotate("", nodes[head][0], nodes[tail][0], arrowprops=arrow)
    ax.axis("off")


# The worked example of stage 5, (6): J = ½(σ(wx + b) − y)² + ½λw².

PLACES = {
    "x": ((0.0, 4.4), "x"),
    "w": ((0.0, 0.3), "w"),
    "p": ((2.2, 4.4), "p = w x"),
    "b": ((2.9, 2.3), "b"),
    "z": ((4.5, 4.4), "z = p + b"),
    "a": ((6.8, 4.4), "a = σ(z)"),
    "e": ((9.3, 4.4), "e = ½ (a − y)²"),
    "r": ((4.9, 0.3), "r = ½ λ w²"),
    "J": ((9.3, 1.2), "J = e + r"),
}
EDGES = ("xp", "wp", "pz", "bz", "za", "ae", "eJ", "wr", "rJ")
# Values are known from the first edge that reaches a box on which no other is waited for.
COMPLETE = {"wp": "p", "bz": "z", "za": "a", "ae": "e", "wr": "r", "rJ": "J"}
FORWARD = ("xp", "wp", "pz", "bz", "za", "ae", "wr", "eJ", "rJ")
BACKWARD = ("Je", "Jr", "ea", "az", "zb", "zp", "px", "pw", "rw")


def neuron_with_penalty(
    x: float = 3.0, b: float = -6.0, y: float = 1.0, penalty: float = 0.5
) -> None:
    """Show the worked example, a neuron with a penalty, forward and backward, one edge a step.

    Parameters
    ----------
    x, b, y : float
        Input, bias and label.
    penalty : float
        λ.
    """

    def draw(figure: Any, step: int, w: float) -> str:
        p = w * x
        z = p + b
        a = float(1 / (1 + np.exp(-z)))
        e, r = (a - y) ** 2 / 2, penalty * w**2 / 2
        all_values = {"x": x, "w": w, "b": b, "p": p, "z": z, "a": a, "e": e, "r": r, "J": e + r}
        through_z = (a - y) * a * (1 - a)
        handed = {
            "Je": 1.0, "Jr": 1.0, "ea": a - y, "az": through_z, "zb": through_z,
            "zp": through_z, "px": through_z * w, "pw": through_z * x, "rw": penalty * w,
        }  # fmt: skip
        values = {name: all_values[name] for name in "xwb"}
        gradients: dict[str, float] = {}
        told, marked = "Nothing is known but the inputs.", None
        for edge in FORWARD[:step]:
            marked = edge
            name = COMPLETE.get(edge)
            if name:
                values[name] = all_values[name]
            told = f"Forward from {edge[0]} to {edge[1]}: " + (
                f"{name} = {all_values[name]:.4g}." if name else "one argument has arrived."
            )
        if step > len(FORWARD):
            gradients["J"] = 1.0
            marked, told = None, "Backward begins at the output: the gradient of J is 1."
        for edge in BACKWARD[: max(step - len(FORWARD) - 1, 0)]:
            marked = edge
            before = gradients.get(edge[1])
            gradients[edge[1]] = (before or 0.0) + handed[edge]
            told = f"Backward from {edge[0]} to {edge[1]}: {handed[edge]:.4g} is handed on"
            told += (
                "." if before is None
                else f" and added to {before:.4g}, which makes {gradients[edge[1]]:.4g}."
            )  # fmt: skip
        nodes = {
            name: (*place, values.get(name), gradients.get(name)) for name, place in PLACES.items()
        }
        ax = figure.subplots()
        draw_graph(ax, nodes, EDGES, "J", marked, size=9.5)
        ax.set(xlim=(-1, 10.8), ylim=(-0.6, 5.3))
        ax.set_title(told.replace("-", "\N{MINUS SIGN}"), size=10)
        return told

    n = len(FORWARD)
    move(
        draw,
        step=range(n + len(BACKWARD) + 2),
        w=[round(0.25 * k, 2) for k in range(-8, 17)],
        start={"w": 2.0},
        frames=[{"step": k} for k in (n, n + 4, n + 9, n + 10)],
        captions=["forward, all of it", "backward, into a",
                  "backward, into w through z", "backward, into w through the penalty"],
        size=(6.3, 3.6),
        columns=1,
        film="step",
        alt=(
            "The graph of a neuron with a penalty, four times: values run from w, x and b "
            "to J, then gradients run back. Two of them arrive at w, "
            f"{-0.375:g} through z and 1 through the penalty, and are added up to 0.625."
        ),
    )  # fmt: skip
