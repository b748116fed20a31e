"""`nngrade doctor`."""

from __future__ import annotations

import shutil

from nngrade.course.stages import Course
from tests.commands.conftest import nngrade


def test_doctor_looks_at_everything(course):
    run = nngrade("doctor", cwd=course.root)
    assert run.returncode == 0, run.stdout
    for what in ("Python", "nbgrader", "course", "data: digits", "worker", "seccomp", "Landlock"):
        assert what in run.stdout


def test_doctor_says_what_is_missing_with_the_fix(new_course: Course):
    shutil.rmtree(new_course.assignments / "stage01_sums")
    run = nngrade("doctor", cwd=new_course.root)
    assert run.returncode == 1
    assert "Fix: nngrade build stage01_sums" in run.stdout
