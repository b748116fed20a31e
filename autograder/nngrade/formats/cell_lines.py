"""Line numbers of a notebook's cells in its file, for tools that annotate lines of files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from nngrade.errors import SubmissionError
from nngrade.submissions.files import read_bytes

__all__ = ["cell_lines"]

# Maximum size in bytes of a file whose lines are looked up: parsing it takes up to 40 times as much
# memory.
MOST_BYTES = 6 * 2**20
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def cell_lines(path: Path) -> list[int]:
    """Line numbers at which the sources of the cells begin; an empty list for an unreadable file.

    Parameters
    ----------
    path : Path
        The notebook file.

    Returns
    -------
    list of int
        One line number per cell, counted from 1, in the order of the cells.
    """
    try:
        raw = read_bytes(path)
        if len(raw) > MOST_BYTES:
            return []
        text = raw.decode("utf-8-sig")
        (cells,) = [place for key, place in _members(text, 0) if key == "cells"]
        places = [
            next((place for key, place in _members(text, cell) if key == "source"), cell)
            for cell in _elements(text, cells)
        ]
    except (SubmissionError, ValueError, IndexError, RecursionError):
        return []
    lines, line, seen = [], 1, 0
    for place in places:
        # A source may be a list of lines: people see its first line, not the bracket.
        inside = _skip(text, place + 1) if text[place] == "[" else place
        line += text.count("\n", seen, inside)
        seen = inside
        lines.append(line)
    return lines


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    assert match is not None
    return match.end()


def _members(text: str, place: int) -> Iterator[tuple[str, int]]:
    """Keys of the JSON object that begins at `place`, each with the position of its value."""
    place = _skip(text, place)
    if text[place] != "{":
        raise ValueError("no object")
    place = _skip(text, place + 1)
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        place = _skip(text, _skip(text, place) + 1)  # beyond the colon
        yield key, place
        place = _next(text, place)


def _elements(text: str, place: int) -> Iterator[int]:
    """Positions of the elements of the JSON array that begins at `place`."""
    if text[place] != "[":
        raise ValueError("no array")
    place = _skip(text, place + 1)
    while text[place] != "]":
        yield place
        place = _next(text, place)


def _next(text: str, place: int) -> int:
    """Position after a value and the comma that may follow it."""
    place = _skip(text, _DECODER.raw_decode(text, place)[1])
    return _skip(text, place + 1) if text[place] == "," else place
