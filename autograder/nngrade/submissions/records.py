"""What is found where one looks for submissions, and what is told of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.course.stages import Stage
from nngrade.submissions.exports import HandIn

if TYPE_CHECKING:
    from nngrade.submissions.roster import Roster

__all__ = ["NOBODY", "Candidate", "Found", "Told"]

NOBODY = "unknown"


@dataclass(frozen=True)
class Candidate:
    """A file that is to be graded.

    Attributes
    ----------
    path : Path
        A notebook in an archive has the archive's path with the entry's behind it.
    student : str
    stage : Stage or None
        None where it could not be told.
    error : str or None
        Why it cannot be graded.
    hand_in : HandIn or None
        What Canvas or Moodle say of it.
    notes : tuple of str
        What is to be said with its result.
    """

    path: Path
    student: str
    stage: Stage | None
    error: str | None = None
    hand_in: HandIn | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A notebook or an archive on the disk, or something that is wrong there.

    Attributes
    ----------
    path : Path
    root : Path
        The folder in which it was looked for.
    hand_in : HandIn or None
    problem : str or None
    """

    path: Path
    root: Path
    hand_in: HandIn | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Told:
    """What is told of all submissions, in the place of what paths and notebooks say."""

    stage: Stage | None = None
    student: str | None = None
    roster: Roster | None = None
