"""The findings of an audit, for each answer, check, task and stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from nngrade.audit.cases import Kind
from nngrade.audit.inputs import KINDS, Untried

__all__ = [
    "MOST_UNSEEN",
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
    """The outcome of a right answer.

    Attributes
    ----------
    kind : Kind
    task : str
    name : str
    runs : int
        Number of check runs on it.
    failures : dict of str to tuple of int
        Seeds with which each check failed, by check.
    reason : str
        Reason of the first failure.
    """

    kind: Kind
    task: str
    name: str
    runs: int
    failures: dict[str, tuple[int, ...]]
    reason: str = ""

    @property
    def flakiness(self) -> float:
        """Share of the runs that failed, from 0 to 1."""
        return sum(map(len, self.failures.values())) / self.runs if self.runs else 0.0


@dataclass(frozen=True)
class WrongAnswer:
    """The outcome of a wrong answer, or of a mutant that may be wrong.

    Attributes
    ----------
    kind : Kind
    task : str
    name : str
    about : str
        Description of the mistake; for a mutant, its diff.
    fate : Fate
    lost : tuple of str
        Checks that failed with the first seed; in a fast audit only the first of them.
    caught : int
        Number of seeds with which everything that should fail failed.
    seeds : int
        Number of seeds tried.
    missed : tuple of str
        For a misconception: checks that should have caught it and did not with every seed.
    uneven : dict of str to int
        Checks that it fails with some seeds and passes with others, each with the number of seeds
        with which it failed. Asked only by a plan of luck.
    reason : str
        Reason given in the review, if there is one.
    seen : str
        Task whose visible tests fail on it: its own, else another of the stage. Empty where all of
        them pass, so that a student is told that all is well, and for what is no mistake.
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
    seen: str = ""
    uneven: dict[str, int] = field(default_factory=dict)

    @property
    def is_mistake(self) -> bool:
        """Whether it should lose points: not for a mutant that is right all the same."""
        return self.fate in ("caught", "survived")


@dataclass(frozen=True)
class CheckFindings:
    """The usefulness of a check.

    Attributes
    ----------
    name : str
    points : float
    measures : bool
        Whether it measures accuracy. Such checks run last, and not on all wrong answers.
    wrong : int
        Number of wrong answers to its task.
    catches : int
        Number of them that it caught.
    alone : int
        Number of them that no other check with points caught.
    """

    name: str
    points: float
    measures: bool
    wrong: int
    catches: int
    alone: int

    @property
    def share(self) -> float:
        """Share of the wrong answers that it caught, from 0 to 1."""
        return self.catches / self.wrong if self.wrong else 0.0

    @property
    def verdict(self) -> Literal["", "dead", "redundant"]:
        """``dead`` if no answer fails the check, ``redundant`` if none fails only this check."""
        if not self.points or self.measures or not self.wrong:
            return ""
        if not self.catches:
            return "dead"
        return "" if self.alone else "redundant"


@dataclass(frozen=True)
class TaskFindings:
    """The findings on a task.

    Attributes
    ----------
    task : str
    n_checks : int
        Number of checks; the visible tests count as one.
    right : tuple of RightAnswer
    wrong : tuple of WrongAnswer
    checks : tuple of CheckFindings
        Empty after a fast audit, which stops at the first failed check.
    outdated : tuple of str
        Ids in the reviewed file whose mutants do not, or no longer, survive.
    untried : tuple of Untried
        Kinds of inputs that no check of the task tries.
    """

    task: str
    n_checks: int
    right: tuple[RightAnswer, ...]
    wrong: tuple[WrongAnswer, ...]
    checks: tuple[CheckFindings, ...] = ()
    outdated: tuple[str, ...] = ()
    untried: tuple[Untried, ...] = ()

    def mistakes(self, kind: Kind) -> list[WrongAnswer]:
        """The wrong answers of a kind that should lose points."""
        return [one for one in self.wrong if one.kind == kind and one.is_mistake]

    def unseen(self, kind: Kind) -> list[WrongAnswer]:
        """Those of them that pass all visible tests of the stage."""
        return [one for one in self.mistakes(kind) if not one.seen]


