"""The lock of the grader: what is in it, how it is made, and that every place uses it."""

from __future__ import annotations

import re
import runpy
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nngrade.handout.pins import core, with_dependencies

from ..conftest import ROOT

FILE = ROOT / "autograder/constraints.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / ".ci/constraints.py"))


def lines() -> list[Requirement]:
    text = FILE.read_text().splitlines()
    return [Requirement(line) for line in text if not line.startswith("#")]


def test_it_pins_all_that_the_core_brings_here_and_what_builds_it() -> None:
    names = {canonicalize_name(one.name) for one in lines()}
    assert with_dependencies(core()) - {"colorama"} <= names
    assert "hatchling" in names
    # No more than that either: nothing of the extras.
    assert not names & {"nbgrader", "jupyterlab", "matplotlib", "distributed", "nngrade"}


def test_every_line_is_one_version_for_each_python() -> None:
    for python in ("3.11", "3.12", "3.13", "3.14"):
        here = [
            one.name
            for one in lines()
            if one.marker is None or one.marker.evaluate({"python_version": python})
        ]
        assert len(here) == len(set(here))
        assert set(here) == {one.name for one in lines()}
    for one in lines():
        (specifier,) = one.specifier
        assert specifier.operator == "=="


def test_its_versions_are_in_the_ranges_of_pyproject() -> None:
    declared = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for asked in map(Requirement, declared):
        pinned = [one for one in lines() if one.name == canonicalize_name(asked.name)]
        assert pinned, asked
        for one in pinned:
            (specifier,) = one.specifier
            assert asked.specifier.contains(specifier.version), asked


def test_it_is_made_for_the_lowest_python_that_is_supported() -> None:
    assert PROJECT["project"]["requires-python"] == f">={SCRIPT['LOWEST']}"
    assert FILE.read_text().startswith(SCRIPT["HEAD"])


def test_two_pythons_with_different_versions_get_a_line_each() -> None:
    low, high = {"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "3"}
    merged = SCRIPT["merged"](low, high)
    assert merged[0] == "a==1"
    assert merged[3] == "c==3"
    found = [Requirement(line) for line in merged[1:3]]
    for python, version in (("3.11", "1"), ("3.13", "2")):
        (one,) = [r for r in found if r.marker and r.marker.evaluate({"python_version": python})]
        assert str(one.specifier) == f"=={version}"


_PIP = """#!/bin/sh
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit; fi
echo "$@" >>asked
echo '{"install": [{"metadata": {"name": "Some_Thing", "version": "1.0"}}]}'
"""


def test_the_script_asks_pip_and_installs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python3"
    python.write_text(_PIP)
    python.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    found = SCRIPT["versions"](str(python), ["numpy>=1.26", "rich"], tmp_path / "venv")
    assert found == {"some-thing": "1.0"}
    (asked,) = (tmp_path / "asked").read_text().splitlines()
    assert asked.startswith("-m pip install ")
    assert "--dry-run" in asked
    assert asked.endswith("numpy>=1.26 rich")


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^python3\.0 cannot be used"):
        SCRIPT["versions"]("python3.0", [], tmp_path)


@pytest.mark.parametrize(
    "place", ["Dockerfile", ".github/actions/grade/action.yml", ".gitlab/grade.gitlab-ci.yml"]
)
def test_each_place_installs_with_it_what_it_builds_with_too(place: str) -> None:
    text = (ROOT / place).read_text()
    text = text.replace("$locked", "autograder/constraints.txt")
    for variable in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"):
        assert f"{variable}=autograder/constraints.txt" in text
    # Whatever installs stands below that, and nothing is left that does without.
    installs = [found.start() for found in re.finditer(r"pip\b.* install ", text)]
    assert len(installs) == 1
    assert text.index("PIP_CONSTRAINT=") < installs[0]


def makefile(target: str) -> str:
    """What make would do for a target on a machine where nothing is installed."""
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "VENV=/nowhere/venv", target],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    ("target", "installs"),
    [
        ("demo", ["--editable ."]),
        ("audit", ["--editable ."]),
        ("install", ['--editable ".[all]"']),
        ("install-test", ['--editable ".[test]"']),
        ("test", ['--editable ".[test]"']),
    ],
)
def test_make_installs_what_a_target_needs_and_no_more(target: str, installs: list[str]) -> None:
    commands = makefile(target)
    locked = "--quiet --disable-pip-version-check --constraint autograder/constraints.txt"
    found = re.findall(rf"pip install {locked} (.+)$", commands, re.MULTILINE)
    assert commands.count("pip install") == len(found)
    assert found == installs


def test_no_targets_mark_counts_as_anothers() -> None:
    marks = {
        name: set(re.findall(r"touch (.+)$", makefile(name), re.M))
        for name in ("demo", "install", "install-test")
    }
    for mark in marks.values():
        assert len(mark) == 1
    assert len(set().union(*marks.values())) == len(marks)


def test_the_core_is_small() -> None:
    names = with_dependencies(core())
    assert len(names) <= 45
    files = [file for name in names for file in metadata.files(name) or []]
    size = sum(
        path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file()
    )
    assert size <= 200e6
