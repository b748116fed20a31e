"""The pictures in the released notebooks: each figure as the reference draws it.

A reader sees where the way leads before anything has run. Beside a picture stands a digest of all
that it was drawn from, so that a build draws only what has changed, and a check draws nothing.
"""

from __future__ import annotations

import ast
import base64
import binascii
import contextlib
import hashlib
import html
import io
import json
import re
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from importlib.util import resolve_name
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nngrade.authoring.execution import execute
from nngrade.authoring.specimens import solutions
from nngrade.course.lesson import CODE, Cell, Lesson
from nngrade.course.naming import cell_ids
from nngrade.course.stages import Stage
from nngrade.errors import CourseError, LessonError, Problem
from nngrade.extras import require
from nngrade.text import amount

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "LARGEST_NOTEBOOK",
    "LARGEST_PICTURE",
    "Pictures",
    "chunks_of",
    "compressed",
    "digests_of",
    "draw",
    "draws",
    "picture_of",
    "pictures_in",
    "show_small",
    "shown",
]

# Bytes of a PNG, and of a notebook with all its pictures.
LARGEST_PICTURE, LARGEST_NOTEBOOK = 60_000, 2_000_000
# Pixels for each that a figure takes on the page, and numbers of colours: tried from the best on,
# until the picture is small enough. Fewer colours would make bands of what is shaded.
SCALES, PALETTES = (2.0, 1.5, 1.25, 1.0), (256, 128, 64)
# What a PNG consists of that is nothing but a picture.
CHUNKS = frozenset({"IHDR", "PLTE", "IDAT", "IEND"})
# What a lesson calls to show its figures.
SHOWS = ("plt.show", "plots.show")
# The data package, and those of its files that are data.
DATA_PACKAGE, DATA_FILES = "nndata", "digits-*.idx.gz"

# A picture with a description, as `_output` writes it.
_IMAGE = re.compile(
    r'<img alt="[^"<>]*" width="(\d+)" height="(\d+)" src="data:image/png;base64,([^"<>]*)">'
)
# What a cell says that draws what moves, which stands in the notebook as the frames that it shows.
_MOVES = f"from {DATA_PACKAGE}.moving"
# Where an output's metadata keeps what is ours.
_OWN = "nngrade"

Pictures = Mapping[str, Sequence[dict[str, Any]]]
"""The outputs of cells, by the cells' ids."""

# Runs before all cells. No folder is searched for MNIST: the pictures are of the digits, which
# everybody has.
_SETUP = f"""\
get_ipython().run_line_magic("matplotlib", "inline")
import {DATA_PACKAGE}.mnist
import {__name__}
{DATA_PACKAGE}.mnist.places = lambda: []
{__name__}.show_small(get_ipython())
del {DATA_PACKAGE}, {__name__.partition(".")[0]}
"""
# What every digest begins with: another way to draw makes all pictures anew.
_RECIPE = f"1 {LARGEST_PICTURE} {SCALES} {PALETTES}\n{_SETUP}"


def draws(cell: Cell) -> bool:
    """Whether a lesson's cell draws a figure."""
    marks = (_MOVES, *(f"{name}(" for name in SHOWS))
    return cell.kind == "demo" and any(mark in cell.source for mark in marks)


