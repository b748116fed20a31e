"""`nbgrader autograde` and the class run leave the same, and fail closed."""

from __future__ import annotations

import copy

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import cell_of, nbgrader
from tests.gradebook.conftest import autograded, run, scores, submit, submit_text
from tests.helpers import STAGE, WRONG


@pytest.mark.slow
def test_autograde_and_the_class_run_agree(classroom: Course) -> None:
    notebook = fill(
        untouched(classroom, classroom.stage(STAGE)),
        classroom.stage(STAGE),
        solutions(classroom.stage(STAGE)),
    )
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    twice = copy.deepcopy(notebook)
    twice["cells"].insert(2, copy.deepcopy(cell_of(twice, "task-total")))
    submit_text(classroom, "dup", notebook_text(twice))
    short = copy.deepcopy(notebook)
    short["cells"] = [
        one for one in short["cells"] if one["id"] not in ("task-shifted", "tests-total")
    ]
    submit_text(classroom, "cut", notebook_text(short))
    bare = copy.deepcopy(notebook)
    for cell in bare["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    submit_text(classroom, "ids", notebook_text({**bare, "nbformat_minor": 4}))
    nbgrader(classroom.root, "autograde", STAGE)
    by_nbgrader, notebooks = scores(classroom), autograded(classroom)
    assert by_nbgrader == {"ada": 6, "bob": 3, "dup": 6, "cut": 3, "ids": 6}
    run(classroom)
    assert scores(classroom) == by_nbgrader
    ours = autograded(classroom)
    for student, theirs in notebooks.items():
        for cell in theirs.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                other = next(one for one in ours[student].cells if one.id == cell.id)
                assert other.outputs == cell.outputs, student
                assert other.source == cell.source, student
                assert "HIDDEN" not in cell.source


@pytest.mark.slow
def test_autograde_fails_closed(classroom: Course) -> None:
    """Where the course is at fault nobody gets points, and the reason is said."""
    submit(classroom, "ada")
    checks = classroom.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=3", "points=5"))
    done = nbgrader(classroom.root, "autograde", STAGE, ok=False)
    assert done.returncode != 0
    assert "its checks are worth 5" in done.stderr
    assert scores(classroom) == {"ada": 0}
    assert not (classroom.root / "autograded/ada").exists() or not autograded(classroom)
