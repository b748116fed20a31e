"""Questions in a notebook that runs: what is said of answers, and what happens to wrong calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.execution import execute
from nngrade.authoring.specimens import answered, fill, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.live import asking
from nngrade.live.asking import answer, identify, questions
from nngrade.questions.sheet import Sheet
from tests.conftest import cell_of


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No notebook is known yet."""
    monkeypatch.setattr(asking, "_notebook", asking._Notebook())


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, asking_course: Course, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Tell the questions; then give what was said last."""
    stage = asking_course.stages[0]
    questions(Sheet.of(stage.name, stage.questions, counted=False).text())
    return lambda: capsys.readouterr().out


def given(course: Course, name: str, student: str) -> Any:
    stage = course.stages[0]
    return Sheet.of(stage.name, stage.questions, False).given(name, student)


def test_an_open_question_tells_ones_own_numbers_and_how_to_answer(
    said: Any, asking_course: Course
) -> None:
    identify("ada")
    assert "those of ada" in said()
    answer("entries", ...)
    own = given(asking_course, "entries", "ada")
    text = said()
    assert f"Yours: r = {own['r']}, c = {own['c']}." in text
    assert "not answered yet" in text
    assert "without quotes" in text


@pytest.mark.parametrize("name", ["larger", "entries", "turned"])
@pytest.mark.parametrize("student", ["", "ada", "ben"])
def test_a_right_and_a_wrong_answer_are_told_at_once_with_the_reason(
    said: Any, asking_course: Course, name: str, student: str
) -> None:
    identify(student)
    stage = asking_course.stages[0]
    sheet = Sheet.of(stage.name, stage.questions, False)
    draws = stage.questions[name]
    own = next(one for one in draws if one.given == sheet.given(name, student))
    said()
    answer(name, own.right)
    text = said()
    assert text.startswith(f"✓ {name}: {own.right!r} is right.")
    assert own.judge(own.right).reason in text
    wrong: Any = "b" if name == "larger" else next(iter(own.wrong))  # type: ignore[union-attr]
    answer(name, wrong)
    text = said()
    assert text.startswith(f"✗ {name}: {wrong!r} is not right.")
    assert own.judge(wrong).reason in text


@pytest.mark.parametrize(
    ("name", "value", "how"),
    [
        ("larger", "c", "one letter in quotes, a or b"),
        ("larger", 1, "one letter in quotes, a or b"),
        ("entries", "12", "a number, without quotes"),
        ("entries", None, "a number, without quotes"),
        ("turned", 12, "a tuple of whole numbers"),
    ],
)
def test_an_answer_of_another_kind_is_told_how_to_be_written(
    said: Any, name: str, value: Any, how: str
) -> None:
    answer(name, value)
    text = said()
    assert "is no answer to this question" in text
    assert how in text


def test_what_is_asked_too_early_or_under_another_name_is_told(said: Any) -> None:
    answer("lager", "a")
    assert "Did you mean 'larger'?" in said()
    answer("zzz", "a")
    assert "There are: larger, entries, turned." in said()
    identify(12)  # type: ignore[arg-type]
    assert 'Put quotes around it: identify("ada").' in said()
    questions("no sheet")
    assert "cannot be asked" in said()
    answer("larger", "a")
    assert "Run the cells at its top first." in said()


def test_hostile_answers_and_ids_are_shown_harmless(
    said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(asking, "display", shown.append)
    hostile = "<script>alert(1)</script>\x1b[2J\udc80" * 50
    identify(hostile)
    answer("larger", hostile)
    answer(hostile, "a")
    for one in shown:
        assert "<script>" not in one["text/html"]
        assert "\x1b" not in one["text/plain"]
        assert len(one["text/plain"]) < 600


def test_where_answers_count_the_notebook_only_notes_them(
    said: Any, counting_course: Course
) -> None:
    stage = counting_course.stages[0]
    questions(Sheet.of(stage.name, stage.questions, counted=True).text())
    for value in ("a", "b"):
        answer("larger", value)
        assert f"{value!r} is noted. It counts" in said()
    answer("larger", "z")
    assert "one letter in quotes, a or b" in said()
    answer("entries", 12)
    assert "these numbers are not yours" in said()
    identify("ada")
    said()
    answer("entries", 12)
    assert "not yours" not in said()


# In a kernel, and in pages that are made of notebooks.


def outputs(node: Any) -> dict[str, dict[str, str]]:
    return {
        cell.id: dict(cell.outputs[0].data)
        for cell in node.cells
        if cell.id.startswith(("question-", "identity-")) and cell.outputs
    }


@pytest.mark.thorough
def test_in_a_kernel_each_answer_has_its_panel(asking_course: Course, tmp_path: Path) -> None:
    stage = asking_course.stages[0]
    notebook = answered(untouched(asking_course, stage), stage, "ada")
    # A name that is a variable by then.
    cell_of(notebook, "question-turned")["source"] = "answer('turned', (1, 2, 3))"
    cell_of(notebook, "question-entries")["source"] += "\nanswer = 5"
    path = tmp_path / "asked.ipynb"
    path.write_text(notebook_text(notebook))
    node = execute(notebook, tmp_path, allow_errors=True)
    told = {name.partition("-")[2]: data for name, data in outputs(node).items()}
    assert told["larger"]["text/plain"].startswith("✓ larger: 'a' is right.")
    assert told["entries"]["text/plain"].startswith("✓ entries:")
    assert told["turned"]["text/plain"].startswith("✗ turned: (1, 2, 3) is not right.")
    assert all('role="note"' in data["text/html"] for data in told.values())


@pytest.mark.thorough
def test_a_page_made_by_nbconvert_has_the_answers_and_hides_the_sheet(
    asking_course: Course, tmp_path: Path
) -> None:
    stage = asking_course.stages[0]
    blank = untouched(asking_course, stage)
    notebook = fill(blank, stage, {"larger": 'answer("larger", "b")'})
    path = tmp_path / "asked.ipynb"
    path.write_text(notebook_text(notebook))
    command = [sys.executable, "-m", "nbconvert", "--execute", "--allow-errors", "--to", "html"]
    subprocess.run([*command, path.name], cwd=tmp_path, check=True, capture_output=True)
    page = (tmp_path / "asked.html").read_text()
    assert "Their product is 2, less than 3." in page
    assert "not answered yet" in page
