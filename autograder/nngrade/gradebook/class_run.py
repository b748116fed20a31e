"""Grade a class into the gradebook, so that nothing is lost and nothing is graded twice.

Candidates that are not yet in the journal are graded. Each result goes into the journal and from
there into the gradebook. An `Event` then reports the outcome of the submission, before the next one
is handled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from nngrade.course.failures import failures_of
from nngrade.course.stages import Stage
from nngrade.errors import CourseError, NngradeError, SubmissionError
from nngrade.gradebook.journal import Entry, Journal
from nngrade.results import SubmissionResult
from nngrade.runs.processes import GradeAll
from nngrade.runs.settings import Settings
from nngrade.runs.versions import Versions
from nngrade.students.deadlines import Deadlines
from nngrade.submissions.precedence import effort
from nngrade.submissions.records import Candidate
from nngrade.submissions.timestamp import handed_in_at, read_timestamp
from nngrade.text import presentable

__all__ = ["Book", "Event", "NotWritten", "grade_class", "one_of_each"]


class NotWritten(NngradeError):
    """A grade could not be written; the message gives the reason and the fix."""


class Book(Protocol):
    """A destination of grades besides the journal, such as a gradebook."""

    @property
    def level(self) -> str:
        """Form in which results are written; they are written again when it changes."""

    @property
    def students(self) -> set[str] | None:
        """Ids of the students that may have grades; None if new students are accepted."""

    def require(self, stage: Stage) -> None:
        """Raise a `CourseError` if a stage's grades cannot be written."""

    def holds(self, student: str, stage: str) -> bool:
        """Whether the grades of a student for a stage are present."""

    def receive(self, path: Path) -> str:
        """Prepare for a submission, graded or not; return what a person has to know."""

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> str:
        """Write one result; return what a person has to look at, if anything.

        Raises
        ------
        NotWritten, OSError
            If that fails.
        """


@dataclass(frozen=True)
class Event:
    """The outcome of one submission in a class run.

    Attributes
    ----------
    candidate : Candidate
    outcome : {"graded", "recovered", "unchanged", "failed", "unwritten"}
        In this order: graded now; graded by an earlier run and written now; nothing to do; could
        not be graded; graded, but could not be written.
    result : SubmissionResult or None
    problem : str
        Message for the user: the reason of a failure, or an oddity; empty if there is none.
    """

    candidate: Candidate
    outcome: Literal["graded", "recovered", "unchanged", "failed", "unwritten"]
    result: SubmissionResult | None = None
    problem: str = ""


def one_of_each(candidates: Iterable[Candidate]) -> tuple[list[Candidate], dict[Path, str]]:
    """Choose one notebook per student and stage.

    An attempt counts before an untouched notebook; among attempts, the one with the name that
    nbgrader expects, else the one that was changed last.

    Returns
    -------
    chosen : list of Candidate
        The notebooks that count.
    twins : dict of Path to str
        Description of the ignored notebooks, by the path of the chosen one.
    """
    groups: dict[tuple[str, str | None, Path | None], list[Candidate]] = {}
    for one in candidates:
        stage = one.stage.name if one.stage else None
        # A notebook of unknown stage competes with no other.
        groups.setdefault((one.student, stage, None if stage else one.path), []).append(one)
    chosen, twins = [], {}
    for group in groups.values():
        best = max(group, key=_precedence) if len(group) > 1 else group[0]
        chosen.append(best)
        if others := ", ".join(str(one.path) for one in group if one is not best):
            twins[best.path] = f"{best.path} was graded; this student also has {others}"
    return chosen, twins


def _precedence(candidate: Candidate) -> tuple[int, bool, float, str]:
    name = f"{candidate.stage.name}.ipynb" if candidate.stage else ""
    try:
        changed = candidate.path.stat().st_mtime
    except OSError:
        changed = 0.0
    return effort(candidate), candidate.path.name == name, changed, str(candidate.path)