# Of a stage's mistakes, the share that may pass all of its visible tests; one may in any case.
MOST_UNSEEN: dict[Kind, float] = {"misconception": 0.01, "mutant": 0.10}


@dataclass(frozen=True)
class Fault:
    """A problem that an audit found.

    Attributes
    ----------
    kind : Kind, "review" or "inputs"
        The kind of answer, an entry of the reviewed file, or inputs that are not tried.
    task : str
    name : str
    what : str
        The problem in a sentence; for a mutant, its diff on the following lines.
    fix : str
        The fix.
    """

    kind: Kind | Literal["review", "inputs"]
    task: str
    name: str
    what: str
    fix: str


@dataclass(frozen=True)
class StageFindings:
    """The findings on a stage.

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
        """The wrong answers of a kind, restricted to the given fates if there are any."""
        return [
            one
            for task in self.tasks
            for one in task.wrong
            if one.kind == kind and (one.fate in fates or not fates)
        ]

    def unseen(self, kind: Kind) -> list[WrongAnswer]:
        """The mistakes of a kind that pass all visible tests."""
        return [one for task in self.tasks for one in task.unseen(kind)]

    def _too_blind(self) -> Iterator[WrongAnswer]:
        """The mistakes that pass all visible tests, where they are more than may."""
        for kind, share in MOST_UNSEEN.items():
            number = sum(len(task.mistakes(kind)) for task in self.tasks)
            found = self.unseen(kind)
            if len(found) > max(1, share * number):
                yield from found

    @property
    def runs(self) -> int:
        """Number of check runs on right answers."""
        return sum(one.runs for one in self.right)

    @property
    def failures(self) -> int:
        """Number of those runs that failed."""
        return sum(len(seeds) for one in self.right for seeds in one.failures.values())

    def problems(self) -> Iterator[str]:
        """Yield a description of each problem, in a few lines; none if the audit passes."""
        for one in self.faults():
            sentence, newline, diff = one.what.partition("\n")
            yield f"{self.stage}: {sentence}; {one.fix}{newline}{diff}"

    def faults(self) -> Iterator[Fault]:
        """Yield the same with the answer that each is about, for those who look up its line."""
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
                elif wrong.seen == task.task and not wrong.is_mistake and not wrong.caught:
                    yield Fault(
                        wrong.kind,
                        task.task,
                        wrong.name,
                        f"{wrong.kind} {task.task}/{wrong.name} fails the visible tests and loses "
                        f"nothing\n{wrong.about}",
                        "sharpen a check, or take back what the visible tests ask",
                    )
            for name in task.outdated:
                what = f"reviewed mutant {task.task}/{name} does not survive any more"
                yield Fault("review", task.task, name, what, "delete the entry")
            for never in task.untried:
                kind = never.kind if never.kind in KINDS else f"{never.kind} once"
                what = f"no check of {task.task} makes a call whose {never.argument} is {kind}"
                yield Fault("inputs", task.task, never.argument, what, _TRY)
        for unseen in self._too_blind():
            about = f"\n{unseen.about}" if unseen.kind == "mutant" else f" ({unseen.about})"
            what = f"{unseen.kind} {unseen.task}/{unseen.name} passes all visible tests{about}"
            yield Fault(unseen.kind, unseen.task, unseen.name, what, _SHOW)


_TRY = "try it, or say in untried_inputs.toml why the text excludes it"
_SHOW = "let a visible test show it"
_FIXES = {
    "misconception": "sharpen that check, or name the one that sees it in caught_by",
    "mutant": "sharpen a check, or say in reviewed_mutants.toml why it is right all the same",
}


def _what_survived(one: WrongAnswer) -> str:
    how = f"caught with {one.caught} of {one.seeds} seeds"
    if one.missed:
        how += f"; not always lost: {', '.join(one.missed)}"
    if one.uneven:
        each = (f"{name} with {n} of {one.seeds} seeds" for name, n in one.uneven.items())
        how += f"; luck decides: loses {', '.join(each)}"
    about = f"\n{one.about}" if one.kind == "mutant" else f" ({one.about})" if one.about else ""
    return f"{one.kind} {one.task}/{one.name}: {how}{about}"
