"""The report on a class as one self-contained HTML page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from jinja2 import Template

from nngrade.class_report.mistakes import Mistake
from nngrade.class_report.names import Names
from nngrade.class_report.progress import (
    Period,
    Spread,
    Timeline,
    periods,
    spread,
    timeline,
)
from nngrade.class_report.statistics import (
    FEWEST_SUBMISSIONS,
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
from nngrade.students.class_list import ClassList
from nngrade.text import presentable

__all__ = ["render_report", "write_report"]

_LONGEST = 300
_ADDRESS = re.compile(r"https?://[^\s\"'<>?#]+")
# Number of submissions of a day, week or section below which its scores are not told of unnamed
# students: who knows when somebody handed in, or is in the same section, would know the score.
_FEWEST_UNNAMED = 3


@dataclass(frozen=True)
class _Section:
    """The section of a lesson that treats a task: its heading, and a link (empty if unknown)."""

    heading: str
    link: str


@dataclass(frozen=True)
class _Box:
    """A box of a chart: the scores of some submissions.

    Attributes
    ----------
    label : str
        Text below the axis; empty where there is no room for it.
    name : str
        What the submissions have in common.
    count : int
        Number of submissions.
    spread : Spread or None
        Their scores; None if they are not told.
    """

    label: str
    name: str
    count: int
    spread: Spread | None


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
    sections : dict of str to _Section
        Sections of the lesson, by task.
    timeline : Timeline or None
    untimed : int
        Number of submissions whose time is unknown.
    by_section : list of _Box
        The submissions of each section of the class list; empty if fewer than two handed in.
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
    sections: dict[str, _Section]
    timeline: Timeline | None
    untimed: int
    by_section: list[_Box]

    @property
    def named(self) -> list[Mistake]:
        """The mistakes whose cause has a name."""
        return [one for one in self.statistics.mistakes if one.cause.name]

    @property
    def nameless(self) -> list[Mistake]:
        """The mistakes of which only the message is known."""
        return [one for one in self.statistics.mistakes if not one.cause.name]

    @property
    def spread(self) -> Spread | None:
        """Quartiles of the scores; None if nothing was graded."""
        shares = [one.share for one in self.statistics.graded]
        return spread(shares) if shares else None


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
    progress : list of _Box
        One for each stage.
    hand_ins : list of _Box
        Submissions of all stages by their time; empty where no time is known.
    by_section : list of _Box
        Submissions of all stages by section of the class list; empty if fewer than two handed in.
    section : str
        The section that the report is about; empty for the whole class.
    names : Names
    made_at : datetime
    lost_ground : float
        Loss from which a student counts as losing ground, as a share of all points.
    short_list, long_list : int
        Maximum number of mistakes in a list of a stage, and below a check.
    fewest : int
        Number of submissions below which the discrimination of checks is left open.
    """

    stages: list[_Stage]
    students: int
    behind: list[History]
    gone: dict[str, list[str]]
    progress: list[_Box]
    hand_ins: list[_Box]
    by_section: list[_Box]
    section: str
    names: Names
    made_at: datetime
    lost_ground: float = LOST_GROUND
    short_list: int = 5
    long_list: int = 8
    fewest: int = FEWEST_SUBMISSIONS


