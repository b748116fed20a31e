"""Each format of results, by its own rules: read by a consumer's parser or held to a schema."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.options import LEVELS
from nngrade.course.stages import Course
from nngrade.errors import CourseError, LessonError, NngradeError, Problem
from nngrade.formats import canvas, github, gradescope, junit, markdown, moodle
from nngrade.formats import csv as csv_format
from nngrade.formats import json as json_file
from nngrade.formats.cell_lines import cell_lines
from nngrade.formats.feedback import as_told
from nngrade.formats.html import render as feedback_page
from nngrade.formats.registry import FORMATS, failure, render, require_fit
from nngrade.results import CheckResult, Diagnosis, SubmissionResult
from nngrade.submissions.records import Candidate

from .conftest import ROOT
from .test_report import Page

# What could be an order to a terminal, a spreadsheet, a browser, GitHub's runner, XML or Markdown.
HOSTILE = (
    "</failure>]]><script>alert(1)</script>\x1b[2J\x00\udc80\ufffe|`x`\n\n"
    "::stop-commands::x\n##[add-mask]1\r\n# A heading\n> @octocat #1 [a](http://evil) ![i](x) "
    "www.evil.example https://evil.example <img src=x onerror=alert(1)> $x$ %0A::error::y ~~~ "
    "</details>"
)
STUDENT = "=1+1|<b>\n::error::x @octocat"


def check(name: str, **fields: Any) -> CheckResult:
    known = {
        "id": f"total.{name}", "task": "total", "description": f"About {name}.", "points": 1.0,
        "score": 0.0, "status": "failed", "message": "", "hint": "", "seconds": 0.25,
    }  # fmt: skip
    return CheckResult(**{**known, **fields})


def submission(student: str, *checks: CheckResult, **fields: Any) -> SubmissionResult:
    most = sum(one.points for one in checks)
    stage = "stage01_sums"
    path = f"submitted/{student}/{stage}/{stage}.ipynb"
    result = SubmissionResult(student, stage, path, "graded", None, None, 1.5, most, (), checks)
    return replace(result, **fields)


def a_submission() -> SubmissionResult:
    """One with every outcome that a check has, a partial score, and text of all kinds."""
    told = Diagnosis("mean", None, "An average is taken.", "Is it?", "certain")
    return submission(
        "ann",
        check("right", score=1.0, status="passed"),
        check("wrong", message="off by 1", hint="Count again.", diagnosis=told),
        check("half", points=3.0, score=1.5, message="half of it", example="total([1, 2])"),
        check("hostile", status="error", message=HOSTILE, hint=HOSTILE, description=f"A {HOSTILE}"),
        check("slow", status="timeout", message="it did not finish", limit="wall"),
        check("later", status="skipped", message="first this must be right: About wrong."),
        check("visible", points=0.0, message="1 + 2 is 3"),
        notes=(f"A note {HOSTILE}",),
    )


def ungraded() -> SubmissionResult:
    return submission(STUDENT, status="failed", error=HOSTILE, max_score=6.0)


def a_class() -> list[SubmissionResult]:
    return [a_submission(), ungraded(), submission("bob", check("right", score=1, status="passed"))]


# JUnit.

# The rules of junit-10.xsd of Jenkins' xunit plugin: what must be there, what may, what is inside.
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {
            "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log",
            "url",
        },
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip
MIXED = {"failure", "error", "skipped", "system-out"}
SUREFIRE_TIME = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?"


def require_junit(text: str) -> ET.Element:
    """Read JUnit XML as strictly as Jenkins."""
    root = ET.fromstring(text.encode())
    assert root.tag in ("testsuites", "testsuite")
    for element in root.iter():
        required, optional, children = JUNIT[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= children
        assert element.tag in MIXED or not (element.text or "").strip()
        if element.tag in ("testsuite", "testsuites") and "time" in element.attrib:
            assert re.fullmatch(SUREFIRE_TIME, element.attrib["time"])
    return root


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


# Gradescope. As https://gradescope-autograders.readthedocs.io/en/latest/specs/ has it: a score is
# given for all tests together or for each, formats and visibilities are words of a list.

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEXT_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "anyOf": [
        {"required": ["score"]},
        {"properties": {"tests": {"minItems": 1, "items": {"required": ["score"]}}}},
    ],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": TEXT_FORMAT,
        "test_output_format": TEXT_FORMAT,
        "test_name_format": TEXT_FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": TEXT_FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": TEXT_FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
        "leaderboard": {"type": "array"},
    },
}


def require_gradescope(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.validate(document, GRADESCOPE)
    return document


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


def test_gradescope_takes_one_submission(tmp_path):
    two = [Candidate(tmp_path / name, name, None) for name in "ab"]
    for candidates in (two, []):
        with pytest.raises(NngradeError, match="gradescope is for one submission, and there are"):
            require_fit("gradescope", candidates)


# GitHub's log.

# The runner's src/Runner.Common/ActionCommand.cs: a line that begins with :: is a command, and one
# with ##[ in it would be, if it were not.
COMMANDS = {
    "error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-matcher",
    "remove-matcher", "stop-commands", "echo", "set-env", "set-output", "save-state", "add-path",
}  # fmt: skip


def commands_in(log: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner finds in a log: each command, its properties, its message."""
    found = []
    for raw in re.split(r"\r\n|\r|\n", log):
        line = raw.lstrip()
        end = line.find("::", 2)
        name, _, rest = line[2:end].partition(" ")
        if line.startswith("::") and end >= 0 and name in COMMANDS:
            pairs = [one.split("=", 1) for one in rest.strip().split(",") if one]
            properties = {key: _plain(value, "%3A:", "%2C,") for key, value in pairs}
            found.append((name, properties, _plain(line[end + 2 :])))
        elif old := re.search(r"##\[([\w-]+)", line):
            assert old[1] not in COMMANDS, line
    return found


