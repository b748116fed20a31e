"""A class of hundreds, beside nbgrader: time per submission, and memory.

    python tests/benchmarks/class_run.py [--stage STAGE] [--submissions N] [--sample N] [--rounds R]

`nngrade grade --gradebook` grades all submissions into a gradebook; `nbgrader autograde` grades a
sample of the same ones, in stock form (from the same assignment, the hidden checks left out, since
it cannot run them) and with this course's preprocessors. All on this machine's processors, as each
of them can use them, with one BLAS thread, in turn. The memory is that of the whole process tree,
read while the run goes on: what it was after a tenth of the class, and at its end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grading import nbgrader_course, run, seconds

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Stage, find_course


def our_course(folder: Path, stage: Stage, submitted: Path) -> Path:
    """A course with these submissions, this stage in its gradebook, and our preprocessors."""
    root = folder / "course"
    shutil.copytree(stage.folder.parent, root / "solutions")
    shutil.copy(stage.folder.parents[1] / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write('c.GradeInSandbox.data = "digits"\n')
    shutil.copytree(submitted, root / "submitted")
    run(sys.executable, "-m", "nngrade", "build", stage.name, cwd=root)
    run(sys.executable, "-m", "nbgrader", "generate_assignment", stage.name, cwd=root)
    return root


def grade_class(root: Path, count: int) -> tuple[float, float, float]:
    """Grade the whole class anew; return seconds, and MiB after a tenth and at the end."""
    command = (sys.executable, "-m", "nngrade", "grade", "submitted", "--gradebook")
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--force", "--data", "digits"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    early = late = 0.0
    for number, _line in enumerate(process.stderr, 1):
        if number == max(1, count // 10):
            early = tree_mib(process.pid)
        elif number >= count - count // 20 and not late:
            late = tree_mib(process.pid)
    if process.wait() not in (0, 1):
        raise SystemExit("the class run failed")
    return time.perf_counter() - started, early, late


def tree_mib(pid: int) -> float:
    """The proportional memory of a process and all below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue  # it has ended meanwhile
        total += sum(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:"))
    return total / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="stage01_perceptron")
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--sample", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    # nbgrader calls alembic by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ.pop("NNDATA_HOME", None)
    course = find_course()
    stage = course.stage(options.stage)
    right = fill(untouched(course, stage), stage, solutions(stage))
    count = options.submissions
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="nngrade-benchmark-") as name:
        folder = Path(name)
        for number in range(count):
            write_specimen(Specimen(f"student{number:04}", stage, right), folder / "all")
        sample = sorted((folder / "all").iterdir())[: options.sample]
        for path in sample:
            shutil.copytree(path, folder / "sample" / path.name)
        ours = our_course(folder, stage, folder / "all")
        stock = nbgrader_course(folder, stage, folder / "sample")
        autograde = (sys.executable, "-m", "nbgrader", "autograde", stage.name, "--force")
        few = ("--student", f"student000[0-{options.sample - 1}]")
        for _ in range(options.rounds):
            took, early, late = grade_class(ours, count)
            rows.setdefault("nngrade grade --gradebook", []).append(took / count)
            rows.setdefault("MiB after a tenth", []).append(early)
            rows.setdefault("MiB at the end", []).append(late)
            took = seconds(lambda: run(*autograde, cwd=stock))
            rows.setdefault("nbgrader autograde, stock", []).append(took / options.sample)
            took = seconds(lambda: run(*autograde, *few, cwd=ours))
            rows.setdefault("nbgrader autograde, graded by us", []).append(took / options.sample)
    medians = {what: statistics.median(values) for what, values in rows.items()}
    print(
        f"{stage.name}, {count} submissions ({options.sample} for nbgrader), digits; load now "
        f"{os.getloadavg()[0]:.1f}\n"
    )
    print("| what | seconds for each submission | times ours |\n|---|--:|--:|")
    for what, median in medians.items():
        if "MiB" not in what:
            ratio = median / medians["nngrade grade --gradebook"]
            print(f"| {what} | {median:.3f} | {ratio:.1f} |")
    print(
        f"\nMemory of all processes: {medians['MiB after a tenth']:.0f} MiB after a tenth of the "
        f"class, {medians['MiB at the end']:.0f} MiB at its end."
    )


if __name__ == "__main__":
    main()
