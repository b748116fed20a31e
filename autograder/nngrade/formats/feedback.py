"""What students may read of a result, in every format.

The course sets the feedback level: ``[feedback] level`` in ``solutions/course.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nngrade.course.options import Level
from nngrade.results import CheckResult, SubmissionResult, points_of

__all__ = ["AS_ABOVE", "as_told", "explained", "told"]

_TYPE = re.compile(r" \(\w+\)\.$")
# Stands for a reason that was given for another check before.
AS_ABOVE = "For the same reason."


def as_told(result: SubmissionResult, level: Level) -> SubmissionResult:
    """A copy of a result that holds only what the feedback level allows; the score is the same."""
    return replace(result, checks=told(result.checks, level))


def told(checks: Sequence[CheckResult], level: Level) -> tuple[CheckResult, ...]:
    """Copies of checks that hold only what the feedback level allows.

    At level ``score``, the checks of each task are merged into one.
    """
    if level == "score":
        tasks = dict.fromkeys(check.task for check in checks)
        return tuple(_sum([one for one in checks if one.task == task]) for task in tasks)
    if level == "names":
        return tuple(
            replace(one, message="", hint="", limit=None, example="", diagnosis=None)
            for one in checks
        )
    if level == "hints":
        return tuple(replace(one, example="") for one in checks)
    return tuple(checks)


def _sum(checks: Sequence[CheckResult]) -> CheckResult:
    """One check that stands for all checks of a task."""
    score, points = points_of(checks)
    return CheckResult(
        id=checks[0].task,
        task=checks[0].task,
        description=f"The checks of {checks[0].task}",
        points=points,
        score=score,
        status="passed" if score >= points else "failed",
        message="",
        hint="",
        seconds=sum(one.seconds for one in checks),
        cell=checks[0].cell,
    )


def explained(
    checks: Iterable[CheckResult], each: bool = False
) -> list[tuple[CheckResult, list[str]]]:
    """Checks, each with its explanation: lines with the reason for the loss and a hint.

    Parameters
    ----------
    checks : iterable of CheckResult
    each : bool
        Whether each check has to explain itself, because it is shown alone. Otherwise a reason or
        a hint that was given for another check before is not given again.
    """
    found: list[tuple[CheckResult, list[str]]] = []
    seen: set[str] = set()
    for check in checks:
        lines = _explanation(check)
        new = lines if each else [line for line in lines if _gist(line) not in seen]
        known = set(map(_gist, check.reasons)) <= seen if check.reasons else not new
        if lines and known and not each and check.status != "skipped":
            new = [AS_ABOVE]  # with a hint of its own it would look like another mistake
        # A diagnosis may stand for the message of the check.
        seen.update(map(_gist, [*lines, check.message]))
        found.append((check, new))
    return found


def _gist(line: str) -> str:
    """A reason without the type of an exception, which not every check names."""
    return _TYPE.sub(".", line)


def _explanation(check: CheckResult) -> list[str]:
    if check.status == "passed":
        return []
    lines = list(check.reasons)
    if check.example:
        lines.append(f"It failed on: {check.example}")
    if check.advice:
        lines.append(f"Hint: {check.advice}")
    return lines
