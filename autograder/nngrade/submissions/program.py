"""Recover a student's work from their notebook.

Students change notebooks in every possible way, so nothing is assumed. Given code is taken from the
course. A task is found by its cell's id, or else by the function that a cell defines. Cells that
students added are kept, since an answer may depend on them. Among several candidates, the last cell
that parses counts, and an untouched stub never hides an attempt; a note reports the choice.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from nngrade.course.lesson import Cell, Lesson
from nngrade.course.naming import is_of_answer, normalised, stub_source
from nngrade.course.questions import RENEWED, recorder
from nngrade.submissions.additions import additions
from nngrade.submissions.bindings import (
    DEFINITIONS,
    bindings,
    bound_functions,
    called_names,
    stored_names,
    top_level,
)
from nngrade.submissions.course_cells import CourseCells, course_cells, is_of_another_edition
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.submissions.syntax import syntax_error
from nngrade.worker.magics import as_python, magic_lines, parse_cell, written_file

__all__ = ["Origin", "Program", "ProgramCell", "recover"]

_LONGEST_NOTE = 300
# Maximum number of characters in one code cell and in all: parsing more would take too long.
_LONGEST_CELL, _MOST_CODE = 100_000, 300_000
# Number of lines with magics in all cells, from which on IPython's transformer is not asked.
_MOST_MAGICS = 300


@dataclass(frozen=True)
class ProgramCell:
    """A cell of a program.

    Attributes
    ----------
    label : str
        The student's label of the cell, for messages.
    source : str
        Python source; in a student's cell possibly with IPython syntax.
    given : bool
        Whether the cell is the course's own.
    """

    label: str
    source: str
    given: bool


@dataclass(frozen=True)
class Origin:
    """Where a name of the student's program comes from.

    Attributes
    ----------
    label : str
        Label of the cell that binds it; empty for a cell of the course that is not run.
    number : int
        Number of that cell in the notebook; 0 for a cell of the course.
    module : str
        Module that it is imported from; empty if it is not imported.
    """

    label: str
    number: int
    module: str = ""


@dataclass(frozen=True)
class Program:
    """The program recovered from a submission.

    Attributes
    ----------
    cells : tuple of ProgramCell
        Cells in the order of execution.
    tasks : frozenset of str
        Names of the tasks whose function is defined by a cell.
    attempted : frozenset of str
        Names of the defined tasks whose cell is not the untouched stub.
    places : dict of str to int
        Number of the notebook cell that is graded, by the name of the defined or broken task, or of
        the question.
    broken : dict of str to str
        Place and reason of the syntax error, by the name of the task whose cell does not parse.
    notes : tuple of str
        Irregularities of the notebook, for the student and the instructor.
    settled : frozenset of str
        Names that stand for their last function once all cells have run, whatever scratch cells
        used them for: the tasks, and functions whose name got what they returned.
    origins : dict of str to Origin
        Where the names come from that the student's cells bind, and those that only cells of the
        course bind which are not run when grading.
    digest : str
        SHA-256 of the student's own text in the program, in hexadecimal. Neither the course's code
        nor ids, outputs, or the versions of Python and IPython change it.
    edition : int or None
        The edition of the course that the notebook is of, where it tells.
    signature : str
        The id that is typed in the notebook for its questions, as far as it is written out.
    """

    cells: tuple[ProgramCell, ...]
    tasks: frozenset[str]
    attempted: frozenset[str]
    places: dict[str, int]
    broken: dict[str, str]
    notes: tuple[str, ...]
    settled: frozenset[str] = frozenset()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    digest: str = ""
    edition: int | None = None
    signature: str = ""


@dataclass
class _Piece:
    """A cell of the submission that is a candidate for the program.

    `raw` is the text to run, possibly with IPython syntax; `source` is its Python, for analysis;
    `own` is what the student wrote of it.
    """

    cell: NotebookCell
    raw: str
    source: str
    tree: ast.Module | None
    task: str = ""
    defines: frozenset[str] = frozenset()
    stub: bool = False
    is_own_cell: bool = False
    own: str = ""
    is_question: bool = False

    @property
    def label(self) -> str:
        return self.task or f"number {self.cell.number}"

    @cached_property
    def bindings(self) -> dict[str, str]:
        """Names that the cell binds at its top level; for imported ones, the module."""
        return bindings(self.tree) if self.tree is not None else {}


def recover(
    notebook: NotebookFile,
    lesson: Lesson,
    others: Callable[[], Iterable[Lesson]] = tuple,
    edition: int | None = None,
) -> Program:
    """Recover the program of a submission: the course's given cells, then the student's own.

    Parameters
    ----------
    notebook : NotebookFile
        The submitted notebook.
    lesson : Lesson
        Lesson of the submission's stage.
    others : callable
        Gives the lessons of the course's other stages, whose given cells are nobody's work; called
        only for a notebook in which it matters.

    edition : int, optional
        Number of the course's edition today. In a notebook of another one, cells of the course
        differ without anybody's doing, and no note is made of them.

    Returns
    -------
    Program
        The program, with notes on irregularities.
    """
    notes: list[str] = []
    same = None in (edition, notebook.edition) or edition == notebook.edition
    course = course_cells(lesson)
    found = list(_pieces(notebook, course, notes, same))
    pieces = list(_without_given(found, lesson, others, notes))
    chosen = list(_without_shadows(pieces, lesson, notes))
    running = [piece for piece in chosen if piece.tree is not None]
    given = [cell.source for cell in lesson.of_kind("given")]
    asked = [cell.name for cell in lesson.of_kind("question")]
    if asked:
        given.append(recorder(asked))
    imports = list(_imports_of_demos(course, running))
    own = [cell for piece in running for cell in _to_run(piece)]
    return Program(
        cells=(*(ProgramCell("given", source, True) for source in (*given, *imports)), *own),
        tasks=frozenset(name for piece in chosen for name in piece.defines),
        attempted=frozenset(name for piece in chosen if not piece.stub for name in piece.defines),
        places=_places(pieces, chosen),
        broken=_broken(pieces, notebook.python),
        notes=tuple(notes),
        settled=frozenset([*(task.name for task in lesson.tasks), *asked]) | _used_again(running),
        origins=_origins(course, running),
        digest=_digest(running),
        edition=notebook.edition,
        signature=_signature(running) if asked else "",
    )


def _to_run(piece: _Piece) -> Iterator[ProgramCell]:
    if piece.is_question:
        # The name may be a student's variable by now.
        yield ProgramCell("given", RENEWED, True)
    yield ProgramCell(piece.label, piece.raw, False)


def _signature(pieces: Iterable[_Piece]) -> str:
    """The last id that a cell types."""
    typed = ""
    for piece in pieces:
        for node in piece.tree.body if piece.tree is not None else ():
            if (
                isinstance(node, ast.Expr)
                and isinstance(call := node.value, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id == "identify"
                and len(call.args) == 1
                and isinstance(call.args[0], ast.Constant)
                and isinstance(call.args[0].value, str)
            ):
                typed = call.args[0].value
    return typed.strip()


def _digest(pieces: Iterable[_Piece]) -> str:
    """Digest of what the student wrote; an untouched stub is the course's."""
    digest = hashlib.sha256()
    for piece in pieces:
        if not piece.stub:
            text = piece.own.encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(8, "big") + text)
    return digest.hexdigest()