def write_report(
    course: Course,
    statistics: Sequence[StageStatistics],
    target: Path,
    named: bool,
    lessons: str | None = None,
    class_list: ClassList | None = None,
    section: str = "",
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
    lessons : str, optional
        Address of the folder with the notebooks, to which mistakes link.
    class_list : ClassList, optional
        The class: its sections are compared with each other.
    section : str
        Name of the section that the statistics are about; empty for the whole class.

    Raises
    ------
    NngradeError
        If the file cannot be written.
    """
    folder = target.absolute().parent
    page = render_report(course, statistics, folder, named, lessons, class_list, section)
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NngradeError(f"{target}: the report cannot be written ({error.strerror})") from error


def render_report(
    course: Course,
    statistics: Sequence[StageStatistics],
    folder: Path,
    named: bool,
    lessons: str | None = None,
    class_list: ClassList | None = None,
    section: str = "",
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
    lessons : str, optional
        Address of the folder with the notebooks, to which mistakes link.
    class_list : ClassList, optional
        The class: its sections are compared with each other.
    section : str
        Name of the section that the statistics are about; empty for the whole class.

    Raises
    ------
    NngradeError
        If `lessons` is no address.
    """
    if lessons is not None and not _ADDRESS.fullmatch(lessons):
        raise NngradeError(f"{lessons!r} is no address of notebooks; write https://…")
    students = {one.student for stage in statistics for one in stage.submissions}
    names = Names(students, None if named else course_secret(course))
    titles = _titles(course)
    sections = {} if class_list is None else {one.id: one.section for one in class_list.students}
    stages = [
        _stage(
            number, one, titles.get(one.stage, one.stage), names, course, folder, lessons, sections
        )
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
        [
            _Box(str(number), one.title, len(one.statistics.submissions), one.spread)
            for number, one in enumerate(stages, 1)
        ],
        _hand_ins([one for stage in statistics for one in stage.submissions], names),
        _by_section((one for stage in statistics for one in stage.submissions), sections, names),
        section,
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
    lessons: str | None,
    sections: Mapping[str, str],
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
        _sections(course, statistics.stage, lessons),
        timeline(submissions),
        sum(one.handed_in is None for one in submissions),
        _by_section(submissions, sections, names),
    )


def _hand_ins(submissions: Sequence[Submission], names: Names) -> list[_Box]:
    found = periods(submissions, least=1 if names.shown else _FEWEST_UNNAMED)
    # As many labels as fit below an axis.
    step = -(-len(found) // 6)
    return [
        _Box(_day(one.start) if at % step == 0 else "", _period(one), one.count, one.spread)
        for at, one in enumerate(found)
    ]


def _by_section(
    submissions: Iterable[Submission], sections: Mapping[str, str], names: Names
) -> list[_Box]:
    """Scores of each section, and of those who are in none; nothing if there is but one."""
    groups: dict[str, list[Submission]] = {}
    for one in submissions:
        groups.setdefault(sections.get(one.student, ""), []).append(one)
    if len(groups) < 2:
        return []
    least = 1 if names.shown else _FEWEST_UNNAMED
    # As many letters as fit below an axis.
    room = max(55 // len(groups), 3)
    found = []
    for name in sorted(groups, key=lambda name: (not name, name)):
        shares = [one.share for one in groups[name] if one.graded]
        told = spread(shares) if len(shares) >= least else None
        label = presentable(name or "none", room)
        found.append(_Box(label, name or "in no section", len(groups[name]), told))
    return found


def _sections(course: Course, stage: str, lessons: str | None) -> dict[str, _Section]:
    """Sections of a stage's lesson by task, with links where the address of lessons is known."""
    lesson = next((one for one in course.stages if one.name == stage), None)
    try:
        headings = lesson.lesson.sections if lesson is not None else {}
    except NngradeError:
        return {}  # an unfinished lesson treats nothing
    found = {}
    for task, heading in headings.items():
        link = ""
        if lessons is not None:
            # As Jupyter makes them: a heading's blanks are hyphens.
            anchor = quote(heading.replace(" ", "-"), safe="")
            link = f"{lessons.rstrip('/')}/{quote(stage)}/{quote(stage)}.ipynb#{anchor}"
        found[task] = _Section(heading, link)
    return found


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
        moment=_moment,
        correlation=_correlation,
        distance=lambda value: f"{value:.2f}",
    )


def _day(value: date) -> str:
    return f"{value.day} {value:%b}"


def _moment(value: datetime) -> str:
    local = value.astimezone()
    return f"{_day(local)} {local:%H:%M}"


def _period(value: Period) -> str:
    start, end = (f"{one.day} {one:%B %Y}" for one in (value.start, value.end))
    return start if start == end else f"{start} to {end}"


def _correlation(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.0f} min"
