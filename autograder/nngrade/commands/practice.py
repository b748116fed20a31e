"""``nngrade practice``: what to do next, and a student's own functions at work."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nngrade.commands import options
from nngrade.errors import CourseError, NngradeError
from nngrade.text import amount, wrapped

if TYPE_CHECKING:
    from nngrade.course.stages import Course
    from nngrade.live.terminal import Judge
    from nngrade.practice.functions import Gathered, OwnStage
    from nngrade.practice.milestones import MilestoneReport

__all__ = ["practice"]

ASSIGNMENTS = Path("assignments")
COURSE_VARIABLE = "NNGRADE_COURSE"


@click.command()
@click.argument("names", nargs=-1, metavar="[STAGE|FOLDER]...")
@click.option("--once", is_flag=True, help="Look once, and do not wait for the next save.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=20,
    show_default=True,
    help="The most for one cell.",
)
@click.option("--mine", is_flag=True, help="Run the milestones on the functions in FOLDER alone.")
@click.option(
    "--output",
    "pictures",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("milestones"),
    show_default=True,
    metavar="DIR",
    help="With --mine: where the pictures go.",
)
@click.option(
    "--visible", is_flag=True, help="Try the visible tests only, whatever course is named."
)
@options.data
@options.sandbox
@click.pass_context
def practice(
    ctx: click.Context,
    names: tuple[str, ...],
    once: bool,
    seconds: float,
    mine: bool,
    pictures: Path,
    visible: bool,
    data: Any,
    mode: Any,
) -> None:
    """Say what to do next, each time a notebook is saved.

    Looks at the notebooks of the named stages, or of all, in assignments/ or this folder; says
    which tasks are done, what has just been won, and what is wrong with the next one. The visible
    tests decide. Where a course is named, with --course or NNGRADE_COURSE, hidden checks do, with
    points. Ctrl-C ends it.

    With --mine, gathers the functions of one student from all notebooks in FOLDER, and runs the
    milestones of the course's history on those functions alone, each with a picture to keep.

    \b
    Exit codes:  0  all is done, or every milestone is reached
                 1  something is left to do
                 2  nothing could be tried
    """  # noqa: D301 (click's mark for lines that stay as they are)
    if mine:
        if len(names) > 1:
            raise click.UsageError("--mine is about one folder")
        folder = Path(names[0]) if names else (ASSIGNMENTS if ASSIGNMENTS.is_dir() else Path())
        if not folder.exists():
            raise click.UsageError(f"there is no folder {str(folder)!r}")
        ctx.exit(_milestones(ctx.obj, folder, pictures, visible, data, mode))
    ctx.exit(_next_steps(ctx.obj, names, once, seconds, visible, data, mode))


def _next_steps(
    root: Path | None,
    names: tuple[str, ...],
    once: bool,
    seconds: float,
    visible: bool,
    data: Any,
    mode: Any,
) -> int:
    from nngrade.live.terminal import find_notebooks, practise, standings

    folders = [Path(name) for name in names if Path(name).is_dir()]
    stages = [name for name in names if not Path(name).is_dir()]
    try:
        paths = [path for folder in folders or [Path()] for path in find_notebooks(stages, folder)]
    except ValueError as error:
        raise NngradeError(str(error)) from None
    judge: Judge = lambda path: standings(path, seconds)  # noqa: E731
    named = root or (Path(value) if (value := os.environ.get(COURSE_VARIABLE)) else None)
    try:
        if named is None or visible:
            return 0 if practise(paths, judge, click.echo, once) else 1
        _need_the_whole("hidden checks")
        from nngrade.practice.tutor import Tutor

        with Tutor(named, mode, data) as tutor:
            return 0 if practise(paths, tutor.standings, click.echo, once) else 1
    except ValueError as error:
        raise NngradeError(str(error)) from None


def _need_the_whole(what: str) -> None:
    """Say so where only the notebooks' part of nngrade is installed."""
    if find_spec("nngrade.grading") is None:
        raise NngradeError(
            f"{what} need the whole of nngrade; here only the part for notebooks is installed"
        )


