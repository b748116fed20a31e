"""Grading on a Dask cluster: a real scheduler and real workers, started for these tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.seeds import course_secret
from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL
from tests.conftest import nngrade
from tests.helpers import STAGE, WRONG
from tests.runs.conftest import notebook, submit

pytestmark = pytest.mark.slow

pytest.importorskip("distributed", reason="distributed, which makes clusters, is not installed")


SLOW = "import time\ntime.sleep(0.4)\ndef total(values):\n    return float(np.sum(values))\n"


GRADE = ("grade", "submitted", "--data", "digits", "--sandbox", "weak")


@dataclass
class Cluster:
    """A scheduler and workers on this machine; what they leave behind is in `folder`."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> Cluster:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        # Tests that are killed leave a scheduler that ends by itself, and its workers with it.
        options = ("--host", "127.0.0.1", "--port", port, "--idle-timeout", "300 s")
        self.scheduler = self._run("dask_scheduler", *options)
        return self

    def worker(self, *options: str, **environment: str) -> Worker:
        name = f"worker{len(self.processes)}"
        work = self.folder / name
        (work / "tmp").mkdir(parents=True)
        process = self._run(
            "dask_worker", self.address, "--nthreads", "1", "--name", name,
            "--local-directory", str(work / "dask"), *(options or ("--no-nanny",)),
            TMPDIR=str(work / "tmp"), **environment,
        )  # fmt: skip
        return Worker(process, work / "tmp", self._log(process))

    def _run(self, program: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"log{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options],
                # A folder from which nobody finds a submission, or a course.
                cwd="/", env={**os.environ, **self.environment, **environment},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def _log(self, process: subprocess.Popen[bytes]) -> Path:
        return self.folder / f"log{self.processes.index(process)}"

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        # The scheduler last: workers that lose it look for it before they end.
        workers = [one for one in self.processes if one is not self.scheduler]
        for group in (workers, [self.scheduler]):
            for process in group:
                process.terminate()
            for process in group:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@dataclass
class Worker:
    process: subprocess.Popen[bytes]
    tmp: Path
    log: Path

    def ready(self) -> Worker:
        """Wait until it is connected."""
        until(lambda: "Registered to" in self.log.read_text())
        return self

    @property
    def address(self) -> str:
        found = re.search(r"Start worker at: +(tcp://\S+)", self.log.read_text())
        assert found is not None
        return found[1]

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        assert self.process.wait(20) == 0


def until(condition: Callable[[], object], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers for all tests that leave them alone."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as one:
        one.start()
        first, second = one.worker(), one.worker()
        first.ready()
        second.ready()
        yield one
    for worker in (first, second):
        assert not list(worker.tmp.iterdir()), "a worker left something behind"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler for one test, which starts workers as it needs them."""
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as one:
        yield one


def submit_slow(course: Course, count: int) -> None:
    for number in range(count):
        submit(course, f"s{number:02}", notebook(course, {"total": SLOW}))


def on(cluster: Cluster) -> tuple[str, ...]:
    return "--executor", "dask", "--scheduler", cluster.address


def class_run(course: Course, cluster: Cluster) -> subprocess.Popen[str]:
    """A class run that goes on beside this test."""
    return beside(course, "--gradebook", *on(cluster))


def beside(course: Course, *options: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.Popen(
        [sys.executable, "-m", "nngrade", *GRADE, *options],
        cwd=course.root, env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def rows(course: Course) -> dict[str, float]:
    """Students in the journal, with their scores."""
    path = course.root / JOURNAL
    if not path.exists():
        return {}
    with sqlite3.connect(path) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name='results'").fetchone():
            return {}
        found = db.execute("SELECT student, result FROM results").fetchall()
    scores = {student: json.loads(result)["score"] for student, result in found}
    assert len(scores) == len(found)
    return scores


def test_the_same_grades_as_on_one_machine(new_course: Course, shared: Cluster) -> None:
    for student, answers in {
        "ada": {},
        "bob": {"total": WRONG},
        "cyd": {"total": "import os\nos._exit(3)\n"},
    }.items():
        submit(new_course, student, notebook(new_course, answers))
    submit(new_course, "eve", notebook_text(untouched(new_course, new_course.stage(STAGE))))
    submit(new_course, "broken", "{ this is no notebook")
    submit(new_course, "empty", "")
    os.mkfifo(submit(new_course, "pipe", notebook(new_course)).with_name("other.ipynb"))
    submit(new_course, "who", notebook(new_course)).rename(new_course.root / "submitted/z.ipynb")

    def results(*options: str) -> tuple[list[dict[str, Any]], list[str]]:
        done = nngrade(new_course.root, *GRADE, "--json", "-", *options, ok=False)
        assert done.returncode == 2, done.stderr
        said = json.loads(re.sub(r'"seconds": [\d.]+', '"seconds": 0', done.stdout))
        problems = [line for line in done.stderr.splitlines() if line.startswith("nngrade: ")]
        return said["submissions"], problems

    ours, problems = results(*on(shared))
    assert (ours, problems) == results()
    scores = {one["student"]: one["score"] for one in ours if one["status"] == "graded"}
    assert scores == {"ada": 6, "bob": 3, "cyd": 3, "eve": 0, "pipe": 6, "z": 6}
    path = f"submitted/broken/{STAGE}/{STAGE}.ipynb"
    assert f"{path}: not a notebook: it is no valid JSON" in problems[0]
    assert path in {one["path"] for one in ours}
    for kept in shared.folder.glob("worker*/tmp/*"):
        assert "zygote" in kept.name, "something of a submission is left"


def test_workers_come_and_go(classroom: Course, cluster: Cluster) -> None:
    submit_slow(classroom, 12)
    cluster.start()
    first, second = cluster.worker(), cluster.worker()
    first.ready()
    run = class_run(classroom, cluster)
    until(lambda: len(rows(classroom)) >= 2)
    first.process.kill()
    third = cluster.worker().ready()
    until(lambda: len(rows(classroom)) >= 5)
    second.process.kill()
    output, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert third.process.poll() is None
    assert "12 submissions in" in output
    assert rows(classroom) == {f"s{number:02}": 6 for number in range(12)}
    assert sorted(re.findall(r"\] (s\d\d) ", errors)) == sorted(rows(classroom))


def test_no_worker_and_then_no_scheduler(classroom: Course, cluster: Cluster) -> None:
    submit_slow(classroom, 12)
    cluster.start()
    run = class_run(classroom, cluster)
    assert run.stderr is not None
    said = run.stderr.readline()
    assert f"no worker is connected to {cluster.address}; start some" in said
    cluster.worker()
    until(lambda: len(rows(classroom)) >= 2)
    cluster.scheduler.kill()
    _, errors = run.communicate(timeout=30)
    assert run.returncode == 2
    assert errors.splitlines()[-1].startswith(f"nngrade: the scheduler at {cluster.address} was")
    assert "Traceback" not in errors
    assert 2 <= len(rows(classroom)) < 12


def test_an_interrupted_run_goes_on(classroom: Course, shared: Cluster) -> None:
    submit_slow(classroom, 12)
    run = class_run(classroom, shared)
    until(lambda: len(rows(classroom)) >= 2)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=10)
    assert run.returncode == 130
    assert errors.endswith("nngrade: stopped\n")
    assert "Traceback" not in errors
    kept = len(rows(classroom))
    assert 2 <= kept < 12
    done = nngrade(classroom.root, *GRADE, "--gradebook", *on(shared))
    assert f": {12 - kept} graded, " in done.stdout
    assert rows(classroom) == {f"s{number:02}": 6 for number in range(12)}


def test_who_would_grade_differently_is_refused(
    classroom: Course, shared: Cluster, tmp_path: Path
) -> None:
    submit(classroom, "ada", notebook(classroom))
    course_secret(classroom)
    changed = tmp_path / "changed"
    shutil.copytree(classroom.root, changed)
    checks = changed / f"solutions/{STAGE}/checks.py"
    checks.write_text(checks.read_text().replace("(1, 4, 9)", "(1,)"))
    with (
        shared.worker(NNGRADE_SECRET="another secret than the course's") as one,
        shared.worker(NNGRADE_COURSE=str(changed)) as two,
    ):
        strangers = [worker.ready().address for worker in (one, two)]
        done = nngrade(classroom.root, *GRADE, "--gradebook", *on(shared), ok=False)
    assert done.returncode == 2
    reasons = [
        next(line for line in done.stderr.splitlines() if f"the worker {address} (" in line)
        for address in strangers
    ]
    assert len(done.stderr.splitlines()) == len(strangers)
    assert "it would give other grades: it has another course secret. Bring" in reasons[0]
    assert f"it would give other grades: it has another checks.py of {STAGE}. " in reasons[1]
    assert rows(classroom) == {}
    nngrade(classroom.root, *GRADE, "--gradebook", *on(shared))
    assert rows(classroom) == {"ada": 6}


def test_who_joins_later_is_refused_too(classroom: Course, shared: Cluster) -> None:
    submit_slow(classroom, 30)
    run = class_run(classroom, shared)
    until(lambda: len(rows(classroom)) >= 1)
    with shared.worker(NNGRADE_SECRET="another secret than the course's") as stranger:
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 2
    assert f"nngrade: the worker {stranger.address} (" in errors
    assert set(rows(classroom).values()) == {6}


def test_a_submission_that_kills_its_workers(classroom: Course, cluster: Cluster) -> None:
    """As it would be by using up the memory of a machine: here a check does it, when told."""
    file = classroom.stage(STAGE).folder / "checks.py"
    source = file.read_text()
    kill = "import os\n    if student.total(np.zeros(1)) == 9:\n        os.kill(os.getpid(), 9)\n"
    file.write_text(source.replace("    for m in (1", f"    {kill}    for m in (1"))
    killer = "def total(values):\n    return 9.0\n"
    for student, answers in {"ada": {}, "bob": {"total": killer}, "cyd": {}, "dee": {}}.items():
        submit(classroom, student, notebook(classroom, answers))
    cluster.environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "0"
    cluster.start().worker("--nanny")
    done = nngrade(classroom.root, *GRADE, "--gradebook", *on(cluster), ok=False)
    assert done.returncode == 2
    assert "bob: submitted/bob" in done.stdout
    assert "the workers that graded it were killed" in done.stdout
    assert rows(classroom) == {"ada": 6, "cyd": 6, "dee": 6}
