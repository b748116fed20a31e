"""``nngrade handout``: write the folder that students get."""

from __future__ import annotations

from pathlib import Path

import click

from nngrade.course.stages import find_course

__all__ = ["handout"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--stages",
    "names",
    multiple=True,
    metavar="STAGE[,STAGE...]",
    help="What students get now (repeatable; default: all stages).",
)
@click.option(
    "--github",
    metavar="OWNER/REPOSITORY",
    help="Where you will publish it: adds links that open the notebooks in Colab and Binder.",
)
@click.option("--branch", default="main", show_default=True, help="With --github: its branch.")
@click.pass_context
def handout(
    ctx: click.Context, folder: Path, names: tuple[str, ...], github: str | None, branch: str
) -> None:
    """Write what students get to DIR: notebooks, data, and all that opens and tries them.

    Nothing of solutions/ is in it. A DIR that an earlier hand-out went to is brought up to date;
    what somebody changed in it since, such as a notebook that was filled in, stays as it is.
    """
    from nngrade.handout.contents import handout_files
    from nngrade.handout.folder import write_handout
    from nngrade.handout.home import Home

    course = find_course(ctx.obj)
    stages = course.select(one for name in names for one in name.split(",") if one)
    # In the order of the course, without duplicates.
    stages = tuple(stage for stage in course.stages if stage in stages)
    files = handout_files(course, stages, Home.of(github, branch) if github else None)
    written = write_handout(files, folder)
    for name in written.removed:
        click.echo(f"removed  {folder / name}")
    for name in written.kept:
        click.echo(f"kept     {folder / name}: it was changed since; delete it to have it anew")
    n_stages = f"{len(stages)} stage{'' if len(stages) == 1 else 's'}"
    click.echo(
        f"{len(files)} files of {n_stages} are in {folder}: {len(written.new)} written, "
        f"{len(files) - len(written.new) - len(set(written.kept) & set(files))} unchanged."
    )
