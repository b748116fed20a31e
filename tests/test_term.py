"""Class runs into nbgrader's gradebook: what is written, and that nothing is lost."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.options import LEVELS
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.gradebook.class_run import Event, grade_class, one_of_each
from nngrade.gradebook.console import Summary, print_summary
from nngrade.gradebook.grade_outputs import grade_outputs
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.restored import restored_cells
from nngrade.gradebook.writer import GradebookWriter
from nngrade.results import CheckResult, Diagnosis
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.program import recover
from nngrade.submissions.records import Candidate
from tests.conftest import cell_of, nbgrader, nngrade

STAGE = "stage01_sums"
WRONG = "def total(values):\n    return float(np.sum(values)) + 1\n"
RUN = ("grade", "submitted", "--gradebook", "--data", "digits", "--sandbox", "weak")
REGRADE = ("regrade", "--data", "digits", "--sandbox", "weak")


def submit(
    course: Course,
    student: str,
    answers: dict[str, str] | None = None,
    timestamp: str | None = "2026-11-01 10:00:00 UTC",
    stage: str = STAGE,
) -> Path:
    """Hand in stage 1: the reference, with other answers in the place of some of it."""
    one = course.stage(stage)
    notebook = fill(untouched(course, one), one, {**solutions(one), **(answers or {})})
    return submit_text(course, student, notebook_text(notebook), timestamp, stage)


def submit_text(
    course: Course, student: str, text: str, timestamp: str | None = None, stage: str = STAGE
) -> Path:
    path = course.root / "submitted" / student / stage / f"{stage}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if timestamp is not None:
        (path.parent / "timestamp.txt").write_text(timestamp)
    return path


def scores(course: Course) -> dict[str, float]:
    """What the gradebook says, by student."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        return {one.student.id: one.score for one in book.assignment_submissions(STAGE)}


def run(course: Course, force: bool = False) -> dict[str, Event]:
    """A class run in this process; how it ended, by student."""
    settings = Settings(course.root, "weak", "digits")
    candidates, _ = one_of_each(find_submissions([course.root / "submitted"], course))
    with (
        Journal(course.root / JOURNAL) as journal,
        GradebookWriter(course, course.options.feedback_level) as book,
    ):
        events = grade_class(
            settings, candidates, book, journal, lambda todo: grade_all(settings, todo, 1), force
        )
        return {event.candidate.student: event for event in events}


