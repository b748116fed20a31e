"""The table of ideas in solutions/README.md: each place that it names is there."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from nngrade.course.lesson import Cell
from nngrade.course.stages import find_course
from tests.conftest import ROOT

COURSE = find_course(ROOT)


@dataclass(frozen=True)
class Row:
    idea: str
    decks: str
    stage: str
    section: str
    practice: str


def rows() -> list[Row]:
    table = (COURSE.solutions / "README.md").read_text().split("| idea | decks |")[1]
    found = []
    for line in table.splitlines()[2:]:
        if line.startswith("|"):
            idea, decks, where, practice = (part.strip() for part in line.strip("|").split(" | "))
            stage, section = where.split(": ", 1)
            found.append(Row(idea.strip("| "), decks, stage, section, practice.strip("| ")))
    return found


ROWS = rows()


def section_cells(row: Row) -> list[Cell]:
    """The cells of the numbered section (``## …``) that holds the heading."""
    sections: list[list[Cell]] = [[]]
    for cell in COURSE.stage(row.stage).lesson.cells:
        parts = re.split(r"(?m)^(?=## )", cell.source) if cell.kind == "text" else [cell.source]
        for number, part in enumerate(parts):
            if cell.kind == "text" and (number or part.startswith("## ")):
                sections.append([])
            sections[-1].append(Cell(cell.kind, cell.name, part, cell.line))
    heading = re.compile(rf"(?m)^##+ {re.escape(row.section)}$")
    for cells in sections:
        if any(cell.kind == "text" and heading.search(cell.source) for cell in cells):
            return cells
    return []


def test_the_table_covers_the_lectures():
    assert len(ROWS) >= 46
    assert {deck for row in ROWS for deck in row.decks.split()} == set("BCLMS")


def test_every_stage_has_its_place():
    assert {COURSE.stage(row.stage).name for row in ROWS} == {one.name for one in COURSE.stages}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.idea[:40])
def test_an_idea_is_where_the_table_says(row: Row):
    cells = section_cells(row)
    assert cells, f"{row.stage} has no section {row.section!r}"
    tasks = {task.name for task in COURSE.stage(row.stage).lesson.tasks}
    assert row.practice
    for item in row.practice.split(", "):
        if named := re.fullmatch(r"task `(\w+)`", item):
            assert named[1] in tasks
        elif item == "figure":
            assert any(cell.kind == "demo" and "plt.show()" in cell.source for cell in cells)
        else:
            assert item == "question"
            assert any(cell.kind == "text" and "**Question" in cell.source for cell in cells)
