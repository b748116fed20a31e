"""Reasons that comparisons show: how what a test cell got differs from what it wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from nngrade.diagnosis.contrasts import find_difference
from nngrade.diagnosis.outcomes import same_value
from nngrade.diagnosis.relations import Names, Relation, relation_between
from nngrade.live.evidence import Called, Compared, Evidence, identical
from nngrade.text import amount, listed, short_numbers
from nngrade.worker.calls import Call, CallOutcome, RecordedCall

__all__ = ["described", "difference", "example", "form", "pattern", "unsteady"]

LONGEST_EXAMPLE = 200
# What is a little off is so by this share.
NEARLY = 1e-3
# Expected values in tests have six digits at times.
NEAR = 1e-6
MOST_PAIRS = 60
# So many entries that are all too large, or all too small, are no chance.
ONE_SIDED = 3

Array = np.ndarray[Any, Any]
# A result, what it should be, and the arguments by name.
_Case = tuple[Array, Array, dict[str, Any]]


def label_of(task: str, one: Compared, names: Names) -> str:
    """What a compared value is called."""
    if one.by_nudges:
        return one.text
    call = one.call
    if call is None:
        return f"`{one.text}`"
    if one.place is None:
        return task
    count = len(call.value) if isinstance(call.value, tuple) else 0
    return names.returned[one.place] if len(names.returned) == count else f"{task}[{one.place}]"


def form(task: str, wrong: Sequence[Compared], names: Names) -> Relation | None:
    """The form of a result, where that alone is wrong: order, length, shape, NaN."""
    for one in wrong:
        label = label_of(task, one, names)
        found = _off_by_one(task, wrong)
        if found is None and one.call is not None and one.call.name == task:
            found = _swapped(task, one, wrong, names) or _list(label, one) or _array(label, one)
        if found is not None:
            return found
    return None


def _off_by_one(task: str, wrong: Sequence[Compared]) -> Relation | None:
    """A length, or a size along the first axis, that is one too small wherever it is wrong."""
    found: list[tuple[str, int, int]] = []
    for one in wrong:
        got, wanted = one.got, one.wanted
        if one.text.endswith(".shape") and isinstance(got, tuple) and isinstance(wanted, tuple):
            if not got or not wanted or got[1:] != wanted[1:]:
                return None
            found.append((one.text.removesuffix(".shape"), got[0], wanted[0]))
        elif one.text.startswith("len(") and _is_int(got) and _is_int(wanted):
            if not one.text[4:-1].isidentifier():
                return None
            found.append((one.text[4:-1], int(got), int(wanted)))
    by = {got - wanted for _, got, wanted in found}
    if by not in ({1}, {-1}):
        return None
    what, got, wanted = found[0]
    sizes = {
        size
        for one in wrong
        if one.call is not None
        for argument in one.call.args
        for size in np.shape(argument if isinstance(argument, np.ndarray) else 0)
    }
    if got in sizes:
        return None  # another axis was taken
    few = got < wanted
    return Relation(
        "off_by_one",
        f"{task} makes one {'too few' if few else 'too many'}: {what} holds {got}, not {wanted}.",
        "Which one is it, the first or the last?",
    )


def _is_int(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _swapped(task: str, one: Compared, wrong: Sequence[Compared], names: Names) -> Relation | None:
    """Values that a call returns together, in another order."""
    call = one.call
    if call is None or one.place is None or not isinstance(call.value, tuple):
        return None
    for other in wrong:
        if other.call is not call or other.place is None or other.place == one.place:
            continue
        if same_value(one.wanted, call.value[other.place]) or same_value(
            other.wanted, call.value[one.place]
        ):
            first, second = label_of(task, one, names), label_of(task, other, names)
            return Relation(
                "swapped",
                f"{first} and {second} stand in each other's place.",
                "In which order does the description list what is returned?",
            )
    return None


def _list(label: str, one: Compared) -> Relation | None:
    """The first entry of a list that is wrong, or what it lacks, or has too much."""
    got, wanted = one.got, one.wanted
    if not (isinstance(got, list) and isinstance(wanted, list)) or got == wanted:
        return None
    same = next(
        (at for at, (has, needs) in enumerate(zip(got, wanted, strict=False)) if has != needs),
        min(len(got), len(wanted)),
    )
    if _is_a_choice(got) and _is_a_choice(wanted):
        lacks = [entry for entry in wanted if entry not in got]
        extra = [entry for entry in got if entry not in wanted]
        if lacks and not extra:
            return Relation(
                "entries",
                f"{label} lacks {_few(lacks)}; the others are right.",
                "What keeps it out?",
            )
        if extra and not lacks:
            return Relation(
                "entries",
                f"{label} should not hold {_few(extra)}; the others are right.",
                "What lets it in?",
            )
    if same == min(len(got), len(wanted)):
        if len(got) < len(wanted):
            said = f"{label} ends after {amount(len(got), 'entry')}; {value(wanted[same])} follows."
        else:
            said = f"{label} should end after {amount(len(wanted), 'entry')}; yours goes on."
        return Relation("length", said, "When is an entry added, and what ends the loop?")
    right = f"{amount(same, 'entry')} right, then" if same else "already at its beginning"
    return Relation(
        "first_wrong",
        f"{label} goes wrong {'after ' if same else ''}{right}: "
        f"{value(got[same])}, where {value(wanted[same])} is expected.",
        "Do that step by hand, and compare.",
    )


def _is_a_choice(values: list[Any]) -> bool:
    """Whether a list holds numbers of things, in order, each once."""
    return all(_is_int(one) for one in values) and all(
        one < other for one, other in pairwise(values)
    )


def _few(values: list[Any]) -> str:
    shown = ", ".join(value(one) for one in values[:3])
    return shown if len(values) <= 3 else f"{shown} and {len(values) - 3} more"


def _array(label: str, one: Compared) -> Relation | None:
    if "[" in one.text.partition("(")[0]:
        return None  # a part of a part, which has no name
    if not _is_numbers(one.wanted) or not _is_numbers(one.got) or isinstance(one.got, list | tuple):
        return None
    got, wanted = np.shape(one.got), np.shape(one.wanted)
    if got != wanted:
        parts = one.call.value if one.call is not None else ()
        if isinstance(parts, tuple) and any(
            _is_numbers(part) and same_value(_like(one.wanted, part), np.asarray(part))
            for part in parts
        ):
            return Relation(
                "swapped",
                f"What should be {label} stands in another place of what is returned.",
                "In which order does the description list what is returned?",
            )
        return _shape(label, got, wanted, one)
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


def _shape(label: str, got: tuple[int, ...], wanted: tuple[int, ...], one: Compared) -> Relation:
    has = f"has the shape {got}" if got else "is a single number"
    should = f"should have the shape {wanted}" if wanted else "should be a single number"
    if 0 in got and 0 not in wanted:
        return Relation("shape", f"{label} is empty.", "On which condition does something get in?")
    if len(got) == len(wanted) > 1 and sorted(got) == sorted(wanted):
        hint = "The axes are there, in another order. What stands in rows, and what in columns?"
    elif len(got) == len(wanted):
        axis = next(at for at, (a, b) in enumerate(zip(got, wanted, strict=True)) if a != b)
        hint = f"Its axis number {axis} has another size. What should lie along it?"
    elif np.size(one.got) == np.size(one.wanted):
        hint = "The numbers are as many as they should be. Which axis is too much, or missing?"
    else:
        hint = "Over which axis is something summed, or chosen, that should stay, or the reverse?"
    return Relation("shape", f"{label} {has}; it {should}.", hint)


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


# Relations that mean little where a test has a few calls with numbers of its author's choice.
_TOO_BOLD = frozenset({"cut_off", "rows"})
# Relations that hold of two results that belong together, whichever of them is wrong.
_OF_NUDGES = frozenset({"factor", "sign", "transpose"})
# What is smaller is shown as 0.
TINY = 1e-5


def pattern(task: str, seen: Evidence, names: Names) -> Relation | None:
    """A relation between the results and the expected ones, over all comparisons of the cell."""
    found = None
    several = len({label for label, those in _groups(task, seen, names) if not those[0].by_nudges})
    for label, those in _groups(task, seen, names):
        if those[0].by_nudges and several:
            continue  # what is nudged is wrong itself
        cases = [
            (np.asarray(one.got), _like(one.wanted, one.got), inputs(one.call, names))
            for one in those
            if _is_numbers(one.wanted) and _is_numbers(one.got)
        ]
        relation = _as_given(label, cases) or relation_between(label, cases)
        if relation is not None and _is_sure(relation, those, cases):
            found = relation
        else:
            found = next(
                (
                    one
                    for find in (() if those[0].by_nudges else _finds(alone=several == 1))
                    if (one := find(label, cases)) is not None
                ),
                None,
            )
        if found is None:
            continue
        if those[0].by_nudges:
            return replace(
                found,
                sentence=f"Measured by nudges, {found.sentence} Either it is wrong, or what it is "
                "the gradient of.",
            )
        return found
    return _one_part(task, seen, names) or _same_whatever(task, seen) or _nudged(seen)


def _nudged(seen: Evidence) -> Relation | None:
    """Gradients of which some agree with nudges and others do not, or where one does not."""
    by_nudges = [one for one in seen.compared if one.by_nudges]
    wrong = [one for one in by_nudges if not one.holds]
    if any(not one.holds and one.call is not None and not one.by_nudges for one in seen.compared):
        return None  # what is nudged may be wrong itself
    if not wrong or np.shape(wrong[0].got) != np.shape(wrong[0].wanted):
        return None
    first = wrong[0].case
    those = [one for one in by_nudges if one.case == first]
    called = {id(one): _gradient(one, at, len(those)) for at, one in enumerate(those)}
    agree = [called[id(one)] for one in those if one.holds]
    others = [called[id(one)] for one in those if not one.holds]
    off = _off(np.asarray(wrong[0].got), np.asarray(wrong[0].wanted))
    if not off.any():
        return None
    place = tuple(int(at) for at in np.argwhere(off)[0])
    at = f"{others[0]}[{', '.join(map(str, place))}]" if place else others[0]
    got, wanted = (value(np.asarray(side)[place]) for side in (wrong[0].got, wrong[0].wanted))
    verb = "does" if len(others) == 1 else "do"
    if agree:
        agrees = "agrees" if len(agree) == 1 else "agree"
        which = f"{' and '.join(agree)} {agrees} with nudges, but {' and '.join(others)} {verb} not"
    else:
        which = f"{' and '.join(others)} {verb} not agree with nudges"
    return Relation(
        "nudges",
        f"{which}: {at} is {got}, and a nudge shows {wanted}. One of the two is wrong.",
        "Which step of the chain makes that entry?",
    )


def _gradient(one: Compared, at: int, count: int) -> str:
    """What a gradient is called: by its own name, if it has one that is more than the test's."""
    if re.fullmatch(r"d[A-Za-z_]\w*", one.text):
        return one.text
    return "the gradient" if count == 1 else f"gradient {at + 1} of {count}"


