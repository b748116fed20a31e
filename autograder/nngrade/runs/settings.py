"""Settings of a run, shared by all its grading processes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nngrade.course.failures import failures_of
from nngrade.course.stages import Course

if TYPE_CHECKING:
    from nngrade.course.data import DataChoice
    from nngrade.grading.grader import Grader
    from nngrade.worker.launch import SandboxMode
    from nngrade.worker.sandbox import Sandbox

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Settings of a run.

    Attributes
    ----------
    root : Path
        Root folder of the course.
    mode : {"strict", "weak", "off"}
        Mode of the sandbox.
    data : {"auto", "mnist", "digits"}
        Images for accuracy checks.
    timeout : float or None
        Wall-clock seconds per cell and check; overrides the course's limits.
    """

    root: Path
    mode: SandboxMode = "strict"
    data: DataChoice = "auto"
    timeout: float | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State for other processes: the fields, without the course that this process has read."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def course(self) -> Course:
        """The course; each of its stages is read only once."""
        return Course(self.root)

    def sandbox(self, warm: bool) -> Sandbox:
        """Start a sandbox without access to the course's solutions.

        It starts in parallel while this process imports the grading modules.

        Parameters
        ----------
        warm : bool
            Whether to import pyplot and IPython in advance, for many submissions.
        """
        from nngrade.worker.sandbox import Sandbox

        return Sandbox(self.mode, warm, secrets=[self.course.solutions])

    def grader(self, sandbox: Sandbox) -> Grader:
        """Make a grader that runs student code in the given sandbox."""
        from nngrade.catalogue.diagnose import diagnose
        from nngrade.course.data import Data
        from nngrade.course.seeds import course_secret
        from nngrade.grading.grader import Grader

        return Grader(
            course_secret(self.course),
            sandbox,
            Data(self.data),
            self.course.options.limits,
            self.timeout,
            examples=self.course.options.feedback_level == "examples",
            diagnose=diagnose,
            failures=failures_of(self.course),
        )
