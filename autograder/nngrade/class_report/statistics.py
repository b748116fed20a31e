"""Statistics of a class's results: scores, checks, and students who may need help.

Results are processed one by one, and only the counted parts are kept.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean, median
from typing import Literal

from nngrade.class_report.mistakes import Mistake, MistakeCount, cause_of, unreached
from nngrade.results import CheckResult, SubmissionResult

__all__ = [
    "FEWEST_SUBMISSIONS",
    "LOST_GROUND",
    "Bin",
    "CheckStatistics",
    "Concern",
    "History",
    "StageStatistics",
    "Submission",
    "Trouble",
    "first_tasks",
    "gone",
    "histogram",
    "losing_ground",
    "point_biserial",
    "stage_statistics",
]

# Could not be graded; no task was begun; no points for any attempt; few points in the first tasks.
Trouble = Literal["not graded", "untouched", "no points", "weak start"]

# A check that weaker submissions pass more often, or that tells little of the rest of a submission.
Concern = Literal["wrong way", "hardly"]

# Number of submissions below which the discrimination of a check is left open: chance decides it.
FEWEST_SUBMISSIONS = 20
# Number of submissions that pass, and that do not, below which a check is not judged by it.
FEWEST_EITHER = 3
# Discrimination, either way, below which a check hardly discriminates.
HARDLY = 0.1
# Years that calendars of all machines can hold, in any time zone.
_YEARS = range(1970, 2200)

# A start is weak below this share of the points of a stage's first tasks.
WEAK_START = 0.5
# The first tasks are this share of a stage's tasks.
FIRST_TASKS = 1 / 3
# A student loses ground by falling behind the class by this share of all points.
LOST_GROUND = 0.2

# The place of an error, as messages state it.
_PLACE = re.compile(r"(?:^I| i)n your cell (\w+), line \d+")


@dataclass(frozen=True)
class Submission:
    """The data kept of a submission.

    Attributes
    ----------
    student : str
    score, max_score : float
        Points.
    seconds : float
        Grading time in seconds.
    trouble : {"not graded", "untouched", "no points", "weak start"} or None
        The most serious trouble that applies.
    error : str
        Reason why it could not be graded; empty if it was.
    handed_in : datetime or None
        Time of submission, in UTC; None if unknown.
    """

    student: str
    score: float
    max_score: float
    seconds: float
    trouble: Trouble | None = None
    error: str = ""
    handed_in: datetime | None = None

    @property
    def graded(self) -> bool:
        """Whether it has a score."""
        return self.trouble != "not graded"

    @property
    def share(self) -> float:
        """The score as a share of all points, from 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0


@dataclass(frozen=True)
class CheckStatistics:
    """The results of a class in one check.

    Attributes
    ----------
    id, task, description : str
    points : float
    count : int
        Number of submissions on which it ran.
    passed : int
        Number of submissions that passed.
    unreached : int
        Number of submissions without an answer to check.
    mistakes : tuple of Mistake
        Mistakes of the others, most frequent first.
    discrimination : float or None
        Point-biserial correlation of passing the check with the score in all other checks;
        submissions in which no task was begun are left out. None where it is undefined: all pass,
        nobody does, all others' scores are equal, or there are too few submissions.
    concern : {"wrong way", "hardly"} or None
        What is conspicuous about the discrimination; None if nothing is.
    """

    id: str
    task: str
    description: str
    points: float
    count: int
    passed: int
    unreached: int
    mistakes: tuple[Mistake, ...]
    discrimination: float | None = None
    concern: Concern | None = None

    @property
    def difficulty(self) -> float:
        """Share of submissions that pass, from 0 to 1: the lower, the harder is the check."""
        return self.passed / self.count if self.count else 0.0

    @property
    def failed(self) -> int:
        """Number of submissions with a wrong answer."""
        return self.count - self.passed - self.unreached


