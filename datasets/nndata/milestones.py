"""Three milestones of the history of neural networks, to be run on functions of one's own.

A `Milestone` says as data which functions it needs, of which stages. Its `run` uses those, NumPy
and nothing else of the course; what it finds is plain data, from which `judge` tells whether the
milestone is reached and `draw` makes a picture. ``nngrade practice --mine`` runs all of
`MILESTONES`; in a notebook, `nndata.own` does the same::

    from nndata import load_images
    from nndata.milestones import MILESTONES
    from nndata.own import own_functions, try_milestone

    mine = own_functions("assignments")  # mine.stage01.predict is your `predict` of stage 1
    try_milestone(MILESTONES[0], mine, load_images());
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nndata.images import ImageData

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MILESTONES", "Milestone", "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What came of a milestone.

    Attributes
    ----------
    reached : bool
    told : str
        One or two sentences: what was measured, and what was to be reached.
    """

    reached: bool
    told: str

    def __str__(self) -> str:
        return self.told


@dataclass(frozen=True)
class Milestone:
    """A milestone.

    Attributes
    ----------
    name : str
        Its year, which also names its picture.
    title : str
    story : str
        One sentence of history.
    needs : mapping of str to tuple of str
        The functions that `run` calls, by the beginning of the stage's name, such as ``stage01``.
    inputs : callable
        ``inputs(images)`` returns the arguments of `run` after the first.
    run : callable
        ``run(mine, *inputs)`` returns a dict of plain data. ``mine.stage01.predict`` is the
        function `predict` of stage 1, for each function in `needs`.
    judge : callable
        ``judge(found, images)`` returns the `Outcome` of what `run` returned.
    draw : callable
        ``draw(found, images)`` returns a new figure of it. It needs matplotlib.
    """

    name: str
    title: str
    story: str
    needs: Mapping[str, tuple[str, ...]]
    inputs: Callable[[ImageData], tuple[Any, ...]]
    run: Callable[..., dict[str, Any]]
    judge: Callable[[Mapping[str, Any], ImageData], Outcome]
    draw: Callable[[Mapping[str, Any], ImageData], Figure]


# 1958: a perceptron reads 2s.

WANTED = 2
EPOCHS_1958 = 5
MOST_1958 = 10_000
# Everybody's rule gives the same numbers: 96.9 % on MNIST, 98.6 % on the digits. Saying "no" to all
# gives 89.7 % and 89.7 %.
TARGETS_1958 = {"mnist": 0.95, "digits": 0.95}


def _inputs_1958(images: ImageData) -> tuple[Any, ...]:
    y = (images.y_train[:MOST_1958] == WANTED).astype(int)
    return images.X_train[:MOST_1958], y, images.X_test


def _run_1958(mine: Any, X: Any, y: Any, X_test: Any) -> dict[str, Any]:
    w, b, mistakes = mine.stage01.fit(X, y, EPOCHS_1958)
    # The last example once more: a rule that is right changes nothing where nothing is wrong.
    answer = mine.stage01.predict(w, b, X[-1:])
    w_again, b_again = mine.stage01.update(w, b, X[-1], int(np.ravel(answer)[0]))
    return {
        "w": w,
        "steady": bool(np.all(w_again == w)) and bool(np.all(b_again == b)),
        "mistakes": mistakes,
        "predicted": mine.stage01.predict(w, b, X_test),
    }


def _judge_1958(found: Mapping[str, Any], images: ImageData) -> Outcome:
    is_two = images.y_test == WANTED
    says_two = _labels(found["predicted"], len(is_two)) == 1
    accuracy, target = float(np.mean(says_two == is_two)), TARGETS_1958[images.name]
    told = (
        f"It is right about {_percent(accuracy)} of {len(is_two):,} digits that it has never seen "
        f"(target {_percent(target)}), and finds {np.sum(says_two & is_two):,} of the "
        f"{np.sum(is_two):,} {WANTED}s among them."
    )
    if not found["steady"]:
        return Outcome(False, f"{told} But update changes weights that were right.")
    return Outcome(accuracy >= target, told)


