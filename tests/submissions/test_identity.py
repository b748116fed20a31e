"""Which stage a notebook belongs to, and that no other is graded as it."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.errors import SubmissionError
from nngrade.grading.grader import Grader
from nngrade.submissions.find import find_submissions


def write(notebook: dict[str, Any], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook_text(notebook), encoding="utf-8")
    return path


def without_marks(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook as Colab might export it: without metadata and ids."""
    plain = copy.deepcopy(notebook)
    plain["metadata"] = {}
    for cell in plain["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}
    return plain


@pytest.mark.parametrize("change", [copy.deepcopy, without_marks], ids=["as built", "no marks"])
def test_another_stages_notebook_is_refused(
    course: Course, grader: Grader, tmp_path: Path, change: Any
) -> None:
    first, second = course.stages
    path = write(change(untouched(course, second)), tmp_path / "x.ipynb")
    with pytest.raises(SubmissionError, match=f"notebook of {second.name}, but it was handed in"):
        grader.grade(path, first, "ann")


def test_a_notebook_of_no_course_is_refused(
    course: Course, grader: Grader, stage: Stage, tmp_path: Path
) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = write(notebook, tmp_path / "x.ipynb")
    with pytest.raises(SubmissionError, match="defines 0 of the 2 functions"):
        grader.grade(path, stage, "ann")


def test_answers_in_a_notebook_of_ones_own_are_graded(
    course: Course, grader: Grader, stage: Stage, tmp_path: Path
) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
        for source in solutions(stage).values()
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = write(notebook, tmp_path / "x.ipynb")
    assert grader.grade(path, stage, "ann").score == 6


def test_a_function_of_a_tasks_name_does_not_tell_the_stage(
    course: Course, stage: Stage, tmp_path: Path
) -> None:
    name = next(iter(solutions(stage)))
    source = f"def {name}(*args):\n    return None\n"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (one,) = find_submissions([write(notebook, tmp_path / "x.ipynb")], course)
    assert one.stage is None
    assert "cannot tell its stage" in (one.error or "")


def test_without_marks_cells_tell_the_stage(course: Course, tmp_path: Path) -> None:
    for stage in course.stages:
        notebook = without_marks(fill(untouched(course, stage), stage, solutions(stage)))
        (one,) = find_submissions([write(notebook, tmp_path / f"{stage.name[-3:]}.ipynb")], course)
        assert one.stage == stage


def test_the_foreign_case_is_refused(real_course: Course, grader: Grader, tmp_path: Path) -> None:
    """One function called `sigmoid` made somebody's notebook stage 4."""
    source = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = write(notebook, tmp_path / "foreign.ipynb")
    (one,) = find_submissions([path], real_course)
    assert one.stage is None
    with pytest.raises(SubmissionError, match="no cell of the course"):
        grader.grade(path, real_course.stage("stage04"), "ann")


def test_copies_are_known_by_their_names(course: Course, stage: Stage, tmp_path: Path) -> None:
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    for name in (f"Copy of {stage.name}", f"Kopie von {stage.name}", f"{stage.name}__20261101"):
        (one,) = find_submissions([write(notebook, tmp_path / f"{name}.ipynb")], course)
        assert one.stage == stage, name


def test_two_students_with_files_of_one_name_are_two(
    course: Course, stage: Stage, tmp_path: Path
) -> None:
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    for student in ("ann", "bob"):
        write(notebook, tmp_path / "in" / student / "hw1.ipynb")
    found = find_submissions([tmp_path / "in"], course)
    assert [(one.student, one.error) for one in found] == [("ann", None), ("bob", None)]
    # The same files, named one by one.
    found = find_submissions([tmp_path / f"in/{name}/hw1.ipynb" for name in ("ann", "bob")], course)
    assert [one.student for one in found] == ["ann", "bob"]


def test_whose_it_is_not_told_is_listed(course: Course, stage: Stage, tmp_path: Path) -> None:
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    for name in ("hw1", "Untitled3"):
        write(notebook, tmp_path / "in" / f"{name}.ipynb")
    found = find_submissions([tmp_path / "in"], course)
    assert {one.student for one in found} == {"unknown"}
    assert all("nothing tells whose it is" in (one.error or "") for one in found)


def test_case_alone_does_not_make_two_students(
    course: Course, stage: Stage, tmp_path: Path
) -> None:
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    for student in ("Ann", "ann", "bob"):
        write(notebook, tmp_path / "in" / student / stage.name / f"{stage.name}.ipynb")
    found = find_submissions([tmp_path / "in"], course)
    assert [(one.student, one.error is None) for one in found] == [
        ("Ann", False),
        ("ann", False),
        ("bob", True),
    ]


def test_the_ids_of_earlier_editions_still_mean_what_they_meant() -> None:
    """Notebooks out there hold them: such a cell is the course's own, if nobody touched it."""
    digest = hashlib.sha256(b"import numpy as np").hexdigest()[:12]
    assert f"given-{digest}" == "given-6f11581db2b4"
