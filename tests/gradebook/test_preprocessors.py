"""What nbgrader's own commands make of our notebooks."""

from __future__ import annotations

import pytest

from nngrade.course.options import LEVELS
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from tests.conftest import nbgrader
from tests.gradebook.conftest import autograded, run, scores, submit
from tests.helpers import STAGE


def test_stock_nbgrader_gives_nothing_for_nothing(classroom: Course) -> None:
    config = classroom.root / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text[: text.index("c.Autograde.sanitize")])
    submit(classroom, "ada")
    nbgrader(classroom.root, "autograde", STAGE)
    assert scores(classroom) == {"ada": 0}
    (notebook,) = autograded(classroom).values()
    assert "is graded by nngrade" in str(notebook)


@pytest.mark.parametrize("level", LEVELS)
def test_a_student_reads_as_much_as_the_course_says(classroom: Course, level: str) -> None:
    (classroom.solutions / "course.toml").write_text(f'[feedback]\nlevel = "{level}"\n')
    submit(classroom, "bob", {"shifted": "def shifted(values, by):\n    return values - by\n"})
    run(classroom)
    text = str(autograded(classroom)["bob"])
    order = LEVELS.index(level)
    assert "0 of 3 points" in text
    assert ("A new array is returned" in text) == (order >= 1)
    assert ("the worst" in text) == (order >= 2)
    assert ("It failed on: shifted(array([" in text) == (order >= 3)


def test_an_unknown_level_is_a_sentence(new_course: Course) -> None:
    (new_course.solutions / "course.toml").write_text('[feedback]\nlevel = "all"\n')
    with pytest.raises(CourseError, match=r"no feedback level 'all'; there are: score, names"):
        _ = new_course.options
