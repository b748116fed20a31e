"""What tests of submissions share: archives and what is found in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nngrade.course.stages import Course
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Candidate

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def found(course: Course, path: Path, **told: Any) -> dict[str, Candidate]:
    """The submissions at a path, by student."""
    candidates = find_submissions([path], course, **told)
    assert len({one.student for one in candidates}) == len(candidates), candidates
    return {one.student: one for one in candidates}
