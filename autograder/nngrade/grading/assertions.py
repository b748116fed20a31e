"""Assertions for checks; the message of a failure is a sentence for the student.

They compare values that a submission returned (plain data from the worker) with expected values. A
message states what is wrong and where. It shows an expected value only if the check's author sets
``reveal=True``: a student gets the same inputs every time, so expected values would be answers.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngrade.grading.student import StudentFunction
from nngrade.text import amount

__all__ = [
    "Failure",
    "agrees",
    "close",
    "gradient_close",
    "identical",
    "kept",
    "number",
    "parts",
    "require",
    "unchanged",
    "unchanged_each",
]

# How far a result may be off, as a share of its largest entry, besides a little for zeros. A right
# formula in float64 is a thousand times nearer, and none of the usual sloppy ones is as near: not
# a nudge of 1e-4 in place of a derivative, an eps of 1e-6, nor numbers clipped to 20.
RTOL, ATOL = 1e-9, 1e-12
# The same for each entry by itself where all that was returned are numbers of single precision.
SINGLE_RTOL, SINGLE_ATOL = 1e-5, 1e-6

# What messages call a result: the whole, each value of a tuple, or those at some positions of it.
_Names = str | tuple[str, ...] | Mapping[int, str]


class Failure(Exception):
    """A check failed; the message is for the student.

    Parameters
    ----------
    message : str
        What is wrong, as a sentence.
    hint : str
        A hint on that, where the check's own is on something else.
    unless : str
        Words, as a regular expression, of which the check's hint has one if it is on the same.
    """

    def __init__(self, message: str, hint: str = "", unless: str = "") -> None:
        super().__init__(message)
        self._hint, self._unless = hint, unless

    def hint_beside(self, hint: str) -> str:
        """The hint of a check, or the failure's own if it is more to the point."""
        on_the_same = hint and self._unless and re.search(self._unless, hint, re.IGNORECASE)
        return hint if on_the_same or not self._hint else self._hint


def require(condition: object, message: str) -> None:
    """Fail with `message` unless the condition is true.

    Raises
    ------
    Failure
        If the condition is false.
    """
    if not condition:
        raise Failure(message)


def close(
    actual: Any,
    expected: ArrayLike,
    what: str = "the result",
    rtol: float = RTOL,
    atol: float | NDArray[np.float64] = ATOL,
    lists: bool = False,
    reveal: bool = False,
    tails: bool = False,
) -> None:
    """Compare a value with the expected one: shape, kind of number, NaN, then values.

    An entry may differ by ``atol + rtol * scale``, where the scale is the largest finite expected
    entry. Calculations in single precision are not held to that: where each entry of the result is
    a float32, whatever its dtype, an entry may differ by ``1e-6 + 1e-5 * |expected|``. Integers
    and bools must be equal.

    Parameters
    ----------
    actual : plain data
        Value that the student's function returned.
    expected : array_like
        Expected value; a scalar may be returned as a Python number, a NumPy scalar or a 0-d array.
    what : str
        Name of the value in the message.
    rtol : float
        Tolerance as a share of the scale.
    atol : float or ndarray
        Absolute tolerance.
    lists : bool
        Whether a list is accepted as an array.
    reveal : bool
        Whether the message may show the expected value.
    tails : bool
        Whether each entry is its own scale, and single precision will not do: for results that the
        text wants to be right also where they are tiny. `atol` does not count then.

    Raises
    ------
    Failure
        If the value differs; the message describes the first difference found.
    """
    wanted = np.asarray(expected)
    got = _as_array(actual, wanted, what, lists)
    if got.shape != wanted.shape:
        if isinstance(actual, list) and got.ndim == wanted.ndim == 1:
            raise Failure(
                f"{what} has {amount(len(got), 'entry')}, but it should have {len(wanted)}"
            )
        raise Failure(
            _shape_message(got.shape, wanted.shape, what),
            "Print the shapes of the arguments and of the result: what decides the one, and what "
            "should?",
            unless="shape|size|axis|axes|how many|single",
        )
    _same_kind(got, wanted, what)
    if wanted.dtype.kind in "fc":
        _same_finiteness(got, wanted, what)
        with np.errstate(all="ignore"):
            difference = np.abs(np.where(np.isfinite(wanted), got - wanted, 0))
            size = np.abs(np.where(np.isfinite(wanted), wanted, 0))
            allowed = rtol * size if tails else atol + rtol * np.max(size, initial=0.0)
            if not tails and np.array_equal(got, got.astype(np.float32), equal_nan=True):
                allowed = np.maximum(allowed, SINGLE_ATOL + SINGLE_RTOL * size)
            wrong = difference > allowed
    else:
        wrong = got != wanted
        # Differences of unsigned integers and bools would wrap around, hence the floats.
        difference = np.abs(got.astype(np.float64) - wanted.astype(np.float64))
    if wrong.any():
        raise Failure(_value_message(got, wanted, wrong, difference, what, reveal))


