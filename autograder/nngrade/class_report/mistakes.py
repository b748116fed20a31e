"""Frequent mistakes: failures counted by their cause rather than by their message.

The cause is a known mistake, a relation to the right result, an exception or a limit, as far as
grading found one. Two students who make the same mistake get messages with different numbers,
because their inputs differ: where no cause was found, the message without its numbers identifies
the mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from nngrade.results import CheckResult
from nngrade.text import short_numbers

__all__ = ["Cause", "CauseKind", "Mistake", "MistakeCount", "cause_of", "fingerprint", "unreached"]

CauseKind = Literal["known", "relation", "exception", "limit", "follows", "unknown"]

_LONGEST = 2000
_REPLACEMENTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # The line of an exception, with its code: the same mistake is on another line elsewhere.
        (r", line \d+(?: \(`[^`\n]*`\))?", ""),
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
# Kinds of relation whose own name says too little.
_RELATIONS = {
    "axis": "wrong axis",
    "broadcast": "unintended broadcasting",
    "contrast": "wrong for some arguments only",
    "cut_off": "cut off at a limit",
    "difference": "wrong for some arguments only",
    "dtype": "wrong dtype",
    "entries": "wrong in some entries only",
    "example": "wrong result",
    "factor": "off by a factor",
    "input": "off by a multiple of an argument",
    "mutated": "argument changed in place",
    "nearly": "nearly right",
    "not_finite": "NaN or infinity",
    "offset": "off by an offset",
    "own": "a mistake of its own, and one of another task",
    "part": "one of several results is wrong",
    "permutation": "wrong order",
    "rounded": "rounded",
    "rows": "rows are missing",
    "shape": "wrong shape",
    "sign": "wrong sign",
    "state": "another result each time",
    "transpose": "transposed",
}
_LIMITS = {
    "wall": "time limit",
    "cpu": "processor time limit",
    "memory": "memory limit",
    "disk": "limit on files",
    "result": "limit on the result's size",
}
# The type of an exception: at the beginning of Python's message, or at the end of an explanation.
_RAISED = re.compile(r"([A-Z]\w{0,60})(?:: |$)")
_EXPLAINED = re.compile(r"\((\w{1,60})\)\.?$")


@dataclass(frozen=True)
class Cause:
    """The cause of a failed check.

    Attributes
    ----------
    kind : {"known", "relation", "exception", "limit", "follows", "unknown"}
        A mistake of the catalogue, a relation of the result to the right one, an exception, an
        exceeded limit, a mistake in another task, or none of these.
    name : str
        The name of the mistake, relation, exception or limit, in words; empty if unknown.
    sentence : str
        What is wrong, with numbers of six digits at most.
    key : str
        Equal for equal causes in the same task.
    """

    kind: CauseKind
    name: str
    sentence: str
    key: str


@dataclass(frozen=True)
class Mistake:
    """A mistake and its frequency.

    Attributes
    ----------
    cause : Cause
        Cause of the first failure.
    task, description : str
        Task and description of a check that failed because of it.
    count : int
        Number of failures.
    """

    cause: Cause
    task: str
    description: str
    count: int


class _Group(NamedTuple):
    task: str
    kind: str
    key: str


def fingerprint(message: str) -> str:
    """A message without the parts that differ between students: equal for equal mistakes."""
    text = message[:_LONGEST]
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text.strip()


def unreached(check: CheckResult) -> bool:
    """Whether a check failed because its own task, or one that it needs, is not done."""
    return check.status == "skipped" or check.message.endswith("is not done yet")


def cause_of(check: CheckResult) -> Cause:
    """Cause of a failed check, as far as grading found one."""
    told = check.diagnosis
    if told is not None and told.misconception is not None:
        name = told.misconception.replace("_", " ")
        return Cause("known", name, told.sentence, told.misconception)
    relation = told.relation if told is not None else None
    sentence = told.sentence if told is not None else ""
    if relation in ("follows", "may_follow"):
        name = "follows from another task"
        return _cause("follows", name if relation == "follows" else f"perhaps {name}", sentence)
    if check.limit is not None:
        return _cause("limit", _LIMITS.get(check.limit, f"{check.limit} limit"), check.message)
    if check.status == "error" and relation in (None, "error"):
        found = _RAISED.match(check.message) or _EXPLAINED.search(check.message)
        if found:
            return _cause("exception", found[1], check.message)
    if relation is not None and relation != "error":
        name = _RELATIONS.get(relation, relation.replace("_", " "))
        return _cause("relation", name, sentence)
    return _cause("unknown", "", check.message)


# One message is asked for several times: by its task, its check and the stage.
@lru_cache(maxsize=4096)
def _cause(kind: CauseKind, name: str, sentence: str) -> Cause:
    text = short_numbers(sentence[:_LONGEST])
    return Cause(kind, name, text, f"{name}: {fingerprint(sentence)}")


class MistakeCount:
    """A counter of mistakes that keeps one example of each."""

    def __init__(self) -> None:
        self._counts: Counter[_Group] = Counter()
        self._first: dict[_Group, tuple[Cause, CheckResult]] = {}

    def add(self, check: CheckResult) -> None:
        """Count a failed check."""
        cause = cause_of(check)
        group = _Group(check.task, cause.kind, cause.key)
        self._counts[group] += 1
        self._first.setdefault(group, (cause, check))

    def most_frequent(self) -> tuple[Mistake, ...]:
        """The mistakes, most frequent first.

        Of equally frequent ones, those with a name come first, then those that were counted first.
        """
        found = [
            Mistake(cause, check.task, check.description, self._counts[group])
            for group, (cause, check) in self._first.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.count, not one.cause.name)))
