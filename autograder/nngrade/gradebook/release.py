"""What nbgrader needs to release feedback, and the removal of feedback that is out of date.

``nbgrader release_feedback`` opens ``timestamp.txt`` and ``submission_secret.txt`` beside each page
of feedback, where ``nbgrader generate_feedback`` copies them from the autograded folder. Only
submissions that came by ``nbgrader collect`` have both.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nngrade.course.seeds import course_secret
from nngrade.course.stages import Course, Stage
from nngrade.submissions.timestamp import TIMESTAMP, holds_no_time, read_timestamp, timestamp_text
from nngrade.text import one_line

__all__ = [
    "SECRET",
    "FeedbackFiles",
    "files_in",
    "make_releasable",
    "remove_feedback",
    "set_aside_timestamp",
]

SECRET = "submission_secret.txt"
_ASIDE = f"{TIMESTAMP}.unreadable"
_LONGEST_SECRET = 4096


@dataclass(frozen=True)
class FeedbackFiles:
    """Where the feedback on a submission stands.

    Attributes
    ----------
    notebook : Path
        The autograded notebook.
    page : Path
    permissions : int
        Permissions of the files.
    """

    notebook: Path
    page: Path
    permissions: int


def make_releasable(
    folder: Path,
    submitted: Path,
    course: Course,
    student: str,
    stage: Stage,
    timestamp: datetime | None = None,
) -> str:
    """Complete an autograded folder by the files that ``nbgrader release_feedback`` opens.

    Sound files stay. A time that is not known becomes that of the submitted file's last change; it
    is not written into the gradebook. A secret, from which nbgrader makes the name of a page, is
    derived from the course's own: it stays the same whenever the submission is graded again.

    Parameters
    ----------
    folder : Path
        The autograded folder.
    submitted : Path
        The submitted notebook, possibly in an archive.
    course : Course
    student : str
    stage : Stage
    timestamp : datetime, optional
        Time of submission in UTC, if known.

    Returns
    -------
    str
        What was wrong with a submitted file; empty if nothing.
    """
    known, _ = read_timestamp(folder / "any")
    if known is None:
        _replace(folder / TIMESTAMP, timestamp_text(timestamp or _changed(submitted)))
    problem = _secret_problem(folder / SECRET)
    if problem is None:
        return ""
    message = f"{SECRET}\0{student}\0{stage.name}".encode("utf-8", "surrogatepass")
    secret = hmac.new(course_secret(course), message, hashlib.sha512).hexdigest()
    _replace(folder / SECRET, secret)
    if not problem:
        return ""
    return (
        f"{submitted.with_name(SECRET)} {problem}, so another secret is used, and `nbgrader "
        "fetch_feedback` will not find the feedback: give it to the student yourself"
    )


def _changed(submitted: Path) -> datetime:
    """Time of the last change of a file, or of the archive that holds it."""
    for path in (submitted, *submitted.parents):
        if path.is_file():
            try:
                changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except (OSError, ValueError, OverflowError):
                break
            return changed.replace(tzinfo=None)
    return datetime(1970, 1, 1)


def _secret_problem(file: Path) -> str | None:
    """What is wrong with a secret; None if nothing, empty if there is none."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return "is no file"
        if status.st_size > _LONGEST_SECRET:
            return "is too long"
        # nbgrader reads it as text, and cannot use an empty one.
        return None if file.read_text(encoding="utf-8") else "is empty"
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        return "is no text in UTF-8"


def _replace(file: Path, text: str) -> None:
    # nbgrader copies a file with its permissions: it may be closed to writing.
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8")


def set_aside_timestamp(folder: Path) -> str:
    """Rename a ``timestamp.txt`` that says no time: formgrader cannot show a stage with it.

    Parameters
    ----------
    folder : Path
        Folder of a submission.

    Returns
    -------
    str
        What was wrong, and what was done; empty if nothing was wrong.
    """
    file = folder / TIMESTAMP
    if not holds_no_time(file):
        return ""
    _, problem = read_timestamp(folder / "any")
    aside = next(
        path
        for number in range(1_000_000)
        if not os.path.lexists(path := folder / (f"{_ASIDE}.{number}" if number else _ASIDE))
    )
    try:
        file.rename(aside)
    except OSError as error:
        return (
            f"{problem}; formgrader shows no submission of the stage until this file is removed, "
            f"which is not possible from here ({error.strerror})"
        )
    return (
        f"{problem}; it is now called {aside.name}, because formgrader shows no submission of the "
        f"stage with it. If you know the time, write it into {TIMESTAMP} as "
        f"{timestamp_text(datetime(2026, 11, 2, 12))!r} and run the same command again"
    )


def files_in(folder: Path) -> set[Path]:
    """The files in a folder and below it, relative to it; none if there is no such folder."""
    return {
        Path(here, name).relative_to(folder)
        for here, folders, files in os.walk(folder)
        # A link to a folder is walked over, not into.
        for name in [*files, *(one for one in folders if os.path.islink(Path(here, one)))]
    }


def remove_feedback(
    feedback: Path, autograded: Path, earlier: set[Path], student: str, stage: str
) -> str:
    """Remove the feedback that ``nbgrader generate_feedback`` made of an earlier result.

    It would otherwise skip the submission, and the old feedback would be released. What it made is
    a page for each autograded notebook, and copies of the files beside them. Where there is
    anything else in the folder, a person put it there, and nothing is removed.

    Parameters
    ----------
    feedback, autograded : Path
        Folders of the submission.
    earlier : set of Path
        Files of the autograded folder of the earlier result.
    student, stage : str

    Returns
    -------
    str
        Why the feedback stays, and what to do; empty if there is none any more.
    """
    if not feedback.is_dir() or feedback.resolve() == autograded.resolve():
        return ""
    made = earlier | files_in(autograded) | {Path(TIMESTAMP), Path(SECRET)}
    made |= {path.with_suffix(".html") for path in made if path.suffix == ".ipynb"}
    there = files_in(feedback)
    again = f"`nbgrader generate_feedback {stage} --student {student} --force`"
    if others := sorted(map(str, there - made)):
        few = ", ".join(one_line(name, 100) for name in others[:3])
        return (
            f"{feedback} is feedback on an earlier grade, and it holds what nbgrader did not make "
            f"({few}): move that elsewhere, then run {again}"
        )
    try:
        for name in there:
            (feedback / name).unlink()
        shutil.rmtree(feedback)
    except OSError as error:
        return (
            f"{feedback} is feedback on an earlier grade and cannot be removed "
            f"({error.strerror}): run {again}"
        )
    return ""
