"""Put a submitted notebook back into the shape that nbgrader expects of it.

nbgrader knows its cells by ``grade_id`` and gives up, or gives no points, where one is missing,
doubled or on the wrong cell. Here each of the course's cells stands in the notebook once; what the
student wrote stays where it was.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nngrade.course.naming import cell_ids, normalised
from nngrade.course.notebook import source_notebook
from nngrade.course.stages import Stage
from nngrade.submissions.notebook_file import NotebookFile

__all__ = ["restored_cells"]


def restored_cells(
    cells: Sequence[dict[str, Any]], notebook: NotebookFile, graded: Mapping[str, int], stage: Stage
) -> list[dict[str, Any]]:
    """The submission's cells, with every cell of the course among them exactly once.

    Parameters
    ----------
    cells : sequence of dict
        Of the submission, in nbformat 4.
    notebook : NotebookFile
        The same cells as the grader reads them.
    graded : mapping of str to int
        For each task: the number of the cell that the grader took for its cell.
    stage : Stage

    Returns
    -------
    list of dict
        New cells; `cells` is not changed.
    """
    course = {
        cell["id"]: cell
        for cell in source_notebook(stage.lesson, stage.checks)["cells"]
        if "nbgrader" in cell["metadata"]
    }
    places = _places(notebook, graded, stage, set(course))
    kept = [_plain(cell) for cell in cells]
    for identifier, index in places.items():
        kept[index] = _with_metadata(kept[index], course[identifier])
    missing = [identifier for identifier in course if identifier not in places]
    order = list(course)
    # From the first on: each missing cell follows the one that it follows in the course.
    after: dict[str | None, list[str]] = {}
    for identifier in missing:
        before = order[order.index(identifier) - 1] if order.index(identifier) else None
        after.setdefault(before, []).append(identifier)
    at = {index: identifier for identifier, index in places.items()}
    result = list(_chain(None, after, course, graded))
    for index, cell in enumerate(kept):
        result.append(cell)
        if index in at:
            result.extend(_chain(at[index], after, course, graded))
    return result


def _chain(
    identifier: str | None,
    after: dict[str | None, list[str]],
    course: dict[str, dict[str, Any]],
    graded: Mapping[str, int],
) -> Iterator[dict[str, Any]]:
    """The missing cells that follow a cell, and those that follow them."""
    for missing in after.get(identifier, ()):
        yield _stand_in(course[missing], graded)
        yield from _chain(missing, after, course, graded)


def _places(
    notebook: NotebookFile, graded: Mapping[str, int], stage: Stage, wanted: set[str]
) -> dict[str, int]:
    """For each cell of the course that is in the submission: the index of the one that counts."""
    ids = cell_ids(stage.lesson)
    texts = {normalised(cell.source): ids[cell] for cell in stage.lesson.of_kind("given", "tests")}
    places: dict[str, int] = {}
    for task, number in graded.items():
        # One cell may hold several tasks; it can be the cell of one of them only.
        if number - 1 not in places.values():
            places[f"task-{task}"] = number - 1
    taken = set(places.values())
    for cell in notebook.cells:
        index = cell.number - 1
        if index in taken:
            continue
        found = next((one for one in sorted(cell.ids) if one in wanted), None)
        found = found or texts.get(normalised(cell.source))
        if found is not None and found not in places:
            places[found] = index
            taken.add(index)
    return places


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    """A student's cell, as one that nbgrader has nothing to do with."""
    made = copy.copy(cell)
    made["metadata"] = {
        key: value for key, value in dict(cell.get("metadata", {})).items() if key != "nbgrader"
    }
    if made.get("cell_type") == "code":
        made["outputs"], made["execution_count"] = [], None
    return made


def _with_metadata(cell: dict[str, Any], origin: dict[str, Any]) -> dict[str, Any]:
    """The cell as nbgrader knows it: the course's text where that is locked, else the student's."""
    made = _empty(origin)
    if origin["metadata"]["nbgrader"]["locked"]:
        return made
    return {**made, "source": cell.get("source", "")}


def _empty(origin: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(origin)
    made["source"] = "".join(made["source"])
    return made


def _stand_in(origin: dict[str, Any], graded: Mapping[str, int]) -> dict[str, Any]:
    """A cell in the place of one that is missing from the submission."""
    made = _empty(origin)
    if made["metadata"]["nbgrader"]["solution"]:
        task = origin["id"].removeprefix("task-")
        number = graded.get(task)
        made["source"] = (
            f"# {task} is in another cell, number {number} of the notebook as it was submitted."
            if number
            else f"# This cell was missing from the notebook: {task} is not defined."
        )
    return made
