"""A held-out set of wrong solutions, to measure a diagnosis with.

They were written before there was any diagnosis, and none is in a catalogue: each combines two
mistakes of a task, makes one of the catalogue's in another style, or is new. A file for each
stage, read as source like ``misconceptions.py`` and never imported. A set that was looked at while
a diagnosis was being improved is not held out any more: do not tune to it, replace it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nngrade.course.answers import _planted
from nngrade.course.stages import find_course

__all__ = ["KINDS", "RELATIONS", "HeldOut", "held_out", "held_out_set"]

FOLDER = Path(__file__).parent

KINDS = {
    "variation": "one mistake of the catalogue in other clothes",
    "combination": "two mistakes at once",
    "new": "a mistake that the catalogue does not have",
}

RELATIONS = {
    "factor": "a result, or one of several, is a constant times the right one",
    "offset": "a result differs from the right one by a constant",
    "sign": "a result is negated",
    "transpose": "rows and columns are exchanged",
    "permutation": "the right entries in other places",
    "axis": "an axis was summed, averaged, kept or searched wrongly",
    "broadcast": "broadcast to a wrong shape",
    "rows": "right except for the first or last rows or entries",
    "part": "one of several results is right and another wrong",
    "input": "the difference is proportional to an input",
    "not_finite": "NaN or infinity",
    "dtype": "another kind of number",
    "mutated": "an argument is changed",
    "state": "something is, or is not, carried from call to call",
    "error": "an exception, whose message explains",
    "returns": "None, or another number or kind of values",
}


@dataclass(frozen=True)
class HeldOut:
    """A wrong solution, and what would be a right diagnosis of it.

    Attributes
    ----------
    stage : str
        The stage's full name.
    task : str
    name : str
        Unique in its stage.
    description : str
        What is wrong, from its docstring, which is not in the source.
    source : str
        Python that defines the task's function.
    truth : tuple of str
        Mistakes of the catalogue (of the same task): naming any one of them would be right.
    relation : tuple of str
        Names in `RELATIONS`: stating any one of them would be right, too.
    kind : str
        A name in `KINDS`.
    """

    stage: str
    task: str
    name: str
    description: str
    source: str
    truth: tuple[str, ...]
    relation: tuple[str, ...]
    kind: str


def held_out(
    task: str,
    *,
    name: str,
    kind: str,
    truth: tuple[str, ...] = (),
    relation: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    """Declare a function of ``stageNN.py`` to be a wrong solution of the task it is named after."""
    return lambda function: function


@cache
def held_out_set() -> tuple[HeldOut, ...]:
    """Every wrong solution of the set, stage by stage."""
    course = find_course(FOLDER.parents[1])
    return tuple(
        one
        for path in sorted(FOLDER.glob("stage[0-9]*.py"))
        for one in _read(path, course.stage(path.stem).name)
    )


def _read(path: Path, stage: str) -> Iterator[HeldOut]:
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text, str(path)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        (call,) = node.decorator_list
        assert isinstance(call, ast.Call), f"{path}:{node.lineno}: not decorated with held_out"
        task = ast.literal_eval(call.args[0])
        assert node.name == task, (
            f"{path}:{node.lineno}: a function {node.name} for the task {task}"
        )
        options = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        yield HeldOut(
            stage=stage,
            task=task,
            name=options["name"],
            description=" ".join((ast.get_docstring(node) or "").split()),
            source=_planted(text, node, task),
            truth=options.get("truth", ()),
            relation=options.get("relation", ()),
            kind=options["kind"],
        )
