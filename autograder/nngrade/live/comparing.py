"""Reasons that comparisons show: how what a test cell got differs from what it wants."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nngrade.diagnosis.contrasts import find_difference
from nngrade.diagnosis.outcomes import same_value
from nngrade.diagnosis.relations import Names, Relation, relation_between
from nngrade.live.evidence import Called, Compared, Evidence, identical
from nngrade.text import amount, short_numbers
from nngrade.worker.calls import Call, CallOutcome, RecordedCall

__all__ = ["described", "difference", "example", "form", "nearly_right", "pattern", "unsteady"]

LONGEST_EXAMPLE = 200
# What is a little off is so by this share.
NEARLY = 1e-3
MOST_PAIRS = 60
# So many entries that are all too large, or all too small, are no chance.
ONE_SIDED = 3

Array = np.ndarray[Any, Any]


def label_of(task: str, one: Compared, names: Names) -> str:
    """What a compared value is called."""
    if one.by_nudges:
        return "the gradient"
    call = one.call
    if call is None:
        return f"`{one.text}`"
    if one.place is None:
        return task
    count = len(call.value) if isinstance(call.value, tuple) else 0
    return names.returned[one.place] if len(names.returned) == count else f"{task}[{one.place}]"


def form(task: str, wrong: Sequence[Compared], names: Names) -> Relation | None:
    """The form of a result, where that alone is wrong: type, length, shape, NaN."""
    for one in wrong:
        label = label_of(task, one, names)
        found = _count(one)
        if found is None and (one.call is not None or one.by_nudges):
            found = _list(label, one) or _array(label, one)
        if found is not None:
            return found
    return None


def _count(one: Compared) -> Relation | None:
    """A shape or a length that is off by some rows."""
    if one.text.endswith(".shape") and isinstance(one.got, tuple) and isinstance(one.wanted, tuple):
        what = one.text.removesuffix(".shape")
        if len(one.got) != len(one.wanted):
            return Relation(
                "shape",
                f"{what} has {amount(len(one.got), 'axis')}, and should have "
                f"{len(one.wanted)}.".replace("axiss", "axes"),
                "Which axis is there too much, or missing?",
            )
        pairs = zip(one.got, one.wanted, strict=True)
        off = [(axis, has - wants) for axis, (has, wants) in enumerate(pairs) if has != wants]
        if len(off) == 1:
            axis, by = off[0]
            return _off_by(what, f"along axis {axis}", by)
    if one.text.startswith("len(") and _is_int(one.got) and _is_int(one.wanted):
        return _off_by(one.text[4:-1], "in length", int(one.got) - int(one.wanted))
    return None


def _is_int(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _off_by(what: str, where: str, by: int) -> Relation | None:
    if by == 0:
        return None
    few = "too few" if by < 0 else "too many"
    return Relation(
        "count",
        f"{what} is {abs(by)} {'short' if by < 0 else 'too long'} {where}.",
        f"Where does your loop begin and end? It makes {few}.",
    )


def _list(label: str, one: Compared) -> Relation | None:
    """What a list lacks, or has too much."""
    if not (isinstance(one.got, list) and isinstance(one.wanted, list)):
        return None
    with contextlib.suppress(TypeError, ValueError):
        if len(set(one.got)) < len(one.got) or len(set(one.wanted)) < len(one.wanted):
            raise ValueError  # what comes twice is counted, not looked up
        lacks = [entry for entry in one.wanted if entry not in one.got]
        extra = [entry for entry in one.got if entry not in one.wanted]
        if lacks and not extra:
            return Relation(
                "entries",
                f"{label} lacks {_few(lacks)}; all that it holds is right.",
                "What keeps it out?",
            )
        if extra and not lacks:
            return Relation(
                "entries",
                f"{label} holds {_few(extra)} too much; all that it should hold is there.",
                "What lets it in?",
            )
    if len(one.got) != len(one.wanted):
        return Relation(
            "length",
            f"{label} has the length {len(one.got)}, and should have {len(one.wanted)}.",
            "When is an entry added, and when does the loop end?",
        )
    return None


def _few(values: list[Any]) -> str:
    shown = ", ".join(value(one) for one in values[:3])
    return shown if len(values) <= 3 else f"{shown} and {len(values) - 3} more"


def _array(label: str, one: Compared) -> Relation | None:
    if not _is_numbers(one.wanted) or isinstance(one.got, list | tuple):
        return None
    asked = "a single number" if np.ndim(one.wanted) == 0 else "an array"
    if not isinstance(one.got, np.ndarray | np.generic | bool | int | float):
        return Relation(
            "returned",
            f"{label} is {described(one.got)}, and should be {asked}.",
            "Which type does its description promise?",
        )
    got, wanted = np.shape(one.got), np.shape(one.wanted)
    if got != wanted:
        has = f"has the shape {got}" if got else "is a single number"
        should = f"should have the shape {wanted}" if wanted else "should be a single number"
        return Relation(
            "shape",
            f"{label} {has}; it {should}.",
            "Which axis is there too much, or missing?",
        )
    with np.errstate(all="ignore"):
        bad = ~np.isfinite(_floats(one.got)) & np.isfinite(_floats(one.wanted))
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


def _floats(value: Any) -> Array:
    return np.asarray(value, dtype=float)


def pattern(task: str, seen: Evidence, names: Names) -> Relation | None:
    """A relation between the results and the expected ones, over all comparisons of the cell."""
    for label, those in _groups(task, seen, names):
        cases = [
            (np.asarray(one.got), _like(one.wanted, one.got), inputs(one.call, names))
            for one in those
            if _is_numbers(one.wanted) and _is_numbers(one.got)
        ]
        relation = relation_between(label, cases) or _by_a_size(label, cases)
        if relation is not None:
            return relation
    return None


def _groups(task: str, seen: Evidence, names: Names) -> Iterator[tuple[str, list[Compared]]]:
    """Comparisons of the same value, of which some do not hold; a task's own results first."""
    own: dict[str, list[Compared]] = {}
    others: dict[str, list[Compared]] = {}
    for one in seen.compared:
        if one.by_nudges or (one.call is not None and one.call.name == task and one.call.known):
            own.setdefault(label_of(task, one, names), []).append(one)
        elif one.call is None:
            others.setdefault(f"`{one.text}`", []).append(one)
    for label, those in (*own.items(), *others.items()):
        if not all(one.holds for one in those):
            yield label, those


