"""Grade many submissions in local processes, on all processors.

Each processor gets a grading process with its own sandbox. An error in one submission becomes part
of its result, and the run goes on.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from nngrade.course.failures import failures_of
from nngrade.errors import NngradeError, SubmissionError, UncertainError
from nngrade.results import SubmissionResult
from nngrade.runs.settings import Settings
from nngrade.submissions.records import Candidate
from nngrade.submissions.timestamp import handed_in_at
from nngrade.text import presentable
from nngrade.worker import scratch

if TYPE_CHECKING:
    from nngrade.grading.grader import Grader

__all__ = [
    "GradeAll",
    "annotated",
    "broken",
    "end_with_parent",
    "failed",
    "grade_all",
    "processors",
]

# Function that grades candidates, locally or on a cluster; yields the index and result of each.
GradeAll = Callable[[Sequence[Candidate]], Iterator[tuple[int, SubmissionResult]]]
# From this number of submissions on, it pays to import pyplot and IPython in advance.
FEW = 4
# From this number on, further processes are started at once: they save more than they cost.
MANY = 16


def processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def grade_all(
    settings: Settings, candidates: Sequence[Candidate], jobs: int, shielded: bool = False
) -> Iterator[tuple[int, SubmissionResult]]:
    """Grade all candidates; yield the index and result of each as soon as it is graded.

    Parameters
    ----------
    settings : Settings
    candidates : sequence of Candidate
    jobs : int
        Maximum number of processes.
    shielded : bool
        Whether the grading processes ignore SIGTERM, too, and leave it to this process. Service
        managers send it to all processes of a run, as terminals do with Ctrl-C.

    Raises
    ------
    CourseError
        If the course or the machine is at fault, so that no submission could be graded.
    """
    first = 0
    if candidates and (jobs == 1 or len(candidates) < MANY):
        for index, result in _here(settings, candidates, jobs):
            first = index + 1
            yield index, result
    if rest := candidates[first:]:
        try:
            for index, result in _in_processes(settings, rest, min(jobs, len(rest)), shielded):
                yield first + index, result
        except BaseException:
            scratch.sweep()  # processes that were killed have left theirs behind
            raise


def _here(
    settings: Settings, candidates: Sequence[Candidate], jobs: int
) -> Iterator[tuple[int, SubmissionResult]]:
    """Grade in this process, until the rest would be done earlier by several processes.

    To be ready, each of them would need about twice as long as this one took until its first
    result: its sandbox, which starts beside it, has no processor to itself then. How long a
    submission takes is told by those after the first.
    """
    begun, starting, spent = time.monotonic(), 0.0, 0.0
    with settings.sandbox(warm=len(candidates) >= FEW) as sandbox:
        grader = settings.grader(sandbox)
        for index, candidate in enumerate(candidates):
            before = time.monotonic()
            result = _grade(settings, grader, candidate)
            if index == 0:
                starting = time.monotonic() - begun
            else:
                spent += time.monotonic() - before
            yield index, result
            here = spent / max(index, 1) * (len(candidates) - index - 1)
            if jobs > 1 and here > 2 * starting + here / jobs:
                return


def _in_processes(
    settings: Settings, candidates: Sequence[Candidate], jobs: int, shielded: bool
) -> Iterator[tuple[int, SubmissionResult]]:
    """Grade in several processes; if one is killed, find out which submission caused it."""
    todo = iter(enumerate(candidates))
    while True:
        lost: dict[int, Candidate] = {}
        yield from _until_broken(settings, todo, jobs, shielded, lost)
        if not lost:
            return
        for index, candidate in lost.items():
            again: dict[int, Candidate] = {}
            yield from _until_broken(settings, iter([(index, candidate)]), 1, shielded, again)
            if again:
                problem = "the process that graded it was killed, perhaps for want of memory"
                yield index, failed(candidate, f"{candidate.path}: {problem}")


def _until_broken(
    settings: Settings,
    todo: Iterator[tuple[int, Candidate]],
    jobs: int,
    shielded: bool,
    lost: dict[int, Candidate],
) -> Iterator[tuple[int, SubmissionResult]]:
    """Grade until all is done or a process is killed; `lost` gets the candidates in work then."""
    from concurrent.futures import FIRST_COMPLETED, Future, wait
    from concurrent.futures.process import BrokenProcessPool

    from nngrade.runs.pool import SpawnPool

    futures: dict[Future[SubmissionResult], int] = {}
    taken: dict[int, Candidate] = {}
    with SpawnPool(jobs, _start, (settings, shielded)) as pool:
        try:
            while True:
                # A few at a time: the results of a large class must not fill the memory.
                for index, candidate in islice(todo, 2 * jobs - len(futures)):
                    taken[index] = candidate
                    stage = candidate.stage.name if candidate.stage else None
                    futures[pool.submit(_grade_here, replace(candidate, stage=None), stage)] = index
                if not futures:
                    return
                for future in wait(futures, return_when=FIRST_COMPLETED).done:
                    index = futures[future]
                    try:
                        result = future.result()
                    except (NngradeError, BrokenProcessPool):
                        raise
                    except Exception as error:  # the result cannot be sent, for example
                        result = broken(settings, taken[index], error)
                    del futures[future], taken[index]
                    yield index, result
        except BrokenProcessPool:
            lost.update(taken)


_settings: Settings | None = None
_grader: Grader | None = None
# Why this process cannot grade.
_problem: NngradeError | None = None


def _start(settings: Settings, shielded: bool) -> None:
    """Initialise a grading process."""
    from multiprocessing.util import Finalize

    global _settings, _grader, _problem
    # The process that started this one stops it, in case.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if shielded:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_with_parent()
    try:
        sandbox = settings.sandbox(warm=True)
        Finalize(None, sandbox.close, exitpriority=10)
        _settings, _grader = settings, settings.grader(sandbox)
    except NngradeError as error:
        # Raised here, it would be a traceback of each process and a pool that is broken.
        _problem = error


def end_with_parent() -> None:
    """Let the kernel end this process with its parent, so that killing a run ends all of it."""
    if sys.platform == "linux":
        from multiprocessing import parent_process

        from nngrade.worker.libc import die_with_parent

        die_with_parent()
        parent = parent_process()
        if parent is not None and not parent.is_alive():
            os._exit(1)


def _grade_here(candidate: Candidate, stage: str | None) -> SubmissionResult:
    """Grade a candidate; its stage is looked up by name in this process."""
    if _problem is not None:
        raise _problem
    assert _settings is not None
    assert _grader is not None
    found = None if stage is None else _settings.course.stage(stage)
    return _grade(_settings, _grader, replace(candidate, stage=found))


def _grade(settings: Settings, grader: Grader, candidate: Candidate) -> SubmissionResult:
    """Grade a candidate; if that is impossible, the result says why.

    Raises
    ------
    CourseError
        If the course or the machine is at fault. Any other exception is the submission's.
    """
    error: str | SubmissionError | None = candidate.error
    stage = candidate.stage
    if error is None and stage is not None:
        try:
            return grader.grade(candidate.path, stage, candidate.graded_as, candidate.group)
        except SubmissionError as problem:
            error = problem
        except NngradeError:
            raise
        except Exception as unexpected:
            return broken(settings, candidate, unexpected)
    return failed(candidate, error)


def annotated(grade_all: GradeAll) -> GradeAll:
    """Wrap `grade_all` so that each result has what is known without opening the submission.

    Its candidate's notes come first, and it gets the time of submission. What a group handed in is
    graded as one member's, and is the candidate's student's here.
    """

    def grade(candidates: Sequence[Candidate]) -> Iterator[tuple[int, SubmissionResult]]:
        for index, result in grade_all(candidates):
            told = tuple(presentable(note) for note in candidates[index].notes)
            handed_in = handed_in_at(candidates[index].path)
            own = replace(
                result,
                student=candidates[index].student,
                group=candidates[index].group or None,
                notes=(*told, *result.notes),
                handed_in_at=handed_in,
            )
            yield index, own

    return grade


def broken(settings: Settings, candidate: Candidate, error: Exception) -> SubmissionResult:
    """Result of a submission with which the grader failed; the traceback goes into a file.

    Parameters
    ----------
    settings : Settings
    candidate : Candidate
    error : Exception
        The unexpected exception.
    """
    kept = failures_of(settings.course).keep(f"{candidate.path}: grading it", error)
    return failed(candidate, kept)


def failed(candidate: Candidate, error: str | SubmissionError | None) -> SubmissionResult:
    """Result of a submission that cannot be graded.

    Parameters
    ----------
    candidate : Candidate
    error : str, SubmissionError or None
        The reason.
    """
    stage = candidate.stage
    told = str(error) if error else None
    uncertain = candidate.uncertain or isinstance(error, UncertainError)
    return SubmissionResult(
        student=candidate.student,
        stage=stage.name if stage else "",
        path=str(candidate.path),
        status="failed",
        error=told,
        needs_person=told if uncertain else None,
        data=None,
        seconds=0.0,
        max_score=stage.max_score if stage else 0,
    )
