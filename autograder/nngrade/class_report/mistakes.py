"""Frequent mistakes: failures counted by their cause rather than by their message.

Two students who make the same mistake get messages with different numbers, because their inputs
differ. The message without its numbers therefore identifies the mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from nngrade.results import CheckResult

__all__ = ["Mistake", "MistakeCount", "Naming", "fingerprint", "unreached"]

# Function that names the mistake of a failed check; None if it was not recognised.
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
        # The number and position of wrong entries depend on the array.
        (r"(?:it is|every entry is|# of # entr\w+ (?:is|are)) wrong", "# wrong"),
        (r" at #(?: and in # more places)?| and in # more places", ""),
        (r"\s+", " "),
    )
)


@dataclass(frozen=True)
class Mistake:
    """A mistake and its frequency.

    Attributes
    ----------
    name : str
        Name of the mistake; empty if it was not recognised.
    task, description : str
        Task and description of a check that failed because of it.
    example : str
        Message of one failure.
    count : int
        Number of failures.
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
    """A message without the parts that differ between students: equal for equal mistakes."""
    text = message[:_LONGEST]
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text.strip()


def unreached(check: CheckResult) -> bool:
    """Whether a check failed because its own task, or one that it needs, is not done."""
    return check.status == "skipped" or check.message.endswith("is not done yet")


def recognised(check: CheckResult) -> str | None:
    """Name of the recognised mistake from the catalogue, or None."""
    known = check.diagnosis is not None and check.diagnosis.misconception is not None
    return check.diagnosis.sentence if known and check.diagnosis else None


class MistakeCount:
    """A counter of mistakes that keeps one example of each.

    Parameters
    ----------
    named : callable
        Function that names a mistake; named mistakes are counted by name, others by message.
    """

    def __init__(self, named: Naming = recognised) -> None:
        self._named = named
        self._counts: Counter[_Kind] = Counter()
        self._examples: dict[_Kind, CheckResult] = {}

    def add(self, check: CheckResult) -> None:
        """Count a failed check."""
        name = self._named(check)
        kind = _Kind(check.task, name or "", "" if name else fingerprint(check.message))
        self._counts[kind] += 1
        self._examples.setdefault(kind, check)

    def most_frequent(self, limit: int | None = None) -> tuple[Mistake, ...]:
        """The mistakes, most frequent first, ties in the order of their first occurrence."""
        return tuple(
            Mistake(kind.name, example.task, example.description, example.message, count)
            for kind, count in self._counts.most_common(limit)
            for example in [self._examples[kind]]
        )
