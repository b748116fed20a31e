"""Hidden checks answer in the notebook where a course is named, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nngrade.live.staff as staff
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.live.hook import Hook
from nngrade.live.staff import hidden_checks
from tests.helpers import STAGE, WRONG
from tests.live.conftest import Desk


def test_without_a_name_no_course_is_looked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NNGRADE_COURSE", raising=False)
    assert hidden_checks() is None
    monkeypatch.setenv("NNGRADE_COURSE", "")
    assert hidden_checks() is None


def test_where_only_the_part_for_notebooks_is_installed_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("NNGRADE_COURSE", str(tmp_path))
    monkeypatch.setattr(staff, "find_spec", lambda _name: None)
    asks = hidden_checks()
    assert asks is not None
    assert "only the notebooks' part of nngrade is installed" in asks(tmp_path, "f", {})


@pytest.fixture
def notebook(course: Course, tmp_path: Path) -> Path:
    stage = course.stage(STAGE)
    path = tmp_path / f"{STAGE}.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, solutions(stage))))
    return path


@pytest.fixture
def asks(course: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NNGRADE_COURSE", str(course.root))
    monkeypatch.setenv("NNGRADE_SECRET", "a secret for tests only")
    made = hidden_checks()
    yield made
    process = made._process  # type: ignore[union-attr]
    if process is not None:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@pytest.mark.thorough
def test_a_course_that_is_not_there_is_said_to_be_silent(
    notebook: Path, asks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("NNGRADE_COURSE", str(tmp_path / "nowhere"))
    said = asks(notebook, "total", {})
    assert said.startswith("No hidden check was asked")
    assert "nowhere" in said


@pytest.mark.thorough
def test_what_was_run_last_is_what_is_asked_about(notebook: Path, asks: Any):
    text = notebook.read_text()
    assert "3 of 3 points" in asks(notebook, "total", {})
    said = asks(notebook, "total", {"total": WRONG})
    assert "0 of 3 points" in said
    assert "✗ Arrays of any length are summed." in said
    # One process answers them all.
    process = asks._process
    assert "3 of 3 points" in asks(notebook, "shifted", {"total": WRONG})
    assert asks._process is process
    assert notebook.read_text() == text
    # One that has died is replaced.
    process.kill()
    process.wait()
    assert "3 of 3 points" in asks(notebook, "total", {})


@pytest.mark.thorough
def test_questions_that_have_no_answer(notebook: Path, asks: Any, tmp_path: Path):
    assert "No hidden check was asked" in asks(tmp_path / "gone.ipynb", "total", {})
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    assert "No hidden check was asked" in asks(broken, "total", {})
    stranger = tmp_path / "stranger.ipynb"
    stranger.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    assert "is of no stage of" in asks(stranger, "total", {})
    # And it still answers.
    assert "3 of 3 points" in asks(notebook, "total", {})


@pytest.mark.thorough
def test_the_panel_shows_the_points(
    notebook: Path, asks: Any, shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shown: list[dict[str, str]] = []
    hook = Hook(shell, shown.append)
    monkeypatch.setattr(hook, "_asks", asks)
    hook.session.path = notebook
    hook.install()
    desk = Desk(shell, notebook)
    try:
        desk.run("import numpy as np")
        desk.run("def shifted(values, by):\n    return values[:2] + by")
        desk.run(
            "assert shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]", "tests-shifted"
        )
    finally:
        hook.remove()
    (panel,) = shown
    for part in panel.values():
        assert "Hidden checks" in part
        assert "0 of 3 points" in part
        assert "A new array is returned" in part
        assert "hidden checks decide the points" not in part
