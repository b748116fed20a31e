"""What tests of watching share: hand-ins, a clock, and what was graded."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL
from tests.helpers import STAGE

NAME = f"{STAGE}.ipynb"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def put(inbox: Path, student: str, text: str) -> Path:
    """Hand in, as rsync does: under another name first."""
    path = inbox / student / STAGE / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.Xy12Zz")
    draft.write_text(text)
    draft.rename(path)
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rows(course: Course) -> dict[str, float]:
    """What the journal holds, by student."""
    with contextlib.closing(sqlite3.connect(course.root / JOURNAL)) as db:
        found = db.execute("SELECT student, result FROM results").fetchall()
    assert len({student for student, _ in found}) == len(found), "a student has two results"
    return {student: json.loads(result)["score"] for student, result in found}
