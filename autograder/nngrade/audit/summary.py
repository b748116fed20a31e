"""Summaries of an audit: a row of numbers per stage, Markdown for a README, and JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nngrade.audit.findings import CheckFindings, StageFindings
from nngrade.errors import NngradeError
from nngrade.text import put_between

__all__ = [
    "HEADINGS",
    "as_document",
    "as_json",
    "in_markdown",
    "markdown",
    "put_table",
    "replace_table",
    "rows",
    "weak_checks",
    "write",
]

HEADINGS = (
    "stage",
    "tasks",
    "checks",
    "right answers",
    "runs",
    "lost",
    "misconceptions",
    "caught",
    "unseen",
    "mutants",
    "caught",
    "unseen",
    "equivalent",
    "reviewed",
    "survived",
)
BEGIN, END = "<!-- nngrade audit: begin -->", "<!-- nngrade audit: end -->"


def rows(findings: Sequence[StageFindings]) -> list[tuple[str, ...]]:
    """A row for each stage, and a row of sums if there are several stages."""
    table = {one.stage: _numbers(one) for one in findings}
    if len(findings) > 1:
        table["all"] = [sum(column) for column in zip(*table.values(), strict=True)]
    return [(name, *(f"{one:,}" for one in numbers)) for name, numbers in table.items()]


def _numbers(one: StageFindings) -> list[int]:
    return [
        len(one.tasks),
        sum(task.n_checks for task in one.tasks),
        len(one.right),
        one.runs,
        one.failures,
        len(one.wrong("misconception")),
        len(one.wrong("misconception", "caught")),
        len(one.unseen("misconception")),
        len(one.wrong("mutant")),
        len(one.wrong("mutant", "caught")),
        len(one.unseen("mutant")),
        len(one.wrong("mutant", "equivalent")),
        len(one.wrong("mutant", "reviewed")),
        len(one.wrong("mutant", "survived")),
    ]


def markdown(findings: Sequence[StageFindings]) -> str:
    """The rows as a table in Markdown."""
    return in_markdown(HEADINGS, rows(findings))


def in_markdown(headings: Sequence[str], numbers: Sequence[Sequence[str]]) -> str:
    """A table in Markdown: a name in the first column, numbers in the others."""
    lines = [headings, ("---", *["---:"] * (len(headings) - 1)), *numbers]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def weak_checks(
    findings: Sequence[StageFindings],
) -> list[tuple[str, str, CheckFindings]]:
    """Dead and redundant checks, as tuples of stage, task and findings."""
    return [
        (stage.stage, task.task, check)
        for stage in findings
        for task in stage.tasks
        for check in task.checks
        if check.verdict
    ]


def as_document(findings: Sequence[StageFindings]) -> dict[str, Any]:
    """All findings, as a document of JSON types."""
    problems = [problem for one in findings for problem in one.problems()]
    return {
        "holds": not problems,
        "problems": problems,
        "stages": [_stage(one) for one in findings],
    }


def _stage(findings: StageFindings) -> dict[str, Any]:
    document = dataclasses.asdict(findings)
    for task, found in zip(document["tasks"], findings.tasks, strict=True):
        for check, one in zip(task["checks"], found.checks, strict=True):
            check |= {"share": one.share, "verdict": one.verdict}
        for right, answer in zip(task["right"], found.right, strict=True):
            right["flakiness"] = answer.flakiness
    return document


def write(text: str, path: Path) -> None:
    """Write a text file.

    Raises
    ------
    NngradeError
        If the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NngradeError(f"{path}: cannot be written ({error.strerror})") from error


def as_json(findings: Sequence[StageFindings]) -> str:
    """The document of `as_document`, as the text of a JSON file."""
    return json.dumps(as_document(findings), indent=1, ensure_ascii=False) + "\n"


def replace_table(path: Path, findings: Sequence[StageFindings]) -> bool:
    """Replace the table between the two markers in a README.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    NngradeError
        If the markers are missing.
    """
    return put_table(path, BEGIN, END, markdown(findings))


def put_table(path: Path, begin: str, end: str, table: str) -> bool:
    """Replace what stands between two markers in a README; whether the file changed.

    Raises
    ------
    NngradeError
        If the markers are missing.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NngradeError(f"{path}: cannot be read ({error.strerror})") from error
    new = put_between(text, begin, end, table)
    if new is None:
        raise NngradeError(f"{path}: the table goes between lines `{begin}` and `{end}`; add them")
    if new != text:
        write(new, path)
    return new != text
