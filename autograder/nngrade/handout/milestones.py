"""The last notebook of a hand-out, without points: a student's own functions, all together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nngrade.course.milestones import milestones
from nngrade.course.stages import Stage

__all__ = ["NOTEBOOK", "milestones_notebook"]

NOTEBOOK = "your_own_network.ipynb"

_WELCOME = """\
# A network of your own

There is nothing to write here, and there are no points. This notebook takes **your** functions from
all the notebooks in `assignments/`, and nothing else of the course, and tries what they can do
together.

Save your notebooks before you run it. What is not done yet is named; come back later."""
_SETUP = """\
import matplotlib.pyplot as plt

from nndata import load_images
from nndata.milestones import MILESTONES
from nndata.own import own_functions, try_milestone

mine = own_functions("assignments")
images = load_images("auto")  # MNIST where it is installed, else the small digits
milestones = {one.name: one for one in MILESTONES}
print(f"{images.name}: {len(images.X_train):,} images to learn from")"""
_TRY = 'try_milestone(milestones["{name}"], mine, images)\nplt.show()'


def milestones_notebook(stages: Sequence[Stage]) -> bytes | None:
    """Make the notebook, of all milestones that the tasks of these stages are enough for.

    Returns
    -------
    bytes or None
        None where they are enough for none.
    """
    enough = [one for one in milestones() if _covered(one, stages)]
    if not enough:
        return None
    cells = [_text("welcome", _WELCOME), _code("setup", _SETUP)]
    for one in enough:
        heading = f"## {one.name}: {one.title}\n\n{one.story}"
        cells += [_text(f"text-{one.name}", heading), _code(one.name, _TRY.format(name=one.name))]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _covered(milestone: Any, stages: Sequence[Stage]) -> bool:
    return all(
        any(
            stage.name.startswith(prefix)
            and set(names) <= {task.name for task in stage.lesson.tasks}
            for stage in stages
        )
        for prefix, names in milestone.needs.items()
    )


def _text(identifier: str, source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": lines}


def _code(identifier: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"code-{identifier}",
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