def shown(tree: ast.AST) -> Iterator[tuple[ast.Call, bool]]:
    """The calls that show figures, and whether each has a description that is not empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func)
            if name in SHOWS:
                texts = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "alt")]
                yield node, name == "plots.show" and any(map(_says_something, texts))


def _says_something(text: ast.expr) -> bool:
    """Whether an expression may be a text, or several, and none is empty."""
    if isinstance(text, ast.List | ast.Tuple):
        return bool(text.elts) and all(map(_says_something, text.elts))
    return not isinstance(text, ast.Constant) or bool(str(text.value or "").strip())


# What a picture is drawn from.


def digests_of(stage: Stage, package: Path | None = None) -> dict[str, str]:
    """Digests of all that the figures of a stage are drawn from, by the ids of their cells.

    That is the code of the cell and of all cells above it, solutions included, and the part of the
    data package that the stage can reach. Versions of libraries are left out: a new matplotlib is
    no reason to draw anew.

    Parameters
    ----------
    stage : Stage
    package : Path, optional
        Folder of the data package; by default of the one that is installed.
    """
    package = package or Path(str(resources.files(DATA_PACKAGE)))
    ids = cell_ids(stage.lesson)
    cells = list(stage.lesson.of_kind(*CODE))
    digest = hashlib.sha256(_RECIPE.encode())
    for name, content in _data_package(package, (cell.source for cell in cells)):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    found = {}
    for cell in cells:
        source = cell.source.encode()
        digest.update(f"{cell.kind} {len(source)}\n".encode() + source)
        if draws(cell):
            found[ids[cell]] = digest.hexdigest()[:16]
    return found


def _data_package(folder: Path, sources: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the data package's modules that sources can reach, and its data."""
    modules: dict[str, bytes] = {}
    waiting = [name for source in sources for name in _imports(source)]
    while waiting:
        name = waiting.pop()
        path = folder.joinpath(*name.split(".")[1:])
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name in modules or not path.is_file():  # a name inside a module, perhaps
            continue
        text = path.read_text(encoding="utf-8")
        modules[name] = text.encode()
        waiting += _imports(text, name if path.name == "__init__.py" else name.rpartition(".")[0])
    yield from sorted(modules.items())
    for path in sorted(folder.glob(DATA_FILES)) if modules else ():
        yield path.name, path.read_bytes()


def _imports(source: str, package: str = "") -> Iterator[str]:
    """What may be the names of modules of the data package that a source imports.

    Parameters
    ----------
    source : str
    package : str
        The package that relative imports are relative to; a notebook has none.
    """
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (package or not node.level):
            whole = resolve_name("." * node.level + (node.module or ""), package)
            names = [f"{whole}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == DATA_PACKAGE:
                # To import a module is to import the packages that it is in.
                yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))


# Pictures that are there already.


