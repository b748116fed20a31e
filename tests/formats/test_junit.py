"""JUnit: by the rules of Jenkins, and read by junitparser."""

from __future__ import annotations

import junitparser

from nngrade.formats import junit
from tests.formats.conftest import a_class, a_submission
from tests.helpers import HOSTILE, require_junit


def test_junit_keeps_to_the_rules_of_jenkins():
    root = require_junit(junit.render(a_class()))
    assert [one.attrib["tests"] for one in root] == ["7", "1", "1"]
    require_junit(junit.render([]))
    require_junit(junit.render_failure(HOSTILE))


def test_junit_is_read_by_junitparser():
    first, second, third = junitparser.JUnitXml.fromstring(junit.render(a_class()).encode())
    assert (first.tests, first.failures, first.errors, first.skipped) == (7, 3, 2, 1)
    assert (second.tests, second.errors) == (1, 1)
    assert (third.tests, third.failures, third.errors) == (1, 0, 0)
    assert {one.name: one.value for one in first.properties()}["score"] == "2.5"
    outcomes = [[type(one).__name__ for one in case.result] for case in first]
    assert outcomes == [
        [], ["Failure"], ["Failure"], ["Error"], ["Error"], ["Skipped"], ["Failure"],
    ]  # fmt: skip
    (wrong,) = list(first)[1].result
    assert wrong.message == "off by 1"
    assert wrong.text.splitlines() == [
        "off by 1", "An average is taken.", "Hint: Is it?", "0 of 1 points",
    ]  # fmt: skip


def test_junit_names_a_case_by_stage_and_task():
    (suite,) = junitparser.JUnitXml.fromstring(junit.render([a_submission()]).encode())
    case = next(iter(suite))
    assert (case.classname, case.name, case.time) == ("stage01_sums.total", "About right.", 0.25)
