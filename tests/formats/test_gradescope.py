"""Gradescope's results.json, by its documentation."""

from __future__ import annotations

from nngrade.formats import gradescope
from tests.formats.conftest import a_submission, ungraded
from tests.helpers import require_gradescope


def test_gradescope_gets_our_score_and_a_test_for_each_check():
    document = require_gradescope(gradescope.render([a_submission()]))
    tests = document["tests"]
    assert document["score"] == 2.5
    assert [one["status"] for one in tests] == ["passed", *["failed"] * 6]
    assert sum(one.get("score", 0) for one in tests) == document["score"]
    assert sum(one.get("max_score", 0) for one in tests) == 8
    assert [one["number"] for one in tests[:2]] == ["1.1", "1.2"]
    assert tests[1]["output"] == "off by 1\nAn average is taken.\nHint: Is it?"
    assert "score" not in tests[-1]


def test_gradescope_shows_what_submissions_say_as_plain_text():
    document = require_gradescope(gradescope.render([a_submission()]))
    formats = {document["output_format"], *(one["output_format"] for one in document["tests"])}
    assert formats == {"text"}
    assert document["stdout_visibility"] == "hidden"


def test_gradescope_gives_no_points_for_what_cannot_be_graded():
    document = require_gradescope(gradescope.render([ungraded()]))
    assert document["score"] == 0
    assert document["tests"][0]["max_score"] == 6
    assert "could not be graded" in document["output"]
