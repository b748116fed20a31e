"""Results of grading, as records. Tables, JSON and every later report are views of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "VERSION",
    "CheckResult",
    "Diagnosis",
    "Status",
    "SubmissionResult",
    "as_document",
    "from_record",
]

VERSION = 1

Status = Literal["passed", "failed", "error", "timeout", "skipped"]


@dataclass(frozen=True)
class Diagnosis:
    """Why a check failed, as far as it could be told.

    Attributes
    ----------
    misconception : str or None
        The mistake of the stage's catalogue that it is.
    relation : str or None
        How what was returned relates to what should have been, for example ``factor``; ``error``
        where an exception is explained, ``follows`` where another task is to blame.
    sentence, hint : str
        For the student.
    confidence : {"certain", "likely"}
    """

    misconception: str | None
    relation: str | None
    sentence: str
    hint: str
    confidence: str


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check.

    Attributes
    ----------
    id, task, description : str
        Of the check.
    points : float
        What it is worth.
    score : float
        What the submission got, from 0 to `points`.
    status : {"passed", "failed", "error", "timeout", "skipped"}
    message : str
        Why points were lost, for the student; empty where it passed.
    hint : str
        A sentence that helps; empty where it passed or where there is none.
    seconds : float
        Wall-clock time.
    limit : {"wall", "cpu", "memory", "disk", "result"} or None
        The limit that was exceeded, if one was.
    example : str
        The call on which it failed, with its arguments; empty where that is not to be told.
    diagnosis : Diagnosis or None
        Why it failed, where that could be told.
    cell : int or None
        The number of the notebook's cell that counts for the task; None where there is none.
    """

    id: str
    task: str
    description: str
    points: float
    score: float
    status: Status
    message: str
    hint: str
    seconds: float
    limit: str | None = None
    example: str = ""
    diagnosis: Diagnosis | None = None
    cell: int | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why points were lost, as far as it is known; for the student."""
        told = (self.message, self.diagnosis.sentence if self.diagnosis else "")
        return tuple(text for text in told if text)

    @property
    def advice(self) -> str:
        """The hint that fits best: the mistake's, where it was recognised, else the check's."""
        return (self.diagnosis.hint if self.diagnosis else "") or self.hint


def points_of(checks: Sequence[CheckResult]) -> tuple[float, float]:
    """Score and maximum of some checks together."""
    return (
        round(sum(check.score for check in checks), 6),
        round(sum(check.points for check in checks), 6),
    )


@dataclass(frozen=True)
class SubmissionResult:
    """The outcome of one submission.

    Attributes
    ----------
    student, stage, path : str
        The stage is empty where it could not be told.
    status : {"graded", "failed"}
    error : str or None
        Why it could not be graded.
    data : str or None
        The image data that checks used, ``mnist`` or ``digits``; None where none did.
    seconds : float
    notes : tuple of str
        What was out of the ordinary with the notebook.
    checks : tuple of CheckResult
    max_score : float
        0 where the stage is unknown.
    sandbox : {"strict", "weak", "off"} or None
        What student code was confined to; None where none ran.
    output_bytes : int
        How much it printed.
    """

    student: str
    stage: str
    path: str
    status: Literal["graded", "failed"]
    error: str | None
    data: str | None
    seconds: float
    max_score: float
    notes: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    sandbox: str | None = None
    output_bytes: int = 0

    @property
    def score(self) -> float:
        """The points of all checks together."""
        return points_of(self.checks)[0]

    @property
    def lost(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.status != "passed")

    @property
    def lost_by_task(self) -> dict[str, float]:
        """How many points each task lost, of those that lost any."""
        losses: dict[str, float] = {}
        for check in self.lost:
            losses[check.task] = losses.get(check.task, 0) + check.points - check.score
        return {task: round(points, 6) for task, points in losses.items() if points}

    def as_record(self) -> dict[str, Any]:
        """The submission as the JSON results have it (schema/results-v1.json)."""
        return {
            "student": self.student,
            "stage": self.stage,
            "path": self.path,
            "status": self.status,
            "error": self.error,
            "score": self.score,
            "max_score": self.max_score,
            "data": self.data,
            "sandbox": self.sandbox,
            "output_bytes": self.output_bytes,
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
            "checks": [
                {**dataclasses.asdict(check), "seconds": round(check.seconds, 3)}
                for check in self.checks
            ],
        }


def from_record(record: dict[str, Any]) -> SubmissionResult:
    """The result that `SubmissionResult.as_record` made a record of."""
    fields = {one.name for one in dataclasses.fields(SubmissionResult)}
    own = {key: value for key, value in record.items() if key in fields}
    checks = tuple(
        CheckResult(**{**check, "diagnosis": told and Diagnosis(**told)})
        for check in record["checks"]
        for told in [check["diagnosis"]]
    )
    return SubmissionResult(**{**own, "notes": tuple(record["notes"]), "checks": checks})


def as_document(results: Iterable[SubmissionResult], error: str | None = None) -> dict[str, Any]:
    """All results of a run as one JSON document; `error` says why there are none."""
    return {
        "version": VERSION,
        "error": error,
        "submissions": [result.as_record() for result in results],
    }
