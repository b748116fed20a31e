"""Feedback files for students, ``FOLDER/STUDENT/STAGE.html``, as a `Book` of class runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nngrade.course.options import Level
from nngrade.course.stages import Stage
from nngrade.errors import NngradeError
from nngrade.formats.feedback import as_told
from nngrade.formats.registry import FEEDBACK, render
from nngrade.formats.target import Target
from nngrade.gradebook.class_run import Book, NotWritten
from nngrade.results import SubmissionResult

__all__ = ["Books", "Outbox"]


@dataclass(frozen=True)
class Outbox:
    """A folder of feedback files.

    Attributes
    ----------
    folder : Path
    formats : sequence of str
        Keys of `FEEDBACK`.
    told : Level
        Feedback level, for all formats.
    """

    folder: Path
    formats: Sequence[str]
    told: Level

    @property
    def level(self) -> str:
        """Feedback level and formats, separated by spaces."""
        return f"{self.told} {' '.join(self.formats)}"

    @property
    def students(self) -> None:
        """None: every student is accepted."""

    def require(self, stage: Stage) -> None:
        """Accept every stage."""

    def holds(self, student: str, stage: str) -> bool:
        """Whether all of a student's feedback files exist."""
        return all(path.exists() for _, path in self._files(student, stage))

    def receive(self, path: Path) -> str:
        """Accept every submission as it is."""
        return ""

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> str:
        """Write a student's feedback files, each whole or not at all.

        Raises
        ------
        NotWritten
        """
        # Students do not see where the staff store the file.
        told = replace(as_told(result, self.told), path=Path(result.path).name)
        for form, path in self._files(result.student, stage.name):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                Target(str(path)).write(render(form, [told], self.told))
            except OSError as error:
                raise NotWritten(f"{path}: cannot be written ({error.strerror})") from error
            except NngradeError as error:
                raise NotWritten(str(error)) from error
        return ""

    def _files(self, student: str, stage: str) -> Iterator[tuple[str, Path]]:
        for form in self.formats:
            yield form, self.folder / student / f"{stage}{FEEDBACK[form]}"


@dataclass(frozen=True)
class Books:
    """Several books as one; without any, results go only into the journal."""

    books: Sequence[Book]

    @property
    def level(self) -> str:
        """Levels of all books."""
        return ", ".join(book.level for book in self.books)

    @property
    def students(self) -> set[str] | None:
        """Students that all books accept; None if every student is accepted."""
        known = [book.students for book in self.books]
        limits = [one for one in known if one is not None]
        return set.intersection(*limits) if limits else None

    def require(self, stage: Stage) -> None:
        """Raise a `CourseError` if a book cannot take a stage's grades."""
        for book in self.books:
            book.require(stage)

    def holds(self, student: str, stage: str) -> bool:
        """Whether all books hold the grades of a student for a stage."""
        return all(book.holds(student, stage) for book in self.books)

    def receive(self, path: Path) -> str:
        """Let each book prepare for a submission."""
        return "; ".join(filter(None, [book.receive(path) for book in self.books]))

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> str:
        """Write a result into each book."""
        told = [book.write(result, stage, timestamp) for book in self.books]
        return "; ".join(filter(None, told))
