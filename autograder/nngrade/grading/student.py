"""The argument ``student`` of checks: an object whose attributes are the student's functions.

`RemoteStudent` calls functions in a worker. `LocalStudent` calls functions of the course itself,
for example to calibrate references. Both copy arguments and results through the wire format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from nngrade.worker.calls import Call, CallRefused, CallRequest, Returned, StudentError
from nngrade.worker.public import PublicFunction, public
from nngrade.worker.wire import Decoder, Encoder, NotPlainData

__all__ = ["Caller", "LocalStudent", "RemoteStudent", "StudentFunction", "with_caller"]


class Caller(Protocol):
    """Interface for making calls: in a worker by a session, or in this process.

    Attributes
    ----------
    latest : Call or None
        The call whose result a check used last.
    """

    latest: Call | None

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make calls until one fails; see `Worker.carry_out`.

        Returns
        -------
        returned : list of (value, after)
            For each successful call: the returned value, and the arguments after the call, or
            None without `echo`.
        error : Exception or None
            Exception of the failed call, if there is one.
        """


@dataclass(frozen=True)
class StudentFunction:
    """One of the student's functions, which can be called like any other.

    Attributes
    ----------
    name : str
        Name of the function.
    caller : Caller
        Object that makes the calls.
    driver : PublicFunction or None
        The driver through which the function is called; see `through`.
    lent : mapping of str to callable, or None
        Functions that stand for others of the program; see `CallRequest`.
    states : bool
        Whether it is observed what becomes of a generator; see `CallRequest`.
    """

    name: str
    caller: Caller
    driver: PublicFunction | None = None
    lent: Mapping[str, Callable[..., Any]] | None = None
    states: bool = False

    def through(self, driver: Callable[..., Any]) -> StudentFunction:
        """Return a function that calls a driver, with this function as its first argument.

        The driver runs in the worker, so that a chain of dependent calls takes one round trip. The
        student's code can manipulate it there, so it must not judge: let it return the values to be
        checked.

        Parameters
        ----------
        driver : callable
            A function that `public` accepts.
        """
        return replace(self, driver=public(driver))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; raises the exceptions of `Worker.call`."""
        return next(self._returned([args], kwargs, False))[0]

    def each(self, calls: Iterable[tuple[Any, ...]], **kwargs: Any) -> Iterator[Any]:
        """Call the function with each tuple of arguments; yield the returned values.

        All calls are sent in one request, which is much faster than one by one. The exception of a
        failed call is raised in the place of its value.

        Parameters
        ----------
        calls : iterable of tuple
            Positional arguments of each call.
        **kwargs
            Keyword arguments, the same for all calls.
        """
        return (value for value, _ in self._returned(list(calls), kwargs, False))

    def observe(self, *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        """Call the function; return its value and the positional arguments after the call."""
        return next(self.observe_each([args], **kwargs))

    def observe_each(
        self, calls: Iterable[tuple[Any, ...]], **kwargs: Any
    ) -> Iterator[tuple[Any, list[Any]]]:
        """Like `each`, but yield the positional arguments after each call as well."""
        return ((value, after or []) for value, after in self._returned(list(calls), kwargs, True))

    def _returned(
        self, calls: Sequence[tuple[Any, ...]], kwargs: dict[str, Any], echo: bool
    ) -> Iterator[Returned]:
        made = [Call(self.name, args, kwargs) for args in calls] if self.driver is None else []
        self.caller.latest = made[0] if len(made) == 1 else None
        request = CallRequest(
            self.name,
            calls,
            kwargs,
            echo,
            self.driver,
            np.geterr(),
            self.lent or {},
            self.states,
        )
        returned, error = self.caller.carry_out(request)
        for number, one in enumerate(returned):
            self.caller.latest = made[number] if made else None
            yield one
        if error is not None:
            self.caller.latest = made[len(returned)] if made else None
            raise error


class RemoteStudent:
    """The functions of a submission, as attributes; they run in a worker."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __getattr__(self, name: str) -> StudentFunction:
        return StudentFunction(name, self._caller)


class LocalStudent:
    """Functions of the course, as attributes, in the place of a student's.

    Parameters
    ----------
    namespace : dict
        Namespace of course code, for example `Reference.namespace`; never a student's.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.latest: Call | None = None
        self._namespace = namespace

    def __getattr__(self, name: str) -> StudentFunction:
        return StudentFunction(name, self)

    def carry_out(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make the calls as a worker does, with functions that are lent in the place of others."""
        if not request.lent:
            return self._made(request)
        own = dict(self._namespace)
        self._namespace.update(request.lent)
        try:
            return self._made(request)
        finally:
            self._namespace.clear()
            self._namespace.update(own)

    def _made(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Make the calls with copies of the arguments."""
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


def with_caller(
    student: RemoteStudent | LocalStudent, wrapped: Callable[[Caller], Caller]
) -> RemoteStudent:
    """The same functions, whose calls go through another caller, made of the student's own."""
    own = student if isinstance(student, LocalStudent) else student._caller
    return RemoteStudent(wrapped(own))


def _copy(value: Any, result: bool = False) -> Any:
    """Copy a value by encoding and decoding it in the wire format."""
    functions: list[Callable[..., Any]] = []
    sent = not result
    encoder = Encoder(functions=functions if sent else None, generators=sent, layouts=sent)
    tree = encoder.encode(value)
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in encoder.arrays)
    function = functions.__getitem__
    decoder = Decoder(memoryview(body), function=function, generators=sent, layouts=sent)
    return decoder.decode(tree)
