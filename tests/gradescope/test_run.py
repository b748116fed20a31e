"""Runs of run_autograder in a copy of Gradescope's folders: grades, and what goes wrong."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.gradescope.run import student_of
from nngrade.submissions.records import NOBODY
from tests.gradescope.conftest import METADATA, Image, Run, everybodys_python
from tests.restricted import without_landlock

REAL_ROOT = Path("/autograder")


def with_cell(notebook: dict[str, Any], source: str) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": source}
    return {**notebook, "cells": [{**cell, "execution_count": None}, *notebook["cells"]]}


def test_a_right_submission_gets_all_points(run: Run, submission: Path, right, stage: Stage):
    (submission / "my answers (2).ipynb").write_text(notebook_text(right))
    results = run()
    assert results["score"] == 6
    assert {one["status"] for one in results["tests"]} == {"passed"}
    assert sum(one.get("max_score", 0) for one in results["tests"]) == 6


def test_a_grade_is_the_same_as_on_the_staffs_machine(
    run: Run, submission: Path, tmp_path, course: Course, stage: Stage
):
    """Inputs are drawn for the same student, with the same secret: messages tell them."""
    wrong = {**solutions(stage), "total": "def total(values):\n    return float(max(values))"}
    notebook = submission / "mine.ipynb"
    notebook.write_text(notebook_text(fill(untouched(course, stage), stage, wrong)))
    options = ["--student", "ann@example.com", "--data", "digits", "--sandbox", "weak"]
    options += ["--format", "gradescope", "--output", str(tmp_path / "here.json")]
    subprocess.run(
        [sys.executable, "-m", "nngrade", "grade", *options, notebook],
        cwd=course.root, check=False, capture_output=True,
    )  # fmt: skip
    here = json.loads((tmp_path / "here.json").read_text())
    assert 0 < here["score"] < 6
    assert run()["tests"] == here["tests"]


def test_a_wrong_submission_is_told_why(run: Run, submission: Path, course: Course, stage: Stage):
    (submission / "a").mkdir()
    (submission / "a/stage01_sums.ipynb").write_text(notebook_text(untouched(course, stage)))
    (submission / "__MACOSX").mkdir()
    (submission / "__MACOSX/stage01_sums.ipynb").write_text("of the archiver")
    (submission / ".ipynb_checkpoints").mkdir()
    (submission / ".ipynb_checkpoints/stage01_sums-checkpoint.ipynb").write_text("{}")
    results = run()
    assert results["score"] == 0
    assert "total is not done yet" in json.dumps(results["tests"])


SPY = """
import os
found = []
for path in {paths!r}:
    for read in (lambda: open(path).read(), lambda: os.listdir(path)):
        try:
            found.append((path, read()))
        except OSError:
            pass
found += [name for name in os.environ if "NNGRADE" in name or "AUTOGRADER" in name]

def total(values):
    raise RuntimeError(f"the spy found {{len(found)}} things: {{found}}")
