"""Results for tests of formats: every outcome, and text that means harm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nngrade.results import CheckResult, Diagnosis, SubmissionResult
from tests.helpers import HOSTILE

STUDENT = "=1+1|<b>\n::error::x @octocat"


def check(name: str, **fields: Any) -> CheckResult:
    known = {
        "id": f"total.{name}", "task": "total", "description": f"About {name}.", "points": 1.0,
        "score": 0.0, "status": "failed", "message": "", "hint": "", "seconds": 0.25,
    }  # fmt: skip
    return CheckResult(**{**known, **fields})


def submission(student: str, *checks: CheckResult, **fields: Any) -> SubmissionResult:
    most = sum(one.points for one in checks)
    stage = "stage01_sums"
    path = f"submitted/{student}/{stage}/{stage}.ipynb"
    result = SubmissionResult(student, stage, path, "graded", None, None, 1.5, most, (), checks)
    return replace(result, **fields)


def a_submission() -> SubmissionResult:
    """One with every outcome that a check has, a partial score, and text of all kinds."""
    told = Diagnosis("mean", None, "An average is taken.", "Is it?", "certain")
    return submission(
        "ann",
        check("right", score=1.0, status="passed"),
        check("wrong", message="off by 1", hint="Count again.", diagnosis=told),
        check("half", points=3.0, score=1.5, message="half of it", example="total([1, 2])"),
        check("hostile", status="error", message=HOSTILE, hint=HOSTILE, description=f"A {HOSTILE}"),
        check("slow", status="timeout", message="it did not finish", limit="wall"),
        check("later", status="skipped", message="first this must be right: About wrong."),
        check("visible", points=0.0, message="1 + 2 is 3"),
        notes=(f"A note {HOSTILE}",),
    )


def ungraded() -> SubmissionResult:
    return submission(STUDENT, status="failed", error=HOSTILE, max_score=6.0)


def a_class() -> list[SubmissionResult]:
    return [a_submission(), ungraded(), submission("bob", check("right", score=1, status="passed"))]
