"""The table of ideas in solutions/README.md: each place that it names is there."""

from __future__ import annotations

from nngrade.authoring.ideas import ideas_of, problems_of_ideas
from nngrade.course.stages import find_course
from tests.conftest import ROOT

COURSE = find_course(ROOT)
IDEAS = ideas_of(COURSE.solutions / "README.md")


def test_the_table_covers_the_lectures():
    assert len(IDEAS) >= 46
    assert {deck for one in IDEAS for deck in one.decks.split()} == set("BCLMS")


def test_every_stage_has_its_place():
    assert {COURSE.stage(one.stage).name for one in IDEAS} == {one.name for one in COURSE.stages}


def test_an_idea_is_where_the_table_says():
    """What happens to a table that is wrong, tests/audit/test_gate.py says."""
    assert all(one.practice for one in IDEAS)
    assert [str(one) for one in problems_of_ideas(COURSE, COURSE.stages)] == []
