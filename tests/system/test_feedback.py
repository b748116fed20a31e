"""Pages of feedback on their way to the student who fetches them; and that they tell no secret."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradebook.autograded import autograded_notebook
from nngrade.gradebook.feedback_page import digest_in, render_page
from nngrade.gradebook.marks import Marks
from tests.conftest import nbgrader, nngrade
from tests.helpers import STAGE, Page, secret_lines

FLAGS = ("--gradebook", "--feedback", "--data", "digits", "--sandbox", "weak")
WRONG = "def total(values):\n    return float(np.sum(values)) + 1\n"


@pytest.mark.slow
def test_a_page_goes_the_way_of_nbgraders_to_the_student_who_fetches_it(classroom: Course) -> None:
    root, home = classroom.root, classroom.root.parent / "home"
    exchange = root.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader insists
    home.mkdir()
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n')
    (home / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = "{exchange}"\nc.Exchange.cache = "{home}/cache"\n'
        'c.CourseDirectory.course_id = "nngrade"\n'
    )
    nbgrader(root, "release_assignment", STAGE)
    nbgrader(home, "fetch_assignment", STAGE)
    stage = classroom.stage(STAGE)
    answers = {**solutions(stage), "total": WRONG}
    mine = home / STAGE / f"{STAGE}.ipynb"
    mine.write_text(notebook_text(fill(untouched(classroom, stage), stage, answers)))
    nbgrader(home, "submit", STAGE, "--student", "ada")
    nbgrader(root, "collect", STAGE)

    nngrade(root, "grade", "submitted", *FLAGS, ok=False)
    assert fetched(root, home) == page(root).read_text()
    assert "total is" in Page(page(root).read_text()).text

    # A person grades; the page is new, and so is what the student fetches.
    with Gradebook(f"sqlite:///{root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.25, False
        book.db.commit()
    done = nngrade(root, "grade", "submitted", *FLAGS, ok=False)
    assert "1 page written." in done.stdout
    assert "(by the checks: " in fetched(root, home)

    # nbgrader's own generator leaves it alone, unless it is told to write its own.
    ours = page(root).read_bytes()
    nbgrader(root, "generate_feedback", STAGE)
    assert page(root).read_bytes() == ours
    nbgrader(root, "generate_feedback", STAGE, "--force")
    assert digest_in(page(root).read_bytes()) is None
    assert fetched(root, home) == page(root).read_text()
    nngrade(root, "grade", "submitted", *FLAGS, ok=False)
    assert page(root).read_bytes() == ours


def page(root: Path) -> Path:
    return root / "feedback/ada" / STAGE / f"{STAGE}.html"


def fetched(root: Path, home: Path) -> str:
    """The page that a student has after the release."""
    nbgrader(root, "release_feedback", STAGE)
    nbgrader(home, "fetch_feedback", STAGE, "--student=ada")
    (found,) = (home / STAGE / "feedback").rglob("*.html")
    return found.read_text()


@pytest.mark.thorough
def test_nothing_of_the_staffs_is_on_a_page_however_much_it_tells(real_course, grader) -> None:
    secrets = {squeezed(line) for line in secret_lines(real_course)}
    for stage in real_course.stages:
        path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
        cells = untouched(real_course, stage)["cells"]
        public = squeezed("".join("".join(cell["source"]) for cell in cells))
        result = grader.grade(path, stage, "ann")
        notebook = nbformat.writes(autograded_notebook(path, stage, result, "examples"))
        made = squeezed(Page(render_page(result, "examples", Marks(), notebook.encode())).text)
        given = squeezed(next(iter(stage.lesson.of_kind("given"))).source)
        assert given in made  # what is there is found
        # A line may be a part of one that everybody reads, of a hint for instance.
        assert [line for line in secrets if line in made and line not in public] == []
        for marker in ("HIDDENTESTS", "BEGINSOLUTION", "RUBRIC", "solutions/", "checks.py"):
            assert marker not in made, (stage.name, marker)


def squeezed(text: str) -> str:
    return "".join(text.split())
