"""What tests of runs share: notebooks that are handed in."""

from __future__ import annotations

from pathlib import Path

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.helpers import STAGE


def notebook(course: Course, answers: dict[str, str] | None = None) -> str:
    stage = course.stage(STAGE)
    right = {**solutions(stage), **(answers or {})}
    return notebook_text(fill(untouched(course, stage), stage, right))


def submit(course: Course, student: str, text: str) -> Path:
    path = course.root / "submitted" / student / STAGE / f"{STAGE}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
