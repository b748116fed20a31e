"""Calls of a student's function: requests, outcomes and errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nngrade.worker.public import PublicFunction

__all__ = [
    "FLOAT_ERRORS",
    "Call",
    "CallOutcome",
    "CallRefused",
    "CallRequest",
    "MissingFunction",
    "RecordedCall",
    "Returned",
    "StudentError",
    "shown",
    "silently",
]

# How NumPy handles floating-point errors unless it is told otherwise, as in a notebook.
FLOAT_ERRORS: Mapping[str, Any] = {
    "divide": "warn",
    "over": "warn",
    "under": "ignore",
    "invalid": "warn",
}


def silently(float_errors: Mapping[str, Any]) -> dict[str, Any]:
    """Handle floating-point errors in the same way, but without a warning."""
    return {kind: "ignore" if how == "warn" else how for kind, how in float_errors.items()}


# Return value of a call, and its positional arguments after the call if the request echoes them.
Returned = tuple[Any, list[Any] | None]


@dataclass(frozen=True)
class CallRequest:
    """One or more calls of one function, sent in one message.

    Attributes
    ----------
    name : str
        Name of the function.
    calls : sequence of tuple
        Positional arguments of each call.
    kwargs : dict
        Keyword arguments, the same for all calls.
    echo : bool
        Whether to send back the positional arguments as they are after each call.
    through : PublicFunction or None
        A driver that is called in place of the function; its first argument is the function, and
        the call's arguments follow.
    float_errors : mapping of str to str
        How floating-point errors are handled during the calls, as from `numpy.geterr`.
    lent : mapping of str to callable
        Functions of the grader that take the places of the program's own during the calls, by
        name; each call of them is answered here.
    states : bool
        Whether the echo says of a generator which state it is in, as from `wire.state_of`.
        Otherwise it says None, as of a function.
    """

    name: str
    calls: Sequence[tuple[Any, ...]]
    kwargs: dict[str, Any] = field(default_factory=dict)
    echo: bool = False
    through: PublicFunction | None = None
    float_errors: Mapping[str, Any] = field(default_factory=lambda: FLOAT_ERRORS)
    lent: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    states: bool = False


@dataclass(frozen=True)
class Call:
    """A call as it is displayed; see `CallRequest` for a call to be made."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __str__(self) -> str:
        args = [shown(one) for one in self.args]
        args += [f"{key}={shown(one)}" for key, one in self.kwargs.items()]
        return f"{self.name}({', '.join(args)})"


def shown(value: Any) -> str:
    """Plain data as it is displayed, on one line: numbers have six digits, however small."""
    if callable(value):
        return "<a function>"
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, np.generic):
        return shown(value.item())
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, np.ndarray):
        with np.printoptions(threshold=40, edgeitems=2, formatter={"float_kind": _in_array}):
            text = " ".join(repr(value).split())
        return text.replace("[ ", "[")
    return _six_digits(value, ".0") if isinstance(value, float) else repr(value)


def _in_array(number: Any) -> str:
    return _six_digits(float(number), ".")


def _six_digits(number: float, point: str) -> str:
    """A float with six digits at most, and a point if it would look like an integer."""
    text = f"{number:.6g}"
    return f"{text}{point}" if text.lstrip("-").isdigit() else text


@dataclass
class StudentError(Exception):
    """An exception that the student's code raised.

    Attributes
    ----------
    type, message : str
        Type and message of the exception: untrusted text from the worker, for display only.
    cell : str
        Label of the cell that raised it; empty if unknown.
    line : int
        Line in that cell, counted from 1; 0 if unknown.
    within : tuple of (str, int) or None
        Cell and line of another task's function that was called there, and in which it was raised.
    """

    type: str
    message: str
    cell: str
    line: int
    within: tuple[str, int] | None = None

    def __str__(self) -> str:
        place = f" in your cell {self.cell}, line {self.line}" if self.cell and self.line else ""
        if place and self.within is not None:
            place += f", where {self.within[0]} stops in its line {self.within[1]}"
        # A message may be a sentence, which goes on here.
        message = self.message.removesuffix(".") if place else self.message
        return f"{self.type}: {message}{place}" if message else f"{self.type}{place}"


class CallRefused(Exception):
    """A returned value is not plain data, or too large.

    Attributes
    ----------
    limit : str or None
        ``result`` if the value was too large, else None.
    """

    def __init__(self, message: str, limit: str | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class MissingFunction(Exception):
    """The called function is not defined by any cell."""


@dataclass(frozen=True)
class CallOutcome:
    """Outcome of a call.

    Attributes
    ----------
    value : plain data
        Returned value.
    after : list or None
        Positional arguments after the call.
    error : StudentError or None
        Raised exception; None if the call returned.
    """

    value: Any = None
    after: list[Any] | None = None
    error: StudentError | None = None


@dataclass(frozen=True)
class RecordedCall:
    """A call that a check made of the reference, for replay with another function.

    Attributes
    ----------
    args : tuple
        Copies of the positional arguments, made before the call.
    kwargs : dict
        Keyword arguments.
    through : PublicFunction or None
        The driver that makes the call.
    expected : CallOutcome
        Outcome of the call with the reference.
    check : str
        Name of the check that made the call.
    float_errors : mapping of str to str
        As in `CallRequest`.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    through: PublicFunction | None
    expected: CallOutcome
    check: str = ""
    float_errors: Mapping[str, Any] = field(default_factory=lambda: FLOAT_ERRORS)
