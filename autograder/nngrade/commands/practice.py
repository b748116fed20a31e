"""``nngrade practice``: a student's own functions at work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nngrade.commands import options
from nngrade.commands.progress import progress_bar
from nngrade.course.stages import Course, find_course
from nngrade.errors import CourseError
from nngrade.text import amount, wrapped

if TYPE_CHECKING:
    from nngrade.practice.functions import Gathered, OwnStage
    from nngrade.practice.milestones import MilestoneReport

__all__ = ["practice"]

ASSIGNMENTS = Path("assignments")


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, path_type=Path), metavar="[FOLDER]"
)
@click.option("--mine", is_flag=True, help="Run the milestones on the functions in FOLDER alone.")
@click.option(
    "--output",
    "pictures",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("milestones"),
    show_default=True,
    metavar="DIR",
    help="Where the pictures go.",
)
@click.option(
    "--visible", is_flag=True, help="Try the visible tests only, as where there is no solutions/."
)
@options.data
@options.sandbox
@click.pass_context
def practice(
    ctx: click.Context,
    folder: Path | None,
    mine: bool,
    pictures: Path,
    visible: bool,
    data: Any,
    mode: Any,
) -> None:
    """See a network of one's own at work.

    Gathers the functions of one student from all notebooks in FOLDER (default: assignments/, or
    else this folder), says which are still missing or wrong, and runs the milestones of the
    course's history on those functions alone, each with a picture to keep. Hidden checks say what
    is wrong; without solutions/, the visible tests do.

    \b
    Exit codes:  0  every milestone is reached
                 1  some are not
                 2  nothing could be tried
    """  # noqa: D301 (click's mark for lines that stay as they are)
    if not mine:
        raise click.UsageError("say what to practise: --mine runs milestones on your own functions")
    from nngrade.course.data import Data
    from nngrade.practice.milestones import run_milestones

    width = shutil.get_terminal_size().columns
    folder = folder or (ASSIGNMENTS if ASSIGNMENTS.is_dir() else Path())
    course = None if visible else _course(ctx.obj)
    sandbox, gathered, limits = _gather(course, folder, data, mode)
    with sandbox:
        _show_functions(gathered, folder, course is None, width)
        if not gathered.stages:
            ctx.exit(2)
        reached = 0
        reports = run_milestones(gathered.stages, Data(data), sandbox, limits, pictures)
        total = 0
        for report in reports:
            total += 1
            reached += report.state == "reached"
            _show_milestone(report, width)
    click.echo(f"{reached} of {amount(total, 'milestone')} reached.")
    ctx.exit(0 if reached == total else 1)


def _course(root: Path | None) -> Course | None:
    """The course, or None where there is no solutions/ and none was asked for."""
    try:
        return find_course(root)
    except CourseError:
        if root is not None:
            raise
        return None


def _gather(course: Course | None, folder: Path, data: Any, mode: Any) -> tuple[Any, Gathered, Any]:
    """Sandbox, what was found, and limits; the caller closes the sandbox."""
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
