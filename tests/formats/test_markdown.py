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
    assert len(text.encode()) < markdown.MOST_BYTES
    shown = text.count("<details><summary>s")
    assert f"**{200 - shown} submissions are without details here**, because" in text
    assert "`results.json`" in text
    assert 0 < shown < 200
    assert text.count("\n| s0") + text.count("\n| s1") == 200
    assert Rendered(text).open == []


def test_markdown_leaves_out_last_what_needs_a_look():
    lost = [check(f"c{n}", message=f"{n}" + "x" * 1900) for n in range(10)]
    right = [check(f"c{n}", status="passed", score=1) for n in range(10)]
    results = [submission(f"right{n:03}", *right) for n in range(100)]
    results += [submission(f"lost{n:03}", *lost) for n in range(100)]
    results += [ungraded()]
    text = markdown.render(results)
    first, *others = re.findall("<details><summary>(.{4})", text)
    assert first == "=1+1"  # what could not be graded
    assert set(others) == {"lost"}
    rows = re.findall(r"(?m)^\| ([a-z]+)\d* \|", text)
    assert [one for one in rows if one in ("right", "lost")] == ["lost"] * 100 + ["right"] * 100


def test_a_table_that_is_too_long_has_whole_rows():
    results = [submission(f"s{n:05}" + "_" * 190, check("c")) for n in range(3000)]
    text = markdown.render(results)
    assert len(text.encode()) < markdown.MOST_BYTES
    rows = re.findall(r"(?m)^\| s\d.*$", text)
    assert 0 < len(rows) < 3000
    assert {row.count(" | ") for row in rows} == {3}
    assert f"**{3000 - len(rows)} submissions are not in this table**" in text


def test_a_class_that_fits_stays_in_its_order():
    right, lost = check("c", status="passed", score=1.0), check("c")
    results = [submission(name, one) for name, one in (("s1", right), ("s2", lost), ("s3", right))]
    text = markdown.render(results)
    assert re.findall(r"(?m)^\| (s\d)", text) == ["s1", "s2", "s3"]
    assert "because GitHub shows" not in text


def test_one_submission_cannot_hide_the_others():
    huge = [check(f"c{n}", message=f"{n}" + "`" * 1900) for n in range(400)]
    results = [submission("huge", *huge), submission("small", check("c", message="no"))]
    text = markdown.render(results)
    assert "<details><summary>small" in text
    (left,) = re.findall(r"(\d+) more checks and notes do not fit here", text)
    assert text.count("- ❌ ") == 401 - int(left)
    assert len(markdown.render(results[:1]).encode()) < markdown.MOST_BYTES
