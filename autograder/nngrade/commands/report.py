"""``nngrade report``: write a report on a class."""

from __future__ import annotations

from pathlib import Path

import click

from nngrade.course.stages import find_course

__all__ = ["report"]


@click.command()
@click.argument("stage_name", required=False, metavar="[STAGE]")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it (default: report.html or report-STAGE.html in this folder).",
)
@click.option("--names", is_flag=True, help="Name the students, and link to their feedback.")
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Results of `nngrade grade --format json` (default: those in the gradebook).",
)
@click.option(
    "--lessons",
    metavar="ADDRESS",
    help="Folder with the notebooks on the web: mistakes link to the sections that treat them.",
)
@click.option(
    "--section", metavar="NAME", help="Only the students of this section of the class list."
)
@click.pass_context
def report(
    ctx: click.Context,
    stage_name: str | None,
    output: Path | None,
    names: bool,
    source: Path | None,
    lessons: str | None,
    section: str | None,
) -> None:
    """Write a report on a class: one HTML page that loads nothing.

    It shows scores, the most frequent mistakes by cause, when work was handed in, how hard each
    check is and how well it discriminates, and who may need help. Students are numbered: their ids,
    and paths, are taken out of messages too. Without STAGE: all stages that have results. Sections
    of the class list (students.csv) are shown beside each other.
    """
    from nngrade.class_report.page import write_report
    from nngrade.class_report.results import of_file, of_journal
    from nngrade.students.class_list import section_of, students_of

    course = find_course(ctx.obj)
    class_list = students_of(course).class_list
    whose = None if section is None else section_of(course, class_list, section)
    if source is not None:
        statistics = of_file(source, stage_name, whose)
    else:
        stages = [course.stage(stage_name)] if stage_name is not None else course.stages
        statistics = of_journal(course, stages, whose)
    name = "report.html" if stage_name is None else f"report-{statistics[0].stage}.html"
    target = output or Path(Path(name).name)
    write_report(course, statistics, target, names, lessons, class_list, section or "")
    click.echo(f"The report is in {target}.")
