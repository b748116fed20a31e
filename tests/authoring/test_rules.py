"""The rules on the work that a stage asks for: each says what is wrong, where, and the fix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nngrade.authoring.rules import problems_of
from nngrade.course.options import StageRules, read_options
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from tests.authoring.test_workload import LESSON

CHECKS = '''\
"""Hidden checks."""

from nngrade import agrees, check


@check("total", points=1)
def sums(student, reference, rng):
    """The sum."""
    agrees(student.total, reference.total, [([1.0],)])


@check("mean", points=1)
def halves(student, reference, rng):
    """The mean."""
    agrees(student.mean, reference.mean, [([1.0],)])


@check("median", points=1)
def middles(student, reference, rng):
    """The median."""
    agrees(student.median, reference.median, [([1.0],)])
'''
HINTS = "".join(
    f"# <details><summary>Hint {number}</summary>\n#\n# Think.\n#\n# </details>\n#\n"
    for number in (1, 2, 3)
)
OLD_HINT = LESSON[LESSON.index("# <details><summary>Hint 1") : LESSON.index("\n\n# %% task=")]
RIGHT = LESSON.replace(OLD_HINT, HINTS.rstrip("#\n"))
RULES = StageRules(
    misconceptions=0, alternatives=0, solution_lines=2, project_lines=3, projects=1, hints=3,
    minutes=(20, 30),
)  # fmt: skip


def said(course: Course, lesson: str, rules: StageRules = RULES) -> list[str]:
    folder = course.stages[0].folder
    (folder / "lesson.py").write_text(lesson)
    (folder / "checks.py").write_text(CHECKS)
    for name in ("misconceptions.py", "alternatives.py"):
        (folder / name).unlink(missing_ok=True)
    fresh = Course(course.root).stages[0]
    return [str(one).replace(f"{folder}/", "") for one in problems_of(fresh, rules)]


def test_a_lesson_that_keeps_all_rules_is_told_nothing(new_course: Course):
    assert said(new_course, RIGHT) == []


def test_without_the_options_nothing_need_be_said(new_course: Course):
    silent = "\n".join(  # the project's heading is left, as a cell needs some text
        line
        for line in RIGHT.splitlines()
        if "Difficulty" not in line and "**About" not in line and not line.startswith("# ### Tasks")
    )
    assert said(new_course, silent, StageRules(misconceptions=0, alternatives=0)) == []


def line_of(text: str, lesson: str = RIGHT) -> int:
    return next(number for number, one in enumerate(lesson.splitlines(), 1) if text in one)


EFFORT = "# *Difficulty 1 of 3, about 4 minutes.*\n"
# What is changed in the lesson, and what is told of it.
BROKEN = {
    "a task without effort": (
        EFFORT, "#\n", "### Tasks",
        "nothing says how long total and mean takes; write a line such as *Difficulty 2 of 3, "
        "about 10 minutes.* right below the heading",
    ),
    "a task without heading": (
        "# ### Tasks: `total` and `mean`\n", "# ### Task: `total`\n", "def mean",
        "the task mean has no heading; write ### Task: `mean` above it, and below that a line "
        "such as *Difficulty 2 of 3, about 10 minutes.*",
    ),
    "a heading of no task": (
        "`total` and `mean`", "`total`, `mean` and `mode`", "### Tasks",
        "this heading is of mode, which is no task; correct it",
    ),
    "a hard task first": (
        "Difficulty 1 of 3", "Difficulty 3 of 3", "### Tasks",
        "the first task, total, has difficulty 3, and median has 2; begin with one of the easiest",
    ),
    "no total": (
        "**About 20 minutes**", "About 20 minutes", "# # Stage 1",
        "nothing says how long this stage takes; end this cell with a paragraph that begins with "
        "**About 75 minutes**",
    ),
    "too short a stage": (
        "**About 20 minutes**", "**About 19 minutes**", "**About",
        "this stage takes 19 minutes, and a stage takes 20 to 30 (minutes in "
        "solutions/course.toml); cut or add prose, questions or tasks",
    ),
    "a total that is not what the parts are": (
        "**About 20 minutes**", "**About 24 minutes**", "**About",
        "this stage says 24 minutes, and its 41 words (at 200 a minute), 1 question (a minute "
        "each) and the 19 minutes of its tasks are 20; say so within 15%, or change what takes so "
        "long",
    ),
    "two hints": (
        "<summary>Hint 3", "<summary>Another hint", "### Tasks",
        "total and mean has Hint 1, Hint 2, and needs Hint 1, Hint 2, Hint 3 (hints in "
        "solutions/course.toml); fold each as <details><summary>Hint 1</summary>",
    ),
    "no project": (
        "### Project: `median`", "### Task: `median`", "# %% [markdown]",
        "0 projects, and a stage has 1 (projects in solutions/course.toml); a project is a task "
        "below the heading ### Project: `NAME`",
    ),
    "two projects": (
        "### Tasks: `total` and `mean`", "### Project: `total` and `mean`", "### Project: `median`",
        "3 projects, and a stage has 1",
    ),
    "a long task": (
        "    number = len(values)\n", "    number = 0\n    number += len(values)\n", "def mean",
        "the solution of mean has 3 lines of code, and 2 is the most (solution_lines in "
        "solutions/course.toml); shorten it, or make two tasks of it",
    ),
    "a long project": (
        "    return sorted(", "    1\n    2\n    3\n    return sorted(", "def median",
        "the solution of median has 4 lines of code, and 3 is the most (project_lines in "
        "solutions/course.toml); shorten it, or ask for less",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_what_breaks_a_rule_is_a_sentence_with_its_place_and_fix(new_course: Course, mistake: str):
    old, new, place, sentence = BROKEN[mistake]
    lesson = RIGHT
    if mistake == "a hard task first":
        lesson = lesson.replace("Difficulty 3 of 3", "Difficulty 2 of 3")
    assert old in lesson
    lesson = lesson.replace(old, new)
    where = f"lesson.py:{line_of(place, lesson)}: "
    told = said(new_course, lesson)
    assert any(one.startswith(where + sentence) for one in told), told


def test_a_project_is_as_short_as_a_task_where_it_has_no_limit_of_its_own(new_course: Course):
    long = RIGHT.replace("    return sorted(", "    1\n    2\n    return sorted(")
    assert said(new_course, long) == []
    rules = StageRules(misconceptions=0, alternatives=0, solution_lines=2)
    (told,) = said(new_course, long, rules)
    assert "solution of median has 3 lines of code, and 2 is the most (solution_lines" in told


def test_tasks_below_one_heading_may_have_hints_each(new_course: Course):
    twice = RIGHT.replace(HINTS.rstrip("#\n"), HINTS + HINTS.rstrip("#\n"))
    assert said(new_course, twice) == []
    thrice = RIGHT.replace(HINTS.rstrip("#\n"), 2 * HINTS + HINTS.rstrip("#\n"))
    assert len(said(new_course, thrice)) == 1


@pytest.mark.parametrize("value", ["60", "[60]", "[90, 60]", '["60", 90]', "[true, 90]", "[-1, 9]"])
def test_minutes_are_the_least_and_the_most(tmp_path, value: str):
    path = tmp_path / "course.toml"
    path.write_text(f"[stages]\nminutes = {value}\n")
    with pytest.raises(CourseError, match=r"minutes in \[stages\] must be the least and the most"):
        read_options(path)


def test_the_options_of_work_are_read(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text("[stages]\nminutes = [60, 90]\nhints = 3\nprojects = 1\nproject_lines = 40\n")
    rules = read_options(path).stages
    assert (rules.minutes, rules.hints, rules.projects) == ((60, 90), 3, 1)
    assert (rules.solution_lines, rules.project_lines) == (None, 40)


SHOWING = """

