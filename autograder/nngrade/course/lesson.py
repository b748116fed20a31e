"""Parser of lessons: ``lesson.py`` in Jupytext's percent format.

The cell headers are::

    # %% [markdown]       prose
    # %%                  given code: runs when grading
    # %% demo             plots and long training: skipped when grading
    # %% demo folded      the same, with its code folded away
    # %% task="predict"   a task, with ### BEGIN SOLUTION and ### END SOLUTION in its body
    # %% tests="predict"  the visible tests of that task
    # %% question="votes"  where a question is answered; its cell holds answer("votes", ...)
    # %% written="why" points=2   a question that students answer in their own words

A person grades written answers, by the rubric between ### BEGIN RUBRIC and ### END RUBRIC in the
cell. Students read the rest of it. Such a cell becomes two: its prose, and the cell of the answer.

Anything else is an error. All problems are reported at once, each with file, line and fix.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from nngrade.errors import LessonError, Problem

__all__ = [
    "BEGIN_RUBRIC",
    "BEGIN_SOLUTION",
    "CODE",
    "END_RUBRIC",
    "END_SOLUTION",
    "TEXT_STUB",
    "Cell",
    "Kind",
    "Lesson",
    "Task",
    "read_lesson",
    "without_rubrics",
]

# What a lesson's file may hold; then what is made where it has questions (`course.questions`).
Kind = Literal[
    "text", "given", "demo", "task", "tests", "question", "written", "sheet", "identity", "counted"
]

# The kinds of cells that hold a lesson's own code.
CODE: tuple[Kind, ...] = ("given", "demo", "task", "tests")

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"
BEGIN_RUBRIC = "### BEGIN RUBRIC"
END_RUBRIC = "### END RUBRIC"
# What stands in the cell of a written answer until a student has answered.
TEXT_STUB = "*Write your answer here: double-click, type, and press Shift-Enter.*"

_KINDS = (
    'the kinds are: [markdown], nothing (given code), demo, demo folded, task="NAME", '
    'tests="NAME", '
    'question="NAME", written="NAME" points=N'
)
_HEADER = re.compile(r"# %%(?P<rest>.*)$")
_NAMED = re.compile(r'(?P<kind>task|tests|question)="(?P<name>[^"]*)"$')
_WRITTEN = re.compile(r'written="(?P<name>[^"]*)"(?:\s+points=(?P<points>\S+))?$')
_FENCED = re.compile(r"(?ms)^ *(```|~~~).*?^ *\1 *$")
_RUBRIC = re.compile(r"(?ms)^(?:# )?### BEGIN RUBRIC\s*?\n.*?^(?:# )?### END RUBRIC\s*?$")


@dataclass(frozen=True)
class Cell:
    """A cell of a lesson.

    Attributes
    ----------
    kind : {"text", "given", "demo", "task", "tests", "question", "written", "sheet", "identity", \
"counted"}
        Kind of cell.
    name : str
        Name of the task, question or written answer; empty for cells of none, and for text other
        than what a written answer is to.
    source : str
        Markdown for text cells, the stub for written answers, else Python; without surrounding
        blank lines.
    line : int
        Line of the file on which `source` starts, counted from 1.
    points : float
        Maximum number of points of a written answer.
    rubric : str
        How a written answer is graded, as Markdown; no student sees it.
    folded : bool
        Whether a notebook shows the cell's output and folds its code away.
    """

    kind: Kind
    name: str
    source: str
    line: int
    points: float = 0.0
    rubric: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Task:
    """A task: the cell with its solution and the cell with its visible tests."""

    name: str
    solution: Cell
    tests: Cell


@dataclass(frozen=True)
class Lesson:
    """A valid lesson: the path of its file and its cells."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def stage(self) -> str:
        """Name of the stage, which is the name of its folder."""
        return self.path.parent.name

    @cached_property
    def title(self) -> str:
        """The lesson's first heading."""
        return next(cell for cell in self.cells if cell.kind == "text").source.splitlines()[0][2:]

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, in the order of the lesson."""
        tests = {cell.name: cell for cell in self.cells if cell.kind == "tests"}
        return tuple(
            Task(cell.name, cell, tests[cell.name]) for cell in self.cells if cell.kind == "task"
        )

    @cached_property
    def sections(self) -> dict[str, str]:
        """Heading of the section that treats each task: the last of level 2 above it, or the title.

        Marks of code are taken out of headings.
        """
        heading, found = self.title, {}
        for cell in self.cells:
            if cell.kind == "task":
                found[cell.name] = heading.replace("`", "")
            elif cell.kind == "text":
                heading = next(reversed(_headings(cell.source)), heading)
        return found

    def of_kind(self, *kinds: Kind) -> Iterator[Cell]:
        """The cells of these kinds, in order."""
        return (cell for cell in self.cells if cell.kind in kinds)

    def without_written(self) -> Lesson:
        """The same lesson without its written answers and the questions that they are to."""
        left_out = {one.name for one in self.of_kind("written")}
        kept = (
            one
            for one in self.cells
            if one.kind not in ("text", "written") or one.name not in left_out
        )
        return Lesson(self.path, tuple(kept))


def _headings(source: str) -> list[str]:
    """Headings of level 2 in Markdown, but not comments in its blocks of code."""
    text = _FENCED.sub("", source)
    return [one.strip() for one in re.findall(r"(?m)^## +(.*\S)", text)]


def without_rubrics(text: str) -> str:
    """Text of a lesson's file without its rubrics, on which no result depends."""
    return _RUBRIC.sub("", text)


