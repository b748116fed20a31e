"""Try the course with several versions of nbgrader: a whole term, in a fresh environment each.

    python tests/nbgrader_versions.py [VERSION...]

Without VERSION: the lowest and the highest that pyproject.toml allows. Any other can be named, to
find out whether it could be allowed. Takes some minutes and the network for each version, so that
pytest does not collect it; run it where the declared range, nbgrader_config.py or nngrade.gradebook
changes. Exits with 1 where anything failed.
"""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course

ROOT = Path(__file__).resolve().parents[1]
STAGE = "stage01_sums"
NOTEBOOK = f"{STAGE}/{STAGE}.ipynb"
PENALTY = 2.5
# A late one loses what the course's plugin says; the other oddities cost nothing.
EXPECTED = {"ann": 6, "bob": 0, "cut": 6, "dup": 6, "lea": 6 - PENALTY, "wim": 3}
BY_NNGRADE = ("cut", "lea", "wim")

CONFIG = """
import sys

sys.path.insert(0, {here!r})
c.Exchange.root = {exchange!r}
c.GradeInSandbox.sandbox = "weak"
c.GradeInSandbox.data = "digits"
c.AssignLatePenalties.plugin_class = "lateness.OnePrice"
"""
STUDENTS_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "nngrade"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
"""
PLUGIN = f"""
from nbgrader.plugins import BasePlugin


