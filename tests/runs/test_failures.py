"""An exception that nobody expected costs the submission in which it comes up, and no other."""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.commands.main import main
from nngrade.course.failures import FOLDER, Failures
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.formats import json as json_file
from nngrade.gradebook.class_run import Event, grade_class
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.writer import GradebookWriter
from nngrade.runs.dask_worker import Order, carry_out
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.runs.versions import course_versions, stage_versions
from nngrade.submissions.alone import alone
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Found, Told

pytestmark = pytest.mark.thorough

STAGE = "stage01_sums"
SECRET = "the expected value is 42"
WRONG = "def total(values):\n    return float(np.sum(values)) + 1  # bob's\n"


@pytest.fixture
def handed_in(new_course: Course) -> Course:
    """Three submissions; bob's is the one that things go wrong with."""
    hand_in(new_course)
    return new_course


def hand_in(course: Course) -> None:
    stage = course.stage(STAGE)
    for student, answers in {"ada": {}, "bob": {"total": WRONG}, "cyd": {}}.items():
        path = course.root / "submitted" / student / STAGE / f"{STAGE}.ipynb"
        path.parent.mkdir(parents=True)
        notebook = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
        path.write_text(notebook_text(notebook))


def break_for_bob(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Have a function of the engine raise where bob's submission is among its arguments."""
    module, _, name = place.partition(":")
    holder: Any = __import__(module, fromlist=["_"])
    *outer, last = name.split(".")
    for one in outer:
        holder = getattr(holder, one)
    before: Callable[..., Any] = getattr(holder, last)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if "bob" in repr((args, kwargs)):
            raise RuntimeError(SECRET)
        return before(*args, **kwargs)

    monkeypatch.setattr(holder, last, broken)


def kept(course: Course) -> list[Path]:
    return sorted((course.solutions / FOLDER).glob("*.txt"))


def require_kept(course: Course) -> Path:
    """The only kept traceback, which nobody but its owner may read."""
    (path,) = kept(course)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (path.parent / ".gitignore").read_text() == "*\n"
    assert SECRET in path.read_text()
    return path


GRADING = [
    "nngrade.grading.grader:read_notebook",
    "nngrade.grading.grader:recover",
    "nngrade.grading.grader:Session",
    "nngrade.grading.grader:Grader.grade_program",
    "nngrade.grading.grader:SubmissionResult",
]
SHOWING = {
    "table": "nngrade.formats.table:submission_view",
    "json": "nngrade.results:SubmissionResult.as_record",
    "junit": "nngrade.formats.junit:_suite",
    "markdown": "nngrade.formats.markdown:_body",
    "github": "nngrade.formats.github:_errors",
    "html": "nngrade.formats.html:submission_view",
}


def run(course: Course, *options: str) -> Any:
    folder = str(course.root / "submitted")
    arguments = ["--course", str(course.root), "grade", folder, "--jobs", "1", *options]
    return CliRunner().invoke(main, [*arguments, "--data", "digits", "--sandbox", "weak"])


def outputs(course: Course) -> list[str]:
    return [
        part
        for name in ("json", "junit", "csv", "html", "markdown")
        for part in ("--format", name, "--output", str(course.root / f"out.{name}"))
    ]


def documents(course: Course) -> Iterator[dict[str, Any]]:
    """Read each output by its own rules; the submissions in the JSON file."""
    document = json.loads((course.root / "out.json").read_text())
    jsonschema.validate(document, json.loads(json_file.schema()))
    assert len(ET.parse(course.root / "out.junit").getroot().findall("testsuite")) == 3
    table = (course.root / "out.csv").read_text().splitlines()
    assert len(list(csv.DictReader(table))) == 3
    assert (course.root / "out.html").read_text().rstrip().endswith("</html>")
    for name in ("out.html", "out.markdown"):
        text = (course.root / name).read_text()
        assert all(one in text for one in ("ada", "bob", "cyd"))
    for name in ("json", "junit", "csv", "html", "markdown"):
        assert SECRET not in (course.root / f"out.{name}").read_text()
    yield from document["submissions"]


@pytest.mark.parametrize("place", GRADING)
def test_grading_goes_on_after_an_exception(
    handed_in: Course, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    break_for_bob(monkeypatch, place)
    done = run(handed_in, *outputs(handed_in))
    assert done.exit_code == 2, done.output
    file = require_kept(handed_in)
    found = {one["student"]: one for one in documents(handed_in)}
    assert [found[one]["score"] for one in ("ada", "cyd")] == [6, 6]
    assert found["bob"]["status"] == "failed"
    assert str(file) in found["bob"]["error"]
    assert f"bob/{STAGE}/{STAGE}.ipynb" in found["bob"]["error"]
    assert "Traceback" not in done.output
    assert SECRET not in done.output


def test_a_diagnosis_that_fails_costs_nothing_else(
    handed_in: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_for_bob(monkeypatch, "nngrade.catalogue.diagnose:diagnose")
    done = run(handed_in, *outputs(handed_in))
    assert done.exit_code == 1, done.output
    require_kept(handed_in)
    found = {one["student"]: one for one in documents(handed_in)}
    assert found["bob"]["status"] == "graded"
    assert 0 < found["bob"]["score"] < 6
    assert all(check["diagnosis"] is None for check in found["bob"]["checks"])


@pytest.mark.parametrize("name", SHOWING)
def test_the_others_are_shown_after_an_exception(
    handed_in: Course, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = SHOWING[name]
    module, _, place = before.partition(":")
    holder: Any = __import__(module, fromlist=["_"])
    if "." in place:
        holder, place = holder.SubmissionResult, "as_record"
    function = getattr(holder, place)

    def broken(*args: Any) -> Any:
        result = args[1] if name == "html" else args[0]
        if result.student == "bob" and result.checks:
            raise RuntimeError(SECRET)
        return function(*args)

    monkeypatch.setattr(holder, place, broken)
    target = handed_in.root / "shown"
    done = run(handed_in, "--format", name, "--output", str(target))
    assert done.exit_code == 2, done.output
    file = require_kept(handed_in)
    assert str(file) in done.stderr.replace("\n", "")
    text = target.read_text()
    assert SECRET not in text + done.output
    if name == "json":
        found = {one["student"]: one for one in json.loads(text)["submissions"]}
        assert [found[one]["status"] for one in ("ada", "bob", "cyd")] == [
            *("graded", "failed", "graded")
        ]
    elif name == "junit":
        assert len(ET.fromstring(text).findall("testsuite")) == 3
    assert text.count("bob") >= 1
    if name != "github":
        assert text.count("ada") >= 1
        assert text.count("cyd") >= 1


CLASS_STEPS = {
    "nngrade.runs.versions:Versions.key": "failed",
    "nngrade.gradebook.journal:Journal.add": "unwritten",
    "nngrade.gradebook.journal:Journal.find": "failed",
    "nngrade.gradebook.writer:GradebookWriter.write": "unwritten",
    "nngrade.gradebook.writer:autograded_notebook": "unwritten",
    "nngrade.gradebook.class_run:read_timestamp": "unwritten",
}


@pytest.mark.parametrize("place", CLASS_STEPS)
def test_a_class_run_goes_on_after_an_exception(
    classroom: Course, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    hand_in(classroom)
    break_for_bob(monkeypatch, place)
    events = class_run(classroom)
    assert [events[one].outcome for one in ("ada", "cyd")] == ["graded", "graded"]
    assert events["bob"].outcome == CLASS_STEPS[place]
    assert str(require_kept(classroom)) in events["bob"].problem
    monkeypatch.undo()
    again = class_run(classroom)
    assert [again[one].outcome for one in ("ada", "cyd")] == ["unchanged", "unchanged"]
    assert again["bob"].outcome in {"graded", "recovered"}


def class_run(course: Course) -> dict[str, Event]:
    settings = Settings(course.root, "weak", "digits")
    candidates = find_submissions([course.root / "submitted"], course)
    with (
        Journal(course.root / JOURNAL) as journal,
        GradebookWriter(course, course.options.feedback_level) as book,
    ):
        events = grade_class(
            settings, candidates, book, journal, lambda todo: grade_all(settings, todo, 1)
        )
        return {event.candidate.student: event for event in events}


def test_a_worker_of_a_cluster_goes_on_after_an_exception(
    handed_in: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setenv("NNGRADE_SECRET", "a secret that only tests know")
    settings = Settings(handed_in.root, "weak", "digits")
    versions = course_versions(settings), stage_versions(handed_in.stage(STAGE))

    def order(student: str) -> Order:
        path = handed_in.root / "submitted" / student / STAGE / f"{STAGE}.ipynb"
        return Order(settings, *versions, STAGE, student, path, path.read_bytes())

    break_for_bob(monkeypatch, "nngrade.grading.grader:recover")
    bob, ada = carry_out(order("bob")), carry_out(order("ada"))
    assert bob is not None
    assert bob.status == "failed"
    assert str(require_kept(handed_in)) in (bob.error or "")
    assert ada is not None
    assert ada.score == 6


def test_a_file_that_cannot_be_looked_at_costs_no_other(new_course: Course) -> None:
    @alone
    def find(found: Found, course: Course, told: Told) -> list[Any]:
        raise RuntimeError(SECRET)

    path = new_course.root / "bob.ipynb"
    (candidate,) = find(Found(path, new_course.root), new_course, Told())
    assert str(require_kept(new_course)) in (candidate.error or "")


def test_the_same_failure_is_kept_once(tmp_path: Path) -> None:
    failures = Failures(tmp_path / FOLDER)
    said = {failures.keep("x.ipynb: grading it", RuntimeError("one")) for _ in range(3)}
    assert len(said) == 1
    assert len(list((tmp_path / FOLDER).glob("*.txt"))) == 1


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_what_is_kept_is_private_whatever_the_mask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        Failures(tmp_path / FOLDER).keep("x.ipynb: grading it", RuntimeError("one"))
    finally:
        os.umask(before)
    (path,) = (tmp_path / FOLDER).glob("*.txt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_costs_the_file_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = Failures(tmp_path / "file" / FOLDER).keep("x.ipynb: grading it", RuntimeError("one"))
    assert "cannot be kept" in said


def test_an_exception_without_a_sound_message_is_kept(tmp_path: Path) -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise ValueError

    failures = Failures(tmp_path / FOLDER)
    assert "details in" in failures.keep("x.ipynb: grading it", Odd())
    assert "details in" in failures.keep("x.ipynb: grading it", RuntimeError("\ud800" * 10**6))
