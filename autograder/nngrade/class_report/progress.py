"""Progress of a class: scores by period of submission, and by how early a submission came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import median, quantiles

from nngrade.class_report.statistics import Submission

__all__ = ["Dot", "Period", "Quarter", "Spread", "Timeline", "periods", "spread", "timeline"]

# Number of periods that fit beside each other, and their lengths in days.
MOST_PERIODS = 16
_LENGTHS = (1, 7, 28, 91, 364, 3640, 36400)
# Number of submissions from which the earlier ones are compared with the later ones.
FEWEST_TIMED = 8
_QUARTERS = 4


@dataclass(frozen=True)
class Spread:
    """Quartiles of scores, as shares of all points from 0 to 1."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Period:
    """What was handed in during some days.

    Attributes
    ----------
    start, end : date
        The first and the last day.
    count : int
        Number of submissions.
    spread : Spread or None
        Their scores; None if there are too few to tell them.
    """

    start: date
    end: date
    count: int
    spread: Spread | None


@dataclass(frozen=True)
class Dot:
    """A submission: when it came, from 0 (the first) to 1 (the last), and its share of points."""

    at: float
    share: float


@dataclass(frozen=True)
class Quarter:
    """A quarter of the submissions, in the order in which they came.

    Attributes
    ----------
    start, end : float
        When its first and its last came, from 0 (the first of all) to 1 (the last of all).
    count : int
    spread : Spread
    """

    start: float
    end: float
    count: int
    spread: Spread


@dataclass(frozen=True)
class Timeline:
    """Scores against the time of submission.

    Attributes
    ----------
    first, last : datetime
        Times of the first and the last submission.
    dots : list of Dot
        All submissions, first one first.
    quarters : list of Quarter
        Empty where there are too few submissions.
    """

    first: datetime
    last: datetime
    dots: list[Dot]
    quarters: list[Quarter]


def spread(shares: Sequence[float]) -> Spread:
    """Quartiles of at least one score."""
    if len(shares) == 1:
        return Spread(shares[0], shares[0], shares[0])
    low, _, high = quantiles(shares, n=4, method="inclusive")
    return Spread(low, median(shares), high)


def periods(
    submissions: Sequence[Submission], zone: tzinfo | None = None, least: int = 1
) -> list[Period]:
    """Scores by the day of submission, or the week, or longer periods if there were many weeks.

    Parameters
    ----------
    submissions : sequence of Submission
        Those of which the time is unknown are left out.
    zone : tzinfo, optional
        Time zone of the days; by default this machine's.
    least : int
        Number of graded submissions of a period below which their scores are not told.

    Returns
    -------
    list of Period
        Without gaps, from the first submission to the last.
    """
    timed = [
        (one.handed_in.astimezone(zone).date(), one)
        for one in submissions
        if one.handed_in is not None
    ]
    if not timed:
        return []
    first, last = min(day for day, _ in timed), max(day for day, _ in timed)
    for length in _LENGTHS:
        # Weeks begin on Mondays.
        start = first if length == 1 else first - timedelta(days=first.weekday())
        number = (last - start).days // length + 1
        if number <= MOST_PERIODS:
            break
    groups: list[list[Submission]] = [[] for _ in range(number)]
    for day, one in timed:
        groups[(day - start).days // length].append(one)
    found = []
    for at, group in enumerate(groups):
        shares = [one.share for one in group if one.graded]
        begin = start + timedelta(days=at * length)
        told = spread(shares) if len(shares) >= max(least, 1) else None
        found.append(Period(begin, begin + timedelta(days=length - 1), len(group), told))
    return found


def timeline(submissions: Sequence[Submission]) -> Timeline | None:
    """Scores against the time of submission; None unless there are two times at least."""
    timed = sorted(
        ((one.handed_in, one.share) for one in submissions if one.graded and one.handed_in),
        key=lambda pair: pair[0],
    )
    if not timed or timed[0][0] == timed[-1][0]:
        return None
    first, last = timed[0][0], timed[-1][0]
    dots = [Dot((time - first) / (last - first), share) for time, share in timed]
    quarters = []
    if len(dots) >= FEWEST_TIMED:
        bounds = [len(dots) * one // _QUARTERS for one in range(_QUARTERS + 1)]
        for begin, end in pairwise(bounds):
            those = dots[begin:end]
            told = spread([one.share for one in those])
            quarters.append(Quarter(those[0].at, those[-1].at, len(those), told))
    return Timeline(first, last, dots, quarters)