def _draw_1958(found: Mapping[str, Any], images: ImageData) -> Figure:
    import matplotlib.pyplot as plt

    from nndata import plots

    is_two = images.y_test == WANTED
    says_two = _labels(found["predicted"], len(is_two)) == 1
    w = np.asarray(found["w"], dtype=float).reshape(images.image_shape)
    groups = {
        f"called a {WANTED}, rightly": is_two & says_two,
        f"a {WANTED}, and overlooked": is_two & ~says_two,
        f"called a {WANTED}, wrongly": ~is_two & says_two,
    }
    with plots.style():
        figure = plt.figure(figsize=(9.6, 4.2), layout="constrained")
        # Any: newer releases of matplotlib type what comes back as one figure.
        panels: Any = figure.subfigures(1, 2, width_ratios=(1, 1.5))
        left, right = panels
        ax = left.subplots()
        most = float(np.max(np.abs(w))) or 1.0
        shown = ax.imshow(w, cmap="RdBu", vmin=-most, vmax=most)
        ax.set(title=f"the weights: blue speaks for a {WANTED}", xticks=[], yticks=[])
        left.colorbar(shown, ax=ax, shrink=0.8)
        axes = right.subplots(len(groups), 6)
        for row, (name, which) in zip(axes, groups.items(), strict=True):
            chosen = images.X_test[which][: len(row)]
            for ax, picture in zip(row, chosen, strict=False):
                ax.imshow(picture.reshape(images.image_shape), cmap="gray_r")
            for ax in row:
                ax.set(xticks=[], yticks=[])
                ax.spines[:].set_visible(False)
            row[0].set_title(f"{name}: {np.sum(which):,}", loc="left", size=11)
        figure.suptitle(f"1958 · My perceptron reads {WANTED}s")
    return figure


# 1969: XOR, first in vain, then with a hidden layer.

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR, OR, NAND = np.array([0, 1, 1, 0]), np.array([0, 1, 1, 1]), np.array([1, 1, 1, 0])
# What a line separates on four corners is learnt within 10 epochs.
EPOCHS_1969 = 50
GRID = np.linspace(-0.4, 1.4, 121)


def _inputs_1969(images: ImageData) -> tuple[Any, ...]:
    grid = np.column_stack([part.ravel() for part in np.meshgrid(GRID, GRID)])
    return CORNERS, XOR, OR, NAND, grid


def _run_1969(mine: Any, X: Any, xor: Any, either: Any, not_both: Any, grid: Any) -> dict[str, Any]:
    fit, predict = mine.stage01.fit, mine.stage01.predict
    w, b, mistakes = fit(X, xor, EPOCHS_1969)
    # Two perceptrons that each learn what a line can do, and a third that looks at their answers.
    w_or, b_or, _ = fit(X, either, EPOCHS_1969)
    w_nand, b_nand, _ = fit(X, not_both, EPOCHS_1969)
    W, biases = np.stack([w_or, w_nand]), np.array([b_or, b_nand], dtype=float)
    hidden = mine.stage03.perceptron_layer(W, biases, X)
    w_out, b_out, mistakes_out = fit(hidden, xor, EPOCHS_1969)
    return {
        "mistakes alone": mistakes,
        "answers alone": predict(w, b, X),
        "grid alone": predict(w, b, grid),
        "mistakes": mistakes_out,
        "hidden": hidden,
        "answers": predict(w_out, b_out, hidden),
        "grid": predict(w_out, b_out, mine.stage03.perceptron_layer(W, biases, grid)),
    }


def _judge_1969(found: Mapping[str, Any], images: ImageData) -> Outcome:
    alone = np.asarray(found["mistakes alone"], dtype=float)
    n_alone = int(np.sum(_labels(found["answers alone"], 4) == XOR))
    n_right = int(np.sum(_labels(found["answers"], 4) == XOR))
    in_vain = n_alone < len(XOR) and bool(np.all(alone > 0))
    told = (
        f"Alone, your perceptron is right about {n_alone} of the 4 corners after "
        f"{_amount(len(alone), 'epoch')}, of which the best has "
        f"{_amount(int(alone.min()), 'mistake')}; behind two others it is right about "
        f"{n_right}."
    )
    if not in_vain:
        return Outcome(False, f"{told} No perceptron learns XOR alone: something counts wrongly.")
    return Outcome(n_right == len(XOR), told)


