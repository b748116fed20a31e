"""Preprocessors that nbgrader loads into its autograde converter.

`RestoreCells` runs before nbgrader's ``OverwriteCells``, and `GradeInSandbox` replaces its
``Execute``; the course's ``nbgrader_config.py`` names both. If grading fails, nbgrader's conversion
fails too and no score is written: nothing is ever graded by accident.

`ShowRubrics` is a step of the exporter by which formgrader shows an autograded notebook.
"""

from __future__ import annotations

import atexit
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, List

from nngrade.course.data import DataChoice
from nngrade.course.lesson import Cell
from nngrade.course.naming import cell_ids, normalised
from nngrade.course.stages import Course, Stage, find_course
from nngrade.errors import NngradeError, SubmissionError
from nngrade.gradebook.autograded import fill_grades
from nngrade.gradebook.release import files_in, make_releasable, remove_feedback
from nngrade.gradebook.restored import restored_cells
from nngrade.grading.grader import Grader
from nngrade.runs.settings import Settings
from nngrade.students.nbgrader_plugin import deadlines_in
from nngrade.submissions.identity import require_stage
from nngrade.submissions.notebook_file import NotebookFile, read_notebook
from nngrade.submissions.precedence import effort
from nngrade.submissions.program import Program, recover
from nngrade.submissions.records import Candidate
from nngrade.submissions.timestamp import read_timestamp
from nngrade.worker.launch import SandboxMode

__all__ = ["GradeInSandbox", "RestoreCells", "ShowRubrics"]


class _Step(NbGraderPreprocessor):  # type: ignore[misc]
    """A preprocessor that reads the notebook as it was submitted."""

    def _course_directory(self) -> CourseDirectory:
        parent = self.parent
        while parent is not None and getattr(parent, "coursedir", None) is None:
            parent = parent.parent
        return CourseDirectory(parent=self) if parent is None else parent.coursedir

    def _submitted(self, resources: Any) -> tuple[Course, Stage, Path]:
        """The course, the stage, and the path of the submitted file."""
        told, directory = resources["nbgrader"], self._course_directory()
        course = find_course(Path(directory.root))
        folder = directory.format_path(
            directory.submitted_directory, told["student"], told["assignment"]
        )
        return course, course.stage(told["assignment"]), Path(folder, f"{told['notebook']}.ipynb")


class RestoreCells(_Step):
    """Restore the notebook so that every cell of the assignment occurs exactly once."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Replace the cells of `nb` by `restored_cells`."""
        _course, stage, path = self._submitted(resources)
        submitted = read_notebook(path)
        if len(submitted.cells) == len(nb.cells):
            places = _program(submitted, stage).places
            cells = restored_cells(nb.cells, submitted, places, stage)
            nb.cells = [from_dict(cell) for cell in cells]
        return nb, resources


