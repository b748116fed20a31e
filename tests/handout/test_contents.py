"""What is in a hand-out, and what is not."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.handout.contents import handout_files
from nngrade.handout.folder import write_handout
from tests.handout.conftest import NOTEBOOK, in_folder


def test_a_handout_holds_what_is_listed_and_nothing_else(files):
    package = {name for name in files if name.startswith(("package/nndata/", "package/nngrade/"))}
    assert set(files) - package == {
        ".devcontainer/devcontainer.json", ".dockerignore", ".gitignore",
        ".github/workflows/visible-tests.yml", "Dockerfile", "README.md", "check.py",
        "constraints.txt", "requirements.txt",
        "package/LICENSE", "package/README.md", "package/pyproject.toml",
        "assignments/stage01_sums/stage01_sums.ipynb",
        "assignments/stage02_gradients/stage02_gradients.ipynb",
    }  # fmt: skip
    assert "package/nndata/digits-images.idx.gz" in package
    assert all(name.endswith((".py", "py.typed", ".idx.gz")) for name in package)


def test_its_notebooks_are_those_that_were_built(files, course):
    assert files[NOTEBOOK] == (course.root / NOTEBOOK).read_bytes()


def test_two_handouts_are_the_same_byte_for_byte(files, course, folder):
    assert handout_files(course, course.stages) == files
    before = in_folder(folder)
    write_handout(files, folder)
    assert in_folder(folder) == before


def test_stages_that_are_not_asked_for_stay_with_the_staff(course):
    files = handout_files(course, course.stages[1:])
    assert [name for name in files if name.startswith("assignments/")] == [
        "assignments/stage02_gradients/stage02_gradients.ipynb"
    ]
    assert b"stage01_sums" not in b"".join(files.values())


def test_assignments_out_of_step_with_their_lessons_are_not_handed_out(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace("Adding", "Summing"))
    course = Course(new_course.root)
    with pytest.raises(CourseError, match=r"differs from its lesson.*run `nngrade build stage01"):
        handout_files(course, course.stages)
