"""`nngrade data`."""

from __future__ import annotations

from tests.commands.conftest import nngrade


def test_data_status_names_places_and_digests(course):
    run = nngrade("data", "status", cwd=course.root)
    assert run.returncode == 0
    assert "digits: " in run.stdout
    assert "sha256" in run.stdout
