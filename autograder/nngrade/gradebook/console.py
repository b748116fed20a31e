"""A class run on the terminal: progress, outcomes, and problems that need a person."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from nngrade.course.failures import failures_of
from nngrade.course.stages import Stage
from nngrade.exit_code import ALL_PASSED, NOT_GRADED, POINTS_LOST
from nngrade.extras import require
from nngrade.gradebook.class_run import Event, grade_class, one_of_each
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.regrade import changes, reasons
from nngrade.results import SubmissionResult
from nngrade.runs.processes import GradeAll, annotated, grade_all
from nngrade.runs.settings import Settings
from nngrade.students.class_list import ClassList, Students, students_of
from nngrade.students.deadlines import times_handed_in
from nngrade.students.groups import with_groups
from nngrade.submissions.records import NOBODY, Candidate
from nngrade.text import amount, presentable

if TYPE_CHECKING:
    from nngrade.gradebook.writer import GradebookWriter

__all__ = [
    "Summary",
    "note_strangers",
    "note_untimed",
    "print_summary",
    "regrade",
    "run_class",
    "sentence",
    "settle",
]

# Maximum number of students named per problem.
SHOWN = 4


@dataclass
class Summary:
    """The summary of a run: counts of outcomes, and problems that need a person.

    Attributes
    ----------
    outcomes : Counter of str
        Number of submissions by outcome.
    problems : dict of str to list of str
        Students with each problem; a faulty stage, for example, affects many students.
    lost_points : bool
        Whether any submission lost points.
    lost_pages : bool
        Whether a page of feedback could not be written.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: dict[str, list[str]] = field(default_factory=dict)
    lost_points: bool = False
    lost_pages: bool = False

    def add(self, event: Event) -> None:
        """Count the outcome of a submission, and note its problem."""
        self.outcomes[event.outcome] += 1
        if event.problem:
            self.note(event.problem, event.candidate.student)
        if event.result is not None and event.result.lost:
            self.lost_points = True

    def note(self, problem: str, student: str = "") -> None:
        """Note a problem, of a student's submission or in general."""
        whose = self.problems.setdefault(presentable(problem), [])
        if student:
            whose.append(presentable(student))

    @property
    def exit_code(self) -> int:
        """Exit code of the run."""
        if self.outcomes["failed"] or self.outcomes["unwritten"] or self.lost_pages:
            return NOT_GRADED
        return POINTS_LOST if self.lost_points else ALL_PASSED


def run_class(
    settings: Settings,
    candidates: Sequence[Candidate],
    grade_all: GradeAll,
    force: bool,
    show: Callable[[list[SubmissionResult]], object] | None = None,
    class_list: ClassList | None = None,
    feedback_jobs: int = 0,
) -> int:
    """Grade submissions into the gradebook, print the summary and return the exit code.

    Parameters
    ----------
    settings : Settings
    candidates : sequence of Candidate
    grade_all : callable
        As from `nngrade.runs.executor.make_executor`.
    force : bool
        Whether to grade unchanged submissions, too.
    show : callable, optional
        Called in the end with all results, in the order of the candidates, with what the gradebook
        says of each.
    class_list : ClassList, optional
        Who takes the course: groups, extensions, names.
    feedback_jobs : int
        Number of processes that write pages of feedback; none are written if it is 0.

    Raises
    ------
    CourseError
        If the gradebook cannot be opened, or not be read for `show`; by then the summary is told.
    """
    require("a gradebook", "gradebook")
    from nngrade.gradebook.writer import GradebookWriter

    chosen, twins = one_of_each(candidates)
    chosen, conflicts = with_groups(chosen, class_list)
    course = settings.course
    summary = Summary()
    for problem in (*twins.values(), *conflicts):
        summary.note(problem)
    note_strangers(summary, chosen, class_list)
    started = time.monotonic()
    with (
        Journal(course.root / JOURNAL) as journal,
        GradebookWriter(
            course, course.options.feedback_level, class_list, feedback_jobs > 0
        ) as book,
    ):
        deadlines = book.deadlines.add(times_handed_in(chosen))
        untimed: dict[str, None] = {}
        # Of a large class, results fill the memory: they are kept only where they will be shown.
        events: dict[tuple[str, Path], Event] = {}
        with_grades: list[tuple[str, str]] = []
        with _announcer(len(chosen)) as announce:
            for event in grade_class(settings, chosen, book, journal, grade_all, force, deadlines):
                summary.add(event)
                announce(event, summary.outcomes)
                if event.result is not None:
                    untimed.update(dict.fromkeys(deadlines.untimed([event.result])))
                if show is not None:
                    events[event.candidate.student, event.candidate.path] = event
                stage = event.candidate.stage
                if event.outcome in ("graded", "recovered", "unchanged") and stage is not None:
                    with_grades.append((event.candidate.student, stage.name))
        settle(summary, book)
        note_untimed(summary, untimed)
        graded = time.monotonic() - started
        pages = ""
        if feedback_jobs:
            pages = _write_feedback(settings, with_grades, book, journal, feedback_jobs, summary)
        print_summary(summary, graded, pages)
        found = [events[presentable(one.student), one.path] for one in chosen] if show else []
        results = [_in_gradebook(event, book) for event in found]
    if show is not None:
        show(results)
    return summary.exit_code


