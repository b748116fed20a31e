"""The zip for Gradescope: what is in it, and what it is made of."""

from __future__ import annotations

import importlib.metadata
import stat
import zipfile
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.gradescope.package import write_zip


def test_the_zip_holds_the_chosen_stage_and_nothing_of_the_others(archive: Path, course: Course):
    with zipfile.ZipFile(archive) as file:
        names = set(file.namelist())
    version = importlib.metadata.version("nngrade")
    stage = course.stages[0]
    assert names == {
        "setup.sh", "run_autograder", "nngrade.json", "python-version", "requirements.txt",
        f"nngrade-{version}-py3-none-any.whl", "solutions/.course-secret",
        *(f"solutions/{stage.name}/{path.name}" for path in stage.folder.glob("*.py")),
    }  # fmt: skip


def test_the_zip_is_for_its_owner_alone_and_its_scripts_can_be_run(archive: Path):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with zipfile.ZipFile(archive) as file:
        modes = {one.filename: one.external_attr >> 16 for one in file.infolist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert modes["solutions/.course-secret"] == 0o600


def test_the_courses_options_travel_and_what_editors_leave_does_not(new_course: Course, tmp_path):
    stage = new_course.stages[0]
    new_course.options_file.write_text("[limits]\ncell_seconds = 3\n")
    (stage.folder / "__pycache__").mkdir()
    (stage.folder / "__pycache__/checks.pyc").write_bytes(b"x")
    (stage.folder / ".checks.py.swp").write_bytes(b"x")
    (stage.folder / "table.csv").write_text("1,2\n")
    write_zip(new_course, new_course.stages, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        inner = [name for name in file.namelist() if name.startswith("solutions/")]
        assert file.read("solutions/course.toml") == new_course.options_file.read_bytes()
    assert f"solutions/{stage.name}/table.csv" in inner
    assert f"solutions/{new_course.stages[1].name}/checks.py" in inner
    assert not [name for name in inner if "pyc" in name or "swp" in name]


def test_a_secret_of_the_environment_goes_into_the_zip(new_course: Course, tmp_path, monkeypatch):
    monkeypatch.setenv("NNGRADE_SECRET", "a secret that only tests know")
    write_zip(new_course, new_course.stages[:1], tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        assert file.read("solutions/.course-secret").strip() == b"a secret that only tests know"


def test_a_broken_stage_is_told_when_the_zip_is_made(new_course: Course, tmp_path):
    checks = new_course.stages[0].folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=2", "points=-2"))
    with pytest.raises(CourseError, match="takes points away"):
        write_zip(new_course, new_course.stages, tmp_path / "one.zip")
    assert list(tmp_path.glob("*one.zip*")) == []


def test_mnist_that_is_not_there_is_not_promised(course: Course, tmp_path, monkeypatch):
    for variable in ("NNDATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(CourseError, match="nngrade data fetch mnist"):
        write_zip(course, course.stages[:1], tmp_path / "one.zip", data="mnist")


def test_what_grading_needs_is_pinned_to_what_is_here(archive: Path):
    with zipfile.ZipFile(archive) as file:
        lines = file.read("requirements.txt").decode().splitlines()
    assert f"numpy=={importlib.metadata.version('numpy')}" in lines
    assert not [one for one in lines if one.startswith(("jupyterlab", "nbgrader", "pytest"))]


def test_what_a_stage_imports_is_pinned_too(new_course: Course, tmp_path):
    stage = new_course.stages[0]
    checks = stage.folder / "checks.py"
    checks.write_text("import os, scipy.stats\n" + checks.read_text())
    write_zip(new_course, [stage], tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        pins = file.read("requirements.txt").decode().splitlines()
    assert f"scipy=={importlib.metadata.version('scipy')}" in pins
