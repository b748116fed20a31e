"""Held-out answers to the tasks, to measure what no catalogue can: the checks and the reasons.

They were written from the text of the notebooks alone, by writers who had seen no check, no
reference and no catalogue. A mistake says which sentence of the text it breaks. There are five
sets, read as source and never imported:

``grades/``
    Does a mistake lose points, and a right answer none? What got through was looked at, and its
    kinds were mended.
``grades_second/``, ``grades_third/``, ``grades_fourth/``
    The same, each written after that.
``reasons/``
    Does a mistake get a reason that is true? ``judged.txt`` has a verdict on each.

Whoever sharpens a check or a diagnosis does not look at them. A set that was looked at is not held
out any more: do not tune to it, replace it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from nngrade.course.answers import _planted
from nngrade.course.stages import find_course

__all__ = ["FOLDER", "KINDS", "HeldOutAnswer", "held_out_answers"]

FOLDER = Path(__file__).parent
Kind = Literal["grades", "grades_second", "grades_third", "grades_fourth", "reasons"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class HeldOutAnswer:
    """An answer to one task.

    Attributes
    ----------
    stage, task : str
    name : str
        From its file and line: ``grades/stage01:17``.
    about : str
        What is wrong, or how a right one is written.
    breaks : str
        The sentence of the text that a mistake breaks; empty for a right answer.
    source : str
        Python that defines the task's function.
    """

    stage: str
    task: str
    name: str
    about: str
    breaks: str
    source: str


@cache
def held_out_answers(kind: Kind) -> tuple[HeldOutAnswer, ...]:
    """All answers of a set, stage by stage."""
    course = find_course(FOLDER.parents[1])
    return tuple(
        one
        for path in sorted((FOLDER / kind).glob("stage[0-9]*.py"))
        for one in _read(path, course.stage(path.stem).name)
    )


def _read(path: Path, stage: str) -> Iterator[HeldOutAnswer]:
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text, str(path)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        (call,) = node.decorator_list
        assert isinstance(call, ast.Call), f"{path}:{node.lineno}: not decorated"
        assert isinstance(call.func, ast.Name)
        words = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        assert (call.func.id == "mistake") == ("breaks" in words), f"{path}:{node.lineno}"
        yield HeldOutAnswer(
            stage=stage,
            task=ast.literal_eval(call.args[0]),
            name=f"{path.parent.name}/{path.stem}:{node.lineno}",
            about=" ".join((ast.get_docstring(node) or "").split()),
            breaks=words.get("breaks", ""),
            source="import numpy as np\n\n\n" + _planted(text, node, node.name),
        )
