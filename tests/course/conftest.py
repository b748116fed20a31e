"""A lesson to read."""

from __future__ import annotations

from pathlib import Path

GOOD = """\
# %% [markdown]
# # A title
#
# Prose.

# %%
import math

# %% task="half"
def half(x):
    \"\"\"Half of x.\"\"\"
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tests="half"
assert half(2) == 1
"""


def lesson_of(text: str, folder: Path) -> Path:
    path = folder / "stage01_halves" / "lesson.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
