"""What a lesson says of the work that it asks for, and what it takes to read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nngrade.authoring.build import build, differences
from nngrade.authoring.workload import (
    BEGIN,
    END,
    Workload,
    lines_of_code,
    rows,
    words_of_prose,
    workload,
)
from nngrade.course.stages import Course
from tests.commands.conftest import nngrade

LESSON = '''\
# %% [markdown]
# # Stage 1: Sums
#
# Five words open this lesson.
#
# **About 20 minutes**, most of them for the project.

# %% [markdown]
# ## Sums
#
# **Question.** Why?
#
# <details><summary>Answer</summary>
#
# Because of a long, long story that nobody counts.
#
# </details>
#
# ### Tasks: `total` and `mean`
#
# *Difficulty 1 of 3, about 4 minutes.*
#
# Add.
#
# <details><summary>Hint 1</summary>
#
# ### Not a heading of a task
#
# </details>


# %% task="total"
def total(values):
    """Sum."""
    ### BEGIN SOLUTION
    return sum(values)
    ### END SOLUTION


# %% tests="total"
assert total([1]) == 1


# %% task="mean"
def mean(values):
    """Mean."""
    ### BEGIN SOLUTION
    # A comment is no code.

    number = len(values)
    return sum(values) / number
    ### END SOLUTION


# %% tests="mean"
assert mean([1]) == 1

# %% [markdown]
# ### Project: `median`
#
# *Difficulty 3 of 3, about 15 minutes.*


# %% task="median"
def median(values):
    """Median."""
    ### BEGIN SOLUTION
    return sorted(values)[len(values) // 2]
    ### END SOLUTION


# %% tests="median"
assert median([1]) == 1
'''


def written(course: Course, lesson: str) -> Workload:
    stage = course.stages[0]
    (stage.folder / "lesson.py").write_text(lesson)
    return workload(Course(course.root).stages[0])


def test_headings_efforts_hints_and_the_total_are_read(new_course: Course):
    made = written(new_course, LESSON)
    first, second = made.assignments
    assert (first.project, first.names) == (False, ("total", "mean"))
    assert (first.difficulty, first.minutes, first.hints) == (1, 4, ("Hint 1",))
    assert LESSON.splitlines()[first.line - 1] == "# ### Tasks: `total` and `mean`"
    assert (second.project, second.names) == (True, ("median",))
    assert (second.difficulty, second.minutes, second.hints) == (3, 15, ())
    assert LESSON.splitlines()[second.line - 1] == "# ### Project: `median`"
    assert made.minutes == 20
    assert LESSON.splitlines()[made.line - 1].startswith("# **About 20 minutes**")
    assert made.questions == 1
    assert made.lines == {"total": 1, "mean": 2, "median": 1}
    assert made.projects == {"median"}
    assert made.estimate == made.words / 200 + 1 + 19


@pytest.mark.parametrize(
    "line",
    [
        "*Difficulty 4 of 3, about 4 minutes.*",
        "*Difficulty 1 of 3, about 0 minutes.*",
        "*Difficulty 1 of 3, about 4 minutes*",
        "Difficulty 1 of 3, about 4 minutes.",
        "Add. *Difficulty 1 of 3, about 4 minutes.*",
    ],
)
def test_a_line_of_another_form_says_nothing(new_course: Course, line: str):
    made = written(new_course, LESSON.replace("*Difficulty 1 of 3, about 4 minutes.*", line))
    first, second = made.assignments
    assert (first.difficulty, first.minutes) == (None, None)
    assert second.minutes == 15


def test_the_total_stands_in_the_first_cell_only(new_course: Course):
    total = "# **About 20 minutes**, most of them for the project.\n"
    moved = LESSON.replace(total, "#\n").replace("# ## Sums\n", f"# ## Sums\n#\n{total}")
    assert written(new_course, moved).minutes is None


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Two words", 2),
        ("A dash – is no word, nor is a rule:\n\n---\n", 9),
        ("the sum $w \\cdot x + b$ of `a + b + c`", 5),
        ("Before\n\n$$a + b = c$$\n\n```python\nx = 1 + 2\n```\n\nafter", 2),
        ("| one | two |\n|:--|:--|\n| three | four |", 4),
        ("Why?\n\n<details><summary>Answer</summary>\n\nA long one.\n\n</details>\n\nSo.", 2),
    ],
)
def test_words_are_what_is_read(markdown: str, words: int):
    assert words_of_prose(markdown) == words


def test_lines_of_code_leave_out_docstring_comments_and_blank_lines():
    body = [
        "def f(x):",
        '    """One.',
        "",
        "    Two.",
        '    """',
        "    # three",
        "",
        "    y = x  # 4",
    ]
    source = "\n".join([*body, "    return y"])
    assert lines_of_code(source) == 2