def _plain(text: str, *more: str) -> str:
    for one in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(one[:3], one[3:])
    return text


def test_github_finds_only_our_own_commands():
    for text in (github.render(a_class()), github.render_failure(HOSTILE)):
        commands = commands_in(text)
        assert len(commands) == len(text.splitlines())
        assert {name for name, _, _ in commands} <= {"error", "notice"}
        for _, properties, _ in commands:
            assert set(properties) <= {"file", "line", "title"}


def test_github_gets_messages_as_they_are():
    messages = [message for _, _, message in commands_in(github.render([a_submission()]))]
    assert "off by 1\nAn average is taken.\nHint: Is it?" in messages
    assert any("%0A::error::y" in one for one in messages)


def test_github_shows_what_cost_most_and_one_notice_of_the_rest():
    checks = [check(f"c{n}", points=float(n), message="wrong") for n in range(1, 15)]
    *errors, (name, _, summary) = commands_in(github.render([submission("ann", *checks)]))
    assert [re.search(r"About c(\d+)", one["title"])[1] for _, one, _ in errors] == [
        str(n) for n in range(14, 4, -1)
    ]
    assert name == "notice"
    assert "0 of 105 points" in summary
    assert "4 more" in summary
    assert "About c4." in summary


def test_github_weighs_a_mistake_with_what_was_skipped_for_it():
    checks = [
        check("small", message="wrong", points=2.0),
        check("visible", task="shifted", id="shifted.visible", points=0.0, message="not done"),
        check("rest", task="shifted", id="shifted.rest", points=3.0, status="skipped"),
    ]
    (_, first, _), (_, second, _), _ = commands_in(github.render([submission("ann", *checks)]))
    assert first["title"].startswith("shifted: About visible.")
    assert second["title"].startswith("total: About small.")


