"""The table of ideas in ``solutions/README.md``: what is taught where, and how it is practised.

A course need not have one. Where a table has a column "where" and a column "practised by", each
row names a place as ``STAGE: heading``, and a task (``task `name` ``), a figure or a question in
the section of that heading, with commas between them; and each stage has a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngrade.authoring.pictures import draws
from nngrade.course.lesson import Cell
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, Problem

__all__ = ["Idea", "ideas_of", "problems_of_ideas"]

WHERE, PRACTICE = "where", "practised by"


@dataclass(frozen=True)
class Idea:
    """A row of the table.

    Attributes
    ----------
    line : int
        Of the README.
    idea : str
        What stands in the first column.
    decks : str
        What stands in the second, where there is one between the idea and its place.
    where, practice : str
        As they stand there.
    """

    line: int
    idea: str
    decks: str
    where: str
    practice: str

    @property
    def stage(self) -> str:
        """The stage's name, or the start of it."""
        return self.where.partition(":")[0].strip()

    @property
    def section(self) -> str:
        """The heading."""
        return self.where.partition(":")[2].strip()


def ideas_of(readme: Path) -> tuple[Idea, ...]:
    """The rows of the table; none where there is no such file or table."""
    try:
        lines = readme.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    found: list[Idea] = []
    columns: list[str] = []
    for number, line in enumerate(lines, 1):
        cells = [one.strip() for one in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            columns = []
        elif not columns and {WHERE, PRACTICE} <= set(cells):
            columns = cells
        elif columns and not set(line) <= set("|-: "):
            row = dict(zip(columns, cells, strict=False))
            found.append(
                Idea(number, cells[0], cells[1], row.get(WHERE, ""), row.get(PRACTICE, ""))
            )
    return tuple(found)


def problems_of_ideas(course: Course, stages: Sequence[Stage]) -> Iterator[Problem]:
    """Rows of these stages that name what is not there, and stages without a row."""
    readme = course.solutions / "README.md"
    ideas = ideas_of(readme)
    if not ideas:
        return
    placed: set[str] = set()
    for one in ideas:
        try:
            stage = course.stage(one.stage)
        except CourseError as error:
            if tuple(stages) == course.stages:
                yield Problem(readme, one.line, f"{one.idea}: {error}; correct the row")
            continue
        placed.add(stage.name)
        if stage in stages and (said := _problem(stage, one)):
            yield Problem(readme, one.line, f"{one.idea}: {said}")
    for stage in stages:
        if stage.name not in placed:
            short = stage.name.partition("_")[0]
            said = f"the table of ideas has no row of {stage.name}; add one below this line"
            example = f"with `{short}: HEADING` under {WHERE!r} and a task under {PRACTICE!r}"
            yield Problem(readme, ideas[-1].line, f"{said}, {example}")


def _problem(stage: Stage, idea: Idea) -> str:
    """What a row names that is not there; nothing where all is."""
    cells = _section(stage, idea.section)
    lesson = f"the lesson of {stage.name}"
    if not cells:
        return f"{lesson} has no heading {idea.section!r}; correct the row or the heading"
    tasks = [task.name for task in stage.lesson.tasks]
    for item in idea.practice.split(", "):
        named = re.fullmatch(r"task `(\w+)`", item)
        if named and named[1] not in tasks:
            return f"{lesson} has no task {named[1]}; there are: {', '.join(tasks)}"
        if item == "figure" and not any(map(draws, cells)):
            return f"the section {idea.section!r} draws no figure; add one or correct the row"
        if item == "question" and not any(
            one.kind == "text" and "**Question" in one.source for one in cells
        ):
            return f"the section {idea.section!r} has no **Question; add one or correct the row"
        if not named and item not in ("figure", "question"):
            return f"{PRACTICE!r} says {item!r}; write task `NAME`, figure or question"
    return ""


def _section(stage: Stage, heading: str) -> list[Cell]:
    """The cells of the section (``## …``) that holds the heading; empty where none does."""
    sections: list[list[Cell]] = [[]]
    for cell in stage.lesson.cells:
        parts = re.split(r"(?m)^(?=## )", cell.source) if cell.kind == "text" else [cell.source]
        for number, part in enumerate(parts):
            if cell.kind == "text" and (number or part.startswith("## ")):
                sections.append([])
            sections[-1].append(Cell(cell.kind, cell.name, part, cell.line))
    wanted = re.compile(rf"(?m)^##+ {re.escape(heading)}$")
    for cells in sections:
        if any(one.kind == "text" and wanted.search(one.source) for one in cells):
            return cells
    return []
