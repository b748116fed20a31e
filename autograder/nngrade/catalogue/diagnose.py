"""Diagnose the failed checks of a task: the most specific cause, and only if it is certain enough.

The diagnosis runs after all checks, so that no grade depends on it. The student's function is
called with the probes. Its outcomes are compared with the catalogue (`behaviour`), then with the
expected outcomes (`diagnosis.relations`). An exception is explained in plain words
(`diagnosis.exceptions`).
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Any

import numpy as np

from nngrade.catalogue.behaviour import (
    FILE,
    MOST_LINES,
    Suspect,
    is_same_code,
    likeness,
    merged_pairs,
    outcomes_of,
    suspects_that_match,
)
from nngrade.catalogue.probes import MOST_LINES as MOST_PROBE_LINES
from nngrade.catalogue.probes import probes_of
from nngrade.course.answers import Answer
from nngrade.course.checks import VISIBLE_TESTS
from nngrade.course.data import Data
from nngrade.course.lesson import Lesson
from nngrade.course.stages import Stage
from nngrade.diagnosis.contrasts import example_of, find_contrast
from nngrade.diagnosis.exceptions import explain
from nngrade.diagnosis.outcomes import same_outcome, same_value
from nngrade.diagnosis.relations import find_relation, is_plain, names_of
from nngrade.grading.budget import FixedBudget, LineBudget
from nngrade.grading.session import Session
from nngrade.grading.student import StudentFunction
from nngrade.grading.uses import Uses
from nngrade.results import CheckResult, Diagnosis
from nngrade.submissions.program import Program
from nngrade.text import listed, presentable, short_numbers
from nngrade.worker.calls import CallOutcome, RecordedCall, StudentError
from nngrade.worker.host import WorkerFault
from nngrade.worker.magics import python_tree
from nngrade.worker.wire import NotPlainData, holds_function

__all__ = ["diagnose"]

# Processor time of all calls of student functions for the diagnosis of one submission, and a limit
# on wall-clock time that is out of reach: what is said must not depend on how busy the machine is.
CPU_SECONDS, SECONDS = 0.35, 20.0
# Processor time of a student's function after which no more of a task's probes are tried; of
# functions that are lent to it, too.
ENOUGH_SECONDS = 0.08
# Number of probes that are tried in any case, and must be right at least, if there are as many.
ENOUGH_PROBES = 12
# Number of probes in the first request; each further one may hold twice as many, unless functions
# are lent: then each probe may take many calls back, and time is looked at after each request.
FIRST_PROBES = ENOUGH_PROBES
# Number of probes of a check that are tried in a row where functions are lent.
LENT_IN_A_ROW = 3
# Minimum similarity of two functions that count as alike, and minimum lead over the second most
# similar one, both from 0 to 1.
ALIKE, APART = 0.85, 0.03
# Kinds of relation that an additional mistake may add to a known one.
SIMPLE = frozenset({"sign", "factor", "transpose", "dtype"})
# Kinds that say enough by themselves: what is right, or nearly so, is also related to known
# mistakes, as the transpose of one that transposes, say.
SELF_EVIDENT = SIMPLE | {"mutated", "nearly", "rounded", "cut_off"}
# Processor time that reference functions may take for a student's function that calls them.
LENT_SECONDS = 0.15
# Number of wrong probes on which a relation to a known mistake is looked for first.
FIRST_WRONG = 5
# Number of wrong probes of which it is asked whether right answers may differ there.
FIRST_FREE = 3
# Minimum number of wrong probes of a single check for naming a mistake.
FEWEST_WRONG = 3
# Number of calls with an exception after which no more probes are tried.
MOST_ERRORS = 8

_probes: dict[tuple[Lesson, str, bytes], list[RecordedCall]] = {}


@dataclass
class _Case:
    """A submission under diagnosis.

    Attributes
    ----------
    stage : Stage
        Stage of the submission.
    program : Program
        The submitted program.
    session : Session
        Session in which the program runs.
    secret : bytes
        The course's secret.
    data : Data
        Image data of the run.
    wrong : set of str
        Names of the tasks that lost points.
    mistakes : dict of str to str
        Sources of the mistakes recognised so far, by task; later tasks may depend on them.
    lender : _Lender or None
        Lends functions of the reference, which stand for wrong ones of the program in the next
        calls.
    innocent : set of str
        Wrong tasks that are wrong only because of others.
    failing : set of str
        Ids of the checks that failed, also of those without points.
    met_errors : bool
        Whether a check of the task met an exception.
    budget : LineBudget
        Lines that the catalogue's code may run.
    """

    stage: Stage
    program: Program
    session: Session
    secret: bytes
    data: Data
    wrong: set[str]
    mistakes: dict[str, str] = field(default_factory=dict)
    lender: _Lender | None = None
    innocent: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    met_errors: bool = False
    budget: LineBudget = field(default_factory=lambda: LineBudget(MOST_LINES, FILE))

    @cached_property
    def uses(self) -> Uses:
        """Which functions of the program use which others."""
        return Uses(self.program)


def diagnose(
    stage: Stage,
    program: Program,
    session: Session,
    checks: Sequence[CheckResult],
    secret: bytes,
    data: Data,
) -> dict[str, Diagnosis]:
    """Diagnose the failed checks of a submission.

    Parameters
    ----------
    stage : Stage
        Stage of the submission.
    program : Program
        The submitted program.
    session : Session
        Session in which the program runs; grading must be finished.
    checks : sequence of CheckResult
        Results of all checks.
    secret : bytes
        The course's secret.
    data : Data
        Image data of the run.

    Returns
    -------
    dict of str to Diagnosis
        Diagnoses by the id of the check, for the checks with a known cause.
    """
    lost = [check for check in checks if check.points and check.status in {"failed", "error"}]
    case = _Case(stage, program, session, secret, data, {check.task for check in lost})
    case.failing = {check.id for check in checks if check.status in {"failed", "error"}}
    session.begin(SECONDS, FixedBudget(CPU_SECONDS))
    found: dict[str, Diagnosis] = {}
    for task in (one.name for one in stage.lesson.tasks):
        failed = [check for check in lost if check.task == task]
        # A task that is not attempted, or not defined, needs no explanation.
        if failed and task in program.attempted and not _says_all(failed[0]):
            found.update(_of_task(case, task, failed))
    found.update(_of_visible_tests(case, checks))
    return found


def _of_visible_tests(
    case: _Case, checks: Sequence[CheckResult]
) -> Iterator[tuple[str, Diagnosis]]:
    """Of visible tests that fail although nothing else of their task does: who else they call."""
    for task in case.stage.lesson.tasks:
        own = [check for check in checks if check.task == task.name]
        hidden = [check for check in own if check.points]
        visible = f"{task.name}.{VISIBLE_TESTS}"
        if visible in case.failing and hidden and all(one.status == "passed" for one in hidden):
            called = {task.name} | _names_in(task.tests.source)
            used = set().union(*(case.uses.of(name) for name in called))
            if causes := _culprits(case, used - {task.name}):
                sentence = (
                    f"All else that is asked of {task.name} is right; its visible tests also call "
                    f"{listed(causes, 'and')}, which {_goes(causes)} wrong."
                )
                hint = f"Mend {listed(causes, 'and')} first."
                yield visible, Diagnosis(None, "follows", sentence, hint, "likely")


def _culprits(case: _Case, used: set[str] | frozenset[str]) -> list[str]:
    """Of the functions that are used, those that are wrong, and not because of others only."""
    causes = [one.name for one in case.stage.lesson.tasks if one.name in used & case.wrong]
    return [one for one in causes if one not in case.innocent] or causes


def _says_all(check: CheckResult) -> bool:
    return check.message.endswith("is not done yet") or "is not defined" in check.message[:80]


def _of_task(
    case: _Case, task: str, failed: Sequence[CheckResult]
) -> Iterator[tuple[str, Diagnosis]]:
    probes = _probes_of(case, task)
    case.lender = None
    case.met_errors = any(check.status == "error" for check in failed)
    causes = _culprits(case, case.uses.of(task) - {task})
    alone = _by_itself(case, task, probes, causes) if causes else None
    if alone is not None:
        tried, seen_alone = alone
        if len(tried) >= min(len(probes), ENOUGH_PROBES) and _all_right(tried, seen_alone):
            yield from _innocent(case, task, failed, tried, causes)
            return
        # It makes a mistake of its own, which shows best without those of the others.
        by_itself = replace(case, mistakes={}, wrong={task})
        own = dict(_explained(by_itself, task, failed, tried, seen_alone))
        case.mistakes.update(by_itself.mistakes)
        if own:
            yield from own.items()
        elif _is_surely_wrong(case, task, tried, seen_alone):
            yield failed[0].id, _of_its_own(task, causes)
        else:
            yield from _may_follow_all(task, causes, failed)
        return
    case.lender = None
    seen = _outcomes(case, task, probes)
    own = dict(_explained(case, task, failed, probes, seen)) if seen is not None else {}
    yield from own.items()
    if (visible := f"{task}.{VISIBLE_TESTS}") in case.failing:
        for why in own.values():
            if why.relation == "follows":
                yield visible, why
    if causes and not own:
        yield from _may_follow_all(task, causes, failed)


def _innocent(
    case: _Case,
    task: str,
    failed: Sequence[CheckResult],
    probes: Sequence[RecordedCall],
    causes: Sequence[str],
) -> Iterator[tuple[str, Diagnosis]]:
    """Diagnoses of a function that is right with right functions in the place of others.

    That is certain of what the probes try. Other checks, and exceptions that no probe meets, may
    show a mistake of its own.
    """
    tried = {probe.check for probe in probes}
    if tried:
        case.innocent.add(task)
    follows = _follows(task, causes)
    for check in failed:
        name = check.id.partition(".")[2]
        own = [probe for probe in probes if probe.check == name]
        met = name in tried and (check.status != "error" or _meets_errors(case, task, own))
        if met:
            yield check.id, follows
        else:
            yield from _may_follow_all(task, causes, [check])
    if (visible := f"{task}.{VISIBLE_TESTS}") in case.failing:
        yield visible, follows if tried else _may_follow(task, causes)


def _meets_errors(case: _Case, task: str, probes: Sequence[RecordedCall]) -> bool:
    """Whether the function raises an exception in a probe without the functions lent to it."""
    seen = _outcomes(replace(case, lender=None), task, probes)
    return any(one.error is not None for one in seen or ())


def _explained(
    case: _Case,
    task: str,
    failed: Sequence[CheckResult],
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
) -> Iterator[tuple[str, Diagnosis]]:
    if (twin := _of_the_same_code(case, task)) is not None:
        case.mistakes[task] = twin.source
        yield failed[0].id, _named(twin, "certain")
        return
    probes = probes[: len(seen)]
    whole = _explain(case, task, probes, seen)
    if whole is not None:
        # Reported once: it is one mistake, however many checks fail.
        yield failed[0].id, whole
        return
    said: set[Diagnosis] = set()
    for check in failed:
        # Two mistakes may affect different checks.
        own = [i for i, probe in enumerate(probes) if probe.check == check.id.partition(".")[2]]
        part = _explain(case, task, [probes[i] for i in own], [seen[i] for i in own], True)
        if part is not None and part not in said:
            said.add(part)
            yield check.id, part
    if not said and (shown := _shown_where(case, failed[0], probes, seen)) is not None:
        yield failed[0].id, shown


def _of_the_same_code(case: _Case, task: str) -> Answer | None:
    """The known mistake that is written as the student's function is; None if there is none."""
    own = next((cell.source for cell in case.program.cells if cell.label == task), "")
    for mistake in case.stage.misconceptions:
        if mistake.task == task and is_same_code(own, mistake.source, task):
            return mistake
    return None


