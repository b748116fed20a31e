"""Tell from a cell's syntax tree which names it binds, and which of them may be functions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

__all__ = [
    "DEFINITIONS",
    "bindings",
    "bound_functions",
    "called_names",
    "fingerprint",
    "stored_names",
    "top_level",
]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAY_BE_FUNCTIONS = (ast.Call, ast.Lambda, ast.Name, ast.Attribute, ast.Subscript, ast.IfExp)
_PARTS = ("body", "orelse", "finalbody")
_BLOCKS = (
    *(ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith),
    *(ast.Try, ast.TryStar, ast.Match),
)


def bound_functions(
    tree: ast.Module, modules: Mapping[str, AbstractSet[str]] = MappingProxyType({})
) -> set[str]:
    """Functions that a cell binds at its top level: by ``def``, by assignment or by import.

    Parameters
    ----------
    tree : ast.Module
        The cell.
    modules : mapping of str to set of str
        Functions of the modules that cells above have written, for ``from module import *``.
    """
    names: set[str] = set()
    for node in top_level(tree):
        if isinstance(node, DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= _functions_among(node.targets, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            names |= _functions_among([node.target], node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.NamedExpr):
            names |= _functions_among([node.value.target], node.value.value)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    names |= modules.get(node.module or "", set())
                else:
                    names.add(alias.asname or alias.name)
    return names


def fingerprint(node: ast.AST) -> str:
    """Text that is the same for the same code, however it is laid out; empty where there is none.

    Python does not write down numbers of thousands of digits, nor what is nested very deeply.
    """
    try:
        return ast.dump(node)
    except (ValueError, RecursionError, MemoryError):
        return ""


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements that run when a cell runs: those in its loops and branches, not in functions."""
    waiting: list[ast.stmt] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, DEFINITIONS):
            continue
        inner = [one for name in _PARTS for one in getattr(node, name, ())]
        for one in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            inner.extend(one.body)
        waiting.extend(reversed(inner))


def _functions_among(targets: Iterable[ast.expr], value: ast.expr) -> set[str]:
    """Names of targets that an assignment may bind to functions; ``f(…)`` is none called f."""
    found: set[str] = set()
    whole: set[str] = set()
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                for one, each in zip(target.elts, value.elts, strict=True):
                    found |= _functions_among([one], each)
            else:
                whole |= {one.id for one in target.elts if isinstance(one, ast.Name)}
        elif isinstance(target, ast.Name):
            whole.add(target.id)
    if whole and isinstance(value, _MAY_BE_FUNCTIONS):
        found |= whole - called_names(value)
    return found


def stored_names(node: ast.AST) -> set[str]:
    """Names that a statement or an expression assigns to."""
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }


def called_names(value: ast.expr) -> set[str]:
    """Names of the functions that an expression calls."""
    return {
        node.func.id
        for node in ast.walk(value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def bindings(tree: ast.Module) -> dict[str, str]:
    """Names that a cell binds at its top level; for imported ones, the module, else empty."""
    found: dict[str, str] = {}
    for node in top_level(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = (node.module or "").split(".")[0]
        elif isinstance(node, DEFINITIONS):
            found[node.name] = ""
        elif not isinstance(node, _BLOCKS):
            found.update(dict.fromkeys(stored_names(node), ""))
        elif isinstance(node, ast.For | ast.AsyncFor):
            found.update(dict.fromkeys(stored_names(node.target), ""))
    return found
