"""Building: lessons become notebooks, the same ones every time, and nothing secret comes along."""

from __future__ import annotations

import json

import nbformat
import pytest

from nngrade.authoring.build import build, differences
from nngrade.authoring.specimens import untouched
from nngrade.course.naming import cell_ids, normalised, stub_source
from nngrade.course.stages import Course
from nngrade.errors import CourseError, LessonError


def test_a_second_build_is_identical_to_the_byte(new_course: Course):
    paths = list(build(new_course, new_course.stages))
    before = [path.read_bytes() for path in paths]
    sources = [path.read_bytes() for path in sorted((new_course.root / "build").rglob("*.ipynb"))]
    assert build(Course(new_course.root), new_course.stages) == dict.fromkeys(paths, False)
    assert [path.read_bytes() for path in paths] == before
    again = [path.read_bytes() for path in sorted((new_course.root / "build").rglob("*.ipynb"))]
    assert again == sources


def test_the_committed_assignments_are_what_the_lessons_say(real_course: Course):
    assert [str(one) for one in differences(real_course, real_course.stages)] == []


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


def test_a_stage_is_found_by_the_start_of_its_name(course: Course):
    assert course.stage("stage02").name == "stage02_gradients"
    with pytest.raises(CourseError, match=r"no stage 'stage09'.*stage01_sums, stage02_gradients"):
        course.stage("stage09")
    with pytest.raises(CourseError, match="several stages match 'stage0'"):
        course.stage("stage0")


def test_notebooks_are_valid_and_run_on_any_python_kernel(real_course: Course):
    for stage in real_course.stages:
        notebook = nbformat.from_dict(untouched(real_course, stage))
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert all("lines_to" not in key for cell in notebook.cells for key in cell.metadata)


def test_our_idea_of_a_stub_is_nbgraders(real_course: Course, course: Course):
    for one in (*real_course.stages, *course.stages):
        home = real_course if one in real_course.stages else course
        ids = cell_ids(one.lesson)
        cells = {cell["id"]: "".join(cell["source"]) for cell in untouched(home, one)["cells"]}
        for task in one.lesson.tasks:
            built = cells[ids[task.solution]]
            assert normalised(built) == normalised(stub_source(task.solution.source))


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


def test_ids_name_nothing_that_is_hidden(real_course: Course):
    for stage in real_course.stages:
        text = json.dumps(untouched(real_course, stage))
        for check in stage.checks:
            if check.function is not None:
                assert check.name not in text
