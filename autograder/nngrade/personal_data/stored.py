"""Find everything that a course's folder keeps of a student.

That is all that nngrade and nbgrader write when they collect, grade and give feedback. What lies
elsewhere, or is of the whole class, is only told: `Stored.beyond`.
"""

from __future__ import annotations

import csv
import difflib
import glob
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from nngrade.course.failures import failures_of
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.person import People
from nngrade.gradebook.writer import Options, read_options
from nngrade.results import SubmissionResult
from nngrade.students.class_list import COLUMNS
from nngrade.submissions.roster import csv_reader, encoding_of
from nngrade.text import amount, presentable

__all__ = ["Places", "Stored", "encoding_in", "is_of", "lines_of", "rows_of"]

_ID_COLUMNS = tuple(name for name, column in COLUMNS.items() if column == "id")
# Files of the whole class that may name a student, in the course's folder.
_SHEETS = ("*.csv", "*.html", "*.json", "*.md", "*.xml", "*.txt")
# The project's own documents, whose examples are of nobody.
_DOCUMENTS = {
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
}
_LARGEST_SHEET = 64 * 2**20


@dataclass(frozen=True)
class Stored:
    """What is kept of a student.

    Attributes
    ----------
    student : str
    folders : tuple of Path
        Folders of the student's own: submitted, autograded, feedback.
    gradebook : dict or None
        Rows of nbgrader's database.
    results : tuple of SubmissionResult
        Results in the journal.
    n_rows : int
        Number of rows in the journal, damaged ones included.
    class_list : Path
        The course's class list.
    roster : tuple of dict
        Lines of it.
    failures : tuple of Path
        Tracebacks of unexpected exceptions, which may quote checks: they are the staff's.
    log : Path or None
        The log of nbgrader, if it names the student.
    beyond : tuple of str
        What else there may be, and where: a sentence each.
    """

    student: str
    folders: tuple[Path, ...]
    gradebook: dict[str, Any] | None
    results: tuple[SubmissionResult, ...]
    n_rows: int
    class_list: Path
    roster: tuple[dict[str, str], ...]
    failures: tuple[Path, ...]
    log: Path | None
    beyond: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        own = (self.folders, self.gradebook, self.n_rows, self.roster, self.failures, self.log)
        return not any(own)

    def __str__(self) -> str:
        """A line for each place."""
        lines = [f"{folder}/: {_counted(folder)}" for folder in self.folders]
        if self.gradebook is not None:
            n = len(self.gradebook["submissions"])
            of = amount(n, "submission")
            lines.append(f"the gradebook: the student, grades and comments of {of}")
        if self.n_rows:
            lines.append(f"{JOURNAL}: {amount(self.n_rows, 'result')}")
        if self.roster:
            lines.append(f"{self.class_list}: {amount(len(self.roster), 'line')}")
        if self.failures:
            where, number = self.failures[0].parent, amount(len(self.failures), "file")
            lines.append(f"{where}/: {number} on what went wrong in the grader")
        if self.log:
            lines.append(f"{self.log}: nbgrader's log, which names the student among others")
        return "".join(f"  {presentable(line)}\n" for line in lines)


