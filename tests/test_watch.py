"""A watched folder: what arrives is graded once, whatever happens to the watcher."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from nngrade.authoring.specimens import untouched
from nngrade.commands.main import main
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import SubmissionResult
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.records import Candidate, Told
from nngrade.watching.arrivals import PATIENCE, SETTLE, Arrivals
from nngrade.watching.watch import RETRY, Stop, Watch, Watcher

from .conftest import nngrade

STAGE = "stage01_sums"
NAME = f"{STAGE}.ipynb"
DEADLINE = 120.0


@pytest.fixture
def right_text(right: dict[str, Any]) -> str:
    return notebook_text(right)


@pytest.fixture
def blank_text(course: Course) -> str:
    return notebook_text(untouched(course, course.stage(STAGE)))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    return path


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def put(inbox: Path, student: str, text: str) -> Path:
    """Hand in, as rsync does: under another name first."""
    path = inbox / student / STAGE / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.Xy12Zz")
    draft.write_text(text)
    draft.rename(path)
    return path


# What is complete


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def look(course: Course, inbox: Path, clock: Clock) -> Callable[[float], set[str]]:
    """Let time go by, look, and say which files are complete."""
    arrivals = Arrivals(inbox, clock)

    def after(seconds: float) -> set[str]:
        clock.now += seconds
        arrivals.look(course)
        return {str(found.path.relative_to(inbox)) for found, _ in arrivals.complete()}

    return after


def test_a_file_is_complete_when_it_is_at_rest(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    name = f"ann/{STAGE}/{NAME}"
    assert look(0) == set()
    assert look(SETTLE) == {name}
    with path.open("a") as file:
        file.write("\n")
    assert look(SETTLE) == set()
    assert look(SETTLE) == {name}


def test_half_a_file_is_waited_for(look, inbox, blank_text):
    path = inbox / "ann.ipynb"
    for share in (4, 3, 2):
        path.write_text(blank_text[: len(blank_text) // share])
        assert look(PATIENCE - 1) == set()
    path.write_text(blank_text)
    assert look(0) == set()
    assert look(SETTLE) == {"ann.ipynb"}


def test_a_file_that_stays_broken_is_taken_for_what_it_is(look, inbox):
    (inbox / "ann.ipynb").write_text("{")
    (inbox / "class.zip").write_bytes(b"PK\3\4 and then nothing")
    assert look(0) == set()
    assert look(PATIENCE - 1) == set()
    assert look(1) == {"ann.ipynb", "class.zip"}


def test_a_file_that_is_written_in_the_place_of_another_is_another(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    before = path.stat()
    look(0)
    assert look(SETTLE)
    put(inbox, "ann", blank_text.replace("a", "b", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert look(0) == set()


def test_when_it_was_handed_in_belongs_to_a_file(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    look(0)
    assert look(SETTLE)
    path.with_name("timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    assert look(0) == set()


def test_hidden_files_links_and_empty_folders(look, inbox, blank_text, tmp_path):
    (inbox / ".hidden").mkdir()
    (inbox / ".hidden/ann.ipynb").write_text(blank_text)
    (inbox / ".ann.ipynb").write_text(blank_text)
    (inbox / "ann.ipynb.part").write_text(blank_text)
    assert look(0) == look(2 * PATIENCE) == set()
    (tmp_path / "secret.ipynb").write_text(blank_text)
    (inbox / "bob.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (inbox / "all").symlink_to(tmp_path)
    look(0)
    assert look(PATIENCE) == {"bob.ipynb"}, "which is said to be a link"


# Rounds, one by one


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


def rows(course: Course) -> dict[str, float]:
    """What the journal holds, by student."""
    with contextlib.closing(sqlite3.connect(course.root / JOURNAL)) as db:
        found = db.execute("SELECT student, result FROM results").fetchall()
    assert len({student for student, _ in found}) == len(found), "a student has two results"
    return {student: json.loads(result)["score"] for student, result in found}


# Processes


class Process:
    """A watcher at work, whose lines can be waited for."""

    def __init__(self, root: Path, *arguments: str) -> None:
        command = [sys.executable, "-u", "-m", "nngrade", "watch", *arguments]
        self.popen = subprocess.Popen(
            [*command, "--sandbox", "weak", "--data", "digits", "--interval", "0.1"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._over = False
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        with self.popen.stdout:
            for line in self.popen.stdout:
                with self._changed:
                    self.lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def until(self, words: str, times: int = 1) -> None:
        """Wait until something was said so many times."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: self._over or self.said(words) >= times, timeout=DEADLINE
            )
            assert came, f"{times} times {words!r} did not come: {''.join(self.lines)}"
            assert self.said(words) >= times, f"it ended: {''.join(self.lines)}"

    def said(self, words: str) -> int:
        """How often something was said."""
        return sum(words in line for line in self.lines)

    def end(self, number: int) -> int:
        """Send all its processes a signal, as a terminal does; the exit code."""
        family = psutil.Process(self.popen.pid).children(recursive=True)
        os.killpg(self.popen.pid, number)
        code = self.popen.wait(DEADLINE)
        self.reader.join(DEADLINE)
        assert not psutil.wait_procs(family, timeout=DEADLINE)[1], "a process outlived it"
        return code


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    made: list[Process] = []

    def run(root: Path, *arguments: str) -> Process:
        made.append(Process(root, *arguments))
        return made[-1]

    yield run
    for one in made:
        one.popen.kill()
        one.popen.wait()
        one.reader.join()


