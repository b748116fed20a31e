"""A Python that has everything installed here but for some packages, in every process it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from .conftest import ROOT

_BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Blocker())
"""


def python_without(folder: Path, *names: str) -> Path:
    """Make a virtual environment in a folder; return its Python.

    Parameters
    ----------
    folder : Path
    *names : str
        Top-level modules that cannot be imported in it.
    """
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    packages = [ROOT / "autograder", ROOT / "datasets", here]
    (site / "blocker.py").write_text(_BLOCKER.format(names=set(names)))
    (site / "everything.pth").write_text("".join(f"{path}\n" for path in packages))
    (site / "nothing.pth").write_text("import blocker\n")
    return folder / "bin/python"


def run(
    python: Path | str, *arguments: str | Path, cwd: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run nngrade with that Python, which finds its packages by itself."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, "-P", "-m", "nngrade", *arguments],
        cwd=cwd,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