def parts(value: Any, n: int, what: str) -> list[Any]:
    """Split a returned tuple or list into its `n` values.

    Parameters
    ----------
    value : plain data
        The returned value.
    n : int
        Expected number of values.
    what : str
        Name of the function in the message.

    Returns
    -------
    list
        The `n` values.

    Raises
    ------
    Failure
        If the value is not a tuple or list of length `n`.
    """
    if not isinstance(value, tuple | list):
        raise Failure(f"{what} must return {n} values, but it returned {_describe(value)}")
    if len(value) != n:
        raise Failure(f"{what} must return {n} values, but it returned {len(value)}")
    return list(value)


def number(value: Any, what: str) -> float:
    """Check that a value is a single number, and return it as a float.

    Parameters
    ----------
    value : plain data
        A Python number, a NumPy scalar or a 0-d array; no bool.
    what : str
        How the message calls the value.

    Raises
    ------
    Failure
    """
    numbers = isinstance(value, int | float | np.number | np.ndarray)
    single = numbers and not isinstance(value, bool) and np.shape(value) == ()
    require(single, f"{what} should be a single number")
    return float(value)


def unchanged(function: StudentFunction, *args: Any, **kwargs: Any) -> Any:
    """Call a student's function and fail if it changed one of its positional arguments.

    Parameters
    ----------
    function : StudentFunction
        The function.
    *args, **kwargs
        Arguments of the call.

    Returns
    -------
    plain data
        Value that the function returned.

    Raises
    ------
    Failure
        If the function changed a positional argument.
    """
    return next(unchanged_each(function, [args], **kwargs))


def unchanged_each(
    function: StudentFunction, calls: Iterable[tuple[Any, ...]], **kwargs: Any
) -> Iterator[Any]:
    """Like `unchanged`, for many calls in one request; see `StudentFunction.each`.

    Parameters
    ----------
    function : StudentFunction
        The function.
    calls : iterable of tuple
        Positional arguments of each call.
    **kwargs
        Keyword arguments, the same for all calls.

    Yields
    ------
    plain data
        Value that the function returned, for each call.

    Raises
    ------
    Failure
        If the function changed a positional argument.
    """
    calls = list(calls)
    observed = function.observe_each(calls, **kwargs)
    for args, (value, after) in zip(calls, observed, strict=True):
        for number, (before, now) in enumerate(zip(args, after, strict=True), 1):
            if now is not None and not identical(before, now):
                instead = (
                    "work on a copy" if isinstance(before, list | dict) else "make a new array"
                )
                raise Failure(
                    f"{function.name} changed its argument number {number} in place; "
                    f"{instead} instead, the caller still needs the old one",
                    "Print that argument before and after a call: which of your lines changes it?",
                )
        yield value


