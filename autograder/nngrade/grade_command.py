"""``nngrade grade``: what its options ask for, and who gets to see the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nngrade import command_options
from nngrade.errors import NngradeError
from nngrade.exit_code import FailOn, Threshold, exit_code, parse_threshold
from nngrade.formats.registry import FORMATS, failure, render, require_fit
from nngrade.formats.target import STDOUT, Target
from nngrade.text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress

    from nngrade.course.options import Level
    from nngrade.results import SubmissionResult
    from nngrade.runs.processes import GradeAll
    from nngrade.runs.settings import Settings
    from nngrade.submissions.records import Candidate
    from nngrade.submissions.roster import Roster

__all__ = [
    "Output",
    "carry_out",
    "grade",
    "grading",
    "print_table",
    "progress_bar",
    "promised",
]

_UNFINISHED = "the grader was stopped before its end, or is still at work"


@dataclass(frozen=True)
class Output:
    """A format, and where to write it."""

    format: str
    target: Target


def _threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> Threshold | None:
    """Read a score that is enough, or say what is wrong with it."""
    try:
        return None if value is None else parse_threshold(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@command_options.stage
@click.option(
    "--student", metavar="ID", help="The student of all of them (default: told by the path)."
)
@command_options.students
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
@command_options.data
@command_options.timeout
@command_options.sandbox
@command_options.gradebook
@click.option("--force", is_flag=True, help="With --gradebook: grade what did not change, too.")
@command_options.jobs
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
    roster_file: Path | None,
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
    --min-score and --fail-on change what is a failure.
    """  # noqa: D301 (click's mark for lines that stay as they are)
    if (executor == "dask") != (scheduler is not None):
        raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
    if scheduler is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine; a cluster has the workers it has")
    if force and not gradebook:
        raise click.UsageError("--force goes with --gradebook: without it everything is graded")
    if gradebook and (formats or files or json_file is not None or every):
        raise click.UsageError("--gradebook goes with none of --format, --output, --json and --all")
    if gradebook and (threshold is not None or fail_on != "lost"):
        raise click.UsageError("--gradebook goes with neither --min-score nor --fail-on")
    if threshold is not None and fail_on != "lost":
        raise click.UsageError(f"--min-score is about scores, and --fail-on {fail_on} is not")
    outputs = _outputs(paths, formats, files, json_file)
    with promised(outputs):
        from nngrade.course.stages import find_course
        from nngrade.runs.settings import Settings
        from nngrade.submissions.find import find_submissions
        from nngrade.submissions.precedence import unnamed

        settings = Settings(find_course(ctx.obj).root, mode, data, timeout)
        course = settings.course
        level = course.options.feedback_level
        stage = course.stage(stage_name) if stage_name is not None else None
        roster = read_students(roster_file)
        candidates = find_submissions(paths, course, stage, student, roster)
        if roster is None and student is None:
            for remark in unnamed(candidates):
                click.echo(f"nngrade: {remark}", err=True)
        for output in outputs:
            require_fit(output.format, candidates)
        grade_all = grading(settings, jobs, scheduler)
        if gradebook:
            from nngrade.gradebook.console import run_class

            code = run_class(settings, candidates, grade_all, force)
        else:
            results = carry_out(candidates, grade_all)
            _show(results, outputs, level, every)
            if threshold is not None:
                _warn(threshold, results)
            code = exit_code(results, fail_on, threshold)
    ctx.exit(code)


def _outputs(
    paths: Sequence[Path], formats: Sequence[str], files: Sequence[str], json_file: str | None
) -> tuple[Output, ...]:
    """What goes where, as the command line says."""
    if len(files) > len(formats):
        raise click.UsageError(
            f"there are more --output ({len(files)}) than --format ({len(formats)}): say what each "
            f"file is to hold, as in --format json --output {files[-1]}"
        )
    names = [*files, *[STDOUT] * (len(formats) - len(files))]
    outputs = [Output(*one) for one in zip(formats, map(Target, names), strict=True)]
    if json_file is not None:
        outputs.append(Output("json", Target(json_file)))
    seen: set[str] = set()
    for one in outputs:
        name = one.target.name
        key = name if name == STDOUT else os.path.abspath(name)
        if key in seen and name == STDOUT:
            raise click.UsageError(
                "only one format can go to standard output: give the others an --output each"
            )
        if key in seen and one.target.is_file:
            raise click.UsageError(f"two formats cannot go to one file, {name}")
        if name.endswith(".ipynb") or key in map(os.path.abspath, paths):
            raise click.UsageError(f"{name} is what is to be graded; results would overwrite it")
        seen.add(key)
    return tuple(outputs)


