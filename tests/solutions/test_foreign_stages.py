"""An untouched notebook of one stage, handed in as another, gets no point and is listed."""

from __future__ import annotations

import copy
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.errors import SubmissionError
from nngrade.grading.grader import Grader
from nngrade.submissions.course_cells import course_cells
from nngrade.submissions.notebook_file import parse_notebook
from nngrade.submissions.program import recover

from ..conftest import ROOT

STAGES = find_course(ROOT).stages
PAIRS = list(permutations(STAGES, 2))


@pytest.mark.parametrize(
    ("own", "other"), PAIRS, ids=[f"{b.name[:7]} as {a.name[:7]}" for a, b in PAIRS]
)
def test_each_pair(
    grader: Grader, real_course: Course, own: Stage, other: Stage, tmp_path: Path
) -> None:
    built = untouched(real_course, other)
    plain = copy.deepcopy(built)
    plain["metadata"] = {}
    for cell in plain["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}
    for number, notebook in enumerate((built, plain)):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(notebook_text(notebook))
        with pytest.raises(SubmissionError, match="handed in as"):
            grader.grade(path, own, "ann")


@pytest.mark.parametrize(("own", "other"), PAIRS, ids=lambda stage: stage.name[:7])
def test_given_cells_pasted_among_the_own_define_nothing(own: Stage, other: Stage) -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "source": cell.source, "outputs": []}
        for cell in other.lesson.of_kind("given")
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    parsed = parse_notebook(Path("x.ipynb"), notebook_text(notebook).encode())
    program = recover(parsed, own.lesson, lambda: [other.lesson])
    assert program.tasks == frozenset(), (own.name, other.name)


def test_there_is_something_to_refuse() -> None:
    """Given cells of some stages hold working answers to tasks of others."""
    answered = {
        (own.name, name)
        for own, other in PAIRS
        for cell in other.lesson.of_kind("given")
        for name in course_cells(own.lesson).stubs
        if f"def {name}(" in cell.source
    }
    assert len(answered) >= 5
