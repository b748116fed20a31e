"""What a student has added to a cell of the course, which else is graded as the course has it."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from nngrade.course.lesson import Cell
from nngrade.submissions.bindings import DEFINITIONS, bindings, fingerprint, top_level
from nngrade.worker.magics import parse_cell

__all__ = ["Additions", "additions"]


_OF_CONSTANTS = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Call, ast.keyword),
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.expr_context),
    *(ast.Tuple, ast.List, ast.Dict, ast.Set, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)


@dataclass(frozen=True)
class Additions:
    """What a student added to a cell of the course.

    Attributes
    ----------
    padded : str
        The added statements, each on the lines on which it stands in the cell.
    text : str
        The same without the empty lines.
    """

    padded: str
    text: str


def additions(
    source: str, tree: ast.Module, known: frozenset[str], origin: Cell | None
) -> Additions:
    """Imports, new constants and new functions in an edited cell of the course.

    Parameters
    ----------
    source : str
        Source of the edited cell.
    tree : ast.Module
        The same, parsed.
    known : frozenset of str
        Names that cells of the course bind.
    origin : Cell or None
        The cell as the course has it; None where only an earlier edition had it.
    """
    of_course = parse_cell(origin.source) if origin is not None else None
    kind = origin.kind if origin is not None else "tests"
    there = {fingerprint(node) for node in of_course.body} if of_course is not None else set()
    lines = source.split("\n")
    kept = [""] * len(lines)
    for node in tree.body:
        if fingerprint(node) in there or not _is_addition(node, known, kind):
            continue
        start = min([node, *getattr(node, "decorator_list", [])], key=lambda one: one.lineno)
        first, *rest = _lines_of(lines, start, node)
        at = start.lineno
        kept[at - 1] = f"{kept[at - 1]}; {first}" if kept[at - 1] else first
        kept[at : at + len(rest)] = rest
    return Additions("\n".join(kept), "\n".join(filter(None, kept)))


def _lines_of(lines: list[str], start: ast.stmt | ast.expr, end: ast.stmt) -> list[str]:
    """Lines of a statement. `ast.get_source_segment` would go through the whole cell for each."""
    assert end.end_lineno is not None
    found = lines[start.lineno - 1 : end.end_lineno]
    found[-1] = found[-1].encode()[: end.end_col_offset].decode()
    if start is end:
        found[0] = found[0].encode()[start.col_offset :].decode()
    return found


def _is_addition(node: ast.stmt, known: frozenset[str], kind: str) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    bound = bindings(ast.Module([node], []))
    if not bound or not known.isdisjoint(bound):
        return False
    if isinstance(node, DEFINITIONS):
        return True
    if isinstance(node, ast.If | ast.Try):
        return all(
            isinstance(one, (*DEFINITIONS, ast.Import, ast.ImportFrom, ast.If, ast.Try))
            or _is_assigned_constant(one, kind)
            for one in top_level(ast.Module([node], []))
        )
    return _is_assigned_constant(node, kind)


def _is_assigned_constant(node: ast.stmt, kind: str) -> bool:
    """Whether a statement assigns what costs nothing to compute.

    Given code is short, so whatever is assigned beside it counts. Demos train and draw; of theirs,
    only what is made of numbers, NumPy and the like.
    """
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    if kind == "given" or isinstance(node.value, ast.Lambda):
        return True
    return all(
        _is_light(inner) if isinstance(inner, ast.Call) else isinstance(inner, _OF_CONSTANTS)
        for inner in ast.walk(node.value)
    )


def _is_light(call: ast.Call) -> bool:
    """Whether a call is one of a library's functions, such as ``np.finfo(float)``."""
    function = call.func
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Call) or (
        isinstance(function, ast.Name) and function.id in {"np", "numpy", "math", *vars(builtins)}
    )
