"""`nngrade grade`: exit codes, streams, files."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import jsonschema
import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.runs.processes import MANY
from tests.commands.conftest import SCHEMA, nngrade


def results(run: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    document = json.loads(run.stdout)
    jsonschema.validate(document, SCHEMA)
    return document["submissions"]


def test_a_right_submission_exits_with_0(course, submitted):
    run = nngrade("grade", submitted / "ann", cwd=course.root)
    assert run.returncode == 0, run.stderr
    assert "6 of 6 points" in run.stdout
    assert run.stderr == ""


def test_lost_points_exit_with_1_and_name_the_reason(course, submitted):
    run = nngrade("grade", submitted / "bob", cwd=course.root)
    assert run.returncode == 1
    assert "0 of 6 points" in run.stdout
    assert "total is not done yet" in run.stdout


def test_a_tree_gives_students_and_stages(course, submitted):
    run = nngrade("grade", submitted, "--json", "-", cwd=course.root)
    assert [
        (one["student"], one["stage"], one["score"], one["max_score"]) for one in results(run)
    ] == [
        ("ann", "stage01_sums", 6, 6),
        ("bob", "stage01_sums", 0, 6),
    ]
    assert run.returncode == 1


def test_what_cannot_be_graded_exits_with_2_and_the_rest_is_graded(course, submitted):
    broken = submitted / "carl/stage01_sums/stage01_sums.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    (submitted / "dora/stage01_sums").mkdir(parents=True)
    (submitted / "dora/stage01_sums/answers.docx").write_text("x")
    run = nngrade("grade", submitted, submitted / "missing.ipynb", "--json", "-", cwd=course.root)
    assert run.returncode == 2
    graded = {one["student"]: one["status"] for one in results(run)}
    assert graded == {
        "ann": "graded", "bob": "graded", "carl": "failed", "dora": "failed", "missing": "failed",
    }  # fmt: skip
    assert "carl/stage01_sums/stage01_sums.ipynb: not a notebook" in run.stderr
    assert "no notebook in it, only answers.docx" in run.stderr
    assert "no such file" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--stage", "stage77"], "there is no stage 'stage77'; the stages of"),
        (["--data", "cifar"], "Invalid value for '--data'"),
        (["--timeout", "0"], "Invalid value for '--timeout'"),
        (["--json", "no/such/folder/r.json"], "the results cannot be written"),
    ],
)
def test_a_wrong_option_exits_with_2_and_a_sentence(course, submitted, args, words):
    run = nngrade("grade", submitted / "ann", *args, cwd=course.root)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_the_json_file_is_written_whole_and_fits_its_schema(course, submitted, tmp_path):
    target = tmp_path / "results.json"
    target.write_text("old")
    run = nngrade("grade", submitted, "--json", target, cwd=course.root)
    document = json.loads(target.read_text())
    jsonschema.validate(document, SCHEMA)
    assert document["version"] == 2
    assert [path.name for path in tmp_path.glob("*results*")] == ["results.json"]
    assert "0 of 6" in run.stdout


def test_grading_twice_gives_the_same_json_but_for_the_times(course, submitted):
    def timeless() -> list[dict[str, Any]]:
        found = results(nngrade("grade", submitted, "--json", "-", cwd=course.root))
        for one in found:
            one.pop("seconds")
            for check in one["checks"]:
                check.pop("seconds")
        return found

    assert timeless() == timeless()


@pytest.mark.parametrize(
    ("relative", "student"),
    [
        ("submitted/eva/stage01_sums/stage01_sums.ipynb", "eva"),
        ("submitted/eva/stage01_sums/copy of it.ipynb", "eva"),
        ("downloads/eva/stage01_sums.ipynb", "eva"),
        ("downloads/eva/stage01_sums (1).ipynb", "eva"),
        ("downloads/eva/stage01_sums-Copy1.ipynb", "eva"),
        ("downloads/eva.ipynb", "eva"),
    ],
)
def test_stage_and_student_come_from_path_or_notebook(
    course, submitted, tmp_path, relative, student
):
    path = tmp_path / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(submitted / "ann/stage01_sums/stage01_sums.ipynb", path)
    (one,) = results(nngrade("grade", path, "--json", "-", cwd=course.root))
    assert (one["student"], one["stage"], one["score"]) == (student, "stage01_sums", 6)


def test_a_notebook_without_any_name_is_told_by_its_content(course, tmp_path):
    stage = course.stages[1]
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    path = tmp_path / "x.ipynb"
    path.write_text(notebook_text(notebook))
    (one,) = results(nngrade("grade", path, "--data", "digits", "--json", "-", cwd=course.root))
    assert (one["stage"], one["score"]) == ("stage02_gradients", 5)


def test_a_notebook_of_no_stage_is_asked_about(course, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text('{"cells": []}')
    run = nngrade("grade", path, cwd=course.root)
    assert run.returncode == 2
    assert "cannot tell its stage; name it with --stage, one of: stage01_sums" in run.stderr


def test_mnist_that_is_not_there_is_asked_for_with_the_fix(course, tmp_path):
    stage = course.stages[1]
    path = tmp_path / "stage02_gradients.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, solutions(stage))))
    run = nngrade(
        "grade", path, "--data", "mnist", cwd=course.root,
        NNDATA_HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path),
    )  # fmt: skip
    assert run.returncode == 2
    assert "nngrade data fetch mnist" in run.stderr
    assert "Traceback" not in run.stderr


def test_several_processes_find_the_same_as_one(course, submitted):
    for name in ("dora", *map(str, range(MANY))):
        shutil.copytree(submitted / "ann", submitted / name)
    (submitted / "dora/stage01_sums/stage01_sums.ipynb").write_text("{")

    def scores(jobs: int) -> list[tuple[Any, ...]]:
        run = nngrade("grade", submitted, "--jobs", jobs, "--json", "-", cwd=course.root)
        return [(one["student"], one["status"], one["score"]) for one in results(run)]

    assert scores(2) == scores(1)
    assert len(scores(2)) == 3 + MANY


def test_a_broken_lesson_is_told_by_several_processes_too(new_course: Course, submitted):
    for number in range(MANY):
        shutil.copytree(submitted / "ann", submitted / str(number))
    checks = new_course.stages[0].folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=2", "points=-2"))
    run = nngrade("grade", submitted, "--jobs", 2, cwd=new_course.root)
    assert run.returncode == 2
    assert "takes points away" in run.stderr
    assert "Traceback" not in run.stderr
