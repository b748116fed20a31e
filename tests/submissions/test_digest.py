"""The digest of a program: the same for the same work, another one for any other."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.lesson import read_lesson
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.submissions.notebook_file import parse_notebook
from nngrade.submissions.program import recover

Notebook = dict[str, Any]


@pytest.fixture
def right(course: Course, stage: Stage) -> Notebook:
    return fill(untouched(course, stage), stage, solutions(stage))


def digest(notebook: Notebook, stage: Stage, lesson: Any = None) -> str:
    parsed = parse_notebook(stage.folder, notebook_text(notebook).encode())
    return recover(parsed, lesson or stage.lesson).digest


def changed(notebook: Notebook, old: str, new: str) -> Notebook:
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"]).replace(old, new)
    assert made != notebook
    return made


def without_ids(notebook: Notebook) -> Notebook:
    made = copy.deepcopy(notebook)
    for number, cell in enumerate(made["cells"]):
        cell["id"], cell["metadata"] = f"new-{number}", {"tags": ["x"]}
    return made


def executed(notebook: Notebook) -> Notebook:
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
    return made


def with_prose(notebook: Notebook) -> Notebook:
    made = copy.deepcopy(notebook)
    made["cells"].append({"cell_type": "markdown", "id": "n", "metadata": {}, "source": "Note"})
    return made


@pytest.mark.parametrize("change", [without_ids, executed, with_prose], ids=lambda f: f.__name__)
def test_what_is_no_code_of_the_students_changes_nothing(stage: Stage, right: Notebook, change):
    assert digest(change(right), stage) == digest(right, stage)


def test_line_ends_change_nothing(stage: Stage, right: Notebook) -> None:
    assert digest(changed(right, "\n", "\r\n"), stage) == digest(right, stage)


@pytest.mark.parametrize(
    "new", ["# one\n    return values + by", "return by + values", "return  values + by"]
)
def test_any_change_of_the_students_code_changes_it(stage: Stage, right: Notebook, new: str):
    assert digest(changed(right, "return values + by", new), stage) != digest(right, stage)


def test_cells_in_another_order_change_it(stage: Stage, right: Notebook) -> None:
    own = [{**right["cells"][-1], "id": f"own-{n}", "source": f"x = {n}"} for n in (1, 2)]
    one = {**right, "cells": [*right["cells"], *own]}
    other = {**right, "cells": [*right["cells"], *own[::-1]]}
    assert digest(one, stage) != digest(other, stage)


def test_correcting_the_course_changes_nothing(stage: Stage, right: Notebook, tmp_path) -> None:
    """Given code, prose, tests, and the stubs of tasks that nobody has touched."""
    text = stage.lesson.path.read_text()
    text = text.replace("SCALE = 2.0", "SCALE = 1.0 + 1.0").replace("Adding", "Summing")
    text = text.replace('"1 + 2 is 3"', '"one and two"').replace("Every entry", "Each entry")
    path = tmp_path / stage.name / "lesson.py"
    path.parent.mkdir()
    path.write_text(text)
    corrected = read_lesson(path)
    added = changed(right, "import numpy as np", "import numpy as np\nEPS = np.finfo(float).eps")
    assert digest(added, stage) != digest(right, stage)
    for notebook in (right, added):
        assert digest(notebook, stage, corrected) == digest(notebook, stage)


def test_an_untouched_notebook_has_nothing_of_the_students(course: Course, stage: Stage) -> None:
    blank = untouched(course, stage)
    nothing = {**blank, "cells": blank["cells"][:1]}
    assert digest(blank, stage) == digest(nothing, stage)
    assert re.fullmatch("[0-9a-f]{64}", digest(blank, stage))


def test_another_program_gets_other_inputs(stage: Stage, right: Notebook, grade) -> None:
    """And the same one the same, whenever it is graded."""

    def message(comment: str) -> str:
        answer = f"def total(values):\n    return float(values[0]) {comment}"
        result = grade(fill(right, stage, {"total": answer}))
        return next(one.message for one in result.checks if one.id == "total.any_length")

    assert message("# one") == message("# one")
    assert message("# one") != message("# two")
