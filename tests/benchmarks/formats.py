"""What a format costs: one submission graded cold, from the shell, in each of them.

    python tests/benchmarks/formats.py [FORMAT…] [--rounds R] [--stage STAGE]

Each round runs `nngrade grade one.ipynb --format FORMAT` once for each format, JSON among them, so
that a noisy machine is noisy for all. Printed are medians, and the median of each round's ratio to
JSON. The digits; a right submission and, because its results are longest, an untouched one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import find_course
from nngrade.formats.registry import FORMATS


def seconds(notebook: Path, form: str) -> float:
    """How long the command takes, as the shell sees it."""
    command = [sys.executable, "-m", "nngrade", "grade", str(notebook), "--format", form]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--data", "digits"],
        env={**os.environ, "NNGRADE_SECRET": "a secret of the benchmark"},
        stdout=subprocess.DEVNULL,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", default=list(FORMATS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--stage", default="stage01")
    options = parser.parse_args()
    wanted = list(dict.fromkeys(["json", *options.formats]))
    course = find_course()
    stage = course.stage(options.stage)
    blank = untouched(course, stage)
    print("| submission | format | median, s | times JSON |")
    print("|---|---|--:|--:|")
    for kind, notebook in (("right", fill(blank, stage, solutions(stage))), ("untouched", blank)):
        with tempfile.TemporaryDirectory() as folder:
            path = write_specimen(Specimen(kind, stage, notebook), Path(folder))
            seconds(path, "json")
            times: dict[str, list[float]] = {name: [] for name in wanted}
            for number in range(options.rounds):
                # Nobody is always first.
                turn = number % len(wanted)
                for name in [*wanted[turn:], *wanted[:turn]]:
                    times[name].append(seconds(path, name))
        for name in wanted:
            ratios = [one / json for one, json in zip(times[name], times["json"], strict=True)]
            print(
                f"| {kind} | {name} | {statistics.median(times[name]):.3f} | "
                f"{statistics.median(ratios):.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
