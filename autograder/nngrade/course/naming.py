"""Ids of notebook cells, and source texts by which a cell is recognised.

The builder writes these ids, and the reader of submissions looks them up. They are derived from the
lesson alone, so builds are reproducible byte for byte, and they reveal nothing hidden.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION, TEXT_STUB, Cell, Lesson

__all__ = [
    "CODE_STUB",
    "TEXT_STUB",
    "cell_ids",
    "graded_name",
    "holds_answer",
    "is_of_answer",
    "normalised",
    "read_ids",
    "stub_source",
]

CODE_STUB = "# Write your code here, in the place of the next line.\nraise NotImplementedError"


def cell_ids(lesson: Lesson) -> dict[Cell, str]:
    """Id of each cell: kind and name if it has one, else kind and digest of the source."""
    ids: dict[Cell, str] = {}
    seen: dict[str, int] = {}
    for cell in lesson.cells:
        if cell.name:
            ids[cell] = f"{cell.kind}-{cell.name}"
            continue
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        twin = f"-{seen[digest]}" if seen[digest] > 1 else ""
        ids[cell] = f"{cell.kind}-{digest}{twin}"
    return ids


_NAMED = re.compile(r"(task|tests|question|counted|written)-(\w+)")
_BY_CONTENT = re.compile(r"(given|demo|text|sheet|identity)-([0-9a-f]{12})(?:-\d+)?")


def read_ids(ids: Iterable[str]) -> list[tuple[str, str]]:
    """What ids say that `cell_ids` has made, in whatever edition: the reverse of it.

    Returns
    -------
    list of (str, str)
        For each such id, in alphabetical order, the kind of the cell and the name of its task or
        written answer, or the digest of its source.
    """
    found = (_NAMED.fullmatch(one) or _BY_CONTENT.fullmatch(one) for one in sorted(ids))
    return [(one[1], one[2]) for one in found if one]


def graded_name(grade_cell: str) -> str:
    """Name of the task or question whose points a cell holds, from that cell's id."""
    return grade_cell.removeprefix("tests-").removeprefix("counted-")


def is_of_answer(ids: Iterable[str]) -> bool:
    """Whether ids are those of a written answer's cell, in whatever edition."""
    return any(kind == "written" for kind, _ in read_ids(ids))


def holds_answer(source: str) -> bool:
    """Whether somebody has written something into the cell of a written answer."""
    return normalised(source) not in ("", TEXT_STUB)


def stub_source(solution: str) -> str:
    """Source of a task's cell as students get it: solution regions replaced by the stub.

    The notebooks themselves are made by nbgrader; a test compares the two.
    """
    lines: list[str] = []
    inside = False
    for line in solution.splitlines():
        if line.strip() == BEGIN_SOLUTION:
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            lines.extend(indent + stub for stub in CODE_STUB.splitlines())
        elif line.strip() == END_SOLUTION:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def normalised(source: str) -> str:
    """Source without blank lines and trailing spaces, which editors change by themselves."""
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())
