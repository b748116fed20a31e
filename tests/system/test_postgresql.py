"""A class's grades in PostgreSQL: a real server, started for these tests and stopped after them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.answers import Answer
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.gradebook.writer import GradebookWriter, NotWritten
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

psycopg2 = pytest.importorskip("psycopg2", reason="psycopg2, the driver, is not installed")

STAGE = "stage01_sums"
PASSWORD = "correct-horse"
# As root, the server is run by one of these: it refuses root.
SERVANTS = ("postgres", "nobody")
ACCESS = """\
local all locked scram-sha-256
local all all trust
"""


@dataclass
class Server:
    """A PostgreSQL server that listens on a socket in its folder, and nowhere else."""

    folder: Path
    programs: Path
    process: subprocess.Popen[bytes] | None = None

    def run(self, program: str, *arguments: object) -> list[str]:
        """The command line of one of its programs, under the user that the folder belongs to."""
        command = [str(self.programs / program), *map(str, arguments)]
        # The kernel stops it even where the tests are killed; QUIT is "at once" to PostgreSQL.
        prefix = ["setpriv", "--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            owner = self.folder.stat()
            prefix += ["--reuid", str(owner.st_uid), "--regid", str(owner.st_gid)]
            prefix += ["--clear-groups"]
        return [*prefix, *command]

    def make(self) -> None:
        data = self.folder / "data"
        made = subprocess.run(
            self.run(
                "initdb", "-D", data, "-U", "nngrade", "-A", "trust", "-E", "UTF8",
                "--locale=C", "--no-sync",
            ),
            cwd="/", capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        (data / "pg_hba.conf").write_text(ACCESS)

    def start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.run("postgres", "-D", self.folder / "data", *options),
                cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        patience = time.monotonic() + 60
        while True:
            try:
                psycopg2.connect(self.dsn("postgres")).close()
                return
            except psycopg2.OperationalError:
                if self.process.poll() is not None or time.monotonic() > patience:
                    pytest.fail((self.folder / "log").read_text())
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop it at once: connections break, as when the machine goes down."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def dsn(self, database: str) -> str:
        return f"host={self.folder} user=nngrade dbname={database}"

    def execute(self, database: str, statement: str) -> None:
        connection = psycopg2.connect(self.dsn(database))
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def ask(self, question: str) -> list[str]:
        connection = psycopg2.connect(self.dsn("postgres"))
        try:
            cursor = connection.cursor()
            cursor.execute(question)
            return [str(row[0]) for row in cursor.fetchall()]
        finally:
            connection.close()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg2://nngrade@/{database}?host={self.folder}"


@pytest.fixture(scope="module")
def _cluster() -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    if not found:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv (util-linux) is not installed")
    # Not in pytest's folder: that belongs to this user alone, and its path is long for a socket's.
    folder = Path(tempfile.mkdtemp(prefix="nngrade-pg-"))
    server = Server(folder, found[-1].parent)
    try:
        if os.geteuid() == 0:
            _give_away(folder)
        server.make()
        server.start()
        server.execute("postgres", f"CREATE ROLE locked LOGIN PASSWORD '{PASSWORD}'")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _version(program: Path) -> tuple[int, ...]:
    return tuple(map(int, program.parent.parent.name.split(".")))


def _give_away(folder: Path) -> None:
    for name in SERVANTS:
        try:
            shutil.chown(folder, name)
            return
        except LookupError:
            continue
    pytest.skip(f"PostgreSQL does not run as root, and there is no user {' or '.join(SERVANTS)}")


@pytest.fixture(scope="module")
def _prepared(_cluster: Server, course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, with six submissions, and a database that knows its first stage."""
    root = tmp_path_factory.mktemp("postgresql") / "course"
    shutil.copytree(course.root, root)
    hand_in(Course(root))
    _cluster.execute("postgres", "CREATE DATABASE prepared")
    configure(root, _cluster.url("prepared"))
    made = run(root, "nbgrader", "generate_assignment", STAGE)
    assert made.returncode == 0, made.stderr
    return root


@pytest.fixture
def server(_cluster: Server, _prepared: Path) -> Server:
    """The server, running, with a database ``gradebook`` in which nothing is graded yet."""
    if _cluster.process is None:
        _cluster.start()
    _cluster.execute("postgres", "DROP DATABASE IF EXISTS gradebook WITH (FORCE)")
    _cluster.execute("postgres", "CREATE DATABASE gradebook TEMPLATE prepared")
    return _cluster


