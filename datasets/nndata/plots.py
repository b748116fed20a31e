"""Plots of data sets and of a model's predictions, in a common style.

Classes differ in colour (Okabe and Ito's palette for colour-blind people) and in marker, so that
the plots also work in black and white. The background is white, even in a dark notebook. Only
`use_style` changes matplotlib's global settings.

Each function draws on a new figure unless it is given an `ax`. In a notebook, end the line with a
semicolon, or Jupyter shows a returned figure twice.
"""

from __future__ import annotations

import base64
import html
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, cast

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, PowerNorm, to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "COLOURS",
    "MARKERS",
    "described",
    "plot_confusion",
    "plot_decision_boundary",
    "plot_history",
    "show",
    "show_digits",
    "style",
    "use_style",
]

COLOURS = (
    "#0072B2",  # blue
    "#E69F00",  # orange
    "#009E73",  # bluish green
    "#CC79A7",  # reddish purple
    "#56B4E9",  # sky blue
    "#D55E00",  # vermilion
    "#F0E442",  # yellow
    "#000000",  # black
)
"""Okabe and Ito's colours, in the order of classes and curves.

Source: M. Okabe and K. Ito, "Color Universal Design", https://jfly.uni-koeln.de/color/.
"""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
"""The markers, in the order of classes and curves."""

_DASHES = ("-", "--", "-.", ":")
_WRONG = "#D55E00"
_INK = "#262626"

# Any: newer releases of matplotlib type the keys as literals.
_STYLE: Any = {
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "figure.constrained_layout.w_pad": 0.08,
    "figure.constrained_layout.h_pad": 0.08,
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "font.size": 11,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so plots look the same everywhere
    "grid.color": "#DDDDDD",
    "legend.frameon": True,
    "legend.facecolor": "white",
    "legend.edgecolor": "#BBBBBB",
    "legend.framealpha": 0.9,
    "legend.fontsize": 10,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


@contextmanager
def style() -> Iterator[None]:
    """Return a context manager in which new figures have the style of this module.

    Examples
    --------
    >>> with style():
    ...     figure, axes = plt.subplots(1, 2)
    """
    with mpl.rc_context(_STYLE):
        yield


def use_style() -> None:
    """Give all figures from here on the style of this module: at the start of a notebook."""
    mpl.rcParams.update(_STYLE)


def show(alt: str | Sequence[str]) -> None:
    """Show the open figures, described for those who do not see them, and close them.

    It stands where ``plt.show()`` would: at the end of a cell. Outside notebooks it is the same.

    Parameters
    ----------
    alt : str or sequence of str
        What the figure shows, in plain words. Where several are open, one text for each, in the
        order in which they were made.

    Raises
    ------
    ValueError
        If there are more texts than open figures.
    """
    texts = [alt] if isinstance(alt, str) else list(alt)
    display = _display()
    if display is None:
        plt.show()
        return
    numbers = plt.get_fignums()
    if len(texts) > len(numbers):
        raise ValueError(f"alt describes {len(texts)} figures, and {len(numbers)} are open.")
    for number, text in zip(numbers, texts, strict=False):
        figure = plt.figure(number)
        display(figure, " ".join(text.split()))
        plt.close(figure)
    plt.show()  # what nobody has described


def _display() -> Callable[[Figure, str], None] | None:
    """What displays a figure and its description in the notebook; None where there is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or "inline" not in mpl.get_backend():
        return None

    def display(figure: Figure, text: str) -> None:
        data, metadata = shell.display_formatter.format(figure)
        shell.display_pub.publish(*described(data, metadata, text))

    return display


def described(
    data: dict[str, Any], metadata: dict[str, Any], text: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A figure's data and metadata for a notebook, with its description in all that show it.

    JupyterLab, and nbconvert's page, show HTML before a picture, and of a picture alone they leave
    the description out. VS Code takes the plain text for it, other programs the metadata.

    Parameters
    ----------
    data, metadata : dict
        By MIME type, as IPython formats a figure.
    text : str
        The description.
    """
    data, metadata = {**data, "text/plain": text}, dict(metadata)
    for kind in [one for one in data if one.startswith("image/")]:
        content, size = data[kind], metadata.get(kind, {})
        if kind == "image/svg+xml":
            content = content.encode()
        if isinstance(content, bytes):
            content = base64.b64encode(content).decode()
        attributes = {
            "alt": text,
            **{side: str(size[side]) for side in ("width", "height") if side in size},
            "src": f"data:{kind};base64,{''.join(content.split())}",
        }
        inner = " ".join(f'{name}="{html.escape(one)}"' for name, one in attributes.items())
        data["text/html"] = f"<img {inner}>"
        metadata[kind] = {**size, "alt": text}
    return data, metadata


def show_digits(
    images: ArrayLike,
    labels: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    n_columns: int = 10,
    image_shape: tuple[int, int] | None = None,
) -> Figure:
    """Show images in a grid, with their labels and predictions.

    Parameters
    ----------
    images : array-like of shape (m, n) or (m, height, width)
        The images.
    labels : array-like of shape (m,), optional
        True label of each image, shown above it.
    predictions : array-like of shape (m,), optional
        Predicted label of each image. A wrong prediction is marked by a thick frame, and by a
        cross, the prediction and the label above the image.
    n_columns : int
        Images per row.
    image_shape : tuple of two int, optional
        Height and width of images given as rows. Square by default.

    Returns
    -------
    Figure
        A new figure.

    Raises
    ------
    ValueError
        If the shapes do not match.
    """
    pictures = _as_images(np.asarray(images), image_shape)
    m = len(pictures)
    named = _one_each(labels, m, "labels")
    guessed = _one_each(predictions, m, "predictions")
    if n_columns < 1:
        raise ValueError(f"n_columns must be at least 1, not {n_columns}.")
    n_columns = min(n_columns, m)
    n_rows = math.ceil(m / n_columns)
    titles, wrong = _titles(named, guessed, m)
    width = max(0.95, 0.11 * max(map(len, titles)) + 0.1)  # in inches; titles must not touch
    # A common grey scale for all images, so that a pale image looks pale.
    palest, darkest = float(pictures.min()), float(pictures.max())
    with style():
        figure, axes = plt.subplots(
            n_rows,
            n_columns,
            squeeze=False,
            figsize=(
                max(width * n_columns, 2.0 if any(wrong) else 0.0),
                (1.2 if any(titles) else 0.95) * n_rows + (0.3 if any(wrong) else 0.0),
            ),
            layout=ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04),
        )
        for ax in axes.flat[m:]:
            ax.set_axis_off()
        for i, ax in enumerate(axes.flat[:m]):
            ax.imshow(pictures[i], cmap="gray_r", vmin=palest, vmax=max(darkest, palest + 1e-12))
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set(visible=True, color=_WRONG if wrong[i] else "#BBBBBB")
            ax.spines[:].set_linewidth(3 if wrong[i] else 0.8)
            ax.set_title(
                titles[i],
                size=11,
                pad=5,
                color=_WRONG if wrong[i] else _INK,
                weight="bold" if wrong[i] else "normal",
            )
        if any(wrong):
            figure.supxlabel("✗ prediction (label)", size=10, color=_WRONG)
    return figure


