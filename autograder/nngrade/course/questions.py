"""Questions of a stage: their right answers, from the optional file ``questions.py``.

A question is a function whose name stands in a cell ``# %% question="NAME"`` of the lesson::

    @question
    def numbers_to_learn(rng):
        height, width = (int(one) for one in rng.integers(8, 33, size=2))
        return Number(
            height * width + 1,
            "One weight for each pixel, and the bias.",
            wrong={height * width: "The bias is a number to learn, too."},
            otherwise="Each pixel is a feature with a weight of its own; what is learnt besides?",
            given={"h": height, "w": width},
        )

One that takes ``rng`` is drawn `DRAWS` times, and a student's id says which of the draws is theirs.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nngrade.course.checks import ANSWERED, Check, import_file
from nngrade.course.lesson import Cell, Lesson
from nngrade.course.options import QuestionOptions
from nngrade.errors import LessonError, Problem, line_in
from nngrade.questions.kinds import Choice, Number, Question, Shape
from nngrade.questions.sheet import Sheet, which_draw

__all__ = [
    "DRAWS",
    "RENEWED",
    "Draws",
    "counted_checks",
    "own_draw",
    "question",
    "read_questions",
    "recorder",
    "with_questions",
]

DRAWS = 24
_ID_CELL = (
    "# Your id, as your course knows you, between the quotes: some numbers below are your own.\n"
    'identify("")'
)
_SHEET_CELL = (
    "# The questions of this notebook, folded away so that nobody reads an answer by accident.\n"
    "from nngrade.live import answer, identify\n\n"
    'nngrade.live.questions("{text}")'
)
_COUNTED_CELL = "# The answer to {name} counts: it is graded once this notebook is handed in."
_LIVE = re.compile(r"^import nngrade\.live\b", re.MULTILINE)

Function = TypeVar("Function", bound=Callable[..., Any])


class Draws(np.random.RandomState):
    """Generator of the numbers in questions.

    NumPy changes what `numpy.random.Generator` draws from version to version. These numbers stand
    in notebooks that another version grades, so they come from the one that is never changed.
    """

    def integers(self, low: int, high: int | None = None, size: Any = None) -> Any:
        """As `numpy.random.Generator.integers`, without its options."""
        return self.randint(low, high, size)


def question(function: Function) -> Function:
    """Declare a function of ``questions.py`` as a question; it returns its answer.

    The function takes nothing, or ``rng``, a `Draws`, where numbers are to be a student's own.
    """
    function.__nngrade_question__ = True  # type: ignore[attr-defined]
    return function


def read_questions(path: Path, lesson: Lesson) -> dict[str, tuple[Question, ...]]:
    """Read the answers to a lesson's questions.

    Parameters
    ----------
    path : Path
        The file; where it does not exist, the lesson may have no questions.
    lesson : Lesson

    Returns
    -------
    dict of str to tuple of Question
        All draws of each question, in the lesson's order.

    Raises
    ------
    LessonError
        If the file cannot be imported, if it does not match the lesson, or if an answer cannot be
        right: a key that fails its own question, a wrong answer that is right in some draw.
    """
    cells = {cell.name: cell for cell in lesson.of_kind("question")}
    if not path.exists():
        if cells:
            first = next(iter(cells.values()))
            what = (
                f"{first.name} has no answer; write @question def {first.name}() into {path.name}"
            )
            raise LessonError([Problem(lesson.path, first.line, what)])
        return {}
    declared = {
        name: value
        for name, value in vars(import_file(path, f"nngrade_questions_{lesson.stage}")).items()
        if hasattr(value, "__nngrade_question__")
    }
    problems: list[Problem] = []
    for name, function in declared.items():
        if name not in cells:
            what = (
                f'{name} stands in no cell of the lesson; add # %% question="{name}", or delete it'
            )
            problems.append(Problem(path, function.__code__.co_firstlineno, what))
    found: dict[str, tuple[Question, ...]] = {}
    for name, cell in cells.items():
        if name not in declared:
            what = f"{name} has no answer; write @question def {name}() into {path.name}"
            problems.append(Problem(lesson.path, cell.line, what))
            continue
        draws, faults = _drawn(lesson.stage, name, declared[name], path)
        problems.extend(
            Problem(path, declared[name].__code__.co_firstlineno, f"{name}: {one}")
            for one in faults
        )
        found[name] = draws
    if not problems:
        problems.extend(_problems_of_prose(lesson, found))
    if problems:
        raise LessonError(problems)
    return found


def _drawn(
    stage: str, name: str, function: Callable[..., Any], path: Path
) -> tuple[tuple[Question, ...], list[str]]:
    """All draws of a question, and what is wrong with them, each once."""
    personal = list(inspect.signature(function).parameters) == ["rng"]
    if not personal and inspect.signature(function).parameters:
        return (), ["a question takes `rng`, or nothing"]
    draws: list[Question] = []
    for number in range(DRAWS if personal else 1):
        try:
            made = function(_generator(stage, name, number)) if personal else function()
        except Exception as error:
            what = f"it raises {type(error).__name__}: {error}"
            raise LessonError([Problem(path, line_in(path, error), f"{name}: {what}")]) from error
        if not isinstance(made, Choice | Number | Shape):
            return (), [f"it returns {made!r}; return a Choice, a Number or a Shape"]
        draws.append(made)
    faults = [
        f"{fault}{f' (with {_given(one)})' if one.given else ''}"
        for one in draws
        for fault in _faults(one)
    ]
    if personal and len({repr(one.given) for one in draws}) == 1:
        faults.append("its numbers are not a student's own: draw them, and tell them in `given`")
    if not personal and draws[0].given:
        faults.append("its numbers are told in `given`, but never drawn; take `rng`")
    if len({one.kind for one in draws}) > 1:
        faults.append("it is of another kind in other draws")
    # One draw's fault is mostly every draw's.
    return tuple(draws), faults[:1]


def _faults(one: Question) -> Iterator[str]:
    """What is wrong with a draw; its key is asked as a student's answer would be."""
    faults = list(one.problems())
    yield from faults
    if faults:
        return
    if (said := one.judge(one.right)).state != "right":
        yield f"its own answer {one.right!r} is {said.state}"
    wrong = (
        [letter for letter in one.options if letter != one.right]
        if isinstance(one, Choice)
        else list(one.wrong)
    )
    for value in wrong:
        if (said := one.judge(value)).state != "wrong":
            yield f"the wrong answer {value!r} is {said.state}"