def note_strangers(
    summary: Summary, candidates: Sequence[Candidate], class_list: ClassList | None
) -> None:
    """Note who is graded and is not in the class list, once each."""
    known = Students(class_list)
    for one in known.strangers(one.student for one in candidates if one.student != NOBODY):
        assert class_list is not None
        summary.note(f"not in {class_list.path.name}, and graded all the same", one)


def note_untimed(summary: Summary, students: Iterable[str]) -> None:
    """Note whose work has no time of submission though its stage has a due date."""
    for student in students:
        summary.note("no time of submission is known, so it does not count as late", student)


def settle(summary: Summary, book: GradebookWriter) -> None:
    """Bring due dates and penalties of all students up to date, and note whose changed."""
    for one in book.settle():
        summary.note(
            f"the late penalty for {one.stage} was {one.before:g} and is {one.after:g}, because "
            "of another stage's hand-in, an extension, or a score",
            one.student,
        )


def _write_feedback(
    settings: Settings,
    submissions: Sequence[tuple[str, str]],
    book: GradebookWriter,
    journal: Journal,
    jobs: int,
    summary: Summary,
) -> str:
    """Write the pages of feedback on what is in the gradebook; return how many, as a sentence."""
    from nngrade.gradebook.feedback_files import write_feedback

    started = time.monotonic()
    course = settings.course
    done = Counter[str]()
    with _counter(len(submissions), "pages of feedback") as advance:
        for one in write_feedback(
            submissions, book, journal, book.level, jobs, failures_of(course)
        ):
            advance()
            done["failed" if one.problem else "written" if one.is_new else "current"] += 1
            if one.problem:
                summary.note(one.problem, one.student)
    summary.lost_pages = done["failed"] > 0
    seconds = time.monotonic() - started
    parts = [f"{amount(done['written'], 'page')} written"]
    parts += [f"{done['current']} up to date"] if done["current"] else []
    parts += [f"{done['failed']} not written"] if done["failed"] else []
    return f"Feedback in {seconds:.1f} s: {', '.join(parts)}."


def _in_gradebook(event: Event, book: GradebookWriter) -> SubmissionResult:
    """Result of a submission with what the gradebook says of it, if that is of this result."""
    candidate, result = event.candidate, event.result
    stage = candidate.stage.name if candidate.stage else ""
    if result is None:
        path = presentable(str(candidate.path))
        return SubmissionResult(
            candidate.student, stage, path, "failed", event.problem, None, 0.0, 0.0
        )
    if event.outcome in ("failed", "unwritten"):
        return result
    return replace(result, in_gradebook=book.scores(candidate.student, stage))


