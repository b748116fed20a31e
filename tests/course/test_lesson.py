"""Lessons: what is read, and what is refused with file, line and fix."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from nngrade.course.checks import Check
from nngrade.course.lesson import TEXT_STUB, read_lesson, without_rubrics
from nngrade.course.naming import cell_ids, read_ids
from nngrade.course.notebook import source_notebook
from nngrade.course.stages import Course
from nngrade.errors import LessonError, Problem
from tests.course.conftest import GOOD, lesson_of


def first_problem(path: Path, line: int, words: list[str]) -> Problem:
    """The first problem of a lesson, which is on this line and is told in these words."""
    with pytest.raises(LessonError) as caught:
        read_lesson(path)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == (path, line), str(caught.value)
    for word in words:
        assert word in problem.what
    return problem


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


@pytest.mark.parametrize(
    ("prose", "heading"),
    [
        ("", "A title"),
        ("# ## 1. `half` of it\n#\n# ### Task: `half`", "1. half of it"),
        ("# ## One\n#\n# ## Two", "Two"),
        ("# ## One\n#\n# ```sh\n# ## a comment\n# ```\n#\n# Prose.", "One"),
        ("# ~~~\n# ## a comment\n# ~~~", "A title"),
    ],
)
def test_a_task_is_treated_in_the_section_above_it(tmp_path, prose, heading):
    text = GOOD.replace('# %% task="half"', f'# %% [markdown]\n{prose}\n# %% task="half"')
    lesson = read_lesson(lesson_of(text if prose else GOOD, tmp_path))
    assert lesson.sections == {"half": heading}


def test_each_task_of_the_course_is_treated_in_a_section(real_course: Course):
    for stage in real_course.stages:
        sections = stage.lesson.sections
        assert set(sections) == {task.name for task in stage.lesson.tasks}
        assert stage.lesson.title not in sections.values()


def test_jupytext_reads_the_same_cells(real_course: Course):
    for stage in real_course.stages:
        theirs = jupytext.read(stage.folder / "lesson.py", fmt="py:percent").cells
        # Of written answers, Jupytext reads all that is in the file.
        theirs = [cell for cell in theirs if "written" not in cell.metadata]
        lesson = read_lesson(stage.folder / "lesson.py").without_written()
        ours = [cell.source for cell in lesson.cells]
        # Jupytext comments out magics and keeps comments above the first cell as one more cell.
        assert [cell.source.strip() for cell in theirs][-len(ours) :] == ours


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
    problem = first_problem(path, line, words)
    assert str(problem).startswith(f"{path}:{line}: ")


def test_all_problems_are_told_at_once(tmp_path):
    text = GOOD.replace("import math", "import (math").replace('"half"', '"1half"')
    with pytest.raises(LessonError) as caught:
        read_lesson(lesson_of(text, tmp_path))
    assert len(caught.value.problems) == 3


# Written answers.

WRITTEN = """

