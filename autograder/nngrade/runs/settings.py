"""How a run grades: what every grading process of it is told."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nngrade.course.stages import Course

if TYPE_CHECKING:
    from nngrade.course.data import DataChoice
    from nngrade.grading.grader import Grader
    from nngrade.worker.launch import SandboxMode
    from nngrade.worker.sandbox import Sandbox

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """How to grade.

    Attributes
    ----------
    root : Path
        Of the course.
    mode : {"strict", "weak", "off"}
    data : {"auto", "mnist", "digits"}
    timeout : float or None
        Wall-clock seconds for each cell and check, whatever the limits say.
    """

    root: Path
    mode: SandboxMode = "strict"
    data: DataChoice = "auto"
    timeout: float | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What other processes are told: what this one has read of the course stays here."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def course(self) -> Course:
        """The course; its stages are read once."""
        return Course(self.root)

    def sandbox(self, warm: bool) -> Sandbox:
        """Start a sandbox that keeps clear of the course's secrets.

        It comes up while this process imports what grading takes.
        """
        from nngrade.worker.sandbox import Sandbox

        return Sandbox(self.mode, warm, secrets=[self.course.solutions])

    def grader(self, sandbox: Sandbox) -> Grader:
        """Make a grader that works in a sandbox."""
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
        )
