"""Run a stage's notebook in a Jupyter kernel, with its solutions, as a student would."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nngrade.authoring.specimens import answered, fill, solutions, untouched
from nngrade.course.naming import cell_ids
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, Problem

__all__ = ["execute", "problems_of_run"]

# For a whole notebook's slowest cell.
SECONDS = 300


def execute(notebook: dict[str, Any], folder: Path, allow_errors: bool = False) -> Any:
    """Run all cells on the digits.

    Parameters
    ----------
    notebook : dict
        Of format 4.5; stays as it is.
    folder : Path
        Where the kernel works and keeps its files.
    allow_errors : bool
        Whether to go on after a cell that raises.

    Returns
    -------
    NotebookNode
        The notebook with its outputs.

    Raises
    ------
    CourseError
        When there is nothing to run a notebook with, or a cell takes for ever.
    nbclient.exceptions.CellExecutionError
        When a cell raises.
    """
    try:
        import nbclient
        import nbformat
        from jupyter_client.kernelspec import NoSuchKernel
    except ImportError as error:
        raise CourseError(
            f"running a notebook needs Jupyter ({error}); install it with: "
            "pip install nbclient ipykernel"
        ) from error
    node = nbformat.reads(notebook_text(notebook), as_version=4)
    client = nbclient.NotebookClient(
        node,
        timeout=SECONDS,
        kernel_name="python3",
        allow_errors=allow_errors,
        resources={"metadata": {"path": str(folder)}},
    )
    places = ("NNDATA_HOME", "XDG_CACHE_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR")
    env = {
        **os.environ,
        **dict.fromkeys(places, str(folder)),
        # Colour codes and progress bars belong on a terminal.
        "NO_COLOR": "1",
        # Where warnings are errors, as in tests, a kernel should still only show them.
        "PYTHONWARNINGS": "default",
    }
    try:
        # What a kernel says of itself concerns nobody; what a cell says goes into the notebook.
        # In a loop of its own, which is closed: nbclient leaves the loops that it makes open.
        asyncio.run(client.async_execute(env=env, stderr=subprocess.DEVNULL))
    except NoSuchKernel as error:
        raise CourseError(f"{error}; install it with: pip install ipykernel") from error
    except nbclient.exceptions.CellTimeoutError as error:
        said = f"{client.nb.metadata.get('nngrade', {}).get('stage', 'the notebook')}: a cell"
        raise CourseError(f"{said} does not end within {SECONDS} seconds") from error
    return node


def problems_of_run(course: Course, stage: Stage) -> Iterator[Problem]:
    """What a student who has solved everything would stumble over: errors and warnings.

    Raises
    ------
    CourseError
        As `execute` does, or when the stage was never built.
    """
    notebook = answered(fill(untouched(course, stage), stage, solutions(stage)), stage, "author")
    with tempfile.TemporaryDirectory(prefix="nngrade-run-", ignore_cleanup_errors=True) as folder:
        node = execute(notebook, Path(folder), allow_errors=True)
    cells = {identifier: cell for cell, identifier in cell_ids(stage.lesson).items()}
    path = stage.lesson.path
    for one in node.cells:
        cell, outputs = cells[one.id], one.get("outputs", [])
        for output in outputs:
            if output.output_type == "error":
                said = f"{output.ename}: {' '.join(output.evalue.split())}"
                yield Problem(
                    path, cell.line, f"this cell raises {said}, with all tasks solved; correct it"
                )
                return  # what comes after it may only be a consequence
            if output.output_type == "stream" and output.name == "stderr":
                said = " ".join(output.text.split())
                yield Problem(
                    path, cell.line, f"this cell warns ({said}); write it so that it does not"
                )
