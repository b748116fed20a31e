"""Results as workflow commands of GitHub Actions, which become annotations at the cells.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngrade.formats.cell_lines import cell_lines
from nngrade.formats.feedback import AS_ABOVE, explained
from nngrade.results import CheckResult, SubmissionResult
from nngrade.text import one_line, presentable

__all__ = ["render", "render_failure"]

# The number of errors per step that GitHub shows; it drops any others.
MOST_ERRORS = 10
# Relations of what goes wrong because of another task, or may do so.
_OF_OTHERS = ("follows", "may_follow")


@dataclass(frozen=True)
class _Annotation:
    """An error in a file, at a line if known; those with a higher weight are shown first.

    The rank comes first: one for each task, then its others, then what follows from another
    mistake, and what is not done last of all: who has not begun with a task knows it.
    """

    student: str
    path: str
    line: int | None
    title: str
    message: str
    weight: float
    rank: int = 0


def render(results: Sequence[SubmissionResult]) -> str:
    """Error commands for the costliest mistakes, and a notice with a summary."""
    several = len({result.student for result in results}) > 1
    errors = [one for result in results for one in _errors(result)]
    errors.sort(key=lambda one: (one.rank, -one.weight))
    lines = [_error(one, several) for one in errors[:MOST_ERRORS]]
    summary = [_summary(result) for result in results[:50]]
    if len(results) > 50:
        summary.append(f"… and {len(results) - 50} more submissions.")
    if rest := errors[MOST_ERRORS:]:
        summary.append(f"Not shown as annotations, {len(rest)} more:")
        titles = Counter(one_line(one.title, 300) for one in rest)
        summary.extend(
            f"- {f'{count} × ' if count > 1 else ''}{title}"
            for title, count in titles.most_common(50)
        )
    lines.append(_command("notice", "\n".join(summary) or "No submissions.", title="nngrade"))
    return "".join(f"{line}\n" for line in lines)


def render_failure(reason: str) -> str:
    """An error command with the reason why there are no results."""
    return _command("error", presentable(reason), title="Grading did not finish") + "\n"


def _summary(result: SubmissionResult) -> str:
    who = f"{one_line(result.student, 100)} {result.stage}".strip()
    if result.status == "failed":
        return f"{who}: not graded"
    points = f"{who}: {result.score:g} of {result.max_score:g} points"
    if result.needs_person:
        return f"{points}; a person has to decide: {one_line(result.needs_person)}"
    return points


def _errors(result: SubmissionResult) -> list[_Annotation]:
    path, who = _in_workspace(result.path), one_line(result.student, 100)
    if result.status == "failed":
        reason = presentable(result.reason)
        return [
            _Annotation(who, path, None, "This notebook could not be graded", reason, float("inf"))
        ]
    # A skipped check is the consequence of another mistake.
    lost = [one for one in explained(result.checks) if one[0].status not in ("passed", "skipped")]
    starts = dict(enumerate(cell_lines(Path(result.path)) if lost else [], 1))
    # Weight of a task's first mistake: its own points, and those of the checks skipped because
    # of it.
    weights = {check.id: check.points - check.score for check, _ in lost}
    first = {check.task: check.id for check, _ in reversed(lost)}
    for check in result.checks:
        if check.status == "skipped" and check.task in first:
            weights[first[check.task]] += check.points
    # What is lost for a reason that was given before needs no annotation of its own.
    for check, lines in lost:
        if lines == [AS_ABOVE] and first[check.task] != check.id:
            weights[first[check.task]] += weights.pop(check.id)
    leading = _leading([check for check, _ in lost if check.id in weights], weights)
    return [
        _annotation(
            who,
            path,
            starts.get(check.cell or 0),
            check,
            lines,
            weights[check.id],
            check.id in leading,
        )
        for check, lines in lost
        if check.id in weights
    ]


def _leading(checks: Sequence[CheckResult], weights: Mapping[str, float]) -> set[str]:
    """Of each task the check that says most: with a diagnosis, or else the costliest."""

    def says(check: CheckResult) -> tuple[bool, float]:
        return check.diagnosis is not None, weights[check.id]

    tasks = dict.fromkeys(check.task for check in checks)
    return {max((one for one in checks if one.task == task), key=says).id for task in tasks}


def _annotation(
    who: str,
    path: str,
    line: int | None,
    check: CheckResult,
    lines: list[str],
    weight: float,
    leads: bool,
) -> _Annotation:
    points = f" ({check.score:g}/{check.points:g})" if check.points else ""
    title = f"{check.task}: {one_line(check.headline)}{points}"
    message = "\n".join(map(presentable, lines)) or title
    follows = check.diagnosis is not None and check.diagnosis.relation in _OF_OTHERS
    rank = 3 if check.undone else 2 if follows else int(not leads)
    return _Annotation(who, path, line, title, message, weight, rank)


def _in_workspace(path: str) -> str:
    """A path relative to the repository, as annotations need it."""
    root = os.environ.get("GITHUB_WORKSPACE") or os.getcwd()
    inside = os.path.relpath(path, root)
    return path if inside.startswith("..") else inside


def _error(one: _Annotation, named: bool) -> str:
    """The command; `named` says that annotations are of several students, to be told apart."""
    title = f"{one.student}: {one.title}" if named else one.title
    place = {"file": one.path, "line": str(one.line)} if one.line else {"file": one.path}
    return _command("error", one.message, **place, title=title)


def _command(name: str, message: str, **properties: str) -> str:
    """A workflow command, escaped so that no message or property can end it early."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
