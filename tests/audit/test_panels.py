"""What the panels in the notebook say of known mistakes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from nngrade.audit.panels import (
    BEGIN,
    END,
    HEADINGS,
    PanelAnswer,
    ask_panels,
    markdown,
    problems,
    rows,
)
from nngrade.course.stages import Course
from nngrade.live.verdict import Verdict
from nngrade.runs.processes import processors
from tests.conftest import nngrade
from tests.helpers import all_answers, edit, one_in


def answer(state: str = "failed", reason: str = "", culprit: str = "") -> PanelAnswer:
    verdict = Verdict("f", state, reason=reason, culprit=culprit)
    return PanelAnswer("stage1", "f", "wrong", "It is wrong.", verdict)


def test_mistakes_are_asked_about_one_by_one(course: Course):
    answers = list(ask_panels(course, course.stages, 1))
    planted = [(stage.name, one.name) for stage in course.stages for one in stage.misconceptions]
    assert [(one.stage, one.name) for one in answers] == planted
    found = {one.name: one for one in answers}
    assert found["mean_for_sum"].answered
    assert found["mean_for_sum"].verdict.task == "total"
    assert found["mean_for_sum"].verdict.message == "1 + 2 is 3"
    assert found["in_place"].answered
    assert not any(one.blames_another for one in answers)


@pytest.mark.thorough
def test_a_mistake_that_no_visible_test_sees_has_no_answer(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    edit(lesson, 'assert old == 1, "the old array stays as it was"\n', "")
    assert nngrade(new_course.root, "build").returncode == 0
    answers = {one.name: one for one in ask_panels(new_course, new_course.stages[:1], 1)}
    assert not answers["in_place"].answered
    assert answers["mean_for_sum"].answered


def test_what_is_counted():
    answers = [
        answer(),
        answer(reason="It is doubled."),
        answer("passed"),
        answer("waiting", "g is not done yet.", "g"),
        answer("waiting", "f is wrong.", "f"),
    ]
    assert rows(answers) == [("stage1", "5", "4", "3", "1")]
    other = replace(answers[0], stage="stage2")
    assert rows([*answers, other])[1:] == [
        ("stage2", "1", "1", "0", "0"),
        ("all", "6", "5", "3", "1"),
    ]
    lines = markdown(answers).splitlines()
    assert lines[0] == f"| {' | '.join(HEADINGS)} |"
    assert len(lines) == 3


def test_what_panels_must_keep_to():
    good = [answer(reason="It is doubled.")] * 60 + [answer()] * 40
    assert problems(good) == []
    (silent,) = problems([*good, *[answer("passed")] * 2])
    assert "100 of 102 misconceptions are answered" in silent
    # One stage may have less than the course as a whole.
    assert problems([answer("passed")], whole=False) == []
    (mute,) = problems([*good, *[answer()] * 40])
    assert "60 of 140 misconceptions have a reason" in mute
    (blamed,) = problems([*good, answer("waiting", "g fails.", "g")])
    assert "stage1: f/wrong: g is blamed, which is right" in blamed


@pytest.mark.thorough
def test_the_command_shows_the_table_and_keeps_it(new_course: Course):
    readme: Path = new_course.solutions / "README.md"
    readme.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    done = nngrade(new_course.root, "audit", "--panels", "--jobs", "1", "--update-readme", ok=False)
    assert done.returncode in (0, 1), done.stderr
    assert "another task blamed" in done.stdout
    text = readme.read_text()
    assert text.startswith(f"Before.\n\n{BEGIN}\n\n| stage | misconceptions | answered |")
    assert text.endswith(f"|\n\n{END}\n\nAfter.\n")
    for more in (("--fast",), ("stage01", "--update-readme"), ("--json", "a.json")):
        wrong = nngrade(new_course.root, "audit", "--panels", *more, ok=False)
        assert wrong.returncode == 2, wrong.stdout


@pytest.mark.slow
def test_the_panels_of_the_course_keep_to_it(real_course: Course):
    stages = one_in(3, real_course.stages)
    answers = list(ask_panels(real_course, stages, processors()))
    assert len(answers) > 100 * len(stages)
    assert problems(answers) == []
    # How much is learnt from a failing test depends on the time that it has: reasons vary a little.
    text = (real_course.solutions / "README.md").read_text()
    table = text[text.index(BEGIN) : text.index(END)]
    for row in rows(answers):
        if row[0] == "all" and not all_answers():
            continue
        (told,) = re.findall(rf"^\| {row[0]} \|(.*)\|$", table, re.M)
        for now, then in zip(row[1:], told.split("|"), strict=True):
            assert abs(int(now) - int(then)) <= 0.1 * int(row[1]), (row, told)
