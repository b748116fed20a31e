"""The GRADING number stands for all that grades and their reasons depend on."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

import nngrade.runs.versions as versions
from nngrade.course.stages import Course
from nngrade.runs.settings import Settings

from .demo_class import RECORD, grade_demo_class

pytestmark = pytest.mark.thorough


def test_results_do_not_change_without_the_grading_number(
    real_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNGRADE_SECRET", "what the demo class is graded with")
    now, before = grade_demo_class(real_course, tmp_path), RECORD.read_text(encoding="utf-8")
    changed = list(difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0))
    assert not changed, (
        "results changed: raise GRADING in autograder/nngrade/runs/versions.py, run "
        "`python -m tests.runs.demo_class` and look at its diff:\n" + "\n".join(changed[:20])
    )


def test_a_changed_grading_number_changes_the_key_of_every_result(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNGRADE_SECRET", "any secret will do for this")
    notebook = tmp_path / "a.ipynb"
    notebook.write_text("{}")
    keys = set()
    for number in (versions.GRADING, versions.GRADING + 1):
        monkeypatch.setattr(versions, "GRADING", number)
        settings = Settings(course.root, "weak", "digits")
        keys.add(versions.Versions(settings).key(notebook, "ann", course.stages[0]))
    assert len(keys) == 2


def test_a_cluster_compares_the_grading_number(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNGRADE_SECRET", "any secret will do for this")
    told = versions.course_versions(Settings(course.root, "weak", "digits"))
    assert told[versions.ENGINE].endswith(f"grading {versions.GRADING}")
