"""Records of the search for submissions: found files, candidates, and the user's settings."""

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
    """A submission to be graded, or the reason why it cannot be.

    Attributes
    ----------
    path : Path
        The notebook; in an archive, the archive's path followed by the entry's.
    student : str
        The student's id.
    stage : Stage or None
        The stage; None if it is unknown.
    error : str or None
        Reason why it cannot be graded.
    hand_in : HandIn or None
        Information from an export's file name.
    notes : tuple of str
        Notes to be added to the result.
    root : Path or None
        Folder in which it was looked for; what lies between may name the student.
    uncertain : bool
        Whether `error` says what a person has to decide: whose it is, or of which stage.
    group : tuple of str
        Ids of all for whom it counts, sorted, `student` among them; empty if it is the work of one.
    """

    path: Path
    student: str
    stage: Stage | None
    error: str | None = None
    hand_in: HandIn | None = None
    notes: tuple[str, ...] = ()
    root: Path | None = None
    uncertain: bool = False
    group: tuple[str, ...] = ()

    @property
    def graded_as(self) -> str:
        """The student for whom inputs are drawn, the same one for all of a group."""
        return self.group[0] if self.group else self.student


@dataclass(frozen=True)
class Found:
    """A notebook or an archive on disk, or a problem found there.

    Attributes
    ----------
    path : Path
        The notebook, the archive, or the place of the problem.
    root : Path
        The folder in which it was searched for.
    hand_in : HandIn or None
        Information from an export's file name.
    problem : str or None
        Description of the problem; None if there is none.
    """

    path: Path
    root: Path
    hand_in: HandIn | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Told:
    """The user's settings for all submissions, which override paths and notebooks.

    Attributes
    ----------
    stage : Stage or None
        Stage of all submissions.
    student : str or None
        Student of all submissions.
    roster : Roster or None
        Mapping of names in exports to students.
    """

    stage: Stage | None = None
    student: str | None = None
    roster: Roster | None = None
