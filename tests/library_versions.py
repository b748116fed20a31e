"""Grade one class with the lowest and the highest NumPy and IPython, and on a Dask worker.

    python tests/library_versions.py

Takes some minutes and the network, so that pytest does not collect it; run it where the ranges in
pyproject.toml, the recovery of programs or the drawing of inputs changes. Exits with 1 where a
digest or a result differs.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import time
import tomllib
from pathlib import Path

from nngrade.authoring.specimens import (
    Specimen,
    fill,
    sample_class,
    solutions,
    untouched,
    write_specimen,
)
from nngrade.course.stages import Course

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a secret for tests only"
LIBRARIES = ("numpy", "ipython")
# What a program's digest must not depend on: how IPython reads it, and how Python writes it.
TOUCHES = {
    "indented": lambda text: textwrap.indent(text, "    "),
    "magics": lambda text: f"%%time\n%matplotlib inline\n{text}\nnp.dot?",
    "prompts": lambda text: "\n".join(
        (">>> " if line[:1].strip() else "... ") + line for line in text.split("\n")
    ),
}
DIGESTS = """
import json, sys
from pathlib import Path
from nngrade.course.stages import Course
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.program import recover

course = Course(Path(sys.argv[1]))
found = {}
for path in sorted(Path(sys.argv[2]).rglob("*.ipynb")):
    lesson = course.stage(path.parent.name).lesson
    found[str(path)] = recover(read_notebook(path), lesson).digest
print(json.dumps(found))
"""


def write_notebooks(course: Course, folder: Path) -> None:
    """A made-up class of each stage, and right notebooks that IPython has to read."""
    for one in sample_class(course, course.stages):
        write_specimen(one, folder)
    for stage in course.stages:
        right = fill(untouched(course, stage), stage, solutions(stage))
        for name, touch in TOUCHES.items():
            notebook = copy.deepcopy(right)
            for cell in notebook["cells"]:
                if str(cell.get("id", "")).startswith("task-"):
                    source = "".join(cell["source"])
                    cell["source"] = touch(source)
            first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
            first["source"] = "".join(first["source"]) + "\nEPS = np.finfo(float).eps"
            write_specimen(Specimen(name, stage, notebook), folder)


def environment(folder: Path, highest: bool) -> Path:
    """An environment with the core and these versions; its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin/python"
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = []
    for one in needed:
        name, _, lowest = one.split(";")[0].split(",")[0].strip().partition(">=")
        pins.append(one if highest or name not in LIBRARIES else f"{name}=={lowest}.*")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *pins], check=True)
    subprocess.run([*pip, "--no-deps", ROOT], check=True)
    return python


def outcome(python: Path | str, submitted: Path, *options: str) -> tuple[str, str]:
    """All digests, and all results without times, as text."""
    environ = {**os.environ, "NNGRADE_SECRET": SECRET}
    digests = subprocess.run(
        [python, "-c", DIGESTS, ROOT, submitted], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    command = [python, "-m", "nngrade", "--course", ROOT, "grade", submitted, *options]
    graded = subprocess.run(
        [*command, "--data", "digits", "--json", "-", "--sandbox", "weak", "--fail-on", "never"],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return digests, re.sub(r'("seconds": )[^,\n]+', r"\g<1>0", graded)


def differences(one: str, other: str) -> list[str]:
    """Submissions and checks that have other results."""
    told = []
    pairs = zip(json.loads(one)["submissions"], json.loads(other)["submissions"], strict=True)
    for left, right in pairs:
        for a, b in zip(left["checks"], right["checks"], strict=True):
            if a != b:
                told.append(f"{left['path']} {a['id']}:\n  {a['message']}\n  {b['message']}")
        # `np.dot?` prints what this NumPy says of itself.
        apart = {"checks", "output_bytes"}
        told += [
            f"{left['path']}: {name}: {left[name]!r}, {right[name]!r}"
            for name in left.keys() - apart
            if left[name] != right[name]
        ]
    return told


def main() -> int:
    """Grade everywhere, compare, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="nngrade-libraries-") as name:
        folder = Path(name).resolve()
        submitted = folder / "submitted"
        write_notebooks(Course(ROOT), submitted)
        here = outcome(sys.executable, submitted)
        found = {
            "lowest": outcome(environment(folder / "lowest", False), submitted),
            "highest": outcome(environment(folder / "highest", True), submitted),
        }
        told = folder / "scheduler.json"
        dask = [sys.executable, "-m", "dask"]
        environ = {**os.environ, "NNGRADE_SECRET": SECRET}
        running = [
            subprocess.Popen([*dask, *one], env=environ, stderr=subprocess.DEVNULL)
            for one in (
                ["scheduler", "--port=0", f"--scheduler-file={told}"],
                ["worker", f"--scheduler-file={told}", "--nthreads=1"],
            )
        ]
        try:
            while not told.exists():
                time.sleep(0.1)
            address = json.loads(told.read_text())["address"]
            options = ("--executor", "dask", "--scheduler", address)
            found["on a Dask worker"] = outcome(sys.executable, submitted, *options)
        finally:
            for process in running:
                process.terminate()
    failed = False
    print(f"{len(json.loads(here[0]))} submissions")
    for where, (digests, results) in found.items():
        differing = differences(here[1], results)
        print(f"{where}: digests {'the same' if digests == here[0] else 'DIFFER'}", end="; ")
        print("results the same" if not differing else "\n".join(["results DIFFER", *differing]))
        failed |= digests != here[0] or bool(differing)
    return failed


if __name__ == "__main__":
    sys.exit(main())
