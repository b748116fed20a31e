"""``nngrade regrade``: grade a class again after a check was corrected."""

from __future__ import annotations

from typing import Any

import click

from nngrade.commands import options
from nngrade.course.stages import find_course

__all__ = ["regrade"]


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option("--write", is_flag=True, help="Write the new grades into the gradebook.")
@options.data
@options.sandbox
@options.jobs
@click.pass_context
def regrade(
    ctx: click.Context,
    stages: tuple[str, ...],
    write: bool,
    data: Any,
    mode: Any,
    jobs: int | None,
) -> None:
    """Grade again what `grade --gradebook` graded before a check was corrected.

    Lists whose score changes, by how much and why. Only --write touches the gradebook, and it
    grades nothing a second time. Without STAGE: all stages that have grades.

    \b
    Exit codes:  0  nothing changes, or it was written
                 1  something changes and was not written
                 2  something could not be graded again, or not be written
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.extras import require
    from nngrade.gradebook.console import regrade as run
    from nngrade.runs.processes import processors
    from nngrade.runs.settings import Settings

    require("regrade", "gradebook")
    course = find_course(ctx.obj)
    settings = Settings(course.root, mode, data)
    ctx.exit(run(settings, course.select(stages), jobs or processors(), write))
