"""What a submission may use. Limits of a worker can be set for a course, some for single checks."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LARGEST_NOTEBOOK", "WorkerLimits"]


# Bytes of a notebook's file, in an archive or outside.
LARGEST_NOTEBOOK = 100 * 2**20


@dataclass(frozen=True)
class WorkerLimits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds : float
        Wall clock, for each cell.
    check_seconds : float
        Wall clock, for each check that sets no limit of its own.
    submission_seconds : float
        Wall clock, for all of it; checks that are not reached by then are lost.
    cpu_seconds : int
        Processor time of one worker.
    memory_mib : int
        Of data: heap, stacks of threads, and pages of large inputs.
    output_kib : int
        Of what is printed: the rest is counted and thrown away.
    scratch_mib : int
        Of all files that it writes.
    result_mib : int
        Of one returned value, where the call was given much; see `host.SMALL_RESULT`.
    """

    cell_seconds: float = 20.0
    check_seconds: float = 20.0
    submission_seconds: float = 600.0
    cpu_seconds: int = 600
    memory_mib: int = 1536
    output_kib: int = 64
    scratch_mib: int = 64
    result_mib: int = 512

    def rlimits(self, extra_mib: int = 0) -> dict[str, int]:
        """The limits that the kernel enforces, by their names in the `resource` module."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_DATA": (self.memory_mib + extra_mib) * 2**20,
            # Mapped files and libraries count here too, hence the room above the data.
            "RLIMIT_AS": (2 * self.memory_mib + 4096) * 2**20,
            "RLIMIT_FSIZE": self.scratch_mib * 2**20,
            "RLIMIT_STACK": 8 * 2**20,
            "RLIMIT_NOFILE": 128,
            "RLIMIT_CORE": 0,
        }
