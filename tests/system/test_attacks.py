"""Every attack of tests/attacks gets what it deserves, and everything around it stays as it was.

A file of tests/attacks is a submission: a docstring that says what it tries, then cells. ``# %%``
is a cell put on top of the notebook, ``# %% task="total"`` the answer to a task of the small
course, ``# %% tests="total"`` and ``# %% given`` stand in the place of the course's own cells. A
line ``# earns: N`` tells the points that are deserved all the same, ``# says: REGEX`` what the
result must give as a reason, ``# needs: namespaces`` what the machine must allow.

Words between ``@`` are filled in: where the secrets are, for one, which are readable and writable
for everybody, so that nothing but the sandbox protects them. An attack that got somewhere says
``BROKEN OUT``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.catalogue.diagnose import diagnose
from nngrade.course.data import Data
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.grading.grader import Grader
from nngrade.limits import WorkerLimits
from nngrade.results import SubmissionResult
from nngrade.worker.sandbox import Sandbox
from tests.conftest import ROOT

ATTACKS = sorted((ROOT / "tests/attacks").glob("*.py"))
MARKER = "MARKER-planted-secret"
ESCAPE = "escaped-from-nngrade"
LIMITS = WorkerLimits(
    cell_seconds=1, check_seconds=0.8, submission_seconds=5, memory_mib=512, scratch_mib=16
)
LONG = {
    # Cells that are long rather than clever.
    "@DEEP@": "+ 1 " * 900,
    "@BLANKS@": " " * 30_000 + "\n" * 30_000,
    "@SLOW@": "\n# %%\n".join(f"time.sleep(0.7 + 0 * {n})" for n in range(30)),
    "@NOTES@": "\n# %%\n".join(f"if {n} >= 0: input()" for n in range(300)),
    "@BRACKETS@": "(" * 100_000,
    "@DICTS@": "{0:" * 22_000 + "0" + "}" * 22_000,
    "@MINUSES@": "-" * 90_000,
    "@LINE@": "+ values[0] * 0 " * 5_600,
    "@MAGICS@": "%timeit pass\n" * 5_000,
    "@TIMES@": "%%time\n" * 14_000,
    "@PROMPTS@": ">>> x = %pwd\n,total 3\n" * 4_000,
    "@ASSIGNED@": "x = %pwd\n" * 8_000,
    "@DIGITS@": "9" * 5_000,
    # Characters that an editor would not show, or that no file can hold.
    "@SURROGATE@": "\ud800",
    "@NBSP@": "\N{NO-BREAK SPACE}",
}
# Where the tests run as root: also the attacks to which it matters whose process it is.
AS_USER = "reading writing flood surviving kernel network forging ending hanging starving"


@dataclass(frozen=True)
class Attack:
    """What a file of tests/attacks says."""

    name: str
    earns: float
    says: tuple[str, ...]
    needs_namespaces: bool
    cells: tuple[tuple[str, str], ...]


def read_attack(path: Path, words: dict[str, str]) -> Attack:
    text = path.read_text(encoding="utf-8")
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    head, *cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    parts = [cell.partition("\n") for cell in cells]
    (earns,) = re.findall(r"^# earns: (.+)$", head, re.MULTILINE) or ["0"]
    return Attack(
        path.stem,
        float(earns),
        tuple(re.findall(r"^# says: (.+)$", head, re.MULTILINE)),
        "\n# needs: namespaces\n" in head,
        tuple((header.removeprefix("# %%").strip(), source) for header, _, source in parts),
    )


def notebook_of(attack: Attack, course: Course, stage: Stage) -> dict[str, Any]:
    """The attack's notebook: an untouched one, with its answers and its own cells."""
    notebook = untouched(course, stage)
    own = []
    for header, source in attack.cells:
        if not header:
            cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
            own.append({**cell, "source": source})
            continue
        start = header.replace("=", "-").replace('"', "")
        place = next(one for one in notebook["cells"] if one["id"].startswith(start))
        place["source"] = source
    notebook["cells"][:0] = own
    return notebook