class Places:
    """The places in which a course keeps something of its students; use it as a context manager.

    Parameters
    ----------
    course : Course
    outboxes : sequence of Path
        Folders into which `nngrade watch --feedback` wrote.
    writing : bool
        Whether something will be removed: no class run may be under way then.

    Raises
    ------
    CourseError
        If a database cannot be opened.
    """

    def __init__(
        self, course: Course, outboxes: Sequence[Path] = (), writing: bool = False
    ) -> None:
        self.course = course
        self.outboxes = outboxes
        with ExitStack() as stack:
            self.options: Options = read_options(course)
            path = course.root / JOURNAL
            self.journal: Journal | None = None
            if path.exists():
                self.journal = stack.enter_context(Journal(path, reading=not writing))
            self.people = stack.enter_context(People(self.options))
            self._stack = stack.pop_all()

    def __enter__(self) -> Places:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def class_list(self) -> Path:
        """The course's class list; it need not exist."""
        return self.course.root / self.course.options.students_file

    def known(self) -> set[str]:
        """Ids of all students of whom anything is kept under their name."""
        ids = self.people.ids() | (self.journal.students() if self.journal else set())
        ids |= {
            row[key] for row, _ in rows_of(self.class_list) for key in _ID_COLUMNS if key in row
        }
        for step in self._steps():
            if (parent := self._parent(step)) is not None:
                ids |= {path.name for path in parent.glob("*") if path.is_dir()}
        return {one for one in ids if not one.startswith(".")}

    def of(self, student: str) -> Stored:
        """Everything that is kept of a student.

        Raises
        ------
        NngradeError
            If nothing is kept under this id; the message has the ids that are most like it.
        """
        if student in ("", ".", "..") or set("/\\\0") & set(student):
            raise NngradeError(f"{presentable(student)!r} cannot be a student's id")
        entries = list(self.journal.of_student(student)) if self.journal else []
        results = tuple(entry.result for entry in entries)
        found = Stored(
            student,
            tuple(self._folders(student)),
            self.people.record(student),
            results,
            self.journal.count(student) if self.journal else 0,
            self.class_list,
            tuple(row for row, _ in rows_of(self.class_list) if is_of(row, student)),
            tuple(self._failures(student, results)),
            self._log(student),
            tuple(self._beyond(student, results)),
        )
        if found.is_empty:
            near = difflib.get_close_matches(student, sorted(self.known()), 3, 0.5)
            like = f"; most like it: {', '.join(map(presentable, near))}" if near else ""
            raise NngradeError(f"nothing is kept of a student {presentable(student)!r}{like}")
        return found

    def _steps(self) -> tuple[str, ...]:
        return self.options.submitted, self.options.autograded, self.options.feedback

    def _parent(self, step: str) -> Path | None:
        """Folder in which each student has one folder; None if nbgrader's structure is another."""
        parts = Path(self.options.structure).parts
        if "{student_id}" not in parts:
            return None
        before = parts[: parts.index("{student_id}")]
        if any("{assignment_id}" in part for part in before):
            return None
        return self.course.root.joinpath(*(one.format(nbgrader_step=step) for one in before))

    def _folders(self, student: str) -> Iterator[Path]:
        """The student's folders, submissions first: what is gone from there is not graded again."""
        seen = set()
        for step in self._steps():
            if (parent := self._parent(step)) is not None:
                ways = [parent / student]
            else:
                stages = {one.name for one in self.course.stages} | self.people.assignments()
                ways = [
                    self.course.root
                    / self.options.structure.format(
                        nbgrader_step=step, student_id=student, assignment_id=stage
                    )
                    for stage in sorted(stages)
                ]
            # A draft beside it is what a killed run has left.
            for way in ways:
                for path in (way, way.with_name(f".{way.name}.new")):
                    if os.path.lexists(path) and path not in seen:
                        seen.add(path)
                        yield path
        for outbox in self.outboxes:
            if os.path.lexists(path := outbox / student):
                yield path

    def _failures(self, student: str, results: Sequence[SubmissionResult]) -> Iterator[Path]:
        # Their first line names a path; a traceback may name the student as a string.
        named = re.compile(rf"[/\\'\"]{re.escape(student)}[/\\'\"]")
        paths = [one.path for one in results if one.path]
        for path in sorted(failures_of(self.course).folder.glob("*.txt")):
            text = _text(path)
            if named.search(text) or any(one in text for one in paths):
                yield path

    def _log(self, student: str) -> Path | None:
        if not self.options.logfile:
            return None
        path = self.course.root / self.options.logfile
        return path if path.is_file() and _names(_text(path), student) else None

    def _beyond(self, student: str, results: Sequence[SubmissionResult]) -> Iterator[str]:
        """What is not the student's alone, or not in the course's folder, and where it is."""
        root = self.course.root
        for name in sorted({one.path for one in results}):
            inside = Path(name).is_relative_to(root / self.options.submitted)
            if name and not inside and (place := _existing(Path(name))) is not None:
                yield f"what was handed in came from {place}"
        sheets = {path for kind in _SHEETS for path in root.glob(kind)}
        sheets -= {self.class_list, *(root / name for name in _DOCUMENTS)}
        if naming := [path.name for path in sorted(sheets) if _names(_text(path), student)]:
            yield (
                "of the whole class, and naming this student: "
                f"{', '.join(naming)} (make them anew, or delete them)"
            )
        if archives := sorted(path.name for path in root.glob("*.zip")):
            yield f"archives, perhaps of the whole class: {', '.join(archives)}"
        databases = [JOURNAL, *([self.people.file.name] if self.people.file else [])]
        copies = [
            path.name
            for name in databases
            for path in sorted(root.glob(f"{glob.escape(name)}?*"))
            if not path.name.endswith(("-journal", "-wal", "-shm"))
        ]
        if copies:
            yield f"copies of the databases: {', '.join(copies)}"
        exchange = self.options.exchange / self.options.course_id / "inbound"
        inbound = sorted(exchange.glob(f"{glob.escape(student)}+*"))
        if inbound:
            yield (
                f"{amount(len(inbound), 'hand-in')} in the exchange: {exchange}/{student}+…; "
                "pages of feedback lie beside it, in feedback/, under names that nobody can read"
            )
        elif self.options.exchange.is_dir():
            yield f"pages of feedback in the exchange, {exchange.parent}/feedback/"
        if self.people.file is None:
            yield "rows that were deleted, in PostgreSQL's log and until its next VACUUM"
        yield (
            "backups and snapshots of this machine, the history of a repository, sheets and pages "
            "that were sent or uploaded already, output of commands that was kept (of `nngrade "
            "watch` as a service: journalctl), folders of `nngrade watch` that were not named "
            "with --feedback"
        )


