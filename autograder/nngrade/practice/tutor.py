"""Hidden checks for whoever has the course at hand and names it: self-study, teaching assistants.

`Tutor` grades notebooks in the sandbox, with points and reasons. Run as a program, this module
answers a notebook's panels: ``python -m nngrade.practice.tutor`` reads a line of JSON for each task
that is asked about, and writes one with what the hidden checks say.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from nngrade.course.stages import COURSE_VARIABLE, Course, Stage, find_course
from nngrade.errors import NngradeError
from nngrade.formats.feedback import explained, told
from nngrade.grading.grader import program_of
from nngrade.live.outline import kind_and_task
from nngrade.live.terminal import Standing
from nngrade.results import CheckResult, points_of
from nngrade.runs.settings import Settings
from nngrade.submissions.notebook_file import read_notebook

__all__ = ["Tutor"]

ME = "me"


class Tutor:
    """Grades a student's notebooks with the hidden checks of a course.

    Parameters
    ----------
    root : Path
        The course's folder.
    mode : {"strict", "weak", "off"}
        What the student's code is confined to.
    data : {"auto", "mnist", "digits"}
        Images for accuracy checks.
    """

    def __init__(self, root: Path, mode: Any = "strict", data: Any = "auto") -> None:
        self.course: Course = find_course(root)
        settings = Settings(self.course.root, mode, data)
        self._sandbox = settings.sandbox(warm=True)
        self._grader = settings.grader(self._sandbox)

    def __enter__(self) -> Tutor:
        self._sandbox.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._sandbox.__exit__(kind, value, traceback)

    def standings(self, path: Path) -> list[Standing]:
        """How the tasks of a notebook stand by all checks.

        Raises
        ------
        OSError, ValueError
            If the notebook cannot be read, or is of no stage of the course.
        """
        stage, checks, attempted = self._graded(path, None)
        return [_standing(task.name, checks, task.name in attempted) for task in stage.lesson.tasks]

    def answer(self, path: Path, task: str) -> Standing:
        """How one task of a notebook stands.

        Raises
        ------
        OSError, ValueError
            As `standings`.
        """
        _, checks, attempted = self._graded(path, task)
        return _standing(task, checks, task in attempted)

    def _graded(
        self, path: Path, task: str | None
    ) -> tuple[Stage, Sequence[CheckResult], frozenset[str]]:
        try:
            notebook = read_notebook(path)
            stage = self._stage(path, notebook.stage)
            program = program_of(notebook, path, stage)
        except NngradeError as error:
            raise ValueError(str(error)) from None
        if task is not None and all(one.name != task for one in stage.lesson.tasks):
            raise ValueError(f"{stage.name} has no task {task}")
        asked = stage if task is None else stage.only(task)
        result = self._grader.grade_program(program, path, asked, ME)
        level = self.course.options.feedback_level
        return stage, told(result.checks, level), frozenset(program.attempted)

    def _stage(self, path: Path, named: str | None) -> Stage:
        for name in (named, path.stem, path.parent.name):
            for stage in self.course.stages:
                if stage.name == name:
                    return stage
        raise ValueError(f"{path} is of no stage of {self.course.root}")


def _standing(task: str, checks: Sequence[CheckResult], attempted: bool) -> Standing:
    own = [one for one in checks if one.task == task]
    score, points = points_of(own)
    lines = []
    for check, reasons in explained(own):
        if check.status != "passed" and check.status != "skipped":
            lines.append(f"✗ {check.description}")
            lines += [f"  {reason}" for reason in reasons]
    if not attempted:
        return Standing(task, "undone", f"○ {task} is not done yet.", 0.0, points)
    title = f"{'✓' if not lines else '✗'} {task}: {score:g} of {points:g} points."
    state = "passed" if not lines and score >= points else "failed"
    return Standing(task, state, "\n".join([title, *lines]), score, points)


def with_cells(notebook: dict[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """A notebook whose task cells hold what was run last, saved or not."""
    for cell in notebook.get("cells", ()):
        kind, task = kind_and_task(cell)
        if kind == "task" and task in sources:
            cell["source"] = sources[task]
    return notebook


def main() -> None:
    """Answer requests, one for each line, until standard input ends."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with Tutor(Path(os.environ[COURSE_VARIABLE])) as tutor, tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            try:
                request = json.loads(line)
                source = Path(request["path"])
                notebook = with_cells(json.loads(source.read_text("utf-8")), request["sources"])
                copy = Path(folder) / source.parent.name / source.name
                copy.parent.mkdir(exist_ok=True)
                copy.write_text(json.dumps(notebook), encoding="utf-8")
                found = tutor.answer(copy, request["task"])
                answer: dict[str, Any] = {
                    "said": found.said, "points": found.points, "of": found.of,
                }  # fmt: skip
            except (OSError, ValueError, LookupError, TypeError, NngradeError) as error:
                answer = {"error": str(error)}
            channel.write(json.dumps(answer) + "\n")
            channel.flush()


if __name__ == "__main__":
    main()
