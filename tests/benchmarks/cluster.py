"""How much faster two workers of a Dask cluster are than one.

    python tests/benchmarks/cluster.py [--stage STAGE] [--submissions N] [--rounds R]

A scheduler, and workers that are pinned to one core each, all on this machine; its other work, the
scheduler and this process share the same cores. Timed is a whole run, from connecting to the last
result, after one that warms the workers up; with one and with two workers in turn.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import find_course
from nngrade.runs.dask_client import grade_on_dask
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions

PORT = 28786


@contextmanager
def cluster(cores: list[int], port: int, folder: Path) -> Iterator[str]:
    """A scheduler, and a worker on each of these cores."""
    address = f"tcp://127.0.0.1:{port}"
    processes = []

    def start(program: str, *options: str, core: int | None = None) -> None:
        with (folder / f"log-{port}").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        processes.append(process)
        if core is not None:
            # Before it has begun: what it starts inherits this.
            os.sched_setaffinity(process.pid, {core})

    start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
    for core in cores:
        start("dask_worker", address, "--nthreads", "1", "--no-nanny", core=core)
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="stage01_perceptron")
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        raise SystemExit("this takes two cores")
    course = find_course()
    stage = course.stage(options.stage)
    right = fill(untouched(course, stage), stage, solutions(stage))
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        for number in range(options.submissions):
            write_specimen(Specimen(f"student{number:03}", stage, right), folder / "submitted")
        settings = Settings(course.root, "strict", "digits")
        candidates = find_submissions([folder / "submitted"], course)

        def run(address: str) -> float:
            started = time.perf_counter()
            results = dict(grade_on_dask(settings, candidates, address, print))
            seconds = time.perf_counter() - started
            if [one.score for one in results.values()] != [stage.max_score] * len(candidates):
                raise SystemExit("a right submission lost points")
            return len(candidates) / seconds

        with (
            cluster(cores[:1], PORT, folder) as one,
            cluster(cores, PORT + 1, folder) as two,
        ):
            rates = measure(run, one, two, options.rounds)
    print(
        f"{stage.name}, {len(candidates)} submissions, {options.rounds} rounds, digits; "
        f"{platform.machine()}, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f}\n"
    )
    print("| workers | submissions a second, median | min | max |\n|---|--:|--:|--:|")
    for workers, values in enumerate(rates, 1):
        print(
            f"| {workers} | {statistics.median(values):.2f} | {min(values):.2f} | "
            f"{max(values):.2f} |"
        )
    ratios = [more / less for less, more in zip(*rates, strict=True)]
    print(f"\ntwo workers / one: {statistics.median(ratios):.2f}")


def measure(
    run: Callable[[str], float], one: str, two: str, rounds: int
) -> tuple[list[float], list[float]]:
    """Throughputs with one and with two workers, in turn; the first of each is thrown away."""
    rates = [(run(one), run(two)) for _ in range(rounds + 1)][1:]
    return [first for first, _ in rates], [second for _, second in rates]


if __name__ == "__main__":
    main()
