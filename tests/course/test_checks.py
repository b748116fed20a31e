"""Checks that do not fit their lesson are refused."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from nngrade.errors import LessonError


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"total", points=2', '"totl", points=2', "no task 'totl'"),
        ('needs=("any_length",)', 'needs=("any_lenght",)', "does not exist"),
        ('    """Arrays of any length are summed."""\n', "", "needs a docstring"),
        ("def any_length(student, reference, rng)", "def any_length(studnet)", "asks for studnet"),
        ("points=3", "points=-3", "takes points away"),
        ("points=3", "points=0", "no check that is worth points"),
        ("import numpy as np", "import nunpy as np", "cannot be imported"),
    ],
)
def test_checks_that_do_not_fit_the_lesson_are_refused(new_course: Course, old, new, words):
    path = new_course.solutions / "stage01_sums/checks.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LessonError, match=words):
        _ = new_course.stages[0].checks
