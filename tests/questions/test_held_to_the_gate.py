"""What tests the course knows its questions: the gate, the audit and the build refuse bad keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from nngrade.audit.gate import gate
from nngrade.audit.task import Plan
from nngrade.course.stages import Course
from tests.asking import asking
from tests.conftest import nngrade
from tests.helpers import STAGE, edit

pytestmark = pytest.mark.thorough


@pytest.fixture
def new(tmp_path: Path) -> Course:
    """A course that a test may change."""
    return asking(tmp_path / "new")


@pytest.mark.parametrize("command", ["gate", "audit", "build"])
def test_a_key_that_fails_its_own_question_is_refused(new: Course, command: str) -> None:
    edit(new.solutions / STAGE / "questions.py", "wrong={r + c:", "wrong={r * c:")
    done = nngrade(new.root, command, STAGE, ok=False)
    assert done.returncode == (1 if command == "gate" else 2)
    said = " ".join((done.stdout + done.stderr).split())
    assert "questions.py:11: entries: the wrong answer" in said
    assert "is also right (with r = " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("points", [0, 0.5])
def test_a_sound_course_passes_and_its_answers_get_full_marks(new: Course, points: float) -> None:
    (new.solutions / "course.toml").write_text(
        f"[questions]\npoints = {points}\n[stages]\npoints = 6\nquestions = 3\n"
        "misconceptions = 0\nalternatives = 0\n"
    )
    fresh = Course(new.root)
    nngrade(fresh.root, "build", STAGE)
    found = gate(Course(fresh.root), fresh.select([STAGE]), Plan.fast(2), 1).problems
    assert [str(one) for one in found if "README" not in str(one)] == []


def test_too_few_questions_are_told(new: Course) -> None:
    (new.solutions / "course.toml").write_text("[stages]\nquestions = 5\nwritten = 1\n")
    done = nngrade(new.root, "gate", STAGE, ok=False)
    said = " ".join((done.stdout + done.stderr).split())
    assert "3 questions that the notebook answers, and a stage has 5 at least" in said
    assert "add 2 more" in said
    assert "0 written answers, and a stage has 1 at least" in said