def _milestones(
    root: Path | None, folder: Path, pictures: Path, visible: bool, data: Any, mode: Any
) -> int:
    _need_the_whole("milestones in a terminal")
    from nngrade.course.data import Data
    from nngrade.practice.milestones import run_milestones

    width = shutil.get_terminal_size().columns
    course = None if visible else _course(root)
    sandbox, gathered, limits = _gather(course, folder, data, mode)
    with sandbox:
        _show_functions(gathered, folder, course is None, width)
        if not gathered.stages:
            return 2
        reached = 0
        reports = run_milestones(gathered.stages, Data(data), sandbox, limits, pictures)
        total = 0
        for report in reports:
            total += 1
            reached += report.state == "reached"
            _show_milestone(report, width)
    click.echo(f"{reached} of {amount(total, 'milestone')} reached.")
    return 0 if reached == total else 1


def _course(root: Path | None) -> Course | None:
    """The course, or None where none is found and none was asked for."""
    from nngrade.course.stages import find_course

    try:
        return find_course(root)
    except CourseError:
        if root is not None:
            raise
        return None


def _gather(course: Course | None, folder: Path, data: Any, mode: Any) -> tuple[Any, Gathered, Any]:
    """Sandbox, what was found, and limits; the caller closes the sandbox."""
    from nngrade.commands.progress import progress_bar
    from nngrade.limits import WorkerLimits
    from nngrade.practice.functions import by_hidden_checks, by_visible_tests
    from nngrade.runs.settings import Settings
    from nngrade.worker.sandbox import Sandbox

    if course is None:
        limits = WorkerLimits()
        sandbox = Sandbox(mode)
    else:
        limits = course.options.limits
        settings = Settings(course.root, mode, data)
        sandbox = settings.sandbox(warm=False)
    try:
        with progress_bar() as progress:
            bar = progress.add_task("trying", total=len(course.stages) if course else None)

            def advance() -> None:
                progress.update(bar, advance=1)

            if course is None:
                found = by_visible_tests(folder, sandbox, limits, advance)
            else:
                found = by_hidden_checks(course, folder, settings.grader(sandbox), advance)
    except BaseException:
        sandbox.close()
        raise
    return sandbox, found, limits


def _show_functions(gathered: Gathered, folder: Path, visible: bool, width: int) -> None:
    for remark in gathered.remarks:
        click.echo(f"nngrade: {remark}", err=True)
    if not gathered.stages:
        return
    tried = "visible tests" if visible else "hidden checks"
    n_notebooks = amount(len(gathered.stages), "notebook")
    click.echo(f"Your functions, from {n_notebooks} in {folder}, tried with the {tried}:\n")
    for one in gathered.stages:
        click.echo(wrapped(f"  {_summary(one)}", width))
    click.echo()


def _summary(one: OwnStage) -> str:
    parts = [f"{one.stage}: {len(one.named('right'))} of {amount(len(one.tasks), 'task')} right"]
    if wrong := one.named("wrong"):
        parts.append(f"wrong: {', '.join(wrong)}")
    if missing := one.named("missing"):
        all_of_them = len(missing) == len(one.tasks)
        parts.append("nothing done yet" if all_of_them else f"not done yet: {', '.join(missing)}")
    return "; ".join(parts)


def _show_milestone(report: MilestoneReport, width: int) -> None:
    states = {"reached": "✓ reached", "not reached": "✗ not reached", "not yet": "… not yet"}
    click.echo(f"{report.name} · {report.title}: {states[report.state]}")
    for sentence in (report.story, *report.told):
        click.echo(wrapped(f"    {sentence}", width))
    if report.picture is not None:
        click.echo(f"    A picture to keep: {report.picture}")
    click.echo()
