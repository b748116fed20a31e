"""What the code of a function says by itself: facts that are true whatever it is for.

They are told only of a function whose tests fail, and only where they are likely to be the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from nngrade.diagnosis.relations import Relation
from nngrade.worker.magics import parse_cell

__all__ = ["faint_fact", "function_in", "plain_fact"]

Function = ast.FunctionDef


def function_in(source: str, name: str) -> Function | None:
    """The last function of that name that a cell defines."""
    tree = parse_cell(source)
    found = None
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            found = node
    return found


def plain_fact(
    function: Function, namespace: Mapping[str, Any], is_project: bool = False
) -> Relation | None:
    """A fact that hardly ever goes with a right function.

    Parameters
    ----------
    function : ast.FunctionDef
    namespace : mapping
        The kernel's user namespace, which says what a global name stands for.
    is_project : bool
        Whether many designs are right: some need less than they are given.
    """
    finds = [_other_chance, _overwritten, _ends_in_a_loop, _from_outside]
    if not is_project:
        finds.insert(1, _unused_argument)
    for find in finds:
        fact = find(function, namespace)
        if fact is not None:
            return fact
    return None


def faint_fact(function: Function) -> Relation | None:
    """A fact that may go with a right function, and is the likeliest thing to look at."""
    return _unused_name(function)


def _arguments(function: Function) -> list[str]:
    args = function.args
    return [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)]


def _names(node: ast.AST, kind: type[ast.expr_context]) -> Iterator[ast.Name]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, kind):
            yield one


def _read(function: Function) -> set[str]:
    """Names that the body reads; ``x += 1`` reads x."""
    read = {one.id for one in _names(function, ast.Load)}
    for one in ast.walk(function):
        if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            read.add(one.target.id)
    return read


def _unused_argument(function: Function, _namespace: Mapping[str, Any]) -> Relation | None:
    read = _read(function)
    if "locals" in read:
        return None
    unused = [name for name in _arguments(function) if name not in read]
    if not unused:
        return None
    which = " and ".join(unused[:2])
    return Relation(
        "unused",
        f"{function.name} never uses its argument{'s' if len(unused) > 1 else ''} {which}.",
        f"Where does {unused[0]} come in, in the formula or in the text?",
    )


def _overwritten(function: Function, _namespace: Mapping[str, Any]) -> Relation | None:
    """An argument that is set anew, at the top of the body, from nothing that it was."""
    for statement in function.body:
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try):
            return None
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id in _arguments(function):
            used = {one.id for one in _names(statement.value, ast.Load)}
            before = function.body[: function.body.index(statement)]
            read = {one.id for node in before for one in _names(node, ast.Load)}
            if target.id not in used | read:
                return Relation(
                    "overwritten",
                    f"{function.name} overwrites its argument {target.id} before it has read it.",
                    "What the caller hands over is lost there.",
                )
    return None


def _ends_in_a_loop(function: Function, _namespace: Mapping[str, Any]) -> Relation | None:
    """A loop that returns at the end of its first pass."""
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.While) and isinstance(node.body[-1], ast.Return):
            goes_on = any(isinstance(one, ast.Continue) for one in ast.walk(node))
            if not goes_on:
                return Relation(
                    "returns_in_loop",
                    f"{function.name} returns in line {node.body[-1].lineno} at the end of the "
                    "first pass through its loop: there is no second one.",
                    "How far is the `return` indented?",
                )
    return None


def _other_chance(function: Function, _namespace: Mapping[str, Any]) -> Relation | None:
    """Random numbers from elsewhere, where a generator is handed over."""
    if "rng" not in _arguments(function):
        return None
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.endswith("default_rng"):
            return Relation(
                "own_generator",
                f"{function.name} makes a generator of its own in line {node.lineno}, beside rng.",
                "Every random number must be drawn from the generator that it is given.",
            )
        if called.startswith(("np.random.", "numpy.random.", "random.")):
            return Relation(
                "own_generator",
                f"{function.name} draws from `{called}` in line {node.lineno}, not from rng.",
                "Every random number must be drawn from the generator that it is given.",
            )
        copies = called in ("copy.deepcopy", "deepcopy", "copy.copy") and node.args
        if copies and ast.unparse(node.args[0]) == "rng":
            return Relation(
                "own_generator",
                f"{function.name} draws from a copy of rng: the caller's rng does not move on.",
                "Draw from rng itself.",
            )
    return None


def _from_outside(function: Function, namespace: Mapping[str, Any]) -> Relation | None:
    """A variable of the notebook that the function reads: it is not what the caller hands over."""
    own = {one.id for one in _names(function, ast.Store)} | set(_arguments(function))
    own |= {one.arg for one in ast.walk(function) if isinstance(one, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            own.update((one.asname or one.name).partition(".")[0] for one in node.names)
    for name in _names(function, ast.Load):
        value = namespace.get(name.id)
        if name.id in own or name.id not in namespace or name.id.isupper():
            continue
        if isinstance(value, FunctionType | ModuleType | type) or callable(value):
            continue
        if isinstance(value, int | float | str | tuple | dict) or name.id.startswith("_"):
            continue
        return Relation(
            "from_outside",
            f"{function.name} reads {name.id} in line {name.lineno}: a variable of the notebook, "
            "not one of its own.",
            "A function should get all that it needs as its arguments. Which of them do you mean?",
        )
    return None


def _unused_name(function: Function) -> Relation | None:
    read = _read(function)
    for name in _names(function, ast.Store):
        if name.id not in read and not name.id.startswith("_"):
            if _unpacked(function, name):
                continue
            return Relation(
                "unused",
                f"{function.name} sets {name.id} in line {name.lineno}, and never uses it.",
                "What was it meant for?",
            )
    return None


def _unpacked(function: Function, name: ast.Name) -> bool:
    """Whether a name is set among others, or counts a loop: it may be there for its place."""
    for node in ast.walk(function):
        if isinstance(node, ast.Tuple | ast.List) and name in node.elts:
            return True
        if isinstance(node, ast.For | ast.comprehension) and node.target is name:
            return True
    return False
