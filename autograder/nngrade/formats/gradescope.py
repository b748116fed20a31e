"""Results as Gradescope's ``results.json``.

The format is Gradescope's: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nngrade.formats.feedback import explained
from nngrade.results import SubmissionResult
from nngrade.text import one_line, presentable

__all__ = ["render", "render_failure"]


def render(results: Sequence[SubmissionResult]) -> str:
    """The result of one submission, as the text of a ``results.json``."""
    (result,) = results
    if result.status == "failed":
        problem = presentable(result.reason)
        tests = [
            {
                **_test("1", "The notebook can be graded.", "failed", problem),
                "score": 0,
                "max_score": result.max_score,
            }
        ]
        return _text(0, f"This notebook could not be graded: {problem}", tests)
    output = [
        f"{result.score:g} of {result.max_score:g} points.",
        *map(presentable, result.remarks),
    ]
    return _text(result.score, "\n".join(output), list(_tests(result)), round(result.seconds, 2))


def render_failure(reason: str) -> str:
    """A ``results.json`` without points that states why grading failed."""
    output = f"Grading did not finish: {presentable(reason)}"
    return _text(0, output, [_test("1", "Grading finishes.", "failed", output)])


def _tests(result: SubmissionResult) -> Iterator[dict[str, Any]]:
    numbers: dict[str, list[int]] = {}
    for check, lines in explained(result.checks):
        # Tasks are numbered, and the checks of each: 1.1, 1.2, 2.1.
        place = numbers.setdefault(check.task, [len(numbers) + 1, 0])
        place[1] += 1
        status = "passed" if check.status == "passed" else "failed"
        test = _test(
            f"{place[0]}.{place[1]}",
            f"{check.task}: {one_line(check.headline)}",
            status,
            "\n".join(map(presentable, lines)),
        )
        if check.points:
            test.update(score=check.score, max_score=check.points)
        yield {**test, "tags": [check.task]}


def _test(number: str, name: str, status: str, output: str) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        "name_format": "text",
        "status": status,
        "output": output,
        # Plain text, never HTML, Markdown or colours: the output may quote the submission.
        "output_format": "text",
        "visibility": "visible",
    }


def _text(
    score: float, output: str, tests: list[dict[str, Any]], seconds: float | None = None
) -> str:
    document = {
        "score": score,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        **({} if seconds is None else {"execution_time": seconds}),
        "tests": tests,
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"