class GradeInSandbox(_Step):
    """Grade the submission in the sandbox, and write the points into the grade cells."""

    sandbox = Enum(
        ["strict", "weak", "off"],
        default_value="strict",
        help="What student code is confined to; see `nngrade grade --help`.",
    ).tag(config=True)
    data = Enum(
        ["auto", "mnist", "digits"],
        default_value="auto",
        help="The images for accuracy checks; auto takes MNIST where it is at hand.",
    ).tag(config=True)
    timeout = Float(
        None, allow_none=True, help="Seconds for each cell and check, whatever the limits say."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade the submitted file and write the outcome into `nb`."""
        course, stage, path = self._submitted(resources)
        mode, data = cast(SandboxMode, self.sandbox), cast(DataChoice, self.data)
        grader = _grader(Settings(course.root, mode, data, self.timeout))
        student = resources["nbgrader"]["student"]
        self.log.info("Grading %s of %s with nngrade", stage.name, student)
        notebook = read_notebook(path)
        program = _program(notebook, stage)
        require_stage(notebook, program, stage, path)
        _require_no_renamed_work(program, stage, path)
        deadlines = deadlines_in(self, resources["nbgrader"]["db_url"], student)
        known = deadlines.class_list
        group = known.group_of(student) if known is not None else ()
        result = grader.grade_program(program, path, stage, student, group)
        fill_grades(nb, deadlines.applied(result), course.options.feedback_level)
        self._prepare_release(course, stage, path, student)
        return nb, resources

    def _prepare_release(self, course: Course, stage: Stage, path: Path, student: str) -> None:
        """Write what ``release_feedback`` opens, and remove feedback on an earlier result."""
        directory = self._course_directory()
        autograded, feedback = (
            Path(directory.format_path(step, student, stage.name))
            for step in (directory.autograded_directory, directory.feedback_directory)
        )
        if not autograded.is_dir():
            return  # somebody else's conversion, which nothing is released from
        timestamp, _ = read_timestamp(path)
        for problem in (
            make_releasable(autograded, path, course, student, stage, timestamp),
            remove_feedback(feedback, autograded, files_in(autograded), student, stage.name),
        ):
            if problem:
                self.log.warning(problem)


class ShowRubrics(_Step):
    """Show graders the rubric above each written answer, and students' HTML as plain text.

    Rubrics are read from the lesson when formgrader shows a submission. They are in no autograded
    notebook, so that no page of feedback can hold them, whatever a course's configuration says.
    Scripts in a student's prose would run in the grader's name, and could change grades.
    """

    # Exporters set it for all their steps; one that does not know it is warned of.
    display_data_priority: List[str] = List().tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Change what formgrader shows; leave all other exports, such as feedback, as they are."""
        if "submission_id" not in resources or "nbgrader" in resources:
            return nb, resources
        try:
            course = find_course(Path(self._course_directory().root))
            stage = course.stage(resources["assignment_id"])
            ids = {identifier: cell for cell, identifier in cell_ids(stage.lesson).items()}
        except NngradeError as error:
            self.log.error("nngrade: no rubrics: %s", error)
            ids = {}
        own = {normalised(cell.source) for cell in ids.values() if cell.kind == "text"}
        cells = []
        for cell in nb.cells:
            known = ids.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if known is not None and known.kind == "written":
                cells.append(_rubric(known))
            if cell.cell_type != "code" and normalised(cell.source) not in own:
                cell.source = _harmless(cell.source)
            cells.append(cell)
        nb.cells = cells
        return nb, resources


def _rubric(cell: Cell) -> NotebookNode:
    head = f"**Rubric** ({cell.points:g} points; students do not see it)"
    made: NotebookNode = new_markdown_cell(f"{head}\n\n{cell.rubric}", id=f"rubric-{cell.name}")
    return made


# Where HTML, a link that does not simply lead elsewhere, or a link's definition could begin.
_HARMFUL = re.compile(
    r"<(?=[A-Za-z/!?])|\](?=\(\s*(?!https?://|mailto:|attachment:|#))|\](?=\s*:)", re.IGNORECASE
)


def _harmless(markdown: str) -> str:
    """Markdown that is read as the same text, but runs nothing: an invisible space breaks it."""
    return _HARMFUL.sub(lambda found: f"{found[0]}\u200b", markdown)


# Both steps of a submission run in succession and share the recovered program.
@lru_cache(maxsize=1)
def _program(notebook: NotebookFile, stage: Stage) -> Program:
    return recover(
        notebook, stage.lesson, lambda: [one.lesson for one in stage.siblings], stage.edition
    )


def _require_no_renamed_work(program: Program, stage: Stage, path: Path) -> None:
    """Refuse an untouched notebook beside which an attempt lies under another name.

    Raises
    ------
    SubmissionError
    """
    if program.attempted or program.broken:
        return
    for other in sorted(path.parent.glob("*.ipynb")):
        if other != path and effort(Candidate(other, "", stage)) == 2:
            raise SubmissionError(
                f"{path} is untouched, but {other.name} beside it is not: a program may have "
                f"renamed the work. Decide which one counts, and give it the name {path.name}"
            )


# One sandbox for all submissions of a run, or for the lifetime of formgrader.
@lru_cache(maxsize=2)
def _grader(settings: Settings) -> Grader:
    sandbox = settings.sandbox(warm=True)
    atexit.register(sandbox.close)
    return settings.grader(sandbox)
