"""nbgrader's plugin for late submissions: `nbgrader autograde` takes off what we take off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin

from nngrade.course.stages import find_course
from nngrade.students.class_list import students_of
from nngrade.students.deadlines import Deadlines
from nngrade.students.settling import penalty_of, settle, times_in

__all__ = ["CourseLatePolicy", "deadlines_in"]


class CourseLatePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """Penalties by the tables ``[due]`` and ``[late]`` of ``solutions/course.toml``.

    Where a course has none, this is nbgrader's own plugin, with its options. nbgrader makes an
    object for each submission before it looks whether that is late; due dates and extensions are
    written then, so that it looks at the right ones.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._deadlines: Deadlines | None = None
        url = getattr(self.parent, "db_url", None)
        student = getattr(self.parent, "student_id", None)
        if url is None or student is None:
            return
        deadlines = deadlines_in(self.parent, url, student)
        if not deadlines.exist:
            return
        with Gradebook(url, _directory(self.parent).course_id) as book:
            for change in settle(book, deadlines, student):
                if change.stage != self.parent.assignment_id:
                    self.log.warning(
                        "The late penalty of %s for %s was %g and is %g: its late days moved",
                        change.student, change.stage, change.before, change.after,
                    )  # fmt: skip
        if deadlines.cost:
            self._deadlines = deadlines

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to be taken off; None for none.

        Parameters
        ----------
        student_id : str
        score : float
            Score of tasks and written answers.
        total_seconds_late : float
            As nbgrader counts them, without a time of grace.
        """
        if self._deadlines is None:
            penalty: float | None = super().late_submission_penalty(
                student_id, score, total_seconds_late
            )
            return penalty
        stage = self.parent.assignment_id
        notebook = self.parent.gradebook.find_submission_notebook(
            self.parent.notebook_id, stage, student_id
        )
        return penalty_of(self._deadlines, student_id, stage, notebook)


def deadlines_in(parent: Any, url: str, student: str) -> Deadlines:
    """Deadlines of a student, with the times in the gradebook.

    Parameters
    ----------
    parent : Configurable
        The step of nbgrader's that asks.
    url : str
        Of the gradebook.
    student : str
    """
    course = find_course(Path(_directory(parent).root))
    deadlines = Deadlines(course.options, students_of(course).class_list)
    if deadlines.exist:
        with Gradebook(url, _directory(parent).course_id) as book:
            deadlines.add(times_in(book, student))
    return deadlines


def _directory(parent: Any) -> CourseDirectory:
    """The course's directory as nbgrader's configuration has it."""
    while parent is not None and getattr(parent, "coursedir", None) is None:
        parent = parent.parent
    return CourseDirectory() if parent is None else parent.coursedir
