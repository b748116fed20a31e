"""What the panels say of a whole notebook: each cell run afresh, in another process."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nngrade
from nngrade.live.outline import Outline, read_outline
from nngrade.live.verdict import Verdict

__all__ = ["check_notebook", "environment"]

# A process has this much longer than its cell to say that the cell took too long.
GRACE = 5.0
# All cells together may take so many times the limit of one.
ALL_CELLS = 10


def check_notebook(path: Path, seconds: float) -> Iterator[Verdict]:
    """Run a notebook's cells afresh, and say of each task what its panel would say.

    Demonstrations are left out. A cell that stops the process is left out too, and the others are
    run again.

    Parameters
    ----------
    path : Path
    seconds : float
        How long a cell may run.

    Yields
    ------
    Verdict
        One for each task with a test cell, in order; the last say how many of all tasks pass.

    Raises
    ------
    OSError, ValueError
        If the notebook cannot be read.
    """
    outline = read_outline(path)
    verdicts = _verdicts(path, outline, seconds)
    passing = sum(one.state == "passed" for one in verdicts.values())
    for task in outline.tasks:
        missing = Verdict(task, "failed", message="The notebook does not come to its test cell.")
        yield replace(verdicts.get(task, missing), passing=passing, tasks=len(outline.tasks))


def _verdicts(path: Path, outline: Outline, seconds: float) -> dict[str, Verdict]:
    deadline = time.monotonic() + ALL_CELLS * seconds + GRACE
    stopped: dict[int, str] = {}
    while True:
        found, at, why = _one_process(path, seconds, stopped, deadline)
        if at is None or at in stopped:
            break
        stopped[at] = why
    for number, why in stopped.items():
        cell = outline.cells[number]
        if cell.task:
            where = f"The cell of {cell.task}" if cell.kind == "task" else "The test cell"
            found[cell.task] = Verdict(cell.task, "failed", message=f"{where} {why}.")
    return found


def _one_process(
    path: Path, seconds: float, left_out: dict[int, str], deadline: float
) -> tuple[dict[str, Verdict], int | None, str]:
    """Verdicts, and the number of the cell at which the process stopped, with the reason."""
    command = [sys.executable, "-m", "nngrade.live.child", str(path), str(seconds)]
    if left_out:
        command.append(",".join(map(str, sorted(left_out))))
    found: dict[str, Verdict] = {}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as process:
        events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=_read, args=(process.stdout, events), daemon=True).start()
        at = None
        try:
            while True:
                left = min(seconds + GRACE, deadline - time.monotonic())
                try:
                    event = events.get(timeout=max(left, 0.0))
                except queue.Empty:
                    late = time.monotonic() >= deadline
                    why = (
                        "is not tried: all cells together take too long"
                        if late
                        else "does not come to an end"
                    )
                    return found, at, why
                if event is None:
                    return found, at, "ends the process in which it runs"
                if "begins" in event:
                    at = event["begins"]
                elif "verdict" in event:
                    told = event["verdict"]
                    told["meanwhile"] = tuple(told["meanwhile"])
                    found[told["task"]] = Verdict(**told)
                elif event.get("ends"):
                    return found, None, ""
        finally:
            process.kill()


def _read(stream: Any, events: queue.Queue[dict[str, Any] | None]) -> None:
    for line in stream:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            events.put(event)
    events.put(None)


def environment() -> dict[str, str]:
    """The environment of a notebook, in which this package can be imported."""
    home = str(Path(nngrade.__file__).parents[1])
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([home, *([path] if path else [])])}
