"""What data there is on this machine, for `nngrade data status`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nndata.digits import DIGITS_FOLDER, DIGITS_SHA256, read_digits
from nndata.errors import DamagedFile
from nndata.mnist import FIX, survey_mnist

__all__ = ["DataStatus", "data_status"]


@dataclass(frozen=True)
class DataStatus:
    """Whether a data set can be used, and where it is.

    Attributes
    ----------
    name : str
        "mnist" or "digits".
    available : bool
        Whether every file was found and is sound.
    path : Path or None
        The folder of its first file, None if that was not found.
    digests : tuple of (Path, str)
        Each sound file, and the SHA-256 of its content after decompression.
    problem : str
        Sentences saying what is missing or damaged and where it was looked for; empty if nothing.
    fix : str
        What to do about it; empty if nothing.
    """

    name: str
    available: bool
    path: Path | None
    digests: tuple[tuple[Path, str], ...]
    problem: str = ""
    fix: str = ""


def data_status() -> list[DataStatus]:
    """Look for every data set and verify what is there.

    Returns
    -------
    list of DataStatus
        One for each data set. Nothing is downloaded.
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
