"""Gradescope's folders: the zip set up in an environment of its own, and runs of run_autograder.

setup.sh and run_autograder are run as they are, by root where the tests are: in an environment that
holds the packages that the zip pins and no others.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nngrade.course.stages import Course

METADATA = {"id": 1, "users": [{"email": "Bob@example.com", "id": 3}, {"email": "ann@example.com"}]}


def everybodys_python() -> str:
    """A Python of this version, if there is one in a place that is open to all users."""
    shared = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    if not os.path.exists(shared):
        return sys.executable
    has_venv = subprocess.run([shared, "-c", "import ensurepip"], check=False).returncode == 0
    return shared if has_venv else sys.executable


class Image:
    """What Gradescope makes of the zip: folders, an environment, and runs of run_autograder."""

    def __init__(self, base: Path, archive: Path) -> None:
        self.base, self.archive = base, archive
        self.root, self.home = base / "autograder", base / "home"

    def unpack(self) -> None:
        (self.root / "source").mkdir(parents=True)
        with zipfile.ZipFile(self.archive) as file:
            file.extractall(self.root / "source")
        shutil.copy(self.root / "source/run_autograder", self.root)
        (self.root / "run_autograder").chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PIP_NO_INDEX": "1",
            "AUTOGRADER_ROOT": str(self.root), "NNGRADE_HOME": str(self.home), **more,
        }  # fmt: skip

    def set_up(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(self.root / "source/setup.sh")],
            env=self.environment(), cwd=self.root, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="session")
def archive(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    command = [
        "-m",
        "nngrade",
        "gradescope",
        str(target),
        "--stage",
        "stage01",
        "--sandbox",
        "weak",
    ]
    done = subprocess.run(
        [sys.executable, *command], cwd=course.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "stage01_sums: 6 points" in done.stdout
    return target


@pytest.fixture(scope="session")
def image(archive: Path) -> Iterator[Image]:
    """The zip, set up by its setup.sh, without a network, for what is pinned is there already."""
    # Not a folder of pytest's, which nobody else may enter: on Gradescope, all may enter /opt.
    base = Path(tempfile.mkdtemp(prefix="nngrade-gradescope-"))
    base.chmod(0o755)
    try:
        one = Image(base, archive)
        one.unpack()
        subprocess.run([everybodys_python(), "-m", "venv", one.home / "venv"], check=True)
        (site,) = one.home.glob("venv/lib/python*/site-packages")
        for line in (one.root / "source/requirements.txt").read_text().split():
            copy_distribution(line.partition("==")[0], site)
        done = one.set_up()
        assert done.returncode == 0, done.stderr
        yield one
    finally:
        shutil.rmtree(base)


def copy_distribution(name: str, site: Path) -> None:
    """Install what is installed here in another place, too."""
    for file in importlib.metadata.distribution(name).files or []:
        source = Path(str(file.locate()))
        if ".." in file.parts or not source.is_file():
            continue
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, site / file)
        except OSError:
            shutil.copyfile(source, site / file)


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def submission(image: Image) -> Iterator[Path]:
    """The folder of the upload, empty; Gradescope starts every time from the same image."""
    folder = image.root / "submission"
    folder.mkdir()
    (image.root / "submission_metadata.json").write_text(json.dumps(METADATA))
    yield folder
    for name in ("submission", "results"):
        shutil.rmtree(image.root / name, ignore_errors=True)


@pytest.fixture
def run(image: Image, submission: Path) -> Run:
    """Run run_autograder; give results.json, in which nothing of the course may stand."""

    def autograder(prepare: Callable[[], None] | None = None, **more: str) -> dict[str, Any]:
        done = subprocess.run(
            [str(image.root / "run_autograder")],
            env=image.environment(**more), cwd=image.root, capture_output=True, text=True,
            preexec_fn=prepare, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = (image.root / "results/results.json").read_text()
        secret = (image.root / "source/solutions/.course-secret").read_text().strip()
        assert secret not in text + done.stdout + done.stderr
        assert str(image.root / "source") not in text
        assert "Traceback" not in text
        document: dict[str, Any] = json.loads(text)
        assert isinstance(document["output"], str)
        assert {"score", "tests"} <= set(document)
        return {**document, "log": done.stdout + done.stderr}

    return autograder
