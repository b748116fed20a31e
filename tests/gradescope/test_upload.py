"""Uploads to Gradescope: which notebooks count, and which cannot be graded."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradescope.package import write_zip
from tests.gradescope.conftest import Image, Run


def nothing(folder: Path) -> None:
    pass


def no_folder(folder: Path) -> None:
    folder.rmdir()


def only_text(folder: Path) -> None:
    (folder / "answers.txt").write_text("42")


def two_notebooks(folder: Path) -> None:
    for name in ("first.ipynb", "second.ipynb"):
        (folder / name).write_text('{"cells": []}')


def too_many(folder: Path) -> None:
    for number in range(101):
        (folder / f"{number}.ipynb").write_text("{}")


def no_text_for_a_name(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.ipynb")).write_text("{")


def broken_json(folder: Path) -> None:
    (folder / "mine.ipynb").write_text('{"cells": [')


def a_link(folder: Path) -> None:
    (folder / "mine.ipynb").symlink_to("../source/solutions/.course-secret")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "mine.ipynb")


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (nothing, "no notebook in your submission"),
        (no_folder, "no notebook in your submission"),
        (only_text, "no notebook in your submission"),
        (two_notebooks, "2 notebooks in your submission: first.ipynb, second.ipynb."),
        (too_many, "more than 100 notebooks"),
        (no_text_for_a_name, "not a notebook"),
        (broken_json, "mine.ipynb: not a notebook: it is no valid JSON"),
        (a_link, "mine.ipynb is a link"),
        (a_pipe, "mine.ipynb is a link or the like"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_an_upload_that_cannot_be_graded_is_answered_with_a_sentence(
    run: Run, submission: Path, upload: Callable[[Path], None], sentence: str
):
    upload(submission)
    results = run()
    assert results["score"] == 0
    assert sentence in results["output"]


def test_of_a_whole_repository_the_notebook_of_the_assignment_counts(
    run: Run, submission: Path, course: Course, right
):
    other = course.stages[1]
    (submission / "mine.ipynb").write_text(notebook_text(right))
    (submission / f"{other.name}.ipynb").write_text(notebook_text(untouched(course, other)))
    assert run()["score"] == 6


def run_both(image: Image, folder: Path, course: Course, **notebooks: dict[str, Any]) -> Any:
    """What an upload of these notebooks gets from a zip that is for all stages."""
    write_zip(course, course.stages, folder / "both.zip", "weak")
    both = Image(folder, folder / "both.zip")
    both.unpack()
    (both.root / "submission").mkdir()
    for name, notebook in notebooks.items():
        (both.root / f"submission/{name}.ipynb").write_text(notebook_text(notebook))
    environment = both.environment(NNGRADE_HOME=str(image.home))
    subprocess.run([both.root / "run_autograder"], env=environment, check=True)
    return json.loads((both.root / "results/results.json").read_text())


def test_of_two_notebooks_for_a_stage_none_counts(image: Image, tmp_path, course: Course, right):
    results = run_both(image, tmp_path, course, a=right, b=right)
    assert results["score"] == 0
    assert "two notebooks for stage01_sums: a.ipynb and b.ipynb" in results["output"]


def test_two_stages_are_graded_together(image: Image, tmp_path, course: Course):
    """One upload for several stages: the points of a notebook for each of them."""
    notebooks = {
        stage.name: fill(untouched(course, stage), stage, solutions(stage))
        for stage in course.stages
    }
    results = run_both(image, tmp_path, course, **notebooks)
    assert results["score"] == sum(stage.max_score for stage in course.stages)
    assert results["score"] == sum(one.get("score", 0) for one in results["tests"])