def pictures_in(notebook: Path, digests: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The pictures of a built notebook that are still what their cells draw.

    Parameters
    ----------
    notebook : Path
        It need not exist.
    digests : mapping of str to str
        As from `digests_of`.

    Returns
    -------
    dict
        The outputs of the cells whose pictures stand, by id; what is not as `draw` makes it is
        left out.
    """
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        outputs = {cell["id"]: cell["outputs"] for cell in cells if cell.get("outputs")}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # no notebook, or none that a build has made
    found = {}
    for name in digests.keys() & outputs.keys():
        with contextlib.suppress(ValueError, LookupError, TypeError):
            found[name] = [_as_drawn(one, digests[name]) for one in outputs[name]]
    return found


def _as_drawn(output: dict[str, Any], digest: str) -> dict[str, Any]:
    """An output as `draw` made it.

    Raises
    ------
    ValueError, LookupError, TypeError
        If `draw` did not make it, or from something else.
    """
    # A notebook may break texts into lines.
    data = {kind: "".join(text).strip() for kind, text in output["data"].items()}
    if "text/html" in data:
        match = _IMAGE.fullmatch(data["text/html"])
        if match is None:
            raise ValueError("no picture")
        width, height, text = match.groups()
        alt, size = data["text/plain"], {"height": height, "width": width}
    else:
        alt, text, size = "", data["image/png"], output["metadata"]["image/png"]
    png = base64.b64decode(text, validate=True)
    made = _output(png, {side: int(size[side]) for side in ("height", "width")}, digest, alt)
    if {**output, "data": data} != made:
        raise ValueError("more than a picture, or the picture of something else")
    if len(png) > LARGEST_PICTURE or not set(chunks_of(png)) <= CHUNKS:
        raise ValueError("too large, or with metadata")
    return made


def _output(png: bytes, size: Mapping[str, int], digest: str, alt: str = "") -> dict[str, Any]:
    """A picture as a notebook's output.

    One with a description is HTML: JupyterLab, and nbconvert's page, leave out what metadata say of
    a picture. VS Code takes the plain text for the description.
    """
    text = base64.b64encode(png).decode()
    metadata: dict[str, Any] = {_OWN: {"drawn_from": digest}}
    width, height = size["width"], size["height"]
    if alt:
        tag = f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" '
        data = {"text/html": f'{tag}src="data:image/png;base64,{text}">', "text/plain": alt}
    else:
        data, metadata["image/png"] = {"image/png": text}, {"height": height, "width": width}
    return {"data": data, "metadata": metadata, "output_type": "display_data"}


def chunks_of(png: bytes) -> list[str]:
    """The names of a PNG's chunks, in order.

    Raises
    ------
    ValueError
        If it is no PNG.
    """
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("no PNG")
    place, names = 8, []
    while place < len(png):
        try:
            length, name = struct.unpack_from(">I4s", png, place)
        except struct.error as error:
            raise ValueError("a PNG that is cut off") from error
        names.append(name.decode("ascii"))
        place += 12 + length  # with the name and a check sum
    if place != len(png):
        raise ValueError("a PNG that is cut off")
    return names


# New pictures.


def draw(stage: Stage, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Draw the figures of a stage, in a kernel, with the reference's solutions, on the digits.

    Parameters
    ----------
    stage : Stage
    names : iterable of str
        Ids of the cells whose figures are wanted.

    Raises
    ------
    MissingExtra
        When matplotlib is not installed.
    CourseError
        When there is no Jupyter to run a notebook with, or none that finds what it needs.
    LessonError
        When a cell raises, draws nothing, or draws what is too large.
    """
    wanted = set(names)
    if not wanted:
        return {}
    require("drawing the figures", "plots")
    digests = digests_of(stage)
    ids = {name: cell for cell, name in cell_ids(stage.lesson).items()}
    with tempfile.TemporaryDirectory(prefix="nngrade-draw-", ignore_cleanup_errors=True) as folder:
        node = execute(_program(stage, wanted), Path(folder), allow_errors=True)
    drawn = {}
    for one in node.cells:
        for output in one.outputs:
            if output.output_type == "error":
                said = f"{output.ename}: {' '.join(output.evalue.split())}".removesuffix(": ")
                if one.id not in ids:
                    raise CourseError(f"{stage.name}: no kernel to draw the figures: {said}")
                what = f"this cell raises {said}, with the reference's solutions; correct it"
                raise LessonError([Problem(stage.lesson.path, ids[one.id].line, what)])
        if one.id in wanted:
            drawn[one.id] = list(_drawn(stage.lesson, ids[one.id], one.outputs, digests[one.id]))
    return drawn


def _program(stage: Stage, wanted: set[str]) -> dict[str, Any]:
    """A notebook of the code that has to run for these figures."""
    answers = solutions(stage)
    sources = {"setup": _SETUP}
    waiting = set(wanted)
    for cell, name in cell_ids(stage.lesson).items():
        if waiting and cell.kind in CODE:
            sources[name] = answers[cell.name] if cell.kind == "task" else cell.source
            waiting.discard(name)
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [],
         "source": source}
        for name, source in sources.items()
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "nngrade": {"stage": stage.name}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _drawn(
    lesson: Lesson, cell: Cell, outputs: Iterable[Mapping[str, Any]], digest: str
) -> Iterator[dict[str, Any]]:
    """The pictures among the outputs of a cell; what it prints stays out."""
    pictures = [one for one in outputs if "image/png" in one.get("data", {})]
    if not pictures:
        what = "this cell draws nothing; plot above its `plots.show` or `plt.show()`"
        raise LessonError([Problem(lesson.path, cell.line, what)])
    texts = [one["metadata"]["image/png"].get("alt", "") for one in pictures]
    if any(texts) and not all(texts):
        what = (
            f"this cell draws {amount(len(pictures), 'figure')} and describes "
            f"{len(texts) - texts.count('')}; give `alt` a list of texts, one for each"
        )
        raise LessonError([Problem(lesson.path, cell.line, what)])
    for one, alt in zip(pictures, texts, strict=True):
        png = binascii.a2b_base64(one["data"]["image/png"])
        if len(png) > LARGEST_PICTURE:
            what = (
                f"this cell draws a picture of {len(png):,} bytes in {PALETTES[-1]} colours, and "
                f"{LARGEST_PICTURE:,} is the most; draw less, or smaller"
            )
            raise LessonError([Problem(lesson.path, cell.line, what)])
        yield _output(png, one["metadata"]["image/png"], digest, alt)


