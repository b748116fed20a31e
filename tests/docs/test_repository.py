"""What the repository says about itself: versions, Pythons, forms, hooks, and who may run what."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import nngrade
from tests.conftest import ROOT

WORKFLOW = ROOT / ".github/workflows/tests.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
CITATION = ROOT / "CITATION.cff"
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def read(path: Path) -> dict[str, Any]:
    # "on" is a key, and 3.10 a version.
    document: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)
    return document


def tool(name: str, *arguments: str | Path) -> str:
    """What a linter says, which is installed beside this Python or on this machine."""
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    done = subprocess.run(
        [found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(WORKFLOW)["jobs"]["tests"]["steps"]
    return found


# The version and its papers


def test_the_citation_is_of_this_version():
    citation = read(CITATION)
    assert citation["version"] == nngrade.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["authors"][0]["name"] in (ROOT / "LICENSE").read_text()


def test_the_changelog_begins_with_this_version():
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == nngrade.__version__


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("citation-file-format", [CITATION]),
        ("github-issue-forms", [path for path in FORMS if path.name != "config.yml"]),
        ("github-issue-config", [path for path in FORMS if path.name == "config.yml"]),
        ("github-workflows", [WORKFLOW]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_fits_its_schema(schema: str, paths: list[Path]):
    assert paths
    assert not tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)


def test_yamllint_has_nothing_to_say():
    assert not tool("yamllint", "--strict", HOOKS, CITATION, WORKFLOW, *FORMS)


# Pythons


def test_the_lowest_and_the_highest_python_are_tested():
    tested = read(WORKFLOW)["jobs"]["tests"]["strategy"]["matrix"]["python"]
    named = [re.findall(r"Python :: (3\.\d+)$", one) for one in PROJECT["classifiers"]]
    supported = sorted((one[0] for one in named if one), key=lambda one: int(one.split(".")[1]))
    assert tested == [supported[0], supported[-1]]
    assert PROJECT["requires-python"] == f">={tested[0]}"
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert f"{tested[0]} and {tested[1]} are tested" in readme


# The workflow runs what anybody sends


def test_the_workflow_may_read_and_knows_no_secret():
    workflow = read(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    # Not pull_request_target, which runs with the rights of the repository.
    assert set(workflow["on"]) == {"pull_request", "push"}
    assert "secrets" not in WORKFLOW.read_text()
    checkout = next(step for step in steps() if "actions/checkout" in step.get("uses", ""))
    assert checkout["with"]["persist-credentials"] == "false"


def test_its_actions_are_those_that_the_other_workflows_pin():
    pinned = {
        path: set(re.findall(r"uses: ([\w/-]+@[0-9a-f]{40} # v\S+)", path.read_text()))
        for path in WORKFLOW.parent.glob("*.yml")
    }
    assert len(pinned.pop(WORKFLOW) - set().union(*pinned.values())) == 0
    assert len(re.findall(r"uses:", WORKFLOW.read_text())) == 1


def test_it_runs_what_make_has():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = [step["run"].split()[1] for step in steps() if step.get("run", "").startswith("make ")]
    assert {"lint", "test", "docs"} <= set(told) <= targets


@pytest.mark.parametrize("step", [step["name"] for step in steps() if "run" in step])
def test_shellcheck_has_nothing_to_say(step: str, tmp_path: Path):
    (run,) = (one["run"] for one in steps() if one["name"] == step)
    assert "${{" not in run
    (tmp_path / "script").write_text(run)
    assert not tool("shellcheck", "--shell=bash", tmp_path / "script")


@pytest.mark.parametrize(
    ("installed", "version", "expected"),
    [
        (["3.11.9", "3.11.14", "3.1.1"], "3.11", "3.11.14"),
        (["3.12.1"], "3.13", None),
    ],
)
def test_the_newest_python_of_a_version_is_found(
    installed: list[str], version: str, expected: str | None, tmp_path: Path
):
    for one in installed:
        program = tmp_path / "Python" / one / "x64/bin/python3"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    (run,) = (step["run"] for step in steps() if step["name"] == "Find Python")
    output = tmp_path / "output"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run],
        env={
            **os.environ, "RUNNER_TOOL_CACHE": str(tmp_path), "VERSION": version,
            "GITHUB_OUTPUT": str(output),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if expected is None:
        assert done.returncode == 1
        assert f"this runner has no Python {version}" in done.stdout
    else:
        found = tmp_path / "Python" / expected / "x64/bin/python3"
        assert output.read_text() == f"path={found}\n"


# Hooks


def test_hooks_run_the_projects_own_programs():
    (repository,) = read(HOOKS)["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")


# The README's demo


def test_the_readme_shows_the_points_of_the_demo_class():
    readme = (ROOT / "README.md").read_text()
    shown = {
        name: [float(one) for one in points.split()]
        for name, points in re.findall(r"(?m)^  ([a-z]{3,4}) ((?: +[\d.]+){8})$", readme)
    }
    record = (ROOT / "tests/runs/demo_class.txt").read_text()
    wanted: dict[str, list[float]] = {}
    for name, points in re.findall(r"(?m)^([a-z]+) stage\w+ ([\d.]+)/20 ", record):
        wanted.setdefault(name, []).append(float(points))
    assert len(wanted) == 6
    assert shown == {name: [*points, sum(points)] for name, points in wanted.items()}
