"""What an audit found: of each answer, each check, each task and each stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from nngrade.audit.cases import Kind

__all__ = [
    "CheckFindings",
    "Fate",
    "Fault",
    "RightAnswer",
    "StageFindings",
    "TaskFindings",
    "WrongAnswer",
]

Fate = Literal["caught", "equivalent", "reviewed", "survived"]


@dataclass(frozen=True)
class RightAnswer:
    """A right answer and what became of it.

    Attributes
    ----------
    kind : Kind
    task : str
    name : str
    runs : int
        How many times a check was carried out on it.
    failures : dict of str to tuple of int
        By check, the seeds with which it was lost.
    reason : str
        Why it was lost the first time.
    """

    kind: Kind
    task: str
    name: str
    runs: int
    failures: dict[str, tuple[int, ...]]
    reason: str = ""

    @property
    def flakiness(self) -> float:
        """The share of runs that were lost."""
        return sum(map(len, self.failures.values())) / self.runs if self.runs else 0.0


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer, or what may be one, and what became of it.

    Attributes
    ----------
    kind : Kind
    task : str
    name : str
    about : str
        What it does differently; of a mutant as a diff.
    fate : Fate
    lost : tuple of str
        The checks that were lost with the first seed; in a fast audit the first only.
    caught, seeds : int
        With how many of how many seeds what should be lost was lost.
    missed : tuple of str
        Of a misconception: the checks that were to catch it and did not always.
    reason : str
        What a review says about it.
    """

    kind: Kind
    task: str
    name: str
    about: str
    fate: Fate
    lost: tuple[str, ...]
    caught: int
    seeds: int
    missed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class CheckFindings:
    """What a check is good for.

    Attributes
    ----------
    name : str
    points : float
    measures : bool
        Whether it measures accuracy: such a check is tried last, and not on all wrong answers.
    wrong : int
        How many wrong answers to its task there were.
    catches : int
        How many of them it caught.
    alone : int
        How many of them no other check that is worth points caught.
    """

    name: str
    points: float
    measures: bool
    wrong: int
    catches: int
    alone: int

    @property
    def share(self) -> float:
        """The share of wrong answers that it caught: how hard it is to pass for nothing."""
        return self.catches / self.wrong if self.wrong else 0.0

    @property
    def verdict(self) -> Literal["", "dead", "redundant"]:
        """Whether nothing fails it, or nothing fails it alone."""
        if not self.points or self.measures or not self.wrong:
            return ""
        if not self.catches:
            return "dead"
        return "" if self.alone else "redundant"


@dataclass(frozen=True)
class TaskFindings:
    """All about a task.

    Attributes
    ----------
    task : str
    n_checks : int
        The visible tests are one of them.
    right : tuple of RightAnswer
    wrong : tuple of WrongAnswer
    checks : tuple of CheckFindings
        Empty after a fast audit, which stops at the first check that is lost.
    outdated : tuple of str
        Ids in the reviewed file that are no survivors (any more).
    """

    task: str
    n_checks: int
    right: tuple[RightAnswer, ...]
    wrong: tuple[WrongAnswer, ...]
    checks: tuple[CheckFindings, ...] = ()
    outdated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What must not be.

    Attributes
    ----------
    kind : Kind or "review"
        What it is about: an answer, or an entry of the reviewed file.
    task : str
    name : str
    what : str
        What is wrong, in a sentence; of a mutant, its diff in the lines below.
    fix : str
        What to do.
    """

    kind: Kind | Literal["review"]
    task: str
    name: str
    what: str
    fix: str


@dataclass(frozen=True)
class StageFindings:
    """All about a stage.

    Attributes
    ----------
    stage : str
    tasks : tuple of TaskFindings
    """

    stage: str
    tasks: tuple[TaskFindings, ...]

    @cached_property
    def right(self) -> tuple[RightAnswer, ...]:
        """The right answers of all tasks."""
        return tuple(one for task in self.tasks for one in task.right)

    def wrong(self, kind: Kind, *fates: Fate) -> list[WrongAnswer]:
        """The wrong answers of a kind, or those of them that met one of these fates."""
        return [
            one
            for task in self.tasks
            for one in task.wrong
            if one.kind == kind and (one.fate in fates or not fates)
        ]

    @property
    def runs(self) -> int:
        """How many times a check was carried out on a right answer."""
        return sum(one.runs for one in self.right)

    @property
    def failures(self) -> int:
        """How many of these times it was lost."""
        return sum(len(seeds) for one in self.right for seeds in one.failures.values())

    def problems(self) -> Iterator[str]:
        """What must not be, in a few lines each; nothing if the gates hold."""
        for one in self.faults():
            sentence, newline, diff = one.what.partition("\n")
            yield f"{self.stage}: {sentence}; {one.fix}{newline}{diff}"

    def faults(self) -> Iterator[Fault]:
        """The same with what each is about, for those who know where that stands."""
        for one in self.right:
            for check, seeds in one.failures.items():
                yield Fault(
                    one.kind,
                    one.task,
                    one.name,
                    f"{one.kind} {one.task}/{one.name} is right, but loses {check} with "
                    f"{len(seeds)} seeds (first with {seeds[0]}): {' '.join(one.reason.split())}",
                    "correct the check or the answer",
                )
        for task in self.tasks:
            for wrong in task.wrong:
                if wrong.fate == "survived":
                    fix = _FIXES.get(wrong.kind, "sharpen a check")
                    yield Fault(wrong.kind, task.task, wrong.name, _what_survived(wrong), fix)
            for name in task.outdated:
                what = f"reviewed mutant {task.task}/{name} does not survive any more"
                yield Fault("review", task.task, name, what, "delete the entry")


_FIXES = {
    "misconception": "sharpen that check, or name the one that sees it in caught_by",
    "mutant": "sharpen a check, or say in reviewed_mutants.toml why it is right all the same",
}


def _what_survived(one: WrongAnswer) -> str:
    how = f"caught with {one.caught} of {one.seeds} seeds"
    if one.missed:
        how += f"; not always lost: {', '.join(one.missed)}"
    about = f"\n{one.about}" if one.kind == "mutant" else f" ({one.about})" if one.about else ""
    return f"{one.kind} {one.task}/{one.name}: {how}{about}"
