"""``nngrade grade``: grade notebooks, and show or write the results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nngrade.commands import options
from nngrade.commands.outputs import outputs_of, promised, show, write_sheets
from nngrade.commands.progress import carry_out
from nngrade.exit_code import FailOn, Threshold, exit_code, parse_threshold
from nngrade.extras import require
from nngrade.formats.registry import FORMATS, SHEETS, require_fit
from nngrade.formats.target import STDOUT
from nngrade.text import one_line

if TYPE_CHECKING:
    from nngrade.results import SubmissionResult
    from nngrade.students.class_list import Students
    from nngrade.submissions.records import Candidate

__all__ = ["grade"]


def _threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> Threshold | None:
    """Parse the value of ``--min-score``."""
    try:
        return None if value is None else parse_threshold(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@options.stage
@click.option(
    "--student", metavar="ID", help="The student of all of them (default: told by the path)."
)
@options.students
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(FORMATS), case_sensitive=False),
    multiple=True,
    metavar="FORMAT",
    help=f"What to write the results as (repeatable): {', '.join(FORMATS)} (docs/formats.md).",
)
@click.option(
    "--output",
    "files",
    multiple=True,
    metavar="FILE",
    help="Where the format goes; the second FILE is for the second FORMAT. One may have none, "
    "and goes to standard output.",
)
@click.option("--json", "json_file", metavar="FILE", help="Short for --format json --output FILE.")
@click.option("--all", "every", is_flag=True, help="List the checks that passed, too.")
@click.option(
    "--min-score",
    "threshold",
    callback=_threshold,
    metavar="N|N%",
    help="Exit with 1 only where a submission has less than N points, or N % of them.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["lost", "ungraded", "never"]),
    default="lost",
    show_default=True,
    help="What makes the exit code 1 or 2: lost points, only what could not be graded, nothing.",
)
@options.data
@options.timeout
@options.sandbox
@options.gradebook
@click.option("--force", is_flag=True, help="With --gradebook: grade what did not change, too.")
@click.option(
    "--feedback",
    is_flag=True,
    help="With --gradebook: write the pages of feedback, too, as `nbgrader generate_feedback` "
    "would (docs/term.md).",
)
@options.jobs
@click.option(
    "--executor",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Grade on this machine, or on the workers of a Dask cluster (docs/cluster.md).",
)
@click.option("--scheduler", metavar="ADDRESS", help="With --executor dask: as in tcp://HOST:8786.")
@click.pass_context
def grade(
    ctx: click.Context,
    paths: tuple[Path, ...],
    stage_name: str | None,
    student: str | None,
    students_file: Path | None,
    formats: tuple[str, ...],
    files: tuple[str, ...],
    json_file: str | None,
    every: bool,
    threshold: Threshold | None,
    fail_on: FailOn,
    data: Any,
    timeout: float | None,
    mode: Any,
    gradebook: bool,
    force: bool,
    feedback: bool,
    jobs: int | None,
    executor: str,
    scheduler: str | None,
) -> None:
    """Grade notebooks.

    PATH is a notebook, a folder of notebooks, a tree submitted/STUDENT/STAGE/STAGE.ipynb, or a zip
    archive of any of these, such as Canvas and Moodle make of all submissions.

    \b
    Exit codes:  0  every check of every submission passed
                 1  something that was graded lost points
                 2  something could not be graded (said on stderr; the rest is graded)
               130  Ctrl-C stopped it; 143: SIGTERM did
    --min-score and --fail-on change what is a failure.
    """  # noqa: D301 (click's mark for lines that stay as they are)
    if (executor == "dask") != (scheduler is not None):
        raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
    if scheduler is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine; a cluster has the workers it has")
    if force and not gradebook:
        raise click.UsageError("--force goes with --gradebook: without it everything is graded")
    if feedback and not gradebook:
        raise click.UsageError("--feedback goes with --gradebook: pages show what that says, too")
    if gradebook and (set(formats) - set(SHEETS) or json_file is not None or every):
        raise click.UsageError(
            f"--gradebook goes with --format {', '.join(SHEETS)}, and neither --json nor --all"
        )
    if gradebook and (threshold is not None or fail_on != "lost"):
        raise click.UsageError("--gradebook goes with neither --min-score nor --fail-on")
    if threshold is not None and fail_on != "lost":
        raise click.UsageError(f"--min-score is about scores, and --fail-on {fail_on} is not")
    outputs = outputs_of(paths, formats, files, json_file)
    if gradebook:
        if any(one.target.name == STDOUT for one in outputs):
            raise click.UsageError("with --gradebook, each --format needs an --output")
        require("--gradebook", "gradebook")
        if feedback:
            require("--feedback", "feedback")
    if scheduler is not None:
        require("--executor dask", "cluster")
    with promised(outputs):
        from nngrade.course.failures import failures_of
        from nngrade.course.stages import find_course
        from nngrade.gradebook.deadlines import with_lateness
        from nngrade.runs.executor import make_executor
        from nngrade.runs.processes import processors
        from nngrade.runs.settings import Settings
        from nngrade.students.class_list import students_of
        from nngrade.students.groups import with_groups
        from nngrade.submissions.find import find_submissions
        from nngrade.submissions.precedence import unnamed

        settings = Settings(find_course(ctx.obj).root, mode, data, timeout)
        course = settings.course
        level = course.options.feedback_level
        stage = course.stage(stage_name) if stage_name is not None else None
        students = students_of(course, students_file)
        class_list = students.class_list
        candidates = find_submissions(paths, course, stage, student, students.roster)
        if students.roster is None and student is None:
            for remark in unnamed(candidates):
                click.echo(f"nngrade: {remark}", err=True)
        if not gradebook:
            candidates, conflicts = with_groups(candidates, class_list)
            for problem in (*conflicts, *_strangers(students, candidates)):
                click.echo(f"nngrade: {problem}", err=True)
        for output in () if gradebook else outputs:  # which takes one of each
            require_fit(output.format, candidates)
        grade_all = make_executor(settings, jobs, scheduler, say=partial(click.echo, err=True))
        if gradebook:
            from nngrade.gradebook.console import run_class

            sheets = partial(
                write_sheets, outputs=outputs, level=level, failures=failures_of(course)
            )
            show_in_the_end = sheets if formats else None
            pages = (jobs or processors()) if feedback else 0
            code = run_class(
                settings, candidates, grade_all, force, show_in_the_end, class_list, pages
            )
        else:
            results = with_lateness(course, class_list, carry_out(candidates, grade_all))
            results = show(results, outputs, level, every, failures_of(course))
            if threshold is not None:
                _warn(threshold, results)
            code = exit_code(results, fail_on, threshold)
    ctx.exit(code)


def _strangers(students: Students, candidates: Sequence[Candidate]) -> list[str]:
    """Sentence on who is graded and is not in the class list, if anybody is."""
    from nngrade.submissions.records import NOBODY

    strangers = students.strangers(one.student for one in candidates if one.student != NOBODY)
    if not strangers or students.class_list is None:
        return []
    few = ", ".join(map(one_line, strangers[:4]))
    more = f" and {len(strangers) - 4} more" if len(strangers) > 4 else ""
    return [f"not in {students.class_list.path.name}, and graded all the same: {few}{more}"]


def _warn(threshold: Threshold, results: Sequence[SubmissionResult]) -> None:
    """Warn if the threshold exceeds the maximum score of a stage."""
    for stage, most in {one.stage: one.max_score for one in results if one.max_score}.items():
        if not threshold.is_share and threshold.value > most:
            click.echo(
                f"nngrade: --min-score {threshold.value:g} is out of reach: "
                f"{stage} has {most:g} points",
                err=True,
            )