def _finds(alone: bool) -> Iterator[Callable[[str, Sequence[_Case]], Relation | None]]:
    """What else to look for, the surest first.

    Where parts of a result are compared with each other, it is not known which one is wrong: only a
    part that is wrong alone is told by its places.
    """
    yield from (_by_a_size, _whole, _labels, _step, _one_column, _from_a_row)
    if alone:
        yield _where


def _is_sure(
    relation: Relation,
    those: Sequence[Compared],
    cases: Sequence[_Case],
) -> bool:
    """Whether a relation is worth telling on so little evidence."""
    wrong = [one for one in cases if not same_value(one[1], one[0])]
    if relation.kind in _TOO_BOLD or (those[0].by_nudges and relation.kind not in _OF_NUDGES):
        return False
    if relation.kind == "input":
        return len(wrong) >= 3
    if relation.kind == "entries":
        return "is not 0" not in relation.sentence and "±" not in relation.sentence
    if relation.kind == "rounded":
        return len(wrong) >= 3
    if relation.kind == "nearly":
        return all(
            np.allclose(got, wanted, NEARLY, 1e-9 * float(np.max(np.abs(wanted), initial=0.0)))
            for got, wanted, _ in wrong
        )
    return True


def _groups(task: str, seen: Evidence, names: Names) -> Iterator[tuple[str, list[Compared]]]:
    """Comparisons of the same value of a task's results, of which some do not hold."""
    own: dict[str, list[Compared]] = {}
    for one in seen.compared:
        mine = one.call is not None and one.call.name == task and one.call.known
        if one.by_nudges or mine:
            own.setdefault(label_of(task, one, names), []).append(one)
    for label, those in own.items():
        if not all(one.holds for one in those):
            yield label, those


