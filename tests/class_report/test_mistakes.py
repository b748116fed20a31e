"""Mistakes that are the same, and their counts."""

from __future__ import annotations

import pytest

from nngrade.class_report.mistakes import MistakeCount, cause_of, fingerprint, unreached
from tests.class_report.conftest import check, known, related


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
        ("In your cell fit, line 4 (`a = b`), it", "In your cell fit, line 12 (`c = 3 * d`), it"),
        ("the largest is 0.1, not 1.6048093898414613e-06", "the largest is 2, not 0.5"),
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


@pytest.mark.parametrize(
    ("failed", "kind", "name", "sentence"),
    [
        (check("a.one", "a is 1", diagnosis=known("bias_forgotten", "No b.")),
         "known", "bias forgotten", "No b."),
        (check("a.one", "a is 1", diagnosis=related("factor", "It is 2 times too large.")),
         "relation", "off by a factor", "It is 2 times too large."),
        (check("a.one", "a is 1", diagnosis=related("new_kind")),
         "relation", "new kind", "It is wrong."),
        (check("a.one", "KeyError: 3 in your cell a, line 2", status="error"),
         "exception", "KeyError", "KeyError: 3 in your cell a, line 2"),
        (check("a.one", "In your cell a, line 2, it stops (ValueError).", status="error",
               diagnosis=related("error")),
         "exception", "ValueError", "In your cell a, line 2, it stops (ValueError)."),
        (check("a.one", "MemoryError: more than there are", status="error", limit="memory"),
         "limit", "memory limit", "MemoryError: more than there are"),
        (check("a.one", "a did not finish", status="timeout", limit="wall"),
         "limit", "time limit", "a did not finish"),
        (check("a.one", "a is 1", diagnosis=related("follows", "Because of b.")),
         "follows", "follows from another task", "Because of b."),
        (check("a.one", "not 1.6048093898414613e-06"), "unknown", "", "not 1.60481e-06"),
        (check("a.one", "the worker ended", status="error"), "unknown", "", "the worker ended"),
    ],
)  # fmt: skip
def test_a_cause_has_a_name_and_a_sentence(failed, kind, name, sentence):
    cause = cause_of(failed)
    assert (cause.kind, cause.name, cause.sentence) == (kind, name, sentence)


def counted(*checks):
    counts = MistakeCount()
    for one in checks:
        counts.add(one)
    return [(one.count, one.cause.name, one.cause.sentence) for one in counts.most_frequent()]


def test_failures_are_counted_by_cause_and_not_by_message():
    sign = known("wrong_sign", "The sign is wrong.")
    assert counted(
        check("a.one", "x is 0.1"),
        check("a.one", "minus 1", diagnosis=sign),
        check("a.two", "minus 2, by another message", diagnosis=sign),
        check("a.one", "x is 1.6048093898414613e-06"),
        check("b.one", "minus 1", diagnosis=sign),  # the same name in another task
        check("a.one", "KeyError: 1 in your cell a, line 2", status="error"),
        check("a.one", "minus 3", diagnosis=sign),
    ) == [
        (3, "wrong sign", "The sign is wrong."),
        (2, "", "x is 0.1"),
        (1, "wrong sign", "The sign is wrong."),
        (1, "KeyError", "KeyError: 1 in your cell a, line 2"),
    ]


def test_of_equally_frequent_causes_those_with_a_name_come_first():
    relation = related("sign")
    found = counted(check("a.one", "x is 1"), check("a.one", "x", diagnosis=relation))
    assert [name for _, name, _ in found] == ["wrong sign", ""]


def test_what_was_not_reached_is_no_mistake():
    assert unreached(check("a.one", "a is not done yet"))
    assert unreached(check("a.one", "a calls b, which is not done yet"))
    assert unreached(check("a.one", "first this must be right: b", status="skipped"))
    assert not unreached(check("a.one", "a is not defined"))
