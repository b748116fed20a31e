"""Choice of the executor: local processes, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nngrade.runs.processes import GradeAll, annotated, grade_all, processors
from nngrade.runs.settings import Settings

__all__ = ["make_executor"]


def make_executor(
    settings: Settings,
    jobs: int | None = None,
    scheduler: str | None = None,
    shielded: bool = False,
    say: Callable[[str], None] = print,
) -> GradeAll:
    """Make the function that grades all candidates of a run.

    Parameters
    ----------
    settings : Settings
    jobs : int, optional
        Maximum number of local processes; by default one per processor.
    scheduler : str, optional
        Address of a Dask scheduler; if given, its cluster grades.
    shielded : bool
        As for `grade_all`.
    say : callable
        Called with a sentence when the run has to wait for the cluster.
    """
    if scheduler is not None:
        from nngrade.runs.dask_client import grade_on_dask

        return annotated(partial(grade_on_dask, settings, scheduler=scheduler, say=say))
    return annotated(partial(grade_all, settings, jobs=jobs or processors(), shielded=shielded))
