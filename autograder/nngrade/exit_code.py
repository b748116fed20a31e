"""Exit code of a grading run; the user chooses which results count as a failure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nngrade.results import SubmissionResult

__all__ = [
    "ALL_PASSED",
    "INTERRUPTED",
    "NOT_GRADED",
    "POINTS_LOST",
    "TERMINATED",
    "FailOn",
    "Threshold",
    "exit_code",
    "parse_threshold",
]

ALL_PASSED, POINTS_LOST, NOT_GRADED = 0, 1, 2
# As shells report a program that Ctrl-C (SIGINT) or SIGTERM has ended: 128 and the signal's number.
INTERRUPTED, TERMINATED = 130, 143

FailOn = Literal["lost", "ungraded", "never"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Threshold:
    """Minimum score: a number of points, or a share of each submission's maximum.

    Attributes
    ----------
    value : float
        Number of points, or the share as a fraction from 0 to 1.
    is_share : bool
        Whether `value` is a share.
    """

    value: float
    is_share: bool

    def points(self, result: SubmissionResult) -> float:
        """Minimum score of a submission, in points."""
        return self.value * result.max_score if self.is_share else self.value

    def is_met(self, result: SubmissionResult) -> bool:
        """Whether a submission reaches the minimum score."""
        return result.score >= self.points(result) - _TOLERANCE


def parse_threshold(text: str) -> Threshold:
    """Parse a threshold: ``15`` is a number of points, ``80%`` a share.

    Raises
    ------
    ValueError
        If the text is neither, or the share exceeds 100 %.
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
    """Exit code of a grading run, as documented in the README.

    Parameters
    ----------
    results : iterable of SubmissionResult
        The results of the run.
    fail_on : {"lost", "ungraded", "never"}
        What counts as a failure: lost points or ungraded submissions, only ungraded submissions,
        or nothing.
    threshold : Threshold or None
        Minimum score from which lost points do not count as a failure.

    Returns
    -------
    int
        `ALL_PASSED`, `POINTS_LOST` or `NOT_GRADED`.
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
