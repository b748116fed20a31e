"""Results as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nngrade.results import CheckResult, SubmissionResult

__all__ = ["class_table", "print_results", "submission_view"]

# A word beside each colour: the table must read without colours too.
_STYLES = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "error": ("✗", "red"),
    "timeout": ("✗", "red"),
    "skipped": ("–", "yellow"),
}


def print_results(console: Console, results: Sequence[SubmissionResult], every: bool) -> None:
    """Print each submission, then a summary where there are several.

    Parameters
    ----------
    console : Console
    results : sequence of SubmissionResult
    every : bool
        Whether to list the checks that passed, too.
    """
    for result in results:
        console.print(submission_view(result, every))
    if len(results) > 1:
        for stage in dict.fromkeys(result.stage for result in results if result.stage):
            console.print(class_table([one for one in results if one.stage == stage]))


def submission_view(result: SubmissionResult, every: bool) -> RenderableType:
    """One submission: a heading, then a line for each check."""
    heading = Text()
    heading.append(result.student, style="bold")
    heading.append(f"  {result.stage or 'stage unknown'}  ")
    if result.status == "failed":
        heading.append("not graded", style="bold red")
        return Group(heading, Padding(Text(result.error or ""), (0, 0, 1, 2)))
    heading.append(f"{result.score:g} of {result.max_score:g} points", style="bold")
    if result.data:
        heading.append(f"  (data: {result.data})", style="dim")
    lines: list[RenderableType] = [heading]
    lines.extend(
        Padding(Text(f"note: {note}", style="yellow"), (0, 0, 0, 2)) for note in result.notes
    )
    shown = result.checks if every else result.lost
    if shown:
        lines.append(_checks_table(shown))
    lines.append(Text(""))
    return Group(*lines)


def _checks_table(checks: Sequence[CheckResult]) -> Table:
    table = Table(box=box.SIMPLE, padding=(0, 1), show_edge=False)
    table.add_column("task", no_wrap=True)
    table.add_column("check and, where lost, the reason", overflow="fold", ratio=1)
    table.add_column("points", justify="right", no_wrap=True)
    previous = ""
    for group in _rows(checks):
        check = group[0]
        score, points = sum(one.score for one in group), sum(one.points for one in group)
        table.add_row(
            check.task if check.task != previous else "",
            _line(check, len(group)),
            f"{score:g}/{points:g}" if points else "–",
        )
        previous = check.task
    return table


def _rows(checks: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Checks, those together that were skipped one after the other for the same reason."""
    rows: list[list[CheckResult]] = []
    for check in checks:
        last = rows[-1][-1] if rows else None
        if (
            last is not None
            and check.status == last.status == "skipped"
            and (check.task, check.message) == (last.task, last.message)
        ):
            rows[-1].append(check)
        else:
            rows.append([check])
    return rows


def _line(check: CheckResult, count: int) -> Text:
    sign, colour = _STYLES[check.status]
    body = Text(f"{sign} ", style=colour)
    if count > 1:
        return body.append(f"{count} more checks skipped: {check.message}")
    body.append(check.description, style="default")
    if check.message:
        what = "" if check.status == "failed" else f"{check.status}: "
        body.append(f"\n  {what}{check.message}")
    if check.hint:
        body.append(f"\n  Hint: {check.hint}", style="default")
    return body


def class_table(results: Sequence[SubmissionResult]) -> Table:
    """Scores of several submissions of one stage, by student and task."""
    tasks = list(dict.fromkeys(check.task for one in results for check in one.checks))
    maxima = {task: max(_points(one, task) for one in results if one.checks) for task in tasks}
    table = Table(title=results[0].stage, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1))
    table.add_column("student", no_wrap=True)
    for task in tasks:
        table.add_column(f"{task}\n/{maxima[task]:g}", justify="right")
    maximum = max(one.max_score for one in results)
    table.add_column(f"score\n/{maximum:g}", justify="right", style="bold")
    for result in results:
        if result.status == "failed":
            cells = ["–"] * len(tasks) + ["not graded"]
        else:
            cells = [f"{_score(result, task):g}" for task in tasks] + [f"{result.score:g}"]
        table.add_row(result.student, *cells)
    return table


def _points(result: SubmissionResult, task: str) -> float:
    return sum(check.points for check in result.checks if check.task == task)


def _score(result: SubmissionResult, task: str) -> float:
    return sum(check.score for check in result.checks if check.task == task)
