"""The laws of the engine's rooms, read from its imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

ENGINE = ROOT / "autograder/nngrade"

# Everybody may import the ground.
GROUND = ("errors", "text", "results", "limits", "exit_code", "extras")
# A room imports only rooms that stand before it.
ROOMS = (
    "questions",
    "course",
    "worker",
    "submissions",
    "students",
    "diagnosis",
    "live",
    "grading",
    "catalogue",
    "formats",
    "runs",
    "authoring",
    "audit",
    "handout",
    "gradescope",
    "gradebook",
    "class_report",
    "watching",
    "personal_data",
    "practice",
    "commands",
)
# These stand on top of all, and import late.
TOP = ("__init__", "__main__", "api")
# Old names that files outside of this project hold; nothing in here may use them.
OLD_NAMES = ("term", "places", "naming")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module's dotted name below ``nngrade``, and its tree."""
    for path in sorted(ENGINE.rglob("*.py")):
        parts = path.relative_to(ENGINE).with_suffix("").parts
        if "templates" not in parts:
            yield ".".join(parts), ast.parse(path.read_text(encoding="utf-8"))


MODULES = dict(modules())


def imported(name: str) -> Iterator[str]:
    """The engine's modules that a module imports, wherever the import stands in it."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            base = node.module or ""
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for one in names:
            below = one.removeprefix("nngrade.")
            if one.startswith("nngrade.") and (below in MODULES or f"{below}.__init__" in MODULES):
                yield below


def room(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize("name", MODULES)
def test_a_room_imports_only_rooms_that_stand_before_it(name: str) -> None:
    own = room(name)
    if own in OLD_NAMES or own in TOP:
        return
    if own in GROUND:
        allowed = set(GROUND)
    elif own == "worker":
        allowed = {*GROUND, own}
    elif own == "diagnosis":
        # The half of the reasons that may go to students needs nothing of the staff's.
        allowed = {*GROUND, own, "worker"}
    elif own == "live":
        # The half that students install: nothing of a course, nothing that reads secrets.
        allowed = {*GROUND, own, "questions", "worker", "diagnosis"}
    else:
        allowed = {*GROUND, *ROOMS[: ROOMS.index(own) + 1]}
    if own == "formats":
        allowed -= {"grading"}
    assert {room(one) for one in imported(name)} <= allowed


def test_every_room_has_its_place() -> None:
    assert {room(name) for name in MODULES} == {*GROUND, *ROOMS, *TOP, *OLD_NAMES}


def test_nothing_uses_an_old_name() -> None:
    users = {
        name
        for name in MODULES
        for one in imported(name)
        if room(one) in OLD_NAMES and room(name) not in OLD_NAMES
    }
    assert not users


def test_there_is_no_circle_of_modules() -> None:
    needs = {name: {one for one in imported(name) if one in MODULES} for name in MODULES}
    while free := {name for name, those in needs.items() if not those & needs.keys() - {name}}:
        needs = {name: those for name, those in needs.items() if name not in free}
    assert not needs, sorted(needs)


def test_only_commands_and_lazy_parts_import_late() -> None:
    """An import inside a function is for start-up time; whoever adds one raises this number."""
    late = [
        (name, node.lineno)
        for name in MODULES
        if room(name) not in {"commands", *TOP}
        for function in ast.walk(MODULES[name])
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nngrade")
    ]
    assert len(late) <= 31, late