def agrees(
    function: StudentFunction,
    reference: Callable[..., Any],
    calls: Iterable[tuple[Any, ...]],
    what: _Names | Callable[..., _Names] | None = None,
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    lists: bool = False,
    reveal: bool = False,
    tails: bool = False,
    may_change: bool = False,
    kwargs: Mapping[str, Any] | None = None,
) -> None:
    """Compare what a student's function and a reference return, call by call.

    Parameters
    ----------
    function : StudentFunction
        All calls are made at once; see `StudentFunction.each`.
    reference : callable
        The lesson's function, or a formula of the check's own; it takes the same arguments.
    calls : iterable of tuple
        The positional arguments of each call.
    what : str, tuple of str, mapping of int to str, or callable; optional
        How the message calls the value; the name of the function where nothing is given. A tuple
        names each of the values that a call returns together, and they are compared in its order.
        A mapping names the values at some positions: these are compared, in its order, and no
        others. A callable takes the arguments of the call and returns one of these three.
    rtol, atol, reveal, tails
        As for `close`.
    lists : bool
        Whether a list may stand for an array. It always may where the reference returns a list.
    may_change : bool
        Whether the function may change its positional arguments. Otherwise that is a failure, as
        for `unchanged`.
    kwargs : mapping, optional
        Keyword arguments of every call, for the function and the reference.

    Raises
    ------
    Failure
        With the first thing that is wrong in the first call that is.

    Examples
    --------
    >>> from nngrade.grading.student import LocalStudent
    >>> student = LocalStudent({"halve": lambda n: (n // 2, 0)})
    >>> agrees(student.halve, lambda n: divmod(n, 2), [(4,), (7,)], ("the half", "the rest"))
    Traceback (most recent call last):
    nngrade.grading.assertions.Failure: the rest is 0, which is not right
    """
    calls, kwargs = list(calls), kwargs or {}
    if may_change:
        values = function.each(calls, **kwargs)
    else:
        values = unchanged_each(function, calls, **kwargs)
    for call, value in zip(calls, values, strict=True):
        expected = reference(*call, **kwargs)
        names = what(*call) if callable(what) else what
        whole = f"{function.name}{_of_rare_kind(call, reference)}"
        for actual, wanted, name in _named(value, expected, names, whole):
            as_list = lists or isinstance(wanted, list)
            close(actual, wanted, name, rtol, atol, as_list, reveal, tails)


def kept(
    function: StudentFunction,
    calls: Sequence[tuple[Any, ...]],
    reference: Callable[..., Any] | None = None,
    what: _Names | Callable[..., _Names] | None = None,
    *,
    rewritten: bool = False,
) -> list[Any]:
    """Require that what a function has returned stays as it is, in all its parts.

    The calls are made one after the other, in the worker, and each result is looked at twice: right
    after its call, and after all of them.

    Parameters
    ----------
    function : StudentFunction
        The function.
    calls : sequence of tuple
        The positional arguments of each call, two at least. Calls of the same shapes, with other
        numbers, tell most.
    reference, what
        As for `agrees`. Without a reference only whether the results stay is asked.
    rewritten : bool
        Whether the caller goes on with its own arrays and lists: it writes the arguments of the
        next call into those of the last one, makes the first call once more, and writes into what
        that returns and into its arguments. Only where the text wants something new.

    Returns
    -------
    list
        What the calls returned.

    Raises
    ------
    Failure
        If a result is another one afterwards, or not right.

    Examples
    --------
    >>> from nngrade.grading.student import LocalStudent
    >>> student = LocalStudent({"halve": lambda n, into=np.zeros(2): np.divide(n, 2, out=into)})
    >>> kept(student.halve, [(4,), (7,)])
    Traceback (most recent call last):
    nngrade.grading.assertions.Failure: what halve had returned was changed by another call
    """
    values: list[Any] = []
    by = "another call or by writing into its arguments" if rewritten else "another call"
    for before, now in function.through(_looked_at_twice)(list(calls), rewritten):
        if not identical(before, now):
            raise Failure(f"what {function.name} had returned was changed by {by}")
        values.append(before)
    if reference is not None:
        for call, value in zip(calls, values, strict=True):
            expected = reference(*call)
            names = what(*call) if callable(what) else what
            for actual, wanted, name in _named(value, expected, names, function.name):
                close(actual, wanted, f"of several calls, {name}", lists=isinstance(wanted, list))
    return values


