"""What an answer is, whether it is right, and what is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nngrade.questions.kinds import Choice, Number, Question, Shape

CHOICE = Choice("b", a="No: a.", b="Yes: b.", c="No: c.")
NUMBER = Number(12, "Three fours.", wrong={7: "That is their sum."}, otherwise="Multiply.")
CLOSE = Number(0.25, "A quarter.", wrong={0.75: "The rest."}, otherwise="Divide.", tolerance=0.005)
SHAPE = Shape((60, 10), "A row each.", wrong={(10, 60): "Turned."}, otherwise="Count the rows.")


@pytest.mark.parametrize(
    ("question", "answer", "state", "reason"),
    [
        (CHOICE, "b", "right", "Yes: b."),
        (CHOICE, " B) ", "right", "Yes: b."),
        (CHOICE, "c", "wrong", "No: c."),
        (CHOICE, "d", "malformed", "a, b or c"),
        (CHOICE, "", "malformed", "one letter"),
        (CHOICE, 1, "malformed", "one letter"),
        (CHOICE, ["b"], "malformed", "one letter"),
        (NUMBER, 12, "right", "Three fours."),
        (NUMBER, 12.0, "right", "Three fours."),
        (NUMBER, np.int64(12), "right", "Three fours."),
        (NUMBER, np.array([12.0]), "right", "Three fours."),
        (NUMBER, 12 * (0.1 + 0.2) / 0.3, "right", "Three fours."),
        (NUMBER, 7, "wrong", "That is their sum."),
        (NUMBER, 12.001, "wrong", "Multiply."),
        (NUMBER, "12", "malformed", "without quotes"),
        (NUMBER, True, "malformed", "without quotes"),
        (NUMBER, None, "malformed", "without quotes"),
        (NUMBER, float("nan"), "malformed", "without quotes"),
        (NUMBER, 10**400, "malformed", "without quotes"),
        (NUMBER, np.array([1.0, 2.0]), "malformed", "without quotes"),
        (NUMBER, 12 + 0j, "malformed", "without quotes"),
        (CLOSE, 0.254, "right", "A quarter."),
        (CLOSE, 0.256, "wrong", "Divide."),
        (CLOSE, 0.748, "wrong", "The rest."),
        (SHAPE, (60, 10), "right", "A row each."),
        (SHAPE, [np.int64(60), 10], "right", "A row each."),
        (SHAPE, (10, 60), "wrong", "Turned."),
        (SHAPE, (), "wrong", "Count the rows."),
        (SHAPE, 600, "malformed", "a tuple"),
        (SHAPE, "(60, 10)", "malformed", "a tuple"),
        (SHAPE, (60.0, 10), "malformed", "a tuple"),
        (SHAPE, (True, 10), "malformed", "a tuple"),
    ],
)
def test_an_answer_is_right_wrong_or_malformed_and_told_why(
    question: Question, answer: Any, state: str, reason: str
) -> None:
    judged = question.judge(answer)
    assert judged.state == state
    assert reason in judged.reason


@pytest.mark.parametrize("question", [CHOICE, NUMBER, CLOSE, SHAPE])
def test_a_question_is_the_same_after_it_was_plain_data(question: Question) -> None:
    again = type(question).of_data(question.as_data())
    assert again.as_data() == question.as_data()
    assert again.judge(question.right) == question.judge(question.right)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        (Choice("c", a="x", b="y"), "none of the options a or b"),
        (Choice("a", a="x"), "two options"),
        (Choice("a", a="x", B="y"), "not a single small letter"),
        (Choice("a", a="x", b=" "), "b has no reason"),
        (Number(3, "x", wrong={3: "y"}, otherwise="z"), "also right"),
        (Number(3, "x", wrong={3.2: "y"}, otherwise="z", tolerance=0.5), "also right"),
        (Number(3, "x", wrong={4: "y", 4.0000000001: "y"}, otherwise="z"), "a second time"),
        (Number("3", "x", wrong={4: "y"}, otherwise="z"), "is no number"),  # type: ignore[arg-type]
        (Number(3, "", wrong={4: "y"}, otherwise="z"), "a reason is missing"),
        (Number(3, "x", wrong={}, otherwise="z"), "one likely wrong answer"),
        (Shape((1,), "x", wrong={(1,): "y"}, otherwise="z"), "also right"),
        (Shape((1,), "x", wrong={2: "y"}, otherwise="z"), "is no shape"),  # type: ignore[dict-item]
    ],
)
def test_a_question_that_cannot_be_right_says_so(question: Question, fault: str) -> None:
    assert any(fault in one for one in question.problems())


@pytest.mark.parametrize("question", [CHOICE, NUMBER, CLOSE, SHAPE])
def test_a_sound_question_has_no_problem(question: Question) -> None:
    assert list(question.problems()) == []
