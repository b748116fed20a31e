"""Lateness, late days and penalties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngrade.course.options import CourseOptions, LateOptions, read_options
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.students.class_list import ClassList, Student
from nngrade.students.late import Lateness, due_of, lateness_of, sentence
from tests.helpers import STAGE

START = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = {f"stage0{number}": START + timedelta(weeks=number) for number in range(1, 5)}
POLICIES = st.builds(
    LateOptions,
    per=st.sampled_from(["day", "hour"]),
    percent=st.floats(0.5, 50),
    at_most=st.floats(1, 100),
    days=st.integers(0, 6),
    grace_minutes=st.floats(0, 600),
)
HOURS = st.dictionaries(st.sampled_from(sorted(DUE)), st.floats(-100, 300), max_size=4)


def late(
    policy: LateOptions, hours: Mapping[str, float], extensions: Mapping[str, Any] | None = None
) -> dict[str, Lateness]:
    options = CourseOptions(late=policy, due=DUE)
    listed = ClassList(Path("x"), (Student("ann", extensions=extensions or {}),))
    times = {stage: DUE[stage] + timedelta(hours=late) for stage, late in hours.items()}
    return lateness_of(options, listed, "ann", times)


def test_late_days_go_first_and_then_points() -> None:
    policy = LateOptions("day", 10.0, 50.0, days=3, grace_minutes=10)
    found = late(policy, {"stage04": 1000, "stage01": 27, "stage02": 0.1, "stage03": 49})
    assert found == {
        "stage01": Lateness(27 * 3600, 2, 1, 0),
        "stage02": Lateness(0, 0, 1, 0),
        # A day is covered, and 25 hours are two days that have begun.
        "stage03": Lateness(49 * 3600, 1, 0, 20),
        "stage04": Lateness(1000 * 3600, 0, 0, 50),
    }
    assert found["stage03"].penalty(15, 20) == 4
    assert found["stage03"].penalty(3, 20) == 3
    assert found["stage03"].penalty(0, 20) == 0


def test_by_the_hour() -> None:
    policy = LateOptions("hour", 2.5, 100.0)
    hours = (0, 0.1, 1, 1.1, 99)
    found = [late(policy, {"stage01": one})["stage01"].percent for one in hours]
    assert found == [0, 2.5, 2.5, 5, 100]


def test_an_extension_moves_the_date_and_never_forward() -> None:
    assert due_of(START, timedelta(days=1)) == START + timedelta(days=1)
    assert due_of(START, START + timedelta(hours=1)) == START + timedelta(hours=1)
    assert due_of(START, START - timedelta(hours=1)) == due_of(START, None) == START
    policy = LateOptions(percent=10, days=1)
    hours = {"stage01": 20, "stage02": 20}
    assert late(policy, hours)["stage02"].percent == 10
    assert late(policy, hours, {"stage01": timedelta(days=1)})["stage02"].percent == 0


@given(POLICIES, HOURS, st.sampled_from(sorted(DUE)), st.floats(0, 200))
def test_who_hands_in_later_never_gets_more(
    policy: LateOptions, hours: dict[str, float], stage: str, more: float
) -> None:
    hours = {stage: 5.0, **hours}
    before, after = late(policy, hours), late(policy, {**hours, stage: hours[stage] + more})
    for one in hours:
        assert before[one].percent <= after[one].percent


@given(POLICIES, HOURS, st.randoms())
def test_the_order_in_which_work_is_known_does_not_matter(
    policy: LateOptions, hours: dict[str, float], order: Any
) -> None:
    shuffled = list(hours.items())
    order.shuffle(shuffled)
    assert late(policy, dict(shuffled)) == late(policy, hours)


@given(POLICIES, HOURS, st.floats(0, 20))
def test_budget_and_penalty_keep_their_bounds(
    policy: LateOptions, hours: dict[str, float], score: float
) -> None:
    found = late(policy, hours)
    assert sum(one.days_spent for one in found.values()) <= policy.days
    for one in found.values():
        assert 0 <= one.days_left <= policy.days
        assert 0 <= one.percent <= policy.at_most
        assert 0 <= one.penalty(score, 20) <= score
        assert bool(one.seconds_late) >= bool(one.days_spent or one.percent)


@given(POLICIES, HOURS, st.sampled_from(sorted(DUE)), st.floats(0, 100))
def test_an_extension_never_costs(
    policy: LateOptions, hours: dict[str, float], stage: str, more: float
) -> None:
    extended = late(policy, hours, {stage: timedelta(hours=more)})
    before = late(policy, hours)
    for one in hours:
        assert extended[one].percent <= before[one].percent


@pytest.mark.parametrize(
    ("lateness", "policy", "penalty", "told"),
    [
        (Lateness(0, 0, 3), LateOptions(percent=10, days=3), 0, ""),
        (Lateness(60), LateOptions(), 0, "Handed in 1 minute late."),
        (
            Lateness(97_200, 2, 1),
            LateOptions(percent=10, days=3),
            0,
            "Handed in 1 day 3 hours late: 2 late days spent, 1 left; no points off.",
        ),
        (
            Lateness(97_200, 1, 0, 10),
            LateOptions(percent=10, days=3),
            1,
            "Handed in 1 day 3 hours late: 1 late day spent, 0 left; 1 point off.",
        ),
        (
            Lateness(172_801, 0, 0, 20),
            LateOptions(percent=10),
            4.5,
            "Handed in 2 days 1 minute late: 4.5 points off.",
        ),
    ],
)
def test_the_sentence(lateness: Lateness, policy: LateOptions, penalty: float, told: str) -> None:
    assert sentence(lateness, policy, penalty) == told


def settings(course: Course, text: str) -> CourseOptions:
    course.options_file.write_text(text)
    return read_options(course.options_file)


def test_due_dates_in_the_course_file(new_course: Course) -> None:
    assert settings(new_course, "").due == {}
    found = settings(
        new_course,
        f'[due]\n{STAGE} = 2026-07-02T12:00:00\n[late]\nper = "hour"\npercent = 5\n'
        'timezone = "Europe/Berlin"\n',
    )
    assert found.due == {STAGE: datetime(2026, 7, 2, 10, tzinfo=UTC)}
    assert found.late == LateOptions("hour", 5, 100.0, 0, 0.0, "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[due]\nstage01_sum = 2026-07-02T12:00:00Z\n", "no stage; did you mean stage01_sums?"),
        (f"[due]\n{STAGE} = 2026-07-02T12:00:00\n", "does not say in which time zone"),
        (f"[due]\n{STAGE} = 2026-07-02\n", "must be a date with a time"),
        (f'[due]\n{STAGE} = "2026-07-02T12:00:00Z"\n', "without quotation marks"),
        ("due = 1\n", "due must be a table"),
        ('[late]\nper = "week"\n', 'must be "day" or "hour"'),
        ("[late]\npercent = 101\n", "a number from 0 to 100"),
        ("[late]\npercent = true\n", "must be a number"),
        ("[late]\ndays = 1.5\n", "a whole number"),
        ("[late]\ngrace_minutes = -1\n", "a number from 0 on"),
        ('[late]\ntimezone = "Mars"\n', "the name of a time zone"),
        ('[late]\ntimezone = "../../etc/passwd"\n', "the name of a time zone"),
        ("[late]\nday = 1\n", "[late] has no setting 'day'"),
        ("[students]\nfile = 1\n", "must be a file's name"),
    ],
)
def test_settings_that_are_wrong(text: str, problem: str, new_course: Course) -> None:
    with pytest.raises(CourseError, match=r"course\.toml") as raised:
        settings(new_course, text)
    assert problem in str(raised.value)
