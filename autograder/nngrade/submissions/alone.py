"""Keep what goes wrong with one found file to that file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from nngrade.course.failures import failures_of
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.submissions.records import NOBODY, Candidate, Found, Told

__all__ = ["alone"]

Find = Callable[[Found, Course, Told], list[Candidate]]


def alone(find: Find) -> Find:
    """Wrap a function that finds submissions: an unexpected exception becomes a candidate's error.

    Parameters
    ----------
    find : callable
        Finds the submissions in a file.
    """

    @wraps(find)
    def guarded(found: Found, course: Course, told: Told) -> list[Candidate]:
        try:
            return find(found, course, told)
        except NngradeError:
            raise
        except Exception as error:
            kept = failures_of(course).keep(f"{found.path}: reading it", error)
            return [Candidate(found.path, told.student or NOBODY, None, kept, found.hand_in)]

    return guarded
