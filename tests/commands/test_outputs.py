"""`nngrade grade` and its formats, as a program: who gets what, also when grading goes wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import junitparser
import pytest
from click.testing import CliRunner

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.commands.main import main
from nngrade.commands.outputs import Output, promised
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.formats.json import read_json
from nngrade.formats.registry import FORMATS, render
from nngrade.formats.target import Target
from nngrade.results import SubmissionResult
from tests.commands.conftest import nngrade
from tests.helpers import HOSTILE, STAGE, Page, Rendered, commands_in, require_gradescope, valid

NAME = "=1+1 |<b>[red]@octocat\n::error::x\x1b[2J"


WANTED = {"ann": 6, "bob": 0, "carl": 3, "dora": 3, "eva": 3, NAME: 3}


HOSTILE_ANSWER = f"def shifted(values, by):\n    raise ValueError({HOSTILE!r})\n"


ANSWERS = {
    "carl": {"shifted": "def shifted(values, by):\n    return values - by\n"},
    "dora": {"shifted": "def shifted(values, by):\n    while True: pass\n"},
    "eva": {"total": "def total(values):\n    return missing\n"},
    NAME: {"shifted": HOSTILE_ANSWER},
}


def hand_in(course: Course, folder: Path, student: str, **answers: str) -> Path:
    stage = course.stages[0]
    right = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
    return write_specimen(Specimen(student, stage, right), folder)


@pytest.fixture(scope="module")
def submitted(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class: right, untouched, wrong, endless, with an error, hostile, and no notebook at all."""
    folder = tmp_path_factory.mktemp("class") / "submitted"
    hand_in(course, folder, "ann")
    stage = course.stages[0]
    write_specimen(Specimen("bob", stage, untouched(course, stage)), folder)
    for student, answers in ANSWERS.items():
        hand_in(course, folder, student, **answers)
    hand_in(course, folder, "zoe").write_text("{")
    return folder


@pytest.fixture(scope="module")
def written(course: Course, submitted: Path) -> dict[str, str]:
    """The class in every format: graded once, but for Gradescope, which takes one at a time."""
    shutil.copytree(course.root, submitted.parent / "course")
    # An endless loop is not to last longer than it must; the cells, which import NumPy, may.
    (submitted.parent / "course/solutions/course.toml").write_text("[limits]\ncheck_seconds = 4\n")
    several = [name for name, one in FORMATS.items() if one.several != "one"]
    folder = submitted.parent
    options = [
        word for name in several for word in ("--format", name, "--output", folder / f"r.{name}")
    ]
    run = nngrade(
        "grade", submitted, "--sandbox", "weak", *options, cwd=submitted.parent / "course",
        GITHUB_ACTIONS="true",
    )  # fmt: skip
    assert run.returncode == 2, run.stderr
    texts = {name: (folder / f"r.{name}").read_bytes().decode() for name in several}
    return {**texts, "stdout": run.stdout, "stderr": run.stderr}


@pytest.fixture(scope="module")
def truth(written: dict[str, str], submitted: Path) -> list[SubmissionResult]:
    """What JSON says, held against what was handed in."""
    results = read_json(submitted.parent / "r.json")
    found = {one.student: one.score for one in results if one.status == "graded"}
    assert found == WANTED
    assert [one.student for one in results if one.status == "failed"] == ["zoe"]
    statuses = {check.status for one in results for check in one.checks}
    assert statuses == {"passed", "failed", "error", "timeout", "skipped"}
    return results


def scores(results: list[SubmissionResult]) -> list[float | None]:
    return [one.score if one.status == "graded" else None for one in results]


def spoken(text: str) -> list[float | None]:
    """The scores that a text for people names, in its order."""
    found = re.findall(r"(?:([\d.]+) of 6 points|not graded)", text)
    return [float(one) if one else None for one in found]


@pytest.mark.parametrize("name", [one for one in FORMATS if FORMATS[one].several != "one"])
def test_every_format_is_valid_for_a_real_class(written, name):
    valid(name, written[name])


def test_junit_has_the_same_scores(written, truth):
    suites = list(junitparser.JUnitXml.fromstring(written["junit"].encode()))
    properties = [{one.name: one.value for one in suite.properties()} for suite in suites]
    assert [
        float(one["score"]) if one["status"] == "graded" else None for one in properties
    ] == scores(truth)
    for suite, result in zip(suites, truth, strict=True):
        points = [re.search(r"([\d.]+) of [\d.]+ points\Z", case_text(case)) for case in suite]
        assert sum(float(one[1]) for one in points if one) == result.score


def case_text(case: Any) -> str:
    return (case.result[0].text if case.result else case.system_out) or ""


def test_markdown_has_the_same_scores(written, truth):
    cells = Rendered(written["markdown"]).cells[: 4 * len(truth)]
    assert [
        None if one == "not graded" else float(one.split("/")[0]) for one in cells[2::4]
    ] == scores(truth)


