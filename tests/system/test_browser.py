"""What people see in Chromium: nbgrader's formgrader, a notebook in JupyterLab, the report."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.class_report.page import write_report
from nngrade.class_report.results import of_results
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.formats.html import render as feedback_page
from nngrade.gradebook.feedback_page import render_page
from nngrade.gradebook.marks import Marks
from tests.browser import NEEDS_CHROMIUM, TOKEN, jupyter_lab
from tests.class_report.conftest import a_term
from tests.conftest import ROOT, nngrade
from tests.formats.conftest import a_class, check, submission

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    NEEDS_CHROMIUM,
]

STAGE, OTHER, REAL = "stage01_sums", "stage02_gradients", "stage01_perceptron"
WRONG = "def total(values):\n    return float(np.sum(values)) + 1\n"


def hand_in(course: Course, student: str, stage: str, folder: Path, **answers: str) -> Path:
    """Write a submission: the reference, with other answers in the place of some of it."""
    one = course.stage(stage)
    notebook = fill(untouched(course, one), one, {**solutions(one), **answers})
    return write_specimen(Specimen(student, one, notebook), folder)


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs in a course's folder; the real course is in its folder ``clone``."""

    course: Course
    exchange: Path
    url: str

    def grade(self, student: str, cell: str) -> tuple[float | None, float | None]:
        """What the gradebook says of a cell: the grader's score, and a person's."""
        with Gradebook(f"sqlite:///{self.course.root}/gradebook.db", "nngrade") as book:
            found = book.find_grade(cell, STAGE, STAGE, student)
            return found.auto_score, found.manual_score


