"""The temperature of a softmax, and a price for weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndata.moving.controls import move
from nndata.moving.perceptron import scatter, shade
from nndata.plots import COLOURS

__all__ = ["price", "temperature"]

Array = NDArray[Any]
TEMPERATURES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)


def temperature(softmax: Callable[[Array], Array], logits: Array) -> None:
    """Show the softmax of logits that are divided by a temperature.

    Parameters
    ----------
    softmax : callable
        From an array of logits to one of probabilities.
    logits : ndarray of float, shape (n_classes,)
    """
    n = len(logits)

    def draw(figure: Any, temperature: float, last: float) -> str:
        z = np.append(logits[:-1], last)
        p = np.asarray(softmax(z / temperature))
        ax = figure.subplots()
        bars = ax.bar(range(n), p, color=COLOURS[0], edgecolor="k", linewidth=0.8)
        ax.bar_label(bars, [f"{one:.2f}" for one in p], fontsize=9)
        ax.set(ylim=(0, 1.12), yticks=[0, 0.5, 1], xlabel="logit")
        ax.set_xticks(range(n), [f"{one:g}" for one in z])
        entropy = -float(np.sum(p[p > 0] * np.log2(p[p > 0])))
        ax.set_title(f"largest probability {p.max():.2f}", size=11)
        return (
            f"Temperature {temperature:g}: probabilities "
            f"{', '.join(f'{one:.3f}' for one in p)}; entropy {entropy:.2f} bits."
        )

    move(
        draw,
        temperature=list(TEMPERATURES),
        last=[round(0.5 * k, 1) for k in range(-4, 11)],
        start={"temperature": 1.0, "last": float(logits[-1])},
        frames=[{"temperature": t} for t in (0.1, 0.5, 1.0, 2.0, 5.0, 50.0)],
        labels={"last": "last logit"},
        size=(3.4, 2.5),
        alt=(
            "The softmax of the same logits at the temperatures 0.1, 0.5, 1, 2, 5 and 50. Cold, "
            "all of the probability goes to the largest logit; hot, each class gets the same. "
            "The order of the bars never changes."
        ),
    )


def price(
    fit: Callable[[float], Any],
    predict: Callable[[Any, Array], Array],
    train: tuple[Array, Array],
    validation: tuple[Array, Array],
    prices: Sequence[float],
) -> None:
    """Show the boundary of the same large network at several prices of its weights.

    Parameters
    ----------
    fit : callable
        ``fit(l2)`` returns the parameters of a network trained with this λ.
    predict : callable
        ``predict(params, X)`` returns the classes of the rows.
    train, validation : pair of ndarray
        Examples of shape (m, 2) and their labels, 0 and 1.
    prices : sequence of float
        The values of λ; each is trained once, before the picture is shown.
    """
    trained = {l2: fit(l2) for l2 in prices}
    X, _ = train
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    known: dict[tuple[float, int], Array] = {}

    def classes(l2: float, points: Array) -> Array:
        key = l2, len(points)
        if key not in known:
            known[key] = np.asarray(predict(trained[l2], points))
        return known[key]

    def draw(figure: Any, l2: float, examples: str) -> str:
        ax = figure.subplots()
        shade(ax, lambda points: classes(l2, points), low, high, n=161)
        # More than some hundreds take long to draw, and hide each other.
        shown = train if examples == "training" else (validation[0][:400], validation[1][:400])
        scatter(ax, *shown, size=26 if examples == "training" else 8)
        on_train, on_new = (
            float(np.mean(classes(l2, points) == labels)) for points, labels in (train, validation)
        )
        ax.set(xlabel="", ylabel="")
        ax.set_title(f"training {on_train:.0%}, validation {on_new:.1%}", size=11)
        return (
            f"λ = {l2:g}: {on_train:.0%} of the training examples are right, and {on_new:.1%} of "
            "the validation examples."
        )

    move(
        draw,
        l2=list(prices),
        examples=["training", "validation"],
        labels={"l2": "λ"},
        size=(3.3, 3.1),
        alt=(
            f"One large network, trained on {len(X)} examples at λ = "
            f"{', '.join(f'{one:g}' for one in prices)}. Without a price its boundary winds around "
            "single examples; the higher the price, the smoother the boundary, until the network "
            "gives all of the plane to one class or draws a straight line."
        ),
    )
