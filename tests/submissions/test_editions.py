"""A notebook of another edition of the course earns what its functions deserve, and is told so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.build import build
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.options import read_options
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.gradebook.autograded import autograded_notebook
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult
from nngrade.submissions.notebook_file import read_notebook

# The second edition: `total` is given, `mean` is new, `shifted` stays and is tried with `total`.
SECOND = '''\
# %% [markdown]
# # Stage 1: Sums and means

# %%
import numpy as np


def total(values):
    """Given in this edition."""
    return float(np.sum(values))


# %% task="shifted"
def shifted(values, by):
    """Every entry plus `by`, in a new array."""
    ### BEGIN SOLUTION
    return values + by
    ### END SOLUTION


# %% tests="shifted"
assert shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]


# %% task="mean"
def mean(values):
    """Mean of the entries."""
    ### BEGIN SOLUTION
    return total(values) / len(values)
    ### END SOLUTION


# %% tests="mean"
assert mean(np.array([1.0, 3.0])) == 2
'''
CHECKS = '''\
"""Hidden checks of the second edition."""

import numpy as np

from nngrade import agrees, check


@check("shifted", points=3)
def shifts(student, reference, rng):
    """Every entry is shifted."""
    agrees(student.shifted, reference.shifted, [(rng.normal(size=4), 2.0)])


@check("shifted", points=2)
def total_is_the_courses(student, reference, rng):
    """What is given works."""
    agrees(student.total, reference.total, [(rng.normal(size=4),)])


@check("mean", points=4)
def is_the_mean(student, reference, rng):
    """The mean."""
    agrees(student.mean, reference.mean, [(rng.normal(size=4),)])
'''


@pytest.fixture
def second(new_course: Course) -> Course:
    """The small course in its second edition."""
    folder = new_course.stages[0].folder
    (folder / "lesson.py").write_text(SECOND)
    (folder / "checks.py").write_text(CHECKS)
    for name in ("misconceptions.py", "alternatives.py"):
        (folder / name).unlink()
    (new_course.solutions / "course.toml").write_text("[course]\nedition = 2\n")
    made = Course(new_course.root)
    build(made, made.stages[:1])
    return made


Grade = Callable[[dict[str, Any]], SubmissionResult]


@pytest.fixture
def grade(second: Course, grader: Grader, tmp_path: Path) -> Grade:
    def graded(notebook: dict[str, Any]) -> SubmissionResult:
        path = tmp_path / "handed-in.ipynb"
        path.write_text(notebook_text(notebook))
        return grader.grade(path, second.stages[0], "ann")

    return graded


def first_edition(stage: Stage, course: Course, *solved: str) -> dict[str, Any]:
    """A notebook of the first edition in which some tasks are solved."""
    right = solutions(stage)
    return fill(untouched(course, stage), stage, {name: right[name] for name in solved})


NOTE = (
    "This notebook is of edition 1 of the course, and is graded by edition 2, in which the same "
    "functions count: it has no cell for mean."
)


def test_the_functions_that_still_are_tasks_earn_their_points(course: Course, grade: Grade):
    result = grade(first_edition(course.stages[0], course, "total", "shifted"))
    assert result.status == "graded"
    assert result.notes == (NOTE,)
    assert (result.score, result.max_score) == (5, 9)
    (lost,) = (one for one in result.checks if one.points and not one.score)
    assert (lost.task, lost.status) == ("mean", "skipped")


def test_tests_that_another_edition_has_otherwise_are_nobodys_change(course: Course, grade: Grade):
    stage = course.stages[0]
    notebook = first_edition(stage, course, "shifted")
    for cell in notebook["cells"]:
        if cell.get("id") == "tests-shifted":
            cell["source"] = ["assert shifted(np.zeros(2), 1.0).sum() == 2"]
    assert grade(notebook).notes == (NOTE,)


def test_in_todays_edition_a_changed_test_is_told(second: Course, grade: Grade):
    notebook = untouched(second, second.stages[0])
    for cell in notebook["cells"]:
        if cell.get("id") == "tests-shifted":
            cell["source"] = ["assert True"]
    (note,) = grade(notebook).notes
    assert "belongs to the course and is graded as the course has it" in note


@pytest.mark.parametrize("total", ["an untouched stub", "wrong", "broken"])
def test_what_is_given_today_is_the_courses_and_not_the_former_tasks(
    course: Course, grade: Grade, total: str
):
    stage = course.stages[0]
    notebook = first_edition(stage, course, "shifted")
    if total != "an untouched stub":
        source = "def total(values):\n    return " + ("0.0" if total == "wrong" else "(")
        notebook = fill(notebook, stage, {"total": source})
    result = grade(notebook)
    assert result.notes == (NOTE,)
    assert result.score == 5


def test_a_helper_beside_a_former_task_stays(course: Course, grade: Grade):
    stage = course.stages[0]
    answers = {
        "total": "def plus(a, b):\n    return a + b\n\n\ndef total(values):\n    return 0.0",
        "shifted": "def shifted(values, by):\n    return plus(values, by)",
    }
    assert grade(fill(untouched(course, stage), stage, answers)).score == 5


def test_a_new_task_that_was_written_all_the_same_counts(course: Course, grade: Grade):
    stage = course.stages[0]
    notebook = first_edition(stage, course, "shifted")
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": []}
    source = "def mean(values):\n    return np.mean(values)"
    notebook["cells"].append({**cell, "execution_count": None, "source": source})
    result = grade(notebook)
    assert result.score == 9
    assert result.notes == (f"{NOTE.partition(' it has')[0]} it has a cell for every task.",)


def test_a_notebook_of_todays_edition_gets_no_note(second: Course, grade: Grade):
    notebook = untouched(second, second.stages[0])
    assert notebook["metadata"]["nngrade"] == {"stage": "stage01_sums", "edition": 2}
    assert grade(notebook).notes == ()


def test_a_notebook_that_lost_its_metadata_gets_no_note(second: Course, grade: Grade):
    notebook = untouched(second, second.stages[0])
    del notebook["metadata"]["nngrade"]
    assert grade(notebook).notes == ()


def test_a_notebook_of_the_first_edition_does_not_say_it(course: Course):
    assert untouched(course, course.stages[0])["metadata"]["nngrade"] == {"stage": "stage01_sums"}


@pytest.mark.parametrize("edition", ["2", True, 0, -1, 10**9, 1.5, [2], None])
def test_an_edition_that_is_no_number_tells_nothing(tmp_path: Path, edition: object):
    path = tmp_path / "a.ipynb"
    metadata = {"nngrade": {"stage": "stage01_sums", "edition": edition}}
    path.write_text(json.dumps({"cells": [], "metadata": metadata}))
    assert read_notebook(path).edition is None
    assert read_notebook(path).stage == "stage01_sums"


def test_nbgraders_notebook_has_a_cell_for_every_task(
    course: Course, second: Course, grade: Grade, tmp_path: Path
):
    notebook = first_edition(course.stages[0], course, "total", "shifted")
    result = grade(notebook)
    made = autograded_notebook(tmp_path / "handed-in.ipynb", second.stages[0], result, "hints")
    ids = [one["metadata"].get("nbgrader", {}).get("grade_id") for one in made["cells"]]
    assert {"task-shifted", "tests-shifted", "task-mean", "tests-mean"} <= set(ids)


@pytest.mark.parametrize("value", ["0", "-1", "true", '"2"', "1.5"])
def test_the_option_is_a_whole_number_from_1_on(tmp_path: Path, value: str):
    path = tmp_path / "course.toml"
    path.write_text(f"[course]\nedition = {value}\n")
    with pytest.raises(CourseError, match=r"edition in \[course\] must be a whole number"):
        read_options(path)
