"""Every notebook in a real Jupyter kernel, as a student runs it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.naming import cell_ids
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from tests.conftest import ROOT

stages = pytest.mark.parametrize("stage", find_course(ROOT).stages, ids=lambda stage: stage.name)


def execute(notebook: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run all cells on the digits; return the notebook with its outputs."""
    for name in ("NNDATA_HOME", "XDG_CACHE_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(folder))
    # Colour codes and progress bars belong on a terminal.
    monkeypatch.setenv("NO_COLOR", "1")
    node = nbformat.reads(notebook_text(notebook), as_version=4)
    # In the tests a warning is an error; in a kernel it must at least be seen.
    client = nbclient.NotebookClient(
        node, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**os.environ, "PYTHONWARNINGS": "default"})
    return node


def outputs(node: Any) -> list[Any]:
    return [output for cell in node.cells for output in cell.get("outputs", [])]


@stages
def test_a_filled_in_notebook_runs_without_a_warning_and_draws(
    stage: Stage, real_course: Course, tmp_path, monkeypatch
):
    notebook = fill(untouched(real_course, stage), stage, solutions(stage))
    node = execute(notebook, tmp_path, monkeypatch)
    said = [
        one.text for one in outputs(node) if one.output_type == "stream" and one.name == "stderr"
    ]
    assert said == []
    kinds = {identifier: cell.kind for cell, identifier in cell_ids(stage.lesson).items()}
    drawn = 0
    for cell in node.cells:
        pictures = [one for one in cell.get("outputs", []) if "image/png" in one.get("data", {})]
        if kinds[cell.id] == "demo" and "plt.show()" in cell.source:
            assert pictures, f"this cell draws nothing:\n{cell.source}"
        drawn += len(pictures)
    assert drawn >= 3


@stages
def test_an_untouched_notebook_runs_up_to_its_first_task(
    stage: Stage, real_course: Course, tmp_path, monkeypatch
):
    notebook = untouched(real_course, stage)
    ids = [cell["id"] for cell in notebook["cells"]]
    first = next(number for number, one in enumerate(ids) if one.startswith("task-"))
    notebook["cells"] = notebook["cells"][: first + 1]
    node = execute(notebook, tmp_path, monkeypatch)
    assert [one for one in outputs(node) if one.output_type == "error"] == []
    assert [one for one in outputs(node) if one.get("name") == "stderr"] == []


@stages
def test_an_untouched_task_says_that_it_is_not_done(
    stage: Stage, real_course: Course, tmp_path, monkeypatch
):
    notebook = untouched(real_course, stage)
    wanted = {f"{kind}-{stage.lesson.tasks[0].name}" for kind in ("task", "tests")}
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["id"] in wanted or cell["id"].startswith("given-")
    ]
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="NotImplementedError"):
        execute(notebook, tmp_path, monkeypatch)
