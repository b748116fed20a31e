"""Mutants: thousands of wrong answers, each the reference of a task with one small mistake.

The id of a mutant is a digest of its code without docstring and layout. An entry in the reviewed
file therefore stays valid as long as the code does.
"""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from textwrap import indent
from typing import Any

from nngrade.audit.operators import OPERATORS, Surroundings, blocks
from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION, Task

__all__ = ["Mutant", "mutants_of"]

MOST_MUTANTS = 60


@dataclass(frozen=True)
class Mutant:
    """A reference solution with one small mistake.

    Attributes
    ----------
    task : str
    id : str
        Digest of its code.
    operator : str
        Name of the operator in `nngrade.audit.operators`.
    source : str
        Python source that defines the task's function.
    diff : str
        Difference from the reference: a unified diff without headers.
    """

    task: str
    id: str
    operator: str
    source: str
    diff: str


def mutants_of(task: Task, most: int = MOST_MUTANTS) -> list[Mutant]:
    """The mutants of a task's reference.

    Parameters
    ----------
    task : Task
    most : int
        Maximum number. If there are more, the operators take turns, each in the order of digests.
    """
    function = _Function(task)
    seen = {function.digest(function.body)}
    groups: dict[str, list[Mutant]] = {one.__name__: [] for one in OPERATORS}
    for operator, body in function.changes():
        digest = function.digest(body)
        if digest not in seen:
            seen.add(digest)
            code = function.code(body)
            diff = _diff(function.code(function.body), code)
            groups[operator].append(Mutant(task.name, digest, operator, code, diff))
    for group in groups.values():
        group.sort(key=lambda one: one.id)
    turns = chain.from_iterable(zip_longest(*groups.values()))
    return [one for one in turns if one is not None][:most]


class _Function:
    """A task's function without its docstring, and all its possible changes."""

    def __init__(self, task: Task) -> None:
        tree = ast.parse(task.solution.source).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self._kinds = _kinds(ast.get_docstring(tree) or "")
        tree.body = tree.body[1:]
        self._tree = tree
        self._head = ast.unparse(tree).split("\n", 1)[0]
        self._codes = {id(one): _code(one) for one in tree.body}
        self._forms = {id(one): _form(one) for one in tree.body}
        self._bound = list(_bound(tree))
        self._parents = {
            id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
        }
        # Only the lines between the markers are the solution; the rest is given code.
        lines = [line.strip() for line in task.solution.source.splitlines()]
        first, last = lines.index(BEGIN_SOLUTION) + 1, len(lines) - lines[::-1].index(END_SOLUTION)
        self._inside = [
            (number, node)
            for number, statement in enumerate(tree.body)
            for node in ast.walk(statement)
            if first < getattr(node, "lineno", 0) < last
        ]

    @property
    def body(self) -> list[ast.stmt]:
        """The function's statements."""
        return self._tree.body

    def code(self, body: list[ast.stmt]) -> str:
        """Source of the function with the given statements as its body."""
        codes = [self._codes.get(id(one)) or _code(one) for one in body]
        return "\n".join([self._head, *codes]) + "\n"

    def digest(self, body: list[ast.stmt]) -> str:
        """Digest of the function with the given statements as its body."""
        forms = [self._forms.get(id(one)) or _form(one) for one in body]
        return hashlib.sha256(repr([self._tree.name, *forms]).encode()).hexdigest()[:12]

    def changes(self) -> Iterator[tuple[str, list[ast.stmt]]]:
        """Yield each change: the name of its operator and the changed statements."""
        kinds = {name: self._kinds.get(name, "") for name, _ in self._bound}
        texts = (node.value for _, node in self._inside if isinstance(node, ast.Constant))
        strings = tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))
        for number, node in self._inside:
            variables = tuple(self._variables(node))
            around = Surroundings(self._parents[id(node)], variables, kinds, strings)
            for operator in OPERATORS:
                for new in operator(node, around):
                    body = [*self.body]
                    # The memo makes deepcopy put the new node in the place of the old one.
                    body[number] = copy.deepcopy(body[number], {id(node): new})
                    yield operator.__name__, body
        for new in blocks(self._tree, Surroundings(self._tree, (), kinds, strings)):
            assert isinstance(new, ast.FunctionDef)
            yield blocks.__name__, new.body

    def _variables(self, node: ast.AST) -> Iterator[str]:
        """Names that have a value when a node is executed, each once."""
        line = getattr(node, "lineno", 0)
        above = {id(one) for one in self._above(node)}
        inside, hidden = [], set()
        for one in ast.walk(self._tree):
            if isinstance(one, ast.ListComp | ast.GeneratorExp | ast.Lambda):
                own = [name for name, _ in _bound(one)]
                if id(one) in above:
                    inside += own
                else:
                    hidden.update(own)
        before = (name for name, at in self._bound if at < line and name not in hidden)
        yield from dict.fromkeys([*before, *inside])

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        while id(node) in self._parents:
            node = self._parents[id(node)]
            yield node


def _bound(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that get a value within a node, each with its line."""
    for one in ast.walk(node):
        if isinstance(one, ast.arg):
            yield one.arg, one.lineno
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id, one.lineno


def _code(statement: ast.stmt) -> str:
    return indent(ast.unparse(ast.fix_missing_locations(statement)), "    ")


def _form(node: Any) -> Any:
    """A syntax tree as nested lists, the same in all versions of Python."""
    if isinstance(node, list):
        return [_form(one) for one in node]
    if not isinstance(node, ast.AST):
        return node
    fields = ((name, value) for name, value in ast.iter_fields(node) if name not in _NOT_TOLD)
    return [type(node).__name__, *([name, _form(value)] for name, value in fields if value != [])]


_NOT_TOLD = {"ctx", "kind", "type_comment", "type_params"}
_DECLARED = re.compile(r"^(?P<names>\w+(?:, \w+)*) : (?P<what>.+)$", re.MULTILINE)


def _kinds(docstring: str) -> dict[str, str]:
    """Kind of each parameter and result in a docstring, to tell which names can be confused."""
    kinds: dict[str, str] = {}
    for one in _DECLARED.finditer(docstring):
        what = one["what"]
        if "ndarray" in what:
            shape = re.search(r"shape \(([^)]*)\)", what)
            axes = len([axis for axis in shape[1].split(",") if axis.strip()]) if shape else "some"
            kind = f"array of {axes} axes"
        else:
            number = re.match(r"(float|int)\b", what)
            kind = "number" if number else what.split()[0]
        for name in one["names"].split(", "):
            kinds.setdefault(name, kind)
    return kinds


def _diff(function: str, code: str) -> str:
    lines = difflib.unified_diff(function.splitlines(), code.splitlines(), lineterm="", n=1)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