def _amount(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _draw_1969(found: Mapping[str, Any], images: ImageData) -> Figure:
    import matplotlib.pyplot as plt

    from nndata import plots

    alone = np.asarray(found["mistakes alone"], dtype=float)
    behind = np.asarray(found["mistakes"], dtype=float)
    with plots.style():
        figure, axes = plt.subplots(1, 3, figsize=(11.4, 3.9), layout="constrained")
        titles = {
            "grid alone": f"alone: no line will do, after {len(alone)} epochs",
            "grid": "behind two others: solved",
        }
        if int(np.sum(_labels(found["answers"], 4) == XOR)) < len(XOR):
            titles["grid"] = "behind two others: not yet"
        for ax, (name, title) in zip(axes, titles.items(), strict=False):
            region = _labels(found[name], GRID.size**2).reshape(GRID.size, GRID.size)
            colours = np.where(region[..., None] == 1, (1.0, 0.92, 0.75), (0.82, 0.91, 0.97))
            ax.imshow(
                colours, origin="lower", extent=(GRID[0], GRID[-1]) * 2, interpolation="nearest"
            )
            for label in (0, 1):
                points = CORNERS[label == XOR]
                ax.scatter(
                    points[:, 0],
                    points[:, 1],
                    s=110,
                    color=plots.COLOURS[label],
                    marker=plots.MARKERS[label],
                    edgecolors="black",
                    label=f"class {label}",
                    zorder=2,
                )
            ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1])
        axes[0].legend(loc="center")
        ax = axes[2]
        ax.plot(np.arange(1, alone.size + 1), alone, label="alone", color=plots.COLOURS[5])
        ax.plot(
            np.arange(1, behind.size + 1),
            behind,
            marker="o",
            label="behind two others",
            color=plots.COLOURS[2],
        )
        ax.set(title="mistakes in each epoch", xlabel="epoch", ylim=(-0.2, 4.4))
        ax.legend(loc="center right")
        figure.suptitle("1969 · XOR, first in vain, then with a hidden layer")
    return figure


# 1986: backpropagation from scratch.

SEED = 1986
HIDDEN = 64
BATCH = 32
# The learning rate of each epoch. The last ones are small, so that no seed ends on a bad step. The
# reference reads 95.0 % to 97.2 % of the digits (300 seeds), and 97.3 % to 97.7 % of MNIST (6).
RATES = {"mnist": [0.1] * 4 + [0.03] * 2, "digits": [0.1] * 14 + [0.03] * 6}
TARGETS_1986 = {"mnist": 0.97, "digits": 0.93}


def _inputs_1986(images: ImageData) -> tuple[Any, ...]:
    return images.X_train, images.y_train, images.X_test, images.n_classes, RATES[images.name]


def _run_1986(
    mine: Any, X: Any, y: Any, X_test: Any, n_classes: int, rates: list[float]
) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    activations = ["sigmoid", "linear"]
    params = list(mine.stage04.init_params([X.shape[1], HIDDEN, n_classes], rng, "tanh"))
    states = [(None, None)] * len(params)
    losses, predicted = [], []
    for rate in rates:
        losses_of_epoch = []
        for X_batch, y_batch in mine.stage06.minibatches(X, y, BATCH, rng):
            logits, cache = mine.stage04.forward(params, X_batch, activations)
            losses_of_epoch.append(mine.stage07.cross_entropy(logits, y_batch))
            d_logits = mine.stage07.cross_entropy_gradient(logits, y_batch)
            grads = mine.stage05.backward(params, cache, d_logits)
            for layer, (dW, db) in enumerate(grads):
                (W, b), (of_W, of_b) = params[layer], states[layer]
                W, of_W = mine.stage06.momentum_step(W, dW, of_W, rate)
                b, of_b = mine.stage06.momentum_step(b, db, of_b, rate)
                params[layer], states[layer] = (W, b), (of_W, of_b)
        losses.append(float(np.mean(losses_of_epoch)))
        outputs, _ = mine.stage04.forward(params, X_test, activations)
        predicted.append(np.argmax(outputs, axis=1))
    return {"losses": losses, "predicted": predicted, "first layer": params[0][0]}


def _judge_1986(found: Mapping[str, Any], images: ImageData) -> Outcome:
    accuracies = _accuracies(found, images)
    target = TARGETS_1986[images.name]
    told = (
        f"Your network, {images.X_train.shape[1]} inputs, {HIDDEN} sigmoids and "
        f"{images.n_classes} outputs, reads {_percent(accuracies[-1])} of {len(images.y_test):,} "
        f"digits that it has never seen, after {len(accuracies)} epochs (target "
        f"{_percent(target)})."
    )
    return Outcome(accuracies[-1] >= target, told)