class OnePrice(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {PENALTY}
"""
SCORES = f"""
import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db", "nngrade") as book:
    found = book.assignment_submissions({STAGE!r})
    print(json.dumps({{
        one.student.id: one.score - sum(n.late_submission_penalty or 0 for n in one.notebooks)
        for one in found
    }}))
"""


class StepError(Exception):
    """A step of the term did not do what it should; the message is the end of what was said."""


@dataclass
class Term:
    """A course's folder, its exchange and its students, with one version of nbgrader.

    Attributes
    ----------
    folder : Path
        For all of it.
    version : str
        As a requirement: ``==0.9.0``, or a range.
    done : dict of str to str
        For each step that was tried: "ok", or what went wrong.
    """

    folder: Path
    version: str
    done: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / "course"

    @property
    def exchange(self) -> Path:
        return self.folder / "exchange"

    def home(self, student: str) -> Path:
        return self.folder / "students" / student

    def run(self, *command: object, cwd: Path | None = None, exit_code: int = 0) -> str:
        """Run a program of the environment; return what it said, on both streams."""
        binaries = self.folder / "venv/bin"
        kept = {key: os.environ[key] for key in ("LANG", "TMPDIR", "TZ") if key in os.environ}
        ended = subprocess.run(
            [str(binaries / str(command[0])), *map(str, command[1:])],
            cwd=cwd or self.root,
            env={
                **kept,
                "HOME": str(self.folder),
                "PATH": f"{binaries}:/usr/local/bin:/usr/bin:/bin",
                "NNGRADE_SECRET": "a secret for tests only",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        if ended.returncode != exit_code:
            raise StepError(f"{command[0]} exited with {ended.returncode}:\n{ended.stdout}")
        return ended.stdout

    def nbgrader(self, *arguments: object, cwd: Path | None = None) -> str:
        return self.run("nbgrader", *arguments, cwd=cwd)

    # The steps, in their order.

    def install(self) -> str:
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        others = [one for one in project["dependencies"] if not one.startswith("nbgrader")]
        pip = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        # The project without its dependencies: it would refuse versions that are not declared.
        self.run(*pip, *others, f"nbgrader{self.version}", cwd=self.folder)
        self.run(*pip, "--no-deps", ROOT, cwd=self.folder)
        told = self.run(
            "python", "-c",
            "import importlib.metadata as m\n"
            "print(*(f'{n} {m.version(n)}' for n in ('nbgrader', 'sqlalchemy', 'nbconvert', "
            "'jupyterlab', 'notebook')), sep=', ')",
            cwd=self.folder,
        )  # fmt: skip
        return told.strip()

    def build(self) -> None:
        shutil.copytree(ROOT / "tests/course/solutions", self.root / "solutions")
        exchange = str(self.exchange)
        config = (ROOT / "nbgrader_config.py").read_text()
        config += CONFIG.format(here=str(self.root), exchange=exchange)
        (self.root / "nbgrader_config.py").write_text(config)
        (self.root / "lateness.py").write_text(PLUGIN)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        for student in EXPECTED:
            self.home(student).mkdir(parents=True)
            # Feedback is fetched for what is in the cache: each student has an own one.
            config = STUDENTS_CONFIG.format(
                exchange=exchange, cache=str(self.home(student) / "cache")
            )
            (self.home(student) / "nbgrader_config.py").write_text(config)
        self.run("nngrade", "build")

    def generate_assignment(self) -> None:
        before = (self.root / f"assignments/{NOTEBOOK}").read_bytes()
        self.nbgrader("generate_assignment", STAGE)
        _same((self.root / f"assignments/{NOTEBOOK}").read_bytes(), before)
        due = datetime.now(UTC) + timedelta(days=1)
        self.nbgrader("db", "assignment", "add", STAGE, f"--duedate={due:%F %T} UTC")

    def release_assignment(self) -> None:
        self.nbgrader("release_assignment", STAGE)
        _exists(self.exchange / f"nngrade/outbound/{NOTEBOOK}")

    def list(self) -> None:
        _said(f"nngrade {STAGE}", self.nbgrader("list"))

    def fetch_and_submit(self) -> None:
        self.nbgrader("fetch_assignment", STAGE, cwd=self.home("ann"))
        fetched = (self.home("ann") / NOTEBOOK).read_bytes()
        _same(fetched, (self.root / f"assignments/{NOTEBOOK}").read_bytes())
        for student, notebook in _notebooks(Course(self.root)).items():
            stage = Course(self.root).stage(STAGE)
            written = write_specimen(Specimen(student, stage, notebook), self.folder / "students")
            home = self.home(student)
            self.nbgrader("submit", STAGE, f"--student={student}", cwd=home)
            assert written == home / NOTEBOOK
        (late,) = self.exchange.glob(f"nngrade/inbound/lea+{STAGE}+*/timestamp.txt")
        handed_in = datetime.now(UTC) + timedelta(days=2)
        late.write_text(f"{handed_in:%F %T} UTC\n")
        said = self.nbgrader("list", "--inbound")
        for student in EXPECTED:
            _said(f"nngrade {student} {STAGE}", said)

    def collect(self) -> None:
        self.nbgrader("collect", STAGE)
        for student in EXPECTED:
            _exists(self.root / f"submitted/{student}/{NOTEBOOK}")

    def half_by_nngrade(self) -> None:
        self._grade(*(f"submitted/{student}" for student in BY_NNGRADE))
        self._scores_are({student: EXPECTED[student] for student in BY_NNGRADE})

    def half_by_autograde(self) -> None:
        said = self.nbgrader("autograde", STAGE)
        for student in EXPECTED:
            graded = f"Grading {STAGE} of {student} with nngrade" in said
            assert graded == (student not in BY_NNGRADE), f"{student}\n{said}"
        self._scores_are(EXPECTED)

    def all_by_autograde(self) -> None:
        self.nbgrader("autograde", STAGE, "--force")
        self._scores_are(EXPECTED)

    def all_by_nngrade(self) -> None:
        self._grade("submitted", "--force")
        self._scores_are(EXPECTED)

    def _grade(self, *arguments: str) -> None:
        options = ("--gradebook", "--data", "digits", "--sandbox", "weak")
        said = self.run("nngrade", "grade", *arguments, *options, exit_code=1)
        _said(": " + ("6" if "submitted" in arguments else "3") + " graded", said)

    def _scores_are(self, expected: dict[str, float]) -> None:
        # The last line: warnings come before it.
        found = json.loads(self.run("python", "-W", "ignore", "-c", SCORES).splitlines()[-1])
        _same(found, expected)

    def generate_feedback(self) -> None:
        self.nbgrader("generate_feedback", STAGE)
        for student in EXPECTED:
            _exists(self.root / f"feedback/{student}/{STAGE}/{STAGE}.html")
        page = (self.root / f"feedback/wim/{STAGE}/{STAGE}.html").read_text()
        _said("How many entries are there?", page)

    def release_feedback(self) -> None:
        self.nbgrader("release_feedback", STAGE)
        self.nbgrader("fetch_feedback", STAGE, "--student=wim", cwd=self.home("wim"))
        (page,) = (self.home("wim") / STAGE).rglob(f"{STAGE}.html")
        _said("How many entries are there?", page.read_text())

    def export(self) -> None:
        self.nbgrader("export")
        with (self.root / "grades.csv").open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["assignment"] == STAGE]
        _same({row["student_id"]: float(row["score"]) for row in rows}, EXPECTED)

    def validate(self) -> None:
        for student, sentence in (("ann", "Success! Your notebook passes"), ("bob", "FAILED")):
            _said(sentence, self.nbgrader("validate", self.home(student) / NOTEBOOK))


# Where one of the first fails, there is nothing to try the others on.
FIRST = (
    Term.install,
    Term.build,
    Term.generate_assignment,
    Term.release_assignment,
    Term.list,
    Term.fetch_and_submit,
    Term.collect,
)
STEPS: tuple[Callable[[Term], str | None], ...] = (
    *FIRST,
    Term.half_by_nngrade,
    Term.half_by_autograde,
    Term.all_by_autograde,
    Term.all_by_nngrade,
    Term.generate_feedback,
    Term.release_feedback,
    Term.export,
    Term.validate,
)


def _notebooks(course: Course) -> dict[str, dict[str, Any]]:
    """What each student hands in."""
    stage = course.stage(STAGE)
    blank, answers = untouched(course, stage), solutions(stage)
    right = fill(blank, stage, answers)
    mean = next(one for one in stage.misconceptions if one.task == "total")
    cut = copy.deepcopy(right)
    cut["cells"] = [cell for cell in cut["cells"] if cell["id"] != "tests-total"]
    dup = copy.deepcopy(right)
    (task,) = [cell for cell in dup["cells"] if cell["id"] == "task-total"]
    dup["cells"].insert(dup["cells"].index(task), copy.deepcopy(task))
    return {
        "ann": right,
        "bob": blank,
        "cut": cut,
        "dup": dup,
        "lea": right,
        "wim": fill(blank, stage, {**answers, "total": mean.source}),
    }


def _same(found: object, expected: object) -> None:
    if found != expected:
        raise StepError(f"{found!r}, not {expected!r}"[:2000])


def _exists(path: Path) -> None:
    if not path.exists():
        raise StepError(f"{path} is not there")


def _said(sentence: str, text: str) -> None:
    if sentence not in text:
        raise StepError(f"{sentence!r} is not in:\n{text[-2000:]}")


def run_term(folder: Path, version: str) -> Term:
    """Go through the steps with a version."""
    term = Term(folder, version)
    term.root.mkdir(parents=True)
    for step in STEPS:
        name = step.__name__
        print(f"nbgrader{version}: {name} ...", file=sys.stderr, flush=True)
        try:
            term.done[name] = step(term) or "ok"
        except Exception as error:
            term.done[name] = "FAILED"
            if isinstance(error, StepError):
                print(error, file=sys.stderr)
            else:
                traceback.print_exc()
            if step in FIRST:
                break
    return term


def declared() -> list[str]:
    """The lowest version of the declared range, and the range itself: pip takes its highest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (versions,) = [
        one.removeprefix("nbgrader")
        for one in project["dependencies"]
        if re.match(r"nbgrader\W", one)
    ]
    (lowest,) = re.findall(r">=([\d.]+)", versions)
    return [f"=={lowest}", versions]


def main(names: list[str]) -> int:
    """Try versions, print a table, and return the exit code."""
    versions = [f"=={name}" for name in names] or declared()
    terms = []
    with tempfile.TemporaryDirectory(prefix="nngrade-versions-") as folder:
        for number, version in enumerate(versions):
            place = Path(folder).resolve() / str(number)
            terms.append(run_term(place, version))
            shutil.rmtree(place)
    for term in terms:
        print(f"\nnbgrader{term.version}")
        for step in STEPS:
            print(f"    {step.__name__:20}  {term.done.get(step.__name__, '-')}")
    return 1 if any("FAILED" in term.done.values() for term in terms) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
