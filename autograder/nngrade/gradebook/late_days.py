"""The late days of a term: what each student has spent, where, and what is left."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.formats.sheet import number, sheet_text
from nngrade.gradebook.deadlines import kept_deadlines
from nngrade.students.class_list import students_of
from nngrade.students.late import Lateness
from nngrade.text import one_line

__all__ = ["LateDays", "late_days_of", "render"]


@dataclass(frozen=True)
class LateDays:
    """The late days of a student.

    Attributes
    ----------
    student, name : str
    late : dict of str to Lateness
        Of the stages that were handed in late.
    spent, left : int
    """

    student: str
    name: str
    late: dict[str, Lateness]
    spent: int
    left: int


def late_days_of(course: Course) -> list[LateDays]:
    """Late days of all students in the class list or with a graded submission, by id.

    Raises
    ------
    CourseError
        If no stage has a due date.
    """
    options = course.options
    if not options.due:
        raise CourseError(
            f"{course.options_file} has no due dates; docs/students-file.md says how to set them"
        )
    class_list = students_of(course).class_list
    deadlines = kept_deadlines(course, class_list)
    names = {one.id: one.name for one in class_list.students} if class_list else {}
    found = []
    for student in sorted({*names, *deadlines.times}):
        late = {stage: one for stage, one in deadlines.of(student).items() if one.seconds_late}
        spent = sum(one.days_spent for one in late.values())
        left = options.late.days - spent
        found.append(LateDays(student, names.get(student, ""), late, spent, left))
    return found


def render(found: Sequence[LateDays], form: str) -> str:
    """The late days as text.

    Parameters
    ----------
    found : sequence of LateDays
    form : {"table", "csv"}
    """
    stages = sorted({stage for one in found for stage in one.late})
    if form == "csv":
        head = ["student", "name", "spent", "left", *stages]
        rows = (
            [one.student, one.name, str(one.spent), str(one.left)]
            + [number(one.late[stage].days_spent) if stage in one.late else "" for stage in stages]
            for one in found
        )
        return sheet_text([head, *rows])
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for column in ("student", "name"):
        table.add_column(column, no_wrap=True)
    table.add_column("spent", justify="right")
    table.add_column("left", justify="right", style="bold")
    table.add_column("where")
    for one in found:
        where = ", ".join(
            f"{stage} {late.days_spent}" + (f" (-{late.percent:g} %)" if late.percent else "")
            for stage, late in one.late.items()
        )
        table.add_row(
            Text(one_line(one.student, 200)),
            Text(one_line(one.name, 200)),
            str(one.spent),
            str(one.left),
            Text(where or "–"),
        )
    text = io.StringIO()
    Console(file=text, width=100, highlight=False, color_system=None).print(table)
    return text.getvalue()
