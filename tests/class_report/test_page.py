"""The page of the class report: well-formed, and it names nobody."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise
from urllib.parse import unquote

import pytest

from nngrade.class_report.page import render_report
from nngrade.class_report.statistics import stage_statistics
from nngrade.course.stages import Course
from nngrade.results import SubmissionResult
from tests.class_report.conftest import (
    LATER,
    a_class,
    check,
    failed,
    scored,
    submission,
    two_stages,
)
from tests.helpers import STAGE, Page

pytestmark = pytest.mark.usefixtures("secret")


def page_of(course: Course, results: list[SubmissionResult], named: bool = False) -> Page:
    return Page(html_of(course, results, named))


def html_of(course: Course, results: list[SubmissionResult], named: bool = False) -> str:
    by_stage: dict[str, list[SubmissionResult]] = {}
    for one in results:
        by_stage.setdefault(one.stage, []).append(one)
    statistics = [stage_statistics(stage, those) for stage, those in by_stage.items()]
    return render_report(course, statistics, course.root, named)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "results",
    [
        two_stages(),
        a_class(),
        a_class()[:1],
        a_class()[2:3],
        [failed("q-one"), failed("q-two")],
        [failed("q-one", stage="")],
        [submission("q-one")],
        [failed("q-one"), scored("q-two", 5, LATER)],
    ],
)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(course, results, named):
    page = page_of(course, results, named)
    for link in page.links:
        assert link.startswith("#")
        assert link[1:] in page.ids
    assert page.labels <= page.ids
    assert not {"script", "link", "img", "iframe"} & set(page.elements)
    headings = [int(one[1]) for one in page.elements if re.fullmatch("h[1-6]", one)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_nothing_is_loaded_from_anywhere(course):
    text = html_of(course, two_stages())
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_says_what_the_numbers_are(course):
    text = " ".join(page_of(course, two_stages()).text.split())
    for words in (
        "6 students",
        "Stage 1: ",
        "mean 1.2 of 4",
        "median 0.5",
        "2 × 2 of 4 entries are wrong; the worst at [0] is 7",
        "No task is done 1 student",
        "Something was tried, but nothing got points 1 student",
        "Less than half of the points of the first tasks: a 1 student",
        "Could not be graded 1 student",
        "Losing ground",
        "0 to 0.4 points: 2.",
        "Stage unknown",
    ):
        assert words in text


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "\x1b[2J\x00"],
)
def test_hostile_text_is_shown_as_text(course, text):
    results = [
        submission(text, check("a.one", text, description=text), check(f"{text}.one", text)),
        failed(f"{text}2", text),
        failed("q-three", text, stage=text),
    ]
    page = page_of(course, results, named=True)
    assert not {"script", "img"} & set(page.elements)
    assert "49" not in page.text
    assert "\x1b" not in page.text
    if text.isprintable():
        assert text in page.text


def test_without_names_the_page_names_nobody(course):
    students = ["muster.erika", "4711001", "Ng", "o'brien", "x<y>", "max mustermann"]
    results = []
    for number, student in enumerate(students):
        message = f"{student} {student.upper()} '/home/{student}/x' {student}.csv"
        results += [
            submission(student, check("a.one", message), check("b.one")),
            submission(student, check(f"a.{number}", f"{number} {message}"), stage=LATER),
        ]
    results += [failed(student, f"{student}.docx is no notebook", "") for student in students]
    text = html_of(course, results)
    assert "student 6" in text
    for student in students:
        pattern = rf"(?<![^\W_]){re.escape(student)}(?![^\W_])"
        assert not re.search(pattern, Page(text).text, re.IGNORECASE)
        assert not re.search(pattern, text.replace("\n", " "), re.IGNORECASE)
    named = page_of(course, results, named=True).text
    assert all(student in named for student in students)


def test_with_names_they_lead_to_the_feedback_there_is(new_course: Course):
    root = new_course.root
    for student in ("q-weak", "q-odd #1"):
        page = root / "feedback" / student / STAGE / f"{STAGE}.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
    results = [*a_class(), scored("q-odd #1", 0), scored("../q-weak", 1), scored("q" * 999, 0)]
    links = [one for one in page_of(new_course, results, named=True).links if one[0] != "#"]
    assert {(root / unquote(one)).is_file() for one in links} == {True}
    assert f"feedback/q-odd%20%231/{STAGE}/{STAGE}.html" in links
    assert all(one[0] == "#" for one in page_of(new_course, results).links)


def test_the_template_comes_with_the_package():
    for package, name in (("formats", "report.css"), ("class_report", "report.html")):
        assert (files(f"nngrade.{package}") / "templates" / name).is_file()
