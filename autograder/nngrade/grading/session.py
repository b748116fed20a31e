"""Session of a submission: its cells run in a worker, which is replaced when it ends."""

from __future__ import annotations

import time

from nngrade.grading.budget import shrunk
from nngrade.limits import WorkerLimits
from nngrade.submissions.program import Program
from nngrade.worker.calls import Call, CallRequest, Returned, StudentError
from nngrade.worker.host import Allowance, Worker, WorkerEnded, WorkerFault, WorkerTimeout
from nngrade.worker.sandbox import Sandbox

__all__ = ["Session"]

MOST_LOST = 6


class Session:
    """Runner of a program's cells and of calls of its functions; use it as a context manager.

    Parameters
    ----------
    program : Program
        The submitted program.
    sandbox : Sandbox
        Factory of the workers.
    limits : WorkerLimits
        Resource limits.
    seed : int
        Seed of the worker's global random generators.
    extra_mib : int
        Memory beyond the limit, for large inputs, in MiB.

    Attributes
    ----------
    deadline : float
        End of the running check, as a time of `time.monotonic` in seconds; `begin` sets it.
    ends_at : float
        End of the whole submission, cells and checks, on the same clock.
    latest : Call or None
        The call whose result the running check used last.
    cell_errors : dict of str to StudentError
        Exceptions that the student's cells raised, by the cell's label.
    functions : frozenset of str
        Which of the program's tasks are functions, once its cells have run.
    notes : list of str
        Notes for the student, for example on cells that were left out.
    output_bytes : int
        Size of the printed output of all workers together, in bytes.
    """

    def __init__(
        self,
        program: Program,
        sandbox: Sandbox,
        limits: WorkerLimits,
        seed: int = 0,
        extra_mib: int = 0,
    ) -> None:
        self.deadline = time.monotonic() + limits.cell_seconds
        self.ends_at = time.monotonic() + limits.submission_seconds
        self.latest: Call | None = None
        self.cell_errors: dict[str, StudentError] = {}
        self.notes: list[str] = []
        self.functions: frozenset[str] = frozenset()
        self._cells = list(program.cells)
        self._settled = sorted(program.settled)
        self._sandbox = sandbox
        self._limits = limits
        self._seed = seed
        self._extra_mib = extra_mib
        self._lost = 0
        self._is_lost = True
        self._hung_cells = 0
        self._printed_before = 0
        self._worker = self._start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def prepare(self, limits: WorkerLimits) -> None:
        """Ensure that there is a worker with these limits in which all cells have run.

        Raises
        ------
        WorkerFault
            If too many workers of the submission have ended, or no time is left.
        """
        if limits != self._limits:
            # The kernel's limits are set when a worker starts, so other limits need a new worker.
            self._limits = limits
            self._replace()
        self._worker.allow(None)
        while not self._worker.alive or self._pending:
            if time.monotonic() > self.ends_at:
                raise WorkerTimeout("the time for this submission is used up")
            if not self._worker.alive:
                self._lost += self._is_lost
                self._is_lost = True
                if self._lost >= MOST_LOST:
                    raise WorkerEnded("your code crashed or hung too often to go on")
                self._replace()
            self._run_cells()

    def begin(self, seconds: float, allowance: Allowance | None) -> None:
        """Begin a check.

        Parameters
        ----------
        seconds : float
            The check's wall-clock limit in seconds.
        allowance : Allowance or None
            Its limit on the worker's processor time; None for no limit of its own.
        """
        self.deadline = min(time.monotonic() + seconds, self.ends_at)
        self.latest = None
        self._is_lost = True
        self._worker.allow(allowance)

    @property
    def used_seconds(self) -> float:
        """Processor time of the worker since `begin`."""
        return self._worker.used()

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make calls of a submitted function before the deadline; see `Worker.carry_out`."""
        try:
            return self._worker.carry_out(request, self.deadline)
        except WorkerTimeout as fault:
            # Budgets of processor time shrink, so such ends need not be counted as well.
            self._is_lost = fault.limit != "cpu"
            raise

    def drop_worker(self) -> None:
        """End the worker; `prepare` counts it as lost and makes a new one."""
        self._worker.close()

    def _replace(self) -> None:
        self._worker.close()
        self._printed_before += self._worker.output_bytes
        self._worker = self._start()

    def _start(self) -> Worker:
        self._pending = list(self._cells)
        return self._sandbox.worker(self._limits, self._seed, self._extra_mib)

    @property
    def output_bytes(self) -> int:
        """Size of the printed output of all workers together, in bytes."""
        return self._printed_before + self._worker.output_bytes

    def _run_cells(self) -> None:
        while self._pending:
            cell = self._pending[0]
            try:
                seconds = shrunk(self._limits.cell_seconds, self._hung_cells)
                deadline = min(time.monotonic() + seconds, self.ends_at)
                error = self._worker.run(cell.label, cell.source, deadline)
            except WorkerFault as fault:
                self._hung_cells += isinstance(fault, WorkerTimeout)
                # This cell ended the worker: without it, the other cells can still be graded.
                self._cells.remove(cell)
                self.notes.append(f"Cell {cell.label} was left out: {_reason(fault)}.")
                return
            if error is not None and not cell.given:
                self.cell_errors[cell.label] = error
                note = f"Cell {cell.label}: {error.message}."
                if "while your notebook is graded" in note and note not in self.notes:
                    self.notes.append(note)
            del self._pending[0]
        try:
            deadline = min(time.monotonic() + self._limits.cell_seconds, self.ends_at)
            self.functions = self._worker.settle(self._settled, deadline)
        except WorkerFault:
            return  # code that outlives its cell; `prepare` starts anew


def _reason(fault: WorkerFault) -> str:
    return f"it {fault}" if str(fault).startswith("did not") else str(fault)
