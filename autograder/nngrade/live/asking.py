"""Questions that the notebook answers: what is typed into their cells, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nngrade.live.panel import answer_bundle, display
from nngrade.questions.sheet import Sheet
from nngrade.text import closest, presentable

__all__ = ["answer", "identify", "questions"]

# Characters of an answer that are quoted.
LONGEST = 60


@dataclass
class _Notebook:
    """The notebook that runs: its questions, and whose it is."""

    sheet: Sheet | None = None
    student: str = ""


_notebook = _Notebook()


def questions(text: str) -> None:
    """Tell which questions the notebook asks; the course's own cell does so.

    Parameters
    ----------
    text : str
        As from `nngrade.questions.sheet.Sheet.text`.
    """
    try:
        _notebook.sheet = Sheet.of_text(text)
    except ValueError as error:
        _notebook.sheet = None
        _say("malformed", f"The questions cannot be asked: {error}.", "Take it from a fresh copy.")


def identify(student: str = "") -> None:
    """Say whose notebook it is, which decides the numbers that some questions ask for.

    Parameters
    ----------
    student : str
        Your id, as your course knows you.
    """
    if not isinstance(student, str):
        _say("malformed", "An id is text.", 'Put quotes around it: identify("ada").')
        return
    _notebook.student = student.strip()
    if _notebook.student:
        shown = presentable(_notebook.student, LONGEST)
        _say("noted", f"The numbers below are those of {shown}.")
    else:
        _say(
            "open",
            "Whose notebook is it? Type your id between the quotes, and run this cell again.",
            "Until then the questions below have numbers, but not yours.",
        )


def answer(name: str, value: object = ...) -> None:
    """Answer a question, and be told at once whether that is right, and why.

    In a course in which questions count, you are told only that the answer is noted.

    Parameters
    ----------
    name : str
        Name of the question.
    value : object
        Your answer, in place of the dots: a number, a shape such as (60, 10), or the letter of
        an option in quotes.
    """
    sheet = _notebook.sheet
    if sheet is None:
        _say(
            "malformed",
            "The questions of this notebook are not known yet.",
            "Run the cells at its top first.",
        )
        return
    if name not in sheet.asked:
        meant = closest(str(name), sheet.asked)
        _say(
            "malformed",
            f"There is no question {presentable(str(name), LONGEST)!r} in this notebook.",
            f"Did you mean {meant!r}?" if meant else f"There are: {', '.join(sheet.asked)}.",
        )
        return
    given = _listed(sheet.given(name, _notebook.student))
    whose = f"Yours: {given}." if given else ""
    if value is ...:
        _say("open", f"○ {name}: not answered yet.", whose, sheet.asked[name].form())
        return
    judged = sheet.judge(name, _notebook.student, value)
    shown = presentable(repr(value), LONGEST)
    if judged is None:
        unsigned = sheet.asked[name].personal and not _notebook.student
        _say(
            "noted",
            f"● {name}: {shown} is noted. It counts, so what is right is said after the deadline.",
            "But these numbers are not yours: type your id in the cell at the top, and run it."
            if unsigned
            else whose,
        )
    elif judged.state == "malformed":
        _say("malformed", f"✗ {name}: {shown} is no answer to this question.", judged.reason)
    elif judged.state == "right":
        _say("right", f"✓ {name}: {shown} is right.", judged.reason)
    else:
        _say("wrong", f"✗ {name}: {shown} is not right.", judged.reason, whose)


def _listed(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{letter} = {value}" for letter, value in given.items())


def _say(state: str, title: str, *lines: str) -> None:
    display(answer_bundle(state, title, [line for line in lines if line]))
