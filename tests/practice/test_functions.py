"""A student's functions are found in all notebooks, and it is said which are right."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.grading.grader import Grader
from nngrade.limits import WorkerLimits
from nngrade.practice.functions import Gathered, by_hidden_checks, by_visible_tests
from nngrade.worker.sandbox import Sandbox
from tests.helpers import STAGE, WRONG

VISIBLY_WRONG = "def shifted(values, by):\n    return values - by\n"


@pytest.fixture(params=["hidden checks", "visible tests"])
def gather(request: pytest.FixtureRequest, course: Course, grader: Grader, sandbox: Sandbox) -> Any:
    def gathered(folder: Path) -> Gathered:
        if request.param == "hidden checks":
            return by_hidden_checks(course, folder, grader)
        return by_visible_tests(folder, sandbox, WorkerLimits(cell_seconds=5))

    return gathered


def put(course: Course, folder: Path, number: int, name: str = "", **answers: str) -> Path:
    """Write a notebook of a stage: right but for these answers; "" leaves a task untouched."""
    stage = course.stages[number]
    filled = {task: source for task, source in {**solutions(stage), **answers}.items() if source}
    path = folder / (name or stage.name) / f"{stage.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook_text(fill(untouched(course, stage), stage, filled)))
    return path


def states(found: Gathered, number: int = 0) -> dict[str, str]:
    return {one.task: one.state for one in found.stages[number].tasks}


def test_functions_are_right_wrong_or_missing(course: Course, gather: Any, tmp_path: Path):
    put(course, tmp_path, 0, total="", shifted=VISIBLY_WRONG)
    put(course, tmp_path, 1)
    found = gather(tmp_path)
    assert [one.stage for one in found.stages] == [STAGE, "stage02_gradients"]
    assert states(found) == {"total": "missing", "shifted": "wrong"}
    (wrong,) = (one for one in found.stages[0].tasks if one.state == "wrong")
    assert wrong.reason
    assert set(states(found, 1).values()) == {"right"}
    assert found.remarks == ()


def test_only_hidden_checks_see_what_visible_tests_do_not(
    course: Course, grader: Grader, sandbox: Sandbox, tmp_path: Path
):
    whole = "def total(values):\n    return float(int(np.sum(values)))\n"
    put(course, tmp_path, 0, total=whole)
    assert states(by_hidden_checks(course, tmp_path, grader))["total"] == "wrong"
    visible = by_visible_tests(tmp_path, sandbox, WorkerLimits())
    assert states(visible)["total"] == "right"


def test_what_cannot_be_parsed_is_wrong_and_costs_no_other(
    course: Course, gather: Any, tmp_path: Path
):
    put(course, tmp_path, 0, total="def total(values):\n    return (\n")
    assert states(gather(tmp_path)) == {"total": "wrong", "shifted": "right"}


def test_a_crash_costs_the_function_and_no_other(course: Course, gather: Any, tmp_path: Path):
    put(course, tmp_path, 0, total="import os\n\n\ndef total(values):\n    os.abort()\n")
    assert states(gather(tmp_path)) == {"total": "wrong", "shifted": "right"}


def test_an_attempt_counts_before_an_untouched_notebook_and_the_newer_of_two(
    course: Course, gather: Any, tmp_path: Path
):
    old = put(course, tmp_path, 0, "old", total=WRONG)
    new = put(course, tmp_path, 0, "new")
    blank = put(course, tmp_path, 0, "blank", total="", shifted="")
    for when, path in enumerate((old, new, blank)):
        os.utime(path, (1e9 + when, 1e9 + when))
    found = gather(tmp_path)
    assert found.stages[0].path == new
    (remark,) = found.remarks
    assert remark.startswith(f"{STAGE}: {new} counts, and not ")
    assert str(old) in remark
    assert str(blank) in remark


def test_given_functions_are_known_as_given(course: Course, gather: Any, tmp_path: Path):
    put(course, tmp_path, 0)
    assert gather(tmp_path).stages[0].given == {"scaled"}


def test_what_is_no_notebook_is_told(course: Course, gather: Any, tmp_path: Path):
    put(course, tmp_path, 0)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/stage02_gradients.ipynb").write_text("no JSON")
    found = gather(tmp_path)
    assert [one.stage for one in found.stages] == [STAGE]
    (remark,) = found.remarks
    assert "stage02_gradients.ipynb" in remark


def test_without_the_course_other_notebooks_do_not_matter(sandbox: Sandbox, tmp_path: Path):
    (tmp_path / "other.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}))
    hidden = tmp_path / ".ipynb_checkpoints"
    hidden.mkdir()
    (hidden / "copy.ipynb").write_text("no JSON")
    found = by_visible_tests(tmp_path, sandbox, WorkerLimits())
    assert found.stages == ()
    assert found.remarks == (f"{tmp_path}: no notebook of the course here",)
