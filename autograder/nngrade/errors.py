"""What can go wrong outside a student's code, as sentences that name the place and the fix."""

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
    "line_in",
]


class NngradeError(Exception):
    """Base class: an error whose message is meant to be read by the user of the program."""


class CourseError(NngradeError):
    """The course itself (its folder, a stage, a check, its secret) is not as it should be."""


class SubmissionError(NngradeError):
    """A submission cannot be read, or nobody can tell which stage it belongs to."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file of the course.

    Attributes
    ----------
    path : Path
    line : int
        Counted from 1.
    what : str
        What is wrong, and the fix.
    """

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class LessonError(CourseError):
    """One or more problems in a stage's files, all of them listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[LessonError], tuple[tuple[Problem, ...]]]:
        """Let grading processes hand the problems on."""
        return LessonError, (self.problems,)


def line_in(path: Path, error: BaseException) -> int:
    """The innermost line of a file that an exception came through; 1 where it was in none."""
    line, traceback = 1, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
