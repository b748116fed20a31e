"""Stages are found by the start of their names."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from nngrade.errors import CourseError


def test_a_stage_is_found_by_the_start_of_its_name(course: Course):
    assert course.stage("stage02").name == "stage02_gradients"
    with pytest.raises(CourseError, match=r"no stage 'stage09'.*stage01_sums, stage02_gradients"):
        course.stage("stage09")
    with pytest.raises(CourseError, match="several stages match 'stage0'"):
        course.stage("stage0")
