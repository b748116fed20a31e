"""`nngrade build`."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from tests.commands.conftest import nngrade


@pytest.mark.slow
def test_build_check_exits_with_1_where_something_is_out_of_step(new_course: Course):
    assert nngrade("build", "--check", cwd=new_course.root).returncode == 0
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace("Adding", "Summing"))
    run = nngrade("build", "--check", cwd=new_course.root)
    assert run.returncode == 1
    assert "assignments/stage01_sums/stage01_sums.ipynb: differs from its lesson" in run.stderr
    assert nngrade("build", cwd=new_course.root).returncode == 0
    assert nngrade("build", "--check", cwd=new_course.root).returncode == 0


def test_build_names_file_line_and_fix_of_a_broken_lesson(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace("# %% demo", "# %% damo"))
    run = nngrade("build", cwd=new_course.root)
    assert run.returncode == 2
    assert f"{lesson}:" in run.stderr
    assert "unknown kind of cell 'damo'" in run.stderr
