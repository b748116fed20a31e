"""The grader's image: what is in it, and that it runs as docs/docker.md says; without an engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course
from tests import dockerfiles
from tests.conftest import ROOT
from tests.helpers import index_answers

pytestmark = pytest.mark.slow

IMAGE = dockerfiles.stages((ROOT / "Dockerfile").read_text())
LAST = IMAGE[-1]


def test_every_stage_starts_from_a_pinned_slim_image():
    for stage in IMAGE:
        assert re.match(r"python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", stage.image)
    assert len({stage.image.split()[0] for stage in IMAGE}) == 1


def test_it_runs_as_a_user_that_is_not_root():
    assert LAST.steps.index(("USER", "10001:10001")) < LAST.steps.index(
        ("ENTRYPOINT", '["nngrade"]')
    )
    assert [name for name, _ in LAST.steps].count("USER") == 1


def test_the_last_stage_is_made_of_the_installed_grader_and_nothing_else():
    assert LAST.all("COPY") == ["--from=build /opt/nngrade /opt/nngrade"]
    assert not LAST.all("RUN")
    assert not LAST.all("ADD")


def test_nothing_is_installed_by_apt_and_pip_leaves_no_cache():
    commands = " ".join(command for stage in IMAGE for command in stage.all("RUN"))
    assert "apt" not in commands
    assert commands.count(" install ") == commands.count("--no-cache-dir") == 1


def test_a_build_is_sent_the_two_packages_and_nothing_of_a_course(tmp_path):
    secret = (
        "solutions/stage01/checks.py", "solutions/.course-secret", ".git/config", ".env",
        "autograder/notes.txt", "autograder/nngrade/__pycache__/text.pyc", "gradebook.db",
        "datasets/mnist/train-images-idx3-ubyte", "submitted/ann/stage01/stage01.ipynb",
    )  # fmt: skip
    wanted = (
        "LICENSE", "README.md", "pyproject.toml", "autograder/nngrade/commands/main.py",
        "autograder/nngrade/formats/templates/report.css",
        "datasets/nndata/digits-images.idx.gz",
    )  # fmt: skip
    for name in (*secret, *wanted):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    shutil.copy(ROOT / ".dockerignore", tmp_path)
    assert list(dockerfiles.context(tmp_path)) == sorted(wanted)


@pytest.mark.parametrize("path", ["Dockerfile", "autograder/nngrade/handout/templates/Dockerfile"])
def test_hadolint_finds_nothing_to_mend(path, tmp_path):
    found = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if found is None:
        pytest.skip("hadolint is not installed")
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text((ROOT / path).read_text().replace("{{ python }}", "3.11"))
    run = subprocess.run([found, "--no-color", dockerfile], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture
def classroom(course: Course, tmp_path: Path) -> Path:
    """A course with submissions in its folder, which belongs to user 10001; without a secret."""
    folder = tmp_path / "classroom"
    for name in ("solutions", "assignments"):
        shutil.copytree(course.root / name, folder / name)
    (folder / "solutions/.course-secret").unlink(missing_ok=True)
    stage = course.stages[0]
    blank = untouched(course, stage)
    for student, notebook in (("ann", fill(blank, stage, solutions(stage))), ("bob", blank)):
        write_specimen(Specimen(student, stage, notebook), folder / "submitted")
    return folder


def page_commands() -> list[str]:
    """The blocks of commands of docs/docker.md."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs/docker.md").read_text(), re.S)


def test_its_page_has_at_most_40_lines_and_mounts_solutions_read_only():
    text = (ROOT / "docs/docker.md").read_text()
    assert len(text.splitlines()) <= 40
    assert re.findall(r"/solutions:\S*?(\w+)\"", text) == ["ro"]


def test_the_steps_of_image_and_page_grade_read_only_unprivileged_and_offline(
    classroom: Path, tmp_path
):
    """One long test, so that there is one installation: docs/docker.md as it stands."""
    isolate = ["unshare", "--mount", "--net", "true"]
    if os.geteuid() != 0 or subprocess.run(isolate, capture_output=True).returncode:
        pytest.skip("only root can make a read-only root with nothing else in it here")
    if not index_answers(tmp_path / "probe"):
        pytest.skip("pip reaches no package index")
    places = {"/opt/nngrade": str(tmp_path / "nngrade")}
    dockerfiles.build(IMAGE[0], ROOT, tmp_path / "root", places)
    run = shell(classroom, tmp_path, places)

    # Nobody can make a secret in a read-only course.
    (classroom / "results").mkdir()
    build, use = page_commands()
    functions, commands = use[use.index("nngrade() {") :].split("\n}\n")
    without = run(f"{functions}\n}}\nnngrade grade /submitted")
    assert without.returncode == 2
    assert "set NNGRADE_SECRET" in without.stderr

    done = run(f"{build}{use}")
    assert done.returncode == 1, done.stderr
    assert "2 stages in /course" in done.stdout
    assert "MISSING" not in done.stdout
    assert "6 of 6 points" in done.stdout
    graded = json.loads((classroom / "results/grades.json").read_text())["submissions"]
    assert {one["student"]: one["score"] for one in graded} == {"ann": 6, "bob": 0}
    assert commands.splitlines()[-1].startswith("nngrade grade ")

    # The image has the core alone, so it says what a hand-out takes besides.
    nngrade = tmp_path / "nngrade/bin/nngrade"
    command = [nngrade, "--course", classroom, "handout", tmp_path / "handout"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode == 2
    assert 'pip install "nngrade[gradebook,lab,plots]"' in refused.stderr
    # An engine that was installed knows no repository, and makes hand-outs all the same.
    extras = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    made = subprocess.run(command, cwd=tmp_path, env=extras, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "handout/package/nndata/digits.py").is_file()


def shell(
    classroom: Path, tmp_path: Path, places: dict[str, str]
) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """What runs commands in the folder of a course, as its owner, with something like Docker."""
    variables = {
        name: dockerfiles.moved(value, places).replace("$PATH", "/usr/bin:/bin")
        for name, value in LAST.environment.items()
    }
    (tmp_path / "container").mkdir()
    stand_in = {
        "new": str(tmp_path / "container"),
        "variables": variables,
        "entrypoint": LAST.entrypoint,
        "user": LAST.all("USER")[-1],
        "seen": [f"{one}:{one}:ro" for one in {places["/opt/nngrade"], sys.base_prefix}],
    }
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(
        # All is as if user 10001 had typed it.
        f"#!/bin/sh\nchown -R 10001:10001 {classroom}\n"
        f'exec {sys.executable} {ROOT}/tests/docker_stand_in.py "$@"\n'
    )
    docker.chmod(0o755)

    def run(commands: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", f"id() {{ echo 10001; }}\n{commands}"],
            cwd=classroom,
            env={
                "PATH": f"{docker.parent}:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(tmp_path),
                "STAND_IN": json.dumps(stand_in),
            },
            capture_output=True,
            text=True,
        )

    return run
