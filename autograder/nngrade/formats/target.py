"""Destination of a document: standard output, a file, or a stream such as a pipe."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

from nngrade.errors import NngradeError

__all__ = ["STDOUT", "Target"]

STDOUT = "-"
# Names the file of GitHub Actions' job summary. The commands of a step append to it.
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass
class Target:
    """The destination of one document, which may be overwritten.

    Attributes
    ----------
    name : str
        Path of the file, or ``-`` for standard output.
    complete : bool
        Whether the last document written here was the final one.
    """

    name: str
    complete: bool = field(default=False, init=False)
    _before: bytes | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Recognise the other names of standard output."""
        if self.name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            self.name = STDOUT

    @property
    def is_file(self) -> bool:
        """Whether a later document can replace the one written here."""
        return self.name != STDOUT and not self._is_stream

    @property
    def _is_stream(self) -> bool:
        path = os.path.abspath(self.name)
        if path.startswith(("/dev/", "/proc/")) and not path.startswith("/dev/shm/"):
            return True
        try:
            # A link is replaced, not followed: it may be a student's and lead anywhere.
            mode = os.lstat(self.name).st_mode
        except OSError:
            return False
        return not (stat.S_ISREG(mode) or stat.S_ISLNK(mode))

    def write(self, text: str, complete: bool = True) -> None:
        """Write a document; a file is written atomically wherever possible.

        Parameters
        ----------
        text : str
        complete : bool
            False if another document will replace this one.

        Raises
        ------
        NngradeError
            If the document cannot be written.
        """
        content = text.encode("utf-8", "replace")
        try:
            if self.name == STDOUT:
                # Always UTF-8, whatever the terminal's encoding: the XML header says so.
                sys.stdout.flush()
                sys.stdout.buffer.write(content)
                sys.stdout.buffer.flush()
            elif os.path.isdir(self.name):
                raise IsADirectoryError(errno.EISDIR, "it is a folder")
            elif self._is_stream:
                _write_stream(self.name, content)
            else:
                self._write_file(content)
        except OSError as error:
            # A pipe without a reader must not block the run.
            what = "nobody reads from it" if error.errno == errno.ENXIO else error.strerror
            name = "standard output" if self.name == STDOUT else self.name
            raise NngradeError(f"{name}: the results cannot be written ({what})") from error
        self.complete = complete

    def _write_file(self, content: bytes) -> None:
        path = Path(self.name)
        if self._is_summary:
            if self._before is None:
                self._before = path.read_bytes() if path.exists() else b""
            _write_in_place(path, self._before + content)
            return
        try:
            _replace(path, content)
        except OSError as error:
            # A file can be writable although its folder is not, as a file mounted by Docker is.
            # On a full disk, writing in place would fail too, and lose the old content.
            if error.errno in _NO_ROOM or not path.exists():
                raise
            _write_in_place(path, content)

    @property
    def _is_summary(self) -> bool:
        summary = os.environ.get(SUMMARY_VARIABLE)
        return bool(summary) and os.path.abspath(summary or "") == os.path.abspath(self.name)


def _replace(path: Path, content: bytes) -> None:
    import tempfile

    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp's files are private; results get the permissions of any other new file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o666 & ~mask)
        os.replace(draft, path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _write_in_place(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(content)


def _write_stream(name: str, content: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
