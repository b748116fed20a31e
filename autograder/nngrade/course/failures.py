"""Keep the traceback of an unexpected exception in a file for the course's staff.

A traceback may quote checks and expected values. It therefore goes into a folder inside
``solutions/`` that only its owner may read, never to a terminal or into a result.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nngrade.course.stages import Course

__all__ = ["FOLDER", "Failures", "failures_of"]

FOLDER = ".nngrade-failures"
# Maximum number of characters of a kept traceback: a message may quote a whole submission.
LONGEST = 200_000


@dataclass(frozen=True)
class Failures:
    """The tracebacks of a course's unexpected exceptions.

    Attributes
    ----------
    folder : Path
        The folder, made when it is first needed.
    """

    folder: Path

    def keep(self, what: str, error: BaseException) -> str:
        """Write the traceback of an exception to a file.

        The same exception of the same submission is kept once. This method raises nothing: it is
        called where something went wrong already.

        Parameters
        ----------
        what : str
            What failed, for the user: a path or a name, and what was done with it.
        error : BaseException

        Returns
        -------
        str
            A sentence that says what failed and names the file. It holds the type of the exception
            and not its message, so that it may go into results.
        """
        kind = type(error).__name__
        try:
            path = self._write(f"{what}\n\n{_traceback(error)[:LONGEST]}")
        except Exception as problem:
            why = getattr(problem, "strerror", None) or type(problem).__name__
            return f"{what} failed ({kind} in the grader); its traceback cannot be kept ({why})"
        return f"{what} failed ({kind} in the grader); the staff find the details in {path}"

    def _write(self, text: str) -> Path:
        content = text.encode("utf-8", "backslashreplace")
        folder = self.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        # Whoever keeps a course in a repository of their own need not know of this folder.
        _write_private(folder / ".gitignore", b"*\n")
        path = folder / f"{hashlib.sha256(content).hexdigest()[:16]}.txt"
        _write_private(path, content)
        return path


def failures_of(course: Course) -> Failures:
    """The kept tracebacks of a course."""
    return Failures(course.solutions / FOLDER)


def _traceback(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception as problem:
        # An exception may have a message that cannot be made.
        return f"{type(error).__name__}, whose traceback cannot be shown: {type(problem).__name__}"


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        file.write(content)
    os.replace(draft, path)
