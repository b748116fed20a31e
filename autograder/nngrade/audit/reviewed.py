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

import tomllib
from pathlib import Path

from nngrade.course.stages import Stage
from nngrade.errors import CourseError

__all__ = ["reviewed_mutants"]


def reviewed_mutants(stage: Stage) -> dict[tuple[str, str], str]:
    """Reason of each entry, by task and id; empty if the file does not exist.

    Raises
    ------
    CourseError
        If the file cannot be read, or an entry is incomplete.
    """
    path = stage.folder / "reviewed_mutants.toml"
    if not path.exists():
        return {}
    reasons: dict[tuple[str, str], str] = {}
    for number, entry in enumerate(_entries(path), 1):
        texts = [entry.get(key) for key in ("task", "id", "reason")]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise CourseError(f"{path}: mutant number {number} needs a task, an id and a reason")
        task, name, reason = map(str, texts)
        reasons[task, name] = reason
    return reasons


def _entries(path: Path) -> list[dict[str, object]]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CourseError(f"{path}: cannot be read as TOML: {error}") from error
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise CourseError(f"{path}: each entry must start with [[mutant]]")
    return entries
