"""What pipelines run: the action, the workflow and GitLab's template, their shell run for real.

The steps get the environment that GitHub's runner or GitLab's gives them, tokens in it, and a push
in a repository of git's; only what fetches from the platform itself is done by git here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage

from .conftest import ROOT

ACTION = ROOT / ".github/actions/grade/action.yml"
WORKFLOW = ROOT / ".github/workflows/grade.yml"
CLASS_WORKFLOW = ROOT / ".github/workflows/grade-class.yml"
TEMPLATE = ROOT / ".gitlab/grade.gitlab-ci.yml"
TOKENS = {
    "GITHUB_TOKEN": "MARKER-github-token",
    "ACTIONS_RUNTIME_TOKEN": "MARKER-runtime-token",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKER-id-token",
    "CI_JOB_TOKEN": "MARKER-job-token",
    "SUBMISSIONS_TOKEN": "MARKER-submissions-token",
    "NNGRADE_SECRET": "MARKER-course-secret",
}
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def read(path: Path) -> dict[str, Any]:
    # GitHub's and GitLab's reader knows no YES and NO; "on" is a key.
    document: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)
    return document


def workflow_step(name: str, workflow: Path = WORKFLOW) -> dict[str, Any]:
    (step,) = (one for one in read(workflow)["jobs"]["grade"]["steps"] if one["name"] == name)
    return step


def expand(text: str, values: dict[str, str]) -> str:
    """Fill in ``${{ inputs.path }}`` and the like."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values.get(found[1], ""), text)


def git(*arguments: str | Path, cwd: Path) -> str:
    author = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"]
    return subprocess.run(
        ["git", *author, *arguments],
        cwd=cwd, env={**os.environ, **GIT}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@dataclass
class Runner:
    """A runner's folders, and what steps leave in them."""

    base: Path
    course: Course
    log: str = ""
    status: int = 0
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def temporary(self) -> Path:
        return self.base / "temp"

    @property
    def results(self) -> dict[str, Any]:
        (path,) = self.base.rglob("results.json")
        document: dict[str, Any] = json.loads(path.read_text())
        return document

    @property
    def summary(self) -> str:
        return (self.base / "summary").read_text()

    @property
    def obeyed(self) -> list[str]:
        """The lines of the log that GitHub's runner takes for commands."""
        commands, waiting = [], ""
        for line in self.log.splitlines():
            if waiting:
                waiting = "" if line.strip() == f"::{waiting}::" else waiting
            elif line.startswith("::stop-commands::"):
                waiting = line.removeprefix("::stop-commands::")
            elif line.lstrip().startswith("::") or "##[" in line:
                commands.append(line)
        assert not waiting
        return commands

    def step(self, run: str, environment: dict[str, str]) -> None:
        """Run a step as GitHub does, with all the tokens that there may be."""
        output = self.base / "output"
        output.write_text("")
        self.temporary.mkdir(exist_ok=True)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run],
            cwd=self.base,
            env={
                **os.environ, **GIT, **TOKENS, "GITHUB_ACTIONS": "true", "CI": "true",
                "RUNNER_TEMP": str(self.temporary), "GITHUB_WORKSPACE": str(self.base),
                "GITHUB_STEP_SUMMARY": str(self.base / "summary"), "GITHUB_OUTPUT": str(output),
                **environment,
            },
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.log, self.status = done.stdout, done.returncode
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[name] = value

    def action(self, **inputs: str) -> None:
        """Run the composite action's steps."""
        action = read(ACTION)
        given = {name: one.get("default", "") for name, one in action["inputs"].items()}
        given |= {
            # As a machine with all layers would, one that lacks a layer runs these tests, too.
            "sandbox": "weak", "course": str(self.course.root), "python": sys.executable,
            "secret": TOKENS["NNGRADE_SECRET"], "student": "ann",
            **{name.replace("_", "-"): value for name, value in inputs.items()},
        }  # fmt: skip
        values = {f"inputs.{name}": value for name, value in given.items()}
        install, grade = action["runs"]["steps"]
        assert install["if"] == "inputs.python == ''"
        environment = {name: expand(value, values) for name, value in grade["env"].items()}
        self.step(grade["run"], environment)


@pytest.fixture
def runner(tmp_path: Path, course: Course) -> Runner:
    base = tmp_path / "runner"
    base.mkdir()
    return Runner(base, course)