def test_github_has_the_same_scores(written, truth):
    name, _, summary = commands_in(written["github"])[-1]
    assert name == "notice"
    assert spoken(summary.partition("Not shown")[0]) == scores(truth)


def test_the_feedback_page_has_the_same_scores(written, truth):
    text = " ".join(Page(written["html"]).text.split())
    # In the index first, then at the head of each section, where tasks have other maxima.
    assert spoken(text)[: len(truth)] == scores(truth)


def test_the_tables_have_the_same_scores(written, truth):
    assert spoken(written["table"])[: len(truth)] == scores(truth)
    assert spoken(written["stdout"])[: len(truth)] == scores(truth)


def test_csv_has_the_same_scores(written, truth):
    found = list(csv.DictReader(io.StringIO(written["csv"])))
    assert [float(one["score"]) if one["score"] else None for one in found] == scores(truth)


@pytest.mark.parametrize(("name", "column"), [("canvas", "SIS Login ID"), ("moodle", "student")])
def test_gradebooks_get_the_same_scores(written, truth, name, column):
    found = {one[column]: one[STAGE] for one in csv.DictReader(io.StringIO(written[name]))}
    hostile = next(one for one in found if one.startswith("'=1+1"))
    found[NAME] = found.pop(hostile)
    found.pop("", None)
    assert {student: float(score) for student, score in found.items()} == WANTED


def test_gradescope_has_the_same_scores(truth):
    for result in truth:
        document = require_gradescope(render("gradescope", [result], "hints"))
        assert document["score"] == (result.score if result.status == "graded" else 0)
        assert sum(one.get("score", 0) for one in document["tests"]) == document["score"]


def test_no_escape_code_of_a_submission_reaches_a_terminal(written):
    assert "\x1b" not in written["stdout"] + written["stderr"]


def test_nothing_in_a_log_is_an_order_to_the_runner(written):
    assert commands_in(written["stderr"]) == []
    lines = written["stdout"].splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    assert lines[-1] == f"::{token}::"
    assert "::stop-commands::x" in "\n".join(lines[1:-1])


@pytest.fixture
def notebook(course: Course, tmp_path: Path) -> Path:
    return hand_in(course, tmp_path / "submitted", "ann", **ANSWERS["carl"])


def grade(course: Course, notebook: Path, *options: object, **environment: str) -> Any:
    return nngrade(
        "grade", notebook, "--sandbox", "weak", *options, cwd=course.root, **environment
    )  # fmt: skip


def test_the_format_without_a_file_goes_to_standard_output(course, notebook, tmp_path):
    run = grade(
        course, notebook, "--format", "junit", "--output", tmp_path / "j.xml", "--format", "json"
    )
    assert json.loads(run.stdout)["submissions"][0]["score"] == 3
    assert junitparser.JUnitXml.fromfile(str(tmp_path / "j.xml")).tests == 5
    assert run.returncode == 1