def test_a_class_run_is_seen_by_nbgrader(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    submit_text(classroom, "cyd", notebook_text(untouched(classroom, classroom.stage(STAGE))))
    done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 1, done.stderr
    assert "[2/3] bob stage01_sums: 3 of 6 points" in done.stderr
    assert "3 graded" in done.stdout
    assert scores(classroom) == {"ada": 6, "bob": 3, "cyd": 0}
    nbgrader(classroom.root, "generate_feedback", STAGE)
    page = (classroom.root / f"feedback/bob/{STAGE}/{STAGE}.html").read_text()
    assert "3 of 6 points" not in page  # points stand with each task
    assert "0 of 3 points" in page
    assert "How many entries are there?" in page
    nbgrader(classroom.root, "export")
    assert (
        f"{STAGE},,2026-11-01 10:00:00,ada,,,,6.0,0.0,6.0,6.0"
        in (classroom.root / "grades.csv").read_text()
    )
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        comments = book.find_submission_notebook(STAGE, STAGE, "cyd").comments
        assert {one.auto_comment for one in comments} == {"No response."}
        comments = book.find_submission_notebook(STAGE, STAGE, "ada").comments
        assert {one.auto_comment for one in comments} == {None}


def test_autograde_and_the_class_run_agree(classroom: Course) -> None:
    notebook = fill(
        untouched(classroom, classroom.stage(STAGE)),
        classroom.stage(STAGE),
        solutions(classroom.stage(STAGE)),
    )
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    twice = copy.deepcopy(notebook)
    twice["cells"].insert(2, copy.deepcopy(cell_of(twice, "task-total")))
    submit_text(classroom, "dup", notebook_text(twice))
    short = copy.deepcopy(notebook)
    short["cells"] = [
        one for one in short["cells"] if one["id"] not in ("task-shifted", "tests-total")
    ]
    submit_text(classroom, "cut", notebook_text(short))
    bare = copy.deepcopy(notebook)
    for cell in bare["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    submit_text(classroom, "ids", notebook_text({**bare, "nbformat_minor": 4}))
    nbgrader(classroom.root, "autograde", STAGE)
    by_nbgrader, notebooks = scores(classroom), autograded(classroom)
    assert by_nbgrader == {"ada": 6, "bob": 3, "dup": 6, "cut": 3, "ids": 6}
    run(classroom)
    assert scores(classroom) == by_nbgrader
    ours = autograded(classroom)
    for student, theirs in notebooks.items():
        for cell in theirs.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                other = next(one for one in ours[student].cells if one.id == cell.id)
                assert other.outputs == cell.outputs, student
                assert other.source == cell.source, student
                assert "HIDDEN" not in cell.source


def autograded(course: Course) -> dict[str, nbformat.NotebookNode]:
    return {
        path.parts[-3]: nbformat.read(path, as_version=4)
        for path in sorted((course.root / "autograded").glob(f"*/{STAGE}/{STAGE}.ipynb"))
    }


def test_stock_nbgrader_gives_nothing_for_nothing(classroom: Course) -> None:
    config = classroom.root / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text[: text.index("c.Autograde.sanitize")])
    submit(classroom, "ada")
    nbgrader(classroom.root, "autograde", STAGE)
    assert scores(classroom) == {"ada": 0}
    (notebook,) = autograded(classroom).values()
    assert "is graded by nngrade" in str(notebook)


def test_autograde_fails_closed(classroom: Course) -> None:
    """Where the course is at fault nobody gets points, and the reason is said."""
    submit(classroom, "ada")
    checks = classroom.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=3", "points=5"))
    done = nbgrader(classroom.root, "autograde", STAGE, ok=False)
    assert done.returncode != 0
    assert "its checks are worth 5" in done.stderr
    assert scores(classroom) == {"ada": 0}
    assert not (classroom.root / "autograded/ada").exists() or not autograded(classroom)


def test_what_a_person_graded_stays(classroom: Course) -> None:
    submit(classroom, "ada", {"total": WRONG}, "2026-11-03 12:00:00 UTC")
    run(classroom)
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        grade.manual_score, grade.extra_credit = 2.5, 1
        comment = book.find_comment("task-total", STAGE, STAGE, "ada")
        comment.manual_comment = "Nearly."
        book.db.commit()
    submit(classroom, "ada", {}, "2026-11-03 13:00:00 UTC")
    assert run(classroom)["ada"].outcome == "graded"
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (3, 2.5, 1)
        assert grade.needs_manual_grade
        assert book.find_comment("task-total", STAGE, STAGE, "ada").comment == "Nearly."
        assert book.find_submission(STAGE, "ada").timestamp.hour == 13


def test_late_submissions_get_the_penalty_of_the_plugin(classroom: Course) -> None:
    (classroom.root / "lateness.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\n"
        "class Hourly(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return total_seconds_late / 3600\n"
    )
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(
            'import sys\nsys.path.insert(0, ".")\n'
            'c.AssignLatePenalties.plugin_class = "lateness.Hourly"\n'
        )
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        book.update_or_create_assignment(STAGE, duedate="2026-11-01 09:00:00 UTC")
    for student, hour in (("early", 8), ("late", 11), ("never", 23)):
        submit(classroom, student, {}, f"2026-11-01 {hour:02}:00:00 UTC")
    nngrade(classroom.root, *RUN)
    penalties = {}
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        for one in book.notebook_submissions(STAGE, STAGE):
            penalties[one.student.id] = one.late_submission_penalty
    assert penalties == {"early": None, "late": 2, "never": 6}


@pytest.mark.parametrize("level", LEVELS)
def test_a_student_reads_as_much_as_the_course_says(classroom: Course, level: str) -> None:
    (classroom.solutions / "course.toml").write_text(f'[feedback]\nlevel = "{level}"\n')
    submit(classroom, "bob", {"shifted": "def shifted(values, by):\n    return values - by\n"})
    run(classroom)
    text = str(autograded(classroom)["bob"])
    order = LEVELS.index(level)
    assert "0 of 3 points" in text
    assert ("A new array is returned" in text) == (order >= 1)
    assert ("the worst" in text) == (order >= 2)
    assert ("It failed on: shifted(array([" in text) == (order >= 3)


def test_an_unknown_level_is_a_sentence(new_course: Course) -> None:
    (new_course.solutions / "course.toml").write_text('[feedback]\nlevel = "all"\n')
    with pytest.raises(CourseError, match=r"no feedback level 'all'; there are: score, names"):
        _ = new_course.options


def test_feedback_is_text_whatever_a_student_wrote() -> None:
    check = CheckResult(
        "f.c", "f", "All <is> well.", 2, 0, "failed", "<script>alert(1)</script>", "<b>", 0.0
    )
    page = grade_outputs([check], "hints")[0]["data"]["text/html"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_that_a_task_is_not_done_is_said_once() -> None:
    visible, *rest = (
        CheckResult(f"f.{name}", "f", name, 1, 0, status, "f is not done yet", "", 0.0)
        for name, status in (("visible", "failed"), ("one", "skipped"), ("two", "skipped"))
    )
    for kind in ("text/html", "text/plain"):
        page = grade_outputs([visible, *rest], "hints")[0]["data"][kind]
        assert page.count("f is not done yet") == 1
        page = grade_outputs(rest, "hints")[0]["data"][kind]
        assert page.count("f is not done yet") == 1


def test_a_diagnosis_is_told_with_its_own_hint() -> None:
    told = Diagnosis("too_much", None, "One is added.", "Where is the 1 from?", "certain")
    check = CheckResult("f.c", "f", "All.", 2, 0, "failed", "wrong", "A hint.", 0.0, diagnosis=told)
    text = grade_outputs([check], "hints")[0]["data"]["text/plain"]
    assert text.splitlines()[1:] == [
        "    wrong",
        "    One is added.",
        "    Hint: Where is the 1 from?",
    ]
    assert "One is added" not in grade_outputs([check], "names")[0]["data"]["text/plain"]


def test_every_cell_of_the_course_is_there_once(course: Course) -> None:
    stage = course.stage(STAGE)
    right = fill(untouched(course, stage), stage, solutions(stage))
    wanted = [one["id"] for one in right["cells"] if "nbgrader" in one["metadata"]]
    rng = random.Random(1)
    for _ in range(60):
        cells = [copy.deepcopy(one) for one in right["cells"] if rng.random() < 0.7]
        cells += [copy.deepcopy(one) for one in cells if rng.random() < 0.3]
        rng.shuffle(cells)
        for cell in cells:
            if rng.random() < 0.2:
                cell["metadata"], cell["id"] = {}, f"new-{rng.random()}"
        text = json.dumps({**right, "cells": cells})
        path = Path(os.environ["PYTEST_TMP"]) / "mess.ipynb"
        path.write_text(text)
        notebook = read_notebook(path)
        program = recover(notebook, stage.lesson)
        made = restored_cells(cells, notebook, program.places, stage)
        ids = [
            one["metadata"]["nbgrader"]["grade_id"] for one in made if "nbgrader" in one["metadata"]
        ]
        assert sorted(ids) == sorted(wanted)
        for task in ("total", "shifted"):
            source = "".join(next(one for one in made if one.get("id") == f"task-{task}")["source"])
            assert (f"def {task}(" in source) == (task in program.places), source


@pytest.fixture(autouse=True)
def _folder_for_messes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_TMP", str(tmp_path))


def test_one_bad_submission_never_stops_the_run(classroom: Course) -> None:
    submit(classroom, "ada")
    submit_text(classroom, "broken", "{ this is no notebook")
    os.mkfifo(submit(classroom, "pipe").with_name("other.ipynb"))
    submit(classroom, "when", timestamp="the day before yesterday")
    submit(classroom, "blank", timestamp="")
    twin = submit(classroom, "twin", {"total": WRONG})
    shutil.copy(twin, twin.with_name(f"{STAGE} (1).ipynb"))
    submit(classroom, "killer", {"total": "import os\nos._exit(3)\n"})
    submit(classroom, "loops", {"shifted": "def shifted(values, by):\n    while True: pass\n"})
    (classroom.root / "submitted/empty" / STAGE).mkdir(parents=True)
    latin = os.fsencode(submit(classroom, "latin").parents[1])
    os.rename(latin, latin.replace(b"latin", b"j\xf6rg"))
    done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 2
    assert scores(classroom) == {
        "ada": 6, "pipe": 6, "when": 6, "blank": 6, "twin": 3, "killer": 3, "loops": 3,
    }  # fmt: skip
    needs = done.stdout.split("need a person")[1]
    for said in (
        "broken: ", "not a notebook", "when: ", "holds no date", "blank: ", "is empty",
        "this student also has", "empty: ", "ask for the .ipynb", "other.ipynb",
        "the student's name is no proper text",
    ):  # fmt: skip
        assert said in needs, said


def test_unknown_students_are_nbgraders_choice(classroom: Course) -> None:
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.create_student = False\n")
    nbgrader(classroom.root, "db", "student", "add", "ada")
    submit(classroom, "ada")
    submit(classroom, "eve")
    events = run(classroom)
    assert events["ada"].outcome == "graded"
    assert "eve is not in the gradebook" in events["eve"].problem
    assert scores(classroom) == {"ada": 6}


def test_a_stage_that_the_gradebook_does_not_know(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", stage="stage02_gradients")
    (classroom.root / "gradebook.db").unlink()
    nbgrader(classroom.root, "generate_assignment", STAGE)
    events = run(classroom)
    assert events["ada"].outcome == "graded"
    assert "nbgrader generate_assignment stage02_gradients" in events["bob"].problem


def test_what_did_not_change_is_not_graded_again(classroom: Course) -> None:
    submit(classroom, "ada")
    bob = submit(classroom, "bob", {"total": WRONG})
    assert {one.outcome for one in run(classroom).values()} == {"graded"}
    assert {one.outcome for one in run(classroom).values()} == {"unchanged"}
    assert {one.outcome for one in run(classroom, force=True).values()} == {"graded"}
    # A new hour is written, a new answer is graded, a lost notebook is made again.
    (bob.parent / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC")
    assert [one.outcome for one in run(classroom).values()] == ["unchanged", "recovered"]
    submit(classroom, "bob")
    assert [one.outcome for one in run(classroom).values()] == ["unchanged", "graded"]
    shutil.rmtree(classroom.root / "autograded/ada")
    assert [one.outcome for one in run(classroom).values()] == ["recovered", "unchanged"]
    (classroom.root / "gradebook.db").unlink()
    nbgrader(classroom.root, "generate_assignment", STAGE)
    assert [one.outcome for one in run(classroom).values()] == ["recovered", "recovered"]
    assert scores(classroom) == {"ada": 6, "bob": 6}


def test_a_corrected_check_is_listed_before_it_is_written(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    assert "Nothing to grade again" in nngrade(classroom.root, *REGRADE).stdout
    nngrade(classroom.root, *RUN, ok=False)
    checks = classroom.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("student.total(values), ref", "0.0, 0 * ref"))
    done = nngrade(classroom.root, *REGRADE, ok=False)
    assert done.returncode == 1
    assert "bob stage01_sums: 3 -> 5" in done.stdout
    assert "+2 total: Arrays of any length are summed." in done.stdout
    assert "1 score changes, 1 stays as it is" in done.stdout
    assert scores(classroom) == {"ada": 6, "bob": 3}, "written before anybody agreed"
    done = nngrade(classroom.root, *REGRADE, "--write")
    assert "again" not in done.stderr, "graded a second time"
    assert scores(classroom) == {"ada": 6, "bob": 5}
    assert "Nothing to grade again" in nngrade(classroom.root, *REGRADE).stdout


def test_a_locked_gradebook_is_waited_for_and_then_left(
    classroom: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nngrade.gradebook.writer.PATIENCE", 0.5)
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write('c.CourseDirectory.db_url = "sqlite:///gradebook.db?timeout=0.2"\n')
    monkeypatch.chdir(classroom.root)
    for student in ("ada", "bob"):
        submit(classroom, student)
    other = sqlite3.connect(classroom.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    events = run(classroom)
    assert {one.outcome for one in events.values()} == {"unwritten"}
    assert "locked" in events["ada"].problem
    other.execute("ROLLBACK")
    assert {one.outcome for one in run(classroom).values()} == {"recovered"}
    assert scores(classroom) == {"ada": 6, "bob": 6}


def test_a_full_disk_costs_no_grade(classroom: Course) -> None:
    for student in ("ada", "bob"):
        submit(classroom, student)
    (classroom.root / "autograded").mkdir()
    command = " ".join([sys.executable, "-m", "nngrade", *RUN])
    mount = f"mount -t tmpfs -o size=8k none autograded && exec {command}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount],
        cwd=classroom.root,
        capture_output=True,
        text=True,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    assert done.returncode == 2, done.stderr
    assert done.stdout.count("No space left on device") == 2
    assert "2 graded, but not written" in done.stdout
    events = run(classroom)
    assert {one.outcome for one in events.values()} == {"recovered"}
    assert scores(classroom) == {"ada": 6, "bob": 6}


def test_two_runs_at_once_are_one_too_many(classroom: Course) -> None:
    submit(classroom, "ada")
    with Journal(classroom.root / JOURNAL):
        done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 2
    assert "another class run is under way" in done.stderr


def rows(course: Course) -> dict[tuple[str, str], tuple[str, str]]:
    """What the journal holds, with when it was graded."""
    path = course.root / JOURNAL
    if not path.exists():
        return {}
    with sqlite3.connect(path) as db:
        found = db.execute("SELECT student, key, graded_at, result FROM results")
        return {(student, key): (when, result) for student, key, when, result in found}


def test_a_killed_run_loses_no_grade_and_doubles_none(classroom: Course, tmp_path: Path) -> None:
    """Killed at 20 random moments, and run once more: the grades of an undisturbed run."""
    mistakes = [{}, {"total": WRONG}, {"shifted": "def shifted(values, by):\n    return values\n"}]
    for number in range(60):
        submit(classroom, f"s{number:02}", mistakes[number % 3])
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(classroom.root, undisturbed)
    # Inputs depend on the secret, and so may the scores of wrong answers.
    secret = {"NNGRADE_SECRET": "the same secret for both of them"}
    for name in list(secret):
        os.environ[name] = secret[name]
    rng, seen = random.Random(5), rows(classroom)
    try:
        nngrade(undisturbed, *RUN, ok=False)
        kills = 0
        while kills < 20:
            process = subprocess.Popen(
                [sys.executable, "-m", "nngrade", *RUN],
                cwd=classroom.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            # Wait for the run to begin, so that few of the 20 hit the imports.
            assert process.stderr is not None
            begun = process.stderr.readline()
            time.sleep(rng.uniform(0, 0.12))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
            now = rows(classroom)
            assert all(now.get(key) == row for key, row in seen.items()), "a result was lost"
            seen = now
            if not begun:
                # All is graded: from here on, kill runs that grade everything anew.
                break
        nngrade(classroom.root, *RUN, ok=False)
        now = rows(classroom)
        assert all(now.get(key) == row for key, row in seen.items()), "graded a second time"
    finally:
        for name in secret:
            del os.environ[name]
    assert kills == 20, f"the run was over after {kills} kills"
    assert len(now) == 60
    assert scores(classroom) == scores(replace(classroom, root=undisturbed))
    assert len(scores(classroom)) == 60
    for name in ("gradebook.db", JOURNAL):
        with sqlite3.connect(classroom.root / name) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(autograded(classroom)) == 60
    for number in (0, 1, 2):
        path = f"autograded/s{number:02}/{STAGE}/{STAGE}.ipynb"
        assert (classroom.root / path).read_text() == (undisturbed / path).read_text()
    assert not list(orphans()), "a grading process outlived its run"


def orphans() -> Iterator[int]:
    """Processes of a class run that nobody waits for any more."""
    time.sleep(0.5)
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parts = entry.read_bytes().split(b"\0")
            parent = int(entry.with_name("stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if b"nngrade.worker.zygote" in parts and parent == 1:
            yield int(entry.parent.name)


def test_what_is_wrong_with_a_stage_is_said_once(capsys):
    summary = Summary()
    for number in range(30):
        candidate = Candidate(Path("x.ipynb"), f"student{number}", None)
        problem = "the gradebook does not know it" if number else "no notebook"
        summary.add(Event(candidate, "failed", problem=problem))
    print_summary(summary, 1.0)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == [
        "These need a person (2):",
        "  student0: no notebook",
        "  the gradebook does not know it",
        "    29 submissions: student1, student2, student3, student4 and 25 more",
    ]
