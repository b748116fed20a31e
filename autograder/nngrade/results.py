"""Records of grading results. Tables, JSON and all reports are derived from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "VERSION",
    "BookScore",
    "CheckResult",
    "Diagnosis",
    "Status",
    "SubmissionResult",
    "as_document",
    "from_record",
]

# Version of the JSON results; schema/results-vN.json describes each. Version 2 only adds fields.
VERSION = 2

Status = Literal["passed", "failed", "error", "timeout", "skipped"]


@dataclass(frozen=True)
class Diagnosis:
    """The cause of a failed check, as far as it is known.

    Attributes
    ----------
    misconception : str or None
        Name of the matching mistake in the stage's catalogue; None if no mistake matches.
    relation : str or None
        Relation of the returned value to the expected one, for example ``factor``; ``error`` if
        an exception is explained, ``follows`` if another task caused the failure, ``may_follow``
        if it may have.
    sentence : str
        The cause, for the student.
    hint : str
        A hint for the student.
    confidence : {"certain", "likely"}
        Confidence of the diagnosis.
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
    id : str
        Identifier of the check, unique in the stage.
    task : str
        Name of the task that the check grades.
    description : str
        Description of the check, for the student.
    points : float
        Maximum number of points.
    score : float
        Points that the submission got, from 0 to `points`.
    status : {"passed", "failed", "error", "timeout", "skipped"}
        Outcome.
    message : str
        Reason for lost points, for the student; empty if the check passed.
    hint : str
        A hint for the student; empty if the check passed or has no hint.
    seconds : float
        Wall-clock time in seconds.
    limit : {"wall", "cpu", "memory", "disk", "result"} or None
        The limit that was exceeded; None if none was.
    example : str
        The failing call with its arguments; empty if the student must not see it.
    diagnosis : Diagnosis or None
        The cause of the failure; None if it is unknown.
    cell : int or None
        Number of the notebook cell that is graded for the task; None if there is none.
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
    def headline(self) -> str:
        """What was checked; of a check that was lost, that it does not hold."""
        if self.status in ("passed", "skipped") or "." not in self.id:
            return self.description
        if self.id.endswith(".visible_tests"):
            return "The visible tests in the notebook fail."
        return f"Not yet: {self.description}"

    @property
    def undone(self) -> bool:
        """Whether it was lost only because its task is not done."""
        return self.status != "passed" and self.message.endswith("is not done yet")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reasons for lost points, for the student: the message and the diagnosis, if any."""
        if self.diagnosis is None:
            return (self.message,) if self.message else ()
        if self.diagnosis.relation == "follows":
            return (self.diagnosis.sentence,)
        # An exception was explained in the message.
        explained = self.status == "error" and self.diagnosis.relation in ("error", "mutated")
        if self.diagnosis.relation == "mutated" and " in place; " in self.message:
            return (self.diagnosis.sentence,)  # it says the same, and which argument it is
        cause = "" if explained else self.diagnosis.sentence
        return tuple(text for text in (self.message, cause) if text)

    @property
    def advice(self) -> str:
        """The most specific hint: that of the diagnosis if there is one, else the check's."""
        return (self.diagnosis.hint if self.diagnosis else "") or self.hint


@dataclass(frozen=True)
class BookScore:
    """The scores of a submission in a gradebook, where people grade and correct.

    Attributes
    ----------
    score : float
        Score of the tasks, with manual scores and extra credit.
    written : float or None
        Score of the written answers; None if any of them is not graded yet.
    max_written : float
        Maximum score of the written answers; 0 if the stage has none.
    late_penalty : float
        Points to be taken off because the submission is late.
    """

    score: float
    written: float | None
    max_written: float
    late_penalty: float

    @property
    def total(self) -> float | None:
        """Score of tasks and written answers, less the penalty; None if it is not known yet."""
        if self.written is None:
            return None
        return max(0.0, round(self.score + self.written - self.late_penalty, 6))


def points_of(checks: Sequence[CheckResult]) -> tuple[float, float]:
    """Total score and total maximum of the checks."""
    return (
        round(sum(check.score for check in checks), 6),
        round(sum(check.points for check in checks), 6),
    )


