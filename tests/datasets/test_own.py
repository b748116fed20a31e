"""Functions of one's own, gathered from notebooks in a student's own process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pytest

from nndata import load_images
from nndata.milestones import Milestone, Outcome
from nndata.own import own_functions, try_milestone

STUB = "def f():\n    # Write your code here, in the place of the next line.\n"


def cell(source: str, identifier: str = "", grade_id: str = "") -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "id": identifier, "metadata": metadata, "source": source}


def write(path: Path, stage: str, *cells: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {"nngrade": {"stage": stage}}}))
    return path


def test_each_stage_has_its_own_functions(tmp_path: Path):
    given = cell("def help():\n    return 1\n", "given-0123456789ab")
    write(tmp_path / "a/a.ipynb", "stage01_a", given, cell("def f():\n    return help()", "task-f"))
    write(tmp_path / "b.ipynb", "stage02_b", cell("def f():\n    return 2", "", "task-f"))
    mine = own_functions(tmp_path)
    assert (mine.stage01.f(), mine.stage02.f()) == (1, 2)


def test_pictures_tests_stubs_and_what_is_broken_do_not_count(tmp_path: Path):
    stop = "raise AssertionError('this ran')"
    write(
        tmp_path / "a.ipynb",
        "stage01_a",
        cell(stop, "demo-0123456789ab"),
        cell(stop, "tests-f"),
        cell(f"{STUB}    raise NotImplementedError", "task-f"),
        cell("def g(:", "task-g"),
        cell("%matplotlib inline\ndef magic():\n    return 1", "x1"),
        cell("def h():\n    return 3", "task-h"),
    )
    mine = own_functions(tmp_path)
    assert mine.stage01.h() == 3
    assert not any(hasattr(mine.stage01, name) for name in ("f", "g", "magic"))


def test_of_cells_of_ones_own_only_definitions_count(tmp_path: Path):
    own = "import math\n\nprint('training')\nx = 1 / 0\n\n\ndef helper():\n    return math.pi\n"
    task = "def f():\n    return helper()"
    write(tmp_path / "a.ipynb", "stage01_a", cell(own, "x1"), cell(task, "task-f"))
    assert own_functions(tmp_path).stage01.f() > 3


def test_the_last_one_saved_of_a_stage_counts(tmp_path: Path):
    for when, name in enumerate(("new", "old")):
        task = cell(f"def f():\n    return {name!r}", "task-f")
        path = write(tmp_path / f"{name}.ipynb", "stage01_a", task)
        os.utime(path, (1e9 - when, 1e9 - when))
    checkpoint = write(tmp_path / ".ipynb_checkpoints/x.ipynb", "stage01_a", cell("", "task-f"))
    os.utime(checkpoint, (2e9, 2e9))
    assert own_functions(tmp_path).stage01.f() == "new"


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"metadata": {"nngrade": 1}}'])
def test_other_files_do_not_matter(tmp_path: Path, text: str):
    (tmp_path / "a.ipynb").write_text(text)
    assert own_functions(tmp_path) == SimpleNamespace()


def test_an_error_shows_the_line(tmp_path: Path):
    write(tmp_path / "a.ipynb", "stage01_a", cell("def f():\n    return 1 / 0", "task-f"))
    with pytest.raises(ZeroDivisionError) as caught:
        own_functions(tmp_path).stage01.f()
    last = caught.traceback[-1]
    assert str(last.path).endswith("<stage01, task-f>")
    assert str(last.statement).strip() == "return 1 / 0"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="is no folder here; name the one that holds"):
        own_functions(tmp_path / "nothing")


MILESTONE = Milestone(
    "1900",
    "A title",
    "A story.",
    {"stage01": ("f", "g")},
    lambda images: (images.n_classes,),
    lambda mine, n: {"sum": mine.stage01.f() + mine.stage01.g() + n},
    lambda found, images: Outcome(found["sum"] == 13, f"The sum is {found['sum']}."),
    lambda found, images: plt.figure(num=str(found["sum"])),
)


@pytest.mark.parametrize(("g", "said"), [(2, "Reached! The sum is 13."), (3, "Not reached yet. ")])
def test_a_milestone_says_what_came_of_it(g: int, said: str, capsys: pytest.CaptureFixture[str]):
    mine = SimpleNamespace(stage01=SimpleNamespace(f=lambda: 1, g=lambda: g))
    figure = try_milestone(MILESTONE, mine, load_images("digits"))
    plt.close(figure)
    assert figure is not None
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        (SimpleNamespace(), "Not yet: it needs f, g of stage01.\n"),
        (
            SimpleNamespace(stage01=SimpleNamespace(f=lambda: 1)),
            "Not yet: it needs g of stage01.\n",
        ),
    ],
)
def test_a_milestone_names_what_is_missing(
    mine: SimpleNamespace, said: str, capsys: pytest.CaptureFixture[str]
):
    assert try_milestone(MILESTONE, mine, load_images("digits")) is None
    assert capsys.readouterr().out == said
