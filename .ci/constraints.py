"""Renew autograder/constraints.txt: the versions with which the grader is tried, and grades.

``make constraints`` runs it. It asks pip, with the lowest and the highest Python that the project
supports, what installing the core and building the project would take today.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "autograder/constraints.txt"
# The lowest is that of pyproject.toml; the highest was tried.
LOWEST, HIGHEST = "3.11", "3.13"
HEAD = f"""\
# What the grader is installed with on GitHub, on GitLab, in Docker and by `make`, and what builds
# it. Made by `make constraints`, with Python {LOWEST} and {HIGHEST}; do not edit.
"""


def versions(python: str, requirements: Iterable[str], folder: Path) -> dict[str, str]:
    """What pip would install with that Python, by name; nothing is kept.

    Parameters
    ----------
    python : str
        A command, ``python3.11`` for instance.
    requirements : iterable of str
    folder : Path
        For a virtual environment.
    """
    try:
        subprocess.run([python, "-m", "venv", folder], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"{python} cannot be used ({error}); both Pythons are needed") from error
    command = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--dry-run"]
    command += ["--disable-pip-version-check", "--ignore-installed", "--report", "-"]
    done = subprocess.run([*command, *requirements], check=True, capture_output=True, text=True)
    packages = [one["metadata"] for one in json.loads(done.stdout)["install"]]
    return {normalised(one["name"]): one["version"] for one in packages}


def normalised(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def merged(low: Mapping[str, str], high: Mapping[str, str]) -> list[str]:
    """The lines of the file: one for a package, or two where Pythons get different versions.

    Examples
    --------
    >>> merged({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "3"})
    ... # doctest: +NORMALIZE_WHITESPACE
    ['a==1', 'b==1; python_version < "3.13"', 'b==2; python_version >= "3.13"', 'c==3']
    """
    lines = []
    for name in sorted({*low, *high}):
        here = {both[name] for both in (low, high) if name in both}
        if len(here) == 1:
            lines += [f"{name}=={one}" for one in here]
        else:
            lines.append(f'{name}=={low[name]}; python_version < "{HIGHEST}"')
            lines.append(f'{name}=={high[name]}; python_version >= "{HIGHEST}"')
    return lines


def main() -> None:
    """Write the file, and say what is in it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    with tempfile.TemporaryDirectory(prefix="nngrade-constraints-") as folder:
        low, high = (
            versions(f"python{one}", asked, Path(folder, one)) for one in (LOWEST, HIGHEST)
        )
    lines = merged(low, high)
    FILE.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {len({*low, *high})} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
