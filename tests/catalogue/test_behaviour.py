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


def test_code_is_the_same_whatever_its_names_and_layout() -> None:
    one = "def f(a, b=2):\n    '''Doc.'''\n    s = a + b  # the sum\n    return np.exp(s)\n"
    other = (
        "import numpy as np\n\ndef f(x, y=2):\n\n    total = (x + y)\n    return np.exp(total)\n"
    )
    assert behaviour.is_same_code(one, other, "f")
    assert not behaviour.is_same_code(one, other.replace("y=2", "y=3"), "f")
    assert not behaviour.is_same_code(one, other.replace("x + y", "y + x"), "f")
    assert not behaviour.is_same_code(one, other.replace("np.exp", "np.log"), "f")
    assert not behaviour.is_same_code(one, "def f(:", "f")
    assert not behaviour.is_same_code(one, "x = 1", "f")
