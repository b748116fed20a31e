"""Whether an answer loses a check, whatever it does."""

from __future__ import annotations

from nngrade.audit.cases import Case
from nngrade.audit.judge import TOO_LONG, lost, student_with
from tests.audit.conftest import DIGITS


def test_an_answer_that_never_ends_loses_the_check(stage):
    endless = "def total(values):\n    while True:\n        pass\n"
    student = student_with(stage, Case("mutant", "total", "endless", sources={"total": endless}))
    check = next(one for one in stage.checks if one.name == "any_length")
    assert lost(stage, student, check, 0, DIGITS, seconds=0.1) == TOO_LONG


def test_an_answer_that_cannot_be_defined_loses_the_check(stage):
    student = student_with(stage, Case("mutant", "total", "x", sources={"total": "1 / 0"}))
    assert student is None
    assert lost(stage, student, stage.checks[0], 0, DIGITS)
