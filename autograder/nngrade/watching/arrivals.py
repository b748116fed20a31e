"""Detection of complete files in a folder into which others write.

The folder is polled, which takes milliseconds. Unlike the kernel's notifications, polling works on
every file system, including network file systems. Time is measured by a monotonic clock.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.errors import SubmissionError
from nngrade.submissions.exports import is_archive
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.records import Found
from nngrade.submissions.timestamp import TIMESTAMP
from nngrade.submissions.walk import files_at

__all__ = ["PATIENCE", "SETTLE", "Arrivals", "Stamp", "status"]

# SETTLE: seconds for which a file must be unchanged before it is read. PATIENCE: the same for a
# broken file, which may still be in the process of being written.
SETTLE = 1.0
PATIENCE = 15.0

Stamp = tuple[object, ...]


@dataclass
class _Sight:
    """The last observed state of a file, and its time; a removed file has an empty stamp."""

    found: Found
    stamp: Stamp
    since: float
    sound: bool | None = None


class Arrivals:
    """The files in a folder, or an archive, and whether they are complete.

    Parameters
    ----------
    folder : Path
        The folder, or a single archive.
    clock : callable
        Returns the time in seconds.

    Attributes
    ----------
    missing : bool
        Whether it was missing at the last look.
    seconds : float
        Duration of the last look.
    """

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._sights: dict[Path, _Sight] = {}
        self.missing = False
        self.seconds = 0.0

    def look(self, course: Course) -> None:
        """Scan the folder or the archive, and update the observed states."""
        now = self._clock()
        there = set()
        self.missing = not self._folder.exists()
        is_folder = self._folder.is_dir()
        for found in () if self.missing else files_at(self._folder, course):
            if is_folder and found.path == self._folder:
                continue  # this stands for an empty folder
            stamp = _stamp(found)
            there.add(found.path)
            before = self._sights.get(found.path)
            if before is None or before.stamp != stamp:
                self._sights[found.path] = _Sight(found, stamp, now)
        for path in self._sights.keys() - there:
            sight = self._sights[path]
            if sight.stamp:
                self._sights[path] = _Sight(sight.found, (), now)
            elif now - sight.since >= SETTLE:
                # Some programs remove a file before rewriting it; this file stayed away.
                del self._sights[path]
        self.seconds = self._clock() - now

    def complete(self, patience: float = PATIENCE) -> Iterator[tuple[Found, Stamp]]:
        """Yield the files that seem complete, each with its stamp.

        Parameters
        ----------
        patience : float
            Seconds for which a broken file must be unchanged.
        """
        now = self._clock()
        for sight in self._sights.values():
            rest = now - sight.since
            if not sight.stamp or rest < SETTLE:
                continue
            if sight.sound is None:
                sight.sound = _is_sound(sight.found)
            if sight.sound or rest >= patience:
                yield sight.found, sight.stamp

    def is_still(self, path: Path, stamp: Stamp) -> bool:
        """Whether a file still has the given stamp."""
        sight = self._sights.get(path)
        return sight is not None and _stamp(sight.found) == stamp

    @property
    def paths(self) -> set[Path]:
        """Paths of all files that exist, or existed a moment ago."""
        return set(self._sights)

    @property
    def restless(self) -> int:
        """Number of files that may be incomplete."""
        now = self._clock()
        return sum(
            now - one.since < SETTLE or (one.sound is False and now - one.since < PATIENCE)
            for one in self._sights.values()
        )


def _stamp(found: Found) -> Stamp:
    """Stamp of a found file: it changes whenever the file or its time of submission changes."""
    if found.problem:
        return (found.problem,)
    # In nbgrader's trees, timestamp.txt holds the time of submission.
    return (*status(found.path), *status(found.path.with_name(TIMESTAMP)))


def status(path: Path) -> Stamp:
    """Stamp of a path: it changes when the file is changed, replaced, created or removed."""
    try:
        status = os.stat(path)
    except OSError:
        return (None,)
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_sound(found: Found) -> bool:
    """Whether a file is readable as a whole; a partly written file is not."""
    if found.problem:
        return False
    if is_archive(found.path):
        return zipfile.is_zipfile(found.path)
    try:
        read_notebook(found.path)
    except SubmissionError:
        return False
    return True
