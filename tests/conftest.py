"""Fixtures that all tests share: a small course to play with, and the real one."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.build import build
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.catalogue.diagnose import diagnose
from nngrade.course.data import Data
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.formats import json as json_file
from nngrade.grading.grader import Grader
from nngrade.grading.student import LocalStudent, RemoteStudent
from nngrade.results import CheckResult, SubmissionResult
from nngrade.worker.sandbox import Sandbox
from tests.asking import asking
from tests.browser import CHROMIUM, PATIENCE
from tests.class_report.conftest import two_stages
from tests.helpers import STAGE, WRITTEN, edit, packed

ROOT = Path(__file__).resolve().parents[1]
SECRET = b"a secret that only tests know"

# What a script starts with `&` ignores Ctrl-C, and so does all that it starts: tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def real_course() -> Course:
    return find_course(ROOT)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course of tests/small_course, copied and built; do not change it."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "tests/small_course/solutions", root / "solutions")
    made = Course(root)
    build(made, made.stages)
    return made


@pytest.fixture(scope="session")
def asking_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course with questions, which count for nothing; do not change it."""
    return asking(tmp_path_factory.mktemp("asking"))


@pytest.fixture(scope="session")
def counting_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same, where each question is worth half a point; do not change it."""
    return asking(tmp_path_factory.mktemp("counting"), "[questions]\npoints = 0.5\n")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that one of the processes of a run makes for all of them; nobody may change it."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            draft = folder / f"{name}.draft"
            shutil.rmtree(draft, ignore_errors=True)  # of a process that failed
            make(draft)
            draft.rename(folder / name)
    return folder / name


@pytest.fixture(scope="session")
def _classroom(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course as a course of nbgrader's, with a gradebook that knows its stages."""
    return made_once(tmp_path_factory, "classroom", lambda root: as_classroom(course, root))


def as_classroom(course: Course, root: Path) -> Path:
    shutil.copytree(course.root, root)
    config = (ROOT / "nbgrader_config.py").read_text()
    # Not every machine on which these tests run can confine code as strictly as the default asks.
    (root / "nbgrader_config.py").write_text(
        config + 'c.GradeInSandbox.sandbox = "weak"\nc.GradeInSandbox.data = "digits"\n'
    )
    for one in course.stages:
        nbgrader(root, "generate_assignment", one.name)
    return root


@pytest.fixture
def classroom(_classroom: Path, tmp_path: Path) -> Course:
    """A copy of the small course, ready for a class run, that a test may change."""
    root = tmp_path / "classroom"
    shutil.copytree(_classroom, root)
    return Course(root)


@pytest.fixture(scope="session")
def _with_written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with a written answer in its first stage, as a course of nbgrader's."""

    def make(root: Path) -> None:
        made = Course(tmp_path_factory.mktemp("written"))
        shutil.copytree(ROOT / "tests/small_course/solutions", made.solutions)
        last = '# %% task="shifted"'
        edit(made.solutions / STAGE / "lesson.py", last, WRITTEN + last)
        build(made, made.stages)
        as_classroom(made, root)

    return made_once(tmp_path_factory, "written", make)


@pytest.fixture
def written_course(_with_written: Path, tmp_path: Path) -> Course:
    """A copy of the small course with a written answer, ready for a class run."""
    root = tmp_path / "written"
    shutil.copytree(_with_written, root)
    return Course(root)


def nbgrader(root: Path, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a course's folder."""
    return _run(root, "nbgrader", arguments, ok)


def nngrade(root: Path, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run nngrade in a course's folder."""
    return _run(root, "nngrade", arguments, ok)


def _run(
    root: Path, module: str, arguments: tuple[str, ...], ok: bool
) -> subprocess.CompletedProcess[str]:
    # As in an activated environment: nbgrader calls alembic by its name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert not ok or done.returncode == 0, f"{module} {arguments}:\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="session")
def stage(course: Course) -> Stage:
    return course.stages[0]


@pytest.fixture
def new_course(course: Course, tmp_path: Path) -> Course:
    """A copy of the small course that a test may change."""
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    return Course(root)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Confined as strictly as this machine allows; the attack tests insist on all layers."""
    with Sandbox("weak") as one:
        yield one


@pytest.fixture(scope="session")
def grader(sandbox: Sandbox) -> Grader:
    return Grader(SECRET, sandbox, Data("digits"), timeout=10, diagnose=diagnose)


@pytest.fixture
def right(course: Course, stage: Stage) -> dict[str, Any]:
    """Stage 1 of the small course, filled in rightly; a fresh copy for each test."""
    return fill(untouched(course, stage), stage, solutions(stage))


@pytest.fixture
def grade(
    grader: Grader, stage: Stage, tmp_path: Path
) -> Callable[[dict[str, Any] | str | bytes], SubmissionResult]:
    """Grade a notebook (or the text of a file) of stage 1 of the small course."""

    def run(notebook: dict[str, Any] | str | bytes) -> SubmissionResult:
        path = tmp_path / "submission.ipynb"
        if isinstance(notebook, dict):
            notebook = notebook_text(notebook)
        path.write_bytes(notebook if isinstance(notebook, bytes) else notebook.encode())
        return grader.grade(path, stage, "ann")

    return run


def cell_of(notebook: dict[str, Any], identifier: str) -> dict[str, Any]:
    """The cell with that id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == identifier)


def check_of(result: SubmissionResult, name: str) -> CheckResult:
    """The result of the check with that id."""
    return next(check for check in result.checks if check.id == name)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every course use the tests' secret."""
    monkeypatch.setenv("NNGRADE_SECRET", SECRET.decode())


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Make a zip archive of names and contents."""

    def make(files: dict[str, bytes | str], name: str = "export.zip") -> Path:
        path = tmp_path / name
        path.write_bytes(packed(files.items()))
        return path

    return make


class OneWorker:
    """What a session is to a student, without its cells and deadlines."""

    def __init__(self, worker):
        self.worker = worker

    def carry_out(self, request):
        import time

        return self.worker.carry_out(request, time.monotonic() + 20)


@pytest.fixture(params=["worker", "here"])
def student_of(request, sandbox):
    """Make a student from the source of its functions, in a worker and in this process."""
    from nngrade.limits import WorkerLimits

    if request.param == "here":

        def here(source):
            namespace = {}
            exec(source, namespace)
            return LocalStudent(namespace)

        yield here
        return
    with sandbox.worker(WorkerLimits(), 0) as worker:

        def there(source):
            import time

            assert worker.run("cell", source, time.monotonic() + 20) is None
            return RemoteStudent(OneWorker(worker))

        yield there


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json_file.render(two_stages()))
    return path


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


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The browser, in a home of its own."""
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    sync.expect.set_options(timeout=PATIENCE)
    home = str(tmp_path_factory.mktemp("browser"))
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, env={**os.environ, "HOME": home}
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Make pages that reach this machine only; each knows the addresses it asked for."""
    contexts = []

    def make(**options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.route(
            re.compile(r"^(?!http://127\.0\.0\.1[:/]|file:|data:|blob:)"), lambda one: one.abort()
        )
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        return page

    yield make
    for context in contexts:
        context.close()
