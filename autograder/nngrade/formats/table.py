"""Results as tables on a terminal."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from nngrade.formats.feedback import AS_ABOVE, explained
from nngrade.results import CheckResult, SubmissionResult, points_of
from nngrade.text import one_line, presentable

__all__ = [
    "class_table",
    "lost_view",
    "print_results",
    "render",
    "render_failure",
    "submission_view",
    "term_table",
]

# Width in characters of tables written to a file: fits beside another window on a screen.
WIDTH = 100

# Every colour comes with a word or sign: the table must be readable without colours, too.
_STYLES = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "error": ("✗", "red"),
    "timeout": ("✗", "red"),
    "skipped": ("–", "yellow"),
}


def render(
    results: Sequence[SubmissionResult],
    every: bool | None = None,
    instead: Callable[[SubmissionResult, Exception], SubmissionResult] | None = None,
) -> str:
    """The tables as text without colours.

    Parameters
    ----------
    results : sequence of SubmissionResult
    every : bool, optional
        Whether to list passed checks as well; by default only for a single submission.
    instead : callable, optional
        As for `print_results`.
    """
    text = io.StringIO()
    console = Console(file=text, width=WIDTH, highlight=False, color_system=None)
    print_results(console, results, len(results) == 1 if every is None else every, instead)
    return text.getvalue()


def render_failure(reason: str) -> str:
    """A line with the reason why there are no results."""
    return f"Grading did not finish: {one_line(reason)}\n"


def print_results(
    console: Console,
    results: Sequence[SubmissionResult],
    every: bool,
    instead: Callable[[SubmissionResult, Exception], SubmissionResult] | None = None,
) -> None:
    """Print each submission, then a class table if there are several.

    Parameters
    ----------
    console : Console
    results : sequence of SubmissionResult
    every : bool
        Whether to list passed checks as well.
    instead : callable, optional
        Makes the result that stands for one that cannot be shown. Without it, the exception is
        raised.
    """
    shown = []
    for result in results:
        try:
            lines = _printed(console, [result], every)
        except Exception as error:
            if instead is None:
                raise
            result = instead(result, error)
            lines = _printed(console, [result], every)
        shown.append(result)
        console.print(Segments(lines))
    if len(shown) > 1:
        for stage in dict.fromkeys(result.stage for result in shown if result.stage):
            console.print(class_table([one for one in shown if one.stage == stage]))


def _printed(console: Console, results: Sequence[SubmissionResult], every: bool) -> list[Segment]:
    """What is printed of a submission; its row of the class table is tried as well."""
    (result,) = results
    list(console.render(class_table(results)))
    return list(console.render(submission_view(result, every)))


def submission_view(result: SubmissionResult, every: bool) -> RenderableType:
    """One submission: a heading, then a line for each check.

    Parameters
    ----------
    result : SubmissionResult
    every : bool
        Whether to list passed checks as well.
    """
    heading = Text()
    heading.append(one_line(result.student, 200), style="bold")
    heading.append(f"  {result.stage or 'stage unknown'}  ")
    if result.status == "failed":
        heading.append("not graded", style="bold red")
        return Group(heading, Padding(Text(presentable(result.reason)), (0, 0, 1, 2)))
    heading.append(f"{result.score:g} of {result.max_score:g} points", style="bold")
    if result.data:
        heading.append(f"  (data: {result.data})", style="dim")
    lines: list[RenderableType] = [heading]
    lines.extend(
        Padding(Text(f"note: {note}", style="yellow"), (0, 0, 0, 2)) for note in result.remarks
    )
    shown = result.checks if every else result.lost
    if shown and not every and len(_rows(shown)) == len({check.task for check in shown}) > 3:
        # Every task has a single reason for its loss: one line sums them up.
        reasons = list(dict.fromkeys(check.message.partition(" ")[2] for check in shown))
        alike = len(reasons) == 1 and reasons[0] == "is not done yet"
        text = "nothing is done yet" if alike else f"every task {', '.join(reasons)}"
        lines.append(Padding(Text(text), (0, 0, 0, 2)))
    elif shown:
        lines.append(_checks_table(shown))
    lines.append(Text(""))
    return Group(*lines)


def _checks_table(checks: Sequence[CheckResult]) -> Table:
    explanations = {check.id: lines for check, lines in explained(checks)}
    table = Table(box=box.SIMPLE, padding=(0, 1), show_edge=False)
    table.add_column("task", no_wrap=True)
    table.add_column("check and, where lost, the reason", overflow="fold", ratio=1)
    table.add_column("points", justify="right", no_wrap=True)
    previous = ""
    for group in _rows(checks):
        check = group[0]
        score, points = points_of(group)
        table.add_row(
            check.task if check.task != previous else "",
            _line(check, explanations[check.id], len(group)),
            f"{score:g}/{points:g}" if points else "–",
        )
        previous = check.task
    return table


def _rows(checks: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Checks grouped into rows: lost or skipped checks of a task with the same reason share one."""
    rows: list[list[CheckResult]] = []
    for check in checks:
        last = rows[-1][-1] if rows else None
        if (
            last is not None
            and check.status == "skipped"
            and (check.task, check.message) == (last.task, last.message)
        ):
            rows[-1].append(check)
        else:
            rows.append([check])
    return rows


