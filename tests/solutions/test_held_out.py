"""The held-out wrong solutions are fit to measure a diagnosis with: new, wrong, and noticed."""

from __future__ import annotations

import ast
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from nngrade.course.data import Data
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage, find_course
from nngrade.grading.assertions import Failure
from nngrade.grading.checking import run_check
from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import CallRefused, StudentError
from tests.conftest import ROOT
from tests.held_out import KINDS, RELATIONS, HeldOut, held_out_set

COURSE = find_course(ROOT)
DIGITS = Data("digits")
HELD_OUT = held_out_set()
SEEDS = ("ann", "bob")

SURVIVORS: dict[str, str] = {}
"""Wrong solutions that no check notices, by the id of their test, with the reason."""


def id_of(one: HeldOut) -> str:
    return f"{one.stage}-{one.task}-{one.name}"


def to_be_graded() -> Iterator[object]:
    for one in HELD_OUT:
        name = id_of(one)
        marks = [pytest.mark.xfail(reason=SURVIVORS[name])] if name in SURVIVORS else []
        yield pytest.param(one, id=name, marks=marks)


class TooSlow(Exception):
    pass


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooSlow(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def namespace(stage: Stage, answer: HeldOut) -> dict[str, Any]:
    """The stage with reference solutions of all the other tasks."""
    names: dict[str, Any] = {"__name__": "held_out"}
    for cell in stage.lesson.cells:
        if cell.kind in ("given", "task"):
            own = cell.kind == "task" and cell.name == answer.task
            exec(
                compile(answer.source if own else cell.source, cell.name or "given", "exec"), names
            )
    return names


def lost_points(answer: HeldOut, seed: str) -> dict[str, float]:
    """The points of each hidden check of the task that the answer loses."""
    stage = COURSE.stage(answer.stage)
    student, lost = LocalStudent(namespace(stage, answer)), {}
    for check in stage.checks:
        # Measuring the accuracy takes long, and it would not decide between right and wrong.
        if check.task != answer.task or check.function is None or check.at_least is not None:
            continue
        rng = generator(b"the held-out set", seed, stage.name, check.id)
        try:
            with at_most(check.timeout or 20):
                run_check(check, stage, student, rng, DIGITS)
        except (Failure, StudentError, CallRefused, TooSlow, TypeError, ValueError):
            lost[check.name] = check.points
    return lost


def shape_of(task: str, source: str) -> str:
    """The task's function without its docstring, however it is laid out."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == task:
            if ast.get_docstring(node) is not None:
                del node.body[0]
            return ast.dump(node)
    raise AssertionError(f"no function {task} in {source}")


def test_there_are_enough_of_each_kind():
    assert len(HELD_OUT) >= 64
    assert {one.stage for one in HELD_OUT} == {stage.name for stage in COURSE.stages}
    assert min(Counter(one.stage for one in HELD_OUT).values()) >= 8
    kinds = Counter(one.kind for one in HELD_OUT)
    assert set(kinds) == set(KINDS)
    assert min(kinds["variation"], kinds["combination"]) >= 25
    assert kinds["new"] >= 14
    assert len({id_of(one) for one in HELD_OUT}) == len(HELD_OUT)


@pytest.mark.parametrize("one", HELD_OUT, ids=id_of)
def test_an_entry_says_what_is_true_of_it(one: HeldOut):
    stage = COURSE.stage(one.stage)
    known = {mistake.name for mistake in stage.misconceptions if mistake.task == one.task}
    assert one.task in {task.name for task in stage.lesson.tasks}
    assert one.description
    assert '"""' not in one.source
    assert set(one.truth) <= known
    assert set(one.relation) <= set(RELATIONS)
    assert one.truth or one.kind == "new"


def test_no_entry_is_in_a_catalogue():
    catalogue = {
        shape_of(answer.task, answer.source)
        for stage in COURSE.stages
        for answer in (*stage.misconceptions, *stage.alternatives)
    }
    shapes = [shape_of(one.task, one.source) for one in HELD_OUT]
    assert not catalogue & set(shapes)
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("one", list(to_be_graded()))
def test_an_entry_loses_points(one: HeldOut):
    for seed in SEEDS:
        assert sum(lost_points(one, seed).values()) > 0


def test_nearly_all_wrong_solutions_are_noticed():
    assert len(SURVIVORS) <= 1
    assert set(SURVIVORS) <= set(map(id_of, HELD_OUT))
