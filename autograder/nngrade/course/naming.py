"""Ids of a notebook's cells, and texts by which a cell is recognised.

The builder writes these ids and the reader of submissions looks for them. They derive from the
lesson alone, so that a build is the same byte for byte, and name nothing that is hidden.
"""

from __future__ import annotations

import hashlib

from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION, Cell, Lesson

__all__ = ["CODE_STUB", "cell_ids", "normalised", "stub_source"]

CODE_STUB = "# Write your code here, in the place of the next line.\nraise NotImplementedError"


def cell_ids(lesson: Lesson) -> dict[Cell, str]:
    """The id of each cell: the task's name where there is one, else a digest of the content."""
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


def stub_source(solution: str) -> str:
    """What a student sees of a task's cell: the solution regions replaced by the stub.

    The notebooks themselves are made by nbgrader; a test holds the two against each other.
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
    """Source without what editors change by themselves: blank lines and trailing spaces."""
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())
