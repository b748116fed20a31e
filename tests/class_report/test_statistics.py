"""The numbers of the class report."""

from __future__ import annotations

import pytest

from nngrade.class_report.statistics import (
    Bin,
    StageStatistics,
    first_tasks,
    gone,
    histogram,
    losing_ground,
    stage_statistics,
)
from tests.class_report.conftest import a_class, check, failed, scored, submission
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
    assert mistake.example == "2 of 4 entries are wrong; the worst at [0] is 7"


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
