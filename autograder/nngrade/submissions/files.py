"""Read the bytes of a notebook: of a file, or of an entry in a zip archive."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nngrade.errors import SubmissionError
from nngrade.limits import LARGEST_NOTEBOOK
from nngrade.submissions.archive import read_entry

__all__ = ["read_bytes"]


def read_bytes(path: Path) -> bytes:
    """What is in a file that a student handed in, or in an entry of a zip archive.

    Raises
    ------
    SubmissionError
        When it is missing, no regular file, not to be read, or too large.
    """
    try:
        # Opened without waiting: a pipe that somebody named .ipynb must not hang the run.
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
