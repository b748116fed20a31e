"""What tests of nbgrader's gradebook share: submissions, class runs, and scores."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradebook.class_run import Event, grade_class, one_of_each
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.writer import GradebookWriter
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions
from tests.helpers import STAGE

RUN = ("grade", "submitted", "--gradebook", "--data", "digits", "--sandbox", "weak")


def submit(
    course: Course,
    student: str,
    answers: dict[str, str] | None = None,
    timestamp: str | None = "2026-11-01 10:00:00 UTC",
    stage: str = STAGE,
) -> Path:
    """Hand in stage 1: the reference, with other answers in the place of some of it."""
    one = course.stage(stage)
    notebook = fill(untouched(course, one), one, {**solutions(one), **(answers or {})})
    return submit_text(course, student, notebook_text(notebook), timestamp, stage)


def submit_text(
    course: Course, student: str, text: str, timestamp: str | None = None, stage: str = STAGE
) -> Path:
    path = course.root / "submitted" / student / stage / f"{stage}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if timestamp is not None:
        (path.parent / "timestamp.txt").write_text(timestamp)
    return path


def scores(course: Course) -> dict[str, float]:
    """What the gradebook says, by student."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        return {one.student.id: one.score for one in book.assignment_submissions(STAGE)}


def run(course: Course, force: bool = False) -> dict[str, Event]:
    """A class run in this process; how it ended, by student."""
    settings = Settings(course.root, "weak", "digits")
    candidates, _ = one_of_each(find_submissions([course.root / "submitted"], course))
    with (
        Journal(course.root / JOURNAL) as journal,
        GradebookWriter(course, course.options.feedback_level) as book,
    ):
        events = grade_class(
            settings, candidates, book, journal, lambda todo: grade_all(settings, todo, 1), force
        )
        return {event.candidate.student: event for event in events}


def autograded(course: Course) -> dict[str, nbformat.NotebookNode]:
    return {
        path.parts[-3]: nbformat.read(path, as_version=4)
        for path in sorted((course.root / "autograded").glob(f"*/{STAGE}/{STAGE}.ipynb"))
    }
