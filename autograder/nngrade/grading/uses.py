"""Which functions of a submission use which others, by the names in their source.

An endless function makes those that call it endless, too; they share its shrunken budget.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nngrade.submissions.program import Program
from nngrade.worker.magics import as_python, parse_cell

__all__ = ["Uses"]


class Uses:
    """Index of the names that a program's top-level definitions use.

    Parameters
    ----------
    program : Program
        The submitted program; later definitions of a name replace earlier ones.
    """

    def __init__(self, program: Program) -> None:
        self._names: dict[str, frozenset[str]] = {}
        for cell in program.cells:
            tree = parse_cell(cell.source if cell.given else as_python(cell.source))
            for node in tree.body if tree is not None else ():
                used = _used(node)
                for name in _defined(node):
                    self._names[name] = used

    def of(self, name: str) -> frozenset[str]:
        """The name itself, and all names that its definition uses, directly or not."""
        found, todo = {name}, [name]
        while todo:
            new = self._names.get(todo.pop(), frozenset()) - found
            found |= new
            todo += new
        return frozenset(found)


def _used(node: ast.stmt) -> frozenset[str]:
    """The names that a statement uses, without a function's own variables."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    own: set[str] = set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        own = {one.id for one in names if isinstance(one.ctx, ast.Store)}
        own |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
        for one in ast.walk(node):
            if isinstance(one, ast.Global):
                own -= set(one.names)
    return frozenset(one.id for one in names) - own


def _defined(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    ]