def read_lesson(path: Path) -> Lesson:
    """Read and validate a lesson.

    Raises
    ------
    LessonError
        If the lesson has problems; the error lists all of them.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError([Problem(path, 1, f"cannot be read as UTF-8 text: {error}")]) from error
    problems: list[Problem] = []
    cells = tuple(_split(path, text, problems))
    problems.extend(_problems_of_cells(path, cells))
    if not problems:
        problems.extend(_problems_of_lesson(path, cells))
    if problems:
        raise LessonError(problems)
    return Lesson(path, cells)


def _split(path: Path, text: str, problems: list[Problem]) -> Iterator[Cell]:
    """Split the text into cells at the headers; append what is invalid to `problems`."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    preamble = lines[: starts[0]] if starts else lines
    for number, line in enumerate(preamble):
        # Jupytext keeps its own header in comments above the first cell; only comments are allowed.
        if line.strip() and not line.startswith("#"):
            problems.append(
                Problem(path, number + 1, "code above the first cell; put `# %%` above it")
            )
            break
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        kind, name, points, problem = _read_header(lines[start])
        if problem:
            problems.append(Problem(path, start + 1, problem))
            continue
        body = lines[start + 1 : stop]
        rubric: list[str] = []
        faults = list(_problems_of_rubric(path, kind, name, body, start))
        if faults:
            problems.extend(faults)
            continue
        if kind in ("text", "written"):
            for number, line in enumerate(body, start + 2):
                if line.strip() and not line.startswith("#"):
                    problems.append(
                        Problem(path, number, "a line of prose must start with `# `; add it")
                    )
                    break
            markers = list(map(_bare, body))
            body = [re.sub(r"^# ?", "", line) for line in body]
        if kind == "written":
            begin, end = markers.index(BEGIN_RUBRIC), markers.index(END_RUBRIC)
            rubric = body[begin + 1 : end]
            # As many blank lines tell on which line the question starts.
            body[begin : end + 1] = [""] * (end + 1 - begin)
        first = next((number for number, line in enumerate(body) if line.strip()), None)
        if first is None:
            problems.append(Problem(path, start + 1, "this cell is empty; fill it or delete it"))
            continue
        source = "\n".join(body[first:]).rstrip()
        if kind == "written":
            source = re.sub(r"\n{3,}", "\n\n", source)
            yield Cell("text", name, source, start + 2 + first)
            criteria = "\n".join(rubric).strip()
            yield Cell("written", name, TEXT_STUB, start + 2 + first, points, criteria)
        else:
            folded = lines[start].split()[-1] == "folded"
            yield Cell(kind, name, source, start + 2 + first, folded=folded)


def _read_header(line: str) -> tuple[Kind, str, float, str]:
    """Kind of cell, name, points and problem (an empty string if none) of a cell header."""
    match = _HEADER.match(line)
    rest = match["rest"].strip() if match else ""
    if rest == "":
        return "given", "", 0, ""
    if rest == "[markdown]":
        return "text", "", 0, ""
    if rest in ("demo", "demo folded"):
        return "demo", "", 0, ""
    if named := _NAMED.match(rest):
        kind = cast(Kind, named["kind"])
        name = named["name"]
        if not name.isidentifier() or keyword.iskeyword(name):
            return kind, name, 0, f"{name!r} is not the name of a Python function; {_KINDS}"
        return kind, name, 0, ""
    if written := _WRITTEN.match(rest):
        name, points = written["name"], _points(written["points"])
        if not name.isidentifier() or keyword.iskeyword(name):
            return "written", name, 0, f"{name!r} is not a name, such as why_not_zero; {_KINDS}"
        if points is None:
            what = f'the written answer {name} needs its points, a number above 0: written="{name}"'
            return "written", name, 0, f"{what} points=2"
        return "written", name, points, ""
    return "given", "", 0, f"unknown kind of cell {rest!r}; {_KINDS}"


def _points(text: str | None) -> float | None:
    """The points that a header gives; None if they are no number above 0."""
    try:
        points = float(text or "")
    except ValueError:
        return None
    return points if 0 < points < math.inf else None


def _bare(line: str) -> str:
    """A line of prose as a marker: with or without the comment sign of prose."""
    return line.strip().removeprefix("# ")


