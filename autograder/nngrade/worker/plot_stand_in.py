"""A stand-in for matplotlib, where it is not installed: plotting code runs, and nothing is drawn.

A student may import matplotlib in any cell, and a function that is graded may plot what it does.
A grading place without matplotlib must not take points for that. The stand-in serves
``matplotlib``, ``mpl_toolkits``, ``pylab`` and ``cycler`` with all their submodules, in workers
only. What plotting code goes on with is as in matplotlib: the shape of an array of axes, the number
of lines, the counts of a histogram, the colours of a colour map as an RGBA array. All else is a
`Thing`, on which everything can be done and nothing happens.

It is more patient than matplotlib: a call that matplotlib would refuse passes. It opens no file.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["PACKAGES", "Thing", "install"]

PACKAGES = ("matplotlib", "mpl_toolkits", "pylab", "cycler")
# What matplotlib calls its release, for code that asks.
_VERSION, _VERSION_INFO = "3.10.0", (3, 10, 0, "final", 0)
# Submodules that matplotlib itself imports, so that they are its attributes.
_ATTRIBUTES = frozenset(
    ("artist", "axes", "axis", "backend_bases", "backends", "cm", "collections", "colorbar",
     "colors", "container", "contour", "dates", "figure", "font_manager", "gridspec",
     "image", "legend", "lines", "markers", "mlab", "patches", "path", "patheffects",
     "projections", "pyplot", "quiver", "scale", "spines", "style", "table", "text",
     "ticker", "transforms", "tri", "units", "widgets")
)  # fmt: skip
_CYCLE = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
    "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
)  # fmt: skip


def install() -> None:
    """Serve the stand-in from now on, unless there is matplotlib itself."""
    try:
        there = importlib.util.find_spec("matplotlib") is not None
    except (ImportError, ValueError):
        there = False
    if not there:
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder, Loader):
    """Finds the packages and whatever is asked for below them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in PACKAGES:
            return None
        return ModuleSpec(fullname, self, origin="stand-in", is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "pylab":
            module.np = module.numpy = np  # type: ignore[attr-defined]
        module.__version__ = _VERSION  # type: ignore[attr-defined]
        module.__version_info__ = _VERSION_INFO  # type: ignore[attr-defined]


class _Module(ModuleType):
    """A module that has every public name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = self._found(name)
        setattr(self, name, value)
        return value

    def _found(self, name: str) -> Any:
        if name == "rcParams" or name == "rcParamsDefault":
            return _RC
        if name == "colormaps":
            return _Colormaps("colormaps")
        if name == "color_sequences":
            return {"tab10": list(_CYCLE)}
        if self.__name__ == "matplotlib" and name in _ATTRIBUTES:
            return importlib.import_module(f"matplotlib.{name}")
        if self.__name__ in ("matplotlib.pyplot", "pylab") and name in ("cm", "style"):
            return importlib.import_module(f"matplotlib.{name}")
        if name[0].isupper():
            return _class(name)
        if self.__name__ == "matplotlib.cm" and name != "get_cmap":
            return _instance("ListedColormap")
        return _Attribute(name)


class _ThingType(type):
    """The type of classes that have every public attribute, too."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        if name.startswith("from_"):
            return lambda *_args, **_options: cls()
        return _Attribute(name)


class Thing(metaclass=_ThingType):
    """What plotting gives: has every attribute, and lets everything be done with it.

    It cannot be called, as a figure cannot be: a function that was defined before keeps its name.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if name in _LISTS:
            value: Any = []
        elif name in ("figure", "fig"):
            value = _instance("Figure")
        else:
            return _Attribute(name)
        setattr(self, name, value)
        return value

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __contains__(self, one: object) -> bool:
        return False

    def __getitem__(self, _key: Any) -> Any:
        return _Attribute("item")

    def __setitem__(self, _key: Any, _value: Any) -> None:
        pass

    def __delitem__(self, _key: Any) -> None:
        pass

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 0

    def __format__(self, how: str) -> str:
        try:
            return format(0.0, how)
        except ValueError:
            return format("", how)

    def _same(self, *_others: Any) -> Any:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _same
    __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _same
    __neg__ = __pos__ = __abs__ = __round__ = __or__ = __ror__ = __and__ = __rand__ = _same

    def _no(self, _other: Any) -> bool:
        return False

    __lt__ = __gt__ = _no

    def __le__(self, _other: Any) -> bool:
        return True

    __ge__ = __le__


class _Attribute(Thing):
    """An attribute, which may be a function: then its name tells what comes of a call."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **options: Any) -> Any:
        make = _RETURNS.get(self._name)
        if make is None:
            return Thing()
        try:
            return make(*args, **options)
        except Exception:
            return Thing()  # matplotlib understands more than this does, or would say what is wrong


_CLASSES: dict[str, type[Any]] = {}
_LISTS = frozenset(
    ("artists", "axes", "collections", "containers", "images", "lines", "patches", "texts",
     "tables")
)  # fmt: skip


def _class(name: str) -> type[Any]:
    """The one class of that name."""
    if name not in _CLASSES:
        colours = "Colormap" in name or name.endswith("Norm") or name == "Normalize"
        _CLASSES[name] = _ThingType(name, (_Colours if colours else Thing,), {})
    return _CLASSES[name]


def _instance(name: str) -> Any:
    return _class(name)()


class _Colours(Thing):
    """A colour map or a norm; both are called with numbers."""

    N = 256

    def __call__(self, values: Any = 0.0, *_args: Any, **_options: Any) -> Any:
        if "Colormap" not in type(self).__name__:
            return np.asarray(values, dtype=np.float64) if np.ndim(values) else float(values)
        if np.ndim(values) == 0:
            return (0.0, 0.0, 0.0, 1.0)
        return _rgba(np.shape(values))


def _rgba(shape: tuple[int, ...]) -> Any:
    colours = np.zeros((*shape, 4))
    colours[..., 3] = 1.0
    return colours


class _Colormaps(Thing):
    """``matplotlib.colormaps``, or ``pyplot.colormaps()``."""

    def __getitem__(self, _key: Any) -> Any:
        return _instance("ListedColormap")

    def __call__(self) -> list[str]:
        return ["gray", "viridis"]


class _Container(tuple[Any, ...]):
    """A tuple of artists that has attributes besides."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return list(self) if name == "patches" else _Attribute(name)


for _name in ("BarContainer", "ErrorbarContainer", "StemContainer"):
    _CLASSES[_name] = type(_name, (_Container,), {})


class _Parameters(dict[str, Any]):
    """``rcParams``: has whatever is looked up, and keeps what is set."""

    def __missing__(self, key: str) -> Any:
        if key == "axes.prop_cycle":
            return _Cycle("cycle")
        return _Attribute(key)


class _Cycle(Thing):
    """A property cycle."""

    def __iter__(self) -> Iterator[Any]:
        return iter([{"color": one} for one in _CYCLE])

    def __len__(self) -> int:
        return len(_CYCLE)

    def by_key(self) -> dict[str, list[str]]:
        """The colours."""
        return {"color": list(_CYCLE)}


_RC = _Parameters({"figure.figsize": [6.4, 4.8], "figure.dpi": 100.0, "font.size": 10.0})


# What comes of calls, by the name of the function or method.


def _nothing(*_args: Any, **_options: Any) -> None:
    return None


def _always(value: Callable[[], Any]) -> Callable[..., Any]:
    return lambda *_args, **_options: value()


def _one(name: str) -> Callable[..., Any]:
    return lambda *_args, **_options: _instance(name)


def _grid(kind: str) -> Callable[..., Any]:
    def make(nrows: int = 1, ncols: int = 1, *_args: Any, **options: Any) -> Any:
        grid = np.empty((int(nrows), int(ncols)), dtype=object)
        for place in np.ndindex(*grid.shape):
            grid[place] = _instance(kind)
        if not options.get("squeeze", True):
            return grid
        return grid.item() if grid.size == 1 else grid.squeeze()

    return make


_axes_grid = _grid("Axes")


def _subplots(*args: Any, **options: Any) -> Any:
    # A method of a figure gives no figure; its name here is another, see `_Figure`.
    return _instance("Figure"), _axes_grid(*args, **options)


def _mosaic_axes(mosaic: Any = "A", *_args: Any, **_options: Any) -> Any:
    if isinstance(mosaic, str):
        rows: Any = [row.strip() for row in mosaic.strip().replace("\n", ";").split(";")]
    else:
        rows = mosaic
    return {name: _instance("Axes") for row in rows for name in row if name != "."}


def _mosaic(*args: Any, **options: Any) -> Any:
    return _instance("Figure"), _mosaic_axes(*args, **options)


def _lines(*args: Any, **_options: Any) -> list[Any]:
    """As many lines as matplotlib would draw."""
    count, waiting = 0, list(args)
    while waiting:
        pair = [waiting.pop(0)]
        if waiting and not isinstance(waiting[0], str):
            pair.append(waiting.pop(0))
        if waiting and isinstance(waiting[0], str):
            waiting.pop(0)
        columns = [np.shape(one)[1] if np.ndim(one) == 2 else 1 for one in pair]
        count += max(columns)
    return [_instance("Line2D") for _ in range(count)]


def _bars(kind: str, patch: str) -> Callable[..., Any]:
    def make(places: Any, heights: Any = 0.0, *_args: Any, **_options: Any) -> Any:
        number = max(np.size(places), np.size(heights))
        return _CLASSES[kind](_instance(patch) for _ in range(number))

    return make


def _histogram(x: Any, bins: Any = None, range: Any = None, **options: Any) -> Any:
    sets = [np.ravel(one) for one in _datasets(x)]
    bins = 10 if bins is None else bins
    weights = options.get("weights")
    all_weights = (
        [None] * len(sets) if weights is None else [np.ravel(w) for w in _datasets(weights)]
    )
    limits = range
    if limits is None and len(sets) > 1:
        whole = np.concatenate(sets)
        limits = (whole.min(), whole.max())
    edges = np.histogram_bin_edges(np.concatenate(sets), bins, limits, all_weights[0])
    density = bool(options.get("density"))
    counts = []
    for values, weight in zip(sets, all_weights, strict=True):
        heights = np.histogram(values, edges, weights=weight, density=density)[0].astype(float)
        if options.get("cumulative"):
            heights = np.cumsum(heights * np.diff(edges) if density else heights)
        counts.append(heights)
    bars = [_CLASSES["BarContainer"](_instance("Rectangle") for _ in edges[1:]) for _ in sets]
    if len(sets) == 1:
        return counts[0], edges, bars[0]
    return np.array(counts), edges, bars


def _datasets(x: Any) -> list[Any]:
    """The columns of a matrix, the entries of a list of arrays, or one data set."""
    if isinstance(x, np.ndarray):
        return list(x.T) if x.ndim == 2 else [x]
    x = list(x)
    return x if x and np.ndim(x[0]) else [x]


def _histogram2d(x: Any, y: Any, bins: Any = 10, range: Any = None, **options: Any) -> Any:
    counts, across, up = np.histogram2d(
        x, y, bins, range, options.get("density", False), options.get("weights")
    )
    return counts, across, up, _instance("QuadMesh")


def _boxes(x: Any, *_args: Any, **_options: Any) -> dict[str, list[Any]]:
    number = len(_datasets(x))
    parts: Mapping[str, int] = {"boxes": 1, "medians": 1, "fliers": 1, "means": 0}
    parts = {**parts, "whiskers": 2, "caps": 2}
    return {
        name: [_instance("Line2D") for _ in range(number * each)] for name, each in parts.items()
    }


def _pie(x: Any, *_args: Any, **options: Any) -> Any:
    wedges = [_instance("Wedge") for _ in x]
    texts = [_instance("Text") for _ in x]
    if options.get("autopct") is None:
        return wedges, texts
    return wedges, texts, [_instance("Text") for _ in x]


def _container(kind: str, *parts: str) -> Callable[..., Any]:
    return lambda *_args, **_options: _CLASSES[kind](_instance(one) for one in parts)


def _limits(*args: Any, **_options: Any) -> tuple[float, float]:
    low, high = args[0] if len(args) == 1 and np.size(args[0]) == 2 else (*args, None, None)[:2]
    return (0.0 if low is None else float(low), 1.0 if high is None else float(high))


def _ticks(*args: Any, **_options: Any) -> Any:
    places = np.asarray(args[0] if args else [0.0, 1.0], dtype=np.float64)
    return places, [_instance("Text") for _ in np.ravel(places)]


def _colour(value: Any, *_args: Any, **_options: Any) -> tuple[float, ...]:
    return (0.0, 0.0, 0.0) if isinstance(value, str) or np.ndim(value) != 1 else tuple(value)[:3]


def _colour_with_alpha(value: Any, alpha: float | None = None) -> tuple[float, ...]:
    return (*_colour(value), 1.0 if alpha is None else alpha)


_RETURNS: dict[str, Callable[..., Any]] = {
    "subplots": _subplots,
    "subplot_mosaic": _mosaic,
    "subfigures": _grid("SubFigure"),
    "hist": _histogram,
    "hist2d": _histogram2d,
    "boxplot": _boxes,
    "pie": _pie,
    "bar": _bars("BarContainer", "Rectangle"),
    "barh": _bars("BarContainer", "Rectangle"),
    "errorbar": _container("ErrorbarContainer", "Line2D", "Line2D", "LineCollection"),
    "stem": _container("StemContainer", "Line2D", "LineCollection", "Line2D"),
    "get_legend_handles_labels": _always(lambda: ([], [])),
    "get_size_inches": _always(lambda: np.array([6.4, 4.8])),
    "axis": _always(lambda: (0.0, 1.0, 0.0, 1.0)),
    "get_fignums": _always(list),
    "get_cmap": _one("ListedColormap"),
    "to_rgb": _colour,
    "to_rgba": _colour_with_alpha,
    "to_hex": _always(lambda: "#000000"),
    "to_rgba_array": lambda value, *_args: _rgba((1 if isinstance(value, str) else len(value),)),
    "to_jshtml": _always(str),
    "to_html5_video": _always(str),
    "get_backend": _always(lambda: "Agg"),
    "cycler": lambda *_args, **_options: _Cycle("cycle"),
    "get_text": _always(str),
    "get_label": _always(str),
    "get_title": _always(str),
    "get_xlabel": _always(str),
    "get_ylabel": _always(str),
}
_RETURNS |= dict.fromkeys(
    ("plot", "semilogx", "semilogy", "loglog", "step", "plot_date"), _lines
)  # fmt: skip
_RETURNS |= dict.fromkeys(
    ("xlim", "ylim", "set_xlim", "set_ylim", "get_xlim", "get_ylim", "get_clim", "set_zlim",
     "get_zlim"), _limits
)  # fmt: skip
_RETURNS |= dict.fromkeys(("xticks", "yticks"), _ticks)
_RETURNS |= dict.fromkeys(
    ("get_xticks", "get_yticks"), _always(lambda: np.array([0.0, 1.0]))
)  # fmt: skip
_RETURNS |= dict.fromkeys(
    ("get_lines", "get_children", "get_xticklabels", "get_yticklabels", "get_axes", "get_images",
     "get_legend_handles", "findobj"), _always(list)
)  # fmt: skip
_RETURNS |= dict.fromkeys(
    ("show", "close", "savefig", "tight_layout", "grid", "draw", "draw_idle", "pause", "cla", "clf",
     "clear", "set_axis_off", "set_axis_on", "tick_params", "ticklabel_format", "autoscale",
     "autoscale_view", "relim", "invert_xaxis", "invert_yaxis", "set_aspect", "set_axisbelow",
     "set_visible", "set_color", "set_linewidth", "set_data", "set_xdata", "set_ydata", "set_label",
     "set_alpha", "set_facecolor", "set_xscale", "set_yscale", "set_size_inches", "set_cmap",
     "set_clim", "set_dpi", "locator_params", "margins", "minorticks_on", "minorticks_off", "box",
     "subplots_adjust", "sca", "delaxes", "rc", "rcdefaults", "switch_backend", "use", "imsave",
     "clim", "hsv", "gray", "jet", "viridis", "set_loglevel", "register_cmap", "remove"),
    _nothing,
)  # fmt: skip
for _kind, _names in {
    "Figure": ("figure", "gcf", "get_figure"),
    "Axes": ("gca", "axes", "subplot", "add_subplot", "add_axes", "twinx", "twiny", "inset_axes",
             "subplot2grid"),
    "Colorbar": ("colorbar",),
    "PathCollection": ("scatter",),
    "AxesImage": ("imshow", "matshow", "figimage"),
    "QuadMesh": ("pcolormesh",),
    "QuadContourSet": ("contour", "contourf"),
    "Legend": ("legend", "get_legend"),
    "Text": ("title", "xlabel", "ylabel", "text", "figtext", "suptitle", "supxlabel", "supylabel",
             "set_title", "set_xlabel", "set_ylabel", "set_zlabel"),
    "Annotation": ("annotate",),
    "Line2D": ("axhline", "axvline", "axline", "add_line"),
    "Rectangle": ("axhspan", "axvspan"),
    "LineCollection": ("hlines", "vlines"),
    "Quiver": ("quiver",),
    "GridSpec": ("add_gridspec",),
}.items():  # fmt: skip
    _RETURNS |= dict.fromkeys(_names, _one(_kind))


class _Figure(Thing):
    """A figure, whose `subplots` gives axes alone."""

    def subplots(self, *args: Any, **options: Any) -> Any:
        """The axes, as an array or alone."""
        return _axes_grid(*args, **options)

    def subplot_mosaic(self, *args: Any, **options: Any) -> Any:
        """The axes, by their names."""
        return _mosaic_axes(*args, **options)


for _name in ("Figure", "SubFigure"):
    _CLASSES[_name] = _ThingType(_name, (_Figure,), {})
