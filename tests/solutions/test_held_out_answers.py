"""Of answers that nobody had seen, the wrong ones lose points, and the right ones none."""

from __future__ import annotations

from collections import Counter

import pytest

from nngrade.audit.cases import Case
from nngrade.audit.judge import lost, student_with
from nngrade.course.data import Data
from nngrade.course.stages import Course, find_course
from tests.conftest import ROOT
from tests.held_out.answers import FOLDER, KINDS, HeldOutAnswer, held_out_answers
from tests.helpers import one_in

DIGITS = Data("digits")
STAGES = [one.name for one in find_course(ROOT).stages]
# Of processor time for one check: many times what the slowest right answer needs.
SECONDS = 20.0


# What the text calls right, or excludes, by now: it was made clearer after they were written.
NO_MISTAKES = {
    "reasons/stage01:52": "there is at least one candidate",
    "grades/stage01:123": "a new array is asked only where something differs",
    "grades/stage02:152": "a new array is asked only where something differs",
    "grades/stage02:250": "X holds floats or int64",
    "grades/stage06:87": "x0 and x1 are arrays of float",
    "grades/stage06:119": "X is an array of float",
}


# What keeps its points, and no other mistake does: seven of 1,102. Labels and sizes that no course
# has, what `grad` returned changed in place, allowances between half a billionth and a billionth.
KEPT = {
    "grades/stage02:393", "grades/stage04:14", "grades/stage06:43",
    "grades_second/stage06:32", "grades_second/stage06:77", "grades_third/stage06:97",
    "grades_fourth/stage06:71",
}  # fmt: skip


# What two writers took to be right: the text now says what kind of integer a label may be.
NOT_RIGHT = {"grades_second/stage02:161": "y may be a NumPy integer, whose bools have no minus"}


def losses(course: Course, answer: HeldOutAnswer) -> dict[str, str]:
    """The checks with points that an answer loses, and why; its own task's first, with a seed."""
    stage = course.stage(answer.stage)
    case = Case("alternative", answer.task, answer.name, sources={answer.task: answer.source})
    student = student_with(stage, case)
    gone = {}
    for check in sorted(stage.checks, key=lambda one: (one.task != answer.task, one.points == 0)):
        if check.points and (check.task == answer.task or not gone):
            why = lost(stage, student, check, 0, DIGITS, SECONDS)
            if why is not None:
                gone[check.id] = why
                if answer.breaks:
                    break
    return gone


def test_the_sets_are_large_and_about_every_task(real_course: Course) -> None:
    for kind in KINDS:
        answers = held_out_answers(kind)
        mistakes = Counter((one.stage, one.task) for one in answers if one.breaks)
        assert mistakes.total() >= 200
        tasks = {
            (stage.name, task.name) for stage in real_course.stages for task in stage.lesson.tasks
        }
        assert set(mistakes) == tasks
        assert kind == "reasons" or sum(not one.breaks for one in answers) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_unseen_right_answers_lose_nothing(real_course: Course, stage: str) -> None:
    right = [
        one
        for kind in KINDS
        for one in held_out_answers(kind)
        if one.stage == stage and not one.breaks and one.name not in NOT_RIGHT
    ]
    assert len(right) >= 15
    lost_by = {one.name: losses(real_course, one) for one in one_in(6, right)}
    assert not {name: gone for name, gone in lost_by.items() if gone}


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_unseen_mistakes_lose_points(real_course: Course, stage: str) -> None:
    answers = [one for kind in KINDS for one in held_out_answers(kind) if one.stage == stage]
    wrong = [one for one in answers if one.breaks and one.name not in NO_MISTAKES]
    assert len(wrong) >= 80
    wrong = [one for one in wrong if one.name not in KEPT]
    kept = [f"{one.name} {one.about}" for one in one_in(6, wrong) if not losses(real_course, one)]
    assert not kept, kept


def test_the_reasons_were_judged_one_by_one() -> None:
    """Of the mistakes that lose points, most get a right reason, hardly any a wrong one or none."""
    text = (FOLDER / "reasons" / "judged.txt").read_text(encoding="utf-8")
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith("reasons/")]
    judged = {name: verdict for name, _task, verdict, *_ in lines}
    assert set(judged) == {one.name for one in held_out_answers("reasons") if one.breaks}
    verdicts = Counter(judged.values())
    lost = verdicts.total() - verdicts["KEPT"]
    assert lost >= 200
    assert verdicts["RIGHT"] >= 0.65 * lost
    assert verdicts["WRONG"] <= 0.01 * lost
    assert verdicts["NOTHING"] <= 0.05 * lost
    assert set(verdicts) == {"RIGHT", "PARTLY", "NOTHING", "WRONG", "KEPT"}
