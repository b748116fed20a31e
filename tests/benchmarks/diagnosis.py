"""What a diagnosis costs: the time that it adds to a submission in which something is wrong.

Notebooks with one known mistake each, the first two of each task, are graded by one process, as in
a batch. The first of a task includes what is done once: trying the reference and the known mistakes
on new inputs. A right notebook of each stage says what a diagnosis costs where none is needed.

    python tests/benchmarks/diagnosis.py
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.catalogue.diagnose import diagnose
from nngrade.course.data import Data
from nngrade.course.stages import find_course
from nngrade.grading.grader import Grader
from nngrade.worker.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    spent: list[float] = []

    def timed(*args):
        started = time.perf_counter()
        result = diagnose(*args)
        spent.append(1e3 * (time.perf_counter() - started))
        return result

    course = find_course(ROOT)
    one_lost: list[float] = []
    several_lost: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Sandbox("weak", warm=True) as sandbox:
        secret = b"a secret for a benchmark"
        grader = Grader(secret, sandbox, Data("digits"), timeout=3, diagnose=timed)
        for stage in course.stages:
            blank, answers = untouched(course, stage), solutions(stage)
            for task in answers:
                for mistake in [one for one in stage.misconceptions if one.task == task][:2]:
                    wrong = fill(blank, stage, {**answers, task: mistake.source})
                    one = Specimen(mistake.name, stage, wrong)
                    result = grader.grade(write_specimen(one, Path(folder)), stage, "ann")
                    n_lost = sum(check.points > 0 for check in result.lost)
                    (one_lost if n_lost == 1 else several_lost).append(spent[-1])
            one = Specimen("right", stage, fill(blank, stage, answers))
            grader.grade(write_specimen(one, Path(folder)), stage, "ann")
    print("milliseconds added by the diagnosis:")
    for name, times in (("one check lost", one_lost), ("several lost", several_lost)):
        ordered = sorted(times)
        above = sum(one > 150 for one in times)
        print(
            f"  {name}, {len(times)} notebooks: median {statistics.median(times):.0f}, 90 % below "
            f"{ordered[int(0.9 * len(times))]:.0f}, longest {ordered[-1]:.0f}, {above} above 150"
        )
    n_wrong = len(one_lost) + len(several_lost)
    print(f"  nothing wrong: {len(spent) - n_wrong} diagnoses for {len(course.stages)} notebooks")


if __name__ == "__main__":
    main()