def rows_of(path: Path) -> list[tuple[dict[str, str], tuple[int, int]]]:
    """Rows of a file of students, each with its first line and the one after its last, from 0.

    A file without a column `id` or `student` has none.
    """
    reader = csv_reader(lines_of(path))
    rows: list[tuple[dict[str, str], tuple[int, int]]] = []
    header: list[str] | None = None
    start = 0
    try:
        for row in reader:
            if header is None:
                header = [name.strip("\ufeff \t").lower() for name in row]
                if not set(_ID_COLUMNS) & set(header):
                    return []
            elif row:
                rows.append((dict(zip(header, row, strict=False)), (start, reader.line_num)))
            start = reader.line_num
    except csv.Error:
        return rows
    return rows


def lines_of(path: Path) -> list[str]:
    """Lines of a file with their ends, from which its bytes can be made again; none without one."""
    try:
        # Not `str.splitlines`, which takes more signs for an end of a line than the csv module.
        with path.open(encoding=encoding_in(path), errors="surrogateescape", newline="") as file:
            return list(file)
    except (OSError, UnicodeError):
        return []


def encoding_in(path: Path) -> str:
    """Encoding of a file of students, in which a mark at its beginning is a character of it."""
    with path.open("rb") as file:
        return encoding_of(file.read(2)).removesuffix("-sig")


def is_of(row: dict[str, str], student: str) -> bool:
    """Whether a row of a file of students is this student's."""
    return any(" ".join(row.get(name, "").split()) == student for name in _ID_COLUMNS)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_SHEET:
            return ""
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return file.read()
    except OSError:
        return ""


def _names(text: str, student: str) -> bool:
    """Whether a text holds an id as a word of its own."""
    return re.search(rf"(?<![\w.-]){re.escape(student)}(?![\w-])", text) is not None


def _existing(path: Path) -> Path | None:
    """The path, or the archive that it leads into; None if neither exists."""
    for one in (path, *path.parents):
        if one.is_file():
            return one
        if one.is_dir():
            return None
    return None


def _counted(folder: Path) -> str:
    if folder.is_symlink() or not folder.is_dir():
        return "a link" if folder.is_symlink() else "a file"
    return amount(sum(len(files) for _, _, files in os.walk(folder)), "file")
