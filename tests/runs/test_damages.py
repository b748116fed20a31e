"""Whatever a notebook holds, it is graded or refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nngrade.course.stages import Course, Stage
from nngrade.errors import SubmissionError
from nngrade.grading.grader import Grader
from nngrade.submissions import notebook_json
from nngrade.submissions.notebook_file import SMALL, parse_notebook
from nngrade.submissions.program import recover
from tests.benchmarks.damages import TEXTS, grade_damaged
from tests.conftest import cell_of

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_damaged_notebooks_are_graded_or_refused(
    course: Course, stage: Stage, grader: Grader, tmp_path: Path, first: int
) -> None:
    for number in range(first, first + 10):
        _, said = grade_damaged(grader, course, stage, number, tmp_path)
        assert said


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_odd_text_in_a_given_cell_costs_nothing(
    right: dict[str, Any], grade: Any, number: int
) -> None:
    right["cells"].append(
        {"cell_type": "code", "id": "odd", "metadata": {}, "source": TEXTS[number], "outputs": []}
    )
    if "def total" not in TEXTS[number]:
        assert grade(json.dumps(right)).score == 6


def test_a_large_pasted_cell_above_the_answers_costs_nothing(
    right: dict[str, Any], stage: Stage, grade: Any
) -> None:
    pasted = {"cell_type": "code", "id": "p", "metadata": {}, "outputs": []}
    for size in (600_000, 90_000):
        right["cells"][:0] = [{**pasted, "source": "x = 1\n" * (size // 6)} for _ in range(6)]
    result = grade(right)
    assert result.score == 6
    assert any("is left out" in note for note in result.notes)


def test_a_large_file_is_read_like_a_small_one(right: dict[str, Any], stage: Stage) -> None:
    small = parse_notebook(Path("x.ipynb"), json.dumps(right).encode())
    cell_of(right, "task-total")["outputs"] = [{"text": ['"]}\\', "A" * (SMALL + 1)]}]
    large = parse_notebook(Path("x.ipynb"), json.dumps(right).encode())
    assert large == small
    assert recover(large, stage.lesson).tasks


@pytest.mark.parametrize(
    "raw", [b"[" + b"{}," * 10**6, b"\0" * 3 * 10**6, b'{"cells":[' + b"{}," * 10**6 + b"0]}"]
)
def test_a_large_file_of_nonsense_is_refused(raw: bytes) -> None:
    with pytest.raises(SubmissionError, match=r"x\.ipynb: "):
        parse_notebook(Path("x.ipynb"), raw)


def test_outputs_are_left_out_without_being_parsed() -> None:
    raw = rb'{"cells":[{"source":"\"outputs\": [1]","outputs":[{"a":"]\\"},[]],"id":"x"}]}'
    found = notebook_json.parse(notebook_json.without_bulk(raw))
    assert found["cells"] == [("raw", '"outputs": [1]', ["x"])]
