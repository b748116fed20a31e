"""Feedback in the outputs of a notebook's grade cells.

nbgrader takes the score of a cell from its first result; the other outputs are the student's
feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from nngrade.course.options import Level
from nngrade.formats.feedback import explained, told
from nngrade.results import CheckResult, points_of

__all__ = ["grade_outputs"]

# Readable on nbgrader's white background and on JupyterLab's dark one.
_GREEN, _RED, _GREY = "#1f883d", "#d1372e", "#6e7781"


def grade_outputs(checks: Sequence[CheckResult], level: Level) -> list[dict[str, Any]]:
    """Make the outputs of a grade cell.

    Parameters
    ----------
    checks : sequence of CheckResult
        The checks of the cell's task.
    level : Level

    Returns
    -------
    list of dict
        Outputs in nbformat 4. The last one is the score for nbgrader.
    """
    score, most = points_of(checks)
    outputs: list[dict[str, Any]] = []
    if level != "score":
        explanations = explained(told(checks, level))
        outputs.append(
            {
                "output_type": "display_data",
                "data": {
                    "text/plain": "\n".join(_text(*one) for one in explanations),
                    "text/html": "".join(_html(*one) for one in explanations),
                },
                "metadata": {},
            }
        )
    outputs.append(
        {
            "output_type": "execute_result",
            "execution_count": None,
            "data": {
                # nbgrader reads this text as the number of points.
                "text/plain": f"{score:.6g}",
                "text/html": f"<p>Checks: <b>{score:g} of {most:g} points</b></p>",
            },
            "metadata": {},
        }
    )
    return outputs


def _sign(check: CheckResult) -> tuple[str, str, str]:
    """Outcome of a check: a sign, its colour, and a word for screen readers."""
    if check.status == "passed":
        return "✓", _GREEN, "passed"
    return ("–", _GREY, "skipped") if check.status == "skipped" else ("✗", _RED, "failed")


def _points(check: CheckResult) -> str:
    return f"{check.score:g}/{check.points:g}" if check.points else "no points"


def _text(check: CheckResult, explanations: Sequence[str]) -> str:
    first = f"{_sign(check)[0]} {check.headline} ({_points(check)})"
    return "\n".join([first, *(f"    {line}" for line in explanations)])


def _html(check: CheckResult, explanations: Sequence[str]) -> str:
    sign, colour, word = _sign(check)
    weight = "bold" if colour == _RED else "normal"
    below = "".join(
        f'<div style="margin-top:0.15em;white-space:pre-wrap">{escape(line)}</div>'
        for line in explanations
    )
    # Hanging indent: wrapped lines continue beside the sign, not below it.
    return (
        '<div style="margin:0.5em 0;padding-left:1.5em">'
        '<div style="text-indent:-1.5em">'
        f'<b role="img" aria-label="{word}" style="display:inline-block;width:1.5em;'
        f'text-indent:0;color:{colour}">{sign}</b>'
        f'<span style="font-weight:{weight}">{escape(check.headline)}</span> '
        f'<span style="white-space:nowrap">({_points(check)})</span></div>{below}</div>'
    )
