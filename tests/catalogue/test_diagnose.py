"""Diagnoses of submissions: of wrong answers only, and without a value that gives one away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import Specimen, fill, write_specimen
from nngrade.catalogue import diagnose
from nngrade.course.stages import Stage
from nngrade.grading.grader import Grader
from nngrade.results import CheckResult, SubmissionResult


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


LEANING = "def total(values):\n    return float(np.sum(shifted(values, 1.0)) - len(values))\n"
UNKNOWN = "def shifted(values, by):\n    return values * 2 + by - 7\n"


def told(result: SubmissionResult, task: str) -> list[CheckResult]:
    return [one for one in result.checks if one.task == task and one.points and one.diagnosis]


def test_a_function_that_only_calls_a_wrong_one_is_innocent(
    grade: Any, stage: Stage, right: dict[str, Any]
) -> None:
    """Even where nobody knows what the other does wrong."""
    result = grade(fill(right, stage, {"total": LEANING, "shifted": UNKNOWN}))
    lost = told(result, "total")
    assert lost
    for one in lost:
        assert one.diagnosis is not None
        assert one.diagnosis.relation == "follows"
        sentence = "total does what it should; it goes wrong because of shifted."
        assert one.reasons == (sentence,)
        assert one.advice == "Mend shifted first."


def test_time_that_runs_out_leaves_what_was_seen_before(
    grade: Any, stage: Stage, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who calls others very often is tried on some probes, and these are of all checks."""
    # Of seven probes, three at a time; five are enough, and each takes three calls.
    monkeypatch.setattr(diagnose, "FIRST_PROBES", 3)
    monkeypatch.setattr(diagnose, "ENOUGH_PROBES", 5)
    left = [6 * 3]

    class Short(diagnose._Lender):
        def _lent(self, function: Any) -> Any:
            def called(*args: Any) -> Any:
                left[0] -= 1
                self.is_exhausted |= left[0] < 0
                return function(*args)

            return called

    monkeypatch.setattr(diagnose, "_Lender", Short)
    more = "    for _ in range(2):\n        shifted(values, 1.0)\n    return"
    often = LEANING.replace("    return", more)
    notebook = fill(right, stage, {"total": often, "shifted": UNKNOWN})

    def relations() -> set[str | None]:
        return {one.diagnosis.relation for one in told(grade(notebook), "total") if one.diagnosis}

    assert relations() == {"follows"}
    assert left[0] < 0
    left[0] = 4 * 3
    assert relations() == {"may_follow"}


def test_a_mistake_beside_anothers_is_seen_by_itself(
    grade: Any, stage: Stage, right: dict[str, Any]
) -> None:
    mean = LEANING.replace("np.sum(shifted(values, 1.0)) - len(values)", MEAN)
    result = grade(fill(right, stage, {"total": mean, "shifted": UNKNOWN}))
    (one, *_) = told(result, "total")
    assert one.diagnosis is not None
    assert one.diagnosis.misconception == "mean_for_sum"


MEAN = "np.mean(shifted(values, 1.0)) - 1"


def test_who_hands_over_what_cannot_be_sent_is_not_blamed_for_it(
    grade: Any, stage: Stage, right: dict[str, Any]
) -> None:
    odd = "def total(values):\n    return float(np.sum(shifted(Odd(values), 1.0)) - len(values))\n"
    odd += "class Odd(list):\n    def __mul__(self, n):\n        return np.array(self) * n\n"
    odd += "    def __getattr__(self, name):\n        raise AttributeError(name)\n"
    result = grade(fill(right, stage, {"total": odd, "shifted": UNKNOWN}))
    for one in told(result, "total"):
        assert one.diagnosis is not None
        assert "not plain" not in one.diagnosis.sentence


def test_a_loan_ends_with_its_calls(student_of: Any) -> None:
    student = student_of("def inner(x):\n    return 1\n\ndef outer(x):\n    return inner(x)\n")
    lent = replace(student.outer, lent={"inner": lambda x: 10 * x, "new": len})
    assert list(lent.each([(2,), (3,)])) == [20, 30]
    assert student.outer(2) == 1
    with pytest.raises(Exception, match="new is not defined"):
        student.new([1])
