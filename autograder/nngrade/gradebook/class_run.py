"""Grade a whole class into the gradebook, so that nothing is lost and nothing is done twice.

What flows: candidates, to those that are not in the journal yet; their results, one by one, into
the journal and from there into the gradebook; for each submission an `Event` that says how it
ended. Only then is the next one announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from nngrade.course.stages import Stage
from nngrade.errors import CourseError, SubmissionError
from nngrade.gradebook.handed_in import NotWritten, read_timestamp
from nngrade.gradebook.journal import Journal
from nngrade.results import SubmissionResult
from nngrade.runs.processes import GradeAll
from nngrade.runs.settings import Settings
from nngrade.runs.versions import Versions
from nngrade.submissions.records import Candidate
from nngrade.text import presentable

__all__ = ["Book", "Event", "grade_class", "one_of_each"]


class Book(Protocol):
    """What grades are written into, besides the journal: a gradebook, say."""

    @property
    def level(self) -> str:
        """How results are written: where this differs, they are written anew."""

    @property
    def students(self) -> set[str] | None:
        """The students that may have grades; None where new ones are welcome."""

    def require(self, stage: Stage) -> None:
        """See that a stage's grades can be written; else raise a `CourseError`."""

    def holds(self, student: str, stage: str) -> bool:
        """Whether a submission's grades are there."""

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> None:
        """Write one result, or raise `NotWritten` or an `OSError`."""


@dataclass(frozen=True)
class Event:
    """How it ended with one submission.

    Attributes
    ----------
    candidate : Candidate
    outcome : {"graded", "recovered", "unchanged", "failed", "unwritten"}
        Graded now; graded by an earlier run and written now; nothing to do; could not be graded;
        graded, but not to be written.
    result : SubmissionResult or None
    problem : str
        For a person, where one is needed: why it failed, or what was odd.
    """

    candidate: Candidate
    outcome: Literal["graded", "recovered", "unchanged", "failed", "unwritten"]
    result: SubmissionResult | None = None
    problem: str = ""


def one_of_each(candidates: Iterable[Candidate]) -> tuple[list[Candidate], dict[Path, str]]:
    """Of several notebooks by the same student for the same stage, the one that counts.

    That is the one with the name that nbgrader expects, else the one that was changed last.

    Returns
    -------
    chosen : list of Candidate
    twins : dict of Path to str
        For a chosen one that has twins: which they are.
    """
    groups: dict[tuple[str, str | None, Path | None], list[Candidate]] = {}
    for one in candidates:
        stage = one.stage.name if one.stage else None
        # What has no stage cannot be a twin.
        groups.setdefault((one.student, stage, None if stage else one.path), []).append(one)
    chosen, twins = [], {}
    for group in groups.values():
        best = max(group, key=_precedence)
        chosen.append(best)
        if others := ", ".join(str(one.path) for one in group if one is not best):
            twins[best.path] = f"{best.path} was graded; this student also has {others}"
    return chosen, twins


def _precedence(candidate: Candidate) -> tuple[bool, float, str]:
    name = f"{candidate.stage.name}.ipynb" if candidate.stage else ""
    try:
        changed = candidate.path.stat().st_mtime
    except OSError:
        changed = 0.0
    return candidate.path.name == name, changed, str(candidate.path)


def grade_class(
    settings: Settings,
    candidates: Sequence[Candidate],
    book: Book,
    journal: Journal,
    grade_all: GradeAll,
    force: bool = False,
) -> Iterator[Event]:
    """Grade submissions and write their grades; yield how each ended.

    Parameters
    ----------
    settings : Settings
    candidates : sequence of Candidate
        At most one for each student and stage.
    book : Book
    journal : Journal
    grade_all : callable
    force : bool
        Whether to grade what did not change, too.
    """
    run = _ClassRun(settings, book, journal)
    todo: list[Candidate] = []
    for candidate in candidates:
        event = run.refuse(candidate) or (None if force else run.reuse(candidate))
        if event is None:
            todo.append(candidate)
        else:
            yield event
    for index, result in grade_all(todo):
        yield run.take(todo[index], result)


class _ClassRun:
    """The steps of a run that each submission goes through."""

    def __init__(self, settings: Settings, book: Book, journal: Journal) -> None:
        self._book = book
        self._journal = journal
        self._versions = Versions(settings)
        self._students = book.students
        self._refused: dict[str, str] = {}
        self._keys: dict[Path, str] = {}

    def refuse(self, candidate: Candidate) -> Event | None:
        """The end of a submission that cannot be graded or must not have a grade."""
        problem = candidate.error or ""
        if presentable(candidate.student) != candidate.student:
            # No database and no table would take it.
            shown = presentable(str(candidate.path))
            problem = f"{shown}: the student's name is no proper text; rename the folder"
            candidate = replace(candidate, student=presentable(candidate.student))
        elif candidate.student in ("", ".", "..") or set("/\\") & set(candidate.student):
            # Folders are named after students; this would be another folder.
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
        """The end of a submission that was graded before, exactly as it is."""
        stage = candidate.stage
        assert stage is not None
        try:
            key = self._versions.key(candidate.path, candidate.student, stage)
        except SubmissionError:
            return None  # the grader will say what is wrong with it
        self._keys[candidate.path] = key
        entry = self._journal.find(candidate.student, stage.name, key)
        if entry is None:
            return None
        mark, problem = self._mark(candidate.path)
        if entry.written_as == mark and self._book.holds(candidate.student, stage.name):
            return Event(candidate, "unchanged", entry.result)
        result = replace(entry.result, path=str(candidate.path.absolute()))
        return self._write(candidate, result, key, "recovered", problem)

    def take(self, candidate: Candidate, result: SubmissionResult) -> Event:
        """Keep a new result, and write it."""
        if result.status == "failed" or candidate.stage is None:
            return Event(candidate, "failed", result, result.error or "")
        before = self._keys.pop(candidate.path, None)
        try:
            key = self._versions.key(candidate.path, candidate.student, candidate.stage)
            if before not in (None, key):
                problem = f"{candidate.path} changed while it was graded; run the command again"
                return Event(candidate, "failed", result, problem)
            # Read again by a later run, perhaps from another folder.
            result = replace(result, path=str(candidate.path.absolute()))
            self._journal.add(result, key)
        except SubmissionError as error:
            return Event(candidate, "failed", result, f"{error}; it went while it was graded")
        except OSError as error:
            problem = f"{error.filename}: {error.strerror}; it was graded, but nothing was kept"
            return Event(candidate, "unwritten", result, problem)
        _, problem = self._mark(candidate.path)
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
        mark, _ = self._mark(candidate.path)
        try:
            self._book.write(result, candidate.stage, timestamp)
            self._journal.written(candidate.student, candidate.stage.name, key, mark)
        except NotWritten as error:
            return Event(candidate, "unwritten", result, str(error))
        except OSError as error:
            problem = f"{error.filename}: {error.strerror}; run the same command again"
            return Event(candidate, "unwritten", result, problem)
        return Event(candidate, outcome, result, problem)

    def _mark(self, path: Path) -> tuple[str, str]:
        """With what else a result is written: where this differs, it is written anew."""
        timestamp, problem = read_timestamp(path)
        return f"{timestamp} {self._book.level}", problem
