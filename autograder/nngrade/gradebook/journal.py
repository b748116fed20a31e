"""The journal of class runs: every result is on the disk before it is reported.

The journal is a database file beside the gradebook. The key of a result covers everything that it
depends on: the submission's bytes, and the versions of course and engine. A killed run thus
continues where it stopped, and unchanged submissions are not graded again.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from nngrade.errors import CourseError
from nngrade.results import SubmissionResult, from_record

__all__ = ["JOURNAL", "Entry", "Journal", "JournalBusy"]

JOURNAL = "nngrade-journal.db"
_VERSION = 1
_SCHEMA = """
CREATE TABLE results (
    student TEXT NOT NULL,
    stage TEXT NOT NULL,
    key TEXT NOT NULL,
    graded_at TEXT NOT NULL,
    result TEXT NOT NULL,
    -- What stands in the gradebook: set for one result of each student and stage at the most.
    written_as TEXT,
    PRIMARY KEY (student, stage, key)
);
"""


class JournalBusy(CourseError):
    """Another run is writing the journal; try again later."""


@dataclass(frozen=True)
class Entry:
    """A result in the journal.

    Attributes
    ----------
    result : SubmissionResult
    key : str
        Digest of everything that the result depends on; see `Versions.key`.
    written_as : str or None
        Mark with which the result was written into the gradebook; None if it was not.
    """

    result: SubmissionResult
    key: str
    written_as: str | None


class Journal:
    """The journal of a course; use it as a context manager.

    Parameters
    ----------
    path : Path
        Path of the file, which is created if missing.
    reading : bool
        Whether to open it only for reading, which is possible during a run.

    Raises
    ------
    CourseError
        If another run is writing the journal, or it cannot be opened.
    """

    def __init__(self, path: Path, reading: bool = False) -> None:
        self.path = path
        self._lock = -1 if reading else _locked(path)
        try:
            self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._db.executescript(
                    f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
                )
            elif version != _VERSION:
                raise CourseError(
                    f"{path} was written by another version of nngrade; move it away (grades in "
                    "the gradebook stay) or use that version"
                )
        except sqlite3.Error as error:
            raise CourseError(
                f"{path} cannot be used ({error}); move it away (grades in the gradebook stay)"
            ) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the journal and release it for other runs."""
        self._db.close()
        if self._lock >= 0:
            os.close(self._lock)

    def find(self, student: str, stage: str, key: str) -> Entry | None:
        """Entry with the given key, or None."""
        row = self._db.execute(
            "SELECT result, key, written_as FROM results WHERE student=? AND stage=? AND key=?",
            (student, stage, key),
        ).fetchone()
        return _entry(row)

    def current(self, student: str, stage: str) -> Entry | None:
        """Entry of the result in the gradebook, or None."""
        row = self._db.execute(
            "SELECT result, key, written_as FROM results "
            "WHERE student=? AND stage=? AND written_as IS NOT NULL",
            (student, stage),
        ).fetchone()
        return _entry(row)

    def of_stage(self, stage: str) -> Iterator[Entry]:
        """Entries of a stage's results in the gradebook, ordered by student."""
        rows = self._db.execute(
            "SELECT result, key, written_as FROM results "
            "WHERE stage=? AND written_as IS NOT NULL ORDER BY student",
            (stage,),
        )
        return (entry for row in rows if (entry := _entry(row)) is not None)

    def times(self) -> Iterator[tuple[str, str, datetime]]:
        """When each result in the gradebook was handed in: student, stage, time, where known."""
        rows = self._db.execute(
            "SELECT student, stage, json_extract(result, '$.handed_in_at') FROM results "
            "WHERE written_as IS NOT NULL AND json_valid(result)"
        )
        for student, stage, time in rows:
            if time is not None:
                yield student, stage, datetime.fromisoformat(time)

    def students(self) -> set[str]:
        """Ids of all students of whom there is a result."""
        return {student for (student,) in self._db.execute("SELECT DISTINCT student FROM results")}

    def of_student(self, student: str) -> Iterator[Entry]:
        """Entries of a student's results, ordered by stage; those that are not written, too."""
        rows = self._db.execute(
            "SELECT result, key, written_as FROM results WHERE student=? ORDER BY stage, graded_at",
            (student,),
        )
        return (entry for row in rows if (entry := _entry(row)) is not None)

    def count(self, student: str) -> int:
        """Number of a student's results, those that cannot be read any more included."""
        (count,) = self._db.execute(
            "SELECT COUNT(*) FROM results WHERE student=?", (student,)
        ).fetchone()
        return int(count)

    def forget(self, student: str) -> None:
        """Remove a student's results from the file, so that none of their bytes stays in it.

        Raises
        ------
        OSError
        """
        try:
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("DELETE FROM results WHERE student=?", (student,))
            # Pages that an earlier version freed hold what it deleted.
            self._db.execute("VACUUM")
        except sqlite3.Error as error:
            raise OSError(0, str(error), str(self.path)) from error

    def add(self, result: SubmissionResult, key: str) -> None:
        """Store a result durably: it is on the disk when this method returns.

        Raises
        ------
        OSError
            If the result could not be stored, for example on a full disk.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        record = json.dumps(result.as_record())
        try:
            self._db.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, NULL)",
                (result.student, result.stage, key, now, record),
            )
        except sqlite3.Error as error:
            raise OSError(0, str(error), str(self.path)) from error

    def written(self, student: str, stage: str, key: str, mark: str) -> None:
        """Record that a result has been written into the gradebook, replacing an earlier one.

        Parameters
        ----------
        student, stage, key : str
        mark : str
            Form in which it was written.

        Raises
        ------
        OSError
        """
        try:
            # Results of earlier versions of the submission are no longer needed.
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "DELETE FROM results WHERE student=? AND stage=? AND key<>?", (student, stage, key)
            )
            self._db.execute(
                "UPDATE results SET written_as=? WHERE student=? AND stage=? AND key=?",
                (mark, student, stage, key),
            )
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.rollback()
            raise OSError(0, str(error), str(self.path)) from error


def _entry(row: tuple[str, str, str | None] | None) -> Entry | None:
    """Entry of a row. One that is damaged is none: its submission is graded again."""
    if row is None:
        return None
    try:
        return Entry(from_record(json.loads(row[0])), row[1], row[2])
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _locked(path: Path) -> int:
    """Lock the journal for this process; the kernel releases the lock when the process ends."""
    try:
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CourseError(f"{path} cannot be made ({error.strerror})") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise JournalBusy(
            f"another class run is under way here (it holds {path}); wait for its end"
        ) from None
    return descriptor
