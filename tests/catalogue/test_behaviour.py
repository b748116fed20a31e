"""Known mistakes by their behaviour: two together, and without end."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from nngrade.catalogue import behaviour
from nngrade.catalogue.probes import probes_of
from nngrade.course.answers import Answer
from nngrade.course.stages import Stage
from nngrade.diagnosis.outcomes import same_outcome
from nngrade.grading.budget import LineBudget
from tests.conftest import SECRET


def test_two_mistakes_are_made_together() -> None:
    reference = "def f(a, b):\n    '''Doc.'''\n    s = a + b\n    return s * 2\n"
    first = Answer("f", "minus", "", "def f(a, b):\n    s = a - b\n    return s * 2\n")
    second = Answer("f", "triple", "", "def f(a, b):\n    s = a + b\n    return s * 3\n")
    third = Answer("f", "divide", "", "def f(a, b):\n    s = a / b\n    return s * 2\n")
    pairs = behaviour.merged_pairs("f", reference, (first, second, third))
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


ENDLESS = {
    "a loop": "def total(values):\n    for _ in iter(int, 1):\n        pass\n",
    "a comprehension": "def total(values):\n    return [0 for _ in iter(int, 1)]\n",
    "itself": "def total(values):\n    return total(values)\n",
    "a generator": "def total(values):\n    return sum(ones())\n\n"
    "def ones():\n    while True:\n        try:\n            yield 1\n"
    "        finally:\n            x = 1\n            y = 2\n",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_whatever_has_no_end_is_stopped_quietly(
    stage: Stage, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    probes = probes_of(stage, "total", SECRET, None)[:1]  # type: ignore[arg-type]
    budget = LineBudget(500, behaviour.FILE)
    suspect = {"total": ENDLESS[kind]}
    (outcome,) = behaviour.outcomes_of(stage, "total", suspect, probes, budget)
    assert budget.left < 0
    assert not same_outcome(probes[0].expected, outcome)
    gc.collect()
    assert capfd.readouterr().err == ""


def test_lines_are_counted_about_as_they_run(stage: Stage) -> None:
    source = "def total(values):\n    s = 0.0\n    for x in values:\n        s += x\n    return s\n"
    probes = probes_of(stage, "total", SECRET, None)[:1]  # type: ignore[arg-type]
    budget = LineBudget(1000, behaviour.FILE)
    list(behaviour.outcomes_of(stage, "total", {"total": source}, probes, budget))
    assert 1000 - budget.left == 3 + len(probes[0].args[0])


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
