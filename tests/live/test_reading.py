"""Facts that the code of a function shows by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nngrade.live.reading import faint_fact, function_in, plain_fact


def kind_of(source: str, **namespace: Any) -> str:
    function = function_in(source, "f")
    assert function is not None
    fact = plain_fact(function, {"np": np, **namespace})
    return fact.kind if fact is not None else ""


PLAIN = {
    "an argument that nothing reads": ("def f(x, y):\n    return x", "unused"),
    "an argument that is set anew": ("def f(x):\n    x = 3\n    return x", "overwritten"),
    "a return at the end of a loop": (
        "def f(x):\n    for i in range(x):\n        s = i\n        return s",
        "returns_in_loop",
    ),
    "a generator of its own": (
        "def f(rng):\n    rng.random()\n    return np.random.default_rng(0).random()",
        "own_generator",
    ),
    "the old functions for chance": (
        "def f(rng):\n    rng.random()\n    return np.random.rand()",
        "own_generator",
    ),
    "a copy of the generator": (
        "def f(rng):\n    import copy\n    return copy.deepcopy(rng).random()",
        "own_generator",
    ),
}


@pytest.mark.parametrize("what", PLAIN)
def test_a_fact_is_seen(what: str):
    source, kind = PLAIN[what]
    assert kind_of(source) == kind


def test_a_variable_of_the_notebook_is_no_argument():
    source = "def f(x):\n    return x @ w"
    assert kind_of(source, w=np.eye(2)) == "from_outside"
    assert kind_of(source) == ""


RIGHT = [
    "def f(x):\n    return x",
    "def f(x):\n    x = np.asarray(x)\n    return x",
    "def f(x, y=1):\n    x += y\n    return x",
    "def f(x, y):\n    return locals()",
    "def f(x):\n    def g():\n        return x\n    return g()",
    "def f(x):\n    return [i for i in x]",
    "def f(x):\n    for i in x:\n        if i:\n            return i\n    return None",
    "def f(x):\n    for i in x:\n        if i:\n            continue\n        return i",
    "def f(rng):\n    return rng.random()",
    "def f(x):\n    if x is None:\n        x = 3\n    return x",
    "def f(x):\n    import math as m\n    return m.exp(x)",
    "def f(x):\n    return SCALE * helper(x) + small",
]


@pytest.mark.parametrize("source", RIGHT)
def test_what_right_functions_do_is_no_fact(source: str):
    assert kind_of(source, SCALE=np.ones(2), helper=len, small=2) == ""


def test_faint_facts():
    function = function_in("def f(x):\n    y = 2 * x\n    return x", "f")
    assert "y" in faint_fact(function).sentence
    for source in ("a, b = x\n    return a", "_ = x\n    return x", "return [1 for i in x]"):
        assert faint_fact(function_in(f"def f(x):\n    {source}", "f")) is None


def test_of_several_definitions_the_last_is_read():
    source = "def f(x):\n    return 1\ndef g(): ...\ndef f(y):\n    return 2"
    assert function_in(source, "f").args.args[0].arg == "y"


@pytest.mark.parametrize("source", ["", "def g(): ...", "def f(", "f = lambda x: x"])
def test_where_there_is_no_such_definition_there_is_nothing_to_read(source: str):
    assert function_in(source, "f") is None
