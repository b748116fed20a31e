"""What is to be said of a task after its test cell has run."""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from nngrade.diagnosis.contrasts import find_difference
from nngrade.diagnosis.exceptions import place_of
from nngrade.diagnosis.outcomes import same_value
from nngrade.diagnosis.plain_words import in_plain_words
from nngrade.diagnosis.relations import Names, Relation, names_of, relation_between
from nngrade.live.clock import TooLong
from nngrade.live.evidence import Called, Compared, Evidence, Failed
from nngrade.live.places import Place
from nngrade.live.reading import faint_fact, plain_fact
from nngrade.text import amount, one_line, short_numbers
from nngrade.worker.calls import Call, CallOutcome, RecordedCall, StudentError

__all__ = ["State", "Verdict", "describe_error", "judge"]

State = Literal["passed", "failed", "undone", "waiting"]
LONGEST_EXAMPLE = 200
LONGEST_MESSAGE = 500
# What is a little off is so by this share.
NEARLY = 1e-3
MOST_PAIRS = 60


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
        return (
            f"The visible tests of {self.passing} of {amount(self.tasks, 'task')} pass; hidden "
            "checks decide the points."
        )


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
    seconds : float
        How long the test cell could run.
    code : ast.FunctionDef or None
        The task's function as the student has written it.
    """

    namespace: Mapping[str, Any] = field(default_factory=dict)
    places: Sequence[Place] = ()
    state_of: Callable[[str], Verdict | None] = lambda _task: None
    called: Sequence[str] = ()
    seconds: float = 0.0
    code: ast.FunctionDef | None = None


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
    if isinstance(error, AssertionError) and not seen.failed and not known.places:
        # An assert in a function that the test cell itself defines.
        seen.failed.append(Failed(str(error), "", seen.cases, error))
        plain = replace(plain, failed=1)
    if isinstance(error, NotImplementedError) and not seen.failed:
        return _undone(plain, known)
    if isinstance(error, TooLong):
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
        reason=f"{inner} is not done yet, and {plain.task} calls it.",
    )


def _culprit_first(verdict: Verdict, known: Circumstances) -> Verdict:
    """A task that calls another one which is wrong itself waits for that one."""
    for name in known.called:
        other = known.state_of(name)
        if other is None or other.state == "passed":
            continue
        if other.state == "waiting" and other.culprit:
            name, other = other.culprit, known.state_of(other.culprit) or other
        if other.state == "undone":
            reason = f"{name} is not done yet, and {verdict.task} calls it."
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
            reason=f"{verdict.task} calls {name}, whose own tests fail.{said}",
            hint=other.hint,
            example=other.example,
        )
    return verdict


def _endless(plain: Verdict, known: Circumstances) -> Verdict:
    place = next((one for one in reversed(known.places)), None)
    where = _where(place) if place is not None else "Your code"
    return replace(
        plain,
        stops=f"does not come to an end within {known.seconds:g} seconds",
        reason=f"{where} was still at work.".replace(", was", " was"),
        kind="endless",
        hint="Which loop is it in, and what should end it? Is that ever so? "
        "`nngrade.live.configure(seconds=60)` waits longer.",
    )


def _stopped(
    plain: Verdict, seen: Evidence, error: BaseException, known: Circumstances
) -> Verdict:
    """An exception ended the test cell."""
    own = [place for place in known.places if place.task]
    mine = [place for place in own if place.task == plain.task]
    place = (mine or own or list(known.places) or [None])[-1]
    if place is None:
        return _stopped_in_the_test(plain, seen, error)
    sentence, hint = describe_error(error, place)
    inner = own[-1].task if own and own[-1].task != place.task else ""
    if inner:
        told = in_plain_words(type(error).__name__, str(error))
        sentence = (
            f"{_where(place)} {inner} is called with something that it cannot work with: in it, "
            f"{told[0] if told is not None else _of_error(error)}"
        )
    noun = type(error).__name__
    stops = f"stops with {'an' if noun[:1] in 'AEIOU' else 'a'} {noun}"
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
    what = _described(last.value)
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
    function = known.namespace.get(plain.task)
    names = _names(function)
    if plain.task in seen.changed:
        name = seen.changed[plain.task]
        return replace(
            verdict,
            reason=f"{plain.task} changes its argument {name}.",
            kind="mutated",
            hint=f"Which of your lines write into {name}? `+=` on an array does, for instance.",
        )
    verdict = replace(verdict, example=_example(plain.task, seen, names))
    wrong = [one for one in seen.compared if not one.holds]
    returned = [one.call for one in wrong if one.call is not None and one.call.name == plain.task]
    if any(call is not None and call.value is None for call in returned) or (
        seen.calls and seen.calls[-1].name == plain.task and seen.calls[-1].value is None
    ):
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


def _why(
    task: str, seen: Evidence, wrong: Sequence[Compared], names: Names, known: Circumstances
) -> Relation | None:
    """The likeliest reason: what is certain comes first."""
    code = known.code
    return (
        _form(task, wrong, names)
        or _entries(task, wrong, names)
        or (plain_fact(code, known.namespace) if code is not None else None)
        or _relation(task, seen, names)
        or _difference(task, seen, names)
        or _unsteady(task, seen)
        or (faint_fact(code, _nearly_right(wrong)) if code is not None else None)
    )


def _nearly_right(wrong: Sequence[Compared]) -> bool:
    """Whether all that is wrong is only a little off."""
    return bool(wrong) and all(
        _is_numbers(one.wanted)
        and np.shape(one.got) == np.shape(one.wanted)
        and np.allclose(
            np.asarray(one.got, dtype=float), np.asarray(one.wanted, dtype=float), NEARLY, NEARLY
        )
        for one in wrong
    )


def _unsteady(task: str, seen: Evidence) -> Relation | None:
    """Two equal calls that return different things."""
    calls = [one for one in seen.calls if one.name == task and one.known][:MOST_PAIRS]
    for number, one in enumerate(calls):
        if any(isinstance(arg, np.random.Generator) or callable(arg) for arg in one.args):
            continue
        for other in calls[:number]:
            if same_value([*one.args, one.kwargs], [*other.args, other.kwargs]) and not same_value(
                one.value, other.value
            ):
                return Relation(
                    "unsteady",
                    f"Two equal calls of {task} return different things.",
                    "What does it keep from one call to the next, or change of what it was given?",
                )
    return None


def _names(function: Any) -> Names:
    try:
        return names_of(function)
    except (TypeError, ValueError):
        return Names((), ())


def _label(task: str, one: Compared, names: Names) -> str:
    if one.by_nudges:
        return "the gradient"
    call = one.call
    if call is None or one.place is None:
        return task
    count = len(call.value) if isinstance(call.value, tuple) else 0
    return names.returned[one.place] if len(names.returned) == count else f"{task}[{one.place}]"


def _form(task: str, wrong: Sequence[Compared], names: Names) -> Relation | None:
    """The form of a result, where that alone is wrong: its type, its shape."""
    for one in wrong:
        if (one.call is None and not one.by_nudges) or not _is_numbers(one.wanted):
            continue
        label = _label(task, one, names)
        asked = "a single number" if np.ndim(one.wanted) == 0 else "an array"
        if isinstance(one.got, list | tuple) and isinstance(one.wanted, list | tuple):
            continue
        if not isinstance(one.got, np.ndarray | np.generic | bool | int | float):
            return Relation(
                "returned",
                f"{label} is {_described(one.got)}, and should be {asked}.",
                "Which type does its description promise?",
            )
        got, wanted = np.shape(one.got), np.shape(one.wanted)
        if got != wanted:
            return Relation(
                "shape",
                f"{label} {_of_shape(got, 'has', 'is')}; it {_of_shape(wanted, 'should have', 'should be')}.",  # noqa: E501
                "Which axis is there too much, or missing?",
            )
        bad = ~np.isfinite(np.asarray(one.got, dtype=float)) & np.isfinite(
            np.asarray(one.wanted, dtype=float)
        )
        if bad.any():
            return Relation(
                "not_finite",
                f"{label} holds NaN or infinity where it should not.",
                "Which of your intermediate results gets too large or too small: an exponential, "
                "the logarithm of 0, a division by 0?",
            )
    return None


def _is_numbers(value: Any) -> bool:
    """Whether a value is an array of numbers, or a list that may stand for one."""
    if isinstance(value, list | tuple):
        try:
            return bool(value) and np.asarray(value).dtype.kind in "biuf"
        except ValueError:
            return False
    return isinstance(value, np.ndarray | np.generic | bool | int | float)


def _entries(task: str, wrong: Sequence[Compared], names: Names) -> Relation | None:
    """What a list lacks, or has too much."""
    for one in wrong:
        if not (isinstance(one.got, list) and isinstance(one.wanted, list)) or one.call is None:
            continue
        label = _label(task, one, names)
        with contextlib.suppress(TypeError, ValueError):
            lacks = [entry for entry in one.wanted if entry not in one.got]
            extra = [entry for entry in one.got if entry not in one.wanted]
            if lacks and not extra:
                return Relation(
                    "entries",
                    f"{label} lacks {_few(lacks)}; what it has is right.",
                    "What keeps it out?",
                )
            if extra and not lacks:
                return Relation(
                    "entries",
                    f"{label} has {_few(extra)} too much; all that it should have is there.",
                    "What lets it in?",
                )
        if len(one.got) != len(one.wanted):
            return Relation(
                "length",
                f"{label} has {amount(len(one.got), 'entry')}, and should have "
                f"{len(one.wanted)}.".replace("entrys", "entries"),
                "When is an entry added, and when does the loop end?",
            )
    return None


def _few(values: list[Any]) -> str:
    shown = ", ".join(_value(one) for one in values[:3])
    return shown if len(values) <= 3 else f"{shown} and {len(values) - 3} more"


def _of_shape(shape: tuple[int, ...], has: str, is_: str) -> str:
    return f"{has} the shape {shape}" if shape else f"{is_} a single number"


def _relation(task: str, seen: Evidence, names: Names) -> Relation | None:
    """A relation between the results and the expected ones, over all comparisons of the cell."""
    own: dict[str, list[Compared]] = {}
    others: dict[str, list[Compared]] = {}
    for one in seen.compared:
        if one.by_nudges or (one.call is not None and one.call.name == task and one.call.known):
            own.setdefault(_label(task, one, names), []).append(one)
        elif one.call is None and task in one.text:
            others.setdefault(f"`{one.text}`", []).append(one)
    for label, those in (*own.items(), *others.items()):
        if all(one.holds for one in those):
            continue
        cases = [
            (np.asarray(one.got), _like(one.wanted, one.got), _inputs(one.call, names))
            for one in those
            if np.asarray(one.wanted).dtype.kind in "biuf"
        ]
        relation = relation_between(label, cases)
        if relation is not None:
            if label == "the gradient":
                relation = replace(
                    relation, sentence=f"{relation.sentence} Nudges of each number show that."
                )
            return relation
    return None


def _difference(task: str, seen: Evidence, names: Names) -> Relation | None:
    """What the calls that go wrong have in common, and no other one has."""
    by_call: dict[int, tuple[Called, bool]] = {}
    for one in seen.compared:
        call = one.call
        if call is not None and call.name == task and call.known:
            _, holds = by_call.get(id(call), (call, True))
            by_call[id(call)] = call, holds and one.holds
    calls = [
        (RecordedCall(call.args, call.kwargs, None, CallOutcome()), holds)
        for call, holds in by_call.values()
    ]
    return find_difference(
        task,
        names,
        [call for call, holds in calls if not holds],
        [call for call, holds in calls if holds],
    )


def _like(wanted: Any, got: Any) -> np.ndarray[Any, Any]:
    """The expected value; a test may write whole numbers for floats."""
    array = np.asarray(wanted)
    is_float = array.dtype.kind in "iu" and np.asarray(got).dtype.kind == "f"
    return array.astype(float) if is_float else array


def _inputs(call: Called | None, names: Names) -> dict[str, Any]:
    if call is None:
        return {}
    return {**dict(zip(names.arguments, call.args, strict=False)), **call.kwargs}


def _example(task: str, seen: Evidence, names: Names) -> str:
    """The smallest call of the task that goes wrong, and what it should return."""
    found = []
    for one in seen.compared:
        call = one.call
        if one.holds or call is None or call.name != task or not call.known:
            continue
        shown = str(Call(task, (), _inputs(call, names)))
        label = _label(task, one, names)
        if one.place is None:
            sentence = f"{shown} should be {_value(one.wanted)}, not {_value(one.got)}."
        else:
            sentence = f"of {shown}, {label} should be {_value(one.wanted)}, not {_value(one.got)}."
        if len(sentence) <= LONGEST_EXAMPLE and "<a function>" not in sentence:
            found.append((len(sentence), sentence))
    return min(found)[1] if found else ""


def _value(value: Any) -> str:
    with np.printoptions(precision=6, threshold=40, edgeitems=2, suppress=True):
        text = (
            np.array2string(value, separator=", ")
            if isinstance(value, np.ndarray)
            else repr(value.item() if isinstance(value, np.generic) else value)
        )
    return " ".join(text.split())


def _described(value: Any) -> str:
    if value is None:
        return "None: did you forget to return it?"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple):
        return f"{len(value)} values"
    if isinstance(value, list | dict | str):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, bool | int | float | np.generic):
        return "a single number"
    if inspect.isgenerator(value):
        return "a generator"
    return f"a {type(value).__name__}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