@dataclass(frozen=True)
class SubmissionResult:
    """The outcome of one submission.

    Attributes
    ----------
    student : str
        Identifier of the student.
    stage : str
        Name of the stage; empty if it could not be determined.
    path : str
        Path of the submitted notebook.
    status : {"graded", "failed"}
        Whether the submission could be graded.
    error : str or None
        Reason why the submission could not be graded; None if it was graded.
    data : str or None
        The image data that checks used, ``mnist`` or ``digits``; None if no check used any.
    seconds : float
        Wall-clock time of grading in seconds.
    max_score : float
        Maximum number of points; 0 if the stage is unknown.
    notes : tuple of str
        Irregularities of the notebook.
    checks : tuple of CheckResult
        Results of the checks.
    sandbox : {"strict", "weak", "off"} or None
        Confinement of the student's code; None if no student code ran.
    output_bytes : int
        Size of the printed output in bytes.
    needs_person : str or None
        What a person has to decide, as a sentence; None if nothing.
    late_penalty : float or None
        Points to be taken off `score` because the submission is late; None if unknown.
    group : tuple of str or None
        Identifiers of all students who handed it in together, `student` among them; None if it is
        the work of one student.
    handed_in_at : str or None
        Time of submission in ISO 8601 with an offset from UTC; None if unknown.
    in_gradebook : BookScore or None
        Scores in the gradebook, for score sheets; None if there are none, or were not asked for.
        It is no part of the record of a result: people change it.
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
    needs_person: str | None = None
    late_penalty: float | None = None
    group: tuple[str, ...] | None = None
    handed_in_at: str | None = None
    in_gradebook: BookScore | None = None

    @property
    def reason(self) -> str:
        """Reason why there is no grade, or what a person has to decide; empty if neither."""
        told = (self.error, self.needs_person)
        return " ".join(dict.fromkeys(text for text in told if text))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, after what a person has to decide, if that is not the error itself."""
        if self.needs_person and self.needs_person != self.error:
            return (f"For a person to decide: {self.needs_person}", *self.notes)
        return self.notes

    @property
    def score(self) -> float:
        """Total score of all checks."""
        return points_of(self.checks)[0]

    @property
    def lost(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.status != "passed")

    @property
    def lost_by_task(self) -> dict[str, float]:
        """Lost points by task, for the tasks that lost any."""
        losses: dict[str, float] = {}
        for check in self.lost:
            losses[check.task] = losses.get(check.task, 0) + check.points - check.score
        return {task: round(points, 6) for task, points in losses.items() if points}

    def failed_with(self, error: str) -> SubmissionResult:
        """Return the result of this submission if it cannot be shown; `error` says why."""
        return dataclasses.replace(self, status="failed", error=error, notes=(), checks=())

    def as_record(self) -> dict[str, Any]:
        """Return the result as a JSON object of the results schema (schema/results-v2.json)."""
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
            "needs_person": self.needs_person,
            "late_penalty": self.late_penalty,
            "group": None if self.group is None else list(self.group),
            "handed_in_at": self.handed_in_at,
            "notes": list(self.notes),
            "checks": [
                {**dataclasses.asdict(check), "seconds": round(check.seconds, 3)}
                for check in self.checks
            ],
        }


def from_record(record: dict[str, Any]) -> SubmissionResult:
    """Return the result for a record: the inverse of `SubmissionResult.as_record`.

    Records of version 1 lack the fields that version 2 added; these get their defaults.
    """
    fields = {one.name for one in dataclasses.fields(SubmissionResult)} - {"in_gradebook"}
    own = {key: value for key, value in record.items() if key in fields}
    checks = tuple(
        CheckResult(**{**check, "diagnosis": told and Diagnosis(**told)})
        for check in record["checks"]
        for told in [check["diagnosis"]]
    )
    own.update(notes=tuple(record["notes"]), checks=checks)
    if isinstance(group := own.get("group"), list):
        own["group"] = tuple(group)
    return SubmissionResult(**own)


def as_document(results: Iterable[SubmissionResult], error: str | None = None) -> dict[str, Any]:
    """Return all results of a run as one JSON document; `error` states why there are none."""
    return {
        "version": VERSION,
        "error": error,
        "submissions": [result.as_record() for result in results],
    }
