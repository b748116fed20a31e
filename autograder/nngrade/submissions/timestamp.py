"""The time of submission: nbgrader keeps it in ``timestamp.txt`` beside the notebook."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime
from pathlib import Path

from nngrade.text import one_line

__all__ = ["TIMESTAMP", "handed_in_at", "holds_no_time", "read_timestamp", "timestamp_text"]

TIMESTAMP = "timestamp.txt"

# What nbgrader itself writes; all else that it reads is left to it, which takes long to import.
_USUAL = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) UTC")
# nbgrader converts times to other zones, which fails at the ends of the calendar.
_YEARS = range(1970, 2200)
# Bytes that are read: many times the length of any time.
_LONGEST = 1000


def read_timestamp(path: Path) -> tuple[datetime | None, str]:
    """Read the time of submission from ``timestamp.txt`` beside a notebook.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    timestamp : datetime or None
        Time of submission in UTC, without a time zone, as nbgrader keeps it; None if unknown.
    problem : str
        Problem with the file; empty if there is none.
    """
    file = path.with_name(TIMESTAMP)
    try:
        return _time_in(file), ""
    except _NoTime as problem:
        return None, f"{file} {problem}, so it does not count as late"
    except OSError as error:
        return None, f"{file} cannot be read ({error.strerror}), so it does not count as late"


def holds_no_time(file: Path) -> bool:
    """Whether a ``timestamp.txt`` can be read, but does not say a time."""
    try:
        _time_in(file)
    except _NoTime:
        return True
    except OSError:
        pass
    return False


class _NoTime(Exception):
    """A file holds no time; the message says what it is instead, after the file's name."""


def _time_in(file: Path) -> datetime | None:
    """Time in a file; None if there is no such file.

    Raises
    ------
    _NoTime
    OSError
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise _NoTime("is no file")
        with file.open("rb") as stream:
            text = stream.read(_LONGEST).decode("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None  # archives hold no such file
    except UnicodeDecodeError:
        raise _NoTime("is no text in UTF-8") from None
    if not text:
        raise _NoTime("is empty")
    try:
        time = _parsed(text)
    except (ValueError, OverflowError):
        time = None
    if time is None or time.year not in _YEARS:
        raise _NoTime(f"holds no date but {one_line(text, 60)!r}")
    return time


def _parsed(text: str) -> datetime:
    if usual := _USUAL.fullmatch(text):
        return datetime.fromisoformat(usual[1])
    try:
        from nbgrader.utils import parse_utc
    except ImportError:
        # A grader without nbgrader reads ISO 8601, and takes a time without a zone as UTC.
        known = datetime.fromisoformat(text)
        return known.astimezone(UTC).replace(tzinfo=None) if known.tzinfo else known
    time: datetime = parse_utc(text)
    return time


def handed_in_at(path: Path) -> str | None:
    """Time of submission of a notebook in ISO 8601 with an offset; None if unknown."""
    timestamp, _ = read_timestamp(path)
    return None if timestamp is None else timestamp.replace(tzinfo=UTC).isoformat()


def timestamp_text(timestamp: datetime) -> str:
    """Text of a ``timestamp.txt``, as nbgrader writes it.

    Parameters
    ----------
    timestamp : datetime
        In UTC, without a time zone.
    """
    return f"{timestamp:%Y-%m-%d %H:%M:%S.%f} UTC"
