"""The class list: who takes the course, read from a CSV file such as ``students.csv``.

A file that only maps names of Canvas or Moodle to ids is a roster; `read_students` takes both.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.submissions.roster import (
    Roster,
    Row,
    csv_reader,
    csv_text,
    is_of_lms,
    read_roster,
)
from nngrade.text import one_line, presentable

__all__ = [
    "COLUMNS",
    "ClassList",
    "ClassListError",
    "Extension",
    "Student",
    "Students",
    "read_class_list",
    "read_students",
    "section_of",
    "students_of",
]

# Each column, and other names that it may have.
COLUMNS = {
    "id": "id",
    "student": "id",
    "name": "name",
    "email": "email",
    "e-mail": "email",
    "section": "section",
    "group": "group",
    "extensions": "extensions",
    "lms_name": "lms_name",
}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?", re.IGNORECASE)
_LONGEST_DAYS = 3660

# A longer time, or another date.
Extension = timedelta | datetime


class ClassListError(CourseError):
    """A class list that cannot be read; it says all that is wrong with it.

    Attributes
    ----------
    problems : tuple of str
        A sentence each, with the place and the fix.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Student:
    """One student of the class list.

    Attributes
    ----------
    id : str
        As in the folder ``submitted/ID``.
    name, email, section, group : str
        Empty where the file does not say.
    extensions : mapping of str to timedelta or datetime
        By stage: how much more time, or until when, in UTC.
    lms_name : str
        Name or number in Canvas or Moodle, where it is another one.
    line : int
        Line of the file.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    lms_name: str = ""
    line: int = 0


@dataclass(frozen=True)
class ClassList:
    """The students of a course.

    Attributes
    ----------
    path : Path
        The file.
    students : tuple of Student
        In the order of the file.
    """

    path: Path
    students: tuple[Student, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Student]:
        return {one.id: one for one in self.students}

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        groups: dict[str, list[str]] = {}
        for one in self.students:
            if one.group:
                groups.setdefault(one.group, []).append(one.id)
        return {name: tuple(sorted(members)) for name, members in groups.items()}

    @cached_property
    def sections(self) -> dict[str, tuple[str, ...]]:
        """Ids of the students of each section, by its name; without those who are in none."""
        sections: dict[str, list[str]] = {}
        for one in self.students:
            if one.section:
                sections.setdefault(one.section, []).append(one.id)
        return {name: tuple(sections[name]) for name in sorted(sections)}

    def find(self, student: str) -> Student | None:
        """The student with an id, or None."""
        return self._by_id.get(student)

    def group_of(self, student: str) -> tuple[str, ...]:
        """Ids of all members of a student's group, sorted; empty for who works alone."""
        found = self.find(student)
        members = self._groups.get(found.group, ()) if found is not None else ()
        return members if len(members) > 1 else ()

    @property
    def roster(self) -> Roster:
        """Whom names in exports of Canvas and Moodle stand for; who is not listed is let in."""
        return Roster(
            self.path, tuple(row for one in self.students for row in _rows(one)), closed=False
        )


@dataclass(frozen=True)
class Students:
    """What is known of the students of a run.

    Attributes
    ----------
    class_list : ClassList or None
    roster : Roster or None
    """

    class_list: ClassList | None = None
    roster: Roster | None = None

    def strangers(self, students: Iterable[str]) -> list[str]:
        """Ids that are not in the class list, each once; none where there is no list."""
        if self.class_list is None:
            return []
        return [one for one in dict.fromkeys(students) if self.class_list.find(one) is None]


def students_of(course: Course, path: Path | None = None) -> Students:
    """Read the students of a run.

    Parameters
    ----------
    course : Course
    path : Path, optional
        A class list or a roster; by default the course's class list, if there is one.

    Raises
    ------
    CourseError
        If there is a file and it cannot be read.
    """
    own = course.root / course.options.students_file
    if path is None:
        return read_students(own, course) if own.exists() else Students()
    told = read_students(path, course)
    if told.class_list is None and own.exists():
        # The roster says who is who in an export, and the class list what holds for them.
        return Students(read_class_list(own, course), told.roster)
    return told


def section_of(course: Course, class_list: ClassList | None, name: str) -> tuple[str, ...]:
    """Ids of the students of a section.

    Raises
    ------
    CourseError
        If there is no class list, or no such section.
    """
    if class_list is None:
        path = course.root / course.options.students_file
        raise CourseError(f"{path}: there is no class list, so nobody knows who is in {name!r}")
    if name not in class_list.sections:
        known = ", ".join(class_list.sections) or "none; add a column section"
        problem = f"no student is in the section {presentable(name, 60)!r}"
        raise CourseError(f"{class_list.path}: {problem}; there are: {known}")
    return class_list.sections[name]


def read_students(path: Path, course: Course) -> Students:
    """Read a class list, or a roster of names in Canvas or Moodle.

    Raises
    ------
    CourseError
        If the file is neither.
    """
    text = csv_text(path)
    header = [name.strip().lower() for name in next(csv_reader(io.StringIO(text)), [])]
    only_names = sorted(header) == ["lms_name", "student"]
    if only_names or is_of_lms(header):
        return Students(None, read_roster(path))
    found = read_class_list(path, course)
    return Students(found, found.roster)


