"""Public functions: functions without secrets, which are sent to the worker as code.

A function that a check passes to a student's function is normally called back. Each call is then a
round trip of a quarter of a millisecond, and a test of convexity makes thousands of calls. If the
function is no secret, `public` sends its code and the plain data that it refers to instead. The
student's code can read both, so a public function must contain no part of a solution. It must have
no state either: changes that it makes in the worker are not visible to the grader.
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
    """A function whose code is sent to the worker; it can also be called in this process.

    All captured values are plain data or public functions.

    Attributes
    ----------
    function : callable
        The function itself.
    code : bytes
        Marshalled code, without names of files and functions.
    defaults : tuple
        Default values of its parameters.
    cells : tuple
        Values of its closure.
    names : dict of str to object
        The globals that it refers to, except NumPy.
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
    """Make a function public: it is sent to the worker as code instead of being called back.

    Parameters
    ----------
    function : callable
        A ``def`` or ``lambda`` that refers only to NumPy as ``np``, built-in names, plain data and
        other such functions.

    Returns
    -------
    PublicFunction
        The function and its captured values.

    Raises
    ------
    CourseError
        If the function refers to anything else, or sets a variable outside itself.

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
    """Rebuild a public function in the worker.

    The code is unmarshalled, so it must come from the grader. The parameters are the attributes of
    `PublicFunction`.
    """
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


# Cached for each code object: the same checks run for every submission.
@lru_cache(maxsize=256)
def _globals(code: types.CodeType) -> tuple[str, ...]:
    """Names of globals that the code reads.

    Raises
    ------
    CourseError
        If the code sets a variable outside itself.
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
    """Code without the names of its file and functions, and without its line number."""
    constants = tuple(
        _anonymous(one) if isinstance(one, types.CodeType) else one for one in code.co_consts
    )
    return code.replace(
        co_filename="<course>", co_name="f", co_qualname="f", co_firstlineno=1, co_consts=constants
    )
