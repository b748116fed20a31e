"""The exit code: what was asked for, and thresholds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nngrade.exit_code import Threshold, exit_code, parse_threshold
from nngrade.results import CheckResult, SubmissionResult
from tests.helpers import STAGE


def result(score: float, most: float = 10.0, status: Any = "graded") -> SubmissionResult:
    outcome: Any = "passed" if score >= most else "failed"
    check = CheckResult("f.c", "f", "All.", most, score, outcome, "", "", 0.0)
    return SubmissionResult("ann", STAGE, "x", status, None, None, 0, most, checks=(check,))


FULL, PART, FAILED = result(10), result(7), replace(result(0), status="failed", checks=())


@pytest.mark.parametrize(
    ("results", "fail_on", "minimum", "code"),
    [
        ([FULL], "lost", None, 0),
        ([FULL, PART], "lost", None, 1),
        ([FULL, PART, FAILED], "lost", None, 2),
        ([FULL, PART], "lost", "7", 0),
        ([FULL, PART], "lost", "7.5", 1),
        ([FULL, PART], "lost", "70%", 0),
        ([FULL, PART], "lost", "71%", 1),
        ([result(1.4, 2), PART], "lost", "70%", 0),
        ([FULL, FAILED], "lost", "0", 2),
        ([PART], "ungraded", None, 0),
        ([PART, FAILED], "ungraded", None, 2),
        ([PART, FAILED], "never", None, 0),
        ([result(0, 0)], "lost", "50%", 0),
        ([result(0.1 + 0.2, 0.3)], "lost", "100%", 0),
    ],
)
def test_the_exit_code_is_what_was_asked_for(results, fail_on, minimum, code):
    threshold = parse_threshold(minimum) if minimum else None
    assert exit_code(results, fail_on, threshold) == code


def test_a_threshold_is_points_or_a_share():
    assert parse_threshold("15") == Threshold(15, False)
    assert parse_threshold("12.5%") == Threshold(0.125, True)
