"""Building: lessons become notebooks, the same ones every time, and each difference is noticed."""

from __future__ import annotations

import json

import pytest

from nngrade.authoring.build import build, differences
from nngrade.authoring.specimens import untouched
from nngrade.course.stages import Course
from nngrade.errors import LessonError


def test_a_second_build_is_identical_to_the_byte(new_course: Course):
    paths = list(build(new_course, new_course.stages))
    before = [path.read_bytes() for path in paths]
    sources = [path.read_bytes() for path in sorted((new_course.root / "build").rglob("*.ipynb"))]
    assert build(Course(new_course.root), new_course.stages) == dict.fromkeys(paths, False)
    assert [path.read_bytes() for path in paths] == before
    again = [path.read_bytes() for path in sorted((new_course.root / "build").rglob("*.ipynb"))]
    assert again == sources


def test_a_changed_lesson_is_noticed_with_the_place_and_the_fix(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace("Adding things up.", "Adding up."))
    course = Course(new_course.root)
    (found,) = differences(course, course.stages)
    assert "differs from its lesson, first at line" in found.why
    assert "nngrade build stage01_sums" in found.why


def test_a_changed_notebook_and_changed_points_are_noticed(new_course: Course):
    checks = new_course.stages[1].folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=1", "points=4"))
    path = new_course.assignments / "stage01_sums/stage01_sums.ipynb"
    path.write_text(path.read_text() + "\n")
    course = Course(new_course.root)
    assert len(differences(course, course.stages)) == 2


def test_missing_and_stray_notebooks_are_noticed(new_course: Course):
    path = new_course.assignments / "stage01_sums/stage01_sums.ipynb"
    path.rename(path.with_name("other.ipynb"))
    found = {str(one) for one in differences(new_course, new_course.stages)}
    assert any("is missing" in one for one in found)
    assert any("no lesson makes this file" in one for one in found)


def test_the_problems_of_all_stages_are_told_together(new_course: Course):
    for stage in new_course.stages:
        lesson = stage.folder / "lesson.py"
        lesson.write_text(lesson.read_text().replace('# %% tests="', '# %% test="', 1))
    course = Course(new_course.root)
    with pytest.raises(LessonError) as caught:
        build(course, course.stages)
    assert {problem.path.parent.name for problem in caught.value.problems} == {
        "stage01_sums", "stage02_gradients",
    }  # fmt: skip


def test_graded_cells_carry_the_points_of_their_checks(course: Course):
    for stage in course.stages:
        points = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
            for cell in untouched(course, stage)["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }
        assert sum(points.values()) == stage.max_score


def test_stock_nbgrader_gives_no_marks_to_what_it_cannot_grade(course: Course):
    source = course.root / "build/source/stage01_sums/stage01_sums.ipynb"
    for cell in json.loads(source.read_text())["cells"]:
        if cell["id"].startswith("tests-"):
            text = "".join(cell["source"])
            hidden = text[text.index("### BEGIN HIDDEN TESTS") : text.index("### END HIDDEN TESTS")]
            with pytest.raises(RuntimeError, match="graded by nngrade"):
                exec(hidden, {})
