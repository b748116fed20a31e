"""Optimisers on landscapes: one with a learning rate of one's choice, or all in a race."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from nndata.moving.controls import move
from nndata.plots import COLOURS, MARKERS

__all__ = ["race"]

Array = NDArray[Any]
Step = Callable[..., tuple[Array, Any]]
Height = Callable[[Array], Array]
LONGEST = 100
FACTORS = ("1/8", "1/4", "1/2", "1", "2", "4")
EVERYBODY = "all"


def race(
    racers: Mapping[str, tuple[Step, float]],
    slope: Callable[[Height, Array], Array],
    landscapes: Mapping[str, tuple[Height, Array]],
) -> None:
    """Show the paths of optimisers, step by step.

    Parameters
    ----------
    racers : mapping of str to (callable, float)
        For each name ``step(theta, grad, state, learning_rate)``, which returns the new theta and
        state, and a learning rate that suits it.
    slope : callable
        ``slope(f, theta)`` returns the gradient of f.
    landscapes : mapping of str to (callable, ndarray of shape (2,))
        For each name the height of points, in the last axis, and the start.
    """
    side = np.linspace(-3, 3, 121)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    heights = {name: np.asarray(f(plane)) for name, (f, _) in landscapes.items()}
    goals = {name: plane.reshape(-1, 2)[int(np.argmin(height))] for name, height in heights.items()}
    lines: dict[str, list[Array]] = {}
    paths: dict[tuple[str, str, str], Array] = {}

    def path(landscape: str, name: str, factor: str) -> Array:
        key = landscape, name, factor
        if key not in paths:
            (f, theta), (step, rate) = landscapes[landscape], racers[name]
            rate *= 1 / int(factor[2:]) if "/" in factor else int(factor)
            state, found = None, [theta]
            for _ in range(LONGEST):
                # Who runs away is out of sight soon; without a limit the numbers overflow.
                if np.abs(theta).max() < 1e6:
                    theta, state = step(theta, slope(f, theta), state, rate)
                found.append(theta)
            paths[key] = np.array(found)
        return paths[key]

    def ground(ax: Axes, landscape: str) -> None:
        height = heights[landscape]
        # By rank, so that the floor of a ravine is as clear as its walls.
        shade = np.searchsorted(np.quantile(height, np.linspace(0, 1, 13)[1:-1]), height)
        ax.imshow(
            shade, extent=(-3, 3, -3, 3), origin="lower", cmap="Greys_r", vmin=-8, vmax=12,
            interpolation="nearest",
        )  # fmt: skip
        if landscape not in lines:
            levels = np.quantile(height, np.linspace(0, 1, 13)[1:-1])
            drawn = ax.contour(side, side, height, levels=levels)
            lines[landscape] = [
                np.asarray(part)
                for one in drawn.get_paths()
                for part in one.to_polygons(closed_only=False)
            ]
            drawn.remove()
        ax.add_collection(LineCollection(lines[landscape], colors="0.45", linewidths=0.5))

    def draw(figure: Any, step: int, optimiser: str, rate: str, landscape: str) -> str:
        f = landscapes[landscape][0]
        runners = list(racers) if optimiser == EVERYBODY else [optimiser]
        ax = figure.subplots()
        ground(ax, landscape)
        ax.plot(*goals[landscape], "k*", ms=15, zorder=2)
        left = {}
        for i, name in enumerate(racers):
            if name in runners:
                way = path(landscape, name, rate)[: step + 1]
                near = np.clip(way, -50, 50)
                look = {"color": COLOURS[(0, 1, 2, 3, 4, 5, 7)[i % 7]], "lw": 1.6}
                ax.plot(*near.T, **look)
                ax.plot(
                    *near[-1:].T, marker=MARKERS[i % len(MARKERS)], ms=9, mec="k", ls="",
                    color=look["color"], label=name, zorder=4,
                )  # fmt: skip
                left[name] = float(f(way[-1]) - f(goals[landscape]))
        # Below the landscape there is room for the names.
        ax.set(xlim=(-3, 3), ylim=(-4.5, 3), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.legend(
            loc="lower center", ncols=3, fontsize=8.5, frameon=False, borderpad=0,
            columnspacing=0.8, handletextpad=0.1, borderaxespad=0,
        )  # fmt: skip
        best = min(left, key=lambda name: left[name] if np.isfinite(left[name]) else np.inf)
        # Before the first step they all stand at one place.
        ahead = "all are here" if step == 0 else f"{best} leads"
        one = ahead if len(left) > 1 else best
        ax.set_title(f"{one}: {max(left[best], 0):.2g} above the goal", size=11)
        return (
            f"Step {step}, {optimiser}, learning rate {rate} times the usual, {landscape}: "
            f"{one}, {max(left[best], 0):.2g} above the goal."
        )

    move(
        draw,
        step=range(LONGEST + 1),
        optimiser=[EVERYBODY, *racers],
        rate=list(FACTORS),
        landscape=list(landscapes),
        start={"step": 15, "rate": "1"},
        frames=[{"step": k} for k in (0, 3, 8, 15, 30, 60)],
        labels={"rate": "learning rate, times the usual"},
        size=(3.3, 3.9),
        film="step",
        alt=(
            "Seven optimisers on their way down a long ravine, after 0, 3, 8, 15, 30 and 60 steps, "
            "with a star at the goal. Some bounce between the walls, others go along the floor."
        ),
    )
