"""``nngrade watch``: grade submissions as they arrive in a folder or an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nngrade.commands import options
from nngrade.formats.registry import FEEDBACK

if TYPE_CHECKING:
    from nngrade.runs.processes import GradeAll
    from nngrade.runs.settings import Settings

__all__ = ["watch"]

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR|ZIP")
@options.gradebook
@click.option(
    "--feedback", type=_FOLDER, metavar="DIR", help="Write feedback to DIR/STUDENT/STAGE.html."
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(FEEDBACK)),
    multiple=True,
    metavar="FORMAT",
    help=f"With --feedback: as what (repeatable; default: html): {', '.join(FEEDBACK)}.",
)
@options.students
@options.stage
@click.option("--once", is_flag=True, help="Grade what is there, and stop: for cron.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait between two looks.",
)
@options.data
@options.timeout
@options.sandbox
@options.jobs
@click.pass_context
def watch(
    ctx: click.Context,
    folder: Path,
    gradebook: bool,
    feedback: Path | None,
    formats: tuple[str, ...],
    students_file: Path | None,
    stage_name: str | None,
    once: bool,
    interval: float,
    data: Any,
    timeout: float | None,
    mode: Any,
    jobs: int | None,
) -> None:
    """Grade what arrives in a folder or in an archive, once each.

    DIR holds what `nngrade grade` takes: notebooks, trees, exports of Canvas and Moodle, as zip
    archives or unpacked. ZIP is one such archive: when a newer one takes its place, what changed
    is graded. Results go where those of `nngrade grade --gradebook` go, and what one of
    them graded the other does not grade again.

    \b
    Exit codes:  0  somebody stopped it, with Ctrl-C or SIGTERM
                 2  the course cannot be graded with (what is wrong later is waited for)
    With --once: those of `nngrade grade`.
    """  # noqa: D301 (click's mark for lines that stay as they are)
    if formats and feedback is None:
        raise click.UsageError("--format goes with --feedback DIR")
    from nngrade.course.stages import find_course
    from nngrade.extras import require
    from nngrade.runs.executor import make_executor
    from nngrade.runs.settings import Settings
    from nngrade.students.class_list import students_of
    from nngrade.submissions.records import Told
    from nngrade.watching.watch import Watch, require_apart
    from nngrade.watching.watch import watch as run

    if gradebook:
        require("--gradebook", "gradebook")
    course = find_course(ctx.obj)
    require_apart(folder, course)
    _ = course.options  # errors in it are reported before any submission arrives
    students_of(course, students_file)
    stage = course.stage(stage_name) if stage_name is not None else None

    def carry_out(settings: Settings) -> GradeAll:
        return make_executor(settings, jobs, shielded=True)

    plan = Watch(
        folder,
        Settings(course.root, mode, data, timeout),
        Told(stage),
        carry_out,
        students_file,
        gradebook,
        feedback,
        tuple(dict.fromkeys(formats)) or ("html",),
        interval,
    )
    ctx.exit(run(plan, once))