def _accuracies(found: Mapping[str, Any], images: ImageData) -> list[float]:
    y = images.y_test
    return [float(np.mean(_labels(one, len(y)) == y)) for one in found["predicted"]]


def _draw_1986(found: Mapping[str, Any], images: ImageData) -> Figure:
    import matplotlib.pyplot as plt

    from nndata import plots

    accuracies = _accuracies(found, images)
    target = TARGETS_1986[images.name]
    last = _labels(found["predicted"][-1], len(images.y_test))
    wrong = np.flatnonzero(last != images.y_test)
    W = np.asarray(found["first layer"], dtype=float)
    with plots.style():
        figure = plt.figure(figsize=(11.4, 4.6), layout="constrained")
        panels: Any = figure.subfigures(1, 3, width_ratios=(1.2, 1, 1))
        left, middle, right = panels
        ax = left.subplots()
        epochs = np.arange(1, len(accuracies) + 1)
        ax.plot(epochs, 100 * np.array(accuracies), marker="o", color=plots.COLOURS[0])
        ax.axhline(100 * target, color=plots.COLOURS[5], linestyle="--", label=_percent(target))
        # A fresh network's first epoch may be far below, and would flatten the rest.
        low = min(88.0, 100 * float(np.median(accuracies)) - 5)
        ax.set(title="digits read, in %", xlabel="epoch", ylim=(max(0.0, low), 100))
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend(loc="lower right", title="target")
        grids = (
            (middle, "what 25 of the hidden neurons look for", W[:25], None),
            (right, "misread: what it said (what it is)", images.X_test[wrong[:25]], wrong[:25]),
        )
        for panel, title, pictures, indices in grids:
            for number, ax in enumerate(panel.subplots(5, 5).flat):
                ax.set_axis_off()
                if number >= len(pictures):
                    continue
                picture = pictures[number].reshape(images.image_shape)
                if indices is None:
                    most = float(np.max(np.abs(picture))) or 1.0
                    ax.imshow(picture, cmap="RdBu", vmin=-most, vmax=most)
                else:
                    ax.imshow(picture, cmap="gray_r")
                    at = indices[number]
                    ax.set_title(f"{last[at]} ({images.y_test[at]})", size=8, pad=2)
            panel.suptitle(title, size=12)
        figure.suptitle("1986 · My network learns by backpropagation")
    return figure


def _labels(values: Any, count: int) -> Any:
    """Integers, one for each example; whatever else a function returned is no answer."""
    labels = np.asarray(values)
    if labels.shape != (count,) or labels.dtype.kind not in "iub":
        raise ValueError(
            f"{count} whole numbers are needed as labels, not an array of {labels.dtype} and shape "
            f"{labels.shape}"
        )
    return labels.astype(np.int64)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


MILESTONES = (
    Milestone(
        "1958",
        f"A perceptron reads {WANTED}s",
        "Frank Rosenblatt shows a machine that learns to tell pictures apart.",
        {"stage01": ("predict", "update", "fit")},
        _inputs_1958,
        _run_1958,
        _judge_1958,
        _draw_1958,
    ),
    Milestone(
        "1969",
        "XOR, first in vain, then with a hidden layer",
        "Marvin Minsky and Seymour Papert prove what one perceptron can never learn.",
        {"stage01": ("predict", "update", "fit"), "stage03": ("perceptron_layer",)},
        _inputs_1969,
        _run_1969,
        _judge_1969,
        _draw_1969,
    ),
    Milestone(
        "1986",
        "Backpropagation from scratch",
        "David Rumelhart, Geoffrey Hinton and Ronald Williams train hidden layers.",
        {
            "stage04": ("sigmoid", "init_params", "forward"),
            "stage05": ("activation_derivative", "affine_backward", "backward"),
            "stage06": ("minibatches", "momentum_step"),
            "stage07": ("softmax", "cross_entropy", "cross_entropy_gradient"),
        },
        _inputs_1986,
        _run_1986,
        _judge_1986,
        _draw_1986,
    ),
)
"""All milestones, in the order of history."""
