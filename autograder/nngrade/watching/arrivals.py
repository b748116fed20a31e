"""The files in a folder that others write into, and which of them are complete.

The folder is looked through again and again: that works on every file system, on those of other
machines too, where the kernel announces nothing, and takes milliseconds. Time is measured by a
clock that nobody sets.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.errors import SubmissionError
from nngrade.gradebook.handed_in import TIMESTAMP
from nngrade.submissions.exports import is_archive
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.records import Found
from nngrade.submissions.walk import files_at

__all__ = ["PATIENCE", "SETTLE", "Arrivals", "Stamp", "status"]

# Seconds for which a file must be the same before it is read, and before one that is broken is
# taken for what it is to be: whoever writes it may pause.
SETTLE = 1.0
PATIENCE = 15.0

Stamp = tuple[object, ...]


@dataclass
class _Sight:
    """A file as it was seen, and since when it is like that; without a stamp when it is gone."""

    found: Found
    stamp: Stamp
    since: float
    sound: bool | None = None


class Arrivals:
    """What is in a folder.

    Parameters
    ----------
    folder : Path
    clock : callable
        Tells the time in seconds.

    Attributes
    ----------
    missing : bool
        Whether there was no such folder at the last look.
    seconds : float
        How long that took.
    """

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._sights: dict[Path, _Sight] = {}
        self.missing = False
        self.seconds = 0.0

    def look(self, course: Course) -> None:
        """Look through the folder."""
        now = self._clock()
        there = set()
        self.missing = not self._folder.is_dir()
        for found in () if self.missing else files_at(self._folder, course):
            if found.path == self._folder:
                continue  # it is empty, as it will be now and then
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
                # Some programs remove a file before they write it anew; this one did not.
                del self._sights[path]
        self.seconds = self._clock() - now

    def complete(self, patience: float = PATIENCE) -> Iterator[tuple[Found, Stamp]]:
        """The files that nobody seems to be writing any more."""
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
        """Whether a file is as it was when it had this stamp."""
        sight = self._sights.get(path)
        return sight is not None and _stamp(sight.found) == stamp

    @property
    def paths(self) -> set[Path]:
        """All files that are there, or were a moment ago."""
        return set(self._sights)

    @property
    def restless(self) -> int:
        """How many files may be incomplete."""
        now = self._clock()
        return sum(
            now - one.since < SETTLE or (one.sound is False and now - one.since < PATIENCE)
            for one in self._sights.values()
        )


def _stamp(found: Found) -> Stamp:
    """What is another one when a file is."""
    if found.problem:
        return (found.problem,)
    # Of nbgrader's trees the time of handing in belongs to it.
    return (*status(found.path), *status(found.path.with_name(TIMESTAMP)))


def status(path: Path) -> Stamp:
    """What is another one when a file was changed, exchanged, made or removed."""
    try:
        status = os.stat(path)
    except OSError:
        return (None,)
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_sound(found: Found) -> bool:
    """Whether a file can be read to its end: one that is still being written cannot."""
    if found.problem:
        return False
    if is_archive(found.path):
        return zipfile.is_zipfile(found.path)
    try:
        read_notebook(found.path)
    except SubmissionError:
        return False
    return True
