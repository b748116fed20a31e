"""The journal of class runs: every result, durable before anybody hears of it.

A database file beside the gradebook, in which a result is kept under what it depends on: the
submission's bytes, and the versions of the course and of the engine. A run that was killed goes on
where it stopped, and what did not change is not graded again.
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
    """Another run is writing the journal; it will be done some time."""


@dataclass(frozen=True)
class Entry:
    """A result in the journal.

    Attributes
    ----------
    result : SubmissionResult
    key : str
    written_as : str or None
        The mark with which it was written into the gradebook; None where it was not.
    """

    result: SubmissionResult
    key: str
    written_as: str | None


class Journal:
    """The journal of a course; use it as a context manager.

    Parameters
    ----------
    path : Path
        Of the file, which is made when missing.
    reading : bool
        Whether it is only read, beside a run perhaps.

    Raises
    ------
    CourseError
        When another run is writing it, or it cannot be opened.
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
        """Let others use it."""
        self._db.close()
        if self._lock >= 0:
            os.close(self._lock)

    def find(self, student: str, stage: str, key: str) -> Entry | None:
        """The result under this key, if there is one."""
        row = self._db.execute(
            "SELECT result, key, written_as FROM results WHERE student=? AND stage=? AND key=?",
            (student, stage, key),
        ).fetchone()
        return None if row is None else _entry(row)

    def current(self, student: str, stage: str) -> Entry | None:
        """The result that stands in the gradebook."""
        row = self._db.execute(
            "SELECT result, key, written_as FROM results "
            "WHERE student=? AND stage=? AND written_as IS NOT NULL",
            (student, stage),
        ).fetchone()
        return None if row is None else _entry(row)

    def of_stage(self, stage: str) -> Iterator[Entry]:
        """What stands in the gradebook for a stage, student by student."""
        rows = self._db.execute(
            "SELECT result, key, written_as FROM results "
            "WHERE stage=? AND written_as IS NOT NULL ORDER BY student",
            (stage,),
        )
        return map(_entry, rows)

    def add(self, result: SubmissionResult, key: str) -> None:
        """Keep a result for good: when this returns, it is on the disk.

        Raises
        ------
        OSError
            When it could not be kept, for want of room, say.
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
        """Note that a result stands in the gradebook, in the place of an earlier one.

        Raises
        ------
        OSError
        """
        try:
            # Results of versions of the submission that are gone are of no more use.
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


def _entry(row: tuple[str, str, str | None]) -> Entry:
    return Entry(from_record(json.loads(row[0])), row[1], row[2])


def _locked(path: Path) -> int:
    """Hold the journal for this process; the kernel lets go of it when the process ends."""
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
