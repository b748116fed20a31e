"""What every book of a class knows, nbgrader's or not: when a submission came, what went wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nngrade.errors import NngradeError
from nngrade.extras import EXTRAS, is_importable

__all__ = ["TIMESTAMP", "NotWritten", "read_timestamp"]

TIMESTAMP = "timestamp.txt"


class NotWritten(NngradeError):
    """A grade could not be written; the message gives the reason and the fix."""


def read_timestamp(path: Path) -> tuple[datetime | None, str]:
    """Read the time of submission from ``timestamp.txt`` beside a notebook.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    timestamp : datetime or None
        Time of submission, if known.
    problem : str
        Problem with the file; empty if there is none.
    """
    if not is_importable(EXTRAS["gradebook"].module):
        return None, ""  # only nbgrader's gradebook asks, and there is none
    from nbgrader import utils

    file = path.with_name(TIMESTAMP)
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None, ""  # in an archive there is none
    except (OSError, UnicodeDecodeError) as error:
        return None, f"{file} cannot be read ({error}), so it does not count as late"
    if not text:
        return None, f"{file} is empty, so it does not count as late"
    try:
        return utils.parse_utc(text), ""
    except (ValueError, OverflowError):
        return None, f"{file} holds no date but {text[:60]!r}, so it does not count as late"
