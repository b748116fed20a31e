"""``nngrade demo``: grade a small made-up class."""

from __future__ import annotations

from pathlib import Path

import click

from nngrade.commands.outputs import print_table
from nngrade.commands.progress import carry_out
from nngrade.course.stages import find_course

__all__ = ["demo"]


@click.command()
@click.argument(
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    metavar="[DIR]",
)
@click.option(
    "--stage", "stages", multiple=True, metavar="STAGE", help="Only this stage (repeatable)."
)
@click.pass_context
def demo(ctx: click.Context, folder: Path, stages: tuple[str, ...]) -> None:
    """Make a small class of submissions, grade it, and show the result.

    The class is written to DIR (default: demo/): for each stage a right submission, an untouched
    one, and several with a typical mistake each. It works offline, on the bundled digits.
    """
    from nngrade.authoring.demo import write_class
    from nngrade.formats.registry import render
    from nngrade.formats.target import Target
    from nngrade.runs.executor import make_executor
    from nngrade.runs.settings import Settings
    from nngrade.submissions.find import find_submissions

    course = find_course(ctx.obj)
    notebooks = write_class(course, folder, stages)
    click.echo(f"A class of {len(notebooks)} submissions is in {folder / 'submitted'}.\n")
    settings = Settings(course.root, "weak", "digits")
    candidates = find_submissions(notebooks, course)
    results = carry_out(candidates, make_executor(settings))
    with settings.sandbox(warm=False) as sandbox:
        working = [layer.name for layer in sandbox.layers if layer.works]
    target = folder / "results.json"
    Target(str(target)).write(render("json", results, course.options.feedback_level))
    print_table(results)
    click.echo(f"Student code was confined by: {', '.join(working) or 'nothing'}.")
    click.echo(f"The results, with every check: {target}")
    click.echo(f"Grade one yourself:  nngrade grade {notebooks[0]}")
