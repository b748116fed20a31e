"""Milestones: what students' functions of several stages can do together.

They are no secret, and so they stand in the data package, where students have them too. The engine
knows only what each of them has: `name`, `title`, `story`, `needs`, `inputs`, `run`, `judge` and
`draw`, as the module says.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["MODULE", "milestones"]

MODULE = "nndata.milestones"


def milestones() -> tuple[Any, ...]:
    """All milestones, in their order."""
    return tuple(importlib.import_module(MODULE).MILESTONES)
