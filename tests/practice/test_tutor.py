"""How a student's notebook stands by the hidden checks, for whoever has the course."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.practice.tutor import Tutor, with_cells
from tests.helpers import STAGE, WRONG

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def tutor(course: Course) -> Iterator[Tutor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNGRADE_SECRET", "a secret for tests only")
        with Tutor(course.root, "weak", "digits") as one:
            yield one


def write(course: Course, folder: Path, name: str = STAGE, **answers: str) -> Path:
    stage = course.stage(STAGE)
    path = folder / f"{name}.ipynb"
    filled = {task: source for task, source in {**solutions(stage), **answers}.items() if source}
    path.write_text(notebook_text(fill(untouched(course, stage), stage, filled)))
    return path


def test_right_answers_have_all_points(course: Course, tutor: Tutor, tmp_path: Path):
    found = tutor.standings(write(course, tmp_path))
    assert [(one.task, one.state, one.points, one.of) for one in found] == [
        ("total", "passed", 3, 3),
        ("shifted", "passed", 3, 3),
    ]
    assert all(one.done for one in found)


def test_wrong_and_missing_answers_have_theirs(course: Course, tutor: Tutor, tmp_path: Path):
    first, second = tutor.standings(write(course, tmp_path, total=WRONG, shifted=""))
    assert (first.state, first.points, first.done) == ("failed", 0, False)
    assert "✗ Arrays of any length are summed." in first.said
    # What only follows from that is not said again.
    assert first.said.splitlines()[0] == "✗ total: 0 of 3 points."
    assert (second.state, second.points, second.of) == ("undone", 0, 3)
    assert "not done yet" in second.said


def test_one_task_is_asked_about_alone(course: Course, tutor: Tutor, tmp_path: Path):
    path = write(course, tmp_path, total="1 / 0")
    assert tutor.answer(path, "shifted").done


def test_no_expected_value_is_told(course: Course, tutor: Tutor, tmp_path: Path):
    wrong = "def total(values):\n    return 7.25\n"
    (first, _) = tutor.standings(write(course, tmp_path, total=wrong))
    assert "reference" not in first.said
    assert "student.total" not in first.said


def test_notebooks_that_are_no_stage_are_refused(course: Course, tutor: Tutor, tmp_path: Path):
    path = write(course, tmp_path, "renamed")
    # The notebook itself says which stage it is.
    assert tutor.answer(path, "total").done
    text = json.loads(path.read_text())
    text["metadata"].pop("nngrade")
    path.write_text(json.dumps(text))
    with pytest.raises(ValueError, match="is of no stage of"):
        tutor.standings(path)
    path.write_text('{"cells": [')
    with pytest.raises(ValueError, match="renamed"):
        tutor.standings(path)
    with pytest.raises((OSError, ValueError)):
        tutor.standings(tmp_path / "gone.ipynb")


def test_a_folder_without_a_course_is_refused(tmp_path: Path):
    with pytest.raises(CourseError, match="no course in"):
        Tutor(tmp_path, "weak")


def test_cells_as_they_were_run_take_the_place_of_saved_ones():
    cells = [
        {"id": "task-f", "source": "old"},
        {"id": "x", "metadata": {"nbgrader": {"grade_id": "task-g"}}, "source": "old"},
        {"id": "tests-f", "source": "old"},
        {"source": "old"},
    ]
    made = with_cells({"cells": cells}, {"f": "new f", "g": "new g", "h": "no such cell"})
    assert [one["source"] for one in made["cells"]] == ["new f", "new g", "old", "old"]


def test_the_program_answers_line_by_line_whatever_it_is_asked(course: Course, tmp_path: Path):
    path = write(course, tmp_path, total="def total(values):\n    print('loud')\n    return 0")
    asked = [
        {"path": str(path), "task": "total", "sources": {}},
        {"path": str(path), "task": "total", "sources": {"total": solutions_of(course)["total"]}},
        {"path": str(tmp_path / "gone.ipynb"), "task": "total", "sources": {}},
        {"path": str(path), "task": "no_such_task", "sources": {}},
        {"task": "total"},
        {"path": str(path), "task": "shifted", "sources": {}},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "nngrade.practice.tutor"],
        input="".join(json.dumps(one) + "\n" for one in asked),
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **os.environ,
            "NNGRADE_COURSE": str(course.root),
            "NNGRADE_SECRET": "a secret for tests only",
        },
    )
    assert done.returncode == 0, done.stderr
    wrong, right, gone, strange, half, last = map(json.loads, done.stdout.splitlines())
    assert (wrong["points"], wrong["of"]) == (0, 3)
    assert (right["points"], right["of"]) == (3, 3)
    assert all("error" in one for one in (gone, strange, half))
    assert last["points"] == 3


def solutions_of(course: Course) -> dict[str, str]:
    return dict(solutions(course.stage(STAGE)))
