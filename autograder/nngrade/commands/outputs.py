"""Outputs of a command: result formats written to files, and a table on the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nngrade.errors import NngradeError
from nngrade.formats.registry import failure, render
from nngrade.formats.target import STDOUT, Target
from nngrade.text import one_line

if TYPE_CHECKING:
    from nngrade.course.failures import Failures
    from nngrade.course.options import Level
    from nngrade.formats.registry import Instead
    from nngrade.results import SubmissionResult

__all__ = ["Output", "outputs_of", "print_table", "promised", "show", "write_sheets"]

_UNFINISHED = "the grader was stopped before its end, or is still at work"


@dataclass(frozen=True)
class Output:
    """A format and its destination."""

    format: str
    target: Target


def outputs_of(
    paths: Sequence[Path], formats: Sequence[str], files: Sequence[str], json_file: str | None
) -> tuple[Output, ...]:
    """Match formats with files, as given on the command line.

    Parameters
    ----------
    paths : sequence of Path
        The submissions, which no output may overwrite.
    formats, files : sequence of str
        Values of ``--format`` and ``--output``, in order.
    json_file : str or None
        Value of ``--json``.
    """
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
    """Keep each output valid: if grading does not finish, the output states that and the reason."""
    for one in outputs:
        # The grader may be killed at any time from here on.
        if one.target.is_file:
            one.target.write(failure(one.format, _UNFINISHED), complete=False)
    try:
        yield
    except Exception as error:
        for one in outputs:
            if one.target.complete:
                continue  # these results are complete, although another output failed
            try:
                one.target.write(failure(one.format, error))
            except NngradeError:
                pass  # the first error is the one that is reported
        raise


def show(
    results: list[SubmissionResult],
    outputs: Sequence[Output],
    level: Level,
    every: bool,
    failures: Failures,
) -> list[SubmissionResult]:
    """Write the results; print a table unless a format goes to standard output.

    A result that cannot be shown is replaced by one that says so, and costs no other.

    Parameters
    ----------
    results : list of SubmissionResult
    outputs : sequence of Output
    level : Level
        Feedback level for formats that students read.
    every : bool
        Whether tables list passed checks as well.
    failures : Failures
        Keeps the traceback if a result cannot be shown.

    Returns
    -------
    list of SubmissionResult
        The results, with those that could not be shown everywhere as failed ones.
    """
    broken: dict[int, SubmissionResult] = {}

    def instead(result: SubmissionResult, error: Exception) -> SubmissionResult:
        shown = result.failed_with(failures.keep(f"{result.path}: showing its result", error))
        if id(result) not in broken:
            click.echo(f"nngrade: not shown: {one_line(shown.error or '')}", err=True)
        broken[id(result)] = shown
        return shown

    for result in results:
        if result.status == "failed":
            click.echo(f"nngrade: not graded: {one_line(result.reason)}", err=True)
    problem = _write_all(results, outputs, level, every, instead)
    if all(one.target.name != STDOUT for one in outputs):
        print_table(results, every, instead)
    if problem:
        raise problem
    return [broken.get(id(result), result) for result in results]


def write_sheets(
    results: list[SubmissionResult], outputs: Sequence[Output], level: Level, failures: Failures
) -> None:
    """Write the results of a class run, which itself tells what was not graded.

    Parameters
    ----------
    results : list of SubmissionResult
    outputs : sequence of Output
    level : Level
    failures : Failures
        Keeps the traceback if a result cannot be shown.
    """

    def instead(result: SubmissionResult, error: Exception) -> SubmissionResult:
        return result.failed_with(failures.keep(f"{result.path}: showing its result", error))

    if problem := _write_all(results, outputs, level, False, instead):
        raise problem


def _write_all(
    results: list[SubmissionResult],
    outputs: Sequence[Output],
    level: Level,
    every: bool,
    instead: Instead,
) -> NngradeError | None:
    """Write all outputs; one that cannot be written costs no other. Return the first problem."""
    problems = []
    for one in outputs:
        try:
            _write(results, one, level, every, instead)
        except NngradeError as problem:
            problems.append(problem)
    return problems[0] if problems else None


def _write(
    results: list[SubmissionResult], output: Output, level: Level, every: bool, instead: Instead
) -> None:
    if output.format != "table":
        output.target.write(render(output.format, results, level, instead))
    elif output.target.name == STDOUT:
        print_table(results, every, instead)
    else:
        from nngrade.formats.table import render as render_table

        output.target.write(render_table(results, every or len(results) == 1, instead))


def print_table(
    results: list[SubmissionResult], every: bool = False, instead: Instead | None = None
) -> None:
    """Print the results as tables; for several submissions, only lost checks unless `every`."""
    from rich.console import Console

    from nngrade.formats.table import print_results

    every = every or len(results) == 1
    if os.environ.get("GITHUB_ACTIONS") != "true":
        print_results(Console(highlight=False), results, every, instead)
        return
    import secrets

    # GitHub's runner executes commands in a job's log; none of them may come from a submission.
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    try:
        print_results(Console(highlight=False), results, every, instead)
    finally:
        # Otherwise the runner would ignore the commands of all later steps of the job.
        click.echo(f"::{token}::")
