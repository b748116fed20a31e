"""What this machine has and lacks, one finding a line, each with its fix."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nngrade.errors import NngradeError

__all__ = ["Finding", "examine"]

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what : str
    state : {"ok", "missing", "note"}
        A "note" costs something, but grading works.
    detail : str
    fix : str
        Empty where all is well.
    """

    what: str
    state: Literal["ok", "missing", "note"]
    detail: str
    fix: str = ""


def examine(root: Path | None = None) -> Iterator[Finding]:
    """Look at Python, the packages, the course, the data and the worker's layers."""
    yield _python()
    yield _package("numpy", "grading and the notebooks need it", required=True)
    yield _package("nbgrader", "`nngrade build` needs it", required=True)
    yield _package("matplotlib", "the notebooks' figures need it", required=True)
    yield _package("jupyterlab", "students open the notebooks with it", required=False)
    yield from _course(root)
    yield from _data()
    yield _worker()
    yield from _layers()


def _python() -> Finding:
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("Python", "ok", detail)
    return Finding("Python", "missing", detail, "install Python 3.11 or newer")


def _package(name: str, purpose: str, required: bool) -> Finding:
    if importlib.util.find_spec(name) is not None:
        return Finding(name, "ok", importlib.metadata.version(name))
    state: Literal["missing", "note"] = "missing" if required else "note"
    return Finding(name, state, f"not installed; {purpose}", f"pip install {name}")


def _course(root: Path | None) -> Iterator[Finding]:
    from nngrade.course import find_course

    try:
        course = find_course(root)
    except NngradeError as error:
        yield Finding("course", "missing", str(error), "cd to the course, or --course DIR")
        return
    yield Finding("course", "ok", f"{len(course.stages)} stages in {course.root}")
    for stage in course.stages:
        try:
            total = stage.max_score
            _ = stage.reference
        except NngradeError as error:
            yield Finding(stage.name, "missing", str(error), "mend the file")
        else:
            built = course.assignments / stage.name / f"{stage.name}.ipynb"
            if built.exists():
                detail = f"{len(stage.lesson.tasks)} tasks, {total:g} points"
                yield Finding(stage.name, "ok", detail)
            else:
                yield Finding(stage.name, "missing", "never built", f"nngrade build {stage.name}")


def _data() -> Iterator[Finding]:
    import nndata

    for status in nndata.data_status():
        if status.available:
            yield Finding(f"data: {status.name}", "ok", str(status.path))
        else:
            yield Finding(f"data: {status.name}", "note", status.problem, status.fix)


def _worker() -> Finding:
    """Start a real worker and have it run something."""
    from nngrade.worker.host import Worker, WorkerFault

    started = time.monotonic()
    try:
        with Worker() as worker:
            error = worker.run("doctor", "import nndata", time.monotonic() + 30)
    except (WorkerFault, OSError) as fault:
        return Finding("worker", "missing", str(fault), "check that nngrade is installed whole")
    if error is not None:
        return Finding("worker", "missing", str(error), "install nngrade again")
    seconds = time.monotonic() - started
    return Finding("worker", "ok", f"a separate process answers ({seconds:.2f} s to start)")


def _layers() -> Iterator[Finding]:
    """Which of the kernel's means to confine a worker this machine offers."""
    layers: list[tuple[str, str, Callable[[], bool]]] = [
        ("resource limits", "grade on Linux or macOS", _has_rlimits),
        ("seccomp", "a kernel with CONFIG_SECCOMP_FILTER", _has_seccomp),
        (
            "Landlock",
            "Linux 5.13 or newer, with landlock in /sys/kernel/security/lsm",
            _has_landlock,
        ),
        ("bubblewrap", "apt-get install bubblewrap", lambda: shutil.which("bwrap") is not None),
    ]
    for name, fix, available in layers:
        if available():
            yield Finding(f"sandbox: {name}", "ok", "available")
        else:
            yield Finding(f"sandbox: {name}", "note", "not available", fix)


def _has_rlimits() -> bool:
    return importlib.util.find_spec("resource") is not None


def _has_seccomp() -> bool:
    actions = "/proc/sys/kernel/seccomp/actions_avail"
    return os.path.exists(actions)


def _has_landlock() -> bool:
    """Ask the kernel for the version of its Landlock interface."""
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    create_ruleset, version_flag = 444, 1
    return int(libc.syscall(create_ruleset, None, 0, version_flag)) > 0