def _looked_at_twice(
    own: Callable[..., Any], calls: list[tuple[Any, ...]], rewritten: bool
) -> list[tuple[Any, Any]]:
    """Each result as it was when it was returned, and as it is in the end; runs in the worker."""

    def copied(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value.copy(order="K")
        if isinstance(value, dict):
            return {key: copied(one) for key, one in value.items()}
        if isinstance(value, list):
            return [copied(one) for one in value]
        return tuple([copied(one) for one in value]) if isinstance(value, tuple) else value

    def spoilt(value: Any) -> None:
        if isinstance(value, np.ndarray):
            if value.flags.writeable:
                value[...] = 7
        elif isinstance(value, dict | list | tuple):
            for one in value.values() if isinstance(value, dict) else value:
                spoilt(one)
            if not isinstance(value, tuple):
                value.clear()

    def written_anew(old: Any, new: Any) -> Any:
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            if old.shape == new.shape and old.dtype == new.dtype:
                old[...] = new
                return old
        elif isinstance(old, list | tuple) and type(old) is type(new) and len(old) == len(new):
            both = [written_anew(one, other) for one, other in zip(old, new, strict=True)]
            if isinstance(old, tuple):
                return tuple(both)
            old[:] = both
            return old
        elif isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
            for key in new:
                old[key] = written_anew(old[key], new[key])
            return old
        spoilt(old)
        return copied(new)

    results, mine = [], copied(calls[0])
    for call in [*calls, calls[0]] if rewritten else calls:
        mine = written_anew(mine, call) if rewritten else call
        value = own(*mine)
        if hasattr(value, "__next__"):
            value = list(value)
        results.append((copied(value), value))
    if rewritten:
        spoilt(results.pop()[1])
        spoilt(mine)
    return results


def gradient_close(
    actual: Any,
    f: Callable[[NDArray[np.float64]], float],
    x: ArrayLike,
    what: str = "the gradient",
    rtol: float = 1e-7,
    atol: float = 1e-8,
    h: float = 1e-5,
) -> None:
    """Compare a gradient with the numerical gradient.

    The numerical gradient is computed in float64 by central differences, with the step
    ``h * max(1, |x_i|)`` for coordinate i.

    Parameters
    ----------
    actual : plain data
        The student's gradient, of the shape of `x`.
    f : callable
        Function from an array of the shape of `x` to a float; the course's, never a student's.
    x : array_like
        Point at which `f` is smooth.
    what, rtol, atol
        As for `close`.
    h : float
        Relative step.

    Raises
    ------
    Failure
        If the gradients differ.
    """
    point = np.array(x, dtype=np.float64)
    gradient, noise = np.empty_like(point), np.empty_like(point)
    for index in np.ndindex(point.shape):
        step = h * max(1.0, abs(float(point[index])))
        ahead, behind = point.copy(), point.copy()
        ahead[index] += step
        behind[index] -= step
        high, low = float(f(ahead)), float(f(behind))
        width = ahead[index] - behind[index]  # the actual step after rounding
        gradient[index] = (high - low) / width
        # Error of the difference because f is rounded to 16 digits, which adds to the tolerance.
        noise[index] = 4 * np.finfo(np.float64).eps * (abs(high) + abs(low)) / width
    close(actual, gradient, what=what, rtol=rtol, atol=atol + noise)


def _of_rare_kind(call: tuple[Any, ...], reference: Callable[..., Any]) -> str:
    """Which arguments hold numbers of few bits, which few expect: `` with y of dtype uint8``."""
    rare = [
        (place, one.dtype)
        for place, one in enumerate(call)
        if isinstance(one, np.ndarray) and one.dtype.kind in "iuf" and one.itemsize < 4
    ]
    names = list(inspect.signature(reference).parameters) if rare else []
    found = [f"{names[place]} of dtype {kind}" for place, kind in rare if place < len(names)]
    return f" with {' and '.join(found)}" if found else ""


def _named(
    value: Any, expected: Any, names: _Names | None, function: str
) -> Iterator[tuple[Any, Any, str]]:
    """What is to be compared of a result: each value, the expected one, and what it is called."""
    if names is None or isinstance(names, str):
        yield value, expected, names or function
        return
    values = parts(value, len(expected), function)
    if isinstance(names, Mapping):
        for position, name in names.items():
            yield values[position], expected[position], name
    else:
        yield from zip(values, expected, names, strict=True)


def _as_array(actual: Any, wanted: NDArray[Any], what: str, lists: bool) -> NDArray[Any]:
    if isinstance(actual, np.ndarray | np.generic):
        return np.asarray(actual)
    if isinstance(actual, bool | int | float) and wanted.ndim == 0:
        return np.asarray(actual)
    if isinstance(actual, list | tuple) and lists:
        try:
            array = np.asarray(actual)
        except ValueError:
            raise Failure(f"{what} is a list whose entries have different lengths") from None
        if array.dtype.kind not in "biufc":
            raise Failure(f"{what} is a list that holds something other than numbers")
        return array
    asked = "a number" if wanted.ndim == 0 else f"an array of shape {wanted.shape}"
    raise Failure(f"{what} should be {asked}, but it is {_describe(actual)}")


def _describe(value: Any) -> str:
    if value is None:
        return "None: did you forget to return it?"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | dict | str):
        return f"a {type(value).__name__} of length {len(value)}"
    return f"a {type(value).__name__}"