"""


def spy(image: Image, course: Course, *others: str) -> str:
    """A submission that hands out, in a message, what it finds of the course and the grader."""
    folders = [path for path in image.root.iterdir() if path.name != "run_autograder"]
    files = [path for folder in folders for path in folder.rglob("*")]
    places = [*map(str, [*folders, *files, image.root / "results"]), f"/proc/{os.getpid()}/environ"]
    stage = course.stages[0]
    answers = {**solutions(stage), "total": SPY.format(paths=[*places, *others])}
    return notebook_text(fill(untouched(course, stage), stage, answers))


def test_a_submission_that_looks_for_the_solutions_finds_nothing(
    run: Run, submission: Path, image: Image, course: Course
):
    text = spy(image, course, str(image.root), "/proc/self/environ", "/etc/passwd", "/root")
    (submission / "mine.ipynb").write_text(text)
    results = run()
    assert "the spy found 0 things" in json.dumps(results)
    assert results["score"] == 3


def test_a_submission_that_kills_what_it_can_costs_nothing_but_itself(
    run: Run, submission: Path, right
):
    killer = with_cell(right, "import os, signal\nos.kill(-1, signal.SIGKILL)\n")
    killer = with_cell(killer, "import os\nos.kill(os.getppid(), 9)\n")
    (submission / "mine.ipynb").write_text(notebook_text(killer))
    assert run()["score"] == 6


def test_grading_that_takes_too_long_is_ended_and_said(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    settings = image.root / "source/nngrade.json"
    before = settings.read_text()
    settings.write_text(json.dumps({**json.loads(before), "seconds": 0.01}))
    try:
        assert "it took more than" in run()["output"]
    finally:
        settings.write_text(before)


def test_a_disk_without_room_leaves_valid_results(run: Run, submission: Path, right):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    results = run(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    assert results["score"] == 0
    assert "could not be graded" in results["output"]


def test_an_image_without_its_python_leaves_valid_results(run: Run, tmp_path):
    results = run(NNGRADE_HOME=str(tmp_path))
    assert "could not start" in results["output"]
    assert "tell your instructor" in results["output"]


def test_a_course_that_is_broken_there_tells_students_no_more_than_that(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    checks = image.root / "source/solutions/stage01_sums/checks.py"
    before = checks.read_text()
    checks.write_text("a line that no Python reads")
    try:
        results = run()
    finally:
        checks.write_text(before)
    assert "checks.py" not in results["output"] + json.dumps(results["tests"])
    assert "tell your instructor" in results["output"]
    assert "checks.py" in results["log"]


@pytest.mark.parametrize(
    ("metadata", "student"),
    [
        (METADATA, "ann@example.com"),
        ({"users": METADATA["users"][::-1]}, "ann@example.com"),
        ({"users": [{"id": 7, "email": None}]}, "7"),
        ({"users": []}, NOBODY),
        ({"users": [{}]}, NOBODY),
        ([], NOBODY),
    ],
)
def test_the_student_is_the_same_for_every_upload_of_a_group(tmp_path, metadata, student):
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    assert student_of(tmp_path / "metadata.json") == student


def set_sandbox(image: Image, mode: str) -> None:
    settings = image.root / "source/nngrade.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "sandbox": mode}))


def test_without_landlock_strict_does_not_grade_and_says_so_to_the_instructor(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    set_sandbox(image, "strict")
    try:
        results = run(without_landlock)
    finally:
        set_sandbox(image, "weak")
    assert results["score"] == 0
    assert "settings need a change" in results["output"]
    assert "Landlock" in results["log"]
    assert "--sandbox weak" in results["log"]


@pytest.mark.skipif(os.geteuid() != 0, reason="it is root who can become nobody")
@pytest.mark.skipif(not everybodys_python().startswith("/usr"), reason="this Python is root's own")
def test_without_landlock_weak_grades_and_the_solutions_stay_closed(
    run: Run, submission: Path, image: Image, course: Course
):
    (submission / "mine.ipynb").write_text(spy(image, course))
    results = run(without_landlock)
    assert "the spy found 0 things" in json.dumps(results)
    assert results["score"] == 3


@pytest.mark.skipif(os.geteuid() != 0 or REAL_ROOT.exists(), reason="takes root and a free place")
def test_it_works_where_gradescope_puts_it(image: Image, right):
    shutil.copytree(image.root, REAL_ROOT, ignore=shutil.ignore_patterns("submission*", "results"))
    try:
        (REAL_ROOT / "submission").mkdir()
        (REAL_ROOT / "submission/mine.ipynb").write_text(notebook_text(right))
        (REAL_ROOT / "submission_metadata.json").write_text(json.dumps(METADATA))
        environment = image.environment()
        del environment["AUTOGRADER_ROOT"]
        subprocess.run([REAL_ROOT / "run_autograder"], env=environment, check=True)
        assert json.loads((REAL_ROOT / "results/results.json").read_text())["score"] == 6
        assert stat.S_IMODE((REAL_ROOT / "source").stat().st_mode) == 0o700
    finally:
        shutil.rmtree(REAL_ROOT)
