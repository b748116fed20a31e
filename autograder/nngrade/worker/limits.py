"""What a submission may use. Each limit can be set for a course, some for single checks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from nngrade.errors import CourseError
from nngrade.options import read_table

__all__ = ["WorkerLimits", "read_limits"]


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


def read_limits(path: Path) -> WorkerLimits:
    """The limits in the table ``[limits]`` of a course's ``course.toml``; defaults without it.

    Raises
    ------
    CourseError
        When the file is no TOML, or names a limit that there is not.
    """
    table = read_table(path, "limits", {one.name for one in fields(WorkerLimits)})
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise CourseError(f"{path}: the limit {name} must be a number above 0, not {value!r}")
    return WorkerLimits(**table)
