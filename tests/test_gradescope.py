"""Gradescope: the zip, and what it does in a copy of Gradescope's folders.

setup.sh and run_autograder are run as they are, by root where the tests are: in an environment of
their own, which holds the packages that the zip pins and no others.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nndata
import nngrade
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.gradescope.package import write_zip
from nngrade.gradescope.run import student_of
from nngrade.submissions.records import NOBODY

from .conftest import ROOT
from .restricted import without_landlock

SCRIPTS = ROOT / "autograder/nngrade/gradescope"
METADATA = {"id": 1, "users": [{"email": "Bob@example.com", "id": 3}, {"email": "ann@example.com"}]}
REAL_ROOT = Path("/autograder")


def everybodys_python() -> str:
    """A Python of this version, if there is one in a place that is open to all users."""
    shared = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    if not os.path.exists(shared):
        return sys.executable
    has_venv = subprocess.run([shared, "-c", "import ensurepip"], check=False).returncode == 0
    return shared if has_venv else sys.executable


class Image:
    """What Gradescope makes of the zip: folders, an environment, and runs of run_autograder."""

    def __init__(self, base: Path, archive: Path) -> None:
        self.base, self.archive = base, archive
        self.root, self.home = base / "autograder", base / "home"

    def unpack(self) -> None:
        (self.root / "source").mkdir(parents=True)
        with zipfile.ZipFile(self.archive) as file:
            file.extractall(self.root / "source")
        shutil.copy(self.root / "source/run_autograder", self.root)
        (self.root / "run_autograder").chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PIP_NO_INDEX": "1",
            "AUTOGRADER_ROOT": str(self.root), "NNGRADE_HOME": str(self.home), **more,
        }  # fmt: skip

    def set_up(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(self.root / "source/setup.sh")],
            env=self.environment(), cwd=self.root, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def archive(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    command = [
        "-m",
        "nngrade",
        "gradescope",
        str(target),
        "--stage",
        "stage01",
        "--sandbox",
        "weak",
    ]
    done = subprocess.run(
        [sys.executable, *command], cwd=course.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "stage01_sums: 6 points" in done.stdout
    return target


@pytest.fixture(scope="module")
def image(archive: Path) -> Iterator[Image]:
    """The zip, set up by its setup.sh, without a network, for what is pinned is there already."""
    # Not a folder of pytest's, which nobody else may enter: on Gradescope, all may enter /opt.
    base = Path(tempfile.mkdtemp(prefix="nngrade-gradescope-"))
    base.chmod(0o755)
    try:
        one = Image(base, archive)
        one.unpack()
        subprocess.run([everybodys_python(), "-m", "venv", one.home / "venv"], check=True)
        (site,) = one.home.glob("venv/lib/python*/site-packages")
        for line in (one.root / "source/requirements.txt").read_text().split():
            copy_distribution(line.partition("==")[0], site)
        done = one.set_up()
        assert done.returncode == 0, done.stderr
        yield one
    finally:
        shutil.rmtree(base)


def copy_distribution(name: str, site: Path) -> None:
    """Install what is installed here in another place, too."""
    for file in importlib.metadata.distribution(name).files or []:
        source = Path(str(file.locate()))
        if ".." in file.parts or not source.is_file():
            continue
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, site / file)
        except OSError:
            shutil.copyfile(source, site / file)


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def submission(image: Image) -> Iterator[Path]:
    """The folder of the upload, empty; Gradescope starts every time from the same image."""
    folder = image.root / "submission"
    folder.mkdir()
    (image.root / "submission_metadata.json").write_text(json.dumps(METADATA))
    yield folder
    for name in ("submission", "results"):
        shutil.rmtree(image.root / name, ignore_errors=True)


@pytest.fixture
def run(image: Image, submission: Path) -> Run:
    """Run run_autograder; give results.json, in which nothing of the course may stand."""

    def autograder(prepare: Callable[[], None] | None = None, **more: str) -> dict[str, Any]:
        done = subprocess.run(
            [str(image.root / "run_autograder")],
            env=image.environment(**more), cwd=image.root, capture_output=True, text=True,
            preexec_fn=prepare, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = (image.root / "results/results.json").read_text()
        secret = (image.root / "source/solutions/.course-secret").read_text().strip()
        assert secret not in text + done.stdout + done.stderr
        assert str(image.root / "source") not in text
        assert "Traceback" not in text
        document: dict[str, Any] = json.loads(text)
        assert isinstance(document["output"], str)
        assert {"score", "tests"} <= set(document)
        return {**document, "log": done.stdout + done.stderr}

    return autograder


def with_cell(notebook: dict[str, Any], source: str) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": source}
    return {**notebook, "cells": [{**cell, "execution_count": None}, *notebook["cells"]]}


# The zip


def test_the_zip_holds_the_chosen_stage_and_nothing_of_the_others(archive: Path, course: Course):
    with zipfile.ZipFile(archive) as file:
        names = set(file.namelist())
    version = importlib.metadata.version("nngrade")
    stage = course.stages[0]
    assert names == {
        "setup.sh", "run_autograder", "nngrade.json", "python-version", "requirements.txt",
        f"nngrade-{version}-py3-none-any.whl", "solutions/.course-secret",
        *(f"solutions/{stage.name}/{path.name}" for path in stage.folder.glob("*.py")),
    }  # fmt: skip


def test_the_zip_is_for_its_owner_alone_and_its_scripts_can_be_run(archive: Path):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with zipfile.ZipFile(archive) as file:
        modes = {one.filename: one.external_attr >> 16 for one in file.infolist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert modes["solutions/.course-secret"] == 0o600


def test_the_courses_options_travel_and_what_editors_leave_does_not(new_course: Course, tmp_path):
    stage = new_course.stages[0]
    new_course.options_file.write_text("[limits]\ncell_seconds = 3\n")
    (stage.folder / "__pycache__").mkdir()
    (stage.folder / "__pycache__/checks.pyc").write_bytes(b"x")
    (stage.folder / ".checks.py.swp").write_bytes(b"x")
    (stage.folder / "table.csv").write_text("1,2\n")
    write_zip(new_course, new_course.stages, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        inner = [name for name in file.namelist() if name.startswith("solutions/")]
        assert file.read("solutions/course.toml") == new_course.options_file.read_bytes()
    assert f"solutions/{stage.name}/table.csv" in inner
    assert f"solutions/{new_course.stages[1].name}/checks.py" in inner
    assert not [name for name in inner if "pyc" in name or "swp" in name]


def test_a_secret_of_the_environment_goes_into_the_zip(new_course: Course, tmp_path, monkeypatch):
    monkeypatch.setenv("NNGRADE_SECRET", "a secret that only tests know")
    write_zip(new_course, new_course.stages[:1], tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        assert file.read("solutions/.course-secret").strip() == b"a secret that only tests know"


def test_a_broken_stage_is_told_when_the_zip_is_made(new_course: Course, tmp_path):
    checks = new_course.stages[0].folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=2", "points=-2"))
    with pytest.raises(CourseError, match="takes points away"):
        write_zip(new_course, new_course.stages, tmp_path / "one.zip")
    assert list(tmp_path.glob("*one.zip*")) == []


def test_mnist_that_is_not_there_is_not_promised(course: Course, tmp_path, monkeypatch):
    for variable in ("NNDATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(CourseError, match="nngrade data fetch mnist"):
        write_zip(course, course.stages[:1], tmp_path / "one.zip", data="mnist")


def test_the_wheel_in_the_zip_installs_the_packages_that_are_here(image: Image):
    (site,) = image.home.glob("venv/lib/python*/site-packages")
    for package in (nngrade, nndata):
        assert package.__file__ is not None
        here, there = Path(package.__file__).parent, site / package.__name__

        def files(root: Path) -> dict[str, bytes]:
            return {
                str(path.relative_to(root)): path.read_bytes()
                for path in root.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
            }

        assert files(there) == files(here)


def test_what_grading_needs_is_pinned_to_what_is_here(archive: Path):
    with zipfile.ZipFile(archive) as file:
        lines = file.read("requirements.txt").decode().splitlines()
    assert f"numpy=={importlib.metadata.version('numpy')}" in lines
    assert not [one for one in lines if one.startswith(("jupyterlab", "nbgrader", "pytest"))]


def test_what_a_stage_imports_is_pinned_too(new_course: Course, tmp_path):
    stage = new_course.stages[0]
    checks = stage.folder / "checks.py"
    checks.write_text("import os, scipy.stats\n" + checks.read_text())
    write_zip(new_course, [stage], tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        pins = file.read("requirements.txt").decode().splitlines()
    assert f"scipy=={importlib.metadata.version('scipy')}" in pins


# A submission


def test_a_right_submission_gets_all_points(run: Run, submission: Path, right, stage: Stage):
    (submission / "my answers (2).ipynb").write_text(notebook_text(right))
    results = run()
    assert results["score"] == 6
    assert {one["status"] for one in results["tests"]} == {"passed"}
    assert sum(one.get("max_score", 0) for one in results["tests"]) == 6


def test_a_grade_is_the_same_as_on_the_staffs_machine(
    run: Run, submission: Path, tmp_path, course: Course, stage: Stage
):
    """Inputs are drawn for the same student, with the same secret: messages tell them."""
    wrong = {**solutions(stage), "total": "def total(values):\n    return float(max(values))"}
    notebook = submission / "mine.ipynb"
    notebook.write_text(notebook_text(fill(untouched(course, stage), stage, wrong)))
    options = ["--student", "ann@example.com", "--data", "digits", "--sandbox", "weak"]
    options += ["--format", "gradescope", "--output", str(tmp_path / "here.json")]
    subprocess.run(
        [sys.executable, "-m", "nngrade", "grade", *options, notebook],
        cwd=course.root, check=False, capture_output=True,
    )  # fmt: skip
    here = json.loads((tmp_path / "here.json").read_text())
    assert 0 < here["score"] < 6
    assert run()["tests"] == here["tests"]


def test_a_wrong_submission_is_told_why(run: Run, submission: Path, course: Course, stage: Stage):
    (submission / "a").mkdir()
    (submission / "a/stage01_sums.ipynb").write_text(notebook_text(untouched(course, stage)))
    (submission / "__MACOSX").mkdir()
    (submission / "__MACOSX/stage01_sums.ipynb").write_text("of the archiver")
    (submission / ".ipynb_checkpoints").mkdir()
    (submission / ".ipynb_checkpoints/stage01_sums-checkpoint.ipynb").write_text("{}")
    results = run()
    assert results["score"] == 0
    assert "total is not done yet" in json.dumps(results["tests"])


def nothing(folder: Path) -> None:
    pass


def no_folder(folder: Path) -> None:
    folder.rmdir()


def only_text(folder: Path) -> None:
    (folder / "answers.txt").write_text("42")


def two_notebooks(folder: Path) -> None:
    for name in ("first.ipynb", "second.ipynb"):
        (folder / name).write_text('{"cells": []}')


def too_many(folder: Path) -> None:
    for number in range(101):
        (folder / f"{number}.ipynb").write_text("{}")


def no_text_for_a_name(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.ipynb")).write_text("{")


def broken_json(folder: Path) -> None:
    (folder / "mine.ipynb").write_text('{"cells": [')


def a_link(folder: Path) -> None:
    (folder / "mine.ipynb").symlink_to("../source/solutions/.course-secret")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "mine.ipynb")


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (nothing, "no notebook in your submission"),
        (no_folder, "no notebook in your submission"),
        (only_text, "no notebook in your submission"),
        (two_notebooks, "2 notebooks in your submission: first.ipynb, second.ipynb."),
        (too_many, "more than 100 notebooks"),
        (no_text_for_a_name, "not a notebook"),
        (broken_json, "mine.ipynb: not a notebook: it is no valid JSON"),
        (a_link, "mine.ipynb is a link"),
        (a_pipe, "mine.ipynb is a link or the like"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_an_upload_that_cannot_be_graded_is_answered_with_a_sentence(
    run: Run, submission: Path, upload: Callable[[Path], None], sentence: str
):
    upload(submission)
    results = run()
    assert results["score"] == 0
    assert sentence in results["output"]


SPY = """
import os
found = []
for path in {paths!r}:
    for read in (lambda: open(path).read(), lambda: os.listdir(path)):
        try:
            found.append((path, read()))
        except OSError:
            pass
