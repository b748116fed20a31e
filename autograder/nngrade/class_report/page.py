"""The report on a class as one self-contained HTML page."""

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
        Target of links; unique on the page.
    title, short : str
        Titles for the heading and for the head of a column.
    statistics : StageStatistics
    bins : list of Bin
    tasks : dict of str to list of CheckStatistics
    first : list of str
        The first tasks of the stage, which decide whether a start is weak.
    troubled : dict of str to list of Submission
        Submissions by kind of trouble, the most serious kind first.
    submissions : list of Submission
        The graded submissions, best first.
    feedback : dict of str to str
        Links to the feedback pages that nbgrader made, by student.
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
        Number of students.
    behind : list of History
        Students who lose ground.
    gone : dict of str to list of str
        Students who stopped handing in, by their last stage.
    names : Names
    made_at : datetime
    lost_ground : float
        Loss from which a student counts as losing ground, as a share of all points.
    longest_list : int
        Maximum number of mistakes listed below a check.
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
    """Write the report to a file.

    Parameters
    ----------
    course : Course
        Provides the titles of stages, and the secret by which students are numbered.
    statistics : sequence of StageStatistics
        At least one.
    target : Path
    named : bool
        Whether to show students' names.

    Raises
    ------
    NngradeError
        If the file cannot be written.
    """
    page = render_report(course, statistics, target.absolute().parent, named)
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NngradeError(f"{target}: the report cannot be written ({error.strerror})") from error


def render_report(
    course: Course, statistics: Sequence[StageStatistics], folder: Path, named: bool
) -> str:
    """Render the report as HTML.

    Parameters
    ----------
    course : Course
    statistics : sequence of StageStatistics
        At least one.
    folder : Path
        Folder of the page; links are relative to it.
    named : bool
        Whether to show students' names.
    """
    students = {one.student for stage in statistics for one in stage.submissions}
    names = Names(students, None if named else course_secret(course))
    titles = _titles(course)
    stages = [
        _stage(number, one, titles.get(one.stage, one.stage), names, course, folder)
        for number, one in enumerate(statistics, 1)
    ]
    # Submissions of an unknown stage are not part of a student's history.
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
            pass  # an unfinished lesson is shown by its folder's name
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
    """Links to nbgrader's feedback pages, by student, relative to a folder."""
    links = {}
    stage = statistics.stage
    for one in statistics.graded:
        page = course.root / "feedback" / one.student / stage / f"{stage}.html"
        try:
            if page.is_file():
                links[one.student] = quote(Path(os.path.relpath(page, folder)).as_posix())
        except (OSError, ValueError):
            pass  # a results file may hold ids that cannot be folder names
    return links


def _template(names: Names) -> Template:
    return page_template(
        "nngrade.class_report",
        "report.html",
        student=names.of,
        # Text from submissions is shown without names, text from the course unchanged.
        said=lambda text: presentable(names.without(text[: 2 * _LONGEST]), _LONGEST),
        plain=lambda text: presentable(text, _LONGEST),
        mean=lambda value: f"{value:.1f}",
        seconds=_seconds,
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.0f} min"
