"""How fast grading is, beside nbgrader and beside a bare Python process.

    python tests/benchmarks/grading.py [--stage STAGE] [--submissions N] [--rounds R]

All are timed on the same notebooks in the same run, with one BLAS thread; what is printed are
medians and ratios, because machines are shared and noisy. `nbgrader autograde` grades the same
submissions from the same assignment, with the same hidden checks left out, since stock nbgrader
cannot run them: it runs the notebooks' cells and visible tests, which is less work.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

from nngrade.authoring.build import write_sources
from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Stage, find_course

BARE = """
import sys, time
from nngrade.authoring.calibrate import calibrate
from nngrade.course.stages import find_course
from nngrade.course.data import Data
from nngrade.grading.checking import run_check
from nngrade.course.seeds import generator
from nngrade.grading.student import LocalStudent
course, name, count = find_course(), sys.argv[1], int(sys.argv[2])
stage, data = course.stage(name), Data("digits")
stage.checks, stage.reference
if any(check.uses_data for check in stage.checks):
    data.images
times = []
for number in range(count):
    started = time.perf_counter()
    namespace = {}
    for cell in stage.lesson.of_kind("given", "task"):
        exec(compile(cell.source, "cell", "exec"), namespace)
    student = LocalStudent(namespace)
    for check in stage.checks:
        if check.function is not None:
            run_check(check, stage, student, generator(b"x" * 16, str(number), check.id), data)
    times.append(time.perf_counter() - started)
print(sorted(times)[len(times) // 2])
"""


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(*command: object, cwd: Path | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


def nbgrader_course(folder: Path, stage: Stage, submitted: Path) -> Path:
    """A stock nbgrader course with this stage and these submissions, and no nngrade in it."""
    root = folder / "nbgrader"
    write_sources([stage], root / "source")
    notebook = root / "source" / stage.name / f"{stage.name}.ipynb"
    # Stock nbgrader scores nothing where our hidden region stands; leave it the visible tests.
    text = notebook.read_text()
    notebook.write_text(text.replace("raise RuntimeError(", "_ = str("))
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'b'\n"
    )
    shutil.copytree(submitted, root / "submitted")
    run(sys.executable, "-m", "nbgrader", "generate_assignment", stage.name, cwd=root)
    return root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="stage01_perceptron")
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    course = find_course()
    stage = course.stage(options.stage)
    right = fill(untouched(course, stage), stage, solutions(stage))
    rows: dict[str, list[float]] = {}

    def record(name: str, value: float) -> None:
        rows.setdefault(name, []).append(value)

    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        submitted = folder / "submitted"
        paths = [
            write_specimen(Specimen(f"student{number:03}", stage, right), submitted)
            for number in range(options.submissions)
        ]
        stock = nbgrader_course(folder, stage, submitted)
        nngrade = (sys.executable, "-m", "nngrade", "--course", course.root)
        count = len(paths)
        nbgrader = (sys.executable, "-m", "nbgrader", "autograde", stage.name, "--force")
        for _ in range(options.rounds):
            one = seconds(lambda: run(*nngrade, "grade", paths[0], "--data", "digits"))
            record("nngrade, one from the shell", one)
            batch = seconds(lambda: run(*nngrade, "grade", submitted, "--data", "digits"))
            record("nngrade, each of a batch", batch / count)
            record("nngrade, each further one", (batch - one) / (count - 1))
            single = seconds(lambda: run(*nbgrader, "--student", "student000", cwd=stock))
            record("nbgrader, one from the shell", single)
            both = seconds(lambda: run(*nbgrader, cwd=stock))
            record("nbgrader, each of a batch", both / count)
            record("nbgrader, each further one", (both - single) / (count - 1))
            bare = subprocess.run(
                [sys.executable, "-c", BARE, stage.name, "20"],
                cwd=course.root, capture_output=True, text=True, check=True,
            )  # fmt: skip
            record("bare Python, cells and checks", float(bare.stdout))
    print(
        f"{stage.name}, {count} submissions, {options.rounds} rounds, digits; "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print("| what | median, s | min | max |\n|---|--:|--:|--:|")
    for what, values in rows.items():
        print(
            f"| {what} | {statistics.median(values):.3f} | {min(values):.3f} | {max(values):.3f} |"
        )
    print()
    for kind in ("one from the shell", "each of a batch", "each further one"):
        ratios = [
            theirs / ours
            for ours, theirs in zip(
                rows[f"nngrade, {kind}"], rows[f"nbgrader, {kind}"], strict=True
            )
        ]
        print(f"nbgrader / nngrade, {kind}: {statistics.median(ratios):.1f}")
    ratios = [
        ours / bare
        for ours, bare in zip(
            rows["nngrade, each further one"], rows["bare Python, cells and checks"], strict=True
        )
    ]
    print(f"nngrade, each further one / bare Python: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
