"""Read the bytes of a notebook from a file or from an entry of a zip archive."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nngrade.errors import SubmissionError
from nngrade.limits import LARGEST_NOTEBOOK
from nngrade.submissions.archive import read_entry

__all__ = ["read_bytes"]


def read_bytes(path: Path) -> bytes:
    """Read a submitted file, or an entry of a zip archive.

    Raises
    ------
    SubmissionError
        If it is missing, not a regular file, unreadable, or too large.
    """
    try:
        # Opened in non-blocking mode: a named pipe called .ipynb must not block the run.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise SubmissionError(f"{path}: no such file") from None
    except NotADirectoryError:
        return read_entry(path)
    except OSError as error:
        raise SubmissionError(f"{path}: cannot be read ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path}: not a regular file")
        if status.st_size > LARGEST_NOTEBOOK:
            size, most = status.st_size / 2**20, LARGEST_NOTEBOOK // 2**20
            raise SubmissionError(
                f"{path}: {size:.0f} MiB is more than the {most} MiB that a notebook may have; "
                "clear its outputs and save it again"
            )
        return file.read(LARGEST_NOTEBOOK + 1)
