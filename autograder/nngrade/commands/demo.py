"""``nngrade demo``: grade a small made-up class."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from nngrade.commands.progress import carry_out
from nngrade.course.stages import find_course
from nngrade.results import CheckResult, SubmissionResult

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
    from rich.console import Console

    from nngrade.authoring.demo import write_class
    from nngrade.class_report.page import write_report
    from nngrade.class_report.results import of_results
    from nngrade.formats.registry import render
    from nngrade.formats.table import lost_view, term_table
    from nngrade.formats.target import Target
    from nngrade.runs.executor import make_executor
    from nngrade.runs.settings import Settings
    from nngrade.submissions.find import find_submissions

    course = find_course(ctx.obj)
    notebooks = write_class(course, folder, stages)
    settings = Settings(course.root, "weak", "digits")
    started = time.monotonic()
    results = carry_out(find_submissions(notebooks, course), make_executor(settings))
    seconds = time.monotonic() - started
    with settings.sandbox(warm=False) as sandbox:
        working = [layer.name for layer in sandbox.layers if layer.works]
    document, page = folder / "results.json", folder / "report.html"
    Target(str(document)).write(render("json", results, course.options.feedback_level))
    write_report(course, of_results(results), page, named=True)
    console = Console(highlight=False)
    n_students = len({one.student for one in results})
    click.echo(
        f"{n_students} made-up students handed in {len(notebooks)} notebooks; "
        f"grading them took {seconds:.1f} s."
    )
    console.print(term_table(results))
    told = telling(results)
    if told:
        click.echo(f"What {len(told)} of them read about their mistakes:\n")
    for result, check in told:
        console.print(lost_view(result, check))
    click.echo(f"Student code was confined by: {', '.join(working) or 'nothing'}.\n")
    example = told[0][0].path if told else str(notebooks[0])
    click.echo(f"The whole class, for a browser:  {page}")
    click.echo(f"Every check, for a program:      {document}")
    click.echo(f"One notebook, check by check:    nngrade grade {Path(example).parent}")


def telling(
    results: Sequence[SubmissionResult],
) -> list[tuple[SubmissionResult, CheckResult]]:
    """Three lost checks whose reason is known, of different students and stages."""
    known = [
        (result, check)
        for result in results
        for check in result.lost
        if check.points and check.diagnosis and check.diagnosis.misconception
    ]
    stages = list(dict.fromkeys(result.stage for result, _ in known))
    # From the beginning, the middle and the end of the course, and by three students if possible.
    chosen: list[tuple[SubmissionResult, CheckResult]] = []
    for stage in dict.fromkeys([*stages[:1], *stages[len(stages) // 2 :][:1], *stages[-1:]]):
        met = {result.student for result, _ in chosen}
        here = [one for one in known if one[0].stage == stage]
        fresh = [one for one in here if one[0].student not in met]
        chosen.append(min(fresh or here, key=lambda one: len(one[0].lost)))
    return chosen
