"""The answers that an audit puts to the checks: right ones, wrong ones, and untouched tasks."""

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
    """An answer to one task; the other tasks have right answers.

    Attributes
    ----------
    kind : Kind
    task : str
        The task whose checks judge it.
    name : str
        Name of the answer in its file, or the id of a mutant.
    about : str
        Description of the answer; for a mutant, its diff.
    sources : mapping of str to str
        Source that replaces the reference, by task.
    caught_by : tuple of str
        Names of the checks that must fail, if the catalogue names any.
    """

    kind: Kind
    task: str
    name: str
    about: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    caught_by: tuple[str, ...] = ()


def right_answers(stage: Stage, task: str) -> Iterator[Case]:
    """Yield the reference and the alternatives of a task."""
    yield Case("reference", task, "reference")
    for one in stage.alternatives:
        if one.task == task:
            yield Case("alternative", task, one.name, one.description, {task: one.source})


def stub(stage: Stage, task: str) -> Case:
    """Return the case in which every task of the stage is untouched."""
    sources = {one.name: _untouched(one) for one in stage.lesson.tasks}
    return Case("stub", task, "untouched", sources=sources)


def misconceptions(stage: Stage, task: str) -> Iterator[Case]:
    """Yield the wrong answers to a task from the stage's catalogue."""
    for one in stage.misconceptions:
        if one.task == task:
            sources = {task: one.source}
            yield Case("misconception", task, one.name, one.description, sources, one.caught_by)


def mutants(task: Task) -> Iterator[Case]:
    """Yield the mutants of a task's reference."""
    for one in mutants_of(task):
        yield _of_mutant(one)


def _of_mutant(one: Mutant) -> Case:
    return Case("mutant", one.task, one.id, one.diff, {one.task: one.source})


def namespace_of(stage: Stage, case: Case) -> dict[str, Any]:
    """Run the lesson's given cells and task cells in order, with the answers of a case.

    Returns
    -------
    dict of str to Any
        The global names that the cells define.

    Raises
    ------
    Exception
        Any exception that an answer raises while its cell runs.
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
    """Source of the task cell without a solution between the markers, as nbgrader releases it."""
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
