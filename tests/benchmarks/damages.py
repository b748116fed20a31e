"""Damage right notebooks at random and grade them: nothing raises, and nothing takes long.

    python tests/benchmarks/damages.py --number 5000

Prints the slowest damages. Each is made from its number alone, so that it can be made again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.catalogue.diagnose import diagnose
from nngrade.course.data import Data
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.errors import SubmissionError
from nngrade.grading.grader import Grader
from nngrade.worker.sandbox import Sandbox

VALUES: list[Any] = [
    *(None, True, 0, -1, 1e308, 10**400, "", [], {}, [[]], {"a": {}}, "\ud800", "\0", [None]),
    *([1, "x = 1\n"], {"source": "x"}, "code", "\N{RIGHT-TO-LEFT OVERRIDE}x"),
]
TEXTS: list[str] = [
    *(
        "\ud800",
        "%%time\n\ud800",
        "%%bash\n\ud800",
        "x = '\ud800'",
        "\0",
        "x = 1\0",
        "%%",
        "!",
        "?",
    ),
    *("\N{RIGHT-TO-LEFT OVERRIDE}x = 1", "[" * 10**5, "(" * 10**5, "-" * 10**5 + "1"),
    *("x = " + "'a' " * 20_000, "x = [" + "1," * 40_000 + "]", "x = " + "1" * 5000),
    *("x = 0x" + "f" * 5000, "a = f'{1\N{NO-BREAK SPACE}}'", "if x:\n" * 99, "\r\r\n", "\f"),
    *("%x\n" * 5000, "y?\n" * 3000 + "def f(:", "import numpy as np\n%matplotlib inline\n"),
    *(
        "a;" * 40_000,
        "def total(values):\n    return f'{values!r:\N{NO-BREAK SPACE}}'",
        "x\n" * 40_000,
    ),
    *("x = " + "{" * 90 + "}" * 90, "lambda: " * 5000 + "1", "'" * 99_999, "\\\n" * 30_000),
]


def damaged(notebook: dict[str, Any], number: int) -> bytes:
    """The bytes of a notebook with one to three damages, chosen by a number."""
    rng = random.Random(number)
    made = json.loads(json.dumps(notebook))
    for _ in range(rng.randint(1, 3)):
        rng.choice(DAMAGES)(made, rng)
    raw = bytearray(json.dumps(made, indent=1).encode())
    if rng.random() < 0.3:
        for _ in range(rng.randint(1, 20)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
    if rng.random() < 0.1:
        del raw[rng.randrange(len(raw)) :]
    return bytes(raw)


def _value(made: dict[str, Any], rng: random.Random) -> None:
    holder: Any = rng.choice([made, made.get("metadata"), *_cells(made), *_cells(made)])
    if isinstance(holder, dict) and holder:
        holder[rng.choice(sorted(holder))] = rng.choice(VALUES)


def _source(made: dict[str, Any], rng: random.Random) -> None:
    if cells := [one for one in _cells(made) if isinstance(one, dict)]:
        cell, text = rng.choice(cells), rng.choice(TEXTS)
        before = cell.get("source")
        before = "".join(map(str, before)) if isinstance(before, list) else str(before)
        cell["source"] = rng.choice([text, f"{text}\n{before}", f"{before}\n{text}"])


def _copy(made: dict[str, Any], rng: random.Random) -> None:
    if cells := _cells(made):
        cells.insert(rng.randrange(len(cells)), json.loads(json.dumps(rng.choice(cells))))


def _delete(made: dict[str, Any], rng: random.Random) -> None:
    if cells := _cells(made):
        del cells[rng.randrange(len(cells))]


def _retype(made: dict[str, Any], rng: random.Random) -> None:
    if cells := [one for one in _cells(made) if isinstance(one, dict)]:
        rng.choice(cells)["cell_type"] = rng.choice(["code", "markdown", "raw", "heading", 7, None])


def _cells(made: dict[str, Any]) -> list[Any]:
    cells = made.get("cells")
    return cells if isinstance(cells, list) else []


DAMAGES: list[Callable[[dict[str, Any], random.Random], None]] = [
    *(_value, _source, _source, _copy, _delete, _retype)
]


def grade_damaged(
    grader: Grader, course: Course, stage: Stage, number: int, folder: Path
) -> tuple[float, str]:
    """Grade one damaged notebook; seconds, and the score or the sentence.

    Every exception but that of an unreadable file is raised.
    """
    right = fill(untouched(course, stage), stage, solutions(stage))
    path = folder / "damaged.ipynb"
    path.write_bytes(damaged(right, number))
    started = time.perf_counter()
    try:
        result = grader.grade(path, stage, "ann")
        json.dumps(result.as_record(), allow_nan=False)
        notebook_text({"score": result.score})
        said = f"{result.score:g}"
    except SubmissionError as problem:
        said = str(problem)
    return time.perf_counter() - started, said


def main() -> None:
    """Grade damaged notebooks of a stage and print the slowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=5000)
    parser.add_argument("--course", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--stage", default="1")
    told = parser.parse_args()
    course = find_course(told.course)
    stage = next((one for one in course.stages if one.name == told.stage), course.stages[0])
    seen = []
    with Sandbox("weak", True) as sandbox, tempfile.TemporaryDirectory() as folder:
        grader = Grader(b"a secret of this script", sandbox, Data("digits"), diagnose=diagnose)
        for number in range(told.number):
            seconds, said = grade_damaged(grader, course, stage, number, Path(folder))
            seen.append((seconds, number, said))
    seen.sort(reverse=True)
    graded = sum(said.replace(".", "").isdigit() for *_, said in seen)
    print(f"{len(seen)} damages of {stage.name}: {graded} graded, {len(seen) - graded} refused")
    for seconds, number, said in seen[:10]:
        print(f"{seconds:6.2f} s  number {number}: {said[:80]}")
    sys.exit(seen[0][0] > 5)


if __name__ == "__main__":
    main()
