"""Questions of a stage: read, held to their rules, and put into its notebook."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.questions import DRAWS, Draws
from nngrade.course.stages import Course
from nngrade.errors import CourseError, LessonError
from tests.asking import asking
from tests.helpers import STAGE, edit


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A course that a test may change; the folder of its first stage."""
    return asking(tmp_path / "new").solutions / STAGE


def cells(course: Course) -> list[tuple[str, str]]:
    notebook = untouched(course, course.stages[0])
    return [(one["id"].partition("-")[0], "".join(one["source"])) for one in notebook["cells"]]


def test_numbers_of_ones_own_are_drawn_and_others_are_not(asking_course: Course) -> None:
    questions = asking_course.stages[0].questions
    assert {name: len(draws) for name, draws in questions.items()} == {
        "larger": 1, "entries": DRAWS, "turned": DRAWS,
    }  # fmt: skip
    assert len({str(one.given) for one in questions["entries"]}) > DRAWS // 2


def test_draws_are_those_of_a_generator_that_numpy_never_changes() -> None:
    # From numpy.random.RandomState, whose stream is frozen: other numbers would be other questions
    # than those in notebooks that have been handed out.
    rng = Draws(np.frombuffer(b"0123456789abcdef", dtype="<u4"))
    assert rng.integers(0, 1000, size=3).tolist() == [467, 345, 835]


def test_the_notebook_asks_and_has_a_place_for_the_id(asking_course: Course) -> None:
    kinds = [kind for kind, _ in cells(asking_course)]
    live = kinds.index("sheet")
    assert kinds[live - 1 : live + 2] == ["demo", "sheet", "identity"]
    assert kinds.count("question") == 3
    assert "counted" not in kinds
    assert cells(asking_course)[-1] == ("question", 'answer("turned", ...)')


def test_where_questions_count_each_has_a_cell_with_its_points(counting_course: Course) -> None:
    notebook = untouched(counting_course, counting_course.stages[0])
    points = {
        one["id"]: one["metadata"]["nbgrader"]["points"]
        for one in notebook["cells"]
        if one["id"].startswith("counted-")
    }
    assert points == {"counted-larger": 0.5, "counted-entries": 0.5, "counted-turned": 0.5}
    assert counting_course.stages[0].max_score == 7.5
    assert "HIDDEN" not in json.dumps(notebook)


def test_where_questions_are_off_nothing_asks(tmp_path: Path) -> None:
    course = asking(tmp_path / "off", "[questions]\nenabled = false\n")
    text = json.dumps(untouched(course, course.stages[0]))
    assert "Question" not in text
    assert "answer(" not in text
    assert "## Arrays" in text  # what stands above a question stays


def test_a_course_whose_questions_need_no_id_has_no_cell_for_it(new: Path) -> None:
    lesson, answers = new / "lesson.py", new / "questions.py"
    text = lesson.read_text()
    lesson.write_text(text[: text.index("# %% [markdown]\n# ## Arrays")])
    answers.write_text(answers.read_text().partition("@question\ndef entries")[0])
    kinds = [cell.kind for cell in Course(new.parents[1]).stages[0].lesson.cells]
    assert "sheet" in kinds
    assert "identity" not in kinds


@pytest.mark.parametrize(
    ("file", "old", "new_text", "said"),
    [
        ("questions.py", '"a", a=', '"c", a=', "larger: the right answer 'c' is none of"),
        ("questions.py", "wrong={r + c:", "wrong={r * c:", "is also right (with r = "),
        ("questions.py", "def turned(rng)", "def turned(n)", "a question takes `rng`, or nothing"),
        ("questions.py", "def turned(rng)", "def tuned(rng)", "turned has no answer"),
        ("questions.py", "def turned(rng)", "def tuned(rng)", "tuned stands in no cell"),
        ("questions.py", "return Choice(", "return 3\n    Choice(", "larger: it returns 3;"),
        ("questions.py", "r * c,", "r / 0,", "entries: it raises ZeroDivisionError"),
        ("questions.py", "from nngrade", "from nngrad", "cannot be imported: ModuleNotFoundError"),
        (
            "questions.py",
            'given={"r": r, "c": c},\n    )\n\n\n@',
            ")\n\n\n@",
            "draw them, and tell them in `given`",
        ),
        ("lesson.py", "**Question `turned`.**", "Turn it.", "nothing asks turned"),
        ("lesson.py", "- **b** Their", "- **c** Their", "asks with the options a, c"),
        ("lesson.py", 'answer("turned", ...)', 'answer("turned", 3)', "and nothing else"),
        ("lesson.py", 'question="turned"', 'question="total"', "total is a task, too"),
        ("lesson.py", "import nngrade.live", "import nngrade", "`import nngrade.live`; add it"),
        ("lesson.py", 'question="turned"', 'question="a b"', "is not the name of"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(
    new: Path, file: str, old: str, new_text: str, said: str
) -> None:
    edit(new / file, old, new_text)
    if said.startswith("total is"):
        edit(new / "lesson.py", 'answer("turned", ...)', 'answer("total", ...)')
    with pytest.raises(LessonError) as caught:
        _ = Course(new.parents[1]).stages[0].lesson
    found = [one for one in caught.value.problems if said in one.what]
    assert found, caught.value
    assert found[0].line > 0
    assert found[0].path.name in ("lesson.py", "questions.py")


def test_questions_without_answers_are_told(new: Path) -> None:
    (new / "questions.py").unlink()
    with pytest.raises(LessonError, match=r"larger has no answer; write @question def larger\(\)"):
        _ = Course(new.parents[1]).stages[0].lesson


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("points = -1", "points in [questions] must be a number from 0 on"),
        ('points = "1"', "points in [questions] must be a number from 0 on"),
        ("points = inf", "points in [questions] must be a number from 0 on"),
        ("enabled = 1", "enabled in [questions] must be true or false"),
        ("off = true", "[questions] has no setting 'off'"),
    ],
)
def test_a_setting_that_cannot_be_is_told(new: Path, table: str, said: str) -> None:
    (new.parent / "course.toml").write_text(f"[questions]\n{table}\n")
    with pytest.raises(CourseError) as caught:
        _ = Course(new.parents[1]).options
    assert said in str(caught.value)
