"""Notebooks with known answers: assignments filled in with solutions, mistakes or other code.

The demo and most tests generate their submissions here. No stored submission can thus fall out of
step with the lessons.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngrade.course.answers import Answer
from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION
from nngrade.course.naming import cell_ids
from nngrade.course.notebook import notebook_text
from nngrade.course.questions import own_draw
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError

__all__ = [
    "Specimen",
    "answered",
    "fill",
    "sample_class",
    "solutions",
    "untouched",
    "write_specimen",
]

# The students of a sample class, by what they hand in.
BEST, IDLE = "ada", "zoe"
MISTAKEN = ("ben", "cleo", "dan", "eve")


@dataclass(frozen=True)
class Specimen:
    """A made-up student's submission.

    Attributes
    ----------
    student : str
    stage : Stage
    notebook : dict
    mistake : Answer or None
        The planted mistake, if there is one.
    """

    student: str
    stage: Stage
    notebook: dict[str, Any]
    mistake: Answer | None = None


def untouched(course: Course, stage: Stage) -> dict[str, Any]:
    """The stage's assignment notebook, as students get it.

    Raises
    ------
    CourseError
        If the assignment has not been built.
    """
    path = course.assignments / stage.name / f"{stage.name}.ipynb"
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{path}: missing; run `nngrade build {stage.name}`") from error
    return notebook


def solutions(stage: Stage) -> dict[str, str]:
    """Reference solution of each task, by task name, without the solution markers."""
    return {
        task.name: "\n".join(
            line
            for line in task.solution.source.splitlines()
            if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION)
        )
        for task in stage.lesson.tasks
    }


def fill(notebook: dict[str, Any], stage: Stage, answers: Mapping[str, str]) -> dict[str, Any]:
    """A copy of an assignment with the given answers in its task cells.

    Parameters
    ----------
    notebook : dict
        As from `untouched`.
    stage : Stage
    answers : mapping of str to str
        Source of the cell, by the name of the task or question.
    """
    filled = copy.deepcopy(notebook)
    names = {
        identifier: cell.name
        for cell, identifier in cell_ids(stage.lesson).items()
        if cell.kind in ("task", "question")
    }
    for cell in filled["cells"]:
        name = names.get(cell.get("id", ""), "")
        if name in answers:
            cell["source"] = answers[name].splitlines(keepends=True)
    return filled


def answered(notebook: dict[str, Any], stage: Stage, student: str) -> dict[str, Any]:
    """A copy of a notebook that a student has signed, with the right answer to each question."""
    right = {
        name: f"answer({name!r}, {own_draw(stage.name, name, draws, student).right!r})"
        for name, draws in stage.questions.items()
    }
    signed = fill(notebook, stage, right)
    ids = {name for cell, name in cell_ids(stage.lesson).items() if cell.kind == "identity"}
    for cell in signed["cells"]:
        if cell.get("id") in ids:
            cell["source"] = [f"identify({student!r})"]
    return signed


def sample_class(course: Course, stages: Sequence[Stage]) -> Iterator[Specimen]:
    """A small class: a student who is right, one who did nothing, four with a mistake each.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage

    Yields
    ------
    Specimen
        The mistakes come from each stage's catalogue, spread over its tasks.
    """
    for stage in stages:
        blank = untouched(course, stage)
        right = solutions(stage)
        yield Specimen(BEST, stage, answered(fill(blank, stage, right), stage, BEST))
        planted = _spread(stage.misconceptions, len(MISTAKEN))
        for student, mistake in zip(MISTAKEN, planted, strict=False):
            answers = {**right, mistake.task: mistake.source}
            yield Specimen(student, stage, fill(blank, stage, answers), mistake)
        yield Specimen(IDLE, stage, blank)


def _spread(answers: Sequence[Answer], count: int) -> list[Answer]:
    """Mistakes chosen task by task: the first of each task, then the second, up to `count`."""
    by_task: dict[str, list[Answer]] = {}
    for answer in answers:
        by_task.setdefault(answer.task, []).append(answer)
    chosen: list[Answer] = []
    for rank in range(max((len(group) for group in by_task.values()), default=0)):
        chosen.extend(group[rank] for group in by_task.values() if rank < len(group))
    order = list(by_task)
    return sorted(chosen[:count], key=lambda answer: order.index(answer.task))


def write_specimen(specimen: Specimen, folder: Path) -> Path:
    """Write ``FOLDER/STUDENT/STAGE/STAGE.ipynb``, as nbgrader collects it; return its path."""
    name = specimen.stage.name
    path = folder / specimen.student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook_text(specimen.notebook), encoding="utf-8")
    return path
