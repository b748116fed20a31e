"""Watched or not, the test cells of the course find the same, with right and with wrong answers."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from nngrade.authoring.specimens import solutions
from nngrade.course.stages import Course, Stage
from nngrade.live.clock import TooLong, limited
from nngrade.live.evidence import RECORDER, Evidence, recorded
from nngrade.live.outline import OutlineCell, read_outline

pytestmark = pytest.mark.thorough

PREFIXES = [f"stage0{number}" for number in range(1, 8)]
# Mistakes of each stage, spread over its tasks.
N_MISTAKES = 5
# Longer than any test cell takes on a busy machine; endless mistakes wait for it.
SECONDS = 6.0


def cells_of(course: Course, stage: Stage) -> list[OutlineCell]:
    """The code cells of the notebook in which students work, but for the demonstrations."""
    cells = read_outline(course.assignments / stage.name / f"{stage.name}.ipynb").cells
    return [one for one in cells if one.kind in ("given", "task", "tests")]


def run(code: Any, namespace: dict[str, Any]) -> tuple[str, str]:
    """How a test cell ends: the kind of exception and its message."""
    try:
        with warnings.catch_warnings(), limited(SECONDS):
            warnings.simplefilter("ignore")
            exec(code, namespace)
    except (Exception, TooLong) as error:
        return type(error).__name__, str(error)
    return "", ""


def names_of(sources: list[str]) -> dict[str, Any]:
    """What cells define, afresh: mistakes change what the course's cells have made."""
    namespace: dict[str, Any] = {"__name__": "notebook"}
    for source in sources:
        exec(source, namespace)
    return namespace


def compare(tests: OutlineCell, before: list[str], tasks: frozenset[str]) -> str:
    """Run a test cell plain and watched, each after all the cells before; say how it ends."""
    plain = run(compile(tests.source, "<plain>", "exec"), names_of(before))
    seen = Evidence(tasks)
    tree = recorded(ast.parse(tests.source))
    watched = run(compile(tree, "<watched>", "exec"), {**names_of(before), RECORDER: seen})
    if plain[0] == "AssertionError" and seen.failed:
        # What comes after the first assert that fails may end in another way.
        assert seen.failed[0].message == plain[1]
    else:
        assert watched == plain
        assert not seen.failed
    assert seen.cases or plain[0]
    return plain[0]


def filled(
    course: Course, stage: Stage, task: str = "", source: str = ""
) -> Iterator[tuple[OutlineCell, str]]:
    right = solutions(stage)
    for cell in cells_of(course, stage):
        if cell.kind != "task":
            yield cell, cell.source
        else:
            yield cell, source if cell.task == task else right[cell.task]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_solutions_pass_either_way(real_course: Course, prefix: str):
    stage = real_course.stage(prefix)
    tasks = frozenset(task.name for task in stage.lesson.tasks)
    before: list[str] = []
    tried = 0
    for cell, source in filled(real_course, stage):
        if cell.kind == "tests":
            assert compare(cell, before, tasks) == ""
            tried += 1
        else:
            before.append(source)
    assert tried == len(tasks)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_known_mistakes_fail_alike(real_course: Course, prefix: str):
    stage = real_course.stage(prefix)
    tasks = frozenset(task.name for task in stage.lesson.tasks)
    step = len(stage.misconceptions) // N_MISTAKES
    chosen = stage.misconceptions[step // 2 :: step][:N_MISTAKES]
    ends = []
    for mistake in chosen:
        before: list[str] = []
        for cell, source in filled(real_course, stage, mistake.task, mistake.source):
            if cell.kind == "tests":
                if cell.task == mistake.task:
                    ends.append(compare(cell, before, tasks))
                    break
            else:
                before.append(source)
    assert len(ends) == N_MISTAKES
    assert sum(map(bool, ends)) >= N_MISTAKES - 2