def _whole(label: str, cases: Sequence[_Case]) -> Relation | None:
    """Whole numbers where fractions are expected: an array of integers cuts them off."""
    for got, wanted, _ in cases:
        if got.dtype.kind in "iu" and wanted.dtype.kind == "f" and got.shape == wanted.shape:
            cut = wanted != np.trunc(wanted)
            if cut.any() and np.array_equal(got, np.trunc(wanted)):
                first = float(wanted[cut][0])
                return Relation(
                    "whole",
                    f"{label} holds whole numbers only ({got.dtype}): {first:g} is cut off to "
                    f"{int(first)}.",
                    "Which array is it put into, and which dtype has that one?",
                )
    return None


def _labels(label: str, cases: Sequence[_Case]) -> Relation | None:
    """Values that are none of the few that are asked for, such as 0 and 1."""
    asked = np.unique(np.concatenate([np.ravel(wanted) for _, wanted, _ in cases] or [np.empty(0)]))
    if any(wanted.dtype.kind not in "iub" for _, wanted, _ in cases) or set(asked) != {0, 1}:
        return None
    others = [one for got, _, _ in cases for one in np.unique(got) if one not in asked]
    if not others:
        return None
    return Relation(
        "values",
        f"{label} holds {value(others[0])}, where only 0 and 1 are asked for.",
        "Which line makes a 0 or a 1 of a sum?",
    )


