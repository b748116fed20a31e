"""Due dates, extensions and penalties in nbgrader's database, the same whoever graded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from nngrade.course.naming import is_of_answer
from nngrade.students.class_list import ClassList
from nngrade.students.deadlines import Deadlines
from nngrade.students.late import extended

__all__ = ["Change", "penalty_of", "set_names", "settle", "times_in"]


@dataclass(frozen=True)
class Change:
    """A penalty that became another one.

    Attributes
    ----------
    student, stage : str
    before, after : float
        Points that were taken off, and are now.
    """

    student: str
    stage: str
    before: float
    after: float


def times_in(book: Gradebook, student: str | None = None) -> Iterator[tuple[str, str, datetime]]:
    """When students handed in, as far as the gradebook knows.

    Parameters
    ----------
    book : Gradebook
    student : str, optional
        Only this one's.
    """
    rows = book.db.query(
        SubmittedAssignment.student_id, Assignment.name, SubmittedAssignment.timestamp
    ).join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    rows = rows.filter(SubmittedAssignment.timestamp.isnot(None))
    if student is not None:
        rows = rows.filter(SubmittedAssignment.student_id == student)
    for who, stage, time in rows.all():
        yield who, stage, time.replace(tzinfo=UTC)


def settle(book: Gradebook, deadlines: Deadlines, student: str | None = None) -> list[Change]:
    """Write due dates, extensions and penalties into a gradebook, where they differ.

    Formgrader and nbgrader's own commands then show the same lateness as we do. What stands there
    is replaced: `solutions/course.toml` and the class list say what holds.

    Parameters
    ----------
    book : Gradebook
    deadlines : Deadlines
        With the times that hold; the gradebook's own are those of `times_in`.
    student : str, optional
        Only this one's extensions and penalties.

    Returns
    -------
    list of Change
        The penalties that changed.
    """
    if not deadlines.exist:
        return []
    due = deadlines.options.due
    for assignment in book.db.query(Assignment).filter(Assignment.name.in_(due)).all():
        date = due[assignment.name].astimezone(UTC).replace(tzinfo=None)
        if assignment.duedate != date:
            assignment.duedate = date
    rows = (
        book.db.query(SubmittedAssignment, Assignment.name, SubmittedNotebook)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .filter(Assignment.name.in_(due), Notebook.name == Assignment.name)
    )
    if student is not None:
        rows = rows.filter(SubmittedAssignment.student_id == student)
    changes = []
    own: dict[str, dict[str, datetime]] = {}
    for submission, stage, notebook in rows.yield_per(500):
        who = submission.student_id
        if who not in own:
            own[who] = extended(deadlines.options, deadlines.class_list, who)
        extension = own[who][stage] - due[stage] or None
        if submission.extension != extension:
            submission.extension = extension
        if not deadlines.cost:
            continue
        before = float(notebook.late_submission_penalty or 0)
        after = penalty_of(deadlines, who, stage, notebook)
        if before != (after or 0):
            notebook.late_submission_penalty = after
            changes.append(Change(who, stage, before, after or 0))
    book.db.commit()
    return changes


def penalty_of(deadlines: Deadlines, student: str, stage: str, notebook: Any) -> float | None:
    """Points to be taken off a submission in the gradebook; None if it costs nothing.

    Parameters
    ----------
    deadlines : Deadlines
    student, stage : str
    notebook : SubmittedNotebook
        With its scores as they are, manual ones too. Written answers are not touched.
    """
    late = deadlines.of(student).get(stage)
    if late is None or not late.percent:
        return None
    tasks = [grade for grade in notebook.grades if not is_of_answer([grade.name])]
    score = round(sum(grade.score for grade in tasks), 6)
    return late.penalty(score, sum(grade.max_score for grade in tasks)) or None


def set_names(book: Gradebook, class_list: ClassList) -> None:
    """Write names and addresses of the class list into the gradebook, where those are empty."""
    for student in book.db.query(Student).all():
        known = class_list.find(student.id)
        if known is None:
            continue
        first, _, last = known.name.rpartition(" ")
        if known.name and not student.first_name and not student.last_name:
            student.first_name, student.last_name = first or None, last
        if known.email and not student.email:
            student.email = known.email
    book.db.commit()
