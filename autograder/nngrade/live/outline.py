"""The notebook that a kernel runs: its tasks and their test cells, from its file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["NOT_RUN", "Outline", "OutlineCell", "find_notebook", "kind_and_task", "read_outline"]

# Files above that are no notebook of a course; nobody waits for them.
LARGEST = 50_000_000
# Cells of the course that no task depends on: demonstrations, and what has to do with questions.
NOT_RUN = ("demo", "question", "sheet", "identity", "counted")
_PROJECT = re.compile(r"^### Project: `(\w+)`", re.M)


@dataclass(frozen=True)
class OutlineCell:
    """A code cell of a notebook.

    Attributes
    ----------
    id : str
        Its id, by which a notebook program names the cell that it runs; may be empty.
    source : str
    kind : str
        ``task``, ``tests``, ``given``, one of `NOT_RUN`, or empty for a student's own.
    task : str
        The task that it belongs to, if it is of the first two kinds.
    """

    id: str
    source: str
    kind: str
    task: str


@dataclass(frozen=True)
class Outline:
    """The code cells of a notebook, in order.

    Attributes
    ----------
    cells : tuple of OutlineCell
    projects : frozenset of str
        Tasks for which many designs are right.
    """

    cells: tuple[OutlineCell, ...] = ()
    projects: frozenset[str] = frozenset()
    _by_id: dict[str, OutlineCell] = field(default_factory=dict, repr=False)
    _by_text: dict[str, OutlineCell] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for cell in self.cells:
            if cell.id:
                self._by_id.setdefault(cell.id, cell)
            self._by_text.setdefault(_text(cell.source), cell)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of all tasks that have test cells, in order."""
        return tuple(dict.fromkeys(cell.task for cell in self.cells if cell.kind == "tests"))

    def tests_of(self, task: str) -> str:
        """Source of a task's test cell, or an empty text."""
        return next((c.source for c in self.cells if c.kind == "tests" and c.task == task), "")

    def source_of(self, task: str) -> str:
        """Source of a task's own cell, or an empty text."""
        return next((c.source for c in self.cells if c.kind == "task" and c.task == task), "")

    def cell(self, cell_id: str | None, source: str) -> OutlineCell | None:
        """The cell that is run, by its id, else by its text: not every program tells the id."""
        return self._by_id.get(cell_id or "") or self._by_text.get(_text(source))


def _text(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def kind_and_task(cell: Mapping[str, Any]) -> tuple[str, str]:
    """Kind of a notebook's cell and its task, from nbgrader's mark, else from the cell's id."""
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    named = mark.get("grade_id") if isinstance(mark, dict) else None
    kind, _, rest = str(named or cell.get("id", "")).partition("-")
    if kind in ("task", "tests") and rest:
        return kind, rest
    return (kind, "") if kind in ("given", *NOT_RUN) else ("", "")


def read_outline(path: Path) -> Outline:
    """Read the code cells of a notebook.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or is no notebook.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} is larger than any notebook of a course")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError(f"{path} has no list of cells, as a notebook has")
    text = "\n".join(_source(cell) for cell in cells if isinstance(cell, dict))
    return Outline(tuple(_code_cells(cells)), frozenset(_PROJECT.findall(text)))


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _code_cells(cells: list[Any]) -> Iterator[OutlineCell]:
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        yield OutlineCell(str(cell.get("id", "")), _source(cell), *kind_and_task(cell))


def find_notebook(namespace: Mapping[str, Any], cell_id: str | None, source: str) -> Path | None:
    """The file of the notebook that is running, or None where nothing tells.

    Jupyter's server and VS Code say which it is. Otherwise it is the one notebook in the current
    folder that holds the cell.

    Parameters
    ----------
    namespace : mapping
        The kernel's user namespace.
    cell_id, source : str
        The cell that is run.
    """
    for named in (namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if isinstance(named, str) and named.endswith(".ipynb"):
            for path in (Path(named), Path.cwd() / Path(named).name):
                if path.is_file():
                    return path
    fitting = []
    for path in sorted(Path.cwd().glob("*.ipynb"))[:20]:
        try:
            outline = read_outline(path)
        except (OSError, ValueError, RecursionError):
            continue
        if outline.cell(cell_id, source) is not None:
            fitting.append(path)
    return fitting[0] if len(fitting) == 1 else None
