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
from nngrade.errors import NngradeError
from nngrade.results import SubmissionResult
from nngrade.students.class_list import ClassList, Student
from tests.class_report.conftest import (
    LATER,
    a_class,
    a_term,
    check,
    failed,
    known,
    related,
    scored,
    submission,
    two_stages,
)
from tests.helpers import STAGE, Page

pytestmark = pytest.mark.usefixtures("secret")


def page_of(course: Course, results: list[SubmissionResult], named: bool = False) -> Page:
    return Page(html_of(course, results, named))


def html_of(
    course: Course,
    results: list[SubmissionResult],
    named: bool = False,
    lessons: str | None = None,
) -> str:
    by_stage: dict[str, list[SubmissionResult]] = {}
    for one in results:
        by_stage.setdefault(one.stage, []).append(one)
    statistics = [stage_statistics(stage, those) for stage, those in by_stage.items()]
    return render_report(course, statistics, course.root, named, lessons)


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
        a_term(),
        a_term()[:24],
        a_term()[::24],
        [scored("q-one", 3, at="2026-10-05T12:00:00+00:00")],
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
        "2 × · 2 of 4 entries are wrong; the worst at [0] is 7",
        "No task is done 1 student",
        "Something was tried, but nothing got points 1 student",
        "Less than half of the points of the first tasks: a 1 student",
        "Could not be graded 1 student",
        "Losing ground",
        "0 to 0.4 points: 2.",
        "Stage unknown",
    ):
        assert words in text


def test_what_could_not_be_graded_is_listed_by_the_reason(course):
    those = [failed("ann"), failed("bob", "it is <b>empty</b>"), failed("cem"), scored("dan", 1)]
    text = " ".join(page_of(course, those, True).text.split())
    assert "Could not be graded 3 bob : it is <b>empty</b> ann , cem : not a notebook" in text


def test_a_stage_without_submissions_has_a_page(course):
    page = Page(render_report(course, [stage_statistics(STAGE, [])], course.root, False))
    assert "0 students" in page.text


def test_mistakes_are_told_by_cause_and_by_the_section_that_treats_them(course):
    results = [
        submission(
            f"q-{n}",
            check("total.one", f"not {n}.6048093898414613e-06"),
            check("total.two", "x", diagnosis=known("one_too_many", "Too much.")),
            check("shifted.one", f"x is {n}.6048093898414613e-06"),
        )
        for n in range(3)
    ]
    page = page_of(course, results)
    text = " ".join(page.text.split())
    assert "one too many · 3 × · Too much. total , in “Stage 1: Sums”: About total.two." in text
    assert "Mistakes of unknown cause 3 × · x is 6.04809e-07" in text
    assert "e-06" not in page.text
    assert all(one.startswith("#") for one in page.links)


def test_mistakes_link_to_lessons_that_have_an_address(course):
    results = [submission("q-one", check("total.one", "no"), check("unknown.one", "no"))]
    page = Page(html_of(course, results, lessons="https://example.org/a b/".replace(" ", "%20")))
    assert [one for one in page.links if one[0] != "#"] == [
        f"https://example.org/a%20b/{STAGE}/{STAGE}.ipynb#Stage-1%3A-Sums"
    ]
    for address in ("javascript:alert(1)", "example.org", "https://x/ y", 'https://x/"', ""):
        with pytest.raises(NngradeError, match="no address"):
            html_of(course, results, lessons=address)


def test_the_page_says_how_checks_discriminate(course):
    results = [
        submission(
            f"q-{n}",
            check("a.back", "no" if n % 2 else ""),
            check("a.luck", "no" if n % 4 in (1, 2) else ""),
            *(check(f"a.{at}", "" if n % 2 else "no") for at in range(4)),
        )
        for n in range(24)
    ]
    text = " ".join(page_of(course, results).text.split())
    for words in (
        "Wrong way : weaker submissions pass these",
        "About a.back. Discrimination −0.97, passed by 50 %",
        "Hardly : whether these are passed",
        "About a.luck. Discrimination +0.00, passed by 50 %",
        "differ by 0.41 or more",
    ):
        assert words in text
    assert "Checks to look at" not in page_of(course, results[:19]).text


def test_times_of_hand_in_are_told_with_names_only_where_few_share_them(course):
    named, unnamed = (page_of(course, a_term()[:24], one) for one in (True, False))
    assert named.elements.count("circle") == 24
    assert "circle" not in unnamed.elements
    assert "First quarter to come, 6 submissions: median" in " ".join(unnamed.text.split())
    # Scores of one submission on a day are not told, those of three are.
    for at, told in ((4, False), (6, True)):
        few = " ".join(page_of(course, a_term()[:at] + a_term()[24:26]).text.split())
        assert "5 October 2026: 5 handed in, median" in few
        assert f"7 October 2026: {at - 3} handed in" in few
        assert (f"7 October 2026: {at - 3} handed in, median" in few) is told
    (stages,) = re.findall("Scores over the stages<.*?</svg>", html_of(course, a_term()), re.S)
    assert "24 handed in, median" in stages


@pytest.mark.parametrize("named", [True, False])
def test_sections_are_compared_and_small_ones_of_unnamed_students_not_told(course, named):
    """With a name of a section that is as hostile as a name can be, and one that is too long."""
    long = "A section whose name is much too long to stand below an axis"
    sections = {f"q-{n}": "<b>one</b>" if n % 2 else long for n in range(22)}
    students = tuple(Student(name, section=section) for name, section in sections.items())
    class_list = ClassList(course.root / "students.csv", students)
    statistics = [stage_statistics(stage, [one for one in a_term() if one.stage == stage])
                  for stage in (STAGE, LATER)]  # fmt: skip
    page = Page(render_report(course, statistics, course.root, named, None, class_list))
    assert "b" not in page.elements
    assert page.labels <= page.ids
    assert page.text.count("Scores by section") >= 3
    assert "<b>one</b>: 22 handed in, median" in page.text
    assert f"{long}: 11 handed in, median" in page.text
    assert "A section whose n…" in page.text
    # Two who are in no section: with numbers in place of names, nobody learns their scores.
    assert ("in no section: 2 handed in, median" in page.text) is named
    alone = render_report(course, statistics, course.root, named, None, class_list=None)
    assert "Scores by section" not in alone


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "\x1b[2J\x00"])
def test_hostile_causes_are_shown_as_text(course, text):
    results = [
        submission(
            f"{text}{n}",
            check("a.one", text, diagnosis=known(text, text)),
            check("b.one", text, diagnosis=related(text, text)),
            check("c.one", text, limit=text),
            check("d.one", f"{text} ({text}).", status="error"),
            at=text if n % 2 else "2026-10-05T12:00:00+00:00",
        )
        for n in range(24)
    ]
    page = page_of(course, results, named=True)
    assert not {"script", "img"} & set(page.elements)
    assert "49" not in page.text
    assert "\x1b" not in page.text


def test_a_cause_names_nobody(course):
    results = [
        submission(
            "erika",
            check("a.one", "ErikaError: no", status="error"),
            check("b.one", "no", diagnosis=related("offset", "It is off by erika.")),
        )
    ]
    text = html_of(course, results)
    assert "(name)Error" in text
    assert "erika" not in text.lower()


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