def _like(wanted: Any, got: Any) -> Array:
    """The expected value; a test may write whole numbers for floats."""
    array = np.asarray(wanted)
    is_float = array.dtype.kind in "iu" and np.asarray(got).dtype.kind == "f"
    return array.astype(float) if is_float else array


def inputs(call: Called | None, names: Names) -> dict[str, Any]:
    """A call's arguments by name."""
    if call is None:
        return {}
    return {**dict(zip(names.arguments, call.args, strict=False)), **call.kwargs}


def _by_a_size(label: str, cases: Sequence[tuple[Array, Array, dict[str, Any]]]) -> Relation | None:
    """A single result that is off by the factor that a size of the arguments is."""
    wrong = [one for one in cases if not same_value(one[1], one[0])]
    if len(wrong) != 1:
        return None
    got, wanted, arguments = wrong[0]
    with np.errstate(all="ignore"):
        if got.shape != wanted.shape or not np.all(wanted != 0) or got.dtype.kind not in "iuf":
            return None
        factors = np.unique(np.round(got / wanted, 9))
    if len(factors) != 1 or not np.isfinite(factors[0]) or factors[0] <= 0:
        return None
    factor = float(factors[0])
    for name, argument in arguments.items():
        for axis, size in enumerate(np.shape(argument) if isinstance(argument, np.ndarray) else ()):
            if size > 2 and (factor == size or abs(factor * size - 1) < 1e-8):
                much = f"{size} times" if factor > 1 else f"1/{size} of"
                of = f"{amount(size, 'row' if axis == 0 else 'column')}"
                return Relation(
                    "factor",
                    f"In this test {label} is {much} the right value, and {name} has {of}.",
                    "Is a sum wanted or a mean, and over what?",
                )
    return None


def difference(task: str, seen: Evidence, names: Names) -> Relation | None:
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
    found = find_difference(
        task,
        names,
        [call for call, holds in calls if not holds],
        [call for call, holds in calls if holds],
    )
    return found or _one_sided(task, seen, names)


