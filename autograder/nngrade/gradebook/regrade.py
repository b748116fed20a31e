"""Grade a class again after a check was corrected, and show changes of scores before they are made.

New results go into the journal at once. The gradebook changes only when they are accepted, without
another grading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngrade.course.stages import Stage
from nngrade.errors import SubmissionError
from nngrade.gradebook.journal import Entry, Journal
from nngrade.results import CheckResult, SubmissionResult
from nngrade.runs.processes import GradeAll
from nngrade.runs.settings import Settings
from nngrade.runs.versions import Versions
from nngrade.students.groups import HANDED_IN_BY
from nngrade.submissions.records import Candidate

__all__ = ["Change", "changes", "reasons"]


@dataclass(frozen=True)
class Change:
    """The change of one submission's result.

    Attributes
    ----------
    candidate : Candidate
    old : SubmissionResult
        Result in the gradebook.
    new : SubmissionResult or None
        New result; None if it could not be graded again.
    problem : str
        Reason why it could not be graded again.
    resubmitted : bool
        Whether the notebook has changed since it was graded.
    """

    candidate: Candidate
    old: SubmissionResult
    new: SubmissionResult | None
    problem: str = ""
    resubmitted: bool = False

    @property
    def gain(self) -> float:
        """Difference of the scores in points, new minus old."""
        return 0.0 if self.new is None else round(self.new.score - self.old.score, 6)


def changes(
    settings: Settings, stages: Sequence[Stage], journal: Journal, grade_all: GradeAll
) -> Iterator[Change]:
    """Grade submissions in the gradebook again if their result may change; yield the changes.

    Submissions are left out if neither their stage nor their notebook has changed.

    Parameters
    ----------
    settings : Settings
    stages : sequence of Stage
    journal : Journal
    grade_all : callable
        As from `nngrade.runs.executor.make_executor`.
    """
    versions = Versions(settings)
    todo: list[tuple[Candidate, Entry, str]] = []
    for stage in stages:
        for entry in journal.of_stage(stage.name):
            path = Path(entry.result.path)
            group = entry.result.group or ()
            told = tuple(note for note in entry.result.notes if note.startswith(HANDED_IN_BY))
            candidate = Candidate(path, entry.result.student, stage, notes=told, group=group)
            try:
                key = versions.key(path, candidate.student, stage, group)
            except SubmissionError as error:
                problem = f"it is not there any more: {error}"
                yield Change(candidate, entry.result, None, problem)
                continue
            if key == entry.key:
                continue
            known = journal.find(candidate.student, stage.name, key)
            if known is not None:
                yield _change(candidate, entry, known.result, key)
            else:
                todo.append((candidate, entry, key))
    for index, result in grade_all([candidate for candidate, _, _ in todo]):
        candidate, entry, key = todo[index]
        if result.status == "failed":
            yield Change(candidate, entry.result, None, result.reason)
        else:
            journal.add(result, key)
            yield _change(candidate, entry, result, key)


def _change(candidate: Candidate, entry: Entry, new: SubmissionResult, key: str) -> Change:
    resubmitted = key.rpartition("-")[2] != entry.key.rpartition("-")[2]
    return Change(candidate, entry.result, new, resubmitted=resubmitted)


def reasons(change: Change) -> Iterator[str]:
    """Yield the reasons why a score changes, one line per changed check."""
    if change.new is None:
        return
    before = {check.id: check for check in change.old.checks}
    after = {check.id: check for check in change.new.checks}
    for name, new in after.items():
        old = before.get(name)
        if old is None:
            yield f"{_points(new.score)} {new.task}: new check: {new.description} {_why(new)}"
        elif old.score != new.score:
            why = _why(new) if new.score < old.score else f"(before: {old.message or old.status})"
            yield f"{_points(new.score - old.score)} {new.task}: {new.description} {why}"
    for name, old in before.items():
        if name not in after and old.score:
            yield f"{_points(-old.score)} {old.task}: this check is gone: {old.description}"


def _why(check: CheckResult) -> str:
    return f"({check.message})" if check.message else f"({check.status})"


def _points(points: float) -> str:
    return f"{points:+g}"
