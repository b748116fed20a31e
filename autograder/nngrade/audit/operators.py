"""Mutation operators: small mistakes as rules on a syntax tree.

An operator takes a node and its surroundings, and yields nodes that could replace it by mistake.
Meaningless and duplicate nodes are removed later: they cost little.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["OPERATORS", "Surroundings", "blocks"]


@dataclass(frozen=True)
class Surroundings:
    """The context of a node, for operators that need it.

    Attributes
    ----------
    parent : AST
        Parent of the node.
    variables : tuple of str
        Parameters and variables that have a value at the node.
    kinds : mapping of str to str
        Kind of each variable according to the docstring; empty if the docstring does not say.
    strings : tuple of str
        All strings in the solution.
    """

    parent: ast.AST
    variables: tuple[str, ...]
    kinds: Mapping[str, str]
    strings: tuple[str, ...]


Operator = Callable[[ast.AST, Surroundings], Iterator[ast.AST]]

_ARITHMETIC: dict[type[ast.operator], list[ast.operator]] = {
    ast.Add: [ast.Sub()],
    ast.Sub: [ast.Add()],
    ast.Mult: [ast.Div(), ast.Add()],
    ast.Div: [ast.Mult()],
    ast.FloorDiv: [ast.Div(), ast.Mult()],
    ast.Pow: [ast.Mult()],
    ast.MatMult: [ast.Mult()],
}
# Operators that are not commutative.
_ORDERED = ast.Sub | ast.Div | ast.FloorDiv | ast.Pow | ast.MatMult
_COMPARISONS: dict[type[ast.cmpop], list[ast.cmpop]] = {
    ast.Gt: [ast.GtE(), ast.Lt()],
    ast.GtE: [ast.Gt(), ast.Lt()],
    ast.Lt: [ast.LtE(), ast.Gt()],
    ast.LtE: [ast.Lt(), ast.Gt()],
    ast.Eq: [ast.NotEq()],
    ast.NotEq: [ast.Eq()],
    ast.Is: [ast.IsNot()],
    ast.IsNot: [ast.Is()],
    ast.In: [ast.NotIn()],
    ast.NotIn: [ast.In()],
}
_PAIRS = (
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("sum", "mean"),
    ("all", "any"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("column_stack", "vstack"),
    ("sqrt", "square"),
    ("normal", "uniform"),
)
_SIMILAR = {
    **{one: [other] for one, other in _PAIRS},
    **{other: [one] for one, other in _PAIRS},
    "logaddexp": ["maximum", "add"],
    "hypot": ["maximum", "add"],
    "outer": ["multiply"],
    "append": ["insert"],
}
_IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "__iadd__",
    ast.Sub: "__isub__",
    ast.Mult: "__imul__",
    ast.Div: "__itruediv__",
    ast.Pow: "__ipow__",
}
_WITH_OUT = {"maximum", "minimum", "exp", "expm1", "log", "log1p", "abs", "sqrt", "tanh"}
_CONVERSIONS = {"float", "int", "bool"}
_MAKERS = {"zeros", "ones", "zeros_like", "ones_like", "array"}


def arithmetic(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Another arithmetic operator, or swapped operands."""
    if isinstance(node, ast.BinOp):
        for op in _ARITHMETIC.get(type(node.op), []):
            yield ast.BinOp(node.left, op, node.right)
        if isinstance(node.op, _ORDERED):
            yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.AugAssign):
        for op in _ARITHMETIC.get(type(node.op), []):
            yield ast.AugAssign(node.target, op, node.value)
        yield _assign(node.target, node.value)
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def operands(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """One operand alone: the other is forgotten."""
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
    if isinstance(node, ast.BoolOp):
        yield from node.values


def comparisons(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Another comparison: the boundary moved to the other side, or the opposite."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in _COMPARISONS.get(type(node.ops[0]), []):
            yield ast.Compare(node.left, [op], node.comparators)
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other, node.values)


def constants(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A number that is slightly off, or another string of the same function."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from map(_number, (value + 1, value - 1))
    elif isinstance(value, float):
        yield from map(_number, (2 * value, -value, 0.0) if value else (1.0, -1.0))
    elif isinstance(value, str):
        yield from (ast.Constant(other) for other in around.strings if other != value)


def axes(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Another axis, or a forgotten keyword argument."""
    if not isinstance(node, ast.Call):
        return
    for index, keyword in enumerate(node.keywords):
        before, after = node.keywords[:index], node.keywords[index + 1 :]
        if keyword.arg in {"strict", None}:
            continue
        yield ast.Call(node.func, node.args, [*before, *after])
        if keyword.arg == "axis":
            for axis in (0, 1, -1):
                other = ast.keyword("axis", _number(axis))
                yield ast.Call(node.func, node.args, [*before, other, *after])


def transposes(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A missing or superfluous transpose, or a new axis in the wrong place."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield ast.BinOp(_transposed(node.left), node.op, node.right)
        yield ast.BinOp(node.left, node.op, _transposed(node.right))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        yield ast.Subscript(node.value, ast.Tuple(node.slice.elts[::-1], ast.Load()), node.ctx)
        if any(isinstance(one, ast.Constant) and one.value is None for one in node.slice.elts):
            yield node.value


def blocks(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Two statements in the wrong order, or one wrongly inside a loop or below it."""
    if not isinstance(node, ast.FunctionDef | ast.For | ast.If):
        return
    body = node.body
    for index in range(len(body) - 1):
        first, second = body[index : index + 2]
        before, after = body[:index], body[index + 2 :]
        changed = [[second, first]]
        if isinstance(first, ast.For):
            changed.append([ast.For(first.target, first.iter, [*first.body, second], [])])
        for statements in changed:
            copied = copy.copy(node)
            copied.body = [*before, *statements, *after]
            yield copied
    if isinstance(node, ast.For) and len(body) > 1:
        # The `else` branch runs once, after the loop.
        yield ast.For(node.target, node.iter, body[:-1], body[-1:])


def statements(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A forgotten statement, unless a name would have no value without it."""
    if isinstance(node, ast.Expr | ast.AugAssign | ast.If | ast.For | ast.Break):
        yield ast.Pass()
    if isinstance(node, ast.Assign):
        names = {one.id for target in node.targets for one in _names(target)}
        if names <= set(around.variables):
            yield ast.Pass()
    if isinstance(node, ast.Return) and isinstance(around.parent, ast.If | ast.For):
        yield ast.Pass()
    if isinstance(node, ast.Break):
        yield ast.Continue()


def swaps(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Two swapped arguments, returned values or dict entries."""
    if isinstance(node, ast.Call):
        for args in _swapped(node.args):
            yield ast.Call(node.func, args, node.keywords)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for elements in _swapped(node.elts):
            yield ast.Tuple(elements, node.ctx)
    if isinstance(node, ast.Dict):
        for values in _swapped(node.values):
            yield ast.Dict(node.keys, values)


def variables(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Another variable that has a value at the node, and whose kind may be the same."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in around.kinds:
        kind = around.kinds[node.id]
        for name in around.variables:
            other = around.kinds[name]
            if name != node.id and (kind == other or not kind or not other):
                yield ast.Name(name, node.ctx)


def ranges(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A range or slice that starts or ends one too early or too late."""
    if isinstance(node, ast.Call) and _called(node) in {"range", "arange", "linspace"}:
        for index, argument in enumerate(node.args):
            for op in (ast.Sub(), ast.Add()):
                other = ast.BinOp(argument, op, ast.Constant(1))
                args = [*node.args[:index], other, *node.args[index + 1 :]]
                yield ast.Call(node.func, args, node.keywords)
        if len(node.args) == 3 and _called(node) == "range":
            start, stop, step = node.args
            yield ast.Call(node.func, [start, ast.BinOp(stop, ast.Sub(), step), step], [])
        if len(node.args) == 1 and _called(node) == "range":
            yield ast.Call(node.func, [ast.Constant(1), *node.args], node.keywords)
    if isinstance(node, ast.Slice):
        if node.lower is not None:
            yield ast.Slice(None, node.upper, node.step)
        if node.upper is not None:
            yield ast.Slice(node.lower, None, node.step)
            yield ast.Slice(node.lower, ast.BinOp(node.upper, ast.Sub(), ast.Constant(1)))


def loops(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A loop without its first or last iteration, with only one, or backwards."""
    if isinstance(node, ast.For):
        for part in _parts_of(node.iter):
            yield ast.For(node.target, part, node.body, node.orelse)
        if not isinstance(node.body[-1], ast.Return | ast.Break):
            yield ast.For(node.target, node.iter, [*node.body, ast.Break()], node.orelse)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        first, *others = node.generators
        for part in _parts_of(first.iter):
            other = ast.comprehension(first.target, part, first.ifs, first.is_async)
            yield type(node)(node.elt, [other, *others])


def kinds(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Integers for floats or the other way round, or a forgotten conversion."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node)
    if name in _CONVERSIONS and len(node.args) == 1:
        yield node.args[0]
        if name == "float":
            yield ast.Call(ast.Name("int", ast.Load()), node.args, [])
    if isinstance(node.func, ast.Attribute) and name == "astype":
        yield node.func.value
        yield ast.Call(node.func, [ast.Name("float", ast.Load())], [])
    if name in _MAKERS:
        others = [one for one in node.keywords if one.arg != "dtype"]
        dtypes = [one.value for one in node.keywords if one.arg == "dtype"]
        whole = any(isinstance(one, ast.Name) and one.id == "int" for one in dtypes)
        dtype = ast.keyword("dtype", ast.Name("float" if whole else "int", ast.Load()))
        yield ast.Call(node.func, node.args, [*others, dtype])
    if name == "zeros" and isinstance(node.func, ast.Attribute):
        for array in _shape_of(node.args[0]):
            like = ast.Attribute(node.func.value, "zeros_like", ast.Load())
            yield ast.Call(like, [array], [])


def functions(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A similar function, or no call at all."""
    if not isinstance(node, ast.Call):
        return
    for name in _SIMILAR.get(_called(node), []):
        if isinstance(node.func, ast.Attribute):
            yield ast.Call(
                ast.Attribute(node.func.value, name, ast.Load()), node.args, node.keywords
            )
    if node.args and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        yield node.args[0]
    method = isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
    )
    if method and not isinstance(around.parent, ast.Expr):
        assert isinstance(node.func, ast.Attribute)
        yield node.func.value


def branches(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Only one of two branches, whatever the condition."""
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    if isinstance(node, ast.If):
        for always in (True, False):
            yield ast.If(ast.Constant(always), node.body, node.orelse)


def in_place(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """An array changed in place, possibly the caller's, instead of a new one."""
    if isinstance(node, ast.BinOp) and _may_be_array(node.left, around):
        name = _IN_PLACE.get(type(node.op), "__imatmul__")
        yield ast.Call(ast.Attribute(node.left, name, ast.Load()), [node.right], [])
    if isinstance(node, ast.Call) and _called(node) in _WITH_OUT:
        for argument in node.args:
            if _may_be_array(argument, around):
                out = ast.keyword("out", argument)
                yield ast.Call(node.func, node.args, [*node.keywords, out])


def randomness(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Another generator than the one passed as `rng`."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return  # assigned to, it would be everybody's `np.random` that changes, for all later cases
    if node.id == "rng" and "rng" in around.kinds:
        numpy = ast.Name("np", ast.Load())
        everybodys = ast.Attribute(numpy, "random", ast.Load())
        yield everybodys
        yield ast.Call(ast.Attribute(everybodys, "default_rng", ast.Load()), [_number(0)], [])


OPERATORS: tuple[Operator, ...] = (
    arithmetic,
    operands,
    comparisons,
    constants,
    axes,
    transposes,
    statements,
    swaps,
    variables,
    ranges,
    loops,
    kinds,
    functions,
    branches,
    in_place,
    randomness,
    blocks,
)


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Name))


def _number(value: float) -> ast.expr:
    """Syntax tree of a number as the parser makes it: a negative number is a unary operation."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _assign(target: ast.expr, value: ast.expr) -> ast.Assign:
    return ast.Assign([target], value)


def _shape_of(shape: ast.expr) -> Iterator[ast.expr]:
    """Arrays whose shape an expression uses: x.shape, X.shape[1] or len(x)."""
    text = ast.unparse(shape)
    for suffix, part in ((".shape", ""), (".shape[1]", "[0]"), (".shape[0]", "[:, 0]")):
        if text.endswith(suffix):
            yield ast.parse(text.removesuffix(suffix) + part, mode="eval").body
    if isinstance(shape, ast.Call) and _called(shape) == "len":
        yield shape.args[0]


def _may_be_array(node: ast.expr, around: Surroundings) -> bool:
    return isinstance(node, ast.Name) and around.kinds.get(node.id, "number") != "number"


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def _swapped(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for index in range(len(nodes) - 1):
        if not any(isinstance(one, ast.Starred) for one in nodes[index : index + 2]):
            yield [*nodes[:index], nodes[index + 1], nodes[index], *nodes[index + 2 :]]


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _parts_of(iterable: ast.expr) -> Iterator[ast.expr]:
    """An iterable without its first item, without its last item, and reversed."""
    values = ast.Call(ast.Name("list", ast.Load()), [iterable], [])
    one, last = _number(1), _number(-1)
    for part in (ast.Slice(one), ast.Slice(None, last), ast.Slice(None, None, last)):
        yield ast.Subscript(values, part, ast.Load())
