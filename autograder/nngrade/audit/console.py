"""The findings of an audit on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nngrade.audit import panels
from nngrade.audit.findings import StageFindings
from nngrade.audit.summary import HEADINGS, rows, weak_checks
from nngrade.text import wrapped

__all__ = ["show", "show_panels"]


def show(findings: Sequence[StageFindings]) -> bool:
    """Print the table and the problems; return whether there are none."""
    console = Console(highlight=False)
    # Stages as columns, named by the first part of their names: the table fits 80 characters.
    columns = [HEADINGS, *rows(findings)]
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    for number, (name, *_) in enumerate(columns):
        table.add_column(name.partition("_")[0], justify="right" if number else "left")
    for row in zip(*(column[1:] for column in columns), strict=True):
        table.add_row(*row)
    console.print(table)
    problems = [problem for one in findings for problem in one.problems()]
    for problem in problems:
        _say(console, problem)
    _show_unseen(console, findings)
    _show_weak(console, findings)
    holds = not problems
    console.print(
        "The gates hold: no right answer loses a check, and every wrong one loses points."
        if holds
        else f"The gates do not hold: {len(problems)} problem{'' if len(problems) == 1 else 's'}."
    )
    return holds


def show_panels(answers: Sequence[panels.PanelAnswer], whole: bool) -> bool:
    """Print what the notebook's panels say of known mistakes; return whether that is enough."""
    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    for number, name in enumerate(panels.HEADINGS):
        table.add_column(name, justify="right" if number else "left")
    for name, *numbers in panels.rows(answers):
        table.add_row(name.partition("_")[0], *numbers)
    console.print(table)
    silent = [f"{one.stage}: {one.task}/{one.name}" for one in answers if not one.answered]
    if silent:
        _say(console, f"These pass all visible tests: {', '.join(silent)}")
    found = panels.problems(answers, whole)
    for problem in found:
        _say(console, problem)
    return not found


def _show_unseen(console: Console, findings: Sequence[StageFindings]) -> None:
    """Say for each task how many mistakes pass all visible tests, and which; there may be many."""
    for stage in findings:
        for task in stage.tasks:
            known, made = task.unseen("misconception"), task.unseen("mutant")
            if known or made:
                names = ", ".join(one.name for one in (*known, *made))
                _say(
                    console,
                    f"{stage.stage}: {task.task}: {len(known)} of "
                    f"{len(task.mistakes('misconception'))} misconceptions and {len(made)} of "
                    f"{len(task.mistakes('mutant'))} mutants pass all visible tests: {names}",
                )


def _show_weak(console: Console, findings: Sequence[StageFindings]) -> None:
    """List dead and redundant checks by stage; there may be many."""
    texts = {
        "dead": "no wrong answer fails these checks",
        "redundant": "whoever fails one of these checks fails another, too",
    }
    for verdict, what in texts.items():
        by_stage: dict[str, list[str]] = {}
        for stage, task, check in weak_checks(findings):
            if check.verdict == verdict:
                by_stage.setdefault(stage, []).append(f"{task}.{check.name}")
        for stage, names in by_stage.items():
            _say(console, f"{stage}: {what}: {', '.join(names)}")


def _say(console: Console, sentence: str) -> None:
    """Print all of a sentence, whatever the width: what a terminal cannot show, it breaks."""
    console.print(Text(wrapped(sentence, console.width) + "\n"), soft_wrap=True)
