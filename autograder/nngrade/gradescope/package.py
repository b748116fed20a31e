"""Make the zip that an instructor uploads to Gradescope."""

from __future__ import annotations

import dataclasses
import importlib.resources
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.course.options import options_of_grading
from nngrade.course.seeds import SECRET_FILE, course_secret
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, NngradeError
from nngrade.gradescope.wheel import PACKAGES, write_wheel
from nngrade.handout.pins import (
    core,
    distributions_for,
    imported_modules,
    pinned,
    with_dependencies,
)

if TYPE_CHECKING:
    from nngrade.course.data import DataChoice
    from nngrade.worker.launch import SandboxMode

__all__ = ["Plan", "write_zip"]

_SCRIPTS = ("setup.sh", "run_autograder")
_LARGEST = 100 * 2**20


@dataclass(frozen=True)
class Plan:
    """Settings for grading with the zip, stored in it as ``nngrade.json``.

    Attributes
    ----------
    stages : tuple of str
    sandbox : {"strict", "weak"}
    data : {"digits", "mnist"}
    seconds : float
        Time limit of the grader in seconds, shorter than Gradescope's: after its own limit,
        Gradescope kills the container and shows no result.
    """

    stages: tuple[str, ...]
    sandbox: SandboxMode
    data: DataChoice
    seconds: float


def write_zip(
    course: Course,
    stages: Sequence[Stage],
    target: Path,
    sandbox: SandboxMode = "strict",
    data: DataChoice = "digits",
    minutes: float = 10,
) -> Plan:
    """Write the autograder zip of a Gradescope assignment with the given stages.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    target : Path
        Path of the zip. It holds the solutions and the course secret: only its owner may read it.
    sandbox : {"strict", "weak"}
        Mode of the sandbox on Gradescope.
    data : {"digits", "mnist"}
        Images for accuracy checks. MNIST is included in the zip; grading with it needs more memory
        than Gradescope's default.
    minutes : float
        Time limit of the assignment on Gradescope, in minutes.

    Raises
    ------
    NngradeError
        If a stage is broken, MNIST is requested but missing, or the file cannot be written.
    """
    images = _images(data)
    for stage in stages:
        _ = stage.checks, stage.reference, stage.misconceptions  # fails here, not there
    # Half a minute is reserved for starting, and for the message after a time-out.
    seconds = max(minutes * 60 - 30, minutes * 45)
    plan = Plan(tuple(stage.name for stage in stages), sandbox, data, seconds)
    try:
        descriptor, draft = tempfile.mkstemp(
            prefix=f".{target.name}.", dir=target.absolute().parent
        )
        try:
            with (
                os.fdopen(descriptor, "wb") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                for name, content in _contents(course, stages, plan, images):
                    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.external_attr = (0o755 if name in _SCRIPTS else 0o600) << 16
                    archive.writestr(entry, content)
            if os.path.getsize(draft) > _LARGEST:
                raise CourseError(
                    f"{target}: Gradescope takes no more than {_LARGEST // 2**20} MB; "
                    "choose fewer stages, or clear large files out of solutions/"
                )
            os.replace(draft, target)
        finally:
            Path(draft).unlink(missing_ok=True)
    except OSError as error:
        raise NngradeError(f"{target}: cannot be written ({error.strerror})") from error
    return plan


def _contents(
    course: Course, stages: Sequence[Stage], plan: Plan, images: Sequence[Path]
) -> Iterator[tuple[str, bytes]]:
    """Path and contents of every file in the zip."""
    scripts = importlib.resources.files("nngrade.gradescope")
    for name in _SCRIPTS:
        yield name, scripts.joinpath(name).read_bytes()
    yield "nngrade.json", json.dumps(dataclasses.asdict(plan), indent=2).encode()
    yield "python-version", f"{sys.version_info.major}.{sys.version_info.minor}\n".encode()
    yield "requirements.txt", "".join(f"{line}\n" for line in _requirements(stages)).encode()
    with tempfile.TemporaryDirectory() as folder:
        wheel = write_wheel(Path(folder))
        yield wheel.name, wheel.read_bytes()
    # A secret set in the environment must go into the zip: Gradescope's environment lacks it.
    yield f"solutions/{SECRET_FILE}", course_secret(course) + b"\n"
    if course.options_file.exists():
        yield "solutions/course.toml", options_of_grading(course.options_file)
    for stage in stages:
        for path in _files(stage.folder):
            inner = path.relative_to(stage.folder).as_posix()
            yield f"solutions/{stage.name}/{inner}", path.read_bytes()
    for path in images:
        yield f"mnist/{path.name}", path.read_bytes()


def _requirements(stages: Sequence[Stage]) -> list[str]:
    """Requirements for grading the given stages, pinned to the tested versions installed here."""
    imported = {
        module: str(path)
        for stage in stages
        for path, source in _sources(stage)
        for module in imported_modules(source)
        if module not in PACKAGES
    }
    return pinned(with_dependencies({*core(), *distributions_for(imported)}))


def _sources(stage: Stage) -> Iterator[tuple[Path, str]]:
    """What grading runs of a stage: of its lesson, no demo."""
    for cell in stage.lesson.of_kind("given", "task", "tests"):
        yield stage.lesson.path, cell.source
    for path in _files(stage.folder):
        if path.suffix == ".py" and path != stage.lesson.path:
            yield path, path.read_text(encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    """The files of a stage, without hidden files and Python's caches."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    ]


def _images(data: DataChoice) -> list[Path]:
    """The files of MNIST if the zip is to include them, else none."""
    from nndata.mnist import survey_mnist

    if data != "mnist":
        return []
    survey = survey_mnist()
    if not survey.complete:
        raise CourseError(
            "there is no sound MNIST on this machine to put into the zip; run `nngrade data fetch "
            "mnist`, or choose --data digits"
        )
    return sorted(survey.paths.values())