def grade_class(
    settings: Settings,
    candidates: Sequence[Candidate],
    book: Book,
    journal: Journal,
    grade_all: GradeAll,
    force: bool = False,
    deadlines: Deadlines | None = None,
) -> Iterator[Event]:
    """Grade submissions and write their grades; yield an event for each.

    Parameters
    ----------
    settings : Settings
    candidates : sequence of Candidate
        At most one per student and stage. What a group handed in is graded once.
    book : Book
    journal : Journal
    grade_all : callable
        As from `nngrade.runs.executor.make_executor`.
    force : bool
        Whether to grade unchanged submissions, too.
    deadlines : Deadlines, optional
        What lateness makes of the results.
    """
    run = _ClassRun(settings, book, journal, deadlines or Deadlines(settings.course.options))
    todo: dict[tuple[Path, tuple[str, ...] | str], list[Candidate]] = {}
    for candidate in candidates:
        run.receive(candidate)
        event = run.alone(candidate, partial(_before_grading, run, force))
        if event is None:
            whose = candidate.group or candidate.student
            todo.setdefault((candidate.path, whose), []).append(candidate)
        else:
            yield run.completed(event)
    shared = list(todo.values())
    for index, found in grade_all([first for first, *_ in shared]):
        for candidate in shared[index]:
            result = replace(found, student=candidate.student, group=candidate.group or None)
            event = run.alone(candidate, partial(run.take, result=result), result)
            assert event is not None
            yield run.completed(event)


def _before_grading(run: _ClassRun, force: bool, candidate: Candidate) -> Event | None:
    """Event of a submission that is not graded, else None."""
    return run.refuse(candidate) or (None if force else run.reuse(candidate))


