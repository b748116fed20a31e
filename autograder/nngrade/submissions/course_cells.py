"""Recognise a course's own cells in a notebook: by id, by text, or by what they do.

An id that the builder made of a cell's content holds a digest of it. So an untouched cell of an
earlier edition of a lesson is recognised although no file has that edition any more.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nngrade.course.lesson import Cell, Kind, Lesson
from nngrade.course.naming import cell_ids, normalised, stub_source
from nngrade.submissions.bindings import bound_functions, fingerprint
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.worker.magics import as_python, parse_cell

__all__ = ["CourseCells", "course_cells", "is_of_another_edition", "recognised"]

_TASK_ID = re.compile(r"(?P<kind>task|tests)-(?P<name>\w+)")
_CONTENT_ID = re.compile(r"(given|demo|text)-([0-9a-f]{12})(?:-\d+)?")


@dataclass(frozen=True)
class CourseCells:
    """Index of a lesson's cells, for recognising them in a submission.

    Attributes
    ----------
    by_id : dict of str to Cell
        Cells by id.
    by_text : dict of str to Cell
        Cells other than tasks by normalised text, as Colab and other editors drop ids.
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
    """

    by_id: dict[str, Cell]
    by_text: dict[str, Cell]
    by_code: dict[str, Cell]
    texts: dict[Cell, str]
    stubs: dict[str, str]
    names: frozenset[str]
    given: frozenset[str]

    def origin(self, cell: NotebookCell) -> Cell | None:
        """Cell of the lesson that a submitted cell was, edited or not; None for any other."""
        found = next((self.by_id[one] for one in sorted(cell.ids) if one in self.by_id), None)
        return found or self.by_text.get(normalised(cell.source)) or self._successor(cell)

    def _successor(self, cell: NotebookCell) -> Cell | None:
        """Cell that today's lesson has in the place of a cell of another edition, edited or not."""
        kinds = {found[1] for one in cell.ids if (found := _CONTENT_ID.fullmatch(one))}
        lines = _lines(cell.source)
        best, likeness = None, 0.5
        for one in self.texts if kinds else ():
            theirs = _lines(one.source) if one.kind in kinds else frozenset()
            shared = len(lines & theirs) / len(theirs) if theirs else 0.0
            if shared > likeness:
                best, likeness = one, shared
        return best

    def is_given(self, source: str) -> bool:
        """Whether a source is a whole given cell of the lesson, however it is laid out."""
        found = self.by_text.get(normalised(source))
        if found is not None and found.kind == "given":
            return True
        tree = parse_cell(as_python(source))
        return tree is not None and bool(tree.body) and fingerprint(tree) in self.by_code

    def was_of_a_task(self, cell: NotebookCell) -> bool:
        """Whether a cell holds the tests of a task that is no more, or a function given today."""
        former = [found for one in cell.ids if (found := _TASK_ID.fullmatch(one))]
        return any(
            found["name"] not in self.stubs
            and (found["kind"] == "tests" or found["name"] in self.given)
            for found in former
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
    return CourseCells(
        by_id={ids[cell]: cell for cell in lesson.cells},
        by_text={text: cell for cell, text in texts.items() if cell.kind != "task"},
        by_code={fingerprint(tree): cell for cell, tree in trees.items() if tree is not None},
        texts=texts,
        stubs={task.name: normalised(stub_source(task.solution.source)) for task in lesson.tasks},
        names=_names(lesson, "given", "demo", "tests"),
        given=_names(lesson, "given"),
    )


def _names(lesson: Lesson, *kinds: Kind) -> frozenset[str]:
    return frozenset(name for cell in lesson.of_kind(*kinds) for name in _bound(cell.source))


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
    digests = {found[2] for one in cell.ids if (found := _CONTENT_ID.fullmatch(one))}
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


def _bound(source: str) -> set[str]:
    """All names that a course cell binds at its top level."""
    tree = parse_cell(source)
    names = bound_functions(tree) if tree is not None else set()
    for node in tree.body if tree is not None else ():
        for inner in ast.walk(node) if isinstance(node, ast.Assign) else ():
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                names.add(inner.id)
    return names
