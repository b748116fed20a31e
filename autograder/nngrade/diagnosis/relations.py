"""Relations between the values that a student's function returns and the expected values.

A mistake outside the catalogue can still be described: every entry is m times too large, one
gradient of three is transposed, the last row is missing. A relation is reported only if it explains
every wrong call, and if there are at least two wrong calls.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngrade.diagnosis.outcomes import ATOL, RTOL, same_outcome, same_value
from nngrade.worker.calls import CallOutcome, RecordedCall

__all__ = [
    "Names",
    "Relation",
    "changed_kind",
    "find_relation",
    "is_plain",
    "names_of",
    "relation_between",
]

Array = NDArray[Any]
FEWEST = 2
# Entries of different sizes with which a single result is as good as several.
ALONE = 3
MOST_PARTS = 5


@dataclass(frozen=True)
class Relation:
    """A relation between returned and expected values.

    Attributes
    ----------
    kind : str
        Kind of relation, for example ``factor`` or ``transpose``.
    sentence : str
        Description of the relation, for the student.
    hint : str
        A hint for the student.
    constant : bool
        Whether it is the same in every call; a factor may hang on a size.
    """

    kind: str
    sentence: str
    hint: str
    constant: bool = True


@dataclass(frozen=True)
class Names:
    """Names of a function's arguments and of its returned values."""

    arguments: tuple[str, ...]
    returned: tuple[str, ...]

    def by_name(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call by their names."""
        return {**dict(zip(self.arguments, args, strict=False)), **kwargs}


def names_of(function: Callable[..., Any]) -> Names:
    """Names of arguments from a function's signature, and of results from its section Returns."""
    arguments = tuple(inspect.signature(function).parameters)
    text = inspect.cleandoc(function.__doc__ or "")
    section = re.search(r"^Returns\n-+\n(.*?)(?:\n\n\w+\n-+\n|\Z)", text, re.M | re.S)
    returned = re.findall(r"^(\w+) :", section[1], re.M) if section else []
    return Names(arguments, tuple(returned))


@dataclass(frozen=True)
class _Case:
    """One returned array of one call: the value, the expected value, and the call's arguments."""

    got: Array
    wanted: Array
    inputs: dict[str, Any]

    @property
    def right(self) -> bool:
        return same_value(self.wanted, self.got)

    @property
    def comparable(self) -> bool:
        """Whether the arrays can be compared entry by entry."""
        return self.got.shape == self.wanted.shape and self.got.size > 0


_Test = Callable[[str, list[_Case], list[_Case]], Relation | None]


def find_relation(
    task: str, names: Names, probes: Sequence[RecordedCall], seen: Sequence[CallOutcome]
) -> Relation | None:
    """Find a relation that holds in every wrong call.

    Parameters
    ----------
    task : str
        Name of the task.
    names : Names
        Names of the function's arguments and results.
    probes : sequence of RecordedCall
        Calls with their expected outcomes.
    seen : sequence of CallOutcome
        Outcomes of the student's function, one for each probe.

    Returns
    -------
    Relation or None
        The relation; None if there is none.
    """
    pairs = [both for both in zip(probes, seen, strict=True) if is_plain(both[0])]
    wrong = [(probe, one) for probe, one in pairs if not same_outcome(probe.expected, one)]
    if len(wrong) < FEWEST:
        return None
    if (changed := _changed_arguments(task, names, wrong)) is not None:
        return changed
    if any(one.error is not None or probe.expected.error is not None for probe, one in wrong):
        return None
    parts = _parts(task, names, pairs)
    if parts is None:
        return None
    faulty = {label: cases for label, cases in parts.items() if not all(c.right for c in cases)}
    found = {label: _relation_of(label, cases) for label, cases in faulty.items()}
    relations = [one for one in found.values() if one is not None]
    if len(relations) == len(faulty) and len({one.kind for one in relations}) == 1:
        return relations[0]
    if len(faulty) == 1 < len(parts) <= MOST_PARTS:
        (label,) = faulty
        *some, last = [one for one in parts if one != label]
        others = f"{', '.join(some)} and {last}" if some else last
        is_right = "are right" if some else "is right"
        return Relation(
            "part",
            f"Of what {task} returns, {others} {is_right}; only {label} is wrong.",
            f"Look at the lines that make {label}.",
        )
    return None


def relation_between(
    label: str, results: Sequence[tuple[Array, Array, dict[str, Any]]]
) -> Relation | None:
    """Find a relation that holds for one value in every call in which it is wrong.

    Parameters
    ----------
    label : str
        What the value is called.
    results : sequence of tuple
        For each call the value, the expected one, and the call's arguments by name.

    Returns
    -------
    Relation or None
        None if there is none, or what went wrong is too little to tell: a single call, unless
        its result has several entries of different sizes.
    """
    cases = [_Case(*one) for one in results]
    wrong = [case for case in cases if not case.right]
    if len(wrong) == 1 and _tells_alone(wrong[0]):
        return _relation_of(label, cases, fewest=1)
    return _relation_of(label, cases)


def _tells_alone(case: _Case) -> bool:
    """Whether one result is enough: a factor, say, that is the same for several sizes."""
    sizes = np.unique(np.abs(case.wanted[np.isfinite(case.wanted) & (case.wanted != 0)]))
    return len(sizes) >= ALONE


def _changed_arguments(
    task: str, names: Names, wrong: Sequence[tuple[RecordedCall, CallOutcome]]
) -> Relation | None:
    """Relation of a function that returns what it should, and changes what it was given."""
    changed: dict[int, Any] = {}
    for probe, one in wrong:
        if one.error is not None and "read-only" in one.error.message:
            continue  # the same, of an array that cannot be changed
        if one.error is not None or not same_value(probe.expected.value, one.value):
            return None
        for place, (before, after) in enumerate(
            zip(probe.expected.after or [], one.after or [], strict=False)
        ):
            if not same_value(before, after):
                changed.setdefault(place, probe.args[place])
    if not changed:
        return None
    (place, value), *others = changed.items()
    kind, hint = changed_kind(value)
    name = names.arguments[place] if place < len(names.arguments) else f"argument {place + 1}"
    more = " and others" if others else ""
    return Relation(
        "mutated",
        f"{task} returns the right thing, but changes {name}{more}: {kind} of its caller's.",
        hint,
    )


def changed_kind(value: Any) -> tuple[str, str]:
    """What a changed argument is, and a hint on how such a thing is changed."""
    return next((kind, hint) for type_, kind, hint in _CHANGED if isinstance(value, type_))


# What belongs to the caller, and how it is changed.
_CHANGED: tuple[tuple[type, str, str], ...] = (
    (
        list,
        "a list",
        "Which of your lines put something into the list, or take something out? `pop`, `append`, "
        "`sort` and `x[i] = …` change the caller's own list, and `+=` the arrays in it.",
    ),
    (
        dict,
        "a dictionary",
        "Which of your lines write into the dictionary, or take something out? `d[key] = …` and "
        "`pop` change the caller's own, and `+=` the arrays in it.",
    ),
    (
        object,
        "an array",
        "Which of your lines write into it? `+=`, `x[…] = …`, `x.sort()` and `x.shape = …` do, "
        "also by another name: `y = x` makes no copy.",
    ),
)


def is_plain(probe: RecordedCall) -> bool:
    """Whether a call's result is the function's own, and the same each time.

    A driver's result may be those of several calls; results of random functions are not exact.
    """
    return probe.through is None and not any(
        isinstance(one, np.random.Generator) for one in (*probe.args, *probe.kwargs.values())
    )


def _parts(
    task: str, names: Names, pairs: Sequence[tuple[RecordedCall, CallOutcome]]
) -> dict[str, list[_Case]] | None:
    """Cases of each returned array, by its name; None if the structure is not the expected one."""
    parts: dict[str, list[_Case]] = {}
    for probe, one in pairs:
        if one.error is not None or probe.expected.error is not None:
            continue
        wanted = dict(_flat(probe.expected.value, task, names.returned))
        got = dict(_flat(one.value, task, names.returned))
        if list(wanted) != list(got):
            return None
        inputs = names.by_name(probe.args, probe.kwargs)
        for label, array in wanted.items():
            parts.setdefault(label, []).append(_Case(got[label], array, inputs))
    return parts


def _flat(value: Any, label: str, names: Sequence[str] = ()) -> Iterator[tuple[str, Array]]:
    if isinstance(value, bool | int | float | complex | np.ndarray | np.generic):
        yield label, np.asarray(value)
    elif isinstance(value, list | tuple):
        if value and all(isinstance(one, int | float | np.number) for one in value) and not names:
            yield label, np.asarray(value)
            return
        for number, one in enumerate(value):
            named = names[number] if len(names) == len(value) else f"{label}[{number}]"
            yield from _flat(one, named)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f'{label}["{key}"]')


