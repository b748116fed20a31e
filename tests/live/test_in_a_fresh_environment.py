"""Panels and their commands where nothing but a hand-out's requirements is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from nngrade.authoring.specimens import solutions
from nngrade.commands.main import COMMANDS
from nngrade.course.stages import Course
from nngrade.handout.contents import handout_files
from nngrade.handout.folder import write_handout
from nngrade.live.check import check_notebook
from nngrade.live.panel import text
from tests.helpers import index_answers, secret_lines
from tests.live.answers import EXAMPLES, answered, beginning, configured, write
from tests.system.test_secrets import engine_lines

pytestmark = pytest.mark.slow

EXAMPLE = EXAMPLES[0]
PANELS = """
import json, sys
import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
node = nbformat.read(path, 4)
NotebookClient(node, resources={"metadata": {"path": folder}}).execute()
print(json.dumps([cell.outputs for cell in node.cells if cell.id.startswith("tests-")]))
"""


@dataclass(frozen=True)
class Fresh:
    """A hand-out in a folder, and an environment with what its requirements name."""

    folder: Path
    environment: Path

    def run(self, *command: str | Path, code: int = 0) -> str:
        """Run a command in the hand-out's folder; return what it prints."""
        kept = ("HTTP", "http", "SSL", "LANG", "PIP_")
        done = subprocess.run(
            [self.environment / "bin" / command[0], *command[1:]],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if name.startswith(kept)},
                "HOME": str(self.environment),
                "PATH": os.pathsep.join([str(self.environment / "bin"), "/usr/bin", "/bin"]),
                "COLUMNS": "400",
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def fresh(real_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The hand-out of one stage, with a mistake in its first task."""
    folder = tmp_path_factory.mktemp("fresh")
    if not index_answers(folder / "probe"):
        pytest.skip("pip reaches no package index")
    stage = real_course.stage(EXAMPLE.stage)
    made = Fresh(folder / "course", folder / "environment")
    write_handout(handout_files(real_course, [stage]), made.folder)
    subprocess.run([sys.executable, "-m", "venv", made.environment], check=True)
    made.run("python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt")
    answers = {**solutions(stage), EXAMPLE.task: EXAMPLE.answer("wrong", real_course)}
    write(answered(real_course, stage, answers), stage, made.folder)
    return made


@pytest.fixture(scope="module")
def notebook(fresh: Fresh) -> Path:
    return fresh.folder / "assignments" / EXAMPLE.stage / f"{EXAMPLE.stage}.ipynb"


def test_the_notebook_has_the_panels_that_it_has_here(
    fresh: Fresh, notebook: Path, real_course: Course, tmp_path: Path
) -> None:
    whole = json.loads(notebook.read_text())
    short = configured(beginning(whole, "separating"), "go_on=True")
    path = tmp_path / "short.ipynb"
    path.write_text(json.dumps(short))
    script = tmp_path / "panels.py"
    script.write_text(PANELS)
    outputs = json.loads(fresh.run("python", script, path, notebook.parent))
    here = [one for one in check_notebook(notebook, 20) if one.task in ("predict", "separating")]
    assert [one.state for one in here] == ["failed", "waiting"]
    for (output,), verdict in zip(outputs, here, strict=True):
        # Progress counts tasks whose cells were run, of which there are fewer here.
        *said, _ = output["data"]["text/plain"].splitlines()
        assert said == text(verdict).splitlines()[:-1]


def test_the_commands_say_what_they_say_here(fresh: Fresh, notebook: Path) -> None:
    checked = fresh.run("python", "check.py", code=1)
    assert "predict" in checked
    assert "tasks pass" in checked
    practised = fresh.run("nngrade", "practice", "--once", code=1)
    assert "Next, in stage01_perceptron:" in practised
    here = {
        name: subprocess.run(
            [sys.executable, *command], cwd=fresh.folder, capture_output=True, text=True,
            env={**os.environ, "COLUMNS": "400"},
        ).stdout
        for name, command in {
            "check.py": ["check.py"],
            "practice": ["-m", "nngrade", "practice", "--once"],
        }.items()
    }  # fmt: skip
    assert checked == here["check.py"]
    assert practised == here["practice"]


def test_help_lists_what_can_be_run_there_and_no_more(fresh: Fresh) -> None:
    said = fresh.run("nngrade", "--help")
    assert "\n  practice " in said
    for name in set(COMMANDS) - {"practice"}:
        assert f"\n  {name} " not in said
        assert f"nngrade {name}" not in said


def test_what_is_installed_is_the_public_half(fresh: Fresh, real_course: Course) -> None:
    (site,) = fresh.environment.glob("lib/python*/site-packages")
    assert not (site / "nngrade/grading").exists()
    assert not (site / "nngrade/catalogue").exists()
    secrets = secret_lines(real_course) - engine_lines()
    files = [
        path
        for package in ("nngrade", "nndata")
        for path in (site / package).rglob("*")
        if path.is_file() and path.suffix in (".py", ".typed")
    ]
    assert len(files) > 30
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.strip() not in secrets, (path, line)
