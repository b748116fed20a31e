"""nngrade: build notebooks from lessons, and grade submitted notebooks with reasons.

This package exports `grade` and `report` for whoever grades, and the functions that authors of a
stage's checks and answers import. Everything else is imported from its module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nngrade.api import grade, report
    from nngrade.course.answers import alternative, misconception
    from nngrade.course.checks import check
    from nngrade.course.draws import draw_until, generators, in_layouts, varied, whole_numbers
    from nngrade.course.questions import question
    from nngrade.grading.assertions import (
        agrees,
        close,
        gradient_close,
        kept,
        number,
        parts,
        require,
        unchanged,
        unchanged_each,
    )
    from nngrade.questions.kinds import Choice, Number, Shape
    from nngrade.worker.public import public

__version__ = "0.1.0"

__all__ = [
    "Choice",
    "Number",
    "Shape",
    "__version__",
    "agrees",
    "alternative",
    "check",
    "close",
    "draw_until",
    "generators",
    "grade",
    "gradient_close",
    "in_layouts",
    "kept",
    "misconception",
    "number",
    "parts",
    "public",
    "question",
    "report",
    "require",
    "unchanged",
    "unchanged_each",
    "varied",
    "whole_numbers",
]

_HOMES = {
    "Choice": "questions.kinds",
    "Number": "questions.kinds",
    "Shape": "questions.kinds",
    "agrees": "grading.assertions",
    "alternative": "course.answers",
    "misconception": "course.answers",
    "check": "course.checks",
    "close": "grading.assertions",
    "draw_until": "course.draws",
    "generators": "course.draws",
    "in_layouts": "course.draws",
    "grade": "api",
    "gradient_close": "grading.assertions",
    "kept": "grading.assertions",
    "number": "grading.assertions",
    "parts": "grading.assertions",
    "public": "worker.public",
    "question": "course.questions",
    "report": "api",
    "require": "grading.assertions",
    "unchanged": "grading.assertions",
    "unchanged_each": "grading.assertions",
    "varied": "course.draws",
    "whole_numbers": "course.draws",
}


def __getattr__(name: str) -> object:
    # Lazy import: the worker imports this package too, and must not load modules it never uses.
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(f"nngrade.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
