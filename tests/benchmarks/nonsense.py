"""Have every function of a course return nonsense: nothing raises, and nothing takes long.

    python tests/benchmarks/nonsense.py [STAGE ...]

For each stage and each kind of nonsense, all functions of a notebook return that. Prints how many
were graded, how many lost nothing somewhere, and the slowest.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.runs.test_nonsense import VALUES

from nngrade.authoring.specimens import Specimen, fill, untouched, write_specimen
from nngrade.catalogue.diagnose import diagnose
from nngrade.course.data import Data
from nngrade.course.stages import find_course
from nngrade.grading.grader import Grader
from nngrade.worker.sandbox import Sandbox


def main() -> None:
    course = find_course(ROOT)
    times: list[tuple[float, float, str, str]] = []
    with tempfile.TemporaryDirectory() as folder, Sandbox("weak", warm=True) as sandbox:
        grader = Grader(b"a secret of a script", sandbox, Data("digits"), diagnose=diagnose)
        for stage in course.select(sys.argv[1:]):
            blank = untouched(course, stage)
            for value in VALUES:
                # A task's own name may stand for the function itself.
                answers = {
                    task.name: f"def {task.name}(*args, **kwargs):\n    return {value}\n".replace(
                        "return total", f"return {task.name}"
                    )
                    for task in stage.lesson.tasks
                }
                one = Specimen("ann", stage, fill(blank, stage, answers))
                started, used = time.monotonic(), time.process_time()
                result = grader.grade(write_specimen(one, Path(folder)), stage, "ann")
                assert result.status == "graded", (stage.name, value, result.error)
                assert all(lost.message for lost in result.lost), (stage.name, value)
                if result.score:
                    won = [check.id for check in result.checks if check.score]
                    print(f"{stage.name} {value}: {result.score:g} points for {', '.join(won)}")
                times.append(
                    (time.monotonic() - started, time.process_time() - used, stage.name, value)
                )
            print(f"{stage.name}: {len(VALUES)} kinds of nonsense", flush=True)
    print(f"{len(times)} notebooks graded; the slowest (seconds of wall, and of the grader's own):")
    for wall, own, name, value in sorted(times, reverse=True)[:6]:
        print(f"  {wall:6.2f} {own:6.2f}  {name} {value}")


if __name__ == "__main__":
    main()
