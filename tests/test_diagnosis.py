"""Wrong answers are named: by behaviour, by relation, by failure; and never wrongly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.catalogue import behaviour
from nngrade.catalogue.probes import probes_of
from nngrade.course.answers import Answer
from nngrade.course.stages import Course, Stage
from nngrade.diagnosis.exceptions import explain
from nngrade.diagnosis.relations import Names, find_relation
from nngrade.grading.budget import LineBudget
from nngrade.grading.grader import Grader
from nngrade.results import Diagnosis
from nngrade.submissions.program import ProgramCell
from nngrade.worker.calls import CallOutcome, RecordedCall, StudentError
from tests.conftest import SECRET
from tests.held_out import held_out_set


def diagnoses(
    grader: Grader, course: Course, stage: Stage, task: str, source: str, folder: Path
) -> list[Diagnosis]:
    """What is said of a notebook that is right but for one function; the quick checks only."""
    answers = {**solutions(stage), task: source}
    specimen = Specimen("sam", stage, fill(untouched(course, stage), stage, answers))
    path = write_specimen(specimen, folder)
    quick = Stage(stage.name, stage.folder)
    checks = tuple(one for one in stage.checks if one.task == task and one.at_least is None)
    quick.__dict__.update(checks=checks, lesson=stage.lesson, reference=stage.reference)
    quick.__dict__["misconceptions"] = stage.misconceptions
    result = replace(grader, timeout=None).grade(path, quick, "sam")
    return [one.diagnosis for one in result.checks if one.diagnosis is not None]


def test_known_mistakes_are_named(grader: Grader, real_course: Course, tmp_path: Path) -> None:
    """Of the catalogue submitted alone: one in three, as all of them take two minutes."""
    verdicts: Counter[str] = Counter()
    unnamed = []
    for stage in real_course.stages:
        for mistake in stage.misconceptions[::3]:
            told = diagnoses(grader, real_course, stage, mistake.task, mistake.source, tmp_path)
            names = {one.misconception for one in told if one.misconception}
            assert names <= {mistake.name}, (stage.name, mistake.task, mistake.name, told)
            verdicts["right" if names else "silent"] += 1
            if not names:
                unnamed.append(f"{stage.name} {mistake.task} {mistake.name}")
    assert verdicts["right"] >= 0.95 * verdicts.total(), unnamed


def test_mistakes_that_nobody_planted(grader: Grader, real_course: Course, tmp_path: Path) -> None:
    """Of the held-out set, 60 % get a right diagnosis (a little fewer where time is short)."""
    verdicts: Counter[str] = Counter()
    wrong = []
    for one in held_out_set():
        stage = real_course.stage(one.stage)
        told = diagnoses(grader, real_course, stage, one.task, one.source, tmp_path)
        fits = [
            d.misconception in one.truth if d.misconception else d.relation in one.relation
            for d in told
        ]
        verdict = "silent" if not fits else "right" if all(fits) else "wrong"
        verdicts[verdict] += 1
        if verdict == "wrong":
            wrong.append((one.stage, one.task, one.name, told))
    assert verdicts["right"] >= 0.58 * verdicts.total(), verdicts
    assert verdicts["wrong"] <= 0.02 * verdicts.total(), wrong


def relation(got: list[Any], wanted: list[Any], args: list[tuple[Any, ...]]) -> Any:
    """The relation that is found between what came out and what should have."""
    names = Names(("X", "rate"), ("J", "dW"))
    probes = [
        RecordedCall(one, {}, None, CallOutcome(value, list(one)))
        for value, one in zip(wanted, args, strict=True)
    ]
    seen = [CallOutcome(value, list(one)) for value, one in zip(got, args, strict=True)]
    return find_relation("f", names, probes, seen)


RNG = np.random.default_rng(3)
INPUTS = [(RNG.normal(size=(m, n)), rate) for m, n, rate in ((4, 3, 0.5), (7, 2, 0.1), (3, 5, 0.3))]
RIGHT = [RNG.normal(size=(n, m)) for (m, n) in ((4, 3), (7, 2), (3, 5))]


@pytest.mark.parametrize(
    ("kind", "said", "change"),
    [
        ("factor", "times the number of rows of X", lambda a, X, rate: a * len(X)),
        ("factor", "divided by the number of columns of X", lambda a, X, rate: a / X.shape[1]),
        ("factor", "times rate", lambda a, X, rate: a * rate),
        ("factor", "times 2,", lambda a, X, rate: 2 * a),
        ("factor", "times 1/2", lambda a, X, rate: a / 2),
        ("sign", "opposite sign", lambda a, X, rate: -a),
        ("offset", "off by the same +1 ", lambda a, X, rate: a + 1),
        ("offset", "off by rate", lambda a, X, rate: a - rate),
        ("transpose", "transposed", lambda a, X, rate: a.T),
        ("axis", "summed over an axis that should be kept", lambda a, X, rate: a.sum(axis=0)),
        ("axis", "averaged over", lambda a, X, rate: a.mean(axis=1)),
        ("shape", "its shape is (3, 4, 1)", lambda a, X, rate: a[:, :, None]),
        ("broadcast", "has the shape", lambda a, X, rate: a[:, :, None] * np.arange(1, 4)),
        ("permutation", "another order", lambda a, X, rate: a[::-1, ::-1]),
        ("dtype", "floats; they should be whole", None),
        ("input", "off by a multiple of X", lambda a, X, rate: a.T + 0.2 * X),
    ],
)
def test_a_relation_is_found(kind: str, said: str, change: Any) -> None:
    wanted: list[Any] = RIGHT
    if kind == "dtype":
        wanted = [np.round(9 * one).astype(int) for one in RIGHT]
        got = [one.astype(float) for one in wanted]
    elif kind == "input":
        wanted = [one.T for one in RIGHT]
        got = [change(one, *args) for one, args in zip(RIGHT, INPUTS, strict=True)]
    else:
        got = [change(one, *args) for one, args in zip(RIGHT, INPUTS, strict=True)]
    found = relation(got, wanted, INPUTS)
    assert found is not None
    assert found.kind == kind
    assert said in found.sentence


def test_of_two_results_the_wrong_one_is_told() -> None:
    wanted = [(float(k), one) for k, one in enumerate(RIGHT)]
    got = [(J, RNG.normal(size=one.shape)) for J, one in wanted]
    found = relation(got, wanted, INPUTS)
    assert found.kind == "part"
    assert "only dW is wrong" in found.sentence


def test_first_and_last_rows_are_told_apart() -> None:
    def spoilt(array: Any, row: int) -> Any:
        new = array.copy()
        new[row] += 1 + np.arange(new.shape[1])
        return new

    tall = [RNG.normal(size=(5, n)) for n in (2, 3, 4)]
    for row, word in ((0, "first"), (-1, "last")):
        assert f"its {word} row" in relation([spoilt(a, row) for a in tall], tall, INPUTS).sentence


def test_overflow_is_told_with_its_size() -> None:
    sizes = (1.0, 10.0, 800.0, 1000.0)
    args = [(np.full(3, size), 1.0) for size in sizes]
    wanted = [np.ones(3) for _ in sizes]
    got = [np.ones(3), np.ones(3), np.array([1, np.nan, 1]), np.array([np.inf, 1, 1])]
    found = relation(got, wanted, args)
    assert found.kind == "not_finite"
    assert "as large as 800" in found.sentence


def test_noise_has_no_relation() -> None:
    assert relation([RNG.normal(size=one.shape) for one in RIGHT], RIGHT, INPUTS) is None
    assert relation(RIGHT, RIGHT, INPUTS) is None
    one_wrong = [2 * RIGHT[0], *RIGHT[1:]]
    assert relation(one_wrong, RIGHT, INPUTS) is None, "one call shows nothing"


@pytest.mark.parametrize(
    ("kind", "message", "said"),
    [
        (
            "ValueError",
            "operands could not be broadcast together with shapes (3,) (4,) ",
            "line 2 (`y = x + w`), arrays of the shapes (3,) and (4,) meet",
        ),
        (
            "ValueError",
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
            "signature (n?,k),(k,m?)->(n?,m?) (size 3 is different from 4)",
            "an axis of size 4 on its left and one of size 3",
        ),
        ("IndexError", "index 5 is out of bounds for axis 0 with size 5", "5 entries"),
        ("NameError", "name 'SCALE' is not defined", "SCALE is used, which your cell number 7"),
        ("NameError", "name 'foo' is not defined", "which nothing sets"),
        ("TypeError", "'NoneType' object is not subscriptable", "something is None"),
        ("AttributeError", "'list' object has no attribute 'shape'", "a list is asked for .shape"),
        ("RecursionError", "maximum recursion depth exceeded", "calls itself without end"),
    ],
)
def test_exceptions_in_plain_words(kind: str, message: str, said: str) -> None:
    cells = (
        ProgramCell("f", "def f(x, w):\n    y = x + w\n    return y", False),
        ProgramCell("number 7", "SCALE = 3", False),
    )
    told = explain(StudentError(kind, message, "f", 2), cells)
    assert told is not None
    assert said in told[0]
    assert told[1]


def test_an_unknown_exception_speaks_for_itself() -> None:
    assert explain(StudentError("ValueError", "my own words", "f", 1), ()) is None


def test_two_mistakes_are_made_together() -> None:
    reference = "def f(a, b):\n    '''Doc.'''\n    s = a + b\n    return s * 2\n"
    first = Answer("f", "minus", "", "def f(a, b):\n    s = a - b\n    return s * 2\n")
    second = Answer("f", "triple", "", "def f(a, b):\n    s = a + b\n    return s * 3\n")
    third = Answer("f", "divide", "", "def f(a, b):\n    s = a / b\n    return s * 2\n")
    pairs = list(behaviour.merged_pairs("f", reference, [first, second, third]))
    assert {(one.name, other.name) for one, other, _ in pairs} == {
        ("minus", "triple"),
        ("triple", "divide"),
    }
    namespace: dict[str, Any] = {}
    exec(pairs[0][2], namespace)
    assert namespace["f"](5, 3) == 6


def test_a_mistake_without_end_is_given_up(stage: Stage) -> None:
    probes = probes_of(stage, "total", SECRET, None)  # type: ignore[arg-type]
    assert len(probes) == 4
    endless = {"total": "def total(values):\n    while True:\n        pass\n"}
    seen = [one.expected for one in probes]
    budget = LineBudget(1000, behaviour.FILE)
    assert behaviour.suspects_that_match(stage, "total", [endless], probes, seen, budget) == []
    assert budget.left < 0


def test_right_answers_are_not_looked_into(
    grader: Grader, stage: Stage, right: dict[str, Any], tmp_path: Path
) -> None:
    def fail(*_: Any) -> dict[str, Any]:
        raise AssertionError("a diagnosis of what is right")

    path = write_specimen(Specimen("ann", stage, right), tmp_path)
    assert replace(grader, diagnose=fail).grade(path, stage, "ann").score == 6


def test_a_diagnosis_gives_no_value_away(grade: Any, stage: Stage, right: dict[str, Any]) -> None:
    for mistake in stage.misconceptions:
        result = grade(fill(right, stage, {mistake.task: mistake.source}))
        for check in result.checks:
            if check.diagnosis is not None:
                assert check.diagnosis.sentence == mistake.description
                assert check.advice == mistake.hint


def test_who_only_calls_a_wrong_function_is_not_to_blame(
    grader: Grader, real_course: Course, tmp_path: Path
) -> None:
    stage = real_course.stage("stage02")
    mistake = next(one for one in stage.misconceptions if one.task == "update")
    answers = {**solutions(stage), "update": mistake.source}
    specimen = Specimen("sam", stage, fill(untouched(real_course, stage), stage, answers))
    result = grader.grade(write_specimen(specimen, tmp_path), stage, "sam")
    told = {check.task: check.diagnosis for check in result.checks if check.diagnosis}
    assert told["update"].misconception == mistake.name
    assert told["fit"].relation == "follows"
    assert told["fit"].sentence.endswith("it goes wrong because of update.")
