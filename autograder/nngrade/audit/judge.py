"""Run checks in this process, on the course's own code: thousands of cases in minutes.

A wrong answer may run for ever or use up all memory. Each check therefore has a limit on processor
time, which the machine's load does not affect, and the process has a limit on memory.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np

from nngrade.audit.cases import Case, namespace_of
from nngrade.course.checks import VISIBLE_TESTS, Check
from nngrade.course.data import Data
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage
from nngrade.grading.budget import TooLongError, cpu_budget
from nngrade.grading.checking import run_check
from nngrade.grading.student import LocalStudent
from nngrade.grading.visible import run_visible_tests

__all__ = ["TOO_LONG", "limit_memory", "lost", "student_with"]

SECRET = b"the audit is no secret"
TOO_LONG = "it did not come to an end"
MEMORY = 2 * 2**30


def student_with(stage: Stage, case: Case) -> LocalStudent | None:
    """A student with the answers of a case; None if an answer cannot even be defined."""
    # Answers that use NumPy's global generator must not depend on earlier cases.
    np.random.seed(0)
    try:
        return LocalStudent(namespace_of(stage, case))
    except Exception:
        return None


def lost(
    stage: Stage,
    student: LocalStudent | None,
    check: Check,
    seed: int,
    data: Data,
    seconds: float | None = None,
) -> str | None:
    """Run a check; return the reason of its failure, or None if it passes.

    Parameters
    ----------
    stage : Stage
    student : LocalStudent or None
        As from `student_with`.
    check : Check
    seed : int
        Seed of the inputs that the check draws.
    data : Data
    seconds : float, optional
        Limit on processor time in seconds, after which the check counts as failed.
    """
    if student is None:
        return "cannot be defined"
    try:
        with cpu_budget(seconds):
            _attempt(stage, check, student, seed, data)
    except TooLongError:
        return TOO_LONG
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _attempt(stage: Stage, check: Check, student: LocalStudent, seed: int, data: Data) -> None:
    if check.name == VISIBLE_TESTS:
        task = next(one for one in stage.lesson.tasks if one.name == check.task)
        run_visible_tests(stage, task, student)
    else:
        rng = generator(SECRET, str(seed), stage.name, check.id)
        run_check(check, stage, student, rng, data)


def limit_memory() -> None:
    """Limit this process's memory and silence warnings, before it runs wrong answers."""
    warnings.simplefilter("ignore")
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))
