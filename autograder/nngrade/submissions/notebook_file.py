"""Lenient reader of submitted notebooks.

It is deliberately more lenient than nbformat: a missing id, an unknown key or an old format must
not cost a student points. A file that is not a notebook is a `SubmissionError` with reason and fix.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nngrade.errors import SubmissionError
from nngrade.submissions.files import read_bytes

__all__ = ["NotebookCell", "NotebookFile", "parse_notebook", "read_notebook"]


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
    """A submitted notebook: its cells, and the stage that its metadata names (or None)."""

    cells: tuple[NotebookCell, ...]
    stage: str | None


def read_notebook(path: Path) -> NotebookFile:
    """Read a notebook of format 3 or 4.

    Raises
    ------
    SubmissionError
        If the file is missing, empty, too large, not JSON, or not a notebook.
    """
    return parse_notebook(path, read_bytes(path))


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
    content = _parse(path, raw)
    if not isinstance(content, dict):
        raise SubmissionError(f"{path}: not a notebook (JSON, but without cells)")
    cells = content.get("cells")
    if not isinstance(cells, list):
        sheets = content.get("worksheets")
        if not isinstance(sheets, list):
            raise SubmissionError(
                f"{path}: not a notebook (JSON, but without cells); export it again as .ipynb"
            )
        cells = [
            cell
            for sheet in sheets
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    metadata = content.get("metadata")
    own = metadata.get("nngrade") if isinstance(metadata, dict) else None
    stage = own.get("stage") if isinstance(own, dict) else None
    return NotebookFile(
        tuple(_cell(number, cell) for number, cell in enumerate(cells, 1)),
        stage if isinstance(stage, str) else None,
    )


def _parse(path: Path, raw: bytes) -> Any:
    if not raw.strip(b"\0 \t\r\n"):
        raise SubmissionError(f"{path}: the file is empty; save the notebook again and resubmit it")
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return json.loads(raw.decode(encoding, "replace"), parse_int=_parse_int)
    except (ValueError, RecursionError):
        start = raw[:4]
        if start == b"PK\x03\x04":
            what = "it is a zip archive; unpack it"
        elif start.lstrip()[:1] == b"<":
            what = "it is a web page; use File > Download > .ipynb"
        elif b"<<<<<<<" in raw and b">>>>>>>" in raw:
            what = "it holds git's conflict markers; resolve the conflict"
        else:
            what = "it is no valid JSON; it may be cut off or edited by hand"
        raise SubmissionError(f"{path}: not a notebook: {what}") from None


def _parse_int(digits: str) -> int:
    # No notebook needs a number this long, and Python is slow at parsing it.
    return int(digits) if len(digits) < 1000 else 0


def _cell(number: int, cell: Any) -> NotebookCell:
    if not isinstance(cell, dict):
        return NotebookCell(number, "raw", "", frozenset())
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    kind = cell.get("cell_type")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    candidates = [cell.get("id"), nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None]
    return NotebookCell(
        number=number,
        kind=kind if kind in ("code", "markdown") else "raw",
        source=source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else "",
        ids=frozenset(one for one in candidates if isinstance(one, str)),
    )
