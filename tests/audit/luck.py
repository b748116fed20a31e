"""Whether any grade is luck, asked of the whole course: hours of work, which may be done in parts.

    python -m tests.audit.luck [STAGE | TASK ...] [--seeds 500] [--jobs 2]

Each task has a line in luck.txt for its right answers, one for its known mistakes and one for the
generated ones, which are tried with a tenth of the seeds. What was asked stays asked until its
checks, its lesson's code or its answers change: a digest of them stands in the line. The cheapest
are asked first.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, get_args

from nngrade.audit.cases import Case, misconceptions, mutants, right_answers
from nngrade.audit.judge import limit_memory
from nngrade.audit.task import Plan, audit_right, audit_wrong
from nngrade.course.data import Data
from nngrade.course.stages import Stage, find_course

Side = Literal["right", "known", "generated"]
RECORD = Path(__file__).with_name("luck.txt")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Part:
    """The answers of one kind to one task."""

    stage: str
    task: str
    side: Side
    seeds: int

    def __str__(self) -> str:
        """What its line in the record begins with."""
        return f"{self.stage} {self.task} {self.side} {self.seeds}"


def cases_of(stage: Stage, part: Part) -> list[Case]:
    """The answers of a part."""
    if part.side == "right":
        return list(right_answers(stage, part.task))
    if part.side == "known":
        return list(misconceptions(stage, part.task))
    return list(mutants(next(one for one in stage.lesson.tasks if one.name == part.task)))


def digest(stage: Stage, part: Part) -> str:
    """A digest of all that the verdicts of a part hang on, but for the engine."""
    cases = cases_of(stage, part)
    wanted = {one.name for one in stage.checks if one.task == part.task}
    wanted |= {name for case in cases for name in case.caught_by}
    others = {one.name for one in stage.checks} - wanted
    tree = ast.parse((stage.folder / "checks.py").read_text(encoding="utf-8"))
    tree.body = [
        one for one in tree.body if not (isinstance(one, ast.FunctionDef) and one.name in others)
    ]
    code = [cell.source for cell in stage.lesson.of_kind("given", "task")]
    answers = [(one.kind, one.name, dict(one.sources), one.caught_by) for one in cases]
    told = repr((code, ast.unparse(tree), answers))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def recorded(path: Path = RECORD) -> dict[str, tuple[str, str]]:
    """What was found of each part, and the digest of that time, by the part's name."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = {}
    for line in lines:
        *name, key, verdict = line.split(" ", 5)
        found[" ".join(name)] = key, verdict
    return found


def ask(part: Part) -> str:
    """What luck does to the answers of a part: "nothing", or whom it concerns."""
    stage = find_course(ROOT).stage(part.stage)
    plan, data = Plan.of_luck(part.seeds), Data("digits")
    if part.side == "right":
        losing = [one for one in audit_right(stage, part.task, plan, data) if one.failures]
        told = [f"{one.name} loses {_counted(one.failures)}" for one in losing]
    else:
        known = part.side == "known"
        plan = replace(plan, mutant_seeds=0) if known else replace(plan, wrong_seeds=0)
        found = audit_wrong(stage, part.task, plan, data, {})
        kind = "misconception" if known else "mutant"
        told = [
            f"{one.name} {_counted(one.uneven)} {' '.join(one.missed)}".rstrip()
            for one in found
            if one.kind == kind and (one.uneven or one.missed)
        ]
    return "; ".join(told) or "nothing"


def _counted(by_check: Mapping[str, int | tuple[int, ...]]) -> str:
    each = ((name, n if isinstance(n, int) else len(n)) for name, n in by_check.items())
    return ", ".join(f"{name} with {n}" for name, n in each)


def parts_of(stage: Stage, seeds: int) -> Iterator[Part]:
    """All parts of a stage."""
    for task in stage.lesson.tasks:
        for side in get_args(Side):
            yield Part(stage.name, task.name, side, seeds // 10 if side == "generated" else seeds)


def timed(part: Part) -> tuple[str, float]:
    """What is found of a part, and the processor seconds that it took."""
    before = time.process_time()
    return ask(part), time.process_time() - before


def seconds_each(stage: Stage, task: str) -> float:
    """Processor seconds that a right answer takes with one seed, from two runs of all.

    A first run makes what is the same for everybody, and does not count.
    """
    data, seconds = Data("digits"), []
    for seeds in (1, 3):
        before = time.process_time()
        answers = audit_right(stage, task, Plan(seeds=seeds), data)
        seconds.append(time.process_time() - before)
    return max(seconds[1] - seconds[0], seconds[1] / 10) / 2 / len(answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="STAGE | TASK")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    for name in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{name}_NUM_THREADS"] = "1"
    course = find_course(ROOT)
    known, todo = recorded(), {}
    for stage in course.stages:
        for part in parts_of(stage, options.seeds):
            if options.wanted and not {part.stage, part.task} & {*options.wanted}:
                continue
            key = digest(stage, part)
            if known.get(str(part), ("", ""))[0] != key:
                todo[part] = key
    each = {
        (stage, task): seconds_each(course.stage(stage), task)
        for stage, task in dict.fromkeys((part.stage, part.task) for part in todo)
    }
    costs = {
        part: each[part.stage, part.task]
        * len(cases_of(course.stage(part.stage), part))
        * part.seeds
        for part in todo
    }
    print(f"{len(todo)} parts, perhaps {sum(costs.values()):.0f} s of processor time", flush=True)
    context = get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context, limit_memory) as pool:
        asked = {pool.submit(timed, part): part for part in sorted(todo, key=costs.__getitem__)}
        for done in as_completed(asked):
            part = asked[done]
            verdict, seconds = done.result()
            print(f"{part}: {verdict} ({seconds:.0f} s)", flush=True)
            known = {**recorded(), str(part): (todo[part], verdict)}
            lines = (f"{name} {key} {told}\n" for name, (key, told) in sorted(known.items()))
            RECORD.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
