"""Scores by the time of submission."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from nngrade.class_report.progress import MOST_PERIODS, Spread, periods, spread, timeline
from nngrade.class_report.statistics import Submission

MONDAY = datetime(2026, 10, 5, 12, tzinfo=UTC)


def handed_in(score: float, *, days: float | None, trouble=None) -> Submission:
    """A submission with this many points of 10, so many days after a Monday at noon."""
    time = None if days is None else MONDAY + timedelta(days=days)
    return Submission("ann", score, 10, 1.0, trouble, handed_in=time)


def test_quartiles_by_hand():
    assert spread([0.5]) == Spread(0.5, 0.5, 0.5)
    assert spread([0.2, 0.4]) == Spread(
        pytest.approx(0.25), pytest.approx(0.3), pytest.approx(0.35)
    )
    assert spread([0.0, 0.1, 0.5, 0.9, 1.0]) == Spread(0.1, 0.5, 0.9)


def test_a_few_days_are_told_one_by_one_without_gaps():
    those = [
        handed_in(4, days=1),
        handed_in(8, days=1.1),
        handed_in(10, days=3),
        handed_in(0, days=3, trouble="not graded"),
        handed_in(7, days=None),
    ]
    found = periods(those, UTC)
    assert [(one.start.day, one.end.day, one.count) for one in found] == [
        (6, 6, 2), (7, 7, 0), (8, 8, 2),
    ]  # fmt: skip
    assert [one.spread and one.spread.median for one in found] == [
        pytest.approx(0.6), None, 1,
    ]  # fmt: skip


def test_many_days_are_told_by_weeks_that_begin_on_mondays():
    found = periods([handed_in(5, days=2), handed_in(6, days=6.4), handed_in(7, days=20)], UTC)
    assert [one.count for one in found] == [2, 0, 1]
    assert (found[0].start, found[0].end) == (date(2026, 10, 5), date(2026, 10, 11))


def test_a_day_is_that_of_the_time_zone():
    late = [handed_in(5, days=0.49)]  # a quarter to midnight in UTC
    assert periods(late, UTC)[0].start == date(2026, 10, 5)
    assert periods(late, timezone(timedelta(hours=2)))[0].start == date(2026, 10, 6)


@pytest.mark.parametrize("days", [0, 15, 16, 111, 112, 500, 9999, 60_000])
def test_any_span_has_few_periods_that_hold_everything(days):
    found = periods([handed_in(5, days=0), handed_in(5, days=days)], UTC)
    assert 1 <= len(found) <= MOST_PERIODS
    assert sum(one.count for one in found) == 2
    assert found[0].start <= MONDAY.date()
    assert found[-1].end >= MONDAY.date() + timedelta(days=days)


def test_scores_of_too_few_are_not_told():
    those = [handed_in(5, days=0), handed_in(5, days=0), handed_in(7, days=1)]
    assert [one.spread is None for one in periods(those, UTC, least=2)] == [False, True]
    assert periods([], UTC) == periods([handed_in(5, days=None)], UTC) == []


def test_quarters_of_the_class_follow_the_order_of_hand_in():
    scores = [10, 9, 8, 7, 6, 5, 4, 3, 2]
    line = timeline([handed_in(score, days=at) for at, score in enumerate(scores)][::-1])
    assert line is not None
    assert (line.first, line.last) == (MONDAY, MONDAY + timedelta(days=8))
    assert [one.share for one in line.dots] == [score / 10 for score in scores]
    assert [one.at for one in line.dots] == [at / 8 for at in range(9)]
    assert [(one.start, one.end, one.count) for one in line.quarters] == [
        (0, 1 / 8, 2), (2 / 8, 3 / 8, 2), (4 / 8, 5 / 8, 2), (6 / 8, 1, 3),
    ]  # fmt: skip
    medians = [one.spread.median for one in line.quarters]
    assert medians == pytest.approx([0.95, 0.75, 0.55, 0.3])


def test_few_submissions_have_no_quarters_and_one_time_no_line():
    line = timeline([handed_in(5, days=at) for at in range(7)])
    assert line is not None
    assert (len(line.dots), line.quarters) == (7, [])
    assert timeline([handed_in(5, days=1)] * 9) is None
    assert timeline([handed_in(5, days=None)]) is None
    assert timeline([handed_in(0, days=at, trouble="not graded") for at in range(9)]) is None
    assert timeline([]) is None
