"""Source notebook of a lesson, from which nbgrader makes the students' assignment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nngrade.course.checks import Check
from nngrade.course.lesson import Cell, Lesson
from nngrade.course.naming import cell_ids

__all__ = ["hidden_region", "notebook_text", "source_notebook"]

_LANGUAGE = "python"


def source_notebook(
    lesson: Lesson,
    checks: tuple[Check, ...],
    edition: int = 1,
    outputs: Mapping[str, Sequence[dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Make the instructor's notebook, with solutions and nbgrader's metadata.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    checks : tuple of Check
        All that points are given for, from which those of each task are computed.
    edition : int
        Number of the course's edition; notebooks of the first do not say it.
    outputs : mapping of str to sequence of dict, optional
        Outputs of code cells, by the cells' ids; the others have none.

    Returns
    -------
    dict
        A notebook of format 4.5.
    """
    ids = cell_ids(lesson)
    points: dict[str, float] = {}
    for check in checks:
        points[check.grade_cell] = points.get(check.grade_cell, 0) + check.points
    return {
        "cells": [
            _cell(cell, ids[cell], points, (outputs or {}).get(ids[cell], ()))
            for cell in lesson.cells
        ],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": _LANGUAGE,
                "name": "python3",
            },
            "language_info": {"name": _LANGUAGE},
            "nngrade": {"stage": lesson.stage, **({"edition": edition} if edition > 1 else {})},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_text(notebook: dict[str, Any]) -> str:
    """Text of the notebook's file; equal notebooks give equal texts."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cell(
    cell: Cell, identifier: str, points: dict[str, float], outputs: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    source = cell.source
    # Prose is the students' to change, but for what they are asked in it.
    asked = cell.kind == "text" and bool(cell.name)
    if cell.folded or cell.kind == "sheet":
        metadata["jupyter"] = {"source_hidden": True}
    if asked or cell.kind in ("given", "task", "tests", "counted", "written"):
        solution = cell.kind in ("task", "written")
        metadata["nbgrader"] = {
            "grade": cell.kind in ("tests", "counted", "written"),
            "grade_id": identifier,
            "locked": not solution,
            "schema_version": 3,
            "solution": solution,
            "task": False,
        }
    if cell.kind == "written":
        metadata["nbgrader"]["points"] = cell.points
    if cell.kind in ("text", "written"):
        return {
            "cell_type": "markdown",
            "id": identifier,
            "metadata": metadata,
            "source": source.splitlines(keepends=True),
        }
    if cell.kind in ("tests", "counted"):
        metadata["nbgrader"]["points"] = points[identifier]
        source = f"{source}\n{hidden_region()}"
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identifier,
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def hidden_region() -> str:
    """Placeholder for hidden tests, which fails so that another grader gives no unearned points.

    No notebook contains the hidden checks themselves, so none can leak from one.
    """
    return (
        "### BEGIN HIDDEN TESTS\n"
        'raise RuntimeError("This cell is graded by nngrade, outside of the notebook: "\n'
        '                   "use nngrade grade, or the course\'s nbgrader_config.py.")\n'
        "### END HIDDEN TESTS"
    )