def regrade(settings: Settings, stages: Sequence[Stage], jobs: int, write: bool) -> int:
    """Grade again after a correction, list the changed scores, and optionally write them.

    Parameters
    ----------
    settings : Settings
    stages : sequence of Stage
    jobs : int
        Number of processes.
    write : bool
        Whether to write the new scores into the gradebook.

    Returns
    -------
    int
        The exit code: 1 if a score changes and was not written, 2 if a submission could not be
        graded again.
    """
    require("a gradebook", "gradebook")
    from nngrade.gradebook.writer import GradebookWriter

    course = settings.course
    failed = pending = n_changed = n_same = 0
    class_list = students_of(course).class_list
    with (
        Journal(course.root / JOURNAL) as journal,
        GradebookWriter(course, course.options.feedback_level, class_list) as book,
    ):

        def grade(todo: Sequence[Candidate]) -> Iterator[tuple[int, SubmissionResult]]:
            if todo:
                click.echo(f"grading {len(todo)} submissions again ...", err=True)
            return annotated(partial(grade_all, settings, jobs=jobs))(todo)

        accepted = []
        for change in changes(settings, stages, journal, grade):
            who = f"{change.candidate.student} {change.old.stage}"
            accepted.append(change.candidate)
            if change.new is None:
                failed += 1
                click.echo(f"{who}: not graded again: {change.problem}")
                accepted.pop()
            elif change.gain:
                n_changed += 1
                also = " (the notebook is another one, too)" if change.resubmitted else ""
                click.echo(f"{who}: {change.old.score:g} -> {change.new.score:g}{also}")
                for reason in reasons(change):
                    click.echo(f"    {reason}")
            else:
                n_same += 1
        if write:
            deadlines = book.deadlines.add(times_handed_in(accepted))
            for event in grade_class(settings, accepted, book, journal, grade, deadlines=deadlines):
                if event.problem:
                    failed += event.outcome in {"failed", "unwritten"}
                    click.echo(f"{event.candidate.student}: {event.problem}", err=True)
            book.settle()
        else:
            pending = len(accepted)
    if n_changed or n_same or failed:
        others = "1 score changes" if n_changed == 1 else f"{n_changed} scores change"
        same = "1 stays as it is" if n_same == 1 else f"{n_same} stay as they are"
        click.echo(f"{others}, {same}.")
    else:
        click.echo("Nothing to grade again: no check was corrected since the last grading.")
    if pending:
        click.echo("Nothing is written yet: run the same command with --write.")
    return NOT_GRADED if failed else POINTS_LOST if pending else ALL_PASSED


def print_summary(summary: Summary, seconds: float, pages: str = "") -> None:
    """Print the counts of outcomes and the problems of a run.

    Parameters
    ----------
    summary : Summary
    seconds : float
        Duration of the run.
    pages : str
        What became of pages of feedback, as a sentence; empty if none were asked for.
    """
    names = {
        "graded": "graded",
        "recovered": "graded by an earlier run and written now",
        "unchanged": "unchanged since they were graded",
        "failed": "not graded",
        "unwritten": "graded, but not written",
    }
    counts = [f"{summary.outcomes[key]} {name}" for key, name in names.items()]
    shown = ", ".join(text for text in counts if not text.startswith("0 ")) or "nothing to do"
    click.echo(f"{summary.outcomes.total()} submissions in {seconds:.1f} s: {shown}.")
    if pages:
        click.echo(pages)
    if summary.problems:
        click.echo(f"\nThese need a person ({len(summary.problems)}):")
        for problem, whose in summary.problems.items():
            who = f"{whose[0]}: " if len(whose) == 1 else ""
            click.echo(f"  {who}{problem}")
            if len(whose) > 1:
                more = f" and {len(whose) - SHOWN} more" if len(whose) > SHOWN else ""
                click.echo(f"    {len(whose)} submissions: {', '.join(whose[:SHOWN])}{more}")


@contextmanager
def _counter(total: int, what: str) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn(what))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=total)
        yield lambda: progress.advance(bar)


class _Announce(Protocol):
    def __call__(self, event: Event, outcomes: Counter[str]) -> None: ...


@contextmanager
def _announcer(total: int) -> Iterator[_Announce]:
    """Report the outcome of each submission: in a progress bar on a terminal, else in lines."""
    if not sys.stderr.isatty():
        done = Counter[str]()

        def line(event: Event, outcomes: Counter[str]) -> None:
            done["all"] += 1
            if event.outcome == "unchanged":
                return
            click.echo(f"[{done['all']}/{total}] {sentence(event)}", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TextColumn("left:"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failures]} failed"),
        TextColumn("{task.fields[who]}", markup=False),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=total, rate=0.0, failures=0, who="starting")
        started = time.monotonic()
        graded = Counter[str]()

        def advance(event: Event, outcomes: Counter[str]) -> None:
            graded[event.outcome] += 1
            rate = graded["graded"] / max(1e-9, time.monotonic() - started)
            failures = outcomes["failed"] + outcomes["unwritten"]
            stage = event.candidate.stage.name if event.candidate.stage else ""
            who = f"{event.candidate.student} {stage}"
            progress.update(bar, advance=1, rate=rate, failures=failures, who=who)

        yield advance


def sentence(event: Event) -> str:
    """One-line summary of a submission's outcome."""
    stage = event.candidate.stage.name if event.candidate.stage else "?"
    who = f"{event.candidate.student} {stage}"
    if event.result is None or event.result.status == "failed":
        return f"{who}: not graded"
    points = f"{event.result.score:g} of {event.result.max_score:g} points"
    return f"{who}: {points}" + (", not written" if event.outcome == "unwritten" else "")
