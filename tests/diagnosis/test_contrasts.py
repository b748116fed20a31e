"""What a call that goes wrong has, and one that goes right has not; and the smallest example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nngrade.diagnosis.contrasts import example_of, find_contrast
from nngrade.diagnosis.relations import Names
from nngrade.worker.calls import CallOutcome, RecordedCall

NAMES = Names(("X", "b", "l2"), ())
Function = Callable[..., Any]


def right(X: Any, b: Any, l2: float = 0.0) -> float:
    return float(np.sum((X + b) ** 2) / len(X) + l2 * np.sum(np.abs(X) ** 3))


def calls(n: int = 12) -> list[RecordedCall]:
    """Calls of every kind: with and without a penalty, bias, negative entries, several rows."""
    rng = np.random.default_rng(5)
    found = []
    for number in range(n):
        X = rng.normal(size=(1 + number % 3, 2 + number % 2))
        X = abs(X) if number % 4 == 0 else X
        if number % 5 == 4:
            X = np.round(9 * X).astype(int if number % 2 else np.int8)
        args = X, float(rng.normal()) if number % 3 else 0.0
        kwargs = {"l2": 0.1 * (number % 2)}
        found.append(RecordedCall(args, kwargs, None, outcome(right, args, kwargs)))
    return found


def outcome(function: Function, args: Any, kwargs: Any) -> CallOutcome:
    return CallOutcome(function(*args, **kwargs), [np.copy(one) for one in args])


def contrast(wrong: Function, telling: bool = True) -> str:
    probes = calls()

    def again(probe: RecordedCall) -> tuple[RecordedCall, CallOutcome]:
        expected = outcome(right, probe.args, probe.kwargs)
        return (
            RecordedCall(probe.args, probe.kwargs, None, expected),
            outcome(wrong, probe.args, probe.kwargs),
        )

    seen = [outcome(wrong, one.args, one.kwargs) for one in probes]
    found = find_contrast("f", NAMES, probes, seen, again, lambda before, after: telling)
    return found.sentence if found is not None else ""


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("l2 is not 0", lambda X, b, l2=0.0: right(X, b) + 2 * l2 * np.sum(np.abs(X) ** 3)),
        ("b is not 0", lambda X, b, l2=0.0: right(X, 2 * b, l2)),
        ("an entry of X is negative", lambda X, b, l2=0.0: right(abs(X), b, l2)),
        (
            "X holds integers",
            lambda X, b, l2=0.0: right(X, b, l2) + (X.dtype.kind == "i"),
        ),
        (
            "X holds integers of few bits, such as uint8",
            lambda X, b, l2=0.0: right(X, b, l2) + (X.dtype == np.int8),
        ),
        ("X has more than one row", lambda X, b, l2=0.0: right(X, b, l2) + (len(X) > 1)),
    ],
)
def test_what_makes_a_call_go_wrong_is_found(where: str, wrong: Function) -> None:
    assert (
        contrast(wrong) == f"f goes wrong only where {where}: change that alone, and it is right."
    )


def test_nothing_is_said_where_nothing_sets_wrong_calls_apart() -> None:
    assert contrast(lambda X, b, l2=0.0: right(X, b, l2) + 1.0) == ""


def test_a_change_after_which_all_mistakes_look_right_says_nothing() -> None:
    assert contrast(lambda X, b, l2=0.0: right(X, 2 * b, l2), telling=False) == ""


def test_the_smallest_wrong_call_is_the_example() -> None:
    probes = calls()
    seen = [outcome(lambda X, b, l2=0.0: 7.0, one.args, one.kwargs) for one in probes]
    said = example_of("f", probes, seen, NAMES)
    smallest = min(probes, key=lambda one: one.args[0].size)
    assert said.startswith(f"f(X={' '.join(repr(np.round(smallest.args[0], 6)).split())[:12]}")
    assert said.endswith("not 7.0.")


def test_tiny_numbers_are_shown_as_they_are() -> None:
    probe = RecordedCall((np.array([1e-9, -1e-13]), 0.0), {}, None, CallOutcome(2e-3, []))
    said = example_of("f", [probe], [CallOutcome(np.float64(0.0), [])], NAMES)
    assert said == "f(X=array([1e-09, -1e-13]), b=0.0) should be 0.002, not 0.0."


def test_a_call_with_several_right_answers_is_no_example() -> None:
    probes = calls()
    seen = [outcome(lambda X, b, l2=0.0: 7.0, one.args, one.kwargs) for one in probes]
    smallest = min(probes, key=lambda one: one.args[0].size)
    first = example_of("f", probes, seen, NAMES)
    other = example_of("f", probes, seen, NAMES, lambda one: one is not smallest)
    assert other not in ("", first)
    assert example_of("f", probes, seen, NAMES, lambda one: False) == ""


def test_calls_with_a_generator_or_a_driver_are_no_examples() -> None:
    probe = RecordedCall((np.random.default_rng(0), 1.0), {}, None, CallOutcome(1.0, []))
    assert example_of("f", [probe], [CallOutcome(2.0, [])], NAMES) == ""
    assert (
        find_contrast(
            "f",
            NAMES,
            [probe],
            [CallOutcome(2.0, [])],
            lambda one: None,
            lambda before, after: True,
        )
        is None
    )
