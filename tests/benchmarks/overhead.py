"""What the sandbox costs: a submission graded in a batch, beside the same code in bare Python.

    python tests/benchmarks/overhead.py [STAGE…] [--rounds R]

Everything is pinned to one core, with one BLAS thread, on the digits. "Bare" executes the same
student cells, visible tests and hidden checks in this very process: no worker, no channel, no
copies but those that a check itself asks for. Both are timed in turn, in the same run; printed are
medians, their ratio and difference, and the memory that the worker shares with nobody. A last line
says how long a process with what notebooks import takes to start: bare Python would need one for
each submission, lest one sees what another left.
"""

from __future__ import annotations

import argparse
import copy
import gc
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import numpy as np

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.checks import VISIBLE_TESTS
from nngrade.course.data import Data
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage, find_course
from nngrade.grading.checking import run_check
from nngrade.grading.grader import Grader
from nngrade.grading.student import LocalStudent
from nngrade.grading.visible import run_visible_tests
from nngrade.worker import host
from nngrade.worker.calls import CallRequest, Returned
from nngrade.worker.sandbox import Sandbox

SECRET = b"a secret of the benchmark"


class BareStudent(LocalStudent):
    """The functions of a namespace; only those arguments are copied that a check looks at later."""

    def _made(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make the calls; what they raise goes up as it is, since right answers raise nothing."""
        function = self._namespace[request.name]
        if request.through is not None:
            function = partial(request.through.function, function)
        returned: list[Returned] = []
        for args in request.calls:
            given = [_given(one, request.echo) for one in args]
            value = function(*given, **request.kwargs)
            value = list(value) if hasattr(type(value), "__next__") else value
            returned.append((value, given if request.echo else None))
        return returned, None


def _given(value: Any, observed: bool) -> Any:
    # A worker never moves a check's own generator on.
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    return copy.deepcopy(value) if observed and not callable(value) else value


def grade_bare(stage: Stage, cells: list[str], student: str, data: Data) -> None:
    """Execute the cells and all checks in this process."""
    namespace: dict[str, Any] = {}
    for source in cells:
        exec(compile(source, "<cell>", "exec"), namespace)
    functions = BareStudent(namespace)
    tasks = {task.name: task for task in stage.lesson.tasks}
    for check in stage.checks:
        if check.name == VISIBLE_TESTS:
            run_visible_tests(stage, tasks[check.task], functions)
        else:
            rng = generator(SECRET, student, stage.name, check.id)
            run_check(check, stage, functions, rng, data)


@dataclass
class Workers:
    """How often workers were asked for something, and the last one's memory at its end."""

    exchanges: int = 0
    private_mib: float = 0.0


@contextmanager
def watched_workers() -> Iterator[Workers]:
    """Look over the shoulder of the workers in this block, which are no longer to be timed."""
    seen = Workers()
    exchange, end = host.Worker._exchange, host.Worker._end

    def counted(worker: host.Worker, *args: Any) -> Any:
        seen.exchanges += 1
        return exchange(worker, *args)

    def measured(worker: host.Worker) -> None:
        process: Any = worker._process
        if process is not None and worker._exit is None:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            seen.private_mib = sum(map(int, re.findall(r"Private_\w+:\s+(\d+)", rollup))) / 1024
        end(worker)

    with (
        mock.patch.object(host.Worker, "_exchange", counted),
        mock.patch.object(host.Worker, "_end", measured),
    ):
        yield seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    course, data = find_course(), Data("digits")
    wanted = [course.stage(name) for name in options.stages] or list(course.stages)
    print("| stage | sandbox, ms | bare, ms | ratio | difference, ms | exchanges | private MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, Sandbox("strict", warm=True) as sandbox:
        grader = Grader(SECRET, sandbox, data)
        for stage in wanted:
            right = solutions(stage)
            specimen = Specimen("s", stage, fill(untouched(course, stage), stage, right))
            path = write_specimen(specimen, Path(folder))
            cells = [cell.source for cell in stage.lesson.of_kind("given")] + list(right.values())
            grade_bare(stage, cells, "warm", data)
            result = grader.grade(path, stage, "warm")
            if result.score != stage.max_score:
                raise SystemExit(f"the reference of {stage.name} lost points: {result}")
            times: dict[str, list[float]] = {"ours": [], "bare": []}
            for number in range(options.rounds):
                student = f"student{number}"
                for who, grade in (
                    ("ours", partial(grader.grade, path, stage, student)),
                    ("bare", partial(grade_bare, stage, cells, student, data)),
                ):
                    gc.collect()  # nobody cleans up what the other left
                    started = time.perf_counter()
                    grade()
                    times[who].append(time.perf_counter() - started)
            with watched_workers() as workers:
                grader.grade(path, stage, "counted")
            ours, bare = (1000 * statistics.median(times[who]) for who in ("ours", "bare"))
            print(
                f"| {stage.name} | {ours:.0f} | {bare:.0f} | {ours / bare:.2f} | "
                f"{ours - bare:.0f} | {workers.exchanges} | {workers.private_mib:.0f} |",
                flush=True,
            )
    starts = []
    for _ in range(options.rounds):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import numpy, matplotlib.pyplot"], check=True)
        starts.append(time.perf_counter() - started)
    print(f"\nA process with NumPy and pyplot starts in {1000 * statistics.median(starts):.0f} ms.")


if __name__ == "__main__":
    main()