@pytest.fixture
def root(_prepared: Path, server: Server, tmp_path: Path) -> Path:
    """A course whose gradebook that database is."""
    folder = tmp_path / "course"
    shutil.copytree(_prepared, folder)
    configure(folder, server.url("gradebook"))
    return folder


def configure(root: Path, db_url: str | None) -> None:
    text = (ROOT / "nbgrader_config.py").read_text()
    if db_url is not None:
        text += f"c.CourseDirectory.db_url = {db_url!r}\n"
    (root / "nbgrader_config.py").write_text(text)


def environment() -> dict[str, str]:
    # nbgrader calls alembic by its name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "NNGRADE_SECRET": "a secret for tests only", "PATH": path}


def run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


GRADE = ("nngrade", "grade", "submitted", "--gradebook", "--data", "digits", "--sandbox", "weak")


def hand_in(course: Course, seconds: float = 0) -> None:
    """Six submissions of stage 1."""
    stage = course.stages[0]
    blank, right = untouched(course, stage), solutions(stage)
    mean, *_ = [answer for answer in stage.misconceptions if answer.task == "total"]
    in_place = next(answer for answer in stage.misconceptions if answer.task == "shifted")
    bare = fill(blank, stage, right)
    bare["cells"] = [cell for cell in bare["cells"] if cell["id"] != "tests-total"]

    def wrong(answer: Answer) -> dict[str, Any]:
        return fill(blank, stage, {**right, answer.task: answer.source})

    notebooks = {
        "ann": fill(blank, stage, right),
        "bob": blank,
        "carl": wrong(mean),
        "dora": wrong(in_place),
        "eva": bare,
        "fred": fill(blank, stage, {"shifted": right["shifted"]}),
    }
    for student, notebook in notebooks.items():
        if seconds:
            source = f"import time\ntime.sleep({seconds})"
            cell = {"cell_type": "code", "id": "slow", "metadata": {}, "source": source}
            notebook = {**notebook, "cells": [*notebook["cells"]]}
            notebook["cells"].insert(1, {**cell, "outputs": [], "execution_count": None})
        write_specimen(Specimen(student, stage, notebook), course.root / "submitted")
    late = course.root / "submitted/fred" / STAGE / "timestamp.txt"
    late.write_text("2031-05-01 12:00:00 UTC\n")


@contextmanager
def opened(db_url: str) -> Iterator[Any]:
    """The gradebook, by nbgrader's own interface."""
    from nbgrader.api import Gradebook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own
        book = Gradebook(db_url, "nngrade")
        try:
            yield book
        finally:
            book.close()


def grades(db_url: str) -> dict[str, Any]:
    """All that a gradebook says of each student."""
    with opened(db_url) as book:
        return {
            one.student.id: (
                one.score,
                str(one.timestamp),
                {
                    grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    for grade in one.notebooks[0].grades
                },
                {comment.name: comment.auto_comment for comment in one.notebooks[0].comments},
            )
            for one in book.assignment_submissions(STAGE)
        }