def _as_given(label: str, cases: Sequence[_Case]) -> Relation | None:
    """A result that is an argument, as it was handed over."""
    wrong = [one for one in cases if not same_value(one[1], one[0])]
    for name in wrong[0][2] if wrong else ():
        given = [arguments.get(name) for _, _, arguments in wrong]
        if all(
            isinstance(argument, np.ndarray) and argument.size and same_value(argument, got)
            for argument, (got, _, _) in zip(given, wrong, strict=True)
        ):
            return Relation(
                "as_given",
                f"Where {label} is wrong, it is {name} as it was handed over.",
                "Which line should have changed it, and does the result of that line go anywhere?",
            )
    return None


def _step(label: str, cases: Sequence[_Case]) -> Relation | None:
    """A step that is too long, too short, or goes the other way.

    A step leads from an argument to the result of the same name, as ``theta`` in an optimiser.
    """
    ratios = []
    for got, wanted, arguments in cases:
        start = arguments.get(label)
        if not isinstance(start, np.ndarray) or start.dtype.kind not in "iuf":
            return None
        if not start.shape == got.shape == wanted.shape:
            return None
        if same_value(wanted, got):
            continue
        done, asked = _floats(got) - start, _floats(wanted) - start
        moved = np.abs(asked) > NEAR
        if not np.allclose(done[~moved], 0.0, atol=NEAR):
            return None
        ratios.append(done[moved] / asked[moved])
    all_of_them = np.concatenate(ratios) if ratios else np.empty(0)
    if len(all_of_them) < 2 or not np.allclose(all_of_them, all_of_them[0], 1e-5):
        return None
    factor = float(all_of_them[0])
    if abs(factor) < NEAR or abs(factor - 1) < NEARLY:
        return None
    if abs(factor + 1) < 1e-5:
        said = f"The step of {label} goes the other way."
    else:
        said = f"The step of {label} is {factor:.4g} times as long as asked."
    return Relation("step", said, "Take one such step by hand, and compare each factor of it.")


def _where(label: str, cases: Sequence[_Case]) -> Relation | None:
    """The numbers, or the rows, for which the result is wrong, beside those for which it is not."""
    for entrywise in (True, False):
        for name in dict.fromkeys(name for _, _, arguments in cases for name in arguments):
            sides = _sides(name, cases, entrywise)
            if sides is None:
                continue
            wrong, right = sides
            if wrong and right and not set(wrong) & set(right):
                what = name if entrywise else f"a row of {name}"
                return Relation(
                    "where",
                    f"{label} is wrong where {what} is {_or(wrong)}, and right where it is "
                    f"{_or(right)}.",
                    "Follow one of each through your code by hand: where do they part?",
                )
    return None


