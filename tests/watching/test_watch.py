"""A watched folder, round by round: what arrives is graded once."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import SubmissionResult
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.records import Candidate, Told
from nngrade.watching.arrivals import PATIENCE, SETTLE
from nngrade.watching.watch import RETRY, Stop, Watch, Watcher
from tests.helpers import STAGE
from tests.watching.conftest import NAME, Clock, put, rows


class Graded(list[str]):
    """Who was graded, in the order in which they were."""

    def by(self, settings: Settings) -> Callable[..., Iterator[tuple[int, SubmissionResult]]]:
        def grade(todo: Sequence[Candidate]) -> Iterator[tuple[int, SubmissionResult]]:
            for index, result in grade_all(settings, todo, 1):
                self.append(todo[index].student)
                yield index, result

        return grade


@pytest.fixture
def graded() -> Graded:
    return Graded()


@pytest.fixture
def watcher(
    new_course: Course, inbox: Path, clock: Clock, graded: Graded, tmp_path: Path
) -> Iterator[Callable[..., None]]:
    """Let time go by, and have the watcher look twice."""
    settings = Settings(new_course.root, "weak", "digits")
    plan = Watch(inbox, settings, Told(), graded.by, feedback=tmp_path / "out", formats=("json",))
    with Stop() as stop:
        one = Watcher(plan, stop, clock)

        def after(seconds: float = SETTLE) -> None:
            one.step()
            clock.now += seconds
            one.step()

        yield after


def test_what_arrives_is_graded_once(watcher, graded, inbox, right_text, blank_text, capsys):
    watcher()
    put(inbox, "ann", right_text)
    watcher()
    watcher(RETRY)
    assert graded == ["ann"]
    put(inbox, "bob", blank_text)
    put(inbox, "ann", blank_text)
    watcher()
    assert sorted(graded) == ["ann", "ann", "bob"]
    put(inbox, "ann", right_text)
    os.utime(put(inbox, "bob", blank_text), (0, 0))
    watcher()
    assert sorted(graded) == ["ann", "ann", "ann", "bob"], "bob handed in the same again"
    said = capsys.readouterr().out
    assert said.count("ann stage01_sums: 6 of 6 points") == 2
    assert said.count("bob stage01_sums: 0 of 6 points") == 1


def test_feedback_is_written_for_each_and_again_where_it_is_gone(
    watcher, graded, inbox, right_text, tmp_path, capsys
):
    path = put(inbox, "ann", right_text)
    watcher()
    page = tmp_path / "out/ann" / f"{STAGE}.json"
    (told,) = json.loads(page.read_text())["submissions"]
    assert (told["score"], told["path"]) == (6, NAME)
    page.unlink()
    os.utime(path)
    watcher()
    assert page.exists()
    assert graded == ["ann"]
    assert "6 of 6 points (graded before, written now)" in capsys.readouterr().out


def test_each_problem_is_said_once_until_its_file_changes(watcher, inbox, right_text, capsys):
    path = inbox / "ann" / STAGE / NAME
    path.parent.mkdir(parents=True)
    path.write_text("{")
    (inbox / "cyd" / STAGE).mkdir(parents=True)
    (inbox / "cyd" / STAGE / "answers.pdf").touch()
    for _ in range(5):
        watcher(PATIENCE)
    said = capsys.readouterr().out
    assert said.count("ann: ") == said.count("not a notebook: it is no valid JSON") == 1
    assert said.count("cyd: ") == said.count("only answers.pdf") == 1
    path.write_text("[")
    watcher(PATIENCE)
    watcher(PATIENCE)
    assert capsys.readouterr().out.count("ann: ") == 1
    path.write_text(right_text)
    watcher()
    assert "ann stage01_sums: 6 of 6" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_waited_for(watcher, graded, inbox, right_text, capsys):
    put(inbox, "ann", right_text)
    away = inbox.with_name("away")
    inbox.rename(away)
    watcher()
    watcher()
    assert capsys.readouterr().out.count("inbox is not there; waiting for it") == 1
    away.rename(inbox)
    watcher()
    inbox.rename(away)
    watcher()
    watcher()
    assert capsys.readouterr().out.count("is not there") == 1
    away.rename(inbox)
    watcher()
    assert graded == ["ann"]


def test_moved_and_deleted_files_cost_nobody_a_grade(
    watcher, graded, inbox, right_text, blank_text, new_course
):
    path = put(inbox, "ann", right_text)
    watcher()
    path.rename(path.with_name(f"{STAGE} (1).ipynb"))
    watcher()
    assert graded == ["ann"]
    shutil.rmtree(inbox / "ann")
    watcher()
    put(inbox, "bob", blank_text)
    watcher()
    assert rows(new_course) == {"ann": 6, "bob": 0}


def test_of_several_notebooks_one_counts_whenever_they_come(
    watcher, graded, inbox, right_text, blank_text, capsys, new_course
):
    put(inbox, "ann", right_text)
    watcher()
    (inbox / "ann" / STAGE / "old.ipynb").write_text(blank_text)
    watcher()
    assert graded == ["ann"]
    assert rows(new_course) == {"ann": 6}
    put(inbox, "ann", right_text + "\n")
    watcher()
    assert "this student also has" in capsys.readouterr().out


def test_an_export_that_grows_is_graded_as_far_as_it_changed(
    watcher, graded, inbox, right_text, blank_text
):
    path = inbox / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"exampleann_11_501_{NAME}", right_text)
        archive.writestr(f"leekim_12_502_{NAME}", blank_text)
    watcher()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"leekim_12_503_{STAGE}-1.ipynb", right_text)
    watcher()
    assert graded == ["11", "12", "12"]


def test_a_course_that_somebody_is_mending_is_waited_for(
    watcher, graded, inbox, right_text, new_course, capsys
):
    checks = new_course.stage(STAGE).folder / "checks.py"
    sound = checks.read_text()
    checks.write_text("def (:")
    put(inbox, "ann", right_text)
    watcher()
    for _ in range(3):
        watcher(RETRY)
    assert capsys.readouterr().out.count("checks.py:1: cannot be imported") == 1
    checks.write_text(sound)
    watcher(RETRY)
    assert graded == ["ann"]


def test_what_could_not_be_written_is_written_later_and_not_graded_again(
    watcher, graded, inbox, right_text, tmp_path, capsys
):
    (tmp_path / "out").write_text("no folder")
    put(inbox, "ann", right_text)
    watcher()
    for _ in range(3):
        watcher(RETRY)
    assert capsys.readouterr().out.count("cannot be written") == 1
    (tmp_path / "out").unlink()
    watcher(RETRY)
    assert (tmp_path / "out/ann" / f"{STAGE}.json").exists()
    assert graded == ["ann"]


def test_while_another_run_grades_a_watcher_waits(
    watcher, graded, inbox, right_text, new_course, capsys
):
    put(inbox, "ann", right_text)
    with Journal(new_course.root / JOURNAL):
        watcher()
        watcher()
    assert graded == []
    assert capsys.readouterr().out.count("another run is grading") == 1
    watcher()
    assert graded == ["ann"]


def test_a_new_watcher_says_what_was_graded_before(
    watcher, graded, inbox, right_text, new_course, clock, capsys, tmp_path
):
    put(inbox, "ann", right_text)
    watcher()
    settings = Settings(new_course.root, "weak", "digits")
    with Stop() as stop:
        plan = Watch(
            inbox, settings, Told(), graded.by, feedback=tmp_path / "out", formats=("json",)
        )
        other = Watcher(plan, stop, clock)
        for _ in range(3):
            other.step()
            clock.now += SETTLE
    assert graded == ["ann"]
    assert capsys.readouterr().out.count("1 submissions are as they were") == 1


def test_who_is_who_can_be_said_later(new_course, inbox, clock, graded, right_text, tmp_path):
    who = tmp_path / "who.csv"
    who.write_text("lms_name,student\n11,ann\n")
    for name in (f"exampleann_11_501_{NAME}", f"leekim_12_502_{NAME}"):
        (inbox / name).write_text(right_text)
    settings = Settings(new_course.root, "weak", "digits")
    with Stop() as stop:
        one = Watcher(Watch(inbox, settings, Told(), graded.by, who), stop, clock)
        for text in ("lms_name,student\n11,ann\n", "lms_name,student\n11,ann\n12,kim\n"):
            who.write_text(text)
            one.step()
            clock.now += SETTLE
            one.step()
    assert graded == ["ann", "kim"]
