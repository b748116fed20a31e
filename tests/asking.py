"""A small course whose first stage asks three questions, one of each kind."""

from __future__ import annotations

import shutil
from pathlib import Path

from nngrade.authoring.build import build
from nngrade.course.stages import Course
from tests.helpers import STAGE

LESSON = """
# %% demo
import nngrade.live

# %% [markdown]
# **Question `larger`.** Which is larger?
#
# - **a** The sum of 1 and 2.
# - **b** Their product.

# %% question="larger"
answer("larger", ...)

# %% [markdown]
# ## Arrays
#
# **Question `entries`.** How many entries has an array of $r$ rows and $c$ columns?

# %% question="entries"
answer("entries", ...)

# %% [markdown]
# **Question `turned`.** And what is the shape of its transpose?

# %% question="turned"
answer("turned", ...)
"""
ANSWERS = '''
"""Answers to the questions of stage 1."""

from nngrade import Choice, Number, Shape, question


@question
def larger():
    return Choice("a", a="It is 3, and the product is 2.", b="Their product is 2, less than 3.")


@question
def entries(rng):
    r, c = (int(one) for one in rng.integers(3, 90, size=2))
    return Number(
        r * c,
        f"There are {c} in each of {r} rows.",
        wrong={r + c: "That is how many rows and columns there are together."},
        otherwise="Count one row first.",
        given={"r": r, "c": c},
    )


@question
def turned(rng):
    r = int(rng.integers(3, 90))
    c = r + int(rng.integers(1, 9))
    return Shape(
        (c, r),
        "Rows become columns.",
        wrong={(r, c): "That is the shape before."},
        otherwise="A transpose has the same two lengths.",
        given={"r": r, "c": c},
    )
'''


def asking(root: Path, options: str = "") -> Course:
    """Make and build the course."""
    shutil.copytree(Path(__file__).with_name("small_course") / "solutions", root / "solutions")
    lesson = root / "solutions" / STAGE / "lesson.py"
    lesson.write_text(lesson.read_text() + LESSON)
    lesson.with_name("questions.py").write_text(ANSWERS.lstrip())
    if options:
        (root / "solutions/course.toml").write_text(options)
    made = Course(root)
    build(made, made.stages)
    return made
