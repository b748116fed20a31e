"""Functions that a worker may know: they travel as code, and no call of theirs comes back.

A function that a check hands to a student's function is normally called back: each call is a round
trip of a quarter of a millisecond, and a test of convexity makes thousands. Where the function is
no secret, `public` sends its code and the plain data that it refers to instead. A student's code
can read both, so nothing of a solution belongs into one, and it must neither keep count nor
remember: what it does in the worker is not seen here.
"""

from __future__ import annotations

import builtins
import dis
import marshal
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from nngrade.errors import CourseError

__all__ = ["PublicFunction", "public", "rebuild"]


@dataclass(frozen=True)
class PublicFunction:
    """A function whose code a worker may have; it can be called here like any other.

    Attributes
    ----------
    function : callable
    code : bytes
        Marshalled, without names of files and functions.
    defaults : tuple
        Plain data and public functions, as are the following.
    cells : tuple
        What its closure holds.
    names : dict
        The globals that it refers to, but for NumPy.
    """

    function: Callable[..., Any]
    code: bytes
    defaults: tuple[Any, ...] = ()
    cells: tuple[Any, ...] = ()
    names: dict[str, Any] = field(default_factory=dict)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in this process."""
        return self.function(*args, **kwargs)


def public(function: Callable[..., Any]) -> PublicFunction:
    """Let a function travel as code.

    Parameters
    ----------
    function : callable
        A ``def`` or ``lambda`` that refers to NumPy as ``np``, plain data and functions like itself
        only.

    Raises
    ------
    CourseError
        When it refers to something else.

    Examples
    --------
    >>> square = public(lambda x, scale=2.0: scale * np.sum(x**2))
    >>> float(square(np.ones(3)))
    6.0
    """
    if isinstance(function, PublicFunction):
        return function
    if not isinstance(function, types.FunctionType) or function.__kwdefaults__:
        raise CourseError(f"only a plain function can be public, not {function!r}")
    names = {}
    for name in _globals(function.__code__):
        value = function.__globals__.get(name)
        if value is not np and not hasattr(builtins, name):
            names[name] = _captured(function, name, value)
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return PublicFunction(
        function,
        _marshalled(function.__code__),
        tuple(_captured(function, "a default", one) for one in function.__defaults__ or ()),
        tuple(_captured(function, name, cell.cell_contents) for name, cell in cells),
        names,
    )


def rebuild(
    code: bytes, defaults: tuple[Any, ...], cells: tuple[Any, ...], names: dict[str, Any]
) -> Callable[..., Any]:
    """The function again, in the worker; only for what the grader sent."""
    return types.FunctionType(
        marshal.loads(code),
        {"__builtins__": builtins, "np": np, **names},
        None,
        defaults,
        tuple(types.CellType(one) for one in cells),
    )


_PLAIN = (bool, int, float, str, np.ndarray, np.generic, PublicFunction)


def _captured(function: types.FunctionType, name: str, value: Any) -> Any:
    if isinstance(value, types.FunctionType):
        return public(value)
    if value is None or isinstance(value, _PLAIN):
        return value
    where = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
    raise CourseError(
        f"{where}: a public function refers to {name}, a {type(value).__name__}; "
        "only numbers, strings, arrays, NumPy as np and functions like itself can go along"
    )


# Looked up once for each lambda: the same checks run for every submission.
@lru_cache(maxsize=256)
def _globals(code: types.CodeType) -> tuple[str, ...]:
    """Names of globals that the code reads.

    Raises
    ------
    CourseError
        Where it would set something outside itself.
    """
    names: list[str] = []
    for one in dis.get_instructions(code):
        if one.opname in {"LOAD_GLOBAL", "LOAD_NAME"}:
            names.append(one.argval)
        if one.opname == "STORE_GLOBAL" or (
            one.opname == "STORE_DEREF" and one.argval in code.co_freevars
        ):
            raise CourseError(
                f"{code.co_filename}:{code.co_firstlineno}: a public function sets {one.argval}, "
                "which nobody would see: it runs elsewhere"
            )
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _globals(constant)
    return tuple(names)


@lru_cache(maxsize=256)
def _marshalled(code: types.CodeType) -> bytes:
    return marshal.dumps(_anonymous(code))


def _anonymous(code: types.CodeType) -> types.CodeType:
    """The code without what its author called it and where it stands."""
    constants = tuple(
        _anonymous(one) if isinstance(one, types.CodeType) else one for one in code.co_consts
    )
    return code.replace(
        co_filename="<course>", co_name="f", co_qualname="f", co_firstlineno=1, co_consts=constants
    )
