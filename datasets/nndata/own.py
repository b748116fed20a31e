"""Functions of one's own: gather them from all notebooks of the course, and try them together.

This runs the code of the notebooks in the process that asks for it, as a notebook does. To grade
what others have written, there is ``nngrade``, which confines it.
"""

from __future__ import annotations

import ast
import json
import linecache
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from nndata.images import ImageData
from nndata.milestones import Milestone

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["own_functions", "try_milestone"]

_ID = re.compile(r"(given|demo|text|task|tests)-\w+(?:-\d+)?")
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
_STUB = "raise NotImplementedError"


def own_functions(folder: str | Path = "assignments") -> SimpleNamespace:
    """Gather the functions of all notebooks in a folder.

    Of each notebook, the course's given cells and the cells of tasks are run. Of cells that you
    added, only imports, functions and classes count. Pictures, training and tests are left out.

    Parameters
    ----------
    folder : str or Path
        The folder with the notebooks, at any depth. Save them first.

    Returns
    -------
    SimpleNamespace
        ``mine.stage01.predict`` is the function `predict` of stage 1. What is not done yet is not
        there. Of several notebooks of a stage, the last one that was saved counts.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(f"{root} is no folder here; name the one that holds your notebooks")
    found: dict[str, tuple[float, list[dict[str, Any]]]] = {}
    for path in root.rglob("*.ipynb"):
        if any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            stage = str(notebook["metadata"]["nngrade"]["stage"]).partition("_")[0]
            cells = [one for one in notebook["cells"] if one["cell_type"] == "code"]
        except (ValueError, KeyError, TypeError):
            continue  # some other notebook
        changed = path.stat().st_mtime
        if stage not in found or changed > found[stage][0]:
            found[stage] = changed, cells
    return SimpleNamespace(
        **{stage: _functions(stage, cells) for stage, (_, cells) in found.items()}
    )


def _functions(stage: str, cells: list[dict[str, Any]]) -> SimpleNamespace:
    namespace: dict[str, Any] = {"__name__": stage}
    for number, (name, source) in enumerate(_sources(cells)):
        filename = f"<{stage}, {name or f'a cell of your own ({number})'}>"
        try:
            tree = ast.parse(source, filename)
        except (SyntaxError, ValueError):
            continue  # magics, or half a function: it will be missing
        if not name:
            tree.body = [node for node in tree.body if isinstance(node, _DEFINITIONS)]
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        exec(compile(tree, filename, "exec"), namespace)
    return SimpleNamespace(**{name: one for name, one in namespace.items() if callable(one)})


def _sources(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Id (empty for a cell of one's own) and source of each cell that counts."""
    for cell in cells:
        source = "".join(cell.get("source", ""))
        ids = {str(cell.get("id", "")), str(cell["metadata"].get("nbgrader", {}).get("grade_id"))}
        name = next((one for one in sorted(ids) if _ID.fullmatch(one)), "")
        kind = name.partition("-")[0]
        if kind in ("demo", "tests") or (kind == "task" and _STUB in source):
            continue
        yield name, source


def try_milestone(milestone: Milestone, mine: SimpleNamespace, images: ImageData) -> Figure | None:
    """Run a milestone on functions of one's own, and print what came of it.

    Parameters
    ----------
    milestone : Milestone
    mine : SimpleNamespace
        As from `own_functions`.
    images : ImageData

    Returns
    -------
    Figure or None
        Its picture; None where functions are still missing, which is printed.
    """
    missing = {
        stage: [name for name in names if not hasattr(getattr(mine, stage, None), name)]
        for stage, names in milestone.needs.items()
    }
    lacking = [f"{', '.join(names)} of {stage}" for stage, names in missing.items() if names]
    if lacking:
        print(f"Not yet: it needs {'; '.join(lacking)}.")
        return None
    found = milestone.run(mine, *milestone.inputs(images))
    outcome = milestone.judge(found, images)
    print("Reached!" if outcome.reached else "Not reached yet.", outcome)
    return milestone.draw(found, images)
