"""Contrasts: what a call that goes wrong has, and a call that goes right has not.

A call that went wrong is made again with one thing changed: without its negative entries, with one
example, with floats for integers. If the change makes it right, and no call without that thing went
wrong, then this is where the mistake shows. The smallest call that went wrong is an example.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngrade.diagnosis.outcomes import same_outcome, same_value
from nngrade.diagnosis.relations import FEWEST, Names, Relation, is_plain
from nngrade.worker.calls import Call, CallOutcome, RecordedCall, shown
from nngrade.worker.wire import holds_function

__all__ = ["Again", "IsTelling", "example_of", "find_contrast", "find_difference"]

Array = NDArray[Any]
# Number of wrong calls that a change must make right.
ENOUGH = 3
# Most numbers that the arguments and the result of an example may hold, and most characters.
MOST_of_numbers, MOST_CHARACTERS = 14, 160
MOST_WRONG = 12
# Without another call, the sign of drawn numbers and the like are taken for chance: only what a
# test's author must have meant tells wrong calls from right ones.
TELLING = re.compile(r' is "|one row|as many rows as columns|shape \(\)|more than one row|beyond ±')
# Most traits that may tell wrong calls from right ones equally well.
MOST_TRAITS = 2
# Number of calls that are tried as examples.
MOST_SHOWN = 4

# Makes a call again: the call with the reference's outcome, and the student's; None if the
# reference cannot be called like that.
Again = Callable[[RecordedCall], tuple[RecordedCall, CallOutcome] | None]
# Whether calls still tell right from wrong after a change: with a learning rate of 0, say, all
# mistakes look right, and the change says nothing.
IsTelling = Callable[[Sequence[RecordedCall], Sequence[RecordedCall]], bool]


@dataclass(frozen=True)
class _Trait:
    """Something that a call's arguments have or have not.

    Attributes
    ----------
    phrase : str
        The trait as the end of a sentence that begins with "where".
    changed : callable
        The arguments by name without the trait; None if they do not have it.
    others : tuple of callable
        Other ways to take the trait away: of several rows, another one may be left.
    """

    phrase: str
    changed: Callable[[dict[str, Any]], dict[str, Any] | None]
    others: tuple[Callable[[dict[str, Any]], dict[str, Any] | None], ...] = ()


def find_contrast(
    task: str,
    names: Names,
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    again: Again,
    is_telling: IsTelling,
) -> Relation | None:
    """Find the trait of a call's arguments without which the student's function is right.

    Parameters
    ----------
    task : str
        Name of the task.
    names : Names
        Names of the function's arguments.
    probes : sequence of RecordedCall
        Calls with their expected outcomes.
    seen : sequence of CallOutcome
        Outcomes of the student's function, one for each probe.
    again : callable
        Makes a call again, with other arguments.
    is_telling : callable
        Whether changed calls still tell other mistakes from right answers, as the original ones do.

    Returns
    -------
    Relation or None
        The contrast; None if there is none.
    """
    pairs = [(probe, one) for probe, one in zip(probes, seen, strict=True) if is_plain(probe)]
    wrong = [probe for probe, one in pairs if not same_outcome(probe.expected, one)]
    right = [probe for probe, one in pairs if same_outcome(probe.expected, one)]
    if not wrong:
        return None
    for trait in _traits(names, [probe for probe, _ in pairs]):
        changed = [_changed(trait.changed, names, probe) for probe in wrong[:MOST_WRONG]]
        if any(one is None for one in changed):
            continue  # it goes wrong without the trait, too
        n_right = sum(_changed(trait.changed, names, probe) is not None for probe in right)
        if n_right == len(right) or n_right > len(wrong):
            continue  # the trait is everywhere, or most calls that have it go right
        mended = _mended(trait, names, wrong, again)
        # A single call is enough only if others, without the trait, are right anyhow.
        if not mended or (len(mended) < ENOUGH and len(right) - n_right < ENOUGH):
            continue
        if not is_telling(wrong[:MOST_WRONG], mended):
            continue
        return Relation(
            "contrast",
            f"{task} goes wrong only where {trait.phrase}: change that alone, and it is right.",
            "Follow your code through such a call by hand, line by line.",
        )
    return None


def find_difference(
    task: str, names: Names, wrong: Sequence[RecordedCall], right: Sequence[RecordedCall]
) -> Relation | None:
    """Find what all wrong calls have, and no right one; nothing is called for it.

    Parameters
    ----------
    task : str
        Name of the task.
    names : Names
        Names of the function's arguments.
    wrong, right : sequence of RecordedCall
        Calls that went wrong, and calls that went right. Of either there must be two.

    Returns
    -------
    Relation or None
        The trait; None if there is none.
    """
    if min(len(wrong), len(right)) < FEWEST:
        return None
    found = [
        trait.phrase
        for trait in (*_squares(names, wrong), *_traits(names, [*wrong, *right]))
        if TELLING.search(trait.phrase)
        and all(_changed(trait.changed, names, probe) is not None for probe in wrong)
        and not any(_changed(trait.changed, names, probe) is not None for probe in right)
    ]
    # What many traits explain, none explains.
    if not 1 <= len(found) <= MOST_TRAITS:
        return None
    return Relation(
        "difference",
        f"In these tests, {task} goes wrong where {found[0]}, and nowhere else.",
        "Follow your code through such a call by hand, line by line.",
    )


def _squares(names: Names, probes: Sequence[RecordedCall]) -> Iterator[_Trait]:
    """Arrays with as many rows as columns, which hide what is transposed."""
    for name in dict.fromkeys(
        name for probe in probes for name in names.by_name(probe.args, probe.kwargs)
    ):

        def changed(inputs: dict[str, Any], name: str = name) -> dict[str, Any] | None:
            value = inputs.get(name)
            if not isinstance(value, np.ndarray) or value.ndim != 2:
                return None
            rows, columns = value.shape
            return {**inputs, name: value[:-1]} if rows == columns > 1 else None

        yield _Trait(f"{name} has as many rows as columns", changed)


def _mended(
    trait: _Trait, names: Names, wrong: Sequence[RecordedCall], again: Again
) -> list[RecordedCall]:
    """Changed calls, all of which are right; empty if one is not."""
    mended: list[RecordedCall] = []
    for probe in wrong[:MOST_WRONG]:
        for change in (trait.changed, *trait.others):
            call = _changed(change, names, probe)
            outcome = again(call) if call is not None else None
            if outcome is None:
                continue
            expected, got = outcome
            if not same_outcome(expected.expected, got):
                return []
            mended.append(expected)
        if len(mended) >= ENOUGH * (1 + len(trait.others)):
            break
    return mended


def example_of(
    task: str,
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    names: Names,
    may_be_shown: Callable[[RecordedCall], bool] = lambda probe: True,
) -> str:
    """The smallest wrong call, and what it should return; empty if none is small enough.

    Parameters
    ----------
    task : str
        Name of the task.
    probes : sequence of RecordedCall
        Calls with their expected outcomes.
    seen : sequence of CallOutcome
        Outcomes of the student's function, one for each probe.
    names : Names
        Names of the function's arguments.
    may_be_shown : callable
        Whether there is but one right answer to a call; asked of the smallest calls only.
    """
    small = []
    for probe, one in zip(probes, seen, strict=True):
        if not is_plain(probe) or one.error is not None or probe.expected.error is not None:
            continue
        wanted, got = probe.expected.value, one.value
        if same_value(wanted, got) or holds_function([*probe.args, *probe.kwargs.values()]):
            continue
        numbers = _count((probe.args, probe.kwargs))
        if numbers <= MOST_of_numbers and max(_count(wanted), _count(got)) <= MOST_of_numbers:
            call = str(Call(task, (), names.by_name(probe.args, probe.kwargs)))
            sentence = f"{call} should be {_shown(wanted)}, not {_shown(got)}."
            if len(sentence) <= MOST_CHARACTERS and _shown(wanted) != _shown(got):
                small.append((numbers, len(sentence), sentence, probe))
    small.sort(key=lambda one: one[:3])
    return next((text for *_, text, probe in small[:MOST_SHOWN] if may_be_shown(probe)), "")


def _changed(
    change: Callable[[dict[str, Any]], dict[str, Any] | None], names: Names, probe: RecordedCall
) -> RecordedCall | None:
    """The same call without a trait; None if it does not have it."""
    inputs = names.by_name(probe.args, probe.kwargs)
    with np.errstate(all="ignore"):
        new = change(inputs)
    if new is None:
        return None
    n = len(probe.args)
    args = tuple(new[name] for name in names.arguments[:n])
    return replace(probe, args=args, kwargs={name: new[name] for name in probe.kwargs})


def _traits(names: Names, probes: Sequence[RecordedCall]) -> Iterator[_Trait]:
    """The traits that some call has; the narrowest first."""
    examples: dict[str, list[Any]] = {}
    for probe in probes:
        for name, value in names.by_name(probe.args, probe.kwargs).items():
            examples.setdefault(name, []).append(value)
    for kind in (_of_arrays, _of_numbers, _of_texts, _of_sizes):
        yield from kind(examples)


def _of(name: str, phrase: str, change: Callable[[Any], Any]) -> _Trait:
    """A trait of one argument; `change` returns None where the argument does not have it."""

    def changed(inputs: dict[str, Any]) -> dict[str, Any] | None:
        if name not in inputs:
            return None
        new = change(inputs[name])
        return None if new is None else {**inputs, name: new}

    return _Trait(phrase, changed)


def _on_arrays(change: Callable[[Array], Array | None]) -> Callable[[Any], Any]:
    """A change of an array, or of each array in a list of them."""

    def changed(value: Any) -> Any:
        if isinstance(value, list | tuple) and any(isinstance(one, np.ndarray) for one in value):
            new = [changed(one) for one in value]
            if all(one is None for one in new):
                return None
            return type(value)(
                old if one is None else one for old, one in zip(value, new, strict=True)
            )
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
            return None
        return change(value)

    return changed


def _where(found: Callable[[Array], Any], new: Callable[[Array], Array]) -> Callable[[Any], Any]:
    """A change of the entries that a condition finds; integers may be labels, and stay."""

    def change(value: Array) -> Array | None:
        if value.dtype.kind != "f":
            return None
        there = found(value)
        return np.where(there, new(value), value).astype(value.dtype) if np.any(there) else None

    return _on_arrays(change)


def _wide(value: Array) -> Array | None:
    return value.astype(np.int64) if value.dtype.kind in "iu" and value.itemsize < 4 else None


def _floats(value: Array) -> Array | None:
    return value.astype(float) if value.dtype.kind in "iu" else None


def _in_order_of_rows(value: Array) -> Array | None:
    if value.flags.c_contiguous:
        return None
    return np.ascontiguousarray(value)


def _without_ties(value: Array) -> Array | None:
    if value.ndim == 0 or value.shape[-1] < 2 or value.dtype.kind != "f":
        return None
    ordered = np.sort(value, axis=-1)
    if not np.any(ordered[..., -1] == ordered[..., -2]):
        return None
    return np.asarray(value + np.linspace(0, 0.37, value.shape[-1]))


def _without_twins(value: Array) -> Array | None:
    if value.ndim != 2 or len(np.unique(value, axis=0)) == len(value):
        return None
    return np.asarray(value + np.arange(len(value))[:, None].astype(value.dtype))


def _sorted(value: Array) -> Array | None:
    if value.ndim != 1 or len(value) < 2 or np.all(np.diff(value) >= 0):
        return None
    return np.sort(value)


def _of_arrays(examples: dict[str, list[Any]]) -> Iterator[_Trait]:
    holding = [name for name, values in examples.items() if any(map(_holds_arrays, values))]
    for phrase, change in (
        ("{} is laid out in memory column by column, or with gaps", _on_arrays(_in_order_of_rows)),
        ("{} holds integers of few bits, such as uint8", _on_arrays(_wide)),
        ("{} holds integers", _on_arrays(_floats)),
        ("the highest entry in a row of {} comes twice", _on_arrays(_without_ties)),
        ("a row of {} comes twice", _on_arrays(_without_twins)),
        ("an entry of {} is 0", _where(lambda x: x == 0, np.ones_like)),
        ("an entry of {} is negative", _where(lambda x: x < 0, np.abs)),
        ("an entry of {} is no whole number", _where(lambda x: x != np.round(x), np.round)),
        ("{} holds numbers beyond ±30", _where(lambda x: abs(x) > 30, lambda x: np.clip(x, -9, 9))),
        ("{} holds numbers beyond ±5", _where(lambda x: abs(x) > 5, lambda x: np.clip(x, -2, 2))),
        ("{} is not in ascending order", _on_arrays(_sorted)),
    ):  # fmt: skip
        for name in holding:
            yield _of(name, phrase.format(name), change)


def _holds_arrays(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(isinstance(one, np.ndarray) for one in value)
    return isinstance(value, np.ndarray)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _number(test: Callable[[Any], bool], new: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: new(value) if _is_number(value) and test(value) else None


def _of_numbers(examples: dict[str, list[Any]]) -> Iterator[_Trait]:
    for name, values in examples.items():
        if not any(map(_is_number, values)):
            continue
        for phrase, change in (
            ("is negative", _number(lambda x: x < 0, abs)),
            ("is 0", _number(lambda x: x == 0, lambda x: type(x)(1))),
            ("is not 0", _number(lambda x: x != 0, lambda x: type(x)(0))),
            ("is more than 1", _number(lambda x: x > 1, lambda x: type(x)(1))),
            ("is between 0 and 1", _number(lambda x: 0 < x < 1, lambda x: type(x)(1))),
            ("is an integer", _number(lambda x: isinstance(x, int), float)),
            ("is no whole number", _number(lambda x: x != math.floor(x), np.round)),
        ):  # fmt: skip
            yield _of(name, f"{name} {phrase}", change)


def _of_texts(examples: dict[str, list[Any]]) -> Iterator[_Trait]:
    for name, values in examples.items():
        texts = list(dict.fromkeys(one for one in values if isinstance(one, str)))
        for text in texts if len(texts) > 1 else ():
            other = next(one for one in texts if one != text)
            yield _of(name, f'{name} is "{text}"', {text: other}.get)


def _of_sizes(examples: dict[str, list[Any]]) -> Iterator[_Trait]:
    """Sizes, which several arguments share."""
    for name, values in examples.items():
        arrays = [one for one in values if isinstance(one, np.ndarray)]
        lists = [one for one in values if isinstance(one, list) and _holds_arrays(one)]
        if any(one.ndim == 2 for one in arrays):
            yield _Trait(f"{name} has one row", _twice(name))
        if any(one.ndim == 0 for one in arrays):
            yield _of(
                name,
                f"{name} is a single number of shape ()",
                lambda value: (
                    value[None] if isinstance(value, np.ndarray) and not value.ndim else None
                ),
            )
        if any(one.ndim > 1 for one in arrays):
            yield _of(
                name,
                f"{name} has more than one axis",
                lambda value: (
                    value.ravel() if isinstance(value, np.ndarray) and value.ndim > 1 else None
                ),
            )
        if any(len(one) > 2 for one in lists):
            yield _Trait(f"{name} has more than two entries", _fewer(name, 2))
        if any(len(one) > 1 for one in lists):
            yield _Trait(f"{name} has more than one entry", _fewer(name, 1))
        for axis in (1, 0):
            if any(one.ndim > axis and one.shape[axis] > 1 for one in arrays):
                if axis == 0 and any(one.ndim > 1 for one in arrays):
                    phrase = f"{name} has more than one row"
                else:
                    phrase = f"{name} has more than one {'column' if axis else 'entry'}"
                first, middle, last = (_cropped(name, axis, at) for at in (0.0, 0.5, 1.0))
                yield _Trait(phrase, first, (middle, last))


def _twice(name: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Every array with as many rows as the named one, which has one, gets the same row again."""

    def changed(inputs: dict[str, Any]) -> dict[str, Any] | None:
        array = inputs.get(name)
        if not isinstance(array, np.ndarray) or array.ndim != 2 or len(array) != 1:
            return None
        if any(
            isinstance(one, np.ndarray) and one.ndim and len(one) == 1 and one is not array
            for one in inputs.values()
        ):
            return None  # which of them counts the same is not clear
        return {**inputs, name: np.repeat(array, 2, axis=0)}

    return changed


