"""What the demo class comes to, as text: a line for each submission and for each lost check.

    python -m tests.runs.demo_class    after raising GRADING: record it anew

Floats in sentences are masked: their last digits differ between machines.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nngrade import grade
from nngrade.authoring.demo import write_class
from nngrade.course.stages import Course
from nngrade.results import SubmissionResult
from nngrade.runs.versions import GRADING
from tests.helpers import time_for_every_reason

RECORD = Path(__file__).with_name("demo_class.txt")
ROOT = Path(__file__).resolve().parents[2]


def grade_demo_class(course: Course, folder: Path) -> str:
    """Grade the demo class on the digits, and tell what it comes to.

    The secret must be in the environment.
    """
    notebooks = write_class(course, folder, ())
    with time_for_every_reason():  # in this process
        results = grade(notebooks, course=course.root, data="digits", sandbox="weak", jobs=1)
    lines = [line for result in results for line in _lines(result)]
    return "\n".join([f"grading {GRADING}", *lines]) + "\n"


def _lines(result: SubmissionResult) -> Iterator[str]:
    yield f"{result.student} {result.stage} {result.score:g}/{result.max_score:g} {result.error}"
    yield from (_masked(f"    note: {note}") for note in result.notes)
    for check in result.lost:
        told = [check.status, check.message, check.hint, check.limit or ""]
        if why := check.diagnosis:
            told += [str(why.misconception), str(why.relation), why.sentence, why.hint]
        text = " | ".join(one.replace("\n", " ") for one in told)
        yield _masked(f"    {check.id} {check.score:g}/{check.points:g} {text}")


def _masked(text: str) -> str:
    return re.sub(r"-?\d+\.\d+(e-?\d+)?|-?\d+e-?\d+", "#", text)


def recorded_number() -> int:
    """The GRADING number of the record."""
    first, _, _ = RECORD.read_text(encoding="utf-8").partition("\n")
    return int(first.removeprefix("grading "))


def main() -> None:
    """Record what the class comes to now; refuse where the number was forgotten."""
    with tempfile.TemporaryDirectory() as folder:
        now = grade_demo_class(Course(ROOT), Path(folder))
    if RECORD.exists() and now == RECORD.read_text(encoding="utf-8"):
        print("nothing changed")
    elif RECORD.exists() and recorded_number() == GRADING:
        sys.exit("results changed: first raise GRADING in autograder/nngrade/runs/versions.py")
    else:
        RECORD.write_text(now, encoding="utf-8")
        print(f"{RECORD} is renewed")


if __name__ == "__main__":
    import os

    os.environ["NNGRADE_SECRET"] = "what the demo class is graded with"
    main()
