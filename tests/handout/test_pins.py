"""The versions that a hand-out pins."""

from __future__ import annotations

import re

import pytest

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.handout.contents import handout_files
from nngrade.handout.pins import imported_modules, oldest_python, pinned, with_dependencies
from tests.conftest import nngrade
from tests.handout.conftest import NOTEBOOK

pytestmark = pytest.mark.thorough


def test_every_pin_is_the_version_that_is_installed_here(files):
    pins = files["requirements.txt"].decode().splitlines()
    assert {"-c constraints.txt", "./package"} <= set(pins)
    assert [pin.split("==")[0] for pin in pins if "==" in pin] == [
        "ipython", "jupyterlab", "numpy",
    ]  # fmt: skip
    constraints = files["constraints.txt"].decode().splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in constraints)
    assert set(pinned(["numpy", "ipykernel", "matplotlib", "pooch"])) <= set(constraints)


def test_the_oldest_python_that_will_do_is_said_where_students_and_pip_look(files):
    names = [line.split("==")[0] for line in files["constraints.txt"].decode().splitlines()]
    oldest = oldest_python(names)
    assert f"Python](https://www.python.org/downloads/) {oldest} or newer" in str(
        files["README.md"]
    )
    assert f'requires-python = ">={oldest}"' in files["package/pyproject.toml"].decode()


def test_the_oldest_python_is_that_of_the_most_demanding_package(monkeypatch):
    asked = {"a": {"Requires-Python": ">=3.8"}, "b": {"Requires-Python": ">3.11.4,!=3.11.5"}}
    monkeypatch.setattr("sys.version_info", (3, 11, 9))
    monkeypatch.setattr("importlib.metadata.metadata", {**asked, "c": {}}.__getitem__)
    assert oldest_python(["a", "b", "c"]) == "3.11.6"
    assert oldest_python(["a", "c"]) == "3.11.0"


def test_students_install_nothing_of_the_grader(files):
    text = files["constraints.txt"] + files["requirements.txt"]
    for name in (b"nbgrader", b"nngrade", b"sqlalchemy", b"distributed", b"rich"):
        assert name not in text


def test_what_a_notebook_imports_from_elsewhere_is_found():
    source = "%matplotlib inline\nimport os, scipy.linalg as la\nfrom sklearn import svm\n!ls\n"
    assert imported_modules(source) == {"scipy", "sklearn"}


def test_an_import_of_what_is_not_installed_here_is_named(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    text = lesson.read_text().replace("# %% demo\n", "# %% demo\nimport no_such_package\n")
    lesson.write_text(text)
    nngrade(new_course.root, "build")
    course = Course(new_course.root)
    with pytest.raises(CourseError, match=rf"{NOTEBOOK} imports no_such_package, but it is not"):
        handout_files(course, course.stages)


def test_dependencies_are_followed_with_their_extras_and_markers():
    found = with_dependencies(["jupyterlab"])
    assert {"jupyterlab", "ipykernel", "nbconvert", "jsonschema", "rfc3339-validator"} <= found
    assert not found & {"pywinpty", "appnope", "pytest", "sphinx"}
