"""Lenient reader of submitted notebooks.

It is deliberately more lenient than nbformat: a missing id, an unknown key or an old format must
not cost a student points. A file that is not a notebook is a `SubmissionError` with reason and fix.
Nothing is parsed without limits: a large file is parsed in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nngrade.errors import SubmissionError
from nngrade.submissions import notebook_json
from nngrade.submissions.files import read_bytes
from nngrade.submissions.notebook_json import UNREADABLE, NotANotebook

__all__ = ["SMALL", "NotebookCell", "NotebookFile", "parse_notebook", "read_notebook"]

# Maximum size in bytes of a file that is parsed in this process, which takes up to 40 times as
# much memory.
SMALL = 2 * 2**20
# Wall-clock seconds to wait for the process that parses a large file; it has 3 s of processor time.
PATIENCE = 120.0
# Number of notebooks that are kept, and of characters in the cells of all of them.
MOST_KEPT, MOST_KEPT_TEXT = 64, 32 * 2**20
# A file that changed less than this many seconds ago is not kept: it may change once more without
# a difference of its time stamps.
SETTLED = 1.0


@dataclass(frozen=True)
class NotebookCell:
    """A cell of a submitted notebook.

    Attributes
    ----------
    number : int
        Position in the notebook, counted from 1.
    kind : {"code", "markdown", "raw"}
        Type of the cell.
    source : str
        Text of the cell.
    ids : frozenset of str
        Ids of the cell: nbgrader's ``grade_id`` and the notebook format's ``id``.
    """

    number: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    ids: frozenset[str]


@dataclass(frozen=True)
class NotebookFile:
    """A submitted notebook.

    Attributes
    ----------
    cells : tuple of NotebookCell
    stage : str or None
        The stage that its metadata names.
    python : str or None
        The version of Python that its metadata names.
    edition : int or None
        The edition of the course that its metadata tells: the first where a stage is named and no
        edition, None where nothing is told.
    """

    cells: tuple[NotebookCell, ...]
    stage: str | None
    python: str | None = None
    edition: int | None = None


_kept: OrderedDict[tuple[Any, ...], tuple[NotebookFile, int]] = OrderedDict()


def read_notebook(path: Path) -> NotebookFile:
    """Read a notebook of format 3 or 4.

    Notebooks that were read lately are kept, so that reading one again is cheap.

    Raises
    ------
    SubmissionError
        If the file is missing, empty, too large, not JSON, or not a notebook.
    """
    key = _key(path)
    if key is not None and key in _kept:
        _kept.move_to_end(key)
        return _kept[key][0]
    notebook = parse_notebook(path, read_bytes(path))
    if key is not None and key == _key(path):
        _kept[key] = notebook, sum(len(cell.source) for cell in notebook.cells)
        while len(_kept) > MOST_KEPT or sum(size for _, size in _kept.values()) > MOST_KEPT_TEXT:
            _kept.popitem(last=False)
    return notebook


def _key(path: Path) -> tuple[Any, ...] | None:
    """Path and state of a file, or of the archive that holds it; None if it must not be kept."""
    path = path.absolute()
    for one in (path, *path.parents):
        try:
            status = os.stat(one)
        except NotADirectoryError:
            continue  # inside an archive
        except (OSError, ValueError):
            return None
        changed = max(status.st_mtime, status.st_ctime)
        if not -SETTLED < time.time() - changed < SETTLED:
            return str(path), status.st_dev, status.st_ino, status.st_size, changed
        return None
    return None


def parse_notebook(path: Path, raw: bytes) -> NotebookFile:
    """Parse the bytes of a notebook file.

    Parameters
    ----------
    path : Path
        Path of the file, for messages only; the file need not be on this machine.
    raw : bytes
        Content of the file.

    Raises
    ------
    SubmissionError
        If the content is not a notebook.
    """
    try:
        found = notebook_json.parse(raw) if len(raw) <= SMALL else _parse_apart(raw)
    except NotANotebook as problem:
        raise SubmissionError(f"{path}: {problem}") from None
    return NotebookFile(
        tuple(
            NotebookCell(number, kind, source, frozenset(ids))
            for number, (kind, source, ids) in enumerate(found["cells"], 1)
        ),
        found["stage"],
        found.get("python"),
        found["edition"],
    )


def _parse_apart(raw: bytes) -> dict[str, Any]:
    """Parse a large notebook in a process of its own.

    Raises
    ------
    NotANotebook
        If the content is not a notebook, or exceeds a limit.
    """
    command = [sys.executable, "-I", "-S", str(notebook_json.__file__), str(len(raw))]
    try:
        done = subprocess.run(
            command,
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        found = json.loads(done.stdout.decode("utf-8", "surrogatepass"))
    except (subprocess.SubprocessError, ValueError):
        raise NotANotebook(UNREADABLE) from None
    if "problem" in found:
        raise NotANotebook(found["problem"])
    return dict(found)
