"""A class list of everybody in nbgrader's gradebook, to begin with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.formats.sheet import sheet_text
from nngrade.formats.target import Target
from nngrade.gradebook.person import Listed, People
from nngrade.gradebook.writer import read_options

__all__ = ["begin_class_list"]

_HEADER = ("id", "name", "email", "section", "group", "extensions")


def begin_class_list(course: Course, path: Path) -> int:
    """Write a class list of the students in the gradebook, and return how many there are.

    Parameters
    ----------
    course : Course
    path : Path
        A file that does not exist yet.

    Raises
    ------
    CourseError
        If the file exists, the gradebook cannot be read, or it has no students.
    """
    if path.exists():
        raise CourseError(
            f"{path} exists, and nothing in it is changed; name another file, and take over what "
            "you need"
        )
    with People(read_options(course)) as people:
        found = people.listed()
    if not found:
        raise CourseError(
            f"the gradebook of {course.root} has no students; `nbgrader db student add` adds one, "
            "and `nngrade grade --gradebook` whoever handed in"
        )
    Target(str(path)).write(sheet_text([_HEADER, *map(_row, found)]))
    return len(found)


def _row(one: Listed) -> tuple[str, ...]:
    extensions = "; ".join(f"{stage}: {_length(time)}" for stage, time in one.extensions.items())
    return one.id, one.name, one.email, "", "", extensions


def _length(time: timedelta) -> str:
    """A length of time as class lists have it."""
    days = time / timedelta(days=1)
    return f"{days:g} days" if days.is_integer() else f"{time / timedelta(hours=1):.10g} hours"