@pytest.fixture
def pushed(tmp_path: Path) -> Path:
    """A student's repository, in which nothing is committed yet."""
    repository = tmp_path / "hosted/students/stage01-ann.git"
    repository.mkdir(parents=True)
    git("init", "--quiet", "--initial-branch=main", cwd=repository)
    return repository


def commit(repository: Path) -> None:
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message", "Hand in", cwd=repository)


def push(repository: Path, notebook: dict[str, Any], name: str = "stage01_sums.ipynb") -> None:
    (repository / name).write_text(notebook_text(notebook))
    commit(repository)


Checkout = Callable[[Path], None]


@pytest.fixture
def checkout(runner: Runner) -> Checkout:
    """Fetch a push as actions/checkout does, with the environment that the workflow gives it."""

    def fetch(repository: Path) -> None:
        (step,) = (
            one
            for one in read(WORKFLOW)["jobs"]["grade"]["steps"]
            if "Check out the push" in one["name"]
        )
        assert step["with"]["persist-credentials"] == "false"
        subprocess.run(
            ["git", "clone", "--quiet", repository, runner.base / "push"],
            env={**os.environ, **GIT, **step["env"]}, check=True,
        )  # fmt: skip

    return fetch


SPY = """
import gc, glob, os
found = []
for path in [*{paths!r}, *glob.glob("/proc/[0-9]*/environ"), "/proc/self/environ"]:
    try:
        found.append(open(path, "rb").read())
    except OSError:
        pass
found += [value for value in os.environ.values()]
found += [repr(one) for one in gc.get_objects() if isinstance(one, dict) and "GITHUB_TOKEN" in one]
marked = [one for one in map(str, found) if "MARK" + "ER" in one]

def total(values):
    raise RuntimeError(f"looked at {{len(found)}} and found {{marked}}")
"""


def a_spy(runner: Runner, stage: Stage) -> dict[str, Any]:
    """A push that looks for tokens wherever it can, and tells in a message what it found."""
    places = ["/proc/self/environ", f"/proc/{os.getpid()}/environ", f"/proc/{os.getppid()}/environ"]
    places += [
        "/proc/1/environ",
        str(runner.base / "push/.git/config"),
        str(runner.base / "output"),
    ]
    places += [str(path) for path in runner.course.solutions.rglob("*")]
    answers = {**solutions(stage), "total": SPY.format(paths=places)}
    return fill(untouched(runner.course, stage), stage, answers)


# Nothing in these files is wrong, as far as programs can tell.


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a linter that is installed beside this Python, or on this machine."""
    found = shutil.which(
        name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return subprocess.run(
        [found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("github-actions", [ACTION]),
        ("github-workflows", [WORKFLOW, CLASS_WORKFLOW]),
        ("gitlab-ci", ["--data-transform", "gitlab-ci", TEMPLATE]),
    ],
    ids=["actions", "workflows", "gitlab"],
)
def test_each_file_fits_its_platforms_schema(schema: str, arguments: list[str | Path]):
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *arguments)
    assert done.returncode == 0, done.stdout


def test_yamllint_has_nothing_to_say():
    done = tool("yamllint", "--strict", ".github", ".gitlab")
    assert done.returncode == 0, done.stdout


def test_actionlint_has_nothing_to_say():
    done = tool("actionlint", WORKFLOW, CLASS_WORKFLOW)
    assert done.returncode == 0, done.stdout


def scripts() -> dict[str, str]:
    """Every piece of shell, by where it stands."""
    found = {
        path.name: path.read_text()
        for path in (ROOT / "autograder/nngrade/gradescope").iterdir()
        if path.is_file() and path.read_bytes().startswith(b"#!")
    }
    workflows = [read(path)["jobs"]["grade"]["steps"] for path in (WORKFLOW, CLASS_WORKFLOW)]
    steps = [*read(ACTION)["runs"]["steps"], *workflows[0], *workflows[1]]
    found |= {one["name"]: one["run"] for one in steps if "run" in one}
    return {**found, "gitlab": "\n".join(read(TEMPLATE)[".nngrade"]["script"])}


@pytest.mark.parametrize("name", scripts())
def test_shellcheck_has_nothing_to_say(name: str, tmp_path: Path):
    (tmp_path / "script").write_text(scripts()[name])
    done = tool("shellcheck", "--shell=bash", tmp_path / "script")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", scripts())
def test_no_expression_is_pasted_into_shell(name: str):
    assert "${{" not in scripts()[name]


def test_every_action_of_others_is_pinned_to_a_commit():
    for path in (ACTION, WORKFLOW, CLASS_WORKFLOW):
        for line in path.read_text().splitlines():
            if "uses: " in line and "uses: ./" not in line:
                assert re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d", line), line


def test_workflows_may_read_and_are_started_by_the_staff_alone():
    for path in (WORKFLOW, CLASS_WORKFLOW):
        assert read(path)["permissions"] == {"contents": "read"}
        # Nothing that a student does starts them.
        assert set(read(path)["on"]) <= {"workflow_dispatch", "workflow_call"}


@pytest.mark.parametrize(
    ("page", "schema"), [("github.md", "github-workflows"), ("gitlab.md", "gitlab-ci")]
)
def test_what_a_page_says_to_copy_fits_the_platforms_schema(page: str, schema: str, tmp_path):
    text = (ROOT / "docs" / page).read_text()
    files = []
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)):
        files.append(tmp_path / f"{number}.yml")
        files[-1].write_text(block)
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", ["github.md", "gitlab.md", "gradescope.md"])
def test_a_page_is_short(page: str):
    assert len((ROOT / "docs" / page).read_text().splitlines()) <= 40


def test_the_pages_name_inputs_and_variables_that_there_are():
    told = (ROOT / "docs/github.md").read_text().replace("\\\n", "")
    for workflow in (WORKFLOW, CLASS_WORKFLOW):
        (line,) = re.findall(rf"^gh workflow run {workflow.name} (.+)$", told, re.MULTILINE)
        given = set(re.findall(r"-f ([\w-]+)=", line))
        inputs = read(workflow)["on"]["workflow_dispatch"]["inputs"]
        needed = {name for name, one in inputs.items() if one.get("required") == "true"}
        assert needed <= given <= set(inputs)
    template = TEMPLATE.read_text()
    for name in re.findall(r"\b[A-Z]+_[A-Z]+\b|\bSANDBOX\b", (ROOT / "docs/gitlab.md").read_text()):
        assert f"${name}" in template or f"${{{name}" in template or name == "NNGRADE_SECRET", name


# GitHub


BACKEND = """
import zipfile

