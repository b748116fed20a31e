"""`nngrade report`: what it is made of, and where it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngrade.commands.main import main
from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import as_document
from tests.class_report.conftest import LATER, a_class, check, scored, submission
from tests.helpers import STAGE, Page

pytestmark = pytest.mark.usefixtures("secret")


def run(course: Course, *arguments: object) -> Any:
    return CliRunner().invoke(main, ["--course", str(course.root), "report", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    path = tmp_path / "here"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_a_report_is_made_of_a_results_file(course, document, folder):
    done = run(course, "--from", document)
    assert (done.exit_code, done.output) == (0, "The report is in report.html.\n")
    page = Page((folder / "report.html").read_text())
    assert "Stage unknown" in page.text
    assert "q-right" not in page.text


def test_a_report_may_be_of_one_stage_and_go_elsewhere(course, document, folder):
    assert run(course, "stage02", "--from", document).exit_code == 0
    assert [one.name for one in folder.iterdir()] == [f"report-{LATER}.html"]
    done = run(course, "stage01", "--from", document, "--output", folder / "x.html", "--names")
    assert "x.html" in done.output
    assert "q-right" in (folder / "x.html").read_text()


def test_mistakes_link_to_lessons_on_the_web(course, folder):
    results = [submission("q-one", check("total.one", "no"))]
    (folder / "results.json").write_text(json.dumps(as_document(results)))
    address = "https://example.org/assignments"
    done = run(course, "--from", "results.json", "--lessons", address)
    assert done.exit_code == 0
    assert f'href="{address}/{STAGE}/{STAGE}.ipynb#' in (folder / "report.html").read_text()
    done = run(course, "--from", "results.json", "--lessons", "assignments/")
    assert done.exit_code == 2
    assert "'assignments/' is no address of notebooks" in done.output


def test_a_report_is_made_of_the_journal(new_course: Course, folder):
    with Journal(new_course.root / JOURNAL) as journal:
        for one in a_class()[:4]:
            journal.add(one, "key")
            journal.written(one.student, one.stage, "key", "mark")
        journal.add(scored("q-unwritten", 3), "key")
    (new_course.root / "submitted/q-late" / STAGE).mkdir(parents=True)
    assert run(new_course, "--names").exit_code == 0
    text = (folder / "report.html").read_text()
    assert all(f"q-{who}" in text for who in ("right", "weak", "untouched", "nothing", "late"))
    assert "q-unwritten" not in text
    assert "it has no grade; `nngrade grade --gradebook` says why" in text
    assert "The stages" not in text
    assert "has no results of stage02_gradients yet" in run(new_course, "stage02").output


@pytest.mark.parametrize("arguments", [[], ["stage01"]])
def test_without_results_the_next_command_is_named(new_course: Course, folder, arguments):
    done = run(new_course, *arguments)
    assert done.exit_code == 2
    assert "run `nngrade grade --gradebook submitted/` first" in done.output
    assert not (new_course.root / JOURNAL).exists()
    with Journal(new_course.root / JOURNAL):
        pass
    done = run(new_course, *arguments)
    assert done.exit_code == 2
    assert "run `nngrade grade --gradebook submitted/` first" in done.output
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not results of nngrade"),
        ("[1, 2]", "not results of"),
        ("[" * 100_000, "not results of"),
        ('{"cells": []}', "not results of"),
        ('{"version": 3, "submissions": []}', "of version 3; this nngrade reads versions 1 and 2"),
        ('{"version": 1, "submissions": []}', "no submissions in it"),
        ('{"version": 1, "submissions": 7}', "not as `nngrade grade --format json` writes"),
        (
            '{"version": 1, "submissions": [{"student": "x"}]}',
            "not as `nngrade grade --format json` writes",
        ),
    ],
)
def test_a_file_that_is_no_results_is_refused(course, folder, content, words):
    (folder / "x.json").write_text(content)
    done = run(course, "--from", "x.json")
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "missing.json"], "missing.json: cannot be read (No such file or directory)"),
        (["stage7"], "there is no stage 'stage7'"),
        (["stage7", "--from", "results.json"], "no results of 'stage7'; there are: stage01_sums"),
        (["stage", "--from", "results.json"], "several stages match 'stage'"),
        (["--from", "results.json", "--output", "no/such/x.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(course, document, folder, arguments, words):
    (folder / "results.json").write_bytes(document.read_bytes())
    done = run(course, *arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_report_may_be_of_one_section(new_course: Course, document, folder):
    """Of the class list's sections one, or all beside each other; what is not there is said."""
    done = run(new_course, "--from", document, "--section", "Tuesday")
    assert done.exit_code == 2
    assert "there is no class list, so nobody knows who is in 'Tuesday'" in done.output
    (new_course.root / "students.csv").write_text(
        "id,section\nq-right,Tuesday\nq-weak,Tuesday\nq-nothing,Thursday\n"
    )
    assert run(new_course, "stage01", "--from", document, "--names").exit_code == 0
    page = (folder / f"report-{STAGE}.html").read_text()
    assert "Thursday: 1 handed in, median" in page
    assert "Tuesday: 2 handed in, median" in page
    assert "in no section: 2 handed in, median" in page
    of_one = run(new_course, "stage01", "--from", document, "--names", "--section", "Tuesday")
    assert of_one.exit_code == 0
    page = (folder / f"report-{STAGE}.html").read_text()
    assert "Section Tuesday." in page
    assert "q-weak" in page
    assert "q-nothing" not in page
    assert "Scores by section" not in page
    done = run(new_course, "--from", document, "--section", "Monday")
    assert done.exit_code == 2
    known = "no student is in the section 'Monday'; there are: Thursday, Tuesday"
    assert known in done.output
    (new_course.root / "students.csv").write_text("id,section\nq-new,Tuesday\n")
    done = run(new_course, "--from", document, "--section", "Tuesday")
    assert done.exit_code == 2
    assert "no submissions of these students in it" in done.output
