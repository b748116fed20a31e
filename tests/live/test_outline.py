"""Which notebook runs, and what its cells are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nngrade.live.outline import find_notebook, kind_and_task, read_outline


def cell(name: str, source: Any, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    return {"id": name, "cell_type": kind, "source": source, "metadata": metadata}


def write(path: Path, *cells: Any) -> Path:
    path.write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")
    return path


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write(
        tmp_path / "stage09_x.ipynb",
        cell("text-1", "# Title", "markdown"),
        cell("given-1", ["import numpy as np\n", "a = 1"]),
        cell("task-f", "def f(): ..."),
        cell("tests-f", "assert f() == 1"),
        cell("demo-1", "f()"),
        cell("abc", "print('ü')"),
        cell("tests-g_2", "assert g_2() == 1"),
    )


def test_cells_are_told_by_their_ids(notebook: Path):
    outline = read_outline(notebook)
    assert [(one.kind, one.task) for one in outline.cells] == [
        ("given", ""), ("task", "f"), ("tests", "f"), ("demo", ""), ("", ""), ("tests", "g_2"),
    ]  # fmt: skip
    assert outline.tasks == ("f", "g_2")
    assert outline.cells[0].source == "import numpy as np\na = 1"
    assert outline.tests_of("f") == "assert f() == 1"
    assert (outline.source_of("f"), outline.source_of("g_2")) == ("def f(): ...", "")


def test_a_cell_is_found_by_its_id_and_else_by_its_text(notebook: Path):
    outline = read_outline(notebook)
    assert outline.cell("tests-f", "edited").kind == "tests"
    assert outline.cell(None, "assert f() == 1\n\n").task == "f"
    assert outline.cell("other", "f()").kind == "demo"
    assert outline.cell(None, "nothing like it") is None


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (cell("x", "", nbgrader={"grade_id": "tests-f"}), ("tests", "f")),
        (cell("tests-f", "", nbgrader="odd"), ("tests", "f")),
        (cell("tests-", ""), ("", "")),
        (cell("tests", ""), ("", "")),
        (cell("demonstration-1", ""), ("", "")),
        ({"metadata": None}, ("", "")),
        ({"id": 7}, ("", "")),
    ],
)
def test_marks_of_nbgrader_and_odd_cells(made: dict[str, Any], told: tuple[str, str]):
    assert kind_and_task(made) == told


def test_of_two_cells_with_one_id_the_first_counts(tmp_path: Path):
    path = write(tmp_path / "a.ipynb", cell("tests-f", "assert 1"), cell("tests-f", "assert 2"))
    outline = read_outline(path)
    assert outline.tasks == ("f",)
    assert outline.cell("tests-f", "").source == "assert 1"
    assert outline.cell(None, "assert 2").source == "assert 2"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", "{}", '{"cells": {}}', '{"cells": null}', "\udcff", "[" * 99999]
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises((ValueError, RecursionError)):
        read_outline(path)


def test_cells_that_are_none_are_passed_over(tmp_path: Path):
    path = write(tmp_path / "a.ipynb", 3, None, {}, {"cell_type": "code"}, cell("demo-1", "x"))
    assert [one.kind for one in read_outline(path).cells] == ["", "demo"]


def test_the_server_or_vs_code_name_the_notebook(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    other = write(tmp_path / "other.ipynb", cell("a", "x = 1"))
    assert find_notebook({"__vsc_ipynb_file__": str(other)}, "task-f", "") == other
    monkeypatch.setenv("JPY_SESSION_NAME", "somewhere/on/the/server/other.ipynb")
    assert find_notebook({}, "task-f", "") == tmp_path / "other.ipynb"


def test_else_it_is_the_one_in_this_folder_that_has_the_cell(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    write(tmp_path / "other.ipynb", cell("a", "x = 1"))
    (tmp_path / "broken.ipynb").write_text("{")
    assert find_notebook({}, "tests-f", "") == notebook
    assert find_notebook({}, None, "assert f() == 1") == notebook
    assert find_notebook({}, "zzz", "no such cell") is None
    # Two of them: nothing tells which.
    write(tmp_path / "copy.ipynb", cell("tests-f", "assert f() == 1"))
    assert find_notebook({}, "tests-f", "") is None


def test_a_name_that_leads_nowhere_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", "gone.ipynb")
    assert find_notebook({"__vsc_ipynb_file__": 7}, "tests-f", "") is None