def _shape_message(got: tuple[int, ...], wanted: tuple[int, ...], what: str) -> str:
    has = f"has shape {got}" if got else "is a single number"
    needs = f"should have shape {wanted}" if wanted else "should be a single number"
    return f"{what} {has}, but it {needs}"


_KIND_NAMES = {
    "b": "bools",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "floats",
    "c": "complex",
}


def _same_kind(got: NDArray[Any], wanted: NDArray[Any], what: str) -> None:
    allowed = {"b": "b", "i": "iu", "u": "iu", "f": "fiu", "c": "cfiu"}[wanted.dtype.kind]
    if got.dtype.kind not in allowed:
        names = _KIND_NAMES[got.dtype.kind], _KIND_NAMES[wanted.dtype.kind]
        raise Failure(
            f"{what} holds {names[0]} (dtype {got.dtype}); it should hold {names[1]}",
            "Which line decides the dtype of the result, and which kind of number goes in?",
            unless="dtype|kind|floats?|integers?|whole",
        )


def _same_finiteness(got: NDArray[Any], wanted: NDArray[Any], what: str) -> None:
    for name, test in (("NaN", np.isnan), ("infinite", np.isinf)):
        bad = test(got) & ~test(wanted)
        if bad.any():
            raise Failure(f"{what} is {name}{_count(bad, got)}; the right value is finite there")
    missing = ~np.isfinite(wanted) & ~((got == wanted) | (np.isnan(got) & np.isnan(wanted)))
    if missing.any():
        raise Failure(f"{what} is wrong{_count(missing, got)}: it should not be finite there")


def _place(index: tuple[int, ...]) -> str:
    return "" if not index else f" at [{', '.join(str(i) for i in index)}]"


def _count(bad: NDArray[np.bool_], got: NDArray[Any]) -> str:
    if got.ndim == 0:
        return ""
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    count = int(bad.sum())
    return f"{_place(first)}" + (f" and in {amount(count - 1, 'more place')}" if count > 1 else "")


def _value_message(
    got: NDArray[Any],
    wanted: NDArray[Any],
    wrong: NDArray[np.bool_],
    difference: NDArray[Any],
    what: str,
    reveal: bool,
) -> str:
    flat = int(np.argmax(np.where(wrong, difference, -1)))
    worst = tuple(int(i) for i in np.unravel_index(flat, got.shape))
    expected = f", and should be {_number(wanted[worst])}" if reveal else ""
    if got.size == 1:
        return f"{what} is {_number(got[worst])}{_place(worst)}{expected or ', which is not right'}"
    count = int(wrong.sum())
    if count == got.size:
        which = "every entry is wrong"
    else:
        which = f"{count} of {got.size} entries {'is' if count == 1 else 'are'} wrong"
    return f"{what}: {which}; the worst{_place(worst)} is {_number(got[worst])}{expected}"


def _number(value: Any) -> str:
    plain = value.item()
    return f"{plain:.6g}" if isinstance(plain, float) else str(plain)


def identical(before: Any, after: Any) -> bool:
    """Whether two values of plain data are identical; functions and generators always are."""
    if callable(before) or isinstance(before, np.random.Generator):
        return True
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and before.dtype.kind == after.dtype.kind
            and np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
        )
    if isinstance(before, list | tuple):
        return (
            isinstance(after, list | tuple)
            and len(before) == len(after)
            and all(map(identical, before, after))
        )
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and list(before) == list(after)
            and all(identical(before[key], after[key]) for key in before)
        )
    return bool(before == after) or (before != before and after != after)
