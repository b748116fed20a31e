"""Restore a submitted notebook to the structure that nbgrader expects.

nbgrader identifies its cells by ``grade_id``. It fails, or gives no points, if an id is missing,
duplicated or on the wrong cell. In the restored notebook, each of the course's cells occurs once,
and the student's own cells keep their places.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from nngrade.course.naming import TEXT_STUB, cell_ids, holds_answer, is_of_answer, normalised
from nngrade.course.notebook import source_notebook
from nngrade.course.stages import Stage
from nngrade.submissions.course_cells import course_cells
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile

__all__ = ["restored_cells"]


def restored_cells(
    cells: Sequence[dict[str, Any]], notebook: NotebookFile, graded: Mapping[str, int], stage: Stage
) -> list[dict[str, Any]]:
    """Restore the cells of a submission, so that every cell of the course occurs exactly once.

    Parameters
    ----------
    cells : sequence of dict
        Cells of the submission, in nbformat 4.
    notebook : NotebookFile
        The same cells, as read by the grader.
    graded : mapping of str to int
        Number of the cell that the grader used, for each task.
    stage : Stage

    Returns
    -------
    list of dict
        New cells; `cells` is not changed.
    """
    course = {
        cell["id"]: cell
        for cell in source_notebook(stage.lesson, stage.graded)["cells"]
        if "nbgrader" in cell["metadata"]
    }
    places = _places(notebook, graded, stage, set(course))
    kept = [_plain(cell) for cell in cells]
    for identifier, index in places.items():
        kept[index] = _with_metadata(kept[index], course[identifier])
    missing = [identifier for identifier in course if identifier not in places]
    order = list(course)
    # Each missing cell is inserted after the cell that it follows in the course.
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
    """Missing cells that follow a cell, directly or after other missing cells."""
    for missing in after.get(identifier, ()):
        yield _stand_in(course[missing], graded)
        yield from _chain(missing, after, course, graded)


def _places(
    notebook: NotebookFile, graded: Mapping[str, int], stage: Stage, wanted: set[str]
) -> dict[str, int]:
    """Index in the submission of each of the course's cells that it holds."""
    ids = cell_ids(stage.lesson)
    texts = {
        normalised(cell.source): ids[cell]
        for cell in stage.lesson.of_kind("given", "tests", "counted")
    }
    asked = [cell for cell in stage.lesson.of_kind("text") if cell.name]
    texts.update((normalised(cell.source), ids[cell]) for cell in asked)
    answers = {ids[cell] for cell in stage.lesson.of_kind("written")}
    places: dict[str, int] = {}
    for task, number in graded.items():
        # A cell with several tasks can stand for only one of them; that of a question is plain.
        if f"task-{task}" in wanted and number - 1 not in places.values():
            places[f"task-{task}"] = number - 1
    taken = set(places.values())
    for cell in notebook.cells:
        index = cell.number - 1
        if index in taken:
            continue
        found = next((one for one in sorted(cell.ids) if one in wanted - answers), None)
        found = found or texts.get(normalised(cell.source))
        if found is not None and found not in places:
            places[found] = index
            taken.add(index)
    for answer in stage.lesson.of_kind("written"):
        question = places.get(f"text-{answer.name}")
        place = _place_of_answer(notebook, stage, ids[answer], question, taken)
        if place is not None:
            places[ids[answer]] = place
            taken.add(place)
    return places


def _place_of_answer(
    notebook: NotebookFile, stage: Stage, identifier: str, question: int | None, taken: set[int]
) -> int | None:
    """Index of the cell that holds a written answer; None if there is none.

    It is the first with its id in which something is written, else the first that a student has
    written below the question: Colab drops ids, and some answer in a cell of their own.
    """
    free = [cell for cell in notebook.cells if cell.number - 1 not in taken]
    candidates = [cell for cell in free if identifier in cell.ids]
    if question is not None:
        below = notebook.cells[question + 1 :]
        candidates += takewhile(lambda one: _may_answer(one, stage, identifier, taken), below)
    best = next((one for one in candidates if holds_answer(one.source)), None)
    best = best or next(iter(candidates), None)
    return None if best is None else best.number - 1


def _may_answer(cell: NotebookCell, stage: Stage, identifier: str, taken: set[int]) -> bool:
    """Whether a cell below a question may hold the answer: prose that is not the course's."""
    if cell.number - 1 in taken or (cell.kind == "code" and identifier not in cell.ids):
        return False
    if is_of_answer(cell.ids):
        return identifier in cell.ids
    return course_cells(stage.lesson).origin(cell) is None


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    """A student's own cell, without nbgrader's metadata."""
    made = copy.copy(cell)
    made["metadata"] = {
        key: value for key, value in dict(cell.get("metadata", {})).items() if key != "nbgrader"
    }
    if made.get("cell_type") == "code":
        made["outputs"], made["execution_count"] = [], None
    return made


def _with_metadata(cell: dict[str, Any], origin: dict[str, Any]) -> dict[str, Any]:
    """A cell with nbgrader's metadata: with the course's source if locked, else the student's."""
    made = _empty(origin)
    if origin["metadata"]["nbgrader"]["locked"]:
        return made
    source = cell.get("source", "")
    if made["metadata"]["nbgrader"]["grade"]:
        # A written answer. A lone surrogate is in no checksum, and an emptied cell is untouched.
        source = source.encode("utf-8", "replace").decode() if holds_answer(source) else TEXT_STUB
        if cell.get("cell_type") == "markdown" and "attachments" in cell:
            made["attachments"] = cell["attachments"]
    return {**made, "source": source}


def _empty(origin: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(origin)
    made["source"] = "".join(made["source"])
    return made


def _stand_in(origin: dict[str, Any], graded: Mapping[str, int]) -> dict[str, Any]:
    """A replacement for a cell that is missing from the submission."""
    made = _empty(origin)
    # An answer that is missing is one that was not written: the stub stands in its place.
    if made["metadata"]["nbgrader"]["solution"] and not made["metadata"]["nbgrader"]["grade"]:
        task = origin["id"].removeprefix("task-")
        number = graded.get(task)
        made["source"] = (
            f"# {task} is in another cell, number {number} of the notebook as it was submitted."
            if number
            else f"# This cell was missing from the notebook: {task} is not defined."
        )
    return made
