"""What can go wrong with a data set, as exceptions whose text is meant to be read."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DamagedFile", "DataError", "DataNotFound", "DownloadFailed"]


class DataError(RuntimeError):
    """A data set cannot be used; the message says why and what to do about it."""


class DataNotFound(DataError):
    """A data set is not on this machine."""


class DownloadFailed(DataNotFound):
    """A data set is not on this machine, and no mirror gave it either."""


class DamagedFile(DataError):
    """A file is there, but its content is not what it should be.

    Parameters
    ----------
    message : str
        Whole sentences for the reader, naming the file.
    path : Path, optional
        The file.
    reason : str
        The end of a sentence that starts with the file's name: "is cut short: …".
    """

    def __init__(self, message: str, path: Path | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.reason = reason

    @classmethod
    def of(cls, path: Path, reason: str) -> DamagedFile:
        """Make the error of one file from its path and what is wrong with it."""
        return cls(f"{path} {reason}.", path, reason)
