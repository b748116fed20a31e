"""Audit one task: run its checks on right and wrong answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nngrade.audit.cases import Case, misconceptions, mutants, right_answers, stub
from nngrade.audit.equivalence import replays_of, same_behaviour
from nngrade.audit.findings import CheckFindings, Fate, RightAnswer, WrongAnswer
from nngrade.audit.judge import TOO_LONG, lost, student_with
from nngrade.course.checks import VISIBLE_TESTS, Check
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.grading.grader import CHECK_CPU_SECONDS
from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import RecordedCall

__all__ = ["Plan", "audit_right", "audit_wrong", "check_findings"]

# Processor time per check in seconds: ten times that of the slowest check on a right answer.
SECONDS = 3.0


@dataclass(frozen=True)
class Plan:
    """The thoroughness of an audit.

    Attributes
    ----------
    seeds : int
        Number of seeds for right answers.
    wrong_seeds : int
        Number of seeds for wrong answers: other inputs may catch what the first inputs miss.
    replay_seeds : int
        Number of seeds for the calls on which mutants are compared with the reference.
    one_in : int
        One in so many mutants is tried; 0 means none.
    all_checks : bool
        Whether to go on after the first failed check, to judge the usefulness of every check.
    luck : bool
        Whether wrong answers are asked if any of their points depends on what was drawn: every
        check that draws is tried with every seed, but for those of accuracy.
    mutant_seeds : int
        Number of seeds for mutants, if luck is asked.
    """

    seeds: int = 50
    wrong_seeds: int = 3
    replay_seeds: int = 8
    one_in: int = 1
    all_checks: bool = True
    luck: bool = False
    mutant_seeds: int = 0

    @classmethod
    def fast(cls, seeds: int = 5) -> Plan:
        """A plan that takes a few seconds per stage."""
        return cls(seeds, wrong_seeds=1, replay_seeds=3, one_in=6, all_checks=False)

    @classmethod
    def of_luck(cls, seeds: int) -> Plan:
        """A plan that shows which verdicts depend on the drawn inputs.

        There are many mutants: they are tried with a tenth of the seeds.
        """
        return cls(
            seeds,
            wrong_seeds=seeds,
            one_in=0,
            all_checks=False,
            luck=True,
            mutant_seeds=seeds // 10,
        )


def audit_right(stage: Stage, task: str, plan: Plan, data: Data) -> tuple[RightAnswer, ...]:
    """Run the checks of a task on its reference and alternatives, except for accuracy checks.

    Accuracy checks have been calibrated, and would take most of the time.
    """
    checks = [one for one in _checks(stage, task) if one.at_least is None]
    return tuple(_right(stage, case, checks, plan, data) for case in right_answers(stage, task))


def _right(
    stage: Stage, case: Case, checks: Sequence[Check], plan: Plan, data: Data
) -> RightAnswer:
    student = student_with(stage, case)
    failures: dict[str, list[int]] = {}
    runs, reason = 0, ""
    for check in checks:
        for seed in range(_draws(check, plan.seeds)):
            runs += 1
            if why := lost(stage, student, check, seed, data, CHECK_CPU_SECONDS):
                failures.setdefault(check.name, []).append(seed)
                reason = reason or why
    done = {name: tuple(seeds) for name, seeds in failures.items()}
    return RightAnswer(case.kind, case.task, case.name, runs, done, reason)


def _checks(stage: Stage, task: str) -> list[Check]:
    return [one for one in stage.checks if one.task == task]


def _draws(check: Check, seeds: int) -> int:
    """Number of seeds for a check: one if it draws no random inputs."""
    return seeds if "rng" in check.ingredients else 1


def audit_wrong(
    stage: Stage, task: str, plan: Plan, data: Data, reviewed: dict[tuple[str, str], str]
) -> tuple[WrongAnswer, ...]:
    """Run the checks of a task on its stub, misconceptions and mutants.

    Parameters
    ----------
    stage : Stage
    task : str
    plan : Plan
    data : Data
    reviewed : dict of (str, str) to str
        As from `reviewed_mutants`.
    """
    return tuple(_Wrong(stage, task, plan, data, reviewed).answers())


@dataclass
class _Wrong:
    """The wrong answers to a task."""

    stage: Stage
    task: str
    plan: Plan
    data: Data
    reviewed: dict[tuple[str, str], str]
    _replays: list[RecordedCall] = field(default_factory=list)

    def answers(self) -> Iterator[WrongAnswer]:
        """Judge each wrong answer."""
        if self.plan.luck:
            yield from self._answers_by_luck()
            return
        own = _checks(self.stage, self.task)
        worth = tuple(one.name for one in own if one.points)
        untouched = stub(self.stage, self.task)
        yield self._all_lost(untouched, own, worth, 1)
        for case in misconceptions(self.stage, self.task):
            named = [one for one in self.stage.checks if one.name in case.caught_by]
            others = [one for one in own if one not in named and one.at_least is None]
            checks = [*named, *others] if self.plan.all_checks else named
            yield self._all_lost(case, checks, case.caught_by, self.plan.wrong_seeds)
        for case in self._mutants():
            if self.plan.one_in and int(case.name, 16) % self.plan.one_in == 0:
                yield self._mutant(case, own)

    def _answers_by_luck(self) -> Iterator[WrongAnswer]:
        """Judge the misconceptions, and of the mutants those that lose something."""
        for case in misconceptions(self.stage, self.task):
            yield self._by_luck(case, self.plan.wrong_seeds)
        for case in self._mutants() if self.plan.mutant_seeds else ():
            found = self._by_luck(case, self.plan.mutant_seeds)
            if found.lost:
                yield found

    def _mutants(self) -> Iterable[Case]:
        task = next(one for one in self.stage.lesson.tasks if one.name == self.task)
        return mutants(task)

    def _by_luck(self, case: Case, seeds: int) -> WrongAnswer:
        """Judge an answer that must fail each check with every seed, or with none."""
        student = student_with(self.stage, case)
        lost_with: dict[str, set[int]] = {}
        for check in self.stage.checks:
            if check.name in case.caught_by or (check.task == self.task and check.at_least is None):
                lost_with[check.name] = self._seeds_lost(student, check, seeds)
        uneven = {name: len(gone) for name, gone in lost_with.items() if 0 < len(gone) < seeds}
        missed = tuple(name for name in case.caught_by if len(lost_with[name]) < seeds)
        wanted = [lost_with[name] for name in case.caught_by]
        caught = len(set(range(seeds)).intersection(*wanted))
        lost = tuple(name for name, gone in lost_with.items() if gone)
        return WrongAnswer(
            case.kind,
            self.task,
            case.name,
            case.about,
            "survived" if missed or uneven else "caught",
            lost,
            caught,
            seeds,
            missed,
            seen=self._seen_by(student, lost),
            uneven=uneven,
        )

    def _seeds_lost(self, student: LocalStudent | None, check: Check, seeds: int) -> set[int]:
        """The seeds, out of so many, with which an answer fails a check."""
        every = set(range(seeds))
        if student is None:
            return every
        draws = _draws(check, seeds) if check.at_least is None else 1
        gone = set()
        for seed in range(draws):
            why = lost(self.stage, student, check, seed, self.data, SECONDS)
            if why is not None:
                gone.add(seed)
            # What draws nothing has one outcome. An endless loop would be waited for with each.
            if why == TOO_LONG or (why is not None and draws == 1):
                return every
        return gone

    def _all_lost(
        self, case: Case, checks: Sequence[Check], wanted: Sequence[str], seeds: int
    ) -> WrongAnswer:
        """Judge an answer that must fail all wanted checks."""
        student = student_with(self.stage, case)
        first: tuple[str, ...] = ()
        missed: dict[str, None] = {}
        caught = 0
        for seed in range(seeds):
            asked = [one for one in checks if seed == 0 or one.name in wanted]
            gone = self._lost(student, asked, seed, stop=False)
            first = gone if seed == 0 else first
            passed = [name for name in wanted if name not in gone]
            missed.update(dict.fromkeys(passed))
            caught += not passed
        fate: Fate = "survived" if missed else "caught"
        found = WrongAnswer(
            case.kind, self.task, case.name, case.about, fate, first, caught, seeds, tuple(missed)
        )
        return replace(found, seen=self._seen_by(student, first))

    def _mutant(self, case: Case, own: Sequence[Check]) -> WrongAnswer:
        """Judge a mutant, which must lose points unless it is equivalent or reviewed."""
        student = student_with(self.stage, case)
        checks = [one for one in own if one.at_least is None]
        first = self._lost(student, checks, 0, stop=not self.plan.all_checks)
        caught = int(self._costs(first, own))
        # Checks that caught it with the first seed will probably catch it again.
        worth = sorted((one for one in checks if one.points), key=lambda one: one.name not in first)
        for seed in range(1, self.plan.wrong_seeds):
            caught += bool(self._lost(student, worth, seed, stop=True))
        seeds, reason = self.plan.wrong_seeds, ""
        fate: Fate = "caught"
        if caught < seeds and student is not None:
            fate, reason = self._not_caught(case, student, never=caught == 0)
        if caught == 0 and (fate == "survived" or VISIBLE_TESTS in first):
            # Accuracy checks tell little and take long, so they run last.
            measured = [one for one in own if one.at_least is not None]
            if gone := self._lost(student, measured, 0, True):
                first, caught, seeds = (*first, *gone), 1, 1
                fate = "caught" if fate == "survived" else fate
        found = WrongAnswer(
            "mutant", self.task, case.name, case.about, fate, first, caught, seeds, (), reason
        )
        return replace(found, seen=self._seen_by(student, first, found.is_mistake))

    def _seen_by(
        self, student: LocalStudent | None, first: Sequence[str], everywhere: bool = True
    ) -> str:
        """The task whose visible tests fail: this one, else one of the others; empty if none do."""
        if student is None or VISIBLE_TESTS in first:
            return self.task
        visible = [one for one in self.stage.checks if one.name == VISIBLE_TESTS]
        own = [one for one in visible if one.task == self.task]
        others = [one for one in visible if one.task != self.task] if everywhere else []
        for one in (*own, *others):
            if lost(self.stage, student, one, 0, self.data, SECONDS) is not None:
                return one.task
        return ""

    def _not_caught(self, case: Case, student: LocalStudent, never: bool) -> tuple[Fate, str]:
        """Fate and reason of a mutant that loses points with only some of the seeds, or none."""
        self._replays = self._replays or replays_of(
            self.stage, self.task, self.plan.replay_seeds, self.data
        )
        if never and same_behaviour(self.task, student, self._replays):
            return "equivalent", ""
        reason = self.reviewed.get((self.task, case.name), "")
        return ("reviewed" if reason else "survived"), reason

    def _lost(
        self, student: LocalStudent | None, checks: Sequence[Check], seed: int, stop: bool
    ) -> tuple[str, ...]:
        """Names of the failed checks; with `stop`, none after the first that is worth points."""
        gone = []
        for check in checks:
            why = lost(self.stage, student, check, seed, self.data, SECONDS)
            if why is not None:
                gone.append(check.name)
                # An endless loop would exhaust the time of the other checks, too.
                if check.points and (stop or why == TOO_LONG):
                    break
        return tuple(gone)

    def _costs(self, names: Sequence[str], checks: Sequence[Check]) -> bool:
        return any(one.points for one in checks if one.name in names)


def check_findings(
    stage: Stage, task: str, wrong: Sequence[WrongAnswer]
) -> tuple[CheckFindings, ...]:
    """Findings on each check of a task, from the wrong answers that it caught.

    Parameters
    ----------
    stage : Stage
    task : str
    wrong : sequence of WrongAnswer
        Wrong answers to the task, each with all checks that it failed.
    """
    checks = _checks(stage, task)
    worth = {one.name for one in checks if one.points}
    counted = [
        set(one.lost) for one in wrong if one.kind != "stub" and one.fate in ("caught", "survived")
    ]
    return tuple(
        CheckFindings(
            one.name,
            one.points,
            one.at_least is not None,
            len(counted),
            sum(one.name in gone for gone in counted),
            sum(gone & worth == {one.name} for gone in counted),
        )
        for one in checks
    )
