"""Mistakes that are the same, and their counts."""

from __future__ import annotations

import pytest

from nngrade.class_report.mistakes import MistakeCount, fingerprint, unreached
from tests.class_report.conftest import check


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("w is 3.5, which is not right", "w is -1e+122, which is not right"),
        ("at [0, 1]: NaN", "at [7]: NaN"),
        ("found [0, 2, 4]", "found [0, 1, 2, 3, 4]"),
        ("W is\n[[1. 0.]\n [0. 2.]]", "W is\n[[1. 0. nan]]"),
        ("has shape (5,), but not (8, 2)", "has shape (3, 3), but not (4,)"),
        ("1 of 9 entries is wrong; the worst at [2] is 1", "every entry is wrong; the worst is 4"),
        ("x is NaN at [3] and in 2 more places; bad", "x is NaN at [0, 1]; bad"),
        ("dW with ['relu', 'elu']: bad", "dW with ['linear', 'relu', 'tanh']: bad"),
        ("KeyError in your cell fit, line 4", "KeyError in your cell fit, line 12"),
    ],
)
def test_equal_mistakes_have_one_fingerprint(one, other):
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("W1 is wrong", "W2 is wrong"),
        ("x is NaN at [3]", "x is wrong at [3]"),
        ("fit is not defined", "predict is not defined"),
        ("ValueError: 3", "TypeError: 3"),
    ],
)
def test_other_mistakes_have_other_fingerprints(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_of_anything_is_soon_taken():
    for text in ("# , " * 5000, "[" * 20000, "'," * 9000, "1 of 2 entr" * 999, "-" * 9999):
        assert len(fingerprint(text)) <= 3000


def test_a_name_takes_precedence_over_the_message():
    counts = MistakeCount(lambda one: "sign" if "minus" in one.message else None)
    for message in ("x is 1", "minus one", "minus\ntwo", "y is minus", "x is 2"):
        counts.add(check("a.one", message))
    first, second = counts.most_frequent()
    assert (first.name, first.example, first.count) == ("sign", "minus one", 3)
    assert (second.name, second.example, second.count) == ("", "x is 1", 2)
    assert counts.most_frequent(1) == (first,)


def test_what_was_not_reached_is_no_mistake():
    assert unreached(check("a.one", "a is not done yet"))
    assert unreached(check("a.one", "a calls b, which is not done yet"))
    assert unreached(check("a.one", "first this must be right: b", status="skipped"))
    assert not unreached(check("a.one", "a is not defined"))
