"""``nngrade audit``: test the tests."""

from __future__ import annotations

from pathlib import Path

import click

from nngrade.commands import options
from nngrade.commands.progress import progress_bar
from nngrade.course.stages import Course, find_course

__all__ = ["audit"]

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    metavar="N",
    help="With how many seeds right answers are tried (default: 50; with --fast 5).",
)
@options.jobs
@click.option(
    "--fast", is_flag=True, help="A sixth of the mutants, and only the first check that each loses."
)
@click.option(
    "--luck",
    type=click.IntRange(min=1),
    metavar="N",
    help="Is any grade luck? Every check with N seeds, with a tenth of N on generated mistakes.",
)
@click.option(
    "--panels",
    is_flag=True,
    help="What the panels in the notebook say of each known mistake; nothing else is tried.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write all findings as JSON.",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a page to read.",
)
@click.option(
    "--update-readme", is_flag=True, help="Put the table of all stages into solutions/README.md."
)
@click.pass_context
def audit(
    ctx: click.Context,
    stages: tuple[str, ...],
    seeds: int | None,
    jobs: int | None,
    fast: bool,
    luck: int | None,
    panels: bool,
    json_file: Path | None,
    html_file: Path | None,
    update_readme: bool,
) -> None:
    """Test the tests: try every check on right answers, known mistakes and generated ones.

    Right answers are the reference and solutions/STAGE/alternatives.py, known mistakes those of
    misconceptions.py, generated ones the reference with a small change. Where a changed reference
    loses no points and is right all the same, solutions/STAGE/reviewed_mutants.toml says why.

    \b
    Exit codes:  0  no right answer loses anything, and every wrong one loses points;
                    with --panels, no right task is blamed and, of all stages together,
                    99 in 100 mistakes are answered, half of them with a reason
                 1  otherwise
                 2  the course could not be audited
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.audit.console import show
    from nngrade.audit.page import render_audit
    from nngrade.audit.run import audit as run
    from nngrade.audit.summary import as_json, replace_table, write
    from nngrade.audit.task import Plan
    from nngrade.runs.processes import processors

    if update_readme and (stages or fast or luck):
        raise click.UsageError("--update-readme is about all stages and all mutants")
    if luck and (seeds or fast):
        raise click.UsageError("--luck says itself how many seeds and which answers are tried")
    course = find_course(ctx.obj)
    if panels:
        if seeds or fast or luck or json_file or html_file:
            raise click.UsageError("--panels goes with --jobs and --update-readme only")
        ctx.exit(0 if _panels(course, stages, jobs or processors(), update_readme) else 1)
    if luck:
        plan = Plan.of_luck(luck)
    elif fast:
        plan = Plan.fast(seeds or 5)
    else:
        plan = Plan(seeds or 50)
    chosen, findings = course.select(stages), []
    with progress_bar() as progress:
        bar = progress.add_task("auditing", total=len(chosen))
        for one in run(course, chosen, plan, jobs or processors()):
            findings.append(one)
            progress.update(bar, advance=1)
    holds = show(findings)
    if json_file is not None:
        write(as_json(findings), json_file)
    if html_file is not None:
        write(render_audit(findings), html_file)
    if update_readme:
        replace_table(course.solutions / "README.md", findings)
    ctx.exit(0 if holds else 1)


def _panels(course: Course, stages: tuple[str, ...], jobs: int, update_readme: bool) -> bool:
    from nngrade.audit.console import show_panels
    from nngrade.audit.panels import BEGIN, END, ask_panels, markdown
    from nngrade.audit.summary import put_table

    chosen, answers = course.select(stages), []
    with progress_bar() as progress:
        bar = progress.add_task("asking panels", total=sum(len(s.misconceptions) for s in chosen))
        for one in ask_panels(course, chosen, jobs):
            answers.append(one)
            progress.update(bar, advance=1)
    holds = show_panels(answers, whole=not stages)
    if update_readme:
        put_table(course.solutions / "README.md", BEGIN, END, markdown(answers))
    return holds
