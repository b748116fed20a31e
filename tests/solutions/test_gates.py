"""The gates of the audit hold for every stage, and the table in solutions/README.md is of today."""

from __future__ import annotations

import pytest

from nngrade.audit.run import audit
from nngrade.audit.summary import BEGIN, END, rows
from nngrade.audit.task import Plan
from nngrade.course.stages import find_course
from tests.conftest import ROOT

STAGES = find_course(ROOT).stages


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_gates_hold(real_course, stage):
    """A fast audit of the real course; `.ci/run` makes the whole of it."""
    (findings,) = audit(real_course, [stage], Plan.fast(), 1)
    assert not list(findings.problems()), "\n".join(findings.problems())
    table = (real_course.solutions / "README.md").read_text().partition(BEGIN)[2].partition(END)[0]
    listed = next(line for line in table.splitlines() if line.startswith(f"| {stage.name} |"))
    told, found = [one.strip() for one in listed.split("|")[1:-1]], rows([findings])[0]
    # The other columns depend on the number of seeds and mutants.
    for column in (1, 2, 3, 5, 6, 7):
        assert told[column] == found[column], "run `nngrade audit --update-readme`"
