"""What a check sees of a student: an object whose attributes are the student's functions.

`RemoteStudent` calls into a worker; `LocalStudent` calls functions of the course itself, which is
how references are calibrated. Both copy arguments and results the same way, through the wire.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from nngrade.worker.host import CallRefused, StudentError
from nngrade.worker.wire import Decoder, Encoder, NotPlainData

__all__ = ["LocalStudent", "RemoteStudent", "StudentFunction"]


class Caller(Protocol):
    """Whoever carries out calls: a session in a worker, or this process."""

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool
    ) -> tuple[Any, list[Any] | None]:
        """Call `name`; return its value, and the arguments afterwards where `echo` asks."""


@dataclass(frozen=True)
class StudentFunction:
    """One of the student's functions, to be called like any other."""

    name: str
    caller: Caller

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; raise what `Worker.call` raises."""
        return self.caller.call(self.name, args, kwargs, False)[0]

    def observe(self, *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        """Call the function; return its value and the positional arguments as it left them."""
        value, after = self.caller.call(self.name, args, kwargs, True)
        return value, after or []


class RemoteStudent:
    """The functions of a submission, which run in a worker."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __getattr__(self, name: str) -> StudentFunction:
        return StudentFunction(name, self._caller)


class LocalStudent:
    """The functions of a namespace of course code, in the place of a student's.

    Parameters
    ----------
    namespace : dict
        For example `Reference.namespace`; never a student's.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def __getattr__(self, name: str) -> StudentFunction:
        return StudentFunction(name, self)

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool
    ) -> tuple[Any, list[Any] | None]:
        """Call the function as a worker would, with copies of the arguments."""
        function = self._namespace.get(name)
        if not callable(function):
            raise StudentError("NameError", f"{name} is not defined", "", 0)
        copies = [_copy(argument) for argument in args]
        try:
            value = function(*copies, **{key: _copy(item) for key, item in kwargs.items()})
            result = _copy(value, result=True)
        except NotPlainData as refusal:
            raise CallRefused(f"{name} returned {refusal}") from refusal
        except Exception as error:
            raise StudentError(type(error).__name__, str(error), "", 0) from error
        return result, copies if echo else None


def _copy(value: Any, result: bool = False) -> Any:
    """Send a value across a wire that ends where it began."""
    functions: list[Callable[..., Any]] = []
    encoder = Encoder(functions=None if result else functions, generators=not result)
    tree = encoder.encode(value)
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in encoder.arrays)
    decoder = Decoder(memoryview(body), function=functions.__getitem__, generators=not result)
    return decoder.decode(tree)
