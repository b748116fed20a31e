"""Answers to questions that count, judged as tasks are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nngrade.course.questions import own_draw
from nngrade.course.stages import Stage
from nngrade.grading.assertions import Failure
from nngrade.grading.student import LocalStudent, RemoteStudent
from nngrade.questions.sheet import same_student
from nngrade.text import presentable

__all__ = ["judge_answer"]

# Characters of an answer that a message quotes.
LONGEST = 80


def judge_answer(
    stage: Stage,
    name: str,
    student: RemoteStudent | LocalStudent,
    student_id: str,
    group: Sequence[str] = (),
) -> None:
    """Judge the answer to a question in a notebook.

    Parameters
    ----------
    stage : Stage
    name : str
        Name of the question.
    student : RemoteStudent or LocalStudent
        The functions that `nngrade.course.questions.recorder` defines.
    student_id : str
        Whose notebook it is, which decides the numbers of the question.
    group : sequence of str
        Who handed it in together; then the numbers are those of the member who signed it.

    Raises
    ------
    Failure
        If there is no answer, or none that is right.
    """
    typed, *answers = _told(getattr(student, name)())
    if not answers:
        raise Failure(f"{name} is not answered yet")
    draws = stage.questions[name]
    signature = typed if isinstance(typed, str) else ""
    owner = next((one for one in group if same_student(signature, one)), student_id)
    if len(draws) > 1 and not same_student(signature, owner):
        signed = (
            f"the notebook is signed {presentable(signature, LONGEST)!r} where it is handed in by "
            f"{student_id!r}"
            if signature.strip()
            else "no id is typed in the notebook"
        )
        raise Failure(
            f"{name} has numbers of your own, and {signed}",
            'Type your id into the cell `identify("")`, run it, and answer for your own numbers.',
        )
    answer = answers[0]
    judged = own_draw(stage.name, name, draws, owner).judge(answer)
    if judged.state == "malformed":
        raise Failure(f"{name} is answered with {_shown(answer)}", judged.reason)
    if judged.state == "wrong":
        raise Failure(
            f"{name} is answered with {_shown(answer)}, which is not right", judged.reason
        )


def _told(value: Any) -> list[Any]:
    """Id and answer; what the notebook made of them is not relied on."""
    return value if isinstance(value, list) and 1 <= len(value) <= 2 else [""]


def _shown(answer: object) -> str:
    return presentable(repr(answer), LONGEST)