@pytest.fixture(scope="module")
def lab(_classroom: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader insists
    course = Course(folder / "course")
    shutil.copytree(_classroom, course.root)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n')
    submitted = course.root / "submitted"
    hand_in(course, "ada", STAGE, submitted)
    hand_in(course, "bob", STAGE, submitted, total=WRONG)
    blank = untouched(course, course.stage(STAGE))
    write_specimen(Specimen("cyd", course.stage(STAGE), blank), submitted)
    secret = shutil.ignore_patterns(".course-secret")
    for part in ("solutions", "assignments"):
        shutil.copytree(ROOT / part, course.root / "clone" / part, ignore=secret)
    with jupyter_lab(course.root, folder / "home") as url:
        yield Lab(course, exchange, url)


# nbgrader's formgrader.


def row(page: Any, name: str) -> Any:
    return page.locator("#main-table tr").filter(has=page.get_by_text(name, exact=True))


def succeed(page: Any, button: Any) -> None:
    """Click a button of the formgrader's, and read in its dialog that this worked."""
    button.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert dialog.locator(".modal-title").inner_text() == "Success", dialog.inner_text()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_have_count(0)


def test_an_instructor_grades_in_the_formgrader(lab: Lab, new_page: Callable[..., Any]) -> None:
    page = new_page()
    page.goto(f"{lab.url}lab?token={TOKEN}")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    inside = page.frame_locator("iframe")
    for stage in (STAGE, OTHER):
        expect(inside.get_by_role("link", name=stage)).to_be_visible()

    page.goto(f"{lab.url}formgrader/manage_submissions/{STAGE}")
    for student in ("ada", "bob", "cyd"):
        expect(row(page, student)).to_contain_text("needs autograding")
    succeed(page, row(page, "bob").locator(".autograde a"))
    expect(row(page, "bob").locator(".score")).to_have_text("3 / 6")
    expect(row(page, "bob").locator(".status")).to_have_text("graded")

    page.goto(f"{lab.url}formgrader/gradebook/{STAGE}/{STAGE}")
    expect(page.get_by_role("link", name="Submission #1")).to_be_visible()
    page.get_by_role("button", name="Show All Names").click()
    page.get_by_role("link", name="bob").click()
    tests = page.locator(".cell").filter(has=page.locator("#tests-total"))
    expect(tests).to_contain_text("Arrays of any length are summed.")
    expect(tests).to_contain_text("Hint: How many entries are there?")
    expect(tests).to_contain_text("0 of 3 points")
    score = page.locator("#tests-total")
    expect(score).to_have_attribute("placeholder", "0")  # grades are loaded
    for field, text, kind in (
        (score, "1.5", "grade"),
        (page.locator("#task-total-comment"), "Nearly.", "comment"),
    ):
        with page.expect_response(re.compile(f"/api/{kind}/")) as saved:
            field.fill(text)
            field.press("Tab")
        assert saved.value.ok
    assert lab.grade("bob", "tests-total") == (0, 1.5)

    page.goto(f"{lab.url}formgrader/manage_submissions/{STAGE}")
    expect(row(page, "bob").locator(".score")).to_have_text("4.5 / 6")
    succeed(page, row(page, "bob").locator(".autograde a"))
    expect(row(page, "bob").locator(".score")).to_have_text("4.5 / 6")
    expect(row(page, "bob").locator(".status")).to_have_text("needs manual grading")
    assert lab.grade("bob", "tests-total") == (0, 1.5)

    succeed(page, row(page, "bob").locator(".generate-feedback a"))
    page.goto((lab.course.root / f"feedback/bob/{STAGE}/{STAGE}.html").as_uri())
    expect(page.get_by_text("Nearly.")).to_be_visible()
    expect(page.get_by_text("Hint: How many entries are there?")).to_be_visible()
    expect(page.get_by_text("Score: 1.5 / 3.0")).to_have_count(2)  # in the list, at the cell


def test_each_button_of_the_formgrader_works(lab: Lab, new_page: Callable[..., Any]) -> None:
    page = new_page()
    page.goto(f"{lab.url}formgrader?token={TOKEN}")
    stage = row(page, OTHER)
    succeed(page, stage.locator(".assign a"))
    with page.expect_popup() as preview:
        stage.locator(".preview a").click()
    expect(preview.value.get_by_text(f"{OTHER}.ipynb")).to_be_visible()
    preview.value.close()
    succeed(page, stage.locator(".release a"))
    expect(stage.locator(".status")).to_have_text("released")
    assert (lab.exchange / f"nngrade/outbound/{OTHER}/{OTHER}.ipynb").exists()

    submit(lab, "dora")
    expect(stage.locator(".num-submissions")).to_have_text("0")
    succeed(page, stage.locator(".collect a"))
    expect(stage.locator(".num-submissions")).to_have_text("1")
    stage.locator(".num-submissions a").click()
    dora = row(page, "dora")
    succeed(page, dora.locator(".autograde a"))
    expect(dora.locator(".score")).to_have_text("5 / 5")
    succeed(page, dora.locator(".generate-feedback a"))
    succeed(page, dora.locator(".release-feedback a"))

    page.goto(f"{lab.url}formgrader")
    succeed(page, stage.locator(".generate-feedback a"))
    succeed(page, stage.locator(".release-feedback a"))
    assert len(list((lab.exchange / "nngrade/feedback").iterdir())) == 1


def submit(lab: Lab, student: str) -> None:
    """Put a submission where ``nbgrader submit`` puts it."""
    when = "2026-11-01 10:00:00.000000 UTC"
    folder = lab.exchange / f"nngrade/inbound/{student}+{OTHER}+{when}+key"
    folder.mkdir()
    shutil.copy(hand_in(lab.course, student, OTHER, lab.exchange.parent / "made"), folder)
    (folder / "timestamp.txt").write_text(when)
    (folder / "submission_secret.txt").write_text("key")


# A student's notebook.


def test_a_student_does_stage_1_in_jupyterlab(
    lab: Lab, new_page: Callable[..., Any], tmp_path: Path
) -> None:
    clone = Course(lab.course.root / "clone")
    stage = clone.stage(REAL)
    path = clone.assignments / REAL / f"{REAL}.ipynb"
    answers = solutions(stage)
    *_, typed = answers.pop("predict").splitlines()
    path.write_text(notebook_text(fill(untouched(clone, stage), stage, answers)))

    page = new_page(viewport={"width": 1300, "height": 1000})
    page.goto(f"{lab.url}lab/tree/{path.relative_to(lab.course.root)}?token={TOKEN}")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    editor = cells.filter(has_text="def predict(").first.locator(".cm-content")
    editor.click()
    for key in ("Control+End", "Shift+Home"):
        page.keyboard.press(key)
    page.keyboard.type(typed.strip())
    expect(editor).not_to_contain_text("NotImplementedError")

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = cells.locator(".jp-InputPrompt")
    expect(prompts.last).not_to_have_text("[ ]:")  # queued or run
    expect(prompts.filter(has_text=re.compile(r"\[[ *]\]"))).to_have_count(0)
    problems = page.locator('[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]')
    assert problems.all_inner_texts() == []
    # A cell that is folded away shows no number.
    numbers = [one for one in prompts.all_inner_texts() if one]
    assert all(re.fullmatch(r"\[\d+\]:", one) for one in numbers)
    widths = page.locator(".jp-OutputArea-output img").evaluate_all(
        "images => images.map(one => one.naturalWidth)"
    )
    assert len(widths) >= 5
    assert min(widths) > 0

    with page.expect_response(
        lambda one: one.request.method == "PUT" and "/api/contents/" in one.url
    ) as saved:
        page.keyboard.press("Control+s")
    assert saved.value.ok
    assert typed in path.read_text()
    results = tmp_path / "results.json"
    flags = ("--sandbox", "weak", "--data", "digits")
    nngrade(clone.root, "grade", str(path), *flags, "--json", str(results))
    (result,) = json.loads(results.read_text())["submissions"]
    assert (result["score"], result["max_score"]) == (20, 20)


# The class report.


@pytest.fixture(scope="module")
def report(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small class."""
    folder = tmp_path_factory.mktemp("report")
    hand_in(course, "ada", STAGE, folder / "submitted")
    hand_in(course, "bob", STAGE, folder / "submitted", total=WRONG)
    hand_in(course, "cyd", STAGE, folder / "submitted", total="def total(values):\n    return 0\n")
    hand_in(course, "dan", STAGE, folder / "submitted", shifted="shifted = None\n")
    flags = ("--json", str(folder / "results.json"), "--sandbox", "weak", "--data", "digits")
    nngrade(course.root, "grade", str(folder / "submitted"), *flags, ok=False)
    page = folder / "report.html"
    nngrade(course.root, "report", "--from", str(folder / "results.json"), "--output", str(page))
    return page


@pytest.fixture
def open_report(report: Path, new_page: Callable[..., Any]) -> Callable[..., Any]:
    """Open it as from a stick: without a network, and scripts it has none."""

    def open_it(**options: Any) -> Any:
        page = new_page(java_script_enabled=False, offline=True, **options)
        page.goto(report.as_uri())
        return page

    return open_it


def focused(page: Any) -> Any:
    return page.locator(":focus")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_one_file_for_light_and_dark(
    open_report: Callable[..., Any], report: Path, scheme: str
) -> None:
    page = open_report(color_scheme=scheme)
    headings = page.get_by_role("heading").all_inner_texts()
    assert headings[:3] == ["Class report", "Stage 1: Sums", "Scores"]
    chart = page.get_by_role("img", name="Histogram of the scores")
    expect(chart).to_have_accessible_name(re.compile("The median is 3"))
    checks = page.get_by_role("table").filter(has_text="Arrays of any length are summed.")
    expect(checks.get_by_role("columnheader", name="Not reached")).to_be_visible()
    brightness = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
    )
    assert (max(brightness) < 60) == (scheme == "dark")
    assert page.requested == [report.as_uri()]


def test_the_report_is_read_by_keyboard(open_report: Callable[..., Any]) -> None:
    page = open_report()
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the content")
    expect(focused(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("The same in numbers")
    numbers = page.get_by_role("table", name="How many submissions have which score")
    expect(numbers).to_be_hidden()
    page.keyboard.press("Enter")
    expect(numbers).to_be_visible()


def test_the_report_fits_a_telephone_and_a_sheet_of_paper(
    open_report: Callable[..., Any],
) -> None:
    page = open_report(viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_on_a_term_has_charts_that_say_what_they_show(
    course: Course, new_page: Callable[..., Any], tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "term.html"
    write_report(course, of_results(a_term()), file, True)
    page = new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for name, words in (
        ("Scores over the stages", "Stage 1: Sums: 24 handed in, median"),
        ("Scores over the weeks", "5 October 2026: 6 handed in, median"),
        ("Scores by time of hand-in", "First quarter to come, 6 submissions: median"),
    ):
        chart = page.get_by_role("img", name=name).first
        expect(chart).to_have_accessible_name(re.compile(words))
        small = chart.evaluate(
            "svg => svg.getBoundingClientRect().width / 520 * "
            "parseFloat(getComputedStyle(svg.querySelector('text')).fontSize)"
        )
        assert small > 10  # pixels
    assert page.requested == [file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_feedback_is_one_file_that_fits_a_telephone(
    new_page: Callable[..., Any], tmp_path: Path, scheme: str
) -> None:
    feedback = tmp_path / "feedback.html"
    feedback.write_text(feedback_page(a_class()), encoding="utf-8")
    page = new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.goto(feedback.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="ann, stage01_sums").click()
    expect(page.get_by_role("heading", name="ann, stage01_sums")).to_be_in_viewport()
    expect(page.get_by_text("off by 1", exact=True).first).to_be_visible()
    brightness = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
    )
    assert (max(brightness) < 60) == (scheme == "dark")
    assert {one.partition("#")[0] for one in page.requested} == {feedback.as_uri()}


def test_a_page_on_a_notebook_is_as_wide_as_what_it_is_read_on(
    new_page: Callable[..., Any], tmp_path: Path
) -> None:
    piled = "A" + "\u0301" * 300
    formula = " + ".join(f"x_{{{number}}}" for number in range(60))
    cells = [
        {"cell_type": "markdown", "source": f"{piled}\n\n$${formula}$$\n\nand ${formula}$."},
        {"cell_type": "markdown", "source": f"|{'a' * 300}|{'b' * 300}|\n|-|-|\n|1|2|"},
        {"cell_type": "markdown", "source": r"Far $\hspace{9000em} x$."},
        {"cell_type": "code", "source": f"# {piled}\n{'z' * 900}"},
    ]
    result = submission("x" * 100, check("x", message=f"{piled} {'m' * 500}"))
    marks = Marks(comments=(("written-why", f"{piled} {'l' * 300}"),))
    feedback = tmp_path / "feedback.html"
    notebook = json.dumps({"cells": cells}).encode()
    feedback.write_text(render_page(result, "hints", marks, notebook), encoding="utf-8")
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(feedback.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # A4 without its margins. What is wider makes Chromium print everything smaller.
    page.set_viewport_size({"width": 673, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 673
    assert page.requested == [feedback.as_uri()]
