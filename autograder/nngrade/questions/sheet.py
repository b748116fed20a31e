"""The sheet of a notebook's questions: what it knows of each, as one line of text.

It travels inside of the notebook, in a folded cell, so that a single file is enough to answer in.
Where questions count, a sheet holds no right answer and no reason. The text is encoded only so that
nobody reads an answer by accident; it is no secret.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nngrade.questions.kinds import KINDS, Choice, Judgement, Question, form_of, read

__all__ = ["Asked", "Sheet", "same_student", "which_draw"]


def which_draw(stage: str, question: str, student: str, n_draws: int) -> int:
    """Which of the draws of a question is a student's; the same for ever.

    Parameters
    ----------
    stage, question : str
    student : str
        The student's id; case and blank space around it do not matter.
    n_draws : int
    """
    told = "\n".join((stage, question, _plain(student))).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big") % n_draws


def same_student(one: str, other: str) -> bool:
    """Whether two ids are the same but for case and blank space around them."""
    return _plain(one) == _plain(other)


def _plain(student: str) -> str:
    return student.strip().casefold()


class _Sentences:
    """Sentences without their numbers, each once: draws mostly differ in numbers alone.

    Nothing is compressed, since other versions of a library would compress to other bytes, and the
    same course is to give the same notebook everywhere.

    Parameters
    ----------
    known : sequence of sequence of str
        For each sentence, what stands between its numbers.
    """

    def __init__(self, known: Sequence[Sequence[str]] = ()) -> None:
        self.all = [list(one) for one in known]
        self._numbers = {tuple(one): number for number, one in enumerate(self.all)}

    def short(self, data: Any) -> Any:
        """Plain data in which each text is the number of its sentence, and its own numbers."""
        if isinstance(data, str):
            parts = re.split(r"(\d+)", data)
            between = tuple(parts[::2])
            if between not in self._numbers:
                self._numbers[between] = len(self.all)
                self.all.append(list(between))
            return {"$": [self._numbers[between], *parts[1::2]]}
        if isinstance(data, Mapping):
            return {key: self.short(value) for key, value in data.items()}
        return [self.short(one) for one in data] if isinstance(data, list | tuple) else data

    def whole(self, data: Any) -> Any:
        """The reverse of `short`."""
        if isinstance(data, dict) and data.keys() == {"$"}:
            number, *numbers = data["$"]
            between = self.all[number]
            return "".join(map("".join, zip(between, [*numbers, ""], strict=True)))
        if isinstance(data, dict):
            return {key: self.whole(value) for key, value in data.items()}
        return [self.whole(one) for one in data] if isinstance(data, list) else data


@dataclass(frozen=True)
class Asked:
    """What a notebook knows of a question.

    Attributes
    ----------
    name, kind : str
    options : tuple of str
        Letters of a choice.
    draws : tuple of mapping
        The numbers that are given, for each draw; a question without numbers of one's own has one.
    questions : tuple of Question
        For each draw the question with its right answer; none where it counts.
    """

    name: str
    kind: str
    options: tuple[str, ...]
    draws: tuple[Mapping[str, Any], ...]
    questions: tuple[Question, ...]

    @property
    def personal(self) -> bool:
        """Whether its numbers are a student's own."""
        return any(self.draws)

    def form(self) -> str:
        """How an answer is written."""
        return form_of(self.kind, self.options)


@dataclass(frozen=True)
class Sheet:
    """The questions of one notebook.

    Attributes
    ----------
    stage : str
    asked : mapping of str to Asked
        By name.
    """

    stage: str
    asked: Mapping[str, Asked]

    @classmethod
    def of(cls, stage: str, questions: Mapping[str, Sequence[Question]], counted: bool) -> Sheet:
        """Make the sheet of a stage.

        Parameters
        ----------
        stage : str
        questions : mapping of str to sequence of Question
            All draws of each question.
        counted : bool
            Whether answers count, so that the sheet may not tell them.
        """
        return cls(
            stage,
            {
                name: Asked(
                    name,
                    draws[0].kind,
                    tuple(draws[0].options) if isinstance(draws[0], Choice) else (),
                    tuple(one.given for one in draws),
                    () if counted else tuple(draws),
                )
                for name, draws in questions.items()
            },
        )

    @property
    def personal(self) -> bool:
        """Whether any question has numbers that are a student's own."""
        return any(one.personal for one in self.asked.values())

    def text(self) -> str:
        """The sheet as one line."""
        sentences = _Sentences()
        told = {
            "stage": self.stage,
            "asked": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "options": one.options,
                    "draws": one.draws,
                    "questions": [
                        {
                            key: sentences.short(value)
                            for key, value in question.as_data().items()
                            if key != "given"
                        }
                        for question in one.questions
                    ],
                }
                for one in self.asked.values()
            ],
            "sentences": sentences.all,
        }
        plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(plain.encode()).decode()

    @classmethod
    def of_text(cls, text: str) -> Sheet:
        """The reverse of `text`.

        Raises
        ------
        ValueError
            If the text is no sheet.
        """
        try:
            told = json.loads(base64.b64decode(text, validate=True))
            sentences = _Sentences(told["sentences"])
            asked = [
                Asked(
                    one["name"],
                    one["kind"],
                    tuple(one["options"]),
                    tuple(one["draws"]),
                    tuple(
                        KINDS[one["kind"]].of_data({**sentences.whole(data), "given": given})
                        for data, given in zip(one["questions"], one["draws"], strict=False)
                    ),
                )
                for one in told["asked"]
            ]
            return cls(told["stage"], {one.name: one for one in asked})
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError("the cell with the notebook's questions was changed") from error

    def given(self, name: str, student: str) -> Mapping[str, Any]:
        """The numbers of a question that are a student's own."""
        return self.asked[name].draws[self._own(name, student)]

    def judge(self, name: str, student: str, answer: object) -> Judgement | None:
        """What is said of an answer; None where it counts and is written well."""
        one = self.asked[name]
        if one.questions:
            return one.questions[self._own(name, student)].judge(answer)
        if read(one.kind, answer, one.options) is None:
            return Judgement("malformed", one.form())
        return None

    def _own(self, name: str, student: str) -> int:
        return which_draw(self.stage, name, student, len(self.asked[name].draws))