def plot_decision_boundary(
    predict: Callable[[NDArray[np.float64]], ArrayLike],
    X: ArrayLike,
    y: ArrayLike,
    ax: Axes | None = None,
    n_grid: int = 200,
) -> Axes:
    """Plot the class that a model predicts for each point of the plane, and the data on top.

    Parameters
    ----------
    predict : callable
        Takes an ndarray of float64, shape (k, 2), and returns the class of each row, shape (k,).
    X : array-like of shape (m, 2)
        The examples.
    y : array-like of shape (m,)
        Their labels.
    ax : Axes, optional
        Axes to draw on; a new figure by default.
    n_grid : int
        Number of grid points along each axis, at least 2. `predict` is called once, for all points.

    Returns
    -------
    Axes
        The axes with the plot.

    Raises
    ------
    ValueError
        If `X` is not of shape (m, 2), or `y` or the prediction does not have one label per row.
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(f"X must have shape (m, 2), not {X.shape}: the plot is a plane.")
    y = np.asarray(y)
    if y.shape != (len(X),):
        raise ValueError(f"y must have shape ({len(X)},), not {y.shape}.")
    if n_grid < 2:
        raise ValueError(f"n_grid must be at least 2, not {n_grid}.")
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.1 * np.where(high > low, high - low, 1.0)
    across, up = np.linspace(low - margin, high + margin, n_grid).T
    grid = np.column_stack([part.ravel() for part in np.meshgrid(across, up)])
    guessed = np.asarray(predict(grid))
    if guessed.shape != (len(grid),):
        raise ValueError(
            f"predict must give one label per row: for {len(grid)} rows its result should have "
            f"shape ({len(grid)},), not {guessed.shape}."
        )
    classes = np.unique(np.concatenate([y, guessed]))
    region = np.searchsorted(classes, guessed).reshape(n_grid, n_grid)
    with style():
        is_new = ax is None
        ax = ax or _new_axes(5.6, 4.4)
        tints = ListedColormap([_tint(j) for j in range(len(classes))])
        ax.pcolormesh(
            across,
            up,
            region,
            cmap=tints,
            vmin=-0.5,
            vmax=len(classes) - 0.5,
            shading="nearest",
            rasterized=True,
            zorder=0,
        )
        for j in range(len(classes)):
            inside = region == j
            if inside.any() and not inside.all():
                ax.contour(across, up, inside, levels=[0.5], colors=_INK, linewidths=1.2, zorder=1)
        for j, name in enumerate(classes):
            points, marker = X[y == name], MARKERS[j % len(MARKERS)]
            ax.scatter(
                points[:, 0],
                points[:, 1],
                color=_colour(j),
                marker=marker,
                edgecolors="white" if _colour(j) == "#000000" else _INK,
                linewidths=0.7,
                s=90 if marker == "*" else 36,  # a star of the same size looks smaller
                label=f"class {name:g}" if classes.dtype.kind == "f" else f"class {name}",
                zorder=2,
            )
        ax.set_xlim(across[0], across[-1])
        ax.set_ylim(up[0], up[-1])
        ax.set_xlabel("$x_1$")
        ax.set_ylabel("$x_2$")
        if is_new:  # beside the axes, where it hides no points
            ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0)
        else:
            ax.legend(loc=_place_for_legend(len(X)))
    return ax


def plot_history(
    history: Mapping[str, ArrayLike],
    ax: Axes | None = None,
    xlabel: str = "epoch",
    ylabel: str | None = None,
    first: int = 1,
) -> Axes:
    """Plot quantities during training, such as the loss, with one curve for each name.

    Parameters
    ----------
    history : mapping of str to array-like of shape (n_epochs,)
        Values of each curve. Curves may differ in length; values that are not finite leave gaps.
    ax : Axes, optional
        Axes to draw on; a new figure by default.
    xlabel : str
        Label of the horizontal axis.
    ylabel : str, optional
        Label of the vertical axis; by default the name of the curve, if there is only one.
    first : int
        Position of the first value: 1 for values after each epoch, 0 if the first is from before.

    Returns
    -------
    Axes
        The axes with the plot.

    Raises
    ------
    ValueError
        If there is no curve, or a curve is not one-dimensional.
    """
    curves = {str(name): np.asarray(values) for name, values in history.items()}
    if not curves:
        raise ValueError("history is empty: there is no curve to plot.")
    for name, values in curves.items():
        if values.ndim != 1:
            raise ValueError(f"history[{name!r}] must have shape (n,), not {values.shape}.")
    with style():
        ax = ax or _new_axes(5.6, 3.6)
        for i, (name, values) in enumerate(curves.items()):
            ax.plot(
                np.arange(first, first + len(values)),
                np.where(np.isfinite(values), values, np.nan),
                color=_colour(i),
                linestyle=_DASHES[i % len(_DASHES)],
                marker=MARKERS[i % len(MARKERS)],
                markevery=max(1, len(values) // 12),
                label=name,
            )
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if all(np.issubdtype(values.dtype, np.integer) for values in curves.values()):
            ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(True, axis="y", color=_STYLE["grid.color"])
        ax.set_axisbelow(True)
        ax.set_xlabel(xlabel)
        if ylabel is None and len(curves) == 1:
            (ylabel,) = curves
        ax.set_ylabel(ylabel or "")
        if len(curves) > 1:
            ax.legend(loc=_place_for_legend(sum(map(len, curves.values()))))
    return ax


def plot_confusion(
    matrix: ArrayLike, class_names: Sequence[object] | None = None, ax: Axes | None = None
) -> Axes:
    """Plot a confusion matrix: the number of examples of each class predicted as each class.

    The shade of an entry is its share of the row, on a scale that keeps rare mistakes visible. The
    diagonal, where label and prediction agree, is framed.

    Parameters
    ----------
    matrix : array-like of shape (n_classes, n_classes)
        Entry (i, j) is the number of examples of class i that were predicted as class j.
    class_names : sequence, optional
        Names of the classes; 0, 1, ... by default.
    ax : Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes with the plot.

    Raises
    ------
    ValueError
        If the matrix is not square or has negative entries, or the number of names differs.
    """
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(f"matrix must have shape (n_classes, n_classes), not {counts.shape}.")
    if not np.all(np.isfinite(counts)) or counts.min() < 0:
        raise ValueError("matrix must hold numbers from 0 up.")
    n = len(counts)
    names = [str(name) for name in (range(n) if class_names is None else class_names)]
    if len(names) != n:
        raise ValueError(f"class_names must have {n} names, one for each class, not {len(names)}.")
    totals = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    whole = bool(np.all(counts == np.round(counts)))
    with style():
        side = max(3.6, 0.58 * n)
        ax = ax or _new_axes(side + 1.5, side + 0.5)
        image = ax.imshow(share, cmap="Blues", norm=PowerNorm(0.5, vmin=0, vmax=1))
        for i in range(n):
            for j in range(n):
                ax.text(
                    j,
                    i,
                    f"{counts[i, j]:.0f}" if whole else f"{counts[i, j]:.2f}",
                    ha="center",
                    va="center",
                    size=10 if n <= 12 else 8,
                    color="white" if share[i, j] > 0.3 else _INK if counts[i, j] else "#8A8A8A",
                )
            ax.add_patch(Rectangle((i - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=_INK))
        # Long names would overlap if they were horizontal.
        slant = 45 if max(map(len, names)) > 3 else 0
        ax.set_xticks(range(n), names, rotation=slant, ha="right" if slant else "center")
        if slant:
            for text in ax.get_xticklabels():
                text.set_rotation_mode("anchor")
        ax.set_yticks(range(n), names)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set_xlabel("predicted class")
        ax.set_ylabel("true class")
        bar = ax.figure.colorbar(image, ax=ax, ticks=[0, 0.01, 0.05, 0.2, 0.5, 1], shrink=0.9)
        bar.set_label("share of the true class")
        bar.ax.set_yticklabels(["0", "1 %", "5 %", "20 %", "50 %", "100 %"])
    return ax


def _new_axes(width: float, height: float) -> Axes:
    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def _place_for_legend(n_points: int) -> Literal["best", "upper right"]:
    return "best" if n_points <= 5000 else "upper right"  # "best" is slow for many points


def _colour(j: int) -> str:
    return COLOURS[j % len(COLOURS)]


def _tint(j: int) -> tuple[float, float, float]:
    """Mix the colour of a class with white, for the region of the class."""
    mixed = tuple(0.3 * part + 0.7 for part in to_rgb(_colour(j)))
    return cast("tuple[float, float, float]", mixed)


def _as_images(images: NDArray[Any], image_shape: tuple[int, int] | None) -> NDArray[Any]:
    if images.ndim == 2:
        m, n = images.shape
        side = math.isqrt(n)
        height, width = image_shape or (side, side)
        if height * width != n:
            hint = "" if image_shape else "; name their shape: image_shape=(height, width)"
            raise ValueError(f"Rows of {n} numbers are no images of {height}x{width}{hint}.")
        images = images.reshape(m, height, width)
    if images.ndim != 3 or not images.size:
        raise ValueError(
            f"images must have shape (m, n) or (m, height, width), not {images.shape}."
        )
    return images


def _one_each(values: ArrayLike | None, m: int, name: str) -> NDArray[Any] | None:
    if values is None:
        return None
    array = np.asarray(values)
    if array.shape != (m,):
        raise ValueError(f"{name} must have shape ({m},), one for each image, not {array.shape}.")
    return array


def _titles(
    labels: NDArray[Any] | None, predictions: NDArray[Any] | None, m: int
) -> tuple[list[str], list[bool]]:
    """Return the title of each image, and whether its prediction is wrong."""
    if labels is None or predictions is None:
        shown = labels if predictions is None else predictions
        return ["" if shown is None else str(shown[i]) for i in range(m)], [False] * m
    wrong = [bool(labels[i] != predictions[i]) for i in range(m)]
    titles = [f"✗ {predictions[i]} ({labels[i]})" if wrong[i] else str(labels[i]) for i in range(m)]
    return titles, wrong