def test_who_stops_or_kills_a_watcher_loses_nothing(start, inbox, new_course, right_text):
    """By Ctrl-C, by a kill, by a service manager: each time in the middle."""
    passed = "6 of 6 points"
    for place in range(15):
        put(inbox, f"s{place:02}", right_text)
    announced = 0
    for number, expected in ((signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)):
        one = start(new_course.root, str(inbox), "--jobs", "2")
        one.until(passed)
        assert one.end(number) == expected
        assert one.said("Traceback") == 0
        announced += one.said(passed)
        kept = rows(new_course)
        assert announced <= len(kept) <= announced + (number == signal.SIGKILL)
    put(inbox, "zoe", right_text)
    one = start(new_course.root, str(inbox), "--jobs", "2")
    one.until(passed, times=16 - len(kept))
    assert one.end(signal.SIGTERM) == 0
    assert one.said(passed) == 16 - len(kept), "graded a second time"
    assert len(rows(new_course)) == 16


def test_watchers_and_class_runs_at_once_do_no_harm(start, classroom, inbox, right_text):
    passed = "stage01_sums: 6 of 6 points"
    watchers = [start(classroom.root, str(inbox), "--gradebook", "--jobs", "1") for _ in range(2)]
    for one in watchers:
        one.until("watching")
    for place in range(4):
        put(inbox, f"s{place}", right_text)
    command = ("grade", str(inbox), "--gradebook", "--data", "digits", "--sandbox", "weak")
    said = ""
    give_up = time.monotonic() + DEADLINE
    while "4 submissions" not in said:
        run = nngrade(classroom.root, *command, ok=False)
        said = run.stdout + run.stderr
        assert "4 submissions" in said or "another class run is under way" in said
        assert time.monotonic() < give_up
    assert [one.end(signal.SIGTERM) for one in watchers] == [0, 0]
    graded = sum(one.said(passed) for one in watchers) + said.count(passed)
    assert graded == 4, "one was graded twice, or not at all"
    assert rows(classroom) == dict.fromkeys(["s0", "s1", "s2", "s3"], 6)
    with contextlib.closing(sqlite3.connect(classroom.root / "gradebook.db")) as db:
        assert db.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (4,)


def command(course: Course, *arguments: object) -> Result:
    """`nngrade watch` in this process."""
    told = [*map(str, arguments), "--data", "digits", "--sandbox", "weak"]
    return CliRunner().invoke(main, ["--course", str(course.root), "watch", *told])


def test_once_is_for_cron(new_course, inbox, right_text, blank_text, tmp_path):
    once = (inbox, "--once", "--feedback", tmp_path / "out", "--format", "html", "--format", "json")
    put(inbox, "ann", right_text)
    done = command(new_course, *once)
    assert done.exit_code == 0
    assert "1 graded" in done.output
    assert sorted(one.name for one in (tmp_path / "out/ann").iterdir()) == [
        f"{STAGE}.html",
        f"{STAGE}.json",
    ]
    put(inbox, "bob", blank_text)
    (inbox / "broken.ipynb").write_text("{")
    done = command(new_course, *once)
    assert done.exit_code == 2
    assert "bob stage01_sums: 0 of 6 points" in done.output
    assert "1 graded" in done.output
    assert "These need a person (1):\n  broken: " in done.output
    assert done.output.count("broken: ") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{root}"], "holds the course itself"),
        (["{root}/.."], "holds the course itself"),
        (["{root}/assignments"], "holds the course itself"),
        (["{root}/nowhere", "--once"], "nowhere: no such folder"),
        (["inbox", "--format", "json"], "--format goes with --feedback"),
        (["inbox", "--students", "nobody.csv"], "nobody.csv: cannot be read"),
    ],
)
def test_what_cannot_be_watched_is_said(new_course, arguments, words):
    done = command(new_course, *(one.format(root=new_course.root) for one in arguments))
    assert done.exit_code == 2
    assert words in done.output
