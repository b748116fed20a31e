"""A hand-out of the small course, as files and as a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.handout.contents import handout_files
from nngrade.handout.folder import write_handout

NOTEBOOK = "assignments/stage01_sums/stage01_sums.ipynb"


@pytest.fixture(scope="module")
def files(course: Course) -> dict[str, bytes]:
    return handout_files(course, course.stages)


@pytest.fixture
def folder(files, tmp_path: Path) -> Path:
    """A hand-out of the small course."""
    write_handout(files, tmp_path / "handout")
    return tmp_path / "handout"


def in_folder(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