@dataclass
class Fortress:
    """What attacks want to get at, and the sandbox that keeps them from it."""

    root: Path
    sandbox: Sandbox
    course: Course
    planted: dict[Path, Any] = field(default_factory=dict)
    servers: list[socket.socket] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.course.stages[0]

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    def grade(self, notebook: dict[str, Any], limits: WorkerLimits) -> SubmissionResult:
        path = self.root / "incoming" / "stage01_sums.ipynb"
        # ASCII, with escapes: only they can hold what no encoding can.
        path.write_text(json.dumps(notebook), encoding="ascii")
        secret = (self.course.solutions / ".course-secret").read_bytes().strip()
        grader = Grader(secret, self.sandbox, Data("digits"), limits, diagnose=diagnose)
        return grader.grade(path, self.stage, "ann")

    def words(self) -> dict[str, str]:
        return {
            "@COURSE@": str(self.course.root),
            "@SECRETS@": str(self.root / "secrets"),
            "@GRADER@": str(os.getpid()),
            "@PORT@": str(self.servers[0].getsockname()[1]),
            "@SOCKET@": str(self.root / "socket"),
            "@ABSTRACT@": f"nngrade-{os.getpid()}",
            "@ESCAPE@": ESCAPE,
            **LONG,
        }

    def snapshot(self) -> dict[Path, Any]:
        """Bytes, owner, mode and time of change of all that was planted."""
        found: dict[Path, Any] = {}
        for folder in (self.root / "secrets", self.course.root):
            for path in sorted(folder.rglob("*")):
                status = path.lstat()
                content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
                found[path] = (content, status.st_mode, status.st_uid, status.st_mtime_ns)
        return found

    def survivors(self) -> list[str]:
        """Processes that came from the zygote: its children, and orphans with its environment."""
        zygote = self.sandbox._launcher._process.pid
        mark = self.sandbox._folder.encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal() or int(folder.name) in (zygote, os.getpid()):
                continue
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                ours = mark in (folder / "environ").read_bytes()
            except OSError:
                continue
            if ours or parent == zygote:
                found.append((folder / "cmdline").read_bytes().decode("utf-8", "replace"))
        return found

    def escaped(self) -> list[Path]:
        """Files that attacks made where they must not."""
        places = ["/tmp", "/var/tmp", "/dev/shm", "/", str(Path.home()), os.getcwd(), sys.prefix]
        found = [path for place in places if (path := Path(place, ESCAPE)).exists()]
        return [*found, *self.root.rglob(f"{ESCAPE}*")]

    def visitors(self) -> list[str]:
        """Servers that somebody has talked to."""
        found = []
        for server in self.servers:
            try:
                server.accept() if server.type == socket.SOCK_STREAM else server.recv(99)
            except BlockingIOError:
                continue
            found.append(str(server.getsockname()))
        return found


