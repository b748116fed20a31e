"""What the panels say, in a terminal: which notebooks, in which words, and again at each save."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from nngrade.live.check import check_notebook
from nngrade.live.terminal import Standing, check, find_notebooks, indented, practise, standings
from tests.live.conftest import DOUBLED, IMPORTS, QUARTER, TEST_DOUBLED, TEST_QUARTER, UNDONE

CELLS = {
    "given-1": IMPORTS,
    "task-doubled": DOUBLED + "return 2 * x",
    "tests-doubled": TEST_DOUBLED,
    "task-quarter": QUARTER + "return doubled(doubled(x))",
    "tests-quarter": TEST_QUARTER,
    "demo-1": "raise SystemExit('demonstrations are left out')",
}


def write(path: Path, **changed: str) -> Path:
    cells = {**CELLS, **{name.replace("_", "-", 1): text for name, text in changed.items()}}
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source}
        for name, source in cells.items()
    ]
    path.write_text(json.dumps({"cells": listed}), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("stage01_a", "stage02_b"):
        write(tmp_path / "assignments" / name / f"{name}.ipynb")
    return tmp_path


# Which notebooks.


def names_of(found: Sequence[Path]) -> list[str]:
    return [one.stem for one in found]


def test_all_notebooks_or_those_that_are_named(folder: Path):
    assert names_of(find_notebooks([], folder)) == ["stage01_a", "stage02_b"]
    assert names_of(find_notebooks([], folder / "assignments")) == ["stage01_a", "stage02_b"]
    assert names_of(find_notebooks(["stage02"], folder)) == ["stage02_b"]
    path = folder / "assignments/stage01_a/stage01_a.ipynb"
    assert find_notebooks([str(path)], folder) == [path]


def test_copies_and_checkpoints_beside_a_notebook_are_not_taken_for_it(folder: Path):
    write(folder / "assignments/stage01_a/stage01_a-Copy1.ipynb")
    write(folder / "assignments/stage01_a/.ipynb_checkpoints/stage01_a-checkpoint.ipynb")
    assert names_of(find_notebooks([], folder)) == ["stage01_a", "stage02_b"]


def test_wrong_names_are_told_with_those_that_are_there(folder: Path, tmp_path: Path):
    with pytest.raises(ValueError, match="stages: stage01_a, stage02_b"):
        find_notebooks(["stage9"], folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no notebook in"):
        find_notebooks([], tmp_path / "empty")


# Once.


def test_each_task_has_its_verdict(folder: Path):
    path = write(folder / "a.ipynb", task_quarter=QUARTER + "return 3 * x")
    first, second = check_notebook(path, 20)
    assert (first.task, first.state, first.cases) == ("doubled", "passed", 2)
    assert (second.state, second.message) == ("failed", "4 times 1 is 4")
    # All say how it stands in the end.
    assert {(one.passing, one.tasks) for one in (first, second)} == {(1, 2)}


BROKEN = {
    "a syntax error": ("def doubled(x)\n    return x", "SyntaxError"),
    "an exception in its cell": (DOUBLED + "return 2 * x\n1 / 0", "ZeroDivisionError"),
    "ends the process": (DOUBLED + "import os\n    os._exit(3)", "ends the process"),
    "ends the process in its cell": (DOUBLED + "return x\nimport os\nos._exit(3)", "ends the"),
    "leaves the program": (DOUBLED + "import sys\n    sys.exit(3)", "SystemExit"),
    "crashes": (DOUBLED + "import os\n    os.abort()", "ends the process"),
    "waits for input": (DOUBLED + "return float(input())", "EOFError"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("fault", BROKEN)
def test_what_breaks_one_task_costs_no_other(folder: Path, fault: str):
    source, said = BROKEN[fault]
    path = write(folder / "a.ipynb", task_doubled=source, task_quarter=QUARTER + "return 4 * x")
    first, second = check_notebook(path, 20)
    assert first.state == "failed"
    assert said in f"{first.title} {first.message} {first.reason}"
    assert second.state == "passed"


@pytest.mark.thorough
def test_an_endless_task_ends_in_time_and_costs_no_other(folder: Path):
    endless = DOUBLED + "while True:\n        x = x"
    path = write(folder / "a.ipynb", task_doubled=endless, task_quarter=QUARTER + "return 4 * x")
    first, second = check_notebook(path, 0.5)
    assert (first.state, first.kind, second.state) == ("failed", "endless", "passed")


@pytest.mark.thorough
def test_an_endless_cell_that_is_no_test_does_not_hold_up_the_rest(folder: Path):
    endless = DOUBLED + "return 2 * x\nwhile True:\n    pass"
    path = write(folder / "a.ipynb", task_doubled=endless, task_quarter=QUARTER + "return 4 * x")
    first, second = check_notebook(path, 0.5)
    assert first.state == "failed"
    assert "does not come to an end" in first.message
    assert second.state == "passed"


def test_a_test_cell_that_was_deleted_is_no_task(folder: Path):
    path = write(folder / "a.ipynb", tests_doubled="x = 1")
    found = {one.task: one for one in check_notebook(path, 20)}
    assert found["quarter"].state == "passed"
    # An id is left, but nothing is asked any more.
    assert found["doubled"].state == "failed"


def test_nothing_that_is_printed_gets_in_between(folder: Path):
    noisy = (
        DOUBLED + "print('{\"verdict\": 3}', flush=True)\n    import os\n    os.write(1, b'x')\n"
    )
    path = write(folder / "a.ipynb", task_doubled=noisy + "    return 2 * x")
    assert [one.state for one in standings(path, 20)] == ["passed", "passed"]


def test_a_notebook_is_read_and_not_changed(folder: Path):
    path = write(folder / "a.ipynb")
    before = path.read_bytes(), sorted(folder.rglob("*"))
    list(check_notebook(path, 20))
    assert (path.read_bytes(), sorted(folder.rglob("*"))) == before


def test_the_exit_code_of_check(folder: Path, capsys: pytest.CaptureFixture[str]):
    stage = folder / "assignments/stage01_a/stage01_a.ipynb"
    assert check(["stage01"], folder) == 0
    assert "2 of 2 tasks pass, 0 fail, 0 are to be done" in capsys.readouterr().out
    write(stage, task_quarter=QUARTER + UNDONE)
    assert check(["stage01"], folder) == 0
    assert "quarter  not done yet" in capsys.readouterr().out
    write(stage, task_quarter=QUARTER + "return 0")
    assert check(["stage01"], folder) == 1
    assert "quarter  FAILS: the test fails" in capsys.readouterr().out
    stage.write_text('{"cells": []}')
    assert check(["stage01"], folder) == 2
    assert "has no visible tests" in capsys.readouterr().err
    stage.write_text("{")
    assert check(["stage01"], folder) == 2
    assert check(["stage7"], folder) == 2


# Again and again.


def standing(task: str, state: str, *points: float) -> Standing:
    return Standing(task, state, f"{task} is {state}", *points)


class Watch:
    """Saves of a notebook, one at each time that is waited for; what is said meanwhile."""

    def __init__(self, folder: Path, *saves: list[Standing] | None, n_paths: int = 1) -> None:
        self.paths = [folder / f"stage0{n}_x" / f"stage0{n}_x.ipynb" for n in range(1, n_paths + 1)]
        for path in self.paths:
            path.parent.mkdir()
            path.write_text("{}")
        self.saves = list(saves)
        self.now = self.saves.pop(0)
        self.said: list[str] = []
        self.waits = 0

    def judge(self, path: Path) -> list[Standing]:
        if path != self.paths[0]:
            return [standing("other", "passed")]
        if self.now is None:
            raise ValueError("half of it is missing")
        return self.now

    def wait(self, _seconds: float) -> None:
        self.waits += 1
        if not self.saves:
            raise KeyboardInterrupt
        self.now = self.saves.pop(0)
        self.said.append("--- saved")
        os.utime(self.paths[0], ns=(self.waits, self.waits))

    def run(self, once: bool = False) -> bool | None:
        try:
            return practise(self.paths, self.judge, self.said.append, once, self.wait)
        except KeyboardInterrupt:
            return None

    def after(self, save: int) -> str:
        return "\n".join(self.said).split("--- saved")[save]


UNDONE_F = standing("f", "undone")
UNDONE_E = standing("e", "undone")
WRONG_F = standing("f", "failed")
RIGHT_F = standing("f", "passed")
RIGHT_G = standing("g", "passed")


def test_it_says_what_has_been_won_and_ends_when_all_is_done(tmp_path: Path):
    watch = Watch(tmp_path, [UNDONE_F, RIGHT_G], [WRONG_F, RIGHT_G], [RIGHT_F, RIGHT_G])
    assert watch.run() is True
    assert "1 of 2 tasks" in watch.after(0)
    assert "f is undone" in watch.after(0)
    assert "f is failed" in watch.after(1)
    assert "★ f is done." in watch.after(2)
    assert "2 of 2 tasks" in watch.after(2)
    assert "All done" in watch.after(2)


def test_what_is_lost_again_is_told(tmp_path: Path):
    watch = Watch(tmp_path, [RIGHT_F, UNDONE_E], [WRONG_F, UNDONE_E])
    assert watch.run() is None
    assert "▼ f was done" in watch.after(1)


def test_points_are_counted_where_hidden_checks_were_asked(tmp_path: Path):
    watch = Watch(
        tmp_path,
        [standing("f", "failed", 0.0, 3.0)],
        [standing("f", "failed", 1.5, 3.0)],
        [standing("f", "passed", 3.0, 3.0)],
    )
    assert watch.run() is True
    assert "0 of 3 points" in watch.after(0)
    assert "★ 1.5 more of 3 points in f." in watch.after(1)
    assert "★ f is done, for 3 points." in watch.after(2)


def test_one_point_is_one_point(tmp_path: Path):
    watch = Watch(
        tmp_path, [standing("f", "failed", 0.0, 1.0)], [standing("f", "passed", 1.0, 1.0)]
    )
    assert watch.run() is True
    assert "★ f is done, for 1 point." in watch.after(1)


def test_reasons_stay_below_what_they_are_about():
    said = "✗ f: 0 of 1 points.\n✗ It is even.\n  f(1) is 1\n" + "  long" * 20
    first, second, third, *rest = indented(said, 40, "  ").splitlines()
    assert (first[:3], second[:3], third) == ("  ✗", "  ✗", "    f(1) is 1")
    assert len(rest) > 1
    assert all(one.startswith("    ") and len(one) <= 40 for one in rest)


def test_a_wrong_task_comes_before_those_that_are_not_begun(tmp_path: Path):
    watch = Watch(tmp_path, [standing("e", "undone"), WRONG_F])
    watch.run(once=True)
    assert "f is failed" in watch.after(0)
    assert "e is undone" not in watch.after(0)


def test_of_several_notebooks_the_first_that_is_not_done_comes_next(tmp_path: Path):
    watch = Watch(tmp_path, [UNDONE_F], n_paths=2)
    assert watch.run(once=True) is False
    assert "Next, in stage01_x:" in watch.after(0)
    assert "all stages" in watch.after(0)


def test_what_is_not_saved_again_is_not_tried_again(tmp_path: Path):
    watch = Watch(tmp_path, [UNDONE_F], n_paths=2)
    judged: list[Path] = []
    real = watch.judge
    watch.judge = lambda path: judged.append(path) or real(path)  # type: ignore[method-assign]
    watch.saves = [[UNDONE_F], [RIGHT_F]]
    assert watch.run() is True
    assert judged == [watch.paths[0], watch.paths[1], watch.paths[0], watch.paths[0]]


def test_a_notebook_that_is_being_written_is_read_when_it_is_complete(tmp_path: Path):
    watch = Watch(tmp_path, None, [UNDONE_F], None, [RIGHT_F])
    assert watch.run() is True
    assert "cannot be read as a notebook now: half" in watch.after(0)
    assert "All done" not in watch.after(0)
    assert "f is undone" in watch.after(1)
    assert "cannot be read" in watch.after(2)
    assert "★ f is done." in watch.after(3)


def test_a_notebook_that_is_deleted_and_comes_back(tmp_path: Path):
    watch = Watch(tmp_path, [UNDONE_F], n_paths=1)
    path = watch.paths[0]
    text = path.read_text()

    def wait(_seconds: float) -> None:
        watch.waits += 1
        if path.exists():
            path.unlink()
        elif watch.waits < 4:
            return
        else:
            path.write_text(text)
            watch.now = [RIGHT_F]

    def judge(path: Path) -> list[Standing]:
        path.read_text()
        return watch.now or []

    assert practise([path], judge, watch.said.append, wait=wait) is True
    assert sum("cannot be read as a notebook now" in one for one in watch.said) == 1


def test_a_notebook_without_tests_is_never_done(tmp_path: Path):
    watch = Watch(tmp_path, [], [RIGHT_F])
    assert watch.run() is True
    assert "has no visible tests" in watch.after(0)
    assert "All done" not in watch.after(0)


def test_where_nothing_can_be_tried_looking_once_is_an_error(tmp_path: Path):
    with pytest.raises(ValueError, match="no notebook could be tried"):
        Watch(tmp_path, None).run(once=True)


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_lines_fit_into_the_terminal(tmp_path: Path, columns: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", columns)
    long = Standing("f", "failed", "✗ f: the test fails.\n  " + "many words " * 40, 19.5, 20.0)
    folder = tmp_path / "deep"
    folder.mkdir()
    path = folder / "stage07_softmax_cross_entropy" / "stage07_softmax_cross_entropy.ipynb"
    path.parent.mkdir()
    path.write_text("{}")
    said: list[str] = []
    practise([path], lambda _path: [long] * 56, said.append, once=True)
    lines = "\n".join(said).splitlines()
    assert max(map(len, lines)) <= max(int(columns), 80)
    assert max(len(one) for one in lines if "words" in one) <= int(columns)