def _fewer(name: str, n: int) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Every list of the named one's length is cut."""

    def changed(inputs: dict[str, Any]) -> dict[str, Any] | None:
        value = inputs.get(name)
        if not isinstance(value, list) or len(value) <= n:
            return None
        return {
            key: one[:n] if isinstance(one, list) and len(one) == len(value) else one
            for key, one in inputs.items()
        }

    return changed


def _cropped(name: str, axis: int, at: float) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Of every axis that is as long as one of the named array, one place is left.

    Its place is given as a share of the way from the first to the last.
    """

    def changed(inputs: dict[str, Any]) -> dict[str, Any] | None:
        array = inputs.get(name)
        if not isinstance(array, np.ndarray) or array.ndim <= axis or array.shape[axis] < 2:
            return None
        size = array.shape[axis]

        index = round(at * (size - 1))

        def cut(value: Any) -> Any:
            if isinstance(value, np.ndarray) and size in value.shape:
                # Of a square, the named axis counts, and of others the first.
                at = axis if value is array else value.shape.index(size)
                return np.take(value, [index], axis=at)
            return (
                value[index : index + 1]
                if isinstance(value, list) and len(value) == size
                else value
            )

        return {key: cut(one) for key, one in inputs.items()}

    return changed


def _count(value: Any) -> int:
    """How many numbers a value holds."""
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, list | tuple):
        return sum(map(_count, value)) + (not value)
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return 1


def _shown(value: Any) -> str:
    """A result; an array of plain numbers looks as a list does."""
    text = shown(value)
    is_array = isinstance(value, np.ndarray) and text.startswith("array(") and "dtype" not in text
    return text[len("array(") : -1] if is_array else text
