"""The exit code of a grading: what in it counts as a failure is for those who run it to say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nngrade.results import SubmissionResult

__all__ = [
    "ALL_PASSED",
    "NOT_GRADED",
    "POINTS_LOST",
    "FailOn",
    "Threshold",
    "exit_code",
    "parse_threshold",
]

ALL_PASSED, POINTS_LOST, NOT_GRADED = 0, 1, 2

FailOn = Literal["lost", "ungraded", "never"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Threshold:
    """A score that is enough: points, or a share of each submission's maximum."""

    value: float
    is_share: bool

    def points(self, result: SubmissionResult) -> float:
        """How many points a submission needs."""
        return self.value * result.max_score if self.is_share else self.value

    def is_met(self, result: SubmissionResult) -> bool:
        """Whether a submission has as much."""
        return result.score >= self.points(result) - _TOLERANCE


def parse_threshold(text: str) -> Threshold:
    """Read ``15`` as points, ``80%`` as a share.

    Raises
    ------
    ValueError
        When it is neither, or a share of more than all.
    """
    if not re.fullmatch(r"\d+(\.\d+)?%?", text):
        raise ValueError(f"{text!r} is neither points, as in 15, nor a share of them, as in 80%")
    if not text.endswith("%"):
        return Threshold(float(text), False)
    if (percent := float(text[:-1])) > 100:
        raise ValueError(f"{text} is more than all points")
    return Threshold(percent / 100, True)


def exit_code(
    results: Iterable[SubmissionResult],
    fail_on: FailOn = "lost",
    threshold: Threshold | None = None,
) -> int:
    """0, 1 or 2, as the README has them.

    Parameters
    ----------
    results : iterable of SubmissionResult
    fail_on : {"lost", "ungraded", "never"}
        What makes it 1 or 2: points that were lost, only what could not be graded, nothing.
    threshold : Threshold or None
        From where on lost points do not count.
    """
    if fail_on == "never":
        return ALL_PASSED
    results = list(results)
    if any(result.status == "failed" for result in results):
        return NOT_GRADED
    if fail_on == "ungraded":
        return ALL_PASSED
    if threshold is None:
        return POINTS_LOST if any(result.lost for result in results) else ALL_PASSED
    return ALL_PASSED if all(map(threshold.is_met, results)) else POINTS_LOST
