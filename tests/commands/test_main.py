"""The command line, as a program: its help, the course, and bugs."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from nngrade.commands.main import main
from tests.commands.conftest import nngrade


def test_a_bug_does_not_look_like_lost_points():
    @click.command()
    def broken() -> None:
        raise RuntimeError("a bug")

    done = CliRunner().invoke(type(main)(commands={"broken": broken}), ["broken"])
    assert done.exit_code == 2
    assert "RuntimeError: a bug" in done.output
    assert "please report it" in done.output


def test_help_names_every_command(course):
    run = nngrade("--help", cwd=course.root)
    assert run.returncode == 0
    for command in ("build", "grade", "watch", "demo", "data", "doctor", "calibrate"):
        assert command in run.stdout


@pytest.mark.parametrize("command", [(), ("grade",), ("regrade",), ("audit",), ("watch",)])
def test_lines_of_help_that_belong_apart_stay_apart(course, command):
    text = nngrade(*command, "--help", cwd=course.root).stdout
    assert "\\b" not in text
    assert re.search(r"^  (Exit codes:  0|Try:  nngrade demo) .*\n {8,}\S", text, re.M)


def test_outside_a_course_one_is_asked_for(submitted, tmp_path):
    run = nngrade("--course", tmp_path, "grade", submitted, cwd=tmp_path)
    assert run.returncode == 2
    assert "a course has solutions/STAGE/lesson.py" in run.stderr


def test_the_course_can_be_named(course, submitted, tmp_path):
    for run in (
        nngrade("--course", course.root, "grade", submitted / "ann", cwd=tmp_path),
        nngrade("grade", submitted / "ann", cwd=tmp_path, NNGRADE_COURSE=str(course.root)),
    ):
        assert run.returncode == 0, run.stderr
