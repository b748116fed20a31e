"""Run the visible tests of your notebooks.

As often as you like: `python check.py stage01`, or without a name for all of them. Each code
cell is run in a fresh kernel, from top to bottom, but for the pictures; then each task is told to
be not done yet, to pass, or to fail, and why. Your notebooks are read, never changed.
"""

from __future__ import annotations

import argparse
import json
import queue
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSIGNMENTS = Path(__file__).resolve().parent / "assignments"
PASSES, FAILS, NOT_DONE = "passes", "FAILS", "not done yet"

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FAILED_LINE = re.compile(r"-+> *\d+ (.*)")


@dataclass(frozen=True)
class Cell:
    """A code cell: of a task, of a task's visible tests, or (without a task) any other."""

    source: str
    task: str = ""
    is_test: bool = False


@dataclass(frozen=True)
class Error:
    """An error with which a cell ended."""

    name: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """State of a task, and the reason if it is not passed."""

    task: str
    state: str
    reason: str = ""


class Stopped(Exception):
    """The kernel did not answer in time, or died; the text says which."""


class Kernel:
    """A kernel that runs one cell after the other, each for a limited time."""

    def __init__(self, folder: Path) -> None:
        from jupyter_client.manager import start_new_kernel

        # Output of cells comes through the client; the rest is the kernel's own log.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._manager, self._client = start_new_kernel(
            kernel_name="python3", cwd=str(folder), **quiet
        )

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def run(self, source: str, seconds: float) -> Error | None:
        """Run a cell; return its error, or None."""
        asked = self._client.execute(source, store_history=False, allow_stdin=False)
        deadline = time.monotonic() + seconds
        error = None
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Stopped(f"it does not end within {seconds:g} seconds")
            try:
                message = self._client.get_iopub_msg(timeout=min(left, 1))
            except queue.Empty:
                if not self._manager.is_alive():
                    raise Stopped("it ends the kernel") from None
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            if message["msg_type"] == "error":
                error = _error(content)
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return error


def _error(content: dict[str, Any]) -> Error:
    name, message = content["ename"], content["evalue"].strip()
    if not message and name == "AssertionError":
        lines = _COLOURS.sub("", "\n".join(content["traceback"])).splitlines()
        failed = [found[1].strip() for line in lines if (found := _FAILED_LINE.match(line))]
        message = f"this must hold: {failed[-1]}" if failed else "a test does not hold"
    elif name != "AssertionError":
        message = f"{name}: {message}" if message else name
    return Error(name, " ".join(message.split())[:300])


def read_cells(path: Path) -> list[Cell]:
    """Read the cells to run: all code cells except for pictures and long training."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or str(cell.get("id", "")).startswith("demo-"):
            continue
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        mark = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        kind, _, task = str(mark or cell.get("id", "")).partition("-")
        if kind in ("task", "tests") and task:
            cells.append(Cell(source, task, kind == "tests"))
        else:
            cells.append(Cell(source))
    return cells


def judge(path: Path, seconds: float) -> Iterator[Verdict]:
    """Run a notebook's cells; yield the verdict on each task."""
    cells = read_cells(path)
    errors = run_all(cells, path.parent, seconds)
    for number, cell in enumerate(cells):
        if not cell.is_test:
            continue
        own = [n for n, other in enumerate(cells) if other.task == cell.task and not other.is_test]
        wrong = next((errors[n] for n in own if n in errors), None) or errors.get(number)
        if wrong is None:
            yield Verdict(cell.task, PASSES)
        elif wrong.name != "NotImplementedError":
            yield Verdict(cell.task, FAILS, wrong.message)
        elif not own or any("NotImplementedError" in cells[n].source for n in own):
            yield Verdict(cell.task, NOT_DONE)
        else:
            yield Verdict(cell.task, NOT_DONE, "it calls a task that is not done yet")


def run_all(cells: list[Cell], folder: Path, seconds: float) -> dict[int, Error]:
    """Run cells in order; return the errors by cell number.

    If a cell stops the kernel, the others are run again in a new kernel, without that cell.
    """
    stopped: dict[int, Error] = {}
    deadline = time.monotonic() + 10 * seconds
    while True:
        errors: dict[int, Error] = {}
        number = 0
        try:
            with Kernel(folder) as kernel:
                for number, cell in enumerate(cells):
                    left = deadline - time.monotonic()
                    if left <= 0:
                        late = Error("Late", "the notebook takes too long to come to this")
                        rest = dict.fromkeys(range(number, len(cells)), late)
                        return {**rest, **errors, **stopped}
                    if number not in stopped:
                        wrong = kernel.run(cell.source, min(seconds, left))
                        if wrong is not None:
                            errors[number] = wrong
            return {**errors, **stopped}
        except Stopped as stop:
            stopped[number] = Error("Stopped", str(stop))


def find_notebooks(names: list[str]) -> list[Path]:
    """Find the notebooks of the named stages (the start of a name is enough), or all of them."""
    there = sorted(ASSIGNMENTS.glob("*/*.ipynb"))
    if not names:
        return there
    found = []
    for name in names:
        path = Path(name)
        fitting = [path] if path.suffix == ".ipynb" and path.is_file() else []
        fitting = fitting or [one for one in there if one.parent.name.startswith(name)]
        if not fitting:
            known = ", ".join(sorted({one.parent.name for one in there})) or "none"
            raise SystemExit(_said(f"there is no stage or notebook {name!r}; stages: {known}"))
        found.extend(fitting)
    return found


def _said(message: str) -> int:
    print(f"check.py: {message}", file=sys.stderr)
    return 2


def main() -> int:
    """Check notebooks; return 0 if no task fails, 1 if one does, 2 if a notebook is unreadable."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stage", nargs="*", help="a stage or a notebook (default: all stages)")
    parser.add_argument("--seconds", type=float, default=30, help="the most for one cell")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        import jupyter_client  # noqa: F401 (said at once, and not for each notebook)
    except ImportError:
        return _said("Jupyter is not installed here; activate the environment of README.md")
    code = 0
    for path in find_notebooks(options.stage):
        print(path.parent.name, flush=True)
        try:
            verdicts = list(judge(path, options.seconds))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            code = _said(f"{path} cannot be read as a notebook: {error!r}")
            continue
        except RuntimeError as error:
            return _said(f"no kernel starts: {error}")
        if not verdicts:
            code = _said(f"{path} has no visible tests in it; start again from the original")
        width = max((len(one.task) for one in verdicts), default=0)
        for one in verdicts:
            print(f"  {one.task:{width}}  {one.state}{': ' if one.reason else ''}{one.reason}")
        states = [one.state for one in verdicts]
        passing, failing, left = (states.count(one) for one in (PASSES, FAILS, NOT_DONE))
        print(f"  {passing} of {len(states)} tasks pass, {failing} fail, {left} are to be done\n")
        if FAILS in states:
            code = max(code, 1)
    return code


if __name__ == "__main__":
    sys.exit(main())
