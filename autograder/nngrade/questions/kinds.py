"""The three kinds of questions, and how an answer to each is judged.

A question knows its right answer, why that is right, and what the thought behind each likely wrong
answer misses. An answer that is none of its kind (a word where a number is asked for) is neither
right nor wrong, but *malformed*: it is told how to be written.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeGuard

from nngrade.text import listed

__all__ = ["KINDS", "Choice", "Judgement", "Number", "Question", "Shape", "form_of", "read"]

# What a computation in float64 may add to a number that is right.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Judgement:
    """What is said of an answer.

    Attributes
    ----------
    state : {"right", "wrong", "malformed"}
    reason : str
        Why; of a malformed answer, how one is written.
    """

    state: Literal["right", "wrong", "malformed"]
    reason: str


class Choice:
    """A question with lettered options, of which one is right.

    Parameters
    ----------
    right : str
        Letter of the right option.
    given : mapping of str to object, optional
        Numbers of the question that are a student's own, by the letters that its text uses.
    **options : str
        For each option, by its letter: why it is right, or what is wrong with it.
    """

    kind: ClassVar[str] = "choice"

    def __init__(self, right: str, given: Mapping[str, Any] | None = None, **options: str) -> None:
        self.right = right
        self.given = dict(given or {})
        self.options = options

    def problems(self) -> Iterator[str]:
        """What is wrong with the question itself."""
        if self.right not in self.options:
            yield f"the right answer {self.right!r} is none of the options {listed(self.options)}"
        if len(self.options) < 2:
            yield "a choice needs two options at least"
        for letter, reason in self.options.items():
            if not re.fullmatch("[a-z]", letter):
                yield f"the option {letter!r} is not a single small letter"
            if not reason.strip():
                yield f"the option {letter} has no reason"

    def judge(self, answer: object) -> Judgement:
        """Whether an answer is right, and why."""
        letter = read(self.kind, answer, self.options)
        if letter is None:
            return Judgement("malformed", form_of(self.kind, self.options))
        state: Literal["right", "wrong"] = "right" if letter == self.right else "wrong"
        return Judgement(state, self.options[letter])

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {"right": self.right, "given": self.given, "options": self.options}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Choice:
        """The reverse of `as_data`."""
        return cls(data["right"], data["given"], **data["options"])


class _Written:
    """What questions with typed values have in common.

    Parameters
    ----------
    right : object
        The right answer.
    because : str
        Why it is right.
    wrong : mapping
        Likely wrong answers, and what the thought behind each misses.
    otherwise : str
        Where to look, for any other wrong answer; it does not give the right one away.
    given : mapping of str to object, optional
        Numbers of the question that are a student's own, by the letters that its text uses.
    """

    kind: ClassVar[str]

    def __init__(
        self,
        right: Any,
        because: str,
        *,
        wrong: Mapping[Any, str],
        otherwise: str,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.right = right
        self.because = because
        self.wrong = dict(wrong)
        self.otherwise = otherwise
        self.given = dict(given or {})

    def _is(self, answer: Any, value: Any) -> bool:
        raise NotImplementedError

    def problems(self) -> Iterator[str]:
        """What is wrong with the question itself."""
        values = [self.right, *self.wrong]
        for value in values:
            if read(self.kind, value) is None:
                yield f"{value!r} is no {self.kind}"
                return
        for number, value in enumerate(values):
            if any(self._is(value, other) for other in values[:number]):
                yield (
                    f"the wrong answer {value!r} is also "
                    f"{'right' if self._is(value, self.right) else 'there a second time'}"
                )
        if not self.because.strip() or not self.otherwise.strip():
            yield "a reason is missing: write `because` and `otherwise`"
        if not self.wrong or not all(reason.strip() for reason in self.wrong.values()):
            yield "`wrong` needs one likely wrong answer at least, each with its reason"

    def judge(self, answer: object) -> Judgement:
        """Whether an answer is right, and why."""
        value = read(self.kind, answer)
        if value is None:
            return Judgement("malformed", form_of(self.kind))
        if self._is(value, self.right):
            return Judgement("right", self.because)
        for known, reason in self.wrong.items():
            if self._is(value, known):
                return Judgement("wrong", reason)
        return Judgement("wrong", self.otherwise)

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "right": self.right,
            "because": self.because,
            "wrong": list(self.wrong.items()),
            "otherwise": self.otherwise,
            "given": self.given,
        }


class Number(_Written):
    """A question that is answered with a number.

    Parameters
    ----------
    right : float
        The right answer.
    because : str
        Why it is right.
    wrong : mapping of float to str
        Likely wrong answers, and what the thought behind each misses.
    otherwise : str
        Where to look, for any other wrong answer; it does not give the right one away.
    given : mapping of str to object, optional
        Numbers of the question that are a student's own, by the letters that its text uses.
    tolerance : float
        By how much an answer may differ from the right one.
    """

    kind = "number"

    def __init__(
        self,
        right: float,
        because: str,
        *,
        wrong: Mapping[float, str],
        otherwise: str,
        given: Mapping[str, Any] | None = None,
        tolerance: float = 0.0,
    ) -> None:
        super().__init__(right, because, wrong=wrong, otherwise=otherwise, given=given)
        self.tolerance = tolerance

    def _is(self, answer: float, value: float) -> bool:
        return abs(answer - value) <= self.tolerance + ROUNDING * max(1.0, abs(value))

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**super().as_data(), "tolerance": self.tolerance}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Number:
        """The reverse of `as_data`."""
        return cls(**{**data, "wrong": dict(data["wrong"])})


class Shape(_Written):
    """A question that is answered with the shape of an array; the parameters are `Number`'s."""

    kind = "shape"

    def _is(self, answer: tuple[int, ...], value: tuple[int, ...]) -> bool:
        return tuple(answer) == tuple(value)

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Shape:
        """The reverse of `as_data`."""
        wrong = {tuple(shape): reason for shape, reason in data["wrong"]}
        return cls(**{**data, "right": tuple(data["right"]), "wrong": wrong})


Question = Choice | Number | Shape
KINDS: dict[str, type[Choice] | type[Number] | type[Shape]] = {
    one.kind: one for one in (Choice, Number, Shape)
}


def read(kind: str, answer: object, options: Iterable[str] = ()) -> Any:
    """An answer as a value of its kind that can be compared; None if it is malformed.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    answer : object
        Whatever stands in the notebook.
    options : iterable of str
        The letters of a choice.
    """
    if kind == Choice.kind:
        letter = answer.strip().strip("().").lower() if isinstance(answer, str) else None
        return letter if letter in set(options) else None
    if kind == Shape.kind:
        lengths = list(answer) if isinstance(answer, list | tuple) else [None]
        whole = [int(one) for one in lengths if _is_whole(one)]
        return tuple(whole) if len(whole) == len(lengths) else None
    # An array that holds one number is one, as are NumPy's own numbers.
    if getattr(answer, "size", None) == 1 and hasattr(answer, "item"):
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        return None
    try:
        value = float(answer)
    except (OverflowError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _is_whole(value: object) -> TypeGuard[numbers.Integral]:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def form_of(kind: str, options: Iterable[str] = ()) -> str:
    """How an answer of a kind is written, in a sentence."""
    if kind == "choice":
        letters = list(options)
        return f'Answer with one letter in quotes, {listed(letters)}: for example "{letters[0]}".'
    if kind == "number":
        return "Answer with a number, without quotes: for example 12 or 0.25."
    return (
        "Answer with a shape, which is a tuple of whole numbers: for example (60, 10), or (60,) "
        "for a single axis."
    )
