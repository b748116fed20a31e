"""``nngrade doctor``: examine this machine, with one finding per line and its fix."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from nngrade.errors import NngradeError
from nngrade.extras import EXTRAS, install_command, is_importable

__all__ = ["Finding", "doctor", "examine"]

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One finding about this machine.

    Attributes
    ----------
    what : str
        The examined component.
    state : {"ok", "missing", "note"}
        A "note" is a limitation with which grading still works.
    detail : str
        Version, place or problem.
    fix : str
        What to do about it; empty if the state is "ok".
    """

    what: str
    state: Literal["ok", "missing", "note"]
    detail: str
    fix: str = ""


def examine(root: Path | None = None) -> Iterator[Finding]:
    """Examine Python, the packages, the course, the data and the layers of the sandbox.

    Parameters
    ----------
    root : Path, optional
        Root folder of the course; by default it is searched for.
    """
    yield _python()
    yield _package("numpy", "grading and the notebooks need it")
    yield from _extras()
    yield from _course(root)
    yield from _data()
    yield from _sandbox()


def _python() -> Finding:
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("Python", "ok", detail)
    return Finding("Python", "missing", detail, "install Python 3.11 or newer")


def _package(name: str, purpose: str) -> Finding:
    if is_importable(name):
        return Finding(name, "ok", importlib.metadata.version(name))
    return Finding(name, "missing", f"not installed; {purpose}", f"pip install {name}")


def _extras() -> Iterator[Finding]:
    """What only some commands need: its absence is no fault."""
    for name, extra in EXTRAS.items():
        version = extra.version
        if version is not None:
            yield Finding(f"extra: {name}", "ok", f"{extra.distribution} {version}")
        else:
            detail = f"{extra.distribution} is not installed; it {extra.purpose}"
            yield Finding(f"extra: {name}", "note", detail, install_command(name))


def _course(root: Path | None) -> Iterator[Finding]:
    from nngrade.course.stages import find_course

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


def _sandbox() -> Iterator[Finding]:
    """Start a real sandbox, whose canary tries to break out."""
    from nngrade.limits import WorkerLimits
    from nngrade.worker.sandbox import Sandbox, require_room

    try:
        require_room(WorkerLimits())
    except NngradeError as error:
        yield Finding("limits", "missing", str(error), "raise them in this shell or container")
        return
    started = time.monotonic()
    try:
        with Sandbox("weak") as sandbox:
            layers, isolated = sandbox.layers, sandbox.isolated
    except (NngradeError, OSError) as error:
        yield Finding("sandbox", "missing", str(error), "check that nngrade is installed whole")
        return
    seconds = time.monotonic() - started
    yield Finding("sandbox", "ok", f"a worker answers, {seconds:.2f} s after a cold start")
    for layer in layers:
        state: Literal["ok", "missing"] = "ok" if layer.works else "missing"
        yield Finding(f"sandbox: {layer.name}", state, layer.detail, layer.fix)
    if isolated:
        yield Finding("sandbox: namespaces", "ok", "workers have no network at all")
    else:
        fix = "allow unprivileged user namespaces, or go without: the other layers hold"
        yield Finding("sandbox: namespaces", "note", "not to be had here", fix)


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Say what this machine has and lacks, each with the fix."""
    signs = {
        "ok": ("ok     ", "green"),
        "note": ("note   ", "yellow"),
        "missing": ("MISSING", "red"),
    }
    bad = False
    for finding in examine(ctx.obj):
        sign, colour = signs[finding.state]
        fix = f"  Fix: {finding.fix}" if finding.fix else ""
        click.echo(f"{click.style(sign, fg=colour)}  {finding.what}: {finding.detail}{fix}")
        bad = bad or finding.state == "missing"
    ctx.exit(1 if bad else 0)
