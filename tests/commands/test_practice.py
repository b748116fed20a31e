"""`nngrade practice --mine` on a right, a partly right and an empty set of notebooks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.commands.conftest import nngrade

pytestmark = pytest.mark.thorough


def write(course: Course, folder: Path, undone: dict[str, set[str]], leave_out: str = "") -> Path:
    """All notebooks of a student, with these tasks undone, and one stage left out."""
    for stage in course.stages:
        prefix = stage.name.partition("_")[0]
        if prefix == leave_out:
            continue
        skipped = undone.get(prefix, set())
        answers = {
            name: source
            for name, source in solutions(stage).items()
            if name not in skipped and "*" not in skipped
        }
        path = folder / "assignments" / stage.name / f"{stage.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook_text(fill(untouched(course, stage), stage, answers)))
    return folder


def practice(
    course: Course, folder: Path, *more: str, where: str = "assignments"
) -> subprocess.CompletedProcess[str]:
    arguments = ("--mine", where, "--data", "digits", "--sandbox", "weak", *more)
    return nngrade("--course", course.root, "practice", *arguments, cwd=folder)


def test_a_right_set_reaches_everything(real_course: Course, tmp_path: Path):
    # The hidden checks of a whole course take long: tests/practice has them on the small one.
    done = practice(real_course, write(real_course, tmp_path, {}), "--visible")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Your functions, from 7 notebooks in assignments, tried with the visible" in done.stdout
    for stage in real_course.stages:
        n_tasks = len(stage.lesson.tasks)
        assert f"  {stage.name}: {n_tasks} of {n_tasks} tasks right\n" in done.stdout
    assert "3 of 3 milestones reached." in done.stdout
    pictures = sorted((tmp_path / "milestones").iterdir())
    assert [one.name for one in pictures] == ["1958.png", "1969.png", "1986.png"]
    assert all(one.read_bytes().startswith(b"\x89PNG") for one in pictures)


def test_a_partly_right_set_says_what_is_missing(real_course: Course, tmp_path: Path):
    folder = write(real_course, tmp_path, {"stage05": {"backward"}}, leave_out="stage07")
    done = practice(real_course, folder, "--visible", "--output", "kept")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "from 6 notebooks in assignments, tried with the visible tests" in done.stdout
    assert "not done yet: backward\n" in done.stdout
    told = " ".join(done.stdout.split())
    assert "1986 · Backpropagation from scratch: … not yet" in told
    assert "It needs backward (stage05, not done yet); softmax, cross_entropy," in told
    assert "2 of 3 milestones reached." in told
    assert sorted(one.name for one in (tmp_path / "kept").iterdir()) == ["1958.png", "1969.png"]


def test_an_empty_set_says_that_nothing_is_done(real_course: Course, tmp_path: Path):
    every = {stage.name.partition("_")[0]: {"*"} for stage in real_course.stages}
    done = practice(real_course, write(real_course, tmp_path, every), "--visible")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("nothing done yet") == len(real_course.stages)
    assert "0 of 3 milestones reached." in done.stdout
    assert not (tmp_path / "milestones").exists()


def test_a_course_with_other_stages_has_no_function_for_a_milestone(course: Course, tmp_path: Path):
    done = practice(course, write(course, tmp_path, {}))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "tried with the hidden checks:" in done.stdout
    assert "  stage01_sums: 2 of 2 tasks right\n" in done.stdout
    told = " ".join(done.stdout.split())
    assert "It needs predict, update, fit (stage01, not in this edition)." in told


def test_where_there_is_nothing_it_says_so(real_course: Course, tmp_path: Path):
    done = practice(real_course, tmp_path, where=".")
    assert done.returncode == 2
    assert "no notebook (*.ipynb) in this folder" in done.stderr
