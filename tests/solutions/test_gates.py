"""The gates of the audit hold for every stage, and the table in solutions/README.md is of today."""

from __future__ import annotations

import pytest

from nngrade.audit.gate import problem_of_row
from nngrade.audit.run import audit
from nngrade.audit.task import Plan
from nngrade.course.stages import find_course
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

STAGES = find_course(ROOT).stages


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_gates_hold(real_course, stage):
    """A fast audit of the real course."""
    (findings,) = audit(real_course, [stage], Plan.fast(), 1)
    assert not list(findings.problems()), "\n".join(findings.problems())
    assert problem_of_row(real_course, findings) is None
