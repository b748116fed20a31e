"""``nngrade students``: the class list, late days, and what is kept of each student."""

from __future__ import annotations

from pathlib import Path

import click

from nngrade.commands import personal_data
from nngrade.exit_code import ALL_PASSED, NOT_GRADED, POINTS_LOST
from nngrade.text import amount

__all__ = ["students"]


@click.group()
def students() -> None:
    """Who takes the course: the class list, late days, what is kept of each student."""


@students.command()
@click.argument(
    "file", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]"
)
@click.pass_context
def check(ctx: click.Context, file: Path | None) -> None:
    """Look through a class list, and compare it with the gradebook.

    FILE is by default students.csv in the course's folder.

    \b
    Exit codes:  0  nothing to look at
                 1  something to look at
                 2  the file cannot be used
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.course.stages import find_course
    from nngrade.students.class_list import ClassListError, read_class_list
    from nngrade.students.looking import remarks_on, summary_of

    course = find_course(ctx.find_root().obj)
    path = file or course.root / course.options.students_file
    try:
        found = read_class_list(path, course)
    except ClassListError as error:
        for problem in error.problems:
            click.echo(problem)
        count = len(error.problems)
        click.echo(f"{count} thing{'s' if count > 1 else ''} to mend in {path}.")
        ctx.exit(NOT_GRADED)
    click.echo(summary_of(found))
    remarks = remarks_on(found, course)
    for remark in remarks:
        click.echo(remark)
    ctx.exit(POINTS_LOST if remarks else ALL_PASSED)


@students.command("from-gradebook")
@click.argument(
    "file", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]"
)
@click.pass_context
def from_gradebook(ctx: click.Context, file: Path | None) -> None:
    """Begin a class list with everybody in nbgrader's gradebook.

    Ids, names, e-mail addresses and extensions come from there; sections and groups are to be
    filled in. FILE is by default students.csv in the course's folder; it must not exist yet.
    """
    from nngrade.course.stages import find_course
    from nngrade.extras import require

    require("a class list from nbgrader's gradebook", "gradebook")
    from nngrade.gradebook.class_list import begin_class_list

    course = find_course(ctx.find_root().obj)
    path = file or course.root / course.options.students_file
    count = begin_class_list(course, path)
    click.echo(f"{amount(count, 'student')} of the gradebook in {path}.")


@students.command("late-days")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where it goes (default: standard output).",
)
@click.pass_context
def late_days(ctx: click.Context, form: str, output: Path | None) -> None:
    """Tell for each student which late days are spent, where, and how many are left.

    Times of submission are those of what was graded, in the gradebook and the journal.
    """
    from nngrade.course.stages import find_course
    from nngrade.formats.target import Target
    from nngrade.gradebook.late_days import late_days_of, render

    course = find_course(ctx.find_root().obj)
    text = render(late_days_of(course), form)
    if output is None:
        click.echo(text, nl=False)
    else:
        Target(str(output)).write(text)


students.add_command(personal_data.export)
students.add_command(personal_data.forget)
