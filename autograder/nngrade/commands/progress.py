"""Grading with a progress bar on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nngrade.text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress

    from nngrade.results import SubmissionResult
    from nngrade.runs.processes import GradeAll
    from nngrade.submissions.records import Candidate

__all__ = ["carry_out", "progress_bar"]


def carry_out(candidates: list[Candidate], grade_all: GradeAll) -> list[SubmissionResult]:
    """Grade all candidates, with a progress bar if standard error is a terminal.

    Parameters
    ----------
    candidates : list of Candidate
    grade_all : callable
        As from `nngrade.runs.executor.make_executor`.

    Returns
    -------
    list of SubmissionResult
        Results in the order of the candidates.
    """
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
    """A progress bar on standard error that disappears at the end."""
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