@contextmanager
def promised(outputs: Sequence[Output]) -> Iterator[None]:
    """Leave each output valid whatever happens: it says that grading did not finish, and why."""
    for one in outputs:
        # The grader may be killed at any time from here on.
        if one.target.is_file:
            one.target.write(failure(one.format, _UNFINISHED), complete=False)
    try:
        yield
    except Exception as error:
        for one in outputs:
            if one.target.complete:
                continue  # these results are right, whatever became of the others
            try:
                one.target.write(failure(one.format, error))
            except NngradeError:
                pass  # what went wrong first is what is told
        raise


def read_students(path: Path | None) -> Roster | None:
    """The students that names in exports stand for, where a file says so."""
    if path is None:
        return None
    from nngrade.submissions.roster import read_roster

    return read_roster(path)


def grading(
    settings: Settings,
    jobs: int | None = None,
    scheduler: str | None = None,
    shielded: bool = False,
) -> GradeAll:
    """What carries out the grading: processes of this machine, or a cluster."""
    from functools import partial

    from nngrade.runs.processes import annotated, grade_all, processors

    if scheduler is not None:
        from nngrade.runs.dask_client import grade_on_dask

        say = partial(click.echo, err=True)
        return annotated(partial(grade_on_dask, settings, scheduler=scheduler, say=say))
    return annotated(partial(grade_all, settings, jobs=jobs or processors(), shielded=shielded))


def carry_out(candidates: list[Candidate], grade_all: GradeAll) -> list[SubmissionResult]:
    """Grade all of them, with a progress bar where there is somebody to see it."""
    if len(candidates) == 1 or not sys.stderr.isatty():
        results = dict(grade_all(candidates))
    else:
        results = {}
        with progress_bar() as progress:
            bar = progress.add_task("grading", total=len(candidates))
            for index, result in grade_all(candidates):
                results[index] = result
                progress.update(bar, advance=1, description=one_line(result.student, 60))
    return [results[index] for index in sorted(results)]


def progress_bar() -> Progress:
    """A bar on standard error, gone when it is done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _show(
    results: list[SubmissionResult], outputs: Sequence[Output], level: Level, every: bool
) -> None:
    """Write the results; a person at the terminal sees a table unless a format goes there."""
    for result in results:
        if result.status == "failed":
            click.echo(f"nngrade: not graded: {one_line(result.error or '')}", err=True)
    problems = []
    for one in outputs:
        try:
            _write(results, one, level, every)
        except NngradeError as problem:
            problems.append(problem)  # the others are to be written all the same
    if all(one.target.name != STDOUT for one in outputs):
        print_table(results, every)
    if problems:
        raise problems[0]


def _write(results: list[SubmissionResult], output: Output, level: Level, every: bool) -> None:
    if output.format != "table":
        output.target.write(render(output.format, results, level))
    elif output.target.name == STDOUT:
        print_table(results, every)
    else:
        from nngrade.formats.table import render as render_table

        output.target.write(render_table(results, every or len(results) == 1))


def print_table(results: list[SubmissionResult], every: bool = False) -> None:
    """Print the results as tables; of several submissions, only what was lost."""
    from rich.console import Console

    from nngrade.formats.table import print_results

    every = every or len(results) == 1
    if os.environ.get("GITHUB_ACTIONS") != "true":
        print_results(Console(highlight=False), results, every)
        return
    import secrets

    # GitHub's runner reads orders from a job's log; none of them may come from a submission.
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    print_results(Console(highlight=False), results, every)
    click.echo(f"::{token}::")


def _warn(threshold: Threshold, results: Sequence[SubmissionResult]) -> None:
    """Say so where nobody can reach the score that is asked for."""
    for stage, most in {one.stage: one.max_score for one in results if one.max_score}.items():
        if not threshold.is_share and threshold.value > most:
            click.echo(
                f"nngrade: --min-score {threshold.value:g} is out of reach: "
                f"{stage} has {most:g} points",
                err=True,
            )
