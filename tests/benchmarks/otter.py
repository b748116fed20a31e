"""How fast grading is beside `otter run` (otter-grader 7): a batch on two cores, and one.

    python tests/benchmarks/otter.py [--submissions N] [--rounds R] [--venv FOLDER]

Otter grades a notebook of three tasks of stage 1 (`predict`, `update`, `accuracy`), with tests
written by hand for it in otter_assignment/tests; it takes one notebook at a time, so two run at
once. nngrade grades the same three tasks, with their visible tests and hidden checks, and then the
whole stage: all seven tasks and the project. All answers are right, each has one BLAS thread. Otter
is installed from the package index into a virtual environment that is removed in the end, or kept
in FOLDER.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from grading import run
from loop import measured

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course, Stage, find_course

TASKS = ("predict", "update", "accuracy")
POINTS = 7
ASSIGNMENT = Path(__file__).with_name("otter_assignment")


def installed(venv: Path) -> Path:
    """The program of an environment with otter in it, which is made where it is missing."""
    otter = venv / "bin/otter"
    if not otter.exists():
        run(sys.executable, "-m", "venv", venv)
        run(venv / "bin/pip", "install", "--quiet", "otter-grader[grading]==7.*", "numpy>=1.26")
    return otter


def write_notebook(stage: Stage, path: Path) -> None:
    """The notebook that a student of the three tasks would hand in."""
    answers = solutions(stage)
    sources = [
        'import numpy as np\nimport otter\n\ngrader = otter.Notebook(tests_dir="tests")',
        *(answers[task] for task in TASKS),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def course_of_three_tasks(stage: Stage, root: Path) -> Course:
    """A course whose only stage asks these tasks; what the others ask is given."""
    folder = root / "solutions" / stage.name
    folder.mkdir(parents=True)
    shutil.copy(stage.folder.parent / "course.toml", folder.parent)
    shutil.copy(stage.folder / "questions.py", folder)
    cells = re.split(r"(?m)^(?=# %%)", (stage.folder / "lesson.py").read_text(encoding="utf-8"))
    kept = []
    for cell in cells:
        told = re.match(r'# %% (task|tests)="(\w+)"', cell)
        if told and told[2] not in TASKS:
            if told[1] == "tests":
                continue
            cell = re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n", "", cell.replace(told[0], "# %%"))
        kept.append(cell)
    (folder / "lesson.py").write_text("".join(kept), encoding="utf-8")
    tree = ast.parse((stage.folder / "checks.py").read_text(encoding="utf-8"))
    tree.body = [one for one in tree.body if _task_of(one) in ("", *TASKS)]
    (folder / "checks.py").write_text(ast.unparse(tree), encoding="utf-8")
    # What is handed out is the whole stage's: of a notebook, only these tasks are graded.
    handed_out = Path("assignments") / stage.name
    shutil.copytree(stage.folder.parents[1] / handed_out, root / handed_out)
    return Course(root)


def _task_of(node: ast.stmt) -> str:
    """The task that a check of checks.py is about; empty for what is no check."""
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        call = node.decorator_list[0]
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "check":
            return str(ast.literal_eval(call.args[0]))
    return ""


def otter_run(otter: Path, autograder: Path, notebooks: Sequence[Path]) -> None:
    """Grade notebooks, two at a time, and see that each has all its points."""

    # Its packages are its own.
    own = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def grade(notebook: Path) -> None:
        command = [otter, "run", "-a", autograder, "-o", notebook.parent, "--no-logo", notebook]
        done = subprocess.run(
            command, cwd=notebook.parent, env=own, capture_output=True, text=True, check=False
        )
        results = notebook.parent / "results.json"
        if done.returncode or not results.exists():
            raise SystemExit(f"otter run failed:\n{done.stdout}{done.stderr}")
        document = json.loads(results.read_text())
        if sum(one.get("score", 0) for one in document["tests"]) != POINTS:
            raise SystemExit(f"otter gave other points: {results.read_text()[:2000]}")
        results.unlink()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(grade, notebooks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--venv", type=Path)
    options = parser.parse_args()
    course = find_course()
    stage = course.stage("stage01_perceptron")
    count = options.submissions
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        otter = installed((options.venv or folder / "venv").absolute())
        autograder = folder / "autograder.zip"
        shutil.copytree(ASSIGNMENT, folder / "assignment")
        run(
            otter, "generate", "-t", "tests", "-o", autograder, "--no-environment",
            cwd=folder / "assignment",
        )  # fmt: skip
        theirs = [folder / "otter" / f"{number:03}" / "tasks.ipynb" for number in range(count)]
        for path in theirs:
            write_notebook(stage, path)
        three = course_of_three_tasks(stage, folder / "three")
        print(f"load before {os.getloadavg()[0]:.1f}\n")
        head = "| nngrade grades | what | seconds | nngrade | otter run | times ours |"
        print(f"{head}\n|---|---|---|--:|--:|--:|")
        for whose, course in (("three tasks", three), ("the whole stage", find_course())):
            compare(whose, course, theirs, partial(otter_run, otter, autograder), options.rounds)


def compare(
    whose: str,
    course: Course,
    theirs: Sequence[Path],
    otter: Callable[[Sequence[Path]], None],
    rounds: int,
) -> None:
    """Print how long as many submissions take, and one, beside otter's notebooks."""
    stage, count = course.stage("stage01_perceptron"), len(theirs)
    right = fill(untouched(course, stage), stage, solutions(stage))
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        submitted = Path(name)
        ours = [
            write_specimen(Specimen(f"student{number:03}", stage, right), submitted)
            for number in range(count)
        ]
        nngrade = (sys.executable, "-m", "nngrade", "--course", course.root, "grade")
        flags = ("--data", "digits", "--jobs", 2)
        steps = {
            f"each of {count}": (
                lambda: run(*nngrade, submitted, *flags),
                lambda: otter(theirs),
                count,
            ),
            "one from the shell": (
                lambda: run(*nngrade, ours[0], *flags),
                lambda: otter(theirs[:1]),
                1,
            ),
        }
        for what, (mine, other, each) in steps.items():
            pairs = [(measured(mine), measured(other)) for _ in range(rounds)]
            for kind, number in (("by the clock", 0), ("of the processors", 1)):
                times = [(a[number] / each, b[number] / each) for a, b in pairs]
                nngrade_s, otter_s = (
                    statistics.median(column) for column in zip(*times, strict=True)
                )
                ratio = statistics.median(b / a for a, b in times)
                print(
                    f"| {whose} | {what} | {kind} | {nngrade_s:.3f} | {otter_s:.3f} | {ratio:.1f} |"
                )


if __name__ == "__main__":
    main()
