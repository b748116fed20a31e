"""Read a course's own settings: the tables of ``solutions/course.toml``, which need not exist."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from nngrade.errors import CourseError

__all__ = ["read_table"]


def read_table(path: Path, name: str, known: set[str]) -> dict[str, Any]:
    """The table ``[name]`` of a course's file; empty where there is none.

    Raises
    ------
    CourseError
        When the file is no TOML, or sets something that is not `known`.
    """
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(name, {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CourseError(f"{path}: cannot be read as TOML: {error}") from error
    if not isinstance(table, dict):
        raise CourseError(f"{path}: {name} must be a table, [{name}]")
    for key in table:
        if key not in known:
            names = ", ".join(sorted(known))
            raise CourseError(f"{path}: [{name}] has no setting {key!r}; there are: {names}")
    return table
