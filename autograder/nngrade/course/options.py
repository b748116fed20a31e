"""Settings of a course, from the optional file ``solutions/course.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from nngrade.errors import CourseError
from nngrade.limits import WorkerLimits

__all__ = [
    "LEVELS",
    "CourseOptions",
    "LateOptions",
    "Level",
    "QuestionOptions",
    "StageRules",
    "options_of_grading",
    "read_options",
]

# Tables that say who is graded and until when, and not how.
_OF_STUDENTS = ("due", "late", "students")

# Each level adds to the one before: points; descriptions of checks; reasons and hints; the inputs.
Level = Literal["score", "names", "hints", "examples"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class StageRules:
    """What a course demands of each of its stages; `nngrade gate` holds them to it.

    Attributes
    ----------
    points : int or None
        What each stage is worth; None where stages may differ.
    misconceptions, alternatives : int
        How many wrong and how many other right solutions each task has at least.
    figures : int
        How many figures a stage draws at least.
    solution_lines : int or None
        Of how many lines of code a solution is at the most.
    project_lines : int or None
        The same for projects; None where they are like any other task.
    projects : int or None
        How many projects a stage has.
    hints : int or None
        How many hints an ordinary task has.
    minutes : tuple of int or None
        How long a stage takes at least and at the most. Where it is given, each stage and each of
        its tasks says how long it takes (`nngrade.authoring.workload`).
    questions : int
        How many questions that are answered a stage has at least.
    written : int
        How many written answers it has at least.
    descriptions : bool
        Whether every figure must have a description for those who do not see it.
    plotting_lines : int or None
        How many lines of the code that draws a stage's figures may stand open at the most; the
        rest is folded.
    """

    points: int | None = None
    misconceptions: int = 1
    alternatives: int = 1
    figures: int = 0
    solution_lines: int | None = None
    project_lines: int | None = None
    projects: int | None = None
    hints: int | None = None
    minutes: tuple[int, int] | None = None
    questions: int = 0
    written: int = 0
    descriptions: bool = False
    plotting_lines: int | None = None


@dataclass(frozen=True)
class QuestionOptions:
    """What becomes of the questions that a notebook answers.

    Attributes
    ----------
    enabled : bool
        Whether notebooks ask them.
    points : float
        What each is worth; with 0 they count for nothing, and the notebook says what is right.
    """

    enabled: bool = True
    points: float = 0.0

    @property
    def counted(self) -> bool:
        """Whether answers count, so that the notebook may not tell them."""
        return self.enabled and self.points > 0


@dataclass(frozen=True)
class LateOptions:
    """What lateness costs.

    Attributes
    ----------
    per : {"day", "hour"}
        The period: each that has begun costs `percent`.
    percent : float
        Percent of the points of a stage's tasks; with 0 lateness costs nothing.
    at_most : float
        The most that lateness costs, in percent of the same.
    days : int
        How many days each student may be late in the whole term without losing points.
    grace_minutes : float
        Who is not later than this is in time.
    timezone : str
        Name of the time zone of dates without an offset, as in ``Europe/Berlin``; may be empty.
    """

    per: Literal["day", "hour"] = "day"
    percent: float = 0.0
    at_most: float = 100.0
    days: int = 0
    grace_minutes: float = 0.0
    timezone: str = ""

    def moment(self, time: datetime) -> datetime | None:
        """A time in UTC; None if it has no offset and there is no time zone to tell it."""
        if time.tzinfo is None and self.timezone:
            time = time.replace(tzinfo=ZoneInfo(self.timezone))
        return None if time.tzinfo is None else time.astimezone(UTC)


@dataclass(frozen=True)
class CourseOptions:
    """Settings of a course that apply to all its stages.

    Attributes
    ----------
    limits : WorkerLimits
        Resource limits: the table ``[limits]``.
    feedback_level : {"score", "names", "hints", "examples"}
        Amount of feedback for students: ``level`` in the table ``[feedback]``.
    stages : StageRules
        Rules for each stage: the table ``[stages]``.
    edition : int
        Number of the course's edition: ``edition`` in the table ``[course]``.
    written : bool
        Whether notebooks ask for written answers: ``enabled`` in the table ``[written]``.
    questions : QuestionOptions
        What becomes of questions: the table ``[questions]``.
    late : LateOptions
        What lateness costs: the table ``[late]``.
    due : mapping of str to datetime
        When stages are due, in UTC: the table ``[due]``.
    students_file : str
        File of the class list, seen from the course's folder: ``file`` in the table ``[students]``.
    """

    limits: WorkerLimits = field(default_factory=WorkerLimits)
    feedback_level: Level = "hints"
    stages: StageRules = field(default_factory=StageRules)
    edition: int = 1
    written: bool = True
    questions: QuestionOptions = field(default_factory=QuestionOptions)
    late: LateOptions = field(default_factory=LateOptions)
    due: Mapping[str, datetime] = field(default_factory=dict)
    students_file: str = "students.csv"


def read_options(path: Path) -> CourseOptions:
    """Read a course's settings; return the defaults if the file does not exist.

    Raises
    ------
    CourseError
        If the file is not valid TOML, or has an unknown setting or an invalid value.
    """
    if not path.exists():
        return CourseOptions()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CourseError(f"{path}: cannot be read as TOML: {error}") from error
    late = _late(path, content)
    return CourseOptions(
        limits=_limits(path, content),
        feedback_level=_feedback_level(path, content),
        stages=_stages(path, content),
        edition=_edition(path, content),
        written=_written(path, content),
        questions=_questions(path, content),
        late=late,
        due=_due(path, content, late),
        students_file=_students_file(path, content),
    )


def options_of_grading(path: Path) -> bytes:
    """The file without what it says of students and dates, for places that only grade.

    Raises
    ------
    CourseError
        If that cannot be taken out of it.
    """
    raw = path.read_bytes()
    kept, out = [], False
    for line in raw.decode("utf-8").splitlines(keepends=True):
        if header := re.match(r"\s*\[+\s*\"?([\w-]+)", line):
            out = header[1] in _OF_STUDENTS
        if not out:
            kept.append(line)
    text = "".join(kept)
    told = tomllib.loads(raw.decode("utf-8"))
    if tomllib.loads(text) != {key: told[key] for key in told if key not in _OF_STUDENTS}:
        raise CourseError(f"{path}: write due, late and students as tables: [due], [late], …")
    return text.encode()


def _table(path: Path, content: dict[str, Any], name: str, known: set[str]) -> dict[str, Any]:
    """Table ``[name]`` of the file; empty if it is missing."""
    table = content.get(name, {})
    if not isinstance(table, dict):
        raise CourseError(f"{path}: {name} must be a table, [{name}]")
    for key in table:
        if key not in known:
            names = ", ".join(sorted(known))
            raise CourseError(f"{path}: [{name}] has no setting {key!r}; there are: {names}")
    return table


def _limits(path: Path, content: dict[str, Any]) -> WorkerLimits:
    table = _table(path, content, "limits", {one.name for one in fields(WorkerLimits)})
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise CourseError(f"{path}: the limit {name} must be a number above 0, not {value!r}")
    return WorkerLimits(**table)


def _stages(path: Path, content: dict[str, Any]) -> StageRules:
    table = _table(path, content, "stages", {one.name for one in fields(StageRules)})
    made = dict(table)
    for name, value in table.items():
        if name == "minutes":
            made[name] = _range(path, value)
        elif name == "descriptions":
            if not isinstance(value, bool):
                raise CourseError(
                    f"{path}: {name} in [stages] must be true or false, not {value!r}"
                )
        elif not _is_count(value):
            raise CourseError(
                f"{path}: {name} in [stages] must be a whole number from 0 on, not {value!r}"
            )
    return StageRules(**made)


def _range(path: Path, value: Any) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(map(_is_count, value)):
        least, most = value
        if least <= most:
            return least, most
    raise CourseError(
        f"{path}: minutes in [stages] must be the least and the most, such as [60, 90], "
        f"not {value!r}"
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _edition(path: Path, content: dict[str, Any]) -> int:
    edition = _table(path, content, "course", {"edition"}).get("edition", 1)
    if not _is_count(edition) or edition < 1:
        raise CourseError(
            f"{path}: edition in [course] must be a whole number from 1 on, not {edition!r}"
        )
    return int(edition)


def _written(path: Path, content: dict[str, Any]) -> bool:
    enabled = _table(path, content, "written", {"enabled"}).get("enabled", True)
    if not isinstance(enabled, bool):
        raise CourseError(f"{path}: enabled in [written] must be true or false, not {enabled!r}")
    return enabled


def _questions(path: Path, content: dict[str, Any]) -> QuestionOptions:
    table = _table(path, content, "questions", {one.name for one in fields(QuestionOptions)})
    enabled, points = table.get("enabled", True), table.get("points", 0)
    if not isinstance(enabled, bool):
        raise CourseError(f"{path}: enabled in [questions] must be true or false, not {enabled!r}")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < 1e6:
        raise CourseError(
            f"{path}: points in [questions] must be a number from 0 on, not {points!r}"
        )
    return QuestionOptions(enabled, float(points))


def _late(path: Path, content: dict[str, Any]) -> LateOptions:
    table = _table(path, content, "late", {one.name for one in fields(LateOptions)})
    for name, value in table.items():
        what = ""
        if name == "per":
            what = "" if value in ("day", "hour") else '"day" or "hour"'
        elif name == "timezone":
            what = "" if _is_timezone(value) else 'the name of a time zone, as in "Europe/Berlin"'
        elif name == "days":
            what = "" if _is_count(value) else "a whole number from 0 on"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            what = "a number"
        elif name == "grace_minutes":
            what = "" if 0 <= value < 1e6 else "a number from 0 on"
        else:
            what = "" if 0 <= value <= 100 else "a number from 0 to 100"
        if what:
            raise CourseError(f"{path}: {name} in [late] must be {what}, not {value!r}")
    return LateOptions(**table)


def _is_timezone(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return not value or bool(ZoneInfo(value))
    except (LookupError, ValueError, OSError):
        return False


def _due(path: Path, content: dict[str, Any], late: LateOptions) -> dict[str, datetime]:
    table = content.get("due", {})
    stages = sorted(one.parent.name for one in path.parent.glob("*/lesson.py"))
    _table(path, content, "due", set(table) if isinstance(table, dict) else set())
    due: dict[str, datetime] = {}
    for stage, told in table.items():
        if stage not in stages:
            near = get_close_matches(stage, stages, 1)
            there = f"did you mean {near[0]}?" if near else f"there are: {', '.join(stages)}"
            raise CourseError(f"{path}: [due] names {stage!r}, which is no stage; {there}")
        if not isinstance(told, datetime):
            raise CourseError(
                f"{path}: {stage} in [due] must be a date with a time, such as "
                f"2026-11-02T12:00:00+01:00 (without quotation marks), not {told!r}"
            )
        moment = late.moment(told)
        if moment is None:
            raise CourseError(
                f"{path}: {stage} in [due] does not say in which time zone; add an offset, as in "
                f'{told.isoformat()}+01:00, or timezone = "Europe/Berlin" to the table [late]'
            )
        due[stage] = moment
    return due


def _students_file(path: Path, content: dict[str, Any]) -> str:
    name = _table(path, content, "students", {"file"}).get("file", "students.csv")
    if not isinstance(name, str) or not name:
        raise CourseError(f"{path}: file in [students] must be a file's name, not {name!r}")
    return name


def _feedback_level(path: Path, content: dict[str, Any]) -> Level:
    level: Level = _table(path, content, "feedback", {"level"}).get("level", "hints")
    if level not in LEVELS:
        raise CourseError(
            f"{path}: there is no feedback level {level!r}; there are: {', '.join(LEVELS)}"
        )
    return level
