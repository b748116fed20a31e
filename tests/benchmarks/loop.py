"""The whole loop beside nbgrader: grades, feedback, and the table of grades.

    python tests/benchmarks/loop.py [--stages STAGE ...] [--submissions N] [--sample N]

The demo's six students, copied with other names, so that most of them make mistakes. Ours is
`nngrade grade --gradebook --feedback`, then `nbgrader export`; the other is `nbgrader autograde` in
stock form (the hidden checks left out, since it cannot run them), `nbgrader generate_feedback` and
`nbgrader export`, on a sample of the same submissions. All with one BLAS thread, on the digits, in
one run, one after the other.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from class_run import our_course
from grading import nbgrader_course, run, seconds

from nngrade.authoring.specimens import sample_class, write_specimen
from nngrade.course.stages import Course, find_course


def measured(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds that an action takes, by the clock and of the processors, for all it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed = seconds(action)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return elapsed, used


def write_class(course: Course, stage: str, count: int, folder: Path) -> None:
    six = list(sample_class(course, course.select([stage])))
    for number in range(count):
        one = six[number % len(six)]
        write_specimen(replace(one, student=f"{number:05}{one.student}"), folder)


def measure(course: Course, name: str, count: int, sample: int, folder: Path) -> None:
    stage = course.stage(name)
    write_class(course, name, count, folder / "all")
    for path in sorted((folder / "all").iterdir())[:sample]:
        shutil.copytree(path, folder / "sample" / path.name)
    ours = our_course(folder, stage, folder / "all")
    stock = nbgrader_course(folder, stage, folder / "sample")
    nngrade, nbgrader = (sys.executable, "-m", "nngrade"), (sys.executable, "-m", "nbgrader")
    steps = [
        (
            "nngrade grade --gradebook --feedback",
            (*nngrade, "grade", "submitted", "--gradebook", "--feedback", "--data", "digits"),
            ours,
        ),
        ("nbgrader export, ours", (*nbgrader, "export"), ours),
        ("nbgrader autograde, stock", (*nbgrader, "autograde", name), stock),
        ("nbgrader generate_feedback", (*nbgrader, "generate_feedback", name), stock),
        ("nbgrader export", (*nbgrader, "export"), stock),
    ]
    total, work = {ours: 0.0, stock: 0.0}, {ours: 0.0, stock: 0.0}
    load = os.getloadavg()[0]
    print(f"\n{name}, {count} submissions, {sample} for nbgrader; load before {load:.1f}\n")
    print("| what | seconds | for each | of the processors, for each |\n|---|--:|--:|--:|")
    for what, command, root in steps:
        elapsed, used = measured(partial(run, *command, cwd=root))
        each = count if root == ours else sample
        total[root] += elapsed / each
        work[root] += used / each
        print(f"| {what} | {elapsed:.1f} | {elapsed / each:.3f} | {used / each:.3f} |", flush=True)
    found = {root: len(list((root / "feedback").glob("*/*/*.html"))) for root in total}
    if found != {ours: count, stock: sample}:
        raise SystemExit(f"not every submission has its page: {found}")
    print(
        f"\nThe loop takes {total[ours]:.3f} s for each submission, nbgrader's {total[stock]:.3f} "
        f"s, {total[stock] / total[ours]:.1f} times as long; of the processors "
        f"{work[ours]:.3f} s and {work[stock]:.3f} s, {work[stock] / work[ours]:.1f} times as much."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    stages = ["stage01_perceptron", "stage07_softmax_cross_entropy"]
    parser.add_argument("--stages", nargs="+", default=stages)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--sample", type=int, default=4)
    options = parser.parse_args()
    # nbgrader calls alembic by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ.pop("NNDATA_HOME", None)
    course = find_course()
    for name in options.stages:
        with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as folder:
            measure(course, name, options.submissions, options.sample, Path(folder))


if __name__ == "__main__":
    main()