# %% demo
import matplotlib.pyplot as plt

from nndata import plots

plt.plot([1, 2])
{}
"""


@pytest.mark.parametrize(
    ("call", "described"),
    [
        ("plt.show()", False),
        ("plots.show()", False),
        ('plots.show(alt="")', False),
        ("plots.show(alt=[])", False),
        ('plots.show(alt=["A line.", " "])', False),
        ('plots.show(alt="A line.")', True),
        ('plots.show("A line.")', True),
        ('plots.show(alt=f"A line to {2}.")', True),
        ('plots.show(alt=["A line.", "Another."])', True),
    ],
)
def test_every_figure_is_described_where_the_course_says_so(new_course: Course, call, described):
    lesson = RIGHT + SHOWING.format(call)
    assert said(new_course, lesson) == []
    told = said(new_course, lesson, replace(RULES, descriptions=True))
    assert len(told) == (not described)
    for one in told:
        assert one.startswith(f"lesson.py:{line_of(call, lesson)}: this figure has no description")


@pytest.mark.parametrize("value", ["1", '"yes"', "[true]"])
def test_descriptions_are_asked_for_or_not(tmp_path, value: str):
    path = tmp_path / "course.toml"
    path.write_text("[stages]\ndescriptions = true\n")
    assert read_options(path).stages.descriptions
    path.write_text(f"[stages]\ndescriptions = {value}\n")
    with pytest.raises(CourseError, match=r"descriptions in \[stages\] must be true or false"):
        read_options(path)


def test_code_that_draws_is_folded_where_the_course_says_so(new_course: Course):
    drawn = SHOWING.format('plots.show(alt="A line.")')
    lesson = RIGHT + drawn
    lines = sum(map(bool, drawn.strip().splitlines())) - 1  # without the header
    few = replace(RULES, plotting_lines=lines - 1)
    assert said(new_course, lesson, replace(RULES, plotting_lines=lines)) == []
    (told,) = said(new_course, lesson, few)
    assert f"{lines} lines of code that draws stand open in this stage, and {lines - 1} " in told
    assert said(new_course, lesson.replace("# %% demo\n", "# %% demo folded\n"), few) == []
