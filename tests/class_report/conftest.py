"""A made-up class for the class report."""

from __future__ import annotations

from typing import Any

from nngrade.results import CheckResult, Diagnosis, SubmissionResult
from tests.helpers import STAGE

LATER = "stage02_gradients"


def check(
    name: str,
    message: str = "",
    *,
    points: float = 1,
    status: Any = None,
    description: str = "",
    diagnosis: Diagnosis | None = None,
    limit: str | None = None,
) -> CheckResult:
    """The result of a check; with a message it failed."""
    status = status or ("failed" if message else "passed")
    return CheckResult(
        id=name,
        task=name.partition(".")[0],
        description=description or f"About {name}.",
        points=points,
        score=0 if message else points,
        status=status,
        message=message,
        hint="",
        seconds=0.1,
        limit=limit,
        diagnosis=diagnosis,
    )


def known(name: str, sentence: str = "It is wrong.") -> Diagnosis:
    """A mistake of the catalogue."""
    return Diagnosis(name, None, sentence, "", "certain")


def related(relation: str, sentence: str = "It is wrong.") -> Diagnosis:
    """A relation to the right result."""
    return Diagnosis(None, relation, sentence, "", "likely")


def submission(
    student: str,
    *checks: CheckResult,
    stage: str = STAGE,
    seconds: float = 1.0,
    at: str | None = None,
) -> SubmissionResult:
    total = sum(one.points for one in checks)
    path = f"/course/submitted/{student}/{stage}/{stage}.ipynb"
    return SubmissionResult(
        student, stage, path, "graded", None, None, seconds, total, checks=checks, handed_in_at=at
    )


def scored(student: str, score: int, stage: str = STAGE, at: str | None = None) -> SubmissionResult:
    """A submission with this many points of 10, all in one task."""
    lost = [check(f"a.{n}", "wrong") for n in range(10 - score)]
    return submission(
        student, *lost, *(check(f"a.{n}") for n in range(10 - score, 10)), stage=stage, at=at
    )


def failed(student: str, error: str = "not a notebook", stage: str = STAGE) -> SubmissionResult:
    path = f"/course/submitted/{student}/{stage}/{stage}.ipynb"
    error = f"submitted/{student}/{stage}/{stage}.ipynb: {error}"
    return SubmissionResult(student, stage, path, "failed", error, None, 0.0, 0)


def a_class() -> list[SubmissionResult]:
    """Five students of a stage of three tasks, each of whom stands for a kind of student."""
    blank = [
        check("a.visible", "a is not done yet", points=0),
        check("a.one", "a is not done yet", points=2, status="skipped"),
        check("b.one", "b is not done yet"),
        check("c.one", "c is not done yet"),
    ]
    return [
        submission(
            "q-right",
            check("a.visible", points=0), check("a.one", points=2), check("b.one"), check("c.one"),
            seconds=4,
        ),
        submission(
            "q-weak",
            check("a.visible", "not [1, 2]", points=0),
            check("a.one", "2 of 4 entries are wrong; the worst at [0] is 7", points=2),
            check("b.one", "first this must be right: a", status="skipped"),
            check("c.one"),
            seconds=2,
        ),
        submission("q-untouched", *blank, seconds=1),
        submission(
            "q-nothing",
            check("a.visible", "not [1, 3]", points=0),
            check("a.one", "every entry is wrong; the worst at [5] is -1e-9", points=2),
            check("b.one", "b is 3, which is not right"),
            check("c.one", "c is not done yet"),
            seconds=3,
        ),
        failed("q-broken"),
    ]  # fmt: skip


def two_stages() -> list[SubmissionResult]:
    later = [scored("q-right", 1, LATER), scored("q-weak", 9, LATER), failed("q-odd", stage="")]
    return a_class() + later


def a_term() -> list[SubmissionResult]:
    """A class of 24 in two stages; three students hand in on each day, after nine."""
    times = [f"2026-10-{5 + n // 3 * 2:02}T09:0{n % 3}:00+00:00" for n in range(24)]
    return [
        scored(f"q-{n}", (7 * n + at) % 11, stage, at=time)
        for at, stage in enumerate((STAGE, LATER))
        for n, time in enumerate(times)
    ]
