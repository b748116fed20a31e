"""Run a notebook's cells in a process of their own, and tell what the panels say.

``python -m nngrade.live.child NOTEBOOK SECONDS [CELL,CELL…]`` runs all code cells but the
demonstrations and questions, and those whose numbers are named, which stopped such a process
before. It writes a line of JSON for each event to its standard output; what the cells print goes
nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from nngrade.live.hook import Hook
from nngrade.live.outline import NOT_RUN, Outline, OutlineCell, read_outline
from nngrade.live.settings import configure
from nngrade.live.verdict import Verdict

__all__ = ["NotebookRun", "new_shell", "silence"]


def new_shell() -> Any:
    """An IPython shell without history, files of its own and output."""
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    HistoryManager.enabled = False  # type: ignore[assignment]
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    return InteractiveShell.instance(config=config)


class NotebookRun:
    """The cells of one notebook in a shell of this process.

    Parameters
    ----------
    path : Path
        The notebook's file.
    outline : Outline
        Its cells.
    shell : InteractiveShell
    """

    def __init__(self, path: Path, outline: Outline, shell: Any) -> None:
        self._verdicts: list[Verdict] = []
        self._shell = shell
        self._hook = Hook(shell, _nothing, self._verdicts.append)
        self._hook.session.path = path
        self._hook.session.outline()
        self._hook.install()
        self._outline = outline
        # What went wrong in a task's own cell, by task.
        self._broken: dict[str, str] = {}

    def run(self, cell: OutlineCell) -> Verdict | None:
        """Run a cell; return the verdict, if it holds a task's tests."""
        self._verdicts.clear()
        result = self._shell.run_cell(cell.source, store_history=False, cell_id=cell.id or None)
        error = result.error_before_exec or result.error_in_exec
        if cell.kind == "task":
            self._broken.pop(cell.task, None)
            if error is not None:
                self._broken[cell.task] = self._said(error)
        if cell.kind != "tests":
            return None
        broken = self._broken.get(cell.task)
        if self._verdicts:
            verdict = self._verdicts[-1]
        else:
            said = self._said(error) if error is not None else "The test cell says nothing."
            verdict = Verdict(cell.task, "failed", message=said)
        if broken is not None:
            verdict = replace(
                verdict, state="failed", message=f"The cell of {cell.task} stops: {broken}",
                reason="", hint="", example="", culprit="", kind="exception", failed=0,
            )  # fmt: skip
        return verdict

    @staticmethod
    def _said(error: BaseException) -> str:
        kind = type(error).__name__
        if isinstance(error, SyntaxError):
            place = f" in line {error.lineno}" if error.lineno else ""
            line = f" (`{error.text.strip()}`)" if error.text else ""
            return f"{kind}{place}{line}: {error.msg}"
        return f"{kind}: {error}" if str(error) else kind


def _nothing(_data: dict[str, str]) -> None:
    """Show nothing: what is said is told as a verdict."""


def silence() -> None:
    """Have nothing that this process prints, draws or warns of go anywhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    os.environ.setdefault("MPLBACKEND", "agg")


def main(arguments: list[str]) -> None:
    """Run the notebook that the command line names."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence()

    def tell(**event: Any) -> None:
        channel.write(json.dumps(event) + "\n")
        channel.flush()

    path = Path(arguments[0]).resolve()
    configure(seconds=float(arguments[1]), go_on=True, panel=True)
    left_out = {int(number) for number in arguments[2].split(",")} if len(arguments) > 2 else set()
    os.chdir(path.parent)
    run_all(path, left_out, tell)


def run_all(path: Path, left_out: set[int], tell: Callable[..., None]) -> None:
    """Run all cells of a notebook but its demonstrations; tell each event."""
    outline = read_outline(path)
    run = NotebookRun(path, outline, new_shell())
    for number, cell in enumerate(outline.cells):
        if cell.kind in NOT_RUN or number in left_out:
            continue
        tell(begins=number)
        verdict = run.run(cell)
        if verdict is not None:
            tell(verdict=asdict(verdict))
    tell(ends=True)


if __name__ == "__main__":
    main(sys.argv[1:])
