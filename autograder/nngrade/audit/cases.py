"""What is put to the checks: right answers, wrong ones, and none at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any, Literal

from nngrade.audit.mutants import Mutant, mutants_of
from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION, Task
from nngrade.course.reference import compile_cells
from nngrade.course.stages import Stage

__all__ = ["Case", "Kind", "misconceptions", "mutants", "namespace_of", "right_answers", "stub"]

Kind = Literal["reference", "alternative", "stub", "misconception", "mutant"]


@dataclass(frozen=True)
class Case:
    """An answer to a task, among right answers to the others.

    Attributes
    ----------
    kind : Kind
    task : str
        The task whose checks judge it.
    name : str
        What the answer is called in its file; a mutant's id.
    about : str
        What is different about it, for a mutant as a diff.
    sources : mapping of str to str
        By task, what stands in the place of the reference.
    caught_by : tuple of str
        The checks that must be lost, where they are named.
    """

    kind: Kind
    task: str
    name: str
    about: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    caught_by: tuple[str, ...] = ()


def right_answers(stage: Stage, task: str) -> Iterator[Case]:
    """The reference and the alternatives of a task."""
    yield Case("reference", task, "reference")
    for one in stage.alternatives:
        if one.task == task:
            yield Case("alternative", task, one.name, one.description, {task: one.source})


def stub(stage: Stage, task: str) -> Case:
    """The stage as students get it, with nothing done."""
    sources = {one.name: _untouched(one) for one in stage.lesson.tasks}
    return Case("stub", task, "untouched", sources=sources)


def misconceptions(stage: Stage, task: str) -> Iterator[Case]:
    """The catalogue's wrong answers to a task."""
    for one in stage.misconceptions:
        if one.task == task:
            sources = {task: one.source}
            yield Case("misconception", task, one.name, one.description, sources, one.caught_by)


def mutants(task: Task) -> Iterator[Case]:
    """The mutants of a task's reference."""
    for one in mutants_of(task):
        yield _of_mutant(one)


def _of_mutant(one: Mutant) -> Case:
    return Case("mutant", one.task, one.id, one.diff, {one.task: one.source})


def namespace_of(stage: Stage, case: Case) -> dict[str, Any]:
    """Run the lesson's given and task cells in their order, with the case's answers in their place.

    Raises
    ------
    Exception
        Whatever an answer raises while it is defined.
    """
    namespace: dict[str, Any] = {"__name__": f"nngrade_audit_{stage.name}"}
    for cell in stage.lesson.of_kind("given", "task"):
        if cell.kind == "task" and cell.name in case.sources:
            exec(compile(case.sources[cell.name], f"<{case.name}>", "exec"), namespace)
        else:
            exec(_compiled(stage, cell.line), namespace)
    return namespace


@lru_cache(maxsize=512)
def _compiled(stage: Stage, line: int) -> CodeType:
    return compile_cells(stage.lesson.path, [c for c in stage.lesson.cells if c.line == line])


def _untouched(task: Task) -> str:
    """The task's cell with nothing between the markers, as nbgrader leaves it."""
    kept, inside = [], False
    for line in task.solution.source.splitlines():
        if line.strip() == BEGIN_SOLUTION:
            inside = True
            kept.append(line.replace(BEGIN_SOLUTION, "raise NotImplementedError"))
        elif line.strip() == END_SOLUTION:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)
