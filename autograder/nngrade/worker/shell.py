"""IPython for cells that need it: magics, ``?``, top-level await, `display`.

Plain Python runs without it. Shell commands raise an error.
"""

from __future__ import annotations

import os
import types
from typing import Any, NoReturn

from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

__all__ = ["GradingShell", "new_shell"]


class _BareProfile(ProfileDir):
    """A profile without IPython's README: copying it needs a forbidden system call."""

    def check_startup_dir(self, change: object = None) -> None:
        """Do nothing."""


class GradingShell(InteractiveShell):
    """An IPython shell without history, shell commands and windows."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """Do nothing for ``%matplotlib``: the backend is always Agg."""
        return gui, "agg"

    def init_profile_dir(self, profile_dir: object) -> None:
        """Make an empty profile in the scratch folder."""
        self.profile_dir = _BareProfile(location=os.path.abspath("profile"))

    def ask_exit(self) -> None:
        """Do nothing: there is no interactive session to leave."""

    def system(self, cmd: str) -> NoReturn:
        """Refuse ``!command``."""
        raise RuntimeError(f"shell commands cannot run while your notebook is graded: !{cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> NoReturn:
        """Refuse ``files = !command``."""
        self.system(cmd)

    def init_sys_modules(self) -> None:
        """Keep ``__main__``, which is already the student's module."""

    def init_io(self) -> None:
        """Keep the standard streams."""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Print nothing: the caller that runs the cell reports errors."""


def new_shell(module: types.ModuleType) -> GradingShell:
    """Return a shell that runs code in the namespace of a module."""
    config = Config()
    HistoryManager.enabled = False  # type: ignore[assignment]
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    shell: GradingShell = GradingShell.instance(
        config=config, user_module=module, user_ns=module.__dict__
    )
    for name in ("timeit", "prun", "memit", "lprun"):
        # Measurements take time and define nothing.
        shell.register_magic_function(_nothing, "line_cell", name)  # type: ignore[arg-type]
    return shell


def _nothing(line: str, cell: str | None = None) -> None:
    """Do nothing."""
