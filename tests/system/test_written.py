"""A written answer through a term: asked, answered, graded in formgrader, in each sheet."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.browser import NEEDS_CHROMIUM, TOKEN, jupyter_lab
from tests.conftest import cell_of, nbgrader, nngrade
from tests.gradebook.conftest import RUN, submit_text
from tests.helpers import RUBRIC, STAGE, rows

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, NEEDS_CHROMIUM]

ANSWER = "written-why_floats"
SCRIPT = (
    "It keeps the type of its entries.\n\n"
    "<script>document.title = 'mine'</script><img src=x onerror=\"document.title = 'mine'\">"
)


@pytest.fixture
def term(written_course: Course, tmp_path: Path) -> Iterator[tuple[Course, str]]:
    """A course in which two students have handed in, and the address of its JupyterLab."""
    stage = written_course.stage(STAGE)
    for student, text in {"ada": SCRIPT, "bob": None}.items():
        notebook = fill(untouched(written_course, stage), stage, solutions(stage))
        if text is not None:
            cell_of(notebook, ANSWER)["source"] = text
        submit_text(written_course, student, notebook_text(notebook))
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader insists
    with (written_course.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n')
    with jupyter_lab(written_course.root, tmp_path / "home") as url:
        yield written_course, url


def save(page: Any, field: Any, text: str, kind: str) -> None:
    """Fill in a field of formgrader's, and wait until it is in the gradebook."""
    with page.expect_response(re.compile(f"/api/{kind}/")) as saved:
        field.fill(text)
        field.press("Tab")
    assert saved.value.ok


def test_a_written_answer_in_a_term(
    term: tuple[Course, str], new_page: Callable[..., Any], tmp_path: Path
) -> None:
    course, url = term
    root = course.root
    nngrade(root, *RUN)

    page = new_page()
    page.goto(f"{url}formgrader?token={TOKEN}")
    page.goto(f"{url}formgrader/manage_submissions/{STAGE}")
    for student, status in (("ada", "needs manual grading"), ("bob", "graded")):
        row = page.locator("#main-table tr").filter(has=page.get_by_text(student, exact=True))
        expect(row.locator(".score")).to_have_text("6 / 8")
        expect(row.locator(".status")).to_have_text(status)
    page.goto(f"{url}formgrader/gradebook/{STAGE}/{STAGE}")
    expect(page.get_by_role("link", name="Submission #1")).to_be_visible()
    page.get_by_role("button", name="Show All Names").click()
    page.get_by_role("link", name="ada").click()
    answer = page.locator(".nbgrader_cell").filter(has=page.locator(f"#{ANSWER}"))
    expect(answer).to_contain_text("It keeps the type of its entries.")
    rubric = page.locator(".text_cell").filter(has_text="students do not see it")
    expect(rubric).to_be_visible()
    expect(rubric.locator("li")).to_have_text([re.compile(words) for words in RUBRIC])
    # Right above the answer, and below the question.
    top = {
        name: one.bounding_box()["y"]
        for name, one in (
            ("question", page.get_by_text("In your own words.")),
            ("rubric", rubric),
            ("answer", answer),
        )
    }
    assert sorted(top, key=lambda name: top[name]) == ["question", "rubric", "answer"]
    expect(answer).to_contain_text("<script>")
    assert page.title() == STAGE
    score = page.locator(f"#{ANSWER}")
    expect(page.locator("#tests-total")).to_have_attribute("placeholder", "3")  # grades are loaded
    save(page, score, "1.5", "grade")
    save(page, page.locator(f"#{ANSWER}-comment"), "What if it is called by others?", "comment")
    page.goto(f"{url}formgrader/manage_submissions/{STAGE}")
    row = page.locator("#main-table tr").filter(has=page.get_by_text("ada", exact=True))
    expect(row.locator(".score")).to_have_text("7.5 / 8")
    expect(row.locator(".status")).to_have_text("graded")
    # By formgrader's own button, then by the command.
    row.locator(".generate-feedback a").click()
    expect(page.get_by_role("dialog").locator(".modal-title")).to_have_text("Success")
    nbgrader(root, "generate_feedback", STAGE, "--student", "bob")

    for student, points in (("ada", "1.5"), ("bob", "0.0")):
        path = root / f"feedback/{student}/{STAGE}/{STAGE}.html"
        page.goto(path.as_uri())
        expect(page.get_by_text(f"Score: {points} / 2.0")).to_have_count(2)
        told = "What if it is called by others?" if student == "ada" else "No response."
        expect(page.get_by_text(told)).to_be_visible()
        assert not [words for words in RUBRIC if words in path.read_text()]

    names = ("csv", "canvas", "moodle")
    sheets = [one for name in names for one in ("--format", name, "--output", str(tmp_path / name))]
    done = nngrade(root, *RUN, *sheets)
    assert "2 unchanged" in done.stdout
    found = {name: rows((tmp_path / name).read_text()) for name in names}
    assert [[one[3], *one[-5:]] for one in found["csv"][1:]] == [
        ["6", "1.5", "2", "0", "7.5", "8"],
        ["6", "0", "2", "0", "6", "8"],
    ]
    assert [one[-2:] for one in found["canvas"]] == [
        [STAGE, f"{STAGE} written"], ["6", "2"], ["6", "1.5"], ["6", "0"],
    ]  # fmt: skip
    assert found["moodle"][1:] == [["ada", "6", "1.5"], ["bob", "6", "0"]]
    nbgrader(root, "export", "--to", str(tmp_path / "export.csv"))
    with (tmp_path / "export.csv").open(newline="") as file:
        exported = {
            one["student_id"]: float(one["score"])
            for one in csv.DictReader(file)
            if one["assignment"] == STAGE
        }
    assert exported == {"ada": 7.5, "bob": 6}
    # What is graded of tasks is what it was without any answer.
    flags = ("--json", str(tmp_path / "results.json"), "--sandbox", "weak", "--data", "digits")
    nngrade(root, "grade", "submitted", *flags)
    results = json.loads((tmp_path / "results.json").read_text())["submissions"]
    assert [(one["score"], one["max_score"]) for one in results] == [(6, 6), (6, 6)]
