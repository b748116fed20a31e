"""What a check sees of a student: an object whose attributes are the student's functions.

`RemoteStudent` calls into a worker; `LocalStudent` calls functions of the course itself, which is
how references are calibrated. Both copy arguments and results the same way, through the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from nngrade.worker.calls import Call, CallRefused, CallRequest, Returned, StudentError
from nngrade.worker.public import PublicFunction, public
from nngrade.worker.wire import Decoder, Encoder, NotPlainData

__all__ = ["LocalStudent", "RemoteStudent", "StudentFunction"]


class Caller(Protocol):
    """Whoever carries out calls: a session in a worker, or this process.

    Attributes
    ----------
    latest : Call or None
        The call whose result a check looked at last.
    """

    latest: Call | None

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make calls until one goes wrong; see `Worker.carry_out`.

        Return, for those that went well, the value and, where `echo` asks, the arguments
        afterwards; and what the next one raised.
        """


@dataclass(frozen=True)
class StudentFunction:
    """One of the student's functions, to be called like any other."""

    name: str
    caller: Caller
    driver: PublicFunction | None = None

    def through(self, driver: Callable[..., Any]) -> StudentFunction:
        """The function that calls a public `driver` with this function before its arguments.

        The driver runs beside the student's code, so that many calls of which one leads to the
        next take one round trip. It must be `public`; its verdict, if it had one, would be worth
        nothing: have it return what there is to be judged.
        """
        return replace(self, driver=public(driver))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; raise what `Worker.call` raises."""
        return next(self._returned([args], kwargs, False))[0]

    def each(self, calls: Iterable[tuple[Any, ...]], **kwargs: Any) -> Iterator[Any]:
        """Call the function with each tuple of arguments; yield what it returned, one by one.

        All calls are made at once, which is much faster than one by one. What a call raised comes
        up when its turn comes.
        """
        return (value for value, _ in self._returned(list(calls), kwargs, False))

    def observe(self, *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        """Call the function; return its value and the positional arguments as it left them."""
        return next(self.observe_each([args], **kwargs))

    def observe_each(
        self, calls: Iterable[tuple[Any, ...]], **kwargs: Any
    ) -> Iterator[tuple[Any, list[Any]]]:
        """Like `each`; yield the positional arguments as the function left them, too."""
        return ((value, after or []) for value, after in self._returned(list(calls), kwargs, True))

    def _returned(
        self, calls: Sequence[tuple[Any, ...]], kwargs: dict[str, Any], echo: bool
    ) -> Iterator[Returned]:
        made = [Call(self.name, args, kwargs) for args in calls] if self.driver is None else []
        self.caller.latest = made[0] if len(made) == 1 else None
        request = CallRequest(self.name, calls, kwargs, echo, self.driver)
        returned, error = self.caller.carry_out(request)
        for number, one in enumerate(returned):
            self.caller.latest = made[number] if made else None
            yield one
        if error is not None:
            self.caller.latest = made[len(returned)] if made else None
            raise error


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
        self.latest: Call | None = None
        self._namespace = namespace

    def __getattr__(self, name: str) -> StudentFunction:
        return StudentFunction(name, self)

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Call the function as a worker would, with copies of the arguments."""
        name = request.name
        function = self._namespace.get(name)
        if not callable(function):
            return [], StudentError("NameError", f"{name} is not defined", "", 0)
        if request.through is not None:
            function = partial(request.through, function)
        returned: list[Returned] = []
        for args in request.calls:
            copies = [_copy(argument) for argument in args]
            kwargs = {key: _copy(item) for key, item in request.kwargs.items()}
            try:
                value = function(*copies, **kwargs)
                returned.append((_copy(value, result=True), copies if request.echo else None))
            except NotPlainData as refusal:
                return returned, CallRefused(f"{name} returned {refusal}")
            except Exception as error:
                wrapped = StudentError(type(error).__name__, str(error), "", 0)
                wrapped.__cause__ = error
                return returned, wrapped
        return returned, None


def _copy(value: Any, result: bool = False) -> Any:
    """Send a value across a wire that ends where it began."""
    functions: list[Callable[..., Any]] = []
    encoder = Encoder(functions=None if result else functions, generators=not result)
    tree = encoder.encode(value)
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in encoder.arrays)
    decoder = Decoder(memoryview(body), function=functions.__getitem__, generators=not result)
    return decoder.decode(tree)
