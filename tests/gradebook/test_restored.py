"""The notebook that nbgrader gets: every cell of the course, once."""

from __future__ import annotations

import copy
import json
import os
import random
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.stages import Course
from nngrade.gradebook.restored import restored_cells
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.program import recover
from tests.helpers import STAGE


def test_every_cell_of_the_course_is_there_once(course: Course) -> None:
    stage = course.stage(STAGE)
    right = fill(untouched(course, stage), stage, solutions(stage))
    wanted = [one["id"] for one in right["cells"] if "nbgrader" in one["metadata"]]
    rng = random.Random(1)
    for _ in range(60):
        cells = [copy.deepcopy(one) for one in right["cells"] if rng.random() < 0.7]
        cells += [copy.deepcopy(one) for one in cells if rng.random() < 0.3]
        rng.shuffle(cells)
        for cell in cells:
            if rng.random() < 0.2:
                cell["metadata"], cell["id"] = {}, f"new-{rng.random()}"
        text = json.dumps({**right, "cells": cells})
        path = Path(os.environ["PYTEST_TMP"]) / "mess.ipynb"
        path.write_text(text)
        notebook = read_notebook(path)
        program = recover(notebook, stage.lesson)
        made = restored_cells(cells, notebook, program.places, stage)
        ids = [
            one["metadata"]["nbgrader"]["grade_id"] for one in made if "nbgrader" in one["metadata"]
        ]
        assert sorted(ids) == sorted(wanted)
        for task in ("total", "shifted"):
            source = "".join(next(one for one in made if one.get("id") == f"task-{task}")["source"])
            assert (f"def {task}(" in source) == (task in program.places), source


@pytest.fixture(autouse=True)
def _folder_for_messes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_TMP", str(tmp_path))
