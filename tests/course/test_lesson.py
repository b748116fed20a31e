"""Lessons: what is read, and what is refused with file, line and fix."""

from __future__ import annotations

import jupytext
import pytest

from nngrade.course.lesson import read_lesson
from nngrade.course.stages import Course
from nngrade.errors import LessonError
from tests.course.conftest import GOOD, lesson_of


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
