"""The hand-out: what is in it, how it is written, and that a student can work with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, NngradeError
from nngrade.handout.contents import handout_files
from nngrade.handout.folder import LIST, write_handout
from nngrade.handout.home import Home
from nngrade.handout.pins import imported_modules, oldest_python, pinned, with_dependencies

from .conftest import cell_of, nngrade

NOTEBOOK = "assignments/stage01_sums/stage01_sums.ipynb"
HOME = Home("ada/course", "main")


@pytest.fixture(scope="module")
def files(course: Course) -> dict[str, bytes]:
    return handout_files(course, course.stages)


@pytest.fixture
def folder(files, tmp_path: Path) -> Path:
    """A hand-out of the small course."""
    write_handout(files, tmp_path / "handout")
    return tmp_path / "handout"


def in_folder(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- What is in it ---------------------------------------------------------------------------


def test_a_handout_holds_what_is_listed_and_nothing_else(files):
    package = {name for name in files if name.startswith("datasets/nndata/")}
    assert set(files) - package == {
        ".devcontainer/devcontainer.json", ".dockerignore", ".gitignore",
        ".github/workflows/visible-tests.yml", "Dockerfile", "README.md", "check.py",
        "constraints.txt", "requirements.txt",
        "datasets/LICENSE", "datasets/README.md", "datasets/pyproject.toml",
        "assignments/stage01_sums/stage01_sums.ipynb",
        "assignments/stage02_gradients/stage02_gradients.ipynb",
    }  # fmt: skip
    assert "datasets/nndata/digits-images.idx.gz" in package
    assert all(name.endswith((".py", "py.typed", ".idx.gz")) for name in package)


def test_its_notebooks_are_those_that_were_built(files, course):
    assert files[NOTEBOOK] == (course.root / NOTEBOOK).read_bytes()


def test_two_handouts_are_the_same_byte_for_byte(files, course, folder):
    assert handout_files(course, course.stages) == files
    before = in_folder(folder)
    write_handout(files, folder)
    assert in_folder(folder) == before


def test_the_stages_asked_for_are_handed_out_in_the_order_of_the_course(course, tmp_path):
    folder = tmp_path / "handout"
    nngrade(
        course.root, "handout", str(folder), "--stages", "stage02,stage01", "--stages", "stage02"
    )
    readme = (folder / "README.md").read_text()
    assert readme.index("Stage 1: Sums") < readme.index("Stage 2: Gradients")
    assert readme.count("Stage 2: Gradients") == 1


def test_stages_that_are_not_asked_for_stay_with_the_staff(course):
    files = handout_files(course, course.stages[1:])
    assert [name for name in files if name.startswith("assignments/")] == [
        "assignments/stage02_gradients/stage02_gradients.ipynb"
    ]
    assert b"stage01_sums" not in b"".join(files.values())


def test_a_stage_that_does_not_exist_is_named_and_nothing_is_written(course, tmp_path):
    run = nngrade(course.root, "handout", str(tmp_path / "h"), "--stages", "stage09", ok=False)
    assert run.returncode == 2
    assert "there is no stage 'stage09'" in run.stderr
    assert not (tmp_path / "h").exists()


def test_assignments_out_of_step_with_their_lessons_are_not_handed_out(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text().replace("Adding", "Summing"))
    course = Course(new_course.root)
    with pytest.raises(CourseError, match=r"differs from its lesson.*run `nngrade build stage01"):
        handout_files(course, course.stages)


def test_every_pin_is_the_version_that_is_installed_here(files):
    pins = files["requirements.txt"].decode().splitlines()
    assert {"-c constraints.txt", "./datasets"} <= set(pins)
    assert [pin.split("==")[0] for pin in pins if "==" in pin] == [
        "jupyter-client", "jupyterlab", "numpy",
    ]  # fmt: skip
    constraints = files["constraints.txt"].decode().splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in constraints)
    assert set(pinned(["numpy", "ipykernel", "matplotlib", "pooch"])) <= set(constraints)


def test_the_oldest_python_that_will_do_is_said_where_students_and_pip_look(files):
    names = [line.split("==")[0] for line in files["constraints.txt"].decode().splitlines()]
    oldest = oldest_python(names)
    assert f"Python](https://www.python.org/downloads/) {oldest} or newer" in str(
        files["README.md"]
    )
    assert f'requires-python = ">={oldest}"' in files["datasets/pyproject.toml"].decode()


def test_the_oldest_python_is_that_of_the_most_demanding_package(monkeypatch):
    asked = {"a": {"Requires-Python": ">=3.8"}, "b": {"Requires-Python": ">3.11.4,!=3.11.5"}}
    monkeypatch.setattr("sys.version_info", (3, 11, 9))
    monkeypatch.setattr("importlib.metadata.metadata", {**asked, "c": {}}.__getitem__)
    assert oldest_python(["a", "b", "c"]) == "3.11.6"
    assert oldest_python(["a", "c"]) == "3.11.0"


def test_students_install_nothing_of_the_grader(files):
    text = files["constraints.txt"] + files["requirements.txt"]
    for name in (b"nbgrader", b"nngrade", b"sqlalchemy", b"click"):
        assert name not in text


def test_what_a_notebook_imports_from_elsewhere_is_found():
    source = "%matplotlib inline\nimport os, scipy.linalg as la\nfrom sklearn import svm\n!ls\n"
    assert imported_modules(source) == {"scipy", "sklearn"}


def test_an_import_of_what_is_not_installed_here_is_named(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    text = lesson.read_text().replace("# %% demo\n", "# %% demo\nimport no_such_package\n")
    lesson.write_text(text)
    nngrade(new_course.root, "build")
    course = Course(new_course.root)
    with pytest.raises(CourseError, match=rf"{NOTEBOOK} imports no_such_package, but it is not"):
        handout_files(course, course.stages)


def test_dependencies_are_followed_with_their_extras_and_markers():
    found = with_dependencies(["jupyterlab"])
    assert {"jupyterlab", "ipykernel", "nbconvert", "jsonschema", "rfc3339-validator"} <= found
    assert not found & {"pywinpty", "appnope", "pytest", "sphinx"}


def test_links_to_colab_and_binder_are_there_where_asked_only(files, course):
    linked = handout_files(course, course.stages, HOME)
    assert not any(b"colab" in content for content in files.values())
    assert ".binder/requirements.txt" not in files
    colab = f"https://colab.research.google.com/github/ada/course/blob/main/{NOTEBOOK}"
    binder = "https://mybinder.org/v2/gh/ada/course/main?urlpath=lab%2Ftree%2Fassignments%2F"
    for text in (linked["README.md"].decode(), linked[NOTEBOOK].decode()):
        assert colab in text
        assert binder in text
    assert linked[".binder/requirements.txt"] == b"-r ../requirements.txt\n"
    assert linked[".binder/runtime.txt"].decode() == "python-{}.{}\n".format(*sys.version_info)


def test_a_notebook_with_links_gets_all_its_points_and_no_remark(course, stage: Stage, grade):
    linked = json.loads(handout_files(course, course.stages, HOME)[NOTEBOOK])
    result = grade(fill(linked, stage, solutions(stage)))
    assert (result.score, result.max_score) == (6, 6)
    assert result.notes == grade(fill(untouched(course, stage), stage, solutions(stage))).notes


@pytest.mark.parametrize("address", ["ada/course", "https://github.com/ada/course.git"])
def test_a_repository_may_be_named_or_given_by_its_address(address):
    assert Home.of(address, "main") == HOME


@pytest.mark.parametrize(
    ("address", "branch"), [("course", "main"), ("a/b/c", "main"), ('a/b"', "main"), ("a/b", "x y")]
)
def test_what_is_no_repository_is_refused(address, branch):
    with pytest.raises(NngradeError, match=r"no repository on GitHub|no name of a branch"):
        Home.of(address, branch)


# --- How it is written -----------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_left_alone(files, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(NngradeError, match="not empty and not an earlier hand-out"):
        write_handout(files, tmp_path)
    assert list(in_folder(tmp_path)) == ["thesis.txt"]


def test_the_clone_of_an_empty_repository_is_taken(files, tmp_path):
    (tmp_path / ".git").mkdir()
    assert len(write_handout(files, tmp_path).new) == len(files)


def test_a_notebook_that_was_filled_in_survives_an_update(files, folder):
    (folder / NOTEBOOK).write_text("filled in")
    newer = {**files, NOTEBOOK: b"new", "check.py": b"new"}
    written = write_handout(newer, folder)
    assert (written.new, written.kept) == (("check.py",), (NOTEBOOK,))
    assert (folder / NOTEBOOK).read_text() == "filled in"
    assert write_handout(newer, folder).kept == (NOTEBOOK,)


def test_what_was_deleted_comes_back(files, folder):
    (folder / NOTEBOOK).unlink()
    assert write_handout(files, folder).new == (NOTEBOOK,)
    assert (folder / NOTEBOOK).read_bytes() == files[NOTEBOOK]


def test_what_is_handed_out_no_longer_goes_unless_it_was_changed(files, folder):
    second = NOTEBOOK.replace("stage01_sums", "stage02_gradients")
    (folder / NOTEBOOK).write_text("filled in")
    fewer = {name: files[name] for name in files if name not in (NOTEBOOK, second)}
    written = write_handout(fewer, folder)
    assert (written.removed, written.kept) == ((second,), (NOTEBOOK,))
    assert not (folder / second).parent.exists()


def test_files_of_others_beside_a_handout_stay(files, folder):
    (folder / "notes.txt").write_text("mine")
    write_handout(files, folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_an_update_that_was_broken_off_can_be_made_again(files, folder):
    # The list is written last: some files are newer than it says.
    (folder / "check.py").write_bytes(b"new")
    written = write_handout({**files, "check.py": b"new", "README.md": b"new"}, folder)
    assert (written.new, written.kept) == (("README.md",), ())


def test_nothing_is_written_through_a_link(files, tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "handout"
    outside.mkdir()
    write_handout({}, folder)
    (folder / "assignments").symlink_to(outside)
    with pytest.raises(NngradeError, match="is a link, or beyond one"):
        write_handout(files, folder)
    assert not list(outside.iterdir())


@pytest.mark.parametrize("listed", ["{", "[]", '{"files": []}'])
def test_a_list_that_is_broken_is_named(files, folder, listed):
    (folder / LIST).write_text(listed)
    with pytest.raises(NngradeError, match=rf"{LIST} cannot be read"):
        write_handout(files, folder)


def test_the_command_says_what_it_kept(course, folder):
    (folder / NOTEBOOK).write_text("filled in")
    run = nngrade(course.root, "handout", str(folder))
    assert f"kept     {folder / NOTEBOOK}: it was changed since" in run.stdout
    assert "0 written" in run.stdout


# --- check.py --------------------------------------------------------------------------------


@pytest.fixture
def check(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the hand-out's check.py."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "check.py", *(arguments or ("stage01",))],
            cwd=folder,
            capture_output=True,
            text=True,
        )

    return run


def filled(folder: Path, course: Course, **answers: str) -> Path:
    """Stage 1 of the hand-out, filled in rightly but for these answers."""
    stage = course.stages[0]
    notebook = fill(untouched(course, stage), stage, {**solutions(stage), **answers})
    (folder / NOTEBOOK).write_text(notebook_text(notebook))
    return folder / NOTEBOOK


def states(run: subprocess.CompletedProcess[str]) -> dict[str, str]:
    lines = re.findall(r"^  (\w+) +((?:passes|FAILS|not done).*)$", run.stdout, re.M)
    return dict(lines)


def test_untouched_tasks_are_not_done_yet_and_no_failure(check):
    run = check()
    assert states(run) == {"total": "not done yet", "shifted": "not done yet"}
    assert (run.returncode, run.stderr) == (0, "")


def test_right_answers_pass(check, folder, course):
    before = filled(folder, course).read_bytes()
    run = check()
    assert states(run) == {"total": "passes", "shifted": "passes"}
    assert run.returncode == 0
    assert "2 of 2 tasks pass" in run.stdout
    assert (folder / NOTEBOOK).read_bytes() == before


def test_every_stage_of_the_real_course_passes_with_its_own_solutions(real_course, files, tmp_path):
    (tmp_path / "check.py").write_bytes(files["check.py"])
    for stage in real_course.stages:
        path = tmp_path / f"assignments/{stage.name}/{stage.name}.ipynb"
        path.parent.mkdir(parents=True)
        right = fill(untouched(real_course, stage), stage, solutions(stage))
        path.write_text(notebook_text(right))
    run = subprocess.run([sys.executable, "check.py"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0
    for stage in real_course.stages:
        tasks = len(stage.lesson.tasks)
        assert f"{stage.name}\n" in run.stdout
        assert f"{tasks} of {tasks} tasks pass, 0 fail, 0 are to be done" in run.stdout


def test_a_task_that_fails_says_why_and_fails_the_run(check, folder, course):
    filled(folder, course, total="def total(values):\n    return 0.0")
    run = check()
    assert states(run) == {"total": "FAILS: 1 + 2 is 3", "shifted": "passes"}
    assert run.returncode == 1


def test_a_test_without_words_is_quoted(check, folder, course):
    filled(folder, course, shifted="def shifted(values, by):\n    return values")
    assert states(check())["shifted"] == (
        "FAILS: this must hold: assert shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]"
    )


def test_an_exception_is_named(check, folder, course):
    filled(folder, course, total="def total(values):\n    return values.tota()")
    assert states(check())["total"].startswith("FAILS: AttributeError: ")


def test_a_cell_that_does_not_parse_costs_its_own_task_only(check, folder, course):
    filled(folder, course, total="def total(values)\n    return")
    found = states(check())
    assert found["total"].startswith("FAILS: SyntaxError: ")
    assert found["shifted"] == "passes"


def test_what_calls_an_unfinished_task_is_not_done_yet(check, folder, course):
    stub = cell_of(untouched(course, course.stages[0]), "task-total")["source"]
    calls = "def shifted(values, by):\n    return values + by * total(values)"
    filled(folder, course, total="".join(stub), shifted=calls)
    assert states(check()) == {
        "total": "not done yet",
        "shifted": "not done yet: it calls a task that is not done yet",
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("while True: pass", "it does not end within 2 seconds"),
        ("import os; os._exit(3)", "it ends the kernel"),
        ("while True: print('x' * 1000)", "it does not end within 2 seconds"),
        ("return float(input())", "StdinNotImplementedError"),
    ],
)
def test_a_task_that_hangs_or_kills_costs_itself_only(check, folder, course, body, reason):
    filled(folder, course, total=f"def total(values):\n    {body}")
    run = check("stage01", "--seconds", "2")
    assert states(run)["total"].startswith(f"FAILS: {reason}")
    assert states(run)["shifted"] == "passes"
    assert run.returncode == 1


def test_cells_that_students_add_may_hold_anything(check, folder, course):
    path = filled(folder, course)
    notebook = json.loads(path.read_text())
    for source in ("%timeit -n1 -r1 1+1", "!echo hello", "1/0", "def ("):
        cell = {"cell_type": "code", "id": f"x{len(source)}", "metadata": {}, "outputs": []}
        notebook["cells"].insert(2, {**cell, "execution_count": None, "source": source})
    path.write_text(json.dumps(notebook))
    assert states(check()) == {"total": "passes", "shifted": "passes"}


def test_a_notebook_that_lost_its_cell_ids_is_checked_all_the_same(check, folder, course):
    path = filled(folder, course)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    path.write_text(json.dumps(notebook))
    assert states(check()) == {"total": "passes", "shifted": "passes"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read as a notebook"),
        ('{"cells": 3}', "cannot be read as a notebook"),
        ('{"cells": []}', "no visible tests"),
    ],
)
def test_what_is_no_notebook_of_the_course_is_said(check, folder, content, words):
    (folder / NOTEBOOK).write_text(content)
    run = check()
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_stage_that_is_not_there_is_said(check):
    run = check("stage77")
    assert run.returncode == 2
    assert "no stage or notebook 'stage77'; stages: stage01_sums, stage02_gradients" in run.stderr


# --- Files for other programs ----------------------------------------------------------------


def lint(folder: Path, *command: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_workflow_fits_the_schema_of_github(folder):
    schema = ("--builtin-schema", "vendor.github-workflows")
    lint(folder, "check_jsonschema", *schema, ".github/workflows/visible-tests.yml")


def test_the_workflow_is_plain_yaml(folder):
    rules = "{extends: default, rules: {line-length: {max: 100}}}"
    lint(folder, "yamllint", "--strict", "-d", rules, ".github/workflows/visible-tests.yml")


def test_the_workflow_is_given_no_right_but_to_read(files):
    workflow = yaml.safe_load(files[".github/workflows/visible-tests.yml"])
    assert workflow["permissions"] == {"contents": "read"}
    assert b"secrets" not in files[".github/workflows/visible-tests.yml"]
    (job,) = workflow["jobs"].values()
    assert job["timeout-minutes"] <= 60


def test_the_devcontainer_opens_jupyterlab_in_the_dockerfiles_image_as_its_user(files):
    container = json.loads(files[".devcontainer/devcontainer.json"])
    dockerfile = files["Dockerfile"].decode()
    assert container["build"] == {"dockerfile": "../Dockerfile", "context": ".."}
    user = container["remoteUser"]
    assert re.search(rf"useradd .*--uid 1000 {user}\b", dockerfile)
    assert "\nUSER 1000\n" in dockerfile
    assert container["postAttachCommand"].startswith("jupyter lab ")
    assert container["forwardPorts"] == [8888]


def test_the_image_is_made_of_files_that_are_handed_out(files, folder):
    allowed = {
        line[1:] for line in files[".dockerignore"].decode().splitlines() if line.startswith("!")
    }
    copied = [
        source
        for line in files["Dockerfile"].decode().splitlines()
        if line.startswith("COPY ")
        for source in [word for word in line.split()[1:-1] if not word.startswith("--")]
    ]
    assert set(copied) == allowed
    assert all((folder / source).exists() for source in copied)


# --- A student -------------------------------------------------------------------------------


def index_answers(folder: Path) -> bool:
    """Whether pip can download anything here."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    return subprocess.run([*command, "click"], capture_output=True).returncode == 0


