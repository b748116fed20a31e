"""Every notebook in a real Jupyter kernel, as a student runs it."""

from __future__ import annotations

from typing import Any

import nbclient
import pytest

from nngrade.authoring.execution import execute, problems_of_run
from nngrade.authoring.specimens import untouched
from nngrade.course.stages import Course, Stage, find_course
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

stages = pytest.mark.parametrize("stage", find_course(ROOT).stages, ids=lambda stage: stage.name)


def outputs(node: Any) -> list[Any]:
    return [output for cell in node.cells for output in cell.get("outputs", [])]


@stages
def test_a_filled_in_notebook_runs_without_a_warning_and_draws(stage: Stage, real_course: Course):
    assert [str(one) for one in problems_of_run(real_course, stage)] == []


@stages
def test_an_untouched_notebook_runs_up_to_its_first_task(
    stage: Stage, real_course: Course, tmp_path
):
    notebook = untouched(real_course, stage)
    ids = [cell["id"] for cell in notebook["cells"]]
    first = next(number for number, one in enumerate(ids) if one.startswith("task-"))
    notebook["cells"] = notebook["cells"][: first + 1]
    node = execute(notebook, tmp_path)
    assert [one for one in outputs(node) if one.output_type == "error"] == []
    assert [one for one in outputs(node) if one.get("name") == "stderr"] == []


@stages
def test_an_untouched_task_says_that_it_is_not_done(stage: Stage, real_course: Course, tmp_path):
    notebook = untouched(real_course, stage)
    wanted = {f"{kind}-{stage.lesson.tasks[0].name}" for kind in ("task", "tests")}
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["id"] in wanted or cell["id"].startswith("given-")
    ]
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="NotImplementedError"):
        execute(notebook, tmp_path)