def _sides(
    name: str, cases: Sequence[_Case], entrywise: bool
) -> tuple[list[str], list[str]] | None:
    """Entries or rows of an argument, by whether the result is wrong there or right.

    None unless in each call the result has a place for each of them, and in some call both kinds
    are there: what differs between two calls may be anything.
    """
    wrong: list[str] = []
    right: list[str] = []
    mixed = False
    for got, wanted, arguments in cases:
        argument = arguments.get(name)
        if isinstance(argument, int | float):
            argument = np.asarray(argument)
        if not isinstance(argument, np.ndarray) or argument.dtype.kind not in "iuf":
            return None
        if got.shape != wanted.shape or got.dtype.kind not in "biuf":
            continue
        # Of numbers that are small each is compared by its own size.
        off = ~np.isclose(_floats(got), _floats(wanted), NEAR, 0.0, equal_nan=True)
        if entrywise and argument.shape == got.shape:
            # A result of 0 is right by chance.
            counts = (_floats(wanted) != 0) | off | (wanted.dtype.kind != "f")
            parts = [(argument[at], bool(off[at])) for at in np.ndindex(got.shape) if counts[at]]
        elif not entrywise and argument.ndim == 2 and got.ndim and len(argument) == len(got):
            if argument.shape[0] == argument.shape[1]:
                continue  # rows or columns?
            rows = np.any(off.reshape(len(got), -1), axis=1)
            parts = [(row, bool(bad)) for row, bad in zip(argument, rows, strict=True)]
        elif got.ndim:
            return None  # it has no place for each of them
        else:
            continue
        mixed = mixed or len({bad for _, bad in parts}) == 2
        for part, bad in parts:
            if np.any((np.abs(part) < TINY) & (np.asarray(part) != 0)):
                return None  # it would be shown as 0
            side = wrong if bad else right
            if (shown := value(part)) not in side:
                side.append(shown)
    return (wrong, right) if mixed else None


def _or(texts: Sequence[str]) -> str:
    return listed(sorted(texts, key=len)[:3])


def _one_column(label: str, cases: Sequence[_Case]) -> Relation | None:
    """A column, or an entry of a vector, that alone is wrong in every table."""
    columns: set[int] = set()
    rows = 0
    for got, wanted, _ in cases:
        if got.shape != wanted.shape or wanted.ndim != 2 or wanted.shape[1] < 3:
            return None
        off = _off(got, wanted)
        columns |= {int(at) for at in np.flatnonzero(off.any(axis=0))}
        rows += int(off.any(axis=1).sum())
    if len(columns) != 1 or rows < 2:
        return None
    (column,) = columns
    return Relation(
        "column",
        f"Of {label} only column {column} is wrong; the others are right.",
        "What is that column, by the formula?",
    )


def _from_a_row(label: str, cases: Sequence[_Case]) -> Relation | None:
    """Rows that are right up to one, and all wrong from there."""
    firsts = set()
    for got, wanted, _ in cases:
        if got.shape != wanted.shape or wanted.ndim == 0 or len(wanted) < 4:
            return None
        off: Array = np.any(_off(got, wanted).reshape(len(wanted), -1), axis=1)
        first = int(np.argmax(off))
        if off.any():
            if first < 2 or not off[first:].all() or len(off) - first < 2:
                return None
            firsts.add(first)
    if len(firsts) != 1:
        return None
    (first,) = firsts
    return Relation(
        "from_a_row",
        f"{label} is right up to row {first - 1}, and wrong from row {first} on.",
        "What changes at that step?",
    )


