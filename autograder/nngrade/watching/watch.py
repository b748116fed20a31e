"""Grade submissions that arrive in a folder, as a class run would, until stopped.

Each round is a class run over the changed files. The journal records what was graded before, by any
watcher or class run; only one of them writes it at a time. A watcher therefore needs no
stored state of its own, and nothing is lost when it is killed.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TypeVar, overload

import click

from nngrade.course.failures import failures_of
from nngrade.course.stages import Course
from nngrade.errors import CourseError, NngradeError
from nngrade.gradebook.class_run import Book, Event, grade_class, one_of_each
from nngrade.gradebook.console import Summary, note_strangers, print_summary, sentence, settle
from nngrade.gradebook.journal import JOURNAL, Journal, JournalBusy
from nngrade.runs.processes import GradeAll
from nngrade.runs.settings import Settings
from nngrade.students.class_list import Students, students_of
from nngrade.students.deadlines import Deadlines, times_handed_in
from nngrade.students.groups import with_groups
from nngrade.submissions.exports import is_archive
from nngrade.submissions.find import candidates, with_owners
from nngrade.submissions.precedence import newest, unnamed
from nngrade.submissions.records import Candidate, Told
from nngrade.text import one_line
from nngrade.watching.arrivals import SETTLE, Arrivals, Stamp, status
from nngrade.watching.outbox import Books, Outbox

__all__ = ["Stop", "Watch", "Watcher", "require_apart", "watch"]

# Seconds before a retry after an error that somebody may fix elsewhere.
RETRY = 60.0

_T = TypeVar("_T")


@dataclass(frozen=True)
class Watch:
    """The folder or archive to watch, and what to do with submissions that arrive.

    Attributes
    ----------
    folder : Path
        The folder, or a zip archive, which may be replaced by a newer one.
    settings : Settings
    told : Told
    grading : callable
        Makes the function that grades all candidates under given settings.
    students_file : Path or None
        Class list or roster; None for the course's own class list, if there is one.
    gradebook : bool
        Whether to write grades into nbgrader's gradebook.
    feedback : Path or None
        Folder for students' feedback files.
    formats : sequence of str
        Formats of the feedback files.
    interval : float
        Seconds between two scans of the folder.
    """

    folder: Path
    settings: Settings
    told: Told
    grading: Callable[[Settings], GradeAll]
    students_file: Path | None = None
    gradebook: bool = False
    feedback: Path | None = None
    formats: Sequence[str] = ("html",)
    interval: float = 5.0


def require_apart(folder: Path, course: Course) -> None:
    """Check that a path can be watched: a folder apart from the course's own, or an archive.

    Raises
    ------
    CourseError
    """
    here = folder.resolve()
    if folder.exists() and not folder.is_dir() and not is_archive(folder):
        raise CourseError(
            f"{folder} is neither a folder nor an archive (*.zip); watch the folder it is in, or "
            "grade it by `nngrade grade`"
        )
    own = [course.root, course.solutions, course.assignments]
    if course.root.resolve().is_relative_to(here) or here in [one.resolve() for one in own]:
        raise CourseError(
            f"{folder} holds the course itself; watch a folder in which only submissions arrive, "
            "such as submitted/"
        )


def watch(plan: Watch, once: bool = False) -> int:
    """Grade the submissions in the folder, and those that arrive there; return the exit code.

    Parameters
    ----------
    plan : Watch
    once : bool
        Whether to stop after the submissions that are already there.
    """
    with Stop() as stop:
        watcher = Watcher(plan, stop)
        return watcher.once() if once else watcher.until_stopped()


class Watcher:
    """A running watcher.

    Parameters
    ----------
    plan : Watch
    stop : Stop
    clock : callable
        Returns the time in seconds; it must be monotonic.
    """

    def __init__(
        self, plan: Watch, stop: Stop, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._plan = plan
        self._stop = stop
        self._clock = clock
        self._arrivals = Arrivals(plan.folder, clock)
        # Stamp of each file, and the submissions found in it.
        self._known: dict[Path, tuple[Stamp, list[Candidate]]] = {}
        # Stamp of its file with which each submission was handled.
        self._done: dict[Path, Stamp] = {}
        self._later: dict[Path, float] = {}
        self._said: dict[object, str] = {}
        self._resume = 0.0
        self._first = True
        self._once = False
        self._told = plan.told
        self._students = Students()
        self._read: Stamp = ()
        self.summary = Summary()

    def until_stopped(self) -> int:
        """Scan and grade until a stop is requested; return the exit code."""
        plan = self._plan
        self._print(f"watching {plan.folder} every {plan.interval:g} s; Ctrl-C ends it")
        while not self._stop.requested:
            self.step()
            pause = min(SETTLE, plan.interval) if self._arrivals.restless else plan.interval
            # With very many files, scanning must not take up all of the machine's time.
            self._stop.wait(max(pause, 10 * self._arrivals.seconds))
        self._print("stopped; what is not graded yet is graded after the next start")
        return 0

    def step(self) -> None:
        """Scan the folder once, and grade the complete files."""
        # New settings in each step: a corrected lesson takes effect without a restart.
        settings = replace(self._plan.settings)
        try:
            self._arrivals.look(settings.course)
            missing = f"{self._plan.folder} is not there; waiting for it"
            self._say("folder", missing if self._arrivals.missing else "")
            if self._clock() >= self._resume:
                self._read_students(settings)
                self._round(settings, self._arrivals.complete())
                self._say("course", "")
        except JournalBusy:
            self._say("course", "another run is grading; waiting for its end")
        except NngradeError as error:
            self._say("course", f"{error}; trying again every {RETRY:g} s")
            self._resume = self._clock() + RETRY
        except Exception as error:
            kept = failures_of(settings.course).keep(
                f"{self._plan.folder}: looking through it", error
            )
            self._say("course", f"{kept}; trying again every {RETRY:g} s")
            self._resume = self._clock() + RETRY

    def once(self) -> int:
        """Grade the complete files, skip those still being written, and return the exit code."""
        started = self._clock()
        self._once = True
        settings = self._plan.settings
        self._read_students(settings)
        self._arrivals.look(settings.course)
        if self._arrivals.missing:
            what = "file" if is_archive(self._plan.folder) else "folder"
            raise CourseError(f"{self._plan.folder}: no such {what}")
        self._stop.wait(SETTLE)
        self._arrivals.look(settings.course)
        ready = list(self._arrivals.complete(patience=0.0))
        writing = self._arrivals.paths - {found.path for found, _ in ready}
        self._round(settings, ready)
        print_summary(self.summary, self._clock() - started)
        for path in sorted(writing):
            click.echo(f"{path} is still being written; it is left for the next time.")
        return self.summary.exit_code

    def _read_students(self, settings: Settings) -> None:
        """Read the class list and the course's settings, and again whenever they change."""
        course, named = settings.course, self._plan.students_file
        paths = [course.options_file, course.root / course.options.students_file]
        paths += [named] if named is not None else []
        stamp = tuple(part for path in paths for part in status(path))
        if stamp != self._read:
            self._students = students_of(course, named)
            self._told = replace(self._plan.told, roster=self._students.roster)
            self._read = stamp
            # Nothing is graded twice: the journal holds what was graded.
            self._known.clear()
            self._done.clear()

    def _round(self, settings: Settings, ready: Any) -> None:
        """Handle the complete files in a class run."""
        stamps = {}
        for found, stamp in ready:
            stamps[found.path] = stamp
            known = self._known.get(found.path)
            if known is None or known[0] != stamp:
                here = candidates(found, settings.course, self._told)
                self._known[found.path] = stamp, here
                for one in here:
                    self._said.pop(one.path, None)
        for path in self._known.keys() - self._arrivals.paths:
            del self._known[path]
        # Files that are being rewritten keep their known submissions meanwhile.
        files = {one.path: path for path, (_, here) in self._known.items() for one in here}
        known_now = [one for _, here in self._known.values() for one in here]
        chosen, twins = one_of_each(newest(with_owners(known_now, settings.course, alone=False)))
        class_list = self._students.class_list
        chosen, conflicts = with_groups(chosen, class_list, beside=False)
        if self._told.roster is None:
            for remark in unnamed(one for _, here in self._known.values() for one in here):
                about = remark.partition(",")[0]
                if about not in self._said:
                    self._say(about, remark)
        now = self._clock()
        todo = [
            one
            for one in chosen
            if (stamp := stamps.get(files[one.path])) is not None
            and self._done.get(one.path) != stamp
            and self._later.get(one.path, 0.0) <= now
        ]
        if not todo:
            return
        for conflict in conflicts:
            if self._once:
                self.summary.note(conflict)
            else:
                self._say(conflict, conflict)
        if self._once:
            note_strangers(self.summary, todo, class_list)
        else:
            for who in self._students.strangers(one.student for one in todo):
                self._say(("list", who), f"{who}: not in the class list, and graded all the same")
        # With --once, problems are printed in the summary at the end.
        for one in todo:
            if one.path in twins:
                self.summary.note(twins[one.path])
        unchanged = 0
        for event in self._grade(settings, todo):
            path = event.candidate.path
            unchanged += event.outcome == "unchanged"
            self._deal_with(event, files[path], stamps[files[path]])
            if path in twins and not self._once:
                self._say(("twin", path), f"{event.candidate.student}: {twins[path]}")
        if unchanged and self._first and not self._once:
            self._print(f"{unchanged} submissions are as they were when they were graded")
        self._first = False

    def _grade(self, settings: Settings, todo: list[Candidate]) -> Iterator[Event]:
        course, plan = settings.course, self._plan
        level = course.options.feedback_level
        carry_out = plan.grading(settings)
        with ExitStack() as stack:
            journal = stack.enter_context(Journal(course.root / JOURNAL))
            books: list[Book] = []
            class_list = self._students.class_list
            deadlines = Deadlines(course.options, class_list)
            if deadlines.exist:
                deadlines.add(journal.times())
            writer = None
            if plan.gradebook:
                from nngrade.gradebook.writer import GradebookWriter

                writer = stack.enter_context(GradebookWriter(course, level, class_list))
                books.append(writer)
                deadlines = writer.deadlines
            if plan.feedback is not None:
                books.append(Outbox(plan.feedback, plan.formats, level))
            deadlines.add(times_handed_in(todo))
            yield from grade_class(
                settings,
                _UntilStopped(todo, self._stop),
                Books(books),
                journal,
                lambda found: carry_out(_UntilStopped(found, self._stop)),
                deadlines=deadlines,
            )
            if writer is not None:
                changed = Summary()
                settle(changed, writer)
                for problem, whose in changed.problems.items():
                    self._print(f"{', '.join(whose)}: {problem}")

    def _deal_with(self, event: Event, file: Path, stamp: Stamp) -> None:
        """Report an event once, and schedule a retry if it may help."""
        path = event.candidate.path
        self._later.pop(path, None)
        if event.outcome == "failed" and not self._arrivals.is_still(file, stamp):
            return  # it has changed meanwhile, and is graded again when it is complete
        self.summary.add(event)
        if event.outcome in ("graded", "recovered"):
            before = " (graded before, written now)" if event.outcome == "recovered" else ""
            self._print(sentence(event) + before)
        refused = event.outcome == "failed" and event.result is None and not event.candidate.error
        if refused or event.outcome == "unwritten":
            # The fault is not in the notebook: somebody may fix it elsewhere.
            self._later[path] = self._clock() + RETRY
        else:
            self._done[path] = stamp
        if self._once:
            return
        who = f"{event.candidate.student}: " if event.candidate.student else ""
        self._say(path, f"{who}{event.problem}" if event.problem else "")

    def _say(self, about: object, text: str) -> None:
        """Print a message about a lasting state, and not again until it changes."""
        if text and self._said.get(about) != text:
            self._print(text)
        if text:
            self._said[about] = text
        else:
            self._said.pop(about, None)

    def _print(self, text: str) -> None:
        click.echo(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {one_line(text)}")


@dataclass
class Stop:
    """A context manager that records requests to stop: Ctrl-C, SIGTERM and SIGHUP."""

    requested: bool = False
    _before: dict[int, Any] = field(default_factory=dict)
    _pipe: tuple[int, int] = (-1, -1)

    def __enter__(self) -> Stop:
        self._pipe = os.pipe()
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # An ignored signal stays ignored, as under nohup.
            if signal.getsignal(one) is not signal.SIG_IGN:
                self._before[one] = signal.signal(one, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for end in self._pipe:
            os.close(end)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            signal.default_int_handler(number, frame)
        if not self.requested:
            self.requested = True
            os.write(self._pipe[1], b"!")
            os.write(2, b"stopping after what is being graded now; Ctrl-C once more: at once\n")

    def wait(self, seconds: float) -> None:
        """Wait for the given time, or until a stop is requested."""
        select.select([self._pipe[0]], [], [], seconds)


class _UntilStopped(Sequence[_T]):
    """A sequence whose iteration ends when a stop is requested."""

    def __init__(self, items: Sequence[_T], stop: Stop) -> None:
        self._items = items
        self._stop = stop

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> _T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_T]: ...
    def __getitem__(self, index: int | slice) -> _T | Sequence[_T]:
        if isinstance(index, slice):
            return _UntilStopped(self._items[index], self._stop)
        return self._items[index]

    def __iter__(self) -> Iterator[_T]:
        for item in self._items:
            if self._stop.requested:
                return
            yield item
