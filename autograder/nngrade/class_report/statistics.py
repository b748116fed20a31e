"""What the results of a class say: about its scores, each check, and who may need help.

Results are taken one by one, and of each only what is counted is kept.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

from nngrade.class_report.mistakes import Mistake, MistakeCount, Naming, recognised, unreached
from nngrade.results import CheckResult, SubmissionResult

__all__ = [
    "LOST_GROUND",
    "Bin",
    "CheckStatistics",
    "History",
    "StageStatistics",
    "Submission",
    "Trouble",
    "first_tasks",
    "gone",
    "histogram",
    "losing_ground",
    "stage_statistics",
]

# Could not be graded; every task is as it was handed out; all in vain; a bad start.
Trouble = Literal["not graded", "untouched", "no points", "weak start"]

# A weak start is less than this share of the points of a stage's first tasks,
WEAK_START = 0.5
# which are this share of all its tasks.
FIRST_TASKS = 1 / 3
# To lose ground is to fall behind the class by this share of all points.
LOST_GROUND = 0.2

# Where an error happened, as messages tell it.
_PLACE = re.compile(r" in your cell (\w+), line \d+")


@dataclass(frozen=True)
class Submission:
    """What is kept of a submission.

    Attributes
    ----------
    student : str
    score, max_score, seconds : float
    trouble : {"not graded", "untouched", "no points", "weak start"} or None
        The gravest.
    error : str
        Why it could not be graded; empty where it was.
    """

    student: str
    score: float
    max_score: float
    seconds: float
    trouble: Trouble | None = None
    error: str = ""

    @property
    def graded(self) -> bool:
        """Whether it has a score."""
        return self.trouble != "not graded"

    @property
    def share(self) -> float:
        """The score as a share of all points."""
        return self.score / self.max_score if self.max_score else 0.0


@dataclass(frozen=True)
class CheckStatistics:
    """How a class did in one check.

    Attributes
    ----------
    id, task, description : str
    points : float
    count : int
        How many submissions it was tried on.
    passed, unreached : int
        How many passed; for how many there was no answer to check.
    mistakes : tuple of Mistake
        What the others failed by, most frequent first.
    """

    id: str
    task: str
    description: str
    points: float
    count: int
    passed: int
    unreached: int
    mistakes: tuple[Mistake, ...]

    @property
    def failed(self) -> int:
        """How many gave a wrong answer."""
        return self.count - self.passed - self.unreached


@dataclass(frozen=True)
class StageStatistics:
    """How a class did in a stage.

    Attributes
    ----------
    stage : str
    submissions : tuple of Submission
    checks : tuple of CheckStatistics
        In the order of the course.
    mistakes : tuple of Mistake
        Of all checks, most frequent first. One mistake fails many checks, so of each submission
        and task only the first failure counts.
    """

    stage: str
    submissions: tuple[Submission, ...]
    checks: tuple[CheckStatistics, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def graded(self) -> tuple[Submission, ...]:
        """The submissions that have a score."""
        return tuple(one for one in self.submissions if one.graded)

    @property
    def troubled(self) -> int:
        """How many submissions are in trouble."""
        return sum(one.trouble is not None for one in self.submissions)

    @property
    def max_score(self) -> float:
        """The most that there is to get; 0 where nothing was graded."""
        return max((one.max_score for one in self.graded), default=0.0)

    @property
    def mean(self) -> float | None:
        """The mean score; None where nothing was graded."""
        return fmean(one.score for one in self.graded) if self.graded else None

    @property
    def median(self) -> float | None:
        """The median score; None where nothing was graded."""
        return median(one.score for one in self.graded) if self.graded else None

    @property
    def perfect(self) -> int:
        """How many got all points."""
        return sum(one.score >= one.max_score for one in self.graded)

    @property
    def mean_share(self) -> float:
        """The mean share of all points; 0 where nothing was graded."""
        return fmean(one.share for one in self.graded) if self.graded else 0.0

    @property
    def median_seconds(self) -> float | None:
        """The time that grading took; None where nothing was graded."""
        return median(one.seconds for one in self.graded) if self.graded else None

    def slowest(self, limit: int) -> list[Submission]:
        """The submissions that took longest to grade."""
        return sorted(self.graded, key=lambda one: -one.seconds)[:limit]


def stage_statistics(
    stage: str, results: Iterable[SubmissionResult], named: Naming = recognised
) -> StageStatistics:
    """What the results of one stage say.

    Parameters
    ----------
    stage : str
    results : iterable of SubmissionResult
        Gone through once.
    named : callable
        Gives mistakes names, where they have one.
    """
    submissions: list[Submission] = []
    checks: dict[str, _CheckCount] = {}
    mistakes = MistakeCount(named)
    for result in results:
        submissions.append(_submission(result))
        for check in _first_failures(result):
            mistakes.add(check)
        for check in result.checks:
            checks.setdefault(check.id, _CheckCount(check, named)).add(check)
    return StageStatistics(
        stage,
        tuple(submissions),
        tuple(one.statistics() for one in checks.values()),
        mistakes.most_frequent(),
    )


def _first_failures(result: SubmissionResult) -> Iterable[CheckResult]:
    """For each task with a wrong answer, the check that says most plainly what is wrong."""
    tasks = {check.task for check in result.checks}
    first: dict[str, CheckResult] = {}
    for check in result.lost:
        if unreached(check):
            continue
        # Where the code of one task stops, those that call it stop, too.
        place = _PLACE.search(check.message)
        task = place[1] if place and place[1] in tasks else check.task
        # Visible tests come first, are worth nothing, and check everything at once.
        if task not in first or (check.points and not first[task].points):
            first[task] = check
    return first.values()


class _CheckCount:
    """Counts how it ended with one check."""

    def __init__(self, check: CheckResult, named: Naming) -> None:
        self._check = check
        self._counts: Counter[Literal["passed", "unreached", "failed"]] = Counter()
        self._mistakes = MistakeCount(named)

    def add(self, check: CheckResult) -> None:
        if check.status == "passed":
            self._counts["passed"] += 1
        elif unreached(check):
            self._counts["unreached"] += 1
        else:
            self._counts["failed"] += 1
            self._mistakes.add(check)

    def statistics(self) -> CheckStatistics:
        check, counts = self._check, self._counts
        return CheckStatistics(
            check.id,
            check.task,
            check.description,
            check.points,
            counts.total(),
            counts["passed"],
            counts["unreached"],
            self._mistakes.most_frequent(),
        )


def _submission(result: SubmissionResult) -> Submission:
    return Submission(
        result.student,
        result.score,
        result.max_score,
        result.seconds,
        _trouble(result),
        _reason(result),
    )


def _reason(result: SubmissionResult) -> str:
    """Why a submission could not be graded, without the path that errors begin with."""
    error = result.error or ""
    path, colon, reason = error.partition(": ")
    return reason if colon and path and result.path.endswith(path) else error


def _trouble(result: SubmissionResult) -> Trouble | None:
    if result.status == "failed":
        return "not graded"
    if not result.score:
        alike = all(one.message == f"{one.task} is not done yet" for one in result.lost)
        return "untouched" if alike else "no points"
    first = first_tasks(one.task for one in result.checks)
    early = [one for one in result.checks if one.task in first]
    points, score = sum(one.points for one in early), sum(one.score for one in early)
    return "weak start" if score < WEAK_START * points else None


def first_tasks(tasks: Iterable[str]) -> list[str]:
    """The tasks that a stage starts with; those that follow build on them."""
    known = list(dict.fromkeys(tasks))
    return known[: math.ceil(FIRST_TASKS * len(known))]


@dataclass(frozen=True)
class Bin:
    """A part of a histogram.

    Attributes
    ----------
    low, high : float
        Both belong to the last bin, to the others only `low`.
    count : int
    """

    low: float
    high: float
    count: int


def histogram(values: Iterable[float], most: float, bins: int = 10) -> list[Bin]:
    """How many values lie where between 0 and `most`."""
    if not most:
        return []
    counts = Counter(min(bins - 1, int(bins * value / most + 1e-9)) for value in values)
    return [Bin(most * one / bins, most * (one + 1) / bins, counts[one]) for one in range(bins)]


@dataclass(frozen=True)
class History:
    """A student's way through the stages.

    Attributes
    ----------
    student : str
    scores : tuple of (float or None)
        For each stage; None where there is no score.
    change : float
        By how much the last score differs from those before it, compared with the class, as a
        share of all points; negative where it is lower.
    """

    student: str
    scores: tuple[float | None, ...]
    change: float


def losing_ground(stages: Sequence[StageStatistics]) -> list[History]:
    """The students who fell behind with their last submission, worst first.

    Scores are compared with the class's mean in the same stage, so that a hard stage does not
    count as everybody's fall.
    """
    behind = []
    means = [one.mean_share for one in stages]
    for student, places in _places(stages, lambda one: one.graded).items():
        if len(places) < 2:
            continue
        ahead = [places[at].share - means[at] for at in sorted(places)]
        change = ahead[-1] - fmean(ahead[:-1])
        if change <= -LOST_GROUND:
            scores = tuple(places[at].score if at in places else None for at in range(len(stages)))
            behind.append(History(student, scores, change))
    return sorted(behind, key=lambda one: one.change)


def gone(stages: Sequence[StageStatistics]) -> dict[str, str]:
    """The students who stopped handing in, each with the last stage that they handed in.

    A stage counts as missed only when at least half of all students handed it in: otherwise it has
    only just begun.
    """
    places = _places(stages, lambda one: True)
    sizes = Counter(at for one in places.values() for at in one)
    begun = max((at for at, size in sizes.items() if 2 * size >= len(places)), default=0)
    return {student: stages[max(one)].stage for student, one in places.items() if max(one) < begun}


def _places(
    stages: Sequence[StageStatistics], counts: Callable[[Submission], bool]
) -> dict[str, dict[int, Submission]]:
    """For each student the submissions that count, by the stage's place."""
    places: dict[str, dict[int, Submission]] = {}
    for at, stage in enumerate(stages):
        for one in stage.submissions:
            if counts(one):
                places.setdefault(one.student, {})[at] = one
    return places
