"""Files of a hand-out for other programs: workflow, development container, image."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml


def lint(folder: Path, *command: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_workflow_fits_the_schema_of_github(folder):
    schema = ("--builtin-schema", "vendor.github-workflows")
    lint(folder, "check_jsonschema", *schema, ".github/workflows/visible-tests.yml")


def test_the_workflow_is_plain_yaml(folder):
    rules = "{extends: default, rules: {line-length: {max: 100}}}"
    lint(folder, "yamllint", "--strict", "-d", rules, ".github/workflows/visible-tests.yml")


def test_the_workflow_is_given_no_right_but_to_read(files):
    workflow = yaml.safe_load(files[".github/workflows/visible-tests.yml"])
    assert workflow["permissions"] == {"contents": "read"}
    assert b"secrets" not in files[".github/workflows/visible-tests.yml"]
    (job,) = workflow["jobs"].values()
    assert job["timeout-minutes"] <= 60


def test_the_devcontainer_opens_jupyterlab_in_the_dockerfiles_image_as_its_user(files):
    container = json.loads(files[".devcontainer/devcontainer.json"])
    dockerfile = files["Dockerfile"].decode()
    assert container["build"] == {"dockerfile": "../Dockerfile", "context": ".."}
    user = container["remoteUser"]
    assert re.search(rf"useradd .*--uid 1000 {user}\b", dockerfile)
    assert "\nUSER 1000\n" in dockerfile
    assert container["postAttachCommand"].startswith("jupyter lab ")
    assert container["forwardPorts"] == [8888]


def test_the_image_is_made_of_files_that_are_handed_out(files, folder):
    allowed = {
        line[1:] for line in files[".dockerignore"].decode().splitlines() if line.startswith("!")
    }
    copied = [
        source
        for line in files["Dockerfile"].decode().splitlines()
        if line.startswith("COPY ")
        for source in [word for word in line.split()[1:-1] if not word.startswith("--")]
    ]
    assert set(copied) == allowed
    assert all((folder / source).exists() for source in copied)
