"""Planted answers that do not fit their lesson are refused."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from nngrade.errors import LessonError


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('misconception("total"', 'misconception("totl"', "no task 'totl'"),
        ('    """Averages."""\n', "", "needs a docstring"),
        ("def in_place", "def mean_for_sum", "a second answer"),
        ('hint="Whose array is it?"', "hint=HINT", "write the decorator's values out"),
    ],
)
def test_answers_that_do_not_fit_the_lesson_are_refused(new_course: Course, old, new, words):
    path = new_course.solutions / "stage01_sums/misconceptions.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LessonError, match=words):
        _ = new_course.stages[0].misconceptions
