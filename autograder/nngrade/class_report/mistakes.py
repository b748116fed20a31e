"""Which mistakes are frequent: failures, counted by what went wrong rather than by their wording.

Two students who make the same mistake get messages with different numbers in them, because their
inputs differ. What is left of a message without its numbers stands for the mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from nngrade.results import CheckResult

__all__ = ["Mistake", "MistakeCount", "Naming", "fingerprint", "unreached"]

# What a mistake is called, where it was recognised; None where only its message tells of it.
Naming = Callable[[CheckResult], str | None]

_LONGEST = 2000
_REPLACEMENTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Numbers, but not the digits of a name such as W2.
        (r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|(?<!\w)[-+]?(?:nan|inf)(?!\w)", "#"),
        # Tuples, lists and arrays of numbers of any length and depth.
        (r"#(?:[\s,;\[\]()]+#)+", "#"),
        (r"[\[(][\[(\s]*#[\s,]*[\])]+", "#"),
        # Lists of words in quotes.
        (r"(?:'[^']*'|\"[^\"]*\")(?:,\s*(?:'[^']*'|\"[^\"]*\"))+", "'…'"),
        # How many entries of an array are wrong, and where, differs with the array.
        (r"(?:it is|every entry is|# of # entr\w+ (?:is|are)) wrong", "# wrong"),
        (r" at #(?: and in # more places)?| and in # more places", ""),
        (r"\s+", " "),
    )
)


@dataclass(frozen=True)
class Mistake:
    """A mistake that was made.

    Attributes
    ----------
    name : str
        What it is called; empty where it was not recognised.
    task, description : str
        Of a check that failed by it.
    example : str
        The message of one failure.
    count : int
    """

    name: str
    task: str
    description: str
    example: str
    count: int


class _Kind(NamedTuple):
    task: str
    name: str
    pattern: str


def fingerprint(message: str) -> str:
    """A message without what differs from student to student: equal for equal mistakes."""
    text = message[:_LONGEST]
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text.strip()


def unreached(check: CheckResult) -> bool:
    """Whether a check was lost for want of an answer, its own or an earlier one."""
    return check.status == "skipped" or check.message.endswith("is not done yet")


def recognised(check: CheckResult) -> str | None:
    """What a mistake of the catalogue is called; None where it is none, or none was recognised."""
    known = check.diagnosis is not None and check.diagnosis.misconception is not None
    return check.diagnosis.sentence if known and check.diagnosis else None


class MistakeCount:
    """Counts mistakes one failure at a time, and keeps one example of each.

    Parameters
    ----------
    named : callable
        A name takes precedence over the message.
    """

    def __init__(self, named: Naming = recognised) -> None:
        self._named = named
        self._counts: Counter[_Kind] = Counter()
        self._examples: dict[_Kind, CheckResult] = {}

    def add(self, check: CheckResult) -> None:
        """Count a failure."""
        name = self._named(check)
        kind = _Kind(check.task, name or "", "" if name else fingerprint(check.message))
        self._counts[kind] += 1
        self._examples.setdefault(kind, check)

    def most_frequent(self, limit: int | None = None) -> tuple[Mistake, ...]:
        """The mistakes, most frequent first; of equally frequent ones the first that was seen."""
        return tuple(
            Mistake(kind.name, example.task, example.description, example.message, count)
            for kind, count in self._counts.most_common(limit)
            for example in [self._examples[kind]]
        )
