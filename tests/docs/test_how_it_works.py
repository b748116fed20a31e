"""The documents that describe the engine name what is there."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENGINE = ROOT / "autograder/nngrade"
DRAW = ROOT / "docs/draw_rooms.py"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
HOW, GLOSSARY = ROOT / "docs/how-it-works.md", ROOT / "docs/glossary.md"
# Former homes of what other people's files name.
OLD_NAMES = {"term", "places"}
ROOMS = sorted({path.parent.name for path in ENGINE.glob("*/__init__.py")} - OLD_NAMES)


def names_in(path: Path) -> set[str]:
    """Everything that a module defines, at its top or inside of classes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def links(text: str) -> Iterator[str]:
    """Where the links of a page lead to, without what is elsewhere in the world."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"^\[.+?\]: (\S+)$", text, re.M)
    for target in targets:
        if not re.match(r"[a-z]+:", target):
            yield target.split("#")[0]


def undefined(text: str) -> set[str]:
    """Files in brackets, as in ``[worker/wire.py]``, that lead nowhere."""
    defined = set(re.findall(r"^\[(.+?)\]: ", text, re.M))
    return set(re.findall(r"(?<!`)\[([\w/.-]+\.\w+)\](?![(:])", text)) - defined


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of all tables of a page with this heading."""
    found, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        inside = line.startswith("|") and (inside or line.startswith(heading))
        if inside and not line.startswith((heading, "|---")):
            found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


@pytest.fixture(scope="module")
def house():
    spec = importlib.util.spec_from_file_location("draw_rooms", DRAW)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["draw_rooms"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["draw_rooms"]


@pytest.fixture
def small(house, tmp_path):
    """A house of three rooms."""
    for name, text in {
        "low/a": "def f(): ...",
        "mid/b": "from nngrade.low.a import f\ndef g(): ...",
        "top/c": "def h():\n    import nngrade.mid.b\n    from nngrade.low import a",
        "old/d": "from nngrade.top.c import h",
        "ground": "class Error(Exception): ...",
        "front": "from nngrade.top.c import h\ndef i(): ...",
    }.items():
        path = tmp_path / "engine" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return house.read_house(tmp_path / "engine")


def test_the_picture_is_up_to_date():
    done = subprocess.run([sys.executable, DRAW, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_picture_that_is_out_of_date_is_told(house, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(house, "PICTURE", tmp_path / "rooms.svg")
    # To draw takes ten seconds; the test above does it.
    monkeypatch.setattr(house, "draw", lambda drawn: f"A house of {len(drawn.rooms)} rooms.")
    assert house.main(["--check"]) == 1
    assert "run python docs/draw_rooms.py" in capsys.readouterr().err
    assert house.main([]) == 0
    assert house.main(["--check"]) == 0
    (tmp_path / "rooms.svg").write_text("another house")
    assert house.main(["--check"]) == 1


def test_the_picture_has_every_room_and_no_old_name(house):
    assert house.read_house().rooms == ROOMS
    picture = house.PICTURE.read_text(encoding="utf-8")
    assert {room for room in ROOMS if f">{room}</text>" not in picture} == set()


def test_captions_are_of_rooms_that_are_there(house):
    assert set(house.CAPTIONS) == set(house.read_house().imports)


def test_a_house_is_drawn_as_it_is(house, small):
    read = small
    assert read.ground == ["ground"]
    assert read.rooms == ["low", "mid", "top"]
    assert read.imports == {
        "front": {"top"},
        "low": set(),
        "mid": {"low"},
        "top": {"low", "mid"},
    }
    assert house.floors_of(read.imports) == {"low": 1, "mid": 2, "top": 3, "front": 4}
    assert house.reduced(read.imports)["top"] == {"mid"}


def test_rooms_in_a_circle_have_no_floors(house):
    with pytest.raises(ValueError, match="a circle of imports"):
        house.floors_of({"a": {"b"}, "b": {"a"}})


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_page_and_in_the_table_of_contributors(room: str):
    assert re.search(rf"`{room}`|\[{room}/", HOW.read_text(encoding="utf-8"))
    table = rows(ROOT / "CONTRIBUTING.md", "| where |")
    assert len([where for where, _ in table if where.startswith(f"`{room}/`")]) == 1


def test_the_table_of_contributors_names_modules_that_are_there():
    named = 0
    for where, _ in rows(ROOT / "CONTRIBUTING.md", "| where |"):
        first, *others = re.findall(r"`([\w/]+)`", where)
        folder, modules = (
            (ENGINE / first, others) if first.endswith("/") else (ENGINE, [first, *others])
        )
        missing = [one for one in modules if not (folder / f"{one}.py").is_file()]
        assert not missing, where
        named += len(modules)
    assert named > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_a_page_names_are_there(page: Path):
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"autograder/nngrade/[\w./-]*\w", text):
        assert (ROOT / path).exists(), path
    for dotted in re.findall(r"\bnngrade((?:\.[a-z_]+)+)\b(?!\()", text):
        if dotted in (".service", ".json", ".conf"):
            continue
        *modules, last = dotted.strip(".").split(".")
        here = ENGINE.joinpath(*modules)
        home = here / "__init__.py" if here.is_dir() else here.with_suffix(".py")
        is_module = (here / f"{last}.py").is_file() or (here / last / "__init__.py").is_file()
        assert is_module or f'"{last}"' in home.read_text(encoding="utf-8"), f"nngrade{dotted}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")
    assert not [one for one in links(text) if not (page.parent / one).exists()]
    assert not undefined(text)


def test_the_glossary_says_where_each_term_lives():
    entries = rows(GLOSSARY, "| term |")
    assert len(entries) > 50
    for term, meaning, home in entries:
        assert meaning.endswith((".", ")")), term
        places = re.findall(r"`(\w+)` in \[([\w/.]+)\]", home)
        assert places or term == "**room**", term
        for name, path in places:
            assert name in names_in(ENGINE / path), f"{term}: no {name} in {path}"


def test_terms_of_the_glossary_are_there_once():
    terms = [term for term, *_ in rows(GLOSSARY, "| term |")]
    assert sorted(set(terms)) == sorted(terms)


def test_what_is_to_be_changed_is_where_the_page_says():
    table = rows(HOW, "| to change |")
    assert len(table) > 20
    for what, where in table:
        # Names stand before the file that they are in, or after it with "there".
        files = [ENGINE / one for one in re.findall(r"\[`?([\w/]+\.py)`?\]", where)]
        known = set().union(*(names_in(one) for one in files)) | {"__all__"}
        code = re.findall(r"`(_?[A-Za-z]\w*)`", where)
        mentioned = {"render", "render_failure", "hint", "scratch_mib"}
        assert set(code) - mentioned <= known, what
    for needed in ("time-out", "Canvas's zip", "output format", "scratch files", "student a path"):
        assert any(needed in what for what, _ in table), needed