def counts(finished: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """What the last line of a run counts."""
    summary = finished.stdout.splitlines()[0].split(": ", 1)[1].rstrip(".")
    return {what: int(n) for n, what in re.findall(r"(\d+) ([^,]+(?:, but not written)?)", summary)}


def test_a_class_gets_the_grades_that_it_gets_with_sqlite(root: Path, server: Server):
    with_sqlite = root.with_name("with-sqlite")
    shutil.copytree(root, with_sqlite)
    configure(with_sqlite, None)
    made = run(with_sqlite, "nbgrader", "generate_assignment", STAGE)
    assert made.returncode == 0, made.stderr
    for folder in (root, with_sqlite):
        graded = run(folder, *GRADE)
        assert counts(graded) == {"graded": 6}, graded.stderr
        assert graded.returncode == 1
    assert not (root / "gradebook.db").exists()
    found = grades(server.url("gradebook"))
    assert found == grades(f"sqlite:///{with_sqlite / 'gradebook.db'}")
    assert {student: score for student, (score, *_) in found.items()} == {
        "ann": 6, "bob": 0, "carl": 3, "dora": 3, "eva": 6, "fred": 3,
    }  # fmt: skip

    again = run(root, *GRADE)
    assert counts(again) == {"unchanged since they were graded": 6}
    assert again.returncode == 1

    exported = run(root, "nbgrader", "export")
    assert exported.returncode == 0, exported.stderr
    table = (root / "grades.csv").read_text()
    assert re.search(rf"^{STAGE},.*,carl,.*,3\.0,6\.0$", table, re.MULTILINE)


def test_what_a_person_graded_survives(root: Path, server: Server):
    assert counts(run(root, *GRADE)) == {"graded": 6}
    with opened(server.url("gradebook")) as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "bob")
        grade.manual_score, grade.extra_credit = 1.5, 0.5
        book.find_comment("task-total", STAGE, STAGE, "bob").manual_comment = "Talk to me."
        book.db.commit()
    assert counts(run(root, *GRADE, "--force")) == {"graded": 6}
    with opened(server.url("gradebook")) as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "bob")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (0, 1.5, 0.5)
        assert grade.needs_manual_grade
        assert book.find_comment("task-total", STAGE, STAGE, "bob").comment == "Talk to me."
        assert book.find_submission(STAGE, "bob").score == 2