@dataclass(frozen=True)
class StageStatistics:
    """The results of a class in a stage.

    Attributes
    ----------
    stage : str
    submissions : tuple of Submission
    checks : tuple of CheckStatistics
        In the order of the course.
    mistakes : tuple of Mistake
        Mistakes in all checks, most frequent first. One mistake may fail many checks, so only one
        failure of each submission and task counts: the one whose cause is known best. Tasks that
        fail only because of others do not count.
    """

    stage: str
    submissions: tuple[Submission, ...]
    checks: tuple[CheckStatistics, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def graded(self) -> tuple[Submission, ...]:
        """The submissions that have a score."""
        return tuple(one for one in self.submissions if one.graded)

    def of_concern(self, concern: Concern) -> list[CheckStatistics]:
        """The checks with a concern, that with the lowest discrimination first."""
        found = [one for one in self.checks if one.concern == concern]
        return sorted(found, key=lambda one: one.discrimination or 0.0)

    @property
    def chance(self) -> float:
        """Discrimination that chance alone gives one check in twenty, either way."""
        tried = sum(one.trouble not in ("not graded", "untouched") for one in self.submissions)
        return min(1.0, 2 / math.sqrt(tried)) if tried else 1.0

    @property
    def troubled(self) -> int:
        """Number of submissions in trouble."""
        return sum(one.trouble is not None for one in self.submissions)

    @property
    def max_score(self) -> float:
        """The maximum score; 0 if nothing was graded."""
        return max((one.max_score for one in self.graded), default=0.0)

    @property
    def mean(self) -> float | None:
        """The mean score; None if nothing was graded."""
        return fmean(one.score for one in self.graded) if self.graded else None

    @property
    def median(self) -> float | None:
        """The median score; None if nothing was graded."""
        return median(one.score for one in self.graded) if self.graded else None

    @property
    def perfect(self) -> int:
        """Number of submissions with all points."""
        return sum(one.score >= one.max_score for one in self.graded)

    @property
    def mean_share(self) -> float:
        """The mean score as a share of all points; 0 if nothing was graded."""
        return fmean(one.share for one in self.graded) if self.graded else 0.0

    @property
    def median_seconds(self) -> float | None:
        """The median grading time in seconds; None if nothing was graded."""
        return median(one.seconds for one in self.graded) if self.graded else None

    def slowest(self, limit: int) -> list[Submission]:
        """The `limit` submissions that took longest to grade, slowest first."""
        return sorted(self.graded, key=lambda one: -one.seconds)[:limit]


def stage_statistics(stage: str, results: Iterable[SubmissionResult]) -> StageStatistics:
    """Compute the statistics of one stage.

    Parameters
    ----------
    stage : str
    results : iterable of SubmissionResult
        Iterated over once.
    """
    submissions: list[Submission] = []
    checks: dict[str, _CheckCount] = {}
    mistakes = MistakeCount()
    for result in results:
        one = _submission(result)
        submissions.append(one)
        for check in _telling_failures(result):
            mistakes.add(check)
        begun = one.trouble not in ("not graded", "untouched")
        for check in result.checks:
            rest = round(one.score - check.score, 6) if begun else None
            checks.setdefault(check.id, _CheckCount(check)).add(check, rest)
    return StageStatistics(
        stage,
        tuple(submissions),
        tuple(one.statistics() for one in checks.values()),
        mistakes.most_frequent(),
    )


def point_biserial(passed: Sequence[float], others: Sequence[float]) -> float | None:
    """Point-biserial correlation: that of a score with being in the first of two groups.

    Parameters
    ----------
    passed, others : sequence of float
        Scores in the two groups.

    Returns
    -------
    float or None
        From -1 to 1; None if a group is empty or all scores are equal.
    """
    n_passed, n_others = len(passed), len(others)
    if not n_passed or not n_others:
        return None
    scores = [*passed, *others]
    if min(scores) == max(scores):
        return None
    mean = fmean(scores)
    deviation = math.sqrt(fmean((one - mean) ** 2 for one in scores))
    balance = math.sqrt(n_passed * n_others) / len(scores)
    value = (fmean(passed) - fmean(others)) / deviation * balance
    return max(-1.0, min(1.0, value))


def _telling_failures(result: SubmissionResult) -> Iterable[CheckResult]:
    """For each task with a mistake of its own, the failed check whose cause is known best."""
    tasks = {check.task for check in result.checks}
    best: dict[str, tuple[int, CheckResult]] = {}
    for check in result.lost:
        if unreached(check):
            continue
        # An exception in one task's code also stops the tasks that call it.
        place = _PLACE.search(check.message)
        task = place[1] if place and place[1] in tasks else check.task
        rank = _rank(check)
        if task not in best or rank < best[task][0]:
            best[task] = rank, check
    own = [(rank, check) for rank, check in best.values() if rank != _FOLLOWS]
    return [check for _, check in own or best.values()]


_FOLLOWS = 2


def _rank(check: CheckResult) -> int:
    """Order in which failed checks tell of a mistake: those with a known cause first."""
    kind = cause_of(check).kind
    if kind == "known":
        return 0
    if kind == "follows":
        return _FOLLOWS
    if kind != "unknown" and check.points:
        return 1
    # Visible tests come first, have no points, and check everything at once.
    return 3 if check.points else 4


class _CheckCount:
    """A counter of the outcomes of one check."""

    def __init__(self, check: CheckResult) -> None:
        self._check = check
        self._counts: Counter[Literal["passed", "unreached", "failed"]] = Counter()
        self._mistakes = MistakeCount()
        # Scores in all other checks, of those that passed and of those that did not.
        self._rests = {True: array("d"), False: array("d")}

    def add(self, check: CheckResult, rest: float | None) -> None:
        if rest is not None:
            self._rests[check.status == "passed"].append(rest)
        if check.status == "passed":
            self._counts["passed"] += 1
        elif unreached(check):
            self._counts["unreached"] += 1
        else:
            self._counts["failed"] += 1
            self._mistakes.add(check)

    def statistics(self) -> CheckStatistics:
        check, counts = self._check, self._counts
        discrimination = self._discrimination()
        return CheckStatistics(
            check.id,
            check.task,
            check.description,
            check.points,
            counts.total(),
            counts["passed"],
            counts["unreached"],
            self._mistakes.most_frequent(),
            discrimination,
            self._concern(discrimination),
        )

    def _discrimination(self) -> float | None:
        passed, others = self._rests[True], self._rests[False]
        if len(passed) + len(others) < FEWEST_SUBMISSIONS:
            return None
        return point_biserial(passed, others)

    def _concern(self, discrimination: float | None) -> Concern | None:
        if discrimination is None or min(map(len, self._rests.values())) < FEWEST_EITHER:
            return None
        if discrimination <= -HARDLY:
            return "wrong way"
        return "hardly" if discrimination < HARDLY else None


def _submission(result: SubmissionResult) -> Submission:
    return Submission(
        result.student,
        result.score,
        result.max_score,
        result.seconds,
        _trouble(result),
        _reason(result),
        _time(result.handed_in_at),
    )


def _time(text: str | None) -> datetime | None:
    """A time of submission in UTC; None if it is unknown, or no time that calendars have."""
    try:
        time = datetime.fromisoformat(text or "")
        known = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return known if known.year in _YEARS else None


def _reason(result: SubmissionResult) -> str:
    """Reason why a submission could not be graded, without the path at its beginning."""
    error = result.reason
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
    """The first tasks of a stage, on which the later ones build."""
    known = list(dict.fromkeys(tasks))
    return known[: math.ceil(FIRST_TASKS * len(known))]


@dataclass(frozen=True)
class Bin:
    """A bin of a histogram.

    Attributes
    ----------
    low, high : float
        Limits. `high` belongs only to the last bin.
    count : int
    """

    low: float
    high: float
    count: int


def histogram(values: Iterable[float], most: float, bins: int = 10) -> list[Bin]:
    """Histogram of values between 0 and `most`, with bins of equal width.

    Parameters
    ----------
    values : iterable of float
    most : float
        Upper limit of the last bin.
    bins : int
        Number of bins.
    """
    if not most:
        return []
    counts = Counter(min(bins - 1, int(bins * value / most + 1e-9)) for value in values)
    return [Bin(most * one / bins, most * (one + 1) / bins, counts[one]) for one in range(bins)]


@dataclass(frozen=True)
class History:
    """A student's scores over the stages.

    Attributes
    ----------
    student : str
    scores : tuple of (float or None)
        Score in each stage; None if there is none.
    change : float
        Change of the last score relative to the class, compared with the earlier scores, as a
        share of all points; negative for a fall.
    """

    student: str
    scores: tuple[float | None, ...]
    change: float


def losing_ground(stages: Sequence[StageStatistics]) -> list[History]:
    """Students who lost ground with their last submission, largest loss first.

    Scores are compared with the class's mean in the same stage, so that a hard stage does not
    count as a fall of every student.
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
    """Students who stopped handing in, each with the last stage handed in.

    A stage counts as missed only if at least half of all students have handed it in; otherwise it
    may only have begun.
    """
    places = _places(stages, lambda one: True)
    sizes = Counter(at for one in places.values() for at in one)
    begun = max((at for at, size in sizes.items() if 2 * size >= len(places)), default=0)
    return {student: stages[max(one)].stage for student, one in places.items() if max(one) < begun}


def _places(
    stages: Sequence[StageStatistics], counts: Callable[[Submission], bool]
) -> dict[str, dict[int, Submission]]:
    """For each student the submissions that count, by the index of the stage."""
    places: dict[str, dict[int, Submission]] = {}
    for at, stage in enumerate(stages):
        for one in stage.submissions:
            if counts(one):
                places.setdefault(one.student, {})[at] = one
    return places
