"""The gates of the audit hold for every stage, and the table in solutions/README.md is of today."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nngrade.audit.gate import problem_of_row
from nngrade.audit.run import audit
from nngrade.audit.task import Plan
from nngrade.course.stages import find_course
from tests.conftest import ROOT
from tests.helpers import all_answers

pytestmark = pytest.mark.slow

STAGES = find_course(ROOT).stages


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_gates_hold(real_course, stage):
    """A fast audit of the real course: all that is known, and one in 24 generated mistakes."""
    plan = Plan.fast() if all_answers() else replace(Plan.fast(2), one_in=24)
    (findings,) = audit(real_course, [stage], plan, 1)
    assert not list(findings.problems()), "\n".join(findings.problems())
    assert problem_of_row(real_course, findings) is None
