"""What is to be said of a task after its test cell has run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nngrade.diagnosis.exceptions import place_of
from nngrade.diagnosis.plain_words import in_plain_words
from nngrade.diagnosis.relations import Names, Relation, changed_kind, names_of
from nngrade.live.clock import TooLong
from nngrade.live.comparing import (
    described,
    difference,
    example,
    form,
    pattern,
    unsteady,
)
from nngrade.live.evidence import Compared, Evidence, Failed
from nngrade.live.places import Place
from nngrade.live.reading import faint_fact, plain_fact
from nngrade.text import amount, one_line, short_numbers, with_article
from nngrade.worker.calls import StudentError

__all__ = ["State", "Verdict", "describe_error", "judge"]

State = Literal["passed", "failed", "undone", "waiting"]
LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class Verdict:
    """A verdict on a task.

    Attributes
    ----------
    task : str
    state : str
        ``passed``; ``failed``; ``undone``, where its own function is not written yet; ``waiting``,
        where another one has to be mended or written first.
    cases : int
        How many asserts ran.
    failed : int
        How many of them do not hold.
    message : str
        What the failing test says, or what stopped it.
    reason : str
        What is wrong, beyond the test's own words.
    kind : str
        The kind of reason, such as ``factor``, ``exception`` or ``culprit``.
    stops : str
        How it stops, where it does not come to its end.
    hint, example : str
        Where to look; the smallest call that goes wrong.
    culprit : str
        The task to turn to first, where it is another one.
    meanwhile : tuple of str
        Tasks that can be done without it.
    passing, tasks : int
        Of how many tasks of the notebook the visible tests pass.
    hidden : str
        What the hidden checks say, where they could be asked.
    """

    task: str
    state: State
    cases: int = 0
    failed: int = 0
    message: str = ""
    reason: str = ""
    kind: str = ""
    stops: str = ""
    hint: str = ""
    example: str = ""
    culprit: str = ""
    meanwhile: tuple[str, ...] = ()
    passing: int = 0
    tasks: int = 0
    hidden: str = ""

    @property
    def title(self) -> str:
        """One line that says how it stands."""
        if self.state == "passed":
            return f"✓ {self.task} passes its {amount(self.cases, 'test')}."
        if self.state == "undone":
            return f"○ {self.task} is not done yet."
        if self.state == "waiting":
            return f"○ {self.task} has to wait for {self.culprit}."
        if self.stops:
            return f"✗ {self.task} {self.stops}."
        if self.failed and self.cases > 1:
            verb = "fails" if self.failed == 1 else "fail"
            return f"✗ {self.task}: {self.failed} of {amount(self.cases, 'test')} {verb}."
        return f"✗ {self.task}: the test fails."

    @property
    def progress(self) -> str:
        """How many tasks pass, for the last line."""
        if not self.tasks:
            return ""
        end = "." if self.hidden else "; hidden checks decide the points."
        return f"The visible tests of {self.passing} of {amount(self.tasks, 'task')} pass{end}"


@dataclass(frozen=True)
class Circumstances:
    """What is known of the notebook when a test cell has run.

    Attributes
    ----------
    namespace : mapping
        The kernel's user namespace.
    places : sequence of Place
        Own lines that the exception went through.
    state_of : callable
        From a task's name to its verdict; None where nothing is known.
    called : sequence of str
        Other tasks whose functions the task calls.
    in_tests : sequence of str
        Other tasks whose functions the test cell uses.
    seconds : float
        How long the test cell could run.
    code : ast.FunctionDef or None
        The task's function as the student has written it.
    stub : callable or None
        The task's function as the notebook's file has it, for its description.
    is_project : bool
        Whether many designs are right, so that an argument may be left unused.
    in_test : bool
        Whether the exception was raised by the test cell's own code.
    """

    namespace: Mapping[str, Any] = field(default_factory=dict)
    places: Sequence[Place] = ()
    state_of: Callable[[str], Verdict | None] = lambda _task: None
    called: Sequence[str] = ()
    in_tests: Sequence[str] = ()
    seconds: float = 0.0
    code: ast.FunctionDef | None = None
    stub: Any = None
    is_project: bool = False
    in_test: bool = False


def judge(task: str, seen: Evidence, error: BaseException | None, known: Circumstances) -> Verdict:
    """Say what a run of a task's test cell means.

    Parameters
    ----------
    task : str
    seen : Evidence
    error : BaseException or None
        What the cell ended with.
    known : Circumstances
    """
    plain = Verdict(task, "failed", cases=seen.cases, failed=len(seen.failed))
    if error is None and not seen.failed:
        return replace(plain, state="passed")
    if isinstance(error, AssertionError) and not seen.failed and known.in_test:
        # An assert in a function that the test cell itself defines.
        seen.failed.append(Failed(str(error), "", seen.cases, error))
        plain = replace(plain, failed=1)
    if isinstance(error, NotImplementedError) and not seen.failed:
        return _undone(plain, known)
    if isinstance(error, TooLong) and not seen.failed:
        verdict = _endless(plain, known)
    elif seen.failed:
        verdict = _wrong(plain, seen, known)
    else:
        assert error is not None
        verdict = _stopped(plain, seen, error, known)
    return _culprit_first(verdict, known)


def _undone(plain: Verdict, known: Circumstances) -> Verdict:
    """Its own function is not written yet, or another one that it calls."""
    inner = next((place.task for place in reversed(known.places) if place.task), plain.task)
    if inner == plain.task:
        return replace(
            plain,
            state="undone",
            message="Write your code in the place of `raise NotImplementedError`, run that cell, "
            "then this one.",
        )
    return replace(
        plain,
        state="waiting",
        culprit=inner,
        kind="culprit",
        reason=f"{inner} is not done yet, and {_user(plain.task, inner, known)} it.",
    )


def _user(task: str, other: str, known: Circumstances) -> str:
    """Who uses another task: the task itself, or only its tests."""
    by_test = other in known.in_tests and other not in known.called
    return f"the test cell of {task} calls" if by_test else f"{task} calls"


def _culprit_first(verdict: Verdict, known: Circumstances) -> Verdict:
    """A task that calls another one which is wrong itself waits for that one."""
    for name in dict.fromkeys([*known.called, *known.in_tests]):
        other = known.state_of(name)
        if other is None or other.state == "passed":
            continue
        if other.state == "waiting" and other.culprit:
            name, other = other.culprit, known.state_of(other.culprit) or other
        if other.state == "undone":
            reason = f"{name} is not done yet, and {_user(verdict.task, name, known)} it."
            return replace(
                verdict, state="waiting", culprit=name, kind="culprit", reason=reason, hint="",
                example="", message="",
            )  # fmt: skip
        why = other.reason or other.message
        said = f" {_sentence(why)}" if why else ""
        return replace(
            verdict,
            state="waiting",
            culprit=name,
            kind="culprit",
            reason=f"{_user(verdict.task, name, known)} {name}, whose own tests fail.{said}",
            hint=other.hint,
            example=other.example,
        )
    return verdict


def _endless(plain: Verdict, known: Circumstances) -> Verdict:
    place = next((one for one in reversed(known.places) if one.task), None)
    where = _where(place) if place is not None else ""
    return replace(
        plain,
        stops=f"does not come to an end within {known.seconds:g} seconds",
        reason=f"{where} it was still at work." if place is not None else "",
        kind="endless",
        hint="Which loop is it in, and what should end it? Is that ever so? "
        "`nngrade.live.configure(seconds=60)` waits longer.",
    )


def _stopped(plain: Verdict, seen: Evidence, error: BaseException, known: Circumstances) -> Verdict:
    """An exception ended the test cell."""
    own = [place for place in known.places if place.task]
    mine = [place for place in own if place.task == plain.task]
    candidates = mine or own or known.places
    if not candidates or known.in_test:
        return _stopped_in_the_test(plain, seen, error)
    place = candidates[-1]
    sentence, hint = describe_error(error, place)
    inner = own[-1].task if own and own[-1].task != place.task else ""
    if inner:
        told = in_plain_words(type(error).__name__, str(error))
        sentence = (
            f"{_where(place)} {inner} is called with something that it cannot work with: in it, "
            f"{told[0] if told is not None else _of_error(error)}"
        )
    stops = f"stops with {with_article(type(error).__name__)}"
    return replace(plain, stops=stops, kind="exception", reason=sentence, hint=hint)


def _stopped_in_the_test(plain: Verdict, seen: Evidence, error: BaseException) -> Verdict:
    """The test itself cannot go on with what a function returned."""
    last = seen.calls[-1] if seen.calls else None
    if isinstance(error, NameError):
        name = getattr(error, "name", None) or ""
        return replace(
            plain,
            message=f"{name or 'A name'} is not there. Was the cell that sets it run?",
            kind="exception",
            reason=f"The test uses {name}, which nothing has set so far.",
            hint="Run the cells from the top: Run, Run All Above Selected Cell.",
        )
    said = _of_error(error)
    if last is None or not last.known:
        return replace(plain, message=f"The test stops: {said}")
    what = described(last.value)
    return replace(
        plain,
        message=f"The test cannot go on with what {last.name} returns: {said}",
        reason=f"{last.name} returns {what}.",
        kind="returned",
        hint="What does its description promise, after Returns?",
    )


def describe_error(error: BaseException, place: Place) -> tuple[str, str]:
    """An exception in plain words, with its place, and a hint."""
    kind, message = type(error).__name__, one_line(str(error), LONGEST_MESSAGE)
    where = _where(place)
    if isinstance(error, UnboundLocalError):
        pass
    elif isinstance(error, NameError) and getattr(error, "name", None):
        return (
            f"{where} {error.name} is used, which nothing has set.",
            "Is it spelled as where it is set? A function should get what it needs as arguments, "
            "or set it itself.",
        )
    told = in_plain_words(kind, message)
    if told is None:
        return f"{where} {_of_error(error)}", ""
    return f"{where} {told[0]} ({kind})", told[1]


def _where(place: Place) -> str:
    cell = place.cell
    return place_of(StudentError("", "", cell.label, place.line), [cell])


def _of_error(error: BaseException) -> str:
    message = one_line(str(error), LONGEST_MESSAGE)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _wrong(plain: Verdict, seen: Evidence, known: Circumstances) -> Verdict:
    """An assert does not hold: what it says, and what the comparisons show."""
    first = seen.failed[0]
    said = first.message or (f"This must hold: {first.statement}" if first.statement else "")
    verdict = replace(plain, message=short_numbers(one_line(said, LONGEST_MESSAGE)))
    names = _names(known.namespace.get(plain.task), known.stub)
    if plain.task in seen.changed:
        name, value = seen.changed[plain.task]
        kind, hint = changed_kind(value)
        other = f", or {known.called[0]}, which it calls," if known.called else ""
        return replace(
            verdict,
            reason=f"{plain.task}{other} changes {name}: {kind} of its caller's.",
            kind="mutated",
            hint=hint,
        )
    verdict = replace(verdict, example=example(plain.task, seen, names))
    wrong = [one for one in seen.compared if not one.holds]
    values = [one.value for one in seen.calls if one.name == plain.task]
    if values and all(one is None for one in values) and not _returns(known.code):
        return replace(
            verdict,
            reason=f"{plain.task} returns None.",
            kind="returned",
            hint="A function that ends without `return` returns None.",
        )
    relation = _why(plain.task, seen, wrong, names, known)
    if relation is None:
        return verdict
    return replace(verdict, reason=relation.sentence, kind=relation.kind, hint=relation.hint)


def _returns(function: ast.FunctionDef | None) -> bool:
    """Whether a function returns anything by its code."""
    return function is not None and any(
        isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function)
    )


def _why(
    task: str, seen: Evidence, wrong: Sequence[Compared], names: Names, known: Circumstances
) -> Relation | None:
    """The likeliest reason: what is certain comes first."""
    code = known.code
    return (
        form(task, wrong, names)
        or (plain_fact(code, known.namespace, known.is_project) if code is not None else None)
        or pattern(task, seen, names)
        or unsteady(task, seen)
        or difference(task, seen, names)
        or (faint_fact(code) if code is not None else None)
    )


def _names(function: Any, stub: Any) -> Names:
    """Names of arguments and results, from the course's description where the own one is gone."""
    try:
        names = names_of(function)
        if stub is None or names.returned:
            return names
        return replace(names, returned=names_of(stub).returned)
    except (TypeError, ValueError):
        return Names((), ())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
