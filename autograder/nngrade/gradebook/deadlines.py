"""Deadlines with all times of submission that a course has kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from nngrade.course.stages import Course
from nngrade.extras import EXTRAS, is_importable
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import SubmissionResult
from nngrade.students.class_list import ClassList
from nngrade.students.deadlines import Deadlines, times_in_gradebook, times_of_results

__all__ = ["kept_deadlines", "with_lateness"]


def kept_deadlines(course: Course, class_list: ClassList | None) -> Deadlines:
    """Deadlines with the times in the journal, and in the gradebook."""
    deadlines = Deadlines(course.options, class_list)
    path = course.root / JOURNAL
    if deadlines.exist and path.exists():
        with Journal(path, reading=True) as journal:
            deadlines.add(journal.times())
    if deadlines.exist:
        deadlines.add(_times_in_gradebook(course))
    return deadlines


def _times_in_gradebook(course: Course) -> Iterable[tuple[str, str, datetime]]:
    """Times in a gradebook beside the course, or else in that of nbgrader's configuration."""
    beside = course.root / "gradebook.db"
    if beside.exists() or not (course.root / "nbgrader_config.py").exists():
        return times_in_gradebook(beside)
    if not is_importable(EXTRAS["gradebook"].module):
        return ()
    from nngrade.gradebook.person import times_kept

    return times_kept(course)


def with_lateness(
    course: Course, class_list: ClassList | None, results: Iterable[SubmissionResult]
) -> list[SubmissionResult]:
    """Results with what lateness makes of them; late days of a student's other stages count.

    Parameters
    ----------
    course : Course
    class_list : ClassList or None
    results : iterable of SubmissionResult
    """
    found = list(results)
    deadlines = kept_deadlines(course, class_list).add(times_of_results(found))
    return [deadlines.applied(one) for one in found]
