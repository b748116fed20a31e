"""Results as GitHub-flavoured Markdown, for a comment on a pull request or a job summary.

Text from submissions is escaped: it never becomes markup, a link or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from nngrade.formats.feedback import explained
from nngrade.results import CheckResult, SubmissionResult, points_of
from nngrade.text import one_line, presentable

__all__ = ["render", "render_failure"]

# GitHub rejects summaries larger than 1 MiB.
MOST_BYTES = 1_000_000
_SIGNS = {"passed": "✅", "skipped": "➖"}  # all others: ❌
# Everything that may begin markup, a link, a formula or an emoji within a line.
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#@:]|(?<=www)\.", re.IGNORECASE)
# GitHub looks for mentions and references after rendering, so backslashes do not prevent them.
_REFERENCE = re.compile(r"@|#(?=\d)")
_BREAK = "\N{ZERO WIDTH SPACE}"


def render(results: Sequence[SubmissionResult]) -> str:
    """One submission in full; several submissions as a table, with the details of each folded."""
    if len(results) == 1:
        heading = f"## {_who(results[0])}"
        return f"{heading}\n\n{_body(results[0])}"
    head = ["| student | stage | points | lost in |", "|---|---|--:|---|"]
    rows = _that_fit(map(_row, results), MOST_BYTES // 2)
    title = f"## {len(results)} submissions" if results else "## No submissions"
    if len(rows) < len(results):
        rows.append(f"| … and {len(results) - len(rows)} more | | | |")
    table = "\n".join([title, "", *head, *rows]) + "\n"
    folded = _that_fit(map(_folded, results), MOST_BYTES - len(table.encode()) - 100)
    if len(folded) < len(results):
        folded.append(f"\n{len(results) - len(folded)} more do not fit here.\n")
    return table + "".join(folded)


def render_failure(reason: str) -> str:
    """A summary that states why there are no results."""
    return f"## Grading did not finish\n\nWhy: {_text(reason)}\n"


def _that_fit(texts: Iterable[str], room: int) -> list[str]:
    """The first texts, as many as fit into `room` bytes."""
    fitting = []
    for text in texts:
        room -= len(text.encode()) + 1
        if room < 0:
            break
        fitting.append(text)
    return fitting


def _text(text: str) -> str:
    """Text from a submission, on one line and escaped."""
    lines = [_MARKUP.sub(r"\\\g<0>", line.strip()) for line in presentable(text).splitlines()]
    return _REFERENCE.sub(rf"\g<0>{_BREAK}", "<br>".join(filter(None, lines)))


def _who(result: SubmissionResult) -> str:
    return (
        f"{_text(one_line(result.student, 200))} · {_text(result.stage or 'stage unknown')}: "
        f"{_score(result)}"
    )


def _score(result: SubmissionResult) -> str:
    if result.status == "failed":
        return "not graded"
    return f"{result.score:g} of {result.max_score:g} points"


def _row(result: SubmissionResult) -> str:
    failed = result.status == "failed"
    score = "not graded" if failed else f"{result.score:g}/{result.max_score:g}"
    lost = ", ".join(f"{_text(task)} {points:g}" for task, points in result.lost_by_task.items())
    if result.max_score and not result.score and not failed:
        lost = "everything"
    student = _text(one_line(result.student, 200))
    return f"| {student} | {_text(result.stage)} | {score} | {lost or ('' if failed else '–')} |"


def _folded(result: SubmissionResult) -> str:
    # The <summary> element is HTML: Markdown escapes have no effect in it.
    who = f"{one_line(result.student, 200)} · {result.stage or 'stage unknown'}: {_score(result)}"
    summary = _REFERENCE.sub(rf"\g<0>{_BREAK}", escape(who))
    return f"\n<details><summary>{summary}</summary>\n\n{_body(result)}\n</details>\n"


def _body(result: SubmissionResult) -> str:
    if result.status == "failed":
        # Text from a submission must not begin a line: it could start a list.
        return f"Why: {_text(result.reason)}\n"
    parts = [_tasks(result)]
    lost = [one for one in explained(result.checks) if one[0].status != "passed"]
    passed = [check for check in result.checks if check.status == "passed"]
    if lost:
        parts.append("".join(_lost(*one) for one in lost))
    if result.remarks:
        parts.append("".join(f"- Note: {_text(note)}\n" for note in result.remarks))
    if passed:
        items = "".join(f"- ✅ {_named(check)}\n" for check in passed)
        count = f"{len(passed)} checks" if len(passed) > 1 else "1 check"
        parts.append(
            f"<details><summary>What is right ({count})</summary>\n\n{items}\n</details>\n"
        )
    return "\n".join(parts)


def _tasks(result: SubmissionResult) -> str:
    """A table of the tasks with their points, as Markdown."""
    rows = []
    for task in dict.fromkeys(check.task for check in result.checks):
        checks = [check for check in result.checks if check.task == task]
        score, points = points_of(checks)
        right = all(one.status == "passed" for one in checks)
        rows.append(f"| {'✅' if right else '❌'} | {_text(task)} | {score:g}/{points:g} |\n")
    return f"| | task | points |\n|---|---|--:|\n{''.join(rows)}"


def _named(check: CheckResult) -> str:
    points = f" ({check.score:g}/{check.points:g})" if check.points else ""
    return f"**{_text(check.task)}** — {_text(check.headline)}{points}"


def _lost(check: CheckResult, lines: list[str]) -> str:
    below = "".join(f"<br>{_text(line)}" for line in lines)
    return f"- {_SIGNS.get(check.status, '❌')} {_named(check)}{below}\n"
