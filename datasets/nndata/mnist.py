"""Find and verify the four files of MNIST on this machine, and download missing ones."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nndata.download import Refused, download
from nndata.errors import DamagedFile, DataError, DataNotFound, DownloadFailed
from nndata.idx import parse_idx, unpack
from nndata.locations import HOME_VARIABLE, places, writable

__all__ = [
    "FILES",
    "FIX",
    "MIRRORS",
    "MIRRORS_VARIABLE",
    "MnistFile",
    "RawMnist",
    "Survey",
    "fetch_mnist",
    "find_mnist",
    "survey_mnist",
]


@dataclass(frozen=True)
class MnistFile:
    """One of the published files after decompression.

    Attributes
    ----------
    name : str
        File name without `.gz`.
    n_bytes : int
        Size of the content in bytes.
    sha256 : str
        SHA-256 digest of the content. The digest of a `.gz` would depend on the compressor.
    """

    name: str
    n_bytes: int
    sha256: str


FILES = (
    MnistFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    MnistFile(
        "train-labels-idx1-ubyte",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    MnistFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    MnistFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
"""The files with training images, training labels, test images and test labels."""

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""Addresses of the mirrors, in order of preference."""

MIRRORS_VARIABLE = "NNDATA_MIRRORS"
"""The environment variable that replaces `MIRRORS`: addresses separated by spaces."""

FIX = (
    "Run `nngrade data fetch mnist`, call nndata.fetch_mnist() where there is no nngrade, or set "
    f"{HOME_VARIABLE} to a folder that holds the four files."
)


@dataclass(frozen=True, eq=False)
class RawMnist:
    """MNIST in its published form.

    Attributes
    ----------
    train_images : ndarray of uint8, shape (60000, 28, 28)
        Pixels of the training images; 0 is paper, 255 is ink.
    train_labels : ndarray of uint8, shape (60000,)
        Digit 0 to 9 that each training image shows.
    test_images : ndarray of uint8, shape (10000, 28, 28)
        Pixels of the test images.
    test_labels : ndarray of uint8, shape (10000,)
        Digit 0 to 9 that each test image shows.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def fetch_mnist(
    progress: bool = False,
    download: bool = True,
    mirrors: Sequence[str] | None = None,
    timeout: float = 20.0,
) -> RawMnist:
    """Return MNIST in its published form, and download the files that are missing.

    Each file is searched for in the folder that the environment variable `NNDATA_HOME` names, then
    in the course's `datasets/` folder, then in the user's cache. In each of them, a subfolder
    `mnist` is searched too. Files may be compressed (`.gz`) or not. A file is used only if its
    content has the published SHA-256 digest, and is then never downloaded again. A damaged file is
    replaced in its place. A missing file is stored in `NNDATA_HOME` if that is set, else in the
    user's cache.

    Parameters
    ----------
    progress : bool
        Whether to show a progress bar on stderr while downloading.
    download : bool
        Whether downloading is allowed.
    mirrors : sequence of str, optional
        Addresses of folders with the four `.gz` files. The default is the environment variable
        `NNDATA_MIRRORS` (addresses separated by spaces), or else two public mirrors.
    timeout : float
        Seconds without data from a mirror after which the next mirror is tried.

    Returns
    -------
    RawMnist
        The four arrays.

    Raises
    ------
    DataNotFound
        If a file is missing, and `download` is false.
    DamagedFile
        If the content of a file is wrong, and `download` is false.
    DownloadFailed
        If no mirror provides a sound file, or no folder is writable.

    Notes
    -----
    MNIST is by Yann LeCun, Corinna Cortes and Christopher J. C. Burges,
    http://yann.lecun.com/exdb/mnist/, CC BY-SA 3.0.
    """
    survey = survey_mnist()
    contents = dict(survey.contents)
    if not survey.complete:
        if not download:
            raise survey.error()
        sources = _chosen_mirrors(mirrors)
        for file in FILES:
            if file.name not in contents:
                folder = _folder_for(survey.damaged.get(file.name))
                content, source = _fetch(file, folder, sources, progress, timeout)
                contents[file.name] = content
                sources = [source, *(other for other in sources if other != source)]
    return RawMnist(*(parse_idx(contents[file.name], file.name) for file in FILES))


def find_mnist() -> Path | None:
    """Find the folder that holds MNIST.

    Returns
    -------
    Path or None
        The folder of the training images; the other files may be elsewhere. None unless all four
        files are on this machine and sound.
    """
    survey = survey_mnist()
    return survey.paths[FILES[0].name].parent if survey.complete else None


@dataclass(frozen=True, eq=False)
class Survey:
    """The files of MNIST on this machine.

    Attributes
    ----------
    paths : dict of str to Path
        Path of the first sound file for each name; missing files have no entry.
    contents : dict of str to bytearray
        Verified content of those files after decompression.
    damaged : dict of str to DamagedFile
        Error of the first damaged file, for each name that has only damaged files.
    """

    paths: dict[str, Path]
    contents: dict[str, bytearray]
    damaged: dict[str, DamagedFile]

    @property
    def complete(self) -> bool:
        """Whether all four files were found and are sound."""
        return len(self.paths) == len(FILES)

    @property
    def digests(self) -> tuple[tuple[Path, str], ...]:
        """Path of each sound file and the SHA-256 digest of its content."""
        return tuple(
            (self.paths[file.name], file.sha256) for file in FILES if file.name in self.paths
        )

    def problem(self) -> str:
        """Describe the damaged and missing files, and the folders that were searched."""
        sentences = [str(error) for error in self.damaged.values()]
        missing = [
            file.name
            for file in FILES
            if file.name not in self.paths and file.name not in self.damaged
        ]
        if missing:
            what = "MNIST is not on this machine: none of its four files is"
            if len(missing) < len(FILES):
                what = (
                    f"A part of MNIST is not on this machine: there is no {', no '.join(missing)}"
                )
            looked_in = "".join(f"\n  {place}" for place in places())
            sentences.append(f"{what}, with or without .gz, in any of{looked_in}")
            if not os.environ.get(HOME_VARIABLE):
                sentences.append(f"{HOME_VARIABLE} is not set.")
        return "\n".join(sentences)

    def error(self) -> DataError:
        """Make the error for damaged or missing files; the message includes the fix."""
        message = f"{self.problem()}\n{FIX}"
        for first in self.damaged.values():
            return DamagedFile(message, first.path, first.reason)
        return DataNotFound(message)


def survey_mnist() -> Survey:
    """Search for the four files and verify those that are found.

    Returns
    -------
    Survey
        For each file the first sound copy, or else the error of the first damaged one.
    """
    survey = Survey({}, {}, {})
    for file in FILES:
        for path in _candidates(file):
            try:
                survey.contents[file.name] = _verified(path, file)
            except DamagedFile as error:
                survey.damaged.setdefault(file.name, error)
            else:
                survey.paths[file.name] = path
                survey.damaged.pop(file.name, None)
                break
    return survey


def _candidates(file: MnistFile) -> Iterator[Path]:
    for place in places():
        for folder in (place.folder, place.folder / "mnist"):
            for path in (folder / f"{file.name}.gz", folder / file.name):
                if os.path.isfile(path):  # unlike Path.is_file, false without permission
                    yield path


def _verified(path: Path, file: MnistFile) -> bytearray:
    """Read the content of a file; raise `DamagedFile` if its digest is not the published one."""
    content = unpack(path, max_bytes=file.n_bytes)
    if len(content) < file.n_bytes:
        sizes = f"it holds {len(content):,} of {file.n_bytes:,} bytes"
        raise DamagedFile.of(path, f"is cut short: {sizes}")
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise DamagedFile.of(
            path, f"has been altered: its SHA-256 is {found[:12]}…, not {file.sha256[:12]}…"
        )
    return content


def _chosen_mirrors(mirrors: Sequence[str] | None) -> list[str]:
    if mirrors is None:
        mirrors = os.environ.get(MIRRORS_VARIABLE, "").split() or MIRRORS
    elif isinstance(mirrors, str):
        raise TypeError(f"mirrors must be a list of addresses, not one string: {mirrors!r}.")
    if not mirrors:
        raise DownloadFailed(f"There is no mirror to download MNIST from. {FIX}")
    return [mirror.rstrip("/") + "/" for mirror in mirrors]


def _folder_for(damaged: DamagedFile | None) -> Path:
    """Choose the folder of a download: a damaged file's, else `NNDATA_HOME`, else the cache."""
    choices = [damaged.path.parent] if damaged and damaged.path else []
    choices += [place.folder for place in places() if place.for_downloads]
    for folder in choices:
        if writable(folder):
            return folder
    tried = ", ".join(map(str, choices))
    raise DownloadFailed(
        f"There is no folder to put MNIST in: none of {tried} can be written. "
        f"Set {HOME_VARIABLE} to a folder of yours."
    )


