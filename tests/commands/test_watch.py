"""`nngrade watch`: real processes, stopped and killed; and its options."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from nngrade.commands.main import main
from nngrade.course.stages import Course
from tests.conftest import nngrade
from tests.helpers import STAGE
from tests.watching.conftest import kept_results, put, rows

DEADLINE = 120.0


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


MANY = 30  # submissions, so that a run can be stopped in the middle


@pytest.mark.slow
def test_who_stops_or_kills_a_watcher_loses_nothing(start, inbox, new_course, right_text):
    """By Ctrl-C, by a kill, by a service manager: each time in the middle."""
    passed = "6 of 6 points"
    for place in range(MANY):
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
    before = kept_results(new_course)
    # A kill between keeping a result and writing it leaves one that the next watcher announces.
    unwritten = sum(not written for _, written in before.values())
    put(inbox, "zoe", right_text)
    one = start(new_course.root, str(inbox), "--jobs", "2")
    one.until(passed, times=MANY + 1 - len(kept) + unwritten)
    assert one.end(signal.SIGTERM) == 0
    assert one.said(passed) == MANY + 1 - len(kept) + unwritten
    assert one.said("graded before, written now") == unwritten
    after = kept_results(new_course)
    assert {name: text for name, (text, _) in before.items()} == {
        name: after[name][0] for name in before
    }, "graded a second time"
    assert len(rows(new_course)) == MANY + 1


@pytest.mark.slow
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
