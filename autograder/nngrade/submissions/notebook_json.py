"""Parse the JSON of a notebook into plain data, within limits.

`parse` is called in this process for small files. Large ones are parsed by this file as a program
of its own (`python notebook_json.py SIZE`), in a process with limits on memory and processor time.
It therefore imports nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["MOST_CELLS", "MOST_TEXT", "UNREADABLE", "NotANotebook", "parse", "without_bulk"]

# Maximum number of cells, and of characters in the sources of all cells together.
MOST_CELLS, MOST_TEXT = 5_000, 16 * 2**20
# Maximum size in bytes of what is parsed, without outputs and pictures.
MOST_JSON = 24 * 2**20
# Maximum number of characters of a cell's id; genuine ones have at most 64.
LONGEST_ID = 200
# Highest number of an edition; genuine ones are small.
MOST_EDITIONS = 9_999
# Limits of the process of its own: processor time in seconds, address space in bytes.
CPU_SECONDS, MEMORY = 3, 512 * 2**20

UNREADABLE = "it takes too much time or memory to read; clear its outputs and save it again"

_BULKY = re.compile(
    rb'(?<!\\)"(?:outputs|attachments|widgets)"[ \t\r\n]*:[ \t\r\n]*(?=[\[{])',
)
_VERSION = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3}){1,2}")
_TOKEN = re.compile(rb'["\[\]{}]')
_BACKSLASH = ord("\\")


class NotANotebook(ValueError):
    """The content is not a notebook, or is too large; the message gives reason and fix."""


def parse(raw: bytes | bytearray) -> dict[str, Any]:
    """Parse the bytes of a notebook of format 3 or 4.

    Parameters
    ----------
    raw : bytes

    Returns
    -------
    dict
        ``stage``, ``python``: the stage, and the version of Python, that the metadata names, or
        None; ``edition``: the number of the course's edition, 1 where only a stage is named, None
        where nothing is; ``cells``: a list of ``[kind, source, ids]``, where `kind` is "code",
        "markdown" or "raw".

    Raises
    ------
    NotANotebook
    """
    content = _json(raw)
    if not isinstance(content, dict):
        raise NotANotebook("not a notebook (JSON, but without cells)")
    cells = content.get("cells")
    if not isinstance(cells, list):
        sheets = content.get("worksheets")
        if not isinstance(sheets, list):
            raise NotANotebook(
                "not a notebook (JSON, but without cells); export it again as .ipynb"
            )
        cells = [
            cell
            for sheet in sheets
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    if len(cells) > MOST_CELLS:
        raise NotANotebook(
            f"{len(cells):,} cells are more than the {MOST_CELLS:,} that a notebook may have"
        )
    metadata = content.get("metadata")
    own = metadata.get("nngrade") if isinstance(metadata, dict) else None
    stage = own.get("stage") if isinstance(own, dict) else None
    stage = stage if isinstance(stage, str) else None
    edition = own.get("edition", 1) if isinstance(own, dict) and stage is not None else None
    if type(edition) is not int or not 1 <= edition <= MOST_EDITIONS:
        edition = None
    found = [_cell(cell) for cell in cells]
    if sum(len(source) for _, source, _ in found) > MOST_TEXT:
        raise NotANotebook(
            f"its cells hold more than the {MOST_TEXT // 2**20} MiB of text that they may hold; "
            "remove pictures and data that were pasted into them"
        )
    return {
        "stage": stage,
        "edition": edition,
        "python": _python(metadata),
        "cells": found,
    }


def _python(metadata: Any) -> str | None:
    """Version of Python that the kernel had, such as "3.12.4"; None if it is not told."""
    told = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = told.get("version") if isinstance(told, dict) else None
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else None


def _json(raw: bytes | bytearray) -> Any:
    if not raw.strip(b"\0 \t\r\n"):
        raise NotANotebook("the file is empty; save the notebook again and resubmit it")
    if len(raw) > MOST_JSON:
        raise NotANotebook(
            f"{len(raw) / 2**20:.0f} MiB without outputs are more than the "
            f"{MOST_JSON // 2**20} MiB that a notebook may have"
        )
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return json.loads(raw.decode(encoding, "replace"), parse_int=_parse_int)
    except (ValueError, RecursionError):
        raise NotANotebook(f"not a notebook: {_what(raw)}") from None


def _what(raw: bytes | bytearray) -> str:
    """What a file is that is no JSON, and what to do about it."""
    start = raw[:4]
    if start == b"PK\x03\x04":
        return "it is a zip archive; unpack it"
    if start.lstrip()[:1] == b"<":
        return "it is a web page; use File > Download > .ipynb"
    if b"<<<<<<<" in raw and b">>>>>>>" in raw:
        return "it holds git's conflict markers; resolve the conflict"
    return "it is no valid JSON; it may be cut off or edited by hand"


def _parse_int(digits: str) -> int:
    # No notebook needs a number this long, and Python is slow at parsing it.
    return int(digits) if len(digits) < 1000 else 0


def _cell(cell: Any) -> tuple[str, str, list[str]]:
    if not isinstance(cell, dict):
        return "raw", "", []
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    kind = cell.get("cell_type")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    ids = [cell.get("id"), nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None]
    return (
        kind if kind in ("code", "markdown") else "raw",
        source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else "",
        [one for one in ids if isinstance(one, str) and len(one) <= LONGEST_ID],
    )


def without_bulk(raw: bytes | bytearray) -> bytes:
    """The bytes of a notebook without outputs, attachments and the state of widgets.

    They may be a hundred times as large as the rest, and are found without being parsed.

    Raises
    ------
    NotANotebook
        If one of them does not end.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode()
    return b"".join(_kept(raw))


def _kept(raw: bytes | bytearray) -> Iterator[bytes]:
    place = 0
    while bulky := _BULKY.search(raw, place):
        yield bytes(memoryview(raw)[place : bulky.end()])
        yield b"[]"
        place = _end_of_value(raw, bulky.end())
    yield bytes(memoryview(raw)[place:])


def _end_of_value(raw: bytes | bytearray, place: int) -> int:
    """Position after the array or object that begins at `place`."""
    depth = 0
    while token := _TOKEN.search(raw, place):
        place = token.end()
        if token[0] == b'"':
            place = _end_of_string(raw, place)
        elif token[0] in b"[{":
            depth += 1
        else:
            depth -= 1
            if not depth:
                return place
    raise NotANotebook(f"not a notebook: {_what(raw)}")


def _end_of_string(raw: bytes | bytearray, place: int) -> int:
    """Position after the string whose opening quote stands before `place`."""
    while (quote := raw.find(b'"', place)) >= 0:
        before = quote
        while raw[before - 1] == _BACKSLASH:
            before -= 1
        if (quote - before) % 2 == 0:
            return quote + 1
        place = quote + 1
    raise NotANotebook(f"not a notebook: {_what(raw)}")


def _main(size: int) -> None:
    """Parse standard input; write the outcome, or the reason why there is none, as JSON."""
    with contextlib.suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    outcome: dict[str, Any]
    try:
        raw = bytearray(size)
        # A file object's own read() would hold the content twice.
        place = 0
        with open(0, "rb", buffering=0, closefd=False) as file:
            while place < size and (n := file.readinto(memoryview(raw)[place:])):
                place += n
        outcome = parse(without_bulk(raw))
    except NotANotebook as problem:
        outcome = {"problem": str(problem)}
    except MemoryError:
        outcome = {"problem": UNREADABLE}
    text = json.dumps(outcome, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
