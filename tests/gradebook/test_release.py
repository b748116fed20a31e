"""The way from grades to released feedback, by nbgrader's own commands and its formgrader."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.utils import notebook_hash, parse_utc

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradebook.release import (
    SECRET,
    files_in,
    make_releasable,
    remove_feedback,
    set_aside_timestamp,
)
from nngrade.submissions.timestamp import (
    TIMESTAMP,
    handed_in_at,
    holds_no_time,
    read_timestamp,
    timestamp_text,
)
from tests.browser import stop, wait_for_address
from tests.conftest import nbgrader, nngrade

STAGE = "stage01_sums"
WRONG = "def total(values):\n    return float(np.sum(values)) + 1\n"
FLAGS = ("--gradebook", "--data", "digits", "--sandbox", "weak")
TOKEN = "only-for-this-test"


@pytest.fixture
def term(classroom: Course) -> Course:
    """The small course with an exchange of its own."""
    exchange = classroom.root.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader insists
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n')
    return classroom


def answered(course: Course, **answers: str) -> str:
    """The reference with other answers in the place of some of it."""
    stage = course.stage(STAGE)
    filled = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
    return notebook_text(filled)


def by_folder(course: Course, student: str, text: str, timestamp: str | None = None) -> Path:
    folder = course.root / "submitted" / student / STAGE
    folder.mkdir(parents=True)
    (folder / f"{STAGE}.ipynb").write_text(text)
    if timestamp is not None:
        (folder / TIMESTAMP).write_text(timestamp)
    return folder


def page(course: Course, student: str) -> Path:
    return course.root / "feedback" / student / STAGE / f"{STAGE}.html"


def released(course: Course) -> dict[str, str]:
    """What is in the exchange, by the names that nbgrader gave it."""
    folder = course.root.parent / "exchange/nngrade/feedback"
    return {path.name: path.read_text() for path in folder.glob("*.html")}


def name_of(course: Course, student: str) -> str:
    secret = (course.root / "autograded" / student / STAGE / SECRET).read_text()
    return f"{notebook_hash(secret=secret, notebook_id=STAGE)}.html"


def hand_in_by_all_ways(course: Course) -> None:
    """Ada by a folder, 4711 by Canvas, dora by nbgrader."""
    by_folder(course, "ada", answered(course, total=WRONG))
    with zipfile.ZipFile(course.root / "export.zip", "w") as archive:
        archive.writestr(f"bobexample_4711_100001_{STAGE}.ipynb", answered(course, total=WRONG))
    when = "2026-11-01 10:00:00.000000 UTC"
    inbound = course.root.parent / f"exchange/nngrade/inbound/dora+{STAGE}+{when}+key"
    inbound.mkdir(parents=True)
    (inbound / f"{STAGE}.ipynb").write_text(answered(course, total=WRONG))
    (inbound / TIMESTAMP).write_text(when)
    (inbound / SECRET).write_text("dora's own")
    nbgrader(course.root, "collect", STAGE)


@pytest.mark.slow
def test_feedback_is_released_whichever_way_a_notebook_came_and_is_new_after_regrading(term):
    hand_in_by_all_ways(term)
    nngrade(term.root, "grade", "submitted", "export.zip", *FLAGS, ok=False)
    nbgrader(term.root, "generate_feedback", STAGE)
    nbgrader(term.root, "release_feedback", STAGE)
    first = released(term)
    students = ("ada", "4711", "dora")
    assert set(first) == {name_of(term, student) for student in students}
    assert (page(term, "dora").parent / SECRET).read_text() == "dora's own"
    assert not (term.root / "submitted/ada" / STAGE / TIMESTAMP).exists()

    checks = term.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("student.total(values), ref", "0.0, 0 * ref"))
    nngrade(term.root, "regrade", *FLAGS[1:], "--write", ok=False)
    assert not any(page(term, student).exists() for student in students)
    nbgrader(term.root, "generate_feedback", STAGE)
    nbgrader(term.root, "release_feedback", STAGE)
    second = released(term)
    assert set(second) == set(first), "an old page would stay in the exchange for ever"
    assert all(second[name] != first[name] for name in first)


@pytest.mark.slow
def test_feedback_is_released_after_autograde_and_is_new_after_autograding_again(term):
    folder = by_folder(term, "ada", answered(term, total=WRONG))
    nbgrader(term.root, "autograde", STAGE)
    nbgrader(term.root, "generate_feedback", STAGE)
    nbgrader(term.root, "release_feedback", STAGE)
    before = released(term)
    assert set(before) == {name_of(term, "ada")}
    (folder / f"{STAGE}.ipynb").write_text(answered(term))
    nbgrader(term.root, "autograde", STAGE, "--force")
    nbgrader(term.root, "generate_feedback", STAGE)
    nbgrader(term.root, "release_feedback", STAGE)
    after = released(term)
    assert set(after) == set(before)
    assert after != before


@pytest.mark.slow
def test_a_person_s_file_among_feedback_stays_and_the_run_says_what_to_do(term):
    by_folder(term, "ada", answered(term))
    nngrade(term.root, "grade", "submitted", *FLAGS)
    nbgrader(term.root, "generate_feedback", STAGE)
    note = page(term, "ada").with_name("seen in my office hour.txt")
    note.write_text("we talked")
    done = nngrade(term.root, "grade", "submitted", *FLAGS, "--force")
    assert note.read_text() == "we talked"
    assert page(term, "ada").exists()
    assert f"generate_feedback {STAGE} --student ada --force" in done.stdout
    assert note.name in done.stdout


@contextmanager
def jupyter_server(folder: Path, home: Path) -> Iterator[str]:
    """A Jupyter server in a course's folder; yields its address."""
    env = {name: text for name, text in os.environ.items() if not name.startswith("JUPYTER")}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    env["HOME"] = str(home)
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        env[f"JUPYTER_{name}"] = str(home / name)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--allow-root"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield wait_for_address(process, home / "RUNTIME_DIR", home / "log")
    finally:
        stop(process)


