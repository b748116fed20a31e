"""``nngrade students export`` and ``forget``: what is kept of one student."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nngrade.course.stages import find_course
from nngrade.errors import NngradeError

__all__ = ["export", "forget"]

_outboxes = click.option(
    "--feedback",
    "outboxes",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder into which `nngrade watch --feedback` wrote; repeatable.",
)


@click.command()
@click.argument("student", metavar="ID")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="Where to write it.",
)
@_outboxes
@click.pass_context
def export(ctx: click.Context, student: str, output: Path, outboxes: tuple[Path, ...]) -> None:
    """Write everything that is kept of a student into a zip.

    Grades, comments and results as JSON, and all files; README.txt in it says what is what, and
    what may be elsewhere. Nothing of other students or of the hidden tests is in it.
    """
    from nngrade.extras import require

    require("students export", "gradebook")
    from nngrade.personal_data.export import export as write
    from nngrade.personal_data.stored import Places

    with Places(find_course(ctx.obj), outboxes) as places:
        stored = places.of(student)
        write(places, stored, output)
    click.echo(f"{output} holds, of {student}:")
    click.echo(stored, nl=False)
    _tell_beyond(stored.beyond)


@click.command()
@click.argument("student", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_outboxes
@click.pass_context
def forget(ctx: click.Context, student: str, yes: bool, outboxes: tuple[Path, ...]) -> None:
    """Remove everything that is kept of a student, for good.

    Says what that is, and asks first. What it cannot reach is listed, with where it is. Run it
    again after a crash: it goes on with what is left.
    """
    from nngrade.extras import require

    require("students forget", "gradebook")
    from nngrade.personal_data.forget import forget as remove
    from nngrade.personal_data.stored import Places

    with Places(find_course(ctx.obj), outboxes, writing=True) as places:
        stored = places.of(student)
        click.echo(f"This is kept of {student} and will be removed:")
        click.echo(stored, nl=False)
        if not yes:
            if not sys.stdin.isatty():
                raise NngradeError(
                    "nothing was removed: nobody can be asked without a terminal; say --yes"
                )
            click.confirm("Remove it for good?", abort=True)
        remove(places, stored)
    click.echo("It is removed.")
    _tell_beyond(stored.beyond)


def _tell_beyond(beyond: tuple[str, ...]) -> None:
    from nngrade.text import presentable

    click.echo("Not reached from here; look there yourself:")
    for line in beyond:
        click.echo(f"  - {presentable(line)}")
