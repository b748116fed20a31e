"""What nbgrader's gradebook holds of one student: read it, and remove it."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.gradebook.writer import Options, first_line, open_gradebook, read_options
from nngrade.students.settling import times_in

__all__ = ["Listed", "People", "times_kept"]

_T = TypeVar("_T")

# Seconds to wait for a database that another process has locked.
PATIENCE = 30.0


@dataclass(frozen=True)
class Listed:
    """What a class list would say of a student.

    Attributes
    ----------
    id, name, email : str
    extensions : mapping of str to timedelta
        Extensions by assignment.
    """

    id: str
    name: str
    email: str
    extensions: Mapping[str, timedelta]


class People:
    """The students in a gradebook; use it as a context manager.

    A gradebook that does not exist has none, and is not made.

    Parameters
    ----------
    options : Options

    Raises
    ------
    CourseError
        If the gradebook cannot be opened.
    """

    def __init__(self, options: Options) -> None:
        self._file = _sqlite_file(options.db_url)
        self._book: Gradebook | None = None
        if self._file is None or self._file.exists():
            self._book = open_gradebook(options)
            if self._file is not None:
                _wipe_what_is_deleted(self._book)

    def __enter__(self) -> People:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._book is not None:
            self._book.close()

    @property
    def file(self) -> Path | None:
        """The database's file; None if the database is a server's."""
        return self._file

    def ids(self) -> set[str]:
        """Ids of all students."""
        return self._asked(lambda book: {one.id for one in book.students}, set())

    def listed(self) -> list[Listed]:
        """All students, with what a class list would say of them, by id."""
        return self._asked(
            lambda book: sorted(map(_listed, book.students), key=attrgetter("id")), []
        )

    def times(self) -> list[tuple[str, str, datetime]]:
        """When students handed in: student, assignment and time in UTC."""
        return self._asked(lambda book: list(times_in(book)), [])

    def assignments(self) -> set[str]:
        """Names of all assignments."""
        return self._asked(lambda book: {one.name for one in book.assignments}, set())

    def record(self, student: str) -> dict[str, Any] | None:
        """All rows of a student, as plain data; None if there is none.

        Raises
        ------
        CourseError
            If the gradebook cannot be read.
        """
        try:
            return self._asked(lambda book: _record(book.find_student(student)), None)
        except MissingEntry:
            return None

    def forget(self, student: str) -> None:
        """Remove a student with all submissions, grades and comments.

        Raises
        ------
        CourseError
            If the gradebook cannot be written; what is left of the student is found again.
        """
        try:
            self._asked(lambda book: book.remove_student(student), None)
        except MissingEntry:
            pass
        if self._file is not None and self._book is not None:
            self._book.close()
            self._book = None
            try:
                # Pages that were freed without being overwritten hold what was in them.
                with sqlite3.connect(self._file, timeout=PATIENCE, isolation_level=None) as db:
                    db.execute("VACUUM")
                db.close()
            except sqlite3.Error as error:
                raise CourseError(
                    f"{self._file} cannot be compacted ({error}); run the same command again, or "
                    f"`sqlite3 {self._file} VACUUM`"
                ) from error

    def _asked(self, action: Callable[[Gradebook], _T], otherwise: _T) -> _T:
        if self._book is None:
            return otherwise
        try:
            with warnings.catch_warnings():
                # Warnings about nbgrader's own code do not help the user.
                warnings.simplefilter("ignore", SAWarning)
                return action(self._book)
        except (SQLAlchemyError, InvalidEntry) as error:
            raise CourseError(
                f"the gradebook cannot be used ({first_line(error)}); mend that and run the same "
                "command again"
            ) from error
        finally:
            self._book.db.rollback()


def times_kept(course: Course) -> list[tuple[str, str, datetime]]:
    """When students handed in, as far as the course's gradebook knows; wherever that is.

    Raises
    ------
    CourseError
        If it cannot be read.
    """
    with People(read_options(course)) as people:
        return people.times()


def _listed(student: Any) -> Listed:
    parts = (student.first_name, student.last_name)
    extended = {one.name: one.extension for one in student.submissions if one.extension is not None}
    return Listed(student.id, " ".join(filter(None, parts)), student.email or "", extended)


def _sqlite_file(db_url: str) -> Path | None:
    try:
        url = make_url(db_url)
    except (SQLAlchemyError, ValueError):
        return None  # opening it says what is wrong
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database) if is_file and url.database else None


def _wipe_what_is_deleted(book: Gradebook) -> None:
    """Have SQLite overwrite what it deletes, whichever connection deletes it."""

    def wipe(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA secure_delete = ON")

    book.db.remove()
    book.engine.dispose()
    event.listen(book.engine, "connect", wipe)


def _record(student: Any) -> dict[str, Any]:
    return {
        "id": student.id,
        **_columns(student),
        "submissions": [
            {
                "assignment": submission.assignment.name,
                "score": submission.score,
                **_columns(submission),
                "notebooks": [
                    {
                        "name": notebook.name,
                        **_columns(notebook),
                        "grades": [
                            {"cell": grade.cell.name, "score": grade.score, **_columns(grade)}
                            for grade in notebook.grades
                        ],
                        "comments": [
                            {"cell": comment.cell.name, **_columns(comment)}
                            for comment in notebook.comments
                        ],
                    }
                    for notebook in submission.notebooks
                ],
            }
            for submission in student.submissions
        ],
    }


def _columns(row: Any) -> dict[str, Any]:
    """The columns of a row, without the database's own keys."""
    return {
        column.name: _plain(getattr(row, column.name))
        for column in row.__table__.columns
        if not column.foreign_keys and not column.primary_key
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value
