"""What a run of a test cell means, from what was seen of it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from nngrade.live.clock import TooLong
from nngrade.live.evidence import Called, Evidence, Failed
from nngrade.live.panel import bundle, html, note_bundle, text
from nngrade.live.verdict import Circumstances, Verdict, judge


def seen(cases: int = 2, *failed: str) -> Evidence:
    evidence = Evidence(frozenset("f"), cases=cases)
    for case, message in enumerate(failed, 1):
        evidence.failed.append(Failed(message, "f(1) == 1", case, AssertionError(message)))
    return evidence


def judged(evidence: Evidence, error: BaseException | None = None, **known: Any) -> Verdict:
    if error is None and evidence.failed:
        error = evidence.failed[0].error
    return judge("f", evidence, error, Circumstances(**known))


def test_nothing_failed():
    verdict = judged(seen(3))
    assert (verdict.state, verdict.cases, verdict.failed) == ("passed", 3, 0)


def test_a_failing_assert_is_told_in_its_own_words_or_as_it_stands():
    assert judged(seen(2, "the test's words")).message == "the test's words"
    assert "f(1) == 1" in judged(seen(2, "")).message


def test_a_message_without_end_is_cut():
    assert len(judged(seen(1, "very long " * 1000)).message) < 600


def test_an_assert_in_a_function_of_the_test_counts_as_one():
    verdict = judged(seen(2), AssertionError("inner"), in_test=True)
    assert (verdict.state, verdict.failed, verdict.message) == ("failed", 1, "inner")


def test_what_is_not_written_is_not_wrong():
    verdict = judged(seen(1), NotImplementedError())
    assert (verdict.state, verdict.failed) == ("undone", 0)
    assert "NotImplementedError" in verdict.message


def test_an_endless_function_is_told_how_long_it_had():
    verdict = judged(seen(1), TooLong(), seconds=7.5)
    assert (verdict.state, verdict.kind) == ("failed", "endless")
    assert "7.5 seconds" in verdict.title
    assert "configure(seconds=" in verdict.hint
    # Where an assert failed before, that is what is said.
    assert judged(seen(1, "first"), TooLong()).message == "first"


def test_a_test_that_cannot_go_on_shows_what_it_was_given():
    evidence = seen(1)
    evidence.calls.append(Called("f", (1,), {}, None, True))
    verdict = judged(evidence, TypeError("'NoneType' object is not subscriptable"))
    assert verdict.kind == "returned"
    assert "f returns None" in verdict.reason
    assert "not subscriptable" in verdict.message


def test_a_name_that_the_test_needs_and_nothing_has_set():
    verdict = judged(seen(0), NameError("name 'W' is not defined", name="W"))
    assert "W" in verdict.message
    assert "Run" in verdict.hint


OTHERS = {
    "g fails": (Verdict("g", "failed", reason="g is doubled.", hint="Halve it."), "waiting", "g"),
    "g is not done": (Verdict("g", "undone"), "waiting", "g"),
    "g waits for h": (Verdict("g", "waiting", culprit="h"), "waiting", "h"),
    "g passes": (Verdict("g", "passed"), "failed", ""),
    "nothing is known of g": (None, "failed", ""),
}


@pytest.mark.parametrize("other", OTHERS)
def test_who_calls_a_wrong_function_waits_for_it(other: str):
    verdict, state, culprit = OTHERS[other]
    found = judged(
        seen(2, "no"), called=["g"], state_of=lambda name: verdict if name == "g" else None
    )
    assert (found.state, found.culprit) == (state, culprit)
    if verdict is not None and verdict.hint:
        assert found.hint == verdict.hint
        assert verdict.reason in found.reason


def test_a_passing_task_waits_for_nobody():
    found = judged(seen(2), called=["g"], state_of=lambda _name: Verdict("g", "failed"))
    assert found.state == "passed"


FULL = Verdict(
    "f", "failed", cases=3, failed=2, message="said", reason="because", kind="factor",
    hint="look there", example="f(1) gives 2", passing=4, tasks=6,
)  # fmt: skip
STATES = [
    FULL,
    replace(FULL, state="passed", failed=0, message="", reason="", hint="", example=""),
    replace(FULL, state="undone", meanwhile=("g", "h", "i")),
    replace(FULL, state="waiting", culprit="g"),
    replace(FULL, stops="stops with a ValueError"),
    replace(FULL, cases=1, failed=1, hidden="Hidden checks: 1 of 2 points.\n✗ Not so."),
]


@pytest.mark.parametrize("verdict", STATES, ids=lambda one: one.title)
def test_a_panel_says_in_words_all_that_it_shows(verdict: Verdict):
    shown, page = text(verdict), html(verdict)
    assert shown.splitlines()[0] == verdict.title
    for part in (verdict.message, verdict.reason, verdict.hint, verdict.example, verdict.progress):
        assert part in shown
        assert part in page
    for line in verdict.hidden.splitlines():
        assert line in shown
    assert 'role="group" aria-label="f: ' in page
    assert bundle(verdict) == {"text/plain": shown, "text/html": page}


def test_the_progress_says_who_decides_the_points():
    assert "4 of 6 tasks pass; hidden checks decide the points" in text(FULL)
    assert "decide" not in text(replace(FULL, hidden="Hidden checks: 2 of 2 points."))
    assert "visible tests" not in text(replace(FULL, tasks=0))


def test_what_a_student_prints_into_a_panel_stays_text():
    nasty = "<script>alert(1)</script>\x1b[2J\x00"
    verdict = replace(FULL, message=nasty, reason=nasty, task="f<b>", hidden=nasty, hint=nasty)
    page = html(verdict)
    assert "<script" not in page
    assert "<b>" not in page
    for shown in (page, text(verdict), *note_bundle(nasty).values()):
        assert "\x1b" not in shown
        assert "\x00" not in shown
    assert "<script" not in note_bundle(nasty)["text/html"]


@pytest.mark.parametrize("verdict", STATES, ids=lambda one: one.title)
def test_a_verdict_goes_through_json(verdict: Verdict):
    told = json.loads(json.dumps(asdict(verdict)))
    told["meanwhile"] = tuple(told["meanwhile"])
    assert Verdict(**told) == verdict