def _relation_of(label: str, cases: list[_Case], fewest: int = FEWEST) -> Relation | None:
    """Relation that holds for one returned array in every call in which it is wrong."""
    wrong = [case for case in cases if not case.right]
    if len(wrong) < fewest:
        return None
    # What is off by very little agrees with many relations by chance.
    is_near = any(_close(case.got, case.wanted) for case in wrong)
    tests: tuple[_Test, ...] = (
        _kind,
        *(() if is_near else _COARSE),
        _rounded,
        _cut_off,
        _nearly,
        _entries,
    )
    for test in tests:
        with np.errstate(all="ignore"):
            relation = test(label, wrong, cases)
        if relation is not None:
            return relation
    return None


def _close(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(
        np.allclose(one, other, rtol=10 * RTOL, atol=10 * ATOL, equal_nan=True)
    )


def _kind(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    if not all(_close(case.got.astype(complex), case.wanted.astype(complex)) for case in wrong):
        return None
    words = {"b": "bools", "i": "whole numbers", "u": "whole numbers", "f": "floats"}
    got, wanted = (words.get(array.dtype.kind, "") for array in (wrong[0].got, wrong[0].wanted))
    if not got or not wanted or got == wanted:
        return None
    return Relation(
        "dtype",
        f"The values of {label} are right, but they are {got}; they should be {wanted}.",
        "Which dtype has the array that they are put into?",
    )


def _not_finite(label: str, wrong: list[_Case], cases: list[_Case]) -> Relation | None:
    bad = [case for case in wrong if case.comparable and _spoilt(case)]
    if len(bad) < len(wrong):
        return None
    right = [_largest(case) for case in cases if case.right]
    size = min(_largest(case) for case in bad)
    since = f", when inputs are as large as {_plainly(size)}" if right and size > max(right) else ""
    return Relation(
        "not_finite",
        f"{label} holds NaN or infinity where it should not{since}.",
        "Which of your intermediate results gets too large or too small: an exponential, the "
        "logarithm of 0, a division by 0? Find a form in which it does not.",
    )


def _spoilt(case: _Case) -> bool:
    if case.got.dtype.kind not in "fc" or case.wanted.dtype.kind not in "fciu":
        return False
    bad = ~np.isfinite(case.got) & np.isfinite(case.wanted)
    return bool(bad.any()) and _close(case.got[~bad], case.wanted[~bad])


def _largest(case: _Case) -> float:
    sizes = [
        float(np.max(np.abs(one)))
        for one in case.inputs.values()
        if isinstance(one, np.ndarray | int | float) and np.size(one) and not callable(one)
    ]
    return max(sizes, default=0.0)


def _factor(label: str, wrong: list[_Case], cases: list[_Case]) -> Relation | None:
    # Where it is right elsewhere, the factor is no constant: it shows what happens to some inputs.
    elsewhere = any(case.right and np.any(case.wanted != 0) for case in cases)
    factors, told = [], []
    for case in wrong:
        if not case.comparable or case.got.dtype.kind not in "fiu":
            return None
        wanted, got = case.wanted.astype(float), case.got.astype(float)
        if not np.isfinite(wanted).all() or not np.isfinite(got).all():
            return None
        largest = int(np.argmax(np.abs(wanted)))
        if abs(wanted.flat[largest]) < 1e-9:
            return None
        factor = float(got.flat[largest] / wanted.flat[largest])
        if not _close(got, factor * wanted) or abs(factor) < 1e-9:
            return None
        factors.append(factor)
        told.append(case)
    if max(case.wanted.size for case in told) == 1 and len(set(np.round(factors, 9))) > 1:
        # Any single number is a multiple of another: only a size or a setting would explain it.
        return _by_quantity(label, factors, told) if len(told) > 3 else None
    if np.allclose(factors, 1, rtol=1e-2):
        return None
    if np.allclose(factors, -1, rtol=1e-4) and not elsewhere:
        return Relation(
            "sign", f"{label} is the right one with the opposite sign.",
            "Which of two things is subtracted from which, and which way should it go?",
        )  # fmt: skip
    quantity = _by_quantity(label, factors, told)
    if quantity is None and not elsewhere and np.allclose(factors, factors[0], rtol=1e-3):
        return Relation(
            "factor", f"{label} is the right one times {_nice(factors[0])}, in every entry.",
            "A constant factor is missing, or one too many: compare with the formula term by term.",
        )  # fmt: skip
    return quantity


def _by_quantity(label: str, factors: list[float], cases: list[_Case]) -> Relation | None:
    """Relation whose factor is a size or a setting, its square, or the inverse of either."""
    for name, values in _quantities(cases).items():
        if len(set(values)) < 2 or 0 in values:
            continue
        sizes = np.asarray(values, dtype=float)
        forms: tuple[tuple[str, Array], ...] = (
            ("times", sizes), ("divided by", 1 / sizes),
            ("times the square of", sizes**2), ("divided by the square of", 1 / sizes**2),
        )  # fmt: skip
        for words, expected in forms:
            rest = np.asarray(factors) / expected
            if np.allclose(rest, rest[0], rtol=1e-3):
                also = "" if np.isclose(rest[0], 1) else f" and times {_nice(float(rest[0]))}"
                return Relation(
                    "factor",
                    f"{label} is the right one {words} {name}{also}.",
                    "Is something summed that should be averaged, averaged twice, or multiplied "
                    "by a setting once too often or not at all?",
                    constant=False,
                )
    return None


def _quantities(cases: list[_Case]) -> dict[str, list[float]]:
    """Sizes and settings that occur in every call: lists of their values, by name."""
    found: dict[str, list[float]] = {}
    for case in cases:
        for name, value in case.inputs.items():
            if isinstance(value, np.ndarray) and value.ndim:
                words = {1: ("the length",), 2: ("the number of rows", "the number of columns")}
                for axis, word in enumerate(words.get(value.ndim, ())):
                    found.setdefault(f"{word} of {name}", []).append(float(value.shape[axis]))
                found.setdefault(f"the number of entries of {name}", []).append(float(value.size))
            elif isinstance(value, list | tuple):
                found.setdefault(f"the length of {name}", []).append(float(len(value)))
            elif isinstance(value, int | float) and not isinstance(value, bool):
                found.setdefault(name, []).append(float(value))
    return {name: values for name, values in found.items() if len(values) == len(cases)}


def _plainly(number: float) -> str:
    """A number with four digits, and without an exponent if that is not long."""
    rounded = float(f"{number:.4g}")
    return f"{rounded:,.0f}" if 1000 <= abs(rounded) < 1e7 else f"{rounded:g}"


def _nice(factor: float) -> str:
    for top in range(1, 7):
        for bottom in range(1, 7):
            if np.isclose(abs(factor), top / bottom, rtol=1e-4):
                sign = "-" if factor < 0 else ""
                return f"{sign}{top}" if bottom == 1 else f"{sign}{top}/{bottom}"
    return f"{factor:.4g}"


def _offset(label: str, wrong: list[_Case], cases: list[_Case]) -> Relation | None:
    if any(case.right for case in cases):
        return None
    offsets = []
    for case in wrong:
        if not case.comparable or case.got.dtype.kind not in "fiu" or case.got.size < 2:
            return None
        difference = case.got.astype(float) - case.wanted.astype(float)
        if not np.isfinite(difference).all() or not _close(
            difference, np.full_like(difference, difference.flat[0])
        ):
            return None
        offsets.append(float(difference.flat[0]))
    if np.allclose(offsets, offsets[0], rtol=1e-4):
        return Relation(
            "offset", f"{label} is off by the same {offsets[0]:+.4g} in every entry.",
            "Is something added once too often, or not at all?",
        )  # fmt: skip
    for name, values in _quantities(wrong).items():
        if len(set(values)) > 1 and any(
            np.allclose(offsets, sign * np.asarray(values), rtol=1e-4) for sign in (1, -1)
        ):
            return Relation(
                "offset", f"{label} is off by {name} in every entry.",
                f"Where does {name} come in, and how often?",
            )  # fmt: skip
    return None


def _reshaped(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    def turned(case: _Case) -> bool:
        return case.wanted.ndim == 2 and _close(case.got, case.wanted.T)

    telling = [case for case in wrong if case.wanted.ndim == 2 and min(case.wanted.shape) > 1]
    if telling and all(map(turned, wrong)):
        return Relation(
            "transpose", f"{label} is transposed: rows and columns have changed places.",
            "Which axis counts what? Write the shapes beside your lines.",
        )  # fmt: skip
    if all(
        case.got.size == case.wanted.size
        and case.got.shape != case.wanted.shape
        and _close(case.got.reshape(case.wanted.shape), case.wanted)
        for case in wrong
    ):
        got, wanted = wrong[0].got.shape, wrong[0].wanted.shape
        return Relation(
            "shape",
            f"The numbers of {label} are right, but its shape is {got} and should be {wanted}.",
            "Is an axis kept, or dropped, that should not be?",
        )
    return None


def _reduced(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of arrays that differ by a sum or a mean over an axis."""
    for function, word in ((np.sum, "summed"), (np.mean, "averaged")):
        for axis in (0, 1):
            if all(_is_reduced(case.got, case.wanted, function, axis) for case in wrong):
                return Relation(
                    "axis", f"{label} is {word} over an axis that should be kept.",
                    "One number for each what? Name what each axis counts.",
                )  # fmt: skip
            if all(_is_reduced(case.wanted, case.got, function, axis) for case in wrong):
                return Relation(
                    "axis", f"{label} still has an axis that should be {word} over.",
                    "One number for each what? Name what each axis counts.",
                )  # fmt: skip
    return None


def _spread(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of a result with too many axes, for example by unintended broadcasting."""
    if not all(case.got.ndim > case.wanted.ndim for case in wrong):
        return None
    got, wanted = wrong[0].got.shape, wrong[0].wanted.shape
    return Relation(
        "broadcast",
        f"{label} has the shape {got} and should have {wanted or 'none: it is one number'}.",
        "Somewhere a row meets a column, or an axis that should be gone is kept. Print the shapes "
        "on the way.",
    )


def _is_reduced(small: Array, large: Array, function: Callable[..., Any], axis: int) -> bool:
    if large.ndim <= axis or small.size >= large.size:
        return False
    reduced = np.asarray(function(large, axis=axis))
    return small.size == reduced.size and _close(small.reshape(reduced.shape), reduced)


def _rows(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of a result that is right except for its first or its last entry or row."""
    if not all(case.comparable and case.got.ndim and len(case.got) > 2 for case in wrong):
        return None
    for word, index in (("first", 0), ("last", -1)):
        if all(
            same_value(np.delete(case.wanted, index, 0), np.delete(case.got, index, 0))
            for case in wrong
        ):
            what = "row" if wrong[0].got.ndim > 1 else "entry"
            return Relation(
                "rows", f"{label} is right but for its {word} {what}.",
                "Where does your code begin, and where does it end?",
            )  # fmt: skip
    return None


def _order(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    if all(
        case.comparable
        and case.got.size > 2
        and len(np.unique(case.wanted)) > 2
        and _close(np.sort(case.got, axis=None), np.sort(case.wanted, axis=None))
        for case in wrong
    ):
        return Relation(
            "permutation", f"{label} holds the right numbers in another order.",
            "In which order are they to come, and in which do you make them?",
        )  # fmt: skip
    return None


def _input(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of a result whose error is a multiple of an argument."""
    for name in wrong[0].inputs:
        factors = []
        for case in wrong:
            value = case.inputs.get(name)
            if not (
                isinstance(value, np.ndarray)
                and case.comparable
                and value.shape == case.got.shape
                and value.size > 1
                and value.dtype.kind in "fiu"
                and case.got.dtype.kind in "fiu"
            ):
                break
            difference = case.got.astype(float) - case.wanted.astype(float)
            given = value.astype(float)
            largest = int(np.argmax(np.abs(given)))
            if given.flat[largest] == 0 or not np.isfinite(difference).all():
                break
            factor = float(difference.flat[largest] / given.flat[largest])
            if not _close(difference, factor * given):
                break
            factors.append(factor)
        if len(factors) == len(wrong):
            return Relation(
                "input", f"{label} is off by a multiple of {name}.",
                f"Which term of the formula holds {name}, and with which factor?",
            )  # fmt: skip
    return None


def _paired(wrong: list[_Case]) -> Iterator[tuple[Array, Array]]:
    """The returned and the expected numbers of each call; none if some cannot be compared."""
    if all(
        case.comparable and case.got.dtype.kind in "fiu" and case.wanted.dtype.kind in "fiu"
        for case in wrong
    ):
        yield from ((case.got.astype(float), case.wanted.astype(float)) for case in wrong)


def _rounded(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of numbers that were rounded, or that lost their fractions."""
    pairs = list(_paired(wrong))
    if not pairs or any(np.array_equal(wanted, np.round(wanted)) for _, wanted in pairs):
        return None
    if all(np.array_equal(got, np.trunc(wanted)) for got, wanted in pairs):
        return Relation(
            "rounded", f"{label} has lost its fractions.",
            "Which array, or which division, holds whole numbers only?",
        )  # fmt: skip
    lost = np.concatenate([np.ravel(abs(got - wanted)) for got, wanted in pairs])
    for digits in range(10):
        # Of a few numbers that happen to be nearly round, rounding changes next to nothing.
        if len(lost) < 4 or np.sort(lost)[-2] < 0.2 * 10.0**-digits:
            continue
        if all(same_value(np.round(wanted, digits), got) for got, wanted in pairs):
            how = f"to {digits} decimals" if digits else "to whole numbers"
            return Relation(
                "rounded", f"{label} is the right one rounded {how}.",
                "Numbers are rounded where they are shown, not where they are calculated.",
            )  # fmt: skip
    return None


def _cut_off(label: str, wrong: list[_Case], cases: list[_Case]) -> Relation | None:
    """Relation of numbers that never get larger, or smaller, than a limit."""
    pairs = list(_paired(wrong))
    for word, sign in (("above", 1.0), ("below", -1.0)):
        limits = [sign * np.max(sign * got) for got, _ in pairs if got.size]
        if not limits or not np.isfinite(limits).all() or np.ptp(limits):
            continue
        limit = limits[0]
        if all(
            same_value(sign * np.minimum(sign * wanted, sign * limit), got) for got, wanted in pairs
        ):
            if limit in (0.0, 1.0) and all(np.ptp(got) == 0 for got, _ in pairs):
                continue  # one and the same number everywhere is no limit
            return Relation(
                "cut_off", f"{label} is never {word} {_plainly(limit)}, but it should be.",
                "Where are numbers clipped, or compared with a limit?",
            )  # fmt: skip
    return None


# Largest share of its size by which a result is off that is nearly right.
NEARLY = 1e-3


def _nearly(label: str, wrong: list[_Case], _cases: list[_Case]) -> Relation | None:
    """Relation of numbers that are off by very little, but by more than rounding errors."""
    shares = []
    for got, wanted in _paired(wrong):
        scale = float(np.max(np.abs(wanted), initial=0.0))
        error = float(np.max(np.abs(got - wanted), initial=0.0))
        if not scale or not np.isfinite(error) or not np.isfinite(scale):
            return None
        shares.append(error / scale)
    if not shares or max(shares) > NEARLY or any(case.got.dtype.kind != "f" for case in wrong):
        return None
    return Relation(
        "nearly",
        f"{label} is nearly right, but off by up to {max(shares):.1g} of its size: more than the "
        "rounding errors of the formula.",
        "Look for an approximation: a small number that is added, a limit, rounding, single "
        "precision, or a difference of two large numbers.",
    )


def _entries(label: str, wrong: list[_Case], cases: list[_Case]) -> Relation | None:
    """Relation of an array that is wrong exactly in the entries that have something."""
    if not all(case.comparable and case.got.dtype.kind in "fiub" for case in cases):
        return None
    if all(case.got.size == 1 for case in cases):
        return None  # single numbers, such as a loss: what they come from says more
    bad = [~_right_entries(case) for case in cases]
    n_bad, n_all = sum(int(one.sum()) for one in bad), sum(one.size for one in bad)
    if n_bad < FEWEST or n_all - n_bad < FEWEST:
        return None
    for name in (None, *wrong[0].inputs):
        values = [
            case.wanted if name is None else _as_wide_as(case.inputs.get(name), case)
            for case in cases
        ]
        arrays = [one for one in values if one is not None]
        phrase = _separating(arrays, bad) if len(arrays) == len(cases) else None
        if phrase is not None:
            return Relation(
                "entries",
                f"{label} is wrong only where {name or 'the right value'} is {phrase}, and right "
                "in all other entries.",
                "Follow one such entry through your code by hand.",
            )
    return None


def _right_entries(case: _Case) -> NDArray[np.bool_]:
    if case.got.dtype.kind == "b" or case.wanted.dtype.kind == "b":
        return np.asarray(case.got == case.wanted)
    scale = float(np.max(np.abs(case.wanted), initial=0.0))
    allowed = ATOL + (RTOL * scale if np.isfinite(scale) else 0.0)
    with np.errstate(all="ignore"):
        near = np.abs(case.got.astype(float) - case.wanted.astype(float)) <= allowed
    return np.asarray(near | (case.got == case.wanted))


def _as_wide_as(value: Any, case: _Case) -> Array | None:
    """An argument as one number for each entry of the result, or one for each of its rows."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        return None
    if value.shape == case.wanted.shape:
        return value
    if value.ndim == 1 and case.wanted.ndim == 2 and len(value) == len(case.wanted):
        if case.wanted.shape[0] == case.wanted.shape[1]:
            return None
        return np.broadcast_to(value[:, None], case.wanted.shape)
    return None


def _separating(values: list[Array], bad: list[NDArray[np.bool_]]) -> str | None:
    """What the values of all wrong entries are, and those of no other."""
    value = np.concatenate([np.ravel(one) for one in values]).astype(float)
    wrong = np.concatenate([np.ravel(one) for one in bad])
    for phrase, holds in (
        ("0", value == 0),
        ("not 0", value != 0),
        ("negative", value < 0),
        ("positive", value > 0),
    ):
        if np.array_equal(holds, wrong):
            return phrase
    size = np.abs(value)
    if size[wrong].min() > size[~wrong].max() > 1:
        limit = _plainly(float(f"{size[~wrong].max():.2g}"))
        return f"beyond ±{limit}" if value.min() < 0 else f"above {limit}"
    whole = np.array_equal(value, np.round(value)) and len(np.unique(value)) > 2
    if whole and len(np.unique(value[wrong])) == 1 and not np.any(value[~wrong] == value[wrong][0]):
        return f"{value[wrong][0]:.0f}"
    return None


_COARSE: tuple[_Test, ...] = (
    _not_finite,
    _factor,
    _offset,
    _reshaped,
    _reduced,
    _spread,
    _rows,
    _order,
    _input,
)