METADATA = "Metadata-Version: 2.1\\nName: course\\nVersion: 1"

def build_wheel(folder, settings=None, metadata=None):
    name = "course-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("from_the_folder.py", "")
        wheel.writestr("course-1.dist-info/METADATA", METADATA)
        wheel.writestr("course-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any")
        wheel.writestr("course-1.dist-info/RECORD", "")
    return name
"""


def test_what_is_installed_is_the_courses_folder_not_a_package_of_its_name(runner: Runner):
    """The step itself, on a folder that takes no network to install."""
    folder = runner.base / "course"
    folder.mkdir()
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    install, _ = read(ACTION)["runs"]["steps"]
    runner.step(install["run"], {"COURSE": "course", "PIP_NO_INDEX": "1"})
    assert runner.status == 0, runner.log
    assert list(runner.temporary.glob("nngrade/lib/python*/site-packages/from_the_folder.py"))


def test_a_right_push_gets_all_points(runner: Runner, checkout: Checkout, pushed: Path, right):
    push(pushed, right)
    checkout(pushed)
    runner.action(path="push", fail_on="lost")
    assert runner.status == 0, runner.log
    assert (runner.outputs["score"], runner.outputs["max_score"]) == ("6", "6")
    assert "6 of 6" in runner.summary
    results = Path(runner.outputs["results"])
    (suite,) = ElementTree.parse(results / "junit.xml").iter("testsuite")
    assert not list(suite.iter("failure"))
    assert "<html" in (results / "feedback.html").read_text()


def test_a_wrong_push_loses_points_and_is_annotated(
    runner: Runner, checkout: Checkout, pushed: Path, course: Course, stage: Stage
):
    push(pushed, untouched(course, stage))
    checkout(pushed)
    runner.action(path="push/stage01_sums.ipynb")
    assert runner.status == 0, runner.log
    assert runner.outputs["score"] == "0"
    assert any(
        line.startswith("::error file=push/stage01_sums.ipynb,line=") for line in runner.obeyed
    )
    assert "total is not done yet" in runner.summary
    runner.action(path="push/stage01_sums.ipynb", min_score="50%")
    assert runner.status == 1, runner.log


def test_a_push_without_a_notebook_fails_and_says_so(
    runner: Runner, checkout: Checkout, pushed: Path
):
    (pushed / "README.md").write_text("Later.")
    commit(pushed)
    checkout(pushed)
    runner.action(path="push")
    assert runner.status == 2
    assert runner.outputs["score"] == "0"
    assert "no notebook" in runner.log


def test_a_setting_that_nngrade_does_not_know_fails_the_job(
    runner: Runner, checkout: Checkout, pushed: Path, right
):
    push(pushed, right)
    checkout(pushed)
    runner.action(path="push", min_score="nearly all")
    assert runner.status == 2
    assert "Invalid value for '--min-score'" in runner.log
    runner.action(path="push", stage="stage77")
    assert runner.status == 2
    assert any("there is no stage 'stage77'" in line for line in runner.obeyed)


def test_a_push_that_looks_for_tokens_finds_none(
    runner: Runner, checkout: Checkout, pushed: Path, stage: Stage
):
    push(pushed, a_spy(runner, stage))
    checkout(pushed)
    runner.action(path="push")
    message = json.dumps(runner.results)
    assert re.search(r"looked at \d+ and found \[\]", message)
    assert runner.outputs["score"] == "3"
    everything = runner.log + "".join(
        path.read_text(errors="replace") for path in runner.base.rglob("*") if path.is_file()
    )
    assert not [token for token in TOKENS.values() if token in everything]


def test_a_push_gives_no_orders_to_the_runner(
    runner: Runner, checkout: Checkout, pushed: Path, course: Course, stage: Stage
):
    order = "\\n::set-output name=score::6\\n##[set-output name=score;]6\\n::add-mask::e"
    attack = f'print("{order}")\ndef total(values):\n    raise RuntimeError("{order}")\n'
    answers = {**solutions(stage), "total": attack}
    name = "a\n::set-output name=score::6\n.ipynb"
    (pushed / f"b{name}").write_text("{")
    push(pushed, fill(untouched(course, stage), stage, answers), name)
    checkout(pushed)
    runner.action(path="push")
    assert runner.outputs["score"] == "3"
    assert "::stop-commands::" in runner.log
    assert runner.obeyed
    assert all(re.match(r"::(error|notice) ", line) for line in runner.obeyed), runner.obeyed


def test_a_link_out_of_the_push_is_not_followed(
    runner: Runner, checkout: Checkout, pushed: Path, right
):
    elsewhere = runner.base / "solved.ipynb"
    elsewhere.write_text(notebook_text(right))
    (pushed / "stage01_sums.ipynb").symlink_to("../solved.ipynb")
    commit(pushed)
    checkout(pushed)
    runner.action(path="push")
    assert runner.status == 2
    assert runner.outputs["score"] == "0"


def test_names_are_data_to_the_shell(runner: Runner, checkout: Checkout, pushed: Path, right):
    push(pushed, right)
    checkout(pushed)
    name = "ann; touch $(touch pwned) `touch pwned` '\" -x"
    runner.action(path="push", student=name)
    assert runner.status == 0, runner.log
    assert runner.results["submissions"][0]["student"] == name
    assert not list(runner.base.rglob("pwned"))


def gh(runner: Runner, does: str) -> None:
    """Put a program of that name on the path: what cannot be had here is GitHub itself."""
    (runner.base / "gh").write_text(f"#!/bin/sh\n{does}\n")
    (runner.base / "gh").chmod(0o755)


@pytest.mark.parametrize(
    ("student", "expected", "file"),
    [("", "stage01-ann", "stage01-ann"), ("Ann O'Hara/3", "Ann O'Hara/3", "Ann-O-Hara-3")],
)
def test_the_student_is_named_or_is_the_repository(
    runner: Runner, student: str, expected: str, file: str
):
    environment = {"REPOSITORY": "uni/stage01-ann", "STUDENT": student}
    runner.step(workflow_step("Tell whose it is")["run"], environment)
    assert runner.outputs == {"student": expected, "file": file}


def test_the_feedback_goes_under_the_students_commit(
    runner: Runner, checkout: Checkout, pushed: Path, course: Course, stage: Stage
):
    push(pushed, untouched(course, stage))
    checkout(pushed)
    runner.action(path="push")
    said = runner.base / "said"
    gh(runner, f'printf "%s\\n" "$@" >"{said}"')
    step = workflow_step("Write the feedback under the commit")
    environment = {
        "REPOSITORY": "uni/stage01-ann", "COMMIT": "c0ffee", "RESULTS": runner.outputs["results"],
        "PATH": f"{runner.base}:{os.environ['PATH']}",
    }  # fmt: skip
    runner.step(step["run"], environment)
    assert runner.status == 0, runner.log
    arguments = said.read_text().split("\n")
    assert "repos/uni/stage01-ann/commits/c0ffee/comments" in arguments
    (body,) = (one.removeprefix("body=@") for one in arguments if one.startswith("body=@"))
    assert "total is not done yet" in Path(body).read_text()


def test_a_class_is_graded_in_one_run(
    runner: Runner, pushed: Path, tmp_path: Path, course: Course, stage: Stage, right
):
    push(pushed, right)
    for name, notebook in (("bob", untouched(course, stage)), ("eve", a_spy(runner, stage))):
        repository = pushed.parent / f"stage01-{name}.git"
        repository.mkdir()
        git("init", "--quiet", "--initial-branch=main", cwd=repository)
        push(repository, notebook)
    names = ["stage01-ann", "stage01-bob", "stage01-eve", "stage01-gone", "stage02-ann", "notes"]
    gh(runner, f"printf 'students/%s\\n' {' '.join(names)}")
    environment = {
        "PATH": f"{runner.base}:{os.environ['PATH']}", "OWNER": "students", "PREFIX": "stage01-",
        "STAGE": stage.name, "NOTEBOOK": "stage01_sums.ipynb", "GIT_TERMINAL_PROMPT": "0",
        "GITHUB_SERVER_URL": f"file://{tmp_path}/hosted",
    }  # fmt: skip
    fetch = workflow_step("Fetch the pushes, of which nothing is run", CLASS_WORKFLOW)
    runner.step(fetch["run"], environment)
    assert runner.status == 0, runner.log
    assert "students/stage01-gone could not be fetched" in runner.log
    runner.action(path="submitted", student="")
    graded = {one["student"]: one["score"] for one in runner.results["submissions"]}
    assert graded == {"ann": 6, "bob": 0, "eve": 3, "gone": 0}
    assert runner.status == 2
    assert "bob" in (Path(runner.outputs["results"]) / "grades.csv").read_text()
    assert not [token for token in TOKENS.values() if token in json.dumps(runner.results)]


# GitLab


def gitlab(runner: Runner, pushed: Path, **variables: str) -> None:
    """Run the job's script as GitLab's runner does, in a copy of the course."""
    project = runner.base / "project"
    shutil.copytree(runner.course.root, project)
    job = read(TEMPLATE)[".nngrade"]
    host = pushed.parent.parent
    environment = {
        **job["variables"], "GITLAB_CI": "true", "CI_PROJECT_DIR": str(project),
        "CI_SERVER_URL": f"file://{host}", "PUSHED_PATH": ".", "SANDBOX": "weak",
        "PUSHED_PROJECT": str(pushed.relative_to(host)).removesuffix(".git"),
        "PYTHON": sys.executable, "TMPDIR": str(runner.temporary), **variables,
    }  # fmt: skip
    runner.step("\n".join(job["script"]), environment)


def test_gitlab_grades_a_push_and_reports_it(
    runner: Runner, pushed: Path, course: Course, stage: Stage
):
    push(pushed, untouched(course, stage))
    gitlab(runner, pushed, PUSHED_REF="main")
    assert runner.status == 0, runner.log
    reports = read(TEMPLATE)[".nngrade"]["artifacts"]["reports"]
    project = runner.base / "project"
    assert (project / reports["dotenv"]).read_text() == "score=0\nmax_score=6\n"
    (suite,) = ElementTree.parse(project / reports["junit"]).iter("testsuite")
    assert list(suite.iter("failure"))
    assert "0 of 6" in runner.log
    assert runner.results["submissions"][0]["student"] == "students/stage01-ann"
    assert list(runner.temporary.iterdir()) == []


def test_gitlab_closes_the_solutions_to_other_users(runner: Runner, pushed: Path, right):
    push(pushed, right)
    gitlab(runner, pushed)
    solved = runner.base / "project/solutions"
    assert stat.S_IMODE(solved.stat().st_mode) & 0o077 == 0


def test_gitlab_fails_where_a_score_is_not_reached(
    runner: Runner, pushed: Path, course: Course, stage: Stage
):
    push(pushed, untouched(course, stage))
    gitlab(runner, pushed, MIN_SCORE="3")
    assert runner.status == 1, runner.log


def test_gitlab_keeps_its_tokens_from_a_push(runner: Runner, pushed: Path, stage: Stage):
    push(pushed, a_spy(runner, stage))
    gitlab(runner, pushed)
    assert re.search(r"looked at \d+ and found \[\]", json.dumps(runner.results))
    everything = runner.log + "".join(
        path.read_text(errors="replace") for path in runner.base.rglob("*") if path.is_file()
    )
    assert not [token for token in TOKENS.values() if token in everything]
