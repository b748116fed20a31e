"""Every gate of an author at once: files, README, notebook, marks, audit.

It stands beside the audit because nothing else tries the checks; the rest belongs to
`nngrade.authoring`. What is quick and about one file comes first, and where that is wrong the rest
is not tried: it would say the same again, less clearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import nndata
from nngrade.audit.findings import Fault, StageFindings
from nngrade.audit.mutants import mutants_of
from nngrade.audit.reviewed import reviewed_mutants
from nngrade.audit.run import audit
from nngrade.audit.summary import BEGIN, END, rows
from nngrade.audit.task import Plan
from nngrade.authoring.build import differences
from nngrade.authoring.execution import problems_of_run
from nngrade.authoring.ideas import problems_of_ideas
from nngrade.authoring.marks import full_marks, no_marks
from nngrade.authoring.rules import problems_of
from nngrade.course.data import Data, DataChoice
from nngrade.course.stages import Course, Stage
from nngrade.errors import LessonError, Problem
from nngrade.grading.grader import Grader
from nngrade.worker.sandbox import Sandbox

__all__ = ["STEPS", "Report", "gate", "problem_of_row"]

# Draws the inputs of the gate's own submissions; as these are no student's, it need be no secret.
SECRET = b"the gate is no secret"
# For each stage: its files, its notebook's run, its marks, its audit.
STEPS = 4


@dataclass(frozen=True)
class Report:
    """What a gate found.

    Attributes
    ----------
    problems : tuple of Problem
        With paths relative to the course's folder.
    not_tried : tuple of str
        The stages whose later gates were not tried, because earlier ones do not hold.
    """

    problems: tuple[Problem, ...]
    not_tried: tuple[str, ...] = ()


def gate(
    course: Course,
    stages: Sequence[Stage],
    plan: Plan,
    jobs: int,
    advance: Callable[[int], None] = lambda steps: None,
) -> Report:
    """Try all gates of these stages.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    plan : Plan
        How thorough the audit is.
    jobs : int
        How many processes the audit uses.
    advance : callable
        Called with the number of steps that are done, of `STEPS` for each stage.

    Raises
    ------
    CourseError
        When something that is needed, such as nbgrader, is not there.
    """
    found: list[Problem] = []
    sound: list[Stage] = []
    for stage in stages:
        own = [*problems_of(stage, course.options.stages), *_of_review(stage)]
        found += own
        if own:
            advance(STEPS)
        else:
            sound.append(stage)
            advance(1)
    found += problems_of_ideas(course, sound)
    stale = {one.path: one for one in differences(course, sound)} if sound else {}
    found += [Problem(course.root / one.path, one.line, one.why) for one in stale.values()]
    built = [
        stage
        for stage in sound
        if Path("assignments", stage.name, f"{stage.name}.ipynb") not in stale
    ]
    advance(2 * (len(sound) - len(built)))
    unfinished = tuple(stage.name for stage in stages if stage not in built)
    if not sound:
        return Report(tuple(_relative(course, one) for one in found), unfinished)
    # A kernel is a process of its own, for which a thread has only to wait.
    with ThreadPoolExecutor(1) as beside:
        runs = [beside.submit(_run, course, stage) for stage in built]
        with Sandbox("weak", warm=True) as sandbox:
            for stage in built:
                found += _of_marks(course, stage, sandbox)
                advance(1)
        for findings in audit(course, sound, plan, jobs):
            found += _of_audit(course, findings)
            advance(1)
        for run in runs:
            found += run.result()
            advance(1)
    return Report(tuple(_relative(course, one) for one in found), unfinished)


def _relative(course: Course, problem: Problem) -> Problem:
    path = problem.path
    inside = path.is_relative_to(course.root)
    return replace(problem, path=path.relative_to(course.root)) if inside else problem


def _of_review(stage: Stage) -> list[Problem]:
    """Entries of the reviewed file that cannot be read, or are about no mutant."""
    path = stage.folder / "reviewed_mutants.toml"
    try:
        tasks = {task.name: task for task in stage.lesson.tasks}
        return [
            Problem(path, _line_of_review(path, name), f"{task} has no mutant {name}; {_DELETE}")
            for task, name in reviewed_mutants(stage)
            if name not in {one.id for one in mutants_of(tasks[task])}
        ]
    except LessonError as error:
        # What is wrong with the lesson has been said.
        return [one for one in error.problems if one.path == path]


_DELETE = "delete the entry, whose code is no more"


def _line_of_review(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if name in line), 1)


def _run(course: Course, stage: Stage) -> list[Problem]:
    return list(problems_of_run(course, stage))


def _of_marks(course: Course, stage: Stage, sandbox: Sandbox) -> Iterator[Problem]:
    """What the notebook loses with its solutions, and gets without."""
    names: list[DataChoice] = ["digits"]
    if any(one.uses_data for one in stage.checks) and nndata.find_mnist() is not None:
        names.append("mnist")
    for name in names:
        grader = Grader(SECRET, sandbox, Data(name), course.options.limits)
        yield from full_marks(course, stage, grader)
    yield from no_marks(course, stage, Grader(SECRET, sandbox, Data("digits")))


def _of_audit(course: Course, findings: StageFindings) -> Iterator[Problem]:
    stage = course.stage(findings.stage)
    for fault in findings.faults():
        sentence, newline, diff = fault.what.partition("\n")
        path, line = _place(stage, fault)
        yield Problem(path, line, f"{sentence}; {fault.fix}{newline}{diff}")
    if problem := problem_of_row(course, findings):
        yield problem


def _place(stage: Stage, fault: Fault) -> tuple[Path, int]:
    """Where that which a fault is about stands."""
    if fault.kind == "review":
        path = stage.folder / "reviewed_mutants.toml"
        return path, _line_of_review(path, fault.name)
    for kind, answers in (
        ("misconception", stage.misconceptions),
        ("alternative", stage.alternatives),
    ):
        for one in answers:
            if (kind, one.task, one.name) == (fault.kind, fault.task, fault.name):
                return stage.folder / f"{kind}s.py", one.line
    task = next(one for one in stage.lesson.tasks if one.name == fault.task)
    return stage.lesson.path, task.solution.line


# Those that no number of seeds or mutants changes.
_FIXED = (1, 2, 3, 5, 6, 7, 8)


def problem_of_row(course: Course, findings: StageFindings) -> Problem | None:
    """Whether the table of ``solutions/README.md`` has a stage's row, with today's numbers.

    A README without the marks of `nngrade audit --update-readme` need not have one.
    """
    path = course.solutions / "README.md"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    if BEGIN not in lines or END not in lines:
        return None
    update = "run `nngrade audit --update-readme`"
    first, last = lines.index(BEGIN), lines.index(END)
    for number, line in enumerate(lines[first:last], first + 1):
        told = [one.strip() for one in line.strip("|").split("|")]
        if told[0] == findings.stage:
            right = rows([findings])[0]
            for column in _FIXED:
                if told[column : column + 1] != [right[column]]:
                    head = lines[first + 2].strip("|").split("|")[column].strip()
                    said = f"the row of {findings.stage} says {told[column]} {head}"
                    return Problem(path, number, f"{said}, and there are {right[column]}; {update}")
            return None
    said = f"the table of the audit has no row of {findings.stage}"
    return Problem(path, first + 1, f"{said}; {update}")