def test_a_lesson_that_says_nothing_has_a_row_all_the_same(course: Course):
    made = workload(course.stages[0])
    assert made.minutes is None
    (row,) = rows([made])
    assert row == ("1", "–", "2", "–", "2", "0", "0", str(made.words))


def test_a_build_keeps_the_table_of_the_readme(new_course: Course):
    readme = new_course.root / "README.md"
    readme.write_text(f"# A course\n\n{BEGIN}\n{END}\n\nMore.\n")
    (found,) = differences(new_course, new_course.stages)
    assert found.path == Path("README.md")
    assert "nngrade build" in found.why
    assert build(new_course, new_course.stages[:1])[readme]
    text = readme.read_text()
    assert text.startswith(f"# A course\n\n{BEGIN}\n\n| stage | minutes |")
    assert text.endswith(f"|\n\n{END}\n\nMore.\n")
    assert "\n| 1 | – | 2 |" in text
    assert "\n| 2 | – | 3 |" in text
    assert differences(new_course, new_course.stages) == []
    assert not build(new_course, new_course.stages)[readme]


def test_a_readme_without_the_marks_stays_as_it_is(new_course: Course):
    readme = new_course.root / "README.md"
    readme.write_text("# A course\n")
    assert readme not in build(new_course, new_course.stages)
    assert readme.read_text() == "# A course\n"


def test_the_table_waits_while_a_lesson_cannot_be_read(new_course: Course):
    readme = new_course.root / "README.md"
    readme.write_text(f"{BEGIN}\n{END}\n")
    lesson = new_course.stages[1].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace('# %% tests="', '# %% test="', 1))
    course = Course(new_course.root)
    assert readme not in build(course, course.stages[:1])
    assert readme.read_text() == f"{BEGIN}\n{END}\n"


@pytest.mark.thorough
def test_the_gate_shows_the_work_where_a_lesson_tells_of_it(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    silent = nngrade("gate", "stage01", "--jobs", "1", cwd=new_course.root)
    assert "estimate" not in silent.stdout
    lesson.write_text(
        lesson.read_text().replace("Adding things up.", "**About 20 minutes** of adding things up.")
    )
    told = nngrade("gate", "stage01", "--jobs", "1", cwd=new_course.root)
    assert told.returncode == 1  # the notebook is out of step
    row = next(line for line in told.stdout.splitlines() if line.split()[:2] == ["1", "20"])
    assert row.split()[2:4] == ["2", "–"]


CURIOUS = """

# %% [markdown]
# ## For the curious: {title}
#
# Skip it.
#
# ```python
# # no heading
# ```
#
# **Question.** Why not?
#
# ### Below it
#
# As well.

# %% demo
print(1)

# %% [markdown]
# {rest}
"""


def test_what_may_be_skipped_takes_no_time(new_course: Course):
    plain = written(new_course, LESSON)
    skipped = written(new_course, LESSON + CURIOUS.format(title="a title", rest="Not read."))
    assert (skipped.words, skipped.questions) == (plain.words, plain.questions)
    read = written(new_course, LESSON + CURIOUS.format(title="a title", rest="## A title"))
    assert read.words == plain.words + 2
