"""What tests of the audit share: audits of the small course and changes of its files."""

from __future__ import annotations

from nngrade.audit.findings import StageFindings
from nngrade.audit.run import audit
from nngrade.audit.task import Plan
from nngrade.course.data import Data
from nngrade.course.lesson import Task
from nngrade.course.stages import Course, Stage

DIGITS = Data("digits")


def task_of(stage: Stage, name: str) -> Task:
    return next(one for one in stage.lesson.tasks if one.name == name)


def audited(course: Course, plan: Plan = Plan(seeds=3)) -> StageFindings:  # noqa: B008
    (findings,) = audit(course, course.stages[:1], plan, 1)
    return findings
