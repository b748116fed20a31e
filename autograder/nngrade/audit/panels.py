"""What the panels in the notebook say of each known mistake, before any hidden check is asked."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngrade.audit.summary import in_markdown
from nngrade.authoring.specimens import solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.live.child import NotebookRun, new_shell, silence
from nngrade.live.outline import OutlineCell, read_outline
from nngrade.live.settings import configure
from nngrade.live.verdict import Verdict

__all__ = [
    "BEGIN",
    "END",
    "HEADINGS",
    "PanelAnswer",
    "ask_panels",
    "markdown",
    "problems",
    "rows",
]

HEADINGS = ("stage", "misconceptions", "answered", "with a reason", "another task blamed")
BEGIN, END = "<!-- nngrade panels: begin -->", "<!-- nngrade panels: end -->"
# Long enough for every visible test on a busy machine; endless mistakes wait for it.
SECONDS = 10.0
# Shares of the course's mistakes of which panels must say something at all, and more than the test.
LEAST_ANSWERED = 0.99
LEAST_REASONS = 0.5


@dataclass(frozen=True)
class PanelAnswer:
    """What the panel of the first test cell that does not pass says of a known mistake.

    Attributes
    ----------
    stage, task, name, description : str
        The mistake.
    verdict : Verdict
        That of the mistake's own task, or of another one whose test cell does not pass.
    """

    stage: str
    task: str
    name: str
    description: str
    verdict: Verdict

    @property
    def answered(self) -> bool:
        """Whether anything but "passed" is said."""
        return self.verdict.state != "passed"

    @property
    def has_reason(self) -> bool:
        """Whether more is said than the test's own sentence."""
        return self.answered and bool(self.verdict.reason)

    @property
    def blames_another(self) -> bool:
        """Whether a task is blamed that is right: all but the mistake are the reference."""
        return bool(self.verdict.culprit) and self.verdict.culprit != self.task


def ask_panels(course: Course, stages: Sequence[Stage], jobs: int) -> Iterator[PanelAnswer]:
    """Type each known mistake into its stage's notebook, and run the test cells.

    All other tasks are solved as in the lesson. Each stage has a process of its own.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    jobs : int
        How many stages to work on at once.

    Yields
    ------
    PanelAnswer
        Stage by stage.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as pool:
        work = [pool.submit(_of_stage, course.root, stage.name) for stage in stages]
        for one in work:
            yield from one.result()


def _of_stage(root: Path, name: str) -> list[PanelAnswer]:
    silence()
    course = find_course(root)
    stage = course.stage(name)
    configure(seconds=SECONDS, go_on=True, panel=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.ipynb"
        path.write_text(notebook_text(untouched(course, stage)), encoding="utf-8")
        os.chdir(folder)
        return list(_answers(path, stage))


def _answers(path: Path, stage: Stage) -> Iterator[PanelAnswer]:
    outline = read_outline(path)
    run = NotebookRun(path, outline, new_shell())
    right = solutions(stage)
    tasks = {cell.task: cell for cell in outline.cells if cell.kind == "task"}
    tests = {cell.task: cell for cell in outline.cells if cell.kind == "tests"}
    given: dict[str, list[OutlineCell]] = {}
    for cell in outline.cells:
        if cell.kind == "tests":
            before = outline.cells[: outline.cells.index(cell)]
            given[cell.task] = [one for one in before if one.kind == "given"]
    for cell in outline.cells:
        if cell.kind in ("given", "task"):
            run.run(_with(cell, right.get(cell.task)))
    for mistake in stage.misconceptions:
        cell = tasks[mistake.task]
        run.run(_with(cell, mistake.source))
        order = [mistake.task, *(one for one in tests if one != mistake.task)]
        verdicts: list[Verdict] = []
        for task in order:
            # A given cell further down may have set the same names.
            for one in given[task]:
                run.run(one)
            verdict = run.run(tests[task])
            assert verdict is not None
            verdicts.append(verdict)
            if verdict.state != "passed":
                break
        run.run(_with(cell, right[mistake.task]))
        shown = verdicts[-1] if verdicts[-1].state != "passed" else verdicts[0]
        yield PanelAnswer(stage.name, mistake.task, mistake.name, mistake.description, shown)


def _with(cell: OutlineCell, source: str | None) -> OutlineCell:
    return cell if source is None else OutlineCell(cell.id, source, cell.kind, cell.task)


def problems(answers: Sequence[PanelAnswer], whole: bool = True) -> list[str]:
    """What panels must keep to, and do not, in sentences.

    Parameters
    ----------
    answers : sequence of PanelAnswer
    whole : bool
        Whether they are of all stages: shares are held for the course, not for each stage.
    """
    found = [
        f"{one.stage}: {one.task}/{one.name}: {one.verdict.culprit} is blamed, which is right"
        for one in answers
        if one.blames_another
    ]
    if not whole:
        return found
    total, answered, with_reason, _ = _numbers(answers)
    for number, least, what in (
        (answered, LEAST_ANSWERED, "are answered"),
        (with_reason, LEAST_REASONS, "have a reason"),
    ):
        if number < least * total:
            found.append(f"{number} of {total} misconceptions {what}: at least {least:.0%} should")
    return found


def rows(answers: Sequence[PanelAnswer]) -> list[tuple[str, ...]]:
    """A row of numbers for each stage, and one for all."""
    stages = list(dict.fromkeys(one.stage for one in answers))
    groups: list[tuple[str, list[PanelAnswer]]] = [
        (stage, [one for one in answers if one.stage == stage]) for stage in stages
    ]
    if len(groups) > 1:
        groups.append(("all", list(answers)))
    return [(name, *map(str, _numbers(those))) for name, those in groups]


def _numbers(answers: Sequence[PanelAnswer]) -> list[Any]:
    return [
        len(answers),
        sum(one.answered for one in answers),
        sum(one.has_reason for one in answers),
        sum(one.blames_another for one in answers),
    ]


def markdown(answers: Sequence[PanelAnswer]) -> str:
    """The rows as a table in Markdown."""
    return in_markdown(HEADINGS, rows(answers))