def _problems_of_rubric(
    path: Path, kind: Kind, name: str, body: list[str], start: int
) -> Iterator[Problem]:
    """Problems of rubric markers, which must be spelt exactly, so that no student reads a rubric.

    Parameters
    ----------
    path : Path
    kind : Kind
    name : str
    body : list of str
        Lines of the cell below its header.
    start : int
        Index of the header in the file.
    """
    marked = [
        (number, _bare(line))
        for number, line in enumerate(body)
        if re.search(r"(?i)\b(BEGIN|END) +RUBRIC\b", line)
    ]
    if kind != "written":
        for number, _ in marked:
            what = 'a rubric outside of a written answer; make the cell written="NAME" points=N'
            yield Problem(path, start + 2 + number, what)
        return
    expected = [BEGIN_RUBRIC, END_RUBRIC]
    for number, line in marked:
        if not expected or line != expected[0]:
            there = f"`{expected[0]}` must stand" if expected else "no marker may stand"
            yield Problem(path, start + 2 + number, f"found {line!r} where {there}")
            return
        expected.pop(0)
    if expected:
        missing = " and ".join(f"`{one}`" for one in expected)
        what = f"the written answer {name} lacks {missing}; put a list for the staff between them"
        yield Problem(path, start + 1, what)
        return
    (begin, _), (end, _) = marked
    if not any(line.strip(" #") for line in body[begin + 1 : end]):
        yield Problem(path, start + 2 + begin, "the rubric is empty; say what gives which points")


def _problems_of_cells(path: Path, cells: tuple[Cell, ...]) -> Iterator[Problem]:
    """Problems inside single cells."""
    for cell in cells:
        if cell.kind in ("text", "written"):
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            line = cell.line + (error.lineno or 1) - 1
            yield Problem(path, line, f"not valid Python: {error.msg}")
            continue
        if cell.kind == "question" and ast.unparse(tree) != f"answer('{cell.name}', ...)":
            yield Problem(
                path, cell.line, f'this cell must be answer("{cell.name}", ...) and nothing else'
            )
        markers = _marker_lines(cell)
        if cell.kind != "task":
            for number in markers:
                yield Problem(
                    path, number, 'a solution marker outside a task; make the cell task="NAME"'
                )
            continue
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        if [function.name for function in functions] != [cell.name] or len(tree.body) != 1:
            yield Problem(
                path,
                cell.line,
                f'the cell task="{cell.name}" must define one function, {cell.name}, and '
                "nothing else; nest helpers in it, or put them into a given cell",
            )
        elif ast.get_docstring(functions[0]) is None:
            yield Problem(path, cell.line, f"{cell.name} has no docstring; say what it must do")
        yield from _problems_of_markers(path, cell)


def _marker_lines(cell: Cell) -> list[int]:
    return [
        number
        for number, line in enumerate(cell.source.splitlines(), cell.line)
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line
    ]


def _problems_of_markers(path: Path, cell: Cell) -> Iterator[Problem]:
    """Problems of solution markers.

    They must come in pairs and be spelt exactly, so that no solution reaches students.
    """
    inside = False
    seen = False
    for number, line in enumerate(cell.source.splitlines(), cell.line):
        if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line:
            continue
        expected = END_SOLUTION if inside else BEGIN_SOLUTION
        if line.strip() != expected:
            yield Problem(path, number, f"found {line.strip()!r} where `{expected}` must stand")
            return
        inside = not inside
        seen = True
    if inside or not seen:
        missing = END_SOLUTION if inside else f"{BEGIN_SOLUTION} and {END_SOLUTION}"
        yield Problem(path, cell.line, f"the task {cell.name} lacks `{missing}`; add it")


def _problems_of_lesson(path: Path, cells: tuple[Cell, ...]) -> Iterator[Problem]:
    """Problems of the lesson as a whole: its title, and missing or duplicate cells."""
    first = cells[0] if cells else None
    if first is None or first.kind != "text" or not first.source.startswith("# "):
        line = first.line if first else 1
        yield Problem(
            path, line, "a lesson opens with a [markdown] cell that starts with `# Title`"
        )
    seen: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        if cell.kind not in ("task", "tests", "question", "written"):
            continue
        key = (cell.kind, cell.name)
        if key in seen:
            yield Problem(
                path,
                cell.line,
                f'a second cell {cell.kind}="{cell.name}" (the first is on line '
                f"{seen[key].line}); join them, or rename one",
            )
        elif cell.kind == "tests" and ("task", cell.name) not in seen:
            yield Problem(
                path, cell.line, f'tests="{cell.name}" stands above no task of that name; move it'
            )
        elif cell.kind == "question" and ("task", cell.name) in seen:
            yield Problem(path, cell.line, f"{cell.name} is a task, too; rename the question")
        seen.setdefault(key, cell)
    for (kind, name), cell in seen.items():
        if kind == "written" and ("task", name) in seen:
            what = f"{name} is the name of a task; give the written answer another one"
            yield Problem(path, cell.line, what)
        if kind == "task" and ("tests", name) not in seen:
            yield Problem(
                path, cell.line, f'the task {name} has no visible tests; add # %% tests="{name}"'
            )
