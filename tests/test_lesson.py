"""Lessons: what is read, and what is refused with file, line and fix."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from nngrade.course.lesson import read_lesson
from nngrade.course.reference import Reference
from nngrade.course.stages import Course, Stage
from nngrade.errors import LessonError

GOOD = """\
# %% [markdown]
# # A title
#
# Prose.

# %%
import math

# %% task="half"
def half(x):
    \"\"\"Half of x.\"\"\"
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tests="half"
assert half(2) == 1
"""


def lesson_of(text: str, folder: Path) -> Path:
    path = folder / "stage01_halves" / "lesson.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lesson_is_cut_into_cells_with_their_lines(tmp_path):
    lesson = read_lesson(lesson_of(GOOD, tmp_path))
    assert [(cell.kind, cell.name, cell.line) for cell in lesson.cells] == [
        ("text", "", 2),
        ("given", "", 7),
        ("task", "half", 10),
        ("tests", "half", 17),
    ]
    assert lesson.stage == "stage01_halves"
    assert lesson.title == "A title"
    assert lesson.cells[0].source == "# A title\n\nProse."


def test_jupytext_reads_the_same_cells(real_course: Course):
    for stage in real_course.stages:
        theirs = jupytext.read(stage.folder / "lesson.py", fmt="py:percent")
        ours = [cell.source for cell in stage.lesson.cells]
        # Jupytext comments out magics and keeps comments above the first cell as one more cell.
        assert [cell.source.strip() for cell in theirs.cells][-len(ours) :] == ours


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('# %% task="half"', '# %% tsk="half"', 9, ["unknown kind", 'task="NAME"']),
        ('# %% task="half"', "# %% task=half", 9, ["unknown kind"]),
        ('# %% task="half"', '# %% task="1half"', 9, ["not the name of a Python function"]),
        ('# %% task="half"', '# %% task="third"', 10, ["must define one function, third"]),
        ("    ### BEGIN SOLUTION\n", "", 13, ["BEGIN SOLUTION"]),
        ("    ### END SOLUTION\n", "", 10, ["lacks `### END SOLUTION`"]),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTIONS", 12, ["must stand"]),
        ("### BEGIN SOLUTION", "# BEGIN SOLUTION", 12, ["must stand"]),
        ("    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n", "    return x / 2\n",
         10, ["lacks", "BEGIN SOLUTION"]),
        ("import math", "import math\n### BEGIN SOLUTION", 8, ["marker outside a task"]),
        ("import math", "import (math", 7, ["not valid Python"]),
        ("import math", "", 6, ["empty"]),
        ("# Prose.", "Prose.", 4, ["must start with `# `"]),
        ("# # A title", "# A title", 2, ["starts with `# Title`"]),
        ('    """Half of x."""\n', "", 10, ["no docstring"]),
        ('# %% tests="half"\nassert half(2) == 1\n', "", 10, ["no visible tests"]),
        ('# %% tests="half"', '# %% tests="hlaf"', 17, ["above no task of that name"]),
        ("# %% [markdown]\n", "import os\n# %% [markdown]\n", 1, ["above the first cell"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line_and_the_fix(tmp_path, old, new, line, words):
    assert old in GOOD
    path = lesson_of(GOOD.replace(old, new, 1), tmp_path)
    with pytest.raises(LessonError) as caught:
        read_lesson(path)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == (path, line), str(caught.value)
    for word in words:
        assert word in problem.what
    assert str(problem).startswith(f"{path}:{line}: ")


def test_all_problems_are_told_at_once(tmp_path):
    text = GOOD.replace("import math", "import (math").replace('"half"', '"1half"')
    with pytest.raises(LessonError) as caught:
        read_lesson(lesson_of(text, tmp_path))
    assert len(caught.value.problems) == 3


def test_given_code_may_not_call_a_task(tmp_path):
    text = GOOD.replace("import math", "import math\nvalue = half(3)")
    with pytest.raises(LessonError, match="may not call a task") as caught:
        Reference(read_lesson(lesson_of(text, tmp_path)))
    assert caught.value.problems[0].line == 8


def test_the_reference_is_the_solution_of_the_lesson(stage: Stage):
    assert stage.reference.total([1.0, 2.5]) == 3.5
    with pytest.raises(AttributeError, match="defines no 'totla'"):
        _ = stage.reference.totla


def test_a_traceback_from_the_reference_names_the_line_of_the_lesson(tmp_path):
    reference = Reference(read_lesson(lesson_of(GOOD, tmp_path)))
    with pytest.raises(TypeError) as caught:
        reference.half("x")
    assert caught.traceback[-1].path.name == "lesson.py"
    assert caught.traceback[-1].lineno + 1 == 13


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"total", points=2', '"totl", points=2', "no task 'totl'"),
        ('needs=("any_length",)', 'needs=("any_lenght",)', "does not exist"),
        ('    """Arrays of any length are summed."""\n', "", "needs a docstring"),
        ("def any_length(student, reference, rng)", "def any_length(studnet)", "asks for studnet"),
        ("points=3", "points=-3", "takes points away"),
        ("points=3", "points=0", "no check that is worth points"),
        ("import numpy as np", "import nunpy as np", "cannot be imported"),
    ],
)
def test_checks_that_do_not_fit_the_lesson_are_refused(new_course: Course, old, new, words):
    path = new_course.solutions / "stage01_sums/checks.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LessonError, match=words):
        _ = new_course.stages[0].checks


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('misconception("total"', 'misconception("totl"', "no task 'totl'"),
        ('    """Averages."""\n', "", "needs a docstring"),
        ("def in_place", "def mean_for_sum", "a second answer"),
        ('hint="Whose array is it?"', "hint=HINT", "write the decorator's values out"),
    ],
)
def test_answers_that_do_not_fit_the_lesson_are_refused(new_course: Course, old, new, words):
    path = new_course.solutions / "stage01_sums/misconceptions.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LessonError, match=words):
        _ = new_course.stages[0].misconceptions
