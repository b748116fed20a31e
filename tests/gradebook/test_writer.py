"""Writing into the gradebook: beside people and other programs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.gradebook.writer import GradebookWriter
from tests.conftest import nbgrader, nngrade
from tests.gradebook.conftest import RUN, run, scores, submit
from tests.helpers import STAGE, WRONG


def test_what_a_person_graded_stays(classroom: Course) -> None:
    submit(classroom, "ada", {"total": WRONG}, "2026-11-03 12:00:00 UTC")
    run(classroom)
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        grade.manual_score, grade.extra_credit = 2.5, 1
        comment = book.find_comment("task-total", STAGE, STAGE, "ada")
        comment.manual_comment = "Nearly."
        book.db.commit()
    submit(classroom, "ada", {}, "2026-11-03 13:00:00 UTC")
    assert run(classroom)["ada"].outcome == "graded"
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (3, 2.5, 1)
        assert grade.needs_manual_grade
        assert book.find_comment("task-total", STAGE, STAGE, "ada").comment == "Nearly."
        assert book.find_submission(STAGE, "ada").timestamp.hour == 13


def test_late_submissions_get_the_penalty_of_the_plugin(classroom: Course) -> None:
    (classroom.root / "lateness.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\n"
        "class Hourly(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return total_seconds_late / 3600\n"
    )
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(
            'import sys\nsys.path.insert(0, ".")\n'
            'c.AssignLatePenalties.plugin_class = "lateness.Hourly"\n'
        )
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        book.update_or_create_assignment(STAGE, duedate="2026-11-01 09:00:00 UTC")
    for student, hour in (("early", 8), ("late", 11), ("never", 23)):
        submit(classroom, student, {}, f"2026-11-01 {hour:02}:00:00 UTC")
    nngrade(classroom.root, *RUN)
    penalties = {}
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        for one in book.notebook_submissions(STAGE, STAGE):
            penalties[one.student.id] = one.late_submission_penalty
    assert penalties == {"early": None, "late": 2, "never": 6}


def test_no_look_up_reads_a_whole_table(classroom: Course) -> None:
    """Otherwise the last of ten thousand submissions takes several times as long as the first."""

    def plans() -> list[str]:
        with sqlite3.connect(classroom.root / "gradebook.db") as db:
            questions = (
                "grade WHERE notebook_id = ''", "comment WHERE notebook_id = ''",
                "submitted_notebook WHERE assignment_id = ''",
                "submitted_assignment WHERE student_id = ''",
            )  # fmt: skip
            found = [
                plan
                for one in questions
                for *_, plan in db.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {one}")
            ]
        db.close()
        return found

    assert any("SCAN" in one for one in plans())
    for _ in range(2):
        GradebookWriter(classroom, "hints").close()
        assert not any("SCAN" in one for one in plans())


def test_unknown_students_are_nbgraders_choice(classroom: Course) -> None:
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.create_student = False\n")
    nbgrader(classroom.root, "db", "student", "add", "ada")
    submit(classroom, "ada")
    submit(classroom, "eve")
    events = run(classroom)
    assert events["ada"].outcome == "graded"
    assert "eve is not in the gradebook" in events["eve"].problem
    assert scores(classroom) == {"ada": 6}


def test_a_stage_that_the_gradebook_does_not_know(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", stage="stage02_gradients")
    (classroom.root / "gradebook.db").unlink()
    nbgrader(classroom.root, "generate_assignment", STAGE)
    events = run(classroom)
    assert events["ada"].outcome == "graded"
    assert "nbgrader generate_assignment stage02_gradients" in events["bob"].problem


def locked(classroom: Course, monkeypatch: pytest.MonkeyPatch, how: str) -> sqlite3.Connection:
    """Lock a gradebook that fails after a fifth of a second; return the connection that does."""
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write('c.CourseDirectory.db_url = "sqlite:///gradebook.db?timeout=0.2"\n')
    monkeypatch.chdir(classroom.root)
    connection = sqlite3.connect(classroom.root / "gradebook.db", isolation_level=None)
    connection.execute(f"BEGIN {how}")
    return connection


def test_a_locked_gradebook_is_waited_for_and_then_left(
    classroom: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nngrade.gradebook.writer.PATIENCE", 0.5)
    for student in ("ada", "bob"):
        submit(classroom, student)
    other = locked(classroom, monkeypatch, "IMMEDIATE")
    events = run(classroom)
    assert {one.outcome for one in events.values()} == {"unwritten"}
    assert "locked" in events["ada"].problem
    other.execute("ROLLBACK")
    assert {one.outcome for one in run(classroom).values()} == {"recovered"}
    assert scores(classroom) == {"ada": 6, "bob": 6}


def test_a_gradebook_that_is_locked_at_the_start_is_waited_for(
    classroom: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(classroom, "ada")
    other = locked(classroom, monkeypatch, "EXCLUSIVE")
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            other.execute("ROLLBACK")

    clock = SimpleNamespace(monotonic=time.monotonic, sleep=sleep)
    monkeypatch.setattr("nngrade.gradebook.writer.time", clock)
    assert run(classroom)["ada"].outcome == "graded"
    assert len(waited) >= 2
    assert scores(classroom) == {"ada": 6}


def test_a_gradebook_that_stays_locked_is_a_sentence(
    classroom: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nngrade.gradebook.writer.PATIENCE", 0.3)
    submit(classroom, "ada")
    other = locked(classroom, monkeypatch, "EXCLUSIVE")
    with pytest.raises(CourseError, match="locked"):
        run(classroom)
    other.execute("ROLLBACK")
    assert run(classroom)["ada"].outcome == "graded"


def test_a_full_disk_costs_no_grade(classroom: Course) -> None:
    for student in ("ada", "bob"):
        submit(classroom, student)
    (classroom.root / "autograded").mkdir()
    command = " ".join([sys.executable, "-m", "nngrade", *RUN])
    mount = f"mount -t tmpfs -o size=8k none autograded && exec {command}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount],
        cwd=classroom.root,
        capture_output=True,
        text=True,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    assert done.returncode == 2, done.stderr
    assert done.stdout.count("No space left on device") == 2
    assert "2 graded, but not written" in done.stdout
    events = run(classroom)
    assert {one.outcome for one in events.values()} == {"recovered"}
    assert scores(classroom) == {"ada": 6, "bob": 6}
