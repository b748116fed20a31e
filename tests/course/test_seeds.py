"""The course's secret, and the seeds that come of it."""

from __future__ import annotations

import pytest

from nngrade.course.seeds import SECRET_FILE, course_secret, generator, seed
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from tests.conftest import SECRET


def test_two_students_stages_and_checks_get_different_inputs():
    names = [("ann", "s1", "c1"), ("bob", "s1", "c1"), ("ann", "s2", "c1"), ("ann", "s1", "c2")]
    draws = {generator(SECRET, *name).normal() for name in names}
    assert len(draws) == 4
    assert generator(SECRET, *names[0]).normal() in draws


def test_names_that_run_together_have_different_seeds():
    assert seed(SECRET, "ab", "c") != seed(SECRET, "a", "bc")


def test_another_secret_gives_other_inputs():
    assert seed(SECRET, "ann") != seed(SECRET + b"!", "ann")


def test_the_secret_is_made_once_and_is_private(new_course: Course, monkeypatch):
    monkeypatch.delenv("NNGRADE_SECRET", raising=False)
    first = course_secret(new_course)
    assert len(first) == 64
    assert course_secret(new_course) == first
    path = new_course.solutions / SECRET_FILE
    assert path.stat().st_mode & 0o077 == 0


def test_the_secret_may_come_from_the_environment(new_course: Course, monkeypatch):
    monkeypatch.setenv("NNGRADE_SECRET", "x" * 20)
    assert course_secret(new_course) == b"x" * 20
    monkeypatch.setenv("NNGRADE_SECRET", "short")
    with pytest.raises(CourseError, match="at least 16"):
        course_secret(new_course)