def _fetch(
    file: MnistFile, folder: Path, mirrors: list[str], progress: bool, timeout: float
) -> tuple[bytearray, str]:
    """Download a file into a folder, from the first mirror that provides a sound copy."""
    reasons = []
    target = folder / f"{file.name}.gz"
    # A unique name per attempt: another process may be downloading the same file.
    part = folder / f".{target.name}.{secrets.token_hex(6)}.part"
    for mirror in mirrors:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                # Gzip slightly enlarges data that it cannot compress.
                limit = file.n_bytes + file.n_bytes // 100 + 1024
                download(mirror + target.name, part, limit, progress, timeout)
                content = _verified(part, file)
                _put(part, target, file)
            finally:
                part.unlink(missing_ok=True)
        except Refused as refused:
            reasons.append(f"{mirror} {refused}")
        except DamagedFile as error:
            reasons.append(f"{mirror} sent a file that {error.reason}")
        except OSError as error:
            raise DownloadFailed(
                f"{target} cannot be written: {error.strerror or error}. "
                f"Make room there, or set {HOME_VARIABLE} to another folder."
            ) from error
        else:
            return content, mirror
    listed = "".join(f"\n  {reason}." for reason in reasons)
    raise DownloadFailed(
        f"No mirror gave {target.name}:{listed}\n"
        f"Try again later, set {MIRRORS_VARIABLE} to the address of another mirror, or set "
        f"{HOME_VARIABLE} to a folder that holds the four files."
    )


def _put(part: Path, target: Path, file: MnistFile) -> None:
    try:
        os.replace(part, target)
    except PermissionError:
        # On Windows while another process reads the target, which it has just put there.
        if not target.is_file():
            raise
        try:
            _verified(target, file)
        except DamagedFile:
            raise PermissionError(f"{target.name} is in use") from None
