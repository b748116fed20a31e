"""The demo: a small made-up class is written to a folder, graded, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nngrade.authoring.specimens import sample_class, write_specimen
from nngrade.course.stages import Course
from nngrade.errors import NngradeError

__all__ = ["write_class"]

MARKER = ".nngrade-demo"


def write_class(course: Course, folder: Path, stages: Sequence[str] = ()) -> list[Path]:
    """Write the demo's submissions as a tree ``FOLDER/submitted/STUDENT/STAGE/STAGE.ipynb``.

    Returns
    -------
    list of Path
        The notebooks, to be graded in this order.

    Raises
    ------
    NngradeError
        When the folder holds something that the demo did not write.
    """
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise NngradeError(f"{folder} is not empty and not an earlier demo; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    marker.touch()
    return [
        write_specimen(specimen, folder / "submitted")
        for specimen in sample_class(course, course.select(stages))
    ]