def _line(check: CheckResult, explanation: Sequence[str], count: int) -> Table:
    """A sign, and beside it what was checked and why it was lost, which stay beside it."""
    sign, colour = _STYLES[check.status]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    headline = f"{check.message} ({count} checks)" if count > 1 else check.headline
    grid.add_row(Text(sign, style=colour), Text(headline))
    what = "" if check.status == "failed" else f"{check.status}: "
    for line in explanation if count == 1 else ():
        advice = line == f"Hint: {check.advice}"
        said = line if advice or line == AS_ABOVE else f"{what}{line}"
        text = Text(said, style="" if advice else colour)
        grid.add_row("", Padding(text, (0, 0, 0, 2)))
        what = ""
    return grid


def class_table(results: Sequence[SubmissionResult]) -> Table:
    """Table of the submissions of one stage: scores, and the tasks in which points were lost."""
    table = Table(title=results[0].stage, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1))
    # A name is cut only where it is wider than the screen, and never broken in two.
    table.add_column("student", no_wrap=True)
    table.add_column(f"of {max(one.max_score for one in results):g}", justify="right", style="bold")
    table.add_column("points lost in")
    for result in results:
        # A Text object: in a plain string, rich would read square brackets as markup.
        student = Text(one_line(result.student, 200))
        if result.status == "failed":
            table.add_row(student, "–", "not graded")
        else:
            table.add_row(student, f"{result.score:g}", _losses(result))
    return table


def term_table(results: Sequence[SubmissionResult]) -> Table:
    """Scores of a class in several stages: a row for each student, a column for each stage."""
    most = {one.stage: one.max_score for one in results if one.stage}
    scores: dict[str, dict[str, SubmissionResult]] = {}
    for one in results:
        scores.setdefault(one.student, {})[one.stage] = one
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column("student", no_wrap=True)
    for number in range(1, len(most) + 1):
        table.add_column(f"stage {number}", justify="right")
    table.add_column(f"all of {sum(most.values()):g}", justify="right", style="bold")
    for student, by_stage in scores.items():
        graded = [one for one in by_stage.values() if one.status == "graded"]
        cells = [_score_cell(by_stage.get(stage)) for stage in most]
        total = points_of([check for one in graded for check in one.checks])[0]
        table.add_row(Text(one_line(student, 200)), *cells, f"{total:g}")
    return table


def _score_cell(result: SubmissionResult | None) -> str:
    return f"{result.score:g}" if result is not None and result.status == "graded" else "–"


def lost_view(result: SubmissionResult, check: CheckResult) -> RenderableType:
    """One lost check of a submission, as its student reads it."""
    heading = Text(one_line(result.student, 200), style="bold")
    heading.append(f", {result.stage}, {check.task}:  {check.score:g} of {check.points:g} points")
    sign, colour = _STYLES[check.status]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(sign, style=colour), Text(check.headline))
    for reason in check.reasons:
        grid.add_row("", Text(reason))
    if check.advice:
        grid.add_row("", Text(f"Hint: {check.advice}"))
    return Group(heading, Padding(grid, (0, 0, 1, 2)))


def _losses(result: SubmissionResult) -> str:
    """Points lost by task, as in ``predict 1, fit 2``."""
    if result.max_score and not result.score:
        return "everything"
    lost = result.lost_by_task.items()
    return ", ".join(f"{task} {points:g}" for task, points in lost) or "–"