def _given(one: Question) -> str:
    return ", ".join(f"{letter} = {value}" for letter, value in one.given.items())


def _generator(stage: str, name: str, number: int) -> Draws:
    digest = hashlib.sha256(f"{stage}\n{name}\n{number}".encode()).digest()
    return Draws(np.frombuffer(digest, dtype="<u4"))


def _problems_of_prose(
    lesson: Lesson, questions: Mapping[str, Sequence[Question]]
) -> Iterator[Problem]:
    """Whether each question is asked right above its cell, with the letters of its options."""
    above: Cell | None = None
    for cell in lesson.cells:
        if cell.kind == "question":
            asked = _asked(above, cell.name) if above is not None and above.kind == "text" else ""
            if not asked:
                what = (
                    f"nothing asks {cell.name}; end the [markdown] cell right above with a "
                    f"paragraph that begins with **Question `{cell.name}`.**"
                )
                yield Problem(lesson.path, cell.line, what)
            else:
                first = questions[cell.name][0]
                letters = re.findall(r"(?m)^- \*\*([a-z])\*\*", asked)
                options = list(first.options) if isinstance(first, Choice) else []
                if letters != options:
                    what = (
                        f"{cell.name} asks with the options {', '.join(letters) or 'none'}, and "
                        f"questions.py answers {', '.join(options) or 'none'}; write each as a "
                        "line that begins with - **a**"
                    )
                    yield Problem(lesson.path, cell.line, what)
        above = cell


