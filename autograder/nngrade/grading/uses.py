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
                used = frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))
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


def _defined(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    ]