def steps_of(folder: Path) -> dict[str, str]:
    """What the workflow of a hand-out runs, by the names of its steps."""
    workflow = yaml.safe_load((folder / ".github/workflows/visible-tests.yml").read_text())
    (job,) = workflow["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def test_a_student_without_this_repository_installs_fills_in_checks_runs_and_hands_in(
    real_course: Course, grader, tmp_path
):
    """One long test, so that there is one installation: the steps are the workflow's own."""
    if not index_answers(tmp_path / "probe"):
        pytest.skip("pip reaches no package index")
    stage = real_course.stages[0]
    folder = tmp_path / "course"
    write_handout(handout_files(real_course, [stage]), folder)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    kept = ("PIP_", "HTTP", "http", "SSL", "LANG")
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith(kept)},
        "PATH": os.pathsep.join([str(tmp_path / "venv/bin"), "/usr/bin", "/bin"]),
        "HOME": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }

    def run(command: str) -> str:
        """Run a command as GitHub's runner does."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    steps = steps_of(folder)
    run(steps["Install what the notebooks need"])
    run("! python -c 'import nngrade' 2> error && grep -q ModuleNotFoundError error && rm error")
    tasks = len(stage.lesson.tasks)
    assert f"0 of {tasks} tasks pass, 0 fail, {tasks} are to be done" in run(
        steps["Run the visible tests"]
    )
    notebook = folder / f"assignments/{stage.name}/{stage.name}.ipynb"
    notebook.write_text(
        notebook_text(fill(json.loads(notebook.read_text()), stage, solutions(stage)))
    )
    assert f"{tasks} of {tasks} tasks pass, 0 fail" in run(steps["Run the visible tests"])
    assert f"{tasks} of {tasks} tasks pass" in (tmp_path / "summary").read_text()
    # All cells, the pictures too, as "Run All" does; what it leaves in the file is handed in.
    run(f"jupyter execute --inplace {notebook}")
    assert "image/png" in notebook.read_text()
    result = grader.grade(notebook, stage, "ann")
    assert (result.score, result.max_score) == (20, 20)
