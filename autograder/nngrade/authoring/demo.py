"""The made-up class of submissions that ``nngrade demo`` grades."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nngrade.authoring.specimens import sample_class, write_specimen
from nngrade.course.stages import Course
from nngrade.errors import NngradeError

__all__ = ["write_class"]

MARKER = ".nngrade-demo"


def write_class(course: Course, folder: Path, stages: Sequence[str] = ()) -> list[Path]:
    """Write the demo's submissions as ``FOLDER/submitted/STUDENT/STAGE/STAGE.ipynb``.

    Parameters
    ----------
    course : Course
    folder : Path
        New, empty, or written by an earlier demo.
    stages : sequence of str
        Names of the stages; all stages if empty.

    Returns
    -------
    list of Path
        The notebooks, to be graded in this order.

    Raises
    ------
    NngradeError
        If the folder holds anything that the demo did not write.
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
