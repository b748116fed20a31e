"""A student works with a hand-out, in an environment without this repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from nngrade.authoring.specimens import fill, solutions
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.handout.contents import handout_files
from nngrade.handout.folder import write_handout
from tests.helpers import index_answers

pytestmark = pytest.mark.slow


def steps_of(folder: Path) -> dict[str, str]:
    """What the workflow of a hand-out runs, by the names of its steps."""
    workflow = yaml.safe_load((folder / ".github/workflows/visible-tests.yml").read_text())
    (job,) = workflow["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def test_a_student_without_this_repository_installs_fills_in_checks_runs_and_hands_in(
    real_course: Course, grader, tmp_path
):
    """One long test, so that there is one installation: the steps are the workflow's own."""
    if not index_answers(tmp_path / "probe"):
        pytest.skip("pip reaches no package index")
    stage = real_course.stages[0]
    folder = tmp_path / "course"
    write_handout(handout_files(real_course, [stage]), folder)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    kept = ("PIP_", "HTTP", "http", "SSL", "LANG")
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith(kept)},
        "PATH": os.pathsep.join([str(tmp_path / "venv/bin"), "/usr/bin", "/bin"]),
        "HOME": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }

    def run(command: str) -> str:
        """Run a command as GitHub's runner does."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    steps = steps_of(folder)
    run(steps["Install what the notebooks need"])
    # Of the engine only what knows no secret.
    for room in ("grading", "catalogue", "course"):
        run(f"! python -c 'import nngrade.{room}' 2> error && grep -q ModuleNotFoundError error")
    run("rm error")
    tasks = len(stage.lesson.tasks)
    assert f"0 of {tasks} tasks pass, 0 fail, {tasks} are to be done" in run(
        steps["Run the visible tests"]
    )
    notebook = folder / f"assignments/{stage.name}/{stage.name}.ipynb"
    notebook.write_text(
        notebook_text(fill(json.loads(notebook.read_text()), stage, solutions(stage)))
    )
    assert f"{tasks} of {tasks} tasks pass, 0 fail" in run(steps["Run the visible tests"])
    assert f"{tasks} of {tasks} tasks pass" in (tmp_path / "summary").read_text()
    # All cells, the pictures too, as "Run All" does; what it leaves in the file is handed in.
    run(f"jupyter execute --inplace {notebook}")
    assert "image/png" in notebook.read_text()
    result = grader.grade(notebook, stage, "ann")
    assert (result.score, result.max_score) == (20, 20)