class _ClassRun:
    """The steps of a run for each submission."""

    def __init__(
        self, settings: Settings, book: Book, journal: Journal, deadlines: Deadlines
    ) -> None:
        self._failures = failures_of(settings.course)
        self._book = book
        self._journal = journal
        self._deadlines = deadlines
        self._versions = Versions(settings)
        self._students = book.students
        self._refused: dict[str, str] = {}
        self._keys: dict[Path, str] = {}
        self._received: dict[Path, str] = {}

    def receive(self, candidate: Candidate) -> None:
        """Let the book prepare for a submission, and remember what a person has to know."""
        if told := self._book.receive(candidate.path):
            self._received[candidate.path] = told

    def completed(self, event: Event) -> Event:
        """The event, with what the book noticed when it received the submission."""
        told = self._received.pop(event.candidate.path, "")
        return replace(event, problem=_both(told, event.problem)) if told else event

    def alone(
        self,
        candidate: Candidate,
        step: Callable[[Candidate], Event | None],
        result: SubmissionResult | None = None,
    ) -> Event | None:
        """Carry out a step for one submission; an unexpected exception is that submission's.

        Parameters
        ----------
        candidate : Candidate
        step : callable
        result : SubmissionResult, optional
            The result, if the submission is graded already.
        """
        try:
            return step(candidate)
        except NngradeError:
            raise
        except Exception as error:
            what = f"{candidate.path}: {'keeping its result' if result else 'looking it up'}"
            problem = self._failures.keep(what, error)
            graded = result is not None and result.status == "graded"
            return Event(candidate, "unwritten" if graded else "failed", result, problem)

    def refuse(self, candidate: Candidate) -> Event | None:
        """Event of a submission that cannot be graded or must not get a grade, else None."""
        problem = candidate.error or ""
        if presentable(candidate.student) != candidate.student:
            # Databases and tables do not accept such a name.
            shown = presentable(str(candidate.path))
            problem = f"{shown}: the student's name is no proper text; rename the folder"
            candidate = replace(candidate, student=presentable(candidate.student))
        elif candidate.student in ("", ".", "..") or set("/\\") & set(candidate.student):
            # Folders are named after students; this id would lead to another folder.
            problem = f"{candidate.path}: {candidate.student!r} cannot be a student's id"
        if not problem and candidate.stage is not None:
            problem = self._stage_problem(candidate.stage)
        if not problem and self._students is not None and candidate.student not in self._students:
            problem = (
                f"{candidate.student} is not in the gradebook, and new students are not welcome "
                "(Autograde.create_student); add them with `nbgrader db student add`"
            )
        return Event(candidate, "failed", problem=problem) if problem else None

    def _stage_problem(self, stage: Stage) -> str:
        if stage.name not in self._refused:
            try:
                self._book.require(stage)
                self._refused[stage.name] = ""
            except CourseError as error:
                self._refused[stage.name] = str(error)
        return self._refused[stage.name]

    def reuse(self, candidate: Candidate) -> Event | None:
        """Event of a submission that was graded before and has not changed, else None."""
        stage = candidate.stage
        assert stage is not None
        try:
            key = self._versions.key(candidate.path, candidate.student, stage, candidate.group)
        except SubmissionError:
            return None  # the grader reports the error
        self._keys[candidate.path] = key
        entry = self._journal.find(candidate.student, stage.name, key)
        if entry is None and (entry := self._of_member(candidate, stage, key)) is None:
            return None
        mark, problem = self._mark(candidate)
        if entry.written_as == mark and self._book.holds(candidate.student, stage.name):
            return Event(candidate, "unchanged", self._deadlines.applied(entry.result))
        result = replace(
            entry.result,
            path=str(candidate.path.absolute()),
            handed_in_at=handed_in_at(candidate.path),
        )
        return self._write(candidate, result, key, "recovered", problem)

    def _of_member(self, candidate: Candidate, stage: Stage, key: str) -> Entry | None:
        """Entry of another member of the group, as that of this one; None if there is none."""
        for member in candidate.group:
            if (entry := self._journal.find(member, stage.name, key)) is not None:
                own = replace(entry.result, student=candidate.student)
                self._journal.add(own, key)
                return Entry(own, key, None)
        return None

    def take(self, candidate: Candidate, result: SubmissionResult) -> Event:
        """Store a new result in the journal and write it into the gradebook."""
        if result.status == "failed" or candidate.stage is None:
            return Event(candidate, "failed", result, result.reason)
        before = self._keys.get(candidate.path)
        try:
            key = self._versions.key(
                candidate.path, candidate.student, candidate.stage, candidate.group
            )
            if before not in (None, key):
                problem = f"{candidate.path} changed while it was graded; run the command again"
                return Event(candidate, "failed", result, problem)
            # A later run reads the path, perhaps from another working directory.
            result = replace(result, path=str(candidate.path.absolute()))
            self._journal.add(result, key)
        except SubmissionError as error:
            return Event(candidate, "failed", result, f"{error}; it went while it was graded")
        except OSError as error:
            problem = f"{error.filename}: {error.strerror}; it was graded, but nothing was kept"
            return Event(candidate, "unwritten", result, problem)
        _, problem = self._mark(candidate)
        return self._write(candidate, result, key, "graded", problem)

    def _write(
        self,
        candidate: Candidate,
        result: SubmissionResult,
        key: str,
        outcome: Literal["graded", "recovered"],
        problem: str,
    ) -> Event:
        assert candidate.stage is not None
        timestamp, _ = read_timestamp(candidate.path)
        mark, _ = self._mark(candidate)
        result = self._deadlines.applied(result)
        try:
            told = self._book.write(result, candidate.stage, timestamp)
            self._journal.written(candidate.student, candidate.stage.name, key, mark)
        except NotWritten as error:
            return Event(candidate, "unwritten", result, str(error))
        except OSError as error:
            problem = f"{error.filename}: {error.strerror}; run the same command again"
            return Event(candidate, "unwritten", result, problem)
        return Event(candidate, outcome, result, _both(problem, told))

    def _mark(self, candidate: Candidate) -> tuple[str, str]:
        """Mark and problem of a submission: a result is written again when its mark changes.

        The mark holds the time of submission, the level of the book, and what lateness costs.
        """
        assert candidate.stage is not None
        timestamp, problem = read_timestamp(candidate.path)
        late = self._deadlines.mark(candidate.student, candidate.stage.name)
        return f"{timestamp} {self._book.level}{late}", problem


def _both(one: str, other: str) -> str:
    return "; ".join(filter(None, (one, other)))
