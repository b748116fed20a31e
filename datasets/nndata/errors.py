"""Exceptions for data sets that cannot be used, with messages for the user."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DamagedFile", "DataError", "DataNotFound", "DownloadFailed"]


class DataError(RuntimeError):
    """A data set cannot be used; the message says why and what to do about it."""


class DataNotFound(DataError):
    """A data set is not on this machine."""


class DownloadFailed(DataNotFound):
    """A data set is not on this machine, and no mirror provided it."""


class DamagedFile(DataError):
    """A file exists, but its content is wrong.

    Parameters
    ----------
    message : str
        Complete sentences for the user that name the file.
    path : Path, optional
        Path of the file.
    reason : str
        The end of a sentence that starts with the file's name: "is cut short: …".
    """

    def __init__(self, message: str, path: Path | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.reason = reason

    @classmethod
    def of(cls, path: Path, reason: str) -> DamagedFile:
        """Make the error for a file from its path and the reason."""
        return cls(f"{path} {reason}.", path, reason)
