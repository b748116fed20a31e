"""The work that a lesson asks for: what it says beside each task, and what it takes to read it.

A lesson says it in three forms. The heading of a task is ``### Task: `name` ``, of several that
belong together ``### Tasks: `one` and `two` ``, and of a project ``### Project: `name` ``. The line
below reads ``*Difficulty 2 of 3, about 10 minutes.*``. A paragraph of the first cell begins with
``**About 75 minutes**``. Sections below a heading ``For the curious: ...`` may be skipped, and take
no time. What a lesson does not say is None here; `nngrade.authoring.rules` decides whether that may
be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nngrade.authoring.specimens import solutions
from nngrade.course.lesson import Lesson
from nngrade.course.stages import Stage
from nngrade.errors import NngradeError
from nngrade.text import put_between

__all__ = [
    "BEGIN",
    "END",
    "HEADINGS",
    "WORDS_PER_MINUTE",
    "Assignment",
    "Workload",
    "lines_of_code",
    "rows",
    "updated",
    "words_of_prose",
    "workload",
]

BEGIN, END = "<!-- nngrade build: workload -->", "<!-- nngrade build: end -->"
HEADINGS = (
    "stage", "minutes", "tasks", "project", "lines of code", "questions", "answered", "words",
)  # fmt: skip

WORDS_PER_MINUTE = 200
MINUTES_PER_QUESTION = 1

_HEADING = re.compile(r"#{2,4} (?P<kind>Tasks?|Project):? (?P<names>`\w+`.*)")
_EFFORT = re.compile(
    r"\*Difficulty (?P<difficulty>[1-3]) of 3, about (?P<minutes>[1-9]\d*) minutes?\.\*"
)
_TOTAL = re.compile(r"\*\*About (?P<minutes>[1-9]\d*) minutes\*\*")
_FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>", re.DOTALL)


@dataclass(frozen=True)
class Assignment:
    """A heading of a lesson that asks for code.

    Attributes
    ----------
    project : bool
        Whether it is a project rather than an ordinary task.
    names : tuple of str
        Its functions.
    line : int
        Of the lesson's file, where the heading stands.
    difficulty : int or None
        From 1 to 3.
    minutes : int or None
    hints : tuple of str
        What the folded hints below it are called.
    """

    project: bool
    names: tuple[str, ...]
    line: int
    difficulty: int | None
    minutes: int | None
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Workload:
    """What a lesson asks of a student.

    Attributes
    ----------
    stage : str
    line : int
        Of the lesson's file, where its first cell begins or says how long it takes.
    minutes : int or None
        How long the lesson takes, as it says itself.
    assignments : tuple of Assignment
        In the order of the lesson.
    words : int
        Of prose, as `words_of_prose` counts them.
    questions : int
        Which are the paragraphs that begin with ``**Question``.
    answered : int
        How many of them the notebook answers.
    lines : mapping of str to int
        Lines of code in the solution of each task.
    """

    stage: str
    line: int
    minutes: int | None
    assignments: tuple[Assignment, ...]
    words: int
    questions: int
    answered: int
    lines: Mapping[str, int]

    @cached_property
    def projects(self) -> frozenset[str]:
        """Names of the tasks that are projects."""
        return frozenset(name for one in self.assignments if one.project for name in one.names)

    @property
    def estimate(self) -> float:
        """Minutes for reading, for the questions and for the tasks, as far as those say theirs."""
        tasks = sum(one.minutes or 0 for one in self.assignments)
        return self.words / WORDS_PER_MINUTE + MINUTES_PER_QUESTION * self.questions + tasks


def workload(stage: Stage) -> Workload:
    """Read what a stage's lesson says.

    Raises
    ------
    LessonError
        When the lesson cannot be read.
    """
    lesson = stage.lesson
    texts = list(lesson.of_kind("text"))
    first = texts[0]
    line, minutes = first.line, None
    for number, text in enumerate(first.source.splitlines(), first.line):
        if total := _TOTAL.match(text):
            line, minutes = number, int(total["minutes"])
            break
    prose = _without_optional("\n\n".join(cell.source for cell in texts))
    return Workload(
        stage=stage.name,
        line=line,
        minutes=minutes,
        assignments=tuple(_assignments(lesson)),
        words=words_of_prose(prose),
        questions=len(re.findall(r"(?m)^\*\*Question", prose)),
        answered=len(stage.questions),
        lines={name: lines_of_code(source) for name, source in solutions(stage).items()},
    )


def _without_optional(markdown: str) -> str:
    """Prose without the sections for the curious, each up to the next heading of its level."""
    kept: list[str] = []
    fenced, level = False, 0
    for line in markdown.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else re.match(r"(#+) (For the curious\b)?", line)
        if heading and (not level or len(heading[1]) <= level):
            level = len(heading[1]) if heading[2] else 0
        if not level:
            kept.append(line)
    return "\n".join(kept)


def words_of_prose(markdown: str) -> int:
    """Count the words that are read.

    A formula or a piece of code inside a sentence counts as one word. What is displayed by itself
    (blocks of code, formulas on lines of their own) does not count, nor do folded hints and
    answers, for which tasks and questions have their own minutes.
    """
    text = re.sub(r"(?s)<details>.*?</details>", " ", markdown)
    text = re.sub(r"(?s)```.*?```|\$\$.*?\$\$", " ", text)
    text = re.sub(r"`[^`]+`|\$[^$]+\$", "x", text)
    return len(re.findall(r"\S*\w\S*", text))


def lines_of_code(source: str) -> int:
    """Count the lines of a function's body that are neither docstring, comment nor blank."""
    body = source.split('"""')[-1].strip().splitlines()
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in body)


