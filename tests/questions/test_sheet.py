"""The sheet that travels inside of a notebook."""

from __future__ import annotations

import base64
from collections import Counter

import pytest

from nngrade.course.stages import Course
from nngrade.questions.sheet import Sheet, same_student, which_draw


@pytest.mark.parametrize("counted", [False, True])
def test_a_sheet_is_the_same_after_it_was_text(asking_course: Course, counted: bool) -> None:
    stage = asking_course.stages[0]
    sheet = Sheet.of(stage.name, stage.questions, counted)
    again = Sheet.of_text(sheet.text())
    assert "\n" not in sheet.text()
    assert again.text() == sheet.text()
    for name, draws in stage.questions.items():
        own = draws[which_draw(stage.name, name, "ada", len(draws))]
        assert again.given(name, "ada") == own.given
        judged = again.judge(name, "ada", own.right)
        assert judged is None if counted else judged == own.judge(own.right)


def test_a_sheet_of_questions_that_count_holds_no_answer_and_no_reason(
    asking_course: Course,
) -> None:
    stage = asking_course.stages[0]
    plain = base64.b64decode(Sheet.of(stage.name, stage.questions, counted=True).text()).decode()
    assert plain.count('"questions":[]') == 3
    assert '"sentences":[]' in plain
    for secret in ("right", "product", "in each of", "together", "before", "Count one row"):
        assert secret not in plain
    # So the search would find them where they are.
    told = base64.b64decode(Sheet.of(stage.name, stage.questions, counted=False).text()).decode()
    assert "their product" in told.lower()


def test_sentences_that_differ_in_numbers_alone_stand_in_a_sheet_once(
    asking_course: Course,
) -> None:
    stage = asking_course.stages[0]
    told = base64.b64decode(Sheet.of(stage.name, stage.questions, counted=False).text()).decode()
    assert told.count("rows and columns there are together") == 1
    assert len(stage.questions["entries"]) > 1


@pytest.mark.parametrize("text", ["", "x", "e30=", "bnVsbA==", "eyJzdGFnZSI6ICJhIn0=", "é"])
def test_what_is_no_sheet_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="was changed"):
        Sheet.of_text(text)


def test_draws_are_shared_out_evenly_and_for_ever() -> None:
    counts = Counter(which_draw("stage01", "q", f"student{n}", 24) for n in range(4800))
    assert len(counts) == 24
    assert 130 < min(counts.values()) <= max(counts.values()) < 280
    # What stands in notebooks that are handed out must not change.
    assert [which_draw("stage01_perceptron", "q", one, 24) for one in ("ada", "ben", "")] == [
        which_draw("stage01_perceptron", "q", one, 24) for one in (" Ada", "BEN ", "")
    ]
    assert [which_draw("a", "q", one, 1000) for one in ("ada", "ben", "é")] == [75, 171, 480]


def test_ids_are_compared_without_case_and_blank_space() -> None:
    assert same_student("Ada ", "ada")
    assert not same_student("ada", "ben")
