"""The last notebook of a hand-out runs milestones on a student's own functions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nngrade.authoring.execution import execute
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.milestones import milestones
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.handout.milestones import milestones_notebook


def names(content: bytes | None) -> list[str]:
    assert content is not None
    cells = json.loads(content)["cells"]
    return [one["id"].removeprefix("text-") for one in cells if one["id"].startswith("text-1")]


def test_it_has_the_milestones_that_the_stages_are_enough_for(real_course: Course):
    stages = real_course.stages
    assert names(milestones_notebook(stages)) == [one.name for one in milestones()]
    assert names(milestones_notebook(stages[:1])) == ["1958"]
    assert names(milestones_notebook(stages[:3])) == ["1958", "1969"]


def test_there_is_none_where_the_stages_are_enough_for_nothing(course: Course, files):
    assert milestones_notebook(course.stages) is None
    assert "your_own_network.ipynb" not in files
    assert b"your_own_network" not in files["README.md"]


@pytest.mark.slow
@pytest.mark.parametrize("solved", [True, False], ids=["solved", "untouched"])
def test_it_runs_beside_the_notebooks(real_course: Course, tmp_path: Path, solved: bool):
    for stage in real_course.stages:
        path = tmp_path / "assignments" / stage.name / f"{stage.name}.ipynb"
        path.parent.mkdir(parents=True)
        answers = solutions(stage) if solved else {}
        path.write_text(notebook_text(fill(untouched(real_course, stage), stage, answers)))
    content = milestones_notebook(real_course.stages)
    assert content is not None
    node = execute(json.loads(content), tmp_path)
    outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
    printed = "".join(one["text"] for one in outputs if one.output_type == "stream")
    n_pictures = sum("image/png" in one.get("data", {}) for one in outputs)
    n_milestones = len(milestones())
    if solved:
        assert printed.count("Reached!") == n_pictures == n_milestones, printed
    else:
        assert printed.count("Not yet: it needs ") == n_milestones, printed
        assert n_pictures == 0
