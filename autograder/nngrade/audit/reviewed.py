"""Mutants that a human has reviewed: ``solutions/STAGE/reviewed_mutants.toml``.

Each entry gives the reason why a mutant that loses no points is not a wrong answer::

    [[mutant]]
    id = "0123456789ab"
    task = "predict"
    diff = "..."
    reason = "..."

The diff is only for the reader; the id identifies the mutant.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from nngrade.course.stages import Stage
from nngrade.errors import LessonError, Problem

__all__ = ["read_toml", "reviewed_mutants"]


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a file of an author's; return its text and what it says.

    Raises
    ------
    LessonError
        If it cannot be read, with the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        at = re.search(r"at line (\d+)", str(error))
        problem = Problem(path, int(at[1]) if at else 1, f"cannot be read as TOML: {error}")
        raise LessonError([problem]) from error


def reviewed_mutants(stage: Stage) -> dict[tuple[str, str], str]:
    """Reason of each entry, by task and id; empty if the file does not exist.

    Raises
    ------
    LessonError
        If the file cannot be read, or an entry is incomplete or names no task of the stage.
    """
    path = stage.folder / "reviewed_mutants.toml"
    if not path.exists():
        return {}
    reasons: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    tasks = [task.name for task in stage.lesson.tasks]
    for number, (line, entry) in enumerate(_entries(path), 1):
        texts = [entry.get(key) for key in ("task", "id", "reason")]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            problems.append(Problem(path, line, f"mutant number {number} needs {_NEEDED}"))
            continue
        task, name, reason = map(str, texts)
        if task not in tasks:
            known = ", ".join(tasks)
            said = f"mutant number {number}: no task {task!r}; there are: {known}"
            problems.append(Problem(path, line, said))
        reasons[task, name] = reason
    if problems:
        raise LessonError(problems)
    return reasons


_NEEDED = "a task, an id and a reason"


def _entries(path: Path) -> list[tuple[int, dict[str, object]]]:
    """Each entry, and the line on which it starts."""
    text, content = read_toml(path)
    entries = content.get("mutant", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise LessonError([Problem(path, 1, "each entry must start with [[mutant]]")])
    starts = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.fullmatch(r"\s*\[\[\s*mutant\s*\]\]\s*(#.*)?", line)
    ]
    return list(zip([*starts, *[1] * len(entries)], entries, strict=False))
