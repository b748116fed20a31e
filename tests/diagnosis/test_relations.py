"""Relations between what was returned and what is right."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from nngrade.diagnosis.relations import Names, _plainly, find_relation
from nngrade.worker.calls import CallOutcome, RecordedCall, StudentError
from nngrade.worker.public import public


def relation(got: list[Any], wanted: list[Any], args: list[tuple[Any, ...]]) -> Any:
    """The relation that is found between what came out and what should have."""
    names = Names(("X", "rate"), ("J", "dW"))
    probes = [
        RecordedCall(one, {}, None, CallOutcome(value, list(one)))
        for value, one in zip(wanted, args, strict=True)
    ]
    seen = [CallOutcome(value, list(one)) for value, one in zip(got, args, strict=True)]
    return find_relation("f", names, probes, seen)


def changed(value: Any, change: Any, wanted: float = 1.0) -> Any:
    """What is said of a function that returns the right thing and changes its first argument."""
    probes, seen = [], []
    for _ in range(3):
        probes.append(RecordedCall((value, 0.5), {}, None, CallOutcome(wanted, [value, 0.5])))
        after = copy.deepcopy(value)
        change(after)
        seen.append(CallOutcome(wanted, [after, 0.5]))
    return find_relation("f", Names(("X", "rate"), ()), probes, seen)


@pytest.mark.parametrize(
    ("value", "change", "kind", "hint"),
    [
        (np.ones(3), lambda x: x.fill(2), "an array", "`y = x` makes no copy"),
        ([1, 2], lambda x: x.pop(), "a list", "`pop`"),
        ({"a": 1}, lambda x: x.clear(), "a dictionary", "`d[key] = …`"),
    ],
)
def test_what_is_changed_is_named(value: Any, change: Any, kind: str, hint: str) -> None:
    found = changed(value, change)
    assert found.kind == "mutated"
    assert found.sentence == f"f returns the right thing, but changes X: {kind} of its caller's."
    assert hint in found.hint


def test_an_array_that_cannot_be_changed_is_as_good_as_changed() -> None:
    X = np.ones(3)
    error = StudentError("ValueError", "assignment destination is read-only", "f", 2)
    probes = [RecordedCall((X, 0.5), {}, None, CallOutcome(1.0, [X, 0.5]))] * 2
    seen = [CallOutcome(error=error), CallOutcome(1.0, [X + 1, 0.5])]
    found = find_relation("f", Names(("X", "rate"), ()), probes, seen)
    assert "changes X" in found.sentence
    other = CallOutcome(error=StudentError("ValueError", "something else", "f", 2))
    assert find_relation("f", Names(("X", "rate"), ()), probes, [other, seen[1]]) is None


@pytest.mark.parametrize(
    ("number", "said"), [(-1e4, "-10,000"), (738.2, "738.2"), (30.0, "30"), (1e9, "1e+09")]
)
def test_limits_are_plain_numbers(number: float, said: str) -> None:
    assert _plainly(number) == said


RNG = np.random.default_rng(3)


INPUTS = [(RNG.normal(size=(m, n)), rate) for m, n, rate in ((4, 3, 0.5), (7, 2, 0.1), (3, 5, 0.3))]


RIGHT = [RNG.normal(size=(n, m)) for (m, n) in ((4, 3), (7, 2), (3, 5))]


@pytest.mark.parametrize(
    ("kind", "said", "change"),
    [
        ("factor", "times the number of rows of X", lambda a, X, rate: a * len(X)),
        ("factor", "divided by the number of columns of X", lambda a, X, rate: a / X.shape[1]),
        ("factor", "times rate", lambda a, X, rate: a * rate),
        ("factor", "times 2,", lambda a, X, rate: 2 * a),
        ("factor", "times 1/2", lambda a, X, rate: a / 2),
        ("sign", "opposite sign", lambda a, X, rate: -a),
        ("offset", "off by the same +1 ", lambda a, X, rate: a + 1),
        ("offset", "off by rate", lambda a, X, rate: a - rate),
        ("transpose", "transposed", lambda a, X, rate: a.T),
        ("axis", "summed over an axis that should be kept", lambda a, X, rate: a.sum(axis=0)),
        ("axis", "averaged over", lambda a, X, rate: a.mean(axis=1)),
        ("shape", "its shape is (3, 4, 1)", lambda a, X, rate: a[:, :, None]),
        ("broadcast", "has the shape", lambda a, X, rate: a[:, :, None] * np.arange(1, 4)),
        ("permutation", "another order", lambda a, X, rate: a[::-1, ::-1]),
        ("dtype", "floats; they should be whole", None),
        ("input", "off by a multiple of X", lambda a, X, rate: a.T + 0.2 * X),
    ],
)
def test_a_relation_is_found(kind: str, said: str, change: Any) -> None:
    wanted: list[Any] = RIGHT
    if kind == "dtype":
        wanted = [np.round(9 * one).astype(int) for one in RIGHT]
        got = [one.astype(float) for one in wanted]
    elif kind == "input":
        wanted = [one.T for one in RIGHT]
        got = [change(one, *args) for one, args in zip(RIGHT, INPUTS, strict=True)]
    else:
        got = [change(one, *args) for one, args in zip(RIGHT, INPUTS, strict=True)]
    found = relation(got, wanted, INPUTS)
    assert found is not None
    assert found.kind == kind
    assert said in found.sentence


def test_of_two_results_the_wrong_one_is_told() -> None:
    wanted = [(float(k), one) for k, one in enumerate(RIGHT)]
    got = [(J, RNG.normal(size=one.shape)) for J, one in wanted]
    found = relation(got, wanted, INPUTS)
    assert found.kind == "part"
    assert "only dW is wrong" in found.sentence


def test_first_and_last_rows_are_told_apart() -> None:
    def spoilt(array: Any, row: int) -> Any:
        new = array.copy()
        new[row] += 1 + np.arange(new.shape[1])
        return new

    tall = [RNG.normal(size=(5, n)) for n in (2, 3, 4)]
    for row, word in ((0, "first"), (-1, "last")):
        assert f"its {word} row" in relation([spoilt(a, row) for a in tall], tall, INPUTS).sentence


def test_overflow_is_told_with_its_size() -> None:
    sizes = (1.0, 10.0, 800.0, 1000.0)
    args = [(np.full(3, size), 1.0) for size in sizes]
    wanted = [np.ones(3) for _ in sizes]
    got = [np.ones(3), np.ones(3), np.array([1, np.nan, 1]), np.array([np.inf, 1, 1])]
    found = relation(got, wanted, args)
    assert found.kind == "not_finite"
    assert "as large as 800" in found.sentence


def test_noise_has_no_relation() -> None:
    assert relation([RNG.normal(size=one.shape) for one in RIGHT], RIGHT, INPUTS) is None
    assert relation(RIGHT, RIGHT, INPUTS) is None
    one_wrong = [2 * RIGHT[0], *RIGHT[1:]]
    assert relation(one_wrong, RIGHT, INPUTS) is None, "one call shows nothing"


@pytest.mark.parametrize(
    ("kind", "said", "change"),
    [
        ("rounded", "rounded to 2 decimals", lambda a: np.round(a, 2)),
        ("rounded", "lost its fractions", np.trunc),
        ("cut_off", "never above 0.5, but", lambda a: np.minimum(a, 0.5)),
        ("cut_off", "never below -0.3, but", lambda a: np.maximum(a, -0.3)),
        ("nearly", "off by up to", lambda a: a + 1e-6 * np.sin(1e3 * a)),
        ("entries", "only where the right value is negative", lambda a: np.where(a < 0, a**2, a)),
        ("entries", "only where the right value is positive", lambda a: np.where(a > 0, a / 3, a)),
    ],
)
def test_what_is_wrong_with_single_entries_is_found(kind: str, said: str, change: Any) -> None:
    found = relation([change(one) for one in RIGHT], RIGHT, INPUTS)
    assert (found.kind, said in found.sentence) == (kind, True), found


def test_entries_are_told_by_the_argument_that_they_come_from() -> None:
    wanted = [np.sin(X) + 2 for X, _ in INPUTS]
    got = [np.where(X < 0, 1.7 * one, one) for one, (X, _) in zip(wanted, INPUTS, strict=True)]
    found = relation(got, wanted, INPUTS)
    assert found.kind == "entries"
    assert "f is wrong only where X is negative, and right in all other entries" in found.sentence


def test_a_few_numbers_that_are_nearly_round_were_not_rounded() -> None:
    wanted = [20.0 + 2e-9, 7.0 + 1e-9, 5.0 + 3e-8]
    found = relation([20.0, 7.0, 5.0], wanted, INPUTS)
    assert found is None or found.kind != "rounded"


def test_single_numbers_have_no_wrong_entries() -> None:
    wanted = [0.5, 40.0, 2.0, 50.0, 60.0]
    got = [0.5, 3.0, 2.0, 5.0, 7.0]
    assert relation(got, wanted, [(np.ones(3), float(k)) for k in range(5)]) is None


def test_what_a_driver_returns_is_no_part() -> None:
    names, args = Names(("X",), ()), (np.ones(2),)

    def both(f: Any, X: Any) -> Any:
        return f(X), f(X)

    good = [RNG.normal(size=(3, 3)) for _ in range(4)]
    probes = [RecordedCall(args, {}, None, CallOutcome(one, [args[0]])) for one in good]
    seen = [CallOutcome(one + RNG.normal(size=(3, 3)), [args[0]]) for one in good]
    driven = RecordedCall(args, {}, public(both), CallOutcome((1.0, 2.0), [args[0]]))
    assert find_relation("f", names, [*probes, driven], [*seen, driven.expected]) is None
