"""Recognise a course's own cells in a notebook: by id, by text, or by what they do.

An id that the builder made of a cell's content holds a digest of it. So an untouched cell of an
earlier edition of a lesson is recognised although no file has that edition any more.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nngrade.course.lesson import Cell, Kind, Lesson
from nngrade.course.naming import cell_ids, normalised, read_ids, stub_source
from nngrade.submissions.bindings import bindings, bound_functions, fingerprint, stored_names
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.worker.magics import parse_cell

__all__ = ["CourseCells", "course_cells", "is_of_another_edition", "recognised"]


@dataclass(frozen=True)
class CourseCells:
    """Index of a lesson's cells, for recognising them in a submission.

    Attributes
    ----------
    by_id : dict of str to Cell
        Cells by id.
    by_text : dict of str to Cell
        Cells that nobody writes into by normalised text, as Colab and other editors drop ids.
    by_code : dict of str to Cell
        Given cells by their syntax tree, as formatters change texts.
    texts : dict of Cell to str
        Normalised text of each cell.
    stubs : dict of str to str
        Normalised text of each task's untouched cell, by the task's name.
    names : frozenset of str
        All names that the given, demo and test cells bind.
    given : frozenset of str
        The names that the given cells bind, which are there when grading.
    not_run : frozenset of str
        The names that only demo and test cells bind, which are not.
    imports_of_demos : dict of str to str
        For each name that a demo cell imports, an import of it alone.
    lines : dict of Cell to frozenset of str
        The lines of each cell that are not blank.
    """

    by_id: dict[str, Cell]
    by_text: dict[str, Cell]
    by_code: dict[str, Cell]
    texts: dict[Cell, str]
    stubs: dict[str, str]
    names: frozenset[str]
    given: frozenset[str]
    not_run: frozenset[str]
    imports_of_demos: dict[str, str]
    lines: dict[Cell, frozenset[str]]

    def origin(self, cell: NotebookCell) -> Cell | None:
        """Cell of the lesson that a submitted cell was, edited or not; None for any other."""
        found = next((self.by_id[one] for one in sorted(cell.ids) if one in self.by_id), None)
        return found or self.by_text.get(normalised(cell.source)) or self._successor(cell)

    def _successor(self, cell: NotebookCell) -> Cell | None:
        """Cell that today's lesson has in the place of a cell of another edition, edited or not."""
        kinds = {kind for kind, _ in read_ids(cell.ids)} - {"task", "tests", "written"}
        lines = _lines(cell.source)
        best, likeness = None, 0.5
        for one in self.texts if kinds else ():
            theirs = self.lines[one] if one.kind in kinds else frozenset()
            shared = len(lines & theirs) / len(theirs) if theirs else 0.0
            if shared > likeness:
                best, likeness = one, shared
        return best

    def is_given(self, source: str, tree: ast.Module | None) -> bool:
        """Whether a source, and its syntax tree, is a whole given cell, however it is laid out."""
        found = self.by_text.get(normalised(source))
        if found is not None and found.kind == "given":
            return True
        return tree is not None and bool(tree.body) and fingerprint(tree) in self.by_code

    def was_of_a_task(self, cell: NotebookCell) -> bool:
        """Whether a cell holds the tests of a task that is no more, or a function given today."""
        return any(
            name not in self.stubs and (kind == "tests" or (kind == "task" and name in self.given))
            for kind, name in read_ids(cell.ids)
        )

    def recognises(self, cell: NotebookCell) -> bool:
        """Whether a submitted cell tells of this lesson: by its id, or by a text of some length."""
        text = normalised(cell.source)
        return any(one in self.by_id for one in cell.ids) or (
            len(text) >= _TELLING and (text in self.by_text or text in self.stubs.values())
        )


# Characters of a text that hardly two courses have in common; `import numpy as np` tells nothing.
_TELLING = 30


# Cached: indexing a lesson takes longer than reading a submission, and a class has one lesson.
@lru_cache(maxsize=32)
def course_cells(lesson: Lesson) -> CourseCells:
    """Index of a lesson's cells."""
    ids = cell_ids(lesson)
    texts = {cell: normalised(cell.source) for cell in lesson.cells}
    trees = {cell: parse_cell(cell.source) for cell in lesson.of_kind("given")}
    given = _names(lesson, "given")
    return CourseCells(
        by_id={ids[cell]: cell for cell in lesson.cells},
        by_text={
            text: cell for cell, text in texts.items() if cell.kind not in ("task", "written")
        },
        by_code={fingerprint(tree): cell for cell, tree in trees.items() if tree is not None},
        texts=texts,
        stubs={task.name: normalised(stub_source(task.solution.source)) for task in lesson.tasks},
        names=frozenset().union(*map(_defined, lesson.of_kind("given", "demo", "tests"))),
        given=given,
        not_run=_names(lesson, "demo", "tests") - given,
        imports_of_demos=_imports_of_demos(lesson),
        lines={cell: _lines(cell.source) for cell in lesson.cells},
    )


def _names(lesson: Lesson, *kinds: Kind) -> frozenset[str]:
    """All names that cells of these kinds bind."""
    trees = (parse_cell(cell.source) for cell in lesson.of_kind(*kinds))
    return frozenset(name for tree in trees if tree is not None for name in bindings(tree))


def _defined(cell: Cell) -> set[str]:
    """Functions and variables that a cell of the course defines, but for those of its loops."""
    tree = parse_cell(cell.source)
    if tree is None:
        return set()
    assigned = (stored_names(node) for node in tree.body if isinstance(node, ast.Assign))
    return bound_functions(tree).union(*assigned)


def _imports_of_demos(lesson: Lesson) -> dict[str, str]:
    """For each name that a demo cell imports, an import of it alone."""
    found: dict[str, str] = {}
    for cell in lesson.of_kind("demo"):
        tree = parse_cell(cell.source)
        for node in tree.body if tree is not None else ():
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for alias in node.names:
                one: ast.stmt = ast.Import([alias])
                if isinstance(node, ast.ImportFrom):
                    one = ast.ImportFrom(node.module, [alias], node.level)
                found.setdefault(alias.asname or alias.name.split(".")[0], ast.unparse(one))
    return found


def recognised(notebook: NotebookFile, lessons: Iterable[Lesson]) -> dict[str, frozenset[int]]:
    """For each lesson's stage, the numbers of the notebook's cells that tell of it."""
    found = {}
    for lesson in lessons:
        course = course_cells(lesson)
        found[lesson.stage] = frozenset(
            cell.number for cell in notebook.cells if course.recognises(cell)
        )
    return found


def is_of_another_edition(cell: NotebookCell) -> bool:
    """Whether a cell is an untouched cell of the course that no lesson has today."""
    kinds = ("given", "demo", "text", "sheet", "identity")
    digests = {said for kind, said in read_ids(cell.ids) if kind in kinds}
    return bool(digests) and any(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] in digests
        for text in _layouts(cell.source)
    )


def _lines(source: str) -> frozenset[str]:
    """Lines of a source that tell something."""
    return frozenset(line.strip() for line in source.split("\n") if line.strip())


def _layouts(source: str) -> Iterator[str]:
    """A source as it is, and as it was before an editor changed blank space at line ends."""
    yield source
    yield source.rstrip("\n")
    yield "\n".join(line.rstrip() for line in source.rstrip().split("\n"))