# In the kernel.


def show_small(shell: Any) -> None:
    """Have a shell of IPython show figures as the pictures that go into notebooks."""
    from matplotlib.figure import Figure

    shell.display_formatter.formatters["image/png"].for_type(Figure, picture_of)


def picture_of(figure: Figure) -> tuple[bytes, dict[str, int]]:
    """PNG of a figure, and the width and height in which a page is to show it.

    It has twice as many pixels as it takes on the page, unless it were too large.
    """
    from IPython.core.pylabtools import print_figure

    png: bytes = b""
    size: dict[str, int] = {}
    for scale in SCALES:
        raw = print_figure(figure, fmt="png", dpi=figure.dpi * scale)  # type: ignore[no-untyped-call]
        width, height = struct.unpack_from(">II", raw, 16)
        size = {"width": round(width / scale), "height": round(height / scale)}
        png = compressed(raw)
        if len(png) <= LARGEST_PICTURE:
            break
    return png, size


def compressed(png: bytes) -> bytes:
    """The same picture without metadata and with a palette, of as many colours as have room.

    What exceeds `LARGEST_PICTURE` bytes with the smallest palette too is returned all the same.
    """
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        # Only pixels go on: no text, no resolution, no colour profile. Figures lie on white.
        white = Image.new("RGBA", image.size, "white")
        pixels = np.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("RGB"))
    numbers = pixels.astype(np.int64) @ (1 << 16, 1 << 8, 1)
    unique, which, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    colours = unique[:, None] >> (16, 8, 0) & 255
    made = b""
    for n_colours in PALETTES:
        palette = _palette(colours, counts, n_colours)
        # Of |c - p|², what depends on p. Products of floats are faster, and exact here.
        products = colours.astype(float) @ palette.T.astype(float)
        nearest = np.argmin((palette**2).sum(axis=1) - 2 * products, axis=1)
        indices = nearest[which].reshape(numbers.shape).astype(np.uint8)
        few = Image.fromarray(indices)
        few.putpalette(palette.astype(np.uint8).tobytes())
        file = io.BytesIO()
        few.save(file, "PNG", optimize=True)
        made = file.getvalue()
        if len(made) <= LARGEST_PICTURE:
            break
    return made


def _palette(colours: NDArray[np.int64], counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Choose the colours of a palette.

    Those of areas stay exactly as they are. The others are edges, and small things such as one
    orange marker, for which a colour that is rare must count for more than its pixels.

    Parameters
    ----------
    colours : ndarray of int, shape (n, 3)
        All colours of the picture.
    counts : ndarray of int, shape (n,)
        How many pixels have them.
    most : int
        How many colours the palette may have.
    """
    from PIL import Image

    if len(colours) <= most:
        return colours
    often = np.argsort(-counts, kind="stable")[: most // 2]
    areas = often[1000 * counts[often] >= counts.sum()]
    rest = np.setdiff1d(np.arange(len(colours)), areas)
    times = np.ceil(np.sqrt(counts[rest])).astype(int)
    row = np.repeat(colours[rest], times, axis=0)[None].astype(np.uint8)
    # Dithering would only add noise.
    few = Image.fromarray(row).quantize(most - len(areas), kmeans=1, dither=Image.Dither.NONE)
    return np.concatenate([colours[areas], np.unique(np.asarray(few.convert("RGB"))[0], axis=0)])
