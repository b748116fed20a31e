"""Mutants: other functions, the usual mistakes among them, each only once."""

from __future__ import annotations

import ast
import dataclasses

from nngrade.audit.mutants import mutants_of
from nngrade.course.lesson import Task
from tests.audit.conftest import task_of


def with_source(task: Task, source: str) -> Task:
    return dataclasses.replace(task, solution=dataclasses.replace(task.solution, source=source))


def test_mutants_are_other_functions_of_the_same_name(stage):
    for task in stage.lesson.tasks:
        made = mutants_of(task)
        assert len({one.id for one in made}) == len({one.source for one in made}) == len(made) > 3
        for one in made:
            (function,) = ast.parse(one.source).body
            assert function.name == task.name
            assert any(line.startswith("+") for line in one.diff.splitlines()), one.diff


def test_the_usual_mistakes_are_among_the_mutants(course):
    batches = {one.source for one in mutants_of(task_of(course.stages[1], "batches"), 1000)}
    for wrong in (
        "order = np.random.permutation(len(values))",  # everybody's generator
        "range(0, len(values) - size, size)",  # without the last, smaller one
        "range(1, len(values), size)",
        "yield order[order[start:start + size]]",  # another variable
        "values[start:start + size]",  # no shuffling
    ):
        assert any(wrong in one for one in batches), wrong
    shifted = {one.source for one in mutants_of(task_of(course.stages[0], "shifted"))}
    assert any("values.__iadd__(by)" in one for one in shifted)


def test_there_are_no_more_mutants_than_asked_for_and_of_many_kinds(course):
    some = mutants_of(task_of(course.stages[1], "batches"), 20)
    assert len(some) == 20
    assert len({one.operator for one in some}) > 10


def test_a_mutant_is_known_by_its_code_not_by_layout_and_docstring(stage):
    task = task_of(stage, "total")
    source = task.solution.source.replace("Sum of", "The sum of").replace(
        "(values))", "( values ))"
    )
    assert source != task.solution.source
    assert mutants_of(with_source(task, source)) == mutants_of(task)


def test_what_is_given_in_a_task_is_not_changed(stage):
    task = task_of(stage, "total")
    given = task.solution.source.replace("    ### BEGIN", "    offset = 5 - 5\n    ### BEGIN")
    for one in mutants_of(with_source(task, given)):
        assert "offset = 5 - 5" in one.source