def read_class_list(path: Path, course: Course) -> ClassList:
    """Read a class list.

    Parameters
    ----------
    path : Path
        CSV file in UTF-8 with a header; columns are separated by commas, semicolons or tabs.
    course : Course
        The course, whose stages extensions name.

    Raises
    ------
    ClassListError
        With all that is wrong with it.
    """
    problems: list[str] = []
    try:
        reader = csv_reader(io.StringIO(csv_text(path)))
        columns = _columns(path, next(reader, []), problems)
        if problems:
            raise ClassListError(problems)
        students: dict[str, Student] = {}
        for fields in reader:
            if not any(one.strip() for one in fields):
                continue
            where = f"{path}, line {reader.line_num}"
            if len(fields) > len(columns):
                problems.append(
                    f"{where}: there are {len(fields)} fields and {len(columns)} columns; put "
                    'what holds a separator between quotation marks, "…"'
                )
                continue
            told = {
                column: " ".join(value.split())
                for column, value in zip(columns, fields, strict=False)
            }
            student = _student(where, told, reader.line_num, course, problems)
            if student is None:
                continue
            twin = students.get(student.id.casefold())
            if twin is not None:
                problems.append(
                    f"{where}: {student.id} is also in line {twin.line}"
                    f"{'' if twin.id == student.id else f' as {twin.id}'}; an id stands for one "
                    "student, so take out one of the two lines"
                )
                continue
            students[student.id.casefold()] = student
    except csv.Error as error:
        raise ClassListError([*problems, f"{path}: not a CSV file ({error})"]) from error
    if not students and not problems:
        problems.append(f"{path}: it lists no student; add a line for each below the header")
    if problems:
        raise ClassListError(problems)
    return ClassList(path, tuple(students.values()))


def _columns(path: Path, header: list[str], problems: list[str]) -> list[str]:
    """The meaning of each column; what is wrong with them goes into `problems`."""
    where, columns = f"{path}, line 1", []
    known = ("id", "name", "email", "section", "group", "extensions", "lms_name")
    for told in header:
        column = COLUMNS.get(told.strip().lower(), "")
        columns.append(column)
        if not column:
            near = get_close_matches(told.strip().lower(), COLUMNS, 1)
            fix = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            problems.append(f"{where}: there is no column {presentable(told, 60)!r}; {fix}")
        elif columns.count(column) > 1:
            problems.append(f"{where}: the column {column} is there twice; take out one of them")
    if "id" not in columns and not problems:
        problems.append(
            f"{where}: no column says who it is; name one id, the student's folder in submitted/"
        )
    return columns


def _student(
    where: str, told: Mapping[str, str], line: int, course: Course, problems: list[str]
) -> Student | None:
    """The student of a line, or None; what is wrong with it goes into `problems`."""
    name = told["id"]
    if not name:
        problems.append(f"{where}: the id is empty; fill it in, or take out the line")
        return None
    if name in (".", "..") or re.search(r"[/\\\x00-\x1f]", name) or presentable(name) != name:
        problems.append(
            f"{where}: {presentable(name, 60)!r} cannot be an id, since a folder gets its name; "
            "take out / and \\, and what cannot be seen"
        )
        return None
    extensions = _extensions(f"{where} ({name})", told.get("extensions", ""), course, problems)
    own = {key: value for key, value in told.items() if key not in ("id", "extensions")}
    return Student(id=name, extensions=extensions, line=line, **own)


def _extensions(where: str, text: str, course: Course, problems: list[str]) -> dict[str, Extension]:
    """Extensions by stage; what is wrong with them goes into `problems`."""
    for_all: dict[str, Extension] = {}
    found: dict[str, Extension] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        who, colon, told = (one.strip() for one in part.partition(":"))
        if not colon:
            problems.append(
                f"{where}: the extension {one_line(part, 60)!r} lacks its stage; write it as in "
                "stage03: 2 days"
            )
            continue
        try:
            stages = course.stages if who.lower() == "all" else (course.stage(who),)
        except CourseError:
            names = [one.name for one in course.stages]
            near = get_close_matches(who, names, 1)
            fix = f"did you mean {near[0]}?" if near else f"there are: all, {', '.join(names)}"
            problems.append(f"{where}: there is no stage {one_line(who, 60)!r}; {fix}")
            continue
        try:
            extension = _extension(told, course)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        into = for_all if who.lower() == "all" else found
        for stage in stages:
            if stage.name in into:
                problems.append(f"{where}: {stage.name} has two extensions; take out one of them")
            into[stage.name] = extension
    return {**for_all, **found}


def _extension(text: str, course: Course) -> Extension:
    """What an extension says.

    Raises
    ------
    ValueError
    """
    if length := _LENGTH.fullmatch(text):
        time = timedelta(**{f"{length[2].lower()}s": float(length[1])})
        if time <= timedelta(days=_LONGEST_DAYS):
            return time
    try:
        if not re.match(r"\d{4}-\d\d-\d\d[ T]", text):
            raise ValueError
        date = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{one_line(text, 60)!r} is no extension; write it as in 2 days, 12 hours or "
            "2026-11-20 18:00"
        ) from None
    moment = course.options.late.moment(date)
    if moment is None:
        raise ValueError(
            f"{text} does not say in which time zone; add an offset, as in {text}+01:00, or "
            f'timezone = "Europe/Berlin" to the table [late] of {course.options_file.name}'
        )
    return moment


def _rows(student: Student) -> list[Row]:
    """Rows of the roster: by number, by the system's name, by the name in both orders."""
    told = student.lms_name
    if parts := re.fullmatch(r"(?:(.*)_)?(\d+)", told):
        return [Row(student.line, student.id, parts[2], parts[1] or "")]
    if told:
        return [Row(student.line, student.id, "", told)]
    if not student.name:
        return []
    # Canvas writes the last name first, and a class list may have it either way.
    first, _, last = student.name.rpartition(" ")
    return [
        Row(student.line, student.id, "", name)
        for name in dict.fromkeys((student.name, f"{last} {first}".strip()))
    ]
