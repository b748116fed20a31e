"""Given cells are nobody's work, in whatever notebook and edition they are."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.lesson import Lesson, read_lesson
from nngrade.course.stages import Course, Stage
from nngrade.submissions.course_cells import is_of_another_edition
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.submissions.program import recover

GIVEN = '''def total(values):
    """Given in a later stage."""
    return float(sum(values))


def helper(x):
    return x'''


@pytest.fixture
def later(stage: Stage, tmp_path: Path) -> Lesson:
    """A later stage whose given cell holds a working answer to a task of stage 1."""
    text = (stage.folder / "lesson.py").read_text(encoding="utf-8")
    first_task = text.index("# %% task=")
    path = tmp_path / "stage09_later" / "lesson.py"
    path.parent.mkdir()
    path.write_text(f"{text[:first_task]}# %%\n{GIVEN}\n\n{text[first_task:]}")
    return read_lesson(path)


def code(source: str, *ids: str, number: int = 1) -> NotebookCell:
    return NotebookCell(number, "code", source, frozenset(ids))


def recovered(stage: Stage, later: Lesson, *cells: NotebookCell) -> Any:
    return recover(NotebookFile(cells, stage.name), stage.lesson, lambda: [later])


@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda text: text.replace("\n\n\n", "\n"),
        lambda text: ast.unparse(ast.parse(text)),
        lambda text: f"# mine\n{text}",
    ],
    ids=["as it is", "blank lines", "another formatter", "a comment"],
)
def test_a_given_cell_of_another_stage_is_nobodys_work(
    stage: Stage, later: Lesson, change: Callable[[str], str]
) -> None:
    program = recovered(stage, later, code(change(GIVEN)))
    assert program.tasks == frozenset()
    assert program.notes == ("Cell 1 is given code of another stage; it does not count as yours.",)


def test_in_a_tasks_own_cell_the_same_text_is_the_students(stage: Stage, later: Lesson) -> None:
    assert "total" in recovered(stage, later, code(GIVEN, "task-total")).tasks


def test_with_the_stubs_docstring_it_is_the_students_without_an_id(
    stage: Stage, later: Lesson
) -> None:
    own = next(task for task in stage.lesson.tasks if task.name == "total").solution.source
    assert "total" in recovered(stage, later, code(own)).tasks


def test_what_differs_from_the_given_code_is_the_students(stage: Stage, later: Lesson) -> None:
    assert "total" in recovered(stage, later, code(GIVEN.replace("float", "int"))).tasks


def test_other_lessons_are_read_only_where_it_matters(
    course: Course, stage: Stage, right: dict[str, Any]
) -> None:
    def fail() -> list[Lesson]:
        raise AssertionError("the other lessons were read")

    cells = tuple(
        code("".join(cell["source"]), cell["id"], number=number)
        for number, cell in enumerate(right["cells"], 1)
        if cell["cell_type"] == "code"
    )
    assert len(recover(NotebookFile(cells, stage.name), stage.lesson, fail).tasks) == 2


def test_an_untouched_cell_of_an_earlier_edition_is_recognised() -> None:
    source = "def helper(x):\n    return 2 * x"
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    for layout in (source, f"{source}\n", source.replace("2 * x", "2 * x  ")):
        assert is_of_another_edition(code(layout, f"given-{digest}"))
    assert not is_of_another_edition(code(source.replace("2", "3"), f"given-{digest}"))
    assert not is_of_another_edition(code(source, "given-000000000000"))
    assert not is_of_another_edition(code(source, f"task-{digest}"))


def test_last_weeks_given_code_does_not_replace_this_weeks(
    course: Course, stage: Stage, grade: Any
) -> None:
    """Students hand in last week's notebook, whose given cells are others."""
    notebook = copy.deepcopy(fill(untouched(course, stage), stage, solutions(stage)))
    old = "def total(values):\n    return 0.0"
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": f"given-{hashlib.sha256(old.encode()).hexdigest()[:12]}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": old,
        }
    )
    result = grade(notebook)
    assert result.score == 6
    assert result.notes == ()