def test_github_finds_the_cell_in_the_repository(tmp_path, course: Course, monkeypatch):
    stage = course.stages[0]
    notebook = untouched(course, stage)
    path = tmp_path / "work, here/stage01_sums.ipynb"
    path.parent.mkdir()
    path.write_text(notebook_text(notebook))
    (number,) = [n for n, cell in enumerate(notebook["cells"], 1) if cell["id"] == "task-total"]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    one = submission("ann", check("wrong", message="wrong", cell=number), path=str(path))
    (_, properties, _), _ = commands_in(github.render([one]))
    assert properties["file"] == "work, here/stage01_sums.ipynb"
    assert "def total(values)" in path.read_text().splitlines()[int(properties["line"]) - 1]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_lines_of_cells_are_those_of_their_sources(tmp_path, course: Course, indent):
    notebook = untouched(course, course.stages[0])
    notebook["cells"][0]["source"] = "".join(notebook["cells"][0]["source"])
    notebook = {"metadata": {"cells": ["not these"]}, **notebook}
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook, indent=indent))
    lines = path.read_text().splitlines()
    found = cell_lines(path)
    assert len(found) == len(notebook["cells"])
    for line, cell in zip(found, notebook["cells"], strict=True):
        source = cell["source"] if isinstance(cell["source"], str) else cell["source"][0]
        assert json.dumps(source) in lines[line - 1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [}', "[" * 100_000, '{"cells": [1]}']
)
def test_a_file_without_cells_has_no_lines(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    assert cell_lines(path) == []
    assert cell_lines(tmp_path / "missing.ipynb") == []


# Markdown.


class Rendered(HTMLParser):
    """Markdown as a renderer of GitHub's dialect shows it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.cells: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag == "td":
            self.cells.append("")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self.open:
            self.cells[-1] += data


OURS = {
    "h2", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br", "details", "summary",
    "strong", "p",
}  # fmt: skip


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


def test_markdown_of_a_large_class_fits_into_a_job_summary():
    text = markdown.render([replace(a_submission(), student=f"s{n:03}") for n in range(500)])
    assert len(text.encode()) < 2**20
    page = Rendered(text)
    assert page.cells.count("2.5/8") > 500
    assert page.open == []


def test_markdown_says_what_it_leaves_out():
    long = [check(f"c{n}", message="x" * 1900) for n in range(10)]
    text = markdown.render([submission(f"s{n:03}", *long) for n in range(200)])
    assert len(text.encode()) < 2**20
    shown = text.count("<details><summary>s")
    assert f"{200 - shown} more do not fit here." in text
    assert 0 < shown < 200


# HTML.


SHEETS = {"csv": csv_format, "canvas": canvas, "moodle": moodle}


@pytest.mark.parametrize(
    "results", [[], a_class(), [a_submission()], [ungraded()]], ids=["none", "all", "one", "bad"]
)
def test_the_feedback_page_is_well_formed_and_loads_nothing(results):
    text = feedback_page(results)
    page = Page(text)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert page.labels <= page.ids
    assert not {"script", "link", "img", "iframe"} & set(page.elements)
    assert "url(" not in text
    assert "@import" not in text
    assert page.elements.count("h1") == 1


def test_the_feedback_page_says_what_a_student_is_told():
    text = " ".join(Page(feedback_page([a_submission()])).text.split())
    for words in (
        "2.5 of 8 points", "Points were lost in total (5.5).", "off by 1", "An average is taken.",
        "Hint: Is it?",
        "A note </failure>", "About right.", "timeout:",
    ):  # fmt: skip
        assert words in text


# Tables for gradebooks.


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_no_cell_of_a_csv_is_a_formula():
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "=\x00"]
    results = [submission(name, check("x"), stage=name, path=name) for name in names]
    for variant in ("csv", "canvas", "moodle"):
        for row in rows(SHEETS[variant].render(results)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_canvas_gets_its_columns_and_the_points():
    results = [
        submission("ann", check("x", score=1, points=2)),
        submission("ann", check("x", score=3, points=4), stage="stage02"),
        submission("Points Possible", check("x", points=2)),
        ungraded(),
    ]
    head, points, *students = rows(canvas.render(results))
    # lib/gradebook_importer.rb: columns by place, then one for each assignment.
    assert head == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "stage01_sums", "stage02",
    ]  # fmt: skip
    assert points == ["Points Possible", "", "", "", "", "2", "4"]
    assert students == [
        ["ann", "", "", "ann", "", "1", "3"],
        # A name must not pass for the row of points.
        ["", "", "", "Points Possible", "", "0", ""],
    ]


def test_moodle_gets_numbers_and_nothing_else_as_grades():
    results = [submission("ann", check("x", score=0.125)), ungraded()]
    assert rows(moodle.render(results)) == [
        ["student", "stage01_sums"], ["ann", "0.125"],
    ]  # fmt: skip


def test_a_gradebook_takes_one_grade_for_each_student_and_stage(tmp_path, course: Course):
    stage, other = course.stages
    twins = [Candidate(tmp_path / name, "ann", stage) for name in ("a.ipynb", "b.ipynb")]
    for name in ("canvas", "moodle"):
        with pytest.raises(NngradeError, match=r"ann has .*a\.ipynb and .*b\.ipynb"):
            require_fit(name, twins)
        require_fit(name, [twins[0], replace(twins[1], stage=other)])
    require_fit("csv", twins)


def test_a_csv_tells_0_points_from_no_grade():
    table = list(csv.DictReader(io.StringIO(csv_format.render(a_class()))))
    assert [one["score"] for one in table] == ["2.5", "", "1"]
    assert [one["status"] for one in table] == ["graded", "failed", "graded"]


# All of them.

MARKS = [
    *"aw1 :/@#<>&\"'`*_~|\\$[](){}!-+=%,\n\r\t\x0b\x1b\x85\u2028\ud800\ufffe",
    "www.", "https://", "::", "##[", "<!--", "-->", "]]>", "~~~", "```", "&lt;", "@x", "#1", "- ",
    "1. ", "> ", "---", "<details>", "</details>", "%0A",
]  # fmt: skip
ANYTHING = st.lists(st.sampled_from(MARKS), max_size=20).map("".join)


@settings(max_examples=60, deadline=None)
@given(name=ANYTHING, message=ANYTHING, description=ANYTHING)
def test_nothing_that_a_submission_says_gets_out_of_its_place(name, message, description):
    lost = check("x", message=message, description=description, hint=name, example=message)
    two = [submission(name, lost, notes=(description,)), replace(ungraded(), error=message)]
    for results in (two, two[:1], two[1:]):
        page = Rendered(markdown.render(results))
        assert set(page.elements) <= OURS
        assert page.open == []
        Page(feedback_page(results))
        require_junit(junit.render(results))
        log = github.render(results)
        assert len(commands_in(log)) == len(re.findall(r"\r\n|\r|\n", log))
        for row in rows(csv_format.render(results)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


STUDENTS_READ = [name for name, one in FORMATS.items() if one.for_students]


def valid(name: str, text: str) -> None:
    """Hold a document to the rules of its format."""
    schema = json.loads(json_file.schema())
    rules: dict[str, Callable[[str], Any]] = {
        "json": lambda one: jsonschema.validate(json.loads(one), schema),
        "junit": require_junit,
        "gradescope": require_gradescope,
        "github": commands_in,
        "html": Page,
        "markdown": Rendered,
    }
    assert text
    rules.get(name, rows)(text)


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_that_says_why_there_is_none_is_valid(name):
    text = failure(name, CourseError(f"no course here {HOSTILE}"))
    valid(name, text)
    assert "no course here" in text


@pytest.mark.parametrize("name", STUDENTS_READ)
@pytest.mark.parametrize(
    "error", [RuntimeError("secret"), LessonError([Problem(Path("checks.py"), 1, "secret")])]
)
def test_students_do_not_read_what_is_wrong_inside(name, error):
    text = failure(name, error)
    assert "secret" not in text
    assert "staff" in text
    assert "secret" in failure("json", error)


@pytest.mark.parametrize("name", STUDENTS_READ)
@pytest.mark.parametrize("level", LEVELS)
def test_students_read_as_much_as_the_course_says(name, level):
    text = render(name, [a_submission()], level)
    valid(name, text)
    order = LEVELS.index(level)
    assert ("About wrong." in text) == (order >= 1)
    assert ("off by 1" in text) == (order >= 2)
    assert ("An average is taken." in text) == (order >= 2)
    assert ("It failed on" in text) == (order >= 3)
    # Hidden checks are named for what they try.
    assert "total.wrong" not in text


@pytest.mark.parametrize("level", LEVELS)
def test_the_score_is_the_same_whatever_is_told(level):
    assert as_told(a_submission(), level).score == 2.5


def test_the_schema_comes_with_the_package():
    path = ROOT / "autograder/nngrade/formats/schema/results-v2.json"
    assert json_file.schema() == path.read_text()
