"""File names in exports of submissions from Canvas and Moodle.

Canvas (``lib/content_zipper.rb``) puts all files into one folder, as
``NAME_[LATE_]USER_UPLOAD_FILE``: the name in lower case without blanks and commas, the user's
number, the upload's number, which increases with each upload, and the file's own name.

Moodle (``mod/assign/classes/downloader.php``) makes a folder for each student,
``FULL NAME_PARTICIPANT_assignsubmission_file``. With another setting, it makes one folder in which
each file's name has this prefix. Each assignment has its own participant numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

__all__ = ["HandIn", "hand_in", "hand_in_folder", "is_archive", "is_hidden", "plain"]

_WHO = r"(?:(?:LATE_)?(?=anon_)|(?P<name>[^/]+?)_(?:LATE_)?)(?P<id>\d+|anon_[0-9A-Za-z]{5})"
# Upload numbers are counted for all of Canvas, so they are long; numbers in a date may be short.
_CANVAS = re.compile(rf"{_WHO}_(?P<upload>\d{{3,}})_(?P<file>.+)", re.DOTALL)
# Text that students typed in: not an uploaded file, so without an upload number.
_CANVAS_TEXT = re.compile(rf"{_WHO}_(?P<file>(?:text|link)\.html)", re.DOTALL)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class HandIn:
    """Information on a submitted file that an export's file name contains.

    Attributes
    ----------
    lms : {"Canvas", "Moodle"}
        The learning management system that made the export.
    id : str
        The user's number in Canvas, the participant's number in Moodle; may be empty in Moodle.
    name : str
        The student's name, as far as the file name contains it.
    file : str
        The student's name of the file.
    upload : int
        Canvas' number of the upload, which increases with each upload; 0 if unknown.
    late : bool
        Whether Canvas marks the submission as late.
    """

    lms: Literal["Canvas", "Moodle"]
    id: str
    name: str
    file: str
    upload: int = 0
    late: bool = False

    @property
    def person(self) -> HandIn:
        """The information on the student only, equal for all of the student's files."""
        return replace(self, file="", upload=0, late=False)

    @property
    def student(self) -> str:
        """The student's id without a roster: the number in Canvas, the name in Moodle."""
        if self.lms == "Canvas":
            return self.id
        name = " ".join(self.name.split())
        # In blind marking, everybody's name is "Participant" in the teacher's language.
        blind = self.id and plain(self.name) in _PARTICIPANT
        return f"{name} {self.id}" if blind else name


_PARTICIPANT = {"participant", "teilnehmerin", "teilnehmer", "participante", "deelnemer"}


def hand_in(parts: Sequence[str]) -> HandIn | None:
    """Parse a path from an export of Canvas or Moodle.

    The outermost matching folder or file counts, because students choose the names inside it.

    Parameters
    ----------
    parts : sequence of str
        Parts of the path, from the outermost folder to the file.

    Returns
    -------
    HandIn or None
        The information in the path; None if it is from neither system.
    """
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if found := _moodle(part):
            own = found["file"] if last else parts[-1]
            return HandIn("Moodle", found["id"] or "", found["name"], own or part)
        if (last or part.lower().endswith(".zip")) and "_" in part:
            found = _CANVAS.fullmatch(part) or _CANVAS_TEXT.fullmatch(part)
            if found:
                told = found.groupdict()
                return HandIn(
                    "Canvas",
                    found["id"],
                    found["name"] or "",
                    found["file"] if last else parts[-1],
                    int(told.get("upload") or 0),
                    "LATE_" in part[: found.start("id")],
                )
    return None


def hand_in_folder(folder: Path) -> HandIn | None:
    """Parse the outermost Moodle folder among a folder and its parents; None if there is none."""
    for part in folder.absolute().parts:
        if found := _moodle(part):
            return HandIn("Moodle", found["id"] or "", found["name"], "")
    return None


def is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden or macOS metadata, and so not part of a submission."""
    return name == "__MACOSX" or (name[:1] == "." and name != ".." and _moodle(name) is None)


def _moodle(part: str) -> re.Match[str] | None:
    # Most names can be excluded without a regular expression.
    return _MOODLE.fullmatch(part) if "_assignsubmission_" in part else None


def plain(name: str) -> str:
    """Normalise a name for comparison: letters and digits only, case-folded.

    Both systems omit some characters from file names; "Example, Ann" becomes "exampleann".
    """
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def is_archive(path: Path) -> bool:
    """Whether a file's name is that of a zip archive."""
    return path.suffix.lower() == ".zip"
