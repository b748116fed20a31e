"""Feedback for students as one self-contained HTML page without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Template
from markupsafe import Markup, escape

from nngrade.formats.feedback import explained
from nngrade.formats.pages import page_template
from nngrade.results import CheckResult, SubmissionResult, points_of
from nngrade.text import one_line, presentable

__all__ = ["SubmissionView", "feedback_template", "render", "render_failure", "submission_view"]

_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class _Check:
    """A check as the template shows it, with a sign and a word for its outcome."""

    check: CheckResult
    lines: list[str]

    @property
    def outcome(self) -> str:
        """Name of the outcome's CSS colour: ``passed``, ``unreached`` or ``failed``."""
        return {"passed": "passed", "skipped": "unreached"}.get(self.check.status, "failed")

    @property
    def sign(self) -> str:
        return {"passed": "✓", "unreached": "–"}.get(self.outcome, "✗")


@dataclass(frozen=True)
class _Task:
    number: int
    name: str
    checks: list[_Check]

    @property
    def score(self) -> float:
        return points_of([one.check for one in self.checks])[0]

    @property
    def points(self) -> float:
        return points_of([one.check for one in self.checks])[1]


@dataclass(frozen=True)
class SubmissionView:
    """A submission as the templates show it."""

    anchor: str
    result: SubmissionResult
    tasks: list[_Task]

    @property
    def lost(self) -> list[_Task]:
        """The tasks in which points were lost."""
        return [task for task in self.tasks if task.score < task.points]


def render(results: Sequence[SubmissionResult]) -> str:
    """The page: an index if there are several submissions, then a section for each of them."""
    submissions = [submission_view(number, result) for number, result in enumerate(results, 1)]
    return _template().render(submissions=submissions, problem="")


def render_failure(reason: str) -> str:
    """A page that states why there is no feedback."""
    return _template().render(submissions=[], problem=reason)


def _template() -> Template:
    return feedback_template("nngrade.formats", "feedback.html")


def submission_view(number: int, result: SubmissionResult) -> SubmissionView:
    """What the templates show of a result.

    Parameters
    ----------
    number : int
        Number of the submission on its page, from which its anchors are made.
    result : SubmissionResult
    """
    tasks: dict[str, list[_Check]] = {}
    for check, lines in explained(result.checks):
        tasks.setdefault(check.task, []).append(_Check(check, lines))
    numbered = [_Task(place, *one) for place, one in enumerate(tasks.items(), 1)]
    return SubmissionView(f"submission-{number}", result, numbered)


@cache
def feedback_template(package: str, file: str, /, **filters: Callable[..., str]) -> Template:
    """Template of a package that shows submissions, with the filters that they need."""
    return page_template(
        package,
        file,
        plain=presentable,
        reason=_reason,
        name=lambda text: one_line(text, 200),
        **filters,
    )


def _reason(text: str) -> Markup:
    """A reason as HTML, in which what stands between backquotes is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(presentable(text)))))
