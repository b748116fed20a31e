"""Worker side of a Dask cluster: grade what another machine orders.

A worker process outlives runs, courses, and corrections of both. It therefore keeps its warm
sandboxes by the versions that the orders name, and grades with no other versions.
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from nngrade.course.seeds import SECRET_FILE, SECRET_VARIABLE
from nngrade.course.stages import COURSE_VARIABLE, Course, Stage, find_course
from nngrade.errors import CourseError, NngradeError, SubmissionError
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult
from nngrade.runs.processes import broken, failed
from nngrade.runs.settings import Settings
from nngrade.runs.versions import ENGINE, course_versions, stage_versions
from nngrade.submissions.notebook_file import parse_notebook
from nngrade.submissions.records import Candidate
from nngrade.worker.sandbox import Sandbox

__all__ = ["Order", "carry_out"]

# Number of sandboxes that a process keeps, one per course and settings: runs may share a cluster.
MOST_BENCHES = 3


@dataclass(frozen=True)
class Order:
    """A submission to grade, with the versions of course and engine to grade it with.

    Attributes
    ----------
    settings : Settings
        Settings of the client; `data` is never "auto" here.
    course_versions, stage_versions : dict of str to str
        Versions on the client.
    stage, student : str
    path : Path
        Path of the notebook on the client; it need not exist on this machine.
    content : bytes or None
        The notebook; None if the process is only to prepare itself.
    group : tuple of str
        All who handed it in together; empty if it is the work of one student.
    """

    settings: Settings
    course_versions: dict[str, str]
    stage_versions: dict[str, str]
    stage: str
    student: str = ""
    path: Path = Path()
    content: bytes | None = field(default=None, repr=False)
    group: tuple[str, ...] = ()


@dataclass
class _Bench:
    """A warm sandbox with its grader, and the stages read so far."""

    settings: Settings
    sandbox: Sandbox
    grader: Grader
    stages: dict[str, tuple[dict[str, str], Stage]] = field(default_factory=dict)


_benches: dict[tuple[Settings, str], _Bench] = {}
# Even a process with several threads grades one submission at a time.
_lock = threading.Lock()


def carry_out(order: Order) -> SubmissionResult | None:
    """Grade a submission in this process.

    Returns
    -------
    SubmissionResult or None
        None if the order has no content.

    Raises
    ------
    CourseError
        If this process cannot grade, or would give other grades than the client. The message
        names the process and says what is wrong with it.
    """
    with _lock:
        try:
            bench = _bench(order)
            stage = _stage(bench, order)
            if order.content is None:
                return None
            return _grade(bench, stage, order, order.content)
        except Exception as error:
            # The next order must start with a sound sandbox, whatever broke this one.
            _close_all()
            what = str(error)
            if not isinstance(error, NngradeError):
                what = f"{type(error).__name__}: {error}; its log says where"
            raise CourseError(f"the worker {_own_name()}: {what}") from error


def _grade(bench: _Bench, stage: Stage, order: Order, content: bytes) -> SubmissionResult:
    """Grade the notebook of an order; what goes wrong with it is part of its result.

    Raises
    ------
    CourseError
        If the course or this machine is at fault.
    """
    candidate = Candidate(order.path, order.student, stage)
    try:
        notebook = parse_notebook(order.path, content)
        return bench.grader.grade_notebook(notebook, order.path, stage, order.student, order.group)
    except SubmissionError as problem:
        return failed(candidate, problem)
    except NngradeError:
        raise
    except Exception as error:
        # The next order must start with a sound sandbox, whatever broke this one.
        _close_all()
        result = broken(bench.settings, candidate, error)
        return replace(result, error=f"{result.error} on {platform.node()}")


def _bench(order: Order) -> _Bench:
    """Bench for an order, created if there is none yet."""
    settings = replace(order.settings, root=_course_root(order.settings.root))
    key = (settings, repr(order.course_versions))
    if key not in _benches:
        _require_secret(settings.course)
        _compare(order.course_versions, course_versions(settings))
        while len(_benches) >= MOST_BENCHES:
            _benches.pop(next(iter(_benches))).sandbox.close()
        _close_at_exit()
        sandbox = settings.sandbox(warm=True)
        try:
            if settings.mode == "strict":
                sandbox.require_all_layers()
            _benches[key] = _Bench(settings, sandbox, settings.grader(sandbox))
        except BaseException:
            sandbox.close()
            raise
    return _benches[key]


def _stage(bench: _Bench, order: Order) -> Stage:
    """Stage of an order, read again if it has been corrected since."""
    versions, stage = bench.stages.get(order.stage, ({}, None))
    if stage is None or versions != order.stage_versions:
        stage = Course(bench.settings.root).stage(order.stage)
        _compare(order.stage_versions, stage_versions(stage), f" of {stage.name}")
        _ = stage.checks, stage.reference, stage.misconceptions
        # Compared again: files may have been copied into the course in the meantime.
        _compare(order.stage_versions, stage_versions(stage), f" of {stage.name}")
        bench.stages[order.stage] = order.stage_versions, stage
    return stage


def _course_root(root: Path) -> Path:
    """Root of the course on this machine: from the environment variable, else as on the client.

    Raises
    ------
    CourseError
        If there is no course.
    """
    named = os.environ.get(COURSE_VARIABLE)
    return find_course(Path(named) if named else root).root


def _require_secret(course: Course) -> None:
    """Check that the course secret exists: a newly made one would differ from the client's."""
    if SECRET_VARIABLE not in os.environ and not (course.solutions / SECRET_FILE).exists():
        raise CourseError(
            f"it has no course secret; start it with {SECRET_VARIABLE} set, or copy "
            f"solutions/{SECRET_FILE} to {course.solutions}"
        )


def _compare(wanted: Mapping[str, str], found: Mapping[str, str], where: str = "") -> None:
    """Raise an error if the versions found differ from those ordered."""
    other = [name for name in wanted if found.get(name) != wanted[name]]
    if ENGINE in other:
        raise CourseError(
            f"it has nngrade {found[ENGINE]}, not {wanted[ENGINE]}; install that version there and "
            "start it again"
        )
    if other:
        names = ", ".join(f"another {name}" for name in other)
        raise CourseError(
            f"it would give other grades: it has {names}{where}. Bring its solutions/ and "
            f"{SECRET_VARIABLE} in line with those of this course, see docs/cluster.md"
        )


def _own_name() -> str:
    from distributed import get_worker

    try:
        return f"{get_worker().address} ({platform.node()})"
    except ValueError:
        return f"process {os.getpid()} ({platform.node()})"


@cache
def _close_at_exit() -> None:
    """Register the closing of all sandboxes at the end of this process, however it was started."""
    Finalize(None, _close_all, exitpriority=10)


def _close_all() -> None:
    """Close all sandboxes."""
    while _benches:
        _, bench = _benches.popitem()
        bench.sandbox.close()
