"""Ten thousand submissions: does anything grow with the number of those that came before?

    python tests/benchmarks/large_class.py [--stage STAGE] [--submissions N] [--different N]
        [--graded]

What can grow is in the process that looks submissions up, keeps the journal and writes the
gradebook; workers know nothing of the class. So a few dozen notebooks (the demo's, and one with
each known mistake) are graded once, and their results stand for those of all others, which have the
same notebooks: the class run does all of its work but the grading. With --graded everything is
graded, as by `nngrade grade --gradebook`. Then the same command has nothing to do, and
`nngrade report` reads all results.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from class_run import our_course, tree_mib
from wrong_class import hand_in, kinds_of

from nngrade import grade
from nngrade.authoring.specimens import Specimen, write_specimen
from nngrade.course.stages import Course, Stage, find_course
from nngrade.gradebook.console import run_class
from nngrade.results import SubmissionResult, from_record
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Candidate

Progress = list[tuple[int, float, float, float]]


def results_of(specimens: Sequence[Specimen], folder: Path, root: Path) -> list[SubmissionResult]:
    """Grade each notebook once."""
    paths = [
        write_specimen(Specimen(f"specimen{number}", one.stage, one.notebook), folder)
        for number, one in enumerate(specimens)
    ]
    return grade(paths, course=root, data="digits", jobs=2)


def class_run(
    root: Path, graded: Sequence[SubmissionResult] | None, step: int
) -> tuple[Progress, int]:
    """A class run in this process; how far it was when, its processor time, and its memory."""
    settings = Settings(root, data="digits")
    candidates = list(find_submissions([root / "submitted"], settings.course))
    progress: Progress = []

    def note(done: int) -> None:
        if done % step == 0:
            used = time.process_time()
            progress.append((done, time.perf_counter(), used, tree_mib(os.getpid())))

    def watched(todo: Sequence[Candidate]) -> Iterator[tuple[int, SubmissionResult]]:
        note(0)
        if graded is None:
            for done, one in enumerate(grade_all(settings, todo, 2), 1):
                yield one
                note(done)
            return
        for number, candidate in enumerate(todo):
            # Students hand in the specimens in turn.
            at = int(re.sub(r"\D", "", candidate.student)) % len(graded)
            # As much memory as a result takes that shares nothing with others.
            own = from_record(json.loads(json.dumps(graded[at].as_record())))
            yield number, replace(own, student=candidate.student, path=str(candidate.path))
            note(number + 1)

    quiet = os.dup(2)
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 2)  # a line for each submission
    try:
        code = run_class(settings, candidates, watched, force=False)
    finally:
        os.dup2(quiet, 2)
    return progress, code


def timed(root: Path, *arguments: str) -> tuple[float, float, float, str]:
    """Seconds on the clock, processor seconds, peak MiB and output of a command of nngrade's."""
    started = time.perf_counter()
    code = (
        "import re, runpy, sys, time\n"
        "sys.argv[0] = 'nngrade'\n"
        "try:\n    runpy.run_module('nngrade', run_name='__main__')\n"
        "finally:\n"
        "    peak = re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]\n"
        "    print(int(peak) // 1024, time.process_time())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout)
    *lines, figures = done.stdout.splitlines()
    mib, used = map(float, figures.split())
    return took, used, mib, "\n".join(lines)


def table(progress: Progress) -> None:
    print("| submissions | seconds for each | processor seconds for each | MiB |")
    print("|---|--:|--:|--:|")
    for before, after in pairwise(progress):
        count = after[0] - before[0]
        each, used = (after[1] - before[1]) / count, (after[2] - before[2]) / count
        print(f"| {before[0] + 1:,} to {after[0]:,} | {each:.4f} | {used:.4f} | {after[3]:.0f} |")


def make(
    folder: Path, course: Course, stage: Stage, count: int, different: int | None
) -> tuple[Path, list[Specimen]]:
    """A course with a class that has handed in, and the notebooks that it has, in turn."""
    specimens = [
        *kinds_of(course, stage, False)["the demo's six"],
        *kinds_of(course, stage, True)["wrong"],
    ][:different]
    hand_in(specimens[:1], 1, folder / "one")
    root = our_course(folder, stage, folder / "one")
    hand_in(specimens, count, root / "submitted")
    return root, specimens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="stage01_perceptron")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--different", type=int, help="different notebooks (default: all known)")
    parser.add_argument("--graded", action="store_true", help="grade all of them")
    options = parser.parse_args()
    # nbgrader calls alembic by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ.pop("NNDATA_HOME", None)
    course = find_course()
    stage = course.stage(options.stage)
    count = options.submissions
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        root, specimens = make(folder, course, stage, count, options.different)
        few = None if options.graded else results_of(specimens, folder / "few", root)
        print(
            f"{stage.name}, {count:,} submissions, {len(specimens)} different notebooks; load "
            f"{os.getloadavg()[0]:.1f}\n"
        )
        progress, _ = class_run(root, few, max(1, count // 10))
        table(progress)
        print("\n| then | seconds | processor seconds | peak MiB |\n|---|--:|--:|--:|")
        grade_again = ("grade", "submitted", "--gradebook", "--data", "digits")
        took, used, mib, said = timed(root, *grade_again)
        if not re.search(rf"{count} unchanged since they were graded", said):
            raise SystemExit(said)
        print(f"| the same command, nothing new | {took:.1f} | {used:.1f} | {mib:.0f} |")
        took, used, mib, _ = timed(root, "report", "--output", "report.html")
        print(f"| nngrade report | {took:.1f} | {used:.1f} | {mib:.0f} |")
        journal, book = ((root / one).stat().st_size for one in
                         ("nngrade-journal.db", "gradebook.db"))  # fmt: skip
        each = (journal / count / 1024, book / count / 1024)
        print(f"\nJournal: {each[0]:.1f} KiB each; gradebook: {each[1]:.1f} KiB each.")


if __name__ == "__main__":
    main()
