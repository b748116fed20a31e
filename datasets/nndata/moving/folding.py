"""A network whose hidden layer grows, one fold at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from nndata.moving.controls import move
from nndata.moving.perceptron import scatter, shade

__all__ = ["width"]

Array = NDArray[Any]
WIDEST = 50


def width(
    init_params: Callable[..., list[tuple[Array, Array]]],
    forward: Callable[..., tuple[Array, Any]],
    data: Mapping[str, tuple[Array, Array]],
) -> None:
    """Show what a network of random ReLUs can keep apart, from 1 of them to 50.

    Only its output weights are fitted, by least squares.

    Parameters
    ----------
    init_params : callable
        ``init_params([2, 50], rng)`` returns a list of one pair (W, b).
    forward : callable
        ``forward(params, X, activations)`` returns the output and a cache.
    data : mapping of str to (ndarray of shape (m, 2), ndarray of shape (m,))
        Examples and their labels, 0 and 1, by name.
    """
    rng = np.random.default_rng(6)
    ((W, _),) = init_params([2, WIDEST], rng)
    b = rng.normal(size=WIDEST)

    def network(name: str, n: int) -> list[tuple[Array, Array]]:
        X, y = data[name]
        hidden = [(W[:n], b[:n])]
        H, _ = forward(hidden, X, ["relu"])
        columns = np.column_stack([H, np.ones(len(H))])
        solution = np.linalg.lstsq(columns, 2.0 * y - 1, rcond=1e-6)[0]
        return [*hidden, (solution[None, :-1], solution[-1:])]

    def draw(figure: Any, neurons: int, examples: str) -> str:
        X, y = data[examples]
        params = network(examples, neurons)

        def classes(points: Array) -> Array:
            return np.asarray(forward(params, points, ["relu", "linear"])[0][:, 0] >= 0)

        reach = float(np.ceil(2 * np.abs(X).max()) / 2)
        ax = figure.subplots()
        shade(ax, classes, -reach, reach, n=121)
        lengths = np.linalg.norm(W[:neurons], axis=1, keepdims=True)
        unit = W[:neurons] / lengths
        feet = -b[:neurons, None] / lengths * unit
        along = 4 * reach * np.column_stack([-unit[:, 1], unit[:, 0]])
        folds = np.stack([feet - along, feet + along], axis=1)
        ax.add_collection(LineCollection(list(folds), colors="0.35", linewidths=0.7, zorder=1))
        scatter(ax, X, y, size=18)
        right = float(np.mean(classes(X) == y))
        ax.set(title=f"{right:.1%} of the examples right", xlabel="", ylabel="")
        return (
            f"Neurons: {neurons}, each with a fold; {right:.1%} of the {len(X)} examples are right."
        )

    move(
        draw,
        neurons=range(1, WIDEST + 1),
        examples=list(data),
        frames=[{"neurons": n} for n in (1, 2, 4, 8, 20, 50)],
        size=(3.3, 3.1),
        film="neurons",
        alt=(
            "Two moons and the classes that a network gives to the points of the plane, with 1, "
            "2, 4, 8, 20 and 50 hidden neurons. Each has a line along which it folds the plane; "
            "the boundary bends only there, first not at all, in the end around single examples."
        ),
    )
