"""`nngrade practice` as a program: what it says while a student works, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.commands.conftest import nngrade
from tests.helpers import WRONG

pytestmark = pytest.mark.thorough

DEADLINE = 60.0


@pytest.fixture(autouse=True)
def _no_course_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NNGRADE_COURSE", raising=False)


def text_of(course: Course, number: int, **answers: str) -> str:
    """A notebook: right but for these answers; "" leaves a task untouched."""
    stage = course.stages[number]
    filled = {task: source for task, source in {**solutions(stage), **answers}.items() if source}
    return notebook_text(fill(untouched(course, stage), stage, filled))


def save(path: Path, text: str) -> None:
    """As JupyterLab does it: at once."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


@pytest.fixture
def folder(course: Course, tmp_path: Path) -> Path:
    """A student's folder: stage 1 not begun, stage 2 done."""
    for number, answers in ((0, {"total": "", "shifted": ""}), (1, {})):
        name = course.stages[number].name
        path = tmp_path / "assignments" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text_of(course, number, **answers))
    return tmp_path


@pytest.fixture
def first(folder: Path, course: Course) -> Path:
    name = course.stages[0].name
    return folder / "assignments" / name / f"{name}.ipynb"


class Terminal:
    """`nngrade practice` in a terminal of 80 columns."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        own, its = pty.openpty()
        ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        env = {**os.environ, "TERM": "xterm", **environment}
        for name in ("COLUMNS", "LINES"):
            env.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nngrade", *arguments],
            cwd=folder, stdin=its, stdout=its, stderr=its, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(its)
        self._own = own
        self._read = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                more = os.read(self._own, 4096)
            except OSError:
                return
            if not more:
                return
            self._read += more

    @property
    def text(self) -> str:
        return self._read.decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, said: str) -> None:
        """Wait until something is on the screen."""
        give_up = time.monotonic() + DEADLINE
        while said not in self.text:
            assert time.monotonic() < give_up, self.text
            assert self.process.poll() is None or said in self.text, self.text
            time.sleep(0.05)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._own)


@pytest.fixture
def terminal(folder: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(folder, *arguments, **environment))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_it_goes_along_from_nothing_to_all_done(
    course: Course, first: Path, terminal: Callable[..., Terminal]
):
    run = terminal("practice")
    run.wait_for("Next, in stage01_sums:")
    run.wait_for("total is not done yet")
    assert re.search(r"all stages +[█░]+ 3 of 5 tasks", run.text)
    save(first, text_of(course, 0, total=WRONG, shifted=""))
    run.wait_for("1 + 2 is 3")
    save(first, text_of(course, 0, shifted=""))
    run.wait_for("★ total is done.")
    save(first, text_of(course, 0))
    run.wait_for("All done")
    assert run.process.wait(DEADLINE) == 0
    assert max(map(len, run.text.splitlines())) <= 80
    assert "Traceback" not in run.text


def test_with_a_course_the_points_are_counted(
    course: Course, first: Path, terminal: Callable[..., Terminal]
):
    run = terminal(
        *("--course", str(course.root), "practice", "stage01", "--sandbox", "weak"),
        NNGRADE_SECRET="a secret for tests only",
    )
    run.wait_for("0 of 6 points")
    # Right in all that the visible tests see, and not in all that is asked for.
    nearly = "def total(values):\n    return float(np.sum(values)) if len(values) else 1.0\n"
    save(first, text_of(course, 0, total=nearly))
    run.wait_for("5 of 6 points")
    assert "★ 2 more of 3 points in total." in run.text
    save(first, text_of(course, 0))
    run.wait_for("★ total is done, for 3 points.")
    assert run.process.wait(DEADLINE) == 0
    assert max(map(len, run.text.splitlines())) <= 80


def test_a_notebook_that_is_being_written_or_is_gone_is_waited_for(
    course: Course, first: Path, terminal: Callable[..., Terminal]
):
    run = terminal("practice", "stage01")
    run.wait_for("total is not done yet")
    whole = text_of(course, 0)
    first.write_text(whole[: len(whole) // 2])
    run.wait_for("cannot be read as a notebook now")
    first.unlink()
    time.sleep(1.2)
    assert run.process.poll() is None
    save(first, whole)
    run.wait_for("All done")
    assert run.process.wait(DEADLINE) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("busy", [False, True])
def test_it_is_stopped_as_other_commands_are(
    first: Path, course: Course, terminal: Callable[..., Terminal], number: int, code: int,
    busy: bool,
):  # fmt: skip
    run = terminal("practice", "stage01")
    run.wait_for("total is not done yet")
    if busy:
        endless = "def total(values):\n    while True: pass\n"
        save(first, text_of(course, 0, total=endless))
        time.sleep(2)
    os.killpg(run.process.pid, number)
    assert run.process.wait(DEADLINE) == code
    run.wait_for("nngrade: stopped")
    assert "Traceback" not in run.text


def test_looking_once(folder: Path, first: Path, course: Course):
    done = nngrade("practice", "--once", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "Next, in stage01_sums:" in done.stdout
    save(first, text_of(course, 0))
    done = nngrade("practice", "--once", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All done" in done.stdout
    assert nngrade("practice", "--once", "stage02", cwd=folder).returncode == 0


def test_from_any_folder(folder: Path, first: Path, tmp_path_factory: pytest.TempPathFactory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for where in (folder, folder / "assignments", first):
        done = nngrade("practice", "--once", where, cwd=elsewhere)
        assert done.returncode == 1, done.stderr
        assert "stage01_sums" in done.stdout


def test_a_course_that_is_named_in_the_environment_counts_unless_it_is_not_wanted(
    folder: Path, course: Course
):
    named = {"NNGRADE_COURSE": str(course.root)}
    arguments = ("practice", "--once", "stage02", "--sandbox", "weak", "--data", "digits")
    assert " points" in nngrade(*arguments, cwd=folder, **named).stdout
    assert " points" not in nngrade(*arguments, "--visible", cwd=folder, **named).stdout


FAULTS = {
    "a wrong name": (("stage9",), "there is no stage or notebook 'stage9'; stages: stage01_sums"),
    "a wrong option": (("--sandbox", "none"), "Invalid value for '--sandbox'"),
    "no time": (("--seconds", "0"), "Invalid value for '--seconds'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_tried_is_said(folder: Path, fault: str):
    arguments, said = FAULTS[fault]
    done = nngrade("practice", "--once", *arguments, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_no_notebook_anywhere(tmp_path: Path):
    done = nngrade("practice", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no notebook in" in done.stderr


def test_no_notebook_that_can_be_read(folder: Path, first: Path):
    first.write_text("{")
    done = nngrade("practice", "--once", "stage01", cwd=folder)
    assert done.returncode == 2
    assert "cannot be read as a notebook now" in done.stdout
    assert "no notebook could be tried" in done.stderr


def test_a_course_that_is_none_is_said(folder: Path, tmp_path: Path):
    done = nngrade("practice", "--once", cwd=folder, NNGRADE_COURSE=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "no course in" in done.stderr
