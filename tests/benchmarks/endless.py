"""What an endless function costs: processor time of one submission, and of a class with ten.

    python tests/benchmarks/endless.py [--submissions N] [--endless N] [--jobs N]

For each stage, the task with the most checks never ends; then the task that most others call.
The processor time is that of the workers and the grader together. A class of right submissions of
stage 1 is graded with and without some such submissions among them. The digits.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Stage, find_course
from nngrade.grading.uses import Uses
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.program import recover


def worst_tasks(stage: Stage, path: Path) -> list[str]:
    """The task with the most checks, and the one that most others use."""
    uses = Uses(recover(read_notebook(path), stage.lesson))
    tasks = [task.name for task in stage.lesson.tasks]
    most_checks = Counter(check.task for check in stage.checks).most_common(1)[0][0]
    most_used = max(tasks, key=lambda name: sum(name in uses.of(other) for other in tasks))
    return list(dict.fromkeys([most_checks, most_used]))


def grade(path: Path, jobs: int) -> tuple[float, float]:
    """Grade a file or folder; return wall-clock and processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "nngrade", "grade", str(path), "--data", "digits"),
            *("--jobs", str(jobs), "--format", "json", "--output", os.devnull),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if done.returncode not in (0, 1):
        raise SystemExit("the run failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--endless", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.environ.setdefault("NNGRADE_SECRET", "a secret for a benchmark, long enough")
    course = find_course()
    print("| stage | endless | wall, s | processor, s | right: wall, s | processor, s |")
    print("|---|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        for stage in course.stages:
            blank, answers = untouched(course, stage), solutions(stage)
            right = write_specimen(
                Specimen("right", stage, fill(blank, stage, answers)), folder / stage.name
            )
            wall, cpu = grade(right, 1)
            for task in worst_tasks(stage, right):
                header = answers[task].split("### BEGIN")[0].partition("def ")
                loop = f"def {task}(*args, **kwargs):\n    while True:\n        pass\n"
                wrong = fill(blank, stage, {**answers, task: header[0] + loop})
                path = write_specimen(Specimen(task, stage, wrong), folder / stage.name)
                slow, used = grade(path, 1)
                print(
                    f"| {stage.name} | {task} | {slow:.1f} | {used:.1f} | {wall:.1f} | {cpu:.1f} |",
                    flush=True,
                )
        stage = course.stages[0]
        blank, answers = untouched(course, stage), solutions(stage)
        right_notebook = fill(blank, stage, answers)
        loop = "def fit(*args, **kwargs):\n    while True:\n        pass\n"
        wrong = fill(blank, stage, {**answers, "fit": loop})
        times = []
        for n_endless in (0, options.endless):
            tree = folder / f"class{n_endless}"
            for number in range(options.submissions):
                stuck = number * n_endless // options.submissions != (
                    (number + 1) * n_endless // options.submissions
                )
                notebook = wrong if stuck else right_notebook
                write_specimen(Specimen(f"student{number:04}", stage, notebook), tree)
            times.append(grade(tree, options.jobs)[0])
    print(
        f"\n{options.submissions} submissions of {stage.name}, {options.jobs} jobs: "
        f"{times[0]:.1f} s; with {options.endless} endless ones {times[1]:.1f} s, "
        f"{times[1] / times[0]:.2f} times as long; load now {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
