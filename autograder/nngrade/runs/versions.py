"""Digests of everything that a result depends on: if they are equal, nothing is graded again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nngrade
from nngrade.course.data import Data
from nngrade.course.lesson import without_rubrics
from nngrade.course.seeds import course_secret
from nngrade.course.stages import Stage
from nngrade.runs.settings import Settings
from nngrade.submissions.files import read_bytes

__all__ = ["ENGINE", "GRADING", "Versions", "course_versions", "stage_versions"]

ENGINE = "nngrade"
# Number of the way in which grades and their reasons are made. Raise it with every change of a
# grade, or of a sentence of a result: old results are then graded anew instead of being mixed with
# new ones. tests/runs/test_versions.py fails where results change without it.
GRADING = 9


class Versions:
    """Digests of a course's stages under the settings of a run.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stages: dict[str, str] = {}

    def of_stage(self, stage: Stage) -> str:
        """Digest of everything that results of a stage depend on, except for the submission."""
        if stage.name not in self._stages:
            self._stages[stage.name] = _of_stage(self._settings, stage)
        return self._stages[stage.name]

    def key(self, path: Path, student: str, stage: Stage, group: tuple[str, ...] = ()) -> str:
        """Digest of everything that the result of grading a file depends on.

        Its first part is the digest of the stage, its second part that of student and file; a
        hyphen separates them.

        Parameters
        ----------
        path : Path
            The notebook file.
        student : str
            The student's id.
        stage : Stage
        group : tuple of str
            All who handed it in together; the key is the same for each of them.

        Raises
        ------
        SubmissionError
            If the file cannot be read.
        """
        # The inputs of checks are drawn for the student.
        whose = "\0".join(group) or student
        digest = hashlib.sha256(whose.encode("utf-8", "surrogatepass") + b"\0")
        digest.update(read_bytes(path))
        return f"{self.of_stage(stage)}-{digest.hexdigest()}"


def course_versions(settings: Settings) -> dict[str, str]:
    """Versions that the results of all stages depend on, by readable names."""
    course = settings.course
    return {
        ENGINE: f"{nngrade.__version__}, grading {GRADING}",
        "course secret": hashlib.sha256(course_secret(course)).hexdigest(),
        "table of limits": repr(course.options.limits),
        # A note tells of a notebook of another edition.
        "edition": str(course.options.edition),
        "questions": repr(course.options.questions),
        # Only at this level do results record the inputs on which a check failed.
        "feedback level": "examples" if course.options.feedback_level == "examples" else "less",
    }


def stage_versions(stage: Stage) -> dict[str, str]:
    """Additional versions that the results of one stage depend on, by readable names."""
    versions = {}
    for name in ("lesson.py", "checks.py", "misconceptions.py", "questions.py"):
        path = stage.folder / name
        there = path.exists() or name in ("lesson.py", "checks.py")
        content = path.read_bytes() if there else b""
        if name == "lesson.py":
            # Another rubric is no reason to have manual scores looked at again.
            content = without_rubrics(content.decode("utf-8", "surrogateescape")).encode(
                "utf-8", "surrogateescape"
            )
        versions[name] = hashlib.sha256(content).hexdigest() if there else "none"
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
