"""The milestones need what the course has, and every right answer reaches them on the digits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from nndata import load_images
from nndata.milestones import MILESTONES, Milestone
from nngrade.course.stages import Course, find_course
from tests.conftest import ROOT

COURSE = find_course(ROOT)
IMAGES = load_images("digits")


def functions(course: Course, milestone: Milestone) -> Any:
    """The reference's functions, as a milestone sees a student's."""
    return SimpleNamespace(
        **{
            prefix: SimpleNamespace(
                **{name: course.stage(prefix).reference.namespace[name] for name in names}
            )
            for prefix, names in milestone.needs.items()
        }
    )


@pytest.mark.parametrize("milestone", MILESTONES, ids=lambda one: one.name)
def test_the_reference_reaches_a_milestone(milestone: Milestone) -> None:
    found = milestone.run(functions(COURSE, milestone), *milestone.inputs(IMAGES))
    outcome = milestone.judge(found, IMAGES)
    assert outcome.reached, outcome


@pytest.mark.parametrize("milestone", MILESTONES, ids=lambda one: one.name)
def test_what_a_milestone_needs_is_a_task(milestone: Milestone) -> None:
    """Or else it would run on the course's code, not on one's own."""
    for prefix, names in milestone.needs.items():
        assert set(names) <= {task.name for task in COURSE.stage(prefix).lesson.tasks}, prefix


ANSWERS = [
    pytest.param(milestone, prefix, answer, id=f"{milestone.name}-{answer.name}-{answer.task}")
    for milestone in MILESTONES
    for prefix, names in milestone.needs.items()
    for answer in COURSE.stage(prefix).alternatives
    if answer.task in names
]


@pytest.mark.slow
@pytest.mark.parametrize(("milestone", "prefix", "answer"), ANSWERS)
def test_other_right_answers_reach_it_too(milestone: Milestone, prefix: str, answer: Any) -> None:
    mine = functions(COURSE, milestone)
    namespace = dict(COURSE.stage(prefix).reference.namespace)
    exec(answer.source, namespace)
    setattr(getattr(mine, prefix), answer.task, namespace[answer.task])
    outcome = milestone.judge(milestone.run(mine, *milestone.inputs(IMAGES)), IMAGES)
    assert outcome.reached, outcome
