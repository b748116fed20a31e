"""Of two notebooks of a student, an untouched one never beats an attempt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.gradebook.class_run import one_of_each
from nngrade.submissions.find import find_submissions
from nngrade.submissions.precedence import effort, newest
from nngrade.submissions.records import Candidate


@pytest.fixture
def notebooks(course: Course, stage: Stage, right: dict[str, Any], tmp_path: Path) -> list[Path]:
    """The work under another name, and a fresh copy that is newer and has the right name."""
    folder = tmp_path / "submitted/ann" / stage.name
    folder.mkdir(parents=True)
    work, fresh = folder / f"{stage.name}__20261101.ipynb", folder / f"{stage.name}.ipynb"
    work.write_text(notebook_text(right))
    fresh.write_text(notebook_text(untouched(course, stage)))
    os.utime(work, (1e9, 1e9))
    return [work, fresh]


def test_the_attempt_counts(course: Course, notebooks: list[Path], tmp_path: Path) -> None:
    chosen, twins = one_of_each(find_submissions([tmp_path / "submitted"], course))
    assert [one.path for one in chosen] == [notebooks[0]]
    assert notebooks[1].name in twins[notebooks[0]]


def test_effort_orders_what_may_count(
    course: Course, stage: Stage, notebooks: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    other = tmp_path / "other.ipynb"
    other.write_text(notebook_text(untouched(course, course.stages[1])))
    paths = [*notebooks, broken, other]
    assert [effort(Candidate(path, "ann", stage)) for path in paths] == [2, 1, 0, 0]


def test_an_upload_that_is_untouched_does_not_replace_an_attempt(
    course: Course, stage: Stage, right: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / f"annalee_17_1001_{stage.name}.ipynb").write_text(notebook_text(right))
    fresh = notebook_text(untouched(course, stage))
    (folder / f"annalee_17_1002_{stage.name}-1.ipynb").write_text(fresh)
    (one,) = newest(find_submissions([folder], course))
    assert "_1001_" in one.path.name
    assert "as the newest with an attempt in it" in one.notes[0]
