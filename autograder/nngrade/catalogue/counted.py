"""Code that counts its own lines, so that a budget can stop it.

A trace function would count them, too, but Python calls it for each line, and for each function of
NumPy besides; that takes several times as long as the code. Here each function, loop and
comprehension says once in each turn how many lines it is about to run.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from types import CodeType
from typing import Any

__all__ = ["COUNT", "counted"]

# The name by which the code calls `LineBudget.spend`.
COUNT = "_count_lines_"


@lru_cache(maxsize=2048)
def counted(source: str, file: str) -> CodeType:
    """Compile a module whose functions count their lines by calling `COUNT`.

    Parameters
    ----------
    source : str
        Source of the module.
    file : str
        File name in tracebacks.
    """
    return compile(ast.fix_missing_locations(_Counting().visit(ast.parse(source))), file, "exec")


class _Counting(ast.NodeTransformer):
    """Puts a call of `COUNT` to the start of each function and of each turn of a loop."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.FunctionDef | ast.For | ast.While):
            node.body.insert(0, ast.Expr(_count(_lines(node.body))))
        elif isinstance(node, ast.comprehension):
            node.ifs.insert(0, _count(1))
        return node


def _count(lines: int) -> ast.expr:
    return ast.Call(ast.Name(COUNT, ast.Load()), [ast.Constant(lines)], [])


def _lines(body: list[ast.stmt]) -> int:
    """Number of statements, without those that count themselves: of functions and loops within."""
    count = 0
    for one in body:
        count += 1
        if not isinstance(one, ast.FunctionDef | ast.For | ast.While | ast.ClassDef):
            inner: list[Any] = [getattr(one, name, []) for name in ("body", "orelse", "finalbody")]
            count += sum(map(_lines, inner))
    return count