def test_a_person_sees_the_table_where_formats_go_to_files(course, notebook, tmp_path):
    run = grade(course, notebook, "--format", "html", "--output", tmp_path / "x.html")
    assert "3 of 6 points" in run.stdout
    assert (tmp_path / "x.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "json", "--format", "junit"], "only one format can go to standard output"),
        (["--format", "json", "--json", "-"], "only one format can go to standard output"),
        (["--format", "json", "--output", "/dev/stdout", "--json", "-"], "only one format can go"),
        (["--output", "a"], "there are more --output (1) than --format (0)"),
        (
            ["--format", "json", "--output", "a", "--format", "csv", "--output", "./a"],
            "two formats cannot go to one file",
        ),
        (["--format", "json", "--output", "x.ipynb"], "results would overwrite it"),
        (["--format", "pdf"], "'pdf' is not one of"),
        (["--min-score", "most"], "'most' is neither points, as in 15, nor a share"),
        (["--min-score", "101%"], "101% is more than all points"),
        (["--min-score", "3", "--fail-on", "never"], "--fail-on never is not"),
        (["--gradebook", "--format", "json"], "--gradebook goes with --format csv, canvas, moodle"),
        (["--gradebook", "--min-score", "3"], "--gradebook goes with neither"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    course, notebook, tmp_path, options, words, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        main, ["--course", str(course.root), "grade", str(notebook), *options]
    )
    assert done.exit_code == 2
    assert words in " ".join(done.output.split())
    assert not (tmp_path / "a").exists()


def test_options_decide_the_exit_code(course, notebook):
    assert grade(course, notebook, "--min-score", "50%").returncode == 0
    out_of_reach = grade(course, notebook, "--min-score", 7)
    assert out_of_reach.returncode == 1
    assert "out of reach: stage01_sums has 6 points" in out_of_reach.stderr
    assert grade(course, notebook, "--fail-on", "ungraded").returncode == 0
    assert grade(course, notebook.parent / "missing.ipynb", "--fail-on", "never").returncode == 0


MANY = [word for name in FORMATS for word in ("--format", name, "--output", f"r.{name}")]


def require_unfinished(folder: Path, words: str) -> None:
    for name in FORMATS:
        text = (folder / f"r.{name}").read_bytes().decode()
        valid(name, text)
        shown = text.replace("\\", "")  # Markdown's
        assert words in shown, name


def test_a_killed_grader_leaves_valid_files_that_say_so(new_course: Course, tmp_path):
    """A check runs in the grader itself: this one says that it is there, and waits."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    checks = new_course.stages[0].folder / "checks.py"
    waiting = f"    import signal; open({str(pipe)!r}, 'w').close(); signal.pause()\n"
    checks.write_text(
        checks.read_text().replace(
            '    """Arrays of any length are summed."""\n',
            f'    """Arrays of any length are summed."""\n{waiting}',
        )
    )
    notebook = hand_in(new_course, tmp_path, "ann")
    grader = subprocess.Popen(
        [sys.executable, "-m", "nngrade", "--course", new_course.root, "grade", notebook,
         "--sandbox", "weak", *MANY],
        cwd=tmp_path, env={**os.environ, "NNGRADE_SECRET": "a secret for tests only"},
    )  # fmt: skip
    try:
        pipe.read_bytes()  # until the check is there
        require_unfinished(tmp_path, "the grader was stopped before its end")
    finally:
        grader.kill()
    assert grader.wait() == -signal.SIGKILL
    require_unfinished(tmp_path, "the grader was stopped before its end")
    with pytest.raises(NngradeError, match="grading did not finish when it was written: the gra"):
        read_json(tmp_path / "r.json")


@pytest.mark.parametrize(
    ("course_folder", "options", "words"),
    [
        (".", [], "no course in"),
        (None, ["--stage", "stage77"], "there is no stage"),
        (None, ["--executor", "dask", "--scheduler", "nowhere"], "nowhere"),
    ],
)
def test_where_grading_cannot_begin_files_say_why(
    course, notebook, tmp_path, monkeypatch, course_folder, options, words
):
    monkeypatch.chdir(tmp_path)
    root = str(course_folder or course.root)
    done = CliRunner().invoke(main, ["--course", root, "grade", str(notebook), *MANY, *options])
    assert done.exit_code == 2, done.output
    require_unfinished(tmp_path, words)


def test_a_mistake_of_the_course_is_told_to_its_staff_only(new_course: Course, tmp_path):
    notebook = hand_in(new_course, tmp_path, "ann")
    checks = new_course.stages[0].folder / "checks.py"
    checks.write_text(checks.read_text().replace("reference.total(values)", "reference.totl"))
    run = nngrade(
        "--course", new_course.root, "grade", notebook, "--sandbox", "weak", *MANY, cwd=tmp_path
    )
    assert run.returncode == 2
    assert "fails for the reference too" in run.stderr
    for name, form in FORMATS.items():
        told = "fails for the reference" in (tmp_path / f"r.{name}").read_text()
        assert told != form.for_students, name


def test_an_exception_that_nobody_expected_is_told(tmp_path):
    outputs = [Output(name, Target(str(tmp_path / f"r.{name}"))) for name in FORMATS]
    with pytest.raises(ZeroDivisionError), promised(outputs):
        _ = 1 / 0
    assert "ZeroDivisionError: division by zero" in (tmp_path / "r.json").read_text()
    for name in FORMATS:
        valid(name, (tmp_path / f"r.{name}").read_text())


def test_a_file_that_cannot_be_written_costs_no_other_its_results(course, notebook, tmp_path):
    run = grade(
        course, notebook, "--format", "csv", "--output", "/dev/full",
        "--format", "json", "--output", tmp_path / "r.json",
    )  # fmt: skip
    assert run.returncode == 2
    assert "/dev/full: the results cannot be written (No space left on device)" in run.stderr
    assert read_json(tmp_path / "r.json")[0].score == 3
    assert "3 of 6 points" in run.stdout


def test_a_pipe_gets_one_document(course, notebook, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    # The reader waits for a writer; this one ends with the run.
    with pipe.open("w"):
        run = grade(course, notebook, "--format", "json", "--output", pipe)
    reader.join()
    assert run.returncode == 1, run.stderr
    assert json.loads(got[0])["submissions"][0]["score"] == 3
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_devices_stay_what_they_are(course, notebook):
    run = grade(
        course, notebook, "--format", "csv", "--output", "/dev/null", "--format", "markdown",
        "--output", "/dev/null", "--format", "json", "--output", "/dev/stdout",
    )  # fmt: skip
    assert json.loads(run.stdout)["submissions"][0]["score"] == 3
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert os.path.islink("/dev/stdout")


def test_results_are_written_in_utf_8_whatever_the_terminal_takes(course, notebook):
    run = grade(course, notebook, "--format", "markdown", PYTHONIOENCODING="ascii")
    assert run.returncode == 1, run.stderr
    assert "❌" in run.stdout