def _shown_where(
    case: _Case, check: CheckResult, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> Diagnosis | None:
    """Of an unknown mistake, the calls in which it shows, and an example: the check's, if any."""
    task = check.task
    if _leans_on_unknown(case, task) or _all_right(probes, seen):
        return None
    if any(
        one.error is None
        and same_value(probe.expected.value, one.value)
        and not same_value(probe.expected.after, one.after)
        for probe, one in zip(probes, seen, strict=True)
    ):
        return None  # an argument is changed, and the check says so
    names = names_of(case.stage.reference.namespace[task])

    def again(probe: RecordedCall) -> tuple[RecordedCall, CallOutcome] | None:
        expected = _expected(case, task, probe)
        if expected is None:
            return None
        seen = _outcomes(case, task, [expected])
        return (expected, seen[0]) if seen else None

    def is_telling(before: Sequence[RecordedCall], after: Sequence[RecordedCall]) -> bool:
        return _still_tell(case, task, before, after)

    may_differ = _may_differ(case, task, probes, seen)

    def may_be_shown(probe: RecordedCall) -> bool:
        return not may_differ and not _is_free(case, task, probe)

    contrast = None
    if not may_differ:
        contrast = find_contrast(task, names, probes, seen, again, is_telling)
    example = ""
    pairs = list(zip(probes, seen, strict=True))
    own = [both for both in pairs if both[0].check == check.id.partition(".")[2]]
    for some in (own, pairs):
        calls, outcomes = [one for one, _ in some], [one for _, one in some]
        example = example or example_of(task, calls, outcomes, names, may_be_shown)
    if contrast is not None:
        sentence = f"{contrast.sentence} For example, {example}" if example else contrast.sentence
        sentence = short_numbers(presentable(sentence, 500))
        return Diagnosis(None, contrast.kind, sentence, contrast.hint, "likely")
    if example:
        sentence = short_numbers(presentable(f"For example, {example}", 500))
        return Diagnosis(None, "example", sentence, "", "certain")
    return None


def _still_tell(
    case: _Case, task: str, before: Sequence[RecordedCall], after: Sequence[RecordedCall]
) -> bool:
    """Whether at least half of the known mistakes that some calls show, others show as well."""
    shown = still_shown = 0
    for mistake in case.stage.misconceptions:
        if mistake.task == task:
            suspect = {task: mistake.source}
            if _shows(case, task, suspect, before):
                shown += 1
                still_shown += _shows(case, task, suspect, after)
    return case.budget.left >= 0 and shown >= 2 and 2 * still_shown >= shown


def _shows(case: _Case, task: str, suspect: Suspect, calls: Sequence[RecordedCall]) -> bool:
    outcomes = outcomes_of(case.stage, task, suspect, calls, case.budget)
    return any(
        not same_outcome(call.expected, one) for call, one in zip(calls, outcomes, strict=False)
    )


def _expected(case: _Case, task: str, probe: RecordedCall) -> RecordedCall | None:
    """A call with the outcome that it has with the reference; None if it may not be made so."""
    budget = LineBudget(MOST_PROBE_LINES, str(case.stage.lesson.path))
    (outcome,) = outcomes_of(case.stage, task, {}, [probe], budget)
    if budget.left < 0 or outcome.error is not None:
        return None
    return replace(probe, expected=outcome)


def _may_differ(
    case: _Case, task: str, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> bool:
    """Whether results may differ from the reference's without being wrong.

    That is so where right answers differ in the first calls that look wrong, unless the function
    agrees with the reference in other calls where right answers differ.
    """
    wrong: list[RecordedCall] = []
    right: list[RecordedCall] = []
    for probe, one in zip(probes, seen, strict=False):
        if is_plain(probe):
            (right if same_outcome(probe.expected, one) else wrong).append(probe)
    free = [
        any(_is_free(case, task, probe, numbers_only=True) for probe in some[:FIRST_FREE])
        for some in (wrong, right)
    ]
    return free[0] and not free[1]


def _is_free(case: _Case, task: str, probe: RecordedCall, numbers_only: bool = False) -> bool:
    """Whether right answers may differ in a call, as those of the course do.

    What differs from the reference then is no mistake.

    Parameters
    ----------
    numbers_only : bool
        Whether it does not matter in what the numbers come: an alternative may hand back more keys
        in a dictionary, say.
    """
    same = _same_numbers_at_all if numbers_only else _same_but_for_kind
    budget = LineBudget(MOST_LINES, FILE)
    for answer in case.stage.alternatives:
        if answer.task == task and probe.expected.error is None:
            suspect = {task: answer.source}
            (outcome,) = outcomes_of(case.stage, task, suspect, [probe], budget)
            if budget.left < 0:
                return True  # not known
            if outcome.error is None and not same(probe.expected.value, outcome.value):
                return True
    return False


def _same_but_for_kind(one: Any, other: Any) -> bool:
    return same_value(one, other, _about_equal)


def _same_numbers_at_all(one: Any, other: Any) -> bool:
    """Whether all is equal that two results both have."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_same_numbers_at_all(one[key], other[key]) for key in one.keys() & other.keys())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return all(map(_same_numbers_at_all, one, other))
    numbers = (np.ndarray, np.generic, int, float)
    if not isinstance(one, numbers) or not isinstance(other, numbers):
        return True
    return same_value(one, other, _about_equal)


def _about_equal(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    if one.shape != other.shape or one.dtype.kind not in "biufc" or other.dtype.kind not in "biufc":
        return False
    scale = float(np.max(np.abs(one[np.isfinite(one)]), initial=0.0))
    return bool(np.allclose(one, other, rtol=0, atol=1e-6 * scale + 1e-9, equal_nan=True))


def _probes_of(case: _Case, task: str) -> list[RecordedCall]:
    key = case.stage.lesson, task, case.secret
    if key not in _probes:
        _probes[key] = probes_of(case.stage, task, case.secret, case.data)
    return _probes[key]


class _Lender:
    """Functions of the reference for a student's function to call, for a limited time.

    The time runs while the student's function is called, from `begin` to `end`.

    Parameters
    ----------
    namespace : dict
        The reference's.
    names : sequence of str
        Names of the functions.
    """

    def __init__(self, namespace: dict[str, Any], names: Sequence[str]) -> None:
        self.functions = {name: self._lent(namespace[name]) for name in names}
        self.is_exhausted = False
        self._left, self._begun = LENT_SECONDS, 0.0

    def begin(self) -> None:
        """Let the time run: that of this thread, whatever else the process does."""
        self._begun = time.thread_time()

    def end(self) -> None:
        """Stop the time."""
        self._left -= self.used_seconds

    @property
    def used_seconds(self) -> float:
        """Processor time of this thread since `begin`."""
        return time.thread_time() - self._begun

    def _lent(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            self.is_exhausted |= self.used_seconds > self._left
            if self.is_exhausted:
                raise TimeoutError
            return function(*args, **kwargs)

        return called


def _by_itself(
    case: _Case, task: str, probes: Sequence[RecordedCall], others: Sequence[str]
) -> tuple[list[RecordedCall], list[CallOutcome]] | None:
    """Outcomes of a function where right ones stand for others that it uses, and their probes.

    None if these cannot be lent to it, for example because they are given a generator.
    """
    case.lender = _Lender(case.stage.reference.namespace, others)
    order = _in_turn(probes)
    seen = _outcomes(case, task, [probes[number] for number in order])
    if seen is None or any(one.error and one.error.type == NotPlainData.__name__ for one in seen):
        return None
    outcomes = dict(zip(order, seen, strict=False))
    tried = sorted(outcomes)
    return [probes[number] for number in tried], [outcomes[number] for number in tried]


def _in_turn(probes: Sequence[RecordedCall]) -> list[int]:
    """Indices of the probes, a few of each check in turn, so that the first are of all checks."""
    of_check: dict[str, list[int]] = {}
    for number, probe in enumerate(probes):
        of_check.setdefault(probe.check, []).append(number)
    turns = [
        (at // LENT_IN_A_ROW, rank, number)
        for rank, numbers in enumerate(of_check.values())
        for at, number in enumerate(numbers)
    ]
    return [number for _, _, number in sorted(turns)]


def _all_right(probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]) -> bool:
    """Whether all that was seen is right, and it was enough to see: of slow functions, less."""
    return len(seen) >= min(len(probes), ENOUGH_PROBES) and all(
        same_outcome(probe.expected, one) for probe, one in zip(probes, seen, strict=False)
    )


def _outcomes(case: _Case, task: str, probes: Sequence[RecordedCall]) -> list[CallOutcome] | None:
    """Outcomes of the student's function on the probes, perhaps not all of them.

    None if the worker ends at once, a result cannot be compared, or the time for functions that
    are lent is used up too early: whatever they raise then is no outcome of the student's function.
    """
    outcomes: list[CallOutcome] = []
    n_errors = 0
    most = FIRST_PROBES
    before = case.session.used_seconds
    lender = case.lender
    if lender is not None:
        lender.begin()
    try:
        while len(outcomes) < len(probes) and n_errors < MOST_ERRORS:
            used = case.session.used_seconds - before + (lender.used_seconds if lender else 0.0)
            slow = used > ENOUGH_SECONDS
            if slow and len(outcomes) >= ENOUGH_PROBES:
                break
            batch = _alike(probes[len(outcomes) : len(outcomes) + most])
            if lender is None:
                most *= 2
            n_before = len(outcomes)
            first = batch[0]
            function = StudentFunction(
                task, case.session, first.through, lender.functions if lender else {}
            )
            try:
                calls = [probe.args for probe in batch]
                with np.errstate(**first.float_errors):
                    observed = function.observe_each(calls, **first.kwargs)
                    outcomes += (CallOutcome(value, after) for value, after in observed)
            except StudentError as error:
                outcomes.append(CallOutcome(error=error))
                n_errors += 1
            except WorkerFault:
                raise
            except Exception:
                return None  # the result cannot be compared
            if lender is not None and lender.is_exhausted:
                del outcomes[n_before:]
                break
    except WorkerFault:
        if not outcomes:
            return None  # what was seen before is seen all the same
    finally:
        if lender is not None:
            lender.end()
    is_enough = len(outcomes) >= min(len(probes), ENOUGH_PROBES)
    return None if lender is not None and lender.is_exhausted and not is_enough else outcomes


def _alike(probes: Sequence[RecordedCall]) -> list[RecordedCall]:
    """The leading probes that can be sent in one request: all but their arguments is the same."""

    def manner(probe: RecordedCall) -> tuple[object, str]:
        driver = probe.through.function if probe.through is not None else None
        return driver, f"{probe.kwargs} {probe.float_errors}"

    return list(takewhile(lambda probe: manner(probe) == manner(probes[0]), probes))


def _explain(
    case: _Case,
    task: str,
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    partly: bool = False,
) -> Diagnosis | None:
    if _all_right(probes, seen):
        return None
    if _leans_on_unknown(case, task):
        return None
    behaviour = _by_behaviour(case, task, probes, seen, partly)
    if behaviour is not None:
        return behaviour
    if not partly and (changing := _changes_its_mind(case, task, probes, seen)):
        return changing
    errors = [one.error for one in seen if one.error is not None]
    # Where no check met one, it comes of the probes: the state of an optimiser, say, which the
    # reference made, and which the student's function keeps in another form.
    if errors and not partly and case.met_errors:
        explained = explain(errors[0], case.program.cells)
        if explained is not None:
            sentence, hint = (presentable(text, 500) for text in explained)
            kind = "mutated" if "read-only" in errors[0].message else "error"
            return Diagnosis(None, kind, sentence, hint, "certain")
    names = names_of(case.stage.reference.namespace[task])
    relation = None if partly else find_relation(task, names, probes, seen)
    if relation is None:
        return None
    # Other relations do not hold by chance for what is right in another way.
    if relation.kind == "part" and _may_differ(case, task, probes, seen):
        return None
    return Diagnosis(None, relation.kind, relation.sentence, relation.hint, "likely")


def _changes_its_mind(
    case: _Case, task: str, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> Diagnosis | None:
    """Diagnosis of a function whose result changes when a call is repeated; None otherwise."""
    wrong = [
        (probe, one)
        for probe, one in zip(probes, seen, strict=True)
        if not same_outcome(probe.expected, one)
    ][:3]
    again = _outcomes(case, task, [probe for probe, _ in wrong])
    if again is None or all(
        same_outcome(before, after) for (_, before), after in zip(wrong, again, strict=False)
    ):
        return None
    random = any(isinstance(one, np.random.Generator) for probe, _ in wrong for one in probe.args)
    if random:
        sentence = f"With the same generator, {task} comes to another result each time."
        hint = "Every random number must be drawn from the generator that you are given."
    else:
        sentence = f"Called a second time with the same arguments, {task} comes to another result."
        hint = "What does it keep from one call to the next: a global, a default argument, a list?"
    return Diagnosis(None, "state", sentence, hint, "certain")


def _leans_on_unknown(case: _Case, task: str) -> bool:
    """Whether the function uses another task's function whose mistake is unknown."""
    cells = [cell.source for cell in case.program.cells if cell.label == task]
    used = set().union(*map(_names_in, cells))
    return bool(used & (case.wrong - {task} - set(case.mistakes)))


def _names_in(source: str) -> set[str]:
    try:
        tree = python_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _by_behaviour(
    case: _Case,
    task: str,
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    partly: bool,
) -> Diagnosis | None:
    mistakes = [one for one in case.stage.misconceptions if one.task == task]
    # Is the function right, and wrong only because of the functions that it calls?
    suspects = [case.mistakes] if case.mistakes and not partly else []
    if suspects_that_match(case.stage, task, suspects, probes, seen, case.budget):
        return _follows(task, _culprits(case, case.uses.of(task) - {task}) or list(case.mistakes))
    known = [_with(case.mistakes, task, one.source) for one in mistakes]
    matches = suspects_that_match(case.stage, task, known, probes, seen, case.budget)
    n_telling = _telling(probes, seen)
    if partly and _telling(*_distinct(probes, seen)) < FEWEST_WRONG:
        return None
    if matches:
        fitting = [mistakes[number] for number in matches]
        # Equal exceptions alone are weak evidence: many mistakes raise the same one.
        alone = len(fitting) == 1 and n_telling > 0
        answer = fitting[0] if alone else _most_alike(case, task, fitting)
        if not partly:
            case.mistakes[task] = fitting[0].source
        if answer is not None:
            return _named(answer, "certain" if alone and not partly else "likely")
        if n_telling:
            return None  # ambiguous
    if partly or not n_telling:
        return None
    names = names_of(case.stage.reference.namespace[task])
    simple = find_relation(task, names, probes, seen)
    if simple is not None and simple.kind in SELF_EVIDENT:
        return None  # the simpler explanation
    if (answer := _with_a_relation(case, task, probes, seen, mistakes)) is not None:
        return _named(answer, "likely")
    pairs = merged_pairs(task, _reference(case.stage, task), tuple(mistakes))
    both = [_with(case.mistakes, task, source) for _, _, source in pairs]
    matches = suspects_that_match(case.stage, task, both, probes, seen, case.budget)
    firsts = {pairs[i][0].name for i in matches}
    seconds = {pairs[i][1].name for i in matches}
    if not matches or (len(firsts) > 1 and len(seconds) > 1):
        return None
    first, second, source = pairs[matches[0]]
    case.mistakes[task] = source
    return _named(first if len(firsts) == 1 else second, "likely")


def _telling(probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]) -> int:
    """Number of probes with a wrong outcome other than an exception."""
    return sum(
        one.error is None and not same_outcome(probe.expected, one)
        for probe, one in zip(probes, seen, strict=True)
    )


def _distinct(
    probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> tuple[list[RecordedCall], list[CallOutcome]]:
    """The calls without those that were made before: a generator apart, with equal arguments."""
    found: list[tuple[RecordedCall, CallOutcome]] = []
    plain: list[list[Any]] = []
    for probe, one in zip(probes, seen, strict=True):
        args = [None if _is_no_data(value) else value for value in probe.args]
        if not any(same_value(args, other) for other in plain):
            found.append((probe, one))
            plain.append(args)
    return [probe for probe, _ in found], [one for _, one in found]


def _is_no_data(value: Any) -> bool:
    return isinstance(value, np.random.Generator) or holds_function(value)


def _with_a_relation(
    case: _Case,
    task: str,
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    mistakes: Sequence[Answer],
) -> Answer | None:
    """The only mistake whose results are related to the student's by a simple relation; or None."""
    names = names_of(case.stage.reference.namespace[task])
    wrong = [
        number
        for number, (probe, one) in enumerate(zip(probes, seen, strict=True))
        if not same_outcome(probe.expected, one)
    ]
    fitting = []
    for answer in mistakes:
        suspect = _with(case.mistakes, task, answer.source)
        # Most are unlike it already in the first calls.
        for some in (wrong[:FIRST_WRONG], range(len(probes))):
            calls = [probes[number] for number in some]
            done = list(outcomes_of(case.stage, task, suspect, calls, case.budget))
            if len(done) < len(calls):
                break
            as_expected = [
                replace(call, expected=one) for call, one in zip(calls, done, strict=True)
            ]
            relation = find_relation(task, names, as_expected, [seen[number] for number in some])
            if relation is None or relation.kind not in SIMPLE or not relation.constant:
                break
        else:
            fitting.append(answer)
    return fitting[0] if len(fitting) == 1 and case.budget.left >= 0 else None


def _most_alike(case: _Case, task: str, fitting: Sequence[Answer]) -> Answer | None:
    """Of equivalent mistakes, the one whose source is most like the student's; None if unclear."""
    own = next((cell.source for cell in case.program.cells if cell.label == task), "")
    ranked = sorted(((likeness(own, one.source), one.name, one) for one in fitting), reverse=True)
    best, _, answer = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return answer if best >= ALIKE and best - second >= APART else None


def _with(mistakes: Mapping[str, str], task: str, source: str) -> Suspect:
    return {**mistakes, task: source}


def _reference(stage: Stage, task: str) -> str:
    return next(one.solution.source for one in stage.lesson.tasks if one.name == task)


def _named(answer: Answer, confidence: str) -> Diagnosis:
    return Diagnosis(answer.name, None, answer.description, answer.hint, confidence)


def _follows(task: str, others: Sequence[str]) -> Diagnosis:
    causes = listed(others, "and")
    return Diagnosis(
        None,
        "follows",
        f"{task} does what it should; it goes wrong because of {causes}.",
        f"Mend {causes} first.",
        "certain",
    )


def _may_follow(task: str, others: Sequence[str]) -> Diagnosis:
    """What can be said of a failed check where others are wrong that the function uses."""
    causes = listed(others, "and")
    return Diagnosis(
        None,
        "may_follow",
        f"{task} uses {causes}, which {_goes(others)} wrong, too: that may be the reason.",
        f"Mend {causes} first, and look again.",
        "likely",
    )


def _is_surely_wrong(
    case: _Case, task: str, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> bool:
    """Whether a result is wrong that is the same for all right answers."""
    return not _may_differ(case, task, probes, seen) and any(
        is_plain(probe) and not same_outcome(probe.expected, one)
        for probe, one in zip(probes, seen, strict=False)
    )


def _of_its_own(task: str, others: Sequence[str]) -> Diagnosis:
    causes = listed(others, "and")
    return Diagnosis(
        None,
        "own",
        f"{task} makes a mistake of its own, too: it goes wrong even with right functions in the "
        f"place of {causes}.",
        "",
        "certain",
    )


def _may_follow_all(
    task: str, others: Sequence[str], failed: Sequence[CheckResult]
) -> Iterator[tuple[str, Diagnosis]]:
    for check in failed:
        # An exception in a line of its own is explained where it happened.
        own = check.status == "error" and check.message.startswith(f"In your cell {task},")
        if not own or "is called, and stops in" in check.message:
            yield check.id, _may_follow(task, others)


def _goes(names: Sequence[str]) -> str:
    return "goes" if len(names) == 1 else "go"
