"""The numbers of the class report."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from statistics import correlation

import pytest

from nngrade.class_report.statistics import (
    FEWEST_SUBMISSIONS,
    Bin,
    StageStatistics,
    first_tasks,
    gone,
    histogram,
    losing_ground,
    point_biserial,
    stage_statistics,
)
from tests.class_report.conftest import (
    a_class,
    check,
    failed,
    known,
    related,
    scored,
    submission,
)
from tests.helpers import STAGE


def test_scores_are_those_of_what_was_graded():
    statistics = stage_statistics(STAGE, a_class())
    assert [one.score for one in statistics.graded] == [4, 1, 0, 0]
    assert statistics.mean == 1.25
    assert statistics.median == 0.5
    assert statistics.mean_share == 1.25 / 4
    assert statistics.perfect == 1
    assert statistics.max_score == 4
    assert statistics.median_seconds == 2.5
    assert [one.student for one in statistics.slowest(2)] == ["q-right", "q-nothing"]
    assert len(statistics.submissions) == 5


def test_each_kind_of_trouble_is_told():
    statistics = stage_statistics(STAGE, a_class())
    assert {one.student: one.trouble for one in statistics.submissions} == {
        "q-right": None,
        "q-weak": "weak start",
        "q-untouched": "untouched",
        "q-nothing": "no points",
        "q-broken": "not graded",
    }
    assert statistics.troubled == 4
    assert statistics.submissions[-1].error == "not a notebook"


def test_checks_are_counted_in_the_order_of_the_course():
    checks = stage_statistics(STAGE, a_class()).checks
    assert [(one.id, one.count, one.passed, one.failed, one.unreached) for one in checks] == [
        ("a.visible", 4, 1, 2, 1),
        ("a.one", 4, 1, 2, 1),
        ("b.one", 4, 1, 1, 2),
        ("c.one", 4, 2, 0, 2),
    ]
    (mistake,) = checks[1].mistakes
    assert mistake.count == 2
    assert mistake.cause.sentence == "2 of 4 entries are wrong; the worst at [0] is 7"


def test_of_each_submission_and_task_the_first_failure_that_costs_points_counts():
    mistakes = stage_statistics(STAGE, a_class()).mistakes
    assert [(one.count, one.task, one.description) for one in mistakes] == [
        (2, "a", "About a.one."),
        (1, "b", "About b.one."),
    ]


def test_an_error_belongs_to_the_task_whose_code_stopped():
    message = "ValueError: no in your cell a, line 3"
    results = [submission("ann", check("a.one", message), check("b.one", message))]
    (mistake,) = stage_statistics(STAGE, results).mistakes
    assert (mistake.task, mistake.count) == ("a", 1)


def test_an_error_in_plain_words_belongs_to_the_task_whose_code_stopped():
    message = "In your cell a, line 3, two shapes do not fit (ValueError)."
    checks = [check(f"{task}.one", message, status="error") for task in "ab"]
    (mistake,) = stage_statistics(STAGE, [submission("ann", *checks)]).mistakes
    assert (mistake.task, mistake.count, mistake.cause.name) == ("a", 1, "ValueError")


def test_of_a_task_the_failure_whose_cause_is_known_best_counts():
    checks = (
        check("a.visible", "x is 1", points=0),
        check("a.one", "x is 1"),
        check("a.two", "x is 1", diagnosis=related("sign")),
        check("a.three", "x is 1", diagnosis=known("bias_forgotten")),
        check("b.visible", "x is 1", points=0, diagnosis=related("sign")),
        check("b.one", "x is 1"),
    )
    found = stage_statistics(STAGE, [submission("ann", *checks)]).mistakes
    assert [(one.task, one.description) for one in found] == [
        ("a", "About a.three."),
        ("b", "About b.one."),
    ]


def test_a_task_that_follows_from_another_is_no_mistake():
    follows = check("b.one", "x is 1", diagnosis=related("follows"))
    visible = check("b.visible", "x is 1", points=0)
    found = stage_statistics(STAGE, [submission("ann", check("a.one", "no"), visible, follows)])
    assert [one.task for one in found.mistakes] == ["a"]
    # Where nothing else is wrong, it is better than nothing.
    found = stage_statistics(STAGE, [submission("ann", check("a.one"), visible, follows)])
    assert [one.cause.kind for one in found.mistakes] == ["follows"]


def test_point_biserial_by_hand():
    # Mean 2.5, variance 1.25; the means of the groups are 2 apart; half of all passed.
    assert point_biserial([3, 4], [1, 2]) == pytest.approx(2 / math.sqrt(1.25) / 2)
    assert point_biserial([1, 2], [3, 4]) == pytest.approx(-2 / math.sqrt(1.25) / 2)
    # One of four: the mean is 1, the variance 3, the means are 4 apart, and sqrt(1 * 3) / 4.
    assert point_biserial([4], [0, 0, 0]) == pytest.approx(1)
    assert point_biserial([1, 3], [1, 3]) == 0


def test_point_biserial_is_the_correlation_with_zeros_and_ones():
    draws = random.Random(0)
    for _ in range(50):
        passed = [draws.randrange(40) / 2 for _ in range(draws.randrange(1, 30))]
        others = [draws.randrange(30) / 2 for _ in range(draws.randrange(2, 30))]
        ones = [1] * len(passed) + [0] * len(others)
        assert point_biserial(passed, others) == pytest.approx(
            correlation(ones, [*passed, *others]), abs=1e-12
        )


@pytest.mark.parametrize(
    ("passed", "others"), [([], []), ([1, 2], []), ([], [1, 2]), ([2, 2], [2]), ([0.1] * 9, [0.1])]
)
def test_point_biserial_may_be_undefined(passed, others):
    assert point_biserial(passed, others) is None


def of_two_groups(strong: str, weak: str, size: int = 10) -> list:
    """Two groups that get these messages in the check `x.one`; else the strong lose nothing."""
    rest = ("", "no", "no")
    return [
        submission(
            f"{name}{n}",
            check("x.one", message),
            *(check(f"y.{at}", "" if name == "s" else rest[at]) for at in range(3)),
        )
        for n in range(size)
        for name, message in (("s", strong), ("w", weak))
    ]


def test_a_check_is_compared_with_all_other_checks():
    right, wrong = of_two_groups("", "no"), of_two_groups("no", "")
    check_of = {
        sign: stage_statistics(STAGE, one).checks[0] for sign, one in ((1, right), (-1, wrong))
    }
    for sign, one in check_of.items():
        # Its own point is no part of the rest, or it would be part of what it is compared with.
        assert one.discrimination == pytest.approx(sign)
        assert one.difficulty == 0.5
    assert (check_of[1].concern, check_of[-1].concern) == (None, "wrong way")
    mixed = of_two_groups("", "", 5) + of_two_groups("no", "no", 5)
    statistics = stage_statistics(STAGE, mixed)
    assert statistics.checks[0].discrimination == pytest.approx(0)
    assert statistics.checks[0].concern == "hardly"
    assert statistics.of_concern("hardly") == [statistics.checks[0]]
    assert statistics.of_concern("wrong way") == []
    assert statistics.chance == pytest.approx(2 / math.sqrt(20))


def test_discrimination_by_hand():
    # Of 20, the 5 that pass have 1 point else, and 3 of the 15 others; mean 0.4, variance 0.24.
    those = [
        submission(f"s{n}", check("x.one", "" if n < 5 else "no"), check("y.one", y))
        for n, y in enumerate([""] * 8 + ["no"] * 12)
    ]
    expected = (1 - 3 / 15) / math.sqrt(0.24) * math.sqrt(5 * 15) / 20
    # Those with no points at all did try: only what is not done is left out.
    assert stage_statistics(STAGE, those).checks[0].discrimination == pytest.approx(expected)
    blank = [check(f"{task}.one", f"{task} is not done yet") for task in "xy"]
    those += [submission("idle", *blank), failed("broken")]
    statistics = stage_statistics(STAGE, those)
    assert statistics.checks[0].discrimination == pytest.approx(expected)
    assert statistics.checks[0].difficulty == 5 / 21


def test_discrimination_is_left_open_where_it_means_nothing():
    few = of_two_groups("no", "")[: FEWEST_SUBMISSIONS - 1]
    assert [one.discrimination for one in stage_statistics(STAGE, few).checks] == [None] * 4
    for message in ("", "no"):
        alike = stage_statistics(STAGE, of_two_groups(message, message)).checks[0]
        assert (alike.discrimination, alike.concern) == (None, None)
    alone = [submission(f"s{n}", check("x.one", "no" * (n % 2))) for n in range(30)]
    assert stage_statistics(STAGE, alone).checks[0].discrimination is None
    # Two that fail are too few to judge a check by.
    strange = of_two_groups("", "")
    strange[0] = submission("s", check("x.one", "no"), *strange[0].checks[1:])
    (one, *_) = stage_statistics(STAGE, strange).checks
    assert one.discrimination is not None
    assert one.discrimination < -0.1
    assert one.concern is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-10-05T08:00:00+00:00", datetime(2026, 10, 5, 8, tzinfo=UTC)),
        ("2026-10-05T08:00:00+02:00", datetime(2026, 10, 5, 6, tzinfo=UTC)),
        ("2026-10-05T08:00:00", datetime(2026, 10, 5, 8, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("<script>", None),
        (None, None),
    ],
)
def test_a_time_is_read_or_unknown(text, time):
    (one,) = stage_statistics(STAGE, [scored("ann", 5, at=text)]).submissions
    assert one.handed_in == time


def test_results_are_gone_through_once():
    assert len(stage_statistics(STAGE, iter(a_class())).submissions) == 5


def test_nothing_graded_has_no_mean():
    statistics = stage_statistics(STAGE, [failed("ann")])
    assert (statistics.mean, statistics.median, statistics.median_seconds) == (None, None, None)
    assert (statistics.max_score, statistics.mean_share, statistics.checks) == (0, 0, ())


def test_the_last_bin_holds_the_upper_end():
    bins = histogram([0, 1.9, 2, 19.5, 20, 20], 20)
    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[1] == Bin(2, 4, 1)
    assert [one.count for one in histogram([0.3, 0.6, 0.7], 1)] == [0, 0, 0, 1, 0, 0, 1, 1, 0, 0]
    assert histogram([], 0) == []


def test_first_tasks_are_a_third_and_one_at_least():
    assert first_tasks("a") == ["a"]
    assert first_tasks("aabbc") == ["a"]
    assert first_tasks("abcdefghi") == ["a", "b", "c"]
    assert first_tasks("") == []


def stages(*scores: dict[str, int]) -> list[StageStatistics]:
    return [
        stage_statistics(f"stage{at}", [scored(who, score) for who, score in one.items()])
        for at, one in enumerate(scores, 1)
    ]


def test_losing_ground_is_told_against_the_class():
    # The last stage is hard for everybody; only ann falls behind by more than the others.
    found = losing_ground(
        stages(
            {"ann": 10, "bob": 5, "eva": 6, "one": 9},
            {"ann": 9, "bob": 6, "eva": 6},
            {"ann": 1, "bob": 3, "eva": 4},
        )
    )
    assert [one.student for one in found] == ["ann"]
    assert found[0].scores == (10, 9, 1)
    means = [0.75, 0.7, 8 / 30]
    assert found[0].change == pytest.approx((0.1 - means[2]) - (1 - means[0] + 0.9 - means[1]) / 2)


def test_a_stage_that_was_left_out_has_no_score():
    found = losing_ground(stages({"ann": 10, "bob": 5}, {"bob": 5}, {"ann": 0, "bob": 5}))
    assert [(one.student, one.scores) for one in found] == [("ann", (10, None, 0))]


def test_who_stopped_is_told_only_once_the_others_went_on():
    first = {"ann": 5, "bob": 5, "eva": 5, "ida": 5}
    assert gone(stages(first, {"ann": 5, "bob": 5})) == {"eva": "stage1", "ida": "stage1"}
    assert gone(stages(first, {"ann": 5})) == {}
    assert gone(stages(first)) == {}
    assert gone([]) == {}
