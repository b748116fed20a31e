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
from nngrade.diagnosis.relations import find_relation, names_of
from nngrade.grading.budget import FixedBudget, LineBudget
from nngrade.grading.session import Session
from nngrade.grading.student import StudentFunction
from nngrade.grading.uses import Uses
from nngrade.results import CheckResult, Diagnosis
from nngrade.submissions.program import Program
from nngrade.text import presentable, short_numbers
from nngrade.worker.calls import CallOutcome, RecordedCall, StudentError
from nngrade.worker.host import WorkerFault
from nngrade.worker.magics import python_tree
from nngrade.worker.wire import NotPlainData

__all__ = ["diagnose"]

# Processor time of all calls of student functions for the diagnosis of one submission, and a limit
# on wall-clock time that is out of reach: what is said must not depend on how busy the machine is.
CPU_SECONDS, SECONDS = 1.0, 20.0
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
    lent : dict of str to callable
        Functions of the reference that stand for wrong ones of the program in the next calls.
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
    lent: dict[str, Callable[..., Any]] = field(default_factory=dict)
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
    return found


def _says_all(check: CheckResult) -> bool:
    return check.message.endswith("is not done yet") or "is not defined" in check.message[:80]


def _of_task(
    case: _Case, task: str, failed: Sequence[CheckResult]
) -> Iterator[tuple[str, Diagnosis]]:
    probes = _probes_of(case, task)
    case.lent = {}
    case.met_errors = any(check.status == "error" for check in failed)
    causes = sorted(case.uses.of(task) & case.wrong - {task})
    alone = _by_itself(case, task, probes, causes) if causes else None
    if alone is not None and _all_right(probes, alone):
        case.innocent.add(task)
        follows = _follows(task, [one for one in causes if one not in case.innocent] or causes)
        yield from ((check.id, follows) for check in failed)
        if (visible := f"{task}.{VISIBLE_TESTS}") in case.failing:
            yield visible, follows
        return
    if alone is not None:
        # It makes a mistake of its own, which shows best without those of the others.
        by_itself = replace(case, mistakes={}, wrong={task})
        yield from _explained(by_itself, task, failed, probes, alone)
        case.mistakes.update(by_itself.mistakes)
        return
    case.lent = {}
    seen = _outcomes(case, task, probes)
    if seen is not None:
        yield from _explained(case, task, failed, probes, seen)


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
    if not said and (shown := _shown_where(case, task, probes, seen)) is not None:
        yield failed[0].id, shown


def _of_the_same_code(case: _Case, task: str) -> Answer | None:
    """The known mistake that is written as the student's function is; None if there is none."""
    own = next((cell.source for cell in case.program.cells if cell.label == task), "")
    for mistake in case.stage.misconceptions:
        if mistake.task == task and is_same_code(own, mistake.source, task):
            return mistake
    return None


def _shown_where(
    case: _Case, task: str, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> Diagnosis | None:
    """Of an unknown mistake, the calls in which it shows, and an example."""
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

    contrast = find_contrast(task, names, probes, seen, again, is_telling)
    example = example_of(task, probes, seen, names)
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


def _probes_of(case: _Case, task: str) -> list[RecordedCall]:
    key = case.stage.lesson, task, case.secret
    if key not in _probes:
        _probes[key] = probes_of(case.stage, task, case.secret, case.data)
    return _probes[key]


class _Lender:
    """Functions of the reference for a student's function to call, for a limited time.

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
        self._ends_at = time.process_time() + LENT_SECONDS

    def _lent(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            self.is_exhausted |= time.process_time() > self._ends_at
            if self.is_exhausted:
                raise TimeoutError
            return function(*args, **kwargs)

        return called


def _by_itself(
    case: _Case, task: str, probes: Sequence[RecordedCall], others: Sequence[str]
) -> list[CallOutcome] | None:
    """Outcomes of a function where right ones stand for others that it uses.

    None if these cannot be lent to it, for example because they are given a generator.
    """
    lender = _Lender(case.stage.reference.namespace, others)
    case.lent = lender.functions
    seen = _outcomes(case, task, probes)
    refused = any(one.error and one.error.type == NotPlainData.__name__ for one in seen or ())
    return None if lender.is_exhausted or refused else seen


def _all_right(probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]) -> bool:
    return len(seen) == len(probes) and all(
        same_outcome(probe.expected, one) for probe, one in zip(probes, seen, strict=True)
    )


def _outcomes(case: _Case, task: str, probes: Sequence[RecordedCall]) -> list[CallOutcome] | None:
    """Outcomes of the student's function on the probes, perhaps not all of them.

    None if the worker ends, or a result cannot be compared.
    """
    outcomes: list[CallOutcome] = []
    n_errors = 0
    try:
        while len(outcomes) < len(probes) and n_errors < MOST_ERRORS:
            batch = _alike(probes[len(outcomes) :])
            first = batch[0]
            function = StudentFunction(task, case.session, first.through, case.lent)
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
    except WorkerFault:
        return None
    return outcomes


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
    try:
        used = {
            node.id
            for source in cells
            for node in ast.walk(python_tree(source))
            if isinstance(node, ast.Name)
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        used = set()
    return bool(used & (case.wrong - {task} - set(case.mistakes)))


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
        return _follows(task, list(case.mistakes))
    known = [_with(case.mistakes, task, one.source) for one in mistakes]
    matches = suspects_that_match(case.stage, task, known, probes, seen, case.budget)
    n_telling = _telling(probes, seen)
    if partly and n_telling < FEWEST_WRONG:
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
    pairs = list(merged_pairs(task, _reference(case.stage, task), mistakes))
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
    causes = " and ".join(others)
    return Diagnosis(
        None,
        "follows",
        f"{task} does what it should; it goes wrong because of {causes}.",
        f"Mend {causes} first.",
        "certain",
    )