# %% written="why" points=1.5
# Why?
#
# ### BEGIN RUBRIC
# - 1 point: because
#
#     of `x`
# ### END RUBRIC
#
# Two sentences.
"""


@pytest.mark.parametrize("sign", ["# ", ""])
def test_a_written_answer_is_a_question_and_the_cell_of_the_answer(tmp_path, sign):
    text = GOOD + WRITTEN.replace("# ### ", f"{sign}### ")
    lesson = read_lesson(lesson_of(text, tmp_path))
    question, answer = lesson.cells[-2:]
    assert (question.kind, question.name, question.line) == ("text", "why", 21)
    assert question.source == "Why?\n\nTwo sentences."
    assert (answer.kind, answer.name, answer.source) == ("written", "why", TEXT_STUB)
    assert (answer.points, answer.rubric) == (1.5, "- 1 point: because\n\n    of `x`")
    assert (question.rubric, lesson.tasks[0].name) == ("", "half")
    ids = cell_ids(lesson)
    assert (ids[question], ids[answer]) == ("text-why", "written-why")
    assert read_ids(["written-why"]) == [("written", "why")]
    assert lesson.without_written() == read_lesson(lesson_of(GOOD, tmp_path))


def test_the_rubric_may_stand_first_and_be_all_but_the_question(tmp_path):
    body = "# ### BEGIN RUBRIC\n# - all\n# ### END RUBRIC\n# Why?\n"
    lesson = read_lesson(lesson_of(f'{GOOD}\n# %% written="why" points=2\n{body}', tmp_path))
    assert (lesson.cells[-2].source, lesson.cells[-2].line) == ("Why?", 23)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("points=1.5", "points=0", 20, ["number above 0", 'written="why" points=2']),
        ("points=1.5", "points=-1", 20, ["number above 0"]),
        ("points=1.5", "points=nan", 20, ["number above 0"]),
        ("points=1.5", "points=two", 20, ["number above 0"]),
        (" points=1.5", "", 20, ["number above 0"]),
        ("points=1.5", "points=1 2", 20, ["unknown kind"]),
        ('written="why"', 'written="why not"', 20, ["'why not' is not a name"]),
        ('written="why"', 'written="half"', 21, ["the name of a task", "another one"]),
        ("# ### BEGIN RUBRIC\n", "", 26, ["found '### END RUBRIC' where", "BEGIN RUBRIC"]),
        ("# ### END RUBRIC\n", "", 20, ["lacks `### END RUBRIC`"]),
        ("### END RUBRIC", "### BEGIN RUBRIC", 27, ["where `### END RUBRIC` must stand"]),
        ("### BEGIN RUBRIC", "### Begin rubric", 23, ["where `### BEGIN RUBRIC` must stand"]),
        ("### BEGIN RUBRIC", "### BEGIN  RUBRIC", 23, ["where `### BEGIN RUBRIC` must stand"]),
        ("# Two sentences.", "# END RUBRIC", 29, ["where no marker may stand"]),
        ("# - 1 point: because\n#\n#     of `x`\n", "#\n", 23, ["the rubric is empty"]),
        ("# Two sentences.", "Two sentences.", 29, ["must start with `# `"]),
        ("# - 1 point: because", "- 1 point: because", 24, ["must start with `# `"]),
        ("# Why?\n#\n", "", 20, ["Two", ""]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_written_answer_is_refused(tmp_path, old, new, line, words):
    assert old in WRITTEN
    changed = WRITTEN.replace(old, new, 1)
    if words[0] == "Two":  # nothing is asked
        changed, words = changed.replace("# Two sentences.\n", ""), ["empty"]
    first_problem(lesson_of(GOOD + changed, tmp_path), line, words)


def test_a_name_is_for_one_written_answer(tmp_path):
    with pytest.raises(LessonError, match='a second cell written="why"'):
        read_lesson(lesson_of(GOOD + WRITTEN + WRITTEN, tmp_path))


@pytest.mark.parametrize("cell", ["# %% [markdown]", "# %%", "# %% demo"])
def test_a_rubric_stands_nowhere_else(tmp_path, cell):
    text = GOOD + WRITTEN.replace('# %% written="why" points=1.5', cell)
    with pytest.raises(LessonError, match="a rubric outside of a written answer"):
        read_lesson(lesson_of(text, tmp_path))


def test_a_lesson_without_its_rubrics():
    assert without_rubrics(GOOD) == GOOD
    assert "because" not in without_rubrics(WRITTEN)
    other = WRITTEN.replace("because", "therefore")
    assert without_rubrics(other) == without_rubrics(WRITTEN)
    assert "Two sentences" in without_rubrics(WRITTEN.replace("\n", "\r\n"))


def test_a_folded_demo_cell_is_folded_in_the_notebook(tmp_path):
    shown, folded = "# %% demo\nprint(1)\n", "# %% demo folded\nprint(2)\n"
    lesson = read_lesson(lesson_of(GOOD + shown + folded, tmp_path))
    assert [(cell.source, cell.folded) for cell in lesson.of_kind("demo")] == [
        ("print(1)", False),
        ("print(2)", True),
    ]
    check = Check("half", "halves", "Half of it.", points=1, line=1)
    cells = source_notebook(lesson, (check,))["cells"]
    assert [cell["source"] for cell in cells if cell["metadata"].get("jupyter")] == [["print(2)"]]
    with pytest.raises(LessonError, match="unknown kind of cell 'folded'"):
        read_lesson(lesson_of(GOOD + "# %% folded\nprint(2)\n", tmp_path))
