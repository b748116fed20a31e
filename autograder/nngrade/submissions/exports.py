"""The names under which Canvas and Moodle hand out submissions.

Canvas (``lib/content_zipper.rb``) puts everything into one folder, as
``NAME_[LATE_]USER_UPLOAD_FILE``: the name in lower case without blanks and commas, the user's
number, the upload's number, which grows with each upload, and the file's own name.

Moodle (``mod/assign/classes/downloader.php``) makes a folder for each student,
``FULL NAME_PARTICIPANT_assignsubmission_file``, or, where somebody chose so, one folder with that
before each file's name. Participants are numbered anew in each assignment.
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
# Uploads are counted for all of Canvas, so their numbers are long; those of a date may not be.
_CANVAS = re.compile(rf"{_WHO}_(?P<upload>\d{{3,}})_(?P<file>.+)", re.DOTALL)
# What students typed in: no file of theirs, so no number of an upload.
_CANVAS_TEXT = re.compile(rf"{_WHO}_(?P<file>(?:text|link)\.html)", re.DOTALL)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class HandIn:
    """What a name says about what a student handed in.

    Attributes
    ----------
    lms : {"Canvas", "Moodle"}
    id : str
        The user's number in Canvas, the participant's in Moodle; may be empty in Moodle.
    name : str
        The student's name, as far as it is in the file's name.
    file : str
        What the student called the file.
    upload : int
        Grows with each upload to Canvas; 0 where it is not told.
    late : bool
        Whether Canvas says so.
    """

    lms: Literal["Canvas", "Moodle"]
    id: str
    name: str
    file: str
    upload: int = 0
    late: bool = False

    @property
    def person(self) -> HandIn:
        """The same for all that a student handed in."""
        return replace(self, file="", upload=0, late=False)

    @property
    def student(self) -> str:
        """The student's id where no file says more: Canvas' number, Moodle's name."""
        if self.lms == "Canvas":
            return self.id
        name = " ".join(self.name.split())
        # Where marking is blind, everybody is called Participant, in the teacher's language.
        blind = self.id and plain(self.name) in _PARTICIPANT
        return f"{name} {self.id}" if blind else name


_PARTICIPANT = {"participant", "teilnehmerin", "teilnehmer", "participante", "deelnemer"}


def hand_in(parts: Sequence[str]) -> HandIn | None:
    """What a path says that Canvas or Moodle made; None where neither did.

    The outermost folder or file that is named so counts: what is further in, students named.

    Parameters
    ----------
    parts : sequence of str
        Of the path, from the outermost folder to the file.
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
    """What a folder on the disk, or one that it is in, says that Moodle made; the outermost."""
    for part in folder.absolute().parts:
        if found := _moodle(part):
            return HandIn("Moodle", found["id"] or "", found["name"], "")
    return None


def is_hidden(name: str) -> bool:
    """Whether a file or folder is none that anybody handed in: hidden, or a copy by macOS."""
    return name == "__MACOSX" or (name[:1] == "." and name != ".." and _moodle(name) is None)


def _moodle(part: str) -> re.Match[str] | None:
    # Most names can be told from Moodle's without a regular expression.
    return _MOODLE.fullmatch(part) if "_assignsubmission_" in part else None


def plain(name: str) -> str:
    """A name as it can be compared: of letters and digits only, in lower case.

    Both systems leave out of file names what they like; "Example, Ann" becomes "exampleann".
    """
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it is a zip archive."""
    return path.suffix.lower() == ".zip"