def _used_again(pieces: Iterable[_Piece]) -> frozenset[str]:
    """Functions whose name a cell uses again for what they returned: ``loss = loss(w)``."""
    return frozenset(
        name
        for piece in pieces
        if piece.tree is not None
        for node in top_level(piece.tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None
        for name in stored_names(node) & called_names(node.value)
    )


def _imports_of_demos(course: CourseCells, pieces: list[_Piece]) -> Iterator[str]:
    """Imports of the course's cells that are not run, where a student's function uses them.

    Cells that draw import pyplot, for instance. In the notebook, functions find it there.
    """
    used = {
        node.id
        for piece in pieces
        if piece.tree is not None and not piece.stub
        for function in ast.walk(piece.tree)
        if isinstance(function, (*DEFINITIONS, ast.Lambda))
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    bound = course.given.union(vars(builtins), *(piece.bindings for piece in pieces))
    for name, source in course.imports_of_demos.items():
        if name in used and name not in bound:
            yield source


def _origins(course: CourseCells, pieces: list[_Piece]) -> dict[str, Origin]:
    """Where names come from; see `Program.origins`."""
    found = dict.fromkeys(course.not_run, Origin("", 0))
    for piece in pieces:
        for name, module in piece.bindings.items():
            found[name] = Origin(piece.label, piece.cell.number, module)
    return found


@dataclass(frozen=True)
class _Known:
    """A cell that may contain the student's work, and the course's cell that it was once."""

    cell: NotebookCell
    text: str
    origin: Cell | None

    @property
    def is_task(self) -> bool:
        return self.origin is not None and self.origin.kind == "task"

    @property
    def is_filled_in(self) -> bool:
        """Whether it is a cell that students complete, but no task's."""
        return self.origin is not None and self.origin.kind in ("question", "identity")


def _known_cells(notebook: NotebookFile, course: CourseCells) -> Iterator[_Known]:
    """Yield the code cells and the tasks' cells, without the course's own that are unchanged."""
    for cell in notebook.cells:
        # A written answer is never code, whatever type its cell was given.
        if is_of_another_edition(cell) or is_of_answer(cell.ids):
            continue
        text = normalised(cell.source)
        origin = course.origin(cell)
        known = _Known(cell, text, origin)
        unchanged = origin is not None and not known.is_task and text == course.texts[origin]
        if (cell.kind == "code" or known.is_task) and not unchanged:
            yield known


def _left_out(known: list[_Known], tasks: frozenset[str]) -> set[int]:
    """Numbers of the cells that are too much to read; cells of tasks are read first."""
    ranked = sorted(
        known, key=lambda one: not (one.is_task or _defines_any(one.cell.source, tasks))
    )
    left_out: set[int] = set()
    room = _MOST_CODE
    for one in ranked:
        size = len(one.cell.source)
        if size > min(room, _LONGEST_CELL):
            left_out.add(one.cell.number)
        else:
            room -= size
    return left_out


def _pieces(
    notebook: NotebookFile, course: CourseCells, notes: list[str], same: bool
) -> Iterator[_Piece]:
    """Yield the cells that may contain the student's work, classified.

    `same` is whether the notebook is of today's edition, as far as it tells.
    """
    stubs = course.stubs
    tasks = frozenset(stubs)
    for cell in notebook.cells:
        if cell.kind == "code" and is_of_answer(cell.ids) and _defines_any(cell.source, tasks):
            notes.append(
                f"Cell {cell.number} is for a written answer and is not run; "
                "move its functions to a cell of their own."
            )
    found = list(_known_cells(notebook, course))
    left_out = _left_out(found, tasks)
    modules: dict[str, set[str]] = {}
    magics = 0
    for known in found:
        cell, origin, is_task = known.cell, known.origin, known.is_task
        if cell.number in left_out:
            notes.append(f"Cell {cell.number} is left out: there is too much code to read.")
            continue
        if (written := written_file(cell.source)) is not None:
            there = modules.get(written.module, set()) if written.appended else set()
            body = parse_cell(written.source)
            modules[written.module] = there | (bound_functions(body) if body else set())
            yield _Piece(cell, cell.source, "", ast.Module([], []), own=cell.source)
            continue
        magics += magic_lines(cell.source)
        raw, source = cell.source, as_python(cell.source, magics <= _MOST_MAGICS)
        if not source.strip():
            continue
        own = raw
        tree = parse_cell(source)
        former = origin is None and course.was_of_a_task(cell)
        if former or (origin is not None and not is_task and not known.is_filled_in):
            if tree is None:
                continue
            # An edited cell of the course: the original is run, and the student's additions are
            # kept as a cell of their own. So it is with the tests of a task that is no more, and
            # with the cell of one whose function is given today.
            added = additions(source, tree, course.names, origin)
            raw = source = added.padded
            own, tree = added.text, parse_cell(source)
            if same and origin is not None and origin.kind != "demo":
                notes.append(
                    f"Cell {cell.number} belongs to the course and is graded as the course has it; "
                    "of your changes, only imports, constants and new functions count."
                )
            if not source.strip() or tree is None:
                continue
        bound = bound_functions(tree, modules) if tree is not None else set()
        defines = frozenset(bound & tasks)
        is_question = origin is not None and origin.kind == "question"
        task = origin.name if origin is not None and (is_task or is_question) else ""
        if is_task and cell.kind != "code" and tree is not None and task in defines:
            notes.append(
                f"{task}: its cell is of type {cell.kind}; it was read as code. "
                "Make it a code cell again."
            )
        elif cell.kind != "code":
            continue
        if not task and len(defines) == 1:
            (task,) = defines
        if not task and tree is None:
            task = next((name for name in sorted(tasks) if _defines_any(source, {name})), "")
        stub = bool(defines) and all(normalised(source) == stubs[name] for name in defines)
        yield _Piece(cell, raw, source, tree, task, defines, stub, is_task, own, is_question)


def _without_given(
    pieces: list[_Piece],
    lesson: Lesson,
    others: Callable[[], Iterable[Lesson]],
    notes: list[str],
) -> Iterator[_Piece]:
    """Leave out whole given cells of other stages: what they define is nobody's work."""
    suspects = [one for one in pieces if one.defines and not one.is_own_cell and not one.stub]
    lessons = others() if suspects else ()
    stages = [course_cells(one) for one in lessons if one.stage != lesson.stage]
    taken = {
        one.cell.number
        for one in suspects
        if not _has_docstring_of_stub(one, lesson)
        and any(c.is_given(one.source, one.tree) for c in stages)
    }
    for number in sorted(taken):
        notes.append(f"Cell {number} is given code of another stage; it does not count as yours.")
    return (one for one in pieces if one.cell.number not in taken)


def _has_docstring_of_stub(piece: _Piece, lesson: Lesson) -> bool:
    """Whether a cell that lost its id is still a task's own: it has the stub's docstring."""
    docstrings = {
        ast.get_docstring(node)
        for task in lesson.tasks
        if task.name in piece.defines and (tree := parse_cell(stub_source(task.solution.source)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == task.name
    }
    return piece.tree is not None and any(
        ast.get_docstring(node) in docstrings - {None}
        for node in piece.tree.body
        if isinstance(node, ast.FunctionDef)
    )


def _without_shadows(pieces: list[_Piece], lesson: Lesson, notes: list[str]) -> Iterator[_Piece]:
    """Leave out stubs that would hide an attempt; note which of several cells counts."""
    hidden: set[int] = set()
    for task in lesson.tasks:
        candidates = [piece for piece in pieces if task.name in piece.defines]
        attempts = [piece for piece in candidates if not piece.stub]
        if attempts:
            hidden.update(piece.cell.number for piece in candidates if piece.stub)
        if len(attempts) > 1:
            others = ", ".join(str(piece.cell.number) for piece in attempts[:-1])
            note = (
                f"{task.name} is defined in several cells; the last one, cell "
                f"{attempts[-1].cell.number}, counts (not {others})."
            )
            notes.append(note[:_LONGEST_NOTE])
        elif attempts and len(candidates) > 1:
            notes.append(
                f"{task.name} was found in cell {attempts[0].cell.number}; "
                "an untouched copy of its stub is ignored."
            )
    return (piece for piece in pieces if piece.cell.number not in hidden)


def _places(pieces: list[_Piece], chosen: list[_Piece]) -> dict[str, int]:
    """Number of the graded cell of each task, and of each question's cell."""
    broken = {piece.task: piece.cell.number for piece in pieces if piece.task and not piece.tree}
    defined = {name: piece.cell.number for piece in chosen for name in piece.defines}
    answered = {piece.task: piece.cell.number for piece in chosen if piece.is_question}
    return {**broken, **defined, **answered}


def _broken(pieces: list[_Piece], python: str | None) -> dict[str, str]:
    """Place and reason of the syntax error of each task whose own cell does not parse."""
    return {
        piece.task: f"cell {piece.cell.number}{syntax_error(piece.source, python)}"
        for piece in pieces
        if piece.tree is None and piece.task
    }


def _defines_any(source: str, names: AbstractSet[str]) -> bool:
    """Whether a text seems to define one of the functions; it need not be Python."""
    return any(
        match[1] in names for match in re.finditer(r"^[ \t]*def[ \t]+(\w+)", source, re.MULTILINE)
    )
