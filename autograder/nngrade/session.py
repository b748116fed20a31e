"""A submission at work: its cells run in a worker, which is replaced when it is lost."""

from __future__ import annotations

import time
from typing import Any

from nngrade.submission import Program
from nngrade.worker.host import StudentError, Worker, WorkerEnded, WorkerFault, WorkerLimits

__all__ = ["Session"]

MOST_WORKERS = 6


class Session:
    """Run a program's cells, then carry out calls of its functions.

    Parameters
    ----------
    program : Program
    seed : int
        For the global random generators in the worker.
    cell_seconds : float
        Wall-clock limit for each cell.
    limits : WorkerLimits

    Attributes
    ----------
    deadline : float
        The end of the running check, on the clock of `time.monotonic`; set it before each check.
    cell_errors : dict of str to StudentError
        By the cell's label: what it raised when it ran.
    notes : list of str
        Cells that had to be left out.
    """

    def __init__(
        self, program: Program, seed: int, cell_seconds: float, limits: WorkerLimits
    ) -> None:
        self.deadline = time.monotonic() + cell_seconds
        self.cell_errors: dict[str, StudentError] = {}
        self.notes: list[str] = []
        self._cells = list(program.cells)
        self._seed = seed
        self._cell_seconds = cell_seconds
        self._limits = limits
        self._started = 0
        self._worker = self._start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def prepare(self) -> None:
        """See that a worker is there in which all cells have run.

        Raises
        ------
        WorkerFault
            When the submission lost too many of them.
        """
        while not self._worker.alive or self._pending:
            if not self._worker.alive:
                if self._started >= MOST_WORKERS:
                    raise WorkerEnded("your code crashed or hung too often to go on")
                self._worker.close()
                self._worker = self._start()
            self._run_cells()

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool
    ) -> tuple[Any, list[Any] | None]:
        """Call a function of the submission before the deadline; see `Worker.call`."""
        return self._worker.call(name, args, kwargs, self.deadline, echo)

    def _start(self) -> Worker:
        self._started += 1
        self._pending = list(self._cells)
        return Worker(self._seed, self._limits)

    def _run_cells(self) -> None:
        while self._pending:
            cell = self._pending[0]
            try:
                error = self._worker.run(
                    cell.label, cell.source, time.monotonic() + self._cell_seconds
                )
            except WorkerFault as fault:
                # This cell is the one to blame: without it the others can still be graded.
                self._cells.remove(cell)
                self.notes.append(f"Cell {cell.label} was left out: {_reason(fault)}.")
                return
            if error is not None and not cell.given:
                self.cell_errors[cell.label] = error
            del self._pending[0]


def _reason(fault: WorkerFault) -> str:
    return f"it {fault}" if str(fault).startswith("did not") else str(fault)
