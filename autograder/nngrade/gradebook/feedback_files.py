"""Write pages of feedback where nbgrader looks for them, several at a time, and only new ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from nngrade.course.failures import Failures
from nngrade.course.options import Level
from nngrade.gradebook.feedback_page import DIGEST_WITHIN, digest_in, digest_of, render_page
from nngrade.gradebook.journal import Journal
from nngrade.gradebook.marks import Marks
from nngrade.gradebook.release import SECRET, FeedbackFiles
from nngrade.results import SubmissionResult
from nngrade.runs.pool import SpawnPool
from nngrade.runs.processes import end_with_parent
from nngrade.submissions.timestamp import TIMESTAMP

__all__ = ["Source", "Written", "write_feedback"]

# Starting processes takes as long as this number of pages.
FEW = 48
# Submissions whose marks are asked for at once, and pages that a process is given at once.
ASKED, GIVEN = 200, 8


class Source(Protocol):
    """A gradebook, as far as pages are made of it."""

    def marks(self, stage: str, students: Sequence[str]) -> dict[str, Marks]:
        """What it says of some students' submissions."""

    def feedback_files(self, student: str, stage: str) -> FeedbackFiles:
        """Where a submission's feedback stands."""


@dataclass(frozen=True)
class Written:
    """The outcome for one page.

    Attributes
    ----------
    student : str
    is_new : bool
        Whether it was written; False if it was up to date, or there is a problem.
    problem : str
        Why there is no page, for a person; empty if there is one.
    """

    student: str
    is_new: bool
    problem: str = ""


@dataclass(frozen=True)
class _Order:
    """All that a page is made of."""

    result: SubmissionResult
    level: Level
    marks: Marks
    files: FeedbackFiles


def write_feedback(
    submissions: Iterable[tuple[str, str]],
    book: Source,
    journal: Journal,
    level: Level,
    jobs: int,
    failures: Failures,
) -> Iterator[Written]:
    """Write the pages that are missing or out of date; yield the outcome of each submission.

    Parameters
    ----------
    submissions : iterable of (str, str)
        Student and stage of each.
    book : Source
    journal : Journal
    level : Level
        Feedback level.
    jobs : int
        Maximum number of processes.
    failures : Failures
        Where the details of unexpected exceptions are kept.

    Raises
    ------
    CourseError
        If the gradebook cannot be read.
    """
    current: list[Written] = []
    orders = _orders(submissions, book, journal, level, current, failures)
    first = list(islice(orders, FEW))
    if jobs > 1 and len(first) == FEW:
        written = _in_processes(chain(first, orders), jobs, failures)
    else:
        written = (_carry_out(order, failures) for order in first + list(orders))
    for one in written:
        yield from current
        current.clear()
        yield one
    yield from current


def _orders(
    submissions: Iterable[tuple[str, str]],
    book: Source,
    journal: Journal,
    level: Level,
    current: list[Written],
    failures: Failures,
) -> Iterator[_Order]:
    """Pages that are missing or out of date; the others are added to `current`."""
    todo = iter(submissions)
    while some := list(islice(todo, ASKED)):
        stages: dict[str, list[str]] = {}
        for student, stage in some:
            stages.setdefault(stage, []).append(student)
        for stage, students in stages.items():
            marks = book.marks(stage, students)
            for student in students:
                entry = journal.current(student, stage)
                if entry is None or student not in marks:
                    continue  # a run for which this one did not wait took it back
                files = book.feedback_files(student, stage)
                order = _Order(entry.result, level, marks[student], files)
                try:
                    if _is_current(order):
                        _copy_beside(files)
                        current.append(Written(student, False))
                        continue
                except OSError:
                    pass  # writing reports it
                yield order


def _is_current(order: _Order) -> bool:
    with order.files.page.open("rb") as page:
        known = digest_in(page.read(DIGEST_WITHIN))
    return known is not None and known == _digest(order, _content(order.files.notebook))


def _digest(order: _Order, notebook: bytes | None) -> str:
    return digest_of(order.result, order.level, order.marks, notebook)


def _content(notebook: Path) -> bytes | None:
    try:
        return notebook.read_bytes()
    except FileNotFoundError:
        return None


def _in_processes(orders: Iterator[_Order], jobs: int, failures: Failures) -> Iterator[Written]:
    from concurrent.futures import FIRST_COMPLETED, Future, wait
    from concurrent.futures.process import BrokenProcessPool

    futures: dict[Future[list[Written]], list[_Order]] = {}
    with SpawnPool(jobs, end_with_parent, ()) as pool:
        while True:
            while len(futures) < 2 * jobs and (some := list(islice(orders, GIVEN))):
                futures[pool.submit(_carry_out_all, some, failures)] = some
            if not futures:
                return
            for future in wait(futures, return_when=FIRST_COMPLETED).done:
                some = futures.pop(future)
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    break
            else:
                continue
            break
        lost = [*some, *chain.from_iterable(futures.values()), *orders]
    # A process was killed, for want of memory perhaps: one at a time, then, in this one.
    for order in lost:
        yield _carry_out(order, failures)


def _carry_out_all(orders: Sequence[_Order], failures: Failures) -> list[Written]:
    return [_carry_out(order, failures) for order in orders]


def _carry_out(order: _Order, failures: Failures) -> Written:
    """Write a page; whatever goes wrong is that page's."""
    student, page = order.result.student, order.files.page
    try:
        notebook = _content(order.files.notebook)
        digest = _digest(order, notebook)
        text = render_page(order.result, order.level, order.marks, notebook, digest)
        page.parent.mkdir(parents=True, exist_ok=True)
        _copy_beside(order.files)
        _replace(page, text.encode("utf-8", "replace"), order.files.permissions)
    except OSError as error:
        problem = f"{error.filename or page} cannot be written ({error.strerror})"
        return Written(student, False, f"{problem}; mend that and run the same command again")
    except Exception as error:
        return Written(student, False, failures.keep(f"{page}: writing it", error))
    return Written(student, True)


def _copy_beside(files: FeedbackFiles) -> None:
    """Copy what ``nbgrader release_feedback`` opens beside a page."""
    for name in (TIMESTAMP, SECRET):
        content, target = _content(files.notebook.with_name(name)), files.page.with_name(name)
        if content is not None and content != _content(target):
            _replace(target, content, files.permissions)


def _replace(file: Path, content: bytes, permissions: int) -> None:
    """Write a file whole or not at all."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    draft.write_bytes(content)
    draft.chmod(permissions)
    os.replace(draft, file)
