"""Formats by their names: whom they are for, what they take, and what they say of a failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nngrade.course.options import LEVELS
from nngrade.course.stages import Course
from nngrade.errors import CourseError, LessonError, NngradeError, Problem
from nngrade.formats.registry import FORMATS, failure, render, require_fit
from nngrade.submissions.records import Candidate
from tests.formats.conftest import a_submission
from tests.helpers import HOSTILE, valid


def test_gradescope_takes_one_submission(tmp_path):
    two = [Candidate(tmp_path / name, name, None) for name in "ab"]
    for candidates in (two, []):
        with pytest.raises(NngradeError, match="gradescope is for one submission, and there are"):
            require_fit("gradescope", candidates)


def test_a_gradebook_takes_one_grade_for_each_student_and_stage(tmp_path, course: Course):
    stage, other = course.stages
    twins = [Candidate(tmp_path / name, "ann", stage) for name in ("a.ipynb", "b.ipynb")]
    for name in ("canvas", "moodle"):
        with pytest.raises(NngradeError, match=r"ann has .*a\.ipynb and .*b\.ipynb"):
            require_fit(name, twins)
        require_fit(name, [twins[0], replace(twins[1], stage=other)])
    require_fit("csv", twins)


STUDENTS_READ = [name for name, one in FORMATS.items() if one.for_students]


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_that_says_why_there_is_none_is_valid(name):
    text = failure(name, CourseError(f"no course here {HOSTILE}"))
    valid(name, text)
    assert "no course here" in text


@pytest.mark.parametrize("name", STUDENTS_READ)
@pytest.mark.parametrize(
    "error", [RuntimeError("secret"), LessonError([Problem(Path("checks.py"), 1, "secret")])]
)
def test_students_do_not_read_what_is_wrong_inside(name, error):
    text = failure(name, error)
    assert "secret" not in text
    assert "staff" in text
    assert "secret" in failure("json", error)


@pytest.mark.parametrize("name", STUDENTS_READ)
@pytest.mark.parametrize("level", LEVELS)
def test_students_read_as_much_as_the_course_says(name, level):
    text = render(name, [a_submission()], level)
    valid(name, text)
    order = LEVELS.index(level)
    assert ("About wrong." in text) == (order >= 1)
    assert ("off by 1" in text) == (order >= 2)
    assert ("An average is taken." in text) == (order >= 2)
    assert ("It failed on" in text) == (order >= 3)
    # Hidden checks are named for what they try.
    assert "total.wrong" not in text
