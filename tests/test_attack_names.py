"""Attacks name the engine's modules; after a move a name that is gone would attack nothing."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nngrade.worker.magics import as_python, parse_cell
from tests.conftest import ROOT

ATTACKS = sorted((ROOT / "tests/attacks").glob("*.py"))


def tree_of(path: Path) -> ast.Module:
    """The attack's Python, as far as it is Python."""
    trees = [parse_cell(as_python(cell)) for cell in path.read_text(encoding="utf-8").split("# %%")]
    return ast.Module([node for tree in trees if tree for node in tree.body], [])


def dotted(node: ast.expr) -> str:
    """``a.b.c`` as text; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def engine_names(tree: ast.Module) -> Iterator[str]:
    """Dotted names of the engine that an attack imports, reads or patches."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == "nngrade":
                    yield alias.name
                    known[alias.asname or "nngrade"] = alias.name if alias.asname else "nngrade"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nngrade"):
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            if first in known:
                yield f"{known[first]}.{rest}"


def exists(name: str) -> bool:
    """Whether a dotted name leads to something: modules first, then attributes."""
    parts = name.split(".")
    found: Any = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], 1):
        if hasattr(found, part):
            found = getattr(found, part)
        elif part in getattr(found, "__dataclass_fields__", ()) or part.startswith("__"):
            return True
        else:
            try:
                found = importlib.import_module(".".join(parts[: number + 1]))
            except ImportError:
                return False
    return True


NAMES = sorted({(path.stem, name) for path in ATTACKS for name in engine_names(tree_of(path))})


@pytest.mark.parametrize(("attack", "name"), NAMES)
def test_a_name_in_an_attack_exists(attack: str, name: str) -> None:
    assert exists(name), f"tests/attacks/{attack}.py names {name}, which is gone: carry it along"


def test_attacks_name_the_engine_at_all() -> None:
    assert len({attack for attack, _ in NAMES}) >= 9


def test_a_name_that_is_gone_is_noticed() -> None:
    assert not exists("nngrade.grading.grader.no_such_function")
    assert not exists("nngrade.no_such_room.module")
