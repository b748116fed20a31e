"""Markdown: what submissions say is text, and everything fits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nngrade.formats import markdown
from tests.formats.conftest import a_class, a_submission, check, submission, ungraded
from tests.helpers import OURS, Rendered


@pytest.mark.parametrize(
    "results", [[], a_class(), [a_submission()], [ungraded()]], ids=["none", "all", "one", "bad"]
)
def test_markdown_shows_what_submissions_say_as_text(results):
    text = markdown.render(results)
    page = Rendered(text)
    assert set(page.elements) <= OURS
    assert page.open == []
    assert "@octocat" not in page.text
    assert "#1" not in page.text
    assert not re.search(r"https://|www\.", re.sub("<summary>.*", "", text))
    if results:
        assert "<script>alert(1)</script>" in page.text
        assert "\\" not in page.text.replace("\\u", "")


def test_markdown_shows_all_that_a_student_is_told():
    page = Rendered(markdown.render([a_submission()]))
    for words in (
        "ann · stage01_sums: 2.5 of 8 points", "off by 1", "An average is taken.", "Hint: Is it?",
        "half of it", "it did not finish", "What is right (1 check)",
    ):  # fmt: skip
        assert words in page.text


@pytest.mark.slow
def test_markdown_of_a_large_class_fits_into_a_job_summary():
    text = markdown.render([replace(a_submission(), student=f"s{n:03}") for n in range(500)])
    assert len(text.encode()) < 2**20
    page = Rendered(text)
    assert page.cells.count("2.5/8") > 500
    assert page.open == []


def test_markdown_says_what_it_leaves_out():
    long = [check(f"c{n}", message=f"{n}" + "x" * 1900) for n in range(10)]
    text = markdown.render([submission(f"s{n:03}", *long) for n in range(200)])
    assert len(text.encode()) < 2**20
    shown = text.count("<details><summary>s")
    assert f"{200 - shown} more do not fit here." in text
    assert 0 < shown < 200
