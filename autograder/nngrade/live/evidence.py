"""What a test cell does while it runs: its asserts, its calls of the student's functions."""

from __future__ import annotations

import ast
import copy
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["RECORDER", "Called", "Compared", "Evidence", "Failed", "identical", "recorded"]

# The name of the evidence in the namespace of a cell that is watched; Python of a student's has
# no such name.
RECORDER = "__nngrade_evidence__"
_CAUGHT = "__nngrade_error__"
# Arguments with more numbers than this are not copied.
MOST_NUMBERS = 20_000
MOST_CALLS = 2_000
# After the first assert that fails, the others are still tried, for so long and so often.
MORE_SECONDS = 0.5
MORE_FAILED = 20
# Other ways to compare, beside `near` and ``==``.
_COMPARISONS = ("array_equal", "allclose")
# What these do depends on where they are called.
_OF_THEIR_PLACE = ("dir", "eval", "exec", "globals", "locals", "super", "vars")


@dataclass
class Called:
    """A call that the test cell itself made of a student's function.

    Attributes
    ----------
    name : str
    args : tuple
        Copies of the positional arguments from before the call.
    kwargs : dict
    value : object
        What it returned.
    known : bool
        Whether the arguments are copied, and the call returned.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    value: Any = None
    known: bool = False


@dataclass(frozen=True)
class Compared:
    """A comparison of a value with what is expected of it.

    Attributes
    ----------
    got, wanted : object
    holds : bool
    call : Called or None
        The call that returned the value, by itself or among others.
    place : int or None
        Its place among the values that the call returned together.
    text : str
        The value as the test writes it.
    by_nudges : bool
        Whether `wanted` are the slopes that nudges show.
    case : int
        Number of the assert.
    """

    got: Any
    wanted: Any
    holds: bool
    call: Called | None
    place: int | None
    text: str
    by_nudges: bool
    case: int


@dataclass(frozen=True)
class Failed:
    """An assert that does not hold.

    Attributes
    ----------
    message : str
        What the test's author says; empty where nothing is said.
    statement : str
        The assert's condition, as Python.
    case : int
        Number of the assert, among those that ran.
    error : AssertionError
    """

    message: str
    statement: str
    case: int
    error: AssertionError


@dataclass
class Evidence:
    """What was seen in one run of a test cell.

    Parameters
    ----------
    functions : frozenset of str
        Names of the functions whose calls are recorded.
    hurry : callable
        Is told once, with the first assert that fails, how many seconds the cell still has.
    """

    functions: frozenset[str]
    hurry: Callable[[float], None] = lambda _seconds: None
    cases: int = 0
    calls: list[Called] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    # Arguments that `unchanged` found changed, with what they were, by the function's name.
    changed: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _until: float = 0.0

    def call(self, name: str, text: str, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Make a call that the test cell makes, and keep what can be learnt from it.

        Parameters
        ----------
        name : str
        text : str
            The first argument, as the test writes it.
        function : callable
        *args, **kwargs
            As the test calls it.
        """
        if name in self.functions:
            return self._own(name, function, args, kwargs)
        home = getattr(function, "__module__", None)
        if home == "nndata.testing":
            return self._asked(name, text, function, args, kwargs)
        if name in _COMPARISONS and len(args) >= 2:
            holds = function(*args, **kwargs)
            self._compare(args[0], args[1], bool(holds), text)
            return holds
        return function(*args, **kwargs)

    def _own(self, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if len(self.calls) >= MOST_CALLS:
            return function(*args, **kwargs)
        called = Called(name, (), {})
        self.calls.append(called)
        with_copies = _copied((args, kwargs))
        value = function(*args, **kwargs)
        called.value = value
        if with_copies is not None:
            called.args, called.kwargs = with_copies
            called.known = True
        return value

    def _asked(
        self,
        name: str,
        text: str,
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """A question of `nndata.testing`: what it compared is worth more than its yes or no."""
        before = _copied(args[1:]) if name == "unchanged" else None
        holds = function(*args, **kwargs)
        if name == "near" and len(args) >= 2:
            self._compare(args[0], args[1], bool(holds), text)
        elif name == "unchanged" and not holds and before is not None:
            self._who_changed(args, before)
        elif name == "slopes_agree" and not holds and len(args) >= 3:
            h = kwargs.get("h", args[3] if len(args) > 3 else 1e-5)
            self._nudge(text, args[0], args[1], args[2], h)
        return holds

    def equal(self, text: str, one: Any, other: Any, measured: Any = None) -> Any:
        """Compare with ``==``, as the test does.

        Parameters
        ----------
        text : str
            The left-hand side, as the test writes it.
        one, other : object
        measured : object
            What the left-hand side is the shape, the length or the list of, if it is one of these.
        """
        holds = one == other
        own = measured is None or self._made(measured)[0] is not None
        if own and isinstance(holds, bool | np.bool_):
            got = measured if text.endswith(".tolist()") and measured is not None else one
            self._compare(got, other, bool(holds), text)
        return holds

    def truth(self, text: str, value: Any, wanted: bool) -> Any:
        """Ask whether a value is true, as the test does."""
        own = self.calls[-1] if self.calls else None
        if own is not None and own.value is value and isinstance(value, bool | np.bool_):
            holds = bool(value) == wanted
            told = Compared(bool(value), wanted, holds, own, None, text, False, self.cases)
            self.compared.append(told)
        return value

    def _compare(
        self, got: Any, wanted: Any, holds: bool, text: str, by_nudges: bool = False
    ) -> None:
        call, place = self._made(got)
        both = _copied((got, wanted))
        if both is not None and len(self.compared) < MOST_CALLS:
            now, then = both
            self.compared.append(
                Compared(now, then, holds, call, place, text, by_nudges, self.cases)
            )

    def _made(self, value: Any) -> tuple[Called | None, int | None]:
        """The latest call that returned a value, and its place among what that call returned."""
        for called in reversed(self.calls[-20:]):
            if called.value is value and not _is_small(value):
                return called, None
            if isinstance(called.value, tuple):
                for place, one in enumerate(called.value):
                    if one is value and not _is_small(value):
                        return called, place
        last = self.calls[-1] if self.calls else None
        if last is not None and last.value is value:
            return last, None
        if last is not None and isinstance(last.value, np.bool_) and bool(last.value) is value:
            return last, None
        return None, None

    def _who_changed(self, args: tuple[Any, ...], before: tuple[Any, ...]) -> None:
        function = args[0]
        name = getattr(function, "__name__", "")
        with _suppressed():
            names = list(inspect.signature(function).parameters)
            for position, (one, other) in enumerate(zip(before, args[1:], strict=True)):
                if not identical(one, other) and position < len(names):
                    self.changed.setdefault(name, (names[position], one))

    def _nudge(
        self, text: str, gradient: Any, f: Callable[..., float], points: Any, h: float
    ) -> None:
        from nndata.testing import measured_slopes

        with _suppressed():
            measured = measured_slopes(f, points, h)
            several = isinstance(points, list | tuple)
            told = gradient if several else [gradient]
            if isinstance(told, list | tuple) and len(told) == len(measured):
                names = _parts(text) if several else [text]
                if len(names) != len(measured):
                    names = [f"{text}[{at}]" for at in range(len(measured))]
                for name, one, wanted in zip(names, told, measured, strict=True):
                    near = np.shape(one) == wanted.shape and np.allclose(one, wanted, 1e-6, 1e-6)
                    self._compare(one, wanted, bool(near), name, by_nudges=True)

    def case(self) -> None:
        """Count an assert that is about to be tried."""
        self.cases += 1

    def fails(self, error: AssertionError, statement: str) -> None:
        """Keep an assert that does not hold; the cell goes on for a while, to learn more."""
        now = time.thread_time()
        if not self.failed:
            self._until = now + MORE_SECONDS
            self.hurry(MORE_SECONDS)
        self.failed.append(Failed(str(error), statement, self.cases, error))
        if now > self._until or len(self.failed) >= MORE_FAILED:
            raise self.failed[0].error

    def done(self) -> None:
        """End the cell as it would have ended: with its first assert that does not hold."""
        if self.failed:
            raise self.failed[0].error


def _parts(text: str) -> list[str]:
    """The parts of a tuple or a list, as the test writes them."""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return []
    return [ast.unparse(one) for one in node.elts] if isinstance(node, ast.Tuple | ast.List) else []


class _suppressed:
    """Let no exception out: what only would have explained a failure is not explained."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> bool:
        return kind is not None and issubclass(kind, Exception)


def _is_small(value: Any) -> bool:
    """Whether equal values may be one object without anything to tell: ``True``, small numbers."""
    return value is None or isinstance(value, bool | int | str)


def _copied(values: Any) -> Any:
    """Copy of arguments; None where they are too large or cannot be copied."""
    if _size(values) > MOST_NUMBERS:
        return None
    try:
        return copy.deepcopy(values)
    except Exception:
        return None


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, list | tuple):
        return sum(map(_size, value)) if len(value) <= MOST_NUMBERS else MOST_NUMBERS + 1
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return 1


def identical(one: Any, other: Any) -> bool:
    """Whether two arguments are the same to the last digit; functions and generators always are."""
    if callable(one) or isinstance(one, np.random.Generator):
        return True
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        both = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
        return both and np.array_equal(one, other)
    if isinstance(one, list | tuple):
        fits = isinstance(other, list | tuple) and len(one) == len(other)
        return fits and all(map(identical, one, other))
    if isinstance(one, dict):
        fits = isinstance(other, dict) and list(one) == list(other)
        return fits and all(identical(one[key], other[key]) for key in one)
    return bool(one == other)


def recorded(tree: ast.Module) -> ast.Module:
    """A test cell that does the same, and tells its `Evidence` of its asserts and calls.

    Parameters
    ----------
    tree : ast.Module
        The cell; it is changed in place.
    """
    changed: ast.Module = _Recording().visit(tree)
    done = ast.Expr(_of_evidence("done", []))
    if changed.body:
        for node in ast.walk(done):
            ast.copy_location(node, changed.body[-1])
    # A value at the end of a cell is shown, and so must stay there.
    shown = bool(changed.body) and isinstance(changed.body[-1], ast.Expr)
    changed.body.insert(len(changed.body) - shown, done)
    ast.fix_missing_locations(changed)
    return changed


def _of_evidence(name: str, args: list[ast.expr]) -> ast.Call:
    function = ast.Attribute(ast.Name(RECORDER, ast.Load()), name, ast.Load())
    return ast.Call(function, args, [])


def _measured(node: ast.expr) -> ast.Name | None:
    """The variable of which an expression is the shape or the length."""
    inner: ast.expr | None = None
    if isinstance(node, ast.Attribute) and node.attr == "shape":
        inner = node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "len" and node.args:
        inner = node.args[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        inner = node.func.value if node.func.attr == "tolist" else None
    return ast.Name(inner.id, ast.Load()) if isinstance(inner, ast.Name) else None


class _Recording(ast.NodeTransformer):
    """Puts the calls of `Evidence` into a test cell. What functions do inside stays as it is."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return node

    def visit_Try(self, node: ast.Try) -> ast.Try:
        # What the cell itself catches, and it may be an assert's, it must go on catching.
        if not node.handlers:
            self.generic_visit(node)
        return node

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        statement = ast.unparse(node.test)
        node.test = self._condition(node.test)
        told = ast.Expr(
            _of_evidence("fails", [ast.Name(_CAUGHT, ast.Load()), ast.Constant(statement)])
        )
        handler = ast.ExceptHandler(ast.Name("AssertionError", ast.Load()), _CAUGHT, [told])
        counted = ast.Expr(_of_evidence("case", []))
        tried = ast.Try([node], [handler], [], [])
        for new in (counted, tried, handler, told):
            ast.copy_location(new, node)
        return [counted, tried]

    def _condition(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.BoolOp):
            node.values = [self._condition(one) for one in node.values]
            return node
        if isinstance(node, ast.Compare) and [type(op) for op in node.ops] == [ast.Eq]:
            text = ast.Constant(ast.unparse(node.left))
            measured = _measured(node.left)
            sides = [self.visit(node.left), self.visit(node.comparators[0])]
            if measured is not None:
                sides.append(measured)
            return ast.copy_location(_of_evidence("equal", [text, *sides]), node)
        denied = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        asked = node.operand if isinstance(node, ast.UnaryOp) and denied else node
        if isinstance(asked, ast.Call | ast.Name):
            text = ast.Constant(ast.unparse(asked))
            told = _of_evidence("truth", [text, self.visit(asked), ast.Constant(not denied)])
            return ast.copy_location(ast.UnaryOp(ast.Not(), told) if denied else told, node)
        visited: ast.expr = self.visit(node)
        return visited

    def visit_Call(self, node: ast.Call) -> ast.Call:
        text = ast.unparse(node.args[0]) if node.args else ""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in _OF_THEIR_PLACE:
                return node
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _COMPARISONS:
            name = node.func.attr
        else:
            return node
        call = _of_evidence("call", [ast.Constant(name), ast.Constant(text), node.func, *node.args])
        call.keywords = node.keywords
        return ast.copy_location(call, node)
