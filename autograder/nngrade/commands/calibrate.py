"""``nngrade calibrate``: suggest thresholds for accuracy checks."""

from __future__ import annotations

from typing import Any

import click

from nngrade.commands import options
from nngrade.course.stages import find_course

__all__ = ["calibrate"]


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--seeds",
    type=click.IntRange(min=2),
    default=60,
    show_default=True,
    help="How many made-up students.",
)
@options.data
@click.pass_context
def calibrate(ctx: click.Context, stages: tuple[str, ...], seeds: int, data: Any) -> None:
    """Measure what the reference reaches in accuracy checks, to set their thresholds.

    Suggests a threshold that a right solution does not miss by bad luck.
    """
    import statistics

    from nngrade.authoring.calibrate import calibrate as measure
    from nngrade.course.data import Data

    images = Data(data)
    for stage in find_course(ctx.obj).select(stages):
        for one in measure(stage, images, seeds):
            mean, spread = statistics.mean(one.values), statistics.stdev(one.values)
            click.echo(
                f"{stage.name} {one.check} on {one.data}, {len(one.values)} seeds: "
                f"mean {mean:.4f}, sd {spread:.4f}, min {min(one.values):.4f}; "
                f"threshold {one.threshold:g}, suggested {one.suggestion:g}"
            )
