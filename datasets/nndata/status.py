"""Status of the data sets on this machine, for `nngrade data status`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nndata.digits import DIGITS_FOLDER, DIGITS_SHA256, read_digits
from nndata.errors import DamagedFile
from nndata.mnist import FIX, survey_mnist

__all__ = ["DataStatus", "data_status"]


@dataclass(frozen=True)
class DataStatus:
    """Availability and location of a data set.

    Attributes
    ----------
    name : str
        "mnist" or "digits".
    available : bool
        Whether every file was found and is sound.
    path : Path or None
        Folder of its first file; None if that was not found.
    digests : tuple of (Path, str)
        Path of each sound file, and the SHA-256 digest of its content after decompression.
    problem : str
        Missing and damaged files and the folders searched, in sentences; empty if all are sound.
    fix : str
        What to do about the problem; empty if there is none.
    """

    name: str
    available: bool
    path: Path | None
    digests: tuple[tuple[Path, str], ...]
    problem: str = ""
    fix: str = ""


def data_status() -> list[DataStatus]:
    """Search for every data set and verify the files found.

    Returns
    -------
    list of DataStatus
        One status per data set. Nothing is downloaded.
    """
    return [_mnist_status(), _digits_status()]


def _mnist_status() -> DataStatus:
    survey = survey_mnist()
    found = survey.digests
    path = found[0][0].parent if found else None
    if survey.complete:
        return DataStatus("mnist", True, path, found)
    return DataStatus("mnist", False, path, found, survey.problem(), FIX)


def _digits_status() -> DataStatus:
    try:
        read_digits()
    except DamagedFile as error:
        return DataStatus("digits", False, DIGITS_FOLDER, (), str(error), "Reinstall nngrade.")
    found = tuple((DIGITS_FOLDER / name, digest) for name, digest in DIGITS_SHA256.items())
    return DataStatus("digits", True, DIGITS_FOLDER, found)
