"""Commands that Ctrl-C or SIGTERM stops: exit codes, outputs, processes, folders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import psutil
import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course
from tests.commands.conftest import SCHEMA

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

DEADLINE = 120.0
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
# Sleeps until the wall limit or the test's end.
SLEEPING = "import time\ntime.sleep(3600)\n"


class Run:
    """A command at work, with a folder of its own for temporary files."""

    def __init__(self, root: Path, *arguments: object, **environment: str) -> None:
        self.scratch = root / "temporary"
        self.scratch.mkdir(exist_ok=True)
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "nngrade", *map(str, arguments)],
            cwd=root,
            env={**os.environ, "TMPDIR": str(self.scratch), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def until(self, there: Callable[[], Any]) -> None:
        """Wait for something that the command does."""
        give_up = time.monotonic() + DEADLINE
        while not there():
            assert self.popen.poll() is None, self.popen.communicate()
            assert time.monotonic() < give_up
            time.sleep(0.01)

    def until_code_runs(self) -> None:
        """Wait for a worker, which has a folder of its own."""
        self.until(lambda: any(self.scratch.glob("nngrade-worker-*")))

    def end(self, number: int, send: Callable[[int, int], None] = os.kill) -> tuple[int, str, str]:
        """Send a signal; the exit code and what was said. No process may be left."""
        family = psutil.Process(self.popen.pid).children(recursive=True)
        send(self.popen.pid, number)
        said, complained = self.popen.communicate(timeout=DEADLINE)
        assert not psutil.wait_procs(family, timeout=DEADLINE)[1], "a process outlived it"
        return self.popen.returncode, said, complained

    def left(self) -> list[str]:
        """The folders of its sandboxes."""
        return sorted(one.name for one in self.scratch.glob("nngrade-*"))


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    made: list[Run] = []

    def run(root: Path, *arguments: object, **environment: str) -> Run:
        made.append(Run(root, *arguments, **environment))
        return made[-1]

    yield run
    for one in made:
        one.popen.kill()
        one.popen.communicate()


def sleepers(course: Course, count: int, to: Path) -> Path:
    """A submitted/ tree of students whose notebooks do not end."""
    stage = course.stages[0]
    answers = {name: SLEEPING + answer for name, answer in solutions(stage).items()}
    for number in range(count):
        notebook = fill(untouched(course, stage), stage, answers)
        write_specimen(Specimen(f"s{number}", stage, notebook), to / "submitted")
    return to / "submitted"


WEAK = ("--sandbox", "weak", "--data", "digits", "--timeout", "600")


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("send", [os.kill, os.killpg])
@pytest.mark.parametrize(("students", "jobs"), [(1, 1), (5, 2)])
def test_a_stopped_run_says_so_and_leaves_nothing(
    new_course, tmp_path, start, number, send, students, jobs
):
    """By a terminal, which signals all processes, or by a supervisor, which signals one."""
    work = sleepers(new_course, students, tmp_path)
    out = tmp_path / "out.json"
    run = start(
        new_course.root, "grade", work, "--jobs", jobs, *WEAK, "--format", "json", "--output", out,
        GITHUB_ACTIONS="true",
    )  # fmt: skip
    run.until_code_runs()
    code, said, complained = run.end(number, send)
    assert code == CODES[number], complained
    assert complained == "nngrade: stopped before the end\n"
    assert said == ""
    document = json.loads(out.read_text())
    jsonschema.validate(document, SCHEMA)
    assert "stopped before its end" in out.read_text()
    assert run.left() == []


@pytest.mark.parametrize("number", CODES)
def test_a_second_signal_at_once_is_the_same_signal(new_course, tmp_path, start, number):
    """As coreutils' `timeout` sends it: to the command and to its group."""
    run = start(new_course.root, "grade", sleepers(new_course, 1, tmp_path), *WEAK)
    run.until_code_runs()

    def twice(pid: int, one: int) -> None:
        os.kill(pid, one)
        os.killpg(pid, one)

    code, _, complained = run.end(number, twice)
    assert (code, complained) == (CODES[number], "nngrade: stopped before the end\n")
    assert run.left() == []


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stopped_class_run_exits_alike(classroom, start, number, jobs):
    work = sleepers(classroom, 4, classroom.root)
    run = start(classroom.root, "grade", work, "--gradebook", "--jobs", jobs, *WEAK)
    run.until_code_runs()
    code, _, complained = run.end(number)
    assert code == CODES[number], complained
    assert "Traceback" not in complained
    assert complained.endswith("nngrade: stopped before the end\n")
    assert run.left() == []


@pytest.mark.parametrize("number", CODES)
def test_a_stopped_audit_exits_alike(new_course, start, number):
    checks = new_course.stages[0].folder / "checks.py"
    checks.write_text(
        f"{checks.read_text()}\nopen({str(new_course.root / 'read')!r}, 'w').close()\n"
        "import time\ntime.sleep(3600)\n"
    )
    run = start(new_course.root, "audit")
    run.until((new_course.root / "read").exists)
    code, _, complained = run.end(number)
    assert (code, complained.strip()) == (CODES[number], "nngrade: stopped before the end")


def test_signals_that_are_ignored_stay_ignored(new_course, tmp_path, start):
    """As in a script's background: Ctrl-C is for what runs in front."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run = start(new_course.root, "grade", sleepers(new_course, 1, tmp_path), *WEAK)
    finally:
        signal.signal(signal.SIGINT, before)
    run.until_code_runs()
    run.popen.send_signal(signal.SIGINT)
    code, _, _ = run.end(signal.SIGTERM)
    assert code == 143
