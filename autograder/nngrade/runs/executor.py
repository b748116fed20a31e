"""Who grades: processes of this machine, or the workers of a Dask cluster."""

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
    """What carries out the grading of a run.

    Parameters
    ----------
    settings : Settings
    jobs : int, optional
        How many processes of this machine to use at the most; one for each processor by default.
    scheduler : str, optional
        The address of a Dask cluster's scheduler; the cluster grades then.
    shielded : bool
        As for `grade_all`.
    say : callable
        Is told what keeps a cluster waiting.
    """
    if scheduler is not None:
        from nngrade.runs.dask_client import grade_on_dask

        return annotated(partial(grade_on_dask, settings, scheduler=scheduler, say=say))
    return annotated(partial(grade_all, settings, jobs=jobs or processors(), shielded=shielded))
