"""Every stage that is found: right answers pass, wrong ones lose, nobody gets marks for nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pytest

import nndata
from nngrade.authoring.marks import full_marks, no_marks
from nngrade.authoring.rules import problems_of
from nngrade.authoring.specimens import solutions
from nngrade.course.answers import Answer
from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.options import StageRules
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage, find_course
from nngrade.grading.assertions import Failure
from nngrade.grading.checking import run_check
from nngrade.grading.grader import Grader
from nngrade.grading.session import Session
from nngrade.grading.student import RemoteStudent
from nngrade.limits import WorkerLimits
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.submissions.program import recover
from nngrade.worker.calls import CallRefused, StudentError
from nngrade.worker.host import WorkerFault
from nngrade.worker.sandbox import Sandbox
from tests.conftest import ROOT, SECRET
from tests.helpers import one_in

STAGES = find_course(ROOT).stages
DIGITS = Data("digits")

stages = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


@stages
def test_each_hidden_check_has_a_hint(stage: Stage) -> None:
    # For those whose mistake nobody knows: a question or an idea that says where to look.
    hidden = [one for one in stage.checks if one.function is not None and one.points]
    assert not [one.id for one in hidden if len(one.hint) < 20]


def answers_of(kind: str) -> list[object]:
    return [
        pytest.param(stage, answer, id=f"{stage.name}-{answer.task}-{answer.name}")
        for stage in STAGES
        for answer in one_in(3, getattr(stage, kind))
    ]


def lost(
    sandbox: Sandbox, stage: Stage, answers: Mapping[str, str], checks: list[Check], student: str
) -> list[str]:
    """Names of these checks that a submission with these answers loses, in a real worker."""
    cells = tuple(
        NotebookCell(number, "code", source, frozenset({f"task-{name}"}))
        for number, (name, source) in enumerate(answers.items(), 1)
    )
    program = recover(NotebookFile(cells, stage.name), stage.lesson)
    names = []
    limits = WorkerLimits()
    with Session(program, sandbox, limits) as session:
        for check in checks:
            session.prepare(limits)
            # Mistakes that never end are found out sooner; a reference takes far less.
            session.deadline = time.monotonic() + (check.timeout or 10)
            rng = generator(SECRET, student, stage.name, check.id)
            try:
                run_check(check, stage, RemoteStudent(session), rng, DIGITS)
            except (Failure, StudentError, CallRefused, WorkerFault, TypeError, ValueError):
                names.append(check.name)
    return names


@stages
def test_the_reference_gets_full_marks_on_the_digits(sandbox, stage, real_course):
    grader = Grader(SECRET, sandbox, Data("digits"))
    assert [str(one) for one in full_marks(real_course, stage, grader)] == []


@pytest.mark.slow
@stages
def test_the_reference_gets_full_marks_on_mnist(sandbox, stage, real_course):
    if nndata.find_mnist() is None:
        pytest.skip("MNIST is not on this machine: set NNDATA_HOME to a folder that holds it")
    if not any(check.uses_data for check in stage.checks):
        pytest.skip("no check of this stage uses images")
    grader = Grader(SECRET, sandbox, Data("mnist"))
    assert [str(one) for one in full_marks(real_course, stage, grader)] == []


@stages
def test_the_untouched_assignment_gets_nothing(stage, real_course, grader):
    assert [str(one) for one in no_marks(real_course, stage, grader)] == []
    path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
    assert grader.grade(path, stage, "ann").score == 0


def test_the_course_asks_much_of_its_stages():
    assert find_course(ROOT).options.stages == StageRules(
        points=20,
        misconceptions=3,
        alternatives=3,
        figures=3,
        solution_lines=15,
        project_lines=40,
        projects=1,
        hints=3,
        minutes=(60, 90),
        questions=6,
        written=1,
        descriptions=True,
        plotting_lines=42,
    )


@stages
def test_a_stage_keeps_the_rules(stage, real_course):
    """Points, planted answers, figures, names: tests/audit/test_gate.py has what breaks them."""
    assert [str(one) for one in problems_of(stage, real_course.options.stages)] == []


@pytest.mark.parametrize(("stage", "mistake"), answers_of("misconceptions"))
def test_a_planted_mistake_loses_the_check_that_is_meant_for_it(
    sandbox, stage: Stage, mistake: Answer
):
    checks = [check for check in stage.checks if check.name in mistake.caught_by]
    answers = {**solutions(stage), mistake.task: mistake.source}
    assert lost(sandbox, stage, answers, checks, "mallory") == [check.name for check in checks]


@pytest.mark.parametrize(("stage", "answer"), answers_of("alternatives"))
def test_an_alternative_loses_nothing(sandbox, stage: Stage, answer: Answer):
    """In a worker; the audit tries the same in its own process, with more students."""
    checks = [
        check for check in stage.checks if check.task == answer.task and check.function is not None
    ]
    answers = {**solutions(stage), answer.task: answer.source}
    assert lost(sandbox, stage, answers, checks, "ann") == []


def test_two_students_get_different_inputs():
    for stage in STAGES:
        for check in stage.checks[:3]:
            draws = [
                generator(SECRET, student, stage.name, check.id).normal(size=3)
                for student in ("ann", "bob")
            ]
            assert not np.array_equal(*draws)
