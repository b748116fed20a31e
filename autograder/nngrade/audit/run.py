"""Audit a course, on all processors.

The right answers of a task are one job, its wrong answers another. The findings come in the order
of the course, whichever job finishes first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from nngrade.audit.findings import RightAnswer, StageFindings, TaskFindings, WrongAnswer
from nngrade.audit.inputs import Untried, excluded_inputs, untried_inputs
from nngrade.audit.judge import limit_memory
from nngrade.audit.reviewed import reviewed_mutants
from nngrade.audit.task import Plan, audit_right, audit_wrong, check_findings
from nngrade.course.data import Data
from nngrade.course.stages import Course, Stage
from nngrade.runs.pool import SpawnPool
from nngrade.runs.processes import end_with_parent

__all__ = ["audit"]

_Right = tuple[RightAnswer, ...]
_Wrong = tuple[WrongAnswer, ...]
_Untried = tuple[Untried, ...]


def audit(
    course: Course, stages: Sequence[Stage], plan: Plan, jobs: int
) -> Iterator[StageFindings]:
    """Audit stages of a course; yield the findings on each as soon as they are complete.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    plan : Plan
    jobs : int
        Number of processes.

    Raises
    ------
    CourseError
        If the course's files are at fault.
    """
    for stage in stages:
        # Errors in the course's files are reported before any process is started.
        _ = stage.reference, stage.checks, stage.alternatives
        _ = reviewed_mutants(stage), excluded_inputs(stage)
    with _single_threads(), SpawnPool(jobs, _start, (course.root,)) as pool:
        try:
            work = {
                (stage.name, task.name): (
                    pool.submit(_right, stage.name, task.name, plan),
                    pool.submit(_wrong, stage.name, task.name, plan),
                    pool.submit(_untried, stage.name, task.name),
                )
                for stage in stages
                for task in stage.lesson.tasks
            }
            for stage in stages:
                tasks = (
                    _task(stage, task.name, plan, *work.pop((stage.name, task.name)))
                    for task in stage.lesson.tasks
                )
                yield StageFindings(stage.name, tuple(tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _task(
    stage: Stage,
    task: str,
    plan: Plan,
    right: Future[_Right],
    wrong: Future[_Wrong],
    untried: Future[_Untried],
) -> TaskFindings:
    answers = wrong.result()
    checks = check_findings(stage, task, answers) if plan.all_checks else ()
    listed = [name for of, name in reviewed_mutants(stage) if of == task]
    needed = {one.name for one in answers if one.fate == "reviewed"}
    # Only a run of all mutants can tell.
    outdated = [name for name in listed if name not in needed] if plan.one_in == 1 else []
    n_checks = sum(one.task == task for one in stage.checks)
    return TaskFindings(
        task, n_checks, right.result(), answers, checks, tuple(outdated), untried.result()
    )


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def _single_threads() -> Iterator[None]:
    """Let processes started in this context compute in one thread each."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_course: Course | None = None
_data = Data("digits")


def _start(root: Path) -> None:
    """Initialise a process of the pool."""
    global _course
    end_with_parent()
    limit_memory()
    _course = Course(root)


def _right(stage: str, task: str, plan: Plan) -> _Right:
    assert _course is not None
    return audit_right(_course.stage(stage), task, plan, _data)


def _wrong(stage: str, task: str, plan: Plan) -> _Wrong:
    assert _course is not None
    found = _course.stage(stage)
    return audit_wrong(found, task, plan, _data, reviewed_mutants(found))


def _untried(stage: str, task: str) -> _Untried:
    assert _course is not None
    return untried_inputs(_course.stage(stage), task, _data)