def _assignments(lesson: Lesson) -> Iterator[Assignment]:
    """What stands below each heading that asks for code, up to the next heading."""
    open_one: tuple[re.Match[str], int, list[str]] | None = None
    for cell in lesson.of_kind("text"):
        fenced = False
        for number, text in enumerate(cell.source.splitlines(), cell.line):
            fenced ^= text.startswith("```")
            heading = None if fenced else _HEADING.fullmatch(text.rstrip())
            if open_one and (heading or (not fenced and re.match(r"#{1,3} ", text))):
                yield _assignment(*open_one)
                open_one = None
            if heading:
                open_one = (heading, number, [])
            elif open_one:
                open_one[2].append(text)
    if open_one:
        yield _assignment(*open_one)


def _assignment(heading: re.Match[str], line: int, below: Sequence[str]) -> Assignment:
    told = next((text.strip() for text in below if text.strip()), "")
    effort = _EFFORT.fullmatch(told)
    folded = [" ".join(one.split()) for one in _FOLDED.findall("\n".join(below))]
    return Assignment(
        project=heading["kind"] == "Project",
        names=tuple(re.findall(r"`(\w+)`", heading["names"])),
        line=line,
        difficulty=int(effort["difficulty"]) if effort else None,
        minutes=int(effort["minutes"]) if effort else None,
        hints=tuple(one for one in folded if one.startswith("Hint")),
    )


# The table.


def rows(workloads: Sequence[Workload]) -> list[tuple[str, ...]]:
    """A row for each stage, below `HEADINGS`."""
    return [
        (
            one.stage.partition("_")[0].removeprefix("stage").lstrip("0") or one.stage,
            "–" if one.minutes is None else str(one.minutes),
            str(len(one.lines) - len(one.projects)),
            ", ".join(f"`{name}`" for name in sorted(one.projects)) or "–",
            str(sum(one.lines.values())),
            str(one.questions),
            str(one.answered),
            f"{one.words:,}",
        )
        for one in workloads
    ]


def updated(readme: Path, workloads: Sequence[Workload]) -> tuple[str, str] | None:
    """Text of a README as it is, and with today's table between its two markers.

    Returns
    -------
    tuple of str or None
        None where there is no README, or no markers in it.

    Raises
    ------
    NngradeError
        When the file cannot be read.
    """
    try:
        text = readme.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise NngradeError(f"{readme}: cannot be read: {error}") from error
    table = [HEADINGS, tuple("---" for _ in HEADINGS), *rows(workloads)]
    lines = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    new = put_between(text, BEGIN, END, lines)
    return None if new is None else (text, new)
