"""check.py of a hand-out, run as students run it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import cell_of
from tests.handout.conftest import NOTEBOOK

pytestmark = pytest.mark.thorough


@pytest.fixture
def check(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the hand-out's check.py."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "check.py", *(arguments or ("stage01",))],
            cwd=folder,
            capture_output=True,
            text=True,
        )

    return run


def filled(folder: Path, course: Course, **answers: str) -> Path:
    """Stage 1 of the hand-out, filled in rightly but for these answers."""
    stage = course.stages[0]
    notebook = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
    (folder / NOTEBOOK).write_text(notebook_text(notebook))
    return folder / NOTEBOOK


def states(run: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """State of each task, and what is said of it in the lines below."""
    found = re.findall(
        r"^  (\w+) +(passes|FAILS|not done yet)(.*\n(?:    .*\n)*)", run.stdout, re.M
    )
    return {task: " ".join(f"{state}{lines}".split()) for task, state, lines in found}


def test_untouched_tasks_are_not_done_yet_and_no_failure(check):
    run = check()
    assert states(run) == {"total": "not done yet", "shifted": "not done yet"}
    assert (run.returncode, run.stderr) == (0, "")


def test_right_answers_pass(check, folder, course):
    before = filled(folder, course).read_bytes()
    run = check()
    assert states(run) == {"total": "passes", "shifted": "passes"}
    assert run.returncode == 0
    assert "2 of 2 tasks pass" in run.stdout
    assert (folder / NOTEBOOK).read_bytes() == before


def test_every_stage_of_the_real_course_passes_with_its_own_solutions(real_course, files, tmp_path):
    (tmp_path / "check.py").write_bytes(files["check.py"])
    for stage in real_course.stages:
        path = tmp_path / f"assignments/{stage.name}/{stage.name}.ipynb"
        path.parent.mkdir(parents=True)
        right = fill(untouched(real_course, stage), stage, solutions(stage))
        path.write_text(notebook_text(right))
    run = subprocess.run([sys.executable, "check.py"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0
    for stage in real_course.stages:
        tasks = len(stage.lesson.tasks)
        assert f"{stage.name}\n" in run.stdout
        assert f"{tasks} of {tasks} tasks pass, 0 fail, 0 are to be done" in run.stdout


def test_a_task_that_fails_says_why_and_fails_the_run(check, folder, course):
    filled(folder, course, total="def total(values):\n    return 0.0")
    run = check()
    found = states(run)
    assert found["total"].startswith("FAILS: 2 of 2 tests fail. 1 + 2 is 3")
    assert found["shifted"] == "passes"
    assert run.returncode == 1


def test_a_test_without_words_is_quoted(check, folder, course):
    filled(folder, course, shifted="def shifted(values, by):\n    return values")
    assert (
        "This must hold: shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]"
        in (states(check())["shifted"])
    )


def test_an_exception_is_named(check, folder, course):
    filled(folder, course, total="def total(values):\n    return values.tota()")
    said = states(check())["total"]
    assert said.startswith("FAILS: stops with an AttributeError.")
    assert "In your cell total, line 2 (`return values.tota()`)" in said


def test_a_cell_that_does_not_parse_costs_its_own_task_only(check, folder, course):
    filled(folder, course, total="def total(values)\n    return")
    found = states(check())
    assert "The cell of total stops: SyntaxError in line 1" in found["total"]
    assert found["shifted"] == "passes"


def test_what_calls_an_unfinished_task_is_not_done_yet(check, folder, course):
    stub = cell_of(untouched(course, course.stages[0]), "task-total")["source"]
    calls = "def shifted(values, by):\n    return values + by * total(values)"
    filled(folder, course, total="".join(stub), shifted=calls)
    found = states(check())
    assert found["total"] == "not done yet"
    assert "total is not done yet, and shifted calls it." in found["shifted"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("while True: pass", "does not come to an end within 2 seconds"),
        ("import os; os._exit(3)", "ends the process in which it runs"),
        ("while True: print('x' * 1000)", "does not come to an end within 2 seconds"),
        ("import time; time.sleep(60)", "does not come to an end within 2 seconds"),
        ("return float(input())", "EOFError"),
    ],
)
def test_a_task_that_hangs_or_kills_costs_itself_only(check, folder, course, body, reason):
    filled(folder, course, total=f"def total(values):\n    {body}")
    run = check("stage01", "--seconds", "2")
    assert reason in states(run)["total"]
    assert states(run)["shifted"] == "passes"
    assert run.returncode == 1


def test_cells_that_students_add_may_hold_anything(check, folder, course):
    path = filled(folder, course)
    notebook = json.loads(path.read_text())
    for source in ("%timeit -n1 -r1 1+1", "!echo hello", "1/0", "def ("):
        cell = {"cell_type": "code", "id": f"x{len(source)}", "metadata": {}, "outputs": []}
        notebook["cells"].insert(2, {**cell, "execution_count": None, "source": source})
    path.write_text(json.dumps(notebook))
    assert states(check()) == {"total": "passes", "shifted": "passes"}


def test_a_notebook_that_lost_its_cell_ids_is_checked_all_the_same(check, folder, course):
    path = filled(folder, course)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    path.write_text(json.dumps(notebook))
    assert states(check()) == {"total": "passes", "shifted": "passes"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read as a notebook"),
        ('{"cells": 3}', "cannot be read as a notebook"),
        ('{"cells": []}', "no visible tests"),
    ],
)
def test_what_is_no_notebook_of_the_course_is_said(check, folder, content, words):
    (folder / NOTEBOOK).write_text(content)
    run = check()
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_stage_that_is_not_there_is_said(check):
    run = check("stage77")
    assert run.returncode == 2
    assert "no stage or notebook 'stage77'; stages: stage01_sums, stage02_gradients" in run.stderr
