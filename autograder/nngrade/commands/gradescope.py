"""``nngrade gradescope``: make the zip of an autograder for Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nngrade.course.stages import find_course

__all__ = ["gradescope"]


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.zip")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="STAGE",
    help="What the assignment is about (repeatable; default: all stages).",
)
@click.option(
    "--sandbox",
    type=click.Choice(["strict", "weak"]),
    default="strict",
    show_default=True,
    help="weak grades on machines of Gradescope's that lack a layer, too (docs/gradescope.md).",
)
@click.option(
    "--data",
    type=click.Choice(["digits", "mnist"]),
    default="digits",
    show_default=True,
    help="Images for accuracy checks; MNIST goes into the zip.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=1),
    default=10,
    show_default=True,
    help="The assignment's time limit on Gradescope.",
)
@click.pass_context
def gradescope(
    ctx: click.Context,
    target: Path,
    stages: tuple[str, ...],
    sandbox: Any,
    data: Any,
    minutes: float,
) -> None:
    """Make the zip of an autograder for Gradescope.

    It holds the solutions and the course's secret: keep it as safe as those. One zip is for one
    assignment; an upload has one notebook for each of its stages.
    """
    from nngrade.gradescope.package import write_zip

    if target.suffix != ".zip":
        raise click.UsageError(
            f"{target}: Gradescope takes a zip; give it a name that ends in .zip"
        )
    course = find_course(ctx.obj)
    chosen = course.select(stages)
    write_zip(course, chosen, target, sandbox, data, minutes)
    points = sum(stage.max_score for stage in chosen)
    names = ", ".join(stage.name for stage in chosen)
    click.echo(f"{target} grades {names}: {points:g} points. It is secret, as solutions/ is.")
    if len(chosen) > 1:
        click.echo(
            f"An upload has one notebook for each of the {len(chosen)} stages. For an assignment "
            "about one of them, make a zip of its own: --stage STAGE."
        )
