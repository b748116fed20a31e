"""Reasons that comparisons show, by what a wrong function does."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from nngrade.live.evidence import RECORDER, Evidence, recorded
from nngrade.live.verdict import Circumstances, Verdict, judge

TESTS = """
for theta, step in ((np.array([1.0, 2.0, 3.0]), 0.5), (np.array([4.0, -2.0]), 0.25)):
    new, n = moved(theta, step)
    assert near(new, theta - step), "a step down"
"""
ROWS = """
assert near(summed(np.array([[1.0, 2.0], [3.0, -4.0], [0.0, 5.0]])), [3, -1, 5]), "sums of rows"
"""


def verdict_on(task: str, source: str, tests: str) -> Verdict:
    """What is said of a function after these tests."""
    namespace: dict[str, Any] = {"np": np}
    exec("from nndata.testing import near", namespace)
    exec(source, namespace)
    seen = Evidence(frozenset({task}))
    error: BaseException | None = None
    try:
        exec(compile(recorded(ast.parse(tests)), "<tests>", "exec"), {**namespace, RECORDER: seen})
    except AssertionError as raised:
        error = raised
    stub = namespace[task]
    return judge(task, seen, error, Circumstances(namespace, stub=stub))


MOVED = '''
def moved(theta, step):
    """Take a step.

    Returns
    -------
    theta : ndarray
        After the step.
    n : int
        One.
    """
    return {}, 1
'''


@pytest.mark.parametrize(
    ("result", "kind", "words"),
    [
        ("theta - step", "", ""),
        ("theta + step", "step", "The step of theta goes the other way."),
        ("theta - 3 * step", "step", "The step of theta is 3 times as long as asked."),
        ("theta.copy()", "as_given", "it is theta as it was handed over"),
    ],
)
def test_a_step_is_told_by_its_length_and_direction(result: str, kind: str, words: str):
    said = verdict_on("moved", MOVED.format(result), TESTS)
    assert said.kind == kind
    assert words in said.reason


def test_rows_that_are_wrong_are_told_beside_those_that_are_right():
    said = verdict_on("summed", "def summed(X):\n    return np.abs(X).sum(axis=1)\n", ROWS)
    assert said.kind == "where"
    assert "[ 3., -4.]" in said.reason
    assert "right where it is" in said.reason


def test_what_passes_says_nothing():
    said = verdict_on("summed", "def summed(X):\n    return X.sum(axis=1)\n", ROWS)
    assert (said.state, said.reason, said.cases) == ("passed", "", 1)
