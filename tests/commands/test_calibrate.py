"""`nngrade calibrate`."""

from __future__ import annotations

from tests.commands.conftest import nngrade


def test_calibrate_measures_the_reference(course):
    run = nngrade("calibrate", "stage02", "--seeds", 3, "--data", "digits", cwd=course.root)
    assert run.returncode == 0, run.stderr
    assert "learns.learns_something on digits, 3 seeds: mean 0.1" in run.stdout
