"""The deadlines of a run: what all that was handed in, and when, makes of each result."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nngrade.course.options import CourseOptions
from nngrade.results import SubmissionResult
from nngrade.students.class_list import ClassList
from nngrade.students.late import Lateness, lateness_of, sentence
from nngrade.submissions.records import Candidate
from nngrade.submissions.timestamp import read_timestamp

__all__ = ["Deadlines", "Times", "times_handed_in", "times_in_gradebook", "times_of_results"]

# When each student handed in each stage: (student, stage, time with a time zone).
Times = Iterable[tuple[str, str, datetime]]


@dataclass
class Deadlines:
    """Due dates, extensions, late days, and the times of all that was handed in.

    Attributes
    ----------
    options : CourseOptions
    class_list : ClassList or None
    times : dict of str to dict of str to datetime
        By student and stage.
    """

    options: CourseOptions
    class_list: ClassList | None = None
    times: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _known: dict[str, Mapping[str, Lateness]] = field(default_factory=dict)

    @property
    def exist(self) -> bool:
        """Whether any stage has a due date; otherwise nothing changes anywhere."""
        return bool(self.options.due)

    @property
    def cost(self) -> bool:
        """Whether the course takes points off for lateness."""
        return self.exist and self.options.late.percent > 0

    def add(self, times: Times) -> Deadlines:
        """Take in times of submission, which replace earlier ones; return this object."""
        for student, stage, time in times:
            self.times.setdefault(student, {})[stage] = time
        self._known.clear()
        return self

    def of(self, student: str) -> Mapping[str, Lateness]:
        """Lateness of each stage that a student has handed in, as far as it has a due date."""
        if student not in self._known:
            own = self.times.get(student, {})
            self._known[student] = lateness_of(self.options, self.class_list, student, own)
        return self._known[student]

    def applied(self, result: SubmissionResult) -> SubmissionResult:
        """The result with its penalty, and with a sentence on it where it is late.

        A result whose time is not known stays as it is.
        """
        late = self.of(result.student).get(result.stage) if self.exist else None
        if late is None or result.status != "graded":
            return result
        penalty = late.penalty(result.score, result.max_score)
        told = self.told(result.student, result.stage, penalty)
        notes = (told, *result.notes) if told and told not in result.notes else result.notes
        return replace(result, notes=notes, late_penalty=penalty if self.cost else None)

    def told(self, student: str, stage: str, penalty: float) -> str:
        """What a student is told of the lateness of a stage; empty if it is in time.

        Parameters
        ----------
        student, stage : str
        penalty : float
            Points that are taken off.
        """
        late = self.of(student).get(stage) if self.exist else None
        return sentence(late, self.options.late, penalty) if late is not None else ""

    def mark(self, student: str, stage: str) -> str:
        """What of a result depends on deadlines: results are written again when it changes."""
        late = self.of(student).get(stage) if self.exist else None
        if late is None or not (late.seconds_late or self.cost):
            return ""
        return f" late {late.seconds_late:g} {late.days_spent} {late.days_left} {late.percent:g}"

    def untimed(self, results: Iterable[SubmissionResult]) -> list[str]:
        """Students of results that have a due date and no time of submission."""
        return [
            one.student
            for one in results
            if one.status == "graded"
            and one.stage in self.options.due
            and one.stage not in self.of(one.student)
        ]


def times_handed_in(candidates: Iterable[Candidate]) -> Iterator[tuple[str, str, datetime]]:
    """Times of submissions that are to be graded."""
    for one in candidates:
        if one.stage is not None and one.error is None:
            time, _ = read_timestamp(one.path)
            if time is not None:
                yield one.student, one.stage.name, time.replace(tzinfo=UTC)


def times_of_results(results: Iterable[SubmissionResult]) -> Iterator[tuple[str, str, datetime]]:
    """Times of submissions that were graded."""
    for one in results:
        if one.status == "graded" and one.handed_in_at is not None:
            yield one.student, one.stage, datetime.fromisoformat(one.handed_in_at)


def times_in_gradebook(path: Path) -> Iterator[tuple[str, str, datetime]]:
    """Times in nbgrader's database, read without nbgrader; none if there is no such file."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT s.student_id, a.name, s.timestamp FROM submitted_assignment s "
                "JOIN assignment a ON a.id = s.assignment_id WHERE s.timestamp IS NOT NULL"
            ).fetchall()
    except sqlite3.Error:
        return  # it is not of a kind that this can read
    for student, stage, time in rows:
        yield student, stage, datetime.fromisoformat(time).replace(tzinfo=UTC)
