"""Calls of a student's function: the request, what came of it, and what may go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nngrade.worker.public import PublicFunction

__all__ = [
    "Call",
    "CallOutcome",
    "CallRefused",
    "CallRequest",
    "MissingFunction",
    "RecordedCall",
    "Returned",
    "StudentError",
]

# What a call returned, and the positional arguments after it where they were asked for.
Returned = tuple[Any, list[Any] | None]


@dataclass(frozen=True)
class CallRequest:
    """Several calls of one function, which travel together.

    Attributes
    ----------
    name : str
        The function's.
    calls : sequence of tuple
        The positional arguments of each call.
    kwargs : dict
        The same for all calls.
    echo : bool
        Whether to send back what the positional arguments look like after each call.
    through : PublicFunction or None
        A driver that is called instead, with the function before the arguments.
    """

    name: str
    calls: Sequence[tuple[Any, ...]]
    kwargs: dict[str, Any] = field(default_factory=dict)
    echo: bool = False
    through: PublicFunction | None = None


@dataclass(frozen=True)
class Call:
    """A call as it is shown to people; see `CallRequest` for one that is to be made."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __str__(self) -> str:
        with np.printoptions(precision=6, threshold=40, edgeitems=2, suppress=True):
            args = [_shown(one) for one in self.args]
            args += [f"{key}={_shown(one)}" for key, one in self.kwargs.items()]
        return f"{self.name}({', '.join(args)})"


def _shown(value: Any) -> str:
    if callable(value):
        return "<a function>"
    if isinstance(value, np.random.Generator):
        return "rng"
    return " ".join(repr(value).split())


@dataclass
class StudentError(Exception):
    """An exception that the student's code raised.

    Attributes
    ----------
    type, message : str
        Of the exception; data from the worker, so only to be shown.
    cell : str
        The cell in which it came up, or empty.
    line : int
        The line of that cell, or 0.
    """

    type: str
    message: str
    cell: str
    line: int

    def __str__(self) -> str:
        place = f" in your cell {self.cell}, line {self.line}" if self.cell and self.line else ""
        colon = f": {self.message}" if self.message else ""
        return f"{self.type}{colon}{place}"


class CallRefused(Exception):
    """A result that is not plain data, or too large.

    Attributes
    ----------
    limit : str or None
        ``result`` where it was only too large.
    """

    def __init__(self, message: str, limit: str | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class MissingFunction(Exception):
    """A function that no cell defines."""


@dataclass(frozen=True)
class CallOutcome:
    """What a call came to.

    Attributes
    ----------
    value : plain data
        What was returned.
    after : list or None
        The positional arguments after the call.
    error : StudentError or None
        What was raised instead.
    """

    value: Any = None
    after: list[Any] | None = None
    error: StudentError | None = None


@dataclass(frozen=True)
class RecordedCall:
    """A call that a check made of the reference, to be made again of something else.

    Attributes
    ----------
    args : tuple
        Copies of the positional arguments, from before the call.
    kwargs : dict
    through : PublicFunction or None
        The driver that makes the call.
    expected : CallOutcome
        What it comes to with the reference.
    check : str
        The name of the check that made it.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    through: PublicFunction | None
    expected: CallOutcome
    check: str = ""
