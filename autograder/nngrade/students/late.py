"""Lateness: how late work was handed in, which late days pay for it, and what it costs.

All of it is a function of the course's settings, a student's extensions and the times of what the
student handed in. Nothing is kept anywhere, so that whoever asks, in whatever order, is told the
same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nngrade.course.options import CourseOptions, LateOptions
from nngrade.students.class_list import ClassList, Extension

__all__ = ["Lateness", "due_of", "extended", "lateness_of", "seconds_late", "sentence"]

DAY = 86_400
_PERIODS = {"day": DAY, "hour": 3_600}


@dataclass(frozen=True)
class Lateness:
    """How late a student handed in a stage.

    Attributes
    ----------
    seconds_late : float
        After the due date with the student's extension; 0 if it is in time.
    days_spent : int
        Late days that this stage took.
    days_left : int
        Late days that are left after it.
    percent : float
        Percent of the points of the stage's tasks that are taken off.
    """

    seconds_late: float = 0.0
    days_spent: int = 0
    days_left: int = 0
    percent: float = 0.0

    def penalty(self, score: float, max_score: float) -> float:
        """Points to be taken off.

        Parameters
        ----------
        score : float
            Score of the tasks, which the penalty does not exceed.
        max_score : float
            Maximum score of the tasks.
        """
        return max(0.0, min(round(max_score * self.percent / 100, 6), score))


def due_of(due: datetime, extension: Extension | None) -> datetime:
    """When a stage is due for a student; an extension never makes that earlier.

    Parameters
    ----------
    due : datetime
        When it is due for the others.
    extension : timedelta or datetime or None
    """
    if extension is None:
        return due
    return max(due, due + extension if isinstance(extension, timedelta) else extension)


def extended(
    options: CourseOptions, class_list: ClassList | None, student: str
) -> dict[str, datetime]:
    """When each stage that has a due date is due for a student."""
    found = class_list.find(student) if class_list is not None else None
    extensions = found.extensions if found is not None else {}
    return {stage: due_of(due, extensions.get(stage)) for stage, due in options.due.items()}


def seconds_late(policy: LateOptions, due: datetime, handed_in: datetime) -> float:
    """Seconds after the due date; 0 within the time of grace."""
    late = (handed_in - due).total_seconds()
    return 0.0 if late <= policy.grace_minutes * 60 else late


def lateness_of(
    options: CourseOptions,
    class_list: ClassList | None,
    student: str,
    times: Mapping[str, datetime],
) -> dict[str, Lateness]:
    """How late a student handed in each stage, by stage.

    Late days are spent by themselves, in the order of the course's due dates, as far as they go:
    each covers a day of lateness that has begun.

    Parameters
    ----------
    options : CourseOptions
    class_list : ClassList or None
        The source of extensions.
    student : str
        The student's id.
    times : mapping of str to datetime
        When each stage was handed in, with a time zone. What is missing is not late.

    Returns
    -------
    dict of str to Lateness
        For the stages that have a due date and a time.
    """
    policy, own = options.late, extended(options, class_list, student)
    left = policy.days
    found: dict[str, Lateness] = {}
    for stage in sorted(own, key=lambda name: (options.due[name], name)):
        if stage not in times:
            continue
        late = seconds_late(policy, own[stage], times[stage])
        # Without a price there is nothing that a late day could save.
        spent = min(left, math.ceil(late / DAY)) if policy.percent else 0
        left -= spent
        rest = max(0.0, late - spent * DAY)
        percent = min(policy.at_most, policy.percent * math.ceil(rest / _PERIODS[policy.per]))
        found[stage] = Lateness(late, spent, left, percent)
    return found


def sentence(lateness: Lateness, options: LateOptions, penalty: float) -> str:
    """What a student is told of the lateness of a stage; empty if it is in time.

    Parameters
    ----------
    lateness : Lateness
    options : LateOptions
    penalty : float
        Points that are taken off.
    """
    if not lateness.seconds_late:
        return ""
    told = f"Handed in {_length(lateness.seconds_late)} late"
    if not options.percent:
        return f"{told}."
    days = ""
    if options.days:
        days = f"{_count(lateness.days_spent, 'late day')} spent, {lateness.days_left} left; "
    points = f"{_count(penalty, 'point')} off" if penalty else "no points off"
    return f"{told}: {days}{points}."


def _length(seconds: float) -> str:
    """A time in its two largest units, rounded up to minutes."""
    minutes = math.ceil(seconds / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    return " ".join([_count(number, unit) for number, unit in parts if number][:2])


def _count(number: float, what: str) -> str:
    return f"{round(number, 6):g} {what}{'' if number == 1 else 's'}"