def _off(got: Array, wanted: Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    with np.errstate(all="ignore"):
        scale = np.max(np.abs(_floats(wanted)), initial=1.0, where=np.isfinite(_floats(wanted)))
        gap = np.abs(_floats(got) - _floats(wanted))
        return np.asarray(~((gap <= NEAR * scale) | (got == wanted)))


def _one_part(task: str, seen: Evidence, names: Names) -> Relation | None:
    """Of what is returned together, the part that alone is wrong, in every call that is."""
    by_call: dict[int, dict[int, Compared]] = {}
    for one in seen.compared:
        if one.call is not None and one.call.name == task and one.place is not None:
            by_call.setdefault(id(one.call), {}).setdefault(one.place, one)
    faulty = [
        places for places in by_call.values() if not all(one.holds for one in places.values())
    ]
    for places in faulty:
        call = next(iter(places.values())).call
        if call is None or len(places) < len(call.value):
            return None  # a part was not looked at
    wrong = {place for places in faulty for place, one in places.items() if not one.holds}
    if len(wrong) != 1 or not faulty:
        return None
    (place,) = wrong
    labels = {at: label_of(task, one, names) for at, one in faulty[0].items()}
    others = " and ".join(label for at, label in labels.items() if at != place)
    return Relation(
        "part",
        f"Of what {task} returns, only {labels[place]} is wrong; {others} can stay.",
        f"Look at the lines that make {labels[place]}.",
    )


def _same_whatever(task: str, seen: Evidence) -> Relation | None:
    """A function that returns the same thing, whatever it is given."""
    calls = {id(one.call): one for one in seen.compared if one.call and one.call.name == task}
    those = [one for one in calls.values() if one.call is not None and one.call.known]
    if len(those) < 4 or len({repr(one.wanted) for one in those}) < 2:
        return None
    first = those[0].call
    if all(one.call is not None and same_value(one.call.value, first.value) for one in those):  # type: ignore[union-attr]
        return Relation(
            "constant",
            f"{task} returns the same in all {len(those)} tests, whatever it is given.",
            "Which line makes the result hang on the arguments?",
        )
    return None


def _like(wanted: Any, got: Any) -> Array:
    """The expected value; a test may write whole numbers for floats."""
    array = np.asarray(wanted)
    is_float = array.dtype.kind in "iu" and np.asarray(got).dtype.kind == "f"
    return array.astype(float) if is_float else array


def inputs(call: Called | None, names: Names) -> dict[str, Any]:
    """A call's arguments by name."""
    if call is None:
        return {}
    return names.by_name(call.args, call.kwargs)


def _by_a_size(label: str, cases: Sequence[_Case]) -> Relation | None:
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
    return found or _one_sided(task, seen, names) or _places(task, seen, names)


def _places(task: str, seen: Evidence, names: Names) -> Relation | None:
    """Which entries of a result are wrong, where others are right."""
    for label, those in _groups(task, seen, names):
        for one in sorted(those, key=lambda one: np.size(one.wanted)):
            if one.holds or one.by_nudges or not (_is_numbers(one.got) and _is_numbers(one.wanted)):
                continue
            got, wanted = np.asarray(one.got), np.asarray(one.wanted)
            if got.shape != wanted.shape or got.size < 2:
                continue
            off = _off(got, wanted)
            if not off.any() or off.all():
                continue
            place = tuple(int(at) for at in np.argwhere(off)[0])
            at = f"{label}[{', '.join(map(str, place))}]"
            verb = "is" if off.sum() == 1 else "are"
            return Relation(
                "places",
                f"{int(off.sum())} of {off.size} entries of {label} {verb} wrong: {at} is "
                f"{value(got[place])}, and should be {value(wanted[place])}.",
                "Do that entry by hand, and one that is right: where do they part?",
            )
    return None


def _one_sided(task: str, seen: Evidence, names: Names) -> Relation | None:
    """Results that are too large wherever they are wrong, or too small."""
    for label, those in _groups(task, seen, names):
        gaps: list[Array] = []
        for one in those:
            if one.holds:
                continue
            if one.by_nudges or not (_is_numbers(one.got) and _is_numbers(one.wanted)):
                return None
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
                much = f"{label} says {said} too often: it does so wherever it is wrong"
            elif _zeros_and_ones(those):
                said = "1" if gap[0] > 0 else "0"
                much = f"{label} is {said} too often: it is so wherever it is wrong"
            else:
                size = "large" if gap[0] > 0 else "small"
                much = f"Wherever {label} is wrong, it is too {size}"
            passes = any(one.holds for one in those)
            return Relation(
                "one_sided",
                f"{much}.",
                "What have those cases in common that the others have not?"
                if passes
                else "Do the smallest case by hand, and compare each step.",
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
