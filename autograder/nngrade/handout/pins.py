"""Requirements for students: the packages that notebooks import, in the versions installed here.

The versions are those of the environment in which the course is built and tested, so that no new
release of a package can break the notebooks in the middle of a term.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from nngrade.errors import CourseError
from nngrade.worker.magics import as_python, parse_cell

__all__ = [
    "core",
    "distributions_for",
    "imported_modules",
    "oldest_python",
    "pinned",
    "ranges",
    "with_dependencies",
]

PYTHON = "Requires-Python"


def imported_modules(source: str) -> set[str]:
    """Top-level modules that a cell or program imports, without the standard library."""
    tree = parse_cell(as_python(source))
    names: set[str] = set()
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return {name for name in names if name not in sys.stdlib_module_names}


def distributions_for(modules: Mapping[str, str]) -> set[str]:
    """Names of the distributions that provide the given modules, as pip knows them.

    Parameters
    ----------
    modules : mapping of str to str
        For each module the path of a file that imports it, for the error message.

    Raises
    ------
    CourseError
        If a module is not installed here, so that no tested version is known.
    """
    names: set[str] = set()
    for module, place in sorted(modules.items()):
        found = _distributions().get(module)
        if not found:
            raise CourseError(
                f"{place} imports {module}, but it is not installed here; mend the import, or "
                "install it"
            )
        names.update(canonicalize_name(name) for name in found)
    return names


@cache
def _distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def with_dependencies(names: Iterable[str]) -> set[str]:
    """The given distributions and all their dependencies that are installed here."""
    found: set[str] = set()
    seen: set[tuple[NormalizedName, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), frozenset[str]()) for name in names]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        name, extras = one
        try:
            needed = list(_needs(name, extras))
        except metadata.PackageNotFoundError:
            continue  # not needed on this machine either
        found.add(name)
        waiting.extend(needed)
    return found


def _needs(name: str, extras: frozenset[str]) -> Iterator[tuple[NormalizedName, frozenset[str]]]:
    for line in metadata.requires(name) or ():
        try:
            needed = Requirement(line)
        except InvalidRequirement:
            continue  # written before requirements had a standard
        marker = needed.marker
        if marker is None or any(marker.evaluate({"extra": one}) for one in ("", *extras)):
            yield canonicalize_name(needed.name), frozenset(needed.extras)


def pinned(names: Iterable[str]) -> list[str]:
    """Requirements ``name==version`` for the installed versions, sorted."""
    # The local version, after a plus, is known only to the machine that built it.
    return [f"{name}=={Version(metadata.version(name)).public}" for name in sorted(names)]


def oldest_python(names: Iterable[str]) -> str:
    """Oldest release of this Python's minor version, such as 3.11.4, that all of these support."""
    headers = map(metadata.metadata, names)
    asked = [SpecifierSet(one[PYTHON]) for one in headers if PYTHON in one]
    major, minor, micro = sys.version_info[:3]
    releases = (f"{major}.{minor}.{number}" for number in range(micro))
    fitting = (one for one in releases if all(one in specifiers for specifiers in asked))
    return next(fitting, f"{major}.{minor}.{micro}")


def ranges(names: Iterable[str]) -> list[str]:
    """Requirements such as ``numpy>=1.26``, sorted, with the engine's own version ranges."""
    asked: dict[str, Requirement] = {}
    for one in map(Requirement, _own_requirements()):
        asked.setdefault(canonicalize_name(one.name), one)  # the core's word goes first
    return [f"{name}{asked[name].specifier if name in asked else ''}" for name in sorted(names)]


def core() -> set[str]:
    """The distributions that grading takes: what the engine asks for where no extra is named."""
    return {name for name, _ in _needs("nngrade", frozenset())}


def _own_requirements() -> list[str]:
    """What the engine asks for: itself, and for its extras, of which matplotlib is one."""
    return metadata.requires("nngrade") or []
