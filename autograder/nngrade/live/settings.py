"""How the notebook answers: what a student can set."""

from __future__ import annotations

import os
from dataclasses import dataclass

__all__ = ["SECONDS", "SWITCH", "Settings", "configure", "settings"]

# As long as the grader waits for a check.
SECONDS = 20.0
# Environment variable that keeps the panels off, with "off" or "0".
SWITCH = "NNGRADE_PANEL"


@dataclass
class Settings:
    """How test cells are answered.

    Attributes
    ----------
    seconds : float
        How long a test cell may run.
    go_on : bool
        Whether "Run all" goes on after a test cell that fails.
    panel : bool
        Whether there are panels at all.
    """

    seconds: float = SECONDS
    go_on: bool = False
    panel: bool = True


settings = Settings(panel=os.environ.get(SWITCH, "").lower() not in ("off", "0", "no"))


def configure(
    *, seconds: float | None = None, go_on: bool | None = None, panel: bool | None = None
) -> None:
    """Change how test cells are answered, from the next cell on.

    Parameters
    ----------
    seconds : float, optional
        How long a test cell may run before it is ended; 20 unless told otherwise.
    go_on : bool, optional
        Whether "Run all" goes on after a test cell that fails. Unless told otherwise it stops
        there, so that the first mistake is the one on the screen.
    panel : bool, optional
        Whether there are panels. Without them a test cell is what it is in any notebook: silent,
        or a traceback.

    Raises
    ------
    ValueError
        If `seconds` is not above 0.
    """
    if seconds is not None:
        if not seconds > 0:
            raise ValueError(f"seconds must be more than 0, and is {seconds}")
        settings.seconds = float(seconds)
    if go_on is not None:
        settings.go_on = bool(go_on)
    if panel is not None:
        settings.panel = bool(panel)
