"""Exceptions for errors outside a student's code; each message names the place and the fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "CourseError",
    "LessonError",
    "NngradeError",
    "Problem",
    "SubmissionError",
    "UncertainError",
    "line_in",
]


class NngradeError(Exception):
    """Base class of errors whose message is written for the user of the program."""


class CourseError(NngradeError):
    """The course itself is invalid: its folder, a stage, a check or its secret."""


class SubmissionError(NngradeError):
    """A submission cannot be read, or its stage cannot be determined."""


class UncertainError(SubmissionError):
    """It is uncertain whose a submission is, or of which stage: a person has to decide."""


@dataclass(frozen=True)
class Problem:
    """A problem in a file of the course.

    Attributes
    ----------
    path : Path
        The file.
    line : int
        Line number, counted from 1.
    what : str
        Description of the problem and its fix.
    """

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class LessonError(CourseError):
    """One or more problems in a stage's files; the message lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[LessonError], tuple[tuple[Problem, ...]]]:
        """Support pickling: grading processes send the error to their parent."""
        return LessonError, (self.problems,)


def line_in(path: Path, error: BaseException) -> int:
    """Line number of the innermost traceback frame in a file; 1 if no frame is in that file."""
    line, traceback = 1, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
