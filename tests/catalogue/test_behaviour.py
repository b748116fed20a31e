"""Known mistakes by their behaviour: two together, and without end."""

from __future__ import annotations

from typing import Any

from nngrade.catalogue import behaviour
from nngrade.catalogue.probes import probes_of
from nngrade.course.answers import Answer
from nngrade.course.stages import Stage
from nngrade.grading.budget import LineBudget
from tests.conftest import SECRET


def test_two_mistakes_are_made_together() -> None:
    reference = "def f(a, b):\n    '''Doc.'''\n    s = a + b\n    return s * 2\n"
    first = Answer("f", "minus", "", "def f(a, b):\n    s = a - b\n    return s * 2\n")
    second = Answer("f", "triple", "", "def f(a, b):\n    s = a + b\n    return s * 3\n")
    third = Answer("f", "divide", "", "def f(a, b):\n    s = a / b\n    return s * 2\n")
    pairs = list(behaviour.merged_pairs("f", reference, [first, second, third]))
    assert {(one.name, other.name) for one, other, _ in pairs} == {
        ("minus", "triple"),
        ("triple", "divide"),
    }
    namespace: dict[str, Any] = {}
    exec(pairs[0][2], namespace)
    assert namespace["f"](5, 3) == 6


def test_a_mistake_without_end_is_given_up(stage: Stage) -> None:
    probes = probes_of(stage, "total", SECRET, None)  # type: ignore[arg-type]
    assert len(probes) == 7
    endless = {"total": "def total(values):\n    while True:\n        pass\n"}
    seen = [one.expected for one in probes]
    budget = LineBudget(1000, behaviour.FILE)
    assert behaviour.suspects_that_match(stage, "total", [endless], probes, seen, budget) == []
    assert budget.left < 0
