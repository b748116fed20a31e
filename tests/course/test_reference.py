"""The reference: the solution of a lesson, as functions."""

from __future__ import annotations

import pytest

from nngrade.course.lesson import read_lesson
from nngrade.course.reference import Reference
from nngrade.course.stages import Stage
from nngrade.errors import LessonError
from tests.course.conftest import GOOD, lesson_of


def test_given_code_may_not_call_a_task(tmp_path):
    text = GOOD.replace("import math", "import math\nvalue = half(3)")
    with pytest.raises(LessonError, match="may not call a task") as caught:
        Reference(read_lesson(lesson_of(text, tmp_path)))
    assert caught.value.problems[0].line == 8


def test_the_reference_is_the_solution_of_the_lesson(stage: Stage):
    assert stage.reference.total([1.0, 2.5]) == 3.5
    with pytest.raises(AttributeError, match="defines no 'totla'"):
        _ = stage.reference.totla


def test_a_traceback_from_the_reference_names_the_line_of_the_lesson(tmp_path):
    reference = Reference(read_lesson(lesson_of(GOOD, tmp_path)))
    with pytest.raises(TypeError) as caught:
        reference.half("x")
    assert caught.traceback[-1].path.name == "lesson.py"
    assert caught.traceback[-1].lineno + 1 == 13
