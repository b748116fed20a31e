"""Mutants that were reviewed: they may stay, until a check catches them."""

from __future__ import annotations

import pytest

from nngrade.audit.cases import mutants
from nngrade.audit.reviewed import reviewed_mutants
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from tests.audit.conftest import audited, task_of
from tests.helpers import let_shifted_change_its_arguments


def test_a_wrong_answer_that_no_check_sees_is_found_and_may_be_reviewed(new_course):
    folder = new_course.stages[0].folder
    let_shifted_change_its_arguments(folder / "checks.py")
    findings = audited(new_course)
    names = {one.name: one for one in findings.wrong("misconception", "survived")}
    assert names["in_place"].missed == ("shifts_in_a_new_array",)
    (survivor,) = findings.wrong("mutant", "survived")
    assert "values.__iadd__(by)" in survivor.about
    problems = "\n".join(findings.problems())
    assert "misconception shifted/in_place" in problems
    assert survivor.about in problems

    entry = f'[[mutant]]\ntask = "shifted"\nid = "{survivor.name}"\nreason = "The caller knows."\n'
    (folder / "reviewed_mutants.toml").write_text(entry)
    findings = audited(Course(new_course.root))
    assert not findings.wrong("mutant", "survived")
    (one,) = findings.wrong("mutant", "reviewed")
    assert one.reason == "The caller knows."


def test_a_review_of_what_is_caught_is_out_of_date(new_course):
    stage = new_course.stages[0]
    one = next(iter(mutants(task_of(stage, "shifted"))))
    path = stage.folder / "reviewed_mutants.toml"
    path.write_text(f'[[mutant]]\ntask = "shifted"\nid = "{one.name}"\nreason = "It is right."\n')
    assert [problem for problem in audited(new_course).problems() if one.name in problem]
    path.write_text(f'[[mutant]]\ntask = "shifted"\nid = "{one.name}"\nreason = " "\n')
    with pytest.raises(CourseError, match="number 1 needs a task, an id and a reason"):
        reviewed_mutants(stage)
