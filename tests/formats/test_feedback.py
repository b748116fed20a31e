"""How much students are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nngrade.course.options import LEVELS
from nngrade.formats.feedback import AS_ABOVE, as_told, explained
from nngrade.results import Diagnosis
from tests.formats.conftest import a_submission, check


def test_a_reason_that_was_given_before_is_not_hinted_at_otherwise() -> None:
    same = "total changed its argument number 1 in place"
    checks = [check("a", message=same, hint="Copy."), check("b", message=same, hint="Sort.")]
    (_, first), (_, second) = explained(checks)
    assert first == [same, "Hint: Copy."]
    assert second == [AS_ABOVE]
    assert [lines[0] for _, lines in explained(checks, each=True)] == [same, same]


def test_what_an_argument_has_become_is_said_once() -> None:
    told = Diagnosis(None, "mutated", "total changes X: an array.", "Which lines?", "likely")
    one = check("a", message="total changed its argument number 1 in place; copy", diagnosis=told)
    assert one.reasons == ("total changes X: an array.",)
    (_, _), (_, again) = explained([one, replace(one, id="total.b", diagnosis=None)])
    assert again == [AS_ABOVE]


@pytest.mark.parametrize("level", LEVELS)
def test_the_score_is_the_same_whatever_is_told(level):
    assert as_told(a_submission(), level).score == 2.5