def _asked(cell: Cell, name: str) -> str:
    """The end of a cell that asks a question, or an empty text."""
    _, found, asked = cell.source.rpartition(f"**Question `{name}`.**")
    return asked if found and "**Question" not in asked else ""


# In the notebook.


def with_questions(
    lesson: Lesson, questions: Mapping[str, Sequence[Question]], options: QuestionOptions
) -> Lesson:
    """A lesson with all cells that its questions need, or with none of them.

    Below the cell that imports ``nngrade.live`` come the sheet of the questions and, where numbers
    are a student's own, a cell for the id. Where questions count, a locked cell that holds the
    points stands below each. Where they are off, what asks is left out, too.
    """
    if not questions:
        return lesson
    if not options.enabled:
        return replace(lesson, cells=tuple(_without_questions(lesson.cells)))
    sheet = Sheet.of(lesson.stage, questions, options.counted)
    cells: list[Cell] = []
    placed = False
    for cell in lesson.cells:
        cells.append(cell)
        if not placed and cell.kind == "demo" and _LIVE.search(cell.source):
            placed = True
            cells.append(Cell("sheet", "", _SHEET_CELL.format(text=sheet.text()), cell.line))
            if sheet.personal:
                cells.append(Cell("identity", "", _ID_CELL, cell.line))
        if cell.kind == "question" and options.counted:
            text = _COUNTED_CELL.format(name=cell.name)
            cells.append(Cell("counted", cell.name, text, cell.line))
    if not placed:
        what = "a lesson with questions has a cell `# %% demo` with `import nngrade.live`; add it"
        raise LessonError([Problem(lesson.path, 1, what)])
    return replace(lesson, cells=tuple(cells))


def _without_questions(cells: Iterable[Cell]) -> Iterator[Cell]:
    cells = list(cells)
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        if cell.kind == "question":
            continue
        if below is not None and below.kind == "question":
            source = cell.source.rpartition(f"**Question `{below.name}`.**")[0].rstrip()
            if source:
                yield replace(cell, source=source)
        else:
            yield cell


# When grading.


def recorder(names: Iterable[str]) -> str:
    """Source of the course's cell that keeps a student's answers when a notebook is graded.

    Each question becomes a function without arguments that returns the id that was typed, and the
    answer, where there is one.
    """
    functions = "".join(f'\n\ndef {name}():\n    return _told("{name}")\n' for name in names)
    return f"{_RECORDER}{functions}"


# A line that has the recorder's function back where its name was used for something else.
RENEWED = "answer = _recorded"
_RECORDER = """\
_ANSWERS = {}


def answer(name, value=..., *_rest, **_named):
    if value is not ...:
        _ANSWERS[name] = value


_recorded = answer


def identify(student="", *_rest, **_named):
    _ANSWERS[""] = student


def questions(*_given, **_named):
    pass


def _told(name):
    return [_ANSWERS.get("", ""), *([_ANSWERS[name]] if name in _ANSWERS else [])]
"""


def counted_checks(
    lesson: Lesson, questions: Mapping[str, Sequence[Question]], options: QuestionOptions
) -> tuple[Check, ...]:
    """The checks that a stage's questions are where they count; none where they do not."""
    if not options.counted:
        return ()
    lines = {cell.name: cell.line for cell in lesson.of_kind("question")}
    return tuple(
        Check(
            task=name,
            name=ANSWERED,
            description="The answer to the question.",
            points=options.points,
            line=lines[name],
        )
        for name in questions
    )


def own_draw(stage: str, name: str, draws: Sequence[Question], student: str) -> Question:
    """The question as a student's notebook asks it."""
    return draws[which_draw(stage, name, student, len(draws))]
