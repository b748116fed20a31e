"""Mutants that behave as the reference does."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade.audit.cases import Case
from nngrade.audit.equivalence import replays_of, same, same_behaviour
from nngrade.audit.judge import student_with
from tests.audit.conftest import DIGITS


def test_sameness_is_that_of_a_check_but_to_the_last_digit():
    x = np.array([1.0, 2.0])
    assert same(x, x * (1 + 1e-15))
    assert not same(x, x * (1 + 1e-9))
    assert not same(x, x[None])
    assert same(x, np.array([1, 2]))
    assert not same(np.array([1, 2]), x)
    assert same(np.array([1, 2]), np.array([1, 2], dtype=np.int8))
    assert same([1.0, {"a": np.float64(2)}], (np.array(1.0), {"a": 2.0}))
    assert not same({"a": 1}, {"b": 1})
    assert same(np.nan, np.nan)
    assert same(None, None)
    assert not same(None, 0)
    assert not same(True, 1)


@pytest.mark.parametrize(
    ("number", "task", "body", "equivalent"),
    [
        (0, "shifted", "return by + values", True),
        (0, "shifted", "return values.__iadd__(by)", False),  # changes its argument
        (0, "shifted", "return values + by if values.any() else values", False),  # only for zeros
        (0, "shifted", "return values if values[0] > 50 else values + by", False),
        (1, "batches", "order = rng.permutation(len(values)); return [values[order]]", False),
        (
            1,
            "batches",
            "order = rng.permutation(len(values)); rng.random(); "
            "return [values[order[k : k + size]] for k in range(0, len(values), size)]",
            False,  # draws a number too many
        ),
        (
            1,
            "batches",
            "order = rng.permutation(len(values)); "
            "return [values[order[k : k + size]] for k in range(0, len(values), size)]",
            True,
        ),
    ],
)
def test_a_mutant_is_equivalent_if_nothing_tells_it_from_the_reference(
    course, number, task, body, equivalent
):
    stage = course.stages[number]
    names = {"shifted": "values, by", "batches": "values, size, rng"}[task]
    source = f"def {task}({names}):\n    {body}\n"
    student = student_with(stage, Case("mutant", task, "x", sources={task: source}))
    assert student is not None
    assert same_behaviour(task, student, replays_of(stage, task, 3, DIGITS)) is equivalent