def _one_sided(task: str, seen: Evidence, names: Names) -> Relation | None:
    """Results that are too large wherever they are wrong, or too small."""
    for label, those in _groups(task, seen, names):
        gaps: list[Array] = []
        for one in those:
            if one.holds or not (_is_numbers(one.got) and _is_numbers(one.wanted)):
                continue
            got, wanted = _floats(one.got), _floats(one.wanted)
            if got.shape != wanted.shape:
                return None
            with np.errstate(all="ignore"):
                gap = np.ravel(got - wanted)
                scale = np.max(np.abs(wanted), initial=1.0, where=np.isfinite(wanted))
            gaps.append(gap[np.abs(gap) > 1e-9 * scale])
        gap = np.concatenate(gaps) if gaps else np.empty(0)
        if len(gap) >= ONE_SIDED and (np.all(gap > 0) or np.all(gap < 0)):
            if _truths(those):
                said = "True" if gap[0] > 0 else "False"
                much = f"Wherever {label} is wrong, it says {said}: it says so too often"
            elif _zeros_and_ones(those):
                said = "1" if gap[0] > 0 else "0"
                much = f"Wherever {label} is wrong, it is {said}, and never the other way round"
            else:
                size = "large" if gap[0] > 0 else "small"
                much = f"Wherever {label} is wrong, it is too {size}"
            return Relation(
                "one_sided", f"{much}.", "What have those cases in common that the others have not?"
            )
    return None


def _truths(those: Sequence[Compared]) -> bool:
    return all(isinstance(one.wanted, bool) for one in those)


def _zeros_and_ones(those: Sequence[Compared]) -> bool:
    return all(
        np.isin(_floats(side), (0.0, 1.0)).all() for one in those for side in (one.got, one.wanted)
    )


def unsteady(task: str, seen: Evidence) -> Relation | None:
    """Two equal calls that return different things."""
    calls = [one for one in seen.calls if one.name == task and one.known][:MOST_PAIRS]
    for number, one in enumerate(calls):
        handed = [*one.args, *one.kwargs.values()]
        if any(isinstance(arg, np.random.Generator) or callable(arg) for arg in handed):
            continue
        for other in calls[:number]:
            if identical([*one.args, one.kwargs], [*other.args, other.kwargs]) and not same_value(
                one.value, other.value
            ):
                return Relation(
                    "unsteady",
                    f"Two equal calls of {task} return different things.",
                    "What does it keep from one call to the next, or change of what it was given?",
                )
    return None


def nearly_right(wrong: Sequence[Compared]) -> bool:
    """Whether all that is wrong is only a little off."""
    return bool(wrong) and all(
        _is_numbers(one.wanted)
        and _is_numbers(one.got)
        and np.shape(one.got) == np.shape(one.wanted)
        and np.allclose(_floats(one.got), _floats(one.wanted), NEARLY, NEARLY)
        for one in wrong
    )


def example(task: str, seen: Evidence, names: Names) -> str:
    """The smallest call of the task that goes wrong, and what it should return."""
    found = []
    for one in seen.compared:
        call = one.call
        if one.holds or call is None or call.name != task or not call.known:
            continue
        shown = str(Call(task, (), inputs(call, names)))
        label = label_of(task, one, names)
        subject = shown if one.place is None else f"of {shown}, {label}"
        got, wanted = value(one.got), value(one.wanted)
        if got.replace(" ", "") == wanted.replace(" ", ""):
            continue  # the difference is in digits that are not shown
        sentence = f"{subject} should be {wanted}, not {got}."
        if len(sentence) <= LONGEST_EXAMPLE and "<a function>" not in sentence:
            found.append((len(sentence), sentence))
    return min(found)[1] if found else ""


def value(shown: Any) -> str:
    """A value as people read it: six digits, no types of NumPy."""
    plain = shown.item() if isinstance(shown, np.generic) else shown
    if isinstance(plain, float):
        return f"{plain:.6g}"
    with np.printoptions(precision=6, threshold=40, edgeitems=2, suppress=True):
        text = (
            np.array2string(plain, separator=", ") if isinstance(plain, np.ndarray) else repr(plain)
        )
    return short_numbers(" ".join(text.split()))


def described(thing: Any) -> str:
    """What kind of thing a value is."""
    if thing is None:
        return "None: did you forget to return it?"
    if isinstance(thing, np.ndarray):
        return f"an array of shape {thing.shape}"
    if isinstance(thing, tuple):
        return f"{len(thing)} values"
    if isinstance(thing, list | dict | str):
        return f"a {type(thing).__name__} of length {len(thing)}"
    if isinstance(thing, bool | int | float | np.generic):
        return "a single number"
    return f"a {type(thing).__name__}"
