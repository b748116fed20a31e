"""Every stage that is found: right answers pass, wrong ones lose, nobody gets marks for nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pytest

import nndata
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.answers import Answer
from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.notebook import notebook_text
from nngrade.course.seeds import generator
from nngrade.course.stages import Course, Stage, find_course
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

STAGES = find_course(ROOT).stages
DIGITS = Data("digits")

stages = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


def answers_of(kind: str) -> list[object]:
    return [
        pytest.param(stage, answer, id=f"{stage.name}-{answer.task}-{answer.name}")
        for stage in STAGES
        for answer in getattr(stage, kind)
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
def test_the_reference_gets_full_marks_on_the_digits(sandbox, stage, real_course, tmp_path):
    full_marks(sandbox, stage, real_course, tmp_path, "digits")


@stages
def test_the_reference_gets_full_marks_on_mnist(sandbox, stage, real_course, tmp_path):
    if nndata.find_mnist() is None:
        pytest.skip("MNIST is not on this machine: set NNDATA_HOME to a folder that holds it")
    if not any(check.uses_data for check in stage.checks):
        pytest.skip("no check of this stage uses images")
    full_marks(sandbox, stage, real_course, tmp_path, "mnist")


def full_marks(sandbox: Sandbox, stage: Stage, course: Course, folder, data) -> None:
    notebook = fill(untouched(course, stage), stage, solutions(stage))
    path = folder / "right.ipynb"
    path.write_text(notebook_text(notebook))
    result = Grader(SECRET, sandbox, Data(data)).grade(path, stage, "ann")
    assert result.score == result.max_score, [(one.id, one.message) for one in result.lost]
    assert not result.lost
    assert result.notes == ()


@stages
def test_the_untouched_assignment_gets_nothing(stage, real_course, grader):
    path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
    result = grader.grade(path, stage, "ann")
    assert result.score == 0
    assert {check.message for check in result.checks} == {
        f"{task.name} is not done yet" for task in stage.lesson.tasks
    }


@stages
def test_a_stage_is_worth_20_points(stage):
    assert stage.max_score == 20


@stages
def test_every_task_has_mistakes_and_alternatives(stage):
    for task in stage.lesson.tasks:
        assert sum(one.task == task.name for one in stage.misconceptions) >= 3, task.name
        assert sum(one.task == task.name for one in stage.alternatives) >= 3, task.name


@stages
def test_mistakes_name_checks_of_their_own_task(stage):
    homes = {check.name: check.task for check in stage.checks if check.function is not None}
    for mistake in stage.misconceptions:
        assert mistake.caught_by, mistake.name
        assert mistake.hint, mistake.name
        for name in mistake.caught_by:
            assert name in homes, (mistake.name, name)
        assert mistake.task in {homes[name] for name in mistake.caught_by}, mistake.name


@pytest.mark.parametrize(("stage", "mistake"), answers_of("misconceptions"))
def test_a_planted_mistake_loses_the_check_that_is_meant_for_it(
    sandbox, stage: Stage, mistake: Answer
):
    checks = [check for check in stage.checks if check.name in mistake.caught_by]
    answers = {**solutions(stage), mistake.task: mistake.source}
    assert lost(sandbox, stage, answers, checks, "mallory") == [check.name for check in checks]


@pytest.mark.parametrize(("stage", "answer"), answers_of("alternatives"))
def test_an_alternative_loses_nothing(sandbox, stage: Stage, answer: Answer):
    checks = [
        check for check in stage.checks if check.task == answer.task and check.function is not None
    ]
    answers = {**solutions(stage), answer.task: answer.source}
    for student in ("ann", "bob"):
        assert lost(sandbox, stage, answers, checks, student) == []


@stages
def test_accuracy_thresholds_were_set_for_both_data_sets(stage):
    for check in stage.checks:
        if check.at_least is not None:
            assert set(check.at_least) == {"mnist", "digits"}


@stages
def test_solutions_are_short(stage):
    for name, source in solutions(stage).items():
        body = source.split('"""')[-1].strip().splitlines()
        code = [line for line in body if line.strip() and not line.strip().startswith("#")]
        assert len(code) <= 15, name


def test_two_students_get_different_inputs():
    for stage in STAGES:
        for check in stage.checks[:3]:
            draws = [
                generator(SECRET, student, stage.name, check.id).normal(size=3)
                for student in ("ann", "bob")
            ]
            assert not np.array_equal(*draws)