def listed(url: str) -> list[str] | int:
    """The students whose submissions formgrader lists, or the code of its error."""
    request = urllib.request.Request(
        f"{url}formgrader/api/submissions/{STAGE}", headers={"Authorization": f"token {TOKEN}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return sorted(one["student"] for one in json.load(answer))
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
def test_formgrader_lists_a_stage_after_a_run_whatever_a_timestamp_says(term, tmp_path):
    by_folder(term, "ada", answered(term), "2026-11-01 10:00:00 UTC")
    by_folder(term, "bob", answered(term), "yesterday evening")
    by_folder(term, "cyd", "{", "")
    home = tmp_path / "home"
    home.mkdir()
    with jupyter_server(term.root, home) as url:
        assert listed(url) == 500, "stock nbgrader cannot read such a time"
        done = nngrade(term.root, "grade", "submitted", *FLAGS, ok=False)
        assert listed(url) == ["ada", "bob", "cyd"]
    assert "holds no date but 'yesterday evening'" in done.stdout
    assert f"cyd/{STAGE}/{TIMESTAMP} is empty" in done.stdout
    assert "it is now called timestamp.txt.unreadable" in done.stdout
    submitted = term.root / "submitted/bob" / STAGE
    assert (submitted / "timestamp.txt.unreadable").read_text() == "yesterday evening"
    autograded = term.root / "autograded/bob" / STAGE / TIMESTAMP
    assert not holds_no_time(autograded)
    again = nngrade(term.root, "grade", "submitted/ada", "submitted/bob", *FLAGS)
    assert "2 unchanged" in again.stdout
    assert "need a person" not in again.stdout


# The files that nbgrader looks for


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """An autograded folder, and the notebook that was submitted."""
    folder, submitted = tmp_path / "autograded", tmp_path / "submitted" / f"{STAGE}.ipynb"
    for one in (folder, submitted.parent):
        one.mkdir()
    submitted.write_text("{}")
    return folder, submitted


def complete(new_course: Course, made: tuple[Path, Path], student: str = "ada") -> str:
    return make_releasable(*made, new_course, student, new_course.stage(STAGE))


def test_a_time_that_is_not_known_becomes_that_of_the_file(new_course, made):
    os.utime(made[1], (1_700_000_000, 1_700_000_000))
    assert complete(new_course, made) == ""
    assert (made[0] / TIMESTAMP).read_text() == "2023-11-14 22:13:20.000000 UTC"


def test_sound_files_stay_as_they_are(new_course, made):
    (made[0] / TIMESTAMP).write_text("2026-11-01 10:00:00 +0100")
    (made[0] / SECRET).write_text("key")
    assert complete(new_course, made) == ""
    assert (made[0] / TIMESTAMP).read_text() == "2026-11-01 10:00:00 +0100"
    assert (made[0] / SECRET).read_text() == "key"


def test_a_secret_is_a_student_s_own_and_stays(new_course, made):
    secrets = {}
    for student in ("ada", "bob", "ada"):
        (made[0] / SECRET).unlink(missing_ok=True)
        complete(new_course, made, student)
        secret = (made[0] / SECRET).read_text()
        assert re.fullmatch("[0-9a-f]{128}", secret)
        assert secrets.setdefault(student, secret) == secret
    assert secrets["ada"] != secrets["bob"]


def _write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil", [_write(b""), _write(b"\xff\xfe"), _write(b"x" * 5000), Path.mkdir]
)
def test_a_secret_that_nbgrader_cannot_use_is_replaced_and_told(new_course, made, spoil):
    spoil(made[0] / SECRET)
    said = complete(new_course, made)
    assert str(made[1].with_name(SECRET)) in said
    assert "give it to the student yourself" in said
    assert len((made[0] / SECRET).read_text()) == 128


# Times


@pytest.mark.parametrize(
    "spoil",
    [
        _write(b""),
        _write(b" \n"),
        _write(b"\xff"),
        _write(b"soon"),
        _write(b"9999-12-31 23:59:59 UTC"),
        _write(b"9" * 400),
        Path.mkdir,
        os.mkfifo,
    ],
)
def test_what_is_no_time_is_set_aside_with_a_sentence(tmp_path, spoil):
    spoil(tmp_path / TIMESTAMP)
    time, problem = read_timestamp(tmp_path / "x.ipynb")
    assert time is None
    assert problem.endswith("so it does not count as late")
    assert handed_in_at(tmp_path / "x.ipynb") is None
    said = set_aside_timestamp(tmp_path)
    assert said.startswith(problem)
    assert [path.name for path in tmp_path.iterdir()] == ["timestamp.txt.unreadable"]
    assert set_aside_timestamp(tmp_path) == ""


def test_what_was_set_aside_before_is_kept(tmp_path):
    for text in ("one", "two"):
        (tmp_path / TIMESTAMP).write_text(text)
        set_aside_timestamp(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "timestamp.txt.unreadable": "one",
        "timestamp.txt.unreadable.1": "two",
    }


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-01 10:00:00 UTC", "2026-11-01T10:00:00+00:00"),
        ("2026-11-01 10:00:00.250000 UTC\n", "2026-11-01T10:00:00.250000+00:00"),
        ("2026-11-01 10:00:00+01:00", "2026-11-01T09:00:00+00:00"),
        ("2026-11-01T10:00:00-05:00", "2026-11-01T15:00:00+00:00"),
    ],
)
def test_times_are_read_as_nbgrader_reads_them(tmp_path, text, utc):
    (tmp_path / TIMESTAMP).write_text(text)
    time, problem = read_timestamp(tmp_path / "x.ipynb")
    assert problem == ""
    assert time == parse_utc(text.strip())
    assert handed_in_at(tmp_path / "x.ipynb") == utc
    assert parse_utc(timestamp_text(time)) == time


