"""What commands know from nbgrader's gradebook, wherever it is: who takes the course, and when."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from nngrade.commands.main import main
from nngrade.course.stages import Course
from nngrade.gradebook.deadlines import kept_deadlines
from nngrade.students.class_list import read_class_list
from tests.helpers import STAGE
from tests.students.test_routes import DUE, LATE, edit_options

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")
TWO_DAYS_LATE = datetime(2026, 11, 4, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_in_an_activated_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside Python there is alembic, which nbgrader calls by its name."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


def begin(course: Course, *arguments: str) -> Result:
    command = ["--course", str(course.root), "students", "from-gradebook", *arguments]
    return CliRunner().invoke(main, command)


def add_students(course: Course, file: str = "gradebook.db") -> None:
    with Gradebook(f"sqlite:///{course.root / file}", "nngrade") as book:
        book.update_or_create_assignment(STAGE)
        book.add_student("bob")
        book.add_student("ann", first_name="Ann", last_name="Çelik, née =1", email="ann@x.org")
        book.add_submission(STAGE, "ann", timestamp=TWO_DAYS_LATE.isoformat())
        book.grant_extension(STAGE, "ann", hours=36)


def test_a_class_list_begins_with_the_gradebook(classroom: Course) -> None:
    assert "has no students; `nbgrader db student add` adds one" in begin(classroom).output
    add_students(classroom)
    done = begin(classroom)
    path = classroom.root / "students.csv"
    assert (done.exit_code, done.output) == (0, f"2 students of the gradebook in {path}.\n")
    ann, bob = read_class_list(path, classroom).students
    assert (ann.id, ann.name, ann.email) == ("ann", "Ann Çelik, née =1", "ann@x.org")
    assert ann.extensions == {STAGE: timedelta(hours=36)}
    assert (bob.id, bob.name, bob.email, bob.section, bob.group) == ("bob", "", "", "", "")
    before = path.read_bytes()
    done = begin(classroom)
    assert done.exit_code == 2
    assert f"{path} exists, and nothing in it is changed; name another file" in done.output
    assert path.read_bytes() == before
    assert begin(classroom, str(classroom.root / "other.csv")).exit_code == 0
    assert (classroom.root / "other.csv").read_bytes() == before


def test_times_are_read_from_the_gradebook_that_the_configuration_names(classroom: Course) -> None:
    """As from one beside the course, which is read without nbgrader."""
    edit_options(classroom, DUE + LATE)
    (classroom.root / "gradebook.db").unlink()
    assert not kept_deadlines(classroom, None).times
    config = classroom.root / "nbgrader_config.py"
    elsewhere = f"\nc.CourseDirectory.db_url = 'sqlite:///{classroom.root / 'marks.db'}'\n"
    config.write_text(config.read_text() + elsewhere)
    assert not kept_deadlines(classroom, None).times
    add_students(classroom, "marks.db")
    assert kept_deadlines(classroom, None).of("ann")[STAGE].seconds_late == 47 * 3600
