"""Resource limits of submissions, set for a course and, in part, for single checks."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LARGEST_NOTEBOOK", "WorkerLimits"]


# Maximum size of a notebook file in bytes, inside or outside an archive.
LARGEST_NOTEBOOK = 100 * 2**20


@dataclass(frozen=True)
class WorkerLimits:
    """Resource limits of one submission.

    Attributes
    ----------
    cell_seconds : float
        Wall-clock time of each cell, in seconds.
    check_seconds : float
        Wall-clock time of each check without a limit of its own, in seconds.
    submission_seconds : float
        Wall-clock time of the whole submission, in seconds; checks not started by then are lost.
    cpu_seconds : int
        Processor time of one worker, in seconds.
    memory_mib : int
        Size of data in MiB: heap, thread stacks, and pages of large inputs.
    output_kib : int
        Size of printed output in KiB; the rest is counted and discarded.
    scratch_mib : int
        Total size of all written files, in MiB.
    result_mib : int
        Size of one returned value in MiB, if the arguments were large; see `host.SMALL_RESULT`.
    threads : int
        Number of threads of one worker at a time; the kernel allows no more than 256 in any case.
    """

    cell_seconds: float = 20.0
    check_seconds: float = 20.0
    submission_seconds: float = 600.0
    cpu_seconds: int = 600
    memory_mib: int = 1536
    output_kib: int = 64
    scratch_mib: int = 64
    result_mib: int = 512
    threads: int = 64

    def rlimits(self, extra_mib: int = 0) -> dict[str, int]:
        """Return the limits that the kernel enforces, by their names in the `resource` module.

        Parameters
        ----------
        extra_mib : int
            Data memory to allow in addition to `memory_mib`, in MiB.
        """
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_DATA": (self.memory_mib + extra_mib) * 2**20,
            # Mapped files and libraries count as address space too, hence the extra room.
            "RLIMIT_AS": (2 * self.memory_mib + 4096) * 2**20,
            "RLIMIT_FSIZE": self.scratch_mib * 2**20,
            "RLIMIT_STACK": 8 * 2**20,
            "RLIMIT_NOFILE": 128,
            "RLIMIT_CORE": 0,
        }
