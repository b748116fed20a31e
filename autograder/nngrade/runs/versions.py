"""What a result depends on, as a digest: where it is the same, there is nothing to grade again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nngrade
from nngrade.course.data import Data
from nngrade.course.seeds import course_secret
from nngrade.course.stages import Stage
from nngrade.runs.settings import Settings
from nngrade.submissions.files import read_bytes

__all__ = ["ENGINE", "GRADING", "Versions", "course_versions", "stage_versions"]

ENGINE = "nngrade"
# Number of the way in which grades and their reasons are made. Raise it with every change of a
# grade, or of a sentence of a result: old results are then graded anew instead of being mixed with
# new ones. tests/runs/test_versions.py fails where results change without it.
GRADING = 1


class Versions:
    """The versions of a course's stages, under the settings of a run.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stages: dict[str, str] = {}

    def of_stage(self, stage: Stage) -> str:
        """The digest of all that results of a stage depend on, but for the submission."""
        if stage.name not in self._stages:
            self._stages[stage.name] = _of_stage(self._settings, stage)
        return self._stages[stage.name]

    def key(self, path: Path, student: str, stage: Stage) -> str:
        """The digest of all that the result of grading this file depends on.

        Two keys of a submission have the same beginning where the stage is the same, and the same
        end where the file is.

        Raises
        ------
        SubmissionError
            When the file cannot be read.
        """
        # Inputs are drawn by student.
        digest = hashlib.sha256(student.encode("utf-8", "surrogatepass") + b"\0")
        digest.update(read_bytes(path))
        return f"{self.of_stage(stage)}-{digest.hexdigest()}"


def course_versions(settings: Settings) -> dict[str, str]:
    """What the results of all stages depend on, by names that a person knows it by."""
    course = settings.course
    return {
        ENGINE: f"{nngrade.__version__}, grading {GRADING}",
        "course secret": hashlib.sha256(course_secret(course)).hexdigest(),
        "table of limits": repr(course.options.limits),
        # Only at this level is it recorded on what a check failed.
        "feedback level": "examples" if course.options.feedback_level == "examples" else "less",
    }


def stage_versions(stage: Stage) -> dict[str, str]:
    """What the results of one stage depend on besides."""
    versions = {}
    for name in ("lesson.py", "checks.py", "misconceptions.py"):
        path = stage.folder / name
        there = path.exists() or name != "misconceptions.py"
        versions[name] = hashlib.sha256(path.read_bytes()).hexdigest() if there else "none"
    return versions


def _of_stage(settings: Settings, stage: Stage) -> str:
    uses_data = any(check.uses_data for check in stage.checks)
    told = (
        stage.name,
        Data(settings.data).images.name if uses_data else "no data",
        settings.mode,
        settings.timeout,
        course_versions(settings),
        stage_versions(stage),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
