"""Diagnoses of submissions: of wrong answers only, and without a value that gives one away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from nngrade.authoring.specimens import Specimen, fill, write_specimen
from nngrade.course.stages import Stage
from nngrade.grading.grader import Grader


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
