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

# GitHub takes 1 MiB of each step and shows nothing of a longer summary: the rest of the step has
# room, too. docs.github.com > Workflow commands > Adding a job summary > Step isolation and limits
MOST_BYTES = 900_000
# Of one submission: what is longer would hide the others.
MOST_BYTES_EACH = 150_000
_SIGNS = {"passed": "✅", "skipped": "➖"}  # all others: ❌
# Everything that may begin markup, a link, a formula or an emoji within a line.
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#@:]|(?<=www)\.", re.IGNORECASE)
# GitHub looks for mentions and references after rendering, so backslashes do not prevent them.
_REFERENCE = re.compile(r"@|#(?=\d)")
_BREAK = "\N{ZERO WIDTH SPACE}"


def render(results: Sequence[SubmissionResult]) -> str:
    """One submission in full; several submissions as a table, with the details of each folded.

    Where there is no room for all, what could not be graded comes first, then what lost points, and
    rows and details are left out whole.
    """
    if len(results) == 1:
        heading = f"## {_who(results[0])}"
        return f"{heading}\n\n{_body(results[0])}"
    text, complete = _several(results)
    return text if complete else _several(sorted(results, key=_gravity))[0]


def _several(results: Sequence[SubmissionResult]) -> tuple[str, bool]:
    """A summary of submissions, and whether all are in it."""
    head = ["| student | stage | points | lost in |", "|---|---|--:|---|"]
    rows = _that_fit(map(_row, results), MOST_BYTES // 2)
    title = f"## {len(results)} submissions" if results else "## No submissions"
    table = "\n".join([title, "", *head, *rows]) + "\n"
    if len(rows) < len(results):
        table += f"\n{_left_out(len(results) - len(rows), 'rows')}\n"
    folded = _that_fit(map(_folded, results), MOST_BYTES - len(table.encode()) - 1000)
    complete = len(rows) == len(folded) == len(results)
    if len(folded) < len(results):
        folded.append(f"\n{_left_out(len(results) - len(folded), 'details')}\n")
    return table + "".join(folded), complete


def _gravity(result: SubmissionResult) -> int:
    if result.status == "failed":
        return 0
    return 1 if result.lost else 2


def _left_out(number: int, what: str) -> str:
    """Sentence on submissions of which something is left out."""
    one = number == 1
    whose = f"{number} submission{'' if one else 's'}"
    if what == "rows":
        which = "is not in this table" if one else "are not in this table"
    else:
        which = "is without details here" if one else "are without details here"
    return (
        f"**{whose} {which}**, because GitHub shows 1 MiB of a step at most; those that lost "
        "nothing are left out first. All are in the run's other outputs, such as `results.json` "
        "and `feedback.html` in its artifact (`--format json`, `--format html`)."
    )


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
    tasks = _tasks(result)
    lost = [one for one in explained(result.checks) if one[0].status != "passed"]
    passed = [check for check in result.checks if check.status == "passed"]
    items = [*(_lost(*one) for one in lost), *(f"- Note: {_text(one)}\n" for one in result.remarks)]
    right = [f"- ✅ {_named(check)}\n" for check in passed]
    shown = _that_fit([*items, *right], MOST_BYTES_EACH)
    parts = [tasks]
    if items:
        parts.append("".join(shown[: len(items)]))
    if right and len(shown) > len(items):
        told = "".join(shown[len(items) :])
        count = f"{len(passed)} checks" if len(passed) > 1 else "1 check"
        parts.append(f"<details><summary>What is right ({count})</summary>\n\n{told}\n</details>\n")
    if left := len(items) + len(right) - len(shown):
        parts.append(f"{left} more checks and notes do not fit here: `results.json` has them.\n")
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
