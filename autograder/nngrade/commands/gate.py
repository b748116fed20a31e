"""``nngrade gate``: everything that a stage must keep to, in one command."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress

import click

from nngrade.commands import options
from nngrade.commands.progress import progress_bar
from nngrade.course.stages import Stage, find_course
from nngrade.errors import LessonError

__all__ = ["gate"]


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--full", is_flag=True, help="Audit with all mutants and 50 seeds, as `nngrade audit` does."
)
@options.jobs
@click.pass_context
def gate(ctx: click.Context, stages: tuple[str, ...], full: bool, jobs: int | None) -> None:
    """Try everything that a stage must keep to before it is committed.

    Its files (lesson, checks, planted answers, what [stages] in solutions/course.toml asks for),
    the tables of solutions/README.md, whether its notebook is up to date and runs without a
    warning, whether the solutions get full marks and nothing gets none, and the audit, by default
    as `nngrade audit --fast`. Each problem is a sentence with file, line and fix.

    Where lessons say how long they take, a table of the work that they ask for comes with it.

    \b
    Exit codes:  0  everything holds
                 1  something does not
                 2  it could not be tried
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.audit.gate import STEPS
    from nngrade.audit.gate import gate as run
    from nngrade.audit.task import Plan
    from nngrade.runs.processes import processors
    from nngrade.text import amount, wrapped

    course = find_course(ctx.obj)
    chosen = course.select(stages)
    plan = Plan() if full else Plan.fast()
    with progress_bar() as progress:
        bar = progress.add_task("trying", total=STEPS * len(chosen))
        report = run(
            course, chosen, plan, jobs or processors(), lambda n: progress.update(bar, advance=n)
        )
    width = shutil.get_terminal_size().columns
    for problem in report.problems:
        click.echo(wrapped(str(problem), width) + "\n")
    _show_work(chosen, width)
    if not report.problems:
        tried = "all mutants" if full else "a sixth of the mutants; --full tries all"
        click.echo(f"{amount(len(chosen), 'stage')}: everything holds ({tried}).")
        return
    said = f"{amount(len(report.problems), 'problem')}."
    if report.not_tried:
        names = ", ".join(report.not_tried)
        said += f" Mend these first: not all of {names} could be tried."
    click.echo(wrapped(said, width))
    ctx.exit(1)


def _show_work(stages: Sequence[Stage], width: int) -> None:
    """What the lessons ask for, as far as they can be read and say how long it takes."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from nngrade.authoring.workload import HEADINGS, rows, workload

    works = []
    for stage in stages:
        # What is wrong with a lesson has been said.
        with suppress(LessonError):
            works.append(workload(stage))
    if not any(one.minutes for one in works):
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for heading in (*HEADINGS, "estimate"):
        table.add_column(heading, justify="left" if heading == "project" else "right")
    for one, row in zip(works, rows(works), strict=True):
        table.add_row(*row, f"{one.estimate:.0f}")
    Console(width=width).print(table)
