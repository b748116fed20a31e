"""The autograded notebook: the submission with scores and feedback in its grade cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

from nngrade.course.naming import graded_name
from nngrade.course.options import Level
from nngrade.course.stages import Stage
from nngrade.errors import CourseError, SubmissionError
from nngrade.gradebook.grade_outputs import grade_outputs
from nngrade.gradebook.restored import restored_cells
from nngrade.results import SubmissionResult, points_of
from nngrade.submissions.files import read_bytes
from nngrade.submissions.notebook_file import NotebookFile, read_notebook

__all__ = ["autograded_notebook", "fill_grades"]

# Maximum size in bytes of a file whose metadata and pictures are kept: parsing it takes up to 40
# times as much memory.
MOST_KEPT = 6 * 2**20
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def autograded_notebook(
    path: Path, stage: Stage, result: SubmissionResult, level: Level
) -> nbformat.NotebookNode:
    """Make the autograded notebook of a submission.

    It is a valid notebook whatever the submitted file holds.

    Parameters
    ----------
    path : Path
        The submitted notebook.
    stage : Stage
    result : SubmissionResult
    level : Level
        Feedback level.

    Returns
    -------
    NotebookNode
        The notebook in nbformat 4.5.
    """
    submitted = read_notebook(path)
    cells = restored_cells(_cells(path, submitted), submitted, _graded_cells(result), stage)
    notebook: nbformat.NotebookNode = nbformat.from_dict(
        {
            "cells": cells,
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
                "nngrade": {"stage": stage.name},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    _make_ids_unique(notebook)
    fill_grades(notebook, result, level)
    return notebook


def _graded_cells(result: SubmissionResult) -> dict[str, int]:
    """Number of the graded cell, for each task that was found."""
    return {check.task: check.cell for check in result.checks if check.cell is not None}


def fill_grades(notebook: nbformat.NotebookNode, result: SubmissionResult, level: Level) -> None:
    """Write scores and feedback into the grade cells, and the notes into a new first cell.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    result : SubmissionResult
    level : Level
        Feedback level.

    Raises
    ------
    CourseError
        If the gradebook's points for a task differ from those of its checks.
    """
    for cell in notebook.cells:
        known = cell.get("metadata", {}).get("nbgrader", {})
        if not known.get("grade") or known.get("solution"):
            continue  # a person grades written answers
        task = graded_name(known["grade_id"])
        checks = [check for check in result.checks if check.task == task]
        _, most = points_of(checks)
        if float(known.get("points", most)) != most:
            raise CourseError(
                f"{result.stage}: in the gradebook {task} is worth {known['points']:g} points, its "
                f"checks are worth {most:g}; run `nngrade build {result.stage}`, then "
                f"`nbgrader generate_assignment {result.stage} --force`"
            )
        cell.outputs = [nbformat.from_dict(one) for one in grade_outputs(checks, level)]
        cell.source = _without_hidden_part(cell.source)
    if result.remarks:
        notebook.cells.insert(0, _notes(result.remarks))


def _notes(notes: tuple[str, ...]) -> nbformat.NotebookNode:
    # A code cell that is never run: in Markdown, a student's HTML would be rendered.
    lines = [line for note in notes for line in note.splitlines()]
    text = "\n".join(f"# {line}" for line in ("Notes from the grader:", *lines))
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(text, id="nngrade-notes")
    return cell


def _without_hidden_part(source: str) -> str:
    lines = source.split("\n")
    if BEGIN_HIDDEN not in lines:
        return source
    start = lines.index(BEGIN_HIDDEN)
    end = lines.index(END_HIDDEN, start) if END_HIDDEN in lines[start:] else len(lines) - 1
    return "\n".join(lines[:start] + lines[end + 1 :]).rstrip("\n")


def _cells(path: Path, submitted: NotebookFile) -> list[dict[str, Any]]:
    """The cells in nbformat 4: with metadata if they are valid, else rebuilt from the sources."""
    try:
        raw = read_bytes(path)
        found = json.loads(raw.decode("utf-8-sig")) if len(raw) <= MOST_KEPT else {}
        if found.get("nbformat") == 4:
            cells = [_sound(cell, one.source) for cell, one in _pairs(found["cells"], submitted)]
            nbformat.validate({**_FRAME, "cells": cells}, relax_add_props=True)
            return cells
    except (SubmissionError, ArithmeticError, AttributeError, LookupError, OSError):
        pass
    except (RecursionError, TypeError, ValueError, nbformat.ValidationError):
        pass
    return [_cell(one.kind, one.source) for one in submitted.cells]


_FRAME = {"metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def _pairs(cells: list[Any], submitted: NotebookFile) -> Any:
    return zip(cells, submitted.cells, strict=True)


def _sound(cell: dict[str, Any], source: str) -> dict[str, Any]:
    """A cell without outputs and without fields that depend on the minor version of nbformat."""
    made = {**_cell(cell["cell_type"], source), "metadata": cell.get("metadata", {})}
    if cell["cell_type"] == "markdown" and "attachments" in cell:
        made["attachments"] = cell["attachments"]
    return made


def _cell(kind: str, source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        made.update(outputs=[], execution_count=None)
    return made


def _make_ids_unique(notebook: nbformat.NotebookNode) -> None:
    """Set the id of each cell: nbgrader's id if it has one, else its number."""
    for number, cell in enumerate(notebook.cells, 1):
        identifier = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell["id"] = identifier or f"cell-{number}"
