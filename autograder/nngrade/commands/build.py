"""``nngrade build``: build the students' notebooks from the lessons."""

from __future__ import annotations

import click

from nngrade.course.stages import find_course

__all__ = ["build"]


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 where a notebook is out of step."
)
@click.pass_context
def build(ctx: click.Context, stages: tuple[str, ...], check: bool) -> None:
    """Build the students' notebooks from the lessons.

    Reads solutions/STAGE/lesson.py, writes assignments/STAGE/STAGE.ipynb by way of nbgrader's
    generate_assignment, with a picture of each figure, which is drawn anew only where the code
    above it has changed; and the table of the stages' work in README.md, where there is one.
    Without STAGE: all of them. A stage whose files are at fault is refused, with all that is wrong
    with them; `nngrade gate` tries the checks themselves, too.
    """
    from nngrade.authoring import build as builder
    from nngrade.authoring.rules import require

    course = find_course(ctx.obj)
    chosen = course.select(stages)
    require(chosen, course.options.stages)
    if check:
        found = builder.differences(course, chosen)
        for difference in found:
            click.echo(difference, err=True)
        if found:
            ctx.exit(1)
        click.echo(f"{len(chosen)} stages: the notebooks are what the lessons say.")
        return
    for path, changed in builder.build(course, chosen, click.echo).items():
        click.echo(f"{'written' if changed else 'unchanged'}  {path.relative_to(course.root)}")
