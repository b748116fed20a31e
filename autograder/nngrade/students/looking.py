"""What a person should look at in a class list, compared with the course and its gradebook."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.students.class_list import ClassList
from nngrade.text import one_line

__all__ = ["remarks_on", "summary_of"]

# Ids that one sentence names.
SHOWN = 10


def summary_of(found: ClassList) -> str:
    """How many students, sections, groups and extensions there are."""
    counts = {
        "student": len(found.students),
        "section": len({one.section for one in found.students if one.section}),
        "group": len({one.group for one in found.students if one.group}),
        "student with extensions": sum(1 for one in found.students if one.extensions),
    }
    told = [
        f"{count} {what if count == 1 else what.replace('student', 'students', 1)}"
        if what.startswith("student")
        else f"{count} {what}{'' if count == 1 else 's'}"
        for what, count in counts.items()
        if count or what == "student"
    ]
    return f"{found.path}: {', '.join(told)}."


def remarks_on(found: ClassList, course: Course) -> list[str]:
    """What to look at, a sentence each.

    Parameters
    ----------
    found : ClassList
    course : Course
        With a gradebook, who stands in only one of both is named.
    """
    remarks = []
    due = course.options.due
    for one in found.students:
        where = f"{found.path}, line {one.line} ({one.id})"
        for stage, extension in one.extensions.items():
            if isinstance(extension, datetime) and stage in due and extension <= due[stage]:
                remarks.append(
                    f"{where}: {stage} is due at {due[stage].isoformat()} for everybody, and the "
                    "extension is no later; it changes nothing"
                )
        named = [stage for stage in one.extensions if stage not in due]
        if named and len(named) == len(one.extensions):
            remarks.append(
                f"{where}: {', '.join(named)} has no due date that could be extended; add it to "
                f"the table [due] of {course.options_file.name}"
            )
    listed = {one.id for one in found.students}
    graded = _in_gradebook(course.root / "gradebook.db")
    if graded:  # before anything is graded it knows nobody
        if missing := sorted(graded - listed):
            remarks.append(f"in the gradebook, and not in {found.path.name}: {_few(missing)}")
        if new := sorted(listed - graded):
            remarks.append(f"in {found.path.name}, and not in the gradebook: {_few(new)}")
    return remarks


def _few(ids: list[str]) -> str:
    shown = ", ".join(map(one_line, ids[:SHOWN]))
    return shown + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")


def _in_gradebook(path: Path) -> set[str] | None:
    """Ids in nbgrader's database; None where there is none that can be read."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return {str(student) for (student,) in database.execute("SELECT id FROM student")}
    except sqlite3.Error:
        return None