def test_a_time_in_another_folder_is_left_alone(classroom, tmp_path):
    from nngrade.gradebook.writer import GradebookWriter

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / TIMESTAMP).write_text("soon")
    inside = by_folder(classroom, "ada", "{}", "soon")
    with GradebookWriter(classroom, "hints") as book:
        assert book.receive(inbox / "x.ipynb") == ""
        assert (inbox / TIMESTAMP).exists()
        assert "timestamp.txt.unreadable" in book.receive(inside / "x.ipynb")
        assert not (inside / TIMESTAMP).exists()


# Old feedback


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Feedback as nbgrader makes it, and the autograded folder that it was made of."""
    autograded, feedback = tmp_path / "autograded", tmp_path / "feedback"
    (autograded / "data").mkdir(parents=True)
    for name in (f"{STAGE}.ipynb", "data/own.csv", TIMESTAMP, SECRET):
        (autograded / name).write_text(name)
    shutil.copytree(autograded, feedback, ignore=shutil.ignore_patterns("*.ipynb"))
    (feedback / f"{STAGE}.html").write_text("feedback")
    return feedback, autograded


def test_old_feedback_is_removed_whole(folders):
    feedback, autograded = folders
    assert remove_feedback(feedback, autograded, set(), "ada", STAGE) == ""
    assert not feedback.exists()
    assert len(files_in(autograded)) == 4


def test_files_of_the_submission_before_are_nbgrader_s_too(folders):
    feedback, autograded = folders
    earlier = files_in(autograded)
    (autograded / "data/own.csv").unlink()
    assert remove_feedback(feedback, autograded, earlier, "ada", STAGE) == ""
    assert not feedback.exists()


@pytest.mark.parametrize("name", ["note.txt", "data/note.txt", "other.html"])
def test_nothing_is_removed_where_a_person_put_a_file(folders, name):
    feedback, autograded = folders
    (feedback / name).write_text("mine")
    before = files_in(feedback)
    assert name in remove_feedback(feedback, autograded, set(), "ada", STAGE)
    assert files_in(feedback) == before


def test_what_a_link_in_the_feedback_leads_to_stays(folders, tmp_path):
    feedback, autograded = folders
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "note.txt").write_text("mine")
    (feedback / "linked").symlink_to(outside)
    assert "linked" in remove_feedback(feedback, autograded, set(), "ada", STAGE)
    assert (outside / "note.txt").exists()


def test_a_course_whose_feedback_is_its_autograded_folder_loses_nothing(folders):
    _, autograded = folders
    assert remove_feedback(autograded, autograded, set(), "ada", STAGE) == ""
    assert len(files_in(autograded)) == 4
