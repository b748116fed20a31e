"""Recognise a known mistake by its behaviour.

Each wrong solution of the catalogue is called with the probes. If exactly one of them has the same
outcomes as the student's function on all probes, it is the student's mistake.
"""

from __future__ import annotations

import ast
import copy
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from nngrade.catalogue.counted import COUNT, counted
from nngrade.course.answers import Answer
from nngrade.course.stages import Stage
from nngrade.diagnosis.outcomes import same_outcome
from nngrade.grading.budget import LineBudget, TooLongError
from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import CallOutcome, CallRequest, RecordedCall, silently
from nngrade.worker.wire import copy_of

__all__ = [
    "FILE",
    "MOST_LINES",
    "Suspect",
    "is_same_code",
    "likeness",
    "merged_pairs",
    "outcomes_of",
    "suspects_that_match",
]


# File name under which the catalogue's code is compiled; its lines count against the budget.
FILE = "<catalogue>"
# Lines of Python that all known mistakes together may run for one submission: some never end.
MOST_LINES = 100_000
# Maximum number of characters of a function that is compared with others by its text.
LONGEST_COMPARED = 10_000

# Sources of functions that replace those of the reference, by task.
Suspect = Mapping[str, str]


def suspects_that_match(
    stage: Stage,
    task: str,
    suspects: Sequence[Suspect],
    probes: Sequence[RecordedCall],
    seen: Sequence[CallOutcome],
    budget: LineBudget,
) -> list[int]:
    """Find the suspects whose outcomes agree with the student's on every probe.

    Parameters
    ----------
    stage : Stage
        The stage.
    task : str
        Name of the task.
    suspects : sequence of Suspect
        Mistakes to try.
    probes : sequence of RecordedCall
        Calls to make.
    seen : sequence of CallOutcome
        Outcomes of the student's function, one for each probe.
    budget : LineBudget
        Lines that the suspects may run.

    Returns
    -------
    list of int
        Indices of the matching suspects; empty if the budget did not suffice to try all.
    """
    # Probes on which the student is wrong come first: most suspects differ there at once.
    order = sorted(range(len(probes)), key=lambda i: same_outcome(probes[i].expected, seen[i]))
    matches = []
    for number, suspect in enumerate(suspects):
        outcomes = outcomes_of(stage, task, suspect, [probes[i] for i in order], budget)
        if all(same_outcome(one, seen[i]) for one, i in zip(outcomes, order, strict=False)):
            matches.append(number)
    return matches if budget.left >= 0 else []


def outcomes_of(
    stage: Stage, task: str, suspect: Suspect, probes: Sequence[RecordedCall], budget: LineBudget
) -> Iterator[CallOutcome]:
    """Yield the outcome of each call with the suspect's functions; calls are made on demand.

    If the suspect cannot be defined, or a call exceeds the budget, the last outcome is one that
    equals no other. The parameters are those of `suspects_that_match`.
    """
    try:
        namespace = stage.reference.rebound()
        namespace[COUNT] = budget.spend
        for source in suspect.values():
            exec(counted(source, FILE), namespace)
    except Exception:
        yield _NOTHING
        return
    student = LocalStudent(namespace)
    for probe in probes:
        args = copy_of(probe.args)
        before = sys.gettrace()
        if not suspect:
            sys.settrace(budget)  # the reference does not count its lines itself
        try:
            with np.errstate(**silently(probe.float_errors)):
                request = CallRequest(task, [args], probe.kwargs, True, probe.through)
                done, error = student.carry_out(request)
        except TooLongError:
            yield _NOTHING
            return
        finally:
            sys.settrace(before)
        if done:
            ((value, after),) = done
            kept = [None if one is None else now for one, now in _pairs(probe, after)]
            yield CallOutcome(value, kept)
        else:
            yield CallOutcome(error=error if hasattr(error, "type") else None)  # type: ignore[arg-type]


_NOTHING = CallOutcome("an outcome that nothing is the same as", [object()])


def _pairs(probe: RecordedCall, after: list[Any] | None) -> Iterator[tuple[Any, Any]]:
    return zip(probe.expected.after or [], after or [], strict=True)


def is_same_code(one: str, other: str, task: str) -> bool:
    """Whether two sources define the same function, but for its names, layout and comments."""
    try:
        return _form(one, task) == _form(other, task)
    except (ValueError, SyntaxError, RecursionError, MemoryError, IndexError):
        return False