found += [name for name in os.environ if "NNGRADE" in name or "AUTOGRADER" in name]

def total(values):
    raise RuntimeError(f"the spy found {{len(found)}} things: {{found}}")
"""


def spy(image: Image, course: Course, *others: str) -> str:
    """A submission that hands out, in a message, what it finds of the course and the grader."""
    folders = [path for path in image.root.iterdir() if path.name != "run_autograder"]
    files = [path for folder in folders for path in folder.rglob("*")]
    places = [*map(str, [*folders, *files, image.root / "results"]), f"/proc/{os.getpid()}/environ"]
    stage = course.stages[0]
    answers = {**solutions(stage), "total": SPY.format(paths=[*places, *others])}
    return notebook_text(fill(untouched(course, stage), stage, answers))


def test_a_submission_that_looks_for_the_solutions_finds_nothing(
    run: Run, submission: Path, image: Image, course: Course
):
    text = spy(image, course, str(image.root), "/proc/self/environ", "/etc/passwd", "/root")
    (submission / "mine.ipynb").write_text(text)
    results = run()
    assert "the spy found 0 things" in json.dumps(results)
    assert results["score"] == 3


def test_a_submission_that_kills_what_it_can_costs_nothing_but_itself(
    run: Run, submission: Path, right
):
    killer = with_cell(right, "import os, signal\nos.kill(-1, signal.SIGKILL)\n")
    killer = with_cell(killer, "import os\nos.kill(os.getppid(), 9)\n")
    (submission / "mine.ipynb").write_text(notebook_text(killer))
    assert run()["score"] == 6


def test_grading_that_takes_too_long_is_ended_and_said(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    settings = image.root / "source/nngrade.json"
    before = settings.read_text()
    settings.write_text(json.dumps({**json.loads(before), "seconds": 0.01}))
    try:
        assert "it took more than" in run()["output"]
    finally:
        settings.write_text(before)


def test_a_disk_without_room_leaves_valid_results(run: Run, submission: Path, right):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    results = run(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    assert results["score"] == 0
    assert "could not be graded" in results["output"]


def test_an_image_without_its_python_leaves_valid_results(run: Run, tmp_path):
    results = run(NNGRADE_HOME=str(tmp_path))
    assert "could not start" in results["output"]
    assert "tell your instructor" in results["output"]


def test_a_course_that_is_broken_there_tells_students_no_more_than_that(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    checks = image.root / "source/solutions/stage01_sums/checks.py"
    before = checks.read_text()
    checks.write_text("a line that no Python reads")
    try:
        results = run()
    finally:
        checks.write_text(before)
    assert "checks.py" not in results["output"] + json.dumps(results["tests"])
    assert "tell your instructor" in results["output"]
    assert "checks.py" in results["log"]


@pytest.mark.parametrize(
    ("metadata", "student"),
    [
        (METADATA, "ann@example.com"),
        ({"users": METADATA["users"][::-1]}, "ann@example.com"),
        ({"users": [{"id": 7, "email": None}]}, "7"),
        ({"users": []}, NOBODY),
        ({"users": [{}]}, NOBODY),
        ([], NOBODY),
    ],
)
def test_the_student_is_the_same_for_every_upload_of_a_group(tmp_path, metadata, student):
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    assert student_of(tmp_path / "metadata.json") == student


def test_of_a_whole_repository_the_notebook_of_the_assignment_counts(
    run: Run, submission: Path, course: Course, right
):
    other = course.stages[1]
    (submission / "mine.ipynb").write_text(notebook_text(right))
    (submission / f"{other.name}.ipynb").write_text(notebook_text(untouched(course, other)))
    assert run()["score"] == 6


def run_both(image: Image, folder: Path, course: Course, **notebooks: dict[str, Any]) -> Any:
    """What an upload of these notebooks gets from a zip that is for all stages."""
    write_zip(course, course.stages, folder / "both.zip", "weak")
    both = Image(folder, folder / "both.zip")
    both.unpack()
    (both.root / "submission").mkdir()
    for name, notebook in notebooks.items():
        (both.root / f"submission/{name}.ipynb").write_text(notebook_text(notebook))
    environment = both.environment(NNGRADE_HOME=str(image.home))
    subprocess.run([both.root / "run_autograder"], env=environment, check=True)
    return json.loads((both.root / "results/results.json").read_text())


def test_of_two_notebooks_for_a_stage_none_counts(image: Image, tmp_path, course: Course, right):
    results = run_both(image, tmp_path, course, a=right, b=right)
    assert results["score"] == 0
    assert "two notebooks for stage01_sums: a.ipynb and b.ipynb" in results["output"]


def test_two_stages_are_graded_together(image: Image, tmp_path, course: Course):
    """One upload for several stages: the points of a notebook for each of them."""
    notebooks = {
        stage.name: fill(untouched(course, stage), stage, solutions(stage))
        for stage in course.stages
    }
    results = run_both(image, tmp_path, course, **notebooks)
    assert results["score"] == sum(stage.max_score for stage in course.stages)
    assert results["score"] == sum(one.get("score", 0) for one in results["tests"])


# Confinement


def set_sandbox(image: Image, mode: str) -> None:
    settings = image.root / "source/nngrade.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "sandbox": mode}))


def test_without_landlock_strict_does_not_grade_and_says_so_to_the_instructor(
    run: Run, submission: Path, image: Image, right
):
    (submission / "mine.ipynb").write_text(notebook_text(right))
    set_sandbox(image, "strict")
    try:
        results = run(without_landlock)
    finally:
        set_sandbox(image, "weak")
    assert results["score"] == 0
    assert "settings need a change" in results["output"]
    assert "Landlock" in results["log"]
    assert "--sandbox weak" in results["log"]


@pytest.mark.skipif(os.geteuid() != 0, reason="it is root who can become nobody")
@pytest.mark.skipif(not everybodys_python().startswith("/usr"), reason="this Python is root's own")
def test_without_landlock_weak_grades_and_the_solutions_stay_closed(
    run: Run, submission: Path, image: Image, course: Course
):
    (submission / "mine.ipynb").write_text(spy(image, course))
    results = run(without_landlock)
    assert "the spy found 0 things" in json.dumps(results)
    assert results["score"] == 3


@pytest.mark.skipif(os.geteuid() != 0 or REAL_ROOT.exists(), reason="takes root and a free place")
def test_it_works_where_gradescope_puts_it(image: Image, right):
    shutil.copytree(image.root, REAL_ROOT, ignore=shutil.ignore_patterns("submission*", "results"))
    try:
        (REAL_ROOT / "submission").mkdir()
        (REAL_ROOT / "submission/mine.ipynb").write_text(notebook_text(right))
        (REAL_ROOT / "submission_metadata.json").write_text(json.dumps(METADATA))
        environment = image.environment()
        del environment["AUTOGRADER_ROOT"]
        subprocess.run([REAL_ROOT / "run_autograder"], env=environment, check=True)
        assert json.loads((REAL_ROOT / "results/results.json").read_text())["score"] == 6
        assert stat.S_IMODE((REAL_ROOT / "source").stat().st_mode) == 0o700
    finally:
        shutil.rmtree(REAL_ROOT)
