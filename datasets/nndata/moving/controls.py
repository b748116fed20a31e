"""Sliders and menus around one function that draws, and its frames where nothing can move."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.util import find_spec
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from nndata.plots import described, style

__all__ = ["move"]

MOST_FRAMES = 6
# Beside sliders there is more room than in a row of frames, and each of a picture's pixels on the
# page is drawn by more than one.
LARGER, SHARPNESS = 1.25, 1.2
NARROWEST = 420  # pixels of a row with a slider
# Pictures that are kept: to go back to one takes no drawing.
KEPT = 400
MILLISECONDS = 150  # of a frame, when the film runs
DOTS = 100  # per inch

_TO_MOVE = "To move this picture, run the cell in JupyterLab."
_TO_INSTALL = (
    "To move this picture, install ipywidgets (pip install ipywidgets), restart the kernel and "
    "run the cell again."
)
# The frames give way to the sliders as long as these are there. A notebook that is opened again
# has no sliders before it has run, and then shows the frames.
_CLASS = "nndata-moving"
_CSS = f"""<style>
.jp-OutputArea-child:has(+ .jp-OutputArea-child .{_CLASS}) {{ display: none; }}
.{_CLASS} img {{ max-width: 100%; height: auto; display: block; }}
.{_CLASS} .noUi-handle:focus-visible {{ outline: 3px solid #0072B2; outline-offset: 2px; }}
</style>"""

Draw = Callable[..., str | None]
Values = Mapping[str, Sequence[Any]]


def move(
    draw: Draw,
    *,
    size: tuple[float, float] = (5.6, 4.2),
    frames: Sequence[Mapping[str, Any]] | None = None,
    captions: Sequence[str] | None = None,
    start: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    columns: int = 2,
    film: str | None = None,
    alt: str = "",
    **values: Sequence[Any],
) -> None:
    """Show a picture with a slider for each of its values, and its frames where nothing can move.

    Parameters
    ----------
    draw : callable
        ``draw(figure, **values)`` draws on a figure, or on a part of one, and may return a sentence
        on what is to be seen there.
    size : tuple of two float
        Width and height of a picture, in inches.
    frames : sequence of mapping, optional
        Values of the frames, six at most; what a frame leaves out is as at the start. By default
        they go through the first of the values, in even steps.
    captions : sequence of str, optional
        What stands above each frame; by default its values.
    start : mapping, optional
        Values to begin with; by default the first of each.
    labels : mapping of str to str, optional
        What a value is called, where that is not its name.
    columns : int
        Frames beside each other.
    film : str, optional
        A value that a button runs through.
    alt : str
        What the frames show, for those who do not see them.
    **values : sequence
        The values to choose from, for each argument of `draw`: a menu for text, else a slider.

    Examples
    --------
    ::

        def draw(figure, power):
            figure.subplots().plot(x, x**power)

        move(draw, power=range(1, 7))
    """
    for name, choices in values.items():
        if not len(choices):
            raise ValueError(f"{name} has no values to choose from.")
    first = {name: choices[0] for name, choices in values.items()} | dict(start or {})
    named = {name: name.replace("_", " ") for name in values} | dict(labels or {})
    for name in {*first, *named, *([film] if film else ())} - values.keys():
        raise ValueError(f"{name} is none of the values: {', '.join(values)}.")
    chosen = _frames(values) if frames is None else list(frames)[:MOST_FRAMES]
    above = captions or [_caption(frame, named) for frame in chosen]
    shots = [({**first, **frame}, text) for frame, text in zip(chosen, above, strict=True)]
    _show_strip(_strip(draw, size, shots, columns), alt)
    if not _somebody_is_there():
        print(_TO_MOVE)
    elif find_spec("ipywidgets") is None:
        print(_TO_INSTALL)
    else:
        _show_controls(draw, size, values, first, named, film)


def _frames(values: Values) -> list[dict[str, Any]]:
    """Frames in even steps of the first value, its ends among them."""
    name = next(iter(values))
    choices = values[name]
    n = min(MOST_FRAMES, len(choices))
    return [{name: choices[round(i * (len(choices) - 1) / max(n - 1, 1))]} for i in range(n)]


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _caption(frame: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    return ", ".join(f"{labels[name]} {_text(value)}" for name, value in frame.items())


# The frames, side by side.


def _strip(
    draw: Draw,
    size: tuple[float, float],
    shots: Sequence[tuple[Mapping[str, Any], str]],
    columns: int,
) -> Figure:
    """A figure of several pictures, each with its values and what stands above it."""
    columns = min(columns, len(shots))
    rows = math.ceil(len(shots) / columns)
    with style():
        figure = plt.figure(
            figsize=(size[0] * columns, (size[1] + 0.25) * rows), dpi=DOTS, layout="constrained"
        )
        parts = figure.subfigures(rows, columns, squeeze=False).flat
        for part, (values, caption) in zip(parts, shots, strict=False):
            draw(part, **values)
            part.suptitle(caption, size=12, weight="bold")
    return figure


def _show_strip(figure: Figure, alt: str) -> None:
    shell = _shell()
    if shell is None:
        plt.show()
        return
    plt.close(figure)  # or it would be shown again at the end of the cell
    data, metadata = shell.display_formatter.format(figure, include={"image/png"})
    if "image/png" not in data:  # another backend than the notebook's
        data = {"image/png": _png(figure)}
    shell.display_pub.publish(*described(data, metadata, alt or "frames"))


def _png(figure: Figure, dpi: float = DOTS) -> bytes:
    file = io.BytesIO()
    FigureCanvasAgg(figure)
    # Hardly larger than with the default, and much faster.
    figure.savefig(file, format="png", dpi=dpi, pil_kwargs={"compress_level": 1})
    return file.getvalue()


# Sliders and menus.


def _shell() -> Any:
    """The shell of IPython that this runs in; None if there is none."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _somebody_is_there() -> bool:
    """Whether the cell was run by somebody who can move a slider.

    Who runs a notebook by program (nbclient, nbconvert, papermill) says that nobody can be asked
    for input.
    """
    kernel = getattr(_shell(), "kernel", None)
    if kernel is None:
        return False
    content = kernel.get_parent().get("content", {})
    return bool(content.get("allow_stdin", False))


class Pictures:
    """The pictures of a function that draws, each drawn once.

    Parameters
    ----------
    draw : callable
        As in `move`.
    size : tuple of two float
        Width and height in inches.
    """

    def __init__(self, draw: Draw, size: tuple[float, float]) -> None:
        self._draw = draw
        self._size = size
        self._kept: dict[tuple[Any, ...], tuple[bytes, str]] = {}
        self._places: list[Bbox] = []

    def __call__(self, values: Mapping[str, Any]) -> tuple[bytes, str]:
        """PNG of a picture, and what is to be seen there."""
        key = tuple(values.values())
        if key not in self._kept:
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            with style():
                # To find the places of all axes takes as long as to draw them. They stay.
                layout: Any = None if self._places else "constrained"
                figure = Figure(figsize=self._size, dpi=DOTS, layout=layout)
                told = self._draw(figure, **values) or ""
                for ax, place in zip(figure.axes, self._places, strict=False):
                    ax.set_position(place)
                self._kept[key] = _png(figure, DOTS * LARGER * SHARPNESS), told
                self._places = [ax.get_position(original=True) for ax in figure.axes]
        return self._kept[key]


def _show_controls(
    draw: Draw,
    size: tuple[float, float],
    values: Values,
    first: Mapping[str, Any],
    labels: Mapping[str, str],
    film: str | None,
) -> None:
    import ipywidgets as widgets
    from IPython.display import display

    pictures = Pictures(draw, size)
    # Widgets have a margin of two pixels.
    width, height = (round(side * DOTS * LARGER) for side in size)
    wide = widgets.Layout(width=f"{max(width, NARROWEST)}px", max_width="calc(100% - 4px)")
    picture, told = widgets.HTML(layout=wide), widgets.HTML(layout=wide)
    controls: dict[str, Any] = {}
    rows = []
    for name, choices in values.items():
        options = [(_text(one), one) for one in choices]
        kind = widgets.Dropdown if isinstance(choices[0], str) else widgets.SelectionSlider
        controls[name] = kind(
            options=options,
            value=first[name],
            description=labels[name],
            layout=wide,
            style={"description_width": "initial"},
        )
        rows.append(controls[name])
        if name == film:
            play = widgets.Play(
                max=len(choices) - 1,
                value=list(choices).index(first[name]),
                interval=MILLISECONDS,
                description=f"play {labels[name]}",
            )
            widgets.jslink((play, "value"), (controls[name], "index"))
            rows.append(play)

    def show(_: object = None) -> None:
        try:
            png, sentence = pictures({name: one.value for name, one in controls.items()})
        except Exception as error:  # a student's function may raise; nobody would see it
            sentence = f"This picture cannot be drawn: {type(error).__name__}: {error}"
            told.value = f'<div role="status">{escape(sentence)}</div>'
            return
        text = base64.b64encode(png).decode()
        picture.value = (
            f'<img width="{width}" height="{height}" alt="{escape(sentence)}" '
            f'src="data:image/png;base64,{text}">'
        )
        told.value = f'<div role="status">{escape(sentence)}</div>'

    for control in controls.values():
        control.observe(show, names="value")
    show()
    box = widgets.VBox([widgets.HTML(_CSS), *rows, picture, told])
    box.add_class(_CLASS)
    bundle = {**box._repr_mimebundle_(), "text/plain": _TO_MOVE}
    display(bundle, raw=True)  # type: ignore[no-untyped-call]
