"""One task of each of three stages, answered in each way that a panel tells apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage

SECONDS = 2
ENDLESS = "    while True:\n        pass\n"


@dataclass(frozen=True)
class Example:
    """A task, and answers to it.

    Attributes
    ----------
    stage, task : str
    wrong, crashing : str
        Function bodies; the wrong one returns what it should not.
    exception : str
        What the other one stops with.
    """

    stage: str
    task: str
    signature: str
    wrong: str
    crashing: str
    exception: str

    def answer(self, kind: str, course: Course) -> str:
        """Source of the task's cell."""
        stage = course.stage(self.stage)
        if kind == "right":
            return solutions(stage)[self.task]
        bodies = {
            "wrong": self.wrong,
            "crashing": self.crashing,
            "undone": "    raise NotImplementedError\n",
            "endless": ENDLESS,
        }
        return f"def {self.task}({self.signature}):\n{bodies[kind]}"


EXAMPLES = (
    Example(
        "stage01_perceptron",
        "predict",
        "w, b, X",
        "    return (X @ w + b > 0).astype(int)\n",
        "    return (w @ X + b >= 0).astype(int)\n",
        "ValueError",
    ),
    Example(
        "stage05_backprop",
        "affine_backward",
        "dZ, A_prev, W",
        "    return dZ @ W, dZ.T @ A_prev, dZ.mean(axis=0)\n",
        "    return dZ @ W.T, dZ.T @ A_prev, dZ.sum(axis=0)\n",
        "ValueError",
    ),
    Example(
        "stage07_softmax_cross_entropy",
        "softmax",
        "logits",
        "    e = np.exp(logits - logits.max())\n    return e / e.sum()\n",
        "    return logits.exp() / logits.exp().sum()\n",
        "AttributeError",
    ),
)
# What the title of the panel says, with how the panel calls the state to a screen reader.
TITLES = {
    "right": ("passed", "✓ {task} passes its"),
    "wrong": ("failed", "✗ {task}:"),
    "undone": ("not done yet", "○ {task} is not done yet."),
    "crashing": ("failed", "✗ {task} stops with {exception}"),
    "endless": ("failed", "✗ {task} does not come to an end within 2 seconds."),
}


def titled(example: Example, kind: str) -> tuple[str, str]:
    """How the panel's state is spoken, and how its title begins."""
    spoken, title = TITLES[kind]
    noun = f"{'an' if example.exception[0] in 'AEIOU' else 'a'} {example.exception}"
    return spoken, title.format(task=example.task, exception=noun)


def answered(course: Course, stage: Stage, answers: Mapping[str, str]) -> dict[str, Any]:
    """A stage's notebook with some answers, and the rest undone."""
    return fill(untouched(course, stage), stage, answers)


def write(notebook: dict[str, Any], stage: Stage, folder: Path) -> Path:
    """Write a notebook where a hand-out has it."""
    path = folder / "assignments" / stage.name / f"{stage.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook_text(notebook), encoding="utf-8")
    return path


def configured(notebook: dict[str, Any], setting: str) -> dict[str, Any]:
    """Write a setting into the cell that switches the panels on."""
    (cell,) = (one for one in notebook["cells"] if "import nngrade.live" in "".join(one["source"]))
    cell["source"] = ["import nngrade.live\n", f"nngrade.live.configure({setting})"]
    return notebook


def number_of(notebook: dict[str, Any], identifier: str) -> int:
    """The place of a cell in its notebook."""
    return [cell["id"] for cell in notebook["cells"]].index(identifier)


def beginning(notebook: dict[str, Any], task: str) -> dict[str, Any]:
    """A notebook up to a task's tests, without what draws, trains or asks."""
    last = number_of(notebook, f"tests-{task}")
    kept = [
        cell
        for cell in notebook["cells"][: last + 1]
        if not cell["id"].startswith(("demo-", "sheet-", "identity-", "question-"))
        or "import nngrade.live" in "".join(cell["source"])
    ]
    return {**notebook, "cells": kept}
