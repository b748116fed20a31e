"""The course's secret is in the environment of what grades, and of nothing that installs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT

ACTION = ROOT / ".github/actions/grade/action.yml"
TEMPLATE = ROOT / ".gitlab/grade.gitlab-ci.yml"
MARK = "MARKER-course-secret"
_INSTALLS = re.compile(
    r"\b(pip3?|uv|apt-get|apt|npm|conda|pipx)\b[^\n]* install\b|make install|venv"
)
# Stands for Python: it makes environments with itself in them, and tells what it was called with.
_PYTHON = """#!/bin/sh
{ echo "CALL $*"; env; } >>"$CALLS"
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi
case "$*" in *results.json*grade*|*grade*results.json*) echo '{}' >"$RESULTS/results.json";; esac
"""


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)
    return document


def steps() -> Iterator[tuple[str, dict[str, Any], list[dict[str, str]]]]:
    """Each step of each workflow and action, with the environments that are around it."""
    for path in sorted((ROOT / ".github").rglob("*.yml")):
        document = read(path)
        outer = [document.get("env", {})]
        for step in document.get("runs", {}).get("steps", []):
            yield path.name, step, outer
        for job in document.get("jobs", {}).values():
            for step in job.get("steps", []):
                yield path.name, step, [*outer, job.get("env", {})]


def test_no_step_that_installs_is_given_the_secret() -> None:
    installing = 0
    for place, step, outer in steps():
        # What is around all steps is around those that install.
        for environment in outer:
            assert "SECRET" not in str(environment), place
        if _INSTALLS.search(step.get("run", "")):
            installing += 1
            given = str(step.get("env", {})) + step["run"]
            assert not re.search(r"SECRET|inputs\.secret|secrets\.", given), (place, step)
    assert installing


def test_the_secret_goes_to_the_steps_that_grade_alone() -> None:
    given = [
        (place, step["name"])
        for place, step, _ in steps()
        if re.search(r"NNGRADE_SECRET|inputs\.secret", str(step))
    ]
    assert set(given) == {
        ("action.yml", "Grade"), ("grade.yml", "Grade"), ("grade-class.yml", "Grade")
    }  # fmt: skip


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a job on a machine whose `python3` and `git` are stand-ins."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").write_text(_PYTHON)
    (tools / "git").write_text('#!/bin/sh\n{ echo "CALL git $*"; env; } >>"$CALLS"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    for name in ("course/solutions", "course/autograder", "results"):
        (tmp_path / name).mkdir(parents=True)
    return {
        "PATH": f"{tools}:/usr/bin:/bin",
        "CALLS": str(tmp_path / "calls"),
        "RESULTS": str(tmp_path / "results"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }


def calls(environment: dict[str, str]) -> dict[str, str]:
    """The environment that each program was called in, by what it was called with."""
    told = Path(environment["CALLS"]).read_text()
    return dict(call.split("\n", 1) for call in told.split("CALL ")[1:])


def test_gitlabs_job_installs_without_the_secret_and_grades_with_it(
    machine: dict[str, str], tmp_path: Path
) -> None:
    course = tmp_path / "course"
    machine |= {
        "RESULTS": str(course / "nngrade-results"), "CI_PROJECT_DIR": str(course),
        "CI_SERVER_URL": "https://git.example.com", "PUSHED_PROJECT": "students/ann",
        "PUSHED_PATH": "a.ipynb", "NNGRADE_SECRET": MARK, "SUBMISSIONS_TOKEN": "MARKER-token",
    }  # fmt: skip
    script = "\n".join(read(TEMPLATE)[".nngrade"]["script"])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        env=machine, cwd=course, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = calls(machine)
    (install,) = (one for one in made if "pip install" in one)
    (grade,) = (one for one in made if " grade " in one)
    assert "PIP_CONSTRAINT=autograder/constraints.txt" in made[install]
    assert f"NNGRADE_SECRET={MARK}" in made[grade]
    for call, environment in made.items():
        assert (MARK in environment) == ("-m nngrade" in call), call
        assert MARK not in call
        assert ("MARKER-token" in environment) == call.startswith("git "), call


def test_the_action_installs_without_the_secret(machine: dict[str, str], tmp_path: Path) -> None:
    install, grade = read(ACTION)["runs"]["steps"]
    assert set(install["env"]) == {"COURSE"}
    assert grade["env"]["SECRET"] == "${{ inputs.secret }}"
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", install["run"]],
        env={**machine, "COURSE": "course"}, cwd=tmp_path, check=True,
    )  # fmt: skip
    (asked,) = (one for one in calls(machine) if "pip install" in one)
    assert "PIP_BUILD_CONSTRAINT=autograder/constraints.txt" in calls(machine)[asked]


def test_dependabot_renews_the_actions_wherever_they_are_pinned() -> None:
    (actions, docker) = read(ROOT / ".github/dependabot.yml")["updates"]
    assert actions["package-ecosystem"] == "github-actions"
    watched = {
        ROOT / ".github/workflows" if one == "/" else ROOT / one[1:]
        for one in actions["directories"]
    }
    users = {
        path.parent
        for path in (ROOT / ".github").rglob("*.yml")
        if re.search(r"uses: [^.]", path.read_text()) or path.name == "action.yml"
    }
    assert users <= watched
    assert docker["package-ecosystem"] == "docker"
    assert os.path.exists(ROOT / docker["directory"].strip("/") / "Dockerfile")
