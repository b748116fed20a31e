"""Roster: maps names in a learning management system to the course's student ids.

It is a CSV file. Its columns are either ``lms_name`` and ``student``, or those of a file that
Canvas (Grades > Export) or Moodle (grading worksheet, list of participants) writes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nngrade.errors import CourseError, SubmissionError
from nngrade.submissions.exports import HandIn, plain

__all__ = ["Roster", "Row", "csv_reader", "csv_text", "encoding_of", "is_of_lms", "read_roster"]

_HEADER = (
    "a first line that names the columns lms_name and student, or a file as Canvas (Grades > "
    "Export: ID, SIS Login ID …) or Moodle (Full name, Email address …) writes it, in English"
)


@dataclass(frozen=True)
class Row:
    """One student: the course's id, and the system's number and name (empty if unknown)."""

    line: int
    student: str
    number: str
    name: str


@dataclass(frozen=True)
class Roster:
    """Whom names and numbers in exports stand for, read from a file.

    Attributes
    ----------
    path : Path
    rows : tuple of Row
    closed : bool
        Whether who is not in it needs a person; otherwise such a student keeps the export's name.
    """

    path: Path
    rows: tuple[Row, ...]
    closed: bool = True

    def student(self, one: HandIn) -> str:
        """Return the id of the student who handed in a file.

        Raises
        ------
        SubmissionError
            If the roster does not determine the student.
        """
        who = f"{one.name} ({one.id})" if one.id else one.name
        name = plain(one.name)
        numbered = [row for row in self.rows if one.id and row.number == one.id]
        named = [row for row in self.rows if row.name and plain(row.name) == name]
        if one.lms == "Canvas":
            # Canvas' numbers are permanent and names are not, but they must not contradict.
            found = numbered or [row for row in named if not row.number]
            if other := [row for row in numbered if row.name and plain(row.name) != name]:
                raise SubmissionError(
                    f"{who} has the number of {other[0].name} in {self.path}, line "
                    f"{other[0].line}; a person must say who that is"
                )
        else:
            # Moodle's numbers are valid in one assignment only.
            found = named or [row for row in numbered if not row.name]
            if len({row.student for row in named}) > 1:
                found = [row for row in named if row.number == one.id]
        students = {row.student for row in found}
        if not students and not self.closed:
            return one.student
        if len(students) != 1:
            what = f"stands for {' and '.join(sorted(students))}" if students else "is not"
            raise SubmissionError(f"{who} {what} in {self.path}; add a line for this student")
        return students.pop()


class CsvReader(Protocol):
    """Interface of `csv.reader`, as far as it is used."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def csv_text(path: Path) -> str:
    """Text of a CSV file in UTF-8, or UTF-16 as spreadsheets write it.

    Raises
    ------
    CourseError
        If the file cannot be read.
    """
    try:
        raw = path.read_bytes()
        return raw.decode(encoding_of(raw))
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8; save it as 'CSV UTF-8'") from error


def encoding_of(raw: bytes) -> str:
    """Encoding of a CSV file, by its first bytes."""
    return "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def csv_reader(lines: Iterable[str]) -> CsvReader:
    """Reader of a CSV file, separated by the sign that its first line has most of."""
    lines = list(lines)
    first = lines[0] if lines else ""
    reader: CsvReader = csv.reader(lines, delimiter=max(",;\t", key=first.count))
    return reader


def is_of_lms(header: Sequence[str]) -> bool:
    """Whether a file has the columns of one that Canvas or Moodle writes."""
    names = {plain(name) for name in header}
    return _is_of_canvas(names) or _is_of_moodle(names)


def _is_of_canvas(header: Container[str]) -> bool:
    return "id" in header and ("sisloginid" in header or "sisuserid" in header)


def _is_of_moodle(header: Container[str]) -> bool:
    return ("fullname" in header or "firstname" in header) and any(
        name in header for name in ("username", "idnumber", "emailaddress")
    )


def read_roster(path: Path) -> Roster:
    """Read a roster from a CSV file.

    Raises
    ------
    CourseError
        If the file cannot be read or is not a valid roster.
    """
    reader = csv_reader(io.StringIO(csv_text(path)))
    try:
        header: dict[str, int] = {}
        for place, name in enumerate(next(reader, [])):
            header.setdefault(plain(name), place)
        rows = tuple(_rows(path, header, reader))
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num}: not a CSV file ({error})") from error
    if not rows:
        raise CourseError(f"{path}: it lists no student")
    return Roster(path, rows)


def _rows(path: Path, header: dict[str, int], lines: CsvReader) -> Iterator[Row]:
    ours = "lmsname" in header and "student" in header
    canvas, moodle = _is_of_canvas(header), _is_of_moodle(header)
    if not (ours or canvas or moodle):
        raise CourseError(f"{path}: who is who? It needs {_HEADER}")
    for fields in lines:

        def field(*names: str, fields: list[str] = fields) -> str:
            """Value of the first of these columns that is not empty."""
            places = [header[name] for name in names if name in header]
            told = [fields[place].strip() for place in places if place < len(fields)]
            return next(filter(None, told), "")

        if ours:
            student, told = field("student"), field("lmsname")
            parts = re.fullmatch(r"(?:(.*)_)?(\d+)", told)
            name, number = (parts[1] or "", parts[2]) if parts else (told, "")
        elif canvas:
            student = field("sisloginid", "sisuserid", "id")
            name, number = field("student", "studentname"), field("id")
            if not number:
                continue  # Canvas' line of maximum points, below the header
        else:
            student = field("username", "idnumber", "emailaddress")
            name = field("fullname") or f"{field('firstname')} {field('lastname', 'surname')}"
            number = re.sub(r"\D", "", field("identifier"))
        name = name.strip()
        if not (student or name or number):
            continue
        where = f"{path}, line {lines.line_num}"
        if not student or student in (".", "..") or re.search(r"[/\\\x00-\x1f]", student):
            raise CourseError(f"{where}: {student!r} cannot be a student's id")
        if not name and not number:
            raise CourseError(f"{where}: who is {student} there? lms_name is empty")
        yield Row(lines.line_num, student, number, name)