@lru_cache(maxsize=2048)
def _form(source: str, task: str) -> str:
    """A function's syntax with its own names numbered in the order in which they come up."""
    function = _function(source, task)
    numbers: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            numbers.setdefault(node.arg, f"name {len(numbers)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            numbers.setdefault(node.id, f"name {len(numbers)}")
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.arg, node.annotation = numbers[node.arg], None
        elif isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    # An import of NumPy beside it says nothing.
    others = map(ast.unparse, _others(source, task))
    own = [text for text in others if not text.startswith("import numpy")]
    return "\n".join([ast.dump(function), *own])


def likeness(one: str, other: str) -> float:
    """Similarity of two functions' source texts, from 0 to 1, regardless of style.

    It is 0 for a text that cannot be read, or is too long: comparing takes quadratic time.
    """
    if max(len(one), len(other)) > LONGEST_COMPARED:
        return 0.0
    try:
        first, second = ("\n".join(_lines(source)) for source in (one, other))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0.0
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=128)
def merged_pairs(
    task: str, reference: str, mistakes: tuple[Answer, ...]
) -> tuple[tuple[Answer, Answer, str], ...]:
    """Combine pairs of mistakes that change different parts of the code.

    Parameters
    ----------
    task : str
        Name of the task.
    reference : str
        Source of the reference solution.
    mistakes : tuple of Answer
        Mistakes of the task.

    Returns
    -------
    tuple of (Answer, Answer, str)
        Of each pair the two mistakes, and the source of the reference with both changes.
    """
    base = _function(reference, task)
    functions = [(one, _function(one.source, task)) for one in mistakes]
    merge = _Merge(base)
    found = []
    for (first, one), (second, other) in combinations(functions, 2):
        both = merge.nodes(base, one, other)
        if both is None:
            both = merge.lines(one, other)
        if both is not None:
            # Imports and helpers of both mistakes are kept.
            own = [node for answer in (first, second) for node in _others(answer.source, task)]
            found.append((first, second, ast.unparse(ast.Module([*own, both], []))))
    return tuple(found)


def _function(source: str, task: str) -> ast.stmt:
    """Syntax tree of a task's function, without docstrings and comments."""
    for node in ast.parse("\n".join(_lines(source))).body:
        if isinstance(node, ast.FunctionDef) and node.name == task:
            return node
    raise ValueError(f"no function {task}")


def _others(source: str, task: str) -> list[ast.stmt]:
    return [
        node
        for node in ast.parse(source).body
        if not (isinstance(node, ast.FunctionDef) and node.name == task)
    ]


class _Merge:
    """Three-way merges of changes of a function.

    What is asked again and again of the same nodes is kept.

    Parameters
    ----------
    base : stmt
        The function before either change.
    """

    def __init__(self, base: ast.stmt) -> None:
        self._base = tuple(ast.unparse(base).split("\n"))
        self._texts: dict[int, tuple[Any, Any]] = {}
        self._changed: dict[int, tuple[ast.stmt, list[tuple[int, int, list[str]]]]] = {}

    def _text(self, node: Any) -> Any:
        """A text that is the same for equal nodes."""
        if not isinstance(node, ast.AST):
            return node
        if id(node) not in self._texts:
            # The node is kept as well, so that no other gets its identity.
            self._texts[id(node)] = node, ast.dump(node)
        return self._texts[id(node)][1]

    def nodes(self, base: Any, one: Any, other: Any) -> Any:
        """Merge two changes of a syntax tree; None if they conflict."""
        texts = [self._text(node) for node in (base, one, other)]
        if texts[0] == texts[1]:
            return other
        if texts[0] == texts[2] or texts[1] == texts[2]:
            return one
        if not isinstance(base, ast.AST) or not type(base) is type(one) is type(other):
            return None
        made = copy.copy(base)
        for name in base._fields:
            parts = [getattr(node, name, None) for node in (base, one, other)]
            if isinstance(parts[0], list):
                if len({len(part or []) for part in parts}) > 1:
                    return None
                merged: Any = [self.nodes(*items) for items in zip(*parts, strict=True)]
                if None in merged:
                    return None
            elif isinstance(parts[0], ast.AST) or isinstance(parts[1], ast.AST):
                merged = self.nodes(*parts)
                if merged is None:
                    return None
            elif parts[0] == parts[1]:
                merged = parts[2]
            elif parts[0] == parts[2] or parts[1] == parts[2]:
                merged = parts[1]
            else:
                return None
            setattr(made, name, merged)
        return made

    def lines(self, one: ast.stmt, other: ast.stmt) -> ast.stmt | None:
        """Merge by lines, for changes that add or remove statements; None on conflict."""
        some, others = self._changes(one), self._changes(other)
        together = sorted(some + others)
        if not some or not others or any(a[1] >= b[0] for a, b in pairwise(together)):
            return None
        both = list(self._base)
        for start, end, new in reversed(together):
            both[start:end] = new
        try:
            return ast.parse("\n".join(both)).body[0]
        except SyntaxError:
            return None

    def _changes(self, changed: ast.stmt) -> list[tuple[int, int, list[str]]]:
        if id(changed) not in self._changed:
            lines = tuple(ast.unparse(changed).split("\n"))
            self._changed[id(changed)] = changed, _changes(self._base, lines)
        return self._changed[id(changed)][1]


@lru_cache(maxsize=1024)
def _lines(source: str) -> tuple[str, ...]:
    """Lines of a module in a uniform style, without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tuple(ast.unparse(tree).split("\n"))


def _changes(base: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[int, int, list[str]]]:
    matcher = difflib.SequenceMatcher(None, base, other, autojunk=False)
    return [
        (i1, i2, list(other[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