@pytest.fixture(scope="module")
def fortress(course: Course, monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Fortress]:
    # Not below pytest's folder, which nobody else may enter: that would protect the secrets too.
    root = Path(tempfile.mkdtemp(prefix="attacked-"))
    try:
        root.chmod(0o755)
        (root / "tmp").mkdir()
        (root / "tmp").chmod(0o1777)
        (root / "incoming").mkdir()
        monkeypatch_module.setattr(tempfile, "tempdir", str(root / "tmp"))
        monkeypatch_module.setenv("NNGRADE_PLANTED", f"{MARKER}-environment")
        plant(root, course)
        with Sandbox("strict", warm=True) as sandbox:
            try:
                sandbox.require_all_layers()
            except CourseError as error:
                pytest.skip(str(error))
            made = Fortress(root, sandbox, Course(root / "course"))
            made.servers = list(listeners(root))
            made.planted = made.snapshot()
            yield made
            for server in made.servers:
                server.close()
        assert not list((root / "tmp").iterdir())
    finally:
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def plant(root: Path, course: Course) -> None:
    """Put secrets where attacks look for them, open to everybody."""
    copy = root / "course"
    shutil.copytree(course.root, copy)
    with (copy / "solutions/stage01_sums/checks.py").open("a") as file:
        file.write(f"\n# {MARKER}-checks\n")
    files = {
        "course/solutions/.course-secret": f"{MARKER}-course-secret\n",
        "secrets/gradebook.db": f"SQLite format 3\0{MARKER}-gradebook",
        "secrets/results.json": f'{{"{MARKER}-results": 6}}',
        "secrets/submitted/bob/stage01_sums/stage01_sums.ipynb": f'{{"{MARKER}-bob": []}}',
        "secrets/home/.netrc": f"machine example.org password {MARKER}-home",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    for folder in ("course", "secrets"):
        for path in (root / folder, *(root / folder).rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)


def listeners(root: Path) -> Iterator[socket.socket]:
    """Servers to which no attack may get through."""
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(tcp.getsockname())
    named, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    named.bind(str(root / "socket"))
    (root / "socket").chmod(0o777)
    abstract.bind(f"\0nngrade-{os.getpid()}")
    for server in (named, abstract):
        server.listen()
    for server in (tcp, udp, named, abstract):
        server.setblocking(False)
        yield server


# First, since it takes longest, where the tests run side by side.
@pytest.fixture(scope="module")
def user_python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder and an environment in which an ordinary user can run these tests."""
    if os.geteuid() != 0:
        pytest.skip("these tests run as an ordinary user already")
    home = Path(tempfile.mkdtemp(prefix="user-", dir="/tmp"))
    try:
        for name in ("autograder/nngrade", "datasets/nndata", "tests"):
            shutil.copytree(
                ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )
        shutil.copy(ROOT / "pyproject.toml", home)
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home / "home"),
            "TMPDIR": str(home / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        for name in ("home", "tmp", "venv"):
            (home / name).mkdir()
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY_ELSE, NOBODY_ELSE)
        make_environment(home, environment)
        yield home, environment
    finally:
        shutil.rmtree(home)


NOBODY_ELSE = 65533


def as_user(
    home: Path, environment: dict[str, str], *command: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=home,
        env=environment,
        user=NOBODY_ELSE,
        group=NOBODY_ELSE,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=330,
    )


def make_environment(home: Path, environment: dict[str, str]) -> None:
    """A virtual environment for the user, with this one's packages and the copied engine.

    This Python may live where only root may go; then another one of the same version serves.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    failed = ""
    for python in (sys._base_executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            made = as_user(home, environment, python, "-m", "venv", "--without-pip", "venv")
        except OSError as error:
            failed = str(error)
            continue
        folder = home / "venv/lib" / version / "site-packages"
        if made.returncode == 0 and folder.is_dir():
            own = [str(home / "autograder"), str(home / "datasets")]
            (folder / "all.pth").write_text("\n".join([*own, *packages]))
            words = "import numpy, pytest, IPython, nngrade; print(nngrade.__file__)"
            tried = as_user(home, environment, "venv/bin/python", "-c", words)
            if tried.returncode == 0:
                assert str(home) in tried.stdout
                return
            made = tried
        failed = made.stderr
    pytest.skip(f"no Python that an ordinary user can run has the packages: {failed[-300:]}")


@pytest.mark.slow
def test_the_attacks_fail_for_an_ordinary_user_too(user_python):
    home, environment = user_python
    chosen = " or ".join(AS_USER.split())
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    done = as_user(
        home,
        environment,
        "venv/bin/python",
        *command,
        *("tests/system/test_attacks.py", "-k", f"harms_nobody and ({chosen})"),
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert re.search(r"\d\d passed", done.stdout), done.stdout[-1000:]


# A tenth of them goes with the quicker tests, all of them with the slow ones.
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % 10 else [])
        for number, path in enumerate(ATTACKS)
    ],
)
def test_an_attack_gets_what_it_deserves_and_harms_nobody(fortress: Fortress, path: Path):
    attack = read_attack(path, fortress.words())
    if attack.needs_namespaces and not fortress.sandbox.isolated:
        pytest.skip("without namespaces the grader looks at files' sizes only now and then")
    notebook = notebook_of(attack, fortress.course, fortress.stage)
    files, started = open_files(), time.monotonic()
    result = fortress.grade(notebook, LIMITS)

    assert time.monotonic() - started < LIMITS.submission_seconds + 60
    assert open_files() == files
    assert result.status == "graded"
    assert result.score == attack.earns
    record = json.dumps(result.as_record(), ensure_ascii=False)
    assert MARKER not in record
    assert "BROKEN OUT" not in record
    check_that_reasons_are_sentences(result, attack)

    assert fortress.survivors() == []
    assert [one.name for one in fortress.temporary.iterdir()] == [
        Path(fortress.sandbox._folder).name
    ]
    assert fortress.snapshot() == fortress.planted
    assert fortress.escaped() == []
    assert fortress.visitors() == []
    check_that_the_run_goes_on(fortress)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def check_that_reasons_are_sentences(result: SubmissionResult, attack: Attack) -> None:
    """Whatever was lost has a reason, fit to be printed, of a length that can be read."""
    for check in result.lost:
        assert check.message
    reasons = [*(check.message for check in result.checks), *result.notes]
    for reason in reasons:
        assert all(character.isprintable() or character == "\n" for character in reason), reason
        assert len(reason) < 5000
    assert len(reasons) < 100
    for pattern in attack.says:
        # On a busy machine time may be up before anything else is wrong.
        assert re.search(rf"{pattern}|did not finish within", "\n".join(reasons)), reasons


def check_that_the_run_goes_on(fortress: Fortress) -> None:
    """The next two submissions get what they deserve, from the same zygote."""
    stage, blank = fortress.stage, untouched(fortress.course, fortress.stage)
    right = fortress.grade(fill(blank, stage, solutions(stage)), WorkerLimits())
    assert (right.score, right.notes) == (right.max_score, ())
    wrong = {
        "total": "def total(values): return 0.0",
        "shifted": "def shifted(values, by): return by",
    }
    assert fortress.grade(fill(blank, stage, wrong), WorkerLimits()).score == 0


def test_the_suite_covers_what_is_known_to_be_tried():
    assert len(ATTACKS) >= 225
