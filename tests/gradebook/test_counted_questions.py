"""Questions that count, in nbgrader's gradebook: by our writer and by nbgrader's autograde."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import answered, fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import as_classroom, cell_of, made_once, nbgrader, nngrade
from tests.helpers import STAGE

pytestmark = pytest.mark.thorough


@pytest.fixture
def term(
    counting_course: Course,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    secret: None,
) -> Course:
    """A term with one hand-in: all right but for one question."""
    made = made_once(tmp_path_factory, "counting", lambda root: as_classroom(counting_course, root))
    course = Course(tmp_path / "term")
    shutil.copytree(made, course.root)
    stage = course.stages[0]
    notebook = answered(fill(untouched(course, stage), stage, solutions(stage)), stage, "ann")
    cell_of(notebook, "question-larger")["source"] = "answer('larger', 'b')"
    folder = course.root / "submitted/ann" / STAGE
    folder.mkdir(parents=True)
    (folder / f"{STAGE}.ipynb").write_text(notebook_text(notebook))
    return course


def scores(course: Course) -> dict[str, tuple[float, float]]:
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        grades = book.find_submission_notebook(STAGE, STAGE, "ann").grades
        assert not any(one.needs_manual_grade for one in grades)
        return {one.name: (one.score, one.max_score) for one in grades}


WANTED = {
    "tests-total": (3, 3), "tests-shifted": (3, 3), "counted-larger": (0, 0.5),
    "counted-entries": (0.5, 0.5), "counted-turned": (0.5, 0.5),
}  # fmt: skip


@pytest.mark.parametrize("route", ["nngrade", "nbgrader"])
def test_answers_have_cells_with_points_and_feedback_gives_the_reason(
    term: Course, route: str
) -> None:
    if route == "nngrade":
        options = ("--gradebook", "--sandbox", "weak", "--data", "digits")
        done = nngrade(term.root, "grade", "submitted", *options, ok=False)
        assert done.returncode in (0, 1), done.stderr
    else:
        nbgrader(term.root, "autograde", STAGE)
    assert scores(term) == WANTED
    path = term.root / "autograded/ann" / STAGE / f"{STAGE}.ipynb"
    node = nbformat.read(path, as_version=4)
    (cell,) = (one for one in node.cells if one.id == "counted-larger")
    assert "Their product is 2, less than 3." in str(cell.outputs)
    assert "HIDDEN" not in cell.source
    (own,) = (one for one in node.cells if "answer('larger', 'b')" in one.source)
    assert "nbgrader" not in own.metadata
    nbgrader(term.root, "generate_feedback", STAGE)
    page = (term.root / "feedback/ann" / STAGE / f"{STAGE}.html").read_text()
    assert "Their product is 2, less than 3." in page


def test_points_that_the_gradebook_does_not_know_are_told(term: Course) -> None:
    (term.solutions / "course.toml").write_text("[questions]\npoints = 2\n")
    options = ("--gradebook", "--sandbox", "weak", "--data", "digits")
    done = nngrade(term.root, "grade", "submitted", *options, ok=False)
    assert done.returncode == 2
    assert "nngrade build" in done.stdout
