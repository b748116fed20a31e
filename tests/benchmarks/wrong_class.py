"""Processor time of a class that makes mistakes, beside one that makes none.

    python tests/benchmarks/wrong_class.py [--stage STAGE] [--submissions N] [--jobs N] [--every]

`nngrade grade --gradebook` grades a class of each kind: the reference, the demo's four mistakes
(one in each notebook; with --every all known mistakes in turn), untouched assignments, and the
demo's class as it is, of which two thirds make a mistake. What is printed is the processor time of
the command and of all that it starts, user and system, divided by the number of submissions: unlike
the time on the clock, it hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from class_run import our_course

from nngrade.authoring.specimens import (
    Specimen,
    fill,
    sample_class,
    solutions,
    untouched,
)
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course


def kinds_of(course: Course, stage: Stage, every: bool) -> dict[str, list[Specimen]]:
    """Submissions of each kind, which a class repeats in turn."""
    sample = list(sample_class(course, [stage]))
    wrong = [one for one in sample if one.mistake is not None]
    if every:
        blank, right = untouched(course, stage), solutions(stage)
        wrong = [
            Specimen("", stage, fill(blank, stage, {**right, one.task: one.source}), one)
            for one in stage.misconceptions
        ]
    return {
        "right": sample[:1],
        "wrong": wrong,
        "untouched": sample[-1:],
        "the demo's six": sample,
    }


def hand_in(specimens: Sequence[Specimen], count: int, folder: Path) -> None:
    """Write a class in which the submissions come in turn, each by another student."""
    shutil.rmtree(folder, ignore_errors=True)
    # Of thousands, each notebook is turned into text only once.
    texts = [notebook_text(one.notebook) for one in specimens]
    for number in range(count):
        stage = specimens[number % len(specimens)].stage.name
        path = folder / f"student{number:05}" / stage / f"{stage}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(texts[number % len(texts)], encoding="utf-8")


def processor_seconds(command: Sequence[str], cwd: Path) -> tuple[float, float]:
    """Run a command; return the processor time of all its processes, and the time on the clock."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return used, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="stage01_perceptron")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", action="store_true", help="all known mistakes, not four")
    parser.add_argument("--kinds", nargs="*", help="only these kinds")
    options = parser.parse_args()
    # nbgrader calls alembic by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ.pop("NNDATA_HOME", None)
    course = find_course()
    stage = course.stage(options.stage)
    kinds = kinds_of(course, stage, options.every)
    grade = (sys.executable, "-m", "nngrade", "grade", "submitted", "--gradebook", "--force")
    command = (*grade, "--data", "digits", "--jobs", str(options.jobs))
    count = options.submissions
    print(
        f"{stage.name}, {count} submissions of each kind, digits; load {os.getloadavg()[0]:.1f}\n"
    )
    print("| class | processor seconds for each | on the clock | times right |\n|---|--:|--:|--:|")
    first = 0.0
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        hand_in(kinds["right"], 1, folder / "all")
        root = our_course(folder, stage, folder / "all")
        for kind in options.kinds or kinds:
            hand_in(kinds[kind], count, root / "submitted")
            used, took = processor_seconds(command, root)
            first = first or used
            print(f"| {kind} | {used / count:.3f} | {took / count:.3f} | {used / first:.2f} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
