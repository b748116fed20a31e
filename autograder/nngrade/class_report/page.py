"""A class's results as one HTML page, which needs nothing but a browser."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from jinja2 import Template

from nngrade.class_report.names import Names
from nngrade.class_report.statistics import (
    LOST_GROUND,
    Bin,
    CheckStatistics,
    History,
    StageStatistics,
    Submission,
    Trouble,
    first_tasks,
    gone,
    histogram,
    losing_ground,
)
from nngrade.course.seeds import course_secret
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.formats.pages import page_template
from nngrade.text import presentable

__all__ = ["render_report", "write_report"]

_LONGEST = 300


@dataclass(frozen=True)
class _Stage:
    """A stage, as the template shows it.

    Attributes
    ----------
    anchor : str
        What links lead to; unique on the page.
    title, short : str
        In a heading, and at the head of a column.
    statistics : StageStatistics
    bins : list of Bin
    tasks : dict of str to list of CheckStatistics
    first : list of str
        The tasks that a good start is made of.
    troubled : dict of str to list of Submission
        Those in each kind of trouble, the gravest kind first.
    submissions : list of Submission
        Those that were graded, best first.
    feedback : dict of str to str
        Links to what nbgrader made for students, where it did.
    """

    anchor: str
    title: str
    short: str
    statistics: StageStatistics
    bins: list[Bin]
    tasks: dict[str, list[CheckStatistics]]
    first: list[str]
    troubled: dict[Trouble, list[Submission]]
    submissions: list[Submission]
    feedback: dict[str, str]


@dataclass(frozen=True)
class _Page:
    """Everything that the template shows.

    Attributes
    ----------
    stages : list of _Stage
    students : int
    behind : list of History
        Who loses ground.
    gone : dict of str to list of str
        Who stopped handing in, after which stage.
    names : Names
    made_at : datetime
    lost_ground : float
        What it takes to be one of them.
    longest_list : int
        Of mistakes below a check.
    """

    stages: list[_Stage]
    students: int
    behind: list[History]
    gone: dict[str, list[str]]
    names: Names
    made_at: datetime
    lost_ground: float = LOST_GROUND
    longest_list: int = 8


def write_report(
    course: Course, statistics: Sequence[StageStatistics], target: Path, named: bool
) -> None:
    """Write the page to a file.

    Parameters
    ----------
    course : Course
        Gives titles, and numbers to students that nobody else can tell.
    statistics : sequence of StageStatistics
        At least one.
    target : Path
    named : bool
        Whether students are named.

    Raises
    ------
    NngradeError
        When the file cannot be written.
    """
    page = render_report(course, statistics, target.absolute().parent, named)
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NngradeError(f"{target}: the report cannot be written ({error.strerror})") from error


def render_report(
    course: Course, statistics: Sequence[StageStatistics], folder: Path, named: bool
) -> str:
    """Make the page's text, with links that are right in this folder."""
    students = {one.student for stage in statistics for one in stage.submissions}
    names = Names(students, None if named else course_secret(course))
    titles = _titles(course)
    stages = [
        _stage(number, one, titles.get(one.stage, one.stage), names, course, folder)
        for number, one in enumerate(statistics, 1)
    ]
    # Submissions whose stage nobody knows are no part of anybody's way.
    way = [one for one in statistics if one.stage]
    left: dict[str, list[str]] = {titles.get(one.stage, one.stage): [] for one in way}
    for student, last in sorted(gone(way).items(), key=lambda pair: names.place(pair[0])):
        if names.knows(student):
            left[titles.get(last, last)].append(student)
    page = _Page(
        stages,
        len(students),
        [one for one in losing_ground(way) if names.knows(one.student)],
        {title: those for title, those in left.items() if those},
        names,
        datetime.now().astimezone(),
    )
    return _template(names).render(page=page)


def _titles(course: Course) -> dict[str, str]:
    titles = {}
    for stage in course.stages:
        try:
            titles[stage.name] = stage.lesson.title
        except NngradeError:
            pass  # a lesson that is being written has a name at least
    return titles


def _stage(
    number: int,
    statistics: StageStatistics,
    title: str,
    names: Names,
    course: Course,
    folder: Path,
) -> _Stage:
    tasks: dict[str, list[CheckStatistics]] = {}
    for check in statistics.checks:
        tasks.setdefault(check.task, []).append(check)
    most = statistics.max_score
    submissions = sorted(statistics.submissions, key=lambda one: names.place(one.student))
    return _Stage(
        f"stage-{number}",
        title or "Stage unknown",
        title.partition(":")[0],
        statistics,
        histogram((one.share * most for one in statistics.graded), most),
        tasks,
        first_tasks(tasks),
        {
            trouble: those
            for trouble in get_args(Trouble)
            if (those := [one for one in submissions if one.trouble == trouble])
        },
        sorted((one for one in submissions if one.graded), key=lambda one: -one.score),
        _feedback(course, statistics, folder) if names.shown else {},
    )


def _feedback(course: Course, statistics: StageStatistics, folder: Path) -> dict[str, str]:
    """Links to the students' feedback, where nbgrader puts it, as seen from a folder."""
    links = {}
    stage = statistics.stage
    for one in statistics.graded:
        page = course.root / "feedback" / one.student / stage / f"{stage}.html"
        try:
            if page.is_file():
                links[one.student] = quote(Path(os.path.relpath(page, folder)).as_posix())
        except (OSError, ValueError):
            pass  # a results file may call students what no folder can be called
    return links


def _template(names: Names) -> Template:
    return page_template(
        "nngrade.class_report",
        "report.html",
        student=names.of,
        # What submissions say is shown without names; what the course says is shown as it is.
        said=lambda text: presentable(names.without(text[: 2 * _LONGEST]), _LONGEST),
        plain=lambda text: presentable(text, _LONGEST),
        mean=lambda value: f"{value:.1f}",
        seconds=_seconds,
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.0f} min"
