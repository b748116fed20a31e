"""Answers that count: graded like tasks, with the key that only the course has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import answered, fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.questions import own_draw
from nngrade.course.stages import Course, Stage
from nngrade.grading.grader import Grader
from nngrade.results import CheckResult, SubmissionResult
from tests.conftest import cell_of, check_of

Grade = Callable[..., SubmissionResult]
NAMES = ("larger", "entries", "turned")


@pytest.fixture
def stage(counting_course: Course) -> Stage:
    return counting_course.stages[0]


@pytest.fixture
def signed(counting_course: Course, stage: Stage) -> dict[str, Any]:
    """Everything right, by ann."""
    filled = fill(untouched(counting_course, stage), stage, solutions(stage))
    return answered(filled, stage, "ann")


@pytest.fixture
def grade_as(grader: Grader, stage: Stage, tmp_path: Path) -> Grade:
    def run(notebook: dict[str, Any], student: str = "ann") -> SubmissionResult:
        path = tmp_path / "submission.ipynb"
        path.write_text(notebook_text(notebook))
        return grader.grade(path, stage, student)

    return run


def right(stage: Stage, name: str, student: str = "ann") -> Any:
    return own_draw(stage.name, name, stage.questions[name], student).right


def of(result: SubmissionResult, name: str) -> CheckResult:
    return check_of(result, f"{name}.answered")


def test_right_answers_get_their_points_beside_those_of_the_tasks(
    grade_as: Grade, signed: dict[str, Any]
) -> None:
    result = grade_as(signed)
    assert (result.score, result.max_score, result.notes) == (7.5, 7.5, ())
    assert of(result, "turned").cell is not None


def test_where_answers_count_for_nothing_they_change_no_result(
    asking_course: Course, grader: Grader, tmp_path: Path
) -> None:
    stage = asking_course.stages[0]
    filled = fill(untouched(asking_course, stage), stage, solutions(stage))
    path = tmp_path / "submission.ipynb"
    for notebook in (filled, answered(filled, stage, "ann")):
        path.write_text(notebook_text(notebook))
        result = grader.grade(path, stage, "ann")
        assert (result.score, result.max_score, result.notes) == (6, 6, ())
        assert not any("answered" in one.id for one in result.checks)


@pytest.mark.parametrize(
    ("name", "source", "message", "hint"),
    [
        ("larger", "'b'", "larger is answered with 'b', which is not right", "less than 3"),
        ("entries", "{r} + {c}", "which is not right", "how many rows and columns"),
        ("entries", "-1", "entries is answered with -1, which is not right", "Count one row"),
        ("turned", "({r}, {c})", "which is not right", "the shape before"),
        ("larger", "'z'", "larger is answered with 'z'", "one letter in quotes, a or b"),
        ("entries", "'12'", "entries is answered with '12'", "without quotes"),
        ("turned", "12", "turned is answered with 12", "a tuple"),
        ("turned", "...", "turned is not answered yet", ""),
        ("larger", "'a' * 10**5", "larger is answered with 'aaaa", "one letter in quotes"),
        ("entries", "lambda: 3", "entries", ""),
        ("entries", "1 / 0", "entries is not answered yet", ""),
        ("entries", "3 +", "entries cannot be read as Python", ""),
    ],
)
def test_what_is_not_right_loses_the_point_of_its_question_alone(
    grade_as: Grade,
    signed: dict[str, Any],
    stage: Stage,
    name: str,
    source: str,
    message: str,
    hint: str,
) -> None:
    own = own_draw(stage.name, name, stage.questions[name], "ann").given
    cell_of(signed, f"question-{name}")["source"] = (
        f"answer({name!r}, {source.format(**own) if '{' in source else source})"
    )
    result = grade_as(signed)
    assert result.score == 7
    assert message in of(result, name).message
    assert hint in of(result, name).hint


@pytest.mark.parametrize(
    "source",
    [
        "n = {right!r}\nanswer('entries', n)",
        "answer('entries', np.float64({right!r}))",
        "answer('entries', total([{right!r}]))",  # a function that the student wrote
        "answer(value={right!r}, name='entries')",
        "answer('entries', {right!r});",
        "answer('entries', 1)\nanswer('entries', {right!r})  # the last one counts",
        "%time answer('entries', {right!r})",
        "answer = 3",  # and answered in a cell of the student's own
    ],
)
def test_an_answer_may_be_computed(
    grade_as: Grade, signed: dict[str, Any], stage: Stage, source: str
) -> None:
    cell = cell_of(signed, "question-entries")
    cell["source"] = source.format(right=right(stage, "entries"))
    if source == "answer = 3":
        cell["source"] = f"answer('entries', {right(stage, 'entries')!r})\nanswer = 3"
    assert grade_as(signed).score == 7.5


def test_a_cell_of_a_question_may_be_gone_and_the_answer_elsewhere(
    grade_as: Grade, signed: dict[str, Any], stage: Stage
) -> None:
    cell = cell_of(signed, "question-entries")
    cell["id"] = "abc"
    assert grade_as(signed).score == 7.5
    signed["cells"].remove(cell)
    result = grade_as(signed)
    assert result.score == 7
    assert "not answered yet" in of(result, "entries").message


@pytest.mark.parametrize(
    ("signature", "score", "message"),
    [
        ("ann", 7.5, ""),
        (" ANN ", 7.5, ""),
        ("bob", 6.5, "signed 'bob' where it is handed in by 'ann'"),
        ("", 6.5, "no id is typed"),
    ],
)
def test_numbers_of_ones_own_are_those_of_whoever_hands_in(
    grade_as: Grade, signed: dict[str, Any], signature: str, score: float, message: str
) -> None:
    identity = next(one for one in signed["cells"] if one["id"].startswith("identity-"))
    identity["source"] = f"identify({signature!r})"
    result = grade_as(signed)
    assert result.score == score
    assert message in of(result, "entries").message
    assert of(result, "larger").score == 0.5
    assert any("the id 'bob'" in note for note in result.notes) == (signature == "bob")


@pytest.mark.parametrize(
    "forged",
    [
        "def entries():\n    return ['ann', 1]",
        "_told = lambda name: ['ann', 'a', 3]",
        "_ANSWERS = None",
        "def entries():\n    while True: pass",
        "import os\ndef larger():\n    os._exit(0)",
        "class E:\n    def __eq__(self, other): return True\n_ANSWERS['entries'] = E()",
    ],
)
def test_what_records_answers_cannot_be_used_to_get_points_or_to_stop_the_run(
    grade_as: Grade, signed: dict[str, Any], forged: str
) -> None:
    cell_of(signed, "question-entries")["source"] = forged
    result = grade_as(signed)
    assert result.status == "graded"
    assert of(result, "entries").score == 0
    assert result.score >= 5


def test_an_untouched_notebook_is_told_what_is_not_answered(
    grade_as: Grade, counting_course: Course, stage: Stage
) -> None:
    result = grade_as(untouched(counting_course, stage))
    assert result.score == 0
    assert [of(result, name).message for name in NAMES] == [
        f"{name} is not answered yet" for name in NAMES
    ]


def test_an_answer_changes_nothing_for_the_tasks(grade_as: Grade, signed: dict[str, Any]) -> None:
    before = [one for one in grade_as(signed).checks if not one.id.endswith(".answered")]
    cell_of(signed, "question-larger")["source"] = "raise SystemExit"
    after = [one for one in grade_as(signed).checks if not one.id.endswith(".answered")]
    assert [(one.id, one.score) for one in before] == [(one.id, one.score) for one in after]