def test_a_server_that_stops_during_a_run_costs_no_grading(root: Path, server: Server):
    hand_in(Course(root), seconds=0.5)
    process = subprocess.Popen(
        [sys.executable, "-m", *GRADE, "--jobs", "1"],
        cwd=root, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    first = process.stderr.readline()
    server.stop()
    try:
        output, lines = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 2
    assert output, lines
    found = counts(subprocess.CompletedProcess([], 2, output))
    written, unwritten = found["graded"], found["graded, but not written"]
    assert written + unwritten == 6
    assert "ann stage01_sums: 6 of 6 points\n" in first
    assert lines.count(", not written\n") == unwritten >= 1
    assert "Traceback" not in lines
    sentence = r"the gradebook cannot be written \(.*\); mend that and run the same command again"
    said = re.findall(rf"^  (?:\w+: {sentence}|{sentence}\n    (\d+) submissions: )", output, re.M)
    assert sum(int(number or 1) for number in said) == unwritten

    server.start()
    again = run(root, *GRADE)
    assert counts(again) == {
        "graded by an earlier run and written now": unwritten,
        "unchanged since they were graded": written,
    }
    assert again.returncode == 1
    scores = {student: score for student, (score, *_) in grades(server.url("gradebook")).items()}
    assert scores == {"ann": 6, "bob": 0, "carl": 3, "dora": 3, "eva": 6, "fred": 3}


@pytest.fixture
def writer(root: Path) -> Iterator[GradebookWriter]:
    with GradebookWriter(Course(root), "hints") as one:
        yield one


@pytest.fixture
def result(root: Path, stage: Stage, grader: Grader) -> SubmissionResult:
    return grader.grade(root / f"submitted/carl/{STAGE}/{STAGE}.ipynb", stage, "carl")


def test_a_writer_goes_on_with_a_server_that_was_started_again(
    writer: GradebookWriter, result: SubmissionResult, stage: Stage, server: Server
):
    writer.write(result, stage, None)
    server.stop()
    for student in ("carl", "new"):
        with pytest.raises(NotWritten, match=r"^the gradebook cannot be written \(.*socket"):
            writer.write(replace(result, student=student), stage, None)
    assert not writer.holds("carl", STAGE)
    with pytest.raises(CourseError, match="the gradebook cannot be read"):
        writer.require(stage)
    server.start()
    assert writer.holds("carl", STAGE)
    # Dead connections are noticed on use only: by reading, by adding, by changing.
    server.stop()
    server.start()
    writer.require(stage)
    for student in ("carl", "new"):
        server.stop()
        server.start()
        writer.write(replace(result, student=student), stage, None)
    found = grades(server.url("gradebook"))
    assert {student: score for student, (score, *_) in found.items()} == {"carl": 3, "new": 3}


def test_no_transaction_stays_open_while_submissions_are_graded(
    writer: GradebookWriter, result: SubmissionResult, stage: Stage, server: Server
):
    for action in (
        lambda: writer.require(stage),
        lambda: writer.holds("carl", STAGE),
        lambda: writer.write(result, stage, None),
        lambda: writer.holds("carl", STAGE),
    ):
        action()
        assert server.ask(
            "SELECT state FROM pg_stat_activity WHERE datname = 'gradebook' AND pid <> "
            "pg_backend_pid() AND backend_type = 'client backend'"
        ) == ["idle"]


def test_a_row_that_somebody_holds_is_not_waited_for_without_end(
    root: Path,
    result: SubmissionResult,
    stage: Stage,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("nngrade.gradebook.writer.PATIENCE", 0.2)
    with GradebookWriter(Course(root), "hints") as writer:
        writer.write(result, stage, None)
        with opened(server.url("gradebook")) as book:
            book.find_grade("tests-shifted", STAGE, STAGE, "carl").manual_score = 1
            book.db.flush()
            changed = replace(
                result, checks=tuple(replace(one, score=0.0) for one in result.checks)
            )
            with pytest.raises(NotWritten, match="lock timeout"):
                writer.write(changed, stage, None)
            book.db.commit()
        writer.write(changed, stage, None)
    _, _, found, _ = grades(server.url("gradebook"))["carl"]
    assert found["tests-shifted"] == (0, 1, True)


def test_a_server_that_cannot_be_reached_does_not_cost_its_time_out_each_time(
    writer: GradebookWriter,
    result: SubmissionResult,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
):
    now, attempts = [0.0], []

    def wait_in_vain(*_: object) -> None:
        attempts.append(now[0])
        now[0] += 10
        raise OperationalError("SELECT 1", {}, Exception("timeout expired"))

    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=time.sleep)
    monkeypatch.setattr("nngrade.gradebook.writer.time", clock)
    monkeypatch.setattr(writer, "_write_grades", wait_in_vain)
    for _ in range(3):
        with pytest.raises(NotWritten, match="timeout expired"):
            writer.write(result, stage, None)
    assert attempts == [0]
    monkeypatch.undo()
    monkeypatch.setattr("nngrade.gradebook.writer.time", clock)
    now[0] += 200
    writer.write(result, stage, None)
    assert writer.holds("carl", STAGE)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "postgresql+psycopg2://locked:wrong-horse@/gradebook?host={folder}",
            r"the gradebook postgresql\+psycopg2://locked:...@/gradebook cannot be opened: .*"
            'password authentication failed for user "locked"',
        ),
        (
            "postgresql+psycopg2://locked@/gradebook?host={folder}&password=wrong-horse",
            'password authentication failed for user "locked"',
        ),
        (
            "postgresql+psycopg2://locked:wrong-horse@127.0.0.1:1/gradebook",
            r"the gradebook postgresql\+psycopg2://locked:...@127.0.0.1:1/gradebook cannot be "
            "opened: .*Connection refused",
        ),
        ("postgresql+psycopg2://locked:wrong-horse@h:port/x", "is not a database's URL, such as"),
        ("postgres//locked:wrong-horse@h/x", "is not a database's URL, such as"),
        ("wrongsql://locked:wrong-horse@h/x", "wrongsql://locked:...@h/x cannot be opened"),
    ],
)
def test_a_gradebook_that_cannot_be_opened_is_told_without_its_password(
    root: Path, server: Server, url: str, sentence: str
):
    configure(root, url.format(folder=server.folder))
    with pytest.raises(CourseError) as caught:
        GradebookWriter(Course(root), "hints")
    assert re.search(sentence, str(caught.value))
    assert "wrong-horse" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_is_used(root: Path, server: Server):
    url = f"postgresql+psycopg2://locked:{PASSWORD}@/gradebook?host={server.folder}"
    server.execute("gradebook", "GRANT ALL ON ALL TABLES IN SCHEMA public TO locked")
    configure(root, url)
    with GradebookWriter(Course(root), "hints") as writer:
        writer.require(Course(root).stages[0])


def test_a_run_without_a_server_says_so_in_one_sentence(root: Path, server: Server):
    server.stop()
    ended = run(root, *GRADE)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(r"nngrade: the gradebook .* cannot be opened: .*\n", ended.stderr)


def test_a_missing_driver_is_named_with_the_fix(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    with pytest.raises(CourseError, match=r'driver .*pip install "nngrade\[postgresql\]"'):
        GradebookWriter(Course(root), "hints")
